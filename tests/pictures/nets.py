"""Nets of which pictures are drawn in the tests: known answers, hostile shapes, and nets drawn by hypothesis."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.nets.network import Network
from symflow.pictures.slices import sliced_network
from tests.strategies import networks


def random_net(*widths: int, seed: int) -> Network:
    """Return a net of normal 64ths, drawn layer by layer, W before b, as in the benchmarks of regions."""
    draw = np.random.default_rng(seed).standard_normal
    layers = [[np.round(64 * draw(size)) / 64 for size in ((m, n), m)] for n, m in pairwise(widths)]
    return Network.from_arrays(*(weights for weights, _ in layers), biases=[bias for _, bias in layers])


# The two problems of the mock-ups.
DEMO = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
CORNER = Network.from_weights(
    [[0, 1], [-1, 0], [1, -1]], [[-1, 1, 1], [-1, 1, -1]], [[2, 1]], biases=[[-2, 2, 0], [1, 1], [0]]
)

NETS = {
    "demo": DEMO,
    "corner": CORNER,
    "three lines through a point": Network.from_weights(
        [[1, 0], [0, 1], [1, -1]], [[1, 1, 1]], biases=[[-1, -1, 0], [0]]
    ),
    "strips": Network.from_weights([[1, 2], [2, 4], [-1, -2]], [[1, 1, 1]], biases=[[0, -2, -3], [0]]),
    "one cell": Network.from_weights([[1, "-1/2"]]),
    "constant": Network.from_weights([[0, 0]], [[1]]),
    "maxpool": Network.from_weights(
        [[1, 0], [0, 1], [-1, -1], [1, 1]],
        [[1]],
        biases=[[0, 0, 0, -1], [0]],
        activation=activation("maxpool", groups=[[0, 1, 2, 3]]),
    ),
    "two outputs": Network.from_weights([[1, 0], [0, 1]], [[1, 1], [1, -1]]),
    "far away": Network.from_weights([[1, 0], [0, 1]], [[1, 1]], biases=[[10**9, 1], [0]]),
    "tiny": Network.from_weights([[10**7, 0], [0, 10**7], [1000, 1000]], [[1, 1, 1]], biases=[[1, 1, "1/10000"], [0]]),
    "random": random_net(2, 8, 4, 1, seed=1),
}

# 517 cells and 999 walls: net a of the benchmarks of regions.
RANDOM_517 = random_net(2, 16, 16, 1, seed=2024 + ord("a"))


@st.composite
def planar_nets(draw: st.DrawFn) -> Network:
    """Draw a net with two inputs, or a plane through a net with three."""
    network = draw(networks())
    assume(network.architecture.n_inputs > 1)
    if network.architecture.n_inputs == 2:
        return network
    return sliced_network(network, ((0, 0, 1), (1, 0, 0), (0, 1, -1)))
