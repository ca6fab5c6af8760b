"""A checked Clarke differential, as a product of polytopes, and what follows from it.

A set given flat is a product of one polytope. With one hidden layer, as a function of the weights,
different neurons have different variables, and the set is the product of one polytope for each neuron
with a single point for the other variables (Theorem 3). Where cells are undecided a block has two
polytopes, one inside the set and one around it, and only what both agree on may be claimed.

The entries that follow are recomputed block by block: ⟨u, ·⟩ is least at the least vertex of each
block, the shortest element is put together from the shortest ones, dimensions add, numbers of vertices
multiply.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from symflow.checker.exponential_fractions import Number, sign
from symflow.checker.expressions import scalar, scalars
from symflow.checker.hulls import Polytope, Vector, check_weights, is_before, is_equal
from symflow.checker.linear_algebra import dot
from symflow.checker.reading import Refused, Report, expect, take

# A product with at most this many vertices is multiplied out in a result.
MOST_FLAT_VERTICES = 4096


@dataclass(frozen=True, slots=True)
class Block:
    """Some of the variables: a polytope inside the projection of the set to them, and one around it.

    `inner` is None where no cell is known, `outer` where none is given; both are the same where it is exact.
    `n_points` is the number of limiting gradients, None where undecided patterns leave it open.
    """

    indices: tuple[int, ...]
    inner: Polytope | None
    outer: Polytope | None
    n_points: int | None

    @property
    def is_exact(self) -> bool:
        """Whether there are an inner and an outer polytope, and they are the same."""
        return self.inner is not None and self.inner is self.outer


@dataclass(frozen=True, slots=True)
class Differential:
    """The blocks, the constant one last."""

    blocks: tuple[Block, ...]
    is_product: bool

    @property
    def is_exact(self) -> bool:
        """Whether every block is."""
        return all(block.is_exact for block in self.blocks)


def check_counts(report: Report, result: dict[str, object], differential: Differential) -> None:
    """Check the counts, the dimension, the shortest element and whether the set contains 0."""
    blocks = differential.blocks
    inner = [block.inner for block in blocks if block.inner is not None]
    with report.checking(""):
        expect(take_any(result, "dimension"), _dimension(blocks), "dimension")
    with report.checking("contains_zero"):
        _check_contains_zero(take_any(result, "contains_zero", place=""), blocks)
    if not differential.is_exact:
        empty = ("vertices", "n_vertices", "n_limiting_gradients", "minimal_norm_element", "minimal_norm_squared")
        for key in empty:
            with report.checking(""):
                expect(result.get(key), None, key)
        return
    with report.checking(""):
        expect(take_any(result, "n_vertices"), math.prod(len(p.vertices) for p in inner), "n_vertices")
    with report.checking(""):
        counts = [block.n_points for block in blocks]
        n_points = None if None in counts else math.prod(count for count in counts if count is not None)
        found = take_any(result, "n_limiting_gradients")
        if found is not None or math.prod(len(p.vertices) for p in inner) <= MOST_FLAT_VERTICES:
            expect(found, n_points, "n_limiting_gradients")
    _check_shortest(report, result, blocks)


def check_flat_vertices(
    report: Report, place: str, spelled: object, polytopes: Sequence[tuple[tuple[int, ...], Polytope]]
) -> None:
    """Check a product multiplied out: ascending, as many as there are, each made of vertices of the factors."""
    with report.checking(place):
        if not isinstance(spelled, list):
            raise Refused("expected a list of vertices")
        expect(len(spelled), math.prod(len(polytope.vertices) for _, polytope in polytopes), "")
        size = sum(len(indices) for indices, _ in polytopes)
        known: dict[tuple[int, str], Vector] = {}
        previous: list[Number] | None = None
        for i, entry in enumerate(spelled):
            numbers = scalars(entry, size, f"[{i}]")
            vertex: list[Number] = [0] * size
            for block, (indices, polytope) in enumerate(polytopes):
                part = [numbers[index] for index in indices]
                key = (block, repr([entry[index] for index in indices]))
                if key not in known:
                    known[key] = _vertex(polytope, part, f"[{i}]")
                for index, value in zip(indices, known[key], strict=True):
                    vertex[index] = value
            if previous is not None and not is_before(previous, vertex):
                raise Refused("the vertices do not ascend", f"[{i}]")
            previous = vertex


def check_selection(entry: dict[str, object], gradient: Vector, weights: object, differential: Differential) -> None:
    """Check one convention of automatic differentiation: its gradient, and whether that lies in the set.

    Parameters
    ----------
    entry : dict
        With keys gradient, in_differential, separator.
    gradient : Vector
        Recomputed.
    weights : object
        Convex weights on the vertices of a flat set; of a product, a list of such lists.
    differential : Differential
        The set.
    """
    if not is_equal(scalars(take(entry, "gradient", list), len(gradient), "gradient"), gradient):
        raise Refused("this is not the gradient that the convention gives", "gradient")
    claim = take_any(entry, "in_differential")
    if claim is not None:
        claim = take(entry, "in_differential", bool)
    separator = take_any(entry, "separator")
    if claim is False:
        _check_separator(scalars(separator, len(gradient), "separator"), gradient, differential)
        return
    if separator is not None:
        raise Refused("a separator beside a claim that needs none", "separator")
    if claim is None:
        if differential.is_exact:
            raise Refused("undecided, although the set is exact", "in_differential")
        return
    given = weights if differential.is_product else [weights]
    if not isinstance(given, list):
        raise Refused("expected a list of weights for each factor", "weights")
    n_factors = len(differential.blocks) - differential.is_product
    if len(given) != n_factors:
        raise Refused(f"expected weights for {n_factors} factors, found {len(given)}", "weights")
    for i, block in enumerate(differential.blocks):
        here = [gradient[index] for index in block.indices]
        if block.is_exact or block.inner is None or tuple(here) not in block.inner.vertices:
            _check_member(block, here, given[i] if i < n_factors else ["1"])


def take_any(tree: dict[str, object], key: str, *, place: str | None = None) -> object:
    """Return the value at `key`, whatever it is, but it must be there; the place of a refusal is the key.

    Examples
    --------
    >>> take_any({"separator": None}, "separator") is None
    True
    """
    if key not in tree:
        raise Refused("missing", key if place is None else place)
    return tree[key]


def _dimension(blocks: Sequence[Block]) -> int | None:
    total = 0
    for block in blocks:
        if block.inner is None or block.outer is None or block.inner.dimension != block.outer.dimension:
            return None
        total += block.inner.dimension
    return total


def _check_contains_zero(claim: object, blocks: Sequence[Block]) -> None:
    inside = [_is_zero(block.inner) for block in blocks]
    around = [_is_zero(block.outer) for block in blocks]
    if all(inside):
        expect(claim, True, "")
    elif False in around:
        expect(claim, False, "")
    elif all(p is None or p.shortest is not None for block in blocks for p in (block.inner, block.outer)):
        expect(claim, None, "")  # otherwise a witness was not accepted, which is noted there


def _is_zero(polytope: Polytope | None) -> bool | None:
    """Return whether 0 lies in a polytope; None where that is not known."""
    if polytope is None or polytope.shortest is None:
        return None
    return not any(polytope.shortest)


def _check_shortest(report: Report, result: dict[str, object], blocks: Sequence[Block]) -> None:
    element: dict[int, Number] = {}
    squared: Number = 0
    for block in blocks:
        if block.inner is None or block.inner.shortest is None:
            return  # noted where its witness is
        element |= dict(zip(block.indices, block.inner.shortest, strict=True))
        squared = squared + dot(block.inner.shortest, block.inner.shortest)
    with report.checking("minimal_norm_element"):
        spelled = scalars(take_any(result, "minimal_norm_element", place=""), len(element))
        if not all(entry == element[i] for i, entry in enumerate(spelled)):
            raise Refused("this is not the combination that the weights give")
    with report.checking("minimal_norm_squared"):
        if scalar(take_any(result, "minimal_norm_squared", place="")) != squared:
            raise Refused("this is not the squared norm of the element")


def _check_separator(u: Sequence[Number], gradient: Vector, differential: Differential) -> None:
    """Check ⟨u, gradient⟩ < ⟨u, s⟩ for all s: the sum over the blocks of the least ⟨u, v − gradient⟩ is positive."""
    total: Number = 0
    for block in differential.blocks:
        part = [u[index] for index in block.indices]
        if not any(part):
            continue
        if block.outer is None:
            raise Refused("no hull is given there that the separator could be held against", "separator")
        here = [gradient[index] for index in block.indices]
        total = total + _least([_inner(part, vertex, here) for vertex in block.outer.vertices])
    if sign(total) <= 0:
        raise Refused("the functional does not separate the gradient from the set", "separator")


def _inner(u: Sequence[Number], a: Sequence[Number], b: Sequence[Number]) -> Number:
    """Return ⟨u, a − b⟩."""
    return dot(u, [x - y for x, y in zip(a, b, strict=True)])


def _least(values: Sequence[Number]) -> Number:
    least = values[0]
    for value in values[1:]:
        if sign(value - least) < 0:
            least = value
    return least


def _check_member(block: Block, target: Sequence[Number], weights: object) -> None:
    if block.inner is None:
        raise Refused("no cell is known that the gradient could be held against", "in_differential")
    if weights is None:
        raise Refused("no weights show that the gradient lies in the set", "in_differential")
    check_weights(block.inner.vertices, target, weights)


def _vertex(polytope: Polytope, spelled: Sequence[Number], place: str) -> Vector:
    for vertex in polytope.vertices:
        if is_equal(spelled, vertex):
            return vertex
    raise Refused("this is not made of vertices of the factors", place)
