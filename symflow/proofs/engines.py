"""What the prover may ask of the rest of the house: whole results, as the commands write them.

The prover stands below the rooms that write results, so it is handed these functions. What they return is a
certificate like any other: it is believed only after ``checker/`` has recomputed it.
"""

from __future__ import annotations

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
