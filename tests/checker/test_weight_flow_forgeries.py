"""Flows of the weights forged one thing at a time: each rule says why it refuses."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import symflow
from symflow.checker.verify import verify_text
from symflow.problem_file import read_problem
from symflow.problem_tree import problem_from_tree
from symflow.reports.result_engines import ENGINES

Tree = dict[str, Any]

DEMO = Path(symflow.__file__).parent / "demo.toml"


@cache
def _text() -> str:
    tree = read_problem(str(DEMO)).tree()
    tree["flow"] = {"until": "3", "digits": 12, "checkpoints": ["1", "2"]}
    return json.dumps(ENGINES.flow(problem_from_tree(tree)))


def flow() -> Tree:
    """The demo up to time 3: at the start neuron 1 leaves its kinks on both data."""
    found: Tree = json.loads(_text())
    assert [event["datum"] for event in found["events"]] == [1, 2]
    return found


def reasons(result: Tree) -> str:
    report: Any = verify_text(json.dumps(result))
    return "; ".join(f"{entry['place']}: {entry['reason']}" for entry in report["rejected"])


def test_the_flow_is_accepted() -> None:
    assert reasons(flow()) == ""


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("start", "time"), "1/2", "is not the start"),
        (("checkpoints", 0, "time"), "2.5", "out of order"),
        (("checkpoints", 0, "time"), "-1", "before the start"),
        (("arcs", 0, "start"), "1", "does not begin at the start"),
        (("events", 0, "layer"), 9, "no such unit or datum"),
        (("events", 0, "datum"), 9, "no such unit or datum"),
        (("events", 0, "neuron"), 9, "no such neuron"),
        (("events", 0, "kind"), "magic", "no such event"),
        (("events", 0, "to"), "?", "no such event"),
        (("events", 0, "time"), "1.5", "events"),
    ],
)
def test_one_thing_changed_is_refused(path: tuple[Any, ...], value: Any, reason: str) -> None:
    changed = inside = copy.deepcopy(flow())
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    assert reason in reasons(changed)


def test_a_problem_in_the_input_has_no_flow_of_the_weights() -> None:
    changed = copy.deepcopy(flow())
    objective = changed["problem"]["objective"]
    changed["problem"]["objective"] = {"kind": "output", "variable": "input", "output": 1, "at": ["1", "1"]}
    assert objective["variable"] == "weights"
    assert "this is no flow of the weights" in reasons(changed)


def test_arcs_join() -> None:
    changed = copy.deepcopy(flow())
    arc = changed["arcs"][-1]
    changed["arcs"][-1:] = [{**arc, "end": "1"}, {**arc, "start": "1"}]
    assert "join" not in reasons(changed)
    changed["arcs"][-1]["start"] = "1.5"
    assert "does not join the arc before" in reasons(changed)
