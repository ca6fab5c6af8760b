"""Going on from a saved state: the second part of a trajectory, told in the times of the whole.

The flow is autonomous, so the part after time t0 is the flow from the state at t0. What is watched is held against the
start of the whole: conserved quantities keep their first values, and the energy is that of both parts. A saved state is
right to its digits and no exact start, so that nothing is enclosed from there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from symflow.exact.rationals import fmpq, to_fraction
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.gradient_flow import bare_flow_of
from symflow.flows.options import FlowOptions
from symflow.flows.precision import GUARD_DIGITS, Number, real, working_digits
from symflow.flows.trajectory import Arc, Event, Led, Trajectory
from symflow.flows.watched import watched
from symflow.nets.patterned_function import AbstractPatternedFunction


def continued_flow(
    function: AbstractPatternedFunction,
    saved: AbstractPatternedFunction,
    time: fmpq,
    options: FlowOptions,
    *,
    energy: fmpq | None = None,
    budget: Budget = NO_BUDGET,
) -> Trajectory:
    """Follow a flow on from a saved state.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F at the start of the whole.
    saved : AbstractPatternedFunction
        F at the saved state.
    time : fmpq
        The time there.
    options : FlowOptions
        Of the whole: `until` and the checkpoints are its times.
    energy : fmpq, optional
        The integral of |w'|² up to there.
    budget : Budget
        When to stop with what is known.
    """
    rest = replace(
        options,
        until=options.until - time,
        checkpoints=tuple(each - time for each in options.checkpoints if each >= time),
        is_validated=False,
    )
    part = bare_flow_of(saved, rest, budget=budget)
    if options.is_validated:
        facts = {**part.facts, "no_enclosure": "a saved state is a rounding of the true one; follow it from the start"}
        part = replace(part, facts=facts)
    with working_digits(part.digits + 2 * GUARD_DIGITS):
        return watched(function, options, _shifted(part, real(time), time, energy))


def _shifted(part: Trajectory, by: Number, exact: fmpq, energy: fmpq | None) -> Trajectory:
    fraction = to_fraction(exact)

    def event(each: Event) -> Event:
        known = None if each.exact_time is None else each.exact_time + fraction
        return replace(each, time=each.time + by, exact_time=known)

    def arc(each: Arc) -> Arc:
        return replace(each, start=each.start + by, end=each.end + by)

    facts = dict(part.facts)
    facts["led"] = tuple(replace(each, time=each.time + by) for each in cast("tuple[Led, ...]", facts.get("led", ())))
    if facts.get("rests_from") is not None:
        facts["rests_from"] = cast("Number", facts["rests_from"]) + by
    integrals = facts.pop("energy_integral", None)
    if integrals is not None and energy is not None:
        facts["energy_integral"] = tuple(each + real(energy) for each in cast("tuple[Number, ...]", integrals))
    return replace(
        part,
        time=part.time + by,
        exact_time=None if part.exact_time is None else part.exact_time + fraction,
        events=tuple(map(event, part.events)),
        arcs=tuple(map(arc, part.arcs)),
        checkpoints=tuple(replace(each, time=each.time + by) for each in part.checkpoints),
        facts=facts,
    )
