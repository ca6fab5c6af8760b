"""In which sense a point is stationary, and, where it is no local minimum, a way down.

Clarke stationary, 0 in ∂F(w), is weak: local maxima such as that of -|x| are. Fréchet stationary, F'(w; v) >= 0 for all
v, is what every local minimum is; for F piecewise linear it is exactly that, since F(w + v) = F(w) + F'(w; v) near w.

A descent is shown, not only claimed: a rational v with F'(w; v) < 0, or an arc t d_1 + t^2 d_2 + .. along which F' is 0
and the first nonzero term of F negative (``germs.py``); in both cases with a step t = 2^-k at which F is lower, both
values exact. Arcs are looked for among those that enter the cells at w, and in small integer directions; that none is
found proves nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

from symflow.differentials.clarke import Differentiable, differential_at
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.directional import directional_derivative
from symflow.differentials.germs import LeadingTerm, leading_term
from symflow.differentials.regularity import (
    is_clarke_regular,
    is_differentiable,
    is_frechet_stationary,
    is_strictly_differentiable,
)
from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.logarithms import LogarithmicNumber, value_enclosure
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.objective import Combination, Output, Value
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.showing import AbstractShown
from symflow.verdict import AbstractVerdict, Proved, Refuted, Undecided

# Steps 2^-k that are tried where F is known to fall.
_MOST_HALVINGS = 200

# Small integer directions that are tried, from a fixed seed.
_N_DIRECTIONS = 60

# Beyond this many cells of a factor their arcs are not tried.
_MOST_ARCS = 200


@final
@dataclass(frozen=True)
class Descent:
    """A way down, shown.

    Parameters
    ----------
    arc : tuple of vectors
        d_1, d_2, ..: the points are w + t d_1 + t^2 d_2 + ..; one direction where F' < 0 along it.
    derivative : Scalar
        F'(w; d_1): negative, or 0 where the descent is of higher order.
    term : LeadingTerm
        F(w(t)) = F(w) + a t^m + .. with a < 0; m = 1 where the derivative is negative.
    step : fmpq or None
        A t > 0, a power of 1/2, at which F was seen to be lower; None where none was (logarithms too near).
    before : Value
        F at w.
    after : Value or None
        F at the step.
    """

    arc: tuple[Vector, ...]
    derivative: Scalar
    term: LeadingTerm
    step: fmpq | None
    before: Value
    after: Value | None

    @property
    def direction(self) -> Vector:
        """The first direction d_1."""
        return self.arc[0]

    def __repr__(self) -> str:
        step = "" if self.step is None else f", lower at t = {self.step}"
        return f"Descent(of order {self.term.order} in R^{len(self.direction)}{step}, exact)"


@final
@dataclass(frozen=True)
class StationarityReport(AbstractShown):
    """What kind of point w is.

    Parameters
    ----------
    differential : ClarkeDifferential
        ∂F(w).
    clarke : AbstractVerdict
        Whether 0 lies in it.
    frechet : AbstractVerdict
        Whether F'(w; v) >= 0 for all v.
    strictly_differentiable, differentiable, regular : AbstractVerdict
        As in ``regularity.py``.
    local_minimum : AbstractVerdict
        Proved for piecewise-linear F only; Refuted by a descent.
    descent : Descent or None
        A way down, where one was found.
    """

    differential: ClarkeDifferential
    clarke: AbstractVerdict
    frechet: AbstractVerdict
    strictly_differentiable: AbstractVerdict
    differentiable: AbstractVerdict
    regular: AbstractVerdict
    local_minimum: AbstractVerdict
    descent: Descent | None

    def __repr__(self) -> str:
        asked = {
            "Clarke": self.clarke,
            "Fréchet": self.frechet,
            "differentiable": self.differentiable,
            "local minimum": self.local_minimum,
        }
        words = ", ".join(f"{name} {type(verdict).__name__.lower()}" for name, verdict in asked.items())
        return f"StationarityReport({words})"


def stationarity(
    differential: Differentiable, at: Sequence[object] | None = None, *, budget: Budget = NO_BUDGET
) -> StationarityReport:
    """Return in which sense w is stationary, and a way down where one is found.

    Parameters
    ----------
    differential : ClarkeDifferential, or a function
        ∂F(w), or F: a risk, a realization.
    at : sequence of numbers, optional
        The point, where a function is given.
    budget : Budget
        What it does not suffice for is undecided.

    Examples
    --------
    -|x| at 0: Clarke stationary, and down on both sides.

    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> report = stationarity(clarke_differential(Realization(Network.from_weights([[1], [-1]], [[-1, -1]])), at=(0,)))
    >>> report.clarke.is_proved, report.frechet
    (True, Refuted(direction=(-1,), value=-1))
    >>> report.descent.direction, report.descent.step, report.descent.after
    ((-1,), 1, -1)
    """
    differential = differential_at(differential, at, budget=budget)
    function = differential.function
    frechet = is_frechet_stationary(differential, budget=budget)
    descent = _descent(differential, frechet, budget)
    local_minimum: AbstractVerdict = Undecided(reason="no descent was found, and none was excluded")
    if descent is not None:
        local_minimum = Refuted(descent=descent)
    elif frechet.is_proved and is_piecewise_linear(function):
        local_minimum = Proved(certificates=frechet.evidence["certificates"])
    return StationarityReport(
        differential,
        differential.is_clarke_stationary,
        frechet,
        is_strictly_differentiable(differential),
        is_differentiable(differential, budget=budget),
        is_clarke_regular(differential, budget=budget),
        local_minimum,
        descent,
    )


def is_piecewise_linear(function: AbstractPatternedFunction) -> bool:
    """Whether F is piecewise linear because of its form: an output as a function of the input, or a linear net.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> is_piecewise_linear(Realization(Network.from_weights([[1]], [[1]])).at((0,)))
    True
    """
    shape = function.network.architecture
    if not isinstance(function.objective, Output | Combination):
        return False
    if function.variable == "weights":
        return shape.n_layers == 1
    return all(activation.is_piecewise_linear for activation in shape.activations)


def value_along(function: AbstractPatternedFunction, arc: Sequence[Vector], step: fmpq) -> Value:
    """Return F(w + t d_1 + t^2 d_2 + ..), exactly.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> value_along(Realization(Network.from_weights([[1]], [[3]])).at((0,)), [(fmpq(2),)], fmpq(1, 4))
    3/2
    """
    point = list(function.point)
    power = step
    for direction in arc:
        point = [x + power * d for x, d in zip(point, direction, strict=True)]
        power *= step
    network, inputs = function.network, function.inputs
    if function.variable == "weights":
        network = network.with_parameters(point)
    else:
        inputs = (tuple(point),)
    return type(function)(network, inputs, function.objective, output=function.output).value


def _descent(differential: ClarkeDifferential, frechet: AbstractVerdict, budget: Budget) -> Descent | None:
    function = differential.function
    if frechet.is_refuted:
        direction, value = frechet.evidence["direction"], frechet.evidence["value"]
        return _shown(function, (direction,), value, LeadingTerm(1, value))
    for arc in _arcs(differential):
        if budget.deadline is not None and time.monotonic() > budget.deadline:
            return None
        term = leading_term(function, arc)
        if term is not None and sign(term.coefficient) < 0:
            return _shown(function, arc, directional_derivative(function, arc[0]), term)
    return None


def _arcs(differential: ClarkeDifferential) -> Iterator[tuple[Vector, ...]]:
    """Yield arcs that may lead down though no first-order term falls; the same ones each time."""
    width = len(differential.function.variables)
    for factor in differential.factors:
        for cell in factor.incident.cells[:_MOST_ARCS]:
            if cell.arc:
                yield cell.arc
    draw = random.Random(20260101)
    for size in range(_N_DIRECTIONS):
        # First few entries, then more: saddles are most often seen in two or three coordinates.
        chosen = draw.sample(range(width), min(width, 2 + size // 20))
        signs = {place: draw.choice((-1, 1)) for place in chosen}
        yield (tuple(fmpq(signs.get(place, 0)) for place in range(width)),)


def _shown(
    function: AbstractPatternedFunction, arc: tuple[Vector, ...], derivative: Scalar, term: LeadingTerm
) -> Descent:
    before = function.value
    # The first step moves no variable by more than 1: far away a risk has values too large to compare.
    largest = max([fmpq(1), *(abs(entry) for direction in arc for entry in direction)])
    first = (int(largest.ceil()) - 1).bit_length()
    for k in range(first, first + _MOST_HALVINGS):
        step = fmpq(1, 2**k)
        after = value_along(function, arc, step)
        if _is_less(after, before):
            return Descent(arc, derivative, term, step, before, after)
    return Descent(arc, derivative, term, None, before, None)


def _is_less(left: Value, right: Value) -> bool:
    """Whether left < right is proved; of numbers with logarithms by balls, which may leave it open."""
    difference = right - left
    if not isinstance(difference, LogarithmicNumber):
        return sign(difference) > 0
    return any(bool(value_enclosure(difference, bits) > 0) for bits in (64, 512))
