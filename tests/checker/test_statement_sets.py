"""What statements may say of sets and derivatives at a point: empty sets, sums, one-sided derivatives, cusps."""

from __future__ import annotations

import copy
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symflow.checker.frechet import check_derivative
from symflow.checker.networks import forward
from symflow.checker.one_variable import Line, largest, of_input
from symflow.checker.problems import Activation, read_problem
from symflow.checker.reading import Refused, TooLarge
from symflow.problem_tree import problem_from_tree
from symflow.proofs.derivatives import find_derivative
from symflow.proofs.kernel import mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting
from symflow.reports.result_engines import ENGINES
from tests.strategies import problem_trees

RIDGE = net_tree([[[1]], [[-1]]], activation="abs", kind="output", variable="input", at=[0])
CUSP = net_tree([[[0, 0], [0, 1]], [[0, 0]], [[1]]], inputs=[[1, 1], [-1, 1]], kind="combination", coefficients=[1, -1])
ENTRIES = st.sampled_from([0, 0, 0, 1, -1])


def verdict(statement, tree):
    claim = decide(statement, problem_setting(tree), engines=ENGINES)
    return mint(claim).verdict.word


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("empty within clarke(R)", "proved_instance"),
        ("empty == empty", "proved_instance"),
        ("clarke(R) within empty", "refuted"),
        ("clarke(R) != empty", "proved_instance"),
        ("vector(0) in empty", "refuted"),
        ("vector(0) not in empty", "proved_instance"),
        ("0 not in subdifferential(R)", "proved_instance"),
        ("empty + clarke(R) == empty", "proved_instance"),
        ("product(empty, clarke(R)) == empty", "proved_instance"),
        ("sum(k in 1..2: clarke(R)) == 2*clarke(R)", "proved_instance"),
        ("sum(k in 1..2: clarke(R)) == clarke(R)", "refuted"),
        ("directional(R, vector(3)) == -3", "proved_instance"),
        ("directional(R, vector(3)) == 3", "refuted"),
        ("inner(derivative(R), derivative(R)) == 1", "undecided"),
        ("for s in subdifferential(R): inner(s, s) == 0", "undecided"),
    ],
)
def test_sets_at_the_ridge_of_minus_the_absolute_value(statement, word):
    assert verdict(statement, RIDGE) == word


def test_subdifferentials_are_asked_of_one_input_alone():
    corner = net_tree([[[1, 0], [0, 1]], [[1, 1]]], kind="output", variable="input", at=[0, 0])
    claim = decide("subdifferential(R) == empty", problem_setting(corner), engines=ENGINES)
    assert claim.word == "undecided"
    assert "one input" in (claim.reason or "")
    squared = net_tree([[[1]], [[1]]], inputs=[[1]], labels=[1], kind="risk", loss="squared", variable="input")
    assert decide("subdifferential(R) == empty", problem_setting(squared), engines=ENGINES).word == "undecided"


# ---------------------------------------------------------------------- one variable


def test_a_hat_has_no_subgradient_at_its_foot_and_all_slopes_below_its_chord_elsewhere():
    # max(0, 1 - |x|): the chord from -1 over the top shows that 0 is the least slope at 1 and the largest as well
    hat = (Line.identity().activated(Activation("abs")) * Fraction(-1) + Line.constant(Fraction(1))).activated(
        Activation("relu")
    )
    assert hat.subgradients(Fraction(0)) is None
    assert hat.subgradients(Fraction(1)) == (0, 0)
    assert hat.subgradients(Fraction(1, 2)) is None
    assert (hat * Fraction(-1)).subgradients(Fraction(0)) == (0, 0)


