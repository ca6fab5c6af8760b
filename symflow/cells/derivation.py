"""The closed form of an objective: its pieces, the gradient on each, and the Clarke differential at the kinks.

There are two questions. *Everywhere*, when the weights or the input are symbolic: every activation pattern of the
data that occurs, with its conditions, the polynomials f_k on it, and F and ∇F through them; a point certifies that a
pattern occurs, multipliers that it does not (``pattern_space.py``). *At a point*, when weights and data are rational:
the pieces that meet the point (``incident_cells.py``), as polynomials in the variables.

On a piece every f_k is a polynomial, and its gradient is the activation-matrix formula, compared with differentiation
entry by entry (``symbolic_network.py``). F = φ(f_1, .., f_n) is continuous, so F agrees with its piece on the closed
set where the conditions hold weakly, and these sets cover everything: that is the sympy ``Piecewise``
(``piecewise.py``).

At the kinks: with symbolic weights and one hidden layer the product over neurons of Theorem 3 (``kinks.py``), with more
layers the regular case, Proposition 6 (``deep_kinks.py``); at a point the hull of the limits of the gradients of the
pieces (Proposition 1).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, final, runtime_checkable

from symflow.cells.cell import Cell, Refutation
from symflow.cells.deep_kinks import DeepKinkFinder, DeepKinks
from symflow.cells.incident_cells import incident_cells
from symflow.cells.kinks import KinkFinder, NeuronKinks
from symflow.cells.neuron_products import product_of_neurons
from symflow.cells.objective_text import ObjectiveText
from symflow.cells.pattern_space import PatternSpace, SymbolicCell, SymbolicRefutation
from symflow.cells.piecewise import Branch, piecewise_text, to_piecewise
from symflow.cells.slope_gradient import has_kinks_unit_by_unit
from symflow.cells.symbolic_network import OutputGradient, SymbolicNetwork
from symflow.errors import NotSupportedError, UnknownNameError, WrongTypeError
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.polynomials import Polynomial
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.architecture import Architecture
from symflow.nets.empirical_risk import EmpiricalRisk, function_of_weights
from symflow.nets.network import Network, Vector, exact_input
from symflow.nets.objective import AbstractObjective, Output
from symflow.nets.pattern import pattern_key
from symflow.nets.patterned_function import AbstractPatternedFunction, Constraint
from symflow.nets.realization import Realization, function_of_input
from symflow.showing import AbstractFormula

if TYPE_CHECKING:
    from symflow.cells.piecewise import Piecewise

# More pieces than these are not listed, nor more terms of polynomials in all of them.
MOST_PIECES = 4096
MOST_TERMS = 200_000

Block: TypeAlias = tuple[tuple[str, ...], ...] | tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Piece:
    """One activation pattern that occurs, and what the function is on it.

    Parameters
    ----------
    characters : tuple of str
        In tree order.
    conditions : tuple of Constraint
        In tree order, which is by layer; all hold strictly on the cell.
    outputs : tuple of Polynomial
        f_1, .., f_n on the piece.
    gradients : tuple of OutputGradient
        Their gradients.
    cell : SymbolicCell or Cell
        The certificate: a point of the cell, or an arc from the point into it.
    """

    characters: tuple[str, ...]
    conditions: tuple[Constraint, ...]
    outputs: tuple[Polynomial, ...]
    gradients: tuple[OutputGradient, ...]
    cell: SymbolicCell | Cell

    def __repr__(self) -> str:
        return f"Piece({''.join(self.characters)!r}, exact)"


@final
@dataclass(frozen=True)
class Derivation(AbstractFormula):
    """The closed form of an objective.

    Parameters
    ----------
    net : SymbolicNetwork
        The net in whose symbols everything is written.
    objective : AbstractObjective
        φ.
    variable : str
        By what gradients are taken: "weights" or "input".
    pieces : tuple of Piece
        Sorted by pattern.
    refuted : tuple of SymbolicRefutation or of Refutation
        Sorted by pattern; the latter at a point.
    undecided : tuple of tuple of str
        Characters, ``*`` where none is chosen.
    kinks : tuple of NeuronKinks, optional
        With symbolic weights and one hidden layer with kinks.
    function : AbstractPatternedFunction, optional
        At a point: the function there.
    deep_kinks : DeepKinks, optional
        With symbolic weights and several hidden layers that kink unit by unit.

    Examples
    --------
    >>> from symflow import Architecture, derive
    >>> neuron = derive(Architecture.of(1, 1, 1))
    >>> neuron, neuron.pieces
    (Derivation(2 pieces in the weights, exact), (Piece('-', exact), Piece('+', exact)))
    """

    net: SymbolicNetwork
    objective: AbstractObjective
    variable: str
    pieces: tuple[Piece, ...]
    refuted: tuple[SymbolicRefutation, ...] | tuple[Refutation, ...]
    undecided: tuple[tuple[str, ...], ...]
    kinks: tuple[NeuronKinks, ...] | None = None
    function: AbstractPatternedFunction | None = None
    deep_kinks: DeepKinks | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every pattern is decided, and listed if it occurs."""
        return not self.undecided

    @property
    def is_decided(self) -> bool:
        """Whether the pieces are complete, and nothing is left open at kinks that were asked for."""
        if self.deep_kinks is None or not self.deep_kinks.is_declared:
            return self.is_complete
        return self.is_complete and not any(found.undecided for found in self.deep_kinks.sets)

    @property
    def is_smooth(self) -> bool:
        """Whether no activation makes a kink, so that F is continuously differentiable."""
        return all(activation.is_smooth for activation in self.net.architecture.activations)

    @cached_property
    def text(self) -> ObjectiveText:
        """What writes the objective."""
        return ObjectiveText(self.objective, self.net.n_data)

    def pattern(self, piece: Piece) -> str:
        """Return a piece's pattern: one word a datum, joined by ``|``; a character a hidden unit, layer by layer."""
        return self.net.table.word(piece.characters)

    def condition_polynomial(self, constraint: Constraint, characters: tuple[str, ...]) -> Polynomial:
        """Return z, or z_p - z_q, of a condition (not yet multiplied by its sign)."""
        positive = self.net.constraint_polynomial(constraint, characters)
        return positive if constraint.sign > 0 else -positive

    def conditions(self, piece: Piece) -> tuple[str, ...]:
        """Return a piece's conditions as texts, in layer order.

        Examples
        --------
        >>> from symflow.activations.base import activation
        >>> from symflow.nets.objective import Output
        >>> shape = Architecture((1, 1, 1), (activation("relu"),), has_biases=False)
        >>> off, on = (derivation := derive(shape, Output())).pieces
        >>> derivation.conditions(off), derivation.value(on), derivation.gradient(on)
        (('W1[1,1]*x[1] < 0',), 'W1[1,1]*W2[1,1]*x[1]', {'W1': (('W2[1,1]*x[1]',),), 'W2': (('W1[1,1]*x[1]',),)})
        """
        return tuple(
            f"{self.condition_polynomial(c, piece.characters)} {'>' if c.sign > 0 else '<'} 0" for c in piece.conditions
        )

    def value(self, piece: Piece) -> str:
        """Return F on a piece as a text in sympy's syntax."""
        return self.text.value(piece.outputs)

    def gradient(self, piece: Piece) -> dict[str, Block]:
        """Return ∇F on a piece as texts, block by block."""

        def entry(*partials: Polynomial) -> str:
            return self.text.entry(piece.outputs, partials)

        return _map_blocks([g.blocks(self.variable) for g in piece.gradients], entry)

    def gradient_at_point(self, piece: Piece) -> tuple[Scalar, ...]:
        """Return the limit of ∇F at the point, from within a piece."""
        assert self.function is not None
        return self.function.limiting_gradient(piece.characters)

    def __repr__(self) -> str:
        count = len(self.pieces)
        known = "exact" if self.is_complete else f"{len(self.undecided)} undecided"
        return f"Derivation({count} {'piece' if count == 1 else 'pieces'} in the {self.variable}, {known})"

    def to_sympy(self) -> Piecewise:
        """Return the whole function as one sympy ``Piecewise``; near the point, where there is one."""
        return to_piecewise(self.text, self._branches())

    def piecewise_text(self) -> str:
        """Return the text of that ``Piecewise``."""
        return piecewise_text(self.text, self._branches())

    def _branches(self) -> list[Branch]:
        return [
            Branch(
                piece.outputs,
                tuple((self.condition_polynomial(c, piece.characters), c.sign) for c in piece.conditions),
            )
            for piece in self.pieces
        ]


