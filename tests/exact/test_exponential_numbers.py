"""The field ℚ(e^q): exact equality, order, and texts that sympy reads back."""

from __future__ import annotations

import itertools
import math
import operator

import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.errors import BudgetExceededError
from symflow.exact.exponential_numbers import (
    ExponentialNumber,
    Scalar,
    decimal_text,
    enclosure,
    exponential,
    sign,
    to_float,
    to_text,
)

E = exponential(1)
ROOT = exponential(fmpq(1, 2))

small = st.builds(fmpq, st.integers(-6, 6), st.integers(1, 4))


def quotient(terms: list[tuple[fmpq, fmpq]], divisor: list[tuple[fmpq, fmpq]]) -> Scalar:
    top = sum((c * exponential(a) for a, c in terms), fmpq(0))
    bottom = sum((c * exponential(a) for a, c in divisor), fmpq(0))
    return top / (bottom if bottom != 0 else fmpq(1))


sums = st.lists(st.tuples(small, small), min_size=1, max_size=3)
scalars = st.builds(quotient, sums, sums)
two_scalars = st.tuples(scalars, scalars)


def at_least(x: Scalar) -> float:
    with ctx.workprec(80):
        return float(enclosure(x, 60).mid())


def test_values_that_land_in_the_rationals_are_fmpq() -> None:
    for value, expected in [
        (E - E, fmpq(0)),
        (E / E, fmpq(1)),
        (E * exponential(-1), fmpq(1)),
        ((E + 1) / (2 * E + 2), fmpq(1, 2)),
        ((E * E - 1) / (E + 1) - E, fmpq(-1)),
        (E**0, fmpq(1)),
        (0 * E, fmpq(0)),
        (exponential(0), fmpq(1)),
        (1 / (1 + E) + 1 / (1 + exponential(-1)), fmpq(1)),
    ]:
        assert type(value) is fmpq
        assert value == expected


@pytest.mark.parametrize("name", ["add", "sub", "mul", "truediv", "lt", "le", "gt", "ge", "eq", "ne"])
def test_mixed_operations_work_from_both_sides(name: str) -> None:
    operation = getattr(operator, name)
    for number in (fmpq(3, 2), 2, fmpq(-1)):
        for left, right in ((number, E), (E, number)):
            found = operation(left, right)
            expected = operation(float_of(left), float_of(right))
            assert found == expected if isinstance(found, bool) else abs(to_float(found) - expected) < 1e-12


def float_of(x: Scalar | int) -> float:
    return float(x) if isinstance(x, int) else to_float(x)


@settings(deadline=None, max_examples=60)
@given(two_scalars, scalars)
def test_field_axioms_hold(pair: tuple[Scalar, Scalar], z: Scalar) -> None:
    x, y = pair
    assert (x + y) * z == x * z + y * z
    assert (x + y) + z == x + (y + z)
    assert x * y == y * x
    assert x - y == -(y - x)
    assert hash((x + y) * z) == hash(x * z + y * z)
    if y != 0:
        assert (x / y) * y == x
        assert (x * y) / y == x


@settings(deadline=None, max_examples=60)
@given(two_scalars)
def test_the_order_is_that_of_the_real_numbers(pair: tuple[Scalar, Scalar]) -> None:
    x, y = pair
    assert sign(x - y) == (x > y) - (x < y)
    assert [x < y, x == y, x > y].count(True) == 1
    if abs(at_least(x) - at_least(y)) > 1e-9 * (1 + abs(at_least(x))):
        assert (x < y) == (at_least(x) < at_least(y))


@settings(deadline=None, max_examples=40)
@given(scalars)
def test_sympy_reads_the_text_back(x: Scalar) -> None:
    parsed = sympy.sympify(to_text(x))
    t = sympy.Symbol("t", positive=True)
    # exp(a/12) -> t^a turns both into rational functions, where sympy decides equality
    assert sympy.cancel(in_t(parsed, t) - in_t(by_hand(x), t)) == 0
    assert to_text(x * 3 / 3) == to_text(x)


def in_t(expression: sympy.Expr, t: sympy.Symbol) -> sympy.Expr:
    return expression.replace(sympy.exp, lambda a: t ** (a * sympy.ilcm(1, 2, 3, 4)))


