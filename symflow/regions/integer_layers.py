"""A net as integer layers, and the functions whose zeros cut its input space.

Scaling. Cells depend on signs alone, so that every layer may be multiplied by a positive number. Layer l becomes

    z_l = W_l h_{l-1} + b_l D,      h_l = (slope on the unit's side) · z_l,

with integer W_l, b_l and slopes, where D = 1 at a point and D = 0 at a ray: homogeneous of degree 1 in (x, D), and a
positive multiple of the net's own preactivations. A layer of identity units cuts nothing; the next one takes its
affine map in. A *section* keeps some input columns only, the others being 0.

Columns. What is evaluated in a layer are its *columns*: for relu, leaky_relu and abs each unit's preactivation; for a
maximum over a group each difference z_j - z_i of two members, i before j. What cuts are its *cuts*: each column, or
for the j-th member of a group z_j - max(z_i : i before j), which on a cell is one of the columns: the one of the
member that leads so far. Both are affine on every cell that the cuts before have made.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

from symflow.activations.base import AbstractUnitActivation
from symflow.errors import NotSupportedError
from symflow.nets.network import FractionRows, Fractions, Network

Matrix = tuple[tuple[int, ...], ...]
Integers = tuple[int, ...]
AffineMap = tuple[Matrix, Integers]

# A cell's character as a small integer, in the order in which patterns are sorted.
WINNER_OFFSET = 2


@final
@dataclass(frozen=True, slots=True)
class Cut:
    """One function that cuts.

    Parameters
    ----------
    columns : tuple of int
        Of a unit its one column; of the j-th member of a group the columns z_j - z_i for i = 0 .. j - 1.
    output : int
        The place of the layer's output (unit or group) whose character it decides.
    member : int
        For a group the position j >= 1 of the member; 0 for a unit.
    """

    columns: tuple[int, ...]
    output: int
    member: int = 0


@final
@dataclass(frozen=True, slots=True)
class IntegerLayer:
    """One hidden layer.

    Parameters
    ----------
    number : int
        Which layer of the net it is, from 1.
    weights, bias : integers
        W_l and b_l, scaled.
    slopes : (int, int) or None
        On the negative and the positive side; None for a maximum over groups.
    members : tuple of tuples
        For each output the units it depends on.
    columns : tuple of (int, int or None)
        (u, None) for z_u, (j, i) for z_j - z_i.
    cuts : tuple of Cut
        In the order in which they are made.
    """

    number: int
    weights: Matrix
    bias: tuple[int, ...]
    slopes: tuple[int, int] | None
    members: tuple[tuple[int, ...], ...]
    columns: tuple[tuple[int, int | None], ...]
    cuts: tuple[Cut, ...]

    @property
    def n_units(self) -> int:
        """The number of rows of W_l."""
        return len(self.weights)

    @property
    def n_characters(self) -> int:
        """How many characters of a pattern belong to the layer."""
        return len(self.members)


@final
@dataclass(frozen=True, slots=True)
class IntegerNet:
    """All layers, and the last, affine one with its scale.

    Parameters
    ----------
    n_inputs : int
        The dimension of input space.
    hidden : tuple of IntegerLayer
        The hidden layers.
    last : matrix, last_bias : vector
        The output is (last · h + last_bias · D) / scale.
    scale : Fraction
        Positive.
    """

    n_inputs: int
    hidden: tuple[IntegerLayer, ...]
    last: Matrix
    last_bias: tuple[int, ...]
    scale: Fraction

    def section(self, columns: Sequence[int]) -> IntegerNet:
        """Return the net on the inputs that vanish outside `columns`."""
        if not self.hidden:
            return replace(self, n_inputs=len(columns))
        first, *others = self.hidden
        weights = tuple(tuple(row[j] for j in columns) for row in first.weights)
        return IntegerNet(
            len(columns), (replace(first, weights=weights), *others), self.last, self.last_bias, self.scale
        )

    @property
    def n_characters(self) -> int:
        """The length of a pattern."""
        return sum(layer.n_characters for layer in self.hidden)


def integer_net(network: Network) -> IntegerNet:
    """Return the net with integer layers.

    Raises
    ------
    NotSupportedError
        If an activation is not piecewise linear.

    Examples
    --------
    >>> net = integer_net(Network.from_weights([["1/2", 1]], [["1/3"]], biases=[["1/5"], [1]]))
    >>> net.hidden[0].weights, net.hidden[0].bias, net.last, net.last_bias, net.scale
    (((5, 10),), (2,), ((1,),), (30,), Fraction(30, 1))
    """
    architecture = network.architecture
    hidden: list[IntegerLayer] = []
    scale = Fraction(1)  # of h: what is held is scale · h
    below: AffineMap | None = None  # an identity layer, which the next one takes in
    for layer in range(1, architecture.n_layers + 1):
        weights, bias, scale = _scaled(*network.affine_map(layer), scale)
        if below is not None:
            weights, bias, scale = _after(below, weights, bias, scale)
        if layer < architecture.n_layers and not architecture.activation(layer).has_sites:
            below = weights, bias
            continue
        below = None
        if layer == architecture.n_layers:
            return IntegerNet(architecture.n_inputs, tuple(hidden), weights, bias, scale)
        activation = architecture.activation(layer)
        if not activation.is_piecewise_linear:
            raise NotSupportedError(
                f"layer {layer} is {activation.name}, and the net is not affine on its cells; "
                "regions are for relu, leaky_relu, abs, maxpool and identity",
                place="network.activation",
            )
        members = architecture.members(layer)
        slopes = None
        if isinstance(activation, AbstractUnitActivation):
            left, right = activation.sides
            factor = math.lcm(left.denominator, right.denominator)
            slopes = int(left * factor), int(right * factor)
            scale *= factor
        columns, cuts = _cuts(members, activation.is_group)
        hidden.append(IntegerLayer(layer, weights, bias, slopes, members, columns, cuts))
    raise AssertionError("the last layer returns")


def _scaled(weights: FractionRows, biases: Fractions, scale: Fraction) -> tuple[Matrix, Integers, Fraction]:
    """Return W_l and b_l as integers without a common factor, and the scale of z_l."""
    rows = [*weights, [bias * scale for bias in biases]]
    multiple = math.lcm(*{entry.denominator for row in rows for entry in row})
    integers = [[entry.numerator * (multiple // entry.denominator) for entry in row] for row in rows]
    return _primitive(integers, scale * multiple)


def _after(below: AffineMap, weights: Matrix, bias: Integers, scale: Fraction) -> tuple[Matrix, Integers, Fraction]:
    """Return the same of W_l (A h + a D) + b_l D, (A, a) being the affine map of an identity layer below."""
    lower, constants = below
    columns = list(zip(*lower, strict=True))
    matrix = [[_dot(row, column) for column in columns] for row in weights]
    return _primitive([*matrix, [_dot(row, constants) + b for row, b in zip(weights, bias, strict=True)]], scale)


def _primitive(rows: Sequence[Sequence[int]], scale: Fraction) -> tuple[Matrix, Integers, Fraction]:
    """Return the rows, of which the last is a vector of biases, without their common factor."""
    divisor = math.gcd(*(entry for row in rows for entry in row)) or 1
    *matrix, vector = (tuple(entry // divisor for entry in row) for row in rows)
    return tuple(matrix), vector, scale / divisor


def _dot(left: Sequence[int], right: Sequence[int]) -> int:
    return sum(map(operator.mul, left, right))


def _cuts(
    members: Sequence[Sequence[int]], is_group: bool
) -> tuple[tuple[tuple[int, int | None], ...], tuple[Cut, ...]]:
    if not is_group:
        units = [unit for (unit,) in members]
        return tuple((unit, None) for unit in units), tuple(Cut((unit,), unit) for unit in units)
    columns: list[tuple[int, int | None]] = []
    cuts = []
    for output, group in enumerate(members):
        for position, unit in enumerate(group[1:], start=1):
            first = len(columns)
            columns += [(unit, before) for before in group[:position]]
            cuts.append(Cut(tuple(range(first, first + position)), output, position))
    return tuple(columns), tuple(cuts)


def exact_unit_rows(net: IntegerNet, layer: int, characters: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the preactivations of a layer (from 0) as integer covectors of (x, D), on the cells of a pattern.

    Parameters
    ----------
    net : IntegerNet
        The net.
    layer : int
        From 0; the number of hidden layers gives the outputs (times ``net.scale``).
    characters : sequence of int
        Those of the layers below: -1, 0, 1, or a winner's position plus `WINNER_OFFSET`.

    Examples
    --------
    >>> net = integer_net(Network.from_weights([[1], [-1]], [[1, 1], [1, -1]], [[1, 1]]))
    >>> exact_unit_rows(net, 1, (1, -1))
    [(1, 0), (1, 0)]
    """
    size = net.n_inputs + 1
    features: list[tuple[int, ...]] = [tuple(1 if i == j else 0 for i in range(size)) for j in range(net.n_inputs)]
    rest = iter(characters)
    for below in net.hidden[:layer]:
        features = list(_features(below, _affine(below.weights, below.bias, features, size), rest))
    weights, bias = (
        (net.last, net.last_bias) if layer == len(net.hidden) else (net.hidden[layer].weights, net.hidden[layer].bias)
    )
    return _affine(weights, bias, features, size)


def _affine(
    weights: Matrix, bias: Sequence[int], features: Sequence[tuple[int, ...]], size: int
) -> list[tuple[int, ...]]:
    rows = []
    for row, constant in zip(weights, bias, strict=True):
        total = [0] * size
        for weight, feature in zip(row, features, strict=True):
            if weight:
                for i, entry in enumerate(feature):
                    total[i] += weight * entry
        total[-1] += constant
        rows.append(tuple(total))
    return rows


def _features(
    layer: IntegerLayer, rows: Sequence[tuple[int, ...]], characters: Iterator[int]
) -> Iterator[tuple[int, ...]]:
    for group in layer.members:
        character = next(characters)
        if layer.slopes is None:
            yield rows[group[character - WINNER_OFFSET]]
        else:
            slope = layer.slopes[character > 0] if character else 0
            yield tuple(slope * entry for entry in rows[group[0]])
