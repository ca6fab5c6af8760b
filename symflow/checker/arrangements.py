"""How many cells and walls an arrangement of hyperplanes has, by deletion and restriction.

A hyperplane is an integer row (a, b): the points x with ⟨a, x⟩ + b = 0. Put hyperplanes in one after the other: H_i
cuts in two exactly those cells that it meets, and these are as many as the cells which H_1 .. H_{i-1} make on H_i.
Hence (Zaslavsky 1975, *Facing up to arrangements*)

    r(H_1, .., H_n) = 1 + Σ_i r(H_1 ∩ H_i, .., H_{i-1} ∩ H_i inside H_i).

Hyperplanes that coincide are one, and inside H_i those parallel to it are not there. Every wall between two cells
lies on one hyperplane and is a cell of what the others make there, so the walls are Σ_i r(all others inside H_i).

The work grows like the number of cells.

Examples
--------
Three lines in general position make 1 + 3 + 3 cells; on each the two others make three walls.

>>> lines = [(1, 0, 0), (0, 1, 0), (1, 1, -1)]
>>> n_cells(lines, Work(1000)), n_walls(lines, Work(1000))
(7, 9)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symflow.checker.integer_rows import Row, primitive
from symflow.checker.work import Work, size


def n_cells(rows: Iterable[Sequence[int]], work: Work) -> int:
    """Return the number of cells.

    Parameters
    ----------
    rows : iterable of sequences of int
        The normal vectors, each followed by its constant; rows without a normal vector do not cut.
    work : Work
        The budget.

    Raises
    ------
    TooLarge
        If the budget does not suffice.

    Examples
    --------
    >>> n_cells([(1, 0), (2, 0), (1, 5), (0, 3)], Work(100))
    3
    """
    return _count(distinct(rows), work)


def n_walls(rows: Iterable[Sequence[int]], work: Work) -> int:
    """Return the number of walls, each shared by two cells.

    Examples
    --------
    >>> n_walls([(1, 0), (2, 0), (1, 5), (0, 3)], Work(100))
    2
    """
    found = distinct(rows)
    return sum(_count(_inside(row, found[:i] + found[i + 1 :], work), work) for i, row in enumerate(found))


def distinct(rows: Iterable[Sequence[int]]) -> list[Row]:
    """Return one primitive row for each hyperplane, in the order of the first ones.

    Examples
    --------
    >>> distinct([(2, 4, 2), (-1, -2, -1), (0, 0, 1)])
    [(1, 2, 1)]
    """
    return list(dict.fromkeys(primitive(row) for row in rows if any(row[:-1])))


def _count(rows: list[Row], work: Work) -> int:
    work.charge(1)
    if not rows or len(rows[0]) == 2:  # on a line, n points make n + 1 intervals
        return 1 + len(rows)
    # As deep as hyperplanes are in general position, so at most the logarithm of the count.
    return 1 + sum(_count(_inside(row, rows[:i], work), work) for i, row in enumerate(rows))


def _inside(row: Row, others: list[Row], work: Work) -> list[Row]:
    """Return what the other hyperplanes are inside this one, in all of its coordinates but one."""
    k = next(i for i, entry in enumerate(row) if entry)
    p = row[k]
    work.charge(len(others) * len(row) * (1 + size(row)))
    # The combinations with the row in which coordinate k does not occur.
    sections = [[p * b - other[k] * a for a, b in zip(row, other, strict=True)] for other in others]
    return distinct(section[:k] + section[k + 1 :] for section in sections)
