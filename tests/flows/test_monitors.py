"""What is watched: the numbers of the lecture, the theorems' hypotheses, and that an error shows in the residuals."""

from dataclasses import replace

import mpmath
import pytest

from symflow.exact.rationals import fmpq
from symflow.flows.evaluation import Evaluation
from symflow.flows.gradient_flow import flow_of, gradient_flow
from symflow.flows.options import FlowOptions
from symflow.flows.precision import exact_value
from symflow.flows.soft_margin import margin_and_soft_margin, starts_positive
from symflow.flows.soft_margin_zero import soft_margin_zero
from symflow.flows.trajectory import Monitor, Trajectory
from symflow.flows.watched import watched
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import LogSumExp
from symflow.nets.realization import Realization
from tests.flows.by_hand import DEMO_PATTERN, demo_events, demo_risk, one_cell

DEMO = FlowOptions(fmpq(10), digits=50, checkpoints=(fmpq(0), fmpq(1), fmpq(5)))


def by_name(path: Trajectory) -> dict[str, Monitor]:
    return {monitor.name: monitor for monitor in path.monitors}


@pytest.fixture(scope="module")
def demo() -> Trajectory:
    return flow_of(demo_risk(), DEMO)


def test_margins_are_those_of_the_lecture(demo: Trajectory) -> None:
    """Computed apart from symflow, with heyoka at 60 digits: t, R, |w|², margin, soft margin."""
    expected = [
        ("0", "1.60653066", "4.25000000", "0.00000000", "-0.11154753"),
        ("1", "0.46705571", "6.87135436", "0.20359052", "0.11079427"),
        ("5", "0.05564918", "12.73481013", "0.28094374", "0.22683400"),
        ("10", "0.02111260", "15.45429804", "0.29405398", "0.24963186"),
    ]
    for checkpoint, row in zip(demo.checkpoints, expected, strict=True):
        found = (checkpoint.objective, checkpoint.norm**2, checkpoint.margin, checkpoint.soft_margin)
        assert checkpoint.time == int(row[0])
        for value, text in zip(found, row[1:], strict=True):
            assert abs(value - mpmath.mpf(text)) < mpmath.mpf("0.6e-8")


def test_all_statements_hold_to_the_digits(demo: Trajectory) -> None:
    names = by_name(demo)
    assert set(names) == {
        "euler",
        "weight_gradient_preservation_W1",
        "weight_gradient_preservation_W2",
        "balancing",
        "chain_rule",
        "energy_balance",
        "stationarity_bound",
        "lemma_4",
        "lemma_4_sharp",
        "soft_margin_monotone",
        "norm_growth",
    }
    for monitor in demo.monitors:
        assert monitor.residual is None or monitor.residual < mpmath.mpf(10) ** -50, monitor.name
    assert names["soft_margin_monotone"].standing == "observed"  # it is negative at the start
    assert names["energy_balance"].standing == "proved"


@pytest.mark.slow
def test_the_engine_agrees_with_another_solver() -> None:
    """Two roads: Taylor series from event to event, and mpmath.odefun inside the cell after the kink."""
    options = FlowOptions(fmpq(1, 2), digits=18)
    function = demo_risk()
    other = watched(function, options, one_cell(function, options, DEMO_PATTERN, events=demo_events()))
    path = flow_of(function, options)
    for a, b in zip(path.state, other.state, strict=True):
        assert abs(a - b) < mpmath.mpf(10) ** -17
    assert [(e.time, e.neuron, e.datum, e.kind, e.to) for e in path.events] == [
        (e.time, e.neuron, e.datum, e.kind, e.to) for e in other.events
    ]
    assert by_name(path).keys() == by_name(other).keys()


@pytest.mark.parametrize("name", ["balancing", "energy_balance"])
def test_a_wrong_state_shows(demo: Trajectory, name: str) -> None:
    points = list(demo.checkpoints)
    state = (points[2].state[0] + mpmath.mpf(10) ** -20, *points[2].state[1:])
    points[2] = replace(points[2], state=state)
    wrong = watched(demo_risk(), DEMO, replace(demo, checkpoints=tuple(points), monitors=()))
    residual = by_name(wrong)[name].residual
    assert residual is not None
    assert residual > mpmath.mpf(10) ** -24


def test_the_soft_margin_becomes_positive_once(demo: Trajectory) -> None:
    zero = soft_margin_zero(demo)
    assert zero is not None
    assert mpmath.nstr(zero, 20).startswith("0.343221043907011")
    digits = 10**40
    time = fmpq(int(exact_value(zero) * digits), digits)
    around = [flow_of(demo_risk(), FlowOptions(time + fmpq(k, 10**38), digits=45)) for k in (-1, 1)]
    assert around[0].checkpoints[-1].soft_margin < 0 < around[1].checkpoints[-1].soft_margin


def test_the_soft_margin_is_proved_monotone_where_it_starts_positive() -> None:
    net = Network.from_weights([[2, 0], [0, 2]], [[1, 1]])
    for kind in ("exponential", "log_sum_exp"):
        data = Dataset([(1, 1), (2, 1)], labels=[1, 1])
        function = EmpiricalRisk(net, data).at()
        if kind == "log_sum_exp":
            function = FunctionOfWeights(net, data.inputs, LogSumExp((fmpq(1), fmpq(1))))
        assert starts_positive(function)
        path = flow_of(function, FlowOptions(fmpq(1, 4), digits=20))
        monitor = by_name(path)["soft_margin_monotone"]
        assert (monitor.standing, monitor.residual) == ("proved", 0)
        assert soft_margin_zero(path) is None