@runtime_checkable
class AbstractQuestion(Protocol):
    """What a problem file asks, as far as a closed form needs it."""

    @property
    def architecture(self) -> Architecture:
        """Widths, activations, biases."""

    @property
    def network(self) -> Network | None:
        """The exact weights; None where they are symbolic."""

    @property
    def inputs(self) -> tuple[Vector, ...] | None:
        """The data; None where the input is symbolic."""

    @property
    def at(self) -> Vector | None:
        """The point of input space."""

    @property
    def variable(self) -> str:
        """``"weights"`` or ``"input"``."""

    @property
    def output_index(self) -> int:
        """Which output, from 0."""

    def objective(self) -> AbstractObjective:
        """Return what is made of the outputs."""

    def data_points(self) -> tuple[Vector, ...]:
        """Return the data, or the point."""


def derive(
    architecture: Architecture | Realization | EmpiricalRisk | AbstractQuestion,
    objective: AbstractObjective | None = None,
    *,
    network: Network | None = None,
    inputs: Sequence[Sequence[object]] | None = None,
    variable: str = "weights",
    output: int = 0,
    kinks: Sequence[tuple[int, ...]] | None = None,
    budget: Budget = NO_BUDGET,
    most_pieces: int = MOST_PIECES,
) -> Derivation:
    """Return the closed form of an objective.

    Parameters
    ----------
    architecture : Architecture, Realization, EmpiricalRisk or Problem
        Widths, activations, biases. Or what says all of what follows: a problem; a realization, derived in the input,
        its weights known; a risk, in symbolic weights, on its data.
    objective : AbstractObjective, optional
        What is made of the outputs; by default the output itself.
    network : Network, optional
        Exact weights; None where they are symbolic.
    inputs : tuple of vectors, optional
        Exact data; None for one symbolic input. With `variable` "input" and exact weights: the point.
    variable : str
        By what gradients are taken: "weights" or "input".
    output : int
        Which output, from 0.
    kinks : sequence of (layer, neuron, datum), optional
        All from 1, no datum where there is one only: the kinks at which a deep net with symbolic weights is asked for
        its Clarke differential, together; by default each kink alone.
    budget : Budget
        When to stop; what is left is undecided.
    most_pieces : int
        How many pieces to list.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.nets.objective import Output
    >>> shape = Architecture((2, 2, 1), (activation("relu"),), has_biases=False)
    >>> derivation = derive(shape, Output())
    >>> derivation.value(derivation.pieces[1])
    'W1[2,1]*W2[1,2]*x[1] + W1[2,2]*W2[1,2]*x[2]'
    >>> derive(Realization(Network.from_weights([[1], [-1]], [[1, 1]])))
    Derivation(2 pieces in the input, exact)
    """
    if isinstance(architecture, AbstractQuestion):
        asked = architecture
        # The input is symbolic where the file says so or gives no point; by data alone the weights are asked about.
        points = asked.inputs if asked.variable == "weights" else None if asked.network is None else asked.at
        return derive(
            asked.architecture,
            asked.objective(),
            network=asked.network,
            inputs=None if points is None else asked.data_points(),
            variable=asked.variable,
            output=asked.output_index,
            kinks=kinks,
            budget=budget,
            most_pieces=most_pieces,
        )
    if isinstance(architecture, Realization):
        function = architecture
        network, variable, output = function.network, "input", function.output - 1
        architecture = network.architecture
    elif isinstance(architecture, EmpiricalRisk):
        risk = architecture
        architecture, objective, output = risk.network.architecture, risk.at().objective, risk.output - 1
        inputs = risk.data.inputs if inputs is None else inputs
    objective = Output() if objective is None else objective
    _check_kinds(architecture, objective, variable)
    if kinks is not None:
        _check_kinks(architecture, network, variable)
    data = None
    if inputs is not None:
        named = enumerate(inputs, start=1)
        data = tuple(exact_input(x, architecture.n_inputs, place=f"inputs, x{k}") for k, x in named)
    if network is not None and data is not None:
        return _at_a_point(network, data, objective, variable, output, budget, most_pieces)
    net = SymbolicNetwork(architecture, network=network, inputs=data, output=output)
    space = PatternSpace(net, budget=budget)
    by_known_weights = network is not None and variable == "weights"
    count = _Count(net, most_pieces)
    pieces, cells = [], []
    for cell in space.cells():
        cells.append(cell)
        if by_known_weights:
            _check_differentiable(net, cell.characters)
        pieces.append(_piece(net, cell))
        if count.is_exceeded_by(pieces[-1]):
            break
    derivation = Derivation(
        net,
        objective,
        variable,
        _sorted(net, pieces),
        tuple(sorted(space.refuted, key=lambda r: pattern_key(net.table.word(r.characters)))),
        space.undecided,
    )
    if network is not None or variable == "input" or derivation.is_smooth:
        return derivation
    if architecture.n_hidden_layers == 1:
        found, _ = KinkFinder(net, derivation.text.constants, budget=budget).find()
        return replace(derivation, kinks=found)
    if not has_kinks_unit_by_unit(architecture):
        return derivation
    finder = DeepKinkFinder(
        net,
        {cell.characters: cell.point for cell in cells},
        derivation.text.constants,
        is_complete=derivation.is_complete,
        budget=budget,
    )
    return replace(derivation, deep_kinks=finder.single() if kinks is None else finder.declared(kinks))


