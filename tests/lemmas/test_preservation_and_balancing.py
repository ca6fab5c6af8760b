"""Nets as products, Euler's identity, and balancing: the catalogue's verdicts, their witnesses, and drawn nets."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symflow
from symflow.checker.verify import verify_text
from symflow.lemmas.base import Target, find_lemma
from symflow.problem_file import read_problem
from symflow.problem_tree import problem_from_tree
from symflow.proofs.engines import remembering
from symflow.proofs.kernel import mint
from symflow.proofs.prover import decide
from symflow.proofs.setting import GIVEN, net_tree, problem_setting, shape_setting
from symflow.reports.prove_result import prove_result
from symflow.reports.result_engines import ENGINES
from tests.strategies import problem_trees, weights_and_two_data

DEMO = Path(symflow.__file__).parent / "demo.toml"
TARGET = Target(remembering(ENGINES))

# The catalogue's rows: name, numbers, the verdict of the first claim, and of the claims after it.
ROWS = [
    ("slopes_are_zero_or_one", "A21", "proved_general", ["proved_shape"]),
    ("preactivations_are_products", "A22", "proved_general", ["proved_shape"]),
    ("output_is_a_product", "A23", "proved_general", ["proved_shape"]),
    ("gradient_is_an_outer_product", "A24", "proved_general", ["proved_shape"]),
    ("weight_gradient_preservation", "A25", "proved_general", ["proved_shape"]),
    ("euler_on_clarke", "A26", "proved_general", ["proved_general"]),
    ("euler_on_clarke", "B2", "proved_general", ["proved_general"]),
    ("euler_in_each_layer", "A27", "proved_shape", ["proved_general"]),
    ("euler_where_differentiable", "A28", "proved_general", ["proved_shape"]),
    ("euler_in_the_limit", "A29", "proved_general", []),
    ("gradient_lower_bound", "A30", "proved_general", ["proved_shape"]),
    ("balancing", "A31", "proved_general", ["proved_shape"]),
    ("risk_gradient", "A32", "proved_shape", ["proved_instance"]),
    ("speed_of_the_norm", "A33", "proved_shape", ["proved_general"]),
    ("gradient_descent_step", "A34", "proved_shape", ["proved_shape", "proved_general"]),
    ("degree_is_hidden_layers", "B3", "refuted", ["refuted"]),
    ("balancing_is_complete", "D3", "proved_shape", []),
    ("balancing_per_neuron", "D3", "proved_shape", ["proved_shape", "proved_general"]),
    ("balancing_per_neuron_with_biases", "D3", "proved_shape", ["proved_shape"]),
    ("gram_balancing_of_linear_nets", "D3", "proved_shape", ["proved_general"]),
    ("degree_is_hidden_layers", "E4", "refuted", ["refuted"]),
    ("euler_in_each_layer_as_printed", "E7", "refuted", []),
    ("euler_in_the_limit", "E8", "proved_general", []),
    ("large_weights_have_small_gradients", "E10", "refuted", []),
    ("speed_of_the_norm_as_printed", "E11", "refuted", []),
    ("slopes_depend_on_the_input_alone", "E14", "refuted", []),
    ("gradient_descent_balances", "E15", "refuted", []),
    ("degree_is_hidden_layers", "W2", "refuted", ["refuted"]),
    ("balancing_with_biases", "W6", "refuted", ["refuted"]),
    ("balancing_of_residual_nets", "W6", "refuted", []),
    ("balancing_under_weight_decay", "W6", "refuted", []),
    ("skip_connection_unbalances", "W6", "proved_shape", []),
    ("weight_decay_shrinks_the_difference", "W6", "proved_shape", ["proved_general", "proved_general"]),
    ("gram_balancing_of_relu_nets", "W7", "refuted", []),
    ("gradient_descent_balances", "W8", "refuted", []),
]


@pytest.mark.parametrize(("name", "number", "first", "others"), ROWS, ids=[f"{row[1]}-{row[0]}" for row in ROWS])
def test_the_verdict_at_home_is_the_catalogues(name, number, first, others):
    lemma = find_lemma(name)
    assert number in lemma.ids
    theorems = [mint(claim) for claim in lemma.claims(TARGET)]
    assert [theorem.verdict.word for theorem in theorems] == [first, *others]
    report = verify_text(json.dumps(prove_result(theorems, None, None)))
    assert report["accepted"], report
    if first == "refuted":
        assert lemma.see is not None
        assert mint(next(iter(find_lemma(lemma.see).claims(TARGET)))).verdict.holds


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("degree_is_hidden_layers", "2", "1"),  # ⟨(1, 1), (1, 1)⟩ = 2, and 1 · f = 1
        ("euler_in_each_layer_as_printed", "1", "2"),  # u ∂f/∂u = uv = 1, and L f = 2
        ("large_weights_have_small_gradients", "2", "1"),  # ‖∇_w f‖² = ‖x‖² = 2, (∂f/∂v)² = ⟨w, x⟩² = 1
        ("speed_of_the_norm_as_printed", "-2", "2"),  # d/dt u² = −2uv
        ("slopes_depend_on_the_input_alone", "0", "-1"),  # σ(−1) = 0
        ("gradient_descent_balances", "297/100", "3"),  # (19/10)² − (4/5)²
        ("balancing_with_biases", "2", None),  # −4 + 4 + 2: the last bias falls as fast as f rises
        ("balancing_of_residual_nets", "1", "2"),  # w ∂g/∂w = 1, v ∂g/∂v = v (wx + x) = 2
        ("balancing_under_weight_decay", "-6", "0"),  # −2 λ (u² − v²) with λ = 1
        ("gram_balancing_of_relu_nets", "-2", None),  # d/dt (v₁v₂ − ⟨u₁, u₂⟩)
    ],
)
def test_the_witness_shows_the_two_sides(name, left, right):
    claim = next(iter(find_lemma(name).claims(TARGET)))
    assert claim.witness["left"] == left
    assert claim.witness.get("right") == right


# ---------------------------------------------------------------------- statements near these that are false


DEEP = shape_setting([2, 3, 2, 1], ["relu", "relu"])
TWO = shape_setting([2, 2, 1], ["relu"], n_data=2)
BIASED = shape_setting([2, 2, 1], ["relu"], bias=True)
SQUARED = shape_setting([1, 2, 1], [{"name": "relu_power", "power": 2}])


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("z[3] == W[3]*A[2]*W[2]*W[1]*x", DEEP),  # a slope left out
        ("z[3] == W[3]*A[2]*W[2]*A[1]*W[1]*x", shape_setting([2, 3, 2, 1], ["relu", "relu"], bias=True)),
        ("grad(f, W[2]) == transpose(W[3])*transpose(A[1]*W[1]*x)", DEEP),
        ("for l in 1..L: inner(W[l], grad(f, W[l])) == -f", DEEP),
        ("for l in 1..L: inner(W[l], grad(f, W[l])) == f", BIASED),
        ("for l in 1..L: inner(W[l], grad(f, W[l])) == f", SQUARED),
        ("inner(w, grad(f)) == H*f", DEEP),
        ("for l in 1..L: norm2(W[l])*norm2(grad(f, W[l])) >= 2*f^2", DEEP),
        ("for l in 1..L: norm2(W[l])*norm2(grad(f, W[l])) <= f^2", TWO),
        ("for l in 1..L-1: norm2(W[l]) + norm2(W[l+1]) is conserved", DEEP),
        ("for l in 1..L-1: norm2(W[l]) - 2*norm2(W[l+1]) is conserved", DEEP),
        ("for l in 1..L-1, j in 1..width(l): norm2(W[l][j,:]) - norm2(W[l+1][:,1]) is conserved", DEEP),
        ("for l in 1..L-1, j in 1..width(l): norm2(W[l][j,:]) - norm2(W[l+1][:,j]) is conserved", BIASED),
        ("for l in 1..L-1, j in 1..width(l): norm2(W[l][j,:]) - b[l][j]^2 - norm2(W[l+1][:,j]) is conserved", BIASED),
        ("for l in 1..L: 2*inner(W[l], -grad(R, W[l])) == -2*c[1]*f[1]", TWO),
        ("for eta > 0: norm2(W[1] - eta*grad(R, W[1])) - norm2(W[2] - eta*grad(R, W[2])) == norm2(W[1]) - norm2(W[2]) "
         "- eta^2*(norm2(grad(R, W[1])) - norm2(grad(R, W[2])))", TWO),
        ("inner(W[1][1,:], W[1][2,:]) - inner(W[2][:,1], W[2][:,2]) is conserved", TWO),
    ],
)  # fmt: skip
def test_a_changed_statement_is_refuted(text, setting):
    claim = decide(text, setting)
    assert claim.word == "refuted", claim.reason
    assert mint(claim).verdict.word == "refuted"


def test_gram_matrices_balance_for_linear_nets_alone():
    text = find_lemma("gram_balancing_of_linear_nets").statement
    for activation, word in (("identity", "proved_shape"), ("abs", "refuted"), ("relu", "refuted")):
        assert decide(text, shape_setting([2, 2, 1], [activation])).word == word


@pytest.mark.parametrize(
    "activation", ["relu", "abs", "identity", {"name": "leaky_relu", "slope": "1/3"}], ids=lambda a: str(a)[:20]
)
def test_every_activation_of_degree_one_balances_and_preserves(activation):
    setting = shape_setting([2, 3, 1], [activation])
    for name in ("weight_gradient_preservation", "balancing", "balancing_per_neuron", "speed_of_the_norm"):
        assert mint(decide(find_lemma(name).statement, setting)).verdict.word == "proved_shape", name


def test_pools_preserve_and_balance_layer_by_layer():
    setting = shape_setting([2, 4, 1], [{"name": "maxpool", "groups": [[0, 1], [2, 3]]}])
    for name in ("weight_gradient_preservation", "balancing"):
        assert mint(decide(find_lemma(name).statement, setting)).verdict.word == "proved_shape", name
    # What comes into a pool is all of its members: a member alone does not balance with what goes out.
    pool = "norm2(W[1][1,:]) + norm2(W[1][2,:]) - norm2(W[2][:,1]) is conserved"
    assert decide(pool, setting).word == "proved_shape"
    assert decide("norm2(W[1][1,:]) - norm2(W[2][:,1]) is conserved", setting).word == "refuted"


def test_ten_data_cost_what_one_does():
    text = "for k in 1..n, l in 1..L: inner(W[l], grad(f[k], W[l])) == f[k]"
    one, ten = (decide(text, shape_setting([4, 8, 1], ["relu"], n_data=n)) for n in (1, 10))
    assert (one.certificate["n_identities"], ten.certificate["n_identities"]) == (2, 20)
    assert one.certificate["n_symbols"] == ten.certificate["n_symbols"] == 40 + 4 + 8  # weights, one datum, its slopes


# ---------------------------------------------------------------------- on the demo, and where hypotheses fail


@pytest.fixture(scope="module")
def on_demo():
    problem = read_problem(str(DEMO))
    target = Target(remembering(ENGINES), problem)
    return problem, {name: list(find_lemma(name).claims(target)) for name in dict.fromkeys(row[0] for row in ROWS)}


def test_all_claims_about_the_demo_verify_from_their_json(on_demo):
    problem, claims = on_demo
    theorems = [mint(claim, problem=problem.tree()) for found in claims.values() for claim in found]
    report = verify_text(json.dumps(prove_result(theorems, problem, None)))
    assert report["accepted"], report
    assert "undecided" not in {theorem.verdict.word for theorem in theorems}
    words = {name: [claim.word for claim in found] for name, found in claims.items()}
    # The demo is at a kink: its Clarke differential is a segment, and Euler's identity is checked at both ends.
    assert words["euler_on_clarke"] == ["proved_general", "proved_general", "proved_instance"]
    assert words["euler_in_each_layer"] == ["proved_general", "proved_shape", "proved_instance"]
    assert words["balancing_per_neuron_with_biases"] == []
    assert words["gram_balancing_of_linear_nets"] == []
    assert words["balancing_is_complete"] == ["proved_shape"]


def _demo(**changes):
    tree = read_problem(str(DEMO)).tree()
    for key, value in changes.items():
        tree[key] = tree[key] | value
    return problem_from_tree(tree)


@pytest.mark.parametrize(
    ("problem", "names"),
    [
        (
            _demo(network={"biases": [["1", "0"], ["0"]]}),
            ["weight_gradient_preservation", "output_is_a_product", "euler_on_clarke", "balancing"],
        ),
        (
            _demo(network={"activation": [{"name": "relu_power", "power": 2}]}),
            ["weight_gradient_preservation", "gradient_is_an_outer_product", "euler_in_each_layer", "balancing"],
        ),
        (_demo(flow={"trained": ["W1"]}), ["balancing", "balancing_per_neuron", "balancing_is_complete"]),
    ],
    ids=["biases", "relu squared", "W2 held"],
)
def test_nothing_is_claimed_where_a_hypothesis_fails(problem, names):
    target = Target(remembering(ENGINES), problem)
    for name in names:
        assert not list(find_lemma(name).claims(target)), name


def test_asked_by_name_of_a_net_with_biases_preservation_says_nothing_and_its_formula_is_false():
    problem = _demo(network={"biases": [["1", "0"], ["0"]], "weights": [[["2", "-1"], ["-1", "0"]], [["1", "-1/2"]]]})
    target = Target(remembering(ENGINES), problem)
    lemma = find_lemma("A25")
    (claim,) = lemma.claims(target, is_asked_by_name=True)
    assert claim.word == "undecided"
    assert "it assumes that the net has no biases" in (claim.reason or "")
    assert lemma.statement in (claim.reason or "")
    alone = decide(lemma.statement, GIVEN, given=problem.tree())
    assert mint(alone, problem=problem.tree()).verdict.word == "refuted"


def test_with_biases_each_neuron_balances_with_its_own():
    problem = _demo(network={"biases": [["1", "0"], ["0"]]})
    (claim,) = find_lemma("balancing_per_neuron_with_biases").claims(Target(remembering(ENGINES), problem))
    assert mint(claim, problem=problem.tree()).verdict.word == "proved_shape"


def test_a_shape_without_more_laws_is_complete_and_a_cell_with_more_is_not_claimed():
    target = Target(remembering(ENGINES), shape=shape_setting([3, 4, 1], ["relu"]))
    (claim,) = find_lemma("balancing_is_complete").claims(target)
    assert (claim.word, claim.scope) == ("proved_shape", "shape 3-4-1")
    assert mint(claim).verdict.word == "proved_shape"
    result = claim.certificate["result"]
    assert len(result["laws"]) == 4  # one for each hidden neuron


# ---------------------------------------------------------------------- on drawn nets, and by another road


@settings(max_examples=12, deadline=None)
@given(problem_trees(n_data=2, biases=False, width=2, kinds=("relu", "abs", "leaky_relu", "identity")))
def test_euler_holds_at_every_vertex_of_drawn_differentials(tree):
    tree = problem_from_tree(tree).tree()
    for text in (
        "for s in clarke(R): inner(s, w) == L*sum(k in 1..n: c[k]*f[k])",
        "for s in clarke(R), l in 1..L: inner(part(s, W[l]), W[l]) == sum(k in 1..n: c[k]*f[k])",
    ):
        found = decide(text, GIVEN, given=tree, engines=ENGINES)
        assert found.word == "proved_instance", found.reason
        assert mint(found, problem=tree).verdict.word == found.word


@settings(max_examples=25, deadline=None)
@given(problem_trees(n_data=2, biases=False, width=2, kinds=("relu", "abs", "leaky_relu", "identity", "maxpool")))
def test_what_backpropagation_gives_balances_at_drawn_points_kinks_or_not(tree):
    text = "for l in 1..L: inner(W[l], part(autodiff(R), W[l])) == sum(k in 1..n: c[k]*f[k])"
    tree = problem_from_tree(tree).tree()
    found = decide(text, GIVEN, given=tree)
    assert found.word == "proved_instance"
    assert mint(found, problem=tree).verdict.word == "proved_instance"


@st.composite
def _nets(draw):
    """Draw a relu net of one or two hidden layers on two data, R = Σ c_k f_k: its weights, data and c."""
    weights, inputs = draw(weights_and_two_data(n_hidden=(1, 2), width=3, largest=3))
    return weights, inputs, [draw(st.sampled_from([-2, -1, 1, 3])) for _ in inputs]


def _backpropagation(weights, inputs, coefficients):
    """Return Σ c_k ∇f_k with σ'(0) = 0, written here once more, by loops over units."""
    total = [[[Fraction(0)] * len(row) for row in matrix] for matrix in weights]
    for x, c in zip(inputs, coefficients, strict=True):
        features = [[Fraction(v) for v in x]]
        for matrix in weights[:-1]:
            z = [sum(w * h for w, h in zip(row, features[-1], strict=True)) for row in matrix]
            features.append([max(value, Fraction(0)) for value in z])
        rates = [Fraction(c)]
        for layer in reversed(range(len(weights))):
            for i, rate in enumerate(rates):
                for j, h in enumerate(features[layer]):
                    total[layer][i][j] += rate * h
            rates = [
                sum(rate * weights[layer][i][j] for i, rate in enumerate(rates)) * (h > 0)
                for j, h in enumerate(features[layer])
            ]
    return total


