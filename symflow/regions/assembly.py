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

from symflow.regions.generators import Spanned
from symflow.regions.ids import Ids
from symflow.regions.ids import parts as slices
from symflow.regions.integer_layers import IntegerNet
from symflow.regions.piece import Piece, Signs
from symflow.regions.region_complex import OpenFacet, RegionComplex
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
    is_sign = all(layer.slopes is not None for layer in net.hidden)  # then each sign is a character, and once is enough
    characters = signs if is_sign else _stacked([piece.characters() for piece in finished], net.n_characters)
    first, number = _first_and_number(characters)
    ends = np.cumsum([piece.n_cells for piece in finished])[:-1]
    cell_of = tuple(np.split(number, ends)) if finished else ()
    pairs, facet_signs, open_facets = _adjacencies(finished, cell_of, begin)
    if open_facets and is_whole and not missing:
        raise AssertionError("a facet has no other side though every piece is finished")
    signs = signs[first]
    return RegionComplex(
        net,
        begin,
        tuple(Spanned(piece.lattice, piece.table) for piece in finished),
        cell_of,
        signs if is_sign else characters[first],
        signs,
        pairs,
        facet_signs,
        tuple(open_facets),
        tuple(missing),
    )


def _first_and_number(characters: Signs) -> tuple[NDArray[np.intp], Ids]:
    """Return for each distinct row, in order, the first place where it stands, and for each row its number."""
    keys = _keys(characters)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    is_first = np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]
    number = np.empty(len(keys), np.int32)
    number[order] = np.cumsum(is_first, dtype=np.int32) - 1
    return order[is_first], number


def _adjacencies(finished: Sequence[Piece], cell_of: Sequence[Ids], begin: Start) -> tuple[Ids, Signs, list[OpenFacet]]:
    """Return the pairs of adjacent cells, the signs on a facet of each, and the facets with one side only."""
    n_before = begin.n_auxiliary + len(begin.domain)
    # Pairs of cells, and where the signs on their facets are: many, so that they are copied once, in order.
    pairs: list[Ids] = []
    signs: list[tuple[Signs, Ids]] = []
    loose_cells, loose_signs = [], []
    for piece, numbers in zip(finished, cell_of, strict=True):
        d = piece.lattice.dimension
        if d == 0:
            continue  # one cell, all of space
        one_side, other_side = _sides(piece)
        both = np.flatnonzero(one_side != other_side).astype(np.int32)
        pairs.append(np.stack([numbers[one_side[both]], numbers[other_side[both]]], axis=1))
        signs.append((piece.facet_signs, both))
        facet = np.flatnonzero(one_side == other_side)
        on_domain = (piece.facet_signs[facet, begin.n_auxiliary : n_before] == 0).any(axis=1)
        facet = facet[(piece.hulls[d - 1][facet, 0] != INFINITY) & ~on_domain]
        loose_cells.append(numbers[one_side[facet]])
        loose_signs.append(piece.facet_signs[facet])
    if not pairs:
        n_cuts = sum(len(layer.cuts) for layer in begin.net.hidden)
        return np.zeros((0, 2), np.int32), np.zeros((0, n_cuts), np.int8), []
    cells, keys = np.concatenate(loose_cells), np.concatenate(loose_signs)
    open_facets: list[OpenFacet] = []
    if len(cells):
        matched, place, alone = _matched(cells, keys)
        pairs.append(matched)
        signs.append((keys, place))
        # Several parts, on either side of an auxiliary hyperplane, are one open facet.
        sides = zip(cells[alone].tolist(), keys[alone, begin.n_auxiliary :], strict=True)
        open_facets = [OpenFacet(*side) for side in sorted({(cell, row.tobytes()) for cell, row in sides})]
    pair = _joined(pairs)
    del pairs
    pair = np.stack([pair.min(axis=1), pair.max(axis=1)], axis=1)
    key = pair[:, 0].astype(np.int64) << 32 | pair[:, 1]
    order: Ids = np.argsort(key, kind="stable").astype(np.int32)
    del key
    is_first = _differs_from_the_one_before(pair[order])
    if not is_first.all():  # of several facets of one pair that with the least signs
        sign = _in_order(signs, np.arange(len(pair), dtype=np.int32), 0)
        order = np.lexsort((*sign.T[::-1], pair[:, 1], pair[:, 0]))[is_first]
    order = order[pair[order, 0] != pair[order, 1]]
    return pair[order], _in_order(signs, order, n_before), open_facets


def _sides(piece: Piece) -> tuple[Ids, Ids]:
    """Return for each facet a cell of which it is one, and another one: the same where there is no other."""
    d = piece.lattice.dimension
    owners, facets = piece.lattice.owners[d], piece.lattice.facets[d]
    one_side = np.empty(piece.lattice.counts[d - 1], owners.dtype)
    one_side[facets] = owners
    other_side = one_side.copy()
    is_other = owners != one_side[facets]
    other_side[facets[is_other]] = owners[is_other]
    return one_side, other_side


def _in_order(parts: Sequence[tuple[Signs, Ids]], order: Ids, n_before: int) -> Signs:
    """Return these rows of all that stand at some places of some matrices, without their first entries."""
    n_rows = sum(len(places) for _, places in parts)
    row = np.full(n_rows, -1, np.int32)
    row[order] = np.arange(len(order), dtype=np.int32)
    result = np.empty((len(order), parts[0][0].shape[1] - n_before), np.int8)
    first = 0
    for matrix, places in parts:
        for part in slices(len(places)):
            into = row[first : first + len(places)][part]
            result[into[into >= 0]] = matrix[places[part][into >= 0], n_before:]
        first += len(places)
    return result


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Return all rows, the only part itself where there is one."""
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _differs_from_the_one_before(rows: NDArray[Any]) -> NDArray[np.bool_]:
    differs = np.ones(len(rows), np.bool_)
    differs[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return differs


def _matched(cells: Ids, signs: Signs) -> tuple[Ids, Ids, Ids]:
    """Return the pairs of cells whose facets have the same signs, where the first is, and where a facet is alone."""
    keys = _keys(signs)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    place = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    n_sides = np.diff(np.concatenate([place, [len(keys)]]))
    if n_sides.max(initial=0) > 2:
        raise AssertionError("a facet with three sides")
    both = place[n_sides == 2]
    first, second = order[both], order[both + 1]
    return np.stack([cells[first], cells[second]], axis=1), first, order[place[n_sides == 1]]


def _keys(signs: Signs) -> NDArray[Any]:
    """Return one sortable key a row: the order of the keys is that of the rows."""
    if signs.shape[1] == 0:
        return np.zeros(len(signs), np.int8)
    shifted = np.ascontiguousarray(signs + 2).view(np.uint8)  # no byte is 0: trailing ones would be lost
    return shifted.view(f"S{signs.shape[1]}").ravel()


def _stacked(parts: list[Signs], width: int) -> Signs:
    return _joined(parts) if parts else np.zeros((0, width), np.int8)
