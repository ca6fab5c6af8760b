"""The signs of a network at points and rays, in integers, and what a pattern says about them.

Homogenise. A point x stands for the vectors (D x, D) with D > 0, a ray r for (r, 0). With the biases times D every
preactivation z is positively homogeneous in (x, D), since relu, leaky_relu, abs, maxpool and the identity are. So one
forward pass serves points and rays alike, and each layer may be multiplied by a positive integer that clears its
denominators. (relu_power is not homogeneous, and has no affine pieces: it is refused.)

Bits. What can be *tight* at a vector is numbered: D itself (at rays), each unit that has a sign (where z = 0), each
member of a maxpool group (where it is among the maximal ones), each row of the domain A x ≤ b (where equality holds).
A set of these is an integer, so that comparing two sets is one operation.

Closed cells. Let p be a pattern and v a vector with D ≥ 0 in the domain at which the signs are *compatible* with p:
z ≥ 0 where p has ``+``, z ≤ 0 at ``-``, z = 0 at ``0``, and the winner is among the maximal members. Then, layer by
layer, the affine pieces that p chooses agree with the network at v, so v satisfies the inequalities of the closed
cell of p. These are linear, so they hold on the whole cone which such vectors generate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import NamedTuple, TypeAlias, final

from symflow.checker.integer_rows import Row, denominator, scaled
from symflow.checker.problems import WINNERS, Problem
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.work import Work, size

# The bit of D ≥ 0, tight at rays.
AT_INFINITY = 1

# More units, members of groups and rows of the domain together are refused.
_MOST_BITS = 10_000

Domain: TypeAlias = Sequence[tuple[Sequence[Fraction], Fraction]]  # the rows (a, b) of ⟨a, x⟩ ≤ b


class Signs(NamedTuple):
    """The network at a vector: which signs are positive and negative, what is tight, and multiples of the outputs."""

    positive: int
    negative: int
    tight: int
    outputs: Row


@dataclass(frozen=True, slots=True)
class Characters:
    """A pattern as sets of bits.

    Examples
    --------
    >>> Characters("+", plus=2, minus=0, zero=0, winners=0).allow(Signs(0, 0, 2, (5,)))
    True
    """

    word: str
    plus: int
    minus: int
    zero: int
    winners: int

    def allow(self, signs: Signs) -> bool:
        """Return whether signs are compatible with the pattern, so that the vector lies in the closed cell."""
        return not (
            signs.positive & (self.minus | self.zero)
            or signs.negative & (self.plus | self.zero)
            or self.winners & ~signs.tight
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or group that has a character: its layer and number, from 0, and its bits, one for each member."""

    layer: int
    number: int
    bits: Row
    is_group: bool


@dataclass(frozen=True, slots=True)
class _Layer:
    """The rows (W, b) times `scale`, the slopes times `right`, and for each unit with a character its rows and bits."""

    rows: tuple[Row, ...]
    scale: int
    right: int
    left: int
    members: tuple[tuple[int, ...], ...]
    units: tuple[Unit, ...]

    @property
    def is_pooling(self) -> bool:
        return bool(self.units) and self.units[0].is_group


