"""Objectives are exact values and exact coefficients c_k = ∂φ/∂f_k, checked against sympy and finite limits."""

from collections.abc import Iterator

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow import Combination, LogSumExp, Output, Risk
from symflow.exact.exponential_numbers import to_text
from symflow.exact.logarithms import value_text
from symflow.exact.rationals import fmpq
from symflow.losses.base import LOSSES, loss

small = st.builds(fmpq, st.integers(-6, 6), st.integers(1, 4))
samples = st.lists(st.tuples(small, small), min_size=1, max_size=3)


@pytest.fixture(autouse=True)
def _many_digits() -> Iterator[None]:
    with mpmath.workdps(60):
        yield


def decimal(text: str) -> mpmath.mpf:
    return mpmath.mpf(sympy.N(sympy.sympify(text, rational=True), 60))


def agree(one: mpmath.mpf, other: mpmath.mpf, digits: int = 40) -> bool:
    return bool(abs(one - other) <= mpmath.mpf(10) ** -digits * max(1, abs(one)))


def plain_risk(name: str, outputs, labels):
    f, y = sympy.symbols("f y")
    formula = sympy.lambdify((f, y), sympy.sympify(loss(name).formula), "mpmath")
    return sum(formula(a, b) for a, b in zip(outputs, labels, strict=True))


def mpf(value: fmpq) -> mpmath.mpf:
    return mpmath.mpf(int(value.p)) / int(value.q)


def test_the_output_is_itself_with_coefficient_one() -> None:
    assert Output().value((fmpq(7, 3),)) == fmpq(7, 3)
    assert Output().coefficients((fmpq(7, 3),)) == (1,)


@given(samples)
def test_a_combination_is_linear(pairs: list[tuple[fmpq, fmpq]]) -> None:
    outputs, constants = zip(*pairs, strict=True)
    assert Combination(constants).value(outputs) == sum(c * f for f, c in pairs)
    assert Combination(constants).coefficients(outputs) == constants


@pytest.mark.parametrize("is_mean", [False, True], ids=["sum", "mean"])
@pytest.mark.parametrize("name", LOSSES.names())
@settings(max_examples=15)
@given(samples)
def test_a_risk_is_the_sum_or_mean_of_its_loss(name: str, is_mean: bool, pairs: list[tuple[fmpq, fmpq]]) -> None:
    outputs, labels = zip(*pairs, strict=True)
    risk = Risk(loss(name), labels, is_mean)
    expected = plain_risk(name, list(map(mpf, outputs)), list(map(mpf, labels))) / (len(pairs) if is_mean else 1)
    assert agree(decimal(value_text(risk.value(outputs))), expected)


@pytest.mark.parametrize("is_mean", [False, True], ids=["sum", "mean"])
@pytest.mark.parametrize("name", LOSSES.names())
@settings(max_examples=15)
@given(samples)
def test_a_risk_s_coefficients_are_its_partial_derivatives(
    name: str, is_mean: bool, pairs: list[tuple[fmpq, fmpq]]
) -> None:
    outputs, labels = zip(*pairs, strict=True)
    coefficients = Risk(loss(name), labels, is_mean).coefficients(outputs)
    point, y = list(map(mpf, outputs)), list(map(mpf, labels))
    for k, c in enumerate(coefficients):

        def along(t: mpmath.mpf, k: int = k) -> mpmath.mpf:
            moved = [*point[:k], t, *point[k + 1 :]]
            return plain_risk(name, moved, y) / (len(pairs) if is_mean else 1)

        assert agree(decimal(to_text(c)), mpmath.diff(along, point[k]), digits=20)


@given(samples)
def test_log_sum_exp_is_the_logarithm_of_the_exponential_risk(pairs: list[tuple[fmpq, fmpq]]) -> None:
    outputs, labels = zip(*pairs, strict=True)
    total = plain_risk("exponential", list(map(mpf, outputs)), list(map(mpf, labels)))
    assert agree(decimal(value_text(LogSumExp(labels).value(outputs))), mpmath.log(total))


@given(st.lists(st.tuples(small, st.sampled_from([fmpq(-1), fmpq(1)])), min_size=1, max_size=3))
def test_its_coefficients_times_the_labels_are_softmin_weights(pairs: list[tuple[fmpq, fmpq]]) -> None:
    outputs, labels = zip(*pairs, strict=True)
    weights = [-y * c for y, c in zip(labels, LogSumExp(labels).coefficients(outputs), strict=True)]
    assert all(weight > 0 for weight in weights)
    assert sum(weights[1:], weights[0]) == 1


def test_rational_objectives_have_rational_coefficients() -> None:
    risk = Risk(loss("squared"), (fmpq(1), fmpq(-1)), is_mean=True)
    assert risk.value((fmpq(2), fmpq(2))) == fmpq(5, 2)
    assert risk.coefficients((fmpq(2), fmpq(2))) == (fmpq(1, 2), fmpq(3, 2))
