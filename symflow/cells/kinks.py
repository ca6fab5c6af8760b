"""The kinks of one hidden layer with symbolic weights, and the Clarke differential at each, in closed form.

Theorem 3. With one hidden layer the neurons use disjoint variables, so ∂F is the product over the neurons j of

    v_j (b_j + P_j),    b_j = sum_{k not in K} c_k a(z_jk) x_k,    P_j = conv { sum_{k in K} c_k a(s_k) x_k : s }

where K is the set of data on which the neuron vanishes (x_k ≠ 0), a the slopes of the activation, and s runs over the
cells of the arrangement {x_k : k in K}; biases enter by x = (x, 1), and v_j is the entry of W_2. The sets K that occur
are the flats of the arrangement of all data. Here each *face* of it is listed, that is, each vector of signs (-, 0, +)
with a 0 that some row realises; the signs off K fix b_j. The cells s at a face are the cells of the whole arrangement
that agree with it off K: a small step from the face towards a point of such a cell leads into it.

If the x_k, k in K, fall into classes of parallel vectors and these classes are linearly independent, then all sign
choices of the classes occur, and P_j is a sum of segments, one a class, with a parameter θ in [0, 1] each. Otherwise
P_j is given as the hull of one point a cell: which of them are vertices depends on the c_k.

A pooling group is treated alike; its faces are sets of winners, one set a datum, and its set is a hull.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import final

from symflow.activations.base import POSITIONS
from symflow.cells.pattern_space import PatternSpace
from symflow.cells.symbolic_network import SymbolicNetwork
from symflow.exact.linear_algebra import kernel, rank
from symflow.exact.linear_program import StrictSolution, strict_feasibility
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.network import Vector
from symflow.nets.pattern import pattern_key
from symflow.nets.patterned_function import Constraint

# More faces of one neuron than these are not listed.
MOST_FACES = 1024

Entries = tuple[Polynomial, ...]


@final
@dataclass(frozen=True, slots=True)
class Segment:
    """{ (1 - θ) minus + θ plus : 0 <= θ <= 1 }, for one class of parallel data (from 0)."""

    data: tuple[int, ...]
    minus: Entries
    plus: Entries


@final
@dataclass(frozen=True, slots=True)
class Segments:
    """The offset plus a sum of segments."""

    offset: Entries
    segments: tuple[Segment, ...]


@final
@dataclass(frozen=True, slots=True)
class HullOfCells:
    """The hull of one point a cell, the cells as their characters, one a datum."""

    cells: tuple[tuple[str, ...], ...]
    points: tuple[Entries, ...]


@final
@dataclass(frozen=True, slots=True)
class Kink:
    """A face of a neuron's arrangement, and the neuron's block of the Clarke differential there.

    Parameters
    ----------
    covector : tuple of str
        One entry a datum: the sign, "0" where the neuron vanishes; the set of winners of a group.
    data : tuple of int
        The data (from 0) on which it kinks.
    equalities, inequalities : tuple of Constraint
        Polynomials that are zero, or positive, there.
    point : vector
        Values of the neuron's rows (and bias, last in each row), unit by unit, on the face.
    block : Segments or HullOfCells
        The block, in the order of `parameters`.
    """

    covector: tuple[str, ...]
    data: tuple[int, ...]
    equalities: tuple[Constraint, ...]
    inequalities: tuple[Constraint, ...]
    point: Vector
    block: Segments | HullOfCells

    def __repr__(self) -> str:
        return f"Kink(covector {'|'.join(self.covector)}, {len(self.data)} on it)"


@final
@dataclass(frozen=True, slots=True)
class NeuronKinks:
    """The kinks of one hidden neuron, or pooling group.

    Parameters
    ----------
    neuron : int
        From 1.
    is_group : bool
        Whether it is a pooling group.
    places : tuple of int
        Its incoming parameters: for each unit the row, and the bias.
    kinks : tuple of Kink
        Sorted by covector.
    """

    neuron: int
    is_group: bool
    places: tuple[int, ...]
    kinks: tuple[Kink, ...]

    def __repr__(self) -> str:
        count = len(self.kinks)
        whose = f"{'group' if self.is_group else 'neuron'} {self.neuron}"
        return f"NeuronKinks({whose}, {count} {'kink' if count == 1 else 'kinks'})"


@final
class KinkFinder:
    """Finds the kinks of a net with one hidden layer and symbolic weights.

    Parameters
    ----------
    net : SymbolicNetwork
        With symbolic weights, one hidden layer.
    constants : tuple of fmpq, optional
        The coefficients c_k where they are numbers; None writes c[k].

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.nets.architecture import Architecture
    >>> shape = Architecture((2, 1, 1), (activation("relu"),), has_biases=False)
    >>> ((neuron,), ring) = KinkFinder(SymbolicNetwork(shape), (fmpq(1),)).find()
    >>> neuron.kinks[0].block.segments[0].plus
    (W2[1,1]*x[1], W2[1,1]*x[2])
    """

    def __init__(self, net: SymbolicNetwork, constants: tuple[fmpq, ...] | None, *, budget: Budget = NO_BUDGET) -> None:
        assert net.network is None
        assert net.architecture.n_hidden_layers == 1
        self.net, self.shape, self.budget = net, net.architecture, budget
        names = tuple(f"W2[{net.output + 1},{j}]" for j in range(1, self.shape.fan_in(2) + 1)) + net.input_names
        self._n_outer = self.shape.fan_in(2)
        self._constants = constants
        if constants is None:
            names += tuple(f"c[{k}]" for k in range(1, net.n_data + 1))
        self.ring = PolynomialRing(names)

    def find(self) -> tuple[tuple[NeuronKinks, ...] | None, PolynomialRing]:
        """Return the kinks of every neuron, or None where there are too many, and the ring of their blocks."""
        found = []
        for output, members in enumerate(self.shape.members(1)):
            kinks = self._kinks(output)
            if kinks is None:
                return None, self.ring
            places = tuple(place for unit in members for place in self._row_places(unit))
            found.append(NeuronKinks(output + 1, self.shape.activation(1).is_group, places, kinks))
        return tuple(found), self.ring

    def _row_places(self, unit: int) -> tuple[int, ...]:
        row = tuple(self.shape.weight_index(1, unit, column) for column in range(self.shape.n_inputs))
        return (*row, self.shape.bias_index(1, unit)) if self.shape.has_biases else row

    # ------------------------------------------------------------------ faces

    @cached_property
    def _data(self) -> tuple[Vector, ...]:
        """The data as vectors, ones for the symbolic input, with 1 appended where there are biases."""
        inputs = self.net.inputs
        if inputs is None:
            inputs = ((fmpq(1),) * self.shape.n_inputs,)
        return tuple((*x, fmpq(1)) if self.shape.has_biases else x for x in inputs)

    def _kinks(self, output: int) -> tuple[Kink, ...] | None:
        sites = tuple(self.net.table.index[1, output, datum] for datum in range(self.net.n_data))
        space = PatternSpace(self.net, budget=self.budget, sites=sites)
        cells = []
        for cell in space.cells():
            cells.append(tuple(cell.characters[i] for i in sites))
            if len(cells) > MOST_FACES:
                return None
        if space.undecided:
            return None
        kinks: list[Kink] = []
        for covector, point in self._faces(output):
            data = tuple(k for k in range(self.net.n_data) if self._kinks_at(k, covector[k]))
            if data:
                at = [cell for cell in cells if all(_fits(c, s) for c, s in zip(cell, covector, strict=True))]
                kinks.append(self._kink(output, covector, data, point, at))
            if len(kinks) > MOST_FACES:
                return None
        return tuple(sorted(kinks, key=lambda kink: pattern_key("|".join(kink.covector))))

    def _kinks_at(self, datum: int, entry: str) -> bool:
        return any(self._data[datum]) and (entry == "0" or len(entry) > 1)

    def _faces(self, output: int) -> Iterator[tuple[tuple[str, ...], Vector]]:
        """Yield each vector of signs (or sets of winners) that rows realise, with such rows."""
        members = self.shape.members(1)[output]
        stack: list[tuple[tuple[str, ...], list[Vector], list[Vector], Vector]] = [
            ((), [], [], (fmpq(0),) * (len(members) * len(self._data[0])))
        ]
        while stack:
            entries, equal, positive, point = stack.pop()
            if len(entries) == self.net.n_data:
                yield entries, point
                continue
            x = self._data[len(entries)]
            for entry in self._entries(output, len(entries)):
                zero, plus = self._forms(entry, x, len(members))
                moved = point_where([*equal, *zero], [*positive, *plus], len(point))
                if moved is not None:
                    stack.append(((*entries, entry), [*equal, *zero], [*positive, *plus], moved))

    def _entries(self, output: int, datum: int) -> tuple[str, ...]:
        if not self.shape.activation(1).is_group:
            return ("-", "0", "+") if any(self._data[datum]) else ("0",)
        n_members = len(self.shape.members(1)[output])
        if not any(self._data[datum]):
            return ("1",)
        positions = POSITIONS[:n_members]
        return tuple("".join(w) for size in range(1, n_members + 1) for w in combinations(positions, size))

    def _forms(self, entry: str, x: Vector, n_members: int) -> tuple[list[Vector], list[Vector]]:
        """Return the linear forms in the rows that vanish, and those that are positive."""
        if not self.shape.activation(1).is_group:
            if entry == "0":
                return [x], []
            return [], [x if entry == "+" else tuple(-value for value in x)]
        winners = [POSITIONS.index(c) for c in entry]
        if not any(x):
            return [], []
        zero = [_difference(x, n_members, winners[0], p) for p in winners[1:]]
        plus = [_difference(x, n_members, winners[0], p) for p in range(n_members) if p not in winners]
        return zero, plus

    # ------------------------------------------------------------------ blocks

    def _kink(
        self,
        output: int,
        covector: tuple[str, ...],
        data: tuple[int, ...],
        point: Vector,
        cells: Sequence[tuple[str, ...]],
    ) -> Kink:
        equalities, inequalities = self._conditions(output, covector)
        block: Segments | HullOfCells
        classes = None if self.shape.activation(1).is_group else self._independent_classes(data)
        if classes is not None:
            block = self._segments(output, covector, classes)
        else:
            block = HullOfCells(tuple(cells), tuple(self._vertex(output, cell) for cell in cells))
        return Kink(covector, data, equalities, inequalities, point, block)

    def _conditions(
        self, output: int, covector: tuple[str, ...]
    ) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...]]:
        equalities: list[Constraint] = []
        inequalities: list[Constraint] = []
        for datum, entry in enumerate(covector):
            site = self.net.table.sites[self.net.table.index[1, output, datum]]
            if not any(self._data[datum]):
                continue
            if not site.is_group:
                constraint = Constraint(site, -1 if entry == "-" else 1, site.members[0])
                (equalities if entry == "0" else inequalities).append(constraint)
                continue
            winners = [POSITIONS.index(c) for c in entry]
            first = site.members[winners[0]]
            equalities.extend(Constraint(site, 1, first, site.members[p]) for p in winners[1:])
            rest = [p for p in range(len(site.members)) if p not in winners]
            inequalities.extend(Constraint(site, 1, first, site.members[p]) for p in rest)
        return tuple(equalities), tuple(inequalities)

    def _independent_classes(self, data: tuple[int, ...]) -> tuple[tuple[int, ...], ...] | None:
        """Return the classes of parallel data, or None where these are linearly dependent."""
        classes: list[list[int]] = []
        for k in data:
            for known in classes:
                if rank([self._data[known[0]], self._data[k]]) == 1:
                    known.append(k)
                    break
            else:
                classes.append([k])
        if rank([self._data[known[0]] for known in classes]) < len(classes):
            return None
        return tuple(tuple(known) for known in classes)

    def _segments(self, output: int, covector: tuple[str, ...], classes: tuple[tuple[int, ...], ...]) -> Segments:
        zero = (self.ring.zero(),) * len(self._data[0])
        offset = zero
        for datum, entry in enumerate(covector):
            if entry != "0":
                offset = _plus(offset, self._contribution(output, datum, entry))
        segments = []
        for data in classes:
            ends = []
            for side in (-1, 1):
                end = zero
                for k in data:
                    same = _is_positive_multiple(self._data[data[0]], self._data[k])
                    end = _plus(end, self._contribution(output, k, "+" if (side > 0) == same else "-"))
                ends.append(end)
            segments.append(Segment(data, ends[0], ends[1]))
        return Segments(offset, tuple(segments))

    def _vertex(self, output: int, cell: Sequence[str]) -> Entries:
        n_members = len(self.shape.members(1)[output])
        total = (self.ring.zero(),) * (n_members * len(self._data[0]))
        for datum, character in enumerate(cell):
            total = _plus(total, self._contribution(output, datum, character))
        return total

    def _contribution(self, output: int, datum: int, character: str) -> Entries:
        """Return c_k v_j a(s_k) x_k: what a datum contributes to the gradient by the neuron's rows."""
        factor = self.ring.variable(output) * self._coefficient(datum)
        n_members = len(self.shape.members(1)[output])
        slopes = (fmpq(0),) * n_members
        if character != "0":
            slopes = self.shape.activation(1).slopes((fmpq(0),) * n_members, character)
        return tuple(factor * slope * entry for slope in slopes for entry in self._entries_of(datum))

    def _coefficient(self, datum: int) -> Polynomial:
        if self._constants is not None:
            return self.ring.constant(self._constants[datum])
        return self.ring.variable(self._n_outer + len(self.net.input_names) + datum)

    def _entries_of(self, datum: int) -> Entries:
        """Return x_k in the ring, with 1 appended where there are biases."""
        if self.net.inputs is None:
            x = tuple(self.ring.variable(self._n_outer + i) for i in range(self.shape.n_inputs))
        else:
            x = tuple(self.ring.constant(entry) for entry in self.net.inputs[datum])
        return (*x, self.ring.one()) if self.shape.has_biases else x


