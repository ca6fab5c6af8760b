"""The region graph of a net: its activation cells and the walls between them (networkx enters here).

Definitions (Grigsby, Lindsey 2022; Masden 2022). A *pattern* gives each hidden unit the sign of its preactivation, or
0 where it vanishes identically, and each maximum over a group the position of its winner. A *cell* is a pattern whose
point set has interior. Two cells are *adjacent* when their closures share a set of dimension d - 1, their *wall*: not
when their patterns differ in one place, which is neither necessary nor enough. The graph has a node for each cell and
an edge for each wall. All of it is exact, and complete on all of R^d or on a polyhedral domain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, final, overload

import numpy as np

from symflow.errors import InputError, NotSupportedError
from symflow.exact.rationals import to_fraction
from symflow.nets.network import Network, exact_input
from symflow.regions.assembly import assemble
from symflow.regions.covectors import Domain, Point, domain_covectors, homogeneous, value_at
from symflow.regions.enumeration import NO_CONTROL, Control, Keep, enumerate_pieces
from symflow.regions.generators import cell_constraints
from symflow.regions.integer_layers import WINNER_OFFSET, integer_net
from symflow.regions.locate import exact_cut_signs
from symflow.regions.one_cell import one_cell
from symflow.regions.region import Region
from symflow.regions.region_complex import RegionComplex
from symflow.regions.start import start
from symflow.regions.wall import Wall
from symflow.registry import display, export
from symflow.showing import AbstractShown

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import networkx

    from symflow.exact.rationals import fmpq
    from symflow.nets.realization import Realization  # it brings polynomials, which regions do without


@final
class RegionGraph(AbstractShown):
    """The activation cells of a net and the walls between them, exact and complete.

    Parameters
    ----------
    network : Network
        The net.
    complex_ : RegionComplex
        What the enumeration found.

    Examples
    --------
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> regions = RegionGraph.of(net)
    >>> regions
    RegionGraph(4 cells, 4 walls, exact)
    >>> regions.cell_at((2, 1))
    Cell('+-', f = x1 - x2, exact)
    >>> [cell.pattern for cell in regions.cells_meeting((0, 0))]
    ['--', '-+', '+-', '++']
    """

    def __init__(self, network: Network, complex_: RegionComplex) -> None:
        self.network = network
        self.complex = complex_

    @classmethod
    def of(
        cls,
        function: Realization | Network,
        *,
        domain: Domain | None = None,
        executor: Executor | None = None,
        control: Control = NO_CONTROL,
        keep: Keep | None = None,
    ) -> RegionGraph:
        """Return the region graph of a net.

        Parameters
        ----------
        function : Realization or Network
            The net; all its outputs count.
        domain : (A, b), optional
            The polyhedron A x <= b instead of all of R^d. Cells are then pattern cells intersected with it.
        executor : concurrent.futures.Executor, optional
            Whose workers enumerate; the result is the same, whatever the executor.
        control : Control
            When to stop early, and whom to tell how far it is.
        keep : function, optional
            Returns the wanted part of a piece: how a later run leaves out what an earlier one has found.

        Raises
        ------
        NotSupportedError
            If an activation is not piecewise linear.
        ShapeError
            If the domain does not fit.
        InputError
            If it has no interior.
        """
        network = _network(function)
        net = integer_net(network)
        begin = start(net, domain_covectors(domain, net.n_inputs))
        if begin.dimension == 0:
            return cls(network, one_cell(net, begin))
        outcome = enumerate_pieces(begin, control=control, executor=executor, keep=keep)
        return cls(network, assemble(net, begin, outcome.finished, outcome.missing, is_whole=keep is None))

    # ------------------------------------------------------------------ counts

    @property
    def status(self) -> str:
        """``"complete"``, or ``"incomplete"`` where the enumeration was stopped."""
        return "complete" if self.complex.is_complete else "incomplete"

    @property
    def missing(self) -> tuple[str, ...]:
        """Partial patterns, ``*`` where undecided: every cell that is not listed completes one of them."""
        return self.complex.missing

    @property
    def n_cells(self) -> int:
        """The number of cells."""
        return self.complex.n_cells

    @property
    def n_adjacencies(self) -> int:
        """The number of walls."""
        return self.complex.n_adjacencies

    @property
    def n_bounded(self) -> int:
        """The number of bounded cells."""
        return int(self.complex.is_bounded.sum())

    @property
    def n_maps(self) -> int:
        """The number of distinct affine maps."""
        return len(self.complex.maps.distinct)

    @property
    def n_pieces(self) -> int:
        """The number of pieces: cells joined when adjacent and of equal map."""
        return int(self.complex.pieces_of_the_map.max(initial=-1)) + 1

    # ------------------------------------------------------------------ cells and walls

    @property
    def cells(self) -> Sequence[Region]:
        """All cells, sorted by pattern."""
        return _Many(self.n_cells, self.cell)

    @property
    def walls(self) -> Sequence[Wall]:
        """All walls, sorted by their cells."""
        return _Many(self.n_adjacencies, self.wall)

    def cell(self, index: int) -> Region:
        """Return the cell with this number, from 0.

        Raises
        ------
        InputError
            If there is none.
        """
        return Region(self.complex, _number(index, self.n_cells, "cell"))

    def wall(self, index: int) -> Wall:
        """Return the wall with this number, from 0.

        Raises
        ------
        InputError
            If there is none.
        """
        return Wall(self.complex, _number(index, self.n_adjacencies, "wall"))

    def pattern(self, index: int) -> str:
        """Return the pattern of a cell."""
        return self.complex.pattern(_number(index, self.n_cells, "cell"))

    def flips(self, first: int, second: int) -> tuple[tuple[int, int], ...]:
        """Return the units (layer, unit) from 1 whose character differs between two cells."""
        return self.complex.flips(*(_number(index, self.n_cells, "cell") for index in (first, second)))

    @property
    def lineality(self) -> tuple[tuple[int, ...], ...]:
        """A basis of the directions along which nothing changes: every closed cell contains them all."""
        return self.complex.begin.lineality

    @cached_property
    def pieces(self) -> tuple[tuple[int, ...], ...]:
        """For each piece of the net the numbers of its cells."""
        result: list[list[int]] = [[] for _ in range(self.n_pieces)]
        for cell, number in enumerate(self.complex.pieces_of_the_map.tolist()):
            result[number].append(cell)
        return tuple(map(tuple, result))

    def cells_meeting(self, point: Sequence[object]) -> tuple[Region, ...]:
        """Return the cells whose closure contains a point: across faces of every dimension.

        Notes
        -----
        At the point each unit has a sign and each group some maximal members. The closed cell of a pattern is where
        its own affine constraints hold; by induction over the layers they have at the point the net's own values, so
        that it contains the point if and only if no sign is opposite and each winner is maximal.
        """
        x = exact_input(point, self.network.architecture.n_inputs, place="point")
        signs = exact_cut_signs(self.complex.net, homogeneous(tuple(to_fraction(entry) for entry in x)))
        characters = self.complex.characters
        meets = np.ones(self.n_cells, np.bool_)
        first = cut = 0
        for layer in self.complex.net.hidden:
            for group in layer.members:
                column = characters[:, first]
                if layer.slopes is not None:
                    sign = signs[cut]
                    meets &= (column == sign) | (sign == 0)
                    cut += 1
                else:
                    maximal = _maximal(signs[cut : cut + len(group) - 1])
                    meets &= np.isin(column - WINNER_OFFSET, maximal)
                    cut += len(group) - 1
                first += 1
        meets &= all(value >= 0 for value in self._domain_values(x))
        return tuple(self.cell(index) for index in np.flatnonzero(meets).tolist())

    def cell_at(self, point: Sequence[object]) -> Region:
        """Return the cell in whose interior a point lies.

        Raises
        ------
        InputError
            If it lies on a wall, or in no cell that was found.
        """
        meeting = self.cells_meeting(point)
        if len(meeting) == 1 and self._is_interior(meeting[0], point):
            return meeting[0]
        where = f"on the boundary of {len(meeting)} cells" if meeting else "in no cell that was found"
        raise InputError(f"{tuple(map(str, point))} lies {where}; ask cells_meeting(point)", place="point")

    def limiting_gradients(self, point: Sequence[object], *, output: int = 1) -> tuple[Point, ...]:
        """Return the limits of gradients of an output at points that tend to this one: its Bouligand differential.

        Parameters
        ----------
        point : vector
            Any point; inside the domain, where there is one.
        output : int
            Which output of the net, from 1.

        Raises
        ------
        InputError
            If cells near the point may not be among these.

        Examples
        --------
        The function max(x1, 0) - max(x2, 0) at 0; the hull of these four is its Clarke differential.

        >>> regions = RegionGraph.of(Network.from_weights([[1, 0], [0, 1]], [[1, -1]]))
        >>> [tuple(map(str, gradient)) for gradient in regions.limiting_gradients((0, 0))]
        [('0', '-1'), ('0', '0'), ('1', '-1'), ('1', '0')]
        """
        x = exact_input(point, self.network.architecture.n_inputs, place="point")
        if not self.complex.is_complete or any(value <= 0 for value in self._domain_values(x)):
            why = "inside the domain" if self.complex.is_complete else "of a complete graph"
            raise InputError(f"limiting gradients are known at points {why} only", place="point")
        n_outputs = self.network.architecture.n_outputs
        if output not in range(1, n_outputs + 1):
            raise InputError(f"{output} is no output; the net has {n_outputs}", place="output")
        return tuple(sorted({cell.gradient[output - 1] for cell in self.cells_meeting(point)}))

    def _is_interior(self, cell: Region, point: Sequence[object]) -> bool:
        """Whether a point is inside a cell: where there is a domain, or cells are missing, it may meet no other."""
        x = exact_input(point, self.network.architecture.n_inputs)
        constraints = cell_constraints(self.complex.net, self.complex.characters[cell.index].tolist())
        values = [value_at(row, x) for row in constraints] + self._domain_values(x)
        return all(value > 0 for value in values)

    def _domain_values(self, x: Sequence[fmpq]) -> list[fmpq]:
        """Return the values of the domain's inequalities, which are written on the section, at any point."""
        begin = self.complex.begin
        for direction in begin.lineality:
            # Each direction moves one of the inputs that vanish on the section, and no other of them.
            (place,) = (i for i, entry in enumerate(direction) if entry and i not in begin.columns)
            factor = x[place] / direction[place]
            x = [value - factor * entry for value, entry in zip(x, direction, strict=True)]
        return [value_at(row, [x[column] for column in begin.columns]) for row in begin.domain]

    # ------------------------------------------------------------------ networkx

    @cached_property
    def graph(self) -> networkx.Graph[int]:
        """The networkx graph, frozen: a node for each cell with its pattern, an edge for each wall with its flips."""
        import networkx

        graph: networkx.Graph[int] = networkx.Graph()
        bounded = self.complex.is_bounded.tolist()
        graph.add_nodes_from((i, {"pattern": self.pattern(i), "bounded": bounded[i]}) for i in range(self.n_cells))
        graph.add_edges_from(
            (first, second, {"flips": self.flips(first, second)}) for first, second in self.complex.pairs.tolist()
        )
        frozen: networkx.Graph[int] = networkx.freeze(graph)
        return frozen

    # ------------------------------------------------------------------ files

    def to_json(self) -> str:
        """Return the text that ``symflow regions --json`` writes and ``symflow verify`` re-checks.

        Examples
        --------
        >>> regions = RegionGraph.of(Network.from_weights([[1, 0]], [[1]]))
        >>> import json
        >>> json.loads(regions.to_json())["lineality"]
        [['0', '1']]
        """
        text: str = export(self, "json_text")
        return text

    def to_graphml(self, path: str | Path | None = None) -> str:
        """Return the graph in the format GraphML, and write it to a file if one is named.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it.

        Raises
        ------
        InputError
            If it cannot be written.

        Examples
        --------
        >>> regions = RegionGraph.of(Network.from_weights([[1, 0]], [[1]]))
        >>> regions.to_graphml().count("</node>")
        2
        """
        text: str = export(self, "graphml")
        if path is not None:
            try:
                Path(path).write_text(text, encoding="utf-8")
            except OSError as error:
                raise InputError(f"cannot be written: {error.strerror or error}", place=str(path)) from None
        return text

    def __repr__(self) -> str:
        known = "exact" if self.complex.is_complete else "incomplete"
        return f"RegionGraph({self.n_cells} cells, {self.n_adjacencies} walls, {known})"


