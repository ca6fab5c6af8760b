"""Results of a flow in the weights: what is exact in them is re-checked, and changes are refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symflow.checker.balancing import quantities
from symflow.checker.problems import read_problem
from symflow.checker.verify import verify_text
from symflow.exact.rationals import fmpq, to_fraction
from symflow.flows.gradient_flow import flow_of, layer_names
from symflow.flows.invariants import balancing_laws
from symflow.flows.options import FlowOptions
from symflow.problem_tree import problem_from_tree
from symflow.reports.flow_result import flow_result, with_flow
from tests.flows.by_hand import DEMO
from tests.strategies import problem_trees

RIDGE: dict[str, Any] = {
    "network": {"activation": "relu", "weights": [[["0", "1"]], [["1"]]]},
    "data": {"inputs": [["2", "0"], ["-1", "1"]], "labels": ["1", "1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
}

ONE = fmpq(1)

Json = dict[str, Any]
Change = Callable[[Json], None]


def written(tree: Json, until: fmpq = ONE, **options: Any) -> Json:
    """Return the JSON object that ``symflow flow --json`` writes."""
    problem = problem_from_tree({key: value for key, value in tree.items() if key != "flow"})
    asked = FlowOptions(until=until, **options)
    path = flow_of(problem.function(), asked)
    found: Json = json.loads(json.dumps(flow_result(with_flow(problem, asked), path)))
    return found


def verdict(result: Json) -> Json:
    return verify_text(json.dumps(result))


@pytest.fixture(scope="module")
def demo() -> Json:
    return written(DEMO, digits=30, checkpoints=(fmpq(1, 2),))


@pytest.fixture(scope="module")
def ridge() -> Json:
    return written(RIDGE, digits=30, trained=("W1",))


def test_nothing_is_wrong_and_the_digits_are_named_as_not_checked(demo: Json) -> None:
    report = verdict(demo)
    assert report["rejected"] == []
    assert report["accepted"] is False, "nothing in the file proves the digits"
    assert report["n_certificates"] == 5  # the start, three conserved quantities, one arc
    assert any("their digits" in claim for claim in report["not_checked"])


def test_a_ridge_at_the_exact_start_is_accepted(ridge: Json) -> None:
    assert ridge["status"] == "non_unique"
    report = verdict(ridge)
    assert (report["accepted"], report["rejected"]) == (True, [])
    assert report["n_certificates"] == 4  # the start and three branches


def change_digit(text: str) -> str:
    """Return a decimal, another digit in its middle."""
    place = 2 + len(text) // 2
    return f"{text[:place]}{(int(text[place]) + 5) % 10}{text[place + 1 :]}"


def both_ends(result: Json, change: Callable[[str], str]) -> None:
    """Change the first entry of the state at the end, wherever it stands."""
    result["state"][0] = result["end"]["state"][0] = change(result["state"][0])


FORGERIES: list[tuple[str, Change, str]] = [
    ("the state at the end", lambda r: both_ends(r, change_digit), "invariants"),
    ("one of the states at the end", lambda r: r["state"].__setitem__(0, change_digit(r["state"][0])), "end"),
    ("a state on the way", lambda r: r["checkpoints"][0]["state"].__setitem__(4, "1.2"), "invariants"),
    ("the start", lambda r: r["start"]["state"].__setitem__(0, "1.001"), ""),
    ("the objective at the start", lambda r: r["start"].__setitem__("objective", "1.7"), "objective"),
    ("a conserved value", lambda r: r["invariants"][1].__setitem__("value", "4/5"), "invariants[1].value"),
    ("a conserved quantity", lambda r: r["invariants"][0].__setitem__("name", "|W1[1,:]|^2"), "invariants"),
    ("a missing quantity", lambda r: r["invariants"].pop(), "invariants"),
    ("an event's side", lambda r: r["events"][0].__setitem__("to", "-"), "pattern"),
    ("a missing event", lambda r: r["events"].pop(), "pattern"),
    ("an event of another neuron", lambda r: r["events"][1].__setitem__("neuron", 2), "pattern"),
    ("an event that is none", lambda r: r["events"][0].__setitem__("kind", "jump"), "events[0]"),
    ("an event of no datum", lambda r: r["events"][0].__setitem__("datum", 9), "events[0]"),
    ("events out of order", lambda r: r["events"].reverse(), "events[1]"),
    ("an event after the end", lambda r: r["events"][1].__setitem__("time", "7"), "events"),
    ("a pattern", lambda r: r["arcs"][0].__setitem__("pattern", "++|-+"), "pattern"),
    ("a pattern of another net", lambda r: r["arcs"][0].__setitem__("pattern", "+|-"), "pattern"),
    ("an arc that begins late", lambda r: r["arcs"][0].__setitem__("start", "0.1"), "start"),
    ("a status", lambda r: r.__setitem__("status", "finished"), "status"),
    ("digits", lambda r: r.__setitem__("digits", 0), "digits"),
    ("exactness", lambda r: r.__setitem__("is_exact", True), "is_exact"),
    ("a parameter", lambda r: r["parameters"].__setitem__(0, "W1[2,1]"), "parameters"),
    ("a weight of the problem", lambda r: r["problem"]["network"]["weights"][0][0].__setitem__(0, "2"), ""),
    ("what is trained", lambda r: r["problem"]["flow"].__setitem__("trained", ["W1"]), "invariants"),
    ("a checkpoint after the end", lambda r: r["checkpoints"][0].__setitem__("time", "2"), "checkpoints[0]"),
]


@pytest.mark.parametrize(("change", "place"), [row[1:] for row in FORGERIES], ids=[row[0] for row in FORGERIES])
def test_what_is_changed_is_refused(demo: Json, change: Change, place: str) -> None:
    forged = copy.deepcopy(demo)
    change(forged)
    report = verdict(forged)
    assert report["accepted"] is False
    assert report["rejected"]
    assert any(place in entry["place"] for entry in report["rejected"]), report["rejected"]


RIDGE_FORGERIES: list[tuple[str, Change]] = [
    ("a velocity", lambda r: r["branches"][0]["certificate"]["velocities"].__setitem__(0, "exp(-1)")),
    ("a missing branch", lambda r: r["branches"].pop()),
    ("no branches", lambda r: r.__setitem__("branches", [])),
    ("a side twice", lambda r: r["branches"][0].__setitem__("kind", "+")),
    ("another kink", lambda r: r["branches"][0]["events"].__setitem__(0, [1, 1, 2])),
    ("a label", lambda r: r["problem"]["data"]["labels"].__setitem__(0, "-1")),
    ("the outer weight", lambda r: r["problem"]["network"]["weights"][1][0].__setitem__(0, "-1")),
]


@pytest.mark.parametrize("change", [row[1] for row in RIDGE_FORGERIES], ids=[row[0] for row in RIDGE_FORGERIES])
def test_a_ridge_that_is_none_is_refused(ridge: Json, change: Change) -> None:
    forged = copy.deepcopy(ridge)
    change(forged)
    assert verdict(forged)["rejected"]


def test_a_ridge_of_second_order_is_named_as_not_checked() -> None:
    """The output weight is 0 at the start and leaves it: velocities vanish, and the second order decides."""
    tree = copy.deepcopy(RIDGE)
    tree["network"]["weights"] = [[["0", "1"]], [["0"]]]
    tree["data"] = {"inputs": [["1", "0"], ["-1/4", "1"]], "labels": ["1", "1"]}
    found = written(tree, digits=20)
    assert found["status"] == "non_unique"
    report = verdict(found)
    assert report["rejected"] == []
    assert report["accepted"] is False
    assert any("first order does not decide" in claim for claim in report["not_checked"])


def test_a_flow_that_slides_is_accepted_as_far_as_it_is_exact() -> None:
    tree = copy.deepcopy(RIDGE)
    tree["network"]["weights"] = [[["0", "1"]], [["-1/10"]]]
    tree["data"]["inputs"] = [["1", "0"], ["-1/2", "1"]]
    report = verdict(written(tree, fmpq(1, 20), digits=20))
    assert report["rejected"] == []


@settings(max_examples=60, deadline=None)
@given(problem_trees(kinds=("relu", "leaky_relu", "abs", "identity", "maxpool", "relu_power")), st.data())
def test_the_checker_knows_the_same_quantities(tree: Json, data: st.DataObject) -> None:
    """Two roads: written twice, apart from each other, they list the same names and values."""
    problem = problem_from_tree(tree)
    assert problem.network is not None
    names = layer_names(problem.architecture)
    trained = data.draw(st.one_of(st.none(), st.lists(st.sampled_from(names), min_size=1, unique=True)))
    read = read_problem(problem.tree())
    found = [(each.name, each.at(read.point)) for each in quantities(read, trained)]
    laws = balancing_laws(problem.network, trained)
    assert found == [(law.name, to_fraction(law.start(problem.network.parameters))) for law in laws]


# Both neurons are 0 on their kink, a ridge: each goes on or stays.
TWO_RIDGES: Json = {
    "network": {"activation": ["relu"], "weights": [[["0", "0"], ["0", "0"]], [["1", "1"]]]},
    "data": {"inputs": [[0, 1]], "labels": [1]},
    "objective": {"kind": "log_sum_exp", "variable": "weights"},
}


def test_the_branches_of_two_neurons_are_checked_each_at_its_kink() -> None:
    found = written(TWO_RIDGES, fmpq(1, 4), digits=12)
    assert [branch["kind"] for branch in found["branches"]] == ["ridge", "+", "ridge", "+"]
    report = verdict(found)
    assert report["rejected"] == []
    assert report["n_certificates"] >= 5  # the start and four branches, at least
    for place in range(4):
        fewer = copy.deepcopy(found)
        del fewer["branches"][place]
        assert verdict(fewer)["rejected"]
        moved = copy.deepcopy(found)
        moved["branches"][place]["events"] = found["branches"][(place + 2) % 4]["events"]
        assert verdict(moved)["rejected"]
        faster = copy.deepcopy(found)
        faster["branches"][place]["certificate"]["velocities"][1] = "7"
        assert verdict(faster)["rejected"]


@settings(max_examples=25, deadline=None)
@given(problem_trees(depth=(2, 2), n_data=2, kinds=("relu", "relu", "leaky_relu", "abs"), biases=False))
@example(TWO_RIDGES)
def test_what_is_followed_is_not_refused(tree: Json) -> None:
    found = written(tree, fmpq(1, 4), digits=12, checkpoints=(fmpq(1, 8),))
    assert verdict(found)["rejected"] == [], found["status"]


def test_states_are_held_to_their_digits(demo: Json) -> None:
    """A state that is off by a hundred times its error fails; one off by a tenth does not."""
    for off, is_refused in ((Fraction(1, 10**28), True), (Fraction(1, 10**31), False)):
        forged = copy.deepcopy(demo)
        whole, _, decimals = forged["state"][4].partition(".")
        moved = Fraction(int(whole + decimals), 10 ** len(decimals)) + off
        scaled = round(moved * 10**40)
        forged["state"][4] = forged["end"]["state"][4] = f"{scaled // 10**40}.{scaled % 10**40:040d}"
        assert bool(verdict(forged)["rejected"]) is is_refused