def by_hand(x: Scalar) -> sympy.Expr:
    if not isinstance(x, ExponentialNumber):
        return sympy.Rational(int(x.p), int(x.q))
    top, bottom = (
        sum(sympy.Rational(int(c.p), int(c.q)) * sympy.exp(sympy.Rational(int(a.p), int(a.q))) for a, c in terms)
        for terms in (x.numerator, x.denominator)
    )
    return top / bottom


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (fmpq(7, 2) / E, "7*exp(-1)/2"),
        (-1 / (ROOT + 1), "-1/(exp(1/2) + 1)"),
        (1 + exponential(fmpq(-1, 2)), "1 + exp(-1/2)"),
        ((E + 2) / (E * E + 1), "(exp(1) + 2)/(exp(2) + 1)"),
        (-ROOT / 3 + fmpq(1, 6), "-exp(1/2)/3 + 1/6"),
        (fmpq(-3), "-3"),
        (2 / (3 * E + fmpq(3, 2)), "4/(6*exp(1) + 3)"),
    ],
    ids=str,
)
def test_texts(value: Scalar, text: str) -> None:
    assert to_text(value) == text


def test_two_numbers_that_agree_to_hundreds_of_digits_are_told_apart() -> None:
    tiny = exponential(-1000)
    assert E + tiny > E
    assert E + tiny != E
    assert sign(E - (E + tiny)) == -1
    with ctx.workprec(700):
        almost_e = fmpq(*(int(n) for n in [(arb(1).exp() * arb(2) ** 600).floor().unique_fmpz(), 2**600]))
    assert almost_e < E < almost_e + fmpq(1, 2**600)


def test_exponents_of_a_trained_net_keep_equality_order_and_hash() -> None:
    # The greatest common divisor of such exponents is about 2^-40: polynomials in e^g would not fit into
    # memory.
    a = exponential(fmpq(3602879701896397, 2**55))
    b = exponential(fmpq(5404319552844595, 2**54))
    c = exponential(fmpq(1, 2**50))
    one_way = (a + b) * (a + c) / ((a + c) * (b + c))
    other_way = (a + b) / (b + c)
    assert one_way == other_way
    assert hash(one_way) == hash(other_way)
    assert not one_way < other_way
    assert one_way - other_way == 0
    assert type(one_way - other_way) is fmpq
    assert (a * a - b * b) / (a - b) == a + b
    assert to_text((a * a - b * b) / (a - b)) == to_text(a + b)
    assert to_text((a - b) / (a * a - b * b)) == to_text(1 / (a + b))
    assert one_way / other_way == 1


def test_numbers_can_be_gathered_in_sets() -> None:
    values = {E, 1 / exponential(-1), (E * E + E) / (E + 1), fmpq(1), ROOT * ROOT}
    assert values == {E, fmpq(1)}


def test_sorting_mixes_rationals_and_exponentials() -> None:
    values: list[Scalar] = [E, fmpq(3), fmpq(5, 2), ROOT, -E, fmpq(0)]
    assert sorted(values) == [-E, fmpq(0), ROOT, fmpq(5, 2), E, fmpq(3)]


def test_logistic_coefficients_add_up_without_growing_where_they_share_a_denominator() -> None:
    weights = [exponential(m) for m in (1, 2, 3)]
    total = sum(weights, fmpq(0))
    shares = [w / total for w in weights]
    assert sum(shares, fmpq(0)) == 1
    assert len(shares[0].denominator) == 3  # type: ignore[union-attr]


def test_division_by_zero_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        E / 0
    with pytest.raises(ZeroDivisionError):
        E / fmpq(0)


def test_floats_are_not_operands() -> None:
    for operation in (operator.add, operator.sub, operator.mul, operator.truediv, operator.lt):
        with pytest.raises(TypeError):
            operation(E, 0.5)
        with pytest.raises(TypeError):
            operation(0.5, E)
    with pytest.raises(TypeError):
        E**0.5
    assert E != 0.5
    assert E != "exp(1)"


def test_powers_and_absolute_values() -> None:
    assert exponential(3) == E**3
    assert exponential(-2) == E**-2
    assert abs(-E) == E
    assert abs(E) == E
    assert +E == E
    assert repr(E) == str(E) == "exp(1)"


