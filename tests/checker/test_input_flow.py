"""Results of a flow in the input: accepted as written, rejected when anything in them is changed."""

import copy
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.input_times import Moment
from symflow.checker.reading import TooLarge
from symflow.checker.verify import verify_text
from symflow.exact.rationals import fmpq
from symflow.flows.gradient_flow import flow_of
from symflow.flows.options import FlowOptions
from symflow.problem_tree import problem_from_tree
from symflow.reports.flow_result import flow_result, with_flow
from tests.strategies import problem_trees

LINEAR = ("relu", "relu", "leaky_relu", "abs", "identity", "maxpool")


def written(tree: dict[str, Any], until: int = 5, **options: Any) -> dict[str, Any]:
    """Return the JSON object that ``symflow flow --json`` writes."""
    problem = problem_from_tree(tree)
    asked = FlowOptions(until=fmpq(until), **options)
    found: dict[str, Any] = json.loads(
        json.dumps(flow_result(with_flow(problem, asked), flow_of(problem.function(), asked)))
    )
    return found


def verdict(result: dict[str, Any]) -> dict[str, Any]:
    return verify_text(json.dumps(result))


def net(weights: Any, activation: Any = "relu", biases: Any = None, **objective: Any) -> dict[str, Any]:
    network = {"activation": activation, "weights": weights}
    if biases is not None:
        network["biases"] = biases
    tree: dict[str, Any] = {"network": network, "objective": {"variable": "input", **objective}}
    if "label" in objective:
        tree["data"] = {"inputs": [objective["at"]], "labels": [objective.pop("label")]}
        del tree["objective"]["label"]
    return tree


CORNER = net(
    [[[0, 1], [-1, 0], [1, -1]], [[-1, 1, 1], [-1, 1, -1]], [[2, 1]]],
    biases=[[-2, 2, 0], [1, 1], [0]],
    at=[1, "-5/2"],
)
RIDGE = net([[[1, 0], [-1, 0], [0, 1]], [[-1, -1, 1]]], biases=[[0, 0, 10], [0]], at=[0, 1])
SUMMIT = net([[[1, 0], [0, 1]], [[-1, -1]]], activation="abs", at=[0, 0])
POOL = net([[[1, 0], [0, 1]], [[1]]], activation={"name": "maxpool", "groups": [[0, 1]]}, at=[2, 1])


def with_loss(name: str, label: Any) -> dict[str, Any]:
    return net([[[1], [-1]], [[1, -2]]], at=[-1], kind="risk", loss=name, label=label)


@pytest.mark.parametrize(
    ("tree", "options"),
    [
        (CORNER, {"checkpoints": (fmpq(1),)}),
        (RIDGE, {}),
        (RIDGE, {"on_nonunique": "+"}),
        (RIDGE, {"on_nonunique": "ridge"}),
        (RIDGE, {"on_nonunique": "descent"}),
        (SUMMIT, {}),
        (SUMMIT, {"on_nonunique": "ridge"}),
        (POOL, {}),
        (POOL, {"until": 1}),
        (POOL, {"until": 0}),
        (CORNER, {"most_events": 2}),
        (with_loss("exponential", 1), {"digits": 30}),
        (with_loss("exponential", "-3/2"), {"digits": 30}),
        (with_loss("logistic", 1), {"digits": 30}),
        (with_loss("squared", 1), {"digits": 30}),
        (with_loss("squared", -5), {"digits": 30}),
        (with_loss("squared", -2), {"digits": 30}),
        (net([[[1]], [[1]]], activation="abs", at=[2], kind="risk", loss="squared", label=1), {"digits": 10}),
        (
            net([[[1]], [[1]]], activation="abs", at=[2], kind="risk", loss="squared", label=1),
            {"until": 99, "digits": 9},
        ),
        (net([[[1]], [[1]]], activation="abs", at=[2], kind="risk", loss="squared", label=-1), {"digits": 30}),
    ],
)
def test_what_the_flow_writes_is_accepted(tree: dict[str, Any], options: dict[str, Any]) -> None:
    found = verdict(written(tree, **options))
    assert found["accepted"], found
    assert "events" not in found["not_checked"]


def changed(change: Callable[[dict[str, Any]], None], tree: dict[str, Any] = CORNER, **options: Any) -> dict[str, Any]:
    result = written(tree, **options)
    change(result)
    return verdict(result)


