"""The terminal: a document as plain text, at most 92 columns, in Unicode or in ASCII.

Two spaces of indent, no boxes. The verdict stands at the right edge, a sign and a word; the sign and the colour repeat
the word and never replace it. Facts stand in two columns. Tables of more than 24 rows keep the first twelve and the
last four, with a count between them and the flag that shows all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, final

from symflow.formats.base import FORMATS, AbstractFormat
from symflow.reports.ascii_signs import to_ascii
from symflow.reports.document import (
    Answer,
    Display,
    Document,
    Facts,
    Heading,
    Paragraph,
    Statement,
    Table,
    Tag,
    Title,
)
from symflow.reports.expressions import Sentence
from symflow.reports.text_columns import NARROWEST_GAP, grid
from symflow.reports.text_wrapping import GLUE, glued, wrapped
from symflow.reports.verdict_signs import SIGNS

#: Never wider, and never narrower: a narrower terminal breaks the lines itself.
WIDEST, NARROWEST = 92, 40

# The right edge of sentences and verdicts; tables may go on to the last column.
_RIGHT_EDGE = 88

_INDENT, _FORMULA_INDENT, _LABEL = 2, 6, 18

#: More rows than this fold.
MOST_ROWS, FIRST_ROWS, LAST_ROWS = 24, 12, 4

_HOLDS, _FAILS = "\x1b[38;5;25m", "\x1b[38;5;166m"
_COLOURS = dict.fromkeys(("exact", "proved", "accepted", "enclosed"), _HOLDS) | dict.fromkeys(
    ("refuted", "rejected"), _FAILS
)


def render(
    document: Document, width: int = WIDEST, ascii: bool = False, colour: bool = False, full: bool = False
) -> str:
    """Return a document as plain text.

    Parameters
    ----------
    document : Document
        What is to be said.
    width : int
        Columns; at most 92 are used, and at least 40.
    ascii : bool
        No Unicode.
    colour : bool
        Verdicts in colours 25 and 166 of a terminal's 256.
    full : bool
        Fold and cut nothing.

    Examples
    --------
    >>> document = Document((Title(("A kink.",)), Answer(("∂f(0) = {1}.",), Tag("exact"))))
    >>> print(render(document, width=40, ascii=True))
    <BLANKLINE>
      A kink.
    <BLANKLINE>
      df(0) = {1}.                   [exact]
    <BLANKLINE>
    """
    return PlainText(width=width, ascii=ascii, colour=colour, full=full).document(document)


@final
@FORMATS.register("plain_text")
class PlainText(AbstractFormat):
    """Plain text for a terminal; see :func:`render`."""

    name: ClassVar[str] = "plain_text"

    def __init__(self, *, width: int = WIDEST, ascii: bool = False, colour: bool = False, full: bool = False) -> None:
        self.width = max(NARROWEST, min(width, WIDEST))
        self.edge = min(self.width, _RIGHT_EDGE)
        self.ascii, self.colour, self.full = ascii, colour, full

    def joined(self, blocks: list[str]) -> str:
        """Return the blocks with blank lines before, between and no space at line ends."""
        text = "\n" + "\n".join(block for block in blocks if block)
        return "\n".join(line.rstrip() for line in text.split("\n"))

    def title(self, block: Title) -> str:
        """Return the line that names the problem, broken where it is long."""
        return self._lines(wrapped(self._text(_cleaned(block.sentence)), *self._room(_INDENT)))

    def answer(self, block: Answer) -> str:
        """Return the answer, the verdict at the right edge of its last line."""
        lines = wrapped(self._text(block.sentence), *self._room(_INDENT))
        if block.tag is not None:
            lines = self._with_tag(lines, block.tag)
        return self._lines(lines)

    def display(self, block: Display) -> str:
        """Return equations aligned at their signs, what their letters mean beside or below them."""
        lefts = [self._text(equation.left) for equation in block.equations]
        signs = [self._translate(equation.sign) for equation in block.equations]
        left_width = min(max(map(len, lefts), default=0), self.width // 3)
        sign_width = max(map(len, signs), default=0)
        gap = 2 if left_width else 0
        start = left_width + gap + sign_width + 2
        rows: list[list[str]] = []
        for left, sign, equation in zip(lefts, signs, block.equations, strict=True):
            room = self.edge - _FORMULA_INDENT - start
            right = wrapped(self._text(equation.right, room), room, room)
            head = wrapped(left, left_width, left_width)
            head += [""] * (len(right) - len(head))
            right += [""] * (len(head) - len(right))
            lines = []
            for i, (a, b) in enumerate(zip(head, right, strict=True)):
                mark = sign if i == 0 else ""
                lines.append(f"{a.replace(GLUE, ' '):<{left_width + gap}}{mark:<{sign_width}}  {b}")
            rows.append(lines)
        lines = self._folded(rows)
        where = [self._text(sentence) for sentence in block.where]
        beside = self._beside(lines, where)
        if beside is None:
            room = self.edge - _FORMULA_INDENT
            beside = [*lines, *([""] if lines and where else [])]
            beside += [line for sentence in where for line in wrapped(sentence, room, room)]
        return self._lines(beside, indent=_FORMULA_INDENT)

    def facts(self, block: Facts) -> str:
        """Return labels in one column and what is said in the other."""
        lines = []
        room = self.edge - _INDENT - _LABEL
        for fact in block.facts:
            label = self._translate(fact.label)
            for sentence in fact.sentences:
                for line in wrapped(self._text(sentence, room), room, room):
                    if len(label) >= _LABEL:
                        lines.append(label)
                        label = ""
                    lines.append(f"{label:<{_LABEL}}{line}")
                    label = ""
        return self._lines(lines)

    def table(self, block: Table) -> str:
        """Return a table; columns are left out as it allows, and the widest are broken where it is too wide."""
        header = [self._text(cell) for cell in block.header]
        rows = [[self._text(cell) for cell in row] for row in block.rows]
        n_hidden = block.n_left_out
        if not self.full and not n_hidden and block.flag == "--full" and len(rows) > MOST_ROWS:
            n_hidden = len(rows) - FIRST_ROWS - LAST_ROWS
            rows = rows[:FIRST_ROWS] + rows[-LAST_ROWS:]
        note = self._translate(f"…  ({n_hidden} more {block.rows_are}; {block.flag}, or --json)") if n_hidden else ""
        columns = self._chosen(block, [header, *rows])
        header, *rows = ([row[column] for column in columns] for row in [header, *rows])
        numeric = [place for place, column in enumerate(columns) if column in block.numeric]
        lines = grid(header, rows, self.width - _INDENT, numeric, FIRST_ROWS if note else None, note)
        return self._lines(lines)

    def _chosen(self, block: Table, table: Sequence[Sequence[str]]) -> Sequence[int]:
        """Return the columns to show: the first choice that fits, or the last one; in full the first."""
        choices = block.choices or (tuple(range(len(block.header))),)
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for columns in choices:
            if self.full or sum(widths[i] + NARROWEST_GAP for i in columns) - NARROWEST_GAP <= self.width - _INDENT:
                return columns
        return choices[-1]

    def paragraph(self, block: Paragraph) -> str:
        """Return running text."""
        return self._lines(wrapped(self._text(block.sentence), *self._room(_INDENT)))

    def heading(self, block: Heading) -> str:
        """Return a heading, its verdict at the right edge."""
        lines = wrapped(self._text(block.sentence), *self._room(_INDENT))
        return self._lines(lines if block.tag is None else self._with_tag(lines, block.tag))

    def statement(self, block: Statement) -> str:
        """Return a proposition, its body, its proof and how it is known."""
        head = f"{block.kind} ({block.name})." if block.name else f"{block.kind}."
        lines = [self._translate(head)]
        texts = [self._lines(lines if block.tag is None else self._with_tag(lines, block.tag))]
        texts += [self.block(each) for each in (*block.body, *block.proof)]
        for sentence in block.grounds:
            texts.append(self._lines(wrapped(self._text(sentence), *self._room(_INDENT))))
        return "\n".join(texts)

    # ------------------------------------------------------------------ pieces

    def _translate(self, text: str) -> str:
        return to_ascii(text) if self.ascii else text

    def _text(self, sentence: Sentence, room: int | None = None) -> str:
        width = self.edge - _FORMULA_INDENT if room is None else room
        return glued(sentence, width, full=self.full, translate=self._translate)

    def _room(self, indent: int) -> tuple[int, int]:
        return self.edge - indent, self.edge - indent

    def _lines(self, lines: Sequence[str], indent: int = _INDENT) -> str:
        return "".join(f"{' ' * indent}{line}\n" for line in lines)

    def _with_tag(self, lines: list[str], tag: Tag) -> list[str]:
        """Set the verdict at the right edge of the last line, or of a line of its own."""
        word = f"{tag.word}, {tag.scope}" if tag.scope else tag.word
        written = f"[{self._translate(word)}]" if self.ascii else f"{SIGNS[tag.word]} {word}"
        room = self.edge - _INDENT
        *before, last = lines or [""]
        if len(last) + 2 + len(written) > room:
            before, last = [*before, last], ""
        padding = max(room - len(last) - len(written), 0)
        if self.colour and tag.word in _COLOURS:
            written = f"{_COLOURS[tag.word]}{written}\x1b[0m"
        return [*before, last + " " * padding + written]

    def _beside(self, lines: list[str], where: list[str]) -> list[str] | None:
        """Return the lines with the definitions at their right, or None where they do not fit."""
        if not where or len(where) > len(lines):
            return None if where else lines
        start = max(len(line.rstrip()) for line in lines) + 4
        start = max(start, min(31, self.edge - _FORMULA_INDENT - max(map(len, where))))
        if any(start + len(sentence) > self.edge - _FORMULA_INDENT for sentence in where):
            return None
        texts = [sentence.replace(GLUE, " ") for sentence in where] + [""] * (len(lines) - len(where))
        return [f"{line:<{start}}{text}" for line, text in zip(lines, texts, strict=True)]

    def _folded(self, rows: list[list[str]]) -> list[str]:
        """Return the lines of all equations, or of the first and the last ones."""
        if self.full or len(rows) <= MOST_ROWS:
            return [line for row in rows for line in row]
        note = f"…  ({len(rows) - FIRST_ROWS - LAST_ROWS} more; --full, or --json)"
        kept = [*rows[:FIRST_ROWS], [self._translate(note)], *rows[-LAST_ROWS:]]
        return [line for row in kept for line in row]


def _cleaned(sentence: Sentence) -> Sentence:
    """Return a sentence whose words, which a user may have written, hold nothing that moves the cursor."""
    return tuple(
        "".join(c if c.isprintable() else " " for c in piece) if isinstance(piece, str) else piece for piece in sentence
    )
