"""What Python shows of an exact number: short, and as a float the nearest one."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from symflow.exact.exponential_numbers import ExponentialNumber, enclosure, exponential
from symflow.exact.logarithms import logarithm
from symflow.exact.rationals import fmpq


def sigmoids(n: int) -> ExponentialNumber:
    total = sum((1 / (exponential(fmpq(1, 10**k + 1)) + 1) for k in range(n)), fmpq(0))
    assert isinstance(total, ExponentialNumber)
    return total


def test_a_short_number_is_shown_exactly() -> None:
    assert repr(1 / (exponential(fmpq(1, 2)) + 1)) == "1/(exp(1/2) + 1)"


def test_a_long_number_is_shown_by_its_digits_and_its_text_is_whole() -> None:
    number = sigmoids(20)
    assert repr(number) == "9.85207628275144…"
    assert str(number).endswith("1/(exp(1/10000000000000000001) + 1)")
    assert "…" not in str(number)
    assert repr((number, number)) == "(9.85207628275144…, 9.85207628275144…)"
    value = logarithm(sigmoids(8)) + 1
    assert repr(value).endswith("…")
    assert len(repr(value)) < 25 < 120 < len(str(value))


@pytest.mark.parametrize("exponent", [fmpq(1), fmpq(-1, 3), fmpq(709), fmpq(-744), fmpq(7, 1000)])
def test_a_float_is_the_nearest(exponent: fmpq) -> None:
    number = exponential(exponent) + 0 * fmpq(1)
    found = float(number)
    for other in (math.nextafter(found, math.inf), math.nextafter(found, -math.inf)):
        between = (Fraction(found) + Fraction(other)) / 2
        half = fmpq(between.numerator, between.denominator)
        assert (number < half) == (found < other)
    assert float(-number) == -found
    assert math.isclose(found, float(enclosure(number, 80).mid()), rel_tol=1e-15)


def test_beyond_the_floats_it_is_refused_as_of_an_integer_or_zero() -> None:
    for number in (exponential(710), -exponential(10**9)):
        with pytest.raises(OverflowError):
            float(number)
    assert float(exponential(-(10**9))) == 0.0
