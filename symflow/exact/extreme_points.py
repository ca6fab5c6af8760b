"""The extreme points of a finite set, each with the functional that proves it, and the others as combinations of them.

A point p_i is extreme in the hull of distinct points exactly if some functional u takes its largest value on the set
at p_i alone. So

- every functional whose maximum over the set is attained once proves one point extreme (a *proof* by n comparisons);
- a point is not extreme if it is a convex combination of the others, and then of extreme ones.

The search is output-sensitive (Clarkson 1994). First functionals are cheap: the coordinates and random integer
directions, whose unique maximisers are extreme. Then for each point that is left: is it in the hull of the extreme
points known so far? If so it is done for good; if not, the functional that separates it is maximal over the *whole* set
at some extreme point not known yet, which is added; and the question is asked again. So a linear program is solved once
for each extreme point found late and at most once for each point that is not extreme, with no more rows than extreme
points; the points that lie in the same simplex of extreme points are found together, by one linear system.
The plane has a method of its own (:mod:`symflow.exact.planar_hull`).

References
----------
K. L. Clarkson, *More output-sensitive geometric algorithms*, FOCS 1994, 695–702.

Examples
--------
>>> triangle = [(fmpq(0), fmpq(0)), (fmpq(2), fmpq(0)), (fmpq(0), fmpq(2)), (fmpq(1), fmpq(1))]
>>> extremes = extreme_points(triangle)
>>> extremes.vertices, extremes.functionals[0], extremes.combinations
((0, 1, 2), (-1, -1), {3: {1: 1/2, 2: 1/2}})
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, fmpq_mat, fmpz_mat

from symflow.exact.alternatives import GordanCertificate
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.field_hull import FieldHull
from symflow.exact.linear_program import strict_feasibility
from symflow.exact.maximisers import Maximisers
from symflow.exact.planar_hull import planar_hull
from symflow.exact.point_sets import Point, essential_coordinates, rational_matrix
from symflow.exact.simplex import NO_BUDGET, Budget


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

    Raises
    ------
    ValueError
        If two points are equal.

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
    if not _are_distinct(points):
        raise ValueError("two of the points are equal; give each of them once")
    width = len(points[0])
    chosen = essential_coordinates(points)
    reduced = [tuple(point[k] for k in chosen) for point in points]
    found: dict[int, tuple[fmpq, ...]] = {0: ()}
    inner: dict[int, dict[int, Scalar]] = {}
    if len(chosen) == 1:
        found, inner = _on_a_line(reduced)
    elif len(chosen) == 2:
        found, inner = planar_hull(reduced)
    elif len(chosen) > 2:
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


def _in_space(points: list[tuple[Scalar, ...]], budget: Budget) -> _Found:
    search = Maximisers(points)
    found = search.by_cheap_directions()
    inner: dict[int, dict[int, Scalar]] = {}
    field = FieldHull(points) if search.integers is None else None
    for i in range(len(points)):
        while i not in found and i not in inner:
            vertices = sorted(found)
            if field is not None:
                direction = field.direction(i, vertices)
                weights = field.weights(i, vertices, budget=budget) if direction is None else None
                if direction is not None:
                    vertex, functional = search.unique_maximiser([int(x.p) for x in direction])
                    found[vertex] = functional
                    continue
                if weights is not None:
                    inner[i] = weights
                    continue
            answer = strict_feasibility([_difference(points[i], points[j]) for j in vertices], budget=budget)
            if isinstance(answer, GordanCertificate):
                total = sum(answer.multipliers.values(), start=fmpq(0))
                inner[i] = {vertices[k]: weight / total for k, weight in answer.multipliers.items()}
                if search.integers is not None and len(inner[i]) == len(points[i]) + 1:
                    rest = [k for k in range(i + 1, len(points)) if k not in found and k not in inner]
                    inner.update(_others_in_simplex(search.integers, sorted(inner[i]), rest))
            else:
                # Larger at p_i than at every vertex known, so largest at one that is not.
                vertex, functional = search.unique_maximiser([int(x.p) for x in answer.direction])
                found[vertex] = functional
    return found, inner


def _others_in_simplex(points: fmpz_mat, corners: list[int], rest: list[int]) -> dict[int, dict[int, Scalar]]:
    """Return the weights of those points of `rest` that lie in the simplex of these corners: one linear system."""
    if not rest:
        return {}
    width = points.ncols()
    simplex = fmpq_mat([[points[j, k] for j in corners] for k in range(width)] + [[1] * len(corners)])
    others = fmpq_mat([[points[j, k] for j in rest] for k in range(width)] + [[1] * len(rest)])
    try:
        weights = simplex.solve(others).transpose().tolist()
    except ZeroDivisionError:  # the corners lie in a hyperplane
        return {}
    return {
        j: {corner: x for corner, x in zip(corners, row, strict=True) if x != 0}
        for j, row in zip(rest, weights, strict=True)
        if min(row) >= 0
    }


def _difference(p: Sequence[Scalar], q: Sequence[Scalar]) -> tuple[Scalar, ...]:
    return tuple(x - y for x, y in zip(p, q, strict=True))


def _are_distinct(points: Sequence[Point]) -> bool:
    matrix = rational_matrix(points)
    if matrix is None:
        return len(set(map(tuple, points))) == len(points)
    integers = matrix.numer_denom()[0]  # hashing integers is cheap, hashing fmpq is not
    return len({tuple(row) for row in integers.tolist()}) == len(points)
