"""What the names of the statement language mean: on a shape, with symbols; and at a point, in numbers.

====================== ===========================================================================
``L``, ``H``, ``n``    weight matrices, hidden layers, data; ``width(l)`` for l from 0
``W[l]``, ``b[l]``     weights and biases (``W1`` is ``W[1]``); ``w`` all of them, in order
``x[k]``, ``y[k]``     the data (``x`` is ``x[1]``)
``A[l,k]``, ``a[l,k]`` diag σ'(W_l ..) on datum k, and its diagonal (``A[l]`` is ``A[l,1]``)
``z[l,k]``, ``h[l,k]`` preactivations and features of layer l on datum k
``f[k]``, ``m[k]``     the output on datum k, and the margin y_k f_k (``f`` is ``f[1]``)
``R``, ``c[k]``        the objective, and its slopes c_k = ∂R/∂f_k
====================== ===========================================================================

**On a shape** everything is a polynomial in symbols: the parameters, the data (unless they are given), the slopes of
all units, and of a risk its value and its slopes c_k = ∂R/∂f_k. A slope a of a relu is 0 or 1, so that a² = a; one of
abs is 1 or −1; those of leaky_relu and of maxpool's winners stay free. Where a polynomial vanishes with free slopes it
vanishes on every cell; and at the kinks too, as far as no gradient and no A is spoken of, by continuity. The value of
the risk and the c_k are free: what holds for them holds for every differentiable loss.

**At a point** everything is an exact number. A gradient or an A is defined only where no unit is at its kink.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from symflow.checker.problems import Problem

#: A number, or a polynomial: an element of the ring that is computed in.
Scalar: TypeAlias = Any
#: A scalar, a vector (a tuple of scalars) or a matrix (a tuple of rows).
Tensor: TypeAlias = Any

#: No higher power is computed.
HIGHEST_POWER = 64


@dataclass(frozen=True, slots=True)
class Function:
    """A real function of the variables: ``f`` or ``m`` on a datum (from 0), or ``R``."""

    kind: str
    datum: int | None = None

    @property
    def name(self) -> str:
        """As it stands in a statement."""
        return self.kind if self.datum is None else f"{self.kind}[{self.datum + 1}]"


class AbstractObjects(ABC):
    """A net with data and an objective, as a statement speaks of it."""

    problem: Problem
    weights_shape: tuple[tuple[int, int], ...]
    has_biases: bool
    n_data: int
    is_of_input: bool

    # ------------------------------------------------------------------ places of the parameters

    @cached_property
    def weight_places(self) -> tuple[Tensor, ...]:
        """For each layer, where its weights stand among the parameters."""
        return self._places[0]

    @cached_property
    def bias_places(self) -> tuple[Tensor, ...]:
        """For each layer, where its biases stand."""
        return self._places[1]

    @cached_property
    def _places(self) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        weights, biases, count = [], [], 0
        for n_rows, n_columns in self.weights_shape:
            weights.append(
                tuple(tuple(range(count + i * n_columns, count + (i + 1) * n_columns)) for i in range(n_rows))
            )
            count += n_rows * n_columns
            if self.has_biases:
                biases.append(tuple(range(count, count + n_rows)))
                count += n_rows
        return tuple(weights), tuple(biases)

    @cached_property
    def weights(self) -> tuple[Tensor, ...]:
        """The weight matrix of each layer."""
        return tuple(tuple(tuple(self.parameters[i] for i in row) for row in rows) for rows in self.weight_places)

    @cached_property
    def biases(self) -> tuple[Tensor, ...]:
        """The biases of each layer."""
        return tuple(tuple(self.parameters[i] for i in places) for places in self.bias_places)

    @cached_property
    def n_parameters(self) -> int:
        """How many weights and biases there are."""
        return sum(n * (m + self.has_biases) for n, m in self.weights_shape)

    # ------------------------------------------------------------------ what the two kinds say differently

    @property
    @abstractmethod
    def parameters(self) -> tuple[Scalar, ...]:
        """All weights and biases."""

    @abstractmethod
    def input(self, datum: int) -> tuple[Scalar, ...]:
        """Return a datum."""

    @abstractmethod
    def label(self, datum: int) -> Scalar:
        """Return its label."""

    @abstractmethod
    def slopes(self, layer: int, datum: int) -> tuple[Scalar, ...]:
        """Return the slopes of the units of a hidden layer (from 0)."""

    @abstractmethod
    def coefficient(self, datum: int) -> Scalar:
        """Return ∂R/∂f_k."""

    @abstractmethod
    def preactivations(self, layer: int, datum: int) -> tuple[Scalar, ...]:
        """Return W_l h + b_l of a layer (from 0); those of the last layer are the outputs."""

    @abstractmethod
    def features(self, layer: int, datum: int) -> tuple[Scalar, ...]:
        """Return σ of the preactivations of a hidden layer (from 0)."""

    @abstractmethod
    def value(self, function: Function, scaled: Mapping[int, Scalar] | None = None) -> Scalar:
        """Return the value of a function, some of the parameters multiplied by a number."""

    @abstractmethod
    def gradient(self, function: Function) -> tuple[Scalar, ...]:
        """Return its gradient in the variables."""

    @abstractmethod
    def constant(self, value: Fraction) -> Scalar:
        """Return a rational number."""

    @abstractmethod
    def quotient(self, a: Scalar, b: Scalar) -> Scalar:
        """Return a/b."""

    @abstractmethod
    def power(self, a: Scalar, exponent: int) -> Scalar:
        """Return a to an integer."""
