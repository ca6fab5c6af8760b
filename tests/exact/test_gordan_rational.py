"""Gordan's alternative over ℚ under floats that err: the answer is proved and of the right kind all the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
from flint import fmpq

from symflow.exact import gordan_rational
from symflow.exact.alternatives import GordanCertificate, StrictSolution
from symflow.exact.approximations import scaled_floats
from symflow.exact.gordan_rational import StrictGuess, float_guess
from symflow.exact.linear_program import strict_feasibility
from symflow.exact.simplex import Ending


def q(*values: int) -> tuple[fmpq, ...]:
    return tuple(map(fmpq, values))


def solves(rows: Sequence[Sequence[fmpq]], direction: Sequence[fmpq]) -> bool:
    return all(sum((x * d for x, d in zip(row, direction, strict=True)), start=fmpq(0)) > 0 for row in rows)


# Three rows that cancel, with multipliers 1, 1, 1 and no others; and three with y/2 < x < y for a solution,
# where (−1, 1) + (2, −1) = (1, 0), so that their one relation has the signs −, +, +.
CANCELLING = [q(1, 0), q(0, 1), q(-1, -1)]
SOLVABLE = [q(1, 0), q(-1, 1), q(2, -1)]

LIES = {
    "no word": StrictGuess(None, []),
    "a direction that fails": StrictGuess([-1.0, 0.5], [0, 1]),
    "the direction zero": StrictGuess([0.0, 0.0], [0, 1, 2]),
    "a direction that is no number": StrictGuess([1.0, math.nan], [2]),
    "an infinite direction": StrictGuess([math.inf, math.inf], [0]),
    "too few rows": StrictGuess(None, [1]),
    "rows that do not cancel": StrictGuess(None, [0, 1]),
    "a row twice": StrictGuess(None, [1, 1]),
    "all rows": StrictGuess(None, [2, 1, 0]),
}


@pytest.mark.parametrize("name", LIES)
def test_rows_that_cancel_do_so_whatever_floats_say(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gordan_rational, "float_guess", lambda *_: LIES[name])
    assert strict_feasibility(CANCELLING) == GordanCertificate({i: fmpq(1) for i in range(3)})


@pytest.mark.parametrize("name", LIES)
def test_a_solution_is_found_whatever_floats_say(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gordan_rational, "float_guess", lambda *_: LIES[name])
    answer = strict_feasibility(SOLVABLE)
    assert isinstance(answer, StrictSolution)
    assert solves(SOLVABLE, answer.direction)


def test_floats_that_cannot_solve_for_their_functional_propose_nothing(monkeypatch: pytest.MonkeyPatch):
    # (1, −1, 0) solves: 10⁷ − 1, 10⁷ + 1, 10⁹ + 1, 10 and 10⁵ + 1 are its values. The basis in which the float method
    # ends has a determinant below 10⁻¹³.
    rows = [q(-1, -(10**7) - 1, -1), q(-1, -(10**7), 1), q(10**9 + 1, 0, -11), q(10, 0, -9), q(0, -(10**5) - 1, 1)]
    assert float_guess([scaled_floats(row) for row in rows]).direction is None
    assert strict_feasibility(rows) == StrictSolution(q(1, -1, 0))
    # The same where the basis is singular beyond doubt.
    monkeypatch.setattr(gordan_rational, "dual_simplex", lambda *_, **__: Ending((0, 0, 0), 0, 0))
    assert float_guess([[1.0, 0.0], [-1.0, 1.0], [1.0, -0.5]]) == StrictGuess(None, [0, 0, 0])


def test_a_pencil_of_many_rows_is_solved_by_its_axis():
    # x > 30 |y| for the rows (1, k), |k| ≤ 30: (1, 0) is the shortest. These rows are enough for HiGHS.
    rows = [q(1, k) for k in range(-30, 31)]
    assert len(rows) * 3 > gordan_rational.FEW_ENTRIES
    assert strict_feasibility(rows) == StrictSolution(q(1, 0))
    # With (−1, 0) nothing is left; each row (1, k) needs (1, −k), or is (1, 0).
    rows.append(q(-1, 0))
    answer = strict_feasibility(rows)
    assert isinstance(answer, GordanCertificate)
    assert all(x > 0 for x in answer.multipliers.values())
    assert [sum((x * rows[i][k] for i, x in answer.multipliers.items()), start=fmpq(0)) for k in (0, 1)] == [0, 0]


def test_the_certificate_asked_for_is_of_the_rows_around_a_row() -> None:
    """-(4, 1) is between (-1, 0) and (-2, -1), further out between (-1, 1) and (-1, -3): the nearest are taken."""
    rows = [[4, 1], [-1, 1], [-1, -3], [-1, 0], [-2, -1]]
    answer = strict_feasibility([tuple(map(fmpq, row)) for row in rows], heaviest=0)
    assert isinstance(answer, GordanCertificate)
    assert answer.multipliers == {0: 1, 3: 2, 4: 1}


def test_without_a_second_walk_the_first_certificate_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [q(4, 1), q(-1, 1), q(-1, -3), q(-1, 0), q(-2, -1)]
    first = gordan_rational.dual_simplex
    endings: list[Ending] = []

    def walk(*arguments: Any, **named: Any) -> Ending:
        endings.append(first(*arguments, **named) if not endings else Ending((), 0, 0))
        return endings[-1]

    monkeypatch.setattr(gordan_rational, "dual_simplex", walk)
    answer = strict_feasibility(rows, heaviest=0)
    assert isinstance(answer, GordanCertificate)
    assert len(endings) == 2
    total = [sum((m * row[k] for m, row in zip_rows(answer, rows)), start=fmpq(0)) for k in range(2)]
    assert total == [0, 0]


def zip_rows(answer: GordanCertificate, rows: list[tuple[fmpq, ...]]) -> list[tuple[Any, tuple[fmpq, ...]]]:
    return [(multiplier, rows[i]) for i, multiplier in answer.multipliers.items()]
