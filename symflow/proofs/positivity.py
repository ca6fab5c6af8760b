"""Writes a polynomial as a sum of squares times positive things: exponentials, a risk, positive numbers, slopes.

The terms are sorted by the product of those variables that are never negative and occur in them to an odd power; what
stands beside each product has to be a sum of squares. For a strict inequality a part of one positive term is set aside.

Examples
--------
r u² − 2 r u v + 2 r v², where r > 0, is r (u − v)² + r v²:

>>> from fractions import Fraction
>>> u, v, r = 0, 1, 2
>>> terms = {(u, u, r): Fraction(1), (u, v, r): Fraction(-2), (v, v, r): Fraction(2)}
>>> for c, root, times in positive_sum(terms, {r}, frozenset()):
...     print(c, {m: str(a) for m, a in root.items()}, times)
1 {(0,): '1', (1,): '-1'} (2,)
1 {(1,): '1'} (2,)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from typing import TypeAlias

from symflow.checker.polynomials import Monomial, Rational
from symflow.proofs.squares import Squares, squares_by_cases, sum_of_squares

#: The c, l and m of Σ c m l², with products m of variables that are never negative.
PositiveSum: TypeAlias = Sequence[tuple[Rational, Mapping[Monomial, Rational], Monomial]]

_SHARES = (Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1, 16))


def positive_sum(
    terms: Mapping[Monomial, Rational], never_negative: Set[int], bits: Set[int], positive: Set[int] | None = None
) -> PositiveSum | None:
    """Return (c, l, m) with p = Σ c m l², or None.

    Parameters
    ----------
    terms : mapping
        The polynomial.
    never_negative : set of int
        Variables that are not negative; the bits are among them or not.
    bits : set of int
        Those that are 0 or 1.
    positive : set of int, optional
        The variables that are positive, where one term has to be positive everywhere.
    """
    if positive is None:
        # Odd powers of what is never negative are factors; or they mix with the others, as in (n - m)².
        for factors in (never_negative - bits, never_negative | bits, frozenset[int]()):
            found = _sum(terms, factors, bits)
            if found is not None:
                return found
        return None
    for monomial in sorted(terms, key=len):
        if terms[monomial] <= 0 or not set(monomial) <= positive:
            continue
        times = _odd(monomial, positive)
        root = _without(monomial, times)[::2]
        for share in _SHARES:
            rest = {**terms, monomial: terms[monomial] * (1 - share)}
            found = positive_sum({m: c for m, c in rest.items() if c}, never_negative, bits)
            if found is not None:
                return [(terms[monomial] * share, {root: Fraction(1)}, times), *found]
    return None


def _sum(terms: Mapping[Monomial, Rational], never_negative: Set[int], bits: Set[int]) -> PositiveSum | None:
    groups: dict[Monomial, dict[Monomial, Rational]] = {}
    for monomial, c in terms.items():
        times = _odd(monomial, never_negative)
        groups.setdefault(times, {})[_without(monomial, times)] = c
    found: list[tuple[Rational, Mapping[Monomial, Rational], Monomial]] = []
    for times, group in groups.items():
        squares: Squares | None = sum_of_squares(group)
        if squares is None:
            squares = squares_by_cases(group, bits)
        if squares is None:
            return None
        found += [(c, root, times) for c, root in squares]
    return found


def _odd(monomial: Monomial, variables: Set[int]) -> Monomial:
    """Return those of some variables that occur in a monomial to an odd power."""
    return tuple(sorted(v for v in set(monomial) & variables if monomial.count(v) % 2))


def _without(monomial: Monomial, times: Monomial) -> Monomial:
    left = list(monomial)
    for variable in times:
        left.remove(variable)
    return tuple(left)
