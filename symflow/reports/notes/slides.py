r"""Slides as plain data: frames of short parts, packed so that none is fuller than it can be.

How high a part is set is estimated, rather too much than too little; what does not fit into a frame goes to the next
one under the same title, and a formula that is wider or higher than a frame is left to the notes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar, final

from symflow.reports.latex_width import width
from symflow.reports.notes.document import Block, Formula, Fragment, Grid, Prose, Statement, Verdict
from symflow.reports.sources import without_citations

#: A frame of 160 mm by 90 mm: the width of its text, of that beside a picture, and its height, in points.
FRAME_WIDTH, BESIDE_WIDTH, FRAME_HEIGHT = 380.0, 242.0, 224.0

# A line of text, what a character takes, the room around a display, and the height of a picture, in points.
_LINE, _CHARACTER, _AROUND, _PICTURE = 13.6, 4.7, 10.0, 114.0

# What lies between the rows of an alignment.
_JOT = 3.0

#: The columns of a table of verdicts, in points; its text is small.
VERDICT_COLUMNS = (14.0, 178.0, 58.0, 112.0)
_SMALL, _SMALL_LINE = 0.85, 12.2

# What a table's row takes, and a number line.
_ROW, _NUMBER_LINE = 17.0, 74.0


@final
@dataclass(frozen=True, slots=True)
class Items:
    """A list of short sentences, LaTeX text."""

    items: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Boxed:
    """The formula that the frame is about."""

    formula: str


@final
@dataclass(frozen=True, slots=True)
class Mark:
    """A point on a number line.

    Parameters
    ----------
    place : float
        Where it stands.
    label : str
        Mathematics.
    is_inside : bool
        A dot, else a cross.
    """

    place: float
    label: str
    is_inside: bool


@final
@dataclass(frozen=True, slots=True)
class NumberLine:
    """A segment on a line, and points in it or outside.

    Parameters
    ----------
    symbol : str
        What runs along the line.
    name : str
        Of the segment.
    ends : pair of (place, label)
        In increasing order.
    marks : tuple of Mark
        What is held against it.
    """

    symbol: str
    name: str
    ends: tuple[tuple[float, str], tuple[float, str]]
    marks: tuple[Mark, ...]


@final
@dataclass(frozen=True, slots=True)
class Verdicts:
    """Statements in a table: number, statement, verdict, for what; a row of one cell counts what was left out."""

    rows: tuple[tuple[str, ...], ...]


_T = TypeVar("_T")

# Less than so much is not left on a frame of its own; in points.
_FEW_LINES = 60.0

# Behind the title of a frame that goes on with the one before.
_CONTINUED = r" {\mdseries\small(continued)}"

#: A table of more rows is set in small type, its rows closer.
MOST_ROWS = 9
_SMALL_ROW = 12.6

# Stands for what fits into no frame.
_GAP = Prose(r"\textcolor{quiet}{(What stands here in the notes is too long for a frame.)}")

#: What a frame is made of.
Part: TypeAlias = Prose | Formula | Grid | Items | Boxed | NumberLine | Verdicts


@final
@dataclass(frozen=True, slots=True)
class Frame:
    """A frame.

    Parameters
    ----------
    title : str
        LaTeX text.
    parts : tuple of Part
        One below the other.
    picture : str
        LaTeX that draws it, at the right of the first part; may be empty.
    """

    title: str
    parts: tuple[Part, ...]
    picture: str = ""


@final
@dataclass(frozen=True, slots=True)
class Slides:
    """The whole: its title (LaTeX text), what it is about, its frames."""

    title: str
    source: str
    frames: tuple[Frame, ...]


# ---------------------------------------------------------------------- how large things are


def text_width(text: str) -> float:
    r"""Return about how wide text with formulas between dollars is in one line, in points.

    Examples
    --------
    >>> text_width("a kink at $w$") > text_width("a kink")
    True
    """
    pieces = text.split("$")
    words = sum(len(re.sub(r"\\[a-zA-Z]+\{?|[{}]", "", piece)) for piece in pieces[::2])
    return _CHARACTER * words + sum(width(piece) + 2 for piece in pieces[1::2])


def widest_formula(text: str) -> float:
    """Return how wide the widest formula in a text is: it cannot be broken."""
    return max((width(piece) for piece in text.split("$")[1::2]), default=0.0)


def _rows(formula: str) -> int:
    """Return how many rows the highest matrix or list of cases in a formula has."""
    if re.search(r"\\begin\{(?:cases|aligned|gather)", formula):  # matrices may stand in its rows
        return formula.count(r"\\") + 1
    inner = re.findall(r"\\begin\{(?:pmatrix|array)\}(.*?)\\end\{", formula, re.DOTALL)
    return max((text.count(r"\\") + 1 for text in inner), default=1)


def _lines(text: str, room: float) -> float:
    heights = max((_rows(piece) for piece in text.split("$")[1::2]), default=1)
    return math.ceil(text_width(text) / (0.97 * room)) + (heights - 1 if heights > 1 else 0)


def height(part: Part, room: float = FRAME_WIDTH) -> float:
    """Return about how high a part is set, in points."""
    match part:
        case Prose():
            result = _lines(part.text, room) * _LINE + 3 if part.text else 0.0
            return result if part.verdict is None or is_in_line(part) else result + _known_height(part.verdict)
        case Formula():
            return sum(_LINE * 1.25 * _rows(line) + _JOT * (_rows(line) - 1) + 4 for line in part.lines) + _AROUND
        case Boxed():
            return _LINE * 1.25 * _rows(part.formula) + _AROUND + 7
        case Grid():
            return (_ROW if len(part.rows) <= MOST_ROWS else _SMALL_ROW) * (len(part.rows) + 1) + _AROUND + 6
        case Items():
            return sum(_lines(item, room - 18) * _LINE + 4 for item in part.items) + 8
        case NumberLine():
            return _NUMBER_LINE
        case Verdicts():
            return _SMALL_LINE * (sum(map(_verdict_lines, part.rows)) + 1) + 14


def _verdict_lines(row: tuple[str, ...]) -> int:
    """Return how many lines a row of a table of verdicts takes."""
    if len(row) == 1:
        return 1
    return max(math.ceil(_SMALL * text_width(cell) / room) for cell, room in zip(row, VERDICT_COLUMNS, strict=True))


def is_in_line(prose: Prose) -> bool:
    """Whether the verdict stands at the end of the text's one line."""
    verdict = prose.verdict
    if verdict is None or not prose.text:
        return False
    return text_width(prose.text) + 0.85 * text_width(known_text(verdict)) + 50 < FRAME_WIDTH


