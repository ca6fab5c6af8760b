"""Systems of linear inequalities: a solution or multipliers, each checked here by its definition alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.errors import BudgetExceededError
from symflow.exact import farkas, gordan_field, gordan_rational, highs_finder
from symflow.exact.exponential_numbers import Scalar, exponential, sign
from symflow.exact.linear_program import (
    FarkasCertificate,
    FarkasFunctional,
    GordanCertificate,
    NonnegativeSolution,
    StrictSolution,
    nonnegative_solution,
    strict_feasibility,
    strict_inequalities,
)
from symflow.exact.simplex import Budget

TINY = fmpq(1, 2**60)

entries = st.fractions(min_value=-5, max_value=5, max_denominator=4).map(lambda x: fmpq(x.numerator, x.denominator))


@st.composite
def matrices(draw: st.DrawFn, *, most_rows: int = 9, most_columns: int = 4) -> list[tuple[fmpq, ...]]:
    n_columns = draw(st.integers(1, most_columns))
    row = st.tuples(*[entries] * n_columns)
    return draw(st.lists(row, min_size=1, max_size=most_rows))


def q(*values: object) -> tuple[fmpq, ...]:
    return tuple(fmpq(Fraction(str(v)).numerator, Fraction(str(v)).denominator) for v in values)


def dot(u: Sequence[Scalar], v: Sequence[Scalar]) -> Scalar:
    return sum((x * y for x, y in zip(u, v, strict=True)), start=fmpq(0))


def combination(multipliers: dict[int, Scalar], rows: Sequence[Sequence[Scalar]]) -> list[Scalar]:
    return [sum((m * rows[i][k] for i, m in multipliers.items()), start=fmpq(0)) for k in range(len(rows[0]))]


def proves_gordan(rows: Sequence[Sequence[Scalar]], answer: StrictSolution | GordanCertificate) -> bool:
    if isinstance(answer, StrictSolution):
        return all(sign(dot(row, answer.direction)) > 0 for row in rows)
    values = answer.multipliers.values()
    return (
        len(answer.multipliers) > 0
        and all(sign(value) > 0 for value in values)
        and not any(x != 0 for x in combination(answer.multipliers, rows))
    )


def proves_farkas(columns, target, answer) -> bool:
    if isinstance(answer, NonnegativeSolution):
        total = [sum((x * columns[j][i] for j, x in answer.weights.items()), start=fmpq(0)) for i in range(len(target))]
        return all(x > 0 for x in answer.weights.values()) and total == list(target)
    y = [answer.y.get(i, fmpq(0)) for i in range(len(target))]
    return all(dot(y, column) >= 0 for column in columns) and dot(y, target) < 0


# Known answers


def test_no_rows_are_solved_by_the_zero_direction():
    assert strict_feasibility([], dimension=3) == StrictSolution(q(0, 0, 0))


def test_a_zero_row_excludes_every_direction_by_itself():
    # 0 > 0 is false whatever d is.
    assert strict_feasibility([q(1, 2), q(0, 0)]) == GordanCertificate({1: fmpq(1)})


def test_rows_without_entries_exclude_every_direction():
    assert strict_feasibility([()]) == GordanCertificate({0: fmpq(1)})


def test_opposite_rows_cancel_with_coprime_multipliers():
    # 3·(2, -4) + 2·(-3, 6) = 0.
    assert strict_feasibility([q(2, -4), q(-3, 6)]) == GordanCertificate({0: fmpq(3), 1: fmpq(2)})


def test_three_directions_at_equal_angles_cancel():
    # (1, 0) + (0, 1) + (-1, -1) = 0; any two of them lie in an open half-plane.
    rows = [q(1, 0), q(0, 1), q(-1, -1)]
    assert strict_feasibility(rows) == GordanCertificate({i: fmpq(1) for i in range(3)})
    assert all(isinstance(strict_feasibility(rows[:i] + rows[i + 1 :]), StrictSolution) for i in range(3))


def test_repeated_rows_change_nothing():
    assert strict_feasibility([q(1, 1)] * 5) == strict_feasibility([q(1, 1)])


def test_directions_are_short():
    # The solutions are 7x > 4y > 0 and more; (1, 1) is one.
    answer = strict_feasibility([q("7/3", "-4/3"), q(0, 4), q(5, -1)])
    assert isinstance(answer, StrictSolution)
    assert max(abs(x) for x in answer.direction) <= 2


@pytest.mark.parametrize("bits", [20, 60, 200])
def test_a_sliver_is_found_however_thin(bits: int):
    # y > x(1 - ε) and y < x: the direction has to lie between two slopes that differ by ε.
    thin = 1 - fmpq(1, 2**bits)
    rows = [(-thin, fmpq(1)), q(1, -1)]
    answer = strict_feasibility(rows)
    assert isinstance(answer, StrictSolution)
    assert proves_gordan(rows, answer)


def test_a_sliver_of_width_zero_and_one_turned_over_are_refuted():
    for slope in (fmpq(1), 1 + TINY):
        rows = [(-slope, fmpq(1)), q(1, -1), q(1, 0)]
        answer = strict_feasibility(rows)
        assert isinstance(answer, GordanCertificate)
        assert proves_gordan(rows, answer)


def test_dyadic_entries_of_fifty_bits_are_exact():
    big, bigger = fmpq(2**50 + 1, 2**50), fmpq(2**50 + 3, 2**50)
    rows = [(big, -bigger), (-big, bigger + TINY * TINY), (fmpq(0), fmpq(-1))]
    assert proves_gordan(rows, strict_feasibility(rows))
    assert isinstance(strict_feasibility(rows), GordanCertificate)  # the sum of the first two is (0, ε)


def test_integers_beyond_the_floats_are_no_obstacle():
    huge = fmpq(10) ** 400
    rows = [(huge, -huge), (fmpq(0), 1 / huge)]
    answer = strict_feasibility(rows)
    assert isinstance(answer, StrictSolution)
    assert proves_gordan(rows, answer)


def test_transcendental_rows_are_told_apart_where_floats_cannot():
    # d = (1, x) needs e < x and x < e + ε.
    e = exponential(1)
    open_rows = [(-e, fmpq(1)), (e + TINY, fmpq(-1)), q(1, 0)]
    answer = strict_feasibility(open_rows)
    assert isinstance(answer, StrictSolution)
    assert proves_gordan(open_rows, answer)
    closed_rows = [(-e, fmpq(1)), (e, fmpq(-1)), q(1, 0)]
    assert strict_feasibility(closed_rows) == GordanCertificate({0: fmpq(1), 1: fmpq(1)})


def test_transcendental_multipliers_are_found_where_rational_ones_do_not_exist():
    # (e, 1) and (-1, -1/e) are opposite; the factor is e.
    e = exponential(1)
    rows = [(e, fmpq(1)), (fmpq(-1), -1 / e)]
    answer = strict_feasibility(rows)
    assert isinstance(answer, GordanCertificate)
    assert answer.multipliers[1] / answer.multipliers[0] == e


def test_strict_inequalities_around_a_point():
    # x < 1, -x < ε - 1: the open interval (1 - ε, 1).
    answer = strict_inequalities([q(1), q(-1)], [fmpq(1), TINY - 1])
    assert isinstance(answer, StrictSolution)
    assert 1 - TINY < answer.direction[0] < 1


def test_strict_inequalities_that_only_touch_are_refuted():
    # x < 1 and x > 1; the multipliers (1, 1) leave 0 < 0.
    answer = strict_inequalities([q(1), q(-1)], [fmpq(1), fmpq(-1)])
    assert answer == FarkasCertificate({0: fmpq(1), 1: fmpq(1)})


def test_no_inequalities_hold_at_the_origin():
    assert strict_inequalities([], [], dimension=2) == StrictSolution(q(0, 0))


def test_the_cone_of_two_vectors():
    # (3, 1) = 2·(1, 0) + 1·(1, 1); (0, 1) would need −1 of the first.
    columns = [q(1, 0), q(1, 1)]
    assert nonnegative_solution(columns, q(3, 1)) == NonnegativeSolution({0: fmpq(2), 1: fmpq(1)})
    answer = nonnegative_solution(columns, q(0, 1))
    assert isinstance(answer, FarkasFunctional)
    assert proves_farkas(columns, q(0, 1), answer)


def test_zero_is_the_empty_combination():
    assert nonnegative_solution([q(1, 0)], q(0, 0)) == NonnegativeSolution({})
    assert nonnegative_solution([], q(0, 0)) == NonnegativeSolution({})


def test_without_columns_the_target_itself_refutes():
    answer = nonnegative_solution([], q(0, -2))
    assert answer == FarkasFunctional({1: fmpq(1)})


def test_rows_may_bear_names():
    # x² + 2xy + y² from (x + y)² and from x·y ≥ 0: the square alone does it.
    square = {"xx": fmpq(1), "xy": fmpq(2), "yy": fmpq(1)}
    product = {"xy": fmpq(1)}
    assert nonnegative_solution([product, square], square) == NonnegativeSolution({1: fmpq(1)})
    answer = nonnegative_solution([product, square], {"xy": fmpq(-1)})
    assert isinstance(answer, FarkasFunctional)
    assert answer.y["xy"] > 0


def test_sign_exclusions_are_undone_in_the_functional():
    # Row 0 excludes column 1, then row 1 column 0; the target then has nothing to be made of.
    columns = [q(0, 1, -1), q(1, -5, -1)]
    target = q(0, 0, -1)
    answer = nonnegative_solution(columns, target)
    assert isinstance(answer, FarkasFunctional)
    assert proves_farkas(columns, target, answer)


def test_a_target_barely_outside_its_cone_is_refuted():
    columns = [q(1, 0, 0), q(1, 1, 0), q(0, 1, 1), q(1, 0, 1), q(-1, 1, 3)]
    inside = [x + y + z for x, y, z in zip(columns[0], columns[1], columns[3], strict=True)]
    for target in (inside, [inside[0], inside[1], -TINY]):
        assert proves_farkas(columns, target, nonnegative_solution(columns, target))
    edge = [fmpq(1) - TINY, fmpq(1) + TINY, fmpq(0)]  # beyond (1, 1, 0), the edge of the cone in the plane z = 0
    assert isinstance(nonnegative_solution(columns, edge), FarkasFunctional)


def test_a_large_sparse_system_is_solved_within_its_deadline():
    # Columns e_i + e_{i+1} on a cycle of odd length n: the target (2, .., 2) has the one solution x = 1.
    n = 301
    columns = [{i: fmpq(1), (i + 1) % n: fmpq(1)} for i in range(n)]
    columns += [{i: fmpq(1), (i + 2) % n: fmpq(-1)} for i in range(n)]
    target = {i: fmpq(2) for i in range(n)}
    answer = nonnegative_solution(columns, target, budget=Budget(deadline=time.monotonic() + 60))
    assert isinstance(answer, NonnegativeSolution)
    for i in range(n):
        assert sum((x * columns[j].get(i, 0) for j, x in answer.weights.items()), start=fmpq(0)) == 2


@pytest.mark.parametrize("budget", [Budget(max_pivots=0), Budget(deadline=0.0)], ids=["pivots", "deadline"])
def test_a_spent_budget_is_an_error_that_says_so(budget: Budget, monkeypatch: pytest.MonkeyPatch):
    # Without floats the exact method starts at the first columns, which are not the last ones here.
    monkeypatch.setattr(gordan_rational, "float_guess", lambda *_: gordan_rational.StrictGuess(None, []))
    rows = [q(1, 0), q(0, 1), q(1, 1), q(-1, -2), q(2, 1)]
    with pytest.raises(BudgetExceededError, match="the exact simplex method was stopped"):
        strict_feasibility(rows, budget=budget)
    assert isinstance(strict_feasibility(rows), GordanCertificate)


# Laws


@given(matrices())
@settings(deadline=None, max_examples=30)
def test_one_half_of_gordans_alternative_is_proved(rows: list[tuple[fmpq, ...]]):
    assert proves_gordan(rows, strict_feasibility(rows))


@given(matrices(most_rows=6), st.integers(0, 2**32))
@settings(deadline=None, max_examples=40)
def test_rows_scaled_by_positive_numbers_give_the_same_half(rows: list[tuple[fmpq, ...]], seed: int):
    factors = [fmpq(1 + (seed >> (3 * i)) % 7, 1 + (seed >> (5 * i)) % 1000) for i in range(len(rows))]
    scaled = [tuple(x * factor for x in row) for row, factor in zip(rows, factors, strict=True)]
    assert type(strict_feasibility(rows)) is type(strict_feasibility(scaled))


@given(matrices(), st.data())
@settings(deadline=None, max_examples=40)
def test_one_half_of_the_inhomogeneous_alternative_is_proved(a: list[tuple[fmpq, ...]], data: st.DataObject):
    b = data.draw(st.lists(entries, min_size=len(a), max_size=len(a)))
    answer = strict_inequalities(a, b)
    if isinstance(answer, StrictSolution):
        assert all(dot(row, answer.direction) < bound for row, bound in zip(a, b, strict=True))
    else:
        assert answer.multipliers
        assert all(x > 0 for x in answer.multipliers.values())
        assert not any(combination(answer.multipliers, a))
        assert sum((x * b[i] for i, x in answer.multipliers.items()), start=fmpq(0)) <= 0


@given(matrices(), st.data())
@settings(deadline=None, max_examples=30)
def test_one_half_of_farkas_alternative_is_proved(columns: list[tuple[fmpq, ...]], data: st.DataObject):
    target = data.draw(st.tuples(*[entries] * len(columns[0])))
    assert proves_farkas(columns, target, nonnegative_solution(columns, target))


@given(matrices(most_rows=6, most_columns=3), st.data())
@settings(deadline=None, max_examples=25)
def test_the_field_agrees_with_the_rationals_on_rational_rows_times_exponentials(
    rows: list[tuple[fmpq, ...]], data: st.DataObject
):
    # Row i times e^{a_i} > 0: the same directions, and multipliers divided by e^{a_i}.
    powers = data.draw(st.lists(st.integers(-3, 3), min_size=len(rows), max_size=len(rows)))
    scaled = [tuple(x * exponential(a) for x in row) for row, a in zip(rows, powers, strict=True)]
    answer = strict_feasibility(scaled)
    assert type(answer) is type(strict_feasibility(rows))
    assert proves_gordan(scaled, answer)


# Two roads to one value


@pytest.mark.parametrize("finder", ["own floats", "HiGHS", "no floats at all"])
@given(rows=matrices(most_rows=12, most_columns=5))
@settings(deadline=None, max_examples=15)
def test_the_answer_does_not_depend_on_the_finder(finder: str, rows: list[tuple[fmpq, ...]]):
    expected = strict_feasibility(rows)
    with pytest.MonkeyPatch.context() as patch:
        if finder == "HiGHS":
            patch.setattr(gordan_rational, "FEW_ENTRIES", 0)
        elif finder == "own floats":
            patch.setattr(highs_finder, "_solver", lambda: None)
            patch.setattr(gordan_rational, "FEW_ENTRIES", 0)
        else:
            patch.setattr(gordan_rational, "float_guess", lambda *_: gordan_rational.StrictGuess(None, []))
        answer = strict_feasibility(rows)
    assert type(answer) is type(expected)
    assert proves_gordan(rows, answer)


@given(columns=matrices(most_rows=8, most_columns=4), data=st.data())
@settings(deadline=None, max_examples=30)
def test_nonnegative_solutions_do_not_depend_on_highs(columns: list[tuple[fmpq, ...]], data: st.DataObject):
    target = data.draw(st.tuples(*[entries] * len(columns[0])))
    expected = nonnegative_solution(columns, target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(farkas, "FEW_ENTRIES", 0)
        answer = nonnegative_solution(columns, target)
    assert type(answer) is type(expected)
    assert proves_farkas(columns, target, answer)


def test_small_systems_import_neither_highs_nor_numpy():
    import subprocess
    import sys

    program = (
        "import sys; from flint import fmpq; from symflow.exact.linear_program import strict_feasibility;"
        "strict_feasibility([(fmpq(i), fmpq(7 - i * i)) for i in range(6)]);"
        "assert 'highspy' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("spread", [fmpq(1), TINY], ids=["wide", "thin"])
def test_the_exact_method_over_the_field_needs_no_guess(spread: fmpq, monkeypatch: pytest.MonkeyPatch):
    # e < x < e + spread for d = (1, x); then the same turned over, and a zero row.
    monkeypatch.setattr(gordan_field, "float_guess", lambda floats: gordan_rational.StrictGuess(None, []))
    e = exponential(1)
    open_rows = [(-e, fmpq(1)), (e + spread, fmpq(-1))]
    answer = strict_feasibility(open_rows)
    assert isinstance(answer, StrictSolution)
    assert proves_gordan(open_rows, answer)
    closed_rows = [(-e - spread, fmpq(1)), (e, fmpq(-1)), (fmpq(1), fmpq(0))]
    answer = strict_feasibility(closed_rows)
    assert isinstance(answer, GordanCertificate)
    assert proves_gordan(closed_rows, answer)
    assert strict_feasibility([(e, fmpq(1)), q(0, 0)]) == GordanCertificate({1: fmpq(1)})


@pytest.mark.parametrize("few_entries", [0, 10**9], ids=["beyond the reach of floats", "own floats"])
def test_farkas_alternative_is_decided_without_highs(few_entries: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(highs_finder, "_solver", lambda: None)
    monkeypatch.setattr(farkas, "FEW_ENTRIES", few_entries)
    columns = [q(1, 2, -1), q(-1, 1, 3), q(2, -1, 1), q(-1, -1, -1)]
    for target in (q(1, 1, 1), q(-3, 5, 2), q(0, 0, -4)):
        answer = nonnegative_solution(columns, target)
        assert proves_farkas(columns, target, answer)
        assert isinstance(answer, NonnegativeSolution)  # the four columns generate the whole space
    assert isinstance(nonnegative_solution(columns[:3], q(-1, -1, -1)), FarkasFunctional)


def test_zero_is_the_empty_combination_of_columns_that_cancel():
    assert nonnegative_solution([q(1, -1), q(-1, 1)], q(0, 0)) == NonnegativeSolution({})


def test_rows_beyond_the_floats_with_transcendental_neighbours():
    huge = fmpq(10) ** 400
    rows = [(huge * exponential(1), -huge), (fmpq(0), exponential(2))]
    answer = strict_feasibility(rows)
    assert isinstance(answer, StrictSolution)
    assert proves_gordan(rows, answer)
