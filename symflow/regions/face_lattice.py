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
from symflow.regions.ids import Ids, id_type, looked_up, parts, places

# So many vertices of facets are united at a time.
_MOST_MEMBERS = 65_536

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
            owners, facets = self.owners[k], self.facets[k]
            spread = np.zeros(self.counts[k], np.bool_)
            for part in parts(len(owners)):
                spread[owners[part][result[-1][facets[part]]]] = True
            result.append(spread)
        return result

    def hand_down(self, values: Ids) -> list[Ids]:
        """Return for each k a value for each k-face: that of some cell of which it is a face."""
        result = [values]
        for k in range(self.dimension, 0, -1):
            owners, facets = self.owners[k], self.facets[k]
            handed = np.zeros(self.counts[k - 1], values.dtype)
            for part in parts(len(owners)):
                handed[facets[part]] = result[0][owners[part]]
            result.insert(0, handed)
        return result

    def split(self, signs: Signs) -> Split:
        """Split every mixed face, given the sign of the cut at each vertex."""
        d = self.dimension
        positive, negative = self.spread(signs > 0), self.spread(signs < 0)
        is_mixed = [p & n for p, n in zip(positive, negative, strict=True)]
        mixed: list[Ids] = [places(flags).astype(np.int32) for flags in is_mixed]
        inside = [places(looked_up(f, o)) for f, o in zip(is_mixed, self.owners, strict=True)] if len(mixed[d]) else []
        split = Split(positive, negative, mixed, self._ends(mixed, inside, positive))
        if not len(mixed[d]):  # every face is a face of a cell, so that none is mixed
            return split
        vanishing = [~(p | n) for p, n in zip(positive, negative, strict=True)]
        below = _NewPairs()
        number_below = _number_among(mixed[0], self.counts[0])
        for k in range(1, d + 1):
            # The i-th mixed k-face has the negative part `minus + i` and the section `section + i`.
            minus, section = self.counts[k], self.counts[k - 1] + len(mixed[k - 1])
            number, each = _number_among(mixed[k], self.counts[k]), np.arange(len(mixed[k]), dtype=np.int32)
            place = inside[k]
            owner, facet = self.owners[k][place], self.facets[k][place]
            facet_mixed = is_mixed[k - 1][facet]
            goes_over = negative[k - 1][facet] & ~facet_mixed
            here = _NewPairs(place[goes_over], minus + number[owner[goes_over]])
            both_owner, both_facet = number[owner[facet_mixed]], number_below[facet[facet_mixed]]
            here.add(minus + both_owner, self.counts[k - 1] + both_facet)
            here.add(mixed[k], section + each)
            here.add(minus + each, section + each)
            if k >= 2:
                below.add(section + both_owner, self.counts[k - 2] + len(mixed[k - 2]) + both_facet)
                if vanishing[k - 2].any():
                    stays = positive[k - 1][facet] & ~facet_mixed
                    ridge_owner, ridge = self._vanishing_ridges(k, owner[stays], facet[stays], vanishing[k - 2])
                    below.add(section + number[ridge_owner], ridge)
                self._extend(k - 1, mixed, below)
            below, number_below = here, number
        self._extend(d, mixed, below)
        for k in range(1, d + 1):
            self.counts[k] += len(mixed[k])
            self.counts[k - 1] += len(mixed[k])
        return split

    def _extend(self, k: int, mixed: list[Ids], pairs: _NewPairs) -> None:
        """Enter what is new among the pairs (k-face, facet of it)."""
        n_new = [*map(len, mixed), 0]
        types = [id_type(self.counts[j] + n_new[j] + n_new[j + 1]) for j in (k, k - 1)]
        self.owners[k] = np.concatenate([self.owners[k], *pairs.owners], dtype=types[0], casting="unsafe")
        self.owners[k][pairs.over] = pairs.new_owners
        self.facets[k] = np.concatenate([self.facets[k], *pairs.facets], dtype=types[1], casting="unsafe")

    def _ends(self, mixed: list[Ids], inside: list[NDArray[np.intp]], positive: list[Flags]) -> Ids:
        """Return the positive and the negative end of each mixed edge."""
        if len(inside) < 2:
            return np.zeros((0, 2), np.int32)
        place = inside[1]
        edge, vertex = self.owners[1][place], self.facets[1][place]
        ends = np.empty((len(mixed[1]), 2), np.int32)
        ends[_number_among(mixed[1], self.counts[1])[edge], (~positive[0][vertex]).view(np.int8)] = vertex
        return ends

    def _vanishing_ridges(self, k: int, owner: Ids, facet: Ids, vanishing: Flags) -> tuple[Ids, Ids]:
        """Return all pairs (F, R): R a vanishing facet of one of the given facets of the mixed k-face F."""
        wanted = np.zeros(self.counts[k - 1], np.bool_)
        wanted[facet] = True
        place = places(looked_up(vanishing, self.facets[k - 1]) & looked_up(wanted, self.owners[k - 1]))
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
            is_kept = np.zeros(self.counts[k], np.bool_)
            is_kept[kept[0]] = True
            place = places(looked_up(is_kept, self.owners[k]))
            owner, facet = self.owners[k][place], self.facets[k][place]
            used = np.zeros(self.counts[k - 1], np.bool_)
            used[facet] = True
            below = places(used).astype(np.int32)
            owners.insert(0, looked_up(_number_among(kept[0], self.counts[k], id_type(len(kept[0]))), owner))
            facets.insert(0, looked_up(_number_among(below, self.counts[k - 1], id_type(len(below))), facet))
            kept.insert(0, below)
        empty = np.zeros(0, np.int32)
        return FaceLattice([len(faces) for faces in kept], [empty, *owners], [empty, *facets]), kept

    def vertices_of(self, k: int) -> tuple[Ids, Ids]:
        """Return all pairs (k-face, vertex of it), each once, sorted."""
        lengths: Ids = np.ones(self.counts[0], np.int32)
        vertices: Ids = np.arange(self.counts[0], dtype=id_type(self.counts[0]))
        for j in range(1, k + 1):
            lengths, vertices = self._united(j, lengths, vertices)
        return np.repeat(np.arange(self.counts[k], dtype=np.int32), lengths), vertices

    def _united(self, j: int, lengths: Ids, vertices: Ids) -> tuple[Ids, Ids]:
        """Return how many vertices each j-face has, and these, one after the other; given those of its facets."""
        order = np.argsort(self.owners[j], kind="stable").astype(np.int32)
        owner, facet = self.owners[j][order], self.facets[j][order]
        starts = np.cumsum(lengths) - lengths
        # Faces after faces, so many that all vertices of all their facets are few.
        ends = np.cumsum(lengths[facet])[np.searchsorted(owner, np.arange(self.counts[j]), "right") - 1]
        blocks = np.searchsorted(ends, np.arange(_MOST_MEMBERS, ends[-1] + _MOST_MEMBERS, _MOST_MEMBERS)) + 1
        n_united, united = [], []
        first = 0
        for last in np.minimum(blocks, self.counts[j]).tolist():
            if last <= first:
                continue
            here = slice(*np.searchsorted(owner, (first, last)).tolist())
            n_members = lengths[facet[here]]
            skipped = starts[facet[here]] - (np.cumsum(n_members) - n_members)
            member = vertices[np.repeat(skipped, n_members) + np.arange(n_members.sum())]
            face = np.repeat(owner[here].astype(np.int64) - first, n_members)
            face, vertex = np.divmod(distinct(face * self.counts[0] + member), self.counts[0])
            n_united.append(np.bincount(face, minlength=last - first).astype(np.int32))
            united.append(vertex.astype(vertices.dtype))
            first = last
        return np.concatenate(n_united), np.concatenate(united)


class _NewPairs:
    """What a cut does to the pairs (k-face, facet of it): some go over to another k-face, and others are added."""

    def __init__(self, over: Any = (), new_owners: Any = ()) -> None:
        self.over, self.new_owners = np.asarray(over, np.intp), np.asarray(new_owners, np.int32)
        self.owners: list[Ids] = []
        self.facets: list[Ids] = []

    def add(self, owners: Ids, facets: Ids) -> None:
        self.owners.append(owners)
        self.facets.append(facets)


def _number_among(faces: Ids, count: int, dtype: type[np.integer[Any]] = np.int32) -> Ids:
    """Return for each of these faces its place among them; nothing for the others of so many."""
    number = np.empty(count, dtype)
    number[faces] = np.arange(len(faces), dtype=dtype)
    return number


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
    codes = [(places(n_sides == k), places(n_sides == k + 1)) for k in range(d + 1)]
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
            owners.append(np.nonzero(exists)[0].astype(id_type(len(exists))))
            facets.append(below[exists].astype(id_type(len(rows[k - 1]))))
    return FaceLattice([len(row) for row in rows], owners, facets), rows
