"""Claims that follow from a whole result of ``symflow flow`` in the input.

With a constant speed of the clock all is rational and recomputed: the path is a solution, and

    F(x(0)) − F(x(t)) = Σ |x'|² (t_{i+1} − t_i),     min |x'|² ≤ (F(x(0)) − F(x(t)))/t

over its pieces. (On a piece x' is minus the shortest element of ∂F, since it is a straight solution; see
``input_faces.py``.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import final

from symflow.checker.input_flow import check_input_flow
from symflow.checker.input_times import Clock, number
from symflow.checker.networks import forward
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, Report, exactly, expect, expect_accepted, items, take

_ZERO = Fraction(0)


def input_path_is_a_solution(report: Report, result: dict[str, object]) -> str:
    """Show that the flow in the input runs to its end as the result says, exactly or as an enclosure.

    One that stops where it is not unique has listed no path up to the time that is asked for: nothing is shown.
    """
    expect(take(result, "command", str), "flow", "command")
    _check(report, result)
    if take(result, "status", str) not in ("completed", "stationary"):
        raise Refused("the flow does not come to its end", "status")
    return "proved_instance" if take(result, "is_exact", bool) else "enclosed"


def energy_identity(report: Report, result: dict[str, object]) -> str:
    """Show that F falls by the sum of |x'|² times the duration, over the pieces of an exact path."""
    path = _Path(report, result)
    if path.fall != sum((speed * duration for speed, duration in path.pieces), start=_ZERO):
        raise Refused("the objective does not fall by the integral of the squared speed", "arcs")
    return "proved_instance"


def stationarity_bound(report: Report, result: dict[str, object]) -> str:
    """Show that the least |x'|² up to the last time is at most the fall of F over that time."""
    path = _Path(report, result)
    if path.time <= 0:
        raise Refused("no time passes", "time")
    if min(speed for speed, _ in path.pieces) * path.time > path.fall:
        raise Refused("the least speed is above the bound", "arcs")
    return "proved_instance"


@final
class _Path:
    """An exact path: |x'|² and duration of each piece, and how far F falls; at rest the speed is 0."""

    def __init__(self, report: Report, result: dict[str, object]) -> None:
        expect(take(result, "command", str), "flow", "command")
        expect(take(result, "variable", str), "input", "variable")
        if not take(result, "is_exact", bool):
            raise Refused("the times of this path are not rational", "is_exact")
        if take(result, "status", str) not in ("completed", "stationary"):
            raise Refused("the flow does not come to its end", "status")
        _check(report, result)
        expect_accepted(report)
        problem = read_problem(take(result, "problem", dict))
        reached = number(take(result, "time", str), "time")
        self.pieces: list[tuple[Fraction, Fraction]] = []
        for i, entry in enumerate(items(result, "arcs")):
            arc = exactly(entry, dict, f"arcs[{i}]")
            velocity = [number(exactly(v, str), f"arcs[{i}].velocity") for v in items(arc, "velocity")]
            duration = number(take(arc, "end", str), f"arcs[{i}].end") - number(take(arc, "start", str), "start")
            self.pieces.append((sum((v * v for v in velocity), start=_ZERO), duration))
        self.time = reached
        if not self.pieces or sum((duration for _, duration in self.pieces), start=_ZERO) < reached:
            self.pieces.append((_ZERO, reached - sum((duration for _, duration in self.pieces), start=_ZERO)))
        end = tuple(number(exactly(x, str), "state") for x in items(result, "state", len(problem.point)))
        # F = φ(f), where φ' is a number, or nothing moves.
        slope = Clock(problem).constant
        self.fall = (slope or _ZERO) * (_output(problem, problem.inputs[0]) - _output(problem, end))


def _check(report: Report, result: dict[str, object]) -> None:
    expect(take(result, "variable", str), "input", "variable")
    check_input_flow(report, result)


def _output(problem: Problem, x: Sequence[Fraction]) -> Fraction:
    return forward(replace(problem, inputs=(tuple(x),)), 0).preactivations[-1][problem.output]
