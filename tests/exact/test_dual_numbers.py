"""Nested dual numbers: derivatives of polynomials, the rank of rows modulo a prime, sparse kernels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact.dual_numbers import (
    PRIMES,
    chosen,
    elements,
    high,
    lifted,
    low,
    multiplied,
    prime_for,
    repeated,
    residue,
    summed,
    zeros,
)
from symflow.exact.linear_algebra import kernel, rank
from symflow.exact.modular_rank import GrowingRank
from symflow.exact.rationals import fmpq
from symflow.exact.sparse_kernel import sparse_kernel

P = PRIMES[0]
small = st.integers(-3, 3)


def test_the_primes_are_primes_below_2_to_the_31() -> None:
    for prime in PRIMES:
        assert prime < 2**31
        assert all(prime % d for d in range(2, 46342))


@given(small, small, small, small)
def test_the_coefficient_of_both_infinitesimals_is_the_mixed_derivative(w: int, a: int, b: int, c: int) -> None:
    """p(w) = w³ + c w: p' = 3 w² + c, p'' = 6 w."""
    point = elements([w % P])
    once = lifted(point, elements([a % P]))
    twice = lifted(once, elements([b % P, 0]))
    cube = multiplied(multiplied(twice, twice), twice)
    value = (cube + c * twice) % P
    expected = [w**3 + c * w, (3 * w * w + c) * a, (3 * w * w + c) * b, 6 * w * a * b]
    assert value.tolist() == [entry % P for entry in expected]
    assert high(low(value)).tolist() == [expected[1] % P]


@given(st.lists(st.integers(0, P - 1), min_size=8, max_size=8), st.lists(st.integers(0, P - 1), min_size=8, max_size=8))
def test_multiplication_is_that_of_disjoint_sets(left: list[int], right: list[int]) -> None:
    expected = [0] * 8
    for a, x in enumerate(left):
        for b, y in enumerate(right):
            if not a & b:
                expected[a | b] = (expected[a | b] + x * y) % P
    assert multiplied(elements(left), elements(right)).tolist() == expected


def test_arrays_are_broadcast_summed_and_chosen() -> None:
    pairs = elements([[[1, 2]], [[3, 4]]])
    assert summed(repeated(pairs, 3), 0).tolist() == [[[3, 6]], [[9, 12]]]
    assert chosen(pairs, [1]).tolist() == [[[3, 4]]]
    assert zeros(1, 2).tolist() == [[0, 0]]


def test_rationals_have_residues_and_a_prime_that_divides_none_of_them() -> None:
    assert residue(fmpq(-1, 2), 7) == 3
    assert prime_for([fmpq(1, PRIMES[0]), fmpq(1, PRIMES[1])]) == PRIMES[2]
    product = fmpq(1)
    for prime in PRIMES:
        product = product / prime
    with pytest.raises(ArithmeticError, match="each of the known primes"):
        prime_for([product])


@settings(max_examples=60)
@given(st.lists(st.lists(small, min_size=4, max_size=4), min_size=1, max_size=6), st.integers(0, 4))
def test_the_rank_of_small_rows_is_that_over_the_rationals_and_its_minor_is_theirs(
    rows: list[list[int]], most: int
) -> None:
    growing = GrowingRank(4)
    kept = growing.grow(np.array(rows[:2])) + [2 + i for i in (growing.grow(np.array(rows[2:])) if rows[2:] else [])]
    assert len(kept) == len(growing) == rank([[fmpq(entry) for entry in row] for row in rows])
    minor = [[rows[i][j] for j in growing.pivots] for i in kept]
    assert growing.minor == round(np.linalg.det(np.array(minor))) % P if minor else growing.minor == 1
    limited = GrowingRank(4)
    limited.grow(np.array(rows), most)
    assert len(limited) == min(most, len(growing))


@settings(max_examples=80)
@given(
    st.lists(
        st.dictionaries(st.integers(0, 4), st.fractions(-3, 3, max_denominator=3), max_size=4), min_size=0, max_size=6
    )
)
def test_a_sparse_kernel_is_the_kernel(rows: list[dict[int, object]]) -> None:
    exact = [{j: fmpq(c.numerator, c.denominator) for j, c in row.items()} for row in rows]  # type: ignore[attr-defined]
    found = sparse_kernel([{j: c for j, c in row.items() if c != 0} for row in exact], 5)
    dense = [[row.get(j, fmpq(0)) for j in range(5)] for row in exact]
    for vector in found:
        for row in dense:
            assert sum((row[j] * c for j, c in vector.items()), fmpq(0)) == 0
    assert len(found) == len(kernel(dense, n_columns=5)) if dense else len(found) == 5
    if found:
        assert rank([[vector.get(j, fmpq(0)) for j in range(5)] for vector in found]) == len(found)