def known_text(verdict: Verdict) -> str:
    """Return for what and by what, in one line."""
    return "; ".join(filter(None, (verdict.scope, verdict.ground)))


def _known_height(verdict: Verdict) -> float:
    return 12.0 * math.ceil((0.85 * text_width(known_text(verdict)) + 60) / FRAME_WIDTH) + 2


def fits(part: Part, room: float = FRAME_WIDTH) -> bool:
    """Whether a part can stand in a frame at all."""
    if height(part, room) > FRAME_HEIGHT:
        return False
    match part:
        case Prose():
            return widest_formula(part.text) <= 0.9 * room
        case Formula():
            return all(width(line) <= 0.97 * room for line in part.lines)
        case Boxed():
            return width(part.formula) <= room - 25
        case Grid():
            columns = zip(part.header, *(row for row in part.rows if len(row) > 1), strict=False)
            return sum(max(map(width, column)) + 12 for column in columns) <= room
        case Items():
            return all(widest_formula(item) <= room - 30 for item in part.items)
        case NumberLine() | Verdicts():
            return True


# ---------------------------------------------------------------------- packing


def packed(frame: Frame) -> tuple[Frame, ...]:
    """Return a frame as one or several that are not too full; what fits in none is left out."""
    parts, picture = list(frame.parts), frame.picture
    if picture and not (parts and isinstance(parts[0], Items) and fits(parts[0], BESIDE_WIDTH)):
        if not parts:
            return (frame,)
        return (*packed(replace(frame, picture="")), Frame("The cells in input space", (), picture))
    frames: list[list[list[Part]]] = [[]]
    used = 0.0
    for group in _groups(_with_gaps(broken for part in parts for broken in _in_pieces(part))):
        needed = _height(group)
        if picture and len(frames) == 1 and not frames[0]:
            needed += max(height(group[0], BESIDE_WIDTH), _PICTURE) - height(group[0])
        if frames[-1] and used + needed > FRAME_HEIGHT:
            frames.append([])
            used = 0.0
        frames[-1].append(group)
        used += needed
    _balance(frames)
    return tuple(
        Frame(
            frame.title if number == 0 else f"{frame.title}{_CONTINUED}",
            tuple(part for group in groups for part in group),
            "" if number else picture,
        )
        for number, groups in enumerate(frames)
        if groups
    )


def _height(group: Iterable[Part]) -> float:
    return sum(map(height, group))


def _balance(frames: list[list[list[Part]]]) -> None:
    """Let no last frame be nearly empty: it takes over what stands at the end of the one before."""
    while len(frames) > 1 and len(frames[-2]) > 1:
        last = sum(map(_height, frames[-1]))
        moved = _height(frames[-2][-1])
        if last > _FEW_LINES or last + moved > FRAME_HEIGHT:
            return
        frames[-1].insert(0, frames[-2].pop())


