"""Why a flow does not begin along minus the shortest element of ∂f, where that is so.

Of a convex f every right derivative of the flow is minus the shortest element; of other f that holds at almost every
time, and the start may be an exception: on a kink the flow leaves into a cell whose own −∇f points into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from symflow.differentials.clarke import clarke_differential
from symflow.exact.rationals import fmpq, to_fraction
from symflow.flows.trajectory import Trajectory
from symflow.problem import Problem
from symflow.reports.expressions import Rational, Sentence, Vector
from symflow.reports.flow_words import letters


def why_not_shortest(problem: Problem, trajectory: Trajectory) -> Sentence:
    """Return why the first velocity is not minus the shortest element; empty where it is, or is not known exactly.

    Examples
    --------
    >>> from symflow.flows.gradient_flow import gradient_flow
    >>> from symflow.problem_tree import problem_from_tree
    >>> network = {"activation": "relu", "weights": [[["1"], ["1"]], [["1", "1"]]], "biases": [["1", "0"], ["0"]]}
    >>> at_0 = {"network": network, "objective": {"variable": "input", "at": ["0"]}, "flow": {"until": "1"}}
    >>> problem = problem_from_tree(at_0)  # max(x + 1, 0) + max(x, 0) is convex
    >>> why_not_shortest(problem, gradient_flow(problem.function(), until=1))
    ()
    """
    exact = trajectory.arcs[0].exact if trajectory.arcs else None
    if exact is None or problem.variable != "input" or problem.kind != "output":
        return ()
    if problem.at is None or [to_fraction(x) for x in problem.at] != list(
        cast("Sequence[Fraction]", exact["start_state"])
    ):
        return ()
    velocity = list(cast("Sequence[Fraction]", exact["velocity"]))
    shortest = clarke_differential(problem.function()).minimal_norm_element
    if velocity == [-to_fraction(entry) for entry in shortest if isinstance(entry, fmpq)]:
        return ()
    f, x = letters(problem)
    entries = tuple(Rational(entry) for entry in shortest if isinstance(entry, fmpq))
    said = Vector(entries) if len(entries) > 1 else entries[0]
    where = "" if "0" in trajectory.arcs[0].pattern else f": the flow leaves into a cell whose own −∇{f} points into it"
    return (f"{x}' at t = 0 is not minus the shortest element of ∂{f}, ", said, f", for {f} is not convex there{where}")
