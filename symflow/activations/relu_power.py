"""Powers of the rectifier, relu(z)^k: k - 1 times continuously differentiable, so no kinks from k = 2 on."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, final

from symflow.activations.base import ACTIVATIONS, AbstractUnitActivation
from symflow.errors import InputError

_LARGEST_POWER = 16


@final
@ACTIVATIONS.register("relu_power")
class ReluPower(AbstractUnitActivation):
    """relu_power(z) = max(z, 0)^power.

    Parameters
    ----------
    power : int
        The exponent, 1 to 16; 1 is relu.

    Examples
    --------
    >>> square = ReluPower(power=2)
    >>> square.evaluate((3,)), square.is_smooth, square.slopes((3,), "+")
    (9, True, (6,))
    """

    name: ClassVar[str] = "relu_power"

    def __init__(self, power: object) -> None:
        if isinstance(power, bool) or not isinstance(power, int) or not 1 <= power <= _LARGEST_POWER:
            raise InputError(
                f"{power!r} is not a power; write an integer from 1 to {_LARGEST_POWER}", place="activation.power"
            )
        self.power = power

    @property
    def degree(self) -> int:
        """The exponent."""
        return self.power

    @property
    def sides(self) -> tuple[Fraction, Fraction]:
        """The coefficients (0, 1)."""
        return Fraction(0), Fraction(1)

    def entry(self) -> dict[str, Any]:
        """Return its name and power."""
        return {"name": self.name, "power": self.power}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReluPower) and self.power == other.power

    def __hash__(self) -> int:
        return hash((self.name, self.power))
