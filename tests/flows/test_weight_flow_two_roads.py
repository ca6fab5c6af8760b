"""The flow in the weights on drawn nets: two precisions, mpmath's solver on each arc, exact subgradients, and laws."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.exact.rationals import fmpq
from symflow.flows.precision import working_digits
from symflow.flows.trajectory import Trajectory
from tests.flows.weight_problems import (
    FieldByHand,
    distance,
    drawn,
    drawn_numbers,
    exact,
    follow,
    named,
    risk,
    story,
)

# (seed, objective, end) of problems that meet what flows meet: crossings, sliding, exits, deaths.
SOME = [
    (5, "exponential", 10),
    (13, "exponential", 10),
    (6, "squared", 3),
    pytest.param(7, "logistic", 10, marks=pytest.mark.slow),
    (17, "log_sum_exp", 2),
]
MANY = [(seed, kind, 2 if kind == "log_sum_exp" else 10) for seed in range(25) for kind in
        ("exponential", "logistic", "squared", "log_sum_exp")]  # fmt: skip

# Of MANY those that no number of digits decides, with the reason.
UNDECIDED: dict[tuple[int, str], str] = {}


@pytest.mark.parametrize(("seed", "kind", "until"), SOME)
def test_two_precisions_and_orders_agree(seed: int, kind: str, until: int) -> None:
    two_precisions(seed, kind, until)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "kind", "until"), MANY)
def test_two_precisions_and_orders_agree_on_a_hundred_problems(seed: int, kind: str, until: int) -> None:
    path = two_precisions(seed, kind, until)
    assert (path.status == "undecided") == ((seed, kind) in UNDECIDED), path.reason


def two_precisions(seed: int, kind: str, until: int) -> Trajectory:
    low, high = (follow(drawn(seed, kind), until, digits) for digits in (20, 32))
    assert (low.status, story(low)) == (high.status, story(high))
    with working_digits(40):
        assert distance(low, high) <= mpmath.mpf(10) ** -20
    return low


# ---------------------------------------------------------------------- a second solver


@pytest.mark.parametrize(("seed", "kind", "until"), SOME)
@pytest.mark.slow
def test_each_arc_is_one_of_mpmaths_solver_and_keeps_its_pattern(seed: int, kind: str, until: int) -> None:
    """From the start of each arc, in floats of 15 digits; signs are looked at on the way, and forces on ties."""
    _, inputs, labels = drawn_numbers(seed)
    path = follow(drawn(seed, kind), until, 20)
    with working_digits(15):
        field = FieldByHand(inputs, labels, kind, n_neurons=4)
        for arc in path.arcs:
            duration = arc.end - arc.start
            if duration < 1e-9 or duration > 4:
                continue
            solution = mpmath.odefun(
                lambda t, w, pattern=arc.pattern: field(w, pattern), 0, [+x for x in arc.start_state], tol=1e-12
            )
            for part in (mpmath.mpf(1) / 8, mpmath.mpf(1) / 2, mpmath.mpf(7) / 8):
                assert_pattern(field, solution(part * duration), arc.pattern)
            for found, expected in zip(arc.end_state, solution(duration), strict=True):
                assert abs(found - expected) < 1e-9 * max(1, abs(expected))


def assert_pattern(field: FieldByHand, state: list[Any], pattern: str) -> None:
    """Check the signs, and that on a tie both sides push towards it (or one does not push, where nothing is active)."""
    signs = pattern.split("|")
    _, outer = field.parts(state)
    for k, word in enumerate(signs):
        for j, character in enumerate(word):
            h = field.preactivation(state, j, k)
            if character != "0":
                assert h * (1 if character == "+" else -1) > 0
                continue
            assert abs(h) < 1e-10
            x = field.inputs[k]
            ties = [i for i in range(len(signs)) if signs[i][j] == "0" and any(field.inputs[i])]
            if not any(x) or len(ties) > 1:
                continue
            below, above = (
                outer[j] * mpmath.fsum(a * b for a, b in zip(field.force(state, signs, j, {k: side}), x, strict=True))
                for side in "-+"
            )
            assert above < 0 <= below


@pytest.mark.parametrize("seed", [1, 5, 6, 10])
def test_minus_the_velocity_is_the_shortest_subgradient_in_the_middle_of_each_arc(seed: int) -> None:
    """At rational states on the walls of the arc's pattern, with the exact Clarke differential of the squared risk."""
    weights, inputs, labels = drawn_numbers(seed, 2, 3)
    function = risk(weights, inputs, labels, loss="squared")
    plain = follow(function, 3, 20)
    middles = [Fraction(str(mpmath.nstr((arc.start + arc.end) / 2, 12))) for arc in plain.arcs if arc.end > arc.start]
    path = follow(function, 3, 20, checkpoints=middles)
    seen = {Fraction(str(mpmath.nstr(c.time, 12))): c.state for c in path.checkpoints}
    for arc, middle in zip([a for a in plain.arcs if a.end > a.start], middles, strict=True):
        point = on_the_walls([Fraction(str(mpmath.nstr(x, 12))) for x in seen[middle]], inputs, arc.pattern)
        here = risk([[point[0:2], point[2:4]], [point[4:]]], inputs, labels, loss="squared")
        found = clarke_differential(here).minimal_norm_element
        with working_digits(40):
            velocity = FieldByHand(inputs, labels, "squared", n_neurons=2)([exact(x) for x in point], arc.pattern)
            for one, other in zip(velocity, found, strict=True):
                assert isinstance(other, fmpq)
                assert abs(one + exact(other)) < 1e-30


