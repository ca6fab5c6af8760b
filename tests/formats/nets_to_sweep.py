"""Diverse nets whose notes must compile in every form: deep, trained, dead, doubled, tied, with every activation."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

Tree = dict[str, Any]

_LEAKY = {"name": "leaky_relu", "slope": "-1/10"}
_POOL = {"name": "maxpool", "groups": [[0, 1], [2, 3]]}


def drawn(
    shape: str,
    n_data: int,
    *,
    activation: object = "relu",
    biases: bool = False,
    loss: str | None = "exponential",
    seed: int = 0,
    numbers: str = "small",
    **objective: Any,
) -> Tree:
    """Return a net with drawn weights and data.

    Parameters
    ----------
    shape : str
        ``3-4-4-1``; of a maxpool layer the widths before and after are ``4/2``.
    n_data : int
        How many data there are.
    activation, biases, loss, objective
        As in a problem file; without a loss the objective is what is given.
    seed : int
        Of the draw.
    numbers : str
        ``"small"`` integers and halves, with many ties; ``"float"``, dyadic rationals with many digits; or
        ``"fraction"``, these brought to denominators up to 1000.
    """
    draw = random.Random(f"{shape} {seed}")
    layers = [tuple(map(int, (*layer.split("/"), layer.split("/")[-1])[:2])) for layer in shape.split("-")]

    def number() -> str:
        if numbers != "small":
            value = Fraction(draw.gauss(0, 1))
            return str(value if numbers == "float" else value.limit_denominator(1000))
        return draw.choice(("0", "1", "-1", "2", "-1/2", "3/2", "-2"))

    pairs = [(before[1], after[0]) for before, after in itertools.pairwise(layers)]
    tree: Tree = {
        "network": {
            "activation": activation,
            "weights": [[[number() for _ in range(a)] for _ in range(b)] for a, b in pairs],
        },
        "data": {
            "inputs": [[number() for _ in range(layers[0][0])] for _ in range(n_data)],
            "labels": [draw.choice(("1", "-1")) for _ in range(n_data)],
        },
        "objective": {"kind": "risk", "loss": loss} | objective if loss else objective,
    }
    if biases:
        tree["network"]["biases"] = [[number() for _ in range(b)] for _, b in pairs]
    return tree


def _zero(shape: str, n_data: int, *, biases: bool = False) -> Tree:
    tree = drawn(shape, n_data, biases=biases)
    network = tree["network"]
    network["weights"] = [[["0"] * len(row) for row in matrix] for matrix in network["weights"]]
    if biases:
        network["biases"] = [["0"] * len(vector) for vector in network["biases"]]
    return tree


def _with(tree: Tree, **parts: Any) -> Tree:
    return {**tree, **{key: {**tree.get(key, {}), **part} for key, part in parts.items()}}


_TWINS = [[["1", "-1"], ["1", "-1"], ["2", "-2"]], [["1", "1", "-1"]]]
_OFF, _KINK = [["-9", "-9"], ["-9", "-9"], ["0"]], [["-9", "-9"], ["0", "0"], ["1"]]
_DEAD = {"weights": [[["1", "1"], ["-1", "1"]], [["1", "1"], ["1", "-1"]], [["1", "2"]]]}
_FLOW = {"until": "1", "digits": 20, "checkpoints": ["0", "1"]}

_LONG = [str(Fraction(k, 7) + Fraction(1, 2**40)) for k in range(12)]
_ORIGIN: Tree = {"variable": "input", "at": ["1/3", "-2"]}

NETS: dict[str, Tree] = {
    "all weights zero": _zero("2-3-1", 3),
    "all weights zero, deep": _zero("2-2-2-1", 2),
    "all weights and biases zero": _zero("2-2-2-1", 2, biases=True),
    "neurons doubled": _with(drawn("2-3-1", 2), network={"weights": _TWINS}),
    "a dead layer": _with(drawn("2-2-2-1", 3), network=_DEAD | {"biases": _OFF}),
    "a dead layer on its kink": _with(drawn("2-2-2-1", 2), network=_DEAD | {"biases": _KINK}),
    "data repeated": _with(drawn("2-2-1", 4), data={"inputs": [["1", "-1"]] * 4, "labels": ["1", "-1", "1", "1"]}),
    "a datum at zero": _with(drawn("2-2-1", 2), data={"inputs": [["0", "0"], ["1", "1"]], "labels": ["1", "-1"]}),
    "one weight a layer": drawn("1-1-1-1-1", 1, seed=1),
    "no data used but the first": drawn("2-3-1", 5, biases=True, loss=None, kind="output"),
    "trained, logistic": drawn("3-4-4-1", 8, biases=True, loss="logistic", numbers="float"),
    "trained, exponential": drawn("2-5-4-1", 6, numbers="float"),
    "trained, squared": drawn("3-4-4-1", 10, biases=True, loss="squared", numbers="float"),
    "trained, mean": drawn("4-6-1", 20, numbers="float", reduction="mean"),
    "trained, in the input": drawn("2-4-3-1", 1, numbers="float", loss=None, variable="input", at=["1/3", "-2"]),
    "ties, deep": drawn("2-3-2-1", 3, seed=2),
    "ties, deeper": drawn("2-2-2-2-1", 2, seed=3),
    "ties with biases": drawn("2-3-1", 4, biases=True, seed=4),
    "ties, squared": drawn("2-2-2-1", 3, loss="squared", seed=5),
    "ties, logistic": drawn("2-3-1", 3, loss="logistic", seed=6),
    "ties, soft margin": drawn("2-3-1", 3, loss=None, kind="log_sum_exp", seed=7),
    "ties, a combination": drawn("2-3-1", 2, loss=None, kind="combination", coefficients=["1", "-1/2"], seed=8),
    "leaky": drawn("2-3-2-1", 2, activation=_LEAKY, seed=9),
    "absolute values": drawn("2-3-1", 3, activation="abs", biases=True, seed=10),
    "maxima": drawn("2-4/2-1", 2, activation=_POOL, seed=11),
    "cubed rectifiers": drawn("2-2-1", 2, activation={"name": "relu_power", "power": 3}, seed=12),
    "linear, deep": drawn("2-2-2-1", 2, activation="identity", seed=13),
    "three outputs": drawn("2-3-3", 2, loss=None, kind="output", output=2, seed=14),
    "in the input, on a kink": drawn("2-3-2-1", 1, biases=True, loss=None, variable="input", at=["0", "1"], seed=15),
    "in the input, at zero": drawn("3-3-1", 1, loss=None, variable="input", at=["0", "0", "0"], seed=16),
    "wide biases": drawn("2-16-16-1", 1, biases=True, numbers="float", loss=None, **_ORIGIN),
    "wide biases, fractions": drawn("2-16-16-1", 1, biases=True, numbers="fraction", loss=None, **_ORIGIN),
    "dead neurons among many": drawn("1-10-10-1", 10, biases=True, loss="squared", numbers="fraction", seed=3),
    "trained, fractions": drawn("2-6-6-1", 12, biases=True, loss="squared", numbers="fraction"),
    "a long point": drawn("12-3-1", 1, biases=True, numbers="float", loss=None, variable="input", at=_LONG),
    "a long datum": drawn("12-3-1", 1, biases=True, numbers="float", loss="squared"),
    "wide": drawn("6-12-1", 4, numbers="float", seed=17),
    "a flow": _with(drawn("2-2-1", 2, seed=18), flow=_FLOW),
    "a flow with biases": _with(drawn("2-2-1", 2, biases=True, numbers="float", seed=19), flow=_FLOW),
    "a flow of a deep net": _with(drawn("2-2-2-1", 2, numbers="float", seed=20), flow=_FLOW),
    "symbols, two layers": {"network": {"activation": "relu", "widths": [3, 2, 1]}},
    "symbols with data": {
        "network": {"activation": "relu", "widths": [2, 2, 1]},
        "data": {"inputs": [["1", "0"], ["0", "1"]], "labels": ["1", "-1"]},
        "objective": {"kind": "risk", "loss": "logistic"},
    },
}
