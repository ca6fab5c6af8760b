"""Conditions of a statement: what is claimed under one that does not hold is not claimed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import parse_statement
from symflow.proofs.kernel import NotProvedError, mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting, shape_setting
from symflow.reports.result_engines import ENGINES

# f = v σ(u x) with u = 2, v = 3, x = 1, so that f = 6.
SIX = problem_setting(net_tree([[[2]], [[3]]], inputs=[[1]], labels=[1], kind="risk", loss="squared"))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("f == 6 if f > 5 at w", "proved_instance"),
        ("f == 7 if f > 5 at w", "refuted"),
        ("f == 7 if f > 6 at w", "undecided"),
        ("f == 7 if f > 5 and f < 6 at w", "undecided"),
        ("for l in 1..L: W[l][1,1] == 3 if l == 2 at w", "proved_instance"),
        ("for l in 1..L: W[l][1,1] == 3 if l <= 2 at w", "refuted"),
        ("f > 0 if ln(f) > 17/10 at w", "enclosed"),  # ln 6 = 1.79
    ],
)
def test_a_claim_is_made_only_where_its_conditions_hold(text, word):
    claim = decide(text, SIX)
    assert claim.word == word
    assert mint(claim).verdict.word == word


def test_a_witness_has_to_meet_the_conditions():
    refuted = decide("f == 7 if f > 5", SIX)
    assert mint(refuted).verdict.word == "refuted"
    other = "f == 7 if f > 100"
    with pytest.raises(NotProvedError, match="true at the witness"):
        mint(replace(refuted, name=other, statement=other))


def test_an_identity_that_holds_everywhere_holds_under_a_condition():
    assert mint(decide("inner(W1, grad(f, W1)) == f if f > 0", shape_setting([2, 2, 1], ["relu"]))).verdict.holds


def test_a_condition_compares_numbers():
    with pytest.raises(Refused, match="only numbers and vectors are compared"):
        parse_statement("f == 6 if 0 in clarke(R) at w")


def test_a_condition_on_an_element_of_a_set_is_not_decided_by_its_vertices():
    claim = decide("for s in clarke(R): inner(s, w) == 1 if inner(s, w) > 0", SIX, engines=ENGINES)
    assert claim.word == "undecided"
    assert "a condition on s" in claim.reason
