"""Where a flow does not begin along minus the shortest element, that is said, on the terminal and on the page."""

from __future__ import annotations

from typing import Any

import pytest

from symflow.flows.gradient_flow import gradient_flow
from symflow.formats.plain_text import PlainText
from symflow.problem_tree import problem_from_tree
from symflow.report_command import report_page
from symflow.reports.flow_document import flow_document
from symflow.reports.flow_start import why_not_shortest
from symflow.reports.linear_text import sentence_text

SAID = "x' at t = 0 is not minus the shortest element of ∂f, 1, for f is not convex there"


def tree(right: str, left: str, at: str = "0") -> dict[str, Any]:
    """Return f(x) = right · max(x, 0) − left · max(−x, 0): slope `left` before 0, `right` behind it."""
    return {
        "network": {"activation": "relu", "weights": [[["1"], ["-1"]], [[right, "-" + left]]]},
        "objective": {"variable": "input", "at": [at]},
        "flow": {"until": "1"},
    }


@pytest.mark.parametrize(
    ("right", "left", "at", "is_said"),
    [
        ("1", "2", "0", True),  # concave: ∂f(0) = [1, 2], and the flow leaves to the left with x' = −2
        ("2", "1", "0", False),  # convex: ∂f(0) = [1, 2], and x' = −1
        ("1", "2", "1", False),  # inside a cell
    ],
)
def test_it_is_said_where_it_is_so(right: str, left: str, at: str, is_said: bool) -> None:
    problem = problem_from_tree(tree(right, left, at))
    trajectory = gradient_flow(problem.function(), until=1)
    velocity = trajectory.arcs[0].exact["velocity"]  # type: ignore[index]
    assert [str(entry) for entry in velocity] == ["-2" if is_said else "-1"]  # type: ignore[attr-defined]
    said = sentence_text(why_not_shortest(problem, trajectory))
    assert said.startswith(SAID) == is_said
    assert bool(said) == is_said
    text = " ".join(PlainText().document(flow_document(problem, trajectory)).split())
    assert (SAID in text) == is_said
    page = report_page(problem).text
    assert ("at t = 0 is not minus the shortest element" in page) == is_said
