"""The lines of a closed form: base + Σ θ_i g_i on one block of parameters, in the shortest of the forms that say it.

On a line through 0, spanned by coprime integers p, the block is a scalar times p:

    θ (3, 3),   (1−θ) (1, 2),   (1+2θ) (1, 1),   −τ (1, 1)  with  τ = (1−θ) + θ c

where τ is used as soon as the scalar holds a named constant at both ends; blocks in the same ratio share their τ.
Elsewhere it is a vector of affine entries, (1, θ), or a sum of vectors, (1, 0) + θ (2, 1), whichever is shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, sign
from symflow.exact.rationals import fmpq
from symflow.reports.expressions import Expression, Negative, Product, Rational, Sum, Symbol, Vector
from symflow.reports.linear_text import MOST_ENTRIES, linear_text
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.reading import Auxiliary
from symflow.reports.readable.shapes import plus
from symflow.reports.readable.written_numbers import coefficient_times, integer_vector, times, total

ZERO, ONE = fmpq(0), fmpq(1)

#: A parameter and the generator that it multiplies, in the entries of one line.
Move = tuple[Symbol, Point]


@final
class RowWriter:
    """Writes lines, and keeps the auxiliaries τ that they share.

    Parameters
    ----------
    notation : Notation
        How numbers are written.
    is_single : bool
        Whether there will be one auxiliary only, which then has no number.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> writer = RowWriter(Notation.of(Realization(Network.from_weights([[1]])).at((1,))))
    >>> theta, zero, one = Symbol("θ"), fmpq(0), fmpq(1)
    >>> linear_text(writer.line((one, one), [(theta, (2 * one, 2 * one))]))
    '(1+2θ) (1, 1)'
    >>> linear_text(writer.line((one, zero), [(theta, (zero, one))]))
    '(1, θ)'
    """

    def __init__(self, notation: Notation, *, is_single: bool = False) -> None:
        self.notation, self.is_single = notation, is_single
        self.auxiliaries: list[tuple[Symbol, Auxiliary]] = []  # with the θ each belongs to

    def line(self, base: Point, moves: Sequence[Move]) -> Expression:
        """Return base + Σ θ_i g_i; moves that vanish on this line are left out."""
        moving = [(theta, generator) for theta, generator in moves if any(entry != 0 for entry in generator)]
        if not moving:
            return self.notation.vector(base)
        if len(moving) == 1:
            on_a_ray = self._on_a_ray(base, *moving[0])
            if on_a_ray is not None:
                return _with_sign_inside(on_a_ray)
        forms = self._forms(base, moving)
        common = self._common_ray(base, moving)
        if common is not None:
            forms.insert(0, common)
        return min(forms, key=lambda form: len(linear_text(form)))

    # ------------------------------------------------------------------ on a line through 0

    def _on_a_ray(self, base: Point, theta: Symbol, generator: Point) -> Expression | None:
        end = plus(base, generator)
        rays = [self.notation.on_a_ray(point) for point in (base, end) if any(entry != 0 for entry in point)]
        if None in rays or len({ray[1] for ray in rays if ray is not None}) != 1:
            return None
        first, primitive = rays[0] or (ZERO, ())
        last = rays[-1][0] if rays[-1] is not None else ZERO
        if all(entry == 0 for entry in base):
            return self._from_zero(theta, last, primitive)
        if all(entry == 0 for entry in end):
            return self._from_zero(Sum((Rational(ONE), Negative(theta))), first, primitive)
        if not isinstance(first, ExponentialNumber) and not isinstance(last, ExponentialNumber):
            scalar = total([Rational(first), coefficient_times(last - first, theta)])
            return self._along(scalar, primitive)
        return self._along(self._auxiliary(theta, first, last), primitive)

    def _common_ray(self, base: Point, moving: Sequence[Move]) -> Expression | None:
        """Return (a + b θ1 + c θ2) p where the base and all generators are multiples of p."""
        points = [point for point in (base, *(generator for _, generator in moving)) if any(e != 0 for e in point)]
        rays = [self.notation.on_a_ray(point) for point in points]
        if len(moving) < 2 or None in rays or len({ray[1] for ray in rays if ray is not None}) != 1:
            return None
        scalars = [ray[0] for ray in rays if ray is not None]
        primitive = next(ray[1] for ray in rays if ray is not None)
        start = scalars.pop(0) if len(points) > len(moving) else ZERO
        moves = [(theta, scalar) for (theta, _), scalar in zip(moving, scalars, strict=True)]
        return self._along(self._entry(start, moves), primitive)

    def _from_zero(self, theta: Expression, scalar: Scalar, direction: tuple[fmpq, ...]) -> Expression:
        """Return theta · scalar · direction: ``θ (3, 3)``, ``−c θ (1, 1)``, the shorter of that and ``θ (c, c)``."""
        if sign(scalar) < 0:
            return Negative(self._from_zero(theta, -scalar, direction))
        is_named = direction in self.notation.inputs
        n_entries = sum(entry != 0 for entry in direction)
        if isinstance(scalar, fmpq) and scalar.q == 1 and n_entries > 1 and not is_named:
            return times(theta, integer_vector([scalar * entry for entry in direction]))
        if not isinstance(scalar, fmpq):
            product = times(self.notation.number(scalar), theta)
        elif isinstance(theta, Symbol):
            product = coefficient_times(scalar, theta)
        else:
            product = times(Rational(scalar), theta)
        factored = self._along(product, direction)
        if is_named or n_entries < 2:
            return factored
        plain = times(theta, Vector(tuple(self.notation.number(scalar * entry) for entry in direction)))
        return min(factored, plain, key=lambda form: len(linear_text(form)))

    def _auxiliary(self, theta: Symbol, first: Scalar, last: Scalar) -> Expression:
        """Return the scalar (1−θ) first + θ last in terms of an auxiliary, a new one unless the ratio is known."""
        for other, auxiliary in self.auxiliaries:
            ratio = first / auxiliary.at_zero
            if other == theta and not isinstance(ratio, ExponentialNumber) and last == ratio * auxiliary.at_one:
                return coefficient_times(ratio, auxiliary.symbol)
        is_negative = sign(first) < 0 and sign(last) < 0
        if is_negative:
            first, last = -first, -last
        symbol = Symbol("τ", "" if self.is_single else str(len(self.auxiliaries) + 1))
        auxiliary = Auxiliary(symbol, self._mixed(theta, first, last), first, last)
        self.auxiliaries.append((theta, auxiliary))
        return Negative(symbol) if is_negative else symbol

    def _mixed(self, theta: Symbol, first: Scalar, last: Scalar) -> Expression:
        """Return (1−θ) first + θ last."""
        return Sum((self._share(Sum((Rational(ONE), Negative(theta))), first), self._share(theta, last)))

    def _share(self, weight: Expression, value: Scalar) -> Expression:
        if sign(value) < 0:
            return Negative(self._share(weight, -value))
        if value == 1:
            return weight
        if isinstance(value, fmpq):
            return Product((Rational(value), weight))
        return Product((weight, self.notation.number(value)))

    def _along(self, scalar: Expression, direction: tuple[fmpq, ...]) -> Expression:
        """Return scalar · direction; a vector with one entry that is not zero holds the scalar there."""
        if direction in self.notation.inputs:
            return times(scalar, self.notation.direction(direction))
        if len(direction) == 1:
            return scalar
        lead = next(entry for entry in direction if entry != 0)
        if sum(entry != 0 for entry in direction) == 1:
            assert lead == 1
            return Vector(tuple(Rational(ZERO) if entry == 0 else scalar for entry in direction))
        return times(scalar, integer_vector(direction))

    # ------------------------------------------------------------------ elsewhere

    def _forms(self, base: Point, moving: Sequence[Move]) -> list[Expression]:
        forms: list[Expression] = []
        if len(base) <= MOST_ENTRIES:
            entries = tuple(self._entry(base[i], [(t, g[i]) for t, g in moving]) for i in range(len(base)))
            if len(entries) == 1:
                return [entries[0]]
            # Long entries with named constants are harder to take in than a sum of vectors.
            if _is_rational(base, moving) or all(_n_terms(entry) <= 2 for entry in entries):
                forms.append(Vector(entries))
        terms = [] if all(entry == 0 for entry in base) else [self.notation.vector(base)]
        forms.append(_sum([*terms, *(self._times(theta, generator) for theta, generator in moving)]))
        if len(moving) == 1 and terms:
            ((theta, generator),) = moving
            end = plus(base, generator)
            if any(entry != 0 for entry in end):
                back = times(Sum((Rational(ONE), Negative(theta))), self.notation.vector(base))
                forms.append(_sum([back, self._times(theta, end)]))
        return forms

    def _times(self, theta: Symbol, generator: Point) -> Expression:
        ray = self.notation.on_a_ray(generator)
        if ray is not None:
            return self._from_zero(theta, *ray)
        return times(theta, self.notation.vector(generator))

    def _entry(self, value: Scalar, moves: Sequence[tuple[Symbol, Scalar]]) -> Expression:
        terms = [] if value == 0 else [self.notation.number(value)]
        for theta, slope in moves:
            if slope == 0:
                continue
            if isinstance(slope, fmpq):
                terms.append(coefficient_times(slope, theta))
            elif sign(slope) < 0:
                terms.append(Negative(Product((self.notation.number(-slope), theta))))
            else:
                terms.append(Product((self.notation.number(slope), theta)))
        if len(terms) > 1 and isinstance(terms[0], Sum):
            terms = [*terms[0].terms, *terms[1:]]
        return total(terms)


def _is_rational(base: Point, moving: Sequence[Move]) -> bool:
    entries = (*base, *(x for _, generator in moving for x in generator))
    return not any(isinstance(entry, ExponentialNumber) for entry in entries)


def _n_terms(expression: Expression) -> int:
    return len(expression.terms) if isinstance(expression, Sum) else 1


def _with_sign_inside(expression: Expression) -> Expression:
    """Return −(0, θ) as (0, −θ)."""
    if isinstance(expression, Negative) and isinstance(expression.of, Vector):
        entries = expression.of.entries
        if sum(entry != Rational(ZERO) for entry in entries) == 1:
            return Vector(tuple(e if e == Rational(ZERO) else Negative(e) for e in entries))
    return expression


def _sum(terms: Sequence[Expression]) -> Expression:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))
