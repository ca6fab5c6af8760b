"""The region graph of a net: its activation cells and the walls between them (networkx enters here).

Definitions (Grigsby, Lindsey 2022; Masden 2022). A *pattern* gives each hidden unit the sign of its preactivation, or
0 where it vanishes identically, and each maximum over a group the position of its winner. A *cell* is a pattern whose
point set has interior. Two cells are *adjacent* when their closures share a set of dimension d - 1, their *wall*: not
when their patterns differ in one place, which is neither necessary nor enough. The graph has a node for each cell and
an edge for each wall. All of it is exact, and complete on all of R^d or on a polyhedral domain.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, final, overload

import numpy as np

from symflow.errors import InputError, NotSupportedError, ShapeError
from symflow.exact.rationals import fmpq, to_fraction
from symflow.nets.network import Network, exact_input
from symflow.nets.realization import Realization
from symflow.regions.enumeration import NO_CONTROL, Control, Keep, enumerate_pieces
from symflow.regions.generators import cell_constraints
from symflow.regions.integer_layers import WINNER_OFFSET, integer_net
from symflow.regions.locate import exact_cut_signs
from symflow.regions.one_cell import one_cell
from symflow.regions.piece import character_text
from symflow.regions.region_complex import RegionComplex, assemble
from symflow.regions.start import start
from symflow.regions.vertex_table import Integers
from symflow.registry import display, export

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import networkx

Point = tuple[Fraction, ...]
# A polyhedral domain: A and b of A x <= b.
Domain = tuple[Sequence[Sequence[object]], Sequence[object]]


@final
@dataclass(frozen=True, repr=False)
class Region:
    """A cell of a region graph.

    Parameters
    ----------
    graph : RegionGraph
        Whose cell it is.
    index : int
        Its number, from 0.
    """

    graph: RegionGraph
    index: int

    @property
    def pattern(self) -> str:
        """The activation pattern."""
        return self.graph.pattern(self.index)

    @property
    def interior_point(self) -> Point:
        """A point in the interior, with a small denominator."""
        return _point(self.graph.complex.interior_point(self.index))

    @property
    def is_bounded(self) -> bool:
        """Whether the cell is bounded."""
        return bool(self.graph.complex.is_bounded[self.index])

    @property
    def gradient(self) -> tuple[Point, ...]:
        """The matrix of the net's affine map on the cell, a row for each output."""
        return self.graph.complex.maps.gradient(self.index)

    @property
    def offset(self) -> Point:
        """The constant vector of that map."""
        return self.graph.complex.maps.offset(self.index)

    @property
    def vertices(self) -> tuple[Point, ...]:
        """The extreme points of the closed cell (on a section transversal to the lineality space)."""
        return tuple(_point(vector) for vector in self._generators if vector[-1])

    @property
    def rays(self) -> tuple[tuple[int, ...], ...]:
        """The extreme directions of the closed cell, primitive integer vectors."""
        return tuple(vector[:-1] for vector in self._generators if not vector[-1])

    @property
    def walls(self) -> tuple[Wall, ...]:
        """The walls of the cell: its facets with a cell on the other side."""
        return tuple(self.graph.wall(number) for number in self.graph.walls_of_cell[self.index])

    @property
    def neighbours(self) -> tuple[Region, ...]:
        """The adjacent cells."""
        numbers = (sum(wall.cells) - self.index for wall in self.walls)
        return tuple(self.graph.cell(number) for number in sorted(numbers))

    @property
    def _generators(self) -> list[Integers]:
        generators = self.graph.complex.generators_of([self.index])
        return [generators.vectors[number] for number in generators.of_cell(self.index)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Region) and self.graph is other.graph and self.index == other.index

    def __hash__(self) -> int:
        return hash((id(self.graph), self.index))

    def __repr__(self) -> str:
        maps = [_affine_text(row, constant) for row, constant in zip(self.gradient, self.offset, strict=True)]
        return f"Cell({self.pattern!r}, f = {maps[0] if len(maps) == 1 else '(' + ', '.join(maps) + ')'}, exact)"


