"""A document: a closed tree of blocks, the same for the terminal, the lecture notes and the page.

A document says what is on it, in which order, and with which verdicts; a format (``formats/``) says how that looks.
Its order is always the same: what problem it is, the answer in one sentence with its verdict, the formula, the facts,
how it is known. A reader who stops after the answer is right.

Folding is the format's business: a table holds all its rows, an expression all its digits.

Examples
--------
>>> Document((Title(("A kink.",)), Answer(("∂f(0) is a segment.",), Tag("exact")))).blocks[1].tag.word
'exact'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final

from symflow.reports.expressions import Expression, Sentence

#: The words a verdict can be. ``accepted`` and ``rejected`` are those of ``symflow verify``; ``computed`` is a number
#: to so many digits that nothing proves.
VerdictWord = Literal[
    "exact",
    "proved",
    "refuted",
    "enclosed",
    "computed",
    "conditional",
    "vacuous",
    "undecided",
    "accepted",
    "rejected",
]


@final
@dataclass(frozen=True, slots=True)
class Tag:
    """A verdict: its word, and for what or by how much where that is to be said.

    Parameters
    ----------
    word : VerdictWord
        A format adds sign and colour, which repeat it.
    scope : str
        Such as ``"for shape 2-2-1"`` or ``"50 digits"``; often empty.
    """

    word: VerdictWord
    scope: str = ""


@final
@dataclass(frozen=True, slots=True)
class Title:
    """The one line that names the problem."""

    sentence: Sentence


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """The answer in one sentence, with its verdict."""

    sentence: Sentence
    tag: Tag | None


@final
@dataclass(frozen=True, slots=True)
class Equation:
    """One line of a display: ``W1[1,·]  =  −τ (1, 1)``.

    Parameters
    ----------
    left : Sentence
        Empty where the line continues the one above.
    sign : str
        ``=``, ``∈`` or a word such as ``contains``; empty where there is none.
    right : Sentence
        Often one expression.
    """

    left: Sentence
    sign: str
    right: Sentence


@final
@dataclass(frozen=True, slots=True)
class Display:
    """Equations aligned at their signs, and what their letters mean.

    Parameters
    ----------
    equations : tuple of Equation
        In order; all are kept, a format may fold.
    where : tuple of Sentence
        Definitions and ranges, such as ``τ = (1−θ) + θ c`` and ``0 ≤ θ ≤ 1``; set beside or below.
    """

    equations: tuple[Equation, ...]
    where: tuple[Sentence, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is to be said under it, one or more sentences, each beginning on a line of its own."""

    label: str
    sentences: tuple[Sentence, ...]


@final
@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in two columns.

    Parameters
    ----------
    facts : tuple of Fact
        In order.
    is_grounds : bool
        Whether they say how the answer is known (set apart, in grey where there is colour).
    """

    facts: tuple[Fact, ...]
    is_grounds: bool = False


@final
@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header, of which a format may fold the middle.

    Parameters
    ----------
    header : tuple of Sentence
        One a column; all empty where there is no header.
    rows : tuple of tuple of Sentence
        Each as long as the header.
    rows_are : str
        What a row is, in the plural, for the line that counts the folded ones: ``"vertices"``.
    numeric : tuple of int
        Columns (from 0) that are aligned at the right.
    choices : tuple of tuples of int
        Which columns to show, the best choice first; a format takes the first that fits. All of them where it is
        empty.
    n_left_out : int
        How many rows are missing in the middle: those of a large result are not even made.
    flag : str
        The option that shows all rows.
    """

    header: tuple[Sentence, ...]
    rows: tuple[tuple[Sentence, ...], ...]
    rows_are: str = "rows"
    numeric: tuple[int, ...] = ()
    choices: tuple[tuple[int, ...], ...] = ()
    n_left_out: int = 0
    flag: str = "--full"


@final
@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    sentence: Sentence


@final
@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a document, with a verdict where it has one.

    Parameters
    ----------
    sentence : Sentence
        A few words.
    level : int
        1 for a section.
    tag : Tag or None
        The verdict.
    """

    sentence: Sentence
    level: int = 1
    tag: Tag | None = None


@final
@dataclass(frozen=True, slots=True)
class Statement:
    """A proposition with its proof, for the notes.

    Parameters
    ----------
    kind : str
        ``"Proposition"``, ``"Theorem"``, ``"Remark"``, ``"Example"``.
    name : str
        In parentheses behind it; may be empty.
    body, proof : tuple of Block
        The proof may be empty.
    tag : Tag or None
        The verdict, set in the margin.
    grounds : tuple of Sentence
        For what, and by what; at most three lines.
    """

    kind: str
    name: str
    body: tuple[Block, ...]
    proof: tuple[Block, ...] = ()
    tag: Tag | None = None
    grounds: tuple[Sentence, ...] = ()


#: What a document is made of.
Block: TypeAlias = Title | Answer | Display | Facts | Table | Paragraph | Heading | Statement


@final
@dataclass(frozen=True, slots=True)
class Document:
    """Blocks in reading order."""

    blocks: tuple[Block, ...]


def words(text: str) -> Sentence:
    """Return plain words as a sentence.

    Examples
    --------
    >>> words("no kink")
    ('no kink',)
    """
    return (text,)


def formula(expression: Expression) -> Sentence:
    """Return one expression as a sentence."""
    return (expression,)
