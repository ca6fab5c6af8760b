"""The calculi of balls: a pass through a net with enclosures, at the working precision of the moment.

Real balls enclose values, complex balls what values can be on a disc of times, power series of balls the coefficients
of a quantity in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from symflow.exact.balls import acb, arb, arb_series
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


@final
class DiscCalculus:
    """Quantities are complex balls: what they can be for complex times in a disc."""

    def number(self, value: fmpq) -> acb:
        """Return a number as a complex ball."""
        return acb(arb(value))

    def combine(self, terms: Sequence[tuple[fmpq, acb]]) -> acb:
        """Return the sum of rationals times complex balls."""
        return sum((arb(factor) * ball for factor, ball in terms), acb(0))

    def products(self, pairs: Sequence[tuple[acb, acb]]) -> acb:
        """Return the sum of products."""
        return sum((a * b for a, b in pairs), acb(0))

    def exp(self, quantity: acb) -> acb:
        """Return e^q."""
        return quantity.exp()

    def logistic(self, quantity: acb) -> acb:
        """Return 1 / (1 + e^q), in the form whose exponential is small; not finite where the disc may hold a pole."""
        if quantity.real.mid() > 0:
            small = (-quantity).exp()
            return small / (1 + small)
        return 1 / (1 + quantity.exp())

    def softmin(self, quantities: Sequence[acb]) -> tuple[acb, ...]:
        """Return e^(-q_i) / sum_k e^(-q_k), with the largest term 1; not finite where the sum may vanish."""
        least = min(quantities, key=lambda ball: float(ball.real.mid()))
        weights = [acb(1) if quantity is least else (least - quantity).exp() for quantity in quantities]
        total = sum(weights, acb(0))
        return tuple(weight / total for weight in weights)


@final
class SeriesCalculus:
    """Quantities are power series in time, cut after the length of the moment; their coefficients are balls."""

    def number(self, value: fmpq) -> arb_series:
        """Return a number as a series."""
        return arb_series([arb(value)])

    def combine(self, terms: Sequence[tuple[fmpq, arb_series]]) -> arb_series:
        """Return the sum of rationals times series."""
        return sum((arb(factor) * series for factor, series in terms), arb_series([0]))

    def products(self, pairs: Sequence[tuple[arb_series, arb_series]]) -> arb_series:
        """Return the sum of products."""
        return sum((a * b for a, b in pairs), arb_series([0]))

    def exp(self, quantity: arb_series) -> arb_series:
        """Return e^q."""
        return quantity.exp()

    def logistic(self, quantity: arb_series) -> arb_series:
        """Return 1 / (1 + e^q)."""
        return 1 / (1 + quantity.exp())

    def softmin(self, quantities: Sequence[arb_series]) -> tuple[arb_series, ...]:
        """Return e^(-q_i) / sum_k e^(-q_k)."""
        first = quantities[0]
        weights = [(first - quantity).exp() for quantity in quantities]
        total = sum(weights, arb_series([0]))
        return tuple(weight / total for weight in weights)
