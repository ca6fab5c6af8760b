"""A claim under the name of a lemma means what the lemma means: its problems, its hypotheses, what it assumes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from symflow.checker.claim_meanings import check_is_in_words, check_what_is_meant
from symflow.checker.meanings import Meaning, meaning
from symflow.checker.reading import Refused
from symflow.lemmas.base import Target, find_lemma
from symflow.proofs.setting import net_tree, problem_setting
from symflow.reports.result_engines import ENGINES
from tests.checker.claims_by_hand import is_accepted, result_of
from tests.checker.test_forged_claims import changed, named, reason_of

Tree = dict[str, Any]


def row(name: str) -> Meaning:
    found = meaning(name)
    assert found is not None
    return found


def test_a_form_that_is_meant_of_a_problem_of_its_own_is_claimed_of_no_other() -> None:
    """That 1/2 is a convex subgradient is said of one net at one point."""
    name = "convex_subdifferential"
    claims = find_lemma(name).at_home(Target(ENGINES))
    claim = next(each for each in claims if "places" in row(name).bound(each.statement))
    tree = copy.deepcopy(claim.tree())
    check_what_is_meant(tree, row(name), claim.statement, claim.word, None)
    tree["setting"]["problem"]["objective"]["at"] = ["7"]
    with pytest.raises(Refused, match="this form of the statement is meant of other problems"):
        check_what_is_meant(tree, row(name), claim.statement, claim.word, None)


def test_a_problem_meets_the_hypotheses_of_the_name() -> None:
    """Neurons balance without biases: the same claim of a net with biases is refused, whatever is shown."""
    claim = named("balancing_along_the_flow")
    tree = copy.deepcopy(claim.tree())
    check_what_is_meant(tree, row(claim.name), claim.statement, claim.word, None)
    tree["setting"]["problem"]["network"]["biases"] = [["1", "0"], ["0"]]
    with pytest.raises(Refused, match="the problem does not meet a hypothesis: the net has no biases"):
        check_what_is_meant(tree, row(claim.name), claim.statement, claim.word, None)


def test_of_a_shape_the_hypotheses_about_the_point_say_nothing() -> None:
    """All laws of a shape are listed for almost every w: its weights stand for any."""
    claim = named("balancing_is_complete")
    check_what_is_meant(claim.tree(), row(claim.name), claim.statement, claim.word, None)


def test_words_are_shown_under_all_their_hypotheses() -> None:
    claim = named("balancing_along_the_flow")
    assert is_accepted(result_of(claim))
    reason_of(changed(claim, hypotheses=[]), "this is not what is assumed")
    with pytest.raises(Refused, match="evidence for the words of a lemma"):
        check_is_in_words(claim.tree(), None, ())


def test_what_is_false_in_general_is_not_proved_by_a_case_in_which_it_holds() -> None:
    claim = named("flow_is_unique")
    assert claim.word == "refuted"
    place = problem_setting(net_tree([[[1]], [[1]]], inputs=[[1]], kind="output"))
    forged: Tree = {**claim.tree(), "verdict": "proved_instance", "setting": place, "certificate": {"kind": "result"}}
    with pytest.raises(Refused, match="false in general"):
        check_what_is_meant(forged, row("flow_is_unique"), claim.statement, "proved_instance", None)
