"""A Clarke differential of a function of two variables in its own coordinates, with automatic differentiation's vector.

What is decided is decided exactly elsewhere: a ring says that the vector is in the set, a cross that it is not. Only
the drawing is in floats. Its colours do on white and on black.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.selection import Selection
from symflow.exact.exponential_numbers import Scalar, enclosure
from symflow.pictures.page_map import coordinate

_SIZE, _ROOM, _BITS = 260, 34, 96
_MOST_VERTICES = 64
_HULL, _WRONG = "#7A8CA3", "#D0553B"

Spot = tuple[float, float]


def set_in_plane(differential: ClarkeDifferential, autodiff: Selection) -> str:
    """Return the drawing as SVG; empty where the set is not known exactly, or not in the plane.

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
    >>> dR = clarke_differential(Realization(Network.from_weights([[1, 0], [0, 1]], [[1, 1]])), at=(0, 0))
    >>> text = set_in_plane(dR, select(dR, "autodiff"))
    >>> "autodiff is in it" in text, text.count("<circle")
    (True, 5)
    """
    n_vertices = differential.n_vertices
    if len(differential.function.variables) != 2 or not n_vertices or n_vertices > _MOST_VERTICES:
        return ""
    if autodiff.verdict.is_undecided:
        return ""
    vertices = [_spot(vertex) for vertex in differential.vertices]
    vector, is_in = _spot(autodiff.gradient), autodiff.verdict.is_proved
    frame = _Frame([*vertices, vector, (0.0, 0.0)])
    said = f"The Clarke differential in the plane; autodiff is {'in it' if is_in else 'not'}"
    parts = [*frame.axes(), _hull(frame, vertices)]
    for vertex, exact in zip(vertices, differential.vertices, strict=True):
        x, y = frame.at(vertex)
        title = f"<title>({exact[0]}, {exact[1]})</title>".replace("-", "−")
        parts.append(f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" r="4" fill="{_HULL}">{title}</circle>')
    parts.append(_mark(*frame.at(vector), is_in))
    body = "\n".join(parts)
    return (
        f'<svg width="{_SIZE}" height="{_SIZE}" viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{said}" '
        f'font-family="sans-serif" font-size="13">\n{body}\n</svg>'
    )


class _Frame:
    """Scales the plane to the drawing, one unit alike in both directions."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        (self.left, right), (self.low, high) = ((min(c), max(c)) for c in zip(*spots, strict=True))
        self.wide, self.tall = right - self.left, high - self.low
        self.scale = (_SIZE - 2 * _ROOM) / (max(self.wide, self.tall) or 1.0)

    def at(self, spot: Spot) -> Spot:
        x = (_SIZE - self.wide * self.scale) / 2 + (spot[0] - self.left) * self.scale
        return x, (_SIZE + self.tall * self.scale) / 2 - (spot[1] - self.low) * self.scale

    def axes(self) -> list[str]:
        """Return the lines through 0, named."""
        x, y = (coordinate(entry) for entry in self.at((0.0, 0.0)))
        line = 'stroke="currentColor" stroke-opacity=".45"'
        name = 'fill="currentColor" fill-opacity=".75"'
        return [
            f'<path d="M6 {y}H{_SIZE - 6}M{x} 6V{_SIZE - 6}" fill="none" {line}/>',
            f'<text x="{_SIZE - 6}" y="{y}" dy="-5" text-anchor="end" {name}>s₁</text>',
            f'<text x="{x}" y="14" dx="5" {name}>s₂</text>',
        ]


def _hull(frame: _Frame, vertices: Sequence[Spot]) -> str:
    drawn = [frame.at(vertex) for vertex in vertices]
    middle = tuple(sum(c) / len(drawn) for c in zip(*drawn, strict=True))
    around = sorted(drawn, key=lambda spot: math.atan2(spot[1] - middle[1], spot[0] - middle[0]))
    points = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in around)
    return f'<polygon points="{points}" fill="{_HULL}" fill-opacity=".35" stroke="{_HULL}" stroke-width="2"/>'


def _mark(x: float, y: float, is_in: bool) -> str:
    if is_in:
        colour = "currentColor"
        shape = f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" r="9" fill="none" stroke="{colour}" '
    else:
        colour = _WRONG
        shape = f'<path d="M{coordinate(x - 7)} {coordinate(y - 7)}l14 14m-14 0l14 -14" fill="none" stroke="{colour}" '
    side, anchor = (13, "start") if x < _SIZE - 80 else (-13, "end")
    place = f'x="{coordinate(x + side)}" y="{coordinate(y + 17)}" text-anchor="{anchor}"'
    return f'{shape}stroke-width="2.2"/>\n<text {place} fill="{colour}">autodiff</text>'


def _spot(vector: Sequence[Scalar]) -> Spot:
    first, second = (float(enclosure(entry, _BITS).mid()) for entry in vector)
    return first, second
