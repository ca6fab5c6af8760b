"""The waist: variables, preactivations, and the polynomial on a pattern.

A patterned function is F = φ(f_1, .., f_n) of a net on data, as a function of the weights (``empirical_risk.py``)
or of the input (``realization.py``), looked at from one exact point w. Once every site of the net (a hidden unit or
pooling group on a datum, ``pattern.py``) has its character s, each preactivation is a polynomial z^s and each
output a polynomial f^s_k in the variables. Everything above this floor asks only for

* the constraints that choose a character at a site, given the characters below it (:meth:`options`),
* their gradients at w and, when a certificate needs them, their polynomials in d, centred at w,
* the gradients at w of the outputs f^s_k.

Values at w do not depend on the pattern, since the function is continuous; gradients do. A gradient is one backward
pass: with A the slopes of the pattern, ∂z_l/∂W_m = δ_m h_{m-1}ᵀ where δ_l is a unit vector and δ_{m-1} = A_{m-1}
W_mᵀ δ_m (the activation-matrix formula). In the input it is W_1ᵀ δ_1.

**Identically zero** is decided on the polynomial z^s in the variables. In the weights, where every entry of W_l is a
variable of its own, z^s_l vanishes identically iff the net has no biases and all features h_{l-1} do; in the input
it is computed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, final

from symflow.activations.base import POSITIONS, Convention
from symflow.exact.exponential_numbers import Scalar, combination
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq
from symflow.nets.network import Network, Vector
from symflow.nets.objective import AbstractObjective, Value
from symflow.nets.pattern import Site, SiteTable

# A linear form in the variables, by the places where it is not zero.
SparseVector = dict[int, fmpq]

# The characters chosen so far, in tree order; empty strings where none is.
Characters = Sequence[str]

# Which slopes a backward pass takes at hidden output `output` of layer `layer`.
SlopesAt = Callable[[int, int], tuple[fmpq, ...]]


@final
@dataclass(frozen=True, slots=True)
class Constraint:
    """A polynomial that is positive on a cell: ±z, or z_p - z_q in a pooling group.

    Parameters
    ----------
    site : Site
        Where it comes from.
    sign : int
        +1 or -1; +1 in a pooling group.
    unit : int
        The unit of z, or of the winner z_p (from 0 in its layer).
    against : int or None
        The unit of z_q.
    """

    site: Site
    sign: int
    unit: int
    against: int | None = None


@final
@dataclass(frozen=True, slots=True)
class Option:
    """A character that a site may have near w, with the constraints that then hold (none where it is forced)."""

    character: str
    constraints: tuple[Constraint, ...]


class AbstractPatternedFunction(ABC):
    """F = φ(f_1, .., f_n) as a function of some variables, at a point.

    Parameters
    ----------
    network : Network
        The net with its weights at the point.
    inputs : tuple of vectors
        The data x_1 .. x_n (in the input: the point itself).
    objective : AbstractObjective
        φ.
    output : int
        Which output of the net f is, from 0.
    """

    # "weights" or "input", as in a problem file.
    variable: ClassVar[str]

    def __init__(
        self, network: Network, inputs: tuple[Vector, ...], objective: AbstractObjective, *, output: int = 0
    ) -> None:
        self.network, self.inputs, self.objective, self.output = network, inputs, objective, output
        self.table = SiteTable(network.architecture, len(inputs))

    # ------------------------------------------------------------------ variables and values

    @property
    @abstractmethod
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, in their order."""

    @property
    @abstractmethod
    def point(self) -> Vector:
        """The exact point w."""

    @property
    @abstractmethod
    def is_affine_on_cells(self) -> bool:
        """Whether every preactivation is affine in the variables once the characters below it are fixed."""

    @property
    def n_data(self) -> int:
        """The number of data."""
        return len(self.inputs)

    @cached_property
    def preactivations(self) -> tuple[tuple[Vector, ...], ...]:
        """The preactivations at w: ``preactivations[datum][layer - 1][unit]``; the last layer holds the outputs."""
        return tuple(self.network.forward(x) for x in self.inputs)

    @cached_property
    def features(self) -> tuple[tuple[Vector, ...], ...]:
        """The features at w: ``features[datum][layer]``, with the input as layer 0."""
        result = []
        for x, layers in zip(self.inputs, self.preactivations, strict=True):
            hidden = (self.network.activate(layer, z) for layer, z in enumerate(layers[:-1], start=1))
            result.append((x, *hidden))
        return tuple(result)

    @cached_property
    def outputs(self) -> Vector:
        """The outputs f_1 .. f_n at w."""
        return tuple(layers[-1][self.output] for layers in self.preactivations)

    @cached_property
    def value(self) -> Value:
        """F(w), exactly."""
        return self.objective.value(self.outputs)

    @cached_property
    def coefficients(self) -> tuple[Scalar, ...]:
        """The frozen coefficients c_k = ∂φ/∂f_k at w (Proposition 2)."""
        return self.objective.coefficients(self.outputs)

    def values_at(self, site: Site) -> Vector:
        """Return the values at w of the members of a site."""
        layer = self.preactivations[site.datum][site.layer - 1]
        return tuple(layer[unit] for unit in site.members)

    # ------------------------------------------------------------------ characters and constraints

    def options(self, index: int, characters: Characters) -> tuple[Option, ...]:
        """Return the characters that site `index` may have near w, given those of the sites below it.

        One option without constraints where the character is forced: by the sign of a value that is not zero, or
        because the preactivation vanishes identically ("0").
        """
        site = self.table.sites[index]
        return self._group_options(site, characters) if site.is_group else self._sign_options(site, characters)

    def _sign_options(self, site: Site, characters: Characters) -> tuple[Option, ...]:
        (unit,) = site.members
        (value,) = self.values_at(site)
        if value != 0:
            return (Option("+" if value > 0 else "-", ()),)
        if self.vanishes(site.layer, unit, site.datum, characters):
            return (Option("0", ()),)
        return (
            Option("-", (Constraint(site, -1, unit),)),
            Option("+", (Constraint(site, 1, unit),)),
        )

    def _group_options(self, site: Site, characters: Characters) -> tuple[Option, ...]:
        values = self.values_at(site)
        largest = max(values)
        candidates: list[int] = []  # positions in the group; of identical members only the first
        for position, unit in enumerate(site.members):
            if values[position] == largest and not any(
                self.coincide(site.layer, site.members[other], unit, site.datum, characters) for other in candidates
            ):
                candidates.append(position)
        if len(candidates) == 1:
            return (Option(POSITIONS[candidates[0]], ()),)
        return tuple(
            Option(
                POSITIONS[winner],
                tuple(
                    Constraint(site, 1, site.members[winner], site.members[other])
                    for other in candidates
                    if other != winner
                ),
            )
            for winner in candidates
        )

    @abstractmethod
    def vanishes(self, layer: int, unit: int, datum: int, characters: Characters) -> bool:
        """Whether a preactivation that is zero at w is zero identically, given the characters below it."""

    @abstractmethod
    def coincide(self, layer: int, first: int, second: int, datum: int, characters: Characters) -> bool:
        """Whether two preactivations of equal value at w are the same polynomial, given the characters below."""

    # ------------------------------------------------------------------ gradients

    def constraint_gradient(self, constraint: Constraint, characters: Characters) -> SparseVector:
        """Return the gradient at w of a constraint's polynomial."""
        site = constraint.site
        seed = {constraint.unit: fmpq(constraint.sign)}
        if constraint.against is not None:
            seed[constraint.against] = fmpq(-1)
        return self.pull_back(site.layer, seed, site.datum, characters)

    def output_gradient(self, datum: int, characters: Characters) -> SparseVector:
        """Return the gradient at w of the polynomial f^s_k."""
        return self._output_gradient(datum, self._slopes_on(datum, characters))

    def pull_back(self, layer: int, form: SparseVector, datum: int, characters: Characters) -> SparseVector:
        """Return the gradient at w of a linear form in the preactivations of a layer, on one datum."""
        return self._gradient(layer, form, datum, self._slopes_on(datum, characters))

    def conventional_gradient(self, convention: Convention) -> tuple[Scalar, ...]:
        """Return what the chain rule gives for the gradient of F at w under a convention for the slopes at kinks."""
        if convention not in self._conventional:
            self._conventional[convention] = self._conventional_gradient(convention)
        return self._conventional[convention]

    @cached_property
    def _conventional(self) -> dict[Convention, tuple[Scalar, ...]]:
        return {}

    def _conventional_gradient(self, convention: Convention) -> tuple[Scalar, ...]:
        def slopes(datum: int) -> SlopesAt:
            def at(layer: int, output: int) -> tuple[fmpq, ...]:
                values = self._member_values(layer, output, datum)
                return self.network.architecture.activation(layer).conventional_slopes(values, convention)

            return at

        return self.combine([self._output_gradient(datum, slopes(datum)) for datum in range(self.n_data)])

    def limiting_gradient(self, characters: Characters) -> tuple[Scalar, ...]:
        """Return sum_k c_k ∇f^s_k(w): the limit of ∇F from the cell of this pattern."""
        return self.combine([self.output_gradient(datum, characters) for datum in range(self.n_data)])

    def combine(self, gradients: Sequence[SparseVector]) -> tuple[Scalar, ...]:
        """Return sum_k c_k g_k of one gradient a datum, as a dense vector."""
        summands: list[list[tuple[fmpq, Scalar]]] = [[] for _ in self.variables]
        for coefficient, gradient in zip(self.coefficients, gradients, strict=True):
            for place, entry in gradient.items():
                summands[place].append((entry, coefficient))
        return tuple(map(combination, summands))

    def _output_gradient(self, datum: int, slopes: SlopesAt) -> SparseVector:
        last = self.network.architecture.n_layers
        return self._gradient(last, {self.output: fmpq(1)}, datum, slopes)

    def _gradient(self, layer: int, seed: SparseVector, datum: int, slopes: SlopesAt) -> SparseVector:
        """Pull the linear form `seed` on the preactivations of `layer` back to the variables."""
        result: SparseVector = {}
        delta = {unit: entry for unit, entry in seed.items() if entry != 0}
        for below in range(layer, 0, -1):
            self._collect(below, delta, datum, result)
            if below > 1:
                delta = self._through(below, delta, slopes)
        return {place: entry for place, entry in result.items() if entry != 0}

    def _through(self, layer: int, delta: SparseVector, slopes: SlopesAt) -> SparseVector:
        """Return δ_{l-1} = A_{l-1} W_lᵀ δ_l."""
        matrix = self.network.weights[layer - 1]
        result: SparseVector = {}
        for output, members in enumerate(self.network.architecture.members(layer - 1)):
            entry = fmpq(0)
            for row, weight in delta.items():
                entry += weight * matrix[row][output]
            if entry != 0:
                for unit, slope in zip(members, slopes(layer - 1, output), strict=True):
                    if slope != 0:
                        result[unit] = entry * slope
        return result

    @abstractmethod
    def _collect(self, layer: int, delta: SparseVector, datum: int, result: SparseVector) -> None:
        """Add to `result` what δ_layer contributes to the gradient."""

    def _slopes_on(self, datum: int, characters: Characters) -> SlopesAt:
        def at(layer: int, output: int) -> tuple[fmpq, ...]:
            activation = self.network.architecture.activation(layer)
            values = self._member_values(layer, output, datum)
            character = characters[self.table.index[layer, output, datum]] if activation.has_sites else "+"
            return activation.slopes(values, character)

        return at

    def _member_values(self, layer: int, output: int, datum: int) -> Vector:
        values = self.preactivations[datum][layer - 1]
        return tuple(values[unit] for unit in self.network.architecture.members(layer)[output])

    # ------------------------------------------------------------------ polynomials

    @cached_property
    def ring(self) -> PolynomialRing:
        """The polynomials in the displacement d, so that the variables are w + d."""
        return PolynomialRing(self.variables)

    @cached_property
    def _memory(self) -> dict[tuple[int, int, int, str], Polynomial]:
        return {}

    def constraint_polynomial(self, constraint: Constraint, characters: Characters) -> Polynomial:
        """Return a constraint's polynomial in d, with value 0 at d = 0."""
        site = constraint.site
        result = self.preactivation_polynomial(site.layer, constraint.unit, site.datum, characters)
        if constraint.against is not None:
            other = self.preactivation_polynomial(site.layer, constraint.against, site.datum, characters)
            return result - other
        return result if constraint.sign > 0 else -result

    def output_polynomial(self, datum: int, characters: Characters) -> Polynomial:
        """Return f^s_k as a polynomial in d."""
        last = self.network.architecture.n_layers
        return self.preactivation_polynomial(last, self.output, datum, characters)

    def preactivation_polynomial(self, layer: int, unit: int, datum: int, characters: Characters) -> Polynomial:
        """Return z^s of a unit as a polynomial in d, given the characters below it."""
        key = (layer, unit, datum, self._lower_word(layer, datum, characters))
        if key not in self._memory:
            self._memory[key] = self._expand(layer, unit, datum, characters)
        return self._memory[key]

    def _expand(self, layer: int, unit: int, datum: int, characters: Characters) -> Polynomial:
        total = self._bias_entry(layer, unit)
        for column in range(self.network.architecture.fan_in(layer)):
            if layer == 1:
                feature = self._input_entry(datum, column)
            else:
                feature = self._feature_polynomial(layer - 1, column, datum, characters)
            if not feature.is_zero():
                total = total + self._weight_entry(layer, unit, column) * feature
        return total

    def _feature_polynomial(self, layer: int, output: int, datum: int, characters: Characters) -> Polynomial:
        activation = self.network.architecture.activation(layer)
        members = self.network.architecture.members(layer)[output]
        character = characters[self.table.index[layer, output, datum]] if activation.has_sites else "+"
        if character == "0":
            return self.ring.constant(fmpq(0))
        polynomials = [self.preactivation_polynomial(layer, unit, datum, characters) for unit in members]
        piece = activation.piece(polynomials, character)
        return piece if isinstance(piece, Polynomial) else self.ring.constant(fmpq(piece))

    def _lower_word(self, layer: int, datum: int, characters: Characters) -> str:
        return "".join(characters[i] for i in self.table.below(layer, datum))

    @abstractmethod
    def _weight_entry(self, layer: int, row: int, column: int) -> Polynomial:
        """Return W_layer[row, column] in the ring."""

    @abstractmethod
    def _bias_entry(self, layer: int, row: int) -> Polynomial:
        """Return b_layer[row] in the ring, 0 in a net without biases."""

    @abstractmethod
    def _input_entry(self, datum: int, column: int) -> Polynomial:
        """Return an entry of the input in the ring."""

    def __repr__(self) -> str:
        count = f"{self.n_data} {'datum' if self.n_data == 1 else 'data'}"
        about = f"{self.objective!r}, {count}, {self.network.architecture}"
        return f"{type(self).__name__}({about}, at a point of R^{len(self.variables)}, exact)"
