"""The absolute value, abs(z) = |z|; automatic differentiation takes abs'(0) = 0, the mean of both slopes."""

from __future__ import annotations

from typing import ClassVar, final

from symflow.activations.base import ACTIVATIONS, AbstractUnitActivation
from symflow.exact.rationals import fmpq


@final
@ACTIVATIONS.register("abs")
class AbsoluteValue(AbstractUnitActivation):
    """abs(z) = max(z, -z).

    Examples
    --------
    >>> AbsoluteValue().evaluate((fmpq(-3),))
    3
    """

    name: ClassVar[str] = "abs"

    @property
    def coefficients(self) -> tuple[fmpq, fmpq]:
        """The slopes (-1, 1)."""
        return fmpq(-1), fmpq(1)

    def entry(self) -> str:
        """Return its name."""
        return self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AbsoluteValue)

    def __hash__(self) -> int:
        return hash(self.name)
