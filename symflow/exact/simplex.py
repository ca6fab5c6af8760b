"""The dual simplex method, written once for every ordered field and once more for none: floats may run it too.

The question is always the feasibility of a system in standard form,

    A x = b,  x ≥ 0,    or else    yᵀA ≥ 0,  yᵀb < 0    (Farkas),

and the method walks through bases: m columns of A that form a basis of the column space. A basis fixes x (solve
B x_B = b) and is final in one of two ways: x_B ≥ 0, which answers the first question; or a row of the table
B⁻¹[A | b] reads "nonnegative combination = negative number", and the row of B⁻¹ is y.

Since the question has no objective, one is invented that makes every step strict progress: costs that are positive
on the columns outside the first basis, all different. The first basis is then optimal for its costs, and the dual
simplex method keeps it so. After a while Bland's rule takes over, with which no basis can come twice (Bland 1977), so
over an ordered field the method ends. Over floats it ends by the same count and its basis is a guess, to be certified
by whoever asked.

References
----------
R. G. Bland, *New finite pivoting rules for the simplex method*, Math. Oper. Res. 2 (1977), 103–107.
V. Chvátal, *Linear Programming* (1983), chapters 3 and 10.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from flint import fmpq

from symflow.errors import BudgetExceededError

#: Rows [A | anything | b] over one ordered field; the method changes them in place.
Table: TypeAlias = list[list[Any]]

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Budget:
    """What an exact search may cost.

    Parameters
    ----------
    deadline : float or None
        A time of ``time.monotonic()``.
    max_pivots : int or None
        Exchanges of one column of the basis.
    """

    deadline: float | None = None
    max_pivots: int | None = None

    def check(self, n_pivots: int) -> None:
        """Raise :class:`BudgetExceededError` if the budget is spent."""
        if self.max_pivots is not None and n_pivots > self.max_pivots:
            raise BudgetExceededError(f"the exact simplex method was stopped after {self.max_pivots} pivots")
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise BudgetExceededError(f"the exact simplex method was stopped by its deadline, at pivot {n_pivots}")


NO_BUDGET = Budget()


@dataclass(frozen=True, slots=True)
class Ending:
    """Where the method stopped.

    Parameters
    ----------
    basis : tuple of int
        The basic column of each row; ``n_columns + i`` stands for the unit vector of row i, and says that row i is a
        combination of the others.
    violated : int or None
        The row that shows the infeasibility; None if the basis is feasible.
    n_pivots : int
        The cost: exchanges of one column.
    """

    basis: tuple[int, ...]
    violated: int | None
    n_pivots: int


def dual_simplex(
    table: Table,
    n_columns: int,
    *,
    order: Sequence[int] = (),
    tolerance: float = 0,
    budget: Budget = NO_BUDGET,
) -> Ending:
    """Decide whether the columns combine to the right-hand side with coefficients ≥ 0.

    Parameters
    ----------
    table : list of rows
        Each row is [its entries of A, anything, its entry of b]; afterwards it is the table of the last basis.
    n_columns : int
        The number of columns of A. What stands between A and b takes part in the row operations only: put the unit
        matrix there, and row `violated` of it is y afterwards.
    order : sequence of int
        Columns for the first basis, most wanted first: a guess of the last basis saves the walk to it.
    tolerance : float
        Zero over a field. Over floats, what counts as zero; and the walk is cut off where it looks endless.
    budget : Budget
        Where to stop.

    Returns
    -------
    Ending

    Notes
    -----
    A pivot costs (rows) × (length of a row) operations of the field.

    Examples
    --------
    x₁ + x₂ = 1 and x₁ − x₂ = 2 have the solution (3/2, −1/2) alone; the second row found says 0·x₁ + 1·x₂ = −1/2:

    >>> from flint import fmpq
    >>> table = [[fmpq(1), fmpq(1), fmpq(1)], [fmpq(1), fmpq(-1), fmpq(2)]]
    >>> ending = dual_simplex(table, 2)
    >>> ending.violated, table[ending.violated]
    (1, [0, 1, -1/2])
    """
    basis = _first_basis(table, n_columns, order, tolerance)
    for i, column in enumerate(basis):
        if column >= n_columns and abs(table[i][-1]) > tolerance:  # 0 = nonzero
            if table[i][-1] > 0:
                table[i] = [-entry for entry in table[i]]
            return Ending(tuple(basis), i, 0)
    table.append(_costs(table, n_columns, basis))
    try:
        return _walk(table, n_columns, basis, tolerance, budget)
    finally:
        table.pop()


def minimise(
    table: Table,
    ending: Ending,
    n_columns: int,
    costs: Sequence[Any],
    *,
    tolerance: float = 0,
    budget: Budget = NO_BUDGET,
) -> Ending:
    """Go on from a feasible basis to one at which Σ costs_j x_j is least, by the primal method with Bland's rule.

    Parameters
    ----------
    table, ending :
        As :func:`dual_simplex` left them, `ending.violated` being None; the feasible set has to be bounded.
    costs : sequence
        One cost a column.

    Examples
    --------
    The largest x₁ with x₁ + x₂ = 1, that is the least −x₁:

    >>> from flint import fmpq
    >>> table = [[fmpq(1), fmpq(1), fmpq(1)]]
    >>> minimise(table, dual_simplex(table, 2, order=[1]), 2, [fmpq(-1), fmpq(0)]).basis
    (0,)
    """
    basis = list(ending.basis)
    reduced = [*costs, *(0 for _ in range(len(table[0]) - n_columns))]
    rows = [i for i, column in enumerate(basis) if column < n_columns]
    for i in rows:
        factor = costs[basis[i]]
        if factor != 0:
            reduced = [entry - factor * above for entry, above in zip(reduced, table[i], strict=True)]
    table.append(reduced)
    n_pivots = ending.n_pivots
    while True:
        entering = next((j for j in range(n_columns) if table[-1][j] < -tolerance), None)
        if entering is None or (tolerance and n_pivots > 100 + 10 * len(basis)):
            table.pop()
            return Ending(tuple(basis), None, n_pivots)
        leaving, least = -1, None
        for i in rows:
            entry = table[i][entering]
            if entry > tolerance:
                ratio = table[i][-1] / entry
                if least is None or ratio < least or (ratio == least and basis[i] < basis[leaving]):
                    leaving, least = i, ratio
        if least is None and tolerance:  # floats have lost it
            table.pop()
            return Ending(tuple(basis), None, n_pivots)
        assert least is not None  # the feasible set is bounded
        pivot(table, leaving, entering)
        basis[leaving] = entering
        n_pivots += 1
        budget.check(n_pivots)


def table_with_units(columns: Sequence[Sequence[_Entry]], target: Sequence[_Entry]) -> list[list[_Entry]]:
    """Return the rows [A | unit matrix | b].

    Examples
    --------
    >>> from flint import fmpq
    >>> table_with_units([[fmpq(2), fmpq(3)]], [fmpq(5), fmpq(7)])
    [[2, 1, 0, 5], [3, 0, 1, 7]]
    """
    zero: Any = fmpq(0)
    one: Any = fmpq(1)
    n_rows = len(target)
    return [
        [column[i] for column in columns] + [one if k == i else zero for k in range(n_rows)] + [target[i]]
        for i in range(n_rows)
    ]


def basic_values(table: list[list[_Entry]], ending: Ending, n_columns: int) -> dict[int, _Entry]:
    """Return the values of the basic columns that are not zero, by column.

    Examples
    --------
    >>> table = [[2.0, 1.0, 4.0]]
    >>> basic_values(table, dual_simplex(table, 2, order=[0], tolerance=1e-9), 2)
    {0: 2.0}
    """
    pairs = zip(ending.basis, table, strict=True)
    return dict(sorted((j, row[-1]) for j, row in pairs if j < n_columns and row[-1] != 0))


def pivot(table: Table, row: int, column: int) -> None:
    """Make `column` the unit vector of `row` by row operations.

    Examples
    --------
    >>> table = [[2.0, 4.0], [1.0, 1.0]]
    >>> pivot(table, 0, 0)
    >>> table
    [[1.0, 2.0], [0.0, -1.0]]
    """
    divisor = table[row][column]
    table[row] = pivot_row = [entry / divisor for entry in table[row]]
    for i, other in enumerate(table):
        factor = other[column]
        if i != row and factor != 0:
            table[i] = [entry - factor * above for entry, above in zip(other, pivot_row, strict=True)]


def _first_basis(table: Table, n_columns: int, order: Sequence[int], tolerance: float) -> list[int]:
    basis = [n_columns + i for i in range(len(table))]
    for column in order:
        for i, row in enumerate(table):
            if basis[i] >= n_columns and abs(row[column]) > tolerance:
                pivot(table, i, column)
                basis[i] = column
                break
    for i in range(len(table)):
        if basis[i] < n_columns:
            continue
        row = table[i]
        if tolerance:  # floats divide by what is large
            magnitudes = [abs(entry) for entry in row[:n_columns]]
            largest = max(magnitudes, default=0.0)
            column = magnitudes.index(largest) if largest > tolerance else -1
        else:
            column = next((j for j in range(n_columns) if row[j] != 0), -1)
        if column >= 0:
            pivot(table, i, column)
            basis[i] = column
    return basis


def _costs(table: Table, n_columns: int, basis: list[int]) -> list[Any]:
    """Return reduced costs: zero on the basis, positive and all different elsewhere."""
    basic = set(basis)
    costs = [0 if j in basic else 64 + (j * 37) % 61 for j in range(n_columns)]
    return costs + [0] * (len(table[0]) - n_columns if table else 0)


def _walk(table: Table, n_columns: int, basis: list[int], tolerance: float, budget: Budget) -> Ending:
    n_rows = len(basis)
    patience = 20 + 4 * n_rows
    n_pivots = 0
    limited = budget is not NO_BUDGET
    rows = [i for i in range(n_rows) if basis[i] < n_columns]
    while True:
        bland = n_pivots > patience
        row = _leaving(table, rows, basis, tolerance, bland)
        if row is None:
            return Ending(tuple(basis), None, n_pivots)
        column = _entering(table[row], table[n_rows], n_columns, tolerance)
        if column is None:
            return Ending(tuple(basis), row, n_pivots)
        if tolerance and n_pivots > 2 * patience:
            return Ending(tuple(basis), None, n_pivots)
        pivot(table, row, column)
        basis[row] = column
        n_pivots += 1
        if limited:
            budget.check(n_pivots)


def _leaving(table: Table, rows: list[int], basis: list[int], tolerance: float, bland: bool) -> int | None:
    """Return the row with the most negative value; under Bland's rule the one of the lowest column."""
    best = None
    for i in rows:
        value = table[i][-1]
        if value < -tolerance and (best is None or (basis[i] < basis[best] if bland else value < table[best][-1])):
            best = i
    return best


def _entering(row: list[Any], costs: list[Any], n_columns: int, tolerance: float) -> int | None:
    """Return the column whose cost runs out first; the lowest of those that tie."""
    best, best_ratio = None, None
    for j in range(n_columns):
        entry = row[j]
        if entry < -tolerance:
            ratio = costs[j] / -entry
            if best is None or ratio < best_ratio:
                best, best_ratio = j, ratio
    return best
