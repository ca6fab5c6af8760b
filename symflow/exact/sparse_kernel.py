"""The kernel of a sparse matrix over ℚ, where most equations have few unknowns.

Rows come one after the other and are eliminated by the rows before; a row is kept primitive, in integers. Rows with few
entries go first, so that the unknowns that vanish are gone before they can spread.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from symflow.exact.rationals import fmpq

SparseRow = dict[int, int]


def sparse_kernel(rows: Iterable[Mapping[int, fmpq]], n_columns: int) -> list[dict[int, fmpq]]:
    """Return a basis of {x : matrix · x = 0}, one sparse vector for each column without pivot.

    Parameters
    ----------
    rows : iterable of mappings
        Column (from 0) to entry.
    n_columns : int
        How many there are.

    Examples
    --------
    >>> sparse_kernel([{0: fmpq(1), 2: fmpq(-1)}, {1: fmpq(2)}], 3)
    [{2: 1, 0: 1}]
    """
    pivots: dict[int, SparseRow] = {}
    for row in sorted({tuple(sorted(_primitive(_cleared(row)).items())) for row in rows if row}, key=_length):
        left = _reduced(dict(row), pivots)
        if left:
            pivots[min(left)] = left
    reduced = _back_substituted(pivots)
    result = []
    for free in range(n_columns):
        if free in reduced:
            continue
        vector = {free: fmpq(1)}
        for pivot, row_ in reduced.items():
            if free in row_:
                vector[pivot] = fmpq(-row_[free], row_[pivot])
        result.append(vector)
    return result


def _length(row: tuple[tuple[int, int], ...]) -> tuple[int, tuple[tuple[int, int], ...]]:
    return len(row), row


def _reduced(row: SparseRow, pivots: Mapping[int, SparseRow]) -> SparseRow:
    """Return a row without entries in its leading columns that have pivots."""
    while row:
        lead = min(row)
        if lead not in pivots:
            return row
        row = _eliminated(row, lead, pivots[lead])
    return row


def _eliminated(row: SparseRow, column: int, pivot: SparseRow) -> SparseRow:
    a, b = row[column], pivot[column]
    divisor = math.gcd(a, b)
    a, b = a // divisor, b // divisor
    result = {place: b * entry for place, entry in row.items()}
    for place, entry in pivot.items():
        value = result.get(place, 0) - a * entry
        if value:
            result[place] = value
        else:
            result.pop(place, None)
    return _primitive(result)


def _back_substituted(pivots: Mapping[int, SparseRow]) -> dict[int, SparseRow]:
    """Return the rows without entries in the pivots of the others."""
    result: dict[int, SparseRow] = {}
    for column in sorted(pivots, reverse=True):
        row = pivots[column]
        for place in sorted(row):
            if place != column and place in result and place in row:
                row = _eliminated(row, place, result[place])
        result[column] = row
    return dict(sorted(result.items()))


def _cleared(row: Mapping[int, fmpq]) -> SparseRow:
    denominator = math.lcm(*(int(entry.q) for entry in row.values()))
    return {place: int(entry.p) * (denominator // int(entry.q)) for place, entry in row.items() if entry != 0}


def _primitive(row: SparseRow) -> SparseRow:
    if not row:
        return row
    divisor = math.gcd(*row.values())
    if row[min(row)] < 0:
        divisor = -divisor
    return row if divisor == 1 else {place: entry // divisor for place, entry in row.items()}
