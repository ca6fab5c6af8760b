"""Systems of linear inequalities over an ordered field: a solution, or the multipliers that exclude one.

Three theorems of the alternative, each a function that returns the one half that is true:

- Gordan: either ⟨a_i, d⟩ > 0 for all i has a solution d, or Σ λ_i a_i = 0 for some λ ≥ 0, λ ≠ 0
  (:func:`strict_feasibility`);
- its inhomogeneous form: either A x < b has a solution, or Aᵀλ = 0, ⟨λ, b⟩ ≤ 0 for some λ ≥ 0, λ ≠ 0
  (:func:`strict_inequalities`);
- Farkas: either Σ x_j column_j = target with x ≥ 0, or ⟨y, column_j⟩ ≥ 0 for all j and ⟨y, target⟩ < 0 for some y
  (:func:`nonnegative_solution`).

What is exact
-------------
Everything returned has been checked in exact arithmetic. Floats (a short simplex method of our own, or HiGHS for larger
problems) only propose: a direction, which is rounded to small integers and tested; or a set of columns, on which the
system is solved exactly and its signs read. What they get wrong, as for slacks near 2⁻⁶⁰, goes to the exact simplex
method, which starts from their last basis.

References
----------
A. Schrijver, *Theory of Linear and Integer Programming* (1986), sections 7.3 and 7.8.

Examples
--------
>>> strict_feasibility([(fmpq(1), fmpq(0)), (fmpq(-1), fmpq(2))])
StrictSolution(direction=(1, 1))
>>> strict_feasibility([(fmpq(1), fmpq(0)), (fmpq(-2), fmpq(0))])
GordanCertificate(multipliers={0: 2, 1: 1})
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpz, fmpz_mat

from symflow.exact.approximations import scaled_floats
from symflow.exact.exponential_numbers import Scalar, enclosure, sign
from symflow.exact.highs_finder import nonnegative_combination, widest_direction
from symflow.exact.rational_lift import rational_lift
from symflow.exact.simplex import NO_BUDGET, Budget, Ending, dual_simplex

#: A vector: all its entries in order, or the entries that are not zero by their row.
Vector: TypeAlias = Sequence[fmpq] | Mapping[Hashable, fmpq]

# Up to this many entries our own float simplex method is as fast as HiGHS, and importing HiGHS takes longer than a
# thousand of them.
_FEW_ENTRIES = 120

# Floats below this are taken for zero by the finders.
_FLOAT_ZERO = 1e-9

# The sizes to which a direction is rounded, smallest first: people read these numbers.
_SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 64, *(1 << bits for bits in (8, 10, 13, 16, 20, 26, 32, 40, 52)))


@dataclass(frozen=True, slots=True)
class StrictSolution:
    """A point at which every inequality holds strictly."""

    direction: tuple[fmpq, ...]


@dataclass(frozen=True, slots=True)
class GordanCertificate:
    """Multipliers > 0 of some of the rows, by index, whose combination is zero."""

    multipliers: dict[int, Scalar]


@dataclass(frozen=True, slots=True)
class FarkasCertificate:
    """Multipliers > 0 of some of the inequalities A x < b: the left sides cancel, and ⟨λ, b⟩ ≤ 0 is left."""

    multipliers: dict[int, fmpq]


@dataclass(frozen=True, slots=True)
class NonnegativeSolution:
    """The coefficients that are not zero, by column, all positive."""

    weights: dict[int, fmpq]


@dataclass(frozen=True, slots=True)
class FarkasFunctional:
    """A functional y, by row (zeros left out), nonnegative on every column and negative on the target."""

    y: dict[Hashable, fmpq]


def strict_feasibility(
    rows: Sequence[Sequence[Scalar]], *, dimension: int = 0, budget: Budget = NO_BUDGET
) -> StrictSolution | GordanCertificate:
    """Find d with ⟨a_i, d⟩ > 0 for every row a_i, or λ ≥ 0, λ ≠ 0, with Σ λ_i a_i = 0.

    Parameters
    ----------
    rows : sequence of vectors
        Zero rows and repeated rows may occur.
    dimension : int
        The length of the direction returned where there is no row to tell it.
    budget : Budget
        For the exact simplex method, should it be needed.

    Returns
    -------
    StrictSolution or GordanCertificate
        The direction is rational, nearly always of small integers. The multipliers are coprime integers where the rows
        are rational.

    Raises
    ------
    BudgetExceededError
        When the budget is spent before there is an answer.

    Examples
    --------
    >>> strict_feasibility([], dimension=2)
    StrictSolution(direction=(0, 0))
    >>> strict_feasibility([(fmpq(1), fmpq(1)), (fmpq(0), fmpq(0))])
    GordanCertificate(multipliers={1: 1})
    """
    if not rows:
        return StrictSolution((fmpq(0),) * dimension)
    try:
        matrix = fmpq_mat([list(row) for row in rows])
    except TypeError:  # not all of them rational
        return _strict_in_the_field(rows, budget)
    return _strict_rational(matrix.numer_denom()[0], budget)


def strict_inequalities(
    a: Sequence[Sequence[fmpq]], b: Sequence[fmpq], *, dimension: int = 0, budget: Budget = NO_BUDGET
) -> StrictSolution | FarkasCertificate:
    """Find x with A x < b, or λ ≥ 0, λ ≠ 0, with Aᵀλ = 0 and ⟨λ, b⟩ ≤ 0.

    Notes
    -----
    With x = z/s: s > 0 and s b_i − ⟨a_i, z⟩ > 0, a homogeneous system in (z, s). Its Gordan multipliers are λ and one of
    the row s > 0, which is −⟨λ, b⟩.

    Examples
    --------
    >>> strict_inequalities([(fmpq(1),), (fmpq(-1),)], [fmpq(1), fmpq(0)])  # 0 < x < 1
    StrictSolution(direction=(1/2,))
    >>> strict_inequalities([(fmpq(1),), (fmpq(-1),)], [fmpq(0), fmpq(0)])  # x < 0 < x
    FarkasCertificate(multipliers={0: 1, 1: 1})
    """
    if not a:
        return StrictSolution((fmpq(0),) * dimension)
    width = len(a[0])
    rows = [(*(-entry for entry in row), bound) for row, bound in zip(a, b, strict=True)]
    answer = strict_feasibility([*rows, (fmpq(0),) * width + (fmpq(1),)], budget=budget)
    if isinstance(answer, StrictSolution):
        *z, s = answer.direction
        return StrictSolution(tuple(entry / s for entry in z))
    return FarkasCertificate({i: fmpq(x) for i, x in answer.multipliers.items() if i < len(rows)})


def nonnegative_solution(
    columns: Sequence[Vector], target: Vector, *, budget: Budget = NO_BUDGET
) -> NonnegativeSolution | FarkasFunctional:
    """Find x ≥ 0 with Σ x_j column_j = target, or y with ⟨y, column_j⟩ ≥ 0 for all j and ⟨y, target⟩ < 0.

    Parameters
    ----------
    columns, target : vectors
        Sequences, or mappings from row names (such as monomials) to the entries that are not zero.
    budget : Budget
        For the exact simplex method, should it be needed.

    Raises
    ------
    BudgetExceededError
        When the budget is spent before there is an answer.

    Notes
    -----
    A row in which no entry has the sign of the target's excludes every column that has an entry there; that is applied
    again and again before any program is solved (for coefficients of polynomials it often decides alone), and undone in y.

    Examples
    --------
    (2, 1) lies in the cone of (1, 0) and (1, 1); (1, 2) does not:

    >>> columns = [(fmpq(1), fmpq(0)), (fmpq(1), fmpq(1))]
    >>> nonnegative_solution(columns, (fmpq(2), fmpq(1)))
    NonnegativeSolution(weights={0: 1, 1: 1})
    >>> nonnegative_solution(columns, (fmpq(1), fmpq(2)))
    FarkasFunctional(y={0: 1, 1: -1})
    """
    system = _SparseSystem([_entries(column) for column in columns], _entries(target))
    return system.decide(budget)


# Strict systems -------------------------------------------------------------------------------------------------------


def _strict_rational(matrix: fmpz_mat, budget: Budget) -> StrictSolution | GordanCertificate:
    """Decide a strict system of integer rows."""
    rows: list[list[fmpz]] = matrix.tolist()
    floats = [scaled_floats(row) for row in rows]
    for i, row in enumerate(floats):
        if not any(row):  # the largest entry is ±1 where there is one
            return GordanCertificate({i: fmpq(1)})
    guess = _guess(floats)
    if guess.direction is not None:
        short = _short_direction(matrix, guess.direction)
        if short is not None:
            return StrictSolution(short)
    # A positive multiple of each row, as its float row has: a basis is good for both or for neither.
    lifted = [[*row, max(map(abs, row))] for row in rows]
    multipliers = _gordan_multipliers(lifted, guess.support)
    if multipliers is not None:
        return GordanCertificate(multipliers)
    return _strict_by_exact_simplex(lifted, guess.support, matrix, budget)


def _strict_by_exact_simplex(
    lifted: list[list[fmpz]], order: Sequence[int], matrix: fmpz_mat, budget: Budget
) -> StrictSolution | GordanCertificate:
    n_rows, width = len(lifted), len(lifted[0])
    exact = [[fmpq(entry) for entry in row] for row in lifted]
    table = _table(exact, [fmpq(0)] * (width - 1) + [fmpq(1)])
    ending = dual_simplex(table, n_rows, order=order, budget=budget)
    if ending.violated is None:
        return GordanCertificate(_coprime(_basic_values(table, ending, n_rows)))
    direction = table[ending.violated][n_rows : n_rows + width - 1]
    short = _short_direction(matrix, scaled_floats(direction))
    return StrictSolution(short if short is not None else _primitive(direction))


@dataclass(frozen=True, slots=True)
class _StrictGuess:
    """A direction that may solve the system, or else the rows that may carry a Gordan certificate."""

    direction: list[float] | None
    support: list[int]


def _guess(floats: list[list[float]]) -> _StrictGuess:
    n_rows, width = len(floats), len(floats[0])
    if n_rows * (width + 1) > _FEW_ENTRIES:
        guess = widest_direction(floats)
        if guess is not None:
            support = [i for i, value in enumerate(guess.multipliers) if value > _FLOAT_ZERO]
            return _StrictGuess(guess.solution if guess.solved else None, support)
    table = [[row[k] for row in floats] + [0.0] for k in range(width)] + [[1.0] * (n_rows + 1)]
    ending = dual_simplex(table, n_rows, tolerance=_FLOAT_ZERO)
    support = [column for column in ending.basis if column < n_rows]
    if ending.violated is None:
        return _StrictGuess(None, support)
    vectors = [
        [*floats[column], 1.0] if column < n_rows else [float(k == column - n_rows) for k in range(width + 1)]
        for column in ending.basis
    ]
    functional = _float_solution(vectors, [float(k == ending.violated) for k in range(width + 1)])
    if functional is None:
        return _StrictGuess(None, support)
    # On the violated row the functional takes the value of (0, .., 0, 1) as a negative one.
    flip = -1.0 if functional[-1] > 0 else 1.0
    return _StrictGuess([flip * value for value in functional[:-1]], support)


def _float_solution(rows: list[list[float]], right: list[float]) -> list[float] | None:
    """Solve a square system by elimination with pivoting; None if it looks singular."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    n = len(table)
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(table[i][k]))
        if abs(table[best][k]) < 1e-13:
            return None
        table[k], table[best] = table[best], table[k]
        row, divisor = table[k], table[k][k]
        for i in range(k + 1, n):
            factor = table[i][k] / divisor
            if factor:
                table[i] = [x - factor * y for x, y in zip(table[i], row, strict=True)]
    solution = [0.0] * n
    for k in reversed(range(n)):
        row = table[k]
        solution[k] = (row[n] - sum(row[j] * solution[j] for j in range(k + 1, n))) / row[k]
    return solution


