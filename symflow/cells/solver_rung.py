"""The rung of the ladder that asks a solver: it says where to look, and certificates are found there.

Steps 3 and 4 of the decision procedure, turned round. nlsat decides in milliseconds whether the constraints of a
pattern can all be positive in a small box. If they can, it is asked for an arc. If they cannot, a smallest subset that
already cannot is singled out, and multipliers are sought for that alone: few constraints, few variables, products of
two factors. So its word only directs the search; where it says "empty" and no identity is found, the pattern stays
undecided and the solver is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from symflow.cells.cell import Term
from symflow.cells.refutation import MultiplierSearch
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.real_arithmetic import NoPointSays, PointFound, positive_arc, positive_point
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters, Constraint

# Half the sides of the boxes in which points are sought.
_RADII = (fmpq(1, 16), fmpq(1, 1024), fmpq(1, 2**20))
# Arcs are sought with so many vectors, up to so high a power of ε.
_ARCS = ((2, 3), (2, 4), (3, 5))
# Most subsets are decided in a hundredth of this; one that is not stays larger than it need be, and that is all.
_STEPS_A_SUBSET = 250_000


@final
@dataclass(frozen=True, slots=True)
class ArcFound:
    """A way into the cell, checked."""

    arc: tuple[Vector, ...]


@final
@dataclass(frozen=True, slots=True)
class IdentityFound:
    """The terms of a multiplier identity."""

    terms: tuple[Term, ...]


@final
@dataclass(frozen=True, slots=True)
class OnlyTheWord:
    """The solver says that the cell stays away, and no identity was found."""

    solver: str


SolverAnswer: TypeAlias = ArcFound | IdentityFound | OnlyTheWord


def ask_solver(
    function: AbstractPatternedFunction,
    search: MultiplierSearch,
    constraints: Sequence[Constraint],
    characters: Characters,
    *,
    near: Sequence[Constraint] | None = None,
    budget: Budget = NO_BUDGET,
) -> SolverAnswer | None:
    """Return what a solver and the search behind it make of the constraints of a pattern.

    Parameters
    ----------
    function : AbstractPatternedFunction
        Whose cells.
    search : MultiplierSearch
        Looks for identities.
    constraints : sequence of Constraint
        All those of the pattern so far; an arc has to satisfy every one.
    characters : sequence of str
        The characters so far, in tree order.
    near : sequence of Constraint, optional
        Those among which the reason for emptiness lies, where it is known.
    budget : Budget
        When to give up.

    Returns
    -------
    ArcFound, IdentityFound, OnlyTheWord or None
        None where there is no solver, or it did not decide, and the constraints together have no short identity.
    """
    polynomials = [function.constraint_polynomial(constraint, characters) for constraint in constraints]
    for radius in _RADII:
        answer = positive_point(polynomials, radius=radius)
        among = list(constraints if near is None else near)
        if answer is None:  # no answer in time says nothing, and on a busy machine time is short
            terms = search.refute(among, characters, level=5, budget=budget)
            return None if terms is None else IdentityFound(terms)
        if isinstance(answer, NoPointSays):
            terms = _identity(function, search, among, list(constraints), characters, radius, budget)
            return OnlyTheWord(answer.solver) if terms is None else IdentityFound(terms)
        arc = _arc(polynomials, answer) if radius == _RADII[0] else None
        if arc is not None:
            return ArcFound(arc)
    return None


def _arc(polynomials: Sequence[Polynomial], found: PointFound) -> tuple[Vector, ...] | None:
    """Return an arc: straight towards the point that was found, or the solver's own."""
    origin = (fmpq(0),) * len(found.point)
    straight = (found.point,)
    if all(_leads_up(polynomial.along_arc(origin, straight)) for polynomial in polynomials):
        return straight
    for order, highest in _ARCS:
        arc = positive_arc(polynomials, order=order, highest=highest)
        if arc is not None:
            return _without_trailing_zeros(arc)
    return None


def _identity(
    function: AbstractPatternedFunction,
    search: MultiplierSearch,
    near: list[Constraint],
    constraints: list[Constraint],
    characters: Characters,
    radius: fmpq,
    budget: Budget,
) -> tuple[Term, ...] | None:
    """Return an identity for a smallest subset that the solver calls impossible, or for all constraints."""
    smallest = _smallest_core(function, near, characters, radius, known=len(near) == len(constraints))
    if smallest is None:
        smallest = _smallest_core(function, constraints, characters, radius, known=True)
    # The word for a subset holds in a box of one size, and its identity may be long: that of all may be shorter.
    attempts = dict.fromkeys((tuple(each), level) for level in (3, 4, 5, 6) for each in (smallest or near, near))
    for among, level in (*attempts, (tuple(constraints), 6)):
        terms = search.refute(among, characters, level=level, budget=budget)
        if terms is not None:
            return terms
    return None


def _smallest_core(
    function: AbstractPatternedFunction,
    constraints: list[Constraint],
    characters: Characters,
    radius: fmpq,
    *,
    known: bool,
) -> list[Constraint] | None:
    """Return constraints that the solver calls impossible, as few as it sees soon; None if it allows these.

    Not asked again where these are `known` to be impossible.
    """
    polynomials = {
        place: function.constraint_polynomial(constraint, characters) for place, constraint in enumerate(constraints)
    }

    def is_impossible(places: Sequence[int], steps: int | None) -> bool:
        some = [polynomials[i] for i in places]
        return isinstance(positive_point(some, radius=radius, seconds=1.0, steps=steps), NoPointSays)

    kept = list(polynomials)
    if not known and not is_impossible(kept, None):
        return None
    for place in list(kept):
        rest = [i for i in kept if i != place]
        if rest and is_impossible(rest, _STEPS_A_SUBSET):
            kept = rest
    return [constraints[i] for i in kept]


def _leads_up(coefficients: Sequence[fmpq]) -> bool:
    return next((coefficient > 0 for coefficient in coefficients if coefficient != 0), False)


def _without_trailing_zeros(arc: tuple[Vector, ...]) -> tuple[Vector, ...]:
    last = max((i for i, vector in enumerate(arc) if any(entry != 0 for entry in vector)), default=0)
    return arc[: last + 1]
