"""What the names of the statement language mean: on a shape, with symbols; and at a point, in numbers.

====================== ===========================================================================
``L``, ``H``, ``n``    weight matrices, hidden layers, data; ``width(l)`` for l from 0
``W[l]``, ``b[l]``     weights and biases (``W1`` is ``W[1]``); ``w`` all of them, in order
``x[k]``, ``y[k]``     the data (``x`` is ``x[1]``)
``A[l,k]``             diag σ'(W_l ..) on datum k (``A[l]`` is ``A[l,1]``)
``z[l,k]``, ``h[l,k]`` preactivations and features of layer l on datum k
``f[k]``, ``m[k]``     the output on datum k, and the margin y_k f_k (``f`` is ``f[1]``)
``R``                  the objective
====================== ===========================================================================

**On a shape** everything is a polynomial in symbols: the parameters, the data (unless they are given), the slopes of
all units, and of a risk its value and its slopes c_k = ∂R/∂f_k. A slope a of a relu is 0 or 1, so that a² = a; one of
abs is 1 or −1; those of leaky_relu and of maxpool's winners stay free. Where a polynomial vanishes with free slopes it
vanishes on every cell; and at the kinks too, as far as no gradient and no A is spoken of, by continuity. The value of
the risk and the c_k are free: what holds for them holds for every differentiable loss.

**At a point** everything is an exact number. A gradient or an A is defined only where no unit is at its kink.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias, final

from symflow.checker.enclosed_numbers import Enclosed, Real, inverse_of, logarithm
from symflow.checker.exponential_fractions import inverse
from symflow.checker.expressions import power
from symflow.checker.gradients import Gradients
from symflow.checker.networks import Forward, backward, forward, slopes_on_piece
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import Problem, frozen_coefficients, read_problem, value_of
from symflow.checker.reading import Refused, TooLarge, exactly, items, optional

#: A number, or a polynomial: an element of the ring that is computed in.
Scalar: TypeAlias = Any
#: A scalar, a vector (a tuple of scalars) or a matrix (a tuple of rows).
Tensor: TypeAlias = Any

_MOST_PARAMETERS = 4_096
_HIGHEST_POWER = 64


@dataclass(frozen=True, slots=True)
class Function:
    """A real function of the variables: ``f`` or ``m`` on a datum (from 0), or ``R``."""

    kind: str
    datum: int | None = None

    @property
    def name(self) -> str:
        """As it stands in a statement."""
        return self.kind if self.datum is None else f"{self.kind}[{self.datum + 1}]"


class AbstractObjects(ABC):
    """A net with data and an objective, as a statement speaks of it."""

    weights_shape: tuple[tuple[int, int], ...]
    has_biases: bool
    n_data: int
    is_of_input: bool

    # ------------------------------------------------------------------ places of the parameters

    @cached_property
    def weight_places(self) -> tuple[Tensor, ...]:
        """For each layer, where its weights stand among the parameters."""
        return self._places[0]

    @cached_property
    def bias_places(self) -> tuple[Tensor, ...]:
        """For each layer, where its biases stand."""
        return self._places[1]

    @cached_property
    def _places(self) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        weights, biases, count = [], [], 0
        for n_rows, n_columns in self.weights_shape:
            weights.append(
                tuple(tuple(range(count + i * n_columns, count + (i + 1) * n_columns)) for i in range(n_rows))
            )
            count += n_rows * n_columns
            if self.has_biases:
                biases.append(tuple(range(count, count + n_rows)))
                count += n_rows
        return tuple(weights), tuple(biases)

    @property
    def n_parameters(self) -> int:
        """How many weights and biases there are."""
        return sum(n * (m + self.has_biases) for n, m in self.weights_shape)

    # ------------------------------------------------------------------ what the two kinds say differently

    @property
    @abstractmethod
    def parameters(self) -> tuple[Scalar, ...]:
        """All weights and biases."""

    @abstractmethod
    def input(self, datum: int) -> tuple[Scalar, ...]:
        """Return a datum."""

    @abstractmethod
    def label(self, datum: int) -> Scalar:
        """Return its label."""

    @abstractmethod
    def slopes(self, layer: int, datum: int) -> tuple[Scalar, ...]:
        """Return the slopes of the units of a hidden layer (from 0)."""

    @abstractmethod
    def preactivations(self, layer: int, datum: int) -> tuple[Scalar, ...]:
        """Return W_l h + b_l of a layer (from 0); those of the last layer are the outputs."""

    @abstractmethod
    def features(self, layer: int, datum: int) -> tuple[Scalar, ...]:
        """Return σ of the preactivations of a hidden layer (from 0)."""

    @abstractmethod
    def value(self, function: Function, scaled: Mapping[int, Scalar] | None = None) -> Scalar:
        """Return the value of a function, some of the parameters multiplied by a number."""

    @abstractmethod
    def gradient(self, function: Function) -> tuple[Scalar, ...]:
        """Return its gradient in the variables."""

    @abstractmethod
    def constant(self, value: Fraction) -> Scalar:
        """Return a rational number."""

    @abstractmethod
    def quotient(self, a: Scalar, b: Scalar) -> Scalar:
        """Return a/b."""

    @abstractmethod
    def power(self, a: Scalar, exponent: int) -> Scalar:
        """Return a to an integer."""


# ---------------------------------------------------------------------- with symbols


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths, activations, biases, and how many data; the data themselves where they are given.

    `problem` is None where the data are symbols.
    """

    template: Problem
    problem: Problem | None


