"""The result of ``symflow flow`` as the contract's JSON object, and what a later run goes on from.

Decimals are strings, with one digit more than is claimed, so that rounding does not eat the claim; where the whole
path is exact they are rationals. Beyond the contract's keys the object holds why the flow stopped (``reason``), whether
it is the only solution and why (``is_unique``, ``uniqueness``), its ``arcs``, its ``monitors`` with what each stands on
and its residual, and under ``restart`` the last state with all digits that were computed, from which ``--from`` goes
on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from symflow.errors import InputError
from symflow.exact.exponential_numbers import ExponentialNumber, to_text
from symflow.exact.logarithms import value_text
from symflow.exact.rationals import fmpq, rational, to_fraction
from symflow.flows.laws_along import LawsOnArc
from symflow.flows.options import FlowOptions
from symflow.flows.precision import (
    GUARD_DIGITS,
    Number,
    decimal_text,
    exact_value,
    real,
    scientific_text,
    working_digits,
)
from symflow.flows.trajectory import Arc, Branch, Checkpoint, Event, Invariant, Monitor, Trajectory
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import FlowSettings, Problem
from symflow.reports.flow_laws import laws_json
from symflow.reports.results import Json, header


def flow_result(problem: Problem, trajectory: Trajectory) -> Json:
    """Return the result of ``symflow flow``.

    Parameters
    ----------
    problem : Problem
        What was asked, with its ``[flow]`` section.
    trajectory : Trajectory
        The answer.
    """
    digits = trajectory.digits
    texts = _Texts(digits)
    result = header("flow", problem)
    result |= {
        "variable": problem.variable,
        "status": trajectory.status,
        "reason": trajectory.reason,
        "digits": digits,
        "time": texts.known(trajectory.time, trajectory.exact_time),
        "parameters": list(trajectory.names),
        "state": _state(texts, trajectory),
        "objective": _objective(problem, texts, trajectory),
        "radius": _radius(texts, trajectory),
        "is_exact": trajectory.is_exact,
        "is_unique": trajectory.is_unique,
        "uniqueness": trajectory.uniqueness,
        "events": [_event(texts, event) for event in in_order(trajectory.events)],
        "checkpoints": [row for row, is_asked in _checkpoints(problem, texts, trajectory) if is_asked],
        "invariants": [_invariant(invariant) for invariant in trajectory.invariants],
        "monitors": [_monitor(monitor) for monitor in trajectory.monitors],
    }
    if trajectory.facts.get("no_enclosure") and trajectory.radius is None:
        result["no_enclosure"] = str(trajectory.facts["no_enclosure"])
    zero = trajectory.facts.get("soft_margin_zero")
    if zero is not None:
        result["soft_margin_zero"] = texts.decimal(zero)
        result["soft_margin_zero_enclosed"] = bool(trajectory.facts.get("is_zero_enclosed"))
    if trajectory.branches:
        result["branches"] = [_branch(texts, branch) for branch in trajectory.branches]
    if trajectory.checkpoints and problem.variable == "weights":
        rows = [row for row, _ in _checkpoints(problem, texts, trajectory)]
        result |= {"start": rows[0], "end": rows[-1]}
    result["arcs"] = [_arc(texts, arc) for arc in trajectory.arcs]
    if "laws_along" in trajectory.facts:
        result["laws_along"] = laws_json(cast(tuple[LawsOnArc, ...], trajectory.facts["laws_along"]))
    if "certificates" in trajectory.facts:
        result["certificates"] = texts.any(trajectory.facts["certificates"])
    result["restart"] = _restart(trajectory)
    return result


def in_order(events: Sequence[Event]) -> list[Event]:
    """Return events in the contract's order: by time, layer, neuron and datum."""
    return sorted(events, key=lambda event: (event.time, event.layer, event.neuron, event.datum))


def with_flow(problem: Problem, options: FlowOptions) -> Problem:
    """Return the problem with the ``[flow]`` section that these options spell, so that a result says what it answers.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree({"network": {"activation": [], "weights": [[["1"]]]}})
    >>> with_flow(problem, FlowOptions(until=fmpq(2), digits=30)).tree()["flow"]
    {'until': '2', 'digits': 30, 'on_nonunique': 'report', 'validated': False}
    """
    flow = FlowSettings(
        until=options.until,
        digits=options.digits,
        trained=options.trained,
        checkpoints=options.checkpoints or None,
        on_nonunique=options.on_nonunique,
        validated=options.is_validated,
    )
    return replace(problem, flow=flow)


# ---------------------------------------------------------------------- the parts


