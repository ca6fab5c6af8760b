"""Where the enumeration starts: d independent hyperplanes, on a section on which no cell contains a line.

Lineality. Let L be the space of directions along which no constraint of one cell changes. Every cell has the same L:
a constraint of a neighbour agrees with one of the cell, or with a continuous combination of them, on the common
facet, which contains L; being affine and constant on it along L, it is constant along L everywhere. So it is enough
to look at the cell of one point in general position; the complex is the one on a section transversal to L, times L.

On the section the first d independent rows (those of the domain first, then the columns of the first layer, then
coordinates) make orthants with one apex. Where a coordinate or a maximum's column cuts that does not belong to the
complex, cells fall apart that have one pattern; they are joined again at the end. The signs at these auxiliary
hyperplanes are kept like those of all other cuts, so that parts of one facet are told apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, final

import numpy as np

from symflow.errors import InputError
from symflow.exact.integer_kernel import independent_rows, integer_kernel
from symflow.exact.rationals import rational
from symflow.regions.face_lattice import orthants
from symflow.regions.ids import id_type
from symflow.regions.integer_layers import (
    WINNER_OFFSET,
    Cut,
    IntegerLayer,
    IntegerNet,
    exact_unit_rows,
)
from symflow.regions.piece import Piece
from symflow.regions.vertex_table import Integers, VertexTable

# With more inputs than this there is mostly a lineality space, or too much to enumerate.
_FEW_INPUTS = 20
# With more faces than this the first orthants are handled one group at a time.
_MOST_FIRST_FACES = 3000


@final
@dataclass(frozen=True, slots=True)
class Start:
    """The section, and the hyperplanes to begin with.

    Parameters
    ----------
    net : IntegerNet
        The net on the section.
    columns : tuple of int
        Which inputs the section keeps; the others are 0 on it.
    lineality : tuple of integer vectors
        A basis of L, in all inputs.
    domain : tuple of integer covectors
        h of (x, D) on the section, the domain being h >= 0.
    basis : tuple of integer covectors
        d independent ones; the first ``n_domain`` belong to the domain.
    n_domain : int
        How many.
    n_auxiliary : int
        How many at the end may cut where nothing of the net does: coordinates, and columns that do so only where
        their member leads.
    needs_joining : bool
        Whether cells may fall apart that have one pattern.
    """

    net: IntegerNet
    columns: tuple[int, ...]
    lineality: tuple[Integers, ...]
    domain: tuple[Integers, ...]
    basis: tuple[Integers, ...]
    n_domain: int
    n_auxiliary: int
    needs_joining: bool

    @property
    def dimension(self) -> int:
        """The dimension d of the section."""
        return len(self.columns)


def start(net: IntegerNet, domain: Sequence[Integers] = ()) -> Start:
    """Return where to start.

    Parameters
    ----------
    net : IntegerNet
        The net.
    domain : sequence of integer covectors of (x, D)
        The domain is where none is negative.
    """
    n = net.n_inputs
    proper = [row for row in domain if any(row[:-1])]
    columns, lineality = _columns_and_lineality(net, proper)
    if not columns:
        return Start(net.section(()), (), lineality, (), (), 0, 0, False)
    section = net.section(columns)
    kept = tuple(tuple(row[j] for j in (*columns, n)) for row in proper)
    cuts, others = _first_columns(section)
    coordinates = [tuple(int(i == j) for j in range(len(columns) + 1)) for i in range(len(columns))]
    candidates = [*kept, *cuts, *others, *coordinates]
    chosen = independent_rows([row[:-1] for row in candidates])
    basis = tuple(candidates[i] for i in chosen)
    n_domain = sum(1 for i in chosen if i < len(kept))
    n_auxiliary = sum(1 for i in chosen if i >= len(kept) + len(cuts))
    needs_joining = any(layer.slopes is None for layer in net.hidden) or n_auxiliary > 0
    return Start(section, columns, lineality, kept, basis, n_domain, n_auxiliary, needs_joining)


def _columns_and_lineality(net: IntegerNet, domain: Sequence[Integers]) -> tuple[tuple[int, ...], tuple[Integers, ...]]:
    """Return the inputs that a section keeps, and a basis of the directions along which no sign changes."""
    n = net.n_inputs
    cuts_everywhere = net.hidden[0].weights if net.hidden and net.hidden[0].slopes is not None else ()
    if n <= _FEW_INPUTS and len(independent_rows(cuts_everywhere)) == n:
        return tuple(range(n)), ()
    rows = [row[:-1] for row in [*domain, *_constraints(net)]]
    if n <= _FEW_INPUTS and len(independent_rows(rows)) == n:
        return tuple(range(n)), ()
    if not rows:
        return (), tuple(tuple(int(i == j) for j in range(n)) for i in range(n))
    from symflow.exact.linear_algebra import kernel, reduced_row_echelon_form  # python-flint: for many inputs only

    matrix = [[rational(entry) for entry in row] for row in rows]
    return reduced_row_echelon_form(matrix).pivots, tuple(primitive(v) for v in kernel(matrix, n_columns=n))


def first_pieces(begin: Start) -> Iterator[Piece]:
    """Return the pieces to begin with: the orthants of the basis, cut to the domain.

    Raises
    ------
    InputError
        If the domain has no interior.
    """
    two_sided = begin.dimension - begin.n_domain
    n_apart = 0
    while 2**begin.n_domain * 3 ** (two_sided - n_apart) > _MOST_FIRST_FACES and n_apart < two_sided:
        n_apart += 1
    together = [(1, -1)] * (two_sided - n_apart)
    found = False
    for signs in product((1, -1), repeat=n_apart):
        sides = [(1,)] * begin.n_domain + [(sign,) for sign in signs] + together
        piece = _within_domain(begin, _orthants(begin, sides))
        if piece is not None:
            found = True
            yield piece
    if not found:
        raise InputError("the domain has no interior; no cell lies in it", place="domain")


def _orthants(begin: Start, sides: Sequence[Sequence[int]]) -> Piece:
    """Return the orthants on the given sides of the basis."""
    d = begin.dimension
    lattice, signs = orthants(sides)
    table = VertexTable(begin.net, begin.basis)
    hulls = []
    for k in range(d):
        # A face vanishes on the rows where its sign is 0: row i + 1 of the basis, and row 0 at infinity.
        flags = signs[k][:, [d, *range(d)]] == 0
        hulls.append(np.nonzero(flags)[1].astype(id_type(d + 1)).reshape(len(flags), d - k))
    vectors = []
    for hull, sign in zip(hulls[0], signs[0], strict=True):
        vector = integer_kernel([table.exact_row(int(row)) for row in hull], n_columns=d + 1)
        if vector[-1]:
            positive = vector[-1] > 0
        else:
            (side,) = np.flatnonzero(sign)
            value = sum(a * b for a, b in zip(begin.basis[side], vector, strict=True))
            positive = (value > 0) == (sign[side] > 0)
        vectors.append(vector if positive else tuple(-entry for entry in vector))
    table.add_first(vectors, hulls[0])
    # What an auxiliary hyperplane cuts apart is told apart by the sign there, like any other cut.
    auxiliary = [signs[k][:, d - begin.n_auxiliary : d] for k in (d, d - 1)]
    piece = Piece(begin.net, lattice, table, hulls, *auxiliary)
    piece.restart(begin.net, begin.n_auxiliary)
    return piece


def _within_domain(begin: Start, piece: Piece) -> Piece | None:
    """Return the part of a piece inside the domain, or None if there is none."""
    if not begin.domain:
        return piece
    weights, bias = tuple(row[:-1] for row in begin.domain), tuple(row[-1] for row in begin.domain)
    columns: tuple[tuple[int, int | None], ...] = tuple((i, None) for i in range(len(bias)))
    layer = IntegerLayer(
        0,
        weights,
        bias,
        (1, 1),
        tuple((i,) for i in range(len(bias))),
        columns,
        tuple(Cut((i,), i) for i in range(len(bias))),
    )
    piece.net = piece.table.net = IntegerNet(begin.dimension, (layer,), (), (), begin.net.scale)
    while not piece.is_finished:
        piece.advance()
        inside = np.flatnonzero(piece.cell_signs[:, -1] >= 0).astype(np.int32)
        if not len(inside):
            return None
        if len(inside) < piece.n_cells:
            piece = piece.part(inside)
    piece.table.make_exact()
    piece.restart(begin.net, begin.n_auxiliary + len(bias))
    return piece


def _constraints(net: IntegerNet) -> list[Integers]:
    """Return all constraints of one cell, those that vanish identically left out."""
    seed = 1
    while True:
        point = []
        for _ in range(net.n_inputs):
            seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
            point.append((seed >> 33) - 2**30)
        rows = _constraints_at(net, (*point, 2**10))
        if rows is not None:
            return rows


def _constraints_at(net: IntegerNet, point: Integers) -> list[Integers] | None:
    """Return the constraints of the cell of a point, or None if it lies on one of them."""
    characters: list[int] = []
    constraints = []
    for number, layer in enumerate(net.hidden):
        rows = exact_unit_rows(net, number, characters)
        values = [sum(a * b for a, b in zip(row, point, strict=True)) for row in rows]
        for group in layer.members:
            if layer.slopes is not None:
                (unit,) = group
                if not values[unit] and any(rows[unit]):
                    return None
                constraints.append(rows[unit])
                characters.append((values[unit] > 0) - (values[unit] < 0))
                continue
            winner = max(group, key=lambda unit: values[unit])
            for unit in group:
                difference = tuple(a - b for a, b in zip(rows[winner], rows[unit], strict=True))
                if values[unit] == values[winner] and any(difference):
                    return None
                constraints.append(difference)
            characters.append(group.index(winner) + WINNER_OFFSET)
    return [row for row in constraints if any(row)]


def _first_columns(net: IntegerNet) -> tuple[list[Integers], list[Integers]]:
    """Return the columns of the first layer: those that cut everywhere, and those that cut where their member leads."""
    if not net.hidden:
        return [], []
    rows = exact_unit_rows(net, 0, ())
    columns = [
        rows[unit] if minus is None else tuple(a - b for a, b in zip(rows[unit], rows[minus], strict=True))
        for unit, minus in net.hidden[0].columns
    ]
    everywhere = {cut.columns[0] for cut in net.hidden[0].cuts if len(cut.columns) == 1}
    return (
        [column for i, column in enumerate(columns) if i in everywhere],
        [column for i, column in enumerate(columns) if i not in everywhere],
    )


def primitive(vector: Sequence[Any]) -> Integers:
    """Return the integer multiple of a rational vector without a common factor.

    Examples
    --------
    >>> primitive([rational("1/2"), rational("-1/3")])
    (3, -2)
    """
    denominator = math.lcm(*(int(entry.q) for entry in vector))
    scaled = [int(entry.p) * (denominator // int(entry.q)) for entry in vector]
    divisor = math.gcd(*scaled) or 1
    return tuple(entry // divisor for entry in scaled)
