"""The face lattice of a polyhedral complex, and what one more cut does to it.

A *complex* here is a set of polyhedral cells of dimension d with all their faces, closed at infinity: a polyhedron
is seen as the cone {(t x, t) : t ≥ 0} over it, so that an unbounded edge has an end like any other (a ray, a vertex
with last coordinate 0), and every face of dimension k ≥ 1 is spanned by its facets. The lattice is kept as
incidences alone: for each k the list of all pairs (k-face, one of its facets). No coordinates are in this file.

Splitting. Let a function be linear on every cell, with known signs at the vertices. A k-face F (k ≥ 1) with
vertices of both signs is *mixed*; it falls into F⁺ (which keeps its number), F⁻ and the (k-1)-face F⁰ between them.
Their facets follow from those of F:

* a mixed facet G gives G⁺ to F⁺, G⁻ to F⁻ and G⁰ to F⁰;
* any other facet lies on one side (it cannot vanish, F being mixed) and goes to F⁺ or F⁻;
* F⁰ itself is a facet of F⁺ and F⁻;
* a (k-2)-face R of F on which the function vanishes is a facet of F⁰. It lies in just two facets of F, one on each
  side, so looking through those on the positive side finds it once.

Faces that are not mixed stay as they are. Nothing is compared and no position is general: a cut through vertices,
edges or whole faces needs no special case. The cost is one pass over the incidences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.regions.distinct import distinct

Ids = NDArray[np.int32]
Flags = NDArray[np.bool_]
Signs = NDArray[np.int8]


@final
@dataclass(frozen=True, slots=True)
class Split:
    """What a cut did, so that whoever keeps something for each face can follow.

    Parameters
    ----------
    positive, negative : list of flags
        For each dimension k and each face of before: whether some vertex of it has that sign.
    mixed : list of ids
        For each k the faces that were split. Afterwards the k-faces are, in this order: those of before (a mixed
        one being its positive part), the negative parts of ``mixed[k]``, the sections F⁰ of ``mixed[k + 1]``.
    ends : ids, (n_mixed_edges, 2)
        The positive and the negative end of each mixed edge.
    """

    positive: list[Flags]
    negative: list[Flags]
    mixed: list[Ids]
    ends: Ids

    def follow(self, k: int, values: NDArray[Any], sections: NDArray[Any]) -> NDArray[Any]:
        """Return the values of all k-faces after the cut: a negative part has that of the whole face.

        Parameters
        ----------
        k : int
            The dimension.
        values : array
            One for each k-face of before.
        sections : array
            One for each section, in the order of ``mixed[k + 1]``.
        """
        return np.concatenate([values, values[self.mixed[k]], sections])

    def signs(self, k: int) -> Signs:
        """Return the sign of the cut on each k-face after it: 1, -1, or 0 where it vanishes."""
        before = self.positive[k].astype(np.int8) - self.negative[k].astype(np.int8)
        mixed = self.mixed[k]
        before[mixed] = 1
        n_sections = len(self.mixed[k + 1]) if k + 1 < len(self.mixed) else 0
        return np.concatenate([before, np.full(len(mixed), -1, np.int8), np.zeros(n_sections, np.int8)])

    @property
    def is_trivial(self) -> bool:
        """Whether nothing was split."""
        return not any(len(faces) for faces in self.mixed)


@final
class FaceLattice:
    """All faces of a complex by their incidences.

    Parameters
    ----------
    counts : sequence of int
        The number of k-faces, k = 0 .. d.
    owners, facets : sequences of ids
        For each k = 1 .. d the pairs (k-face, facet of it); entry 0 is empty.

    Examples
    --------
    The plane cut by its two axes has one vertex and four rays; a line that separates the apex from the rays at 0
    and 1 (to the right, to the left, see :func:`orthants`) meets two edges and three of the four quadrants.

    >>> lattice, signs = orthants([(1, -1), (1, -1)])
    >>> lattice.counts
    [5, 8, 4]
    >>> split = lattice.split(np.array([1, -1, 1, -1, 1], np.int8))
    >>> len(split.mixed[1]), len(split.mixed[2]), lattice.counts
    (4, 3, [9, 15, 7])
    """

    def __init__(self, counts: Sequence[int], owners: Sequence[Ids], facets: Sequence[Ids]) -> None:
        self.counts = list(counts)
        self.owners = list(owners)
        self.facets = list(facets)

    @property
    def dimension(self) -> int:
        """The dimension d of the cells."""
        return len(self.counts) - 1

    def spread(self, flags: Flags) -> list[Flags]:
        """Return for each k the k-faces with a vertex that is flagged."""
        result = [flags]
        for k in range(1, self.dimension + 1):
            spread = np.zeros(self.counts[k], np.bool_)
            spread[self.owners[k][result[-1][self.facets[k]]]] = True
            result.append(spread)
        return result

    def hand_down(self, values: Ids) -> list[Ids]:
        """Return for each k a value for each k-face: that of some cell of which it is a face."""
        result = [values]
        for k in range(self.dimension, 0, -1):
            handed = np.zeros(self.counts[k - 1], values.dtype)
            handed[self.facets[k]] = result[0][self.owners[k]]
            result.insert(0, handed)
        return result

    def split(self, signs: Signs) -> Split:
        """Split every mixed face, given the sign of the cut at each vertex."""
        d = self.dimension
        positive, negative = self.spread(signs > 0), self.spread(signs < 0)
        is_mixed = [p & n for p, n in zip(positive, negative, strict=True)]
        mixed = [np.flatnonzero(flags).astype(np.int32) for flags in is_mixed]
        split = Split(positive, negative, mixed, self._ends(is_mixed, positive))
        if not len(mixed[d]):  # every face is a face of a cell, so that none is mixed
            return split
        minus, section = self._numbers(mixed)
        new_owners: list[list[Ids]] = [[] for _ in range(d + 1)]
        new_facets: list[list[Ids]] = [[] for _ in range(d + 1)]
        vanishing = [~(p | n) for p, n in zip(positive, negative, strict=True)]
        moved: list[tuple[Ids, Ids]] = []
        for k in range(1, d + 1):
            place = np.flatnonzero(is_mixed[k][self.owners[k]])
            owner, facet = self.owners[k][place], self.facets[k][place]
            facet_mixed = is_mixed[k - 1][facet]
            goes_over = negative[k - 1][facet] & ~facet_mixed
            moved.append((place[goes_over].astype(np.int32), minus[k][owner[goes_over]]))
            both_owner, both_facet = owner[facet_mixed], facet[facet_mixed]
            new_owners[k] += [minus[k][both_owner], mixed[k], minus[k][mixed[k]]]
            new_facets[k] += [minus[k - 1][both_facet], section[k][mixed[k]], section[k][mixed[k]]]
            if k >= 2:
                new_owners[k - 1].append(section[k][both_owner])
                new_facets[k - 1].append(section[k - 1][both_facet])
                if vanishing[k - 2].any():
                    stays = positive[k - 1][facet] & ~facet_mixed
                    ridge_owner, ridge = self._vanishing_ridges(k, owner[stays], facet[stays], vanishing[k - 2])
                    new_owners[k - 1].append(section[k][ridge_owner])
                    new_facets[k - 1].append(ridge)
        for k in range(1, d + 1):
            over, minus_parts = moved[k - 1]
            self.owners[k] = np.concatenate([self.owners[k], *new_owners[k]])
            self.owners[k][over] = minus_parts
            self.facets[k] = np.concatenate([self.facets[k], *new_facets[k]])
            self.counts[k] += len(mixed[k])
            self.counts[k - 1] += len(mixed[k])
        return split

    def _ends(self, is_mixed: list[Flags], positive: list[Flags]) -> Ids:
        """Return the positive and the negative end of each mixed edge."""
        if self.dimension == 0:
            return np.zeros((0, 2), np.int32)
        place = np.flatnonzero(is_mixed[1][self.owners[1]])
        edge, vertex = self.owners[1][place], self.facets[1][place]
        return vertex[np.lexsort((~positive[0][vertex], edge))].reshape(-1, 2)

    def _numbers(self, mixed: list[Ids]) -> tuple[list[Ids], list[Ids]]:
        """Return for each mixed face the numbers of its negative part and of its section; nothing for the others."""
        minus, section = [], []
        for k, faces in enumerate(mixed):
            fresh = np.empty(self.counts[k], np.int32)
            fresh[faces] = self.counts[k] + np.arange(len(faces), dtype=np.int32)
            minus.append(fresh)
            below = np.empty(self.counts[k], np.int32)
            if k:
                first = self.counts[k - 1] + len(mixed[k - 1])
                below[faces] = first + np.arange(len(faces), dtype=np.int32)
            section.append(below)
        return minus, section

    def _vanishing_ridges(self, k: int, owner: Ids, facet: Ids, vanishing: Flags) -> tuple[Ids, Ids]:
        """Return all pairs (F, R): R a vanishing facet of one of the given facets of the mixed k-face F."""
        wanted = np.zeros(self.counts[k - 1], np.bool_)
        wanted[facet] = True
        place = np.flatnonzero(vanishing[self.facets[k - 1]] & wanted[self.owners[k - 1]])
        middle, ridge = self.owners[k - 1][place], self.facets[k - 1][place]
        order = np.argsort(facet, kind="stable")
        owner, facet = owner[order], facet[order]
        first, last = np.searchsorted(facet, middle, "left"), np.searchsorted(facet, middle, "right")
        lengths = last - first
        starts = np.repeat(first - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        return owner[starts + np.arange(lengths.sum())], np.repeat(ridge, lengths)

    def part(self, cells: Ids) -> tuple[FaceLattice, list[Ids]]:
        """Return the lattice of some of the cells, and for each k which k-faces it has (its numbering)."""
        d = self.dimension
        kept = [cells]
        owners: list[Ids] = []
        facets: list[Ids] = []
        for k in range(d, 0, -1):
            number = np.full(self.counts[k], -1, np.int32)
            number[kept[0]] = np.arange(len(kept[0]), dtype=np.int32)
            place = np.flatnonzero(number[self.owners[k]] >= 0)
            facet = self.facets[k][place]
            used = np.zeros(self.counts[k - 1], np.bool_)
            used[facet] = True
            below = np.flatnonzero(used).astype(np.int32)
            renumber = np.full(self.counts[k - 1], -1, np.int32)
            renumber[below] = np.arange(len(below), dtype=np.int32)
            owners.insert(0, number[self.owners[k][place]])
            facets.insert(0, renumber[facet])
            kept.insert(0, below)
        empty = np.zeros(0, np.int32)
        return FaceLattice([len(faces) for faces in kept], [empty, *owners], [empty, *facets]), kept

    def vertices_of(self, k: int) -> tuple[Ids, Ids]:
        """Return all pairs (k-face, vertex of it), each once, sorted."""
        face = np.arange(self.counts[0], dtype=np.int64)
        vertex = face
        for j in range(1, k + 1):
            starts = np.searchsorted(face, np.arange(self.counts[j - 1] + 1))
            lengths = np.diff(starts)[self.facets[j]]
            offset = np.repeat(starts[self.facets[j]] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
            members = vertex[offset + np.arange(lengths.sum())]
            pairs = distinct(np.repeat(self.owners[j].astype(np.int64), lengths) * self.counts[0] + members)
            face, vertex = np.divmod(pairs, self.counts[0])
        return face.astype(np.int32), vertex.astype(np.int32)


def orthants(sides: Sequence[Sequence[int]]) -> tuple[FaceLattice, list[NDArray[np.int8]]]:
    """Return the complex that d independent hyperplanes make, or some of its orthants.

    Parameters
    ----------
    sides : sequence of (1,), (-1,) or (1, -1)
        For each hyperplane the sides that are kept.

    Returns
    -------
    lattice : FaceLattice
        Vertex 0 is the apex, the common point; the others are rays.
    signs : list of arrays, one for each k
        For each k-face its sign at each hyperplane, and last 1 (a face at infinity: 0).

    Notes
    -----
    A face is a choice of 0 or a side for each hyperplane; it has the dimension of its number of sides, and its
    facets are got by replacing one side by 0, or by going to infinity. At infinity the dimension is one less and
    not all may be 0.
    """
    d = len(sides)
    choices = [sorted({0, *side}, reverse=True) for side in sides]
    # All choices, the largest signs first; a choice's place among them is its code, digit by digit.
    sizes = np.array([len(choice) for choice in choices])
    strides = np.concatenate([np.cumprod(sizes[:0:-1])[::-1], [1]])
    digits = np.stack(np.unravel_index(np.arange(math.prod(sizes.tolist())), sizes), axis=1)
    signs = np.stack([np.array(choice, np.int8)[digits[:, i]] for i, choice in enumerate(choices)], axis=1)
    n_sides = np.count_nonzero(signs, axis=1)
    # What is to be added to the code where a side is replaced by 0.
    to_zero = (np.array([choice.index(0) for choice in choices]) - digits) * strides
    codes = [(np.flatnonzero(n_sides == k), np.flatnonzero(n_sides == k + 1)) for k in range(d + 1)]
    number = np.zeros((2, len(signs)), np.int64)  # of each choice, finite and at infinity
    for finite, infinite in codes:
        number[0, finite] = np.arange(len(finite))
        number[1, infinite] = len(finite) + np.arange(len(infinite))
    owners, facets, rows = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], []
    for k, (finite, infinite) in enumerate(codes):
        code = np.concatenate([finite, infinite])
        is_infinite = np.arange(len(code)) >= len(finite)
        rows.append(np.concatenate([signs[code], (~is_infinite).astype(np.int8)[:, None]], axis=1))
        if k:
            below = number[is_infinite.astype(np.int64)[:, None], code[:, None] + to_zero[code]]
            below = np.concatenate([below, number[1, code][:, None]], axis=1)
            exists = np.concatenate([signs[code] != 0, ~is_infinite[:, None]], axis=1)
            owners.append(np.nonzero(exists)[0].astype(np.int32))
            facets.append(below[exists].astype(np.int32))
    return FaceLattice([len(row) for row in rows], owners, facets), rows