def _square(matrix):
    return sum(entry * entry for row in matrix for entry in row)


@settings(max_examples=25, deadline=None)
@given(_nets())
def test_a_step_of_backpropagation_changes_drawn_layers_by_the_squares_of_their_gradients(net):
    # With any fixed σ'(0), here 0: at kinks too, where the selection need not lie in the Clarke differential.
    weights, inputs, coefficients = net
    gradients = _backpropagation(weights, inputs, coefficients)
    eta = Fraction(1, 7)
    moved = [
        [[w - eta * g for w, g in zip(u, v, strict=True)] for u, v in zip(a, b, strict=True)]
        for a, b in zip(weights, gradients, strict=True)
    ]
    for (a, g, c), (b, h, d) in pairwise(zip(weights, gradients, moved, strict=True)):
        assert _square(c) - _square(d) == _square(a) - _square(b) + eta**2 * (_square(g) - _square(h))


@settings(max_examples=15, deadline=None)
@given(_nets())
def test_the_gradient_of_a_drawn_net_is_the_one_that_is_written_down_here(net):
    weights, inputs, coefficients = net
    tree = net_tree(
        weights,
        activation=["relu"] * (len(weights) - 1),
        inputs=inputs,
        kind="combination",
        coefficients=coefficients,
    )
    gradients = _backpropagation(weights, inputs, coefficients)
    for layer, matrix in enumerate(gradients, start=1):
        row = ", ".join(str(entry) for entry in matrix[0])
        found = decide(f"grad(R, W[{layer}])[1,:] == vector({row}) at w", problem_setting(tree))
        assert found.word in ("proved_instance", "undecided")  # undecided at a kink: there is no gradient
