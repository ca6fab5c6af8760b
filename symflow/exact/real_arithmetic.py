"""Polynomial sign conditions near a point, asked of z3's nlsat: a finder whose word is never a certificate.

nlsat (Jovanović, de Moura 2012) decides the existence of real solutions of polynomial inequalities. Here it is asked
two things about g_1, .., g_m: for a point of a box around 0 at which all are positive, and for an arc
ε d_1 + ε² d_2 + .. along which the first nonzero coefficient of each is positive. A point or an arc that it names is
made rational and put into every g_i again before it is returned. That there is none is its word alone: whoever builds
on it has to say so, or to find a proof. z3 is imported when it is first needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq

Point: TypeAlias = tuple[fmpq, ...]

# Digits to which an algebraic number is rounded, one after the other, until the point satisfies the system.
_DIGITS = (10, 20, 40, 80)


@final
@dataclass(frozen=True, slots=True)
class PointFound:
    """A rational point at which every polynomial is positive; checked exactly.

    Parameters
    ----------
    point : tuple of fmpq
        One entry a variable.
    """

    point: Point


@final
@dataclass(frozen=True, slots=True)
class NoPointSays:
    """The solver's word that there is no such point.

    Parameters
    ----------
    solver : str
        Whose word it is.
    """

    solver: str


def positive_point(
    polynomials: Sequence[Polynomial], *, radius: fmpq, seconds: float = 5.0, steps: int | None = None
) -> PointFound | NoPointSays | None:
    """Return a point of the box |d_i| <= radius at which all polynomials are positive.

    Parameters
    ----------
    polynomials : sequence of Polynomial
        In one ring.
    radius : fmpq
        Half the side of the box.
    seconds : float
        When the solver is stopped.
    steps : int, optional
        After how many of its steps it is stopped: about three million a second, on every machine the same.

    Returns
    -------
    PointFound, NoPointSays or None
        None where z3 is not installed, or it did not answer in time, or no rational point near its answer would do.

    Examples
    --------
    >>> from symflow.exact.polynomials import PolynomialRing
    >>> x, y = PolynomialRing(("x", "y")).variables()
    >>> found = positive_point([x * x - y, y - x * fmpq(1, 100)], radius=fmpq(1, 10))
    >>> isinstance(found, PointFound) and all(g.evaluate(found.point) > 0 for g in (x * x - y, y - x * fmpq(1, 100)))
    True
    >>> positive_point([x * y, -x, y], radius=fmpq(1))
    NoPointSays(solver='z3')
    """
    try:
        import z3
    except ImportError:
        return None
    if not polynomials:
        return None
    n = len(polynomials[0].ring.names)
    variables = [z3.Real(f"d{i}") for i in range(n)]
    solver = z3.Tactic("qfnra-nlsat").solver()
    solver.set("timeout", max(1, int(1000 * seconds)))
    if steps is not None:
        solver.set("rlimit", steps)
    used = sorted({i for polynomial in polynomials for i in polynomial.used_variables()})
    bound = _constant(z3, radius)
    for i in used:
        solver.add(variables[i] <= bound, variables[i] >= -bound)
    for polynomial in polynomials:
        solver.add(_expression(z3, polynomial, variables) > 0)
    answer = solver.check()
    if answer == z3.unsat:
        return NoPointSays("z3")
    if answer != z3.sat:
        return None
    model = solver.model()
    for digits in _DIGITS:
        point = tuple(_rational(z3, model[variables[i]], digits) if i in used else fmpq(0) for i in range(n))
        if all(polynomial.evaluate(point) > 0 for polynomial in polynomials):
            return PointFound(point)
    return None


def positive_arc(
    polynomials: Sequence[Polynomial], *, order: int, highest: int, seconds: float = 5.0
) -> tuple[Point, ...] | None:
    """Return d_1, .., d_order along which every polynomial becomes positive at once.

    Parameters
    ----------
    polynomials : sequence of Polynomial
        In one ring, each zero at 0.
    order : int
        How many vectors the arc has.
    highest : int
        The first nonzero coefficient of each polynomial is looked for up to this power of ε.
    seconds : float
        When the solver is stopped.

    Returns
    -------
    tuple of points, or None
        Checked exactly. None says nothing: there may be no such arc, or an irrational one, or no answer in time.

    Examples
    --------
    Between the parabola and the axis no straight line leads.

    >>> from symflow.exact.polynomials import PolynomialRing
    >>> x, y = PolynomialRing(("x", "y")).variables()
    >>> arc = positive_arc([x * x - y, y], order=2, highest=2)
    >>> [next(c for c in g.along_arc((fmpq(0), fmpq(0)), arc) if c) > 0 for g in (x * x - y, y)]
    [True, True]
    """
    try:
        import z3
    except ImportError:
        return None
    if not polynomials:
        return None
    n = len(polynomials[0].ring.names)
    ring = PolynomialRing(tuple(f"a{i}" for i in range(n * order)))
    variables = [z3.Real(name) for name in ring.names]
    solver = z3.Tactic("qfnra-nlsat").solver()
    solver.set("timeout", max(1, int(1000 * seconds)))
    for polynomial in polynomials:
        vanishing: list[Any] = []
        ways = []
        for coefficient in _along(polynomial, ring, order, highest):
            if not coefficient.is_zero():
                expression = _expression(z3, coefficient, variables)
                ways.append(z3.And(*vanishing, expression > 0))
                vanishing.append(expression == 0)
        if not ways:
            return None
        solver.add(z3.Or(*ways))
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    origin = (fmpq(0),) * n
    for digits in _DIGITS:
        values = [_rational(z3, model[variable], digits) for variable in variables]
        arc = tuple(tuple(values[k * n : (k + 1) * n]) for k in range(order))
        if all(_leads_up(polynomial.along_arc(origin, arc)) for polynomial in polynomials):
            return arc
    return None


def _leads_up(coefficients: Sequence[fmpq]) -> bool:
    return next((coefficient > 0 for coefficient in coefficients if coefficient != 0), False)


def _along(polynomial: Polynomial, ring: PolynomialRing, order: int, highest: int) -> list[Polynomial]:
    """Return the coefficients of ε, .., ε^highest along an arc with unknown vectors, in terms of their entries."""
    unknowns = ring.variables()
    n = len(unknowns) // order
    total = [ring.constant(fmpq(0)) for _ in range(highest + 1)]
    for monomial, coefficient in polynomial.terms():
        series = {0: ring.constant(coefficient)}
        for variable, power in monomial:
            for _ in range(power):
                longer: dict[int, Polynomial] = {}
                for exponent, factor in series.items():
                    for k in range(1, min(order, highest - exponent) + 1):
                        term = factor * unknowns[(k - 1) * n + variable]
                        longer[exponent + k] = longer[exponent + k] + term if exponent + k in longer else term
                series = longer
        for exponent, term in series.items():
            total[exponent] = total[exponent] + term
    return total[1:]


def _expression(z3: Any, polynomial: Polynomial, variables: Sequence[Any]) -> Any:
    total = z3.RealVal(0)
    for monomial, coefficient in polynomial.terms():
        term = _constant(z3, coefficient)
        for variable, power in monomial:
            for _ in range(power):
                term = term * variables[variable]
        total = total + term
    return total


def _constant(z3: Any, value: fmpq) -> Any:
    return z3.Q(int(value.p), int(value.q))


def _rational(z3: Any, value: Any, digits: int) -> fmpq:
    """Return a value of a model as a rational: itself, or the algebraic number rounded."""
    if value is None:
        return fmpq(0)  # it does not matter
    if z3.is_algebraic_value(value):
        value = value.approx(digits)
    return fmpq(value.numerator_as_long(), value.denominator_as_long())
