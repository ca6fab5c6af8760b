"""The mode in which a flow starts, decided exactly at rational weights.

Where a preactivation is not 0 its sign is known; where it vanishes for every state it is "0" for ever. First-layer
neurons on a kink are judged one by one with exact signs. Other units at 0 (of deeper layers, of pooling groups, of
smooth activations) are tried with each character (``upper_layers.py``); each consistent choice is a solution.
"""

from __future__ import annotations

from math import prod

from symflow.activations.base import POSITIONS
from symflow.flows.field import Problem
from symflow.flows.march import March
from symflow.flows.mode import Mode
from symflow.flows.neuron_meeting import settle
from symflow.flows.options import SELECTIONS, OnNonunique
from symflow.flows.outcome import Change, Outcome, StuckError, joined
from symflow.flows.trajectory import Branch
from symflow.flows.upper_layers import MOST_CHOICES, is_constant, options, trials


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
    n_choices = prod(len(options(problem, place)) for place in loose)
    if n_choices > MOST_CHOICES:
        raise StuckError(f"{len(loose)} preactivations beyond the first layer's kinks are 0 at the start, too many")
    if not loose:
        return _settled(march, resting, choice)
    outcomes: dict[Mode, Outcome] = {}

    def settled(mode: Mode) -> Mode:
        outcome = _settled(march, mode, choice)
        if outcome.branches:
            raise StuckError("the solution branches at a kink of the first layer while deeper preactivations are 0")
        outcomes[outcome.mode] = outcome
        return outcome.mode

    tried = list(trials(march, resting, loose, settled))
    found = [outcomes[trial.mode] for trial in tried if trial.is_consistent]
    for trial in tried:
        if trial.is_consistent:
            march.fresh.update({("unit", *watch): (order, 1) for watch, order in trial.orders.items()})
    names = bool(found) and (choice == "descent" or all(found[0].mode[place] == choice for place in loose))
    if found and not names and any(trial.may_rest for trial in tried) and not _is_smooth(problem, loose):
        raise StuckError(
            f"{_where(problem, loose)} one side does not move: a solution leaves on the other, "
            "and whether one stays is not decided"
        )
    one_way = len({trial.directions for trial in tried}) == 1
    return _choose(march, found, loose, one_way or _is_smooth(problem, loose), choice)


def _settled(march: March, mode: Mode, choice: OnNonunique) -> Outcome:
    """Judge every first-layer neuron that is on a kink."""
    problem = march.problem
    outcome = Outcome(mode)
    if problem.kinked is None:
        return outcome
    for neuron in range(problem.shape.widths[1]):
        data = problem.tied(mode, neuron)
        if data:
            step = settle(march, outcome.mode, neuron, data, {}, choice)
            outcome = joined(outcome, step)
    return outcome


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
            if len(winners) > 1 and not is_constant(problem, _filled(problem, mode), place):
                loose.append(place)
        elif values[0] != 0:
            mode.append("+" if values[0] > 0 else "-")
        elif site.layer == 1 and problem.kinked is not None:
            mode.append("0")
        else:
            mode.append("+")
            if is_constant(problem, _filled(problem, mode), place):
                mode[-1] = "0"
            else:
                loose.append(place)
    return tuple(mode), loose


def _filled(problem: Problem, mode: list[str]) -> Mode:
    """Return the characters so far, with any for the sites above: what is below does not depend on them."""
    sites = problem.function.table.sites
    return (*mode, *("1" if site.is_group else "+" for site in sites[len(mode) :]))


def _is_smooth(problem: Problem, loose: list[int]) -> bool:
    """Whether the loose sites make no kink."""
    sites = problem.function.table.sites
    return all(problem.shape.activation(sites[place].layer).is_smooth for place in loose)


def _choose(march: March, found: list[Outcome], loose: list[int], is_certain: bool, choice: OnNonunique) -> Outcome:
    where = _where(march.problem, loose)
    if not found:
        raise StuckError(
            f"{where} no solution was found that leaves it at once, and one that stays there is not followed"
        )
    if len(found) == 1:
        reason = "" if is_certain else f"{where} solutions that stay there for a while are not excluded"
        first = found[0]
        changes = (*first.changes, *_left(march.problem, loose, first.mode))
        return Outcome(first.mode, changes, (), first.is_unique and is_certain, reason, led=first.led)
    table = march.problem.function.table
    places = tuple(
        (table.sites[place].layer, table.sites[place].members[0] + 1, table.sites[place].datum + 1) for place in loose
    )
    fitting: dict[OnNonunique, list[Outcome]] = {
        side: [outcome for outcome in found if all(outcome.mode[place] == side for place in loose)]
        for side in SELECTIONS
        if side in ("+", "-")
    }
    if len(fitting.get(choice, [])) == 1:
        (taken,) = fitting[choice]
        led = (*taken.led, *dict.fromkeys((layer, unit) for layer, unit, _ in places))
        changes = (*taken.changes, *_left(march.problem, loose, taken.mode))
        return Outcome(taken.mode, changes, (), False, f"{where} one of several sides was taken", led=led)
    branches = tuple(Branch(table.word(outcome.mode), places, {"consistent": True}) for outcome in found)
    choices = tuple(side for side, outcomes in fitting.items() if len(outcomes) == 1)
    return Outcome(march.mode or found[0].mode, (), branches, False, "", choices)


def _left(problem: Problem, loose: list[int], mode: Mode) -> tuple[Change, ...]:
    """Return the kinks at loose sites that are left at once; of a pooling group its winner goes on."""
    sites, changes = problem.function.table.sites, []
    for place in loose:
        site, character = sites[place], mode[place]
        if problem.shape.activation(site.layer).is_smooth:
            continue
        unit = site.members[POSITIONS.index(character)] if site.is_group else site.members[0]
        changes.append(Change(site.layer, unit, site.datum, "crossing", "-" if character == "-" else "+"))
    return tuple(changes)


def _where(problem: Problem, loose: list[int]) -> str:
    """Return where the start lies, by its loose sites."""
    sites = problem.function.table.sites
    pools = [sites[place].is_group for place in loose]
    if all(pools):
        return "at a tie of a pooling group"
    return "at ties of pooling groups and kinks of other units" if any(pools) else "at a kink beyond the first layer"