def _in_pieces(part: Part) -> list[Part]:
    """Return a table, a list of cases or rows of a display as several where they are too high for a frame."""
    if height(part) <= FRAME_HEIGHT:
        return [part]
    if isinstance(part, Grid):
        return [replace(part, rows=rows) for rows in _chunks(part.rows, lambda rows: replace(part, rows=rows))]
    if isinstance(part, Items):
        return [Items(items) for items in _chunks(part.items, Items)]
    if not isinstance(part, Formula):
        return [part]
    if len(part.lines) > 1:
        return [Formula(lines) for lines in _chunks(part.lines, Formula)]
    found = re.fullmatch(r"(.*?\\begin\{(cases|aligned)\})(.*)(\\end\{\2\}.*)", part.lines[0], re.DOTALL)
    if found is None or r"\begin" in found[3]:
        return [part]

    def display(rows: tuple[str, ...]) -> Formula:
        return Formula((found[1] + "\n    " + "\\\\\n    ".join(rows) + "\n  " + found[4],))

    rows = tuple(row.strip("\n ") for row in found[3].split(r"\\"))
    # A case goes on in rows without a value, and may not be broken in the middle.
    whole: list[str] = []
    for row in rows:
        if whole and found[2] == "cases" and row.startswith(("&", r"\qquad")):
            whole[-1] += "\\\\\n    " + row
        else:
            whole.append(row)
    return [display(chunk) for chunk in _chunks(tuple(whole), display)]


def _chunks(items: Sequence[_T], whole: Callable[[tuple[_T, ...]], Part]) -> list[tuple[_T, ...]]:
    """Return items in pieces of about the same length, none of which is too high for a frame."""
    for count in range(2, len(items) + 1):
        size = math.ceil(len(items) / count)
        chunks = [tuple(items[i : i + size]) for i in range(0, len(items), size)]
        if all(height(whole(chunk)) <= FRAME_HEIGHT for chunk in chunks):
            return chunks
    return [tuple(items)]


def _with_gaps(parts: Iterable[Part]) -> list[Part]:
    """Return parts with a remark in place of those that fit into no frame."""
    found: list[Part] = []
    for part in parts:
        kept = part if fits(part) else _GAP
        if kept is not _GAP or not found or found[-1] is not _GAP:
            found.append(kept)
    return found


def _groups(parts: Iterable[Part]) -> list[list[Part]]:
    """Return parts that stay together: a verdict with what it is about, a formula with the words before and behind."""
    groups: list[list[Part]] = []
    for part in parts:
        last = groups[-1][-1] if groups else None
        is_verdict = isinstance(part, Prose) and not part.text
        is_said = isinstance(part, Formula | Boxed | Grid) and isinstance(last, Prose) and not last.text.endswith(".")
        is_where = isinstance(part, Prose) and part.text.startswith("where ") and isinstance(last, Formula)
        if groups and (is_verdict or is_said or is_where) and sum(map(height, [*groups[-1], part])) <= FRAME_HEIGHT:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


# ---------------------------------------------------------------------- what the notes say, on slides


def parts_of(blocks: Iterable[Block]) -> tuple[Part, ...]:
    """Return blocks of the notes as parts of frames: statements without their proofs."""
    found: list[Part] = []
    for block in blocks:
        match block:
            case Prose():
                text = without_citations(_without_places(block.text))
                if text or block.verdict is not None:
                    found.append(Prose(text, block.verdict))
            case Formula() | Grid():
                found.append(block)
            case Statement():
                found += parts_of(block.body)
                if block.verdict is not None:
                    found.append(Prose("", block.verdict))
            case Fragment():
                found += _of_fragment(block.text)
    return _together(found)


def _without_places(text: str) -> str:
    """Leave out sentences that name files or sections of the notes."""
    sentences = re.split(r"(?<=[.;]) (?=[A-Z$])", text)
    return " ".join(each for each in sentences if r"\ref" not in each and r"\texttt" not in each)


def _of_fragment(text: str) -> list[Part]:
    """Return running LaTeX, its displays apart."""
    found: list[Part] = []
    for index, piece in enumerate(re.split(r"\\\[(.*?)\\\]", text, flags=re.DOTALL)):
        stripped = piece.strip()
        if index % 2:
            found.append(Formula((stripped,)))
        elif stripped:
            found.append(Prose(" ".join(stripped.split())))
    return found


def _together(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Let a verdict stand beside the last sentence before it."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if (
            isinstance(part, Prose)
            and not part.text
            and isinstance(last, Prose)
            and last.verdict is None
            and is_in_line(replace(last, verdict=part.verdict))
        ):
            found[-1] = replace(last, verdict=part.verdict)
        else:
            found.append(part)
    return tuple(found)
