"""Gordan's alternative over ℚ(e^q) under floats that err: the answer is proved and of the right kind all the same."""

from __future__ import annotations

import math

import pytest
from flint import arb, fmpq

from symflow.exact import gordan_field
from symflow.exact.alternatives import GordanCertificate, StrictSolution
from symflow.exact.exponential_numbers import exponential, sign
from symflow.exact.gordan_field import certain_rounding, decide_in_the_field, multipliers_on
from symflow.exact.gordan_rational import StrictGuess
from symflow.exact.point_sets import combination
from symflow.exact.simplex import Budget

E = exponential(1)
TINY = fmpq(1, 2**60)

LIES = {
    "no word": StrictGuess(None, []),
    "a direction that fails": StrictGuess([1.0, 0.5], [0, 1]),
    "a direction between the rows, to all digits of a float": StrictGuess([1.0, math.e], [0]),
    "a direction that is no number": StrictGuess([math.nan, 1.0], []),
    "the direction zero": StrictGuess([0.0, 0.0], [1]),
    "too few rows": StrictGuess(None, [1]),
}


@pytest.mark.parametrize("name", LIES)
def test_transcendental_multipliers_are_found_whatever_floats_say(name: str, monkeypatch: pytest.MonkeyPatch):
    # (e, 1) and (−1, −1/e) are opposite with the factor e; of sum 1 the multipliers are 1/(1 + e) and e/(1 + e).
    monkeypatch.setattr(gordan_field, "float_guess", lambda floats: LIES[name])
    rows = [(E, fmpq(1)), (fmpq(-1), -1 / E)]
    assert decide_in_the_field(rows) == GordanCertificate({0: 1 / (1 + E), 1: E / (1 + E)})


@pytest.mark.parametrize("name", LIES)
def test_a_sliver_is_found_whatever_floats_say(name: str, monkeypatch: pytest.MonkeyPatch):
    # (d₁, d₂) with e d₁ < d₂ < (e + 2⁻⁶⁰) d₁.
    monkeypatch.setattr(gordan_field, "float_guess", lambda floats: LIES[name])
    answer = decide_in_the_field([(-E, fmpq(1)), (E + TINY, fmpq(-1))])
    assert isinstance(answer, StrictSolution)
    first, second = answer.direction
    assert E * first < second
    assert second < (E + TINY) * first


def test_a_direction_on_the_boundary_is_no_solution():
    # The ball of e − e contains zero and tells nothing; the exact sign does: ⟨(e, −e), (1, 1)⟩ = 0.
    wide = [[arb(0, 1), arb(0, 1)]]
    assert certain_rounding(wide, [1.0, 1.0], lambda i: [E, -E]) is None
    assert certain_rounding(wide, [1.0, 1.0], lambda i: [E, 1 - E]) == (fmpq(1), fmpq(1))


def test_roundings_proved_negative_are_left_out():
    # x < y < 3x/2: of the multiples of (0.8, 1) the roundings (1, 1) and (2, 2) are negative or zero on a row, (2, 3)
    # is zero on one, and (3, 4) is the first that holds.
    rows = [[fmpq(3), fmpq(-2)], [fmpq(-1), fmpq(1)]]
    balls = [[arb(x) for x in row] for row in rows]
    assert certain_rounding(balls, [0.8, 1.0], rows.__getitem__) == (fmpq(3), fmpq(4))
    assert certain_rounding(balls, [-0.8, -1.0], rows.__getitem__) is None


def test_no_rows_have_no_multipliers():
    assert multipliers_on([], [(E,), (-E,)]) is None
    assert multipliers_on([0], [(E,), (-E,)]) is None


def test_the_exact_method_over_the_field_keeps_to_its_budget(monkeypatch: pytest.MonkeyPatch):
    # Every relation uses the fourth row, the only one in an open half-plane of its own, with multipliers such as (e, 2)
    # of the first two. The basis of the first three rows is not feasible, so at least one exchange is needed.
    monkeypatch.setattr(gordan_field, "float_guess", lambda floats: StrictGuess(None, []))
    rows = [(fmpq(1), fmpq(0)), (fmpq(0), fmpq(1)), (fmpq(1), fmpq(1)), (-E, fmpq(-2)), (fmpq(2), fmpq(1))]
    with pytest.raises(TimeoutError, match="after 0 pivots"):
        decide_in_the_field(rows, Budget(max_pivots=0))
    answer = decide_in_the_field(rows, Budget(max_pivots=9))
    assert isinstance(answer, GordanCertificate)
    assert all(sign(x) > 0 for x in answer.multipliers.values())
    assert combination(answer.multipliers, rows) == (0, 0)
