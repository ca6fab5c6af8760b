"""The face lattice of a complex after cuts in every position, by the laws that faces of polyhedra obey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from math import gcd

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.linear_algebra import kernel, rank
from symflow.exact.rationals import fmpq
from symflow.regions import face_lattice, ids
from symflow.regions.face_lattice import FaceLattice, orthants
from symflow.regions.start import primitive

Integers = tuple[int, ...]


class Cut:
    """A lattice with the integer vectors of its vertices, so that hyperplanes can cut it."""

    def __init__(self, sides: Sequence[Sequence[int]]) -> None:
        self.lattice, signs = orthants(sides)
        self.vectors: list[Integers] = [tuple(int(s) for s in row) for row in signs[0]]

    @property
    def dimension(self) -> int:
        """The dimension d."""
        return self.lattice.dimension

    def by(self, row: Integers) -> None:
        """Cut by a hyperplane."""
        values = [sum(a * b for a, b in zip(row, vector, strict=True)) for vector in self.vectors]
        split = self.lattice.split(np.sign(np.array(values)).astype(np.int8))
        assert split.is_trivial == (len(split.mixed[-1]) == 0)
        for positive, negative in split.ends.tolist():
            assert values[positive] > 0 > values[negative]
            both = zip(self.vectors[positive], self.vectors[negative], strict=True)
            vector = [-values[negative] * a + values[positive] * b for a, b in both]
            self.vectors.append(tuple(entry // gcd(*vector) for entry in vector))
        assert self.lattice.counts[0] == len(self.vectors)
        for k in range(self.dimension + 1):
            assert len(split.signs(k)) == self.lattice.counts[k]
        assert split.signs(0).tolist() == [
            np.sign(sum(a * b for a, b in zip(row, vector, strict=True))) for vector in self.vectors
        ]

    def through(self, vertices: Sequence[int]) -> Integers:
        """A hyperplane through some of the vertices."""
        rows = [[fmpq(entry) for entry in self.vectors[i % len(self.vectors)]] for i in vertices]
        vector = kernel(rows, n_columns=self.dimension + 1)[0]
        return primitive(vector)


def check(cut: Cut) -> None:
    """All laws."""
    lattice, d = cut.lattice, cut.dimension
    assert len(set(cut.vectors)) == len(cut.vectors)
    pairs = [set(zip(lattice.owners[k].tolist(), lattice.facets[k].tolist(), strict=True)) for k in range(d + 1)]
    for k in range(1, d + 1):
        assert len(pairs[k]) == len(lattice.owners[k])  # each incidence once
        assert {owner for owner, _ in pairs[k]} == set(range(lattice.counts[k]))
        assert {facet for _, facet in pairs[k]} == set(range(lattice.counts[k - 1]))
    assert set(Counter(owner for owner, _ in pairs[1]).values()) == {2}  # an edge has two ends
    assert max(Counter(facet for _, facet in pairs[d]).values()) <= 2  # a facet has at most two cells
    facets_of = [_by_owner(pairs[k], lattice.counts[k]) for k in range(d + 1)]
    for k in range(2, d + 1):  # the diamond property
        for face in range(lattice.counts[k]):
            ridges = Counter(ridge for facet in facets_of[k][face] for ridge in facets_of[k - 1][facet])
            assert set(ridges.values()) == {2}
    faces_below: list[list[set[tuple[int, int]]]] = [[set() for _ in range(lattice.counts[0])]]
    for k in range(1, d + 1):
        row = []
        for face in range(lattice.counts[k]):
            below = {(k - 1, facet) for facet in facets_of[k][face]}
            row.append(below.union(*(faces_below[k - 1][facet] for facet in facets_of[k][face])))
        faces_below.append(row)
    for k in range(1, d + 1):
        owners, vertices = lattice.vertices_of(k)
        assert sorted(zip(owners.tolist(), vertices.tolist(), strict=True)) == [
            (face, v) for face in range(lattice.counts[k]) for v in sorted(v for j, v in faces_below[k][face] if j == 0)
        ]
        for face in range(lattice.counts[k]):
            # The boundary of a k-polytope is a sphere, and its vertices span dimension k.
            assert sum((-1) ** j for j, _ in faces_below[k][face]) == 1 - (-1) ** k
            spanning = [cut.vectors[v] for j, v in faces_below[k][face] if j == 0]
            assert rank([[fmpq(entry) for entry in vector] for vector in spanning]) == k + 1
    # Two faces meet in a face, or not at all: a face is the set of its vertices.
    for k in range(1, d + 1):
        sets = [frozenset(v for j, v in faces_below[k][face] if j == 0) for face in range(lattice.counts[k])]
        assert len(set(sets)) == len(sets)
    # The whole is a ball.
    assert sum((-1) ** k * count for k, count in enumerate(lattice.counts)) == 1


def _by_owner(pairs: set[tuple[int, int]], n: int) -> list[list[int]]:
    result: list[list[int]] = [[] for _ in range(n)]
    for owner, facet in pairs:
        result[owner].append(facet)
    return result


sides = st.sampled_from([(1,), (-1,), (1, -1), (1, -1)])


@given(st.data())
def test_cuts_in_every_position_keep_the_laws_of_faces(data: st.DataObject) -> None:
    d = data.draw(st.integers(1, 4))
    cut = Cut([data.draw(sides) for _ in range(d)])
    check(cut)
    for _ in range(data.draw(st.integers(1, {1: 6, 2: 6, 3: 4, 4: 3}[d]))):
        if data.draw(st.booleans()):
            row = tuple(data.draw(st.integers(-2, 2)) for _ in range(d + 1))
        else:  # through vertices and rays, often along whole faces
            row = cut.through(data.draw(st.lists(st.integers(0, 1000), min_size=1, max_size=d)))
        cut.by(row)
    check(cut)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5])
def test_orthants_have_the_faces_of_a_cross_polytope_and_the_apex(d: int) -> None:
    check(Cut([(1, -1)] * d))
    lattice, _ = orthants([(1, -1)] * d)
    assert lattice.counts[0] == 2 * d + 1
    assert lattice.counts[d] == 2**d


def test_a_cut_along_a_facet_or_beyond_all_splits_nothing() -> None:
    cut = Cut([(1,), (1, -1)])
    before = list(cut.lattice.counts)
    cut.by((1, 0, 0))
    cut.by((0, 1, 0))
    cut.by((1, 0, 5))
    assert cut.lattice.counts == before


def test_some_of_the_cells_with_their_faces_are_a_complex_too() -> None:
    cut = Cut([(1, -1)] * 3)
    cut.by((1, 1, 1, -1))
    cut.by((1, -2, 0, 0))
    n_cells = cut.lattice.counts[3]
    for cells in combinations(range(n_cells), 2):
        lattice, kept = cut.lattice.part(np.array(cells, np.int32))
        assert kept[3].tolist() == list(cells)
        assert lattice.counts == [len(faces) for faces in kept]
        owners, vertices = lattice.vertices_of(3)
        whole_owners, whole_vertices = cut.lattice.vertices_of(3)
        for i, cell in enumerate(cells):
            mine = [int(kept[0][v]) for o, v in zip(owners, vertices, strict=True) if o == i]
            assert mine == [int(v) for o, v in zip(whole_owners, whole_vertices, strict=True) if o == cell]


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_lattices_are_looked_through_in_parts_of_any_size(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, cut = Cut([(1, -1)] * 3), Cut([(1, -1)] * 3)
    rows = [(1, 1, 1, -1), (1, -2, 0, 0), (2, 1, -1, 1), (1, 1, 0, 0)]
    for row in rows:
        whole.by(row)
    members = [whole.lattice.vertices_of(k) for k in range(4)]
    monkeypatch.setattr(ids, "_AT_ONCE", size)
    monkeypatch.setattr(face_lattice, "_MOST_MEMBERS", size)
    for row in rows:
        cut.by(row)
    for k in range(4):
        assert np.array_equal(cut.lattice.owners[k], whole.lattice.owners[k])
        assert np.array_equal(cut.lattice.facets[k], whole.lattice.facets[k])
        assert all(map(np.array_equal, cut.lattice.vertices_of(k), members[k]))


def test_more_faces_than_two_bytes_can_number_are_numbered_in_four() -> None:
    lattice, _ = orthants([(1, -1)] * 2)
    n_before = list(lattice.counts)
    lattice.counts[0] = 65536  # as if there were so many vertices that none of these edges has
    signs = np.zeros(65536, np.int8)
    signs[:5] = [1, -1, 1, -1, 1]
    lattice.split(signs)
    assert lattice.facets[1].dtype == np.int32
    assert lattice.facets[1].max() == 65539
    assert lattice.owners[1].dtype == lattice.facets[2].dtype == np.uint16
    assert lattice.counts[1:] == [15, 7]
    assert n_before == [5, 8, 4]


def test_flags_spread_to_all_faces_and_values_go_down_to_them() -> None:
    lattice = FaceLattice(
        [3, 2],
        [np.zeros(0, np.int32), np.array([0, 0, 1, 1], np.int32)],
        [np.zeros(0, np.int32), np.array([0, 1, 1, 2], np.int32)],
    )
    assert [flags.tolist() for flags in lattice.spread(np.array([True, False, False]))] == [
        [True, False, False],
        [True, False],
    ]
    down = lattice.hand_down(np.array([7, 9], np.int32))
    assert down[1].tolist() == [7, 9]
    assert (down[0][0], down[0][2]) == (7, 9)
    assert down[0][1] in {7, 9}
