"""One hidden layer, as a function of the weights: the product over the neurons of Theorem 3.

Let K_j be the data on which neuron j vanishes (x_k ≠ 0), c_k the frozen coefficients and v_j the outer weight. Then

    ∂F(w) = prod_j v_j (b_j + P_j)  x  {(sum_k c_k σ(z_jk(w)))_j}

with b_j = sum_{k not in K_j} c_k a(z_jk) x_k and P_j the hull of sum_{k in K_j} c_k a(s_k) x_k over the cells s of
the arrangement {x_k : k in K_j}: the rows of W_1 are variables of their own, so the neurons choose their cells
independently. The same holds for pooling groups, with the rows of the group. With biases x stands for (x, 1).

The product is never multiplied out here: vertices, shortest element, dimension and membership all decompose. P_j
depends on K_j alone; it is computed once for all neurons that vanish on the same data.
"""

from __future__ import annotations

from symflow.cells.neuron_block import Kinks, kinks_of, lifted, neuron_alone
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.factor import Factor, make_factor
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters


def product_form(function: AbstractPatternedFunction, *, budget: Budget = NO_BUDGET) -> ClarkeDifferential:
    """Return ∂F(w) of a net with at most one hidden layer, as a product over its neurons.

    Examples
    --------
    >>> from symflow.nets.empirical_risk import FunctionOfWeights
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.objective import Output
    >>> net = Network.from_weights([[0], [0]], [[1, 1]])
    >>> dF = product_form(FunctionOfWeights(net, ((fmpq(1),),), Output()))
    >>> len(dF.factors), dF.n_vertices, dF.dimension
    (2, 4, 2)
    """
    shape = function.network.architecture
    factors = []
    if shape.n_hidden_layers == 1 and shape.activation(1).has_sites:
        known: dict[tuple[int, ...], Factor] = {}
        factors = [_factor(function, output, known, budget) for output in range(shape.fan_in(2))]
    taken = {place for factor in factors for place in factor.places}
    # The gradient by every other parameter is the same on all cells, so any convention gives it.
    gradient = function.conventional_gradient("autodiff")
    constant = tuple((place, value) for place, value in enumerate(gradient) if place not in taken)
    return ClarkeDifferential(function, tuple(factors), constant, True)


def _factor(
    function: AbstractPatternedFunction, output: int, known: dict[tuple[int, ...], Factor], budget: Budget
) -> Factor:
    """Return the block of one hidden neuron or pooling group; `known` holds P_j by K_j."""
    shape = function.network.architecture
    places: list[int] = []
    for unit in shape.members(1)[output]:
        places.extend(shape.weight_index(1, unit, column) for column in range(shape.n_inputs))
    if shape.has_biases:
        places.extend(shape.bias_index(1, unit) for unit in shape.members(1)[output])
    if not shape.activation(1).is_group:
        kinks = kinks_of(function, output)
        if kinks.data not in known:
            known[kinks.data] = _kink_factor(function, kinks, budget)
        if known[kinks.data].incident.is_decided:
            return _moved(function, kinks, tuple(places), known[kinks.data])
    table = function.table
    sites = [table.index[1, output, datum] for datum in range(function.n_data)]

    def gradient(characters: Characters) -> Point:
        return _block_gradient(function, output, tuple(places), characters)

    return make_factor(function, gradient, places=places, sites=sites, neuron=output + 1, budget=budget)


def _kink_factor(function: AbstractPatternedFunction, kinks: Kinks, budget: Budget) -> Factor:
    """Return P_j as the factor of a neuron alone, with outer weight 1, on the data of its kinks."""
    width = function.network.architecture.n_inputs + function.network.architecture.has_biases
    zero: Point = (fmpq(0),) * width
    # c_k a(s_k) (x_k, 1), by datum and character.
    parts: list[dict[str, Point]] = []
    for datum in kinks.data:
        slopes = {c: _slope(function, kinks.output, datum, c) for c in "-+"}
        parts.append({c: _contribution(function, datum, slope, zero) for c, slope in slopes.items()})

    def gradient(characters: Characters) -> Point:
        total = zero
        for part, character in zip(parts, characters, strict=True):
            if part[character] is not zero:
                total = tuple(a + b for a, b in zip(total, part[character], strict=True))
        return total

    return make_factor(neuron_alone(function, kinks), gradient, places=range(width), budget=budget)


def _moved(function: AbstractPatternedFunction, kinks: Kinks, places: tuple[int, ...], alone: Factor) -> Factor:
    """Return v_j (b_j + P_j)."""
    outer = function.network.weights[1][function.output][kinks.output]
    total: Point = (fmpq(0),) * len(places)
    for datum, character in kinks.forced.items():
        if character != "0" and outer != 0:
            slope = outer * _slope(function, kinks.output, datum, character)
            part = _contribution(function, datum, slope, total)
            if part is not total:
                total = tuple(a + b for a, b in zip(total, part, strict=True))
    inner = alone.inner.image(outer, total)
    gradients = tuple(tuple(outer * a + b for a, b in zip(point, total, strict=True)) for point in alone.gradients)
    incident = lifted(function, kinks, places, alone.incident)
    return Factor(kinks.output + 1, places, incident, gradients, inner, inner, inner.n_points)


def _slope(function: AbstractPatternedFunction, output: int, datum: int, character: str) -> fmpq:
    """Return the slope of a neuron on a datum, on the side that the character names."""
    values = function.values_at(function.table.sites[function.table.index[1, output, datum]])
    (slope,) = function.network.architecture.activation(1).slopes(values, character)
    return slope


def _contribution(function: AbstractPatternedFunction, datum: int, slope: fmpq, zero: Point) -> Point:
    """Return c_k times the slope times (x_k, 1); `zero` itself where that vanishes."""
    coefficient = function.coefficients[datum]
    if slope == 0 or coefficient == 0:
        return zero
    x = function.inputs[datum]
    extended = (*x, fmpq(1)) if function.network.architecture.has_biases else x
    factor = slope * coefficient
    return tuple(factor * entry for entry in extended)


def _block_gradient(
    function: AbstractPatternedFunction, output: int, places: tuple[int, ...], characters: Characters
) -> Point:
    """Return sum_k c_k v_j a(s_k) (x_k, 1) at the neuron's parameters."""
    shape = function.network.architecture
    outer = function.network.weights[1][function.output][output]
    members = shape.members(1)[output]
    total: dict[int, Scalar] = {}
    for datum, coefficient in enumerate(function.coefficients):
        if coefficient == 0 or outer == 0:
            continue
        site = _site(function, output, datum)
        values = function.values_at(function.table.sites[site])
        slopes = shape.activation(1).slopes(values, characters[site])
        form = {unit: outer * slope for unit, slope in zip(members, slopes, strict=True) if slope != 0}
        for place, entry in function.pull_back(1, form, datum, characters).items():
            total[place] = total.get(place, fmpq(0)) + coefficient * entry
    return tuple(total.get(place, fmpq(0)) for place in places)


def _site(function: AbstractPatternedFunction, output: int, datum: int) -> int:
    """Return the place in tree order of the site of a first-layer output on a datum."""
    return function.table.index[1, output, datum]
