"""The notebook among the worked examples runs, shows what is stored in it, and all that it shows is well-formed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.notebook_runner import Shown, check_latex, code_cells, outputs, run_cells, visible_text

NOTEBOOK = Path(__file__).parent.parent / "worked_examples" / "notebook.ipynb"

# What is shown in plain text, since it is a value of Python's own or one line says all.
PLAIN = {"theorem.also", "f.to_sympy(), dR.minimal_norm_squared.to_sympy(), laws.to_sympy()"}


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    return run_cells(code_cells(NOTEBOOK))


def test_the_file_holds_what_its_cells_show(shown: list[Shown]) -> None:
    """What is stored is what comes out today, byte for byte: ``python -m tests.notebook_runner`` stores it anew."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    identifiers = [cell["id"] for cell in notebook["cells"]]
    assert len(set(identifiers)) == len(identifiers)
    assert len(shown) == len(code)
    for count, (cell, each) in enumerate(zip(code, shown, strict=True), start=1):
        assert cell["execution_count"] == count
        assert cell["outputs"] == outputs(each, count), each.source
        assert cell["outputs"], f"{each.source} shows nothing"


def test_what_is_shown_is_well_formed_and_says_something(shown: list[Shown]) -> None:
    for each in shown:
        if each.html is not None:
            assert visible_text(each.html), each.source
        elif each.latex is not None:
            check_latex(each.latex)
        else:
            assert each.printed or each.source in PLAIN, f"{each.source} shows plain text"


def test_one_line_of_plain_text_behind_each(shown: list[Shown]) -> None:
    for each in shown:
        line = repr(each.value)
        assert "\n" not in line, each.source
        assert len(line) < 250, line
        assert not re.search(r" at 0x|mpf\(|mpq\(|fmpq\(", line), line


def test_it_is_the_session_of_the_manual(shown: list[Shown]) -> None:
    """Values that are known from the mathematics: the lectures' demonstration net at its kink."""
    found = {each.source.splitlines()[-1]: each.value for each in shown}
    assert repr(found["regions"]) == "RegionGraph(4 cells, 4 walls, exact)"
    assert repr(found["regions.cell_at((2, 1))"]) == "Cell('+-', f = x1 - x2, exact)"
    assert repr(found["dR"]) == "ClarkeDifferential(segment in R^6, 2 vertices, exact)"
    # The shortest element is c (-1, -1, 1/2, 1/2, 0, 1) with c = e^(-1/2): c^2 (1 + 1 + 1/4 + 1/4 + 1) = 7/(2e).
    assert repr(found["dR.minimal_norm_element.squared_norm"]) == "7*exp(-1)/2"
    assert found["dR.is_clarke_stationary"].is_refuted
    assert found["dR.contains(autodiff_selection(R, at=w))"].is_refuted
    assert found['dR.contains(autodiff_selection(R, at=w, slope_at_zero="1/2"))'].is_proved
    assert repr(found["verify(theorem.certificate)"]).startswith("Accepted(1 certificate")
    assert repr(found["path"]) == "Trajectory(0 <= t <= 10, 1 arc, 2 events, unique, enclosed to 50 digits)"
    assert found["crosscheck(laws, along=path)"].largest < 10**-50
    assert len(found["crosscheck(laws, along=path)"].rows) == 2
    # On one cell both neurons are off on x_1: one field, so 5 laws of 6; on the other one each datum has its neuron: 4.
    assert [len(each.found.laws) for each in found['laws_of_problem(R, model="cell")'].cells] == [5, 4]
    assert found["gradient_flow(hill, start=(0,), until=1, branches=True)"].status == "non_unique"
    assert found["verify(dR.to_json())"]["accepted"]


def test_the_picture_of_two_coordinates_says_where_automatic_differentiation_is(shown: list[Shown]) -> None:
    (differential,) = [each for each in shown if each.source == "clarke_differential(f, at=(0, 0))"]
    assert differential.html is not None
    text = visible_text(differential.html)
    is_in = differential.value.contains((0, 0)).is_proved  # the chain rule gives 0 where all units are at their kinks
    assert "automatic differentiation" in text
    assert (", in the set" in text) == is_in


def test_the_reader_refuses_what_is_not_well_formed() -> None:
    for wrong in ("<p>", "<p></div>", "<p>a < b</p>", "<p>a & b</p>", "<script></script>", '<img src="http://x">'):
        with pytest.raises(AssertionError):
            visible_text(wrong)
    for wrong in ("$x", "${$", r"$\begin{cases}$"):
        with pytest.raises(AssertionError):
            check_latex(wrong)
