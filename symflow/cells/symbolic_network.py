"""A net whose weights, or whose input, or both, are variables: its polynomials on a pattern, everywhere.

What is symbolic is a variable of one ring: the parameters in their order, then x[1], x[2], ...; what is known is put
in. On a pattern s every activation is one polynomial of its members, so that every preactivation is a polynomial
z^s and every output a polynomial f^s_k, and f = f^s_k wherever all conditions of s hold.

The gradient is the activation-matrix formula. Let h_0 = x and h_l the features of layer l, A_l the matrix of the
derivatives of layer l's piece (diagonal with entries 0 and 1 for relu), and δ_L the unit vector of the output. With
δ_{l-1} = A_{l-1}ᵀ W_lᵀ δ_l,

    ∂f/∂W_l = δ_l h_{l-1}ᵀ = (W_L A_{L-1} .. W_{l+1} A_l)ᵀ (A_{l-1} W_{l-1} .. A_1 W_1 x)ᵀ,
    ∂f/∂b_l = δ_l,    ∂f/∂x = W_1ᵀ δ_1

(the right-hand side of the first line for positively homogeneous activations without biases, where h_l = A_l z_l).
Each entry is compared with the derivative of the polynomial, in the ring, before it is returned.

Unlike a patterned function (``nets/patterned_function.py``), which looks at one point, the characters of a site
are here those that occur anywhere: a preactivation that is the zero polynomial has "0", one that is another constant
its sign, and any other both signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, final

from symflow.activations.base import POSITIONS, AbstractActivation
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq
from symflow.nets.architecture import Architecture
from symflow.nets.network import Network, Vector
from symflow.nets.pattern import Site, SiteTable
from symflow.nets.patterned_function import Characters, Constraint, Option

PolynomialVector: TypeAlias = tuple[Polynomial, ...]
PolynomialMatrix: TypeAlias = tuple[PolynomialVector, ...]


@final
@dataclass(frozen=True, slots=True)
class OutputGradient:
    """The gradient of one output f^s_k, layer by layer.

    Parameters
    ----------
    weights : tuple of matrices
        ∂f/∂W_1, .., ∂f/∂W_L.
    biases : tuple of vectors
        ∂f/∂b_1, ..; empty in a net without biases.
    input : vector
        ∂f/∂x.
    """

    weights: tuple[PolynomialMatrix, ...]
    biases: tuple[PolynomialVector, ...]
    input: PolynomialVector

    def blocks(self, variable: str) -> dict[str, PolynomialMatrix | PolynomialVector]:
        """Return the blocks by name: W1, b1, W2, .. for the variable "weights", x for "input"."""
        if variable == "input":
            return {"x": self.input}
        result: dict[str, PolynomialMatrix | PolynomialVector] = {}
        for layer, matrix in enumerate(self.weights, start=1):
            result[f"W{layer}"] = matrix
            if self.biases:
                result[f"b{layer}"] = self.biases[layer - 1]
        return result


@final
class SymbolicNetwork:
    """A net of which the weights, the input, or both are variables.

    Parameters
    ----------
    architecture : Architecture
        Widths, activations, biases.
    network : Network, optional
        The exact weights; None where they are symbolic.
    inputs : tuple of vectors, optional
        The exact data; None for one symbolic input.
    output : int
        Which output, from 0.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((2, 1, 1), (activation("relu"),), has_biases=False)
    >>> net = SymbolicNetwork(shape)
    >>> net.output_polynomial(0, ("+",))
    W1[1,1]*W2[1,1]*x[1] + W1[1,2]*W2[1,1]*x[2]
    >>> net.output_gradient(0, ("+",)).weights[0]
    ((W2[1,1]*x[1], W2[1,1]*x[2]),)
    """

    def __init__(
        self,
        architecture: Architecture,
        *,
        network: Network | None = None,
        inputs: tuple[Vector, ...] | None = None,
        output: int = 0,
    ) -> None:
        self.architecture, self.network, self.inputs, self.output = architecture, network, inputs, output
        self.table = SiteTable(architecture, 1 if inputs is None else len(inputs))
        self.parameter_names = architecture.parameter_names if network is None else ()
        self.input_names = tuple(f"x[{i}]" for i in range(1, architecture.n_inputs + 1)) if inputs is None else ()
        self.ring = PolynomialRing(self.parameter_names + self.input_names)
        self._preactivations: dict[tuple[int, int, int, str], Polynomial] = {}
        self._gradients: dict[tuple[int, str], OutputGradient] = {}
        self._known_features: dict[tuple[int, int, str], PolynomialVector] = {}
        self._members = tuple(architecture.members(layer) for layer in range(1, architecture.n_layers))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The names of what is symbolic."""
        return self.ring.names

    @property
    def n_data(self) -> int:
        """The number of data; 1 where the input is symbolic."""
        return self.table.n_data

    # ------------------------------------------------------------------ characters and conditions

    def options(self, index: int, characters: Characters) -> tuple[Option, ...]:
        """Return the characters that site `index` may have anywhere, given those of the sites below it.

        Examples
        --------
        A second layer above a dead one is exempt:

        >>> from symflow.activations.base import activation
        >>> shape = Architecture((1, 1, 1, 1), (activation("relu"),) * 2, has_biases=False)
        >>> [option.character for option in SymbolicNetwork(shape).options(1, ("-", ""))]
        ['0']
        """
        site = self.table.sites[index]
        if site.is_group:
            return self._group_options(site, characters)
        (unit,) = site.members
        z = self.preactivation(site.layer, unit, site.datum, characters)
        if z.is_constant():
            value = z.constant_coefficient()
            return (Option("0" if value == 0 else "+" if value > 0 else "-", ()),)
        return (Option("-", (Constraint(site, -1, unit),)), Option("+", (Constraint(site, 1, unit),)))

    def _group_options(self, site: Site, characters: Characters) -> tuple[Option, ...]:
        """Return the winners of a group; a member that is another one plus a constant <= 0 cannot win alone."""
        z = [self.preactivation(site.layer, unit, site.datum, characters) for unit in site.members]
        candidates = [p for p in range(len(z)) if not any(_lies_below(z, p, q) for q in range(len(z)) if q != p)]
        if len(candidates) == 1:
            return (Option(POSITIONS[candidates[0]], ()),)
        return tuple(
            Option(
                POSITIONS[p],
                tuple(Constraint(site, 1, site.members[p], site.members[q]) for q in candidates if q != p),
            )
            for p in candidates
        )

    def conditions(self, characters: Characters) -> tuple[Constraint, ...]:
        """Return all conditions of a full pattern in tree order."""
        found: list[Constraint] = []
        for index, character in enumerate(characters):
            for option in self.options(index, characters):
                if option.character == character:
                    found.extend(option.constraints)
        return tuple(found)

    def constraint_polynomial(self, constraint: Constraint, characters: Characters) -> Polynomial:
        """Return the polynomial of a constraint, positive on the cell: ±z, or z_p - z_q."""
        site = constraint.site
        z = self.preactivation(site.layer, constraint.unit, site.datum, characters)
        if constraint.against is not None:
            return z - self.preactivation(site.layer, constraint.against, site.datum, characters)
        return z if constraint.sign > 0 else -z

    def is_on_a_kink_of_its_weights(self, site: Site, character: str, characters: Characters) -> bool:
        """Whether, the weights being known and x symbolic, a site is on a kink for all x of the cell.

        A z that is zero for all x is no kink as a function of the weights only where it is zero for all weights of its
        row: where there are no biases and all features below vanish.
        """
        if self.architecture.activation(site.layer).is_smooth:
            return False
        z = [self.preactivation(site.layer, unit, site.datum, characters) for unit in site.members]
        best = z[POSITIONS.index(character)] if site.is_group else self.ring.zero()
        if sum(other == best for other in z) < (2 if site.is_group else 1):
            return False
        below = self.features(site.layer - 1, site.datum, characters)
        return self.architecture.has_biases or any(not feature.is_zero() for feature in below)

    # ------------------------------------------------------------------ polynomials

    def preactivation(self, layer: int, unit: int, datum: int, characters: Characters) -> Polynomial:
        """Return z^s of a unit (from 0), given the characters below it; of the last layer, an output."""
        key = (layer, unit, datum, self._lower_word(layer, datum, characters))
        if key not in self._preactivations:
            total = self._bias(layer, unit)
            for column, feature in enumerate(self.features(layer - 1, datum, characters)):
                if not feature.is_zero():
                    total = total + self._weight(layer, unit, column) * feature
            self._preactivations[key] = total
        return self._preactivations[key]

    def output_polynomial(self, datum: int, characters: Characters) -> Polynomial:
        """Return f^s_k."""
        return self.preactivation(self.architecture.n_layers, self.output, datum, characters)

    def features(self, layer: int, datum: int, characters: Characters) -> PolynomialVector:
        """Return h_layer on a pattern; layer 0 is the input."""
        if layer == 0:
            return self._input(datum)
        key = (layer, datum, self._lower_word(layer + 1, datum, characters))
        if key not in self._known_features:
            features = []
            for output, members in enumerate(self._members[layer - 1]):
                z = [self.preactivation(layer, unit, datum, characters) for unit in members]
                character = self._character(layer, output, datum, characters)
                features.append(_piece(self.architecture.activation(layer), z, character))
            self._known_features[key] = tuple(features)
        return self._known_features[key]

    def _character(self, layer: int, output: int, datum: int, characters: Characters) -> str:
        if not self.architecture.activation(layer).has_sites:
            return "+"
        return characters[self.table.index[layer, output, datum]]

    def _lower_word(self, layer: int, datum: int, characters: Characters) -> str:
        return "".join(characters[i] for i in self.table.below(layer, datum))

    def _weight(self, layer: int, row: int, column: int) -> Polynomial:
        if self.network is not None:
            return self.ring.constant(self.network.weights[layer - 1][row][column])
        return self.ring.variable(self.architecture.weight_index(layer, row, column))

    def _bias(self, layer: int, row: int) -> Polynomial:
        if not self.architecture.has_biases:
            return self.ring.zero()
        if self.network is not None:
            assert self.network.biases is not None
            return self.ring.constant(self.network.biases[layer - 1][row])
        return self.ring.variable(self.architecture.bias_index(layer, row))

    def _input(self, datum: int) -> PolynomialVector:
        if self.inputs is not None:
            return tuple(self.ring.constant(entry) for entry in self.inputs[datum])
        start = len(self.parameter_names)
        return tuple(self.ring.variable(start + i) for i in range(len(self.input_names)))

    # ------------------------------------------------------------------ the activation-matrix formula

    def output_gradient(self, datum: int, characters: Characters) -> OutputGradient:
        """Return the gradient of f^s_k by the activation-matrix formula, checked against differentiation."""
        key = (datum, self._lower_word(self.architecture.n_layers, datum, characters))
        if key not in self._gradients:
            gradient = self._by_the_formula(datum, characters)
            self._check(gradient, self.output_polynomial(datum, characters))
            self._gradients[key] = gradient
        return self._gradients[key]

    def _by_the_formula(self, datum: int, characters: Characters) -> OutputGradient:
        shape = self.architecture
        zero = self.ring.zero()
        delta = [self.ring.one() if row == self.output else zero for row in range(shape.n_outputs)]
        weights: list[PolynomialMatrix] = []
        biases: list[PolynomialVector] = []
        for layer in range(shape.n_layers, 0, -1):
            features = self.features(layer - 1, datum, characters)
            weights.append(tuple(tuple(d * h for h in features) for d in delta))
            biases.append(tuple(delta))
            below = [
                _sum([d * self._weight(layer, row, column) for row, d in enumerate(delta) if not d.is_zero()], zero)
                for column in range(shape.fan_in(layer))
            ]
            delta = below if layer == 1 else self._through(layer - 1, below, datum, characters)
        return OutputGradient(
            tuple(reversed(weights)), tuple(reversed(biases)) if shape.has_biases else (), tuple(delta)
        )

    def _through(self, layer: int, outer: list[Polynomial], datum: int, characters: Characters) -> list[Polynomial]:
        """Return A_layerᵀ times a vector of the layer's outputs."""
        result = [self.ring.zero()] * self.architecture.widths[layer]
        for output, members in enumerate(self._members[layer - 1]):
            if outer[output].is_zero():
                continue
            z = [self.preactivation(layer, unit, datum, characters) for unit in members]
            character = self._character(layer, output, datum, characters)
            for unit, slope in zip(members, _slopes(self.architecture.activation(layer), z, character), strict=True):
                result[unit] = outer[output] * slope
        return result

    def _check(self, gradient: OutputGradient, polynomial: Polynomial) -> None:
        """Compare every entry with the derivative of the polynomial: the formula is not taken on trust."""
        if self.parameter_names:
            flat: list[Polynomial] = []
            for layer, matrix in enumerate(gradient.weights):
                flat.extend(entry for row in matrix for entry in row)
                if gradient.biases:
                    flat.extend(gradient.biases[layer])
            assert tuple(flat) == polynomial.gradient()[: len(flat)], "the gradient formula fails"
        if self.input_names:
            assert gradient.input == polynomial.gradient()[len(self.parameter_names) :], "the gradient formula fails"

    def __repr__(self) -> str:
        data = (
            "symbolic input"
            if self.inputs is None
            else f"{len(self.inputs)} {'datum' if len(self.inputs) == 1 else 'data'}"
        )
        weights = "symbolic weights" if self.network is None else "exact weights"
        return f"SymbolicNetwork({self.architecture}, {weights}, {data})"


