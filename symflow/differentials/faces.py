"""The Clarke differential all over a region graph: on every wall and at every corner of a net of its input.

On a line or in the plane a point lies inside a cell, inside a wall, or is a corner (a vertex of the complex). Where the
graph is complete, the cells whose closures contain the point are known, and the hull of their gradients is the Clarke
differential (Proposition 1; Clarke 1983, Theorem 2.5.1). Inside a cell it is the gradient, which automatic
differentiation returns: a unit that vanishes identically there has gradient 0, layer by layer.

Along the inside of a wall nothing changes: a preactivation is affine on each closed cell, so that it vanishes on a
whole face of the cell or nowhere inside it. So one point of each wall and all corners decide where automatic
differentiation leaves the Clarke differential (:func:`clarke_on_walls`, :func:`clarke_at_corners`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import final

from symflow.differentials.polytope import Polytope
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.membership import Member
from symflow.exact.minimal_norm import minimal_norm_point
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.many_points import ManyPoints
from symflow.nets.network import Vector
from symflow.regions.region_graph import RegionGraph

# So many points at a time, between looks at the clock.
_BATCH = 512


@final
@dataclass(frozen=True, slots=True)
class Outside:
    """Why a vector a is not in a set: ⟨d, s⟩ ≤ bound < ⟨d, a⟩ for every element s.

    Parameters
    ----------
    direction : vector
        d, coprime integers: it points from the element that is nearest to a towards a.
    bound : fmpq
        The largest value on the set.
    value : fmpq
        ⟨d, a⟩.
    """

    direction: Vector
    bound: fmpq
    value: fmpq


@final
@dataclass(frozen=True, slots=True)
class Face:
    """A wall or a corner of a net with one output.

    Parameters
    ----------
    point : vector
        The corner, or a point inside the wall.
    pattern : str
        The signs at the point, layers parted by ``|``; of a pooling group all maximal members, ``1=3``.
    value : fmpq
        f at the point.
    cells : tuple of int
        The cells that meet there, by number.
    differential : Polytope
        ∂f at the point.
    autodiff : vector
        What automatic differentiation returns there.
    outside : Outside or None
        Why that is not in ∂f; None where it is.
    """

    point: Vector
    pattern: str
    value: fmpq
    cells: tuple[int, ...]
    differential: Polytope
    autodiff: tuple[Scalar, ...]
    outside: Outside | None

    @property
    def is_kink(self) -> bool:
        """Whether f is not differentiable there."""
        return len(self.differential.vertices) > 1

    @property
    def is_critical(self) -> bool:
        """Whether 0 is in the set."""
        return all(entry == 0 for entry in self.differential.minimal_norm_element)


def clarke_on_walls(graph: RegionGraph, *, budget: Budget = NO_BUDGET) -> tuple[Face, ...]:
    """Return the Clarke differential inside each wall, in the order of the graph's walls.

    Parameters
    ----------
    graph : RegionGraph
        Of a net with one output.
    budget : Budget
        When to stop, with a ``BudgetExceededError``.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> graph = RegionGraph.of(Network.from_weights([[1, 0], [0, 1]], [[1, -1]]))
    >>> [(face.pattern, face.differential.vertices, face.outside) for face in clarke_on_walls(graph)][:2]
    [('-0', ((0, -1), (0, 0)), None), ('0-', ((0, 0), (1, 0)), None)]
    """
    places = [(tuple(map(_fmpq, wall.point)), wall.cells) for wall in graph.walls]
    return _faces(graph, places, budget)


def clarke_at_corners(graph: RegionGraph, *, budget: Budget = NO_BUDGET) -> tuple[Face, ...]:
    """Return the Clarke differential at each vertex of the complex inside the domain, by their coordinates.

    Parameters
    ----------
    graph : RegionGraph
        Of a net with one output, complete.
    budget : Budget
        When to stop, with a ``BudgetExceededError``.

    Examples
    --------
    relu(x) - relu(-x) is x; the chain rule gives 0 at 0.

    >>> from symflow.nets.network import Network
    >>> (face,) = clarke_at_corners(RegionGraph.of(Network.from_weights([[1], [-1]], [[1, -1]])))
    >>> face.differential.vertices, face.autodiff, face.outside
    (((1,),), (0,), Outside(direction=(-1,), bound=-1, value=0))
    """
    if not graph.complex.is_complete or graph.lineality:
        return ()
    generators = graph.complex.generators
    meeting: list[list[int]] = [[] for _ in generators.vectors]
    for cell in range(graph.n_cells):  # a vertex of the complex is one of each closed cell that contains it
        for number in generators.of_cell(cell).tolist():
            meeting[number].append(cell)
    points = [(_point(vector), cells) for vector, cells in zip(generators.vectors, meeting, strict=True) if vector[-1]]
    return _faces(graph, [place for place in points if _is_inside(graph, place[0])], budget)


def outside_of(polytope: Polytope, vector: Sequence[Scalar]) -> Outside | None:
    """Return why a rational vector is not in a rational polytope; None where it is.

    Examples
    --------
    >>> triangle = Polytope.of([(fmpq(1), fmpq(0)), (fmpq(0), fmpq(1)), (fmpq(1), fmpq(1))])
    >>> outside_of(triangle, (fmpq(0), fmpq(0)))
    Outside(direction=(-1, -1), bound=-1, value=0)
    """
    if isinstance(polytope.locate(vector), Member):
        return None
    moved = [tuple(x - a for x, a in zip(vertex, vector, strict=True)) for vertex in polytope.vertices]
    way = [-_rational(entry) for entry in minimal_norm_point(moved).point]
    common = fmpq(0)
    for entry in way:
        common = common.gcd(entry)
    direction = tuple(entry / common for entry in way)
    bound = max(_rational(dot(direction, vertex)) for vertex in polytope.vertices)
    value = _rational(dot(direction, vector))
    assert bound < value  # the nearest element lies strictly on the other side
    return Outside(direction, bound, value)


def _faces(graph: RegionGraph, places: Sequence[tuple[Vector, Sequence[int]]], budget: Budget) -> tuple[Face, ...]:
    """Return the faces at points, each with the cells that meet there; what comes twice is made once."""
    maps = graph.complex.maps
    gradients = [tuple(_fmpq(entry / maps.scale) for entry in row[:-1]) for (row,) in maps.distinct]
    hull, outside = cache(_hull), cache(outside_of)
    found = []
    for first in range(0, len(places), _BATCH):
        batch = places[first : first + _BATCH]
        budget.check(0)
        there = ManyPoints(graph.network, [point for point, _ in batch])
        for number, (point, cells) in enumerate(batch):
            budget.check(0)
            set_ = hull(frozenset(gradients[maps.number[cell]] for cell in cells))
            autodiff = there.chain_rule(number)
            is_vertex = autodiff in set_.vertices
            why = None if is_vertex else outside(set_, autodiff)
            found.append(Face(point, there.patterns[number], there.values[number], tuple(cells), set_, autodiff, why))
    return tuple(found)


def _hull(points: frozenset[Vector]) -> Polytope:
    """Return the hull of gradients; of two the ends of a segment, each largest in its own direction."""
    if len(points) != 2:
        return Polytope.of(points)
    first, second = sorted(points)
    way = tuple(x - y for x, y in zip(second, first, strict=True))
    return Polytope((first, second), (tuple(-entry for entry in way), way), ())


def _is_inside(graph: RegionGraph, point: Vector) -> bool:
    """Whether a point is inside the domain: on its border f is not known on all sides."""
    begin = graph.complex.begin
    x = [point[column] for column in begin.columns]
    return all(dot(tuple(map(fmpq, row[:-1])), x) + row[-1] > 0 for row in begin.domain)


def _rational(value: Scalar) -> fmpq:
    assert isinstance(value, fmpq)  # a net of the input has rational gradients
    return value


def _point(vector: Sequence[int]) -> Vector:
    return tuple(fmpq(entry, vector[-1]) for entry in vector[:-1])


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
