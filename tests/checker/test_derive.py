"""Derive results: accepted as they stand, refused when anything in them is changed, for any problem of the command."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symflow.checker.verify import verify_text
from symflow.errors import InputError
from symflow.exact.simplex import Budget
from symflow.problem_tree import problem_from_tree
from symflow.reports.derive_result import derivation_of, derive_result
from tests.checker.derive_by_hand import DERIVED, one_symbolic_neuron, two_opposite_data
from tests.checker.test_verify import THIRDS, changed, entries, other_values
from tests.strategies import groups, problem_trees

Json = dict[str, Any]

CASES = [pytest.param(make, id=name) for name, make in DERIVED.items()]


def accepted(result: Json) -> Any:
    report = verify_text(json.dumps(result))
    assert not any("broke off" in entry["reason"] for entry in report["rejected"])  # type: ignore[attr-defined]
    return report["accepted"]


@pytest.mark.parametrize("make", CASES)
def test_a_result_derived_by_hand_is_accepted(make: Callable[[], Json]) -> None:
    report = verify_text(json.dumps(make()))
    assert report["rejected"] == []
    assert report["not_checked"] == []


def is_witness(path: tuple[Any, ...]) -> bool:
    """Whether another value may serve as well: a point of a cell or of a kink, an arc."""
    return "certificate" in path and path[-1] != "kind" and ("point" in path or "arc" in path)


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("make", CASES)
def test_a_result_with_any_entry_changed_is_rejected(make: Callable[[], Json], third: int) -> None:
    result = make()
    for path, value in list(entries(result))[third::3]:
        if "problem" in path or path[0] in ("symflow", "command") or is_witness(path):
            continue
        for other in other_values(value):
            assert not accepted(changed(result, path, other)), (path, other)


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("make", CASES)
def test_a_result_with_any_key_or_entry_missing_is_rejected_or_claims_less(
    make: Callable[[], Json], third: int
) -> None:
    result = make()
    for path, value in list(entries(result))[third::3]:
        if "problem" in path or path[0] in ("symflow", "command") or value is None or value == [] or "arc" in path:
            continue
        assert not accepted(changed(result, path, None, removed=True)), path


@pytest.mark.parametrize("make", CASES)
def test_a_piece_or_a_closed_form_may_be_left_out_only_by_saying_so(make: Callable[[], Json]) -> None:
    result = make()
    for i in range(len(result["pieces"])):
        fewer = changed(result, ("pieces", i), None, removed=True) | {"n_pieces": len(result["pieces"]) - 1}
        assert not accepted(fewer)
        admitted = fewer | {"status": "incomplete", "undecided_patterns": [result["pieces"][i]["pattern"]]}
        assert not accepted(admitted | {"subgradients": None})
        assert accepted(admitted | {"subgradients": None, "piecewise": None})
    assert accepted(result | {"subgradients": None})
    assert accepted(result | {"piecewise": None})


@pytest.mark.parametrize("make", CASES)
def test_a_condition_flipped_is_rejected(make: Callable[[], Json]) -> None:
    result = make()
    flips = {" > ": " < ", " < ": " > ", " >= ": " <= ", " <= ": " >= ", " = ": " > "}
    for path, value in entries(result):
        for old, new in flips.items():
            if isinstance(value, str) and old in value:
                assert not accepted(changed(result, path, value.replace(old, new, 1))), path


JUNK: tuple[Any, ...] = (None, True, 7, "1", "x", [], {}, [[]], "(" * 9_999)
SHIFTS = [pytest.param(shift, marks=[pytest.mark.slow] * (shift > 0)) for shift in range(len(JUNK))]


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("make", CASES)
@pytest.mark.parametrize("shift", SHIFTS)
def test_junk_in_any_place_never_breaks_the_check(make: Callable[[], Json], shift: int, third: int) -> None:
    """Of every three places one meets one kind of junk; with those that run when slow tests do, all meet every kind."""
    result = make()
    for i, (path, _) in list(enumerate(entries(result)))[third::3]:
        if path != ("command",):
            accepted(changed(result, path, JUNK[(i // 3 + shift) % len(JUNK)]))


@pytest.mark.parametrize(
    "formula",
    [
        "W1[1,1]**256**256",
        "((W1[1,1] + 1)**256 + W2[1,1])**256",
        "(((2**256)**256)**256)**256",
        "*".join(["(1 + W1[1,1] + W2[1,1])"] * 400),
        "+".join(f"1/(exp({i}*W1[1,1]) + 1)" for i in range(1, 40)),
        "exp(" * 60 + "1" + ")" * 60,
        "exp(exp(W1[1,1]))",
        "1/(W1[1,1] - W1[1,1])",
        "1/W1[1,1]",
        "W1[1,1]/W1[1,1]*0/0",
        "log(W1[1,1])",
        "log(2)*log(2)",
        "log(0 - 1)",
        "W1[1,1] W2[1,1]",
        "x[1]",
        "()",
        ")(",
        "2**-1",
        "1e9",
        "٣",
        "",
    ],
    ids=lambda text: text[:20],
)
def test_a_hostile_formula_is_refused_in_time(formula: str) -> None:
    started = time.monotonic()
    result = two_opposite_data()
    result["pieces"][0]["polynomial"] = formula
    assert not accepted(result)
    assert time.monotonic() - started < 20


def pattern_of(network: Json, n_data: int) -> str:
    """Return the pattern with every unit active, where there are not too many units."""
    n_units = sum(width for width in network["widths"][1:-1] if isinstance(width, int))
    return "|".join(["+" * min(n_units, 99)] * n_data)


@pytest.mark.parametrize(
    "network",
    [
        {"activation": ["relu"], "widths": [10**9, 10**9, 1]},
        {"activation": [{"name": "relu_power", "power": 64}] * 5, "widths": [1] * 7},
        {"activation": [{"name": "relu_power", "power": 64}] * 2, "widths": [3, 9, 9, 1], "bias": True},
        {"activation": [], "widths": [1]},
        {"activation": ["relu"], "widths": [1, 0, 1]},
        {"activation": ["relu"], "widths": [1, True, 1]},
        {"activation": [{"name": "maxpool", "groups": 3}], "widths": [1, 2, 1]},
        {"activation": [{"name": "maxpool", "groups": []}], "widths": [1, 2, 1]},
        {"activation": ["relu"], "weights": [[], []]},
        {"activation": ["relu"], "weights": "W"},
        {"activation": ["relu"], "widths": [1, 1, 1], "weights": [[["1"]], [["1"]]]},
        {"activation": ["relu"], "widths": [1, 1, 1], "dropout": "1/2"},
    ],
)
def test_a_hostile_net_is_refused_in_time(network: Json) -> None:
    started = time.monotonic()
    for result in (two_opposite_data(), one_symbolic_neuron()):
        result["problem"]["network"] = network
        if "widths" in network and isinstance(network["activation"], list):
            result["pieces"][0] |= {"pattern": pattern_of(network, len(result["coefficients"]))}
        assert not accepted(result)
    assert time.monotonic() - started < 20


def test_equal_functions_are_accepted_however_they_are_written() -> None:
    result = two_opposite_data()
    result["pieces"][1]["polynomial"] = "1 + exp(-W2[1,1]*W1[1,1]/2)**2"
    result["coefficients"][1] = "2*exp(2*f[2])/(exp(f[2]) + exp(f[2]))"
    assert accepted(result)


def test_a_kink_of_the_weights_for_all_x_has_no_gradient() -> None:
    """With W1 = (0, 0) the unit is on its kink whatever x is, so there is no gradient by the weights."""
    piece = {
        "pattern": "0",
        "conditions": [],
        "outputs": ["0"],
        "polynomial": "0",
        "gradient": {"W1": [["0"]], "W2": [["0"]]},
        "certificate": {"kind": "point", "point": {"x[1]": "1"}},
    }
    result: Json = {
        "command": "derive",
        "problem": {
            "network": {"activation": ["relu"], "weights": [[["0"]], [["1"]]]},
            "data": {"inputs": "symbolic"},
            "objective": {"kind": "output", "variable": "weights"},
        },
        "variable": "weights",
        "status": "complete",
        "symbols": ["x[1]"],
        "point": None,
        "objective": "f[1]",
        "coefficients": ["1"],
        "n_pieces": 1,
        "pieces": [piece],
        "refuted": [],
        "undecided_patterns": [],
        "subgradients": None,
        "piecewise": None,
    }
    report = verify_text(json.dumps(result))
    assert "on its kink for all x" in report["rejected"][0]["reason"]  # type: ignore[index]
    by_input = copy.deepcopy(result)
    by_input["problem"]["objective"]["variable"] = by_input["variable"] = "input"
    by_input["problem"]["data"] = {}
    by_input["pieces"][0]["gradient"] = {"x": ["0"]}
    assert accepted(by_input)


# ---------------------------------------------------------------------- what the command writes


@st.composite
def symbolic_trees(draw: st.DrawFn) -> Json:
    """Draw a problem with symbolic weights, on data or with a symbolic input."""
    widths, chosen = [draw(st.integers(1, 2))], []
    for _ in range(draw(st.integers(0, 2))):
        width = draw(st.integers(1, 2))
        kind = draw(st.sampled_from(["relu", "relu", "abs", "identity", "leaky_relu", "relu_power", "maxpool"]))
        extra: dict[str, Json] = {
            "leaky_relu": {"slope": "1/3"},
            "relu_power": {"power": 2},
            "maxpool": {"groups": draw(groups(width))},
        }
        widths.append(width)
        chosen.append({"name": kind} | extra.get(kind, {}))
    count = draw(st.integers(1, 3))
    data: Json = {}
    if draw(st.booleans()):
        data["inputs"] = [[draw(st.integers(-1, 1)) for _ in range(widths[0])] for _ in range(count)]
    else:
        count = 1
    kind = draw(st.sampled_from(["output", "combination", "risk", "log_sum_exp"]))
    objective: Json = {"kind": kind, "variable": draw(st.sampled_from(["weights", "weights", "input"]))}
    if kind == "risk":
        objective["loss"] = draw(st.sampled_from(["exponential", "logistic", "squared"]))
        objective["reduction"] = draw(st.sampled_from(["sum", "mean"]))
    if kind == "combination":
        objective["coefficients"] = [draw(st.integers(-1, 1)) for _ in range(count)]
    data["labels"] = [draw(st.sampled_from([-1, 1])) for _ in range(count)]
    network = {"activation": chosen, "widths": [*widths, 1], "bias": draw(st.booleans())}
    return {"network": network, "data": data, "objective": objective}


def without_inputs(tree: Json) -> Json:
    """Return the same problem with a symbolic input, one datum."""
    tree = copy.deepcopy(tree)
    tree["data"] = {"inputs": "symbolic", "labels": tree["data"]["labels"][:1]}
    if "coefficients" in tree["objective"]:
        tree["objective"]["coefficients"] = tree["objective"]["coefficients"][:1]
    return tree


ANY_PROBLEM = st.one_of(
    symbolic_trees(),
    problem_trees(width=2),
    problem_trees(width=2, variable="input"),
    problem_trees(width=2).map(without_inputs),
    problem_trees(width=2, variable="input").map(without_inputs),
)


@given(ANY_PROBLEM)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_what_the_command_writes_is_accepted(tree: Json) -> None:
    problem = problem_from_tree(tree)
    try:
        result = derive_result(problem, derivation_of(problem, budget=Budget(deadline=time.monotonic() + 2)))
    except InputError:
        assume(False)
    assume(len(json.dumps(result)) < 500_000)
    report = verify_text(json.dumps(result))
    assert report["rejected"] == []
    left = ("kinks",) if result["status"] == "complete" else ("kinks", "sets")  # those of pieces that time did not find
    assert [claim for claim in report["not_checked"] if not claim.endswith(left)] == []  # type: ignore[attr-defined]


@given(ANY_PROBLEM, st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_what_the_command_writes_is_rejected_with_an_entry_changed(tree: Json, data: st.DataObject) -> None:
    problem = problem_from_tree(tree)
    try:
        result = derive_result(problem, derivation_of(problem, budget=Budget(deadline=time.monotonic() + 2)))
    except InputError:
        assume(False)
    assume(len(json.dumps(result)) < 100_000 and result["status"] == "complete")
    result = json.loads(json.dumps(result))
    claims = [
        (path, value)
        for path, value in entries(result)
        if path[0] not in ("problem", "symflow", "command") and not is_witness(path) and value is not None
    ]
    path, value = data.draw(st.sampled_from(claims))
    other = data.draw(st.sampled_from(other_values(value)))
    if value == [] and path[-1] in ("assuming", "inner"):
        return
    assert not accepted(changed(result, path, other)), (path, other)
