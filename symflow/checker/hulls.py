"""Polytopes given by their points: extreme points, dimension, the shortest element, each with its witness.

- v is an extreme point of the hull of finitely many points if a functional u has ⟨u, v⟩ > ⟨u, g⟩ for all others.
- A point is superfluous if it is a convex combination of the extreme points.
- x = Σ λᵢ vᵢ, convex, is the shortest element if and only if ⟨x, v⟩ ≥ ⟨x, x⟩ for every extreme point v. Then
  ⟨x, v⟩ = ⟨x, x⟩ wherever λᵢ > 0; so it is the same that ⟨x, v⟩ ≥ ⟨x, w⟩ for all v, and all w with positive weight.
- The dimension is the rank of the differences of the extreme points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from symflow.checker.exponential_fractions import Number, mark, sign
from symflow.checker.expressions import scalars
from symflow.checker.linear_algebra import cleared, common_denominator, dot, rank
from symflow.checker.reading import Refused, Report, TooLarge, items, take

Vector: TypeAlias = tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Polytope:
    """A hull that was checked.

    Parameters
    ----------
    vertices : tuple of vectors
        The extreme points, ascending as tuples.
    dimension : int
    shortest : vector, or None
        The element of minimal norm; None where its witness was not accepted.
    """

    vertices: tuple[Vector, ...]
    dimension: int
    shortest: Vector | None


def check_polytope(
    report: Report, tree: dict[str, object], points: Sequence[Vector], prefix: str = ""
) -> Polytope | None:
    """Return the hull of distinct points if a result's ``vertices`` are its extreme points, as ``hull`` shows.

    With a prefix the keys are ``inner_vertices`` and ``inner_hull``, or the outer ones.

    Examples
    --------
    >>> report = Report()
    >>> hull = {"functionals": [["-1"], ["1"]], "inner": [], "minimal_norm_weights": ["1", "0"]}
    >>> check_polytope(report, {"vertices": [["0"], ["1"]], "hull": hull}, [(0,), (1,)]).dimension
    1
    >>> report.rejected
    []
    """
    places: list[int] = []
    shortest = None
    hull: dict[str, object] = {}
    with report.checking(""):
        hull = take(tree, prefix + "hull", dict)
        known_points = Points(points)
        places = _located(known_points, items(tree, prefix + "vertices"), prefix + "vertices")
    if not places:
        return None
    found = tuple(known_points.vectors[place] for place in places)
    with report.checking(prefix + "hull"):
        known = ("functionals", "inner", "minimal_norm_weights")
        report.skip_unknown(hull, known if prefix == "outer_" else (*known, "autodiff_weights"))
        with report.checking(""):
            _check_extreme(report, points, places, hull)
        with report.checking(""):
            _check_inner(report, known_points, places, hull)
        shortest = _shortest(found, take(hull, "minimal_norm_weights", list))
        report.n_certificates += 1
    first = found[0]
    moving = [i for i in range(len(first)) if any(v[i] != first[i] for v in found)]
    dimension = rank([[v[i] - first[i] for i in moving] for v in found[1:]])
    return Polytope(found, dimension, shortest)


def point_polytope(point: Vector) -> Polytope:
    """Return the polytope with one point.

    Examples
    --------
    >>> point_polytope((2,)).shortest
    (2,)
    """
    return Polytope((point,), 0, point)


def check_weights(vertices: Sequence[Vector], target: Sequence[Number], weights: object) -> None:
    """Refuse unless the weights are convex and combine the vertices to `target`.

    Examples
    --------
    >>> check_weights([(0,), (2,)], (1,), ["1/2", "1/2"])
    """
    given = convex_weights(weights, len(vertices))
    for coordinate, wanted in enumerate(target):
        if dot(given, [vertex[coordinate] for vertex in vertices]) != wanted:
            raise Refused("the weights do not give the point")


def convex_weights(weights: object, length: int) -> list[Number]:
    """Return numbers ≥ 0 with sum 1.

    Examples
    --------
    >>> convex_weights(["-1", "2"], 2)
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: a negative weight
    """
    given = scalars(weights, length)
    if any(sign(weight) < 0 for weight in given):
        raise Refused("a negative weight")
    if dot(given, [1] * length) != 1:
        raise Refused("the weights do not sum to 1")
    return given


def is_equal(u: Sequence[Number], v: Sequence[Number]) -> bool:
    """Return whether two vectors are the same.

    Examples
    --------
    >>> is_equal([1, 2], (1, 2))
    True
    """
    return all(a == b for a, b in zip(u, v, strict=True))


def distinct(vectors: Iterable[Vector]) -> list[Vector]:
    """Return the vectors without repetition.

    Examples
    --------
    >>> distinct([(1, 2), (0, 0), (1, 2)])
    [(1, 2), (0, 0)]
    """
    return Points(vectors).vectors


@final
class Points:
    """Distinct vectors, found by the marks of their coordinates: equal numbers have equal marks."""

    def __init__(self, vectors: Iterable[Vector]) -> None:
        self.vectors: list[Vector] = []
        self._places: dict[tuple[int, ...], list[int]] = {}
        for vector in vectors:
            if self.place(vector) is None:
                self._places.setdefault(_key(vector), []).append(len(self.vectors))
                self.vectors.append(vector)

    def place(self, vector: Sequence[Number]) -> int | None:
        """Return the place of a vector."""
        known = self._places.get(_key(vector), ())
        return next((i for i in known if is_equal(self.vectors[i], vector)), None)


def _key(vector: Sequence[Number]) -> tuple[int, ...]:
    marks = tuple(found for found in map(mark, vector) if found is not None)
    if len(marks) < len(vector):
        raise TooLarge("denominators that the checker cannot tell apart")
    return marks


def _located(points: Points, vertices: list[object], key: str) -> list[int]:
    """Return the places of the vertices among the points; they ascend, hence are distinct."""
    found: list[int] = []
    for i, entry in enumerate(vertices):
        label = f"{key}[{i}]"
        place = points.place(scalars(entry, len(points.vectors[0]), label))
        if place is None:
            raise Refused("this is none of the limiting gradients", label)
        if found and not is_before(points.vectors[found[-1]], points.vectors[place]):
            raise Refused("the vertices do not ascend", label)
        found.append(place)
    if not found:
        raise Refused("a hull has at least one vertex", key)
    return found


def is_before(a: Sequence[Number], b: Sequence[Number]) -> bool:
    """Return whether `a` comes strictly before `b`, as tuples by value.

    Examples
    --------
    >>> is_before((0, 1), (0, 2)), is_before((0, 1), (0, 1))
    (True, False)
    """
    differing = next(((x, y) for x, y in zip(a, b, strict=True) if x != y), None)
    return differing is not None and sign(differing[1] - differing[0]) > 0


def _check_extreme(report: Report, points: Sequence[Vector], vertices: Sequence[int], hull: object) -> None:
    """Check one functional for each vertex: strictly larger there than at every other point."""
    functionals = items(hull, "functionals", len(vertices))
    # Coordinates in which all points agree add the same to both sides.
    moving = [i for i, entry in enumerate(points[0]) if any(point[i] != entry for point in points)]
    denominator = common_denominator([point[i] for i in moving] for point in points)
    reduced = [[cleared(point[i], denominator) for i in moving] for point in points]
    for i, (vertex, functional) in enumerate(zip(vertices, functionals, strict=True)):
        with report.checking(f"functionals[{i}]"):
            u = scalars(functional, len(points[0]))
            common = common_denominator([u])
            u = [cleared(u[i], common) for i in moving]
            largest = dot(u, reduced[vertex])
            for place, coordinates in enumerate(reduced):
                if place != vertex and sign(largest - dot(u, coordinates)) <= 0:
                    raise Refused("the functional is not largest at its vertex alone")
            report.n_certificates += 1


def _check_inner(report: Report, points: Points, places: Sequence[int], hull: object) -> None:
    """Check that every point which is no vertex is a convex combination of them."""
    vertices = [points.vectors[place] for place in places]
    left = set(range(len(points.vectors))) - set(places)
    entries = items(hull, "inner")
    n_read = 0
    for i, entry in enumerate(entries):
        with report.checking(f"inner[{i}]"):
            place = points.place(scalars(take(entry, "gradient", list), len(vertices[0]), "gradient"))
            n_read += 1
            if place is None or place not in left:
                raise Refused("this is no further limiting gradient", "gradient")
            left.remove(place)
            check_weights(vertices, points.vectors[place], take(entry, "weights", list))
            report.n_certificates += 1
    if left and n_read == len(entries):
        raise Refused(f"{len(left)} limiting gradients are neither vertices nor combinations of them")


def _shortest(vertices: Sequence[Vector], weights: object) -> Vector:
    """Return x = Σ λ v, after ⟨x, v⟩ ≥ ⟨x, w⟩ for all vertices v, and w of positive weight."""
    given = convex_weights(weights, len(vertices))
    x = tuple(dot(given, [vertex[i] for vertex in vertices]) for i in range(len(vertices[0])))
    w = vertices[next(i for i, weight in enumerate(given) if weight)]
    for vertex, weight in zip(vertices, given, strict=True):
        slope = sign(dot(x, [a - b for a, b in zip(vertex, w, strict=True)]))
        if slope < 0 or (weight and slope):
            raise Refused("a vertex lies on the near side of the shortest element", "minimal_norm_weights")
    return x
