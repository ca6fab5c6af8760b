"""Whole results of ``symflow prove``: what each verdict needs, and what is listed as not checked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from symflow.checker.claims import claim_hash
from symflow.checker.coq_scripts import SCRIPTS
from symflow.checker.hypotheses import HYPOTHESES
from symflow.checker.meanings import Meaning, meaning
from symflow.checker.problems import read_problem
from symflow.checker.verify import verify_text
from symflow.lemmas.base import Target, all_lemmas, find_lemma
from symflow.problem_tree import problem_from_tree
from symflow.proofs import hypotheses
from symflow.proofs.claim import Claim
from symflow.proofs.hypotheses import Hypothesis
from symflow.proofs.prover import decide
from symflow.proofs.setting import GIVEN, net_tree, problem_setting, shape_setting
from symflow.reports.result_engines import ENGINES
from tests.checker.claims_by_hand import is_accepted, rehashed, result_of
from tests.checker.test_forged_claims import AT_CORNER, FALSE, PROVED, changed, named, own, reason_of

RELU = shape_setting([2, 2, 1], ["relu"])


def report_of(result: Any) -> Any:
    return verify_text(json.dumps(result))


def test_a_script_that_was_checked_is_listed_as_not_checked_here() -> None:
    found = report_of(result_of(named("lemma_4")))
    assert found["accepted"]
    assert any("soft_margin.v, checked by coqc in continuous integration" in each for each in found["not_checked"])


def test_a_script_that_was_not_checked_makes_a_claim_conditional_on_it() -> None:
    claim = named("lemma_4")
    certificate = {**(claim.certificate or {}), "sha256": "0" * 64}
    found = report_of(changed(claim, certificate=certificate, verdict="conditional", axioms=["unchecked_script"]))
    assert found["accepted"]
    assert any("which has not been checked" in each for each in found["not_checked"])
    reason_of(changed(claim, certificate=certificate), "nothing is stored")


def test_what_is_said_in_words_alone_is_listed_as_not_checked() -> None:
    found = report_of(changed(PROVED, scope="every net there is", known_by="revelation"))
    assert found["accepted"]
    assert "claims: for what each holds and how it is known, in words" in found["not_checked"]
    assert "claims[0].mood" in report_of(changed(PROVED, mood="good"))["not_checked"]
    assert "shape" in report_of({**result_of(PROVED), "shape": "9-9-9"})["not_checked"]


def test_counts_are_counted() -> None:
    assert is_accepted({**result_of(PROVED), "counts": {"proved_shape": 1}})
    assert not is_accepted({**result_of(PROVED), "counts": {"proved_shape": 2}})


def test_premises_stand_before() -> None:
    first = PROVED.tree()
    second = {**decide("f == f", RELU).tree(), "premises": [first["hash"]]}
    second["hash"] = claim_hash(second)
    assert is_accepted({"command": "prove", "claims": [first, second]})
    assert not is_accepted({"command": "prove", "claims": [second, first]})


def test_a_given_problem_is_needed_where_one_is_spoken_of() -> None:
    tree = problem_setting(net_tree([[[1]]], activation=[], inputs=[[2]], kind="output"))["problem"]
    claim = decide("f == 2 at w", GIVEN, given=tree)
    assert claim.word == "proved_instance"
    assert is_accepted(result_of(claim, tree))
    reason_of(result_of(claim), "no problem is given")
    reason_of(
        own("f == 2 at w", RELU, "proved_instance", certificate={"kind": "evaluation"}), "a problem is needed here"
    )


def test_undecided_claims_nothing() -> None:
    assert is_accepted(own("whatever it says", RELU, "undecided", reason="too hard"))


def test_a_result_of_another_command_is_checked_whole() -> None:
    claims = [c for lemma in all_lemmas() if lemma.rules for c in lemma.at_home(Target(ENGINES))]
    derived = [c for c in claims if (c.certificate or {}).get("kind") == "result"]
    refuted = [c for c in claims if "rule" in (c.witness or {})]
    assert derived
    assert refuted
    for claim in (*derived, *refuted):
        assert is_accepted(result_of(claim)), claim.name
    claim = derived[0]
    reason_of(changed(claim, verdict="enclosed" if claim.word != "enclosed" else "proved_shape"), "the result shows")
    certificate = {**(claim.certificate or {}), "rule": "magic"}
    reason_of(changed(claim, certificate=certificate), "no such rule for this claim")
    elsewhere = {**(claim.certificate or {}), "result": {**(claim.certificate or {})["result"], "problem": {}}}
    reason_of(changed(claim, certificate=elsewhere), "a result on another problem")
    empty = {**(claim.certificate or {}), "result": {}}
    assert not is_accepted(changed(claim, certificate=empty))
    witness = {**(refuted[0].witness or {}), "rule": "magic"}
    reason_of(changed(refuted[0], witness=witness), "no such rule for this claim")


def test_a_set_is_that_of_the_problem() -> None:
    claim = decide("0 in clarke(f)", AT_CORNER, engines=ENGINES)
    other = problem_setting(net_tree([[[1], [-1]], [[1, 2]]], kind="output", variable="input", at=[0]))
    assert is_accepted(result_of(claim))
    reason_of(changed(claim, setting=other), "a differential of another problem")
    certificate = {**(claim.certificate or {}), "memberships": []}
    reason_of(changed(claim, certificate=certificate), "no evidence is given")
    unused = json.loads(json.dumps(claim.certificate))
    unused["sets"]["f[7]"] = {}
    assert any("sets.f[7]" in each for each in report_of(changed(claim, certificate=unused))["not_checked"])


def test_sides_are_the_values_of_the_sides() -> None:
    witness = FALSE.witness or {}
    for key, value in (("left", {"low": "0", "high": "1"}), ("left", ["1"]), ("right", "1")):
        assert not is_accepted(changed(FALSE, witness={**witness, key: value}))
    law = decide("norm2(W1) is conserved", RELU)
    reason_of(changed(law, witness={**(law.witness or {}), "right": "0"}), "there is no such side")
    far = decide("ln(f) > 7 at w", problem_setting(net_tree([[[3]]], activation=[], inputs=[[1]], kind="output")))
    assert far.witness is not None
    assert is_accepted(result_of(far))
    for bounds, reason in (
        ({"low": "0", "high": "7"}, "much wider than they need to be"),
        ({"low": "5", "high": "7"}, "not within these bounds"),
    ):
        reason_of(changed(far, witness={**far.witness, "left": bounds}), reason)


def test_hypotheses_say_here_what_they_say_in_the_house() -> None:
    trees = [
        net_tree([[[1]], [[1]]], inputs=[[1]], kind="output"),
        net_tree([[[1]], [[1]]], biases=[[1], [0]], inputs=[[1], [2]], labels=[1, 1], kind="risk", loss="exponential"),
        net_tree([[[0, 0]]], activation=[], inputs=[[1, 2]], labels=[1], kind="log_sum_exp"),
        net_tree([[[1], [2]], [[1]]], activation=[{"name": "maxpool", "groups": [[0, 1]]}], kind="output",
                 variable="input", at=[1]),
        net_tree([[[1]], [[1]]], activation=[{"name": "relu_power", "power": 2}], inputs=[[1]], kind="output"),
    ]  # fmt: skip
    known = {each.words: each for each in vars(hypotheses).values() if isinstance(each, Hypothesis)}
    for words, test in HYPOTHESES.items():
        assert words in known, words
        for tree in trees:
            problem = problem_from_tree(tree)
            assert test(read_problem(problem.tree())) == known[words].holds(problem), (words, tree)


def test_every_name_of_the_table_is_a_lemma_that_says_the_same() -> None:
    for lemma in all_lemmas():
        row = meaning(lemma.name)
        assert isinstance(row, Meaning), f"run python -m tests.lemmas.write_meanings for {lemma.name}"
        assert row.words == lemma.words
        assert row.ids == lemma.ids
        assert row.hypotheses == tuple(each.words for each in lemma.hypotheses)
        assert row.see == lemma.see
    assert find_lemma("A25").name == "weight_gradient_preservation"
    assert set(SCRIPTS)


@pytest.mark.parametrize("form", ["clarke(R) == hull(...)"])
def test_a_gap_in_a_form_takes_vectors_of_numbers_alone(form: str) -> None:
    row = Meaning(statements=(form,))
    assert row.allows("clarke(R) == hull(vector(1), vector(exp(-1)/2))")
    for inside in (
        "hull(grad(R))",
        "clarke(R)",
        "hull(vector(f))",
        "hull(vector(1)) and 1 == 1",
        "hull(vector(1)",
        "x",
    ):
        assert not row.allows(form.replace("hull(...)", inside)), inside


def test_a_claim_has_one_hash() -> None:
    claim = Claim("f == f", "f == f", RELU, "proved_shape", "here", certificate={"kind": "expansion"})
    assert claim.hash == claim_hash(claim.tree()) == rehashed(result_of(claim))["claims"][0]["hash"]
