"""The extreme points of a finite set, each with the functional that proves it, and the others as combinations of them.

A point p_i is extreme in the hull of distinct points exactly if some functional u takes its largest value on the set
at p_i alone. So

- every functional whose maximum over the set is attained once proves one point extreme (a *proof* by n comparisons);
- a point is not extreme if it is a convex combination of the others, and then of extreme ones.

The search is output-sensitive (Clarkson 1994). First functionals are cheap: the coordinates and random integer
directions, whose unique maximisers are extreme. Then for each point that is left: is it in the hull of the extreme points
known so far? If so it is done for good; if not, the functional that separates it is maximal over the *whole* set at some
extreme point not known yet, which is added; and the question is asked again. So a linear program is solved once a point
that is not extreme, and once an extreme point found late, each with no more rows than there are extreme points.
In the plane the monotone chain of Andrew does all of this in order of the abscissa, with exact turns.

References
----------
K. L. Clarkson, *More output-sensitive geometric algorithms*, FOCS 1994, 695–702.
A. M. Andrew, *Another efficient algorithm for convex hulls in two dimensions*, Inf. Proc. Letters 9 (1979), 216–219.

Examples
--------
>>> triangle = [(fmpq(0), fmpq(0)), (fmpq(2), fmpq(0)), (fmpq(0), fmpq(2)), (fmpq(1), fmpq(1))]
>>> extremes = extreme_points(triangle)
>>> extremes.vertices, extremes.functionals[0], extremes.combinations
((0, 1, 2), (-1, -1), {3: {1: 1/2, 2: 1/2}})
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpz_mat

from symflow.exact.exponential_numbers import Scalar, enclosure, sign
from symflow.exact.linear_program import GordanCertificate, StrictSolution, strict_feasibility
from symflow.exact.membership import Member, membership
from symflow.exact.point_sets import Point, essential_coordinates, is_rational
from symflow.exact.simplex import NO_BUDGET, Budget

# Random directions are drawn in rounds of this many until a round finds nothing new.
_DIRECTIONS_A_ROUND = 24
_LARGEST_ENTRY = 9


@dataclass(frozen=True, slots=True)
class Extremes:
    """Which points are extreme, and why.

    Parameters
    ----------
    vertices : tuple of int
        Indices of the extreme points, ascending.
    functionals : dict
        For each vertex a functional u in integers with ⟨u, p_vertex⟩ > ⟨u, p⟩ for every other point p.
    combinations : dict
        For each other point the weights that are not zero of a convex combination of vertices.
    """

    vertices: tuple[int, ...]
    functionals: dict[int, tuple[fmpq, ...]]
    combinations: dict[int, dict[int, Scalar]]


def extreme_points(points: Sequence[Point], *, budget: Budget = NO_BUDGET) -> Extremes:
    """Return the extreme points of a set of distinct points.

    Parameters
    ----------
    points : sequence of points
        Distinct; tuples of ``fmpq`` or :class:`~symflow.exact.exponential_numbers.ExponentialNumber`.
    budget : Budget
        For the exact simplex method, should it be needed.

    Notes
    -----
    The directions are drawn from a fixed seed: the same points, the same answer.

    Examples
    --------
    >>> extreme_points([(fmpq(5),)])
    Extremes(vertices=(0,), functionals={0: (0,)}, combinations={})
    >>> extreme_points([(fmpq(0),), (fmpq(1),), (fmpq(4),)]).combinations
    {1: {0: 3/4, 2: 1/4}}
    """
    if not points:
        return Extremes((), {}, {})
    width = len(points[0])
    chosen = essential_coordinates(points)
    reduced = [tuple(point[k] for k in chosen) for point in points]
    if len(chosen) == 0:
        found, inner = {0: ()}, {}
    elif len(chosen) == 1:
        found, inner = _on_a_line(reduced)
    elif len(chosen) == 2:
        found, inner = _in_the_plane(reduced)
    else:
        found, inner = _in_space(reduced, budget)
    functionals = {}
    for i in sorted(found):
        whole = [fmpq(0)] * width
        for k, entry in zip(chosen, found[i], strict=True):
            whole[k] = entry
        functionals[i] = tuple(whole)
    return Extremes(tuple(functionals), functionals, dict(sorted(inner.items())))


_Found = tuple[dict[int, tuple[fmpq, ...]], dict[int, dict[int, Scalar]]]


def _on_a_line(points: list[tuple[Scalar, ...]]) -> _Found:
    values = [point[0] for point in points]
    low = min(range(len(values)), key=values.__getitem__)
    high = max(range(len(values)), key=values.__getitem__)
    length = values[high] - values[low]
    inner = {
        i: {low: (values[high] - value) / length, high: (value - values[low]) / length}
        for i, value in enumerate(values)
        if i not in (low, high)
    }
    return {low: (fmpq(-1),), high: (fmpq(1),)}, inner


def _in_the_plane(points: list[tuple[Scalar, ...]]) -> _Found:
    order = sorted(range(len(points)), key=points.__getitem__)
    lower, upper = _chain(points, order), _chain(points, order[::-1])
    polygon = lower[:-1] + upper[:-1]  # counterclockwise; for points on a line, its two ends
    found = {}
    for k, i in enumerate(polygon):
        # A linear function that falls along both edges at a corner of a convex polygon has its only maximum there.
        neighbours = {polygon[k - 1], polygon[(k + 1) % len(polygon)]}
        answer = strict_feasibility([_difference(points[i], points[j]) for j in sorted(neighbours)])
        assert isinstance(answer, StrictSolution)  # the chain has proved the corner
        found[i] = answer.direction
    rational = is_rational(points)
    inner = {}
    for i in range(len(points)):
        if i in found:
            continue
        if rational:
            inner[i] = _fan_weights(points, polygon, i)
        else:
            answer_there = membership(points[i], [points[j] for j in polygon], shorten=False)
            assert isinstance(answer_there, Member)
            inner[i] = {polygon[k]: weight for k, weight in answer_there.weights.items()}
    return found, {i: dict(sorted(weights.items())) for i, weights in inner.items()}


def _chain(points: list[tuple[Scalar, ...]], order: list[int]) -> list[int]:
    """Return the part of the boundary, from the first to the last of the order, that turns left only."""
    chain: list[int] = []
    for i in order:
        while len(chain) > 1 and _turn(points[chain[-2]], points[chain[-1]], points[i]) <= 0:
            chain.pop()
        chain.append(i)
    return chain


def _turn(a: Sequence[Scalar], b: Sequence[Scalar], c: Sequence[Scalar]) -> int:
    return sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _difference(p: Sequence[Scalar], q: Sequence[Scalar]) -> tuple[Scalar, ...]:
    return tuple(x - y for x, y in zip(p, q, strict=True))


def _fan_weights(points: list[tuple[Scalar, ...]], polygon: list[int], i: int) -> dict[int, Scalar]:
    """Return barycentric coordinates of point i in a triangle of the fan from the polygon's first corner."""
    apex, target = points[polygon[0]], _difference(points[i], points[polygon[0]])
    if len(polygon) == 2:
        along = _difference(points[polygon[1]], apex)
        k = 0 if along[0] != 0 else 1
        share = target[k] / along[k]
        return {polygon[0]: 1 - share, polygon[1]: share}
    # The last spoke of the fan that does not lie left of the point, by bisection.
    low, high = 1, len(polygon) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if _turn(apex, points[polygon[middle]], points[i]) >= 0:
            low = middle
        else:
            high = middle
    (a, b), (c, d) = (_difference(points[polygon[k]], apex) for k in (low, high))
    determinant = a * d - b * c
    x = (target[0] * d - target[1] * c) / determinant
    y = (a * target[1] - b * target[0]) / determinant
    weights = {polygon[0]: 1 - x - y, polygon[low]: x, polygon[high]: y}
    return {j: weight for j, weight in weights.items() if weight != 0}


