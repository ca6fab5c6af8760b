"""Following a flow: Taylor steps inside a mode, until the end or until something that is watched changes its sign.

A step takes the series of all parameters (``taylor_step.py``), as far as they can be trusted, and looks for the first
zero of every watched quantity (``watching.py``) on that stretch, with certainty (``roots.py``). What happens at a zero
is decided in ``meeting.py``.

Values closer to 0 than the error (``error_growth.py``) have no sign. A quantity that has just left 0 is divided by the
power of the time with which it does: the first, or the second where the force that moves it vanishes there, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import final

from symflow.exact.balls import arb
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.ball_calculus import BallCalculus
from symflow.flows.calculus import Pass, one_pass
from symflow.flows.enclosure import Enclosure
from symflow.flows.error_growth import ErrorGrowth
from symflow.flows.field import Field, Problem
from symflow.flows.fixed_point import BITS_PER_DIGIT, fixed
from symflow.flows.happenings import (
    FactorTurns,
    Happening,
    StayEnds,
    UndeterminedError,
    WallMet,
    key_of,
    words_of,
)
from symflow.flows.mode import Mode
from symflow.flows.roots import Touch, first_root
from symflow.flows.stretch import NoEnclosureError, Stretch
from symflow.flows.taylor import Series, taylor_series
from symflow.flows.taylor_step import SCALE_BITS, TaylorStep
from symflow.flows.watching import Watching

# Order of the series for each decimal digit (Jorba, Zou 2005), and the fall of the coefficients that goes with it.
ORDER_PER_DIGIT = 1.15
FALL = math.e**2

# For an enclosure, steps of a field with poles are so many times shorter, so that discs several times their size hold
# none.
SHORTER_NEAR_POLES = 3


@final
@dataclass(slots=True)
class March:
    """Where a flow is, and what it went through.

    Parameters
    ----------
    problem : Problem
        What does not change.
    bits : int
        Fractional bits computed with.
    budget : Budget
        The time limit.
    fields : dict
        The fields of modes met before (also in an earlier run).
    has_energy : bool
        Whether to integrate |w'|².
    """

    problem: Problem
    bits: int
    budget: Budget = NO_BUDGET
    fields: dict[Mode, Field] = field(default_factory=dict)
    has_energy: bool = True

    order: int = field(init=False)
    theta: list[int] = field(init=False)
    time: int = field(init=False, default=0)
    mode: Mode = field(init=False, default=())
    # What has just left 0 (pairs (neuron, datum), watched places, functionals), by its order and its sign (0: any).
    fresh: dict[object, tuple[int, int]] = field(init=False, default_factory=dict)
    step: int = field(init=False, default=0)  # the expected next step, in units of 2^-SCALE_BITS
    n_steps: int = field(init=False, default=0)
    _here: Field | None = field(init=False, default=None)
    enclosure: Enclosure | None = field(init=False, default=None)
    no_enclosure: str = field(init=False, default="")
    stretch: Stretch | None = field(init=False, default=None)  # the last step, for the enclosure
    errors: ErrorGrowth = field(init=False, default_factory=ErrorGrowth)
    energy: int = field(init=False, default=0)  # ∫ |w'|² dt

    def __post_init__(self) -> None:
        self.order = int(ORDER_PER_DIGIT * self.bits / BITS_PER_DIGIT) + 1
        self.theta = [fixed(value, self.bits) for value in self.problem.function.point]

    # ------------------------------------------------------------------ where it is

    @property
    def here(self) -> Field:
        """The field of the present mode."""
        if self._here is None or self._here.mode is not self.mode:
            self._here = self.field_of(self.mode)
            self.mode = self._here.mode  # the same object, so that it is found at once
        return self._here

    def field_of(self, mode: Mode) -> Field:
        """Return the field of a mode."""
        if mode not in self.fields:
            self.fields[mode] = Field(self.problem, mode)
        return self.fields[mode]

    def balls(self) -> list[arb]:
        """Return the parameters as balls: exact at the start, later as wide as what rounding may have grown to."""
        trained = self.problem.trained
        if self.time == 0:
            return [arb(value) for value in self.problem.function.point]
        error = (1, self.error_bits - self.bits)
        return [
            arb((value, -self.bits), error) if place in trained else arb(self.problem.function.point[place])
            for place, value in enumerate(self.theta)
        ]

    def values(self, mode: Mode) -> Pass[arb]:
        """Return one pass through the net in balls, on the pattern of a mode; call it inside ``ball_precision``."""
        problem = self.problem
        return one_pass(BallCalculus(), problem.function, problem.layer, problem.trained, mode, self.balls())

    @property
    def bits_needed(self) -> int:
        """The largest error so far, of states and times."""
        return max(self.error_bits, self.errors.event_bits)

    @property
    def error_bits(self) -> int:
        """The size of the error so far, in bits above the last place."""
        return self.errors.bits(n_steps=self.n_steps, seconds=self.time >> self.bits)

    # ------------------------------------------------------------------ steps

    def advance(self, until: int) -> list[Happening]:
        """Take one step towards `until` (fixed-point); return what happens at its end, if something does.

        Raises
        ------
        UndeterminedError
            If a quantity comes so close to 0 that its sign cannot be told.
        BudgetExceededError
            If the time is up.
        """
        self.budget.check(0)
        if not self.step:
            self.step = self._first_step()
        series = self.series(self.step, self.bits, self.order)
        now = TaylorStep(self.here, self.theta, series, self.step, self.bits, self.order)
        reach = whole = now.reach()
        remaining = ((until - self.time) << SCALE_BITS) // self.step  # in units of the scale, with `bits` bits
        if self.enclosure is not None and not self.problem.is_entire:
            reach //= SHORTER_NEAR_POLES
        upto = min(reach, 1 << self.bits, max(remaining, 0) + 1)
        is_last = upto > remaining
        leaving = tuple(self.fresh)
        upto, happenings = self._first_happenings(now, upto)
        is_last = is_last and not happenings
        self.errors.rate = max(now.rate(0), now.rate(upto)) if self._grows() else 0.0
        if self.has_energy:
            self.energy += now.energy(upto)
        self.theta = now.end(upto)
        if self.enclosure is not None:
            self._enclose(series, upto, happenings, leaving)
        self.time = until if is_last else self.time + (upto * self.step >> SCALE_BITS)
        self.step = max(1, min(self.step * 4, whole * self.step >> self.bits))
        self.n_steps += 1
        return happenings

    def _enclose(
        self, series: list[Series], upto: int, happenings: Sequence[Happening], leaving: Sequence[object]
    ) -> None:
        """Carry the tube over the step just gone."""
        pairs = [key for key in leaving if isinstance(key, tuple) and len(key) == 2 and isinstance(key[1], int)]
        self.stretch = Stretch(
            self.here, series, self.step, SCALE_BITS, self.bits, upto, tuple(self.theta), frozenset(pairs)
        )
        meets = [(h.neuron, k) for h in happenings if isinstance(h, WallMet) for k in h.data]
        stretch = self.stretch
        self.prove(lambda tube: tube.step(stretch, frozenset(meets)))

    def prove(self, carry: Callable[[Enclosure], None]) -> None:
        """Carry the tube on, if there is one; where it cannot be, there is none from here on, with the reason."""
        if self.enclosure is None:
            return
        try:
            carry(self.enclosure)
        except NoEnclosureError as error:
            self.enclosure, self.no_enclosure = None, str(error)

    def series(self, scale: int, bits: int, order: int) -> list[Series]:
        """Return the series of the present mode from here."""
        shift = self.bits - bits
        theta = [value >> shift for value in self.theta]
        start = dict(enumerate(theta))
        numbers: dict[tuple[int, int], int] = {}
        for group in self.here.lorentz:
            start.update(group.start(bits))
            numbers.update(group.moments(theta, bits))
        return taylor_series(
            self.here.tape, start, bits=bits, scale=scale, scale_bits=SCALE_BITS, order=order, numbers=numbers
        )

    def seems_still(self) -> bool:
        """Whether no velocity differs from 0 by more than rounding."""
        series = self.series(1 << SCALE_BITS, self.bits, 1)
        return all(abs(series[register][1]) <= 64 for register in self._states())

    def _states(self) -> list[int]:
        return [register for register in self.here.parameters if isinstance(register, int)]

    def _first_step(self) -> int:
        """Return a step at which coefficients fall by about e² a time, from a short series of few bits."""
        scale, order = 1 << (SCALE_BITS - 3), 10
        for _ in range(60):
            series = self.series(scale, 64, order)
            ratio = 0.0
            for register in self._states():
                for k in range(3, order + 1):
                    size = abs(series[register][k])
                    if size > 16:
                        ratio = max(ratio, 2.0 ** ((size.bit_length() - 64) / k))
            if ratio > 1:
                scale = max(1, int(scale / (ratio * FALL)))
            elif ratio == 0.0:
                return min(scale << 3, 1 << (SCALE_BITS + 20))
            else:
                return max(1, min(int(scale / (ratio * FALL)), 1 << (SCALE_BITS + 60)))
        return scale

    # ------------------------------------------------------------------ what is watched

    def _first_happenings(self, step: TaylorStep, upto: int) -> tuple[int, list[Happening]]:
        """Return where the first watched quantity changes its sign, and all that do so there."""
        found: list[tuple[int, Happening, int]] = []
        end, leaving = upto, []
        for happening, column, width in Watching(step, self.error_bits, self.fresh).columns(upto):
            key, slack = key_of(happening), width << self.error_bits
            if key in self.fresh:
                shift = self._order_of_zero(column, happening, slack)
                leaving.append((key, column, slack))
            elif abs(column[0]) <= slack and isinstance(happening, StayEnds):
                self.prove(_too_small(happening.neuron))
                continue  # its sign was not needed when the mode was chosen
            elif isinstance(happening, FactorTurns) and not any(column):
                continue  # 0 for ever: neither the neuron nor its output weight moves
            else:
                shift = 0
            root = first_root(column[shift:], end, self.bits, slack)
            if root is None:
                continue
            if isinstance(root, Touch):
                raise UndeterminedError(f"{words_of(happening)} comes so close to 0 that its sign cannot be told")
            place = (root.low + root.high) >> 1
            if isinstance(happening, StayEnds | FactorTurns):
                happening = (
                    StayEnds(happening.neuron, happening.functional, root.sign_after)
                    if isinstance(happening, StayEnds)
                    else FactorTurns(happening.neuron, root.sign_after)
                )
            blur = root.blur + self._together()
            found.append((place, happening, blur))
            end = min(end, place + blur)
        first = min((place for place, _, _ in found), default=upto)
        self.fresh = {
            key: self.fresh[key] for key, column, slack in leaving if abs(step.value(column, first)) <= 2 * slack
        }
        if not found:
            return upto, []
        last = min(place + blur for place, _, blur in found)
        now = [(happening, blur) for place, happening, blur in found if place - blur <= last]
        self._note_event(step, first, now)
        return first, [happening for happening, _ in now]

    def _note_event(self, step: TaylorStep, place: int, now: Sequence[tuple[Happening, int]]) -> None:
        """Note how far off the time of what happens may be, and what that makes of the state."""
        blur = max(blur for _, blur in now)
        jumps = not all(isinstance(happening, StayEnds | FactorTurns) for happening, _ in now)
        drift = blur * step.speed(place) >> self.bits if jumps else 0
        self.errors.note_event(blur * self.step >> SCALE_BITS, drift, self.error_bits)

    def _together(self) -> int:
        """Return how close times count as one time, in units of the scale: less than the last digit asked for."""
        return 1 << self.error_bits + 4

    def _order_of_zero(self, column: Series, happening: Happening, slack: int) -> int:
        """Return the order of the zero at the start of a quantity that has just left 0.

        It is at most what is known of it; a coefficient that cannot be told from 0 is only passed over if it is 0.
        """
        order, sign = self.fresh[key_of(happening)]
        for k in range(1, order + 1):
            if abs(column[k]) > slack << 8:
                if sign * column[k] < 0:
                    raise UndeterminedError(f"{words_of(happening)} turns as it leaves 0")
                return k
        raise UndeterminedError(f"{words_of(happening)} leaves 0 too slowly to tell its sign")

    def _grows(self) -> bool:
        """Whether distances may grow inside a mode, as far as it is known how much (``error_growth.py``)."""
        return self.problem.shape.n_hidden_layers == 1 and self.problem.layer.dimension > 0 and self._moves_outer()

    def _moves_outer(self) -> bool:
        shape = self.problem.shape
        return shape.n_hidden_layers == 1 and shape.weight_index(2, 0, 0) in self.problem.trained


def _too_small(neuron: int) -> Callable[[Enclosure], None]:
    """Return the end of a tube where a force on a tied neuron has no certain sign."""

    def refuse(_: Enclosure) -> None:
        raise NoEnclosureError(f"a force on neuron {neuron + 1} on its kink cannot be told from 0")

    return refuse
