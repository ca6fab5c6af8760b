"""Exact signs at the speed of floats: an approximation with a bound, the residue modulo 2^64, exact integers last.

Every number here is an integer, an entry of an integer vector or an inner product of two. A batch of vectors is held
twice: as floats, scaled by a power of two to size at most 1 and with a proved bound on their error, and as residues
modulo 2^64, which numpy's wrapping arithmetic gets exactly at no cost. The sign of an integer z, known as ẑ up to an
error e and modulo 2^64, is decided by the first of

1. |ẑ| > e: the sign of ẑ;
2. |ẑ| + e < 2^63: then z is the signed 64-bit integer with that residue, so that zero is recognised too;
3. otherwise the caller computes z with Python's integers.

Error bounds (Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, §3.1): a sum of m products, in any order
of summation, has an error of at most γ_m Σ|a_i||b_i|, γ_m = m u/(1 - m u), u = 2^-53. Bounds are multiplied by
1.01 where they are computed in floats themselves. An overflow gives an infinite bound and hence step 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.regions.ids import places

Floats = NDArray[np.float64]
Residues = NDArray[np.int64]
Integers = tuple[int, ...]

UNIT = 2.0**-53
# Above this the residue no longer tells the integer.
_MOST_EXPONENT = 63


@final
@dataclass(frozen=True, slots=True)
class IntegerVectors:
    """A batch of integer vectors v = approx · 2^exponent up to error · 2^exponent in each entry.

    Parameters
    ----------
    approx : floats, (n, size)
        Every entry of size at most 1, the largest of each vector at least 1/2 (or all are 0).
    error : floats, (n,)
        For each vector a bound on the error of each entry; 0 where the floats are exact.
    exponent : int64, (n,)
        The powers of two.
    residue : int64, (n, size)
        The vectors modulo 2^64.
    """

    approx: Floats
    error: Floats
    exponent: Residues
    residue: Residues

    @classmethod
    def of(cls, rows: list[Integers], size: int) -> IntegerVectors:
        """Return the batch of these vectors of Python integers."""
        exponents = [max((abs(entry).bit_length() for entry in row), default=0) for row in rows]
        approx = [[_ratio(entry, exponent) for entry in row] for row, exponent in zip(rows, exponents, strict=True)]
        residue = [[_signed(entry) for entry in row] for row in rows]
        exact = [exponent <= 53 for exponent in exponents]
        return cls(
            np.array(approx, np.float64).reshape(len(rows), size),
            np.where(exact, 0.0, UNIT) if rows else np.zeros(0),
            np.array(exponents, np.int64),
            np.array(residue, np.int64).reshape(len(rows), size),
        )

    @classmethod
    def normalised(cls, approx: Floats, error: Floats, exponent: Residues, residue: Residues) -> IntegerVectors:
        """Return the batch scaled anew, so that the largest entry of each vector is in [1/2, 1)."""
        _, shift = np.frexp(np.abs(approx).max(axis=1, initial=0.0))
        down = -shift.astype(np.int64)
        return cls(np.ldexp(approx, down[:, None]), np.ldexp(error, down), exponent + shift.astype(np.int64), residue)

    def __len__(self) -> int:
        return len(self.approx)

    def take(self, chosen: NDArray[np.integer]) -> IntegerVectors:
        """Return some of the vectors."""
        return IntegerVectors(self.approx[chosen], self.error[chosen], self.exponent[chosen], self.residue[chosen])

    def joined(self, *others: IntegerVectors) -> IntegerVectors:
        """Return this batch followed by the others."""
        batches = (self, *others)
        return IntegerVectors(
            np.concatenate([batch.approx for batch in batches]),
            np.concatenate([batch.error for batch in batches]),
            np.concatenate([batch.exponent for batch in batches]),
            np.concatenate([batch.residue for batch in batches]),
        )

    def negated_where(self, flags: NDArray[np.bool_]) -> IntegerVectors:
        """Return the batch with some of the vectors negated."""
        sign = np.where(flags, -1, 1)
        return IntegerVectors(self.approx * sign[:, None], self.error, self.exponent, self.residue * sign[:, None])


@final
@dataclass(frozen=True, slots=True)
class SignBatch:
    """The signs of a batch of integers, as far as floats and residues decide them.

    Parameters
    ----------
    signs : int8
        1, 0, -1; meaningless where undecided.
    undecided : places
        Where exact integers have to decide.
    """

    signs: NDArray[np.int8]
    undecided: NDArray[np.intp]


def signs_of(approx: Floats, error: Floats, exponent: Residues, residue: Residues) -> SignBatch:
    """Return the signs of the integers approx · 2^exponent ± error · 2^exponent with these residues.

    Examples
    --------
    >>> batch = signs_of(np.array([0.5, 1e-20]), np.array([1e-9, 1e-9]), np.array([4, 4]), np.array([8, 0]))
    >>> batch.signs.tolist(), batch.undecided.tolist()
    ([1, 0], [])
    """
    signs = np.sign(approx).astype(np.int8)
    open_ = places(~(np.abs(approx) > error))
    if len(open_):
        with np.errstate(over="ignore", invalid="ignore"):
            size = np.ldexp((np.abs(approx[open_]) + error[open_]) * 1.01, np.minimum(exponent[open_], 2000))
        known = size < 2.0**_MOST_EXPONENT
        signs[open_] = np.sign(residue[open_])
        open_ = open_[~known]
    return SignBatch(signs, open_)


def inner_products(rows: IntegerVectors, vectors: IntegerVectors) -> SignBatch:
    """Return the signs of the inner products of two batches, pair by pair."""
    approx, error = float_products(rows.approx, rows.error, vectors.approx, vectors.error)
    open_ = places(~(np.abs(approx) > error))
    signs = np.sign(approx).astype(np.int8)
    if not len(open_):
        return SignBatch(signs, open_)
    residue = (rows.residue[open_] * vectors.residue[open_]).sum(axis=1)
    batch = signs_of(approx[open_], error[open_], rows.exponent[open_] + vectors.exponent[open_], residue)
    signs[open_] = batch.signs
    return SignBatch(signs, open_[batch.undecided])


def float_products(
    rows: Floats, row_error: Floats | float, vectors: Floats, vector_error: Floats
) -> tuple[Floats, Floats]:
    """Return inner products pair by pair, and bounds on their errors; the vectors have entries of size at most 1.

    Notes
    -----
    With rows r known as r̂ up to e_r in each entry and vectors v as v̂ up to e_v, |r·v - r̂·v̂| is at most
    |r̂|₁ e_v + |v|₁ e_r, where |v| <= 1 + e_v in each entry; the sum of m products adds γ_m |r̂|₁.
    """
    approx: Floats = np.einsum("ij,ij->i", rows, vectors)
    size = rows.shape[1]
    norm = np.abs(rows).sum(axis=1)
    error = 1.01 * (norm * (vector_error + 2 * size * UNIT) + size * (1 + vector_error) * row_error) + 1e-300
    return approx, error


def cross_products(rows: list[IntegerVectors]) -> IntegerVectors:
    """Return for d batches of vectors in dimension d + 1 the vectors orthogonal to them, up to sign.

    Notes
    -----
    The entries are the d x d minors, expanded row by row over sets of columns; each product of d entries has a
    relative error below γ with at most d(d + 3)/2 factors, and the sum of the sizes of all products is at most the
    product of the 1-norms of the rows. A row with error e in its entries is off by (d + 1) e in 1-norm.

    Examples
    --------
    >>> x, y = (IntegerVectors.of([row], 3) for row in ((1, 0, -2), (0, 1, -3)))
    >>> cross_products([x, y]).residue.tolist()
    [[2, 3, 1]]
    """
    d = len(rows)
    approx = _minors([row.approx for row in rows], d)
    residue = _minors([row.residue for row in rows], d)
    exponent = sum((row.exponent for row in rows), np.zeros(len(approx), np.int64))
    inexact = [i for i, row in enumerate(rows) if row.error.any()]
    if not inexact and exponent.max(initial=0) + _log2_factorial(d + 1) <= 52:
        return IntegerVectors.normalised(approx, np.zeros(len(approx)), exponent, residue)
    norms = [np.abs(row.approx).sum(axis=1) for row in rows]
    product = math.prod(norms, start=np.ones(len(approx)))
    relative = np.full(len(approx), d * (d + 3) * UNIT)
    for i in inexact:
        with np.errstate(divide="ignore", invalid="ignore"):
            off = (d + 1) * rows[i].error / norms[i]
        relative = relative + 1.01 * np.where(rows[i].error > 0, off, 0.0)
    relative = np.where(relative < 0.01, relative * 1.05, np.inf)
    with np.errstate(invalid="ignore"):
        error = np.where(product > 0, product * relative, np.inf) + 1e-300
    if not inexact:
        # Integers of at most 53 bits all along: the floats are exact.
        error = np.where(exponent + _log2_factorial(d + 1) <= 52, 0.0, error)
    return IntegerVectors.normalised(approx, error, exponent, residue)


def _log2_factorial(n: int) -> int:
    return sum(k.bit_length() for k in range(2, n + 1))


def _ratio(entry: int, exponent: int) -> float:
    """Return entry / 2^exponent, rounded to nearest: Python divides integers of any size correctly."""
    return entry / (1 << exponent)


def _signed(entry: int) -> int:
    """Return the signed 64-bit integer congruent to `entry`."""
    return ((entry + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)


def _minors(rows: list[NDArray[Any]], d: int) -> NDArray[Any]:
    """Return the vector of signed maximal minors, by expansion over sets of columns."""
    if d == 2:  # by far the most common case, in one step
        first, second = rows
        product: NDArray[Any] = first[:, [1, 2, 0]] * second[:, [2, 0, 1]] - first[:, [2, 0, 1]] * second[:, [1, 2, 0]]
        return product
    minors = {0: np.ones(len(rows[0]) if rows else 1, rows[0].dtype)}
    for row in rows:
        grown: dict[int, NDArray[Any]] = {}
        for columns, minor in minors.items():
            for j in range(d + 1):
                if columns >> j & 1:
                    continue
                term = row[:, j] * minor
                if (columns >> (j + 1)).bit_count() % 2:
                    term = -term
                into = columns | 1 << j
                grown[into] = grown[into] + term if into in grown else term
        minors = grown
    every = (1 << (d + 1)) - 1
    entries = [minors[every & ~(1 << j)] * (-1 if (d - j) % 2 else 1) for j in range(d + 1)]
    return np.stack(entries, axis=1)