def _check_kinds(architecture: object, objective: object, variable: str) -> None:
    """Raise where something else is given than is asked for."""
    if isinstance(architecture, Network):
        raise WrongTypeError(
            "a net has two closed forms: give net.architecture for symbolic weights, or Realization(net) for the input"
        )
    if not isinstance(architecture, Architecture):
        name = type(architecture).__name__
        raise WrongTypeError(f"{name} has no closed form; give net.architecture, Realization(net) or a risk")
    if not isinstance(objective, AbstractObjective):
        raise WrongTypeError(f"{objective!r} is no objective; give Output(), Risk(loss(..), labels), ..")
    if variable not in ("weights", "input"):
        raise UnknownNameError("variable", str(variable), ("input", "weights"))


def _check_kinks(architecture: Architecture, network: Network | None, variable: str) -> None:
    """Raise where kinks are declared that are not a deep net's with symbolic weights."""
    reason = None
    if network is not None:
        reason = "the weights are numbers; symflow clarke gives the differential at them"
    elif variable == "input":
        reason = "for the weights, and the variable is the input; leave them out"
    elif architecture.n_hidden_layers < 2:
        reason = "with one hidden layer the answer has every kink; leave them out"
    elif not has_kinks_unit_by_unit(architecture):
        reason = "for relu, leaky_relu and abs only, and linear layers; leave them out"
    if reason is not None:
        raise NotSupportedError(reason, place="kinks")


