"""Rational coordinates over ℚ(e^q): a relation of the lifts is a relation of the vectors."""

from __future__ import annotations

import pytest
from flint import fmpq

from symflow.exact import rational_lift as lifts
from symflow.exact.exponential_numbers import exponential
from symflow.exact.gordan_field import decide_in_the_field
from symflow.exact.linear_program import GordanCertificate
from symflow.exact.rational_lift import common_numerators, rational_lift

# Margins as trained nets have them: their exponents have no common step, so no fractions are united.
LOGISTIC = [1 / (1 + exponential(fmpq(k, 2**40))) for k in (2**39 + 1, 2**40 + 7, 2**41 - 5)]


def gradients() -> list[tuple[object, ...]]:
    # p₁ + p₂ = p₃ whatever the coefficients are.
    a, b, c = LOGISTIC
    first, second = (a + b, 2 * c), (b - c, a)
    return [first, second, tuple(-x - y for x, y in zip(first, second, strict=True))]


@pytest.mark.parametrize("most_terms", [200, 0], ids=["over one denominator", "quotient by quotient"])
def test_a_relation_that_holds_whatever_the_coefficients_are_is_found(most_terms, monkeypatch):
    monkeypatch.setattr(lifts, "_MOST_TERMS", most_terms)
    rows = rational_lift(gradients())
    assert all(x + y + z == 0 for x, y, z in zip(*rows, strict=True))
    assert decide_in_the_field(gradients()) == GordanCertificate({i: fmpq(1) for i in range(3)})


def test_no_common_denominator_is_forced(monkeypatch):
    monkeypatch.setattr(lifts, "_MOST_TERMS", 0)
    assert common_numerators(gradients()) is None


def test_vectors_without_entries_have_empty_lifts():
    assert rational_lift([]) == []
    assert rational_lift([(), ()]) == [(), ()]
    assert common_numerators([(), ()]) == [(), ()]
