"""Multiplier identities: proofs that a cell stays away from the point.

Step 2 of the decision procedure. Given the constraints g_1, .., g_m of a pattern (polynomials in the displacement d
that vanish at 0), find λ_{ip} >= 0, not all zero, with sum λ_{ip} p g_i = 0 identically, where p runs over

* level 0: 1;
* level 1: parameters and preactivations that are not zero at the point, taken with their sign, and the g_j;
* level 2: 1/8 + d_j and 1/8 - d_j (Handelman's products on a box).

Each p is positive near the point or on the cell, so the identity is impossible in the cell near the point. Finding
λ is one rational linear program in the coefficients of the monomials.

Soundness does not rest on this file: the identity is expanded again by the checker.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from symflow.cells.cell import BoxFactor, Factor, ParameterFactor, PreactivationFactor, Term
from symflow.errors import BudgetExceededError
from symflow.exact.linear_program import NonnegativeSolution, nonnegative_solution
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters, Constraint

BOX_RADIUS = fmpq(1, 8)

# Columns of one linear program; beyond it a level is skipped, and the pattern stays undecided.
MOST_COLUMNS = 20_000


def refute(
    function: AbstractPatternedFunction,
    constraints: Sequence[Constraint],
    characters: Characters,
    *,
    level: int,
    budget: Budget = NO_BUDGET,
) -> tuple[Term, ...] | None:
    """Return the terms of a multiplier identity for these constraints, or None where none is found at this level.

    Parameters
    ----------
    function : AbstractPatternedFunction
        What the constraints are constraints of.
    constraints : sequence of Constraint
        Those of the pattern so far.
    characters : sequence of str
        The characters so far, in tree order; empty where not chosen.
    level : int
        How many kinds of factors to use: 0, 1 or 2.
    budget : Budget
        When to give up.

    Examples
    --------
    Two data x and -x: one neuron cannot be positive on both.

    >>> from symflow.nets.empirical_risk import FunctionOfWeights
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.objective import Combination
    >>> net = Network.from_weights([[1, -1]], [[1]])
    >>> one = fmpq(1)
    >>> F = FunctionOfWeights(net, ((one, one), (-one, -one)), Combination((one, one)))
    >>> both = [F.options(i, ("", ""))[1].constraints[0] for i in (0, 1)]
    >>> [term.multiplier for term in refute(F, both, ("+", "+"), level=0)]
    [1/2, 1/2]
    """
    factors = _factors(function, characters, level)
    polynomials = {c: function.constraint_polynomial(c, characters) for c in constraints}
    if level >= 1:
        factors.extend((c, polynomials[c]) for c in constraints)
    if (len(factors) + 1) * len(constraints) > MOST_COLUMNS:
        return None
    labels: list[tuple[tuple[Factor, ...], Constraint]] = []
    columns: list[Polynomial] = []
    for constraint in constraints:
        labels.append(((), constraint))
        columns.append(polynomials[constraint])
        for factor, polynomial in factors:
            labels.append(((factor,), constraint))
            columns.append(polynomial * polynomials[constraint])
    weights = _vanishing_combination(columns, budget)
    if weights is None:
        return None
    return tuple(Term(weight, *labels[i]) for i, weight in sorted(weights.items()))


def _factors(
    function: AbstractPatternedFunction, characters: Characters, level: int
) -> list[tuple[Factor, Polynomial]]:
    """Return what is positive near the point, with its polynomial in d."""
    result: list[tuple[Factor, Polynomial]] = []
    ring = function.ring
    if level >= 1:
        if function.variable == "weights":
            for place, value in enumerate(function.point):
                if value != 0:
                    shifted = ring.variable(place) + ring.constant(value)
                    result.append((ParameterFactor(place), shifted if value > 0 else -shifted))
        result.extend(_preactivation_factors(function, characters))
    if level >= 2:
        for place in range(len(function.variables)):
            for sign in (1, -1):
                slack = ring.variable(place) * ring.constant(fmpq(sign)) + ring.constant(BOX_RADIUS)
                result.append((BoxFactor(place, sign), slack))
    return result


def _preactivation_factors(
    function: AbstractPatternedFunction, characters: Characters
) -> list[tuple[Factor, Polynomial]]:
    """Return the hidden preactivations that are not zero at the point and whose characters below are all chosen."""
    result: list[tuple[Factor, Polynomial]] = []
    seen: set[Polynomial] = set()
    for datum in range(function.n_data):
        for layer in range(1, function.network.architecture.n_layers):
            if not all(characters[i] for i in function.table.below(layer, datum)):
                break
            for unit, value in enumerate(function.preactivations[datum][layer - 1]):
                if value == 0:
                    continue
                polynomial = function.preactivation_polynomial(layer, unit, datum, characters)
                signed = polynomial if value > 0 else -polynomial
                if signed not in seen and not signed.is_constant():
                    seen.add(signed)
                    result.append((PreactivationFactor(layer, unit, datum), signed))
    return result


def _vanishing_combination(columns: Sequence[Polynomial], budget: Budget) -> dict[int, fmpq] | None:
    """Return weights λ >= 0 with sum 1 and sum λ_i column_i = 0, or None."""
    for i, column in enumerate(columns):
        if column.is_zero():  # a constraint that is zero identically cannot be positive
            return {i: fmpq(1)}
    total = "sum of the weights"
    vectors: list[dict[Hashable, fmpq]] = [{total: fmpq(1), **dict(column.terms())} for column in columns]
    try:
        solution = nonnegative_solution(vectors, {total: fmpq(1)}, budget=budget)
    except BudgetExceededError:
        return None
    return solution.weights if isinstance(solution, NonnegativeSolution) else None
