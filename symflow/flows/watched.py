"""What is added to a trajectory once it is there: margins at its checkpoints, conserved quantities, monitors.

Everything is computed from the states alone, with a few digits more than they claim.
"""

from __future__ import annotations

from dataclasses import replace

from symflow.flows.evaluation import Evaluation
from symflow.flows.invariants import balancing_laws
from symflow.flows.moments import Watch, known_points
from symflow.flows.monitors import monitors
from symflow.flows.options import FlowOptions
from symflow.flows.precision import GUARD_DIGITS, working_digits
from symflow.flows.soft_margin import margin_and_soft_margin
from symflow.flows.trajectory import Invariant, Trajectory
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.patterned_function import AbstractPatternedFunction


def watched(function: AbstractPatternedFunction, options: FlowOptions, trajectory: Trajectory) -> Trajectory:
    """Return a trajectory with margins, invariants and monitors.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F, at the exact start.
    options : FlowOptions
        What was asked.
    trajectory : Trajectory
        What an engine returned: arcs, events, states at the checkpoints. Monitors that it has already are kept.

    Notes
    -----
    The function and the options are kept among the facts, for whoever looks closer at the trajectory
    (:func:`symflow.flows.crosscheck.crosscheck`, the pictures).
    """
    with working_digits(trajectory.digits + GUARD_DIGITS):
        evaluation = Evaluation(function)
        checkpoints = []
        for checkpoint in trajectory.checkpoints:
            margin, soft_margin = margin_and_soft_margin(function, evaluation, checkpoint.state)
            checkpoints.append(replace(checkpoint, margin=margin, soft_margin=soft_margin))
        invariants: tuple[Invariant, ...] = ()
        if isinstance(function, FunctionOfWeights):
            laws = balancing_laws(function.network, options.trained)
            states = [checkpoint.state for checkpoint in known_points(trajectory)]
            invariants = tuple(law.invariant(function, states) for law in laws)
        facts = {**trajectory.facts, "function": function, "options": options}
        complete = replace(trajectory, checkpoints=tuple(checkpoints), invariants=invariants, facts=facts)
        found = monitors(Watch(function, options, complete, invariants))
        given = {monitor.name for monitor in trajectory.monitors}
        added = tuple(monitor for monitor in found if monitor.name not in given)
        return replace(complete, monitors=(*trajectory.monitors, *added))
