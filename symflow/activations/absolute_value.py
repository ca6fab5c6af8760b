"""The absolute value, abs(z) = |z|; automatic differentiation takes abs'(0) = 0, the mean of both slopes."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, final

from symflow.activations.base import ACTIVATIONS, AbstractUnitActivation


@final
@ACTIVATIONS.register("abs")
class AbsoluteValue(AbstractUnitActivation):
    """abs(z) = max(z, -z).

    Examples
    --------
    >>> AbsoluteValue().evaluate((-3,))
    3
    """

    name: ClassVar[str] = "abs"

    @property
    def sides(self) -> tuple[Fraction, Fraction]:
        """The slopes (-1, 1)."""
        return Fraction(-1), Fraction(1)

    def entry(self) -> str:
        """Return its name."""
        return self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AbsoluteValue)

    def __hash__(self) -> int:
        return hash(self.name)
