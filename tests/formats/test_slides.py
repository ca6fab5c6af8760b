"""Slides: what is on which frame, that no frame is too full, and that pdflatex has nothing to complain of."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from symflow.formats.beamer import render_slides
from symflow.notes_command import make_notes
from symflow.problem_tree import problem_from_tree
from symflow.reports.notes.document import Formula, Grid, Prose, Verdict
from symflow.reports.notes.slides import (
    FRAME_HEIGHT,
    Boxed,
    Frame,
    Items,
    Mark,
    NumberLine,
    Slides,
    fits,
    height,
    packed,
    parts_of,
    text_width,
)
from tests.formats.test_latex import compile_notes, complaints, needs_latex
from tests.reports.problems_to_study import PROBLEMS


@cache
def slides_of(name: str) -> str:
    return make_notes(problem_from_tree(PROBLEMS[name]), source=f"{name}.toml", form="slides").text


def frames_of(source: str) -> list[str]:
    return re.findall(r"\\begin\{frame\}\[t\](.*?)\\end\{frame\}", source, re.DOTALL)


# ---------------------------------------------------------------------- the demo, frame by frame


def test_the_first_frame_says_the_problem_and_the_set() -> None:
    first = " ".join(frames_of(slides_of("demo"))[0].split())
    assert r"\frametitle{A kink, and its Clarke differential}" in first
    assert r"$u_1=(1,-1)$, $u_2=(-1,0)$, $v=(1,-\tfrac12)$" in first
    assert r"\begin{tikzpicture}" in first
    # On the two sides the row u_1 of the gradient is -(1,1) and -c(1,1), c = exp(-1/2).
    assert r"\nabla_{u_1}R\to -\,(1,1)\quad\text{or}\quad \nabla_{u_1}R\to -c\,(1,1)." in first
    assert r"\partial_{u_1}R(w)=\bigl\{-\tau\,(1,1):\ \tau=(1-\theta)+\theta c,\ \theta\in[0,1]\bigr\}" in first
    assert r"does not contain $0$.\hfill\known{proved}{\blacksquare}{this net, these data; exact}" in first


def test_the_second_frame_holds_autodiff_against_the_set_on_a_line() -> None:
    second = frames_of(slides_of("demo"))[1]
    assert r"gives $-\tau\,(1,1)$ with $\tau=a(1+c)$:" in " ".join(second.split())
    # The line runs from a = 0 (tau = 0) to a = 1 (tau = 1 + c): c stands at 92 c/(1+c) = 34.73 mm, 1 at 57.27 mm.
    assert r"\draw[proved,line width=3.2pt] (34.73,0)--(57.27,0);" in second
    assert r"\fill (46.00,0)" in second
    assert second.count("refuted,thick") == 2
    assert second.count(r"\textbf{not} a Clarke subgradient") == 2
    assert r"\known{refuted}{\boxtimes}" in second


def test_a_frame_with_nothing_to_say_is_left_out() -> None:
    titles = re.findall(r"\\frametitle\{(.*?)\}", slides_of("no kink"))
    assert "What automatic differentiation returns" not in titles
    assert titles[0] == "The Clarke differential at a smooth point"
    assert "preservation" not in " ".join(re.findall(r"\\frametitle\{(.*?)\}", slides_of("biases")))


def test_what_does_not_lie_on_a_line_has_none() -> None:
    assert "refuted,thick" not in slides_of("corner")  # a parallelogram
    assert r"(-2,-4)$, \textbf{not} a Clarke subgradient" in slides_of("corner")


# ---------------------------------------------------------------------- packing


def test_a_full_frame_goes_on_in_the_next() -> None:
    sentence = Prose("A sentence that is one line long, or about so long.")
    frames = packed(Frame("Long", (sentence,) * 40))
    assert len(frames) > 1
    assert sum(len(frame.parts) for frame in frames) == 40
    assert all(sum(map(height, frame.parts)) <= FRAME_HEIGHT for frame in frames)


def test_a_formula_that_fits_into_no_frame_is_replaced_by_a_remark() -> None:
    wide = Formula((" + ".join(["x_1"] * 80),))
    assert not fits(wide)
    (frame,) = packed(Frame("Wide", (Prose("Before."), wide, wide, Prose("After."))))
    assert wide not in frame.parts
    assert len(frame.parts) == 3


def test_a_verdict_stays_with_what_it_is_about() -> None:
    filler = Prose("A sentence.")
    n = int(FRAME_HEIGHT // height(filler)) - 1
    verdict = Prose("", Verdict("proved", "this net", "exact " * 40))
    frames = packed(Frame("Full", (*(filler,) * n, Boxed("x=0"), verdict)))
    assert [isinstance(part, Boxed) for part in frames[-1].parts] == [True, False]


def test_sentences_that_name_files_are_left_to_the_notes() -> None:
    (part,) = parts_of((Prose(r"It is a triangle. Its vertices are in \texttt{results.json}."),))
    assert part == Prose("It is a triangle.")


def test_a_number_line_is_scaled_to_the_slide() -> None:
    line = NumberLine("s", "S", ((-1000.0, "a"), (1000.0, "b")), (Mark(3000.0, "x", False),))
    source = render_slides(Slides("", "", (Frame("A line", (line,)),)))
    assert "(0.00,0)--(46.00,0)" in source  # 2000 of 4000 on 92 mm


def test_wider_text_has_a_larger_estimate() -> None:
    assert text_width("a $x$") < text_width("a $x+y$") < text_width("a longer text $x+y$")
    assert height(Items(("one",))) < height(Items(("one", "two")))


# ---------------------------------------------------------------------- compiled


@needs_latex
def test_slides_compile_without_a_warning(tmp_path: Path) -> None:
    assert complaints(compile_notes(slides_of("demo"), tmp_path)) == []


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PROBLEMS if name != "demo"])
def test_all_slides_compile_without_a_warning(name: str, tmp_path: Path) -> None:
    assert complaints(compile_notes(slides_of(name), tmp_path)) == []


# ---------------------------------------------------------------------- the article with its picture, and the fragment

ARTICLES = ("demo", "corner", "cusp", "ridge", "symbolic", "symbolic, deep", "trained, deep", "a title of signs")


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("name", ARTICLES)
def test_the_article_with_map_and_catalogue_compiles_without_a_warning(name: str, tmp_path: Path) -> None:
    source = make_notes(problem_from_tree(PROBLEMS[name]), source=f"{name}.toml").text
    assert complaints(compile_notes(source, tmp_path)) == []


@needs_latex
@pytest.mark.slow
def test_two_fragments_stand_in_one_document_that_loads_what_they_ask_for(tmp_path: Path) -> None:
    asked: set[str] = set()
    for name in ("demo", "ridge"):
        text = make_notes(problem_from_tree(PROBLEMS[name]), source=f"{name}.toml", form="fragment").text
        asked.add("\n".join(line[4:] for line in text.splitlines() if line.startswith("%   ")))
        (tmp_path / f"{name}.tex").write_text(text, encoding="utf-8")
    (preamble,) = asked
    geometry = r"\usepackage[a4paper,left=24mm,right=55mm,marginparwidth=39mm,marginparsep=7mm]{geometry}"
    body = r"\input{demo}" + "\n" + r"\input{ridge}"
    source = "\n".join(
        [r"\documentclass[11pt,a4paper]{article}", geometry, preamble, r"\begin{document}", body, r"\end{document}"]
    )
    log = compile_notes(source, tmp_path)
    assert complaints(log) == []
    assert "multiply" not in log


@needs_latex
@pytest.mark.slow
def test_the_log_shows_a_frame_that_is_too_full(tmp_path: Path) -> None:
    frame = Frame("Full", (Prose("A sentence.\\par" * 60),))  # not packed
    (tmp_path / "notes.tex").write_text(render_slides(Slides("", "", (frame,))), encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "notes.tex"], cwd=tmp_path, capture_output=True, check=False
    )
    assert any("Overfull" in line for line in complaints(done.stdout.decode("utf-8", "replace")))


# ---------------------------------------------------------------------- the main thing is always there


def test_cases_too_high_for_a_frame_go_on_in_the_next_and_none_is_cut() -> None:
    case = "v_1x & x>0,\\\\\n    \\qquad{}+v_2x & x>1,\\\\\n    "
    frames = packed(Frame("f", (Formula(("f=\\begin{cases}\n    " + case * 9 + "0 & x\\le0.\n  \\end{cases}",)),)))
    formulas = [part.lines[0] for frame in frames for part in frame.parts if isinstance(part, Formula)]
    assert len(formulas) == len(frames) > 1
    assert sum(text.count(r"\qquad{}+v_2x & x>1") for text in formulas) == 9
    assert all(
        text.startswith("f=\\begin{cases}\n    ") and text.count("v_1x") == text.count("v_2x") for text in formulas
    )
    assert [frame.title == "f" for frame in frames] == [True] + [False] * (len(frames) - 1)


def test_a_high_table_is_not_left_out() -> None:
    rows = tuple((str(i), "1") for i in range(40))
    frames = packed(Frame("Vertices", (Grid("cc", ("", "x"), rows),)))
    shown = [row for frame in frames for part in frame.parts if isinstance(part, Grid) for row in part.rows]
    assert tuple(shown) == rows


def test_the_last_frame_is_not_a_single_line() -> None:
    sentence = Prose("A sentence that is one line long, or about so long.")
    n = int(FRAME_HEIGHT // height(sentence)) + 1
    frames = packed(Frame("Long", (sentence,) * n))
    assert [len(frame.parts) > 1 for frame in frames] == [True, True]
    assert sum(len(frame.parts) for frame in frames) == n


@pytest.mark.parametrize("widths", [[2, 3, 1], [2, 2, 2, 1]])
def test_slides_of_a_shape_show_its_function_and_have_a_title(widths: list[int]) -> None:
    tree = {"title": "A small net", "network": {"activation": "relu", "widths": widths}}
    source = make_notes(problem_from_tree(tree), source="small.toml", form="slides").text
    assert "too long for a frame" not in source
    assert r"f(x;w)=\begin{cases}" in source
    assert r"{\Large\bfseries A small net}\par\medskip{\small\textcolor{quiet}{\texttt{small.toml}}}" in source
    titles = re.findall(r"\\frametitle\{(.*?)\}\n", source)
    new = [title for title in titles if "(continued)" not in title]
    parts = ["The function, piece by piece", "Its gradient on each piece", "Its Clarke differential at the kinks"]
    assert new[:4] == [*parts, "What every gradient flow conserves"]


def test_constants_of_a_set_are_defined_on_its_frame() -> None:
    network = {"activation": "relu", "weights": [[["1", "-1"], ["0", "1"]], [["1", "-1"]]]}
    data = {"inputs": [["1", "1"], ["1", "1"]], "labels": ["1", "-1"]}
    tree = {"network": network, "data": data, "objective": {"kind": "risk", "loss": "exponential"}}
    source = make_notes(problem_from_tree(tree), form="slides").text
    (first,) = [frame for frame in frames_of(source)[:2] if "Here $c_1=" in frame]
    # f(x) = -1 on both data: exp(-m) is e for the label 1 and 1/e for the label -1.
    assert r"Here $c_1=e\approx 2.71828$ and $c_2=e^{-1}\approx 0.36788$." in first
    assert re.search(r"c_\d", source[: source.index("Here $c_1=")]) is None
    assert "Here $c" not in slides_of("demo")  # its limits define it
