"""A conservation law: a polynomial of degree one or two in the parameters, and what it is called.

Every law here is h(w) = ½ wᵀ Q w + q·w. Two exact consequences for what is not the gradient flow:

*gradient descent*, w⁺ = w − η g with ⟨∇h(w), g⟩ = 0: the second-order Taylor expansion is exact, so that
h(w⁺) − h(w) = η² · (½ gᵀ Q g). A linear law stays; a quadratic one moves unless its quadratic part vanishes at g.

*weight decay*, w' = −g − λ w: h' = −λ ⟨∇h(w), w⟩, so that a homogeneous law of degree d is multiplied by e^(−dλt)
(Euler).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, final

from symflow.exact.polynomials import Monomial, Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq, rational, to_fraction
from symflow.showing import AbstractFormula

#: What a law is called.
Kind = Literal["balancing", "layer", "gram", "unmoved", "span", "quadratic"]


@final
@dataclass(frozen=True)
class ConservationLaw(AbstractFormula):
    """A polynomial that the gradient flow keeps.

    Parameters
    ----------
    names : tuple of str
        The parameters, in their order.
    terms : tuple of (Monomial, fmpq)
        The polynomial, of degree at most two, without constant term.
    kind : str
        ``"balancing"`` of a neuron; ``"layer"``, the sum of these over a layer; ``"gram"``, an entry of W_l W_lᵀ + b_l
        b_lᵀ − W_{l+1}ᵀ W_{l+1} off the diagonal (or of the sum of both, for units of opposite slopes); ``"unmoved"``, a
        parameter that no output depends on;
        ``"span"``, a combination of the weights of a neuron of layer 1 that is orthogonal to its data; ``"quadratic"``,
        one of degree at most two that is found and has no name.
    layer : int
        The hidden layer, from 1, where there is one; else 0.
    neurons : tuple of int
        Its neurons (or pooling groups), from 1.

    Examples
    --------
    >>> law = ConservationLaw(("u", "v"), ((((0, 2),), fmpq(1)), (((1, 2),), fmpq(-1))), "balancing", 1, (1,))
    >>> law
    u**2 - v**2
    >>> law.at([3, 2])
    Fraction(5, 1)
    """

    names: tuple[str, ...]
    terms: tuple[tuple[Monomial, fmpq], ...]
    kind: Kind
    layer: int = 0
    neurons: tuple[int, ...] = ()

    @cached_property
    def polynomial(self) -> Polynomial:
        """The polynomial in the ring of all parameters."""
        return PolynomialRing(self.names).from_terms(self.terms)

    @property
    def degree(self) -> int:
        """1 or 2."""
        return max(sum(power for _, power in monomial) for monomial, _ in self.terms)

    @property
    def is_homogeneous(self) -> bool:
        """Whether all terms are of one degree."""
        return len({sum(power for _, power in monomial) for monomial, _ in self.terms}) == 1

    def at(self, parameters: Sequence[object]) -> Fraction:
        """Return the value at a point."""
        return to_fraction(self.value([rational(entry) for entry in parameters]))

    def value(self, point: Sequence[fmpq]) -> fmpq:
        """Return the value at a point."""
        total = fmpq(0)
        for monomial, coefficient in self.terms:
            for variable, power in monomial:
                coefficient = coefficient * point[variable] ** power
            total += coefficient
        return total

    def gradient(self) -> dict[int, dict[int | None, fmpq]]:
        """Return ∇h, affine in w: for each parameter the coefficients of the others, and at None the constant.

        Examples
        --------
        >>> ConservationLaw(("x", "y"), ((((0, 1), (1, 1)), fmpq(3)),), "quadratic").gradient()
        {0: {1: 3}, 1: {0: 3}}
        """
        result: dict[int, dict[int | None, fmpq]] = {}

        def add(variable: int, other: int | None, coefficient: fmpq) -> None:
            row = result.setdefault(variable, {})
            row[other] = row.get(other, fmpq(0)) + coefficient

        for monomial, coefficient in self.terms:
            factors = [variable for variable, power in monomial for _ in range(power)]
            add(factors[0], factors[1] if len(factors) > 1 else None, coefficient)
            if len(factors) > 1:
                add(factors[1], factors[0], coefficient)
        return result

    def gradient_modulo(self, point: Sequence[int], prime: int) -> list[int]:
        """Return ∇h at an integer point modulo a prime."""
        result = [0] * len(self.names)
        for variable, row in self.gradient().items():
            for other, coefficient in row.items():
                residue = int(coefficient.p) * pow(int(coefficient.q), -1, prime)
                result[variable] += residue * (1 if other is None else point[other])
        return [entry % prime for entry in result]

    def change_under_descent(self, gradient: Sequence[object], step: object) -> Fraction:
        """Return h(w − η g) − h(w) exactly, for the gradient g of any objective at w and a step η.

        Parameters
        ----------
        gradient : sequence of numbers
            g, one entry a parameter; on its cell, so that the law holds for it.
        step : number
            η.

        Examples
        --------
        f = u v at u = 2, v = 1 has the gradient (1, 2): with η = 1/10, u² − v² falls from 3 to 297/100.

        >>> law = ConservationLaw(("u", "v"), ((((0, 2),), fmpq(1)), (((1, 2),), fmpq(-1))), "balancing", 1, (1,))
        >>> law.change_under_descent([1, 2], "1/10")
        Fraction(-3, 100)
        """
        g, eta = [rational(entry) for entry in gradient], rational(step)
        return to_fraction(eta * eta * self._quadratic_part(g))

    def decay_degree(self) -> int:
        """Return d such that weight decay λ multiplies the law by exp(−dλt).

        Raises
        ------
        ValueError
            If the law is not homogeneous, and so is multiplied by nothing.

        Examples
        --------
        >>> ConservationLaw(("u", "v"), ((((0, 2),), fmpq(1)), (((1, 2),), fmpq(-1))), "balancing").decay_degree()
        2
        """
        if not self.is_homogeneous:
            raise ValueError(f"{self} is not homogeneous: weight decay multiplies its parts differently")
        return self.degree

    def _quadratic_part(self, point: Sequence[fmpq]) -> fmpq:
        terms = tuple(term for term in self.terms if sum(power for _, power in term[0]) == 2)
        return ConservationLaw(self.names, terms, self.kind).value(point)

    def __repr__(self) -> str:
        return self.polynomial.to_text()
