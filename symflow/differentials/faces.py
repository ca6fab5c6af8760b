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
from symflow.nets.network import Vector
from symflow.nets.objective import Output
from symflow.nets.pattern import Site
from symflow.nets.realization import FunctionOfInput
from symflow.regions.region_graph import RegionGraph


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
    faces = _Faces(graph, budget)
    return tuple(faces.at(tuple(map(_fmpq, wall.point)), wall.cells) for wall in graph.walls)


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
    faces = _Faces(graph, budget)
    vectors = [vector for vector in graph.complex.generators.vectors if vector[-1]]
    points = [tuple(fmpq(entry, vector[-1]) for entry in vector[:-1]) for vector in vectors]
    return tuple(
        faces.at(point, [cell.index for cell in graph.cells_meeting(point)])
        for point in points
        if _is_inside(graph, point)
    )


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


@final
class _Faces:
    """Makes the faces of one graph; sets that are hulls of the same gradients are made once."""

    def __init__(self, graph: RegionGraph, budget: Budget) -> None:
        self.graph, self.budget = graph, budget
        self.gradient = cache(self._gradient)
        self.hull = cache(Polytope.of)
        self.outside = cache(outside_of)

    def at(self, point: Sequence[fmpq], cells: Sequence[int]) -> Face:
        self.budget.check(0)
        function = FunctionOfInput(self.graph.network, (tuple(point),), Output())
        hull = self.hull(frozenset(self.gradient(int(self.graph.complex.maps.number[cell])) for cell in cells))
        autodiff = function.conventional_gradient("autodiff")
        return Face(
            tuple(point),
            pattern_at(function),
            function.outputs[0],
            tuple(cells),
            hull,
            autodiff,
            self.outside(hull, autodiff),
        )

    def _gradient(self, number: int) -> Vector:
        maps = self.graph.complex.maps
        (row,) = maps.distinct[number]
        return tuple(_fmpq(entry / maps.scale) for entry in row[:-1])


def pattern_at(function: FunctionOfInput) -> str:
    """Return the signs at the function's point, layers parted by ``|``.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> net = Network.from_weights([[1, 0], [0, 1]], [[1, 1], [1, 2], [1, -1]], [[1, 1, 1]])
    >>> pattern_at(Realization(net).at((1, 0)))
    '+0|+++'
    """
    layers: dict[int, list[str]] = {}
    for site in function.table.sites:
        layers.setdefault(site.layer, []).append(_character(function, site))
    # Where several members of a group are maximal its neighbours stand apart from it: "2 1=3".
    return "|".join((" " if any("=" in part for part in parts) else "").join(parts) for parts in layers.values())


def _character(function: FunctionOfInput, site: Site) -> str:
    values = function.values_at(site)
    if not site.is_group:
        return "0" if values[0] == 0 else "+" if values[0] > 0 else "-"
    best = max(values)
    return "=".join(_POSITIONS[i] for i, value in enumerate(values) if value == best)


_POSITIONS = "123456789abcdefghijklmnopqrstuvwxyz"


def _is_inside(graph: RegionGraph, point: Vector) -> bool:
    """Whether a point is inside the domain: on its border f is not known on all sides."""
    begin = graph.complex.begin
    x = [point[column] for column in begin.columns]
    return all(dot(tuple(map(fmpq, row[:-1])), x) + row[-1] > 0 for row in begin.domain)


def _rational(value: Scalar) -> fmpq:
    assert isinstance(value, fmpq)  # a net of the input has rational gradients
    return value


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
