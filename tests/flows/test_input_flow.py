"""The flow of the input: known paths, two roads to each, laws on drawn nets, and what must fail."""

import random
import time
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.errors import NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.flows.input_flow import flow_in_input
from symflow.flows.options import FlowOptions
from symflow.flows.straight_solutions import Continuations, at_point, continuations, moved
from symflow.flows.trajectory import Trajectory
from symflow.losses.base import loss
from symflow.nets.network import Network
from symflow.nets.objective import AbstractObjective, Combination, LogSumExp, Output, Risk
from symflow.nets.realization import FunctionOfInput
from symflow.zoo.of_the_lectures import corner
from tests.strategies import functions_of_input

LINEAR = ("relu", "relu", "leaky_relu", "abs", "identity", "maxpool")


def function(net: Network, *start: object, objective: AbstractObjective | None = None) -> FunctionOfInput:
    point = tuple(fmpq(Fraction(str(x)).numerator, Fraction(str(x)).denominator) for x in start)
    return FunctionOfInput(net, (point,), objective or Output())


def flow(F: FunctionOfInput, until: object = 10, **options: Any) -> Trajectory:
    end = Fraction(str(until))
    return flow_in_input(F, FlowOptions(until=fmpq(end.numerator, end.denominator), **options))


def events(path: Trajectory) -> list[tuple[str, int, int, str, str]]:
    return [(str(e.exact_time), e.layer, e.neuron, e.kind, e.to) for e in path.events]


def state(path: Trajectory) -> tuple[str, ...]:
    assert path.exact_state is not None
    return tuple(map(str, path.exact_state))


def branches(path: Trajectory) -> dict[str, tuple[str, ...]]:
    return {branch.kind: tuple(branch.certificate["velocity"]) for branch in path.branches}  # type: ignore[arg-type]


# x1 and x2 are written as relu(x + 10) - 10 where a linear term is wanted, so the paths stay above -10.
ABSOLUTE = Network.from_weights([[1]], [[1]], activation="abs")
HILL = Network.from_weights([[1]], [[-1]], activation="abs")


# ---------------------------------------------------------------------- known paths


def test_the_corner_of_the_mock_up_slides_twice_and_comes_to_rest() -> None:
    """Cell 12 has gradient (0, -2); from (1, -5/2) it meets 10|12 after 3/4. All rows can be read off the cells."""
    net = corner().problem().network
    assert isinstance(net, Network)
    path = flow(function(net, 1, "-5/2"))
    assert path.status == "stationary"
    assert path.is_unique
    assert path.is_exact
    assert path.exact_time == Fraction(10, 3)
    assert state(path) == ("2", "3")
    assert [str(arc.exact["start"]) for arc in path.arcs if arc.exact] == ["0", "3/4", "2", "3"]
    velocities = [tuple(map(str, arc.exact["velocity"])) for arc in path.arcs if arc.exact]  # type: ignore[call-overload]
    assert velocities == [("0", "2"), ("4/5", "8/5"), ("0", "1"), ("0", "3")]
    assert events(path) == [
        ("3/4", 2, 2, "sliding", "0"),
        ("2", 1, 2, "sliding", "0"),
        ("2", 2, 2, "exit", "+"),
        ("3", 1, 1, "crossing", "+"),
        ("3", 1, 3, "crossing", "-"),
        ("10/3", 2, 1, "sliding", "0"),
        ("10/3", 2, 2, "sliding", "0"),
    ]
    assert path.monitors[0].words.endswith("3 + 4 + 1 + 3 = 11")


def test_autodiff_would_stop_at_the_corner_where_the_flow_goes_on() -> None:
    net = corner().problem().network
    assert isinstance(net, Network)
    notes = flow(function(net, 1, "-5/2")).facts["autodiff"]
    assert {"state": ["2", "2"], "gradient": ["0", "0"], "in_differential": False, "stops": True} in notes  # type: ignore[operator]


