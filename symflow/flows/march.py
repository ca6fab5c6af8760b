"""Following a flow: Taylor steps inside a mode, until the end or until something that is watched changes its sign.

A step takes the series of all parameters, chooses how far they can be trusted, and looks for the first zero of every
watched quantity on that stretch, with certainty (``roots.py``). What happens at a zero is decided in ``meeting.py``.

Step and order. With order p = 1.15 D for D digits the cost is least when the coefficients fall by e² a time
(Jorba, Zou 2005); the step is where the last third of the coefficients of *all* parameters falls below the last bit.
Two coefficients alone would not do: those of an even function vanish every other time.

How errors grow. Rounding leaves about one unit in the last place a step. For one hidden layer the flow spreads a
distance by at most exp ∫ μ with μ = max_j |g_j|, since minus the Hessian of the risk is at most that (its part with
ℓ'' is negative, and the rest has the blocks [[0, g_j], [g_jᵀ, 0]]). At a transversal crossing a distance grows by at
most 1 + |v₊ - v₋| |n| / |h'|; into a valley it does not grow, but its time is off by |n| / |h'| times the distance. The
sum of the logarithms is kept, and a run whose guard digits it exceeds is repeated with more (``weight_flow.py``).

Values closer to 0 than the error have no sign. A quantity that has just left 0 is divided by the power of the time with
which it does: the first, or the second where the force that moves it vanishes there, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import final

from symflow.exact.balls import arb, fmpz_poly
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.ball_calculus import BallCalculus
from symflow.flows.calculus import Pass, one_pass
from symflow.flows.enclosure import Enclosure
from symflow.flows.field import Field, Problem, Stay
from symflow.flows.fixed_point import BITS_PER_DIGIT, fixed
from symflow.flows.happenings import (
    FactorTurns,
    Happening,
    StayEnds,
    UndeterminedError,
    UnitTurns,
    WallMet,
    key_of,
    words_of,
)
from symflow.flows.lorentz import LorentzGroup
from symflow.flows.mode import Mode
from symflow.flows.roots import Touch, first_root
from symflow.flows.stretch import NoEnclosureError, Stretch
from symflow.flows.taylor import Series, taylor_series

# Order of the series for each decimal digit (Jorba, Zou 2005), and the fall of the coefficients that goes with it.
ORDER_PER_DIGIT = 1.15
FALL = math.e**2

# What rounding and truncation leave at the end of one step, in bits above the last place.
STEP_BITS = 8

# For an enclosure, steps of a field with poles are so many times shorter, so that discs several times their size hold
# none.
SHORTER_NEAR_POLES = 3

# The scale of time is a multiple of 2^-SCALE_BITS.
SCALE_BITS = 40


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
    _reaches: dict[tuple[int, ...], tuple[list[list[int]], list[list[float]]]] = field(init=False, default_factory=dict)
    # Of the last series: how far the entries of Φ go, by group.
    _spreads: tuple[list[Series], dict[tuple[int, ...], list[list[int]]]] = field(
        init=False, default_factory=lambda: ([], {})
    )
    enclosure: Enclosure | None = field(init=False, default=None)
    no_enclosure: str = field(init=False, default="")
    stretch: Stretch | None = field(init=False, default=None)  # the last step, for the enclosure
    growth: float = field(init=False, default=0.0)  # log2 of how much an error may have grown
    rate: float = field(init=False, default=0.0)  # μ on the last step, the larger one of both ends
    slant: float = field(init=False, default=0.0)  # log2 of the most by which the last event multiplies errors
    event_bits: int = field(init=False, default=0)  # the error of the times of events, in bits above the last place
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
        return max(self.error_bits, self.event_bits)

    @property
    def error_bits(self) -> int:
        """The size of the error so far, in bits above the last place: what steps left, and how it may have grown."""
        duration = (self.time >> self.bits).bit_length()  # a velocity is off by units in the last place, too
        return STEP_BITS + (self.n_steps + 1).bit_length() + math.ceil(self.growth) + duration

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
        reach = whole = self._reach(series)
        remaining = ((until - self.time) << SCALE_BITS) // self.step  # in units of the scale, with `bits` bits
        if self.enclosure is not None and not self.problem.is_entire:
            reach //= SHORTER_NEAR_POLES
        upto = min(reach, 1 << self.bits, max(remaining, 0) + 1)
        is_last = upto > remaining
        leaving = tuple(self.fresh)
        upto, happenings = self._first_happenings(series, upto)
        is_last = is_last and not happenings
        self.rate = max(self._rate(series, 0), self._rate(series, upto)) if self._grows() else 0.0
        self._move(series, upto)
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

    def _states(self) -> list[int]:
        return [register for register in self.here.parameters if isinstance(register, int)]

    def _reach(self, series: list[Series]) -> int:
        """Return how much of the scale can be gone, with `bits` fractional bits: see the head of this file.

        With |c_k| <= r^k for the last third of the coefficients, in units of 1, the last one falls to two units in the
        last place at τ with (r τ)^order = 2^(1 - bits). Coefficients of the size of rounding say nothing on r: a
        velocity is off by a few units in the last place, and with it the k-th coefficient by σ / k times as much.
        """
        scale = self.step >> SCALE_BITS
        first = 2 * self.order // 3
        worst = -math.inf  # log2 r
        for register in self._states():
            column = series[register]
            for k in range(first, self.order + 1):
                size = abs(column[k])
                if size > 4 + 8 * scale // k:
                    worst = max(worst, (size.bit_length() - self.bits) / k)
        if worst == -math.inf:
            return 4 << self.bits
        return int(2.0 ** (52 - worst - (self.bits - 1) / self.order)) << (self.bits - 52)

    def _move(self, series: list[Series], upto: int) -> None:
        """Go to upto / 2^bits of the scale."""
        if self.has_energy:
            self.energy += self._value(self._speeds(series), upto) * upto * self.step >> self.bits + SCALE_BITS
        ends = {
            place: self._value(series[register], upto)
            for place, register in enumerate(self.here.parameters)
            if isinstance(register, int)
        }
        for group in self.here.lorentz:
            phi = [[ends.pop(place) for place in group.places[column]] for column in range(group.size)]
            for neuron, places in enumerate(group.places):
                for place, value in zip(places, group.moved(phi, self.theta, neuron, self.bits), strict=True):
                    self.theta[place] = value
        for place, value in ends.items():
            self.theta[place] = value

    def _value(self, column: Sequence[int], upto: int) -> int:
        """Return the value of a polynomial, by Horner's rule."""
        value = 0
        for coefficient in reversed(column):
            value = (value * upto >> self.bits) + coefficient
        return value

    def _speeds(self, series: list[Series]) -> list[int]:
        """Return the coefficients of the mean of |w'|² over [0, s], s the time in units of the scale."""
        derivatives, tape = self.here.tape.derivatives, self.here.tape
        velocities: dict[int, fmpz_poly] = {}
        for place, state in enumerate(self.here.parameters):
            if isinstance(state, int):
                factor, register = tape.multiple(derivatives[state])
                column = [fixed(fmpq(1), self.bits)] if register is None else series[register]
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

    # ------------------------------------------------------------------ what is watched

    def _first_happenings(self, series: list[Series], upto: int) -> tuple[int, list[Happening]]:
        """Return where the first watched quantity changes its sign, and all that do so there."""
        found: list[tuple[int, Happening, int]] = []
        end, leaving = upto, []
        for happening, column, width in self._watched(series, upto):
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
            key: self.fresh[key] for key, column, slack in leaving if abs(self._value(column, first)) <= 2 * slack
        }
        if not found:
            return upto, []
        last = min(place + blur for place, _, blur in found)
        now = [(happening, blur) for place, happening, blur in found if place - blur <= last]
        self._count_slant(series, first, now)
        return first, [happening for happening, _ in now]

    def _count_slant(self, series: list[Series], place: int, now: Sequence[tuple[Happening, int]]) -> None:
        """Note how far off the time of what happens may be, and what that makes of the state."""
        blur = max(blur for _, blur in now)
        seconds = blur * self.step >> SCALE_BITS
        self.event_bits = max(self.event_bits, seconds.bit_length())
        speed = max((abs(self._value(_slopes(series[r]), place)) for r in self._states()), default=0)
        if all(isinstance(happening, StayEnds | FactorTurns) for happening, _ in now):
            speed = 0  # velocities do not jump there
        drift = blur * speed >> self.bits
        self.slant = math.log2(1 + drift / (1 << self.error_bits))

    def _together(self) -> int:
        """Return how close times count as one time, in units of the scale: less than the last digit asked for."""
        return 1 << self.error_bits + 4

    def _watched(self, series: list[Series], upto: int) -> list[tuple[Happening, Series, int]]:
        """Return what is watched, its series, and by how many times the error of the state it may be off."""
        here = self.here
        columns: list[tuple[Happening, Series]] = []
        for watch in here.units:
            columns.append((UnitTurns(watch.place, watch.becomes), series[watch.register]))
        for stay in here.stays:
            columns += _stay_columns(stay, series)
        result = [(happening, column, 4 + (4 * abs(column[0]) >> self.bits)) for happening, column in columns]
        if self.problem.kinked is not None:
            for neuron in range(self.problem.shape.widths[1]):
                result += self._wall_columns(neuron, series, upto)
        return result

    def _wall_columns(self, neuron: int, series: list[Series], upto: int) -> list[tuple[Happening, Series, int]]:
        """Return the preactivations of a neuron that may vanish on this stretch, one a class of data."""
        if neuron in self.here.moved_by_phi and self._clearly_keeps_off(neuron, series):
            return []
        starts, spread, columns_of = self._own_series(neuron, series)
        if not any(spread):
            return []
        result: list[tuple[Happening, Series, int]] = []
        error_bits, fresh = self.error_bits, self.fresh
        for wall in self.here.walls[neuron]:
            first = sum(map(int.__mul__, wall.numerators, starts)) + (wall.constant << self.bits)
            reach = sum(abs(n) * s for n, s in zip(wall.numerators, spread, strict=True))
            if abs(first) > (reach * upto >> self.bits) + (wall.width << error_bits) and (
                not fresh or (neuron, wall.data[0]) not in fresh
            ):
                continue
            happening = WallMet(neuron, wall.data)
            column = [sum(map(int.__mul__, wall.numerators, entries)) for entries in zip(*columns_of(), strict=True)]
            column[0] += wall.constant << self.bits
            result.append((happening, column, wall.width))
        return result

    def _own_series(self, neuron: int, series: list[Series]) -> tuple[list[int], list[int], Callable[[], list[Series]]]:
        """Return where a first-layer neuron starts, how far its entries can go for s <= 1, and how to get its series.

        Of a neuron that Φ moves the series is made only when it is wanted.
        """
        here, places = self.here, self.problem.layer.columns(neuron)
        if neuron in here.moved_by_phi:
            return self._series_by_phi(*here.moved_by_phi[neuron], series)
        registers = [here.parameters[place] for place in places]
        columns = [series[register] for register in registers if isinstance(register, int)]
        spread = [sum(map(abs, column)) - abs(column[0]) for column in columns]
        return [column[0] for column in columns], spread, lambda: columns

    def _series_by_phi(
        self, group: LorentzGroup, member: int, series: list[Series]
    ) -> tuple[list[int], list[int], Callable[[], list[Series]]]:
        vector = [self.theta[place] for place in group.places[member]]
        sizes = list(map(abs, vector))
        spread = [
            (sum(map(int.__mul__, row, sizes)) >> self.bits) + group.size for row in self._phi_spread(group, series)
        ]

        def columns() -> list[Series]:
            phi, bits = self._phi(group, series), self.bits
            return [
                [
                    sum(map(int.__mul__, vector, entries)) >> bits
                    for entries in zip(*(c[entry] for c in phi), strict=True)
                ]
                for entry in range(group.size - 1)
            ]

        return vector[:-1], spread, columns

    def _clearly_keeps_off(self, neuron: int, series: list[Series]) -> bool:
        """Whether a neuron that Φ moves keeps off all walls by far, for s <= 1: told by floats, with room to spare.

        The floats are off by less than 2^-40 of the sizes that they are made of, and twice the reach is allowed for.
        """
        if self.fresh:
            return False
        group, member = self.here.moved_by_phi[neuron]
        one = 1 << self.bits
        vector = [self.theta[place] / one for place in group.places[member]]
        sizes = list(map(abs, vector))
        spread = [sum(map(float.__mul__, row, sizes)) for row in self._phi_reach(group, series)]
        for wall in self.here.walls[neuron]:
            value, size = float(wall.constant), abs(float(wall.constant))
            reach = 0.0
            for numerator, v, s in zip(wall.numerators, vector, spread, strict=False):
                value += numerator * v
                size += abs(numerator * v)
                reach += abs(numerator) * s
            if not abs(value) > 2 * reach + size * 2.0**-20:
                return False
        return True

    def _phi_reach(self, group: LorentzGroup, series: list[Series]) -> list[list[float]]:
        """Return `_phi_spread` in floats."""
        rows = self._phi_spread(group, series)
        if group.neurons not in self._reaches or self._reaches[group.neurons][0] is not rows:
            one = 1 << self.bits
            self._reaches[group.neurons] = (rows, [[entry / one for entry in row] for row in rows])
        return self._reaches[group.neurons][1]

    def _phi(self, group: LorentzGroup, series: list[Series]) -> list[list[Series]]:
        """Return the series of the columns of Φ."""
        return [
            [series[r] for place in group.places[k] if isinstance(r := self.here.parameters[place], int)]
            for k in range(group.size)
        ]

    def _phi_spread(self, group: LorentzGroup, series: list[Series]) -> list[list[int]]:
        """Return how far each entry of Φ can go for s <= 1, by rows; once for all neurons of the group."""
        if self._spreads[0] is not series:
            self._spreads = (series, {})
        known = self._spreads[1]
        if group.neurons not in known:
            phi = self._phi(group, series)
            known[group.neurons] = [
                [sum(map(abs, column[entry])) - abs(column[entry][0]) for column in phi]
                for entry in range(group.size - 1)
            ]
        return known[group.neurons]

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

    # ------------------------------------------------------------------ growth of errors

    def count_growth(self, duration: float) -> None:
        """Add ∫ μ over the last step to the growth of errors."""
        self.growth += self.rate * duration * 1.4427

    def _grows(self) -> bool:
        """Whether distances may grow inside a mode, as far as it is known how much (see the head of this file)."""
        return self.problem.shape.n_hidden_layers == 1 and self.problem.layer.dimension > 0 and self._moves_outer()

    def count_meeting(self, has_changed: bool) -> None:
        """Add what an event may do to errors."""
        if has_changed:
            self.growth += self.slant
        self.slant = 0.0

    def _moves_outer(self) -> bool:
        shape = self.problem.shape
        return shape.n_hidden_layers == 1 and shape.weight_index(2, 0, 0) in self.problem.trained

    def _rate(self, series: list[Series], place: int) -> float:
        """Return max_j |g_j|, nearly, at a place of the step."""
        problem, one = self.problem, 1 << self.bits
        signals = [
            float(c) if isinstance(c, fmpq) else self._value(series[c], place) / one
            for c in self.here.found.coefficients
        ]
        worst = 0.0
        for group in self.here.groups:
            g = [
                sum(float(slope) * r * float(normal[c]) for slope, r, normal in terms)
                for terms in [list(zip(group.slopes, signals, problem.layer.normals, strict=True))]
                for c in range(problem.layer.dimension)
            ]
            worst = max(worst, math.hypot(*g))
        return worst


def _stay_columns(stay: Stay, series: list[Series]) -> list[tuple[Happening, Series]]:
    result: list[tuple[Happening, Series]] = [
        (StayEnds(stay.neuron, functional, 0), series[quantity])
        for functional, quantity in stay.functionals.items()
        if isinstance(quantity, int)
    ]
    if isinstance(stay.factor, int):
        result.append((FactorTurns(stay.neuron, 0), series[stay.factor]))
    return result


def _too_small(neuron: int) -> Callable[[Enclosure], None]:
    """Return the end of a tube where a force on a tied neuron has no certain sign."""

    def refuse(_: Enclosure) -> None:
        raise NoEnclosureError(f"a force on neuron {neuron + 1} on its kink cannot be told from 0")

    return refuse


def _slopes(column: Series) -> Series:
    """Return the coefficients of the derivative."""
    return [k * coefficient for k, coefficient in enumerate(column)][1:]
