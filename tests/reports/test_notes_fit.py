"""What is long in notes: biases, points, data and rows of a theorem fit the page, and tables go on over pages."""

from __future__ import annotations

import re

import pytest

from symflow.formats.latex import render_notes
from symflow.notes_command import make_notes
from symflow.problem_tree import problem_from_tree
from symflow.reports.latex_matrices import pmatrix
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.notes.document import LongTable, Notes, Prose, Section
from tests.formats.nets_to_sweep import NETS, Tree, drawn

IN_THE_INPUT: Tree = {"loss": None, "variable": "input", "at": ["1/3", "-2"]}


def written(tree: Tree) -> str:
    return make_notes(problem_from_tree(tree)).text


@pytest.mark.parametrize("n", [9, 12, 16])
def test_long_biases_fit_the_line(n: int) -> None:
    text = written(drawn(f"2-{n}-1", 1, biases=True, numbers="float", **IN_THE_INPUT))
    for line in (line for line in text.splitlines() if re.match(r"\s*[Wb]_\d=", line)):
        assert width(line.strip().rstrip(",\\")) <= TEXT_WIDTH
    biases = text[text.index("b_1=") :].partition(r"\end{pmatrix}")[0]
    assert biases.count(r"\\") == 7  # six entries, dots, and the last one
    assert r"\vdots" in biases


def test_biases_that_fit_lie_in_a_line() -> None:
    tree = drawn("2-9-1", 1, biases=True, **IN_THE_INPUT)
    tree["network"]["biases"][0] = [str(i) for i in range(9)]
    assert "b_1=(0,1,2,3,4,5,6,7,8)" in written(tree)


def test_rows_of_a_theorem_stand_beside_the_widest_names() -> None:
    text = written(NETS["dead neurons among many"])
    rows = text[text.index(r"\begin{align*}") :].partition(r"\end{align*}")[0].splitlines()[1:]
    names, values = zip(*(row.strip().removesuffix(r"\\").partition("&")[::2] for row in rows), strict=True)
    assert any(name.count("=") for name in names), "blocks that vanish together"
    assert any(value.startswith(r"\quad{}") for value in values), "a value that is broken"
    assert max(map(width, names)) + max(map(width, values)) <= TEXT_WIDTH


def test_a_long_point_is_broken_after_its_commas() -> None:
    text = written(NETS["a long point"])
    assert r"\bar x=(" in " ".join(text.split())
    assert text.count(r",\allowbreak") == 8  # of twelve entries nine are written, one of them dots


def test_notes_say_of_data_where_they_stand() -> None:
    assert "One datum: $x_1=(" in " ".join(written(NETS["a long datum"]).split())
    wide = " ".join(written(drawn("6-2-1", 4, numbers="float")).split())
    assert "There are four data, as the file gives them." in wide
    assert "There are four data; they stand in the table below." in " ".join(written(drawn("2-2-1", 4)).split())


def test_fractions_above_one_another_have_room() -> None:
    assert pmatrix([[r"\tfrac12", "1"], ["1", r"\tfrac12"]]).count("[3pt]") == 0
    close, apart = [["1"], [r"\tfrac{11}2"]], [[r"\tfrac12"], [r"\tfrac{11}2"]]
    assert "[3pt]" in pmatrix(apart)
    assert width(pmatrix(apart)) == width(pmatrix(close))


def test_a_display_ends_where_the_next_sentence_begins() -> None:
    text = " ".join(written(drawn("2-3-2-1", 1, biases=True, numbers="float", **IN_THE_INPUT)).split())
    gradient = text[text.index("On a piece,") :]
    assert gradient[gradient.index(r"\]") - 2] == "."
    assert gradient[gradient.index(r"\]") + 3 :].startswith("There")
    risk = " ".join(written(drawn("2-2-1", 2)).split())
    assert re.search(r"On a piece, \\\[ .*?, \\\] and \$\\nabla R", risk)


@pytest.mark.parametrize(
    ("tree", "scope"),
    [
        (drawn("2-3-1", 1, **IN_THE_INPUT), "this net, this point"),
        (drawn("2-3-1", 1), "this net, this datum"),
        (drawn("2-3-1", 2), "this net, these data"),
    ],
)
def test_both_tables_of_statements_say_for_what(tree: Tree, scope: str) -> None:
    text = written(tree)
    found = set(re.findall(r"this net, (?:this|these) \w+", text))
    assert found == {scope}
    assert scope in text[text.index(r"\texttt{symflow claims}") :]


def test_a_table_of_many_lines_may_go_on_over_the_page() -> None:
    def body(n: int) -> str:
        table = LongTable("ll", ("a", "b"), tuple((str(i), "0") for i in range(n)))
        section = Section("A table", (Prose("Before it."), table))
        return render_notes(Notes("", "", "", (section,))).partition(r"\begin{document}")[2]

    assert r"\begin{tabular}" in body(8)
    assert r"\newpage" not in body(8)
    long = body(9)
    assert r"\begin{longtable}" in long
    assert long.index(r"\newpage") < long.index(r"\section") < long.index("Before it.")
    starred = [line for line in long.splitlines() if line.endswith(r"\\*")]
    assert starred == [r"0 & 0\\*", r"7 & 0\\*"]  # neither the first row nor the last stands alone
