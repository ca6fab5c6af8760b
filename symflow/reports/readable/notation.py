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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import TypeAlias, final

from symflow.errors import BudgetExceededError
from symflow.exact.exponential_numbers import (
    ExponentialNumber,
    Scalar,
    decimal_text,
    exponential,
    sign,
)
from symflow.exact.rationals import fmpq
from symflow.nets.objective import LogSumExp, Output, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.reports.expressions import (
    Application,
    Decimal,
    Expression,
    Negative,
    Product,
    Rational,
    Symbol,
    Vector,
)
from symflow.reports.linear_text import CUT_DIGITS, linear_text
from symflow.reports.readable.constants import Coordinates, RationalSpan
from symflow.reports.readable.reading import Constant
from symflow.reports.readable.written_numbers import (
    approximation,
    coefficient_times,
    coprime,
    integer_vector,
    is_long,
    magnitude_of,
    number_expression,
    over,
    times,
    total,
)

ZERO = fmpq(0)

#: Numbers Σ_k q_k c_k of a problem, each with its q_k.
KnownNumbers: TypeAlias = Mapping[Scalar, tuple[fmpq, ...]]

# Multiples of an input with more entries than this are written as such: 3 x1.
_LONGEST_ROW = 4

# Numbers longer than this are cut to decimals; in a vector that is long, those longer than the second.
_LONGEST_NUMBER, _SHORT_NUMBER, _LONGEST_VECTOR = 40, 12, 120

# A number that is cut to decimals is no factor of a vector with larger entries: it would say less, not more.
_LARGEST_BEHIND_CUT = 99

