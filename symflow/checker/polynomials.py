"""Two rings over the rationals: sparse polynomials in many variables, and polynomials in one variable ε.

The same forward pass of a network, computed in the first ring, gives the preactivations on a pattern as
polynomials in the variables, in which the identity of a refutation is expanded; computed in the second,
at w + ε d₁ + ε² d₂ + .., it gives what an arc has to show: the first coefficient that does not vanish.

Examples
--------
>>> x, y = Polynomial.variable(0), Polynomial.variable(1)
>>> (x + y) * (x - y) - x * x + y * y
Polynomial({})
>>> Arc((0, 1)) * Arc((2, 1))           # ε (2 + ε)
Arc((0, 2, 1))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import zip_longest
from typing import TypeAlias, final

from symflow.checker.reading import TooLarge

# One product may cost this many products of terms, and an arc have this degree.
_MOST_PRODUCTS = 1_000_000
_HIGHEST_DEGREE = 2_000


#: A coefficient; whole numbers stay integers, with which Python computes much faster.
Rational: TypeAlias = Fraction | int
#: A product of variables: their indices, sorted.
Monomial: TypeAlias = tuple[int, ...]


@final
class Polynomial:
    """A polynomial: each monomial, the sorted tuple of its variables' indices, with its coefficient.

    Examples
    --------
    >>> Polynomial.variable(0) * Polynomial.variable(0) * 3
    Polynomial({(0, 0): 3})
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Monomial, Rational]) -> None:
        no_zeros = all(terms.values())
        self.terms: dict[Monomial, Rational] = dict(terms) if no_zeros else {m: c for m, c in terms.items() if c}

    @staticmethod
    def constant(value: Rational) -> Polynomial:
        """Return a constant polynomial.

        Examples
        --------
        >>> Polynomial.constant(Fraction(0))
        Polynomial({})
        """
        return Polynomial({(): value.numerator if value.denominator == 1 else value})

    @staticmethod
    def variable(index: int) -> Polynomial:
        """Return the variable of that index.

        Examples
        --------
        >>> Polynomial.variable(7)
        Polynomial({(7,): 1})
        """
        return Polynomial({(index,): 1})

    def __repr__(self) -> str:
        return f"Polynomial({{{', '.join(f'{m}: {c}' for m, c in self.terms.items())}}})"

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __add__(self, other: Polynomial) -> Polynomial:
        total = dict(self.terms)
        for monomial, c in other.terms.items():
            total[monomial] = total.get(monomial, 0) + c
        return Polynomial(total)

    def __sub__(self, other: Polynomial) -> Polynomial:
        total = dict(self.terms)
        for monomial, c in other.terms.items():
            total[monomial] = total.get(monomial, 0) - c
        return Polynomial(total)

    def __mul__(self, other: Polynomial | Rational) -> Polynomial:
        if not isinstance(other, Polynomial):
            factor = other.numerator if other.denominator == 1 else other
            return Polynomial({monomial: c * factor for monomial, c in self.terms.items()})
        return sum_of_products(((self, other),))


def sum_of_products(pairs: Iterable[tuple[Polynomial, Polynomial]]) -> Polynomial:
    """Return Σ a b, all products gathered in one table.

    Examples
    --------
    >>> x, y = Polynomial.variable(0), Polynomial.variable(1)
    >>> sum_of_products([(x, x + y), (y, x - y)])
    Polynomial({(0, 0): 1, (0, 1): 2, (1, 1): -1})
    """
    total: dict[Monomial, Rational] = {}
    for a, b in pairs:
        if len(a.terms) * len(b.terms) > _MOST_PRODUCTS:
            raise TooLarge("a product of polynomials with too many terms")
        for m, c in a.terms.items():
            for n, d in b.terms.items():
                if not m or not n or m[-1] <= n[0]:
                    monomial = m + n
                elif n[-1] <= m[0]:
                    monomial = n + m
                else:
                    monomial = tuple(sorted(m + n))
                total[monomial] = total.get(monomial, 0) + c * d
    return Polynomial(total)


def partial_derivatives(a: Polynomial) -> dict[int, Polynomial]:
    """Return ∂a/∂x_i for every variable that occurs, in one pass.

    Examples
    --------
    >>> x, y = Polynomial.variable(0), Polynomial.variable(1)
    >>> partial_derivatives(x * x * y)
    {0: Polynomial({(0, 1): 2}), 1: Polynomial({(0, 0): 1})}
    """
    found: dict[int, dict[Monomial, Rational]] = {}
    for monomial, c in a.terms.items():
        for i, variable in enumerate(monomial):
            if i and monomial[i - 1] == variable:
                continue
            # Two monomials with the same derivative would be the same: nothing is overwritten.
            found.setdefault(variable, {})[monomial[:i] + monomial[i + 1 :]] = c * monomial.count(variable)
    return {variable: Polynomial(terms) for variable, terms in found.items()}


@final
class Arc:
    """A polynomial in ε, its coefficients from the constant one upwards, the last one not zero.

    Examples
    --------
    >>> Arc((0, 0, -2)).leading_sign()
    -1
    """

    __slots__ = ("coefficients",)

    def __init__(self, coefficients: tuple[Fraction | int, ...]) -> None:
        length = len(coefficients)
        while length and not coefficients[length - 1]:
            length -= 1
        self.coefficients = coefficients[:length]

    @staticmethod
    def constant(value: Fraction) -> Arc:
        """Return the arc that stays where it is.

        Examples
        --------
        >>> Arc.constant(Fraction(0))
        Arc(())
        """
        return Arc((value,))

    def leading_sign(self) -> int:
        """Return the sign on all small ε > 0: that of the first coefficient not zero.

        Examples
        --------
        >>> Arc(()).leading_sign()
        0
        """
        first = next((c for c in self.coefficients if c), 0)
        return (first > 0) - (first < 0)

    def __repr__(self) -> str:
        return f"Arc(({', '.join(map(str, self.coefficients))}{',' if len(self.coefficients) == 1 else ''}))"

    def __bool__(self) -> bool:
        return bool(self.coefficients)

    def __add__(self, other: Arc) -> Arc:
        pairs = zip_longest(self.coefficients, other.coefficients, fillvalue=0)
        return Arc(tuple(a + b for a, b in pairs))

    def __sub__(self, other: Arc) -> Arc:
        return self + other * Fraction(-1)

    def __mul__(self, other: Arc | Fraction | int) -> Arc:
        if not isinstance(other, Arc):
            return Arc(tuple(a * other for a in self.coefficients))
        if len(self.coefficients) + len(other.coefficients) > _HIGHEST_DEGREE:
            raise TooLarge("an arc of too high a degree")
        total: list[Fraction | int] = [0] * (len(self.coefficients) + len(other.coefficients))
        for i, a in enumerate(self.coefficients):
            if a:
                for j, b in enumerate(other.coefficients):
                    total[i + j] += a * b
        return Arc(tuple(total))
