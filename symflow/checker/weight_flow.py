"""A result of ``symflow flow`` in the weights: what of it is exactly checkable, and what is left to trust.

Checked, from the problem and the text alone:

* ``start`` is the exact start, and the objective there;
* the conserved quantities: their list, their exact first values, and that they hold at every state in the result to
  within its digits. A wrong state fails this unless it is wrong along all of them;
* the events: their order, and that they lead from the signs at the exact start through the patterns of the arcs;
* the signs of the first layer at every state, against the pattern of its arc;
* the branches of a start on a ridge: the velocities on both sides, and the signs of their components across the kink,
  which are quotients of exponential sums.

Not checked: the digits themselves. No certificate of a Taylor series is in a result, so they are listed as not checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from symflow.checker.balancing import quantities
from symflow.checker.exponential_fractions import Number, sign
from symflow.checker.expressions import rational, scalar
from symflow.checker.hulls import is_equal
from symflow.checker.input_times import number, slack
from symflow.checker.networks import forward
from symflow.checker.problems import Activation, Problem, frozen_coefficients, read_problem, value_of
from symflow.checker.reading import Refused, Report, exactly, expect, items, optional, sized, take

_KNOWN = (
    *("command", "symflow", "problem", "variable", "status", "digits", "parameters", "events", "branches", "arcs"),
    *(
        "invariants",
        "reason",
        "uniqueness",
        "time",
        "state",
        "objective",
        "checkpoints",
        "restart",
        "is_exact",
        "start",
        "end",
    ),
)
_STATUSES = ("completed", "non_unique", "stationary", "blow_up", "zeno_suspected", "undecided")
# A unit of a deeper layer comes to vanish identically where all that feeds it does: it crosses to "0".
_KINDS = {"crossing": "+-0", "sliding": "0", "exit": "+-", "death": "0", "grazing": "+-"}
_MOST_DIGITS = 100_000


@dataclass(frozen=True, slots=True)
class _Event:
    """An event of the result, read."""

    time: Fraction
    layer: int
    neuron: int
    datum: int
    kind: str
    to: str


def check_weight_flow(report: Report, result: dict[str, object]) -> None:
    """Check a whole result of a flow in the weights."""
    report.skip_unknown(result, _KNOWN)
    problem: Problem | None = None
    digits, trained = 0, None
    with report.checking("problem"):
        tree = take(result, "problem", dict)
        problem = read_problem(tree)
        if problem.variable != "weights":
            raise Refused("this is no flow of the weights")
        flow = take(tree, "flow", dict)
        if flow.get("trained") is not None:
            trained = [exactly(name, str, "flow.trained") for name in items(flow, "trained")]
    if problem is None:
        return
    with report.checking(""):
        digits = take(result, "digits", int)
        if not 1 <= digits <= _MOST_DIGITS:
            raise Refused("no number of digits", "digits")
        if take(result, "status", str) not in _STATUSES:
            raise Refused("no such status", "status")
        expect(result.get("parameters"), list(problem.names), "parameters")
        if result.get("is_exact") is not False:
            raise Refused("numbers of a flow in the weights are not exact", "is_exact")
    if not digits:
        return
    states = _states(report, result, problem, digits)
    with report.checking("invariants"):
        _check_invariants(report, result, problem, trained, states, digits)
    with report.checking(""):
        _check_events(report, result, problem, states, digits)
    with report.checking("branches"):
        _check_branches(report, result, problem, trained)
    if take(result, "status", str) != "non_unique" or _time(result.get("time"), "time") > 0:
        report.skip(
            "time, state, objective, checkpoints: their digits (no certificate of the integration is in the file)"
        )
        report.has_too_large = True


# ---------------------------------------------------------------------- states


def _states(
    report: Report, result: dict[str, object], problem: Problem, digits: int
) -> list[tuple[Fraction, list[Fraction]]]:
    """Return (time, state) of every checkpoint and of the end; the first one is compared with the exact start."""
    found: list[tuple[Fraction, list[Fraction]]] = []
    with report.checking(""):
        until = _time(result.get("time"), "time")
        last = _numbers(items(result, "state", len(problem.names)), "state")
        rows = [("start", result.get("start")), *_checkpoints(result), ("end", result.get("end"))]
        for place, entry in rows:
            row = exactly(entry, dict, place)
            time = _time(row.get("time"), f"{place}.time")
            state = _numbers(sized(row.get("state"), len(problem.names), f"{place}.state"), f"{place}.state")
            if time > until + slack(until, digits) or (found and time < found[-1][0]):
                raise Refused("out of order", f"{place}.time")
            if place == "start" and time:
                raise Refused("is not the start", "start.time")
            if not time:
                _check_start(problem, row, state, digits, place)
                report.n_certificates += place == "start"
            found.append((time, state))
        if found[-1] != (until, last):
            raise Refused("is not the state at the end", "end")
    return found


def _checkpoints(result: dict[str, object]) -> list[tuple[str, object]]:
    return [(f"checkpoints[{i}]", entry) for i, entry in enumerate(items(result, "checkpoints"))]


def _check_start(problem: Problem, row: dict[str, object], state: Sequence[Fraction], digits: int, place: str) -> None:
    for written, exact in zip(state, problem.point, strict=True):
        if abs(written - exact) > slack(exact, digits):
            raise Refused("is not the start", f"{place}.state")
    outputs = [forward(problem, datum).preactivations[-1][problem.output] for datum in range(len(problem.inputs))]
    exact_value = value_of(problem, outputs)
    if exact_value.logarithms:
        return
    written = number(exactly(row.get("objective"), str, f"{place}.objective"), f"{place}.objective")
    allowed = slack(written, digits)
    if sign(exact_value.scalar - (written - allowed)) < 0 or sign(exact_value.scalar - (written + allowed)) > 0:
        raise Refused("is not the objective at the start", f"{place}.objective")


def _check_invariants(
    report: Report,
    result: dict[str, object],
    problem: Problem,
    trained: Sequence[str] | None,
    states: Sequence[tuple[Fraction, Sequence[Fraction]]],
    digits: int,
) -> None:
    listed = [exactly(entry, dict) for entry in items(result, "invariants")]
    known = quantities(problem, trained)
    expect([entry.get("name") for entry in listed], [quantity.name for quantity in known], "")
    for i, (entry, quantity) in enumerate(zip(listed, known, strict=True)):
        with report.checking(f"[{i}]"):
            start = quantity.at(problem.point)
            if rational(entry.get("value"), "value") != start:
                raise Refused("is not its value at the start", "value")
            for _, state in states:
                errors = [slack(value, digits) for value in state]
                if abs(quantity.at(state) - start) > quantity.room(state, errors):
                    raise Refused("a state in the result does not have it", "")
            report.n_certificates += 1


# ---------------------------------------------------------------------- events and patterns


def _check_events(
    report: Report,
    result: dict[str, object],
    problem: Problem,
    states: Sequence[tuple[Fraction, Sequence[Fraction]]],
    digits: int,
) -> None:
    end = _time(result.get("time"), "time")
    events = [_event(problem, entry, f"events[{i}]") for i, entry in enumerate(items(result, "events"))]
    for i, (event, after) in enumerate(pairwise(events), 1):
        if (event.time, event.layer, event.neuron, event.datum) > (after.time, after.layer, after.neuron, after.datum):
            raise Refused("out of order", f"events[{i}]")
    if events and events[-1].time > end + slack(end, digits):
        raise Refused("is after the end", "events")
    arcs = [exactly(entry, dict, f"arcs[{i}]") for i, entry in enumerate(items(result, "arcs"))]
    if not arcs:
        return
    signs = _signs_at_start(problem)
    before = _time(arcs[0].get("start"), "arcs[0].start")
    if before:
        raise Refused("does not begin at the start", "arcs[0].start")
    rest = list(events)
    for i, arc in enumerate(arcs):
        start, stop = _time(arc.get("start"), f"arcs[{i}].start"), _time(arc.get("end"), f"arcs[{i}].end")
        if start != before or stop < start:
            raise Refused("does not join the arc before", f"arcs[{i}].start")
        met = [event for event in rest if event.time <= start + slack(start, digits)]
        rest = rest[len(met) :]
        pattern = _pattern(problem, arc.get("pattern"), f"arcs[{i}].pattern")
        _check_change(problem, signs, met, pattern, f"arcs[{i}].pattern")
        signs, before = pattern, stop
        _check_signs(problem, pattern, states, (start, stop), digits, f"arcs[{i}].pattern")
        report.n_certificates += 1
    final = {event for event in rest if event.time < before - slack(before, digits)}
    if final:
        raise Refused("an event inside an arc", "events")


def _event(problem: Problem, entry: object, place: str) -> _Event:
    tree = exactly(entry, dict, place)
    layer, neuron, datum = (take(tree, key, int) for key in ("layer", "neuron", "datum"))
    kind, to = take(tree, "kind", str), take(tree, "to", str)
    if not 1 <= layer <= problem.n_hidden or not 1 <= datum <= len(problem.inputs):
        raise Refused("no such unit or datum", place)
    if not 1 <= neuron <= len(problem.weights[layer - 1]):
        raise Refused("no such neuron", place)
    if kind not in _KINDS or to not in _KINDS[kind] or len(to) != 1 or (kind, to, layer) == ("crossing", "0", 1):
        raise Refused("no such event", place)
    return _Event(_time(tree.get("time"), f"{place}.time"), layer, neuron, datum, kind, to)


#: The character of each unit that has one, by (layer, unit, datum) from 1.
_Signs = dict[tuple[int, int, int], str]


def _units(problem: Problem) -> list[tuple[int, int]]:
    """Return the (layer, unit) that have a character, in the order of a word."""
    return [
        (layer, unit + 1)
        for layer, activation in enumerate(problem.activations, 1)
        if activation.name != "identity"
        for unit in range(activation.n_units(len(problem.weights[layer - 1])))
    ]


def _pattern(problem: Problem, written: object, place: str) -> _Signs:
    words = exactly(written, str, place).split("|") if _units(problem) else [""] * len(problem.inputs)
    units = _units(problem)
    if len(words) != len(problem.inputs) or any(len(word) != len(units) for word in words):
        raise Refused("not a pattern of this problem", place)
    return {
        (layer, unit, datum): character
        for datum, word in enumerate(words, 1)
        for (layer, unit), character in zip(units, word, strict=True)
    }


def _signs_at_start(problem: Problem) -> _Signs:
    """Return the exact signs at the start; "0" at a kink, where an event or nothing may follow."""
    signs: _Signs = {}
    for datum in range(len(problem.inputs)):
        values = forward(problem, datum).preactivations
        for layer, unit in _units(problem):
            if problem.activations[layer - 1].name == "maxpool":
                continue
            z = values[layer - 1][unit - 1]
            signs[layer, unit, datum + 1] = "+" if z > 0 else "-" if z < 0 else "0"
    return signs


def _check_change(problem: Problem, before: _Signs, met: Sequence[_Event], after: _Signs, place: str) -> None:
    """Refuse a pattern that the events do not lead to. A unit in a layer above the first may be 0 identically."""
    signs = dict(before)
    for event in met:
        key = (event.layer, event.neuron, event.datum)
        if key in signs:
            signs[key] = event.to
    for key, character in signs.items():
        if problem.activations[key[0] - 1].name == "maxpool":
            continue  # a group's winner; the events name its members
        if after[key] != character and not (key[0] > 1 and "0" in (character, after[key])):
            raise Refused(f"no event turns neuron {key[1]} of layer {key[0]} on datum {key[2]}", place)


def _check_signs(
    problem: Problem,
    pattern: _Signs,
    states: Sequence[tuple[Fraction, Sequence[Fraction]]],
    span: tuple[Fraction, Fraction],
    digits: int,
    place: str,
) -> None:
    """Refuse a pattern that a state inside its arc contradicts by more than its digits, in the first layer."""
    names = {name: p for p, name in enumerate(problem.names)}
    n_inputs = len(problem.inputs[0])
    for (layer, unit, datum), character in pattern.items():
        if layer > 1 or character not in "+-0":
            continue
        x = [*problem.inputs[datum - 1], Fraction(1)]
        places = [names[f"W1[{unit},{j + 1}]"] for j in range(n_inputs)]
        if problem.biases is not None:
            places.append(names[f"b1[{unit}]"])
        for time, state in states:
            if not span[0] <= time <= span[1]:
                continue
            z = sum((state[p] * entry for p, entry in zip(places, x, strict=False)), start=Fraction(0))
            room = sum((slack(state[p], digits) * abs(e) for p, e in zip(places, x, strict=False)), start=Fraction(0))
            found = "+" if z > room else "-" if z < -room else character
            if found != character:
                raise Refused(f"a state has another sign of neuron {unit} on datum {datum}", place)


# ---------------------------------------------------------------------- branches


def _check_branches(report: Report, result: dict[str, object], problem: Problem, trained: Sequence[str] | None) -> None:
    """Check the branches of an exact start, those of each neuron at its kink; others are listed as not checked.

    The neurons are independent there: what each of them does at once depends on the signals alone.
    """
    branches = optional(result, "branches", list)
    if take(result, "status", str) == "non_unique" and not branches:
        raise Refused("no branch is listed")
    if not branches:
        return
    listed = [exactly(entry, dict, f"[{i}]") for i, entry in enumerate(branches)]
    kinds = [take(entry, "kind", str) for entry in listed]
    if _time(result.get("time"), "time") > 0 or problem.n_hidden != 1 or not set(kinds) <= {"+", "-", "ridge"}:
        report.skip("their certificates (not at the start, or of several kinks)")
        report.has_too_large = True
        return
    together: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for i, entry in enumerate(listed):
        events = tuple(tuple(exactly(k, int) for k in sized(event, 3)) for event in items(entry, "events"))
        together.setdefault(events, []).append(i)
    if len({neuron for events in together for _, neuron, _ in events}) < len(together):
        raise Refused("the branches of one neuron meet different kinks")
    for events, members in together.items():
        wall = _Wall(problem, trained, events)
        known = wall.kinds()
        if known is None:
            report.skip("their certificates (a velocity along the kink: first order does not decide)")
            report.has_too_large = True
            continue
        expect(sorted(kinds[i] for i in members), sorted(known), "")
        for i in members:
            with report.checking(f"[{i}]"):
                certificate = take(listed[i], "certificate", dict)
                written = [scalar(value) for value in items(certificate, "velocities", len(wall.normal))]
                if not is_equal(written, wall.velocity(kinds[i])):
                    raise Refused("not the velocity there", "certificate.velocities")
                report.n_certificates += 1


class _Wall:
    """The kink of one first-layer neuron on parallel data, at the exact start."""

    def __init__(self, problem: Problem, trained: Sequence[str] | None, events: Sequence[Sequence[int]]) -> None:
        neurons = {(layer, neuron) for layer, neuron, _ in events}
        if len(neurons) != 1:
            raise Refused("expected kinks of one neuron")
        ((layer, neuron),) = neurons
        n_data = len(problem.inputs)
        if layer != 1 or not 1 <= neuron <= len(problem.weights[0]) or problem.activations[0].name == "maxpool":
            raise Refused("no such kink")
        self.problem, self.neuron = problem, neuron - 1
        self.has_weights = trained is None or "W1" in trained
        self.has_bias = problem.biases is not None and (trained is None or "b1" in trained)
        self.values = [forward(problem, datum).preactivations for datum in range(n_data)]
        outputs = [values[-1][problem.output] for values in self.values]
        self.coefficients = frozen_coefficients(problem, outputs)
        self.normals = [self._moving(x) for x in problem.inputs]
        data = sorted({datum - 1 for _, _, datum in events})
        at_kink = [k for k in range(n_data) if self.values[k][0][self.neuron] == 0 and any(self.normals[k])]
        if data != at_kink:
            raise Refused("the neuron's kinks at the start are others")
        self.normal = self.normals[data[0]]
        self.multiples = {k: _multiple(self.normals[k], self.normal) for k in data}
        self.velocities = {side: self._velocity(side) for side in (1, -1)}
        self.across = {side: _product(self.normal, v) for side, v in self.velocities.items()}

    def kinds(self) -> list[str] | None:
        """Return the continuations that there are; None where first order does not decide.

        On a side without an active datum the neuron does not move, so nothing enters it; it may rest on its boundary.
        With an output weight that is 0 the second order decides.
        """
        if not self.problem.weights[1][self.problem.output][self.neuron]:
            return None
        plus, minus = sign(self.across[1]), sign(self.across[-1])
        if (not plus and self.is_alive(1)) or (not minus and self.is_alive(-1)):
            return None
        found = [kind for kind, holds in (("+", plus > 0), ("-", minus < 0), ("ridge", plus != minus)) if holds]
        if len(found) < 2:
            raise Refused("there is one continuation only")
        return found

    def is_alive(self, side: int) -> bool:
        """Whether the neuron has a datum with a slope on a side."""
        activation = self.problem.activations[0]
        return any(self._slope(activation, k, side) and any(normal) for k, normal in enumerate(self.normals))

    def velocity(self, kind: str) -> list[Number]:
        """Return the velocity of the neuron's moving weights on a continuation."""
        if kind != "ridge":
            return self.velocities[1 if kind == "+" else -1]
        share = self.across[1] * (1 / _square(self.normal))
        return [v - share * n for v, n in zip(self.velocities[1], self.normal, strict=True)]

    def _moving(self, x: Sequence[Fraction]) -> list[Fraction]:
        return [*(x if self.has_weights else ()), *((Fraction(1),) if self.has_bias else ())]

    def _velocity(self, side: int) -> list[Number]:
        """Return minus the gradient on one side: minus a times the sum of c slope n over the data."""
        activation = self.problem.activations[0]
        outer = self.problem.weights[1][self.problem.output][self.neuron]
        total: list[Number] = [Fraction(0)] * len(self.normal)
        for k, normal in enumerate(self.normals):
            factor = -outer * self._slope(activation, k, side) * self.coefficients[k]
            total = [t + factor * n for t, n in zip(total, normal, strict=True)]
        return total

    def _slope(self, activation: Activation, datum: int, side: int) -> Fraction:
        z = self.values[datum][0][self.neuron]
        is_on = (z if datum not in self.multiples else side * self.multiples[datum]) > 0
        below = {"relu": Fraction(0), "abs": Fraction(-1), "leaky_relu": activation.slope}
        if activation.name not in below:
            raise Refused("an activation without a kink")
        return Fraction(1) if is_on else below[activation.name]


def _multiple(vector: Sequence[Fraction], of: Sequence[Fraction]) -> Fraction:
    place = next(i for i, entry in enumerate(of) if entry)
    factor = vector[place] / of[place]
    if any(a != factor * b for a, b in zip(vector, of, strict=True)) or not factor:
        raise Refused("kinks of several walls")
    return factor


def _product(u: Sequence[Fraction], v: Sequence[Number]) -> Number:
    total: Number = Fraction(0)
    for a, b in zip(u, v, strict=True):
        total = total + b * a
    return total


def _square(u: Sequence[Fraction]) -> Fraction:
    return sum((a * a for a in u), start=Fraction(0))


# ---------------------------------------------------------------------- reading


def _time(written: object, place: str) -> Fraction:
    found = number(exactly(written, str, place), place)
    if found < 0:
        raise Refused("before the start", place)
    return found


def _numbers(entries: Sequence[object], place: str) -> list[Fraction]:
    return [number(exactly(entry, str, place), place) for entry in entries]
