"""Exponential sums over the rationals: equality without doubt, signs with certified bounds.

The risks with exponentials have gradients in the ring of the sums Σ cᵢ exp(aᵢ) with rational cᵢ and
distinct rational aᵢ, and in its field of quotients (``exponential_fractions``). By the theorem of Lindemann
and Weierstrass the numbers exp(aᵢ) are linearly independent over the rationals. Hence such a sum is zero if
and only if it has no term left: comparing sums is comparing dictionaries.

A sum with terms has therefore a sign, and bounds of rising precision find it: the largest exponential
is taken out, the others are exp(−b) with b > 0, enclosed between two rationals by the Taylor series of
exp on [0, 1/2] with its remainder, a reciprocal and repeated squaring, every rounding outwards. No
float is used.

A *sum* is an ``int`` or ``Fraction`` where it is rational, and an :class:`ExponentialSum` only where it
is not, so that ``==`` and ``hash`` mean equality of numbers throughout.

Examples
--------
>>> e = exponential(Fraction(1))
>>> sum_sign(e * e - 7 * e + 12)                # (e - 3)(e - 4)
1
>>> e * exponential(Fraction(-1)) == 1
True
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias, final

from symflow.checker.reading import TooLarge

# Longer sums than this, products of longer ones, and precisions above this many bits, are too large.
MOST_TERMS = 20_000
_MOST_PRODUCTS = 4_000_000
MOST_BITS = 1 << 16

_MOST_WORK = 20_000_000  # terms looked at in one division

# So many steps of a division make a remainder shorter than a quotient.
_MOST_STEPS = 64


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
            return NotImplemented  # a rational is never equal to it
        return self.root == other.root and self.divisor == other.divisor and self.terms == other.terms

    def __hash__(self) -> int:
        return hash((self.root, self.divisor, frozenset(self.terms.items())))

    def __add__(self, other: Sum) -> Sum:
        if not isinstance(other, (int, Fraction, ExponentialSum)):
            return NotImplemented
        right = as_sum(other)
        root, divisor = math.lcm(self.root, right.root), math.lcm(self.divisor, right.divisor)
        total: dict[int, int] = {}
        for summand in (self, right):
            stretch, factor = root // summand.root, divisor // summand.divisor
            for n, m in summand.terms.items():
                total[n * stretch] = total.get(n * stretch, 0) + m * factor
        return number(root, divisor, total)

    def __neg__(self) -> Sum:
        return ExponentialSum(self.root, self.divisor, {n: -m for n, m in self.terms.items()})

    def __sub__(self, other: Sum) -> Sum:
        if not isinstance(other, (int, Fraction, ExponentialSum)):
            return NotImplemented
        return self + (-other)

    def __rsub__(self, other: Sum) -> Sum:
        return -self + other

    def __mul__(self, other: Sum) -> Sum:
        if not isinstance(other, (int, Fraction, ExponentialSum)):
            return NotImplemented
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


Sum: TypeAlias = int | Fraction | ExponentialSum


def number(root: int, divisor: int, terms: Mapping[int, int]) -> Sum:
    """Return (Σ m exp(n / root)) / divisor in the one form it has: rational where no exponential is left.

    Examples
    --------
    >>> number(2, 6, {0: 4, 1: 0})
    Fraction(2, 3)
    >>> number(2, 6, {0: 4, 2: 2})
    ExponentialSum(root=1, divisor=3, terms={0: 2, 1: 1})
    """
    left = {n: m for n, m in terms.items() if m}
    if len(left) > MOST_TERMS:
        raise TooLarge("an exponential sum with too many terms")
    if not left or (len(left) == 1 and 0 in left):
        return Fraction(left.get(0, 0), divisor)
    common, factor = math.gcd(root, *left), math.gcd(divisor, *left.values())
    if common == factor == 1:
        return ExponentialSum(root, divisor, left)
    reduced = {n // common: m // factor for n, m in left.items()}
    return ExponentialSum(root // common, divisor // factor, reduced)


def exponential(exponent: Fraction) -> Sum:
    """Return exp(`exponent`).

    Examples
    --------
    >>> exponential(Fraction(0))
    Fraction(1, 1)
    """
    return number(exponent.denominator, 1, {exponent.numerator: 1})


def as_sum(value: Sum) -> ExponentialSum:
    """Return the terms of a number, rational or not.

    Examples
    --------
    >>> as_sum(Fraction(2, 3))
    ExponentialSum(root=1, divisor=3, terms={0: 2})
    """
    if isinstance(value, ExponentialSum):
        return value
    return ExponentialSum(1, value.denominator, {0: value.numerator} if value else {})


def sum_sign(value: Sum) -> int:
    """Return the sign of a number, proved.

    Examples
    --------
    >>> sum_sign(exponential(Fraction(1, 1000)) - Fraction(1001, 1000))
    1
    """
    if not isinstance(value, ExponentialSum):
        return (value > 0) - (value < 0)
    signs = {m > 0 for m in value.terms.values()}
    if len(signs) == 1:
        return 1 if signs.pop() else -1
    bits = 64
    while bits <= MOST_BITS:
        low, high = enclosure(value, bits)
        if low > 0 or high < 0:
            return 1 if low > 0 else -1
        bits *= 2
    raise TooLarge("a sign that needs more digits than the checker allows itself")


def enclosure(value: ExponentialSum, bits: int) -> tuple[int, int]:
    """Return integers with low ≤ 2^bits exp(−a) · value ≤ high, where a is the largest exponent.

    Examples
    --------
    >>> enclosure(as_sum(exponential(Fraction(1)) + 1), 10)     # 1024 + 1024/e
    (1400, 1401)
    """
    largest = max(value.terms)
    low = high = 0
    for n, m in value.terms.items():
        least, most = exponential_bounds(Fraction(largest - n, value.root), bits)
        low += m * (least if m > 0 else most)
        high += m * (most if m > 0 else least)
    return low // value.divisor, _ceiling(high, value.divisor)


@lru_cache(maxsize=1 << 14)
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


def quotient(dividend: Sum, divisor: Sum, longest: int) -> Sum | None:
    """Return dividend / divisor where that is an exponential sum of at most `longest` terms, else None.

    Long division from the largest exponents; in an exact division no exponent of the quotient lies below the
    difference of the smallest ones.

    Examples
    --------
    >>> e = exponential(Fraction(1))
    >>> quotient(e * e - 1, e - 1, 2) == e + 1, quotient(e, e - 1, 2)
    (True, None)
    """
    if not isinstance(divisor, ExponentialSum):
        return dividend * Fraction(1, divisor)
    given = as_sum(dividend)
    if not given.terms:
        return dividend
    root = math.lcm(given.root, divisor.root)
    remainder = {n * (root // given.root): Fraction(m, given.divisor) for n, m in given.terms.items()}
    by = {n * (root // divisor.root): Fraction(m, divisor.divisor) for n, m in divisor.terms.items()}
    leading, least = max(by), min(remainder) - min(by)
    found: dict[int, Fraction] = {}
    while remainder:
        top = max(remainder)
        n, c = top - leading, remainder[top] / by[leading]
        if n < least or len(found) == longest:
            return None
        found[n] = c
        for k, d in by.items():
            left = remainder.pop(n + k, Fraction(0)) - c * d
            if left:
                remainder[n + k] = left
    return from_coefficients(root, found)


def remainder(dividend: Sum, divisor: ExponentialSum) -> tuple[Sum, Sum]:
    """Return q and r with dividend = q · divisor + r, where few steps make r short.

    The divisor has integers, and its smallest exponent is 0. A term of the dividend whose exponent is negative, or not
    below the largest one of the divisor, is divided away from its side, unless that could take more than 64 steps.
    The result is linear in the dividend.

    Examples
    --------
    >>> e = exponential(Fraction(1))
    >>> remainder(e, as_sum(e + 1)) == (1, -1)
    True
    """
    if not isinstance(dividend, ExponentialSum):
        return 0, dividend
    root = math.lcm(dividend.root, divisor.root)
    by = {n * (root // divisor.root): m for n, m in divisor.terms.items()}
    top = max(by)
    gaps = top - max(n for n in by if n < top), min(n for n in by if n)
    left: dict[int, Fraction] = {}
    far: dict[int, Fraction] = {}  # terms too far away
    for n, m in dividend.terms.items():
        n *= root // dividend.root
        is_near = n < top + _MOST_STEPS * gaps[0] and n >= -_MOST_STEPS * gaps[1]
        (left if is_near else far)[n] = Fraction(m, dividend.divisor)
    found: dict[int, Fraction] = {}
    work = 0
    while left and ((n := max(left)) >= top or (n := min(left)) < 0):
        work += len(left) + len(by)
        if work > _MOST_WORK:
            raise TooLarge("a division that takes too long")
        shift = n - top if n >= top else n
        c = left[n] / by[n - shift]
        found[shift] = found.get(shift, Fraction(0)) + c
        for k, d in by.items():
            rest = left.pop(shift + k, Fraction(0)) - c * d
            if rest:
                left[shift + k] = rest
    return from_coefficients(root, found), from_coefficients(root, left | far)


def from_coefficients(root: int, coefficients: Mapping[int, Fraction]) -> Sum:
    """Return Σ c exp(n / root) for rational c.

    Examples
    --------
    >>> from_coefficients(1, {0: Fraction(1, 2)})
    Fraction(1, 2)
    """
    divisor = math.lcm(*(c.denominator for c in coefficients.values()))
    return number(root, divisor, {n: c.numerator * (divisor // c.denominator) for n, c in coefficients.items()})


def _ceiling(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)
