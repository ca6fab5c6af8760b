"""A page: a document as HTML, and the self-contained page of ``symflow report``.

One file and nothing else: the style sheet, the script and the data stand in it, and its own security policy forbids
every request and every other script. All words are escaped: a title is somebody else's text. What the script shows
stands in tables too, so that the page says the same without it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import ClassVar, final

from symflow.formats.base import FORMATS, AbstractFormat
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
from symflow.reports.linear_text import sentence_text
from symflow.reports.mathml import sentence_html
from symflow.reports.page.document import Known, Page, Section
from symflow.reports.verdict_signs import SIGNS

#: A table of more rows is folded: it opens on a click, or a key.
MOST_ROWS = 24

# A pattern of more characters breaks its line.
_LONGEST_PATTERN = 44

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

_FAILS = ("refuted", "rejected")
_QUIET = ("computed", "undecided", "vacuous")


def render_page(page: Page, pictures: Mapping[str, str]) -> str:
    """Return the page as one HTML file.

    Parameters
    ----------
    page : Page
        What is on it.
    pictures : mapping of str to str
        SVG elements: ``"map"``, the map of the cells; ``"chart"``, the flow over time; ``"set"``, the Clarke
        differential at the point. Each may be missing.

    Examples
    --------
    >>> page = Page("a < b", (), (), "", None, (), (), (), (), {"start": "p"})
    >>> text = render_page(page, {})
    >>> "<h1>a &lt; b</h1>" in text, "default-src 'none'" in text, "http-equiv" in text
    (True, True, True)
    """
    style, script = _resource("page.css"), _resource("page.js")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(page.title)}: symflow report</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body><main>",
            *_head(page),
            *_middle(page, pictures),
            *_known(page.known),
            *(_section(section) for section in page.sections),
            f'<p class="q tiny">{_said(page.legend)}</p>' if page.legend else "",
            "</main>",
            f'<script type="application/json" id="data">{_data(page.data)}</script>',
            f"<script>{script}</script>",
            "</body></html>",
            "",
        ]
    )


@final
@FORMATS.register("html")
class Html(AbstractFormat):
    """A document as HTML, for a place in a page.

    Examples
    --------
    >>> from symflow.reports.document import Document
    >>> print(Html().document(Document((Answer(("It is < 1.",), Tag("exact")),))))
    <p>It is &lt; 1. <span class="tag"><span aria-hidden="true">■</span> <b>exact</b></span></p>
    """

    name: ClassVar[str] = "html"

    def joined(self, blocks: list[str]) -> str:
        """Return the blocks one below the other."""
        return "\n".join(block for block in blocks if block)

    def title(self, block: Title) -> str:
        """Return the line that names the problem."""
        return f'<p class="q">{_said(block.sentence)}</p>'

    def answer(self, block: Answer) -> str:
        """Return the answer, its verdict behind it."""
        tag = "" if block.tag is None else f" {tag_html(block.tag)}"
        return f"<p>{_said(block.sentence)}{tag}</p>"

    def display(self, block: Display) -> str:
        """Return equations aligned at their signs, what their letters mean below them."""
        rows = "".join(
            f"<tr><td>{_said(e.left)}<td>{_said((e.sign,))}<td>{_said(e.right, breaks=True)}" for e in block.equations
        )
        where = "".join(f"<li>{_said(sentence)}" for sentence in block.where)
        return f'<table class="eq">{rows}</table>' + (f'<ul class="where">{where}</ul>' if where else "")

    def facts(self, block: Facts) -> str:
        """Return labels and what is said under them."""
        rows = [f"<dt>{escape(fact.label)}<dd>{'<br>'.join(map(_said, fact.sentences))}" for fact in block.facts]
        return f"<dl{' class=q' if block.is_grounds else ''}>{''.join(rows)}</dl>"

    def table(self, block: Table) -> str:
        """Return a table; a long one opens on a click."""
        return _table(block, "", ())

    def paragraph(self, block: Paragraph) -> str:
        """Return running text."""
        return f"<p>{_said(block.sentence)}</p>"

    def heading(self, block: Heading) -> str:
        """Return a heading, its verdict behind it."""
        tag = "" if block.tag is None else f" {tag_html(block.tag)}"
        return f"<h2>{_said(block.sentence)}{tag}</h2>"

    def statement(self, block: Statement) -> str:
        """Return a proposition, its body, its proof and how it is known."""
        name = f" ({escape(block.name)})" if block.name else ""
        tag = "" if block.tag is None else f" {tag_html(block.tag)}"
        parts = [f"<p><b>{escape(block.kind)}{name}.</b>{tag}</p>"]
        parts += [self.block(each) for each in (*block.body, *block.proof)]
        parts += [f'<p class="q">{_said(sentence)}</p>' for sentence in block.grounds]
        return self.joined(parts)


def tag_html(tag: Tag) -> str:
    """Return a verdict: its word, which sign and colour only repeat.

    Examples
    --------
    >>> print(tag_html(Tag("refuted")))
    <span class="tag no"><span aria-hidden="true">⊠</span> <b>refuted</b></span>
    """
    kind = " no" if tag.word in _FAILS else " open" if tag.word in _QUIET else ""
    scope = f" <i>{escape(tag.scope)}</i>" if tag.scope else ""
    return f'<span class="tag{kind}"><span aria-hidden="true">{SIGNS[tag.word]}</span> <b>{tag.word}</b>{scope}</span>'


# ---------------------------------------------------------------------- the parts of a page


def _head(page: Page) -> list[str]:
    hint = f' <span class="js">{escape(page.hint)}</span>' if page.hint else ""
    return [
        f"<h1>{escape(page.title)}</h1>",
        f'<p class="q">{_said(page.subtitle)}</p>',
        f"<p>{_said(page.lead)}{hint}</p>",
    ]


def _middle(page: Page, pictures: Mapping[str, str]) -> list[str]:
    """Return the map, the slider below it, and the panel beside it."""
    left = [pictures[name] for name in ("map", "chart") if pictures.get(name)]
    if pictures.get("map") and len(page.data.get("names", ())) > 1:
        left.insert(1, _ZOOM)
    if "flow" in page.data:
        left.append(_SLIDER)
    point = ""
    if page.point is not None:
        heading = f"<h2>{_said(page.point_name)}</h2>" if page.point_name else ""
        answer, rest = page.point.blocks[:1], page.point.blocks[1:]  # the answer comes first
        said = Html().document(Document(answer)), pictures.get("set", ""), Html().document(Document(rest))
        point = f'<div id="p">{heading}{"".join(said)}</div>'
    back = ""
    if page.point is not None and pictures.get("map"):
        back = f'<p class="js row"><a class="button" id="back" href="#p">{_said(page.point_name)}</a></p>'
    if not left and not point:
        return []
    panel = f'{back}{point}<div id="chosen" aria-live="polite">{"" if point else _NO_SCRIPT}</div>'
    columns = f"<div>{''.join(left)}</div>" if left else ""
    grid = "grid" if columns else "grid alone"
    return [f'<div class="{grid}">{columns}<aside id="info" aria-label="what is chosen">{panel}</aside></div>']


_ZOOM = (
    '<div class="js row" id="zoom"><button id="in" type="button" aria-label="zoom in, key +">+</button>'
    '<button id="out" type="button" aria-label="zoom out, key −">−</button>'
    '<button id="all" type="button" aria-label="the whole map, key 0">whole map</button>'
    '<button id="near" type="button">zoom to the choice</button>'
    '<span class="say" id="scale" role="status"></span></div>'
)
_SLIDER = (
    '<div class="js" id="slider"><div class="row"><button id="prev" type="button" aria-label="previous event">‹'
    '</button><input id="t" type="range" min="0" value="0" step="1" aria-label="time along the flow">'
    '<button id="next" type="button" aria-label="next event">›</button></div>'
    '<div class="say" id="say"></div><div class="say" id="event" role="status"></div></div>'
)
_NO_SCRIPT = "<noscript>What can be chosen on the map is listed below.</noscript>"


def _known(known: Sequence[Known]) -> list[str]:
    if not known:
        return []
    rows = "".join(
        f'<tr><td>{i}<td>{_said(row.statement)}<td>{tag_html(row.tag)}<td class="q">{_said(row.how)}'
        for i, row in enumerate(known, start=1)
    )
    head = '<tr><th><th scope="col">statement<th scope="col">verdict<th scope="col">how'
    return [
        f'<section class="known"><h2>What is known</h2><div class="wide"><table>{head}{rows}</table></div></section>'
    ]


def _section(section: Section) -> str:
    table = _table(section.table, section.prefix, section.numbers)
    return f"<section><h2>{escape(section.heading)}</h2>{table}</section>"


def _table(table: Table, prefix: str, numbers: Sequence[int]) -> str:
    """Return a table; the first column of choices on the map leads there."""
    kept = range(len(table.header))
    if not prefix and table.choices:
        kept = table.choices[0]  # type: ignore[assignment]
    # Formulas of a long table are text: MathML says the same in ten times as many characters.
    is_long = len(table.rows) > MOST_ROWS
    written = _text if is_long else _said
    # Of a word that labels signs the face is upright, and a minus is as wide as a plus.
    is_pattern = [table.header[i] == ("pattern",) for i in range(len(table.header))]
    head = "".join(f'<th scope="col">{_said(table.header[i])}' for i in kept)
    rows = []
    for number, row in enumerate(table.rows):
        cells = []
        for i in kept:
            inside = written(row[i])
            if prefix and i == 0:
                inside = f'<a href="#{prefix}{numbers[number]}">{inside}</a>'
            is_broken = is_pattern[i] and len(inside) > _LONGEST_PATTERN and "(" in inside
            if is_broken:  # between data, not inside the pattern of one
                inside = re.sub(r" (?=[^()]*\))", "\u00a0", inside)
            cells.append(f"<td{' class=long' if is_broken else ''}>{inside}")
        rows.append(f"<tr>{''.join(cells)}")
    head = f"<tr>{head}" if any(table.header) else ""
    left_out = f'<p class="q tiny">… {table.n_left_out} more {escape(table.rows_are)}</p>' if table.n_left_out else ""
    # One class for a column, not one for each of its cells: they are many.
    names = (["listed"] if prefix else []) + [f"pat{k + 1}" for k, i in enumerate(kept) if is_pattern[i]]
    kind = f' class="{" ".join(names)}"' if names else ""
    shown = f'<div class="wide"><table{kind}>{head}{"".join(rows)}</table></div>{left_out}'
    if not is_long:
        return shown
    return f"<details><summary>all {len(rows)} {escape(table.rows_are)}</summary>{shown}</details>"


def _said(sentence: Sentence, *, breaks: bool = False) -> str:
    """Return a sentence as HTML, the indices in its words lowered: u_j, W1, h_(l−1); with ``breaks`` in lines."""
    return "".join(
        _lowered(piece) if isinstance(piece, str) else sentence_html((piece,), breaks=breaks) for piece in sentence
    )


def _lowered(words: str) -> str:
    return _INDEX.sub(lambda found: f"{found[1]}<sub>{found[2] or found[3] or found[4]}</sub>", escape(words))


# A letter with an index: of one letter behind _, in parentheses behind _, or a number.
_INDEX = re.compile(r"(?<![\w.&#-])([A-Za-zα-ωℓ])(?:_\(([^()]*)\)|_([A-Za-z0-9])(?!\w)|(\d{1,3})(?![\w.:;]\w))")


def _text(sentence: Sentence) -> str:
    """Return a sentence as escaped text, indices lowered."""
    lowered = re.sub(r"(?<![a-z])([a-z])([0-9]+)", lambda m: m[1] + m[2].translate(_LOWERED), sentence_text(sentence))
    return escape(lowered)


# ---------------------------------------------------------------------- what makes it one file


def _policy(style: str, script: str) -> str:
    """Return the page's security policy: no request, and this style and this script alone."""
    allowed = f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    return f"default-src 'none'; img-src data:; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _data(data: Mapping[str, object]) -> str:
    """Return the data as JSON that nothing in it can end: no ``<``, no ``&``, no line separator of JavaScript."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _resource(name: str) -> str:
    """Return a style sheet or a script without what is only for its reader: indents, lines that are comments."""
    text = files("symflow.formats").joinpath("page", name).read_text(encoding="utf-8").strip()
    return re.sub(r"(?m)^ *//.*\n|^ +", "", text)
