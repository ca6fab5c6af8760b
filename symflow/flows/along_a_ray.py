"""Along a ray: when the next preactivation changes its sign.

On a face (``local_fan.py``) every preactivation is affine along x + t v, v in the face: one forward pass carries the
values and the slopes, with the slope of the activation that belongs to the sign. Nothing changes until a value with a
sign becomes 0, or the lead of a winning member of a pooling group does; that time is an exact rational.
"""

from __future__ import annotations

from symflow.exact.rationals import fmpq
from symflow.flows.local_fan import Signs
from symflow.nets.network import Vector
from symflow.nets.patterned_function import Characters
from symflow.nets.realization import FunctionOfInput


def first_change(function: FunctionOfInput, characters: Characters, signs: Signs, velocity: Vector) -> fmpq | None:
    """Return the first time t > 0 at which a sign changes along x + t v, or None if none ever does.

    Parameters
    ----------
    function : FunctionOfInput
        At x.
    characters : tuple of str
        Of the face, for the slopes.
    signs : dict
        Of the units on the face.
    velocity : vector
        v, in the face.

    Examples
    --------
    >>> from symflow.flows.local_fan import local_fan
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]], biases=[[0, 3], [0]])).at((1,))
    >>> (face,) = local_fan(f).faces
    >>> [first_change(f, face.characters, face.signs, (fmpq(v),)) for v in (1, -1, -2)]
    [2, 1, 1/2]
    """
    times = []
    for (value, slope), unit_sign in _with_signs(function, characters, signs, velocity):
        if unit_sign != "0" and value * slope < 0:
            times.append(-value / slope)
    return min(times, default=None)


Moving = tuple[fmpq, fmpq]


def _with_signs(
    function: FunctionOfInput, characters: Characters, signs: Signs, velocity: Vector
) -> list[tuple[Moving, str]]:
    """Return value and slope of every preactivation, or lead of a losing member, with its sign."""
    network = function.network
    shape = network.architecture
    found: list[tuple[Moving, str]] = []
    features: list[Moving] = list(zip(function.point, velocity, strict=True))
    for layer in range(1, shape.n_layers):
        activation = shape.activation(layer)
        moving = [
            (function.preactivations[0][layer - 1][row], _along(weights, features))
            for row, weights in enumerate(network.weights[layer - 1])
        ]
        features = []
        for output, members in enumerate(shape.members(layer)):
            values = [moving[unit][0] for unit in members]
            slopes = [moving[unit][1] for unit in members]
            place = function.table.index.get((layer, output, 0))
            character = "+" if place is None else characters[place]
            gains = activation.slopes(values, character)
            features.append(
                (activation.evaluate(values), sum((g * s for g, s in zip(gains, slopes, strict=True)), fmpq(0)))
            )
            if place is None:
                continue
            if not activation.is_group:
                found.append((moving[members[0]], signs[layer, members[0]]))
                continue
            winner = next(unit for unit in members if signs[layer, unit] != "-")
            for unit in members:
                if signs[layer, unit] == "-":
                    lead = (moving[unit][0] - moving[winner][0], moving[unit][1] - moving[winner][1])
                    found.append((lead, "-"))
    return found


def _along(weights: Vector, features: list[Moving]) -> fmpq:
    return sum((w * slope for w, (_, slope) in zip(weights, features, strict=True)), fmpq(0))
