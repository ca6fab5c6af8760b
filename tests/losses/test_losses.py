"""Every loss of the registry: its value and derivative against its formula, by sympy and by a finite limit."""

from collections.abc import Iterator

import mpmath
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symflow import UnknownNameError, loss
from symflow.exact.exponential_numbers import to_text
from symflow.exact.logarithms import value_text
from symflow.exact.rationals import fmpq
from symflow.losses.base import LOSSES

every_loss = pytest.mark.parametrize("name", LOSSES.names())
numbers = st.builds(fmpq, st.integers(-9, 9), st.integers(1, 5))
f, y, m = sympy.symbols("f y m")


@pytest.fixture(autouse=True)
def _many_digits() -> Iterator[None]:
    with mpmath.workdps(60):
        yield


def exactly(value: fmpq) -> sympy.Rational:
    return sympy.Rational(int(value.p), int(value.q))


def same(text: str, expected: sympy.Expr) -> bool:
    """Compare fifty digits: both sides are exact, and sympy may write one number in two ways."""
    difference = sympy.N(sympy.sympify(text, rational=True) - expected, 50)
    return bool(abs(difference) < sympy.Float(10) ** -45 * (1 + abs(sympy.N(expected, 50))))


def test_the_three_losses_of_the_contract_are_there() -> None:
    assert LOSSES.names() == ("exponential", "logistic", "squared")


@every_loss
@given(numbers, numbers)
def test_the_value_is_the_formula(name: str, output: fmpq, label: fmpq) -> None:
    formula = sympy.sympify(loss(name).formula).subs({f: exactly(output), y: exactly(label)})
    assert same(value_text(loss(name).value(output, label)), formula)


@every_loss
@given(numbers, numbers)
def test_the_derivative_is_that_of_the_formula(name: str, output: fmpq, label: fmpq) -> None:
    derivative = sympy.diff(sympy.sympify(loss(name).formula), f).subs({f: exactly(output), y: exactly(label)})
    assert same(to_text(loss(name).derivative(output, label)), derivative)


@every_loss
@given(numbers, numbers)
def test_the_derivative_is_a_limit_of_differences(name: str, output: fmpq, label: fmpq) -> None:
    at_label = sympy.sympify(loss(name).formula).subs(y, exactly(label))
    value = mpmath.mpf(int(output.p)) / int(output.q)
    limit = mpmath.diff(sympy.lambdify(f, at_label, "mpmath"), value)
    found = mpmath.mpf(sympy.N(sympy.sympify(to_text(loss(name).derivative(output, label)), rational=True), 60))
    assert abs(found - limit) <= mpmath.mpf(10) ** -20 * (1 + abs(limit))


@every_loss
@given(numbers, numbers, numbers)
def test_the_loss_is_convex_in_the_output(name: str, one: fmpq, other: fmpq, label: fmpq) -> None:
    """(ℓ'(a) - ℓ'(b)) (a - b) >= 0, decided exactly."""
    slopes = loss(name).derivative(one, label) - loss(name).derivative(other, label)
    assert slopes * (one - other) >= 0


@every_loss
def test_a_loss_of_the_margin_has_the_formula_of_the_margin(name: str) -> None:
    chosen = loss(name)
    if chosen.margin_formula is not None:
        of_margin = sympy.sympify(chosen.margin_formula).subs(m, y * f)
        assert sympy.simplify(of_margin - sympy.sympify(chosen.formula)) == 0


def test_only_the_squared_loss_is_none_of_the_margin() -> None:
    assert [name for name in LOSSES.names() if loss(name).margin_formula is None] == ["squared"]


@pytest.mark.parametrize(
    ("name", "value", "derivative"),
    [("exponential", "1", "-1"), ("logistic", "log(2)", "-1/2"), ("squared", "1/2", "-1")],
)
def test_at_output_zero_and_label_one_they_are_known(name: str, value: str, derivative: str) -> None:
    assert value_text(loss(name).value(fmpq(0), fmpq(1))) == value
    assert to_text(loss(name).derivative(fmpq(0), fmpq(1))) == derivative


def test_losses_are_equal_to_their_like_only() -> None:
    for one in LOSSES.names():
        for other in LOSSES.names():
            assert (loss(one) == loss(other)) == (one == other)
    assert hash(loss("squared")) == hash(loss("squared"))


def test_an_unknown_loss_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r'no loss "exponentail"; did you mean exponential\?'):
        loss("exponentail")
