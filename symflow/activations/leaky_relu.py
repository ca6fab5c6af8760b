"""The leaky rectifier: slope·z where z < 0, z where z > 0; automatic differentiation takes `slope` at 0."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, final

from symflow.activations.base import ACTIVATIONS, AbstractUnitActivation
from symflow.exact.rationals import fraction, rational

if TYPE_CHECKING:
    from symflow.exact.rationals import fmpq


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
    >>> LeakyRelu(slope="1/10").evaluate((-3,))
    -3/10
    """

    name: ClassVar[str] = "leaky_relu"

    def __init__(self, slope: object) -> None:
        self._left = fraction(slope, place="activation.slope")

    @functools.cached_property
    def slope(self) -> fmpq:
        """The slope of the left side."""
        return rational(self._left)

    @property
    def sides(self) -> tuple[Fraction, Fraction]:
        """The slopes (slope, 1)."""
        return self._left, Fraction(1)

    @property
    def autodiff_slope(self) -> fmpq:
        """The slope of the left side."""
        return self.slope

    def entry(self) -> dict[str, Any]:
        """Return its name and slope."""
        return {"name": self.name, "slope": str(self._left)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LeakyRelu) and self._left == other._left

    def __hash__(self) -> int:
        return hash((self.name, self._left))
