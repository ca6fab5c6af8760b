"""All conservation laws of degree at most two, from the null space of a sparse system over ℚ.

The unknowns are the coefficients of h; ⟨∇h, ∇φ⟩ = 0 gives one equation for each of its monomials and each φ.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from symflow.exact.polynomials import Monomial, Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.exact.sparse_kernel import sparse_kernel
from symflow.laws.identities import MOST_PATHS, is_conserved, output_gradients
from symflow.laws.law import ConservationLaw
from symflow.laws.models import Fields, PathField, every_path
from symflow.nets.fixed_slopes import n_paths

# With more unknowns, or terms in the equations, the null space is not computed.
_MOST_UNKNOWNS = 1500
_MOST_TERMS = 400_000


def new_quadratic_laws(
    fields: Fields, known: Sequence[ConservationLaw], *, budget: Budget = NO_BUDGET
) -> list[ConservationLaw] | None:
    """Return laws of degree at most two that are no linear combinations of known ones and products of linear ones.

    Returns
    -------
    list of ConservationLaw or None
        Together with the known ones and these products they span all; None where that is too large.

    Examples
    --------
    One datum and slopes 1 and 1/4: a₁v₂ − v₁a₂ is kept for equal slopes only, so that nothing of degree two is new.

    >>> from symflow.activations.base import activation
    >>> from symflow.laws.models import cell_fields
    >>> from symflow.laws.textbook import textbook_laws
    >>> from symflow.nets.architecture import Architecture
    >>> leaky = activation("leaky_relu", slope="1/4")
    >>> fields = cell_fields(Architecture((1, 2, 1), (leaky,), has_biases=False), [(fmpq(1),)], ["+-"], [1])
    >>> new_quadratic_laws(fields, textbook_laws(fields))
    []
    >>> fields = cell_fields(Architecture((1, 2, 1), (leaky,), has_biases=False), [(fmpq(1),)], ["++"], [1])
    >>> new_quadratic_laws(fields, textbook_laws(fields))
    [W1[1,1]*W2[1,2] - W1[2,1]*W2[1,1]]
    """
    n = fields.shape.n_parameters
    if n * (n + 3) // 2 > _MOST_UNKNOWNS or n_paths(fields.shape) > MOST_PATHS:
        return None
    if budget.deadline is not None and time.monotonic() > budget.deadline:
        return None
    if isinstance(fields.fields[0], PathField):  # those that span the gradients of all are not enough for an identity
        every = every_path(fields.shape)
        if every is None:
            return None
        fields = replace(every, trained=fields.trained)
    gradients = output_gradients(fields)
    n_terms = sum(partial.n_terms() for gradient in gradients for partial in gradient.values())
    if n_terms * (n + 1) > _MOST_TERMS * 10:
        return None
    monomials = _monomials(n)
    column = {monomial: place for place, monomial in enumerate(monomials)}
    basis = sparse_kernel((row for gradient in gradients for row in _equations(gradient, column, n)), len(monomials))
    names = fields.shape.parameter_names
    taken = [_sparse(terms, column) for terms in _known_terms(known)]
    result = []
    for vector in _complement(basis, taken, len(monomials)):
        terms = tuple((monomials[place], entry) for place, entry in sorted(vector.items()))
        law = ConservationLaw(names, terms, "quadratic")
        assert is_conserved(law, gradients), "a vector of the kernel that is no law"
        result.append(law)
    return result


def _monomials(n: int) -> list[Monomial]:
    """Return the monomials of degree 2, then those of degree 1."""
    quadratic: list[Monomial] = [((i, 2),) if i == j else ((i, 1), (j, 1)) for i in range(n) for j in range(i, n)]
    linear: list[Monomial] = [((i, 1),) for i in range(n)]
    return quadratic + linear


def _equations(gradient: dict[int, Polynomial], column: dict[Monomial, int], n: int) -> Iterator[dict[int, fmpq]]:
    """Yield one equation for each monomial of ⟨∇h, ∇φ⟩."""
    rows: dict[Monomial, dict[int, fmpq]] = {}
    for place, partial in gradient.items():
        for monomial, coefficient in partial.terms():
            _add(rows, monomial, column[((place, 1),)], coefficient)
            for other in range(n):
                pair: Monomial = ((place, 2),) if other == place else tuple(sorted(((place, 1), (other, 1))))
                factor = coefficient * 2 if other == place else coefficient
                _add(rows, _times(monomial, other), column[pair], factor)
    yield from rows.values()


def _add(rows: dict[Monomial, dict[int, fmpq]], monomial: Monomial, place: int, coefficient: fmpq) -> None:
    row = rows.setdefault(monomial, {})
    row[place] = row.get(place, fmpq(0)) + coefficient


def _times(monomial: Monomial, variable: int) -> Monomial:
    powers = dict(monomial)
    powers[variable] = powers.get(variable, 0) + 1
    return tuple(sorted(powers.items()))


def _known_terms(known: Sequence[ConservationLaw]) -> Iterator[tuple[tuple[Monomial, fmpq], ...]]:
    """Yield the terms of the known laws and of the products of two linear ones."""
    linear = [law for law in known if law.degree == 1]
    yield from (law.terms for law in known)
    for i, first in enumerate(linear):
        for second in linear[i:]:
            product: dict[Monomial, fmpq] = {}
            for ((a, _),), c in first.terms:
                for ((b, _),), d in second.terms:
                    monomial: Monomial = ((a, 2),) if a == b else ((min(a, b), 1), (max(a, b), 1))
                    product[monomial] = product.get(monomial, fmpq(0)) + c * d
            yield tuple((monomial, c) for monomial, c in product.items() if c != 0)


def _sparse(terms: Sequence[tuple[Monomial, fmpq]], column: dict[Monomial, int]) -> dict[int, fmpq]:
    result: dict[int, fmpq] = {}
    for monomial, coefficient in terms:
        result[column[monomial]] = result.get(column[monomial], fmpq(0)) + coefficient
    return result


def _complement(
    basis: Sequence[dict[int, fmpq]], taken: Sequence[dict[int, fmpq]], n_columns: int
) -> list[dict[int, fmpq]]:
    """Return vectors that, with the taken ones, span what the basis spans: primitive, each reduced by those before."""
    pivots: dict[int, dict[int, fmpq]] = {}
    result = []
    for vector in taken:
        left = _reduced(vector, pivots)
        if left:
            pivots[max(left)] = left
    for vector in basis:
        left = _reduced(vector, pivots)
        if left:
            pivots[max(left)] = left
            result.append(_primitive(left))
    assert all(max(vector) < n_columns for vector in result)
    return result


def _reduced(vector: dict[int, fmpq], pivots: dict[int, dict[int, fmpq]]) -> dict[int, fmpq]:
    left = dict(vector)
    for lead in sorted(left, reverse=True):
        while lead is not None and left.get(lead, fmpq(0)) != 0 and lead in pivots:
            factor = left[lead] / pivots[lead][lead]
            for place, entry in pivots[lead].items():
                value = left.get(place, fmpq(0)) - factor * entry
                if value == 0:
                    left.pop(place, None)
                else:
                    left[place] = value
    return left


def _primitive(vector: dict[int, fmpq]) -> dict[int, fmpq]:
    denominator = math.lcm(*(int(entry.q) for entry in vector.values()))
    divisor = math.gcd(*(int((entry * denominator).p) for entry in vector.values()))
    sign = 1 if vector[min(vector)] > 0 else -1
    return {place: entry * denominator / divisor * sign for place, entry in vector.items()}
