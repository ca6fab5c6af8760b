"""Finite point sets in coordinates that are worth computing with.

Points are tuples of scalars. Gradients of a net have many coordinates that are the same for all of them, and some that
are copies of others; an affine question about the set does not see either kind, so they are dropped first
(:func:`essential_coordinates`). A functional found in the remaining coordinates is one of the whole space, with zeros
in the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from flint import fmpq, fmpq_mat

from symflow.exact.exponential_numbers import Scalar

Point: TypeAlias = Sequence[Scalar]


def essential_coordinates(points: Sequence[Point]) -> list[int]:
    """Return the coordinates that are not constant on the points and do not repeat an earlier one up to sign.

    Examples
    --------
    >>> points = [(fmpq(1), fmpq(0), fmpq(0), fmpq(2)), (fmpq(1), fmpq(3), fmpq(-3), fmpq(2))]
    >>> essential_coordinates(points)
    [1]
    """
    if not points:
        return []
    columns: list[list[Scalar]] = []
    chosen = []
    for k, base in enumerate(points[0]):
        column = [point[k] - base for point in points]
        if not any(entry != 0 for entry in column) or _repeats(column, columns):
            continue
        columns.append(column)
        chosen.append(k)
    return chosen


def _repeats(column: list[Scalar], columns: list[list[Scalar]]) -> bool:
    # Lists are compared entry by entry; a set would hash every entry, which costs fmpq 3 µs.
    return any(column == other for other in columns) or any(
        all(x == -y for x, y in zip(column, other, strict=True)) for other in columns
    )


def affine_dimension(points: Sequence[Point]) -> int:
    """Return the dimension of the affine hull; −1 for no points.

    Examples
    --------
    >>> affine_dimension([(fmpq(0), fmpq(0)), (fmpq(1), fmpq(1)), (fmpq(3), fmpq(3))])
    1
    """
    if not points:
        return -1
    chosen = essential_coordinates(points)
    if len(chosen) <= 1:
        return len(chosen)
    first, *others = points
    rows = [[point[k] - first[k] for k in chosen] for point in others]
    matrix = rational_matrix(rows)
    return len(reduced_basis(rows)) if matrix is None else matrix.rref()[1]


def reduced_basis(rows: Sequence[Sequence[Scalar]]) -> list[list[Scalar]]:
    """Return the reduced row echelon form without its zero rows: the basis of the row space that depends on it alone.

    Examples
    --------
    >>> reduced_basis([[fmpq(2), fmpq(4)], [fmpq(1), fmpq(2)]])
    [[1, 2]]
    """
    basis: list[list[Scalar]] = []
    leads: list[int] = []
    for row in rows:
        remainder = list(row)
        for lead, other in zip(leads, basis, strict=True):
            factor = remainder[lead]
            if factor != 0:
                remainder = [x - factor * y for x, y in zip(remainder, other, strict=True)]
        lead = next((k for k, x in enumerate(remainder) if x != 0), -1)
        if lead < 0:
            continue
        divisor = remainder[lead]
        remainder = [x / divisor for x in remainder]
        for i, other in enumerate(basis):
            factor = other[lead]
            if factor != 0:
                basis[i] = [x - factor * y for x, y in zip(other, remainder, strict=True)]
        basis.append(remainder)
        leads.append(lead)
        if len(basis) == len(row):
            break
    return [row for _, row in sorted(zip(leads, basis, strict=True), key=lambda pair: pair[0])]


def rational_matrix(rows: Sequence[Sequence[Scalar]]) -> fmpq_mat | None:
    """Return the rows as a matrix over ℚ, or None if an entry is transcendental.

    Examples
    --------
    >>> rational_matrix([[fmpq(1, 2), fmpq(3)]])
    [1/2, 3]
    """
    try:
        return fmpq_mat([list(row) for row in rows])  # type: ignore[arg-type] # the question is whether it can
    except TypeError:
        return None


def dot(u: Sequence[Scalar], v: Sequence[Scalar]) -> Scalar:
    """Return ⟨u, v⟩.

    Examples
    --------
    >>> dot((fmpq(1), fmpq(2)), (fmpq(3), fmpq(-1)))
    1
    """
    total: Scalar = fmpq(0)
    for x, y in zip(u, v, strict=True):
        if x != 0 and y != 0:
            total = total + x * y
    return total


def combination(weights: dict[int, Scalar], points: Sequence[Point]) -> tuple[Scalar, ...]:
    """Return Σ weights[i] · points[i].

    Examples
    --------
    >>> combination({0: fmpq(1, 2), 1: fmpq(1, 2)}, [(fmpq(0),), (fmpq(1),)])
    (1/2,)
    """
    width = len(points[next(iter(weights))])
    total: list[Scalar] = [fmpq(0)] * width
    for i, weight in weights.items():
        total = [x + weight * y for x, y in zip(total, points[i], strict=True)]
    return tuple(total)
