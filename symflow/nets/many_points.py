"""A piecewise-linear net with one output at many points at once, exactly: values, patterns, chain rule.

The preactivations of all points are one matrix product a layer. Activations are linear on cones, so that an output is
its slopes times its members, and what the chain rule gives at a point depends on the pattern there alone: points of one
pattern share it, and patterns that agree from some layer on share their part of the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from symflow.activations.base import POSITIONS, AbstractActivation
from symflow.exact.matrix_products import FixedMatrix
from symflow.exact.rationals import fmpq
from symflow.nets.network import Network, Vector

_SAMPLES = {"-": fmpq(-1), "0": fmpq(0), "+": fmpq(1)}


@final
class ManyPoints:
    """A net at many points.

    Parameters
    ----------
    network : Network
        With one output and activations that are linear on cones.
    points : sequence of vectors
        At least one.

    Attributes
    ----------
    values : tuple of fmpq
        f at each point.
    patterns : tuple of str
        The signs at each point, layers parted by ``|``; of a pooling group all maximal members, ``1=3``.

    Examples
    --------
    relu(x) - relu(-x) is x; the chain rule gives 0 at 0.

    >>> net = Network.from_weights([[1], [-1]], [[1, -1]])
    >>> there = ManyPoints(net, [(fmpq(2),), (fmpq(0),)])
    >>> there.values, there.patterns, there.chain_rule(0), there.chain_rule(1)
    ((2, 0), ('+-', '00'), (1,), (0,))
    """

    def __init__(self, network: Network, points: Sequence[Vector]) -> None:
        self.network = network
        self._matrices = [FixedMatrix(matrix) for matrix in network.weights]
        shape = network.architecture
        # words[layer - 1][point] and slopes by word: what the chain rule takes on it.
        self._words: list[list[str]] = []
        self._slopes: list[dict[str, list[Vector]]] = []
        features = [list(column) for column in zip(*points, strict=True)]
        for layer in range(1, shape.n_layers):
            features = self._through(layer, self._affine(layer, features))
        (values,) = self._affine(shape.n_layers, features)
        self.values = tuple(values)
        sites = [words for layer, words in enumerate(self._words, start=1) if shape.activation(layer).has_sites]
        self.patterns = tuple("|".join(words) for words in zip(*sites, strict=True)) or ("",) * len(points)
        self._pulled: dict[tuple[str, ...], list[fmpq]] = {}

    def chain_rule(self, number: int) -> Vector:
        """Return what automatic differentiation gives for the gradient at a point, by its number from 0."""
        return tuple(self._matrices[0].times_from_left(self._backwards(tuple(words[number] for words in self._words))))

    # ------------------------------------------------------------------ forwards

    def _affine(self, layer: int, features: list[list[fmpq]]) -> list[list[fmpq]]:
        """Return W h + b for all points: a list of preactivations for each unit."""
        rows = self._matrices[layer - 1].times(features)
        if self.network.biases is None:
            return rows
        return [[z + b for z in row] for row, b in zip(rows, self.network.biases[layer - 1], strict=True)]

    def _through(self, layer: int, rows: list[list[fmpq]]) -> list[list[fmpq]]:
        """Return the features of a layer, and write down its words and the slopes on each."""
        activation = self.network.architecture.activation(layer)
        members = self.network.architecture.members(layer)
        columns, features = [], []
        for units in members:
            group = [rows[unit] for unit in units]
            if activation.is_group:
                columns.append([_maximal(values) for values in zip(*group, strict=True)])
                features.append([activation.evaluate(values) for values in zip(*group, strict=True)])
            else:
                signs = ["0" if z == 0 else "+" if z > 0 else "-" for z in group[0]]
                slope = {sign: _slopes(activation, sign, 1)[0] for sign in _SAMPLES}
                columns.append(signs)
                features.append([slope[sign] * z for sign, z in zip(signs, group[0], strict=True)])
        words = list(map(_word, zip(*columns, strict=True)))
        slopes: dict[str, list[Vector]] = {}
        for parts, word in zip(zip(*columns, strict=True), words, strict=True):
            if word not in slopes:
                slopes[word] = [
                    _slopes(activation, part, len(units)) for part, units in zip(parts, members, strict=True)
                ]
        self._words.append(words)
        self._slopes.append(slopes)
        return features

    # ------------------------------------------------------------------ backwards

    def _backwards(self, words: tuple[str, ...]) -> list[fmpq]:
        """Return the derivative of f by the preactivations of the layer at which the words begin."""
        if not words:
            return [fmpq(1)]
        if words not in self._pulled:
            layer = self.network.architecture.n_layers - len(words)
            row = self._matrices[layer].times_from_left(self._backwards(words[1:]))
            result = [fmpq(0)] * self.network.architecture.widths[layer]
            members = self.network.architecture.members(layer)
            for entry, units, slopes in zip(row, members, self._slopes[layer - 1][words[0]], strict=True):
                for unit, slope in zip(units, slopes, strict=True):
                    result[unit] = entry * slope
            self._pulled[words] = result
        return self._pulled[words]


def _slopes(activation: AbstractActivation, part: str, n_members: int) -> Vector:
    """Return what automatic differentiation takes for the slopes of an output, from its part of the pattern alone."""
    if not activation.is_group:
        return activation.conventional_slopes((_SAMPLES[part],), "autodiff")
    maximal = part.split("=")
    values = [fmpq(POSITIONS[i] in maximal) for i in range(n_members)]
    return activation.conventional_slopes(values, "autodiff")


def _maximal(values: Sequence[fmpq]) -> str:
    best = max(values)
    return "=".join(POSITIONS[i] for i, value in enumerate(values) if value == best)


def _word(parts: Sequence[str]) -> str:
    # Where several members of a group are maximal its neighbours stand apart from it: "2 1=3".
    return (" " if any("=" in part for part in parts) else "").join(parts)