def _lies_below(z: Sequence[Polynomial], p: int, q: int) -> bool:
    """Whether z_p <= z_q everywhere because they differ by a constant; of equal ones the first counts as above."""
    difference = z[p] - z[q]
    if not difference.is_constant():
        return False
    value = difference.constant_coefficient()
    return value < 0 or (value == 0 and q < p)


def _sum(terms: Sequence[Polynomial], zero: Polynomial) -> Polynomial:
    total = zero
    for term in terms:
        total = total + term
    return total


def _piece(activation: AbstractActivation, z: Sequence[Polynomial], character: str) -> Polynomial:
    """Return the polynomial of an activation's piece in its members."""
    return _piece_and_slopes(activation, len(z), character)[0].substituted(z)


def _slopes(activation: AbstractActivation, z: Sequence[Polynomial], character: str) -> tuple[Polynomial, ...]:
    """Return the derivatives of the piece by its members: the entries of the activation matrix."""
    return tuple(slope.substituted(z) for slope in _piece_and_slopes(activation, len(z), character)[1])


@cache
def _piece_and_slopes(
    activation: AbstractActivation, n_members: int, character: str
) -> tuple[Polynomial, tuple[Polynomial, ...]]:
    ring = PolynomialRing(tuple(f"z[{i}]" for i in range(1, n_members + 1)))
    piece = ring.zero() if character == "0" else activation.piece(ring.variables(), character)
    polynomial = piece if isinstance(piece, Polynomial) else ring.constant(fmpq(piece))
    return polynomial, polynomial.gradient()
