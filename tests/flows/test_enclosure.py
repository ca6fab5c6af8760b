"""The tube around a computed flow: it holds the solution, also where the computed one is wrong."""

import random

import mpmath
import pytest

from symflow.errors import NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.flows import march
from symflow.flows.options import FlowOptions
from symflow.flows.trajectory import Trajectory
from symflow.flows.weight_flow import flow_in_weights
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network


def drawn(seed: int, loss: str) -> FunctionOfWeights:
    """Return a risk of four neurons and four data in the plane, entries k/8."""
    draw = random.Random(seed)

    def number() -> fmpq:
        return fmpq(draw.randint(-12, 12), 8)

    net = Network.from_weights([[number(), number()] for _ in range(4)], [[number() for _ in range(4)]])
    data = Dataset([(number(), number()) for _ in range(4)], labels=[draw.choice([1, -1]) for _ in range(4)])
    return EmpiricalRisk(net, data, loss=loss).at()


def follow(
    risk: FunctionOfWeights, digits: int, *, validated: bool = True, until: int = 10, **more: object
) -> Trajectory:
    return flow_in_weights(risk, FlowOptions(fmpq(until), digits=digits, is_validated=validated, **more))  # type: ignore[arg-type]


def distance(one: Trajectory, other: Trajectory) -> mpmath.mpf:
    with mpmath.workdps(80):
        return mpmath.sqrt(sum((a - b) ** 2 for a, b in zip(one.state, other.state, strict=True)))


SMOOTH = EmpiricalRisk(
    Network.from_weights(
        [["5/8", "3/8"], ["-5/4", "-7/8"], ["-7/8", "-5/8"], ["7/8", "5/8"]], [["3/4", "3/2", "9/8", "3/4"]]
    ),
    Dataset([(1, "1/2"), ("-1/2", 1), (-1, "-3/4"), ("3/4", -1)], labels=[1, -1, 1, -1]),
).at()


@pytest.mark.parametrize("digits", [15, 40])
def test_the_radius_is_at_most_what_was_asked_for_and_holds_the_solution(digits: int) -> None:
    path = follow(SMOOTH, digits)
    assert path.radius is not None
    assert distance(path, follow(SMOOTH, digits + 30, validated=False)) <= path.radius <= mpmath.mpf(10) ** -digits


# Crossings of ridges, valleys slid along, left and died in; 36 dies where all of its kinks meet.
@pytest.mark.parametrize(
    ("seed", "loss", "kinds"),
    [
        (1, "exponential", {"sliding"}),
        (5, "exponential", {"crossing", "sliding", "exit"}),
        (36, "exponential", {"crossing", "sliding", "death"}),
        (106, "squared", {"crossing", "sliding", "exit", "death"}),
        (203, "logistic", {"crossing"}),
    ],
)
@pytest.mark.slow
def test_the_tube_holds_the_solution_across_events(seed: int, loss: str, kinds: set[str]) -> None:
    risk = drawn(seed, loss)
    path = follow(risk, 15)
    assert path.radius is not None, path.facts["no_enclosure"]
    assert distance(path, follow(risk, 45, validated=False)) <= path.radius <= mpmath.mpf(10) ** -15
    assert kinds == {event.kind for event in path.events}


def test_a_valley_that_flattens_out_is_said_to_be_too_flat() -> None:
    # Data 2 and 4 are one point with opposite labels. The net's output there tends to 0, and with it the jump across
    # the kink on which neuron 4 rests, exponentially: below the radius, nobody can say that it is a valley.
    path = follow(drawn(23, "exponential"), 15)
    assert path.status == "completed"
    assert path.radius is None
    assert "neuron 4" in str(path.facts["no_enclosure"])


@pytest.mark.parametrize("bits_off", [pytest.param(30, marks=pytest.mark.slow), 60])
def test_a_wrong_series_makes_the_tube_wide_enough_for_the_truth(
    monkeypatch: pytest.MonkeyPatch, bits_off: int
) -> None:
    # Every series is falsified: the tube does not trust the recurrences, it only looks at the polynomial.
    truth = follow(SMOOTH, 30, validated=False, until=1)
    honest = march.taylor_series

    def falsified(tape, start, **options):  # type: ignore[no-untyped-def]
        series = honest(tape, start, **options)
        if options["bits"] > 64:
            for column in series:
                if len(column) > 3:
                    column[2] += 1 << (options["bits"] - bits_off)
        return series

    monkeypatch.setattr(march, "taylor_series", falsified)
    path = follow(SMOOTH, 15, until=1)
    assert path.radius is not None
    wrong = distance(path, truth)
    assert wrong > mpmath.mpf(2) ** (-bits_off - 8)
    assert wrong <= path.radius


def test_a_start_that_is_no_binary_number_is_rounded_within_the_radius() -> None:
    # Nothing moves the second neuron: its weights 1/3 and 1/7 are written as they are rounded.
    net = Network.from_weights([["1/3"], ["-1/7"]], [["1/3", "1/7"]])
    path = follow(EmpiricalRisk(net, Dataset([(1,)], labels=[1])).at(), 15, until=1)
    assert path.radius is not None
    with mpmath.workdps(60):
        assert 0 < abs(path.state[1] + mpmath.mpf(1) / 7) <= path.radius


def test_deep_nets_are_refused() -> None:
    deep = EmpiricalRisk(Network.from_weights([[1]], [[1]], [[1]]), Dataset([(1,)], labels=[1])).at()
    with pytest.raises(NotSupportedError, match="at most one hidden layer"):
        follow(deep, 15)


def test_a_branch_that_was_chosen_has_no_tube() -> None:
    ridge = EmpiricalRisk(Network.from_weights([[0, 1]], [[1]]), Dataset([(2, 0), (-1, 1)], labels=[1, 1])).at()
    path = follow(ridge, 15, until=1, trained=("W1",), on_nonunique="+")
    assert path.radius is None
    assert "ridge" in str(path.facts["no_enclosure"])


def test_only_the_first_layer_moves_and_distances_do_not_grow() -> None:
    # m' = |x|² e^(-m): m(t) = ln(e^m0 + |x|² t), w(t) = w0 + (m(t) - m0) x / |x|².
    net = Network.from_weights([["1/2", "1/4"]], [[1]])
    path = follow(EmpiricalRisk(net, Dataset([(1, 2)], labels=[1])).at(), 30, until=4, trained=("W1",))
    with mpmath.workdps(50):
        shift = (mpmath.log(mpmath.e + 20) - 1) / 5
        wrong = mpmath.hypot(
            path.state[0] - (mpmath.mpf(1) / 2 + shift), path.state[1] - (mpmath.mpf(1) / 4 + 2 * shift)
        )
    assert path.radius is not None
    assert wrong <= path.radius <= mpmath.mpf(10) ** -30
