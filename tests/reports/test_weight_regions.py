"""The result and the document of ``symflow regions`` in weight space."""

import itertools
import json
from textwrap import dedent, indent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.verify import verify_text
from symflow.formats.plain_text import render
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.regions.weight_regions import WeightRegions
from symflow.reports.weight_regions_document import weight_regions_document
from symflow.reports.weight_regions_result import weight_regions_result

SQUARE = [list(corner) for corner in itertools.product((0, 1), repeat=2)]


def problem_of(
    network: dict[str, Any], inputs: list[list[Any]], *, title: str | None = None, objective: object = None
) -> Problem:
    tree: dict[str, Any] = {"network": network, "data": {"inputs": inputs}}
    if title is not None:
        tree["title"] = title
    if objective is not None:
        tree["objective"] = objective
    return problem_from_tree(tree)


def regions_of(problem: Problem) -> WeightRegions:
    return WeightRegions.of(problem.architecture, problem.inputs or ())


def text_of(problem: Problem, **options: Any) -> str:
    return render(weight_regions_document(problem, regions_of(problem)), **options)


def pool(*groups: list[int]) -> dict[str, Any]:
    return {"name": "maxpool", "groups": list(groups)}


# ---------------------------------------------------------------------- the result


def test_the_result_has_the_contract_s_keys() -> None:
    problem = problem_of({"activation": "relu", "widths": [2, 4, 1], "bias": True}, SQUARE)
    result = weight_regions_result(problem, regions_of(problem))
    assert result.pop("problem") == problem.tree()
    assert isinstance(result.pop("symflow"), str)
    assert result == {
        "command": "regions",
        "variable": "weights",
        "status": "complete",
        "n_cells": 38416,
        "n_adjacencies": 263424,
        "n_bounded": 0,
        "n_maps": None,
        "n_pieces": None,
        "cells": None,
        "adjacencies": None,
        "factors": [{"neuron": j, "n_cells": 14, "n_adjacencies": 24} for j in (1, 2, 3, 4)],
    }


def test_counts_of_any_length_are_json_integers() -> None:
    problem = problem_of({"activation": "relu", "widths": [2, 5000, 1], "bias": True}, SQUARE)
    result = weight_regions_result(problem, regions_of(problem))
    assert json.loads(json.dumps(result))["n_cells"] == 14**5000


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_checker_counts_the_same(data: st.DataObject) -> None:
    small = st.integers(-2, 2)
    n_inputs = data.draw(st.integers(1, 3))
    kind = data.draw(st.sampled_from(["relu", "abs", "identity", pool([0, 2], [1])]))
    inputs = data.draw(st.lists(st.lists(small, min_size=n_inputs, max_size=n_inputs), min_size=1, max_size=6))
    network: dict[str, Any] = {"activation": kind, "weights": [[["1"] * n_inputs] * 3, [["1"] * 3]]}
    if isinstance(kind, dict):
        network["weights"][1] = [["1", "1"]]
    if data.draw(st.booleans()):
        network["biases"] = [["0"] * 3, ["0"]]
    objective = {"kind": "combination", "coefficients": [1] * len(inputs)}
    problem = problem_of(network, inputs, objective=objective)
    result = weight_regions_result(problem, regions_of(problem))
    report = verify_text(json.dumps(result))
    assert (report["accepted"], report["rejected"], report["not_checked"]) == (True, [], [])
    result["factors"][0]["n_cells"] += 1
    assert not verify_text(json.dumps(result))["accepted"]


# ---------------------------------------------------------------------- the document


def test_equal_neurons_are_a_power() -> None:
    expected = """
      Not xor.  2-4-1 relu net with biases, 4 data, in the weights.

      4 neurons × 14 cells: 38416 cells, 263424 walls.  None is bounded.             ■ exact

      each neuron       14 cells, 24 walls: 4 hyperplanes through 0, in dimension 3
      product           14⁴ cells,  4 · 24 · 14³ walls

      known by          neurons share no weight: cells multiply, a wall changes one factor
                        hyperplanes: counted by deletion and restriction (Zaslavsky 1975)
    """
    problem = problem_of({"activation": "relu", "widths": [2, 4, 1], "bias": True}, SQUARE, title="Not xor")
    assert text_of(problem).splitlines() == indent(dedent(expected).rstrip(), "  ").splitlines()


