"""Vectors and matrices of numbers: inner products, integers instead of fractions, the rank.

Examples
--------
>>> from symflow.checker.exponential_sums import exponential
>>> e = exponential(Fraction(1))
>>> rank([[1, e], [e, e * e]])
1
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from symflow.checker.exponential_fractions import MODULUS, FractionSum, Number, mark, over_one_denominator
from symflow.checker.exponential_sums import MOST_TERMS, ExponentialSum, Sum, as_sum, quotient
from symflow.checker.reading import TooLarge


def dot(u: Iterable[Number], v: Iterable[Number]) -> Number:
    """Return Σ uᵢ vᵢ.

    Examples
    --------
    >>> dot([1, 2], [3, Fraction(1, 2)])
    Fraction(4, 1)
    """
    total: Number = 0
    for a, b in zip(u, v, strict=True):
        if not _is_plain_zero(a) and not _is_plain_zero(b):
            total = total + a * b
    return total


def common_denominator(vectors: Iterable[Iterable[Number]]) -> int:
    """Return a positive integer that clears every coefficient of the sums; fractions keep theirs.

    Examples
    --------
    >>> common_denominator([[Fraction(1, 2), 1], [Fraction(2, 3)]])
    6
    """
    result = 1
    for vector in vectors:
        for value in vector:
            if not isinstance(value, FractionSum):
                result = math.lcm(result, value.divisor if isinstance(value, ExponentialSum) else value.denominator)
    return result


def cleared(value: Number, denominator: int) -> Number:
    """Return `denominator` times a number, as an ``int`` where it is one.

    Examples
    --------
    >>> cleared(Fraction(1, 2), 6)
    3
    """
    return value * denominator if isinstance(value, FractionSum) else _cleared_sum(value, denominator)


def rank(rows: Iterable[Sequence[Number]]) -> int:
    """Return the rank of a matrix, proved.

    A matrix of rationals is eliminated. Otherwise a bound from above is the rank of all coefficient vectors over the
    rationals, and a bound from below the rank of the marks: a minor whose mark is not zero is not zero. Where these
    differ, the rows are multiplied by their denominators and eliminated.

    Examples
    --------
    >>> rank([[1, 2], [2, 4], [0, 1]])
    2
    """
    given = [list(row) for row in rows]
    if any(isinstance(value, (ExponentialSum, FractionSum)) for row in given for value in row):
        least = _rank_of_marks(given)
        if least == min(len(given), _rank_of_sums(_coefficient_vectors(given))):
            return least
    return _rank_of_sums([_without_fractions(row) for row in given])


def _rank_of_sums(given: list[list[Sum]]) -> int:
    """Return the rank, by fraction-free elimination (Bareiss): every entry met is a minor."""
    denominator = common_denominator(given)
    left: list[list[Sum]] = [[_cleared_sum(value, denominator) for value in row] for row in given]
    previous: Sum = 1
    found = 0
    for column in range(len(left[0]) if left else 0):
        place = next((i for i, row in enumerate(left) if row[column]), None)
        if place is None:
            continue
        found += 1
        pivot = left.pop(place)
        p = pivot[column]
        left = [_eliminated(row, pivot, column, p, previous) for row in left]
        left = [row for row in left if any(row)]
        previous = p
    return found


def _eliminated(row: list[Sum], pivot: list[Sum], column: int, p: Sum, previous: Sum) -> list[Sum]:
    r = row[column]
    return [
        divide_exactly(p * a - r * b, previous) if i > column else 0
        for i, (a, b) in enumerate(zip(row, pivot, strict=True))
    ]


def divide_exactly(dividend: Sum, divisor: Sum) -> Sum:
    """Return the quotient of two sums that is known to be a sum.

    Examples
    --------
    >>> divide_exactly(6, 3)
    2
    """
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend // divisor
    found = quotient(dividend, divisor, MOST_TERMS)
    if found is None:
        raise TooLarge("a division of exponential sums that does not end")
    return found


def _rank_of_marks(rows: list[list[Number]]) -> int:
    """Return the rank of the matrix of marks, modulo a prime; -1 where an entry has no mark."""
    found = 0
    left: list[list[int]] = []
    for row in rows:
        marks = [mark(value) for value in row]
        if None in marks:
            return -1
        left.append([value for value in marks if value is not None])
    while left:
        pivot = left.pop()
        place = next((i for i, value in enumerate(pivot) if value), None)
        if place is None:
            continue
        found += 1
        factor = pow(pivot[place], -1, MODULUS)
        left = [
            [(a - row[place] * factor * b) % MODULUS for a, b in zip(row, pivot, strict=True)] if row[place] else row
            for row in left
        ]
    return found


def _coefficient_vectors(rows: list[list[Number]]) -> list[list[Sum]]:
    """Return rational vectors such that every row is a combination of them."""
    found: dict[tuple[Sum, ...], None] = {}
    for row in rows:
        vectors: dict[tuple[object, Fraction], list[Sum]] = {}
        for column, value in enumerate(row):
            parts: list[tuple[object, Sum]] = [(None, value)] if not isinstance(value, FractionSum) else []
            if isinstance(value, FractionSum):
                parts = [(None, value.whole), *value.fractions.items()]
            for denominator, numerator in parts:
                terms = as_sum(numerator)
                for n, m in terms.terms.items():
                    vector = vectors.setdefault((denominator, Fraction(n, terms.root)), [0] * len(row))
                    vector[column] = Fraction(m, terms.divisor)
        found |= dict.fromkeys(tuple(vector) for vector in vectors.values())
    return [list(vector) for vector in found]


def _without_fractions(row: list[Number]) -> list[Sum]:
    """Return a row times a number that is not zero, in which no fraction is left."""
    sums = [over_one_denominator(value) for value in row]
    below: list[Sum] = list(dict.fromkeys(denominator for _, denominator in sums))
    scaled: list[Sum] = []
    for numerator, denominator in sums:
        for other in below:
            if other != denominator:
                numerator = numerator * other
        scaled.append(numerator)
    return scaled


def _cleared_sum(value: Sum, denominator: int) -> Sum:
    product = value * denominator
    return int(product) if isinstance(product, Fraction) and product.denominator == 1 else product


def _is_plain_zero(value: Number) -> bool:
    return isinstance(value, (int, Fraction)) and not value
