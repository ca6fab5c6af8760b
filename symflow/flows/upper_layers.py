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
from symflow.flows.fixed_point import fixed
from symflow.flows.march import March
from symflow.flows.mode import Mode
from symflow.flows.taylor import Series, taylor_series
from symflow.flows.taylor_step import SCALE_BITS

# More choices than these are not tried.
MOST_CHOICES = 256


@final
@dataclass(frozen=True, slots=True)
class Trial:
    """A choice of characters, whether it is consistent, and which way each preactivation goes in it.

    `may_rest` is whether no preactivation leaves its side, but some do not move as far as the series shows. `orders`
    holds for each watched unit, by place and character, the order with which it leaves 0.
    """

    mode: Mode
    is_consistent: bool
    may_rest: bool
    directions: tuple[int, ...]
    orders: dict[tuple[int, str], int]


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
    field = march.field_of(mode)
    series, threshold = _series(march, field)
    directions, orders, signs = [], {}, []
    for watch in field.units:
        column = series[watch.register]
        if watch.place not in loose or abs(column[0]) > threshold:
            continue
        order = next((k for k, c in enumerate(column) if k and abs(c) > threshold), 0)
        sign = (column[order] > 0) - (column[order] < 0) if order else 0
        signs.append(sign)
        directions.append(sign if mode[watch.place] != "-" else -sign)
        orders[watch.place, watch.becomes] = order
    leaves = any(sign < 0 for sign in signs)
    return Trial(mode, all(sign > 0 for sign in signs), not leaves and 0 in signs, tuple(directions), orders)


def _series(march: March, field: Field) -> tuple[list[Series], int]:
    """Return the first coefficients of every register from here, and what counts as 0 among them.

    The start is known exactly. There the coefficients are computed with so many bits that under a rational risk a
    rational one of the size of the numbers that come in shows.
    """
    point = march.problem.function.point
    if march.time:
        bits = march.bits
        start = {place: march.theta[place] for place in march.problem.trained}
        threshold = 1 << (bits // 2)
    else:
        numbers = [*point, *(entry for x in march.problem.function.inputs for entry in x)]
        height = max(int(abs(number.p)).bit_length() + int(number.q).bit_length() for number in numbers)
        bits = 4 * march.bits + 40 * height + 400
        start = {place: fixed(point[place], bits) for place in march.problem.trained}
        threshold = 1 << 100
    series = taylor_series(field.tape, start, bits=bits, scale=1 << SCALE_BITS, scale_bits=SCALE_BITS, order=6)
    return series, threshold
