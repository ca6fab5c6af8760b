r"""The slides that close a lecture: the table of all statements with their verdicts, and the catalogue's by verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.reports.notes.catalogue import catalogue_of, titles_by_verdict
from symflow.reports.notes.document import SIGNS, Entry, folded
from symflow.reports.notes.slides import FRAME_HEIGHT, Frame, Items, Verdicts, height

# Of one verdict so many statements of the catalogue are named; the others are counted.
_MOST_NAMES = 18

# What is said of a place in the notes, and what it is on a slide.
_PLACES = (
    (re.compile(r" of Theorem~\\ref\{clarke\}"), ""),
    (re.compile(r" as in Section~\\ref\{gradient\}"), " by the chain rule"),
)


def statement_frames(
    entries: Sequence[Entry], theorems: Sequence[Theorem] = (), widths: Sequence[int] = ()
) -> tuple[Frame, ...]:
    r"""Return the frames; none where there are no statements.

    Parameters
    ----------
    entries : sequence of Entry
        The statements of the notes.
    theorems : sequence of Theorem
        What became of the catalogue's claims.
    widths : sequence of int
        Those of the net.

    Examples
    --------
    >>> entry = Entry(r"$S$ is the segment of Theorem~\ref{clarke}", "proved", "this net")
    >>> (frame,) = statement_frames([entry])
    >>> frame.title, frame.parts[0].rows
    ('All statements', (('1', '$S$ is the segment', 'proved', 'this net'),))
    """
    rows = [(str(i), _on_a_slide(each.statement), each.word, each.scope) for i, each in enumerate(entries, start=1)]
    frames = [Frame("All statements", (Verdicts(chunk),)) for chunk in _chunks(folded(rows, "statements"))]
    here = catalogue_of(theorems, widths).here
    if here:
        frames.append(Frame("Of the catalogue, about this net", (Items(_by_verdict(here)),)))
    return tuple(frames)


def _on_a_slide(statement: str) -> str:
    for place, words in _PLACES:
        statement = place.sub(words, statement)
    return statement


def _chunks(rows: Sequence[tuple[str, ...]]) -> list[tuple[tuple[str, ...], ...]]:
    """Return rows in pieces, none of them higher than a frame."""
    chunks: list[tuple[tuple[str, ...], ...]] = []
    for row in rows:
        if chunks and height(Verdicts((*chunks[-1], row))) <= FRAME_HEIGHT:
            chunks[-1] = (*chunks[-1], row)
        else:
            chunks.append((row,))
    return chunks


def _by_verdict(claims: Sequence[Claim]) -> tuple[str, ...]:
    items = []
    for word, titles in titles_by_verdict(claims):
        more = len(titles) - _MOST_NAMES
        named = ", ".join(titles[:_MOST_NAMES]) + (f", and {more} more" if more > 0 else "")
        items.append(rf"\footnotesize\textcolor{{{word}}}{{${SIGNS[word]}$ {word}}}: {named}")
    return tuple(items)
