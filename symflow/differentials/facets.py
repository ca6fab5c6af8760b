"""The facets of a polytope that is given by its vertices, exactly, where it is small.

In the pivot coordinates of its affine hull the polytope has an interior. A facet is spanned there by d of its
vertices, d the dimension: so every set of d vertices is asked for its hyperplane, which bounds a facet if all vertices
lie on one side. This takes a number of sets that grows fast, and is refused beyond a limit. The facets of a product are
those of its factors.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.differentials.point_product import Block, block_directions
from symflow.differentials.polytope import Point
from symflow.errors import NotSupportedError
from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.integer_multiples import primitive
from symflow.exact.linear_algebra import kernel
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq

# Sets of vertices that are asked for their hyperplane; over the exponential numbers each takes far longer.
MOST_CHOICES = 50_000
MOST_IRRATIONAL_CHOICES = 500


@final
@dataclass(frozen=True)
class Facet:
    """The inequality <normal, s> <= bound of a set, with equality on a facet.

    Parameters
    ----------
    normal : vector
        In coprime integers where it is rational.
    bound : Scalar
        The largest value on the set.
    block : int
        Which factor of the set (from 0) it belongs to.
    vertices : tuple of int
        The vertices of that factor (from 0) on the facet.
    """

    normal: Point
    bound: Scalar
    block: int
    vertices: tuple[int, ...]


@final
@dataclass(frozen=True)
class Facets:
    """A polytope by inequalities and equations.

    Parameters
    ----------
    inequalities : tuple of Facet
        One a facet.
    equations : tuple of (normal, value)
        The affine hull: <normal, s> = value on the set.
    """

    inequalities: tuple[Facet, ...]
    equations: tuple[tuple[Point, Scalar], ...]

    def contains(self, point: Sequence[Scalar]) -> bool:
        """Whether a point satisfies all of them."""
        return all(dot(normal, point) == value for normal, value in self.equations) and all(
            sign(facet.bound - dot(facet.normal, point)) >= 0 for facet in self.inequalities
        )

    def __repr__(self) -> str:
        counts = (len(self.inequalities), "inequality", "inequalities"), (len(self.equations), "equation", "equations")
        return f"Facets({', '.join(f'{n} {one if n == 1 else many}' for n, one, many in counts)}, exact)"


def facets_of(width: int, blocks: Sequence[Block], constant: Sequence[tuple[int, Scalar]]) -> Facets:
    """Return the facets of a product of polytopes and constants.

    Parameters
    ----------
    width : int
        The number of all variables.
    blocks : sequence of (places, vertices)
        The polytopes.
    constant : sequence of (place, value)
        The other variables.

    Raises
    ------
    NotSupportedError
        If a polytope is too large.

    Examples
    --------
    >>> triangle = ((fmpq(0), fmpq(0)), (fmpq(0), fmpq(1)), (fmpq(1), fmpq(0)))
    >>> found = facets_of(3, [((0, 1), triangle)], [(2, fmpq(5))])
    >>> [(facet.normal, facet.bound) for facet in found.inequalities], found.equations
    ([((-1, 0, 0), 0), ((0, -1, 0), 0), ((1, 1, 0), 1)], (((0, 0, 1), 5),))
    """
    inequalities: list[Facet] = []
    equations: list[tuple[Point, Scalar]] = []
    for number, (places, vertices) in enumerate(blocks):
        basis = block_directions(vertices)
        for normal in kernel(basis, n_columns=len(places)):
            short = _short(normal)
            equations.append((_spread(width, places, short), dot(short, vertices[0])))
        for normal, bound, on in _in_pivots(vertices, basis):
            inequalities.append(Facet(_spread(width, places, normal), bound, number, on))
    for place, value in constant:
        equations.append((_spread(width, (place,), (fmpq(1),)), value))
    return Facets(tuple(inequalities), tuple(equations))


def _in_pivots(
    vertices: Sequence[Point], basis: Sequence[Sequence[Scalar]]
) -> list[tuple[Point, Scalar, tuple[int, ...]]]:
    """Return normal, bound and vertices of each facet; the normals use the pivot coordinates of the basis only."""
    dimension = len(basis)
    if dimension == 0:
        return []
    pivots = [next(k for k, entry in enumerate(row) if entry != 0) for row in basis]
    points = [tuple(vertex[k] for k in pivots) for vertex in vertices]
    is_rational = all(isinstance(entry, fmpq) for point in points for entry in point)
    most = MOST_CHOICES if is_rational else MOST_IRRATIONAL_CHOICES
    n_choices = math.comb(len(points), dimension)
    if n_choices > most:
        raise NotSupportedError(
            f"a polytope of dimension {dimension} with {len(points)} vertices has {n_choices} hyperplanes to try, "
            f"at most {most} are; support(v) and contains(s) answer without facets"
        )
    found: dict[tuple[int, ...], tuple[Point, Scalar]] = {}
    known: list[set[int]] = []
    for chosen in itertools.combinations(range(len(points)), dimension):
        if any(facet.issuperset(chosen) for facet in known):
            continue
        # u with <u, p> = t on the chosen points: the kernel of the rows (p, -1).
        planes = kernel([(*points[i], fmpq(-1)) for i in chosen], n_columns=dimension + 1)
        if len(planes) > 1:
            continue  # they span less than a hyperplane; others span it
        *u, t = planes[0]
        signs = [sign(dot(u, point) - t) for point in points]
        if min(signs) < 0 < max(signs):
            continue
        outward = u if max(signs) == 0 else [-entry for entry in u]
        on = tuple(i for i, value in enumerate(signs) if value == 0)
        short = _short(outward)
        found[on] = (short, dot(short, points[on[0]]))
        known.append(set(on))
    width = len(vertices[0])
    result = [(_spread(width, pivots, normal), bound, on) for on, (normal, bound) in found.items()]
    return sorted(result, key=lambda facet: facet[0])


def _short(vector: Sequence[Scalar]) -> Point:
    """Return the vector in coprime integers, where it is rational."""
    rational = [entry for entry in vector if isinstance(entry, fmpq)]
    return primitive(rational) if len(rational) == len(vector) else tuple(vector)


def _spread(width: int, places: Sequence[int], entries: Sequence[Scalar]) -> Point:
    whole: list[Scalar] = [fmpq(0)] * width
    for place, entry in zip(places, entries, strict=True):
        whole[place] = entry
    return tuple(whole)
