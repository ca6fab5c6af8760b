"""What a claim is about, as plain data: a shape, the given problem, another problem, named problems, or every net.

====================================================  ====================================================
``{"kind": "general"}``                               every depth and width; the claim says of which class
``{"kind": "shape", "widths", "activation", ..}``     all weights and all data of one shape
``{"kind": "given"}``                                 the problem of the file
``{"kind": "problem", "problem": tree}``              a problem that the claim brings along
``{"kind": "problems", "problems": {name: tree}}``    several, each with a name
====================================================  ====================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Json

GENERAL: Json = {"kind": "general"}
GIVEN: Json = {"kind": "given"}


def shape_setting(
    widths: Sequence[int], activation: Sequence[Any], *, bias: bool = False, n_data: int = 1, output: int | None = None
) -> Json:
    """Return the setting of all nets of a shape.

    Examples
    --------
    >>> shape_setting([2, 2, 1], ["relu"])
    {'kind': 'shape', 'widths': [2, 2, 1], 'activation': ['relu'], 'bias': False, 'n_data': 1}
    """
    setting: Json = {
        "kind": "shape",
        "widths": list(widths),
        "activation": list(activation),
        "bias": bias,
        "n_data": n_data,
    }
    if output is not None:
        setting["output"] = output
    return setting


def shape_of(problem: Problem, *, n_data: int = 1) -> Json:
    """Return the setting of all nets of a problem's shape."""
    architecture = problem.architecture
    return shape_setting(
        architecture.widths,
        [activation.entry() for activation in architecture.activations],
        bias=architecture.has_biases,
        n_data=n_data,
        output=problem.output if architecture.n_outputs > 1 else None,
    )


def n_paths(setting: Mapping[str, Any]) -> int:
    """Return how many paths lead from an input, or a bias, to the output: the terms of f on a cell.

    Examples
    --------
    >>> n_paths(shape_setting([2, 3, 1], ["relu"])), n_paths(shape_setting([2, 3, 1], ["relu"], bias=True))
    (6, 10)
    """
    total, *widths = setting["widths"]
    for width in (*widths[:-1], 1):
        total = (total + bool(setting.get("bias"))) * width
    return int(total)


def shape_words(widths: Sequence[int]) -> str:
    """Return a shape in words.

    Examples
    --------
    >>> shape_words([2, 2, 1])
    'shape 2-2-1'
    """
    return "shape " + "-".join(map(str, widths))


def problem_setting(tree: Mapping[str, Any]) -> Json:
    """Return the setting of a problem that a claim brings along, its tree made canonical."""
    return {"kind": "problem", "problem": problem_from_tree(dict(tree)).tree()}


def problems_setting(**trees: Mapping[str, Any]) -> Json:
    """Return the setting of several named problems."""
    return {
        "kind": "problems",
        "problems": {name: problem_from_tree(dict(tree)).tree() for name, tree in trees.items()},
    }


def net_tree(
    weights: Sequence[Sequence[Sequence[object]]],
    *,
    activation: Any = "relu",
    biases: Sequence[Sequence[object]] | None = None,
    inputs: Sequence[Sequence[object]] | None = None,
    labels: Sequence[object] | None = None,
    **objective: object,
) -> Json:
    """Return the tree of a problem, its numbers written as strings; what is not named here is the objective's.

    Examples
    --------
    >>> tree = net_tree([[["1"]], [["1"]]], inputs=[["1"]], kind="output")
    >>> tree["objective"]
    {'kind': 'output'}
    """
    network: Json = {"activation": activation, "weights": _strings(weights)}
    if biases is not None:
        network["biases"] = _strings(biases)
    tree: Json = {"network": network}
    data: Json = {}
    if inputs is not None:
        data["inputs"] = _strings(inputs)
    if labels is not None:
        data["labels"] = _strings(labels)
    if data:
        tree["data"] = data
    if "at" in objective:
        objective["at"] = _strings(objective["at"])
    if "coefficients" in objective:
        objective["coefficients"] = _strings(objective["coefficients"])
    if objective:
        tree["objective"] = dict(objective)
    return tree


def _strings(value: Any) -> Any:
    return [_strings(entry) for entry in value] if isinstance(value, (list, tuple)) else str(value)
