"""The dual simplex method over ℚ that keeps only the basis, for many sparse columns.

Where :mod:`symflow.exact.simplex` carries a table along, here each step solves two systems with the basis matrix B
afresh, by p-adic lifting inside flint, which takes milliseconds for a hundred rows; no number is ever larger than in
the solution of such a system.

A step: x_B = B⁻¹b. If x_B ≥ 0 it is the solution. Else some x_r < 0, and y with yᵀB = e_r has ⟨y, b⟩ < 0 and
⟨y, column⟩ ≥ 0 for all columns, which is Farkas' functional, or a column with ⟨y, column⟩ < 0 enters in place r.

Unit vectors fill the basis where columns do not suffice. Their variables have to be zero, so one that is not leaves as
above, with y of the sign that makes ⟨y, b⟩ negative. A basis guessed by a float method that minimises Σ |x_unit| has
several such; then the sum of their functionals is tried first, which is the certificate that method stands for.

No costs are needed to be right; floats serve as costs to be fast, and after a while Bland's rule takes over (for the
objective zero, for which every basis is dual feasible), so the method ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import final

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat, nmod_mat

from symflow.exact.simplex import NO_BUDGET, Budget

# A prime below 2^63: columns independent modulo it are independent.
_PRIME = 9223372036854775783


@final
class RevisedSimplex:
    """The system Σ x_j column_j = target, x ≥ 0, in integers.

    Parameters
    ----------
    columns : sequence of mappings
        From row to the entries that are not zero.
    target : sequence of rationals

    Examples
    --------
    >>> system = RevisedSimplex([{0: fmpq(1)}, {0: fmpq(1), 1: fmpq(1)}], [fmpq(2), fmpq(1)])
    >>> system.decide()
    ({0: 1, 1: 1}, None)
    >>> RevisedSimplex([{0: fmpq(1)}, {0: fmpq(1), 1: fmpq(1)}], [fmpq(1), fmpq(2)]).decide()
    (None, [1, -1])
    """

    def __init__(self, columns: Sequence[Mapping[int, fmpq]], target: Sequence[fmpq]) -> None:
        self.n_rows, self.n_columns = len(target), len(columns)
        self.scales: list[fmpz] = []
        self.columns: list[dict[int, fmpz]] = []
        for column in columns:
            scale = _common_denominator(column.values())
            self.scales.append(scale)
            self.columns.append({i: (x * scale).p for i, x in column.items()})
        self.target_scale = _common_denominator(target)
        self.target = fmpz_mat(self.n_rows, 1, [(x * self.target_scale).p for x in target])

    def decide(
        self, *, order: Sequence[int] = (), units: Sequence[int] = (), budget: Budget = NO_BUDGET
    ) -> tuple[dict[int, fmpq], None] | tuple[None, list[fmpq]]:
        """Return the weights of a solution, or a functional that excludes one.

        Parameters
        ----------
        order : sequence of int
            The columns wanted in the first basis.
        units : sequence of int
            The rows whose unit vectors are wanted next.
        budget : Budget
        """
        basis = self._first_basis(order, units)
        costs = [1.0 + (j * 37 % 61) / 64 for j in range(self.n_columns)]
        for j in basis:
            if j < self.n_columns:
                costs[j] = 0.0
        n_pivots = 0
        while True:
            matrix = fmpz_mat([self._dense(j) for j in basis])
            values = fmpq_mat(matrix.transpose()).solve(fmpq_mat(self.target)).entries()
            if n_pivots == 0:
                joint = self._joint_functional(matrix, basis, values)
                if joint is not None:
                    return None, joint
            bland = n_pivots > 20 + 4 * self.n_rows
            leaving = self._leaving(basis, values, bland)
            if leaving is None:
                return self._weights(basis, values), None
            y = _functional(matrix, {leaving: 1 if values[leaving] < 0 else -1})
            row = self._values(y)
            if bland:
                entering = next((j for j, x in enumerate(row) if x < 0), None)
            else:
                floats = _floats(row)
                entering = _entering(row, floats, costs)
                if entering is not None and floats[entering]:
                    step = costs[entering] / floats[entering]
                    costs = [max(0.0, cost - step * x) for cost, x in zip(costs, floats, strict=True)]
            if entering is None:
                return None, [fmpq(entry) for entry in y]
            basis[leaving] = entering
            n_pivots += 1
            budget.check(n_pivots)

    def _first_basis(self, order: Sequence[int], units: Sequence[int]) -> list[int]:
        """Return columns and unit vectors, the wanted ones first, that are independent modulo a prime."""
        wanted = [*dict.fromkeys(order), *(self.n_columns + i for i in units)]
        basis = self._independent(wanted)
        if len(basis) < self.n_rows:
            basis = self._independent([*wanted, *range(self.n_columns + self.n_rows)])
        return basis

    def _independent(self, candidates: Sequence[int]) -> list[int]:
        entries = [int(x) % _PRIME for j in candidates for x in self._dense(j)]
        if not entries:
            return []
        reduced, rank = nmod_mat(len(candidates), self.n_rows, entries, _PRIME).transpose().rref()
        pivots, k = [], 0
        for r in range(rank):
            while int(reduced[r, k]) == 0:
                k += 1
            pivots.append(candidates[k])
        return pivots

    def _dense(self, j: int) -> list[int | fmpz]:
        entries: list[int | fmpz] = [0] * self.n_rows
        if j >= self.n_columns:
            entries[j - self.n_columns] = 1
        else:
            for i, x in self.columns[j].items():
                entries[i] = x
        return entries

    def _leaving(self, basis: list[int], values: list[fmpq], bland: bool) -> int | None:
        """Return the place in the basis whose value is most wrong; under Bland's rule that of the lowest column."""
        wrong = [
            k for k, (j, x) in enumerate(zip(basis, values, strict=True)) if x < 0 or (x != 0 and j >= self.n_columns)
        ]
        if not wrong:
            return None
        return min(wrong, key=basis.__getitem__) if bland else max(wrong, key=lambda k: abs(values[k]))

    def _joint_functional(self, matrix: fmpz_mat, basis: list[int], values: list[fmpq]) -> list[fmpq] | None:
        """Return the sum of the functionals of all units whose value is not zero, if it excludes every solution."""
        signs = {
            k: 1 if x < 0 else -1
            for k, (j, x) in enumerate(zip(basis, values, strict=True))
            if j >= self.n_columns and x != 0
        }
        if len(signs) < 2:
            return None
        y = _functional(matrix, signs)
        return [fmpq(entry) for entry in y] if all(x >= 0 for x in self._values(y)) else None

    def _values(self, y: Sequence[fmpz]) -> list[fmpz]:
        zero = fmpz(0)
        return [sum((x * y[i] for i, x in column.items()), start=zero) for column in self.columns]

    def _weights(self, basis: list[int], values: list[fmpq]) -> dict[int, fmpq]:
        found = {j: x * self.scales[j] / self.target_scale for j, x in zip(basis, values, strict=True) if x != 0}
        return dict(sorted(found.items()))


def _functional(matrix: fmpz_mat, right: Mapping[int, int]) -> list[fmpz]:
    """Return a positive multiple, in integers, of the y with yᵀB = right."""
    n = matrix.nrows()
    solution = fmpq_mat(matrix).solve(fmpq_mat(n, 1, [right.get(k, 0) for k in range(n)]))
    return solution.numer_denom()[0].entries()


def _floats(row: Sequence[fmpz]) -> list[float]:
    """Return the row over its largest entry."""
    largest = max((abs(x) for x in row), default=fmpz(1))
    return [float(fmpq(x, largest)) if x else 0.0 for x in row]


def _entering(row: Sequence[fmpz], ratios: Sequence[float], costs: Sequence[float]) -> int | None:
    """Return a column with a negative entry: that whose cost runs out first."""
    negative = [j for j, x in enumerate(row) if x < 0]
    return min(negative, key=lambda j: costs[j] / -ratios[j] if ratios[j] else math.inf, default=None)


def _common_denominator(values: Iterable[fmpq]) -> fmpz:
    denominator = fmpz(1)
    for x in values:
        denominator = denominator.lcm(x.q)
    return denominator
