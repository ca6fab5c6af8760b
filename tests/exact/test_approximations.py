"""Floats near exact numbers: they only propose, so they may say nothing, but they must not stop the search."""

from __future__ import annotations

import itertools
import math

import pytest
from flint import fmpq, fmpz

from symflow.exact.approximations import float_solution, near_rational, roundings, scaled_floats
from symflow.exact.exponential_numbers import exponential


def test_roundings_grow_from_short_to_long():
    # (3, −1)·size/3 to the nearest integers for sizes 1, 2, 3.
    assert list(itertools.islice(roundings([0.75, -0.25]), 3)) == [[1, 0], [2, -1], [3, -1]]
    sizes = [max(map(abs, rounded)) for rounded in roundings([0.75, -0.25])]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == 2**52


@pytest.mark.parametrize(
    "direction",
    [[], [0.0, -0.0], [math.inf, 1.0], [-math.inf, 0.0], [math.nan, 1.0], [1.0, math.nan]],
    ids=["no entries", "zero", "infinite", "minus infinite", "not a number first", "not a number later"],
)
def test_a_direction_of_no_sense_has_no_roundings(direction: list[float]):
    assert list(roundings(direction)) == []


def test_a_regular_system_is_solved():
    # x + 2y = 5, 3x + 4y = 11 at (1, 2); the larger leading entry is the first pivot.
    assert float_solution([[1.0, 2.0], [3.0, 4.0]], [5.0, 11.0]) == pytest.approx([1.0, 2.0])
    assert float_solution([[0.0, 2.0], [4.0, 0.0]], [1.0, 1.0]) == [0.25, 0.5]


def test_a_singular_system_has_no_solution():
    assert float_solution([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0]) is None
    assert float_solution([[0.0]], [1.0]) is None


def test_rows_beyond_the_floats_are_scaled_before_they_are_rounded():
    huge = fmpz(10) ** 400
    assert scaled_floats([huge, -huge, fmpz(0)]) == [1.0, -1.0, 0.0]
    assert scaled_floats([exponential(2000), -2 * exponential(2000)]) == [0.5, -1.0]
    assert scaled_floats([fmpq(0), fmpq(0)]) == [0.0, 0.0]
    assert scaled_floats([]) == []


def test_rationals_are_near_themselves():
    assert near_rational(fmpz(7)) == fmpq(7)
    assert abs(near_rational(exponential(1), 100) - fmpq(2718281828459045235360287, 10**24)) < fmpq(1, 10**24)
