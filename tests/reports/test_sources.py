"""Publications: every statement's reference and every cited fact leads to an entry, and the entries are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symflow.checker.axioms import AXIOMS
from symflow.lemmas.base import AbstractLemma, all_lemmas
from symflow.notes_command import MadeNotes, put_beside
from symflow.reports.sources import MARK, SOURCES, admitted, bibliography, citations, cited, without_citations

_YEAR = re.compile(r"\b(?:1[89]|20)[0-9]{2}\b")


@pytest.mark.parametrize("lemma", all_lemmas(), ids=lambda lemma: lemma.name)
def test_as_many_publications_are_cited_as_a_reference_names(lemma: AbstractLemma) -> None:
    found = citations(lemma.reference)
    assert found.count(r"\cite") == len(_YEAR.findall(lemma.reference))
    assert len(cited([found])) == len(set(re.findall(r"\{(.*?)\}", found)))


@pytest.mark.parametrize("axiom", [name for name in AXIOMS if name != "unchecked_script"])
def test_every_cited_fact_has_a_publication_and_the_place_in_a_book(axiom: str) -> None:
    found = admitted(axiom)
    assert cited([found])
    assert found.count("[") >= sum(SOURCES[key].kind == "book" for key in re.findall(r"\{(.*?)\}", found))


def test_entries_are_whole_and_named_by_their_first_author_and_year() -> None:
    needed = {"book": {"publisher"}, "article": {"journal", "volume", "pages"}, "inproceedings": {"booktitle"}}
    for key, source in SOURCES.items():
        assert key == f"{source.authors[0].split()[-1].lower()}{source.year}"
        assert needed.get(source.kind, {"howpublished"}) <= set(source.more)
        assert source.bibtex.count("{") == source.bibtex.count("}")
    text = bibliography(SOURCES.values())
    assert text.isascii()
    assert len(re.findall(r"^@", text, re.MULTILINE)) == len(SOURCES)


def test_on_slides_citations_are_words() -> None:
    text = r"It holds~\cite[Theorem~2.1]{du2018}, \cite{ji2020}."
    assert without_citations(text) == "It holds (Du 2018, Theorem~2.1), (Ji 2020)."


def test_the_bib_file_is_put_beside_and_never_over_another_s(tmp_path: Path) -> None:
    made = MadeNotes("notes", True, bibliography(cited([r"\cite{du2018}"])))
    assert put_beside(made, str(tmp_path / "notes.tex")) == ""
    beside = tmp_path / "notes.bib"
    assert beside.read_text().startswith(MARK)
    assert put_beside(made, str(tmp_path / "notes.tex")) == "", "its own is replaced"
    beside.write_text("@book{mine}")
    assert "stays as it is" in put_beside(made, str(tmp_path / "notes.tex"))
    assert beside.read_text() == "@book{mine}"
    assert put_beside(made, None) == put_beside(made, str(tmp_path / "other.bib")) == ""
    assert not (tmp_path / "other.bib").exists()
