"""The Clarke differential at a point, exactly.

Proposition 1 (Clarke 1983, Theorem 2.5.1, for piecewise polynomials). Let C_s be the open cell of the pattern s.
Then ∂F(w) = conv {∇F^s(w) : w in the closure of C_s}, and these gradients are exactly the limits of gradients of F
(the Bouligand differential). Theorem 3: with one hidden layer, as a function of the weights, it is the product over
the neurons of small polytopes and the constant block of the outer weights; it is kept as a product and never
multiplied out unless asked.

The result carries the certificate of every pattern, kept or refuted. Where a pattern is undecided, the status is
"enclosed": the set contains the hull of the realised gradients and is contained in the hull of the possible ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from symflow.differentials.clarke_set import ClarkeDifferential, Shortcut
from symflow.differentials.factor import make_factor
from symflow.differentials.product_form import product_form
from symflow.errors import NotSupportedError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.at_point import function_at
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization

# What a question about ∂F(w) is asked of: the set, or F and perhaps the point.
Differentiable: TypeAlias = ClarkeDifferential | AbstractPatternedFunction | EmpiricalRisk | Realization


def clarke_differential(
    function: AbstractPatternedFunction | EmpiricalRisk | Realization,
    at: Sequence[object] | None = None,
    *,
    budget: Budget = NO_BUDGET,
) -> ClarkeDifferential:
    """Return the Clarke differential of F at a point.

    Parameters
    ----------
    function : EmpiricalRisk, Realization or AbstractPatternedFunction
        F.
    at : sequence of numbers, optional
        The point: parameters of a risk (default: the network's own), the input of a realization.
    budget : Budget
        When to stop and to return what is known.

    Returns
    -------
    ClarkeDifferential
        Exact, or enclosed between two hulls.

    Examples
    --------
    A neuron that vanishes on two opposite data couples them: the set is a segment.

    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]], activation="relu")
    >>> R = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1]))
    >>> dR = clarke_differential(R)
    >>> dR
    ClarkeDifferential(segment in R^6, 2 vertices, exact)
    >>> print(dR.minimal_norm_squared)
    7*exp(-1)/2
    """
    F = function_at(function, at)
    shape = F.network.architecture
    if F.variable == "weights" and shape.n_hidden_layers <= 1:
        return product_form(F, budget=budget)
    shortcut = _shortcut(F)
    if shortcut is not None:
        gradient = F.conventional_gradient("autodiff")
        return ClarkeDifferential(F, (), tuple(enumerate(gradient)), False, shortcut)
    factor = make_factor(F, F.limiting_gradient, places=range(len(F.variables)), budget=budget)
    return ClarkeDifferential(F, (factor,), (), False)


def differential_at(
    function: Differentiable,
    at: Sequence[object] | None = None,
    *,
    budget: Budget = NO_BUDGET,
) -> ClarkeDifferential:
    """Return a differential as it is, and that of a function at a point.

    Raises
    ------
    NotSupportedError
        If a differential, which has its point, is given another.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> differential_at(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), (0,))
    ClarkeDifferential(segment in R^1, 2 vertices, exact)
    """
    if not isinstance(function, ClarkeDifferential):
        return clarke_differential(function, at=at, budget=budget)
    if at is not None:
        raise NotSupportedError("this differential has a point already; leave `at` out, or give the function")
    return function


def function_of(function: Differentiable, at: Sequence[object] | None = None) -> AbstractPatternedFunction:
    """Return F at the point; of a differential, the function that it is the differential of."""
    if isinstance(function, ClarkeDifferential):
        return differential_at(function, at).function
    return function_at(function, at)


def _shortcut(function: AbstractPatternedFunction) -> Shortcut | None:
    """Return why F has one limiting gradient whatever the patterns, where it is plain.

    Two zero matrices (in the weights, no biases): every monomial of F^s has an entry of each matrix, so its
    gradient vanishes. Continuously differentiable activations make F continuously differentiable.
    """
    shape = function.network.architecture
    if function.variable == "weights" and not shape.has_biases:
        zero = [
            layer
            for layer, matrix in enumerate(function.network.weights, start=1)
            if all(entry == 0 for row in matrix for entry in row)
        ]
        if len(zero) >= 2:
            return Shortcut("two_zero_matrices", (zero[0], zero[1]))
    at_a_kink = any(0 in function.values_at(site) for site in function.table.sites)
    if at_a_kink and all(activation.is_smooth for activation in shape.activations):
        return Shortcut("continuously_differentiable")
    return None