def _short_direction(matrix: fmpz_mat, direction: Sequence[float]) -> tuple[fmpq, ...] | None:
    """Return the shortest rounding of `direction` on which every row of `matrix` is positive."""
    for rounded in roundings(direction):
        values = matrix * fmpz_mat(len(rounded), 1, rounded)
        if min(values.entries()) > 0:
            return _primitive(rounded)
    return None


def roundings(direction: Sequence[float]) -> Iterator[list[int]]:
    """Yield the integer vectors nearest to multiples of `direction`, from short to long.

    Examples
    --------
    >>> next(roundings([0.9, -0.3]))
    [1, 0]
    """
    largest = max(map(abs, direction), default=0.0)
    if not 0.0 < largest < math.inf:
        return
    last = None
    for size in _SIZES:
        rounded = [round(entry / largest * size) for entry in direction]
        if rounded != last:
            yield rounded
        last = rounded


def _gordan_multipliers(lifted: list[list[fmpz]], support: list[int]) -> dict[int, Scalar] | None:
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
    return _coprime(dict(sorted(found.items())))


def _strict_in_the_field(
    rows: Sequence[Sequence[Scalar]], budget: Budget
) -> StrictSolution | GordanCertificate:
    """Decide a strict system some entries of which are transcendental."""
    for i, row in enumerate(rows):
        if not any(entry != 0 for entry in row):
            return GordanCertificate({i: fmpq(1)})
    guess = _guess([scaled_floats(row) for row in rows])
    if guess.direction is not None:
        found = _certain_rounding(rows, guess.direction)
        if found is not None:
            return StrictSolution(found)
    # Multipliers that do not depend on the transcendental numbers are rational, short, and found rationally.
    lift = rational_lift(rows)
    if lift is not None:
        answer = strict_feasibility(lift, budget=budget)
        if isinstance(answer, GordanCertificate):
            return answer
    one, zero = fmpq(1), fmpq(0)
    columns = [[*row, one] for row in rows]
    target = [zero] * len(rows[0]) + [one]
    if guess.support:
        table = _table([columns[i] for i in guess.support], target)
        ending = dual_simplex(table, len(guess.support), budget=budget)
        if ending.violated is None:
            values = _basic_values(table, ending, len(guess.support))
            return GordanCertificate(dict(sorted((guess.support[k], x) for k, x in values.items())))
    table = _table(columns, target)
    ending = dual_simplex(table, len(rows), order=guess.support, budget=budget)
    if ending.violated is None:
        return GordanCertificate(_basic_values(table, ending, len(rows)))
    exact = table[ending.violated][len(rows) : len(rows) + len(rows[0])]
    return StrictSolution(_rational_near(rows, exact))


