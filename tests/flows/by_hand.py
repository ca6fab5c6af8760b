"""Trajectories made without the engines: by mpmath's own solver inside one cell, or from a closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath

from symflow.exact.rationals import fmpq
from symflow.flows.evaluation import Evaluation
from symflow.flows.moments import trained_places
from symflow.flows.options import FlowOptions
from symflow.flows.precision import real, working_digits
from symflow.flows.trajectory import Arc, Checkpoint, Event, Trajectory
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from symflow.problem_tree import problem_from_tree

DEMO: dict[str, Any] = {
    "title": "Two neurons, one kink",
    "network": {"activation": "relu", "weights": [[["1", "-1"], ["-1", "0"]], [["1", "-1/2"]]]},
    "data": {"inputs": [["1", "1"], ["-1", "-1"]], "labels": ["1", "-1"]},
    "objective": {"kind": "risk", "loss": "exponential"},
    "flow": {"until": "10", "digits": 50, "checkpoints": ["0", "1", "5", "10"]},
}

# The demo crosses its kink at once: neuron 1 is on for datum 1 and off for datum 2 from then on.
DEMO_PATTERN = "+-|-+"


def demo_problem(**flow: Any) -> Problem:
    return problem_from_tree({**DEMO, "flow": {**DEMO["flow"], **flow}})


def demo_risk(*, loss: str = "exponential", activation: str = "relu") -> AbstractPatternedFunction:
    net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]], activation=activation)
    return EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1]), loss=loss).at()


def demo_events() -> tuple[Event, ...]:
    zero = mpmath.mpf(0)
    return (Event(zero, 1, 1, 1, "crossing", "+"), Event(zero, 1, 1, 2, "crossing", "-"))


def one_cell(
    function: AbstractPatternedFunction,
    options: FlowOptions,
    pattern: str,
    *,
    events: tuple[Event, ...] = (),
    closed_form: Callable[[Any], Sequence[Any]] | None = None,
) -> Trajectory:
    """Return the flow inside one cell or along one wall, by mpmath.odefun or a closed form, with its energy."""
    digits = options.digits
    with working_digits(digits + 10):
        evaluation = Evaluation(function)
        trained = trained_places(function, options.trained)

        def field(_: Any, extended: Sequence[Any]) -> list[Any]:
            velocity = [-s for s in evaluation.subgradient(extended[:-1], pattern, trained)]
            return [*velocity, mpmath.fsum(v * v for v in velocity)]

        solve = mpmath.odefun(field, 0, [*evaluation.start(), mpmath.mpf(0)])
        times = sorted({fmpq(0), *options.checkpoints, options.until})
        checkpoints, integrals = [], []
        for time in times:
            at = solve(real(time))
            state = tuple(at[:-1]) if closed_form is None else tuple(closed_form(real(time)))
            norm = mpmath.sqrt(mpmath.fsum(w * w for w in state))
            checkpoints.append(Checkpoint(real(time), state, evaluation.objective(state), norm, None, None))
            integrals.append(at[-1])
        last = checkpoints[-1]
        arc = Arc(checkpoints[0].time, last.time, pattern, checkpoints[0].state, last.state, 1)
        return Trajectory(
            "completed",
            digits,
            last.time,
            function.variables,
            last.state,
            last.objective,
            events=events,
            arcs=(arc,),
            checkpoints=tuple(checkpoints),
            is_unique=True,
            uniqueness="at the kink every other velocity is excluded, by exact signs",
            facts={"energy_integral": tuple(integrals)},
        )
