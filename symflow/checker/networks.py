"""A network, exactly: its values, its gradients, and its polynomials on an activation pattern.

On a pattern every activation is one polynomial piece of its preactivation z, so the whole network is a
polynomial. :class:`Pieces` computes its preactivations in any ring: rational numbers (the value at a
point), polynomials (an identity to expand), polynomials in ε (an arc to follow). One forward pass is
all there is to read.

Gradients come from one backward pass with a slope for every row. Where the point w lies in the closure
of the cell of a pattern, the pieces agree at w with the network itself, so the features are those of
the forward pass, and only the slopes depend on the pattern.

Signs stand for the pieces: ``+`` and ``-`` for the sign of z, ``0`` where z vanishes identically (the
feature is then 0, and its slope does not matter since dz is 0 too), and a digit or letter for the
winner of a maxpool group.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar, final

from symflow.checker.polynomials import Arc, Polynomial
from symflow.checker.problems import WINNERS, Activation, Problem

_Element = TypeVar("_Element", Fraction, Polynomial, Arc)

_Matrix = Sequence[Sequence[_Element]]


@final
class Pieces(Generic[_Element]):
    """The preactivations of a network on patterns, computed in a ring.

    Parameters
    ----------
    problem : Problem
    starts : sequence of int
        For each layer from 0, the number of characters that layers below it have in a datum's word.
    coordinates : sequence of ring elements
        Put in place of the variables.
    constant : callable
        The ring element that a rational is.
    inputs : sequence of vectors, optional
        Put in place of the data, where the variables are the weights.
    """

    def __init__(
        self,
        problem: Problem,
        starts: Sequence[int],
        coordinates: Sequence[_Element],
        constant: Callable[[Fraction], _Element],
        inputs: _Matrix[_Element] | None = None,
    ) -> None:
        self._problem = problem
        self._starts = starts
        self._constant: Callable[[Fraction], _Element] = constant
        self._memory: dict[tuple[int, int, int, str], _Element] = {}
        self._inputs: _Matrix[_Element] = [coordinates]
        self._weights: list[_Matrix[_Element]] = []
        self._biases: list[Sequence[_Element]] = []
        if problem.variable == "input":
            self._weights += [_constants(matrix, constant) for matrix in problem.weights]
            self._biases += _constants(problem.biases or (), constant)
            return
        self._inputs = _constants(problem.inputs, constant) if inputs is None else inputs
        variables = iter(coordinates)
        for matrix in problem.weights:
            self._weights.append([[next(variables) for _ in row] for row in matrix])
            if problem.biases is not None:
                self._biases.append([next(variables) for _ in matrix])

    def preactivation(self, datum: int, layer: int, row: int, word: str) -> _Element:
        """Return z of a row, layers counted from 0; `word` holds the characters of the layers below."""
        key = (datum, layer, row, word[: self._starts[layer]])
        if key not in self._memory:
            total = self._biases[layer][row] if self._biases else self._constant(Fraction(0))
            for unit, weight in enumerate(self._weights[layer][row]):
                if weight:
                    feature = self.feature(datum, layer, unit, word)
                    if feature:
                        total = total + weight * feature
            self._memory[key] = total
        return self._memory[key]

    def feature(self, datum: int, layer: int, unit: int, word: str) -> _Element:
        """Return what a row of `layer` reads from below: an input, or a unit of the layer below."""
        if layer == 0:
            return self._inputs[datum][unit]
        key = (datum, layer, -1 - unit, word[: self._starts[layer]])
        if key not in self._memory:
            self._memory[key] = self._piece(datum, layer - 1, unit, word)
        return self._memory[key]

    def _piece(self, datum: int, layer: int, unit: int, word: str) -> _Element:
        activation = self._problem.activations[layer]
        if activation.name == "identity":
            return self.preactivation(datum, layer, unit, word)
        character = word[self._starts[layer] + unit]
        if activation.name == "maxpool":
            return self.preactivation(datum, layer, activation.groups[unit][WINNERS.index(character)], word)
        if character == "0" or (character == "-" and activation.name in ("relu", "relu_power")):
            return self._constant(Fraction(0))
        z = self.preactivation(datum, layer, unit, word)
        if character == "-":
            return z * (activation.slope if activation.name == "leaky_relu" else Fraction(-1))
        feature = z
        for _ in range(activation.power - 1):
            feature = feature * z
        return feature


@dataclass(frozen=True, slots=True)
class Forward:
    """The values of the network on one datum: `preactivations` and `features`, features[0] being the input."""

    preactivations: tuple[tuple[Fraction, ...], ...]
    features: tuple[tuple[Fraction, ...], ...]


def forward(problem: Problem, datum: int) -> Forward:
    """Return all values on one datum; the last preactivations are the outputs.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1", "-1"]], [["2"]]]},
    ...     "data": {"inputs": [["3", "1"]]},
    ...     "objective": {"kind": "output"},
    ... })
    >>> forward(problem, 0).preactivations
    ((Fraction(2, 1),), (Fraction(4, 1),))
    """
    features = [problem.inputs[datum]]
    preactivations = []
    for layer, matrix in enumerate(problem.weights):
        z = [sum((a * b for a, b in zip(row, features[-1], strict=True)), start=Fraction(0)) for row in matrix]
        if problem.biases is not None:
            z = [a + b for a, b in zip(z, problem.biases[layer], strict=True)]
        preactivations.append(tuple(z))
        if layer < problem.n_hidden:
            features.append(_features(problem.activations[layer], z))
    return Forward(tuple(preactivations), tuple(features))


def backward(problem: Problem, values: Forward, slopes: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
    """Return the gradient of the output in the variables, a slope for each row of each hidden layer.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1", "-1"]], [["2"]]]},
    ...     "data": {"inputs": [["1", "1"]]},
    ...     "objective": {"kind": "output"},
    ... })
    >>> [int(entry) for entry in backward(problem, forward(problem, 0), [[Fraction(1)]])]
    [2, 2, 0]
    """
    # rate[r] is the derivative of the output with respect to row r of the layer.
    rate = [Fraction(int(row == problem.output)) for row in range(len(problem.weights[-1]))]
    blocks: list[list[Fraction]] = []
    below: list[Fraction] = []
    for layer in reversed(range(len(problem.weights))):
        if layer < problem.n_hidden:
            unit_of_row = problem.activations[layer].unit_of_row
            rate = [slope * below[unit_of_row(row)] for row, slope in enumerate(slopes[layer])]
        features, matrix = values.features[layer], problem.weights[layer]
        if problem.biases is not None:
            blocks.append(rate)
        blocks.append([r * h if r and h else Fraction(0) for r in rate for h in features])
        below = [
            sum((r * row[unit] for r, row in zip(rate, matrix, strict=True) if r), start=Fraction(0))
            for unit in range(len(features))
        ]
    if problem.variable == "input":
        return tuple(below)
    return tuple(entry for block in reversed(blocks) for entry in block)


def slopes_on_piece(activation: Activation, z: Sequence[Fraction], characters: str) -> list[Fraction]:
    """Return the slope of each row of one layer on the piece that `characters` name.

    Examples
    --------
    >>> [int(slope) for slope in slopes_on_piece(Activation("abs"), [Fraction(0), Fraction(2)], "-+")]
    [-1, 1]
    """
    slopes = [Fraction(int(activation.name == "identity"))] * len(z)
    for unit, character in enumerate(characters):
        for row, slope in slopes_of_unit(activation, z, unit, character):
            slopes[row] = slope
    return slopes


def slopes_of_unit(
    activation: Activation, z: Sequence[Fraction], unit: int, character: str
) -> list[tuple[int, Fraction]]:
    """Return the rows of one unit or group, each with its slope on the piece; no character for the identity.

    Examples
    --------
    >>> slopes_of_unit(Activation("maxpool", groups=((0, 1),)), [Fraction(0), Fraction(0)], 0, "2")
    [(0, Fraction(0, 1)), (1, Fraction(1, 1))]
    """
    if activation.name == "maxpool":
        group = activation.groups[unit]
        return [(row, Fraction(int(place == WINNERS.index(character)))) for place, row in enumerate(group)]
    return [(unit, Fraction(1) if activation.name == "identity" else _slope(activation, z[unit], character))]


def slopes_by_convention(activation: Activation, z: Sequence[Fraction], convention: str) -> list[Fraction]:
    """Return the slope of each row of one layer, with a convention at the kinks.

    "autodiff": 0 for relu, abs and relu_power, the slope for leaky_relu, the first maximal member for maxpool;
    "lower", "upper": the left, the right slope, the first, the last maximal member; "middle": the mean of both
    slopes, the average of all maximal members.

    Examples
    --------
    >>> slopes_by_convention(Activation("relu"), [Fraction(0)], "middle")
    [Fraction(1, 2)]
    """
    if activation.name == "identity":
        return [Fraction(1)] * len(z)
    if activation.name == "maxpool":
        return _slopes_of_winners(activation, z, convention)
    slopes = []
    for a in z:
        left, right = _slope(activation, a, "-"), _slope(activation, a, "+")
        at_kink = {"lower": left, "upper": right, "middle": (left + right) / 2}
        automatic = activation.slope if activation.name == "leaky_relu" else Fraction(0)
        slopes.append(left if a < 0 else right if a > 0 else at_kink.get(convention, automatic))
    return slopes


def _slopes_of_winners(activation: Activation, z: Sequence[Fraction], convention: str) -> list[Fraction]:
    slopes = [Fraction(0)] * len(z)
    for group in activation.groups:
        largest = max(z[row] for row in group)
        winners = [row for row in group if z[row] == largest]
        chosen = {"middle": winners, "upper": winners[-1:]}.get(convention, winners[:1])
        for row in chosen:
            slopes[row] = Fraction(1, len(chosen))
    return slopes


def _slope(activation: Activation, z: Fraction, character: str) -> Fraction:
    if character == "0":
        return Fraction(0)
    if character == "-":
        return {"abs": Fraction(-1), "leaky_relu": activation.slope}.get(activation.name, Fraction(0))
    return activation.power * z ** (activation.power - 1)


def _features(activation: Activation, z: Sequence[Fraction]) -> tuple[Fraction, ...]:
    if activation.name == "maxpool":
        return tuple(max(z[row] for row in group) for group in activation.groups)
    if activation.name == "identity":
        return tuple(z)
    if activation.name == "abs":
        return tuple(map(abs, z))
    left = activation.slope  # 0 but for leaky_relu
    return tuple(a**activation.power if a > 0 else left * a for a in z)


def _constants(matrix: _Matrix[Fraction], constant: Callable[[Fraction], _Element]) -> list[list[_Element]]:
    return [[constant(entry) for entry in row] for row in matrix]
