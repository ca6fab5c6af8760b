"""A net on a plane is the net there."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.errors import InputError, ShapeError
from symflow.nets.network import Network
from symflow.pictures.region_map import region_map
from symflow.pictures.slices import sliced_graph, sliced_network
from symflow.pictures.svg_regions import svg_regions
from symflow.pictures.tikz_regions import tikz_regions
from symflow.regions.region_graph import RegionGraph
from tests.pictures.nets import random_net
from tests.strategies import networks

CUBE = Network.from_weights([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 1]])
TRIANGLE = ((1, 0, 0), (-1, 1, 0), (-1, 0, 1))


@given(networks(), st.lists(st.integers(-3, 3), min_size=11, max_size=11))
def test_the_slice_of_a_net_is_the_net_on_the_plane(network: Network, numbers: list[int]) -> None:
    n = network.architecture.n_inputs
    if n == 1:
        return
    origin, a, b = numbers[:n], [1, *numbers[3:6]][:n], [0, 1, *numbers[6:9]][:n]
    s, t = numbers[9:]
    point = [o + s * u + t * v for o, u, v in zip(origin, a, b, strict=True)]
    assert sliced_network(network, (origin, a, b))((s, t)) == network(point)


def test_the_plane_through_three_corners_meets_seven_octants() -> None:
    graph = sliced_graph(CUBE, TRIANGLE)
    assert (graph.n_cells, graph.n_bounded) == (7, 1)
    map_ = region_map(CUBE, plane=TRIANGLE)
    assert map_.names == (("s", ""), ("t", ""))
    assert map_.graph.n_cells == 7


def test_a_map_of_a_slice_says_that_its_cells_are_those_of_the_slice() -> None:
    """The cube's graph has 8 cells, the plane meets 7 of them."""
    said = "7 cells, 9 walls. Cells and gradients are those on the plane."
    assert said in tikz_regions(CUBE, plane=TRIANGLE).replace("\n% ", " ")
    assert said in svg_regions(CUBE, plane=TRIANGLE)
    assert "on the plane" not in svg_regions(random_net(2, 3, 1, seed=6))


def test_the_slice_of_a_graph_is_cut_to_its_domain() -> None:
    """The box |x_i| <= 2 on x1 = 1 - s - t, x2 = s, x3 = t: the square |s|, |t| <= 2 where s + t is in [-1, 3]."""
    box = [[sign * (i == j) for j in range(3)] for i in range(3) for sign in (1, -1)]
    graph = RegionGraph.of(CUBE, domain=(box, [2] * 6))
    map_ = region_map(graph, plane=TRIANGLE)
    assert sum(cell.area for cell in map_.cells) == 16 - Fraction(9, 2) - Fraction(1, 2)


def test_a_domain_with_a_line_in_it_is_cut_too() -> None:
    net = Network.from_weights([[0, 1, 0], [0, 1, 1]], [[1, 1]])
    graph = RegionGraph.of(net, domain=([[0, 1, 0], [0, -1, 0]], [1, 1]))
    map_ = region_map(graph, plane=((5, 0, 0), (0, 1, 0), (0, 0, 1)), window=((-2, 2), (-2, 2)))
    assert sum(cell.area for cell in map_.cells) == 8


def test_a_net_of_many_inputs_is_drawn_on_a_plane() -> None:
    net = random_net(5, 6, 3, 1, seed=5)
    map_ = region_map(net, plane=((0,) * 5, (1, 0, 0, 0, 1), (0, 1, "1/2", 0, 0)))
    assert sum(cell.area for cell in map_.cells) == map_.window.width * map_.window.height


@pytest.mark.parametrize(
    ("plane", "error", "words"),
    [
        (((0, 0, 0), (1, 0, 0)), InputError, "has 2 vectors"),
        (((0, 0, 0), (1, 2, 0), (2, 4, 0)), InputError, "lie on one line"),
        (((0, 0), (1, 2, 0), (2, 4, 0)), ShapeError, "origin: 2 entries, the net has 3 inputs"),
    ],
    ids=["two vectors", "a line", "too short"],
)
def test_what_is_no_plane_is_refused(plane: tuple[tuple[int, ...], ...], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        sliced_network(CUBE, plane)
