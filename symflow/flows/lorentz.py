"""Width does not matter: neurons of one group move by one Lorentz transformation.

**Theorem.** Let all of W_1, b_1 and the output row of W_2 be trained in a net with one hidden layer, and let G be
neurons with the same slopes on all data and no ties. With v_j = (w_j, b_j, a_j) and g = Σ_k slope_k r_k (x_k, 1), the
flow is v_j' = B v_j with the one matrix B = [[0, g], [gᵀ, 0]] for all j in G. So v_j(t) = Φ(t) v_j(0) with Φ' = B Φ,
Φ(0) = 1. Since J B + Bᵀ J = 0 for J = diag(1, .., 1, -1), Φᵀ J Φ = J: Φ is a Lorentz transformation, and all Minkowski
products ⟨w_j, w_k⟩ + b_j b_k - a_j a_k within G are conserved (balancing is their diagonal).

*Proof.* w_j' = a_j g and a_j' = ⟨w_j, g⟩ for every j in G (with b_j among the entries of w_j); the derivative of Φᵀ J Φ
is Φᵀ (Bᵀ J + J B) Φ, and J B = [[0, g], [-gᵀ, 0]] is antisymmetric. ∎

The outputs depend on G through M = Σ_{j in G} v_j v_jᵀ alone: Σ_j a_j w_j is its last column, and with M_0 that at the
start of a step it is Σ_{k,l} M_0[k,l] Φ[a,k] Φ[w,l]. So a step needs the series of the columns of Φ, as many as v_j has
entries, whatever the width: each column is a neuron that starts at a unit vector. Then every v_j is moved by Φ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.flows.calculus import groups
from symflow.flows.first_layer import FirstLayer
from symflow.flows.mode import Mode
from symflow.nets.empirical_risk import FunctionOfWeights


@final
@dataclass(frozen=True, slots=True)
class LorentzGroup:
    """A group that is moved by the columns of Φ.

    Parameters
    ----------
    neurons : tuple of int
        All of them, from 0.
    representatives : tuple of int
        The neurons whose places the columns of Φ take.
    places : tuple of tuples
        For each neuron the places of v_j among the parameters, the output weight last.
    """

    neurons: tuple[int, ...]
    representatives: tuple[int, ...]
    places: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """The number of entries of v_j."""
        return len(self.representatives)

    def moments(self, theta: Sequence[int], bits: int) -> dict[tuple[int, int], int]:
        """Return M_0 = Σ_j v_j v_jᵀ, fixed-point, by pairs of representatives."""
        vectors = [[theta[place] for place in places] for places in self.places]
        columns = list(zip(*vectors, strict=True))
        return {
            (self.representatives[k], self.representatives[m]): sum(map(int.__mul__, columns[k], columns[m])) >> bits
            for k in range(self.size)
            for m in range(self.size)
        }

    def start(self, bits: int) -> dict[int, int]:
        """Return the identity: the places of the representatives, each a unit vector."""
        return {
            place: (1 << bits) if entry == column else 0
            for column in range(self.size)
            for entry, place in enumerate(self.places[column])
        }

    def moved(self, phi: Sequence[Sequence[int]], theta: Sequence[int], neuron: int, bits: int) -> list[int]:
        """Return Φ v_j; ``phi[column][entry]``."""
        vector = [theta[place] for place in self.places[neuron]]
        return [sum(map(int.__mul__, row, vector)) >> bits for row in zip(*phi, strict=True)]


def lorentz_groups(
    function: FunctionOfWeights, layer: FirstLayer, trained: frozenset[int], mode: Mode
) -> tuple[LorentzGroup, ...]:
    """Return the groups of a mode that are wide enough to be moved by Φ.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1], [2], [3], [4]], [[1, 1, 1, 1]])
    >>> risk = EmpiricalRisk(net, Dataset([(1,)], labels=[1])).at()
    >>> layer = FirstLayer(net, risk.inputs, True, False)
    >>> [group.representatives for group in lorentz_groups(risk, layer, frozenset(range(8)), ("+",) * 4)]
    [(0, 1)]
    """
    shape = function.network.architecture
    size = shape.n_inputs + shape.has_biases + 1
    if shape.n_hidden_layers != 1 or layer.dimension != size - 1:
        return ()
    if shape.weight_index(2, function.output, 0) not in trained:
        return ()
    result = []
    for group in groups(function, mode):
        tied = any(not layer.is_fixed(k) for k in group.ties)
        if len(group.neurons) <= size or tied or not any(group.slopes):
            continue
        places = tuple(
            (*layer.columns(neuron), shape.weight_index(2, function.output, neuron)) for neuron in group.neurons
        )
        result.append(LorentzGroup(group.neurons, group.neurons[:size], places))
    return tuple(result)
