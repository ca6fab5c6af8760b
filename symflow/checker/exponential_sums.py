"""Exponential sums over the rationals: equality without doubt, signs with certified bounds.

The risks with exponentials have gradients in the ring of the sums Σ cᵢ exp(aᵢ) with rational cᵢ and
distinct rational aᵢ, and in its field of quotients. By the theorem of Lindemann and Weierstrass the
numbers exp(aᵢ) are linearly independent over the rationals. Hence such a sum is zero if and only if it
has no term left: comparing numbers is comparing dictionaries.

A sum with terms has therefore a sign, and bounds of rising precision find it: the largest exponential
is taken out, the others are exp(−b) with b > 0, enclosed between two rationals by the Taylor series of
exp on [0, 1/2] with its remainder, a reciprocal and repeated squaring, every rounding outwards. No
float is used.

A *number* is an ``int`` or ``Fraction`` where it is rational, and an :class:`ExponentialSum` only where it
is not, so that ``==`` and ``hash`` mean equality of numbers throughout.

Examples
--------
>>> e = exponential(Fraction(1))
>>> sign(e * e - 7 * e + 12)                # (e - 3)(e - 4)
1
>>> e * exponential(Fraction(-1)) == 1
True
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias, final

from symflow.checker.reading import TooLarge

# Products of longer sums than this, and precisions above this many bits, are refused.
_MOST_TERMS = 20_000
_MOST_PRODUCTS = 4_000_000
_MOST_BITS = 1 << 16


@final
class ExponentialSum:
    """A number (Σ m exp(n / root)) / divisor that is not rational: `terms` has the integers m by n.

    In lowest terms: no m is 0, and neither the root with all n nor the divisor with all m have a common factor.

    Examples
    --------
    >>> exponential(Fraction(1, 2)) - 1
    ExponentialSum(root=2, divisor=1, terms={1: 1, 0: -1})
    """

    __slots__ = ("divisor", "root", "terms")

    def __init__(self, root: int, divisor: int, terms: Mapping[int, int]) -> None:
        self.root = root
        self.divisor = divisor
        self.terms = terms

    def __repr__(self) -> str:
        return f"ExponentialSum(root={self.root}, divisor={self.divisor}, terms={self.terms})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExponentialSum):
            return False
        return self.root == other.root and self.divisor == other.divisor and self.terms == other.terms

    def __hash__(self) -> int:
        return hash((self.root, self.divisor, frozenset(self.terms.items())))

    def __add__(self, other: Number) -> Number:
        right = as_sum(other)
        root, divisor = math.lcm(self.root, right.root), math.lcm(self.divisor, right.divisor)
        total: dict[int, int] = {}
        for summand in (self, right):
            stretch, factor = root // summand.root, divisor // summand.divisor
            for n, m in summand.terms.items():
                total[n * stretch] = total.get(n * stretch, 0) + m * factor
        return number(root, divisor, total)

    def __neg__(self) -> Number:
        return ExponentialSum(self.root, self.divisor, {n: -m for n, m in self.terms.items()})

    def __sub__(self, other: Number) -> Number:
        return self + (-other)

    def __rsub__(self, other: Number) -> Number:
        return -self + other

    def __mul__(self, other: Number) -> Number:
        right = as_sum(other)
        if len(self.terms) * len(right.terms) > _MOST_PRODUCTS:
            raise TooLarge("a product of exponential sums with too many terms")
        root = math.lcm(self.root, right.root)
        stretched = [(n * (root // right.root), m) for n, m in right.terms.items()]
        stretch = root // self.root
        total: dict[int, int] = {}
        for n, m in self.terms.items():
            for k, factor in stretched:
                total[n * stretch + k] = total.get(n * stretch + k, 0) + m * factor
        return number(root, self.divisor * right.divisor, total)

    __radd__ = __add__
    __rmul__ = __mul__


Number: TypeAlias = int | Fraction | ExponentialSum


def number(root: int, divisor: int, terms: Mapping[int, int]) -> Number:
    """Return (Σ m exp(n / root)) / divisor in the one form it has: rational where no exponential is left.

    Examples
    --------
    >>> number(2, 6, {0: 4, 1: 0})
    Fraction(2, 3)
    >>> number(2, 6, {0: 4, 2: 2})
    ExponentialSum(root=1, divisor=3, terms={0: 2, 1: 1})
    """
    left = {n: m for n, m in terms.items() if m}
    if len(left) > _MOST_TERMS:
        raise TooLarge("an exponential sum with too many terms")
    if not left or (len(left) == 1 and 0 in left):
        return Fraction(left.get(0, 0), divisor)
    common, factor = math.gcd(root, *left), math.gcd(divisor, *left.values())
    if common == factor == 1:
        return ExponentialSum(root, divisor, left)
    reduced = {n // common: m // factor for n, m in left.items()}
    return ExponentialSum(root // common, divisor // factor, reduced)


def exponential(exponent: Fraction) -> Number:
    """Return exp(`exponent`).

    Examples
    --------
    >>> exponential(Fraction(0))
    Fraction(1, 1)
    """
    return number(exponent.denominator, 1, {exponent.numerator: 1})


def as_sum(value: Number) -> ExponentialSum:
    """Return the terms of a number, rational or not.

    Examples
    --------
    >>> as_sum(Fraction(2, 3))
    ExponentialSum(root=1, divisor=3, terms={0: 2})
    """
    if isinstance(value, ExponentialSum):
        return value
    return ExponentialSum(1, value.denominator, {0: value.numerator} if value else {})


def sign(value: Number) -> int:
    """Return the sign of a number, proved.

    Examples
    --------
    >>> sign(exponential(Fraction(1, 1000)) - Fraction(1001, 1000))
    1
    """
    if not isinstance(value, ExponentialSum):
        return (value > 0) - (value < 0)
    signs = {m > 0 for m in value.terms.values()}
    if len(signs) == 1:
        return 1 if signs.pop() else -1
    largest = max(value.terms)  # the sum has the sign of sum m exp(-(largest - n) / root)
    bits = 64
    while bits <= _MOST_BITS:
        low = high = 0
        for n, m in value.terms.items():
            least, most = exponential_bounds(Fraction(largest - n, value.root), bits)
            low += m * (least if m > 0 else most)
            high += m * (most if m > 0 else least)
        if low > 0 or high < 0:
            return 1 if low > 0 else -1
        bits *= 2
    raise TooLarge("a sign that needs more digits than the checker allows itself")


@lru_cache(maxsize=4096)
def exponential_bounds(b: Fraction, bits: int) -> tuple[int, int]:
    """Return integers (low, high) with low ≤ 2^bits exp(−b) ≤ high, for rational b ≥ 0.

    Examples
    --------
    >>> exponential_bounds(Fraction(1), 10)     # 1024/e = 376.7..
    (376, 377)
    """
    if b == 0:
        return 1 << bits, 1 << bits
    if b > bits:
        return 0, 1  # exp(-b) < 2^-b < 2^-bits
    halvings = (b.numerator // b.denominator + 1).bit_length() + 1  # so that y = b/2^halvings < 1/2
    one = 1 << (bits + halvings + 8)
    y_low = one * b.numerator // (b.denominator << halvings)
    y_high = y_low + 1
    low = high = term_low = term_high = one
    n = 0
    while term_high > 1:
        n += 1
        term_low = term_low * y_low // (n * one)
        term_high = _ceiling(term_high * y_high, n * one)
        low += term_low
        high += term_high
    high += term_high  # the terms left out: each at most half the one before, so together at most the last one
    low, high = one * one // high, _ceiling(one * one, low)  # exp(-y)
    for _ in range(halvings):
        low, high = low * low // one, _ceiling(high * high, one)
    return low >> (halvings + 8), _ceiling(high, 1 << (halvings + 8))


def divide_exactly(dividend: Number, divisor: Number) -> Number:
    """Return the quotient of two numbers that is known to be an exponential sum.

    Long division from the largest exponents; in an exact division no exponent of the quotient lies below the
    difference of the smallest ones.

    Examples
    --------
    >>> e = exponential(Fraction(1))
    >>> divide_exactly(e * e - 1, e - 1) == e + 1
    True
    """
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend // divisor
    if not isinstance(divisor, ExponentialSum):
        return dividend * Fraction(1, divisor)
    given = as_sum(dividend)
    root = math.lcm(given.root, divisor.root)
    remainder = {n * (root // given.root): Fraction(m, given.divisor) for n, m in given.terms.items()}
    by = {n * (root // divisor.root): Fraction(m, divisor.divisor) for n, m in divisor.terms.items()}
    leading = max(by)
    quotient: Number = 0
    steps = 0
    while remainder:
        steps += 1
        if steps > _MOST_TERMS:
            raise TooLarge("a division of exponential sums that does not end")
        top = max(remainder)
        n, c = top - leading, remainder[top] / by[leading]
        quotient = quotient + number(root, c.denominator, {n: c.numerator})
        for k, d in by.items():
            left = remainder.pop(n + k, Fraction(0)) - c * d
            if left:
                remainder[n + k] = left
    return quotient


def dot(u: Iterable[Number], v: Iterable[Number]) -> Number:
    """Return Σ uᵢ vᵢ.

    Examples
    --------
    >>> dot([1, 2], [3, Fraction(1, 2)])
    Fraction(4, 1)
    """
    total: Number = 0
    for a, b in zip(u, v, strict=True):
        if a and b:  # an ExponentialSum is never zero, hence always true
            total = total + a * b
    return total


def common_denominator(vectors: Iterable[Iterable[Number]]) -> int:
    """Return the least positive integer that clears every rational coefficient.

    Examples
    --------
    >>> common_denominator([[Fraction(1, 2), 1], [Fraction(2, 3)]])
    6
    """
    result = 1
    for vector in vectors:
        for value in vector:
            divisor = value.divisor if isinstance(value, ExponentialSum) else value.denominator
            result = math.lcm(result, divisor)
    return result


def cleared(value: Number, denominator: int) -> Number:
    """Return `denominator` times a number, as an ``int`` where it is one.

    Examples
    --------
    >>> cleared(Fraction(1, 2), 6)
    3
    """
    product = value * denominator
    return int(product) if isinstance(product, Fraction) and product.denominator == 1 else product


def rank(rows: Iterable[Sequence[Number]]) -> int:
    """Return the rank of a matrix, by fraction-free elimination (Bareiss): every entry met is a minor.

    Examples
    --------
    >>> rank([[1, 2], [2, 4], [0, 1]])
    2
    """
    given = [list(row) for row in rows]
    denominator = common_denominator(given)
    left = [[cleared(value, denominator) for value in row] for row in given]
    previous: Number = 1
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


def _eliminated(row: list[Number], pivot: list[Number], column: int, p: Number, previous: Number) -> list[Number]:
    r = row[column]
    return [
        divide_exactly(p * a - r * b, previous) if i > column else 0
        for i, (a, b) in enumerate(zip(row, pivot, strict=True))
    ]


def _ceiling(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)
