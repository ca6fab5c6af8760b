"""The squared loss, ℓ(f, y) = (f - y)^2 / 2."""

from __future__ import annotations

from typing import ClassVar, final

from symflow.exact.rationals import fmpq
from symflow.losses.base import LOSSES, AbstractLoss, Calculus, Quantity


@final
@LOSSES.register("squared")
class SquaredLoss(AbstractLoss):
    """ℓ(f, y) = (f - y)² / 2.

    Examples
    --------
    >>> SquaredLoss().value(fmpq(3), fmpq(1))
    2
    """

    name: ClassVar[str] = "squared"
    formula: ClassVar[str] = "(f - y)**2/2"

    def value(self, output: fmpq, label: fmpq) -> fmpq:
        """Return (f - y)² / 2."""
        return (output - label) ** 2 / 2

    def derivative(self, output: fmpq, label: fmpq) -> fmpq:
        """Return f - y."""
        return output - label

    def derivative_in(self, calculus: Calculus[Quantity], output: Quantity, label: fmpq) -> Quantity:
        """Return f - y where f is a quantity of some calculus."""
        return calculus.combine([(fmpq(1), output), (fmpq(-1), calculus.number(label))])