def read_shape(tree: object) -> Shape:
    """Return the shape that a setting ``{"widths", "activation", "bias", "n_data"}`` spells.

    Examples
    --------
    >>> read_shape({"widths": [2, 3, 1], "activation": ["relu"]}).template.n_hidden
    1
    """
    widths = [exactly(width, int, "widths") for width in items(exactly_object(tree), "widths")]
    for key in exactly_object(tree):
        if key not in ("widths", "activation", "bias", "n_data", "kind", "output"):
            raise Refused("a key that the checker does not know", key)
    if len(widths) < 2 or min(widths) < 1:
        raise Refused("expected at least two positive widths", "widths")
    activations = items(exactly_object(tree), "activation", len(widths) - 2)
    has_biases = optional(exactly_object(tree), "bias", bool) or False
    n_data = optional(exactly_object(tree), "n_data", int)
    n_data = 1 if n_data is None else n_data
    if not 1 <= n_data <= 1_000:
        raise Refused("expected 1 to 1000 data", "n_data")
    columns = [widths[0]]
    for i, activation in enumerate(activations):
        groups = activation.get("groups") if isinstance(activation, dict) else None
        columns.append(len(groups) if isinstance(groups, list) else widths[i + 1])
    if sum(n * (m + 1) for n, m in zip(widths[1:], columns, strict=True)) > _MOST_PARAMETERS:
        raise TooLarge("a shape with too many parameters")
    network: dict[str, object] = {
        "activation": activations,
        "weights": [[["0"] * m for _ in range(n)] for n, m in zip(widths[1:], columns, strict=True)],
    }
    if has_biases:
        network["biases"] = [["0"] * n for n in widths[1:]]
    data = {"inputs": [["0"] * widths[0]] * n_data, "labels": ["1"] * n_data}
    objective: dict[str, object] = {"kind": "risk", "loss": "exponential"}
    if widths[-1] > 1:
        objective["output"] = optional(exactly_object(tree), "output", int) or 1
    return Shape(read_problem({"network": network, "data": data, "objective": objective}), None)


def exactly_object(tree: object) -> dict[str, object]:
    """Return a JSON object, or refuse."""
    return exactly(tree, dict)


