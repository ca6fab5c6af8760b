"""The sign of the soft margin on a ball of states, in ball arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from symflow.activations.base import AbstractUnitActivation
from symflow.exact.balls import arb, ball_precision
from symflow.exact.rationals import rational
from symflow.flows.precision import GUARD_DIGITS, Number, exact_value
from symflow.nets.architecture import Architecture
from symflow.nets.objective import LogSumExp, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction

# A ball of python-flint, which ships no types here.
Ball = Any


def enclosed_sign(
    function: AbstractPatternedFunction, state: Sequence[Number], radius: Number, digits: int
) -> int | None:
    """Return the sign of -ln sum e^(-m_k) at all states within a radius of one; None where it is not one sign.

    Parameters
    ----------
    function : AbstractPatternedFunction
        In the weights, with labels and at most one hidden layer of activations unit by unit.
    state : sequence of mpf
        The middle.
    radius : mpf
        Euclidean.
    digits : int
        Those of the state.

    Examples
    --------
    >>> from mpmath import mpf
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> R = EmpiricalRisk(Network.from_weights([[1]], [[2]]), Dataset([(1,)], labels=[1])).at()
    >>> enclosed_sign(R, [mpf(1), mpf(2)], mpf("0.01"), 15), enclosed_sign(R, [mpf(0), mpf(2)], mpf("0.01"), 15)
    (1, None)
    """
    shape, objective = function.network.architecture, function.objective
    if not isinstance(objective, Risk | LogSumExp) or shape.n_hidden_layers > 1 or function.variable != "weights":
        return None
    if any(each.is_group for each in shape.activations):
        return None
    with ball_precision(int(3.33 * (digits + 2 * GUARD_DIGITS))):
        around = arb(0, arb(rational(exact_value(radius))).upper())
        w = [arb(rational(exact_value(entry))) + around for entry in state]
        total = arb(0)
        for x, label in zip(function.inputs, objective.labels, strict=True):
            h: list[Ball] = [arb(entry) for entry in x]
            for layer in range(1, shape.n_layers + 1):
                is_last = layer == shape.n_layers
                rows = (function.output,) if is_last else range(shape.widths[layer])
                z = [_row(shape, w, h, layer, row) for row in rows]
                h = z if is_last else [_unit(shape, layer, entry) for entry in z]
            total += (-arb(label) * h[0]).exp()
        return 1 if total < 1 else -1 if total > 1 else None


def _row(shape: Architecture, w: Sequence[Ball], h: Sequence[Ball], layer: int, row: int) -> Ball:
    total = w[shape.bias_index(layer, row)] if shape.has_biases else arb(0)
    return sum((w[shape.weight_index(layer, row, column)] * entry for column, entry in enumerate(h)), total)


def _unit(shape: Architecture, layer: int, z: Ball) -> Ball:
    """Return the activation of a ball: the union of both pieces where its sign is open."""
    activation = cast(AbstractUnitActivation, shape.activation(layer))
    below, above = (z**activation.degree * coefficient for coefficient in activation.coefficients)
    return above if z > 0 else below if z < 0 else below.union(above)
