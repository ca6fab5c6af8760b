"""A tube around the computed trajectory that contains a solution, proved a posteriori.

On a step the computed trajectory is a polynomial P with exact dyadic coefficients. Let F be the field of its mode, and
d = P' - F(P) its *defect*. The coefficients of d up to the order of P are enclosed by power series of balls; those
above by Cauchy's estimate from a bound of F(P(s)) on a disc |s| <= r of complex times, which complex balls give. If the
inclusion is one-sided Lipschitz with constant μ on the tube of radius ε around P, then

    ε' <= μ ε + |d|          (Filippov 1988, §10; Donchev, Farkhi 1998)

so that a step of length h from radius ε ends with at most e^(∫μ) (ε + h |d|).

**The constant μ.** Let R = φ(f_1, .., f_n) with φ convex in the outputs, one hidden layer with slopes, all of it as a
function of what is trained. Minus the Hessian of a piece is -Jᵀ φ'' J <= 0 plus blocks [[0, g_j], [g_jᵀ, 0]], one a
neuron, with g_j = Σ_k slope_jk r_k n_k, whose eigenvalues are ±|g_j|: so μ = max_j |g_j| if both layers move and 0 if
only one does. Across a kink of neuron j on datum k the velocity jumps by a_j r_k (a₊ - a₋) n_k; where that is negative
times n_k (a *valley*) the inclusion stays one-sided Lipschitz with the same μ (the supremum now over all slopes that
occur on the tube): a valley needs nothing else, whether the trajectory slides, enters, leaves, rests or dies there.

**Ridges.** A kink that is no valley must be crossed. The tube's two trajectories are then on different sides for a time
of at most δ = ε / a, where a is the least speed towards the kink, on both sides, over all that the tube can reach in a
few times δ; meanwhile they move apart by at most the jump J: ε becomes e^(μ δ) (ε + δ (J + |d|)). Away from its
crossing the tube must keep off a ridge.

**Rounding.** P lies on a wall along which it slides, or on the right side of one that it has just left, up to rounding.
The bounds are those of a neighbour of P that does so exactly: each coefficient is widened by what it may be off (its
*slack*), the radius grows by the slack at both ends, and the defect by its derivative. The forces that hold P on a wall
have the right signs along the series on the tape; what these are off from the forces at P counts as defect, too.

Everything is rounded outwards: balls, their upper bounds, and rationals. What the tube cannot show (a neuron near a
ridge that it does not cross, a corner of several kinks that is no valley) ends the enclosure, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import lcm
from typing import Any, final

from symflow.exact.balls import acb, arb, arb_poly, arb_series, ball_precision, fmpz_poly, series_length
from symflow.exact.rationals import fmpq
from symflow.flows.ball_calculus import BallCalculus, DiscCalculus, SeriesCalculus
from symflow.flows.calculus import Pass, one_pass
from symflow.flows.field import Field, Problem, Stay
from symflow.flows.mode import Mode
from symflow.flows.taylor import Series

# Bits of the balls beyond those of the polynomial.
EXTRA_BITS = 40

# A step is cut into so many pieces for the bound of μ.
PIECES = 4

# How often a piece is halved to see that the tube keeps off a ridge.
MOST_HALVINGS = 600

# The discs of Cauchy's estimate that are tried, as multiples of the step.
DISCS = (fmpq(7), fmpq(6), fmpq(9, 2), fmpq(3))


class NoEnclosureError(Exception):
    """The enclosure cannot be continued; the sentence says why."""


@final
@dataclass(frozen=True, slots=True)
class Stretch:
    """One step of a march, as it was computed.

    Parameters
    ----------
    field : Field
        Of the mode.
    series : list
        Scaled coefficients of all registers.
    scale, scale_bits, bits : int
        One unit of s is scale / 2^scale_bits of time; coefficients and `upto` have `bits` fractional bits.
    upto : int
        The end of the step, in s.
    after : list of int
        The parameters that the march went on with.
    just_left : frozenset of (neuron, datum)
        First-layer kinks that were met where the step starts.
    """

    field: Field
    series: list[Series]
    scale: int
    scale_bits: int
    bits: int
    upto: int
    after: Sequence[int]
    just_left: frozenset[tuple[int, int]]


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
    _last: _Tube | None = None
    # For ridges just crossed: how long, in time, a tube may be near them.
    _windows: dict[tuple[int, int], arb] = field(default_factory=dict)

    def begin(self, theta: Sequence[int], bits: int) -> None:
        """Make room for the rounding of the exact start."""
        with ball_precision(bits + EXTRA_BITS):
            exact = self.problem.function.point
            squares = sum(((arb(exact[p]) - arb((theta[p], -bits))) ** 2 for p in self.problem.trained), arb(0))
            self.radius = _up(squares.sqrt())

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
            tube = self._last = _Tube(self.problem, stretch)
            defect, slack = tube.defect(), tube.slack_size()
            start = _up(self.radius + slack)
            bound = _up(start + tube.duration * defect)
            for _ in range(20):
                bound = _up(2 * bound + arb((1, -stretch.bits)))
                growth = tube.growth(bound, meets, self._windows, is_exact=bool(start == 0))
                end = _up((start + tube.duration * defect) * growth.exp())
                if end < bound:
                    self.radius = _up(end + slack + tube.rounding())
                    self._windows = {}
                    return
                bound = end
            raise NoEnclosureError("the tube grows too fast for one step")

    def move(self, distance: arb) -> None:
        """Make room for a change of the parameters by rounding."""
        self.radius = _up(self.radius + distance)

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
            size = _size_of(self.problem.layer.normals[datum])
            mode = stretch.field.mode
            here = _Place(self.problem, stretch.after, stretch.bits, self.radius)
            slowest = _down(abs(here.speed(mode, neuron, datum)) / size)
            if not here.is_valley(mode, neuron, datum):
                slowest = _smaller(slowest, _down(abs(here.speed(after, neuron, datum)) / size))
            if not slowest > 0:
                raise NoEnclosureError(f"neuron {neuron + 1} meets its kink on datum {datum + 1} too slowly")
            # What the tube can reach in eight times the delay, with room to spare.
            delay = _up(2 * self.radius / slowest)
            reach = _up(self.radius + 8 * delay * (1 + here.fastest(mode) + here.fastest(after)))
            wide = _Place(self.problem, stretch.after, stretch.bits, reach)
            speeds = [wide.speed(each, neuron, datum) / size for each in (mode, after)]
            if _up(wide.fastest(mode)) > 1 + here.fastest(mode) or _up(wide.fastest(after)) > 1 + here.fastest(after):
                raise NoEnclosureError("the velocity changes too fast where a kink is met")
            if wide.is_valley(mode, neuron, datum):
                if not speeds[0].contains(0):
                    self.event_radius = _larger(self.event_radius, _up(self.radius / _down(abs(speeds[0]))))
                return
            if speeds[0].contains(0) or speeds[1].contains(0) or (speeds[0] > 0) != (speeds[1] > 0):
                raise NoEnclosureError(
                    f"neuron {neuron + 1} meets its kink on datum {datum + 1}, which may be a ridge, too slowly"
                )
            window = _down(4 * delay)
            assert self._last is not None  # a step led here
            self._last.check_approach(neuron, datum, window, _up(2 * self.radius))
            for k, _ in self.problem.layer.parallel(neuron, datum):
                self._windows[neuron, k] = window
            slowest = _smaller(_down(abs(speeds[0])), _down(abs(speeds[1])))
            delay = _up(self.radius / slowest)
            jump = _up(abs(wide.jump(mode, neuron, datum)) * size)
            defect = self._last.defect()
            both = frozenset({(neuron, datum)})
            rate = _larger(wide.rate(mode, both), wide.rate(after, both))
            self.event_radius = _larger(self.event_radius, delay)
            self.radius = _up((self.radius + delay * (jump + defect)) * (rate * delay).exp())


@final
class _Tube:
    """One step's polynomial and what is bounded along it."""

    def __init__(self, problem: Problem, stretch: Stretch) -> None:
        self.problem, self.stretch = problem, stretch
        self.one = arb((1, -stretch.bits))
        self.unit = arb((stretch.scale, -stretch.scale_bits))  # of time
        self.end = arb((stretch.upto, -stretch.bits))  # in s
        self.duration = self.end * self.unit
        self.columns = {
            place: stretch.series[register]
            for place, register in enumerate(stretch.field.parameters)
            if isinstance(register, int)
        }
        self.order = max(len(column) for column in self.columns.values()) - 1
        self.polynomials = {
            place: arb_poly(fmpz_poly(list(column))) * self.one for place, column in self.columns.items()
        }
        self.slack = self._slacks()
        self._tails: dict[int, arb] = {}
        self._force_tails: list[arb] = []
        self._defect: arb | None = None

    # ------------------------------------------------------------------ slack

    def _slacks(self) -> dict[int, list[arb]]:
        """Return for each first-layer weight by how much each coefficient may be off (see the head of this file)."""
        problem, layer, mode = self.problem, self.problem.layer, self.stretch.field.mode
        result: dict[int, list[arb]] = {}
        if problem.kinked is None:
            return result
        for neuron in range(problem.shape.widths[1]):
            tied = problem.tied(mode, neuron)
            wrong: list[arb] = []
            if tied:
                wrong = self._off_the_walls(neuron, layer.independent(tied))
            for other, datum in self.stretch.just_left:
                if other == neuron and datum not in tied and not layer.is_fixed(datum):
                    off = self._on_the_wrong_side(neuron, datum)
                    wrong = [wrong[0] + off, *wrong[1:]] if wrong else [off]
            if wrong:
                for place in layer.columns(neuron):
                    result[place] = [_up(entry) for entry in wrong]
        return result

    def _off_the_walls(self, neuron: int, ties: Sequence[int]) -> list[arb]:
        """Return by coefficient how far P is from the flat of its ties: at most Σ_i |λ_i| |n_i|, λ = |G⁻¹| |z|."""
        layer = self.problem.layer
        columns = [self._preactivation(neuron, datum).coeffs() for datum in ties]
        units = [tuple(fmpq(int(i == k)) for i in range(len(ties))) for k in range(len(ties))]
        inverse = [layer.gram_solution(tuple(ties), unit) for unit in units]
        result = []
        for k in range(self.order + 1):
            sizes = [abs(column[k]) if k < len(column) else arb(0) for column in columns]
            total = arb(0)
            for i, datum in enumerate(ties):
                multiplier = sum((arb(abs(row[i])) * size for row, size in zip(inverse, sizes, strict=True)), arb(0))
                total += multiplier * _size_of(layer.normals[datum])
            result.append(_up(total))
        return result

    def _on_the_wrong_side(self, neuron: int, datum: int) -> arb:
        """Return how far P may be on the wrong side of a kink that it has just left, at its start."""
        coefficients = self._preactivation(neuron, datum).coeffs()
        table, mode = self.problem.function.table, self.stretch.field.mode
        side = 1 if mode[table.index[1, neuron, datum]] == "+" else -1
        total = abs(coefficients[0]) if coefficients else arb(0)
        if len(coefficients) > 1 and not side * coefficients[1] > 0:
            total += abs(coefficients[1]) * self.end
        return _up(total / _size_of(self.problem.layer.normals[datum]))

    def slack_size(self) -> arb:
        """Return a bound of the distance between P and its neighbour, over the step."""
        return self._norm(lambda entries: sum(entries, arb(0)))

    def _norm(self, of: Callable[[list[arb]], arb]) -> arb:
        total = arb(0)
        for entries in self.slack.values():
            powers = [self.end**k for k in range(len(entries))]
            total += of([entry * power for entry, power in zip(entries, powers, strict=True)]) ** 2
        return _up(total.sqrt())

    # ------------------------------------------------------------------ defect

    def defect(self) -> arb:
        """Return a bound of the distance between P' and the inclusion over the step, in units of time."""
        if self._defect is None:
            with series_length(self.order):
                found = self._pass(SeriesCalculus(), {p: self._series_of(p) for p in self.columns})
            total = arb(0)
            self._find_tails()
            for place, column in self.columns.items():
                slopes = [(k + 1) * column[k + 1] * self.one / self.unit for k in range(self.order)]
                low = self._distance(slopes, found.velocity[place].coeffs())
                total += (low + self._tails[place]) ** 2
            moving = self._norm(lambda entries: sum((k * e for k, e in enumerate(entries)), arb(0)))
            speed = moving / self.duration if self.slack else arb(0)
            self._defect = _up(total.sqrt() + speed + self._off_forces(found.coefficients))
        return self._defect

    def _distance(self, numbers: Sequence[arb], series: Sequence[arb]) -> arb:
        """Return Σ_k |numbers_k - series_k| end^k."""
        total, power = arb(0), arb(1)
        for k, number in enumerate(numbers):
            total += abs(number - (series[k] if k < len(series) else arb(0))) * power
            power *= self.end
        return _up(total)

    def _off_forces(self, coefficients: Sequence[arb_series]) -> arb:
        """Return by how much the forces that hold tied neurons may leave their range, as velocities."""
        field = self.stretch.field
        if not field.stays:
            return arb(0)
        problem = self.problem
        off = []
        for k, quantity in enumerate(field.found.coefficients):
            if isinstance(quantity, int):
                column = self.stretch.series[quantity]
                numbers = [c * self.one for c in column[: self.order]]
                off.append(self._distance(numbers, coefficients[k].coeffs()) + self._force_tails[k])
            else:
                off.append(arb(0))
        total = arb(0)
        for stay in field.stays:
            face = next(face for face in stay.corner.faces if not any(face.signs))
            factor = self._size_of_factor(stay.neuron)
            if not face.is_simple:
                self._check_vertex(stay)
                continue
            for wall, pair in zip(stay.corner.walls, face.holding, strict=True):
                for functional in pair:
                    force = sum((arb(abs(phi)) * d for phi, d in zip(functional, off, strict=True)), arb(0))
                    total += (force + 8 * self.order * self.one) * factor * _size_of(wall.normal)
        assert problem.kinked is not None
        return _up(total)

    def _check_vertex(self, stay: Stay) -> None:
        """Raise unless 0 is surely in the hull: a neuron with all its data on kinks, all of them valleys.

        The risk is then locally Σ_k |a r_k| σ(⟨n_k, d⟩) with σ >= 0, which has its least value at d = 0.
        """
        problem, neuron = self.problem, stay.neuron
        assert problem.kinked is not None
        left, right = problem.kinked.coefficients
        free = [k for k in range(problem.function.n_data) if k not in stay.data and not problem.layer.is_fixed(k)]
        slopes = problem.slopes(self.stretch.field.mode, neuron)
        if left > 0 or right < 0 or any(slopes[k] != 0 for k in free):
            raise NoEnclosureError(f"neuron {neuron + 1} rests on the kinks of several data at once")

    def _size_of_factor(self, neuron: int) -> arb:
        place = self.problem.shape.weight_index(2, self.problem.function.output, neuron)
        if place not in self.polynomials:
            return _up(abs(arb(self.problem.function.point[place])))
        return _up(abs(self.polynomials[place](arb(0).union(self.end))))

    def _series_of(self, place: int) -> arb_series:
        slack = self.slack.get(place, [])
        entries = [c * self.one for c in self.columns[place][: self.order]]
        for k, width in enumerate(slack[: self.order]):
            entries[k] += arb(0, width.upper())
        return arb_series(entries, self.order)

    def _find_tails(self) -> None:
        """Bound what the terms of F(P) from the order of P on add up to: Cauchy's estimate on several discs."""
        for multiple in DISCS:
            radius = self.end * arb(multiple)
            found = self._pass(DiscCalculus(), {place: self._on_disc(place, radius) for place in self.columns})
            factor = arb(multiple) ** -self.order / (1 - 1 / arb(multiple))
            for place in self.columns:
                value = found.velocity[place]
                if value.is_finite():
                    bound = _up(_up(abs(value)) * factor)
                    if place not in self._tails or bound < self._tails[place]:
                        self._tails[place] = bound
            if all(c.is_finite() for c in found.coefficients):
                bounds = [_up(_up(abs(c)) * factor) for c in found.coefficients]
                if not self._force_tails:
                    self._force_tails = bounds
                self._force_tails = [_smaller(a, b) for a, b in zip(bounds, self._force_tails, strict=True)]
        if len(self._tails) < len(self.columns) or not self._force_tails:
            raise NoEnclosureError("the field may have a pole near the step")

    def _on_disc(self, place: int, radius: arb) -> acb:
        """Return what a coordinate can be for |s| <= radius."""
        column, slack = self.columns[place], self.slack.get(place, [])
        spread, power = arb(0), arb(1)
        for k, coefficient in enumerate(column):
            size = abs(coefficient * self.one) if k else arb(0)
            if k < len(slack):
                size += slack[k]
            spread += size * power
            power *= radius
        width = arb(0, spread.upper())
        return acb(column[0] * self.one + width, width)

    # ------------------------------------------------------------------ growth and rounding

    def rounding(self) -> arb:
        """Return the distance between the end of P and where the march went on, in place and (times speed) in time."""
        total, speed = arb(0), arb(0)
        for place, polynomial in self.polynomials.items():
            total += (polynomial(self.end) - arb((self.stretch.after[place], -self.stretch.bits))) ** 2
            speed += abs(polynomial.derivative()(self.end) / self.unit)
        return _up(total.sqrt() + 2 * speed * self.one * (1 + self.unit))

    def check_approach(self, neuron: int, datum: int, window: arb, radius: arb) -> None:
        """Raise unless, on the last piece, the tube comes near a ridge only within the time `window` of its end."""
        low, high = self.end * (PIECES - 1) / PIECES, self.end - window / self.unit
        reach = radius * _size_of(self.problem.layer.normals[datum])
        if low < high and not self._keeps_off(low, high)(neuron, datum, reach):
            raise NoEnclosureError(f"neuron {neuron + 1} comes near its kink on datum {datum + 1}, a ridge, too early")

    def growth(
        self,
        radius: arb,
        meets: frozenset[tuple[int, int]],
        windows: Mapping[tuple[int, int], arb],
        *,
        is_exact: bool,
    ) -> arb:
        """Return ∫ μ over the step for a tube of this radius, which must keep off ridges that it does not meet."""
        total = arb(0)
        for piece in range(PIECES):
            low, high = self.end * piece / PIECES, self.end * (piece + 1) / PIECES
            span = low.union(high)
            values = {place: polynomial(span) for place, polynomial in self.polynomials.items()}
            allowed = frozenset[tuple[int, int]]()
            if piece == 0:
                allowed |= self.stretch.just_left
                self._check_leaving(radius, high, windows, is_exact)
            if piece == PIECES - 1:
                allowed |= meets
            place = _Place.around(self.problem, values, radius, self._keeps_off(low, high))
            total += place.rate(self.stretch.field.mode, allowed) * (high - low) * self.unit
        return _up(total)

    def _keeps_off(self, low: arb, high: arb) -> Callable[[int, int, arb], bool]:
        """Return whether a preactivation along P stays beyond ± a bound between two times.

        It is expanded about the middle, which is sharper than intervals, and the stretch is halved where that is not
        sharp enough.
        """

        def keeps_off(neuron: int, datum: int, bound: arb) -> bool:
            polynomial = self._preactivation(neuron, datum)
            if polynomial(low) < 0:
                polynomial = -polynomial
            # A single time at which it does not stay beyond is enough: no halving would show it near there.
            if not (polynomial(low) > bound and polynomial(high) > bound):
                return False
            stretches = [(low, high, 0)]
            while stretches:
                left, right, depth = stretches.pop()
                if _range(polynomial, left, right) > bound:
                    continue
                middle = (left + right) / 2
                if depth == MOST_HALVINGS or not polynomial(middle) > bound:
                    return False
                stretches += [(left, middle, depth + 1), (middle, right, depth + 1)]
            return True

        return keeps_off

    def _check_leaving(self, radius: arb, end: arb, windows: Mapping[tuple[int, int], arb], is_exact: bool) -> None:
        """Raise unless a tube is near a ridge that was just left only within its window, on the first piece."""
        start = [column[0] for _, column in sorted(self._all_columns().items())]
        place = _Place(self.problem, start, self.stretch.bits, radius)
        for neuron, datum in self.stretch.just_left:
            mode = self.stretch.field.mode
            if datum in self.problem.tied(mode, neuron) or place.is_valley(mode, neuron, datum):
                continue
            begin = windows.get((neuron, datum), arb(0)) / self.unit
            reach = radius * _size_of(self.problem.layer.normals[datum])
            if (neuron, datum) not in windows:  # at the exact start there is no distance that could grow
                if not is_exact or arb_poly(self._preactivation(neuron, datum).coeffs()[1:])(
                    arb(0).union(end)
                ).contains(0):
                    raise NoEnclosureError(f"neuron {neuron + 1} leaves its kink on datum {datum + 1} too slowly")
            elif begin < end and not self._keeps_off(begin, end)(neuron, datum, reach):
                raise NoEnclosureError(f"neuron {neuron + 1} stays near its kink on datum {datum + 1}, a ridge")

    def _all_columns(self) -> dict[int, Sequence[int]]:
        n_parameters = len(self.problem.function.point)
        return {place: self.columns.get(place, (0,)) for place in range(n_parameters)}

    def _pass(self, calculus: Any, values: Mapping[int, Any]) -> Pass[Any]:
        problem, function = self.problem, self.problem.function
        parameters = [
            values[place] if place in values else calculus.number(value) for place, value in enumerate(function.point)
        ]
        return one_pass(calculus, function, problem.layer, problem.trained, self.stretch.field.mode, parameters)

    def _preactivation(self, neuron: int, datum: int) -> arb_poly:
        layer = self.problem.layer
        total = arb_poly([arb(layer.offset(neuron, datum))])
        for place, entry in zip(layer.columns(neuron), layer.normals[datum], strict=True):
            total += self.polynomials[place] * arb(entry)
        return total


