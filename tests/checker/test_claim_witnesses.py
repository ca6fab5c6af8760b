"""Witnesses forged one thing at a time: of another case than is meant, of a rule that shows something else."""

from __future__ import annotations

import json
from typing import Any

from symflow.lemmas.base import find_lemma
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting
from tests.checker.by_hand import one_kink, pool_of_two_data, two_opposite_data
from tests.checker.claims_by_hand import Tree, is_accepted, rehashed, result_of
from tests.checker.test_forged_claims import changed, named, own, reason_of


def by_rule(name: str, rule: str, result: Tree) -> Tree:
    """Return the claim that a rule refutes a lemma at the problem of a result, without looking whether it does."""
    place = problem_setting(result["problem"])
    claim = find_lemma(name).refuted_by(rule, result, place, known_by="", scope="here")
    tree: Tree = json.loads(json.dumps(claim.tree()))
    return result_of(tree)


def test_the_sum_rule_is_refuted_where_the_sets_differ_and_nowhere_else() -> None:
    assert is_accepted(by_rule("sum_rule", "sum_rule", two_opposite_data()))
    reason_of(by_rule("sum_rule", "sum_rule", pool_of_two_data()), 'the result shows "proved_instance"')


def test_a_true_lemma_is_not_refuted_in_general() -> None:
    reason_of(by_rule("clarke_differential", "clarke_is_exact", one_kink()), "not refuted in general")


def test_a_rule_s_witness_is_at_the_point_that_is_claimed() -> None:
    claim = named("flow_is_unique")
    assert claim.witness is not None
    elsewhere = problem_setting(net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[0]))
    reason_of(changed(claim, setting=elsewhere), "a witness at another point than the one that is meant")


def test_a_witness_has_the_data_that_are_meant() -> None:
    """Of all weights on given data the statement is false; it is not for other data to show it."""
    tree = net_tree([[[1, 1]], [[1]]], inputs=[[1, 1]], kind="output")
    claim = decide("f == 0", problem_setting(tree))
    assert claim.word == "refuted"
    assert is_accepted(result_of(claim))
    other = net_tree([[[1, 1]], [[1]]], inputs=[[1, 2]], kind="output")
    witness: dict[str, Any] = {**(claim.witness or {}), "setting": problem_setting(other)}
    witness = {key: value for key, value in witness.items() if key not in ("left", "right")}
    reason_of(changed(claim, witness=witness), "a witness with other data, another net or another objective")


def test_the_sides_of_a_witness_are_what_is_spelled() -> None:
    tree = net_tree([[[1, 1]], [[1]]], inputs=[[1, 1]], kind="output")
    place = problem_setting(tree)
    for spelled, reason in (
        ({"left": "3"}, "not the value of that side"),
        ({"left": ["2"]}, "not the value of that side"),
        ({"left": {"low": "1", "high": "3"}}, "much wider than they need to be"),
        ({"left": {"low": "3", "high": "4"}}, "not within these bounds"),
    ):
        reason_of(own("f == 1 at w", place, "refuted", witness={"instance": 0, **spelled}), reason)
    vector = own("grad(f) == w at w", place, "refuted", witness={"instance": 0, "left": {"low": "0", "high": "1"}})
    reason_of(vector, "bounds of something that is no number")
    assert is_accepted(own("f == 1 at w", place, "refuted", witness={"instance": 0, "left": "2", "right": "1"}))


def test_a_rehashed_claim_is_checked_like_any_other() -> None:
    result = by_rule("sum_rule", "sum_rule", two_opposite_data())
    result["claims"][0]["witness"]["mood"] = "good"
    reason_of(rehashed(result), "a key that the checker does not know")
