"""What the prover may ask of the rest of the house: whole results, as the commands write them.

The prover stands below the rooms that write results, so it is handed these functions. What they return is a
certificate like any other: it is believed only after ``checker/`` has recomputed it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Protocol

from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.problem import Problem
from symflow.proofs.claim import Json


class Engine(Protocol):
    """A command: a problem goes in, its whole result comes out."""

    def __call__(self, problem: Problem, *, budget: Budget = NO_BUDGET) -> Json:
        """Return the result's JSON."""
        ...


@dataclass(frozen=True, slots=True)
class Engines:
    """The commands that claims rest on.

    Parameters
    ----------
    clarke, laws, flow : Engine
        As ``symflow clarke``, ``laws`` and ``flow`` write them.
    """

    clarke: Engine
    laws: Engine
    flow: Engine


def remembering(engines: Engines) -> Engines:
    """Return engines that follow the flow of a problem once, however many lemmas ask for it.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> asked = []
    >>> def flow(problem, *, budget=NO_BUDGET):
    ...     asked.append(problem)
    ...     return {"command": "flow"}
    >>> engines = remembering(Engines(clarke=flow, laws=flow, flow=flow))
    >>> problem = problem_from_tree({"network": {"widths": [2, 2, 1], "activation": "relu"}})
    >>> engines.flow(problem) == engines.flow(problem), len(asked)
    (True, 1)
    """
    known: dict[str, Json] = {}

    def flow(problem: Problem, *, budget: Budget = NO_BUDGET) -> Json:
        key = json.dumps(problem.tree(), sort_keys=True)
        if key not in known:
            known[key] = engines.flow(problem, budget=budget)
        return dict(known[key])

    return replace(engines, flow=flow)
