"""A bank of nets at kinks: small integers, drawn by seeds, and held against four other roads to the same set.

Small integers make kinks, ties, vanishing and parallel features the rule. Each seed stands for one net on its data; a
failing test names its seed, and ``drawn(seed)`` is the problem. For every net

* the set is exact, and the checker accepts its certificates;
* limits of gradients along sampled arcs lie in it (they are read off at points far closer to w than any root);
* every vertex satisfies Euler's identity layer by layer, where there are no biases;
* torch's own gradient is the "autodiff" selection, and the verdict on it is the audit's (where torch is installed).
"""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from symflow.checker.verify import verify_text
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.euler import euler
from symflow.differentials.selection import select
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.linear_algebra import rank
from symflow.exact.rationals import fmpq
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.reports.results import clarke_result

SEEDS = range(320)
CHUNK = 10
# Quick ones of every kind, for the run without the slow tests.
QUICK_SEEDS = range(12)

ARCS_PER_NET = 24
# Displacements are integers times powers of this: a polynomial of degree 4 with the coefficients that occur here has,
# at so small an ε, the sign of its first coefficient that is not zero.
EPSILON = Fraction(1, 2**24)


# ------------------------------------------------------------------------------------------ drawing a net


def drawn(seed: int) -> Problem:
    """Return the net of a seed on its data: at least one kink, and one in a deeper layer if it has one."""
    dice = random.Random(seed)
    while True:
        problem = problem_from_tree(_tree(dice))
        function = problem.function()
        layers = [site.layer for site in function.table.sites if is_kink(function, site)]
        is_deep = function.network.architecture.n_hidden_layers > 1
        if layers and len(layers) <= 8 and (not is_deep or max(layers) >= 2):
            return problem