def _certain_rounding(
    rows: Sequence[Sequence[Scalar]], direction: Sequence[float]
) -> tuple[fmpq, ...] | None:
    with ctx.workprec(96):
        balls = arb_mat([[enclosure(entry, 80) for entry in row] for row in rows])
        for rounded in roundings(direction):
            values = (balls * arb_mat(len(rounded), 1, rounded)).entries()
            if any(value < 0 for value in values):
                continue
            if all(
                value > 0 or sign(_dot(row, rounded)) > 0 for row, value in zip(rows, values, strict=True)
            ):
                return _primitive(rounded)
    return None


def _rational_near(rows: Sequence[Sequence[Scalar]], direction: Sequence[Scalar]) -> tuple[fmpq, ...]:
    """Return a rational direction near an exact solution: near enough exists, the solutions form an open cone."""
    largest = max((abs(entry) for entry in direction), default=fmpq(1))
    unit = [entry / largest for entry in direction]
    bits = 8
    while True:
        rounded = []
        for entry in unit:
            with ctx.workprec(bits + 64):
                scaled: arb = enclosure(entry, bits + 32) * (fmpz(1) << bits)
                rounded.append(int(scaled.mid().floor().unique_fmpz()))
        if all(sign(_dot(row, rounded)) > 0 for row in rows):
            return _primitive(rounded)
        bits *= 2


