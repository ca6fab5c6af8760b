"""Cells with their points and rays: that they are cells, which of them are adjacent, and that they are all.

A closed cell is shown to be what its points and rays span (``region_faces``), so its facets are known as sets of
these. A facet that has a point, and is not in the boundary of the domain, belongs to just two cells of the network.
When each such facet occurs in two of the listed cells, they are all the cells there are: take away from the
interior of the domain all faces of dimension d - 2 and less; what is left is connected, and the union of the listed
closed cells is closed in it, and open since both sides of each facet belong to it, and not empty. The adjacencies
are the pairs that share a facet.

A point lies in the relative interior of a facet (or of the cell) if it lies in the closed cell and exactly those
constraints are tight at it that are tight at all points and rays of the facet (or of the cell): the others are
positive on the relative interior, and on every smaller face one of them is not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import and_
from typing import TypeAlias, final

from symflow.checker.expressions import rational
from symflow.checker.integer_rows import Row, denominator, dot, homogeneous, rank, scaled
from symflow.checker.lineality import Lineality
from symflow.checker.reading import Refused, exactly, items, sized
from symflow.checker.region_faces import Facet, facets
from symflow.checker.region_signs import AT_INFINITY, Characters, HomogeneousNet, Signs

Map: TypeAlias = tuple[tuple[Fraction, ...], ...]  # for each output its gradient and its offset


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of a listed cell: its pattern, a vector in its interior and the signs there, its map."""

    characters: Characters
    interior: Row
    signs: Signs
    map: Map


@final
class SpannedCells:
    """The points and rays of a file, and the facets of the cells checked so far.

    Parameters
    ----------
    net : HomogeneousNet
        The network.
    lineality : Lineality
        Its lineality space.
    spelled : list
        What stands at the key ``generators``.
    """

    def __init__(self, net: HomogeneousNet, lineality: Lineality, spelled: list[object]) -> None:
        self._net, self._lineality = net, lineality
        self._dimension = net.n_inputs - len(lineality.basis)
        self._vectors: list[Row] = []
        self._signs: list[Signs] = []
        for k, entry in enumerate(spelled):
            try:
                self._vectors.append(_generator(entry, net.n_inputs, lineality))
                self._signs.append(net.signs(self._vectors[-1]))
            except Refused as refusal:
                raise type(refusal)(refusal.reason, f"generators[{k}]") from None
        if len(set(self._vectors)) < len(self._vectors):
            raise Refused("a point or ray stands twice", "generators")
        if lineality.basis and rank(self._vectors, net.work) > self._dimension + 1:
            raise Refused("not in a section transversal to the lineality space", "generators")
        self._used: set[int] = set()
        # Facets by their points and rays, while only one cell has them: the cell, and what is tight on the facet.
        self._one_sided: dict[tuple[int, ...], tuple[int, int]] = {}
        #: For each two cells that share a facet what is tight on it.
        self.shared: dict[tuple[int, int], int] = {}

    def check(self, index: int, cell: Cell, entry: object) -> bool:
        """Refuse unless the cell is what its points and rays span; return whether it is bounded."""
        net = self._net
        numbers = self._numbers(entry)
        for k in numbers:
            if not cell.characters.allow(self._signs[k]):
                raise Refused(f"generators[{k}] does not lie in the closed cell", "generators")
        tight = [self._signs[k].tight for k in numbers]
        everywhere = reduce(and_, tight)
        if everywhere != cell.signs.tight:
            raise Refused("not in the interior of what the points and rays span", "interior_point")
        net.check_winners(cell.characters, everywhere)
        found = facets(numbers, tight, self._dimension, net.work)
        self._check_map(cell.map, numbers)
        self._used.update(numbers)
        for facet in found:
            if not facet.tight & (AT_INFINITY | net.domain_bits):
                self._meet(index, facet)
        return not self._lineality.basis and all(self._vectors[k][-1] for k in numbers)

    def check_adjacency(self, pair: tuple[int, int], cells: Sequence[Cell], signs: Signs) -> None:
        """Refuse unless the two cells share a facet, and the point with these signs is in its relative interior."""
        if pair not in self.shared:
            raise Refused("these cells share no facet", "cells")
        if signs.tight != self.shared[pair] or not cells[pair[0]].characters.allow(signs):
            raise Refused("not in the relative interior of the facet that the cells share", "point")

    def check_use(self) -> None:
        """Refuse unless each point and ray belongs to some cell."""
        for k in range(len(self._vectors)):
            if k not in self._used:
                raise Refused("of no cell", f"generators[{k}]")

    def neighbours_not_listed(self, cells: Sequence[Cell]) -> list[tuple[int, str]]:
        """Return the cells of which a facet has no second cell, each with the pattern beyond that facet."""
        found = []
        for numbers, (index, _) in self._one_sided.items():
            # The sum y of the facet's points and rays is in its relative interior. A line from the cell's interior
            # point x through y leaves the cell there: its direction is y/D(y) - x/D(x), times D(x) D(y).
            x, y = cells[index].interior, tuple(map(sum, zip(*(self._vectors[k] for k in numbers), strict=True)))
            direction = (*(x[-1] * b - y[-1] * a for a, b in zip(x[:-1], y[:-1], strict=True)), 0)
            found.append((index, self._net.word_beyond(y, direction)))
        return found

    def _meet(self, index: int, facet: Facet) -> None:
        other = self._one_sided.pop(facet.generators, None)
        if other is None:
            self._one_sided[facet.generators] = (index, facet.tight)
        else:
            self.shared[other[0], index] = facet.tight

    def _numbers(self, entry: object) -> list[int]:
        numbers = sorted(exactly(k, int, "generators") for k in items(entry, "generators"))
        if not numbers or numbers[0] < 0 or numbers[-1] >= len(self._vectors) or len(set(numbers)) < len(numbers):
            raise Refused("expected the numbers of some points and rays, each once", "generators")
        return numbers

    def _check_map(self, found: Map, numbers: Sequence[int]) -> None:
        """Refuse unless the map is the network's at the points and rays, which span the cell, and along its lines."""
        for output, row in enumerate(found):
            by = denominator(row)
            integers = scaled(row, by)
            self._net.work.charge(len(numbers) * len(row))
            for k in numbers:
                if dot(integers, self._vectors[k]) * self._net.scale != by * self._signs[k].outputs[output]:
                    raise Refused(f"not the network's map: it differs at generators[{k}]", "map")
            for vector, change in zip(self._lineality.basis, self._lineality.changes, strict=True):
                if dot(integers[:-1], vector) != by * change[output]:
                    raise Refused("not the network's map: it changes otherwise along the lineality space", "map")


def _generator(entry: object, n_inputs: int, lineality: Lineality) -> Row:
    """Return the vector (x, D) of a point or a ray."""
    if not isinstance(entry, dict) or entry.keys() not in ({"point"}, {"ray"}):
        raise Refused('expected {"point": [..]} or {"ray": [..]}')
    ((kind, spelled),) = entry.items()
    vector = [rational(value) for value in sized(spelled, n_inputs)]
    if kind == "point":
        return homogeneous(vector)
    ray = scaled(vector, denominator(vector))
    if denominator(vector) > 1 or math.gcd(*ray) > 1:
        raise Refused("the entries of a ray are coprime integers")
    if lineality.contains(ray):
        raise Refused("a ray in the lineality space, or zero")
    return (*ray, 0)
