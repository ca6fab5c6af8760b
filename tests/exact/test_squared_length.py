"""Squared lengths: the sum of the squares, over few denominators."""

from __future__ import annotations

from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.squared_length import squared_length

E = exponential(1)

# Fractions over denominators that have no common step, as the logistic losses of a trained net make them: their sums
# stay sums of several fractions.
LOGISTIC = [1 / (1 + exponential(fmpq(k, 2**40))) for k in (2**39 + 1, 2**40 + 7, 2**41 - 5)]


def test_rational_points():
    assert squared_length(()) == 0
    assert squared_length((fmpq(3, 5), fmpq(-4, 5))) == 1


def test_a_sum_of_several_fractions_is_squared_with_its_mixed_terms():
    # (a + 2b − c)² = a² + 4b² + c² + 4ab − 2ac − 4bc.
    a, b, c = LOGISTIC
    assert squared_length((a + 2 * b - c,)) == a * a + 4 * b * b + c * c + 4 * a * b - 2 * a * c - 4 * b * c


def test_mixed_terms_of_two_coordinates_may_cancel():
    # (a + b)² + (a − b)² = 2a² + 2b², and a rational coordinate beside them.
    a, b, _ = LOGISTIC
    assert squared_length((a + b, fmpq(1, 2), a - b)) == 2 * a * a + 2 * b * b + fmpq(1, 4)


@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 4), min_size=1, max_size=4))
def test_it_is_the_sum_of_the_squares(rows: list[tuple[int, ...]]):
    point: list[Scalar] = [
        sum((n * x for n, x in zip(row, (fmpq(1), E, *LOGISTIC[:2]), strict=True)), start=fmpq(0)) for row in rows
    ]
    assert squared_length(point) == sum((x * x for x in point), start=fmpq(0))
