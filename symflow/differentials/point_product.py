"""Finite sets that are products, kept as products: limiting gradients, and the affine hull of a set."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.point_sets import reduced_basis
from symflow.exact.rationals import fmpq

# Points in some of the variables.
Block: TypeAlias = tuple[tuple[int, ...], tuple[Point, ...]]


@final
@dataclass(frozen=True)
class PointProduct:
    """A product of finite point sets in disjoint variables, and constants in the other variables.

    Parameters
    ----------
    width : int
        The number of all variables.
    blocks : tuple of (places, points)
        The sets, their points distinct and sorted.
    constant : tuple of (place, value)
        The other variables.

    Examples
    --------
    >>> square = PointProduct(3, tuple(((i,), ((fmpq(0),), (fmpq(1),))) for i in (0, 2)), ((1, fmpq(7)),))
    >>> square.n_points, list(square)[:2], (fmpq(1), fmpq(7), fmpq(0)) in square
    (4, [(0, 7, 0), (0, 7, 1)], True)
    """

    width: int
    blocks: tuple[Block, ...]
    constant: tuple[tuple[int, Scalar], ...]

    @property
    def n_points(self) -> int:
        """The number of points, without listing them."""
        return math.prod(len(points) for _, points in self.blocks)

    def __iter__(self) -> Iterator[Point]:
        for parts in itertools.product(*(points for _, points in self.blocks)):
            whole: list[Scalar] = [fmpq(0)] * self.width
            for place, value in self.constant:
                whole[place] = value
            for (places, _), part in zip(self.blocks, parts, strict=True):
                for place, value in zip(places, part, strict=True):
                    whole[place] = value
            yield tuple(whole)

    def __contains__(self, point: object) -> bool:
        if not isinstance(point, tuple) or len(point) != self.width:
            return False
        if any(point[place] != value for place, value in self.constant):
            return False
        return all(tuple(point[place] for place in places) in points for places, points in self.blocks)

    def __repr__(self) -> str:
        return f"PointProduct({self.n_points} {'point' if self.n_points == 1 else 'points'} in R^{self.width}, exact)"


@final
@dataclass(frozen=True)
class AffineHull:
    """An affine space: a point and a basis of its directions.

    Parameters
    ----------
    point : point
        A point of the space.
    directions : tuple of vectors
        Linearly independent; in each block of variables in reduced row echelon form.
    """

    point: Point
    directions: tuple[Point, ...]

    @property
    def dimension(self) -> int:
        """Its dimension."""
        return len(self.directions)

    def __repr__(self) -> str:
        return f"AffineHull(of dimension {self.dimension} in R^{len(self.point)}, exact)"


def affine_hull(width: int, point: Point, blocks: Sequence[Block]) -> AffineHull:
    """Return the affine hull of a product of point sets that contains `point`.

    Examples
    --------
    >>> affine_hull(2, (fmpq(0), fmpq(0)), [((0, 1), ((fmpq(0), fmpq(0)), (fmpq(2), fmpq(4))))]).directions
    ((1, 2),)
    """
    directions = []
    for places, points in blocks:
        for row in block_directions(points):
            whole: list[Scalar] = [fmpq(0)] * width
            for place, entry in zip(places, row, strict=True):
                whole[place] = entry
            directions.append(tuple(whole))
    return AffineHull(point, tuple(directions))


def block_directions(points: Sequence[Point]) -> list[list[Scalar]]:
    """Return the reduced basis of the differences of points."""
    first = points[0]
    return reduced_basis([[x - y for x, y in zip(point, first, strict=True)] for point in points[1:]])
