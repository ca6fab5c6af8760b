"""The map of a net's cells in a window of the plane: polygons and segments, exactly.

A cell of a net with two inputs is a polygon, bounded or not. Its corners are integer vectors (x, y, D), the points
(x/D, y/D) for D > 0 and the directions (x, y) for D = 0; with D >= 0 they span a pointed cone over the cell, and the
cell is cut to the window by cutting the cone with four half-spaces through 0 (Sutherland, Hodgman 1974). So unbounded
cells need no special case: all corners of the result are points. Where every cell contains a line, cells are strips,
and the window is cut with the lines at their sides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, cmp_to_key
from itertools import pairwise
from typing import final

from symflow.errors import InputError
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.pictures.slices import Plane, sliced_graph
from symflow.pictures.window import Point, Sides, Window, chosen_window
from symflow.regions.region_graph import RegionGraph
from symflow.regions.vertex_table import Integers

# The names of the two coordinates: a letter and an index.
Names = tuple[tuple[str, str], tuple[str, str]]

_INPUTS: Names = (("x", "1"), ("x", "2"))
_ON_A_PLANE: Names = (("s", ""), ("t", ""))


@final
@dataclass(frozen=True, slots=True)
class MapCell:
    """The part of a cell that is in the window.

    Parameters
    ----------
    index : int
        The number of the cell in its graph, from 0.
    polygon : tuple of points
        Its corners, counterclockwise.
    neighbours : tuple of int
        The numbers of the cells behind those walls that are in the window.
    """

    index: int
    polygon: tuple[Point, ...]
    neighbours: tuple[int, ...]

    @property
    def area(self) -> Fraction:
        """The area."""
        return sum((_wedge(p, q) for p, q in _edges(self.polygon)), Fraction(0)) / 2

    @property
    def centre(self) -> Point:
        """The centroid, a point in the interior."""
        weights = [_wedge(p, q) for p, q in _edges(self.polygon)]
        x, y = (
            sum((w * (p[i] + q[i]) for w, (p, q) in zip(weights, _edges(self.polygon), strict=True)), Fraction(0))
            for i in (0, 1)
        )
        return x / (3 * sum(weights)), y / (3 * sum(weights))


@final
@dataclass(frozen=True, slots=True)
class MapWall:
    """The part of a wall that is in the window.

    Parameters
    ----------
    index : int
        The number of the wall in its graph, from 0.
    cells : (int, int)
        The numbers of the cells on its sides.
    ends : (point, point)
        Where it begins and ends.
    is_kink : bool
        Whether the net's affine maps differ across it.
    """

    index: int
    cells: tuple[int, int]
    ends: tuple[Point, Point]
    is_kink: bool


@final
@dataclass(frozen=True, slots=True)
class Counts:
    """A number for each cell, which is written on it and shades it instead of the net's map.

    Parameters
    ----------
    numbers : tuple of int
        One for each cell of the graph.
    noun : str
        What is counted, in the singular.
    """

    numbers: tuple[int, ...]
    noun: str


@final
@dataclass(frozen=True)
class RegionMap:
    """Cells and walls in a window.

    Parameters
    ----------
    graph : RegionGraph
        The graph, of a net with two inputs.
    window : Window
        The part of the plane.
    names : pair of pairs of str
        What the coordinates are called.
    cells : tuple of MapCell
        Those that have interior in the window, by number.
    walls : tuple of MapWall
        Those between them, by number.
    borders : tuple of pairs of points
        Facets of cells with no cell on the other side: the border of the domain, or of what was enumerated.
    counts : Counts, optional
        What is shown of the cells, where it is not the net's map.
    """

    graph: RegionGraph
    window: Window
    names: Names
    cells: tuple[MapCell, ...]
    walls: tuple[MapWall, ...]
    borders: tuple[tuple[Point, Point], ...]
    counts: Counts | None = None

    @property
    def is_on_plane(self) -> bool:
        """Whether the graph is that of a net on a plane in its input space, a net of its own."""
        return self.names == _ON_A_PLANE

    @cached_property
    def kinks(self) -> tuple[MapWall, ...]:
        """The walls across which the net's map changes."""
        return tuple(wall for wall in self.walls if wall.is_kink)

    @cached_property
    def flats(self) -> tuple[MapWall, ...]:
        """The walls across which only the pattern changes."""
        return tuple(wall for wall in self.walls if not wall.is_kink)

    def __repr__(self) -> str:
        known = "exact" if self.graph.complex.is_complete else "incomplete"
        shown = f"{len(self.cells)} of {self.graph.n_cells} cells in {self.window}"
        return f"RegionMap({shown}, {len(self.walls)} walls, {known})"


