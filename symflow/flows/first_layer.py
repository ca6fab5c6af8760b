"""The kinks of first-layer neurons: hyperplanes in the space of a neuron's own weights.

The preactivation of neuron j on datum k is affine in what moves of (w_j, b_j): z = ⟨n_k, v⟩ + β_jk, with n_k the
entries of (x_k, 1) that belong to trained weights and β_jk what the frozen ones contribute. While the neuron slides
along the kinks of some data (its ties), v stays in a flat, and a preactivation restricted to it is again affine, with
normal P n_k, P the projection along the normals of the ties. All of that is rational.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import final

from symflow.exact.linear_algebra import is_in_span, solve
from symflow.exact.rationals import fmpq
from symflow.nets.network import Network, Vector

Ties = tuple[int, ...]


@final
@dataclass(frozen=True, slots=True)
class Restriction:
    """A preactivation on the flat of some ties: ⟨normal, v⟩ + constant + Σ multiples of the ties' own.

    Parameters
    ----------
    normal : vector
        P n_k.
    constant : fmpq
        β_jk minus what the ties' constants take.
    """

    normal: Vector
    constant: fmpq


@final
class FirstLayer:
    """The geometry of the first layer's kinks.

    Parameters
    ----------
    network : Network
        With the weights at the start; frozen ones keep them.
    inputs : tuple of vectors
        x_1 .. x_n.
    has_weights, has_biases : bool
        Whether W_1 and b_1 move.

    Examples
    --------
    >>> net = Network.from_weights([[1, 1]], [[1]])
    >>> layer = FirstLayer(net, ((fmpq(1), fmpq(0)), (fmpq(2), fmpq(0)), (fmpq(1), fmpq(1))), True, False)
    >>> layer.walls(0, ())
    ((0, 1), (2,))
    >>> layer.restriction(0, 2, (0, 1)).normal
    (0, 1)
    """

    def __init__(self, network: Network, inputs: tuple[Vector, ...], has_weights: bool, has_biases: bool) -> None:
        self.network, self.inputs = network, inputs
        self.has_weights, self.has_biases = has_weights, has_biases and network.biases is not None
        self.normals = tuple((x if has_weights else ()) + ((fmpq(1),) if self.has_biases else ()) for x in inputs)
        self.dimension = (len(inputs[0]) if has_weights else 0) + self.has_biases
        # Whether anything but what moves enters the preactivations.
        self.has_offsets = not has_weights or (network.biases is not None and not self.has_biases)
        self.restriction = cache(self._restriction)
        self.projector = cache(self._projector)
        self.walls = cache(self._walls)
        self.parallel = cache(self._parallel)

    def columns(self, neuron: int) -> tuple[int, ...]:
        """Return the places among all parameters of what moves of (w_j, b_j)."""
        shape = self.network.architecture
        weights = [shape.weight_index(1, neuron, c) for c in range(shape.n_inputs)] if self.has_weights else []
        return tuple(weights + ([shape.bias_index(1, neuron)] if self.has_biases else []))

    def offset(self, neuron: int, datum: int) -> fmpq:
        """Return β_jk."""
        total = fmpq(0)
        if not self.has_weights:
            row = self.network.weights[0][neuron]
            total += sum((w * x for w, x in zip(row, self.inputs[datum], strict=True)), fmpq(0))
        if self.network.biases is not None and not self.has_biases:
            total += self.network.biases[0][neuron]
        return total

    def is_fixed(self, datum: int) -> bool:
        """Whether nothing that moves enters the preactivations on this datum."""
        return all(entry == 0 for entry in self.normals[datum])

    def independent(self, data: Ties) -> Ties:
        """Return the first data whose normals span those of all."""
        chosen: list[int] = []
        for k in data:
            if not is_in_span(self.normals[k], [self.normals[i] for i in chosen]):
                chosen.append(k)
        return tuple(chosen)

    def _projector(self, tied: Ties) -> tuple[Vector, ...]:
        """Return I - Nᵀ (N Nᵀ)⁻¹ N for the normals N of the ties."""
        basis = [self.normals[k] for k in self.independent(tied)]
        size = self.dimension
        columns = []
        for place in range(size):
            unit = tuple(fmpq(int(i == place)) for i in range(size))
            multipliers = self._multipliers(unit, basis)
            columns.append(
                tuple(
                    unit[i] - sum((m * n[i] for m, n in zip(multipliers, basis, strict=True)), fmpq(0))
                    for i in range(size)
                )
            )
        return tuple(columns)  # symmetric

    def gram_solution(self, data: Ties, right: Sequence[fmpq]) -> Vector:
        """Return λ with Σ_i λ_i ⟨n_i, n_k⟩ = right_k for the independent normals of `data`."""
        if not data:
            return ()
        basis = [self.normals[k] for k in data]
        found = solve([[_dot(a, b) for b in basis] for a in basis], right)
        assert found is not None  # a Gram matrix of independent vectors is regular
        return tuple(fmpq(x) for x in found)  # type: ignore[arg-type]

    def _multipliers(self, vector: Vector, basis: list[Vector]) -> Vector:
        """Return λ with vector - Σ λ_i n_i orthogonal to every n_i."""
        if not basis:
            return ()
        gram = [[_dot(a, b) for b in basis] for a in basis]
        found = solve(gram, [_dot(a, vector) for a in basis])
        assert found is not None  # a Gram matrix of independent vectors is regular
        return tuple(fmpq(x) for x in found)  # type: ignore[arg-type]

    def _restriction(self, neuron: int, datum: int, tied: Ties) -> Restriction:
        chosen = self.independent(tied)
        basis = [self.normals[k] for k in chosen]
        multipliers = self._multipliers(self.normals[datum], basis)
        normal = tuple(
            self.normals[datum][i] - sum((m * n[i] for m, n in zip(multipliers, basis, strict=True)), fmpq(0))
            for i in range(self.dimension)
        )
        constant = self.offset(neuron, datum) - sum(
            (m * self.offset(neuron, k) for m, k in zip(multipliers, chosen, strict=True)), fmpq(0)
        )
        return Restriction(normal, constant)

    def _parallel(self, neuron: int, datum: int) -> tuple[tuple[int, fmpq], ...]:
        """Return the data whose preactivations vanish with that of `datum`, and n_k as a multiple of its normal."""
        own = self.normals[datum]
        place = next(i for i, entry in enumerate(own) if entry != 0)
        data = next(data for data in self.walls(neuron, ()) if datum in data)
        return tuple((k, self.normals[k][place] / own[place]) for k in data)

    def _walls(self, neuron: int, tied: Ties) -> tuple[Ties, ...]:
        """Return the classes of data whose preactivations vanish together on the flat of the ties.

        Each class has its smallest datum first. Data whose preactivation is constant on the flat are in none.
        """
        classes: dict[tuple[fmpq, ...], list[int]] = {}
        for datum in range(len(self.inputs)):
            if datum in tied:
                continue
            restriction = self._restriction(neuron, datum, tied)
            lead = next((entry for entry in restriction.normal if entry != 0), None)
            if lead is None:
                continue
            key = (*(entry / lead for entry in restriction.normal), restriction.constant / lead)
            classes.setdefault(key, []).append(datum)
        return tuple(tuple(data) for data in classes.values())


def _dot(a: Vector, b: Vector) -> fmpq:
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))
