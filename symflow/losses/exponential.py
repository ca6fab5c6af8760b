"""The exponential loss, ℓ(m) = e^(-m) of the margin m = y f."""

from __future__ import annotations

from typing import ClassVar, final

from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.losses.base import LOSSES, AbstractLoss, Calculus, Quantity, margin_exponential


@final
@LOSSES.register("exponential")
class ExponentialLoss(AbstractLoss):
    """ℓ(f, y) = e^(-y f).

    Examples
    --------
    >>> ExponentialLoss().derivative(fmpq(0), fmpq(1))
    -1
    """

    name: ClassVar[str] = "exponential"
    formula: ClassVar[str] = "exp(-y*f)"
    margin_formula: ClassVar[str | None] = "exp(-m)"

    def value(self, output: fmpq, label: fmpq) -> Scalar:
        """Return e^(-y f)."""
        return margin_exponential(-label * output)

    def derivative(self, output: fmpq, label: fmpq) -> Scalar:
        """Return -y e^(-y f)."""
        return -label * margin_exponential(-label * output)

    def derivative_in(self, calculus: Calculus[Quantity], output: Quantity, label: fmpq) -> Quantity:
        """Return -y e^(-y f) where f is a quantity of some calculus."""
        exponential = calculus.exp(calculus.combine([(-label, output)]))
        return calculus.combine([(-label, exponential)])
