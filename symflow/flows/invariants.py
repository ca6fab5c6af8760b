"""What a flow of the weights preserves, whatever the data and the loss: balancedness, and Gram matrices.

Let layer l have an activation that is positively homogeneous of degree k (relu, leaky_relu, abs, identity, a maximum
over groups: k = 1; relu_power: its power). On every piece the output h of a hidden unit satisfies <z, ∂h/∂z> = k h
(Euler), so that, with e = ∂F/∂h,

    <W_l[in], ∂F/∂W_l[in]> + <b_l[in], ∂F/∂b_l[in]>  =  k e h  =  k <W_{l+1}[:,j], ∂F/∂W_{l+1}[:,j]>,

where "in" are the rows of the unit, or of all members of its group. This holds for the gradient on each piece, hence
for every convex combination of such gradients, hence for every element of ∂F. So along every solution of
w' in -∂F(w), whichever it is,

    |W_l[in]|² + |b_l[in]|² - k |W_{l+1}[:,j]|²    is constant.

It needs both matrices trained. A frozen bias is a constant of the problem: the law stands without it if it is 0 and is
left out otherwise. Between trained layers l < m of a net without biases the same sum over all units gives
|W_l|² - k_l .. k_{m-1} |W_m|², also where matrices in between are frozen. With the identity between two layers,
(W_l W_lᵀ + b_l b_lᵀ) - W_{l+1}ᵀ W_{l+1} is constant, entry by entry: its derivative is -(δ zᵀ + z δᵀ) from either side,
where δ = ∂F/∂z.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import final

import mpmath

from symflow.exact.rationals import fmpq, to_fraction
from symflow.flows.precision import Number, real
from symflow.flows.trajectory import Invariant
from symflow.nets.architecture import Architecture
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network

# Of wider linear layers only the diagonal of the Gram matrix is followed.
_WIDEST_GRAM = 16


@final
@dataclass(frozen=True, slots=True)
class Law:
    """A quadratic form in the parameters that the flow preserves.

    Parameters
    ----------
    name : str
        As a formula.
    terms : tuple of (place, place, coefficient)
        Of the form: the sum of coefficient · w[place] · w[place].
    proof : str
        One sentence.
    scope : str
        "neuron", "layers" or "gram".
    """

    name: str
    terms: tuple[tuple[int, int, int], ...]
    proof: str
    scope: str

    def start(self, parameters: Sequence[fmpq]) -> fmpq:
        """Return its exact value at rational parameters."""
        return sum((c * parameters[i] * parameters[j] for i, j, c in self.terms), fmpq(0))

    def value(self, state: Sequence[Number]) -> Number:
        """Return its value at a state."""
        return mpmath.fsum(c * state[i] * state[j] for i, j, c in self.terms)

    def invariant(self, function: FunctionOfWeights, states: Sequence[Sequence[Number]]) -> Invariant:
        """Return it with its exact start and the largest distance from it at some states."""
        start = self.start(function.point)
        drift = max((abs(self.value(state) - real(start)) for state in states), default=mpmath.mpf(0))
        return Invariant(self.name, to_fraction(start), drift, self.proof)


def balancing_laws(network: Network, trained: Sequence[str] | None = None) -> tuple[Law, ...]:
    """Return the laws of balancing for a net some of whose layers are trained.

    Parameters
    ----------
    network : Network
        At the start.
    trained : sequence of str, optional
        The layers that move ("W1", "b1", ..); all by default.

    Examples
    --------
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> for law in balancing_laws(net):
    ...     print(law.name, "=", law.start(net.parameters))
    |W1[1,:]|^2 - W2[1,1]^2 = 1
    |W1[2,:]|^2 - W2[1,2]^2 = 3/4
    |W1|^2 - |W2|^2 = 7/4
    >>> balancing_laws(net, trained=["W1"])
    ()
    """
    layers = _Layers(network, trained)
    laws: list[Law] = []
    for layer in range(1, network.architecture.n_layers):
        if layers.moves(layer) and layers.moves(layer + 1):
            laws.extend(layers.neuron_laws(layer))
            laws.extend(layers.gram_laws(layer))
    laws.extend(layers.layer_laws())
    return tuple(laws)


@final
class _Layers:
    """The laws of a net, layer by layer."""

    def __init__(self, network: Network, trained: Sequence[str] | None) -> None:
        self.network, self.shape = network, network.architecture
        self.trained = None if trained is None else set(trained)

    def moves(self, layer: int, letter: str = "W") -> bool:
        return self.trained is None or f"{letter}{layer}" in self.trained

    def bias(self, layer: int, units: Sequence[int]) -> bool | None:
        """Whether some biases count: they move (True), are none or 0 (False), or break the law (None)."""
        if self.network.biases is None:
            return False
        if self.moves(layer, "b"):
            return True
        return False if all(self.network.biases[layer - 1][unit] == 0 for unit in units) else None

    def neuron_laws(self, layer: int) -> Iterator[Law]:
        shape = self.shape
        power = shape.activation(layer).degree
        for output, members in enumerate(shape.members(layer)):
            has_bias = self.bias(layer, members)
            if has_bias is None:
                continue
            rows = [_row(shape, layer, unit) for unit in members]
            terms = [(p, p, 1) for places in rows for p in places]
            incoming = [_norm(shape, places, f"W{layer}[{u + 1},:]") for u, places in zip(members, rows, strict=True)]
            if has_bias:
                terms += [(p, p, 1) for p in (shape.bias_index(layer, unit) for unit in members)]
                incoming += [f"b{layer}[{unit + 1}]^2" for unit in members]
            column = _column(shape, layer + 1, output)
            terms += [(p, p, -power) for p in column]
            outgoing = _norm(shape, column, f"W{layer + 1}[:,{output + 1}]")
            yield Law(
                f"{' + '.join(incoming)} - {_times(power)}{outgoing}",
                tuple(terms),
                f"<incoming, its gradient> = {_times(power)}<outgoing, its gradient> on every piece, "
                "so for every Clarke subgradient",
                "neuron",
            )

    def gram_laws(self, layer: int) -> Iterator[Law]:
        """Return the entries of W_l W_lᵀ + b bᵀ - W_{l+1}ᵀ W_{l+1} above the diagonal, for the identity."""
        shape = self.shape
        width = shape.widths[layer]
        if shape.activation(layer).name != "identity" or width > _WIDEST_GRAM:
            return
        for i in range(width):
            for j in range(i + 1, width):
                has_bias = self.bias(layer, (i, j))
                if has_bias is None:
                    continue
                terms = [(p, q, 1) for p, q in zip(_row(shape, layer, i), _row(shape, layer, j), strict=True)]
                name = f"<W{layer}[{i + 1},:], W{layer}[{j + 1},:]>"
                if has_bias:
                    terms.append((shape.bias_index(layer, i), shape.bias_index(layer, j), 1))
                    name += f" + b{layer}[{i + 1}] b{layer}[{j + 1}]"
                columns = zip(_column(shape, layer + 1, i), _column(shape, layer + 1, j), strict=True)
                terms += [(p, q, -1) for p, q in columns]
                yield Law(
                    f"{name} - <W{layer + 1}[:,{i + 1}], W{layer + 1}[:,{j + 1}]>",
                    tuple(terms),
                    "both Gram matrices have the derivative -(d z^T + z d^T), d the gradient by z",
                    "gram",
                )

    def layer_laws(self) -> Iterator[Law]:
        shape = self.shape
        matrices = [layer for layer in range(1, shape.n_layers + 1) if self.moves(layer)]
        for layer, above in pairwise(matrices):
            if layer + 1 == above and len(shape.members(layer)) == 1 and shape.widths[layer] == 1:
                continue  # the law of the one neuron
            if above > layer + 1 and shape.has_biases:
                continue
            has_bias = self.bias(layer, range(shape.widths[layer]))
            if has_bias is None:
                continue
            power = 1
            for between in range(layer, above):
                power *= shape.activation(between).degree
            terms = [(p, p, 1) for p in _places(shape, layer)]
            name = f"|W{layer}|^2"
            if has_bias:
                terms += [(p, p, 1) for p in (shape.bias_index(layer, row) for row in range(shape.widths[layer]))]
                name += f" + |b{layer}|^2"
            terms += [(p, p, -power) for p in _places(shape, above)]
            yield Law(
                f"{name} - {_times(power)}|W{above}|^2",
                tuple(terms),
                f"<W{layer}, its gradient> = {_times(power)}<W{above}, its gradient> on every piece, "
                "so for every Clarke subgradient",
                "layers",
            )


def _places(shape: Architecture, layer: int) -> range:
    block = shape.layer_block(layer)
    return range(block.start, block.stop)


def _row(shape: Architecture, layer: int, row: int) -> list[int]:
    return [shape.weight_index(layer, row, column) for column in range(shape.fan_in(layer))]


def _column(shape: Architecture, layer: int, column: int) -> list[int]:
    return [shape.weight_index(layer, row, column) for row in range(shape.widths[layer])]


def _norm(shape: Architecture, places: Sequence[int], name: str) -> str:
    """Return |W1[1,:]|^2, or W1[1,1]^2 where it is one entry."""
    return f"{shape.parameter_names[places[0]]}^2" if len(places) == 1 else f"|{name}|^2"


def _times(factor: int) -> str:
    return "" if factor == 1 else f"{factor} "
