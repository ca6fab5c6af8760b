"""Fraction-free elimination finds the line that elimination over the rationals finds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.integer_kernel import independent_rows, integer_kernel
from symflow.exact.linear_algebra import kernel, reduced_row_echelon_form, transposed
from symflow.exact.rationals import fmpq

SIZES = st.integers(1, 6).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(-3, 3) | st.integers(-(2**70), 2**70), min_size=n + 1, max_size=n + 1),
        min_size=n,
        max_size=n + 2,
    )
)


def test_the_vector_of_one_row_is_known() -> None:
    assert integer_kernel([(6, -4)], n_columns=2) == (2, 3)


def test_without_rows_the_line_is_everything() -> None:
    assert integer_kernel([], n_columns=1) == (1,)


def test_the_cross_product_spans_the_kernel_of_two_rows() -> None:
    # (1, 2, 3) x (4, 5, 6) = (-3, 6, -3).
    assert integer_kernel([(1, 2, 3), (4, 5, 6)], n_columns=3) == (1, -2, 1)


@given(SIZES)
def test_it_is_the_kernel_over_the_rationals(rows: list[list[int]]) -> None:
    basis = kernel([[fmpq(entry) for entry in row] for row in rows], n_columns=len(rows[0]))
    if len(basis) != 1:
        with pytest.raises(ValueError, match="the kernel is no line"):
            integer_kernel(rows, n_columns=len(rows[0]))
        return
    vector = integer_kernel(rows, n_columns=len(rows[0]))
    free = max(i for i, entry in enumerate(basis[0]) if entry == 1 and not any(basis[0][i + 1 :]))
    assert math.gcd(*vector) == 1
    assert vector[free] > 0
    assert [fmpq(entry, vector[free]) for entry in vector] == list(basis[0])


@given(SIZES)
def test_independent_rows_are_the_pivots_of_the_columns(rows: list[list[int]]) -> None:
    columns = transposed([[fmpq(entry) for entry in row] for row in rows])
    assert independent_rows(rows) == reduced_row_echelon_form(columns).pivots
