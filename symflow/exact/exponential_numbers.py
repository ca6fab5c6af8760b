"""The scalars of a Clarke differential: rational numbers, and quotients of exponential sums.

A risk with exponential or logistic loss has coefficients such as −y e^{−m} and −y / (1 + e^m) with rational
margins m (``Prop. 2``). They lie in the field ℚ(e^q : q rational). An element that is not rational is an
:class:`ExponentialNumber`: a fraction of two sums Σ cᵢ e^{aᵢ}. Whatever is rational is an ``fmpq``, always,
so that a scalar is one of two things and each number has one type:

    ``Scalar = fmpq | ExponentialNumber``

What is exact
-------------
Everything. Since the numbers e^a, a rational, are linearly independent over ℚ (Lindemann–Weierstrass), p/q =
r/s is the equality of the term lists of p·s and r·q. A number that is not zero has a sign, and balls of
rising precision show it; a number that is zero is never asked for its sign, because the zero test comes
first.

Examples
--------
>>> from flint import fmpq
>>> a, b = exponential(fmpq(1)), exponential(fmpq(-1))
>>> a * b, a + b > 3, sign(a + b - fmpq(31, 10))
(1, True, -1)
>>> print((a - b) / (a + 1))
1 - exp(-1)
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from flint import arb, ctx, fmpq, fmpz

from symflow.exact.decimals import ball_decimal_text, rational_decimal_text
from symflow.exact.exponential_fractions import (
    ExponentialFraction,
    fractions_ball,
    fractions_expansion,
    simplified,
    single_fraction,
)
from symflow.exact.exponential_sums import (
    ONE_SUM,
    ExponentialSum,
    common_factor_cancelled,
    sum_scaled,
    sum_times,
)
from symflow.showing import AbstractFormula

# A number whose text is longer is shown by its decimals; its text (``str``) stays whole.
_MOST_SHOWN = 120

# No float is as large as this power of two; far below its inverse a number is 0 as a float.
_MOST_EXPONENT = 1024

# The precisions, in bits, of the first attempts to tell two numbers apart before exact arithmetic is used.
_QUICK_BITS = (64, 192)


@final
@functools.total_ordering
@dataclass(frozen=True, slots=True, eq=False, init=False)
class ExponentialNumber(AbstractFormula):
    """An irrational quotient of exponential sums; made by :func:`exponential` and by arithmetic.

    Parameters
    ----------
    numerator : ExponentialSum
        Terms (exponent, coefficient), exponents ascending.
    denominator : ExponentialSum
        The same; its first term is 1 = 1·e⁰.

    Attributes
    ----------
    fractions : tuple of (ExponentialSum, ExponentialSum)
        The number is the sum of these (numerator, denominator). There is one fraction unless the exponents
        are far apart; see :mod:`symflow.exact.exponential_fractions`.

    Notes
    -----
    It is never rational, so never zero: ``bool(x)`` is True, as it is for an ``fmpq`` other than zero. The
    form is canonical while the exponents are moderately far apart; equality, order and hash do not depend on
    that.

    Examples
    --------
    >>> e = exponential(fmpq(1))
    >>> 1 / (e + 1)
    1/(exp(1) + 1)
    >>> (e + 1) / (2 * e + 2), (e * e - 1) / (e - 1) == e + 1
    (1/2, True)
    """

    fractions: tuple[ExponentialFraction, ...]
    _hash: int | None

    def __init__(self, numerator: ExponentialSum, denominator: ExponentialSum) -> None:
        object.__setattr__(self, "fractions", ((numerator, denominator),))
        object.__setattr__(self, "_hash", None)

    @property
    def numerator(self) -> ExponentialSum:
        """The numerator over one denominator, which may be very long if there are several fractions."""
        return single_fraction(self.fractions)[0]

    @property
    def denominator(self) -> ExponentialSum:
        """The denominator over one denominator, which may be very long if there are several fractions."""
        return single_fraction(self.fractions)[1]

    @property
    def most_terms(self) -> int:
        """How many terms its denominator could have over one denominator; one where there is a single fraction.

        Examples
        --------
        >>> sum((1 / (exponential(fmpq(1, 10**k)) + 1) for k in range(8)), fmpq(0)).most_terms
        256
        """
        if len(self.fractions) == 1:
            return 1
        return math.prod(len(denominator) for _, denominator in self.fractions)

    def __str__(self) -> str:
        return to_text(self)

    def __repr__(self) -> str:
        n_terms = sum(len(n) + len(d) for n, d in self.fractions)
        text = to_text(self) if n_terms <= _MOST_SHOWN else ""
        return text if 0 < len(text) <= _MOST_SHOWN else f"{decimal_text(self, 15)}…"

    def __float__(self) -> float:
        bits = 128
        while True:  # ends: an irrational number is not half way between two floats
            ball = enclosure(self, bits)
            with ctx.workprec(2 * bits):
                low, high = _nearest_float(ball.lower()), _nearest_float(ball.upper())
            if low == high:
                return low
            bits *= 2

    def __hash__(self) -> int:
        if self._hash is None:  # an expansion costs more than what is looked up by it
            ends = [fractions_expansion(self.fractions, n_terms=2, ascending=way) for way in (True, False)]
            found = hash(tuple((a.p, a.q, c.p, c.q) for terms in ends for a, c in terms))
            object.__setattr__(self, "_hash", found)
            return found
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExponentialNumber):
            return NotImplemented if _fractions(other) is None else False
        if self.fractions == other.fractions:
            return True
        return not _quick_comparison(self, other) and not isinstance(self - other, ExponentialNumber)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, (ExponentialNumber, fmpq, int, fmpz)):
            return NotImplemented
        comparison = _quick_comparison(self, other) or sign(self - other)
        return comparison < 0

    def __pos__(self) -> ExponentialNumber:
        return self

    def __neg__(self) -> ExponentialNumber:
        return _number(tuple((sum_scaled(n, fmpq(0), fmpq(-1)), d) for n, d in self.fractions))

    def __abs__(self) -> ExponentialNumber:
        return self if sign(self) > 0 else -self

    def __add__(self, other: object) -> Scalar:
        summands = _fractions(other)
        return NotImplemented if summands is None else _scalar(simplified(self.fractions, summands))

    __radd__ = __add__

    def __sub__(self, other: object) -> Scalar:
        return NotImplemented if _fractions(other) is None else self + (-other)  # type: ignore[operator]

    def __rsub__(self, other: object) -> Scalar:
        return NotImplemented if _fractions(other) is None else (-self) + other

    def __mul__(self, other: object) -> Scalar:
        factors = _fractions(other)
        if factors is None:
            return NotImplemented
        if isinstance(other, (fmpq, int, fmpz)) and other != 0:  # leaves the denominators as they are
            return _number(tuple((sum_scaled(n, fmpq(0), fmpq(other)), d) for n, d in self.fractions))
        products = [(sum_times(n, top), sum_times(d, bottom)) for n, d in self.fractions for top, bottom in factors]
        return _scalar(simplified((), products))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Scalar:
        divisor = _fractions(other)
        if divisor is None:
            return NotImplemented
        if not divisor:
            raise ZeroDivisionError(f"{self} divided by zero")
        return self * _inverse(divisor)

    def __rtruediv__(self, other: object) -> Scalar:
        return NotImplemented if _fractions(other) is None else _inverse(self.fractions) * other  # type: ignore[operator]

    def __pow__(self, exponent: int) -> Scalar:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            return (1 / self) ** -exponent
        power: Scalar = fmpq(1)
        for digit in bin(exponent)[2:]:
            power = power * power * self if digit == "1" else power * power
        return power


#: An exact number of a Clarke differential. A rational one is always an ``fmpq``.
Scalar: TypeAlias = fmpq | ExponentialNumber


def exponential(exponent: fmpq | int) -> Scalar:
    """Return e^exponent.

    Examples
    --------
    >>> exponential(fmpq(-1, 2)), exponential(0)
    (exp(-1/2), 1)
    """
    return _scalar(((((fmpq(exponent), fmpq(1)),), ONE_SUM),))


def combination(terms: Iterable[tuple[fmpq, Scalar]]) -> Scalar:
    """Return Σ q x over pairs of a rational q and a scalar x.

    That the sum is irrational is seen once, at the end; adding one by one, each sum would be looked at.

    Examples
    --------
    >>> combination([(fmpq(2), exponential(1)), (fmpq(1, 2), fmpq(3)), (fmpq(-2), exponential(1))])
    3/2
    >>> combination([(fmpq(1), 1 / (exponential(1) + 1)), (fmpq(3), 1 / (exponential(fmpq(1, 1000)) + 1))])
    1/(exp(1) + 1) + 3/(exp(1/1000) + 1)
    """
    rational = fmpq(0)
    fractions: list[ExponentialFraction] = []
    for q, x in terms:
        if q == 0:
            continue
        if isinstance(x, ExponentialNumber):
            fractions += ((sum_scaled(numerator, fmpq(0), q), denominator) for numerator, denominator in x.fractions)
        else:
            rational += q * x
    if not fractions:
        return rational
    return _scalar(simplified((), [*fractions, *fractions_of(rational)]))


def sign(x: Scalar) -> int:
    """Return -1, 0 or 1.

    Notes
    -----
    An :class:`ExponentialNumber` is not zero, so that the loop over the precisions ends.

    Examples
    --------
    >>> sign(exponential(1) - fmpq(2718281828, 10**9)), sign(fmpq(0)), sign(fmpq(-1, 2))
    (1, 0, -1)
    """
    if isinstance(x, ExponentialNumber):
        return 1 if enclosure(x, 1) > 0 else -1
    return int(x > 0) - int(x < 0)


def enclosure(x: Scalar, bits: int) -> arb:
    """Return a ball that contains `x`, of relative accuracy at least `bits` bits.

    Printing a ball, like computing with it, rounds to the working precision of the moment (53 bits by
    default).

    Examples
    --------
    >>> enclosure(exponential(1), 100).rel_accuracy_bits() >= 100
    True
    >>> enclosure(exponential(1), 60)
    [2.71828182845905 +/- 4.77e-15]
    """
    if not isinstance(x, ExponentialNumber):
        with ctx.workprec(bits + 2):
            return arb(x)
    working_bits = bits + 16
    while True:
        with ctx.workprec(working_bits):
            ball = fractions_ball(x.fractions)
            if ball.is_finite() and ball.rel_accuracy_bits() >= bits:
                return ball
        working_bits *= 2


def to_float(x: Scalar) -> float:
    """Return the nearest float or a neighbour of it, for pictures; infinite beyond the floats.

    Examples
    --------
    >>> to_float(exponential(fmpq(1, 2))), to_float(fmpq(1, 4))
    (1.6487212707001282, 0.25)
    """
    return float(enclosure(x, 64).mid())


def _nearest_float(end: arb) -> float:
    """Return the float nearest to an end of a ball; beyond the floats an OverflowError, as of any number."""
    mantissa, exponent = end.mid().man_exp()
    top, power = int(mantissa), int(exponent)
    size = top.bit_length() + power
    if size > _MOST_EXPONENT:
        raise OverflowError("the number is larger than every float")
    if size < -_MOST_EXPONENT - 60:
        return 0.0 if top >= 0 else -0.0
    return float(Fraction(top) * Fraction(2) ** power)


def to_text(x: Scalar) -> str:
    """Return `x` in sympy's syntax; the same number, the same text, as far as fractions are in lowest terms.

    Exponents descend; a denominator has integer coefficients without common divisor, and its lowest exponent
    is 0.

    Examples
    --------
    >>> e, root = exponential(1), exponential(fmpq(1, 2))
    >>> to_text(fmpq(7, 2) / e), to_text(-1 / (root + 1)), to_text((2 * e + 1) / (e / 3 + 1))
    ('7*exp(-1)/2', '-1/(exp(1/2) + 1)', '(6*exp(1) + 3)/(exp(1) + 3)')
    """
    if not isinstance(x, ExponentialNumber):
        return str(x)
    text = _fraction_text(*x.fractions[-1])
    for fraction in x.fractions[-2::-1]:
        summand = _fraction_text(*fraction)
        text += f" - {summand[1:]}" if summand.startswith("-") else f" + {summand}"
    return text


def decimal_text(x: Scalar, digits: int) -> str:
    """Return the first `digits` significant digits of `x`, cut off, not rounded: every one is right.

    A decimal that ends is shown whole if it has no more digits than that.

    Examples
    --------
    >>> decimal_text(exponential(1), 10), decimal_text(fmpq(2, 3), 5), decimal_text(fmpq(-1, 8), 5)
    ('2.718281828', '0.66666', '-0.125')
    >>> decimal_text(exponential(100), 5), decimal_text(fmpq(12345678), 3)
    ('2.6881e+43', '1.23e+7')
    """
    if not isinstance(x, ExponentialNumber):
        return rational_decimal_text(x, digits)
    bits = 4 * digits + 32
    while True:  # ends: the number is irrational, so no decimal that a narrow ball would have to straddle
        text = ball_decimal_text(enclosure(x, bits), digits)
        if text is not None:
            return text
        bits *= 2


def integral_parts(x: ExponentialNumber) -> tuple[ExponentialSum, ExponentialSum]:
    """Return numerator and denominator with integer coefficients that have no common divisor.

    Examples
    --------
    >>> integral_parts((exponential(1) + fmpq(1, 2)) / (exponential(1) + fmpq(1, 3)))
    (((0, 3), (1, 6)), ((0, 2), (1, 6)))
    """
    return _integral(*single_fraction(x.fractions))


def fractions_of(x: Scalar) -> tuple[ExponentialFraction, ...]:
    """Return the fractions (numerator, denominator) whose sum a scalar is; none for 0.

    Examples
    --------
    >>> fractions_of(fmpq(2, 3)), fractions_of(exponential(1))
    (((((0, 2/3),), ((0, 1),)),), ((((1, 1),), ((0, 1),)),))
    """
    if isinstance(x, ExponentialNumber):
        return x.fractions
    return ((((fmpq(0), x),), ONE_SUM),) if x != 0 else ()


def from_fractions(fractions: tuple[ExponentialFraction, ...]) -> Scalar:
    """Return the scalar that a sum of fractions is; they are as ``exponential_fractions.simplified`` returns them.

    Examples
    --------
    >>> from_fractions(fractions_of(exponential(1) + 1)) == exponential(1) + 1
    True
    """
    return _scalar(fractions)


def _scalar(fractions: tuple[ExponentialFraction, ...]) -> Scalar:
    """Return the value of simplified fractions: the one place where its type is decided."""
    if not fractions:
        return fmpq(0)
    if len(fractions) > 1:
        beginning = fractions_expansion(fractions, n_terms=2, ascending=True)
        if not beginning:
            return fmpq(0)
        # Only the expansion of a rational number is a constant.
        return beginning[0][1] if len(beginning) == 1 and beginning[0][0] == 0 else _number(fractions)
    numerator, denominator = fractions[0]
    if len(numerator) == len(denominator):
        # A rational value c means numerator = c · denominator, term by term, whether or not in lowest terms.
        ratio = numerator[0][1]
        if numerator == sum_scaled(denominator, fmpq(0), ratio):
            return ratio
    return _number(fractions)


def _number(fractions: tuple[ExponentialFraction, ...]) -> ExponentialNumber:
    number = object.__new__(ExponentialNumber)
    object.__setattr__(number, "fractions", fractions)
    object.__setattr__(number, "_hash", None)
    return number


def _fractions(x: object) -> tuple[ExponentialFraction, ...] | None:
    """Return a scalar or an integer as a sum of fractions; None for anything else."""
    if isinstance(x, ExponentialNumber):
        return x.fractions
    return fractions_of(fmpq(x)) if isinstance(x, (fmpq, int, fmpz)) else None


def _inverse(fractions: tuple[ExponentialFraction, ...]) -> Scalar:
    numerator, denominator = single_fraction(fractions)
    return _scalar((common_factor_cancelled(denominator, numerator),))


def _ball(x: Scalar | int | fmpz) -> arb:
    return fractions_ball(x.fractions) if isinstance(x, ExponentialNumber) else arb(x)


def _quick_comparison(x: Scalar, y: Scalar | int | fmpz) -> int:
    """Return -1 or 1 if balls of low precision tell x and y apart, else 0, which says nothing."""
    for bits in _QUICK_BITS:
        with ctx.workprec(bits):
            left, right = _ball(x), _ball(y)
            if left < right:
                return -1
            if left > right:
                return 1
    return 0


def _integral(numerator: ExponentialSum, denominator: ExponentialSum) -> tuple[ExponentialSum, ExponentialSum]:
    content = fmpq(0)
    for _, coefficient in numerator + denominator:
        content = content.gcd(coefficient)
    unit = 1 / content
    return sum_scaled(numerator, fmpq(0), unit), sum_scaled(denominator, fmpq(0), unit)


def _fraction_text(numerator: ExponentialSum, denominator: ExponentialSum) -> str:
    if denominator == ONE_SUM:
        return _sum_text(numerator)
    numerator, denominator = _integral(numerator, denominator)
    top, bottom = _sum_text(numerator), _sum_text(denominator)
    return f"({top})/({bottom})" if len(numerator) > 1 else f"{top}/({bottom})"


def _sum_text(terms: ExponentialSum) -> str:
    text = ""
    for exponent, coefficient in reversed(terms):
        sign_text = ("-" if coefficient < 0 else "") if not text else (" - " if coefficient < 0 else " + ")
        text += sign_text + _monomial_text(exponent, abs(coefficient))
    return text


def _monomial_text(exponent: fmpq, coefficient: fmpq) -> str:
    if exponent == 0:
        return str(coefficient)
    above = "" if coefficient.p == 1 else f"{coefficient.p}*"
    below = "" if coefficient.q == 1 else f"/{coefficient.q}"
    return f"{above}exp({exponent}){below}"
