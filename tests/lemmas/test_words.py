"""What the words of lemmas must not say: each sentence that was too strong, with the net on which it is false."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symflow
from symflow.checker.hypotheses import HYPOTHESES
from symflow.checker.problems import read_problem
from symflow.lemmas.base import Target, find_lemma
from symflow.problem_tree import problem_from_tree
from symflow.proofs.engines import remembering
from symflow.proofs.hypotheses import ONE_INPUT
from symflow.proofs.prover import decide
from symflow.proofs.setting import net_tree, problem_setting
from symflow.reports.result_engines import ENGINES

ENGINE = remembering(ENGINES)
TARGET = Target(ENGINE)
SCRIPTS = Path(symflow.__file__).parent / "lemmas" / "scripts"


def verdict(statement, tree):
    return decide(statement, problem_setting(tree), engines=ENGINE).word


# ---------------------------------------------------------------------- the speed of the norm, for both flows


def two_data(kind, weights=((2, -1), (-1, 0)), outer=(2, -1), **objective):
    net = [[list(row) for row in weights], [list(outer)]]
    return net_tree(net, inputs=[[1, 0], [-2, 1]], labels=[1, -1], kind=kind, **objective)


U = "(-ln(sum(k in 1..n: exp(-m[k]))))"


def test_the_norm_grows_by_lemma_4_along_the_flow_of_the_logarithm_and_slower_along_that_of_the_loss():
    logarithm, loss = two_data("log_sum_exp"), two_data("risk", loss="exponential")
    assert verdict(f"{U} > 0 at w", loss) == "enclosed"
    assert verdict(f"2*inner(w, velocity(R)) >= 2*L*{U}", logarithm) == "enclosed"
    assert verdict(f"2*inner(w, velocity(R)) >= 2*L*{U}", loss) == "refuted"
    assert verdict(f"2*inner(w, velocity(R)) >= 2*L*{U}*R", loss) == "enclosed"  # c = e^(-u) = R


rows = st.tuples(st.integers(-2, 2), st.integers(-2, 2))


@settings(max_examples=8, deadline=None)
@given(st.tuples(rows, rows), rows)
def test_with_the_factor_of_the_flow_the_bound_holds_on_drawn_nets(weights, outer):
    tree = two_data("risk", weights, outer, loss="exponential")
    assert verdict(f"inner(w, velocity(R)) >= L*{U}*R", tree) != "refuted"


@pytest.mark.parametrize("name", ["norm_growth", "log_margin_speed", "soft_margin_speed", "log_margin_stays_positive"])
def test_along_the_flow_of_some_weights_alone_nothing_is_claimed(name):
    tree = {**two_data("log_sum_exp"), "flow": {"until": "1", "trained": ["W1"]}}
    assert list(find_lemma(name).claims(Target(ENGINE, problem_from_tree(tree)))) == []
    assert "flow of" in find_lemma(name).words


# ---------------------------------------------------------------------- linear in disguise

OFF_DIAGONAL = (
    "inner(grad(R, W1)[1,:], W1[2,:]) + inner(W1[1,:], grad(R, W1)[2,:]) "
    "== grad(R, W2)[1,1]*W2[1,2] + W2[1,1]*grad(R, W2)[1,2] at w"
)


@pytest.mark.parametrize(
    ("activation", "found"),
    [
        ({"name": "leaky_relu", "slope": "1"}, {"proved_instance"}),
        ({"name": "maxpool", "groups": [[0], [1]]}, {"proved_instance"}),
        ("relu", {"refuted"}),
    ],
)
def test_more_is_conserved_for_all_data_where_the_activations_are_linear_in_disguise(activation, found):
    points = [([[3, 1], [-2, 5]], [[7, -3]]), ([[1, -1], [-4, 1]], [[2, 5]])]
    trees = [
        net_tree(list(point), activation=[activation], inputs=[[2, 1], [-1, 2]], labels=[1, -1], kind="risk")
        for point in points
    ]
    assert {
        verdict(OFF_DIAGONAL, {**tree, "objective": {**tree["objective"], "loss": "squared"}}) for tree in trees
    } == found
    tree = {"network": {"widths": [2, 2, 1], "activation": [activation], "bias": False}}
    (claim,) = find_lemma("balancing_is_complete").claims(Target(ENGINE, problem_from_tree(tree)))
    assert claim.word == "proved_shape"
    assert "all data" not in claim.words
    assert "paths" in claim.words


# ---------------------------------------------------------------------- kinks that are no zeros of preactivations


def test_a_pool_with_two_winners_is_a_kink_though_no_preactivation_vanishes():
    tree = net_tree(
        [[[1, 0], [0, 1]], [[1]]],
        activation=[{"name": "maxpool", "groups": [[0, 1]]}],
        inputs=[[1, 1]],
        labels=[0],
        kind="risk",
        loss="squared",
    )
    assert verdict("z[1,1][1] == 1 and z[1,1][2] == 1 at w", tree) == "proved_instance"
    assert verdict("clarke(R) == hull(vector(1, 1, 0, 0, 1), vector(0, 0, 1, 1, 1))", tree) == "proved_instance"
    lemma = find_lemma("strictly_differentiable_is_singleton")
    assert "preactivation" not in lemma.words
    assert "no pool has two winners" in lemma.proof[0].sentence


def test_a_pattern_of_signs_whose_open_cell_is_empty_is_no_incident_piece():
    tree = net_tree([[[1], [-1]], [[2, -1]]], kind="output", variable="input", at=[0])
    assert verdict("clarke(R) == hull(vector(1), vector(2))", tree) == "proved_instance"
    assert verdict("vector(3) in clarke(R)", tree) == "refuted"  # both neurons on: at 0 alone
    assert "open cell that is not empty" in find_lemma("incident_pieces").words


# ---------------------------------------------------------------------- small weights, and slopes of other losses


def test_small_weights_can_have_small_gradients_where_the_output_is_small():
    tree = net_tree([[["1/1000"]], [["1/1000"]]], inputs=[[1]], kind="output")
    small = "for l in 1..L: norm2(W[l]) == 1/1000000 and norm2(grad(f, W[l])) == 1/1000000 at w"
    assert verdict(small, tree) == "proved_instance"
    assert verdict("for l in 1..L: norm2(W[l])*norm2(grad(f, W[l])) == f^2 at w", tree) == "proved_instance"
    assert r"small compared with $\lvert f\rvert$" in find_lemma("gradient_lower_bound").words


def test_the_slopes_of_the_squared_loss_are_not_those_of_a_margin():
    tree = net_tree([[[1, -1]], [[2]]], inputs=[[3, 1], [1, 2]], labels=[1, -1], kind="risk", loss="squared")
    assert verdict("for k in 1..n: c[k] == f[k] - y[k] at w", tree) == "proved_instance"
    assert verdict("grad(R) == sum(k in 1..n: c[k]*grad(f[k])) at w", tree) == "proved_instance"
    assert r"$c_k=\partial R/\partial f_k$" in find_lemma("risk_gradient").words


# ---------------------------------------------------------------------- convex analysis of one variable


def test_of_a_net_with_squares_no_subgradients_are_claimed():
    tree = net_tree(
        [[[1], [-1]], [[-1, -1]]],
        activation=[{"name": "relu_power", "power": 2}],
        kind="output",
        variable="input",
        at=[0],
    )
    problem = problem_from_tree(tree)
    target = Target(ENGINE, problem)
    assert not ONE_INPUT.holds(problem)
    assert not HYPOTHESES[ONE_INPUT.words](read_problem(problem.tree()))
    for name in ("convex_subdifferential", "subdifferential_of_a_nonconvex_function"):
        assert list(find_lemma(name).claims(target)) == []
    (claim,) = find_lemma("convex_subdifferential").on(target)
    assert claim.word == "undecided"
    assert "relu_power" in claim.reason


# ---------------------------------------------------------------------- what stored theorems assume


@pytest.mark.parametrize(
    ("name", "assumed", "theorem"),
    [
        ("log_margin_speed", "Lemma 4", "lemma_4_for_every_clarke_subgradient"),
        ("soft_margin_speed", "Lemma 4", "lemma_4_for_every_clarke_subgradient"),
        ("weight_decay_shrinks_the_difference", "does not change if", "two_matrices_can_be_rescaled"),
        ("gradient_lower_bound", "weight-gradient preservation", None),
        ("gradient_descent_step", "weight-gradient preservation", None),
    ],
)
def test_what_a_stored_theorem_assumes_is_said_and_the_theorem_that_shows_it_is_cited(name, assumed, theorem):
    claims = [claim for claim in find_lemma(name).claims(TARGET) if claim.word == "proved_general"]
    assert any(assumed in hypothesis for hypothesis in claims[0].hypotheses)
    if theorem is not None:
        assert theorem in claims[1].certificate["theorems"]


def test_the_stored_theorem_on_the_norm_speaks_of_both_flows_and_of_no_speed():
    text = (SCRIPTS / "soft_margin_monotone.v").read_text(encoding="utf-8")
    statement = re.search(r"Theorem log_margin_and_norm_along_the_flow(.*?)Proof\.", text, re.DOTALL).group(1)
    assert "norm d (w a) <= norm d (w t)" in statement
    assert "derivable" not in statement
    speed = [claim.certificate["theorems"] for claim in find_lemma("norm_growth").claims(TARGET)][1]
    assert speed == ["lemma_4_for_every_clarke_subgradient"]


def test_pieces_are_counted_by_no_stored_theorem_and_by_no_words():
    for name in ("homogeneous_in_the_input", "homogeneous_in_the_weights"):
        assert "finitely many" not in find_lemma(name).words
