"""Marks on the axes of a picture: a few round numbers in the window, exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from symflow.exact.rationals import fmpq
from symflow.pictures.window import nice_step
from symflow.reports.linear_text import cut_decimal

# The number of marks is at most the first of these for which they have room, and at least about half of it.
_MOST = (7, 5, 3, 2)


@final
@dataclass(frozen=True, slots=True)
class Tick:
    r"""A mark on an axis.

    Parameters
    ----------
    value : Fraction
        Where.

    Examples
    --------
    >>> Tick(Fraction(-3, 2)).text, Tick(Fraction(1, 10**8)).text, Tick(Fraction(1, 10**8)).latex
    ('−1.5', '1·10⁻⁸', '1\\cdot10^{-8}')
    """

    value: Fraction

    @property
    def text(self) -> str:
        """The number as a decimal."""
        mantissa, power, exponent = self._written.partition("·10^")
        return mantissa + (power[:-1] + exponent.strip("()").translate(_SUPERSCRIPTS) if power else "")

    @property
    def latex(self) -> str:
        """The number as a decimal, in mathematics."""
        return self._written.replace("−", "-").replace("…", r"\ldots").replace("·10^", r"\cdot10^").translate(_BRACES)

    @property
    def _written(self) -> str:
        return cut_decimal(fmpq(self.value.numerator, self.value.denominator))


_BRACES = str.maketrans("()", "{}")
_SUPERSCRIPTS = str.maketrans("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def ticks(low: Fraction, high: Fraction, *, room: float = math.inf) -> tuple[Tick, ...]:
    """Return the marks between two ends.

    Parameters
    ----------
    low, high : Fraction
        The ends.
    room : float
        How many characters there is room for, all numbers side by side.

    Examples
    --------
    >>> [tick.text for tick in ticks(Fraction(-1, 2), Fraction(9, 4))]
    ['−0.5', '0', '0.5', '1', '1.5', '2']
    """
    for most in _MOST:
        step = nice_step((high - low) / most)
        marks = tuple(Tick(n * step) for n in range(math.ceil(low / step), math.floor(high / step) + 1))
        if sum(len(tick.text) + 2 for tick in marks) <= room:
            break
    return marks
