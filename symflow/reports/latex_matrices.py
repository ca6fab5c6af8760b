r"""Matrices of entries that are LaTeX already: whole, or folded to fit the room."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from symflow.reports.latex_width import TEXT_WIDTH, width

# Between rows whose fractions would touch.
_MORE_ROOM = "[3pt]"

# What pmatrix takes, dots included, unless told otherwise.
_MOST_COLUMNS = 9


def pmatrix(rows: Sequence[Sequence[str]]) -> str:
    r"""Return a matrix of entries that are LaTeX already; its rows are further apart where fractions stand in a column.

    Examples
    --------
    >>> print(pmatrix([["1", "0"], ["-c", "2"]]))
    \begin{pmatrix}1&0\\-c&2\end{pmatrix}
    >>> print(pmatrix([[r"\tfrac12"], [r"\tfrac34"]]))
    \begin{pmatrix}\tfrac12\\[3pt]\tfrac34\end{pmatrix}
    """
    return rf"\begin{{pmatrix}}{joined_rows(rows, _MORE_ROOM if _has_stacked_fractions(rows) else '')}\end{{pmatrix}}"


def _has_stacked_fractions(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a fraction stands right above another one."""
    return any(
        "frac" in above and "frac" in below
        for before, after in itertools.pairwise(rows)
        for above, below in zip(before, after, strict=True)
    )


def joined_rows(rows: Sequence[Sequence[str]], room: str = "") -> str:
    r"""Return rows separated by ``\\``; a row that would be taken for an optional argument is guarded.

    Examples
    --------
    >>> print(joined_rows([["1", "2"], ["[0,1]"]]))
    1&2\\{}[0,1]
    """
    first, *others = ["&".join(row) for row in rows]
    guards = [room or ("{}" if row.lstrip().startswith(("[", "*")) else "") for row in others]
    return first + "".join(rf"\\{guard}{row}" for guard, row in zip(guards, others, strict=True))


def folded_matrix(entries: Sequence[Sequence[str]], room: float = TEXT_WIDTH, most_rows: int = 8) -> str:
    r"""Return a matrix that fits the room: columns and rows in the middle give way to dots.

    Examples
    --------
    >>> print(folded_matrix([[str(j) for j in range(50)]], room=120))
    \begin{pmatrix}0&1&\cdots&48&49\end{pmatrix}
    """
    rows = [list(row) for row in entries]
    if len(rows) > most_rows:
        rows = [*rows[: most_rows - 2], [r"\vdots"] * len(rows[0]), rows[-1]]
    kept = min(len(rows[0]), _MOST_COLUMNS)
    while kept > 2:
        shown = [_with_dots(row, kept) for row in rows]
        columns = zip(*shown, strict=True)
        if sum(max(map(width, column)) + 11 for column in columns) + 14 <= room:
            break
        kept -= 1
    return pmatrix([_with_dots(row, kept) for row in rows])


def _with_dots(row: Sequence[str], kept: int) -> list[str]:
    if kept >= len(row):
        return list(row)
    first = (kept + 1) // 2
    dots = r"\ddots" if row[0] == r"\vdots" else r"\cdots"
    return [*row[:first], dots, *row[len(row) - (kept - first) :]]
