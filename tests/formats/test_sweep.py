"""The notes of diverse nets in all three forms: pdflatex has no error, nothing undefined, no overfull box."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symflow.notes_command import Form, make_notes
from symflow.problem_tree import problem_from_tree
from tests.formats.nets_to_sweep import NETS
from tests.formats.test_latex import compile_notes, complaints, needs_latex

_GEOMETRY = r"\usepackage[a4paper,left=24mm,right=55mm,marginparwidth=39mm,marginparsep=7mm]{geometry}"


def in_a_document(fragment: str) -> str:
    """Return a fragment in a document that loads what its head asks for, and nothing else."""
    preamble = "\n".join(line[4:] for line in fragment.splitlines() if line.startswith("%   "))
    head = rf"\documentclass[11pt,a4paper]{{article}}{_GEOMETRY}"
    return "\n".join([head, preamble, r"\begin{document}", fragment, r"\end{document}", ""])


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("form", ["article", "fragment", "slides"])
@pytest.mark.parametrize("name", NETS)
def test_notes_of_diverse_nets_compile_without_a_warning(name: str, form: Form, tmp_path: Path) -> None:
    made = make_notes(problem_from_tree(NETS[name]), source=f"{name}.toml", form=form)
    text = in_a_document(made.text) if form == "fragment" else made.text
    assert complaints(compile_notes(text, tmp_path)) == []
    cited = {key for keys in re.findall(r"\\cite(?:\[.*?\])?\{(.*?)\}", made.text) for key in keys.split(",")}
    entries = re.findall(r"^@\w+\{(.*),$", made.bibliography, re.MULTILINE)
    assert sorted(entries) == sorted(cited)
