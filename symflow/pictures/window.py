"""The part of the plane that a picture shows: a rectangle with rational sides, given or chosen.

Chosen, it is a square around the vertices, with more room around few of them than around many. Lines that are almost
parallel meet far away, and a picture of all vertices would show nothing else; so of the distances r of the vertices
from their middle the one is chosen for which r/n^4 is least, n counting the vertices within r: the last fifth of them
is worth 2.4 times the width. Only this choice is made in floats. The sides are decimals with few digits, and what is
drawn in the window is exact. Of a graph on a domain all vertices are shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import final

from symflow.errors import InputError
from symflow.exact.rationals import rational, to_fraction
from symflow.regions.region_graph import RegionGraph
from symflow.regions.vertex_table import Integers

Point = tuple[Fraction, Fraction]
# How a window is given: ((x_low, x_high), (y_low, y_high)).
Sides = Sequence[Sequence[object]]

# What vertices are worth, as a power of their number; and the share of them that is always shown.
_WORTH, _LEAST_SHARE = 4, 0.5
# Room on each side, as a share of the extent of the vertices.
_LEAST_ROOM, _MOST_ROOM = 0.08, 0.6
# Of a rectangle: the room at most, and the shorter side, as shares of the longer one.
_ROOM_OF_A_RECTANGLE, _LEAST_SIDE = 0.22, 0.8
# Sides are multiples of a step that is about so small a part of the window.
_STEPS = 24


@final
@dataclass(frozen=True, slots=True)
class Window:
    """The rectangle x_low <= x <= x_high, y_low <= y <= y_high.

    Parameters
    ----------
    x, y : (Fraction, Fraction)
        The ends, the lower one first.

    Examples
    --------
    >>> Window.of(((-1, 1), (0, "5/2")))
    Window([-1, 1] x [0, 5/2])
    """

    x: Point
    y: Point

    @classmethod
    def of(cls, sides: Sides) -> Window:
        """Return the window that was asked for.

        Raises
        ------
        InputError
            If it is no rectangle with interior.
        InexactNumberError
            If an end is a float.
        """
        pairs = [tuple(side) if isinstance(side, Iterable) and not isinstance(side, str) else () for side in sides]
        if [len(pair) for pair in pairs] != [2, 2]:
            raise InputError("give two pairs, such as window=((-1, 1), (0, 2))", place="window")
        x, y = ((_exact(low), _exact(high)) for low, high in pairs)
        for low, high in (x, y):
            if low >= high:
                raise InputError(f"a side goes from {low} to {high}; write the lower end first", place="window")
        return cls(x, y)

    @property
    def width(self) -> Fraction:
        """The length of the horizontal side."""
        return self.x[1] - self.x[0]

    @property
    def height(self) -> Fraction:
        """The length of the vertical side."""
        return self.y[1] - self.y[0]

    @property
    def corners(self) -> tuple[Integers, ...]:
        """The corners (x, y, D) as integers, counterclockwise."""
        (x0, x1), (y0, y1) = self.x, self.y
        return tuple(map(_homogeneous, ((x0, y0), (x1, y0), (x1, y1), (x0, y1))))

    @property
    def covectors(self) -> tuple[Integers, ...]:
        """Integer covectors of (x, y, D) that are nonnegative inside."""
        (x0, x1), (y0, y1) = self.x, self.y
        return (
            (x0.denominator, 0, -x0.numerator),
            (-x1.denominator, 0, x1.numerator),
            (0, y0.denominator, -y0.numerator),
            (0, -y1.denominator, y1.numerator),
        )

    def contains(self, point: Point) -> bool:
        """Whether a point lies in the window."""
        return self.x[0] <= point[0] <= self.x[1] and self.y[0] <= point[1] <= self.y[1]

    def __str__(self) -> str:
        return f"[{self.x[0]}, {self.x[1]}] x [{self.y[0]}, {self.y[1]}]"

    def __repr__(self) -> str:
        return f"Window({self})"


def chosen_window(graph: RegionGraph, points: Sequence[Point] = (), *, is_square: bool = True) -> Window:
    """Return a window for a graph in the plane, and for points that it has to show.

    Parameters
    ----------
    graph : RegionGraph
        Of a net with two inputs.
    points : sequence of points
        They are all in the window.
    is_square : bool
        Whether both sides are equal; else the shorter one is drawn nearer, and there is less room beside.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, 0], [0, 1], [1, 1]], [[1, 1, 1]], biases=[[0, 0, -2], [0]])
    >>> chosen_window(RegionGraph.of(net))
    Window([-7/5, 17/5] x [-7/5, 17/5])
    """
    vertices, has_domain = _vertices(graph), bool(graph.complex.begin.domain)
    shown = [*(vertices if has_domain else _typical(vertices)), *((float(x), float(y)) for x, y in points)]
    if not shown:
        return Window((Fraction(-1), Fraction(1)), (Fraction(-1), Fraction(1)))
    low = [min(point[i] for point in shown) for i in (0, 1)]
    high = [max(point[i] for point in shown) for i in (0, 1)]
    middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    side = max(b - a for a, b in zip(low, high, strict=True))
    room = _LEAST_ROOM if has_domain else min(_MOST_ROOM, max(_LEAST_ROOM, 5 / len(shown)))
    if side == 0:
        side = 2 * max(1.0, abs(middle[0]) / 4, abs(middle[1]) / 4)
        sides = [side, side]
    elif is_square:
        side *= 1 + 2 * room
        sides = [side, side]
    else:
        beside = 2 * side * min(room, _ROOM_OF_A_RECTANGLE)
        longest = side + beside
        sides = [max(b - a + beside, _LEAST_SIDE * longest) for a, b in zip(low, high, strict=True)]
    step = nice_step(Fraction(max(sides)) / _STEPS)
    halves = [math.ceil(Fraction(each) / (2 * step)) for each in sides]
    x, y = (
        ((round(Fraction(m) / step) - n) * step, (round(Fraction(m) / step) + n) * step)
        for m, n in zip(middle, halves, strict=True)
    )
    return Window(x, y)


def nice_step(least: Fraction) -> Fraction:
    """Return the first of .., 1/10, 1/5, 1/2, 1, 2, 5, 10, .. that is not smaller.

    Examples
    --------
    >>> [str(nice_step(Fraction(n, 100))) for n in (3, 11, 100, 250)]
    ['1/20', '1/5', '1', '5']
    """
    exponent = len(str(least.numerator)) - len(str(least.denominator)) - 1  # its power of ten is below
    while True:
        for lead in (1, 2, 5):
            step = Fraction(lead) * Fraction(10) ** exponent
            if step >= least:
                return step
        exponent += 1


def _vertices(graph: RegionGraph) -> list[tuple[float, float]]:
    """Return all vertices; where each cell contains a line, the feet of the origin on the walls."""
    found = []
    for x, y, denominator in graph.complex.generators.vectors:
        if not denominator or len(graph.lineality) == 2:
            continue
        point = Fraction(x, denominator), Fraction(y, denominator)
        if graph.lineality:
            (u, v) = graph.lineality[0]
            along = (point[0] * u + point[1] * v) / (u * u + v * v)
            point = point[0] - along * u, point[1] - along * v
        try:
            found.append((float(point[0]), float(point[1])))
        except OverflowError:  # beyond 10^308: too far away to be drawn
            continue
    return found


def _typical(vertices: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the vertices without those that are far from the others."""
    if not vertices:
        return []
    middle = tuple(median(vertex[i] for vertex in vertices) for i in (0, 1))
    distances = [max(abs(x - middle[0]), abs(y - middle[1])) for x, y in vertices]
    least = math.ceil(_LEAST_SHARE * len(vertices))
    _, reach = min((r / n**_WORTH, r) for n, r in enumerate(sorted(distances), start=1) if n >= least)
    return [vertex for vertex, distance in zip(vertices, distances, strict=True) if distance <= reach]


def _exact(value: object) -> Fraction:
    return to_fraction(rational(value, place="window"))


def _homogeneous(point: Point) -> Integers:
    denominator = math.lcm(point[0].denominator, point[1].denominator)
    return int(point[0] * denominator), int(point[1] * denominator), denominator
