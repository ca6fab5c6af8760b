"""What is said where all conventions for the slope at a kink agree."""

from __future__ import annotations

from symflow.differentials.selection import audit
from symflow.exact.rationals import fmpq
from symflow.formats.plain_text import render
from symflow.problem_tree import problem_from_tree
from symflow.reports.audit_document import audit_document


def test_conventions_that_agree_are_not_all_choices_of_slopes() -> None:
    """-relu(x) - relu(-x) at 0: slopes a and b give b - a, which is 0 for every common slope and -1 for (1, 0)."""
    problem = problem_from_tree(
        {
            "network": {"activation": "relu", "weights": [[["1"], ["-1"]], [["-1", "-1"]]]},
            "objective": {"variable": "input", "at": ["0"]},
        }
    )
    function = problem.function()
    assert {function.conventional_gradient(slope) for slope in (fmpq(0), fmpq(1, 2), fmpq(1))} == {(fmpq(0),)}
    text = " ".join(render(audit_document(problem, audit(function))).split())
    assert "every choice" not in text
    assert "lower, middle and upper give this vector too; slopes that differ between units may not" in text
