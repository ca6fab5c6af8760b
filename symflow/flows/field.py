"""The field of one mode: its tape, and what is watched along it.

Three kinds of quantity can end a mode, each by changing its sign:

* the preactivation of a first-layer neuron on a datum where it is not tied. It is affine in the neuron's own weights,
  so its series is made from theirs and only when it might vanish (``walls``);
* any other preactivation, or the lead of a pooling group's winner over another member (``units``): a register;
* the combinations Σ φ_k r_k on which a tied neuron's stay rests, and its factor a (``stays``): registers too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import final

from symflow.activations.base import POSITIONS, AbstractUnitActivation
from symflow.exact.rationals import fmpq
from symflow.flows.calculus import Pass, Reduction, groups, one_pass
from symflow.flows.corner import Corner, corner
from symflow.flows.first_layer import FirstLayer, Restriction
from symflow.flows.lorentz import LorentzGroup, lorentz_groups
from symflow.flows.mode import Mode, ties
from symflow.flows.tape import Quantity, Tape
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Vector
from symflow.nets.objective import LogSumExp, Risk


@final
@dataclass(frozen=True, slots=True)
class UnitWatch:
    """A register that is positive in the mode; where it vanishes, the site at `place` takes another character."""

    register: int
    place: int
    becomes: str


@final
@dataclass(frozen=True, slots=True)
class Stay:
    """What a tied neuron's stay rests on.

    Parameters
    ----------
    neuron : int
        From 0.
    data : tuple of int
        Its ties (those on a kink that moves).
    corner : Corner
        Its walls and faces.
    functionals : dict
        Each functional of the corner as a quantity of the tape.
    factor : Quantity
        a: the output weight of a net with one hidden layer, 1 for deeper ones.
    """

    neuron: int
    data: tuple[int, ...]
    corner: Corner
    functionals: dict[Vector, Quantity]
    factor: Quantity


@final
@dataclass(frozen=True, slots=True)
class WallWatch:
    """Data whose preactivations vanish together; Σ numerators v + constant is a positive multiple of the first."""

    data: tuple[int, ...]
    numerators: tuple[int, ...]
    constant: int
    width: int  # Σ |numerators|


@final
class Problem:
    """What does not change along a flow: the function, what moves, the first layer's geometry.

    Parameters
    ----------
    function : FunctionOfWeights
        At the start.
    trained : frozenset of int
        The places of the parameters that move.
    is_reduced : bool
        Whether wide groups are moved by one transformation (``lorentz.py``); enclosures want every neuron's own series.
    """

    def __init__(self, function: FunctionOfWeights, trained: frozenset[int], *, is_reduced: bool = True) -> None:
        self.function, self.trained, self.is_reduced = function, trained, is_reduced
        shape = self.shape = function.network.architecture
        has_weights = shape.weight_index(1, 0, 0) in trained
        has_biases = shape.has_biases and shape.bias_index(1, 0) in trained
        self.layer = FirstLayer(function.network, function.inputs, has_weights, has_biases)
        self.kinked = self._kinked()

    @property
    def has_known_growth(self) -> bool:
        """Whether the growth of errors is bounded (``march.py``): no hidden layer, or one, with kinks unit by unit."""
        return self.shape.n_hidden_layers == 0 or (self.shape.n_hidden_layers == 1 and self.kinked is not None)

    @property
    def is_entire(self) -> bool:
        """Whether the field has no pole for complex weights."""
        objective = self.function.objective
        return not isinstance(objective, LogSumExp) and not (
            isinstance(objective, Risk) and not objective.loss.is_entire
        )

    @property
    def can_be_enclosed(self) -> bool:
        """Whether the one-sided Lipschitz constant is known (``enclosure.py``)."""
        if self.shape.n_hidden_layers == 0 or self.has_known_growth:
            return True
        return self.shape.n_hidden_layers == 1 and not self.shape.activation(1).has_sites

    def _kinked(self) -> AbstractUnitActivation | None:
        """Return the first layer's activation where it is linear on both sides of a kink, unit by unit."""
        if self.shape.n_hidden_layers == 0:
            return None
        activation = self.shape.activation(1)
        if isinstance(activation, AbstractUnitActivation) and activation.degree == 1 and not activation.is_smooth:
            return activation
        return None

    def tied(self, mode: Mode, neuron: int) -> tuple[int, ...]:
        """Return the data on whose kinks, which move, a neuron is held by a mode."""
        if self.kinked is None:
            return ()
        return tuple(k for k in ties(mode, self.function.table, neuron) if not self.layer.is_fixed(k))

    def slopes(self, mode: Mode, neuron: int) -> Vector:
        """Return the slopes of a first-layer neuron on all data; 0 on its ties."""
        assert self.kinked is not None
        left, right = self.kinked.coefficients
        table = self.function.table
        by_character = {"-": left, "+": right, "0": fmpq(0)}
        return tuple(by_character[mode[table.index[1, neuron, k]]] for k in range(self.function.n_data))

    def corner(self, mode: Mode, neuron: int, data: tuple[int, ...]) -> Corner | None:
        """Return the corner of a neuron on the kinks of some data."""
        assert self.kinked is not None
        others = self.slopes(mode, neuron)
        return corner(self.layer, data, others, self.kinked.coefficients, self.function.n_data)