def test_a_valley_is_reached_and_never_left() -> None:
    path = flow(function(ABSOLUTE, "3/2"))
    assert path.status == "stationary"
    assert (path.exact_time, state(path), path.is_unique) == (Fraction(3, 2), ("0",), True)
    assert events(path) == [("3/2", 1, 1, "sliding", "0")]


def test_kinks_that_cancel_are_crossed() -> None:
    """relu(x) - relu(-x) = x: both units change at once, and the speed does not."""
    net = Network.from_weights([[1], [-1]], [[1, -1]])
    path = flow(function(net, 1), 3)
    assert path.status == "completed"
    assert state(path) == ("-2",)
    assert events(path) == [("1", 1, 1, "crossing", "-"), ("1", 1, 2, "crossing", "+")]


def test_a_start_on_a_kink_that_is_crossed_has_its_event_at_once() -> None:
    """max(2x, x): only the left side leads away from 0 along -∂f."""
    net = Network.from_weights([[1], [-1]], [[2, -1]])
    path = flow(function(net, 0), 1)
    assert (path.is_unique, state(path)) == (True, ("-1",))
    assert events(path) == [("0", 1, 1, "crossing", "-"), ("0", 1, 2, "crossing", "+")]


def test_a_concave_kink_is_crossed_uniquely_when_both_sides_push_across() -> None:
    """min(2x, x): from 1 with speed 1, beyond 0 with speed 2."""
    net = Network.from_weights([[1], [-1]], [[1, -2]])
    path = flow(function(net, 1), 2)
    assert (path.is_unique, state(path)) == (True, ("-2",))


RIDGE = Network.from_weights([[1, 0], [-1, 0], [0, 1]], [[-1, -1, 1]], biases=[[0, 0, 10], [0]])  # -|x1| + x2


def test_on_a_ridge_there_are_three_continuations() -> None:
    path = flow(function(RIDGE, 0, 1))
    assert path.status == "non_unique"
    assert path.is_unique is False
    assert (path.exact_time, state(path)) == (Fraction(0), ("0", "1"))
    assert branches(path) == {"-": ("-1", "-1"), "ridge": ("0", "-1"), "+": ("1", "-1")}
    assert all(branch.events == ((1, 1, 1), (1, 2, 1)) for branch in path.branches)


@pytest.mark.parametrize(
    ("choice", "end", "kind"),
    [("ridge", ("0", "-1"), "sliding"), ("+", ("2", "-1"), "crossing"), ("-", ("-2", "-1"), "crossing")],
)
def test_a_choice_on_a_ridge_is_followed(choice: Any, end: tuple[str, str], kind: str) -> None:
    path = flow(function(RIDGE, 0, 1), 2, on_nonunique=choice)
    assert path.status == "completed"
    assert path.is_unique is False
    assert state(path) == end
    assert {event.kind for event in path.events} == {kind}


def test_the_steepest_of_two_equal_sides_is_not_chosen() -> None:
    path = flow(function(RIDGE, 0, 1), on_nonunique="descent")
    assert path.status == "non_unique"
    assert "2 of them are steepest" in path.reason


def test_the_steeper_side_is_descent() -> None:
    """min(x, -2x) at 0: to the right with speed 2."""
    net = Network.from_weights([[1], [-1]], [[-2, -1]])
    path = flow(function(net, 0), 1, on_nonunique="descent")
    assert state(path) == ("2",)


def test_a_summit_may_be_stayed_on() -> None:
    """-|x|: the slowest continuation stays, and is not called stationary, since it is not the only one."""
    path = flow(function(HILL, 0), 3, on_nonunique="ridge")
    assert (path.status, state(path), path.is_unique) == ("completed", ("0",), False)
    assert "staying" not in flow(function(HILL, 0), 3).reason
    assert flow(function(HILL, 0), 3).status == "non_unique"


