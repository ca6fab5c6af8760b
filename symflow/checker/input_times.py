"""When a flow in the input is where: rational times, exponentials or logarithms, against the decimals of a result.

With c = φ'(f) and dτ = |c| dt the state follows the orbit, and on a straight piece f falls at rate c|v|² in t. So with
m = y f the time from f0 to f1 is

    constant c     (f0 - f1) / (c|v|²)
    exponential    (e^m1 - e^m0) / (y²|v|²)
    logistic       (m1 + e^m1 - m0 - e^m0) / (y²|v|²)
    squared        ln((f0 - y)/(f1 - y)) / |v|²: f never reaches y

A time Σ aᵢ ln rᵢ is compared with a rational q by comparing Π rᵢ^(L aᵢ) with e^(L q), L the common denominator of the
aᵢ; where these powers are too large, by enclosures of the logarithms.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from symflow.checker.enclosed_numbers import Enclosed, logarithm, sign_of
from symflow.checker.exponential_sums import Sum, exponential, sum_sign
from symflow.checker.expressions import rational
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused, expect

_MOST_DIGITS = 100_000
# Of a product of powers of rationals.
_MOST_BITS = 4_000_000
_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?", re.ASCII)


@final
@dataclass(frozen=True, slots=True)
class Moment:
    """A time: a sum of exponentials, or of multiples of logarithms of rationals.

    Parameters
    ----------
    whole : Sum
        The sum of exponentials.
    logarithms : tuple of (factor, argument)
        Where there are any, `whole` is 0.
    """

    whole: Sum
    logarithms: tuple[tuple[Fraction, Fraction], ...] = ()

    def compare(self, other: Fraction) -> int:
        """Return the sign of the time minus a rational number.

        Examples
        --------
        >>> ln_3 = Moment(Fraction(0), ((Fraction(1, 2), Fraction(9)),))
        >>> ln_3.compare(Fraction("1.0986")), ln_3.compare(Fraction("1.0987"))
        (1, -1)
        """
        if not self.logarithms:
            return sum_sign(self.whole - other)
        common = math.lcm(*(factor.denominator for factor, _ in self.logarithms))
        powers = [(argument, int(factor * common)) for factor, argument in self.logarithms]
        bits = sum(abs(n) * (r.numerator.bit_length() + r.denominator.bit_length()) for r, n in powers)
        if bits > _MOST_BITS:
            # No power of rationals is e to a rational other than 0, so that enclosures tell the two apart.
            return sign_of(sum((logarithm(r) * factor for factor, r in self.logarithms), start=_nothing()) - other)
        return sum_sign(math.prod((r**n for r, n in powers), start=Fraction(1)) - exponential(common * other))


def _nothing() -> Enclosed:
    return Enclosed(lambda _: (Fraction(0), Fraction(0)))


@final
class Clock:
    """How time passes along an orbit.

    Parameters
    ----------
    problem : Problem
        With its objective of one output.
    """

    def __init__(self, problem: Problem) -> None:
        self.loss = problem.loss if problem.kind == "risk" else ""
        self.label = problem.labels[0] if problem.labels else Fraction(0)
        self.constant: Fraction | None = None
        if problem.kind == "log_sum_exp":
            self.constant = -self.label
        elif problem.kind != "risk":
            self.constant = problem.coefficients[0]

    def reaches(self, output: Fraction, direction: int) -> bool:
        """Whether f reaches a value in finite time: under the squared loss it never takes the label."""
        return self.loss != "squared" or direction * (output - self.label) > 0

    def later(self, time: Moment, before: Fraction, after: Fraction, speed_squared: Fraction) -> Moment:
        """Return the time at which f has gone from one value to another, which it reaches."""
        if self.constant is not None:
            return Moment(time.whole + (before - after) / (self.constant * speed_squared))
        if self.loss == "squared":
            ratio = (before - self.label) / (after - self.label)
            return Moment(Fraction(0), (*time.logarithms, (1 / speed_squared, ratio)))
        scale = 1 / (self.label**2 * speed_squared)
        m0, m1 = self.label * before, self.label * after
        passed = (exponential(m1) - exponential(m0)) * scale
        if self.loss == "logistic":
            passed = passed + (m1 - m0) * scale
        return Moment(time.whole + passed)


def number(spelled: str, place: str) -> Fraction:
    """Return the number that a decimal or a fraction spells.

    Examples
    --------
    >>> number("-0.75", "state"), number("2/3", "state")
    (Fraction(-3, 4), Fraction(2, 3))
    """
    match = _DECIMAL.fullmatch(spelled) if len(spelled) <= _MOST_DIGITS else None
    if match is None:
        return rational(spelled, place)
    minus, whole, decimals = match.groups()
    decimals = decimals or ""
    found = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -found if minus else found


def slack(found: Fraction, digits: int) -> Fraction:
    """Return by how much a number of so many digits may be off.

    Examples
    --------
    >>> slack(Fraction(200), 3)
    Fraction(1, 5)
    """
    return Fraction(1, 10**digits) * max(Fraction(1), abs(found))


def expect_near(spelled: str, time: Moment, digits: int, is_exact: bool, place: str) -> None:
    """Refuse a number that is off by more than its digits; where all is exact it is spelled as a fraction.

    Examples
    --------
    >>> expect_near("2.718", Moment(exponential(Fraction(1))), 3, False, "time")
    >>> expect_near("2.73", Moment(exponential(Fraction(1))), 3, False, "time")
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: time: off by more than its digits
    """
    if is_exact:
        expect(spelled, str(rational_time(time)), place)
        return
    found = number(spelled, place)
    allowed = slack(found, digits)
    if time.compare(found - allowed) < 0 or time.compare(found + allowed) > 0:
        raise Refused("off by more than its digits", place)


def rational_time(time: Moment) -> Fraction:
    """Return a time that is rational; refuse another one.

    Examples
    --------
    >>> rational_time(Moment(exponential(Fraction(1))))
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: a time that is not rational
    """
    if not time.logarithms and isinstance(time.whole, int | Fraction):
        return Fraction(time.whole)
    raise Refused("a time that is not rational")
