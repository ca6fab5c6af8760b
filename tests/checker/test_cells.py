"""Arcs, multipliers and the walk: what enters a cell, what keeps away from it, and that none is forgotten."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from symflow.checker import multipliers, patterns, sets
from symflow.checker.cells import check_arc, check_multipliers
from symflow.checker.gradients import Gradients
from symflow.checker.patterns import Tree, completions, walk
from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.verify import verify_text
from tests.checker.by_hand import first_order_is_blind, problem_tree, term, undecided_cell


def tree_of(problem: dict[str, Any], neuron: int | None = None) -> Tree:
    read = read_problem(problem)
    return Tree(read, Gradients(read).values, neuron)


BLIND = first_order_is_blind()["problem"]


def refute(tree: Tree, pattern: str, *terms: Any) -> None:
    check_multipliers(tree, tree.words(pattern, wildcard=True), {"kind": "multipliers", "terms": list(terms)})


def with_factors(*factors: Any, multiplier: str = "1") -> Any:
    return term(1, 1, 1, *factors, multiplier=multiplier)


PARAMETER = {"kind": "parameter", "name": "W2[1,1]"}


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ([term(1, 1, 1, PARAMETER)], "not identically zero"),
        ([term(1, 1, 1, multiplier="-1"), term(1, 1, 1)], "a negative multiplier"),
        ([term(1, 1, 1, multiplier="0")], "no multiplier is positive"),
        ([], "no multiplier is positive"),
        ([term(1, 3, 1)], "there is no such site"),
        ([term(3, 1, 1)], "there is no such site"),
        ([term(1, 1, 2)], "there is no such site"),
        ([term(1, 0, 1)], "there is no such site"),
        (
            [{"multiplier": "1", "factors": [], "constraint": {"layer": 1, "group": 1, "datum": 1, "against": 1}}],
            "no such",
        ),
        ([with_factors({"kind": "parameter", "name": "W1[1,1]"})], "a factor that vanishes at the point"),
        ([with_factors({"kind": "parameter", "name": "W9"})], "there is no such parameter"),
        ([with_factors({"kind": "box", "parameter": "W1[1,1]", "sign": "0"})], "the sign of a box factor"),
        ([with_factors({"kind": "preactivation", "layer": 1, "unit": 1, "datum": 1})], "a factor that vanishes"),
        ([with_factors({"kind": "preactivation", "layer": 4, "unit": 1, "datum": 1})], "no such preactivation"),
        ([with_factors({"kind": "preactivation", "layer": 1, "unit": 9, "datum": 1})], "no such preactivation"),
        ([with_factors({"kind": "preactivation", "layer": 1, "unit": 1, "datum": 0})], "no such preactivation"),
        ([with_factors({"kind": "wish"})], "no such kind of factor"),
        ([with_factors(*[PARAMETER] * 40)], "too many factors"),
        ([with_factors(3)], "expected an object"),
    ],
    ids=lambda entry: str(entry)[:50],
)
def test_multipliers_that_show_nothing_are_refused(terms: list[Any], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        refute(tree_of(BLIND), "+-+", *terms)
    assert reason in str(caught.value)


def test_a_constraint_that_the_pattern_does_not_give_is_refused() -> None:
    tree = tree_of(BLIND)
    with pytest.raises(Refused, match="does not give this constraint"):
        refute(tree, "+*+", term(2, 1, 1))
    with pytest.raises(Refused, match="does not give this constraint"):
        refute(tree, "+-*", term(2, 1, 1))
    with pytest.raises(Refused, match="does not give this preactivation"):
        refute(tree, "+*+", with_factors({"kind": "preactivation", "layer": 2, "unit": 1, "datum": 1}))
    with pytest.raises(Refused, match="vanishes identically"):
        refute(tree, "--+", term(2, 1, 1))
    with pytest.raises(Refused, match="a refuted pattern needs multipliers"):
        check_multipliers(tree, ("+-+",), {"kind": "arc", "arc": []})


def test_the_work_of_an_identity_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipliers, "_MOST_PRODUCTS", 1)
    with pytest.raises(TooLarge, match="too many terms"):
        refute(tree_of(BLIND), "+-+", with_factors(PARAMETER, PARAMETER))


def test_all_kinds_of_factors_may_refute() -> None:
    # One unit, data 1 and -1, weight 0: z = (w, -w). With any factor p positive near 0, p w + p (-w) = 0.
    tree = tree_of(
        problem_tree(
            "relu", [[["0"], ["1"]], [["1", "1"]]], [["1"], ["-1"]], kind="combination", coefficients=["1", "1"]
        )
    )
    factors = [
        {"kind": "box", "parameter": "W1[1,1]", "sign": "+"},
        {"kind": "box", "parameter": "W1[1,1]", "sign": "-"},
        {"kind": "parameter", "name": "W1[2,1]"},
        {"kind": "preactivation", "layer": 1, "unit": 2, "datum": 1},
        {"kind": "preactivation", "layer": 1, "unit": 2, "datum": 2},
        {"kind": "constraint", "layer": 1, "unit": 1, "datum": 1},
    ]
    refute(tree, "+*|+*", term(1, 1, 1, *factors), term(1, 1, 2, *factors))
    with pytest.raises(Refused, match="not identically zero"):
        refute(tree, "+*|+*", term(1, 1, 1, *factors), term(1, 1, 2, *factors[1:]))


POOL = problem_tree({"name": "maxpool", "groups": [[0, 1]]}, [[["0"], ["0"]], [["1"]]], [["1"]])


def against(member: int, datum: int = 1) -> dict[str, Any]:
    return {"layer": 1, "group": 1, "datum": datum, "against": member}


def test_a_pools_constraints_name_the_member_they_are_against() -> None:
    tree = tree_of(
        problem_tree(
            {"name": "maxpool", "groups": [[0, 1]]},
            [[["0"], ["0"]], [["1"]]],
            [["1"], ["-1"]],
            kind="combination",
            coefficients=["1", "1"],
        )
    )
    terms = [{"multiplier": "1", "factors": [], "constraint": against(2, datum)} for datum in (1, 2)]
    refute(tree, "1|1", *terms)
    for member, reason in ((3, "no such member"), (0, "no such member"), (1, "vanishes identically")):
        bad = copy.deepcopy(terms)
        bad[0]["constraint"]["against"] = member
        with pytest.raises(Refused, match=reason):
            refute(tree, "1|1", *bad)
    with pytest.raises(Refused, match="cannot stand there"):
        tree.words("3|1", wildcard=True)


def test_an_arc_must_enter_at_every_site() -> None:
    tree = tree_of(BLIND)

    def arc(pattern: str, *directions: list[str]) -> None:
        check_arc(tree, tree.words(pattern, wildcard=False), range(5), {"kind": "arc", "arc": list(directions)})

    arc("--0", ["1", "1", "0", "0", "0"])
    with pytest.raises(Refused, match="layer 1, unit 2, datum 1 does not become"):
        arc("--0", ["1", "0", "0", "0", "0"])
    with pytest.raises(Refused, match="layer 2, unit 1, datum 1 is never '\\+'"):
        arc("--+", ["1", "1", "0", "0", "0"])
    with pytest.raises(Refused, match="expected 5 entries"):
        arc("--0", ["1", "1"])
    with pytest.raises(Refused, match="a cell needs an arc"):
        check_arc(tree, ("--0",), range(5), {"kind": "multipliers", "terms": []})
    with pytest.raises(TooLarge, match="too high an order"):
        arc("--0", *[["0"] * 5] * 65)
    pool = tree_of(POOL)
    check_arc(pool, ("2",), [0, 1], {"kind": "arc", "arc": [["0", "1"]]})
    with pytest.raises(Refused, match="does not become '2'"):
        check_arc(pool, ("2",), [0, 1], {"kind": "arc", "arc": [["1", "1"]]})


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [("+-", "do not fit"), ("+-+|+-+", "do not fit"), ("+-*", "cannot stand there"), ("+-1", "cannot stand there")],
)
def test_a_pattern_must_fit_the_sites(pattern: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        tree_of(BLIND).words(pattern, wildcard=False)


def test_identity_layers_have_no_sites_and_pieces_pass_through_them() -> None:
    weights = [[["0"]], [["2"]], [["1"]], [["1"]]]
    problem = problem_tree(["abs", "identity", {"name": "leaky_relu", "slope": "1/2"}], weights, [["1"]])
    tree = tree_of(problem)
    assert [(site.layer, site.position) for site in tree.sites] == [(0, 0), (2, 1)]
    # z3 = 2 |w|, so its sign is + on both sides of the first kink; -- is refuted on the left by z3 = 2 (-z1).
    leaves, _ = walk(tree, [("+-",), ("--",)], [], 2)
    assert sorted(leaves) == [("++",), ("-+",)]
    # With W2 = 2 > 0: W2 * (-z1) + (-(W2 * (-z1))) = 0.
    second = {"kind": "parameter", "name": "W2[1,1]"}
    third = {"kind": "parameter", "name": "W3[1,1]"}
    refute(tree, "--", term(1, 1, 1, second, third), term(3, 1, 1))
    # The leaky piece: slope 1/2 on the left.
    leaky = problem_tree([{"name": "leaky_relu", "slope": "1/2"}, "relu"], [[["0"]], [["1"]], [["1"]]], [["1"]])
    refute(
        tree_of(leaky), "-+", term(1, 1, 1, {"kind": "parameter", "name": "W2[1,1]"}, multiplier="1/2"), term(2, 1, 1)
    )


def test_powers_and_pools_below_are_followed() -> None:
    power = problem_tree([{"name": "relu_power", "power": 2}, "relu"], [[["0"]], [["1"]], [["1"]]], [["1"]])
    second = {"kind": "parameter", "name": "W2[1,1]"}
    first = {"kind": "constraint", "layer": 1, "unit": 1, "datum": 1}
    refute(tree_of(power), "+-", term(1, 1, 1, first, second), term(2, 1, 1))
    pool = problem_tree([{"name": "maxpool", "groups": [[0, 1]]}, "relu"], [[["0"], ["0"]], [["1"]], [["1"]]], [["1"]])
    tree = tree_of(pool)
    leaves, _ = walk(tree, [], [], 4)
    assert sorted(leaves) == [("1+",), ("1-",), ("2+",), ("2-",)]
    check_arc(tree, ("2-",), range(4), {"kind": "arc", "arc": [["-2", "-1", "0", "0"]]})


def test_rows_of_a_layer_share_what_lies_below() -> None:
    deep = problem_tree(["relu", "relu"], [[["0"]], [["1"], ["0"]], [["1", "1"]]], [["1"]])
    tree = tree_of(deep)
    assert [tree.characters(site, "+") for site in tree.sites[1:]] == ["-+", "-+"]
    assert [tree.characters(site, "-") for site in tree.sites[1:]] == ["0", "0"]


def test_identical_members_of_a_pool_are_one() -> None:
    rows = [[["1"], ["1"], ["1"]], [["1"]]]
    pool = {"name": "maxpool", "groups": [[0, 1, 2]]}
    in_the_input = tree_of(problem_tree(pool, rows, [["0"]], variable="input", at=["0"]))
    assert in_the_input.characters(in_the_input.sites[0], "") == "1"
    in_the_weights = tree_of(problem_tree(pool, rows, [["1"]]))
    assert in_the_weights.characters(in_the_weights.sites[0], "") == "123"
    at_zero_data = tree_of(problem_tree(pool, rows, [["0"]]))
    assert at_zero_data.characters(at_zero_data.sites[0], "") == "1"


def test_a_cancellation_is_seen_by_expanding() -> None:
    # z2 = relu(x) - relu(-x) - x vanishes identically on both sides of 0, though no coefficient is zero.
    weights = [[["1"], ["-1"], ["1"]], [["1", "-1", "-1"]], [["1"]]]
    tree = tree_of(problem_tree(["relu", "relu"], weights, [["0"]], variable="input", at=["0"]))
    assert tree.characters(tree.sites[-1], "+-+") == "0"
    assert tree.characters(tree.sites[-1], "--+") == "-+"


def test_the_walk_is_bounded_by_what_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    # 22 data, 3 units: 66 independent kinks, of which a file would list no cell.
    inputs = [[str(int(i == j)) for j in range(22)] for i in range(22)]
    zero = [[["0"] * 22] * 3, [["1", "1", "1"]]]
    tree = tree_of(problem_tree("relu", zero, inputs, kind="combination", coefficients=["1"] * 22))
    with pytest.raises(Refused, match="far more patterns than are listed") as caught:
        walk(tree, [], [], 1)
    assert not isinstance(caught.value, TooLarge)  # some are missing, that much is known
    with pytest.raises(TooLarge):
        completions(tree, [(0, ("",) * 22)], 10)


def test_too_many_completions_are_not_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tree_of(BLIND)
    assert len(completions(tree, [(0, ("",))], 7)) == 7
    with pytest.raises(TooLarge, match="too many completions"):
        completions(tree, [(0, ("",))], 6)
    monkeypatch.setattr(sets, "_MOST_COMPLETIONS", 0)
    report = verify_text(json.dumps(undecided_cell()))
    assert report["rejected"] == []
    assert report["accepted"] is False
    assert report["not_checked"] == [
        "everything else: too large (the undecided patterns have too many completions)",
    ]


def test_a_refuted_pattern_that_contradicts_a_forced_sign_covers_nothing() -> None:
    tree = tree_of(problem_tree("relu", [[["1"], ["0"]], [["1", "1"]]], [["1"]]))
    assert sorted(walk(tree, [("-*",)], [], 2)[0]) == [("++",), ("+-",)]
    assert sorted(walk(tree, [("++",)], [], 2)[0]) == [("+-",)]
    assert walk(tree, [("+*",)], [], 2)[0] == []  # nothing but a forced sign: it covers all (and has no certificate)
    assert patterns.WINNERS[0] == "1"