@final
class Symbols(AbstractObjects):
    """A shape; the data are symbols, unless a problem gives them.

    Examples
    --------
    The output of a 1-1-1 net is w2 a w1 x, where the symbols are w1, w2, x, y, a, ..:

    >>> shape = Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]}))
    >>> shape.value(Function("f", 0))
    Polynomial({(0, 1, 2, 4): 1})
    >>> shape.names[:5]
    ('W1[1,1]', 'W2[1,1]', 'x[1][1]', 'y[1]', 'a[1,1][1]')
    """

    def __init__(self, shape: Shape) -> None:
        problem = shape.template if shape.problem is None else shape.problem
        self.problem, self.given = problem, shape.problem
        self.is_of_input = False
        if problem.variable == "input":
            raise Refused("a statement on all weights, of a function of the input")
        self.weights_shape = tuple((len(matrix), len(matrix[0])) for matrix in problem.weights)
        self.has_biases = problem.biases is not None
        self.n_data = len(problem.inputs)
        self._names = list(problem.names)
        self._idempotent: set[int] = set()
        self._signs: set[int] = set()
        self.positive: set[int] = set()
        self._inputs = [self._input(datum) for datum in range(self.n_data)]
        self._labels = [self._label(datum) for datum in range(self.n_data)]
        self._slopes = [[self._slopes_of(layer, k) for layer in range(problem.n_hidden)] for k in range(self.n_data)]
        self._forward: dict[int, tuple[list[tuple[Polynomial, ...]], list[tuple[Polynomial, ...]]]] = {}
        self._gradients: dict[int, tuple[Polynomial, ...]] = {}
        self._coefficients = [self._coefficient(k) for k in range(self.n_data)]
        self._losses: list[Polynomial] = []

    @property
    def names(self) -> tuple[str, ...]:
        """All symbols, in order."""
        return tuple(self._names)

    def positive_symbol(self, name: str) -> Polynomial:
        """Return a new symbol for a positive number."""
        found = self._symbol(name)
        self.positive |= {max(found.terms)[0]}
        return found

    def reduced(self, a: Polynomial) -> Polynomial:
        """Use a² = a for the slopes of relu, and a² = 1 for those of abs.

        Examples
        --------
        >>> shape = Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]}))
        >>> slope = shape.slopes(0, 0)[0]
        >>> shape.reduced(slope * slope - slope)
        Polynomial({})
        """
        if not (self._idempotent or self._signs):
            return a
        terms: dict[tuple[int, ...], Fraction] = {}
        for monomial, c in a.terms.items():
            kept: list[int] = []
            for variable in monomial:
                if kept and kept[-1] == variable:
                    if variable in self._idempotent:
                        continue
                    if variable in self._signs:
                        kept.pop()
                        continue
                kept.append(variable)
            key = tuple(kept)
            terms[key] = terms.get(key, Fraction(0)) + c
        return Polynomial(terms)

    # ------------------------------------------------------------------ the objects

    @cached_property
    def parameters(self) -> tuple[Polynomial, ...]:
        """All weights and biases."""
        return tuple(Polynomial.variable(i) for i in range(self.n_parameters))

    def input(self, datum: int) -> tuple[Polynomial, ...]:
        """Return a datum."""
        return self._inputs[datum]

    def label(self, datum: int) -> Polynomial:
        """Return its label."""
        return self._labels[datum]

    def slopes(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        """Return the slopes of a hidden layer."""
        return self._slopes[datum][layer]

    def preactivations(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        """Return the preactivations of a layer."""
        return self._passed(datum)[0][layer]

    def features(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        """Return the features of a hidden layer."""
        return self._passed(datum)[1][layer + 1]

    def value(self, function: Function, scaled: Mapping[int, Scalar] | None = None) -> Polynomial:
        """Return a value; a factor of parameters has to be positive, so that no slope changes."""
        if function.kind == "R":
            if scaled is not None:
                raise Refused("the risk at other parameters is no polynomial")
            return self._risk()
        assert function.datum is not None
        found = self.preactivations(len(self.weights_shape) - 1, function.datum)[self.problem.output]
        if scaled:
            for factor in scaled.values():
                self._check_positive(factor)
            found = _substituted(found, scaled)
        return found * self.label(function.datum) if function.kind == "m" else found

    def gradient(self, function: Function) -> tuple[Polynomial, ...]:
        """Return the gradient in the parameters, on a piece."""
        if function.kind == "R":
            total = [Polynomial({})] * self.n_parameters
            for datum, c in enumerate(self._coefficients):
                total = [a + b * c for a, b in zip(total, self._gradient(datum), strict=True)]
            return tuple(total)
        assert function.datum is not None
        found = self._gradient(function.datum)
        if function.kind == "m":
            return tuple(entry * self.label(function.datum) for entry in found)
        return found

    def constant(self, value: Fraction) -> Polynomial:
        """Return a rational number."""
        return Polynomial.constant(value)

    def quotient(self, a: Scalar, b: Scalar) -> Polynomial:
        """Return a/b, where b is a number."""
        if set(b.terms) != {()}:
            raise Refused("a division by something that is not a number: no polynomial identity")
        found: Polynomial = a * (1 / b.terms[()])
        return found

    def power(self, a: Scalar, exponent: int) -> Polynomial:
        """Return a to a natural number."""
        if not 0 <= exponent <= _HIGHEST_POWER:
            raise Refused(f"an exponent that is not one of 0 to {_HIGHEST_POWER}")
        total = Polynomial.constant(Fraction(1))
        for _ in range(exponent):
            total = total * a
        return total

    # ------------------------------------------------------------------ symbols

    def _symbol(self, name: str) -> Polynomial:
        self._names.append(name)
        return Polynomial.variable(len(self._names) - 1)

    def _input(self, datum: int) -> tuple[Polynomial, ...]:
        if self.given is not None:
            return tuple(Polynomial.constant(entry) for entry in self.given.inputs[datum])
        return tuple(self._symbol(f"x[{datum + 1}][{i + 1}]") for i in range(self.weights_shape[0][1]))

    def _label(self, datum: int) -> Polynomial:
        if self.given is not None and datum < len(self.given.labels):
            return Polynomial.constant(self.given.labels[datum])
        return self._symbol(f"y[{datum + 1}]")

    def _slopes_of(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        activation, n_rows = self.problem.activations[layer], self.weights_shape[layer][0]
        if activation.name == "identity":
            return (Polynomial.constant(Fraction(1)),) * n_rows
        found = tuple(self._symbol(f"a[{layer + 1},{datum + 1}][{row + 1}]") for row in range(n_rows))
        places = range(len(self._names) - n_rows, len(self._names))
        if activation.name in ("relu", "relu_power"):
            self._idempotent |= set(places)
        elif activation.name == "abs":
            self._signs |= set(places)
        return found

    def _coefficient(self, datum: int) -> Polynomial:
        problem = self.given
        if problem is not None and problem.kind in ("output", "combination"):
            return Polynomial.constant(problem.coefficients[datum])
        return self._symbol(f"c[{datum + 1}]")

    def _risk(self) -> Polynomial:
        problem = self.given
        if problem is not None and problem.kind in ("output", "combination"):
            total = Polynomial({})
            for datum, c in enumerate(problem.coefficients):
                total = total + self.value(Function("f", datum)) * c
            return total
        if not self._losses:
            self._losses = [self._symbol("R")]
        return self._losses[0]

    def _passed(self, datum: int) -> tuple[list[tuple[Polynomial, ...]], list[tuple[Polynomial, ...]]]:
        """Return preactivations and features of all layers, the features from the input on."""
        if datum not in self._forward:
            rows: list[tuple[Polynomial, ...]] = []
            features = [self._inputs[datum]]
            for layer, places in enumerate(self.weight_places):
                z = []
                for row, columns in enumerate(places):
                    total = self.parameters[self.bias_places[layer][row]] if self.has_biases else Polynomial({})
                    for place, feature in zip(columns, features[-1], strict=True):
                        if feature:
                            total = total + self.parameters[place] * feature
                    z.append(total)
                rows.append(tuple(z))
                if layer < self.problem.n_hidden:
                    features.append(self._activated(layer, datum, z))
            self._forward[datum] = rows, features
        return self._forward[datum]

    def _activated(self, layer: int, datum: int, z: Sequence[Polynomial]) -> tuple[Polynomial, ...]:
        activation = self.problem.activations[layer]
        units = [Polynomial({})] * activation.n_units(len(z))
        for row, (slope, value) in enumerate(zip(self.slopes(layer, datum), z, strict=True)):
            power = value
            for _ in range(activation.power - 1):
                power = power * value
            unit = activation.unit_of_row(row)
            units[unit] = units[unit] + self.reduced(power * slope)
        return tuple(units)

    def _gradient(self, datum: int) -> tuple[Polynomial, ...]:
        if datum not in self._gradients:
            partials: list[dict[tuple[int, ...], Fraction]] = [{} for _ in range(self.n_parameters)]
            output = self.value(Function("f", datum))
            for monomial, c in output.terms.items():
                for i, variable in enumerate(monomial):
                    if variable >= self.n_parameters:
                        break  # monomials are sorted, and the parameters come first
                    if i and monomial[i - 1] == variable:
                        continue
                    key = monomial[:i] + monomial[i + 1 :]
                    terms = partials[variable]
                    terms[key] = terms.get(key, Fraction(0)) + c * monomial.count(variable)
            self._gradients[datum] = tuple(map(Polynomial, partials))
        return self._gradients[datum]

    def _check_positive(self, factor: Scalar) -> None:
        is_positive = bool(factor.terms) and all(
            c > 0 and self.positive.issuperset(monomial) for monomial, c in factor.terms.items()
        )
        if not is_positive:
            raise Refused("parameters times a factor that may not be positive: slopes could change")


def _substituted(a: Polynomial, scaled: Mapping[int, Scalar]) -> Polynomial:
    total = Polynomial({})
    for monomial, c in a.terms.items():
        term = Polynomial({monomial: c})
        for variable in monomial:
            factor = scaled.get(variable)
            if isinstance(factor, Polynomial):
                term = term * factor
        total = total + term
    return total


# ---------------------------------------------------------------------- in numbers


@final
class Point(AbstractObjects):
    """A problem at its point, exactly.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> point = Point(read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1", "-1"]], [["2"]]]},
    ...     "data": {"inputs": [["3", "1"]]}, "objective": {"kind": "output"},
    ... }))
    >>> point.value(Function("f", 0)), [int(entry) for entry in point.gradient(Function("f", 0))]
    (Fraction(4, 1), [6, 2, 2])
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.weights_shape = tuple((len(matrix), len(matrix[0])) for matrix in problem.weights)
        self.has_biases = problem.biases is not None
        self.n_data = len(problem.inputs)
        self.is_of_input = problem.variable == "input"
        self._forward: dict[int, Forward] = {}

    @cached_property
    def parameters(self) -> tuple[Fraction, ...]:
        """All weights and biases."""
        found = replace(self.problem, variable="weights").point
        return tuple(found)

    def input(self, datum: int) -> tuple[Fraction, ...]:
        """Return a datum."""
        return self.problem.inputs[datum]

    def label(self, datum: int) -> Fraction:
        """Return its label."""
        if datum >= len(self.problem.labels):
            raise Refused("the problem has no labels")
        return self.problem.labels[datum]

    def slopes(self, layer: int, datum: int) -> tuple[Fraction, ...]:
        """Return the slopes of a hidden layer, none of whose units is at its kink."""
        z = self._values(datum).preactivations[layer]
        activation = self.problem.activations[layer]
        if activation.name == "maxpool":
            chosen = []
            for group in activation.groups:
                winners = [row for row in group if z[row] == max(z[i] for i in group)]
                if len(winners) > 1:
                    raise Refused("a pool with two winners: no gradient is defined there")
                chosen.append("123456789abcdefghijklmnopqrstuvwxyz"[group.index(winners[0])])
            return tuple(slopes_on_piece(activation, z, "".join(chosen)))
        if not activation.is_smooth and 0 in z:
            raise Refused("a unit at its kink: no gradient is defined there")
        if activation.name == "identity":
            return (Fraction(1),) * len(z)
        return tuple(slopes_on_piece(activation, z, "".join("+" if a > 0 else "-" if a < 0 else "0" for a in z)))

    def preactivations(self, layer: int, datum: int) -> tuple[Fraction, ...]:
        """Return the preactivations of a layer."""
        return self._values(datum).preactivations[layer]

    def features(self, layer: int, datum: int) -> tuple[Fraction, ...]:
        """Return the features of a hidden layer."""
        return self._values(datum).features[layer + 1]

    def value(self, function: Function, scaled: Mapping[int, Scalar] | None = None) -> Real:
        """Return a value."""
        if scaled:
            return Point(self._scaled(scaled)).value(function)
        if function.kind == "R":
            found = value_of(self.problem, [self._output(datum) for datum in range(self.n_data)])
            total: Real = found.scalar
            for c, argument in found.logarithms:
                total = logarithm(argument) * c + total
            return total
        assert function.datum is not None
        f = self._output(function.datum)
        return f * self.label(function.datum) if function.kind == "m" else f

    def gradient(self, function: Function) -> tuple[Real, ...]:
        """Return the gradient in the variables, where every unit has a slope."""
        n_variables = len(self.problem.point)
        if function.kind == "R":
            outputs = [self._output(datum) for datum in range(self.n_data)]
            total: list[Any] = [Fraction(0)] * n_variables
            for datum, c in enumerate(frozen_coefficients(self.problem, outputs)):
                total = [a + c * b for a, b in zip(total, self._gradient(datum), strict=True)]
            return tuple(total)
        assert function.datum is not None
        found = self._gradient(function.datum)
        if function.kind == "m":
            return tuple(entry * self.label(function.datum) for entry in found)
        return found

    def by_convention(self, function: Function, convention: str) -> tuple[Real, ...]:
        """Return what automatic differentiation gives, with a convention at the kinks."""
        return Gradients(self.of(function)).by_convention(convention)

    def of(self, function: Function) -> Problem:
        """Return the problem whose objective a function is."""
        if function.kind == "R":
            return self.problem
        assert function.datum is not None
        k = function.datum
        coefficient = Fraction(1) if function.kind == "f" else self.label(k)
        return replace(
            self.problem,
            inputs=self.problem.inputs[k : k + 1],
            labels=self.problem.labels[k : k + 1],
            coefficients=(coefficient,),
            kind="output" if function.kind == "f" else "combination",
            loss="",
            divisor=1,
        )

    def constant(self, value: Fraction) -> Fraction:
        """Return a rational number."""
        return value

    def quotient(self, a: Scalar, b: Scalar) -> Real:
        """Return a/b."""
        if isinstance(b, Enclosed):
            return _times(inverse_of(b), a)
        if not b:
            raise Refused("a division by zero")
        return _times(inverse(b), a)

    def power(self, a: Scalar, exponent: int) -> Real:
        """Return a to an integer."""
        if abs(exponent) > _HIGHEST_POWER:
            raise Refused(f"an exponent beyond {_HIGHEST_POWER}")
        if not isinstance(a, Enclosed):
            return power(a, exponent)
        total: Real = Fraction(1)
        for _ in range(abs(exponent)):
            total = a * total
        return inverse_of(total) if exponent < 0 and isinstance(total, Enclosed) else total

    def _values(self, datum: int) -> Forward:
        if datum not in self._forward:
            self._forward[datum] = forward(self.problem, datum)
        return self._forward[datum]

    def _output(self, datum: int) -> Fraction:
        return self._values(datum).preactivations[-1][self.problem.output]

    def _gradient(self, datum: int) -> tuple[Fraction, ...]:
        slopes = [self.slopes(layer, datum) for layer in range(self.problem.n_hidden)]
        return backward(self.problem, self._values(datum), slopes)

    def _scaled(self, scaled: Mapping[int, Scalar]) -> Problem:
        """Return the problem at other weights; a place below zero is that of an input."""
        values = list(self.parameters)
        for place, factor in scaled.items():
            if not isinstance(factor, (int, Fraction)):
                raise Refused("parameters times a factor that is not rational")
            values[place] = values[place] * factor
        rest = iter(values)
        weights, biases = [], []
        for n_rows, n_columns in self.weights_shape:
            weights.append(tuple(tuple(next(rest) for _ in range(n_columns)) for _ in range(n_rows)))
            if self.has_biases:
                biases.append(tuple(next(rest) for _ in range(n_rows)))
        return replace(self.problem, weights=tuple(weights), biases=tuple(biases) if self.has_biases else None)


def _times(a: Real, b: Real) -> Real:
    return a * b


def read_point(tree: object) -> Point:
    """Return a problem file's tree, at its point."""
    return Point(read_problem(tree))


def same_shape(a: Problem, b: Problem) -> bool:
    """Return whether two nets have the same widths, activations and biases.

    Examples
    --------
    >>> one = read_shape({"widths": [1, 1, 1], "activation": ["relu"]}).template
    >>> same_shape(one, one)
    True
    """
    return (
        [len(m) for m in a.weights] == [len(m) for m in b.weights]
        and len(a.weights[0][0]) == len(b.weights[0][0])
        and a.activations == b.activations
        and (a.biases is None) == (b.biases is None)
        and a.output == b.output
    )
