"""The numbers of notes: every constant is defined where it is used, and what is not written out can be had."""

from __future__ import annotations

import re
from functools import cache

from symflow.notes_command import make_notes
from symflow.problem_tree import problem_from_tree
from symflow.reports.expressions import Decimal
from symflow.reports.latex_math import latex

# Eight data with more than six margins, the largest 25; on the second and the third the first neuron is on its kink.
MANY = {
    "network": {"activation": "relu", "weights": [[[1, 1], [2, -1]], [["3/2", "-1/2"]]]},
    "data": {
        "inputs": [[10, 10], [1, -1], [2, -2], [1, 2], [2, 1], [3, 1], [1, 3], [4, 1]],
        "labels": [1, -1, 1, 1, -1, 1, 1, 1],
    },
    "objective": {"kind": "risk", "loss": "logistic"},
}


@cache
def text(form: str = "article") -> str:
    return " ".join(make_notes(problem_from_tree(MANY), source="many_data.toml", form=form).text.split())  # type: ignore[arg-type]


def test_every_constant_is_defined_with_its_decimals() -> None:
    used = set(re.findall(r"(?<![a-z])c_(?:\d|\{\d+\})", text()))
    defined = dict(re.findall(r"\$(c_(?:\d|\{\d+\}))\$ & \$[^$]*/\(1\+[^$]*\)\$ & \$([^$]*)\$", text()))
    assert len(used) > 6
    assert used == set(defined)
    assert all(re.fullmatch(r"0\.\d+|\d(\.\d+)?\\cdot10\^\{-\d+\}", digits) for digits in defined.values())


def test_no_power_of_ten_is_written_as_on_a_keyboard() -> None:
    assert r"\cdot10^{-" in text()
    assert not re.search(r"\d e?[eE][-+]?\d", text())
    assert not re.search(r"\de-\d", text())
    assert latex(Decimal("2.5055e-6")) == r"2.5055\cdot10^{-6}"


def test_files_that_notes_alone_do_not_write_are_named_by_the_command_that_does() -> None:
    assert r"\texttt{certificates/" not in text()
    assert r"symflow verify certificates/" not in text()
    assert r"\texttt{symflow study many\_data.toml} writes them" in text()
    for found in re.finditer(r"\\texttt\{results.json\}", text()):
        assert text()[found.end() :].startswith(r" of \texttt{symflow study many\_data.toml}")
