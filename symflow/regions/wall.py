"""A wall: a facet that two cells share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from symflow.regions.covectors import Point, point_of
from symflow.regions.region_complex import RegionComplex
from symflow.regions.vertex_table import Integers
from symflow.showing import AbstractShown


@final
@dataclass(frozen=True, repr=False)
class Wall(AbstractShown):
    """A facet that two cells share.

    Parameters
    ----------
    complex : RegionComplex
        Whose wall it is.
    index : int
        Its number, from 0.
    """

    complex: RegionComplex
    index: int

    @property
    def cells(self) -> tuple[int, int]:
        """The numbers of the two cells, the smaller one first."""
        first, second = self.complex.pairs[self.index].tolist()
        return first, second

    @property
    def flips(self) -> tuple[tuple[int, int], ...]:
        """The units (layer, unit) from 1, or groups, whose character differs between the two cells."""
        return self.complex.flips(*self.cells)

    @property
    def point(self) -> Point:
        """A point in the relative interior."""
        return point_of(self.complex.adjacency_point(self.index))

    @property
    def vertices(self) -> tuple[Point, ...]:
        """The extreme points of the wall."""
        return tuple(point_of(vector) for vector in self._generators if vector[-1])

    @property
    def rays(self) -> tuple[tuple[int, ...], ...]:
        """The extreme directions of the wall."""
        return tuple(vector[:-1] for vector in self._generators if not vector[-1])

    @property
    def is_kink(self) -> bool:
        """Whether the net's affine maps differ across the wall."""
        number = self.complex.maps.number
        first, second = self.cells
        return bool(number[first] != number[second])

    @property
    def _generators(self) -> list[Integers]:
        generators = self.complex.generators_of(self.cells)
        return [generators.vectors[number] for number in generators.shared(*self.cells)]

    def __repr__(self) -> str:
        flips = ", ".join(str(flip).replace(" ", "") for flip in self.flips)
        return f"Wall({self.cells[0] + 1}|{self.cells[1] + 1}, flips {flips}, exact)"