@final
class Field:
    """The tape of a mode and what is watched along it.

    Parameters
    ----------
    problem : Problem
        What does not change.
    mode : Mode
        The mode.
    """

    def __init__(self, problem: Problem, mode: Mode) -> None:
        self.problem, self.mode = problem, mode
        function = problem.function
        self.tape = Tape()
        self.lorentz = lorentz_groups(function, problem.layer, problem.trained, mode) if problem.is_reduced else ()
        # Each neuron that Φ moves: its group and its place in it.
        self.moved_by_phi = {
            neuron: (group, place) for group in self.lorentz for place, neuron in enumerate(group.neurons)
        }
        absent = {
            place
            for group in self.lorentz
            for places in group.places[group.size :]  # of neurons that are no representatives
            for place in places
        }
        self.parameters: list[Quantity] = [
            fmpq(0) if place in absent else self.tape.state(place) if place in problem.trained else value
            for place, value in enumerate(function.point)
        ]
        reduced = {group.neurons: self._reduction(group) for group in self.lorentz}
        self.found: Pass[Quantity] = one_pass(
            self.tape, function, problem.layer, problem.trained, mode, self.parameters, reduced
        )
        for place in sorted(problem.trained - absent):
            register = self.parameters[place]
            assert isinstance(register, int)
            self.tape.set_derivative(register, self.found.velocity.get(place, fmpq(0)))
        self.units = tuple(self._units())
        self.groups = groups(function, mode)
        self._known_walls: dict[tuple[int, tuple[int, ...]], tuple[WallWatch, ...]] = {}
        # For each first-layer neuron the walls that it may meet.
        self.walls = tuple(self._walls(neuron) for neuron in range(problem.shape.widths[1])) if problem.kinked else ()
        self.stays = tuple(self._stays())
        self.tape.watched = [watch.register for watch in self.units]
        for stay in self.stays:
            for quantity in (*stay.functionals.values(), stay.factor):
                if isinstance(quantity, int):
                    self.tape.watched.append(quantity)

    def _reduction(self, group: LorentzGroup) -> Reduction[Quantity]:
        """Return what stands for the output weights of a group's representatives: Σ_k M_0[l,k] Φ[a,k]."""
        outer = [self.parameters[places[-1]] for places in group.places[: group.size]]
        partners = tuple(
            self.tape.mixture(
                ((one, other), register)
                for other, register in zip(group.representatives, outer, strict=True)
                if isinstance(register, int)
            )
            for one in group.representatives
        )
        return Reduction(group.representatives, partners)

    @property
    def is_still(self) -> bool:
        """Whether nothing moves, whatever the state."""
        return all(isinstance(d, fmpq) and d == 0 for d in self.tape.derivatives.values())

    def _units(self) -> list[UnitWatch]:
        function, result = self.problem.function, []
        for place, site in enumerate(function.table.sites):
            if site.layer == 1 and self.problem.kinked is not None:
                continue
            character = self.mode[place]
            if character == "0":
                continue
            values = self.found.preactivations[site.layer - 1][site.datum]
            if not site.is_group:
                (unit,) = site.members
                sign = fmpq(1 if character == "+" else -1)
                register = self.tape.combine([(sign, self._known(values[unit]))])
                if isinstance(register, int):
                    result.append(UnitWatch(register, place, "-" if character == "+" else "+"))
                continue
            winner = POSITIONS.index(character)
            for position, unit in enumerate(site.members):
                if position == winner:
                    continue
                lead = [(fmpq(1), self._known(values[site.members[winner]])), (fmpq(-1), self._known(values[unit]))]
                register = self.tape.combine(lead)
                if isinstance(register, int):
                    result.append(UnitWatch(register, place, POSITIONS[position]))
        return result

    def _walls(self, neuron: int) -> tuple[WallWatch, ...]:
        layer, tied = self.problem.layer, self.problem.tied(self.mode, neuron)
        like = neuron if layer.has_offsets else 0  # without constants all neurons have the same walls
        key = (like, tied)
        if key not in self._known_walls:
            self._known_walls[key] = tuple(
                _wall_watch(data, layer.restriction(like, data[0], tied)) for data in layer.walls(like, tied)
            )
        return self._known_walls[key]

    def _stays(self) -> list[Stay]:
        if self.problem.kinked is None:
            return []
        stays = []
        for neuron in range(self.problem.shape.widths[1]):
            data = self.problem.tied(self.mode, neuron)
            if data:
                found = self.problem.corner(self.mode, neuron, data)
                assert found is not None  # the corner was small enough when the mode was chosen
                stays.append(self._stay(neuron, data, found))
        return stays

    def _stay(self, neuron: int, data: tuple[int, ...], found: Corner) -> Stay:
        signals, factor = self.signals(neuron)
        functionals = {
            phi: self.tape.combine([(entry, signal) for entry, signal in zip(phi, signals, strict=True) if entry != 0])
            for phi in found.functionals()
        }
        return Stay(neuron, data, found, functionals, factor)

    def signals(self, neuron: int) -> tuple[list[Quantity], Quantity]:
        """Return for each datum r_k with -∂R/∂z_jk = a slope r_k, and the factor a."""
        tape, shape = self.tape, self.problem.shape
        if shape.n_hidden_layers == 1:
            a = self.parameters[shape.weight_index(2, self.problem.function.output, neuron)]
            for group in self.lorentz:
                if neuron in group.neurons:  # it moves; where its value is asked for, the state tells it
                    a = self.tape.as_register(self.parameters[group.places[0][-1]])
            return [tape.combine([(fmpq(-1), c)]) for c in self.found.coefficients], a
        signals = []
        for deltas in self.found.second_deltas:
            pairs = [(delta, self.parameters[shape.weight_index(2, row, neuron)]) for row, delta in deltas.items()]
            total = tape.products(pairs) if pairs else fmpq(0)
            signals.append(tape.combine([(fmpq(-1), total)]))
        return signals, fmpq(1)

    def _known(self, quantity: Quantity | None) -> Quantity:
        assert quantity is not None  # only first-layer groups with a kink are contracted
        return quantity


def _wall_watch(data: tuple[int, ...], restriction: Restriction) -> WallWatch:
    entries = (*restriction.normal, restriction.constant)
    denominator = lcm(*(int(entry.q) for entry in entries))
    *numerators, constant = (int(entry.p) * (denominator // int(entry.q)) for entry in entries)
    return WallWatch(data, tuple(numerators), constant, sum(map(abs, numerators)))
