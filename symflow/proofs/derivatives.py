"""Finds what shows that a function is differentiable where its Clarke differential has several elements.

The only candidate is the vector of its directional derivatives along the axes. For every cell whose gradient is
another, the difference has to be a combination of the cell's constraints with multipliers that are not negative, and so
has its negative; see ``checker/frechet.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symflow.checker.cells import constraint
from symflow.checker.expressions import scalars
from symflow.checker.frechet import slope_at
from symflow.checker.gradients import Gradients
from symflow.checker.patterns import Site, Tree, Words
from symflow.checker.problems import WINNERS, Problem
from symflow.checker.reading import Refused, items, take
from symflow.checker.stationarity import directional_derivative
from symflow.exact.exponential_numbers import to_text
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget, basic_values, dual_simplex, table_with_units
from symflow.proofs.claim import Json
from symflow.proofs.numbers import exact


def find_derivative(result: Json, problem: Problem, *, budget: Budget = NO_BUDGET) -> Json | None:
    """Return the certificate, or None where the function is not differentiable, or nothing was found.

    Parameters
    ----------
    result : dict
        The whole result of ``symflow clarke``.
    problem : Problem
        The checker's, of that result.
    budget : Budget
    """
    if result.get("factors") is not None or not result.get("cells") or result.get("undecided"):
        return None
    gradients, size = Gradients(problem), len(problem.point)
    axes = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    gradient = [directional_derivative(gradients, axis) for axis in axes]
    tree = Tree(problem, gradients.values)
    cells: list[Json] = []
    for cell in items(result, "cells"):
        words = tree.words(take(cell, "pattern", str), wildcard=False)
        spelled = scalars(take(cell, "gradient", list), size, "gradient")
        difference = [exact(a - b) for a, b in zip(spelled, gradient, strict=True)]
        if not any(entry != 0 for entry in difference):
            continue
        if not all(isinstance(entry, fmpq) for entry in difference):
            return None
        references, slopes = _constraints(tree, words)
        entry: Json = {"pattern": take(cell, "pattern", str)}
        for key, target in (("above", difference), ("below", [-a for a in difference])):
            multipliers = _combination(slopes, target, budget)
            if multipliers is None:
                return None
            entry[key] = [
                {"multiplier": str(value), "constraint": references[j]} for j, value in sorted(multipliers.items())
            ]
        cells.append(entry)
    return {"gradient": [to_text(exact(a)) for a in gradient], "cells": cells}


def _combination(columns: Sequence[Sequence[Fraction]], target: Sequence[Any], budget: Budget) -> dict[int, Any] | None:
    """Return multipliers that are not negative, by column."""
    table = table_with_units([[fmpq(a.numerator, a.denominator) for a in column] for column in columns], target)
    ending = dual_simplex(table, len(columns), order=range(len(columns)), budget=budget)
    return None if ending.violated is not None else basic_values(table, ending, len(columns))


def _constraints(tree: Tree, words: Words) -> tuple[list[Json], list[list[Fraction]]]:
    """Return all constraints of a cell that vanish at the point, and their gradients there."""
    references: list[Json] = []
    slopes: list[list[Fraction]] = []
    for site in tree.sites:
        for reference in _references(tree, site, words):
            try:
                slopes.append(slope_at(constraint(tree, words, dict(reference)), tree.problem.point))
            except Refused:
                continue  # it is exempt, or does not vanish at the point
            references.append(reference)
    return references, slopes


def _references(tree: Tree, site: Site, words: Words) -> list[Json]:
    place: Json = {"layer": site.layer + 1, "datum": site.datum + 1}
    if tree.alphabet(site) == "-0+":
        return [{**place, "unit": site.unit + 1}]
    group = tree.problem.activations[site.layer].groups[site.unit]
    winner = WINNERS.index(words[site.datum][site.position])
    return [{**place, "group": site.unit + 1, "against": p + 1} for p in range(len(group)) if p != winner]