def region_map(
    function: RegionGraph | Network | Realization | RegionMap,
    *,
    window: Sides | Window | None = None,
    plane: Plane | None = None,
    points: Sequence[Point] = (),
) -> RegionMap:
    """Return the map of a net's cells in a window.

    Parameters
    ----------
    function : RegionGraph, Network, Realization or RegionMap
        The net; a map that is made already is returned as it is.
    window : ((x_low, x_high), (y_low, y_high)), optional
        What to show; without it, around the vertices (``window.py``).
    plane : (origin, a, b), optional
        For a net with more inputs: the plane of the points origin + s a + t b, drawn over (s, t).
    points : sequence of points
        What a chosen window has to show besides.

    Raises
    ------
    InputError
        If the net has not two inputs and no plane is given; if the window or the plane is none.

    Examples
    --------
    >>> map_ = region_map(Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]]), window=((-2, 2), (-2, 2)))
    >>> [(cell.index, str(cell.area)) for cell in map_.cells]
    [(0, '2'), (1, '6'), (2, '6'), (3, '2')]
    >>> [wall.is_kink for wall in map_.walls]
    [True, True, True, True]
    """
    if isinstance(function, RegionMap):
        return function
    names = _INPUTS if plane is None else _ON_A_PLANE
    graph = sliced_graph(function, plane) if plane is not None else _graph(function)
    n_inputs = graph.network.architecture.n_inputs
    if n_inputs != 2:
        hint = "; give plane=(origin, a, b), a plane to draw" if n_inputs > 2 else ""
        raise InputError(f"the net has {_inputs(n_inputs)}, and a map has two{hint}", place="picture")
    if window is None:
        window = chosen_window(graph, points)
    elif not isinstance(window, Window):
        window = Window.of(window)
    return _Cutter(graph, window).map(names)


def _inputs(n_inputs: int) -> str:
    return "1 input" if n_inputs == 1 else f"{n_inputs} inputs"


def _graph(function: RegionGraph | Network | Realization) -> RegionGraph:
    return function if isinstance(function, RegionGraph) else RegionGraph.of(function)


@final
class _Cutter:
    """Cuts the cells and walls of one graph to one window."""

    def __init__(self, graph: RegionGraph, window: Window) -> None:
        self.graph, self.window = graph, window
        self.vectors = graph.complex.generators.vectors
        # The direction of a line in every cell, if there is one.
        self.line = (*graph.lineality[0], 0) if len(graph.lineality) == 1 else None
        members = [graph.complex.generators.of_cell(cell).tolist() for cell in range(graph.n_cells)]
        # The cells on the sides of each wall, and the generators that they share.
        self.pairs = graph.complex.pairs.tolist()
        within = list(map(frozenset, members))
        self.facets = [within[first] & within[second] for first, second in self.pairs]
        self.members = members if graph.lineality else [_counterclockwise(numbers, self.vectors) for numbers in members]

    def map(self, names: Names) -> RegionMap:
        sides = self._sides()
        polygons, borders = {}, []
        for cell in range(self.graph.n_cells):
            facets = self._facets(cell)
            polygon = self._polygon(cell, facets)
            if len(polygon) > 2:
                polygons[cell] = polygon
                borders += [facet for facet in facets if frozenset(facet) not in sides[cell]]
        walls = self._walls(polygons)
        neighbours: dict[int, list[int]] = {cell: [] for cell in polygons}
        for wall in walls:
            first, second = wall.cells
            neighbours[first].append(second)
            neighbours[second].append(first)
        cells = tuple(MapCell(cell, polygon, tuple(sorted(neighbours[cell]))) for cell, polygon in polygons.items())
        cut = [self._segment(facet) for facet in borders]
        return RegionMap(self.graph, self.window, names, cells, walls, tuple(ends for ends in cut if ends))

    def _sides(self) -> list[set[frozenset[int]]]:
        """Return for each cell the generators of each of its walls."""
        sides: list[set[frozenset[int]]] = [set() for _ in range(self.graph.n_cells)]
        for (first, second), facet in zip(self.pairs, self.facets, strict=True):
            sides[first].add(facet)
            sides[second].add(facet)
        return sides

    def _facets(self, cell: int) -> list[tuple[int, ...]]:
        """Return the generators of each facet of a cell."""
        numbers = self.members[cell]
        if self.line is not None:
            return [(number,) for number in numbers if self.vectors[number][-1]]
        if self.graph.lineality:
            return []
        edges = zip(numbers, numbers[1:] + numbers[:1], strict=True)
        return [edge for edge in edges if any(self.vectors[number][-1] for number in edge)]

    def _polygon(self, cell: int, facets: list[tuple[int, ...]]) -> tuple[Point, ...]:
        """Return the cell in the window; fewer than three points where it has no interior there."""
        numbers = self.members[cell]
        if self.graph.lineality:
            corners = list(self.window.corners)
            for (number,) in facets:
                side = _cross(self.vectors[number], self.line or ())
                within = next(_dot(side, self.vectors[other]) for other in numbers if other != number)
                corners = _cut(corners, side if within > 0 else tuple(-entry for entry in side))
        else:
            corners = [self.vectors[number] for number in numbers]
            for side in self.window.covectors:
                corners = _cut(corners, side)
        # Vectors without a common factor: equal points are equal vectors.
        distinct = [
            corner for corner, before in zip(corners, corners[-1:] + corners[:-1], strict=True) if corner != before
        ]
        has_interior = any(_turn(distinct[0], distinct[1], corner) for corner in distinct[2:])
        return tuple(map(_point, distinct)) if has_interior else ()

    def _walls(self, polygons: dict[int, tuple[Point, ...]]) -> tuple[MapWall, ...]:
        maps = self.graph.complex.maps.number.tolist()
        walls = []
        for index, ((first, second), facet) in enumerate(zip(self.pairs, self.facets, strict=True)):
            if first in polygons and second in polygons:
                ends = self._segment(tuple(facet))
                if ends:
                    walls.append(MapWall(index, (first, second), ends, maps[first] != maps[second]))
        return tuple(walls)

    def _segment(self, facet: tuple[int, ...]) -> tuple[Point, Point] | None:
        """Return a facet in the window, or None."""
        vectors = [self.vectors[number] for number in facet]
        if self.line is None:
            parts = [self._within(vectors)]
        else:
            back = tuple(-entry for entry in self.line)
            parts = [self._within([back, vectors[0]]), self._within([vectors[0], self.line])]
        kept = [part for part in parts if part]
        if not kept:
            return None
        start, end = _point(kept[0][0]), _point(kept[-1][-1])
        return (start, end) if start != end else None

    def _within(self, segment: list[Integers]) -> list[Integers]:
        """Return a segment or ray cut to the window."""
        for side in self.window.covectors:
            first, last = (_dot(side, end) for end in segment)
            if first < 0 and last < 0:
                return []
            if first < 0:
                segment = [_between(segment[1], segment[0], last, first), segment[1]]
            elif last < 0:
                segment = [segment[0], _between(segment[0], segment[1], first, last)]
        return segment if all(end[-1] for end in segment) else []


