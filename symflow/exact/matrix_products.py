"""Products with a fixed rational matrix, over common denominators: many columns, or many rows, at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import final

from flint import fmpq, fmpq_mat


@final
class FixedMatrix:
    """A matrix by which much is multiplied.

    Parameters
    ----------
    rows : sequence of rows
        Rational, at least one.

    Examples
    --------
    >>> matrix = FixedMatrix([[fmpq(1), fmpq(2)], [fmpq(0), fmpq(1, 2)]])
    >>> matrix.times([[fmpq(1), fmpq(4)], [fmpq(1), fmpq(0)]])
    [[3, 4], [1/2, 0]]
    >>> matrix.times_from_left([fmpq(1), fmpq(2)])
    [1, 3]
    """

    def __init__(self, rows: Sequence[Sequence[fmpq]]) -> None:
        self._matrix = fmpq_mat([list(row) for row in rows])

    def times(self, rows: Sequence[Sequence[fmpq]]) -> list[list[fmpq]]:
        """Return the product with the matrix of these rows behind it."""
        right = fmpq_mat(len(rows), len(rows[0]), list(chain.from_iterable(rows)))
        return [list(row) for row in (self._matrix * right).tolist()]

    def times_from_left(self, row: Sequence[fmpq]) -> list[fmpq]:
        """Return the product with one row before it."""
        (product,) = (fmpq_mat([list(row)]) * self._matrix).tolist()
        return list(product)