@final
@dataclass(frozen=True, repr=False)
class Wall:
    """A facet that two cells share.

    Parameters
    ----------
    graph : RegionGraph
        Whose wall it is.
    index : int
        Its number, from 0.
    """

    graph: RegionGraph
    index: int

    @property
    def cells(self) -> tuple[int, int]:
        """The numbers of the two cells, the smaller one first."""
        first, second = self.graph.complex.pairs[self.index].tolist()
        return first, second

    @property
    def flips(self) -> tuple[tuple[int, int], ...]:
        """The units (layer, unit) from 1, or groups, whose character differs between the two cells."""
        return self.graph.flips(*self.cells)

    @property
    def point(self) -> Point:
        """A point in the relative interior."""
        return _point(self.graph.complex.adjacency_point(self.index))

    @property
    def vertices(self) -> tuple[Point, ...]:
        """The extreme points of the wall."""
        return tuple(_point(vector) for vector in self._generators if vector[-1])

    @property
    def rays(self) -> tuple[tuple[int, ...], ...]:
        """The extreme directions of the wall."""
        return tuple(vector[:-1] for vector in self._generators if not vector[-1])

    @property
    def is_kink(self) -> bool:
        """Whether the net's affine maps differ across the wall."""
        number = self.graph.complex.maps.number
        first, second = self.cells
        return bool(number[first] != number[second])

    @property
    def _generators(self) -> list[Integers]:
        generators = self.graph.complex.generators_of(self.cells)
        return [generators.vectors[number] for number in generators.shared(*self.cells)]

    def __repr__(self) -> str:
        flips = ", ".join(str(flip).replace(" ", "") for flip in self.flips)
        return f"Wall({self.cells[0] + 1}|{self.cells[1] + 1}, flips {flips}, exact)"


@final
class RegionGraph:
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
    >>> regions = RegionGraph.of(Realization(net))
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
        network = function.network if isinstance(function, Realization) else function
        if not isinstance(network, Network):
            raise NotSupportedError(f"{type(function).__name__} is no net; give a Network or a Realization")
        net = integer_net(network)
        begin = start(net, _covectors(domain, net.n_inputs))
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
        """Return the cell with this number, from 0."""
        return Region(self, range(self.n_cells)[index])

    def wall(self, index: int) -> Wall:
        """Return the wall with this number, from 0."""
        return Wall(self, range(self.n_adjacencies)[index])

    def pattern(self, index: int) -> str:
        """Return the pattern of a cell."""
        first = 0
        words = []
        characters = self.complex.characters[index].tolist()
        for layer in self.complex.net.hidden:
            here = characters[first : first + layer.n_characters]
            words += [character_text(c, layer.slopes is None) for c in here]
            first += layer.n_characters
        return "".join(words)

    def flips(self, first: int, second: int) -> tuple[tuple[int, int], ...]:
        """Return the units (layer, unit) from 1 whose character differs between two cells."""
        characters = self.complex.characters
        return tuple(self._units[place] for place in np.flatnonzero(characters[first] != characters[second]).tolist())

    @cached_property
    def _units(self) -> tuple[tuple[int, int], ...]:
        return tuple(
            (layer.number, output) for layer in self.complex.net.hidden for output in range(1, layer.n_characters + 1)
        )

    @cached_property
    def walls_of_cell(self) -> tuple[tuple[int, ...], ...]:
        """For each cell the numbers of its walls."""
        result: list[list[int]] = [[] for _ in range(self.n_cells)]
        for number, (first, second) in enumerate(self.complex.pairs.tolist()):
            result[first].append(number)
            result[second].append(number)
        return tuple(map(tuple, result))

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
        signs = exact_cut_signs(self.complex.net, _homogeneous(tuple(to_fraction(entry) for entry in x)))
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
        values = [_value(row, x) for row in constraints] + self._domain_values(x)
        return all(value > 0 for value in values)

    def _domain_values(self, x: Sequence[fmpq]) -> list[fmpq]:
        """Return the values of the domain's inequalities, which are written on the section, at any point."""
        begin = self.complex.begin
        for direction in begin.lineality:
            # Each direction moves one of the inputs that vanish on the section, and no other of them.
            (place,) = (i for i, entry in enumerate(direction) if entry and i not in begin.columns)
            factor = x[place] / direction[place]
            x = [value - factor * entry for value, entry in zip(x, direction, strict=True)]
        return [_value(row, [x[column] for column in begin.columns]) for row in begin.domain]

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
        return export(self, "json_text")

    def to_graphml(self, path: str | Path | None = None) -> str:
        """Return the graph in the format GraphML, and write it to a file if one is named.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it.

        Examples
        --------
        >>> regions = RegionGraph.of(Network.from_weights([[1, 0]], [[1]]))
        >>> regions.to_graphml().count("</node>")
        2
        """
        text = export(self, "graphml")
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def __repr__(self) -> str:
        known = "exact" if self.complex.is_complete else "incomplete"
        return f"RegionGraph({self.n_cells} cells, {self.n_adjacencies} walls, {known})"

    def _repr_html_(self) -> str | None:
        return display(self, "html")


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


