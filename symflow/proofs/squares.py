"""Writes a polynomial as a sum of squares with positive rational coefficients, where a simple way does it.

p = zᵀ G z for the vector z of the monomials whose squares occur in p; a product of two of them that occurs in p is
shared out to the first such pair. Then G is decomposed, exactly: G = Σ d_i l_i l_iᵀ with d_i ≥ 0. Where that fails
nothing is said: the polynomial may still be a sum of squares, or positive without being one.

Examples
--------
>>> from fractions import Fraction
>>> x, y = (0,), (1,)
>>> squares = sum_of_squares({x + x: Fraction(1), x + y: Fraction(-2), y + y: Fraction(3)})
>>> [(str(c), {m: str(a) for m, a in root.items()}) for c, root in squares]
[('1', {(0,): '1', (1,): '-1'}), ('2', {(1,): '1'})]
>>> sum_of_squares({x + x: Fraction(-1)}) is None
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

from symflow.checker.polynomials import Monomial, Rational

#: The d and l of Σ d l².
Squares: TypeAlias = Sequence[tuple[Rational, Mapping[Monomial, Rational]]]

_MOST_MONOMIALS = 60
_MOST_BITS = 6


def sum_of_squares(terms: Mapping[Monomial, Rational]) -> Squares | None:
    """Return (d, l) with p = Σ d l², or None.

    Parameters
    ----------
    terms : mapping
        The polynomial: its monomials, sorted tuples of variables, and their coefficients.
    """
    roots = sorted({_root(monomial) for monomial in terms if _root(monomial) is not None})  # type: ignore[type-var]
    basis: list[Monomial] = [root for root in roots if root is not None]
    if len(basis) > _MOST_MONOMIALS:
        return None
    gram = [[Fraction(0)] * len(basis) for _ in basis]
    left = dict(terms)
    for i, root in enumerate(basis):
        gram[i][i] = Fraction(left.pop(_times(root, root), 0))
    for i, one in enumerate(basis):
        for j in range(i):
            share = Fraction(left.pop(_times(one, basis[j]), 0)) / 2
            gram[i][j] = gram[j][i] = share
    if any(left.values()):
        return None
    return _decomposed(gram, basis)


def squares_by_cases(terms: Mapping[Monomial, Rational], bits: Set[int]) -> Squares | None:
    """Return (d, l) with p = Σ d l² where some variables are 0 or 1: squares for each choice of these, or None.

    With a in {0, 1} the numbers a and 1 − a are their own squares, so that the squares of a case, times the product of
    its a and 1 − a, are squares which add up to p over all cases.

    Examples
    --------
    u² + v² − 2auv is (u − v)² where a = 1, and u² + v² where a = 0:

    >>> u, v, a = (0,), (1,), 2
    >>> squares = squares_by_cases({u + u: 1, v + v: 1, (*u, *v, a): -2}, {a})
    >>> [(str(c), {m: str(b) for m, b in root.items()}) for c, root in squares]
    [('1', {(0,): '1', (0, 2): '-1'}), ('1', {(1,): '1', (1, 2): '-1'}), ('1', {(0, 2): '1', (1, 2): '-1'})]
    """
    chosen = sorted(bits & {variable for monomial in terms for variable in monomial})
    if not 1 <= len(chosen) <= _MOST_BITS:
        return None
    found: list[tuple[Rational, Mapping[Monomial, Rational]]] = []
    for values in product((0, 1), repeat=len(chosen)):
        case = dict(zip(chosen, values, strict=True))
        squares = sum_of_squares(_at(terms, case))
        if squares is None:
            return None
        found += [(c, _indicated(root, case)) for c, root in squares]
    return found


def _at(terms: Mapping[Monomial, Rational], case: Mapping[int, int]) -> dict[Monomial, Rational]:
    """Return the polynomial where some variables are 0 or 1."""
    total: dict[Monomial, Rational] = {}
    for monomial, c in terms.items():
        if all(case.get(variable, 1) for variable in monomial):
            left = tuple(variable for variable in monomial if variable not in case)
            total[left] = total.get(left, 0) + c
    return {monomial: c for monomial, c in total.items() if c}


def _indicated(root: Mapping[Monomial, Rational], case: Mapping[int, int]) -> dict[Monomial, Rational]:
    """Return a polynomial times the product of a, or 1 − a, over the variables of a case."""
    total = dict(root)
    for variable, value in case.items():
        with_it = {_times(monomial, (variable,)): c for monomial, c in total.items()}
        total = with_it if value else total | {monomial: -c for monomial, c in with_it.items()}
    return total


def squares_of_lagrange(u: Sequence[Any], v: Sequence[Any]) -> Squares:
    """Return (1, u_i v_j − u_j v_i) for i < j: ‖u‖²‖v‖² − ⟨u, v⟩² is the sum of the squares of these.

    Examples
    --------
    >>> from symflow.checker.polynomials import Polynomial
    >>> u, v = (Polynomial.variable(0), Polynomial.variable(1)), (Polynomial.variable(2), Polynomial.variable(3))
    >>> [sorted(root) for _, root in squares_of_lagrange(u, v)]
    [[(0, 3), (1, 2)]]
    """
    minors = [u[i] * v[j] - u[j] * v[i] for j in range(len(u)) for i in range(j)]
    return [(Fraction(1), minor.terms) for minor in minors if minor]


def _decomposed(
    gram: list[list[Fraction]], basis: list[Monomial]
) -> list[tuple[Fraction, dict[Monomial, Fraction]]] | None:
    """Return the squares of a positive semidefinite matrix, by elimination."""
    squares: list[tuple[Fraction, dict[Monomial, Fraction]]] = []
    for k in range(len(basis)):
        pivot = gram[k][k]
        if pivot < 0 or (not pivot and any(gram[k][j] for j in range(k, len(basis)))):
            return None
        if not pivot:
            continue
        row = {j: gram[k][j] / pivot for j in range(k, len(basis)) if gram[k][j]}
        squares.append((pivot, {basis[j]: entry for j, entry in row.items()}))
        for i, a in row.items():
            for j, b in row.items():
                gram[i][j] -= pivot * a * b
    return squares


def _root(monomial: Monomial) -> Monomial | None:
    """Return the monomial whose square it is."""
    half = monomial[::2]
    return half if len(monomial) % 2 == 0 and half == monomial[1::2] else None


def _times(a: Monomial, b: Monomial) -> Monomial:
    return tuple(sorted(a + b))
