"""A problem at its point: every object of a statement as an exact number.

A gradient, or a slope, is defined only where no unit is at its kink.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any, final

from symflow.checker.enclosed_numbers import Enclosed, Real, inverse_of, logarithm, total_of
from symflow.checker.exponential_fractions import inverse
from symflow.checker.expressions import power
from symflow.checker.gradients import Gradients
from symflow.checker.networks import Forward, backward, forward, slopes_on_piece
from symflow.checker.problems import WINNERS, Problem, frozen_coefficients, read_problem, value_of
from symflow.checker.reading import Refused
from symflow.checker.statement_objects import HIGHEST_POWER, AbstractObjects, Function, Scalar
from symflow.checker.statement_shapes import Shape
from symflow.checker.statement_symbols import Symbols


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
    def shape(self) -> Symbols:
        """All nets of this shape, with these data and this objective."""
        return Symbols(Shape(self.problem, self.problem))

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
                chosen.append(WINNERS[group.index(winners[0])])
            return tuple(slopes_on_piece(activation, z, "".join(chosen)))
        if not activation.is_smooth and 0 in z:
            raise Refused("a unit at its kink: no gradient is defined there")
        if activation.name == "identity":
            return (Fraction(1),) * len(z)
        return tuple(slopes_on_piece(activation, z, "".join("+" if a > 0 else "-" if a < 0 else "0" for a in z)))

    def coefficient(self, datum: int) -> Real:
        """Return ∂R/∂f_k."""
        return frozen_coefficients(self.problem, [self._output(k) for k in range(self.n_data)])[datum]

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
            return total_of([found.scalar, *(logarithm(argument) * c for c, argument in found.logarithms)])
        if function.datum is None:
            raise Refused("a function of no datum")
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
        if function.datum is None:
            raise Refused("a function of no datum")
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
        if function.datum is None:
            raise Refused("a function of no datum")
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
        if abs(exponent) > HIGHEST_POWER:
            raise Refused(f"an exponent beyond {HIGHEST_POWER}")
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
        if not (self.is_of_input or self.has_biases or any(self.problem.inputs[datum])):
            return (Fraction(0),) * len(self.problem.point)  # f(0; w) = 0 for all w, whatever the slopes
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
