"""Claims that follow from a whole result of ``symflow flow``: in the input exactly, in the weights from an enclosure.

**In the input**, with a constant speed of the clock, all is rational and recomputed: the path is a solution, and

    F(x(0)) − F(x(t)) = Σ |x'|² (t_{i+1} − t_i),     min |x'|² ≤ (F(x(0)) − F(x(t)))/t

over its pieces. (On a piece x' is minus the shortest element of ∂F, since it is a straight solution; see
``input_faces.py``.)

**In the weights** a result names a state for each of some times, and a radius within which the flow is at all of these
times: the tube. That it is there is not recomputed here, and is listed as not checked. What is: everything that
``weight_flow.py`` checks; what every flow obeys, by Cauchy-Schwarz and since the first layer moves along the data:

    |w(t) − w(s)|² ≤ (t − s)(F(w(s)) − F(w(t))),     the rows of W_1(t) − W_1(0) lie in the span of the inputs;

that it moves at all: F at the next time is below F at the start, for a start at rest is no flow that comes to its end;
and F falls as fast as gradients are long, so that with M ≥ F(w(s)) − F(w(t))

    (t − s) min {|v|² : v ∈ ∂F(w), |w − w(s)|² ≤ (t − s) M} ≤ M,

since the flow is not farther off than that before t; and for *all* states in the tube, by rational intervals, what a
rule claims of them.

Examples
--------
>>> radius_of("1.84e-3")
Fraction(23, 12500)
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import final

from symflow.checker.coq_scripts import SCRIPTS
from symflow.checker.enclosed_numbers import Enclosed, bounds_of, exponential_of, logarithm
from symflow.checker.input_flow import check_input_flow
from symflow.checker.input_times import Clock, number, slack
from symflow.checker.networks import forward
from symflow.checker.problems import Activation, Problem, read_problem
from symflow.checker.reading import Refused, Report, TooLarge, exactly, expect, items, take
from symflow.checker.weight_flow import check_weight_flow

_RADIUS = re.compile(r"([0-9]+)(?:\.([0-9]+))?(?:e([-+]?[0-9]{1,5}))?", re.ASCII)
_ONE = Fraction(1)
_ZERO = Fraction(0)
_HALF = Fraction(1, 2)
_EXTRA_BITS = 64
_MOST_BITS = 4_096
_LARGEST_EXPONENT = 10_000

#: Two rationals around a number.
Box = tuple[Fraction, Fraction]


# ---------------------------------------------------------------------- in the input


def path_is_a_solution(report: Report, result: dict[str, object]) -> str:
    """Show that the flow runs as the result says: exactly in the input, within the tube in the weights."""
    expect(take(result, "command", str), "flow", "command")
    if take(result, "variable", str) == "weights":
        _Tube(report, result)
        return "enclosed"
    _check_input(report, result)
    if take(result, "status", str) not in ("completed", "stationary", "non_unique"):
        raise Refused("the flow does not come to its end", "status")
    return "proved_instance" if take(result, "is_exact", bool) else "enclosed"


def energy_identity(report: Report, result: dict[str, object]) -> str:
    """Show that F falls by the sum of |x'|² times the duration, over the pieces of an exact path."""
    path = _Path(report, result)
    if path.fall != sum((speed * duration for speed, duration in path.pieces), start=_ZERO):
        raise Refused("the objective does not fall by the integral of the squared speed", "arcs")
    return "proved_instance"


def stationarity_bound(report: Report, result: dict[str, object]) -> str:
    """Show that the least |x'|² up to the last time is at most the fall of F over that time."""
    path = _Path(report, result)
    if path.time <= 0:
        raise Refused("no time passes", "time")
    if min(speed for speed, _ in path.pieces) * path.time > path.fall:
        raise Refused("the least speed is above the bound", "arcs")
    return "proved_instance"


