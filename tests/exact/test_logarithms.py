"""Scalars plus logarithms: short forms, texts that sympy reads back, enclosures."""

from __future__ import annotations

import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.logarithms import (
    LogarithmicNumber,
    Value,
    logarithm,
    value_decimal_text,
    value_enclosure,
    value_text,
)

E = exponential(1)
LOG2 = logarithm(fmpq(2))

exponents = st.builds(fmpq, st.integers(-5, 5), st.integers(1, 3))
positive = st.builds(fmpq, st.integers(1, 40), st.integers(1, 40))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (logarithm(1 + exponential(fmpq(1, 2))), "log(exp(1/2) + 1)"),
        (logarithm(1 + exponential(fmpq(-1, 2))), "-1/2 + log(exp(1/2) + 1)"),
        (logarithm(fmpq(2, 3) * exponential(-4)), "-4 - log(3/2)"),
        (logarithm((E + 1) / (E + 2)), "log(exp(1) + 1) - log(exp(1) + 2)"),
        (logarithm(fmpq(64)), "6*log(2)"),
        (logarithm(fmpq(4, 9)), "-2*log(3/2)"),
        (LOG2 + logarithm(fmpq(3)), "log(6)"),
        (LOG2 - 2 * logarithm(fmpq(3)), "-log(9/2)"),
        (LOG2 * fmpq(1, 2) + logarithm(fmpq(3)) / 3, "log(72)/6"),
        (E + LOG2, "exp(1) + log(2)"),
        (1 - LOG2, "1 - log(2)"),
        (E - LOG2 * fmpq(2, 3), "exp(1) - 2*log(2)/3"),
        (LOG2 - E, "-exp(1) + log(2)"),
        (LOG2 + 2000 * logarithm(fmpq(3)), "log(2) + 2000*log(3)"),
        (
            2 * logarithm(1 + E) - logarithm((1 + E) * (1 + E)) - 1,
            "-1 + 2*log(exp(1) + 1) - log(exp(2) + 2*exp(1) + 1)",
        ),
    ],
    ids=str,
)
def test_texts(value: Value, text: str) -> None:
    assert value_text(value) == text
    assert abs(float(sympy.sympify(text).evalf(30)) - float(value_enclosure(value, 60).mid())) < 1e-14


def test_values_without_logarithms_left_are_scalars() -> None:
    for value, expected in [
        (logarithm(fmpq(1)), fmpq(0)),
        (logarithm(E), fmpq(1)),
        (LOG2 + logarithm(fmpq(1, 2)), fmpq(0)),
        (LOG2 * 0, fmpq(0)),
        (logarithm(1 + E) - logarithm(1 + 1 / E), fmpq(1)),
        (logarithm(fmpq(6)) - LOG2 - logarithm(fmpq(3)) + fmpq(1, 3), fmpq(1, 3)),
        (logarithm(fmpq(8)) / 3 - LOG2, fmpq(0)),
    ]:
        assert type(value) is fmpq
        assert value == expected


def test_an_argument_must_be_positive() -> None:
    for argument in (fmpq(0), fmpq(-1), 1 - E):
        with pytest.raises(ValueError, match="not positive"):
            logarithm(argument)


def test_negative_parts_of_a_positive_argument_change_their_signs() -> None:
    assert value_text(logarithm(E / (E - 1))) == "1 - log(exp(1) - 1)"
    assert value_text(logarithm((E - 2) / (exponential(2) - 5))) == "log(exp(1) - 2) - log(exp(2) - 5)"
    value = logarithm((E - 3) / (exponential(2) - 8))  # both are negative
    assert value_text(value) == "log(3 - exp(1))".replace("3 - exp(1)", "-exp(1) + 3") + " - log(-exp(2) + 8)"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(exponents, positive, exponents), min_size=1, max_size=4))
def test_the_short_form_has_the_value_of_the_long_one(terms: list[tuple[fmpq, fmpq, fmpq]]) -> None:
    arguments: list[tuple[fmpq, Scalar]] = [(q, c + c * c * exponential(a)) for a, c, q in terms]
    value: Value = sum((logarithm(x) * q for q, x in arguments), fmpq(0))
    with ctx.workprec(200):
        plain = sum((arb(q) * (arb(c) + arb(c) ** 2 * arb(a).exp()).log() for a, c, q in terms), arb(0))
        assert plain.overlaps(value_enclosure(value, 150))


def test_equal_forms_are_equal_and_hash_alike() -> None:
    one, other = logarithm(1 + E) + LOG2, LOG2 + logarithm(1 + E)
    assert isinstance(one, LogarithmicNumber)
    assert one == other
    assert hash(one) == hash(other)
    assert one != LOG2
    assert repr(one) == str(one) == "log(2) + log(exp(1) + 1)"


def test_other_operands_are_refused() -> None:
    for operation in (
        lambda: LOG2 + 0.5,
        lambda: LOG2 - 0.5,
        lambda: 0.5 - LOG2,
        lambda: LOG2 * 0.5,
        lambda: LOG2 * LOG2,
        lambda: LOG2 / LOG2,
    ):
        with pytest.raises(TypeError):
            operation()


def test_enclosures_of_values_without_logarithms_are_those_of_the_scalar() -> None:
    # The midpoint of a ball is a dyadic rational, as is its radius: the distance from 1/3 is exact.
    ball = value_enclosure(fmpq(1, 3), 60)
    assert abs(ball.mid().fmpq() - fmpq(1, 3)) <= ball.rad().fmpq() <= fmpq(1, 2**60)
    # e = 2.71828182845904523536…
    ball = value_enclosure(E, 60)
    assert abs(ball.mid().fmpq() - fmpq(271828182845904523536, 10**20)) <= ball.rad().fmpq() + fmpq(1, 10**20)
    assert ball.rel_accuracy_bits() >= 60


def test_decimals() -> None:
    assert value_decimal_text(LOG2, 30) == "0.693147180559945309417232121458"
    assert value_decimal_text(-LOG2, 3) == "-0.693"
    assert value_decimal_text(fmpq(1, 4), 3) == "0.25"
    # equal to 0, and nothing here proves it: shown as a ball
    hidden_zero = 2 * logarithm(1 + E) - logarithm((1 + E) * (1 + E))
    assert value_decimal_text(hidden_zero, 5).startswith("[+/- ")
    assert value_enclosure(hidden_zero, 30).contains(0)
    # the terms cancel to 43 digits, and the digits shown are right all the same
    near = logarithm(1 + exponential(-100))
    assert value_decimal_text(near, 8) == "3.7200759e-44"
