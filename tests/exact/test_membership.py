"""Hull membership, extreme points, nearest points and ray intervals, each checked by its definition."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact import membership as memberships
from symflow.exact.exponential_numbers import Scalar, exponential, sign
from symflow.exact.membership import Member, Separated, membership
from symflow.exact.point_sets import affine_dimension, combination, dot, essential_coordinates
from symflow.exact.ray_interval import ray_interval

TINY = fmpq(1, 2**60)
ORIGIN = (fmpq(0), fmpq(0))


def q(*values: int) -> tuple[fmpq, ...]:
    return tuple(map(fmpq, values))


@st.composite
def point_lists(draw: st.DrawFn, *, most: int = 9, widest: int = 4) -> list[tuple[fmpq, ...]]:
    width = draw(st.integers(1, widest))
    coordinate = st.integers(-4, 4).map(lambda x: fmpq(x, 2))
    return draw(st.lists(st.tuples(*[coordinate] * width), min_size=1, max_size=most))


def proves(point: Sequence[Scalar], points: Sequence[Sequence[Scalar]], answer: Member | Separated) -> bool:
    if isinstance(answer, Separated):
        assert all(x.q == 1 for x in answer.functional)
        return all(sign(dot(answer.functional, p) - dot(answer.functional, point)) > 0 for p in points)
    total = sum(answer.weights.values(), start=fmpq(0))
    return (
        all(sign(x) > 0 for x in answer.weights.values())
        and total == 1
        and combination(answer.weights, points) == tuple(point)
    )


def test_a_point_of_an_edge_is_a_member_and_one_beside_it_is_not():
    edge = [q(0, 0), q(2, 2)]
    assert membership((fmpq(1), fmpq(1)), edge) == Member({0: fmpq(1, 2), 1: fmpq(1, 2)})
    for beside in ((fmpq(1), 1 + TINY), (1 + TINY, fmpq(1)), (2 + TINY, 2 + TINY)):
        answer = membership(beside, edge)
        assert isinstance(answer, Separated)
        assert proves(beside, edge, answer)


def test_the_hull_of_nothing_contains_nothing():
    assert membership(q(1, 2), []) == Separated(q(0, 0))


def test_the_only_point_of_the_space_of_dimension_zero_is_a_member():
    assert membership((), [()]) == Member({0: fmpq(1)})


def test_separating_functionals_are_a_coordinate_where_one_will_do():
    points = [q(3, -1, 2, 5), q(1, 4, -2, 5), q(2, 0, 0, -5)]
    assert membership(q(0, 0, 0, 0), points) == Separated(q(1, 0, 0, 0))


def test_separating_functionals_are_a_sum_of_two_coordinates_where_one_will_not_do():
    points = [q(3, -1, 2), q(-1, 3, -2)]
    assert membership(q(0, 0, 0), points) == Separated(q(1, 1, 0))


def test_separating_functionals_leave_out_what_they_can():
    # Only x + y + z > 0 works on these; the last coordinate is not needed.
    points = [q(3, -1, -1, 1), q(-1, 3, -1, -1), q(-1, -1, 3, 0)]
    assert membership(q(0, 0, 0, 0), points) == Separated(q(1, 1, 1, 0))


def test_in_many_coordinates_a_functional_is_shortened_by_leaving_out_entries(monkeypatch: pytest.MonkeyPatch):
    # Sums and differences of two coordinates are not tried beyond 16 coordinates; this would raise if they were.
    monkeypatch.setattr(memberships, "_simple_candidates", None)
    # The points e_k + e_17 for k ≤ 16: the widest functional is the sum of all coordinates. Its entries are left out
    # one by one, and the last is enough: it is 1 on all points.
    points = [tuple(fmpq(m in (k, 16)) for m in range(17)) for k in range(16)]
    answer = membership((fmpq(0),) * 17, points)
    assert answer == Separated(q(*[0] * 16, 1))
    # With d·e_k − Σ e_j, d = 17, no entry can be left out: u is positive on them exactly if 18 u_k > Σ u_j for all k.
    points = [tuple(fmpq(17 if m == k else -1) for m in range(17)) for k in range(17)]
    answer = membership((fmpq(0),) * 17, points)
    assert isinstance(answer, Separated)
    assert proves((fmpq(0),) * 17, points, answer)
    assert all(x > 0 for x in answer.functional)


def test_a_transcendental_point_on_a_rational_edge():
    e = exponential(-1)
    answer = membership((e, e), [q(0, 0), q(1, 1), q(5, 0)])
    assert answer == Member({0: 1 - e, 1: e})
    beside = (e, e + TINY)
    answer = membership(beside, [q(0, 0), q(1, 1), q(5, 0)])
    assert isinstance(answer, Separated)
    assert proves(beside, [q(0, 0), q(1, 1), q(5, 0)], answer)


def test_weights_that_hold_whatever_the_coefficients_are_rational():
    # The centre of the parallelogram c₁[0, 1](1, 0) + c₂[0, 1](1, 1) is half of each diagonal.
    c, d = exponential(2) / (1 + exponential(2)), exponential(-3)
    zero = fmpq(0)
    corners = [(zero, zero), (c, zero), (d, d), (c + d, d)]
    centre = ((c + d) / 2, d / 2)
    answer = membership(centre, corners)
    assert isinstance(answer, Member)
    assert proves(centre, corners, answer)
    assert all(isinstance(x, fmpq) for x in answer.weights.values())


@given(point_lists(), st.data())
@settings(deadline=None, max_examples=60)
def test_every_answer_is_proved(points: list[tuple[fmpq, ...]], data: st.DataObject):
    coordinate = st.integers(-4, 4).map(lambda x: fmpq(x, 3))
    point = data.draw(st.tuples(*[coordinate] * len(points[0])))
    assert proves(point, points, membership(point, points))


@given(point_lists())
@settings(deadline=None, max_examples=40)
def test_combinations_are_members(points: list[tuple[fmpq, ...]]):
    weights = {i: fmpq(2 * (i + 1), len(points) * (len(points) + 1)) for i in range(len(points))}
    assert isinstance(membership(combination(weights, points), points), Member)


@given(point_lists(most=5, widest=3), st.lists(st.integers(-2, 2), min_size=3, max_size=3))
@settings(deadline=None, max_examples=25)
def test_stretching_coordinates_by_exponentials_keeps_members(points: list[tuple[fmpq, ...]], powers: list[int]):
    point, *others = points
    if not others:
        return
    scales = [exponential(k) for k in powers[: len(point)]]
    stretched = [tuple(x * s for x, s in zip(p, scales, strict=True)) for p in points]
    answer = membership(stretched[0], stretched[1:])
    assert proves(stretched[0], stretched[1:], answer)
    assert type(answer) is type(membership(point, others))


# Affine hulls


def test_affine_dimensions_of_small_sets():
    e = exponential(1)
    assert affine_dimension([]) == -1
    assert affine_dimension([q(7, 7)]) == 0
    assert affine_dimension([q(1, 1), q(1, 1)]) == 0
    assert affine_dimension([q(0, 0, 1), q(1, 2, 1), q(2, 4, 1)]) == 1
    assert affine_dimension([q(0, 0, 0), (e, fmpq(1), fmpq(2)), (e * e, e, 2 * e)]) == 1
    assert affine_dimension([q(0, 0, 0), (e, fmpq(1), fmpq(2)), (e * e, e, 2 * e + TINY)]) == 2


def test_constant_and_repeated_coordinates_are_not_essential():
    points = [q(1, 2, 5, -2), q(1, 3, 6, -3), q(1, 9, 12, -9)]
    assert essential_coordinates(points) == [1]


# Rays


def test_a_line_through_a_square():
    square = [q(0, 0), q(1, 0), q(0, 1), q(1, 1)]
    assert ray_interval(q(-1, -1), q(1, 1), square) == (fmpq(1), fmpq(2))
    assert ray_interval(q(2, 0), q(-1, 1), square) == (fmpq(1), fmpq(1))  # a corner alone
    assert ray_interval((2 + TINY, fmpq(0)), q(-1, 1), square) is None


def test_a_line_that_crosses_a_segment_in_space_has_one_parameter():
    # The segment from (0, −1, −2) to (3, 1, 2) meets the first axis at 3/2. Its other two coordinates are dependent, so
    # the programs have one equation more than they need.
    for scale in (fmpq(1), exponential(1)):
        ends = [tuple(scale * x for x in p) for p in (q(0, -1, -2), q(3, 1, 2))]
        assert ray_interval(q(0, 0, 0), q(1, 0, 0), ends) == (scale * fmpq(3, 2), scale * fmpq(3, 2))
        assert ray_interval(q(0, 0, 1), q(1, 0, 0), ends) is None


def test_a_line_beside_or_without_points_has_no_interval():
    assert ray_interval(q(0, 0), q(1, 0), []) is None
    assert ray_interval(q(0, 0), q(1, 0), [q(1, 1)]) is None
    assert ray_interval(q(0, 0), q(2, 0), [q(1, 0)]) == (fmpq(1, 2), fmpq(1, 2))


def test_a_zero_direction_is_refused():
    with pytest.raises(ValueError, match="direction is zero"):
        ray_interval(q(0, 0), q(0, 0), [q(0, 0)])


def test_transcendental_ends():
    e = exponential(1)
    triangle = [q(0, 0), (e, fmpq(0)), (fmpq(0), e)]
    assert ray_interval(ORIGIN, q(1, 1), triangle) == (fmpq(0), e / 2)


@given(point_lists(most=7, widest=3), st.data())
@settings(deadline=None, max_examples=50)
def test_the_ends_are_members_and_nothing_beyond_them_is(points: list[tuple[fmpq, ...]], data: st.DataObject):
    vector = st.tuples(*[st.integers(-3, 3).map(fmpq)] * len(points[0]))
    start, direction = data.draw(vector), data.draw(vector.filter(any))
    interval = ray_interval(start, direction, points)

    def at(t: Scalar) -> tuple[Scalar, ...]:
        return tuple(x + t * y for x, y in zip(start, direction, strict=True))

    if interval is None:
        assert isinstance(membership(at(fmpq(0)), points), Separated)
        return
    low, high = interval
    assert low <= high
    assert isinstance(membership(at(low), points), Member)
    assert isinstance(membership(at(high), points), Member)
    assert isinstance(membership(at(low - TINY), points), Separated)
    assert isinstance(membership(at(high + TINY), points), Separated)
