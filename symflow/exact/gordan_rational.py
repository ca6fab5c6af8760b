"""Gordan's alternative over ℚ: floats propose, integers decide.

For integer rows a_i the system ⟨a_i, d⟩ > 0 is the system Σ λ_i (a_i, s_i) = (0, 1), λ ≥ 0 in Farkas' form, with any
s_i > 0; here s_i is the largest entry of a_i, so that each row may be scaled to size 1 for the floats without the bases
changing. A direction that floats propose is rounded to small integers and tested by one integer product; a set of rows
that they propose is solved by one integer reduction, and its multipliers are read off. If both fail the exact simplex
method decides, from the last float basis on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz, fmpz_mat

from symflow.exact.alternatives import GordanCertificate, StrictSolution
from symflow.exact.approximations import FLOAT_ZERO, float_solution, roundings, scaled_floats
from symflow.exact.highs_finder import widest_direction
from symflow.exact.integer_multiples import primitive, primitive_values
from symflow.exact.revised_simplex import RevisedSimplex
from symflow.exact.simplex import Budget, dual_simplex, minimise

# Up to this many entries our own float simplex method is as fast as HiGHS, and importing HiGHS takes longer than a
# thousand of them.
FEW_ENTRIES = 120


def decide_rational(
    matrix: fmpz_mat, budget: Budget, *, heaviest: int | None = None
) -> StrictSolution | GordanCertificate:
    """Decide a strict system of integer rows; `heaviest` as for ``strict_feasibility``."""
    rows: list[list[fmpz]] = matrix.tolist()
    floats = [scaled_floats(row) for row in rows]
    for i, row in enumerate(floats):
        if not any(row):  # the largest entry is ±1 where there is one
            return GordanCertificate({i: fmpq(1)})
    guess = float_guess(floats, heaviest)
    if guess.direction is not None:
        short = _short_direction(matrix, guess.direction)
        if short is not None:
            return StrictSolution(short)
    # A positive multiple of each row, as its float row has: a basis is good for both or for neither.
    lifted = [[*row, max(map(abs, row))] for row in rows]
    multipliers = _gordan_multipliers(lifted, guess.support)
    if multipliers is not None:
        return GordanCertificate({**multipliers})
    return _strict_by_exact_simplex(lifted, guess.support, matrix, budget)


def _strict_by_exact_simplex(
    lifted: list[list[fmpz]], order: Sequence[int], matrix: fmpz_mat, budget: Budget
) -> StrictSolution | GordanCertificate:
    width = len(lifted[0])
    columns = [{k: fmpq(entry) for k, entry in enumerate(row) if entry != 0} for row in lifted]
    system = RevisedSimplex(columns, [fmpq(0)] * (width - 1) + [fmpq(1)])
    multipliers, functional = system.decide(order=order, budget=budget)
    if multipliers is not None:
        return GordanCertificate({**primitive_values(multipliers)})
    assert functional is not None  # one of the two
    direction = functional[: width - 1]
    short = _short_direction(matrix, scaled_floats(direction))
    return StrictSolution(short if short is not None else primitive(direction))


@dataclass(frozen=True, slots=True)
class StrictGuess:
    """A direction that may solve the system, or else the rows that may carry a Gordan certificate."""

    direction: list[float] | None
    support: list[int]


def float_guess(floats: list[list[float]], heaviest: int | None = None) -> StrictGuess:
    """Return what floats say about a strict system of rows of largest entry 1.

    Where there is no direction, the rows of unit length that combine to zero with the largest weight on the row
    `heaviest` are those around its negative: a face of their hull that the ray meets.

    Examples
    --------
    >>> float_guess([[1.0, 0.0], [0.5, -1.0]]).direction
    [1.0, -0.5]
    >>> float_guess([[1.0], [-1.0]])
    StrictGuess(direction=None, support=[0, 1])
    """
    n_rows, width = len(floats), len(floats[0])
    if n_rows * (width + 1) > FEW_ENTRIES:
        guess = widest_direction(floats)
        if guess is not None:
            support = [i for i, value in enumerate(guess.multipliers) if value > FLOAT_ZERO]
            return StrictGuess(guess.solution if guess.solved else None, support)
    table = [[row[k] for row in floats] + [0.0] for k in range(width)] + [[1.0] * (n_rows + 1)]
    ending = dual_simplex(table, n_rows, tolerance=FLOAT_ZERO)
    if ending.violated is None and heaviest is not None:
        lengths = [math.hypot(*row) for row in floats]
        table = [[row[k] / length for row, length in zip(floats, lengths, strict=True)] + [0.0] for k in range(width)]
        table.append([1.0] * (n_rows + 1))
        order = [column for column in ending.basis if column < n_rows]
        again = dual_simplex(table, n_rows, order=order, tolerance=FLOAT_ZERO)
        if again.violated is None:
            costs = [-float(j == heaviest) for j in range(n_rows)]
            ending = minimise(table, again, n_rows, costs, tolerance=FLOAT_ZERO)
    support = [column for column in ending.basis if column < n_rows]
    if ending.violated is None:
        return StrictGuess(None, support)
    vectors = [
        [*floats[column], 1.0] if column < n_rows else [float(k == column - n_rows) for k in range(width + 1)]
        for column in ending.basis
    ]
    functional = float_solution(vectors, [float(k == ending.violated) for k in range(width + 1)])
    if functional is None:
        return StrictGuess(None, support)
    # On the violated row the functional takes the value of (0, .., 0, 1) as a negative one.
    flip = -1.0 if functional[-1] > 0 else 1.0
    return StrictGuess([flip * value for value in functional[:-1]], support)


def _short_direction(matrix: fmpz_mat, direction: Sequence[float]) -> tuple[fmpq, ...] | None:
    """Return the shortest rounding of `direction` on which every row of `matrix` is positive."""
    for rounded in roundings(direction):
        values = matrix * fmpz_mat(len(rounded), 1, rounded)
        if min(values.entries()) > 0:
            return primitive(rounded)
    return None


def _gordan_multipliers(lifted: list[list[fmpz]], support: list[int]) -> dict[int, fmpq] | None:
    """Solve Σ λ_i (a_i, s_i) = (0, 1) on the rows of the support; None unless there is one solution and λ ≥ 0."""
    if not support:
        return None
    width = len(lifted[0])
    target = [0] * (width - 1) + [1]
    columns = [[lifted[i][k] for i in support] + [target[k]] for k in range(width)]
    reduced, divisor, rank = fmpz_mat(columns).rref()
    n = len(support)
    # Full column rank of the support and no pivot in the last column: the unique solution stands in the first n rows.
    if rank != n or any(reduced[i, i] == 0 for i in range(n)):
        return None
    values = [reduced[i, n] for i in range(n)]
    positive = divisor > 0
    if any((value < 0) if positive else (value > 0) for value in values):
        return None
    found = {i: fmpq(value, divisor) for i, value in zip(support, values, strict=True) if value != 0}
    return primitive_values(dict(sorted(found.items())))
