"""Problems whose flow in the weights is followed in tests, and a field written down anew for one hidden layer.

The field below shares no code with the engine: it reads a pattern of signs, moves a tied neuron along the kinks that it
is on by a projection, and is integrated in mpmath's floats.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath

from symflow.exact.rationals import fmpq
from symflow.flows.gradient_flow import bare_flow_of
from symflow.flows.options import FlowOptions
from symflow.flows.trajectory import Trajectory
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem_tree import problem_from_tree


def risk(
    weights: Sequence[Any],
    inputs: Sequence[Any],
    labels: Sequence[Any] | None = None,
    *,
    loss: str = "exponential",
    activation: Any = "relu",
    objective: dict[str, Any] | None = None,
    biases: Any = None,
) -> AbstractPatternedFunction:
    """Return an objective as a function of the weights; numbers may be strings."""
    network = {"activation": activation, "weights": texts(weights)}
    if biases is not None:
        network["biases"] = texts(biases)
    data = {"inputs": texts(inputs)}
    if labels is not None:
        data["labels"] = texts(labels)
    tree = {"network": network, "data": data, "objective": objective or {"kind": "risk", "loss": loss}}
    return problem_from_tree(tree).function()


def texts(value: Any) -> Any:
    """Return nested numbers as strings."""
    return [texts(each) for each in value] if isinstance(value, list | tuple) else str(value)


def follow(function: AbstractPatternedFunction, until: object, digits: int = 30, **options: Any) -> Trajectory:
    """Follow a flow; numbers may be strings."""
    if "checkpoints" in options:
        options["checkpoints"] = tuple(rational(time) for time in options["checkpoints"])
    return bare_flow_of(function, FlowOptions(until=rational(until), digits=digits, **options))


def rational(value: object) -> fmpq:
    """Return a number from what Fraction reads."""
    exact = Fraction(str(value))
    return fmpq(exact.numerator, exact.denominator)


def story(path: Trajectory) -> list[tuple[int, int, int, str, str]]:
    """Return the events without their times."""
    return [(event.layer, event.neuron, event.datum, event.kind, event.to) for event in path.events]


def distance(one: Trajectory, other: Trajectory) -> Any:
    """Return how far end states and times of events are apart, relative to max(1, |value|)."""
    pairs = [*zip(one.state, other.state, strict=True), (one.time, other.time)]
    pairs += [(a.time, b.time) for a, b in zip(one.events, other.events, strict=True)]
    return max(abs(a - b) / max(1, abs(b)) for a, b in pairs)


def drawn(seed: int, kind: str = "exponential", neurons: int = 4, n_data: int = 4) -> AbstractPatternedFunction:
    """Return a random rational problem in the plane: entries are eighths between -3/2 and 3/2."""
    return risk(*drawn_numbers(seed, neurons, n_data), **named(kind))


def drawn_numbers(seed: int, neurons: int = 4, n_data: int = 4) -> tuple[Any, Any, Any]:
    """Return weights, inputs and labels."""
    dice = random.Random(seed)

    def number() -> Fraction:
        return Fraction(dice.randint(-12, 12), 8)

    weights = [[[number(), number()] for _ in range(neurons)], [[number() for _ in range(neurons)]]]
    inputs = [[number(), number()] for _ in range(n_data)]
    return weights, inputs, [dice.choice([1, -1]) for _ in range(n_data)]


def named(kind: str) -> dict[str, Any]:
    """Return an objective by name."""
    return {"objective": {"kind": kind}} if kind == "log_sum_exp" else {"loss": kind}


class FieldByHand:
    """The field of f = Σ_j a_j relu(⟨w_j, x⟩) on a pattern ("-+.." a datum, joined by "|"), in mpmath's numbers."""

    def __init__(self, inputs: Any, labels: Any, kind: str, *, n_neurons: int, trains_outer: bool = True) -> None:
        self.inputs = [[exact(entry) for entry in x] for x in inputs]
        self.labels = [exact(y) for y in labels]
        self.kind, self.n, self.trains_outer = kind, n_neurons, trains_outer
        self.dimension = len(self.inputs[0])

    def parts(self, state: Sequence[Any]) -> tuple[list[list[Any]], list[Any]]:
        """Return the rows of W_1 and the entries of W_2."""
        d = self.dimension
        return [list(state[j * d : j * d + d]) for j in range(self.n)], list(state[self.n * d :])

    def preactivation(self, state: Sequence[Any], neuron: int, datum: int) -> Any:
        rows, _ = self.parts(state)
        return dot(rows[neuron], self.inputs[datum])

    def signals(self, state: Sequence[Any], signs: list[str]) -> list[Any]:
        """Return r_k = -∂R/∂f_k."""
        rows, outer = self.parts(state)
        outputs = [
            mpmath.fsum(outer[j] * dot(rows[j], x) for j in range(self.n) if signs[k][j] == "+")
            for k, x in enumerate(self.inputs)
        ]
        margins = [y * f for y, f in zip(self.labels, outputs, strict=True)]
        match self.kind:
            case "exponential":
                return [y * mpmath.exp(-m) for y, m in zip(self.labels, margins, strict=True)]
            case "logistic":
                return [y / (1 + mpmath.exp(m)) for y, m in zip(self.labels, margins, strict=True)]
            case "squared":
                return [y - f for y, f in zip(self.labels, outputs, strict=True)]
        weights = [mpmath.exp(-m) for m in margins]  # log_sum_exp
        total = mpmath.fsum(weights)
        return [y * w / total for y, w in zip(self.labels, weights, strict=True)]

    def force(self, state: Sequence[Any], signs: list[str], neuron: int, forced: dict[int, str]) -> list[Any]:
        """Return g_j, with some characters put in by hand."""
        r = self.signals(state, signs)
        active = [k for k in range(len(r)) if forced.get(k, signs[k][neuron]) == "+"]
        return [mpmath.fsum(r[k] * self.inputs[k][c] for k in active) for c in range(self.dimension)]

    def __call__(self, state: Sequence[Any], pattern: str) -> list[Any]:
        signs = pattern.split("|")
        rows, outer = self.parts(state)
        inner, out = [], []
        for j in range(self.n):
            g = self.force(state, signs, j, {})
            out.append(dot(rows[j], g) if self.trains_outer else mpmath.mpf(0))
            ties = [self.inputs[k] for k in range(len(self.inputs)) if signs[k][j] == "0" and any(self.inputs[k])]
            inner += [outer[j] * entry for entry in projected(g, ties)]
        return inner + out


def exact(value: object) -> Any:
    """Return a rational at mpmath's digits of the moment."""
    number = Fraction(str(value))
    return mpmath.mpf(number.numerator) / number.denominator


def dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return mpmath.fsum(x * y for x, y in zip(a, b, strict=True))


def projected(vector: list[Any], normals: list[list[Any]]) -> list[Any]:
    """Return a vector without its part along some normals (Gram and Schmidt)."""
    basis: list[list[Any]] = []
    for normal in normals:
        rest = list(normal)
        for b in basis:
            shift = dot(rest, b)
            rest = [x - shift * y for x, y in zip(rest, b, strict=True)]
        length = mpmath.sqrt(dot(rest, rest))
        if length > mpmath.mpf(10) ** (-mpmath.mp.dps // 2):
            basis.append([x / length for x in rest])
    for b in basis:
        shift = dot(vector, b)
        vector = [x - shift * y for x, y in zip(vector, b, strict=True)]
    return vector
