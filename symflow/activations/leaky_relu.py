"""The leaky rectifier: slope·z where z < 0, z where z > 0; automatic differentiation takes `slope` at 0."""

from __future__ import annotations

from typing import Any, ClassVar, final

from symflow.activations.base import ACTIVATIONS, AbstractUnitActivation
from symflow.exact.rationals import fmpq, rational


@final
@ACTIVATIONS.register("leaky_relu")
class LeakyRelu(AbstractUnitActivation):
    """leaky_relu(z) = z where z > 0, slope·z where z < 0.

    Parameters
    ----------
    slope : rational
        The slope where z < 0, any rational number (0 gives relu, 1 the identity).

    Examples
    --------
    >>> LeakyRelu(slope="1/10").evaluate((fmpq(-3),))
    -3/10
    """

    name: ClassVar[str] = "leaky_relu"

    def __init__(self, slope: object) -> None:
        self.slope = rational(slope, place="activation.slope")

    @property
    def coefficients(self) -> tuple[fmpq, fmpq]:
        """The slopes (slope, 1)."""
        return self.slope, fmpq(1)

    @property
    def autodiff_slope(self) -> fmpq:
        """The slope of the left side."""
        return self.slope

    def entry(self) -> dict[str, Any]:
        """Return its name and slope."""
        return {"name": self.name, "slope": str(self.slope)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LeakyRelu) and self.slope == other.slope

    def __hash__(self) -> int:
        return hash((self.name, self.slope))
