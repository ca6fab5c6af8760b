"""What is conserved along the flow of a file that trains some of its parameters only."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.lemmas.base import LEMMAS, Target
from symflow.problem_tree import problem_from_tree
from symflow.proofs.kernel import NotProvedError, mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import GIVEN, net_tree, problem_setting
from symflow.reports.result_engines import ENGINES


def _tree(trained=None, *, weights=(((2, -1), (2, 1)), ((1, "-1/2"),)), biases=None):
    tree = net_tree(weights, biases=biases, inputs=[[2, 1]], labels=[1], kind="risk", loss="exponential")
    flow = {"until": "1/8", "digits": 8, "validated": True}
    return problem_from_tree({**tree, "flow": flow if trained is None else {**flow, "trained": trained}}).tree()


def _decided(statement, tree):
    claim = decide(statement, GIVEN, given=tree, engines=ENGINES)
    mint(claim, problem=tree)
    return claim


# W1 moves along x = (2, 1): with W2 held, the component across it stays, W2 stays, and no square of a row of W1 does.
STATEMENTS = [
    ("norm2(W1) - norm2(W2) is conserved", {"all": True, "W1": False, "W2": False}),
    ("norm2(W1) is conserved", {"all": False, "W1": False, "W2": True}),
    ("norm2(W2) is conserved", {"all": False, "W1": True, "W2": False}),
    ("W1[1,1] - 2*W1[1,2] is conserved", {"all": True, "W1": True, "W2": True}),
    ("W1[1,1] + 2*W1[1,2] is conserved", {"all": False, "W1": False, "W2": True}),
]


@pytest.mark.parametrize(("statement", "holds"), STATEMENTS)
@pytest.mark.parametrize("trained", ["all", "W1", "W2"])
def test_what_does_not_move_is_conserved_and_what_balances_it_is_not(statement, holds, trained):
    claim = _decided(statement, _tree(None if trained == "all" else [trained]))
    assert claim.word == ("proved_shape" if holds[trained] else "refuted")
    if trained != "all":
        assert claim.setting == GIVEN
        assert claim.scope == f"all weights, these data; {trained} trained"


def test_it_is_seen_along_the_flow_itself():
    """By integration: W2 is what it was, and |W1|² is not."""
    result = ENGINES.flow(problem_from_tree(_tree(["W1"])))
    start, end = ([Fraction(entry) for entry in result[row]["state"]] for row in ("start", "end"))
    assert start[4:] == end[4:]
    assert sum(entry**2 for entry in end[:4]) - sum(entry**2 for entry in start[:4]) > Fraction(1, 1000)
    assert all(abs((end[i] - 2 * end[i + 1]) - (start[i] - 2 * start[i + 1])) < Fraction(1, 10**6) for i in (0, 2))


def test_a_claim_of_the_whole_shape_does_not_stand_for_the_file():
    """The identity of all weights, and the proof of the file with all trained, show nothing where some are held."""
    statement = "norm2(W1) - norm2(W2) is conserved"
    proof = _decided(statement, _tree())
    of_the_file = replace(proof, setting=GIVEN, certificate={"kind": "expansion"})
    mint(of_the_file, problem=_tree())
    with pytest.raises(NotProvedError, match="does not vanish"):
        mint(of_the_file, problem=_tree(["W1"]))


def test_a_witness_has_the_same_parameters_trained():
    """Holding a matrix refutes balancing of no file that trains both, and of no shape."""
    statement = "norm2(W1) - norm2(W2) is conserved"
    refuted, shape = _decided(statement, _tree(["W1"])), _decided(statement, _tree()).setting
    place = problem_setting(_tree(["W1"]))
    for setting in (GIVEN, shape):
        forged = replace(refuted, setting=setting, witness={**refuted.witness, "setting": place})
        with pytest.raises(NotProvedError, match="other parameters are trained"):
            mint(forged, problem=_tree())
    elsewhere = replace(refuted, witness={**refuted.witness, "setting": problem_setting(_tree(["W2"]))})
    with pytest.raises(NotProvedError, match="other parameters are trained"):
        mint(elsewhere, problem=_tree(["W1"]))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(1, 3), min_size=9, max_size=9),
    st.sets(st.sampled_from(["W1", "b1", "W2", "b2"]), min_size=1),
    st.sampled_from(["W1", "b1", "W2", "b2"]),
)
def test_the_square_of_a_matrix_is_kept_if_and_only_if_it_is_held(values, trained, name):
    """All weights are positive, so that every unit is on and every parameter has a gradient."""
    weights = ((values[:2], values[2:4]), (values[4:6],))
    tree = _tree(sorted(trained), weights=weights, biases=(values[6:8], values[8:]))
    claim = _decided(f"norm2({name[0]}[{name[1]}]) is conserved", tree)
    assert claim.word == ("refuted" if name in trained else "proved_shape")


OF_THE_FLOW_OF_ALL = (
    *("solution_along_the_flow", "balancing_along_the_flow", "balancing", "balancing_per_neuron", "speed_of_the_norm"),
    *("soft_margin_monotone", "norm_growth", "gram_balancing_of_linear_nets", "weight_decay_shrinks_the_difference"),
)


@pytest.mark.parametrize("name", OF_THE_FLOW_OF_ALL)
def test_a_lemma_on_the_flow_of_all_weights_says_nothing_here(name):
    lemma, problem = LEMMAS.find(name)(), problem_from_tree(_tree(["W1"]))
    target = Target(ENGINES, problem)
    assert not list(lemma.claims(target))
    ((claim),) = lemma.claims(target, is_asked_by_name=True)
    assert claim.word == "undecided"


def test_squares_of_layers_are_not_said_to_balance_along_a_flow_with_biases():
    lemma = LEMMAS.find("balancing_along_the_flow")()
    target = Target(ENGINES, problem_from_tree(_tree(biases=((1, 1), (1,)))))
    assert not list(lemma.claims(target))
    assert [claim.word for claim in lemma.claims(Target(ENGINES, problem_from_tree(_tree())))] == ["enclosed"]
