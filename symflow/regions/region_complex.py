"""The finished complex: cells and adjacencies in one canonical order, and what is asked of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from symflow.regions.cell_maps import CellMaps, cell_maps
from symflow.regions.generators import Generators, Spanned, generators
from symflow.regions.ids import Ids
from symflow.regions.integer_layers import IntegerNet
from symflow.regions.piece import Signs, character_text
from symflow.regions.start import Start
from symflow.regions.vertex_table import INFINITY, Integers

# Up to so many cells, what is asked of one of them is computed for all at once.
_FEW_CELLS = 5000
# So many points are found together where they are wanted one after the other.
_BATCH = 4096


@final
@dataclass(frozen=True)
class OpenFacet:
    """A facet whose other side has not been enumerated.

    Parameters
    ----------
    cell : int
        The cell on this side.
    signs : bytes
        Those of all cuts on it, as int8.
    """

    cell: int
    signs: bytes


@final
@dataclass(frozen=True)
class RegionComplex:
    """Cells and adjacencies of a net.

    Parameters
    ----------
    net : IntegerNet
        The net, in all its inputs.
    begin : Start
        The section.
    pieces : tuple of Spanned
        Cells with their vertices, as they were found.
    cell_of : tuple of ids
        For each piece the number of each of its cells.
    characters : int8, (n_cells, n_characters)
        The patterns, sorted.
    cell_signs : int8, (n_cells, n_cuts)
        The signs of all cuts on (one part of) each cell.
    pairs : ids, (n_adjacencies, 2)
        The two cells of each adjacency, the smaller number first; sorted.
    facet_signs : int8, (n_adjacencies, n_cuts)
        The signs of all cuts on (one part of) each shared facet.
    open_facets : tuple of OpenFacet
        None when the complex is complete.
    missing : tuple of str
        Partial patterns, ``*`` where undecided, whose cells are not among these.
    """

    net: IntegerNet
    begin: Start
    pieces: tuple[Spanned, ...]
    cell_of: tuple[Ids, ...]
    characters: Signs
    cell_signs: Signs
    pairs: Ids
    facet_signs: Signs
    open_facets: tuple[OpenFacet, ...]
    missing: tuple[str, ...]

    @property
    def n_cells(self) -> int:
        """The number of cells."""
        return len(self.characters)

    @property
    def n_adjacencies(self) -> int:
        """The number of adjacencies."""
        return len(self.pairs)

    @property
    def is_complete(self) -> bool:
        """Whether these are all cells."""
        return not self.missing

    def pattern(self, cell: int) -> str:
        """Return the pattern of a cell."""
        first = 0
        words = []
        characters = self.characters[cell].tolist()
        for layer in self.net.hidden:
            here = characters[first : first + layer.n_characters]
            words += [character_text(c, layer.slopes is None) for c in here]
            first += layer.n_characters
        return "".join(words)

    def flips(self, first: int, second: int) -> tuple[tuple[int, int], ...]:
        """Return the units (layer, unit) from 1 whose character differs between two cells."""
        differ = self.characters[first] != self.characters[second]
        return tuple(self._units[place] for place in np.flatnonzero(differ).tolist())

    @cached_property
    def _units(self) -> tuple[tuple[int, int], ...]:
        return tuple((layer.number, output) for layer in self.net.hidden for output in range(1, layer.n_characters + 1))

    @cached_property
    def walls_of_cell(self) -> tuple[tuple[int, ...], ...]:
        """For each cell the numbers of its adjacencies."""
        result: list[list[int]] = [[] for _ in range(self.n_cells)]
        for number, (first, second) in enumerate(self.pairs.tolist()):
            result[first].append(number)
            result[second].append(number)
        return tuple(map(tuple, result))

    @cached_property
    def is_bounded(self) -> NDArray[np.bool_]:
        """For each cell whether it is bounded: it has no ray, and there is no lineality."""
        bounded = np.full(self.n_cells, not self.begin.lineality)
        for piece, cells in zip(self.pieces, self.cell_of, strict=True):
            is_ray = (piece.table.hulls == INFINITY).any(axis=1)
            bounded[cells[piece.lattice.spread(is_ray)[-1]]] = False
        return bounded

    @cached_property
    def generators(self) -> Generators:
        """All vertices and rays, and which of them span each cell."""
        return generators(self.net, self.begin, self.pieces, self.cell_of, self.characters)

    @cached_property
    def maps(self) -> CellMaps:
        """The affine map of the net on each cell."""
        return cell_maps(self.net, self.characters)

    def generators_of(self, cells: Sequence[int]) -> Generators:
        """Return the generators of these cells at least: all of them, unless that is much more work."""
        if self.n_cells <= _FEW_CELLS or "generators" in self.__dict__:
            return self.generators
        return generators(self.net, self.begin, self.pieces, self.cell_of, self.characters, np.array(cells))

    @cached_property
    def interior_points(self) -> tuple[Integers, ...]:
        """A point (x, D) in the interior of each cell, x / D with a small denominator."""
        return tuple(self._find_interior_points(range(self.n_cells)))

    def interior_point(self, cell: int) -> Integers:
        """Return that point for one cell."""
        if self.n_cells <= _FEW_CELLS or "interior_points" in self.__dict__:
            return self.interior_points[cell]
        return self._find_interior_points([cell])[0]

    @cached_property
    def adjacency_points(self) -> tuple[Integers, ...]:
        """A point (x, D) in the relative interior of each shared facet."""
        return tuple(self._find_adjacency_points(range(self.n_adjacencies)))

    def adjacency_point(self, adjacency: int) -> Integers:
        """Return that point for one shared facet."""
        if self.n_cells <= _FEW_CELLS or "adjacency_points" in self.__dict__:
            return self.adjacency_points[adjacency]
        return self._find_adjacency_points([adjacency])[0]

    def interior_points_in_turn(self) -> Iterator[Integers]:
        """Yield the points of ``interior_points`` without keeping them."""
        yield from self._in_turn("interior_points", self._find_interior_points, self.n_cells)

    def adjacency_points_in_turn(self) -> Iterator[Integers]:
        """Yield the points of ``adjacency_points`` without keeping them."""
        yield from self._in_turn("adjacency_points", self._find_adjacency_points, self.n_adjacencies)

    def _find_interior_points(self, cells: Sequence[int]) -> list[Integers]:
        from symflow.regions.points import interior_points  # who only counts need not load how points are found

        return interior_points(self, cells)

    def _find_adjacency_points(self, adjacencies: Sequence[int]) -> list[Integers]:
        from symflow.regions.points import adjacency_points

        return adjacency_points(self, adjacencies)

    def _in_turn(self, name: str, find: Callable[[Sequence[int]], list[Integers]], count: int) -> Iterator[Integers]:
        """Yield points, some thousands at a time being found together."""
        if name in self.__dict__:
            yield from getattr(self, name)
            return
        _ = self.generators  # found once, not for each batch
        for first in range(0, count, _BATCH):
            yield from find(range(count)[first : first + _BATCH])

    @cached_property
    def pieces_of_the_map(self) -> Ids:
        """For each cell the number of its piece: cells are joined when adjacent and of equal map."""
        parent = list(range(self.n_cells))

        def root(cell: int) -> int:
            while parent[cell] != cell:
                parent[cell] = parent[parent[cell]]
                cell = parent[cell]
            return cell

        same = self.maps.number[self.pairs[:, 0]] == self.maps.number[self.pairs[:, 1]]
        for first, second in self.pairs[same].tolist():
            a, b = root(first), root(second)
            parent[max(a, b)] = min(a, b)
        roots = np.array([root(cell) for cell in range(self.n_cells)], np.int64)
        numbers: Ids = np.unique(roots, return_inverse=True)[1]
        return numbers

    def __repr__(self) -> str:
        known = "complete" if self.is_complete else "incomplete"
        return f"RegionComplex({len(self.characters)} cells, {len(self.pairs)} walls, {known})"
