"""The maximum over groups of preactivations; automatic differentiation takes the first maximal member."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, final

from symflow.activations.base import ACTIVATIONS, POSITIONS, AbstractActivation, Convention, Element
from symflow.errors import InputError
from symflow.exact.rationals import rational

if TYPE_CHECKING:
    from symflow.exact.rationals import fmpq


@final
@ACTIVATIONS.register("maxpool")
class Maxpool(AbstractActivation):
    """maxpool(z)_g = max of z_i over i in the group g.

    Parameters
    ----------
    groups : list of lists of int
        Units counted from 0; they partition the layer's units. At most 35 members a group: a pattern names the
        winner by one character.

    Examples
    --------
    >>> pool = Maxpool(groups=[[0, 1], [2]])
    >>> pool.members(3)
    ((0, 1), (2,))
    >>> pool.conventional_slopes((1, 1), "middle")
    (1/2, 1/2)
    """

    name: ClassVar[str] = "maxpool"

    def __init__(self, groups: object) -> None:
        self.groups = _checked(groups)

    @property
    def is_smooth(self) -> bool:
        """Whether no group has two members."""
        return all(len(group) == 1 for group in self.groups)

    @property
    def is_piecewise_linear(self) -> bool:
        """A maximum of linear functions is piecewise linear."""
        return True

    @property
    def is_group(self) -> bool:
        """An output has the members of its group."""
        return True

    def members(self, width: int) -> tuple[tuple[int, ...], ...]:
        """Return the groups.

        Raises
        ------
        InputError
            If they do not partition the units of the layer.
        """
        listed = sorted(unit for group in self.groups for unit in group)
        if listed != list(range(width)):
            raise InputError(
                f"the groups hold the units {listed}, the layer has {width}; "
                f"each of 0..{width - 1} belongs in exactly one group",
                place="activation.groups",
            )
        return self.groups

    def evaluate(self, values: Sequence[fmpq]) -> fmpq:
        """Return the largest value."""
        return max(rational(value) for value in values)

    def piece(self, members: Sequence[Element], character: str) -> Element | int:
        """Return the member that wins."""
        return members[POSITIONS.index(character)]

    def slopes(self, values: Sequence[fmpq], character: str) -> tuple[fmpq, ...]:
        """Return 1 for the winner, 0 for the others."""
        return _indicator(len(values), POSITIONS.index(character))

    def conventional_slopes(self, values: Sequence[fmpq], convention: Convention) -> tuple[fmpq, ...]:
        """Return 1 for the first maximal member (upper: the last; middle: the average over all of them)."""
        largest = max(values)
        maximal = [i for i, value in enumerate(values) if value == largest]
        if convention == "upper":
            return _indicator(len(values), maximal[-1])
        if convention == "middle":
            share, nothing = rational(Fraction(1, len(maximal))), rational(0)
            return tuple(share if i in maximal else nothing for i in range(len(values)))
        return _indicator(len(values), maximal[0])

    def entry(self) -> dict[str, Any]:
        """Return its name and groups."""
        return {"name": self.name, "groups": [list(group) for group in self.groups]}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Maxpool) and self.groups == other.groups

    def __hash__(self) -> int:
        return hash((self.name, self.groups))


def _indicator(length: int, position: int) -> tuple[fmpq, ...]:
    return tuple(rational(1 if i == position else 0) for i in range(length))


def _checked(groups: object) -> tuple[tuple[int, ...], ...]:
    place = "activation.groups"
    if not isinstance(groups, list | tuple) or not groups:
        raise InputError("groups are missing; write for example [[0, 1], [2, 3]]", place=place)
    checked = []
    for group in groups:
        if not isinstance(group, list | tuple) or not group:
            raise InputError(f"{group!r} is not a group; write a list of units such as [0, 1]", place=place)
        if len(group) > len(POSITIONS):
            raise InputError(f"a group of {len(group)} members; at most {len(POSITIONS)} are named", place=place)
        for unit in group:
            if isinstance(unit, bool) or not isinstance(unit, int) or unit < 0:
                raise InputError(f"{unit!r} is not a unit; units count from 0 here", place=place)
        checked.append(tuple(group))
    return tuple(checked)
