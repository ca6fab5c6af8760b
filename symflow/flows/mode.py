"""A mode of the flow: the sign of every preactivation on a stretch on which none changes.

A mode is one character a site in tree order, as in a pattern (``nets/pattern.py``). ``0`` stands for a preactivation
that is 0 throughout: because it vanishes identically, or because the flow slides along its kink. Only first-layer
neurons slide; the data on whose kinks a neuron slides are its *ties*.
"""

from __future__ import annotations

from symflow.nets.pattern import SiteTable

Mode = tuple[str, ...]


def ties(mode: Mode, table: SiteTable, neuron: int) -> tuple[int, ...]:
    """Return the data (from 0) on which a first-layer neuron (from 0) is 0."""
    return tuple(
        datum
        for datum in range(table.n_data)
        if (1, neuron, datum) in table.index and mode[table.index[1, neuron, datum]] == "0"
    )


def changed(mode: Mode, table: SiteTable, characters: dict[tuple[int, int, int], str]) -> Mode:
    """Return the mode with other characters at some (layer, neuron, datum)."""
    result = list(mode)
    for place, character in characters.items():
        result[table.index[place]] = character
    return tuple(result)
