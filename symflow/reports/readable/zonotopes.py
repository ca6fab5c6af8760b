"""Sums of segments: b + Σ θ_k g_k, 0 ≤ θ_k ≤ 1.

The block of a neuron j of the one hidden layer is such a sum, with g_k = c_k v_j (a₊ − a₋) x_k over the data on its
kink, if and only if span{x_k : c_k v_j > 0} and span{x_k : c_k v_j < 0} meet in 0 only (Theorem 4, one neuron at a
time). That is how a lecturer writes the block, for many data much shorter than its vertices. A plane polygon with a
centre of symmetry is one as well, seen from its vertices.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from symflow.activations.base import AbstractUnitActivation
from symflow.differentials.factor import Factor
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.linear_algebra import span_intersection
from symflow.exact.point_sets import essential_coordinates
from symflow.exact.rationals import fmpq
from symflow.nets.network import Vector
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.reports.readable.shapes import minus, parallelotope, plus

ZERO = fmpq(0)


def as_span(
    function: AbstractPatternedFunction, factor: Factor, vertices: Sequence[Point], dimension: int
) -> tuple[Point, tuple[Point, ...]] | None:
    """Return (base, generators) of a factor that is base + Σ [0, 1] g_i, or None where none is known.

    The base is the first vertex where the generators are independent.
    """
    if dimension == 0:
        return vertices[0], ()
    found = parallelotope(vertices, dimension) or centrally_symmetric_polygon(vertices, dimension)
    if found is not None or dimension < 3 or factor.neuron is None:
        return found
    return neuron_zonotope(function, factor)


def neuron_zonotope(function: AbstractPatternedFunction, factor: Factor) -> tuple[Point, tuple[Point, ...]] | None:
    """Return (base, generators) of the block of a neuron, or None where Theorem 4 does not give them.

    Parallel generators are added up; each points to the side where its first nonzero entry is positive.
    """
    shape = function.network.architecture
    assert factor.neuron is not None
    activation, neuron = shape.activation(1), factor.neuron - 1
    if not isinstance(activation, AbstractUnitActivation) or activation.is_smooth:
        return None
    outer = function.network.weights[1][function.output][neuron]
    left, right = activation.coefficients
    positive: list[Vector] = []
    negative: list[Vector] = []
    generators: list[Point] = []
    base: list[Scalar] = [ZERO] * len(factor.places)
    for datum, c in enumerate(function.coefficients):
        x = function.inputs[datum]
        row = (*x, fmpq(1)) if shape.has_biases else x
        weight = c * outer
        value = function.preactivations[datum][0][neuron]
        if weight == 0 or all(entry == 0 for entry in row):
            continue
        slope = left if value <= 0 else right
        base = [b + weight * slope * entry for b, entry in zip(base, row, strict=True)]
        if value == 0:
            # The order of the slopes matters too: abs and relu rise, leaky_relu with a slope above 1 falls.
            (positive if sign(weight) > 0 else negative).append(row)
            generators.append(tuple(weight * (right - left) * entry for entry in row))
    if positive and negative and span_intersection(positive, negative) is not None:
        return None
    return _oriented(tuple(base), generators)


def centrally_symmetric_polygon(vertices: Sequence[Point], dimension: int) -> tuple[Point, tuple[Point, ...]] | None:
    """Return (base, generators) of a polygon that is symmetric about its centre, or None.

    Examples
    --------
    >>> hexagon = [(fmpq(a), fmpq(b)) for a, b in ((0, 0), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2))]
    >>> centrally_symmetric_polygon(hexagon, 2)
    ((0, 0), ((1, 0), (1, 1), (0, 1)))
    """
    if dimension != 2 or len(vertices) % 2:
        return None
    plane = _two_coordinates(vertices)
    around = _counterclockwise([(vertex[plane[0]], vertex[plane[1]]) for vertex in vertices])
    half = len(around) // 2
    edges = [minus(vertices[b], vertices[a]) for a, b in zip(around, (*around[1:], around[0]), strict=True)]
    if any(any(x != ZERO for x in plus(edges[i], edges[i + half])) for i in range(half)):
        return None
    return vertices[around[0]], tuple(edges[:half])


def _two_coordinates(vertices: Sequence[Point]) -> tuple[int, int]:
    """Return two coordinates in which a polygon is seen without loss: its projection to them is no segment."""
    a, b = minus(vertices[1], vertices[0]), minus(vertices[2], vertices[0])  # three corners are not on a line
    return next(
        (i, j) for i, j in itertools.combinations(essential_coordinates(vertices), 2) if a[i] * b[j] != a[j] * b[i]
    )


def _counterclockwise(points: Sequence[tuple[Scalar, Scalar]]) -> list[int]:
    """Return the indices of the corners of a convex polygon in order, from the lexicographically first."""
    order = sorted(range(len(points)), key=lambda i: points[i])
    first, last = points[order[0]], points[order[-1]]

    def is_below(i: int) -> bool:
        across = (last[0] - first[0]) * (points[i][1] - first[1]) - (last[1] - first[1]) * (points[i][0] - first[0])
        return sign(across) < 0

    middle = order[1:-1]
    lower = [i for i in middle if is_below(i)]
    upper = [i for i in middle if not is_below(i)]
    return [order[0], *lower, order[-1], *reversed(upper)]


def _oriented(base: Point, generators: Sequence[Point]) -> tuple[Point, tuple[Point, ...]]:
    """Add up parallel generators, and let each have a positive first entry, moving the base."""
    kept: list[Point] = []
    for generator in generators:
        lead = next(entry for entry in generator if entry != 0)
        if sign(lead) < 0:
            base = plus(base, generator)
            generator = tuple(-entry for entry in generator)
        for i, other in enumerate(kept):
            if _are_parallel(other, generator):
                kept[i] = plus(other, generator)
                break
        else:
            kept.append(generator)
    return base, tuple(kept)


def _are_parallel(a: Point, b: Point) -> bool:
    k = next(i for i, entry in enumerate(a) if entry != 0)
    return all(x * b[k] == y * a[k] for x, y in zip(a, b, strict=True))
