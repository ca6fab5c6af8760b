"""What an earlier result of ``symflow regions`` lists, read back.

The file may have been edited, so that its form is checked entry by entry, and every error names the place in it.
What it says is not believed because of that: the result that is made of it is re-checked by ``symflow verify``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import final

from symflow.errors import InputError
from symflow.exact.rationals import rational
from symflow.nets.pattern import UNDECIDED, SiteTable
from symflow.problem import Problem
from symflow.reports.results import Json, header

_SIGNS = "-0+"
_INTEGER_OR_FRACTION = re.compile(r"-?[0-9]+(/[0-9]+)?", re.ASCII)
_ORDER = str.maketrans(_SIGNS + UNDECIDED, "0123")


@final
@dataclass(slots=True)
class Listing:
    """Cells by their patterns, and facets by the signs of all units on them.

    Parameters
    ----------
    lineality : list of vectors
        As the result has it.
    generators : list or None
        As the result has it.
    cells : dict
        Pattern -> its entry.
    adjacencies : dict
        Two patterns, in order -> a point in the shared facet.
    missing : list of str
        Partial patterns.
    open_facets : dict
        The signs on a facet -> the pattern of its one cell.
    """

    lineality: list[list[str]]
    generators: list[Json] | None
    cells: dict[str, Json] = field(default_factory=dict)
    adjacencies: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    open_facets: dict[str, str] = field(default_factory=dict)


def sign_key(word: str) -> str:
    """Return the key by which words of signs are sorted: ``-``, ``0``, ``+``, ``*``.

    The order is that of :func:`symflow.nets.pattern.pattern_key`; this is quick for long words.

    Examples
    --------
    >>> sorted(["+-", "-+", "0+", "--"], key=sign_key)
    ['--', '-+', '0+', '+-']
    """
    return word.translate(_ORDER)


def check_question(problem: Problem, tree: object) -> None:
    """Refuse what is no result of the same question by the same version.

    Raises
    ------
    InputError
        It names the place in the file.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[2]], [[1]])
    >>> check_question(Problem(net.architecture, net), {"command": "clarke"})
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: command: expected "regions", as symflow regions --json writes
    """
    now = header("regions", problem)
    whole = _Entry(tree, "")
    expected = (
        ("command", "regions", "as symflow regions --json writes"),
        ("symflow", now["symflow"], "this version; start afresh"),
        ("variable", "input", "cells in weight space are counted anew each time"),
    )
    for key, value, reason in expected:
        entry = whole.get(key)
        if entry.value != value:
            raise entry.error(f'expected "{value}", {reason}')
    asked = whole.get("problem")
    for key in ("network", "domain"):
        if asked.mapping().get(key) != now["problem"].get(key):
            raise InputError(f"not the {key} of this problem; start afresh", place=f"problem.{key}")


def read_listing(problem: Problem, tree: object) -> Listing:
    """Return what a result lists, for a net without maxima.

    Raises
    ------
    InputError
        If something in it has not the form it should have.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.regions.region_graph import RegionGraph
    >>> from symflow.reports.regions_result import regions_result
    >>> net = Network.from_weights([[2]], [[1]], biases=[[-1], [0]])
    >>> problem = Problem(net.architecture, net, variable="input")
    >>> result = regions_result(problem, RegionGraph.of(net))
    >>> read_listing(problem, result).adjacencies
    {('-', '+'): ['1/2']}
    >>> result["cells"][0]["pattern"] = "1"
    >>> read_listing(problem, result)
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: cells[0].pattern: expected a word of 1 of the characters -0+
    """
    return _Reader(problem).listing(_Entry(tree, ""))


@final
class _Reader:
    """Reads one result of a problem, each spelling of a number once."""

    def __init__(self, problem: Problem) -> None:
        self.n_inputs = problem.architecture.n_inputs
        self.n_outputs = problem.architecture.n_outputs
        self.n_units = len(SiteTable(problem.architecture, 1).sites)
        self.numbers: set[str] = set()

    def listing(self, tree: _Entry) -> Listing:
        found = Listing(
            [self.vector(row, self.n_inputs) for row in tree.get("lineality").items()],
            self.generators(tree.get("generators")),
        )
        for entry in tree.get("cells").items():
            cell = self.cell(entry, found.generators)
            if found.cells and sign_key(cell["pattern"]) <= sign_key(next(reversed(found.cells))):
                raise entry.get("pattern").error("cells are sorted by their patterns, each once")
            found.cells[cell["pattern"]] = cell
        words = list(found.cells)
        for entry in tree.get("adjacencies").items():
            first, second = (_index(each, len(words)) for each in entry.get("cells").items(2))
            if first >= second:
                raise entry.get("cells").error("expected two cells, the smaller number first")
            found.adjacencies[words[first], words[second]] = self.vector(entry.get("point"), self.n_inputs)
        found.missing = [self.word(entry, _SIGNS + UNDECIDED) for entry in tree.get("missing").items()]
        status = tree.get("status")
        if status.value != ("incomplete" if found.missing else "complete"):
            raise status.error('expected "incomplete" if patterns are missing, else "complete"')
        for entry in tree.get("open_facets").items() if found.missing else ():
            self.open_facet(entry, words, found.open_facets)
        return found

    def generators(self, entry: _Entry) -> list[Json] | None:
        if entry.value is None:
            return None
        result = []
        for each in entry.items():
            kind = "ray" if "ray" in each.mapping() else "point"
            result.append({kind: self.vector(each.get(kind), self.n_inputs)})
        return result

    def cell(self, entry: _Entry, generators: list[Json] | None) -> Json:
        bounded, gradient = entry.get("bounded"), entry.get("map").get("gradient")
        if not isinstance(bounded.value, bool):
            raise bounded.error("expected true or false")
        cell: Json = {
            "pattern": self.word(entry.get("pattern"), _SIGNS),
            "interior_point": self.vector(entry.get("interior_point"), self.n_inputs),
            "bounded": bounded.value,
            "map": {
                "gradient": [self.vector(row, self.n_inputs) for row in gradient.items(self.n_outputs)],
                "offset": self.vector(entry.get("map").get("offset"), self.n_outputs),
            },
        }
        if generators is not None:
            cell["generators"] = [_index(each, len(generators)) for each in entry.get("generators").items()]
        return cell

    def open_facet(self, entry: _Entry, words: list[str], found: dict[str, str]) -> None:
        cell = words[_index(entry.get("cell"), len(words))]
        signs = self.word(entry.get("signs"), _SIGNS)
        if signs == cell or any(sign not in ("0", character) for sign, character in zip(signs, cell, strict=True)):
            raise entry.get("signs").error(f"{signs} is not on the boundary of the cell {cell}")
        if signs in found:
            raise entry.get("signs").error(f"{signs} is listed twice")
        found[signs] = cell

    def word(self, entry: _Entry, characters: str) -> str:
        word = entry.value
        if not isinstance(word, str) or len(word) != self.n_units or not set(word) <= set(characters):
            raise entry.error(f"expected a word of {self.n_units} of the characters {characters}")
        return word

    def vector(self, entry: _Entry, length: int) -> list[str]:
        entries = entry.items(length)
        assert isinstance(entry.value, list)
        if all(isinstance(text, str) and text in self.numbers for text in entry.value):
            return list(entry.value)  # the usual case, made quick
        return [self.number(each) for each in entries]

    def number(self, entry: _Entry) -> str:
        text = entry.value
        if not isinstance(text, str):
            raise entry.error("expected a number as a string")
        if text not in self.numbers:
            value = str(rational(text, place=entry.place))
            if value != text or not _INTEGER_OR_FRACTION.fullmatch(text):
                raise entry.error("expected a fraction in lowest terms")
            self.numbers.add(text)
        return text


def _index(entry: _Entry, length: int) -> int:
    number = entry.value
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < length:
        raise entry.error(f"expected a whole number from 0 to {length - 1}")
    return number


@final
@dataclass(frozen=True, slots=True)
class _Entry:
    """A value in the file, and its place there."""

    value: object
    place: str

    def error(self, message: str) -> InputError:
        return InputError(message, place=self.place)

    def mapping(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self.error("expected an object {..}")
        return self.value

    def get(self, key: str) -> _Entry:
        place = f"{self.place}.{key}" if self.place else key
        if key not in self.mapping():
            raise InputError("missing", place=place)
        return _Entry(self.mapping()[key], place)

    def items(self, length: int | None = None) -> Iterator[_Entry]:
        if not isinstance(self.value, list) or (length is not None and len(self.value) != length):
            raise self.error("expected a list" if length is None else f"expected a list of {length}")
        return (_Entry(each, f"{self.place}[{number}]") for number, each in enumerate(self.value))
