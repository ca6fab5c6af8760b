"""Counts of cells in weight space: by hand, by cells found one by one, and refused when they are others."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker import weight_regions
from symflow.checker.verify import verify_text
from tests.checker.regions_by_hand import network_tree, regions_by_hand

Json = dict[str, Any]
Counts = tuple[int, int]


def weight_problem(activation: Any, width: int, inputs: Any, *, biases: bool = False) -> Json:
    """Return a problem with one hidden layer, its weights zero, since they do not matter."""
    n_units = len(activation["groups"]) if isinstance(activation, dict) and "groups" in activation else width
    weights = [[["0"] * len(inputs[0])] * width, [["0"] * n_units] * 2]
    tree = network_tree(activation, weights, [["0"] * width, ["0", "0"]] if biases else None)
    tree["data"] = {"inputs": inputs}
    tree["objective"] = {"kind": "combination", "coefficients": ["1"] * len(inputs), "variable": "input"}
    return tree


def weight_result(problem: Json, factors: list[Counts]) -> Json:
    n_cells = math.prod(cells for cells, _ in factors)
    return {
        "command": "regions",
        "symflow": "0.1.0",
        "problem": problem,
        "variable": "weights",
        "status": "complete",
        "n_cells": n_cells,
        "n_adjacencies": sum(n_cells // cells * adjacencies for cells, adjacencies in factors),
        "n_bounded": 0,
        "n_maps": None,
        "n_pieces": None,
        "cells": None,
        "adjacencies": None,
        "factors": [
            {"neuron": j, "n_cells": cells, "n_adjacencies": adjacencies}
            for j, (cells, adjacencies) in enumerate(factors, 1)
        ],
    }


def report(result: Json) -> Json:
    found = verify_text(json.dumps(result))
    assert not any("broke off" in entry["reason"] for entry in found["rejected"])  # type: ignore[attr-defined]
    return found


def maxpool(*sizes: int) -> Json:
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    return {"name": "maxpool", "groups": [list(range(a, a + n)) for a, n in zip(starts, sizes, strict=True)]}


BASIS = [["1", "0"], ["0", "1"]]

CASES: dict[str, tuple[Json, list[Counts]]] = {
    # <u, x> = 0 for (1, 0), (0, 1), (1, 1): three lines through 0 in the plane, six sectors, for each neuron.
    "three data": (weight_problem("relu", 2, [*BASIS, ["1", "1"]]), [(6, 6), (6, 6)]),
    # (2, 0) and (-1/2, 0) cut where (1, 0) does, and (0, 0) does not cut.
    "data on a line": (weight_problem("abs", 1, [["2", "0"], ["-1/2", "0"], ["0", "0"]]), [(2, 1)]),
    # With biases u x + b = 0 for x = 1, 2, 2, 0: three lines through 0.
    "with biases": (weight_problem("relu", 1, [["1"], ["2"], ["2"], ["0"]], biases=True), [(6, 6)]),
    # Without: one hyperplane, u = 0.
    "without biases": (weight_problem("relu", 1, [["1"], ["2"], ["2"], ["0"]]), [(2, 1)]),
    # The identity has no kinks.
    "identity": (weight_problem("identity", 2, BASIS), [(1, 0), (1, 0)]),
    # u_1 - u_2 in two coordinates, cut by two lines, and a group of one.
    "groups of two and one": (weight_problem(maxpool(2, 1), 3, BASIS), [(4, 4), (1, 0)]),
    # Opposite data: where one is larger on x, the other is on -x.
    "two members, opposite data": (weight_problem(maxpool(2), 2, [["1"], ["-3"]]), [(2, 1)]),
    # Independent data, three members: 3 winners for each, and pairs of winners that meet, 3, for each of two data.
    "groups of three": (weight_problem(maxpool(3), 3, [*BASIS, ["0", "5/2"]]), [(9, 18)]),
    "three members, no data that cut": (weight_problem(maxpool(3), 3, [["0", "0"]]), [(1, 0)]),
    "no hidden layer": (
        {
            "network": {"activation": [], "weights": [[["1", "2"]]]},
            "data": {"inputs": [["1", "1"]]},
            "objective": {"kind": "output"},
        },
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_counts_by_hand_are_accepted(name: str) -> None:
    problem, factors = CASES[name]
    found = report(weight_result(problem, factors))
    assert found["rejected"] == []
    assert found["not_checked"] == []


@pytest.mark.parametrize("name", CASES)
def test_other_counts_are_rejected(name: str) -> None:
    problem, factors = CASES[name]
    result = weight_result(problem, factors)
    for key, value in result.items():
        if key in ("command", "symflow", "problem"):
            continue
        others: list[Any] = [value + 1] if isinstance(value, int) else [0 if value is None else "incomplete"]
        for other in [*others, [], "1"]:
            if other != value:
                assert not report(result | {key: other})["accepted"], key
        assert not report({k: v for k, v in result.items() if k != key})["accepted"], key
    for j in range(len(factors)):
        for shift in [(1, 0), (0, 1), (-1, 0)]:
            more = [(c + shift[0], a + shift[1]) if i == j else (c, a) for i, (c, a) in enumerate(factors)]
            if all(c for c, _ in more):
                assert not report(weight_result(problem, more))["accepted"]
        fewer = weight_result(problem, factors[:j] + factors[j + 1 :])
        assert not report(fewer)["accepted"]
        renamed = weight_result(problem, factors)
        renamed["factors"][j]["neuron"] += 1
        assert not report(renamed)["accepted"]


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(-1, 1), min_size=2, max_size=2), min_size=1, max_size=4), st.booleans())
def test_a_neuron_s_factor_is_an_arrangement_in_input_space(data: list[list[int]], biases: bool) -> None:
    # The net with one neuron for each datum has these very hyperplanes in its input space.
    rows = [[*x, 1] if biases else x for x in data]
    dual = regions_by_hand(network_tree("relu", [rows, [[1] * len(rows)]]))
    inputs = [[str(v) for v in x] for x in data]
    result = weight_result(weight_problem("relu", 1, inputs, biases=biases), [(dual["n_cells"], dual["n_adjacencies"])])
    assert report(result)["accepted"]


@pytest.mark.parametrize(
    ("inputs", "counts"),
    [
        # Three numbers u_i x for one x: three cells, any two of which meet.
        ([["1"]], (3, 3)),
        ([["1"], ["3"]], (3, 3)),
        (BASIS, (9, 18)),
    ],
)
def test_groups_of_three_are_those_of_the_maxima_in_input_space(inputs: Any, counts: Counts) -> None:
    # One maximum for each datum, of the numbers <u_i, x>: a net with the input (u_1, u_2, u_3).
    n = len(inputs[0])
    rows = [["0"] * n * i + x + ["0"] * n * (2 - i) for x in inputs for i in range(3)]
    dual = regions_by_hand(network_tree(maxpool(*[3] * len(inputs)), [rows, [["1"] * len(inputs)]]))
    assert (dual["n_cells"], dual["n_adjacencies"]) == counts
    assert report(weight_result(weight_problem(maxpool(3), 3, inputs), [counts]))["accepted"]


def test_what_is_not_known_is_not_checked() -> None:
    # Three members and opposite data: the largest and the smallest of three numbers, 6 cells. No rule knows that.
    problem = weight_problem(maxpool(3, 1), 4, [["1"], ["-1"]])
    found = report(weight_result(problem, [(6, 6), (1, 0)]))
    assert found["accepted"]
    assert found["not_checked"] == ["factors[0].n_adjacencies", "factors[0].n_cells", "n_adjacencies", "n_cells"]
    assert not report(weight_result(problem, [(6, 6), (2, 0)]))["accepted"]
    wrong = weight_result(problem, [(6, 6), (1, 0)])
    wrong["factors"][0]["n_cells"] = 0
    assert not report(wrong)["accepted"]
    extra = weight_result(*CASES["three data"]) | {"generators": None, "colour": "blue"}
    assert report(extra)["not_checked"] == ["colour"]


def test_all_data_count_whatever_the_objective_and_no_weight_does() -> None:
    problem, factors = CASES["three data"]
    result = weight_result(problem, factors)
    for objective in ({"kind": "output"}, {"kind": "risk", "loss": "logistic", "variable": "input"}):
        assert report(result | {"problem": problem | {"objective": objective}})["accepted"]
    shape = {"network": {"activation": ["relu"], "widths": [2, 2, 1], "bias": False}}
    assert report(result | {"problem": problem | shape})["accepted"]
    shape["network"]["bias"] = True
    assert not report(result | {"problem": problem | shape})["accepted"]
    no_data: list[Any] = [{"inputs": "symbolic"}, {"inputs": []}, {}, None]
    for data in no_data:
        found = report(result | {"problem": problem | {"data": data}})
        assert found["rejected"][0]["place"].startswith("problem")


def test_only_one_hidden_layer() -> None:
    problem = weight_problem("relu", 2, BASIS)
    problem["network"] |= {"activation": ["relu", "relu"], "weights": [BASIS, BASIS, [["1", "1"]]]}
    assert report(weight_result(problem, [(4, 4), (4, 4)]))["rejected"][0]["reason"] == "more than one hidden layer"


def test_powers_of_relu_cut_weight_space_as_relu_does() -> None:
    """Signs of preactivations are linear in the weights, whatever is made of them: two lines, four cells."""
    squares = weight_problem({"name": "relu_power", "power": 2}, 1, BASIS)
    assert report(weight_result(squares, [(4, 4)]))["accepted"]


def test_a_count_that_takes_too_long_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_regions, "_MOST_STEPS", 5)
    assert not report(weight_result(*CASES["three data"]))["accepted"]
