"""HiGHS as a finder: floats in, floats out, nothing believed.

The solver object is made once and kept; it is silent and uses one thread. highspy (and with it numpy) is imported on
the first call, since that takes longer than most problems here. Where it cannot be imported every function returns
None, and the caller goes on without a guess.

References
----------
Q. Huangfu, J. A. J. Hall, *Parallelizing the dual revised simplex method*, Math. Prog. Comp. 10 (2018), 119–142.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# What HiGHS may treat as zero; its own smallest value.
_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class Guess:
    """Floats near a solution of one of two alternatives; which of them is exact is for the caller to find out.

    Parameters
    ----------
    solution : list of float
        What was asked for.
    multipliers : list of float
        The dual values.
    solved : bool
        Which alternative HiGHS believes in.
    """

    solution: list[float]
    multipliers: list[float]
    solved: bool


@dataclass(frozen=True, slots=True)
class CombinationGuess:
    """Floats near x ≥ 0 with Σ x_j column_j = target, or near a functional y that excludes one.

    Parameters
    ----------
    weights : list of float
        x.
    functional : list of float
        y, of entries at most 1 in absolute value.
    solved : bool
        Which of the two HiGHS believes in.
    tight_columns, bound_rows : list of int
        The columns on which y is zero by its basis, and the rows in which y is ±1 by its basis.
    """

    weights: list[float]
    functional: list[float]
    solved: bool
    tight_columns: list[int]
    bound_rows: list[int]


def widest_direction(rows: Sequence[Sequence[float]]) -> Guess | None:
    """Maximise min_i ⟨a_i, d⟩ over |d_k| ≤ 1; the multipliers are those of a convex combination of the rows near 0.

    Examples
    --------
    >>> guess = widest_direction([[1.0, 0.0], [0.0, 1.0]])
    >>> guess is None or guess.solution == [1.0, 1.0]  # None without highspy
    True
    """
    solver = _solver()
    if solver is None:
        return None
    highs, np = solver
    n_rows, n_columns = len(rows), len(rows[0])
    values = np.empty((n_rows, n_columns + 1))
    values[:, :-1] = rows
    values[:, -1] = -1.0
    cost = np.zeros(n_columns + 1)
    cost[-1] = -1.0
    index = np.tile(np.arange(n_columns + 1, dtype=np.int32), n_rows)
    start = np.arange(n_rows + 1, dtype=np.int32) * (n_columns + 1)
    lower, upper = np.full(n_columns + 1, -1.0), np.ones(n_columns + 1)
    # The margin stays free below: it is negative at no optimum, d = 0 has margin 0.
    row_lower, row_upper = np.zeros(n_rows), np.full(n_rows, np.inf)
    _pass(highs, np, cost, (lower, upper), (row_lower, row_upper), start, index, values.ravel(), by_column=False)
    highs.run()
    answer = highs.getSolution()
    solution, duals = list(answer.col_value), list(answer.row_dual)
    if len(solution) != n_columns + 1 or len(duals) != n_rows:
        return None
    margin = solution.pop()
    return Guess(solution, [abs(value) for value in duals], margin > _TOLERANCE)


def nonnegative_combination(columns: Sequence[dict[int, float]], target: Sequence[float]) -> CombinationGuess | None:
    """Look for x ≥ 0 with Σ x_j column_j = target, of small sum; the multipliers are a functional y if there is none.

    Notes
    -----
    The problem solved is that for y in a box, max −⟨y, target⟩ with ⟨y, column_j⟩ ≥ 0 and |y_i| ≤ 1: it always has a
    solution, y, and x is its dual.

    Examples
    --------
    >>> guess = nonnegative_combination([{0: 1.0}, {0: -1.0}], [2.0])
    >>> guess is None or (guess.solved, guess.weights)  # None without highspy
    (True, [2.0, 0.0])
    """
    solver = _solver()
    if solver is None:
        return None
    highs, np = solver
    n_columns, n_rows = len(columns), len(target)
    start = np.zeros(n_columns + 1, dtype=np.int32)
    np.cumsum([len(column) for column in columns], out=start[1:])
    index = np.fromiter((i for column in columns for i in column), dtype=np.int32, count=int(start[-1]))
    values = np.fromiter((value for column in columns for value in column.values()), dtype=float, count=int(start[-1]))
    box = (np.full(n_rows, -1.0), np.ones(n_rows))
    rows = (np.zeros(n_columns), np.full(n_columns, np.inf))
    _pass(highs, np, np.array(target, dtype=float), box, rows, start, index, values, by_column=False)
    highs.run()
    answer = highs.getSolution()
    functional, weights = list(answer.col_value), list(answer.row_dual)
    if len(functional) != n_rows or len(weights) != n_columns:
        return None
    value = sum(y * b for y, b in zip(functional, target, strict=True))
    basis = highs.getBasis()
    basic = type(highs.getBasis().col_status[0]).kBasic if n_rows else None
    return CombinationGuess(
        [abs(weight) for weight in weights],
        functional,
        value > -_TOLERANCE,
        [j for j, status in enumerate(basis.row_status) if status != basic],
        [i for i, status in enumerate(basis.col_status) if status != basic],
    )


@functools.cache
def _solver() -> tuple[Any, Any] | None:
    try:
        import highspy
        import numpy as np
    except ImportError:
        return None
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("presolve", "off"),
        ("solver", "simplex"),
        ("primal_feasibility_tolerance", _TOLERANCE),
        ("dual_feasibility_tolerance", _TOLERANCE),
    ):
        highs.setOptionValue(option, value)
    return highs, np


def _pass(
    highs: Any,
    np: Any,
    cost: Any,
    bounds: tuple[Any, Any],
    row_bounds: tuple[Any, Any],
    start: Any,
    index: Any,
    values: Any,
    *,
    by_column: bool,
) -> None:
    """Give HiGHS the problem min ⟨cost, x⟩ within bounds and row bounds, the matrix row by row or column by column."""
    highs.passModel(
        len(cost),
        len(row_bounds[0]),
        len(values),
        1 if by_column else 2,  # the constants MatrixFormat.kColwise and kRowwise
        1,  # minimise
        0.0,
        cost,
        *bounds,
        *row_bounds,
        start,
        index,
        values,
        np.zeros(len(cost), dtype=np.int32),
    )