@final
class _Place:
    """What the parameters can be on a piece of the tube, and what is bounded there."""

    def __init__(self, problem: Problem, theta: Sequence[int], bits: int, radius: arb) -> None:
        values = {place: arb((theta[place], -bits)) for place in problem.trained}
        self._set(problem, values, radius)

    @classmethod
    def around(
        cls, problem: Problem, values: dict[int, arb], radius: arb, keeps_off: Callable[[int, int, arb], bool]
    ) -> _Place:
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
        return _up(sum((abs(v) for v in found.velocity.values()), arb(0)))

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
            worst = _larger(worst, _up(abs(total.upper()).sqrt()))
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
        reach = self.radius * _size_of(self.problem.layer.normals[datum])
        if abs(value) > reach:
            return False
        return self.keeps_off is None or not self.keeps_off(neuron, datum, reach)


def _range(polynomial: arb_poly, low: arb, high: arb) -> arb:
    """Return what a polynomial can be between two places."""
    middle, half = (low + high) / 2, _up((high - low) / 2)
    coefficients = polynomial(arb_poly([middle, 1])).coeffs()
    spread, power = arb(0), arb(1)
    for coefficient in coefficients[1:]:
        power *= half
        spread += abs(coefficient) * power
    return (coefficients[0] if coefficients else arb(0)) + arb(0, spread.upper())


def _size_of(vector: Sequence[fmpq]) -> arb:
    denominator = lcm(*(int(entry.q) for entry in vector)) if vector else 1
    squares = sum(int(entry.p * denominator / entry.q) ** 2 for entry in vector)
    return arb(squares).sqrt() / denominator


def _up(ball: arb) -> arb:
    """Return the upper end of a ball, exactly."""
    return arb(ball.upper())


def _down(ball: arb) -> arb:
    return arb(ball.lower())


def _larger(a: arb, b: arb) -> arb:
    return b if b > a else a


def _smaller(a: arb, b: arb) -> arb:
    return a if a < b else b
