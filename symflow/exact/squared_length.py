"""The squared length of a point with exact coordinates, |x|² = Σ x_i².

A coordinate of a risk's gradient is a sum of fractions N_k / D_k with one denominator a datum, the same in all
coordinates. Squared one by one and added, such coordinates would be brought together again and again; here the
numerators over each pair of denominators are summed first, which leaves as many fractions as there are pairs.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from symflow.exact.exponential_fractions import ExponentialFraction, simplified
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, fractions_of, from_fractions
from symflow.exact.exponential_sums import ExponentialSum, sum_plus, sum_scaled, sum_times


def squared_length(point: Sequence[Scalar]) -> Scalar:
    """Return Σ x_i².

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> print(squared_length((fmpq(1), exponential(1))), squared_length((fmpq(3), fmpq(4))))
    exp(2) + 1 25
    """
    rational = fmpq(0)
    sums: dict[tuple[ExponentialSum, ExponentialSum], ExponentialSum] = {}
    for entry in point:
        if not isinstance(entry, ExponentialNumber):
            rational += entry * entry
            continue
        fractions = fractions_of(entry)
        for i, (left, left_denominator) in enumerate(fractions):
            for j, (right, right_denominator) in enumerate(fractions[i:]):
                product = sum_times(left, right)
                if j:
                    product = sum_scaled(product, fmpq(0), fmpq(2))
                key = min((left_denominator, right_denominator), (right_denominator, left_denominator))
                sums[key] = sum_plus(sums[key], product) if key in sums else product
    united: list[ExponentialFraction] = [
        (numerator, sum_times(left, right)) for (left, right), numerator in sorted(sums.items()) if numerator
    ]
    return from_fractions(simplified((), united)) + rational
