"""How numbers, vectors and names of one problem are written.

* The function is f (an output), F (a combination, a log-sum-exp) or R (a risk); with several outputs f2 is the second.
* The point is w in the weights; in the input it is the numbers themselves, ∂f(2, 2), or x where they are long.
* Irrational numbers that repeat have names (``constants.py``): c = e^(−1/2), or c1, c2, .. where there are several.
* A vector is a number times a vector of coprime integers where that is shorter: c/2 (1, 1).

>>> from symflow.nets.dataset import Dataset
>>> from symflow.nets.empirical_risk import EmpiricalRisk
>>> from symflow.nets.network import Network
>>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
>>> notation = Notation.of(EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1])).at())
>>> from symflow.reports.linear_text import CUT_DIGITS, MOST_DIGITS, linear_text
>>> gradient = notation.function.conventional_gradient("autodiff")
>>> linear_text(notation.vector(gradient[2:4])), linear_text(notation.vector(gradient[4:]))
('c/2 (1, 1)', '(0, c)')
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, final

from symflow.exact.exponential_numbers import (
    ExponentialNumber,
    Scalar,
    decimal_text,
    exponential,
    integral_parts,
    sign,
)
from symflow.exact.exponential_sums import ONE_SUM, ExponentialSum
from symflow.exact.rationals import fmpq
from symflow.nets.objective import LogSumExp, Output, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.reports.constants import Coordinates, RationalSpan
from symflow.reports.expressions import (
    Application,
    Decimal,
    Exponential,
    Expression,
    Negative,
    Product,
    Quotient,
    Rational,
    Sum,
    Symbol,
    Vector,
)
from symflow.reports.linear_text import CUT_DIGITS, MOST_DIGITS, linear_text
from symflow.reports.reading import Constant

ZERO, ONE = fmpq(0), fmpq(1)

#: Numbers Σ_k q_k c_k of a problem, each with its q_k.
KnownNumbers: TypeAlias = Mapping[Scalar, tuple[fmpq, ...]]

# Multiples of an input with more entries than this are written as such: 3 x1.
_LONGEST_ROW = 4

# Numbers longer than this are cut to decimals; in a vector that is long, those longer than the second.
_LONGEST_NUMBER, _SHORT_NUMBER, _LONGEST_VECTOR = 40, 12, 120

# A number of more digits before the point is rounded to mantissa and exponent.
_LARGEST_WHOLE = 9

# A point whose numbers take more columns than this is called x.
_LONGEST_POINT = 12


@final
@dataclass(frozen=True, eq=False)
class Notation:
    """The names of one problem.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F.
    letter : str
        What it is called.
    point : Expression
        What the point is called.
    constants : tuple of Constant
        The names of irrational numbers, those that are used.
    span : RationalSpan
        Decides how a number is written with them.
    places : tuple of int
        For each constant its place in the span's basis.
    """

    function: AbstractPatternedFunction
    letter: str
    point: Expression
    constants: tuple[Constant, ...]
    span: RationalSpan
    places: tuple[int, ...]

    @classmethod
    def of(cls, function: AbstractPatternedFunction, known: KnownNumbers | None = None) -> Notation:
        """Return the notation of a problem.

        Parameters
        ----------
        function : AbstractPatternedFunction
            F at its point.
        known : mapping of Scalar to a tuple of fmpq, optional
            Numbers that will be written, each with rational q_k such that it is Σ_k q_k c_k: only the constants that
            they need are named. Default: all constants are.
        """
        span = RationalSpan(_candidates(function))
        used = list(range(len(span.basis)))
        if known is not None:
            coefficients = [_coefficient_coordinates(span, c) for c in function.coefficients]
            needed: set[int] = set()
            for number, weights in known.items():
                coordinates = _combined(coefficients, weights)
                if coordinates is not None:
                    span.learn(number, coordinates)
                    needed.update(i for i, entry in enumerate(coordinates[1:]) if entry != 0)
            used = sorted(needed)
        names = ["c"] if len(used) == 1 else [f"c{i}" for i in range(1, len(used) + 1)]
        constants = tuple(
            Constant(
                Symbol("c", name[1:]), span.basis[i], number_expression(span.basis[i]), approximation(span.basis[i])
            )
            for name, i in zip(names, used, strict=True)
        )
        return cls(function, _letter(function), _point(function), constants, span, tuple(used))

    # ------------------------------------------------------------------ names

    @property
    def differential(self) -> Application:
        """∂R(w)."""
        return Application(self.letter, "∂", self.point)

    @property
    def gradient(self) -> Application:
        """∇R(w)."""
        return Application(self.letter, "∇", self.point)

    # ------------------------------------------------------------------ numbers and vectors

    def number(self, value: Scalar) -> Expression:
        """Return a number in terms of the constants where it lies in their span, else written out.

        A long one is a decimal that is cut, and carries its exact form.
        """
        return self._abridged(value, _LONGEST_NUMBER)

    def exact_number(self, value: Scalar) -> Expression:
        """Return a number as :meth:`number`, however long."""
        coordinates = self._coordinates(value)
        if coordinates is None:
            return number_expression(value)
        return self._linear(coordinates)

    def _abridged(self, value: Scalar, most: int) -> Expression:
        exact = self.exact_number(value)
        if not isinstance(value, ExponentialNumber) or len(linear_text(exact)) <= most:
            return exact
        if sign(value) < 0:
            return Negative(self._abridged(-value, most))
        return Decimal(decimal_text(value, CUT_DIGITS), True, exact)

    def vector(self, entries: Sequence[Scalar]) -> Expression:
        """Return a row vector, or its one entry; 0 where all vanish. A common factor is taken out where shorter."""
        if all(entry == 0 for entry in entries):
            return Rational(ZERO)
        if len(entries) == 1:
            return self.number(entries[0])
        plain = Vector(tuple(self.number(entry) for entry in entries))
        if len(linear_text(plain)) > _LONGEST_VECTOR:
            plain = Vector(tuple(self._abridged(entry, _SHORT_NUMBER) for entry in entries))
        if sum(entry != 0 for entry in entries) < 2:
            return plain
        candidates: list[Expression] = []
        ray = self.on_a_ray(entries)
        if ray is not None:
            scalar, direction = ray
            is_named = direction in self.inputs
            if not is_named and isinstance(scalar, fmpq) and scalar.q == 1:
                return plain
            candidates.append(times(self.number(scalar), self.direction(direction)))
        candidates.append(plain)
        return min(candidates, key=lambda expression: len(linear_text(expression)))

    def on_a_ray(self, entries: Sequence[Scalar]) -> tuple[Scalar, tuple[fmpq, ...]] | None:
        """Return (s, p) with entries = s·p; None if there is none, or the vector is 0.

        The direction p has coprime integers, the first nonzero one positive; or it is an input x_k with many entries.
        """
        lead = next((entry for entry in entries if entry != 0), None)
        if lead is None:
            return None
        ratios: list[fmpq] = []
        for entry in entries:
            ratio = self._rational_ratio(entry, lead)
            if ratio is None:
                return None
            ratios.append(ratio)
        primitive = coprime(ratios)
        for x in self.inputs:
            if len(x) == len(primitive) and coprime(x) == primitive:
                primitive = x
                break
        first = next(entry for entry in primitive if entry != 0)
        return lead / first, primitive

    def _rational_ratio(self, number: Scalar, lead: Scalar) -> fmpq | None:
        """Return number / lead where it is rational, else None; read off the coordinates where both have them."""
        if not isinstance(number, ExponentialNumber) and not isinstance(lead, ExponentialNumber):
            return number / lead
        if number == 0:
            return ZERO
        above, below = self.span.coordinates(number), self.span.coordinates(lead)
        if above is None or below is None:
            ratio = number / lead
            return None if isinstance(ratio, ExponentialNumber) else ratio
        place = next(i for i, entry in enumerate(below) if entry != 0)
        quotient = above[place] / below[place]
        return quotient if all(x == quotient * y for x, y in zip(above, below, strict=True)) else None

    def direction(self, primitive: Sequence[fmpq]) -> Expression:
        """Return how a direction is written: its entries, or the input's name where it is one with many entries."""
        named = self.inputs.get(tuple(primitive))
        return integer_vector(primitive) if named is None else named

    @cached_property
    def inputs(self) -> dict[tuple[fmpq, ...], Symbol]:
        """The inputs that have names of their own in formulas, by their entries: those with many entries."""
        function = self.function
        if function.variable != "weights" or len(function.inputs[0]) <= _LONGEST_ROW:
            return {}
        names: dict[tuple[fmpq, ...], Symbol] = {}
        for k, x in enumerate(function.inputs, start=1):
            if any(entry != 0 for entry in x):
                names.setdefault(x, Symbol("x", str(k) if function.n_data > 1 else ""))
        return names

    def _coordinates(self, value: Scalar) -> dict[int, fmpq] | None:
        """Return the rational part (at −1) and the coefficients of the constants by their index."""
        found = self.span.coordinates(value)
        if found is None:
            return None
        named = {place: index for index, place in enumerate(self.places)}
        result = {-1: found[0]}
        for place, coefficient in enumerate(found[1:]):
            if coefficient != 0:
                if place not in named:
                    return None
                result[named[place]] = coefficient
        return result

    def _linear(self, coordinates: dict[int, fmpq]) -> Expression:
        kept = [(index, coefficient) for index, coefficient in sorted(coordinates.items()) if coefficient != 0]
        denominator = math.lcm(*(int(coefficient.q) for _, coefficient in kept))
        if len(kept) < 2 or denominator == 1:
            return total([self._term(index, coefficient) for index, coefficient in kept])
        numerator = math.gcd(*(int(coefficient.p) for _, coefficient in kept))
        content = fmpq(numerator, denominator)
        if all(coefficient < 0 for _, coefficient in kept):
            content = -content
        inside = total([self._term(index, coefficient / content) for index, coefficient in kept])
        return over(times(Rational(fmpq(content.p)), inside), denominator)

    def _term(self, index: int, coefficient: fmpq) -> Expression:
        return coefficient_times(coefficient, None if index < 0 else self.constants[index].symbol)


