"""What automatic differentiation returns at a kink, and whether it is a Clarke subgradient.

A chain rule needs a slope at every kink. Each *convention* fixes one: "autodiff" what the common frameworks take
(relu'(0) = abs'(0) = 0, the left slope for leaky_relu, the first maximal member of a pooling group), "lower",
"middle" and "upper" the left slope, the mean and the right slope (first, average and last maximal member). The
vector that comes out is an element of a conservative field (Bolte, Pauwels 2021), not always of the Clarke
differential. Two propositions say beforehand that it is:

* Proposition 5: with one hidden layer, the half slope is safe, since the cells come in pairs s, -s.
* Proposition 8: relu, any depth, as a function of the weights: relu'(0) = 0 is safe if for every first-layer neuron
  the data on its kink lie in an open half-space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.activations.base import CONVENTIONS, AbstractUnitActivation, Convention
from symflow.differentials.clarke import Differentiable, differential_at, function_of
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.polytope import Point
from symflow.exact.linear_program import StrictSolution, strict_feasibility
from symflow.exact.rationals import fmpq, rational
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.showing import AbstractShown
from symflow.verdict import AbstractVerdict


@final
@dataclass(frozen=True)
class Selection(AbstractShown):
    """What one convention returns.

    Parameters
    ----------
    name : str
        "autodiff", "lower", "middle" or "upper".
    gradient : point
        The vector that the chain rule gives.
    verdict : AbstractVerdict
        Whether it lies in the Clarke differential: Proved with weights, Refuted with a separator, Undecided.
    """

    name: str
    gradient: Point
    verdict: AbstractVerdict

    def __repr__(self) -> str:
        known = "" if self.verdict.is_undecided else ", exact"
        return f"Selection({self.name}, in R^{len(self.gradient)}: {type(self.verdict).__name__.lower()}{known})"


@final
@dataclass(frozen=True)
class Audit(AbstractShown):
    """What the usual conventions return at a point.

    Parameters
    ----------
    differential : ClarkeDifferential
        The set they are held against.
    selections : tuple of Selection
        One a convention.
    safe_by : str or None
        The proposition that puts "autodiff" in the set beforehand.
    directions : dict
        For Proposition 8: a direction d for each first-layer neuron (from 1) with <d, x_k> < 0 for the data on its
        kink.
    """

    differential: ClarkeDifferential
    selections: tuple[Selection, ...]
    safe_by: str | None
    directions: dict[int, Vector]

    @property
    def autodiff(self) -> Selection:
        """The selection of automatic differentiation."""
        return self.selections[0]

    def __repr__(self) -> str:
        words = ", ".join(f"{each.name} {type(each.verdict).__name__.lower()}" for each in self.selections)
        return f"Audit({words})"


def autodiff_selection(
    function: Differentiable,
    at: Sequence[object] | None = None,
    *,
    slope_at_zero: object | None = None,
) -> Point:
    """Return what the chain rule gives at a point, with automatic differentiation's slopes at the kinks.

    Parameters
    ----------
    function : EmpiricalRisk, Realization or AbstractPatternedFunction
        F; or its differential, which knows F.
    at : sequence of numbers, optional
        The point: parameters of a risk (default: the network's own), the input of a realization.
    slope_at_zero : number, optional
        One slope for every unit on a kink instead.

    Examples
    --------
    relu(x) - relu(-x) is x, but the chain rule gives 0 at 0; the half slope gives the derivative.

    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, -1]])).at((0,))
    >>> autodiff_selection(f), autodiff_selection(f, slope_at_zero="1/2")
    ((0,), (1,))
    """
    F = function_of(function, at)
    convention: Convention = "autodiff" if slope_at_zero is None else rational(slope_at_zero, place="slope_at_zero")
    return F.conventional_gradient(convention)


def select(differential: ClarkeDifferential, convention: str) -> Selection:
    """Return what one convention gives, held against the set."""
    gradient = differential.function.conventional_gradient(convention)
    return Selection(convention, gradient, differential.contains(gradient))


def audit(
    function: Differentiable,
    at: Sequence[object] | None = None,
    *,
    budget: Budget = NO_BUDGET,
) -> Audit:
    """Return what each convention gives at the point, and whether it lies in the set.

    Parameters
    ----------
    function : ClarkeDifferential, EmpiricalRisk, Realization or AbstractPatternedFunction
        ∂F(w), or F.
    at : sequence of numbers, optional
        The point, where a function is given.
    budget : Budget
        For its differential.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> report = audit(clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, -1]])), at=(0,)))
    >>> [(s.name, s.gradient, s.verdict.is_proved) for s in report.selections]
    [('autodiff', (0,), False), ('lower', (0,), False), ('middle', (1,), True), ('upper', (2,), False)]
    """
    differential = differential_at(function, at, budget=budget)
    safe_by, directions = safety(differential.function)
    selections = tuple(select(differential, name) for name in CONVENTIONS)
    return Audit(differential, selections, safe_by, directions)


def safety(function: AbstractPatternedFunction) -> tuple[str | None, dict[int, Vector]]:
    """Return which proposition puts "autodiff" in the set, with the directions of Proposition 8.

    Returns
    -------
    tuple
        ("proposition 5" | "proposition 8" | None, directions by neuron from 1).
    """
    if _half_slope_at_depth_one(function):
        return "proposition 5", {}
    shape = function.network.architecture
    is_relu = shape.n_hidden_layers > 0 and all(activation.name == "relu" for activation in shape.activations)
    if function.variable != "weights" or not is_relu:
        return None, {}
    directions = {}
    for neuron in range(shape.widths[1]):
        on_kink = _data_on_kink(function, neuron)
        found = strict_feasibility([tuple(-entry for entry in x) for x in on_kink], dimension=_width(function))
        if not isinstance(found, StrictSolution):
            return None, {}
        directions[neuron + 1] = found.direction
    return "proposition 8", directions


def _half_slope_at_depth_one(function: AbstractPatternedFunction) -> bool:
    """Whether automatic differentiation takes the mean of both slopes in the one hidden layer."""
    shape = function.network.architecture
    if shape.n_hidden_layers != 1:
        return False
    activation = shape.activation(1)
    if not isinstance(activation, AbstractUnitActivation) or activation.is_smooth:
        return False
    left, right = activation.coefficients
    return activation.autodiff_slope == (left + right) / 2


def _data_on_kink(function: AbstractPatternedFunction, neuron: int) -> list[Vector]:
    """Return the data x_k ≠ 0 (with a 1 for the bias) on which a first-layer neuron vanishes."""
    has_biases = function.network.architecture.has_biases
    result = []
    for x, layers in zip(function.inputs, function.preactivations, strict=True):
        x_one = (*x, fmpq(1)) if has_biases else x
        if layers[0][neuron] == 0 and any(entry != 0 for entry in x_one):
            result.append(x_one)
    return result


def _width(function: AbstractPatternedFunction) -> int:
    shape = function.network.architecture
    return shape.n_inputs + shape.has_biases
