"""Sums of fractions of exponential sums: equal, different or too large to tell; signs; the rank."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker import exponential_fractions, expressions
from symflow.checker.exponential_fractions import (
    MODULUS,
    ORDER,
    FractionSum,
    Number,
    inverse,
    mark,
    over_one_denominator,
    sign,
)
from symflow.checker.exponential_sums import ExponentialSum, Sum, exponential, quotient, remainder
from symflow.checker.expressions import rational_value, scalar, value
from symflow.checker.hulls import distinct
from symflow.checker.linear_algebra import rank
from symflow.checker.reading import Refused, TooLarge
from tests.checker.test_numbers import approximate, sums

E = exponential(Fraction(1))
FAR = exponential(Fraction(10**9 + 7))  # no polynomial of moderate degree has exponents 1 and 10^9 + 7


def approximation(a: Number) -> mpmath.mpf:
    if not isinstance(a, FractionSum):
        return approximate(a)
    return approximate(a.whole) + sum(approximate(n) / approximate(d.product) for d, n in a.fractions.items())


nonzero = sums.filter(lambda a: a != 0)
short = st.builds(lambda a, b, c: a + b * exponential(c), *[st.fractions(-3, 3, max_denominator=2)] * 3)
quotients = st.tuples(short, short.filter(lambda a: a != 0)).map(lambda pair: pair[0] * inverse(pair[1]))
numbers = st.lists(quotients, min_size=1, max_size=2).map(lambda terms: sum(terms[1:], start=terms[0]))


@settings(deadline=None, max_examples=20)
@given(numbers, numbers, numbers)
def test_sums_of_fractions_are_an_ordered_field(a: Number, b: Number, c: Number) -> None:
    assert a * (b + c) == a * b + a * c
    assert a - a == 0
    assert a + b == b + a
    if a:
        assert a * inverse(a) == 1
    with mpmath.workdps(60):
        difference = approximation(a - b)
        wanted = 0 if abs(difference) < mpmath.mpf(10) ** -40 else 1 if difference > 0 else -1
    assert sign(a - b) == wanted
    assert (a == b) is (wanted == 0)


@settings(deadline=None, max_examples=20)
@given(numbers, numbers)
def test_marks_are_a_homomorphism(a: Number, b: Number) -> None:
    left, right, total, product = map(mark, (a, b, a + b, a * b))
    if left is not None and right is not None:
        assert total == (left + right) % MODULUS
        assert product == left * right % MODULUS


def test_the_homomorphism_exists() -> None:
    # exp(a) goes to 4^(a mod q); this needs 4^q = 1, and it tells numbers apart since q is a large prime.
    assert pow(4, ORDER, MODULUS) == 1
    for prime in (ORDER, MODULUS):  # Fermat's test
        assert all(pow(base, prime - 1, prime) == 1 for base in (2, 3, 5, 7))


@settings(deadline=None, max_examples=20)
@given(sums, nonzero)
def test_a_remainder_is_what_division_leaves(a: Sum, b: Sum) -> None:
    divisor = b * b.divisor * exponential(-Fraction(min(b.terms), b.root)) if isinstance(b, ExponentialSum) else E + 1
    if isinstance(divisor, ExponentialSum):
        above, rest = remainder(a, divisor)
        assert above * divisor + rest == a


def test_the_work_of_a_division_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symflow.checker.exponential_sums._MOST_WORK", 10)
    with pytest.raises(TooLarge, match="a division that takes too long"):
        remainder(exponential(Fraction(20)) + 1, E + 1)


def test_what_is_far_away_is_not_divided() -> None:
    # exp(100) = exp(99) (1 + e) - exp(99) ... would take a hundred steps.
    assert remainder(exponential(Fraction(100)) + E, E + 1) == (1, exponential(Fraction(100)) - 1)
    assert remainder(exponential(Fraction(-100)), E + 1) == (0, exponential(Fraction(-100)))
    assert quotient(exponential(Fraction(100)) - 1, E - 1, 99) is None
    assert quotient(0, E - 1, 99) == 0


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # The same fractions.
        ("1/(exp(1) + 1) + 1/(exp(1/7) + 1)", "2 - exp(1/7)/(exp(1/7) + 1) - 1/(1 + exp(-1))"),
        # Powers of a common factor.
        ("(3*exp(1) + 5)/(exp(1) + 1)**2 + exp(-1/7)", "3/(exp(1) + 1) + 2/(exp(2) + 2*exp(1) + 1) + exp(-1/7)"),
        ("1/(exp(1) + 1) - 1/(exp(10**9 + 7) + 1)", "(exp(10**9+7) - E)/(exp(10**9+8) + exp(10**9+7) + E + 1)"),
        ("exp(80)/(exp(10) + 1)/(E + 1)", "exp(80)/((exp(10) + 1)*(E + 1))"),
        # Partial fractions: a polynomial of moderate degree.
        ("2/((1 + E)*(1 + E**2))", "1/(1 + E) + (1 - E)/(1 + E**2)"),
        ("1/(1 - E) + exp(-3/2)/2", "(1 + E + E**2)/(1 - E**3) + exp(-3/2)/2"),
        # Neither, over one denominator.
        (
            "1/(1 - E - E*exp(10**9) + exp(10**9)) + 1/(1 + E + E*exp(10**9) + exp(10**9))",
            "2/(1 - E**2 - E**2*exp(10**9) + exp(10**9))",
        ),
    ],
)
def test_two_ways_to_write_a_sum_of_fractions_are_equal(a: str, b: str) -> None:
    assert scalar(a) == scalar(b)
    assert sign(scalar(a) - scalar(b)) == 0
    assert scalar(a) != scalar(b) + Fraction(1, 10**30)
    assert mark(scalar(a)) == mark(scalar(b))


def test_products_of_many_fractions_are_compared_fraction_by_fraction() -> None:
    draw = random.Random(1)
    margins = [Fraction(draw.randint(1, 10**7), 10**6) for _ in range(30)]
    coefficients = [draw.randint(-9, 9) for _ in margins]
    sigmoids = [inverse(1 + exponential(m)) for m in margins]
    mirrored = [1 - inverse(1 + exponential(-m)) for m in margins]
    a = sum((c * s for c, s in zip(coefficients, sigmoids, strict=True)), start=Fraction(1, 3))
    b = sum((c * s for c, s in zip(coefficients, mirrored, strict=True)), start=Fraction(1, 3))
    assert a == b
    # Squared, and spelled over the squares: (c + 2 c s e^m + ..)/(1 + e^m)^2 is c/D + .. in powers of D.
    squared: Number = Fraction(1, 9)
    for i, (c, s, m) in enumerate(zip(coefficients, sigmoids, margins, strict=True)):
        below = (1 + exponential(m)) * (1 + exponential(m))
        squared = squared + (c * c + Fraction(2 * c, 3) * (1 + exponential(m))) * inverse(below)
        for d, t in zip(coefficients[:i], sigmoids[:i], strict=True):
            squared = squared + 2 * c * d * s * t
    assert a * a == squared
    assert a * a != squared + Fraction(1, 10**40)
    assert sign(a * a - squared + Fraction(1, 10**40)) == 1


def test_a_number_is_not_zero_because_its_mark_is() -> None:
    # The mark of e is 4, so that of (e - 4)/(e + 1) is 0.
    a = (E - 4) * inverse(E + 1)
    assert isinstance(a, FractionSum)
    assert mark(a) == 0
    assert a != 0
    assert distinct([(a,), (Fraction(0),), (a,)]) == [(a,), (Fraction(0),)]


def test_a_number_without_mark_is_compared_without() -> None:
    a, b = inverse(E - 4), inverse(E + 5)
    product = 1 * inverse(E * E + E - 20)
    assert mark(a) is None
    assert mark(a + b) is None
    assert mark(Fraction(1, MODULUS)) is None
    assert mark(exponential(Fraction(1, ORDER))) is None
    assert a - b == 9 * product
    assert a != b
    with pytest.raises(TooLarge, match="cannot tell apart"):
        distinct([(a,)])


def test_what_is_not_decided_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    # x = e and y = exp(10^9) again: 1/((1 - x)(1 + y)) + 1/((1 + x)(1 + y)) = 2/((1 - x²)(1 + y)).
    a = inverse((1 - E) * (1 + FAR)) + inverse((1 + E) * (1 + FAR))
    b = inverse((1 - E * E) * (1 + FAR)) * 2
    assert a == b
    monkeypatch.setattr(exponential_fractions, "MOST_TERMS", 3)
    with pytest.raises(TooLarge, match="an equality of sums with too many fractions"):
        bool(a - b)
    monkeypatch.setattr(exponential_fractions, "MOST_TERMS", 1000)
    monkeypatch.setattr("symflow.checker.exponential_sums.MOST_TERMS", 2)
    with pytest.raises(TooLarge):
        bool(FractionSum(a.whole, a.fractions) - b)  # type: ignore[union-attr]
    monkeypatch.setattr("symflow.checker.exponential_sums.MOST_TERMS", 1000)
    monkeypatch.setattr(exponential_fractions, "_MOST_DIVISIONS", 1)
    with pytest.raises(TooLarge):
        bool(FractionSum(a.whole, a.fractions) - b)  # type: ignore[union-attr]
    assert a != b + 1  # this the marks tell
    monkeypatch.setattr(exponential_fractions, "MOST_BITS", 64)
    with pytest.raises(TooLarge, match="more digits"):
        sign(inverse(1 + exponential(Fraction(1, 10**40))) - Fraction(1, 2))


def test_products_and_sums_of_too_many_fractions_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    a = inverse(E + 1) + inverse(E + 2)
    monkeypatch.setattr(exponential_fractions, "_MOST_PRODUCTS", 3)
    with pytest.raises(TooLarge, match="a product of sums with too many fractions"):
        a * a
    monkeypatch.setattr(exponential_fractions, "_MOST_FRACTIONS", 2)
    with pytest.raises(TooLarge, match="a sum of too many fractions"):
        a + inverse(E + 3)


def test_a_factor_of_the_other_denominator_is_cancelled() -> None:
    s, t = inverse(1 + E), inverse(1 + FAR)
    assert (2 + 2 * E) * t * s == 2 * t
    assert s * ((2 + 2 * E) * t) == 2 * t
    whole = ((1 + E) * t) * ((1 + FAR) * (2 - FAR) * s)
    assert not isinstance(whole - (2 - FAR), FractionSum)
    product = ((1 + E) * t) * ((1 + FAR) * s)
    assert product == 1
    assert 0 * s == 0
    assert s != "s"
    assert 1 - s == E * s
    assert repr(inverse(2 * FAR + 3 * E + 1) * FAR) == (
        "FractionSum(1/2, {'1 + 3*exp(1) + 2*exp(1000000007)': "
        "ExponentialSum(root=1, divisor=2, terms={1: -3, 0: -1})})"
    )


def test_signs_of_fractions() -> None:
    assert sign(inverse(1 - E)) == -1
    assert sign(inverse(E - 1) - inverse(E + 1)) == 1
    # 1/(1 - e + e/2^..): a denominator near 0 needs more than 64 bits.
    with mpmath.workdps(60):
        near = Fraction(int(mpmath.e * 10**40), 10**40)
    assert sign(inverse(E - near) - 10**30) == 1
    assert sign(inverse(near - E) + 10**30) == -1
    assert sign(inverse(1 + exponential(Fraction(-(10**9)))) - 1) == -1
    assert sign(scalar("2/((1 + E)*(1 + E**2))") - scalar("1/(1 + E) + (1 - E)/(1 + E**2)")) == 0


def test_one_denominator_holds_each_factor_as_often_as_needed() -> None:
    s, t = inverse(1 + E), inverse(1 + FAR)
    above, below = over_one_denominator(s * s * t + s + 1)
    assert below == (1 + E) * (1 + E) * (1 + FAR)
    assert above * inverse(below) == s * s * t + s + 1
    assert inverse(s + t) * (2 + E + FAR) == (1 + E) * (1 + FAR)
    assert over_one_denominator(E) == (E, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2/((1 + E)*(1 + E**2)) - (1 - E)/(1 + E**2) + 1/2 - 1/(1 + E)", Fraction(1, 2)),
        ("2/((1 + E)*(1 + E**2)) - (1 - E)/(1 + E**2) - 1/(1 + E)", Fraction(0)),
        ("(exp(100) - 1)/(2*exp(100) - 2)", Fraction(1, 2)),
    ],
)
def test_a_rational_in_disguise_is_recognised(text: str, expected: Fraction) -> None:
    assert rational_value(scalar(text)) == expected
    with pytest.raises(Refused, match="where a rational is needed"):
        rational_value(scalar(text) + inverse(1 + E))
    with pytest.raises(Refused, match="where a rational is needed"):
        rational_value(scalar(text) + E)


def test_logarithms_of_many_arguments_are_compared_one_by_one() -> None:
    draw = random.Random(2)
    margins = [Fraction(draw.randint(-(10**7), 10**7), 10**6) for _ in range(300)]
    a = value(" + ".join(f"log(1 + exp({m}))/300" for m in margins))
    b = value(" + ".join(f"log(2*exp({-m}) + 2)/300 + {m}/300 - log(2)/300" for m in margins))
    assert a.equals(b)
    assert not a.equals(value(" + ".join(f"log(1 + exp({m + 1}))/300" for m in margins)))
    assert not a.equals(value("0"))
    # A logarithm of a fraction, and of one whose mark is no unit.
    assert value("log(1/(1 + E)) + log(2 + 2*E)").equals(value("log(2)"))
    assert value("log((1 + E)/(1 + E**2)) - log(1 + E)").equals(value("-log(1 + E**2)"))
    assert not value("log(4 - E)").equals(value("log(3)"))
    assert value("log(4 - E)*2").equals(value("log(16 - 8*E + E**2)"))
    assert value("log(4 - E)/2 - log(16 - 8*E + E**2)").equals(value("-3*log(4 - E)/2"))


def test_powers_of_long_numbers_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_MOST_BITS", 30)
    assert scalar("1/(1 + E)") == inverse(1 + E)
    with pytest.raises(TooLarge, match="a power too high"):
        scalar("(1/(1 + E) + 1/(1 + E**2))**2")


def test_the_rank_over_the_field_of_fractions() -> None:
    s, t = inverse(1 + E), inverse(1 + FAR)
    assert rank([[s, 2 * s], [t, 2 * t]]) == 1
    assert rank([[s, t], [t, s]]) == 2
    # Dependent over the field, but not over the rationals: eliminated.
    assert rank([[s, 1], [s * s, s]]) == 1
    assert rank([[E, 1 + E], [E * s, 1]]) == 1
    # A mark that does not exist, and one that is 0 where the number is not.
    assert rank([[inverse(E - 4), 1], [1, E - 4]]) == 1
    assert rank([[E - 4]]) == 1
    assert rank([[s, 0], [0, 0]]) == 1


def test_a_sum_and_a_fraction_are_added_from_either_side() -> None:
    s = inverse(1 + E)
    assert E + s == s + E
    assert E - s == -(s - E)
    assert E * s == 1 - s
    assert s - E != E - s
