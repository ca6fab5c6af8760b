"""The convex hull of finitely many exact points, with a witness for everything said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, final

from symflow.exact.exponential_numbers import Scalar
from symflow.exact.extreme_points import extreme_points
from symflow.exact.membership import Member, Separated, membership
from symflow.exact.minimal_norm import minimal_norm_point
from symflow.exact.point_sets import affine_dimension
from symflow.exact.rationals import fmpq
from symflow.exact.squared_length import squared_length

Point: TypeAlias = tuple[Scalar, ...]


def distinct_points(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the points without repetitions, sorted.

    Examples
    --------
    >>> distinct_points([(fmpq(1),), (fmpq(0),), (fmpq(1),)])
    ((0,), (1,))
    """
    listed = list(points)
    # To hash a long exponential number costs more than anything else that is done with a single point.
    return tuple(listed) if len(listed) <= 1 else tuple(sorted(set(listed)))


@final
@dataclass(frozen=True)
class Polytope:
    """The convex hull of points, given by its vertices.

    Parameters
    ----------
    vertices : tuple of points
        The extreme points, sorted by value.
    functionals : tuple of rational vectors
        For each vertex a functional that is strictly larger there than at every other given point.
    inner : tuple of (point, weights)
        Every other given point, as a convex combination of the vertices.

    Examples
    --------
    >>> square = Polytope.of([(fmpq(a), fmpq(b)) for a in (0, 1) for b in (0, 1)] + [(fmpq(1, 2), fmpq(1, 2))])
    >>> len(square.vertices), square.dimension, square.n_points
    (4, 2, 5)
    >>> square.minimal_norm_element
    (0, 0)
    """

    vertices: tuple[Point, ...]
    functionals: tuple[tuple[fmpq, ...], ...]
    inner: tuple[tuple[Point, tuple[Scalar, ...]], ...]

    @classmethod
    def of(cls, points: Iterable[Point]) -> Polytope:
        """Return the hull of the points (repeated ones are counted once)."""
        distinct = distinct_points(points)
        if len(distinct) == 1:
            return cls(distinct, ((fmpq(0),) * len(distinct[0]),), ())
        extremes = extreme_points(distinct)
        order = sorted(extremes.vertices)
        place = {index: i for i, index in enumerate(order)}
        inner = []
        for index, combination in sorted(extremes.combinations.items()):
            weights: list[Scalar] = [fmpq(0)] * len(order)
            for vertex, weight in combination.items():
                weights[place[vertex]] = weight
            inner.append((distinct[index], tuple(weights)))
        return cls(tuple(distinct[i] for i in order), tuple(extremes.functionals[i] for i in order), tuple(inner))

    def image(self, scale: fmpq, offset: Point) -> Polytope:
        """Return the hull of the points scale * p + offset, with the witnesses that these points have here.

        Examples
        --------
        >>> segment = Polytope.of([(fmpq(0),), (fmpq(1),), (fmpq(4),)])
        >>> segment.image(fmpq(-2), (fmpq(1),)).vertices, segment.image(fmpq(0), (fmpq(1),)).n_points
        (((-7,), (1,)), 1)
        """
        if scale == 0:
            return Polytope.of([offset])

        def moved(point: Point) -> Point:
            return tuple(scale * x + y for x, y in zip(point, offset, strict=True))

        vertices = tuple(moved(vertex) for vertex in self.vertices)
        inner = tuple((moved(point), weights) for point, weights in self.inner)
        if scale > 0:
            return Polytope(vertices, self.functionals, inner)
        # Points are sorted by value, so a negative factor turns their order round.
        functionals = tuple(tuple(-entry for entry in functional) for functional in self.functionals)
        inner = tuple((point, weights[::-1]) for point, weights in inner)
        return Polytope(vertices[::-1], functionals[::-1], inner[::-1])

    @property
    def n_points(self) -> int:
        """The number of distinct points that were given."""
        return len(self.vertices) + len(self.inner)

    @cached_property
    def dimension(self) -> int:
        """The dimension of the affine hull."""
        return affine_dimension(self.vertices)

    @cached_property
    def _shortest(self) -> tuple[Point, tuple[Scalar, ...]]:
        if len(self.vertices) == 1:  # no choice; its length is computed when it is asked for
            return self.vertices[0], (fmpq(1),)
        found = minimal_norm_point(self.vertices)
        weights = tuple(found.weights.get(i, fmpq(0)) for i in range(len(self.vertices)))
        return tuple(found.point), weights

    @property
    def minimal_norm_element(self) -> Point:
        """The shortest element."""
        return self._shortest[0]

    @property
    def minimal_norm_weights(self) -> tuple[Scalar, ...]:
        """Its weights on the vertices."""
        return self._shortest[1]

    @property
    def minimal_norm_squared(self) -> Scalar:
        """Its squared length."""
        return squared_length(self.minimal_norm_element)

    def locate(self, point: Sequence[Scalar]) -> Member | Separated:
        """Return convex weights on the vertices that give the point, or a functional that separates it."""
        return membership(tuple(point), self.vertices)

    def __repr__(self) -> str:
        count = len(self.vertices)
        space = f" in R^{len(self.vertices[0])}" if self.vertices else ""
        return f"Polytope({count} {'vertex' if count == 1 else 'vertices'}{space}, exact)"
