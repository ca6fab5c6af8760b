r"""Lecture notes as plain data: sections of prose, formulas, tables and statements with their verdicts.

All strings are LaTeX: text in prose, mathematics in formulas and in the cells of tables.

>>> Statement("Theorem", (Prose("It is."),), Verdict("proved", "this net", "exact")).verdict.word
'proved'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal, TypeAlias, final, get_args

from symflow.proofs.claim import Claim
from symflow.reports.sources import Source, cited
from symflow.reports.verdict_signs import LATEX_SIGNS

#: The verdicts that notes give.
Word = Literal["proved", "refuted", "enclosed", "conditional", "vacuous", "undecided"]

#: Their signs, mathematics; they repeat the word and never replace it.
SIGNS: Mapping[Word, str] = {word: LATEX_SIGNS[word] for word in get_args(Word)}


@final
@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands in the margin: the word, for what, and by what.

    Parameters
    ----------
    word : Word
        A format adds sign and colour, which repeat it.
    scope : str
        For what: ``this net, these data``.
    ground : str
        By what: ``polynomial identity``.
    """

    word: Word
    scope: str
    ground: str


@final
@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph.

    Parameters
    ----------
    text : str
        LaTeX text.
    verdict : Verdict or None
        Beside it.
    continues : bool
        Whether it goes on after a formula, without an indent.
    """

    text: str
    verdict: Verdict | None = None
    continues: bool = False


@final
@dataclass(frozen=True, slots=True)
class Formula:
    r"""A display.

    Parameters
    ----------
    lines : tuple of str
        One is centred; of several, those with an ``&`` are aligned there, else each is centred.
    """

    lines: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Grid:
    """A small table in a display, its cells mathematics.

    Parameters
    ----------
    columns : str
        As ``array`` takes them: ``"ccl"``.
    header : tuple of str
        One a column; empty where there is none.
    rows : tuple of tuple of str
        A row with a single cell goes over all columns (it counts what was left out).
    """

    columns: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@final
@dataclass(frozen=True, slots=True)
class LongTable:
    """A table of text that may run over pages.

    Parameters
    ----------
    columns : str
        As ``longtable`` takes them.
    header : tuple of str
        One a column.
    rows : tuple of tuple of str
        As in :class:`Grid`.
    """

    columns: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@final
@dataclass(frozen=True, slots=True)
class Statement:
    """A theorem, proposition or remark.

    Parameters
    ----------
    kind : str
        ``Theorem``, ``Proposition`` or ``Remark``.
    body : tuple of Block
        With its hypotheses.
    verdict : Verdict
        In the margin.
    proof : tuple of Block
        May be empty.
    label : str
        What a reference calls it; may be empty.
    name : str
        In brackets behind its number; may be empty.
    """

    kind: Literal["Theorem", "Proposition", "Remark"]
    body: tuple[Block, ...]
    verdict: Verdict | None = None
    proof: tuple[Block, ...] = ()
    label: str = ""
    name: str = ""


@final
@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section."""

    title: str
    blocks: tuple[Block, ...]


@final
@dataclass(frozen=True, slots=True)
class Fragment:
    """LaTeX that another command prints, as it stands (``symflow derive --latex``)."""

    text: str


@final
@dataclass(frozen=True, slots=True)
class Beside:
    """Blocks with a picture at their right.

    Parameters
    ----------
    blocks : tuple of Block
        At the left, no wider than three fifths of a line.
    picture : str
        LaTeX that draws it.
    is_below : bool
        Whether the blocks are wider, and the picture stands below them.
    """

    blocks: tuple[Block, ...]
    picture: str
    is_below: bool = False


#: What a section is made of.
Block: TypeAlias = Prose | Formula | Grid | LongTable | Fragment | Statement | Beside


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of all statements.

    Parameters
    ----------
    statement : str
        In a few words.
    word : Word
        Its verdict.
    scope : str
        For what.
    ground : str
        By what.
    """

    statement: str
    word: Word
    scope: str
    ground: str = ""


@final
@dataclass(frozen=True, slots=True)
class Chapter:
    """A section with the entries it makes in the list of all statements."""

    section: Section
    entries: tuple[Entry, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Notes:
    """The whole.

    Parameters
    ----------
    title : str
        LaTeX text.
    source : str
        What was studied, for the comment in the first line.
    abstract : str
        The answer in a few sentences.
    sections : tuple of Section
        In reading order.
    entries : tuple of Entry
        All statements.
    catalogue : tuple of Claim
        The claims of the catalogue about this net, and those in general.
    """

    title: str
    source: str
    abstract: str
    sections: tuple[Section, ...]
    entries: tuple[Entry, ...] = ()
    catalogue: tuple[tuple[Claim, ...], tuple[Claim, ...]] = ((), ())

    @property
    def references(self) -> tuple[Source, ...]:
        """What is cited."""
        return cited(texts_of(self))


def texts_of(part: object) -> Iterator[str]:
    """Return all texts in a part of notes.

    Examples
    --------
    >>> list(texts_of(Section("A kink", (Prose("It is one."), Formula(("0=0",))))))
    ['A kink', 'It is one.', '0=0']
    """
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from texts_of(each)
    elif is_dataclass(part) and not isinstance(part, Claim):
        for field in fields(part):
            yield from texts_of(getattr(part, field.name))


# More rows are folded: the first ones, a count, the last ones.
MOST_ROWS, FIRST_ROWS, LAST_ROWS = 24, 12, 4


def folded(rows: Sequence[tuple[str, ...]], what: str) -> tuple[tuple[str, ...], ...]:
    """Return rows with the middle of a long list replaced by a count.

    Examples
    --------
    >>> folded([(str(i),) for i in range(30)], "cells")[12]
    ('14 more cells',)
    """
    if len(rows) <= MOST_ROWS:
        return tuple(rows)
    left_out = len(rows) - FIRST_ROWS - LAST_ROWS
    return (*rows[:FIRST_ROWS], (f"{left_out} more {what}",), *rows[-LAST_ROWS:])
