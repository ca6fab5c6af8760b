"""Where an integer functional is largest on a finite set: the search for extreme points, and their proofs.

A functional with its maximum at one point only proves that point extreme. Rational points are multiplied by a common
denominator, and many functionals are evaluated in one integer product. Points over ℚ(e^q) are evaluated in balls, which
prove what they separate; the rest is decided by exact signs.
"""

from __future__ import annotations

import random
from typing import final

from flint import arb, arb_mat, ctx, fmpq, fmpz_mat

from symflow.exact.exponential_numbers import Scalar, enclosure, sign
from symflow.exact.point_sets import rational_matrix

# Random directions are drawn in rounds of this many until a round finds nothing new. Where the alternative is a linear
# program over the field, it pays to look longer.
_DIRECTIONS_A_ROUND = 24
_DIRECTIONS_A_ROUND_OF_BALLS = 100
_LARGEST_ENTRY = 9

_BALL_BITS = 128


@final
class Maximisers:
    """Maxima of integer functionals over a set of distinct points.

    Examples
    --------
    >>> square = Maximisers([(fmpq(x), fmpq(y)) for x in (0, 1) for y in (0, 1)])
    >>> square.faces([[1, 0], [1, 2]])
    [[2, 3], [3]]
    """

    def __init__(self, points: list[tuple[Scalar, ...]]) -> None:
        self.points = points
        self.width = len(points[0])
        self.random = random.Random(20260101)
        matrix = rational_matrix(points)
        self.integers = None if matrix is None else matrix.numer_denom()[0]
        if matrix is None:
            with ctx.workprec(_BALL_BITS):
                self.balls = arb_mat([[enclosure(x, _BALL_BITS - 16) for x in point] for point in points])

    def by_cheap_directions(self) -> dict[int, tuple[fmpq, ...]]:
        """Return the extreme points that coordinates and random directions find, each with its functional."""
        found: dict[int, tuple[fmpq, ...]] = {}
        unit = [[sgn * int(k == m) for m in range(self.width)] for k in range(self.width) for sgn in (1, -1)]
        self._collect(unit, found)
        n_directions = _DIRECTIONS_A_ROUND if self.integers is not None else _DIRECTIONS_A_ROUND_OF_BALLS
        while len(found) < len(self.points):
            if not self._collect([self._random_direction() for _ in range(n_directions)], found):
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
        with ctx.workprec(_BALL_BITS):
            balls = (self.balls * arb_mat(transposed)).transpose().tolist()
            return [self._exact_face(values, u) for values, u in zip(balls, functionals, strict=True)]

    def _exact_face(self, values: list[arb], functional: list[int]) -> list[int]:
        lowest_top = max(value.lower() for value in values)
        candidates = [i for i, value in enumerate(values) if not value < lowest_top]
        face = candidates[:1]
        for i in candidates[1:]:
            difference = [x - y for x, y in zip(self.points[i], self.points[face[0]], strict=True)]
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
