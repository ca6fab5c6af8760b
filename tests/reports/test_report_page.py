"""The page: its numbers against those of the other commands, and what it says of problems of every kind."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.faces import clarke_at_corners, clarke_on_walls
from symflow.differentials.selection import audit
from symflow.exact.rationals import fmpq
from symflow.flows.gradient_flow import flow_of
from symflow.flows.options import FlowOptions
from symflow.nets.network import Network
from symflow.pictures.labels import layered_pattern
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.reports.flow_result import flow_result
from symflow.reports.linear_text import sentence_text
from symflow.reports.page.compose import compose_page
from symflow.reports.page.document import Page
from symflow.reports.page.findings import Findings
from symflow.reports.page.flow_data import slider_times
from symflow.reports.page.map_data import number_text
from symflow.reports.regions_result import regions_result
from tests.pictures.nets import random_net

CORNER: dict[str, Any] = {
    "title": "A corner <where> it stops",
    "network": {
        "activation": "relu",
        "weights": [
            [["0", "1"], ["-1", "0"], ["1", "-1"]],
            [["-1", "1", "1"], ["-1", "1", "-1"]],
            [["2", "1"]],
        ],
        "biases": [["-2", "2", "0"], ["1", "1"], ["0"]],
    },
    "objective": {"variable": "input", "at": ["1", "-5/2"]},
}
DEMO: dict[str, Any] = {
    "network": {"activation": "relu", "weights": [[["1", "-1"], ["-1", "0"]], [["1", "-1/2"]]]},
    "data": {"inputs": [["1", "1"], ["-1", "-1"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
}


def found_in_input(tree: dict[str, Any], *, until: int | None = None) -> Findings:
    problem = problem_from_tree(tree)
    graph = RegionGraph.of(problem.known_network)
    trajectory = None if until is None else flow_of(problem.function(), FlowOptions(until=fmpq(until)))
    return Findings(
        problem,
        graph,
        words=tuple(layered_pattern(graph, i) for i in range(graph.n_cells)),
        walls=clarke_on_walls(graph),
        corners=clarke_at_corners(graph),
        trajectory=trajectory,
    )


@pytest.fixture(scope="module")
def corner() -> Findings:
    return found_in_input(CORNER, until=4)


@pytest.fixture(scope="module")
def page(corner: Findings) -> Page:
    return compose_page(corner)


def known(page: Page) -> list[tuple[str, str]]:
    return [(sentence_text(row.statement), row.tag.word) for row in page.known]


# ---------------------------------------------------------------------- the page of the mock-up


def test_its_lead_is_that_of_the_mock_up(page: Page) -> None:
    lead = sentence_text(page.lead)
    assert lead.startswith("The function f has 12 cells, 16 walls and 5 corners. At the corner (2, 2) automatic")
    assert "returns 0, yet 0 ∉ ∂f(2, 2): the point is not critical." in lead
    assert lead.endswith("It passes through (2, 2), where automatic differentiation would stop.")
    assert sentence_text(page.subtitle).endswith("Exact: no number on this page is rounded.")


def test_what_is_known_is_that_of_the_mock_up(page: Page) -> None:
    assert known(page) == [
        ("these 12 cells are all, with 16 walls between them; 3 are bounded", "proved"),
        ("autodiff's vector is a Clarke subgradient at every point", "refuted"),
        ("it is one at every other point", "proved"),
        ("The flow x' in −∂f(x): comes to rest at t = 10/3: 0 is in ∂f there.  The solution is unique.", "exact"),
    ]
    assert sentence_text(page.known[1].how) == "at (2, 2), separated by (1, 4)"


def test_its_cells_are_those_of_the_json(page: Page, corner: Findings) -> None:
    assert corner.graph is not None
    result = regions_result(corner.problem, corner.graph)
    data = page.data
    for (word, gradient, constant, bounded), cell in zip(data["cells"], result["cells"], strict=True):
        assert word.replace("|", "") == cell["pattern"]
        assert [data["vectors"][gradient]] == cell["map"]["gradient"]
        assert [constant] == cell["map"]["offset"]
        assert bool(bounded) == cell["bounded"]
    assert [[n - 1 for n in wall["c"]] for wall in data["walls"]] == [a["cells"] for a in result["adjacencies"]]


def test_it_starts_where_automatic_differentiation_is_wrong(page: Page) -> None:
    assert page.data["start"] == "v2"
    face = page.data["corners"][1]
    shown = page.data["vectors"]
    assert (face["x"], face["f"], face["s"]) == (["2", "2"], "3", "000|++")
    assert (shown[face["q"]], shown[face["a"]]) == (["-3/17", "-12/17"], ["0", "0"])
    assert (shown[face["o"][0]], face["o"][1:]) == (["1", "4"], ["≤", "-3", "0"])


def test_the_tables_say_what_the_data_say(page: Page) -> None:
    sections = {section.heading: section for section in page.sections}
    assert list(sections) == ["The flow", "The cells", "The walls", "The corners"]
    cells = [[sentence_text(cell) for cell in row] for row in sections["The cells"].table.rows]
    assert cells[3] == ["4", "−++ | +−", "−2x2 + 6", "(0, −2)", "no", "1, 5"]
    corners = [[sentence_text(cell) for cell in row] for row in sections["The corners"].table.rows]
    assert corners[1][1:] == [
        "(2, 2)",
        "2, 3, 5, 7, 10, 12",
        "conv{ (−3, −3), (−3, 0), (1, −4), (1, −1) }",
        "(−3/17, −12/17)",
        "(0, 0), not in ∂f",
    ]
    walls = [[sentence_text(cell) for cell in row] for row in sections["The walls"].table.rows]
    assert len(walls) == len(page.data["walls"]) == 16
    assert walls[0] == ["1", "1 and 2", "−−+ | +0", "conv{ (1, −1), (2, −2) }", "(1, −1)", "(2, −2), in ∂f"]
    for row, wall in zip(walls, page.data["walls"], strict=True):
        assert row[1] == " and ".join(map(str, wall["c"]))
        assert row[2].replace(" | ", "|").replace("−", "-") == wall["s"]
        shortest, autodiff = (", ".join(page.data["vectors"][wall[key]]) for key in "qa")
        assert row[4].replace("−", "-") == f"({shortest})"
        assert row[5].replace("−", "-") == f"({autodiff}), {'not in' if 'o' in wall else 'in'} ∂f"


def test_of_many_walls_the_table_is_short_and_the_legend_says_what_they_have() -> None:
    many = found_in_input(_of_net(random_net(2, 6, 4, 1, seed=1)))
    assert len(many.walls) > 24
    shown = compose_page(many)
    (walls,) = [section for section in shown.sections if section.heading.startswith("The walls")]
    assert [sentence_text(cell) for cell in walls.table.header] == [
        "",
        "between cells",
        "pattern",
        "shortest element",
        "autodiff",
    ]
    assert len(walls.table.rows) == len(many.walls)
    assert "On a wall ∂f is the segment between the gradients of its two cells." in sentence_text(shown.legend)


def _of_net(net: Network) -> dict[str, Any]:
    weights = [[[str(entry) for entry in row] for row in matrix] for matrix in net.weights]
    biases = [[str(entry) for entry in vector] for vector in net.biases or ()]
    network = {"activation": "relu", "weights": weights, "biases": biases}
    return {"network": network, "objective": {"variable": "input", "at": ["1", "2"]}}


# ---------------------------------------------------------------------- the slider


def test_every_place_of_the_slider_is_exact(page: Page, corner: Findings) -> None:
    """The numbers of the path that the mock-up gives, and f at each place by evaluating the net there."""
    flow = page.data["flow"]
    assert len(flow["at"]) == 201  # sixtieths, as in the mock-up
    network = corner.problem.known_network
    for time, state, value, _, _ in flow["at"]:
        t, x = Fraction(time), [Fraction(entry) for entry in state]
        assert [str(Fraction(value))] == [str(v) for v in network(x)]
        assert x == _mock_up_path(t)


def _mock_up_path(t: Fraction) -> list[Fraction]:
    legs = [("0", "1", "-5/2", "0", "2"), ("3/4", "1", "-1", "4/5", "8/5"), ("2", "2", "1", "0", "1")]
    legs += [("3", "2", "2", "0", "3"), ("10/3", "2", "3", "0", "0")]
    start, x, y, v, w = next(leg for leg in (tuple(map(Fraction, leg)) for leg in reversed(legs)) if leg[0] <= t)
    return [x + (t - start) * v, y + (t - start) * w]


def test_events_are_places_and_lie_where_the_json_says(page: Page, corner: Findings) -> None:
    assert corner.trajectory is not None
    result = flow_result(corner.problem, corner.trajectory)
    flow = page.data["flow"]
    places = sorted({flow["at"][int(place)][0] for place in flow["events"]}, key=Fraction)
    assert places == sorted({event["time"] for event in result["events"]}, key=Fraction)
    assert flow["at"][-1][0] == result["time"]
    assert flow["at"][-1][1] == result["state"]


def test_what_is_chosen_follows_the_flow(page: Page) -> None:
    flow = page.data["flow"]
    chosen = list(dict.fromkeys(place[4] for place in flow["at"]))
    assert [each[0] for each in chosen] == list("cwvwvwv")
    assert [each for each in chosen if each[0] in "cv"] == ["c4", "v1", "v2", "v3"]
    # It slides on the kink of (2,2), then on that of (1,2), and stays on it behind (2, 2).
    walls = [page.data["walls"][int(each[1:]) - 1] for each in chosen if each[0] == "w"]
    assert [wall["c"] for wall in walls] == [[4, 5], [2, 5], [7, 12]]
    assert [wall["s"] for wall in walls] == ["-++|+0", "-0+|++", "+0-|++"]


def test_where_the_denominator_is_large_each_piece_is_cut() -> None:
    ends = [Fraction(0), Fraction(1, 10007), Fraction(2, 3), Fraction(1)]
    times = slider_times(ends)
    assert set(ends) <= set(times)
    assert times == sorted(set(times))
    assert 150 < len(times) < 250


@given(st.lists(st.fractions(min_value=0, max_value=3, max_denominator=12), min_size=2, max_size=5, unique=True))
@settings(max_examples=50)
def test_a_slider_has_all_events_in_order(ends: list[Fraction]) -> None:
    ends.sort()
    times = slider_times(ends)
    assert set(ends) <= set(times)
    assert times == sorted(set(times))
    assert len(times) <= 801


# ---------------------------------------------------------------------- in the weights


@pytest.fixture(scope="module")
def demo() -> Page:
    problem = problem_from_tree(DEMO)
    differential = clarke_differential(problem.function())
    graph = RegionGraph.of(problem.known_network)
    words = tuple(layered_pattern(graph, i) for i in range(graph.n_cells))
    walls, corners = clarke_on_walls(graph), clarke_at_corners(graph)
    return compose_page(
        Findings(problem, graph, None, words, walls, corners, differential, audit(differential)),
    )


def test_in_the_weights_the_set_comes_first(demo: Page) -> None:
    lead = sentence_text(demo.lead)
    assert lead.startswith("∂R(w) is a segment. What automatic differentiation returns is not in it. As a function")
    assert demo.data["start"] == "p"
    assert demo.point is not None
    assert known(demo)[:2] == [
        ("∂R(w) is a segment.", "exact"),
        ("what automatic differentiation returns is in ∂R(w)", "refuted"),
    ]


def test_the_star_lists_the_cells_that_meet(demo: Page) -> None:
    """One neuron vanishes on both data, which are opposite: of four patterns two occur."""
    star = next(section for section in demo.sections if section.heading.startswith("The star"))
    rows = [[sentence_text(cell) for cell in row] for row in star.table.rows]
    assert rows == [["1", "(− +)", "W1[1,·] = (−c, −c)"], ["1", "(+ −)", "W1[1,·] = (−1, −1)"]]


# ---------------------------------------------------------------------- numbers


@given(st.fractions())
def test_a_number_is_written_as_it_is_or_cut(value: Fraction) -> None:
    text = number_text(value)
    if "…" not in text:
        assert "·" in text or Fraction(text) == value
        return
    mantissa, _, power = text.partition("·10^")
    shown = Fraction(mantissa.replace("…", "")) * Fraction(10) ** int(power.strip("()") or 0)
    unit = Fraction(10) ** (int(power.strip("()") or 0) - len(mantissa.rstrip("…").partition(".")[2]))
    assert 0 <= abs(value) - abs(shown) < unit, "each digit is right: it is cut, not rounded"


def test_a_title_is_one_line() -> None:
    problem = Problem(problem_from_tree(CORNER).architecture, problem_from_tree(CORNER).known_network, title="a\n  b")
    graph = RegionGraph.of(problem.known_network)
    words = tuple(layered_pattern(graph, i) for i in range(graph.n_cells))
    assert compose_page(Findings(problem.with_input_by_default(), graph, words=words)).title == "a b"


# ---------------------------------------------------------------------- what is not all there


def test_of_an_incomplete_graph_nothing_is_said_of_everywhere() -> None:
    problem = problem_from_tree(CORNER)
    graph = RegionGraph.of(problem.known_network, control=Control(max_cells=6))
    words = tuple(layered_pattern(graph, i) for i in range(graph.n_cells))
    page = compose_page(Findings(problem, graph, None, words, clarke_on_walls(graph), clarke_at_corners(graph)))
    assert f"has at least {graph.n_cells} cells" in sentence_text(page.lead)
    assert "Everywhere" not in sentence_text(page.lead)
    assert {word for _, word in known(page)} == {"undecided"}


def test_what_was_left_out_is_said(corner: Findings) -> None:
    page = compose_page(replace(corner, reasons={"the flow": "the time did not suffice"}))
    assert known(page)[-1] == ("the flow: left out", "undecided")
    assert sentence_text(page.known[-1].how) == "the time did not suffice"


def test_a_flow_that_branches_lists_its_branches() -> None:
    """f = -|x1|: from (0, 1) it goes to either side, or stays on the ridge."""
    network = {"activation": "relu", "weights": [[["1", "0"], ["-1", "0"]], [["-1", "-1"]]]}
    page = compose_page(
        found_in_input({"network": network, "objective": {"variable": "input", "at": ["0", "1"]}}, until=1)
    )
    (section,) = [section for section in page.sections if section.heading == "The branches"]
    rows = [[sentence_text(cell) for cell in row] for row in section.table.rows]
    assert [row[0] for row in rows[1:]] == ["to the − side", "on the ridge", "to the + side"]
    assert page.data["flow"]["events"] == {"0": "not unique: 3 straight ways go on"}


def test_the_flow_of_a_risk_in_the_input_is_shown_in_decimals() -> None:
    """x' = -R'(x) with R = exp(-x): x = ln(e + t) from 1; at t = 2 it is ln(e + 2) = 1.5514447139..."""
    tree = {
        "network": {"activation": "relu", "weights": [[["1"]], [["1"]]]},
        "data": {"inputs": [["1"]], "labels": ["1"]},
        "objective": {"kind": "risk", "loss": "exponential", "variable": "input", "at": ["1"]},
    }
    problem = problem_from_tree(tree)
    options = FlowOptions(until=fmpq(2), checkpoints=(fmpq(0), fmpq(1), fmpq(2)))
    trajectory = flow_of(problem.function(), options)
    graph = RegionGraph.of(problem.known_network)
    words = tuple(layered_pattern(graph, i) for i in range(graph.n_cells))
    corners = clarke_at_corners(graph)
    page = compose_page(Findings(problem, graph, None, words, (), corners, trajectory=trajectory, samples=trajectory))
    flow = page.data["flow"]
    assert [place[0] for place in flow["at"]] == ["0", "1", "2"]
    assert flow["at"][-1][1] == ["1.55144471"]
    assert flow["how"].startswith("computed to 15 digits")
    assert flow["legs"][0] | {"v": None} == {"v": None, "w": "inside a cell", "id": "c2"}
