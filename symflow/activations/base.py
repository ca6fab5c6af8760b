"""What an activation is: the characters that name its pieces, and the polynomial and the slopes on each.

Definition. Let z_1, .., z_m be the members of one output (m = 1 but for a maximum over a group). The output is a
continuous function of them, polynomial on each of finitely many cones; the cone is named by one character:

* ``+`` and ``-`` for the sign of the one member, ``0`` where the member vanishes identically (the output is then
  0);
* ``1``..``9``, ``a``..``z`` for the position of the winner in its group.

``is_smooth`` says that the output is continuously differentiable in its members, so that it makes no kink.
Everything here is exact: values and slopes are rationals.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias, TypeVar

from symflow.errors import InputError, SymflowError
from symflow.exact.rationals import rational
from symflow.registry import Registry

if TYPE_CHECKING:  # who only asks where a net is cut loads no python-flint
    from symflow.exact.rationals import fmpq

ACTIVATIONS: Registry[type[AbstractActivation]] = Registry("activation", "symflow.activations")

# How a chain rule fills in the slope at a kink: a named convention of the contract, or one slope for every unit.
Convention: TypeAlias = "str | fmpq"
CONVENTIONS = ("autodiff", "lower", "middle", "upper")

# The positions in a maxpool group, as the contract writes them.
POSITIONS = "123456789abcdefghijklmnopqrstuvwxyz"


class RingElement(Protocol):
    """What a piece is evaluated in: rationals, polynomials, symbols."""

    def __mul__(self, other: Any, /) -> Any: ...

    def __pow__(self, exponent: int, /) -> Any: ...


Element = TypeVar("Element", bound=RingElement)


class AbstractActivation(ABC):
    """One activation, the same for all units of a layer."""

    name: ClassVar[str]

    @property
    @abstractmethod
    def is_smooth(self) -> bool:
        """Whether the activation is continuously differentiable."""

    @property
    @abstractmethod
    def is_piecewise_linear(self) -> bool:
        """Whether each piece has degree one."""

    @property
    def has_sites(self) -> bool:
        """Whether its outputs carry a character in an activation pattern (identity: no)."""
        return True

    @property
    def degree(self) -> int:
        """The degree of positive homogeneity."""
        return 1

    @property
    def is_group(self) -> bool:
        """Whether an output has several members."""
        return False

    def members(self, width: int) -> tuple[tuple[int, ...], ...]:
        """Return for each output the units (from 0) it depends on, in a layer of `width` units."""
        return _units_of_their_own(width)

    @abstractmethod
    def evaluate(self, values: Sequence[fmpq]) -> fmpq:
        """Return the output where its members have these values."""

    @abstractmethod
    def piece(self, members: Sequence[Element], character: str) -> Element | int:
        """Return the polynomial on the piece that `character` names, in the ring of `members`."""

    @abstractmethod
    def slopes(self, values: Sequence[fmpq], character: str) -> tuple[fmpq, ...]:
        """Return the derivative of that polynomial by each member, where the members have these values."""

    @abstractmethod
    def conventional_slopes(self, values: Sequence[fmpq], convention: Convention) -> tuple[fmpq, ...]:
        """Return what a chain rule takes for the slopes: the derivative off the kinks, a convention on them."""

    @abstractmethod
    def entry(self) -> str | dict[str, Any]:
        """Return how a problem file names it."""

    def __repr__(self) -> str:
        entry = self.entry()
        if isinstance(entry, str):
            return f"activation({entry!r})"
        options = "".join(f", {key}={value!r}" for key, value in entry.items() if key != "name")
        return f"activation({self.name!r}{options})"


class AbstractUnitActivation(AbstractActivation):
    """An activation unit by unit: c₋ z^p where z < 0, c₊ z^p where z > 0, one exponent p for both."""

    @property
    @abstractmethod
    def sides(self) -> tuple[Fraction, Fraction]:
        """The coefficients (c₋, c₊)."""

    @functools.cached_property
    def coefficients(self) -> tuple[fmpq, fmpq]:
        """The coefficients (c₋, c₊), as numbers to compute with."""
        left, right = self.sides
        return rational(left), rational(right)

    @property
    def is_smooth(self) -> bool:
        """Whether the pieces meet with equal slope: always from degree 2 on, else when the slopes are equal."""
        return self.degree > 1 or self.sides[0] == self.sides[1]

    @property
    def is_piecewise_linear(self) -> bool:
        """Whether the exponent is 1."""
        return self.degree == 1

    def evaluate(self, values: Sequence[fmpq]) -> fmpq:
        """Return the output where the preactivation has this value."""
        value = rational(values[0])
        return self.coefficients[value > 0] * value**self.degree

    def piece(self, members: Sequence[Element], character: str) -> Element | int:
        """Return the monomial c z^p of that side, and 0 where z vanishes identically."""
        if character == "0":
            return 0
        coefficient = self.coefficients[character == "+"]
        result: Element | int = members[0] ** self.degree * coefficient if coefficient != 0 else 0
        return result

    def slopes(self, values: Sequence[fmpq], character: str) -> tuple[fmpq, ...]:
        """Return (c p z^(p-1),) of that side."""
        if character == "0":
            return (rational(0),)
        return (self._slope(self.coefficients[character == "+"], values[0]),)

    def conventional_slopes(self, values: Sequence[fmpq], convention: Convention) -> tuple[fmpq, ...]:
        """Return the slope off the kink, and on it what the convention says."""
        value = values[0]
        if value != 0 or self.is_smooth:
            return (self._slope(self.coefficients[value > 0], value),)
        left, right = self.coefficients
        if not isinstance(convention, str):
            return (convention,)
        named = {"autodiff": self.autodiff_slope, "lower": left, "middle": (left + right) / 2, "upper": right}
        return (named[convention],)

    @property
    def autodiff_slope(self) -> fmpq:
        """What automatic differentiation takes for the slope at the kink."""
        return rational(0)

    def _slope(self, coefficient: fmpq, value: fmpq) -> fmpq:
        if self.degree == 1:
            return coefficient
        return coefficient * self.degree * value ** (self.degree - 1)


def activation(name: str, **options: object) -> AbstractActivation:
    """Return the activation called `name`.

    Parameters
    ----------
    name : str
        A registered name: abs, identity, leaky_relu, maxpool, relu, relu_power.
    **options
        What that activation takes: ``slope`` (leaky_relu), ``power`` (relu_power), ``groups`` (maxpool).

    Raises
    ------
    UnknownNameError
        If no activation has that name.
    InputError
        If an option is missing, unknown or out of range.

    Examples
    --------
    >>> activation("relu").evaluate((-3,))
    0
    >>> activation("relu_power", power=2).evaluate((3,))
    9
    """
    kind = ACTIVATIONS.find(name)
    try:
        return kind(**options)
    except SymflowError:
        raise
    except TypeError as error:
        import inspect  # only on the way to an error message

        known = ", ".join(inspect.signature(kind).parameters) or "none"
        raise InputError(f"{name} does not take these options; it takes: {known}", place="activation") from error


@functools.cache
def _units_of_their_own(width: int) -> tuple[tuple[int, ...], ...]:
    return tuple((unit,) for unit in range(width))
