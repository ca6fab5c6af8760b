"""Polynomials times exponentials of polynomials: Σ pᵢ exp(qᵢ), in the one form they have.

On a piece of a network every output is a polynomial in the symbols, and a risk is made of exponentials of
these. Such a sum, with distinct qᵢ, is the zero function only if every pᵢ is zero: exponentials of polynomials
that differ by more than a constant are linearly independent over the rational functions, and where they differ
by constants, exp(q) Σ pᵢ exp(cᵢ) vanishes only if each pᵢ does, by the theorem of Lindemann and Weierstrass. So
comparing functions is comparing dictionaries, as it is for polynomials.

Examples
--------
>>> x = ExponentialPolynomial.of(Polynomial.variable(0))
>>> x.exponential() * (x * -1).exponential() == ExponentialPolynomial.rational(Fraction(1))
True
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias, final

from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, TooLarge

Monomial: TypeAlias = tuple[int, ...]
Exponent: TypeAlias = frozenset[tuple[Monomial, Fraction]]

_MOST_PRODUCTS = 1_000_000
_NONE: Exponent = frozenset()


@final
class ExponentialPolynomial:
    """A sum of terms c · monomial · exp(exponent), each pair of monomial and exponent with its c.

    Examples
    --------
    >>> ExponentialPolynomial.rational(Fraction(0)).terms
    {}
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[tuple[Exponent, Monomial], Fraction]) -> None:
        self.terms = {key: c for key, c in terms.items() if c}

    @staticmethod
    def of(polynomial: Polynomial) -> ExponentialPolynomial:
        """Return a polynomial as a sum without exponentials.

        Examples
        --------
        >>> len(ExponentialPolynomial.of(Polynomial.variable(0)).terms)
        1
        """
        return ExponentialPolynomial({(_NONE, monomial): Fraction(c) for monomial, c in polynomial.terms.items()})

    @staticmethod
    def rational(value: Fraction) -> ExponentialPolynomial:
        """Return a constant.

        Examples
        --------
        >>> ExponentialPolynomial.rational(Fraction(2)).as_rational()
        Fraction(2, 1)
        """
        return ExponentialPolynomial({(_NONE, ()): value})

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExponentialPolynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __add__(self, other: ExponentialPolynomial) -> ExponentialPolynomial:
        total = dict(self.terms)
        for key, c in other.terms.items():
            total[key] = total.get(key, 0) + c
        return ExponentialPolynomial(total)

    def __mul__(self, other: ExponentialPolynomial | Fraction | int) -> ExponentialPolynomial:
        if not isinstance(other, ExponentialPolynomial):
            if other == 1:
                return self
            return ExponentialPolynomial({key: c * other for key, c in self.terms.items()})
        if len(self.terms) * len(other.terms) > _MOST_PRODUCTS:
            raise TooLarge("a product with too many terms")
        total: dict[tuple[Exponent, Monomial], Fraction] = {}
        for (p, m), c in self.terms.items():
            for (q, n), d in other.terms.items():
                key = (_sum(p, q), tuple(sorted(m + n)))
                total[key] = total.get(key, Fraction(0)) + c * d
        return ExponentialPolynomial(total)

    def as_rational(self) -> Fraction | None:
        """Return the rational number that it is, or None.

        Examples
        --------
        >>> ExponentialPolynomial.of(Polynomial.variable(0)).as_rational() is None
        True
        """
        if not self.terms:
            return Fraction(0)
        return self.terms.get((_NONE, ())) if len(self.terms) == 1 else None

    def exponential(self) -> ExponentialPolynomial:
        """Return exp of a polynomial.

        Examples
        --------
        >>> ExponentialPolynomial.rational(Fraction(0)).exponential().as_rational()
        Fraction(1, 1)
        """
        if any(exponent for exponent, _ in self.terms):
            raise Refused("an exponential of an exponential")
        exponent = frozenset((monomial, c) for (_, monomial), c in self.terms.items())
        return ExponentialPolynomial({(exponent, ()): Fraction(1)})

    def is_visibly_positive(self) -> bool:
        """Whether it is a sum of exponentials with positive rational coefficients, so positive everywhere.

        Examples
        --------
        >>> x = ExponentialPolynomial.of(Polynomial.variable(0))
        >>> x.is_visibly_positive(), x.exponential().is_visibly_positive()
        (False, True)
        """
        return bool(self.terms) and all(not monomial and c > 0 for (_, monomial), c in self.terms.items())


def _sum(p: Exponent, q: Exponent) -> Exponent:
    if not p or not q:
        return p or q
    total = dict(p)
    for monomial, c in q:
        total[monomial] = total.get(monomial, Fraction(0)) + c
    return frozenset((monomial, c) for monomial, c in total.items() if c)