def _dot(row: Sequence[Scalar], direction: Sequence[int]) -> Scalar:
    total: Scalar = fmpq(0)
    for entry, factor in zip(row, direction, strict=True):
        if factor:
            total = total + entry * factor
    return total


# Nonnegative combinations ---------------------------------------------------------------------------------------------

_Column: TypeAlias = dict[Hashable, fmpq]


class _SparseSystem:
    """The system Σ x_j column_j = target, x ≥ 0, and the columns a sign argument has excluded."""

    def __init__(self, columns: list[_Column], target: _Column) -> None:
        self.columns = columns
        self.target = target
        self.alive = set(range(len(columns)))
        # (row, sign of y there): every column alive at the time with an entry there has that sign.
        self.exclusions: list[tuple[Hashable, int, list[int]]] = []

    def decide(self, budget: Budget) -> NonnegativeSolution | FarkasFunctional:
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
        answer = _DenseOrSparse(columns, target).decide(budget)
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
        y = {key: value for key, value in y.items() if value != 0}
        scale = _coprime_scale(list(y.values()))
        return FarkasFunctional({key: value * scale for key, value in y.items()})


class _DenseOrSparse:
    """The same system on rows 0 .. m − 1, in which no sign argument is left."""

    def __init__(self, columns: list[dict[int, fmpq]], target: list[fmpq]) -> None:
        self.columns, self.target = columns, target
        self.right = {i: x for i, x in enumerate(target) if x != 0}
        row_scales = [abs(x) for x in target]
        for column in columns:
            for i, x in column.items():
                row_scales[i] = max(row_scales[i], abs(x))
        self.row_scales = row_scales

    def decide(self, budget: Budget) -> NonnegativeSolution | FarkasFunctional:
        support, functional, feasible = self._guess()
        if feasible or functional is None:
            weights = self._solved_on(support)
            if weights is not None:
                return NonnegativeSolution(weights)
        if functional is not None:
            y = self._rounded_functional(functional)
            if y is not None:
                return FarkasFunctional(y)
        return self._by_exact_simplex(support, budget)

    def _guess(self) -> tuple[list[int], list[float] | None, bool]:
        """Return columns that may carry a solution, a functional that may exclude one, and which is believed."""
        columns = [
            dict(zip(column, scaled_floats([x / self.row_scales[i] for i, x in column.items()]), strict=True))
            for column in self.columns
        ]
        target = scaled_floats([x / scale for x, scale in zip(self.target, self.row_scales, strict=True)])
        n_rows, n_columns = len(target), len(columns)
        if n_rows * n_columns > _FEW_ENTRIES:
            guess = nonnegative_combination(columns, target)
            if guess is not None:
                support = [j for j, x in enumerate(guess.solution) if x > _FLOAT_ZERO]
                return support, guess.multipliers, guess.solved
        if n_rows * n_columns > 100 * _FEW_ENTRIES:
            return [], None, False
        table = [[column.get(i, 0.0) for column in columns] + [target[i]] for i in range(n_rows)]
        ending = dual_simplex(table, n_columns, tolerance=_FLOAT_ZERO)
        support = [j for j in ending.basis if j < n_columns]
        if ending.violated is None:
            return support, None, True
        vectors = [
            [columns[j].get(i, 0.0) for i in range(n_rows)]
            if j < n_columns
            else [float(i == j - n_columns) for i in range(n_rows)]
            for j in ending.basis
        ]
        y = _float_solution(vectors, [float(k == ending.violated) for k in range(n_rows)])
        if y is not None and sum(a * b for a, b in zip(y, target, strict=True)) > 0:
            y = [-entry for entry in y]
        return support, y, False

    def _solved_on(self, support: list[int]) -> dict[int, fmpq] | None:
        """Solve exactly on the columns of `support`; None unless the solution is unique there and ≥ 0."""
        rows = sorted({i for j in support for i in self.columns[j]})
        if not self.right.keys() <= set(rows):
            return None
        zero = fmpq(0)
        system = [[self.columns[j].get(i, zero) for j in support] + [self.target[i]] for i in rows]
        n = len(support)
        if n == 0 or len(rows) < n:
            return None
        reduced, rank = fmpq_mat(system).rref()
        if rank != n or any(reduced[k, k] != 1 for k in range(n)):
            return None
        weights = {j: reduced[k, n] for k, j in enumerate(support) if reduced[k, n] != 0}
        return weights if all(x > 0 for x in weights.values()) else None

    def _rounded_functional(self, functional: list[float]) -> dict[Hashable, fmpq] | None:
        """Return a functional proved to separate: simple fractions first, then the one its zeros determine."""
        for candidate in self._candidates(functional):
            if _pairing(candidate, self.right) < 0 and all(
                _pairing(candidate, column) >= 0 for column in self.columns
            ):
                return candidate
        return None

    def _candidates(self, functional: list[float]) -> Iterator[dict[Hashable, fmpq]]:
        for rounded in roundings(functional):
            yield {i: x / self.row_scales[i] for i, x in enumerate(rounded) if x}
        # A vertex is the one functional, up to a factor, that vanishes on the columns where it nearly vanishes.
        scaled = [x / float(scale) for x, scale in zip(functional, self.row_scales, strict=True)]
        size = max(map(abs, scaled), default=0.0)
        tight = [
            column
            for column in self.columns
            if abs(sum(scaled[i] * float(x) for i, x in column.items()))
            <= 1e-7 * size * max((abs(float(x)) for x in column.values()), default=1.0)
        ]
        m = len(self.target)
        if not tight or m > 400:
            return
        matrix = fmpq_mat([[column.get(i, fmpq(0)) for i in range(m)] for column in tight]).numer_denom()[0]
        kernel, nullity = matrix.nullspace()
        if nullity == 1:
            for flip in (1, -1):
                yield {i: fmpq(kernel[i, 0]) * flip for i in range(m) if kernel[i, 0] != 0}

    def _by_exact_simplex(
        self, order: list[int], budget: Budget
    ) -> NonnegativeSolution | FarkasFunctional:
        zero = fmpq(0)
        n_rows, n_columns = len(self.target), len(self.columns)
        dense = [[column.get(i, zero) for i in range(n_rows)] for column in self.columns]
        table = _table(dense, self.target)
        ending = dual_simplex(table, n_columns, order=order, budget=budget)
        if ending.violated is None:
            values = _basic_values(table, ending, n_columns)
            return NonnegativeSolution({j: fmpq(x) for j, x in values.items()})
        y = table[ending.violated][n_columns : n_columns + n_rows]
        return FarkasFunctional({i: x for i, x in enumerate(y) if x != 0})


