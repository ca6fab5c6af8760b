"""Small rational nets, data and points, drawn by hypothesis.

Weights and data are small integers on purpose: kinks, ties, vanishing and parallel features are then the rule, not
the exception.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from symflow.activations.base import AbstractActivation, activation
from symflow.exact.rationals import fmpq
from symflow.losses.base import loss
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import AbstractObjective, Combination, LogSumExp, Risk
from symflow.nets.realization import FunctionOfInput

KINDS = ("relu", "relu", "relu", "leaky_relu", "abs", "identity", "maxpool")

small = st.integers(-2, 2)


@st.composite
def groups(draw: st.DrawFn, width: int) -> list[list[int]]:
    """Draw a partition of the units 0 .. width - 1 into one or two groups."""
    cut = draw(st.integers(1, width))
    return [list(range(cut)), list(range(cut, width))] if cut < width else [list(range(width))]


@st.composite
def activations(draw: st.DrawFn, width: int, kinds: tuple[str, ...] = KINDS) -> AbstractActivation:
    """Draw an activation for a layer of this width."""
    kind = draw(st.sampled_from(kinds))
    options: dict[str, Any] = {}
    if kind == "leaky_relu":
        options["slope"] = draw(st.sampled_from(["1/3", "-1", "0"]))
    if kind == "relu_power":
        options["power"] = draw(st.integers(2, 3))
    if kind == "maxpool":
        options["groups"] = draw(groups(width))
    return activation(kind, **options)


@st.composite
def networks(
    draw: st.DrawFn,
    *,
    depth: tuple[int, int] = (1, 3),
    width: int = 3,
    kinds: tuple[str, ...] = KINDS,
    biases: bool | None = None,
) -> Network:
    """Draw a net of `depth` weight matrices and at most `width` units a layer, with small integer weights."""
    n_layers = draw(st.integers(*depth))
    fan_in = draw(st.integers(1, width))
    weights, chosen = [], []
    for layer in range(n_layers):
        rows = 1 if layer == n_layers - 1 else draw(st.integers(1, width))
        weights.append([[draw(small) for _ in range(fan_in)] for _ in range(rows)])
        if layer < n_layers - 1:
            chosen.append(draw(activations(rows, kinds)))
            fan_in = len(chosen[-1].members(rows))
    has_biases = draw(st.booleans()) if biases is None else biases
    vectors = [[draw(st.integers(-1, 1)) for _ in matrix] for matrix in weights] if has_biases else None
    return Network.from_weights(*weights, biases=vectors, activation=chosen)


@st.composite
def objectives(draw: st.DrawFn, n_data: int, *, rational: bool = False) -> AbstractObjective:
    """Draw an objective of `n_data` outputs."""
    labels = tuple(fmpq(draw(st.sampled_from([-1, 1]))) for _ in range(n_data))
    kind = draw(
        st.sampled_from(
            ["combination", "squared"]
            if rational
            else ["combination", "squared", "exponential", "logistic", "log_sum_exp"]
        )
    )
    if kind == "combination":
        return Combination(tuple(fmpq(draw(small)) for _ in range(n_data)))
    if kind == "log_sum_exp":
        return LogSumExp(labels)
    return Risk(loss(kind), labels, is_mean=draw(st.booleans()))


@st.composite
def functions_of_weights(
    draw: st.DrawFn, *, rational: bool = False, n_data: int = 3, **options: Any
) -> FunctionOfWeights:
    """Draw a net with data, as a function of its weights at them."""
    network = draw(networks(**options))
    count = draw(st.integers(1, n_data))
    inputs = tuple(
        tuple(fmpq(draw(st.integers(-1, 1))) for _ in range(network.architecture.n_inputs)) for _ in range(count)
    )
    return FunctionOfWeights(network, inputs, draw(objectives(count, rational=rational)))


@st.composite
def functions_of_input(draw: st.DrawFn, *, rational: bool = False, **options: Any) -> FunctionOfInput:
    """Draw a net as a function of its input, at a small integer point."""
    network = draw(networks(**options))
    point = tuple(fmpq(draw(st.integers(-1, 1))) for _ in range(network.architecture.n_inputs))
    return FunctionOfInput(network, (point,), draw(objectives(1, rational=rational)))


@st.composite
def weights_and_two_data(
    draw: st.DrawFn, *, n_hidden: tuple[int, int] = (0, 2), width: int = 2, largest: int = 2
) -> tuple[list[list[list[int]]], list[list[int]]]:
    """Draw the weights of a net of two inputs without biases, and two data, as integers: what tests compute by hand."""
    entries = st.integers(-largest, largest)
    hidden = st.lists(st.integers(1, width), min_size=n_hidden[0], max_size=n_hidden[1])
    widths = [2, *draw(hidden), 1]
    weights = [[[draw(entries) for _ in range(n)] for _ in range(m)] for n, m in pairwise(widths)]
    return weights, [[draw(entries) for _ in range(2)] for _ in range(2)]


@st.composite
def problem_trees(draw: st.DrawFn, *, variable: str = "weights", n_data: int = 3, **options: Any) -> dict[str, Any]:
    """Draw a whole problem as the tree of a problem file."""
    network = draw(networks(**options))
    shape = network.architecture
    count = draw(st.integers(1, n_data)) if variable == "weights" else 1
    section: dict[str, Any] = {
        "activation": [each.entry() for each in shape.activations],
        "weights": [[[str(v) for v in row] for row in matrix] for matrix in network.weights],
    }
    if network.biases is not None:
        section["biases"] = [[str(v) for v in vector] for vector in network.biases]
    data: dict[str, Any] = {
        "inputs": [[draw(st.integers(-1, 1)) for _ in range(shape.n_inputs)] for _ in range(count)],
        "labels": [draw(st.sampled_from([-1, 1])) for _ in range(count)],
    }
    kind = draw(st.sampled_from(["output", "combination", "risk", "log_sum_exp"]))
    objective: dict[str, Any] = {"kind": kind, "variable": variable}
    if kind == "risk":
        objective["loss"] = draw(st.sampled_from(["exponential", "logistic", "squared"]))
        objective["reduction"] = draw(st.sampled_from(["sum", "mean"]))
    if kind == "combination":
        objective["coefficients"] = [draw(small) for _ in range(count)]
    return {"network": section, "data": data, "objective": objective}
