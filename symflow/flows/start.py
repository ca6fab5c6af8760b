"""The mode in which a flow starts, decided exactly at rational weights.

Where a preactivation is not 0 its sign is known; where it vanishes for every state it is "0" for ever. First-layer
neurons on a kink are judged one by one with exact signs. Other units at 0 (of deeper layers, of pooling groups, of
smooth activations) are tried with each character: a choice is consistent if the first non-zero Taylor coefficient of
each such preactivation, in the mode of that choice, has the chosen sign. Each consistent choice is a solution.
"""

from __future__ import annotations

from itertools import product

from symflow.activations.base import POSITIONS
from symflow.flows.field import Field, Problem
from symflow.flows.march import SCALE_BITS, March
from symflow.flows.meeting import Outcome, StuckError, settle
from symflow.flows.mode import Mode
from symflow.flows.options import OnNonunique
from symflow.flows.trajectory import Branch

# More choices than these at the start are not tried.
MOST_CHOICES = 256


def start(march: March, choice: OnNonunique) -> Outcome:
    """Return what the flow does at time 0.

    Raises
    ------
    StuckError
        If it meets what is not followed.
    UndeterminedError
        If a sign cannot be told.
    """
    problem = march.problem
    resting, loose = _known_characters(problem)
    choices = [_options(problem, place) for place in loose]
    n_choices = 1
    for options in choices:
        n_choices *= len(options)
    if n_choices > MOST_CHOICES:
        raise StuckError(f"{len(loose)} preactivations beyond the first layer's kinks are 0 at the start, too many")
    if not loose:
        return _settled(march, resting, choice)
    found: list[Outcome] = []
    directions: set[tuple[int, ...]] = set()
    for chosen in product(*choices):
        mode = list(resting)
        for place, character in zip(loose, chosen, strict=True):
            mode[place] = character
        outcome = _settled(march, tuple(mode), choice)
        if outcome.branches:
            raise StuckError("the solution branches at a kink of the first layer while deeper preactivations are 0")
        verdict, signs = _is_consistent(march, outcome.mode, loose)
        directions.add(signs)
        if verdict:
            found.append(outcome)
    return _choose(march, found, loose, len(directions) == 1 or _is_smooth(problem, loose), choice)


def _settled(march: March, mode: Mode, choice: OnNonunique) -> Outcome:
    """Judge every first-layer neuron that is on a kink."""
    problem = march.problem
    outcome = Outcome(mode)
    if problem.kinked is None:
        return outcome
    changes, branches, is_unique, reason = outcome.changes, outcome.branches, True, ""
    for neuron in range(problem.shape.widths[1]):
        data = problem.tied(mode, neuron)
        if data:
            step = settle(march, outcome.mode, neuron, data, {}, choice)
            changes, branches = changes + step.changes, branches + step.branches
            is_unique, reason = is_unique and step.is_unique, reason or step.reason
            outcome = step
    return Outcome(outcome.mode, changes, branches, is_unique, reason)


def _known_characters(problem: Problem) -> tuple[Mode, list[int]]:
    """Return the characters at the start, "0" for first-layer kinks and what vanishes for ever, and the loose sites."""
    function = problem.function
    mode: list[str] = []
    loose: list[int] = []
    for place, site in enumerate(function.table.sites):
        values = function.values_at(site)
        if site.is_group:
            largest = max(values)
            winners = [p for p, value in enumerate(values) if value == largest]
            mode.append(POSITIONS[winners[0]])
            if len(winners) > 1 and not _is_constant(problem, mode, place):
                loose.append(place)
        elif values[0] != 0:
            mode.append("+" if values[0] > 0 else "-")
        elif site.layer == 1 and problem.kinked is not None:
            mode.append("0")
        else:
            mode.append("+")
            if _is_constant(problem, mode, place):
                mode[-1] = "0"
            else:
                loose.append(place)
    return tuple(mode), loose


def _is_constant(problem: Problem, mode: list[str], place: int) -> bool:
    """Whether what is 0 at a site is 0 for every state, given the characters below it."""
    sites = problem.function.table.sites
    filled = [*mode, *("1" if site.is_group else "+" for site in sites[len(mode) :])]
    return all(watch.place != place for watch in Field(problem, tuple(filled)).units)


def _options(problem: Problem, place: int) -> list[str]:
    site = problem.function.table.sites[place]
    if not site.is_group:
        return ["-", "+"]
    values = problem.function.values_at(site)
    return [POSITIONS[p] for p, value in enumerate(values) if value == max(values)]


def _is_consistent(march: March, mode: Mode, loose: list[int]) -> tuple[bool, tuple[int, ...]]:
    """Return whether each loose preactivation grows into its character, and the signs of their first coefficients."""
    before, march.mode = march.mode, mode
    try:
        series = march.series(1 << SCALE_BITS, march.bits, 6)
    finally:
        march.mode = before
    threshold = 1 << (march.bits // 2)
    signs, verdict = [], True
    for watch in march.field_of(mode).units:
        if watch.place not in loose or abs(series[watch.register][0]) > threshold:
            continue
        lead = next((c for c in series[watch.register][1:] if abs(c) > threshold), 0)
        sign = (lead > 0) - (lead < 0)
        verdict = verdict and sign > 0
        signs.append(sign if mode[watch.place] != "-" else -sign)
    return verdict, tuple(signs)


def _is_smooth(problem: Problem, loose: list[int]) -> bool:
    """Whether the loose sites make no kink."""
    sites = problem.function.table.sites
    return all(problem.shape.activation(sites[place].layer).is_smooth for place in loose)


def _choose(march: March, found: list[Outcome], loose: list[int], is_certain: bool, choice: OnNonunique) -> Outcome:
    if not found:
        raise StuckError("at a kink beyond the first layer no continuation is straight to first order")
    if len(found) == 1:
        reason = "" if is_certain else "at a kink beyond the first layer others are excluded to first order only"
        return Outcome(found[0].mode, found[0].changes, (), found[0].is_unique and is_certain, reason)
    table = march.problem.function.table
    places = tuple(
        (table.sites[place].layer, table.sites[place].members[0] + 1, table.sites[place].datum + 1) for place in loose
    )
    if choice in ("+", "-"):
        fitting = [o for o in found if all(o.mode[place] == choice for place in loose)]
        if len(fitting) == 1:
            reason = "a kink beyond the first layer was left to one of several sides"
            return Outcome(fitting[0].mode, fitting[0].changes, (), False, reason)
    branches = tuple(Branch(table.word(outcome.mode), places, {"consistent": True}) for outcome in found)
    return Outcome(march.mode or found[0].mode, (), branches, False, "")
