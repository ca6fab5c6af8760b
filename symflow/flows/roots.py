"""The first zero of a polynomial on an interval, isolated with certainty and refined to the last bit.

A polynomial with integer coefficients is evaluated on intervals with balls. Where its range over an interval excludes
0 there is no zero; where that of its derivative does, it is monotone, and the signs at the ends decide; otherwise the
interval is halved, the left half first. No sampling: two zeros between two samples cannot hide. A zero that cannot be
told from a double zero at the working precision is reported as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.exact.balls import arb, arb_poly, ball_precision, fmpz_poly


@final
@dataclass(frozen=True, slots=True)
class Root:
    """A simple zero in [low, high] / 2^bits, and the sign of the polynomial after it."""

    low: int
    high: int
    sign_after: int


@final
@dataclass(frozen=True, slots=True)
class Touch:
    """An interval in which the polynomial may touch 0: its values cannot be told from 0."""

    low: int
    high: int


def first_root(coefficients: Sequence[int], upto: int, bits: int) -> Root | Touch | None:
    """Return the first zero in (0, upto / 2^bits] of the polynomial with these coefficients; it is not 0 at 0.

    Parameters
    ----------
    coefficients : sequence of int
        c_0, c_1, .., all scaled alike.
    upto : int
        The end of the interval, with `bits` fractional bits.
    bits : int
        The zero is refined to this many bits.

    Examples
    --------
    (1 - 4 s)(1 - 2 s) = 1 - 6 s + 8 s² vanishes first at 1/4, downwards:

    >>> root = first_root([1, -6, 8], 1 << 20, 20)
    >>> abs(root.low / 2**20 - 1 / 4) < 1e-5, root.sign_after
    (True, -1)
    >>> first_root([1, 0, 1], 1 << 20, 20) is None
    True
    """
    if _keeps_its_sign(coefficients, upto, bits):
        return None
    with ball_precision(bits + 32):
        polynomial = arb_poly(fmpz_poly(list(coefficients)))
        return _first(polynomial, polynomial.derivative(), 0, upto, bits)


def _keeps_its_sign(coefficients: Sequence[int], upto: int, bits: int) -> bool:
    """Whether |c_0| exceeds what all other terms can reach; a quick test that settles nearly all cases."""
    rest = sum(map(abs, coefficients)) - abs(coefficients[0])
    if upto <= 1 << bits:
        rest = (rest * upto >> bits) + 1  # s^k <= s for s <= 1
        return abs(coefficients[0]) > rest
    return False


def _first(polynomial: arb_poly, slope: arb_poly, low: int, high: int, bits: int) -> Root | Touch | None:
    """Search depth first, the left half first; (low, high] in units of 2^-bits."""
    stack = [(low, high)]
    while stack:
        a, b = stack.pop()
        interval = _interval(a, b, bits)
        if not polynomial(interval).contains(0):
            continue
        if not slope(interval).contains(0):
            left, right = _sign(polynomial, a, bits), _sign(polynomial, b, bits)
            if right == 0:
                return Root(b, b, 1 if slope(interval) > 0 else -1)
            if left == right or left == 0:
                continue  # a zero at the left end was found before, or is the start
            return _refined(polynomial, slope, a, b, right, bits)
        if b - a <= 4:
            return Touch(a, b)
        middle = (a + b) >> 1
        stack += [(middle, b), (a, middle)]
    return None


def _refined(polynomial: arb_poly, slope: arb_poly, low: int, high: int, sign_after: int, bits: int) -> Root:
    """Narrow a bracket with a sign change: Newton steps with both ends kept certain, bisection where they fail."""
    while high - low > 1:
        interval = _interval(low, high, bits)
        middle = (low + high) >> 1
        derivative = slope(interval)
        if not derivative.contains(0):
            step = arb((middle, -bits)) - polynomial(arb((middle, -bits))) / derivative
            left = int((step.lower() * (arb(2) ** bits)).floor().unique_fmpz() or 0) if step.is_finite() else low
            right = int((step.upper() * (arb(2) ** bits)).ceil().unique_fmpz() or 0) if step.is_finite() else high
            narrowed = max(low, left), min(high, right)
            if narrowed[0] <= narrowed[1] and narrowed[1] - narrowed[0] < (high - low) // 2:
                low, high = narrowed
                if low == high:
                    break
                continue
        sign = _sign(polynomial, middle, bits)
        if sign == 0:
            return Root(middle, middle, sign_after)
        if sign == sign_after:
            high = middle
        else:
            low = middle
    return Root(low, high, sign_after)


def _interval(low: int, high: int, bits: int) -> arb:
    """Return the ball that covers [low, high] / 2^bits."""
    return arb((low + high, -bits - 1), (high - low, -bits - 1))


def _sign(polynomial: arb_poly, place: int, bits: int) -> int:
    """Return the sign at place / 2^bits; exact, since the coefficients are integers."""
    value = polynomial(arb((place, -bits)))
    if value.contains(0):
        with ball_precision(_exact_bits(polynomial, bits)):
            value = polynomial(arb((place, -bits)))
    return 1 if value > 0 else -1 if value < 0 else 0


def _exact_bits(polynomial: arb_poly, bits: int) -> int:
    """Return a precision at which the values at dyadic places are exact."""
    size = max((int(abs(c).upper().ceil().unique_fmpz() or 0).bit_length() for c in polynomial.coeffs()), default=1)
    return size + (bits + 4) * (polynomial.degree() + 1) + 64
