"""A Clarke differential of many dimensions that is a segment or a polygon, drawn true to length in its own plane.

A segment is drawn in the plane through it and automatic differentiation's vector; a polygon in its own plane, the
vector where it is seen from straight above. What is decided is decided exactly elsewhere: a ring says that the vector
is in the set, a cross that it is not. Only the drawing is in floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.selection import Selection
from symflow.exact.exponential_numbers import Scalar, enclosure
from symflow.pictures.page_map import coordinate

_WIDTH, _HEIGHT, _FLAT, _ROOM = 330, 190, 90, 42
_BITS = 96

# Polygons of more vertices, and products of more factors, are not drawn.
_MOST_VERTICES = 64

Spot = tuple[float, float]


def page_set(differential: ClarkeDifferential, autodiff: Selection) -> str:
    """Return the drawing; empty where the set is a point, has more than two dimensions, or is not known exactly.

    Parameters
    ----------
    differential : ClarkeDifferential
        The set.
    autodiff : Selection
        What automatic differentiation returns, and whether it is in the set.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.differentials.selection import select
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> dR = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), at=(0,))
    >>> text = page_set(dR, select(dR, "autodiff"))
    >>> "autodiff is in it" in text, text.count('class="pt"')
    (True, 2)
    """
    n_vertices = differential.n_vertices
    if not differential.is_exact or differential.dimension not in (1, 2) or not n_vertices:
        return ""
    if n_vertices > _MOST_VERTICES or autodiff.verdict.is_undecided:
        return ""
    vertices = [_floats(vertex) for vertex in differential.vertices]
    vector, shortest = _floats(autodiff.gradient), _floats(differential.minimal_norm_element)
    axes = _axes(vertices, vector)
    origin = vertices[0]

    def seen(point: Sequence[float]) -> Spot:
        way = [x - o for x, o in zip(point, origin, strict=True)]
        first, second = (_dot(way, axis) if axis else 0.0 for axis in axes)
        return first, second

    spots = [seen(vertex) for vertex in vertices]
    return _Drawing([*spots, seen(vector)], autodiff.verdict.is_proved).text(spots, seen(vector), seen(shortest))


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


class _Drawing:
    """Scales spots to the drawing."""

    def __init__(self, spots: Sequence[Spot], is_in: bool) -> None:
        self.is_in = is_in
        (self.left, right), (self.low, high) = ((min(c), max(c)) for c in zip(*spots, strict=True))
        wide, tall = right - self.left, high - self.low
        self.height = _HEIGHT if tall > 0 else _FLAT
        self.scale = min((_WIDTH - 2 * _ROOM) / (wide or 1e-300), (_HEIGHT - 2 * _ROOM) / (tall or 1e-300))
        self.right_room = (_WIDTH - wide * self.scale) / 2
        self.above_room = (self.height - tall * self.scale) / 2

    def at(self, spot: Spot) -> Spot:
        x = self.right_room + (spot[0] - self.left) * self.scale
        return x, self.height - self.above_room - (spot[1] - self.low) * self.scale

    def text(self, vertices: Sequence[Spot], vector: Spot, shortest: Spot) -> str:
        drawn = [self.at(spot) for spot in vertices]
        middle = tuple(sum(c) / len(drawn) for c in zip(*drawn, strict=True))
        around = sorted(drawn, key=lambda spot: math.atan2(spot[1] - middle[1], spot[0] - middle[0]))
        points = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in around)
        body = [f'<polygon class="hull" points="{points}"/>']
        body += [f'<circle class="pt" cx="{coordinate(x)}" cy="{coordinate(y)}" r="4"/>' for x, y in drawn]
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
        body.append(f"<text{name} {place}>autodiff</text>")
        said = (
            "The Clarke differential; autodiff is in it" if self.is_in else "The Clarke differential; autodiff is not"
        )
        return (
            f'<svg class="set" viewBox="0 0 {_WIDTH} {self.height}" role="img" aria-label="{said}">\n'
            + "\n".join(body)
            + "\n</svg>"
        )


def _floats(vector: Sequence[Scalar]) -> list[float]:
    return [float(enclosure(entry, _BITS).mid()) for entry in vector]


def _dot(u: Sequence[float], v: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(u, v, strict=True))
