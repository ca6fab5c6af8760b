"""What the parameters can be on a piece of the tube around a flow, and what is bounded there.

**The constant μ.** Let R = φ(f_1, .., f_n) with φ convex in the outputs, one hidden layer with slopes, all of it as a
function of what is trained. Minus the Hessian of a piece is -Jᵀ φ'' J <= 0 plus blocks [[0, g_j], [g_jᵀ, 0]], one a
neuron, with g_j = Σ_k slope_jk r_k n_k, whose eigenvalues are ±|g_j|: so μ = max_j |g_j| if both layers move and 0 if
only one does. Across a kink of neuron j on datum k the velocity jumps by a_j r_k (a₊ - a₋) n_k; where that is negative
times n_k (a *valley*) the inclusion stays one-sided Lipschitz with the same μ (the supremum now over all slopes that
occur on the tube): a valley needs nothing else, whether the trajectory slides, enters, leaves, rests or dies there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

from symflow.exact.balls import arb
from symflow.exact.rationals import fmpq
from symflow.flows.ball_bounds import larger, length, upper
from symflow.flows.ball_calculus import BallCalculus
from symflow.flows.calculus import one_pass
from symflow.flows.field import Problem
from symflow.flows.mode import Mode
from symflow.flows.stretch import NoEnclosureError


@final
class Surroundings:
    """What the parameters can be on a piece of the tube, and what is bounded there."""

    def __init__(self, problem: Problem, theta: Sequence[int], bits: int, radius: arb) -> None:
        values = {place: arb((theta[place], -bits)) for place in problem.trained}
        self._set(problem, values, radius)

    @classmethod
    def around(
        cls, problem: Problem, values: dict[int, arb], radius: arb, keeps_off: Callable[[int, int, arb], bool]
    ) -> Surroundings:
        """Return what the parameters can be around these values; `keeps_off` knows preactivations more sharply."""
        result = cls.__new__(cls)
        result._set(problem, values, radius)
        result.keeps_off = keeps_off
        return result

    def _set(self, problem: Problem, values: dict[int, arb], radius: arb) -> None:
        self.problem, self.radius = problem, radius
        widened = arb(0, radius.upper())
        self.centre = values
        self.parameters = [
            values[place] + widened if place in values else arb(value)
            for place, value in enumerate(problem.function.point)
        ]
        self.signals: list[arb] | None = None
        self.keeps_off: Callable[[int, int, arb], bool] | None = None

    def _signals(self, mode: Mode) -> list[arb]:
        if self.signals is None:
            problem = self.problem
            found = one_pass(BallCalculus(), problem.function, problem.layer, problem.trained, mode, self.parameters)
            self.signals = [-c for c in found.coefficients]
        return self.signals

    def factor(self, neuron: int) -> arb:
        """Return what a_j can be."""
        shape = self.problem.shape
        return self.parameters[shape.weight_index(2, self.problem.function.output, neuron)]

    def fastest(self, mode: Mode) -> arb:
        """Return a bound of the velocity in a mode."""
        problem = self.problem
        found = one_pass(BallCalculus(), problem.function, problem.layer, problem.trained, mode, self.parameters)
        return upper(sum((abs(v) for v in found.velocity.values()), arb(0)))

    def jump(self, mode: Mode, neuron: int, datum: int) -> arb:
        """Return what the velocity jumps by across a kink, as a multiple of n_k: all data of the kink flip together."""
        assert self.problem.kinked is not None
        left, right = self.problem.kinked.coefficients
        total = arb(0)
        for k, multiple in self.problem.layer.parallel(neuron, datum):
            total += arb(abs(multiple)) * self._signals(mode)[k]
        return self.factor(neuron) * total * arb(right - left)

    def is_valley(self, mode: Mode, neuron: int, datum: int) -> bool:
        """Whether the velocity jumps back across a kink (or not at all) for certain."""
        return bool(self.jump(mode, neuron, datum) <= 0)

    def speed(self, mode: Mode, neuron: int, datum: int) -> arb:
        """Return what the velocity ⟨n_k, w_j'⟩ towards a kink can be in a mode."""
        problem = self.problem
        slopes, signals = problem.slopes(mode, neuron), self._signals(mode)
        layer = problem.layer
        total = arb(0)
        for k, slope in enumerate(slopes):
            if slope != 0:
                inner = sum((x * y for x, y in zip(layer.normals[k], layer.normals[datum], strict=True)), fmpq(0))
                total += arb(slope * inner) * signals[k]
        return total * self.factor(neuron)

    def rate(self, mode: Mode, meeting: frozenset[tuple[int, int]]) -> arb:
        """Return a bound of μ, over all slopes that occur on the tube.

        Raises
        ------
        NoEnclosureError
            If the tube may touch a ridge that the step does not meet.
        """
        problem = self.problem
        shape, layer = problem.shape, problem.layer
        if shape.n_hidden_layers == 0:
            return arb(0)
        moves_outer = shape.weight_index(2, 0, 0) in problem.trained
        signals = self._signals(mode)
        worst = arb(0)
        for neuron in range(shape.widths[1]):
            slopes = self._slopes(mode, neuron, meeting)
            if layer.dimension == 0 or not moves_outer:
                continue
            total = arb(0)
            for c in range(layer.dimension):
                entry = sum((slopes[k] * signals[k] * arb(layer.normals[k][c]) for k in range(len(signals))), arb(0))
                total += entry**2
            worst = larger(worst, upper(abs(total.upper()).sqrt()))
        return worst

    def _slopes(self, mode: Mode, neuron: int, meeting: frozenset[tuple[int, int]]) -> list[arb]:
        """Return the slopes of a neuron on all data, both where the tube may touch the kink."""
        problem = self.problem
        if problem.kinked is None:  # a smooth layer: the identity
            return [arb(1)] * problem.function.n_data
        left, right = problem.kinked.coefficients
        result = []
        for k, slope in enumerate(problem.slopes(mode, neuron)):
            if problem.layer.is_fixed(k) or not self._touches(neuron, k):
                result.append(arb(slope))
                continue
            if (neuron, k) not in meeting and not self.is_valley(mode, neuron, k):
                raise NoEnclosureError(
                    f"neuron {neuron + 1} comes so close to its kink on datum {k + 1}, a ridge, "
                    "that the tube may touch it"
                )
            result.append(arb(left).union(arb(right)))
        return result

    def _touches(self, neuron: int, datum: int) -> bool:
        """Whether the preactivation can be 0 on the tube."""
        layer = self.problem.layer
        value = arb(layer.offset(neuron, datum))
        for place, entry in zip(layer.columns(neuron), layer.normals[datum], strict=True):
            value += self.centre[place] * arb(entry)
        reach = self.radius * length(self.problem.layer.normals[datum])
        if abs(value) > reach:
            return False
        return self.keeps_off is None or not self.keeps_off(neuron, datum, reach)
