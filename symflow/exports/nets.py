"""A net as a Coq term: hidden layers, last layer, data; with symbols, with numbers, or with one entry moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias, final

from symflow.checker.problems import Activation, Problem
from symflow.exports.script import NotExportedError
from symflow.exports.terms import Term, shown, shown_list, shown_matrix

Scalar: TypeAlias = "Term | int | Fraction | str"

#: Unfolds a net with slopes to its polynomial.
UNFOLD = "polynomial"


@final
@dataclass(frozen=True, slots=True)
class Net:
    """A net with entries that are texts or numbers.

    Parameters
    ----------
    problem : Problem
        Shape, activations and the output.
    entries : tuple
        The weights and biases, in the order of the parameters.
    inputs : tuple of tuples
        The data.
    """

    problem: Problem
    entries: tuple[Scalar, ...]
    inputs: tuple[tuple[Scalar, ...], ...]
    _layers: list[tuple[list[list[Scalar]], list[Scalar]]] = field(default_factory=list, compare=False)

    @property
    def layers(self) -> list[tuple[list[list[Scalar]], list[Scalar]]]:
        """Weights and biases of every layer."""
        if not self._layers:
            rest = iter(self.entries)
            for matrix in self.problem.weights:
                rows = [[next(rest) for _ in row] for row in matrix]
                biases = [next(rest) for _ in matrix] if self.problem.biases is not None else []
                self._layers.append((rows, biases))
        return self._layers

    def hidden(self, n_layers: int | None = None) -> str:
        """Return the hidden layers, all or the lowest ones."""
        n_layers = self.problem.n_hidden if n_layers is None else n_layers
        parts = [
            f"({activation_text(activation)}, {shown_matrix(rows)}, {shown_list(biases)})"
            for activation, (rows, biases) in zip(self.problem.activations[:n_layers], self.layers, strict=False)
        ]
        return f"[{'; '.join(parts)}]"

    def input(self, datum: int) -> str:
        """Return a datum."""
        return shown_list(self.inputs[datum])

    def value(self, datum: int, layer: int | None = None, unit: int | None = None) -> Term:
        """Return the output on a datum, or a preactivation of a layer (from 0)."""
        return Term(f"(value {self._value(datum, layer, unit, '')})")

    def value_on(self, datum: int, slopes: str, layer: int | None = None, unit: int | None = None) -> Term:
        """Return the same with slopes in place of the activations."""
        return Term(f"(value_on {self._value(datum, layer, unit, slopes)})")

    def _value(self, datum: int, layer: int | None, unit: int | None, slopes: str) -> str:
        layer = self.problem.n_hidden if layer is None else layer
        unit = self.problem.output if unit is None else unit
        rows, biases = self.layers[layer]
        return " ".join(
            part
            for part in (
                str(unit) + "%nat",
                self.hidden(layer),
                slopes,
                shown_matrix(rows),
                shown_list(biases),
                self.input(datum),
            )
            if part
        )

    def feature(self, datum: int, layer: int, unit: int) -> Term:
        """Return a feature of a hidden layer (from 0)."""
        return Term(f"(nth {unit} (features {self.hidden(layer + 1)} {self.input(datum)}) 0)")

    def moved(self, variable: int, text: str) -> Net:
        """Return the net with another text for one variable: a parameter, or an entry of the input."""
        if self.problem.variable == "input":
            row = (*self.inputs[0][:variable], text, *self.inputs[0][variable + 1 :])
            return Net(self.problem, self.entries, (row, *self.inputs[1:]))
        return Net(self.problem, (*self.entries[:variable], text, *self.entries[variable + 1 :]), self.inputs)

    def at(self, values: Sequence[Scalar]) -> Net:
        """Return the net with all its variables replaced."""
        if self.problem.variable == "input":
            return Net(self.problem, self.entries, (tuple(values),))
        return Net(self.problem, tuple(values), self.inputs)


def net_of(problem: Problem) -> Net:
    """Return a problem's net, in numbers.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> net = net_of(read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1", "-1"]], [["2"]]]},
    ...     "data": {"inputs": [["3", "1"]]}, "objective": {"kind": "output"},
    ... }))
    >>> str(net.value(0))
    '(value 0%nat [(relu, [[1; (-1)]], [])] [[2]] [] [3; 1])'
    """
    entries: list[Scalar] = []
    for layer, matrix in enumerate(problem.weights):
        entries += [entry for row in matrix for entry in row]
        entries += problem.biases[layer] if problem.biases is not None else ()
    return Net(problem, tuple(entries), tuple(problem.inputs))


def activation_text(activation: Activation) -> str:
    """Return an activation, as the definitions call it."""
    match activation.name:
        case "relu" | "identity":
            return activation.name
        case "abs":
            return "absolute"
        case "leaky_relu":
            return f"leaky {shown(activation.slope)}"
        case "relu_power":
            return f"relu_power {activation.power}"
    raise NotExportedError(f"{activation.name} is not among the activations of the scripts")


def check_unitwise(problem: Problem) -> None:
    """Refuse activations whose cells have no slope for every unit."""
    for activation in problem.activations:
        if activation.name in ("maxpool", "relu_power"):
            raise NotExportedError(f"cells of {activation.name} have no script")


SIGNS: Mapping[str, str] = {"-": "minus", "0": "nought", "+": "plus"}


def signs_of(
    problem: Problem, word: str, values: Sequence[Sequence[Fraction]] | None = None, n: int | None = None
) -> str:
    """Return a datum's word as signs, layer by layer; an identity unit, which has no character, counts as positive.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1"], ["2"]], [["2", "1"]]]},
    ...     "data": {"inputs": [["3"]]}, "objective": {"kind": "output"},
    ... })
    >>> signs_of(problem, "+-")
    '[[plus; minus]]'
    """
    rest = iter(word)
    rows = []
    for layer, activation in enumerate(problem.activations[: problem.n_hidden if n is None else n]):
        n_units = len(problem.weights[layer])
        if activation.name == "identity":
            rows.append("; ".join(["any"] * n_units))
        else:
            rows.append("; ".join(SIGNS[next(rest)] for _ in range(n_units)))
    return "[" + "; ".join(f"[{row}]" for row in rows) + "]"
