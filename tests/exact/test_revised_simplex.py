"""The dual simplex method that keeps only the basis: the same half as the table's, whatever first basis it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.errors import BudgetExceededError
from symflow.exact.revised_simplex import RevisedSimplex
from symflow.exact.simplex import Budget, dual_simplex, table_with_units

small = st.integers(-3, 3).map(lambda x: fmpq(x, 2))


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[dict[int, fmpq]], list[fmpq]]:
    n_rows, n_columns = draw(st.integers(1, 5)), draw(st.integers(0, 9))
    columns = [[draw(small) for _ in range(n_rows)] for _ in range(n_columns)]
    sparse = [{i: x for i, x in enumerate(column) if x != 0} for column in columns]
    return sparse, [draw(small) for _ in range(n_rows)]


def check(
    columns: Sequence[Mapping[int, fmpq]], target: list[fmpq], weights: dict[int, fmpq] | None, y: list[fmpq] | None
) -> None:
    if weights is not None:
        assert all(x > 0 for x in weights.values())
        for i, value in enumerate(target):
            assert sum((x * columns[j].get(i, fmpq(0)) for j, x in weights.items()), start=fmpq(0)) == value
    else:
        assert y is not None
        assert all(sum((x * y[i] for i, x in column.items()), start=fmpq(0)) >= 0 for column in columns)
        assert sum((a * b for a, b in zip(y, target, strict=True)), start=fmpq(0)) < 0


@given(systems(), st.permutations(range(9)), st.integers(0, 9), st.permutations(range(5)))
@settings(deadline=None, max_examples=60)
def test_every_first_basis_leads_to_the_right_half(system, order, n_wanted, units):
    columns, target = system
    wanted = [j for j in order if j < len(columns)][:n_wanted]
    weights, y = RevisedSimplex(columns, target).decide(order=wanted, units=[i for i in units if i < len(target)])
    check(columns, target, weights, y)
    dense = [[column.get(i, fmpq(0)) for i in range(len(target))] for column in columns]
    ending = dual_simplex(table_with_units(dense, target), len(columns))
    assert (weights is not None) == (ending.violated is None)


def test_units_in_the_basis_leave_it_where_columns_can_take_their_place():
    # From the basis of both unit vectors: x = (1, 2) is found by two exchanges.
    columns = [{0: fmpq(1)}, {1: fmpq(1, 3)}]
    weights, _ = RevisedSimplex(columns, [fmpq(1), fmpq(2)]).decide(units=[0, 1])
    assert weights == {0: fmpq(1), 1: fmpq(6)}


def test_the_sum_of_the_units_functionals_may_decide_at_once():
    # (1, -1) alone, target (-1, -1): y = (1, 1) is the sum of the functionals of both units, and no pivot is allowed.
    columns = [{0: fmpq(1), 1: fmpq(-1)}]
    _, y = RevisedSimplex(columns, [fmpq(-1), fmpq(-1)]).decide(units=[0, 1], budget=Budget(max_pivots=0))
    assert y == [fmpq(1), fmpq(1)]


def steepening(n: int) -> list[dict[int, fmpq]]:
    """Return positive multiples of (4^t, −1) for 0 < t < n.

    With costs they say that y lies below lines of slope 4^t, which bound a convex polygon whichever of the costs in
    [1, 2) they have. From the corner of (−1, 0) and (1, −1) a walk to its other end goes along the edges one by one.
    """
    return [{0: fmpq(4**t * 16 ** (n - t)), 1: fmpq(-(16 ** (n - t)))} for t in range(1, n)]


FLAT = [{0: fmpq(-1)}, {0: fmpq(1), 1: fmpq(-1)}]


@pytest.mark.parametrize("most_pivots", [44, 31], ids=["steepest last", "steepest first"])
def test_blands_rule_takes_over_in_a_long_walk(most_pivots: int):
    # The target is the sum of the last two directions, 44 edges away. Where the steepest line has the lowest index,
    # Bland's rule goes straight to it once it has taken over, after 20 + 4·2 pivots.
    edges, target = steepening(45), [fmpq(4**43 + 4**44), fmpq(-2)]
    columns = FLAT + (edges if most_pivots == 44 else edges[::-1])
    system = RevisedSimplex(columns, target)
    with pytest.raises(BudgetExceededError, match="after 28 pivots"):
        system.decide(order=[0, 1], budget=Budget(max_pivots=28))
    weights, y = system.decide(order=[0, 1], budget=Budget(max_pivots=most_pivots))
    assert y is None
    check(columns, target, weights, y)


def test_blands_rule_ends_a_long_walk_without_a_solution():
    # No column is as steep as the target: y = (1, 4^44) is 0 on the steepest and negative on the target.
    columns, target = FLAT + steepening(45), [fmpq(4**45), fmpq(-1)]
    system = RevisedSimplex(columns, target)
    with pytest.raises(BudgetExceededError, match="after 28 pivots"):
        system.decide(order=[0, 1], budget=Budget(max_pivots=28))
    weights, y = system.decide(order=[0, 1])
    assert weights is None
    check(columns, target, weights, y)


def test_every_column_of_an_odd_cycle_enters():
    # A cycle of odd length: the one solution uses every column, so that a start from the units makes n pivots.
    n = 21
    columns = [{i: fmpq(1), (i + 1) % n: fmpq(1)} for i in range(n)]
    columns += [{i: fmpq(1), (i + 2) % n: fmpq(-1)} for i in range(n)]
    target = [fmpq(2)] * n
    weights, y = RevisedSimplex(columns, target).decide(units=range(n))
    check(columns, target, weights, y)


def test_a_spent_budget_stops_it():
    columns = [{0: fmpq(1)}, {1: fmpq(1, 3)}]
    with pytest.raises(BudgetExceededError, match="after 0 pivots"):
        RevisedSimplex(columns, [fmpq(1), fmpq(2)]).decide(units=[0, 1], budget=Budget(max_pivots=0))
