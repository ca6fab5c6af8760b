"""On which cells points lie: exact signs of all cuts at many points at once.

A float forward pass with a running error bound decides nearly every sign (the bounds are those of
``filtered_signs.py``); a point with a sign left open is evaluated in integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symflow.regions.filtered_signs import UNIT
from symflow.regions.integer_layers import IntegerNet

Integers = tuple[int, ...]
Signs = NDArray[np.int8]
Floats = NDArray[np.float64]

# So many points at a time: what is computed for them should not have to leave the caches.
_BATCH = 4096


def cut_signs(net: IntegerNet, points: Sequence[Integers], *, expected: Signs | None = None) -> Signs:
    """Return the sign of every cut at every point.

    Parameters
    ----------
    net : IntegerNet
        The net.
    points : sequence of integer vectors (x, D)
        D > 0, the point being x / D; or D = 0 for a ray.
    expected : int8, (n_points, n_cuts), optional
        What the caller hopes for. A 0 in it must be known to be one if all other signs are as expected: the point
        lies on the facet's hyperplane, and inside the facet the cut is affine and vanishes with it. A point with some
        other sign than expected is not looked at any further: its signs are then not those expected, that is all.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.integer_layers import integer_net
    >>> net = integer_net(Network.from_weights([[1, 0], [1, -1]], [[1, 1]]))
    >>> cut_signs(net, [(1, 1, 1), (-1, 0, 3)]).tolist()
    [[1, 0], [-1, -1]]
    """
    n_cuts = sum(len(layer.cuts) for layer in net.hidden)
    floats = [(_floats(layer.weights), _floats([layer.bias])[0]) for layer in net.hidden]
    parts = [np.zeros((0, n_cuts), np.int8)]
    for first in range(0, len(points), _BATCH):
        part = slice(first, first + _BATCH)
        parts.append(_batch_signs(net, floats, points[part], None if expected is None else expected[part]))
    return np.concatenate(parts)


def _batch_signs(
    net: IntegerNet, floats: Sequence[tuple[Floats, Floats]], points: Sequence[Integers], expected: Signs | None
) -> Signs:
    """Return what :func:`cut_signs` does for a few points; the weights of each layer, and its bias, as floats."""
    n_cuts = sum(len(layer.cuts) for layer in net.hidden)
    result = np.zeros((len(points), n_cuts), np.int8)
    is_open, is_refuted = np.zeros(len(points), np.bool_), np.zeros(len(points), np.bool_)
    scaled = [_scaled(point) for point in points]
    values = np.array(scaled, np.float64).reshape(len(points), net.n_inputs + 1)
    last = values[:, -1]
    features, error = values[:, :-1].T.copy(), np.full((net.n_inputs, len(points)), 2 * UNIT)
    first = 0
    for layer, (weights, bias) in zip(net.hidden, floats, strict=True):
        hoped = None if expected is None else expected[:, first : first + len(layer.cuts)].T
        with np.errstate(over="ignore", invalid="ignore"):  # what is no number decides nothing
            units = weights @ features + np.outer(bias, last)
            gamma = (len(features) + 6) * UNIT
            constants = np.outer(np.abs(bias), last + 1e-300)  # a subnormal D is off by more than UNIT
            error = 1.01 * (np.abs(weights) @ (error + gamma * np.abs(features)) + gamma * constants) + 1e-300
            signs, undecided = _column_signs(layer, units, error, None if hoped is None else hoped == 0)
            features, error = _activated(layer, units, error, signs)
        if hoped is not None:  # above a sign that is open, a decided one may be wrong
            is_refuted |= ((signs != hoped) & ~undecided).any(axis=0) & ~is_open
        is_open |= undecided.any(axis=0)
        result[:, first : first + len(layer.cuts)] = signs.T
        first += len(layer.cuts)
    for place in np.flatnonzero(is_open & ~is_refuted).tolist():
        hope = None if expected is None else expected[place].tolist()
        signs_there = exact_cut_signs(net, points[place], expected=hope)
        result[place, : len(signs_there)] = signs_there
    return result


def exact_cut_signs(net: IntegerNet, point: Integers, *, expected: Sequence[int] | None = None) -> list[int]:
    """Return the sign of every cut at one point, in integers alone; of no layer above one that is not as expected."""
    signs: list[int] = []
    features = list(point[:-1])
    for layer in net.hidden:
        units = [
            sum(map(int.__mul__, row, features)) + constant * point[-1]
            for row, constant in zip(layer.weights, layer.bias, strict=True)
        ]
        features = []
        for group in layer.members:
            if layer.slopes is not None:
                value = units[group[0]]
                signs.append((value > 0) - (value < 0))
                features.append(layer.slopes[value > 0] * value)
                continue
            largest = units[group[0]]
            for unit in group[1:]:
                signs.append((units[unit] > largest) - (units[unit] < largest))
                largest = max(largest, units[unit])
            features.append(largest)
        if expected is not None and signs != expected[: len(signs)]:
            break
    return signs


def _column_signs(layer: Any, units: Floats, error: Floats, known: NDArray[np.bool_] | None) -> tuple[Signs, Any]:
    """Return the signs of the layer's cuts (one row each), and which are undecided."""
    if layer.slopes is not None:
        open_ = ~_exceeds(units, error)
        if known is not None:
            units[known] = 0.0
            error[known] = 0.0
            open_ &= ~known
        return _sign(units), open_
    rows, undecided = [], []
    for group in layer.members:
        largest, bound = units[group[0]], error[group[0]]
        for unit in group[1:]:
            difference = units[unit] - largest
            undecided.append(~_exceeds(difference, 1.01 * (error[unit] + bound + UNIT * np.abs(difference))))
            rows.append(_sign(difference))
            bound = np.where(difference > 0, error[unit], bound)
            largest = np.maximum(largest, units[unit])
    shape = (len(rows), units.shape[1])
    return np.array(rows, np.int8).reshape(shape), np.array(undecided, np.bool_).reshape(shape)


def _activated(layer: Any, units: Floats, error: Floats, signs: Signs) -> tuple[Floats, Floats]:
    if layer.slopes is not None:
        left, right = (_float(slope) for slope in layer.slopes)
        slope = np.where(signs > 0, right, left)
        features = slope * units
        return features, np.abs(slope) * error + 2 * UNIT * np.abs(features)
    values, bounds = [], []
    for group in layer.members:
        members = units[list(group)]
        winner = members.argmax(axis=0)
        values.append(members.max(axis=0))
        bounds.append(error[list(group)][winner, np.arange(members.shape[1])])
    return np.array(values), np.array(bounds)


def _exceeds(values: Floats, error: Floats) -> NDArray[np.bool_]:
    """Return which values are larger than their errors; one that overflowed on the way may have any sign."""
    large: NDArray[np.bool_] = (np.abs(values) > error) & np.isfinite(values)
    return large


def _sign(values: Floats) -> Signs:
    """Return the signs of floats, 0 for what is no number."""
    return (values > 0).astype(np.int8) - (values < 0).astype(np.int8)


def _scaled(point: Integers) -> list[float]:
    """Return the point as floats of size at most 1: rounded once, from integers of any size."""
    largest = 1 << max(max(abs(entry) for entry in point).bit_length(), 1)
    return [entry / largest for entry in point]


def _floats(rows: Sequence[Integers]) -> Floats:
    """Return integers as floats; what no float holds becomes infinite, and decides nothing."""
    return np.array([[_float(entry) for entry in row] for row in rows], np.float64)


def _float(entry: int) -> float:
    try:
        return float(entry)
    except OverflowError:
        return float("inf")
