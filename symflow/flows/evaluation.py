"""The objective, its gradient and its parts at a state in mpmath's numbers.

A state of a trajectory is a tuple of numbers of mpmath; what the trajectory claims about it is checked with what is
computed here, by the textbook formulas and apart from the Taylor series that led to the state:

* outputs f_k, margins m_k = y_k f_k, the objective φ(f_1, .., f_n) and its coefficients c_k = ∂φ/∂f_k;
* the gradient of sum_k c_k f_k on a pattern, by one backward pass a datum;
* the chosen subgradient: on a pattern with "0" the gradient's projection onto the tangent space of the wall, which is
  the element of minimal norm wherever the flow slides (it is orthogonal to the differences of all limiting gradients).

Everything is computed at the working digits of the moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

import mpmath

from symflow.activations.base import POSITIONS, AbstractUnitActivation
from symflow.errors import NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.flows.precision import Number, real
from symflow.nets.objective import Combination, LogSumExp, Output, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction

State = Sequence[Number]
Vector = list[Number]


@final
@dataclass(frozen=True, slots=True)
class Forward:
    """One datum's pass through the net.

    Parameters
    ----------
    preactivations : list of vectors
        z_1 .. z_L; the last one holds the outputs.
    features : list of vectors
        The input, h_1 .. h_{L-1}.
    """

    preactivations: list[Vector]
    features: list[Vector]


@final
class Evaluation:
    """A patterned function, evaluated at states.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F, in the weights or in the input.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> R = EmpiricalRisk(Network.from_weights([[1, 2]], [[1]]), Dataset([(1, 1)], labels=[1]), loss="squared").at()
    >>> at = Evaluation(R)
    >>> state = [mpmath.mpf(1), mpmath.mpf(2), mpmath.mpf(1)]
    >>> at.objective(state), at.gradient(state, "+")
    (mpf('2.0'), [mpf('2.0'), mpf('2.0'), mpf('6.0')])
    """

    def __init__(self, function: AbstractPatternedFunction) -> None:
        self.function = function
        self.shape = function.network.architecture
        self.is_of_weights = function.variable == "weights"

    # ------------------------------------------------------------------ values

    def start(self) -> Vector:
        """Return the exact start as numbers."""
        return [real(value) for value in self.function.point]

    def forward(self, state: State, datum: int) -> Forward:
        """Return all preactivations and features on a datum (from 0)."""
        shape = self.shape
        weights, biases = self._parameters(state)
        h: Vector = list(state) if not self.is_of_weights else [real(v) for v in self.function.inputs[datum]]
        result = Forward([], [h])
        for layer in range(1, shape.n_layers + 1):
            z = [mpmath.fdot(row, h) for row in weights[layer - 1]]
            if biases is not None:
                z = [entry + b for entry, b in zip(z, biases[layer - 1], strict=True)]
            result.preactivations.append(z)
            if layer < shape.n_layers:
                h = [self._activate(layer, [z[unit] for unit in members]) for members in shape.members(layer)]
                result.features.append(h)
        return result

    def outputs(self, state: State) -> Vector:
        """Return f_1 .. f_n."""
        last = self.function.output
        return [self.forward(state, datum).preactivations[-1][last] for datum in range(self.function.n_data)]

    def objective(self, state: State) -> Number:
        """Return F at the state."""
        return self.value(self.outputs(state))

    def value(self, outputs: Sequence[Number]) -> Number:
        """Return φ(f_1, .., f_n)."""
        objective = self.function.objective
        if isinstance(objective, Output):
            return outputs[0]
        if isinstance(objective, Combination):
            return mpmath.fsum(_scalar(c) * f for c, f in zip(objective.constants, outputs, strict=True))
        if isinstance(objective, LogSumExp):
            return log_sum_exp([-m for m in _margins(objective.labels, outputs)])
        if isinstance(objective, Risk):
            value, _ = _LOSSES[objective.loss.name]
            pairs = zip(outputs, objective.labels, strict=True)
            total = mpmath.fsum(value(f, real(y)) for f, y in pairs)
            return total / len(outputs) if objective.is_mean else total
        raise NotSupportedError(f"no flow of a {type(objective).__name__}", place="objective.kind")

    def coefficients(self, outputs: Sequence[Number]) -> Vector:
        """Return c_k = ∂φ/∂f_k."""
        objective = self.function.objective
        if isinstance(objective, LogSumExp):
            weights = softmin(_margins(objective.labels, outputs))
            return [-real(y) * p for y, p in zip(objective.labels, weights, strict=True)]
        if isinstance(objective, Risk):
            _, slope = _LOSSES[objective.loss.name]
            share = mpmath.mpf(1) / len(outputs) if objective.is_mean else mpmath.mpf(1)
            return [share * slope(f, real(y)) for f, y in zip(outputs, objective.labels, strict=True)]
        if isinstance(objective, Combination):
            return [_scalar(c) for c in objective.constants]
        return [mpmath.mpf(1)]

    def margins(self, outputs: Sequence[Number]) -> Vector | None:
        """Return m_k = y_k f_k, None for an objective without labels."""
        objective = self.function.objective
        return _margins(objective.labels, outputs) if isinstance(objective, LogSumExp | Risk) else None

    # ------------------------------------------------------------------ gradients

    def gradient(self, state: State, pattern: str) -> Vector:
        """Return the gradient of F on a pattern (slope 0 where it has "0"), by all variables."""
        outputs: Vector = []
        passes = [self.forward(state, datum) for datum in range(self.function.n_data)]
        outputs = [each.preactivations[-1][self.function.output] for each in passes]
        total = [mpmath.mpf(0)] * len(self.function.variables)
        characters = self.function.table.characters(pattern)
        weights, _ = self._parameters(state)
        for datum, (values, coefficient) in enumerate(zip(passes, self.coefficients(outputs), strict=True)):
            if coefficient != 0:
                self._add_gradient(total, weights, values, datum, coefficient, characters)
        return total

    def tangential(self, gradient: Sequence[Number], pattern: str, trained: Sequence[int]) -> Vector:
        """Return the projection of a gradient onto the tangent space of the wall where the pattern has "0".

        Parameters
        ----------
        gradient : sequence of mpf
            By all variables.
        pattern : str
            With "0" at first-layer units on the wall (elsewhere "0" is a unit that vanishes identically).
        trained : sequence of int
            The places of the variables that move; the entries elsewhere become 0.
        """
        moves = set(trained)
        kept = [g if place in moves else mpmath.mpf(0) for place, g in enumerate(gradient)]
        for normal in self._orthonormal(pattern, moves):
            product = mpmath.fsum(entry * kept[place] for place, entry in normal.items())
            for place, entry in normal.items():
                kept[place] -= product * entry
        return kept

    def subgradient(self, state: State, pattern: str, trained: Sequence[int]) -> Vector:
        """Return the chosen subgradient s = -w': the gradient on a cell, its projection on a wall."""
        return self.tangential(self.gradient(state, pattern), pattern, trained)

    # ------------------------------------------------------------------ private

    def _parameters(self, state: State) -> tuple[list[list[Vector]], list[Vector] | None]:
        shape, network = self.shape, self.function.network
        layers = range(1, shape.n_layers + 1)
        if self.is_of_weights:
            weights = [
                [
                    [state[shape.weight_index(layer, row, column)] for column in range(shape.fan_in(layer))]
                    for row in range(shape.widths[layer])
                ]
                for layer in layers
            ]
            if not shape.has_biases:
                return weights, None
            rows = ((layer, range(shape.widths[layer])) for layer in layers)
            return weights, [[state[shape.bias_index(layer, row)] for row in units] for layer, units in rows]
        exact = [[[real(w) for w in row] for row in matrix] for matrix in network.weights]
        biases = network.biases
        return exact, None if biases is None else [[real(b) for b in vector] for vector in biases]

    def _activate(self, layer: int, members: Sequence[Number]) -> Number:
        activation = self.shape.activation(layer)
        if not isinstance(activation, AbstractUnitActivation):
            return max(members)
        (z,) = members
        return real(activation.coefficients[z > 0]) * z**activation.degree

    def _slopes(self, layer: int, members: Sequence[Number], character: str) -> Vector:
        activation = self.shape.activation(layer)
        if character == "0":
            return [mpmath.mpf(0)] * len(members)
        if not isinstance(activation, AbstractUnitActivation):
            return [mpmath.mpf(place == POSITIONS.index(character)) for place in range(len(members))]
        coefficient = real(activation.coefficients[character == "+"])
        return [coefficient * activation.degree * members[0] ** (activation.degree - 1)]

    def _add_gradient(
        self,
        total: Vector,
        weights: list[list[Vector]],
        values: Forward,
        datum: int,
        coefficient: Number,
        characters: Sequence[str],
    ) -> None:
        """Add coefficient · ∇f_datum, by a backward pass."""
        shape = self.shape
        delta = [mpmath.mpf(0)] * shape.n_outputs
        delta[self.function.output] = coefficient
        for layer in range(shape.n_layers, 0, -1):
            if self.is_of_weights:
                for row, entry in enumerate(delta):
                    if entry != 0:
                        for column, feature in enumerate(values.features[layer - 1]):
                            total[shape.weight_index(layer, row, column)] += entry * feature
                        if shape.has_biases:
                            total[shape.bias_index(layer, row)] += entry
            below = [
                mpmath.fsum(entry * row[i] for entry, row in zip(delta, weights[layer - 1], strict=True))
                for i in range(shape.fan_in(layer))
            ]
            if layer == 1:
                if not self.is_of_weights:
                    for place, entry in enumerate(below):
                        total[place] += entry
                return
            delta = [mpmath.mpf(0)] * shape.widths[layer - 1]
            z = values.preactivations[layer - 2]
            has_sites = shape.activation(layer - 1).has_sites
            for output, members in enumerate(shape.members(layer - 1)):
                character = characters[self.function.table.index[layer - 1, output, datum]] if has_sites else "+"
                slopes = self._slopes(layer - 1, [z[unit] for unit in members], character)
                for unit, slope in zip(members, slopes, strict=True):
                    delta[unit] = slope * below[output]

    def _orthonormal(self, pattern: str, moves: set[int]) -> list[dict[int, Number]]:
        """Return an orthonormal basis of the normals of the first-layer kinks that a pattern stands on.

        The normals are rational; which of them are independent is decided exactly (Gram-Schmidt without roots).
        """
        function = self.function
        characters = function.table.characters(pattern)
        normals: list[dict[int, fmpq]] = []
        for site, character in zip(function.table.sites, characters, strict=True):
            if character != "0" or (self.is_of_weights and site.layer > 1):
                continue
            normal = {
                p: v for p, v in self._normal(site.layer, site.output, site.datum, characters).items() if p in moves
            }
            for other in normals:
                product = sum((v * other[p] for p, v in normal.items() if p in other), fmpq(0))
                if product != 0:
                    factor = product / sum((v * v for v in other.values()), fmpq(0))
                    normal = {p: normal.get(p, fmpq(0)) - factor * other.get(p, fmpq(0)) for p in {*normal, *other}}
            normal = {p: v for p, v in normal.items() if v != 0}
            if normal:
                normals.append(normal)
        result = []
        for exact in normals:
            length = mpmath.sqrt(real(sum((v * v for v in exact.values()), fmpq(0))))
            result.append({place: real(entry) / length for place, entry in exact.items()})
        return result

    def _normal(self, layer: int, unit: int, datum: int, characters: Sequence[str]) -> dict[int, fmpq]:
        """Return the gradient of a preactivation by the variables, constant in the cases that come here."""
        function, shape = self.function, self.shape
        if not self.is_of_weights:
            return function.pull_back(layer, {unit: fmpq(1)}, datum, characters)
        normal = {shape.weight_index(1, unit, column): x for column, x in enumerate(function.inputs[datum])}
        if shape.has_biases:
            normal[shape.bias_index(1, unit)] = fmpq(1)
        return normal


