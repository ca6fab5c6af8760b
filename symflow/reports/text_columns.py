"""Cells in aligned columns, broken within their column where the whole would be too wide."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.reports.text_wrapping import GLUE, wrapped
from symflow.reports.verdict_signs import SIGNS

# Gaps between columns, the first that fits; and no column is made narrower than this.
_GAPS = (4, 3, 2)
NARROWEST_GAP = _GAPS[-1]
_NARROWEST = 8

# A column with a cell of so many words is prose, and keeps this many columns of text while others give way.
_MANY_WORDS, _PROSE = 4, 22

_SIGNS = frozenset(SIGNS.values())


def grid(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
    numeric: Sequence[int] = (),
    note_at: int | None = None,
    note: str = "",
) -> list[str]:
    """Return the lines of a table of at most `width` columns.

    Parameters
    ----------
    header : sequence of str
        One a column; no line where all are empty.
    rows : sequence of sequences of str
        The cells.
    width : int
        Columns of text.
    numeric : sequence of int
        Columns aligned at the right.
    note_at, note : int, str
        A line of its own behind that many rows.

    Examples
    --------
    >>> grid(["n", "set"], [["1", "a point"], ["12", "a segment"]], 40, numeric=[0])
    [' n    set', ' 1    a point', '12    a segment']
    """
    rows = [[_whole_verdict(cell) for cell in row] for row in rows]
    table = [list(header), *rows] if any(header) else rows
    if not table:
        return []
    gap, widths = _widths(table, width)
    if sum(widths) + gap * (len(widths) - 1) > width:
        return _stacked(header, rows, width, note_at, note)
    lines: list[str] = []
    n_before = 1 if any(header) else 0
    for i, row in enumerate(table):
        if note and note_at is not None and i == note_at + n_before:
            lines.append(note)
        lines.extend(_row(row, widths, gap, numeric))
    return lines


def _widths(table: Sequence[Sequence[str]], width: int) -> tuple[int, list[int]]:
    """Return the gap and the widths of the columns: the natural ones if they fit, else the widest are narrowed.

    A column is not made narrower than its longest word while another one can give way.
    """
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for gap in _GAPS:
        if sum(widths) + gap * (len(widths) - 1) <= width:
            return gap, widths
    gap = _GAPS[-1]
    columns = list(zip(*table, strict=True))
    words = [_longest(column, whole=True) for column in columns]
    parts = [_longest(column, whole=False) for column in columns]
    # Prose is not made a column of single words while formulas can be broken.
    prose = [min(here, _PROSE) if _is_prose(column) else 0 for here, column in zip(widths, columns, strict=True)]
    for least in (
        [max(_NARROWEST, *each) for each in zip(words, prose, strict=True)],
        [max(_NARROWEST, *each) for each in zip(parts, prose, strict=True)],
        [max(_NARROWEST, longest) for longest in words],
        [_NARROWEST] * len(words),
    ):
        while sum(widths) + gap * (len(widths) - 1) > width:
            room = [here - fewest for here, fewest in zip(widths, least, strict=True)]
            if max(room) <= 0:
                break
            widest = max((here, -i) for i, here in enumerate(widths) if room[i] > 0)
            widths[-widest[1]] -= 1
    return gap, widths


def _longest(column: Sequence[str], *, whole: bool) -> int:
    """Return the length of the longest word of a column, formulas taken as one word or broken."""
    cells = column if whole else [cell.replace(GLUE, " ") for cell in column]
    return max(len(word) for cell in cells for word in (*cell.split(" "), ""))


def _is_prose(column: Sequence[str]) -> bool:
    """Whether a cell of a column is a clause of several words."""
    return any(len(cell.split(" ")) >= _MANY_WORDS for cell in column)


def _row(row: Sequence[str], widths: Sequence[int], gap: int, numeric: Sequence[int]) -> list[str]:
    cells = [wrapped(_breakable(cell, width), width, width) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, cells))
    lines = []
    for i in range(height):
        parts = []
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            text = cell[i] if i < len(cell) else ""
            parts.append(f"{text:>{width}}" if column in numeric else f"{text:<{width}}")
        lines.append((" " * gap).join(parts).rstrip())
    return lines


def _whole_verdict(cell: str) -> str:
    """Keep the sign of a verdict with its word."""
    sign, _, rest = cell.partition(" ")
    return f"{sign}{GLUE}{rest}" if sign in _SIGNS and rest else cell


def _breakable(cell: str, width: int) -> str:
    """Let the formulas of a cell break where they are wider than its column."""
    return " ".join(w if len(w) <= width else w.replace(GLUE, " ") for w in cell.split(" "))


def _stacked(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int, note_at: int | None, note: str
) -> list[str]:
    """Return the table as one list a row, for more columns than stand side by side."""
    lines: list[str] = []
    label = min(max(map(len, header), default=0) + 2, width // 3)
    for i, row in enumerate(rows):
        if note and i == note_at:
            lines += [note, ""]
        for name, cell in zip(header, row, strict=True):
            room = width - label
            for text in wrapped(_breakable(cell, room), room, room):
                lines.append(f"{name.replace(GLUE, ' ')[: label - 1]:<{label}}{text}")
                name = ""
        lines.append("")
    return lines[:-1]