def test_enclosures_contain_the_number_and_are_as_narrow_as_asked() -> None:
    for x, bits in itertools.product((E - fmpq(2718281828459045, 10**15), fmpq(1, 3)), (10, 100, 1000)):
        ball = enclosure(x, bits)
        assert ball.rel_accuracy_bits() >= bits
    assert to_float(exponential(1)) == pytest.approx(math.e, abs=1e-15)
    assert to_float(-exponential(10**5)) == -math.inf


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (E, 20, "2.7182818284590452353"),
        (-exponential(-1), 5, "-0.36787"),
        (fmpq(0), 5, "0"),
        (fmpq(1, 2), 30, "0.5"),
        (fmpq(999999, 10), 5, "99999"),
        (fmpq(999999), 5, "9.9999e+5"),
        (fmpq(1000), 5, "1000"),
        (fmpq(10**6), 5, "1e+6"),
        (fmpq(1, 10**5), 4, "0.00001"),
        (fmpq(1, 10**6), 4, "1e-6"),
        (fmpq(20, 3), 4, "6.666"),
        (fmpq(2, 3) + exponential(-100), 8, "0.66666666"),
        (1 - exponential(-100), 8, "0.99999999"),
        (exponential(10**16), 3, "1.89e+4342944819032518"),
    ],
    ids=str,
)
def test_every_decimal_digit_shown_is_right(x: Scalar, digits: int, text: str) -> None:
    assert decimal_text(x, digits) == text


def trained_margins(n: int) -> list[fmpq]:
    """Margins as floats hold them: dyadic, with nothing in common."""
    return [fmpq(3602879701896397 + 7919 * k * k + k, 2**52) * (-1) ** k for k in range(n)]


def test_the_gradient_of_a_logistic_risk_stays_short_for_many_data() -> None:
    # Over one denominator each of these sums would have a million terms.
    coefficients = [-1 / (1 + exponential(m)) for m in trained_margins(20)]
    forwards = sum((fmpq(k + 1, 7) * c for k, c in enumerate(coefficients)), fmpq(0))
    backwards = sum((fmpq(k + 1, 7) * c for k, c in reversed(list(enumerate(coefficients)))), fmpq(0))
    assert forwards == backwards
    assert hash(forwards) == hash(backwards)
    assert to_text(forwards) == to_text(backwards)
    assert len(to_text(forwards)) < 1200
    assert forwards - coefficients[3] != backwards
    assert forwards - sum((fmpq(k + 1, 7) * c for k, c in enumerate(coefficients)), fmpq(0)) == 0
    assert (forwards + 1) * (forwards - 1) == forwards * forwards - 1
    assert abs(at_least(forwards) - sum(at_least(c) * (k + 1) / 7 for k, c in enumerate(coefficients))) < 1e-12


def test_the_text_of_several_fractions_is_read_back_by_sympy() -> None:
    a, b = (1 / (1 + exponential(m)) for m in (fmpq(10007, 64), fmpq(-9973, 81)))
    x = fmpq(1, 2) - a * 3 / 7 - b
    assert isinstance(x, ExponentialNumber)
    assert len(x.fractions) == 3
    difference = sympy.sympify(to_text(x)) - by_hand(x)
    assert abs(difference.evalf(50)) < sympy.Rational(1, 10**45)


def test_rational_numbers_in_disguise_are_found_over_one_denominator() -> None:
    # The exponents are too far apart for a common polynomial, and the expansions agree for a while.
    a = exponential(fmpq(10007, 64))
    b = exponential(fmpq(9973, 81))
    for x, value in [
        (1 / (a - 1) - 1 / (a + 1) - 2 / (a * a - 1), 0),
        (a / (a + b) + b / (a + b), 1),
        (1 / (a - b) - 1 / (a + b) - 2 * b / (a * a - b * b), 0),
        (1 / (1 + a) + 1 / (1 + 1 / a) + 1 / (1 + b) - 1 / (1 + b), 1),
    ]:
        assert type(x) is fmpq
        assert x == value


def test_division_by_several_fractions() -> None:
    a, b = (1 / (1 + exponential(m)) for m in (fmpq(10007, 64), fmpq(-9973, 81)))
    assert (a + b) / (a + b) == 1
    assert 1 / (1 / (a + b)) == a + b
    assert (a * a - b * b) / (a + b) == a - b


def test_an_equality_that_no_computer_can_afford_ends_with_an_error() -> None:
    total = sum((1 / (1 + exponential(m)) for m in trained_margins(40)), fmpq(0))
    with pytest.raises(BudgetExceededError, match="exponential sums over one denominator"):
        1 / total
