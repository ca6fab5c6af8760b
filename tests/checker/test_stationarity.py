"""The checker's own forward pass: honest claims hold, forged ones are refused, what it cannot show is listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.expressions import scalar
from symflow.checker.gradients import Gradients
from symflow.checker.problems import read_problem
from symflow.checker.stationarity import directional_derivative
from symflow.checker.verify import verify_text
from symflow.differentials import directional
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.stationarity import stationarity
from symflow.exact.exponential_numbers import to_text
from symflow.exact.rationals import fmpq, to_fraction
from symflow.problem_tree import problem_from_tree
from symflow.reports.results import clarke_result
from symflow.reports.stationarity_result import stationarity_result
from tests.strategies import problem_trees

Json = dict[str, Any]


def of_the_input(*outer: str) -> Json:
    """Return the result of c1 relu(x) + c2 relu(-x) at 0."""
    return result_of(
        {
            "network": {"activation": "relu", "weights": [[["1"], ["-1"]], [list(outer)]]},
            "data": {"inputs": [["0"]]},
            "objective": {"variable": "input", "at": ["0"]},
        }
    )


def result_of(tree: Json) -> Json:
    problem = problem_from_tree(tree)
    differential = clarke_differential(problem.function())
    return clarke_result(problem, differential) | {"stationarity": stationarity_result(stationarity(differential))}


def check(result: Json) -> tuple[str, list[str]]:
    report: Any = verify_text(json.dumps(result))
    refused = "; ".join(f"{entry['place']}: {entry['reason']}" for entry in report["rejected"])
    return refused, report["not_checked"]


def test_a_maximum_is_shown_by_directions_alone() -> None:
    refused, skipped = check(of_the_input("-1", "-1"))
    assert refused == ""
    assert skipped == ["stationarity.descent.step", "stationarity.descent.value"]


def test_what_holds_for_all_directions_is_not_checked() -> None:
    assert check(of_the_input("1", "1")) == (
        "",
        ["stationarity.frechet", "stationarity.local_minimum", "stationarity.regular"],
    )


def test_one_vector_is_strictly_differentiable() -> None:
    refused, skipped = check(of_the_input("1", "-1"))
    assert refused == ""
    assert skipped == ["stationarity.descent.step", "stationarity.descent.value"]


def test_a_descent_of_higher_order_is_listed() -> None:
    cusp = {
        "network": {"activation": "relu", "weights": [[["0"], ["0"]], [["-1", "0"]], [["-1"]]]},
        "data": {"inputs": [["-1"]]},
        "objective": {"kind": "output"},
    }
    refused, skipped = check(result_of(cusp))
    assert refused == ""
    assert "stationarity.local_minimum" in skipped
    assert "stationarity.differentiable" in skipped
    assert "stationarity.descent.leading_term" in skipped


FORGERIES: dict[str, tuple[Callable[[Json], object], str]] = {
    "a claim of the other kind": (lambda s: s.update(clarke=False), "clarke: found false, recomputed true"),
    "a claim that is no boolean": (lambda s: s.update(frechet="no"), "frechet: expected"),
    "a minimum on a slope": (lambda s: s.update(local_minimum=True), "the function falls along"),
    "stationary on a slope": (lambda s: s.update(frechet=True), "the function falls along"),
    "one vector": (lambda s: s.update(strictly_differentiable=True), "strictly_differentiable"),
    "no way down": (lambda s: s.update(descent=None), "no direction along which the function falls"),
    "another derivative": (lambda s: s["descent"].update(derivative="-2"), "this is not the derivative"),
    "a way up": (lambda s: s["descent"].update(direction=["0"], derivative="1"), "this is not the derivative"),
    "a direction of another length": (lambda s: s["descent"].update(direction=["1", "1"]), "a list of 1 numbers"),
    "other values": (lambda s: s["not_linear"].update(values=["-1", "-1", "1"]), "not_linear.values[2]"),
    "directions that add up": (
        lambda s: s["not_linear"].update(directions=[["1"], ["1"]], values=["-1", "-1", "-2"]),
        "the derivatives add up",
    ),
    "a value outside the set": (lambda s: s["not_regular"].update(values=["-1", "2"]), "no element of the set"),
    "equal values": (lambda s: s["not_regular"].update(values=["-1", "-1"]), "no element of the set"),
    "another slope": (lambda s: s["not_regular"].update(values=["-3", "1"]), "not_regular.values[0]"),
    "no witness": (lambda s: s.pop("not_linear"), "not_linear: missing"),
    "a witness too many": (lambda s: s.update(regular=True), "a witness beside a claim"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_claim_is_refused(name: str) -> None:
    forge, reason = FORGERIES[name]
    result = of_the_input("-1", "-1")
    forge(result["stationarity"])
    assert reason in check(result)[0]


def test_a_rising_direction_is_no_descent() -> None:
    result = of_the_input("1", "1")
    result["stationarity"].update(descent={"direction": ["1"], "derivative": "1"})
    assert "the function rises" in check(result)[0]


def test_a_strictly_differentiable_function_is_not_called_irregular() -> None:
    result = of_the_input("1", "-1")
    result["stationarity"]["regular"] = False
    assert "both differentiable and regular" in check(result)[0]


def test_very_long_numbers_are_too_large() -> None:
    result = of_the_input("-1", "-1")
    result["stationarity"]["descent"]["direction"] = ["1" * 4000]
    report: Any = verify_text(json.dumps(result))
    assert not report["accepted"]
    assert any("too large" in claim for claim in report["not_checked"])


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_both_forward_passes_agree(data: st.DataObject) -> None:
    tree = data.draw(problem_trees(depth=(1, 3)) | problem_trees(variable="input"))
    problem = problem_from_tree(tree)
    F = problem.function()
    v = [fmpq(data.draw(st.integers(-3, 3))) for _ in F.variables]
    mine = directional.directional_derivative(F, v)
    theirs = directional_derivative(Gradients(read_problem(problem.tree())), [to_fraction(x) for x in v])
    assert scalar(to_text(mine)) == theirs


def test_where_no_element_is_known_no_direction_shows_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A budget may end before any cell is realised: then the inner hull has no vertex."""
    import symflow.checker.clarke as clarke
    import symflow.checker.stationarity as checked

    tree = of_the_input("1", "1")
    del tree["stationarity"]
    assert check(tree) == ("", [])
    clarke._checked.cache_clear()
    monkeypatch.setattr(checked, "_inner", lambda block: [])
    refused, _ = check(of_the_input("-1", "-1"))
    clarke._checked.cache_clear()  # what was found so is not to be remembered
    assert "no element of the set is known" in refused
