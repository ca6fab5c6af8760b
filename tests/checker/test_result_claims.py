"""What follows from a whole result of another command: each rule shows its verdict, and refuses one thing at a time."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from symflow.checker.meanings import Meaning, meaning
from symflow.checker.reading import Refused, Report
from symflow.checker.result_claims import RULES, shown_by_rule
from symflow.differentials.clarke import clarke_differential
from symflow.exact.simplex import Budget
from symflow.problem_tree import problem_from_tree
from symflow.proofs.setting import net_tree
from symflow.reports.result_engines import ENGINES
from symflow.reports.results import clarke_result
from tests.checker.by_hand import one_kink, pool_of_two_data, sum_rule_of_a_pool_fails, two_opposite_data

Tree = dict[str, Any]

# −|w| from 0, where both directions leave; and |w| from 1, which comes to rest.
RIDGE = net_tree([[[1]], [[-1]]], activation="abs", kind="output", variable="input", at=[0])
VALLEY = net_tree([[[1]], [[1]]], activation="abs", kind="output", variable="input", at=[1])
CUSP = net_tree([[[0], [0]], [[-1, 0]], [[-1]]], activation=["relu", "relu"], inputs=[[-1]], kind="output")


@cache
def _flow(of: str) -> str:
    tree = {**(RIDGE if of == "ridge" else VALLEY), "flow": {"until": "3"}}
    return json.dumps(ENGINES.flow(problem_from_tree(tree)))


@cache
def _laws() -> str:
    return json.dumps(ENGINES.laws(problem_from_tree({"network": {"widths": [2, 2, 1], "activation": "relu"}})))


def ridge() -> Tree:
    found: Tree = json.loads(_flow("ridge"))
    return found


def valley() -> Tree:
    found: Tree = json.loads(_flow("valley"))
    return found


def laws() -> Tree:
    found: Tree = json.loads(_laws())
    return found


@cache
def _without_time() -> str:
    problem = problem_from_tree(CUSP)
    budget = Budget(deadline=0.0)
    return json.dumps(clarke_result(problem, clarke_differential(problem.function(), budget=budget), budget=budget))


def without_time() -> Tree:
    """The differential of a cusp that no time was given to: an inner and an outer set."""
    found: Tree = json.loads(_without_time())
    return found


def shown(rule: str, result: Tree) -> str | None:
    """Return the verdict that a rule shows; None where the result is refused before it."""
    report = Report()
    word = RULES[rule](report, result)
    return None if report.rejected else word


def test_every_rule_shows_its_verdict() -> None:
    assert shown("laws_are_complete", laws()) == "proved_shape"
    assert shown("clarke_is_exact", one_kink()) == "proved_instance"
    assert shown("flow_is_not_unique", ridge()) == "refuted"
    assert shown("path_is_a_solution", valley()) == "proved_instance"


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (two_opposite_data, "refuted"),  # by the spans of the data at the kink, Theorem 4
        (sum_rule_of_a_pool_fails, "refuted"),  # by comparing the sets
        (pool_of_two_data, "proved_instance"),
    ],
)
def test_the_sum_rule_is_shown_either_way(make: Callable[[], Tree], word: str) -> None:
    assert shown("sum_rule", make()) == word


def _set(*path: Any, to: Any) -> Callable[[Tree], Tree]:
    def change(result: Tree) -> Tree:
        changed = inside = copy.deepcopy(result)
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = to
        return changed

    return change


def _same_branches(result: Tree) -> Tree:
    changed = copy.deepcopy(result)
    changed["branches"] = [changed["branches"][0]] * 2
    return changed


def _unchanged(result: Tree) -> Tree:
    return result


@pytest.mark.parametrize(
    ("rule", "make", "change", "reason"),
    [
        ("laws_are_complete", one_kink, _unchanged, 'result.command: found "clarke"'),
        ("laws_are_complete", laws, _set("complete", to=None), "expected a boolean"),
        ("laws_are_complete", laws, _set("complete", to=False), "does not say that the laws are complete"),
        ("clarke_is_exact", laws, _unchanged, 'result.command: found "laws"'),
        ("clarke_is_exact", without_time, _unchanged, "not known exactly"),
        ("clarke_is_exact", one_kink, _set("problem", to={}), "not known exactly"),
        ("sum_rule", laws, _unchanged, 'result.command: found "laws"'),
        ("sum_rule", two_opposite_data, _set("sum_rule", "holds", to=None), "expected a boolean"),
        ("sum_rule", one_kink, _unchanged, "sum_rule: expected an object"),  # of one datum there is nothing to say
        ("sum_rule", two_opposite_data, _set("problem", to={}), "not checked"),
        ("flow_is_not_unique", laws, _unchanged, 'result.command: found "laws"'),
        ("flow_is_not_unique", valley, _unchanged, 'result.status: found "stationary"'),
        ("flow_is_not_unique", ridge, _set("variable", to="weights"), 'result.variable: found "weights"'),
        ("flow_is_not_unique", ridge, _same_branches, "no two branches with different velocities"),
        ("flow_is_not_unique", ridge, _set("branches", to=[]), "no two branches"),
        ("path_is_a_solution", laws, _unchanged, "variable"),
        ("path_is_a_solution", valley, _set("command", to="clarke"), 'command: found "clarke"'),
        ("path_is_a_solution", ridge, _unchanged, "does not come to its end"),  # it stops at time 0, with no path
        ("path_is_a_solution", ridge, _set("status", to="undecided"), "does not come to its end"),
        ("energy_identity", ridge, _unchanged, "does not come to its end"),
        ("energy_identity", valley, _set("is_exact", to=False), "not rational"),
        ("energy_identity", valley, _set("state", 0, to="1/2"), "state"),
        ("stationarity_bound", valley, _set("variable", to="weights"), "variable"),
    ],
)
def test_a_rule_refuses_what_does_not_say_it(
    rule: str, make: Callable[[], Tree], change: Callable[[Tree], Tree], reason: str
) -> None:
    with pytest.raises(Refused) as refusal:
        RULES[rule](Report(), change(make()))
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("rule", "make", "change"),
    [
        ("laws_are_complete", laws, _set("laws", to=[])),
        ("clarke_is_exact", one_kink, _set("vertices", 0, 0, to="7")),
        ("sum_rule", two_opposite_data, _set("sum_rule", "holds", to=True)),
        ("sum_rule", pool_of_two_data, _set("sum_rule", "holds", to=False)),
        ("flow_is_not_unique", ridge, _set("branches", 0, "certificate", "velocity", to=["5"])),
        ("path_is_a_solution", valley, _set("arcs", 0, "velocity", to=["-2"])),
    ],
)
def test_a_forged_result_shows_nothing(rule: str, make: Callable[[], Tree], change: Callable[[Tree], Tree]) -> None:
    forged = change(make())
    assert shown(rule, make()) is not None
    assert shown(rule, forged) is None


# ---------------------------------------------------------------------- a rule in a claim


def row(name: str) -> Meaning:
    found = meaning(name)
    assert found is not None
    return found


def evidence(rule: str, result: Tree) -> Tree:
    return {"rule": rule, "result": {key: value for key, value in result.items() if key != "problem"}}


def test_a_rule_of_a_claim_is_asked_of_the_claim_s_own_problem() -> None:
    report, result = Report(), ridge()
    found = evidence("flow_is_not_unique", result)
    assert shown_by_rule(report, found, row("flow_is_unique"), result["problem"], "witness") == "refuted"
    assert report.rejected == []
    with_its_own = {**found, "result": {**found["result"], "problem": valley()["problem"]}}
    with pytest.raises(Refused, match="a result on another problem"):
        shown_by_rule(report, with_its_own, row("flow_is_unique"), result["problem"], "witness")


@pytest.mark.parametrize("which", [None, "flow_is_unique"])
def test_a_claim_has_the_rules_of_its_name_and_no_others(which: str | None) -> None:
    """A user's own claim has none; a lemma has not those of another."""
    result, meant = one_kink(), None if which is None else row(which)
    with pytest.raises(Refused, match="no such rule for this claim"):
        shown_by_rule(Report(), evidence("clarke_is_exact", result), meant, result["problem"], "witness")


def test_why_a_result_is_refused_stands_below_the_claim_and_so_does_what_is_not_checked() -> None:
    report, result = Report(), one_kink()
    forged = evidence("clarke_is_exact", _set("vertices", 0, 0, to="7")(result))
    meant = row("clarke_differential")
    assert shown_by_rule(report, forged, meant, result["problem"], "certificate") is None
    assert report.rejected
    assert all(entry["place"].startswith("certificate.result.") for entry in report.rejected)
    report = Report()
    more = evidence("clarke_is_exact", {**result, "mood": "good"})
    assert shown_by_rule(report, more, meant, result["problem"], "certificate") == "proved_instance"
    assert report.not_checked == ["certificate.result.mood"]