def test_at_a_summit_of_two_absolute_values_nine_continuations_are_named_by_their_patterns() -> None:
    """-|x1| - |x2|: each of the nine faces of the cross has one: v = (s1, s2) with s in {-1, 0, 1}."""
    net = Network.from_weights([[1, 0], [0, 1]], [[-1, -1]], activation="abs")
    path = flow(function(net, 0, 0), on_nonunique="+")
    assert branches(path) == {
        a + b: (sign[a], sign[b]) for sign in [{"-": "-1", "0": "0", "+": "1"}] for a in "-0+" for b in "-0+"
    }
    assert "none of them is the side + of one wall" in path.reason


def test_at_a_saddle_one_may_stay_or_leave_along_the_valley() -> None:
    """|x1| - |x2|: the cells lead back to x1 = 0."""
    net = Network.from_weights([[1, 0], [0, 1]], [[1, -1]], activation="abs")
    assert branches(flow(function(net, 0, 0))) == {"0-": ("0", "-1"), "00": ("0", "0"), "0+": ("0", "1")}


def pooled(sign: int) -> Network:
    from symflow.activations.base import activation

    return Network.from_weights([[1, 0], [0, 1]], [[sign]], activation=activation("maxpool", groups=[[0, 1]]))


def test_the_maximum_of_two_slides_along_their_tie() -> None:
    """max(x1, x2): the larger falls until they are equal, then both at half the speed."""
    path = flow(function(pooled(1), 2, 1), 3)
    assert state(path) == ("0", "0")
    assert [arc.pattern for arc in path.arcs] == ["1", "0"]
    assert events(path) == [("1", 1, 1, "sliding", "0"), ("1", 1, 2, "sliding", "0")]


def test_a_tie_is_a_ridge_where_the_maximum_is_to_grow() -> None:
    """-max(x1, x2) from (0, 0): one of them grows, or both at half the speed."""
    assert branches(flow(function(pooled(-1), 0, 0))) == {
        "-": ("0", "1"),
        "ridge": ("1/2", "1/2"),
        "+": ("1", "0"),
    }


def test_one_member_of_a_group_takes_over_from_another() -> None:
    """max(x, 2x) = x where x <= 0 and 2x where x >= 0: the flow crosses 0 and slows down."""
    from symflow.activations.base import activation

    net = Network.from_weights([[1], [2]], [[1]], activation=activation("maxpool", groups=[[0, 1]]))
    path = flow(function(net, 1), 1)
    assert state(path) == ("-1/2",)
    assert events(path) == [("1/2", 1, 1, "crossing", "+"), ("1/2", 1, 2, "crossing", "-")]


def test_units_that_vanish_on_a_whole_cell_cross_and_do_not_slide() -> None:
    """relu(relu(x)) - relu(relu(-x)) = x: beyond 0 the first unit of layer 2 vanishes identically."""
    net = Network.from_weights([[1], [-1]], [[1, 0], [0, 1]], [[1, -1]])
    path = flow(function(net, 1), 2)
    assert [arc.pattern for arc in path.arcs] == ["+-+0", "-+0+"]
    assert events(path) == [
        ("1", 1, 1, "crossing", "-"),
        ("1", 1, 2, "crossing", "+"),
        ("1", 2, 1, "crossing", "0"),
        ("1", 2, 2, "crossing", "+"),
    ]


def test_a_unit_may_be_touched() -> None:
    """x1 + |x2| from (2, 1) turns at (1, 0), where x1 - 2 x2 - 1 has its largest value 0."""
    net = Network.from_weights([[1, 0], [0, 1], [0, -1], [1, -2]], [[1, 1, 1, 0]], biases=[[10, 0, 0, -1], [0]])
    path = flow(function(net, 2, 1), 2)
    assert state(path) == ("0", "0")
    assert events(path) == [
        ("1", 1, 2, "sliding", "0"),
        ("1", 1, 3, "sliding", "0"),
        ("1", 1, 4, "grazing", "-"),
    ]


