"""Combinations of sparse columns that vanish: exact where found, and found where the exact method finds one."""

from __future__ import annotations

import random

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from symflow.exact import vanishing_combination as module
from symflow.exact.highs_finder import CombinationGuess
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


LARGE: list[Entries] = [{i: 1, i + 1: -1} for i in range(12)] + [{12: 1, 0: -1}, {3: 1, 7: 2}]


@pytest.mark.parametrize("word", ["no HiGHS", "the wrong columns", "nothing there"])
def test_whatever_floats_say_what_is_returned_is_exact(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle of 13 columns, the sum of which vanishes: floats that err cost time, or the find, and nothing else."""
    n = len(LARGE)
    guesses = {
        "no HiGHS": None,
        "the wrong columns": CombinationGuess([float(j == n - 1) for j in range(n)], [], True, [], []),
        "nothing there": CombinationGuess([0.0] * n, [], False, [], []),
    }
    monkeypatch.setattr(module, "nonnegative_combination", lambda *_: guesses[word])
    weights = found(LARGE)
    if word == "nothing there":
        assert weights is None
    else:
        assert weights == dict.fromkeys(range(13), fmpq(1, 13))


def test_several_solutions_on_few_columns_are_told_apart_by_the_exact_method() -> None:
    weights = found([{0: 1}, {0: -1}, {0: 2}])
    assert weights is not None
    check([{0: 1}, {0: -1}, {0: 2}], weights)
    # Signs exclude nothing, and yet (1, 1) is positive on all columns.
    assert found([{0: 3, 1: -1}, {0: -1, 1: 2}, {0: 2, 1: -1}]) is None
