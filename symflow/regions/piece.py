"""One piece of the enumeration: some cells of the complex so far, and all cuts still to be made in them.

A piece starts as some orthants (``start.py``) and is cut by one function after another, layer by layer, until every
cell has its whole pattern. Cells of different pieces never meet in their interiors, so that pieces can be split in
two at any moment, worked on in any order and by different processes; their common facets are recognised at the end by
the signs of all cuts on them, which determine a face.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.activations.base import POSITIONS
from symflow.regions.distinct import distinct
from symflow.regions.face_lattice import FaceLattice, Split
from symflow.regions.ids import Ids, id_type, places
from symflow.regions.integer_layers import WINNER_OFFSET, Cut, IntegerLayer, IntegerNet
from symflow.regions.layer_rows import AffineRows
from symflow.regions.vertex_table import INFINITY, LayerRow, VertexTable

Signs = NDArray[np.int8]

# So many signs of columns at vertices are found together: one call for a few columns of a small complex.
_SIGNS_AT_ONCE = 4096


@final
@dataclass(slots=True)
class LayerState:
    """What a piece keeps while it is cut by one layer.

    Parameters
    ----------
    units : AffineRows
        The preactivations on each region.
    patterns : characters, (n_regions, n_below)
        Those of the layers below, for each region.
    regions : list of ids
        For each k and each k-face a region in whose closure it lies.
    signs : int8, (n_vertices, n_columns)
        The sign of every column at every vertex.
    """

    units: AffineRows
    patterns: Signs
    regions: list[Ids]
    signs: Signs


@final
class Piece:
    """Some cells under enumeration.

    Parameters
    ----------
    net : IntegerNet
        The net, on the section.
    lattice : FaceLattice
        The cells so far with all their faces.
    table : VertexTable
        Their vertices.
    hulls : list of ids
        For each k < d and each k-face d - k independent rows that vanish on it.
    cell_signs, facet_signs : int8, (n, n_cuts)
        The signs of all cuts made so far, on the cells and on their facets.
    features : AffineRows or None
        Between two layers, on each cell what the next one is fed with.
    """

    def __init__(
        self,
        net: IntegerNet,
        lattice: FaceLattice,
        table: VertexTable,
        hulls: list[Ids],
        cell_signs: Signs,
        facet_signs: Signs,
    ) -> None:
        self.net = net
        self.lattice = lattice
        self.table = table
        self.hulls = hulls
        self.cell_signs = cell_signs
        self.facet_signs = facet_signs
        self.layer = 0
        self.n_cuts_done = 0  # in the layer
        self.state: LayerState | None = None
        self.features: AffineRows | None = AffineRows.of_inputs(net.n_inputs)
        self.n_domain_cuts = 0  # those before the first layer: auxiliary ones, and the domain's

    def restart(self, net: IntegerNet, n_domain_cuts: int) -> None:
        """Begin with the layers of a net, after so many cuts by auxiliary hyperplanes and the domain."""
        self.net = self.table.net = net
        self.layer = self.n_cuts_done = 0
        self.features = AffineRows.of_inputs(net.n_inputs)
        self.n_domain_cuts = n_domain_cuts

    @property
    def n_cells(self) -> int:
        """The number of cells so far."""
        return self.lattice.counts[-1]

    @property
    def is_finished(self) -> bool:
        """Whether every cut has been made."""
        return self.layer == len(self.net.hidden)

    def advance(self) -> None:
        """Make the next cut."""
        layer = self.net.hidden[self.layer]
        if self.state is None:
            self.state = self._enter(layer)
        if self.n_cuts_done < len(layer.cuts):
            self._make(layer, self.state, layer.cuts[self.n_cuts_done])
            self.n_cuts_done += 1
        if self.n_cuts_done == len(layer.cuts):
            self._leave(layer, self.state)

    # ------------------------------------------------------------------ a layer

    def _enter(self, layer: IntegerLayer) -> LayerState:
        """Evaluate all columns of the layer at all vertices."""
        assert self.features is not None  # the layer is entered once
        units = self.features.through(layer.weights, layer.bias)
        self.features = None
        cells = np.arange(self.n_cells, dtype=id_type(self.n_cells))
        regions = self.lattice.hand_down(cells if self.layer else np.zeros_like(cells))
        patterns = self.characters() if self.layer else np.zeros((1, 0), np.int8)
        state = LayerState(units, patterns, regions, np.zeros((self.table.n_vertices, len(layer.columns)), np.int8))
        every = np.arange(self.table.n_vertices)
        n_at_once = max(1, _SIGNS_AT_ONCE // len(every))
        for first in range(0, len(layer.columns), n_at_once):
            columns = np.arange(first, min(first + n_at_once, len(layer.columns)))
            n = len(columns)
            signs = self._column_signs(
                layer, state, np.repeat(columns, len(every)), np.tile(regions[0], n), np.tile(every, n)
            )
            state.signs[:, columns] = signs.reshape(n, -1).T
        return state

    def _leave(self, layer: IntegerLayer, state: LayerState) -> None:
        """Prepare the features that the layer above is fed with."""
        first = self.cell_signs.shape[1] - len(layer.cuts)
        characters = layer_characters(layer, self.cell_signs[:, first:])
        self.layer += 1
        self.n_cuts_done = 0
        self.state = None
        if not self.is_finished:
            self.features = state.units.activated(layer, state.regions[-1], characters)

    def _make(self, layer: IntegerLayer, state: LayerState, cut: Cut) -> None:
        """Split every cell on which the cut has both signs."""
        d = self.lattice.dimension
        columns = np.array(cut.columns)
        signs = state.signs[:, columns].min(axis=1)  # the sign of z_j - max z_i is the least of those of z_j - z_i
        leaders = self._leaders(cut) if cut.member else None
        split = self.lattice.split(signs)
        if not split.is_trivial:
            rows = self._cut_rows(layer, state, columns, leaders, split)
            edges = split.mixed[1]
            self._follow(layer, state, split, rows, columns[leaders[1][edges] if leaders else 0])
        self.cell_signs = _with_column(self.cell_signs, split.signs(d))
        self.facet_signs = _with_column(self.facet_signs, split.signs(d - 1))

    def _leaders(self, cut: Cut) -> list[Ids]:
        """Return for each k and each k-face the member of the group that is largest on it so far."""
        made = self.cell_signs[:, self.cell_signs.shape[1] - (cut.member - 1) :]
        return self.lattice.hand_down(_last_positive(made).astype(np.int32))

    def _cut_rows(
        self, layer: IntegerLayer, state: LayerState, columns: NDArray[Any], leaders: list[Ids] | None, split: Split
    ) -> list[Ids]:
        """Return for each k the row of the cut on each mixed k-face."""
        n = len(columns)
        keys = []
        for regions, mixed in zip(state.regions, split.mixed, strict=True):
            keys.append(regions[mixed].astype(np.int64) * n)
        if leaders is not None:
            keys = [key + leader[mixed] for key, leader, mixed in zip(keys, leaders, split.mixed, strict=True)]
        is_met = np.zeros(len(state.patterns) * n, np.bool_)
        for key in keys:
            is_met[key] = True
        distinct = places(is_met)
        region, place = np.divmod(distinct, n)
        column = columns[place]
        rows = state.units.vectors(*self._columns(layer, column, region))
        origins = [self._origin(layer, state, int(c), int(r)) for c, r in zip(column, region, strict=True)]
        numbers = self.table.add_rows(rows, origins)
        number = np.zeros(len(is_met), numbers.dtype)
        number[distinct] = numbers
        return [number[key] for key in keys]

    def _follow(
        self, layer: IntegerLayer, state: LayerState, split: Split, rows: list[Ids], column: NDArray[Any]
    ) -> None:
        """Extend by the new faces everything that is kept for each face; `column` is what cut each mixed edge."""
        d = self.lattice.dimension
        edges = split.mixed[1]
        edge_hulls = self.hulls[1][edges] if d > 1 else np.zeros((len(edges), 0), rows[1].dtype)
        hulls = np.concatenate([edge_hulls, rows[1][:, None]], axis=1)
        first_vertex = self.table.n_vertices
        self.table.add_crossings(hulls, rows[1], split.ends)
        signs = self._crossing_signs(layer, state, split, column, first_vertex)
        state.signs = np.concatenate([state.signs, signs])
        for k in range(d):
            above = self.hulls[k + 1][split.mixed[k + 1]] if k + 1 < d else np.zeros((len(rows[d]), 0), rows[d].dtype)
            sections = np.concatenate([above, rows[k + 1][:, None]], axis=1)
            self.hulls[k] = split.follow(k, self.hulls[k], sections)
        regions = [state.regions[k + 1][split.mixed[k + 1]] for k in range(d)] + [state.regions[d][:0]]
        self.facet_signs = split.follow(d - 1, self.facet_signs, self.cell_signs[split.mixed[d]])
        self.cell_signs = split.follow(d, self.cell_signs, self.cell_signs[:0])
        state.regions = [split.follow(k, state.regions[k], regions[k]) for k in range(d + 1)]

    def _crossing_signs(
        self, layer: IntegerLayer, state: LayerState, split: Split, cut: NDArray[Any], first_vertex: int
    ) -> Signs:
        """Return the signs of all columns at the new vertices, one on each mixed edge.

        A column is linear on the edge: where the ends do not have opposite signs, theirs is the sign between them.
        What cut the edge vanishes at the new vertex.
        """
        first, second = state.signs[split.ends[:, 0]], state.signs[split.ends[:, 1]]
        signs: Signs = np.sign(first + second).astype(np.int8)  # 0 where they are opposite, until it is known
        is_open = first * second < 0
        is_open[np.arange(len(is_open)), cut] = False
        edge, column = np.nonzero(is_open)
        if len(edge):
            regions = state.regions[1][split.mixed[1][edge]]
            signs[edge, column] = self._column_signs(layer, state, column, regions, first_vertex + edge)
        return signs

    # ------------------------------------------------------------------ columns

    def _columns(
        self, layer: IntegerLayer, column: NDArray[Any], region: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any] | None, NDArray[Any]]:
        """Return the units of columns, what is subtracted from them, and the regions."""
        if layer.slopes is not None:
            return column, None, region  # a column for each unit
        units = np.array(layer.columns, np.intp)[column]
        return units[:, 0], units[:, 1], region

    def _origin(self, layer: IntegerLayer, state: LayerState, column: int, region: int) -> LayerRow:
        unit, minus = layer.columns[column]
        return self.layer, unit, minus, state.patterns[region].tobytes()

    def _column_signs(
        self, layer: IntegerLayer, state: LayerState, column: NDArray[Any], region: NDArray[Any], vertex: NDArray[Any]
    ) -> Signs:
        """Return the signs of columns at vertices, on given regions."""
        return self.table.signs(
            state.units,
            self._columns(layer, column, region),
            vertex,
            lambda place: self._origin(layer, state, int(column[place]), int(region[place])),
        )

    # ------------------------------------------------------------------ cells

    def characters(self) -> Signs:
        """Return the characters of the finished layers for each cell."""
        parts = []
        first = self.n_domain_cuts
        for layer in self.net.hidden[: self.layer]:
            parts.append(layer_characters(layer, self.cell_signs[:, first : first + len(layer.cuts)]))
            first += len(layer.cuts)
        return np.concatenate([np.zeros((self.n_cells, 0), np.int8), *parts], axis=1)

    def words(self) -> list[str]:
        """Return the pattern of each cell as far as it is decided, ``*`` for every other character."""
        finished = self.characters()
        first = finished.shape[1]
        is_decided = np.arange(self.net.n_characters) < first
        characters = np.zeros((self.n_cells, self.net.n_characters), np.int8)
        characters[:, :first] = finished
        if self.n_cuts_done:
            layer = self.net.hidden[self.layer]
            made = self.cell_signs[:, self.cell_signs.shape[1] - self.n_cuts_done :]
            padded = np.concatenate([made, np.zeros((len(made), len(layer.cuts) - self.n_cuts_done), np.int8)], axis=1)
            characters[:, first : first + layer.n_characters] = layer_characters(layer, padded)
            still_cut = {cut.output for cut in layer.cuts[self.n_cuts_done :]}
            is_decided[first : first + layer.n_characters] = [o not in still_cut for o in range(layer.n_characters)]
        is_group = [layer.slopes is None for layer in self.net.hidden for _ in range(layer.n_characters)]
        return [
            "".join(
                character_text(c, group) if known else "*"
                for c, group, known in zip(row, is_group, is_decided.tolist(), strict=True)
            )
            for row in characters.tolist()
        ]

    def part(self, cells: Ids) -> Piece:
        """Return the piece that consists of some of the cells."""
        lattice, kept = self.lattice.part(cells)
        d = lattice.dimension
        numbers = [hulls[faces].ravel() for hulls, faces in zip(self.hulls, kept[:-1], strict=True)]
        rows = distinct(np.concatenate([np.array([INFINITY], id_type(1)), *numbers]))
        renumber = np.zeros(len(self.table.origins), id_type(len(rows)))
        renumber[rows] = np.arange(len(rows))
        hulls = [renumber[hulls[faces]] for hulls, faces in zip(self.hulls, kept[:-1], strict=True)]
        piece = Piece(
            self.net,
            lattice,
            self.table.part(kept[0], rows),
            hulls,
            self.cell_signs[cells],
            self.facet_signs[kept[d - 1]],
        )
        piece.layer, piece.n_cuts_done, piece.n_domain_cuts = self.layer, self.n_cuts_done, self.n_domain_cuts
        if self.state is None:
            is_for_all = self.layer == 0 or self.is_finished  # one region; or nothing is fed any more
            piece.features = self.features
            if self.features is not None and not is_for_all:
                piece.features = self.features.of_regions(cells)
        else:
            state = self.state
            used, region = np.unique(
                np.concatenate([ids[faces] for ids, faces in zip(state.regions, kept, strict=True)]),
                return_inverse=True,
            )
            ends = np.cumsum([len(faces) for faces in kept])[:-1]
            piece.state = LayerState(
                state.units.of_regions(used),
                state.patterns[used],
                [part.astype(id_type(len(used))) for part in np.split(region, ends)],
                state.signs[kept[0]],
            )
        return piece

    def halves(self) -> Iterator[Piece]:
        """Split the piece in two along the cut that halves it best: so the halves share few faces."""
        cells = np.arange(self.n_cells, dtype=np.int32)
        is_above = self.cell_signs > 0
        n_above = is_above.sum(axis=0)
        if n_above.size:
            best = int(np.abs(2 * n_above - len(cells)).argmin())
            if 0 < n_above[best] < len(cells):
                yield self.part(cells[is_above[:, best]])
                yield self.part(cells[~is_above[:, best]])
                return
        for half in np.array_split(cells, 2):
            yield self.part(half)


def character_text(character: int, is_group: bool) -> str:
    """Return a character of a pattern as the contract writes it."""
    return POSITIONS[character - WINNER_OFFSET] if is_group else "-0+"[character + 1]


def layer_characters(layer: IntegerLayer, signs: Signs) -> Signs:
    """Return the characters of a layer from the signs of its cuts."""
    if layer.slopes is not None:
        return signs
    result = np.full((len(signs), len(layer.members)), WINNER_OFFSET, np.int8)
    first = 0
    for output, group in enumerate(layer.members):
        result[:, output] += _last_positive(signs[:, first : first + len(group) - 1])
        first += len(group) - 1
    return result


def _last_positive(signs: Signs) -> Signs:
    """Return for each row the place, from 1, of its last positive entry, or 0."""
    places = np.arange(1, signs.shape[1] + 1, dtype=np.int8)
    largest: Signs = np.where(signs > 0, places, 0).max(axis=1, initial=0).astype(np.int8)
    return largest


def _with_column(signs: Signs, column: Signs) -> Signs:
    return np.concatenate([signs, column[:, None]], axis=1)
