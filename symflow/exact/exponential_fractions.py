"""Sums of fractions of exponential sums, Σ Nᵢ / Dᵢ, with denominators that are not multiplied together needlessly.

The gradient of a logistic risk has entries Σ c_k v_k with c_k = −y_k / (1 + e^{m_k}). Over one denominator
such an entry has up to 2^n terms for n data, and as a sum of fractions it has n. So fractions are united only
where a polynomial of modest degree in one variable comes out (``_is_modest``; then they are in lowest terms
and the form is canonical), or where their denominators are equal.

A sum of several fractions may still be a rational number, or zero, in disguise. Its expansion into ascending
exponents tells: it is the sum of the expansions of the fractions, and a number is rational exactly if its
expansion is one constant term. Two or three terms of each fraction decide nearly always; where they do not,
all is put over one denominator.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from flint import arb, fmpq

from symflow.errors import TooLongError
from symflow.exact.exponential_sums import (
    ONE_SUM,
    ZERO_SUM,
    ExponentialSum,
    collected,
    common_factor_cancelled,
    expansion,
    sum_ball,
    sum_plus,
    sum_scaled,
    sum_times,
)

#: A fraction as (numerator, denominator).
ExponentialFraction: TypeAlias = tuple[ExponentialSum, ExponentialSum]

# Fractions are united up to this degree; far beyond it they are longer together than apart.
_MODEST_DEGREE = 200

# Where so many fractions have stayed apart, the exponents are those of floats, and further search is in vain.
_MOST_PARTNERS = 12

# How many terms of each fraction's expansion are looked at before all is put over one denominator.
_EXPANSION_DEPTHS = (3, 12, 48)

# A common denominator longer than this would take minutes and gigabytes.
_MOST_TERMS = 100_000


def simplified(
    fractions: Sequence[ExponentialFraction], further: Iterable[ExponentialFraction] = ()
) -> tuple[ExponentialFraction, ...]:
    """Return the sum of fractions, with those united that belong together.

    Parameters
    ----------
    fractions : sequence of ExponentialFraction
        Such as this function returns.
    further : iterable of ExponentialFraction
        Any.

    Examples
    --------
    >>> half = ((fmpq(0), fmpq(1)), (fmpq(1, 2), fmpq(1)))
    >>> simplified([], [(ONE_SUM, half), (half, half)])
    ((((0, 2), (1/2, 1)), ((0, 1), (1/2, 1))),)
    """
    united = list(fractions)
    for fraction in further:
        _insert(united, fraction)
    proper = [fraction for fraction in united if fraction[1] != ONE_SUM]
    if len(proper) > 1:
        constants = [_without_constant(united, fraction) for fraction in proper]
        _insert(united, (collected((fmpq(0), c) for c in constants), ONE_SUM))
    elif len(united) == 2 and _is_modest(*united):
        united = [_over_one_denominator(*united)]
    return tuple(sorted(united, key=lambda fraction: fraction[1]))


def single_fraction(fractions: Sequence[ExponentialFraction]) -> ExponentialFraction:
    """Return the sum of fractions over one denominator, in canonical form as far as that is affordable.

    Raises
    ------
    TooLongError
        If the denominator could be longer than any computer likes.

    Examples
    --------
    >>> one_plus_e = ((fmpq(0), fmpq(1)), (fmpq(1), fmpq(1)))
    >>> single_fraction([(ONE_SUM, one_plus_e), (ONE_SUM, ONE_SUM)])
    (((0, 2), (1, 1)), ((0, 1), (1, 1)))
    """
    if len(fractions) == 1:
        return fractions[0]
    longest = math.prod(len(denominator) for _, denominator in fractions)
    if longest > _MOST_TERMS and _degree(fractions) > _MOST_TERMS:
        raise TooLongError(
            f"not decided: exactly, it takes {len(fractions)} exponential sums over one denominator, "
            "too many to be multiplied out; more time would not help"
        )
    whole: ExponentialFraction = (ZERO_SUM, ONE_SUM)
    for fraction in fractions:
        whole = _over_one_denominator(whole, fraction)
    return whole


def fractions_expansion(fractions: Sequence[ExponentialFraction], *, n_terms: int, ascending: bool) -> ExponentialSum:
    """Return the first terms of the expansion into ascending (descending) exponents; they belong to the number.

    Examples
    --------
    1/(1 + e) + 1/(1 + e²) = 2 − e + …, formally:

    >>> def one_over_one_plus(a):
    ...     return ONE_SUM, ((fmpq(0), fmpq(1)), (fmpq(a), fmpq(1)))
    >>> fractions_expansion([one_over_one_plus(1), one_over_one_plus(2)], n_terms=2, ascending=True)
    ((0, 2), (1, -1))
    """
    direction = 1 if ascending else -1
    for depth in _EXPANSION_DEPTHS if len(fractions) > 1 else ():
        parts = [expansion(*fraction, n_terms=depth, ascending=ascending) for fraction in fractions]
        # Beyond the last term known of an expansion that goes on nothing is known.
        ends = [direction * part[-1][0] for part in parts if len(part) == depth]
        terms = collected(term for part in parts for term in part)[::direction]
        certain = tuple(term for term in terms if not ends or direction * term[0] <= min(ends))
        if len(certain) >= n_terms or not ends:
            return certain[:n_terms]
    return expansion(*single_fraction(fractions), n_terms=n_terms, ascending=ascending)


def fractions_ball(fractions: Sequence[ExponentialFraction]) -> arb:
    """Return a ball that contains the sum's value, at the working precision.

    Examples
    --------
    >>> fractions_ball([(ONE_SUM, ((fmpq(0), fmpq(4)),))])
    0.250000000000000
    """
    total = arb(0)
    for numerator, denominator in fractions:
        total += sum_ball(numerator) / sum_ball(denominator)
    return total


def _insert(united: list[ExponentialFraction], fraction: ExponentialFraction) -> None:
    """Add a fraction to a list of fractions that stay apart."""
    while True:
        fraction = common_factor_cancelled(*fraction)
        if not fraction[0]:
            return
        partner = next((other for other in united if other[1] == fraction[1]), None)
        if partner is None:
            partner = next((other for other in united[:_MOST_PARTNERS] if _are_united(other, fraction)), None)
        if partner is None:
            united.append(fraction)
            return
        united.remove(partner)
        fraction = _over_one_denominator(partner, fraction)


def _are_united(left: ExponentialFraction, right: ExponentialFraction) -> bool:
    if left[1] == ONE_SUM or right[1] == ONE_SUM:
        return False
    # Most pairs of a trained net are told apart here: the step of all exponents divides the step of these
    # two.
    step = left[1][1][0].gcd(right[1][1][0])
    return bool(left[1][-1][0] + right[1][-1][0] <= _MODEST_DEGREE * step) and _is_modest(left, right)


def _is_modest(left: ExponentialFraction, right: ExponentialFraction) -> bool:
    """Whether the fractions over one denominator are polynomials of modest degree in one e^g (times a monomial)."""
    return _degree((left, right)) <= _MODEST_DEGREE


def _degree(fractions: Sequence[ExponentialFraction]) -> fmpq:
    """Return the degree in e^g, g as large as possible, of the fractions over the product of the denominators."""
    step = fmpq(0)
    lowest = min(numerator[0][0] for numerator, _ in fractions)
    for numerator, denominator in fractions:
        for exponent, _ in denominator:
            step = step.gcd(exponent)
        for exponent, _ in numerator:
            step = step.gcd(exponent - lowest)
    bottom = sum((denominator[-1][0] for _, denominator in fractions), fmpq(0))
    highest = max(numerator[-1][0] + bottom - denominator[-1][0] for numerator, denominator in fractions)
    return max(highest - lowest, bottom) / step if step else fmpq(0)


def _over_one_denominator(left: ExponentialFraction, right: ExponentialFraction) -> ExponentialFraction:
    if left[1] == right[1]:
        return common_factor_cancelled(sum_plus(left[0], right[0]), left[1])
    numerator = sum_plus(sum_times(left[0], right[1]), sum_times(right[0], left[1]))
    return common_factor_cancelled(numerator, sum_times(left[1], right[1]))


def _without_constant(united: list[ExponentialFraction], fraction: ExponentialFraction) -> fmpq:
    """Take the limit at infinity out of a fraction of the list, where that is a constant, and return it.

    Otherwise 1/D₁ + 1/D₂ + 1 and (1/D₁ + 1) + 1/D₂ would be written in different ways.
    """
    numerator, denominator = fraction
    if numerator[-1][0] != denominator[-1][0]:
        return fmpq(0)
    constant = numerator[-1][1] / denominator[-1][1]
    rest = sum_plus(numerator, sum_scaled(denominator, fmpq(0), -constant))
    united[united.index(fraction)] = (rest, denominator)
    return constant
