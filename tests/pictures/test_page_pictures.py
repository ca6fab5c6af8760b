"""The drawings of a page: names, places, classes; every choice of the data is there, and nothing has a colour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.faces import clarke_at_corners, clarke_on_walls
from symflow.differentials.selection import select
from symflow.exact.rationals import to_fraction
from symflow.flows.gradient_flow import gradient_flow
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.pictures.drawing import Marker
from symflow.pictures.page_chart import page_chart
from symflow.pictures.page_line import PageLine
from symflow.pictures.page_map import PageMap
from symflow.pictures.page_projection import page_sets
from symflow.pictures.region_map import region_map
from symflow.pictures.slices import place_on
from symflow.regions.region_graph import RegionGraph
from tests.pictures.nets import CORNER, DEMO, NETS

Element = ElementTree.Element


def parsed(text: str) -> Element:
    assert "fill=" not in text.replace("fill-opacity=", "")
    assert "stroke=" not in text
    assert "style=" not in text
    return ElementTree.fromstring(text)


def numbers(element: Element) -> list[float]:
    return [float(entry) for entry in element.attrib["data-view"].split()]


@pytest.mark.parametrize("name", NETS)
def test_every_net_has_a_map_with_all_that_is_in_its_window(name: str) -> None:
    net = NETS[name]
    if net.architecture.n_outputs > 1 or net.architecture.n_inputs != 2:
        pytest.skip("a page draws one output over two inputs")
    graph = RegionGraph.of(net)
    map_ = region_map(graph)
    svg = parsed(PageMap(map_, clarke_on_walls(graph), clarke_at_corners(graph)).svg())
    found = {kind: {e.attrib["id"] for e in svg.iter() if e.get("class", "").split()[:1] == [kind]} for kind in _KINDS}
    assert found["cell"] == {f"c{cell.index + 1}" for cell in map_.cells}
    assert found["hit"] == {f"w{wall.index + 1}" for wall in map_.walls}
    inside = [map_.window.contains(tuple(map(to_fraction, face.point))) for face in clarke_at_corners(graph)]  # type: ignore[arg-type]
    assert found["vert"] == {f"v{number}" for number, is_in in enumerate(inside, start=1) if is_in}


_KINDS = ("cell", "hit", "vert")


def test_the_view_places_what_moves_where_the_corners_are_drawn() -> None:
    graph = RegionGraph.of(CORNER)
    corners = clarke_at_corners(graph)
    svg = parsed(PageMap(region_map(graph), clarke_on_walls(graph), corners).svg())
    a, b, c, d = numbers(svg)
    for number, face in enumerate(corners, start=1):
        (circle,) = [e for e in svg.iter() if e.get("id") == f"v{number}"]
        x, y = (float(to_fraction(entry)) for entry in face.point)
        assert abs(a + b * x - float(circle.attrib["cx"])) <= 0.06
        assert abs(c + d * y - float(circle.attrib["cy"])) <= 0.06


def test_where_automatic_differentiation_is_wrong_there_is_a_ring() -> None:
    graph = RegionGraph.of(CORNER)
    svg = parsed(PageMap(region_map(graph), clarke_on_walls(graph), clarke_at_corners(graph)).svg())
    assert [e.attrib["id"] for e in svg.iter() if e.get("class") == "vert out"] == ["v2"]


def test_a_flow_is_thick_along_walls_and_thin_inside() -> None:
    path = [
        ((Fraction(1), Fraction(0)), False),
        ((Fraction(0), Fraction(0)), True),
        ((Fraction(0), Fraction(1)), False),
    ]
    svg = parsed(PageMap(region_map(DEMO), path=path).svg())
    assert [e.attrib["class"] for e in svg.iter() if e.get("class", "").startswith("flow")] == ["flow", "flow slide"]


def test_data_are_hollow_where_their_label_is_negative() -> None:
    data = [Marker((Fraction(1, 2), Fraction(0)), False), Marker((Fraction(-1, 2), Fraction(0)), True)]
    svg = parsed(PageMap(region_map(DEMO), data=data).svg())
    assert [e.attrib["class"] for e in svg.iter() if e.get("class", "").startswith("datum")] == [
        "datum",
        "datum hollow",
    ]


# ---------------------------------------------------------------------- on the line


def test_on_the_line_strips_meet_at_the_kinks() -> None:
    """|x| + |x - 1|: kinks at 0 and 1, three cells side by side."""
    net = Network.from_weights([[1], [1]], [[1, 1]], biases=[[0, -1], [0]], activation="abs")
    graph = RegionGraph.of(net)
    corners = clarke_at_corners(graph)
    svg = parsed(PageLine(graph, corners).svg())
    strips = sorted((float(e.attrib["x"]), float(e.attrib["width"])) for e in svg.iter() if e.get("class") == "cell")
    assert len(strips) == 3
    assert strips[0][0] == 0
    assert abs(strips[2][0] + strips[2][1] - 600) < 0.2
    a, b, c, d = numbers(svg)
    for number, face in enumerate(corners, start=1):
        (circle,) = [e for e in svg.iter() if e.get("id") == f"v{number}"]
        x, value = (float(to_fraction(entry)) for entry in (face.point[0], face.value))
        assert abs(a + b * x - float(circle.attrib["cx"])) <= 0.06
        assert abs(c + d * value - float(circle.attrib["cy"])) <= 0.06
        assert any(abs(left - float(circle.attrib["cx"])) < 0.2 for left, _ in strips[1:])


@pytest.mark.parametrize("net", [Network.from_weights([[0]], [[1]]), Network.from_weights([[2]])], ids=["zero", "one"])
def test_a_line_without_kinks_is_one_strip(net: Network) -> None:
    svg = parsed(PageLine(RegionGraph.of(net)).svg())
    assert [e.attrib["width"] for e in svg.iter() if e.get("class") == "cell"] == ["600"]


def test_a_flow_that_runs_far_away_leaves_the_picture() -> None:
    graph = RegionGraph.of(Network.from_weights([[1]], [[1]]))
    text = PageLine(graph, clarke_at_corners(graph), [Fraction(1), Fraction(-(10**9))]).svg()
    assert (
        max(abs(float(x)) for x in re.findall(r"-?\d+\.?\d*", text.split('class="flow slide"')[1].split("/>")[0]))
        <= 600
    )


# ---------------------------------------------------------------------- sets and curves


def set_of(inputs: list[tuple[int, ...]], labels: list[int]) -> str:
    risk = EmpiricalRisk(DEMO, Dataset(inputs, labels=labels), loss="exponential")
    differential = clarke_differential(risk)
    return page_sets(differential, select(differential, "autodiff"), "R")


def test_the_segment_of_the_demo_has_autodiff_outside_on_its_line() -> None:
    """-τ (1, 1) with c <= τ <= 1, and automatic differentiation at τ = 0: the distances are as 1 - c to c."""
    (svg,) = drawings(set_of([(1, 1), (-1, -1)], [1, -1]))
    points = sorted(float(e.attrib["cx"]) for e in svg.iter() if e.get("class") == "pt")
    (cross,) = [e for e in svg.iter() if e.get("class") == "ad no"]
    x = float(re.findall(r"M(-?[\d.]+)", cross.attrib["d"])[0]) + 7
    c = 0.6065306597126334
    ends = sorted([abs(x - point) for point in points])
    assert abs(ends[0] / ends[1] - c) < 0.01
    assert "is not" in svg.attrib["aria-label"]


def drawings(text: str) -> list[Element]:
    return [parsed(each) for each in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]


def test_a_point_is_not_drawn() -> None:
    assert set_of([(1, 0)], [1]) == ""


def of_point(net: Network, point: Sequence[int]) -> str:
    differential = clarke_differential(Realization(net), at=point)
    return page_sets(differential, select(differential, "autodiff"), "f")


def test_of_a_solid_a_projection_is_drawn_and_named() -> None:
    """The set of relu(x1) + 2 relu(x2) + 3 relu(x3) at 0 is a box with sides 1, 2, 3; the widest side is seen."""
    text = of_point(Network.from_weights([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 2, 3]]), (0, 0, 0))
    (svg,) = drawings(text)
    (outline,) = [e for e in svg.iter() if e.get("class") == "hull seen"]
    corners = [tuple(map(float, spot.split(","))) for spot in outline.attrib["points"].split()]
    wide, tall = (max(c) - min(c) for c in zip(*corners, strict=True))
    assert len(corners) == 4
    assert abs(tall / wide - 3 / 2) < 0.01
    assert sum(e.get("class") == "pt" for e in svg.iter()) == 4, "of eight vertices two each are seen as one"
    assert "projection to ∂f/∂x₂ and ∂f/∂x₃ of a set of dimension 3; autodiff is in the set itself" in text
    assert "projection" in svg.attrib["aria-label"]


def test_a_projection_shows_what_is_outside_where_two_coordinates_do() -> None:
    """relu(x1) - relu(-x1) is x1: its derivative is 1, and the chain rule says 0; the set has three more dimensions."""
    weights = [[1, 0, 0, 0], [-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    text = of_point(Network.from_weights(weights, [[1, -1, 5, 5, 5]]), (0, 0, 0, 0))
    (svg,) = drawings(text)
    assert "autodiff is not in the set itself" in text
    assert "projection to ∂f/∂x₁ and" in text
    (outline,) = [e for e in svg.iter() if e.get("class") == "hull seen"]
    (cross,) = [e for e in svg.iter() if e.get("class") == "ad no"]
    x = float(re.findall(r"M(-?[\d.]+)", cross.attrib["d"])[0]) + 7
    assert x < min(float(spot.split(",")[0]) for spot in outline.attrib["points"].split()) - 5


def test_of_a_product_each_factor_is_drawn_with_its_own_verdict() -> None:
    """Each neuron meets both data: two parallelograms; the outer weight of the second is 0: it is a point."""

    def shown(outer: list[int]) -> str:
        net = Network.from_weights([[0, 0], [0, 0], [0, 0]], [outer])
        differential = clarke_differential(EmpiricalRisk(net, Dataset([(1, 1), (-1, 2)], labels=[1, -1])))
        return page_sets(differential, select(differential, "autodiff"), "R")

    two = shown([1, 0, 1])
    assert len(drawings(two)) == 2
    assert re.findall(r"the factor of neuron (\d); autodiff's part is in it", two) == ["1", "3"]
    assert all(len([e for e in svg.iter() if e.get("class") == "pt"]) == 4 for svg in drawings(two))
    assert two.count("◇ the shortest element") == 1


def test_of_many_factors_the_first_are_drawn_and_the_rest_is_counted() -> None:
    net = Network.from_weights([[0, 0]] * 8, [[1] * 8])
    differential = clarke_differential(EmpiricalRisk(net, Dataset([(1, 1), (-1, 2)], labels=[1, -1])))
    text = page_sets(differential, select(differential, "autodiff"), "R")
    assert len(drawings(text)) == 6
    assert "… 2 more factors of the product." in text


def test_a_polygon_is_drawn_true_to_length() -> None:
    """Two neurons on the kink of one datum (3, 4) each: a square or a rectangle, sides as the outer weights."""
    net = Network.from_weights([[4, -3], [-4, 3]], [[1, 2]])
    differential = clarke_differential(EmpiricalRisk(net, Dataset([(3, 4)], labels=[1])))
    assert differential.dimension == 2
    (svg,) = drawings(page_sets(differential, select(differential, "autodiff"), "R"))
    (polygon,) = [e for e in svg.iter() if e.get("class") == "hull"]
    corners = [tuple(map(float, spot.split(","))) for spot in polygon.attrib["points"].split()]
    sides = sorted(
        ((x - u) ** 2 + (y - v) ** 2) ** 0.5 for (x, y), (u, v) in zip(corners, corners[1:] + corners[:1], strict=True)
    )
    assert abs(sides[3] / sides[0] - 2) < 0.02


def test_a_chart_has_a_place_for_each_checkpoint() -> None:
    risk = EmpiricalRisk(DEMO, Dataset([(1, 1), (-1, -1)], labels=[1, -1]), loss="exponential")
    svg = parsed(page_chart(gradient_flow(risk, until=2, checkpoints=(0, 1, 2)), "R"))
    places = [float(entry) for entry in svg.attrib["data-places"].split()]
    assert len(places) == 3
    assert places == sorted(places)
    assert page_chart(gradient_flow(risk, until=2, checkpoints=()), "R").count("<svg") <= 1


def test_numbers_of_many_decimals_have_room_beside_the_chart() -> None:
    """A risk that hardly moves: its ticks differ in the seventh decimal."""
    risk = EmpiricalRisk(DEMO, Dataset([(1, 1), (-1, -1)], labels=[1, -1]), loss="exponential")
    end = Fraction(1, 10**6)
    svg = parsed(page_chart(gradient_flow(risk, until=end, checkpoints=(0, end)), "R"))
    numbers = [e for e in svg.iter() if e.get("text-anchor") == "end" and re.fullmatch(r"[\d.]{8,}", e.text or "")]
    assert numbers
    for each in numbers:
        assert float(each.attrib["x"]) > 5 * len(each.text or ""), "at least five pixels a digit"


def test_a_point_is_found_on_its_plane_or_not() -> None:
    plane = ((1, 0, 0, 1), (0, 1, 0, 0), (0, 0, 2, 1))
    assert place_on(plane, (1, 3, 4, 3)) == (3, 2)
    assert place_on(plane, (1, 3, 4, 4)) is None