def softmin(margins: Sequence[Number]) -> Vector:
    """Return the weights e^(-m_k) / sum e^(-m).

    Examples
    --------
    >>> softmin([mpmath.mpf(3), mpmath.mpf(3)])
    [mpf('0.5'), mpf('0.5')]
    """
    least = min(margins)
    powers = [mpmath.exp(least - m) for m in margins]
    total = mpmath.fsum(powers)
    return [each / total for each in powers]


def log_sum_exp(values: Sequence[Number]) -> Number:
    """Return ln sum e^v, without overflow.

    Examples
    --------
    >>> log_sum_exp([mpmath.mpf(10) ** 9])
    mpf('1000000000.0')
    """
    largest = max(values)
    return largest + mpmath.log(mpmath.fsum(mpmath.exp(v - largest) for v in values))


def entropy(weights: Sequence[Number]) -> Number:
    """Return H(p) = -sum p ln p.

    Examples
    --------
    >>> entropy([mpmath.mpf(1)])
    mpf('0.0')
    """
    return mpmath.fsum(-p * mpmath.log(p) for p in weights if p > 0)


def _margins(labels: Sequence[fmpq], outputs: Sequence[Number]) -> Vector:
    return [real(y) * f for y, f in zip(labels, outputs, strict=True)]


def _scalar(value: object) -> Number:
    if isinstance(value, fmpq):
        return real(value)
    raise NotSupportedError("only rational coefficients flow", place="objective.coefficients")


def _logistic(margin: Number) -> Number:
    """Return ln(1 + e^-m) without overflow."""
    return mpmath.log1p(mpmath.exp(-margin)) if margin > 0 else -margin + mpmath.log1p(mpmath.exp(margin))


def _logistic_slope(margin: Number) -> Number:
    """Return -1 / (1 + e^m) without overflow."""
    return -mpmath.exp(-margin) / (1 + mpmath.exp(-margin)) if margin > 0 else -1 / (1 + mpmath.exp(margin))


# Each loss's value and derivative by the output, at an output and a label.
_LOSSES: dict[str, tuple[Callable[[Number, Number], Number], Callable[[Number, Number], Number]]] = {
    "exponential": (lambda f, y: mpmath.exp(-y * f), lambda f, y: -y * mpmath.exp(-y * f)),
    "logistic": (lambda f, y: _logistic(y * f), lambda f, y: y * _logistic_slope(y * f)),
    "squared": (lambda f, y: (f - y) ** 2 / 2, lambda f, y: f - y),
}
