"""By how much a statement fails numerically, at so many digits: a number beside a theorem, never inside it.

A second road to both sides of an equation: the net's forward pass in mpmath's numbers, and gradients as numerical
derivatives of that pass, without any of the formulas that the proof is about. What holds exactly leaves a residual
that is rounding, 10^-D at D digits; what does not hold leaves one that stays.

Examples
--------
>>> from symflow.proofs.setting import net_tree
>>> tree = net_tree([[[1, 2], [3, -1]], [[1, -2]]], activation=["relu"], inputs=[[1, 1]], kind="output")
>>> residual("for l in 1..L: inner(W[l], grad(f, W[l])) == f", tree, 30) < 10**-27
True
>>> residual("inner(W1, grad(f, W1)) == 2*f", tree, 30)
mpf('0.5')
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, final

import mpmath

from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_instances import instances
from symflow.checker.statement_objects import AbstractObjects, Function
from symflow.checker.statement_point import Point
from symflow.checker.statement_tensors import flat
from symflow.checker.statement_values import Scope
from symflow.flows.precision import Number, working_digits

# Numerical derivatives lose about half of the digits that are worked with.
_STRETCH = 3
_GUARD = 15


def residual(text: str, tree: dict[str, Any], digits: int) -> Number | None:
    """Return the largest difference of the two sides of the equations of a statement, relative to their size.

    Parameters
    ----------
    text : str
        A statement in the statement language, on all weights.
    tree : dict
        The problem at whose point it is tried, off its kinks.
    digits : int
        Decimal digits.

    Returns
    -------
    mpf or None
        None where the statement is no equation between numbers, or the point lies on a kink.
    """
    statement = parse_statement(text)
    with working_digits(_STRETCH * digits + _GUARD):
        worst = mpmath.mpf(0)
        try:
            objects = _Decimals(Point(read_problem(tree)))
            found = list(instances(statement, Scope(objects), {}))
            if not found:
                return None
            for instance in found:
                relation = instance.relation
                if relation.relation != "==" or relation.right is None:
                    return None
                sides = [flat(instance.scope.number(side)) for side in (relation.left, relation.right)]
                if len(sides[0]) != len(sides[1]):
                    return None
                for a, b in zip(*sides, strict=True):
                    worst = max(worst, abs(a - b) / max(1, abs(a), abs(b)))
        except (Refused, TypeError, ArithmeticError):  # sets, logarithms, kinks: nothing to compare
            return None
        return +worst


@final
class _Decimals(AbstractObjects):
    """A problem at its point in mpmath's numbers, derivatives taken numerically."""

    def __init__(self, point: Point) -> None:
        self.exact = point
        self.problem: Problem = point.problem
        self.weights_shape, self.has_biases = point.weights_shape, point.has_biases
        self.n_data, self.is_of_input = point.n_data, point.is_of_input
        for datum in range(self.n_data):
            for layer in range(self.problem.n_hidden):
                point.slopes(layer, datum)  # refuses a kink

    @property
    def parameters(self) -> tuple[Number, ...]:
        """Return all weights and biases."""
        return tuple(map(_real, self.exact.parameters))

    def input(self, datum: int) -> tuple[Number, ...]:
        """Return a datum."""
        return tuple(map(_real, self.problem.inputs[datum]))

    def label(self, datum: int) -> Number:
        """Return its label."""
        return _real(self.exact.label(datum))

    def slopes(self, layer: int, datum: int) -> tuple[Number, ...]:
        """Return σ' of the preactivations, numerically."""
        activation = self.problem.activations[layer]
        if activation.name == "maxpool":
            return tuple(map(_real, self.exact.slopes(layer, datum)))
        z = self.preactivations(layer, datum)
        return tuple(mpmath.diff(lambda t: self._activated(layer, [t])[0], each) for each in z)

    def preactivations(self, layer: int, datum: int) -> tuple[Number, ...]:
        """Return the preactivations of a layer."""
        return self._pass(list(self.parameters), list(self.input(datum)))[0][layer]

    def features(self, layer: int, datum: int) -> tuple[Number, ...]:
        """Return the features of a hidden layer."""
        return self._pass(list(self.parameters), list(self.input(datum)))[1][layer]

    def value(self, function: Function, scaled: Mapping[int, Any] | None = None) -> Number:
        """Return a value."""
        parameters = list(self.parameters)
        for place, factor in (scaled or {}).items():
            parameters[place] = parameters[place] * factor
        return self._value(function, parameters, None)

    def gradient(self, function: Function) -> tuple[Number, ...]:
        """Return the numerical derivatives."""
        at = list(self.input(0)) if self.is_of_input else list(self.parameters)

        def along(place: int) -> Number:
            def moved(t: Number) -> Number:
                there = [*at[:place], t, *at[place + 1 :]]
                if self.is_of_input:
                    return self._value(function, list(self.parameters), there)
                return self._value(function, there, None)

            return mpmath.diff(moved, at[place])

        return tuple(along(place) for place in range(len(at)))

    def coefficient(self, datum: int) -> Number:
        """Return ∂R/∂f_k, numerically."""
        outputs = [self.value(Function("f", k)) for k in range(self.n_data)]

        def moved(t: Number) -> Number:
            return self._objective([*outputs[:datum], t, *outputs[datum + 1 :]])

        return mpmath.diff(moved, outputs[datum])

    def constant(self, value: Fraction) -> Number:
        """Return a rational number."""
        return _real(value)

    def quotient(self, a: Any, b: Any) -> Number:
        """Return a/b."""
        return a / b

    def power(self, a: Any, exponent: int) -> Number:
        """Return a to an integer."""
        return a**exponent

    def _value(self, function: Function, parameters: list[Number], x: list[Number] | None) -> Number:
        if function.kind != "R":
            assert function.datum is not None
            inputs = list(self.input(function.datum)) if x is None else x
            output = self._pass(parameters, inputs)[0][-1][self.problem.output]
            return output * self.label(function.datum) if function.kind == "m" else output
        outputs = [
            self._pass(parameters, list(self.input(datum)) if x is None else x)[0][-1][self.problem.output]
            for datum in range(self.n_data)
        ]
        return self._objective(outputs)

    def _objective(self, outputs: list[Number]) -> Number:
        problem = self.problem
        labels = [_real(label) for label in problem.labels]
        if problem.kind in ("output", "combination"):
            return sum((_real(c) * f for c, f in zip(problem.coefficients, outputs, strict=True)), mpmath.mpf(0))
        pairs = list(zip(labels, outputs, strict=False))
        if problem.kind == "log_sum_exp":
            return mpmath.log(sum(mpmath.exp(-y * f) for y, f in pairs))
        if problem.loss == "squared":
            losses = [(f - y) ** 2 / 2 for y, f in pairs]
        else:
            losses = [mpmath.exp(-y * f) for y, f in pairs]
        if problem.loss == "logistic":
            losses = [mpmath.log(1 + loss) for loss in losses]
        return sum(losses, mpmath.mpf(0)) / problem.divisor

    def _pass(
        self, parameters: list[Number], x: list[Number]
    ) -> tuple[list[tuple[Number, ...]], list[tuple[Number, ...]]]:
        rows: list[tuple[Number, ...]] = []
        features: list[tuple[Number, ...]] = []
        read = x
        for layer, places in enumerate(self.weight_places):
            z = [sum((parameters[p] * h for p, h in zip(row, read, strict=True)), mpmath.mpf(0)) for row in places]
            if self.has_biases:
                z = [a + parameters[p] for a, p in zip(z, self.bias_places[layer], strict=True)]
            rows.append(tuple(z))
            if layer < self.problem.n_hidden:
                read = self._activated(layer, z)
                features.append(tuple(read))
        return rows, features

    def _activated(self, layer: int, z: list[Number]) -> list[Number]:
        activation = self.problem.activations[layer]
        if activation.name == "maxpool":
            return [max(z[row] for row in group) for group in activation.groups]
        if activation.name == "identity":
            return z
        if activation.name == "abs":
            return [abs(a) for a in z]
        left = _real(activation.slope)
        return [a**activation.power if a > 0 else left * a for a in z]


def _real(value: Any) -> Number:
    return mpmath.mpf(value.numerator) / value.denominator