def test_a_maximum_of_lines_has_knots_where_they_cross():
    x = Line.identity()
    top = largest([x, x * Fraction(-2), Line.constant(Fraction(1))])
    assert [top.at(Fraction(y)) for y in (-2, 0, 3)] == [4, 1, 3]
    assert (top.left, top.right) == (-2, 1)
    assert {Fraction(-1, 2), Fraction(1)} <= set(top.knots)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_net_of_one_input_is_the_function_that_is_read_off_it(data):
    tree = data.draw(problem_trees(variable="input", n_data=1))
    problem = read_problem(problem_from_tree(tree).tree())
    try:
        line = of_input(problem)
    except Refused:
        return
    for x in (Fraction(-7, 2), Fraction(0), Fraction(1, 3), Fraction(50)):
        output = forward(replace(problem, inputs=((x,),)), 0).preactivations[-1][problem.output]
        assert line.at(x) == output * problem.coefficients[0]


def test_a_line_is_known_beyond_its_knots_and_between_them():
    bend = Line((Fraction(0), Fraction(2)), (Fraction(-1), Fraction(1)), Fraction(-1), Fraction(3))
    assert [bend.at(Fraction(x)) for x in (-3, 0, 1, 2, 4)] == [2, -1, 0, 1, 7]
    assert [str(x) for x in bend.zeros()] == ["-1", "1"]
    assert (bend * Fraction(-1)).zeros() == bend.zeros()
    assert not bend.with_knots([Fraction(1), Fraction(3)]).activated(Activation("abs")).zeros()
    with pytest.raises(Refused, match="relu_power"):
        bend.activated(Activation("relu_power", power=2))
    with pytest.raises(TooLarge):
        bend.with_knots(Fraction(x) for x in range(3_000))


def test_a_pool_of_one_input_is_the_largest_of_its_members():
    tree = net_tree(
        [[[1], [-2]], [[1]]],
        activation={"name": "maxpool", "groups": [[0, 1]]},
        kind="output",
        variable="input",
        at=[0],
    )
    assert verdict("subdifferential(R) == hull(vector(-2), vector(1))", tree) == "proved_instance"
    assert verdict("subdifferential(R) == hull(vector(-2), vector(2))", tree) == "refuted"


# ---------------------------------------------------------------------- one-sided derivatives


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=2, max_size=3),
    st.lists(st.integers(-2, 2), min_size=3, max_size=3),
    st.tuples(st.integers(-2, 2), st.integers(-2, 2)),
)
def test_a_one_sided_derivative_is_the_quotient_over_a_short_way(rows, outer, direction):
    tree = net_tree([rows, [outer[: len(rows)]]], kind="output", variable="input", at=[0, 0])
    # From 0 the function is linear along every ray.
    moved = net_tree([rows, [outer[: len(rows)]]], kind="output", variable="input", at=list(direction))
    there = read_problem(problem_from_tree(moved).tree())
    value = forward(there, 0).preactivations[-1][0]
    assert verdict(f"directional(R, vector({direction[0]}, {direction[1]})) == {value}", tree) == "proved_instance"
    assert verdict(f"directional(R, vector({direction[0]}, {direction[1]})) == {value + 1}", tree) == "refuted"


# ---------------------------------------------------------------------- cusps


@pytest.fixture(scope="module")
def cusp():
    problem = problem_from_tree(CUSP)
    result = ENGINES.clarke(problem)
    read = read_problem(result["problem"])
    return read, result, find_derivative(result, read)


def _value(problem, point):
    rest = iter(point)
    weights = tuple(tuple(tuple(next(rest) for _ in row) for row in matrix) for matrix in problem.weights)
    moved = replace(problem, weights=weights)
    outputs = [forward(moved, k).preactivations[-1][0] for k in range(len(problem.inputs))]
    return sum(c * f for c, f in zip(problem.coefficients, outputs, strict=True))


