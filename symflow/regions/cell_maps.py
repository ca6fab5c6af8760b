"""The affine map of the net on each cell, exactly, for many cells at once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from symflow.regions.integer_layers import IntegerNet, exact_unit_rows
from symflow.regions.layer_rows import AffineRows
from symflow.regions.modular_rows import ModularNet
from symflow.regions.piece import Signs

# So many cells at a time: their features should fit in a cache.
_BATCH = 2048
# For fewer cells, and for integers of more bits, Python's own integers are as fast as residues.
_MANY, _MOST_BITS = 24, 20_000


@final
@dataclass(frozen=True)
class CellMaps:
    """The distinct affine maps, and which one each cell has.

    Parameters
    ----------
    scale : Fraction
        What the integers are to be divided by.
    distinct : tuple of tuples of covectors
        For each distinct map a covector of (x, D) for each output.
    number : ids, (n_cells,)
        Which of them each cell has.
    """

    scale: Fraction
    distinct: tuple[tuple[tuple[int, ...], ...], ...]
    number: NDArray[np.int64]

    def gradient(self, cell: int) -> tuple[tuple[Fraction, ...], ...]:
        """Return the matrix of the map on a cell, a row for each output."""
        return tuple(tuple(entry / self.scale for entry in row[:-1]) for row in self.distinct[self.number[cell]])

    def offset(self, cell: int) -> tuple[Fraction, ...]:
        """Return its constant vector."""
        return tuple(row[-1] / self.scale for row in self.distinct[self.number[cell]])


def cell_maps(net: IntegerNet, characters: Signs) -> CellMaps:
    """Return the map of the net on the cell of each pattern.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.integer_layers import integer_net
    >>> net = integer_net(Network.from_weights([[1], [-1]], [[1, 1]]))
    >>> maps = cell_maps(net, np.array([[1, -1], [-1, 1]], np.int8))
    >>> maps.gradient(0), maps.gradient(1), maps.offset(0)
    (((Fraction(1, 1),),), ((Fraction(-1, 1),),), (Fraction(0, 1),))
    """
    numbers: dict[Any, int] = {}
    number = np.zeros(len(characters), np.int64)
    distinct: list[tuple[tuple[int, ...], ...]] = []
    for first in range(0, len(characters), _BATCH):
        batch = characters[first : first + _BATCH]
        for place, value in enumerate(integer_rows(net, len(net.hidden), batch)):
            found = numbers.setdefault(value, len(distinct))
            if found == len(distinct):
                distinct.append(value)
            number[first + place] = found
    return CellMaps(net.scale, tuple(distinct), number)


def rows_on_cells(net: IntegerNet, layer: int, characters: Signs) -> AffineRows:
    """Return the preactivations of a layer on cells, given by their patterns."""
    features = AffineRows.of_inputs(net.n_inputs).of_regions(np.zeros(len(characters), np.int64))
    every = np.arange(len(characters))
    first = 0
    for below in net.hidden[:layer]:
        units = features.through(below.weights, below.bias)
        features = units.activated(below, every, characters[:, first : first + below.n_characters])
        first += below.n_characters
    if layer == len(net.hidden):
        return features.through(net.last, net.last_bias)
    return features.through(net.hidden[layer].weights, net.hidden[layer].bias)


def integer_rows(net: IntegerNet, layer: int, characters: Signs) -> list[tuple[tuple[int, ...], ...]]:
    """Return the preactivations of a layer on cells as integers: for each cell a covector for each unit."""
    if not len(characters):
        return []
    bound = rows_on_cells(net, layer, characters[:1]).bound
    if bound < 2**62:
        # Integers this small are their own residues.
        residues = rows_on_cells(net, layer, characters).residues()
        return [tuple(map(tuple, cell)) for cell in residues.transpose(1, 0, 2).tolist()]
    if len(characters) >= _MANY and bound.bit_length() <= _MOST_BITS:
        return _modular_net(net, layer, bound).rows(characters)
    n_below = sum(below.n_characters for below in net.hidden[:layer])
    return [tuple(exact_unit_rows(net, layer, pattern[:n_below])) for pattern in characters.tolist()]


_modular_net = lru_cache(maxsize=2)(ModularNet)
