"""Whole results: forms of the set, hulls, derived entries, and agreement with what symflow itself computes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symflow.checker import differentials
from symflow.checker.differentials import Block, Differential, check_counts, check_flat_vertices, check_selection
from symflow.checker.exponential_fractions import inverse
from symflow.checker.exponential_sums import exponential
from symflow.checker.hulls import Polytope, check_polytope, is_before, point_polytope
from symflow.checker.problems import Fraction
from symflow.checker.reading import Refused, Report
from symflow.checker.verify import verify_text
from tests.checker.by_hand import (
    audit_of_one_kink,
    audit_of_the_identity,
    corner_of_a_maximum,
    first_order_is_blind,
    identity_in_disguise,
    one_kink,
    point_hull,
    pool_of_two_data,
    problem_tree,
    refuted,
    smooth,
    sum_rule_of_a_pool_fails,
    term,
    two_opposite_data,
    two_zero_matrices,
    undecided_cell,
    undecided_factor,
)

Json = dict[str, Any]


def reasons(result: Json) -> str:
    report = verify_text(json.dumps(result))
    return "; ".join(f"{entry['place']}: {entry['reason']}" for entry in report["rejected"])  # type: ignore[attr-defined]


def edited(make: Callable[[], Json], edit: Callable[[Json], object]) -> Json:
    result = make()
    edit(result)
    return result


def first_factor(result: Json) -> Json:
    factor: Json = result["factors"][0]
    return factor


@pytest.mark.parametrize(
    ("make", "edit", "reason"),
    [
        (one_kink, lambda r: r.pop("problem"), "problem: missing"),
        (one_kink, lambda r: r["parameters"].reverse(), "parameters: found"),
        (one_kink, lambda r: r["point"].reverse(), "point: this is not the problem's point"),
        (one_kink, lambda r: r.update(value="-4"), "value: this is not the objective's value"),
        (one_kink, lambda r: r.update(status="enclosed"), "status: found"),
        (one_kink, lambda r: r.update(trusts=["z3"]), "trusts: found"),
        (one_kink, lambda r: r["factors"].pop(), "constant: a neuron has no factor"),
        (one_kink, lambda r: r["factors"].append(r["factors"][0]), "a second factor for this neuron"),
        (one_kink, lambda r: r["factors"].__setitem__(0, 3), "factors[0]: expected an object"),
        (one_kink, lambda r: first_factor(r).update(neuron=3), "there is no such neuron"),
        (one_kink, lambda r: first_factor(r)["parameters"].append("W2[1,1]"), "incoming weights and bias"),
        (one_kink, lambda r: first_factor(r)["parameters"].__setitem__(0, "W1[2,1]"), "incoming weights and bias"),
        (one_kink, lambda r: first_factor(r)["cells"].pop(), "the pattern + is neither listed nor refuted"),
        (one_kink, lambda r: first_factor(r)["cells"].append(first_factor(r)["cells"][0]), "this pattern stands twice"),
        (one_kink, lambda r: first_factor(r).update(cells=[]), "there are no cells"),
        (one_kink, lambda r: r["factors"][1]["cells"][0].update(pattern="-"), "is not possible near the point"),
        (one_kink, lambda r: r["constant"]["parameters"].reverse(), "the variables outside the factors"),
        (one_kink, lambda r: r["constant"].update(values=["1", "3"]), "the derivatives in the variables outside"),
        (one_kink, lambda r: r.update(vertices=None), "vertices: missing, though they are few enough"),
        (one_kink, lambda r: r.update(vertices="all"), "vertices: expected a list of vertices"),
        (one_kink, lambda r: r["vertices"].reverse(), "the vertices do not ascend"),
        (one_kink, lambda r: r["vertices"].pop(), "found 1, recomputed 2"),
        (one_kink, lambda r: r["vertices"][0].__setitem__(0, "1"), "not made of vertices of the factors"),
        (one_kink, lambda r: r.update(n_limiting_gradients=None), "n_limiting_gradients: found null"),
        (one_kink, lambda r: first_factor(r)["hull"]["functionals"].pop(), "functionals: expected 2 entries"),
        (one_kink, lambda r: first_factor(r)["hull"].update(autodiff_weights=None), "no weights show"),
        (one_kink, lambda r: first_factor(r)["hull"].update(autodiff_weights=["2", "-1"]), "a negative weight"),
        (one_kink, lambda r: first_factor(r)["hull"].update(autodiff_weights=["1", "1"]), "do not sum to 1"),
        (one_kink, lambda r: first_factor(r)["hull"].update(autodiff_weights=["0", "1"]), "do not give the point"),
        (one_kink, lambda r: first_factor(r)["hull"].update(minimal_norm_weights=["0", "1"]), "on the near side"),
        (one_kink, lambda r: first_factor(r).pop("hull"), "factors[0].hull: missing"),
        (one_kink, lambda r: r["euler"].update(degree=3), "euler.degree: found 3"),
        (one_kink, lambda r: r["euler"].update(value="6"), "euler.value: this is not"),
        (one_kink, lambda r: r["euler"].update(layers=["-3", "3"]), "euler.layers: these are not"),
        (one_kink, lambda r: r.update(sum_rule={"holds": True}), "sum_rule: found"),
        (one_kink, lambda r: r["autodiff"].update(gradient=["1"] * 6), "not the gradient that the convention gives"),
        (one_kink, lambda r: r["autodiff"].update(in_differential=None), "undecided, although the set is exact"),
        (one_kink, lambda r: r["autodiff"].update(separator=["1"] * 6), "a separator beside a claim"),
        (one_kink, lambda r: r["autodiff"].update(in_differential=False), "expected a list, found null"),
        (identity_in_disguise, lambda r: r["cells"].pop(), "the pattern +- is neither listed nor refuted"),
        (identity_in_disguise, lambda r: r["refuted"].pop(), "the pattern ++ is neither listed nor refuted"),
        (identity_in_disguise, lambda r: r["refuted"].append(r["refuted"][0]), "this pattern stands twice"),
        (identity_in_disguise, lambda r: r["autodiff"].update(separator=["-1"]), "does not separate"),
        (identity_in_disguise, lambda r: r["autodiff"].update(separator=["0"]), "does not separate"),
        (identity_in_disguise, lambda r: r.update(vertices=[]), "a hull has at least one vertex"),
        (identity_in_disguise, lambda r: r.update(vertices=[["2"]]), "none of the limiting gradients"),
        (identity_in_disguise, lambda r: r.update(factors=[]), "only one hidden layer, in the weights"),
        (identity_in_disguise, lambda r: r["cells"][0].update(gradient=["2"]), "not the gradient on the pattern"),
        (first_order_is_blind, lambda r: r["vertices"].reverse(), "the vertices do not ascend"),
        (first_order_is_blind, lambda r: r["hull"]["functionals"].reverse(), "not largest at its vertex alone"),
        (first_order_is_blind, lambda r: r.update(contains_zero=None), "contains_zero: found null"),
        (corner_of_a_maximum, lambda r: r["vertices"].pop(), "1 limiting gradients are neither"),
        (corner_of_a_maximum, lambda r: r.update(contains_zero=False), "contains_zero: found false"),
        (two_opposite_data, lambda r: r["minimal_norm_element"].__setitem__(0, "-1"), "not the combination"),
        (two_opposite_data, lambda r: r.update(minimal_norm_squared="4"), "not the squared norm"),
        (two_opposite_data, lambda r: r["sum_rule"].update(holds=True), "sum_rule.holds: found true"),
        (two_opposite_data, lambda r: r["sum_rule"]["witness"].update(vector=["1", "2"]), "both spans"),
        (two_opposite_data, lambda r: r["sum_rule"]["witness"].update(vector=["0", "0"]), "both spans"),
        (two_opposite_data, lambda r: r["sum_rule"]["witness"].update(neuron=3), "no such neuron"),
        (undecided_cell, lambda r: r.update(dimension=1), "dimension: found 1"),
        (undecided_cell, lambda r: r.update(contains_zero=None), "contains_zero: found null"),
        (undecided_cell, lambda r: r.update(vertices=[]), "vertices: found []"),
        (undecided_cell, lambda r: r.update(undecided=[{"pattern": "x++"}]), "cannot stand there"),
        (
            undecided_cell,
            lambda r: r["autodiff"].update(in_differential=False, separator=["1"] * 5),
            "does not separate",
        ),
        (undecided_factor, lambda r: r.pop("inner_vertices"), "inner_vertices: missing"),
        (undecided_factor, lambda r: first_factor(r).update(dimension=1), "factors[0].dimension: found 1"),
        (two_zero_matrices, lambda r: r["reason"].update(layers=[1, 1]), "not two zero matrices"),
        (two_zero_matrices, lambda r: r["reason"].update(layers=[1, 3]), "not two zero matrices"),
        (two_zero_matrices, lambda r: r["reason"].update(layers=[1, 4]), "there is no such layer"),
        (two_zero_matrices, lambda r: r["reason"].update(kind="because"), "no such reason is known"),
        (two_zero_matrices, lambda r: r["reason"].update(kind="continuously_differentiable"), "not every activation"),
        (two_zero_matrices, lambda r: r.update(refuted=["x"]), "expected nothing beside the reason"),
        (two_zero_matrices, lambda r: r["problem"]["network"].update(biases=[["0"], ["0"], ["0"]]), "without biases"),
        (smooth, lambda r: r["constant"]["values"].reverse() or r["constant"]["parameters"].reverse(), "in order"),
        (audit_of_one_kink, lambda r: r["conventions"].reverse(), "conventions: found"),
        (audit_of_one_kink, lambda r: r["conventions"].pop(), "conventions: found"),
        (audit_of_one_kink, lambda r: r["conventions"].__setitem__(0, 1), "expected an object"),
        (audit_of_one_kink, lambda r: r["conventions"][2]["weights"].pop(), "expected weights for 2 factors"),
        (audit_of_one_kink, lambda r: r["conventions"][2].update(weights="1"), "a list of weights for each factor"),
        (audit_of_one_kink, lambda r: r.update(safe_by="proposition 5"), "does not take the mean"),
        (audit_of_one_kink, lambda r: r.update(safe_by="proposition 9"), "no such proposition"),
        (audit_of_one_kink, lambda r: r.update(safe_by_witness=None), "expected an object"),
        (audit_of_one_kink, lambda r: r["safe_by_witness"]["directions"].update({"1": ["0", "0"]}), "half-space"),
        (audit_of_one_kink, lambda r: r["safe_by_witness"]["directions"].pop("2"), "safe_by.directions.2: missing"),
        (
            audit_of_one_kink,
            lambda r: r.update(problem=r["problem"] | {"title": "other"}),
            "differential.problem: found",
        ),
        (audit_of_one_kink, lambda r: r["differential"].update(command="audit"), "differential.command: found"),
        (audit_of_one_kink, lambda r: r["differential"].pop("factors"), "differential.cells: missing"),
        (audit_of_the_identity, lambda r: r.update(safe_by="proposition 8"), "this needs relu everywhere"),
    ],
)
def test_what_does_not_follow_is_refused(make: Callable[[], Json], edit: Callable[[Json], object], reason: str) -> None:
    assert reason in reasons(edited(make, edit))


def test_a_cell_that_changes_nothing_may_stay_undecided() -> None:
    """+-+ has the gradient of +++, which is realised: left undecided, it leaves the set exact."""
    result = first_order_is_blind()
    result["refuted"] = []
    result["undecided"] = [{"pattern": "+-+"}]
    assert reasons(result) == ""
    # But where +++ is undecided too, the vertex is realised by no cell.
    result["undecided"].append({"pattern": "+++"})
    result["cells"].pop()
    assert "a vertex that no listed cell realises" in reasons(result)
    result["vertices"] = [["9"] * 5]
    assert "none of the limiting gradients" in reasons(result)


def test_a_gradient_inside_needs_its_weights() -> None:
    """relu(w x) with data 1, 2, -1 and coefficients 1, 1, -1 has the pieces 3 w and w, one of them listed twice."""
    # W1 = (0), W2 = 1: cells ++- with gradient 3 and --+ with gradient (-1)(-1) = 1; nothing lies between.
    # In the input, three kinks at 0: x, 2x, -x. f = relu(x) + 2 relu(-x) - ... is covered by the drawn nets below.
    points = [(Fraction(0),), (Fraction(1),), (Fraction(2),)]
    tree = {
        "vertices": [["0"], ["2"]],
        "hull": {
            "functionals": [["-1"], ["1"]],
            "inner": [{"gradient": ["1"], "weights": ["1/2", "1/2"]}],
            "minimal_norm_weights": ["1", "0"],
        },
    }
    report = Report()
    check_polytope(report, tree, points)
    assert report.rejected == []
    for edit, reason in [
        (lambda t: t["hull"]["inner"][0].update(weights=["1/4", "3/4"]), "the weights do not give the point"),
        (lambda t: t["hull"]["inner"][0].update(gradient=["2"]), "this is no further limiting gradient"),
        (lambda t: t["hull"]["inner"].append(t["hull"]["inner"][0]), "this is no further limiting gradient"),
        (lambda t: t["hull"].update(inner=[]), "1 limiting gradients are neither vertices nor combinations"),
    ]:
        bad: Json = copy.deepcopy(tree)
        edit(bad)
        report = Report()
        check_polytope(report, bad, points)
        assert reason in report.rejected[0]["reason"]


def test_vertices_that_are_fractions_are_found() -> None:
    t = inverse(exponential(Fraction(1)) + 1)
    tree = {"vertices": [["1/(E + 1)"], ["2/(E + 1)"]], "hull": point_hull(["0"], None)}
    tree["hull"] |= {"functionals": [["-1"], ["1"]], "minimal_norm_weights": ["1", "0"]}  # type: ignore[operator]
    report = Report()
    found = check_polytope(report, tree, [(t,), (2 * t,)])
    assert report.rejected == []
    assert found is not None
    assert found.dimension == 1
    tree["vertices"] = [["1/(E + 2)"], ["2/(E + 1)"]]
    check_polytope(report, tree, [(t,), (2 * t,)])
    assert "none of the limiting gradients" in report.rejected[0]["reason"]
    assert not is_before((1,), (1,))


# ---------------------------------------------------------------------- enclosed blocks


def interval(low: int, high: int) -> Polytope:
    return Polytope(((Fraction(low),), (Fraction(high),)), 1, (max(low, 0),))


def claims(contains_zero: object, dimension: object = None) -> Json:
    empty = ("vertices", "n_vertices", "n_limiting_gradients", "minimal_norm_element", "minimal_norm_squared")
    return {"contains_zero": contains_zero, "dimension": dimension, **dict.fromkeys(empty)}


@pytest.mark.parametrize(
    ("inner", "outer", "claim", "good"),
    [
        (interval(1, 2), interval(0, 3), None, True),
        (interval(1, 2), interval(0, 3), True, False),
        (interval(1, 2), interval(0, 3), False, False),
        (interval(0, 2), interval(0, 3), True, True),
        (interval(1, 2), interval(1, 3), False, True),
        (interval(1, 2), None, None, True),
        (None, interval(0, 1), None, True),
    ],
)
def test_only_what_both_hulls_agree_on_may_be_claimed(
    inner: Polytope | None, outer: Polytope | None, claim: object, good: bool
) -> None:
    report = Report()
    differential = Differential((Block((0,), inner, outer, None),), False)
    agree = None if inner is None or outer is None else 1
    check_counts(report, claims(claim, agree), differential)
    assert (report.rejected == []) is good


def test_a_gradient_is_held_against_the_hull_that_is_given() -> None:
    def check(block: Block, **entry: object) -> None:
        given = {"gradient": ["5"], "in_differential": None, "separator": None} | entry
        check_selection(given, (Fraction(5),), None, Differential((block,), False))

    check(Block((0,), interval(0, 5), None, None), in_differential=True)  # it is a vertex
    check(Block((0,), interval(0, 1), interval(0, 9), None))
    with pytest.raises(Refused, match="no weights show"):
        check(Block((0,), interval(0, 9), None, None), in_differential=True)
    with pytest.raises(Refused, match="no cell is known"):
        check(Block((0,), None, interval(0, 9), None), in_differential=True)
    with pytest.raises(Refused, match="no hull is given"):
        check(Block((0,), interval(0, 1), None, None), in_differential=False, separator=["-1"])
    check(Block((0,), interval(0, 1), interval(0, 2), None), in_differential=False, separator=["-1"])


def test_without_any_cell_there_is_no_inner_hull() -> None:
    result = undecided_cell()
    result["cells"] = []
    result["undecided"] = [{"pattern": "***"}]
    result["refuted"] = []
    result["inner_vertices"] = []
    result["inner_hull"] = None
    result["contains_zero"] = None
    result["autodiff"]["in_differential"] = None
    assert reasons(result) == ""
    result["outer_vertices"] = result["outer_hull"] = None
    assert reasons(result) == ""
    result["inner_vertices"] = [["0"] * 5]
    assert "inner_vertices: found" in reasons(result)
    factor = undecided_factor()
    first = first_factor(factor)
    first |= {"cells": [], "undecided": [{"pattern": "*"}], "inner_vertices": [], "inner_hull": None}
    first |= {"outer_vertices": None, "outer_hull": None}
    factor |= {"inner_vertices": [], "outer_vertices": None}
    factor["autodiff"]["in_differential"] = None
    assert reasons(factor) == ""


def test_a_product_too_large_to_multiply_out_gives_counts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differentials, "MOST_FLAT_VERTICES", 1)
    monkeypatch.setattr("symflow.checker.sets.MOST_FLAT_VERTICES", 1)
    assert reasons(one_kink() | {"vertices": None, "n_limiting_gradients": None}) == ""
    assert "n_limiting_gradients: found 3" in reasons(one_kink() | {"n_limiting_gradients": 3})


def test_flat_vertices_are_matched_block_by_block() -> None:
    report = Report()
    blocks = [((1,), interval(0, 1)), ((0,), point_polytope((Fraction(7),)))]
    check_flat_vertices(report, "vertices", [["7", "0"], ["7", "1"]], blocks)
    assert report.rejected == []
    check_flat_vertices(report, "vertices", [["7", "0"], ["7", "0"]], blocks)
    assert report.rejected == [{"place": "vertices[1]", "reason": "the vertices do not ascend"}]


# ---------------------------------------------------------------------- theorems


def test_euler_is_null_with_biases_and_weighted_with_powers() -> None:
    result = one_kink()
    result["problem"]["network"]["biases"] = [["0", "0"], ["0"]]
    assert "euler: found" in reasons(result)
    # relu_power 2 then relu in x: degree 2; the value of F at x = 2 is (2)^2.
    powers = problem_tree([{"name": "relu_power", "power": 2}], [[["1"]], [["1"]]], [["2"]], variable="input", at=["2"])
    smooth_in_x = identity_in_disguise() | {
        "problem": powers,
        "point": ["2"],
        "value": "4",
        "vertices": [["4"]],
        "minimal_norm_element": ["4"],
        "minimal_norm_squared": "16",
        "euler": {"degree": 2, "value": "8", "layers": []},
        "autodiff": {"gradient": ["4"], "in_differential": True, "separator": None},
        "cells": [{"pattern": "+", "gradient": ["4"], "certificate": {"kind": "arc", "arc": []}}],
        "refuted": [],
        "hull": point_hull(["4"], ["1"]),
    }
    assert reasons(smooth_in_x) == ""


@pytest.mark.parametrize(
    ("activation", "safe_by", "reason"),
    [
        ("abs", "proposition 5", ""),
        ({"name": "leaky_relu", "slope": "1"}, "proposition 5", ""),
        ({"name": "leaky_relu", "slope": "1/2"}, "proposition 5", "does not take the mean"),
        ("abs", "proposition 8", "this needs relu everywhere"),
    ],
    ids=str,
)
def test_a_proposition_is_named_only_where_it_holds(activation: Any, safe_by: str, reason: str) -> None:
    from symflow.checker.gradients import Gradients
    from symflow.checker.problems import read_problem
    from symflow.checker.theorems import check_safety

    gradients = Gradients(read_problem(problem_tree(activation, [[["1"]], [["1"]]], [["0"]])))
    if reason:
        with pytest.raises(Refused, match=reason):
            check_safety(safe_by, None, gradients)
    else:
        check_safety(safe_by, None, gradients)


def test_the_sum_rule_of_one_hidden_layer_is_theorem_4() -> None:
    from symflow.checker.gradients import Gradients
    from symflow.checker.problems import read_problem
    from symflow.checker.theorems import decides_sum_rule

    def decided(
        entry: Any,
        activation: Any = "relu",
        inputs: Any = (["1"], ["2"]),
        coefficients: Any = ("1", "1"),
        at_a_kink: bool = True,
    ) -> bool:
        objective = {"kind": "combination", "coefficients": list(coefficients)}
        problem = problem_tree(activation, [[["0"]], [["1"]]], list(inputs), **objective)
        return decides_sum_rule(entry, Gradients(read_problem(problem)), at_a_kink=at_a_kink)

    assert decided({"holds": True})
    assert decided({"holds": True}, inputs=(["1"], ["0"]))
    assert decided({"holds": True}, "identity")
    assert decided({"holds": True}, coefficients=["1", "0"])
    assert decided({"holds": True}, {"name": "maxpool", "groups": [[0]]}, at_a_kink=False)
    with pytest.raises(Refused, match="nothing to witness"):
        decided({"holds": True, "witness": {"neuron": 1, "vector": ["1"]}})
    opposite = ["1", "-1"]
    assert decided({"holds": False, "witness": {"neuron": 1, "vector": ["3"]}}, coefficients=opposite)
    for witness, reason in [
        (None, "witness: expected an object, found null"),
        ({"neuron": 2, "vector": ["1"]}, "there is no such neuron"),
        ({"neuron": 0, "vector": ["1"]}, "there is no such neuron"),
        ({"neuron": 1, "vector": ["0"]}, "does not lie in both spans"),
        ({"neuron": 1, "vector": ["1", "1"]}, "witness: expected 1 entries, found 2"),
    ]:
        with pytest.raises(Refused, match=reason):
            decided({"holds": False, "witness": witness}, coefficients=opposite)
    with pytest.raises(Refused, match="witness: missing"):
        decided({"holds": False}, coefficients=opposite)
    with pytest.raises(Refused, match="expected an object"):
        decided(None)
    with pytest.raises(Refused, match="holds: found false"):
        decided({"holds": False}, "identity")


def comparison(result: Json) -> Json:
    found: Json = result["sum_rule"]["comparison"]
    return found


@pytest.mark.parametrize(
    ("make", "edit", "reason"),
    [
        (pool_of_two_data, lambda r: r.update(sum_rule=None), "sum_rule: expected an object"),
        (pool_of_two_data, lambda r: r.update(sum_rule={}), "sum_rule.holds: missing"),
        (pool_of_two_data, lambda r: r["sum_rule"].update(holds=1), "expected a boolean"),
        (pool_of_two_data, lambda r: r["sum_rule"].update(holds=False), "sums: found false, recomputed true"),
        (pool_of_two_data, lambda r: comparison(r)["parts"].pop(), "parts: found"),
        (pool_of_two_data, lambda r: comparison(r)["parts"].reverse(), "parts: found"),
        (pool_of_two_data, lambda r: comparison(r)["sums"].pop(), "sums: found 3, recomputed 4"),
        (pool_of_two_data, lambda r: comparison(r)["sums"][0].update(factor=1), "there is no such factor"),
        (pool_of_two_data, lambda r: comparison(r)["sums"][0].update(choice=[0, 2]), "there is no such vertex"),
        (pool_of_two_data, lambda r: comparison(r)["sums"][0].update(choice=[0, True]), "expected an integer"),
        (pool_of_two_data, lambda r: comparison(r)["sums"][0].update(weights={"2": "1"}), "there is no such vertex"),
        (pool_of_two_data, lambda r: comparison(r)["sums"][0].update(weights={"²": "1"}), "there is no such vertex"),
        (pool_of_two_data, lambda r: comparison(r)["sums"][0].update(weights={"1": "1"}), "do not give the point"),
        (pool_of_two_data, lambda r: comparison(r)["sums"][0].update(separator=["1", "0"]), "does not separate"),
        (pool_of_two_data, lambda r: comparison(r)["parts"][0]["factors"][0]["cells"].pop(), "neither listed nor"),
        (pool_of_two_data, lambda r: r["factors"][0]["cells"].pop(), "neither listed nor refuted"),
        (sum_rule_of_a_pool_fails, lambda r: r["sum_rule"].update(holds=True), "sums: found 1, recomputed 4"),
        (sum_rule_of_a_pool_fails, lambda r: comparison(r).update(sums=[]), "sums: found false, recomputed true"),
    ],
)
def test_a_comparison_that_shows_nothing_is_refused(
    make: Callable[[], Json], edit: Callable[[Json], object], reason: str
) -> None:
    assert reason in reasons(edited(make, edit))


def test_the_parts_have_the_factors_of_the_whole() -> None:
    result = pool_of_two_data()
    part = comparison(result)["parts"][0]["factors"][0]
    part["parameters"].reverse()  # the same set, written in another order of its variables
    for entry in (*part["vertices"], *part["hull"]["functionals"]):
        entry.reverse()
    for cell in part["cells"]:
        cell["gradient"].reverse()
        cell["certificate"]["arc"][0].reverse()
    part["vertices"].reverse()
    part["hull"]["functionals"].reverse()
    assert "the parts do not have the factors of the whole" in reasons(result)


def test_a_sum_of_points_needs_no_witness() -> None:
    """|w| relu'd twice on one sign: a kink of the whole net where every datum's set is one point.

    W2 = 0 makes both parts and the whole {0} in W1, and the only sum is that point.
    """
    result = pool_of_two_data()
    result["problem"]["network"]["weights"][1] = [["0"]]
    result["point"][2] = "0"
    result["vertices"] = [["0", "0", "0"]]
    result |= {"n_vertices": 1, "n_limiting_gradients": 1, "dimension": 0}
    zero = ["0", "0"]
    factors = [result["factors"][0], *(part["factors"][0] for part in comparison(result)["parts"])]
    for factor in factors:
        factor |= {"vertices": [zero], "n_limiting_gradients": 1, "dimension": 0}
        factor["hull"] = point_hull(zero, ["1"])
        for cell in factor["cells"]:
            cell["gradient"] = zero
    comparison(result)["sums"] = []
    assert reasons(result) == ""


def test_a_comparison_needs_exact_sets() -> None:
    result = pool_of_two_data()
    assert reasons(result | {"sum_rule": {"holds": None}}) == ""
    part = comparison(result)["parts"][0]["factors"][0]
    hull = part.pop("hull") | {"autodiff_weights": None}
    part |= {
        "cells": part["cells"][:1],
        "undecided": [{"pattern": "2"}],
        "n_limiting_gradients": None,
        "dimension": None,
    }
    part |= {"inner_vertices": [["1", "0"]], "inner_hull": point_hull(["1", "0"], None)}
    part |= {"outer_vertices": part.pop("vertices"), "outer_hull": hull}
    assert "parts[0]: this set is not known exactly" in reasons(result)
    whole = undecided_factor()
    whole["problem"]["objective"] |= {"kind": "combination", "coefficients": ["1", "1"]}
    report = Report()
    from symflow.checker.gradients import Gradients
    from symflow.checker.problems import read_problem
    from symflow.checker.sum_rules import check_comparison

    gradients = Gradients(read_problem(pool_of_two_data()["problem"]))
    enclosed = Differential((Block((0,), None, None, None),), False)
    with pytest.raises(Refused, match="the whole set is not known exactly"):
        check_comparison(report, {"holds": True}, gradients, enclosed)
    check_comparison(report, {"holds": True}, gradients, None)  # what is wrong with the set is noted there
    assert report.rejected == []


def test_the_parts_of_a_deep_net_are_flat() -> None:
    """relu(relu(w) v) with W1 = 0, W2 = v = 1 on the data 1 and 2: ∂F = [0, 3] in w, the parts [0, 1] and [0, 2].

    On + the preactivations of layer 2 are positive, on - exempt. Both data have the sign of w, so the sums 1 + 0 and
    0 + 2 are no limiting gradients, but they lie in the set.
    """
    problem = problem_tree(
        ["relu", "relu"],
        [[["0"]], [["1"]], [["1"]]],
        [["1"], ["2"]],
        kind="combination",
        coefficients=["1", "1"],
    )

    def segment(name: str, end: str, *, refuted_patterns: list[Json], words: int) -> Json:
        plus, minus = "|".join(["++"] * words), "|".join(["-0"] * words)
        return {
            "vertices": [["0", "0", "0"], [end, "0", "0"]],
            "cells": [
                {
                    "pattern": minus,
                    "gradient": ["0", "0", "0"],
                    "certificate": {"kind": "arc", "arc": [["-1", "0", "0"]]},
                },
                {
                    "pattern": plus,
                    "gradient": [end, "0", "0"],
                    "certificate": {"kind": "arc", "arc": [["1", "0", "0"]]},
                },
            ],
            "refuted": refuted_patterns,
            "hull": {
                "functionals": [["-1", "0", "0"], ["1", "0", "0"]],
                "inner": [],
                "minimal_norm_weights": ["1", "0"],
                "autodiff_weights": ["1", "0"],
            },
        }

    def never_below(pattern: str, datum: int) -> Json:
        # The second layer is W2 z1 with W2 = 1 > 0.
        factor = {"kind": "parameter", "name": "W2[1,1]"}
        return refuted(pattern, term(1, 1, datum, factor), term(2, 1, datum))

    opposite = [
        refuted("-*|+*", term(1, 1, 1, multiplier="2"), term(1, 1, 2)),
        refuted("+*|-*", term(1, 1, 1, multiplier="2"), term(1, 1, 2)),
    ]
    whole = segment("F", "3", refuted_patterns=[*opposite, never_below("+-|**", 1), never_below("**|+-", 2)], words=2)
    parts = [
        {"datum": 1} | segment("f1", "1", refuted_patterns=[never_below("+-", 1)], words=1),
        {"datum": 2} | segment("f2", "2", refuted_patterns=[never_below("+-", 1)], words=1),
    ]
    weights = {(0, 0): "0", (0, 1): "2/3", (1, 0): "1/3", (1, 1): "1"}
    sums = [
        {"factor": 0, "choice": list(choice), "weights": {"0": str(1 - Fraction(end)), "1": end}}
        for choice, end in weights.items()
    ]
    result = first_order_is_blind() | whole
    result |= {
        "problem": problem,
        "parameters": ["W1[1,1]", "W2[1,1]", "W3[1,1]"],
        "point": ["0", "1", "1"],
        "minimal_norm_element": ["0", "0", "0"],
        "autodiff": {"gradient": ["0", "0", "0"], "in_differential": True, "separator": None},
        "sum_rule": {"holds": True, "comparison": {"parts": parts, "sums": sums}},
    }
    assert reasons(result) == ""
    comparison(result)["sums"][1]["weights"] = {"1": "1"}
    assert "the weights do not give the point" in reasons(result)


def test_biases_count_as_a_datum_of_one() -> None:
    from symflow.checker.gradients import Gradients
    from symflow.checker.problems import read_problem
    from symflow.checker.theorems import check_safety, decides_sum_rule

    # x = 0 and x = 0 again with opposite signs: (0, 1) is in both spans, with biases alone.
    problem = problem_tree(
        "relu",
        [[["1"]], [["1"]]],
        [["0"], ["0"]],
        biases=[["0"], ["0"]],
        kind="combination",
        coefficients=["1", "-1"],
    )
    gradients = Gradients(read_problem(problem))
    witness = {"neuron": 1, "vector": ["0", "1"]}
    assert decides_sum_rule({"holds": False, "witness": witness}, gradients, at_a_kink=True)
    check_safety("proposition 8", {"directions": {"1": ["0", "-1"]}}, gradients)


# ---------------------------------------------------------------------- the second road: what symflow writes

NUMBERS = st.sampled_from(["0", "0", "1", "-1", "2", "-1/2"])
ACTIVATIONS = st.sampled_from(
    [
        *("relu", "relu", "relu", "abs", "identity"),
        {"name": "leaky_relu", "slope": "1/4"},
        {"name": "relu_power", "power": 2},
        {"name": "maxpool", "groups": [[0, 1]]},
    ]
)


@st.composite
def problems(draw: st.DrawFn) -> Json:
    size = draw(st.integers(1, 2))
    previous, weights, biases, activations = size, [], [], []
    for _ in range(draw(st.integers(0, 2))):
        activation = draw(ACTIVATIONS)
        pooled = isinstance(activation, dict) and activation["name"] == "maxpool"
        rows = 2 if pooled else draw(st.integers(1, 2))
        weights.append([[draw(NUMBERS) for _ in range(previous)] for _ in range(rows)])
        biases.append([draw(NUMBERS) for _ in range(rows)])
        activations.append(activation)
        previous = 1 if pooled else rows
    weights.append([[draw(NUMBERS) for _ in range(previous)]])
    biases.append([draw(NUMBERS)])
    n = draw(st.integers(1, 2))
    kind = draw(st.sampled_from(["output", "combination", "risk", "log_sum_exp"]))
    objective: Json = {"kind": kind, "variable": draw(st.sampled_from(["weights", "weights", "input"])), "output": 1}
    if kind == "risk":
        objective["loss"] = draw(st.sampled_from(["exponential", "logistic", "squared"]))
        objective["reduction"] = draw(st.sampled_from(["sum", "mean"]))
    if kind == "combination":
        objective["coefficients"] = [draw(NUMBERS) for _ in range(n)]
    network: Json = {"activation": activations, "weights": weights}
    if draw(st.booleans()) and draw(st.booleans()):
        network["biases"] = biases
    data = {
        "inputs": [[draw(NUMBERS) for _ in range(size)] for _ in range(n)],
        "labels": [draw(st.sampled_from(["1", "-1"])) for _ in range(n)],
    }
    return {"network": network, "data": data, "objective": objective}


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(problem=problems())
def test_what_symflow_writes_is_accepted(problem: Json, tmp_path_factory: pytest.TempPathFactory) -> None:
    from symflow import cli

    folder = tmp_path_factory.mktemp("result")
    (folder / "problem.json").write_text(json.dumps(problem))
    for command in ("clarke", "audit"):
        output = folder / f"{command}.json"
        code = cli.main([command, str(folder / "problem.json"), "--json", "--output", str(output)])
        assert code in (0, 3)
        report = verify_text(output.read_text())
        assert report["rejected"] == []
        assert report["not_checked"] == []
