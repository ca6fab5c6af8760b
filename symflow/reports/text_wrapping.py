"""Sentences broken into lines of a given width, formulas kept whole where they fit."""

from __future__ import annotations

import re
from collections.abc import Callable

from symflow.reports.expressions import Hull, Sentence
from symflow.reports.linear_text import linear_text

# Stands for a space at which no line may break; it never occurs in a text, since titles are cleaned.
GLUE = "\x00"


def wrapped(text: str, first: int, rest: int) -> list[str]:
    """Return text in lines: the first of at most `first` columns, the others of at most `rest`.

    Runs of spaces are kept inside a line. A word that is longer than a whole line is cut.

    Examples
    --------
    >>> wrapped("one two  three", 8, 8), wrapped("abcdefgh", 3, 5)
    (['one two', 'three'], ['abc', 'defgh'])
    """
    lines: list[str] = []
    line = ""
    for space, word in re.findall(r"( *)([^ ]+)", text):
        room = rest if lines else first
        if line and len(line) + len(space) + len(word) <= room:
            line += space + word
            continue
        if line:
            lines.append(line)
            room = rest
        while len(word) > room:
            lines.append(word[:room])
            word, room = word[room:], rest
        line = word
    if line or not lines:
        lines.append(line)
    return [each.replace(GLUE, " ") for each in lines]


def glued(sentence: Sentence, width: int, *, full: bool, translate: Callable[[str], str]) -> str:
    r"""Return a sentence as text in which the formulas that fit into a line do not break.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> from symflow.reports.expressions import Rational, Vector
    >>> pair = Vector((Rational(fmpq(1)), Rational(fmpq(2))))
    >>> glued(("the point ", pair), 20, full=False, translate=str)
    'the point (1,\x002)'
    """
    pieces = []
    for piece in sentence:
        if isinstance(piece, str):
            pieces.append(translate(piece))
        else:
            written = translate(linear_text(piece, full=full))
            if isinstance(piece, Hull) and len(written) > width:  # it breaks between its points
                for point in piece.points:
                    inside = translate(linear_text(point, full=full))
                    written = written.replace(inside, inside.replace(" ", GLUE)) if len(inside) <= width else written
            pieces.append(written.replace(" ", GLUE) if len(written) <= width else written)
    return "".join(pieces)
