"""The JSON of ``symflow regions`` in input space."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.checker.verify import verify_text
from symflow.errors import InputError
from symflow.exact.rationals import fmpq
from symflow.nets.network import Network
from symflow.problem import Domain, Problem
from symflow.problem_tree import problem_from_tree
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.reports import regions_result as module
from symflow.reports.regions_result import inequalities, regions_result
from symflow.writing import json_text
from tests.regions.nets import domains, networks

LINES = [[1, 0], [0, 1], [1, 1]]
FOLD = [[[1, 0], [-1, 0]], [[1, 1], [1, -1]], [[1, 1]]]

# Nets with their counts (cells, adjacencies, bounded, maps, pieces) and the units active on each cell, by hand.
KNOWN = {
    "three lines through one point": (
        Network.from_weights([[1, 0], [0, 1], [1, -1]], [[1, 2, 1]]),
        (6, 6, 0, 6, 6),
        "000 001 010 101 110 111",
    ),
    "three lines in general position": (
        Network.from_weights(LINES, [[1, 1, 1]], biases=[[0, 0, -1], [0]]),
        (7, 9, 1, 7, 7),
        "000 010 011 100 101 110 111",
    ),
    "a fold cut by a second layer": (
        Network.from_weights(*FOLD, biases=[[0, 0], [-1, "1/2"], [0]]),
        (5, 4, 0, 4, 4),
        "0100 0101 0110 1001 1011",
    ),
}


def problem_of(net: Network, domain: Domain | None = None) -> Problem:
    return Problem(net.architecture, net, variable="input", domain=domain)


def result_of(net: Network, domain: Domain | None = None, **options: Any) -> dict[str, Any]:
    graph = RegionGraph.of(net, domain=inequalities(domain), **options)
    return json.loads(json_text(regions_result(problem_of(net, domain), graph)))  # type: ignore[no-any-return]


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from texts_in(entry)
    elif isinstance(value, str):
        yield value


def active(pattern: str) -> str:
    return "".join("1" if character == "+" else "0" for character in pattern)


@pytest.mark.parametrize("name", KNOWN)
def test_counts_and_active_units_are_those_found_by_hand(name: str) -> None:
    net, counts, sets = KNOWN[name]
    result = result_of(net)
    assert [result[key] for key in ("n_cells", "n_adjacencies", "n_bounded", "n_maps", "n_pieces")] == list(counts)
    assert sorted(active(cell["pattern"]) for cell in result["cells"]) == sets.split()


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    result = result_of(KNOWN["three lines in general position"][0])
    assert list(result) == [
        *("command", "symflow", "problem", "variable", "status"),
        *("n_cells", "n_adjacencies", "n_bounded", "n_maps", "n_pieces"),
        *("lineality", "generators", "cells", "adjacencies", "missing"),
    ]
    assert list(result["cells"][0]) == ["pattern", "interior_point", "bounded", "map", "generators"]
    assert list(result["adjacencies"][0]) == ["cells", "flips", "point"]
    assert (result["command"], result["variable"], result["status"]) == ("regions", "input", "complete")


def test_a_triangle_is_written_with_its_vertices_its_map_and_its_walls() -> None:
    result = result_of(KNOWN["three lines in general position"][0])
    (triangle,) = [cell for cell in result["cells"] if cell["bounded"]]
    assert triangle["pattern"] == "++-"
    assert triangle["map"] == {"gradient": [["1", "1"]], "offset": ["0"]}
    corners = [result["generators"][number] for number in triangle["generators"]]
    assert corners == [{"point": ["0", "0"]}, {"point": ["0", "1"]}, {"point": ["1", "0"]}]
    number = result["cells"].index(triangle)
    walls = [each for each in result["adjacencies"] if number in each["cells"]]
    assert [each["flips"] for each in walls] == [[[1, 1]], [[1, 2]], [[1, 3]]]


def test_points_come_sorted_by_value_and_then_rays() -> None:
    result = result_of(Network.from_weights([[3], [2], [1]], [[1, 1, 1]], biases=[[1, -1, -10], [0]]))
    assert result["generators"] == [
        *({"point": ["-1/3"]}, {"point": ["1/2"]}, {"point": ["10"]}),
        *({"ray": ["-1"]}, {"ray": ["1"]}),
    ]


def test_what_changes_nothing_is_written_as_lineality_and_then_no_cell_is_bounded() -> None:
    result = result_of(Network.from_weights([[1, 2], [1, 2]], [[1, 1]], biases=[[0, -1], [0]]))
    assert result["lineality"] == [["-2", "1"]]
    assert (result["n_cells"], result["n_bounded"]) == (3, 0)
    assert result["generators"][:2] == [{"point": ["0", "0"]}, {"point": ["1", "0"]}]


def test_a_net_without_cuts_is_one_cell_and_its_generator_the_origin() -> None:
    result = result_of(Network.from_weights([[2, 3], [0, 0]], biases=[[1, "1/2"]]))
    assert result["cells"] == [
        {
            "pattern": "",
            "interior_point": ["0", "0"],
            "bounded": False,
            "map": {"gradient": [["2", "3"], ["0", "0"]], "offset": ["1", "1/2"]},
            "generators": [0],
        }
    ]
    assert result["generators"] == [{"point": ["0", "0"]}]


def test_a_box_and_the_same_box_as_inequalities_have_the_same_cells() -> None:
    net = KNOWN["three lines in general position"][0]
    box = Domain(box=((fmpq(-1), fmpq(1)), (fmpq(-1), fmpq(1, 2))))
    pair = inequalities(box)
    assert pair is not None
    same = Domain(matrix=tuple(map(tuple, pair[0])), bounds=tuple(pair[1]))
    first, second = result_of(net, box), result_of(net, same)
    assert first.pop("problem")["domain"] == {"box": [["-1", "1"], ["-1", "1/2"]]}
    assert second.pop("problem")["domain"]["b"] == ["1", "1", "1/2", "1"]
    assert first == second
    assert first["n_bounded"] == first["n_cells"] == 5  # the far sides of two lines are outside


def test_a_box_without_interior_is_refused() -> None:
    flat = Domain(box=((fmpq(0), fmpq(0)),))
    with pytest.raises(InputError, match="the domain has no interior"):
        result_of(Network.from_weights([[1]], [[1]]), flat)


def test_too_many_generators_are_left_out_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    net = KNOWN["three lines in general position"][0]
    whole = result_of(net)
    monkeypatch.setattr(module, "MOST_INCIDENCES", 5)
    short = result_of(net)
    assert short["generators"] is None
    assert all("generators" not in cell for cell in short["cells"])
    assert short["adjacencies"] == whole["adjacencies"]
    asked = regions_result(problem_of(net), RegionGraph.of(net), all_generators=True)
    assert json.loads(json_text(asked)) == whole


def test_an_incomplete_result_says_what_is_missing_and_where_it_goes_on() -> None:
    net = KNOWN["three lines in general position"][0]
    result = result_of(net, control=Control(max_cells=3))
    assert (result["status"], result["n_cells"]) == ("incomplete", 3)
    assert len(result["missing"]) == 4
    assert list(result)[-1] == "open_facets"
    cells = {cell["pattern"] for cell in result_of(net)["cells"]}
    assert {cell["pattern"] for cell in result["cells"]} | set(result["missing"]) == cells
    for facet in result["open_facets"]:
        pattern = result["cells"][facet["cell"]]["pattern"]
        beyond = [s if s != "0" else {"+": "-", "-": "+"}[c] for s, c in zip(facet["signs"], pattern, strict=True)]
        assert "".join(beyond) in result["missing"]


def test_winners_of_groups_and_dead_units_are_written_as_the_contract_says() -> None:
    # max(x, 0 x, -x) has no cell where its second member wins; below the kink of layer 2 nothing is left of layer 3.
    groups = activation("maxpool", groups=[[0, 1, 2]])
    net = Network.from_weights([[1], [0], [-1]], [[1]], [[1]], [[1]], activation=[groups, "relu", "abs"])
    assert [cell["pattern"] for cell in result_of(net)["cells"]] == ["1++", "3++"]
    dead = Network.from_weights([[1]], [[1]], [[1]], activation=["relu", "abs"])
    assert [cell["pattern"] for cell in result_of(dead)["cells"]] == ["-0", "++"]


@settings(max_examples=30)
@given(networks(), st.data())
def test_every_result_is_plain_exact_and_accepted_by_the_checker(net: Network, data: st.DataObject) -> None:
    n_inputs = net.architecture.n_inputs
    rows = data.draw(st.none() | domains(n_inputs))
    domain = None
    if rows is not None:
        matrix = tuple(tuple(map(fmpq, row)) for row in rows[0])
        domain = Domain(matrix=matrix, bounds=tuple(fmpq(b.numerator, b.denominator) for b in rows[1]))
    control = data.draw(st.sampled_from([Control(), Control(), Control(max_cells=2)]))
    problem = problem_of(net, domain)
    try:
        graph = RegionGraph.of(net, domain=inequalities(domain), control=control)
    except InputError:
        return  # a domain without interior
    text = json_text(regions_result(problem, graph))
    verdict = verify_text(text)
    assert verdict["accepted"], verdict["rejected"]
    result = json.loads(text)
    assert [cell["pattern"] for cell in result["cells"]] == [graph.pattern(i) for i in range(graph.n_cells)]
    for adjacency in result["adjacencies"]:
        assert [tuple(flip) for flip in adjacency["flips"]] == list(graph.flips(*adjacency["cells"]))
    numbers = [text for text in texts_in(result["cells"]) if re.fullmatch(r"-?[0-9/]+", text)]
    patterns = {cell["pattern"] for cell in result["cells"]}
    assert all(str(Fraction(text)) == text for text in numbers if text not in patterns)
    assert problem_from_tree(result["problem"]).known_network == net
