"""Polynomials over ℚ: canonical form, arithmetic against sympy, arcs, rings of hundreds of variables."""

from __future__ import annotations

import itertools

import pytest
import sympy
from flint import fmpq, fmpz
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.errors import UnknownNameError
from symflow.exact.polynomials import Monomial, Polynomial, PolynomialRing

RING = PolynomialRing(("x", "y", "z"))
X, Y, Z = RING.variables()
SYMBOLS = sympy.symbols("x y z")

rationals = st.builds(fmpq, st.integers(-5, 5), st.integers(1, 4))
monomials = st.dictionaries(st.integers(0, 2), st.integers(1, 3), max_size=3).map(
    lambda powers: tuple(sorted(powers.items()))
)
polynomials = st.lists(st.tuples(monomials, rationals), max_size=5).map(RING.from_terms)
points = st.tuples(rationals, rationals, rationals)


def to_sympy(p: Polynomial) -> sympy.Expr:
    return sympy.sympify(p.to_text())


def rational(q: fmpq) -> sympy.Rational:
    return sympy.Rational(int(q.p), int(q.q))


@settings(deadline=None, max_examples=50)
@given(polynomials, polynomials)
def test_arithmetic_agrees_with_sympy(p: Polynomial, q: Polynomial) -> None:
    a, b = to_sympy(p), to_sympy(q)
    for ours, theirs in [(p + q, a + b), (p - q, a - b), (p * q, a * b), (p**2, a**2), (-p / 3, -a / 3)]:
        assert sympy.expand(to_sympy(ours) - theirs) == 0
    assert (p == q) == (sympy.expand(a - b) == 0)


@settings(deadline=None, max_examples=50)
@given(polynomials, points)
def test_values_gradients_and_shifts_agree(p: Polynomial, w: tuple[fmpq, ...]) -> None:
    values = dict(zip(SYMBOLS, map(rational, w), strict=True))
    assert rational(p.evaluate(w)) == to_sympy(p).subs(values)
    assert p.gradient_at(w) == tuple(partial.evaluate(w) for partial in p.gradient())
    for partial, symbol in zip(p.gradient(), SYMBOLS, strict=True):
        assert sympy.expand(to_sympy(partial) - sympy.diff(to_sympy(p), symbol)) == 0
    moved = p.shifted(w)
    assert moved.constant_coefficient() == p.evaluate(w)
    assert moved.shifted(tuple(-c for c in w)) == p
    assert moved.homogeneous_part(1) == RING.linear_form(p.gradient_at(w))
    assert moved == p.substituted([v + c for v, c in zip(RING.variables(), w, strict=True)])


@settings(deadline=None, max_examples=40)
@given(polynomials, points, st.lists(points, min_size=1, max_size=3))
def test_the_expansion_along_an_arc_is_the_composed_polynomial(
    p: Polynomial, w: tuple[fmpq, ...], directions: list[tuple[fmpq, ...]]
) -> None:
    coefficients = p.along_arc(w, directions)
    assert not coefficients or coefficients[-1] != 0
    for epsilon in (fmpq(1, 3), fmpq(-2)):
        at = tuple(c + sum(d[i] * epsilon ** (r + 1) for r, d in enumerate(directions)) for i, c in enumerate(w))
        assert sum((c * epsilon**n for n, c in enumerate(coefficients)), fmpq(0)) == p.evaluate(at)


@settings(deadline=None, max_examples=30)
@given(polynomials, polynomials)
def test_equal_polynomials_hash_alike_and_terms_rebuild_them(p: Polynomial, q: Polynomial) -> None:
    assert hash((p + q) * (p - q)) == hash(p * p - q * q)
    assert RING.from_terms(p.terms()) == p
    assert p.n_terms() == len(p.terms())


def test_constants_equal_numbers_and_hash_like_them() -> None:
    assert RING.constant(fmpq(3)) == 3
    assert RING.zero() == 0
    assert fmpq(0) == X - X
    assert RING.one() != X
    assert {RING.constant(3): "three"}[3] == "three"  # type: ignore[index]
    assert X != "x"
    assert PolynomialRing(("x",)).variable(0) != X


def test_mixed_operands() -> None:
    assert 2 + X == X + 2 == fmpq(2) + X == X + fmpz(2)
    assert 1 - X == -(X - 1)
    assert fmpq(1, 2) * X == X / 2 == X * fmpq(1, 2)
    for operation in (lambda: X + 0.5, lambda: X - "a", lambda: 0.5 - X, lambda: X * None, lambda: X / X):
        with pytest.raises(TypeError):
            operation()
    with pytest.raises(ZeroDivisionError):
        X / 0


