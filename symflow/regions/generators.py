"""The vertices and rays of all cells, exactly, each once and in order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.exact.integer_kernel import independent_rows
from symflow.regions.distinct import distinct
from symflow.regions.face_lattice import FaceLattice
from symflow.regions.ids import Ids
from symflow.regions.integer_layers import WINNER_OFFSET, IntegerNet, exact_unit_rows
from symflow.regions.piece import Signs
from symflow.regions.start import Start
from symflow.regions.vertex_table import Integers, VertexTable


@final
@dataclass(frozen=True, slots=True)
class Spanned:
    """Cells and what spans them: what is kept of a piece when its cells are known.

    Parameters
    ----------
    lattice : FaceLattice
        The cells with all their faces.
    table : VertexTable
        Their vertices and rays.
    """

    lattice: FaceLattice
    table: VertexTable


@final
@dataclass(frozen=True)
class Generators:
    """Points and rays, and which of them span each cell.

    Parameters
    ----------
    vectors : tuple of integer vectors
        (x, D) without a common factor, in all inputs: the points x / D sorted by value, then the rays (D = 0).
    members : ids
        The numbers of the generators of cell 0, those of cell 1, ..; each cell's in increasing order.
    starts : ids, (n_cells + 1,)
        Where each cell's begin.
    """

    vectors: tuple[Integers, ...]
    members: Ids
    starts: Ids

    def of_cell(self, cell: int) -> Ids:
        """Return the numbers of the generators of a cell."""
        return self.members[self.starts[cell] : self.starts[cell + 1]]

    def shared(self, first: int, second: int) -> Ids:
        """Return the numbers of the generators that two cells share: those of their common face."""
        return np.intersect1d(self.of_cell(first), self.of_cell(second), assume_unique=True)


def generators(
    net: IntegerNet,
    begin: Start,
    pieces: Sequence[Spanned],
    cell_of: Sequence[Ids],
    characters: Signs,
    wanted: Ids | None = None,
) -> Generators:
    """Return the generators of the cells that pieces make, or of some of them.

    Parameters
    ----------
    net, begin : IntegerNet, Start
        The net in all inputs, and the section.
    pieces : sequence of Spanned
        Cells with their vertices.
    cell_of : sequence of ids
        For each piece the number of each of its cells.
    characters : int8, (n_cells, n_characters)
        The patterns.
    wanted : ids, optional
        Only these cells are looked at; the others have no generators then.
    """
    place: dict[Integers, int] = {}
    cells: list[Ids] = []
    members: list[Ids] = []
    for piece, numbers in zip(pieces, cell_of, strict=True):
        lattice = piece.lattice
        vertices: Ids = np.arange(piece.table.n_vertices)
        if wanted is not None:
            some = np.flatnonzero(np.isin(numbers, wanted)).astype(np.int32)
            if not len(some):
                continue
            lattice, parts = lattice.part(some)
            numbers, vertices = numbers[some], parts[0]
        vectors = exact_vertices(piece.table, vertices)
        number = np.array([place.setdefault(vector, len(place)) for vector in vectors], np.int64)
        cell, vertex = lattice.vertices_of(lattice.dimension)
        cells.append(numbers[cell].astype(np.int64))
        members.append(number[vertex])
    in_order = sorted(place, key=_value)
    rank_of = np.zeros(len(place), np.int64)
    for i, vector in enumerate(in_order):
        rank_of[place[vector]] = i
    size = len(in_order) + 1
    keys = np.concatenate(
        [np.zeros(0, np.int64), *(c * size + rank_of[m] for c, m in zip(cells, members, strict=True))]
    )
    pairs: NDArray[np.int64] = np.stack(np.divmod(distinct(keys), size))
    if begin.needs_joining:
        pairs = pairs[:, _extreme(begin, characters, in_order, *pairs)]
        used = distinct(pairs[1])
        pairs[1] = np.searchsorted(used, pairs[1])
        in_order = [in_order[i] for i in used]
    cell, member = pairs
    starts = np.searchsorted(cell, np.arange(len(characters) + 1))
    return Generators(tuple(_lifted(vector, begin, net.n_inputs) for vector in in_order), member, starts)


def exact_vertices(table: VertexTable, numbers: NDArray[np.integer[Any]]) -> list[Integers]:
    """Return the primitive integer vectors of some vertices."""
    vertices = table.vertices.take(numbers)
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.ldexp(
            1.01 * (np.abs(vertices.approx).max(axis=1) + vertices.error), np.minimum(vertices.exponent, 2000)
        )
    small = size < 2.0**62  # then the residues are the integers themselves
    divisor = np.gcd.reduce(vertices.residue, axis=1)
    reduced = vertices.residue // np.maximum(divisor, 1)[:, None]
    return [
        tuple(row) if is_small else table.exact_vertex(number)
        for number, row, is_small in zip(numbers.tolist(), reduced.tolist(), small.tolist(), strict=True)
    ]


def _value(vector: Integers) -> tuple[Any, ...]:
    """Return the key by which generators are sorted: points before rays, each by value."""
    if vector[-1]:
        return (0, *(Fraction(entry, vector[-1]) for entry in vector[:-1]))
    return (1, *vector[:-1])


def _lifted(vector: Integers, begin: Start, n_inputs: int) -> Integers:
    """Return a vector of the section in all inputs."""
    full = [0] * (n_inputs + 1)
    for column, entry in zip((*begin.columns, n_inputs), vector, strict=True):
        full[column] = entry
    return tuple(full)


def _extreme(begin: Start, characters: Signs, vectors: Sequence[Integers], cell: Ids, member: Ids) -> NDArray[np.bool_]:
    """Return which pairs are extreme: the constraints of the cell that are tight there leave one direction."""
    d = begin.dimension
    at_infinity = (*(0,) * d, 1)
    kept = np.zeros(len(cell), np.bool_)
    constraints: dict[int, list[Integers]] = {}
    for i, (c, m) in enumerate(zip(cell.tolist(), member.tolist(), strict=True)):
        if c not in constraints:
            constraints[c] = [*cell_constraints(begin.net, characters[c].tolist()), *begin.domain, at_infinity]
        vector = vectors[m]
        tight = [row for row in constraints[c] if sum(map(math.prod, zip(row, vector, strict=True))) == 0]
        kept[i] = len(independent_rows(tight)) == d
    return kept


def cell_constraints(net: IntegerNet, characters: Sequence[int]) -> list[Integers]:
    """Return the covectors of (x, D) that are positive inside the cell of a pattern, those that vanish left out.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.integer_layers import integer_net
    >>> net = integer_net(Network.from_weights([[1, 0], [1, -1]], [[1, 1]]))
    >>> cell_constraints(net, (1, -1))
    [(1, 0, 0), (-1, 1, 0)]
    """
    constraints = []
    first = 0
    for number, layer in enumerate(net.hidden):
        rows = exact_unit_rows(net, number, characters[:first])
        for group, character in zip(layer.members, characters[first:], strict=False):
            if layer.slopes is not None:
                constraints.append(tuple(character * entry for entry in rows[group[0]]))
                continue
            winner = rows[group[character - WINNER_OFFSET]]
            constraints += [tuple(a - b for a, b in zip(winner, rows[unit], strict=True)) for unit in group]
        first += layer.n_characters
    return [row for row in constraints if any(row)]
