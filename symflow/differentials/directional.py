"""One-sided directional derivatives f'(w; v), and the upper ones f°(w; v) of Clarke.

Definition. f'(w; v) = lim (f(w + t v) - f(w)) / t as t > 0 tends to 0. Piecewise-polynomial functions have it in every
direction, and it obeys the chain rule (B-derivatives; Scholtes 2012, chapter 3): with z'(v) the derivative of a
preactivation along v,

    (σ∘z)'(w; v) = σ'(z; z'(v)):  the slope at z where z ≠ 0; on a kink the slope of the side of z'(v); of a maximum
    over a group the largest z'(v) among its maximal members.

So one forward pass gives f'(w; v) exactly, of a risk as sum_k c_k f_k'(w; v). Clarke's upper derivative is f°(w; v) =
max {<s, v> : s in ∂f(w)}, at a vertex; always f' <= f°.
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.activations.base import POSITIONS, AbstractActivation
from symflow.differentials.clarke import Differentiable, differential_at, function_of
from symflow.differentials.clarke_set import Support
from symflow.errors import ShapeError
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import entries, fmpq, rational
from symflow.nets.network import Vector
from symflow.nets.patterned_function import AbstractPatternedFunction


def directional_derivative(
    function: Differentiable,
    direction: Sequence[object],
    *,
    at: Sequence[object] | None = None,
) -> Scalar:
    """Return the one-sided derivative f'(w; v).

    Parameters
    ----------
    function : EmpiricalRisk, Realization or AbstractPatternedFunction
        f; or its differential, which knows f.
    direction : sequence of numbers
        v, exact, one entry a variable.
    at : sequence of numbers, optional
        The point: parameters of a risk (default: the network's own), the input of a realization.

    Raises
    ------
    ShapeError, InexactNumberError
        If v is no exact vector of that many entries.

    Examples
    --------
    -|x| falls on both sides of 0, though its Clarke differential [-1, 1] contains 0:

    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[-1, -1]]))
    >>> directional_derivative(f, (1,), at=(0,)), directional_derivative(f, (-2,), at=(0,))
    (-1, -2)
    """
    F = function_of(function, at)
    v = exact_direction(F, direction)
    total: Scalar = fmpq(0)
    for datum, coefficient in enumerate(F.coefficients):
        if coefficient != 0:
            total = total + coefficient * _output_derivative(F, datum, v)
    return total


def clarke_directional_derivative(
    differential: Differentiable, direction: Sequence[object], *, at: Sequence[object] | None = None
) -> Support:
    """Return Clarke's upper derivative f°(w; v), with an element of ∂f(w) at which it is attained.

    Parameters
    ----------
    differential : ClarkeDifferential, or a function
        ∂f(w), or f: a risk, a realization.
    direction : sequence of numbers
        v.
    at : sequence of numbers, optional
        The point, where a function is given.

    Returns
    -------
    Support
        Its value; an interval that contains it where the set is only enclosed.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> df = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[-1, -1]])), at=(0,))
    >>> upper = clarke_directional_derivative(df, (3,))
    >>> upper.value, upper.element
    (3, (1,))
    """
    return differential_at(differential, at).support(direction)


def exact_direction(function: AbstractPatternedFunction, direction: Sequence[object]) -> Vector:
    """Return a direction in rationals, one entry a variable."""
    names = function.variables
    if len(entries(direction, place="direction")) != len(names):
        raise ShapeError(f"{len(direction)} entries, there are {len(names)} variables; give one a variable")
    return tuple(rational(entry, place=name) for entry, name in zip(direction, names, strict=True))


def _output_derivative(function: AbstractPatternedFunction, datum: int, v: Vector) -> fmpq:
    """Return f_k'(w; v) by one forward pass: z'_l = V_l h_{l-1} + W_l h'_{l-1} + b'_l."""
    network = function.network
    shape = network.architecture
    is_input = function.variable == "input"
    slopes_below: Vector = v if is_input else (fmpq(0),) * shape.n_inputs
    for layer in range(1, shape.n_layers + 1):
        features = function.features[datum][layer - 1]
        moved = []
        for row, weights in enumerate(network.weights[layer - 1]):
            entry = _dot(weights, slopes_below)
            if not is_input:
                first = (v[shape.weight_index(layer, row, column)] for column in range(len(weights)))
                entry += _dot(tuple(first), features)
                if shape.has_biases:
                    entry += v[shape.bias_index(layer, row)]
            moved.append(entry)
        if layer == shape.n_layers:
            break
        values, activation = function.preactivations[datum][layer - 1], shape.activation(layer)
        slopes_below = tuple(
            _activation_derivative(activation, [values[i] for i in members], [moved[i] for i in members])
            for members in shape.members(layer)
        )
    return moved[function.output]


def _activation_derivative(activation: AbstractActivation, values: Sequence[fmpq], moved: Sequence[fmpq]) -> fmpq:
    """Return σ'(z; z'): the slopes of the piece on the side of z', times z'."""
    if activation.is_group:
        largest = max(values)
        maximal = [i for i, value in enumerate(values) if value == largest]
        character = POSITIONS[max(maximal, key=lambda i: moved[i])]
    else:
        decisive = values[0] if values[0] != 0 else moved[0]
        character = "+" if decisive > 0 else "-"
    return _dot(activation.slopes(values, character), moved)


def _dot(left: Sequence[fmpq], right: Sequence[fmpq]) -> fmpq:
    return sum((a * b for a, b in zip(left, right, strict=True) if a != 0 and b != 0), fmpq(0))
