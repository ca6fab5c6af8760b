"""What a notebook shows of a region graph."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from symflow import Network, RegionGraph
from symflow.pictures import notebook
from tests.pictures.nets import DEMO, RANDOM_517, random_net


def test_two_inputs_are_shown_as_the_map() -> None:
    shown = RegionGraph.of(DEMO)._repr_html_()
    assert shown is not None
    assert shown.startswith("<svg")
    assert 'width="480"' in shown


def test_a_large_graph_is_shown_as_its_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert RegionGraph.of(RANDOM_517)._repr_html_() is None
    monkeypatch.setattr(notebook, "MOST_LISTED", 4)
    assert RegionGraph.of(Network.from_weights([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 1]]))._repr_html_() is None


def test_three_inputs_are_shown_as_a_table() -> None:
    """The octants: cell 8 is +++, where f = x1 + x2 + x3, and its neighbours are 4, 6 and 7."""
    shown = RegionGraph.of(Network.from_weights([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 1]]))._repr_html_()
    assert shown is not None
    rows = [[cell.text for cell in row] for row in ElementTree.fromstring(shown).iter("tr")]
    assert rows[0] == ["cell", "pattern", "f", "bounded", "neighbours"]
    assert len(rows) == 9
    assert rows[8] == ["8", "+++", "x₁ + x₂ + x₃", "no", "4, 6, 7"]


def test_one_input_is_a_table_of_intervals() -> None:
    shown = RegionGraph.of(Network.from_weights([[1], [-1]], [[1, 1]], biases=[[0, 1], [0]]))._repr_html_()
    assert shown is not None
    rows = [[cell.text for cell in row] for row in ElementTree.fromstring(shown).iter("tr")]
    assert ["++", "1", "yes"] in [row[1:4] for row in rows]


def test_a_long_table_shows_twenty_four_rows_and_counts_the_rest() -> None:
    graph = RegionGraph.of(random_net(3, 8, 1, seed=7))
    shown = graph._repr_html_()
    assert shown is not None
    assert shown.count("<tr>") == 25
    assert f"<p>and {graph.n_cells - 24} more cells</p>" in shown


def test_other_things_are_not_shown_here() -> None:
    assert notebook.show(DEMO, "html") is None
    assert notebook.show(RegionGraph.of(DEMO), "latex") is None