def _tree(dice: random.Random) -> dict[str, Any]:
    n_hidden = dice.choice([1, 2, 2, 2, 3])
    kind = dice.choice(["relu", "relu", "relu", "leaky_relu", "abs", "maxpool"])
    n_inputs, n_data = dice.choice([1, 2, 2]), dice.choice([1, 2, 3])
    has_biases = dice.random() < 0.3
    fan_in, weights, biases, activations = n_inputs, [], [], []
    for _ in range(n_hidden):
        width = dice.choice([1, 2, 2] if n_hidden == 3 else [1, 2, 2, 3])
        if kind == "maxpool":
            width = 2 * max(1, width // 2)
        weights.append([[dice.randint(-2, 2) for _ in range(fan_in)] for _ in range(width)])
        biases.append([dice.randint(-1, 1) for _ in range(width)])
        fan_in = width
        if kind == "maxpool":
            fan_in = width // 2
            activations.append({"name": kind, "groups": [[2 * i, 2 * i + 1] for i in range(fan_in)]})
        else:
            activations.append({"name": kind, "slope": "1/4"} if kind == "leaky_relu" else {"name": kind})
    weights.append([[dice.randint(-2, 2) for _ in range(fan_in)]])
    biases.append([0])
    network: dict[str, Any] = {"activation": activations, "weights": weights}
    if has_biases:
        network["biases"] = biases
    inputs = [[dice.randint(-2, 2) for _ in range(n_inputs)] for _ in range(n_data)]
    return problem_tree(network, inputs, [dice.choice([-2, -1, 1, 2]) for _ in range(n_data)])


def problem_tree(network: dict[str, Any], inputs: list[list[int]], coefficients: list[int]) -> dict[str, Any]:
    return {
        "network": network,
        "data": {"inputs": inputs},
        "objective": {"kind": "combination", "variable": "weights", "coefficients": coefficients},
    }


def is_kink(function: AbstractPatternedFunction, site: Any) -> bool:
    values = function.values_at(site)
    return values.count(max(values)) > 1 if site.is_group else values == (0,)


def has_deep_dependent_features(function: AbstractPatternedFunction) -> bool:
    """Whether a unit beyond the first layer has kinks, none exempt, whose features vanish or are dependent.

    There Proposition 6 does not apply, and the linear terms of the constraints need not decide.
    """
    characters: list[str] = []
    kinks: dict[tuple[int, int], list[tuple[fmpq, ...]]] = {}
    for place, site in enumerate(function.table.sites):
        options = function.options(place, [*characters, *[""] * (len(function.table.sites) - place)])
        characters.append(options[-1].character)  # active, wherever it can be
        if site.layer >= 2 and len(options) > 1:
            feature = function.features[site.datum][site.layer - 1]
            bias = (fmpq(1),) if function.network.architecture.has_biases else ()
            kinks.setdefault((site.layer, site.output), []).append((*feature, *bias))
    return any(rank(features) < len(features) for features in kinks.values())


# Section 2.2 of clarke.md: where first-order methods fail.
NAMED = {
    # (i) Parallel features of two data over a zero row: (+,-) in layer 2 needs an arc of second order ..
    "parallel features, which the width of layer 1 moves apart": problem_tree(
        {"activation": [{"name": "relu"}] * 2, "weights": [[[1, 1], [1, 1]], [[0, 0]], [[1]]]},
        [[1, 0], [0, 1]],
        [1, -1],
    ),
    # .. and cannot be had where layer 1 has width 1: the same linear terms, the opposite answer.
    "parallel features, which a layer of width 1 keeps parallel": problem_tree(
        {"activation": [{"name": "relu"}] * 2, "weights": [[[1, 1]], [[0]], [[1]]]}, [[1, 0], [0, 1]], [1, -1]
    ),
    # (ii) A dead layer: the features vanish, and with them the linear terms of layer 2.
    "vanishing features": problem_tree(
        {"activation": [{"name": "relu"}] * 2, "weights": [[[0], [0]], [[0, 1]], [[1]]]}, [[1]], [1]
    ),
    # (iii) Fréchet differentiable with gradient 0, and yet the set is a segment.
    "the cusp": problem_tree(
        {"activation": [{"name": "relu"}] * 2, "weights": [[[0], [0]], [[-1, 0]], [[-1]]]}, [[-1]], [1]
    ),
}


@dataclass(frozen=True)
class Entry:
    """A net of the bank, with its name for messages."""

    name: str
    problem: Problem


def entries(seeds: range) -> list[Entry]:
    return [Entry(f"seed {seed}", drawn(seed)) for seed in seeds]


# ------------------------------------------------------------------------------------------ what has to hold


def check(entry: Entry) -> ClarkeDifferential:
    """Hold one net's differential against the checker, sampled gradients and Euler's identity."""
    function = entry.problem.function()
    assert isinstance(function, FunctionOfWeights)
    dF = clarke_differential(function)
    assert dF.is_exact, entry.name
    report = verify_text(json.dumps(clarke_result(entry.problem, dF)))
    assert report["accepted"], (entry.name, report["rejected"])
    for gradient in sampled_gradients(function, entry.name):
        assert dF.contains(gradient).is_proved, (entry.name, gradient)
    identity = euler(function)
    if identity is not None:
        for vertex in itertools.islice(dF._points([factor.inner.vertices for factor in dF.factors]), 200):
            assert layer_products(function, vertex) == list(identity.layers), (entry.name, vertex)
    return dF


def sampled_gradients(function: FunctionOfWeights, name: str) -> set[tuple[Scalar, ...]]:
    """Return limits of ∇F along arcs w + ε^m d: each coordinate moves at a power of ε of its own."""
    dice = random.Random(name)
    found = set()
    for number in range(ARCS_PER_NET):
        powers = [1] * len(function.point) if number % 3 == 0 else [dice.randint(1, 3) for _ in function.point]
        moved = [
            value + fmpq(dice.randint(-3, 3)) * fmpq(1, EPSILON.denominator**power)
            for value, power in zip(function.point, powers, strict=True)
        ]
        characters = the_pattern(function_at(function, moved))
        if characters is not None:
            found.add(function.limiting_gradient(characters))
    return found


def function_at(function: FunctionOfWeights, point: list[fmpq]) -> FunctionOfWeights:
    """Return the same function at another point: parameters in their order, W1, b1, W2, .."""
    entries = iter(point)
    weights, biases = [], []
    for matrix in function.network.weights:
        weights.append([[next(entries) for _ in row] for row in matrix])
        if function.network.biases is not None:
            biases.append([next(entries) for _ in matrix])
    network = Network.from_weights(
        *weights, biases=biases or None, activation=list(function.network.architecture.activations)
    )
    moved = FunctionOfWeights(network, function.inputs, function.objective)
    assert list(moved.point) == point
    return moved


def the_pattern(function: AbstractPatternedFunction) -> tuple[str, ...] | None:
    """Return the pattern of the cell in which the point lies, None where it lies in none."""
    characters = [""] * len(function.table.sites)
    for place in range(len(characters)):
        options = function.options(place, characters)
        if len(options) > 1:
            return None
        characters[place] = options[0].character
    return tuple(characters)


def layer_products(function: AbstractPatternedFunction, vertex: tuple[Scalar, ...]) -> list[Scalar]:
    """Return <s_l, W_l> for each layer of a net without biases."""
    start, result = 0, []
    for matrix in function.network.weights:
        flat = [entry for row in matrix for entry in row]
        total: Scalar = fmpq(0)
        for s, w in zip(vertex[start : start + len(flat)], flat, strict=True):
            total = total + s * w
        result.append(total)
        start += len(flat)
    return result


def torch_gradient(function: FunctionOfWeights) -> tuple[fmpq, ...]:
    """Return what torch computes for ∇F, in float64: all numbers are dyadic and small, so nothing is rounded."""
    torch = pytest.importorskip(
        "torch", reason="NO TORCH HERE: pip install torch==2.13.0 to hold autograd itself against"
    )
    shape = function.network.architecture
    parameters = []
    total = torch.zeros((), dtype=torch.float64)
    matrices = [
        torch.tensor([[float(v.p) / float(v.q) for v in row] for row in m], dtype=torch.float64)
        for m in function.network.weights
    ]
    vectors = [
        torch.tensor([float(v.p) / float(v.q) for v in b], dtype=torch.float64) for b in function.network.biases or ()
    ]
    for layer, matrix in enumerate(matrices):
        parameters.append(matrix.requires_grad_())
        if vectors:
            parameters.append(vectors[layer].requires_grad_())
    for x, coefficient in zip(function.inputs, function.coefficients, strict=True):
        h = torch.tensor([float(v.p) for v in x], dtype=torch.float64)
        for layer, matrix in enumerate(matrices, start=1):
            h = matrix @ h + (vectors[layer - 1] if vectors else 0)
            if layer == len(matrices):
                break
            name = shape.activation(layer).name
            if name == "maxpool":
                h = torch.nn.functional.max_pool1d(h.reshape(1, 1, -1), 2).reshape(-1)
            elif name == "leaky_relu":
                h = torch.nn.functional.leaky_relu(h, 0.25)
            else:
                h = {"relu": torch.relu, "abs": torch.abs}[name](h)
        total = total + float(coefficient.p) * h[0]
    gradients = torch.autograd.grad(total, parameters, allow_unused=True, materialize_grads=True)
    exact = [Fraction(v) for gradient in gradients for v in gradient.reshape(-1).tolist()]
    return tuple(fmpq(v.numerator, v.denominator) for v in exact)


def check_torch(entry: Entry, dF: ClarkeDifferential) -> bool:
    """Hold torch's gradient against the audit; return whether it is a Clarke subgradient."""
    function = entry.problem.function()
    assert isinstance(function, FunctionOfWeights)
    gradient, audited = torch_gradient(function), select(dF, "autodiff")
    assert gradient == audited.gradient, entry.name
    assert type(dF.contains(gradient)) is type(audited.verdict), entry.name
    return bool(audited.verdict.is_proved)


# ------------------------------------------------------------------------------------------ the tests


@pytest.mark.parametrize("name", NAMED)
def test_the_nets_on_which_first_order_methods_fail_are_exact(name: str) -> None:
    check(Entry(name, problem_from_tree(NAMED[name])))


def test_the_quick_part_of_the_bank_is_exact_and_rechecks() -> None:
    for entry in entries(QUICK_SEEDS):
        check(entry)


@pytest.mark.slow
def test_the_audit_s_verdict_on_the_quick_part_is_torch_s_gradient_s() -> None:
    for entry in entries(QUICK_SEEDS):
        check_torch(entry, clarke_differential(entry.problem.function()))


def test_the_bank_is_large_and_mostly_deep() -> None:
    bank = [entry.problem.function() for entry in entries(SEEDS)]
    depths = {function.network.architecture.n_hidden_layers for function in bank}
    kinds = {function.network.architecture.activation(1).name for function in bank}
    assert len(bank) >= 300
    assert depths == {1, 2, 3}
    assert kinds == {"relu", "leaky_relu", "abs", "maxpool"}
    assert {function.n_data for function in bank} == {1, 2, 3}
    assert {function.network.architecture.has_biases for function in bank} == {False, True}
    assert sum(has_deep_dependent_features(function) for function in bank) >= 100


@pytest.mark.slow
@pytest.mark.parametrize("start", SEEDS[::CHUNK], ids=lambda start: f"seeds {start} to {start + CHUNK - 1}")
def test_the_bank_is_exact_and_rechecks(start: int) -> None:
    for entry in entries(range(start, start + CHUNK)):
        dF = check(entry)
        try:
            check_torch(entry, dF)
        except pytest.skip.Exception:
            continue


@pytest.mark.slow
def test_torch_s_gradient_is_not_always_a_clarke_subgradient() -> None:
    verdicts = [check_torch(entry, clarke_differential(entry.problem.function())) for entry in entries(range(60))]
    assert not all(verdicts)
    assert any(verdicts)
