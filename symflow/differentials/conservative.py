"""The conservative field of backpropagation: every choice of a slope at every kink, whether a cell realises it or not.

At a kink the chain rule may take any slope between the left and the right one (any weights on the maximal members of a
group), unit by unit and datum by datum. What it returns is affine in each of these choices, so that the hull of all it
may return is spanned by the extreme choices. It contains the Clarke differential, often strictly (Bolte, Pauwels 2021):
relu(x) - relu(-x) = x has {1} for the one and [0, 2] for the other at 0. The data choose independently, so the set is
kept as a sum of one finite set a datum, and is multiplied out only when its hull is asked for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from symflow.activations.base import POSITIONS, AbstractUnitActivation
from symflow.differentials.polytope import Point, Polytope, distinct_points
from symflow.errors import NotSupportedError, ShapeError
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.membership import Member
from symflow.exact.rationals import entries, fmpq, rational
from symflow.nets.at_point import function_at
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization
from symflow.showing import AbstractShown
from symflow.verdict import AbstractVerdict, Proved, Refuted

# Choices of slopes on one datum, and sums of vertices of two summands, beyond which the set is refused.
MOST_CHOICES = 4096


@final
@dataclass(frozen=True)
class ConservativeSet(AbstractShown):
    """A sum of finite sets, one a datum; what is meant is its convex hull.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F, at w.
    summands : tuple of tuples of points
        For each datum with c_k ≠ 0 the vectors c_k g, g what the chain rule returns for f_k.
    """

    function: AbstractPatternedFunction
    summands: tuple[tuple[Point, ...], ...]

    @property
    def n_sums(self) -> int:
        """The number of sums of one vector a datum, which may coincide."""
        return math.prod(len(summand) for summand in self.summands)

    @cached_property
    def hull(self) -> Polytope:
        """The convex hull of all that the chain rule may return.

        Raises
        ------
        NotSupportedError
            If there are too many sums.
        """
        points: tuple[Point, ...] = ((fmpq(0),) * len(self.function.variables),)
        for summand in self.summands:
            if len(points) * len(summand) > MOST_CHOICES:
                raise NotSupportedError(f"more than {MOST_CHOICES} sums of slope choices; take fewer data on kinks")
            # The vertices of a sum are sums of vertices.
            points = Polytope.of(_sum(p, q) for p in points for q in summand).vertices
        return Polytope.of(points)

    @property
    def vertices(self) -> tuple[Point, ...]:
        """The extreme points of the hull, sorted."""
        return self.hull.vertices

    def contains(self, element: Sequence[object]) -> AbstractVerdict:
        """Decide whether a rational vector lies in the hull: Proved with weights, Refuted with a separator."""
        names = self.function.variables
        if len(entries(element, place="element")) != len(names):
            raise ShapeError(f"{len(element)} entries, the set lies in R^{len(names)}; give one a variable")
        found = self.hull.locate([rational(entry, place=name) for entry, name in zip(element, names, strict=True)])
        if isinstance(found, Member):
            return Proved(weights=tuple(found.weights.get(i, fmpq(0)) for i in range(len(self.vertices))))
        return Refuted(separator=found.functional)

    def __repr__(self) -> str:
        count = f"{len(self.summands)} {'datum' if len(self.summands) == 1 else 'data'}"
        return f"ConservativeSet(sum over {count}, {self.n_sums} sums in R^{len(self.function.variables)}, exact)"


def conservative_outer_set(
    function: AbstractPatternedFunction | EmpiricalRisk | Realization, *, at: Sequence[object] | None = None
) -> ConservativeSet:
    """Return the set of all that backpropagation may return at a point, an outer bound of ∂F(w).

    Parameters
    ----------
    function : EmpiricalRisk, Realization or AbstractPatternedFunction
        F.
    at : sequence of numbers, optional
        The point: parameters of a risk (default: the network's own), the input of a realization.

    Raises
    ------
    NotSupportedError
        If one datum has too many kinks.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, -1]]))
    >>> conservative_outer_set(f, at=(0,)).vertices
    ((0,), (2,))
    """
    F = function_at(function, at)
    summands = []
    for datum, coefficient in enumerate(F.coefficients):
        if coefficient != 0:
            summands.append(distinct_points(_dense(F, coefficient, datum)))
    return ConservativeSet(F, tuple(summands))


def _dense(function: AbstractPatternedFunction, coefficient: Scalar, datum: int) -> Iterator[Point]:
    """Yield c_k g for every choice of slopes on a datum."""
    width = len(function.variables)
    known: set[tuple[tuple[int, fmpq], ...]] = set()
    for characters in _choices(function, datum):
        gradient = function.output_gradient(datum, characters)
        key = tuple(sorted(gradient.items()))
        if key not in known:
            known.add(key)
            yield tuple(coefficient * gradient[i] if i in gradient else fmpq(0) for i in range(width))


def _choices(function: AbstractPatternedFunction, datum: int) -> Iterator[tuple[str, ...]]:
    table = function.table
    options = [_characters(function, site) if table.sites[site].datum == datum else ("+",) for site in _all(function)]
    count = math.prod(map(len, options))
    if count > MOST_CHOICES:
        raise NotSupportedError(
            f"{count} choices of slopes on datum {datum + 1}, at most {MOST_CHOICES} are listed; "
            "clarke_differential(F) needs none of them"
        )
    return itertools.product(*options)


def _all(function: AbstractPatternedFunction) -> range:
    return range(len(function.table.sites))


def _characters(function: AbstractPatternedFunction, index: int) -> tuple[str, ...]:
    """Return the characters whose slopes the chain rule may take at a site."""
    site = function.table.sites[index]
    values = function.values_at(site)
    if site.is_group:
        largest = max(values)
        return tuple(POSITIONS[i] for i, value in enumerate(values) if value == largest)
    activation = function.network.architecture.activation(site.layer)
    assert isinstance(activation, AbstractUnitActivation)  # no group
    if values[0] == 0 and not activation.is_smooth:
        return ("-", "+")
    return ("+" if values[0] > 0 else "-",)


def _sum(left: Point, right: Point) -> Point:
    return tuple(x + y for x, y in zip(left, right, strict=True))