def test_groups_of_several_sizes_are_a_table() -> None:
    expected = """
      2-9-1 maxpool net, 6 data, in the weights.

      4 groups: 7776 cells, 41472 walls.  None is bounded.                           ■ exact

      group      members    cells    walls
      1                1        1        0
      2                2        6        6
      3 and 4          3       36       78

      group 1           nothing cuts: one member always wins
      group 2           3 hyperplanes through 0 for the difference of 2 members, in
                        dimension 4
      groups 3 and 4    the largest of 3 members on 4 directions, in dimension 6
      data              of 6, 1 is 0 and cuts nothing; 1 is a positive multiple of another
                        one

      known by          groups share no weight: cells multiply, a wall changes one factor
                        hyperplanes: counted by deletion and restriction (Zaslavsky 1975)
                        winners: each choice has weights, or a Gordan certificate against it
    """
    network = {"activation": pool([0], [1, 2], [3, 4, 5], [6, 7, 8]), "widths": [2, 9, 1]}
    problem = problem_of(network, [*SQUARE, [0, -3], [2, 2]])
    assert text_of(problem).splitlines() == indent(dedent(expected).rstrip(), "  ").splitlines()


@pytest.mark.parametrize(
    ("network", "inputs", "said"),
    [
        ({"activation": "abs", "widths": [2, 1, 1]}, [[1, 0], [0, 1]], "4 cells, 4 walls.  None is bounded."),
        ({"activation": "abs", "widths": [1, 1, 1]}, [[1]], "2 cells, 1 wall.  None is bounded."),
        ({"activation": "abs", "widths": [2, 1, 1]}, [[1, 0], [0, 1]], "the neuron        4 cells, 4 walls: 2 hyper"),
        ({"activation": "identity", "widths": [1, 2, 1]}, [[1]], "One cell, all of weight space: nothing cuts."),
        ({"activation": "identity", "widths": [1, 2, 1]}, [[1]], "the net is linear in its input"),
        ({"activation": "relu", "widths": [1, 1]}, [[1]], "there is no hidden layer"),
        ({"activation": "relu", "widths": [1, 2, 1]}, [[0]], "no datum cuts the weights of a neuron"),
        ({"activation": "relu", "widths": [1, 2, 1]}, [[0]], "the datum is 0 and cuts nothing"),
        ({"activation": "relu", "widths": [1, 2, 1]}, [[0], [0], [1]], "of 3, 2 are 0 and cut nothing\n"),
        ({"activation": "relu", "widths": [1, 2, 1]}, [[1], [-2], [3]], "of 3, 2 are multiples of others\n"),
        ({"activation": "relu", "widths": [1, 2, 1]}, [[1], [-2]], "of 2, 1 is a multiple of another one\n"),
        ({"activation": "relu", "widths": [1, 2, 1], "bias": True}, [[1], [2], [1]], "of 3, 1 repeats another one\n"),
        ({"activation": "relu", "widths": [1, 2, 1], "bias": True}, [[1], [1], [1]], "of 3, 2 repeat others\n"),
        ({"activation": pool([0, 1, 2]), "widths": [1, 3, 1]}, [[1], [-1]], "the group         6 cells, 6 walls: the"),
        ({"activation": pool([0], [1]), "widths": [1, 2, 1]}, [[1], [2]], "no datum cuts the weights of a group"),
    ],
)
def test_what_is_said(network: dict[str, Any], inputs: list[list[int]], said: str) -> None:
    assert said in text_of(problem_of(network, inputs)) + "\n"


def test_long_counts_are_cut_and_written_out_in_full() -> None:
    problem = problem_of({"activation": "relu", "widths": [2, 100, 1], "bias": True}, SQUARE)
    assert "100 neurons × 14 cells: 4.100186…·10^114 cells" in text_of(problem)
    assert "product           14¹⁰⁰ cells,  100 · 24 · 14⁹⁹ walls" in text_of(problem)
    assert str(14**100) in "".join(text_of(problem, full=True).split())


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.sampled_from([40, 64, 92]), st.booleans(), st.booleans(), st.booleans())
def test_every_transcript_keeps_to_the_width(n: int, width: int, ascii_only: bool, full: bool, pooled: bool) -> None:
    network: dict[str, Any] = {"activation": "relu", "widths": [2, n, 1]}
    if pooled:
        network |= {"activation": pool(*([k, k + 1] for k in range(0, 2 * n, 2)), [2 * n]), "widths": [2, 2 * n + 1, 1]}
    text = text_of(problem_of(network, [*SQUARE, [3, 3]]), width=width, ascii=ascii_only, full=full)
    assert all(len(line) <= width and line == line.rstrip() for line in text.split("\n"))
    assert text.isascii() or not ascii_only
