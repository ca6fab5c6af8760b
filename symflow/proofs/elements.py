"""Finds what decides a comparison for all elements of polytopes: where its difference is smallest.

What is looked for is an element u at which D is smallest: its tangents show D ≥ 0, or D is negative there. The shortest
element of the polytope of the values of a term is one for this term alone, exactly. For several terms a minimum is
approached in floats, from vertex to vertex (Frank and Wolfe), then taken exactly on the face where it lies, if all
terms are squares, or rounded to simple weights. Whatever is found, the checker decides what it shows.

Examples
--------
>>> from fractions import Fraction
>>> from symflow.checker.statement_comparisons import comparison_of
>>> from symflow.checker.statement_grammar import parse_statement
>>> from symflow.checker.statement_tensors import Polytope
>>> from symflow.checker.statement_values import Scope
>>> segment = Polytope(((Fraction(2), Fraction(0)), (Fraction(0), Fraction(1))))
>>> def found(text): return find_elements(comparison_of(parse_statement(text).claims[0], Scope(None), {"s": segment}))
>>> found("5*norm2(s) >= 4")
{'below': {'s': ['2/5', '4/5']}}
>>> found("norm2(s) >= 1")
{'weights': {'s': ['1/5', '4/5']}}
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

from symflow.checker.enclosed_numbers import Enclosed, bounds_of
from symflow.checker.reading import Refused
from symflow.checker.statement_comparisons import Comparison, Term
from symflow.checker.statement_elements import holds_for_all
from symflow.checker.statement_evidence import Evidence
from symflow.exact.exponential_numbers import Scalar, to_float, to_text
from symflow.exact.linear_algebra import solve
from symflow.exact.minimal_norm import minimal_norm_point
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.proofs.numbers import exact

#: Weights of the choices of one generator of each polytope, by their number; those that are not zero.
Weights: TypeAlias = Mapping[int, Scalar]

_MOST_CHOICES = 400
_N_STEPS = 400
_N_HALVINGS = 50
_DENOMINATORS = (1, 2, 3, 4, 6, 12, 60, 1_000, 1_000_000, 10**12)
_SMALLEST_WEIGHT = 1e-7
_SIDES = {">=": (1,), ">": (1,), "<=": (-1,), "<": (-1,), "==": (1, -1), "!=": (1, -1)}
_KEYS = {1: "below", -1: "above"}
# The signs of the difference with which a comparison is false.
_FALSE = {">=": (-1,), ">": (-1, 0), "<=": (1,), "<": (1, 0), "==": (1, -1), "!=": (0,)}


def find_elements(comparison: Comparison, *, budget: Budget = NO_BUDGET) -> dict[str, Any]:
    """Return an entry that shows that a comparison holds for all elements, or that it does not.

    Raises
    ------
    Refused
        If nothing was found that shows either.
    """
    for entry in _entries(comparison, budget):
        budget.check(0)
        try:
            holds_for_all(comparison, Evidence([entry]))
        except Refused:
            continue
        return entry
    raise Refused("nothing was found that decides it for all elements of the set")


def _entries(comparison: Comparison, budget: Budget) -> Iterator[dict[str, Any]]:
    relation, sides = comparison.relation, _SIDES[comparison.relation]
    choices = list(product(*(range(len(hull.generators)) for hull in comparison.hulls.values())))
    for side in sides if relation == "!=" else sides[:1]:
        yield {_KEYS[side]: None}
    signs: dict[int, int] = {}  # of the difference: the first choice of vertices that has it
    for number, vertex in enumerate(comparison.vertices()):
        budget.check(0)
        try:
            sign = Evidence().sign(comparison.difference(vertex))
        except Refused:  # an enclosed number that is not told from zero
            continue
        if sign not in signs:
            signs[sign] = number
            if sign in _FALSE[relation]:
                yield {"weights": _spelled(comparison, choices, {number: fmpq(1)})}
    others = [_spelled(comparison, choices, {number: fmpq(1)}) for number in signs.values()]
    if relation == "!=":  # the difference may vanish between two elements
        yield from ({"weights": others[0], "other": other} for other in others[1:])
    for side in sides:
        if not comparison.needs_tangent(side):
            continue
        for weights in _lowest(comparison, side):
            budget.check(0)
            yield {_KEYS[side]: _element(comparison, choices, weights)}
            lowest = _spelled(comparison, choices, weights)
            yield {"weights": lowest}
            if relation == "!=":
                yield from ({"weights": lowest, "other": other} for other in others)


# ---------------------------------------------------------------------- where D is smallest


def _lowest(comparison: Comparison, side: int) -> Iterator[Weights]:
    """Return weights of elements at which D, or −D, may be smallest."""
    vertices = list(comparison.vertices())
    values = [[term.at(vertex) for vertex in vertices] for term in comparison.terms]
    for term, points in zip(comparison.terms, values, strict=True):
        if term.kind == "affine" or any(isinstance(x, Enclosed) for point in points for x in point):
            continue
        exactly = [tuple(exact(entry) for entry in point) for point in points]
        yield minimal_norm_point(exactly).weights
    if len(vertices) > _MOST_CHOICES:
        return
    near = _Descent(comparison.terms, values, side).weights()
    face = _on_face(comparison.terms, values, side, [v for v, weight in enumerate(near) if weight > _SMALLEST_WEIGHT])
    if face is not None:
        yield face
    for denominator in _DENOMINATORS:
        rounded = {v: Fraction(weight).limit_denominator(denominator) for v, weight in enumerate(near)}
        total = sum(rounded.values())
        if total:
            yield {
                v: fmpq(weight.numerator, weight.denominator) * fmpq(total.denominator, total.numerator)
                for v, weight in rounded.items()
                if weight
            }


class _Descent:
    """The minimum of Σ c φ(E) over weights of vertices, in floats, by moving weight from one vertex to another."""

    def __init__(self, terms: Sequence[Term], values: Sequence[Sequence[Sequence[Any]]], side: int) -> None:
        self.kinds = [term.kind for term in terms]
        self.factors = [side * _float(term.factor) for term in terms]
        self.points = [[[_float(entry) for entry in point] for point in points] for points in values]
        self.n = len(self.points[0])

    def weights(self) -> list[float]:
        """Return the weights, after some hundred steps at most."""
        at = [0.0] * self.n
        at[min(range(self.n), key=lambda v: self._value([points[v] for points in self.points]))] = 1.0
        for _ in range(_N_STEPS):
            here = [self._combined(points, at) for points in self.points]
            slopes = self._slopes(here)
            down = min(range(self.n), key=slopes.__getitem__)
            up = max((v for v in range(self.n) if at[v] > 0), key=slopes.__getitem__)
            if slopes[up] - slopes[down] < 1e-13 * (1 + abs(slopes[up])):
                break
            moves = [[a - b for a, b in zip(p[down], p[up], strict=True)] for p in self.points]
            step = self._step(here, moves, at[up])
            at[down] += step
            at[up] -= step
            if at[up] < 1e-15:
                at[up] = 0.0
        return at

    def _step(self, here: list[list[float]], moves: list[list[float]], most: float) -> float:
        def value(t: float) -> float:
            return self._value(
                [[a + t * b for a, b in zip(u, move, strict=True)] for u, move in zip(here, moves, strict=True)]
            )

        low, high = 0.0, most
        for _ in range(_N_HALVINGS):
            left, right = low + (high - low) / 3, high - (high - low) / 3
            low, high = (low, right) if value(left) <= value(right) else (left, high)
        middle = (low + high) / 2
        return most if value(most) <= value(middle) else middle

    def _combined(self, points: list[list[float]], at: list[float]) -> list[float]:
        support = [(weight, point) for weight, point in zip(at, points, strict=True) if weight]
        return [sum(weight * point[i] for weight, point in support) for i in range(len(points[0]))]

    def _value(self, here: list[list[float]]) -> float:
        total = 0.0
        for kind, factor, u in zip(self.kinds, self.factors, here, strict=True):
            squared = sum(x * x for x in u)
            total += factor * (u[0] if kind == "affine" else squared if kind == "square" else math.sqrt(squared))
        return total

    def _slopes(self, here: list[list[float]]) -> list[float]:
        slopes = [0.0] * self.n
        for kind, factor, u, points in zip(self.kinds, self.factors, here, self.points, strict=True):
            length = math.sqrt(sum(x * x for x in u))
            scale = 2.0 if kind == "square" else 1 / length if length else 0.0
            direction = [1.0] if kind == "affine" else [scale * x for x in u]
            for v, point in enumerate(points):
                slopes[v] += factor * sum(a * b for a, b in zip(direction, point, strict=True))
        return slopes


def _on_face(
    terms: Sequence[Term], values: Sequence[Sequence[Sequence[Any]]], side: int, support: Sequence[int]
) -> Weights | None:
    """Return the weights of some vertices at which a sum of squares is smallest on their affine hull, exactly."""
    if any(term.kind not in ("affine", "square") for term in terms):
        return None
    try:
        factors = [exact(term.factor) * side for term in terms]
        points = [[[exact(x) for x in of_term[v]] for v in support] for of_term in values]
    except Refused:
        return None
    if not all(isinstance(x, fmpq) for x in [*factors, *(x for p in points for point in p for x in point)]):
        return None
    rows, right = [], []
    for i in range(len(support)):  # the slope of D towards each vertex is one number, the last unknown
        row: list[Scalar] = [fmpq(0)] * len(support)
        constant: Scalar = fmpq(0)
        for term, factor, of_term in zip(terms, factors, points, strict=True):
            if term.kind == "affine":
                constant += factor * of_term[i][0]
                continue
            for j in range(len(support)):
                row[j] += 2 * factor * sum((a * b for a, b in zip(of_term[i], of_term[j], strict=True)), fmpq(0))
        rows.append([*row, fmpq(-1)])
        right.append(-constant)
    rows.append([*[fmpq(1)] * len(support), fmpq(0)])
    right.append(fmpq(1))
    found = solve(rows, right)
    if found is None or any(weight < 0 for weight in found[:-1]):
        return None
    return {v: weight for v, weight in zip(support, found[:-1], strict=True) if weight}


# ---------------------------------------------------------------------- how it is written


def _marginals(choices: Sequence[Sequence[int]], weights: Weights, place: int) -> dict[int, Scalar]:
    """Return the weights of the generators of one of the polytopes."""
    found: dict[int, Scalar] = {}
    for number, weight in weights.items():
        generator = choices[number][place]
        found[generator] = found.get(generator, fmpq(0)) + weight
    return found


def _spelled(comparison: Comparison, choices: Sequence[Sequence[int]], weights: Weights) -> dict[str, list[str]]:
    spelled = {}
    for place, (name, hull) in enumerate(comparison.hulls.items()):
        found = _marginals(choices, weights, place)
        spelled[name] = [to_text(found.get(i, fmpq(0))) for i in range(len(hull.generators))]
    return spelled


def _element(comparison: Comparison, choices: Sequence[Sequence[int]], weights: Weights) -> dict[str, list[str]]:
    spelled = {}
    for place, (name, hull) in enumerate(comparison.hulls.items()):
        found = _marginals(choices, weights, place)
        entries: list[Scalar] = [fmpq(0)] * (hull.length or 0)
        for i, weight in found.items():
            entries = [a + weight * exact(b) for a, b in zip(entries, hull.generators[i], strict=True)]
        spelled[name] = [to_text(entry) for entry in entries]
    return spelled


def _float(value: Any) -> float:
    if isinstance(value, Enclosed):
        low, high = bounds_of(value, 64)
        return float(low + high) / 2
    return float(to_float(exact(value)))
