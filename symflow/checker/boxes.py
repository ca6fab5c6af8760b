"""Boxes: arithmetic of rational intervals, and the layers of a net on them.

A box stands for every number between two rationals. The result of an operation holds all results of numbers in its
arguments, so that what is true of the result is true of each of them.

Examples
--------
>>> a, b = (Fraction(-1), Fraction(2)), (Fraction(3), Fraction(4))
>>> times(a, b) == (-4, 8), square(a) == (0, 4), total([a, b]) == (2, 6)
(True, True, True)
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.problems import Activation

_ONE = Fraction(1)
_ZERO = Fraction(0)

#: Two rationals around a number.
Box = tuple[Fraction, Fraction]


def added(a: Box, b: Box) -> Box:
    """Return all x + y."""
    return a[0] + b[0], a[1] + b[1]


def total(boxes: Sequence[Box]) -> Box:
    """Return all sums of one number of each box."""
    return sum((low for low, _ in boxes), start=_ZERO), sum((high for _, high in boxes), start=_ZERO)


def times(a: Box, b: Box) -> Box:
    """Return all x y."""
    products = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return min(products), max(products)


def square(a: Box) -> Box:
    """Return all x², which is less than all x y where 0 is inside."""
    low = _ZERO if a[0] <= 0 <= a[1] else min(a[0] * a[0], a[1] * a[1])
    return low, max(a[0] * a[0], a[1] * a[1])


def slopes_of(activation: Activation, z: Sequence[Box]) -> list[Box]:
    """Return bounds of the slopes of the rows of a layer, those of all sides where a unit may be at its kink."""
    if activation.name == "identity":
        return [(_ONE, _ONE)] * len(z)
    if activation.name == "maxpool":
        slopes = [(_ZERO, _ONE)] * len(z)
        for group in activation.groups:
            for i in group:
                others = [z[j] for j in group if j != i]
                is_winner, is_loser = all(o[1] < z[i][0] for o in others), any(o[0] > z[i][1] for o in others)
                slopes[i] = (_ONE, _ONE) if is_winner else (_ZERO, _ZERO) if is_loser else slopes[i]
        return slopes
    if activation.name == "relu_power":
        p = activation.power
        return [(p * max(low, _ZERO) ** (p - 1), p * max(high, _ZERO) ** (p - 1)) for low, high in z]
    below = {"relu": _ZERO, "leaky_relu": activation.slope, "abs": -_ONE}[activation.name]
    sides = min(below, _ONE), max(below, _ONE)
    return [(_ONE, _ONE) if low > 0 else (below, below) if high < 0 else sides for low, high in z]


def activated(activation: Activation, z: Sequence[Box]) -> list[Box]:
    """Return the features of a layer; an activation is monotone, but for abs and a leaky_relu of negative slope."""
    if activation.name == "maxpool":
        return [(max(z[i][0] for i in group), max(z[i][1] for i in group)) for group in activation.groups]
    if activation.name == "relu_power":
        return [(max(low, _ZERO) ** activation.power, max(high, _ZERO) ** activation.power) for low, high in z]
    below = {"relu": _ZERO, "leaky_relu": activation.slope, "abs": -_ONE, "identity": _ONE}[activation.name]
    found = []
    for low, high in z:
        ends = [value if value >= 0 else below * value for value in (low, high)]
        found.append((_ZERO if low < 0 < high and below <= 0 else min(ends), max(ends)))
    return found
