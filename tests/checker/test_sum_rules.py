"""The sum rule of deep nets and pools: the comparison that the command writes, and the same with anything changed."""

from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symflow.checker.verify import verify_text
from symflow.differentials.clarke import clarke_differential
from symflow.exact.simplex import Budget
from symflow.problem_tree import problem_from_tree
from symflow.reports.results import clarke_result
from tests.checker.test_verify import changed, entries, other_values
from tests.strategies import problem_trees

Json = dict[str, Any]

PROBLEMS = st.one_of(
    problem_trees(depth=(3, 3), width=2),
    problem_trees(depth=(2, 2), kinds=("maxpool",)),
    problem_trees(depth=(3, 3), width=2, kinds=("abs", "leaky_relu", "relu")),
)

# Another functional, another arc may do as well; what is said of automatic differentiation is not said of a part.
WITNESSES = {"arc", "functionals", "separator", "autodiff_weights", "reason"}


def result_of(tree: Json) -> Json:
    problem = problem_from_tree(tree)
    budget = Budget(deadline=time.monotonic() + 3)
    result = clarke_result(problem, clarke_differential(problem.function(), budget=budget), budget=budget)
    found: Json = json.loads(json.dumps(result))
    rule = found["sum_rule"]
    assume(rule is not None and "comparison" in rule and len(json.dumps(found)) < 200_000)
    return found


@given(PROBLEMS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_a_comparison_is_checked_in_full(tree: Json) -> None:
    report = verify_text(json.dumps(result_of(tree)))
    assert report["rejected"] == []
    assert report["not_checked"] == []


@given(PROBLEMS, st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_a_comparison_with_an_entry_changed_is_rejected(tree: Json, data: st.DataObject) -> None:
    result = result_of(tree)
    places = [
        (path, value)
        for path, value in entries(result["sum_rule"])
        if not set(path) & WITNESSES and not (path == ("comparison", "sums") and len(value) < 2)
    ]
    path, value = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from(other_values(value)))
    report = verify_text(json.dumps(changed(result, ("sum_rule", *path), other)))
    assert report["accepted"] is False, (path, other)
    assert not any("broke off" in entry["reason"] for entry in report["rejected"])  # type: ignore[attr-defined]