def _maximal(signs: Sequence[int]) -> list[int]:
    """Return the maximal members of a group, given each later member's sign against the best before it."""
    maximal = [0]
    for member, sign in enumerate(signs, start=1):
        if sign > 0:
            maximal = [member]
        elif sign == 0:
            maximal.append(member)
    return maximal


def _covectors(domain: Domain | None, n_inputs: int) -> list[Integers]:
    """Return A x <= b as integer covectors of (x, D) that are nonnegative inside."""
    if domain is None:
        return []
    matrix, bounds = domain
    if len(matrix) != len(bounds):
        raise ShapeError(f"{len(matrix)} rows of A for {len(bounds)} entries of b; give one each", place="domain")
    result = []
    for i, (row, bound) in enumerate(zip(matrix, bounds, strict=True), start=1):
        entries = exact_input(row, n_inputs, place=f"domain.A, row {i}")
        (limit,) = exact_input([bound], 1, place=f"domain.b[{i}]")
        covector = _homogeneous((*(-to_fraction(entry) for entry in entries), to_fraction(limit)))[:-1]
        if not any(covector[:-1]):
            if covector[-1] < 0:
                raise InputError(f"row {i} says 0 <= {limit}; no point satisfies it", place="domain")
            continue
        result.append(covector)
    return result


def _value(row: Integers, x: Sequence[fmpq]) -> fmpq:
    """Return the value of a covector of (x, D) at D = 1."""
    return sum((entry * value for entry, value in zip(row, x, strict=False)), fmpq(row[-1]))


def _homogeneous(point: Point) -> Integers:
    """Return a rational vector as integers over one denominator, which stands last."""
    denominator = math.lcm(*(entry.denominator for entry in point))
    return (*(int(entry * denominator) for entry in point), denominator)


def _point(vector: Integers) -> Point:
    return tuple(Fraction(entry, vector[-1]) for entry in vector[:-1])


def _affine_text(row: Sequence[Fraction], constant: Fraction) -> str:
    terms = [(coefficient, f"x{i}") for i, coefficient in enumerate(row, start=1)] + [(constant, "")]
    text = ""
    for coefficient, name in terms:
        if not coefficient:
            continue
        size = "" if abs(coefficient) == 1 and name else str(abs(coefficient))
        body = f"{size}*{name}" if size and name else size or name
        sign = ("-" if coefficient < 0 else "") if not text else (" - " if coefficient < 0 else " + ")
        text += sign + body
    return text or "0"
