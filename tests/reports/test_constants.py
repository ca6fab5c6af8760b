"""Named constants: coordinates in a rational span, exactly."""

from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.exponential_numbers import exponential
from symflow.exact.rationals import fmpq
from symflow.reports.readable.constants import RationalSpan
from symflow.reports.readable.written_numbers import approximation

E = exponential(fmpq(1))
small = st.fractions(min_value=-9, max_value=9, max_denominator=9).map(lambda q: fmpq(q.numerator, q.denominator))


@given(st.tuples(small, small, small))
def test_coordinates_come_back(weights) -> None:
    span = RationalSpan([1 / (1 + E), exponential(fmpq(-1, 2)), 1 / (1 + exponential(fmpq(3)))])
    number = weights[0] + sum((q * b for q, b in zip(weights[1:], span.basis, strict=False)), fmpq(0))
    assert span.coordinates(number) == (weights[0], weights[1], weights[2], fmpq(0))


def test_the_two_sides_of_a_logistic_margin_are_dependent() -> None:
    # 1/(1 + e) + 1/(1 + 1/e) = 1
    span = RationalSpan([1 / (1 + E), 1 / (1 + 1 / E)])
    assert len(span.basis) == 1
    assert span.coordinates(1 / (1 + 1 / E)) == (1, -1)


def test_a_product_is_not_in_the_span() -> None:
    span = RationalSpan([1 / (1 + E), E])
    assert span.coordinates(E / (1 + E) ** 2) is None
    # but e/(1 + e) = 1 - 1/(1 + e) is
    assert span.coordinates(E / (1 + E)) == (1, -1, 0)


def test_softmin_weights_have_sum_one() -> None:
    total = 1 + E + E * E
    assert len(RationalSpan([1 / total, E / total, E * E / total]).basis) == 2


def test_rounded_decimals_are_right() -> None:
    # e = 2.718281828.., e^12 = 162754.79.., e^(-5) = 0.006737946.., e^40 = 235385266837019985.4..
    assert approximation(E).digits == "2.71828"
    assert approximation(exponential(fmpq(12))).digits == "162755"
    assert approximation(-exponential(fmpq(-5))).digits == "-0.0067379"
    assert approximation(exponential(fmpq(40))).digits == "2.35385e+17"
    # what rounds to 1 shows how near to it it is: e^(-20) = 2.06e-9
    assert approximation(1 - exponential(fmpq(-20))).digits == "0.999999998"
