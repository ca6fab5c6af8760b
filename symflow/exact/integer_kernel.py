"""The vector on which the rows of an integer matrix vanish, and which rows are independent, without fractions.

Fraction-free elimination (Bareiss 1968, in Jordan's form): after each step every entry is a minor of the matrix, so
that the division by the pivot before is exact, and at the end all pivots are one number. For the few rows that define
a vertex, Python's integers are as fast at it as any matrix over ℚ, and nothing has to be converted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def integer_kernel(matrix: Sequence[Sequence[int]], *, n_columns: int) -> tuple[int, ...]:
    """Return the primitive integer vector that spans {x : matrix · x = 0}.

    Parameters
    ----------
    matrix : sequence of rows
        Of rank n; without rows n is 0.
    n_columns : int
        Of n + 1 entries each.

    Returns
    -------
    tuple of int
        Without a common factor; its entry in the one column without pivot is positive.

    Raises
    ------
    ValueError
        If the rank is not n.

    Examples
    --------
    >>> integer_kernel([(1, 0, -2), (0, 2, -3)], n_columns=3)
    (4, 3, 2)
    >>> integer_kernel([(0, 1, 1), (0, 2, 2), (1, 1, 1)], n_columns=3)
    (0, -1, 1)
    """
    rows = [list(row) for row in matrix]
    pivots: list[int] = []
    before = 1
    for column in range(n_columns):
        done = len(pivots)
        chosen = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if chosen is None:
            continue
        rows[done], rows[chosen] = rows[chosen], rows[done]
        row = rows[done]
        lead = row[column]
        for i, other in enumerate(rows):
            if i != done:
                factor = other[column]
                rows[i] = [(lead * a - factor * b) // before for a, b in zip(other, row, strict=True)]
        before = lead
        pivots.append(column)
    if len(pivots) != n_columns - 1:
        raise ValueError(f"rank {len(pivots)}, and {n_columns} columns; the kernel is no line")
    (free,) = set(range(n_columns)) - set(pivots)
    vector = [0] * n_columns
    vector[free] = before
    for row, pivot in zip(rows, pivots, strict=False):  # what is left of further rows is zero
        vector[pivot] = -row[free]
    divisor = math.gcd(*vector) if before > 0 else -math.gcd(*vector)
    return tuple(entry // divisor for entry in vector)


def independent_rows(matrix: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the places of the rows that are not combinations of those before them.

    Rows after as many as there are columns are not looked at.

    Examples
    --------
    >>> independent_rows([(0, 0, 0), (2, 4, 0), (1, 2, 0), (0, 0, 5)])
    (1, 3)
    >>> independent_rows([])
    ()
    """
    reduced: list[tuple[int, list[int]]] = []  # each with its pivot, in which all later ones are 0
    places: list[int] = []
    for place, given in enumerate(matrix):
        row = list(given)
        if len(places) == len(row):
            break
        for pivot, other in reduced:
            if row[pivot]:
                lead, factor = other[pivot], row[pivot]
                row = [lead * a - factor * b for a, b in zip(row, other, strict=True)]
        divisor = math.gcd(*row)
        if divisor:
            row = [entry // divisor for entry in row]
            reduced.append((next(i for i, entry in enumerate(row) if entry), row))
            places.append(place)
    return tuple(places)
