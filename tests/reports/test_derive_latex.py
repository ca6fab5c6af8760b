"""``--latex``: the fragment compiles with amsmath and amssymb alone, and no line is wider than the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_latex import derive_latex
from symflow.reports.derive_result import derivation_of
from symflow.reports.latex_lines import Case, broken, cases, display
from symflow.reports.latex_width import width
from tests.reports.problems_to_derive import PROBLEMS

HEAD = r"""\documentclass[%s,a4paper]{article}
\usepackage{amsmath,amssymb}
\usepackage[a4paper,textwidth=132mm]{geometry}
\begin{document}
"""


def fragment(name: str, *, full: bool = False) -> str:
    problem = problem_from_tree(PROBLEMS[name])
    return derive_latex(problem, derivation_of(problem), full=full)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_fragment_has_no_debris(name: str) -> None:
    text = fragment(name)
    assert r"\left" not in text
    assert r"\begin{array}" not in text
    assert r"\operatorname{Max}" not in text
    assert "{}{}" not in text
    assert text.count(r"\[") == text.count(r"\]")
    assert text.isascii()


def test_two_neurons_are_written_as_in_a_lecture() -> None:
    assert r"""\[
  f(x;w)=\begin{cases}
    v_1\langle u_1,x\rangle+v_2\langle u_2,x\rangle & \langle u_1,x\rangle>0,\ \langle u_2,x\rangle>0,\\
    v_1\langle u_1,x\rangle & \langle u_1,x\rangle>0\ge\langle u_2,x\rangle,\\
    v_2\langle u_2,x\rangle & \langle u_2,x\rangle>0\ge\langle u_1,x\rangle,\\
    0 & \text{otherwise.}
  \end{cases}
\]""" in fragment("two_neurons")


def test_the_segment_of_two_opposite_data_has_one_parameter() -> None:
    assert r"\nabla_{u_j}R=v_j((1-\tau_j)c_2x_2+\tau_jc_1x_1)" in fragment("demo_shape")


def test_long_formulas_are_broken_before_signs() -> None:
    terms = "+".join(rf"v_{{{j}}}\langle u_{{{j}}},x\rangle" for j in range(1, 20))
    lines = broken(terms, 200)
    assert len(lines) > 4
    assert all(width(line) <= 200 for line in lines)
    assert "".join(line.removeprefix(r"\qquad{}") for line in lines) == terms
    assert r"\begin{aligned}" in display(terms)


def test_many_cases_are_split_over_displays_and_folded() -> None:
    listed = [Case(str(i), (f"x={i}",)) for i in range(30)]
    text = cases("f", listed)
    assert r"\vdots" in text
    assert cases("f", listed, full=True).count(r"\begin{cases}") == 2


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="NOT TESTED: there is no pdflatex here")
@pytest.mark.parametrize("size", [pytest.param("10pt", marks=pytest.mark.slow), "11pt"])
def test_all_fragments_compile_without_an_overfull_box(size: str, tmp_path: Path) -> None:
    body = "\n".join(rf"\section*{{{name.replace('_', ' ')}}}" + "\n" + fragment(name) for name in PROBLEMS)
    (tmp_path / "all.tex").write_text(HEAD % size + body + r"\end{document}", encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert run.returncode == 0, run.stdout[-2000:]
    assert re.findall(r"Overfull \\hbox.*", run.stdout) == []
