"""Patterns, flips and facets as the contract writes them, for many cells at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from symflow.activations.base import POSITIONS
from symflow.regions.integer_layers import WINNER_OFFSET, IntegerNet
from symflow.regions.piece import Signs
from symflow.regions.region_complex import OpenFacet, RegionComplex

_SIGNS = np.frombuffer(b"-0+", np.uint8)
_WINNERS = np.frombuffer(POSITIONS.encode("ascii"), np.uint8)

# So many adjacencies at a time are compared character by character.
_BATCH = 65_536


def patterns(net: IntegerNet, characters: Signs) -> list[str]:
    """Return the patterns of cells as words.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.integer_layers import integer_net
    >>> patterns(integer_net(Network.from_weights([[1], [2]], [[1, 1]])), np.array([[1, -1], [0, 1]], np.int8))
    ['+-', '0+']
    """
    codes = np.zeros(characters.shape, np.uint8)
    first = 0
    for layer in net.hidden:
        here = slice(first, first + layer.n_characters)
        is_group = layer.slopes is None
        codes[:, here] = _WINNERS[characters[:, here] - WINNER_OFFSET] if is_group else _SIGNS[characters[:, here] + 1]
        first += layer.n_characters
    return [bytes(row).decode("ascii") for row in codes]


def sign_words(signs: NDArray[np.int8]) -> list[str]:
    """Return rows of signs as words.

    Examples
    --------
    >>> sign_words(np.array([[1, 0], [-1, 1]], np.int8))
    ['+0', '-+']
    """
    return [bytes(row).decode("ascii") for row in _SIGNS[signs + 1]]


def flips(complex_: RegionComplex) -> Iterator[list[tuple[int, int]]]:
    """Return for each adjacency the units (layer, unit) or groups whose character differs between the two cells.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.region_graph import RegionGraph
    >>> list(flips(RegionGraph.of(Network.from_weights([[1], [2]], [[1, 1]])).complex))
    [[(1, 1), (1, 2)]]
    """
    units = [(layer.number, output) for layer in complex_.net.hidden for output in range(1, layer.n_characters + 1)]
    for first in range(0, complex_.n_adjacencies, _BATCH):
        pairs = complex_.pairs[first : first + _BATCH]
        adjacency, place = np.nonzero(complex_.characters[pairs[:, 0]] != complex_.characters[pairs[:, 1]])
        places = place.tolist()
        ends = np.searchsorted(adjacency, np.arange(len(pairs) + 1)).tolist()
        for start, end in pairwise(ends):
            yield [units[each] for each in places[start:end]]


def open_facets(complex_: RegionComplex) -> list[tuple[OpenFacet, str]]:
    """Return the facets with a cell on one side only, sorted, each with the signs of all cuts on it as a word.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.enumeration import Control
    >>> from symflow.regions.region_graph import RegionGraph
    >>> net = Network.from_weights([[1], [2]], [[1, 1]], biases=[[0, -3], [0]])
    >>> part = RegionGraph.of(net, control=Control(max_cells=1))
    >>> part.pattern(0), [word for _, word in open_facets(part.complex)]
    ('++', ['+0'])
    """
    # The signs of auxiliary hyperplanes and of the domain come first; they tell nothing of the net.
    n_before = complex_.begin.n_auxiliary + len(complex_.begin.domain)
    signs_of = {
        (facet.cell, tuple(np.frombuffer(facet.signs, np.int8)[n_before:].tolist())): facet
        for facet in complex_.open_facets
    }
    return [
        (facet, sign_words(np.array([signs], np.int8))[0])
        for (_, signs), facet in sorted(signs_of.items(), key=lambda item: item[0])
    ]
