"""The exact map: cells tile the window, walls lie between their cells, nothing is rounded."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from symflow.errors import InexactNumberError, InputError
from symflow.nets.network import Network
from symflow.pictures.region_map import Point, RegionMap, region_map
from symflow.regions.enumeration import Control
from symflow.regions.region import Region
from symflow.regions.region_graph import RegionGraph
from tests.pictures.nets import CORNER, DEMO, NETS, planar_nets, random_net


def total_area(map_: RegionMap) -> Fraction:
    return sum((cell.area for cell in map_.cells), Fraction(0))


def turn(p: Point, q: Point, r: Point) -> Fraction:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def lies_on_an_edge(segment: tuple[Point, Point], polygon: tuple[Point, ...]) -> bool:
    for p, q in pairwise((*polygon, polygon[0])):
        if all(turn(p, q, end) == 0 for end in segment):
            spans = [sorted((a[i], b[i])) for i in (0, 1) for a, b in [(p, q)]]
            return all(low <= end[i] <= high for end in segment for i, (low, high) in enumerate(spans))
    return False


def value(cell: Region, point: Point) -> tuple[Fraction, ...]:
    return tuple(
        sum((g * x for g, x in zip(row, point, strict=True)), offset)
        for row, offset in zip(cell.gradient, cell.offset, strict=True)
    )


def check(map_: RegionMap) -> None:
    """Check all that holds of every map of a complete graph on the whole plane."""
    assert total_area(map_) == map_.window.width * map_.window.height
    polygons = {cell.index: cell.polygon for cell in map_.cells}
    for cell in map_.cells:
        corners = (*cell.polygon, *cell.polygon[:2])
        assert all(turn(*corners[i : i + 3]) >= 0 for i in range(len(cell.polygon)))
        assert all(map_.window.contains(corner) for corner in cell.polygon)
        assert [region.index for region in map_.graph.cells_meeting(cell.centre)] == [cell.index]
        for corner in cell.polygon:
            assert cell.index in [region.index for region in map_.graph.cells_meeting(corner)]
    for wall in map_.walls:
        first, second = wall.cells
        assert wall.ends[0] != wall.ends[1]
        assert lies_on_an_edge(wall.ends, polygons[first])
        assert lies_on_an_edge(wall.ends, polygons[second])
        sides = [map_.graph.cell(index) for index in wall.cells]
        for end in wall.ends:
            assert value(sides[0], end) == value(sides[1], end)
        assert wall.is_kink == ((sides[0].gradient, sides[0].offset) != (sides[1].gradient, sides[1].offset))
    for cell in map_.cells:
        assert set(cell.neighbours) == {sum(wall.cells) - cell.index for wall in map_.walls if cell.index in wall.cells}
    assert not map_.borders
    # Each wall is an edge of two polygons, and what is left is the frame.
    on_edges = sum(length(edge) for cell in map_.cells for edge in pairwise((*cell.polygon, cell.polygon[0])))
    frame = 2 * float(map_.window.width + map_.window.height)
    assert on_edges == pytest.approx(frame + 2 * sum(length(wall.ends) for wall in map_.walls))


def length(segment: tuple[Point, Point]) -> float:
    (x, y), (u, v) = segment
    return math.hypot(u - x, v - y)


@pytest.mark.parametrize("name", NETS)
def test_the_cells_tile_the_window_and_the_walls_lie_between_them(name: str) -> None:
    check(region_map(NETS[name]))


@given(planar_nets())
def test_the_cells_of_drawn_nets_tile_a_window_that_vertices_and_walls_meet(network: Network) -> None:
    check(region_map(network, window=((-1, 2), (-1, 1))))


def test_every_cell_with_a_vertex_in_the_window_is_in_the_map() -> None:
    map_ = region_map(random_net(2, 8, 4, 1, seed=2), window=((-1, 1), (-1, 1)))
    shown = {cell.index for cell in map_.cells}
    for cell in map_.graph.cells:
        if any(abs(x) < 1 and abs(y) < 1 for x, y in cell.vertices):
            assert cell.index in shown


def test_the_demo_is_cut_into_two_triangles_and_two_trapezia() -> None:
    """The window is [-2, 2]^2, the walls are x1 = x2 and x1 = 0; by hand."""
    map_ = region_map(DEMO, window=((-2, 2), (-2, 2)))
    assert [cell.area for cell in map_.cells] == [2, 6, 6, 2]
    assert {frozenset(wall.ends) for wall in map_.walls} == {
        frozenset({(0, 0), end}) for end in [(0, 2), (0, -2), (2, 2), (-2, -2)]
    }
    assert len(map_.kinks) == 4


def test_the_corner_has_two_walls_without_a_kink() -> None:
    map_ = region_map(CORNER)
    assert (len(map_.cells), len(map_.kinks), len(map_.flats)) == (12, 14, 2)


def test_strips_run_through_the_window() -> None:
    map_ = region_map(NETS["strips"], window=((0, 2), (0, 2)))
    # x1 + 2 x2 = 1; the wall x1 + 2 x2 = 0 meets the window in a corner only.
    assert [set(wall.ends) for wall in map_.walls] == [{(1, 0), (0, Fraction(1, 2))}]
    assert total_area(map_) == 4


@pytest.mark.parametrize("name", ["one cell", "constant"])
def test_one_cell_is_the_whole_window(name: str) -> None:
    map_ = region_map(NETS[name])
    assert [set(cell.polygon) for cell in map_.cells] == [{(-1, -1), (1, -1), (1, 1), (-1, 1)}]
    assert not map_.walls


def test_a_wall_on_the_side_of_the_window_is_no_wall_in_it() -> None:
    map_ = region_map(DEMO, window=((0, 1), (-2, -1)))
    assert [cell.area for cell in map_.cells] == [1]
    assert not map_.walls


def test_a_domain_has_a_border() -> None:
    """The triangle x1 <= 4, x2 <= 4, x1 + x2 >= 2 has legs of length 6."""
    graph = RegionGraph.of(CORNER, domain=([[1, 0], [0, 1], [-1, -1]], [4, 4, -2]))
    map_ = region_map(graph)
    assert total_area(map_) == 18
    corners = {end for ends in map_.borders for end in ends}
    assert {(-2, 4), (4, 4), (4, -2)} <= corners
    assert all(end[0] == 4 or end[1] == 4 or sum(end) == 2 for ends in map_.borders for end in ends)


def test_a_strip_as_domain_has_a_border() -> None:
    graph = RegionGraph.of(NETS["strips"], domain=([[1, 2], [-1, -2]], [2, 2]))
    map_ = region_map(graph, window=((-1, 1), (-4, 4)))
    assert total_area(map_) == 4  # of width 2 and height 4/2
    assert len(map_.borders) == 2


def test_an_incomplete_graph_shows_the_cells_that_were_found() -> None:
    graph = RegionGraph.of(random_net(2, 12, 12, 1, seed=3), control=Control(max_cells=20))
    assert graph.status == "incomplete"
    map_ = region_map(graph)
    assert 0 < total_area(map_) < map_.window.width * map_.window.height
    assert map_.borders
    assert "incomplete" in repr(map_)


@pytest.mark.parametrize(("n_inputs", "words"), [(1, "the net has 1 input,"), (3, r"the net has 3 inputs.*give plane")])
def test_a_net_without_two_inputs_is_refused(n_inputs: int, words: str) -> None:
    with pytest.raises(InputError, match=words):
        region_map(Network.from_weights([[1] * n_inputs], [[1]]))


@pytest.mark.parametrize(
    ("window", "error", "words"),
    [
        ((1, 2), InputError, "two pairs"),
        (((0, 1), (1, 0)), InputError, "from 1 to 0; write the lower end first"),
        (((0, 1),), InputError, "two pairs"),
        (("01", "01"), InputError, "two pairs"),
        (((0, 0.5), (0, 1)), InexactNumberError, "1/2"),
    ],
    ids=["numbers", "reversed", "one side", "strings", "float"],
)
def test_what_is_no_window_is_refused(window: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        region_map(DEMO, window=window)  # type: ignore[arg-type]
