"""Problems whose closed forms are written in every way."""

from __future__ import annotations

from typing import Any

_DEMO: Any = [[[1, -1], [-1, 0]], [[1, "-1/2"]]]
_DEMO_DATA: Any = {"inputs": [[1, 1], [-1, -1]], "labels": [1, -1]}
_CORNER: Any = {
    "activation": "relu",
    "weights": [[[0, 1], [-1, 0], [1, -1]], [[-1, 1, 1], [-1, 1, -1]], [[2, 1]]],
    "biases": [[-2, 2, 0], [1, 1], [0]],
}
_LEAKY: Any = {"name": "leaky_relu", "slope": "1/4"}


def _shape(widths: list[int], activation: Any = "relu", **more: Any) -> dict[str, Any]:
    return {"network": {"activation": activation, "widths": widths, **more}}


PROBLEMS: dict[str, dict[str, Any]] = {
    "two_neurons": _shape([2, 2, 1]),
    "one_neuron": _shape([2, 1, 1]),
    "abs_with_biases": _shape([3, 3, 1], "abs", bias=True),
    "leaky": _shape([1, 1, 1], _LEAKY, bias=True),
    "squares": _shape([2, 2, 1], {"name": "relu_power", "power": 2}),
    "pooling": _shape([2, 4, 1], {"name": "maxpool", "groups": [[0, 1], [2, 3]]}),
    "deep": _shape([2, 2, 2, 1]),
    "deep_pooling": _shape([1, 2, 2, 1], [{"name": "maxpool", "groups": [[0, 1]]}, "relu"]),
    "deep_with_biases": _shape([2, 2, 2, 1], "abs", bias=True),
    "three_hidden": {
        **_shape([2, 2, 2, 2, 2], ["relu", _LEAKY, "identity"]),
        "objective": {"output": 2},
    },
    "five_neurons": _shape([2, 5, 1]),
    "seven_neurons": _shape([2, 7, 1]),
    "linear": _shape([3, 1], [], bias=True),
    "demo_shape": {**_shape([2, 2, 1]), "data": _DEMO_DATA, "objective": {"kind": "risk", "loss": "exponential"}},
    "combination": {
        **_shape([2, 1, 1]),
        "data": {"inputs": [[1, 0], [0, 1], [1, 1]]},
        "objective": {"kind": "combination", "coefficients": [1, "-1/2", 2]},
    },
    "logistic_mean": {
        **_shape([2, 1, 1], "abs"),
        "data": {"inputs": [[1, 0], [2, 0], [1, 1]], "labels": [1, -1, 1]},
        "objective": {"kind": "risk", "loss": "logistic", "reduction": "mean"},
    },
    "squared": {
        **_shape([2, 2, 1], bias=True),
        "data": {"inputs": [[1, 2]], "labels": [3]},
        "objective": {"kind": "risk", "loss": "squared"},
    },
    "log_sum_exp": {
        **_shape([1, 2, 1]),
        "data": {"inputs": [[1], [-1]], "labels": [1, -1]},
        "objective": {"kind": "log_sum_exp"},
    },
    "risk_of_symbolic_input": {
        **_shape([2, 2, 1]),
        "data": {"inputs": "symbolic", "labels": [-1]},
        "objective": {"kind": "risk", "loss": "logistic"},
    },
    "many_data": {
        **_shape([2, 2, 1], bias=True),
        "data": {"inputs": [[1, 0], [0, 1], [1, 1], [2, 1]]},
        "objective": {"kind": "combination", "coefficients": [1, 1, -1, 1]},
    },
    "deep_on_data": {
        **_shape([1, 2, 1, 1]),
        "data": {"inputs": [[1], [-1]]},
        "objective": {"kind": "combination", "coefficients": [1, 1]},
    },
    "by_the_input": {**_shape([2, 2, 1]), "objective": {"variable": "input"}},
    "demo": {
        "network": {"activation": "relu", "weights": _DEMO},
        "data": _DEMO_DATA,
        "objective": {"kind": "risk", "loss": "exponential"},
    },
    "demo_output": {"network": {"activation": "relu", "weights": _DEMO}, "data": {"inputs": [[1, 1]]}},
    "demo_everywhere": {
        "network": {"activation": "relu", "weights": _DEMO},
        "data": {"inputs": "symbolic"},
        "objective": {"variable": "input"},
    },
    "demo_by_weights": {"network": {"activation": "relu", "weights": _DEMO}, "data": {"inputs": "symbolic"}},
    "corner": {"network": _CORNER, "objective": {"variable": "input", "at": [2, 2]}},
    "corner_everywhere": {"network": _CORNER, "data": {"inputs": "symbolic"}, "objective": {"variable": "input"}},
}
