"""Bounds of balls, rounded outwards: what a tube is measured with."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from symflow.exact.balls import arb, arb_poly
from symflow.exact.rationals import fmpq


def upper(ball: arb) -> arb:
    """Return the upper end of a ball, exactly.

    Examples
    --------
    >>> upper(arb(1, 0.5)) >= 1.5, upper(arb(1, 0.5)).rad() == 0
    (True, True)
    """
    return arb(ball.upper())


def lower(ball: arb) -> arb:
    """Return the lower end of a ball, exactly."""
    return arb(ball.lower())


def larger(a: arb, b: arb) -> arb:
    """Return the larger one of two exact balls."""
    return b if b > a else a


def smaller(a: arb, b: arb) -> arb:
    """Return the smaller one of two exact balls."""
    return a if a < b else b


def length(vector: Sequence[fmpq]) -> arb:
    """Return the Euclidean length of a rational vector.

    Examples
    --------
    >>> length([fmpq(3, 5), fmpq(-4, 5)]).contains(1)
    True
    """
    denominator = lcm(*(int(entry.q) for entry in vector)) if vector else 1
    squares = sum(int(entry.p * denominator / entry.q) ** 2 for entry in vector)
    return arb(squares).sqrt() / denominator


def range_of(polynomial: arb_poly, low: arb, high: arb) -> arb:
    """Return what a polynomial can be between two places, expanded about the middle.

    Examples
    --------
    >>> square = range_of(arb_poly([0, 0, 1]), arb(1), arb(2))
    >>> square.contains(arb(1)) and square.contains(arb(4)) and not square.contains(arb(0))
    True
    """
    middle, half = (low + high) / 2, upper((high - low) / 2)
    coefficients = polynomial(arb_poly([middle, 1])).coeffs()
    spread, power = arb(0), arb(1)
    for coefficient in coefficients[1:]:
        power *= half
        spread += abs(coefficient) * power
    return (coefficients[0] if coefficients else arb(0)) + arb(0, spread.upper())
