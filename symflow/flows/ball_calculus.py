"""The calculus of balls: a pass through a net with enclosures, at the working precision of the moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from symflow.exact.balls import arb
from symflow.exact.rationals import fmpq


@final
class BallCalculus:
    """Quantities are balls.

    Examples
    --------
    >>> BallCalculus().combine([(fmpq(1, 2), arb(4)), (fmpq(1), arb(1))])
    3.00000000000000
    """

    def number(self, value: fmpq) -> arb:
        """Return a number as a ball."""
        return arb(value)

    def combine(self, terms: Sequence[tuple[fmpq, arb]]) -> arb:
        """Return the sum of rationals times balls."""
        return sum((factor * ball for factor, ball in terms), arb(0))

    def products(self, pairs: Sequence[tuple[arb, arb]]) -> arb:
        """Return the sum of products."""
        return sum((a * b for a, b in pairs), arb(0))

    def exp(self, quantity: arb) -> arb:
        """Return e^q."""
        return quantity.exp()

    def logistic(self, quantity: arb) -> arb:
        """Return 1 / (1 + e^q)."""
        return 1 / (1 + quantity.exp())

    def softmin(self, quantities: Sequence[arb]) -> tuple[arb, ...]:
        """Return e^(-q_i) / sum_k e^(-q_k), shifted so that nothing overflows."""
        least = min(quantities, key=lambda ball: float(ball.mid()))
        weights = [(least - quantity).exp() for quantity in quantities]
        total = sum(weights, arb(0))
        return tuple(weight / total for weight in weights)
