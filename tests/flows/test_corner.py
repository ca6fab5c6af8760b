"""Faces at a corner of a first-layer neuron, and which of them the flow can follow."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.rationals import fmpq
from symflow.flows.corner import Corner, corner, hull_test, judge
from symflow.flows.first_layer import FirstLayer
from symflow.nets.network import Network, Vector

RELU = (fmpq(0), fmpq(1))


def made(data: Sequence[Sequence[int]], slopes: tuple[fmpq, fmpq] = RELU, on: Sequence[int] | None = None) -> Corner:
    inputs = tuple(tuple(fmpq(entry) for entry in x) for x in data)
    layer = FirstLayer(Network.from_weights([[0] * len(data[0])], [[1]]), inputs, True, False)
    kinks = tuple(range(len(data))) if on is None else tuple(on)
    found = corner(layer, kinks, tuple(fmpq(1) for _ in data), slopes, len(data))
    assert found is not None
    return found


def followed(found: Corner, signals: Sequence[int], factor: int) -> set[tuple[int, ...]]:
    """Return the faces that can be followed, with the signs of combinations of these signals."""
    near = tuple(fmpq(r) for r in signals)

    def sign_of(functional: Vector) -> int | None:
        value = sum((a * b for a, b in zip(functional, near, strict=True)), fmpq(0))
        if value == 0 and any(functional):
            return None
        return int(value > 0) - int(value < 0)

    judgement = judge(found, sign_of, factor, hull_test(found, near, fmpq(1, 10**20), factor))
    assert not judgement.undecided
    return {found.faces[place].signs for place in judgement.accepted}


@pytest.mark.parametrize(
    ("push", "own", "expected"),
    [
        (1, 1, {(1,)}),  # both sides push to +: 1 and 2
        (-3, 1, {(-1,)}),  # -3 and -2
        (1, -3, {(0,)}),  # 1 and -2: a valley
        (-1, 3, {(-1,), (0,), (1,)}),  # -1 and 2: a ridge
    ],
)
def test_the_table_of_one_kink(push: int, own: int, expected: set[tuple[int, ...]]) -> None:
    """Kink x_1 = (1, 0) with signal own; the datum (1, 1) is active with signal push: a_- = push, a_+ = push + own."""
    found = made([[1, 0], [1, 1]], on=[0])
    assert followed(found, [own, push], 1) == expected


def test_the_sign_of_the_output_weight_swaps_valleys_and_ridges() -> None:
    found = made([[1, 0], [1, 1]], on=[0])
    assert followed(found, [3, -1], -1) == {(0,)}
    assert len(followed(found, [-3, 1], -1)) == 3


def test_general_lines_in_the_plane_make_two_faces_a_line_each_way_and_the_corner() -> None:
    """k lines through 0: 2 k cells, 2 k rays, one point."""
    for k in (1, 2, 3, 4):
        found = made([[1, n] for n in range(k)])
        assert len(found.faces) == (3 if k == 1 else 4 * k + 1)


def test_parallel_data_share_a_wall() -> None:
    found = made([[1, 0], [-2, 0], [3, 0]])
    (wall,) = found.walls
    assert dict(wall.members) == {0: 1, 1: -2, 2: 3}


def test_an_absolute_value_under_parallel_data_has_no_smooth_side() -> None:
    found = made([[1, 0], [1, 1]], (fmpq(-1), fmpq(1)), on=[0])
    assert followed(found, [-3, 1], 1) == {(0,)}
    assert len(followed(found, [3, 1], 1)) == 3


@given(
    st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)).filter(any), min_size=1, max_size=3),
    st.lists(st.integers(-40, 40), min_size=4, max_size=4),
    st.sampled_from([-1, 1]),
)
def test_some_face_can_always_be_followed_and_one_alone_between_valleys(
    data: list[tuple[int, int]], signals: list[int], factor: int
) -> None:
    """A solution exists; where every signal times a is negative, the risk is convex in the neuron and it is unique."""
    found = made([*data, (1, 3)], on=range(len(data)))
    # Signals without coincidences: distinct powers are added.
    exact = [Fraction(r) + Fraction(7**k, 10**6 * 11**k) for k, r in enumerate(signals[: len(data) + 1])]
    try:
        faces = followed(found, [fmpq(r.numerator, r.denominator) for r in exact], factor)  # type: ignore[misc]
    except AssertionError:
        return  # on the boundary: honestly not decided
    assert faces
    if all(r * factor < 0 for r in exact[: len(data)]):
        assert len(faces) == 1
