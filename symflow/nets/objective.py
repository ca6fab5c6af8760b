"""What is made of the outputs: an output, a combination, a risk, a log-sum-exp.

Proposition 2. For φ continuously differentiable, ∂(φ(f_1, .., f_n))(w) = ∂(sum_k c_k f_k)(w) with the coefficients
c_k = ∂φ/∂f_k at the outputs at w, frozen. So an objective is, to everything above it, its exact value and the
exact coefficients c_k.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.errors import WrongTypeError
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.logarithms import LogarithmicNumber, logarithm
from symflow.exact.rationals import fmpq
from symflow.losses.base import AbstractLoss, margin_exponential

Value = Scalar | LogarithmicNumber


class AbstractObjective(ABC):
    """A continuously differentiable function φ of the outputs f_1 .. f_n on the data."""

    @abstractmethod
    def value(self, outputs: Sequence[fmpq]) -> Value:
        """Return φ(f_1, .., f_n), exactly."""

    @abstractmethod
    def coefficients(self, outputs: Sequence[fmpq]) -> tuple[Scalar, ...]:
        """Return (∂φ/∂f_1, .., ∂φ/∂f_n) at these outputs, exactly."""


@final
@dataclass(frozen=True)
class Output(AbstractObjective):
    """The output on the one datum itself.

    Examples
    --------
    >>> Output().value((fmpq(3),)), Output().coefficients((fmpq(3),))
    (3, (1,))
    """

    def value(self, outputs: Sequence[fmpq]) -> Value:
        """Return f_1."""
        return outputs[0]

    def coefficients(self, outputs: Sequence[fmpq]) -> tuple[Scalar, ...]:
        """Return (1,)."""
        return (fmpq(1),)


@final
@dataclass(frozen=True)
class Combination(AbstractObjective):
    """The combination sum_k c_k f_k, with exact constants (rational in a problem file).

    Examples
    --------
    >>> Combination((fmpq(3), fmpq(-1))).value((fmpq(2), fmpq(2)))
    4
    """

    constants: tuple[Scalar, ...]

    def value(self, outputs: Sequence[fmpq]) -> Value:
        """Return sum_k c_k f_k."""
        total: Scalar = fmpq(0)
        for c, f in zip(self.constants, outputs, strict=True):
            total = total + c * f
        return total

    def coefficients(self, outputs: Sequence[fmpq]) -> tuple[Scalar, ...]:
        """Return (c_1, .., c_n)."""
        return self.constants

    def __repr__(self) -> str:
        count = len(self.constants)
        return f"Combination({count} {'coefficient' if count == 1 else 'coefficients'}, exact)"


@final
@dataclass(frozen=True)
class Risk(AbstractObjective):
    """The sum (or mean) of a loss over the data.

    Parameters
    ----------
    loss : AbstractLoss
        ℓ(f, y).
    labels : tuple of fmpq
        y_1 .. y_n.
    is_mean : bool
        Divide by n.

    Examples
    --------
    The exponential loss of the margins 0 and -1; its slope on the second datum is e:

    >>> from symflow.losses.base import loss
    >>> risk = Risk(loss("exponential"), (fmpq(1), fmpq(-1)))
    >>> risk.value((fmpq(0), fmpq(1))), risk.coefficients((fmpq(0), fmpq(1)))
    (exp(1) + 1, (-1, exp(1)))
    """

    loss: AbstractLoss
    labels: tuple[fmpq, ...]
    is_mean: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.loss, AbstractLoss):
            raise WrongTypeError(f'{self.loss!r} is no loss; write Risk(loss("exponential"), labels)')

    def value(self, outputs: Sequence[fmpq]) -> Value:
        """Return sum_k ℓ(f_k, y_k), divided by n for the mean."""
        total: Value = fmpq(0)
        for output, label in zip(outputs, self.labels, strict=True):
            total = self.loss.value(output, label) + total
        return total * self._factor

    def coefficients(self, outputs: Sequence[fmpq]) -> tuple[Scalar, ...]:
        """Return ∂ℓ/∂f (f_k, y_k), divided by n for the mean."""
        return tuple(
            self.loss.derivative(output, label) * self._factor
            for output, label in zip(outputs, self.labels, strict=True)
        )

    @property
    def _factor(self) -> fmpq:
        return fmpq(1, len(self.labels)) if self.is_mean else fmpq(1)

    def __repr__(self) -> str:
        count = len(self.labels)
        mean = ", mean" if self.is_mean else ""
        return f"Risk({self.loss.name}, {count} {'label' if count == 1 else 'labels'}{mean}, exact)"


@final
@dataclass(frozen=True)
class LogSumExp(AbstractObjective):
    """ln sum_k e^(-y_k f_k), minus the numerator of the soft margin.

    Examples
    --------
    Two equal margins share the gradient evenly:

    >>> both = LogSumExp((fmpq(1), fmpq(1)))
    >>> both.value((fmpq(2), fmpq(2))), both.coefficients((fmpq(2), fmpq(2)))
    (-2 + log(2), (-1/2, -1/2))
    """

    labels: tuple[fmpq, ...]

    def value(self, outputs: Sequence[fmpq]) -> Value:
        """Return ln sum_k e^(-y_k f_k)."""
        return logarithm(self._total(outputs))

    def coefficients(self, outputs: Sequence[fmpq]) -> tuple[Scalar, ...]:
        """Return -y_k p_k, p the softmin weights of the margins."""
        total = self._total(outputs)
        return tuple(-y * margin_exponential(-y * f) / total for y, f in zip(self.labels, outputs, strict=True))

    def _total(self, outputs: Sequence[fmpq]) -> Scalar:
        total: Scalar = fmpq(0)
        for label, output in zip(self.labels, outputs, strict=True):
            total = margin_exponential(-label * output) + total
        return total

    def __repr__(self) -> str:
        return f"LogSumExp({len(self.labels)} {'label' if len(self.labels) == 1 else 'labels'}, exact)"
