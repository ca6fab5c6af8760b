"""HiGHS as a finder: what it proposes on problems known by hand, and that its absence or silence is no obstacle."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from flint import fmpq

from symflow.exact import farkas, gordan_rational, highs_finder
from symflow.exact.highs_finder import Guess, nonnegative_combination, widest_direction
from symflow.exact.linear_program import (
    FarkasFunctional,
    GordanCertificate,
    NonnegativeSolution,
    StrictSolution,
    nonnegative_solution,
    strict_feasibility,
)


def q(*values: int) -> tuple[fmpq, ...]:
    return tuple(map(fmpq, values))


class Silent:
    """A HiGHS that takes every problem and returns no solution."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: SimpleNamespace(col_value=[], row_dual=[])


def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    monkeypatch.setattr(highs_finder, "_solver", lambda: (Silent(), np))


def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)  # importing it raises ImportError
    monkeypatch.setattr(highs_finder, "_solver", highs_finder._solver.__wrapped__)


def test_the_widest_direction_of_a_quadrant_and_of_rows_that_cancel():
    # min(d₁, d₂) is largest on the square |d₁|, |d₂| ≤ 1 at (1, 1) alone.
    guess = widest_direction([[1.0, 0.0], [0.0, 1.0]])
    assert guess is not None
    assert (guess.solution, guess.solved) == ([1.0, 1.0], True)
    # ±1 cancel: no margin, and equal multipliers.
    assert widest_direction([[1.0], [-1.0]]) == Guess([0.0], [0.5, 0.5], False)


def test_combinations_and_the_functionals_that_exclude_them():
    guess = nonnegative_combination([{0: 1.0}, {0: 1.0, 1: 1.0}], [2.0, 1.0])
    assert guess is not None
    assert (guess.solved, guess.weights) == (True, [1.0, 1.0])  # (2, 1) = (1, 0) + (1, 1), and in no other way
    guess = nonnegative_combination([{0: 1.0}, {0: 1.0, 1: 1.0}], [1.0, 2.0])
    assert guess is not None
    assert (guess.solved, guess.functional) == (False, [1.0, -1.0])  # 0 on (1, 1), 1 on (1, 0), −1 on the target
    assert guess.tight_columns == [1]


@pytest.mark.parametrize("trouble", [silent, absent])
def test_without_an_answer_of_highs_there_is_no_guess(trouble, monkeypatch: pytest.MonkeyPatch):
    trouble(monkeypatch)
    assert widest_direction([[1.0, 0.0], [0.0, 1.0]]) is None
    assert nonnegative_combination([{0: 1.0}], [1.0]) is None


@pytest.mark.parametrize("trouble", [silent, absent])
def test_systems_are_decided_without_an_answer_of_highs(trouble, monkeypatch: pytest.MonkeyPatch):
    trouble(monkeypatch)
    monkeypatch.setattr(gordan_rational, "FEW_ENTRIES", 0)
    monkeypatch.setattr(farkas, "FEW_ENTRIES", 0)
    assert strict_feasibility([q(1, 0), q(0, 1)]) == StrictSolution(q(1, 1))
    assert strict_feasibility([q(1, 0), q(0, 1), q(-1, -1)]) == GordanCertificate({i: fmpq(1) for i in range(3)})
    columns = [q(1, 0), q(1, 1)]
    assert nonnegative_solution(columns, q(2, 1)) == NonnegativeSolution({0: fmpq(1), 1: fmpq(1)})
    assert nonnegative_solution(columns, q(1, 2)) == FarkasFunctional({0: fmpq(1), 1: fmpq(-1)})
