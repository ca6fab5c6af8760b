"""What a loss is: its value and its derivative by the output, both exact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from symflow.errors import NotSupportedError
from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.logarithms import LogarithmicNumber
from symflow.exact.rationals import fmpq
from symflow.registry import Registry

LOSSES: Registry[type[AbstractLoss]] = Registry("loss", "symflow.losses")


class AbstractLoss(ABC):
    """A loss ℓ(f, y) of the output f and the label y, continuously differentiable in f."""

    name: ClassVar[str]

    # The loss as a formula in f and y, in sympy's syntax; what differentiates, prints and cross-checks it.
    formula: ClassVar[str]

    # Whether the loss is a function of the margin m = y f (then `margin_formula` is it, in m).
    margin_formula: ClassVar[str | None] = None

    @abstractmethod
    def value(self, output: fmpq, label: fmpq) -> Scalar | LogarithmicNumber:
        """Return ℓ(f, y)."""

    @abstractmethod
    def derivative(self, output: fmpq, label: fmpq) -> Scalar:
        """Return ∂ℓ/∂f (f, y)."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(self.name)


# Beyond e^±100000 enclosures and texts take minutes, and further on no machine holds them.
LARGEST_MARGIN = 100_000


def margin_exponential(exponent: fmpq) -> Scalar:
    """Return e^exponent, for the margins of a loss.

    Raises
    ------
    NotSupportedError
        If the exponent is beyond ±100,000: no sign could be decided with it in reasonable time.

    Examples
    --------
    >>> margin_exponential(fmpq(-1, 2))
    exp(-1/2)
    """
    if abs(exponent) > LARGEST_MARGIN:
        raise NotSupportedError(
            f"the exponential of a margin beyond {LARGEST_MARGIN} is too large to work with; "
            "scale the weights or the labels"
        )
    return exponential(exponent)


def loss(name: str) -> AbstractLoss:
    """Return the loss called `name`.

    Raises
    ------
    UnknownNameError
        If there is none.

    Examples
    --------
    >>> loss("exponential").formula
    'exp(-y*f)'
    """
    return LOSSES.find(name)()
