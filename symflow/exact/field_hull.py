"""Convex combinations within one set of points over ℚ(e^q), with the expensive preparations made once.

Three pictures of the set are kept: rational points very near to it, which say what to expect; its rational lift
(:mod:`symflow.exact.rational_lift`), in which combinations with rational weights are found; and the points with each
coordinate multiplied by a common denominator, for the combinations whose weights are not rational.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import final

from flint import arb, ctx, fmpq, fmpq_mat

from symflow.exact.alternatives import GordanCertificate
from symflow.exact.approximations import near_rational, scaled_floats
from symflow.exact.exponential_numbers import Scalar, enclosure
from symflow.exact.gordan_field import certain_rounding, decide_in_the_field, multipliers_on
from symflow.exact.gordan_rational import StrictGuess, decide_rational, float_guess
from symflow.exact.point_sets import Point
from symflow.exact.rational_lift import common_numerators, rational_lift
from symflow.exact.simplex import NO_BUDGET, Budget

_NEAR_BITS = 128


@final
class FieldHull:
    """Points over ℚ(e^q) in the pictures that make questions about their hull cheap.

    Parameters
    ----------
    points : sequence of points

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> e = exponential(1)
    >>> hull = FieldHull([(fmpq(0),), (e,), (e / 2,), (fmpq(1),)])
    >>> hull.weights(2, [0, 1]), hull.weights(3, [0, 1]), hull.weights(1, [0, 3])
    ({0: 1/2, 1: 1/2}, {0: 1 - exp(-1), 1: exp(-1)}, None)
    >>> hull.direction(1, [0, 3])
    (1,)
    """

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points

    def direction(self, i: int, others: Sequence[int]) -> tuple[fmpq, ...] | None:
        """Return a functional proved larger at point i than at the others, or None if floats propose none."""
        guess = self._guess(i, others)
        if guess.direction is None:
            return None
        with ctx.workprec(_NEAR_BITS + 16):
            mine, balls = self._balls[i], [self._balls[j] for j in others]
            rows = [[x - y for x, y in zip(mine, row, strict=True)] for row in balls]
        return certain_rounding(rows, guess.direction, lambda k: self._difference(i, others[k]))

    def weights(self, i: int, others: Sequence[int], *, budget: Budget = NO_BUDGET) -> dict[int, Scalar] | None:
        """Return weights of the others that make point i, or None if it is not in their hull."""
        answer = decide_rational(_differences(self._lift, i, others).numer_denom()[0], budget)
        if isinstance(answer, GordanCertificate):
            return _of_sum_one(answer, others)
        rows = [[x - y for x, y in zip(self._numerators[i], self._numerators[j], strict=True)] for j in others]
        support = self._guess(i, others).support
        multipliers = multipliers_on(support, rows, budget)
        if multipliers is not None:
            return {others[k]: weight for k, weight in multipliers.items()}
        exact = decide_in_the_field(rows, budget)
        return _of_sum_one(exact, others) if isinstance(exact, GordanCertificate) else None

    def _guess(self, i: int, others: Sequence[int]) -> StrictGuess:
        return float_guess([scaled_floats(row) for row in _differences(self._near, i, others).tolist()])

    def _difference(self, i: int, j: int) -> list[Scalar]:
        return [x - y for x, y in zip(self.points[i], self.points[j], strict=True)]

    @functools.cached_property
    def _near(self) -> fmpq_mat:
        return fmpq_mat([[near_rational(x, _NEAR_BITS) for x in point] for point in self.points])

    @functools.cached_property
    def _balls(self) -> list[list[arb]]:
        return [[enclosure(x, _NEAR_BITS) for x in point] for point in self.points]

    @functools.cached_property
    def _lift(self) -> fmpq_mat:
        return _independent_columns(fmpq_mat([list(row) for row in rational_lift(self._numerators)]))

    @functools.cached_property
    def _numerators(self) -> Sequence[Point]:
        return common_numerators(self.points) or self.points


def _differences(matrix: fmpq_mat, i: int, others: Sequence[int]) -> fmpq_mat:
    rows = matrix.tolist()
    return fmpq_mat([[x - y for x, y in zip(rows[i], rows[j], strict=True)] for j in others])


def _independent_columns(matrix: fmpq_mat) -> fmpq_mat:
    """Return the points in coordinates that are affinely independent: the others are affine functions of these."""
    first, *others = matrix.tolist()
    moved = [[x - y for x, y in zip(row, first, strict=True)] for row in (first, *others)]
    reduced, rank = fmpq_mat(moved).rref()
    pivots = [next(k for k in range(reduced.ncols()) if reduced[r, k] != 0) for r in range(rank)]
    return fmpq_mat([[row[k] for k in pivots] for row in moved])


def _of_sum_one(certificate: GordanCertificate, others: Sequence[int]) -> dict[int, Scalar]:
    total = sum(certificate.multipliers.values(), start=fmpq(0))
    return {others[k]: value / total for k, value in certificate.multipliers.items()}
