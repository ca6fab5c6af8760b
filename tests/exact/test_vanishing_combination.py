"""Combinations of sparse columns that vanish: exact where found, and found where the exact method finds one."""

from __future__ import annotations

import random

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.linear_program import NonnegativeSolution, nonnegative_solution
from symflow.exact.vanishing_combination import Column, vanishing_combination

Entries = dict[int, int]
entries = st.integers(-3, 3).filter(bool)
column_lists = st.lists(st.dictionaries(st.integers(0, 5), entries, min_size=1, max_size=4), min_size=1, max_size=9)


def found(columns: list[Entries]) -> dict[int, fmpq] | None:
    return vanishing_combination([Column.of(column) for column in columns])


def check(columns: list[Entries], weights: dict[int, fmpq]) -> None:
    assert sum(weights.values(), start=fmpq(0)) == 1
    assert all(weight > 0 for weight in weights.values())
    for row in {row for column in columns for row in column}:
        assert sum((weight * columns[j].get(row, 0) for j, weight in weights.items()), start=fmpq(0)) == 0


def exists(columns: list[Entries]) -> bool:
    one = fmpq(1)
    answer = nonnegative_solution(
        [{"sum": one, **{row: fmpq(x) for row, x in column.items()}} for column in columns], {"sum": one}
    )
    return isinstance(answer, NonnegativeSolution)


@given(column_lists)
def test_it_finds_one_exactly_where_the_exact_method_does(columns: list[Entries]) -> None:
    weights = found(columns)
    assert (weights is not None) == exists(columns)
    if weights is not None:
        check(columns, weights)


@pytest.mark.parametrize("seed", range(4))
def test_a_combination_hidden_among_many_columns_is_found(seed: int) -> None:
    dice = random.Random(seed)
    columns: list[Entries] = [{dice.randrange(60): dice.choice((-5, -2, 1, 3)) for _ in range(5)} for _ in range(200)]
    total: dict[int, int] = {}
    for column in columns[:20]:
        for row, x in column.items():
            total[row] = total.get(row, 0) + x
    columns.append({row: -x for row, x in total.items() if x})
    weights = found(columns)
    assert weights is not None
    check(columns, weights)


def test_a_row_of_one_sign_excludes_columns_again_and_again() -> None:
    # Row 0 excludes the first column, then row 1 the second, row 2 the third; the last two are left.
    assert found([{0: 1, 1: 1}, {1: -1, 2: 1}, {2: -1, 3: 2}, {3: -1}]) is None
    assert found([{0: 1, 1: 1}, {1: -1, 2: 1}, {2: -1, 3: 2}, {3: -1}, {3: 1}]) == {3: fmpq(1, 2), 4: fmpq(1, 2)}


def test_an_empty_column_vanishes_by_itself_and_no_column_does_not() -> None:
    assert found([{0: 1}, {}]) == {1: fmpq(1)}
    assert found([]) is None


def test_integers_of_any_size_are_exact() -> None:
    large = 10**400
    assert found([{0: large, 1: 1}, {0: -1}, {1: -1}]) == {
        0: fmpq(1, large + 2),
        1: fmpq(large, large + 2),
        2: fmpq(1, large + 2),
    }
