"""Problems of every kind that notes must set: named, small, as plain trees."""

from __future__ import annotations

import itertools
import random
from typing import Any

from symflow.zoo.every_answer import zoo

Tree = dict[str, Any]


def _network(activation: object, *weights: list[list[str]], biases: list[list[str]] | None = None) -> Tree:
    tree: Tree = {"activation": activation, "weights": list(weights)}
    return tree | ({"biases": biases} if biases else {})


def _risk(loss: str = "exponential", **more: str) -> Tree:
    return {"kind": "risk", "loss": loss, **more}


def _rows(text: str) -> list[list[str]]:
    """Read "1 -1; 0 2" as rows of numbers."""
    return [row.split() for row in text.split(";")]


def _trained(widths: list[int], n_data: int, *, biases: bool, loss: str, seed: int) -> Tree:
    """Return a net whose numbers are the dyadic rationals of floats, fifty digits long."""
    draw = random.Random(seed)

    def number() -> str:
        top, bottom = draw.gauss(0, 1).as_integer_ratio()
        return f"{top}/{bottom}"

    weights = [[[number() for _ in range(a)] for _ in range(b)] for a, b in itertools.pairwise(widths)]
    vectors = [[number() for _ in range(b)] for b in widths[1:]] if biases else None
    inputs = [[number() for _ in range(widths[0])] for _ in range(n_data)]
    labels = ["1" if k % 2 == 0 else "-1" for k in range(n_data)]
    return {
        "title": "A trained net",
        "network": _network("relu", *weights, biases=vectors),
        "data": {"inputs": inputs, "labels": labels},
        "objective": _risk(loss, reduction="mean"),
    }


_OPPOSITE = {"inputs": _rows("1 1; -1 -1"), "labels": ["1", "-1"]}
_LEAKY = {"name": "leaky_relu", "slope": "1/4"}
_POOL = {"name": "maxpool", "groups": [[0, 1], [2, 3]]}
_SQUARE = {"name": "relu_power", "power": 2}
_PLANAR = _rows("1 0; 1 1; 0 1; -1 2; 2 -3; 1 -1")

