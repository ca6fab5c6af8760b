"""The faces of a cell from incidences alone, which show that it is what its points and rays span.

Let V be the space of the (x, D), modulo the lineality space, of dimension r + 1. A closed cell is Ĉ = {v : c(v) ≥ 0
for all constraints c}, D ≥ 0 among them, and G is a finite set of vectors in it, none of them 0. K is the cone over G.
Then K is contained in Ĉ; to be shown is K = Ĉ. All that is used is which constraints are tight at which g in G.

For a subset F of G write T_c(F) = {g in F : c(g) = 0}. Since c ≥ 0 on K, the cone over T_c(F) is a face of the cone
over F. The *walls* are the largest of the sets T_c(G) that are neither empty nor G; a facet of K that lies on a
hyperplane {c = 0} is one of them. If every facet of K does, every facet inequality of K is one of Ĉ's, so K = Ĉ.

*Corners*, the quick rule. Suppose every g lies on exactly r walls, no two on the same ones, and for each g and each
wall i of g exactly one other g_i lies on the remaining r - 1 walls of g. Then c_i(g_i) > 0, so the r functionals at
g are independent and vanish together on the multiples of g only. So Ĉ contains no line (it would be a multiple of
each g, and D > 0 at one of them), g is extreme in Ĉ, and near g the cone Ĉ is the simplicial cone of these r
inequalities, since any others tight at g hold at all g_i. Thus the edges of Ĉ at g are those to the g_i, which are
extreme too. The edges of a polytope connect its vertices: G has them all.

*Faces*, for every cell. Go down from G by F → the largest sets among F ∩ wall that are neither empty nor F. Check that

- after r steps, and no earlier, only single vectors are left;
- F is the union of the sets below it;
- (diamond) each set two steps below F lies in exactly two of the sets one step below; below single vectors stands
  the empty set.

Dimensions drop strictly along each chain, from at most r + 1 to 1 in r steps, so each step lowers it by one, the sets
below F are facets of its cone, and that is pointed. They are all of its facets: by induction this holds for the
facets themselves; their facets are the ridges of F, a ridge lies in two facets, and by the diamond both are there; any
two facets are joined by a chain of facets and ridges. (An edge has two ends.) So all facets of K lie on walls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from symflow.checker.reading import Refused
from symflow.checker.work import Work


class Facet(NamedTuple):
    """A facet of a closed cell: its points and rays, in order, and the constraints tight on all of it."""

    generators: tuple[int, ...]
    tight: int


def facets(generators: Sequence[int], tight: Sequence[int], dimension: int, work: Work) -> list[Facet]:
    """Return the facets of the cone over some vectors, which is shown to be the whole closed cell.

    Parameters
    ----------
    generators : sequence of int
        The numbers of the vectors, all in the closed cell, at least one of them with D > 0.
    tight : sequence of int
        For each vector the set of constraints that are tight at it, as bits.
    dimension : int
        That of the cell, modulo the lineality space.
    work : Work
        The budget.

    Raises
    ------
    Refused
        If the cone is not the closed cell, or a vector not extreme.

    Examples
    --------
    The quadrant x, y ≥ 0 with the constraints D, x, y (bits 1, 2, 4): a point and two rays.

    >>> facets([0, 1, 2], [0b110, 0b101, 0b011], 2, Work(1000))
    [Facet(generators=(0, 1), tight=4), Facet(generators=(0, 2), tight=2), Facet(generators=(1, 2), tight=1)]
    >>> facets([0, 1], [0b110, 0b101], 2, Work(1000))
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: the points and rays do not span the closed cell
    """
    everywhere = reduce(and_, tight)
    sets: dict[int, int] = {}
    work.charge(len(tight))
    for place, bits in enumerate(tight):
        bits &= ~everywhere
        work.charge(bits.bit_count())
        while bits:
            bit = bits & -bits
            sets[bit] = sets.get(bit, 0) | 1 << place
            bits ^= bit
    full = (1 << len(generators)) - 1
    walls = _largest(set(sets.values()), full, work)
    if not _has_simple_corners(len(generators), walls, dimension, work):
        _check_faces(full, walls, dimension, work)
    found = []
    for wall in walls:
        places = _places(wall)
        found.append(Facet(tuple([generators[i] for i in places]), reduce(and_, [tight[i] for i in places])))
    return sorted(found)


def _has_simple_corners(n_generators: int, walls: Sequence[int], dimension: int, work: Work) -> bool:
    at = [0] * n_generators
    for i, wall in enumerate(walls):
        places = _places(wall)
        work.charge(len(places))
        for place in places:
            at[place] |= 1 << i
    if len(set(at)) < n_generators or any(corner.bit_count() != dimension for corner in at):
        return False
    work.charge(n_generators * dimension)
    edges = Counter([corner ^ (1 << i) for corner in at for i in _places(corner)])
    return all(n_ends == 2 for n_ends in edges.values())


def _check_faces(full: int, walls: Sequence[int], dimension: int, work: Work) -> None:
    faces = {full}
    above: dict[int, list[int]] = {}
    for label in range(dimension, -1, -1):
        below = {face: _below(face, walls, label, work) for face in faces}
        for facets_of_face in above.values():
            work.charge(sum(len(below[facet]) for facet in facets_of_face))
            ridges = Counter([ridge for facet in facets_of_face for ridge in below[facet]])
            if any(n_facets != 2 for n_facets in ridges.values()):
                raise Refused("the points and rays do not span the closed cell")
        above = below
        faces = {facet for facets_of_face in below.values() for facet in facets_of_face}


def _below(face: int, walls: Sequence[int], label: int, work: Work) -> list[int]:
    """Return the facets of a face that is to have dimension `label`; below a single vector, the empty set."""
    if label == 0:
        if face & (face - 1):
            raise Refused("the points and rays do not span the closed cell")
        return [0]
    work.charge(len(walls))
    found = _largest({face & wall for wall in walls}, face, work)
    if reduce(or_, found, 0) != face:
        raise Refused("the points and rays do not span the closed cell")
    return found


def _largest(sets: Iterable[int], full: int, work: Work) -> list[int]:
    """Return the largest ones of the sets that are neither empty nor full."""
    found: list[int] = []
    words = 1 + full.bit_length() // 64
    for candidate in sorted((one for one in sets if one and one != full), key=int.bit_count, reverse=True):
        work.charge(words * (2 + len(found)))
        if all(candidate & ~other for other in found):
            found.append(candidate)
    return found


def _places(bits: int) -> list[int]:
    """Return the places of the bits, in order.

    Examples
    --------
    >>> _places(0b1101)
    [0, 2, 3]
    """
    found = []
    while bits:
        bit = bits & -bits
        found.append(bit.bit_length() - 1)
        bits ^= bit
    return found
