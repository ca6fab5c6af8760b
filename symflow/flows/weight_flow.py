"""The gradient flow in the weights: Taylor arcs from event to event, to the digits asked for.

A run with some guard digits is repeated with more when what is asked could not be kept: when errors may have grown
beyond the guard (``march.py``), or when a sign could not be told from 0. What no number of digits decides (an exact
tangency, a flow along a deeper kink) ends the flow with the status "undecided" and the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import ceil
from typing import final

import mpmath

from symflow.differentials.clarke import clarke_differential
from symflow.errors import BudgetExceededError, InputError, NotSupportedError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.enclosure import Enclosure
from symflow.flows.evaluation import Evaluation
from symflow.flows.field import Field, Problem
from symflow.flows.fixed_point import BITS_PER_DIGIT, bits_for, fixed, to_mpf
from symflow.flows.happenings import Happening, UndeterminedError
from symflow.flows.march import March
from symflow.flows.meeting import meet
from symflow.flows.mode import Mode
from symflow.flows.options import FlowOptions
from symflow.flows.outcome import Outcome, StuckError
from symflow.flows.precision import GUARD_DIGITS, Number, working_digits
from symflow.flows.start import start
from symflow.flows.trajectory import Arc, Branch, Checkpoint, Event, Led, Status, Trajectory
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.objective import Risk

# Bits beyond the digits asked for in the first run; more where errors may grow by more, or a sign needs them.
FIRST_GUARD_BITS = 26

# With an enclosure errors count as they are bounded, not as they are.
FIRST_GUARD_OF_ENCLOSURES = 40

# Bits that must be left between the error at the end and the digits asked for.
SAFETY_BITS = 3

# Where no bound of the growth of errors is known, a run counts once another with so many more bits (and therefore
# another order and other steps) agrees with it.
CHECK_BITS = 24

# The first step is found with a series of 64 bits, cut from the state.
LEAST_BITS = 80

# Steps shorter than so many digits of the time are taken for a blow-up, of a norm that is large already.
LEAST_DIGITS_OF_BLOW_UP = 15

# What is left until a blow-up is longer than one step, by less than so many bits.
BLOW_UP_BITS = 12

# A sign that cannot be told with so many times the bits asked for (and these more) is left undecided.
MOST_TIMES, MOST_MORE_BITS = 2, 200


# Why a start is stationary where ∂R(w) has no other element.
_ONLY_ZERO = "the Clarke differential is {0}"


def flow_in_weights(function: FunctionOfWeights, options: FlowOptions, budget: Budget = NO_BUDGET) -> Trajectory:
    """Follow the gradient flow of an objective in the trained weights.

    Parameters
    ----------
    function : FunctionOfWeights
        The objective; the flow starts at its point.
    options : FlowOptions
        How far, how many digits, what moves.
    budget : Budget
        A time limit; what is known by then is returned as "undecided".

    Returns
    -------
    Trajectory

    Raises
    ------
    InputError
        If a layer is trained that does not exist, or no layer is.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([["1/2", "1/4"]], [[1]])
    >>> risk = EmpiricalRisk(net, Dataset([(1, 2)], labels=[1])).at()
    >>> path = flow_in_weights(risk, FlowOptions(fmpq(4), digits=30, trained=("W1",)))
    >>> path.status, mpmath.nstr(path.state[0], 20)
    ('completed', '0.92463399344918593317')
    """
    problem = Problem(function, _trained(function, options), is_reduced=not options.is_validated)
    if options.is_validated and not problem.can_be_enclosed:
        raise NotSupportedError(
            "an enclosure wants at most one hidden layer of relu, leaky_relu, abs or identity; leave validated out",
            place="flow.validated",
        )
    guard = (FIRST_GUARD_BITS if not options.is_validated else FIRST_GUARD_OF_ENCLOSURES) + int(
        options.until.p // options.until.q
    ).bit_length()
    guard = max(guard, LEAST_BITS - bits_for(options.digits))
    most = MOST_TIMES * bits_for(options.digits) + MOST_MORE_BITS
    fields: dict[Mode, Field] = {}
    other: _Run | None = None
    while True:
        run = _Run(problem, options, budget, guard, fields)
        run.go()
        needed = run.march.bits_needed + SAFETY_BITS
        if run.is_out_of_time:  # what there is, with the digits that are sure: there is no time for another run
            lost = ceil(max(0, needed - guard) / BITS_PER_DIGIT)
            return replace(run.trajectory(), digits=max(1, options.digits - lost))
        if guard >= most:
            return run.trajectory()
        if run.radius_is_too_large:
            guard = min(guard + run.bits_missing + 6, most)
        elif run.is_short_of_digits:
            guard = min(2 * guard + 40, most)
        elif needed > guard and run.status != "blow_up":
            guard = min(needed + 6, most)
        elif problem.has_known_growth or (other is not None and run.agrees_with(other)):
            return run.trajectory()
        else:
            guard, other = min(guard + (CHECK_BITS if other is None else 2 * CHECK_BITS), most), run


def _trained(function: FunctionOfWeights, options: FlowOptions) -> frozenset[int]:
    """Return the places of the parameters that move."""
    shape = function.network.architecture
    places: dict[str, range] = {}
    for layer in range(1, shape.n_layers + 1):
        block = shape.layer_block(layer)
        places[f"W{layer}"] = range(block.start, block.stop)
        if shape.has_biases:
            places[f"b{layer}"] = range(block.stop, block.stop + shape.widths[layer])
    names = tuple(places) if options.trained is None else options.trained
    for name in names:
        if name not in places:
            raise InputError(f"there is no {name}; there are {', '.join(places)}", place="flow.trained")
    return frozenset(place for name in names for place in places[name])


@final
@dataclass(slots=True)
class _Run:
    """One run with so many digits."""

    problem: Problem
    options: FlowOptions
    budget: Budget
    guard: int
    fields: dict[Mode, Field]

    march: March = field(init=False)
    status: Status = field(init=False, default="completed")
    reason: str = field(init=False, default="")
    is_short_of_digits: bool = field(init=False, default=False)
    is_out_of_time: bool = field(init=False, default=False)
    events: list[Event] = field(init=False, default_factory=list)
    arcs: list[Arc] = field(init=False, default_factory=list)
    branches: tuple[Branch, ...] = field(init=False, default=())
    seen: list[tuple[int, tuple[Number, ...], Number]] = field(init=False, default_factory=list)
    doubts: list[str] = field(init=False, default_factory=list)
    choices: tuple[str, ...] = field(init=False, default=())
    led: list[Led] = field(init=False, default_factory=list)
    rests_from: Number | None = field(init=False, default=None)
    one_stays: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        bits = bits_for(self.options.digits) + self.guard
        self.march = March(self.problem, bits, self.budget, self.fields, self.options.has_energy)
        if self.options.is_validated:
            self.march.enclosure = Enclosure(self.problem)
            self.march.enclosure.begin(self.march.theta, bits)

    def go(self) -> None:
        """Follow the flow to its end, or to where it cannot be followed."""
        march = self.march
        times = sorted({*(fixed(t, march.bits) for t in self.options.checkpoints if t > 0), self._until()})
        try:
            self._look()
            if self._takes(start(march, self.options.on_nonunique)):
                self._walk([t for t in times if t > 0])
        except UndeterminedError as error:
            self.is_short_of_digits = True
            self._stop("undecided", f"{error}, with {int(self.march.bits / BITS_PER_DIGIT)} digits")
        except StuckError as error:
            if march.time == 0 and self._has_only_zero():
                self._stop("stationary", _ONLY_ZERO)
            else:
                self._stop("undecided", str(error))
        except BudgetExceededError as error:
            self.is_out_of_time = True
            self._stop("undecided", "interrupted" if "interrupted" in str(error) else "the time limit was reached")
        if self.status != "completed" and (not self.seen or self.seen[-1][0] != march.time):
            self._look()

    def _until(self) -> int:
        return fixed(self.options.until, self.march.bits)

    def _walk(self, times: list[int]) -> None:
        march = self.march
        for until in times:
            while march.time < until:
                if self._is_at_rest():
                    if not self.led:
                        self._stop("stationary", "nothing moves any more")
                        return
                    if self.rests_from is None:  # other solutions move, so it is not stationary
                        self.rests_from = to_mpf(march.time, march.bits)
                    begin, march.time = march.time, until
                    self._arc(begin, self._state(), 0)
                    break
                if not self._stretch(until):
                    return
            self._look()

    def _stretch(self, until: int) -> bool:
        """Go on inside one mode, to `until` or to the next event; return whether the flow goes on."""
        march, begin, state, steps = self.march, self.march.time, self._state(), self.march.n_steps
        happenings: list[Happening] = []
        try:
            while march.time < until and not happenings:
                before = march.time
                happenings = march.advance(until)
                march.errors.count_step((march.time - before) / (1 << march.bits))
                if self.options.progress is not None:
                    self.options.progress(to_mpf(march.time, march.bits), len(self.events))
                if self._blows_up(march.time - before):
                    return False
        finally:  # also where the time is up: what was gone is kept
            self._arc(begin, state, march.n_steps - steps)
        if not happenings:
            return True
        if len(self.events) >= self.options.most_events:
            self._stop("undecided", f"{len(self.events)} events; more are not followed")
            return False
        return self._takes(meet(march, happenings, self.options.on_nonunique))

    def _takes(self, outcome: Outcome) -> bool:
        """Go on as an outcome says; return whether the flow goes on."""
        march = self.march
        if outcome.branches:
            self.branches, self.choices = outcome.branches, outcome.choices
            if not march.mode:
                march.mode = outcome.mode
            asked = self.options.on_nonunique
            refused = "" if asked == "report" else f"; none of them is named by {asked!r}"
            self._stop("non_unique", f"several solutions go on from here{refused}")
            return False
        march.mode = outcome.mode
        time = to_mpf(march.time, march.bits)
        self.led += [Led(time, layer, neuron) for layer, neuron in outcome.led]
        for change in outcome.changes:
            self.events.append(Event(time, change.layer, change.neuron + 1, change.datum + 1, change.kind, change.to))
        if outcome.reason:
            self.doubts.append(outcome.reason)
        if self._is_zeno():
            self._stop("zeno_suspected", "the times between events shrink geometrically")
            return False
        march.errors.count_meeting(has_changed=bool(outcome.changes))
        return True

    def _is_at_rest(self) -> bool:
        """Whether nothing moves for certain: by structure, or at the start because every velocity is exactly 0."""
        march = self.march
        if march.here.is_still:
            return True
        if march.time or march.here.stays:
            return False
        function = self.problem.function
        if any(c == "0" for c in march.mode) or not march.seems_still():
            return False
        gradient = function.limiting_gradient(march.mode)
        return all(gradient[place] == 0 for place in self.problem.trained)

    def _has_only_zero(self) -> bool:
        """Whether the Clarke differential at the start is {0}; note also whether it contains 0.

        In the first case all pieces around have gradient 0 there, so |w'| <= C |w - w(0)|, and the only solution rests.
        In the second w(t) = w(0) is a solution, perhaps one of several.
        """
        function = self.problem.function
        if len(self.problem.trained) < len(function.point):
            return False
        try:
            differential = clarke_differential(function, budget=self.budget)
            if not differential.is_exact:
                return False
            self.one_stays = differential.contains_zero is True
        except BudgetExceededError:
            return False
        return differential.n_vertices == 1 and all(entry == 0 for entry in differential.vertices[0])

    def _is_zeno(self) -> bool:
        """Whether the last gaps between events shrink by a factor each, over many events."""
        times = sorted({event.time for event in self.events[-200:]})
        gaps = [b - a for a, b in pairwise(times)][-12:]
        return len(gaps) == 12 and all(0 < b < 0.9 * a for a, b in pairwise(gaps))

    def _blows_up(self, duration: int) -> bool:
        """Whether the norm grows without bound in finite time: steps below the last digit.

        A risk is bounded below, and the way gone in a time t is at most √(t R(w(0))): its flow never blows up.
        """
        march = self.march
        if isinstance(self.problem.function.objective, Risk):
            return False
        digits = max(self.options.digits, LEAST_DIGITS_OF_BLOW_UP)
        if duration << int(digits * BITS_PER_DIGIT) + BLOW_UP_BITS > max(march.time, 1 << march.bits):
            return False
        if max(map(abs, march.theta)) >> march.bits < 1000:
            return False
        self._stop("blow_up", "the norm grows without bound as the time is approached")
        return True

    @property
    def radius_is_too_large(self) -> bool:
        """Whether there is an enclosure, but of less digits than were asked for."""
        return self.bits_missing > 0

    @property
    def bits_missing(self) -> int:
        """How many bits the enclosure lacks, of its radius or of the times of events."""
        tube = self.march.enclosure
        if tube is None:
            return 0
        largest = 0
        for radius in (tube.radius, tube.event_radius):
            mantissa, exponent = radius.upper().man_exp()
            if mantissa != 0:
                largest = max(largest, int(mantissa).bit_length() + int(exponent) + bits_for(self.options.digits))
        return largest

    def agrees_with(self, other: _Run) -> bool:
        """Whether another run saw the same events, and its times and states are these to the digits asked for."""
        mine, others = ([(e.layer, e.neuron, e.datum, e.kind, e.to) for e in run.events] for run in (self, other))
        if self.status != other.status or mine != others or len(self.seen) != len(other.seen):
            return False
        with working_digits(self.options.digits + GUARD_DIGITS):
            allowed = mpmath.mpf(10) ** -self.options.digits / 8
            pairs = [(a.time, b.time) for a, b in zip(self.events, other.events, strict=True)]
            pairs.append((to_mpf(self.march.time, self.march.bits), to_mpf(other.march.time, other.march.bits)))
            if self.status == "blow_up":  # the state has no limit there
                allowed = mpmath.mpf(10) ** -self.options.digits
            else:
                for (_, state, _), (_, others_state, _) in zip(self.seen, other.seen, strict=True):
                    pairs += zip(state, others_state, strict=True)
            return all(abs(a - b) <= allowed * max(1, abs(a)) for a, b in pairs)

    # ------------------------------------------------------------------ what is kept

    def _stop(self, status: Status, reason: str) -> None:
        self.status, self.reason = status, reason

    def _state(self) -> tuple[Number, ...]:
        march = self.march
        with working_digits(int(march.bits / BITS_PER_DIGIT) + 5):
            exact = self.problem.function.point
            return tuple(
                to_mpf(value, march.bits)
                if place in self.problem.trained
                else mpmath.mpf(int(exact[place].p)) / int(exact[place].q)
                for place, value in enumerate(march.theta)
            )

    def _look(self) -> None:
        march = self.march
        self.seen.append((march.time, self._state(), to_mpf(march.energy, march.bits)))

    def _arc(self, begin: int, state: tuple[Number, ...], n_steps: int) -> None:
        march = self.march
        pattern = self.problem.function.table.word(march.mode)
        if self.arcs and self.arcs[-1].pattern == pattern and self.arcs[-1].end == to_mpf(begin, march.bits):
            last = self.arcs.pop()
            start_time, state, n_steps = last.start, last.start_state, last.n_steps + n_steps
        else:
            start_time = to_mpf(begin, march.bits)
        end = to_mpf(march.time, march.bits)
        self.arcs.append(Arc(start_time, end, pattern, state, self._state(), n_steps))

    def trajectory(self) -> Trajectory:
        """Return what happened."""
        march, options = self.march, self.options
        with working_digits(options.digits + GUARD_DIGITS):
            evaluation = Evaluation(self.problem.function)
            checkpoints = tuple(
                Checkpoint(to_mpf(time, march.bits), state, evaluation.objective(state), _norm(state), None, None)
                for time, state, _ in self.seen
            )
            energies = [energy for _, _, energy in self.seen]
            state = self._state()
            objective = evaluation.objective(state)
        is_unique = None if self.doubts or self.status in ("undecided", "zeno_suspected") else True
        if self.branches or self.led:
            is_unique = False
        return Trajectory(
            status=self.status,
            digits=options.digits,
            time=to_mpf(march.time, march.bits),
            names=self.problem.function.variables,
            state=state,
            objective=objective,
            events=tuple(sorted(self.events, key=lambda e: (e.time, e.layer, e.neuron, e.datum))),
            arcs=tuple(self.arcs),
            checkpoints=checkpoints,
            branches=self.branches,
            radius=self._radius(),
            reason=self.reason,
            is_unique=is_unique,
            uniqueness=self._uniqueness(),
            facts={
                **({"energy_integral": energies} if options.has_energy else {}),
                "n_steps": march.n_steps,
                "guard_bits": self.guard,
                "no_enclosure": march.no_enclosure,
                "choices": self.choices,
                "led": tuple(self.led),
                "choice": self.options.on_nonunique,
                "rests_from": self.rests_from,
                "one_stays": self.one_stays and self.status == "undecided",
            },
        )

    def _radius(self) -> Number | None:
        """Return the proved bound of the distance to a solution, rounded up."""
        tube = self.march.enclosure
        if tube is None:
            return None
        mantissa, exponent = tube.radius.upper().man_exp()  # exact: of any size, also below the floats
        return to_mpf(int(mantissa), -int(exponent))

    def _uniqueness(self) -> str:
        if self.branches:
            return "several solutions go on from here"
        if self.doubts:
            return self.doubts[0]
        if self.status in ("undecided", "zeno_suspected"):
            return ""
        if self.status == "stationary" and self.reason == _ONLY_ZERO:
            return (
                "∂R(w) = {0}, and near w its elements are at most a constant times the distance from w, so none leaves"
            )
        if not self.events:
            return "the risk is smooth along the way"
        return "every kink met is crossed where both sides push one way, or is a valley where both push towards it"


def _norm(state: tuple[Number, ...]) -> Number:
    return mpmath.sqrt(mpmath.fsum(value * value for value in state))