def _in_space(points: list[tuple[Scalar, ...]], budget: Budget) -> _Found:
    search = _Maximisers(points)
    found = search.by_cheap_directions()
    inner: dict[int, dict[int, Scalar]] = {}
    for i in range(len(points)):
        while i not in found and i not in inner:
            vertices = sorted(found)
            answer = strict_feasibility([_difference(points[i], points[j]) for j in vertices], budget=budget)
            if isinstance(answer, GordanCertificate):
                total = sum(answer.multipliers.values(), start=fmpq(0))
                inner[i] = {vertices[k]: weight / total for k, weight in answer.multipliers.items()}
            else:
                vertex, functional = search.unique_maximiser([int(x.p) for x in answer.direction])
                found[vertex] = functional
    return found, inner


class _Maximisers:
    """Maxima of integer functionals over a set of points, proved: balls where they tell, exact signs where not."""

    def __init__(self, points: list[tuple[Scalar, ...]]) -> None:
        self.points = points
        self.width = len(points[0])
        self.random = random.Random(20260101)
        self.integers: fmpz_mat | None = None
        if is_rational(points):
            self.integers = fmpq_mat([list(point) for point in points]).numer_denom()[0]
        else:
            with ctx.workprec(128):
                self.balls = arb_mat([[enclosure(x, 112) for x in point] for point in points])

    def by_cheap_directions(self) -> dict[int, tuple[fmpq, ...]]:
        """Return the extreme points that coordinates and random directions find, each with its functional."""
        found: dict[int, tuple[fmpq, ...]] = {}
        unit = [[sgn * int(k == m) for m in range(self.width)] for k in range(self.width) for sgn in (1, -1)]
        self._collect(unit, found)
        while self._collect([self._random_direction() for _ in range(_DIRECTIONS_A_ROUND)], found):
            if len(found) == len(self.points):
                break
        return found

    def unique_maximiser(self, functional: list[int]) -> tuple[int, tuple[fmpq, ...]]:
        """Return a vertex of the face where `functional` is largest, and a functional with its maximum there alone."""
        face = self.faces([functional])[0]
        weight = 16
        while len(face) > 1:
            # For a weight large enough the face of the sum is a face of this face; a random direction cuts it down.
            tilted = [weight * x + y for x, y in zip(functional, self._random_direction(), strict=True)]
            smaller = self.faces([tilted])[0]
            if len(smaller) < len(face) and set(smaller) <= set(face):
                functional, face = tilted, smaller
            weight *= 4
        return face[0], tuple(map(fmpq, functional))

    def faces(self, functionals: list[list[int]]) -> list[list[int]]:
        """Return for each functional the points at which it is largest."""
        transposed = [list(column) for column in zip(*functionals, strict=True)]
        if self.integers is not None:
            columns = (self.integers * fmpz_mat(transposed)).transpose().tolist()
            faces = []
            for values in columns:
                top = max(values)
                faces.append([i for i, value in enumerate(values) if value == top])
            return faces
        with ctx.workprec(128):
            balls = (self.balls * arb_mat(transposed)).transpose().tolist()
            return [self._exact_face(values, u) for values, u in zip(balls, functionals, strict=True)]

    def _exact_face(self, values: list[arb], functional: list[int]) -> list[int]:
        lowest_top = max(value.lower() for value in values)
        candidates = [i for i, value in enumerate(values) if not value < lowest_top]
        face = candidates[:1]
        for i in candidates[1:]:
            difference = _difference(self.points[i], self.points[face[0]])
            comparison = sign(sum((u * x for u, x in zip(functional, difference, strict=True) if u), start=fmpq(0)))
            if comparison > 0:
                face = [i]
            elif comparison == 0:
                face.append(i)
        return face

    def _collect(self, functionals: list[list[int]], found: dict[int, tuple[fmpq, ...]]) -> int:
        """Add the unique maximisers to `found`; return how many are new."""
        before = len(found)
        for functional, face in zip(functionals, self.faces(functionals), strict=True):
            if len(face) == 1 and face[0] not in found:
                found[face[0]] = tuple(map(fmpq, functional))
        return len(found) - before

    def _random_direction(self) -> list[int]:
        return [self.random.randint(-_LARGEST_ENTRY, _LARGEST_ENTRY) for _ in range(self.width)]