def _fits(character: str, entry: str) -> bool:
    return entry == "0" or character in entry


def point_where(equal: Sequence[Vector], positive: Sequence[Vector], n_columns: int) -> Vector | None:
    """Return a point where some forms vanish and others are positive, or None; not the origin if that can be.

    Examples
    --------
    >>> point_where([(fmpq(1), fmpq(1))], [(fmpq(1), fmpq(0))], 2)
    (1, -1)
    """
    if not equal:
        basis: Sequence[Vector] = tuple(
            tuple(fmpq(1 if i == j else 0) for j in range(n_columns)) for i in range(n_columns)
        )
    else:
        basis = [tuple(fmpq(entry) for entry in vector) for vector in kernel(equal, n_columns=n_columns)]  # type: ignore[arg-type]
    if not positive:
        return tuple(basis[0]) if basis else (fmpq(0),) * n_columns
    if not basis:
        return None
    answer = strict_feasibility([tuple(_dot(row, vector) for vector in basis) for row in positive])
    if not isinstance(answer, StrictSolution):
        return None
    return tuple(
        sum((t * vector[i] for t, vector in zip(answer.direction, basis, strict=True)), fmpq(0))
        for i in range(n_columns)
    )


def _difference(x: Vector, n_members: int, first: int, second: int) -> Vector:
    """Return the form ⟨u_first - u_second, x⟩ in the rows of a group."""
    entries: list[fmpq] = []
    for p in range(n_members):
        sign = (p == first) - (p == second)
        entries.extend(sign * value for value in x)
    return tuple(entries)


def _is_positive_multiple(x: Vector, y: Vector) -> bool:
    """Whether parallel vectors point the same way."""
    return bool(_dot(x, y) > 0)


def _plus(left: Entries, right: Entries) -> Entries:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _dot(row: Sequence[fmpq], h: Sequence[fmpq]) -> fmpq:
    total = fmpq(0)
    for a, b in zip(row, h, strict=True):
        total += a * b
    return total
