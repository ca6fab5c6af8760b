"""Cells found in parts: where the enumeration was stopped, those of which a part is missing are left out.

A maximum's comparisons and auxiliary hyperplanes cut cells that are joined again at the end. Of a run that was
stopped only some parts may have been finished, and what would be said of their union (bounded or not, vertices,
walls) is not true of the cell. The cell being convex, a part is missing if and only if a facet of a part has nothing
on its other side and lies inside the cell: if at one point of its relative interior all constraints of the cell
are positive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from symflow.regions.generators import cell_constraints, exact_vertices
from symflow.regions.ids import Ids
from symflow.regions.piece import Piece
from symflow.regions.start import Start
from symflow.regions.vertex_table import INFINITY, Integers


def whole_cells(begin: Start, finished: Sequence[Piece]) -> list[Piece]:
    """Return the pieces without the cells of which a part is missing.

    Parameters
    ----------
    begin : Start
        The section, with the net on it.
    finished : sequence of Piece
        What a run brought that was stopped.

    Examples
    --------
    The maximum of |x| and |y| has four cells, each found in several parts; the first three parts make one of them.

    >>> from symflow.activations.base import activation
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.enumeration import Control
    >>> from symflow.regions.region_graph import RegionGraph
    >>> pool = activation("maxpool", groups=[[0, 1, 2, 3]])
    >>> net = Network.from_weights([[1, 0], [-1, 0], [0, 1], [0, -1]], [[1]], activation=pool)
    >>> RegionGraph.of(net, control=Control(max_cells=3))
    RegionGraph(1 cells, 0 walls, incomplete)
    """
    loose = [_loose_facets(begin, piece) for piece in finished]
    n_sides = Counter(
        piece.facet_signs[facet].tobytes() for piece, facets in zip(finished, loose, strict=True) for facet in facets
    )
    partial: set[bytes] = set()
    for piece, facets in zip(finished, loose, strict=True):
        alone = [facet for facet in facets if n_sides[piece.facet_signs[facet].tobytes()] == 1]
        partial.update(_cut_open(begin, piece, np.array(alone, np.int32)))
    result = []
    for piece in finished:
        kept = np.array([row.tobytes() not in partial for row in piece.characters()], np.bool_)
        if kept.all():
            result.append(piece)
        elif kept.any():
            result.append(piece.part(np.flatnonzero(kept).astype(np.int32)))
    return result


def _loose_facets(begin: Start, piece: Piece) -> list[int]:
    """Return the facets with one side in the piece, those on the domain's boundary and at infinity left out."""
    d = piece.lattice.dimension
    n_sides = np.bincount(piece.lattice.facets[d], minlength=piece.lattice.counts[d - 1])
    on_domain = piece.facet_signs[:, begin.n_auxiliary : begin.n_auxiliary + len(begin.domain)] == 0
    is_loose = (n_sides == 1) & (piece.hulls[d - 1][:, 0] != INFINITY) & ~on_domain.any(axis=1)
    places: list[int] = np.flatnonzero(is_loose).tolist()
    return places


def _cut_open(begin: Start, piece: Piece, facets: Ids) -> Iterator[bytes]:
    """Return the patterns of the cells inside which one of these facets lies."""
    d = piece.lattice.dimension
    if not len(facets):
        return
    owner = np.zeros(piece.lattice.counts[d - 1], np.int32)
    owner[piece.lattice.facets[d]] = piece.lattice.owners[d]
    characters = piece.characters()[owner[facets]]
    face, vertex = piece.lattice.vertices_of(d - 1)
    starts, ends = np.searchsorted(face, facets, "left"), np.searchsorted(face, facets, "right")
    constraints: dict[bytes, list[Integers]] = {}
    for pattern, start, end in zip(characters, starts, ends, strict=True):
        word = pattern.tobytes()
        if word not in constraints:
            constraints[word] = cell_constraints(begin.net, pattern.tolist())
        # The sum of the generators, points and rays, is a positive multiple of a point of the relative interior.
        inside = [sum(entries) for entries in zip(*exact_vertices(piece.table, vertex[start:end]), strict=True)]
        if all(sum(map(int.__mul__, row, inside)) > 0 for row in constraints[word]):
            yield word
