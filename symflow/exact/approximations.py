"""Floats near exact numbers, for searches whose result is checked exactly.

Nothing here decides anything. A float simplex method wants entries of moderate size, so rows are scaled to largest
entry 1 (a positive multiple of a row asks the same question), and integers of thousands of bits must not overflow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from flint import ctx, fmpq, fmpz

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, enclosure

# Floats below this are taken for zero by the finders.
FLOAT_ZERO = 1e-9

# The sizes to which a direction is rounded, smallest first: people read these numbers.
_SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 64, *(1 << bits for bits in (8, 10, 13, 16, 20, 26, 32, 40, 52)))


def scaled_floats(row: Sequence[Scalar | fmpz]) -> list[float]:
    """Return floats near a positive multiple of `row`, the largest of absolute value 1 (or all zero).

    Examples
    --------
    >>> scaled_floats((fmpz(2) ** 2000, -(fmpz(2) ** 1999)))
    [1.0, -0.5]
    """
    try:
        if any(isinstance(entry, ExponentialNumber) for entry in row):  # a tiny one would be 0 as a float
            raise OverflowError
        floats = [float(entry) for entry in row]
    except OverflowError:
        near = [near_rational(entry) for entry in row]
        size = max(map(abs, near), default=fmpq(0))
        floats = [float(entry / size) for entry in near] if size != 0 else [0.0] * len(row)
    scale = max(map(abs, floats), default=0.0)
    return [entry / scale for entry in floats] if scale else floats


def near_rational(x: Scalar | fmpz, bits: int = 64) -> fmpq:
    """Return a rational number near `x`, of relative accuracy `bits` bits; `x` itself if it is one.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> near_rational(fmpq(1, 3)), float(near_rational(exponential(1)))
    (1/3, 2.718281828459045)
    """
    if not isinstance(x, ExponentialNumber):
        return fmpq(x)
    with ctx.workprec(bits + 32):
        return enclosure(x, bits).mid().fmpq()  # a ball's midpoint is a dyadic rational


def roundings(direction: Sequence[float]) -> Iterator[list[int]]:
    """Yield the integer vectors nearest to multiples of `direction`, from short to long.

    There are none where `direction` is zero or not finite.

    Examples
    --------
    >>> next(roundings([0.9, -0.3]))
    [1, 0]
    """
    if not any(direction) or not all(map(math.isfinite, direction)):
        return
    largest = max(map(abs, direction))
    for size in _SIZES:
        yield [round(entry / largest * size) for entry in direction]


def float_solution(rows: list[list[float]], right: list[float]) -> list[float] | None:
    """Solve a square system by elimination with pivoting; None if it looks singular."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    n = len(table)
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(table[i][k]))
        if abs(table[best][k]) < 1e-13:
            return None
        table[k], table[best] = table[best], table[k]
        row, divisor = table[k], table[k][k]
        for i in range(k + 1, n):
            factor = table[i][k] / divisor
            if factor:
                table[i] = [x - factor * y for x, y in zip(table[i], row, strict=True)]
    solution = [0.0] * n
    for k in reversed(range(n)):
        row = table[k]
        solution[k] = (row[n] - sum(row[j] * solution[j] for j in range(k + 1, n))) / row[k]
    return solution
