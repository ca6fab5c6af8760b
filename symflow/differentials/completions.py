"""What an undecided pattern may still contribute: the gradients of all its completions.

Where no certificate decided whether a pattern is realised, its gradient belongs to an outer set only. Below an
undecided partial pattern every kink may take every character. Too many to list, the outer set is left open (None).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symflow.nets.pattern import UNDECIDED
from symflow.nets.patterned_function import AbstractPatternedFunction

# Completions beyond this number are not listed.
MOST_COMPLETIONS = 4096


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
    result: dict[tuple[str, ...], None] = {}
    for partial in partials:
        for characters in completions(function, partial, sites):
            result[characters] = None
            if len(result) > MOST_COMPLETIONS:
                return None
    return tuple(result)
