"""The value of an iterated Lie bracket at a point.

A word (i, j, .., k) stands for [X_i, [X_j, [.., X_k]]], and [X, Y] = J_Y X − J_X Y: the derivative of Y along X minus
that of X along Y. Both are read off one level up in the nested infinitesimals: B(w + ε X(w)) = B(w) + ε J_B X (w).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from symflow.checker.nested_duals import Element, NestedDuals

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


def _moved(point: Sequence[Element], direction: Sequence[Element]) -> list[Element]:
    """Return point + ε direction."""
    return [w + v for w, v in zip(point, direction, strict=True)]
