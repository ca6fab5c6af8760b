"""The sum rule: when ∂(sum_k c_k f_k)(w) is the sum of the c_k ∂f_k(w).

It is contained in it, always; equality is the sum rule that a chain rule datum by datum takes for granted. Theorem
4: for one hidden layer of activations unit by unit it holds if and only if for every neuron j the spans of {x_k : k
in K_j, c_jk > 0} and of {x_k : k in K_j, c_jk < 0} meet in 0 only, where K_j are the data x_k ≠ 0 on which the
neuron vanishes and c_jk = c_k v_j. A common vector refutes it. Otherwise (pooling, deep nets) the two exact sets
are compared: the sum lies in the set iff its vertices do.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.factor import Factor
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.linear_algebra import span_intersection
from symflow.exact.membership import Separated
from symflow.exact.rationals import fmpq, rational
from symflow.nets.network import Vector
from symflow.nets.patterned_function import AbstractPatternedFunction

# Vertices of the sum that are compared one by one; beyond it the question stays open.
MOST_SUMS = 4096


@final
@dataclass(frozen=True, slots=True)
class SumRule:
    """Whether the sum rule holds, with what shows it.

    Parameters
    ----------
    holds : bool or None
        None where it is undecided.
    neuron : int or None
        Where Theorem 4 refutes it: the neuron (from 1).
    vector : tuple of fmpq or None
        A nonzero vector in both spans.
    """

    holds: bool | None
    neuron: int | None = None
    vector: Vector | None = None


def sum_rule(whole: ClarkeDifferential, parts: Sequence[ClarkeDifferential] | None = None) -> SumRule | None:
    """Decide the sum rule; None with one datum, or as a function of the input.

    Parameters
    ----------
    whole : ClarkeDifferential
        ∂F(w).
    parts : sequence of ClarkeDifferential, optional
        The sets ∂(c_k f_k)(w), one a datum; needed unless Theorem 4 applies.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> R = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1]))
    >>> sum_rule(clarke_differential(R))
    SumRule(holds=False, neuron=1, vector=(1, 1))
    """
    function = whole.function
    if function.variable == "input" or function.n_data == 1:
        return None
    if theorem_4_applies(function):
        return _by_theorem_4(function)
    if parts is None or not whole.is_exact or not all(part.is_exact for part in parts):
        return SumRule(None)
    return _by_comparison(whole, parts)


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


def _by_comparison(whole: ClarkeDifferential, parts: Sequence[ClarkeDifferential]) -> SumRule:
    """Compare the Minkowski sum with the set, factor by factor (a sum of products is the product of the sums)."""
    undecided = False
    for i, factor in enumerate(whole.factors):
        sums = _sums([_part(part, i, factor) for part in parts])
        if sums is None:
            undecided = True
        elif any(isinstance(factor.inner.locate(point), Separated) for point in sums):
            return SumRule(False)
    return SumRule(None if undecided else True)


def _part(part: ClarkeDifferential, index: int, factor: Factor) -> tuple[Point, ...]:
    """Return the vertices of one summand in the variables of a factor."""
    if part.is_product:
        return part.factors[index].inner.vertices
    return tuple(tuple(vertex[place] for place in factor.places) for vertex in part.vertices)


def _sums(summands: Sequence[tuple[Point, ...]]) -> tuple[Point, ...] | None:
    """Return all sums of one vertex each, or None where they are too many."""
    total: set[Point] = {()}
    for vertices in summands:
        if len(total) * len(vertices) > MOST_SUMS:
            return None
        total = {_plus(a, b) for a, b in itertools.product(total, vertices)}
    return tuple(sorted(total))


def _plus(a: Point, b: Point) -> Point:
    if not a:
        return b
    result: list[Scalar] = [x + y for x, y in zip(a, b, strict=True)]
    return tuple(result)