def test_sliding_is_left_by_an_exit() -> None:
    """max(x1, -x1, 2 x1 + x2 - 1)-like: a kink that holds the flow on x1 = 0 weakens when another unit switches on.

    f = |x1| - x2 - 2 relu(x2 - x1 - 1). On x1 = 0 with x2 < 1: velocity (0, 1). At (0, 1) beyond x2 - x1 = 1 the
    gradients are (±1 + 2, -3): both sides push to -x1, with velocity (-1, 3) on the left: the first unit leaves.
    """
    net = Network.from_weights([[1, 0], [-1, 0], [0, 1], [-1, 1]], [[1, 1, -1, -2]], biases=[[0, 0, 10, -1], [0]])
    path = flow(function(net, 0, 0), 2)
    assert events(path) == [
        ("0", 1, 1, "sliding", "0"),
        ("0", 1, 2, "sliding", "0"),
        ("1", 1, 1, "exit", "-"),
        ("1", 1, 2, "exit", "+"),
        ("1", 1, 4, "crossing", "+"),
    ]
    assert state(path) == ("-1", "4")


def test_a_combination_scales_time_and_turns_the_flow() -> None:
    net = Network.from_weights([[1], [-1]], [[2, 1]])  # 2 relu(x) + relu(-x)
    path = flow(function(net, 1, objective=Combination((fmpq(-3),))), "1/2")
    assert (path.is_exact, state(path)) == (True, ("4",))


def test_log_sum_exp_of_one_datum_is_linear() -> None:
    path = flow(function(ABSOLUTE, 1, objective=LogSumExp((fmpq(2),))), 3)
    assert (path.is_exact, state(path)) == (True, ("7",))


def test_the_end_may_be_an_event() -> None:
    path = flow(function(ABSOLUTE, 1), 1)
    assert (path.status, path.exact_time) == ("stationary", Fraction(1))
    nothing = flow(function(ABSOLUTE, 1), 0)
    assert (nothing.status, nothing.arcs, state(nothing)) == ("completed", (), ("1",))


def test_checkpoints_at_rest_stay_where_it_rests() -> None:
    path = flow(function(ABSOLUTE, 1), 5, checkpoints=(fmpq(0), fmpq(1, 2), fmpq(4)))
    assert [(float(c.time), float(c.state[0]), float(c.objective)) for c in path.checkpoints] == [
        (0.0, 1.0, 1.0),
        (0.5, 0.5, 0.5),
        (4.0, 0.0, 0.0),
    ]


# ---------------------------------------------------------------------- other speeds: the losses


def risk(name: str, label: object) -> Risk:
    value = Fraction(str(label))
    return Risk(loss(name), (fmpq(value.numerator, value.denominator),))


def close(left: Any, right: Any, digits: int) -> bool:
    return bool(abs(left - right) <= mpmath.mpf(10) ** -digits * max(1, abs(right)))


def test_exponential_loss_grows_like_a_logarithm_and_changes_speed_at_a_kink() -> None:
    """f = 2 relu(x) + leaky part: m' = |v|² e^(-m), e^m grows linearly with slope |v|².

    f = relu(x) - 2 relu(-x) from -1 with y = 1: m from -2; slope 4 until m = 0 at t1 = (1 - e^-2)/4, then slope 1:
    e^m = 1 + (t - t1), x = m.
    """
    net = Network.from_weights([[1], [-1]], [[1, -2]])
    for digits in (15, 40):
        path = flow(function(net, -1, objective=risk("exponential", 1)), 10, digits=digits, is_validated=True)
        with mpmath.workdps(digits + 20):
            meeting = (1 - mpmath.exp(-2)) / 4
            assert close(path.events[0].time, meeting, digits)
            assert close(path.state[0], mpmath.log(1 + 10 - meeting), digits)
            assert path.radius is not None
            assert abs(path.state[0] - mpmath.log(1 + 10 - meeting)) <= path.radius < mpmath.mpf(10) ** -digits
        assert path.events[0].exact_time is None
        assert not path.is_exact


