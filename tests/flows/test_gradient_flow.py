"""The door: what comes in, what is refused and in which words, and going on from a saved state."""

from fractions import Fraction

import mpmath
import pytest

import symflow
from symflow.activations.base import activation
from symflow.errors import InexactNumberError, InputError, NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.flows.continuation import continued_flow
from symflow.flows.gradient_flow import flow_of, gradient_flow
from symflow.flows.options import FlowOptions
from symflow.flows.precision import exact_value
from symflow.flows.sampling import sampled
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree
from symflow.reports.flow_result import flow_result, restart_function, with_flow
from tests.flows.by_hand import DEMO, demo_risk

RISK = EmpiricalRisk(Network.from_weights([["1/2", "1/4"]], [[1]]), Dataset([(1, 2)], labels=[1]))


def test_the_public_names_are_these() -> None:
    assert symflow.gradient_flow is gradient_flow
    assert symflow.crosscheck.__module__ == "symflow.flows.crosscheck"
    assert symflow.Trajectory.__module__ == "symflow.flows.trajectory"


def test_the_closed_form_of_one_neuron() -> None:
    """e^m = e^(m0) + |x|² t with a = 1 frozen: w = w0 + x (m - m0) / |x|²."""
    path = gradient_flow(RISK, until=4, dps=40, trained=["W1"])
    with mpmath.workdps(50):
        shift = (mpmath.log(mpmath.e + 20) - 1) / 5
        for found, exact in zip(path.state, (mpmath.mpf(1) / 2 + shift, mpmath.mpf(1) / 4 + 2 * shift, 1), strict=True):
            assert abs(found - exact) < mpmath.mpf(10) ** -40


def test_checkpoints_are_sorted_and_counted_once() -> None:
    path = gradient_flow(RISK, until=2, checkpoints=[2, "1/2", "0.5"])
    assert [str(mpmath.nstr(each.time, 3)) for each in path.checkpoints] == ["0.0", "0.5", "2.0"]


def test_a_realization_moves_its_input_from_the_start_given() -> None:
    f = Realization(Network.from_weights([[1, 0], [0, 1]], [[1, "1/2"]], activation="abs"))
    path = gradient_flow(f, start=(1, 1), until=5)
    assert (path.status, path.is_exact) == ("stationary", True)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"until": 1.5}, InexactNumberError, "1.5 is a float"),
        ({"until": -1}, InputError, "before the start"),
        ({"until": 1, "dps": 0}, InputError, "at least 1"),
        ({"until": 1, "dps": True}, InputError, "no number of digits"),
        ({"until": 1, "checkpoints": [2]}, InputError, "not between 0 and 1"),
        ({"until": 1, "on_nonunique": "left"}, InputError, "none of: report, ridge, descent"),
        ({"until": 1, "trained": ["W3"]}, InputError, r'no parameter "W3".*known: W1, W2'),
        ({"until": 1, "trained": []}, InputError, "nothing would move"),
    ],
)
def test_what_is_wrong_is_said(options: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        gradient_flow(RISK, **options)  # type: ignore[arg-type]


def test_a_realization_needs_a_start_and_affine_pieces() -> None:
    square = Realization(Network.from_weights([[1]], [[1]], activation=activation("relu_power", power=2)))
    with pytest.raises(NotSupportedError, match=r"start=\(\.\.\)"):
        gradient_flow(square, until=1)
    with pytest.raises(NotSupportedError, match="relu_power makes no affine pieces"):
        gradient_flow(square, start=(1,), until=1)
    plain = Realization(Network.from_weights([[1]], [[1]]))
    with pytest.raises(InputError, match="no weight moves"):
        gradient_flow(plain, start=(1,), until=1, trained=["W1"])


# ---------------------------------------------------------------------- going on


SLIDES = {
    "network": {"activation": "relu", "weights": [[["0", "1"]], [["-1/10"]]]},
    "data": {"inputs": [["1", "0"], ["-1/2", "1"]], "labels": ["1", "1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
}


@pytest.mark.parametrize(("tree", "first", "last"), [(DEMO, fmpq(1), fmpq(3)), (SLIDES, fmpq(1, 20), fmpq(2, 25))])
def test_going_on_from_a_saved_state_agrees_to_the_digits(tree: dict[str, object], first: fmpq, last: fmpq) -> None:
    """In one run and in two; in the second case the saved state lies on a wall that it slides along."""
    problem: Problem = problem_from_tree({key: value for key, value in tree.items() if key != "flow"})
    digits = 30
    half = FlowOptions(first, digits=digits)
    saved = flow_result(with_flow(problem, half), flow_of(problem.function(), half))
    function, time = restart_function(problem, saved)
    assert time == first
    whole = FlowOptions(last, digits=digits)
    second = continued_flow(problem.function(), function, time, whole)
    once = flow_of(problem.function(), whole)
    assert second.status == once.status == "completed"
    for a, b in zip(second.state, once.state, strict=True):
        assert abs(a - b) <= mpmath.mpf(10) ** -digits * max(1, abs(b))
    assert second.arcs[-1].pattern == once.arcs[-1].pattern
    assert [invariant.value for invariant in second.invariants] == [invariant.value for invariant in once.invariants]
    assert all(invariant.drift < mpmath.mpf(10) ** -digits for invariant in second.invariants)
    assert abs(exact_value(second.time) - Fraction(int(last.p), int(last.q))) < Fraction(1, 10**digits)


def test_nothing_is_enclosed_from_a_saved_state() -> None:
    problem: Problem = problem_from_tree({key: value for key, value in DEMO.items() if key != "flow"})
    half = FlowOptions(fmpq(1, 2), digits=20)
    saved = flow_result(with_flow(problem, half), flow_of(problem.function(), half))
    function, time = restart_function(problem, saved)
    second = continued_flow(problem.function(), function, time, FlowOptions(fmpq(1), digits=20, is_validated=True))
    assert second.status == "completed"
    assert second.radius is None
    assert "rounding" in str(second.facts["no_enclosure"])


def test_what_is_no_saved_state_is_refused() -> None:
    problem = problem_from_tree(DEMO)
    with pytest.raises(InputError, match="no state to go on from"):
        restart_function(problem, {})
    with pytest.raises(InputError, match="cannot be read"):
        restart_function(problem, {"restart": {"time": "1", "state": ["x"], "pattern": ""}})
    with pytest.raises(InputError, match="not one of its problem"):
        restart_function(problem, {"restart": {"time": "1", "state": ["1"], "pattern": ""}})
    with pytest.raises(InputError, match="pattern is not one"):
        restart_function(problem, {"restart": {"time": "1", "state": ["1"] * 6, "pattern": "++"}})


def test_a_sampled_trajectory_is_the_same_at_many_times() -> None:
    path = flow_of(demo_risk(), FlowOptions(fmpq(1), digits=20))
    fine = sampled(path, 10)
    assert len(fine.checkpoints) == 11
    assert all(abs(a - b) < mpmath.mpf(10) ** -20 for a, b in zip(fine.state, path.state, strict=True))
