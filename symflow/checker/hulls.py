"""Polytopes given by their points: extreme points, dimension, the shortest element, each with its witness.

The gradients are scaled by one positive number, the common denominator of the frozen coefficients, so
that all coordinates are rational or exponential sums; this changes neither the combinatorics nor the
sign of anything.

- v is an extreme point of the hull of finitely many points if a functional u has ⟨u, v⟩ > ⟨u, g⟩ for all others.
- A point is superfluous if it is a convex combination of the extreme points.
- x = Σ λᵢ vᵢ, convex, is the shortest element if and only if ⟨x, v⟩ ≥ ⟨x, x⟩ for every extreme point v.
- The dimension is the rank of the differences of the extreme points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from symflow.checker.exponential_sums import (
    ExponentialSum,
    Number,
    cleared,
    common_denominator,
    dot,
    rank,
    sign,
)
from symflow.checker.expressions import Quotient, over_common_denominator, scalars
from symflow.checker.reading import Refused, Report, items, take

Vector: TypeAlias = tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Polytope:
    """A hull that was checked, its points multiplied by the positive number `scale`.

    Parameters
    ----------
    vertices : tuple of vectors
        The extreme points, ascending as tuples.
    dimension : int
    shortest : tuple of Quotient, or None
        The element of minimal norm, not scaled; None where its witness was refused.
    scale : Number
    """

    vertices: tuple[Vector, ...]
    dimension: int
    shortest: tuple[Quotient, ...] | None
    scale: Number


def check_polytope(
    report: Report, tree: dict[str, object], points: Sequence[Vector], scale: Number, prefix: str = ""
) -> Polytope | None:
    """Return the hull of distinct points if a result's ``vertices`` are its extreme points, as ``hull`` shows.

    With a prefix the keys are ``inner_vertices`` and ``inner_hull``, or the outer ones.

    Examples
    --------
    >>> report = Report()
    >>> hull = {"functionals": [["-1"], ["1"]], "inner": [], "minimal_norm_weights": ["1", "0"]}
    >>> check_polytope(report, {"vertices": [["0"], ["1"]], "hull": hull}, [(0,), (1,)], 1).dimension
    1
    >>> report.rejected
    []
    """
    found: tuple[Vector, ...] = ()
    shortest = None
    hull: dict[str, object] = {}
    with report.checking(""):
        hull = take(tree, prefix + "hull", dict)
        found = _located(points, scale, items(tree, prefix + "vertices"), prefix + "vertices")
    if not found:
        return None
    with report.checking(prefix + "hull"):
        known = ("functionals", "inner", "minimal_norm_weights")
        report.skip_unknown(hull, known if prefix == "outer_" else (*known, "autodiff_weights"))
        with report.checking(""):
            _check_extreme(report, points, found, hull)
        with report.checking(""):
            _check_inner(report, points, scale, found, hull)
        shortest = _shortest(found, scale, take(hull, "minimal_norm_weights", list))
        report.n_certificates += 1
    first = found[0]
    moving = [i for i in range(len(first)) if any(v[i] != first[i] for v in found)]
    dimension = rank([[v[i] - first[i] for i in moving] for v in found[1:]])
    return Polytope(found, dimension, shortest, scale)


def point_polytope(point: Vector, scale: Number) -> Polytope:
    """Return the polytope with one point.

    Examples
    --------
    >>> point_polytope((2,), 4).shortest
    (Quotient(numerator=2, denominator=4),)
    """
    return Polytope((point,), 0, tuple(Quotient(entry, scale) for entry in point), scale)


def check_weights(vertices: Sequence[Vector], target: Sequence[Number], weights: object) -> None:
    """Refuse unless the weights are convex and combine the vertices to `target`.

    Examples
    --------
    >>> check_weights([(0,), (2,)], (1,), ["1/2", "1/2"])
    """
    numerators, denominator = convex_weights(weights, len(vertices))
    for coordinate, wanted in enumerate(target):
        combined = dot(numerators, [vertex[coordinate] for vertex in vertices])
        if combined != wanted * denominator:
            raise Refused("the weights do not give the point")


def convex_weights(weights: object, length: int) -> tuple[list[Number], Number]:
    """Return numerators ≥ 0 and their sum, the common denominator.

    Examples
    --------
    >>> convex_weights(["-1", "2"], 2)
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: a negative weight
    """
    numerators, denominator = over_common_denominator(scalars(weights, length))
    if any(sign(numerator) < 0 for numerator in numerators):
        raise Refused("a negative weight")
    if dot(numerators, [1] * length) != denominator:
        raise Refused("the weights do not sum to 1")
    return numerators, denominator


def is_equal(spelled: Sequence[Quotient], vector: Sequence[Number], scale: Number) -> bool:
    """Return whether numbers, as a file spells them, are a vector over `scale`.

    Examples
    --------
    >>> is_equal([Quotient(1, 2)], (3,), 6)
    True
    """
    return all(
        quotient.numerator * scale == entry * quotient.denominator
        for quotient, entry in zip(spelled, vector, strict=True)
    )


def _located(points: Sequence[Vector], scale: Number, vertices: list[object], key: str) -> tuple[Vector, ...]:
    """Return the vertices as points of the list; they ascend, hence are distinct."""
    known = set(points)
    found: list[Vector] = []
    for i, entry in enumerate(vertices):
        place = f"{key}[{i}]"
        point = _point(points, scale, scalars(entry, len(points[0]), place))
        if point not in known:
            raise Refused("this is none of the limiting gradients", place)
        if found and not is_before(found[-1], point):
            raise Refused("the vertices do not ascend", place)
        found.append(point)
    if not found:
        raise Refused("a hull has at least one vertex", key)
    return tuple(found)


def _point(points: Sequence[Vector], scale: Number, spelled: Sequence[Quotient]) -> Vector:
    scaled: list[Number] = []
    for quotient in spelled:
        if isinstance(quotient.denominator, ExponentialSum):
            return next((point for point in points if is_equal(spelled, point, scale)), ())
        scaled.append(quotient.numerator * scale * Fraction(1, quotient.denominator))
    return tuple(scaled)


def is_before(a: Sequence[Number], b: Sequence[Number]) -> bool:
    """Return whether `a` comes strictly before `b`, as tuples by value.

    Examples
    --------
    >>> is_before((0, 1), (0, 2)), is_before((0, 1), (0, 1))
    (True, False)
    """
    differing = next(((x, y) for x, y in zip(a, b, strict=True) if x != y), None)
    return differing is not None and sign(differing[1] - differing[0]) > 0


def _check_extreme(report: Report, points: Sequence[Vector], vertices: Sequence[Vector], hull: object) -> None:
    """Check one functional for each vertex: strictly larger there than at every other point."""
    functionals = items(hull, "functionals", len(vertices))
    # Coordinates in which all points agree add the same to both sides.
    moving = [i for i, entry in enumerate(points[0]) if any(point[i] != entry for point in points)]
    denominator = common_denominator(points)
    reduced = {point: [cleared(point[i], denominator) for i in moving] for point in points}
    for place, (vertex, functional) in enumerate(zip(vertices, functionals, strict=True)):
        with report.checking(f"functionals[{place}]"):
            u, _ = over_common_denominator(scalars(functional, len(vertex)))
            common = common_denominator([u])
            u = [cleared(u[i], common) for i in moving]
            largest = dot(u, reduced[vertex])
            for point, coordinates in reduced.items():
                if point != vertex and sign(largest - dot(u, coordinates)) <= 0:
                    raise Refused("the functional is not largest at its vertex alone")
            report.n_certificates += 1


def _check_inner(
    report: Report, points: Sequence[Vector], scale: Number, vertices: Sequence[Vector], hull: object
) -> None:
    """Check that every point which is no vertex is a convex combination of them."""
    left = set(points) - set(vertices)
    for i, entry in enumerate(items(hull, "inner")):
        with report.checking(f"inner[{i}]"):
            spelled = scalars(take(entry, "gradient", list), len(vertices[0]), "gradient")
            point = _point(points, scale, spelled)
            if point not in left:
                raise Refused("this is no further limiting gradient", "gradient")
            left.remove(point)
            check_weights(vertices, point, take(entry, "weights", list))
            report.n_certificates += 1
    if left:
        raise Refused(f"{len(left)} limiting gradients are neither vertices nor combinations of them")


def _shortest(vertices: Sequence[Vector], scale: Number, weights: object) -> tuple[Quotient, ...]:
    """Return x = Σ λ v, after ⟨x, v⟩ ≥ ⟨x, x⟩ for every vertex v."""
    numerators, denominator = convex_weights(weights, len(vertices))
    x = [dot(numerators, [vertex[i] for vertex in vertices]) for i in range(len(vertices[0]))]
    squared = dot(x, x)
    for vertex in vertices:
        if sign(dot(x, vertex) * denominator - squared) < 0:
            raise Refused("a vertex lies on the near side of the shortest element", "minimal_norm_weights")
    return tuple(Quotient(entry, denominator * scale) for entry in x)
