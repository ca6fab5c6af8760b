"""The window that is chosen: the vertices, without those that would make all others one dot."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symflow.nets.network import Network
from symflow.pictures.window import Point, Window, chosen_window
from symflow.regions.region_graph import RegionGraph
from tests.pictures.nets import NETS, random_net


def window_of(network: Network, points: tuple[Point, ...] = ()) -> Window:
    return chosen_window(RegionGraph.of(network), points)


@pytest.mark.parametrize("name", NETS)
def test_a_chosen_window_is_a_square_with_short_sides(name: str) -> None:
    window = window_of(NETS[name])
    assert window.width == window.height > 0
    for end in (*window.x, *window.y):
        assert len(str(end.numerator)) <= 12


@pytest.mark.parametrize("name", ["demo", "corner", "three lines through a point", "maxpool", "tiny"])
def test_few_vertices_are_all_in_the_window_with_room_around(name: str) -> None:
    graph = RegionGraph.of(NETS[name])
    window = chosen_window(graph)
    for cell in graph.cells:
        for x, y in cell.vertices:
            assert window.x[0] < x < window.x[1]
            assert window.y[0] < y < window.y[1]


def test_a_vertex_far_away_is_left_out() -> None:
    """Two of the four lines are almost parallel: x2 = 0 and x2 = x1/1000 - 1 meet at (1000, 0)."""
    net = Network.from_weights(
        [[1, 0], [0, 1], ["1/1000", -1], [1, 1], [1, -1]], [[1] * 5], biases=[[0, 0, -1, -1, 1], [0]]
    )
    assert window_of(net).width < 20


def test_most_vertices_of_a_random_net_are_in_the_window() -> None:
    graph = RegionGraph.of(random_net(2, 16, 16, 1, seed=4))
    window = chosen_window(graph)
    vertices = {vertex for cell in graph.cells for vertex in cell.vertices}
    assert sum(window.contains(vertex) for vertex in vertices) > len(vertices) / 2
    farthest = max(abs(x) for vertex in vertices for x in vertex)
    assert window.width < farthest


def test_points_are_in_the_window() -> None:
    point = (Fraction(50), Fraction(-3))
    window = window_of(NETS["demo"], (point,))
    assert window.contains(point)
    assert window.contains((Fraction(0), Fraction(0)))


def test_strips_are_seen_around_the_feet_of_the_origin() -> None:
    """The walls are x1 + 2 x2 = 0, 1, -3; their feet (c/5, 2c/5) are all in the window."""
    window = window_of(NETS["strips"])
    for c in (0, 1, -3):
        assert window.contains((Fraction(c, 5), Fraction(2 * c, 5)))


def test_the_whole_domain_is_in_the_window() -> None:
    graph = RegionGraph.of(NETS["demo"], domain=([[1, 0], [-1, 0], [0, 1], [0, -1]], [1000, 1, 1, 1]))
    window = chosen_window(graph)
    assert window.contains((Fraction(1000), Fraction(1)))
    assert window.contains((Fraction(-1), Fraction(-1)))
