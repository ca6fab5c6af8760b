"""The star of a point: the cells that have it in their closure, and which of them share a wall there.

Its nodes are the incident cells, with pattern, limiting gradient and certificate; so the Bouligand differential is the
set of the nodes' gradients, and the Clarke differential its hull (Proposition 1). Two nodes are joined where their
closures share a set of codimension 1 near the point (``common_wall.py``), which is not the same as differing in one
sign: the signs of duplicated neurons flip at once, and single flips may lead nowhere. What is not decided is said to
be undecided, cells and edges both. As a function of the input the star is the part of the region graph at the point.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, final

from symflow.cells.cell import Cell
from symflow.cells.common_wall import Adjacent, Open, adjacency
from symflow.cells.incident_cells import incident_cells
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.polynomials import Polynomial
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.at_point import function_at
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization
from symflow.showing import AbstractShown

if TYPE_CHECKING:
    import networkx


@final
@dataclass(frozen=True, slots=True)
class StarEdge:
    """Two cells of a star that share a wall at the point.

    Parameters
    ----------
    first, second : int
        Their places among the cells of the star.
    flips : tuple of int
        The sites, in tree order, whose characters differ.
    wall : Polynomial
        In the displacement from the point; the wall lies in its zero set.
    """

    first: int
    second: int
    flips: tuple[int, ...]
    wall: Polynomial

    def __repr__(self) -> str:
        return f"StarEdge({self.first + 1}|{self.second + 1}, exact)"


@final
@dataclass(frozen=True, eq=False)
class Star(AbstractShown):
    """The cells at a point and their common walls.

    Parameters
    ----------
    function : AbstractPatternedFunction
        Whose cells, at which point.
    cells : tuple of Cell
        Sorted by pattern, each with the arc that leads into it.
    edges : tuple of StarEdge
        Pairs of cells that are shown to share a wall.
    undecided_edges : tuple of pairs of int
        Pairs of which neither was shown.
    undecided : tuple of tuple of str
        Characters in tree order of patterns of which it is not known whether their cells belong here.

    Examples
    --------
    >>> from symflow import Network, Realization
    >>> at_zero = star(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), at=(0,))
    >>> at_zero, at_zero.bouligand_differential
    (Star(2 cells, 1 common wall, exact), ((-1,), (1,)))
    """

    function: AbstractPatternedFunction
    cells: tuple[Cell, ...]
    edges: tuple[StarEdge, ...]
    undecided_edges: tuple[tuple[int, int], ...]
    undecided: tuple[tuple[str, ...], ...]

    @property
    def is_exact(self) -> bool:
        """Whether every cell and every edge is decided."""
        return not self.undecided and not self.undecided_edges

    @cached_property
    def gradients(self) -> tuple[tuple[Scalar, ...], ...]:
        """The limit of ∇F from each cell, in the order of the cells."""
        return tuple(self.function.limiting_gradient(cell.characters) for cell in self.cells)

    @property
    def bouligand_differential(self) -> tuple[tuple[Scalar, ...], ...]:
        """The gradients of the nodes, each once, sorted: all of it where no cell is undecided."""
        return tuple(sorted(set(self.gradients)))

    @cached_property
    def graph(self) -> networkx.Graph[int]:
        """The networkx graph, frozen: nodes with pattern, gradient and certificate, edges with flips and wall."""
        import networkx

        graph: networkx.Graph[int] = networkx.Graph()
        for place, (cell, gradient) in enumerate(zip(self.cells, self.gradients, strict=True)):
            graph.add_node(place, pattern=cell.pattern, gradient=gradient, certificate=cell)
        for edge in self.edges:
            graph.add_edge(edge.first, edge.second, flips=edge.flips, wall=edge.wall)
        frozen: networkx.Graph[int] = networkx.freeze(graph)
        return frozen

    def __repr__(self) -> str:
        counts = [(len(self.cells), "cell"), (len(self.edges), "common wall")]
        numbers = ", ".join(f"{count} {noun if count == 1 else noun + 's'}" for count, noun in counts)
        return f"Star({numbers}, {'exact' if self.is_exact else 'not all decided'})"


def star(
    function: AbstractPatternedFunction | EmpiricalRisk | Realization,
    at: Sequence[object] | None = None,
    *,
    budget: Budget = NO_BUDGET,
) -> Star:
    """Return the cells at the function's point and the walls that they share there.

    Parameters
    ----------
    function : EmpiricalRisk, Realization or AbstractPatternedFunction
        F.
    at : sequence of numbers, optional
        The point: parameters of a risk (default: the network's own), the input of a realization.
    budget : Budget
        For the cells; what it leaves open is undecided.

    Returns
    -------
    Star

    Examples
    --------
    Two neurons, of which one is twice the other, and a third across: a circle of four cells, where eight patterns have
    the point on their kinks.

    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> at_zero = star(Realization(Network.from_weights([[1, 0], [2, 0], [0, 1]], [[1, 1, 1]])).at((0, 0)))
    >>> [cell.pattern for cell in at_zero.cells]
    ['---', '--+', '++-', '+++']
    >>> [(edge.first, edge.second, edge.flips) for edge in at_zero.edges]
    [(0, 1, (2,)), (0, 2, (0, 1)), (1, 3, (0, 1)), (2, 3, (2,))]
    >>> at_zero.is_exact, at_zero.bouligand_differential
    (True, ((0, 0), (0, 1), (3, 0), (3, 1)))
    """
    function = function_at(function, at)
    found = incident_cells(function, budget=budget)
    edges, undecided = [], []
    for i, j in itertools.combinations(range(len(found.cells)), 2):
        first, second = found.cells[i], found.cells[j]
        answer = adjacency(function, first, second)
        if isinstance(answer, Adjacent):
            pairs = enumerate(zip(first.characters, second.characters, strict=True))
            edges.append(StarEdge(i, j, tuple(place for place, (a, b) in pairs if a != b), answer.wall))
        elif isinstance(answer, Open):
            undecided.append((i, j))
    return Star(function, found.cells, tuple(edges), tuple(undecided), found.undecided)
