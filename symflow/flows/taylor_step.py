"""One Taylor step inside a mode: how far its series reach, and what they say on the way and at its end.

Step and order. With order p = 1.15 D for D digits the cost is least when the coefficients fall by e² a time
(Jorba, Zou 2005); the step is where the last third of the coefficients of *all* parameters falls below the last bit.
Two coefficients alone would not do: those of an even function vanish every other time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final

from symflow.exact.balls import fmpz_poly
from symflow.exact.rationals import fmpq
from symflow.flows.field import Field
from symflow.flows.fixed_point import fixed
from symflow.flows.taylor import Series

# The scale of time is a multiple of 2^-SCALE_BITS.
SCALE_BITS = 40


@final
@dataclass(frozen=True, slots=True)
class TaylorStep:
    """The series of a mode from a state.

    Parameters
    ----------
    here : Field
        Of the mode.
    theta : sequence of int
        The state, fixed-point.
    series : list
        Scaled coefficients of all registers.
    scale : int
        One unit of s is scale / 2^SCALE_BITS of time.
    bits : int
        Fractional bits of coefficients and of places on the step.
    order : int
        Of the last coefficient of the parameters.
    """

    here: Field
    theta: Sequence[int]
    series: list[Series]
    scale: int
    bits: int
    order: int
    states: tuple[int, ...] = field(init=False)  # the registers of the parameters

    def __post_init__(self) -> None:
        states = tuple(register for register in self.here.parameters if isinstance(register, int))
        object.__setattr__(self, "states", states)

    def value(self, column: Sequence[int], upto: int) -> int:
        """Return the value of a polynomial, by Horner's rule."""
        value = 0
        for coefficient in reversed(column):
            value = (value * upto >> self.bits) + coefficient
        return value

    def reach(self) -> int:
        """Return how much of the scale can be gone, with `bits` fractional bits: see the head of this file.

        With |c_k| <= r^k for the last third of the coefficients, in units of 1, the last one falls to two units in the
        last place at τ with (r τ)^order = 2^(1 - bits). Coefficients of the size of rounding say nothing on r: a
        velocity is off by a few units in the last place, and with it the k-th coefficient by σ / k times as much.
        """
        scale = self.scale >> SCALE_BITS
        first = 2 * self.order // 3
        worst = -math.inf  # log2 r
        for register in self.states:
            column = self.series[register]
            for k in range(first, self.order + 1):
                size = abs(column[k])
                if size > 4 + 8 * scale // k:
                    worst = max(worst, (size.bit_length() - self.bits) / k)
        if worst == -math.inf:
            return 4 << self.bits
        return int(2.0 ** (52 - worst - (self.bits - 1) / self.order)) << (self.bits - 52)

    def end(self, upto: int) -> list[int]:
        """Return the state at upto / 2^bits of the scale."""
        theta = list(self.theta)
        ends = {
            place: self.value(self.series[register], upto)
            for place, register in enumerate(self.here.parameters)
            if isinstance(register, int)
        }
        for group in self.here.lorentz:
            phi = [[ends.pop(place) for place in group.places[column]] for column in range(group.size)]
            for neuron, places in enumerate(group.places):
                for place, value in zip(places, group.moved(phi, theta, neuron, self.bits), strict=True):
                    theta[place] = value
        for place, value in ends.items():
            theta[place] = value
        return theta

    def energy(self, upto: int) -> int:
        """Return ∫ |w'|² dt up to there."""
        return self.value(self._speeds(), upto) * upto * self.scale >> self.bits + SCALE_BITS

    def speed(self, place: int) -> int:
        """Return the largest velocity of a parameter there, in units of the scale."""
        return max((abs(self.value(_slopes(self.series[r]), place)) for r in self.states), default=0)

    def rate(self, place: int) -> float:
        """Return max_j |g_j|, nearly, at a place of the step."""
        one = 1 << self.bits
        signals = [
            float(c) if isinstance(c, fmpq) else self.value(self.series[c], place) / one
            for c in self.here.found.coefficients
        ]
        worst = 0.0
        for group in self.here.groups:
            g = [
                sum(float(slope) * r * float(normal[c]) for slope, r, normal in terms)
                for terms in [list(zip(group.slopes, signals, self.here.problem.layer.normals, strict=True))]
                for c in range(self.here.problem.layer.dimension)
            ]
            worst = max(worst, math.hypot(*g))
        return worst

    def _speeds(self) -> list[int]:
        """Return the coefficients of the mean of |w'|² over [0, s], s the time in units of the scale."""
        derivatives, tape = self.here.tape.derivatives, self.here.tape
        velocities: dict[int, fmpz_poly] = {}
        for place, state in enumerate(self.here.parameters):
            if isinstance(state, int):
                factor, register = tape.multiple(derivatives[state])
                column = [fixed(fmpq(1), self.bits)] if register is None else self.series[register]
                if factor != 0:
                    velocities[place] = fmpz_poly(column) * int(factor.p) // int(factor.q)
        squares = fmpz_poly([0])
        for group in self.here.lorentz:  # |Φ' v_j|², summed over j: Σ_kl M_0[k,l] ⟨Φ'_k, Φ'_l⟩
            moments = group.moments(self.theta, self.bits)
            columns = [[velocities.pop(place, fmpz_poly([0])) for place in group.places[k]] for k in range(group.size)]
            for entry in range(group.size):
                for k, one in enumerate(group.representatives):
                    mixed = sum(
                        (columns[m][entry] * moments[one, other] for m, other in enumerate(group.representatives)),
                        fmpz_poly([0]),
                    )
                    squares += columns[k][entry] * mixed // (1 << self.bits)
        for velocity in velocities.values():
            squares += velocity * velocity
        return [int(c) // (k + 1) >> self.bits for k, c in enumerate(squares.coeffs())]


def _slopes(column: Series) -> Series:
    """Return the coefficients of the derivative."""
    return [k * coefficient for k, coefficient in enumerate(column)][1:]
