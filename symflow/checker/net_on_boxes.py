"""A net whose weights lie in boxes: bounds of its outputs, of the objective, and of all its gradients.

Bounds hold for *all* states in a box. Gradients are the vectors of ∂F(w): at a unit that may be at its kink, the slopes
of all its sides count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from symflow.checker.boxes import Box, activated, added, slopes_of, square, times, total
from symflow.checker.enclosed_numbers import Enclosed, bounds_of, exponential_of, logarithm
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused, TooLarge

_ONE = Fraction(1)
_ZERO = Fraction(0)
_HALF = Fraction(1, 2)
_LARGEST_EXPONENT = 10_000


@final
@dataclass(frozen=True)
class NetOnBoxes:
    """A problem in the weights, evaluated on boxes: one for each parameter.

    Parameters
    ----------
    problem : Problem
        The net, the data and the objective; its own weights are not read.
    bits : int
        How sharp logarithms, exponentials and roots are.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> net = {"activation": ["relu"], "weights": [[["1"]], [["1"]]]}
    >>> tree = {"network": net, "data": {"inputs": [["1"]], "labels": ["1"]}, "objective": {"kind": "output"}}
    >>> around, one = (Fraction(-1, 4), Fraction(1, 4)), (Fraction(1), Fraction(1))
    >>> NetOnBoxes(read_problem(tree), 64).objective([around, one]) == (0, Fraction(1, 4))
    True
    """

    problem: Problem
    bits: int

    def log_margin(self, box: Sequence[Box]) -> Box:
        """Return bounds of u = −ln Σ exp(−m_k)."""
        low, high = self._logarithm(total([self._exponential(q) for q in self._opposite_margins(box)]))
        return -high, -low

    def objective(self, box: Sequence[Box]) -> Box:
        """Return bounds of F."""
        problem = self.problem
        if problem.kind == "log_sum_exp":
            low, high = self.log_margin(box)
            return -high, -low
        if problem.kind != "risk":
            outputs = [self._output(box, x) for x in problem.inputs]
            return total([times((c, c), f) for c, f in zip(problem.coefficients, outputs, strict=True)])
        if problem.loss == "squared":
            residuals = [
                added(self._output(box, x), (-y, -y)) for x, y in zip(problem.inputs, problem.labels, strict=True)
            ]
            losses = [times((_HALF, _HALF), square(residual)) for residual in residuals]
        else:
            losses = [self._exponential(q) for q in self._opposite_margins(box)]
            if problem.loss == "logistic":
                losses = [self._logarithm(added(loss, (_ONE, _ONE))) for loss in losses]
        share = Fraction(1, problem.divisor)
        return times((share, share), total(losses))

    def norm(self, box: Sequence[Box]) -> Box:
        """Return bounds of |w|."""
        squares = [square(entry) for entry in box]
        low, high = sum((a for a, _ in squares), start=_ZERO), sum((b for _, b in squares), start=_ZERO)
        return self.root(low)[0], self.root(high)[1]

    def root(self, value: Fraction) -> Box:
        """Return bounds of a square root."""
        scale = 1 << self.bits
        square = value * scale * scale
        return Fraction(math.isqrt(math.floor(square)), scale), Fraction(math.isqrt(math.ceil(square)) + 1, scale)

    def least_speed(self, box: Sequence[Box]) -> Fraction:
        """Return a lower bound of |v|² over all v in ∂F(w), for every w in the box."""
        found = [(_ZERO, _ZERO)] * len(box)
        for c, x in zip(self._coefficients(box), self.problem.inputs, strict=True):
            found = [added(entry, times(c, slope)) for entry, slope in zip(found, self._slopes(box, x), strict=True)]
        return sum((square(entry)[0] for entry in found), start=_ZERO)

    def _coefficients(self, box: Sequence[Box]) -> list[Box]:
        """Return bounds of ∂F/∂f_k."""
        problem = self.problem
        if problem.kind not in ("risk", "log_sum_exp"):
            return [(c, c) for c in problem.coefficients]
        share = Fraction(1, problem.divisor) if problem.kind == "risk" else _ONE
        if problem.kind == "risk" and problem.loss == "squared":
            outputs = [self._output(box, x) for x in problem.inputs]
            return [times((share, share), added(f, (-y, -y))) for f, y in zip(outputs, problem.labels, strict=True)]
        slopes = [self._exponential(q) for q in self._opposite_margins(box)]
        if problem.kind == "log_sum_exp":
            whole = total(slopes)
            slopes = [(low / whole[1], high / whole[0]) for low, high in slopes]
        elif problem.loss == "logistic":
            slopes = [(low / (1 + low), high / (1 + high)) for low, high in slopes]
        return [times((-y * share, -y * share), slope) for y, slope in zip(problem.labels, slopes, strict=True)]

    def _slopes(self, box: Sequence[Box], x: Sequence[Fraction]) -> list[Box]:
        """Return bounds of all gradients of f at x that are limits on the box, by the parameters."""
        problem, rest = self.problem, iter(box)
        weights: list[list[list[Box]]] = []
        features: list[list[Box]] = [[(entry, entry) for entry in x]]
        units: list[list[Box]] = []
        for layer, matrix in enumerate(problem.weights):
            weights.append([[next(rest) for _ in features[-1]] for _ in matrix])
            z = [total([times(w, h) for w, h in zip(row, features[-1], strict=True)]) for row in weights[-1]]
            if problem.biases is not None:
                z = [added(entry, next(rest)) for entry in z]
            if layer < problem.n_hidden:
                units.append(slopes_of(problem.activations[layer], z))
                features.append(activated(problem.activations[layer], z))
        signals: list[Box] = [(_ZERO, _ZERO)] * len(problem.weights[-1])
        signals[problem.output] = (_ONE, _ONE)
        found: list[Box] = []
        for layer in reversed(range(len(weights))):
            biases = signals if problem.biases is not None else []
            found = [*(times(s, h) for s in signals for h in features[layer]), *biases, *found]
            if layer:
                below = [
                    total([times(row[unit], s) for row, s in zip(weights[layer], signals, strict=True)])
                    for unit in range(len(features[layer]))
                ]
                activation = problem.activations[layer - 1]
                signals = [times(a, below[activation.unit_of_row(i)]) for i, a in enumerate(units[layer - 1])]
        return found

    def _opposite_margins(self, box: Sequence[Box]) -> list[Box]:
        pairs = zip(self.problem.inputs, self.problem.labels, strict=True)
        return [times((-label, -label), self._output(box, x)) for x, label in pairs]

    def _exponential(self, box: Box) -> Box:
        if max(-box[0], box[1]) > _LARGEST_EXPONENT:
            raise TooLarge("a margin too large for the checker")
        return bounds_of(exponential_of(_within(box)), self.bits)

    def _logarithm(self, box: Box) -> Box:
        return bounds_of(logarithm(_within(box)), self.bits)

    def _output(self, box: Sequence[Box], x: Sequence[Fraction]) -> Box:
        rest = iter(box)
        features: list[Box] = [(entry, entry) for entry in x]
        for layer, matrix in enumerate(self.problem.weights):
            z = [total([times(next(rest), h) for h in features]) for _ in matrix]
            if self.problem.biases is not None:
                z = [added(entry, next(rest)) for entry in z]
            if layer == self.problem.n_hidden:
                return z[self.problem.output]
            features = activated(self.problem.activations[layer], z)
        raise Refused("a net without layers", "problem.network")


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The rule of a number that lies between two others."""

    box: Box

    def __call__(self, bits: int) -> Box:
        return self.box


def _within(box: Box) -> Enclosed:
    return Enclosed(_Bounds(box))