@final
class _Path:
    """An exact path: |x'|² and duration of each piece, and how far F falls; at rest the speed is 0."""

    def __init__(self, report: Report, result: dict[str, object]) -> None:
        expect(take(result, "command", str), "flow", "command")
        expect(take(result, "variable", str), "input", "variable")
        if not take(result, "is_exact", bool):
            raise Refused("the times of this path are not rational", "is_exact")
        if take(result, "status", str) not in ("completed", "stationary"):
            raise Refused("the flow does not come to its end", "status")
        _check_input(report, result)
        _expect_accepted(report)
        problem = read_problem(take(result, "problem", dict))
        reached = number(take(result, "time", str), "time")
        self.pieces: list[tuple[Fraction, Fraction]] = []
        for i, entry in enumerate(items(result, "arcs")):
            arc = exactly(entry, dict, f"arcs[{i}]")
            velocity = [number(exactly(v, str), f"arcs[{i}].velocity") for v in items(arc, "velocity")]
            duration = number(take(arc, "end", str), f"arcs[{i}].end") - number(take(arc, "start", str), "start")
            self.pieces.append((sum((v * v for v in velocity), start=_ZERO), duration))
        self.time = reached
        if not self.pieces or sum((duration for _, duration in self.pieces), start=_ZERO) < reached:
            self.pieces.append((_ZERO, reached - sum((duration for _, duration in self.pieces), start=_ZERO)))
        end = tuple(number(exactly(x, str), "state") for x in items(result, "state", len(problem.point)))
        # F = φ(f), where φ' is a number, or nothing moves.
        slope = Clock(problem).constant
        self.fall = (slope or _ZERO) * (_output(problem, problem.inputs[0]) - _output(problem, end))


def _expect_accepted(report: Report) -> None:
    """Refuse a flow that is refused itself, for its first reason."""
    if report.rejected:
        raise Refused(report.rejected[0]["reason"], report.rejected[0]["place"])


def _check_input(report: Report, result: dict[str, object]) -> None:
    expect(take(result, "variable", str), "input", "variable")
    check_input_flow(report, result)


def _output(problem: Problem, x: Sequence[Fraction]) -> Fraction:
    return forward(replace(problem, inputs=(tuple(x),)), 0).preactivations[-1][problem.output]


# ---------------------------------------------------------------------- in the weights


def conserved_along_the_flow(report: Report, result: dict[str, object]) -> str:
    """Show that the states of an enclosed flow have the conserved quantities of the start, to its digits.

    Of a layer and of each neuron these are differences of squared weights for nets without biases and pools alone.
    """
    problem = _Tube(report, result).problem
    if problem.biases is not None:
        raise Refused("a net with biases: the squares of its weights alone are not balanced", "problem.network.biases")
    if any(activation.name == "maxpool" or activation.power > 1 for activation in problem.activations):
        raise Refused("an activation along which neurons are not balanced one by one", "problem.network.activation")
    if not items(result, "invariants"):
        raise Refused("no conserved quantity is listed", "invariants")
    return "enclosed"


def soft_margin_does_not_fall(report: Report, result: dict[str, object]) -> str:
    """Show that u > 0 on the tube at one time, and that from then on no soft margin on it is below an earlier one.

    Between the times that are named this is Theorem 5, whose Coq script is listed as not checked here.
    """
    tube = _Tube(report, result)
    tube.expect_soft_margin_flow()
    bounds = [(tube.log_margin(box), tube.norm(box)) for box in tube.from_positive()]
    for (before, size), (after, later) in pairwise(bounds):
        # u/|w|^L with u > 0: the largest now against the smallest before.
        if later[0] <= 0 or after[1] / later[0] ** tube.degree < before[0] / size[1] ** tube.degree:
            raise Refused("the soft margin falls", "checkpoints")
    _cite_theorem_5(report)
    return "enclosed"


def norm_does_not_fall(report: Report, result: dict[str, object]) -> str:
    """Show that u > 0 on the tube at one time, and that from then on no norm on it is below an earlier one."""
    tube = _Tube(report, result)
    tube.expect_soft_margin_flow()
    norms = [tube.norm(box) for box in tube.from_positive()]
    if any(after[1] < before[0] for before, after in pairwise(norms)):
        raise Refused("the norm falls", "checkpoints")
    _cite_theorem_5(report)
    return "enclosed"


