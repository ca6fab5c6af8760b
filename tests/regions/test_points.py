"""Points in cells and walls, and the signs of all cuts at points: however far, thin or degenerate they are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.nets.network import Network
from symflow.regions import region_complex
from symflow.regions.integer_layers import integer_net
from symflow.regions.locate import cut_signs, exact_cut_signs
from symflow.regions.region_graph import RegionGraph
from tests.regions.brute_force import pattern_at
from tests.regions.nets import NUMBERS, drawn_normal, networks
from tests.regions.test_region_graph import TRIANGLE, by_hand


@st.composite
def coordinates(draw: st.DrawFn) -> Fraction:
    """Draw a coordinate of any kind."""
    return draw(NUMBERS[draw(st.sampled_from(sorted(NUMBERS)))])


@given(st.data())
def test_cut_signs_are_those_of_the_integers_at_any_point(data: st.DataObject) -> None:
    net = integer_net(data.draw(networks(n_units=8)))
    points = []
    for _ in range(data.draw(st.integers(0, 4))):
        x = [data.draw(coordinates()) for _ in range(net.n_inputs)]
        denominator = data.draw(st.sampled_from([1, 3, 2**60, 2**1100]))
        for entry in x:
            denominator *= entry.denominator
        points.append((*(int(entry * denominator) for entry in x), denominator))
    signs = cut_signs(net, points)
    assert signs.tolist() == [exact_cut_signs(net, point) for point in points]


@given(st.data())
def test_exact_cut_signs_are_those_of_the_network(data: st.DataObject) -> None:
    network = data.draw(networks(n_units=8))
    net = integer_net(network)
    x = [Fraction(data.draw(st.integers(-3, 3)), 2) for _ in range(net.n_inputs)]
    signs = iter(exact_cut_signs(net, (*(int(2 * entry) for entry in x), 2)))
    possible = iter(pattern_at(network, x)[0])
    for layer in net.hidden:
        for group in layer.members:
            if layer.slopes is not None:
                assert next(possible) == [next(signs)]
                continue
            leaders = [0]
            for member in range(1, len(group)):
                sign = next(signs)
                leaders = [member] if sign > 0 else leaders + [member] * (sign == 0)
            assert next(possible) == leaders


def test_far_cells_have_points_too() -> None:
    # Walls at -2^1020, and at -2^1020 - 2^1000: floats hold the numbers, not their multiples.
    net = Network.from_weights([[Fraction(1, 2**1000)]] * 2, [[1, 1]], biases=[[2**20, 2**20 + 1], [0]])
    first, between, last = (cell.interior_point[0] for cell in RegionGraph.of(net).cells)
    assert first < -(2**1020) - 2**1000 < between < -(2**1020) < last


def test_points_have_small_denominators_where_there_is_room() -> None:
    graph = RegionGraph.of(TRIANGLE)
    assert graph.cell_at(("1/4", "1/4")).interior_point == (Fraction(1, 3), Fraction(1, 3))
    assert all(x.denominator <= 3 for cell in graph.cells for x in cell.interior_point)
    assert all(x.denominator <= 2 for wall in graph.walls for x in wall.point)


@pytest.mark.parametrize("name", [*by_hand(), "a"])
def test_the_points_of_one_cell_or_wall_are_those_of_all(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = drawn_normal("a") if name == "a" else by_hand()[name]
    whole = RegionGraph.of(network).complex
    every = slice(None, None, 37 if name == "a" else 1)
    monkeypatch.setattr(region_complex, "_FEW_CELLS", -1)
    single = RegionGraph.of(network).complex
    assert [single.interior_point(i) for i in range(whole.n_cells)[every]] == list(whole.interior_points[every])
    assert [single.adjacency_point(i) for i in range(whole.n_adjacencies)[every]] == list(whole.adjacency_points[every])
    assert np.array_equal(single.pairs, whole.pairs)


@pytest.mark.parametrize("name", [*by_hand(), "a"])
def test_points_in_turn_are_those_that_are_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = drawn_normal("a") if name == "a" else by_hand()[name]
    kept = RegionGraph.of(network).complex
    monkeypatch.setattr(region_complex, "_BATCH", 7)
    passing = RegionGraph.of(network).complex
    assert list(passing.interior_points_in_turn()) == list(kept.interior_points)
    assert list(passing.adjacency_points_in_turn()) == list(kept.adjacency_points)
    assert not {"interior_points", "adjacency_points"} & set(vars(passing))
    assert list(kept.interior_points_in_turn()) == list(kept.interior_points)