@final
class HomogeneousNet:
    """A network, and the domain that its cells are cut out of.

    Parameters
    ----------
    problem : Problem
        Its network counts, nothing else.
    domain : sequence of (a, b)
        The rows of A x ≤ b.
    work : Work
        The budget of all questions together.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1/2"], ["-1"]], [["1", "1"]]],
    ...                 "biases": [["0", "3"], ["0"]]},
    ...     "data": {"inputs": [["0"]]},
    ...     "objective": {"kind": "output"},
    ... })
    >>> net = HomogeneousNet(problem, [], Work(1000))
    >>> net.signs((3, 1))  # z = (3/2, 0), the output is 3/2, and all is multiplied by 2
    Signs(positive=2, negative=0, tight=4, outputs=(3,))
    >>> net.word_beyond((3, 1), (1, 0))
    '+-'
    """

    def __init__(self, problem: Problem, domain: Domain, work: Work) -> None:
        self.work = work
        self.n_inputs = len(problem.weights[0][0])
        self._bit = AT_INFINITY
        *self._hidden, self._last = (self._layer(problem, layer) for layer in range(problem.n_hidden + 1))
        self.units = tuple(unit for layer in self._hidden for unit in layer.units)
        # Of the first layer, if it has units; all that cuts in one hidden layer.
        self.hyperplanes = self._hidden[0].rows if self._hidden and self._hidden[0].units else ()
        self.groups = tuple(sum(unit.bits) for unit in self.units if unit.is_group)
        # 0 ≤ b with b ≥ 0 says nothing.
        rows = [[*(-entry for entry in a), b] for a, b in domain if any(a) or b < 0]
        self.domain = {self._next_bit(): scaled(row, denominator(row)) for row in rows}
        self.domain_bits = sum(self.domain)
        self._characters = [_bits_of_characters(unit) for unit in self.units]
        # The outputs are multiplied by this.
        self.scale = self._last.scale
        self._cost = sum(map(len, self.domain.values()))
        self._growth = n_bits = 0
        for layer in (*self._hidden, self._last):
            self.scale *= layer.scale * layer.right if layer is not self._last else 1
            n_entries = len(layer.rows) * len(layer.rows[0])
            n_bits += max(entry.bit_length() for row in layer.rows for entry in row)
            self._cost += n_entries
            self._growth += n_entries * (n_bits // 64)

    def characters(self, word: str, *, wildcard: bool = False) -> Characters:
        """Return the bits of a pattern; ``*`` only with `wildcard`.

        Raises
        ------
        Refused
            If a character cannot stand where it does.
        """
        if len(word) != len(self.units):
            raise Refused(f"expected {len(self.units)} characters, found {len(word)}", "pattern")
        found = [0, 0, 0, 0]
        for character, known in zip(word, self._characters, strict=True):
            if wildcard and character == "*":
                continue
            if character not in known:
                raise Refused(f"the character {character!r} cannot stand there", "pattern")
            kind, bit = known[character]
            found[kind] |= bit
        return Characters(word, *found)

    def check_winners(self, characters: Characters, everywhere: int) -> None:
        """Refuse unless each winner is the first of the members that are maximal on the whole cell."""
        for group in self.groups:
            maximal = everywhere & group
            if not maximal & -maximal & characters.winners:
                raise Refused("of members that are identically equal the first one is the winner", "pattern")

    def signs(self, vector: Row) -> Signs:
        """Return the signs at (x, D).

        Raises
        ------
        Refused
            If the vector lies outside the domain.
        """
        self._charge(vector)
        positive = negative = 0
        tight = 0 if vector[-1] else AT_INFINITY
        for bit, row in self.domain.items():
            value = sum(map(mul, row, vector))
            if value < 0:
                raise Refused("outside the domain")
            if not value:
                tight |= bit
        h: Sequence[int] = vector
        for layer in self._hidden:
            z = [sum(map(mul, row, h)) for row in layer.rows]
            constant = h[-1] * layer.scale * layer.right
            right, left = layer.right, layer.left
            h = [] if layer.units else z
            if layer.is_pooling:
                for unit, rows in zip(layer.units, layer.members, strict=True):
                    best = max([z[row] for row in rows])
                    tight |= sum([bit for bit, row in zip(unit.bits, rows, strict=True) if z[row] == best])
                    h.append(best)
            elif layer.units:
                for unit, a in zip(layer.units, z, strict=True):
                    if a > 0:
                        positive |= unit.bits[0]
                        h.append(right * a)
                    elif a < 0:
                        negative |= unit.bits[0]
                        h.append(left * a)
                    else:
                        tight |= unit.bits[0]
                        h.append(0)
            h.append(constant)
        return Signs(positive, negative, tight, tuple([sum(map(mul, row, h)) for row in self._last.rows]))

    def pieces(self, characters: Characters, vector: Row) -> tuple[dict[int, int], Row]:
        """Return the linear pieces that a pattern chooses, at any vector: z for each bit, and the outputs."""
        self._charge(vector)
        values: dict[int, int] = {}
        h: Sequence[int] = vector
        for layer in self._hidden:
            z = [sum(map(mul, row, h)) for row in layer.rows]
            constant = h[-1] * layer.scale * layer.right
            h = [] if layer.units else z
            for unit, rows in zip(layer.units, layer.members, strict=True):
                values.update(zip(unit.bits, [z[row] for row in rows], strict=True))
                bit = unit.bits[0]
                if unit.is_group:
                    h += [values[bit] for bit in unit.bits if bit & characters.winners]
                elif bit & characters.zero:
                    h.append(0)
                else:
                    h.append(values[bit] * (layer.right if bit & characters.plus else layer.left))
            h.append(constant)
        return values, tuple([sum(map(mul, row, h)) for row in self._last.rows])

    def word_beyond(self, vector: Row, direction: Row) -> str:
        """Return the pattern at v + ε u for all small ε > 0.

        Every z is a + b ε there, and the pairs (a, b) are compared as words in a dictionary are.
        """
        self._charge(vector + direction)
        word = ""
        h: list[tuple[int, int]] = list(zip(vector, direction, strict=True))
        for layer in self._hidden:
            values, slopes = zip(*h, strict=True)
            z = [(sum(map(mul, row, values)), sum(map(mul, row, slopes))) for row in layer.rows]
            h = [] if layer.units else z
            for unit, rows in zip(layer.units, layer.members, strict=True):
                pairs = [z[row] for row in rows]
                best = max(pairs)
                if unit.is_group:
                    word += WINNERS[pairs.index(best)]
                    h.append(best)
                else:
                    word += "+" if best > (0, 0) else "-" if best < (0, 0) else "0"
                    slope = layer.right if best > (0, 0) else layer.left
                    h.append((slope * best[0], slope * best[1]))
            factor = layer.scale * layer.right
            h.append((values[-1] * factor, slopes[-1] * factor))
        return word

    def _charge(self, vector: Row) -> None:
        self.work.charge(self._cost * size(vector) + self._growth)

    def _next_bit(self) -> int:
        self._bit *= 2
        if self._bit.bit_length() > _MOST_BITS:
            raise TooLarge("more units than the checker allows itself", "problem.network")
        return self._bit

    def _layer(self, problem: Problem, layer: int) -> _Layer:
        matrix = problem.weights[layer]
        biases = problem.biases[layer] if problem.biases is not None else (Fraction(0),) * len(matrix)
        rows = [(*row, bias) for row, bias in zip(matrix, biases, strict=True)]
        scale = denominator(entry for row in rows for entry in row)
        self.work.charge(len(rows) * len(rows[0]) * size([scale]))
        integers = tuple(scaled(row, scale) for row in rows)
        if layer == problem.n_hidden or problem.activations[layer].name == "identity":
            return _Layer(integers, scale, 1, 1, (), ())
        activation = problem.activations[layer]
        if activation.power > 1:
            raise Refused("relu_power has no affine pieces", f"problem.network.activation[{layer}]")
        is_group = activation.name == "maxpool"
        members = activation.groups if is_group else tuple((row,) for row in range(len(matrix)))
        units = tuple(
            Unit(layer, number, tuple(self._next_bit() for _ in rows), is_group) for number, rows in enumerate(members)
        )
        left = Fraction(-1) if activation.name == "abs" else activation.slope  # 0 but for leaky_relu
        return _Layer(integers, scale, left.denominator, left.numerator, members, units)


def _bits_of_characters(unit: Unit) -> dict[str, tuple[int, int]]:
    """Return what a character says: the set of :class:`Characters`, from 0, and the bit in it."""
    if unit.is_group:
        return {WINNERS[place]: (3, bit) for place, bit in enumerate(unit.bits)}
    return {character: (kind, unit.bits[0]) for kind, character in enumerate("+-0")}
