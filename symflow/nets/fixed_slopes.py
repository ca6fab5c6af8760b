"""A net whose slopes are fixed: one output as a polynomial in the parameters, and its gradient modulo a prime.

On an activation cell every unit has one piece, c z^p with a fixed coefficient c, so that an output of the net on a
datum is a polynomial in the parameters. The same polynomials with other coefficients are the path monomials of a relu
net (one unit of each layer has the slope 1, the others 0) and the entries of the matrix product of a linear one (all
slopes 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.activations.base import AbstractUnitActivation
from symflow.exact.dual_numbers import Residues, chosen, elements, multiplied, residue, summed, zeros
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq
from symflow.nets.architecture import Architecture
from symflow.nets.pattern import SiteTable


@final
@dataclass(frozen=True, slots=True)
class FixedSlopes:
    """An output of a net with fixed slopes at a fixed input.

    Parameters
    ----------
    input : tuple of fmpq
        x.
    slopes : tuple of tuples of fmpq
        For each hidden layer the coefficient of every row's piece; 0 for the losers of a pooling group.
    has_bias : tuple of bool
        For each layer whether its biases are there.
    output : int
        From 0.
    """

    input: tuple[fmpq, ...]
    slopes: tuple[tuple[fmpq, ...], ...]
    has_bias: tuple[bool, ...]
    output: int


def slopes_on_pattern(shape: Architecture, word: str) -> tuple[tuple[fmpq, ...], ...]:
    """Return the coefficients of the pieces on the pattern of one datum.

    Parameters
    ----------
    shape : Architecture
        The net's shape.
    word : str
        The characters, layer by layer.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> slopes_on_pattern(Architecture((1, 3, 1), (activation("abs"),), has_biases=False), "+-0")
    ((1, -1, 0),)
    """
    table = SiteTable(shape, 1)
    characters = table.characters(word)
    result = []
    for layer in range(1, shape.n_layers):
        activation = shape.activation(layer)
        row = [fmpq(0)] * shape.widths[layer]
        for output, members in enumerate(shape.members(layer)):
            character = characters[table.index[layer, output, 0]] if activation.has_sites else "+"
            if isinstance(activation, AbstractUnitActivation):
                row[members[0]] = fmpq(0) if character == "0" else activation.coefficients[character == "+"]
            else:  # of a group the slopes are 1 and 0, wherever the members are
                for unit, slope in zip(members, activation.slopes([fmpq(0)] * len(members), character), strict=True):
                    row[unit] = slope
        result.append(tuple(row))
    return tuple(result)


def n_paths(shape: Architecture) -> int:
    """Return how many paths lead from an input or a bias to one output: the most terms its polynomial may have.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> n_paths(Architecture((4, 8, 8, 2), (activation("relu"),) * 2, has_biases=False))
    256
    """
    count = shape.n_inputs
    for layer in range(1, shape.n_layers):
        degree = shape.activation(layer).degree
        count = shape.widths[layer] * math.comb(count + int(shape.has_biases) + degree - 1, degree)
    return count + int(shape.has_biases)


def output_polynomial(shape: Architecture, function: FixedSlopes) -> Polynomial:
    """Return an output with fixed slopes as a polynomial in the parameters.

    Parameters
    ----------
    shape : Architecture
        The net's shape.
    function : FixedSlopes
        Which output, at which input, with which slopes.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((2, 1, 1), (activation("relu_power", power=2),), has_biases=False)
    >>> output_polynomial(shape, FixedSlopes((fmpq(1), fmpq(0)), ((fmpq(3),),), (False, False), 0))
    3*W1[1,1]**2*W2[1,1]
    """
    ring = PolynomialRing(shape.parameter_names)
    variables = ring.variables()
    features = [ring.constant(x) for x in function.input]
    for layer in range(1, shape.n_layers + 1):
        rows = [function.output] if layer == shape.n_layers else range(shape.widths[layer])
        values: dict[int, Polynomial] = {}
        for row in rows:
            if layer < shape.n_layers and function.slopes[layer - 1][row] == 0:
                values[row] = ring.zero()
                continue
            z = ring.zero()
            for column, feature in enumerate(features):
                if not feature.is_zero():
                    z = z + variables[shape.weight_index(layer, row, column)] * feature
            if shape.has_biases and function.has_bias[layer - 1]:
                z = z + variables[shape.bias_index(layer, row)]
            values[row] = z
        if layer == shape.n_layers:
            return values[function.output]
        features = []
        for members in shape.members(layer):
            total = ring.zero()
            for row in members:
                total = total + values[row] ** shape.activation(layer).degree * function.slopes[layer - 1][row]
            features.append(total)
    raise AssertionError("a net has a last layer")


@final
class GradientsModulo:
    """The gradients of many such outputs, in bulk, at points whose coordinates are nested dual numbers.

    Parameters
    ----------
    shape : Architecture
        Of the net.
    functions : sequence of FixedSlopes
        What is differentiated.
    prime : int
        Which divides no denominator of an input or a slope.
    trained : set of int, optional
        The derivatives by other parameters are replaced by 0.

    Examples
    --------
    The gradient of v (u·x) at u = (2, 3), v = 5, for x = (1, -1):

    >>> from symflow.activations.base import activation
    >>> shape = Architecture((2, 1, 1), (activation("relu"),), has_biases=False)
    >>> one = fmpq(1)
    >>> f = FixedSlopes((one, -one), ((one,),), (False, False), 0)
    >>> GradientsModulo(shape, [f], 101).at([0], elements([[[2], [3], [5]]])).tolist()
    [[[5], [96], [100]]]
    """

    def __init__(
        self,
        shape: Architecture,
        functions: Sequence[FixedSlopes],
        prime: int,
        trained: frozenset[int] | None = None,
    ) -> None:
        self._held = [] if trained is None else [i for i in range(shape.n_parameters) if i not in trained]
        self.shape, self.prime, self.n_functions = shape, prime, len(functions)
        self._inputs = elements([[residue(x, prime) for x in f.input] for f in functions])
        hidden = range(shape.n_hidden_layers)
        self._slopes = [elements([[residue(s, prime) for s in f.slopes[i]] for f in functions]) for i in hidden]
        self._biases = [elements([int(f.has_bias[i]) for f in functions]) for i in range(shape.n_layers)]
        outputs = range(shape.n_outputs)
        self._outputs = elements([[int(o == f.output) for o in outputs] for f in functions])

    def at(self, which: Sequence[int], points: Residues) -> Residues:
        """Return the gradients of some of the functions, each at a point of its own.

        Parameters
        ----------
        which : sequence of int
            The functions, from 0.
        points : array, (len(which), n_parameters, 2^m)
            The parameters.

        Returns
        -------
        array of the shape of `points`
        """
        n, size, prime, shape = len(which), points.shape[-1], self.prime, self.shape
        weights = [
            points[:, shape.layer_block(layer)].reshape(n, shape.widths[layer], shape.fan_in(layer), size)
            for layer in range(1, shape.n_layers + 1)
        ]
        inputs = chosen(self._inputs, which)
        slopes = [chosen(slope, which)[:, :, None] for slope in self._slopes]
        preactivations: list[Residues] = []
        features: list[Residues] = []
        for layer, matrix in enumerate(weights, start=1):
            if layer == 1:
                z = summed(matrix * inputs[:, None, :, None] % prime, 2, prime)
            else:
                z = summed(multiplied(matrix, features[-1][:, None], prime), 2, prime)
            if shape.has_biases:
                start = shape.bias_index(layer, 0)
                bias = points[:, start : start + shape.widths[layer]]
                z = (z + bias * chosen(self._biases[layer - 1], which)[:, None, None]) % prime
            preactivations.append(z)
            if layer < shape.n_layers:
                features.append(self._grouped(layer, slopes[layer - 1] * self._power(z, layer, 0) % prime))
        return self._backward(which, weights, inputs, slopes, preactivations, features)

    def _backward(
        self,
        which: Sequence[int],
        weights: list[Residues],
        inputs: Residues,
        slopes: list[Residues],
        preactivations: list[Residues],
        features: list[Residues],
    ) -> Residues:
        n, size, prime, shape = len(which), weights[0].shape[-1], self.prime, self.shape
        result = zeros(n, shape.n_parameters, size)
        rate = zeros(n, shape.n_outputs, size)
        rate[:, :, 0] = chosen(self._outputs, which)
        for layer in range(shape.n_layers, 0, -1):
            if layer == 1:
                block = rate[:, :, None] * inputs[:, None, :, None] % prime
            else:
                block = multiplied(rate[:, :, None], features[layer - 2][:, None], prime)
            result[:, shape.layer_block(layer)] = block.reshape(n, -1, size)
            if shape.has_biases:
                start = shape.bias_index(layer, 0)
                counts = chosen(self._biases[layer - 1], which)[:, None, None]
                result[:, start : start + shape.widths[layer]] = rate * counts
            if layer > 1:
                below = summed(multiplied(weights[layer - 1], rate[:, :, None], prime), 1, prime)
                rate = slopes[layer - 2] * self._spread(layer - 1, below) % prime
                if shape.activation(layer - 1).degree > 1:
                    rate = multiplied(rate, self._power(preactivations[layer - 2], layer - 1, 1), prime)
        if self._held:
            result[:, self._held] = 0
        return result

    def _power(self, z: Residues, layer: int, derivatives: int) -> Residues:
        """Return z^p, or its derivative p z^(p-1)."""
        degree = self.shape.activation(layer).degree
        result = z
        for _ in range(degree - derivatives - 1):
            result = multiplied(result, z, self.prime)
        return result * degree % self.prime if derivatives else result

    def _grouped(self, layer: int, rows: Residues) -> Residues:
        """Return the sums over the members of each pooling group."""
        if not self.shape.activation(layer).is_group:
            return rows
        groups = self.shape.members(layer)
        result = zeros(rows.shape[0], len(groups), rows.shape[2])
        for place, members in enumerate(groups):
            result[:, place] = summed(rows[:, list(members)], 1, self.prime)
        return result

    def _spread(self, layer: int, outputs: Residues) -> Residues:
        """Return for each row what belongs to its group."""
        if not self.shape.activation(layer).is_group:
            return outputs
        result = zeros(outputs.shape[0], self.shape.widths[layer], outputs.shape[2])
        for place, members in enumerate(self.shape.members(layer)):
            for unit in members:
                result[:, unit] = outputs[:, place]
        return result
