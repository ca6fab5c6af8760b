"""The page as a file: self-contained, closed to other people's markup, and small."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from symflow.formats.base import FORMATS
from symflow.formats.html import Html, render_page
from symflow.problem_tree import problem_from_tree
from symflow.report_command import report_page
from symflow.reports.document import (
    Answer,
    Display,
    Document,
    Equation,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Statement,
    Table,
    Tag,
    Title,
)
from symflow.reports.expressions import Symbol
from symflow.reports.page.document import Page, Section
from tests.pictures.nets import random_net
from tests.reports.test_report_page import CORNER, DEMO

HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)> & \"'\u2028"

# Elements whose end may be left out, or that have none.
_OPEN = {"tr", "td", "th", "dt", "dd", "li", "meta", "link", "input", "br", "p"}


class Elements(HTMLParser):
    """Reads a page: its elements and attributes, and whether what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in _OPEN:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _OPEN:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Elements:
    elements = Elements()
    elements.feed(text)
    elements.close()
    assert elements.stack == []
    return elements


def page_of(tree: dict[str, Any]) -> str:
    return report_page(problem_from_tree(tree)).text


@pytest.fixture(scope="module", params=[CORNER, DEMO], ids=["corner", "demo"])
def text(request: pytest.FixtureRequest) -> str:
    return page_of(request.param | {"title": HOSTILE, "flow": {"until": "2"}})


# ---------------------------------------------------------------------- one file


def test_it_asks_for_nothing(text: str) -> None:
    elements = read(text).found
    sources = [value for _, attributes in elements for name, value in attributes.items() if name in ("src", "href")]
    assert all(str(value).startswith(("#", "data:,")) for value in sources)
    assert not {"iframe", "img", "object", "embed", "base", "form"} & {tag for tag, _ in elements}
    assert not re.search(r"@import|url\(|fetch\(|XMLHttp|WebSocket|sendBeacon|import\(", text)


def test_its_policy_admits_its_own_style_and_script_alone(text: str) -> None:
    (policy,) = [a["content"] for tag, a in read(text).found if tag == "meta" and "http-equiv" in a]
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; ")
    for kind in ("style", "script"):
        (inside,) = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not any("style" in a or any(n.startswith("on") for n in a) for _, a in read(text).found)


def test_a_title_is_words(text: str) -> None:
    elements = read(text)
    assert [tag for tag, _ in elements.found].count("script") == 2
    assert "alert(1)" in "".join(elements.words)
    assert "<img" not in text
    assert "onerror=alert(1)&gt;" in text


def test_the_data_cannot_end_their_element() -> None:
    page = Page("", (), (), "", None, (), (), (), (), {"start": HOSTILE})
    text = render_page(page, {})
    (inside,) = re.findall(r'id="data">(.*?)</script>', text, re.DOTALL)
    assert not set(inside) & set("<>&\u2028\u2029")
    assert json.loads(inside) == {"start": HOSTILE}


def test_names_in_the_page_are_given_once(text: str) -> None:
    names = [a["id"] for _, a in read(text).found if "id" in a]
    assert len(names) == len(set(names))
    links = {str(a["href"])[1:] for tag, a in read(text).found if tag == "a"}
    assert links <= set(names)


def test_the_same_problem_gives_the_same_bytes() -> None:
    assert page_of(CORNER) == page_of(CORNER)


def test_every_drawing_has_a_name(text: str) -> None:
    drawings = [a for tag, a in read(text).found if tag == "svg"]
    assert drawings
    assert all(a.get("aria-label") and a.get("role") in ("img", "group") for a in drawings)


@pytest.mark.parametrize(("widths", "seed", "cells"), [((2, 8, 6, 1), 8, 100), ((2, 9, 5, 1), 11, 105)])
def test_a_hundred_cells_take_less_than_two_hundred_kilobytes(widths: tuple[int, ...], seed: int, cells: int) -> None:
    net = random_net(*widths, seed=seed)
    weights = [[[str(entry) for entry in row] for row in matrix] for matrix in net.weights]
    biases = [[str(entry) for entry in vector] for vector in net.biases or ()]
    network = {"activation": "relu", "weights": weights, "biases": biases}
    text = page_of({"network": network, "objective": {"variable": "input", "at": ["1", "2"]}, "flow": {"until": "1"}})
    n_cells = len(json.loads(re.search('id="data">(.*?)</script>', text)[1])["cells"])  # type: ignore[index]
    assert n_cells == cells
    assert len(text.encode()) <= 200_000


# ---------------------------------------------------------------------- a document in it


def test_every_block_is_printed_and_escaped() -> None:
    bad = ("a < b",)
    blocks = (
        Title(bad),
        Answer(bad, Tag("refuted", "for <these> data")),
        Display((Equation((Symbol("a"),), "=", bad),), (bad,)),
        Facts((Fact("<label>", (bad, bad)),), is_grounds=True),
        Table((("x",), bad), ((bad, bad),)),
        Paragraph(bad),
        Heading(bad, tag=Tag("undecided")),
        Statement("Theorem", "<name>", (Paragraph(bad),), (Paragraph(bad),), Tag("proved"), (bad,)),
    )
    text = Html().document(Document(blocks))
    elements = read(text)
    words = "".join(elements.words)
    assert words.count("a < b") == 14
    assert "<label>" in words
    assert "(<name>)" in words
    assert {"label", "name", "these"}.isdisjoint(tag for tag, _ in elements.found)
    assert FORMATS.find("html") is Html


def test_a_verdict_reads_without_its_sign_and_its_colour() -> None:
    elements = read(Html().document(Document((Answer(("It is.",), Tag("refuted")),))))
    hidden = [a for tag, a in elements.found if a.get("aria-hidden") == "true"]
    assert len(hidden) == 1
    assert elements.words[-1] == "refuted" or "refuted" in elements.words


@pytest.mark.parametrize(("n_rows", "is_folded"), [(24, False), (25, True)])
def test_a_long_table_folds(n_rows: int, is_folded: bool) -> None:
    table = Table((("",), ("n",)), tuple(((str(i),), (Symbol("x", str(i)),)) for i in range(n_rows)), "rows")
    section = Section("Rows", table, "c", tuple(range(1, n_rows + 1)))
    text = render_page(Page("", (), (), "", None, (), (), (section,), (), {}), {})
    assert ("<details><summary>all 25 rows</summary>" in text) == is_folded
    assert text.count("<tr><td>") == n_rows, "every row is there"
    assert [f'href="#c{i}"' in text for i in (1, n_rows)] == [True, True]


def test_sections_come_in_order(text: str) -> None:
    headings = re.findall(r"<section[^>]*><h2>(.*?)</h2>", text)
    assert headings[0] == "What is known"
    assert headings[-3:] == ["The cells", "The walls", "The corners"]
    places = [text.index(f"<h2>{heading}") for heading in headings]
    assert all(a < b for a, b in pairwise(places))
