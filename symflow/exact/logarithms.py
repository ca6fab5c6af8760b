"""Values such as ln 2 + ln(1 + e^{−1/2}): a scalar plus rational multiples of logarithms of scalars.

The value of a logistic risk is Σ ln(1 + e^{−m_k}) with rational margins m_k, that of log_sum_exp is ln Σ
e^{−m_k}. Such a number is only ever shown or enclosed; no decision of symflow rests on it. So it has no
order, and ``==`` compares the forms: equal forms are equal numbers, and different forms may still be equal
numbers (whether they can be is a question about algebraic independence that is open in general).

The form is short. Since ln(c·e^a·p/q) = a + ln c + ln p − ln q for c rational, every argument is taken apart
into its monomial, which leaves the logarithm, and sums with integer coefficients that begin with e⁰; equal
arguments are merged; and the logarithms of rational numbers make a single one, of a number that is no perfect
power.

Examples
--------
>>> from symflow.exact.exponential_numbers import exponential
>>> x = logarithm(1 + exponential(fmpq(-1, 2)))
>>> x, x - logarithm(1 + exponential(fmpq(1, 2))), logarithm(fmpq(8)) + logarithm(fmpq(1, 2))
(-1/2 + log(exp(1/2) + 1), -1/2, 2*log(2))
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, final

from flint import arb, ctx, fmpq, fmpz

from symflow.exact.decimals import ball_decimal_text
from symflow.exact.exponential_numbers import (
    ExponentialNumber,
    Scalar,
    decimal_text,
    enclosure,
    integral_parts,
    sign,
    to_text,
)
from symflow.exact.exponential_sums import ONE_SUM, ExponentialSum, sum_scaled

# A value whose text is longer is shown by its decimals; its text (``str``) stays whole.
_MOST_SHOWN = 120


@final
@dataclass(frozen=True, slots=True)
class LogarithmicNumber:
    """The number scalar + Σ coefficient · ln(argument), with at least one logarithm.

    Parameters
    ----------
    scalar : Scalar
        The part outside the logarithms.
    logarithms : tuple of (Scalar, fmpq)
        Pairs (argument, coefficient): positive arguments other than 1, without monomial factors, in a fixed
        order.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> logarithm(1 + exponential(1)) * fmpq(1, 2) + 1
    1 + log(exp(1) + 1)/2
    """

    scalar: Scalar
    logarithms: tuple[tuple[Scalar, fmpq], ...]

    def __str__(self) -> str:
        return value_text(self)

    def __repr__(self) -> str:
        text = value_text(self)
        return text if len(text) <= _MOST_SHOWN else f"{value_decimal_text(self, 15)}…"

    def __neg__(self) -> Value:
        return self * -1

    def __add__(self, other: object) -> Value:
        if isinstance(other, LogarithmicNumber):
            return _value(self.scalar + other.scalar, self.logarithms + other.logarithms)
        if isinstance(other, (fmpq, ExponentialNumber, int)):
            return LogarithmicNumber(self.scalar + other, self.logarithms)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other: object) -> Value:
        if isinstance(other, (LogarithmicNumber, fmpq, ExponentialNumber, int)):
            return self + (-other)
        return NotImplemented

    def __rsub__(self, other: object) -> Value:
        return -(self - other) if isinstance(other, (fmpq, ExponentialNumber, int)) else NotImplemented

    def __mul__(self, other: object) -> Value:
        if not isinstance(other, (fmpq, int)):
            return NotImplemented
        return _value(self.scalar * other, tuple((a, c * other) for a, c in self.logarithms))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Value:
        return self * (1 / fmpq(other)) if isinstance(other, (fmpq, int)) else NotImplemented


# A single logarithm of a rational number would be longer than the separate ones above this power.
_HIGHEST_POWER = 1000

#: What an objective's value can be.
Value: TypeAlias = fmpq | ExponentialNumber | LogarithmicNumber


def logarithm(argument: Scalar) -> Value:
    """Return the natural logarithm of a positive scalar.

    Raises
    ------
    ValueError
        If the argument is not positive.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> logarithm(fmpq(1)), logarithm(exponential(3)), logarithm(fmpq(1, 2)), logarithm(4 * exponential(1))
    (0, 3, -log(2), 1 + 2*log(2))
    """
    if sign(argument) <= 0:
        raise ValueError(f"the logarithm of {argument}, which is not positive")
    return _value(fmpq(0), ((argument, fmpq(1)),))


def value_text(value: Value) -> str:
    """Return a value in sympy's syntax.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> value_text(logarithm(1 + exponential(1)) * fmpq(-2, 3)), value_text(fmpq(1, 2))
    ('-2*log(exp(1) + 1)/3', '1/2')
    """
    if not isinstance(value, LogarithmicNumber):
        return to_text(value)
    text = "" if value.scalar == 0 else to_text(value.scalar)
    for argument, coefficient in value.logarithms:
        minus, magnitude = coefficient < 0, abs(coefficient)
        joint = (" - " if minus else " + ") if text else ("-" if minus else "")
        above = "" if magnitude.p == 1 else f"{magnitude.p}*"
        below = "" if magnitude.q == 1 else f"/{magnitude.q}"
        text += f"{joint}{above}log({to_text(argument)}){below}"
    return text


def value_enclosure(value: Value, bits: int) -> arb:
    """Return a ball that contains `value`, of relative accuracy `bits` bits where its terms do not cancel.

    Examples
    --------
    >>> value_enclosure(logarithm(fmpq(2)), 60).rad() < fmpq(1, 2**59)
    True
    """
    if not isinstance(value, LogarithmicNumber):
        return enclosure(value, bits)
    # Terms may cancel, and nothing proves that the sum is not zero: accuracy is raised a few times, not for
    # ever.
    for working_bits in (bits + 16, 2 * bits + 64, 4 * bits + 256):
        with ctx.workprec(working_bits):
            ball = enclosure(value.scalar, working_bits)
            for argument, coefficient in value.logarithms:
                ball += arb(coefficient) * enclosure(argument, working_bits).log()
        if ball.rel_accuracy_bits() >= bits:
            break
    return ball


def value_decimal_text(value: Value, digits: int) -> str:
    """Return the first `digits` significant digits of `value`, cut off: every one is right.

    A value that agrees with a short decimal to a great many digits, and perhaps is one, has no such digits
    that could be proved; it is shown as a ball, "[2.0000 +/- 1e-90]".

    Examples
    --------
    >>> value_decimal_text(logarithm(fmpq(2)), 12)
    '0.693147180559'
    """
    if not isinstance(value, LogarithmicNumber):
        return decimal_text(value, digits)
    for bits in (4 * digits + 32, 40 * digits + 320):
        ball = value_enclosure(value, bits)
        text = ball_decimal_text(ball, digits)
        if text is not None:
            return text
    with ctx.workprec(bits):
        return str(ball.str(digits))


def _value(scalar: Scalar, logarithms: Iterable[tuple[Scalar, fmpq]]) -> Value:
    """Return scalar + Σ coefficient · ln(argument) in short form."""
    sums: dict[ExponentialSum, fmpq] = {}
    rationals: dict[fmpq, fmpq] = {}
    for argument, coefficient in logarithms:
        exponent, factor, parts = _taken_apart(argument)
        scalar = scalar + coefficient * exponent
        rationals[factor] = rationals.get(factor, fmpq(0)) + coefficient
        for part, direction in parts:
            sums[part] = sums.get(part, fmpq(0)) + direction * coefficient
    collected = _single_rational_logarithm(rationals)
    collected += [
        (ExponentialNumber(part, ONE_SUM), coefficient)
        for part, coefficient in sorted(sums.items(), key=lambda item: (item[1] < 0, item[0]))
        if coefficient != 0
    ]
    return LogarithmicNumber(scalar, tuple(collected)) if collected else scalar


def _taken_apart(argument: Scalar) -> tuple[fmpq, fmpq, tuple[tuple[ExponentialSum, int], ...]]:
    """Return a, c, (p_i, ±1) with argument = c · e^a · Π p_i^{±1}; the p_i begin with e⁰ and are positive."""
    if not isinstance(argument, ExponentialNumber):
        return fmpq(0), argument, ()
    exponent, factor = fmpq(0), fmpq(1)
    parts: list[tuple[ExponentialSum, int]] = []
    for terms, direction in zip(integral_parts(argument), (1, -1), strict=True):
        lowest = terms[0][0]
        content = fmpq(0)
        for _, coefficient in terms:
            content = content.gcd(coefficient)
        if len(terms) == 1 and terms[0][1] < 0:
            content = -content
        part = sum_scaled(terms, -lowest, 1 / content)
        if part != ONE_SUM and sign(ExponentialNumber(part, ONE_SUM)) < 0:
            part, content = sum_scaled(part, fmpq(0), fmpq(-1)), -content
        exponent += direction * lowest
        factor *= content**direction
        if part != ONE_SUM:
            parts.append((part, direction))
    return exponent, factor, tuple(parts)


def _single_rational_logarithm(rationals: dict[fmpq, fmpq]) -> list[tuple[Scalar, fmpq]]:
    """Return Σ coefficient · ln(rational) as at most one term, its argument above 1 and no perfect power."""
    denominator = math.lcm(*(int(c.q) for c in rationals.values()))
    if any(abs(c * denominator) > _HIGHEST_POWER for c in rationals.values()):
        return [(a, c) for a, c in sorted(rationals.items()) if a != 1 and c != 0]
    product = fmpq(1)
    for argument, coefficient in rationals.items():
        product *= argument ** int((coefficient * denominator).p)
    if product == 1:
        return []
    coefficient = fmpq(1, denominator)
    if product < 1:
        product, coefficient = 1 / product, -coefficient
    root, power = _perfect_root(product)
    return [(root, coefficient * power)]


def _perfect_root(number: fmpq) -> tuple[fmpq, int]:
    """Return (r, k) with number = r^k and k as large as possible, for a rational above 1."""
    root, power = number, 1
    prime = fmpz(2)
    while prime <= root.p.bit_length():
        top, bottom = root.p.root(int(prime)), root.q.root(int(prime))
        if top ** int(prime) == root.p and bottom ** int(prime) == root.q:
            root, power = fmpq(top, bottom), power * int(prime)
        else:
            prime += 1  # composite exponents fail at once: their prime factors have been used up
    return root, power
