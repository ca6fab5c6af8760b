"""The gradient of a net whose activations have one slope on each side, as a polynomial in the slopes themselves.

Backpropagation knows a unit by its slope alone. Let a_{ljk} be the slope of unit j of layer l on datum k, h_0 = x_k,
h_l = a_l z_l entry by entry, and δ_L the unit vector of the output, δ_l = a_l (W_{l+1}ᵀ δ_{l+1}). Then

    ∂F/∂W_l = sum_k c_k δ_{lk} h_{l-1,k}ᵀ,    ∂F/∂b_l = sum_k c_k δ_{lk}.

At a kink z = 0, so h = 0 whatever the slope: there h is put in as 0 and the slope, in δ alone, is a variable θ. What
comes out is of degree at most 1 in each θ, and a product θ θ' stands only for two kinks of one datum in two layers:
a path from the output to the input meets a layer in one unit.

The other slopes are numbers, where the signs are given, or variables a2[1,3] (unit 1 of layer 2, datum 3), so that one
formula serves all signs. The c_k are the derivatives of F by its outputs, which do not depend on the side from which
the point is met: numbers, or variables c[k].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from symflow.activations.base import AbstractUnitActivation
from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq
from symflow.nets.architecture import Architecture
from symflow.nets.pattern import Site

Entries = tuple[Polynomial, ...]


def has_kinks_unit_by_unit(architecture: Architecture) -> bool:
    """Whether every hidden layer is linear, or kinks unit by unit: relu, leaky_relu, abs.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> has_kinks_unit_by_unit(Architecture((1, 1, 1), (activation("relu_power", power=2),), has_biases=False))
    False
    """
    kinked = [a for a in architecture.activations if a.has_sites]
    return bool(kinked) and all(
        isinstance(a, AbstractUnitActivation) and a.is_piecewise_linear and not a.is_smooth for a in kinked
    )


def slopes_of(architecture: Architecture, layer: int) -> tuple[fmpq, fmpq]:
    """Return the slopes (a_-, a_+) of a layer that kinks unit by unit."""
    activation = architecture.activation(layer)
    assert isinstance(activation, AbstractUnitActivation)
    return activation.coefficients


@final
class SlopeGradient:
    """Gradients in the slopes, at a set of kinks.

    Parameters
    ----------
    net : SymbolicNetwork
        With symbolic weights, and kinks unit by unit.
    kinks : tuple of Site
        In tree order.
    constants : tuple of fmpq, optional
        The coefficients c_k where they are numbers; None writes c[k].

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((1, 1, 1, 1), (activation("relu"),) * 2, has_biases=False)
    >>> net = SymbolicNetwork(shape)
    >>> SlopeGradient(net, net.table.sites[1:], (fmpq(1),)).gradient(None)
    (W2[1,1]*W3[1,1]*x[1]*a1[1,1]*theta[1], W1[1,1]*W3[1,1]*x[1]*a1[1,1]*theta[1], 0)
    """

    def __init__(self, net: SymbolicNetwork, kinks: Sequence[Site], constants: tuple[fmpq, ...] | None) -> None:
        assert has_kinks_unit_by_unit(net.architecture)
        self.net, self.shape, self.kinks, self._constants = net, net.architecture, tuple(kinks), constants
        index = net.table.index
        self._theta = {index[site.layer, site.output, site.datum]: r for r, site in enumerate(self.kinks)}
        others = [i for i in range(len(net.table.sites)) if i not in self._theta]
        names = list(net.symbols)
        self._place = {i: len(names) + n for n, i in enumerate(others)}
        names += [slope_name(net.table.sites[i]) for i in others]
        self._first_theta = len(names)
        names += [f"theta[{r + 1}]" for r in range(len(self.kinks))]
        self._first_frozen = len(names)
        if constants is None:
            names += [f"c[{k + 1}]" for k in range(net.n_data)]
        self.ring = PolynomialRing(tuple(names))

    def gradient(self, characters: Sequence[str] | None) -> Entries:
        """Return ∇F in the order of the parameters, with numbers for the slopes off the kinks if signs are given."""
        total = [self.ring.zero()] * self.shape.n_parameters
        for datum in range(self.net.n_data):
            features = self._features(datum, characters)
            delta = [self.ring.zero()] * self.shape.n_outputs
            delta[self.net.output] = self._coefficient(datum)
            for layer in range(self.shape.n_layers, 0, -1):
                for row, d in enumerate(delta):
                    for column, h in enumerate(features[layer - 1]):
                        place = self.shape.weight_index(layer, row, column)
                        total[place] = total[place] + d * h
                    if self.shape.has_biases:
                        place = self.shape.bias_index(layer, row)
                        total[place] = total[place] + d
                if layer > 1:
                    below = [self._below(layer, delta, column) for column in range(self.shape.fan_in(layer))]
                    delta = [d * self._slope(layer - 1, unit, datum, characters) for unit, d in enumerate(below)]
        return tuple(total)

    def is_affine(self, entries: Entries) -> bool:
        """Whether no product of two θ occurs, so that the image of a box is a polytope."""
        thetas = range(self._first_theta, self._first_theta + len(self.kinks))
        return all(
            sum(power for variable, power in monomial if variable in thetas) <= 1
            for entry in entries
            for monomial, _ in entry.terms()
        )

    # ------------------------------------------------------------------ the two passes

    def _features(self, datum: int, characters: Sequence[str] | None) -> list[list[Polynomial]]:
        """Return h_0, .., h_{L-1}; 0 at a kink."""
        names = self.net.input_names
        if self.net.inputs is None:
            start = len(self.net.parameter_names)
            features = [[self.ring.variable(start + i) for i in range(len(names))]]
        else:
            features = [[self.ring.constant(entry) for entry in self.net.inputs[datum]]]
        for layer in range(1, self.shape.n_layers):
            found = []
            for unit in range(self.shape.widths[layer]):
                slope = self._slope(layer, unit, datum, characters)
                if slope.is_zero() or self._is_kink(layer, unit, datum):
                    found.append(self.ring.zero())
                    continue
                z = self._bias(layer, unit)
                for column, h in enumerate(features[-1]):
                    z = z + self._weight(layer, unit, column) * h
                found.append(slope * z)
            features.append(found)
        return features

    def _below(self, layer: int, delta: Sequence[Polynomial], column: int) -> Polynomial:
        total = self.ring.zero()
        for row, d in enumerate(delta):
            total = total + self._weight(layer, row, column) * d
        return total

    def _is_kink(self, layer: int, unit: int, datum: int) -> bool:
        return self.net.table.index.get((layer, unit, datum), -1) in self._theta

    def _slope(self, layer: int, unit: int, datum: int, characters: Sequence[str] | None) -> Polynomial:
        if not self.shape.activation(layer).has_sites:
            return self.ring.one()
        place = self.net.table.index[layer, unit, datum]
        if place in self._theta:
            return self.ring.variable(self._first_theta + self._theta[place])
        if characters is None:
            return self.ring.variable(self._place[place])
        if characters[place] == "0":
            return self.ring.zero()
        return self.ring.constant(slopes_of(self.shape, layer)[characters[place] == "+"])

    def _coefficient(self, datum: int) -> Polynomial:
        if self._constants is not None:
            return self.ring.constant(self._constants[datum])
        return self.ring.variable(self._first_frozen + datum)

    def _weight(self, layer: int, row: int, column: int) -> Polynomial:
        return self.ring.variable(self.shape.weight_index(layer, row, column))

    def _bias(self, layer: int, row: int) -> Polynomial:
        return self.ring.variable(self.shape.bias_index(layer, row)) if self.shape.has_biases else self.ring.zero()


def slope_name(site: Site) -> str:
    """Return what the slope of a site is called.

    Examples
    --------
    >>> slope_name(Site(2, 0, 2, (0,), False))
    'a2[1,3]'
    """
    return f"a{site.layer}[{site.output + 1},{site.datum + 1}]"
