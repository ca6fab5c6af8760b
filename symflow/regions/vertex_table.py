"""The vertices of a complex and the hyperplanes that define them, with exact signs.

A vertex (or ray) is the one point, up to a positive factor, that d independent *rows* vanish on: covectors of (x, D).
Row 0 is D itself, the hyperplane at infinity. A row that belongs to a layer knows where it comes from, so that its
exact integers can be computed when a sign asks for them, which almost never happens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.exact.integer_kernel import integer_kernel
from symflow.regions.filtered_signs import (
    Floats,
    IntegerVectors,
    cross_products,
    float_products,
    inner_products,
    signs_of,
)
from symflow.regions.ids import Ids, id_type, places
from symflow.regions.integer_layers import IntegerNet, exact_unit_rows
from symflow.regions.layer_rows import AffineRows

Integers = tuple[int, ...]
# Where a row comes from: its integers, or (layer, unit, subtracted unit, pattern of the layers below).
LayerRow = tuple[int, int, int | None, bytes]
Origin = Integers | LayerRow

INFINITY = 0
# In more dimensions than this minors are no longer expanded; linear algebra takes over.
_MOST_EXPANDED = 7
# An approximation worse than this is replaced by the exact vector, rounded.
_WORST_ERROR = 1e-9


@final
class VertexTable:
    """Rows and vertices, approximately and exactly.

    Parameters
    ----------
    net : IntegerNet
        Where rows come from.
    rows : sequence of integer vectors
        The first rows, after the one at infinity.
    """

    def __init__(self, net: IntegerNet, rows: Sequence[Integers]) -> None:
        self.net = net
        self.size = net.n_inputs + 1
        at_infinity = (*(0,) * net.n_inputs, 1)
        self.origins: list[Origin] = [at_infinity, *rows]
        self.is_lazy = [False] * len(self.origins)
        self.rows = IntegerVectors.of([at_infinity, *rows], self.size)
        self.vertices = IntegerVectors.of([], self.size)
        self.hulls: Ids = np.zeros((0, net.n_inputs), id_type(0))
        self._exact_rows: dict[tuple[int, bytes], list[Integers]] = {}
        self._exact_vertices: dict[int, Integers] = {}

    @property
    def n_vertices(self) -> int:
        """The number of vertices and rays."""
        return len(self.vertices)

    def make_exact(self) -> None:
        """Compute every row in integers, so that none depends on the net any more."""
        self.origins = [self.exact_row(number) for number in range(len(self.origins))]
        self.is_lazy = [False] * len(self.origins)
        self._exact_rows.clear()

    def add_rows(self, rows: IntegerVectors, origins: Sequence[Origin]) -> Ids:
        """Append rows of a layer and return their numbers."""
        first = len(self.origins)
        self.rows = self.rows.joined(rows)
        self.origins.extend(origins)
        self.is_lazy.extend([True] * len(origins))
        return np.arange(first, len(self.origins), dtype=id_type(len(self.origins)))

    def exact_row(self, number: int) -> Integers:
        """Return a row in integers."""
        origin = self.origins[number]
        if not self.is_lazy[number]:
            return origin  # type: ignore[return-value]
        layer, unit, minus, pattern = origin
        return self.exact_column(layer, unit, minus, pattern)  # type: ignore[arg-type]

    def exact_column(self, layer: int, unit: int, minus: int | None, pattern: bytes) -> Integers:
        """Return z_unit (or z_unit - z_minus) of a layer on the cells of a pattern below, in integers."""
        key = (layer, pattern)
        if key not in self._exact_rows:
            self._exact_rows[key] = exact_unit_rows(self.net, layer, np.frombuffer(pattern, np.int8).tolist())
        rows = self._exact_rows[key]
        if minus is None:
            return rows[unit]
        return tuple(a - b for a, b in zip(rows[unit], rows[minus], strict=True))

    def exact_vertex(self, number: int) -> Integers:
        """Return the primitive integer vector of a vertex."""
        if number not in self._exact_vertices:
            vector = self._exact_point(self.hulls[number])
            place = int(np.abs(self.vertices.approx[number]).argmax())
            if (vector[place] > 0) != (self.vertices.approx[number, place] > 0):
                vector = tuple(-entry for entry in vector)
            self._exact_vertices[number] = vector
        return self._exact_vertices[number]

    def add_first(self, vectors: Sequence[Integers], hulls: Ids) -> None:
        """Append vertices whose integers are known."""
        self.vertices = self.vertices.joined(IntegerVectors.of(list(vectors), self.size))
        self.hulls = np.concatenate([self.hulls, hulls])

    def add_crossings(self, hulls: Ids, cut: Ids, ends: Ids) -> None:
        """Append the points in which edges meet a cut that is positive at one end, negative at the other.

        Parameters
        ----------
        hulls : ids, (n, d)
            The rows of each edge, and last the row of the cut.
        cut : ids
            That last row.
        ends : ids, (n, 2)
            The positive and the negative end.
        """
        if len(hulls) == 0:
            return
        d = self.size - 1
        if d <= _MOST_EXPANDED:
            crossings = cross_products([self.rows.take(hulls[:, i]) for i in range(d)])
        else:
            crossings = IntegerVectors.of([self._exact_point(hull) for hull in hulls], self.size)
        at_infinity = (hulls[:, :-1] == INFINITY).any(axis=1)
        flip = np.zeros(len(hulls), np.bool_)
        finite = places(~at_infinity)
        last = signs_of(
            crossings.approx[finite, -1],
            crossings.error[finite],
            crossings.exponent[finite],
            crossings.residue[finite, -1],
        )
        flip[finite] = last.signs < 0
        unsure = list(finite[last.undecided])
        infinite = places(at_infinity)
        if len(infinite):
            crossings.approx[infinite, -1] = 0.0
            crossings.residue[infinite, -1] = 0
            rays = crossings.approx[infinite], crossings.error[infinite]
            turned, open_ = self._turned(rays, cut[infinite], ends[infinite])
            flip[infinite] = turned
            unsure += list(infinite[open_])
        crossings = crossings.negated_where(flip)
        unsure += list(places(~(crossings.error < _WORST_ERROR)))
        for place in dict.fromkeys(unsure):
            self._set_exactly(crossings, int(place), hulls[place], cut[place], ends[place])
        self.vertices = self.vertices.joined(crossings)
        self.hulls = np.concatenate([self.hulls, hulls])

    def _turned(self, rays: tuple[Floats, Floats], cut: Ids, ends: Ids) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Return which rays point away from the edge between their ends, and for which floats cannot tell.

        Parameters
        ----------
        rays : floats (n, size), floats (n,)
            Their entries, and bounds on the errors of these.
        cut, ends : ids
            The row that vanishes on each, and the ends of its edge.

        The ray is a positive multiple of p = |z_v| u + |z_u| v; one entry of p and of the ray tell the sign.
        """
        row, ray, ray_error = self.rows.approx[cut], *rays
        first, second = self.vertices.approx[ends[:, 0]], self.vertices.approx[ends[:, 1]]
        z_first = np.abs(np.einsum("ij,ij->i", row, first))
        z_second = np.abs(np.einsum("ij,ij->i", row, second))
        inside = z_second[:, None] * first + z_first[:, None] * second
        # Each z is off by at most size (e_row + e_vertex + size u) since all entries are at most 1; each of the four
        # factors is at most `size` in all.
        errors = self.rows.error[cut] + self.vertices.error[ends].sum(axis=1)
        error = 8.0 * self.size**2 * (errors + 4 * self.size * 2.0**-53) + 1e-300
        place = np.abs(inside).argmax(axis=1)
        each = np.arange(len(place))
        sure = (np.abs(inside[each, place]) > error) & (np.abs(ray[each, place]) > ray_error)
        turned = (inside[each, place] > 0) != (ray[each, place] > 0)
        return turned, places(~sure)

    def _set_exactly(self, batch: IntegerVectors, place: int, hull: Ids, cut: int, ends: Ids) -> None:
        vector = self._exact_point(hull)
        if vector[-1]:
            positive = vector[-1] > 0
        else:
            row, first, second = self.exact_row(int(cut)), *(self.exact_vertex(int(end)) for end in ends)
            z_first, z_second = _dot(row, first), _dot(row, second)
            inside = [-z_second * a + z_first * b for a, b in zip(first, second, strict=True)]
            index = next(i for i, entry in enumerate(inside) if entry)
            positive = (inside[index] > 0) == (vector[index] > 0)
        if not positive:
            vector = tuple(-entry for entry in vector)
        exact = IntegerVectors.of([vector], self.size)
        batch.approx[place], batch.error[place] = exact.approx[0], exact.error[0]
        batch.exponent[place], batch.residue[place] = exact.exponent[0], exact.residue[0]

    def _exact_point(self, hull: Sequence[int] | Ids) -> Integers:
        """Return the primitive integer vector, up to sign, on which the rows vanish."""
        return integer_kernel([self.exact_row(int(number)) for number in hull], n_columns=self.size)

    def signs(
        self,
        units: AffineRows,
        columns: tuple[NDArray[Any], NDArray[Any] | None, NDArray[Any]],
        vertices: NDArray[Any],
        origin: Callable[[int], LayerRow],
    ) -> NDArray[np.int8]:
        """Return the signs of columns of a layer at vertices, pair by pair.

        Parameters
        ----------
        units : AffineRows
            The preactivations of the layer.
        columns : (units, subtracted units or None, regions)
            Which column, and on which region.
        vertices : ids
            The vertices.
        origin : function of a place
            Returns where the row of that pair comes from, for when it has to be computed in integers.
        """
        rows, error = units.approximate(*columns)
        values, bound = float_products(rows, error, self.vertices.approx[vertices], self.vertices.error[vertices])
        signs: NDArray[np.int8] = np.sign(values).astype(np.int8)
        open_ = places(~(np.abs(values) > bound))
        if not len(open_):
            return signs
        unit, minus, region = columns
        narrowed = units.vectors(unit[open_], None if minus is None else minus[open_], region[open_])
        batch = inner_products(narrowed, self.vertices.take(vertices[open_]))
        signs[open_] = batch.signs
        for place in open_[batch.undecided].tolist():
            value = _dot(self.exact_column(*origin(place)), self.exact_vertex(int(vertices[place])))
            signs[place] = (value > 0) - (value < 0)
        return signs

    def part(self, vertices: Ids, row_numbers: Ids) -> VertexTable:
        """Return the table of some vertices and rows; the first row, at infinity, is always among them."""
        table = VertexTable(self.net, [])
        renumber = np.zeros(len(self.origins), id_type(len(row_numbers)))
        renumber[row_numbers] = np.arange(len(row_numbers))
        table.origins = [self.origins[i] for i in row_numbers]
        table.is_lazy = [self.is_lazy[i] for i in row_numbers]
        table.rows = self.rows.take(row_numbers)
        table.vertices = self.vertices.take(vertices)
        table.hulls = renumber[self.hulls[vertices]]
        return table


def _dot(left: Sequence[int], right: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True))
