"""Points as tables: one line a point where that fits, else block by block, each value with the points that have it."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.reports.document import Table
from symflow.reports.expressions import Sentence
from symflow.reports.linear_text import sentence_text
from symflow.reports.phrases import runs
from symflow.reports.readable.point_lists import PointList

# Columns of text that a table may take, and the least room between two of its columns.
_ROOM, _GAP = 86, 2


def point_table(points: PointList, singular: str, plural: str, *, prefix: str = "", is_numbered: bool = True) -> Table:
    """Return the table of some points in the blocks in which they vary.

    Parameters
    ----------
    points : PointList
        What to show.
    singular, plural : str
        What a point is: a vertex, a gradient.
    prefix : str
        Stands in front of the names of blocks: ``"∇"``.
    is_numbered : bool
        Whether the points have numbers of their own in a table with one line a point.

    Examples
    --------
    >>> from symflow.reports.expressions import Parameters, Rational
    >>> from symflow.exact.rationals import fmpq
    >>> from symflow.reports.readable.blocks import Line
    >>> from symflow.reports.readable.point_lists import Level
    >>> one, two = Rational(fmpq(1)), Rational(fmpq(2))
    >>> levels = (Level(one, (1, 3)), Level(two, (2,)))
    >>> read = PointList((Line(Parameters("b", 1), (0,)),), ((one,), (two,), (one,)), (levels,), ())
    >>> point_table(read, "vertex", "vertices").rows[1]
    (('2',), (Rational(value=2),))
    """
    names: list[Sentence] = [(prefix, line.name) if prefix else (line.name,) for line in points.lines]
    header: tuple[Sentence, ...] = tuple(names)
    rows: list[tuple[Sentence, ...]] = [tuple((value,) for value in row) for row in points.values]
    if is_numbered:
        header = ((singular,), *header)
        rows = [((str(number),), *row) for number, row in enumerate(rows, start=1)]
    if _width(header, rows) <= _ROOM:
        return Table(header, tuple(rows), plural, (0,) if is_numbered else ())
    by_block: list[tuple[Sentence, ...]] = []
    for name, levels in zip(names, points.levels, strict=True):
        for i, level in enumerate(levels):
            by_block.append((name if i == 0 else ("",), (level.value,), (runs(level.at),)))
    return Table((("block",), ("value",), (f"at {plural}",)), tuple(by_block), "values")


def _width(header: Sequence[Sentence], rows: Sequence[Sequence[Sentence]]) -> int:
    columns = zip(header, *rows, strict=True)
    widths = [max(len(sentence_text(cell)) for cell in column) for column in columns]
    return sum(widths) + _GAP * (len(widths) - 1)