def on_the_walls(state: list[Fraction], inputs: Any, pattern: str) -> list[Fraction]:
    """Move each tied neuron of the plane exactly onto its wall (onto 0 where it has two)."""
    result = list(state)
    for j in range(len(pattern.split("|")[0])):
        ties = [inputs[k] for k, word in enumerate(pattern.split("|")) if word[j] == "0" and any(inputs[k])]
        w = result[2 * j : 2 * j + 2]
        for x in ties:
            shift = (w[0] * x[0] + w[1] * x[1]) / (x[0] ** 2 + x[1] ** 2)
            w = [w[0] - shift * x[0], w[1] - shift * x[1]]
        if len(ties) > 1 and ties[0][0] * ties[1][1] != ties[0][1] * ties[1][0]:
            w = [Fraction(0), Fraction(0)]
        result[2 * j : 2 * j + 2] = w
    return result


# ---------------------------------------------------------------------- laws

KINDS = st.sampled_from(["exponential", "logistic", "squared"])


@settings(max_examples=10)
@given(st.integers(100, 10_000), KINDS)
def test_the_objective_never_rises(seed: int, kind: str) -> None:
    path = follow(drawn(seed, kind, 2, 3), 1, 15, checkpoints=[Fraction(k, 8) for k in range(1, 8)])
    values = [c.objective for c in path.checkpoints]
    assert all(b <= a + mpmath.mpf(10) ** -14 * (1 + abs(a)) for a, b in pairwise(values))


@settings(max_examples=8)
@given(st.integers(100, 10_000), KINDS)
def test_permuting_neurons_permutes_the_state(seed: int, kind: str) -> None:
    (inner, outer), inputs, labels = drawn_numbers(seed, 3, 3)
    order = [2, 0, 1]
    moved = [[inner[j] for j in order], [[outer[0][j] for j in order]]]
    one, other = (follow(risk(w, inputs, labels, **named(kind)), 1, 20) for w in ([inner, outer], moved))
    assert one.status == other.status
    assert sorted((e.layer, order.index(e.neuron - 1) + 1, e.datum, e.kind, e.to) for e in one.events) == sorted(
        story(other)
    )
    with working_digits(30):
        for place, j in enumerate(order):
            for c in range(2):
                assert abs(one.state[2 * j + c] - other.state[2 * place + c]) < mpmath.mpf(10) ** -19
            assert abs(one.state[6 + j] - other.state[6 + place]) < mpmath.mpf(10) ** -19


@settings(max_examples=8)
@given(st.integers(100, 10_000), KINDS)
def test_going_on_from_a_saved_state_meets_the_same_end(seed: int, kind: str) -> None:
    """The state at 1/2, rounded to 40 digits and put onto its walls, is followed to the end at 1."""
    weights, inputs, labels = drawn_numbers(seed, 2, 3)
    whole = follow(risk(weights, inputs, labels, **named(kind)), 1, 20)
    half = follow(risk(weights, inputs, labels, **named(kind)), "1/2", 40)
    if whole.status != "completed" or half.status != "completed":
        return
    with working_digits(60):
        state = [Fraction(int(mpmath.nint(x * 10**45)), 10**45) for x in half.state]
    state = on_the_walls(state, inputs, half.arcs[-1].pattern)
    rest = follow(risk([[state[0:2], state[2:4]], [state[4:]]], inputs, labels, **named(kind)), "1/2", 20)
    assert rest.status == "completed"
    with working_digits(30):
        for a, b in zip(whole.state, rest.state, strict=True):
            assert abs(a - b) < mpmath.mpf(10) ** -19 * max(1, abs(a))


@settings(max_examples=8)
@given(st.integers(100, 10_000))
def test_a_turned_plane_turns_the_state(seed: int) -> None:
    """Under the rotation by (3 + 4 i) / 5 of all inputs and rows."""
    (inner, outer), inputs, labels = drawn_numbers(seed, 2, 3)

    def turned(x: Any) -> Any:
        return [(3 * x[0] - 4 * x[1]) / 5, (4 * x[0] + 3 * x[1]) / 5]

    one = follow(risk([inner, outer], inputs, labels), 1, 20)
    other = follow(risk([[turned(w) for w in inner], outer], [turned(x) for x in inputs], labels), 1, 20)
    assert (one.status, story(one)) == (other.status, story(other))
    with working_digits(30):
        for j in range(2):
            for a, b in zip(turned(one.state[2 * j : 2 * j + 2]), other.state[2 * j : 2 * j + 2], strict=True):
                assert abs(a - b) < mpmath.mpf(10) ** -19
