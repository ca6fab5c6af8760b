"""What the prover may ask of the rest of the house: whole results, as the commands write them.

The prover stands below the rooms that write results, so it is handed these functions. What they return is a
certificate like any other: it is believed only after ``checker/`` has recomputed it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
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


def remembering(engines: Engines, known: Iterable[Json] = ()) -> Engines:
    """Return engines that ask of each problem once, however many lemmas ask for it.

    Parameters
    ----------
    engines : Engines
    known : iterable of dict
        Whole results of ``symflow clarke`` that are there already.

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
    return Engines(
        clarke=_once(engines.clarke, {_key(result["problem"]): result for result in known}),
        laws=_once(engines.laws, {}),
        flow=_once(engines.flow, {}),
    )


def _once(engine: Engine, known: dict[str, Json]) -> Engine:
    def asked(problem: Problem, *, budget: Budget = NO_BUDGET) -> Json:
        key = _key(problem.tree())
        if key not in known:
            known[key] = engine(problem, budget=budget)
        return dict(known[key])

    return asked


def _key(tree: Json) -> str:
    return json.dumps(tree, sort_keys=True)
