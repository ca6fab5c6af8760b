"""Numbers of the checker as those of the house."""

from __future__ import annotations

from fractions import Fraction

from symflow.checker.enclosed_numbers import Enclosed, Real
from symflow.checker.exponential_fractions import FractionSum
from symflow.checker.exponential_sums import ExponentialSum, as_sum
from symflow.checker.reading import Refused
from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.rationals import fmpq


def exact(value: Real) -> Scalar:
    """Return a number of the checker as one of the house.

    Examples
    --------
    >>> from symflow.checker.expressions import scalar
    >>> from symflow.exact.exponential_numbers import to_text
    >>> to_text(exact(scalar("7*exp(-1)/2")))
    '7*exp(-1)/2'
    """
    if isinstance(value, Enclosed):
        raise Refused("a number that is only enclosed")
    if isinstance(value, (int, Fraction)):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, ExponentialSum):
        total: Scalar = fmpq(0)
        for n, m in value.terms.items():
            total = total + exponential(fmpq(n, value.root)) * fmpq(m, value.divisor)
        return total
    assert isinstance(value, FractionSum)
    total = exact(value.whole)
    for denominator, numerator in value.fractions.items():
        total = total + exact(numerator) / exact(as_sum(denominator.product))
    return total
