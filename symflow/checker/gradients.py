"""The gradients at the point: on a pattern, and by the conventions of automatic differentiation.

By Proposition 2 both are Σ cₖ gₖ, where gₖ is one backward pass of the network on datum k with the
slopes of the pattern, or of the convention. All are multiplied by one positive number, the common
denominator of the cₖ, so that they are vectors of rationals or of exponential sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import final

from symflow.checker.exponential_sums import Number, dot
from symflow.checker.expressions import Value
from symflow.checker.hulls import Vector
from symflow.checker.networks import backward, forward, slopes_by_convention, slopes_on_piece
from symflow.checker.patterns import Tree, Words
from symflow.checker.problems import Problem, frozen_coefficients, value_of


@final
class Gradients:
    """A problem at its point: values, frozen coefficients, and the gradients, multiplied by `scale`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.values = tuple(forward(problem, datum) for datum in range(len(problem.inputs)))
        self.outputs = [values.preactivations[-1][problem.output] for values in self.values]
        self.coefficients, self.scale = frozen_coefficients(problem, self.outputs)
        self._known: dict[tuple[int, str, int | None], tuple[Fraction, ...]] = {}

    @property
    def value(self) -> Value:
        """The objective's value."""
        return value_of(self.problem, self.outputs)

    @property
    def frozen_value(self) -> Number:
        """The value of F = Σ cₖ f(xₖ; ·), scaled."""
        return dot(self.coefficients, self.outputs)

    def on_pattern(self, tree: Tree, words: Words) -> Vector:
        """Return the gradient on the piece of a pattern; in a factor, right in the factor's own variables."""

        def gradient(datum: int) -> tuple[Fraction, ...]:
            key = (datum, words[datum], tree.neuron)
            if key not in self._known:
                z = self.values[datum].preactivations
                slopes = [
                    slopes_on_piece(activation, z[layer], self._characters(tree, words[datum], layer))
                    for layer, activation in enumerate(self.problem.activations)
                ]
                self._known[key] = backward(self.problem, self.values[datum], slopes)
            return self._known[key]

        return self._sum(gradient)

    def by_convention(self, convention: str) -> Vector:
        """Return what automatic differentiation gives with a convention at the kinks."""

        def gradient(datum: int) -> tuple[Fraction, ...]:
            z = self.values[datum].preactivations
            slopes = [
                slopes_by_convention(activation, z[layer], convention)
                for layer, activation in enumerate(self.problem.activations)
            ]
            return backward(self.problem, self.values[datum], slopes)

        return self._sum(gradient)

    def _sum(self, gradient: Callable[[int], Sequence[Fraction]]) -> Vector:
        total: list[Number] = [0] * len(self.problem.point)
        for datum, coefficient in enumerate(self.coefficients):
            if coefficient:
                for i, entry in enumerate(gradient(datum)):
                    if entry:
                        total[i] = total[i] + coefficient * entry
        return tuple(total)

    def _characters(self, tree: Tree, word: str, layer: int) -> str:
        if tree.neuron is None:
            return word[tree.starts[layer] : tree.starts[layer + 1]]
        # The other neurons do not touch the variables of this one: any of their pieces will do.
        activation = self.problem.activations[layer]
        n_units = activation.n_units(len(self.problem.weights[layer]))
        other = "1" if activation.name == "maxpool" else "0"
        return other * tree.neuron + word + other * (n_units - tree.neuron - 1)
