"""Exact numbers as expressions: ``7/2 e^(−1)``, ``−2/(1+√e)``, and their decimals.

Signs stand in front, factors 1 are left out, positive terms come first. Decimals are rounded where they stand behind
``≈``; elsewhere they are cut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, decimal_text, integral_parts, sign
from symflow.exact.exponential_sums import ONE_SUM, ExponentialSum
from symflow.exact.rationals import fmpq
from symflow.reports.expressions import (
    Decimal,
    Exponential,
    Expression,
    Negative,
    Product,
    Quotient,
    Rational,
    Sum,
    Vector,
)
from symflow.reports.linear_text import MOST_DIGITS, linear_text

ZERO = fmpq(0)

# A sum of fractions that could have more terms below than this over one denominator is written as a sum.
_MOST_TERMS = 64

# A number of more digits before the point is rounded to mantissa and exponent.
_LARGEST_WHOLE = 9


def rational(value: int | fmpq) -> Rational:
    """Return a rational number as an expression.

    Examples
    --------
    >>> rational(3)
    Rational(value=3)
    """
    return Rational(fmpq(value))


def integer_vector(entries: Sequence[fmpq]) -> Expression:
    """Return a row vector of rationals as it stands; a single entry without parentheses."""
    if len(entries) == 1:
        return Rational(entries[0])
    return Vector(tuple(Rational(entry) for entry in entries))


def coefficient_times(coefficient: fmpq, symbol: Expression | None) -> Expression:
    """Return coefficient · symbol: ``c``, ``−c/2``, ``3c``; the coefficient alone without a symbol.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> from symflow.reports.expressions import Symbol
    >>> linear_text(coefficient_times(fmpq(-3, 2), Symbol("c")))
    '−3c/2'
    """
    if symbol is None:
        return Rational(coefficient)
    if coefficient < 0:
        return Negative(coefficient_times(-coefficient, symbol))
    if coefficient != 1 and (is_long(coefficient) or (isinstance(symbol, Exponential) and coefficient.q != 1)):
        return Product((Rational(coefficient), symbol))
    top = symbol if coefficient.p == 1 else Product((Rational(fmpq(coefficient.p)), symbol))
    return top if coefficient.q == 1 else Quotient(top, Rational(fmpq(coefficient.q)))


def is_long(value: fmpq) -> bool:
    """Whether a rational number is shown as a decimal that is cut.

    Examples
    --------
    >>> is_long(fmpq(22, 7)), is_long(fmpq(1, 2**50))
    (False, True)
    """
    return sum(character.isdigit() for character in str(value)) > MOST_DIGITS


def times(scalar: Expression, other: Expression) -> Expression:
    """Return scalar · other, a sign in front and a factor 1 left out.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> from symflow.reports.expressions import Symbol
    >>> linear_text(times(Negative(Symbol("c")), Symbol("θ"))), linear_text(times(rational(-1), Symbol("θ")))
    ('−c θ', '−θ')
    """
    match scalar:
        case Negative():
            return Negative(times(scalar.of, other))
        case Rational() if scalar.value < 0:
            return Negative(times(Rational(-scalar.value), other))
        case Rational() if scalar.value == 1:
            return other
        case Sum() if all(_is_negative(term) for term in scalar.terms):
            return Negative(times(Sum(tuple(_negated(term) for term in scalar.terms)), other))
        case Product():
            return Product((*scalar.factors, other))
    if isinstance(other, Product):
        return Product((scalar, *other.factors))
    return Product((scalar, other))


def total(terms: Sequence[Expression]) -> Expression:
    """Return a sum, positive terms first; 0 for no terms.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> from symflow.reports.expressions import Symbol
    >>> linear_text(total([rational(-1), Symbol("c")])), linear_text(total([]))
    ('c − 1', '0')
    """
    if not terms:
        return Rational(ZERO)
    if len(terms) == 1:
        return terms[0]
    ordered = sorted(terms, key=_is_negative)
    return Sum(tuple(ordered))


def over(top: Expression, denominator: int) -> Expression:
    """Return top / denominator, a sign in front.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> from symflow.reports.expressions import Symbol
    >>> linear_text(over(Negative(Sum((rational(1), Symbol("c")))), 2))
    '−(1+c)/2'
    """
    if isinstance(top, Negative):
        return Negative(over(top.of, denominator))
    return Quotient(top, rational(denominator))


def coprime(entries: Sequence[fmpq]) -> tuple[fmpq, ...]:
    """Return the coprime integers in the ratio of the entries, the first nonzero one positive.

    Examples
    --------
    >>> coprime((fmpq(0), fmpq(-1, 2), fmpq(3, 4)))
    (0, 2, -3)
    """
    denominator = math.lcm(*(int(entry.q) for entry in entries))
    integers = [int((entry * denominator).p) for entry in entries]
    divisor = math.gcd(*integers) or 1
    if next((entry for entry in integers if entry), 1) < 0:
        divisor = -divisor
    return tuple(fmpq(entry // divisor) for entry in integers)


def number_expression(value: Scalar) -> Expression:
    """Return a number written out: ``7/2 e^(−1)``, ``1/(1 + √e)``.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> linear_text(number_expression(exponential(fmpq(-1)) * fmpq(7, 2)))
    '7/2 e^(−1)'
    >>> linear_text(number_expression(-2 / (exponential(fmpq(1, 2)) + 1)))
    '−2/(1+√e)'
    >>> linear_text(number_expression((3 + 3 * exponential(-1)) / (2 + 2 * exponential(fmpq(1, 2)))))
    '3(1+e^(−1))/(2(1+√e))'
    """
    if not isinstance(value, ExponentialNumber):
        return Rational(value)
    if sign(value) < 0:
        return Negative(number_expression(-value))
    if value.most_terms > _MOST_TERMS:
        return total([_one_fraction(top, bottom) for top, bottom in value.fractions])
    if value.denominator == ONE_SUM:
        return _exponential_sum(value.numerator)
    top, bottom = integral_parts(value)
    if sign(ExponentialNumber(bottom, ONE_SUM)) < 0:
        top, bottom = _minus(top), _minus(bottom)
    written = Quotient(_with_content(top), _with_content(bottom))
    if len(top) == 1 and top[0][0] != 0:  # 1/(1 + e^(−7/3)) is shorter than e^(7/3)/(1 + e^(7/3)), but not for e
        shift = top[0][0]
        shifted = Quotient(_with_content(_times_power(top, -shift)), _with_content(_times_power(bottom, -shift)))
        return min(written, shifted, key=lambda form: len(linear_text(form)))
    return written


def _one_fraction(top: ExponentialSum, bottom: ExponentialSum) -> Expression:
    return _exponential_sum(top) if bottom == ONE_SUM else number_expression(ExponentialNumber(top, bottom))


def magnitude_of(value: Scalar) -> Scalar:
    """Return |value|."""
    return -value if sign(value) < 0 else value


def approximation(value: Scalar, decimals: int = 5) -> Decimal:
    """Return a number rounded to that many decimals, or to that many digits where it is below 1.

    An irrational number that is very near to a rounder one is given the digits that show it.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> approximation(exponential(fmpq(-1)) * fmpq(7, 2)).digits, approximation(exponential(fmpq(-9))).digits
    ('1.28758', '0.00012341')
    >>> approximation(exponential(12)).digits, approximation(exponential(40)).digits
    ('162755', '2.35385e+17')
    >>> approximation(1 - exponential(-20)).digits
    '0.999999998'
    """
    result = _rounded(value, decimals)
    if isinstance(value, ExponentialNumber):
        while "." in result.digits and not result.digits.partition(".")[2].partition("e")[0].strip("0"):
            decimals += 1
            result = _rounded(value, decimals)
    return result


def _rounded(value: Scalar, decimals: int) -> Decimal:
    """Return a number rounded to that many decimals, or digits below 1."""
    magnitude = magnitude_of(value)
    mantissa, _, exponent = decimal_text(magnitude, 1).partition("e")
    if exponent:
        order = int(exponent)
    else:
        order = len(mantissa) - 1 if magnitude >= 1 else -next(i for i, d in enumerate(mantissa[2:], 1) if d != "0")
    # Shift the digits that are kept in front of the point, add one half and cut: that is rounding, exactly.
    if order > _LARGEST_WHOLE:
        shift = decimals - order
    elif order >= 0:
        shift = decimals if order < decimals else 0
    else:
        shift = decimals - 1 - order
    shifted = magnitude * fmpq(10) ** shift + fmpq(1, 2)
    kept = decimal_text(shifted, max(shift + order, 0) + 3).partition(".")[0]
    minus = "-" if sign(value) < 0 else ""
    if order > _LARGEST_WHOLE:
        order += len(kept) - decimals - 1  # 9.999996 has become 10.00000
        return Decimal(f"{minus}{kept[0]}.{kept[1 : decimals + 1]}e+{order}")
    text = decimal_text(fmpq(int(kept), 1) / fmpq(10) ** shift, 4 * decimals + max(order, 0))
    if isinstance(value, ExponentialNumber) and shift > 0 and "e" not in text:  # a last 0 is a digit too
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction:0<{shift}}"
    return Decimal(minus + text)


# ---------------------------------------------------------------------- private


def _exponential_sum(terms: ExponentialSum) -> Expression:
    """Return a sum of monomials, the largest exponent last when it is positive: 1 + √e, but 1 + e^(−1)."""
    ordered = sorted(terms, key=lambda term: (term[0] != 0, abs(term[0])))
    written = [coefficient_times(c, None if a == 0 else Exponential(a)) for a, c in ordered]
    return total(written)


def _with_content(terms: ExponentialSum) -> Expression:
    """Return a sum with integral coefficients, their common factor in front: 3(1 + e^(−1))."""
    content = math.gcd(*(int(c.p) for _, c in terms))
    if len(terms) < 2 or content == 1:
        return _exponential_sum(terms)
    return times(Rational(fmpq(content)), _exponential_sum(tuple((a, c / content) for a, c in terms)))


def _times_power(terms: ExponentialSum, exponent: fmpq) -> ExponentialSum:
    """Return e^exponent times a sum."""
    return tuple((a + exponent, c) for a, c in terms)


def _minus(terms: ExponentialSum) -> ExponentialSum:
    return tuple((a, -c) for a, c in terms)


def _is_negative(term: Expression) -> bool:
    return isinstance(term, Negative) or (isinstance(term, Rational) and term.value < 0)


def _negated(term: Expression) -> Expression:
    if isinstance(term, Negative):
        return term.of
    assert isinstance(term, Rational)
    return Rational(-term.value)
