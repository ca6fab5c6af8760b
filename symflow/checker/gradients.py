"""The gradients at the point: on a pattern, and by the conventions of automatic differentiation.

By Proposition 2 both are Σ cₖ gₖ, where gₖ is one backward pass of the network on datum k with the
slopes of the pattern, or of the convention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import final

from symflow.checker.exponential_fractions import Number
from symflow.checker.expressions import Value
from symflow.checker.hulls import Vector
from symflow.checker.linear_algebra import dot
from symflow.checker.networks import backward, forward, slopes_by_convention, slopes_of_unit, slopes_on_piece
from symflow.checker.patterns import Tree, Words
from symflow.checker.problems import Problem, frozen_coefficients, value_of


@final
class Gradients:
    """A problem at its point: values, frozen coefficients, and the gradients."""

    def __init__(self, problem: Problem, frozen: list[Number] | None = None) -> None:
        self.problem = problem
        self.values = tuple(forward(problem, datum) for datum in range(len(problem.inputs)))
        self.outputs = [values.preactivations[-1][problem.output] for values in self.values]
        self.coefficients = frozen or frozen_coefficients(problem, self.outputs)
        self._known: dict[tuple[int, str, int | None], tuple[Fraction, ...]] = {}

    @property
    def value(self) -> Value:
        """The objective's value."""
        return value_of(self.problem, self.outputs)

    @property
    def frozen_value(self) -> Number:
        """The value of F = Σ cₖ f(xₖ; ·)."""
        return dot(self.coefficients, self.outputs)

    def of_datum(self, datum: int) -> Gradients:
        """Return the same for cₖ f(xₖ; ·) alone."""
        part = replace(self.problem, inputs=self.problem.inputs[datum : datum + 1])
        return Gradients(part, self.coefficients[datum : datum + 1])

    def on_pattern(self, tree: Tree, words: Words, indices: Sequence[int]) -> Vector:
        """Return the gradient on the piece of a pattern, in the variables of these places."""
        return self._sum([self._piece(tree, words[datum], datum, indices) for datum in range(len(words))])

    def by_convention(self, convention: str) -> Vector:
        """Return what automatic differentiation gives with a convention at the kinks."""
        found = []
        for values in self.values:
            layers = zip(self.problem.activations, values.preactivations, strict=False)
            slopes = [slopes_by_convention(activation, z, convention) for activation, z in layers]
            found.append(backward(self.problem, values, slopes))
        return self._sum(found)

    def _piece(self, tree: Tree, word: str, datum: int, indices: Sequence[int]) -> tuple[Fraction, ...]:
        """Return the gradient of f on one datum; a word determines it, so it is remembered."""
        key = (datum, word, tree.neuron)
        if key not in self._known:
            values = self.values[datum]
            if tree.neuron is None:
                slopes = [
                    slopes_on_piece(activation, z, word[tree.starts[layer] : tree.starts[layer + 1]])
                    for layer, (activation, z) in enumerate(
                        zip(self.problem.activations, values.preactivations, strict=False)
                    )
                ]
                whole = backward(self.problem, values, slopes)
                self._known[key] = tuple(whole[i] for i in indices)
            else:
                block = self._block(tree.neuron, word, datum)
                self._known[key] = tuple(block[i] for i in indices)
        return self._known[key]

    def _block(self, neuron: int, character: str, datum: int) -> dict[int, Fraction]:
        """Return the gradient in one neuron's incoming weights and bias: v σ'(z) (x, 1), by place."""
        problem = self.problem
        activation = problem.activations[0]
        z = self.values[datum].preactivations[0]
        outer = problem.weights[1][problem.output][neuron]
        size = len(problem.inputs[datum])
        block: dict[int, Fraction] = {}
        for row, slope in slopes_of_unit(activation, z, neuron, character):
            rate = outer * slope
            for i, x in enumerate(problem.inputs[datum]):
                block[row * size + i] = rate * x
            block[len(z) * size + row] = rate  # its bias, where there are any
        return block

    def _sum(self, gradients: Sequence[Sequence[Fraction]]) -> Vector:
        total: list[Number] = [0] * len(gradients[0])
        for coefficient, gradient in zip(self.coefficients, gradients, strict=True):
            if coefficient:
                for i, entry in enumerate(gradient):
                    if entry:
                        total[i] = total[i] + coefficient * entry
        return tuple(total)