# Vectors side by side are all written plainly, or all as they are shortest, where the former is longer by more.
_MUCH_LONGER = 1.25

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

    @classmethod
    def of_coefficients(cls, function: AbstractPatternedFunction, known: KnownNumbers) -> Notation:
        """Return the notation in which the coefficients c_k of Proposition 2 themselves are the named constants.

        A closed form says c_k for them, so numbers beside it do: c2 is the one of the second datum. Where c_k is
        rational, or a combination of those before it, it has no name of its own.

        Parameters
        ----------
        function : AbstractPatternedFunction
            F at its point.
        known : mapping of Scalar to a tuple of fmpq
            Numbers that will be written, each with rational q_k such that it is Σ_k q_k c_k.

        Examples
        --------
        >>> from symflow.nets.dataset import Dataset
        >>> from symflow.nets.empirical_risk import EmpiricalRisk
        >>> from symflow.nets.network import Network
        >>> R = EmpiricalRisk(Network.from_weights([[1]]), Dataset([(1,), (2,)], labels=[1, -1])).at()
        >>> notation = Notation.of_coefficients(R, {R.coefficients[1]: (fmpq(0), fmpq(1))})
        >>> [(linear_text(c.symbol), linear_text(c.expression)) for c in notation.constants]
        [('c2', 'e²')]
        """
        span = RationalSpan(function.coefficients)
        coordinates = [_coefficient_coordinates(span, c) for c in function.coefficients]
        needed: set[int] = set()
        for number, weights in known.items():
            combined = _combined(coordinates, weights)
            if combined is not None:
                span.learn(number, combined)
                needed.update(i for i, entry in enumerate(combined[1:]) if entry != 0)
        used = sorted(needed)
        constants = []
        for i in used:
            member = span.basis[i]
            index = str(function.coefficients.index(member) + 1) if function.n_data > 1 else ""
            constants.append(Constant(Symbol("c", index), member, number_expression(member), approximation(member)))
        return cls(function, _letter(function), _point(function), tuple(constants), span, tuple(used))

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
        exact: Expression | None = None
        try:
            exact = self.exact_number(value)
        except BudgetExceededError:  # a sum of fractions that nobody writes over one denominator
            if sign(value) == 0:
                return Rational(ZERO)
        if exact is not None and (not isinstance(value, ExponentialNumber) or len(linear_text(exact)) <= most):
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
            written = self.number(scalar)
            if is_named or not (_is_cut(written) and max(map(abs, direction)) > _LARGEST_BEHIND_CUT):
                candidates.append(times(written, self.direction(direction)))
            behind = self._behind_constant(entries)
            if behind is not None and not is_named:
                candidates.append(behind)
        behind = None if ray is not None else self._behind_content(entries)
        if behind is not None:
            candidates.append(behind)
        along_inputs = self._along_inputs(entries)
        if along_inputs is not None:
            candidates.append(along_inputs)
        candidates.append(plain)
        return min(candidates, key=lambda expression: len(linear_text(expression)))

    def vectors(self, rows: Sequence[Sequence[Scalar]]) -> tuple[Expression, ...]:
        """Return vectors that stand side by side, as :meth:`vector`, but in one style where that is not much longer.

        Examples
        --------
        >>> from symflow.nets.network import Network
        >>> from symflow.nets.realization import Realization
        >>> notation = Notation.of(Realization(Network.from_weights([[1, 1]])).at((1, 1)))
        >>> rows = [(fmpq(1, 2), fmpq(1, 2)), (fmpq(1, 3), fmpq(-1))]
        >>> [linear_text(written) for written in notation.vectors(rows)]
        ['(1/2, 1/2)', '(1/3, −1)']
        """
        written = tuple(self.vector(row) for row in rows)
        entries = [entry for row in rows for entry in row]
        is_mixed = len({isinstance(each, Vector) for each in written if each != Rational(ZERO)}) > 1
        if not is_mixed or self.inputs or any(isinstance(e, ExponentialNumber) or is_long(e) for e in entries):
            return written
        plain = tuple(
            each if isinstance(each, Rational) else integer_vector(self._rational(row))
            for each, row in zip(written, rows, strict=True)
        )
        lengths = [sum(len(linear_text(each)) for each in style) for style in (plain, written)]
        return plain if lengths[0] <= _MUCH_LONGER * lengths[1] else written

    @staticmethod
    def _rational(row: Sequence[Scalar]) -> tuple[fmpq, ...]:
        return tuple(entry for entry in row if isinstance(entry, fmpq))

    def _behind_constant(self, entries: Sequence[Scalar]) -> Expression | None:
        """Return a vector as a constant times decimals, c (0.3333…, 0.7142…); None where it is none."""
        coordinates = [self._coordinates(entry) for entry in entries]
        indices = {i for each in coordinates if each is not None for i, value in each.items() if value != 0}
        if None in coordinates or len(indices) != 1 or -1 in indices:
            return None
        (index,) = indices
        rationals = [ZERO if each is None else each.get(index, ZERO) for each in coordinates]
        if not any(map(is_long, rationals)):  # then coprime integers say more
            return None
        return Product((self.constants[index].symbol, Vector(tuple(map(Rational, rationals)))))

    def _behind_content(self, entries: Sequence[Scalar]) -> Expression | None:
        """Return a vector as a rational number times one with integers, 1/2 (1 + c, 1 − 4c); None where it is none."""
        coordinates = [self._coordinates(entry) for entry in entries]
        values = [value for each in coordinates if each is not None for value in each.values() if value != 0]
        if None in coordinates:
            return None
        denominator = math.lcm(*(int(value.q) for value in values))
        content = fmpq(math.gcd(*(int((value * denominator).p) for value in values)), denominator)
        if content == 1:
            return None
        rest = [{i: value / content for i, value in each.items()} for each in coordinates if each is not None]
        return times(Rational(content), Vector(tuple(map(self._linear, rest))))

    def _along_inputs(self, entries: Sequence[Scalar]) -> Expression | None:
        """Return a vector as a combination of named inputs, 2(c1−2c2) x1 + 2c3 x3; None where it is none."""
        if not any(len(x) == len(entries) for x in self.inputs):
            return None
        coordinates = [self._coordinates(entry) for entry in entries]
        shares: dict[tuple[fmpq, ...], dict[int, fmpq]] = {}
        for index in sorted({index for each in coordinates if each is not None for index in each}):
            ray = self.on_a_ray([ZERO if each is None else each.get(index, ZERO) for each in coordinates])
            if ray is not None:
                shares.setdefault(ray[1], {})[index] = ray[0] if isinstance(ray[0], fmpq) else ZERO
        if None in coordinates or not shares.keys() <= self.inputs.keys():
            return None
        return total([times(self._linear(share), self.inputs[x]) for x, share in shares.items()])

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
        if is_long(content):
            return times(Rational(content), inside)
        return over(times(Rational(fmpq(content.p)), inside), denominator)

    def _term(self, index: int, coefficient: fmpq) -> Expression:
        return coefficient_times(coefficient, None if index < 0 else self.constants[index].symbol)


def used_in(written: object, constants: Sequence[Constant]) -> tuple[Constant, ...]:
    """Return those of the constants whose letters stand somewhere in what is written: trees, sentences, blocks.

    Examples
    --------
    >>> named = [Constant(Symbol("c", i), ZERO, Rational(ZERO), Decimal("0")) for i in "12"]
    >>> [constant.symbol.index for constant in used_in([("= ", Negative(Symbol("c", "2")))], named)]
    ['2']
    """
    letters = set(_symbols(written))
    return tuple(constant for constant in constants if constant.symbol in letters)


# ---------------------------------------------------------------------- private


def _symbols(written: object) -> Iterator[Symbol]:
    if isinstance(written, Symbol):
        yield written
    elif isinstance(written, list | tuple):
        for part in written:
            yield from _symbols(part)
    elif is_dataclass(written) and not isinstance(written, type):
        for entry in fields(written):
            yield from _symbols(getattr(written, entry.name))


def _is_cut(expression: Expression) -> bool:
    """Whether a number is shown as a decimal that is cut, or has such a factor."""
    match expression:
        case Negative():
            return _is_cut(expression.of)
        case Product():
            return any(map(_is_cut, expression.factors))
        case Rational():
            return is_long(expression.value)
    return isinstance(expression, Decimal)


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
