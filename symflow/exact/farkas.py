"""Farkas' alternative for many sparse columns over ℚ: multiplier identities, cones.

    either  Σ x_j column_j = target, x ≥ 0,   or   ⟨y, column_j⟩ ≥ 0 for all j and ⟨y, target⟩ < 0.

Signs come first. A row whose target is zero, and in which all entries have one sign, forces x_j = 0 wherever it has an
entry; for coefficients of polynomials this often decides alone. What is left is given to floats; the columns they use
are solved exactly, or the functional they find is rounded and tested; the exact simplex method decides the rest.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, final

from flint import fmpq, fmpq_mat

from symflow.exact.alternatives import FarkasFunctional, NonnegativeSolution
from symflow.exact.approximations import FLOAT_ZERO, roundings, scaled_floats
from symflow.exact.gordan_rational import FEW_ENTRIES
from symflow.exact.highs_finder import nonnegative_combination
from symflow.exact.integer_multiples import primitive_values
from symflow.exact.revised_simplex import RevisedSimplex
from symflow.exact.simplex import Budget, dual_simplex

#: A vector: all its entries in order, or the entries that are not zero by their row.
Vector: TypeAlias = Sequence[fmpq] | Mapping[Hashable, fmpq]

_Column: TypeAlias = dict[Hashable, fmpq]
_Key = TypeVar("_Key", bound=Hashable)


@final
class SparseSystem:
    """The system Σ x_j column_j = target, x ≥ 0, and the columns that signs have excluded from it.

    Examples
    --------
    x² + y² is no combination of 1 and x²: nothing makes y².

    >>> one, x_squared = {"1": fmpq(1)}, {"x^2": fmpq(1)}
    >>> SparseSystem([one, x_squared], {"x^2": fmpq(1), "y^2": fmpq(1)}).decide(Budget())
    FarkasFunctional(y={'y^2': -1})
    """

    def __init__(self, columns: Sequence[Vector], target: Vector) -> None:
        self.columns = [_entries(column) for column in columns]
        self.target = _entries(target)
        self.alive = set(range(len(columns)))
        # (row, sign of y there): every column alive at the time with an entry there has that sign.
        self.exclusions: list[tuple[Hashable, int, list[int]]] = []

    def decide(self, budget: Budget) -> NonnegativeSolution | FarkasFunctional:
        """Return a solution or a functional that excludes one."""
        contradiction = self._exclude_by_signs()
        if contradiction is not None:
            return self._functional(contradiction)
        if not self.target:
            return NonnegativeSolution({})
        names = sorted(self.alive)
        keys = list(dict.fromkeys(key for j in names for key in self.columns[j]))
        position = {key: i for i, key in enumerate(keys)}
        columns = [{position[key]: x for key, x in self.columns[j].items()} for j in names]
        target = [self.target.get(key, fmpq(0)) for key in keys]
        answer = _Core(columns, target).decide(budget)
        if isinstance(answer, NonnegativeSolution):
            return NonnegativeSolution({names[j]: x for j, x in answer.weights.items()})
        return self._functional({keys[int(i)]: x for i, x in answer.y.items()})  # type: ignore[call-overload]

    def _exclude_by_signs(self) -> _Column | None:
        """Drop the columns that some row forbids; return a functional if a row cannot reach its target."""
        by_row: dict[Hashable, dict[int, fmpq]] = {}
        for j, column in enumerate(self.columns):
            for key, value in column.items():
                by_row.setdefault(key, {})[j] = value
        for key in self.target:
            by_row.setdefault(key, {})
        waiting = dict.fromkeys(by_row)
        while waiting:
            key, _ = waiting.popitem()
            entries = by_row[key]
            wanted = self.target.get(key, fmpq(0))
            up, down = any(x > 0 for x in entries.values()), any(x < 0 for x in entries.values())
            if (wanted > 0 and not up) or (wanted < 0 and not down):
                return {key: fmpq(-1 if wanted > 0 else 1)}
            if wanted != 0 or up == down:
                continue
            excluded = list(entries)
            self.exclusions.append((key, 1 if up else -1, excluded))
            for j in excluded:
                self.alive.discard(j)
                for other in self.columns[j]:
                    by_row[other].pop(j, None)
                    if other != key:
                        waiting[other] = None
        return None

    def _functional(self, y: _Column) -> FarkasFunctional:
        """Extend a functional of the columns alive to the excluded ones, the last excluded first."""
        y = {key: value for key, value in y.items() if value != 0}
        for key, direction, excluded in reversed(self.exclusions):
            lift = fmpq(0)
            for j in excluded:
                value = _pairing(y, self.columns[j])
                if value < 0:
                    lift = max(lift, value / (-direction * self.columns[j][key]))
            if lift > 0:
                y[key] = y.get(key, fmpq(0)) + direction * lift
        return FarkasFunctional(primitive_values({key: value for key, value in y.items() if value != 0}))


@final
class _Core:
    """The same system on rows 0 .. m − 1, where signs exclude nothing more."""

    def __init__(self, columns: list[dict[int, fmpq]], target: list[fmpq]) -> None:
        self.columns, self.target = columns, target
        self.right = {i: x for i, x in enumerate(target) if x != 0}
        row_scales = [abs(x) for x in target]
        for column in columns:
            for i, x in column.items():
                row_scales[i] = max(row_scales[i], abs(x))
        self.row_scales = row_scales

    def decide(self, budget: Budget) -> NonnegativeSolution | FarkasFunctional:
        guess = self._guess()
        if guess.believed:
            weights = self._solved_on(guess.support)
            if weights is not None:
                return NonnegativeSolution(weights)
        elif guess.functional:
            y = self._rounded_functional(guess.functional)
            if y is not None:
                return FarkasFunctional(y)
        return self._by_exact_simplex(guess, budget)

    def _guess(self) -> _Guess:
        columns = [
            dict(zip(column, scaled_floats([x / self.row_scales[i] for i, x in column.items()]), strict=True))
            for column in self.columns
        ]
        target = scaled_floats([x / scale for x, scale in zip(self.target, self.row_scales, strict=True)])
        if len(target) * len(columns) > FEW_ENTRIES:
            found = nonnegative_combination(columns, target)
            if found is not None:
                support = [j for j, x in enumerate(found.weights) if x > FLOAT_ZERO]
                return _Guess(found.solved, support, found.functional, found.tight_columns, found.bound_rows)
        if len(target) * len(columns) > 100 * FEW_ENTRIES:
            return _Guess(False, [], [], [], [])
        table = [[column.get(i, 0.0) for column in columns] + [target[i]] for i in range(len(target))]
        ending = dual_simplex(table, len(columns), tolerance=FLOAT_ZERO)
        basis = [j for j in ending.basis if j < len(columns)]
        return _Guess(ending.violated is None, basis, [], basis, [])

    def _solved_on(self, support: list[int]) -> dict[int, fmpq] | None:
        """Solve exactly on the columns of `support`; None unless the solution is unique there and ≥ 0."""
        rows = sorted({i for j in support for i in self.columns[j]})
        if not self.right.keys() <= set(rows):
            return None
        zero = fmpq(0)
        system = [[self.columns[j].get(i, zero) for j in support] + [self.target[i]] for i in rows]
        n = len(support)
        reduced, rank = fmpq_mat(system).rref()
        if rank != n or any(reduced[k, k] != 1 for k in range(n)):
            return None
        weights = {j: reduced[k, n] for k, j in enumerate(support) if reduced[k, n] != 0}
        return weights if all(x > 0 for x in weights.values()) else None

    def _rounded_functional(self, functional: list[float]) -> dict[Hashable, fmpq] | None:
        """Return the shortest rounding that is proved to separate."""
        for rounded in roundings(functional):
            y = {i: x / self.row_scales[i] for i, x in enumerate(rounded) if x}
            if _pairing(y, self.right) < 0 and all(_pairing(y, column) >= 0 for column in self.columns):
                return dict(y.items())
        return None

    def _by_exact_simplex(self, guess: _Guess, budget: Budget) -> NonnegativeSolution | FarkasFunctional:
        system = RevisedSimplex(self.columns, self.target)
        weights, y = system.decide(order=guess.basis, units=guess.units, budget=budget)
        if weights is not None:
            return NonnegativeSolution(weights)
        assert y is not None  # one of the two
        return FarkasFunctional({i: x for i, x in enumerate(y) if x != 0})


@dataclass(frozen=True, slots=True)
class _Guess:
    """What floats believe.

    Parameters
    ----------
    believed : bool
        That there is a solution.
    support : list of int
        The columns of that solution.
    functional : list of float
        A functional that may exclude one, on rows scaled to size 1; empty if none was computed.
    basis, units : list of int
        Columns and unit vectors of the last basis.
    """

    believed: bool
    support: list[int]
    functional: list[float]
    basis: list[int]
    units: list[int]


def _entries(vector: Vector) -> _Column:
    pairs = vector.items() if isinstance(vector, Mapping) else enumerate(vector)
    return {key: value for key, value in pairs if value != 0}


def _pairing(y: Mapping[_Key, fmpq], column: Mapping[_Key, fmpq]) -> fmpq:
    if len(column) > len(y):
        y, column = column, y
    return sum((value * y[key] for key, value in column.items() if key in y), fmpq(0))
