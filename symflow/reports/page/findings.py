"""What a page is made of: the results of the other commands, each as far as it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.faces import Face
from symflow.differentials.selection import Audit
from symflow.exact.rationals import fmpq
from symflow.flows.trajectory import Trajectory
from symflow.problem import Problem
from symflow.regions.region_graph import RegionGraph


@final
@dataclass(frozen=True)
class Findings:
    """What a page is made of: the results of the other commands, each as far as it is there.

    Parameters
    ----------
    problem : Problem
        What was asked.
    graph : RegionGraph or None
        The cells of f in its input, or on a plane in it; one output.
    plane : (origin, a, b) or None
        That plane.
    words : tuple of str
        The patterns of the cells, layers parted by ``|``.
    walls, corners : tuple of Face
        The Clarke differential on each wall and at each corner; both empty where the cells are too many.
    differential : ClarkeDifferential or None
        At the problem's point, where that is not on the map.
    report : Audit or None
        What automatic differentiation returns there.
    trajectory : Trajectory or None
        The flow.
    samples : Trajectory or None
        The same with many checkpoints, where it is not exact.
    reasons : mapping
        What was left out, and why.
    """

    problem: Problem
    graph: RegionGraph | None = None
    plane: tuple[tuple[fmpq, ...], ...] | None = None
    words: tuple[str, ...] = ()
    walls: tuple[Face, ...] = ()
    corners: tuple[Face, ...] = ()
    differential: ClarkeDifferential | None = None
    report: Audit | None = None
    trajectory: Trajectory | None = None
    samples: Trajectory | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """What the coordinates of the map are called: a letter and an index.

        On a plane p and q: t is the time, and s a subgradient.
        """
        if self.plane is not None:
            return ("p", ""), ("q", "")
        n_inputs = self.problem.architecture.n_inputs
        return (("x", ""),) if n_inputs == 1 else tuple(("x", str(i)) for i in range(1, n_inputs + 1))

    @property
    def has_domain(self) -> bool:
        """Whether the map is that of a part of input space; a plane is drawn whole."""
        return self.problem.domain is not None and self.plane is None

    @property
    def letter(self) -> str:
        """What the net's output is called on the map."""
        return "f" if self.plane is None else "g"
