"""Expressions on one line."""

import pytest

from symflow.exact.rationals import fmpq
from symflow.reports.expressions import (
    Application,
    Exponential,
    Expression,
    Negative,
    Parameters,
    Power,
    Product,
    Quotient,
    Rational,
    Sum,
    Symbol,
    Vector,
)
from symflow.reports.linear_text import linear_text

ONE, C, THETA = Rational(fmpq(1)), Symbol("c"), Symbol("θ")
ONES = Vector((ONE, ONE))


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Negative(Product((Quotient(Sum((ONE, C)), Rational(fmpq(2))), ONES))), "−(1+c)/2 (1, 1)"),
        (Sum((Sum((ONE, Negative(THETA))), Product((THETA, C)))), "(1−θ) + θ c"),
        (Product((Rational(fmpq(3)), THETA, ONES)), "3θ (1, 1)"),
        (Product((Rational(fmpq(7, 2)), Exponential(fmpq(-1)))), "7/2 e^(−1)"),
        (Exponential(fmpq(1, 2)), "√e"),
        (Exponential(fmpq(3)), "e³"),
        (Parameters("W", 1, 2), "W1[2,·]"),
        (Parameters("b", 2, 1), "b2[1]"),
        (Parameters("z", 2, 1, 3), "z2[1](x3)"),
        (Application("f", "∂", Vector((ONE, Rational(fmpq(-1, 2))))), "∂f(1, −1/2)"),
        (Power(Symbol("ε"), 2), "ε²"),
        (Symbol("x", "k"), "x_k"),
        (Sum((Rational(fmpq(1)), Rational(fmpq(-2)))), "1 − 2"),
    ],
)
def test_expressions_read_as_they_are_said(expression: Expression, text: str) -> None:
    assert linear_text(expression) == text


def test_long_numbers_are_cut_and_full_ones_are_not() -> None:
    number = Rational(fmpq(-123456789012345, 1000000007))
    assert linear_text(number) == "−123456.78…"
    assert linear_text(number, full=True) == "−123456789012345/1000000007"


def test_a_decimal_that_ends_is_not_cut() -> None:
    assert linear_text(Rational(fmpq(10**20, 1))) == "1·10^20"
    assert linear_text(Rational(fmpq(1, 2**40))) == "9.094947…·10^(−13)"


def test_long_vectors_keep_their_ends() -> None:
    vector = Vector(tuple(Rational(fmpq(i)) for i in range(20)))
    assert linear_text(vector) == "(0, 1, 2, 3, 4, 5, 6, 7, …, 18, 19)"
    assert "…" not in linear_text(vector, full=True)