def test_squared_loss_comes_to_a_kink_in_time_ln_3() -> None:
    """f = |x| from 2, label -1: f - y falls from 3 to 1, and 0 is in (f - y) ∂f at 0."""
    path = flow(function(ABSOLUTE, 2, objective=risk("squared", -1)), 10, digits=30)
    with mpmath.workdps(50):
        assert path.status == "stationary"
        assert close(path.time, mpmath.log(3), 30)
    assert state(path) == ("0",)


def test_squared_loss_never_reaches_its_label() -> None:
    """f = |x| from 2, label 1: f - 1 = e^-t, so the kink at 0 is never met."""
    path = flow(function(ABSOLUTE, 2, objective=risk("squared", 1)), 50, digits=40)
    with mpmath.workdps(60):
        assert path.status == "completed"
        assert path.events == ()
        assert close(path.state[0], 1 + mpmath.exp(-50), 40)
        assert abs(path.objective / (mpmath.exp(-100) / 2) - 1) < mpmath.mpf(10) ** -20


def test_where_the_loss_has_derivative_zero_nothing_moves() -> None:
    for objective in (risk("squared", 2), risk("exponential", 0), risk("logistic", 0), Combination((fmpq(0),))):
        path = flow(function(ABSOLUTE, 2, objective=objective))
        assert (path.status, state(path), path.is_unique) == ("stationary", ("2",), True)


def test_a_ridge_of_a_loss_is_a_ridge() -> None:
    path = flow(function(ABSOLUTE, 0, objective=risk("logistic", 1)))
    assert set(branches(path)) == {"-", "ridge", "+"}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("1", "exponential"),
        ("-1", "squared"),
        ("5/2", "logistic"),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (
                ("1", "logistic"),
                ("1", "squared"),
                ("-1", "exponential"),
                ("-1", "logistic"),
                ("5/2", "exponential"),
                ("5/2", "squared"),
            )
        ),
    ],
)
def test_the_loss_flows_agree_with_an_ode_solver(name: str, label: str) -> None:
    """Two roads: closed forms, and mpmath's Taylor solver on x' = -c(f) ∇f, cell by cell between the events.

    f = 2 relu(x + 1) - relu(-x - 1) - relu(x - 2): slopes 1, 2, 1; it rises all the way, so no kink holds it.
    """
    net = Network.from_weights([[1], [-1], [1]], [[2, -1, -1]], biases=[[1, -1, -2], [0]])
    F = function(net, 0, objective=risk(name, label))
    path = flow(F, 3, digits=15)
    mpmath_label = mpmath.mpf(Fraction(label).numerator) / Fraction(label).denominator

    def derivative(f: Any) -> Any:
        if name == "squared":
            return f - mpmath_label
        power = mpmath.exp(-mpmath_label * f)
        return -mpmath_label * (power if name == "exponential" else power / (1 + power))

    with mpmath.workdps(22):
        x, now = mpmath.mpf(0), mpmath.mpf(0)
        for arc in path.arcs:
            middle = (arc.start_state[0] + arc.end_state[0]) / 2
            slope, offset = (1, 1) if middle < -1 else (2, 2) if middle < 2 else (1, 4)
            solve = mpmath.odefun(lambda _, y, s=slope, o=offset: [-derivative(s * y[0] + o) * s], now, [x])
            x, now = solve(arc.end)[0], arc.end
            assert close(x, arc.end_state[0], 14)
        assert close(x, path.state[0], 14)


# ---------------------------------------------------------------------- laws on drawn nets


@st.composite
def drawn(draw: st.DrawFn, **options: Any) -> FunctionOfInput:
    F = draw(functions_of_input(rational=True, kinds=LINEAR, **options))
    coefficient = draw(st.sampled_from([1, -1, 2]))
    return FunctionOfInput(F.network, F.inputs, Combination((fmpq(coefficient),)), output=F.output)


