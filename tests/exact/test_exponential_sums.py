"""Exponential sums: products by way of ℚ[t] and term by term, and fractions whose exponents lie far apart."""

from __future__ import annotations

from flint import fmpq

from symflow.exact.exponential_sums import ONE_SUM, ExponentialSum, common_factor_cancelled, sum_times

WIDE = fmpq(1, 2**40)


def sum_of(*terms: tuple[int | fmpq, int]) -> ExponentialSum:
    return tuple((fmpq(exponent), fmpq(coefficient)) for exponent, coefficient in terms)


def test_the_square_of_a_geometric_sum():
    # (1 + t + .. + t¹⁴)² has the coefficients 1, 2, .., 15, .., 2, 1; with t = e^{1/3}, times e^{-1}.
    terms = sum_of(*((fmpq(k - 3, 3), 1) for k in range(15)))
    square = sum_times(terms, terms)
    assert square == sum_of(*((fmpq(k - 6, 3), min(k, 28 - k) + 1) for k in range(29)))


def test_a_long_product_of_sparse_sums():
    # (Σ e^{8^k})²: 8^i + 8^j are different for different pairs i ≤ j, so squares stand once and the others twice. A
    # polynomial of degree 2·8¹⁴ would not fit into any memory.
    n = 15
    terms = sum_of(*((8**k, 1) for k in range(n)))
    square = sum_times(terms, terms)
    assert len(square) == n * (n + 1) // 2
    assert dict(square) == {fmpq(8**i + 8**j): fmpq(1 if i == j else 2) for i in range(n) for j in range(i, n)}
    assert list(square) == sorted(square)


def test_factors_whose_terms_cancel_in_the_middle():
    # (1 + t + .. + t¹⁶)(1 − t + t² − .. + t¹⁶) = 1 + t² + .. + t³².
    plus = sum_of(*((k, 1) for k in range(17)))
    alternating = sum_of(*((k, (-1) ** k) for k in range(17)))
    assert sum_times(plus, alternating) == sum_of(*((2 * k, 1) for k in range(17)))


def test_a_fraction_of_sums_with_a_common_factor_is_cancelled_by_the_euclidean_algorithm():
    # (t − 1)(t + 2) / ((t − 1)(t + 3)) = (t + 2)/(t + 3), where the denominator begins with 1.
    numerator, denominator = sum_of((0, -2), (1, 1), (2, 1)), sum_of((0, -3), (1, 2), (2, 1))
    above, below = common_factor_cancelled(numerator, denominator)
    assert below == ((fmpq(0), fmpq(1)), (fmpq(1), fmpq(1, 3)))
    assert above == ((fmpq(0), fmpq(2, 3)), (fmpq(1), fmpq(1, 3)))


def test_far_exponents_are_cancelled_by_division_alone():
    # With s = e^{2^-40} the sums have degree beyond the Euclidean algorithm; e + s divides its product with e − s.
    factor, other = sum_of((WIDE, 1), (1, 1)), sum_of((WIDE, -1), (1, 1))
    product = sum_times(factor, other)
    assert common_factor_cancelled(product, factor) == (other, ONE_SUM)
    above, below = common_factor_cancelled(factor, product)
    assert below[0] == (fmpq(0), fmpq(1))
    assert sum_times(below, factor) == sum_times(above, product)
    assert len(above) == 1
    # Neither divides the other: the fraction stays, up to the unit that makes the denominator begin with 1.
    above, below = common_factor_cancelled(factor, other)
    assert below == sum_of((0, 1), (1 - WIDE, -1))
    assert above == sum_of((0, -1), (1 - WIDE, -1))
