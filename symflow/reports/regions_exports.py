"""A region graph as a file for other programs, and the problem that it answers.

:meth:`RegionGraph.to_graphml` finds :func:`graphml` by name, from below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symflow.exact.rationals import fmpq
from symflow.problem import Domain, Problem
from symflow.regions.graphml import Attributes, graphml_text
from symflow.regions.region_graph import RegionGraph
from symflow.regions.start import Start
from symflow.reports.regions_result import regions_result
from symflow.reports.results import Json


def graphml(graph: RegionGraph) -> str:
    """Return the graph as GraphML: a node for each cell, an edge for each wall; exact numbers as strings.

    Parameters
    ----------
    graph : RegionGraph
        Its cells are numbered from 0, as in the JSON result.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> text = graphml(RegionGraph.of(Network.from_weights([[2]], [[1]], biases=[[-1], [0]])))
    >>> text.count("<node"), text.count("<edge"), ">1/2<" in text
    (2, 1, True)

    Notes
    -----
    Vectors are entries with a blank between them, the rows of a matrix are divided by ``;``. The attributes of a node
    are ``pattern``, ``bounded``, ``interior_point``, ``gradient``, ``offset``, ``map`` (equal numbers for equal affine
    maps) and ``piece``; those of an edge ``flips`` (``"1.2 2.1"``: unit 2 of layer 1 and unit 1 of layer 2),
    ``point`` and ``kink``, which is false where the two maps agree.
    """
    result = regions_result(problem_of(graph), graph)
    numbers, pieces = graph.complex.maps.number.tolist(), graph.complex.pieces_of_the_map.tolist()
    rows = zip(result["cells"], numbers, pieces, strict=True)
    nodes = ((i, _node(cell, number, piece)) for i, (cell, number, piece) in enumerate(rows))
    return graphml_text(nodes, _edges(result["adjacencies"], numbers))


def problem_of(graph: RegionGraph) -> Problem:
    """Return the problem that a region graph answers: its net, and its domain as inequalities.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, 1]], [[1]])
    >>> problem_of(RegionGraph.of(net, domain=([[1, 1]], ["1/2"]))).tree()["domain"]
    {'A': [['2', '2']], 'b': ['1']}
    """
    begin = graph.complex.begin
    domain = None
    if begin.domain:
        rows = [_in_all_inputs(begin, row[:-1], graph.network.architecture.n_inputs) for row in begin.domain]
        matrix = tuple(tuple(-entry for entry in row) for row in rows)
        domain = Domain(matrix=matrix, bounds=tuple(fmpq(row[-1]) for row in begin.domain))
    shape = graph.network.architecture
    output = 1 if shape.n_outputs == 1 else None
    return Problem(shape, graph.network, variable="input", output=output, domain=domain)


def _in_all_inputs(begin: Start, row: Sequence[int], n_inputs: int) -> list[fmpq]:
    """Return the linear form on all inputs that is this one on the section, and vanishes along the lineality."""
    full = [fmpq(0)] * n_inputs
    for column, entry in zip(begin.columns, row, strict=True):
        full[column] = fmpq(entry)
    for direction in begin.lineality:
        # Each direction moves one of the inputs that vanish on the section, and no other of them.
        (place,) = (i for i, entry in enumerate(direction) if entry and i not in begin.columns)
        moved = sum((full[column] * direction[column] for column in begin.columns), fmpq(0))
        full[place] = -moved / direction[place]
    return full


def _node(cell: Json, number: int, piece: int) -> Attributes:
    return {
        "pattern": cell["pattern"],
        "bounded": cell["bounded"],
        "interior_point": " ".join(cell["interior_point"]),
        "gradient": "; ".join(map(" ".join, cell["map"]["gradient"])),
        "offset": " ".join(cell["map"]["offset"]),
        "map": number,
        "piece": piece,
    }


def _edges(adjacencies: Iterable[Json], maps: Sequence[int]) -> Iterator[tuple[int, int, Attributes]]:
    for adjacency in adjacencies:
        first, second = adjacency["cells"]
        flips = " ".join(f"{layer}.{unit}" for layer, unit in adjacency["flips"])
        point = " ".join(adjacency["point"])
        yield first, second, {"flips": flips, "point": point, "kink": maps[first] != maps[second]}
