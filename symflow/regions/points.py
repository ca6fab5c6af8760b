"""Exact points with small denominators: inside cells, and inside the facets between two cells.

A float proposes, exact signs decide. The centre of a cell is the mean of its vertices plus its rays; rounded to a
grid 1/q for q = 1, 2, 3, .. it is taken as soon as every cut has the sign there that it has on the cell. In a facet
all coordinates but one are rounded so and the last is solved from the facet's equation. What is thinner than floats
can tell gets the exact mean of its generators.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Protocol, final

import numpy as np
from numpy.typing import NDArray

from symflow.regions.cell_maps import integer_rows
from symflow.regions.generators import Generators, cell_constraints
from symflow.regions.ids import Ids
from symflow.regions.integer_layers import WINNER_OFFSET, IntegerLayer, IntegerNet
from symflow.regions.locate import cut_signs
from symflow.regions.piece import Signs
from symflow.regions.start import Start
from symflow.regions.vertex_table import Integers

Flags = NDArray[np.bool_]

_GRIDS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 64, *(2**k for k in range(7, 40)))
# Coordinates of 2^900 and more are not proposed as floats: times a grid they would overflow.
_MOST_EXPONENT = 900
# So many cells' rows are computed at a time.
_BATCH = 2048


class Cells(Protocol):
    """What is asked of a complex here; see ``region_complex.py``."""

    @property
    def net(self) -> IntegerNet:
        """The net, in all its inputs."""

    @property
    def begin(self) -> Start:
        """The section."""

    @property
    def characters(self) -> Signs:
        """The pattern of each cell."""

    @property
    def cell_signs(self) -> Signs:
        """The signs of all cuts on each cell."""

    @property
    def pairs(self) -> Ids:
        """The two cells of each adjacency."""

    @property
    def facet_signs(self) -> Signs:
        """The signs of all cuts on each shared facet."""

    def generators_of(self, cells: Sequence[int]) -> Generators:
        """Return the generators of these cells at least."""


def interior_points(complex_: Cells, cells: Sequence[int]) -> list[Integers]:
    """Return for each of these cells a point (x, D) in its interior."""
    generators = complex_.generators_of(cells)
    members = [generators.of_cell(cell) for cell in cells]
    centres = _centres(generators, members).tolist()
    test = _PointTest(complex_, generators)

    def propose(place: int, grid: int) -> Integers:
        return _reduced((*(round(value * grid) for value in centres[place]), grid))

    def inside(places: Ids, points: list[Integers]) -> Flags:
        return test.are_interior([cells[place] for place in places.tolist()], points)

    return _search(len(cells), propose, inside, lambda place: _mean(generators, members[place]))


def adjacency_points(complex_: Cells, adjacencies: Sequence[int]) -> list[Integers]:
    """Return for each of these adjacencies a point (x, D) in the relative interior of the shared facet."""
    pairs = complex_.pairs[np.asarray(adjacencies, np.int64)]
    generators = complex_.generators_of(sorted({*pairs.ravel().tolist()}))
    members = [generators.shared(first, second) for first, second in pairs.tolist()]
    centres = _centres(generators, members).tolist()
    rows = _facet_rows(complex_, pairs, generators)
    pivots = [max(range(len(row) - 1), key=lambda i: abs(row[i])) for row in rows]
    test = _PointTest(complex_, generators)

    def propose(place: int, grid: int) -> Integers:
        row, pivot = rows[place], pivots[place]
        values = [round(value * grid) for value in centres[place]]
        values[pivot] = 0
        rest = _dot(row[:-1], values) + row[-1] * grid
        scale = abs(row[pivot])
        point = [value * scale for value in values]
        point[pivot] = -rest if row[pivot] > 0 else rest
        return _reduced((*point, grid * scale))

    def inside(places: Ids, points: list[Integers]) -> Flags:
        return test.are_on_facets([adjacencies[place] for place in places.tolist()], points)

    return _search(len(pairs), propose, inside, lambda place: _mean(generators, members[place]))


def _search(
    n_faces: int,
    propose: Callable[[int, int], Integers],
    inside: Callable[[Ids, list[Integers]], Flags],
    mean: Callable[[int], Integers],
) -> list[Integers]:
    """Return for each face the first proposal that is inside it, or its exact mean."""
    result: list[Integers] = [()] * n_faces
    open_ = np.arange(n_faces)
    for grid in _GRIDS:
        if not len(open_):
            break
        points = [propose(place, grid) for place in open_.tolist()]
        flags = inside(open_, points)
        for place in np.flatnonzero(flags).tolist():
            result[open_[place]] = points[place]
        open_ = open_[~flags]
    for place in open_.tolist():
        result[place] = mean(place)
    return result


@final
class _PointTest:
    """Whether points lie inside cells or facets, exactly.

    Where no cells were joined, the signs of all cuts tell. A joined cell has several vectors of them; its own
    constraints tell then, one by one.
    """

    def __init__(self, complex_: Cells, generators: Generators) -> None:
        self.complex = complex_
        self.generators = generators
        self.constraints: dict[int, list[Integers]] = {}

    def are_interior(self, cells: list[int], points: list[Integers]) -> Flags:
        """Return for each point whether it is in the interior of its cell."""
        if self.complex.begin.needs_joining:
            flags = [self._is_interior(cell, point) for cell, point in zip(cells, points, strict=True)]
            return np.array(flags, np.bool_)
        return self._have_signs(self.complex.cell_signs[cells], points)

    def are_on_facets(self, adjacencies: list[int], points: list[Integers]) -> Flags:
        """Return for each point whether it is in the relative interior of its facet, on whose hyperplane it is."""
        if self.complex.begin.needs_joining:
            flags = [self._is_on_facet(number, point) for number, point in zip(adjacencies, points, strict=True)]
            return np.array(flags, np.bool_)
        return self._have_signs(self.complex.facet_signs[adjacencies], points)

    def _have_signs(self, wanted: NDArray[np.int8], points: list[Integers]) -> Flags:
        signs = cut_signs(self.complex.net, points, expected=wanted)
        same: Flags = (signs == wanted).all(axis=1)
        if self.complex.begin.domain:
            same &= np.array([self._is_in_domain(point) for point in points], np.bool_)
        return same

    def _is_interior(self, cell: int, point: Integers) -> bool:
        return all(value > 0 for value in self._values(cell, point)) and self._is_in_domain(point)

    def _is_on_facet(self, adjacency: int, point: Integers) -> bool:
        """Whether a point lies on both cells, and only on those constraints that vanish on the whole facet."""
        first, second = self.complex.pairs[adjacency].tolist()
        shared = [self.generators.vectors[number] for number in self.generators.shared(first, second)]
        for cell in (first, second):
            for row, value in zip(self._rows(cell), self._values(cell, point), strict=True):
                vanishes = all(_dot(row, vector) == 0 for vector in shared)
                if value < 0 or (value == 0) != vanishes:
                    return False
        return self._is_in_domain(point)

    def _is_in_domain(self, point: Integers) -> bool:
        columns = (*self.complex.begin.columns, self.complex.net.n_inputs)
        return all(_dot(row, [point[column] for column in columns]) > 0 for row in self.complex.begin.domain)

    def _rows(self, cell: int) -> list[Integers]:
        if cell not in self.constraints:
            self.constraints[cell] = cell_constraints(self.complex.net, self.complex.characters[cell].tolist())
        return self.constraints[cell]

    def _values(self, cell: int, point: Integers) -> list[int]:
        return [_dot(row, point) for row in self._rows(cell)]


def _facet_rows(complex_: Cells, pairs: Ids, generators: Generators) -> list[Integers]:
    """Return for each pair of adjacent cells the covector of (x, D) that vanishes on their facet.

    It is the row, on the first cell, of some unit whose character differs; where all of those vanish identically
    there, the row on the second.
    """
    rows: list[Integers] = [()] * len(pairs)
    differ = complex_.characters[pairs[:, 0]] != complex_.characters[pairs[:, 1]]
    is_open = np.ones(len(pairs), np.bool_)
    first_character = 0
    for number, layer in enumerate(complex_.net.hidden):
        here = differ[:, first_character : first_character + layer.n_characters]
        characters = complex_.characters[:, first_character : first_character + layer.n_characters]
        place = np.flatnonzero(is_open & here.any(axis=1))
        for batch in (place[i : i + _BATCH] for i in range(0, len(place), _BATCH)):
            cells, which = np.unique(pairs[batch, 0], return_inverse=True)
            on_cells = integer_rows(complex_.net, number, complex_.characters[cells])
            for facet, cell, flags in zip(batch.tolist(), which.tolist(), here[batch], strict=True):
                first, second = pairs[facet].tolist()
                for output in np.flatnonzero(flags).tolist():
                    winners = int(characters[first, output]), int(characters[second, output])
                    row = _difference(layer, on_cells[cell], output, winners)
                    if any(row):
                        rows[facet], is_open[facet] = row, False
                        break
        first_character += layer.n_characters
    for facet in np.flatnonzero(is_open).tolist():
        rows[facet] = _row_of_either(complex_, generators, *pairs[facet].tolist())
    return rows


def _difference(layer: IntegerLayer, units: Sequence[Integers], output: int, characters: tuple[int, int]) -> Integers:
    """Return the row of a unit, or the difference of the two winners of a group."""
    group = layer.members[output]
    if layer.slopes is not None:
        return units[group[0]]
    winner, other = (units[group[character - WINNER_OFFSET]] for character in characters)
    return tuple(a - b for a, b in zip(winner, other, strict=True))


def _row_of_either(complex_: Cells, generators: Generators, first: int, second: int) -> Integers:
    """Return the constraint of one of two cells that vanishes on their facet."""
    shared = [generators.vectors[number] for number in generators.shared(first, second)]
    for cell in (first, second):
        for row in cell_constraints(complex_.net, complex_.characters[cell].tolist()):
            if all(_dot(row, vector) == 0 for vector in shared):
                return row
    raise AssertionError("a facet lies on a constraint of one of its cells")


def _centres(generators: Generators, members: Sequence[Ids]) -> NDArray[np.float64]:
    """Return for each face the mean of its points plus its rays, each ray scaled to size 1."""
    if not members:
        return np.zeros((0, 0))
    used, place = np.unique(np.concatenate([np.zeros(0, np.int64), *members]), return_inverse=True)
    vectors = [generators.vectors[number] for number in used.tolist()]
    is_point = np.array([vector[-1] != 0 for vector in vectors], np.float64)
    sizes = [vector[-1] or max(map(abs, vector)) for vector in vectors]
    floats = np.array(
        [[_ratio(entry, size) for entry in vector[:-1]] for vector, size in zip(vectors, sizes, strict=True)],
        np.float64,
    ).reshape(len(vectors), -1)
    starts = np.cumsum([0, *map(len, members)])[:-1]
    points, rays = floats * is_point[:, None], floats * (1 - is_point)[:, None]
    n_points = np.add.reduceat(is_point[place], starts)
    mean = np.add.reduceat(points[place], starts, axis=0) / np.maximum(n_points, 1)[:, None]
    centres: NDArray[np.float64] = mean + np.add.reduceat(rays[place], starts, axis=0)
    return centres


def _ratio(entry: int, denominator: int) -> float:
    """Return a quotient, or 0 where it is too far for floats: the exact mean will serve."""
    return entry / denominator if abs(entry).bit_length() - denominator.bit_length() < _MOST_EXPONENT else 0.0


def _mean(generators: Generators, members: Ids) -> Integers:
    """Return the mean of points plus the sum of rays, exactly."""
    vectors = [generators.vectors[number] for number in members.tolist()]
    points = [vector for vector in vectors if vector[-1]]
    total = [Fraction(sum(vector[i] for vector in vectors if not vector[-1])) for i in range(len(vectors[0]) - 1)]
    for vector in points:
        total = [a + Fraction(b, vector[-1] * len(points)) for a, b in zip(total, vector[:-1], strict=True)]
    denominator = math.lcm(*(value.denominator for value in total))
    return (*(int(value * denominator) for value in total), denominator)


def _reduced(point: Integers) -> Integers:
    divisor = math.gcd(*point)
    return tuple(entry // divisor for entry in point)


def _dot(row: Sequence[int], vector: Sequence[int]) -> int:
    return sum(map(int.__mul__, row, vector))