# ---------------------------------------------------------------------- building expressions


def rational(value: int | fmpq) -> Rational:
    """Return a rational number as an expression.

    Examples
    --------
    >>> rational(3)
    Rational(value=3)
    """
    return Rational(fmpq(value))


def integer_vector(entries: Sequence[fmpq]) -> Expression:
    """Return a row vector of rationals as it stands; a single entry without parentheses."""
    if len(entries) == 1:
        return Rational(entries[0])
    return Vector(tuple(Rational(entry) for entry in entries))


def coefficient_times(coefficient: fmpq, symbol: Expression | None) -> Expression:
    """Return coefficient · symbol: ``c``, ``−c/2``, ``3c``; the coefficient alone without a symbol.

    Examples
    --------
    >>> linear_text(coefficient_times(fmpq(-3, 2), Symbol("c")))
    '−3c/2'
    """
    if symbol is None:
        return Rational(coefficient)
    if coefficient < 0:
        return Negative(coefficient_times(-coefficient, symbol))
    is_long = len(str(coefficient)) > MOST_DIGITS
    if coefficient != 1 and (is_long or (isinstance(symbol, Exponential) and coefficient.q != 1)):
        return Product((Rational(coefficient), symbol))
    top = symbol if coefficient.p == 1 else Product((Rational(fmpq(coefficient.p)), symbol))
    return top if coefficient.q == 1 else Quotient(top, Rational(fmpq(coefficient.q)))


