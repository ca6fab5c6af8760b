"""A tube around the computed trajectory that contains a solution, proved a posteriori.

On a step the computed trajectory is a polynomial P with exact dyadic coefficients. Let F be the field of its mode, and
d = P' - F(P) its *defect* (``tube.py``). If the inclusion is one-sided Lipschitz with constant μ on the tube of radius
ε around P (``surroundings.py``), then

    ε' <= μ ε + |d|          (Filippov 1988, §10; Donchev, Farkhi 1998)

so that a step of length h from radius ε ends with at most e^(∫μ) (ε + h |d|).

**Ridges.** A kink that is no valley must be crossed. The tube's two trajectories are then on different sides for a time
of at most δ = ε / a, where a is the least speed towards the kink, on both sides, over all that the tube can reach in a
few times δ; meanwhile they move apart by at most the jump J: ε becomes e^(μ δ) (ε + δ (J + |d|)). Away from its
crossing the tube must keep off a ridge.

Everything is rounded outwards: balls, their upper bounds, and rationals. What the tube cannot show (a neuron near a
ridge that it does not cross, a corner of several kinks that is no valley) ends the enclosure, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final

from symflow.exact.balls import arb, ball_precision
from symflow.flows.ball_bounds import larger, length, lower, smaller, upper
from symflow.flows.field import Problem
from symflow.flows.mode import Mode
from symflow.flows.stretch import NoEnclosureError, Stretch
from symflow.flows.surroundings import Surroundings
from symflow.flows.tube import Tube

# Bits of the balls beyond those of the polynomial.
EXTRA_BITS = 40


@final
@dataclass(slots=True)
class Enclosure:
    """The radius of the tube along a march.

    Parameters
    ----------
    problem : Problem
        One hidden layer at most, with single units that are linear on both sides of a kink, or none.
    """

    problem: Problem
    radius: arb = field(default_factory=lambda: arb(0))
    # By how much the times of events may be off.
    event_radius: arb = field(default_factory=lambda: arb(0))
    _last: Tube | None = None
    # For ridges just crossed: how long, in time, a tube may be near them.
    _windows: dict[tuple[int, int], arb] = field(default_factory=dict)

    def begin(self, theta: Sequence[int], bits: int) -> None:
        """Make room for the rounding of the exact start."""
        with ball_precision(bits + EXTRA_BITS):
            exact = self.problem.function.point
            squares = sum(((arb(exact[p]) - arb((theta[p], -bits))) ** 2 for p in self.problem.trained), arb(0))
            self.radius = upper(squares.sqrt())

    def step(self, stretch: Stretch, meets: frozenset[tuple[int, int]]) -> None:
        """Carry the radius over one step.

        Parameters
        ----------
        stretch : Stretch
            The step.
        meets : frozenset of (neuron, datum)
            The kinks that it ends on.

        Raises
        ------
        NoEnclosureError
            If the tube cannot be continued.
        """
        with ball_precision(stretch.bits + EXTRA_BITS):
            tube = self._last = Tube(self.problem, stretch)
            defect, slack = tube.defect(), tube.slack_size()
            start = upper(self.radius + slack)
            bound = upper(start + tube.duration * defect)
            for _ in range(20):
                bound = upper(2 * bound + arb((1, -stretch.bits)))
                growth = tube.growth(bound, meets, self._windows, is_exact=bool(start == 0))
                end = upper((start + tube.duration * defect) * growth.exp())
                if end < bound:
                    self.radius = upper(end + slack + tube.rounding())
                    self._windows = {}
                    return
                bound = end
            raise NoEnclosureError("the tube grows too fast for one step")

    def move(self, distance: arb) -> None:
        """Make room for a change of the parameters by rounding."""
        self.radius = upper(self.radius + distance)

    def cross(self, stretch: Stretch, neuron: int, datum: int, after: Mode) -> None:
        """Carry the radius over a kink, unless it is a valley, which needs nothing.

        Parameters
        ----------
        stretch : Stretch
            The step that ends on it.
        neuron, datum : int
            From 0.
        after : Mode
            The mode that follows.

        Raises
        ------
        NoEnclosureError
            If the kink may be a ridge, and the speed towards it may vanish.
        """
        with ball_precision(stretch.bits + EXTRA_BITS):
            size = length(self.problem.layer.normals[datum])
            mode = stretch.field.mode
            here = Surroundings(self.problem, stretch.after, stretch.bits, self.radius)
            slowest = lower(abs(here.speed(mode, neuron, datum)) / size)
            if not here.is_valley(mode, neuron, datum):
                slowest = smaller(slowest, lower(abs(here.speed(after, neuron, datum)) / size))
            if not slowest > 0:
                raise NoEnclosureError(f"neuron {neuron + 1} meets its kink on datum {datum + 1} too slowly")
            # What the tube can reach in eight times the delay, with room to spare.
            delay = upper(2 * self.radius / slowest)
            reach = upper(self.radius + 8 * delay * (1 + here.fastest(mode) + here.fastest(after)))
            wide = Surroundings(self.problem, stretch.after, stretch.bits, reach)
            speeds = [wide.speed(each, neuron, datum) / size for each in (mode, after)]
            if upper(wide.fastest(mode)) > 1 + here.fastest(mode) or upper(wide.fastest(after)) > 1 + here.fastest(
                after
            ):
                raise NoEnclosureError("the velocity changes too fast where a kink is met")
            if wide.is_valley(mode, neuron, datum):
                if not speeds[0].contains(0):
                    self.event_radius = larger(self.event_radius, upper(self.radius / lower(abs(speeds[0]))))
                return
            if speeds[0].contains(0) or speeds[1].contains(0) or (speeds[0] > 0) != (speeds[1] > 0):
                raise NoEnclosureError(
                    f"neuron {neuron + 1} meets its kink on datum {datum + 1}, which may be a ridge, too slowly"
                )
            window = lower(4 * delay)
            assert self._last is not None  # a step led here
            self._last.check_approach(neuron, datum, window, upper(2 * self.radius))
            for k, _ in self.problem.layer.parallel(neuron, datum):
                self._windows[neuron, k] = window
            slowest = smaller(lower(abs(speeds[0])), lower(abs(speeds[1])))
            delay = upper(self.radius / slowest)
            jump = upper(abs(wide.jump(mode, neuron, datum)) * size)
            defect = self._last.defect()
            both = frozenset({(neuron, datum)})
            rate = larger(wide.rate(mode, both), wide.rate(after, both))
            self.event_radius = larger(self.event_radius, delay)
            self.radius = upper((self.radius + delay * (jump + defect)) * (rate * delay).exp())
