"""Floats near exact numbers, for searches whose result is checked exactly.

Nothing here decides anything. A float simplex method wants entries of moderate size, so rows are scaled to largest
entry 1 (a positive multiple of a row asks the same question), and integers of thousands of bits must not overflow.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpz

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, to_float


def approximate(x: Scalar) -> float:
    """Return a float near `x`, with ±1e300 for what lies beyond.

    Examples
    --------
    >>> approximate(fmpq(1, 3)), approximate(fmpq(10) ** 400)
    (0.3333333333333333, 1e+300)
    """
    try:
        value = to_float(x) if isinstance(x, ExponentialNumber) else float(x)
    except OverflowError:
        return 1e300 if x > 0 else -1e300
    return max(-1e300, min(1e300, value))


def scaled_floats(row: Sequence[Scalar | fmpz]) -> list[float]:
    """Return floats near a positive multiple of `row`, the largest of absolute value 1 (or all zero).

    Examples
    --------
    >>> scaled_floats((fmpz(2) ** 2000, -(fmpz(2) ** 1999)))
    [1.0, -0.5]
    """
    try:
        floats = [float(entry) for entry in row]
    except (OverflowError, TypeError):
        largest = max((abs(entry) for entry in row), default=1)
        # fmpz would divide with rounding; fmpq does not.
        unit = fmpq(largest) if isinstance(largest, fmpz) else largest
        return [approximate(entry / unit) for entry in row] if unit != 0 else [0.0] * len(row)
    scale = max(map(abs, floats), default=0.0)
    return [entry / scale for entry in floats] if scale else floats
