r"""The set itself as a formula: ``\partial R(w)=\{(\ldots):\ \theta\in[0,1]\}``, rows, or a table of vertices.

The reading (``reports/readable/reading.py``) says what there is to say; here it is laid out, as matrices where they
fit into a line, else row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.exact.exponential_numbers import Scalar
from symflow.reports.expressions import (
    Expression,
    Hull,
)
from symflow.reports.latex_fitting import fitted, lines_of
from symflow.reports.latex_math import latex
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.notes.block_names import names_in_lines
from symflow.reports.notes.context import Context, plural
from symflow.reports.notes.document import Block, Formula, Grid, Prose, folded
from symflow.reports.phrases import runs
from symflow.reports.phrases import zero_or as is_zero
from symflow.reports.readable.common_denominator import over_common_denominator
from symflow.reports.readable.entries import entries_of_row
from symflow.reports.readable.point_lists import read_points
from symflow.reports.readable.reading import Part, Reading, Row
from symflow.reports.readable.written_numbers import integer_vector

# Of more constant rows some are left out; of rows that move only where there are very many.
_MOST_ROWS, _MOST_MOVING = 24, 60

# A table of more lines does not fit on a page.
_MOST_LINES = 36

# Of the width of the text the names of blocks may take so much beside their values: what makes the fewest lines.
_NAMES_SHARES = (0.6, 0.45, 0.3)

# The sign between names and value, with the space around it.
_SIGN_WIDTH = 25.0

# Of the width of the text a value may take so much beside its block and its vertices.
_VALUE_SHARE = 0.55


@final
@dataclass(frozen=True, slots=True)
class SetFormula:
    """A set in one formula: its elements, and what their letters run over.

    Parameters
    ----------
    elements : str
        One element, or for a single point that one.
    conditions : str
        What τ is, and what θ runs over; empty for a single point.
    """

    elements: str
    conditions: str

    @property
    def braced(self) -> str:
        """The set in braces."""
        inside = rf"{self.elements}:\ {self.conditions}" if self.conditions else self.elements
        return rf"\left\{{{inside}\right\}}"


def set_formula(context: Context, room: float = TEXT_WIDTH) -> SetFormula | None:
    """Return the set as one formula; None where it does not fit into a line, or is no span."""
    reading = context.reading
    if reading is None or any(part.form != "span" for part in reading.parts):
        return None
    entries = _entries(context, reading)
    conditions = conditions_of(reading)
    layout = context.element_of(entries, room)
    if layout is None:
        return None
    result = SetFormula(layout, conditions)
    return result if width(f"{context.set_name}={result.braced}") <= room else None


def _entries(context: Context, reading: Reading) -> list[Expression]:
    entries: dict[int, Expression] = {}
    named = {symbol: integer_vector(x) for x, symbol in context.notation.inputs.items()}
    for row in [*reading.constant_rows, *(row for part in reading.parts for row in part.rows)]:
        length = len(row.places) if is_zero(row.value) else len(row.places) // len(row.names)
        for start in range(0, len(row.places), length):
            places = row.places[start : start + length]
            entries |= dict(zip(places, entries_of_row(row.value, length, named), strict=True))
    return [entries[place] for place in range(len(context.function.variables))]


def conditions_of(reading: Reading) -> str:
    """Return what τ is and what θ runs over."""
    said = []
    for part in reading.parts:
        for auxiliary in part.auxiliaries:
            said.append(f"{latex(auxiliary.symbol)}={_definition(auxiliary.definition)}")
    thetas = [latex(theta) for part in reading.parts for theta in part.parameters]
    if len(thetas) > 3:
        said.append(rf"\theta_1,\ldots,\theta_{{{len(thetas)}}}\in[0,1]")
    elif thetas:
        said.append(rf"{','.join(thetas)}\in[0,1]")
    return r",\ ".join(said)


def _definition(definition: Expression) -> str:
    r"""Return the definition of τ; a sum in it keeps its parentheses: (1-\theta)+\theta c."""
    return latex(definition)


def set_blocks(context: Context) -> list[Block]:
    """Return the display of the set, with its sentence begun: ``is the segment``."""
    reading = context.reading
    assert reading is not None
    found = set_formula(context)
    if found is not None:
        return [Formula((f"{context.set_name}={found.braced}.",))]
    hull = _input_hull(context, reading)
    if hull is not None:
        return [Formula(tuple(hull))]
    blocks: list[Block] = [Prose(_rows_opening(context)), _row_display(context, reading)]
    conditions = conditions_of(reading)
    if conditions:
        blocks.append(Prose(f"where {_broken(reading)}.", continues=True))
    for part in reading.parts:
        if part.form == "vertices":
            blocks += _vertex_table(context, part)
    return blocks


def _broken(reading: Reading) -> str:
    """Return the conditions as text that may break between them."""
    return ", ".join(f"${condition}$" for condition in conditions_of(reading).split(r",\ "))


def _input_hull(context: Context, reading: Reading) -> list[str] | None:
    """Return the set in the input as the hull of its vertices, where that is short."""
    if not context.is_input or len(reading.parts) != 1 or reading.parts[0].form != "hull":
        return None
    row = next(row for row in reading.parts[0].rows if not row.is_constant)
    if len(row.places) != len(context.function.variables):
        return None
    room = TEXT_WIDTH - width(context.set_name) - _SIGN_WIDTH
    lines = _row_lines(context.set_name, Row(row.names, row.places, row.value, False, "="), room)
    if len(lines) == 1:
        lines = [lines[0].replace("&", "", 1)]
    lines[-1] += "."
    return lines


def _rows_opening(context: Context) -> str:
    is_point = context.reading is not None and context.reading.is_point
    if context.is_input:
        return "It is the vector $s$ with" if is_point else "Its elements $s$ are those with"
    split = ",".join(
        f"S_{layer}" + (rf",s_{{b_{layer}}}" if context.shape.has_biases else "")
        for layer in range(1, context.shape.n_layers + 1)
    )
    if is_point:
        return f"It is the $s=({split})$, split like $w$, with"
    return f"Its elements $s=({split})$, split like $w$, are those with"


def _row_display(context: Context, reading: Reading) -> Formula:
    return Formula(tuple(line for lines in _rows(context, reading) for line in lines))


def _rows(context: Context, reading: Reading) -> list[list[str]]:
    """Return the lines of each row, in a layout that fits the text; of those the one with the fewest lines."""
    layouts = [_rows_beside(context, reading, TEXT_WIDTH * share) for share in _NAMES_SHARES]
    return min(layouts, key=lambda rows: (max(_width_of(rows), TEXT_WIDTH), sum(map(len, rows))))


def _width_of(rows: list[list[str]]) -> float:
    """Return the width of aligned rows: the widest names, and beside them the widest value."""
    columns = zip(*(line.partition("&")[::2] for lines in rows for line in lines), strict=True)
    return sum(max(map(width, column)) for column in columns)


def _rows_beside(context: Context, reading: Reading, names_room: float) -> list[list[str]]:
    """Return the lines of each row; of many constant ones some are left out, and of what moves none where it can be.

    The values are aligned behind the widest names, so that all have the same room.
    """
    constant, moving = list(reading.constant_rows), [row for part in reading.parts for row in part.rows]
    kept = set(map(id, [*_ends(constant, _MOST_ROWS), *_ends(moving, _MOST_MOVING)]))
    ordered = sorted([*constant, *moving], key=lambda row: row.places[0])
    names = {id(row): names_in_lines(context, row.names, "=", names_room) for row in ordered if id(row) in kept}
    in_table = [
        names_in_lines(context, [name for name, _ in part.vertex_rows], ",", names_room)
        for part in reading.parts
        if part.form == "vertices"
    ]
    room = TEXT_WIDTH - max(width(line) for lines in (*names.values(), *in_table) for line in lines) - _SIGN_WIDTH
    rows: list[list[str]] = []
    left_out = 0
    for row in ordered:
        if id(row) not in kept:
            left_out += 1
            continue
        if left_out:
            rows.append([_gap(left_out)])
        left_out = 0
        *before, left = names[id(row)]
        rows.append([*(f"{line}&" for line in before), *_row_lines(left, row, room)])
    if left_out:
        rows.append([_gap(left_out)])
    for *before, last in in_table:
        lines = [f"{line}&" for line in before] + [rf"{last})&\in\conv\{{\text{{the vertices in the table}}\}}"]
        rows.append([f"({lines[0]}", *lines[1:]])
    return rows


def _ends(rows: list[Row], most: int) -> list[Row]:
    """Return the rows, the middle of many left out."""
    return rows if len(rows) <= most else [*rows[: most // 2], *rows[-(most // 4) :]]


def _gap(left_out: int) -> str:
    return rf"&\ \vdots\quad\text{{({plural(left_out, 'more row')})}}"


def _row_lines(left: str, row: Row, room: float) -> list[str]:
    """Return the lines of a row, its value broken where it is wider than the room: a hull between its points."""
    sign = r"\in" if row.sign == "∈" else "="
    value = over_common_denominator(row.value)
    if not isinstance(value, Hull) or width(latex(value)) <= room:
        first, *rest = lines_of(value, room)
        return [f"{left}&{sign} {first}", *(f"&{line}" for line in rest)]
    points = [fitted(point, room - 40) for point in value.points]
    pieces = [r"\conv\{" + points[0] + ",", *(f"{p}," for p in points[1:-1]), points[-1] + r"\}"]
    lines = [f"{left}&{sign} "]
    for piece in pieces:
        if width(lines[-1].partition("&")[2] + piece) > room + _SIGN_WIDTH and not lines[-1].endswith(f"{sign} "):
            lines.append(r"&\quad{}")
        lines[-1] += piece
    return lines


def _vertex_table(context: Context, part: Part) -> list[Block]:
    """Return the vertices one a row where that fits, else block by block, each value with the vertices that have it."""
    points = read_points(context.function, context.notation, part.places, part.vertices)
    names = [context.line_name(line.name) for line in points.lines]
    rows = [(str(number), *map(_cell, values)) for number, values in enumerate(points.values, start=1)]
    header = ("", *names)
    if _grid_width(header, rows) <= TEXT_WIDTH:
        return [Grid("r" + "c" * len(names), header, folded(rows, "vertices"))]
    header = ("", r"\textnormal{value}", r"\textnormal{at vertices}")
    rows = []
    for name, levels in zip(names, points.levels, strict=True):
        for i, level in enumerate(levels):
            value = fitted(over_common_denominator(level.value), TEXT_WIDTH * _VALUE_SHARE)
            rows.append((name if i == 0 else "", value, rf"\textnormal{{{runs(level.at)}}}"))
    grids: list[list[tuple[str, ...]]] = [[]]
    n_lines = 0
    for cells in folded(rows, "values"):
        height = max(cell.count(r"\\") + 1 for cell in cells)
        if grids[-1] and n_lines + height > _MOST_LINES:
            grids.append([])
            n_lines = 0
        grids[-1].append(cells)
        n_lines += height
    return [Grid("lll", header, tuple(grid)) for grid in grids]


def _cell(value: Expression) -> str:
    return latex(over_common_denominator(value))


def _grid_width(header: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    return sum(max(map(width, column)) + 12 for column in zip(header, *rows, strict=True))


def parameter_value(context: Context, element: Sequence[Scalar]) -> str | None:
    """Return the θ of an element, for a set with one parameter; None for other sets."""
    reading = context.reading
    if reading is None or len(reading.parts) != 1 or len(reading.parts[0].parameters) != 1:
        return None
    part = reading.parts[0]
    for i, place in enumerate(part.places):
        if part.generators[0][i] != 0:
            theta = (element[place] - part.base[i]) / part.generators[0][i]
            return rf"\theta={context.number(theta)}"
    return None
