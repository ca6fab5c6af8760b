"""The result of ``symflow regions`` in weight space, as the contract's JSON object: counts, and one factor a neuron."""

from __future__ import annotations

from symflow.problem import Problem
from symflow.regions.weight_regions import WeightRegions
from symflow.reports.results import Json, header


def weight_regions_result(problem: Problem, regions: WeightRegions) -> Json:
    """Return the result of ``symflow regions --variable weights``.

    Parameters
    ----------
    problem : Problem
        What was asked.
    regions : WeightRegions
        The answer.

    Raises
    ------
    BudgetExceededError
        If the budget of `regions` does not suffice to count.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> network = {"activation": "relu", "weights": [[["1", "0"], ["0", "1"]], [["1", "1"]]]}
    >>> problem = problem_from_tree({"network": network, "data": {"inputs": [["1", "0"], ["1", "1"]]}})
    >>> result = weight_regions_result(problem, WeightRegions.of(problem.architecture, problem.inputs))
    >>> result["n_cells"], result["n_adjacencies"]
    (16, 32)
    >>> result["factors"][0]
    {'neuron': 1, 'n_cells': 4, 'n_adjacencies': 4}
    """
    factors = [
        {"neuron": factor.neuron, "n_cells": factor.n_cells, "n_adjacencies": factor.n_adjacencies}
        for factor in regions.factors
    ]
    return header("regions", problem) | {
        "variable": "weights",
        "status": "complete",
        "n_cells": regions.n_cells,
        "n_adjacencies": regions.n_adjacencies,
        "n_bounded": regions.n_bounded,
        "n_maps": None,
        "n_pieces": None,
        "cells": None,
        "adjacencies": None,
        "factors": factors,
    }
