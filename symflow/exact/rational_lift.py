"""Rational coordinates for vectors over ℚ(e^q): rational relations among them are found by rational algebra.

Let a₁, .., a_n be vectors over ℚ(e^q). Multiply the k-th coordinate of all of them by one common denominator
and write each as an exponential sum. The numbers e^q are linearly independent over ℚ, so for *rational* λ

    Σ λ_i a_i = 0    ⇔    for every coordinate k and exponent q the coefficients satisfy Σ λ_i c_{i,k,q} = 0.

The vectors (c_{i,k,q}) are the lift of the a_i. A relation among the lifts holds for the a_i; the converse
fails when λ itself has to be transcendental. The gradients of a risk are Σ c_k v_k with rational v_k and
transcendental c_k, and most of their relations hold whatever the c_k are: those are the relations found here.

Where a common denominator would be too long, each quotient e^q/D that occurs counts as a coordinate of its own. These
quotients may be dependent, so relations may be missed; those found are relations still.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from flint import fmpq

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, fractions_of
from symflow.exact.exponential_sums import ONE_SUM, ExponentialSum, sum_plus, sum_times

# Common denominators longer than this are not multiplied out.
_MOST_TERMS = 200


def rational_lift(vectors: Sequence[Sequence[Scalar]]) -> list[tuple[fmpq, ...]]:
    """Return the lift of each vector.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> e = exponential(1)
    >>> rational_lift([(e, fmpq(1)), (2 * e + 1, fmpq(3))])  # coordinates: constant and e of the first; the second
    [(0, 1, 1), (1, 2, 3)]
    """
    lifted: list[list[fmpq]] = [[] for _ in vectors]
    for k in range(len(vectors[0]) if vectors else 0):
        coefficients = _coefficients([vector[k] for vector in vectors])
        names = sorted({name for entry in coefficients for name in entry})
        for row, entry in zip(lifted, coefficients, strict=True):
            row.extend(entry.get(name, fmpq(0)) for name in names)
    return [tuple(row) for row in lifted]


_Name: TypeAlias = tuple[fmpq, ExponentialSum]


def _coefficients(entries: Sequence[Scalar]) -> list[dict[_Name, fmpq]]:
    """Return the coefficients of e^q, or of e^q/D for the denominators D that occur if these have no short product."""
    sums = _numerators(entries)
    if sums is not None:
        return [{(exponent, ()): c for exponent, c in terms} for terms in sums]
    found = []
    for entry in entries:
        coefficients: dict[_Name, fmpq] = {}
        for numerator, denominator in fractions_of(entry):
            for exponent, c in numerator:
                name = exponent, denominator
                coefficients[name] = coefficients.get(name, fmpq(0)) + c
        found.append(coefficients)
    return found


def common_numerators(vectors: Sequence[Sequence[Scalar]]) -> list[tuple[Scalar, ...]] | None:
    """Return the vectors with each coordinate multiplied by a common denominator; None where it would be too long.

    The combinations that vanish are the same, and sums are cheaper to add and to multiply than fractions.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> e = exponential(1)
    >>> common_numerators([(1 / (e + 1),), (1 / (e + 2),)])
    [(exp(1)/2 + 1,), (exp(1)/2 + 1/2,)]
    """
    columns = []
    for k in range(len(vectors[0]) if vectors else 0):
        sums = _numerators([vector[k] for vector in vectors])
        if sums is None:
            return None
        columns.append([_scalar(terms) for terms in sums])
    return list(zip(*columns, strict=True)) if columns else [() for _ in vectors]


def _scalar(terms: ExponentialSum) -> Scalar:
    if not terms:
        return fmpq(0)
    if len(terms) == 1 and terms[0][0] == 0:
        return terms[0][1]
    return ExponentialNumber(terms, ONE_SUM)


def _numerators(entries: Sequence[Scalar]) -> list[ExponentialSum] | None:
    """Return the entries times one common denominator, as exponential sums."""
    denominators = list(
        dict.fromkeys(
            denominator
            for entry in entries
            if isinstance(entry, ExponentialNumber)
            for _, denominator in entry.fractions
            if denominator != ONE_SUM
        )
    )
    cofactors = {ONE_SUM: _product(denominators)}
    for denominator in denominators:
        cofactors[denominator] = _product([other for other in denominators if other != denominator])
    sums = []
    for entry in entries:
        total: ExponentialSum = ()
        for numerator, denominator in fractions_of(entry):
            cofactor = cofactors[denominator]
            if cofactor is None:
                return None
            total = sum_plus(total, sum_times(numerator, cofactor))
        sums.append(total)
    return sums


def _product(sums: Sequence[ExponentialSum]) -> ExponentialSum | None:
    product = ONE_SUM
    for factor in sums:
        product = sum_times(product, factor)
        if len(product) > _MOST_TERMS:
            return None
    return product