def put(*path: Any) -> Callable[[dict[str, Any]], None]:
    *keys, last, new = path

    def change(result: dict[str, Any]) -> None:
        place: Any = result
        for key in keys:
            place = place[key]
        assert place[last] != new
        place[last] = new

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("status", "completed"),
        put("time", "7/2"),
        put("state", ["2", "5/2"]),
        put("objective", "1"),
        put("is_unique", False),
        put("is_exact", False),
        put("parameters", ["x[2]", "x[1]"]),
        put("problem", "flow", "until", "3"),
        put("problem", "network", "biases", 0, 0, "-1"),
        put("events", 0, "time", "1"),
        put("events", 0, "kind", "crossing"),
        put("events", 0, "neuron", 1),
        put("events", 2, "to", "-"),
        lambda result: result["events"].pop(),
        put("arcs", 1, "orbit_velocity", ["4/5", "9/5"]),
        put("arcs", 1, "velocity", ["4/5", "9/5"]),
        put("arcs", 1, "pattern", "-++++"),
        put("arcs", 2, "end", "5/2"),
        lambda result: result["arcs"].pop(),
        lambda result: result["certificates"]["corners"].pop(),
        put("certificates", "sign", -1),
        put("certificates", "corners", 1, "point", ["1", "0"]),
        put("certificates", "corners", 3, "solutions", []),
        put("certificates", "corners", 3, "excluded", []),
        lambda result: result["certificates"]["corners"][3]["excluded"].pop(),
        put("certificates", "corners", 3, "excluded", 0, "functional", ["1", "1"]),
        lambda result: result["certificates"]["corners"][3]["refuted"].pop(),
        lambda result: result["certificates"]["corners"][3]["faces"].popitem(),
        put("certificates", "corners", 3, "faces", "+--", ["-1", "1"]),
        put("certificates", "corners", 3, "refuted", 0, "multipliers", {"0": "1", "1": "1", "2": "2"}),
        put("certificates", "corners", 3, "refuted", 0, "multipliers", {}),
        put("certificates", "corners", 3, "refuted", 0, "path", "-0+"),
        put("certificates", "corners", 3, "solutions", 0, "time", "1/2"),
        put("certificates", "corners", 1, "solutions", 0, "weights", {"-": "1"}),
        put("certificates", "corners", 4, "solutions", 0, "weights", {"++": "1"}),
    ],
)
def test_a_tampered_result_is_rejected(change: Callable[[dict[str, Any]], None]) -> None:
    found = changed(change)
    assert not found["accepted"]
    assert not any("broke off" in entry["reason"] for entry in found["rejected"]), found


def insert(*path: Any) -> Callable[[dict[str, Any]], None]:
    *keys, new = path

    def change(result: dict[str, Any]) -> None:
        place: Any = result
        for key in keys:
            place = place[key]
        place.update(new) if isinstance(place, dict) else place.append(new)

    return change


AT_REST = net([[[1]], [[1]]], at=[2], kind="risk", loss="squared", label=2)


@pytest.mark.parametrize(
    ("tree", "change", "reason"),
    [
        (CORNER, put("variable", "data"), "no such variable"),
        (
            CORNER,
            put("problem", "network", "activation", [{"name": "relu_power", "power": 2}] * 2),
            "this is no flow of a piecewise-affine function",
        ),
        (CORNER, put("problem", "network", "weights", []), "one matrix more than activations"),
        (CORNER, put("digits", 0), "expected a number of digits"),
        (CORNER, insert("certificates", "corners", {}), "at most one more follows"),
        (CORNER, insert("certificates", "corners", 3, "faces", {"---": ["0", "0"]}), "there is no such face"),
        (
            CORNER,
            insert("certificates", "corners", 3, "refuted", {"path": "0", "multipliers": {"0": "1"}}),
            "there is no such comparison",
        ),
        (
            CORNER,
            insert("certificates", "corners", 3, "refuted", {"path": "+", "multipliers": {"x": "1"}}),
            "expected the place of a row",
        ),
        (
            CORNER,
            insert("certificates", "corners", 3, "excluded", {"path": "---"}),
            "there is no such continuation",
        ),
        (
            CORNER,
            insert("certificates", "corners", 3, "excluded", {"path": "00"}),
            "a path stands twice",
        ),
        (AT_REST, insert("certificates", "corners", {}), "nothing moves, so there is no corner"),
        (RIDGE, insert("arcs", {}), "from this corner nothing is followed"),
    ],
)
def test_what_is_wrong_is_said(tree: dict[str, Any], change: Callable[[dict[str, Any]], None], reason: str) -> None:
    found = changed(change, tree)
    assert not found["accepted"]
    assert reason in found["rejected"][0]["reason"]


