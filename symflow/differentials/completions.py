"""What an undecided pattern may still contribute: the gradients of all its completions.

Where no certificate decided whether a pattern is realised, its gradient belongs to an outer set only. Below an
undecided partial pattern every kink may take every character. Where these are too many to list, the data still choose
independently of each other below a fixed partial pattern, so that a box around the gradients needs only the
completions datum by datum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.nets.pattern import UNDECIDED
from symflow.nets.patterned_function import AbstractPatternedFunction, SparseVector

# For each variable the least and the largest entry.
Box: TypeAlias = tuple[tuple[Scalar, Scalar], ...]

# Completions beyond this number are not listed.
MOST_COMPLETIONS = 4096

# Hulls of gradients with exponential coefficients take far longer, and a budget has ended where one is asked for.
MOST_IRRATIONAL_COMPLETIONS = 32


def completions(
    function: AbstractPatternedFunction, partial: Sequence[str], sites: Sequence[int] | None = None
) -> Iterator[tuple[str, ...]]:
    """Yield every full pattern that agrees with `partial` and with the signs that are forced.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, -1]])).at((0,))
    >>> list(completions(f, ("+", "*")))
    [('+', '-'), ('+', '+')]
    """
    order = tuple(range(len(function.table.sites))) if sites is None else tuple(sites)
    stack: list[tuple[int, tuple[str, ...]]] = [(0, tuple(partial))]
    while stack:
        depth, characters = stack.pop()
        while depth < len(order) and characters[order[depth]] not in (UNDECIDED, ""):
            depth += 1
        if depth == len(order):
            yield characters
            continue
        site = order[depth]
        for option in reversed(function.options(site, characters)):
            stack.append((depth + 1, (*characters[:site], option.character, *characters[site + 1 :])))


def listed_completions(
    function: AbstractPatternedFunction,
    partials: Sequence[Sequence[str]],
    sites: Sequence[int] | None = None,
) -> tuple[tuple[str, ...], ...] | None:
    """Return all completions of all partial patterns, or None where there are too many."""
    is_rational = all(isinstance(coefficient, fmpq) for coefficient in function.coefficients)
    most = MOST_COMPLETIONS if is_rational else MOST_IRRATIONAL_COMPLETIONS
    result: dict[tuple[str, ...], None] = {}
    for partial in partials:
        for characters in completions(function, partial, sites):
            result[characters] = None
            if len(result) > most:
                return None
    return tuple(result)


def box_around_completions(
    function: AbstractPatternedFunction, partials: Sequence[Sequence[str]], sites: Sequence[int] | None = None
) -> Box | None:
    """Return a box around the gradients of all completions, or None where one datum alone has too many.

    With `sites`, those of one neuron, only its own parameters' intervals mean anything.

    The character of a site depends on the lower sites of its own datum only. So below a partial pattern the gradients
    are the sums c_1 g_1 + .. + c_n g_n with g_k free in a finite set of its own, and the box is the sum of the boxes.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]])).at((0,))
    >>> box_around_completions(f, [("*", "*")])
    ((-1, 1),)
    """
    boxes = []
    for partial in partials:
        total: list[tuple[Scalar, Scalar]] = [(fmpq(0), fmpq(0))] * len(function.variables)
        for datum, coefficient in enumerate(function.coefficients):
            if coefficient == 0:
                continue
            chosen = function.table.places[datum]
            if sites is not None:
                chosen = tuple(site for site in chosen if site in sites)
            found = _box_of_datum(function, partial, datum, chosen)
            if found is None:
                return None
            for place, (low, high) in found.items():
                ends = sorted((coefficient * low, coefficient * high))
                total[place] = (total[place][0] + ends[0], total[place][1] + ends[1])
        boxes.append(total)
    return tuple(
        (min(box[place][0] for box in boxes), max(box[place][1] for box in boxes))
        for place in range(len(function.variables))
    )


def _box_of_datum(
    function: AbstractPatternedFunction, partial: Sequence[str], datum: int, sites: Sequence[int]
) -> dict[int, tuple[fmpq, fmpq]] | None:
    """Return the range of each entry of ∇f^s_k over the completions of one datum's word (entries always 0 left out)."""
    gradients: list[SparseVector] = []
    for characters in completions(function, partial, sites):
        gradients.append(function.output_gradient(datum, characters))
        if len(gradients) > MOST_COMPLETIONS:
            return None
    zero = fmpq(0)
    places = {place for gradient in gradients for place in gradient}
    return {
        place: (min(g.get(place, zero) for g in gradients), max(g.get(place, zero) for g in gradients))
        for place in places
    }
