"""The outputs along an arc, for all small t > 0 at once.

Let w(t) = w + t d_1 + t^2 d_2 + ... For small t > 0 every preactivation is a polynomial in t, whose sign is that of its
first nonzero coefficient. So one forward pass in polynomials in t gives f_k(w(t)) exactly, whatever walls the arc runs
along. This tells F(w(t)) from F(w) where one value of t would prove nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from symflow.activations.base import AbstractActivation, AbstractUnitActivation
from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.rationals import fmpq
from symflow.nets.network import Vector
from symflow.nets.objective import Combination, Output
from symflow.nets.patterned_function import AbstractPatternedFunction

# The coefficients of t^0, t^1, ..; no trailing zeros, so that the empty one is 0.
Germ: TypeAlias = tuple[fmpq, ...]


@final
@dataclass(frozen=True, slots=True)
class LeadingTerm:
    """F(w(t)) = F(w) + coefficient t^order + .. for small t > 0."""

    order: int
    coefficient: Scalar


def leading_term(function: AbstractPatternedFunction, arc: Sequence[Vector]) -> LeadingTerm | None:
    """Return the first term of F(w(t)) - F(w), or None where it is 0 or not decided by the frozen coefficients.

    Notes
    -----
    With δ_k = f_k(w(t)) - f_k(w), F(w(t)) - F(w) = sum_k c_k δ_k + O(max_k δ_k^2), and without the last term where φ is
    linear. So the first term of sum_k c_k δ_k is that of F if its order is less than twice that of every δ_k.

    Examples
    --------
    v relu(u) at 0 along (1, -1) is -t^2:

    >>> from symflow.nets.empirical_risk import FunctionOfWeights
    >>> from symflow.nets.network import Network
    >>> F = FunctionOfWeights(Network.from_weights([[0]], [[0]]), ((fmpq(1),),), Output())
    >>> leading_term(F, [(fmpq(1), fmpq(-1))])
    LeadingTerm(order=2, coefficient=-1)
    """
    outputs = output_germs(function, arc)
    orders = [next((i for i, entry in enumerate(germ) if i and entry != 0), None) for germ in outputs]
    lengths = [len(germ) for germ in outputs]
    is_linear = isinstance(function.objective, Output | Combination)
    least = min((order for order in orders if order is not None), default=0)
    for order in range(1, max(lengths, default=1)):
        total: Scalar = fmpq(0)
        for coefficient, germ in zip(function.coefficients, outputs, strict=True):
            if order < len(germ) and germ[order] != 0:
                total = total + coefficient * germ[order]
        if sign(total) != 0:
            return LeadingTerm(order, total) if is_linear or order < 2 * least else None
    return None


def output_germs(function: AbstractPatternedFunction, arc: Sequence[Vector]) -> tuple[Germ, ...]:
    """Return the outputs along an arc as polynomials in t, true for small t > 0.

    Examples
    --------
    |x| along -t is t:

    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> output_germs(Realization(Network.from_weights([[1], [-1]], [[1, 1]])).at((0,)), [(fmpq(-1),)])
    ((0, 1),)
    """
    shape, network = function.network.architecture, function.network
    variables = [_trimmed([x, *(d[i] for d in arc)]) for i, x in enumerate(function.point)]
    is_input = function.variable == "input"
    result = []
    for datum in range(function.n_data):
        features = variables if is_input else [_trimmed([x]) for x in function.inputs[datum]]
        for layer in range(1, shape.n_layers + 1):
            rows = []
            for row, weights in enumerate(network.weights[layer - 1]):
                total: Germ = ()
                for column, feature in enumerate(features):
                    place = 0 if is_input else shape.weight_index(layer, row, column)
                    weight = _trimmed([weights[column]]) if is_input else variables[place]
                    total = _sum(total, _product(weight, feature))
                if shape.has_biases:
                    assert network.biases is not None  # it has them
                    fixed = _trimmed([network.biases[layer - 1][row]])
                    total = _sum(total, fixed if is_input else variables[shape.bias_index(layer, row)])
                rows.append(total)
            if layer < shape.n_layers:
                activation = shape.activation(layer)
                features = [_activate(activation, [rows[i] for i in unit]) for unit in shape.members(layer)]
        result.append(rows[function.output])
    return tuple(result)


def _activate(activation: AbstractActivation, members: Sequence[Germ]) -> Germ:
    if activation.is_group:
        largest = members[0]
        for germ in members[1:]:
            if _sign(_sum(germ, tuple(-entry for entry in largest))) > 0:
                largest = germ
        return largest
    assert isinstance(activation, AbstractUnitActivation)  # no group
    (z,) = members
    result: Germ = (fmpq(1),)
    for _ in range(activation.degree):
        result = _product(result, z)
    return _product(_trimmed([activation.coefficients[_sign(z) > 0]]), result)


def _sign(germ: Germ) -> int:
    """Return the sign for small t > 0."""
    return next((sign(entry) for entry in germ if entry != 0), 0)


def _trimmed(entries: Sequence[fmpq]) -> Germ:
    length = len(entries)
    while length and entries[length - 1] == 0:
        length -= 1
    return tuple(entries[:length])


def _sum(left: Germ, right: Germ) -> Germ:
    if len(left) < len(right):
        left, right = right, left
    return _trimmed([x + right[i] if i < len(right) else x for i, x in enumerate(left)])


def _product(left: Germ, right: Germ) -> Germ:
    if not left or not right:
        return ()
    total = [fmpq(0)] * (len(left) + len(right) - 1)
    for i, x in enumerate(left):
        for j, y in enumerate(right):
            total[i + j] += x * y
    return tuple(total)