PROBLEMS: dict[str, Tree] = {known.name: dict(known.tree) for known in zoo()} | {
    "leaky logistic": {
        "network": _network(_LEAKY, _rows("1 -1; 2 1"), _rows("1 1")),
        "data": _OPPOSITE,
        "objective": _risk("logistic"),
    },
    "abs squared": {
        "network": _network("abs", _rows("1 -1; 2 1"), _rows("1 1")),
        "data": _OPPOSITE,
        "objective": _risk("squared"),
    },
    "maxpool": {
        "network": _network(_POOL, _rows("1 -1; -1 1; 0 0; 1 2"), _rows("1 1")),
        "data": {"inputs": _rows("1 1; -1 2"), "labels": ["1", "-1"]},
        "objective": _risk(),
    },
    "squared rectifiers": {
        "network": _network(_SQUARE, _rows("1 -1; 2 1"), _rows("1 1")),
        "data": {"inputs": _rows("1 1; -1 2"), "labels": ["1", "-1"]},
        "objective": _risk(),
    },
    "no kink": {
        "network": _network("relu", _rows("1 -1; 2 1"), _rows("1 1")),
        "data": {"inputs": _rows("1 2; 3 -1"), "labels": ["1", "-1"]},
        "objective": _risk("squared", reduction="mean"),
    },
    "biases": {
        "network": _network("relu", _rows("1 -1; 2 1"), _rows("1 1"), biases=[["0", "-3"], ["1/2"]]),
        "data": {"inputs": _rows("1 1; -1 -1; 1 0"), "labels": ["1", "-1", "1"]},
        "objective": _risk("logistic"),
    },
    "three outputs": {
        "network": _network("relu", _rows("1 -1; 2 1"), _rows("1 1; 2 -1; 0 3")),
        "data": {"inputs": _rows("1 1")},
        "objective": {"kind": "output", "output": 2},
    },
    "linear": {
        "network": _network("identity", _rows("1 -1"), _rows("2")),
        "data": {"inputs": _rows("1 2"), "labels": ["1"]},
        "objective": _risk("squared"),
    },
    "one layer": {
        "network": _network("relu", _rows("1 -1")),
        "data": {"inputs": _rows("1 2; 0 1"), "labels": ["1", "2"]},
        "objective": {"kind": "log_sum_exp"},
    },
    "four layers": {
        "network": _network(
            ["relu", "abs", "relu"], _rows("1 -1; 0 1"), _rows("1 0; 1 -1"), _rows("1 -1; 1 1"), _rows("1 2")
        ),
        "data": {"inputs": _rows("1 1")},
    },
    "deep, in the input": {
        "network": _network(
            "relu", _rows("0 1; 0 -2; 2 2; 2 2"), _rows("0 1 2 -2; -1 -1 2 2; 1 2 0 1"), _rows("1 -2 0")
        ),
        "data": {"inputs": _rows("0 0")},
        "objective": {"variable": "input"},
    },
    "twelve inputs": {
        "network": _network("relu", [["1"] * 12, ["1", "-1"] * 6, ["0"] * 11 + ["2"]], _rows("1 -1 1")),
        "data": {"inputs": [["0"] * 12]},
        "objective": {"variable": "input"},
    },
    "many neurons": {
        "network": _network("relu", [["0", "0"]] * 10, [["1", "-1"] * 5]),
        "data": {"inputs": _rows("1 0; 0 1; 1 1"), "labels": ["1", "-1", "1"]},
        "objective": _risk(),
    },
    "many cells": {
        "network": _network("relu", [["0", "0"]] * 3, _rows("1 2 -1")),
        "data": {"inputs": _PLANAR},
        "objective": {"kind": "combination", "coefficients": ["1", "-1", "2", "1", "-1", "1/2"]},
    },
    "many data": {
        "network": _network("relu", _rows("1 -2; 0 -1"), _rows("-1 -2")),
        "data": {"inputs": _PLANAR * 5, "labels": ["1", "-1", "1", "1", "-1"] * 6},
        "objective": _risk(),
    },
    "cells in space": {
        "network": _network("relu", [["0", "0", "0"]] * 2, _rows("1 -1")),
        "data": {"inputs": _rows("1 0 0; 0 1 0; 0 0 1; 1 1 1; 1 -1 0"), "labels": ["1", "-1", "1", "1", "-1"]},
        "objective": _risk("logistic"),
    },
    "a title of signs": {
        "title": '100% of $x_1 & \\input{a} é ß → ♞ #1 ~ ^ "q" <b> |',
        "network": _network("relu", _rows("1 -1"), _rows("1")),
        "data": {"inputs": _rows("1 1")},
    },
    "trained": _trained([4, 6, 1], 4, biases=False, loss="exponential", seed=1),
    "trained, deep": _trained([3, 4, 3, 1], 3, biases=True, loss="exponential", seed=2),
    "trained, wide": _trained([20, 3, 1], 2, biases=False, loss="exponential", seed=3),
    "symbolic": {"network": {"activation": "relu", "widths": [2, 2, 1]}},
    "symbolic, deep": {"network": {"activation": "relu", "widths": [2, 2, 2, 1]}},
    "symbolic, with data": {
        "network": {"activation": "relu", "widths": [2, 2, 1]},
        "data": _OPPOSITE,
        "objective": _risk(),
    },
    "symbolic input": {
        "network": _network("relu", _rows("1 -1; 2 1"), _rows("1 1")),
        "data": {"inputs": "symbolic"},
        "objective": {"variable": "input"},
    },
}

# Without time these stay between two sets.
UNDECIDED: dict[str, Tree] = {
    "cusp": {
        "network": _network("relu", _rows("0; 0"), _rows("-1 0"), _rows("-1")),
        "data": {"inputs": _rows("-1")},
    },
    "product": {
        "network": _network("relu", _rows("0 0; 0 0"), _rows("-1 2")),
        "data": {"inputs": _rows("-1 1; 1 1"), "labels": ["1", "-1"]},
        "objective": _risk(),
    },
    "deep": {
        "network": _network("relu", _rows("0 0; 0 0"), _rows("-1 0; 1 1"), _rows("-1 1")),
        "data": {"inputs": _rows("-1 1; 1 1"), "labels": ["1", "-1"]},
        "objective": _risk(),
    },
}
