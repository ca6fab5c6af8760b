"""A file whose weights or data are symbols: its data, labels and loss are those that a statement is about."""

from __future__ import annotations

import json

import pytest

from symflow.checker.claims import claim_hash
from symflow.checker.verify import verify_text
from symflow.exact.simplex import NO_BUDGET
from symflow.problem_tree import problem_from_tree
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree
from symflow.prove_command import prove
from symflow.reports.prove_result import prove_result
from symflow.reports.result_engines import ENGINES

SQUARED = {
    "network": {"activation": {"name": "leaky_relu", "slope": "1/4"}, "widths": [2, 3, 1]},
    "data": {"inputs": [["1", "0"], ["1", "1"]], "labels": ["1", "2"]},
    "objective": {"kind": "risk", "loss": "squared"},
}
LOGISTIC = {
    "network": {"activation": "relu", "widths": [2, 3, 1]},
    "data": {"inputs": [["1", "2"], ["3", "-1"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "logistic"},
}
SYMBOLIC_DATA = {**LOGISTIC, "data": {"inputs": "symbolic", "labels": ["1"]}}
# On ±(1, 2) every gradient of a row of W1 is a multiple of (1, 2).
ON_A_LINE = {
    "network": {"activation": {"name": "leaky_relu", "slope": "1/4"}, "widths": [2, 2, 1]},
    "data": {"inputs": [["1", "2"], ["-1", "-2"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
}


def _asked(text, tree):
    """Return what becomes of a statement, once the checker has accepted the whole result."""
    found = prove([text], problem=problem_from_tree(tree), budget=NO_BUDGET)
    whole = prove_result(found.theorems, found.problem, found.shape)
    assert verify_text(json.dumps(whole))["accepted"]
    (theorem,) = found.asked
    return theorem.claim


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (SQUARED, "R == (f[1] - 1)**2/2 + (f[2] - 2)**2/2"),
        (SQUARED, "c[1] == f[1] - y[1]"),
        (SQUARED, "inner(x[1], x[2]) == 1"),
        (SQUARED, "R >= 0"),
        (LOGISTIC, "inner(x[1], x[2]) == 1"),
        (LOGISTIC, "R > 0"),
        (ON_A_LINE, "2*W1[1,1] - W1[1,2] is conserved"),
        (ON_A_LINE, "R == exp(-f[1]) + exp(f[2])"),
    ],
)
def test_what_is_true_of_the_files_data_and_loss_is_proved(tree, text):
    claim = _asked(text, tree)
    assert (claim.word, claim.scope) == ("proved_shape", "all weights, these data")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (SQUARED, "R == exp(-f[1]) + exp(-2*f[2])"),
        (LOGISTIC, "inner(x[1], x[2]) == 2"),
        (ON_A_LINE, "W1[1,1] - W1[1,2] is conserved"),
        (SQUARED, "for s in clarke(R): norm2(s) == 0"),
    ],
)
def test_what_is_false_of_them_is_refuted_with_these_data(tree, text):
    claim = _asked(text, tree)
    assert (claim.word, claim.scope) == ("refuted", "all weights, these data")
    place = claim.witness["setting"]["problem"]
    assert place["data"] == tree["data"]
    assert place["objective"]["loss"] == tree["objective"]["loss"]


def test_what_holds_on_all_data_is_said_of_the_shape():
    claim = _asked("for l in 1..L: inner(W[l], grad(f, W[l])) == f", LOGISTIC)
    assert (claim.word, claim.scope) == ("proved_shape", "shape 2-3-1, off the kinks")


def test_the_drawn_weights_are_not_the_files_own():
    for text in ("f[1] == f[1] at w", "W1[1,1] == 1 at w"):
        claim = _asked(text, LOGISTIC)
        assert (claim.word, claim.certificate, claim.witness) == ("undecided", None, None)


@pytest.mark.parametrize("tree", [LOGISTIC, SYMBOLIC_DATA])
def test_a_bound_of_the_logistic_loss_is_not_refuted_by_another_loss(tree):
    # c = −y/(1 + e^(yf)) is between −1 and 1; that of the exponential loss is not.
    assert _asked("c[1]**2 <= 1", tree).word == "undecided"


def test_a_counterexample_with_drawn_data_has_the_files_label_and_loss():
    claim = _asked("R == f", SYMBOLIC_DATA)
    assert claim.word == "refuted"
    place = claim.witness["setting"]["problem"]
    assert (place["data"]["labels"], place["objective"]["loss"]) == (["1"], "logistic")


def test_an_output_without_data_is_no_risk():
    tree = {"network": {"activation": "relu", "widths": [2, 3, 1]}}
    assert _asked("R == f", tree).word == "undecided"
    assert _asked("R == 2*f", tree).word == "refuted"


@pytest.mark.parametrize("text", ["inner(x[1], x[2]) == 1", "2*R == (f[1] - 1)**2 + (f[2] - 2)**2", "R == f[1]"])
def test_symbols_and_numbers_for_the_weights_are_decided_alike(text):
    weights = [[["1", "0"], ["0", "1"], ["1", "1"]], [["1", "1", "1"]]]
    numbers = net_tree(weights, activation=SQUARED["network"]["activation"], **SQUARED["data"], **SQUARED["objective"])
    assert _asked(text, SQUARED).word == _asked(text, numbers).word


def test_a_forged_witness_with_other_data_is_refused():
    claim = _asked("inner(x[1], x[2]) == 2", LOGISTIC)
    found = prove(["inner(x[1], x[2]) == 2"], problem=problem_from_tree(LOGISTIC), budget=NO_BUDGET)
    whole = json.loads(json.dumps(prove_result(found.theorems, found.problem, found.shape)))
    (entry,) = whole["claims"]
    entry["witness"]["setting"]["problem"]["data"]["inputs"][0] = ["1", "1"]
    entry["hash"] = claim_hash(entry)
    assert "a witness with other data" in str(verify_text(json.dumps(whole))["rejected"])
    assert decide("inner(x[1], x[2]) == 1", claim.setting, engines=ENGINES, has_free_weights=True).word != "refuted"


def test_a_datum_given_twice_has_the_same_slopes():
    data = {"inputs": [["1", "1"], ["1", "1"]], "labels": ["1", "-1"]}
    twice = {**LOGISTIC, "data": data}
    for text in ("m[1] + m[2] == 0", "grad(f[1], W1) == grad(f[2], W1)", "A[1,1] == A[1,2]"):
        assert _asked(text, twice).word == "proved_shape"
    assert _asked("m[1] - m[2] == 0", twice).word == "refuted"
    # Of two other data the second may be active where the first is not.
    apart = {**LOGISTIC, "data": {**data, "inputs": [["1", "1"], ["2", "1"]]}}
    assert _asked("A[1,1] == A[1,2]", apart).word == "refuted"
