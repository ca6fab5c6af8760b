"""Theorems and proofs in LaTeX: the whole catalogue compiles, with nothing missing and nothing overfull."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symflow.exact.simplex import NO_BUDGET
from symflow.problem_tree import problem_from_tree
from symflow.prove_command import prove
from symflow.reports.prove_latex import escaped, prove_latex

DOCUMENT = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath,amssymb,amsthm}
\usepackage[a4paper,left=24mm,right=55mm,top=25mm,bottom=26mm,marginparwidth=39mm,marginparsep=7mm]{geometry}
\newtheorem{theorem}{Theorem}\theoremstyle{remark}\newtheorem*{remark}{Remark}
\tolerance=1500\setlength{\emergencystretch}{8em}
\begin{document}
\input{claims}
\end{document}
"""

DEMO = {
    "title": "50 % of {braces} & #signs_^",
    "network": {"activation": "relu", "weights": [[["1", "-1"], ["-1", "0"]], [["1", "-1/2"]]]},
    "data": {"inputs": [["1", "1"], ["-1", "-1"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
}


@pytest.mark.slow
@pytest.mark.parametrize("is_demo", [False, True], ids=["the catalogue", "a net"])
def test_all_claims_compile(is_demo: bool, tmp_path: Path) -> None:
    program = shutil.which("pdflatex")
    if program is None:
        pytest.skip("no pdflatex here: theorems in LaTeX were not compiled")
    problem = problem_from_tree(DEMO) if is_demo else None
    own = ["norm2(W1) + norm2(W2) is conserved", "f^2 >= 0"] if is_demo else []
    found = prove(own, problem=problem, everything=True, budget=NO_BUDGET)
    (tmp_path / "claims.tex").write_text(prove_latex(found.theorems), encoding="ascii")
    (tmp_path / "notes.tex").write_text(DOCUMENT, encoding="ascii")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "notes.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert not re.search("Overfull|undefined|Missing character", log)
    assert "?" not in prove_latex(found.theorems).replace("??", ""), "a sign that LaTeX is not told how to write"


def test_words_with_signs_are_escaped() -> None:
    assert escaped("|w| in R^p & 5 %") == r"\ensuremath{|}w\ensuremath{|} in $\mathbb{R}^p$ \& 5 \%"
    assert escaped("C¹, w₁ ≤ √2") == r"C\ensuremath{^1}, w\ensuremath{_1} \ensuremath{\le} \ensuremath{\surd}2"