def test_where_nothing_moves_there_is_nothing_to_follow() -> None:
    result = written(AT_REST)
    assert (result["status"], result["arcs"]) == ("stationary", [])
    assert verdict(result)["accepted"]


def test_the_last_arc_ends_with_the_flow() -> None:
    tree = with_loss("exponential", 1)
    found = changed(put("arcs", 1, "end", "4"), tree)
    assert "goes on to the last time" in found["rejected"][0]["reason"]


CHECKPOINTS = (fmpq(0), fmpq(1, 2), fmpq(3), fmpq(4))


@pytest.mark.parametrize("tree", [CORNER, POOL, AT_REST, net([[[1]], [[1]]], at=[1], kind="log_sum_exp", label=2)])
def test_checkpoints_are_recomputed(tree: dict[str, Any]) -> None:
    result = written(tree, checkpoints=CHECKPOINTS)
    assert len(result["checkpoints"]) == 4
    found = verdict(result)
    assert found["accepted"], found
    assert ("checkpoints" in found["not_checked"]) == (tree is AT_REST)


@pytest.mark.parametrize(
    "change",
    [
        put("checkpoints", 1, "time", "3/5"),
        put("checkpoints", 1, "time", "6"),
        put("checkpoints", 1, "objective", "8"),
        put("checkpoints", 1, "state", ["1", "-1.4"]),
        put("checkpoints", 1, "norm", "1.8"),
        put("checkpoints", 1, "norm", "-1.802775637731995"),
        put("checkpoints", 1, "margin", "1"),
        put("checkpoints", 1, "soft_margin", "1"),
        put("checkpoints", 3, "state", ["2", "3.1"]),
    ],
)
def test_a_tampered_checkpoint_is_rejected(change: Callable[[dict[str, Any]], None]) -> None:
    found = changed(change, checkpoints=CHECKPOINTS)
    assert not found["accepted"]
    assert all(entry["place"].startswith("checkpoints") for entry in found["rejected"])


def test_a_time_of_too_many_digits_is_compared_by_enclosures() -> None:
    third, tiny = Fraction(1, 3), Fraction(1, 10**7)
    time = Moment(Fraction(0), ((third, Fraction(2)), (tiny, Fraction(3))))  # 0.23104 90..
    assert (time.compare(Fraction(1)), time.compare(Fraction("0.231049")), time.compare(Fraction(0))) == (-1, 1, 1)
    with pytest.raises(TooLarge):
        Moment(Fraction(0), (*time.logarithms, *((-a, r) for a, r in time.logarithms))).compare(Fraction(0))


def test_a_path_with_logarithms_of_long_fractions_is_accepted() -> None:
    """Speeds such as 149 and 9/2 make a common denominator whose powers have millions of digits."""
    tree = net(
        [[[2, 2], [-1, 0], [1, 1]], [[-1, -2, 0], [0, -1, 1], [1, -1, 1]], [[-2, 0, -1]]],
        activation="abs",
        biases=[[1, 2, -2], [-1, 0, 1], [-2]],
        kind="risk",
        loss="squared",
        at=[-2, 1],
        label=1,
    )
    result = written(tree, 2)
    assert len(result["arcs"]) == 5
    assert verdict(result)["accepted"], verdict(result)
    result["arcs"][3]["end"] = "0.0436577250883307"
    assert not verdict(result)["accepted"]


def test_the_radius_is_one_of_the_state_as_it_is_written() -> None:
    """m(t) = ln(1 + t - t1), t1 = (1 - e^-2)/4, at t = 10: the last decimal is further off than the enclosure."""
    result = written(with_loss("exponential", 1), 10, digits=30, is_validated=True)
    with mpmath.workdps(60):
        true = mpmath.log(11 - (1 - mpmath.exp(-2)) / 4)
        assert abs(mpmath.mpf(result["state"][0]) - true) <= mpmath.mpf(result["radius"]) < mpmath.mpf(10) ** -30
    assert written(CORNER, is_validated=True)["radius"] == "0"


def test_uniqueness_need_not_be_claimed() -> None:
    assert changed(put("is_unique", None))["accepted"]