def _network(function: Realization | Network) -> Network:
    """Return the net that is given, or of which the realization map is given."""
    if isinstance(function, Network):
        return function
    from symflow.nets.realization import Realization

    if not isinstance(function, Realization):
        raise NotSupportedError(f"{type(function).__name__} is no net; give a Network or a Realization")
    return function.network


def _number(index: int, count: int, noun: str) -> int:
    """Return the number of a cell or a wall: those below 0 are none, though Python would count them from the end."""
    if not hasattr(index, "__index__") or not 0 <= index < count:
        raise InputError(f"there is no {noun} {index!r}; there are {count}, counted from 0", place=noun)
    return index.__index__()


class _Many(Sequence[Any]):
    """The cells or walls of a graph, made when they are looked at."""

    def __init__(self, length: int, make: Any) -> None:
        self._length, self._make = length, make

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self._make(i) for i in range(*index.indices(self._length))]
        return self._make(range(self._length)[index])

    def __iter__(self) -> Iterator[Any]:
        return (self._make(i) for i in range(self._length))

    def __repr__(self) -> str:
        shown = [repr(self._make(i)) for i in range(min(self._length, 2))]
        left = self._length - len(shown)
        return f"({', '.join(shown)}{f', and {left} more' if left else ''})"

    def _repr_html_(self) -> str | None:
        return display(self, "html")


def _maximal(signs: Sequence[int]) -> list[int]:
    """Return the maximal members of a group, given each later member's sign against the best before it."""
    maximal = [0]
    for member, sign in enumerate(signs, start=1):
        if sign > 0:
            maximal = [member]
        elif sign == 0:
            maximal.append(member)
    return maximal