def _check_differentiable(net: SymbolicNetwork, characters: tuple[str, ...]) -> None:
    """Raise where the weights themselves sit on a kink for a whole open set of inputs x."""
    for index, character in enumerate(characters):
        site = net.table.sites[index]
        if not net.is_on_a_kink_of_its_weights(site, character, characters):
            continue
        raise NotSupportedError(
            f"unit {site.output + 1} of layer {site.layer} is on a kink at these weights, whatever x is; "
            'set variable = "input", or give the inputs in numbers',
            place="data.inputs",
        )


def _at_a_point(
    network: Network,
    inputs: tuple[Vector, ...],
    objective: AbstractObjective,
    variable: str,
    output: int,
    budget: Budget,
    most_pieces: int,
) -> Derivation:
    function: AbstractPatternedFunction
    if variable == "input":
        function = function_of_input(network, inputs[0], objective, output=output + 1)
        net = SymbolicNetwork(network.architecture, network=network, output=output)
    else:
        function = function_of_weights(network, inputs, objective, output=output + 1)
        net = SymbolicNetwork(network.architecture, inputs=inputs, output=output)
    if variable == "weights" and network.architecture.n_hidden_layers == 1:
        incident = product_of_neurons(function, budget=budget, most_cells=most_pieces)
    else:
        incident = incident_cells(function, budget=budget, most_cells=most_pieces)
    pieces: list[Piece] = []
    for cell in incident.cells:
        if pieces and budget.deadline is not None and time.monotonic() > budget.deadline:
            break
        pieces.append(_piece(net, cell))
    # A cell that there was no time to write is no worse known than a branch that was not entered.
    left = [*(tuple(cell.characters) for cell in incident.cells[len(pieces) :]), *incident.undecided]
    undecided = tuple(sorted(left, key=lambda characters: pattern_key(net.table.word(characters))))
    return Derivation(net, objective, variable, _sorted(net, pieces), incident.refuted, undecided, function=function)


@final
class _Count:
    """Counts the terms of the polynomials of the pieces so far."""

    def __init__(self, net: SymbolicNetwork, most_pieces: int) -> None:
        self.left, self.n_data, self.most_pieces, self.n_pieces = MOST_TERMS, net.n_data, most_pieces, 0

    def is_exceeded_by(self, piece: Piece) -> bool:
        self.n_pieces += 1
        for output, gradient in zip(piece.outputs, piece.gradients, strict=True):
            entries = (entry for matrix in gradient.weights for row in matrix for entry in row)
            self.left -= output.n_terms() + sum(entry.n_terms() for entry in entries)
        return self.left < 0 or self.n_pieces >= self.most_pieces


def _piece(net: SymbolicNetwork, cell: SymbolicCell | Cell) -> Piece:
    characters = cell.characters
    outputs = tuple(net.output_polynomial(k, characters) for k in range(net.n_data))
    gradients = tuple(net.output_gradient(k, characters) for k in range(net.n_data))
    return Piece(tuple(characters), net.conditions(characters), outputs, gradients, cell)


def _sorted(net: SymbolicNetwork, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    return tuple(sorted(pieces, key=lambda piece: pattern_key(net.table.word(piece.characters))))


def _map_blocks(blocks: Sequence[Mapping[str, tuple[Any, ...]]], entry: Callable[..., str]) -> dict[str, Block]:
    """Apply a function of one entry a datum to blocks of equal shape."""
    result: dict[str, Block] = {}
    for name, first in blocks[0].items():
        others = [block[name] for block in blocks]
        if first and isinstance(first[0], tuple):
            rows = zip(*others, strict=True)
            result[name] = tuple(tuple(entry(*partials) for partials in zip(*row, strict=True)) for row in rows)
        else:
            result[name] = tuple(entry(*partials) for partials in zip(*others, strict=True))
    return result
