"""Everything a region graph says, compared with brute force, and with itself when it works in other pieces."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import pytest

from symflow.nets.network import Network
from symflow.regions import enumeration, start
from symflow.regions.region_graph import RegionGraph
from tests.regions.brute_force import (
    BruteForce,
    Domain,
    Point,
    along,
    brute_force,
    domain_forms,
    generators_of,
    pattern_at,
    value,
)

# Generators are listed by brute force only where a cell has few subsets of forms.
_MOST_FORMS = {1: 100, 2: 40, 3: 16, 4: 11}


def check(network: Network, domain: Domain | None = None) -> RegionGraph:
    """Compare all that is said of a net with brute force."""
    graph = RegionGraph.of(network, domain=domain)
    brute = brute_force(network, domain)
    assert [cell.pattern for cell in graph.cells] == [cell.pattern for cell in brute.cells]
    assert [wall.cells for wall in graph.walls] == sorted(brute.walls)
    assert graph.status == "complete"
    assert graph.missing == ()
    assert graph.complex.open_facets == ()
    assert graph.n_bounded == brute.n_bounded
    assert graph.n_maps == brute.n_maps
    assert [tuple(piece) for piece in graph.pieces] == brute.pieces
    assert len(graph.lineality) == brute.lineality
    check_cells(graph, brute, domain)
    check_walls(graph, brute, domain)
    check_points(graph, brute, domain)
    return graph


def check_cells(graph: RegionGraph, brute: BruteForce, domain: Domain | None) -> None:
    """Maps, interior points, generators, bounded or not."""
    columns = graph.complex.begin.columns
    n_bounded = 0
    for cell, true in zip(graph.cells, brute.cells, strict=True):
        x = cell.interior_point
        assert all(value(form, x) > 0 for form in true.forms)
        assert graph.cell_at(x) == cell
        possible, outputs = pattern_at(graph.network, x)
        assert len(possible) == len(cell.pattern)
        assert outputs == graph.network(x)
        assert [(*row, b) for row, b in zip(cell.gradient, cell.offset, strict=True)] == list(true.outputs)
        assert outputs == tuple(value(form, x) for form in true.outputs)
        for ray in (*cell.rays, *graph.lineality):
            assert all(along(form, ray) >= 0 for form in true.forms)
        for direction in graph.lineality:
            assert all(along(form, direction) == 0 for form in true.forms)
        assert cell.is_bounded == (not cell.rays and not graph.lineality)
        n_bounded += cell.is_bounded
        if len(true.planes) <= _MOST_FORMS.get(len(columns), 0):
            numbers = graph.complex.generators.of_cell(cell.index)
            vectors = [graph.complex.generators.vectors[number] for number in numbers]
            assert len(vectors) == len(set(vectors))
            assert set(vectors) == generators_of(true.forms, columns, graph.complex.net.n_inputs)
    assert n_bounded == brute.n_bounded


def check_walls(graph: RegionGraph, brute: BruteForce, domain: Domain | None) -> None:
    """Flips, points in the relative interior, and the generators of the common face."""
    for wall in graph.walls:
        i, j = wall.cells
        plane, x = brute.walls[i, j], wall.point
        assert value(plane, x) == 0
        for cell in (brute.cells[i], brute.cells[j]):
            for form, sign in cell.planes.items():
                assert form == plane or sign * value(form, x) > 0
        assert wall.flips == brute.flips(i, j)
        assert wall.is_kink == (brute.cells[i].outputs != brute.cells[j].outputs)
        assert all(value(plane, vertex) == 0 for vertex in wall.vertices)
        assert all(along(plane, ray) == 0 for ray in wall.rays)
        spanning = [vector for vector in graph.complex.generators.vectors if _on(vector, brute, i, j, plane)]
        shared = graph.complex.generators.shared(i, j)
        assert [graph.complex.generators.vectors[number] for number in shared] == spanning
    assert [cell.walls for cell in graph.cells] == [
        tuple(wall for wall in graph.walls if cell.index in wall.cells) for cell in graph.cells
    ]
    in_order = [vector for vector in graph.complex.generators.vectors if vector[-1]]
    values = [tuple(Fraction(entry, vector[-1]) for entry in vector[:-1]) for vector in in_order]
    assert values == sorted(values)


def _on(vector: tuple[int, ...], brute: BruteForce, i: int, j: int, plane: Point) -> bool:
    """Whether a generator lies on both closed cells, on the wall's hyperplane."""
    forms = [*brute.cells[i].forms, *brute.cells[j].forms]
    return sum(a * b for a, b in zip(plane, vector, strict=True)) == 0 and all(
        sum(a * b for a, b in zip(form, vector, strict=True)) >= 0 for form in forms
    )


def check_points(graph: RegionGraph, brute: BruteForce, domain: Domain | None) -> None:
    """The cells that meet a point: vertices, points of walls and cells, and others."""
    draw = random.Random(0)
    n = graph.complex.net.n_inputs
    points = {vertex for cell in graph.cells for vertex in cell.vertices}
    points |= {wall.point for wall in graph.walls}
    points |= {tuple(Fraction(draw.randint(-3, 3), draw.choice([1, 2])) for _ in range(n)) for _ in range(10)}
    points.add((Fraction(0),) * n)
    outside = domain_forms(domain)
    for x in sorted(points)[:60]:
        inside = all(value(form, x) >= 0 for form in outside)
        met = [i for i, cell in enumerate(brute.cells) if inside and all(value(form, x) >= 0 for form in cell.forms)]
        assert [cell.index for cell in graph.cells_meeting(x)] == met


def contents(graph: RegionGraph) -> list[Any]:
    """All that is computed, as plain data: equal for two graphs if they agree byte for byte."""
    complex_ = graph.complex
    generators = complex_.generators
    return [
        complex_.characters.tobytes(),
        complex_.characters.shape,
        complex_.pairs.tolist(),
        complex_.is_bounded.tolist(),
        complex_.interior_points,
        complex_.adjacency_points,
        generators.vectors,
        generators.members.tolist(),
        generators.starts.tolist(),
        complex_.pieces_of_the_map.tolist(),
        complex_.maps.distinct,
        complex_.maps.number.tolist(),
        complex_.missing,
        complex_.open_facets,
        graph.lineality,
    ]


@contextmanager
def in_pieces(most_faces: int, most_first_faces: int = 3000) -> Iterator[None]:
    """Let pieces be split beyond so many faces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enumeration, "MOST_FACES", most_faces)
        patch.setattr(start, "_MOST_FIRST_FACES", most_first_faces)
        yield


def check_pieces(
    network: Network, domain: Domain | None = None, sizes: Iterable[tuple[int, int]] = ((1, 3000), (20, 1), (200, 3000))
) -> None:
    """Compare the graph with those of other piece sizes."""
    whole = contents(RegionGraph.of(network, domain=domain))
    for size in sizes:
        with in_pieces(*size):
            parts = contents(RegionGraph.of(network, domain=domain))
        for one, other in zip(whole, parts, strict=True):
            assert one == other
