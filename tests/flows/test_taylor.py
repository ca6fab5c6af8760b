"""The recurrences of Taylor series, against the functions that they expand."""

from __future__ import annotations

from itertools import product

import mpmath
import pytest

from symflow.exact.rationals import fmpq
from symflow.flows.tape import Tape
from symflow.flows.taylor import taylor_series

BITS = 200


def coefficients(column: list[int]) -> list[mpmath.mpf]:
    return [mpmath.mpf(c) / (1 << BITS) for c in column]


@pytest.mark.parametrize("wanted", [w for w in product((False, True), repeat=3) if any(w)])
def test_softmin_weights_whichever_of_them_are_wanted(wanted: tuple[bool, ...]) -> None:
    """p_i = e^(-m_i) / Σ e^(-m_k) for m = (t, 2 t, 0 t); two of three wanted used to be computed twice."""
    tape = Tape()
    margins = [tape.state(k) for k in range(3)]
    for margin, speed in zip(margins, (1, 2, 0), strict=True):
        tape.set_derivative(margin, fmpq(speed))
    weights = tape.softmin(margins)
    tape.watched = [weight for weight, is_wanted in zip(weights, wanted, strict=True) if is_wanted]
    series = taylor_series(tape, {0: 0, 1: 0, 2: 0}, bits=BITS, scale=1, scale_bits=0, order=6)
    with mpmath.workdps(50):
        for place, register in enumerate(weights):
            if not wanted[place]:
                continue
            expected = mpmath.taylor(
                lambda t, place=place: mpmath.exp(-(1, 2, 0)[place] * t) / (mpmath.exp(-t) + mpmath.exp(-2 * t) + 1),
                0,
                5,
            )
            assert len(series[register]) == 6
            for a, b in zip(coefficients(series[register]), expected, strict=True):
                assert abs(a - b) < 1e-40


def test_a_logistic_and_an_exponential() -> None:
    """Of m = t: 1 / (1 + e^t) and e^t."""
    tape = Tape()
    m = tape.state(0)
    tape.set_derivative(m, fmpq(1))
    tape.watched = [register for register in (tape.logistic(m), tape.exp(m)) if isinstance(register, int)]
    series = taylor_series(tape, {0: 0}, bits=BITS, scale=1, scale_bits=0, order=8)
    with mpmath.workdps(50):
        for register, function in zip(tape.watched, (lambda t: 1 / (1 + mpmath.exp(t)), mpmath.exp), strict=True):
            for a, b in zip(coefficients(series[register]), mpmath.taylor(function, 0, 7), strict=True):
                assert abs(a - b) < 1e-40


def test_the_scale_of_time_multiplies_each_coefficient_by_a_power() -> None:
    tape = Tape()
    x = tape.state(0)
    tape.set_derivative(x, tape.products([(x, x)]))
    one, other = (
        taylor_series(tape, {0: 1 << BITS}, bits=BITS, scale=scale, scale_bits=3, order=9)[x] for scale in (8, 4)
    )
    assert one == [1 << BITS] * 10
    assert [c << k for k, c in enumerate(other)] == one
