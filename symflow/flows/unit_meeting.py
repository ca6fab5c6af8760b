"""Units beyond the first layer's kinks: followed across where both sides push the same way, alive again or dead.

A deeper preactivation, or the lead in a pooling group, is followed across its kink if the other side takes it on;
sliding along a deeper kink is not followed. As neurons below change, data may die or wake for the units above.
"""

from __future__ import annotations

from typing import Literal

from symflow.activations.base import POSITIONS
from symflow.flows.happenings import UndeterminedError, UnitTurns
from symflow.flows.march import March
from symflow.flows.mode import Mode
from symflow.flows.outcome import Change, Outcome, StuckError
from symflow.flows.taylor_step import SCALE_BITS
from symflow.flows.upper_layers import refreshed, trials
from symflow.nets.pattern import Site


def meet_unit(march: March, mode: Mode, unit: UnitTurns) -> Outcome:
    """Follow a deeper preactivation across its kink, if the other side takes it on."""
    problem = march.problem
    table = problem.function.table
    site = table.sites[unit.place]
    characters = list(mode)
    characters[unit.place] = unit.becomes
    after = tuple(characters)
    slope = _onward(march, after, unit.place)
    if slope is None:
        raise UndeterminedError("the velocity across a kink of a deeper layer cannot be told from 0")
    march.fresh["unit", unit.place, mode[unit.place]] = 1, 1
    if not slope:
        raise StuckError(
            f"both sides of the kink of neuron {site.output + 1} in layer {site.layer} on datum {site.datum + 1} "
            "push towards it; sliding along a deeper kink is not followed"
        )
    to = unit.becomes if unit.becomes in "+-" else "+"
    change = Change(site.layer, _neuron_of(site, unit.becomes), site.datum, "crossing", to)  # type: ignore[arg-type]
    return Outcome(after, (change,))


def with_upper_layers(march: March, outcome: Outcome) -> Outcome:
    """Return an outcome with the characters of units whose data died or woke (``upper_layers.py``)."""
    if outcome.mode == march.mode or march.problem.shape.n_hidden_layers < 2 or outcome.branches:
        return outcome
    mode, waking = refreshed(march.problem, outcome.mode)
    reason = outcome.reason
    if waking:
        tried = list(trials(march, mode, waking))
        found = [trial for trial in tried if trial.is_consistent]
        if len(found) != 1:
            raise StuckError("a datum wakes, and which way the units above it go is not decided")
        mode = found[0].mode
        if len({trial.directions for trial in tried}) > 1:
            reason = reason or "where a datum woke, other continuations are excluded to first order only"
    _refuse_dead_ties(march, mode)
    changes = []
    for place, site in enumerate(march.problem.function.table.sites):
        if site.layer > 1 and mode[place] != outcome.mode[place]:
            to = _sign(mode[place])
            changes.append(Change(site.layer, site.members[0], site.datum, "exit" if to != "0" else "crossing", to))
            march.fresh.update({("unit", place, other): (2, 1) for other in "+-"})
    is_unique = outcome.is_unique and not reason
    return Outcome(mode, (*outcome.changes, *changes), outcome.branches, is_unique, reason, led=outcome.led)


def _refuse_dead_ties(march: March, mode: Mode) -> None:
    """Raise where a neuron would slide along its kink on a datum on which all units above are 0.

    There the force from the side on which the datum is alive is not on the tape of the mode.
    """
    problem, table = march.problem, march.problem.function.table
    for neuron in range(problem.shape.widths[1]):
        for k in problem.tied(mode, neuron):
            if any(mode[place] == "0" for place in table.places[k] if table.sites[place].layer > 1):
                raise StuckError(
                    f"neuron {neuron + 1} of layer 1 would slide along its kink on datum {k + 1}, "
                    "on which all units above are 0; that is not followed"
                )


def _sign(character: str) -> Literal["+", "-", "0"]:
    return "+" if character == "+" else "-" if character == "-" else "0"


def _neuron_of(site: Site, becomes: str) -> int:
    """Return the unit of a site, or a pooling group's new winner, from 0."""
    return site.members[POSITIONS.index(becomes)] if site.is_group else site.members[0]


def _onward(march: March, after: Mode, place: int) -> bool | None:
    """Whether in the mode `after` every watched lead at `place` that is 0 now grows; None if that cannot be told."""
    field = march.field_of(after)
    before, march.mode = march.mode, after
    try:
        series = march.series(1 << SCALE_BITS, march.bits, 2)
    finally:
        march.mode = before
    verdict: bool | None = True
    error = 1 << march.error_bits + 8
    for watch in field.units:
        if watch.place != place:
            continue
        column = series[watch.register]
        if abs(column[0]) > error:
            continue
        if abs(column[1]) <= error:
            return None
        if column[1] < 0:
            verdict = False
    return verdict
