"""Activation patterns: one character a hidden output and datum, as the contract writes them.

A *site* is one hidden output on one datum: a unit of a layer with an activation, or a pooling group. The sites
stand in *tree order*: by layer, then datum, then unit, so that the preactivation at a site depends only on
characters of earlier sites (those of lower layers on the same datum). A pattern is written datum by datum: the word
of a datum runs layer by layer and unit by unit, and the words are joined by ``|``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.nets.architecture import Architecture

# How patterns are sorted: by sign, then by position, and "not decided" last.
_ORDER = {character: place for place, character in enumerate("-0+123456789abcdefghijklmnopqrstuvwxyz|*")}

UNDECIDED = "*"


@final
@dataclass(frozen=True, slots=True)
class Site:
    """One hidden output on one datum.

    Parameters
    ----------
    layer : int
        From 1.
    output : int
        The unit, or the pooling group, from 0.
    datum : int
        From 0.
    members : tuple of int
        The units (from 0) whose preactivations it depends on.
    is_group : bool
        Whether it is a pooling group.
    """

    layer: int
    output: int
    datum: int
    members: tuple[int, ...]
    is_group: bool


@final
class SiteTable:
    """All sites of an architecture on `n_data` data, in tree order.

    Parameters
    ----------
    architecture : Architecture
        The net's shape.
    n_data : int
        The number of data.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((1, 2, 1, 1), (activation("relu"),) * 2, has_biases=False)
    >>> table = SiteTable(shape, 2)
    >>> [(site.layer, site.datum, site.output) for site in table.sites]
    [(1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1), (2, 0, 0), (2, 1, 0)]
    >>> table.word("+-++-0")
    '+--|++0'
    """

    def __init__(self, architecture: Architecture, n_data: int) -> None:
        self.n_data = n_data
        sites = []
        for layer in range(1, architecture.n_layers):
            if not architecture.activation(layer).has_sites:
                continue
            is_group = architecture.activation(layer).is_group
            for datum in range(n_data):
                for output, members in enumerate(architecture.members(layer)):
                    sites.append(Site(layer, output, datum, members, is_group))
        self.sites = tuple(sites)
        self.index = {(site.layer, site.output, site.datum): i for i, site in enumerate(sites)}
        # For each datum the places of its sites, in the order in which its word is written.
        places: list[list[int]] = [[] for _ in range(n_data)]
        for i, site in enumerate(sites):
            places[site.datum].append(i)
        self.places = tuple(map(tuple, places))

    def below(self, layer: int, datum: int) -> tuple[int, ...]:
        """Return the places in tree order of the sites of a datum in the layers below `layer`."""
        return tuple(i for i in self.places[datum] if self.sites[i].layer < layer)

    def word(self, characters: Sequence[str]) -> str:
        """Write the characters (in tree order) as a pattern."""
        return "|".join("".join(characters[i] for i in places) for places in self.places)

    def characters(self, word: str) -> tuple[str, ...]:
        """Read a pattern back into characters in tree order."""
        result = [""] * len(self.sites)
        for places, part in zip(self.places, word.split("|"), strict=True):
            for i, character in zip(places, part, strict=True):
                result[i] = character
        return tuple(result)


def pattern_key(word: str) -> tuple[int, ...]:
    """Return the key by which patterns are sorted: ``-``, ``0``, ``+``, digits, letters.

    Examples
    --------
    >>> sorted(["+-", "-+", "0+", "--"], key=pattern_key)
    ['--', '-+', '0+', '+-']
    """
    return tuple(_ORDER[character] for character in word)
