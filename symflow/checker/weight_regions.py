"""A result of ``symflow regions`` in weight space, for one hidden layer: the counts, neuron by neuron.

All data of the file count, and no weight does. A pattern is one sign for each neuron and datum. Neuron j's sign on
datum k depends on its own weights (u, b) alone and is that of ⟨u, x_k⟩ + b: so the space of its weights is cut by one
hyperplane for each x_k, or (x_k, 1) with biases, all through 0. Cells are products of cells of the neurons; two are
adjacent when all factors but one are equal and that one's are adjacent. The other weights cut nothing, and every cell
is a cone, hence unbounded.

A maxpool group is one factor: the weights u_1, .., u_m of its members, cut where ⟨u_i, x_k⟩ is largest for two i.

- m = 1 cuts nothing, and m = 2 cuts where ⟨u_1 - u_2, x_k⟩ = 0, as a neuron does.
- Data that are positive multiples of each other have the same winner. If those that are left are independent, the
  products ⟨u_i, x_k⟩ are independent numbers: with n data m^n cells, and n · m(m-1)/2 · m^(n-1) adjacencies.
- Otherwise, m > 2, the counts are not checked.
"""

from __future__ import annotations

import math

from symflow.checker.arrangements import n_cells, n_walls
from symflow.checker.integer_rows import denominator, rank, scaled
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused, Report, expect, items, take
from symflow.checker.symbolic import read_symbolic_problem
from symflow.checker.work import Work

_KNOWN = (
    *("command", "symflow", "problem", "variable", "status", "n_cells", "n_adjacencies", "n_bounded", "n_maps"),
    *("n_pieces", "cells", "adjacencies", "factors"),
)
_MOST_STEPS = 5_000_000

# What counts alone do not say.
_FIXED: dict[str, object] = {
    **{"status": "complete", "n_bounded": 0, "n_maps": None, "n_pieces": None},
    **{"cells": None, "adjacencies": None},
}


def check_weight_regions(report: Report, result: dict[str, object]) -> None:
    """Check a whole result whose variable is "weights"."""
    report.skip_unknown(result, _KNOWN)
    problem: Problem | None = None
    with report.checking("problem"):
        problem = _read_problem(take(result, "problem", dict))
    if problem is None:
        return
    for key, value in _FIXED.items():
        with report.checking(""):
            if key not in result:
                raise Refused("missing", key)
            expect(result[key], value, key)
    counts: list[tuple[int, int]] = []
    sizes = group_sizes(problem)
    known = {size: factor_counts(problem, size) for size in set(sizes)}
    for j, (size, factor) in enumerate(zip(sizes, items(result, "factors", len(sizes)), strict=True)):
        with report.checking(f"factors[{j}]"):
            report.skip_unknown(factor, ("neuron", "n_cells", "n_adjacencies"))
            expect(take(factor, "neuron", int), j + 1, "neuron")
            found = take(factor, "n_cells", int), take(factor, "n_adjacencies", int)
            expected = known[size]
            if expected is None:
                report.skip("n_cells")
                report.skip("n_adjacencies")
            else:
                expect(found[0], expected[0], "n_cells")
                expect(found[1], expected[1], "n_adjacencies")
                report.n_certificates += 1
            if found[0] < 1:
                raise Refused("a space without a cell", "n_cells")
            counts.append(found)
    if len(counts) < len(sizes):
        return
    if None in known.values():
        report.skip("n_cells")
        report.skip("n_adjacencies")
    n_all = math.prod(cells for cells, _ in counts)
    with report.checking(""):
        expect(take(result, "n_cells", int), n_all, "n_cells")
    with report.checking(""):
        n_adjacent = sum(n_all // cells * adjacencies for cells, adjacencies in counts)
        expect(take(result, "n_adjacencies", int), n_adjacent, "n_adjacencies")


def factor_counts(problem: Problem, size: int) -> tuple[int, int] | None:
    """Return how many cells and adjacencies a neuron (size 2) or a group of `size` members has; None if not known.

    Examples
    --------
    Two data on a line through 0, one of them twice, and two neurons' worth of winners.

    >>> problem = _read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["0", "0"]], [["1"]]]},
    ...     "data": {"inputs": [["1", "0"], ["-2", "0"], ["0", "1"]]},
    ... })
    >>> factor_counts(problem, 1), factor_counts(problem, 2), factor_counts(problem, 3)
    ((1, 0), (4, 4), None)
    """
    work = Work(_MOST_STEPS)
    data = [scaled(x, denominator(x)) for x in problem.inputs]
    if problem.biases is not None:
        data = [(*x, denominator(exact)) for x, exact in zip(data, problem.inputs, strict=True)]
    if size == 1:
        return 1, 0
    if size == 2:
        hyperplanes = [(*x, 0) for x in data]
        return n_cells(hyperplanes, work), n_walls(hyperplanes, work)
    directions = {tuple(entry // math.gcd(*x) for entry in x) for x in data if any(x)}
    n = len(directions)
    if rank(sorted(directions), work) < n:
        return None
    return size**n, n * math.comb(size, 2) * size ** (n - 1) if n else 0


def group_sizes(problem: Problem) -> list[int]:
    """Return for each neuron or group how many pieces it has on a datum.

    Examples
    --------
    >>> problem = _read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1"], ["2"]], [["1", "1"]]]},
    ...     "data": {"inputs": [["1"]]},
    ... })
    >>> group_sizes(problem)
    [2, 2]
    """
    if not problem.activations:
        return []
    activation, n_rows = problem.activations[0], len(problem.weights[0])
    if activation.name == "maxpool":
        return [len(group) for group in activation.groups]
    return [1 if activation.name == "identity" else 2] * n_rows


def _read_problem(tree: dict[str, object]) -> Problem:
    """Return the problem with all of its data, whatever the objective is; the weights may be symbols."""
    n_data = len(items(take(tree, "data", dict), "inputs"))
    objective = {"kind": "combination", "coefficients": ["1"] * n_data, "variable": "weights", "output": 1}
    problem = read_symbolic_problem({**tree, "objective": objective}).problem
    if problem.n_hidden > 1:
        raise Refused("more than one hidden layer", "network.weights")
    return problem
