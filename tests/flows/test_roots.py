"""First zeros: against polynomials made from their zeros, and what errors do to them."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.flows.roots import Root, Touch, first_root

BITS = 80
ONE = 1 << BITS


def from_zeros(zeros: list[Fraction]) -> list[int]:
    """Return the coefficients of Π (1 - s / z), rounded to BITS bits."""
    result = [Fraction(1)]
    for zero in zeros:
        result = [a - b / zero for a, b in zip([*result, Fraction(0)], [Fraction(0), *result], strict=True)]
    return [round(c * ONE) for c in result]


places = st.fractions(min_value=Fraction(1, 50), max_value=3, max_denominator=200)


@given(st.lists(places, min_size=1, max_size=6, unique=True))
def test_the_first_of_several_simple_zeros(zeros: list[Fraction]) -> None:
    zeros.sort()
    if any(b - a < Fraction(1, 300) for a, b in itertools.pairwise(zeros)):
        return
    root = first_root(from_zeros(zeros), ONE, BITS, slack=1 << 20)
    if zeros[0] > 1:
        assert root is None
    elif zeros[0] < 1:
        assert isinstance(root, Root)
        assert root.sign_after == -1
        assert abs(Fraction(root.low, ONE) - zeros[0]) < Fraction(root.blur + 2, ONE)


@given(places.filter(lambda z: z < 1), st.sampled_from([[], [Fraction(2)], [Fraction(-1)]]))
def test_a_double_zero_is_a_touch(zero: Fraction, others: list[Fraction]) -> None:
    assert isinstance(first_root(from_zeros([zero, zero, *others]), ONE, BITS, slack=16), Touch)


@pytest.mark.parametrize(("gap", "kind"), [(-3, Touch), (3, Touch), (-100, Root), (100, type(None))])
def test_values_within_the_slack_have_no_sign(gap: int, kind: type) -> None:
    """(1 - 2 s)² + gap / 2^80, known up to 10 / 2^80."""
    polynomial = [ONE + gap, -4 * ONE, 4 * ONE]
    assert isinstance(first_root(polynomial, ONE, BITS, slack=10), kind)


def test_a_zero_at_the_very_end_counts() -> None:
    """1 - s on (0, 1]: exact, or within the slack of the end."""
    for value in (ONE, ONE + 5, ONE - 5):
        root = first_root([value, -ONE], ONE, BITS, slack=10)
        assert isinstance(root, Root)
        assert abs(root.low - ONE) <= root.blur + 5


def test_two_zeros_close_together_do_not_hide() -> None:
    """At 1/2 and 1/2 + 2^-30: the first one is found, and no sample would have seen either."""
    zeros = [Fraction(1, 2), Fraction(1, 2) + Fraction(1, 1 << 30)]
    root = first_root(from_zeros(zeros), ONE, BITS, slack=4)
    assert isinstance(root, Root)
    assert abs(root.low - ONE // 2) <= root.blur + 2


def test_the_blur_is_slack_over_slope() -> None:
    """(1 - 2 s) / 1024 known up to 2^20 units: the zero is known up to 2^29 of them."""
    root = first_root([ONE >> 10, -(ONE >> 9)], ONE, BITS, slack=1 << 20)
    assert isinstance(root, Root)
    assert 1 << 29 <= root.blur <= (1 << 29) + 4


def test_a_steep_decay_over_one_step_is_told_from_zero_at_once() -> None:
    # e^(-12 s), as of a residual near an equilibrium: coefficients of alternating signs that cancel to 10^-5 of their
    # size. Intervals in Horner's rule would want 2^26 pieces.
    coefficients = [(1 << 107) * (-12) ** k // factorial(k) for k in range(60)]
    assert first_root(coefficients, 1 << 167, 167, 1 << 35) is None
