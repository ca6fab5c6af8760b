"""The region graph in weight space of a net with one hidden layer: a Cartesian product that is never built.

Only the factors are enumerated, one for all neurons (one for each size of a group). A cell of the product is a tuple of
cells of the factors, named by their numbers; its neighbours are those in which one entry has moved to a neighbour.

Examples
--------
Two relu neurons without bias, three data in the plane: three lines through 0 make 6 cells a neuron.

>>> from symflow.activations.base import activation
>>> from symflow.nets.architecture import Architecture
>>> shape = Architecture((2, 2, 1), (activation("relu"),), has_biases=False)
>>> graph = WeightGraph.of(WeightRegions.of(shape, [(1, 0), (0, 1), (1, 1)]))
>>> graph
WeightGraph(36 cells, 72 walls, exact)
>>> cell = next(iter(graph))
>>> graph.pattern(cell), [graph.pattern(other) for other in graph.neighbours(cell)]
('--|--|--', ['--|+-|--', '+-|--|--', '--|-+|--', '-+|--|--'])
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from symflow.exact.rationals import fmpq
from symflow.nets.network import exact_input
from symflow.regions.covectors import Point
from symflow.regions.region_graph import RegionGraph
from symflow.regions.weight_regions import WeightRegions

#: One cell of each factor, by its number.
JointCell: TypeAlias = tuple[int, ...]


@final
@dataclass(frozen=True, repr=False)
class WeightGraph:
    """Cells in weight space and the walls between them, made when they are looked at.

    Parameters
    ----------
    regions : WeightRegions
        The net's shape and the data.
    factors : tuple of RegionGraph
        Those of the neurons or groups, in order; none where nothing cuts.
    """

    regions: WeightRegions
    factors: tuple[RegionGraph, ...]

    @classmethod
    def of(cls, regions: WeightRegions) -> WeightGraph:
        """Return the graph; the factors are enumerated here."""
        if not regions.is_cut or not regions.data:
            return cls(regions, ())
        sizes = [len(members) for members in regions.groups]
        graphs = {size: RegionGraph.of(regions.factor_network(sizes.index(size) + 1)) for size in sorted(set(sizes))}
        return cls(regions, tuple(graphs[size] for size in sizes))

    @property
    def n_cells(self) -> int:
        """The number of cells; it may be larger than what ``len`` can say."""
        return math.prod(factor.n_cells for factor in self.factors)

    @property
    def n_adjacencies(self) -> int:
        """The number of walls."""
        n_cells = self.n_cells
        return sum(n_cells // factor.n_cells * factor.n_adjacencies for factor in self.factors)

    def __iter__(self) -> Iterator[JointCell]:
        """Yield all cells, those of the last neuron changing fastest."""
        return itertools.product(*(range(factor.n_cells) for factor in self.factors))

    def neighbours(self, cell: JointCell) -> Iterator[JointCell]:
        """Yield the adjacent cells, neuron by neuron."""
        for place, (factor, number) in enumerate(zip(self.factors, cell, strict=True)):
            for other in factor.cell(number).neighbours:
                yield (*cell[:place], other.index, *cell[place + 1 :])

    def pattern(self, cell: JointCell) -> str:
        """Return the pattern: one word a datum, one character a neuron or group, joined by ``|``."""
        words = [factor.pattern(number) for factor, number in zip(self.factors, cell, strict=True)]
        return "|".join("".join(word[k] for word in words) for k in range(len(self.regions.data)))

    def interior_point(self, cell: JointCell) -> Point:
        """Return all parameters of a net inside the cell; the last layer, which does not matter, is 0.

        Examples
        --------
        >>> from symflow.activations.base import activation
        >>> from symflow.nets.architecture import Architecture
        >>> shape = Architecture((1, 1, 1), (activation("relu"),), has_biases=True)
        >>> graph = WeightGraph.of(WeightRegions.of(shape, [(0,), (1,)]))
        >>> cell = next(cell for cell in graph if graph.pattern(cell) == "-|+")
        >>> dict(zip(shape.parameter_names, map(str, graph.interior_point(cell))))
        {'W1[1,1]': '2', 'b1[1]': '-1', 'W2[1,1]': '0', 'b2[1]': '0'}
        """
        parameters = [Fraction(0)] * self.regions.architecture.n_parameters
        for places, factor, number in zip(self._places, self.factors, cell, strict=True):
            for place, value in zip(places, factor.cell(number).interior_point, strict=True):
                parameters[place] = value
        return tuple(parameters)

    def cell_at(self, parameters: Sequence[object]) -> JointCell:
        """Return the cell in whose interior a point of weight space lies.

        Parameters
        ----------
        parameters : sequence of numbers
            All of the net's, in their order.

        Raises
        ------
        InputError
            If the point lies on a wall.
        """
        exact = exact_input(parameters, self.regions.architecture.n_parameters, place="parameters")
        points: list[list[fmpq]] = [[exact[place] for place in places] for places in self._places]
        return tuple(factor.cell_at(point).index for factor, point in zip(self.factors, points, strict=True))

    @property
    def _places(self) -> list[list[int]]:
        """Where the parameters of each factor stand among all."""
        shape = self.regions.architecture
        return [
            [
                place
                for unit in members
                for place in (
                    *(shape.weight_index(1, unit, column) for column in range(shape.n_inputs)),
                    *((shape.bias_index(1, unit),) if shape.has_biases else ()),
                )
            ]
            for members in self.regions.groups[: len(self.factors)]
        ]

    def __repr__(self) -> str:
        return f"WeightGraph({self.n_cells} cells, {self.n_adjacencies} walls, exact)"
