"""Hulls in the plane: corners, and barycentric coordinates of every other point in the fan from the first corner."""

from __future__ import annotations

from flint import fmpq

from symflow.exact.exponential_numbers import exponential
from symflow.exact.planar_hull import planar_hull

# A convex octagon; its first corner in the order of the sweep is (0, 1), and from there it goes counterclockwise.
OCTAGON = [(0, 1), (1, 0), (2, 0), (3, 1), (3, 2), (2, 3), (1, 3), (0, 2)]


def q(x: object, y: object) -> tuple[fmpq, fmpq]:
    return fmpq(x), fmpq(y)  # type: ignore[arg-type]


def test_points_of_an_octagon_in_every_triangle_of_its_fan():
    corners = [q(*p) for p in OCTAGON]
    # The centroids of the six triangles (0, k, k + 1), which meet in the first corner alone.
    inner = [tuple(sum((corners[j][m] for j in (0, k, k + 1)), start=fmpq(0)) / 3 for m in (0, 1)) for k in range(1, 7)]
    found, weights = planar_hull([*corners, *inner])
    assert sorted(found) == list(range(8))
    third = fmpq(1, 3)
    assert weights == {8 + k: {0: third, k + 1: third, k + 2: third} for k in range(6)}


def test_points_on_the_spokes_and_edges_of_the_fan():
    # The middles of two spokes and of three edges: each is half of both ends, in whichever triangle it is looked for.
    corners = [q(*p) for p in OCTAGON]
    pairs = [(0, 3), (0, 5), (0, 1), (0, 7), (4, 5)]
    middles = [tuple((corners[i][m] + corners[j][m]) / 2 for m in (0, 1)) for i, j in pairs]
    _, weights = planar_hull([*corners, *middles])
    half = fmpq(1, 2)
    assert weights == {8 + n: {i: half, j: half} for n, (i, j) in enumerate(pairs)}


def test_functionals_are_largest_at_their_corners_alone():
    corners = [q(*p) for p in OCTAGON]
    for scale in (fmpq(1), exponential(1)):
        points = [(scale * x, y) for x, y in corners]
        found, weights = planar_hull(points)
        assert weights == {}
        for i, (a, b) in found.items():
            values = [a * x + b * y for x, y in points]
            assert all(values[i] > value for j, value in enumerate(values) if j != i)


def test_points_on_a_vertical_line():
    # The abscissa tells nothing: the ends are the lowest and the highest.
    found, weights = planar_hull([q(2, 1), q(2, 5), q(2, 2)])
    assert sorted(found) == [0, 1]
    assert weights == {2: {0: fmpq(3, 4), 1: fmpq(1, 4)}}
