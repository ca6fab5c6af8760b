"""Where a label stands: in its cell, with room around it, or nowhere.

A box of given width and height lies in a convex polygon if its centre lies in the polygon whose sides are moved inwards
by the box's extent across them. So the places that are allowed are a convex polygon too, got by a few cuts. Cells do
not overlap; so neither do the labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

# Points in the units of the drawing, y upwards.
Spot = tuple[float, float]


def place(
    polygon: Sequence[Spot], width: float, height: float, *, avoiding: Sequence[Spot] = (), distance: float = 0
) -> Spot | None:
    """Return the centre of a box that lies in a polygon, or None where none fits.

    Parameters
    ----------
    polygon : sequence of points
        Convex, counterclockwise.
    width, height : float
        The size of the box.
    avoiding : sequence of points
        The box contains none of them.
    distance : float
        How far from the box they are at least, to the sides or upwards.

    Examples
    --------
    >>> triangle = ((0, 0), (6, 0), (0, 6))
    >>> place(triangle, 1, 1)
    (2.0, 2.0)
    >>> place(triangle, 5, 2) is None
    True
    """
    middle = _centroid(polygon)
    allowed = list(polygon)
    for (px, py), (qx, qy) in pairwise([*polygon, polygon[0]]):
        a, b = py - qy, qx - px  # normal to the side, inwards
        least = a * px + b * py + (abs(a) * width + abs(b) * height) / 2
        allowed = _cut(allowed, a, b, least)
        if not allowed:
            return None
    inside = all(
        (qx - px) * (middle[1] - py) >= (qy - py) * (middle[0] - px)
        for (px, py), (qx, qy) in pairwise([*allowed, allowed[0]])
    )
    best = _centroid(allowed)
    for x, y in ([middle] if inside else []) + [best]:
        near = (abs(x - u) < width / 2 + distance and abs(y - v) < height / 2 + distance for u, v in avoiding)
        if not any(near):
            return x, y
    return None


def _cut(polygon: list[Spot], a: float, b: float, least: float) -> list[Spot]:
    """Return the part of a polygon where a x + b y >= least."""
    values = [a * x + b * y - least for x, y in polygon]
    kept: list[Spot] = []
    for i, (spot, value) in enumerate(zip(polygon, values, strict=True)):
        after, value_after = polygon[(i + 1) % len(polygon)], values[(i + 1) % len(polygon)]
        if value >= 0:
            kept.append(spot)
        if (value > 0 > value_after) or (value < 0 < value_after):
            t = value / (value - value_after)
            kept.append((spot[0] + t * (after[0] - spot[0]), spot[1] + t * (after[1] - spot[1])))
    return kept


def _centroid(polygon: Sequence[Spot]) -> Spot:
    """Return the centroid; that of the corners where the area is next to nothing."""
    x0, y0 = polygon[0]
    area = x = y = 0.0
    for (px, py), (qx, qy) in pairwise([*polygon, polygon[0]]):
        wedge = (px - x0) * (qy - y0) - (py - y0) * (qx - x0)
        area += wedge
        x += wedge * (px - x0 + qx - x0)
        y += wedge * (py - y0 + qy - y0)
    if area <= 1e-9:
        return sum(p[0] for p in polygon) / len(polygon), sum(p[1] for p in polygon) / len(polygon)
    return x0 + x / (3 * area), y0 + y / (3 * area)