def test_the_risk_at_the_cusp_is_differentiable_with_gradient_zero(cusp):
    problem, result, entry = cusp
    assert check_derivative(entry, result, problem) == (0,) * 7
    # The other road: R(w + d) = O(|d|²), along the way into the cusp and along the axes.
    for n in (10, 100, 1000):
        e = Fraction(1, n)
        for way in ([e, 0, 0, 0, e, -e * e / 2, 0], [-e, 0, 0, 0, e, -e * e / 2, 0], [e, e, -e, e, e, e, e]):
            point = [a + b for a, b in zip(problem.point, way, strict=True)]
            assert abs(_value(problem, point) - _value(problem, problem.point)) <= 8 * e * e
    # And the gradients there do not tend to it: along the first way the slope in W2[1,2] is 1.
    e = Fraction(1, 1000)
    base = [a + b for a, b in zip(problem.point, [e, 0, 0, 0, e, -e * e / 2, 0], strict=True)]
    step = e * e / 100
    moved = [a + (step if i == 5 else 0) for i, a in enumerate(base)]
    assert (_value(problem, moved) - _value(problem, base)) / step == 1


def test_a_certificate_changed_in_one_place_is_refused(cusp):
    problem, result, entry = cusp

    def changed(change):
        tree = copy.deepcopy(entry)
        change(tree)
        return tree

    changes = [
        lambda tree: tree["gradient"].__setitem__(5, "1/2"),
        lambda tree: tree["cells"].pop(),
        lambda tree: tree["cells"][0]["above"][0].__setitem__("multiplier", "2"),
        lambda tree: tree["cells"][0]["above"][0].__setitem__("multiplier", "-1"),
        lambda tree: tree["cells"][0]["below"].clear(),
        lambda tree: tree["cells"][0].__setitem__("below", tree["cells"][0]["above"]),
        lambda tree: tree["cells"][0]["above"][0]["constraint"].__setitem__("datum", 2),
        lambda tree: tree.__setitem__("surprise", 1),
    ]
    for change in changes:
        with pytest.raises(Refused):
            check_derivative(changed(change), result, problem)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.lists(st.lists(ENTRIES, min_size=2, max_size=2), min_size=2, max_size=2),
    st.lists(ENTRIES, min_size=2, max_size=2),
    st.lists(st.lists(st.sampled_from([-1, 0, 1]), min_size=2, max_size=2), min_size=2, max_size=2),
    st.lists(st.lists(st.integers(-3, 3), min_size=7, max_size=7), min_size=6, max_size=6),
)
def test_where_a_drawn_net_is_shown_to_be_differentiable_it_is(first, second, inputs, ways):
    tree = net_tree([first, [second], [[1]]], inputs=inputs, kind="combination", coefficients=[1, -1])
    result = ENGINES.clarke(problem_from_tree(tree))
    assume(result["status"] == "exact")
    problem = read_problem(result["problem"])
    entry = find_derivative(result, problem)
    assume(entry is not None and len(result["vertices"]) > 1)
    gradient = check_derivative(entry, result, problem)
    for u, v in pairwise(ways):
        for e in (Fraction(1, 100), Fraction(1, 1000)):
            way = [a * e + b * e * e for a, b in zip(u, v, strict=True)]
            point = [a + b for a, b in zip(problem.point, way, strict=True)]
            change = _value(problem, point) - _value(problem, problem.point)
            assert abs(change - sum(a * b for a, b in zip(gradient, way, strict=True))) <= 200 * e * e


def test_cells_that_may_be_missing_show_nothing(cusp):
    problem, result, entry = cusp
    with pytest.raises(Refused, match="not listed"):
        check_derivative(entry, {**result, "undecided": [{"pattern": "++*|+++"}]}, problem)
    with pytest.raises(Refused, match="one by one"):
        check_derivative(entry, {**result, "factors": []}, problem)


def test_a_kink_is_not_taken_for_a_cusp():
    ridge = problem_from_tree(RIDGE)
    result = ENGINES.clarke(ridge)
    read = read_problem(result["problem"])
    assert find_derivative(result, read) is None
    forged = {
        "gradient": ["0"],
        "cells": [{"pattern": cell["pattern"], "above": [], "below": []} for cell in result["cells"]],
    }
    with pytest.raises(Refused, match="difference"):
        check_derivative(forged, result, read)
