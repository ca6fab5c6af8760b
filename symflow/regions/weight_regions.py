"""Cells in weight space, for one hidden layer: a product of one factor a neuron.

Definitions. On data x_1 .. x_n a pattern gives each hidden neuron and datum the sign of the preactivation ⟨u, x_k⟩ + b,
and each maximum over a group and datum the position of the winner. A cell is a pattern whose set of weights has
interior. The neurons share no weight, so a pattern occurs if and only if its part at each neuron does: cells are
products of one cell a neuron, and the weights of the last layer cut nothing. Two cells share a wall exactly if they
differ in one factor and share one there: the region graph is the Cartesian product of the graphs of the factors. With
c_j cells and a_j adjacencies in factor j there are

    Π c_j cells   and   Σ_j a_j Π_{i≠j} c_i adjacencies.

All cells are cones, so that none is bounded.

The factor of a neuron is the central arrangement of the hyperplanes ⟨u, x_k⟩ + b = 0 in the space of its weights
(u, b). It is counted without being listed (``arrangement_counts.py``). Seen from the other side it is the region graph
of a net with one hidden layer: its units are the data, W_1 = (x_k, 1), and its input is (u, b). This is how its cells
are listed when they are wanted (``weight_graph.py``).

The factor of a group of m neurons is the space of all their weights u_1 .. u_m, cut where the winner changes. For m = 2
it is the arrangement of the ⟨u_1 - u_2, x_k⟩ = 0, for m ≥ 3 see ``winner_counts.py``; data of the same direction then
have the same winner. Data that fall into blocks with independent spans make a product once more, one factor a block.

Examples
--------
Two relu neurons without bias, three data in the plane: three lines through 0 make 6 cells a neuron.

>>> from symflow.activations.base import activation
>>> shape = Architecture((2, 2, 1), (activation("relu"),), has_biases=False)
>>> regions = WeightRegions.of(shape, [(1, 0), (0, 1), (1, 1)])
>>> regions.factors[0]
WeightFactor(neuron=1, n_members=1, n_cells=6, n_adjacencies=6)
>>> regions.n_cells, regions.n_adjacencies
(36, 72)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

from symflow.activations.base import activation
from symflow.errors import NotSupportedError
from symflow.exact.linear_algebra import reduced_row_echelon_form, transposed
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.architecture import Architecture
from symflow.nets.network import Network, Vector, exact_input
from symflow.regions.arrangement_counts import Arrangement
from symflow.regions.winner_counts import winner_counts


@final
@dataclass(frozen=True, slots=True)
class WeightFactor:
    """The cells of one neuron, or of one group, in the space of its own weights.

    Parameters
    ----------
    neuron : int
        Which one, from 1; for a maximum, the group.
    n_members : int
        1, or the number of neurons in the group.
    n_cells, n_adjacencies : int
        The counts.
    """

    neuron: int
    n_members: int
    n_cells: int
    n_adjacencies: int


@final
@dataclass(frozen=True)
class WeightRegions:
    """The cells of a net with one hidden layer in the space of its weights; counted when asked.

    Parameters
    ----------
    architecture : Architecture
        The net's shape; weights do not matter.
    data : tuple of Vector
        The inputs x_1 .. x_n.
    budget : Budget
        For the counting, which raises ``BudgetExceededError``; only its deadline matters.

    Raises
    ------
    NotSupportedError
        If there is more than one hidden layer.

    Examples
    --------
    Four neurons with biases on the corners of a square: 14 of the 16 sign patterns of a neuron occur (not xor).

    >>> from symflow.activations.base import activation
    >>> shape = Architecture((2, 4, 1), (activation("relu"),), has_biases=True)
    >>> regions = WeightRegions.of(shape, [(0, 0), (0, 1), (1, 0), (1, 1)])
    >>> regions.n_cells == 14**4, regions.n_adjacencies == 4 * 24 * 14**3
    (True, True)
    """

    architecture: Architecture
    data: tuple[Vector, ...]
    budget: Budget = field(default=NO_BUDGET, compare=False, repr=False)

    def __post_init__(self) -> None:
        n_hidden = self.architecture.n_hidden_layers
        if n_hidden > 1:
            raise NotSupportedError(
                f"cells in weight space are counted for one hidden layer, and this net has {n_hidden}; "
                'set variable = "input" for its cells in input space',
                place="network",
            )

    @classmethod
    def of(
        cls, architecture: Architecture, data: Iterable[Sequence[object]], *, budget: Budget = NO_BUDGET
    ) -> WeightRegions:
        """Return the cells of a net's weights on some data.

        Parameters
        ----------
        architecture : Architecture
            At most one hidden layer.
        data : iterable of vectors
            Integers, ``Fraction`` or ``"p/q"``.
        budget : Budget
            For the counting.

        Raises
        ------
        NotSupportedError
            If there is more than one hidden layer.
        InexactNumberError, ShapeError
            Naming the datum.
        """
        n_inputs = architecture.n_inputs
        points = (exact_input(x, n_inputs, place=f"data.inputs[{k}]") for k, x in enumerate(data, start=1))
        return cls(architecture, tuple(points), budget)

    # ------------------------------------------------------------------ the counts

    @cached_property
    def factors(self) -> tuple[WeightFactor, ...]:
        """One factor a neuron, or a group; those of one size are counted once."""
        sizes = [len(members) for members in self.groups]
        counts = {size: self._counts(size) for size in set(sizes)}
        return tuple(WeightFactor(neuron, size, *counts[size]) for neuron, size in enumerate(sizes, start=1))

    @property
    def n_cells(self) -> int:
        """The number of cells."""
        return math.prod(factor.n_cells for factor in self.factors)

    @property
    def n_adjacencies(self) -> int:
        """The number of walls, each shared by two cells."""
        n_cells = self.n_cells
        return sum(n_cells // factor.n_cells * factor.n_adjacencies for factor in self.factors)

    @property
    def n_bounded(self) -> int:
        """The number of bounded cells: cells are cones, so none is."""
        return 0

    # ------------------------------------------------------------------ a neuron

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The units (from 0) of the hidden layer that each factor consists of."""
        return self.architecture.members(1) if self.architecture.n_hidden_layers else ()

    @property
    def is_cut(self) -> bool:
        """Whether the activation has kinks or changes of sign; a linear layer has none."""
        return self.architecture.n_hidden_layers > 0 and self.architecture.activation(1).has_sites

    @cached_property
    def covectors(self) -> tuple[Vector, ...]:
        """The preactivation on each datum, as a linear function of a neuron's weights: x_k, or (x_k, 1)."""
        return tuple((*x, fmpq(1)) if self.architecture.has_biases else x for x in self.data)

    def factor_network(self, neuron: int) -> Network:
        """Return the net whose cells in input space are those of a neuron (from 1), or group, in weight space.

        Its input is the weights of the neuron, and its bias where there is one; for a group, those of all members, one
        after the other. It has a hidden unit for each datum, or a group with one unit for each member.

        Raises
        ------
        NotSupportedError
            If the net has no data, or no hidden layer.

        Examples
        --------
        >>> from symflow.activations.base import activation
        >>> shape = Architecture((1, 2, 1), (activation("abs"),), has_biases=True)
        >>> WeightRegions.of(shape, [(5,), (7,)]).factor_network(1).weights[0]
        ((5, 1), (7, 1))
        """
        if not self.is_cut or not self.covectors:
            raise NotSupportedError("without kinks or data there is one cell, and nothing to list", place="network")
        n_members = len(self.groups[neuron - 1])
        width = len(self.covectors[0])
        rows = []
        for covector in self.covectors:
            for i in range(n_members):
                after = n_members - 1 - i
                rows.append([fmpq(0)] * (i * width) + [*covector] + [fmpq(0)] * (after * width))
        chosen = activation("relu")
        if self.architecture.activation(1).is_group:
            places = range(len(self.covectors))
            chosen = activation("maxpool", groups=[list(range(k * n_members, (k + 1) * n_members)) for k in places])
        return Network.from_weights(rows, [[1] * len(self.covectors)], activation=chosen)

    # ------------------------------------------------------------------ counting

    def _counts(self, n_members: int) -> tuple[int, int]:
        """Return the numbers of cells and adjacencies of a neuron, or of a group of that size."""
        is_group = self.architecture.activation(1).is_group
        covectors = [x for x in self.covectors if any(entry != 0 for entry in x)]
        if not self.is_cut or (is_group and n_members == 1) or not covectors:
            return 1, 0
        blocks = independent_blocks(covectors)
        if n_members <= 2:
            return _product_counts(self._block_of_a_neuron(block) for block in blocks)
        return _product_counts(self._block_of_a_group(block, n_members) for block in blocks)

    def _block_of_a_neuron(self, block: Sequence[Vector]) -> tuple[int, int]:
        arrangement = Arrangement.central(len(block[0]), block, budget=self.budget)
        return arrangement.n_cells, arrangement.n_adjacencies

    def _block_of_a_group(self, block: Sequence[Vector], n_members: int) -> tuple[int, int]:
        """Count winners in coordinates on which the block is of full rank, once for each direction."""
        columns = reduced_row_echelon_form(block).pivots
        directions = dict.fromkeys(_direction([x[column] for column in columns]) for x in block)
        if len(columns) == len(directions) == 1:
            return n_members, math.comb(n_members, 2)
        return winner_counts(list(directions), n_members, budget=self.budget)