def test_a_coordinate_that_does_not_move_may_not_move() -> None:
    tree = net([[[1, 0]], [[1]]], at=[-1, 3], kind="risk", loss="exponential", label=1, biases=[[5], [0]])
    result = written(tree, digits=10)
    assert verdict(result)["accepted"]
    result["state"][1] = "3.001"
    assert verdict(result)["rejected"] == [{"place": "state", "reason": "this coordinate does not move"}]


@pytest.mark.parametrize(
    "change",
    [
        put("branches", 0, "kind", "+"),
        put("branches", 0, "certificate", "velocity", ["1", "1"]),
        put("branches", 0, "events", []),
        lambda result: result["branches"].pop(),
        lambda result: result["certificates"]["corners"][0]["solutions"].pop(),
        put("is_unique", True),
        put("status", "stationary"),
        put("problem", "flow", "on_nonunique", "+"),
    ],
)
def test_a_tampered_branching_is_rejected(change: Callable[[dict[str, Any]], None]) -> None:
    assert not changed(change, RIDGE)["accepted"]


def test_a_solution_may_not_be_declared_excluded() -> None:
    def change(result: dict[str, Any]) -> None:
        corner = result["certificates"]["corners"][0]
        ridge = next(entry for entry in corner["solutions"] if "0" in entry["path"])
        corner["solutions"].remove(ridge)
        excluded = {"path": ridge["path"], "velocity": ridge["velocity"], "functional": ["1", "1"]}
        corner["excluded"].append(excluded)

    assert not changed(change, RIDGE)["accepted"]


def test_a_cell_that_is_none_may_not_lend_its_gradient() -> None:
    """relu(x) - relu(-x) = x at 0: on the cell --, which is empty, the gradient would be 0, and 0 would be at rest."""
    result = written(net([[[1], [-1]], [[1, -1]]], at=[0]))
    assert verdict(result)["accepted"]
    (corner,) = result["certificates"]["corners"]
    corner["refuted"] = [entry for entry in corner["refuted"] if entry["path"] != "--"]
    for direction in ("-1", "0", "1"):
        for weights in ({"--": "1"}, {"--": "1/2", "+-": "1/2"}):
            corner["faces"]["--"] = [direction]
            corner["solutions"] = [{"path": "00", "velocity": ["0"], "time": None, "weights": weights}]
            result |= {"status": "stationary", "arcs": [], "time": "0", "state": ["0"], "objective": "0", "events": []}
            assert not verdict(result)["accepted"]


def test_a_choice_that_was_not_made_is_rejected() -> None:
    assert not changed(put("problem", "flow", "on_nonunique", "-"), RIDGE, on_nonunique="+")["accepted"]


@pytest.mark.parametrize("name", ["exponential", "logistic", "squared"])
def test_wrong_digits_are_rejected(name: str) -> None:
    tree = with_loss(name, 1)
    for key in ("state", "time of an event"):
        result = written(tree, digits=20)
        place, index = (result["state"], 0) if key == "state" else (result["events"][0], "time")
        text = place[index]
        place[index] = text[:-3] + ("1" if text[-3] != "1" else "2") + text[-2:]  # the digit before the last two
        assert not verdict(result)["accepted"], key


@given(
    problem_trees(variable="input", kinds=LINEAR, depth=(1, 3)), st.sampled_from(["report", "ridge", "descent", "+"])
)
@settings(max_examples=60, deadline=None)
def test_drawn_flows_are_accepted(tree: dict[str, Any], choice: Any) -> None:
    found = verdict(written(tree, 3, on_nonunique=choice))
    assert found["accepted"], (tree, found)


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the paths of all strings in a JSON tree."""
    if isinstance(tree, dict | list):
        for key, entry in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(entry, (*path, key))
    elif isinstance(tree, str):
        yield path


def test_no_number_of_a_certificate_can_be_changed() -> None:
    """Every string below `certificates`, `arcs` and `events` counts: one more makes each of them wrong."""
    result = written(CORNER)
    for section in ("certificates", "arcs", "events"):
        for path in leaves(result[section]):
            if path[-1] in ("path", "pattern", "kind", "to"):
                continue
            forged = copy.deepcopy(result)
            place: Any = forged[section]
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = str(fmpq(7, 3))
            # There are other functionals that separate, and other directions in a face.
            harmless = "functional" in path or "faces" in path
            assert harmless or not verdict(forged)["accepted"], (section, path)
