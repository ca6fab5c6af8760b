"""The laws of problems: which model, which data, which cells."""

from __future__ import annotations

from typing import Any

import pytest

from symflow.cells.incident_cells import incident_cells
from symflow.checker.verify import verify_text
from symflow.errors import InputError, NotSupportedError
from symflow.laws.conservation import laws_on_cells
from symflow.laws.of_problem import laws_of_problem, laws_on_cell_of
from symflow.pictures.laws_picture import laws_map, laws_map_at
from symflow.pictures.svg_regions import svg_regions
from symflow.pictures.tikz_regions import tikz_regions
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.regions.weight_graph import WeightGraph
from symflow.regions.weight_regions import WeightRegions
from symflow.reports.laws_result import laws_result
from symflow.writing import json_text

Json = dict[str, Any]


def problem(activation: Any = "relu", weights: Any = None, inputs: Any = None, **more: Any) -> Problem:
    network: Json = {"activation": activation, "weights": weights or [[["1", "-1"], ["-1", "0"]], [["1", "2"]]]}
    tree: Json = {"network": network | more.pop("network", {}), **more}
    if inputs is not None:
        tree["data"] = {"inputs": inputs}
    return problem_from_tree(tree)


def test_the_model_is_linear_without_kinks_and_relu_with_them_unless_said() -> None:
    assert laws_of_problem(problem()).model == "relu"
    assert laws_of_problem(problem("identity")).model == "linear"
    assert laws_of_problem(problem("identity", laws={"model": "relu"})).model == "relu"
    assert laws_of_problem(problem("identity", laws={"model": "relu"}), model="linear").model == "linear"
    assert laws_of_problem(problem(inputs=[["1", "0"]]), every_cell=True).model == "cell"


def test_all_inputs_count_whatever_the_objective() -> None:
    data = [["1", "0"], ["0", "1"]]
    for objective in ({}, {"kind": "output"}, {"kind": "combination", "coefficients": ["1", "0"]}):
        found = laws_of_problem(problem(inputs=data, objective=objective), model="cell")
        assert {each.datum for each in found.joint.fields.fields} == {1, 2}  # type: ignore[union-attr]


def test_a_named_output_is_the_one_that_drives_the_flow() -> None:
    weights = [[["1", "2"]], [["1"], ["2"]]]
    both = laws_of_problem(problem(weights=weights, inputs=[["1", "1"]]), model="cell")
    one = laws_of_problem(problem(weights=weights, inputs=[["1", "1"]], objective={"output": 2}), model="cell")
    assert (both.joint.n_laws, one.joint.n_laws) == (2, 3)
    assert "W2[1,1]" in map(repr, one.joint.laws)


def test_inside_a_cell_there_is_one_and_its_laws_are_the_answer() -> None:
    found = laws_of_problem(problem(inputs=[["2", "1"], ["-3", "1"]]), model="cell")
    assert [cell.pattern for cell in found.cells] == ["+-|-+"]
    assert found.joint == found.cells[0].found
    assert found.is_decided


def test_at_a_kink_the_cells_are_those_of_the_differential() -> None:
    found = laws_of_problem(problem(inputs=[["1", "1"], ["-1", "-1"]]), model="cell")
    assert [cell.pattern for cell in found.cells] == ["--|++", "+-|-+"]
    assert found.function is not None
    assert [cell.pattern for cell in incident_cells(found.function).cells] == [cell.pattern for cell in found.cells]
    joint = laws_on_cells(found.function.network.architecture, [(1, 1), (-1, -1)], ["--|++", "+-|-+"])
    assert found.joint.n_laws == joint.n_laws == 4


def test_all_cells_of_weight_space_are_those_of_its_graph() -> None:
    asked = problem(inputs=[["1", "0"], ["1", "1"]])
    found = laws_of_problem(asked, every_cell=True)
    graph = WeightGraph.of(WeightRegions.of(asked.architecture, [("1", "0"), ("1", "1")]))
    assert {cell.pattern for cell in found.cells} == {graph.pattern(cell) for cell in graph}
    assert len(found.cells) == graph.n_cells == 16
    # What all cells share is what holds for relu nets on any data: balancing.
    assert found.joint.n_laws == 2


def test_a_symbolic_net_has_its_cells_too() -> None:
    asked = problem_from_tree({"network": {"activation": "relu", "widths": [1, 1, 1]}, "data": {"inputs": [["1"]]}})
    assert [cell.found.n_laws for cell in laws_of_problem(asked, every_cell=True).cells] == [2, 1]
    with pytest.raises(InputError, match="the weights are symbolic"):
        laws_of_problem(asked, model="cell")