class _Texts:
    """Numbers as the contract's strings, to the digits claimed."""

    def __init__(self, digits: int) -> None:
        self.digits = digits

    def decimal(self, value: Number) -> str:
        return decimal_text(value, self.digits)

    def optional(self, value: Number | None) -> str | None:
        return None if value is None else self.decimal(value)

    def known(self, value: Number, exact: Fraction | None) -> str:
        return self.decimal(value) if exact is None else str(exact)

    def any(self, value: object) -> object:
        """Return a value of a certificate as JSON."""
        if value is None or isinstance(value, bool | int | str):
            return value
        if isinstance(value, Fraction | fmpq):
            return str(value)
        if isinstance(value, ExponentialNumber):
            return to_text(value)
        if isinstance(value, Mapping):
            return {str(key): self.any(entry) for key, entry in value.items()}
        if isinstance(value, Sequence):
            return [self.any(entry) for entry in value]
        return self.decimal(value)


def _state(texts: _Texts, trajectory: Trajectory) -> list[str]:
    if trajectory.exact_state is not None:
        return [str(entry) for entry in trajectory.exact_state]
    return [texts.decimal(entry) for entry in trajectory.state]


def _radius(texts: _Texts, trajectory: Trajectory) -> str | None:
    """Return a bound of the distance of the state as it is written: what writing it moves it by comes on top."""
    if trajectory.radius is None:
        return None
    if trajectory.exact_state is not None:  # written as it is
        return "0"
    written = [Fraction(entry) for entry in _state(texts, trajectory)]
    moved = sum(abs(text - exact_value(entry)) for text, entry in zip(written, trajectory.state, strict=True))
    bound = exact_value(trajectory.radius) + moved
    with working_digits(trajectory.digits + GUARD_DIGITS):
        return scientific_text(real(bound * Fraction(1001, 1000)), 3, up=True)  # more than the rounding to those digits


def _objective(problem: Problem, texts: _Texts, trajectory: Trajectory) -> str:
    exact = trajectory.exact_state
    if exact is None:
        return texts.decimal(trajectory.objective)
    return value_text(at_state(problem, [fmpq(v.numerator, v.denominator) for v in exact]).value)


def at_state(problem: Problem, state: Sequence[fmpq]) -> AbstractPatternedFunction:
    """Return the problem's function at another exact point."""
    if problem.variable == "input":
        return replace(problem, at=tuple(state)).function()
    return replace(problem, network=problem.known_network.with_parameters(list(state))).function()


def _event(texts: _Texts, event: Event) -> Json:
    return {
        "time": texts.known(event.time, event.exact_time),
        "layer": event.layer,
        "neuron": event.neuron,
        "datum": event.datum,
        "kind": event.kind,
        "to": event.to,
    }


def _checkpoints(problem: Problem, texts: _Texts, trajectory: Trajectory) -> list[tuple[Json, bool]]:
    """Return the rows of all checkpoints, and whether somebody asked for them: start and end are always there."""
    energies = cast("Sequence[Number] | None", trajectory.facts.get("energy_integral"))
    asked = [] if problem.flow is None else [to_fraction(time) for time in problem.flow.checkpoints or ()]
    near = Fraction(1, 10**trajectory.digits)
    rows = []
    for place, checkpoint in enumerate(trajectory.checkpoints):
        row = _checkpoint(texts, checkpoint)
        if energies is not None and len(energies) == len(trajectory.checkpoints):
            row["energy"] = texts.decimal(energies[place])
        time = exact_value(checkpoint.time)
        rows.append((row, any(abs(time - each) <= near * max(Fraction(1), each) for each in asked)))
    return rows


def _checkpoint(texts: _Texts, checkpoint: Checkpoint) -> Json:
    return {
        "time": texts.decimal(checkpoint.time),
        "objective": texts.decimal(checkpoint.objective),
        "norm": texts.decimal(checkpoint.norm),
        "margin": texts.optional(checkpoint.margin),
        "soft_margin": texts.optional(checkpoint.soft_margin),
        "state": [texts.decimal(entry) for entry in checkpoint.state],
    }


def _invariant(invariant: Invariant) -> Json:
    return {
        "name": invariant.name,
        "value": str(invariant.value),
        "drift": scientific_text(invariant.drift, 3),
        "proof": invariant.proof,
    }


def _monitor(monitor: Monitor) -> Json:
    return {
        "name": monitor.name,
        "standing": monitor.standing,
        "residual": None if monitor.residual is None else scientific_text(monitor.residual, 3),
        "words": monitor.words,
    }


def _branch(texts: _Texts, branch: Branch) -> Json:
    return {
        "kind": branch.kind,
        "events": [list(event) for event in branch.events],
        "certificate": texts.any(branch.certificate),
    }


def _arc(texts: _Texts, arc: Arc) -> Json:
    exact = arc.exact or {}
    row: Json = {
        "start": texts.known(arc.start, cast("Fraction | None", exact.get("start"))),
        "end": texts.known(arc.end, cast("Fraction | None", exact.get("end"))),
        "pattern": arc.pattern,
        "n_steps": arc.n_steps,
    }
    for key, value in exact.items():
        if key not in row:
            row[key] = texts.any(value)
    return row


