"""The signs of the forces on one first-layer neuron, at one time: exact at the start, by balls later."""

from __future__ import annotations

from typing import final

from symflow.exact.balls import arb, ball_precision
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.exponential_numbers import sign as exact_sign
from symflow.exact.rationals import fmpq
from symflow.flows.corner import Face, canonical
from symflow.flows.field import Field
from symflow.flows.happenings import UndeterminedError
from symflow.flows.march import March
from symflow.flows.outcome import StuckError
from symflow.nets.network import Vector


@final
class NeuronSigns:
    """The signs of functionals of the signals r_k of one neuron, at one time."""

    def __init__(self, march: March, field: Field, neuron: int, overrides: dict[object, int]) -> None:
        self.march, self.field, self.neuron, self.overrides = march, field, neuron, overrides
        self.missing, self.starts_at_zero = "", False
        self.quantities, factor = field.signals(neuron)
        self.exact = self._exact_signals()
        with ball_precision(march.bits + 32):
            self.balls, ball = self._ball_signals()
        if "factor" in overrides:
            self.factor = overrides["factor"]
        elif isinstance(factor, fmpq):
            self.factor = int(factor > 0) - int(factor < 0)
        else:
            self.factor = self._sign_of_factor(ball)
        self.factor_ball = ball

    def _exact_signals(self) -> list[Scalar] | None:
        """Return r_k exactly, at the start of a net with one hidden layer."""
        march = self.march
        if march.time or march.problem.shape.n_hidden_layers != 1:
            return None
        return [-c for c in march.problem.function.coefficients]

    def _ball_signals(self) -> tuple[list[arb], arb]:
        march, shape = self.march, self.march.problem.shape
        found, balls = march.values(self.field.mode), march.balls()
        if shape.n_hidden_layers == 1:
            place = shape.weight_index(2, march.problem.function.output, self.neuron)
            return [-c for c in found.coefficients], balls[place]
        signals = [
            -sum((d * balls[shape.weight_index(2, row, self.neuron)] for row, d in deltas.items()), arb(0))
            for deltas in found.second_deltas
        ]
        return signals, arb(1)

    def _sign_of_factor(self, ball: arb) -> int:
        if ball > 0:
            return 1
        if ball < 0:
            return -1
        if self.march.time == 0 and ball == 0:
            self.starts_at_zero = True
            return self._sign_of_leaving_factor()
        raise UndeterminedError(f"the output weight of neuron {self.neuron + 1} cannot be told from 0")

    def _sign_of_leaving_factor(self) -> int:
        """Return the sign that the factor, 0 at the start, takes: that of a' = Σ slope_k r_k z_k; 0 if it stays 0."""
        march = self.march
        function, problem = march.problem.function, march.problem
        assert self.exact is not None  # the factor of a deeper net is 1
        slopes = problem.slopes(self.field.mode, self.neuron)
        total: Scalar = fmpq(0)
        for k, slope in enumerate(slopes):
            total = total + slope * function.preactivations[k][0][self.neuron] * self.exact[k]
        result = exact_sign(total)
        active = any(slope != 0 and function.preactivations[k][0][self.neuron] != 0 for k, slope in enumerate(slopes))
        if result == 0 and active:
            raise StuckError(f"the output weight of neuron {self.neuron + 1} and its velocity vanish on a kink")
        return result

    def of(self, functional: Vector) -> int | None:
        """Return the sign of Σ φ_k r_k (0: for every state); None where it cannot be told."""
        key, sign = canonical(functional)
        if not any(key):
            return 0
        if key in self.overrides:
            return sign * self.overrides[key]
        terms = [(entry, q) for entry, q in zip(key, self.quantities, strict=True) if entry != 0]
        if self.exact is not None:
            total: Scalar = fmpq(0)
            for entry, r in zip(key, self.exact, strict=True):
                total = total + entry * r
            found = exact_sign(total)
            if found:
                return sign * found
        folded = self.field.tape.combine(terms)
        if isinstance(folded, fmpq):
            return sign * (int(folded > 0) - int(folded < 0))
        with ball_precision(self.march.bits + 32):
            value = sum((entry * r for entry, r in zip(key, self.balls, strict=True)), arb(0))
        if value > 0:
            return sign
        if value < 0:
            return -sign
        self.missing = f"a force on neuron {self.neuron + 1} cannot be told from 0"
        return None

    def near(self) -> tuple[Vector, fmpq]:
        """Return rational numbers near the r_k, and how far off they may be."""
        with ball_precision(self.march.bits + 32):
            mids = tuple(fmpq(ball.mid().fmpq()) for ball in self.balls)
            error = max((fmpq(ball.rad().fmpq()) for ball in self.balls), default=fmpq(0))
        return mids, error + fmpq(1, 1 << self.march.bits)

    def total(self, functional: Vector) -> int | None:
        """Return the sign of a Σ φ_k r_k."""
        found = self.of(functional)
        return None if found is None else found * self.factor

    def speed(self, face: Face) -> arb:
        """Return |v|² on a face."""
        with ball_precision(self.march.bits + 32):
            total = arb(0)
            for row in face.velocity:
                entry = sum((phi * r for phi, r in zip(row, self.balls, strict=True)), arb(0))
                total += (self.factor_ball * entry) ** 2
            return total

    def text(self, functional: Vector) -> str:
        """Return a Σ φ_k r_k: exactly where it is known, else to twenty digits."""
        if self.exact is not None:
            total: Scalar = fmpq(0)
            for entry, r in zip(functional, self.exact, strict=True):
                total = total + entry * r
            a = self.march.problem.function.point[
                self.march.problem.shape.weight_index(2, self.march.problem.function.output, self.neuron)
            ]
            return str(total * a)
        with ball_precision(self.march.bits + 32):
            value = sum((entry * r for entry, r in zip(functional, self.balls, strict=True)), arb(0))
            return str((value * self.factor_ball).str(20, radius=False))
