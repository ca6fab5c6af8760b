"""The tube around one step: its defect, its slack, how fast it may widen, and which ridges it keeps off.

**Defect.** The coefficients of d = P' - F(P) up to the order of P are enclosed by power series of balls; those above by
Cauchy's estimate from a bound of F(P(s)) on a disc |s| <= r of complex times, which complex balls give.

**Rounding.** P lies on a wall along which it slides, or on the right side of one that it has just left, up to rounding.
The bounds are those of a neighbour of P that does so exactly: each coefficient is widened by what it may be off (its
*slack*), the radius grows by the slack at both ends, and the defect by its derivative. The forces that hold P on a wall
have the right signs along the series on the tape; what these are off from the forces at P counts as defect, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

from symflow.exact.balls import acb, arb, arb_poly, arb_series, fmpz_poly, series_length
from symflow.exact.rationals import fmpq
from symflow.flows.ball_bounds import length, range_of, smaller, upper
from symflow.flows.ball_calculus import DiscCalculus, SeriesCalculus
from symflow.flows.calculus import Pass, one_pass
from symflow.flows.field import Problem, Stay
from symflow.flows.stretch import NoEnclosureError, Stretch
from symflow.flows.surroundings import Surroundings

# A step is cut into so many pieces for the bound of μ.
PIECES = 4

# How often a piece is halved to see that the tube keeps off a ridge.
MOST_HALVINGS = 600

# The discs of Cauchy's estimate that are tried, as multiples of the step.
DISCS = (fmpq(7), fmpq(6), fmpq(9, 2), fmpq(3))


@final
class Tube:
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
                    result[place] = [upper(entry) for entry in wrong]
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
                total += multiplier * length(layer.normals[datum])
            result.append(upper(total))
        return result

    def _on_the_wrong_side(self, neuron: int, datum: int) -> arb:
        """Return how far P may be on the wrong side of a kink that it has just left, at its start."""
        coefficients = self._preactivation(neuron, datum).coeffs()
        table, mode = self.problem.function.table, self.stretch.field.mode
        side = 1 if mode[table.index[1, neuron, datum]] == "+" else -1
        total = abs(coefficients[0]) if coefficients else arb(0)
        if len(coefficients) > 1 and not side * coefficients[1] > 0:
            total += abs(coefficients[1]) * self.end
        return upper(total / length(self.problem.layer.normals[datum]))

    def slack_size(self) -> arb:
        """Return a bound of the distance between P and its neighbour, over the step."""
        return self._norm(lambda entries: sum(entries, arb(0)))

    def _norm(self, of: Callable[[list[arb]], arb]) -> arb:
        total = arb(0)
        for entries in self.slack.values():
            powers = [self.end**k for k in range(len(entries))]
            total += of([entry * power for entry, power in zip(entries, powers, strict=True)]) ** 2
        return upper(total.sqrt())

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
            self._defect = upper(total.sqrt() + speed + self._off_forces(found.coefficients))
        return self._defect

    def _distance(self, numbers: Sequence[arb], series: Sequence[arb]) -> arb:
        """Return Σ_k |numbers_k - series_k| end^k."""
        total, power = arb(0), arb(1)
        for k, number in enumerate(numbers):
            total += abs(number - (series[k] if k < len(series) else arb(0))) * power
            power *= self.end
        return upper(total)

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
                    total += (force + 8 * self.order * self.one) * factor * length(wall.normal)
        assert problem.kinked is not None
        return upper(total)

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
            return upper(abs(arb(self.problem.function.point[place])))
        return upper(abs(self.polynomials[place](arb(0).union(self.end))))

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
                    bound = upper(upper(abs(value)) * factor)
                    if place not in self._tails or bound < self._tails[place]:
                        self._tails[place] = bound
            if all(c.is_finite() for c in found.coefficients):
                bounds = [upper(upper(abs(c)) * factor) for c in found.coefficients]
                if not self._force_tails:
                    self._force_tails = bounds
                self._force_tails = [smaller(a, b) for a, b in zip(bounds, self._force_tails, strict=True)]
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
        return upper(total.sqrt() + 2 * speed * self.one * (1 + self.unit))

    def check_approach(self, neuron: int, datum: int, window: arb, radius: arb) -> None:
        """Raise unless, on the last piece, the tube comes near a ridge only within the time `window` of its end."""
        low, high = self.end * (PIECES - 1) / PIECES, self.end - window / self.unit
        reach = radius * length(self.problem.layer.normals[datum])
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
            place = Surroundings.around(self.problem, values, radius, self._keeps_off(low, high))
            total += place.rate(self.stretch.field.mode, allowed) * (high - low) * self.unit
        return upper(total)

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
                if range_of(polynomial, left, right) > bound:
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
        place = Surroundings(self.problem, start, self.stretch.bits, radius)
        for neuron, datum in self.stretch.just_left:
            mode = self.stretch.field.mode
            if datum in self.problem.tied(mode, neuron) or place.is_valley(mode, neuron, datum):
                continue
            begin = windows.get((neuron, datum), arb(0)) / self.unit
            reach = radius * length(self.problem.layer.normals[datum])
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
