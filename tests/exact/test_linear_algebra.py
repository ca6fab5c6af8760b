"""Rank, kernel, solutions and spans: laws on drawn matrices, over ℚ and over ℚ(e^q)."""

from __future__ import annotations

import pytest
import sympy
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.linear_algebra import (
    Matrix,
    dot,
    is_in_span,
    kernel,
    rank,
    reduced_row_echelon_form,
    solve,
    span_intersection,
    transposed,
)

rationals = st.builds(fmpq, st.integers(-3, 3), st.integers(1, 3))
scalars = st.one_of(
    rationals,
    st.builds(lambda q, a: q * exponential(a), rationals, rationals),
    st.builds(lambda a: 1 / (1 + exponential(a)), rationals),
)


def matrices(entries: st.SearchStrategy[Scalar], largest: int) -> st.SearchStrategy[Matrix]:
    sizes = st.tuples(st.integers(1, largest), st.integers(1, largest))
    return sizes.flatmap(lambda s: st.tuples(*[st.tuples(*[entries] * s[1])] * s[0]))


def row(*entries: int) -> tuple[fmpq, ...]:
    return tuple(map(fmpq, entries))


def image(matrix: Matrix, x: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    return tuple(dot(r, x) for r in matrix)


@settings(deadline=None, max_examples=60)
@given(matrices(rationals, 4))
def test_echelon_forms_agree_with_sympy(matrix: Matrix) -> None:
    theirs, pivots = sympy.Matrix([[sympy.Rational(int(c.p), int(c.q)) for c in r] for r in matrix]).rref()
    ours = reduced_row_echelon_form(matrix)
    assert ours.pivots == tuple(pivots)
    assert rank(matrix) == len(pivots)
    for i, r in enumerate(ours.rows):
        assert [str(c) for c in r] == [str(c) for c in theirs.row(i)]


@settings(deadline=None, max_examples=40)
@given(st.one_of(matrices(rationals, 4), matrices(scalars, 3)))
def test_rank_and_kernel_add_up_to_the_columns(matrix: Matrix) -> None:
    n_columns = len(matrix[0])
    basis = kernel(matrix, n_columns=n_columns)
    assert len(basis) + rank(matrix) == n_columns
    assert rank(basis) == len(basis)
    for x in basis:
        assert image(matrix, x) == (0,) * len(matrix)
    assert rank(transposed(matrix)) == rank(matrix)


@settings(deadline=None, max_examples=40)
@given(st.one_of(matrices(rationals, 4), matrices(scalars, 3)), st.data())
def test_a_system_with_a_solution_is_solved(matrix: Matrix, data: st.DataObject) -> None:
    x = data.draw(st.tuples(*[rationals] * len(matrix[0])))
    found = solve(matrix, image(matrix, x))
    assert found is not None
    assert image(matrix, found) == image(matrix, x)


@settings(deadline=None, max_examples=40)
@given(matrices(rationals, 3), st.data())
def test_no_solution_means_outside_the_column_span(matrix: Matrix, data: st.DataObject) -> None:
    right_side = data.draw(st.tuples(*[rationals] * len(matrix)))
    assert (solve(matrix, right_side) is None) == (not is_in_span(right_side, transposed(matrix)))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_spans_meet_as_the_dimension_formula_says(data: st.DataObject) -> None:
    vectors = st.lists(st.tuples(*[st.integers(-1, 1).map(fmpq)] * 4), max_size=3)
    left, right = data.draw(vectors), data.draw(vectors)
    common = span_intersection(left, right)
    dimension = rank(left) + rank(right) - rank(left + right)
    assert (common is not None) == (dimension > 0)
    if common is not None:
        assert any(c != 0 for c in common)
        assert is_in_span(common, left)
        assert is_in_span(common, right)


def test_spans_over_the_exponential_field() -> None:
    e = exponential(1)
    assert span_intersection([(fmpq(1), e)], [(e, e * e)]) == (1, e)
    assert span_intersection([(fmpq(1), e)], [(e, e)]) is None


def test_the_zero_matrix_and_no_matrix() -> None:
    assert rank(()) == 0
    assert rank(((), ())) == 0
    assert rank((row(0, 0),)) == 0
    assert kernel((), n_columns=2) == (row(1, 0), row(0, 1))
    assert kernel((row(0, 0),), n_columns=2) == (row(1, 0), row(0, 1))
    assert span_intersection([], [row(1)]) is None
    assert span_intersection([row(0, 0)], [row(1, 0)]) is None
    assert solve((row(0, 0),), row(0)) == row(0, 0)
    assert solve((row(0, 0),), row(1)) is None


def test_rows_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        dot(row(1, 2), row(1))
    with pytest.raises(ValueError, match=r"shorter|longer"):
        transposed((row(1, 2), row(1)))
