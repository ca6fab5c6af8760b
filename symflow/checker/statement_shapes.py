"""The shape that a statement is about: widths, activations, biases, and how many data.

Examples
--------
>>> shape = read_shape({"widths": [2, 3, 1], "activation": ["relu"], "n_data": 2})
>>> len(shape.template.inputs), shape.problem
(2, None)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, TooLarge, exactly, items, only_keys, optional

_MOST_PARAMETERS = 4_096


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths, activations, biases, and how many data; the data themselves where they are given.

    `problem` is None where the data are symbols.
    """

    template: Problem
    problem: Problem | None


def read_shape(tree: object) -> Shape:
    """Return the shape that a setting ``{"widths", "activation", "bias", "n_data"}`` spells.

    Examples
    --------
    >>> read_shape({"widths": [2, 3, 1], "activation": ["relu"]}).template.n_hidden
    1
    """
    setting: dict[str, object] = exactly(tree, dict)
    widths = [exactly(width, int, "widths") for width in items(setting, "widths")]
    only_keys(setting, ("widths", "activation", "bias", "n_data", "kind", "output"))
    if len(widths) < 2 or min(widths) < 1:
        raise Refused("expected at least two positive widths", "widths")
    activations = items(setting, "activation", len(widths) - 2)
    has_biases = optional(setting, "bias", bool) or False
    n_data = optional(setting, "n_data", int)
    n_data = 1 if n_data is None else n_data
    if not 1 <= n_data <= 1_000:
        raise Refused("expected 1 to 1000 data", "n_data")
    columns = [widths[0]]
    for i, activation in enumerate(activations):
        groups = activation.get("groups") if isinstance(activation, dict) else None
        columns.append(len(groups) if isinstance(groups, list) else widths[i + 1])
    if sum(n * (m + 1) for n, m in zip(widths[1:], columns, strict=True)) > _MOST_PARAMETERS:
        raise TooLarge("a shape with too many parameters")
    network: dict[str, object] = {
        "activation": activations,
        "weights": [[["0"] * m for _ in range(n)] for n, m in zip(widths[1:], columns, strict=True)],
    }
    if has_biases:
        network["biases"] = [["0"] * n for n in widths[1:]]
    data = {"inputs": [["0"] * widths[0]], "labels": ["1"]}
    objective: dict[str, object] = {"kind": "risk", "loss": "exponential"}
    if widths[-1] > 1:
        objective["output"] = optional(setting, "output", int) or 1
    problem = read_problem({"network": network, "data": data, "objective": objective})
    return Shape(replace(problem, inputs=problem.inputs * n_data, labels=problem.labels * n_data), None)


def same_shape(a: Problem, b: Problem) -> bool:
    """Return whether two nets have the same widths, activations and biases.

    Examples
    --------
    >>> one = read_shape({"widths": [1, 1, 1], "activation": ["relu"]}).template
    >>> same_shape(one, one)
    True
    """
    return (
        [len(m) for m in a.weights] == [len(m) for m in b.weights]
        and len(a.weights[0][0]) == len(b.weights[0][0])
        and a.activations == b.activations
        and (a.biases is None) == (b.biases is None)
        and a.output == b.output
    )
