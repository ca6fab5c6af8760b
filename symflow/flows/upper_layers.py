"""The characters of units beyond the first layer's kinks where they are 0: at the start, or as a datum dies or wakes.

A unit is "0" where its preactivation is the number 0 on the tape of the mode: all of its features vanish for every
state. When the last neuron below goes off on a datum, that becomes so at once; when one goes on again, the unit leaves
0. Which way is tried: a choice of characters is consistent if the first non-zero Taylor coefficient of each such
preactivation, in the mode of that choice, has the chosen sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import final

from symflow.activations.base import POSITIONS
from symflow.exact.rationals import fmpq
from symflow.flows.field import Field, Problem
from symflow.flows.march import SCALE_BITS, March
from symflow.flows.mode import Mode

# More choices than these are not tried.
MOST_CHOICES = 256


@final
@dataclass(frozen=True, slots=True)
class Trial:
    """A choice of characters, whether it is consistent, and which way each preactivation goes in it."""

    mode: Mode
    is_consistent: bool
    directions: tuple[int, ...]


def is_constant(problem: Problem, mode: Mode, place: int) -> bool:
    """Whether what decides a site's character is a number, given the characters below it."""
    site = problem.function.table.sites[place]
    filled = list(mode)
    if filled[place] == "0":
        filled[place] = "+"
    field = Field(problem, tuple(filled))
    values = field.found.preactivations[site.layer - 1][site.datum]
    return all(isinstance(values[unit], fmpq) for unit in site.members)


def refreshed(problem: Problem, mode: Mode) -> tuple[Mode, tuple[int, ...]]:
    """Return the mode with "0" where a unit beyond the first layer is now 0 for ever, and the sites that leave "0"."""
    result, waking = list(mode), []
    for place, site in enumerate(problem.function.table.sites):
        if site.layer == 1 or site.is_group:
            continue
        if is_constant(problem, tuple(result), place):
            if problem.function.network.biases is None:
                result[place] = "0"
        elif result[place] == "0":
            waking.append(place)
            result[place] = "+"
    return tuple(result), tuple(waking)


def options(problem: Problem, place: int) -> list[str]:
    """Return the characters that a site at 0 may take; of a pooling group those of its winners at the start."""
    site = problem.function.table.sites[place]
    if not site.is_group:
        return ["-", "+"]
    values = problem.function.values_at(site)
    return [POSITIONS[p] for p, value in enumerate(values) if value == max(values)]


def trials(
    march: March, mode: Mode, loose: Sequence[int], settled: Callable[[Mode], Mode] | None = None
) -> Iterator[Trial]:
    """Try every choice of characters at the loose sites.

    Parameters
    ----------
    march : March
        Where the flow is.
    mode : Mode
        All other characters.
    loose : sequence of int
        Places of sites.
    settled : callable, optional
        Makes the mode of a choice complete (at the start: judges the first layer's kinks in it).
    """
    for chosen in product(*(options(march.problem, place) for place in loose)):
        candidate = list(mode)
        for place, character in zip(loose, chosen, strict=True):
            candidate[place] = character
        complete = tuple(candidate) if settled is None else settled(tuple(candidate))
        yield _trial(march, complete, loose)


def _trial(march: March, mode: Mode, loose: Sequence[int]) -> Trial:
    before, march.mode = march.mode, mode
    try:
        series = march.series(1 << SCALE_BITS, march.bits, 6)
    finally:
        march.mode = before
    threshold = 1 << (march.bits // 2)
    directions, verdict = [], True
    for watch in march.field_of(mode).units:
        if watch.place not in loose or abs(series[watch.register][0]) > threshold:
            continue
        lead = next((c for c in series[watch.register][1:] if abs(c) > threshold), 0)
        sign = (lead > 0) - (lead < 0)
        verdict = verdict and sign > 0
        directions.append(sign if mode[watch.place] != "-" else -sign)
    return Trial(mode, verdict, tuple(directions))
