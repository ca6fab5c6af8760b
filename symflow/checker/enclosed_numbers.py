"""Numbers known by enclosures of any width: logarithms, square roots, and what is made of them.

An :class:`Enclosed` number is a rule that returns, for every precision, two rationals between which it lies. Its sign
is found by asking for more bits until the interval leaves zero; where it never does nothing is said, for no enclosure
shows that two numbers are equal. Rounding is outwards, and no float is used.

ln(2^k m) = k ln 2 + 2 artanh((m − 1)/(m + 1)) with m in [2/3, 4/3], by the series with its remainder; the square root
is that of an integer.

Examples
--------
>>> two = logarithm(Fraction(2))
>>> sign_of(two - Fraction(693, 1000)), sign_of(two - Fraction(694, 1000))
(1, -1)
>>> sign_of(square_root(Fraction(2)) * square_root(Fraction(2)) - Fraction(2))
Traceback (most recent call last):
    ...
symflow.checker.reading.TooLarge: a sign that needs more bits than the checker allows itself
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias, final

from symflow.checker.exponential_fractions import FractionSum, Number, over_one_denominator
from symflow.checker.exponential_sums import ExponentialSum, as_sum, enclosure, exponential_bounds
from symflow.checker.reading import Refused, TooLarge

MOST_BITS = 2_048
_FIRST_BITS = 64
_DEEPEST = 200  # operations one upon another
_LARGEST_EXPONENT = 1_024

Interval: TypeAlias = tuple[Fraction, Fraction]


@final
class Enclosed:
    """A real number, by an enclosure for every number of bits."""

    __slots__ = ("_known", "_rule", "depth")

    def __init__(self, rule: Callable[[int], Interval], *parts: Real) -> None:
        self._rule = rule
        self._known: dict[int, Interval] = {}
        self.depth: int = 1 + max((part.depth for part in parts if isinstance(part, Enclosed)), default=0)
        if self.depth > _DEEPEST:
            raise TooLarge("a number that takes too many operations one upon another")

    def bounds(self, bits: int) -> Interval:
        """Return two rationals around the number, about 2^-bits apart where it is of moderate size."""
        if bits not in self._known:
            low, high = self._rule(bits)
            self._known[bits] = _rounded(low, high, bits + 32)
        return self._known[bits]

    def __add__(self, other: Real) -> Enclosed:
        return Enclosed(lambda bits: _added(self.bounds(bits), bounds_of(other, bits)), self, other)

    def __neg__(self) -> Enclosed:
        return Enclosed(lambda bits: (-self.bounds(bits)[1], -self.bounds(bits)[0]), self)

    def __sub__(self, other: Real) -> Enclosed:
        return self + (-other)

    def __rsub__(self, other: Real) -> Enclosed:
        return -self + other

    def __mul__(self, other: Real) -> Enclosed:
        return Enclosed(lambda bits: _multiplied(self.bounds(bits), bounds_of(other, bits)), self, other)

    __radd__ = __add__
    __rmul__ = __mul__


Real: TypeAlias = Number | Enclosed


def bounds_of(value: Real, bits: int) -> Interval:
    """Return rational bounds of a number of any kind.

    Examples
    --------
    >>> bounds_of(Fraction(1, 3), 10)
    (Fraction(1, 3), Fraction(1, 3))
    """
    if isinstance(value, Enclosed):
        return value.bounds(bits)
    if isinstance(value, FractionSum):
        above, below = over_one_denominator(value)
        return _multiplied(bounds_of(above, bits), _inverted(bounds_of(below, bits)))
    if isinstance(value, ExponentialSum):
        largest = Fraction(max(value.terms), value.root)
        _check_exponent(largest)
        extra = bits + max(0, math.ceil(largest * 3 / 2)) + 8
        return _multiplied(_relative(value, extra), _exponential((largest, largest), extra))
    return Fraction(value), Fraction(value)


def sign_of(value: Real) -> int:
    """Return the sign of a number that is only enclosed, and is not zero.

    Raises
    ------
    TooLarge
        If the enclosures do not leave zero.
    """
    bits = _FIRST_BITS
    while bits <= MOST_BITS:
        try:
            low, high = bounds_of(value, bits)
        except _TooWide:
            low, high = Fraction(-1), Fraction(1)
        if low > 0 or high < 0:
            return 1 if low > 0 else -1
        bits *= 2
    raise TooLarge("a sign that needs more bits than the checker allows itself")


def inverse_of(value: Enclosed) -> Enclosed:
    """Return 1/value; that it is not zero is seen when bounds are asked for."""
    return Enclosed(lambda bits: _inverted(value.bounds(bits)), value)


def logarithm(value: Real) -> Enclosed:
    """Return the natural logarithm of a positive number.

    Examples
    --------
    >>> low, high = logarithm(Fraction(10)).bounds(40)
    >>> low < Fraction("2.302585093") + Fraction(1, 10**9) and high > Fraction("2.302585092")
    True
    """
    if isinstance(value, ExponentialSum):  # ln(e^a s) = a + ln s, with s of moderate size
        terms = value
        rest = Enclosed(lambda bits: _logarithms(_relative(terms, bits + 8), bits))
        return rest + Fraction(max(terms.terms), terms.root)
    return Enclosed(lambda bits: _logarithms(bounds_of(value, bits), bits), value)


def _relative(value: ExponentialSum, bits: int) -> Interval:
    """Return bounds of a sum divided by its largest exponential."""
    low, high = enclosure(value, bits)
    return Fraction(low, 1 << bits), Fraction(high, 1 << bits)


def exponential_of(value: Real) -> Enclosed:
    """Return e to a number."""
    return Enclosed(lambda bits: _exponential(bounds_of(value, bits), bits), value)


def square_root(value: Real) -> Enclosed:
    """Return the square root of a number that is not negative.

    Examples
    --------
    >>> low, high = square_root(Fraction(2)).bounds(30)
    >>> low * low <= 2 <= high * high
    True
    """
    return Enclosed(lambda bits: _square_roots(bounds_of(value, bits), bits), value)


def root_of(value: Real) -> Real:
    """Return the square root of a number that is not negative: exactly, where it is rational.

    Examples
    --------
    >>> root_of(Fraction(9, 4))
    Fraction(3, 2)
    """
    ratio = as_rational(value)
    if ratio is not None and ratio >= 0:
        root = Fraction(math.isqrt(ratio.numerator), math.isqrt(ratio.denominator))
        if root * root == ratio:
            return root
    return square_root(value)


def total_of(terms: Sequence[Real]) -> Real:
    """Return a sum, its terms taken pairwise, so that few operations stand one upon another.

    Examples
    --------
    >>> total_of([Fraction(1), Fraction(2), Fraction(3)])
    Fraction(6, 1)
    """
    left = list(terms) or [Fraction(0)]
    while len(left) > 1:
        pairs = [_sum_of_two(a, b) for a, b in zip(left[::2], left[1::2], strict=False)]
        left = [*pairs, left[-1]] if len(left) % 2 else pairs
    return left[0]


def _sum_of_two(a: Real, b: Real) -> Real:
    return b + a if isinstance(b, Enclosed) else a + b


class _TooWide(Refused):
    """The enclosure is too wide for the operation: more bits may help."""


def _added(a: Interval, b: Interval) -> Interval:
    return a[0] + b[0], a[1] + b[1]


def _multiplied(a: Interval, b: Interval) -> Interval:
    products = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return min(products), max(products)


def _inverted(a: Interval) -> Interval:
    if a[0] <= 0 <= a[1]:
        raise _TooWide("a division by a number that may be zero")
    return 1 / a[1], 1 / a[0]


def _rounded(low: Fraction, high: Fraction, bits: int) -> Interval:
    """Round outwards to `bits` bits after the point, so that numerators stay short."""
    if low == high and low.denominator <= 1 << bits:
        return low, high
    scale = 1 << bits
    return Fraction(math.floor(low * scale), scale), Fraction(math.ceil(high * scale), scale)


def _exponential(a: Interval, bits: int) -> Interval:
    _check_exponent(*a)
    return _exponential_of_rational(a[0], bits)[0], _exponential_of_rational(a[1], bits)[1]


def _check_exponent(*exponents: Fraction) -> None:
    if max(map(abs, exponents)) > _LARGEST_EXPONENT:
        raise TooLarge("an exponential too large for the checker")


def _exponential_of_rational(a: Fraction, bits: int) -> Interval:
    extra = bits + 3 * math.ceil(abs(a)) + 8
    low, high = exponential_bounds(abs(a), extra)
    scale = 1 << extra
    if a <= 0:
        return Fraction(low, scale), Fraction(high, scale)
    return Fraction(scale, high), Fraction(scale, low)


def _logarithms(a: Interval, bits: int) -> Interval:
    if a[0] <= 0:
        raise _TooWide("a logarithm of a number that may not be positive")
    return _logarithm_of_rational(a[0], bits)[0], _logarithm_of_rational(a[1], bits)[1]


@lru_cache(maxsize=4096)
def _logarithm_of_rational(a: Fraction, bits: int) -> Interval:
    shift = a.numerator.bit_length() - a.denominator.bit_length()
    mantissa = a / Fraction(2) ** shift
    while mantissa > Fraction(4, 3):
        mantissa, shift = mantissa / 2, shift + 1
    while mantissa < Fraction(2, 3):
        mantissa, shift = mantissa * 2, shift - 1
    extra = bits + abs(shift).bit_length() + 8
    low, high = _artanh_twice((mantissa - 1) / (mantissa + 1), extra)
    if shift:
        two = _artanh_twice(Fraction(1, 3), extra)
        low, high = _added((low, high), _multiplied(two, (Fraction(shift), Fraction(shift))))
    return low, high


def _artanh_twice(y: Fraction, bits: int) -> Interval:
    """Return bounds of ln((1 + y)/(1 − y)) = 2 Σ y^(2k+1)/(2k+1) for |y| ≤ 1/3."""
    if y < 0:
        low, high = _artanh_twice(-y, bits)
        return -high, -low
    scale = 1 << bits
    y_low, y_high = math.floor(y * scale), math.ceil(y * scale)
    total_low = total_high = 0
    power_low, power_high, k = y_low, y_high, 1
    while power_high > 1:
        total_low += power_low // k
        total_high += _ceiling(power_high, k)
        power_low = power_low * y_low // scale * y_low // scale
        power_high = _ceiling(_ceiling(power_high * y_high, scale) * y_high, scale)
        k += 2
    # The terms left out: each at most 1/9 of the one before.
    total_high += power_high + 1
    return Fraction(2 * total_low, scale), Fraction(2 * total_high, scale)


def _ceiling(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _square_roots(a: Interval, bits: int) -> Interval:
    if a[1] < 0:
        raise Refused("a square root of a negative number")
    scale = 1 << (2 * bits)
    low = math.isqrt(max(0, math.floor(a[0] * scale)))
    high = math.isqrt(math.ceil(a[1] * scale)) + 1
    return Fraction(low, 1 << bits), Fraction(high, 1 << bits)


def as_rational(value: Real) -> Fraction | None:
    """Return a number where it is plainly rational."""
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if isinstance(value, ExponentialSum):
        terms = as_sum(value).terms
        return Fraction(0) if not terms else None
    return None
