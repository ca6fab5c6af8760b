"""Faces from incidences: known polytopes are accepted, with anything left out or put in they are refused."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from symflow.checker import region_faces
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.region_faces import facets
from symflow.checker.work import Work

Vector = tuple[int, ...]
Case = tuple[list[Vector], list[Vector], int]  # inequalities, vertices and rays with D last, dimension


def cube(d: int) -> Case:
    """0 ≤ x_i ≤ 1: each of the 2^d corners lies on d walls, so the quick rule serves."""
    inequalities = [tuple(int(i == j) for j in range(d + 1)) for i in range(d)]
    inequalities += [(*(-int(i == j) for j in range(d)), 1) for i in range(d)]
    return inequalities, [(*corner, 1) for corner in product((0, 1), repeat=d)], d


def cross(d: int) -> Case:
    """|x_1| + .. + |x_d| ≤ 1: each of the 2 d corners lies on 2^(d-1) walls, too many for the quick rule if d > 2."""
    inequalities = [(*signs, 1) for signs in product((-1, 1), repeat=d)]
    corners = [(*(s * int(i == j) for j in range(d)), 1) for i in range(d) for s in (-1, 1)]
    return inequalities, corners, d


def pyramid() -> Case:
    """A square pyramid: the apex lies on four walls, the corners of the base on three."""
    inequalities: list[Vector] = [(0, 0, 1, 0), (1, 0, -1, 1), (-1, 0, -1, 1), (0, 1, -1, 1), (0, -1, -1, 1)]
    return inequalities, [(0, 0, 1, 1), *((x, y, 0, 1) for x in (-1, 1) for y in (-1, 1))], 3


def cone_over_square() -> Case:
    """z ≥ |x|, z ≥ |y|: one point and four rays, which span a fifth facet at infinity."""
    inequalities: list[Vector] = [(0, 0, 0, 1), (1, 0, 1, 0), (-1, 0, 1, 0), (0, 1, 1, 0), (0, -1, 1, 0)]
    return inequalities, [(0, 0, 0, 1), *((x, y, 1, 0) for x in (-1, 1) for y in (-1, 1))], 3


def quadrant() -> Case:
    return [(0, 0, 1), (1, 0, 0), (0, 1, 0)], [(0, 0, 1), (1, 0, 0), (0, 1, 0)], 2


def half_line() -> Case:
    return [(0, 1), (1, 0)], [(0, 1), (1, 0)], 1


def everything() -> Case:
    """All of space, modulo itself: one point."""
    return [(1,)], [(1,)], 0


CASES = {
    **{f"cube {d}": cube(d) for d in (1, 2, 3, 4)},
    **{f"cross {d}": cross(d) for d in (1, 2, 3, 4)},
    "pyramid": pyramid(),
    "cone over a square": cone_over_square(),
    "quadrant": quadrant(),
    "half-line": half_line(),
    "everything": everything(),
}
N_FACETS = {
    "cube 3": 6,
    "cube 4": 8,
    "cross 3": 8,
    "cross 4": 16,
    "pyramid": 5,
    "cone over a square": 5,
    "everything": 0,
}


def shown(inequalities: list[Vector], vectors: list[Vector], dimension: int) -> list[region_faces.Facet]:
    tight = [
        sum(1 << i for i, c in enumerate(inequalities) if not sum(a * b for a, b in zip(c, v, strict=True)))
        for v in vectors
    ]
    return facets(range(len(vectors)), tight, dimension, Work(1_000_000))


@pytest.fixture(params=["both rules", "faces alone"])
def _rules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "faces alone":
        monkeypatch.setattr(region_faces, "_has_simple_corners", lambda *_: False)


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("name", CASES)
def test_a_polyhedron_is_what_its_points_and_rays_span(name: str) -> None:
    inequalities, vectors, dimension = CASES[name]
    found = shown(inequalities, vectors, dimension)
    assert len(found) == N_FACETS.get(name, len(found))
    for facet in found:
        assert any(
            [v for v, vector in enumerate(vectors) if not sum(a * b for a, b in zip(c, vector, strict=True))]
            == list(facet.generators)
            for i, c in enumerate(inequalities)
            if facet.tight >> i & 1
        )


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("name", CASES)
def test_with_some_points_or_rays_left_out_it_is_refused(name: str) -> None:
    inequalities, vectors, dimension = CASES[name]
    for n_left in range(1, len(vectors)) if len(vectors) <= 10 else (1, len(vectors) - 1):
        for left in combinations(vectors, n_left):
            if any(v[-1] for v in left):
                with pytest.raises(Refused):
                    shown(inequalities, list(left), dimension)


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("name", CASES)
def test_with_a_vector_that_is_not_extreme_it_is_refused(name: str) -> None:
    inequalities, vectors, dimension = CASES[name]
    for size in (1, 2, len(vectors)):
        for some in combinations(vectors, size):
            extra = tuple(map(sum, zip(*some, strict=True)))
            with pytest.raises(Refused):
                shown(inequalities, [*vectors, extra], dimension)


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("name", CASES)
def test_with_another_dimension_it_is_refused(name: str) -> None:
    inequalities, vectors, dimension = CASES[name]
    for other in (dimension - 1, dimension + 1):
        if other >= 0:
            with pytest.raises(Refused):
                shown(inequalities, vectors, other)


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize("name", [name for name in CASES if name != "everything"])
def test_with_a_wall_forgotten_it_is_refused(name: str) -> None:
    # As if a unit did not count: the cone over the vectors is then smaller than the set of the other inequalities.
    inequalities, vectors, dimension = CASES[name]
    for i, forgotten in enumerate(inequalities):
        if any(not sum(a * b for a, b in zip(forgotten, v, strict=True)) for v in vectors):
            left = inequalities[:i] + inequalities[i + 1 :]
            with pytest.raises(Refused):
                shown(left, vectors, dimension)


def test_a_lattice_that_would_take_for_ever_is_refused() -> None:
    inequalities, vectors, dimension = cross(6)
    tight = [
        sum(1 << i for i, c in enumerate(inequalities) if not sum(a * b for a, b in zip(c, v, strict=True)))
        for v in vectors
    ]
    with pytest.raises(TooLarge):
        facets(range(len(vectors)), tight, dimension, Work(2_000))
