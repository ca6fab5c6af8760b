"""Polynomials over ℚ in named variables, in canonical form, so that ``==`` decides equality.

A :class:`PolynomialRing` is a tuple of variable names, a :class:`Polynomial` an element of it. The terms are
sparse (python-flint's ``fmpq_mpoly``): a ring of all parameters of a net may have hundreds of variables while
a preactivation uses a few of them, and arithmetic costs what the terms cost.

Besides ring arithmetic there is what the cells of a net ask of a polynomial: its value and its gradient at a
point, the same polynomial about another point, p(w + d), and its expansion along an arc, p(w + ε d₁ + ε² d₂ +
…), whose first coefficient that is not zero has the sign of p on the arc near w.

Examples
--------
>>> ring = PolynomialRing(("W1[1,1]", "W2[1,1]", "b1[1]"))
>>> w, v, b = ring.variables()
>>> p = v * (3 * w + b) - b / 2
>>> p
3*W1[1,1]*W2[1,1] + W2[1,1]*b1[1] - b1[1]/2
>>> p == 3 * w * v + b * (v - fmpq(1, 2)), p.evaluate((fmpq(1), fmpq(2), fmpq(4)))
(True, 12)
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz

from symflow.errors import UnknownNameError

#: The variables of a term with their powers: pairs (variable counted from 0, power ≥ 1), variables ascending.
Monomial: TypeAlias = tuple[tuple[int, int], ...]


@final
@dataclass(frozen=True, slots=True)
class PolynomialRing:
    """The ring ℚ[names].

    Parameters
    ----------
    names : tuple of str
        The variables, in their order; all different.

    Examples
    --------
    >>> ring = PolynomialRing(("x", "y"))
    >>> ring.linear_form((fmpq(2), fmpq(-1)), fmpq(1, 2))
    2*x - y + 1/2
    >>> ring.from_terms([(((0, 2), (1, 1)), fmpq(3)), ((), fmpq(1))])
    3*x**2*y + 1
    """

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        assert len(set(self.names)) == len(self.names), "two variables of the same name"

    def zero(self) -> Polynomial:
        """Return 0."""
        return self.constant(fmpq(0))

    def one(self) -> Polynomial:
        """Return 1."""
        return self.constant(fmpq(1))

    def constant(self, value: fmpq | int) -> Polynomial:
        """Return a constant polynomial."""
        return Polynomial(self, _context(self.names).constant(value))

    def variable(self, index: int) -> Polynomial:
        """Return a variable, counted from 0."""
        return self.variables()[index]

    def variable_named(self, name: str) -> Polynomial:
        """Return the variable of this name.

        Raises
        ------
        UnknownNameError
            If the ring has no such variable.
        """
        if name not in self.names:
            raise UnknownNameError("variable", name, self.names)
        return self.variable(self.names.index(name))

    def variables(self) -> tuple[Polynomial, ...]:
        """Return all variables in their order."""
        return _variables(self)

    def linear_form(self, coefficients: Sequence[fmpq], offset: fmpq | int = 0) -> Polynomial:
        """Return Σ coefficients[i] · variable i + offset."""
        body = _context(self.names).constant(offset)
        for coefficient, variable in zip(coefficients, self.variables(), strict=True):
            if coefficient != 0:
                body += coefficient * variable.body
        return Polynomial(self, body)

    def from_terms(self, terms: Iterable[tuple[Monomial, fmpq]]) -> Polynomial:
        """Return the sum of terms given as (monomial, coefficient)."""
        collected: dict[tuple[int, ...], fmpq] = {}
        for monomial, coefficient in terms:
            powers = [0] * len(self.names)
            for variable, power in monomial:
                powers[variable] += power
            collected[tuple(powers)] = collected.get(tuple(powers), fmpq(0)) + coefficient
        return Polynomial(self, _context(self.names).from_dict(collected))


@final
@dataclass(frozen=True, slots=True, eq=False)
class Polynomial:
    """An element of a polynomial ring; made by the ring and by arithmetic.

    Parameters
    ----------
    ring : PolynomialRing
        Where it lives. Arithmetic and equality are within one ring.
    body : fmpq_mpoly
        Its terms.

    Examples
    --------
    >>> x, y = PolynomialRing(("x", "y")).variables()
    >>> (x + y) * (x - y) == x**2 - y**2, (x - x).is_zero()
    (True, True)
    >>> ((x + 1) ** 2 / 2).terms()
    ((((0, 2),), 1/2), (((0, 1),), 1), ((), 1/2))
    """

    ring: PolynomialRing
    body: fmpq_mpoly

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return self.to_text()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Polynomial):
            return self.ring == other.ring and bool(self.body == other.body)
        if isinstance(other, (int, fmpz, fmpq)):
            return bool(self.body == other)
        return NotImplemented

    def __hash__(self) -> int:
        n_terms = len(self.body)
        if self.is_constant():  # equal to a number, so hashed like one
            return hash(self.constant_coefficient())
        ends = (self.body.monomial(0), self.body.coefficient(0), self.body.coefficient(n_terms - 1))
        return hash((self.ring.names, n_terms, ends))

    def __neg__(self) -> Polynomial:
        return Polynomial(self.ring, -self.body)

    def __add__(self, other: Polynomial | fmpq | int) -> Polynomial:
        operand = self._operand(other)
        return NotImplemented if operand is None else Polynomial(self.ring, self.body + operand)

    __radd__ = __add__

    def __sub__(self, other: Polynomial | fmpq | int) -> Polynomial:
        operand = self._operand(other)
        return NotImplemented if operand is None else Polynomial(self.ring, self.body - operand)

    def __rsub__(self, other: fmpq | int) -> Polynomial:
        operand = self._operand(other)
        return NotImplemented if operand is None else Polynomial(self.ring, operand - self.body)

    def __mul__(self, other: Polynomial | fmpq | int) -> Polynomial:
        operand = self._operand(other)
        return NotImplemented if operand is None else Polynomial(self.ring, self.body * operand)

    __rmul__ = __mul__

    def __truediv__(self, other: fmpq | int) -> Polynomial:
        return self * (1 / fmpq(other)) if isinstance(other, (int, fmpz, fmpq)) else NotImplemented

    def __pow__(self, exponent: int) -> Polynomial:
        return Polynomial(self.ring, self.body**exponent)

    def is_zero(self) -> bool:
        """Whether this is the polynomial 0."""
        return len(self.body) == 0

    def is_constant(self) -> bool:
        """Whether no variable occurs."""
        return bool(self.body.is_constant())

    def constant_coefficient(self) -> fmpq:
        """Return the value at the origin.

        Examples
        --------
        >>> (x,) = PolynomialRing(("x",)).variables()
        >>> (x * x + fmpq(2, 3)).constant_coefficient()
        2/3
        """
        return self.body[(0,) * len(self.ring.names)]

    def total_degree(self) -> int:
        """Return the degree in all variables together; -1 for the polynomial 0.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (x * y + x).total_degree(), (x - x).total_degree()
        (2, -1)
        """
        return -1 if self.is_zero() else int(self.body.total_degree())

    def n_terms(self) -> int:
        """Return the number of terms."""
        return len(self.body)

    def used_variables(self) -> tuple[int, ...]:
        """Return the variables that occur, counted from 0, ascending.

        Examples
        --------
        >>> x, y, z = PolynomialRing(("x", "y", "z")).variables()
        >>> (x * z + z).used_variables()
        (0, 2)
        """
        return tuple(i for i, degree in enumerate(self.body.degrees()) if degree > 0)

    def terms(self) -> tuple[tuple[Monomial, fmpq], ...]:
        """Return the terms (monomial, coefficient), by descending degree, then lexicographically.

        Notes
        -----
        The cost is the number of terms times the number of variables of the ring, about 0.1 µs each.
        """
        return tuple(
            (tuple((i, int(power)) for i, power in enumerate(powers) if power), coefficient)
            for powers, coefficient in zip(self.body.monoms(), self.body.coeffs(), strict=True)
        )

    def coefficients(self) -> dict[tuple[int, ...], fmpq]:
        """Return the coefficients by the exponents of all variables, zeros included: faster than `terms`.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (x * y - 2 * y).coefficients()
        {(1, 1): 1, (0, 1): -2}
        """
        found: dict[tuple[int, ...], fmpq] = self.body.to_dict()
        return found

    def evaluate(self, point: Sequence[fmpq]) -> fmpq:
        """Return the value at a point, one coordinate a variable.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (x * y - 1).evaluate((fmpq(1, 2), fmpq(3)))
        1/2
        """
        return self.body(*point) if self.ring.names else self.constant_coefficient()

    def derivative(self, variable: int) -> Polynomial:
        """Return the partial derivative by a variable, counted from 0.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (x**2 * y).derivative(0)
        2*x*y
        """
        return Polynomial(self.ring, self.body.derivative(variable))

    def gradient(self) -> tuple[Polynomial, ...]:
        """Return all partial derivatives, in the order of the variables.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (x**2 * y).gradient()
        (2*x*y, x**2)
        """
        partials = [self.ring.zero()] * len(self.ring.names)
        for variable in self.used_variables():
            partials[variable] = self.derivative(variable)
        return tuple(partials)

    def gradient_at(self, point: Sequence[fmpq]) -> tuple[fmpq, ...]:
        """Return the gradient at a point.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (x**2 * y).gradient_at((fmpq(1), fmpq(3)))
        (6, 1)
        """
        partials = [fmpq(0)] * len(self.ring.names)
        for variable in self.used_variables():
            partials[variable] = self.body.derivative(variable)(*point)
        return tuple(partials)

    def shifted(self, point: Sequence[fmpq]) -> Polynomial:
        """Return p(point + d) as a polynomial in d, the variables keeping their names.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (x * y).shifted((fmpq(1), fmpq(0)))
        x*y + y
        """
        if self.is_constant():
            return self
        moved = _moved_variables(self.ring, tuple(point))
        return Polynomial(self.ring, self.body.compose(*moved, ctx=_context(self.ring.names)))

    def substituted(self, images: Sequence[Polynomial]) -> Polynomial:
        """Return the polynomial with variable i replaced by images[i], all of them in one ring.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (t,) = PolynomialRing(("t",)).variables()
        >>> (x * y + 1).substituted((t + 1, t - 1))
        t**2
        """
        ring = images[0].ring
        if self.is_constant():
            return ring.constant(self.constant_coefficient())
        bodies = [image.body for image in images]
        return Polynomial(ring, self.body.compose(*bodies, ctx=_context(ring.names)))

    def along_arc(self, point: Sequence[fmpq], directions: Sequence[Sequence[fmpq]]) -> tuple[fmpq, ...]:
        """Return the coefficients of ε ↦ p(point + ε d₁ + ε² d₂ + …), from ε⁰ on; () if that vanishes.

        Parameters
        ----------
        point : sequence of fmpq
            Where the arc begins.
        directions : sequence of sequences of fmpq
            d₁, d₂, …, each with one coordinate a variable.

        Examples
        --------
        The parabola (ε, −ε²) leaves x² + 2y = 0 downwards, to second order:

        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> zero, one = fmpq(0), fmpq(1)
        >>> (x**2 + 2 * y).along_arc((zero, zero), [(one, zero), (zero, -one)])
        (0, 0, -1)
        """
        if self.is_constant():
            value = self.constant_coefficient()
            return (value,) if value != 0 else ()
        arc = _arc(tuple(point), tuple(map(tuple, directions)))
        body = self.body.compose(*arc, ctx=_context(_ARC_PARAMETER))
        coefficients = [fmpq(0)] * (int(body.degrees()[0]) + 1 if len(body) else 0)
        for (power,), coefficient in zip(body.monoms(), body.coeffs(), strict=True):
            coefficients[int(power)] = coefficient
        return tuple(coefficients)

    def homogeneous_part(self, degree: int) -> Polynomial:
        """Return the sum of the terms of this total degree.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> ((x + 1) * (y + 2)).homogeneous_part(1)
        2*x + y
        """
        return self.ring.from_terms(
            (monomial, coefficient)
            for monomial, coefficient in self.terms()
            if sum(power for _, power in monomial) == degree
        )

    def primitive_part(self) -> Polynomial:
        """Return the positive multiple whose coefficients are integers without common divisor; 0 for 0.

        Two polynomials have the same sign everywhere, as multiples of each other, if these are equal.

        Examples
        --------
        >>> x, y = PolynomialRing(("x", "y")).variables()
        >>> (fmpq(-2, 3) * x + fmpq(4, 5) * y).primitive_part()
        -5*x + 6*y
        """
        content = fmpq(0)
        for coefficient in self.body.coeffs():
            content = content.gcd(coefficient)
        return self if content == 0 else self / content

    def to_text(self) -> str:
        """Return the polynomial in sympy's syntax, terms by descending degree.

        Examples
        --------
        >>> x, y = PolynomialRing(("x[1]", "x[2]")).variables()
        >>> (-(x**2) * y / 2 + 3 * x - fmpq(2, 7)).to_text()
        '-x[1]**2*x[2]/2 + 3*x[1] - 2/7'
        """
        text = ""
        for monomial, coefficient in self.terms():
            if text:
                text += " - " if coefficient < 0 else " + "
            elif coefficient < 0:
                text = "-"
            text += self._term_text(monomial, abs(coefficient))
        return text or "0"

    def _term_text(self, monomial: Monomial, coefficient: fmpq) -> str:
        if not monomial:
            return str(coefficient)
        factors = [self.ring.names[variable] + (f"**{power}" if power > 1 else "") for variable, power in monomial]
        if coefficient.p != 1:
            factors.insert(0, str(coefficient.p))
        return "*".join(factors) + ("" if coefficient.q == 1 else f"/{coefficient.q}")

    def _operand(self, other: object) -> fmpq_mpoly | fmpq | fmpz | int | None:
        if isinstance(other, Polynomial):
            assert other.ring is self.ring or other.ring == self.ring, "polynomials of two rings"
            return other.body
        return other if isinstance(other, (int, fmpz, fmpq)) else None


_ARC_PARAMETER = ("epsilon",)


@functools.lru_cache(maxsize=256)
def _context(names: tuple[str, ...]) -> fmpq_mpoly_ctx:
    return fmpq_mpoly_ctx.get(names, Ordering.deglex)


@functools.lru_cache(maxsize=256)
def _variables(ring: PolynomialRing) -> tuple[Polynomial, ...]:
    return tuple(Polynomial(ring, body) for body in _context(ring.names).gens())


# Whoever shifts one polynomial to a point shifts many: the hundreds of arguments of `compose` are built once.
@functools.lru_cache(maxsize=32)
def _moved_variables(ring: PolynomialRing, point: tuple[fmpq, ...]) -> tuple[fmpq_mpoly, ...]:
    return tuple(variable.body + coordinate for variable, coordinate in zip(ring.variables(), point, strict=True))


@functools.lru_cache(maxsize=32)
def _arc(point: tuple[fmpq, ...], directions: tuple[tuple[fmpq, ...], ...]) -> tuple[fmpq_mpoly, ...]:
    context = _context(_ARC_PARAMETER)
    coordinates = zip(point, *directions, strict=True)
    return tuple(
        context.from_dict({(power,): c for power, c in enumerate(coefficients) if c != 0})
        for coefficients in coordinates
    )
