"""When a flow in the input is where: rational times, or sums of exponentials, against the decimals of a result.

With c = φ'(f) and dτ = |c| dt the state follows the orbit, and on a straight piece f falls at rate c|v|² in t. So with
m = y f the time from f0 to f1 is

    constant c     (f0 - f1) / (c|v|²)
    exponential    (e^m1 - e^m0) / (y²|v|²)
    logistic       (m1 + e^m1 - m0 - e^m0) / (y²|v|²)
    squared        ln((f0 - y)/(f1 - y)) / |v|²: f never reaches y; these times are not compared here
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import final

from symflow.checker.exponential_sums import Sum, exponential, sum_sign
from symflow.checker.expressions import rational
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused, expect

_MOST_DIGITS = 100_000
_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?", re.ASCII)


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

    def later(self, time: Sum | None, before: Fraction, after: Fraction, speed_squared: Fraction) -> Sum | None:
        """Return the time at which f has gone from one value to another; None where it is not known here."""
        if time is None or self.loss == "squared":
            return None
        if self.constant is not None:
            return time + (before - after) / (self.constant * speed_squared)
        scale = 1 / (self.label**2 * speed_squared)
        m0, m1 = self.label * before, self.label * after
        passed = (exponential(m1) - exponential(m0)) * scale
        if self.loss == "logistic":
            passed = passed + (m1 - m0) * scale
        return time + passed


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


def expect_near(spelled: str, time: Sum, digits: int, is_exact: bool, place: str) -> None:
    """Refuse a number that is off by more than its digits; where all is exact it is spelled as a fraction.

    Examples
    --------
    >>> expect_near("2.718", exponential(Fraction(1)), 3, False, "time")
    >>> expect_near("2.73", exponential(Fraction(1)), 3, False, "time")
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: time: off by more than its digits
    """
    if is_exact:
        expect(spelled, str(rational_time(time)), place)
        return
    found = number(spelled, place)
    allowed = slack(found, digits)
    if sum_sign(time - (found - allowed)) < 0 or sum_sign((found + allowed) - time) < 0:
        raise Refused("off by more than its digits", place)


def rational_time(time: Sum | None) -> Fraction:
    """Return a time that is rational; refuse another one.

    Examples
    --------
    >>> rational_time(exponential(Fraction(1)))
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: a time that is not rational
    """
    if isinstance(time, int | Fraction):
        return Fraction(time)
    raise Refused("a time that is not rational")
