"""Exponential sums Σ cᵢ e^{aᵢ} with rational aᵢ and cᵢ, as sorted tuples of their terms.

By the Lindemann–Weierstrass theorem the numbers e^a, a rational, are linearly independent over ℚ: a sum is
zero exactly if no term is left once equal exponents are collected. So the sums form the group ring ℚ[(ℚ, +)],
and every question about them that is asked here is one about finitely many terms:

- a finite set of sums lies in ℚ[t, 1/t] for t = e^g, g the greatest common divisor of its exponents, so
  common factors are found by the Euclidean algorithm in ℚ[t];
- the quotient of two sums has an expansion into ascending exponents (and one into descending exponents),
  which depends on the number alone and not on the sums it is written with.

This file knows terms, not numbers; the field that is made of them is
:class:`symflow.exact.exponential_numbers.ExponentialNumber`.

References
----------
A. Baker, *Transcendental Number Theory* (1975), Theorem 1.4 (Lindemann).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from flint import arb, fmpq, fmpq_poly, fmpz

#: Terms (exponent, coefficient), exponents ascending, no coefficient zero.
ExponentialSum: TypeAlias = tuple[tuple[fmpq, fmpq], ...]

ZERO_SUM: ExponentialSum = ()
ONE_SUM: ExponentialSum = ((fmpq(0), fmpq(1)),)

# Above this degree in t the Euclidean algorithm is not tried: trained nets have exponents such as 37/2^40,
# for which the polynomial in t would have 2^40 coefficients. Nothing is lost but brevity.
_HIGHEST_DEGREE = 400

# Fewer products of terms than these are formed one by one.
_FEW_PRODUCTS = 200


def collected(terms: Iterable[tuple[fmpq, fmpq]]) -> ExponentialSum:
    """Return the sum of terms (exponent, coefficient) given in any order.

    Examples
    --------
    >>> collected([(fmpq(1), fmpq(2)), (fmpq(0), fmpq(3)), (fmpq(1), fmpq(-2))])
    ((0, 3),)
    """
    # Two integers are hashed seven times faster than the fmpq they make, which takes the way over Fraction.
    coefficients: dict[tuple[fmpz, fmpz], tuple[fmpq, fmpq]] = {}
    for exponent, coefficient in terms:
        key = (exponent.p, exponent.q)
        if key in coefficients:
            coefficient = coefficients[key][1] + coefficient
        coefficients[key] = (exponent, coefficient)
    return tuple(sorted(term for term in coefficients.values() if term[1] != 0))


def sum_plus(left: ExponentialSum, right: ExponentialSum) -> ExponentialSum:
    """Return the sum of two exponential sums.

    Examples
    --------
    >>> sum_plus(ONE_SUM, ((fmpq(1), fmpq(1)),))
    ((0, 1), (1, 1))
    """
    return collected(left + right)


def sum_times(left: ExponentialSum, right: ExponentialSum) -> ExponentialSum:
    """Return the product of two exponential sums.

    Examples
    --------
    >>> one_plus_e = ((fmpq(0), fmpq(1)), (fmpq(1), fmpq(1)))
    >>> sum_times(one_plus_e, one_plus_e)
    ((0, 1), (1, 2), (2, 1))
    """
    if len(left) == 1 or len(right) == 1:  # a monomial moves the terms and keeps their order
        return tuple((a + b, c * d) for a, c in left for b, d in right)
    product = _dense_product(left, right) if len(left) * len(right) > _FEW_PRODUCTS else None
    return product or collected((a + b, c * d) for a, c in left for b, d in right)


def sum_scaled(terms: ExponentialSum, exponent: fmpq, coefficient: fmpq) -> ExponentialSum:
    """Return coefficient · e^exponent times a sum; the coefficient is not zero.

    Examples
    --------
    >>> sum_scaled(ONE_SUM, fmpq(1, 2), fmpq(3))
    ((1/2, 3),)
    """
    return tuple((a + exponent, c * coefficient) for a, c in terms)


def sum_quotient(dividend: ExponentialSum, divisor: ExponentialSum, *, longest: int) -> ExponentialSum | None:
    """Return dividend / divisor when it is a sum of at most `longest` terms, else None.

    Long division from the lowest exponent. It works for exponents of any size, which the Euclidean algorithm
    does not, and finds the common case: a denominator that divides the numerator.

    Examples
    --------
    >>> e_squared_minus_1 = ((fmpq(0), fmpq(-1)), (fmpq(2), fmpq(1)))
    >>> e_minus_1 = ((fmpq(0), fmpq(-1)), (fmpq(1), fmpq(1)))
    >>> sum_quotient(e_squared_minus_1, e_minus_1, longest=5)
    ((0, 1), (1, 1))
    >>> sum_quotient(e_minus_1, e_squared_minus_1, longest=5) is None
    True
    """
    quotient: list[tuple[fmpq, fmpq]] = []
    remainder = dividend
    while remainder:
        exponent = remainder[0][0] - divisor[0][0]
        # The highest terms multiply to the highest term, so no exponent of a true quotient exceeds this
        # difference.
        if len(quotient) == longest or exponent > dividend[-1][0] - divisor[-1][0]:
            return None
        coefficient = remainder[0][1] / divisor[0][1]
        quotient.append((exponent, coefficient))
        remainder = sum_plus(remainder, sum_scaled(divisor, exponent, -coefficient))
    return tuple(quotient)


def common_factor_cancelled(
    numerator: ExponentialSum, denominator: ExponentialSum
) -> tuple[ExponentialSum, ExponentialSum]:
    """Return the fraction in canonical form: in lowest terms, and the denominator begins with 1 = 1·e⁰.

    Monomials c·e^a are units, so the denominator's lowest term can be made 1. Where the exponents are too far
    apart for the Euclidean algorithm (see the module's text) the fraction may keep a common factor; its value
    is the same.

    Examples
    --------
    >>> e_squared_minus_1 = ((fmpq(0), fmpq(-1)), (fmpq(2), fmpq(1)))
    >>> e_minus_1 = ((fmpq(0), fmpq(-1)), (fmpq(1), fmpq(1)))
    >>> common_factor_cancelled(e_minus_1, e_squared_minus_1)
    (((0, 1),), ((0, 1), (1, 1)))
    """
    if not numerator:
        return ZERO_SUM, ONE_SUM
    if len(numerator) > 1 and len(denominator) > 1:
        numerator, denominator = _in_lowest_terms(numerator, denominator)
    exponent, coefficient = denominator[0]
    if exponent == 0 and coefficient == 1:
        return numerator, denominator
    return sum_scaled(numerator, -exponent, 1 / coefficient), sum_scaled(denominator, -exponent, 1 / coefficient)


def expansion(
    numerator: ExponentialSum, denominator: ExponentialSum, *, n_terms: int, ascending: bool
) -> ExponentialSum:
    """Return the first terms of the expansion of a fraction into ascending (descending) exponents.

    These terms belong to the number, not to the fraction: a common factor of both sums changes nothing. Hence
    they can be hashed.

    Examples
    --------
    1 / (1 + e) = 1 - e + e² - ... formally, and e⁻¹ - e⁻² + ... from the other end:

    >>> one_plus_e = ((fmpq(0), fmpq(1)), (fmpq(1), fmpq(1)))
    >>> expansion(ONE_SUM, one_plus_e, n_terms=2, ascending=True)
    ((0, 1), (1, -1))
    >>> expansion(ONE_SUM, one_plus_e, n_terms=2, ascending=False)
    ((-1, 1), (-2, -1))
    """
    end = 0 if ascending else -1
    terms: list[tuple[fmpq, fmpq]] = []
    remainder = numerator
    while remainder and len(terms) < n_terms:
        exponent = remainder[end][0] - denominator[end][0]
        coefficient = remainder[end][1] / denominator[end][1]
        terms.append((exponent, coefficient))
        remainder = sum_plus(remainder, sum_scaled(denominator, exponent, -coefficient))
    return tuple(terms)


def sum_ball(terms: ExponentialSum) -> arb:
    """Return a ball that contains the sum's value, at the working precision.

    Examples
    --------
    >>> sum_ball(((fmpq(0), fmpq(1)), (fmpq(1), fmpq(1))))
    [3.71828182845905 +/- 5.36e-15]
    """
    total = arb(0)
    for exponent, coefficient in terms:
        total += arb(coefficient) * arb(exponent).exp()
    return total


def _in_lowest_terms(numerator: ExponentialSum, denominator: ExponentialSum) -> tuple[ExponentialSum, ExponentialSum]:
    step = _common_step(numerator, denominator)
    spans = [(terms[-1][0] - terms[0][0]) / step for terms in (numerator, denominator)]
    if max(spans) > _HIGHEST_DEGREE:
        return _divided_by_each_other(numerator, denominator)
    top, bottom = _in_powers_of(step, numerator), _in_powers_of(step, denominator)
    factor = top.gcd(bottom)
    if factor.degree() == 0:
        return numerator, denominator
    return (
        _from_powers_of(step, numerator[0][0], top // factor),
        _from_powers_of(step, denominator[0][0], bottom // factor),
    )


def _divided_by_each_other(
    numerator: ExponentialSum, denominator: ExponentialSum
) -> tuple[ExponentialSum, ExponentialSum]:
    whole = sum_quotient(numerator, denominator, longest=len(numerator))
    if whole is not None:
        return whole, ONE_SUM
    inverse = sum_quotient(denominator, numerator, longest=len(denominator))
    if inverse is not None:
        return ONE_SUM, inverse
    return numerator, denominator


def _dense_product(left: ExponentialSum, right: ExponentialSum) -> ExponentialSum | None:
    """Return the product by way of ℚ[t], or None where the polynomials would have many more terms than the sums."""
    step = _common_step(left, right)
    degree = (left[-1][0] - left[0][0] + right[-1][0] - right[0][0]) / step
    if degree > 4 * len(left) * len(right):
        return None
    product = _in_powers_of(step, left) * _in_powers_of(step, right)
    return _from_powers_of(step, left[0][0] + right[0][0], product)


def _common_step(*sums: ExponentialSum) -> fmpq:
    """Return the greatest g such that within each sum all exponents differ by multiples of g."""
    step = fmpq(0)
    for terms in sums:
        for exponent, _ in terms[1:]:
            step = step.gcd(exponent - terms[0][0])
    return step


def _in_powers_of(step: fmpq, terms: ExponentialSum) -> fmpq_poly:
    """Return the polynomial p with p(e^step) = e^{-lowest exponent} · sum."""
    lowest = terms[0][0]
    coefficients = [fmpq(0)] * (int(((terms[-1][0] - lowest) / step).p) + 1)
    for exponent, coefficient in terms:
        coefficients[int(((exponent - lowest) / step).p)] = coefficient
    return fmpq_poly(coefficients)


def _from_powers_of(step: fmpq, lowest: fmpq, polynomial: fmpq_poly) -> ExponentialSum:
    return tuple((lowest + n * step, c) for n, c in enumerate(polynomial.coeffs()) if c != 0)
