"""A nonnegative combination of sparse integer columns that vanishes: the linear programs of multiplier identities.

    Σ λ_j column_j = 0,   λ ≥ 0,   Σ λ_j = 1.

The columns are many, and most searches for an identity find none. So this is a finder: what it returns is exact, and
None is no proof that there is nothing (that proof, :func:`~symflow.exact.linear_program.nonnegative_solution`, may take
a hundred times as long). Signs come first: a row whose entries have one sign excludes every column with an entry there.
What is left goes to HiGHS, and the columns that it uses are solved exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt
from flint import fmpq, fmpz_mat

from symflow.exact.highs_finder import nonnegative_combination
from symflow.exact.linear_program import NonnegativeSolution, nonnegative_solution
from symflow.exact.revised_simplex import RevisedSimplex
from symflow.exact.simplex import NO_BUDGET, Budget

# Up to so many entries the exact method is as quick as it is to import a solver.
_FEW_ENTRIES = 120
_FLOAT_ZERO = 1e-9


@final
@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A sparse integer vector; most are met in many programs.

    Parameters
    ----------
    rows : array of int
        Where its entries are that are not zero.
    entries : tuple of int
        These entries.
    is_positive : array of bool
        Their signs.
    """

    rows: npt.NDArray[np.int64]
    entries: tuple[int, ...]
    is_positive: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, entries: Mapping[int, int]) -> Column:
        """Return the column with these entries, by row from 0 on; none is zero."""
        rows = np.fromiter(entries, dtype=np.int64, count=len(entries))
        values = tuple(entries.values())
        signs = np.fromiter((entry > 0 for entry in values), dtype=np.bool_, count=len(values))
        return cls(rows, values, signs)


def vanishing_combination(columns: Sequence[Column], *, budget: Budget = NO_BUDGET) -> dict[int, fmpq] | None:
    """Return the weights that are not zero, by column, of a combination that vanishes, or None where none was found.

    Parameters
    ----------
    columns : sequence of Column
        An empty one vanishes by itself.
    budget : Budget
        For the exact simplex method, should it be needed.

    Returns
    -------
    dict or None
        Positive, of sum 1.

    Raises
    ------
    BudgetExceededError
        When the budget is spent before there is an answer.

    Examples
    --------
    >>> first, second = Column.of({0: 1}), Column.of({0: -2, 1: 1})
    >>> vanishing_combination([first, second, Column.of({1: -1})])
    {0: 1/2, 1: 1/4, 2: 1/4}
    >>> vanishing_combination([first, second, Column.of({1: 3})]) is None
    True
    """
    for j, column in enumerate(columns):
        if not column.entries:
            return {j: fmpq(1)}
    names = _left_by_signs(columns)
    if not names:
        return None
    numbers: dict[int, int] = {}
    kept = [
        {
            numbers.setdefault(row, len(numbers)): entry
            for row, entry in zip(columns[j].rows.tolist(), columns[j].entries, strict=True)
        }
        for j in names
    ]
    weights = _solution(kept, len(numbers), budget)
    return None if weights is None else {names[j]: weight for j, weight in sorted(weights.items())}


def _left_by_signs(columns: Sequence[Column]) -> list[int]:
    """Return the columns that no row excludes, ascending; found in rounds, all rows at once."""
    if not columns:
        return []
    rows = np.concatenate([column.rows for column in columns])
    owner = np.repeat(np.arange(len(columns)), [len(column.entries) for column in columns])
    is_positive = np.concatenate([column.is_positive for column in columns])
    n_rows = int(rows.max()) + 1
    alive = np.ones(len(columns), dtype=np.bool_)
    while len(rows):
        n_up = np.bincount(rows[is_positive], minlength=n_rows)
        n_all = np.bincount(rows, minlength=n_rows)
        has_one_sign = (n_up == 0) | (n_up == n_all)
        excluded = owner[has_one_sign[rows]]
        if not len(excluded):
            break
        alive[excluded] = False
        kept = alive[owner]
        rows, owner, is_positive = rows[kept], owner[kept], is_positive[kept]
    return [int(j) for j in np.flatnonzero(alive)]


def _solution(columns: list[dict[int, int]], n_rows: int, budget: Budget) -> dict[int, fmpq] | None:
    """Solve with the row Σ λ_j = 1 below the others."""
    one = fmpq(1)
    support = list(range(len(columns))) if len(columns) * n_rows <= _FEW_ENTRIES else _guessed_support(columns, n_rows)
    if support is None:
        return None
    weights = _solved_on(columns, support)
    if weights is not None:
        return weights
    exact = [{n_rows: one, **{i: fmpq(x) for i, x in column.items()}} for column in columns]
    if len(support) == len(columns):
        answer = nonnegative_solution([dict(column.items()) for column in exact], {n_rows: one}, budget=budget)
        return answer.weights if isinstance(answer, NonnegativeSolution) else None
    target = [fmpq(0)] * n_rows + [one]
    return RevisedSimplex(exact, target).decide(order=support, budget=budget)[0]


def _guessed_support(columns: list[dict[int, int]], n_rows: int) -> list[int] | None:
    """Return the columns of a solution that floats believe in, or None."""
    sizes = [1] * n_rows
    for column in columns:
        for i, x in column.items():
            if x > sizes[i] or -x > sizes[i]:
                sizes[i] = abs(x)
    floats = []
    for column in columns:
        scaled = {i: x / sizes[i] for i, x in column.items()}
        largest = max(map(abs, scaled.values()))
        floats.append({i: x / largest for i, x in scaled.items()})
        floats[-1][n_rows] = 1.0
    found = nonnegative_combination(floats, [0.0] * n_rows + [1.0])
    if found is None:  # no HiGHS here
        return list(range(len(columns)))
    return [j for j, x in enumerate(found.weights) if x > _FLOAT_ZERO] if found.solved else None


def _solved_on(columns: list[dict[int, int]], support: list[int]) -> dict[int, fmpq] | None:
    """Solve exactly on the columns of `support`; None unless the solution is unique there and ≥ 0."""
    rows = sorted({i for j in support for i in columns[j]})
    system = [[columns[j].get(i, 0) for j in support] + [0] for i in rows]
    system.append([1] * (len(support) + 1))
    reduced, divisor, rank = fmpz_mat(system).rref()
    n = len(support)
    if rank != n or any(reduced[k, k] == 0 for k in range(n)):
        return None
    weights = {j: fmpq(reduced[k, n], divisor) for k, j in enumerate(support) if reduced[k, n] != 0}
    return weights if all(x > 0 for x in weights.values()) else None
