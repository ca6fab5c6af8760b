"""The logistic loss, ℓ(m) = ln(1 + e^(-m)) of the margin m = y f."""

from __future__ import annotations

from typing import ClassVar, final

from symflow.exact.exponential_numbers import Scalar
from symflow.exact.logarithms import LogarithmicNumber, logarithm
from symflow.exact.rationals import fmpq
from symflow.losses.base import LOSSES, AbstractLoss, Calculus, Quantity, margin_exponential


@final
@LOSSES.register("logistic")
class LogisticLoss(AbstractLoss):
    """ℓ(f, y) = ln(1 + e^(-y f)).

    Examples
    --------
    >>> LogisticLoss().derivative(fmpq(0), fmpq(1))
    -1/2
    """

    name: ClassVar[str] = "logistic"
    formula: ClassVar[str] = "log(1 + exp(-y*f))"
    margin_formula: ClassVar[str | None] = "log(1 + exp(-m))"
    is_entire: ClassVar[bool] = False  # 1 + e^m = 0 at odd multiples of iπ

    def value(self, output: fmpq, label: fmpq) -> Scalar | LogarithmicNumber:
        """Return ln(1 + e^(-y f))."""
        return logarithm(margin_exponential(-label * output) + 1)

    def derivative(self, output: fmpq, label: fmpq) -> Scalar:
        """Return -y / (1 + e^(y f))."""
        return -label / (margin_exponential(label * output) + 1)

    def derivative_in(self, calculus: Calculus[Quantity], output: Quantity, label: fmpq) -> Quantity:
        """Return -y / (1 + e^(y f)) where f is a quantity of some calculus."""
        weight = calculus.logistic(calculus.combine([(label, output)]))
        return calculus.combine([(-label, weight)])