def independent_blocks(vectors: Sequence[Vector]) -> tuple[tuple[Vector, ...], ...]:
    """Return the finest partition of some vectors, none of them zero, into blocks whose spans are independent.

    These are the connected components of the linear matroid: with respect to a basis among the vectors, each other one
    is joined to the basis vectors that it is a combination of.

    Examples
    --------
    >>> row = lambda *entries: tuple(map(fmpq, entries))
    >>> independent_blocks([row(1, 0, 0), row(0, 1, 0), row(2, 0, 0), row(0, 1, 1)])
    (((1, 0, 0), (2, 0, 0)), ((0, 1, 0),), ((0, 1, 1),))
    """
    echelon = reduced_row_echelon_form(transposed(vectors))
    block_of = list(range(len(vectors)))
    for row, pivot in zip(echelon.rows, echelon.pivots, strict=True):
        joined = {block_of[k] for k, entry in enumerate(row) if entry != 0} | {block_of[pivot]}
        block_of = [min(joined) if name in joined else name for name in block_of]
    return tuple(
        tuple(vector for vector, name in zip(vectors, block_of, strict=True) if name == chosen)
        for chosen in dict.fromkeys(block_of)
    )


def _product_counts(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return the numbers of nodes and edges of a Cartesian product of graphs."""
    n_nodes, n_edges = 1, 0
    for nodes, edges in counts:
        n_nodes, n_edges = n_nodes * nodes, n_edges * nodes + n_nodes * edges
    return n_nodes, n_edges


def _direction(vector: Sequence[fmpq]) -> tuple[int, ...]:
    """Return the positive multiple with coprime integer entries."""
    denominator = math.lcm(*(int(entry.q) for entry in vector))
    entries = [int(entry.p) * (denominator // int(entry.q)) for entry in vector]
    divisor = math.gcd(*entries)
    return tuple(entry // divisor for entry in entries)
