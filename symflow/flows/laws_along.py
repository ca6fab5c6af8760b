"""What the flow conserves on each arc of a trajectory: a law holds on one arc and breaks on the next.

On an arc inside a cell the laws are those of the cell and the data (``laws/of_problem.py``), with both bounds proved.
Where neurons slide along kinks, the velocity is a convex combination of the fields of the cells around: what all of
them conserve is conserved, and there may be more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import final

import mpmath

from symflow.errors import NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.field import Problem
from symflow.flows.precision import GUARD_DIGITS, Number, working_digits
from symflow.flows.trajectory import Arc, Trajectory
from symflow.laws.conservation import laws_on_cells
from symflow.laws.law import ConservationLaw
from symflow.nets.empirical_risk import FunctionOfWeights

# Cells around a sliding arc beyond which its laws are not looked for.
MOST_CELLS = 32


@final
@dataclass(frozen=True, slots=True)
class LawsOnArc:
    """The laws of one arc.

    Parameters
    ----------
    arc : Arc
        Which.
    laws : tuple of ConservationLaw
        Independent ones that it keeps, of what moves.
    is_complete : bool
        Whether it is proved that there are no more.
    drift : mpf
        The most that one of them moves by between the ends: rounding.
    broken : tuple of ConservationLaw
        Laws of the arc before that this one does not keep.
    """

    arc: Arc
    laws: tuple[ConservationLaw, ...]
    is_complete: bool
    drift: Number
    broken: tuple[ConservationLaw, ...]


def laws_along(trajectory: Trajectory, *, budget: Budget = NO_BUDGET) -> tuple[LawsOnArc, ...]:
    """Return the laws on each arc of a flow in the weights.

    Parameters
    ----------
    trajectory : Trajectory
        From :func:`symflow.flows.gradient_flow.gradient_flow`.
    budget : Budget
        When to stop.

    Raises
    ------
    NotSupportedError
        If the flow is one of the input, or too many cells meet a sliding arc.

    Examples
    --------
    Two neurons active on one datum, four weights: all of them move as the one residual tells.

    >>> from symflow.flows.gradient_flow import gradient_flow
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1], [1]], [[1, -1]])
    >>> R = EmpiricalRisk(net, Dataset([(1,)], labels=[2]), loss="squared")
    >>> [(len(each.laws), each.is_complete) for each in laws_along(gradient_flow(R, until=1))]
    [(3, True)]
    """
    function, options = trajectory.facts.get("function"), trajectory.facts.get("options")
    if not isinstance(function, FunctionOfWeights):
        raise NotSupportedError("only a flow in the weights has conservation laws of this kind", place="laws")
    trained = getattr(options, "trained", None)
    found: list[LawsOnArc] = []
    for arc in trajectory.arcs:
        patterns = _cells_around(function, arc)
        laws = laws_on_cells(
            function.network.architecture,
            function.inputs,
            patterns,
            outputs=[function.output + 1],
            trained=trained,
            budget=budget,
        )
        before = found[-1].laws if found else ()
        kept = {law.terms for law in (*laws.laws, *laws.dependent_laws)}
        broken = tuple(law for law in before if law.terms not in kept and _moves(law, arc, trajectory.digits))
        drift = max((_drift(law, arc) for law in laws.laws), default=mpmath.mpf(0))
        found.append(LawsOnArc(arc, laws.laws, laws.is_complete and len(patterns) == 1, drift, broken))
    return tuple(found)


def _cells_around(function: FunctionOfWeights, arc: Arc) -> list[str]:
    """Return the patterns of the cells that an arc runs in or between."""
    characters = function.table.characters(arc.pattern)
    problem = Problem(function, frozenset(range(len(function.point))))
    open_places = [
        place
        for place, site in enumerate(function.table.sites)
        if site.layer == 1 and characters[place] == "0" and not problem.layer.is_fixed(site.datum)
    ]
    if 2 ** len(open_places) > MOST_CELLS:
        raise NotSupportedError(f"an arc slides along {len(open_places)} kinks, too many to list the cells around")
    result = []
    for chosen in product("-+", repeat=len(open_places)):
        now = list(characters)
        for place, character in zip(open_places, chosen, strict=True):
            now[place] = character
        result.append(function.table.word(now))
    return result


def _drift(law: ConservationLaw, arc: Arc) -> Number:
    """Return by how much a law moves between the ends of an arc."""
    start, end = ([_exact(value) for value in state] for state in (arc.start_state, arc.end_state))
    difference = law.value(end) - law.value(start)
    return abs(mpmath.mpf(int(difference.p)) / int(difference.q))


def _moves(law: ConservationLaw, arc: Arc, digits: int) -> bool:
    """Whether a law moves on an arc by more than the digits can be off."""
    with working_digits(digits + GUARD_DIGITS):
        size = max(1, *(abs(value) for value in arc.end_state))
        return bool(_drift(law, arc) > 100 * size**2 * mpmath.mpf(10) ** -digits)


def _exact(value: Number) -> fmpq:
    """Return a binary number as the rational that it is."""
    sign, mantissa, exponent, _ = value._mpf_
    signed = -int(mantissa) if sign else int(mantissa)
    return fmpq(signed << exponent) if exponent >= 0 else fmpq(signed, 1 << -exponent)