def times(scalar: Expression, other: Expression) -> Expression:
    """Return scalar · other, a sign in front and a factor 1 left out.

    Examples
    --------
    >>> linear_text(times(Negative(Symbol("c")), Symbol("θ"))), linear_text(times(rational(-1), Symbol("θ")))
    ('−c θ', '−θ')
    """
    match scalar:
        case Negative():
            return Negative(times(scalar.of, other))
        case Rational() if scalar.value < 0:
            return Negative(times(Rational(-scalar.value), other))
        case Rational() if scalar.value == 1:
            return other
        case Sum() if all(_is_negative(term) for term in scalar.terms):
            return Negative(times(Sum(tuple(_negated(term) for term in scalar.terms)), other))
        case Product():
            return Product((*scalar.factors, other))
    if isinstance(other, Product):
        return Product((scalar, *other.factors))
    return Product((scalar, other))


def total(terms: Sequence[Expression]) -> Expression:
    """Return a sum, positive terms first; 0 for no terms.

    Examples
    --------
    >>> linear_text(total([rational(-1), Symbol("c")])), linear_text(total([]))
    ('c − 1', '0')
    """
    if not terms:
        return Rational(ZERO)
    if len(terms) == 1:
        return terms[0]
    ordered = sorted(terms, key=_is_negative)
    return Sum(tuple(ordered))


