"""Vectors of rationals as integers: one denominator for all entries, primitive multiples, the rank.

A sign does not change when a vector is multiplied by a positive number. So what is evaluated often is an integer
vector, and no fraction is reduced on the way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from symflow.checker.reading import TooLarge
from symflow.checker.work import Work, size

Row: TypeAlias = tuple[int, ...]

# Longer common denominators are refused: every entry would get as long.
_MOST_BITS = 400_000


def denominator(values: Iterable[Fraction]) -> int:
    """Return the least common denominator.

    Examples
    --------
    >>> denominator([Fraction(1, 2), Fraction(2, 3)])
    6
    """
    result = 1
    for below in {value.denominator for value in values}:
        result = math.lcm(result, below)
        if result.bit_length() > _MOST_BITS:
            raise TooLarge("a common denominator with too many digits")
    return result


def scaled(values: Iterable[Fraction], by: int) -> Row:
    """Return `by` times the values, where that clears all denominators.

    Examples
    --------
    >>> scaled([Fraction(1, 2), Fraction(2, 3)], 6)
    (3, 4)
    """
    return tuple(value.numerator * (by // value.denominator) for value in values)


def homogeneous(point: Sequence[Fraction]) -> Row:
    """Return the primitive integer vector (D x, D), D > 0, of a point x.

    Examples
    --------
    >>> homogeneous([Fraction(1, 2), Fraction(-2, 3)])
    (3, -4, 6)
    """
    by = denominator(point)
    return (*scaled(point, by), by)


def primitive(row: Sequence[int]) -> Row:
    """Return the multiple of a vector with coprime entries, the first that is not zero positive.

    Examples
    --------
    >>> primitive([0, -4, 6]), primitive([0, 0])
    ((0, 2, -3), (0, 0))
    """
    divisor = math.gcd(*row)
    leading = next((entry for entry in row if entry), 0)
    if not leading:
        return tuple(row)
    if leading < 0:
        divisor = -divisor
    return tuple(row) if divisor == 1 else tuple(entry // divisor for entry in row)


def dot(u: Iterable[int], v: Iterable[int]) -> int:
    """Return Σ uᵢ vᵢ.

    Examples
    --------
    >>> dot([1, 2], [3, -4])
    -5
    """
    return sum(a * b for a, b in zip(u, v, strict=True))


def rank(rows: Iterable[Sequence[int]], work: Work) -> int:
    """Return the rank of an integer matrix; each row is reduced by the ones before.

    Examples
    --------
    >>> rank([(1, 2, 3), (2, 4, 6), (0, 1, 1)], Work(1000))
    2
    """
    pivots: list[tuple[int, Row]] = []
    for row in rows:
        left = tuple(row)
        for column, pivot in pivots:
            if left[column]:
                work.charge(2 * len(left) * (size(left) + size(pivot)))
                p, q = pivot[column], left[column]
                left = primitive([p * a - q * b for a, b in zip(left, pivot, strict=True)])
        column = next((i for i, entry in enumerate(left) if entry), -1)
        if column >= 0:
            pivots.append((column, left))
            if len(pivots) == len(left):
                break
    return len(pivots)
