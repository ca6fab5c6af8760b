"""``symflow notes``: where the LaTeX goes, its three forms, and what the command refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from symflow.cli import main
from tests.reports.problems_to_study import PROBLEMS

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with some problems."""
    monkeypatch.chdir(tmp_path)
    for name in ("ridge", "symbolic", "a title of signs", "corner"):
        Path(f"{name.partition(' ')[0]}.json").write_text(json.dumps(PROBLEMS[name]))

    def command(*words: str) -> tuple[int, str, str]:
        code = main(["notes", *words])
        return code, *capsys.readouterr()

    return command


def test_the_article_goes_to_the_file_and_the_map_stands_beside_the_pieces(run: Run) -> None:
    assert run("corner.json", "--output", "notes.tex") == (0, "", "")
    text = Path("notes.tex").read_text(encoding="utf-8")
    assert text.startswith("% Written by symflow notes corner.json.  Compiles with")
    assert text.count(r"\documentclass") == 1
    assert text.count(r"\begin{tikzpicture}") == 1
    assert text.rstrip().endswith(r"\end{document}")


def test_the_catalogue_s_statements_cite_what_they_admit(run: Run) -> None:
    _, text, _ = run("ridge.json")
    cited = {key for keys in re.findall(r"\\cite(?:\[.*?\])?\{(.*?)\}", text) for key in keys.split(",")}
    listed = re.findall(r"\\bibitem\{(.*?)\}", text)
    assert cited == set(listed)
    assert len(listed) == len(set(listed)) > 0
    assert "Sum rule (W3)" in text
    assert "shape 1-1-1-1-1" not in text  # about another shape


def test_a_fragment_has_no_preamble_and_its_labels_bear_its_name(run: Run) -> None:
    code, text, err = run("symbolic.json", "--fragment")
    assert (code, err) == (0, "")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    assert not re.search(r"\\(documentclass|usepackage|newcommand|begin\{document\})", body)
    named = re.findall(r"\\(?:label|ref|cite(?:\[.*?\])?|bibitem)\{(.*?)\}", body)
    assert all(key.startswith("symbolic:") for key in named)


def test_slides_are_a_document_of_frames(run: Run) -> None:
    code, text, err = run("symbolic.json", "--beamer")
    assert (code, err) == (0, "")
    assert "{beamer}" in text
    assert text.count(r"\begin{frame}") == text.count(r"\end{frame}") > 1


def test_a_title_cannot_be_a_command(run: Run) -> None:
    for option in ((), ("--fragment",), ("--beamer",)):
        _, text, _ = run("a.json", *option)
        assert r"\input{a}" not in text


def test_the_point_may_be_given(run: Run) -> None:
    _, text, _ = run("corner.json", "--at", "3,1", "--beamer")
    assert "at $x=(3,1)$" in text


def test_what_is_refused(run: Run) -> None:
    assert run("ridge.json", "--json")[::2] == (
        2,
        "symflow: notes: notes have no JSON of their own; symflow study --json holds what they say\n",
    )
    assert run("ridge.json", "--fragment", "--beamer")[0] == 2
    assert run("ridge.json", "--time-limit", "0")[0] == 3
    assert run()[0] == 2