def rational(vector: Any) -> tuple[fmpq, ...]:
    return tuple(fmpq(entry.numerator, entry.denominator) for entry in vector)


def squared(vector: Any) -> Any:
    return sum((entry * entry for entry in vector), 0 * vector[0])


@given(drawn())
@settings(max_examples=60, deadline=None)
def test_the_velocity_is_minus_the_shortest_element_of_the_clarke_differential(F: FunctionOfInput) -> None:
    """The independent engine at the midpoint of every arc; at rest, 0 is in the set."""
    path = flow(F, 4)
    for arc in path.arcs:
        assert arc.exact is not None
        start, velocity = rational(arc.exact["start_state"]), rational(arc.exact["velocity"])
        middle = fmpq(1, 2) * rational([arc.exact["end"] - arc.exact["start"]])[0]  # type: ignore[operator]
        point = tuple(x + middle * v for x, v in zip(start, velocity, strict=True))
        differential = clarke_differential(at_point(F, point))
        assert differential.minimal_norm_element == tuple(-v for v in velocity)
    if path.status == "stationary":
        assert path.exact_state is not None
        assert clarke_differential(at_point(F, rational(path.exact_state))).contains_zero


@given(drawn())
@settings(max_examples=60, deadline=None)
def test_the_objective_falls_by_the_integral_of_the_squared_speed(F: FunctionOfInput) -> None:
    path = flow(F, 4)
    start = at_point(F, F.point).value
    total = Fraction(0)
    for arc in path.arcs:
        assert arc.exact is not None
        total += (arc.exact["end"] - arc.exact["start"]) * squared(arc.exact["velocity"])  # type: ignore[operator]
    assert path.exact_state is not None
    end = at_point(F, rational(path.exact_state)).value
    assert start - end == rational([total])[0]  # type: ignore[operator]


@given(drawn(), st.integers(1, 7))
@settings(max_examples=40, deadline=None)
def test_a_restart_on_the_way_goes_on_the_same_way(F: FunctionOfInput, eighths: int) -> None:
    path = flow(F, 4)
    assume(path.status in ("completed", "stationary") and path.arcs)
    between = fmpq(eighths, 8) * fmpq(4)
    half = flow(F, Fraction(eighths, 2))
    if half.status == "stationary":
        return
    assert half.status == "completed"
    assert half.exact_state is not None
    rest = flow(at_point(F, rational(half.exact_state)), Fraction(4) - Fraction(int(between.p), int(between.q)))
    assert rest.exact_state == path.exact_state


def found_at(F: FunctionOfInput) -> Continuations:
    return continuations(F)


@given(drawn(width=3, depth=(2, 3)))
@settings(max_examples=80, deadline=None)
def test_every_continuation_is_a_solution_by_the_independent_engine(F: FunctionOfInput) -> None:
    """-v is in ∂f a little further along v, and for each of the others it is not: no ray through a cell is missed."""
    bare = FunctionOfInput(F.network, F.inputs, Output(), output=F.output)
    found = found_at(bare)
    accepted = {solution.velocity for solution in found.solutions}
    for solution in found.solutions:
        step = fmpq(0) if solution.is_at_rest else fmpq(1) if solution.time is None else solution.time / 3
        there = clarke_differential(moved(bare, solution.velocity, step))
        assert there.minimal_norm_element == tuple(-v for v in solution.velocity)
    # A cell whose velocity points into it is a continuation: seen from points near by, not from the fan.
    for seed in range(6):
        rng = random.Random(seed)
        direction = tuple(fmpq(rng.randint(-9, 9), rng.randint(1, 9)) for _ in bare.point)
        near = moved(bare, direction, fmpq(1, 10**6))
        differential = clarke_differential(near)
        if differential.n_vertices == 1:
            v = tuple(-g for g in differential.minimal_norm_element)
            ahead = clarke_differential(moved(bare, v, fmpq(1, 10**6)))  # type: ignore[arg-type]
            if ahead.n_vertices == 1 and ahead.minimal_norm_element == tuple(-x for x in v):
                assert v in accepted


