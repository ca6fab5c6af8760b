"""The Clarke differentials that a claim rests on: each is asked for by name, and checked whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from symflow.checker import claim_sets
from symflow.checker.claim_sets import check_all_used, checked_set, scope_of, with_derivative
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, Report, TooLarge
from symflow.checker.statement_evidence import Evidence
from symflow.checker.statement_objects import Function
from symflow.problem_tree import problem_from_tree
from symflow.proofs.setting import net_tree, problem_setting
from symflow.reports.result_engines import ENGINES
from tests.checker.by_hand import one_kink, undecided_cell

Tree = dict[str, Any]


def settled(tree: Tree) -> Tree:
    """Return the problem as the command writes it."""
    return problem_from_tree(tree).tree()


def differential(tree: Tree) -> Tree:
    found: Tree = json.loads(json.dumps(ENGINES.clarke(problem_from_tree(tree))))
    return found


CORNER = settled(net_tree([[[1], [-1]], [[1, 1]]], kind="output", variable="input", at=[0]))
SMOOTH = settled(net_tree([[[2]]], activation=[], kind="output", variable="input", at=[1]))


def checked(result: Tree, problem: Problem | None = None) -> Any:
    return checked_set(Report(), "sets.f", result, problem or read_problem(result["problem"]))


@pytest.mark.parametrize("name", ["1a", "f", "R", "not a name"])
def test_a_problem_has_a_name_that_nothing_else_has(name: str) -> None:
    setting = {"kind": "problems", "problems": {name: CORNER}}
    with pytest.raises(Refused, match="cannot be the name of a problem"):
        scope_of(Report(), setting, None, {})


def test_there_is_a_problem_among_the_problems() -> None:
    with pytest.raises(Refused, match="no problem is given"):
        scope_of(Report(), {"kind": "problems", "problems": {}}, None, {})


def test_a_set_is_found_by_its_name_and_only_there() -> None:
    sets = {"abs": differential(CORNER)}
    setting = {"kind": "problems", "problems": {"abs": CORNER, "other": CORNER}}
    scope = scope_of(Report(), setting, None, {"sets": sets})
    assert scope.sets is not None
    assert sorted(scope.sets("abs").generators) == [(-1,), (1,)]
    assert scope.sets("abs") is scope.sets("abs"), "it is checked once"
    with pytest.raises(Refused, match="of other has no certificate"):
        scope.sets("other")


def test_named_problems_are_no_net_of_the_statement_s_own() -> None:
    scope = scope_of(Report(), {"kind": "problems", "problems": {"corner": CORNER}}, None, {"sets": {"f": {}}})
    assert scope.sets is not None
    with pytest.raises(Refused, match="no net of its own"):
        scope.sets(Function("f"))


def test_a_set_of_another_problem_or_point_is_refused() -> None:
    with pytest.raises(Refused, match="another problem, or at another point"):
        checked(differential(CORNER), read_problem(SMOOTH))


def test_a_set_that_is_refused_is_refused_at_its_place() -> None:
    result = one_kink()
    result["vertices"][0][0] = "7"
    with pytest.raises(Refused) as refusal:
        checked(result)
    assert refusal.value.place.startswith("sets.f.")


def test_a_set_that_is_only_enclosed_is_refused() -> None:
    with pytest.raises(Refused, match="not known exactly"):
        checked(undecided_cell())


def test_a_set_with_too_many_vertices_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_sets, "_MOST_GENERATORS", 1)
    with pytest.raises(TooLarge, match="too many vertices"):
        checked(one_kink())


def test_what_is_too_large_to_check_is_too_large_and_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(report: Report, result: Tree) -> None:
        with report.checking("value"):
            raise TooLarge("of too many digits")

    monkeypatch.setattr(claim_sets, "check_clarke", too_large)
    with pytest.raises(TooLarge, match="too large to check"):
        checked(one_kink())


def test_the_one_element_of_a_set_is_the_gradient() -> None:
    result = differential(SMOOTH)
    found = checked(result)
    assert found.derivative is None
    assert with_derivative(found, None, result, read_problem(SMOOTH)).derivative == (2,)


def test_of_several_elements_none_is_the_gradient_unless_that_is_shown() -> None:
    result = differential(CORNER)
    found = checked(result)
    assert with_derivative(found, None, result, read_problem(CORNER)).derivative is None
    forged = {"gradient": ["1"], "cells": []}
    with pytest.raises(Refused) as refusal:
        with_derivative(found, forged, result, read_problem(CORNER))
    assert refusal.value.place.startswith("derivatives")


def test_what_nothing_asks_for_is_told_or_refused() -> None:
    report, sets = Report(), {"sets": {"f": differential(CORNER)}}
    scope = scope_of(report, problem_setting(CORNER), None, sets)
    check_all_used(report, Evidence([]), scope, sets)
    assert report.not_checked == ["sets.f"]
    with pytest.raises(Refused, match="memberships that nothing asks for"):
        check_all_used(report, Evidence([{"in": "hull"}]), scope, sets)
    with pytest.raises(Refused, match="no sets are known here"):
        check_all_used(report, Evidence([]), replace(scope, sets=None), sets)