@pytest.mark.parametrize(("radius", "standing"), [("1e-20", "enclosed"), ("1/4", "observed"), (None, "observed")])
def test_positive_on_a_whole_enclosure_is_enclosed(radius: str | None, standing: str) -> None:
    """From t = 1 on, u = 0.76; within 1/4 of the state at t = 1 it is not known to be positive."""
    options = FlowOptions(fmpq(1), digits=20)
    path = flow_of(demo_risk(), options)
    bound = None if radius is None else mpmath.mpf(1) / 4 if radius == "1/4" else mpmath.mpf(radius)
    again = watched(demo_risk(), options, replace(path, radius=bound, monitors=()))
    assert by_name(again)["soft_margin_monotone"].standing == standing


@pytest.mark.parametrize("change", ["logistic", "biases", "frozen"])
def test_theorem_5_is_not_watched_where_it_does_not_apply(change: str) -> None:
    biases = [[0], [0]] if change == "biases" else None
    net = Network.from_weights([[1, 1]], [[1]], biases=biases)
    loss = "logistic" if change == "logistic" else "exponential"
    risk = EmpiricalRisk(net, Dataset([(1, 1), (1, 0)], labels=[1, 1]), loss=loss)
    path = gradient_flow(risk, until=1, trained=["W1"] if change == "frozen" else None)
    assert "soft_margin_monotone" not in by_name(path)
    assert ("lemma_4" in by_name(path)) == (change == "logistic")  # it needs no chain rule and no particular loss


def test_with_biases_the_lecture_s_identity_takes_the_biases_above_along() -> None:
    net = Network.from_weights([[1, 1]], [[1]], biases=[["1/2"], ["1/3"]])
    path = gradient_flow(EmpiricalRisk(net, Dataset([(1, 1)], labels=[1])), until=1, dps=20)
    names = by_name(path)
    for layer in (1, 2):
        residual = names[f"weight_gradient_preservation_W{layer}"].residual
        assert residual is not None
        assert residual < mpmath.mpf(10) ** -20
    assert "euler" not in names


def test_margins_are_left_out_where_they_are_not_defined() -> None:
    def of(function: object) -> tuple[object, object]:
        evaluation = Evaluation(function)  # type: ignore[arg-type]
        return margin_and_soft_margin(function, evaluation, evaluation.start())  # type: ignore[arg-type]

    data = Dataset([(1,)], labels=[1])
    assert of(EmpiricalRisk(Network.from_weights([[1]], [[1]], biases=[[0], [0]]), data).at()) == (None, None)
    assert of(EmpiricalRisk(Network.from_weights([[0]], [[0]]), data).at()) == (None, None)
    assert of(Realization(Network.from_weights([[1]], [[1]])).at((1,))) == (None, None)


def test_the_degree_of_powers_counts() -> None:
    """f = v relu(u x)² has degree 3: the margin is f / |w|³."""
    from symflow.activations.base import activation

    net = Network.from_weights([[2]], [[1]], activation=activation("relu_power", power=2))
    function = EmpiricalRisk(net, Dataset([(1,)], labels=[1])).at()
    evaluation = Evaluation(function)
    margin, _ = margin_and_soft_margin(function, evaluation, evaluation.start())
    assert abs(margin - 4 / mpmath.sqrt(5) ** 3) < 1e-14


def test_the_hard_margin_may_fall_while_the_soft_one_grows() -> None:
    """W5: linear, x1 = (1, -1), x2 = x3 = (1.1, 1), y = 1, w = (2, 0)."""
    net = Network.from_weights([[2, 0]])
    data = Dataset([(1, -1), ("11/10", 1), ("11/10", 1)], labels=[1, 1, 1])
    path = gradient_flow(EmpiricalRisk(net, data), until="1/10", checkpoints=["1/20"])
    margins = [checkpoint.margin for checkpoint in path.checkpoints]
    soft = [checkpoint.soft_margin for checkpoint in path.checkpoints]
    assert margins[0] > margins[1] > margins[2]
    assert soft[0] < soft[1] < soft[2]
    assert by_name(path)["soft_margin_monotone"].standing == "proved"


def test_a_trajectory_along_a_wall_is_held_against_both_sides() -> None:
    """It slides from the start (see test_evaluation); the chain rule holds for the gradients of both sides."""
    net = Network.from_weights([[0, 1]], [["-1/10"]])
    risk = EmpiricalRisk(net, Dataset([(1, 0), ("-1/2", 1)], labels=[1, 1]))
    path = gradient_flow(risk, until="1/20", dps=25)
    assert path.arcs[0].pattern == "0|+"
    monitor = by_name(path)["chain_rule"]
    assert monitor.residual is not None
    assert monitor.residual < mpmath.mpf(10) ** -25
    assert "walls" in monitor.words


@pytest.mark.slow
def test_where_the_flow_blows_up_the_last_state_is_not_held_to_its_digits() -> None:
    """E19: m = w1 w2 w3 from (1, 1, 1) under log-sum-exp: w = 1/(1 - t) blows up at t = 1."""
    net = Network.from_weights([[1]], [[1]], [[1]], activation="identity")
    function = FunctionOfWeights(net, ((fmpq(1),),), LogSumExp((fmpq(1),)))
    path = flow_of(function, FlowOptions(fmpq(2), digits=20, checkpoints=(fmpq(1, 2),)))
    assert path.status == "blow_up"
    assert abs(path.time - 1) < mpmath.mpf(10) ** -15
    assert abs(path.checkpoints[1].state[0] - 2) < mpmath.mpf(10) ** -20
    for monitor in path.monitors:
        assert monitor.residual is None or monitor.residual < mpmath.mpf(10) ** -20, monitor.name
