"""Cells without points and rays: are they cells, and which of them are adjacent? That they are all is not shown here.

The affine pieces of a pattern are computed as functions, and so is what is tight on the whole cell: units that are
identically zero, members of a group that are identically equal to the winner. A pattern is that of a cell if its
signs are those at the interior point, and nothing else is tight there.

Two cells are adjacent if a point lies in both closed cells, and in each of them all constraints tight at it, other
than those tight on the whole cell, are multiples of one. For then near the point both cells are half-balls, and
since no point is interior to both, these are the two sides of one hyperplane.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import final

from symflow.checker.integer_rows import Row, rank
from symflow.checker.reading import Refused
from symflow.checker.region_signs import Characters, HomogeneousNet, Signs
from symflow.checker.spanned_cells import Cell


@final
class UnspannedCells:
    """The linear functions of (x, D) that the patterns choose.

    Parameters
    ----------
    net : HomogeneousNet
        The network.
    """

    def __init__(self, net: HomogeneousNet) -> None:
        self._net = net
        self._basis = [tuple(int(i == j) for j in range(net.n_inputs + 1)) for i in range(net.n_inputs + 1)]

    def check(self, cell: Cell) -> None:
        """Refuse unless the pattern is that of a cell around the interior point, with this map."""
        functions, outputs = self._functions(cell.characters)
        everywhere = sum(bit for bit, row in functions.items() if not any(row))
        if everywhere != cell.signs.tight:
            raise Refused("what vanishes there does not vanish on the whole cell", "interior_point")
        self._net.check_winners(cell.characters, everywhere)
        if cell.map != tuple(tuple(Fraction(entry, self._net.scale) for entry in row) for row in outputs):
            raise Refused("not the network's map", "map")

    def check_adjacency(self, pair: tuple[int, int], cells: Sequence[Cell], signs: Signs) -> None:
        """Refuse unless the point with these signs lies in the relative interior of a facet of both cells."""
        for index in pair:
            functions, _ = self._functions(cells[index].characters)
            tight = [row for bit, row in functions.items() if bit & signs.tight and any(row)]
            if not cells[index].characters.allow(signs) or rank(tight, self._net.work) != 1:
                raise Refused(f"not in the relative interior of a facet of cells[{index}]", "point")

    def _functions(self, characters: Characters) -> tuple[dict[int, Row], list[Row]]:
        """Return for each bit the function that vanishes where it is tight, and the outputs."""
        columns = [self._net.pieces(characters, vector) for vector in self._basis]
        found = {bit: tuple([z[bit] for z, _ in columns]) for bit in columns[0][0]}
        for group in self._net.groups:
            best = found[group & characters.winners]
            for bit in [bit for bit in found if bit & group]:
                found[bit] = tuple([a - b for a, b in zip(found[bit], best, strict=True)])
        outputs = zip(*(values for _, values in columns), strict=True)
        return found | self._net.domain, list(outputs)
