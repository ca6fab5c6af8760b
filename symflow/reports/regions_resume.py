"""Going on with an incomplete result of ``symflow regions``.

The earlier file says which cells it has, which partial patterns are missing, and which facets have a cell on one side
only. A later run cuts as the earlier one did and keeps of every piece the cells whose signs so far agree with a
missing pattern (:attr:`Resumption.keep`). Then both are joined (:meth:`Resumption.result`): cells by their patterns,
vertices and rays by their values; and where an open facet of the one has the signs of an open facet of the other,
two cells are adjacent. When nothing is missing any more, what comes out is, byte for byte, the result of one run.

With a maximum over groups, cuts are not characters and a cell is found in parts; such a net starts afresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

from symflow.errors import InputError
from symflow.exact.rationals import rational
from symflow.nets.pattern import UNDECIDED, SiteTable
from symflow.problem import Problem
from symflow.regions.enumeration import Keep
from symflow.regions.keep_missing import KeepMissing
from symflow.regions.open_facets import open_facet_points
from symflow.regions.region_graph import RegionGraph
from symflow.regions.words import open_facets, sign_words
from symflow.reports.regions_listing import Listing, check_question, read_listing, sign_key
from symflow.reports.regions_result import MOST_INCIDENCES, Texts, regions_result
from symflow.reports.results import Json, header


@final
@dataclass(frozen=True)
class Resumption:
    """What is left to do, and how it is joined with what is done.

    Parameters
    ----------
    problem : Problem
        What is asked.
    earlier : Listing, optional
        What is done; None to start afresh.
    keep : function, optional
        For :meth:`RegionGraph.of`: what is wanted of a piece; None for everything.
    all_generators : bool
        List vertices and rays however many there are.
    """

    problem: Problem
    earlier: Listing | None
    keep: Keep | None
    all_generators: bool

    def result(self, graph: RegionGraph) -> Json:
        """Return the whole result, given what the later run found.

        Raises
        ------
        InputError
            If a facet stays open though nothing is missing: the earlier file is not what was written.
        """
        later = regions_result(self.problem, graph, all_generators=self.all_generators)
        if self.earlier is None:
            return later
        return _written(self.problem, _joined(self.earlier, later, graph), all_generators=self.all_generators)


def resume(problem: Problem, earlier: object, *, all_generators: bool = False) -> Resumption:
    """Return what an earlier result leaves to do.

    Parameters
    ----------
    problem : Problem
        What is asked now: the same net and the same domain.
    earlier : object
        The JSON object that an earlier run wrote.
    all_generators : bool
        List vertices and rays however many there are.

    Raises
    ------
    InputError
        If it is no such object, or one of another problem or version; the message names the place in it.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.enumeration import Control
    >>> net = Network.from_weights([[1], [2]], [[1, 1]], biases=[[0, -3], [0]])
    >>> problem = Problem(net.architecture, net, variable="input")
    >>> part = regions_result(problem, RegionGraph.of(net, control=Control(max_cells=1)))
    >>> part["missing"], part["open_facets"]
    (['--', '+-'], [{'cell': 0, 'signs': '+0'}])
    >>> rest = resume(problem, part)
    >>> rest.result(RegionGraph.of(net, keep=rest.keep)) == regions_result(problem, RegionGraph.of(net))
    True
    """
    check_question(problem, earlier)
    if any(site.is_group for site in SiteTable(problem.architecture, 1).sites):
        return Resumption(problem, None, None, all_generators)
    listing = read_listing(problem, earlier)
    if all_generators and listing.generators is None:
        return Resumption(problem, None, None, all_generators)
    return Resumption(problem, listing, KeepMissing(listing.missing, listing.cells), all_generators)


# ---------------------------------------------------------------------- joining


def _joined(earlier: Listing, later: Json, graph: RegionGraph) -> Listing:
    """Return everything that either run lists."""
    if earlier.lineality != later["lineality"]:
        raise InputError("not the directions along which nothing changes; start afresh", place="lineality")
    generators, places = _united(earlier.generators, later["generators"])
    joined = Listing(earlier.lineality, generators)
    for cells, place in zip((earlier.cells.values(), later["cells"]), places, strict=True):
        for cell in cells:
            joined.cells.setdefault(cell["pattern"], _renumbered(cell, place))
    joined.missing = _still_missing(earlier.missing, later["missing"])
    joined.adjacencies, joined.open_facets = dict(earlier.adjacencies), dict(earlier.open_facets)
    _join_facets(joined, earlier, later, graph)
    if joined.open_facets and not joined.missing:
        signs, cell = next(iter(joined.open_facets.items()))
        raise InputError(f"no cell was found beyond {signs}, a facet of {cell}; start afresh", place="open_facets")
    return joined


def _join_facets(joined: Listing, earlier: Listing, later: Json, graph: RegionGraph) -> None:
    """Add the adjacencies of the later run and those across; leave open what has still one side."""
    found = graph.complex
    words = [cell["pattern"] for cell in later["cells"]]
    is_earlier = [word in earlier.cells for word in words]
    for adjacency, signs in zip(later["adjacencies"], found.facet_signs, strict=True):
        first, second = adjacency["cells"]
        joined.adjacencies.setdefault((words[first], words[second]), adjacency["point"])
        if is_earlier[first] != is_earlier[second]:
            joined.open_facets.pop(sign_words(signs[None])[0], None)
    across = []
    for facet, signs in open_facets(found):
        if is_earlier[facet.cell]:
            continue  # all facets of an earlier cell are in the earlier file
        other = joined.open_facets.pop(signs, None)
        if other is None:
            joined.open_facets[signs] = words[facet.cell]
        else:
            first, second = sorted((other, words[facet.cell]), key=sign_key)
            across.append((facet, (first, second)))
    texts = Texts()
    points = open_facet_points(found, [facet for facet, _ in across])
    for (_, pair), vector in zip(across, points, strict=True):
        joined.adjacencies[pair] = texts.point(vector)


def _united(first: list[Json] | None, second: list[Json] | None) -> tuple[list[Json] | None, list[list[int] | None]]:
    """Return the generators of both, sorted by value, and the new numbers of the first and of the second."""
    if first is None or second is None:
        return None, [None, None]
    keys = {_key(generator): generator for generator in (*first, *second)}
    ordered = sorted(keys, key=lambda key: (key[0] == "ray", *map(rational, key[1])))
    number = {key: place for place, key in enumerate(ordered)}
    places: list[list[int] | None] = [[number[_key(generator)] for generator in each] for each in (first, second)]
    return [keys[key] for key in ordered], places


def _key(generator: Json) -> tuple[str, tuple[str, ...]]:
    ((kind, vector),) = generator.items()
    return kind, tuple(vector)


def _renumbered(cell: Json, place: list[int] | None) -> Json:
    if place is None:
        return {key: value for key, value in cell.items() if key != "generators"}
    return cell | {"generators": sorted(place[number] for number in cell["generators"])}


def _still_missing(earlier: Sequence[str], later: Sequence[str]) -> list[str]:
    """Return what is missing in both: for each two words that agree, what both say together.

    Examples
    --------
    >>> _still_missing(["+-**", "--**"], ["+---", "-***"])
    ['--**', '+---']
    """
    found = set()
    for places, words in _by_places(earlier).items():
        for other_places, others in _by_places(later).items():
            common = sorted(set(places) & set(other_places))
            agreeing: dict[str, list[str]] = {}
            for word in words:
                agreeing.setdefault("".join(word[place] for place in common), []).append(word)
            for other in others:
                for word in agreeing.get("".join(other[place] for place in common), ()):
                    found.add("".join(b if a == UNDECIDED else a for a, b in zip(word, other, strict=True)))
    return sorted(found, key=sign_key)


def _by_places(words: Iterable[str]) -> dict[tuple[int, ...], list[str]]:
    """Return words by the places that are decided in them: there are few such sets of places."""
    result: dict[tuple[int, ...], list[str]] = {}
    for word in words:
        places = tuple(place for place, character in enumerate(word) if character != UNDECIDED)
        result.setdefault(places, []).append(word)
    return result


# ---------------------------------------------------------------------- writing


def _written(problem: Problem, joined: Listing, *, all_generators: bool) -> Json:
    """Return the result that lists all this."""
    units = [[site.layer, site.output + 1] for site in SiteTable(problem.architecture, 1).sites]
    words = sorted(joined.cells, key=sign_key)
    number = {word: place for place, word in enumerate(words)}
    pairs = sorted((number[first], number[second]) for first, second in joined.adjacencies)
    cells = [joined.cells[word] for word in words]
    with_generators = joined.generators is not None and (
        all_generators or sum(len(cell["generators"]) for cell in cells) <= MOST_INCIDENCES
    )
    if not with_generators:
        cells = [_renumbered(cell, None) for cell in cells]
    maps: dict[Any, int] = {}
    map_of = [maps.setdefault(_hashable(cell["map"]), len(maps)) for cell in cells]
    result = header("regions", problem)
    result |= {
        "variable": "input",
        "status": "incomplete" if joined.missing else "complete",
        "n_cells": len(cells),
        "n_adjacencies": len(pairs),
        "n_bounded": sum(cell["bounded"] for cell in cells),
        "n_maps": len(maps),
        "n_pieces": _n_pieces(map_of, pairs),
        "lineality": joined.lineality,
        "generators": joined.generators if with_generators else None,
        "cells": cells,
        "adjacencies": [
            {
                "cells": [first, second],
                "flips": [u for u, a, b in zip(units, words[first], words[second], strict=True) if a != b],
                "point": joined.adjacencies[words[first], words[second]],
            }
            for first, second in pairs
        ],
        "missing": joined.missing,
    }
    if joined.missing:
        facets = sorted((number[cell], sign_key(signs), signs) for signs, cell in joined.open_facets.items())
        result["open_facets"] = [{"cell": cell, "signs": signs} for cell, _, signs in facets]
    return result


def _hashable(affine: Json) -> tuple[tuple[str, ...], ...]:
    return (*(tuple(row) for row in affine["gradient"]), tuple(affine["offset"]))


def _n_pieces(map_of: Sequence[int], pairs: Iterable[tuple[int, int]]) -> int:
    """Return the number of classes of cells, joined where adjacent and of equal map.

    Examples
    --------
    >>> _n_pieces([0, 0, 1, 0], [(0, 1), (1, 2), (2, 3)])
    3
    """
    parent = list(range(len(map_of)))

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = cell = parent[parent[cell]]
        return cell

    for first, second in pairs:
        if map_of[first] == map_of[second]:
            parent[root(first)] = root(second)
    return sum(parent[cell] == cell for cell in range(len(parent)))
