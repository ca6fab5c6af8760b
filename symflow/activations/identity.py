"""The identity: a linear layer. Its units make no kinks and carry no character in a pattern."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, final

from symflow.activations.base import ACTIVATIONS, AbstractUnitActivation


@final
@ACTIVATIONS.register("identity")
class Identity(AbstractUnitActivation):
    """identity(z) = z.

    Examples
    --------
    >>> Identity().has_sites
    False
    """

    name: ClassVar[str] = "identity"

    @property
    def has_sites(self) -> bool:
        """An identity unit has no character."""
        return False

    @property
    def sides(self) -> tuple[Fraction, Fraction]:
        """The slopes (1, 1)."""
        return Fraction(1), Fraction(1)

    def entry(self) -> str:
        """Return its name."""
        return self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity)

    def __hash__(self) -> int:
        return hash(self.name)
