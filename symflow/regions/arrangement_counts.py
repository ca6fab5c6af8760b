"""How many cells, walls and faces an arrangement of hyperplanes has, exactly and without enumerating them.

Definitions. A hyperplane of ℝ^d is ⟨a, x⟩ + b = 0 with a ≠ 0; its *covector* is (a, b), up to a multiple. Hyperplanes
that coincide are one. *Cells* are the connected components of what the hyperplanes leave, *walls* the sets of
dimension d - 1 that two cells share, *flats* the non-empty intersections of hyperplanes, ℝ^d among them. The
arrangement is *central* when all hyperplanes have a point in common.

Theorem (Zaslavsky 1975, theorems A and C). With the Whitney numbers W_k of ``deletion_restriction.py`` there are
Σ W_k cells; if the normal vectors span ℝ^d then |Σ (-1)^k W_k| of them are bounded, else none is.

A k-face is a cell of what the hyperplanes make on a flat of dimension k, so that these too are counts of cells: the
walls are Σ (cells of the restriction to H) over the hyperplanes H.

General position. W_k ≤ C(n, k), with equality for all k ≤ d exactly if the hyperplanes are in general position: any d
of them meet in one point, no d + 1 do. (An intersection of k hyperplanes that is empty, or of another codimension, is
one of the C(n, k) sets that W_k does not count.) The restrictions then are in general position as well.

Examples
--------
The sides of a triangle: the triangle itself, and six cells around it.

>>> triangle = Arrangement.affine(2, [(1, 0, 0), (0, 1, 0), (1, 1, -1)])
>>> triangle.n_cells, triangle.n_adjacencies, triangle.n_bounded, triangle.face_counts
(7, 9, 1, (3, 9, 7))

The braid arrangement x_i = x_j in ℝ^4: its 24 cells are the orders of four numbers.

>>> import itertools
>>> braid = [[(k == i) - (k == j) for k in range(4)] for i, j in itertools.combinations(range(4), 2)]
>>> Arrangement.central(4, braid).n_cells, Arrangement.central(4, braid).characteristic_polynomial
(24, (0, -6, 11, -6, 1))

References
----------
T. Zaslavsky, *Facing up to arrangements*, Memoirs AMS 154 (1975).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

from symflow.errors import ShapeError
from symflow.exact.linear_algebra import rank, reduced_row_echelon_form, transposed
from symflow.exact.rationals import fmpq, rational
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.regions.deletion_restriction import Row, check, decone, primitive, restricted, whitney_numbers


@final
@dataclass(frozen=True)
class Arrangement:
    """Finitely many distinct hyperplanes of ℝ^d; :meth:`affine` and :meth:`central` make one.

    Parameters
    ----------
    dimension : int
        d.
    hyperplanes : tuple of tuple of int
        Covectors (a, b) of coprime integers, the leading one positive.
    budget : Budget
        For the counting, which raises ``BudgetExceededError``; only its deadline matters.

    Examples
    --------
    A grid of two and three lines, one of them given twice: two of its twelve cells are bounded.

    >>> grid = Arrangement.affine(2, [(1, 0, 0), (1, 0, -1), (0, 1, 0), (0, 1, -1), (0, 1, -2), (0, -2, 4)])
    >>> grid.n_cells, grid.n_bounded, grid.n_adjacencies
    (12, 2, 17)
    """

    dimension: int
    hyperplanes: tuple[Row, ...]
    budget: Budget = field(default=NO_BUDGET, compare=False, repr=False)

    @classmethod
    def affine(
        cls, dimension: int, covectors: Iterable[Sequence[object]], *, budget: Budget = NO_BUDGET
    ) -> Arrangement:
        """Return the arrangement of the hyperplanes ⟨a, x⟩ + b = 0.

        Parameters
        ----------
        dimension : int
            d.
        covectors : iterable of sequences
            Each (a_1, .., a_d, b), integers or rationals; those with a = 0 do not cut and are left out.
        budget : Budget
            For the counting.

        Raises
        ------
        ShapeError
            If a covector has not d + 1 entries.

        Examples
        --------
        >>> Arrangement.affine(1, [("1/2", "-1"), (-1, 2), (0, 3)]).hyperplanes
        ((1, -2),)
        """
        rows = [_integers(covector, dimension + 1) for covector in covectors]
        return cls(dimension, _distinct(rows), budget)

    @classmethod
    def central(
        cls, dimension: int, covectors: Iterable[Sequence[object]], *, budget: Budget = NO_BUDGET
    ) -> Arrangement:
        """Return the arrangement of the hyperplanes ⟨a, x⟩ = 0, all through the origin.

        Parameters
        ----------
        dimension : int
            d.
        covectors : iterable of sequences
            Each (a_1, .., a_d), integers or rationals; zero vectors do not cut and are left out.
        budget : Budget
            For the counting.

        Raises
        ------
        ShapeError
            If a covector has not d entries.

        Examples
        --------
        >>> Arrangement.central(2, [(1, 2), ("-1/2", -1), (0, 0), (0, 1)]).hyperplanes
        ((1, 2, 0), (0, 1, 0))
        """
        rows = [(*_integers(covector, dimension), 0) for covector in covectors]
        return cls(dimension, _distinct(rows), budget)

    # ------------------------------------------------------------------ what it is

    @cached_property
    def rank(self) -> int:
        """The dimension of the span of the normal vectors."""
        return rank(_exact(self._normals))

    @cached_property
    def is_central(self) -> bool:
        """Whether all hyperplanes have a point in common."""
        return rank(_exact(self.hyperplanes)) == self.rank

    # ------------------------------------------------------------------ the counts

    @property
    def n_cells(self) -> int:
        """The number of cells.

        Examples
        --------
        Five planes through 0, of which any three meet there alone, make 2 (1 + 4 + 6) cells.

        >>> Arrangement.central(3, [(1, t, t * t) for t in range(5)]).n_cells
        22
        """
        return sum(self.whitney_numbers)

    @property
    def n_bounded(self) -> int:
        """The number of bounded cells.

        Examples
        --------
        >>> Arrangement.affine(1, [(1, 0), (1, -1), (1, -2)]).n_bounded
        2
        """
        if self.rank < self.dimension:
            return 0
        return abs(sum(self.whitney_numbers[::2]) - sum(self.whitney_numbers[1::2]))

    @cached_property
    def n_adjacencies(self) -> int:
        """The number of walls, each shared by two cells.

        Examples
        --------
        >>> Arrangement.central(2, [(1, 0), (0, 1), (1, 1)]).n_adjacencies
        6
        """
        if not self._is_cone:
            return self._n_walls(self._essential, self._section_numbers)
        # The decone has a wall for each pair of opposite ones; those on the first hyperplane it does not meet.
        first, *others = self._essential
        at_infinity = Arrangement(self.rank - 1, restricted(others, first), self.budget)
        return 2 * self._n_walls(decone(self._essential), self._section_numbers) + at_infinity.n_cells

    @cached_property
    def whitney_numbers(self) -> tuple[int, ...]:
        """The unsigned Whitney numbers W_0, .., W_r, r the rank.

        Examples
        --------
        >>> Arrangement.affine(2, [(1, 0, 0), (0, 1, 0), (1, 1, -1)]).whitney_numbers
        (1, 3, 3)
        """
        numbers = self._section_numbers
        if not self._is_cone:
            return numbers
        return tuple(low + high for low, high in zip((*numbers, 0), (0, *numbers), strict=True))

    @property
    def characteristic_polynomial(self) -> tuple[int, ...]:
        """The coefficients of 1, t, .., t^d in χ(t) = Σ μ(X) t^dim(X), the sum over all flats X.

        Examples
        --------
        Two lines that cross: χ = t² - 2t + 1.

        >>> Arrangement.central(2, [(1, 0), (0, 1)]).characteristic_polynomial
        (1, -2, 1)
        """
        falling = [(-1) ** k * number for k, number in enumerate(self.whitney_numbers)]
        return tuple(reversed(falling + [0] * (self.dimension - self.rank)))

    @cached_property
    def face_counts(self) -> tuple[int, ...]:
        """The numbers of faces of dimension 0, 1, .., d; the last two are the walls and the cells.

        All flats are listed, so this costs more than the counts above.

        Examples
        --------
        The three coordinate planes: a point, six rays, twelve quadrants and eight octants.

        >>> Arrangement.central(3, [(1, 0, 0), (0, 1, 0), (0, 0, 1)]).face_counts
        (1, 6, 12, 8)
        """
        counts = [0] * (self.dimension + 1)
        flats: Mapping[int, Mapping[Row, int]] = {0: {row: 1 << i for i, row in enumerate(self._essential)}}
        for codimension in range(self.rank + 1):
            states = Counter(tuple(traces) for traces in flats.values())
            numbers = whitney_numbers(states, self.rank - codimension, budget=self.budget)
            counts[self.dimension - codimension] = sum(numbers)
            flats = _flats_inside(flats, self.budget)
        return tuple(counts)

    # ------------------------------------------------------------------ what is counted

    @cached_property
    def _is_cone(self) -> bool:
        """Whether it is counted on a section parallel to its first hyperplane."""
        return bool(self.hyperplanes) and self.is_central

    @cached_property
    def _essential(self) -> tuple[Row, ...]:
        """The covectors on a subspace that meets every flat in one point or more, transversally; a basis stands first.

        The normal vectors have as many independent coordinates as their rank; the others may be set to 0.
        """
        columns = reduced_row_echelon_form(_exact(self._normals)).pivots
        rows = [tuple(row[column] for column in columns) for row in self._normals]
        basis = reduced_row_echelon_form(transposed(_exact(rows))).pivots
        order = [*basis, *sorted(set(range(len(rows))) - set(basis))]
        return tuple(primitive([*rows[i], self.hyperplanes[i][-1]]) for i in order)

    @cached_property
    def _section_numbers(self) -> tuple[int, ...]:
        """The Whitney numbers, of the decone where it is central."""
        if self._is_cone:
            return tuple(whitney_numbers({decone(self._essential): 1}, self.rank - 1, budget=self.budget))
        return tuple(whitney_numbers({self._essential: 1}, self.rank, budget=self.budget))

    @property
    def _normals(self) -> list[Row]:
        return [row[:-1] for row in self.hyperplanes]

    def _n_walls(self, rows: Sequence[Row], numbers: Sequence[int]) -> int:
        """Return the number of walls of hyperplanes whose normal vectors span, from their Whitney numbers."""
        if not rows:
            return 0
        n, dimension = len(rows), len(numbers) - 1
        if all(number == math.comb(n, k) for k, number in enumerate(numbers)):  # general position
            return n * sum(math.comb(n - 1, k) for k in range(dimension))
        states = Counter(restricted([*rows[:i], *rows[i + 1 :]], row) for i, row in enumerate(rows))
        return sum(whitney_numbers(states, dimension - 1, budget=self.budget))


def _flats_inside(flats: Mapping[int, Mapping[Row, int]], budget: Budget) -> dict[int, dict[Row, int]]:
    """Return the flats of one dimension less.

    A flat is named by the set of all hyperplanes that contain it (bits of an integer); it holds the traces of the
    others, each with the set of those that make it.
    """
    found: dict[int, dict[Row, int]] = {}
    for name, traces in flats.items():
        check(budget)
        for row, makers in traces.items():
            if name | makers not in found:
                inside: dict[Row, int] = {}
                for other, others in traces.items():
                    for trace in restricted((other,), row) if other != row else ():
                        inside[trace] = inside.get(trace, 0) | others
                found[name | makers] = inside
    return found


def _distinct(rows: Iterable[Sequence[int]]) -> tuple[Row, ...]:
    return tuple(dict.fromkeys(primitive(row) for row in rows if any(row[:-1])))


def _integers(covector: Sequence[object], length: int) -> Row:
    """Return a positive multiple that consists of integers."""
    if len(covector) != length:
        raise ShapeError(f"a covector of {len(covector)} entries; here it has {length}")
    entries = [rational(entry) for entry in covector]
    denominator = math.lcm(*(int(entry.q) for entry in entries))
    return tuple(int(entry.p) * (denominator // int(entry.q)) for entry in entries)


def _exact(rows: Sequence[Row]) -> tuple[tuple[fmpq, ...], ...]:
    return tuple(tuple(fmpq(entry) for entry in row) for row in rows)
