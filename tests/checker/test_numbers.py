"""Exponential sums and the number syntax: equality, signs, and what a hostile text may not do."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker import exponential_sums, expressions, linear_algebra
from symflow.checker.exponential_fractions import sign
from symflow.checker.exponential_sums import ExponentialSum, Sum, as_sum, exponential, exponential_bounds, number
from symflow.checker.expressions import power, rational, scalar, scalars, value
from symflow.checker.linear_algebra import divide_exactly, rank
from symflow.checker.reading import Refused, TooLarge

E = exponential(Fraction(1))

rationals = st.fractions(min_value=-6, max_value=6, max_denominator=6)
sums = st.dictionaries(rationals, rationals, max_size=4).map(
    lambda terms: sum((c * exponential(a) for a, c in terms.items()), start=Fraction(0))
)


def approximate(a: Sum) -> mpmath.mpf:
    terms = as_sum(a)
    total = mpmath.mpf(0)
    for n, m in terms.terms.items():
        total += m * mpmath.exp(mpmath.mpf(n) / terms.root)
    return total / terms.divisor


@settings(deadline=None, max_examples=60)
@given(sums, sums, sums)
def test_exponential_sums_are_an_ordered_ring(a: Sum, b: Sum, c: Sum) -> None:
    assert a * (b + c) == a * b + a * c
    assert a - a == 0
    assert hash(a + b) == hash(b + a)
    with mpmath.workdps(60):
        difference = approximate(a - b)
        wanted = 0 if a == b else 1 if difference > 0 else -1
    assert sign(a - b) == wanted


@settings(deadline=None, max_examples=60)
@given(st.fractions(min_value=0, max_value=200, max_denominator=50), st.sampled_from([16, 64, 200]))
def test_bounds_of_the_exponential_enclose_it(b: Fraction, bits: int) -> None:
    low, high = exponential_bounds(b, bits)
    with mpmath.workprec(bits + 400):
        exact = mpmath.exp(-mpmath.mpf(b.numerator) / b.denominator) * mpmath.mpf(2) ** bits
        assert low <= exact <= high
    assert high - low <= 2


@settings(deadline=None, max_examples=60)
@given(sums, sums.filter(lambda b: b != 0))
def test_an_exact_division_gives_the_factor_back(a: Sum, b: Sum) -> None:
    assert divide_exactly(a * b, b) == a


def test_a_division_that_is_not_exact_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_algebra, "MOST_TERMS", 50)
    with pytest.raises(TooLarge, match="does not end"):
        divide_exactly(exponential(Fraction(51)) - 1, E - 1)
    with pytest.raises(TooLarge, match="does not end"):
        divide_exactly(1, E + 1)


def test_sums_and_precisions_beyond_the_limits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exponential_sums, "MOST_TERMS", 2)
    monkeypatch.setattr(exponential_sums, "_MOST_PRODUCTS", 3)
    monkeypatch.setattr(exponential_sums, "MOST_BITS", 64)
    with pytest.raises(TooLarge, match="too many terms"):
        number(1, 1, {0: 1, 1: 1, 2: 1})
    with pytest.raises(TooLarge, match="a product"):
        (E + 1) * (E - 1)
    with pytest.raises(TooLarge, match="more digits"):
        sign(exponential(Fraction(1, 10**40)) - 1)


def test_a_sign_that_hangs_on_the_thirtieth_digit_is_found() -> None:
    with mpmath.workdps(60):
        near = Fraction(int(mpmath.e * 10**40), 10**40)
    assert sign(E - near) == 1
    assert sign(near + Fraction(1, 10**40) - E) == 1
    assert sign(exponential(Fraction(-(10**9))) - exponential(Fraction(-(10**9) - 1))) == 1


def test_a_sum_is_shown_and_is_never_equal_to_something_else() -> None:
    assert repr(E + 1) == "ExponentialSum(root=1, divisor=1, terms={1: 1, 0: 1})"
    assert E != "e"
    assert 1 - E == -(E - 1)


def test_the_rank_is_that_over_the_field() -> None:
    assert rank([[E, E * E], [1, E]]) == 1
    assert rank([[E, E * E], [1, E + 1]]) == 2
    assert rank([[0, Fraction(1, 2), 1], [0, 1, 2], [0, 1, 3], [0, 0, 0]]) == 2
    assert rank([]) == 0


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(-2, 2), min_size=3, max_size=3), max_size=4))
def test_the_rank_of_integers_scaled_by_exponentials_is_that_of_the_integers(rows: list[list[int]]) -> None:
    scaled = [[entry * (E + 1) * exponential(Fraction(i)) for entry in row] for i, row in enumerate(rows)]
    assert rank(scaled) == rank(rows)


# ---------------------------------------------------------------------- the syntax


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("-(1 + 2)*3/4 - -1", "-5/4"),
        ("2**-1 + 2**(1 + 1)", "9/2"),
        ("-2**2", "-4"),
        ("+3", "3"),
        ("E**2", "exp(2)"),
        ("exp(1/2)**2/E", "1"),
        ("exp(1)*exp(-2 + 1)", "1"),
        ("1/(exp(1) + 1) + 1/(exp(-1) + 1)", "1"),
        (" 1 /3 ", "1/3"),
        ("exp(log(1))", "exp(0)"),
    ],
)
def test_two_ways_to_write_a_scalar_are_equal(a: str, b: str) -> None:
    if "log" in a:
        with pytest.raises(Refused):
            scalar(a)
    else:
        assert scalar(a) == scalar(b)


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("log(4)", "2*log(2)", True),
        ("log(exp(2) + 1)/2", "log(1 + exp(-2))/2 + 1", True),
        ("log(2)*3 - log(8)", "0", True),
        ("(log(2) + 1)/2", "log(2)/2 + 1/2", True),
        ("log(2)", "log(3)", False),
        ("log(2)", "0", False),
        ("1", "2", False),
        ("log(1/2)", "-log(2)", True),
    ],
)
def test_values_with_logarithms_are_compared_exactly(a: str, b: str, equal: bool) -> None:
    assert value(a).equals(value(b)) is equal


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "1 2", "(1", "1)", "exp 1", "exp()", "1//2", "1.5", "1e5", "**2", "exp(exp(1))", "1/0", "1/(E - E)"),
        *(
            "log(0)",
            "log(-1)",
            "log(2)*log(3)",
            "2**log(2)",
            "2**(1/2)",
            "exp(1)*log(2)",
            "log(2)**2",
            "0**-1",
            "é",
            "2@",
        ),
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        value(text, "value")


def test_a_refusal_names_the_place() -> None:
    with pytest.raises(Refused, match=r"^vertices\[1\]: ") as caught:
        scalars(["1", "x"], 2, "vertices[1]")
    assert caught.value.place == "vertices[1]"
    with pytest.raises(Refused, match="expected 2 numbers, found 1"):
        scalars(["1"], 2)
    with pytest.raises(Refused, match="a logarithm where none can be"):
        scalar("log(2)")
    with pytest.raises(Refused, match="the denominator is zero"):
        rational("1/0")
    with pytest.raises(Refused, match="expected a string, found a boolean"):
        rational(True)
    with pytest.raises(Refused, match="where a rational is needed"):
        value("log(2)").equals(value("exp(1)"))


@pytest.mark.parametrize(
    "text",
    [
        "9" * 200_000,
        "1/" + "9" * 200_000,
        "1 + " * 600_000 + "1",
        "(" * 60 + "1" + ")" * 60,
        "2**" * 60 + "2",
        "2**1000000",
        "9" * 9000 + "**200",
        "(1 + exp(1))**257",
        "exp(" * 60 + "1" + ")" * 60,
    ],
    ids=lambda text: text[:12],
)
def test_a_hostile_number_is_refused_at_once(text: str) -> None:
    with pytest.raises(Refused):
        scalar(text)


def test_long_texts_are_read_and_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    long = " + ".join(f"exp({i})" for i in range(1, 400))
    assert scalar(long) == sum((exponential(Fraction(i)) for i in range(1, 400)), start=Fraction(0))
    assert rational("1" + "0" * 9000) == 10**9000
    monkeypatch.setattr(expressions, "_LONGEST_TEXT", 10)
    with pytest.raises(TooLarge, match="a number of"):
        scalar(long)


def test_a_power_with_exponent_zero_is_one() -> None:
    assert power(2, 0) == 1
    assert isinstance(as_sum(0), ExponentialSum)
    assert as_sum(0).terms == {}
