"""The preactivations of a layer on many regions: floats within their bound, residues exact, maps exact."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from symflow.activations.base import activation
from symflow.nets.network import Network
from symflow.regions.cell_maps import cell_maps, integer_rows, rows_on_cells
from symflow.regions.integer_layers import WINNER_OFFSET, IntegerNet, exact_unit_rows, integer_net
from symflow.regions.layer_rows import AffineRows
from symflow.regions.region_graph import RegionGraph
from tests.regions.nets import networks

Characters = NDArray[np.int8]


def patterns(net: IntegerNet, draw: Any, n: int) -> Characters:
    """Some patterns, whether or not they have cells."""
    rows = []
    for _ in range(n):
        row: list[int] = []
        for layer in net.hidden:
            for group in layer.members:
                choice = draw(st.integers(0, len(group) - 1) if layer.slopes is None else st.integers(-1, 1))
                row.append(choice + WINNER_OFFSET if layer.slopes is None else choice)
        rows.append(row)
    return np.array(rows, np.int8).reshape(n, net.n_characters)


def check(rows: AffineRows, net: IntegerNet, layer: int, characters: Characters) -> None:
    """Compare all rows with integers."""
    unit = Fraction(2) ** rows.exponent
    assert rows.bound >= 1
    assert np.abs(rows.approx).max(initial=0.0) <= 1 + rows.error
    if rows.residue is None:
        assert rows.error == 0
    for region, pattern in enumerate(characters.tolist()):
        for i, exact in enumerate(exact_unit_rows(net, layer, pattern)):
            assert all(abs(entry) <= rows.bound for entry in exact)
            for a, r, entry in zip(rows.approx[i, region], rows.residues()[i, region], exact, strict=True):
                assert abs(Fraction(float(a)) * unit - entry) <= Fraction(rows.error) * unit
                assert (int(r) - entry) % 2**64 == 0
    n_units = len(rows.approx)
    every = np.array([(i, r) for i in range(n_units) for r in range(len(characters))], np.intp).reshape(-1, 2)
    for minus in (None, (every[:, 0] + 1) % n_units):
        vectors = rows.vectors(every[:, 0], minus, every[:, 1])
        for place, (i, region) in enumerate(every.tolist()):
            exact_rows = exact_unit_rows(net, layer, characters[region].tolist())
            other = exact_rows[(i + 1) % n_units] if minus is not None else [0] * (net.n_inputs + 1)
            for a, r, b, c in zip(vectors.approx[place], vectors.residue[place], exact_rows[i], other, strict=True):
                error = Fraction(float(vectors.error[place])) * unit
                assert abs(Fraction(float(a)) * unit - (b - c)) <= error
                assert (int(r) - (b - c)) % 2**64 == 0


@given(st.data())
def test_rows_of_every_layer_are_within_their_bound_of_the_integers(data: st.DataObject) -> None:
    net = integer_net(data.draw(networks(n_hidden=(0, 4), n_units=8)))
    characters = patterns(net, data.draw, 3)
    for layer in range(len(net.hidden) + 1):
        check(rows_on_cells(net, layer, characters), net, layer, characters)
        assert integer_rows(net, layer, characters) == [
            tuple(exact_unit_rows(net, layer, pattern)) for pattern in characters.tolist()
        ]


@pytest.mark.parametrize("bits", [25, 26, 51, 52, 53, 62, 63, 64, 1100])
def test_rows_at_the_sizes_where_floats_and_residues_end(bits: int) -> None:
    size = 2**bits
    network = Network.from_weights(
        [[size, 1], [size - 1, -1], [1 - size, size]],
        [[1], [-1]],
        [[1, 1]],
        biases=[[1, size, -size], [size - 1, 1], [0]],
        activation=[activation("maxpool", groups=[[0, 1, 2]]), activation("leaky_relu", slope=f"1/{size + 1}")],
    )
    net = integer_net(network)
    characters = np.array(
        [[winner + WINNER_OFFSET, a, b] for winner in range(3) for a in (-1, 1) for b in (0, 1)], np.int8
    )
    for layer in range(3):
        check(rows_on_cells(net, layer, characters), net, layer, characters)


def test_a_layer_that_vanishes_leaves_the_next_one_its_biases() -> None:
    net = integer_net(Network.from_weights([[0]], [[2**70], [3]], [[1, 2**1100]], biases=[[0], [1, 2], [1]]))
    for layer in range(3):
        check(rows_on_cells(net, layer, np.array([[0, 1, 1]], np.int8)), net, layer, np.array([[0, 1, 1]], np.int8))


def copies(depth: int) -> Network:
    """x and 1 - x, then layers that copy both: f = relu(x) - relu(1 - x)."""
    copy = [[1, 0], [0, 1]]
    return Network.from_weights([[1], [-1]], *[copy] * depth, [[1, -1]], biases=[[0, 1], *[[0, 0]] * depth, [0]])


def test_twelve_hundred_layers_that_copy_change_no_map() -> None:
    # 2^-1075 is the smallest float: the scale may not run away with the depth.
    depth = 1200
    net = integer_net(copies(depth))
    maps = cell_maps(net, np.array([[1, s] * (depth + 1) for s in (1, 0)] + [[0, 1] * (depth + 1)], np.int8))
    assert [str(maps.gradient(i)[0][0]) for i in range(3)] == ["2", "1", "1"]
    assert [str(maps.offset(i)[0]) for i in range(3)] == ["-1", "0", "-1"]


@pytest.mark.slow
def test_a_net_of_twelve_hundred_layers_has_three_cells_and_three_maps() -> None:
    graph = RegionGraph.of(copies(1200))
    assert (graph.n_cells, graph.n_adjacencies, graph.n_bounded, graph.n_maps) == (3, 2, 1, 3)


def test_cells_of_one_map_share_it() -> None:
    graph = RegionGraph.of(Network.from_weights([[1, 0], [-1, 0], [0, 1]], [[1, -1, 0], [2, -2, 0]]))
    assert graph.n_cells == 4
    assert graph.n_maps == graph.n_pieces == 1
    assert graph.complex.maps.number.tolist() == [0, 0, 0, 0]