def _counterclockwise(numbers: list[int], vectors: Sequence[Integers]) -> list[int]:
    """Return the extreme rays of a cone over a polygon in their order around it."""
    middle = tuple(map(sum, zip(*(vectors[number] for number in numbers), strict=True)))
    first = vectors[numbers[0]]

    def is_past_half(number: int) -> bool:
        turn = _turn(middle, first, vectors[number])
        return turn < 0 or (turn == 0 and vectors[number] != first)

    def compare(a: int, b: int) -> int:
        by_half = is_past_half(a) - is_past_half(b)
        return by_half or -_turn(middle, vectors[a], vectors[b])

    return sorted(numbers, key=cmp_to_key(compare))


def _cut(corners: list[Integers], side: Integers) -> list[Integers]:
    """Return the polygon where a covector is nonnegative."""
    if not corners:
        return []
    values = [_dot(side, corner) for corner in corners]
    if min(values) >= 0:
        return corners
    kept = []
    ends = zip(corners, values, corners[1:] + corners[:1], values[1:] + values[:1], strict=True)
    for corner, value, after, value_after in ends:
        if value >= 0:
            kept.append(corner)
        if (value > 0 > value_after) or (value < 0 < value_after):
            kept.append(_between(corner, after, value, value_after))
    return kept


def _between(inside: Integers, outside: Integers, value: int, value_outside: int) -> Integers:
    """Return where a covector vanishes between two vectors with values of opposite sign."""
    a, b = abs(value_outside), abs(value)
    combined = [a * x + b * y for x, y in zip(inside, outside, strict=True)]
    divisor = math.gcd(*combined)
    return tuple(entry // divisor for entry in combined)


def _dot(side: Integers, vector: Integers) -> int:
    return side[0] * vector[0] + side[1] * vector[1] + side[2] * vector[2]


def _cross(u: Integers, v: Integers) -> Integers:
    return u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]


def _turn(u: Integers, v: Integers, w: Integers) -> int:
    """Return the sign of det(u, v, w): 1 where w is to the left of the way from u to v."""
    value = _dot(_cross(u, v), w)
    return (value > 0) - (value < 0)


def _wedge(p: Point, q: Point) -> Fraction:
    return p[0] * q[1] - p[1] * q[0]


def _edges(polygon: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(pairwise([*polygon, polygon[0]]))


def _point(vector: Integers) -> Point:
    return Fraction(vector[0], vector[-1]), Fraction(vector[1], vector[-1])
