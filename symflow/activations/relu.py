"""The rectifier, relu(z) = max(z, 0); automatic differentiation takes relu'(0) = 0."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, final

from symflow.activations.base import ACTIVATIONS, AbstractUnitActivation


@final
@ACTIVATIONS.register("relu")
class Relu(AbstractUnitActivation):
    """relu(z) = max(z, 0).

    Examples
    --------
    >>> Relu().slopes((0,), "+"), Relu().conventional_slopes((0,), "autodiff")
    ((1,), (0,))
    """

    name: ClassVar[str] = "relu"

    @property
    def sides(self) -> tuple[Fraction, Fraction]:
        """The slopes (0, 1)."""
        return Fraction(0), Fraction(1)

    def entry(self) -> str:
        """Return its name."""
        return self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Relu)

    def __hash__(self) -> int:
        return hash(self.name)
