"""A whole result of ``symflow flow`` in the input: each corner of the orbit, each event, and that nothing else can be.

The flow x' in -∂F(x), F = φ(f(x)), runs along the orbit of σf, σ the sign of φ'(f) at the start, which it keeps: under
the squared loss f tends to its label and never takes it, for the others φ' never vanishes. If φ' = 0 at the start, φ is
constant or at its least value, and nothing moves. At each corner all straight continuations are re-checked
(``input_corners.py``): where there is one it is the only solution. Between corners every preactivation is affine, so
the next corner is recomputed, and with it the events. Times are recomputed exactly, and decimals of times and of the
last state are compared with them (``input_times.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import final

from symflow.checker.exponential_fractions import sign
from symflow.checker.expressions import rational, value
from symflow.checker.input_corners import (
    Corner,
    Solution,
    check_corner,
    chosen_at,
    expect_vector,
    kind_of,
    name_of,
    pattern_of,
)
from symflow.checker.input_faces import Vector
from symflow.checker.input_times import Clock, Moment, expect_near, number, rational_time, slack
from symflow.checker.networks import forward
from symflow.checker.problems import Problem, frozen_coefficients, read_problem, value_of
from symflow.checker.reading import Refused, Report, exactly, expect, items, take
from symflow.checker.work import Work

# The words of `reason` and `uniqueness` are for people; what they say is checked through the other keys.
_KNOWN = (
    *("command", "symflow", "problem", "variable", "status", "digits", "time", "parameters", "state", "objective"),
    *("is_exact", "is_unique", "events", "branches", "arcs", "certificates", "checkpoints", "reason", "uniqueness"),
)

_KNOWN_OF_A_CHECKPOINT = ("time", "objective", "norm", "margin", "soft_margin", "state", "energy")

_STEPS = 200_000_000
_MOST_DIGITS = 100_000


def check_input_flow(report: Report, result: dict[str, object]) -> None:
    """Check a whole result of a flow in the input."""
    report.skip_unknown(result, _KNOWN)
    problem: Problem | None = None
    with report.checking("problem"):
        problem = read_problem(take(result, "problem", dict))
        if problem.variable != "input" or any(activation.power > 1 for activation in problem.activations):
            raise Refused("this is no flow of a piecewise-affine function of the input")
    if problem is None:
        return
    orbit: _Orbit | None = None
    with report.checking(""):
        orbit = _Orbit(problem, result)
    if orbit is not None and orbit.walk(report):
        _check_end(report, orbit, result)


@final
class _Orbit:
    """The corners and arcs of a result, followed one by one."""

    def __init__(self, problem: Problem, result: dict[str, object]) -> None:
        self.problem, self.work, self.clock = problem, Work(_STEPS), Clock(problem)
        (coefficient,) = frozen_coefficients(problem, [self.output(problem.inputs[0])])
        self.sign = sign(coefficient)
        certificates = take(result, "certificates", dict)
        self.listed = items(certificates, "corners")
        if self.sign:
            expect(take(certificates, "sign", int), self.sign, "certificates.sign")
        elif self.listed:
            raise Refused("nothing moves, so there is no corner", "certificates.corners")
        self.arcs = items(result, "arcs")
        if not len(self.arcs) <= len(self.listed) <= len(self.arcs) + 1:
            raise Refused("each arc starts at a corner, and at most one more follows", "arcs")
        flow = take(take(result, "problem", dict), "flow", dict)
        self.until = rational(flow.get("until"), "problem.flow.until")
        self.choice = exactly(flow.get("on_nonunique", "report"), str, "problem.flow.on_nonunique")
        self.status = take(result, "status", str)
        self.is_exact = take(result, "is_exact", bool)
        self.digits = take(result, "digits", int)
        if not 1 <= self.digits <= _MOST_DIGITS:
            raise Refused("expected a number of digits", "digits")
        expect(self.is_exact, not self.sign or self.clock.constant is not None, "is_exact")
        self.point: Vector = problem.inputs[0]
        self.time = Moment(Fraction(0))
        self.corners: list[Corner] = []
        self.followed: list[Solution] = []
        # The time and the point at the start of each arc.
        self.starts: list[tuple[Moment, Vector]] = []
        # Whether the last arc goes on to the last time; then `point` and `time` are those of its start.
        self.is_under_way = False
        self.events: list[dict[str, object]] = []
        self.times_of_events: list[Moment] = []

    def walk(self, report: Report) -> bool:
        """Follow the arcs from corner to corner; return whether all of them held."""
        for i, listed in enumerate(self.listed):
            before = len(report.rejected), len(report.not_checked)
            with report.checking(f"certificates.corners[{i}]"):
                self.corners.append(check_corner(self.problem, self.point, self.sign, listed, self.work))
                report.n_certificates += 1
            if len(self.corners) == i:
                return False
            with report.checking(f"arcs[{i}]"):
                self._go_on(self.corners[i], self.arcs[i] if i < len(self.arcs) else None)
            # After a time too large to compare nothing is known of the rest.
            if (len(report.rejected), len(report.not_checked)) != before:
                return False
        return True

    def output(self, point: Vector) -> Fraction:
        """Return f at a point."""
        return forward(replace(self.problem, inputs=(point,)), 0).preactivations[-1][self.problem.output]

    def expect_time(self, spelled: str, time: Moment, place: str) -> None:
        """Refuse a time that is not the one recomputed."""
        expect_near(spelled, time, self.digits, self.is_exact, place)

    def _go_on(self, corner: Corner, arc: object | None) -> None:
        """Enter the events at a corner and go along the arc that starts there, if there is one."""
        chosen = chosen_at(corner, self.choice)
        if chosen is not None:
            self._enter_events(corner, chosen)
            self.followed.append(chosen)
        if arc is None:
            return
        if chosen is None or not any(chosen.velocity):
            raise Refused("from this corner nothing is followed")
        expect_vector(arc, "start_state", self.point)
        expect_vector(arc, "orbit_velocity", chosen.velocity)
        expect(take(arc, "pattern", str), pattern_of(self.problem, chosen), "pattern")
        if self.clock.constant is not None:
            expect_vector(arc, "velocity", tuple(abs(self.clock.constant) * v for v in chosen.velocity))
        self.expect_time(take(arc, "start", str), self.time, "start")
        self.starts.append((self.time, self.point))
        before = self.output(self.point)
        arrival = None
        if chosen.time is not None:
            after = before - self.sign * chosen.speed_squared * chosen.time
            if self.clock.reaches(after, self.sign):
                arrival = self.clock.later(self.time, before, after, chosen.speed_squared)
        if chosen.time is None or arrival is None or arrival.compare(self.until) > 0:
            if len(self.corners) < len(self.listed):
                raise Refused("there is no further corner in time", "end")
            self.is_under_way = True
            if number(take(arc, "end", str), "end") != self.until:
                raise Refused("this arc goes on to the last time", "end")
            return
        self.expect_time(take(arc, "end", str), arrival, "end")
        self.time = arrival
        self.point = tuple(x + chosen.time * v for x, v in zip(self.point, chosen.velocity, strict=True))

    def _enter_events(self, corner: Corner, chosen: Solution) -> None:
        before = self.followed[-1] if self.followed else None
        kinks = set(corner.kinks)
        smallest = min(corner.faces, key=lambda face: face.dimension)
        for unit in sorted(chosen.face.signs):
            if before is None and unit not in kinks:
                continue
            old = None if before is None else before.state(unit)
            kind = kind_of(old, chosen.state(unit), touches=smallest.signs[unit] == "0")
            if kind is not None:
                layer, row = unit
                to = chosen.face.signs[unit]
                self.events.append({"layer": layer + 1, "neuron": row + 1, "datum": 1, "kind": kind, "to": to})
                self.times_of_events.append(self.time)


def _check_end(report: Report, orbit: _Orbit, result: dict[str, object]) -> None:
    """Check what is said of the whole: events, status, uniqueness, and the last state."""
    with report.checking(""):
        expect(take(result, "variable", str), "input", "variable")
        expect(items(result, "parameters"), list(orbit.problem.names), "parameters")
    with report.checking("events"):
        listed = items(result, "events")
        keys = ("layer", "neuron", "datum", "kind", "to")
        expect([{key: exactly(entry, dict).get(key) for key in keys} for entry in listed], orbit.events, "")
        for entry, time in zip(listed, orbit.times_of_events, strict=True):
            orbit.expect_time(take(entry, "time", str), time, "time")
    with report.checking(""):
        _check_status(orbit, result)
        report.n_certificates += 1
    with report.checking(""):
        if result.get("is_unique") is not None:
            is_unique = all(len(corner.solutions) == 1 for corner in orbit.corners)
            expect(result["is_unique"], is_unique, "is_unique")
    with report.checking(""):
        _check_state(report, orbit, result)
    with report.checking(""):
        _check_checkpoints(report, orbit, items(result, "checkpoints"))


def _check_status(orbit: _Orbit, result: dict[str, object]) -> None:
    """Refuse a status that is not that of the last corner, and branches that are not its solutions."""
    last = orbit.corners[-1] if len(orbit.corners) == len(orbit.arcs) + 1 else None
    chosen = None if last is None else chosen_at(last, orbit.choice)
    if not orbit.sign:
        found = "stationary"
    elif last is not None and chosen is None:
        found = "non_unique"
    elif last is not None and chosen is not None and not any(chosen.velocity):
        found = "stationary" if len(last.solutions) == 1 else "completed"
    elif orbit.is_under_way or orbit.time.compare(orbit.until) == 0:
        found = "completed"
    else:
        found = "undecided"
    expect(orbit.status, found, "status")
    listed = items(result, "branches") if result.get("branches") is not None else []
    if found != "non_unique" or last is None:
        expect(listed, [], "branches")
        return
    events = [[layer + 1, row + 1, 1] for layer, row in last.kinks]
    expect(len(listed), len(last.solutions), "branches")
    for solution, entry in zip(last.solutions, listed, strict=True):
        expect(take(entry, "kind", str), name_of(orbit.problem, last, solution), "branches.kind")
        expect(items(entry, "events"), events, "branches.events")
        expect_vector(take(entry, "certificate", dict), "velocity", solution.velocity)


def _check_state(report: Report, orbit: _Orbit, result: dict[str, object]) -> None:
    """Check the last time and the state there."""
    spelled = items(result, "state", len(orbit.point))
    time = Moment(orbit.until) if orbit.status == "completed" else orbit.time
    orbit.expect_time(take(result, "time", str), time, "time")
    point = orbit.point
    if orbit.is_under_way and orbit.clock.constant is not None:
        passed = (orbit.until - rational_time(orbit.time)) * abs(orbit.clock.constant)
        point = tuple(x + passed * v for x, v in zip(point, orbit.followed[-1].velocity, strict=True))
    elif orbit.is_under_way:
        report.skip("objective")
        _check_decimals(orbit, spelled)
        return
    expect(spelled, [str(entry) for entry in point], "state")
    if not value(take(result, "objective", str), "objective").equals(value_of(orbit.problem, [orbit.output(point)])):
        raise Refused("this is not its value at the state", "objective")


def _check_checkpoints(report: Report, orbit: _Orbit, listed: Sequence[object]) -> None:
    """Check what is said at the times asked for, where times are rational."""
    if orbit.clock.constant is None and listed:
        report.skip("checkpoints")
    elif orbit.clock.constant is not None:
        for i, entry in enumerate(listed):
            with report.checking(f"checkpoints[{i}]"):
                report.skip_unknown(entry, _KNOWN_OF_A_CHECKPOINT)
                _check_checkpoint(orbit, orbit.clock.constant, entry)


def _check_checkpoint(orbit: _Orbit, c: Fraction, entry: object) -> None:
    """Check the state at a time, and what is computed from it; c is the derivative of φ."""
    time = number(take(entry, "time", str), "time")
    reached = orbit.until if orbit.status in ("completed", "stationary") else rational_time(orbit.time)
    if not 0 <= time <= reached:
        raise Refused("the flow does not get there", "time")
    point = orbit.point
    if orbit.is_under_way or time < rational_time(orbit.time):
        begun = [i for i, (start, _) in enumerate(orbit.starts) if rational_time(start) <= time]
        start, corner = orbit.starts[begun[-1]]
        passed = (time - rational_time(start)) * abs(c)
        point = tuple(x + passed * v for x, v in zip(corner, orbit.followed[begun[-1]].velocity, strict=True))
    for x, text in zip(point, items(entry, "state", len(point)), strict=True):
        expect_near(exactly(text, str, "state"), Moment(x), orbit.digits, False, "state")
    norm = number(take(entry, "norm", str), "norm")
    squared, allowed = sum((x * x for x in point), start=Fraction(0)), slack(norm, orbit.digits)
    if not (max(norm - allowed, Fraction(0)) ** 2 <= squared <= (norm + allowed) ** 2 and norm >= 0):
        raise Refused("this is not the norm", "norm")
    output, problem = orbit.output(point), orbit.problem
    known = {"objective": c * output, "energy": c * (orbit.output(problem.inputs[0]) - output)}
    if problem.kind == "log_sum_exp":
        known["margin"] = problem.labels[0] * output
    tree = exactly(entry, dict)
    for key in ("objective", "energy", "margin", "soft_margin"):
        if tree.get(key) is not None:
            if key not in known:
                raise Refused("this is not defined here", key)
            expect_near(take(tree, key, str), Moment(known[key]), orbit.digits, False, key)


def _check_decimals(orbit: _Orbit, spelled: Sequence[object]) -> None:
    """Refuse a coordinate that is off by more than its digits.

    One that moves, moves one way; so the times at which it takes its two bounds have to enclose the last time.
    """
    last = orbit.followed[-1]
    before = orbit.output(orbit.point)
    for x, v, text in zip(orbit.point, last.velocity, spelled, strict=True):
        found = number(exactly(text, str, "state"), "state")
        allowed = slack(found, orbit.digits)
        if not v:
            if abs(found - x) > allowed:
                raise Refused("this coordinate does not move", "state")
            continue
        early, late = sorted(((found - allowed - x) / v, (found + allowed - x) / v))
        for passed, side in ((max(early, Fraction(0)), -1), (late, 1)):
            output = before - orbit.sign * last.speed_squared * passed
            if not orbit.clock.reaches(output, orbit.sign):
                is_there = side > 0  # what is never reached is not reached by the last time
            else:
                arrival = orbit.clock.later(orbit.time, before, output, last.speed_squared)
                is_there = side * arrival.compare(orbit.until) >= 0
            if not is_there:
                raise Refused("at the last time the flow is not there", "state")
