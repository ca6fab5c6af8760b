"""The border of exact numbers: what comes in, what is refused, and in which words."""

from decimal import Decimal
from fractions import Fraction

import pytest
from flint import fmpz
from hypothesis import given
from hypothesis import strategies as st

from symflow.errors import InexactNumberError, InputError
from symflow.exact.rationals import dyadic, fmpq, rational, to_fraction


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, fmpq(3)),
        (fmpz(-2), fmpq(-2)),
        (fmpq(1, 3), fmpq(1, 3)),
        (Fraction(-2, 4), fmpq(-1, 2)),
        ("+7", fmpq(7)),
        ("-1/2", fmpq(-1, 2)),
        ("0.1", fmpq(1, 10)),
        ("-0.05", fmpq(-1, 20)),
        (Decimal("1e-3"), fmpq(1, 1000)),
        (Decimal("2.5E2"), fmpq(250)),
    ],
    ids=str,
)
def test_exact_numbers_come_in_as_they_are_written(value: object, expected: fmpq) -> None:
    assert rational(value) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "is not a number"),
        (None, "is not a number"),
        ([1], "is not a number"),
        ("one half", "is not a number"),
        ("1/0", "denominator zero"),
        ("1e3", "is not a number"),
        (" 1", "is not a number"),
        ("1" * 100_001, "at most 100000"),
        ("x" * 100, r"\.\.\."),
        ("a\x07b", "a\\?b"),
        (Decimal("NaN"), "finite"),
        (Decimal("Infinity"), "finite"),
        (Decimal("1e20001"), "more than 4 digits"),
        (float("nan"), "finite"),
        (float("-inf"), "finite"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_everything_else_is_refused_with_its_place(value: object, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        rational(value, place="W1[1,2]")
    assert caught.value.place == "W1[1,2]"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.5, r"Fraction\(1, 2\)"),
        (0.1, r"Fraction\(1, 10\)"),  # what was meant by it, as far as one can tell
        (2**0.5, r"Fraction\(1.4142135623730951\), the dyadic"),  # no short fraction rounds to it: it is meant itself
    ],
    ids=["dyadic", "decimal", "neither"],
)
def test_a_lone_float_is_refused_and_shown_exactly(value: float, shown: str) -> None:
    with pytest.raises(InexactNumberError, match=shown):
        rational(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_of_an_array_is_the_dyadic_rational_it_holds(value: float) -> None:
    assert to_fraction(dyadic(value)) == Fraction(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf")], ids=str)
def test_an_array_holds_numbers_only(value: float) -> None:
    with pytest.raises(InputError, match="is not a number"):
        dyadic(value, place="W1[1,1]")


@given(st.fractions())
def test_fractions_go_in_and_come_out(value: Fraction) -> None:
    assert to_fraction(rational(value)) == value
    assert rational(str(value)) == rational(value)
