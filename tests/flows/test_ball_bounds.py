"""Bounds of balls hold what they are bounds of."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact.balls import arb, arb_poly, ball_precision
from symflow.exact.rationals import fmpq
from symflow.flows.ball_bounds import larger, length, lower, range_of, smaller, upper

numbers = st.fractions(-4, 4, max_denominator=64)


def rational(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


@settings(max_examples=20)
@given(numbers, st.fractions(0, 4, max_denominator=64))
def test_the_ends_of_a_ball_hold_all_of_it(middle: Fraction, radius: Fraction) -> None:
    ball = arb(rational(middle)) + arb(0, arb(rational(radius)).upper())
    assert lower(ball) <= arb(rational(middle - radius)).upper()
    assert upper(ball) >= arb(rational(middle + radius)).lower()
    assert lower(ball).rad() == upper(ball).rad() == 0
    assert smaller(lower(ball), upper(ball)) == lower(ball)
    assert larger(lower(ball), upper(ball)) == upper(ball)


@settings(max_examples=20)
@given(st.lists(numbers, max_size=6), numbers, numbers, st.fractions(0, 1, max_denominator=16))
def test_a_polynomial_takes_no_value_outside_its_range(
    coefficients: list[Fraction], one: Fraction, other: Fraction, part: Fraction
) -> None:
    low, high = sorted((one, other))
    place = low + part * (high - low)
    value = sum((c * place**k for k, c in enumerate(coefficients)), Fraction(0))
    with ball_precision(120):
        polynomial = arb_poly([arb(rational(c)) for c in coefficients])
        assert range_of(polynomial, arb(rational(low)), arb(rational(high))).overlaps(arb(rational(value)))


@settings(max_examples=20)
@given(st.lists(numbers, max_size=5))
def test_the_square_of_a_length_is_the_sum_of_squares(vector: list[Fraction]) -> None:
    squares = sum((entry * entry for entry in vector), Fraction(0))
    assert (length([rational(entry) for entry in vector]) ** 2).overlaps(arb(rational(squares)))
