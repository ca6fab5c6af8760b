"""Fixed-point numbers: an integer n with B fractional bits stands for n / 2^B.

The series of a flow are computed in Python's integers: products of two are sums of products of integers and one shift,
whatever the number of terms, which is several times faster than floating point of the same length. They are seeded
through mpmath's libmp and through balls, and go back to mpmath's numbers for whoever reads them.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath.libmp import from_man_exp

from symflow.exact.balls import arb, ball_precision
from symflow.exact.rationals import fmpq

# log2(10), rounded up.
BITS_PER_DIGIT = 3.3219280949


def bits_for(digits: float) -> int:
    """Return how many bits hold this many decimal digits.

    Examples
    --------
    >>> bits_for(15)
    50
    """
    return int(digits * BITS_PER_DIGIT) + 1


def fixed(value: fmpq, bits: int) -> int:
    """Return a rational, rounded to the nearest fixed-point number.

    Examples
    --------
    >>> fixed(fmpq(1, 3), 8)
    85
    """
    numerator, denominator = int(value.p), int(value.q)
    return ((numerator << (bits + 1)) + denominator) // (2 * denominator)


def to_mpf(number: int, bits: int) -> mpmath.mpf:
    """Return a fixed-point number as mpmath's, exactly.

    Examples
    --------
    >>> to_mpf(3, 1)
    mpf('1.5')
    """
    return mpmath.make_mpf(from_man_exp(number, -bits))


def to_rational(number: int, bits: int) -> fmpq:
    """Return a fixed-point number as the rational that it is."""
    return fmpq(number, 1 << bits)


def to_fraction(number: int, bits: int) -> Fraction:
    """Return a fixed-point number as a Fraction."""
    return Fraction(number, 1 << bits)


def to_ball(number: int, bits: int) -> arb:
    """Return a fixed-point number as a ball of radius 0."""
    return arb((number, -bits))


def rounded(ball: arb, bits: int) -> int:
    """Return the fixed-point number nearest to the midpoint of a ball."""
    pair = ball.mid().man_exp()
    mantissa, shift = int(pair[0]), int(pair[1]) + bits
    if shift >= 0:
        return mantissa << shift
    return (mantissa + (1 << (-shift - 1))) >> -shift


def exponential(exponent: int, bits: int) -> int:
    """Return e^x of a fixed-point number x, to about one unit in the last place.

    Examples
    --------
    >>> exponential(0, 8)
    256
    """
    growth = max(0, int((exponent >> bits) * 1.4427) + 2)
    with ball_precision(bits + growth + 20):
        return rounded(to_ball(exponent, bits).exp(), bits)
