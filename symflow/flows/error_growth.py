"""How errors grow along a march.

Rounding leaves about one unit in the last place a step. For one hidden layer the flow spreads a distance by at most
exp ∫ μ with μ = max_j |g_j|, since minus the Hessian of the risk is at most that (its part with ℓ'' is negative, and
the rest has the blocks [[0, g_j], [g_jᵀ, 0]]). At a transversal crossing a distance grows by at most
1 + |v₊ - v₋| |n| / |h'|; into a valley it does not grow, but its time is off by |n| / |h'| times the distance. The sum
of the logarithms is kept, and a run whose guard digits it exceeds is repeated with more (``weight_flow.py``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

# What rounding and truncation leave at the end of one step, in bits above the last place.
STEP_BITS = 8

# log2 e, rounded up.
BITS_PER_FOLD = 1.4427


@final
@dataclass(slots=True)
class ErrorGrowth:
    """How much an error may have grown since the start.

    Parameters
    ----------
    growth : float
        log2 of it.
    rate : float
        μ on the last step, the larger one of both ends.
    slant : float
        log2 of the most by which the last event multiplies errors.
    event_bits : int
        The error of the times of events, in bits above the last place.

    Examples
    --------
    >>> errors = ErrorGrowth(rate=2.0)
    >>> before = errors.bits(n_steps=3, seconds=0)
    >>> errors.count_step(3.0)  # e^6, so nearly nine bits
    >>> errors.bits(n_steps=3, seconds=0) - before
    9
    """

    growth: float = 0.0
    rate: float = 0.0
    slant: float = 0.0
    event_bits: int = 0

    def bits(self, *, n_steps: int, seconds: int) -> int:
        """Return the size of the error so far, in bits above the last place: what steps left, and how it has grown."""
        duration = seconds.bit_length()  # a velocity is off by units in the last place, too
        return STEP_BITS + (n_steps + 1).bit_length() + math.ceil(self.growth) + duration

    def count_step(self, duration: float) -> None:
        """Add ∫ μ over the last step."""
        self.growth += self.rate * duration * BITS_PER_FOLD

    def note_event(self, blur: int, drift: int, error_bits: int) -> None:
        """Note by how much the time of an event may be off, and what that makes of the state."""
        self.event_bits = max(self.event_bits, blur.bit_length())
        self.slant = math.log2(1 + drift / (1 << error_bits))

    def count_meeting(self, *, has_changed: bool) -> None:
        """Add what the last event may have done."""
        if has_changed:
            self.growth += self.slant
        self.slant = 0.0