def over(top: Expression, denominator: int) -> Expression:
    """Return top / denominator, a sign in front.

    Examples
    --------
    >>> linear_text(over(Negative(Sum((rational(1), Symbol("c")))), 2))
    '−(1+c)/2'
    """
    if isinstance(top, Negative):
        return Negative(over(top.of, denominator))
    return Quotient(top, rational(denominator))


def coprime(entries: Sequence[fmpq]) -> tuple[fmpq, ...]:
    """Return the coprime integers in the ratio of the entries, the first nonzero one positive.

    Examples
    --------
    >>> coprime((fmpq(0), fmpq(-1, 2), fmpq(3, 4)))
    (0, 2, -3)
    """
    denominator = math.lcm(*(int(entry.q) for entry in entries))
    integers = [int((entry * denominator).p) for entry in entries]
    divisor = math.gcd(*integers) or 1
    if next((entry for entry in integers if entry), 1) < 0:
        divisor = -divisor
    return tuple(fmpq(entry // divisor) for entry in integers)


def number_expression(value: Scalar) -> Expression:
    """Return a number written out: ``7/2 e^(−1)``, ``1/(1 + √e)``.

    Examples
    --------
    >>> linear_text(number_expression(exponential(fmpq(-1)) * fmpq(7, 2)))
    '7/2 e^(−1)'
    >>> linear_text(number_expression(-2 / (exponential(fmpq(1, 2)) + 1)))
    '−2/(1+√e)'
    """
    if not isinstance(value, ExponentialNumber):
        return Rational(value)
    if sign(value) < 0:
        return Negative(number_expression(-value))
    if value.denominator == ONE_SUM:
        return _exponential_sum(value.numerator)
    top, bottom = integral_parts(value)
    if sign(ExponentialNumber(bottom, ONE_SUM)) < 0:
        top, bottom = _minus(top), _minus(bottom)
    return Quotient(_exponential_sum(top), _exponential_sum(bottom))


def magnitude_of(value: Scalar) -> Scalar:
    """Return |value|."""
    return -value if sign(value) < 0 else value


def approximation(value: Scalar, decimals: int = 5) -> Decimal:
    """Return a number rounded to that many decimals, or to that many digits where it is below 1.

    An irrational number that is very near to a rounder one is given the digits that show it.

    Examples
    --------
    >>> approximation(exponential(fmpq(-1)) * fmpq(7, 2)).digits, approximation(exponential(fmpq(-9))).digits
    ('1.28758', '0.00012341')
    >>> approximation(exponential(12)).digits, approximation(exponential(40)).digits
    ('162755', '2.35385e+17')
    >>> approximation(1 - exponential(-20)).digits
    '0.999999998'
    """
    result = _rounded(value, decimals)
    if isinstance(value, ExponentialNumber):
        while "." in result.digits and not result.digits.partition(".")[2].partition("e")[0].strip("0"):
            decimals += 1
            result = _rounded(value, decimals)
    return result


def _rounded(value: Scalar, decimals: int) -> Decimal:
    """Return a number rounded to that many decimals, or digits below 1."""
    magnitude = magnitude_of(value)
    mantissa, _, exponent = decimal_text(magnitude, 1).partition("e")
    if exponent:
        order = int(exponent)
    else:
        order = len(mantissa) - 1 if magnitude >= 1 else -next(i for i, d in enumerate(mantissa[2:], 1) if d != "0")
    # Shift the digits that are kept in front of the point, add one half and cut: that is rounding, exactly.
    if order > _LARGEST_WHOLE:
        shift = decimals - order
    elif order >= 0:
        shift = decimals if order < decimals else 0
    else:
        shift = decimals - 1 - order
    shifted = magnitude * fmpq(10) ** shift + fmpq(1, 2)
    kept = decimal_text(shifted, max(shift + order, 0) + 3).partition(".")[0]
    minus = "-" if sign(value) < 0 else ""
    if order > _LARGEST_WHOLE:
        order += len(kept) - decimals - 1  # 9.999996 has become 10.00000
        return Decimal(f"{minus}{kept[0]}.{kept[1 : decimals + 1]}e+{order}")
    text = decimal_text(fmpq(int(kept), 1) / fmpq(10) ** shift, 4 * decimals + max(order, 0))
    if isinstance(value, ExponentialNumber) and shift > 0 and "e" not in text:  # a last 0 is a digit too
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction:0<{shift}}"
    return Decimal(minus + text)


# ---------------------------------------------------------------------- private


def _letter(function: AbstractPatternedFunction) -> str:
    match function.objective:
        case Output():
            several = function.network.architecture.n_outputs > 1
            return f"f{function.output + 1}" if several else "f"
        case Risk():
            return "R"
    return "F"


def _point(function: AbstractPatternedFunction) -> Expression:
    if function.variable == "weights":
        return Symbol("w")
    point = integer_vector(function.point)
    return point if len(linear_text(point)) <= _LONGEST_POINT else Symbol("x")


def _candidates(function: AbstractPatternedFunction) -> list[Scalar]:
    """Return the numbers of which the coefficients c_k are rational multiples."""
    objective, outputs = function.objective, function.outputs
    if isinstance(objective, Risk) and objective.loss.name == "exponential":
        return [exponential(-y * f) for y, f in zip(objective.labels, outputs, strict=True)]
    if isinstance(objective, Risk) and objective.loss.name == "logistic":
        return [1 / (1 + exponential(y * f)) for y, f in zip(objective.labels, outputs, strict=True)]
    if isinstance(objective, LogSumExp):
        return [-c / y if y != 0 else ZERO for c, y in zip(function.coefficients, objective.labels, strict=True)]
    return [magnitude_of(coefficient) for coefficient in function.coefficients]


def _coefficient_coordinates(span: RationalSpan, coefficient: Scalar) -> Coordinates | None:
    """Return a coefficient c_k in the basis: a multiple of one of its numbers, or found."""
    if isinstance(coefficient, ExponentialNumber):
        for i, member in enumerate(span.basis):
            ratio = coefficient / member
            if not isinstance(ratio, ExponentialNumber):
                return (ZERO, *(ratio if j == i else ZERO for j in range(len(span.basis))))
    return span.coordinates(coefficient)


def _combined(coefficients: Sequence[Coordinates | None], weights: Sequence[fmpq]) -> Coordinates | None:
    """Return the coordinates of Σ_k q_k c_k, None where those of a c_k that it needs are not known."""
    result: list[fmpq] = []
    for coordinates, weight in zip(coefficients, weights, strict=True):
        if weight == 0:
            continue
        if coordinates is None:
            return None
        result = result or [ZERO] * len(coordinates)
        result = [x + weight * y for x, y in zip(result, coordinates, strict=True)]
    return tuple(result)


def _exponential_sum(terms: ExponentialSum) -> Expression:
    """Return a sum of monomials, the largest exponent last when it is positive: 1 + √e, but 1 + e^(−1)."""
    ordered = sorted(terms, key=lambda term: (term[0] != 0, abs(term[0])))
    written = [coefficient_times(c, None if a == 0 else Exponential(a)) for a, c in ordered]
    return total(written)


def _minus(terms: ExponentialSum) -> ExponentialSum:
    return tuple((a, -c) for a, c in terms)


def _is_negative(term: Expression) -> bool:
    return isinstance(term, Negative) or (isinstance(term, Rational) and term.value < 0)


def _negated(term: Expression) -> Expression:
    if isinstance(term, Negative):
        return term.of
    assert isinstance(term, Rational)
    return Rational(-term.value)
