"""What the flow in the weights does at kinks: named cases, each with its derivation."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest

from symflow.flows.precision import working_digits
from tests.flows.weight_problems import distance, follow, risk, story

# A neuron on the wall of x_1 that is pushed on by both sides alike: see the ridge of the contract.
RIDGE = risk([[[0, 1]], [[1]]], [[1, 0], [-1, 1]], [1, 1])


def at(path: Any, place: int) -> float:
    return float(path.events[place].time)


# ---------------------------------------------------------------------- the cases of flows.md


def test_a_squared_loss_makes_a_ridge_under_a_neuron_that_has_died() -> None:
    """Neuron 1 dies near 0.019; once r_i a_1 > 0, near 0.0845, staying and leaving are both solutions."""
    weights = [[["1/20", -5], [3, -9], ["1/50", "1/50"]], [[1, 1, -1]]]
    path = follow(risk(weights, [[1, 0], [1, 1]], [0, -10], loss="squared"), 1)
    assert (1, 1, 1, "death", "0") in story(path)
    (death,) = [event for event in path.events if event.kind == "death"]
    assert 0.018 < death.time < 0.020
    assert path.status == "non_unique"
    assert 0.084 < path.time < 0.085
    assert {branch.kind for branch in path.branches} == {"ridge", "+"}
    assert path.is_unique is False


def test_a_valley_turns_into_a_ridge_where_the_output_weight_vanishes() -> None:
    """x = (1, 0), (-1/2, 1), w = (0, 1), a = -1/10: slides from the start; a = 0 at t = 0.0955."""
    path = follow(risk([[[0, 1]], [["-1/10"]]], [[1, 0], ["-1/2", 1]], [1, 1]), 1)
    assert story(path) == [(1, 1, 1, "sliding", "0")]
    assert path.events[0].time == 0
    assert path.status == "non_unique"
    assert abs(float(path.time) - 0.0955) < 1e-4
    assert abs(path.state[2]) < mpmath.mpf(10) ** -30


@pytest.mark.parametrize(("choice", "sign"), [("ridge", "0"), ("+", "+"), ("-", "-"), ("descent", "+")])
def test_a_choice_is_followed_where_the_solution_is_not_unique(choice: str, sign: str) -> None:
    """Right velocity (e^0 - e^-1/2.., faster) is +: |v_+|² = (1 - e^-1)² + e^-2 > |v_-|² = 2 e^-2."""
    path = follow(RIDGE, 1, trained=("W1",), on_nonunique=choice)
    assert path.status == "completed"
    assert path.events[0].to == sign
    assert path.is_unique is not True


def test_the_branches_at_a_ridge_are_listed() -> None:
    path = follow(RIDGE, 1, trained=("W1",))
    assert (path.status, path.time, path.is_unique) == ("non_unique", 0, False)
    assert [branch.kind for branch in path.branches] == ["-", "ridge", "+"]


# ---------------------------------------------------------------------- corners, ties, degenerate starts


def test_neurons_that_are_equal_stay_equal_through_their_events() -> None:
    rows = [[1, "1/3"]] * 3
    data = [[1, "1/2"], ["-1/2", 1], [-1, "-3/4"], ["3/4", -1]]
    path = follow(risk([rows, [[-1, -1, -1]]], data, [1, -1, 1, -1]), 5)
    assert path.state[:2] == path.state[2:4] == path.state[4:6]
    assert [event.kind for event in path.events] == ["sliding"] * 3 + ["exit"] * 3


def test_parallel_data_are_met_at_one_time() -> None:
    """Under x and -2x a neuron with w = 0 along x has one wall."""
    data = [[1, 0], [-2, 0], [1, 1]]
    path = follow(risk([[["1/4", 1]], [[-1]]], data, [1, 1, -1]), 5)
    times = {event.time for event in path.events if event.datum in (1, 2)}
    assert len(times) == 1
    assert {event.datum for event in path.events} >= {1, 2}


def test_a_vanishing_neuron_in_a_valley_rests_for_ever() -> None:
    """w = 0, a = -1, y = 1 on data that surround 0: every wall is a valley, and 0 = x_1 + x_2 + x_3 is in the hull."""
    path = follow(risk([[[0, 0]], [[-1]]], [[1, 0], [0, 1], [-1, -1]], [1, 1, 1]), 5)
    assert (path.status, path.is_unique) == ("stationary", True)
    assert path.state == (0, 0, -1)


def test_a_vanishing_neuron_on_ridges_can_leave_in_several_ways() -> None:
    path = follow(risk([[[0, 0]], [[1]]], [[1, 0], [0, 1], [-1, -1]], [1, 1, 1]), 5)
    assert path.status == "non_unique"
    assert len(path.branches) >= 4


def test_a_vanishing_neuron_in_space_rests_in_valleys() -> None:
    data = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 2]]
    path = follow(risk([[[0, 0, 0], [1, 1, 1]], [[-1, "1/2"]]], data, [1, 2, 1, 1]), 1)
    assert path.status == "completed"
    assert path.state[:3] == (0, 0, 0)
    assert {event.kind for event in path.events if event.neuron == 1} == {"death"}


@pytest.mark.parametrize("activation", ["relu", "abs", {"name": "leaky_relu", "slope": "1/3"}])
def test_a_net_that_is_zero_rests(activation: Any) -> None:
    path = follow(risk([[[0, 0], [0, 0]], [[0, 0]]], [[1, 2], [3, -1]], [1, -1], activation=activation), 5)
    assert (path.status, path.is_unique, set(path.state)) == ("stationary", True, {0})


def test_an_output_weight_of_zero_takes_the_sign_of_its_velocity() -> None:
    """w = (0, 1), a = 0: a' = r_2 > 0, then w_1' = a r_2 / 2 from both sides: w_1 leaves as t²."""
    path = follow(risk([[[0, 1]], [[0]]], [[1, 0], ["1/2", 1]], [1, 1]), 1, checkpoints=["1/100000"])
    assert story(path) == [(1, 1, 1, "crossing", "+")]
    early = path.checkpoints[1].state[0] * 10**10
    assert abs(early - mpmath.mpf("0.75")) < 1e-4  # a r_2/2 + a r_1 with r = 1, a = t: w_1 = (1/2 + 1) t² / 2


def test_a_neuron_with_neither_output_nor_active_datum_never_moves() -> None:
    path = follow(risk([[[0, 0]], [[0]]], [[1, 0], ["1/2", 1]], [1, 1]), 1)
    assert (path.status, path.state) == ("stationary", (0, 0, 0))


def test_a_datum_that_is_zero_moves_nothing() -> None:
    path = follow(risk([[[1, "1/4"]], [[-1]]], [[0, 0], [0, 1]], [1, 1]), 5)
    assert path.status == "stationary"
    assert story(path) == [(1, 1, 2, "death", "0")]


# ---------------------------------------------------------------------- other shapes

DATA = [[1, "1/2"], ["-1/2", 1], [-1, "-3/4"], ["3/4", -1]]
LABELS = [1, -1, 1, -1]


@pytest.mark.parametrize(
    "options",
    [
        {"activation": {"name": "leaky_relu", "slope": "1/4"}},
        {"activation": {"name": "leaky_relu", "slope": "2"}},
        {"activation": "abs"},
        pytest.param({"activation": "identity"}, marks=pytest.mark.slow),
        pytest.param({"activation": {"name": "relu_power", "power": 2}}, marks=pytest.mark.slow),
        {"activation": {"name": "maxpool", "groups": [[0, 1], [2, 3]]}},
        {"loss": "logistic"},
        {"loss": "squared"},
        {"objective": {"kind": "log_sum_exp"}},
        {"objective": {"kind": "output"}},
        {"objective": {"kind": "risk", "loss": "exponential", "reduction": "mean"}},
    ],
)
def test_two_precisions_agree_whatever_the_net_and_the_objective(options: dict[str, Any]) -> None:
    n_outer = 2 if "maxpool" in str(options) else 4
    weights = [[["5/8", "3/8"], ["-5/4", "-7/8"], ["-7/8", "-5/8"], ["7/8", "5/8"]], [["3/4", "-3/2", 1, -1][:n_outer]]]
    agree(risk(weights, DATA, LABELS, **options), 1)


@pytest.mark.parametrize("trained", [("W1",), ("W2",), ("b1",), ("W1", "W2"), ("W1", "b1", "W2", "b2")])
def test_two_precisions_agree_whatever_is_trained(trained: tuple[str, ...]) -> None:
    function = risk([[[1, "1/2"], [-1, 1]], [[1, -1]]], DATA, LABELS, biases=[["1/4", "-1/3"], [0]])
    path = agree(function, 2, trained=trained)
    for name, value, start in zip(path.names, path.state, function.point, strict=True):
        if not name.startswith(trained):
            assert abs(value * int(start.q) - int(start.p)) < mpmath.mpf(10) ** -14


def test_a_deep_net_crosses_kinks_and_loses_data() -> None:
    """When the last neuron below goes off on datum 3, both units above are 0 there from then on."""
    weights = [[[1, "1/2"], [-1, 1]], [[1, "-1/2"], ["1/2", "3/4"]], [[1, -1]]]
    path = agree(risk(weights, DATA, LABELS), 3)
    assert path.status == "completed"
    assert story(path)[:4] == [
        (1, 1, 2, "crossing", "+"),
        (1, 2, 3, "crossing", "-"),
        (2, 1, 3, "crossing", "0"),
        (2, 2, 3, "crossing", "0"),
    ]


def test_sliding_along_a_deeper_kink_is_not_followed_but_said() -> None:
    weights = [[[1, "1/2"], [-1, 1], ["1/3", -1]], [[1, "-1/2", "1/4"], ["1/2", "3/4", 1]], [[1, -1]]]
    path = agree(risk(weights, DATA, LABELS, activation={"name": "leaky_relu", "slope": "1/4"}), 3)
    assert (path.status, path.is_unique) == ("undecided", None)
    assert "sliding along a deeper kink is not followed" in path.reason


def test_a_mean_only_slows_time() -> None:
    """The flow of R / n at n t is that of R at t."""
    weights = [[[1, "1/3"], ["-1/2", 1]], [[-1, "1/2"]]]
    one = follow(risk(weights, DATA, LABELS), 1)
    mean = follow(
        risk(weights, DATA, LABELS, objective={"kind": "risk", "loss": "exponential", "reduction": "mean"}), 4
    )
    assert story(one) == story(mean)
    for a, b in zip(one.state, mean.state, strict=True):
        assert abs(a - b) < mpmath.mpf(10) ** -29 * max(1, abs(a))


def agree(function: Any, until: object, **options: Any) -> Any:
    """Return the flow at 20 digits, which agrees with that at 35."""
    low, high = (follow(function, until, digits, **options) for digits in (20, 35))
    assert (low.status, story(low)) == (high.status, story(high))
    with working_digits(40):
        assert distance(low, high) <= mpmath.mpf(10) ** -20
    return low
