"""One pass through a net, in whatever its quantities are.

The velocity of a flow is computed in several arithmetics: as a tape of time series (``tape.py``), in balls at an event,
in polynomials and complex balls for an enclosure. The pass below is written once, for any *calculus* that can combine,
multiply and exponentiate. It runs forward to the outputs, asks the objective for its coefficients c_k, and runs back.

Contraction. On the data a first-layer neuron enters through slopes alone. Neurons of one *group* (equal slopes on all
data and equal ties) enter the second layer through U_ic = Σ_j W_2[i,j] w_jc only, one sum of products for each input
coordinate c, and what flows back to them is Q_ic = Σ_k slope_k δ_2ik x_kc. Where there are more active data than
coordinates, that is cheaper than one product a datum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar, final

from symflow.activations.base import POSITIONS, AbstractUnitActivation
from symflow.errors import NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.flows.first_layer import FirstLayer
from symflow.flows.mode import Mode, ties
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Vector
from symflow.nets.objective import AbstractObjective, Combination, LogSumExp, Output, Risk

Q = TypeVar("Q")


class Calculus(Protocol[Q]):
    """What a pass computes in."""

    def number(self, value: fmpq, /) -> Q:
        """Return a number as a quantity."""

    def combine(self, terms: Sequence[tuple[fmpq, Q]], /) -> Q:
        """Return the sum of rationals times quantities."""

    def products(self, pairs: Sequence[tuple[Q, Q]], /) -> Q:
        """Return the sum of products of two quantities each."""

    def exp(self, quantity: Q, /) -> Q:
        """Return e^q."""

    def logistic(self, quantity: Q, /) -> Q:
        """Return 1 / (1 + e^q)."""

    def softmin(self, quantities: Sequence[Q], /) -> tuple[Q, ...]:
        """Return e^(-q_i) / sum_k e^(-q_k)."""


@final
@dataclass(frozen=True, slots=True)
class Pass(Generic[Q]):
    """What a pass found.

    Parameters
    ----------
    preactivations : list
        ``[layer - 1][datum][unit]`` of the hidden layers. Those of contracted first-layer groups are not computed.
    outputs, coefficients : list
        f_k and c_k, one a datum.
    second_deltas : list
        ∂R/∂z of the second layer's units (or of the outputs), one mapping a datum.
    velocity : dict
        Minus the gradient by each trained parameter, projected on the flat along which a neuron slides.
    """

    preactivations: list[list[list[Q | None]]]
    outputs: list[Q]
    coefficients: list[Q]
    second_deltas: list[dict[int, Q]]
    velocity: dict[int, Q]


@final
@dataclass(frozen=True, slots=True)
class Reduction(Generic[Q]):
    """How a group is represented by fewer neurons.

    Parameters
    ----------
    neurons : tuple of int
        The representatives.
    partners : tuple
        For each, what stands for its output weight where products of output weights and incoming ones are summed.
    """

    neurons: tuple[int, ...]
    partners: tuple[Q, ...]


@final
@dataclass(frozen=True, slots=True)
class Group:
    """First-layer neurons with the same slopes on all data and the same ties."""

    neurons: tuple[int, ...]
    slopes: Vector
    ties: tuple[int, ...]


def one_pass(
    calculus: Calculus[Q],
    function: FunctionOfWeights,
    layer: FirstLayer,
    trained: frozenset[int],
    mode: Mode,
    parameters: Sequence[Q],
    reduced: Mapping[tuple[int, ...], Reduction[Q]] = MappingProxyType({}),
) -> Pass[Q]:
    """Run forward and back through the net of `function` on the pattern of a mode.

    Groups in `reduced` are represented by fewer neurons (``lorentz.py``); the parameters of their other neurons are 0.
    """
    return _Runner(calculus, function, layer, trained, mode, parameters, reduced).run()


def groups(function: FunctionOfWeights, mode: Mode) -> tuple[Group, ...]:
    """Return the groups of first-layer neurons in a mode; none where the layer has no kinks of single units."""
    shape = function.network.architecture
    if shape.n_hidden_layers == 0:
        return ()
    activation = shape.activation(1)
    if not isinstance(activation, AbstractUnitActivation) or activation.degree != 1 or activation.is_smooth:
        return ()
    found: dict[tuple[Vector, tuple[int, ...]], list[int]] = {}
    for neuron in range(shape.widths[1]):
        slopes = tuple(
            _slope(activation, mode[function.table.index[1, neuron, k]]) if activation.has_sites else fmpq(1)
            for k in range(function.n_data)
        )
        found.setdefault((slopes, ties(mode, function.table, neuron)), []).append(neuron)
    return tuple(Group(tuple(neurons), slopes, tied) for (slopes, tied), neurons in found.items())


def _slope(activation: AbstractUnitActivation, character: str) -> fmpq:
    return fmpq(0) if character == "0" else activation.coefficients[character == "+"]


def objective_coefficients(calculus: Calculus[Q], objective: AbstractObjective, outputs: Sequence[Q]) -> list[Q]:
    """Return c_k = ∂φ/∂f_k where the outputs are quantities.

    Raises
    ------
    NotSupportedError
        If a combination has constants that are not rational.
    """
    match objective:
        case Output():
            return [calculus.number(fmpq(1))]
        case Combination(constants):
            if not all(isinstance(c, fmpq) for c in constants):
                raise NotSupportedError("a flow wants rational coefficients of its combination")
            return [calculus.number(c) for c in constants]  # type: ignore[arg-type]
        case Risk(loss, labels, is_mean):
            factor = fmpq(1, len(labels)) if is_mean else fmpq(1)
            slopes = [loss.derivative_in(calculus, f, y) for f, y in zip(outputs, labels, strict=True)]
            return [calculus.combine([(factor, slope)]) for slope in slopes]
        case LogSumExp(labels):
            margins = [calculus.combine([(y, f)]) for f, y in zip(outputs, labels, strict=True)]
            weights = calculus.softmin(margins)
            return [calculus.combine([(-y, p)]) for y, p in zip(labels, weights, strict=True)]
    raise NotSupportedError(f"no flow is known for the objective {type(objective).__name__}")


@final
class _Runner(Generic[Q]):
    """The pass, in stages."""

    def __init__(
        self,
        calculus: Calculus[Q],
        function: FunctionOfWeights,
        layer: FirstLayer,
        trained: frozenset[int],
        mode: Mode,
        parameters: Sequence[Q],
        reduced: Mapping[tuple[int, ...], Reduction[Q]],
    ) -> None:
        self.calculus, self.function, self.layer, self.mode = calculus, function, layer, mode
        self.reduced = reduced
        self.trained, self.parameters = trained, parameters
        self.shape = function.network.architecture
        self.zero, self.one = calculus.number(fmpq(0)), fmpq(1)
        self.velocity: dict[int, Q] = {}
        self._sums: dict[tuple[tuple[int, ...], int], list[Q]] = {}
        coordinates = self.shape.n_inputs + self.shape.has_biases
        self.extended = [x + ((fmpq(1),) if self.shape.has_biases else ()) for x in function.inputs]
        self.contracted: list[Group] = []
        if self.shape.n_hidden_layers:
            self.contracted = [
                group
                for group in groups(function, mode)
                if group.neurons in reduced or sum(slope != 0 for slope in group.slopes) >= coordinates
            ]
        self.is_contracted = {j for group in self.contracted for j in group.neurons}

    def run(self) -> Pass[Q]:
        n_data, n_layers = self.function.n_data, self.shape.n_layers
        features: list[list[Q]] = [[self.calculus.number(entry) for entry in x] for x in self.function.inputs]
        all_features = [features]
        preactivations: list[list[list[Q | None]]] = []
        for layer in range(1, n_layers):
            z = [self._affine(layer, k, all_features[-1][k]) for k in range(n_data)]
            preactivations.append(z)
            all_features.append([self._activate(layer, k, z[k]) for k in range(n_data)])
        last = self.function.output
        outputs = [self._row(n_layers, last, k, all_features[-1][k]) for k in range(n_data)]
        coefficients = objective_coefficients(self.calculus, self.function.objective, outputs)
        deltas: list[dict[int, Q]] = [{last: c} for c in coefficients]
        second = deltas
        for layer in range(n_layers, 0, -1):
            second = deltas if layer == 2 else second
            self._collect(layer, deltas, all_features[layer - 1])
            if layer > 1:
                deltas = [self._back(layer, k, deltas[k], preactivations[layer - 2][k]) for k in range(n_data)]
        return Pass(preactivations, outputs, coefficients, second, self.velocity)

    # ------------------------------------------------------------------ forward

    def _affine(self, layer: int, datum: int, features: list[Q]) -> list[Q | None]:
        width = self.shape.widths[layer]
        skipped = self.is_contracted if layer == 1 else set()
        return [None if unit in skipped else self._row(layer, unit, datum, features) for unit in range(width)]

    def _row(self, layer: int, unit: int, datum: int, features: list[Q]) -> Q:
        """Return one preactivation, W_layer[unit] features + b."""
        if layer == 1:
            terms = [(x, self._weight(1, unit, c)) for c, x in enumerate(self.function.inputs[datum]) if x != 0]
            return self.calculus.combine(terms + self._bias(1, unit))
        skipped = self.is_contracted if layer == 2 else set()
        pairs = [(self._weight(layer, unit, c), feature) for c, feature in enumerate(features) if c not in skipped]
        terms = [(self.one, self.calculus.products(pairs))] if pairs else []
        if layer == 2:
            for group in self.contracted:
                slope = group.slopes[datum]
                if slope != 0:
                    sums = self._forward_sums(group, unit)
                    terms += [(slope * x, u) for x, u in zip(self.extended[datum], sums, strict=True) if x != 0]
        return self.calculus.combine(terms + self._bias(layer, unit))

    def _forward_sums(self, group: Group, unit: int) -> list[Q]:
        """Return U_ic = Σ_j W_2[i,j] w_jc."""
        key = (group.neurons, unit)
        if key not in self._sums:
            partners = [(j, self._weight(2, unit, j)) for j in group.neurons]
            if group.neurons in self.reduced:
                reduction = self.reduced[group.neurons]
                partners = list(zip(reduction.neurons, reduction.partners, strict=True))
            self._sums[key] = [
                self.calculus.products([(partner, self._incoming(j, c)) for j, partner in partners])
                for c in range(len(self.extended[0]))
            ]
        return self._sums[key]

    def _activate(self, layer: int, datum: int, z: list[Q | None]) -> list[Q]:
        activation = self.shape.activation(layer)
        result = []
        for output, members in enumerate(self.shape.members(layer)):
            character = self._character(layer, output, datum)
            values = [z[unit] for unit in members]
            if values[0] is None or character == "0":
                result.append(self.zero)  # contracted, or 0
            elif activation.is_group:
                winner = values[POSITIONS.index(character)]
                assert winner is not None  # only single units are contracted
                result.append(winner)
            else:
                assert isinstance(activation, AbstractUnitActivation)
                coefficient = activation.coefficients[character == "+"]
                power = self._power(values[0], activation.degree) if coefficient != 0 else self.zero
                result.append(self.calculus.combine([(coefficient, power)]))
        return result

    def _power(self, base: Q, exponent: int) -> Q:
        result = base
        for _ in range(exponent - 1):
            result = self.calculus.products([(result, base)])
        return result

    # ------------------------------------------------------------------ back

    def _back(self, layer: int, datum: int, delta: dict[int, Q], z: list[Q | None]) -> dict[int, Q]:
        """Return δ_{l-1} = A_{l-1} W_lᵀ δ_l on one datum."""
        below = layer - 1
        activation = self.shape.activation(below)
        result: dict[int, Q] = {}
        for output, members in enumerate(self.shape.members(below)):
            if below == 1 and output in self.is_contracted:
                continue
            character = self._character(below, output, datum)
            if character == "0":
                continue
            unit = members[0]
            if activation.is_group:
                unit = members[POSITIONS.index(character)]
                slope: Q | fmpq = self.one
            else:
                assert isinstance(activation, AbstractUnitActivation)
                slope = activation.coefficients[character == "+"]
                if slope == 0:
                    continue
                if activation.degree > 1:
                    value = z[unit]
                    assert value is not None
                    power = self._power(value, activation.degree - 1)
                    slope = self.calculus.combine([(slope * activation.degree, power)])
            pulled = self.calculus.products([(d, self._weight(layer, row, output)) for row, d in delta.items()])
            if isinstance(slope, fmpq) and (activation.is_group or activation.degree == 1):
                result[unit] = self.calculus.combine([(slope, pulled)])
            else:
                result[unit] = self.calculus.products([(slope, pulled)])  # type: ignore[list-item]
        return result

    def _collect(self, layer: int, deltas: list[dict[int, Q]], features: list[list[Q]]) -> None:
        """Set the velocity of W_layer and b_layer."""
        shape, data = self.shape, range(self.function.n_data)
        for row in range(shape.widths[layer]):
            touched = [k for k in data if row in deltas[k]]
            contracted = self.is_contracted if layer == 2 else set()
            if layer == 1:
                if row not in self.is_contracted:
                    self._move_first(
                        row,
                        [
                            self.calculus.combine(
                                [(self.extended[k][c], deltas[k][row]) for k in touched if self.extended[k][c] != 0]
                            )
                            for c in range(len(self.extended[0]))
                        ],
                    )
                continue
            for column in range(shape.fan_in(layer)):
                place = shape.weight_index(layer, row, column)
                if place in self.trained and column not in contracted:
                    pairs = [(deltas[k][row], features[k][column]) for k in touched]
                    self._move(place, self.calculus.products(pairs) if pairs else self.zero)
            if shape.has_biases and shape.bias_index(layer, row) in self.trained:
                self._move(
                    shape.bias_index(layer, row), self.calculus.combine([(self.one, deltas[k][row]) for k in touched])
                )
        if layer == 2:
            self._collect_contracted(deltas)

    def _collect_contracted(self, deltas: list[dict[int, Q]]) -> None:
        """Set the velocity of W_2's columns and W_1's rows of contracted groups."""
        coordinates = range(len(self.extended[0]))
        for group in self.contracted:
            backward: dict[int, list[Q]] = {}
            for row in range(self.shape.widths[2]):
                touched = [k for k in range(self.function.n_data) if row in deltas[k] and group.slopes[k] != 0]
                if touched:
                    backward[row] = [
                        self.calculus.combine(
                            [
                                (group.slopes[k] * self.extended[k][c], deltas[k][row])
                                for k in touched
                                if self.extended[k][c] != 0
                            ]
                        )
                        for c in coordinates
                    ]
            for neuron in self.reduced[group.neurons].neurons if group.neurons in self.reduced else group.neurons:
                for row in range(self.shape.widths[2]):
                    place = self.shape.weight_index(2, row, neuron)
                    if place in self.trained:
                        sums = backward.get(row)
                        pairs = [(self._incoming(neuron, c), sums[c]) for c in coordinates] if sums else []
                        self._move(place, self.calculus.products(pairs) if pairs else self.zero)
                self._move_first(
                    neuron,
                    [
                        self.calculus.products(
                            [(self._weight(2, row, neuron), sums[c]) for row, sums in backward.items()]
                        )
                        if backward
                        else self.zero
                        for c in coordinates
                    ],
                )

    def _move_first(self, neuron: int, gradient: list[Q]) -> None:
        """Set the velocity of a first-layer neuron, projected on the flat of its ties."""
        shape = self.shape
        places = [shape.weight_index(1, neuron, c) for c in range(shape.n_inputs)]
        if shape.has_biases:
            places.append(shape.bias_index(1, neuron))
        moving = [c for c, place in enumerate(places) if place in self.trained]
        if not moving:
            return
        tied = tuple(k for k in self._ties(neuron) if not self.layer.is_fixed(k))
        if tied:
            projector = self.layer.projector(tied)
            gradient_moving = [gradient[c] for c in moving]
            projected = [
                self.calculus.combine([(p, g) for p, g in zip(row, gradient_moving, strict=True) if p != 0])
                for row in projector
            ]
            for c, g in zip(moving, projected, strict=True):
                self._move(places[c], g)
            return
        for c in moving:
            self._move(places[c], gradient[c])

    def _move(self, place: int, gradient: Q) -> None:
        self.velocity[place] = self.calculus.combine([(fmpq(-1), gradient)])

    # ------------------------------------------------------------------ parts

    def _ties(self, neuron: int) -> tuple[int, ...]:
        return ties(self.mode, self.function.table, neuron) if self.shape.n_hidden_layers else ()

    def _character(self, layer: int, output: int, datum: int) -> str:
        if not self.shape.activation(layer).has_sites:
            return "+"
        return self.mode[self.function.table.index[layer, output, datum]]

    def _weight(self, layer: int, row: int, column: int) -> Q:
        return self.parameters[self.shape.weight_index(layer, row, column)]

    def _bias(self, layer: int, row: int) -> list[tuple[fmpq, Q]]:
        return [(self.one, self.parameters[self.shape.bias_index(layer, row)])] if self.shape.has_biases else []

    def _incoming(self, neuron: int, coordinate: int) -> Q:
        """Return an entry of (w_j, b_j)."""
        if coordinate < self.shape.n_inputs:
            return self._weight(1, neuron, coordinate)
        return self.parameters[self.shape.bias_index(1, neuron)]