@pytest.mark.parametrize(
    ("make", "options", "error", "message"),
    [
        (lambda: problem(), {"model": "cell"}, InputError, "data.inputs: missing"),
        (lambda: problem(inputs="symbolic"), {"model": "cell"}, InputError, "the input is symbolic"),
        (lambda: problem(), {"model": "linear"}, NotSupportedError, "is for identity activations"),
        (lambda: problem(), {"model": "relu", "every_cell": True}, InputError, 'this one is "relu"'),
    ],
    ids=["no data", "symbolic input", "wrong model", "cells of a shape"],
)
def test_what_cannot_be_asked_is_refused(make: Any, options: Json, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        laws_of_problem(make(), **options)


def test_more_cells_than_can_be_listed_are_refused() -> None:
    weights = [[["1", "0"]] * 4, [["1"] * 4]]
    with pytest.raises(NotSupportedError, match="weight space has 1296 cells, and at most 1024"):
        laws_of_problem(problem(weights=weights, inputs=[["1", "0"], ["0", "1"], ["1", "1"]]), every_cell=True)


def test_a_large_net_is_refused() -> None:
    asked = problem_from_tree({"network": {"activation": "relu", "widths": [784, 128, 10]}})
    with pytest.raises(NotSupportedError, match="101632 parameters, and minors of at most 1500"):
        laws_of_problem(asked)


def test_the_laws_along_an_arc_are_those_of_its_cell() -> None:
    asked = problem(inputs=[["2", "1"], ["-3", "1"]], objective={"kind": "combination", "coefficients": ["1", "1"]})
    function = asked.function()
    found = laws_on_cell_of(function, function.table.characters("+-|-+"))
    assert found.laws == laws_of_problem(asked, model="cell").joint.laws


def test_the_map_of_a_neuron_counts_the_laws_of_each_cell() -> None:
    asked = problem(weights=[[["2", "-1"], ["1", "3"]], [["1", "1"]]], inputs=[["1", "0"], ["1", "1"], ["-1", "2"]])
    map_ = laws_map_at(asked, neuron=1)
    assert map_.counts is not None
    # Neuron 2 stays on, on and on; neuron 1 has the six sectors between three lines.
    found = {cell.pattern: cell.found.n_laws for cell in laws_of_problem(asked, every_cell=True).cells}
    for cell in map_.graph.cells:
        pattern = "|".join(f"{sign}+" for sign in cell.pattern)
        assert map_.counts.numbers[cell.index] == found[pattern]
    text = svg_regions(map_)
    assert "Number and shade: conservation laws on the cell." in text
    assert "conservation laws</title>" in text
    assert tikz_regions(map_).count("\\fill[symflow!") >= 6


def test_a_map_needs_a_neuron_with_two_weights_off_its_kinks() -> None:
    on_a_kink = problem(weights=[[["1", "0"], ["0", "1"]], [["1", "1"]]], inputs=[["1", "0"]])
    with pytest.raises(InputError, match="another neuron vanishes"):
        laws_map_at(on_a_kink)
    three = problem(weights=[[["1", "0", "1"]], [["1"]]], inputs=[["1", "0", "0"]])
    with pytest.raises(InputError, match="a map has two"):
        laws_map_at(three)
    linear = problem("identity", inputs=[["1", "0"]])
    with pytest.raises(InputError, match="units with kinks"):
        laws_map_at(linear)
    with pytest.raises(InputError, match="1 other neurons, 1 signs each"):
        laws_map(on_a_kink.architecture, [(1, 0)], others=["+", "+"])


# ---------------------------------------------------------------------- parameters that are held


@pytest.mark.parametrize(
    ("widths", "bias", "trained", "n_at_rest", "further"),
    [
        # The first layer alone: every entry of it moves on its own.
        ((2, 2, 1), False, ["W1"], 2, []),
        # Weights without their biases: b v moves v, so that nothing balances.
        ((2, 2, 1), True, ["W1", "W2"], 3, []),
        ((2, 2, 1), True, ["W1", "b1", "W2"], 1, ["balancing", "balancing"]),
        # The middle one is held: only the two others together balance, |W1|^2 - |W3|^2.
        ((2, 2, 2, 1), False, ["W1", "W3"], 4, ["quadratic"]),
        ((2, 2, 2, 1), False, ["W1", "W2"], 2, ["balancing", "balancing"]),
    ],
)
def test_what_the_flow_holds_does_not_move_and_breaks_what_it_takes_part_in(
    widths: tuple[int, ...], bias: bool, trained: list[str], n_at_rest: int, further: list[str]
) -> None:
    tree = {"network": {"activation": "relu", "widths": list(widths), "bias": bias}, "flow": {"trained": trained}}
    asked = problem_from_tree(tree)
    found = laws_of_problem(asked).joint
    assert found.is_complete
    kinds = [law.kind for law in found.laws]
    assert kinds.count("unmoved") == n_at_rest
    assert [kind for kind in kinds if kind != "unmoved"] == further
    result = laws_result(asked, laws_of_problem(asked))
    assert verify_text(json_text(result))["accepted"]
    result["problem"]["flow"] = {}
    if n_at_rest:
        assert not verify_text(json_text(result))["accepted"]


def test_on_a_cell_held_weights_are_laws_and_the_rest_is_counted_anew() -> None:
    asked = problem(inputs=[["2", "1"], ["-3", "1"]], flow={"trained": ["W2"]})
    found = laws_of_problem(asked, model="cell")
    # W2 moves along two directions z(x1), z(x2): (z, 0) and (0, z).
    assert (found.joint.n_laws, found.joint.lie_dimension, found.joint.is_complete) == (4, 2, True)
    assert verify_text(json_text(laws_result(asked, found)))["accepted"]


def test_a_matrix_that_is_not_there_cannot_be_trained() -> None:
    from symflow.errors import UnknownNameError
    from symflow.laws.conservation import conservation_laws

    with pytest.raises(UnknownNameError, match='no parameter "W9"'):
        conservation_laws(problem().architecture, trained=["W9"])
