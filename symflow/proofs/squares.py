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

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from symflow.checker.polynomials import Monomial, Rational

#: The d and l of Σ d l².
Squares: TypeAlias = Sequence[tuple[Rational, Mapping[Monomial, Rational]]]

_MOST_MONOMIALS = 60


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
