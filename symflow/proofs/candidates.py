"""Problems at which a statement may be false: small integers, drawn the same way each time, off every kink.

A false polynomial identity is false almost everywhere, so that a handful of points suffices; statements that only some
activation pattern breaks need a point in its cell, for which more are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from symflow.checker.networks import forward
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused
from symflow.proofs.claim import Json

_LARGEST = 3

# So often it is tried to miss all kinks.
_MOST_DRAWS = 4_000
_N_POSITIVE = 10


def candidates(template: Problem, given: Json | None, *, has_risk: bool = True) -> Iterator[Json]:
    """Return problems of a shape, some thousands at most; where one is given, with its data and its objective.

    Parameters
    ----------
    template : Problem
        Widths, activations, biases.
    given : dict, optional
        A problem's tree of which all is kept but the variables: the weights, or the input.
    has_risk : bool
        Whether a risk and labels are spoken of.
    """
    random = Random(1)
    for number in range(_MOST_DRAWS):
        least = 1 if number < _N_POSITIVE else -_LARGEST  # with positive numbers every weight matters
        weights = [[[_integer(random, least) for _ in row] for row in matrix] for matrix in template.weights]
        network: Json = {"activation": [_entry(a) for a in template.activations], "weights": weights}
        if template.biases is not None:
            network["biases"] = [[_integer(random, least) for _ in row] for row in template.biases]
        if given is None:
            data: Json = {"inputs": [[_integer(random, least) for _ in x] for x in template.inputs]}
            tree: Json = {"network": network, "data": data, "objective": {"kind": "output"}}
            if has_risk or len(template.inputs) > 1:
                data["labels"] = [random.choice(["1", "-1"]) for _ in template.inputs]
                tree["objective"] = {"kind": "risk", "loss": "exponential"}
            if len(template.weights[-1]) > 1:
                tree["objective"]["output"] = template.output + 1
        elif template.variable == "input":
            at = [_integer(random, -_LARGEST) for _ in template.inputs[0]]
            tree = {**given, "objective": {**given["objective"], "at": at}}
        else:
            tree = {**given, "network": network}
        if _is_off_kinks(tree):
            yield tree


def _integer(random: Random, least: int) -> str:
    return str(random.choice([i for i in range(least, _LARGEST + 1) if i]))


def _is_off_kinks(tree: Json) -> bool:
    try:
        problem = read_problem(tree)
    except Refused:
        return False
    return all(
        z != 0
        for datum in range(len(problem.inputs))
        if any(problem.inputs[datum]) or problem.biases is not None  # else the net is 0 there, whatever the weights
        for layer in forward(problem, datum).preactivations[:-1]
        for z in layer
    )


def _entry(activation: Any) -> Any:
    if activation.name == "leaky_relu":
        return {"name": activation.name, "slope": str(activation.slope)}
    if activation.name == "relu_power":
        return {"name": activation.name, "power": activation.power}
    if activation.name == "maxpool":
        return {"name": activation.name, "groups": [list(group) for group in activation.groups]}
    return activation.name