def _cite_theorem_5(report: Report) -> None:
    if "soft_margin_monotone" not in SCRIPTS:
        raise Refused("the Coq script of Theorem 5 has not been checked by continuous integration")
    report.skip(
        "between the times named: the Coq script soft_margin_monotone.v, checked by coqc in continuous integration"
    )


@final
class _Tube:
    """An enclosed flow in the weights: at each of its times a box around all states within the radius."""

    def __init__(self, report: Report, result: dict[str, object]) -> None:
        expect(take(result, "command", str), "flow", "command")
        expect(take(result, "variable", str), "weights", "variable")
        expect(take(result, "status", str), "completed", "status")
        radius, digits = radius_of(take(result, "radius", str)), take(result, "digits", int)
        part = Report()
        check_weight_flow(part, result)
        if any(": too large (" in place for place in part.not_checked):
            raise TooLarge("a flow that is too large for the checker")
        part.has_too_large = False  # what is left are the digits, which the tube stands for; they are listed
        report.include("", part)
        _expect_accepted(report)
        if radius > slack(_ONE, digits):
            raise Refused("the tube is wider than the digits", "radius")
        self.problem = read_problem(take(result, "problem", dict))
        self.digits = digits
        if self.problem.held:
            raise Refused("a flow along which some parameters do not move", "problem.flow.trained")
        rows = [take(result, "start", dict), *(exactly(row, dict) for row in items(result, "checkpoints"))]
        rows.append(take(result, "end", dict))
        self.boxes = [self._box(row, radius) for row in rows]
        times = [number(take(row, "time", str), "time") for row in rows]
        arcs = [exactly(arc, dict) for arc in items(result, "arcs")]
        if arcs and number(take(arcs[-1], "end", str), "arcs") != times[-1]:
            raise Refused("the last arc does not end at the last time", "arcs")
        flow = take(take(result, "problem", dict), "flow", dict)
        until = number(take(flow, "until", str), "problem.flow.until")
        if abs(times[-1] - until) > slack(until, digits):
            raise Refused("the flow ends before the time that is asked for", "time")
        self._check_energy(times)
        self._check_span()

    @property
    def degree(self) -> int:
        """The degree of homogeneity: the number of weight matrices."""
        return len(self.problem.weights)

    @property
    def bits(self) -> int:
        """How sharp bounds are computed: beyond some digits they are only as sharp as is worth the time."""
        return min(4 * self.digits, _MOST_BITS) + _EXTRA_BITS

    def expect_soft_margin_flow(self) -> None:
        """Refuse a flow to which Theorem 5 does not apply."""
        problem = self.problem
        is_exponential = problem.kind == "log_sum_exp" or (problem.kind, problem.loss) == ("risk", "exponential")
        if not is_exponential or problem.biases is not None:
            raise Refused(
                "Theorem 5 is about all weights of a net without biases, under the exponential loss", "problem"
            )
        if any(activation.power > 1 for activation in problem.activations):
            raise Refused("an activation that is not homogeneous of degree 1", "problem.network.activation")

    def from_positive(self) -> list[list[Box]]:
        """Return the boxes from the first one on which u > 0; refuse where there is none, or none after it."""
        for i, box in enumerate(self.boxes):
            if self.log_margin(box)[0] > 0:
                if len(self.boxes) - i < 2:
                    break
                return self.boxes[i:]
        raise Refused("the soft margin is not seen to be positive before the end", "checkpoints")

    def log_margin(self, box: Sequence[Box]) -> Box:
        """Return bounds of u = −ln Σ exp(−m_k)."""
        low, high = self._logarithm(_sum([self._exponential(q) for q in self._opposite_margins(box)]))
        return -high, -low

    def objective(self, box: Sequence[Box]) -> Box:
        """Return bounds of F."""
        problem = self.problem
        if problem.kind == "log_sum_exp":
            low, high = self.log_margin(box)
            return -high, -low
        if problem.kind != "risk":
            outputs = [self._output(box, x) for x in problem.inputs]
            return _sum([_times((c, c), f) for c, f in zip(problem.coefficients, outputs, strict=True)])
        if problem.loss == "squared":
            residuals = [
                _added(self._output(box, x), (-y, -y)) for x, y in zip(problem.inputs, problem.labels, strict=True)
            ]
            losses = [_times((_HALF, _HALF), _square(residual)) for residual in residuals]
        else:
            losses = [self._exponential(q) for q in self._opposite_margins(box)]
            if problem.loss == "logistic":
                losses = [self._logarithm(_added(loss, (_ONE, _ONE))) for loss in losses]
        share = Fraction(1, problem.divisor)
        return _times((share, share), _sum(losses))

    def norm(self, box: Sequence[Box]) -> Box:
        """Return bounds of |w|."""
        squares = [_square(entry) for entry in box]
        low, high = sum((a for a, _ in squares), start=_ZERO), sum((b for _, b in squares), start=_ZERO)
        return self._root(low)[0], self._root(high)[1]

    def _root(self, value: Fraction) -> Box:
        scale = 1 << self.bits
        square = value * scale * scale
        return Fraction(math.isqrt(math.floor(square)), scale), Fraction(math.isqrt(math.ceil(square)) + 1, scale)

    def _box(self, row: dict[str, object], radius: Fraction) -> list[Box]:
        found = []
        for entry in items(row, "state", len(self.problem.names)):
            middle = number(exactly(entry, str), "state")
            reach = radius + slack(middle, self.digits)
            found.append((middle - reach, middle + reach))
        return found

    def _check_energy(self, times: Sequence[Fraction]) -> None:
        """Refuse states that are farther apart than the fall of F allows: |∫w'|² ≤ (t − s) ∫|w'|²."""
        values = [self.objective(box) for box in self.boxes]
        for i, ((s, before), (t, after)) in enumerate(pairwise(zip(times, self.boxes, strict=True))):
            moved = _sum([_square(_added(b, (-a[1], -a[0]))) for a, b in zip(before, after, strict=True)])
            if moved[0] > (t - s) * (values[i][1] - values[i + 1][0]):
                raise Refused("the states are farther apart than the objective falls", "checkpoints")
        for i, (s, t) in enumerate(pairwise(times)):
            if s == t:
                continue
            if i == 0 and values[1][1] >= values[0][0]:
                raise Refused("the objective is not seen to fall: the flow may stand still", "checkpoints")
            most = values[i][1] - values[i + 1][0]
            reach = self._root((t - s) * most)[1]  # no farther off is the flow before t
            around = [(low - reach, high + reach) for low, high in self.boxes[i]]
            try:
                least = self.least_speed(around)
            except TooLarge:  # margins so far from the state have no bounds: nothing is known of gradients there
                continue
            if (t - s) * least > most:
                raise Refused(
                    "the objective falls less than the gradient is long: the flow stands still", "checkpoints"
                )

    def least_speed(self, box: Sequence[Box]) -> Fraction:
        """Return a lower bound of |v|² over all v in ∂F(w), for every w in the box."""
        total = [(_ZERO, _ZERO)] * len(box)
        for c, x in zip(self._coefficients(box), self.problem.inputs, strict=True):
            total = [_added(entry, _times(c, slope)) for entry, slope in zip(total, self._slopes(box, x), strict=True)]
        return sum((_square(entry)[0] for entry in total), start=_ZERO)

    def _coefficients(self, box: Sequence[Box]) -> list[Box]:
        """Return bounds of ∂F/∂f_k."""
        problem = self.problem
        if problem.kind not in ("risk", "log_sum_exp"):
            return [(c, c) for c in problem.coefficients]
        share = Fraction(1, problem.divisor) if problem.kind == "risk" else _ONE
        if problem.kind == "risk" and problem.loss == "squared":
            outputs = [self._output(box, x) for x in problem.inputs]
            return [_times((share, share), _added(f, (-y, -y))) for f, y in zip(outputs, problem.labels, strict=True)]
        slopes = [self._exponential(q) for q in self._opposite_margins(box)]
        if problem.kind == "log_sum_exp":
            whole = _sum(slopes)
            slopes = [(low / whole[1], high / whole[0]) for low, high in slopes]
        elif problem.loss == "logistic":
            slopes = [(low / (1 + low), high / (1 + high)) for low, high in slopes]
        return [_times((-y * share, -y * share), slope) for y, slope in zip(problem.labels, slopes, strict=True)]

    def _slopes(self, box: Sequence[Box], x: Sequence[Fraction]) -> list[Box]:
        """Return bounds of all gradients of f at x that are limits on the box, by the parameters."""
        problem, rest = self.problem, iter(box)
        weights: list[list[list[Box]]] = []
        features: list[list[Box]] = [[(entry, entry) for entry in x]]
        units: list[list[Box]] = []
        for layer, matrix in enumerate(problem.weights):
            weights.append([[next(rest) for _ in features[-1]] for _ in matrix])
            z = [_sum([_times(w, h) for w, h in zip(row, features[-1], strict=True)]) for row in weights[-1]]
            if problem.biases is not None:
                z = [_added(entry, next(rest)) for entry in z]
            if layer < problem.n_hidden:
                units.append(_slopes_of(problem.activations[layer], z))
                features.append(_activated(problem.activations[layer], z))
        signals: list[Box] = [(_ZERO, _ZERO)] * len(problem.weights[-1])
        signals[problem.output] = (_ONE, _ONE)
        found: list[Box] = []
        for layer in reversed(range(len(weights))):
            biases = signals if problem.biases is not None else []
            found = [*(_times(s, h) for s in signals for h in features[layer]), *biases, *found]
            if layer:
                below = [
                    _sum([_times(row[unit], s) for row, s in zip(weights[layer], signals, strict=True)])
                    for unit in range(len(features[layer]))
                ]
                activation = problem.activations[layer - 1]
                signals = [_times(a, below[activation.unit_of_row(i)]) for i, a in enumerate(units[layer - 1])]
        return found

    def _check_span(self) -> None:
        """Refuse states whose first layer has moved in a direction that is orthogonal to all inputs."""
        n_inputs = len(self.problem.inputs[0])
        for direction in _orthogonal([list(x) for x in self.problem.inputs], n_inputs):
            for row in range(len(self.problem.weights[0])):
                places = range(row * n_inputs, (row + 1) * n_inputs)
                for box in self.boxes[1:]:
                    moved = [_added(box[i], (-self.boxes[0][i][1], -self.boxes[0][i][0])) for i in places]
                    low, high = _sum([_times((n, n), entry) for n, entry in zip(direction, moved, strict=True)])
                    if low > 0 or high < 0:
                        raise Refused("the first layer has moved away from the data", "checkpoints")

    def _opposite_margins(self, box: Sequence[Box]) -> list[Box]:
        pairs = zip(self.problem.inputs, self.problem.labels, strict=True)
        return [_times((-label, -label), self._output(box, x)) for x, label in pairs]

    def _exponential(self, box: Box) -> Box:
        if max(-box[0], box[1]) > _LARGEST_EXPONENT:
            raise TooLarge("a margin too large for the checker")
        return bounds_of(exponential_of(_within(box)), self.bits)

    def _logarithm(self, box: Box) -> Box:
        return bounds_of(logarithm(_within(box)), self.bits)

    def _output(self, box: Sequence[Box], x: Sequence[Fraction]) -> Box:
        rest = iter(box)
        features: list[Box] = [(entry, entry) for entry in x]
        for layer, matrix in enumerate(self.problem.weights):
            z = [_sum([_times(next(rest), h) for h in features]) for _ in matrix]
            if self.problem.biases is not None:
                z = [_added(entry, next(rest)) for entry in z]
            if layer == self.problem.n_hidden:
                return z[self.problem.output]
            features = _activated(self.problem.activations[layer], z)
        raise Refused("a net without layers", "problem.network")


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The rule of a number that lies between two others."""

    box: Box

    def __call__(self, bits: int) -> Box:
        return self.box


def _within(box: Box) -> Enclosed:
    return Enclosed(_Bounds(box))


def radius_of(spelled: str) -> Fraction:
    """Return the radius of a tube, which is written with an exponent."""
    match = _RADIUS.fullmatch(spelled)
    if match is None:
        raise Refused("no radius", "radius")
    whole, decimals, exponent = match.groups()
    decimals = decimals or ""
    return Fraction(int(whole + decimals)) * Fraction(10) ** (int(exponent or 0) - len(decimals))


def _orthogonal(rows: list[list[Fraction]], size: int) -> list[list[Fraction]]:
    """Return a basis of the vectors that are orthogonal to all rows, by elimination."""
    pivots: list[int] = []
    for column in range(size):
        done = len(pivots)
        found = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        rows[done] = [entry / rows[done][column] for entry in rows[done]]
        for i, row in enumerate(rows):
            if i != done and row[column]:
                rows[i] = [a - row[column] * b for a, b in zip(row, rows[done], strict=True)]
        pivots.append(column)
    basis = []
    for free in (column for column in range(size) if column not in pivots):
        vector = [_ONE if column == free else _ZERO for column in range(size)]
        for row, pivot in zip(rows, pivots, strict=False):
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def _added(a: Box, b: Box) -> Box:
    return a[0] + b[0], a[1] + b[1]


def _sum(boxes: Sequence[Box]) -> Box:
    return sum((low for low, _ in boxes), start=_ZERO), sum((high for _, high in boxes), start=_ZERO)


def _times(a: Box, b: Box) -> Box:
    products = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return min(products), max(products)


def _square(a: Box) -> Box:
    low = _ZERO if a[0] <= 0 <= a[1] else min(a[0] * a[0], a[1] * a[1])
    return low, max(a[0] * a[0], a[1] * a[1])


def _slopes_of(activation: Activation, z: Sequence[Box]) -> list[Box]:
    """Return bounds of the slopes of the rows of a layer, those of all sides where a unit may be at its kink."""
    if activation.name == "identity":
        return [(_ONE, _ONE)] * len(z)
    if activation.name == "maxpool":
        slopes = [(_ZERO, _ONE)] * len(z)
        for group in activation.groups:
            for i in group:
                others = [z[j] for j in group if j != i]
                is_winner, is_loser = all(o[1] < z[i][0] for o in others), any(o[0] > z[i][1] for o in others)
                slopes[i] = (_ONE, _ONE) if is_winner else (_ZERO, _ZERO) if is_loser else slopes[i]
        return slopes
    if activation.name == "relu_power":
        p = activation.power
        return [(p * max(low, _ZERO) ** (p - 1), p * max(high, _ZERO) ** (p - 1)) for low, high in z]
    below = {"relu": _ZERO, "leaky_relu": activation.slope, "abs": -_ONE}[activation.name]
    sides = min(below, _ONE), max(below, _ONE)
    return [(_ONE, _ONE) if low > 0 else (below, below) if high < 0 else sides for low, high in z]


def _activated(activation: Activation, z: Sequence[Box]) -> list[Box]:
    """Return the features of a layer; an activation is monotone, but for abs and a leaky_relu of negative slope."""
    if activation.name == "maxpool":
        return [(max(z[i][0] for i in group), max(z[i][1] for i in group)) for group in activation.groups]
    if activation.name == "relu_power":
        return [(max(low, _ZERO) ** activation.power, max(high, _ZERO) ** activation.power) for low, high in z]
    below = {"relu": _ZERO, "leaky_relu": activation.slope, "abs": -_ONE, "identity": _ONE}[activation.name]
    found = []
    for low, high in z:
        ends = [value if value >= 0 else below * value for value in (low, high)]
        found.append((_ZERO if low < 0 < high and below <= 0 else min(ends), max(ends)))
    return found
