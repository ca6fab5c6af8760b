"""The gradient flow x' in -∂F(x) of F = φ(f(x)) in the input, the weights fixed: exact, at any depth.

With piecewise-linear activations f is piecewise affine, and the flow runs along the orbit of ±f (``time_change.py``),
straight from corner to corner. At each corner all straight continuations are found and the others excluded, in exact
arithmetic; where there is one it is the only solution (theorem in ``straight_solutions.py``), where there are several
the flow is not unique and they are the branches. Along a straight piece nothing changes until a preactivation becomes
0, at an exact time (``along_a_ray.py``). Corners, velocities, and f there are rational; so are times, where φ has a
constant derivative. In finite time there are finitely many events (no Zeno; the proof is in ``straight_solutions.py``).

**Events.** A unit's sign along a piece is that of its preactivation, 0 where it vanishes on the piece. Where it also
vanishes on every cell that touches the piece, it lies on no kink: it is *flat* there. A member of a pooling group has
the sign of its lead, its value minus the largest other one of its group: + where it wins alone, 0 where it ties for the
maximum, - where it loses; so where one member takes over from another, both have an event.

    sliding     the unit comes to lie on its kink and stays
    exit        it leaves its kink
    crossing    its sign changes to another one, flat included; and at t = 0 a unit that starts on its kink and leaves
    grazing     it touches 0 and keeps the sign that it had

**What is chosen** where the solution is not unique: "+" and "-" name the sides of a single wall, by the sign of the
first unit that changes there; "descent" is the steepest continuation, "ridge" the slowest; where the choice leaves
several, they are reported.

**Digits.** Rational times and states are exact. Others are enclosed in balls until the radius is below the digits
asked for and five more, then rounded to ten more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, zip_longest
from typing import final

from symflow.errors import NotSupportedError
from symflow.exact.balls import arb, ball_precision
from symflow.exact.rationals import fmpq, to_fraction
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.input_orbit import Orbit, Piece, follow, pattern_of
from symflow.flows.options import FlowOptions
from symflow.flows.precision import GUARD_DIGITS, Number, exact_value, real, working_digits
from symflow.flows.straight_solutions import at_point
from symflow.flows.time_change import ConstantClock, ExactTime, clock_of, narrow, objective_ball, to_mpf
from symflow.flows.trajectory import Arc, Checkpoint, Event, Led, Monitor, Trajectory
from symflow.nets.network import Vector
from symflow.nets.objective import LogSumExp, Output, Risk
from symflow.nets.realization import FunctionOfInput

_UNIQUE = (
    "at every event all but one straight continuation are excluded in exact arithmetic, and where one is left it is "
    "the only solution"
)
_RESTS_EVERYWHERE = "the derivative of the objective by the output is 0: it is constant, or at its least value"


def flow_in_input(function: FunctionOfInput, options: FlowOptions, budget: Budget = NO_BUDGET) -> Trajectory:
    """Follow the gradient flow of F in the input.

    Parameters
    ----------
    function : FunctionOfInput
        F at the start, with piecewise-linear activations.
    options : FlowOptions
        How far, how many digits, what to do where the solution is not unique.
    budget : Budget
        From its deadline on the status is "undecided".

    Returns
    -------
    Trajectory
        With ``facts["certificates"]``: plain data that shows of each piece that it is a solution, and the only one.

    Raises
    ------
    NotSupportedError
        If an activation is not piecewise linear, or a coefficient not rational.

    Examples
    --------
    |x1| + |x2| / 2 from (1, 1): the first coordinate arrives at 0 and stays there.

    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> net = Network.from_weights([[1, 0], [0, 1]], [[1, "1/2"]], activation="abs")
    >>> path = flow_in_input(Realization(net).at((1, 1)), FlowOptions(until=fmpq(5)))
    >>> path
    Trajectory(stationary at t = 2, 2 arcs, 2 events, unique, exact)
    >>> [(str(event.exact_time), event.neuron, event.kind) for event in path.events], path.exact_state
    ([('1', 1, 'sliding'), ('2', 2, 'sliding')], (Fraction(0, 1), Fraction(0, 1)))
    """
    if not all(activation.is_piecewise_linear for activation in function.network.architecture.activations):
        raise NotSupportedError(
            "relu_power makes no affine pieces, and the flow of the input walks on those; "
            'follow the weights: variable = "weights"',
            place="network.activation",
        )
    return _Timed(function, options, budget).trajectory()


@final
class _Timed:
    """An orbit, and when the flow is where on it."""

    def __init__(self, function: FunctionOfInput, options: FlowOptions, budget: Budget) -> None:
        self.function, self.options = function, options
        self.clock = clock_of(function.objective, function.outputs[0])
        # The constant derivative of φ, where it has one: then times and states are rational.
        self.constant = self.clock.c if isinstance(self.clock, ConstantClock) else None
        bare = FunctionOfInput(function.network, function.inputs, Output(), output=function.output)
        if self.clock is None:
            reason = f"at rest: {_RESTS_EVERYWHERE}"
            self.orbit = Orbit(bare, status="stationary", reason=reason)
        else:
            self.orbit = follow(bare, self.clock, options, budget)
        self.bits = int((options.digits + GUARD_DIGITS) * 3.33) + 32

    def trajectory(self) -> Trajectory:
        """Return the flow in the words of a trajectory."""
        with working_digits(self.options.digits + GUARD_DIGITS):
            orbit = self.orbit
            is_exact = self.clock is None or self.constant is not None
            reached = ExactTime(self.options.until) if orbit.status == "completed" else orbit.time
            place = self._place(reached)
            checkpoints, integrals = self._checkpoints(reached)
            return Trajectory(
                status=orbit.status,
                digits=self.options.digits,
                time=reached.number(self.options.digits),
                names=self.function.variables,
                state=place.state,
                objective=self._objective(place.output),
                events=self._events(),
                arcs=self._arcs(place.state),
                checkpoints=checkpoints,
                monitors=self._monitors(place.output),
                branches=orbit.branches,
                radius=place.radius if self.options.is_validated else None,
                reason=orbit.reason,
                is_exact=is_exact,
                exact_time=reached.exact if is_exact else None,
                exact_state=None if place.exact is None else tuple(map(to_fraction, place.exact)),
                is_unique=orbit.is_unique,
                uniqueness=self._uniqueness(),
                facts={
                    "certificates": {
                        "sign": 1 if self.clock is None else self.clock.direction,
                        "corners": orbit.certificates,
                    },
                    "autodiff": orbit.autodiff,
                    "choices": orbit.choices,
                    "led": tuple(Led(at.number(self.options.digits), layer, unit) for at, layer, unit in orbit.led),
                    "choice": self.options.on_nonunique,
                    "rests_from": orbit.time.number(self.options.digits) if orbit.rests_by_choice else None,
                    "energy_integral": integrals,
                },
            )

    # ------------------------------------------------------------------ where it is at a time

    def _place(self, time: ExactTime) -> _Place:
        """Return where the flow is at a time up to the end, or at rest after it."""
        corner = self.orbit.corner
        piece = None
        if time.exact is not None:
            piece = self.orbit.piece_at(fmpq(time.exact.numerator, time.exact.denominator))
        if piece is None:  # at the last corner: an irrational time is asked for only there
            return self._exact_place(corner.point, corner.outputs[0])
        if self.constant is None:
            return self._inside(piece, time.rational)
        passed = (time.rational - piece.began.rational) * abs(self.constant)
        point = tuple(x + passed * v for x, v in zip(piece.corner, piece.solution.velocity, strict=True))
        return self._exact_place(point, at_point(piece.start, point).outputs[0])

    def _exact_place(self, point: Vector, output: fmpq) -> _Place:
        numbers = tuple(map(real, point))
        is_rounded = any(exact_value(number) != to_fraction(x) for number, x in zip(numbers, point, strict=True))
        return _Place(numbers, output, self._radius(arb(0), numbers) if is_rounded else real(0), point)

    def _inside(self, piece: Piece, time: fmpq) -> _Place:
        """Return where it is on a piece at a time that is not its start, in balls small enough."""
        assert self.clock is not None
        if piece.began.compare(time) == 0:
            return self._exact_place(piece.corner, piece.output)
        v, speed_squared = piece.solution.velocity, piece.solution.speed_squared
        bits = self.bits
        while True:
            with ball_precision(bits):
                output = self.clock.output_after(piece.output, speed_squared, arb(time) - piece.began.ball())
                passed = (arb(piece.output) - output) * self.clock.direction / arb(speed_squared)
                state = [arb(x) + passed * arb(entry) for x, entry in zip(piece.corner, v, strict=True)]
                if all(narrow(entry, self.options.digits + GUARD_DIGITS // 2) for entry in state):
                    squares = sum((arb(entry.rad()) ** 2 for entry in state), arb(0))
                    numbers = tuple(to_mpf(entry) for entry in state)
                    return _Place(numbers, output, self._radius(squares, numbers), None)
            bits *= 2

    def _radius(self, squares: arb, numbers: Sequence[Number]) -> Number:
        """Return a bound of the distance of rounded numbers: the balls' radii, and one rounding an entry."""
        digits = self.options.digits + GUARD_DIGITS - 1
        rounding = sum((abs(number) for number in numbers), real(1)) * real(Fraction(1, 10**digits))
        return to_mpf(squares.sqrt().upper()) * real(Fraction(17, 16)) + rounding

    def _objective(self, output: fmpq | arb) -> Number:
        with ball_precision(self.bits + 64):
            return to_mpf(objective_ball(self.function.objective, arb(output)))

    def _margin(self, output: fmpq | arb) -> Number | None:
        """Return y f, where the objective is one of the margin."""
        objective = self.function.objective
        has_margin = isinstance(objective, LogSumExp) or (
            isinstance(objective, Risk) and objective.loss.margin_formula is not None
        )
        if not has_margin:
            return None
        assert isinstance(objective, Risk | LogSumExp)
        with ball_precision(self.bits + 64):
            return to_mpf(arb(objective.labels[0]) * arb(output))

    # ------------------------------------------------------------------ the parts of a trajectory

    def _events(self) -> tuple[Event, ...]:
        return tuple(
            Event(
                change.time.number(self.options.digits),
                change.layer,
                change.unit + 1,
                1,
                change.kind,
                change.to,
                change.time.exact,
            )
            for change in self.orbit.changes
        )

    def _arcs(self, last_state: tuple[Number, ...]) -> tuple[Arc, ...]:
        arcs = []
        for piece, after in zip_longest(self.orbit.pieces, self.orbit.pieces[1:]):
            ended = piece.ended or ExactTime(self.options.until)
            exact: dict[str, object] = {
                "start_state": tuple(map(to_fraction, piece.corner)),
                "orbit_velocity": tuple(map(to_fraction, piece.solution.velocity)),
            }
            if piece.began.exact is not None:
                exact["start"] = piece.began.exact
            if ended.exact is not None:
                exact["end"] = ended.exact
            if self.constant is not None:
                exact["velocity"] = tuple(to_fraction(abs(self.constant) * v) for v in piece.solution.velocity)
            arcs.append(
                Arc(
                    piece.began.number(self.options.digits),
                    ended.number(self.options.digits),
                    pattern_of(piece.start, piece.solution),
                    tuple(map(real, piece.corner)),
                    last_state if after is None else tuple(map(real, after.corner)),
                    0,
                    exact,
                )
            )
        return tuple(arcs)

    def _checkpoints(self, reached: ExactTime) -> tuple[tuple[Checkpoint, ...], list[Number]]:
        """Return the checkpoints that are reached (at rest, all), and F(x(0)) - F(x(t)) = ∫ |x'|² dt at them."""
        checkpoints, integrals = [], []
        start = self._objective(at_point(self.function, self.function.point).outputs[0])
        for time in self.options.checkpoints:
            if reached.compare(time) < 0 and self.orbit.status != "stationary":
                break
            place = self._place(ExactTime(time))
            objective = self._objective(place.output)
            norm = sum((entry * entry for entry in place.state), real(0)).sqrt()
            checkpoints.append(Checkpoint(real(time), place.state, objective, norm, self._margin(place.output), None))
            integrals.append(start - objective)
        return tuple(checkpoints), integrals

    def _monitors(self, output: fmpq | arb) -> tuple[Monitor, ...]:
        """Return the energy balance: on a piece F falls by |x'|² times its duration, exactly."""
        if not self.orbit.pieces:
            return ()
        words = "F(x(0)) - F(x(t)) = ∫ |x'|² dt, exactly on each straight piece"
        if self.constant is not None and isinstance(output, fmpq):
            outputs = [*(piece.output for piece in self.orbit.pieces), output]
            falls = [self.constant * (before - after) for before, after in pairwise(outputs)]
            words += f": {' + '.join(map(str, falls))} = {sum(falls, fmpq(0))}"
        return (Monitor("energy_balance", "proved", real(0), words),)

    def _uniqueness(self) -> str:
        if self.clock is None:
            return _RESTS_EVERYWHERE
        if self.orbit.is_unique:
            return _UNIQUE
        if self.orbit.status == "non_unique":
            return "each branch is a solution, shown in exact arithmetic"
        return f'where there were several continuations, "{self.options.on_nonunique}" was followed'


@final
@dataclass(frozen=True, slots=True)
class _Place:
    """Where the flow is at a time.

    Parameters
    ----------
    state : tuple of mpf
        The input.
    output : fmpq or arb
        The value of f there.
    radius : mpf
        At least the distance of `state` to the true state.
    exact : vector or None
        The true state, where it is known to be rational.
    """

    state: tuple[Number, ...]
    output: fmpq | arb
    radius: Number
    exact: Vector | None
