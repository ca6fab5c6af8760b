"""The problem of a result of ``symflow laws``: its model, what moves, what its laws are complete for."""

from __future__ import annotations

from typing import final

from symflow.checker.formulas import Reader
from symflow.checker.problems import Problem, held_places
from symflow.checker.reading import Refused, items, optional, take
from symflow.checker.symbolic import read_symbolic_problem


@final
class LawSetting:
    """What is believed of a result, read and checked for sense.

    Parameters
    ----------
    result : dict
        A whole result of ``symflow laws``.

    Raises
    ------
    Refused
        If the problem and the model do not fit.
    """

    def __init__(self, result: dict[str, object]) -> None:
        self.result = result
        self.model = take(result, "model", str)
        tree = take(result, "problem", dict)
        self.problem, self.weights_are_symbols, self.outputs = _read_problem(tree, self.model)
        activations = self.problem.activations
        if self.model == "linear" and any(a.name != "identity" for a in activations):
            raise Refused("the model linear, and a layer that is not linear", "network.activation")
        if self.model == "relu" and any(a.power > 1 for a in activations):
            raise Refused("the model relu, and a piece that is not linear", "network.activation")
        self.reader = Reader(self.problem.names)
        self.names = {name: i for i, name in enumerate(self.problem.names)}
        self.held = held_places(tree, self.problem.names)


def scope(problem: Problem, model: str) -> str:
    """Return what the laws are complete for, as the result has to say it."""
    if model == "cell":
        return "given data"
    if model == "linear":
        return "all data"
    is_wide = len(problem.weights[0][0]) >= 2 or problem.biases is not None
    if problem.n_hidden > 1 or not is_wide:
        return "path monomials"
    for activation in problem.activations:
        groups = activation.groups if activation.name == "maxpool" else ((0, 1),)
        if activation.name == "identity" or activation.slope == 1 or min(map(len, groups)) < 2:
            return "path monomials"
    return "all data"


def _read_problem(tree: dict[str, object], model: str) -> tuple[Problem, bool, tuple[int, ...]]:
    """Return the problem with all of its data, whether its weights are symbols, and which outputs count."""
    given = optional(tree, "objective", dict) or {}
    if model not in ("linear", "relu", "cell"):
        raise Refused("an unknown model", "laws.model")
    objective: dict[str, object] = {"kind": "output", "variable": "weights", "output": 1}
    rest = {key: entry for key, entry in tree.items() if key != "data"}
    if model == "cell":
        n_data = len(items(take(tree, "data", dict), "inputs"))
        objective |= {"kind": "combination", "coefficients": ["1"] * n_data}
        rest["data"] = {"inputs": take(tree, "data", dict)["inputs"]}
    found = read_symbolic_problem({**rest, "objective": objective})
    n_outputs = len(found.problem.weights[-1])
    outputs = tuple(range(n_outputs))
    if "output" in given:
        outputs = (take(given, "output", int) - 1,)
        if outputs[0] not in range(n_outputs):
            raise Refused("the network has no such output", "objective.output")
    return found.problem, found.weights_are_symbols, outputs