# Common pieces --------------------------------------------------------------------------------------------------------


def _entries(vector: Vector) -> _Column:
    pairs = vector.items() if isinstance(vector, Mapping) else enumerate(vector)
    return {key: value for key, value in pairs if value != 0}


def _pairing(y: Mapping[Hashable, fmpq], column: Mapping[Hashable, fmpq]) -> fmpq:
    if len(column) > len(y):
        y, column = column, y
    return sum((value * y[key] for key, value in column.items() if key in y), fmpq(0))


_Entry = TypeVar("_Entry", fmpq, Scalar)


def _table(columns: Sequence[Sequence[_Entry]], target: Sequence[_Entry]) -> list[list[_Entry]]:
    """Return the rows [A | unit matrix | b] of the exact simplex method."""
    zero, one = fmpq(0), fmpq(1)
    n_rows = len(target)
    return [
        [column[i] for column in columns] + [one if k == i else zero for k in range(n_rows)] + [target[i]]
        for i in range(n_rows)
    ]


def _basic_values(table: list[list[Scalar]], ending: Ending, n_columns: int) -> dict[int, Scalar]:
    """Return the values of the basic columns that are not zero, by column."""
    pairs = zip(ending.basis, table, strict=True)
    return dict(sorted((j, row[-1]) for j, row in pairs if j < n_columns and row[-1] != 0))


def _coprime_scale(values: Sequence[fmpq]) -> fmpq:
    content = fmpq(0)
    for value in values:
        content = content.gcd(value)
    return 1 / content if content != 0 else fmpq(1)


def _coprime(multipliers: dict[int, Scalar]) -> dict[int, Scalar]:
    """Return the multiple of rational multipliers whose values are coprime integers."""
    scale = _coprime_scale(list(multipliers.values()))
    return {i: value * scale for i, value in multipliers.items()}


def _primitive(vector: Sequence[int | fmpq]) -> tuple[fmpq, ...]:
    """Return the positive multiple of a rational vector with coprime integer entries."""
    entries = [fmpq(entry) for entry in vector]
    scale = _coprime_scale(entries)
    return tuple(entry * scale for entry in entries)
