"""How finished pieces become one complex: cells and adjacencies in one canonical order.

Pieces meet in facets. On the relative interior of a face every cut has one sign, and a face is determined by these
signs (given the signs of the cuts before it, each cut is affine, so that the points with one vector of signs are a
convex set); two facets of different pieces with the same signs are one facet. Where a maximum or an auxiliary
hyperplane has split a cell in vain, cells with one pattern are joined, and so are the facets between the same two
cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symflow.regions.integer_layers import IntegerNet
from symflow.regions.piece import Piece, Signs
from symflow.regions.region_complex import Ids, OpenFacet, RegionComplex
from symflow.regions.start import Start
from symflow.regions.vertex_table import INFINITY
from symflow.regions.whole_cells import whole_cells


def assemble(
    net: IntegerNet, begin: Start, finished: Sequence[Piece], missing: Sequence[str], *, is_whole: bool = True
) -> RegionComplex:
    """Return the complex that finished pieces make.

    Parameters
    ----------
    net, begin : IntegerNet, Start
        The net in all inputs, and its section.
    finished : sequence of Piece
        What the enumeration brought.
    missing : sequence of str
        What it did not.
    is_whole : bool
        Whether all cells that are not missing are here; else some were left out, and facets stay open.
    """
    if missing and begin.needs_joining:
        finished = whole_cells(begin, finished)
    n_before = begin.n_auxiliary + len(begin.domain)
    signs = _stacked([piece.cell_signs[:, n_before:] for piece in finished], sum(len(h.cuts) for h in net.hidden))
    characters = _stacked([piece.characters() for piece in finished], net.n_characters)
    _, first, number = np.unique(_keys(characters), return_index=True, return_inverse=True)
    ends = np.cumsum([piece.n_cells for piece in finished])[:-1]
    cell_of = tuple(np.split(number.astype(np.int64), ends)) if finished else ()
    pairs, facet_signs, open_facets = _adjacencies(finished, cell_of, begin)
    if open_facets and is_whole and not missing:
        raise AssertionError("a facet has no other side though every piece is finished")
    return RegionComplex(
        net,
        begin,
        tuple(finished),
        cell_of,
        characters[first],
        signs[first],
        pairs,
        facet_signs[:, n_before:],
        tuple(open_facets),
        tuple(missing),
    )


def _adjacencies(finished: Sequence[Piece], cell_of: Sequence[Ids], begin: Start) -> tuple[Ids, Signs, list[OpenFacet]]:
    """Return the pairs of adjacent cells, the signs on a facet of each, and the facets with one side only."""
    n_before = begin.n_auxiliary + len(begin.domain)
    pairs, signs, loose_cells, loose_signs = [], [], [], []
    for piece, numbers in zip(finished, cell_of, strict=True):
        d = piece.lattice.dimension
        if d == 0:
            continue  # one cell, all of space
        owners, facets = piece.lattice.owners[d], piece.lattice.facets[d]
        order = np.argsort(facets, kind="stable")
        facets, cells = facets[order], numbers[owners[order]]
        is_first = np.concatenate([[True], facets[1:] != facets[:-1]])
        place = np.flatnonzero(is_first)
        n_sides = np.diff(np.concatenate([place, [len(facets)]]))
        both = place[n_sides == 2]
        pairs.append(np.stack([cells[both], cells[both + 1]], axis=1))
        signs.append(piece.facet_signs[facets[both]])
        one = place[n_sides == 1]
        facet = facets[one]
        on_domain = (piece.facet_signs[facet, begin.n_auxiliary : n_before] == 0).any(axis=1)
        inside = (piece.hulls[d - 1][facet, 0] != INFINITY) & ~on_domain
        loose_cells.append(cells[one[inside]])
        loose_signs.append(piece.facet_signs[facet[inside]])
    if not pairs:
        return np.zeros((0, 2), np.int64), np.zeros((0, n_before), np.int8), []
    cells, keys = np.concatenate(loose_cells), np.concatenate(loose_signs)
    open_facets: list[OpenFacet] = []
    if len(cells):
        matched, matched_signs, alone = _matched(cells, keys)
        pairs.append(matched)
        signs.append(matched_signs)
        # Several parts, on either side of an auxiliary hyperplane, are one open facet.
        sides = zip(cells[alone].tolist(), keys[alone, begin.n_auxiliary :], strict=True)
        open_facets = [OpenFacet(*side) for side in sorted({(cell, row.tobytes()) for cell, row in sides})]
    pair, sign = _joined(pairs), _joined(signs)
    pair.sort(axis=1)
    order = np.lexsort((pair[:, 1], pair[:, 0]))
    is_first = _differs_from_the_one_before(pair[order])
    if not is_first.all():  # of several facets of one pair that with the least signs
        order = np.lexsort((*sign.T[::-1], pair[:, 1], pair[:, 0]))[is_first]
    order = order[pair[order, 0] != pair[order, 1]]
    return pair[order], sign[order], open_facets


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Return all rows, the only part itself where there is one."""
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _differs_from_the_one_before(rows: NDArray[Any]) -> NDArray[np.bool_]:
    differs = np.ones(len(rows), np.bool_)
    differs[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return differs


def _matched(cells: Ids, signs: Signs) -> tuple[Ids, Signs, Ids]:
    """Return the pairs of cells whose facets have the same signs, and where a facet is alone."""
    keys = _keys(signs)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    place = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    n_sides = np.diff(np.concatenate([place, [len(keys)]]))
    if n_sides.max(initial=0) > 2:
        raise AssertionError("a facet with three sides")
    both = place[n_sides == 2]
    first, second = order[both], order[both + 1]
    return np.stack([cells[first], cells[second]], axis=1), signs[first], order[place[n_sides == 1]]


def _keys(signs: Signs) -> NDArray[Any]:
    """Return one sortable key a row: the order of the keys is that of the rows."""
    if signs.shape[1] == 0:
        return np.zeros(len(signs), np.int8)
    shifted = np.ascontiguousarray(signs + 2).view(np.uint8)  # no byte is 0: trailing ones would be lost
    return shifted.view(f"S{signs.shape[1]}").ravel()


def _stacked(parts: Sequence[Signs], width: int) -> Signs:
    return np.concatenate([np.zeros((0, width), np.int8), *parts])