@given(drawn(width=3, depth=(2, 3)))
@settings(max_examples=25, deadline=None)
def test_where_the_solution_is_unique_starts_near_by_go_the_same_way(F: FunctionOfInput) -> None:
    """Uniqueness is continuity in the start: a path from a millionth away stays near the one from the point."""
    bare = FunctionOfInput(F.network, F.inputs, Output(), output=F.output)
    found = found_at(bare)
    assume(found.is_unique)
    (solution,) = found.solutions
    horizon = min(solution.time or fmpq(1), fmpq(1)) / 2
    expected = moved(bare, solution.velocity, horizon).point
    for seed in range(4):
        rng = random.Random(seed)
        shift = tuple(fmpq(rng.randint(-9, 9), 10) for _ in bare.point)
        path = flow(moved(bare, shift, fmpq(1, 10**6)), Fraction(int(horizon.p), int(horizon.q)))
        if path.status == "non_unique":
            continue  # it met a ridge on the way
        assert path.exact_state is not None
        gap = max(abs(float(a) - float(b)) for a, b in zip(path.exact_state, map(str_to_float, expected), strict=True))
        assert gap < 1e-3


def str_to_float(value: fmpq) -> float:
    return int(value.p) / int(value.q)


@given(functions_of_input(kinds=LINEAR, depth=(2, 3)))
@settings(max_examples=40, deadline=None)
def test_more_digits_do_not_move_the_state(F: FunctionOfInput) -> None:
    few, many = flow(F, 2, digits=15), flow(F, 2, digits=45)
    with mpmath.workdps(60):
        assert few.status == many.status
        assert all(close(a, b, 15) for a, b in zip(few.state, many.state, strict=True))
        assert close(few.time, many.time, 15)
        assert [(e.layer, e.neuron, e.kind, e.to) for e in few.events] == [
            (e.layer, e.neuron, e.kind, e.to) for e in many.events
        ]


@given(drawn(depth=(2, 3)))
@settings(max_examples=40, deadline=None)
def test_events_chain_up_and_are_in_order(F: FunctionOfInput) -> None:
    path = flow(F, 4)
    keys = [(event.exact_time, event.layer, event.neuron) for event in path.events]
    assert keys == sorted(keys)  # type: ignore[type-var]
    last: dict[tuple[int, int], str] = {}
    for event in path.events:
        unit = (event.layer, event.neuron)
        if event.kind == "grazing":
            assert last.get(unit, event.to) == event.to
        elif event.to != "0" and unit in last:
            assert last[unit] != event.to
        last[unit] = event.to


# ---------------------------------------------------------------------- what must fail


def test_powers_are_refused() -> None:
    net = Network.from_weights([[1]], [[1]], activation=[power(2)])
    with pytest.raises(NotSupportedError, match="relu_power makes no affine pieces"):
        flow(function(net, 1))


def power(exponent: int) -> Any:
    from symflow.activations.base import activation

    return activation("relu_power", power=exponent)


def test_out_of_time_is_undecided() -> None:
    F = function(Network.from_weights([[1, 0], [0, 1]], [[1, 1]], activation="abs"), 0, 0)
    path = flow_in_input(F, FlowOptions(until=fmpq(1)), Budget(deadline=time.monotonic() - 1))
    assert path.status == "undecided"
    assert path.is_unique  # up to here: to time 0
    assert "not decided" in path.reason


def test_too_many_events_are_undecided() -> None:
    """A staircase: relu(x - k) with growing slopes to the left."""
    net = Network.from_weights([[1]] * 6, [[1] * 6], biases=[[-k for k in range(6)], [0]])
    path = flow(function(net, 9), 100, most_events=3)
    assert path.status == "undecided"
    assert len(path.events) == 4
    assert "4 events" in path.reason
