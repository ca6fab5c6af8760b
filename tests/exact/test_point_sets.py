"""Finite point sets: coordinates that matter, echelon bases over the field."""

from __future__ import annotations

from flint import fmpq

from symflow.exact.exponential_numbers import exponential
from symflow.exact.point_sets import essential_coordinates, reduced_basis

E = exponential(1)


def test_no_points_have_no_essential_coordinates():
    assert essential_coordinates([]) == []


def test_rows_that_span_the_space_have_the_unit_vectors_for_a_basis():
    # det ((e, 1), (1, e)) = e² − 1 ≠ 0; the rows after these two are not looked at.
    one = fmpq(1)
    assert reduced_basis([[E, one], [one, E], ["no", "numbers"]]) == [[1, 0], [0, 1]]


def test_the_reduced_basis_depends_on_the_row_space_alone():
    # (0, e, 1) and (1, 1, 0) span the same plane as their sum and difference, and as themselves with multiples.
    zero, one = fmpq(0), fmpq(1)
    expected = [[1, 0, -1 / E], [0, 1, 1 / E]]
    first, second = [zero, E, one], [one, one, zero]
    mixed = [[x + y for x, y in zip(first, second, strict=True)], [x - y for x, y in zip(first, second, strict=True)]]
    for rows in ([first, second], [second, first], mixed, [first, [E * x for x in first], second, [zero] * 3]):
        assert reduced_basis(rows) == expected


def test_zero_rows_have_an_empty_basis():
    assert reduced_basis([]) == []
    assert reduced_basis([[fmpq(0), fmpq(0)]]) == []
