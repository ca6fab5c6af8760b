"""The pieces of v -> f'(w; v): a function that is linear on each of finitely many polyhedral cones.

To first order every preactivation that is zero at w becomes a linear form in v, once the characters below it are
fixed; the others keep their sign. So the pieces of f'(w; .) are cells of the same tree of patterns, walked by the same
walk (``cells/incident_cells.py``), and each is decided by a linear program: on the cone {v : <a_i, v> >= 0} of a
realised pattern f'(w; v) = <g, v>. What vanishes to first order is exempt here, though z^s itself may not vanish: the
pieces of f' are not all of the pieces of f near w.

With one hidden layer, as a function of the weights, the cells are cones themselves, a product over the neurons, and
f'(w; .) is a sum over the neurons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from symflow.cells.cell import Cell
from symflow.cells.incident_cells import incident_cells
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters, SparseVector


@final
@dataclass(frozen=True)
class Cone:
    """A piece of f'(w; .), in the variables of its part.

    Parameters
    ----------
    pattern : str
        The signs of the first-order terms.
    rows : tuple of vectors
        The a_i: the piece is {v : <a_i, v> >= 0}, with interior.
    direction : vector
        In the interior: <a_i, direction> > 0.
    gradient : point
        g: f'(w; v) = <g, v> on the piece.
    """

    pattern: str
    rows: tuple[Vector, ...]
    direction: Vector
    gradient: Point


@final
@dataclass(frozen=True)
class Part:
    """A summand of f'(w; .), a function of some of the variables.

    Parameters
    ----------
    places : tuple of int
        Its variables.
    cones : tuple of Cone
        They cover the space, where the part is complete.
    is_complete : bool
        Whether no pattern is undecided.
    """

    places: tuple[int, ...]
    cones: tuple[Cone, ...]
    is_complete: bool


@final
@dataclass(frozen=True)
class FirstOrder:
    """f'(w; .) as a sum of parts in disjoint variables and a linear function of the others.

    Parameters
    ----------
    width : int
        The number of all variables.
    parts : tuple of Part
        The parts.
    constant : tuple of (place, value)
        The partial derivatives by the variables that are in no part.
    """

    width: int
    parts: tuple[Part, ...]
    constant: tuple[tuple[int, Scalar], ...]

    @property
    def is_complete(self) -> bool:
        """Whether no pattern is undecided."""
        return all(part.is_complete for part in self.parts)

    @property
    def n_cones(self) -> int:
        """The number of cones, part by part."""
        return sum(len(part.cones) for part in self.parts)

    def spread(self, part: Part, direction: Sequence[fmpq]) -> Vector:
        """Return a direction of a part in all variables."""
        whole = [fmpq(0)] * self.width
        for place, entry in zip(part.places, direction, strict=True):
            whole[place] = entry
        return tuple(whole)


def first_order(differential: ClarkeDifferential, *, budget: Budget = NO_BUDGET) -> FirstOrder:
    """Return the pieces of f'(w; .).

    Parameters
    ----------
    differential : ClarkeDifferential
        ∂f(w): one point settles the question, and with one hidden layer it holds the cones already.
    budget : Budget
        From its deadline on, patterns are left undecided.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 2]]))
    >>> (part,) = first_order(clarke_differential(f, at=(0,))).parts
    >>> [(cone.pattern, cone.rows, cone.gradient) for cone in part.cones]
    [('-+', ((-1,), (-1,)), (-2,)), ('+-', ((1,), (1,)), (1,))]
    """
    function = differential.function
    width = len(function.variables)
    if differential.is_exact and differential.n_vertices == 1:
        return FirstOrder(width, (), tuple(enumerate(differential.minimal_norm_element)))
    if differential.is_product:
        parts = tuple(_neuron_part(differential, index) for index in range(len(differential.factors)))
        return FirstOrder(width, parts, differential.constant)
    linear = FirstOrderTerms(function)
    incident = incident_cells(linear, budget=budget)
    sites = range(len(function.table.sites))
    places = tuple(range(width))
    cones = [_cone(linear, cell, sites, places, linear.limiting_gradient) for cell in incident.cells]
    return FirstOrder(width, (Part(places, tuple(cones), incident.is_decided),), ())


@final
class FirstOrderTerms(AbstractPatternedFunction):
    """F with each preactivation replaced by its first-order term at w.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F, at w.
    """

    variable: ClassVar[str] = "direction"

    def __init__(self, function: AbstractPatternedFunction) -> None:
        super().__init__(function.network, function.inputs, function.objective, output=function.output)
        self.function = function

    @property
    def variables(self) -> tuple[str, ...]:
        """Those of F."""
        return self.function.variables

    @property
    def point(self) -> Vector:
        """Where the first-order terms are taken."""
        return self.function.point

    @property
    def is_affine_on_cells(self) -> bool:
        """First-order terms are linear in v."""
        return True

    def vanishes(self, layer: int, unit: int, datum: int, characters: Characters) -> bool:
        """Whether the first-order term is zero, or does not matter: z^p has derivative 0 where z = 0, for p > 1."""
        if self.network.architecture.activation(layer).degree > 1:
            return True
        return not self.function.pull_back(layer, {unit: fmpq(1)}, datum, characters)

    def coincide(self, layer: int, first: int, second: int, datum: int, characters: Characters) -> bool:
        """Whether two first-order terms are the same."""
        return not self.function.pull_back(layer, {first: fmpq(1), second: fmpq(-1)}, datum, characters)

    def _collect(self, layer: int, delta: SparseVector, datum: int, result: SparseVector) -> None:
        self.function._collect(layer, delta, datum, result)

    def _weight_entry(self, layer: int, row: int, column: int) -> Polynomial:
        return self.function._weight_entry(layer, row, column)

    def _bias_entry(self, layer: int, row: int) -> Polynomial:
        return self.function._bias_entry(layer, row)

    def _input_entry(self, datum: int, column: int) -> Polynomial:
        return self.function._input_entry(datum, column)


def _neuron_part(differential: ClarkeDifferential, index: int) -> Part:
    """Return the summand of a hidden neuron or pooling group, from the cells of its factor."""
    function, factor = differential.function, differential.factors[index]
    assert factor.neuron is not None  # a product has a factor a neuron
    table = function.table
    sites = [table.index[1, factor.neuron - 1, datum] for datum in range(function.n_data)]
    gradients = {cell.characters: g for cell, g in zip(factor.incident.cells, factor.gradients, strict=True)}
    cones = [
        _cone(function, cell, sites, factor.places, lambda characters: gradients[tuple(characters)])
        for cell in factor.incident.cells
    ]
    return Part(factor.places, tuple(cones), factor.incident.is_decided)


def _cone(
    function: AbstractPatternedFunction,
    cell: Cell,
    sites: Sequence[int],
    places: tuple[int, ...],
    gradient: Callable[[Characters], Point],
) -> Cone:
    rows: list[Vector] = []
    for site in sites:
        options = function.options(site, cell.characters)
        for option in options:
            if option.character == cell.characters[site]:
                forms = (function.constraint_gradient(each, cell.characters) for each in option.constraints)
                rows.extend(tuple(form.get(place, fmpq(0)) for place in places) for form in forms)
    direction = cell.arc[0] if cell.arc else (fmpq(0),) * len(function.variables)
    inside = tuple(direction[place] for place in places)
    return Cone(cell.pattern, tuple(rows), inside, gradient(cell.characters))
