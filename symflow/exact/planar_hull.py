"""Extreme points in the plane: the monotone chain, with exact turns.

Points in order of the abscissa; the lower boundary keeps turning left, and so does the upper one on the way back
(Andrew 1979). The sign of a turn is that of a 2 × 2 determinant; for points over ℚ(e^q) balls give it where they can.

References
----------
A. M. Andrew, *Another efficient algorithm for convex hulls in two dimensions*, Inf. Proc. Letters 9 (1979), 216–219.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from flint import arb, ctx, fmpq

from symflow.exact.alternatives import StrictSolution
from symflow.exact.exponential_numbers import Scalar, enclosure, sign
from symflow.exact.field_hull import FieldHull
from symflow.exact.linear_program import strict_feasibility
from symflow.exact.point_sets import Point, rational_matrix

_BALL_BITS = 128

_Vector: TypeAlias = Sequence[Scalar]


def planar_hull(
    points: Sequence[Point],
) -> tuple[dict[int, tuple[fmpq, ...]], dict[int, dict[int, Scalar]]]:
    """Return the corners with a functional for each, and the weights of every other point over the corners.

    Parameters
    ----------
    points : sequence of points of two coordinates
        Distinct, at least two.

    Examples
    --------
    >>> corners, weights = planar_hull([(fmpq(x), fmpq(y)) for x, y in ((0, 0), (2, 0), (0, 2), (1, 0))])
    >>> corners, weights
    ({0: (-1, -1), 1: (1, 0), 2: (0, 1)}, {3: {0: 1/2, 1: 1/2}})
    """
    plane = _Plane(points)
    order = sorted(range(len(points)), key=lambda i: tuple(points[i]))
    lower, upper = plane.chain(order), plane.chain(order[::-1])
    polygon = lower[:-1] + upper[:-1]  # counterclockwise; for points on a line, its two ends
    found = {}
    for k, i in enumerate(polygon):
        # A linear function that falls along both edges at a corner of a convex polygon has its only maximum there.
        neighbours = {polygon[k - 1], polygon[(k + 1) % len(polygon)]}
        answer = strict_feasibility([_difference(points[i], points[j]) for j in sorted(neighbours)])
        assert isinstance(answer, StrictSolution)  # the chain has proved the corner
        found[i] = answer.direction
    inner = {i: plane.weights(i, polygon) for i in range(len(points)) if i not in found}
    return dict(sorted(found.items())), inner


class _Plane:
    """Points of the plane, and balls that contain them where they are not rational."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points
        self.balls: list[tuple[arb, arb]] = []
        if rational_matrix(points) is None:
            self.balls = [(enclosure(x, _BALL_BITS), enclosure(y, _BALL_BITS)) for x, y in points]
            self.field = FieldHull(points)

    def chain(self, order: list[int]) -> list[int]:
        """Return the part of the boundary, from the first to the last of the order, that turns left only."""
        chain: list[int] = []
        for i in order:
            while len(chain) > 1 and self.turn(chain[-2], chain[-1], i) <= 0:
                chain.pop()
            chain.append(i)
        return chain

    def turn(self, i: int, j: int, k: int) -> int:
        """Return 1 if the way from i by j to k turns left, −1 if right, 0 if straight."""
        if self.balls:
            (ax, ay), (bx, by), (cx, cy) = self.balls[i], self.balls[j], self.balls[k]
            with ctx.workprec(_BALL_BITS + 16):
                ball = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
            if ball > 0:
                return 1
            if ball < 0:
                return -1
        a, b, c = self.points[i], self.points[j], self.points[k]
        return sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

    def weights(self, i: int, polygon: list[int]) -> dict[int, Scalar]:
        """Return the weights of a point of the polygon over its corners."""
        if self.balls:
            weights = self.field.weights(i, polygon)
            assert weights is not None  # every point lies in the polygon
        elif len(polygon) == 2:
            weights = self._along(i, polygon)
        else:
            weights = self._in_the_fan(i, polygon)
        return dict(sorted((j, weight) for j, weight in weights.items() if weight != 0))

    def _along(self, i: int, ends: list[int]) -> dict[int, Scalar]:
        target, whole = (_difference(self.points[j], self.points[ends[0]]) for j in (i, ends[1]))
        k = 0 if whole[0] != 0 else 1
        share = target[k] / whole[k]
        return {ends[0]: 1 - share, ends[1]: share}

    def _in_the_fan(self, i: int, polygon: list[int]) -> dict[int, Scalar]:
        """Return barycentric coordinates in a triangle of the fan from the first corner."""
        # The last spoke that does not lie left of the point, by bisection.
        low, high = 1, len(polygon) - 1
        while high - low > 1:
            middle = (low + high) // 2
            if self.turn(polygon[0], polygon[middle], i) >= 0:
                low = middle
            else:
                high = middle
        apex = self.points[polygon[0]]
        p, q = _difference(self.points[i], apex)
        (a, b), (c, d) = (_difference(self.points[polygon[k]], apex) for k in (low, high))
        determinant = a * d - b * c
        x, y = (p * d - q * c) / determinant, (a * q - b * p) / determinant
        return {polygon[0]: 1 - x - y, polygon[low]: x, polygon[high]: y}


def _difference(p: _Vector, q: _Vector) -> tuple[Scalar, ...]:
    return tuple(x - y for x, y in zip(p, q, strict=True))
