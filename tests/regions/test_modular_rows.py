"""Rows put together from residues are those that Python's integers give."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.nets.network import Network
from symflow.regions.cell_maps import integer_rows, rows_on_cells
from symflow.regions.integer_layers import WINNER_OFFSET, IntegerNet, exact_unit_rows, integer_net
from symflow.regions.modular_rows import ModularNet, _primes
from tests.regions.nets import networks


def patterns(net: IntegerNet, n_cells: int, data: st.DataObject) -> np.ndarray:
    """Draw patterns, realised or not."""
    choices = [
        st.integers(-1, 1) if layer.slopes is not None else st.integers(0, len(members) - 1).map(WINNER_OFFSET.__add__)
        for layer in net.hidden
        for members in layer.members
    ]
    rows = data.draw(st.lists(st.tuples(*choices), min_size=n_cells, max_size=n_cells))
    return np.array(rows, np.int8).reshape(n_cells, net.n_characters)


@settings(max_examples=60)
@given(networks(n_units=6, kinds=("relu", "leaky_relu", "abs", "maxpool", "identity")), st.integers(0, 200), st.data())
def test_rows_of_every_layer_are_the_exact_ones(network: Network, exponent: int, data: st.DataObject) -> None:
    """Its weights a 3^exponent th larger or not, and its patterns any."""
    large = network.with_parameters([number * 3**exponent + 1 for number in network.fractions])
    net = integer_net(large)
    characters = patterns(net, 5, data)
    for layer in range(len(net.hidden) + 1):
        bound = rows_on_cells(net, layer, characters[:1]).bound
        n_below = sum(below.n_characters for below in net.hidden[:layer])
        exact = [tuple(exact_unit_rows(net, layer, row[:n_below])) for row in characters.tolist()]
        assert ModularNet(net, layer, bound).rows(characters) == exact


@pytest.mark.parametrize("size", [2**61, 2**80, 2**400])
def test_many_cells_of_large_integers_have_their_exact_rows(size: int) -> None:
    """Both roads, as the number of cells decides: f = s relu(x) - (s + 1) relu(-x) + 1."""
    net = integer_net(Network.from_weights([[1], [-1]], [[size, -size - 1]], biases=[[0, 0], [1]]))
    few = np.array([[1, -1], [-1, 1]], np.int8)
    rows = [((size, 1),), ((size + 1, 1),)]
    assert integer_rows(net, 1, few) == rows
    assert integer_rows(net, 1, np.repeat(few, 50, axis=0)) == [rows[0]] * 50 + [rows[1]] * 50


@given(st.integers(5, 10**7), st.integers(1, 10**60))
@settings(max_examples=40)
def test_the_primes_are_prime_and_enough(most: int, bound: int) -> None:
    if most < 400:
        bound = min(bound, most)
    found = _primes(most, bound)
    assert math.prod(found) > bound
    assert math.prod(found[:-1]) <= bound
    assert len(set(found)) == len(found)
    assert all(p <= most and all(p % q for q in range(2, math.isqrt(p) + 1)) for p in found)
