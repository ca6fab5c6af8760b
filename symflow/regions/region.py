"""A cell: a pattern whose point set has interior, and what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from symflow.regions.covectors import Point, point_of
from symflow.regions.region_complex import RegionComplex
from symflow.regions.vertex_table import Integers
from symflow.regions.wall import Wall
from symflow.showing import AbstractFormula


@final
@dataclass(frozen=True, repr=False)
class Region(AbstractFormula):
    """A cell of a region graph.

    Parameters
    ----------
    complex : RegionComplex
        Whose cell it is.
    index : int
        Its number, from 0.
    """

    complex: RegionComplex
    index: int

    @property
    def pattern(self) -> str:
        """The activation pattern."""
        return self.complex.pattern(self.index)

    @property
    def interior_point(self) -> Point:
        """A point in the interior, with a small denominator."""
        return point_of(self.complex.interior_point(self.index))

    @property
    def is_bounded(self) -> bool:
        """Whether the cell is bounded."""
        return bool(self.complex.is_bounded[self.index])

    @property
    def gradient(self) -> tuple[Point, ...]:
        """The matrix of the net's affine map on the cell, a row for each output."""
        return self.complex.maps.gradient(self.index)

    @property
    def offset(self) -> Point:
        """The constant vector of that map."""
        return self.complex.maps.offset(self.index)

    @property
    def vertices(self) -> tuple[Point, ...]:
        """The extreme points of the closed cell (on a section transversal to the lineality space)."""
        return tuple(point_of(vector) for vector in self._generators if vector[-1])

    @property
    def rays(self) -> tuple[tuple[int, ...], ...]:
        """The extreme directions of the closed cell, primitive integer vectors."""
        return tuple(vector[:-1] for vector in self._generators if not vector[-1])

    @property
    def walls(self) -> tuple[Wall, ...]:
        """The walls of the cell: its facets with a cell on the other side."""
        return tuple(Wall(self.complex, number) for number in self.complex.walls_of_cell[self.index])

    @property
    def neighbours(self) -> tuple[Region, ...]:
        """The adjacent cells."""
        numbers = (sum(wall.cells) - self.index for wall in self.walls)
        return tuple(Region(self.complex, number) for number in sorted(numbers))

    @property
    def _generators(self) -> list[Integers]:
        generators = self.complex.generators_of([self.index])
        return [generators.vectors[number] for number in generators.of_cell(self.index)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Region) and self.complex is other.complex and self.index == other.index

    def __hash__(self) -> int:
        return hash((id(self.complex), self.index))

    def __repr__(self) -> str:
        maps = [_affine_text(row, constant) for row, constant in zip(self.gradient, self.offset, strict=True)]
        return f"Cell({self.pattern!r}, f = {maps[0] if len(maps) == 1 else '(' + ', '.join(maps) + ')'}, exact)"


def _affine_text(row: Sequence[Fraction], constant: Fraction) -> str:
    terms = [(coefficient, f"x{i}") for i, coefficient in enumerate(row, start=1)] + [(constant, "")]
    text = ""
    for coefficient, name in terms:
        if not coefficient:
            continue
        size = "" if abs(coefficient) == 1 and name else str(abs(coefficient))
        body = f"{size}*{name}" if size and name else size or name
        sign = ("-" if coefficient < 0 else "") if not text else (" - " if coefficient < 0 else " + ")
        text += sign + body
    return text or "0"
