"""The block of a neuron: P_j, found once on the data where it kinks and moved, is what the whole net gives for it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from symflow.cells.neuron_block import BlockCharacters
from symflow.checker.verify import verify_text
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.factor import Factor, make_factor
from symflow.differentials.product_form import _block_gradient
from symflow.exact.point_sets import dot
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.reports.results import clarke_result


def drawn(seed: int) -> Problem:
    """Several neurons, some on the same kinks; among them zero data, rows and outer weights, and parallel data."""
    dice = random.Random(seed)
    n_inputs, width, n_data = dice.choice([1, 2, 2, 3]), dice.choice([1, 2, 4]), dice.choice([1, 3, 5])
    network: dict[str, Any] = {
        "activation": dice.choice(["relu", {"name": "leaky_relu", "slope": "1/4"}, "abs"]),
        "weights": [
            [[dice.randint(-1, 1) for _ in range(n_inputs)] for _ in range(width)],
            [[dice.randint(-2, 2) for _ in range(width)]],
        ],
    }
    if dice.random() < 0.3:
        network["biases"] = [[dice.randint(-1, 1) for _ in range(width)], [1]]
    inputs = [[dice.randint(-2, 2) for _ in range(n_inputs)] for _ in range(n_data)]
    labels = [dice.choice([-2, -1, 1, 2]) for _ in range(n_data)]
    objective = {"kind": "risk", "loss": dice.choice(["squared", "exponential"])}
    return problem_from_tree({"network": network, "data": {"inputs": inputs, "labels": labels}, "objective": objective})


def by_the_whole_net(function: AbstractPatternedFunction, factor: Factor) -> Factor:
    """Return the same block from all sites of the neuron, its gradients by the chain rule."""
    assert factor.neuron is not None
    output = factor.neuron - 1
    sites = [function.table.index[1, output, datum] for datum in range(function.n_data)]
    return make_factor(
        function,
        lambda characters: _block_gradient(function, output, factor.places, characters),
        places=factor.places,
        sites=sites,
        neuron=factor.neuron,
    )


@pytest.mark.parametrize("seed", range(60))
def test_it_is_the_factor_that_the_whole_net_gives(seed: int) -> None:
    problem = drawn(seed)
    function = problem.function()
    dF = clarke_differential(function)
    for factor in dF.factors:
        other = by_the_whole_net(function, factor)
        assert factor.inner.vertices == other.inner.vertices
        assert factor.n_limiting_gradients == other.n_limiting_gradients
        assert factor.gradients == other.gradients
        assert [(c.pattern, c.characters) for c in factor.incident.cells] == [
            (c.pattern, c.characters) for c in other.incident.cells
        ]
        assert {r.pattern for r in factor.incident.refuted} == {r.pattern for r in other.incident.refuted}
        assert {r.characters for r in factor.incident.refuted} == {r.characters for r in other.incident.refuted}
        check_witnesses(factor)
    report = verify_text(json.dumps(clarke_result(problem, dF)))
    assert report["accepted"], report["rejected"]


def check_witnesses(factor: Factor) -> None:
    hull = factor.inner
    points = [*hull.vertices, *(point for point, _ in hull.inner)]
    assert set(points) == set(factor.gradients)
    for vertex, functional in zip(hull.vertices, hull.functionals, strict=True):
        assert all(dot(vertex, functional) > dot(point, functional) for point in points if point != vertex)
    for point, weights in hull.inner:
        assert all(weight >= 0 for weight in weights)
        for i, entry in enumerate(point):
            terms = [weight * vertex[i] for weight, vertex in zip(weights, hull.vertices, strict=True)]
            assert entry == sum(terms[1:], start=terms[0])


def test_neurons_on_the_same_data_share_one_arrangement() -> None:
    """Five neurons at 0 and eight data of the plane: 16 cells each, found once."""
    inputs = [[1, 0], [0, 1], [1, 1], [1, 2], [2, 1], [-1, 1], [-1, 2], [-2, 1]]
    tree = {
        "network": {"activation": "relu", "weights": [[[0, 0]] * 5, [[1, -2, 3, 0, 5]]]},
        "data": {"inputs": inputs},
        "objective": {"kind": "combination", "coefficients": [1, -2, 3, -4, 5, -6, 7, -8]},
    }
    dF = clarke_differential(problem_from_tree(tree).function())
    assert [len(factor.incident.cells) for factor in dF.factors] == [16] * 5
    first, second = dF.factors[0], dF.factors[1]
    # v = 1 and v = -2: the second block is the first one times -2.
    assert second.inner.vertices == tuple(tuple(-2 * x for x in vertex) for vertex in first.inner.vertices[::-1])
    assert dF.factors[3].inner.n_points == 1
    assert report_is_accepted(tree)


def report_is_accepted(tree: dict[str, Any]) -> bool:
    problem = problem_from_tree(tree)
    return bool(verify_text(json.dumps(clarke_result(problem, clarke_differential(problem.function()))))["accepted"])


def test_the_characters_of_a_block_are_those_of_a_tuple() -> None:
    block = BlockCharacters(6, {1: 0, 4: 1}, ("-", "+"), {2: "0"}, "*")
    whole = ("*", "-", "0", "*", "+", "*")
    assert block == whole
    assert whole == block
    assert hash(block) == hash(whole)
    assert {block: 1}[whole] == 1  # type: ignore[index]
    assert list(block) == list(whole)
    assert block[-2] == "+"
    assert block[::2] == whole[::2]
    assert repr(block) == repr(whole)
    assert block != whole[:-1]
    assert block != "*-0*+*"
    with pytest.raises(IndexError):
        block[6]
