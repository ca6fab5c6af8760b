"""What a loss is: its value and its derivative by the output, both exact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Protocol, TypeVar

from symflow.errors import NotSupportedError
from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.logarithms import LogarithmicNumber
from symflow.exact.rationals import fmpq
from symflow.registry import Registry

LOSSES: Registry[type[AbstractLoss]] = Registry("loss", "symflow.losses")


Quantity = TypeVar("Quantity")


class Calculus(Protocol[Quantity]):
    """What a derivative is written down in: numbers, time series, balls; whatever has these four."""

    def number(self, value: fmpq, /) -> Quantity:
        """Return a number as a quantity."""

    def combine(self, terms: Sequence[tuple[fmpq, Quantity]], /) -> Quantity:
        """Return the sum of rationals times quantities."""

    def exp(self, quantity: Quantity, /) -> Quantity:
        """Return e^q."""

    def logistic(self, quantity: Quantity, /) -> Quantity:
        """Return 1 / (1 + e^q)."""


class AbstractLoss(ABC):
    """A loss ℓ(f, y) of the output f and the label y, continuously differentiable in f."""

    name: ClassVar[str]

    # The loss as a formula in f and y, in sympy's syntax; what differentiates, prints and cross-checks it.
    formula: ClassVar[str]

    # Whether the loss is a function of the margin m = y f (then `margin_formula` is it, in m).
    margin_formula: ClassVar[str | None] = None

    # Whether the derivative has no pole in the complex plane.
    is_entire: ClassVar[bool] = True

    @abstractmethod
    def value(self, output: fmpq, label: fmpq) -> Scalar | LogarithmicNumber:
        """Return ℓ(f, y)."""

    @abstractmethod
    def derivative(self, output: fmpq, label: fmpq) -> Scalar:
        """Return ∂ℓ/∂f (f, y)."""

    @abstractmethod
    def derivative_in(self, calculus: Calculus[Quantity], output: Quantity, label: fmpq) -> Quantity:
        """Return ∂ℓ/∂f (f, y) where f is a quantity of some calculus: a time series, a ball."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"loss({self.name!r})"


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
