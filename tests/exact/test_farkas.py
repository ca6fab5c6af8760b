"""Farkas' alternative under a finder that errs: whatever HiGHS says, the answer is proved and of the right kind."""

from __future__ import annotations

import math

import pytest
from flint import fmpq

from symflow.exact import farkas
from symflow.exact.highs_finder import CombinationGuess
from symflow.exact.linear_program import FarkasFunctional, NonnegativeSolution, nonnegative_solution


def q(*values: int) -> tuple[fmpq, ...]:
    return tuple(map(fmpq, values))


def believing(*support: int) -> CombinationGuess:
    """A finder's word that the columns of `support` make the target."""
    return CombinationGuess([float(j in support) for j in range(5)], [0.0, 0.0], True, list(support), [])


def excluding(*functional: float) -> CombinationGuess:
    """A finder's word that `functional` excludes every solution."""
    return CombinationGuess([0.0] * 5, list(functional), False, [0, 1, 2, 3, 4], [0, 1])


# The cone from (1, 0) to (−1, 1), with parallel columns in it and on its edge.
COLUMNS = [q(1, 0), q(1, 1), q(2, 2), q(-1, 1), q(-2, 2)]

LIES = {
    "columns that miss a row of the target": believing(0),
    "no columns": believing(),
    "more columns than rows": believing(0, 1, 2),
    "parallel columns": believing(1, 2),
    "columns that make the target with a negative weight": believing(1, 3),
    "a weight that is no number": CombinationGuess([math.nan] * 5, [0.0, 0.0], True, [], []),
    "a functional that is negative on a column": excluding(-1.0, -1.0),
    "a functional that is positive on the target": excluding(0.0, 1.0),
    "the functional zero": excluding(0.0, 0.0),
    "a functional that is no number": excluding(1.0, math.nan),
    "an infinite functional": excluding(math.inf, 1.0),
    "a basis of units": CombinationGuess([0.0] * 5, [0.5, 0.5], False, [], [1, 0]),
}


@pytest.mark.parametrize("name", LIES)
def test_a_solution_is_found_whatever_the_finder_says(name: str, monkeypatch: pytest.MonkeyPatch):
    # (3, 1) = 2·(1, 0) + 1·(1, 1), and 2·(1, 1) − (−1, 1) is no solution.
    monkeypatch.setattr(farkas, "FEW_ENTRIES", 0)
    monkeypatch.setattr(farkas, "nonnegative_combination", lambda columns, target: LIES[name])
    answer = nonnegative_solution(COLUMNS, q(3, 1))
    assert isinstance(answer, NonnegativeSolution)
    assert all(x > 0 for x in answer.weights.values())
    assert [sum((x * COLUMNS[j][i] for j, x in answer.weights.items()), start=fmpq(0)) for i in (0, 1)] == [3, 1]


@pytest.mark.parametrize("name", LIES)
def test_a_functional_is_found_whatever_the_finder_says(name: str, monkeypatch: pytest.MonkeyPatch):
    # (−3, 1) lies beyond (−1, 1), the edge of the cone: y = (1, 1) is zero there, positive on (1, 0), −2 on the target.
    monkeypatch.setattr(farkas, "FEW_ENTRIES", 0)
    monkeypatch.setattr(farkas, "nonnegative_combination", lambda columns, target: LIES[name])
    answer = nonnegative_solution(COLUMNS, q(-3, 1))
    assert isinstance(answer, FarkasFunctional)
    y = [answer.y.get(i, fmpq(0)) for i in (0, 1)]
    assert all(y[0] * a + y[1] * b >= 0 for a, b in COLUMNS)
    assert -3 * y[0] + y[1] < 0


def test_a_finder_that_is_right_is_proved_and_believed(monkeypatch: pytest.MonkeyPatch):
    # The exact simplex method would raise here: it is not needed.
    monkeypatch.setattr(farkas, "FEW_ENTRIES", 0)
    monkeypatch.setattr(farkas, "RevisedSimplex", None)
    columns = COLUMNS[:2]
    assert nonnegative_solution(columns, q(3, 1)) == NonnegativeSolution({0: fmpq(2), 1: fmpq(1)})
    assert nonnegative_solution(columns, q(1, 2)) == FarkasFunctional({0: fmpq(1), 1: fmpq(-1)})
