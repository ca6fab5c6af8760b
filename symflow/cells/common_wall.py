"""Whether two cells share a wall at the point: a set of codimension 1 in both closures, near it.

Let s and t be patterns of two cells that have w in their closures. On a common wall every site at which they differ
lies on its kink, so each constraint of a flipping site, in s and in t, vanishes on the wall. Hence

* if these polynomials have no common irreducible factor q with q(w) = 0, there is no wall: they vanish together on a
  set of codimension 2 at least;
* otherwise the wall lies in {q = 0} for such a q, and it is one iff arbitrarily near w there is a point of {q = 0} at
  which q changes its sign, every constraint that q does not divide is positive, and each constraint that it divides,
  q u > 0, has the sign of u that puts s on one side of the wall and t on the other.

Not the number of signs that differ counts, then, but whether what flips is tied: duplicated neurons flip together.

Constraints are of degree at most 1 in each weight. Near a point where q = a + b v with b(w) ≠ 0 for some variable v,
the wall is the graph v = -a/b, and on it c + e v has the sign of (c b - e a) b. So the question is one about strict
inequalities in the other variables, decided by the tools that decide cells: a direction or an arc says yes, multipliers
say no. Where everything is linear (as a function of the input, and for one hidden layer) this is complete. Elsewhere it
may stay open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from symflow.activations.base import POSITIONS
from symflow.cells.cell import Cell
from symflow.exact.linear_program import NonnegativeSolution, StrictSolution, nonnegative_solution, strict_feasibility
from symflow.exact.polynomial_factors import common_factors, exact_quotient
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.real_arithmetic import positive_arc
from symflow.nets.patterned_function import AbstractPatternedFunction

_EIGHTH = fmpq(1, 8)
_ARCS = ((2, 3), (2, 4))


@final
@dataclass(frozen=True, slots=True)
class Adjacent:
    """The cells share a wall at the point, in the zero set of this polynomial in the displacement."""

    wall: Polynomial


@final
@dataclass(frozen=True, slots=True)
class Apart:
    """They do not."""


@final
@dataclass(frozen=True, slots=True)
class Open:
    """Neither was shown."""


Adjacency: TypeAlias = Adjacent | Apart | Open


def adjacency(function: AbstractPatternedFunction, first: Cell, second: Cell) -> Adjacency:
    """Return whether two different cells that meet the point share a wall there.

    Examples
    --------
    Two equal neurons flip together, so the line has one wall.

    >>> from symflow.cells.incident_cells import incident_cells
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [1]], [[1, 1]])).at((0,))
    >>> adjacency(f, *incident_cells(f).cells)
    Adjacent(wall=x[1])
    """
    flipping: list[Polynomial] = []
    sides: list[list[Polynomial]] = []
    for cell, other in ((first, second), (second, first)):
        sides.append([])
        for flips, polynomial in _constraints(function, cell, other):
            sides[-1].append(polynomial)
            if flips:
                flipping.append(polynomial)
    assert flipping, "the lowest site at which two patterns differ has a constraint that flips"
    answer: Adjacency = Apart()
    for factor in common_factors(flipping):
        if factor.constant_coefficient() != 0:
            continue
        for side in (1, -1):
            conditions = _conditions(factor, side, *sides)
            found = _meets(factor, conditions)
            if found is True:
                return Adjacent(factor)
            if found is None:
                answer = Open()
    return answer


def _constraints(function: AbstractPatternedFunction, cell: Cell, other: Cell) -> list[tuple[bool, Polynomial]]:
    """Return the constraints of a cell, and whether they vanish on a wall to the other one because their site flips."""
    result = []
    for place, (character, there) in enumerate(zip(cell.characters, other.characters, strict=True)):
        site = function.table.sites[place]
        for option in function.options(place, cell.characters):
            if option.character != character:
                continue
            for constraint in option.constraints:
                flips = there != character
                if flips and constraint.against is not None:  # of the winner's leads, that over the other winner
                    flips = constraint.against == site.members[POSITIONS.index(there)]
                result.append((flips, function.constraint_polynomial(constraint, cell.characters)))
    return result


def _conditions(
    factor: Polynomial, side: int, first: Sequence[Polynomial], second: Sequence[Polynomial]
) -> list[Polynomial]:
    """Return what has to be positive on the wall, where the first cell is on the given side of it."""
    result = []
    for sign, constraints in ((side, first), (-side, second)):
        for constraint in constraints:
            quotient = exact_quotient(constraint, factor)
            result.append(constraint if quotient is None else quotient * fmpq(sign))
    return result


def _meets(factor: Polynomial, conditions: Sequence[Polynomial]) -> bool | None:
    """Whether there are points of {factor = 0} arbitrarily near 0 at which all conditions are positive."""
    needed: list[Polynomial] = []
    for condition in conditions:
        value = condition.constant_coefficient()
        if value < 0:
            return False
        if value == 0 and condition not in needed:
            needed.append(condition)
    reduced = _on_the_graph(factor, needed)
    if reduced is not None:
        if any(condition.is_zero() for condition in reduced):
            return None  # a double zero on the wall; it does not occur where every weight has degree 1
        origin = (fmpq(0),) * len(factor.ring.names)
        rows = [condition.gradient_at(origin) for condition in reduced]
        if isinstance(strict_feasibility(rows, dimension=len(origin)), StrictSolution):
            return True
        if all(condition.total_degree() <= 1 for condition in reduced):
            return False
    if _is_refuted(factor, needed):
        return False
    if reduced is not None and any(positive_arc(reduced, order=q, highest=m) is not None for q, m in _ARCS):
        return True
    return None


def _on_the_graph(factor: Polynomial, conditions: Sequence[Polynomial]) -> list[Polynomial] | None:
    """Solve the factor for a variable, and return what has the signs of the conditions on its graph."""
    ring = factor.ring
    for place in factor.used_variables():
        slope = factor.derivative(place)
        if slope.constant_coefficient() == 0 or place in slope.used_variables():
            continue
        if any(place in condition.derivative(place).used_variables() for condition in conditions):
            continue
        rest = factor - slope * ring.variable(place)
        sign = fmpq(1 if slope.constant_coefficient() > 0 else -1)
        result = []
        for condition in conditions:
            steepness = condition.derivative(place)
            height = condition - steepness * ring.variable(place)
            result.append((height * slope - steepness * rest) * sign)
        return result
    return None


def _is_refuted(factor: Polynomial, conditions: Sequence[Polynomial]) -> bool:
    """Whether multipliers show that the conditions cannot all be positive on the zero set of the factor near 0.

    An identity sum λ p g + m q = 0 with λ >= 0, not all zero, p positive near 0 or a condition, and m any polynomial.
    """
    if not conditions:
        return False
    ring = factor.ring
    variables = sorted({i for polynomial in (factor, *conditions) for i in polynomial.used_variables()})
    near = [ring.one()]
    near += (ring.variable(i) * fmpq(sign) + ring.constant(_EIGHTH) for i in variables for sign in (1, -1))
    products = [condition * p for condition in conditions for p in (*near, *conditions)]
    free = [factor * m * fmpq(sign) for m in (ring.one(), *map(ring.variable, variables)) for sign in (1, -1)]
    free += (factor * condition * fmpq(sign) for condition in conditions for sign in (1, -1))
    columns: list[dict[object, fmpq]] = [{"sum": fmpq(1), **_entries(product)} for product in products]
    columns += (_entries(product) for product in free)
    return isinstance(nonnegative_solution(columns, {"sum": fmpq(1)}), NonnegativeSolution)


def _entries(polynomial: Polynomial) -> dict[object, fmpq]:
    return dict(polynomial.coefficients().items())
