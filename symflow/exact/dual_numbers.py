"""Nested dual numbers modulo a prime, in bulk: exact derivatives of derivatives without a polynomial being expanded.

The ring is F_p[ε₁, .., ε_m] with εᵢ² = 0. An element has 2^m residues, one for each product of different ε's, and the
residue of a product of some of them is a mixed derivative: p(w + ε₁ a + ε₂ b) has at ε₁ε₂ the second derivative of p at
w in the directions a and b. Adding one ε turns a vector of values, `low`, into `low + ε high`.

Arrays hold many elements: the last axis is that of the 2^m residues, ordered so that the upper half of it belongs to
the last ε. Residues are reduced before they are multiplied, so that int64 suffices for a prime below 2^31.

Examples
--------
The derivative of w² v at (w, v) = (3, 5) in the direction (1, 0) is 30:

>>> w, v = lifted(elements([[3], [5]]), elements([[1], [0]]))
>>> multiplied(multiplied(w, w), v)
array([45, 30])
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from symflow.exact.rationals import fmpq

Residues: TypeAlias = NDArray[np.int64]

#: Primes below 2^31, the largest first.
PRIMES = (2147483647, 2147483629, 2147483587, 2147483579, 2147483563)


def elements(residues: object) -> Residues:
    """Return an array of residues as int64.

    Examples
    --------
    >>> elements([[1], [2]]).shape
    (2, 1)
    """
    return np.asarray(residues, dtype=np.int64)


def residue(value: fmpq, prime: int) -> int:
    """Return a rational modulo a prime that does not divide its denominator.

    Examples
    --------
    >>> residue(fmpq(1, 2), 7)
    4
    """
    return int(value.p) * pow(int(value.q), -1, prime) % prime


def prime_for(values: Iterable[fmpq]) -> int:
    """Return a prime that divides no denominator.

    Raises
    ------
    ArithmeticError
        If every known prime divides one.

    Examples
    --------
    >>> prime_for([fmpq(1, 2147483647)])
    2147483629
    """
    denominators = {int(value.q) for value in values}
    for prime in PRIMES:
        if all(denominator % prime for denominator in denominators):
            return prime
    raise ArithmeticError("each of the known primes divides a denominator")


def lifted(low: Residues, high: Residues) -> Residues:
    """Return low + ε high, with a new ε.

    Examples
    --------
    >>> lifted(elements([1]), elements([2]))
    array([1, 2])
    """
    return np.concatenate((low, high), axis=-1)


def low(array: Residues) -> Residues:
    """Return the part without the last ε.

    Examples
    --------
    >>> low(elements([1, 2]))
    array([1])
    """
    return array[..., : array.shape[-1] // 2]


def high(array: Residues) -> Residues:
    """Return what the last ε is multiplied by: the derivative.

    Examples
    --------
    >>> high(elements([1, 2]))
    array([2])
    """
    return array[..., array.shape[-1] // 2 :]


def multiplied(left: Residues, right: Residues, prime: int = PRIMES[0]) -> Residues:
    """Return the products of elements, the other axes as numpy broadcasts them.

    Examples
    --------
    >>> multiplied(elements([2, 1]), elements([3, 5]))
    array([ 6, 13])
    """
    size = left.shape[-1]
    if size == 1:
        return left * right % prime
    first, second, starts = _pairs(size)
    products = left[..., first] * right[..., second] % prime
    return np.add.reduceat(products, starts, axis=-1) % prime


def summed(array: Residues, axis: int, prime: int = PRIMES[0]) -> Residues:
    """Return the sums of elements along an axis that is not the last.

    Examples
    --------
    >>> summed(elements([[1], [2]]), 0)
    array([3])
    """
    return np.asarray(array.sum(axis=axis) % prime, dtype=np.int64)


def chosen(array: Residues, places: Sequence[int]) -> Residues:
    """Return some of the entries of the first axis, in this order.

    Examples
    --------
    >>> chosen(elements([[1], [2], [3]]), [2, 0])
    array([[3],
           [1]])
    """
    return array[list(places)]


def repeated(array: Residues, count: int) -> Residues:
    """Return so many copies of an array along a new first axis.

    Examples
    --------
    >>> repeated(elements([[5]]), 2).shape
    (2, 1, 1)
    """
    return np.broadcast_to(array, (count, *array.shape))


def zeros(*shape: int) -> Residues:
    """Return zeros."""
    return np.zeros(shape, dtype=np.int64)


@functools.lru_cache(maxsize=16)
def _pairs(size: int) -> tuple[Residues, Residues, Residues]:
    """Return all pairs of disjoint sets of ε's, sorted by their union, and where each union begins."""
    pairs = [(a | b, a, b) for a in range(size) for b in range(size) if not a & b]
    pairs.sort()
    unions = [union for union, _, _ in pairs]
    starts = [unions.index(union) for union in range(size)]
    return elements([a for _, a, _ in pairs]), elements([b for _, _, b in pairs]), elements(starts)
