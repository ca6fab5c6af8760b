"""The tube of a flow in the weights: at each of its times a box around all states within the radius.

A result of ``symflow flow`` names a state for each of some times, and a radius within which the flow is at all of these
times. That it is there is not recomputed here, and is listed as not checked. What is: everything that
``weight_flow.py`` checks; what every flow obeys, by Cauchy-Schwarz and since the first layer moves along the data:

    |w(t) − w(s)|² ≤ (t − s)(F(w(s)) − F(w(t))),     the rows of W_1(t) − W_1(0) lie in the span of the inputs;

that it moves at all: F at the next time is below F at the start, for a start at rest is no flow that comes to its end;
and F falls as fast as gradients are long, so that with M ≥ F(w(s)) − F(w(t))

    (t − s) min {|v|² : v ∈ ∂F(w), |w − w(s)|² ≤ (t − s) M} ≤ M,

since the flow is not farther off than that before t.

Examples
--------
>>> radius_of("1.84e-3")
Fraction(23, 12500)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import final

from symflow.checker.boxes import Box, added, square, times, total
from symflow.checker.input_times import number, slack
from symflow.checker.net_on_boxes import NetOnBoxes
from symflow.checker.problems import read_problem
from symflow.checker.reading import Refused, Report, TooLarge, exactly, expect, expect_accepted, items, take
from symflow.checker.weight_flow import check_weight_flow

_RADIUS = re.compile(r"([0-9]+)(?:\.([0-9]+))?(?:e([-+]?[0-9]{1,5}))?", re.ASCII)
_ONE = Fraction(1)
_ZERO = Fraction(0)
_EXTRA_BITS = 64
_MOST_BITS = 4_096


@final
class Tube:
    """An enclosed flow in the weights; refused where it does not obey what every flow obeys.

    Parameters
    ----------
    report : Report
        Takes what is checked and what is not.
    result : dict
        The whole result of ``symflow flow``.

    Attributes
    ----------
    problem : Problem
        At the start.
    net : NetOnBoxes
        Its net, on boxes.
    boxes : list of list of Box
        All states within the radius: at the start, at each checkpoint, at the end.
    """

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
        expect_accepted(report)
        if radius > slack(_ONE, digits):
            raise Refused("the tube is wider than the digits", "radius")
        self.problem = read_problem(take(result, "problem", dict))
        self.digits = digits
        # Beyond some digits bounds are only as sharp as is worth the time.
        self.net = NetOnBoxes(self.problem, min(4 * digits, _MOST_BITS) + _EXTRA_BITS)
        if self.problem.held:
            raise Refused("a flow along which some parameters do not move", "problem.flow.trained")
        rows = [take(result, "start", dict), *(exactly(row, dict) for row in items(result, "checkpoints"))]
        rows.append(take(result, "end", dict))
        self.boxes = [self._box(row, radius) for row in rows]
        moments = [number(take(row, "time", str), "time") for row in rows]
        arcs = [exactly(arc, dict) for arc in items(result, "arcs")]
        if arcs and number(take(arcs[-1], "end", str), "arcs") != moments[-1]:
            raise Refused("the last arc does not end at the last time", "arcs")
        flow = take(take(result, "problem", dict), "flow", dict)
        until = number(take(flow, "until", str), "problem.flow.until")
        if abs(moments[-1] - until) > slack(until, digits):
            raise Refused("the flow ends before the time that is asked for", "time")
        self._check_energy(moments)
        self._check_span()

    @property
    def degree(self) -> int:
        """The degree of homogeneity: the number of weight matrices."""
        return len(self.problem.weights)

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
            if self.net.log_margin(box)[0] > 0:
                if len(self.boxes) - i < 2:
                    break
                return self.boxes[i:]
        raise Refused("the soft margin is not seen to be positive before the end", "checkpoints")

    def _box(self, row: dict[str, object], radius: Fraction) -> list[Box]:
        found = []
        for entry in items(row, "state", len(self.problem.names)):
            middle = number(exactly(entry, str), "state")
            reach = radius + slack(middle, self.digits)
            found.append((middle - reach, middle + reach))
        return found

    def _check_energy(self, moments: Sequence[Fraction]) -> None:
        """Refuse states that are farther apart than the fall of F allows: |∫w'|² ≤ (t − s) ∫|w'|²."""
        values = [self.net.objective(box) for box in self.boxes]
        for i, ((s, before), (t, after)) in enumerate(pairwise(zip(moments, self.boxes, strict=True))):
            moved = total([square(added(b, (-a[1], -a[0]))) for a, b in zip(before, after, strict=True)])
            if moved[0] > (t - s) * (values[i][1] - values[i + 1][0]):
                raise Refused("the states are farther apart than the objective falls", "checkpoints")
        for i, (s, t) in enumerate(pairwise(moments)):
            if s == t:
                continue
            if i == 0 and values[1][1] >= values[0][0]:
                raise Refused("the objective is not seen to fall: the flow may stand still", "checkpoints")
            most = values[i][1] - values[i + 1][0]
            reach = self.net.root((t - s) * most)[1]  # no farther off is the flow before t
            around = [(low - reach, high + reach) for low, high in self.boxes[i]]
            try:
                least = self.net.least_speed(around)
            except TooLarge:  # margins so far from the state have no bounds: nothing is known of gradients there
                continue
            if (t - s) * least > most:
                raise Refused(
                    "the objective falls less than the gradient is long: the flow stands still", "checkpoints"
                )

    def _check_span(self) -> None:
        """Refuse states whose first layer has moved in a direction that is orthogonal to all inputs."""
        n_inputs = len(self.problem.inputs[0])
        for direction in orthogonal([list(x) for x in self.problem.inputs], n_inputs):
            for row in range(len(self.problem.weights[0])):
                places = range(row * n_inputs, (row + 1) * n_inputs)
                for box in self.boxes[1:]:
                    moved = [added(box[i], (-self.boxes[0][i][1], -self.boxes[0][i][0])) for i in places]
                    low, high = total([times((n, n), entry) for n, entry in zip(direction, moved, strict=True)])
                    if low > 0 or high < 0:
                        raise Refused("the first layer has moved away from the data", "checkpoints")


def radius_of(spelled: str) -> Fraction:
    """Return the radius of a tube, which is written with an exponent."""
    match = _RADIUS.fullmatch(spelled)
    if match is None:
        raise Refused("no radius", "radius")
    whole, decimals, exponent = match.groups()
    decimals = decimals or ""
    return Fraction(int(whole + decimals)) * Fraction(10) ** (int(exponent or 0) - len(decimals))


def orthogonal(rows: list[list[Fraction]], size: int) -> list[list[Fraction]]:
    """Return a basis of the vectors that are orthogonal to all rows, by elimination.

    Examples
    --------
    >>> orthogonal([[Fraction(1), Fraction(2)]], 2) == [[-2, 1]]
    True
    """
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
