"""The dual simplex method over ℚ: every ending is final, and degenerate problems end."""

from __future__ import annotations

import itertools

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact.simplex import Budget, Ending, basic_values, dual_simplex, minimise, table_with_units

small = st.integers(-3, 3).map(fmpq)


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[list[fmpq]], list[fmpq]]:
    n_rows, n_columns = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    columns = [[draw(small) for _ in range(n_rows)] for _ in range(n_columns)]
    return columns, [draw(small) for _ in range(n_rows)]


@given(systems(), st.permutations(range(8)))
@settings(deadline=None, max_examples=60)
def test_an_ending_is_a_solution_or_a_functional(system, order):
    columns, target = system
    n_columns, n_rows = len(columns), len(target)
    table = table_with_units(columns, target)
    ending = dual_simplex(table, n_columns, order=[j for j in order if j < n_columns])
    if ending.violated is None:
        values = basic_values(table, ending, n_columns)
        assert all(x > 0 for x in values.values())
        for i in range(n_rows):
            assert sum((x * columns[j][i] for j, x in values.items()), start=fmpq(0)) == target[i]
    else:
        y = table[ending.violated][n_columns : n_columns + n_rows]
        assert all(sum((a * b for a, b in zip(y, c, strict=True)), start=fmpq(0)) >= 0 for c in columns)
        assert sum((a * b for a, b in zip(y, target, strict=True)), start=fmpq(0)) < 0


def test_bland_ends_where_every_basis_is_degenerate():
    # All 24 cube edge directions ± and the target zero in all rows but the last: every basic value but one is zero.
    columns = [[*map(fmpq, v), fmpq(1)] for v in itertools.product((-1, 0, 1), repeat=3) if any(v)]
    table = table_with_units(columns, [fmpq(0)] * 3 + [fmpq(1)])
    ending = dual_simplex(table, len(columns))
    assert ending.violated is None
    assert ending.n_pivots <= 20


def test_the_last_basis_as_first_costs_no_pivot():
    columns = [[fmpq(a), fmpq(b), fmpq(1)] for a, b in ((1, 0), (0, 1), (1, 1), (-1, -2), (2, 1))]
    target = [fmpq(0), fmpq(0), fmpq(1)]
    first = dual_simplex(table_with_units(columns, target), 5)
    assert first.n_pivots > 0
    again = dual_simplex(table_with_units(columns, target), 5, order=first.basis)
    assert again.n_pivots == 0
    assert set(again.basis) == set(first.basis)


def test_dependent_rows_stay_on_their_unit_vectors():
    # The second equation is twice the first; with another right side it contradicts it.
    columns = [[fmpq(1), fmpq(2)], [fmpq(1), fmpq(2)]]
    assert dual_simplex(table_with_units(columns, [fmpq(3), fmpq(6)]), 2).basis == (0, 3)
    for value in (5, 7):
        table = table_with_units(columns, [fmpq(3), fmpq(value)])
        ending = dual_simplex(table, 2)
        assert ending.violated == 1
        assert table[1][-1] < 0


def test_dependent_columns_wanted_in_the_first_basis_are_passed_over():
    # (2, 4) is twice (1, 2), so it finds no row; (1, 3) = (1, 2) + (0, 1).
    table = table_with_units([[fmpq(1), fmpq(2)], [fmpq(2), fmpq(4)], [fmpq(0), fmpq(1)]], [fmpq(1), fmpq(3)])
    ending = dual_simplex(table, 3, order=[0, 1])
    assert ending.basis == (0, 2)
    assert basic_values(table, ending, 3) == {0: fmpq(1), 2: fmpq(1)}


def test_floats_that_walk_too_long_are_cut_off_with_a_guess_and_exact_numbers_arrive():
    # Column t is (4^-t, −6^-t): y has to stay below a line of slope 1.5^t, lines that bound a convex polygon whichever
    # of the costs in [64, 125) they have. The walk goes along its edges one by one to the last two columns, which make
    # the target. After 2·(20 + 4·2) pivots floats give up, on a basis that is not feasible.
    columns = [[-1.0, 0.0], [1.0, -1.0], *([4.0**-t, -(6.0**-t)] for t in range(1, 64))]
    target = [1.5**62 + 1.5**63, -2.0]
    exact = table_with_units(
        [[fmpq(*x.as_integer_ratio()) for x in column] for column in columns],
        [fmpq(*x.as_integer_ratio()) for x in target],
    )
    table = [[float(x) for x in row] for row in exact]
    cut_off = dual_simplex(table, len(columns), order=[0, 1], tolerance=1e-9)
    assert (cut_off.violated, cut_off.n_pivots) == (None, 57)
    assert min(row[-1] for row in table) < 0
    ending = dual_simplex(exact, len(columns), order=[0, 1])
    assert ending.violated is None
    assert sorted(ending.basis) == [63, 64]
    assert all(x > 0 for x in basic_values(exact, ending, len(columns)).values())


def test_a_walk_over_the_field_keeps_to_its_budget():
    # The origin is a convex combination of these vectors of the plane, and not of the first three, the first basis.
    columns = [[fmpq(a), fmpq(b), fmpq(1)] for a, b in ((1, 0), (0, 1), (1, 1), (-1, -2), (2, 1))]
    target = [fmpq(0), fmpq(0), fmpq(1)]
    n_pivots = dual_simplex(table_with_units(columns, target), 5).n_pivots
    assert n_pivots > 0
    with pytest.raises(TimeoutError, match=f"after {n_pivots - 1} pivots"):
        dual_simplex(table_with_units(columns, target), 5, budget=Budget(max_pivots=n_pivots - 1))
    table = table_with_units(columns, target)
    ending = dual_simplex(table, 5, budget=Budget(max_pivots=n_pivots))
    values = basic_values(table, ending, 5)
    assert all(x > 0 for x in values.values())
    assert [sum((x * columns[j][i] for j, x in values.items()), start=fmpq(0)) for i in range(3)] == target


def test_least_cost_over_a_square():
    # x, y ≤ 1 with slacks: the least of −x − 2y is −3, at (1, 1).
    table = [[fmpq(1), fmpq(0), fmpq(1), fmpq(0), fmpq(1)], [fmpq(0), fmpq(1), fmpq(0), fmpq(1), fmpq(1)]]
    costs = [fmpq(-1), fmpq(-2), fmpq(0), fmpq(0)]
    ending = minimise(table, dual_simplex(table, 4, order=[2, 3]), 4, costs)
    assert basic_values(table, ending, 4) == {0: fmpq(1), 1: fmpq(1)}


def test_a_budget_within_its_limits_is_silent():
    Budget(deadline=None, max_pivots=3).check(3)
    with pytest.raises(TimeoutError, match="after 3 pivots"):
        Budget(max_pivots=3).check(4)


def test_floats_that_find_no_row_to_leave_end_the_walk() -> None:
    """No entry of the entering column is positive: over a field the set would be unbounded, floats have only erred."""
    table = [[1.0, -1e-12, 1.0]]
    ending = minimise(table, Ending((0,), None, 3), 2, [0.0, -1.0], tolerance=1e-9)
    assert (ending.basis, ending.violated, ending.n_pivots) == ((0,), None, 3)
    assert table == [[1.0, -1e-12, 1.0]]
