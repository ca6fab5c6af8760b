"""Numbers of a trajectory as a reader sees them: a few decimals in a table, groups of five digits where many are known.

A table's decimals are rounded. Digits with ``…`` behind them are cut: each is right.
"""

from __future__ import annotations

from fractions import Fraction

from symflow.exact.rationals import fmpq
from symflow.flows.precision import Number, exact_value, rounded_text, scientific_text
from symflow.reports.expressions import Decimal, Expression, Rational

# Decimals of a table, and of a number of many digits unless all of it is asked for.
TABLE_DECIMALS, MANY_DECIMALS = 8, 15

_GROUP = 5

# A number beyond these is written with an exponent.
_SMALLEST, _LARGEST = Fraction(1, 10**5), 10**8


def table_number(value: Number | None, digits: int) -> Expression | str:
    """Return a number of a table: eight decimals, fewer where fewer are known, rounded; ``–`` for None.

    Examples
    --------
    >>> from mpmath import mpf
    >>> table_number(mpf("1.606530659712633"), 15).digits, table_number(mpf("-0.5"), 15).digits, table_number(None, 15)
    ('1.60653066', '-0.50000000', '–')
    """
    if value is None:
        return "–"
    decimals = min(TABLE_DECIMALS, digits)
    exact = exact_value(value)
    if abs(exact) < Fraction(1, 10**digits):
        exact = Fraction(0)  # nothing is known of it but that it is small
    if exact != 0 and not _SMALLEST <= abs(exact) < _LARGEST:
        return Decimal(scientific_text(value, decimals))
    whole, _, fraction = rounded_text(exact, decimals).partition(".")
    return Decimal(f"{whole}.{fraction:0<{decimals}}")


def time_number(value: Number, exact: Fraction | None, digits: int) -> Expression:
    """Return a time: a rational as it is, else at most ten decimals, rounded.

    Examples
    --------
    >>> from mpmath import mpf
    >>> time_number(mpf(10) / 3, Fraction(10, 3), 15), time_number(mpf(2), None, 15)
    (Rational(value=10/3), Decimal(digits='2', is_cut=False, exact=None))
    """
    if exact is not None:
        return Rational(fmpq(exact.numerator, exact.denominator))
    found = exact_value(value)
    if found != 0 and abs(found) < _SMALLEST:
        return Decimal(scientific_text(value, min(TABLE_DECIMALS, digits)))
    return Decimal(rounded_text(found, min(10, digits)))


def many_digits(value: Number, digits: int, *, most: int = MANY_DECIMALS, full: bool = False) -> Expression:
    """Return a number with its decimals in groups of five: cut behind the first ones, or all that are claimed.

    Parameters
    ----------
    value : mpf
        The number.
    digits : int
        The decimals that are claimed.
    most : int
        How many are shown unless `full`.

    Examples
    --------
    >>> from mpmath import mpf
    >>> many_digits(mpf(2) / 3, 30, most=10)
    Decimal(digits='0.66666 66666', is_cut=True, exact=None)
    >>> many_digits(mpf("0.125"), 30)
    Decimal(digits='0.125', is_cut=False, exact=None)
    """
    exact = exact_value(value)
    order = max(len(str(abs(exact).numerator // exact.denominator)) - 1, 0)
    known = digits - order  # the error is relative from 1 on
    written = rounded_text(exact, known)
    is_short = len(written.partition(".")[2]) <= most
    if full or known <= most or is_short:
        return Decimal(grouped(written))
    cut = rounded_text(_cut(exact, most), most)
    whole, _, fraction = cut.partition(".")
    return Decimal(grouped(f"{whole}.{fraction:0<{most}}"), is_cut=True)


def grouped(text: str) -> str:
    """Return a decimal with a space behind each five decimals.

    Examples
    --------
    >>> grouped("-1.234567"), grouped("12")
    ('-1.23456 7', '12')
    """
    whole, point, fraction = text.partition(".")
    groups = [fraction[i : i + _GROUP] for i in range(0, len(fraction), _GROUP)]
    return f"{whole}{point}{' '.join(groups)}"


def _cut(value: Fraction, decimals: int) -> Fraction:
    scaled = abs(value) * 10**decimals
    kept = scaled.numerator // scaled.denominator
    return Fraction(kept if value > 0 else -kept, 10**decimals)
