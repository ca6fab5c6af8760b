"""What the hypotheses of lemmas ask of a net, so that a proof or a witness is of a net that meets them.

A hypothesis that is not in the table, say that a function is locally Lipschitz, is not decided here: where a refutation
rests on it, that is listed as not checked.

Examples
--------
>>> from symflow.checker.problems import read_problem
>>> problem = read_problem({
...     "network": {"activation": ["relu"], "weights": [[["1"]], [["1"]]]},
...     "data": {"inputs": [["1"]]}, "objective": {"kind": "output"},
... })
>>> HYPOTHESES["the net has no biases"](problem), HYPOTHESES["the variable is the input"](problem)
(True, False)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from symflow.checker.problems import Problem


def _names(problem: Problem) -> set[str]:
    return {activation.name for activation in problem.activations}


#: By the sentence that a claim gives.
HYPOTHESES: Final[Mapping[str, Callable[[Problem], bool]]] = {
    "the net has no biases": lambda p: p.biases is None,
    "the net has biases": lambda p: p.biases is not None,
    "every activation is positively homogeneous of degree $1$": lambda p: "relu_power" not in _names(p),
    "every activation is relu": lambda p: _names(p) <= {"relu"},
    "every activation is the identity": lambda p: _names(p) <= {"identity"},
    "every activation acts on one unit at a time": lambda p: "maxpool" not in _names(p),
    "one output counts": lambda p: True,
    "the weights and the data are numbers": lambda p: True,
    "every weight is trained": lambda p: not p.held,
    "the variables are the weights": lambda p: p.variable == "weights",
    "the variable is the input": lambda p: p.variable == "input",
    "every datum has a label": lambda p: len(p.labels) >= len(p.inputs),
    "the objective is a risk": lambda p: p.kind == "risk",
    r"the loss is $\ell(m)=e^{-m}$, summed, or its logarithm": lambda p: (
        (p.kind == "risk" and p.loss == "exponential" and p.divisor == 1) or p.kind == "log_sum_exp"
    ),
    "there is a hidden layer": lambda p: p.n_hidden > 0,
    "there is one hidden layer": lambda p: p.n_hidden == 1,
    "there are as many neurons in the first layer as inputs": lambda p: len(p.weights[0]) == len(p.weights[0][0]),
    "there are at least two data": lambda p: len(p.inputs) > 1,
    r"$w\ne0$": lambda p: (
        any(entry for matrix in p.weights for row in matrix for entry in row)
        or any(entry for row in p.biases or () for entry in row)
    ),
    "the function is a net of one input with piecewise-linear activations, as a function of that input": lambda p: (
        p.variable == "input"
        and len(p.inputs[0]) == 1
        and p.kind in ("output", "combination")
        and "relu_power" not in _names(p)
    ),
}

#: Those that speak of the weights themselves: of all weights of a shape they are not asked.
OF_THE_POINT: Final = (r"$w\ne0$",)
