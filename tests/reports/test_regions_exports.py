"""A region graph as GraphML, and as the JSON that is re-checked."""

from __future__ import annotations

import io
import json
from pathlib import Path

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.verify import verify_text
from symflow.nets.network import Network
from symflow.regions.region_graph import RegionGraph
from symflow.reports.regions_exports import graphml, problem_of
from tests.regions.nets import networks

TRIANGLE = Network.from_weights([[1, 0], [0, 1], [1, 1]], [[1, 1, 1]], biases=[[0, 0, -1], [0]])


def read_back(text: str) -> networkx.Graph:
    """Return the graph that networkx reads from GraphML."""
    return networkx.read_graphml(io.BytesIO(text.encode("utf-8")), node_type=int)


@settings(max_examples=30)
@given(networks(n_units=5))
def test_graphml_is_read_back_with_all_cells_and_walls(net: Network) -> None:
    graph = RegionGraph.of(net)
    found = read_back(graphml(graph))
    assert list(found) == list(range(graph.n_cells))
    assert [node["pattern"] for _, node in found.nodes(data=True)] == [cell.pattern for cell in graph.cells]
    assert {tuple(sorted(pair)) for pair in found.edges} == {wall.cells for wall in graph.walls}
    for wall in graph.walls:
        edge = found.edges[wall.cells]
        assert edge["kink"] is wall.is_kink
        assert edge["point"] == " ".join(map(str, wall.point))


def test_the_attributes_of_a_triangle_and_of_a_wall() -> None:
    graph = RegionGraph.of(TRIANGLE)
    found = read_back(graph.to_graphml())
    (triangle,) = [node for _, node in found.nodes(data=True) if node["bounded"]]
    assert {key: triangle[key] for key in ("pattern", "gradient", "offset")} == {
        "pattern": "++-",
        "gradient": "1 1",
        "offset": "0",
    }
    assert {edge["flips"] for _, _, edge in found.edges(data=True)} == {"1.1", "1.2", "1.3"}
    assert sorted(node["piece"] for _, node in found.nodes(data=True)) == list(range(7))


def test_graphml_is_written_to_a_file_too(tmp_path: Path) -> None:
    graph = RegionGraph.of(TRIANGLE)
    text = graph.to_graphml(tmp_path / "triangle.graphml")
    assert (tmp_path / "triangle.graphml").read_text(encoding="utf-8") == text
    assert text.startswith("<?xml")


@settings(max_examples=30)
@given(networks(n_units=5), st.booleans())
def test_json_is_accepted_by_the_checker_with_and_without_a_domain(net: Network, is_bounded: bool) -> None:
    n_inputs = net.architecture.n_inputs
    rows = [[1] * n_inputs, [-1, *[2] * (n_inputs - 1)]]
    graph = RegionGraph.of(net, domain=(rows, [1, "1/2"]) if is_bounded else None)
    verdict = verify_text(graph.to_json())
    assert verdict["accepted"], verdict["rejected"]


@pytest.mark.parametrize("weights", [[[1, 1]], [[1, 0]], [[1, 0], [0, 1]]], ids=["diagonal", "vertical", "both"])
def test_the_domain_of_a_graph_is_found_again_whatever_the_section(weights: list[list[int]]) -> None:
    graph = RegionGraph.of(Network.from_weights(weights, [[1] * len(weights)]), domain=([[3, 3]], ["1/2"]))
    assert problem_of(graph).tree()["domain"] == {"A": [["6", "6"]], "b": ["1"]}
    again = RegionGraph.of(graph.network, domain=([[6, 6]], [1]))
    assert json.loads(again.to_json()) == json.loads(graph.to_json())
