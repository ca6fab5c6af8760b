"""A page: what ``symflow report`` shows, as plain data, before anybody decides how it looks.

Its order is that of every document: the answer first, in a paragraph; the map and what is chosen on it; what is known,
each statement with its verdict; then tables that say the same once more for those who have no script, or no screen.

``data`` is what the page's script chooses from: exact numbers as strings, never computed with again where they are
shown (``map_data.py``, ``flow_data.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from symflow.reports.document import Document, Table, Tag
from symflow.reports.expressions import Sentence


@final
@dataclass(frozen=True, slots=True)
class Known:
    """A statement with its verdict, and how it is known."""

    statement: Sentence
    tag: Tag
    how: Sentence


@final
@dataclass(frozen=True, slots=True)
class Section:
    """A table under a heading.

    Parameters
    ----------
    heading : str
        What its rows are.
    table : Table
        All its rows.
    prefix : str
        The rows are choices on the map, ``c1``, ``c2``, ..: the letter; empty where they are not.
    numbers : tuple of int
        Of the rows, from 1.
    """

    heading: str
    table: Table
    prefix: str
    numbers: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Parameters
    ----------
    title : str
        Somebody's words.
    subtitle : Sentence
        What net, as a function of what, and how exact the numbers are.
    lead : Sentence
        The answer, in a paragraph.
    hint : str
        What can be chosen.
    point : Document or None
        What is said of one point that is not on the map: the weights, or an input of many dimensions.
    point_name : Sentence
        What it is called where it is chosen.
    known : tuple of Known
        The statements.
    sections : tuple of Section
        The tables.
    legend : Sentence
        How the map is to be read.
    data : mapping
        What the script chooses from.
    """

    title: str
    subtitle: Sentence
    lead: Sentence
    hint: str
    point: Document | None
    point_name: Sentence
    known: tuple[Known, ...]
    sections: tuple[Section, ...]
    legend: Sentence
    data: Mapping[str, Any]
