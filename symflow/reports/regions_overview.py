"""What is to be said of a region graph, gathered once: counts, what is special about walls and neurons, single rows.

It comes from a :class:`RegionGraph`, or from the JSON object of a result that several runs have made together. Rows
and walls are made when they are asked for: of a hundred thousand cells a table shows sixteen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from symflow.exact.rationals import fmpq, rational
from symflow.nets.architecture import Architecture
from symflow.nets.pattern import SiteTable, pattern_key
from symflow.problem import Problem
from symflow.regions.region_graph import RegionGraph
from symflow.regions.words import flips, patterns
from symflow.reports.results import Json

Vector = tuple[fmpq, ...]
Unit = tuple[int, int]

# With more cells than this their vertices are not counted: that needs all of them, exactly.
_MOST_CELLS_WITH_VERTICES = 5000

# With more walls than this the kinks of a function of one variable are not collected.
_MOST_KINKS = 24


@final
@dataclass(frozen=True)
class Layer:
    """A hidden layer whose units have characters.

    Parameters
    ----------
    number : int
        From 1.
    is_group : bool
        Whether its units are maxima over groups.
    first, width : int
        Where its characters stand in a pattern, and how many they are.
    """

    number: int
    is_group: bool
    first: int
    width: int


@final
@dataclass(frozen=True)
class Row:
    """A cell.

    Parameters
    ----------
    pattern : str
        As the contract writes it.
    gradient : tuple of vectors
        One an output.
    offset, point : vector
        The constants of the map, and a point in the interior.
    is_bounded : bool
        Whether it is bounded.
    neighbours : tuple of int
        The numbers of the adjacent cells, from 0.
    ends : pair, optional
        Of an interval, where there is one input: None for an end at infinity.
    """

    pattern: str
    gradient: tuple[Vector, ...]
    offset: Vector
    point: Vector
    is_bounded: bool
    neighbours: tuple[int, ...]
    ends: tuple[fmpq | None, fmpq | None] | None = None


@final
@dataclass(frozen=True)
class Overview:
    """What is to be said; walls and cells are numbered from 0.

    Parameters
    ----------
    layers : tuple of Layer
        Those whose units have characters.
    n_inputs, n_outputs : int
        Of the net.
    n_cells, n_bounded, n_maps, n_pieces : int
        As the contract counts.
    n_vertices : int or None
        None where they are not counted.
    missing : tuple of str
        Partial patterns; none where the result is complete.
    lineality : tuple of vectors
        Along which no wall is crossed.
    walls : sequence of pairs
        The two cells of each wall.
    without_kink : tuple of int
        The walls on whose two sides the map is the same.
    is_zero_there : bool
        Whether all of those maps are 0.
    several : tuple of int
        The walls at which several units change.
    most_flips : int
        How many at most.
    kinks : vector
        Where f is not affine, sorted, for one input and few walls.
    zero_everywhere, zero_somewhere, always_positive, always_negative : tuple of (layer, unit)
        The signs that say something.
    row : function
        Returns a cell.
    flips : function
        Returns the units that change at a wall.
    """

    layers: tuple[Layer, ...]
    n_inputs: int
    n_outputs: int
    n_cells: int
    n_bounded: int
    n_maps: int
    n_pieces: int
    n_vertices: int | None
    missing: tuple[str, ...]
    lineality: tuple[Vector, ...]
    walls: Sequence[Sequence[int]]
    without_kink: tuple[int, ...]
    is_zero_there: bool
    several: tuple[int, ...]
    most_flips: int
    kinks: Vector
    zero_everywhere: tuple[Unit, ...]
    zero_somewhere: tuple[Unit, ...]
    always_positive: tuple[Unit, ...]
    always_negative: tuple[Unit, ...]
    row: Callable[[int], Row]
    flips: Callable[[int], tuple[Unit, ...]]

    @property
    def is_complete(self) -> bool:
        """Whether these are all cells."""
        return not self.missing


def overview_of_graph(problem: Problem, graph: RegionGraph) -> Overview:
    """Return what is to be said of a region graph.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1], [-1]], [[1, 1]])
    >>> seen = overview_of_graph(Problem(net.architecture, net, variable="input"), RegionGraph.of(net))
    >>> seen.n_cells, seen.kinks, seen.most_flips, seen.row(0).ends
    (2, (0,), 2, (None, 0))
    """
    found = graph.complex
    numbers = found.maps.number.tolist()
    walls: list[list[int]] = found.pairs.tolist()
    neighbours = _neighbours(graph.n_cells, walls)

    def row(number: int) -> Row:
        cell = graph.cell(number)
        ends = None
        if graph.network.architecture.n_inputs == 1:
            points, rays = [_rational(point[0]) for point in cell.vertices], [ray[0] for ray in cell.rays]
            ends = _ends(points, rays) if not graph.lineality else (None, None)  # a point of a section is no end
        gradient = tuple(tuple(map(_rational, each)) for each in cell.gradient)
        offset, point = tuple(map(_rational, cell.offset)), tuple(map(_rational, cell.interior_point))
        return Row(cell.pattern, gradient, offset, point, cell.is_bounded, neighbours(number), ends)

    return _overview(
        problem.architecture,
        counts=(graph.n_bounded, graph.n_maps, graph.n_pieces, _n_vertices(graph)),
        missing=graph.missing,
        lineality=[tuple(fmpq(entry) for entry in vector) for vector in graph.lineality],
        words=patterns(found.net, found.characters),
        walls=walls,
        maps=numbers,
        is_zero=lambda number: not any(entry for row in found.maps.distinct[number] for entry in row),
        units=flips(found),
        point=lambda wall: tuple(map(_rational, graph.wall(wall).point)),
        row=row,
        flips=lambda wall: graph.wall(wall).flips,
    )


def overview_of_result(problem: Problem, result: Json) -> Overview:
    """Return what is to be said of the JSON object of a result.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.reports.regions_result import regions_result
    >>> net = Network.from_weights([[1], [-1]], [[1, 1]])
    >>> problem = Problem(net.architecture, net, variable="input")
    >>> seen = overview_of_result(problem, regions_result(problem, RegionGraph.of(net)))
    >>> seen.n_cells, seen.kinks, seen.most_flips, seen.row(0).ends
    (2, (0,), 2, (None, 0))
    """
    cells, adjacencies, generators = result["cells"], result["adjacencies"], result["generators"]
    walls: list[list[int]] = [adjacency["cells"] for adjacency in adjacencies]
    neighbours = _neighbours(len(cells), walls)
    distinct: dict[str, int] = {}
    numbers = [distinct.setdefault(repr(cell["map"]), len(distinct)) for cell in cells]
    some_cell = dict(zip(numbers, cells, strict=True))

    def is_zero(number: int) -> bool:
        affine = some_cell[number]["map"]
        return not any(entry != "0" for row in (*affine["gradient"], affine["offset"]) for entry in row)

    def row(number: int) -> Row:
        cell = cells[number]
        ends = None
        if problem.architecture.n_inputs == 1 and generators is not None:
            spanning = [generators[place] for place in cell["generators"]]
            points = [rational(each["point"][0]) for each in spanning if "point" in each]
            ends = _ends(points, [int(each["ray"][0]) for each in spanning if "ray" in each])
            ends = (None, None) if result["lineality"] else ends
        gradient = tuple(_vector(each) for each in cell["map"]["gradient"])
        offset, point = _vector(cell["map"]["offset"]), _vector(cell["interior_point"])
        return Row(cell["pattern"], gradient, offset, point, cell["bounded"], neighbours(number), ends)

    n_vertices = None if generators is None else sum("point" in each for each in generators)
    return _overview(
        problem.architecture,
        counts=(result["n_bounded"], result["n_maps"], result["n_pieces"], n_vertices),
        missing=result["missing"],
        lineality=[_vector(vector) for vector in result["lineality"]],
        words=[cell["pattern"] for cell in cells],
        walls=walls,
        maps=numbers,
        is_zero=is_zero,
        units=(adjacency["flips"] for adjacency in adjacencies),
        point=lambda wall: _vector(adjacencies[wall]["point"]),
        row=row,
        flips=lambda wall: tuple((layer, unit) for layer, unit in adjacencies[wall]["flips"]),
    )


# ---------------------------------------------------------------------- private


def _overview(
    shape: Architecture,
    *,
    counts: tuple[int, int, int, int | None],
    missing: Sequence[str],
    lineality: Sequence[Vector],
    words: Sequence[str],
    walls: Sequence[Sequence[int]],
    maps: Sequence[int],
    is_zero: Callable[[int], bool],
    units: Iterable[Sequence[object]],
    point: Callable[[int], Vector],
    row: Callable[[int], Row],
    flips: Callable[[int], tuple[Unit, ...]],
) -> Overview:
    layers = _layers(shape)
    n_bounded, n_maps, n_pieces, n_vertices = counts
    without_kink = tuple(i for i, (a, b) in enumerate(walls) if maps[a] == maps[b])
    n_flips = [len(each) for each in units]
    kinks: Vector = ()
    if shape.n_inputs == 1 and len(walls) <= _MOST_KINKS:
        kinks = tuple(sorted(point(i)[0] for i in range(len(walls)) if i not in without_kink))
    zero_everywhere, zero_somewhere, always = _signs(layers, words)
    return Overview(
        layers=layers,
        n_inputs=shape.n_inputs,
        n_outputs=shape.n_outputs,
        n_cells=len(words),
        n_bounded=n_bounded,
        n_maps=n_maps,
        n_pieces=n_pieces,
        n_vertices=None if lineality else n_vertices,
        missing=tuple(sorted(missing, key=pattern_key)),
        lineality=tuple(lineality),
        walls=walls,
        without_kink=without_kink,
        is_zero_there=all(map(is_zero, {maps[walls[i][0]] for i in without_kink})),
        several=tuple(i for i, count in enumerate(n_flips) if count > 1),
        most_flips=max(n_flips, default=0),
        kinks=kinks,
        zero_everywhere=zero_everywhere,
        zero_somewhere=zero_somewhere,
        always_positive=always["+"],
        always_negative=always["-"],
        row=row,
        flips=flips,
    )


def _layers(shape: Architecture) -> tuple[Layer, ...]:
    layers: list[Layer] = []
    for site in SiteTable(shape, 1).sites:
        if layers and layers[-1].number == site.layer:
            last = layers.pop()
            layers.append(Layer(last.number, last.is_group, last.first, last.width + 1))
        else:
            layers.append(Layer(site.layer, site.is_group, sum(layer.width for layer in layers), 1))
    return tuple(layers)


def _signs(
    layers: Sequence[Layer], words: Sequence[str]
) -> tuple[tuple[Unit, ...], tuple[Unit, ...], dict[str, tuple[Unit, ...]]]:
    """Return the units that vanish on all cells, those that vanish on some, and those with one sign everywhere."""
    everywhere: list[Unit] = []
    somewhere: list[Unit] = []
    always: dict[str, list[Unit]] = {"-": [], "+": []}
    characters = [set(column) for column in zip(*words, strict=True)] if words else []
    for layer in layers:
        if layer.is_group or not characters:
            continue
        for place in range(layer.width):
            unit, seen = (layer.number, place + 1), characters[layer.first + place]
            if "0" in seen:
                (everywhere if len(seen) == 1 else somewhere).append(unit)
            elif len(seen) == 1:
                always[min(seen)].append(unit)
    return tuple(everywhere), tuple(somewhere), {sign: tuple(units) for sign, units in always.items()}


def _neighbours(n_cells: int, walls: Sequence[Sequence[int]]) -> Callable[[int], tuple[int, ...]]:
    found: list[list[int]] = [[] for _ in range(n_cells)]
    for first, second in walls:
        found[first].append(second)
        found[second].append(first)
    return lambda number: tuple(sorted(found[number]))


def _n_vertices(graph: RegionGraph) -> int | None:
    if graph.n_cells > _MOST_CELLS_WITH_VERTICES:
        return None
    return sum(1 for vector in graph.complex.generators.vectors if vector[-1])


def _ends(points: Sequence[fmpq], rays: Sequence[int]) -> tuple[fmpq | None, fmpq | None]:
    """Return the ends of an interval that points and rays span."""
    low = None if -1 in rays or not points else min(points)
    high = None if 1 in rays or not points else max(points)
    return low, high


def _rational(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _vector(texts: Sequence[str]) -> Vector:
    return tuple(map(rational, texts))
