"""Points and covectors as integers over one denominator, which stands last."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from symflow.errors import InputError, ShapeError
from symflow.exact.rationals import entries, rational, to_fraction
from symflow.nets.network import exact_input
from symflow.regions.vertex_table import Integers

if TYPE_CHECKING:
    from symflow.exact.rationals import fmpq

Point = tuple[Fraction, ...]
# A polyhedral domain: A and b of A x <= b.
Domain = tuple[Sequence[Sequence[object]], Sequence[object]]

_HOW = (
    "write (A, b) for A x <= b, A being rows; "
    "the box [-1, 1] x [0, 2] is ([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 1, 2, 0])"
)


def point_of(vector: Integers) -> Point:
    """Return the point of a vector (x, D).

    Examples
    --------
    >>> point_of((1, -3, 2))
    (Fraction(1, 2), Fraction(-3, 2))
    """
    return tuple(Fraction(entry, vector[-1]) for entry in vector[:-1])


def homogeneous(point: Point) -> Integers:
    """Return a rational vector as integers over one denominator, which stands last.

    Examples
    --------
    >>> homogeneous((Fraction(1, 2), Fraction(-3)))
    (1, -6, 2)
    """
    denominator = math.lcm(*(entry.denominator for entry in point))
    return (*(int(entry * denominator) for entry in point), denominator)


def value_at(row: Integers, x: Sequence[fmpq]) -> fmpq:
    """Return the value of a covector of (x, D) at D = 1.

    Examples
    --------
    >>> value_at((2, -1, 3), (rational("1/2"), rational(1)))
    3
    """
    return sum((entry * value for entry, value in zip(row, x, strict=False)), rational(row[-1]))


def domain_covectors(domain: Domain | None, n_inputs: int) -> list[Integers]:
    """Return A x <= b as integer covectors of (x, D) that are nonnegative inside.

    Raises
    ------
    ShapeError
        If it is no pair of a matrix and a vector, or A and b do not fit.
    InputError
        If a row says that something negative is not.

    Examples
    --------
    >>> domain_covectors(([[1, 0], [0, "-1/2"]], [1, 0]), 2)
    [(-1, 0, 1), (0, 1, 0)]
    """
    if domain is None:
        return []
    matrix, bounds = _rows_and_bounds(domain)
    if len(matrix) != len(bounds):
        raise ShapeError(f"{len(matrix)} rows of A for {len(bounds)} entries of b; give one each", place="domain")
    result = []
    for i, (row, bound) in enumerate(zip(matrix, bounds, strict=True), start=1):
        entries = exact_input(row, n_inputs, place=f"domain.A, row {i}")
        (limit,) = exact_input([bound], 1, place=f"domain.b[{i}]")
        covector = homogeneous((*(-to_fraction(entry) for entry in entries), to_fraction(limit)))[:-1]
        if not any(covector[:-1]):
            if covector[-1] < 0:
                raise InputError(f"row {i} says 0 <= {limit}; no point satisfies it", place="domain")
            continue
        result.append(covector)
    return result


def _rows_and_bounds(domain: object) -> Domain:
    """Return A and b: not the two sides of a box, which are a pair too."""
    parts = entries(domain, place="domain") if _is_list(domain) else ()
    if len(parts) != 2 or not all(map(_is_list, parts)):
        raise ShapeError(f"is no pair (A, b); {_HOW}", place="domain")
    matrix, bounds = (entries(part, place="domain") for part in parts)
    if not all(map(_is_list, matrix)):
        raise ShapeError(f"the rows of A are numbers; {_HOW}", place="domain")
    return matrix, bounds  # type: ignore[return-value]  # rows: each is a list


def _is_list(value: object) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, str | bytes)
