"""The sum rule: when ∂(sum_k c_k f_k)(w) is the sum of the c_k ∂f_k(w).

It is contained in it, always; equality is the sum rule that a chain rule datum by datum takes for granted. Theorem
4: for one hidden layer of activations unit by unit it holds if and only if for every neuron j the spans of {x_k : k
in K_j, c_jk > 0} and of {x_k : k in K_j, c_jk < 0} meet in 0 only, where K_j are the data x_k ≠ 0 on which the
neuron vanishes and c_jk = c_k v_j. A common vector refutes it. Otherwise (pooling, deep nets) the two exact sets
are compared: the sum lies in the set iff its vertices do.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.factor import Factor
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.linear_algebra import span_intersection
from symflow.exact.membership import Member, Separated
from symflow.exact.rationals import fmpq, rational
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.objective import Combination
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.showing import AbstractShown

# Vertices of the sum that are compared one by one; beyond it the question stays open.
MOST_SUMS = 4096


@final
@dataclass(frozen=True, slots=True)
class VertexSum:
    """A sum of one vertex of each summand, in the variables of one factor of the set, held against it.

    Parameters
    ----------
    factor : int
        Which factor of the set (from 0).
    choice : tuple of int
        The vertex of each summand.
    verdict : Member or Separated
        Weights on the vertices of the factor, or a functional that separates the sum from it.
    """

    factor: int
    choice: tuple[int, ...]
    verdict: Member | Separated


@final
@dataclass(frozen=True)
class Comparison:
    """The sum rule decided by comparing the exact sets.

    Parameters
    ----------
    data : tuple of int
        The data (from 0) with c_k ≠ 0.
    parts : tuple of ClarkeDifferential
        Their sets ∂(c_k f_k)(w).
    sums : tuple of VertexSum
        All sums with their weights where the rule holds; one that lies outside where it fails.
    """

    data: tuple[int, ...]
    parts: tuple[ClarkeDifferential, ...]
    sums: tuple[VertexSum, ...]

    def __repr__(self) -> str:
        return f"Comparison({len(self.parts)} sets, {len(self.sums)} sums of vertices, exact)"


@final
@dataclass(frozen=True)
class SumRule(AbstractShown):
    """Whether the sum rule holds, with what shows it.

    Parameters
    ----------
    holds : bool or None
        None where it is undecided.
    neuron : int or None
        Where Theorem 4 refutes it: the neuron (from 1).
    vector : tuple of fmpq or None
        A nonzero vector in both spans.
    comparison : Comparison or None
        Where Theorem 4 does not apply.
    """

    holds: bool | None
    neuron: int | None = None
    vector: Vector | None = None
    comparison: Comparison | None = None

    def __repr__(self) -> str:
        if self.holds is None:
            return "SumRule(undecided)"
        where = "" if self.neuron is None else f" at neuron {self.neuron}"
        return f"SumRule({'holds' if self.holds else 'fails'}{where}, exact)"


def sum_rule(whole: ClarkeDifferential, *, budget: Budget = NO_BUDGET) -> SumRule | None:
    """Decide the sum rule; None with one datum, or as a function of the input.

    Parameters
    ----------
    whole : ClarkeDifferential
        ∂F(w).
    budget : Budget
        For the sets of the single data, where Theorem 4 does not apply.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> R = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1]))
    >>> found = sum_rule(clarke_differential(R))
    >>> found.holds, found.neuron, found.vector
    (False, 1, (1, 1))
    """
    function = whole.function
    if function.variable == "input" or function.n_data == 1:
        return None
    if theorem_4_applies(function):
        return _by_theorem_4(function)
    if not whole.is_exact:
        return SumRule(None)
    data = tuple(k for k, c in enumerate(function.coefficients) if c != 0)
    parts = tuple(clarke_differential(_summand(function, k), budget=budget) for k in data)
    if not all(part.is_exact for part in parts):
        return SumRule(None)
    return _by_comparison(whole, data, parts)


def theorem_4_applies(function: AbstractPatternedFunction) -> bool:
    """Whether the net has at most one hidden layer, of activations unit by unit, and F is a function of the weights."""
    shape = function.network.architecture
    if function.variable != "weights" or shape.n_hidden_layers > 1:
        return False
    return not any(activation.is_group for activation in shape.activations)


def _by_theorem_4(function: AbstractPatternedFunction) -> SumRule:
    shape = function.network.architecture
    if shape.n_hidden_layers == 0 or shape.activation(1).is_smooth:
        return SumRule(True)
    for neuron, outer in enumerate(function.network.weights[1][function.output]):
        positive: list[Vector] = []
        negative: list[Vector] = []
        for x, layers, c in zip(function.inputs, function.preactivations, function.coefficients, strict=True):
            x_one = (*x, fmpq(1)) if shape.has_biases else x
            weight = c * outer
            if layers[0][neuron] == 0 and weight != 0 and any(entry != 0 for entry in x_one):
                (positive if weight > 0 else negative).append(x_one)
        if positive and negative:
            vector = span_intersection(positive, negative)
            if vector is not None:
                return SumRule(False, neuron + 1, tuple(rational(entry) for entry in vector))
    return SumRule(True)


def _summand(function: AbstractPatternedFunction, datum: int) -> AbstractPatternedFunction:
    """Return c_k f_k alone."""
    objective = Combination((function.coefficients[datum],))
    return type(function)(function.network, (function.inputs[datum],), objective, output=function.output)


def _by_comparison(whole: ClarkeDifferential, data: tuple[int, ...], parts: tuple[ClarkeDifferential, ...]) -> SumRule:
    """Compare the Minkowski sum with the set, factor by factor (a sum of products is the product of the sums)."""
    sums: list[VertexSum] = []
    for i, factor in enumerate(whole.factors):
        vertices = [vertices_in(part, i, factor) for part in parts]
        if math.prod(map(len, vertices)) + len(sums) > MOST_SUMS:
            return SumRule(None)
        known: dict[Point, Member | Separated] = {}
        for choice in itertools.product(*(range(len(options)) for options in vertices)):
            point = _sum([options[v] for options, v in zip(vertices, choice, strict=True)], len(factor.places))
            if point not in known:
                known[point] = factor.inner.locate(point)
            sums.append(VertexSum(i, choice, known[point]))
            if isinstance(known[point], Separated):
                return SumRule(False, comparison=Comparison(data, parts, (sums[-1],)))
    return SumRule(True, comparison=Comparison(data, parts, tuple(sums)))


def vertices_in(part: ClarkeDifferential, index: int, factor: Factor) -> tuple[Point, ...]:
    """Return the vertices of one summand in the variables of factor `index` of the set."""
    if part.is_product:
        return part.factors[index].inner.vertices
    return tuple(tuple(vertex[place] for place in factor.places) for vertex in part.vertices)


def _sum(points: Sequence[Point], width: int) -> Point:
    total: list[Scalar] = [fmpq(0)] * width
    for point in points:
        total = [x + y for x, y in zip(total, point, strict=True)]
    return tuple(total)
