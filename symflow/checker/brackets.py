"""The value of an iterated Lie bracket at a point.

A word (i, j, .., k) stands for [X_i, [X_j, [.., X_k]]], and [X, Y] = J_Y X − J_X Y: the derivative of Y along X minus
that of X along Y. Both are read off one level up in the nested infinitesimals: B(w + ε X(w)) = B(w) + ε J_B X (w).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from symflow.checker.law_identities import derivative, variables
from symflow.checker.nested_duals import Element, NestedDuals
from symflow.checker.polynomials import Polynomial

#: A field: the point, in the ring, goes in; its value there comes out.
VectorField: TypeAlias = Callable[[Sequence[Element]], list[Element]]


def value(
    word: Sequence[int], fields: Sequence[VectorField], point: Sequence[Element], ring: NestedDuals
) -> list[Element]:
    """Return the value of a word at a point.

    Examples
    --------
    X = (0, x) and Y = (y, 0) on the plane: [X, Y] = (x, −y).

    >>> fields = [lambda w: [[0] * len(w[0]), w[0]], lambda w: [w[1], [0] * len(w[0])]]
    >>> value([0, 1], fields, [[2], [3]], NestedDuals(7))
    [[2], [4]]
    """
    field = fields[word[0]]
    velocity = field(point)
    if len(word) == 1:
        return velocity
    inner = value(word[1:], fields, _moved(point, velocity), ring)
    half = len(point[0])
    bracket = [entry[:half] for entry in inner]
    back = field(_moved(point, bracket))
    return [
        [(a - b) % ring.prime for a, b in zip(forth[half:], there[half:], strict=True)]
        for forth, there in zip(inner, back, strict=True)
    ]


def bracket(left: Sequence[Polynomial], right: Sequence[Polynomial]) -> list[Polynomial]:
    """Return [X, Y] of fields of polynomials.

    Examples
    --------
    >>> x, y, zero = Polynomial.variable(0), Polynomial.variable(1), Polynomial({})
    >>> bracket([zero, x], [y, zero])
    [Polynomial({(0,): 1}), Polynomial({(1,): -1})]
    """
    return [_along(left, b) - _along(right, a) for a, b in zip(left, right, strict=True)]


def combination(coefficients: Sequence[Fraction], fields: Sequence[Sequence[Polynomial]]) -> list[Polynomial]:
    """Return Σ cₖ Xₖ.

    Examples
    --------
    >>> combination([Fraction(2)], [[Polynomial.variable(0)]])
    [Polynomial({(0,): 2})]
    """
    total = [Polynomial({})] * len(fields[0])
    for c, field in zip(coefficients, fields, strict=True):
        if c:
            total = [a + b * c for a, b in zip(total, field, strict=True)]
    return total


def _along(field: Sequence[Polynomial], function: Polynomial) -> Polynomial:
    """Return the derivative of a function along a field."""
    total = Polynomial({})
    for variable in sorted(variables(function)):
        if field[variable]:
            total = total + field[variable] * derivative(function, variable)
    return total


def _moved(point: Sequence[Element], direction: Sequence[Element]) -> list[Element]:
    """Return point + ε direction."""
    return [w + v for w, v in zip(point, direction, strict=True)]
