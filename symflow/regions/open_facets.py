"""A point in a facet of which one side alone is known.

Such a facet is all that two runs have in common, each of which enumerated the cells on one side. The point is the
same as where both cells are known: it is proposed from the facet's generators, its hyperplane and the signs on it,
and these do not depend on the side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from symflow.regions.cell_maps import integer_rows
from symflow.regions.generators import Generators
from symflow.regions.ids import Ids
from symflow.regions.integer_layers import IntegerNet
from symflow.regions.piece import Signs
from symflow.regions.points import adjacency_points
from symflow.regions.region_complex import OpenFacet, RegionComplex
from symflow.regions.start import Start
from symflow.regions.vertex_table import Integers


def open_facet_points(complex_: RegionComplex, facets: Sequence[OpenFacet]) -> list[Integers]:
    """Return for each of these open facets a point (x, D) in its relative interior.

    Parameters
    ----------
    complex_ : RegionComplex
        Of a net without maxima: there every cut is a unit and decides one character.
    facets : sequence of OpenFacet
        Some of its open facets.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.enumeration import Control
    >>> from symflow.regions.region_graph import RegionGraph
    >>> net = Network.from_weights([[1], [2]], [[1, 1]], biases=[[0, -3], [0]])
    >>> half = RegionGraph.of(net, control=Control(max_cells=1)).complex
    >>> open_facet_points(half, half.open_facets)
    [(3, 2)]
    """
    if not facets:
        return []
    seen = _Facets.of(complex_, facets)
    return adjacency_points(seen, range(len(facets)))


@final
@dataclass(frozen=True)
class _Facets:
    """Facets as if each were an adjacency: of its cell (number 2k) and of itself (number 2k + 1).

    The facet stands for the cell beyond: its "pattern" are the signs on it, which differ from the cell's in the units
    that vanish on the facet and not on the cell, and what the two share are the facet's generators.
    """

    net: IntegerNet
    begin: Start
    characters: Signs
    cell_signs: Signs
    pairs: Ids
    facet_signs: Signs
    generators: Generators

    def generators_of(self, cells: Sequence[int]) -> Generators:
        """Return the generators of the facets, each twice."""
        return self.generators

    @classmethod
    def of(cls, complex_: RegionComplex, facets: Sequence[OpenFacet]) -> _Facets:
        """Look at facets of a complex."""
        cells = [facet.cell for facet in facets]
        n_domain = len(complex_.begin.domain)  # there are no auxiliary hyperplanes without maxima
        signs = np.stack([np.frombuffer(facet.signs, np.int8)[n_domain:] for facet in facets])
        characters = np.stack([complex_.characters[cells], signs], axis=1).reshape(2 * len(facets), -1)
        generators = complex_.generators_of(sorted(set(cells)))
        rows = _rows(complex_.net, characters[::2], signs)
        members = []
        for cell, row in zip(cells, rows, strict=True):
            on_facet = [not sum(map(int.__mul__, row, generators.vectors[n])) for n in generators.of_cell(cell)]
            members += [generators.of_cell(cell)[np.array(on_facet)]] * 2
        starts = np.cumsum([0, *map(len, members)])
        pairs = np.arange(2 * len(facets), dtype=np.int64).reshape(-1, 2)
        shared = Generators(generators.vectors, np.concatenate(members), starts)
        return cls(complex_.net, complex_.begin, characters, characters, pairs, signs, shared)


def _rows(net: IntegerNet, characters: Signs, signs: Signs) -> list[Integers]:
    """Return for each facet the row, on its cell, of the first unit that vanishes on the facet alone."""
    place = (characters != signs).argmax(axis=1)
    rows: list[Integers] = [()] * len(signs)
    first = 0
    for number, layer in enumerate(net.hidden):
        here = np.flatnonzero((place >= first) & (place < first + layer.n_characters))
        if len(here):
            cells, which = np.unique(characters[here], axis=0, return_inverse=True)
            on_cells = integer_rows(net, number, cells)
            for facet, cell in zip(here.tolist(), which.ravel().tolist(), strict=True):
                (unit,) = layer.members[place[facet] - first]
                rows[facet] = on_cells[cell][unit]
        first += layer.n_characters
    return rows
