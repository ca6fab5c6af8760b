"""Multiplier identities that hold everywhere: proofs that a pattern of a symbolic net is empty.

Given the conditions g_1, .., g_m > 0 of a pattern, find λ_{ip} >= 0, not all zero, with sum λ_{ip} p g_i = 0
identically in the symbols, where p runs over 1 and products of conditions; the constant 1 may stand for a g_i too. In
the cell every term would be >= 0 and one of them positive. Unlike the refutations at a point (``refutation.py``) no
neighbourhood enters.

The z of a layer are linear in its own rows, so an identity needs one condition of the unit in question in each term,
and products of conditions of the layers below; where several units of a layer exclude each other, one of each.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import final

from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.errors import BudgetExceededError
from symflow.exact.linear_program import NonnegativeSolution, nonnegative_solution
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.patterned_function import Characters, Constraint

# Columns of one linear program; beyond it a level is skipped, and the pattern stays undecided.
_MOST_COLUMNS = 3_000


@final
@dataclass(frozen=True, slots=True)
class SymbolicTerm:
    """One summand λ p g of a refutation: p the product of the factors, g a condition or, where it is None, 1."""

    multiplier: fmpq
    factors: tuple[Constraint, ...]
    constraint: Constraint | None


def refute_everywhere(
    net: SymbolicNetwork,
    constraints: Sequence[Constraint],
    new: Sequence[Constraint],
    characters: Characters,
    *,
    budget: Budget = NO_BUDGET,
) -> tuple[SymbolicTerm, ...] | None:
    """Return an identity that shows a pattern empty, or None where none is found.

    Parameters
    ----------
    net : SymbolicNetwork
        Whose pattern.
    constraints : sequence of Constraint
        All conditions of the pattern so far, those of `new` included.
    new : sequence of Constraint
        The last ones, of one site.
    characters : sequence of str
        The characters so far, in tree order.
    budget : Budget
        When to give up.

    Examples
    --------
    A second layer above one neuron: on two data on which that is active, its unit has one sign.

    >>> from symflow.activations.base import activation
    >>> from symflow.nets.architecture import Architecture
    >>> from symflow.nets.network import Network
    >>> shape = Architecture((1, 1, 1, 1), (activation("relu"),) * 2, has_biases=False)
    >>> net = SymbolicNetwork(shape, inputs=((fmpq(1),), (fmpq(2),)))
    >>> pattern = ("+", "+", "-", "+")
    >>> found = net.conditions(pattern)
    >>> [term.multiplier for term in refute_everywhere(net, found, found[-1:], pattern)]
    [2/3, 1/3]
    """
    polynomials = {c: net.constraint_polynomial(c, characters) for c in constraints}
    for labels in _levels(constraints, new):
        if len(labels) > _MOST_COLUMNS:
            return None
        columns = [_product(net, polynomials, factors, constraint) for factors, constraint in labels]
        weights = _vanishing_combination(columns, budget)
        if weights is not None:
            return tuple(SymbolicTerm(weight, *labels[i]) for i, weight in sorted(weights.items()))
        if budget.deadline is not None and _is_late(budget):
            return None
    return None


_Label = tuple[tuple[Constraint, ...], Constraint | None]


def _levels(constraints: Sequence[Constraint], new: Sequence[Constraint]) -> Iterator[list[_Label]]:
    """Yield larger and larger lists of products."""
    site = new[0].site
    same = [c for c in constraints if c.site.layer == site.layer and c.site.output == site.output]
    lower = [c for c in constraints if c.site.layer < site.layer]
    one: list[_Label] = [((), None)]
    yield one + [((), c) for c in same]
    if not lower:
        others = [c for c in constraints if c not in same]
        everything: list[_Label] = one + [((), c) for c in constraints]
        if others:
            yield everything
        yield everything + [((a,), b) for a, b in combinations_with_replacement(constraints, 2)]
        return
    for degree in (1, 2):
        products = [p for d in range(degree + 1) for p in combinations_with_replacement(lower, d)]
        yield [(p, c) for p in products for c in same]
    blocks: dict[int, list[Constraint]] = {}
    for c in constraints:
        if c.site.layer == site.layer:
            blocks.setdefault(c.site.output, []).append(c)
    if 1 < len(blocks) <= 3:
        for degree in (1, 2):
            products = [p for d in range(degree + 1) for p in combinations_with_replacement(lower, d)]
            yield [((*p, *rest), last) for *rest, last in product(*blocks.values()) for p in products]


def _product(
    net: SymbolicNetwork,
    polynomials: dict[Constraint, Polynomial],
    factors: Sequence[Constraint],
    constraint: Constraint | None,
) -> Polynomial:
    result = net.ring.one() if constraint is None else polynomials[constraint]
    for factor in factors:
        result = result * polynomials[factor]
    return result


def _vanishing_combination(columns: Sequence[Polynomial], budget: Budget) -> dict[int, fmpq] | None:
    """Return weights λ >= 0 with sum 1 and sum λ_i column_i = 0, or None."""
    total = "sum of the weights"
    vectors: list[dict[Hashable, fmpq]] = [{total: fmpq(1), **dict(column.terms())} for column in columns]
    try:
        solution = nonnegative_solution(vectors, {total: fmpq(1)}, budget=budget)
    except BudgetExceededError:
        return None
    return solution.weights if isinstance(solution, NonnegativeSolution) else None


def _is_late(budget: Budget) -> bool:
    try:
        budget.check(0)
    except BudgetExceededError:
        return True
    return False
