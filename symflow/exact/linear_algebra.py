"""Rank, kernel, solutions and intersections of spans, exactly.

A matrix is a tuple of rows. Over ℚ the work is done by python-flint's ``fmpq_mat`` (a row echelon form of 30
rows takes milliseconds). Entries may also be :class:`~symflow.exact.exponential_numbers.ExponentialNumber`;
then Gaussian elimination runs over that field, whose zero test is exact as well. A matrix of no rows does not
know its number of columns, which is why some functions ask for it.

Examples
--------
>>> row = lambda *entries: tuple(map(fmpq, entries))
>>> rank((row(1, 2), row(2, 4))), kernel((row(1, 2), row(2, 4)), n_columns=2)
(1, ((-2, 1),))
>>> solve((row(1, 1), row(1, -1)), row(3, 1)), solve((row(1, 1), row(2, 2)), row(1, 3))
((2, 1), None)
>>> span_intersection([row(1, 0, 0), row(0, 1, 0)], [row(1, 1, 1), row(0, 0, 1)])
(1, 1, 0)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, final

from flint import fmpq, fmpq_mat, fmpz

if TYPE_CHECKING:  # whoever computes over ℚ alone need not load the other field
    from symflow.exact.exponential_numbers import Scalar

Vector: TypeAlias = "tuple[Scalar, ...]"
Matrix: TypeAlias = "tuple[Vector, ...]"

# What a matrix over ℚ may hold; any other entry is of the larger field.
_RATIONAL = (fmpq, fmpz, int)


@final
@dataclass(frozen=True, slots=True)
class RowEchelonForm:
    """The reduced row echelon form of a matrix.

    Parameters
    ----------
    rows : Matrix
        The rows that are not zero; there are as many as the rank.
    pivots : tuple of int
        The column of the leading 1 of each row, counted from 0, ascending.

    Examples
    --------
    >>> reduced_row_echelon_form(((fmpq(2), fmpq(4)), (fmpq(1), fmpq(2))))
    RowEchelonForm(rows=((1, 2),), pivots=(0,))
    """

    rows: Matrix
    pivots: tuple[int, ...]


def reduced_row_echelon_form(matrix: Sequence[Sequence[Scalar]]) -> RowEchelonForm:
    """Return the reduced row echelon form; zero rows are left out.

    Examples
    --------
    >>> from symflow.exact.exponential_numbers import exponential
    >>> e = exponential(1)
    >>> reduced_row_echelon_form(((e, fmpq(1)), (e * e, e))).rows
    ((1, exp(-1)),)
    """
    if not matrix or not matrix[0]:
        return RowEchelonForm((), ())
    rational = _rational_matrix(matrix)
    return _by_elimination(matrix) if rational is None else _over_the_rationals(rational)


def rank(matrix: Sequence[Sequence[Scalar]]) -> int:
    """Return the dimension of the span of the rows.

    Examples
    --------
    >>> rank(((fmpq(1), fmpq(2)), (fmpq(2), fmpq(4))))
    1
    """
    if not matrix or not matrix[0]:
        return 0
    rational = _rational_matrix(matrix)
    return len(_by_elimination(matrix).pivots) if rational is None else int(rational.rank())


def kernel(matrix: Sequence[Sequence[Scalar]], *, n_columns: int) -> Matrix:
    """Return a basis of {x : matrix · x = 0}, one vector for each column without pivot.

    Examples
    --------
    >>> kernel(((fmpq(1), fmpq(1), fmpq(0)),), n_columns=3)
    ((-1, 1, 0), (0, 0, 1))
    """
    echelon = reduced_row_echelon_form(matrix)
    basis = []
    for free in sorted(set(range(n_columns)) - set(echelon.pivots)):
        vector: list[Scalar] = [fmpq(0)] * n_columns
        vector[free] = fmpq(1)
        for row, pivot in zip(echelon.rows, echelon.pivots, strict=True):
            vector[pivot] = -row[free]
        basis.append(tuple(vector))
    return tuple(basis)


def solve(matrix: Sequence[Sequence[Scalar]], right_side: Sequence[Scalar]) -> Vector | None:
    """Return one x with matrix · x = right_side, its free coordinates 0, or None if there is none.

    Parameters
    ----------
    matrix : sequence of rows
        At least one row; it need be neither square nor of full rank.
    right_side : sequence of Scalar
        One entry a row.

    Examples
    --------
    >>> one, two = fmpq(1), fmpq(2)
    >>> solve(((one, two, one),), (two,)), solve(((one,), (one,)), (one, two))
    ((2, 0, 0), None)
    """
    n_columns = len(matrix[0])
    extended = [(*row, value) for row, value in zip(matrix, right_side, strict=True)]
    echelon = reduced_row_echelon_form(extended)
    if n_columns in echelon.pivots:  # a row (0 … 0 | 1)
        return None
    solution: list[Scalar] = [fmpq(0)] * n_columns
    for row, pivot in zip(echelon.rows, echelon.pivots, strict=True):
        solution[pivot] = row[n_columns]
    return tuple(solution)


def span_intersection(left: Sequence[Sequence[Scalar]], right: Sequence[Sequence[Scalar]]) -> Vector | None:
    """Return a nonzero vector that lies in the spans of both families, or None if they meet in 0 alone.

    Notes
    -----
    With bases a₁ … a_r and b₁ … b_s the spans meet outside 0 exactly if Σ xᵢ aᵢ = Σ yᵢ bᵢ has a solution
    other than 0; Σ xᵢ aᵢ is then not zero either, since both families are independent.

    Examples
    --------
    >>> row = lambda *entries: tuple(map(fmpq, entries))
    >>> span_intersection([row(1, 2)], [row(2, 4), row(0, 0)]), span_intersection([row(1, 2)], [row(2, 3)])
    ((1, 2), None)
    """
    first, second = reduced_row_echelon_form(left).rows, reduced_row_echelon_form(right).rows
    if not first or not second:
        return None
    columns = first + tuple(tuple(-entry for entry in row) for row in second)
    relations = kernel(transposed(columns), n_columns=len(columns))
    if not relations:
        return None
    combination = relations[0][: len(first)]
    return tuple(dot(combination, coordinate) for coordinate in zip(*first, strict=True))


def is_in_span(vector: Sequence[Scalar], family: Sequence[Sequence[Scalar]]) -> bool:
    """Whether `vector` is a linear combination of a family of vectors.

    Examples
    --------
    >>> is_in_span((fmpq(2), fmpq(4)), [(fmpq(1), fmpq(2))]), is_in_span((fmpq(0),), [])
    (True, True)
    """
    return rank([*family, vector]) == rank(family)


def dot(left: Sequence[Scalar], right: Sequence[Scalar]) -> Scalar:
    """Return Σ left[i] · right[i].

    Examples
    --------
    >>> dot((fmpq(1), fmpq(2)), (fmpq(3), fmpq(4)))
    11
    """
    total: Scalar = fmpq(0)
    for a, b in zip(left, right, strict=True):
        if a != 0 and b != 0:
            total += a * b
    return total


def transposed(matrix: Sequence[Sequence[Scalar]]) -> Matrix:
    """Return the columns of a matrix as rows.

    Examples
    --------
    >>> transposed(((fmpq(1), fmpq(2)),))
    ((1,), (2,))
    """
    return tuple(zip(*matrix, strict=True))


def _rational_matrix(matrix: Sequence[Sequence[Scalar]]) -> fmpq_mat | None:
    rows: list[list[fmpq]] = []
    for row in matrix:
        entries = [entry for entry in row if isinstance(entry, _RATIONAL)]
        if len(entries) < len(row):
            return None
        rows.append(entries)
    return fmpq_mat(rows)


def _over_the_rationals(matrix: fmpq_mat) -> RowEchelonForm:
    reduced, rank_ = matrix.rref()
    rows = tuple(tuple(reduced[i, j] for j in range(matrix.ncols())) for i in range(rank_))
    return RowEchelonForm(rows, tuple(next(j for j, c in enumerate(row) if c != 0) for row in rows))


def _by_elimination(matrix: Sequence[Sequence[Scalar]]) -> RowEchelonForm:
    rows: list[Vector] = [tuple(row) for row in matrix]
    pivots: list[int] = []
    for column in range(len(rows[0])):
        done = len(pivots)
        candidates = [i for i in range(done, len(rows)) if rows[i][column] != 0]
        if not candidates:
            continue
        # Fractions of exponential sums grow; a rational pivot keeps them as they are.
        chosen = min(candidates, key=lambda i: _length(rows[i][column]))
        rows[done], rows[chosen] = rows[chosen], rows[done]
        lead = rows[done][column]
        rows[done] = tuple(entry / lead for entry in rows[done])
        for i, row in enumerate(rows):
            if i != done and row[column] != 0:
                factor = row[column]
                rows[i] = tuple(a - factor * b for a, b in zip(row, rows[done], strict=True))
        pivots.append(column)
    return RowEchelonForm(tuple(rows[: len(pivots)]), tuple(pivots))


def _length(entry: Scalar) -> int:
    if isinstance(entry, _RATIONAL):
        return 0
    return sum(len(numerator) + len(denominator) for numerator, denominator in entry.fractions)
