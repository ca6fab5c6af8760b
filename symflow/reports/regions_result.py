"""The result of ``symflow regions`` in input space, as the contract's JSON object.

Beyond the contract's keys it holds what a proof of completeness is replayed from: the ``generators`` (all vertices
and extreme rays, each once, sorted by value) with their numbers in each cell, and the ``lineality`` space, a basis of
the directions along which nothing changes. An incomplete result says what is ``missing``, partial patterns with ``*``
where nothing is decided yet, and its ``open_facets``: those with a cell on one side only, each with the signs of all
units on it, by which a later run recognises it from the other side (``regions_resume.py``).
"""

from __future__ import annotations

import math
from typing import final

from symflow.exact.rationals import fmpq
from symflow.nets.pattern import pattern_key
from symflow.problem import Domain, Problem
from symflow.regions.region_complex import RegionComplex
from symflow.regions.region_graph import RegionGraph
from symflow.regions.vertex_table import Integers
from symflow.regions.words import flips, open_facets, patterns
from symflow.reports.results import Json, header

# With more pairs of a cell and a vertex or ray of it than this, the generators are left out unless asked for.
MOST_INCIDENCES = 2_000_000
# Points on small grids have denominators up to this; the texts of other fractions are nearly all different.
_OFTEN = 64


def regions_result(problem: Problem, graph: RegionGraph, *, all_generators: bool = False) -> Json:
    """Return the result of ``symflow regions`` in input space.

    Parameters
    ----------
    problem : Problem
        What was asked.
    graph : RegionGraph
        The answer.
    all_generators : bool
        List vertices and rays however many there are.

    Examples
    --------
    One kink on the line: two half-lines with a common end.

    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[2]], [[1]], biases=[[-1], [0]])
    >>> result = regions_result(Problem(net.architecture, net, variable="input"), RegionGraph.of(net))
    >>> result["generators"]
    [{'point': ['1/2']}, {'ray': ['-1']}, {'ray': ['1']}]
    >>> result["cells"][1]["pattern"], result["cells"][1]["map"], result["cells"][1]["generators"]
    ('+', {'gradient': [['2']], 'offset': ['-1']}, [0, 2])
    >>> result["adjacencies"]
    [{'cells': [0, 1], 'flips': [[1, 1]], 'point': ['1/2']}]
    """
    found = graph.complex
    texts = Texts()
    with_generators = all_generators or len(found.generators.members) <= MOST_INCIDENCES
    result = header("regions", problem)
    result |= {
        "variable": "input",
        "status": graph.status,
        "n_cells": graph.n_cells,
        "n_adjacencies": graph.n_adjacencies,
        "n_bounded": graph.n_bounded,
        "n_maps": graph.n_maps,
        "n_pieces": graph.n_pieces,
        "lineality": [list(map(str, vector)) for vector in graph.lineality],
        "generators": [texts.generator(vector) for vector in found.generators.vectors] if with_generators else None,
        "cells": _cells(found, texts, with_generators=with_generators),
        "adjacencies": _adjacencies(found, texts),
        "missing": sorted(graph.missing, key=pattern_key),
    }
    if graph.missing:
        result["open_facets"] = [{"cell": facet.cell, "signs": word} for facet, word in open_facets(found)]
    return result


def inequalities(domain: Domain | None) -> tuple[list[list[fmpq]], list[fmpq]] | None:
    """Return a domain as A and b of A x <= b, None where it is all of space.

    Examples
    --------
    >>> inequalities(Domain(box=((fmpq(-1), fmpq(1)), (fmpq(0), fmpq(1, 2)))))
    ([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 1, 1/2, 0])
    """
    if domain is None:
        return None
    if domain.box is None:
        return [list(row) for row in domain.matrix or ()], list(domain.bounds or ())
    matrix, bounds = [], []
    for place, (lower, upper) in enumerate(domain.box):
        row = [fmpq(int(place == column)) for column in range(len(domain.box))]
        matrix += [row, [-entry for entry in row]]
        bounds += [upper, -lower]
    return matrix, bounds


def _cells(found: RegionComplex, texts: Texts, *, with_generators: bool) -> list[Json]:
    maps = _maps(found, texts)
    words = patterns(found.net, found.characters)
    points = found.interior_points_in_turn()
    rows = zip(words, points, found.is_bounded.tolist(), found.maps.number.tolist(), strict=True)
    cells = [
        {"pattern": word, "interior_point": texts.point(vector), "bounded": is_bounded, "map": maps[number]}
        for word, vector, is_bounded, number in rows
    ]
    if with_generators:
        members, starts = found.generators.members.tolist(), found.generators.starts.tolist()
        for number, cell in enumerate(cells):
            cell["generators"] = members[starts[number] : starts[number + 1]]
    return cells


def _maps(found: RegionComplex, texts: Texts) -> list[Json]:
    """Return the distinct affine maps; cells with one map share the object."""
    numerator, denominator = found.maps.scale.numerator, found.maps.scale.denominator
    written = []
    for rows in found.maps.distinct:
        entries = [[texts.fraction(entry * denominator, numerator) for entry in row] for row in rows]
        written.append({"gradient": [row[:-1] for row in entries], "offset": [row[-1] for row in entries]})
    return written


def _adjacencies(found: RegionComplex, texts: Texts) -> list[Json]:
    rows = zip(found.pairs, flips(found), found.adjacency_points_in_turn(), strict=True)
    unit_of: dict[tuple[int, int], list[int]] = {}  # walls that flip one unit share its list
    return [
        {
            "cells": pair.tolist(),
            "flips": [unit_of.setdefault(unit, list(unit)) for unit in units],
            "point": texts.point(vector),
        }
        for pair, units, vector in rows
    ]


@final
class Texts:
    """Fractions in lowest terms; those with small denominators, which come back often, are written once.

    Examples
    --------
    >>> texts = Texts()
    >>> texts.point((2, -3, 4)), texts.generator((1, -1, 0))
    (['1/2', '-3/4'], {'ray': ['1', '-1']})
    """

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], str] = {}

    def fraction(self, numerator: int, denominator: int) -> str:
        """Return numerator/denominator; the denominator is positive."""
        if denominator > _OFTEN:
            return _in_lowest_terms(numerator, denominator)
        text = self.known.get((numerator, denominator))
        if text is None:
            text = self.known[numerator, denominator] = _in_lowest_terms(numerator, denominator)
        return text

    def point(self, vector: Integers) -> list[str]:
        """Return the point x / D of a vector (x, D)."""
        denominator = vector[-1]
        return [self.fraction(entry, denominator) for entry in vector[:-1]]

    def generator(self, vector: Integers) -> dict[str, list[str]]:
        """Return a point or, where D = 0, a ray."""
        return {"point": self.point(vector)} if vector[-1] else {"ray": list(map(str, vector[:-1]))}


def _in_lowest_terms(numerator: int, denominator: int) -> str:
    divisor = math.gcd(numerator, denominator)
    whole = str(numerator // divisor)
    return whole if divisor == denominator else f"{whole}/{denominator // divisor}"
