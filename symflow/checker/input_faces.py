"""The faces of a piecewise-linear network at an input, walked again from the root.

A face is the set of directions d on which every preactivation that is zero at x keeps one sign of -, 0, +, and the
same members of each pooling group win. The walk compares: given the signs below, a preactivation that is zero at x (or
the lead of a member of a group over the winner so far) is a linear form in d; where it does not vanish on the span of
what is left, it may be negative, zero or positive.

A refuted outcome comes with multipliers λ >= 0, not all zero, such that Σ λᵢ ℓᵢ vanishes on the span, ℓ the forms that
are positive so far, that of the outcome last: no direction makes all of them positive. Nor can the last one be zero
then: the others would have λ = 0, and the last would vanish on the span. So a refuted outcome takes the outcome 0 with
it, and every face is among the leaves that are left. Each leaf comes with a direction in it, so that each is a face.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

from symflow.checker.networks import Forward
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused
from symflow.checker.work import Work

Vector = tuple[Fraction, ...]

Signs = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Face:
    """A relatively open cone of directions.

    Parameters
    ----------
    path : str
        The outcomes of the comparisons.
    signs : dict
        By (layer, row), from 0; of a member of a group that of its lead.
    rows : tuple of vectors
        On the span, the face is where they are positive.
    zeros : tuple of vectors
        Orthogonal to each other; the span is where they vanish.
    gradient : vector
        Of the output; on a face of less than full dimension only its products with the span mean something.
    """

    path: str
    signs: Signs
    rows: tuple[Vector, ...]
    zeros: tuple[Vector, ...]
    gradient: Vector

    @property
    def dimension(self) -> int:
        """The dimension of its span."""
        return len(self.gradient) - len(self.zeros)

    @property
    def candidate(self) -> Vector:
        """The projection of minus the gradient on the span."""
        return self.projection(tuple(-entry for entry in self.gradient))

    def projection(self, vector: Vector) -> Vector:
        """Return the orthogonal projection of a vector on the span."""
        for zero in self.zeros:
            vector = _minus(vector, _dot(vector, zero) / _dot(zero, zero), zero)
        return vector

    def contains(self, direction: Vector) -> bool:
        """Whether a direction of the span lies in the face."""
        return all(_dot(row, direction) > 0 for row in self.rows)

    def closure_contains(self, direction: Vector) -> bool:
        """Whether a direction of the span lies in the closure of the face, which is not empty."""
        return all(_dot(row, direction) >= 0 for row in self.rows)


def faces(
    problem: Problem,
    values: Forward,
    sign: int,
    refuted: Mapping[str, Mapping[int, Fraction]],
    directions: Mapping[str, Vector],
    work: Work,
) -> list[Face]:
    """Return all faces at the point that `values` belong to; the gradients are those of sign · output.

    Raises
    ------
    Refused
        If multipliers refute nothing, or a direction is not in its face, or either stands where there is nothing.
    """
    walk = _Walk(problem, values, sign, refuted, work)
    found = []
    for face in walk.run():
        direction = directions.get(face.path)
        if direction is None or any(_dot(form, direction) for form in face.zeros) or not face.contains(direction):
            raise Refused("nothing shows that this face is not empty", "faces")
        work.charge((len(face.rows) + len(face.zeros)) * len(direction))
        found.append(face)
    if len(found) != len(directions):
        raise Refused("there is no such face", "faces")
    if set(refuted) != walk.used:
        raise Refused("there is no such comparison", "refuted")
    return found


def first_change(problem: Problem, values: Forward, face: Face, velocity: Vector) -> Fraction | None:
    """Return the first positive time at which a sign of the face is lost along its direction `velocity`."""
    times: list[Fraction] = []
    rates = _rates(problem, face.signs, velocity)
    for layer, activation in enumerate(problem.activations):
        z, dz = values.preactivations[layer], rates[layer]
        if activation.name == "identity":
            continue
        groups = activation.groups if activation.name == "maxpool" else tuple((row,) for row in range(len(z)))
        for group in groups:
            if activation.name == "maxpool":
                winner = next(row for row in group if face.signs[layer, row] != "-")
                moving = [(z[r] - z[winner], dz[r] - dz[winner]) for r in group if face.signs[layer, r] == "-"]
            else:
                moving = [(z[group[0]], dz[group[0]])] if face.signs[layer, group[0]] != "0" else []
            times += [-value / rate for value, rate in moving if value * rate < 0]
    return min(times, default=None)


def _rates(problem: Problem, signs: Signs, velocity: Vector) -> list[list[Fraction]]:
    """Return the derivatives of all preactivations along a direction of a face."""
    features: Sequence[Fraction] = velocity
    rates = []
    for layer, matrix in enumerate(problem.weights):
        dz = [_dot(row, features) for row in matrix]
        rates.append(dz)
        if layer < problem.n_hidden:
            activation = problem.activations[layer]
            if activation.name == "maxpool":
                features = [next(dz[row] for row in group if signs[layer, row] != "-") for group in activation.groups]
            elif activation.name == "identity":
                features = dz
            else:
                features = [_slope(problem, layer, signs[layer, row]) * rate for row, rate in enumerate(dz)]
    return rates


@dataclass(frozen=True, slots=True)
class _Node:
    """Where the walk stands: below unit `unit` of `layer`, with the gradients that it has so far.

    Parameters
    ----------
    layer, unit : int
        From 0.
    forms : tuple of vectors
        The gradients of the preactivations of the layer.
    features : tuple of vectors
        Those of the units decided so far.
    face : Face
        Its gradient not yet known.
    """

    layer: int
    unit: int
    forms: tuple[Vector, ...]
    features: tuple[Vector, ...]
    face: Face


@final
class _Walk:
    def __init__(
        self,
        problem: Problem,
        values: Forward,
        sign: int,
        refuted: Mapping[str, Mapping[int, Fraction]],
        work: Work,
    ) -> None:
        self.problem, self.values, self.sign, self.refuted, self.work = problem, values, sign, refuted, work
        self.used: set[str] = set()
        self.width = len(values.features[0])

    def run(self) -> Iterator[Face]:
        root = Face("", {}, (), (), ())
        stack = [_Node(0, 0, self.problem.weights[0], (), root)]
        while stack:
            node = stack.pop()
            if node.layer == self.problem.n_hidden:
                gradient = tuple(self.sign * entry for entry in node.forms[self.problem.output])
                yield replace(node.face, gradient=gradient)
            else:
                stack.extend(reversed(list(self._children(node))))

    def _children(self, node: _Node) -> Iterator[_Node]:
        """Decide one unit or group."""
        activation = self.problem.activations[node.layer]
        z = self.values.preactivations[node.layer]
        if node.unit == activation.n_units(len(z)):
            yield _Node(node.layer + 1, 0, self._forms(node.layer + 1, node.features), (), node.face)
        elif activation.name == "maxpool":
            group = activation.groups[node.unit]
            largest = max(z[row] for row in group)
            maximal = [row for row in group if z[row] == largest]
            yield from self._group(node, group, maximal[:1], maximal[1:])
        elif activation.name == "identity":
            yield self._decided(node, node.face, {}, node.forms[node.unit])
        else:
            row = node.unit
            outcomes: Iterator[tuple[str, Face]]
            if z[row]:
                outcomes = iter([("+" if z[row] > 0 else "-", node.face)])
            else:
                outcomes = self._compare(node.face, node.forms[row])
            for sign, face in outcomes:
                slope = _slope(self.problem, node.layer, sign)
                feature = tuple(slope * entry for entry in node.forms[row])
                yield self._decided(node, face, {(node.layer, row): sign}, feature)

    def _group(self, node: _Node, group: Sequence[int], winners: list[int], rest: list[int]) -> Iterator[_Node]:
        if not rest:
            alone = "+" if len(winners) == 1 else "0"
            signs = {(node.layer, row): alone if row in winners else "-" for row in group}
            yield self._decided(node, node.face, signs, node.forms[winners[0]])
            return
        challenger, *others = rest
        lead = _minus(node.forms[challenger], Fraction(1), node.forms[winners[0]])
        for sign, face in self._compare(node.face, lead):
            now = {"-": winners, "0": [*winners, challenger], "+": [challenger]}[sign]
            yield from self._group(replace(node, face=face), group, now, others)

    def _decided(self, node: _Node, face: Face, signs: Signs, feature: Vector) -> _Node:
        entered = replace(face, signs={**face.signs, **signs})
        return replace(node, unit=node.unit + 1, features=(*node.features, feature), face=entered)

    def _compare(self, face: Face, form: Vector) -> Iterator[tuple[str, Face]]:
        """Return the outcomes that are not refuted, each with what is left of the face."""
        bits = max((entry.numerator.bit_length() + entry.denominator.bit_length() for entry in form), default=0)
        self.work.charge((len(face.zeros) + 1) * (self.width + 1) * (1 + bits // 64))
        on_span = face.projection(form)
        if not any(on_span):
            yield "0", face
            return
        negative = tuple(-entry for entry in form)
        below = not self._is_refuted(face, face.path + "-", negative)
        above = not self._is_refuted(face, face.path + "+", form)
        if below:
            yield "-", replace(face, path=face.path + "-", rows=(*face.rows, negative))
        if below and above:
            yield "0", replace(face, path=face.path + "0", zeros=(*face.zeros, on_span))
        if above:
            yield "+", replace(face, path=face.path + "+", rows=(*face.rows, form))

    def _is_refuted(self, face: Face, path: str, form: Vector) -> bool:
        """Whether multipliers refute an outcome; refuse those that do not."""
        if path not in self.refuted:
            return False
        self.used.add(path)
        rows, multipliers = (*face.rows, form), self.refuted[path]
        if not multipliers or any(not 0 <= i < len(rows) or m <= 0 for i, m in multipliers.items()):
            raise Refused("multipliers are positive and belong to rows", "refuted")
        self.work.charge((len(multipliers) + len(face.zeros)) * (self.width + 1))
        total: Vector = (Fraction(0),) * self.width
        for i, m in multipliers.items():
            total = _minus(total, -m, rows[i])
        if any(face.projection(total)):
            raise Refused("the combination does not vanish on the span", "refuted")
        return True

    def _forms(self, layer: int, features: Sequence[Vector]) -> tuple[Vector, ...]:
        matrix = self.problem.weights[layer]
        self.work.charge(len(matrix) * len(features) * self.width)
        forms = []
        for row in matrix:
            total: Vector = (Fraction(0),) * self.width
            for weight, feature in zip(row, features, strict=True):
                if weight:
                    total = _minus(total, -weight, feature)
            forms.append(total)
        return tuple(forms)


def _slope(problem: Problem, layer: int, sign: str) -> Fraction:
    """Return the slope of an activation on a side; on its kink the unit is 0, and any slope will do."""
    activation = problem.activations[layer]
    if sign == "-":
        return Fraction(-1) if activation.name == "abs" else activation.slope
    return Fraction(int(sign == "+"))


def _dot(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(u, v, strict=True) if a and b), start=Fraction(0))


def _minus(u: Vector, factor: Fraction, v: Vector) -> Vector:
    return tuple(a - factor * b for a, b in zip(u, v, strict=True)) if factor else u
