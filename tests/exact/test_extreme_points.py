"""Extreme points: functionals and weights checked by their definitions, and against one linear program a point."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from flint import fmpq, fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact.exponential_numbers import Scalar, exponential, sign
from symflow.exact.extreme_points import Extremes, _others_in_simplex, extreme_points
from symflow.exact.maximisers import Maximisers
from symflow.exact.membership import Separated, membership
from symflow.exact.point_sets import combination, dot

TINY = fmpq(1, 2**60)


def q(*values: int) -> tuple[fmpq, ...]:
    return tuple(map(fmpq, values))


def check(points: Sequence[Sequence[Scalar]], extremes: Extremes) -> None:
    assert sorted([*extremes.vertices, *extremes.combinations]) == list(range(len(points)))
    assert list(extremes.functionals) == list(extremes.vertices)
    for i, u in extremes.functionals.items():
        assert len(u) == len(points[0])
        top = dot(u, points[i])
        assert all(sign(top - dot(u, p)) > 0 for j, p in enumerate(points) if j != i)
    for i, weights in extremes.combinations.items():
        assert set(weights) <= set(extremes.vertices)
        assert all(sign(x) > 0 for x in weights.values())
        assert sum(weights.values(), start=fmpq(0)) == 1
        assert combination(weights, points) == tuple(points[i])


def test_one_point_is_extreme():
    assert extreme_points([q(3, 4)]) == Extremes((0,), {0: q(0, 0)}, {})


def test_no_points_have_no_extremes():
    assert extreme_points([]) == Extremes((), {}, {})


def test_equal_points_are_refused():
    with pytest.raises(ValueError, match="two of the points are equal"):
        extreme_points([q(1, 2), q(0, 0), q(1, 2)])
    e = exponential(1)
    with pytest.raises(ValueError, match="two of the points are equal"):
        extreme_points([(e,), (e * e / e,)])


def test_points_on_a_line_in_space_have_two_ends():
    # t = 0, 1, 3 on a line that lies in no coordinate plane, beside a constant coordinate.
    points = [(fmpq(t), fmpq(1 - 2 * t), fmpq(5), fmpq(7 * t * 1)) for t in (1, 0, 3)]
    extremes = extreme_points(points)
    assert extremes.vertices == (1, 2)
    assert extremes.combinations == {0: {1: fmpq(2, 3), 2: fmpq(1, 3)}}
    check(points, extremes)


def test_the_cube_with_its_midpoints_has_eight_corners():
    grid = [q(*v) for v in itertools.product((-1, 0, 1), repeat=3)]
    extremes = extreme_points(grid)
    assert extremes.vertices == tuple(i for i, v in enumerate(grid) if all(x != 0 for x in v))
    check(grid, extremes)


def test_a_point_barely_outside_a_facet_is_extreme_and_one_on_it_is_not():
    # The simplex x + y + z ≤ 1, and its facet's centre moved out by 3·2⁻⁶⁰ or not.
    simplex = [q(0, 0, 0), q(1, 0, 0), q(0, 1, 0), q(0, 0, 1)]
    third = fmpq(1, 3)
    for shift, n_vertices in ((TINY, 5), (fmpq(0), 4), (-TINY, 4)):
        points = [*simplex, (third + shift,) * 3]
        extremes = extreme_points(points)
        assert len(extremes.vertices) == n_vertices
        check(points, extremes)


def test_nearly_collinear_points_of_the_plane():
    points = [q(0, 0), (fmpq(1), TINY), q(2, 0), (fmpq(3, 2), TINY / 4), (fmpq(3, 2), TINY / 2)]
    extremes = extreme_points(points)
    assert extremes.vertices == (0, 1, 2)  # (3/2, ε/2) lies on the edge from (1, ε) to (2, 0)
    check(points, extremes)


def test_dyadic_points_of_fifty_bits():
    numerators = [2**50 + 3**k for k in range(20)]
    points = [(fmpq(a, 2**50), fmpq(a * a % 2**50, 2**49), fmpq(a * 7 % 1021, 3)) for a in numerators]
    check(points, extreme_points(points))


def test_the_hexagon_of_three_mixed_risk_coefficients():
    # Σ c_k [0, 1] x_k with three pairwise independent x_k is a hexagon: 6 of the 8 sums are corners. The other two are
    # those whose sign pattern no direction has, here where x₁ and x₂ disagree with x₁ + x₂.
    c = [exponential(-1), exponential(fmpq(1, 2)) / (1 + exponential(1)), -exponential(-2)]
    x = [q(1, 0), q(0, 1), q(1, 1)]
    points = [
        tuple(sum((ck * s * xk[m] for ck, s, xk in zip(c, signs, x, strict=True)), start=fmpq(0)) for m in range(2))
        for signs in itertools.product((0, 1), repeat=3)
    ]
    extremes = extreme_points(points)
    assert len(extremes.vertices) == 6
    check(points, extremes)


def test_a_transcendental_zonotope_in_space():
    # Four generators in general position in dimension 3: 2(1 + 3 + 3) = 14 of the 16 sums are corners.
    c = [exponential(k) / (2 + exponential(k)) for k in (1, 2, -1, 3)]
    x = [q(1, 0, 1), q(0, 1, 1), q(1, 1, -1), q(1, -2, 0)]
    points = [
        tuple(sum((ck * s * xk[m] for ck, s, xk in zip(c, signs, x, strict=True)), start=fmpq(0)) for m in range(3))
        for signs in itertools.product((0, 1), repeat=4)
    ]
    extremes = extreme_points(points)
    assert len(extremes.vertices) == 14
    check(points, extremes)


def test_exact_ties_of_transcendental_numbers_are_ties():
    # The middle of two corners in coordinates that no float represents.
    e = exponential(1)
    corners = [(e, fmpq(0), fmpq(0)), (fmpq(0), e, fmpq(0)), (fmpq(0), fmpq(0), e), q(0, 0, 0)]
    middle = (e / 2, e / 2, fmpq(0))
    outside = (e / 2 + TINY, e / 2, fmpq(0))
    assert extreme_points([*corners, middle]).combinations == {4: {0: fmpq(1, 2), 1: fmpq(1, 2)}}
    extremes = extreme_points([*corners, outside])
    assert extremes.vertices == (0, 1, 2, 3, 4)
    check([*corners, outside], extremes)


def test_the_same_points_give_the_same_answer():
    points = [q(i * i % 11, i * 5 % 13, i * 7 % 17) for i in range(25)]
    assert extreme_points(points) == extreme_points(points)


coordinate = st.integers(-3, 3).map(fmpq)


@given(st.integers(1, 5), st.data())
@settings(deadline=None, max_examples=60)
def test_extreme_means_outside_the_hull_of_the_others(width: int, data: st.DataObject):
    raw = data.draw(st.lists(st.tuples(*[st.integers(-3, 3)] * width), min_size=2, max_size=12, unique=True))
    points = [q(*p) for p in raw]
    extremes = extreme_points(points)
    check(points, extremes)
    for i, point in enumerate(points):
        others = points[:i] + points[i + 1 :]
        assert isinstance(membership(point, others, shorten=False), Separated) == (i in extremes.vertices)


@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=2, max_size=7, unique=True))
@settings(deadline=None, max_examples=20)
def test_stretched_coordinates_keep_their_vertices(raw: list[tuple[int, ...]]):
    points = [q(*p) for p in raw]
    scales = [exponential(1), exponential(fmpq(-1, 2)), 1 / (1 + exponential(1))]
    stretched = [tuple(x * s for x, s in zip(p, scales, strict=True)) for p in points]
    extremes = extreme_points(stretched)
    assert extremes.vertices == extreme_points(points).vertices
    check(stretched, extremes)


def test_points_on_a_line_of_the_plane():
    points = [(fmpq(t), fmpq(2 * t + 1)) for t in (1, 0, 4)]
    extremes = extreme_points(points)
    assert extremes.combinations == {0: {1: fmpq(3, 4), 2: fmpq(1, 4)}}
    check(points, extremes)
    e = exponential(1)
    stretched = [(x * e, y) for x, y in points]
    assert extreme_points(stretched).combinations == extremes.combinations
    check(stretched, extreme_points(stretched))


def test_a_functional_with_a_tie_is_tilted_until_one_point_is_left():
    cube = [q(*v) for v in itertools.product((0, 1), repeat=3)]
    for scale in (fmpq(1), exponential(1)):
        points = [tuple(scale * x for x in p) for p in cube]
        vertex, functional = Maximisers(points).unique_maximiser([1, 0, 0])
        assert points[vertex][0] == scale
        values = [dot(functional, p) for p in points]
        assert all(sign(values[vertex] - value) > 0 for i, value in enumerate(values) if i != vertex)


def test_a_tie_is_broken_among_its_points_even_if_others_are_far_away():
    # x is largest, 1, on the edge from (1, −1) to (1, 1). With the weight 16 a direction that uses y prefers one of the
    # points far above and below, which lie back by 1/2 only: such directions are refused until x weighs enough.
    flat = [q(1, -1), q(1, 1), (fmpq(1, 2), fmpq(10**6)), (fmpq(1, 2), fmpq(-(10**6)))]
    for scale in (fmpq(1), exponential(1)):
        points = [tuple(scale * x for x in p) for p in flat]
        vertex, functional = Maximisers(points).unique_maximiser([1, 0])
        assert vertex in (0, 1)
        values = [dot(functional, p) for p in points]
        assert all(sign(values[vertex] - value) > 0 for i, value in enumerate(values) if i != vertex)


def test_a_transcendental_point_outside_a_facet_by_less_than_floats_tell_is_extreme():
    # The centre of the facet with corners (e, 0, 0), (0, 1, 0), (0, 0, e²), moved out by the factor 1 + ε or not. Its
    # normal (1/e, 1, 1/e²) is near no short direction, and with fewer than 60 bits it does not separate.
    e = exponential(1)
    corners = [q(0, 0, 0), (e, fmpq(0), fmpq(0)), q(0, 1, 0), (fmpq(0), fmpq(0), e * e)]
    for factor, n_vertices in ((1 + TINY, 5), (1 + TINY * TINY, 5), (fmpq(1), 4), (1 - TINY, 4)):
        points = [*corners, tuple(x * factor / 3 for x in (e, fmpq(1), e * e))]
        extremes = extreme_points(points)
        assert len(extremes.vertices) == n_vertices
        check(points, extremes)


def test_balls_that_overlap_are_decided_exactly():
    # The first point is larger by 2⁻²⁰⁰, which balls of 128 bits do not see.
    e = exponential(1)
    points = [(e + TINY**4, fmpq(0)), (e, fmpq(1)), (e - TINY**4, fmpq(2))]
    assert Maximisers(points).faces([[1, 0]]) == [[0]]
    assert Maximisers(points[::-1]).faces([[1, 0]]) == [[2]]


def test_points_in_one_simplex_are_found_together() -> None:
    corners = [(0, 0, 0), (4, 0, 0), (0, 4, 0), (0, 0, 4)]
    inside = [(1, 1, 1), (0, 1, 2), (2, 2, 0), (1, 0, 0)]
    points = fmpz_mat([list(p) for p in [*corners, *inside, (3, 3, 3)]])
    found = _others_in_simplex(points, [0, 1, 2, 3], [4, 5, 6, 7, 8])
    quarter = fmpq(1, 4)
    assert found == {
        4: {0: quarter, 1: quarter, 2: quarter, 3: quarter},
        5: {0: quarter, 2: quarter, 3: fmpq(1, 2)},
        6: {1: fmpq(1, 2), 2: fmpq(1, 2)},
        7: {0: fmpq(3, 4), 1: quarter},
    }
    assert _others_in_simplex(points, [0, 1, 2, 3], []) == {}
    assert _others_in_simplex(points, [0, 1, 2, 6], [4]) == {}  # four points of a plane
