"""A Clarke differential of many dimensions that is a segment or a polygon, drawn true to length in its own plane.

A segment is drawn in the plane through it and automatic differentiation's vector; a polygon in its own plane, the
vector where it is seen from straight above. What is decided is decided exactly elsewhere: a ring says that the vector
is in the set, a cross that it is not. Only the drawing is in floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import final

from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar, enclosure
from symflow.pictures.page_map import coordinate, small_text

_WIDTH, _HEIGHT, _FLAT, _ROOM = 330, 190, 90, 42
_BITS = 96

# Polygons of more vertices are not drawn.
_MOST_VERTICES = 64

# With more points than this they are smaller.
_MANY_POINTS = 24

Spot = tuple[float, float]


def flat_set(vertices: Sequence[Point], vector: Point, shortest: Point, is_in: bool, name: str) -> str:
    """Return the drawing of a segment or a polygon; empty where there is none, or too many vertices.

    Parameters
    ----------
    vertices : sequence of points
        Of a hull of one or two dimensions, in as many coordinates as one likes.
    vector : point
        To be held against it.
    shortest : point
        Its shortest element.
    is_in : bool
        Whether the vector is in it.
    name : str
        What the vector is called.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> text = flat_set([(fmpq(0),), (fmpq(2),)], (fmpq(1),), (fmpq(0),), True, "autodiff")
    >>> "autodiff is in it" in text, text.count('class="pt"')
    (True, 2)
    """
    if not 2 <= len(vertices) <= _MOST_VERTICES:
        return ""
    places = [floats(vertex) for vertex in vertices]
    vector_place, shortest_place = floats(vector), floats(shortest)
    axes = _axes(places, vector_place)
    origin = places[0]

    def seen(point: Sequence[float]) -> Spot:
        way = [x - o for x, o in zip(point, origin, strict=True)]
        first, second = (_dot(way, axis) if axis else 0.0 for axis in axes)
        return first, second

    spots = [seen(place) for place in places]
    drawing = SetDrawing([*spots, seen(vector_place)], is_in, name)
    return drawing.text(spots, seen(vector_place), seen(shortest_place))


def _axes(vertices: Sequence[Sequence[float]], vector: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return two orthonormal directions: along the set first, towards the vector where there is room."""
    origin = vertices[0]
    found: list[list[float]] = []
    size = max(math.dist(vertex, origin) for vertex in vertices)
    for point in (*sorted(vertices[1:], key=lambda v: -math.dist(v, origin)), vector):
        way = [x - o for x, o in zip(point, origin, strict=True)]
        for axis in found:
            part = _dot(way, axis)
            way = [x - part * a for x, a in zip(way, axis, strict=True)]
        length = math.hypot(*way)
        if length > 1e-9 * size:
            found.append([x / length for x in way])
        if len(found) == 2:
            break
    return found[0], found[1] if len(found) > 1 else []


@final
class SetDrawing:
    """The drawing of a set with a vector in or out of it.

    Parameters
    ----------
    spots : sequence of spots
        All that has to be seen.
    is_in : bool
        Whether the vector is in the set.
    name : str
        What the vector is called.
    """

    def __init__(self, spots: Sequence[Spot], is_in: bool, name: str = "autodiff") -> None:
        self.is_in, self.name = is_in, name
        (self.left, right), (self.low, high) = ((min(c), max(c)) for c in zip(*spots, strict=True))
        wide, tall = right - self.left, high - self.low
        self.height = _HEIGHT if tall > 0 else _FLAT
        self.scale = min((_WIDTH - 2 * _ROOM) / (wide or 1e-300), (_HEIGHT - 2 * _ROOM) / (tall or 1e-300))
        self.right_room = (_WIDTH - wide * self.scale) / 2
        self.above_room = (self.height - tall * self.scale) / 2

    def _axes(self, first: str, second: str) -> str:
        """Return the two axes through 0, with their names at their ends."""
        x, y = (coordinate(entry) for entry in self.at((0.0, 0.0)))
        below = float(y) + (14 if float(y) < self.height - 16 else -6)
        beside, anchor = (float(x) + 6, "start") if float(x) < _WIDTH - 90 else (float(x) - 6, "end")
        return (
            f'<path class="axis" d="M0 {y}H{_WIDTH}M{x} 0V{self.height}"/>'
            + small_text(first, _WIDTH - 4, below, "end")
            + small_text(second, beside, 11, anchor)
        )

    def at(self, spot: Spot) -> Spot:
        """Return where a spot is drawn."""
        x = self.right_room + (spot[0] - self.left) * self.scale
        return x, self.height - self.above_room - (spot[1] - self.low) * self.scale

    def text(
        self,
        vertices: Sequence[Spot],
        vector: Spot,
        shortest: Spot,
        *,
        outline: Sequence[Spot] = (),
        axes: tuple[str, str] | None = None,
    ) -> str:
        """Return the drawing; of a projection its outline, which is dashed, and the names of its axes."""
        drawn = [self.at(spot) for spot in vertices]
        middle = tuple(sum(c) / len(drawn) for c in zip(*drawn, strict=True))
        around = sorted(drawn, key=lambda spot: math.atan2(spot[1] - middle[1], spot[0] - middle[0]))
        around = [self.at(spot) for spot in outline] or around
        points = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in around)
        kind = "hull seen" if outline else "hull"
        body = [self._axes(*axes)] if axes else []
        body.append(f'<polygon class="{kind}" points="{points}"/>')
        places = dict.fromkeys((coordinate(x), coordinate(y)) for x, y in drawn)
        radius = 4 if len(places) <= _MANY_POINTS else 2
        body += [f'<circle class="pt" cx="{x}" cy="{y}" r="{radius}"/>' for x, y in places]
        x, y = self.at(shortest)
        body.append(
            f'<path class="short" d="M{coordinate(x - 6.4)} {coordinate(y)}l6.4 -6.4 6.4 6.4 -6.4 6.4z">'
            "<title>shortest element</title></path>"
        )
        x, y = self.at(vector)
        if self.is_in:
            body.append(f'<circle class="ad" cx="{coordinate(x)}" cy="{coordinate(y)}" r="9"/>')
        else:
            body.append(f'<path class="ad no" d="M{coordinate(x - 7)} {coordinate(y - 7)}l14 14m-14 0l14 -14"/>')
        side, anchor = (14, "start") if x < _WIDTH - 90 else (-14, "end")
        name = "" if self.is_in else ' class="no"'
        place = f'x="{coordinate(x + side)}" y="{coordinate(y - 12)}" text-anchor="{anchor}"'
        body.append(f"<text{name} {place}>{escape(self.name)}</text>")
        whose = "A projection of the Clarke differential" if outline else "The Clarke differential"
        said = f"{whose}; {self.name} is {'in it' if self.is_in else 'not in it'}"
        return (
            f'<svg class="set" viewBox="0 0 {_WIDTH} {self.height}" role="img" aria-label="{said}">\n'
            + "\n".join(body)
            + "\n</svg>"
        )


def floats(vector: Sequence[Scalar]) -> list[float]:
    """Return the entries as floats, each right to the last bits.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> floats((fmpq(1, 4), fmpq(-2)))
    [0.25, -2.0]
    """
    return [float(enclosure(entry, _BITS).mid()) for entry in vector]


def _dot(u: Sequence[float], v: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(u, v, strict=True))
