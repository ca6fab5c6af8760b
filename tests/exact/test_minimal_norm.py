"""The nearest point of a hull to the origin: known answers, the optimality condition, and a second method."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact import minimal_norm
from symflow.exact.exponential_numbers import Scalar, exponential, sign
from symflow.exact.minimal_norm import MinimalNorm, is_nearest, minimal_norm_point
from symflow.exact.point_sets import combination, dot

TINY = fmpq(1, 2**60)


def q(*values: int) -> tuple[fmpq, ...]:
    return tuple(map(fmpq, values))


def check(points: Sequence[Sequence[Scalar]], answer: MinimalNorm) -> None:
    assert all(sign(w) > 0 for w in answer.weights.values())
    assert sum(answer.weights.values(), start=fmpq(0)) == 1
    assert combination(answer.weights, points) == answer.point
    assert dot(answer.point, answer.point) == answer.squared_norm
    assert is_nearest(answer.point, points)


def test_one_point_is_its_own_nearest():
    assert minimal_norm_point([q(3, 4)]) == MinimalNorm(q(3, 4), {0: fmpq(1)}, fmpq(25))


def test_no_points_are_refused():
    with pytest.raises(ValueError, match="no points"):
        minimal_norm_point([])


def test_points_without_coordinates_are_at_the_origin():
    assert minimal_norm_point([(), ()]).squared_norm == 0


def test_repeated_points_and_the_origin_among_them():
    assert minimal_norm_point([q(1, 1), q(1, 1)]).point == q(1, 1)
    assert minimal_norm_point([q(1, 1), q(0, 0), q(0, 0)]).weights in ({1: fmpq(1)}, {2: fmpq(1)})


def test_the_foot_of_the_perpendicular_on_a_plane():
    # The plane x + 2y + 2z = 9 through its points on the axes: foot 9/9·(1, 2, 2), inside the triangle.
    points = [q(9, 0, 0), (fmpq(0), fmpq(9, 2), fmpq(0)), (fmpq(0), fmpq(0), fmpq(9, 2))]
    answer = minimal_norm_point(points)
    assert answer == MinimalNorm(q(1, 2, 2), {0: fmpq(1, 9), 1: fmpq(4, 9), 2: fmpq(4, 9)}, fmpq(9))


def test_an_origin_barely_inside_and_barely_outside():
    # The triangle with an edge on y = ∓ε: inside, the nearest point is 0; outside, (0, ε).
    for shift in (-TINY, fmpq(0), TINY):
        points = [(fmpq(-1), shift), (fmpq(1), shift), q(0, 3)]
        answer = minimal_norm_point(points)
        check(points, answer)
        assert answer.point == (fmpq(0), max(shift, fmpq(0)))


def test_dyadic_points_of_fifty_bits():
    points = [tuple(fmpq((2**50 + 7**k * (m + 3) ** k) % 2**50 + 2**48, 2**50) for m in range(6)) for k in range(12)]
    check(points, minimal_norm_point(points))


def test_the_segment_between_transcendental_ends():
    # From (e, 0) to (0, 1): weights (1, e²)/(1 + e²), point (e, e²)/(1 + e²).
    e = exponential(1)
    points = [(e, fmpq(0)), q(0, 1)]
    answer = minimal_norm_point(points)
    assert answer.point == (e / (1 + e * e), e * e / (1 + e * e))
    assert answer.squared_norm == e * e / (1 + e * e)
    check(points, answer)


def test_a_face_with_rational_directions_gives_a_short_point():
    # A horizontal square at height e about the axis, and a point above it: the nearest point is the square's centre.
    e = exponential(1)
    points = [(fmpq(a), fmpq(b), e) for a in (-1, 1) for b in (-1, 1)] + [(fmpq(0), fmpq(0), 3 * e)]
    answer = minimal_norm_point(points)
    assert answer.point == (fmpq(0), fmpq(0), e)
    check(points, answer)


def test_a_transcendental_hull_that_contains_the_origin_on_an_edge():
    e = exponential(1)
    points = [(e, e), (-1 / e, -1 / e), (fmpq(0), 5 * e)]
    answer = minimal_norm_point(points)
    assert answer.point == q(0, 0)
    check(points, answer)


def test_transcendental_points_nearer_than_any_float_can_tell():
    e = exponential(1)
    points = [(e, e), (e + TINY * TINY, e - TINY * TINY), (e + 1, e)]
    check(points, minimal_norm_point(points))


def test_the_method_over_the_field_agrees(monkeypatch: pytest.MonkeyPatch):
    e, f = exponential(fmpq(1, 2)), exponential(-1)
    points = [(e, f, fmpq(1)), (f, e, fmpq(1)), (fmpq(1), fmpq(2), f), (e, e, e), (fmpq(2), f, -f)]
    expected = minimal_norm_point(points)
    check(points, expected)
    # A wrong face is noticed, and the exact method takes over.
    monkeypatch.setattr(minimal_norm, "_face_of_the_answer", lambda points: [3])
    answer = minimal_norm_point(points)
    check(points, answer)
    assert answer.point == expected.point


def test_a_face_whose_plane_is_nearer_than_its_points_is_noticed(monkeypatch: pytest.MonkeyPatch):
    # On the line y = 1 the nearest point to the origin is (0, 1), and no point of the set lies below that line; but
    # (0, 1) is not in the hull, which begins at (e, 1).
    e = exponential(1)
    points = [(e, fmpq(1)), (2 * e, fmpq(1)), (3 * e, fmpq(2))]
    monkeypatch.setattr(minimal_norm, "_face_of_the_answer", lambda points: [0, 1])
    answer = minimal_norm_point(points)
    assert answer == MinimalNorm((e, fmpq(1)), {0: fmpq(1)}, e * e + 1)


def by_all_faces(points: Sequence[Sequence[fmpq]]) -> tuple[fmpq, ...]:
    """The nearest point as the best of the feet of perpendiculars on all affinely independent subsets."""
    best: tuple[fmpq, tuple[fmpq, ...]] | None = None
    for size in range(1, len(points[0]) + 2):
        for subset in itertools.combinations(points, size):
            gram = fmpq_mat([[dot(p, r) + 1 for r in subset] for p in subset])
            if gram.det() == 0:
                continue
            weights = gram.solve(fmpq_mat(size, 1, [1] * size)).entries()
            if any(w < 0 for w in weights):
                continue
            total = sum(weights, start=fmpq(0))
            foot = combination({i: w / total for i, w in enumerate(weights)}, subset)
            if best is None or dot(foot, foot) < best[0]:
                best = dot(foot, foot), foot
    assert best is not None
    return best[1]


@given(st.integers(1, 3), st.data())
@settings(deadline=None, max_examples=40)
def test_it_is_the_best_foot_of_all_faces(width: int, data: st.DataObject):
    coordinate = st.integers(-4, 6).map(lambda x: fmpq(x, 2))
    points = data.draw(st.lists(st.tuples(*[coordinate] * width), min_size=1, max_size=6))
    answer = minimal_norm_point(points)
    check(points, answer)
    assert answer.point == by_all_faces(points)


@given(st.lists(st.tuples(*[st.integers(-1, 4)] * 3), min_size=1, max_size=6), st.integers(-2, 2))
@settings(deadline=None, max_examples=25)
def test_scaling_the_points_scales_the_answer(raw: list[tuple[int, ...]], power: int):
    points = [q(*p) for p in raw]
    factor = exponential(power)
    scaled = [tuple(factor * x for x in p) for p in points]
    answer = minimal_norm_point(scaled)
    check(scaled, answer)
    assert answer.point == tuple(factor * x for x in minimal_norm_point(points).point)
