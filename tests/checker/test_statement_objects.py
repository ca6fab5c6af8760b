"""What names mean: slopes, parts of gradients, derivatives of expressions; and when one datum speaks for all."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symflow.checker.law_identities import derivative
from symflow.checker.polynomials import Polynomial, partial_derivatives, sum_of_products
from symflow.checker.reading import Refused
from symflow.checker.statement_data import only_datum
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_identities import check_identity
from symflow.checker.statement_shapes import read_shape
from symflow.checker.statement_symbols import Symbols
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting, shape_setting

# f = 2 σ(3 − 1) = 4 with label −1: R = e^4, c = ∂R/∂f = e^4.
ONE = problem_setting(net_tree([[[3, -1]], [[2]]], inputs=[[1, 1]], labels=[-1], kind="risk", loss="exponential"))
KINK = problem_setting(net_tree([[[1, -1]], [[2]]], inputs=[[1, 1]], labels=[-1], kind="risk", loss="exponential"))


def identity(text, *widths, activation="relu", **options):
    """Expand a statement on a shape; return how many identities it is."""
    setting = shape_setting(widths, [activation] * (len(widths) - 2), **options)
    return check_identity(parse_statement(text), Symbols(read_shape(setting)))


# ---------------------------------------------------------------------- slopes and parts


@pytest.mark.parametrize(
    ("text", "setting", "word"),
    [
        ("a[1] == vector(1) at w", ONE, "proved_instance"),
        ("c[1] == exp(4) at w", ONE, "proved_instance"),
        ("grad(R) == c[1]*grad(f) at w", ONE, "proved_instance"),
        ("part(grad(f), W[1]) == grad(f, W[1]) at w", ONE, "proved_instance"),
        ("part(grad(f), W[2]) == 2*grad(f, W[2]) at w", ONE, "refuted"),
        ("a[1] == vector(0) at w", KINK, "undecided"),  # at a kink there is no slope
        ("for s in clarke(f), l in 1..L: inner(part(s, W[l]), W[l]) == f", KINK, "undecided"),  # no engine
    ],
)
def test_slopes_and_parts_at_a_point(text, setting, word):
    assert decide(text, setting).word == word


def test_slopes_and_parts_in_symbols():
    assert identity("for l in 1..H, i in 1..width(l): a[l][i] == A[l][i,i] and a[l][i]^2 == a[l][i]", 2, 3, 1) == 6
    assert identity("grad(R) == sum(k in 1..n: c[k]*grad(f[k]))", 2, 2, 1, n_data=2) == 6
    assert identity("for l in 1..L: part(grad(m), W[l]) == y*grad(f, W[l])", 2, 2, 1) == 6
    with pytest.raises(Refused, match="needs a vector with an entry for each parameter"):
        identity("part(x, W[1]) == 0", 2, 2, 1)
    with pytest.raises(Refused, match="relu_power has no diagonal matrix"):
        identity("a[1] == a[1]", 2, 2, 1, activation={"name": "relu_power", "power": 2})


# ---------------------------------------------------------------------- derivatives of expressions


def test_a_polynomial_in_the_objects_is_differentiated_on_its_piece():
    # g = W2 (h + x): its derivative in W2 is h + x, that in W1 is that of f.
    assert identity("grad(inner(W[2][1,:], h[1] + x), W[2][1,:]) == h[1] + x", 2, 2, 1) == 2
    assert identity("grad(inner(W[2][1,:], h[1] + x), W[1]) == grad(f, W[1])", 2, 2, 1) == 4
    assert identity("grad(norm2(W[1]), W[1]) == 2*W[1]", 2, 3, 1) == 6
    assert identity("grad(f^2, W[1]) == 2*f*grad(f, W[1])", 2, 2, 1) == 4
    assert decide("grad(f*f, W[1]) == 8*grad(f, W[1]) at w", ONE).word == "proved_instance"
    assert decide("grad(f*f, W[1]) == 4*grad(f, W[1]) at w", ONE).word == "refuted"


@pytest.mark.parametrize(
    "text", ["grad(R*R, W[1]) == 0", "grad(c[1]*f, W[1]) == c[1]*grad(f, W[1])", "grad(exp(f), W[1]) == 0"]
)
def test_what_depends_on_the_weights_otherwise_is_not_differentiated(text):
    # R and c are free symbols on a shape, but no constants: a derivative that took them for such would be wrong.
    with pytest.raises(Refused):
        identity(text, 2, 2, 1)
    assert decide(f"{text} at w", ONE).word == "undecided"


def test_at_a_kink_nothing_is_differentiated():
    assert decide("grad(f*f, W[1]) == 0 at w", KINK).word == "undecided"
    assert decide("grad(a[1][1], W[1]) == 0 at w", KINK).word == "undecided"
    assert decide("grad(a[1][1], W[1]) == 0 at w", ONE).word == "proved_instance"


# ---------------------------------------------------------------------- one datum for all


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("inner(W[1], grad(f[k], W[1])) == f[k]", "k"),
        ("z[2,k] == W[2]*A[1,k]*W[1]*x[k]", "k"),
        ("c[k]*y[k] == m[k]", "k"),
        ("f[k](2*w) == 4*f[k]", "k"),
        ("inner(x[k], x[j]) == 0", None),  # two data
        ("f[k] == f", None),  # f is f[1]
        ("f[k] == f1", None),
        ("x[k] == x", None),
        ("f[k] == grad(W[1])", None),  # grad(W[1]) is that of f[1]
        ("f[k] == k*f[k]", None),
        ("W[k][1,1] == f[k]", None),
        ("A[k,k] == A[k,k]", None),
        ("h[1] == h[1,k]", None),
        ("f[k+1] == f[k]", None),
        ("c[k] == R", None),
        ("f[k] == sum(j in 1..n: f[j])", None),
        ("f[k] == sum(j in 1..k: 1)", None),
        ("grad(R) == c[k]*grad(f[k])", None),
        ("L == H + 1", None),
        ("f[k] is conserved", None),
    ],
)
def test_which_datum_a_relation_speaks_of(text, datum):
    assert only_datum(parse_statement(text).claims[0]) == datum


def test_each_datum_counts_though_one_is_expanded():
    assert identity("for k in 1..n, l in 1..L: inner(W[l], grad(f[k], W[l])) == f[k]", 2, 2, 1, n_data=7) == 14
    assert identity("for l in 1..L, k in 2..n: inner(W[l], grad(f[k], W[l])) == f[k]", 2, 2, 1, n_data=7) == 12


@pytest.mark.parametrize(
    "text",
    [
        "for k in 1..n: f[k] == f",
        "for k in 1..n: k*f[k] == f[k]",
        "for k in 1..n: inner(x[k], x[1]) == norm2(x[k])",
        "for k in 1..n: x[k] == x[1]",
        "for k in 1..n: W[1] == k*W[1]",
        "for k in 1..3: f[k] == f[k]",  # there are two data
        "for k in 0..2: f[k] == f[k]",
    ],
)
def test_what_holds_of_the_first_datum_alone_is_refused(text):
    with pytest.raises(Refused):
        identity(text, 2, 2, 1, n_data=2)


def test_given_data_are_expanded_one_by_one():
    # On the second datum x = 2 the claim is false.
    two = net_tree([[[1]], [[1]]], inputs=[[1], [2]], labels=[1, 1], kind="risk", loss="squared")
    assert decide("for k in 1..n: f[k] == A[1,k][1,1]*W[2][1,1]*W[1][1,1]", problem_setting(two)).word == "refuted"


# ---------------------------------------------------------------------- polynomials


def test_sums_of_products_are_those_of_the_ring():
    x, y = Polynomial.variable(0), Polynomial.variable(1)
    a, b = x * x * 3 + y - Polynomial.constant(Fraction(1, 2)), y * y - x * 2
    by_hand = a * b + b * b
    assert sum_of_products([(a, b), (b, b)]).terms == by_hand.terms
    assert not sum_of_products([(a, b), (b, a * -1)])
    assert {type(c) for c in (a * a).terms.values()} == {int, Fraction}
    assert all(list(monomial) == sorted(monomial) for monomial in by_hand.terms)


def test_all_partial_derivatives_at_once_are_those_one_by_one():
    x, y, z = map(Polynomial.variable, range(3))
    a = x * x * y * 5 + y * z - z * z * z + Polynomial.constant(7)
    found = partial_derivatives(a)
    assert {i: each.terms for i, each in found.items()} == {i: derivative(a, i).terms for i in range(3)}
