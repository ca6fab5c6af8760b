"""The cells at a point of a net with one hidden layer, as products of the cells of its neurons (Theorem 3).

The neurons use disjoint variables, so a pattern is realised if and only if its part at each neuron is, and the
directions add up. Each neuron is decided alone; the product is multiplied out as far as asked, and what is left of it
is listed as undecided, one entry a branch.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from symflow.cells.cell import Cell, IncidentCells, Refutation
from symflow.cells.incident_cells import incident_cells
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.pattern import UNDECIDED, pattern_key
from symflow.nets.patterned_function import AbstractPatternedFunction


def product_of_neurons(
    function: AbstractPatternedFunction, *, budget: Budget = NO_BUDGET, most_cells: int
) -> IncidentCells:
    """Return the cells that have the point in their closure, at most `most_cells` of them.

    Parameters
    ----------
    function : AbstractPatternedFunction
        Of the weights of a net with one hidden layer.
    budget : Budget
        For each neuron, then for the products; at least one cell is listed.
    most_cells : int
        How many to list.

    Examples
    --------
    >>> from symflow.nets.empirical_risk import FunctionOfWeights
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.objective import Output
    >>> F = FunctionOfWeights(Network.from_weights([[0], [0]], [[1, 1]]), ((fmpq(1),),), Output())
    >>> found = product_of_neurons(F, most_cells=3)
    >>> [cell.pattern for cell in found.cells], found.undecided
    (['--', '-+', '+-'], (('+', '+'),))
    """
    table = function.table
    parts = []
    for output in range(function.network.architecture.fan_in(2)):
        sites = [i for i in range(len(table.sites)) if table.sites[i].output == output]
        if sites:
            parts.append(incident_cells(function, sites=sites, budget=budget, most_cells=most_cells))
    # Whoever asks makes something of each cell, which takes longer than to find it: two thirds of the time are left.
    now = time.monotonic()
    end = None if budget.deadline is None else now + max(0.0, budget.deadline - now) / 3
    cells, left = _multiplied(function, [part.cells for part in parts], most_cells, end)
    refuted = [
        Refutation(table.word(refutation.characters), refutation.characters, refutation.terms)
        for part in parts
        for refutation in part.refuted
    ]
    undecided = [tuple(c or UNDECIDED for c in characters) for part in parts for characters in part.undecided]
    return IncidentCells(
        tuple(sorted(cells, key=lambda cell: pattern_key(cell.pattern))),
        tuple(sorted(refuted, key=lambda refutation: pattern_key(refutation.pattern))),
        tuple(sorted([*undecided, *left], key=lambda characters: pattern_key(table.word(characters)))),
    )


def _multiplied(
    function: AbstractPatternedFunction, factors: Sequence[tuple[Cell, ...]], most: int, end: float | None
) -> tuple[list[Cell], list[tuple[str, ...]]]:
    """Return the first products of one cell a factor, and the branches that were not entered."""
    found: list[Cell] = []
    left: list[tuple[str, ...]] = []
    stack: list[tuple[Cell, ...]] = [()]
    while stack:
        chosen = stack.pop()
        if len(found) >= most or (found and end is not None and time.monotonic() > end):
            left.append(tuple(c or UNDECIDED for c in _characters(function, chosen)))
        elif len(chosen) == len(factors):
            characters = _characters(function, chosen)
            found.append(Cell(function.table.word(characters), characters, _arc(function, chosen)))
        else:
            stack.extend((*chosen, cell) for cell in reversed(factors[len(chosen)]))
    return found, left


def _characters(function: AbstractPatternedFunction, chosen: Sequence[Cell]) -> tuple[str, ...]:
    characters = [""] * len(function.table.sites)
    for cell in chosen:
        for i, character in enumerate(cell.characters):
            if character:
                characters[i] = character
    return tuple(characters)


def _arc(function: AbstractPatternedFunction, chosen: Sequence[Cell]) -> tuple[Vector, ...]:
    """Return the sum of the directions; none where no neuron has a kink."""
    directions = list(_directions(chosen))
    if not directions:
        return ()
    total = [fmpq(0)] * len(function.variables)
    for direction in directions:
        total = [a + b for a, b in zip(total, direction, strict=True)]
    return (tuple(total),)


def _directions(chosen: Sequence[Cell]) -> Iterator[Vector]:
    for cell in chosen:
        yield from cell.arc
