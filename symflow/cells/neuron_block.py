"""The cells of one first-layer neuron, found on the data where it kinks and written as those of the whole net.

With one hidden layer, as a function of the weights, which cells of neuron j meet the point is a question about the data
on which it vanishes, and about nothing else: {d : s_k <d, x_k> > 0} (Theorem 3). So it is asked of a net with that
neuron alone on these data, and neurons that kink on the same data share the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final, overload

from symflow.cells.cell import Cell, IncidentCells, Refutation, Term
from symflow.exact.rationals import fmpq
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network, Vector
from symflow.nets.objective import Combination
from symflow.nets.pattern import UNDECIDED
from symflow.nets.patterned_function import AbstractPatternedFunction


@final
@dataclass(frozen=True, slots=True)
class Kinks:
    """The data on which a first-layer neuron kinks, and its character on the others.

    Parameters
    ----------
    output : int
        The neuron, from 0.
    data : tuple of int
        From 0.
    forced : mapping
        The character by datum, where there is one choice.
    """

    output: int
    data: tuple[int, ...]
    forced: Mapping[int, str]


def kinks_of(function: AbstractPatternedFunction, output: int) -> Kinks:
    """Return where a neuron of the first layer kinks.

    Examples
    --------
    >>> from symflow.nets.objective import Output
    >>> net = Network.from_weights([[1, -1]], [[1]])
    >>> F = FunctionOfWeights(net, ((fmpq(1), fmpq(1)), (fmpq(1), fmpq(0))), Combination((fmpq(1), fmpq(1))))
    >>> kinks_of(F, 0)
    Kinks(output=0, data=(0,), forced={1: '+'})
    """
    data, forced = [], {}
    for datum in range(function.n_data):
        options = function.options(function.table.index[1, output, datum], ())
        if len(options) > 1:
            data.append(datum)
        else:
            forced[datum] = options[0].character
    return Kinks(output, tuple(data), forced)


def neuron_alone(function: AbstractPatternedFunction, kinks: Kinks) -> FunctionOfWeights:
    """Return the neuron, with outer weight 1 and no units of a group, on the data of its kinks."""
    network = function.network
    biases = None if network.biases is None else [[network.biases[0][kinks.output]], [fmpq(0)]]
    alone = Network.from_weights(
        [network.weights[0][kinks.output]], [[1]], biases=biases, activation=network.architecture.activation(1)
    )
    inputs = tuple(function.inputs[datum] for datum in kinks.data)
    return FunctionOfWeights(alone, inputs, Combination((fmpq(1),) * len(inputs)))


def lifted(
    function: AbstractPatternedFunction, kinks: Kinks, places: Sequence[int], alone: IncidentCells
) -> IncidentCells:
    """Return the decided cells of :func:`neuron_alone` as those of the neuron in the net.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F, of the whole net.
    kinks : Kinks
        The neuron, and where it kinks.
    places : sequence of int
        Its parameters among those of the net.
    alone : IncidentCells
        All decided.
    """
    assert alone.is_decided
    table, n_data = function.table, function.n_data
    site_of = {datum: table.index[1, kinks.output, datum] for datum in range(n_data)}
    local = {site_of[datum]: i for i, datum in enumerate(kinks.data)}
    forced = {site_of[datum]: character for datum, character in kinks.forced.items()}
    word = [kinks.forced.get(datum, "") for datum in range(n_data)]
    nothing_needed = [UNDECIDED] * n_data

    def arc(directions: tuple[Vector, ...]) -> tuple[Vector, ...]:
        return tuple(_spread(direction, places, len(function.variables)) for direction in directions)

    def term(each: Term) -> Term:
        site = table.sites[site_of[kinks.data[each.constraint.site.datum]]]
        return replace(each, constraint=replace(each.constraint, site=site, unit=site.members[0]))

    cells = tuple(
        Cell(
            _pattern(word, kinks.data, cell.characters),
            BlockCharacters(len(table.sites), local, cell.characters, forced, ""),
            arc(cell.arc),
        )
        for cell in alone.cells
    )
    refuted = tuple(
        Refutation(
            _pattern(nothing_needed, kinks.data, refutation.characters),
            BlockCharacters(len(table.sites), local, refutation.characters, {}, UNDECIDED),
            tuple(term(each) for each in refutation.terms),
        )
        for refutation in alone.refuted
    )
    return IncidentCells(cells, refuted, ())


def _pattern(word: Sequence[str], data: Sequence[int], characters: Sequence[str]) -> str:
    parts = list(word)
    for datum, character in zip(data, characters, strict=True):
        parts[datum] = character
    return "|".join(parts)


def _spread(direction: Vector, places: Sequence[int], width: int) -> Vector:
    whole = [fmpq(0)] * width
    for place, entry in zip(places, direction, strict=False):  # the outer weights come last, and do not move
        whole[place] = entry
    return tuple(whole)


@final
class BlockCharacters(Sequence[str]):
    """The characters of all sites, where only those of one neuron are known: n units on n data have n² sites.

    Equal, and of equal hash, to the tuple that it stands for.

    Parameters
    ----------
    length : int
        The number of sites.
    local : mapping
        From site to its place in `characters`.
    characters : sequence of str
        The chosen characters.
    forced : mapping
        The characters of other sites.
    other : str
        What stands at all the rest.

    Examples
    --------
    >>> BlockCharacters(5, {1: 0, 4: 1}, ("-", "+"), {2: "+"}, "")[1:]
    ('-', '+', '', '+')
    """

    __slots__ = ("_characters", "_forced", "_length", "_local", "_other")

    def __init__(
        self,
        length: int,
        local: Mapping[int, int],
        characters: Sequence[str],
        forced: Mapping[int, str],
        other: str,
    ) -> None:
        self._length, self._local, self._characters = length, local, characters
        self._forced, self._other = forced, other

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(self._length)))
        if not -self._length <= index < self._length:
            raise IndexError(index)
        site = index % self._length
        if site in self._local:
            return self._characters[self._local[site]]
        return self._forced.get(site, self._other)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[str]:
        whole = [self._other] * self._length
        for site, character in self._forced.items():
            whole[site] = character
        for site, place in self._local.items():
            whole[site] = self._characters[place]
        return iter(whole)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (tuple, BlockCharacters)):
            return len(self) == len(other) and tuple(self) == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