# ---------------------------------------------------------------------- going on from it


def _restart(trajectory: Trajectory) -> Json | None:
    """Return the last state as the exact rationals that were computed, and the kinks it lies on; None in the input."""
    if trajectory.status not in ("completed", "undecided") or trajectory.exact_state is not None:
        return None
    if not trajectory.arcs or trajectory.names[:1] == ("x[1]",):
        return None
    options = trajectory.facts.get("options")
    assert isinstance(options, FlowOptions)  # put there with the monitors
    return {
        "time": str(options.until) if trajectory.status == "completed" else str(exact_value(trajectory.time)),
        "state": [str(exact_value(entry)) for entry in trajectory.state],
        "pattern": trajectory.arcs[-1].pattern,
    }


def restart_function(problem: Problem, result: Mapping[str, Any]) -> tuple[FunctionOfWeights, fmpq]:
    """Return the function at the saved state, and the time there.

    A saved state is a rounding of the true one. Where the flow slid along a kink it is put back onto the kink exactly,
    by the rational projection, which moves it by no more than its error.

    Parameters
    ----------
    problem : Problem
        That of the result.
    result : mapping
        What ``symflow flow --json`` wrote.

    Raises
    ------
    InputError
        If there is nothing to go on from.
    """
    saved = result.get("restart")
    if not isinstance(saved, Mapping):
        raise InputError("holds no state to go on from; give what a completed flow of the weights wrote with --json")
    try:
        time = rational(saved["time"])
        state = [rational(entry) for entry in saved["state"]]
        pattern = saved["pattern"]
    except (KeyError, TypeError, InputError):
        raise InputError("its state cannot be read; give what symflow flow --json wrote", place="restart") from None
    function = problem.function()
    if not isinstance(function, FunctionOfWeights) or len(state) != len(function.point) or not isinstance(pattern, str):
        raise InputError("its state is not one of its problem; give what symflow flow --json wrote", place="restart")
    on_walls = _onto_walls(function, state, pattern, problem.flow)
    network = function.network.with_parameters(on_walls)
    return FunctionOfWeights(network, function.inputs, function.objective, output=function.output), time


def _onto_walls(
    function: FunctionOfWeights, state: list[fmpq], pattern: str, flow: FlowSettings | None
) -> Sequence[fmpq]:
    """Return a state, each first-layer row projected onto the kinks that the pattern has "0" for."""
    try:
        characters = function.table.characters(pattern)
    except (ValueError, IndexError):
        raise InputError("its pattern is not one of its problem", place="restart") from None
    shape = function.network.architecture
    trained = None if flow is None or flow.trained is None else set(flow.trained)
    result = list(state)
    for unit in range(shape.widths[1]):
        places = [shape.weight_index(1, unit, column) for column in range(shape.n_inputs)]
        moves = [trained is None or "W1" in trained] * len(places)
        if shape.has_biases:
            places.append(shape.bias_index(1, unit))
            moves.append(trained is None or "b1" in trained)
        basis: list[list[fmpq]] = []
        for datum, x in enumerate(function.inputs):
            site = function.table.index.get((1, unit, datum))
            if site is None or characters[site] != "0":
                continue
            full = [*x, fmpq(1)] if shape.has_biases else list(x)
            normal = [entry if is_free else fmpq(0) for entry, is_free in zip(full, moves, strict=True)]
            for other in basis:
                factor = _dot(normal, other) / _dot(other, other)
                normal = [a - factor * b for a, b in zip(normal, other, strict=True)]
            length = _dot(normal, normal)
            if length == 0:
                continue
            basis.append(normal)
            value = sum((entry * result[place] for entry, place in zip(full, places, strict=True)), fmpq(0))
            for place, entry in zip(places, normal, strict=True):
                result[place] -= value / length * entry
    return result


def _dot(u: Sequence[fmpq], v: Sequence[fmpq]) -> fmpq:
    return sum((a * b for a, b in zip(u, v, strict=True)), fmpq(0))


def joined_results(earlier: Mapping[str, Any], later: Json) -> Json:
    """Return the result of the whole, from what was saved and what came after.

    Parameters
    ----------
    earlier : mapping
        What the first run wrote.
    later : dict
        The result of the second part, in the times of the whole.
    """
    result = dict(later)
    for key in ("events", "arcs", "checkpoints"):
        before = earlier.get(key)
        if isinstance(before, list):
            seen = [row["time"] for row in before] if key == "checkpoints" else []
            result[key] = [*before, *(row for row in later[key] if not seen or row["time"] not in seen)]
    if "start" in earlier:
        result["start"] = earlier["start"]
    if earlier.get("is_unique") is not True and later["is_unique"] is True:
        result["is_unique"] = earlier.get("is_unique")
    restart = earlier.get("restart")
    result["continued_at"] = restart.get("time") if isinstance(restart, Mapping) else None
    return result
