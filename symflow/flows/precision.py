"""Working digits: mpmath's precision is set inside a ``with`` and nowhere else.

A rational becomes a number of mpmath at the digits of the moment, so it is converted where it is used, never kept.
Decimals come out with as many digits as are claimed: a value of absolute error at most 10^-digits max(1, |value|) is
written with one digit more, so that writing it adds a twentieth of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import TypeAlias

import mpmath

from symflow.exact.rationals import fmpq

Number: TypeAlias = mpmath.mpf

# What is computed from states gets this many digits more than the states claim.
GUARD_DIGITS = 10


@contextmanager
def working_digits(digits: int) -> Iterator[None]:
    """Work with so many decimal digits.

    Examples
    --------
    >>> with working_digits(30):
    ...     print(mpmath.mpf(1) / 3)
    0.333333333333333333333333333333
    """
    with mpmath.workdps(digits):
        yield


def real(value: fmpq | Fraction | int) -> Number:
    """Return a rational at the working digits of the moment.

    Examples
    --------
    >>> with working_digits(20):
    ...     print(real(fmpq(2, 3)))
    0.66666666666666666667
    """
    if isinstance(value, int):
        return mpmath.mpf(value)
    top, bottom = (value.p, value.q) if isinstance(value, fmpq) else (value.numerator, value.denominator)
    return mpmath.mpf(int(top)) / int(bottom)


def exact_value(value: Number) -> Fraction:
    """Return the dyadic rational that a finite number of mpmath is.

    Examples
    --------
    >>> exact_value(mpmath.mpf("-0.75"))
    Fraction(-3, 4)
    """
    sign, mantissa, exponent, _ = value._mpf_
    assert mantissa != 0 or exponent == 0, "not a finite number"
    whole = -int(mantissa) if sign else int(mantissa)
    return Fraction(whole << int(exponent)) if exponent >= 0 else Fraction(whole, 1 << -int(exponent))


def decimal_text(value: Number, digits: int) -> str:
    """Return a decimal whose rounding adds at most 10^-digits max(1, |value|) / 20 of error.

    Parameters
    ----------
    value : mpf
        A finite number.
    digits : int
        The digits that are claimed.

    Examples
    --------
    >>> decimal_text(mpmath.mpf(2) / 3, 5), decimal_text(mpmath.mpf(1234.5), 3), decimal_text(mpmath.mpf(-1), 9)
    ('0.666667', '1234.5', '-1')
    >>> decimal_text(mpmath.mpf(10) ** -20, 15)
    '0'
    """
    exact = exact_value(value)
    order = max(len(str(abs(exact).numerator // exact.denominator)) - 1, 0)  # floor(log10 |value|) from 1 on
    return rounded_text(exact, digits + 1 - order)


def scientific_text(value: Number, digits: int, *, up: bool = False) -> str:
    """Return a number with so many significant digits, in scientific notation; 0 as "0".

    Parameters
    ----------
    value : mpf
        Finite.
    digits : int
        Significant ones.
    up : bool
        Round away from zero, for a bound.

    Examples
    --------
    >>> scientific_text(mpmath.mpf("1.2345e-20"), 3), scientific_text(mpmath.mpf("1.2345e-20"), 3, up=True)
    ('1.23e-20', '1.24e-20')
    """
    exact = abs(exact_value(value))
    if exact == 0:
        return "0"
    order = len(str(exact.numerator)) - len(str(exact.denominator))
    order -= exact < Fraction(10) ** order
    shifted = exact / Fraction(10) ** (order - digits + 1)
    kept = -((-shifted.numerator) // shifted.denominator) if up else round(shifted)
    text = str(kept)
    order += len(text) - digits  # 9.999 has become 10.00
    fraction = text[1:digits].rstrip("0")
    mantissa = f"{text[0]}.{fraction}" if fraction else text[0]
    return f"{'-' if value < 0 else ''}{mantissa}e{order:+03d}"


def rounded_text(value: Fraction, places: int) -> str:
    """Return a rational rounded to a multiple of 10^-places, zeros at the end left out.

    Examples
    --------
    >>> rounded_text(Fraction(2, 3), 4), rounded_text(Fraction(-1, 2), 3), rounded_text(Fraction(1250), -2)
    ('0.6667', '-0.5', '1200')
    """
    kept = round(value * Fraction(10) ** places)
    if places <= 0:
        return str(kept * 10**-places)
    text = str(abs(kept)).rjust(places + 1, "0")
    fraction = text[-places:].rstrip("0")
    minus = "-" if kept < 0 else ""
    return f"{minus}{text[:-places]}.{fraction}" if fraction else f"{minus}{text[:-places]}"


def short(value: Number, digits: int) -> str:
    """Return so many digits of a number, for reading.

    Examples
    --------
    >>> short(mpmath.mpf("0.25"), 1), short(mpmath.mpf("0.75"), 5)
    ('0.3', '0.75')
    """
    return str(mpmath.nstr(value, digits))


def short_text(value: Number, digits: int) -> str:
    """Return a residual as it is shown: zero to the digits, or its size.

    Examples
    --------
    >>> short_text(mpmath.mpf(10) ** -60, 50), short_text(mpmath.mpf("0.125"), 50)
    ('0 to 50 digits', '0.125')
    """
    if abs(value) < mpmath.mpf(10) ** -digits:
        return f"0 to {digits} digits"
    return str(mpmath.nstr(value, 5))