def test_duplicate_terms_and_repeated_variables_are_collected() -> None:
    terms: list[tuple[Monomial, fmpq]] = [(((0, 1), (0, 1)), fmpq(1)), (((0, 2),), fmpq(-1)), ((), fmpq(2))]
    assert RING.from_terms(terms) == 2


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (RING.zero(), "0"),
        (RING.constant(fmpq(-1, 2)), "-1/2"),
        (-X, "-x"),
        (X * Y / 3 - X + 1, "x*y/3 - x + 1"),
        (fmpq(-5, 2) * Z**3 + Y, "-5*z**3/2 + y"),
        (X + Y * Z + Y**2, "y**2 + y*z + x"),
    ],
    ids=str,
)
def test_texts(p: Polynomial, text: str) -> None:
    assert p.to_text() == str(p) == repr(p) == text


def test_linear_forms() -> None:
    # 2x + 0y − z/3 + 5 takes no part of y.
    x, _, z = PolynomialRing(("x", "y", "z")).variables()
    form = x.ring.linear_form([fmpq(2), fmpq(0), fmpq(-1, 3)], fmpq(5))
    assert form == 2 * x - z / 3 + 5
    assert len(form.terms()) == 3


def test_equal_polynomials_are_one_element_of_a_set() -> None:
    x, y = PolynomialRing(("x", "y")).variables()
    assert {(x + y) * (x - y), x**2 - y**2, x**2 + y**2} == {x * x - y * y, y * y + x * x}
    assert hash((x + y) ** 2) == hash(x**2 + 2 * x * y + y**2)


def test_degrees_and_variables_used() -> None:
    p = X**2 * Z + 1
    assert p.total_degree() == 3
    assert RING.one().total_degree() == 0
    assert RING.zero().total_degree() == -1
    assert p.used_variables() == (0, 2)
    assert RING.one().used_variables() == ()
    assert RING.zero().used_variables() == ()
    assert not p.is_constant()
    assert not p.is_zero()


def test_primitive_parts() -> None:
    assert (fmpq(4, 3) * X - 2 * Y).primitive_part() == 2 * X - 3 * Y
    assert RING.zero().primitive_part() == 0
    assert RING.constant(fmpq(-2, 3)).primitive_part() == -1


def test_variables_by_name() -> None:
    assert RING.variable_named("y") == Y
    with pytest.raises(UnknownNameError, match='no variable "w"'):
        RING.variable_named("w")


def test_constant_polynomials_on_all_roads() -> None:
    c, w = RING.constant(fmpq(2, 3)), (fmpq(1),) * 3
    assert c.shifted(w) == c
    assert c.evaluate(w) == fmpq(2, 3)
    assert c.along_arc(w, [w]) == (fmpq(2, 3),)
    assert RING.zero().along_arc(w, [w]) == ()
    assert c.substituted((X, Y, Z)) == c
    assert (X - Y).along_arc(w, [w]) == ()
    assert c.gradient_at(w) == (0, 0, 0)


def test_a_ring_without_variables_holds_numbers() -> None:
    ring = PolynomialRing(())
    assert ring.constant(5).evaluate(()) == 5
    assert ring.variables() == ()
    assert ring.constant(5).gradient() == ()
    assert ring.constant(5).terms() == (((), 5),)
    assert ring.from_terms([((), fmpq(1))]) == 1


def test_a_preactivation_of_a_deep_net_with_hundreds_of_variables() -> None:
    # z = W4 W3 W2 W1 x, widths 10-8-8-8-1: 216 variables, 8*8*8*10 = 5120 terms of degree 4
    widths = (10, 8, 8, 8, 1)
    names = [
        f"W{layer}[{i},{j}]"
        for layer, (n, m) in enumerate(itertools.pairwise(widths), start=1)
        for i in range(1, m + 1)
        for j in range(1, n + 1)
    ]
    ring = PolynomialRing(tuple(names))
    features = [ring.constant(k + 1) for k in range(widths[0])]
    for layer, width in enumerate(widths[1:], start=1):
        features = [
            sum(
                (ring.variable_named(f"W{layer}[{i},{j}]") * h for j, h in enumerate(features, start=1)),
                ring.zero(),
            )
            for i in range(1, width + 1)
        ]
    (z,) = features
    ones = (fmpq(1),) * len(names)
    assert z.n_terms() == 5120
    assert z.total_degree() == 4
    assert z.evaluate(ones) == 8**3 * 55
    assert z.gradient_at(ones)[-1] == 8**2 * 55
    # Euler: the arc w + ε w gives (1 + ε)^4 z(w)
    assert z.along_arc(ones, [ones]) == tuple(8**3 * 55 * n for n in (1, 4, 6, 4, 1))
