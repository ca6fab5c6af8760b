"""Signs at the speed of floats: bounds hold, and each of the three levels gives the same result alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from symflow.nets.network import Network
from symflow.regions import filtered_signs, generators, points, vertex_table
from symflow.regions.filtered_signs import (
    IntegerVectors,
    SignBatch,
    cross_products,
    inner_products,
    signs_of,
)
from symflow.regions.integer_layers import IntegerNet
from symflow.regions.locate import exact_cut_signs
from symflow.regions.region_graph import RegionGraph
from tests.regions.agreement import contents
from tests.regions.nets import drawn_normal, networks
from tests.regions.test_region_graph import by_hand

Integers = tuple[int, ...]
Signs = NDArray[np.int8]


@st.composite
def integers(draw: st.DrawFn) -> int:
    """Draw an integer of one of the sizes at which something changes."""
    bits = draw(st.sampled_from([0, 1, 3, 26, 31, 52, 53, 54, 62, 63, 64, 65, 100, 200]))
    return draw(st.integers(-(2**bits), 2**bits))


def vectors(size: int) -> st.SearchStrategy[Integers]:
    """Draw an integer vector, its entries of many sizes."""
    return st.tuples(*[integers()] * size)


def dot(left: Sequence[int], right: Sequence[int]) -> int:
    """The inner product."""
    return sum(a * b for a, b in zip(left, right, strict=True))


def sign(number: int) -> int:
    """The sign."""
    return (number > 0) - (number < 0)


def signed(number: int) -> int:
    """The signed 64-bit integer congruent to a number."""
    return (number + 2**63) % 2**64 - 2**63


def holds(batch: IntegerVectors, row: int, exact: Sequence[int]) -> bool:
    """Whether a vector of a batch is what it says, up to its error."""
    unit = Fraction(2) ** int(batch.exponent[row])
    error = batch.error[row]
    near = not np.isfinite(error) or all(
        abs(Fraction(float(a)) * unit - b) <= Fraction(float(error)) * unit
        for a, b in zip(batch.approx[row], exact, strict=True)
    )
    return near and [int(r) for r in batch.residue[row]] == [signed(entry) for entry in exact]


# ---------------------------------------------------------------------- bounds


@given(st.lists(vectors(4), max_size=4))
def test_a_batch_holds_its_vectors(rows: list[Integers]) -> None:
    batch = IntegerVectors.of(rows, 4)
    assert len(batch) == len(rows)
    assert all(holds(batch, i, row) for i, row in enumerate(rows))
    again = IntegerVectors.normalised(batch.approx, batch.error, batch.exponent, batch.residue)
    assert all(holds(again, i, row) for i, row in enumerate(rows))
    opposite = batch.negated_where(np.ones(len(rows), np.bool_))
    assert all(holds(opposite, i, [-entry for entry in row]) for i, row in enumerate(rows))


@given(st.lists(st.tuples(vectors(3), vectors(3)), min_size=1, max_size=5))
def test_inner_products_have_the_signs_of_the_integers(pairs: list[tuple[Integers, Integers]]) -> None:
    left, right = (list(side) for side in zip(*pairs, strict=True))
    batch = inner_products(IntegerVectors.of(left, 3), IntegerVectors.of(right, 3))
    decided = set(range(len(pairs))) - set(batch.undecided.tolist())
    assert all(batch.signs[i] == sign(dot(*pairs[i])) for i in decided)


@given(integers(), integers(), st.integers(-2, 2), st.integers(-1, 1))
@example(2**52, 2**52 + 1, 1, 0)
@example(2**31, 2**31 + 1, -1, 1)
@example(2**32, 2**31, 0, 1)
def test_inner_products_near_zero_are_decided_rightly_or_not_at_all(a: int, b: int, e: int, f: int) -> None:
    # (a, b, f) · (b + e, -a, 1) = a e + f
    rows, columns = IntegerVectors.of([(a, b, f)], 3), IntegerVectors.of([(b + e, -a, 1)], 3)
    batch = inner_products(rows, columns)
    if len(batch.undecided) == 0:
        assert batch.signs[0] == sign(a * e + f)
    if max(abs(a), abs(b)) < 2**30:
        assert len(batch.undecided) == 0


@given(st.integers(1, 4).flatmap(lambda d: st.lists(vectors(d + 1), min_size=d, max_size=d)))
def test_cross_products_are_the_minors_up_to_one_sign(rows: list[Integers]) -> None:
    d = len(rows)
    batch = cross_products([IntegerVectors.of([row], d + 1) for row in rows])
    exact = [(-1) ** j * determinant([[*row[:j], *row[j + 1 :]] for row in rows]) for j in range(d + 1)]
    assert holds(batch, 0, exact) or holds(batch, 0, [-entry for entry in exact])


@given(vectors(3), st.integers(-1, 1), st.integers(-1, 1))
def test_cross_products_of_nearly_parallel_rows_keep_their_bound(row: Integers, e: int, f: int) -> None:
    other = (row[0] + e, row[1] + f, row[2])
    batch = cross_products([IntegerVectors.of([r], 3) for r in (row, other)])
    exact = [
        row[1] * other[2] - row[2] * other[1],
        row[2] * other[0] - row[0] * other[2],
        row[0] * other[1] - row[1] * other[0],
    ]
    assert holds(batch, 0, exact) or holds(batch, 0, [-entry for entry in exact])


def test_small_integers_have_exact_cross_products() -> None:
    batch = cross_products([IntegerVectors.of([row], 4) for row in ((1, 2, 3, 4), (0, 1, -1, 2), (5, 0, 0, 1))])
    assert batch.error.tolist() == [0.0]


@given(integers(), st.integers(0, 80))
def test_a_sign_is_decided_by_floats_then_residues_or_left_open(number: int, bits: int) -> None:
    # A float off by 2^-bits of the size of the number: the sign must come from the residue, or not at all.
    exponent = abs(number).bit_length()
    exact = Fraction(number, 2**exponent)
    error = 2.0**-bits
    off = float(exact) - error / 2
    batch = signs_of(np.array([off]), np.array([error]), np.array([exponent]), np.array([signed(number)]))
    if len(batch.undecided) == 0:
        assert batch.signs.tolist() == [sign(number)]
    if exponent <= 61:
        assert len(batch.undecided) == 0


def test_an_infinite_bound_decides_nothing_that_is_large() -> None:
    batch = signs_of(np.array([1.0, 1.0]), np.array([np.inf, 2.0]), np.array([0, 5000]), np.array([3, 3]))
    assert batch.undecided.tolist() == [0, 1]


def determinant(matrix: list[list[int]]) -> int:
    """The determinant, by its definition."""
    n = len(matrix)
    total = 0
    for order in permutations(range(n)):
        inversions = sum(order[i] > order[j] for i in range(n) for j in range(i + 1, n))
        total += (-1) ** inversions * prod(matrix[i][order[i]] for i in range(n))
    return total


# ---------------------------------------------------------------------- one level alone


Patch = Callable[[pytest.MonkeyPatch], None]


def floats_never_decide(patch: pytest.MonkeyPatch) -> None:
    """Every sign comes from a residue, where that is allowed."""
    _replace_floats(patch, lambda error, exponent: np.maximum(error, np.ldexp(1.0, 61 - np.minimum(exponent, 1000))))


def residues_never_decide(patch: pytest.MonkeyPatch) -> None:
    """Every sign comes from floats or from exact integers; the residues that signs see are wrong."""

    def floats_only(approx: Any, error: Any, exponent: Any, residue: Any) -> SignBatch:
        return SignBatch(np.sign(approx).astype(np.int8), np.flatnonzero(~(np.abs(approx) > error)))

    patch.setattr(vertex_table, "signs_of", floats_only)
    patch.setattr(filtered_signs, "signs_of", floats_only)


def only_integers_decide(patch: pytest.MonkeyPatch) -> None:
    """Every sign, vertex and point comes from exact integers; floats and residues are wrong."""
    _replace_floats(patch, lambda error, exponent: np.full_like(error, np.inf))
    crosses = cross_products

    def nowhere(rows: list[IntegerVectors]) -> IntegerVectors:
        batch = crosses(rows)
        return replace(batch, approx=-batch.approx, error=batch.error + np.inf, residue=batch.residue + 12345)

    def in_integers(net: IntegerNet, given: Sequence[Integers], *, expected: object = None) -> Signs:
        n_cuts = sum(len(layer.cuts) for layer in net.hidden)
        return np.array([exact_cut_signs(net, point) for point in given], np.int8).reshape(len(given), n_cuts)

    patch.setattr(vertex_table, "cross_products", nowhere)
    patch.setattr(points, "cut_signs", in_integers)
    patch.setattr(generators, "exact_vertices", lambda table, numbers: [table.exact_vertex(int(i)) for i in numbers])


def _replace_floats(patch: pytest.MonkeyPatch, worse: Callable[[Any, Any], Any]) -> None:
    products, decide = filtered_signs.float_products, signs_of

    def no_products(*arguments: Any) -> tuple[Any, Any]:
        values, error = products(*arguments)
        return -values, error + np.inf

    def decide_worse(approx: Any, error: Any, exponent: Any, residue: Any) -> SignBatch:
        with np.errstate(over="ignore"):
            return decide(approx, worse(error, exponent), exponent, residue)

    def products_worse(rows: IntegerVectors, columns: IntegerVectors) -> SignBatch:
        values, error = products(rows.approx, rows.error, columns.approx, columns.error)
        residue = (rows.residue * columns.residue).sum(axis=1)
        return decide_worse(values, error, rows.exponent + columns.exponent, residue)

    patch.setattr(vertex_table, "float_products", no_products)
    patch.setattr(vertex_table, "inner_products", products_worse)
    patch.setattr(vertex_table, "signs_of", decide_worse)


@contextmanager
def level(change: Patch) -> Iterator[None]:
    """Let one level decide."""
    with pytest.MonkeyPatch.context() as patch:
        change(patch)
        yield


LEVELS = [floats_never_decide, residues_never_decide, only_integers_decide]


@pytest.mark.parametrize("change", LEVELS, ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", [*by_hand(), "f"])
def test_each_level_alone_gives_the_same_result(name: str, change: Patch) -> None:
    network = drawn_normal("f") if name == "f" else by_hand()[name]
    whole = contents(RegionGraph.of(network))
    with level(change):
        assert contents(RegionGraph.of(network)) == whole


@pytest.mark.parametrize("change", LEVELS, ids=lambda change: change.__name__)
@settings(max_examples=30)
@given(networks(n_units=7))
def test_each_level_alone_gives_the_same_result_on_drawn_nets(change: Patch, network: Network) -> None:
    whole = contents(RegionGraph.of(network))
    with level(change):
        assert contents(RegionGraph.of(network)) == whole
