"""Enclosures against mpmath: logarithms, roots, exponentials, and what is made of them."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.enclosed_numbers import (
    Enclosed,
    Real,
    as_rational,
    bounds_of,
    exponential_of,
    inverse_of,
    logarithm,
    sign_of,
    square_root,
    total_of,
)
from symflow.checker.exponential_fractions import inverse
from symflow.checker.exponential_sums import ExponentialSum, exponential
from symflow.checker.reading import Refused, TooLarge

POSITIVE = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**6)
SMALL = st.fractions(min_value=-20, max_value=20, max_denominator=1000)


def fits(value: Real, expected: mpmath.mpf, bits: int) -> bool:
    """Return whether mpmath's value lies in the enclosure, and the enclosure is as narrow as was asked."""
    low, high = bounds_of(value, bits)
    with mpmath.workdps(120):
        slack = mpmath.mpf(10) ** -100 * (1 + abs(expected))
        inside = mpmath.mpf(low.numerator) / low.denominator - slack <= expected
        return bool(inside and expected <= mpmath.mpf(high.numerator) / high.denominator + slack)


def real(a: Fraction) -> mpmath.mpf:
    return mpmath.mpf(a.numerator) / a.denominator


@settings(max_examples=40, deadline=None)
@given(POSITIVE, st.sampled_from([20, 64, 200]))
def test_logarithms_and_roots_are_those_of_mpmath(a: Fraction, bits: int) -> None:
    with mpmath.workdps(120):
        assert fits(logarithm(a), mpmath.log(real(a)), bits)
        assert fits(square_root(a), mpmath.sqrt(real(a)), bits)
    for value in (logarithm(a), square_root(a)):
        low, high = value.bounds(bits)
        assert high - low < Fraction(1, 1 << (bits - 8))


@settings(max_examples=40, deadline=None)
@given(SMALL, st.sampled_from([20, 64, 200]))
def test_exponentials_are_those_of_mpmath(a: Fraction, bits: int) -> None:
    with mpmath.workdps(120):
        assert fits(exponential_of(a), mpmath.exp(real(a)), bits)
        assert fits(exponential(a), mpmath.exp(real(a)), bits)
        assert fits(logarithm(exponential(a) + 1), mpmath.log(mpmath.exp(real(a)) + 1), bits)
        assert fits(exponential_of(logarithm(abs(a) + 1)), 1 + abs(real(a)), bits)


@settings(max_examples=40, deadline=None)
@given(POSITIVE, POSITIVE, SMALL)
def test_sums_products_and_quotients_are_those_of_mpmath(a: Fraction, b: Fraction, c: Fraction) -> None:
    with mpmath.workdps(120):
        x, y, z = mpmath.log(real(a)), mpmath.sqrt(real(b)), real(c)
        assert fits(logarithm(a) + square_root(b), x + y, 64)
        assert fits(logarithm(a) * square_root(b) - c, x * y - z, 64)
        assert fits(c - logarithm(a), z - x, 64)
        assert fits(-logarithm(a) * c, -x * z, 64)
        assert fits(inverse_of(square_root(b)) * exponential(c), mpmath.exp(z) / y, 64)


def test_every_kind_of_number_meets_an_enclosed_one() -> None:
    # On both sides of every sign: rational, exponential, and a fraction of exponentials.
    two, e = logarithm(Fraction(2)), exponential(Fraction(1))
    sigmoid = inverse(e + 1)
    with mpmath.workdps(50):
        ln2, one = mpmath.log(2), 1 / (mpmath.e + 1)
        for value, expected in ((Fraction(3), mpmath.mpf(3)), (e, mpmath.e), (sigmoid, one), (3, mpmath.mpf(3))):
            assert fits(value + two, expected + ln2, 100)
            assert fits(two + value, expected + ln2, 100)
            assert fits(value - two, expected - ln2, 100)
            assert fits(two - value, ln2 - expected, 100)
            assert fits(value * two, expected * ln2, 100)
            assert fits(two * value, expected * ln2, 100)
        assert fits(exponential_of(sigmoid), mpmath.exp(one), 100)
        assert fits(logarithm(sigmoid), mpmath.log(one), 100)


def test_a_sign_is_found_as_far_as_the_bits_go() -> None:
    assert sign_of(logarithm(Fraction(2)) - Fraction(693147180559945, 10**15)) == 1
    assert sign_of(Fraction(693147180559946, 10**15) - logarithm(Fraction(2))) == 1
    assert sign_of(logarithm(1 + Fraction(1, 10**400))) == 1
    with pytest.raises(TooLarge, match="more bits"):
        sign_of(logarithm(Fraction(4)) - 2 * logarithm(Fraction(2)))
    with pytest.raises(TooLarge, match="more bits"):
        sign_of(inverse_of(logarithm(Fraction(2)) - logarithm(Fraction(2))))


def test_a_logarithm_of_a_sum_far_from_one_is_known_at_once() -> None:
    # ln(e^4000 + e^3999) = 4000 + ln(1 + 1/e)
    value = logarithm(exponential(Fraction(4000)) + exponential(Fraction(3999)))
    assert sign_of(value - Fraction(400031326, 10**5)) == 1
    assert sign_of(value - Fraction(400031327, 10**5)) == -1


@pytest.mark.parametrize("exponent", [Fraction(2000), Fraction(-2000), Fraction(10**9)])
def test_an_exponential_far_from_one_is_too_large(exponent: Fraction) -> None:
    with pytest.raises(TooLarge, match="an exponential too large"):
        exponential_of(exponent).bounds(64)
    value = exponential(exponent)
    assert isinstance(value, ExponentialSum)
    if exponent > 0:
        with pytest.raises(TooLarge, match="an exponential too large"):
            bounds_of(value, 64)


def test_a_tower_of_operations_is_too_large() -> None:
    value: Enclosed = logarithm(Fraction(2))
    for _ in range(199):
        value = value + value
    with pytest.raises(TooLarge, match="one upon another"):
        value + value


def test_a_sum_of_many_is_no_tower() -> None:
    total = total_of([logarithm(Fraction(k)) for k in range(1, 1001)])
    with mpmath.workdps(50):
        assert fits(total, mpmath.loggamma(1001), 64)
    assert total_of([]) == 0
    assert total_of([Fraction(1), Fraction(2), Fraction(4)]) == 7


def test_what_has_no_value_is_refused() -> None:
    with pytest.raises(Refused, match="a square root of a negative number"):
        square_root(Fraction(-1)).bounds(10)
    with pytest.raises(Refused, match="may not be positive"):
        logarithm(Fraction(-1)).bounds(10)
    with pytest.raises(Refused, match="may be zero"):
        inverse_of(logarithm(Fraction(1))).bounds(10)


def test_bounds_are_rounded_outwards_and_remembered() -> None:
    calls = []
    third = Fraction(1, 3**40)  # of a denominator too long to be kept

    def rule(bits: int) -> tuple[Fraction, Fraction]:
        calls.append(bits)
        return third, third

    value = Enclosed(rule)
    low, high = value.bounds(10)
    assert low < third < high
    assert high - low <= Fraction(1, 1 << 42)
    assert value.bounds(10) == (low, high)
    assert calls == [10]
    assert Enclosed(lambda _: (Fraction(1, 2), Fraction(1, 2))).bounds(10) == (Fraction(1, 2), Fraction(1, 2))


def test_a_rational_is_told_from_what_is_none() -> None:
    e = exponential(Fraction(1))
    assert as_rational(3) == as_rational(Fraction(3)) == 3
    assert as_rational(e - e) == 0
    assert as_rational(e) is None
    assert as_rational(logarithm(Fraction(2))) is None
