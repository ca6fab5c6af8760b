"""A whole result of ``symflow regions``: the cells of a network in input space, their adjacencies, and the counts.

The steps, each of which may refuse:

1. The network and the domain are read; nothing else of the problem matters here.
2. The lineality space is recomputed; points and rays are read, and the signs of the network there computed.
3. Each cell: its pattern is that at its interior point, it is what its points and rays span, its map the network's.
4. Each adjacency: the two cells share a facet, the point is in its relative interior; the flips are recomputed.
5. Every facet has two cells, so no cell is missing, and every two cells that share a facet are listed. Without points
   and rays this is shown where all units are in the first layer and there is no domain, by counting: as many
   different cells, and adjacencies, as the arrangement of hyperplanes has.
6. The counts are recomputed.

Of an incomplete result everything listed is checked, and that each facet with one listed cell leads to the completion
of a missing pattern. That all other cells complete missing patterns is not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final, final

from symflow.checker.arrangements import n_cells, n_walls
from symflow.checker.expressions import rational
from symflow.checker.integer_rows import Row, homogeneous
from symflow.checker.lineality import check_lineality
from symflow.checker.problems import Problem, read_domain, read_problem
from symflow.checker.reading import Refused, Report, TooLarge, exactly, expect, items, sized, take
from symflow.checker.region_signs import Domain, HomogeneousNet, Signs
from symflow.checker.spanned_cells import Cell, Map, SpannedCells
from symflow.checker.unspanned_cells import UnspannedCells
from symflow.checker.weight_regions import check_weight_regions
from symflow.checker.work import Work

_COUNTS = ("n_cells", "n_adjacencies", "n_bounded", "n_maps", "n_pieces")
_COUNTS_OF_ARRANGEMENTS = (("n_cells", n_cells), ("n_adjacencies", n_walls))
_KNOWN = (
    *("command", "symflow", "problem", "variable", "status", *_COUNTS),
    *("lineality", "generators", "cells", "adjacencies", "missing"),
)
_KNOWN_OF_CELL = ("pattern", "interior_point", "bounded", "map")
_KNOWN_OF_ADJACENCY = ("cells", "flips", "point")

# Products of small integers: about as many as for 30 000 cells of a network with 16 000 weights.
_MOST_STEPS = 4_000_000_000
_MOST_STEPS_OF_COUNT = 5_000_000

# In this order cells are sorted; digits and letters come after these.
_ORDER: Final = str.maketrans("-0+", "\1\2\3")


def check_regions(report: Report, result: dict[str, object]) -> None:
    """Check a whole result."""
    if take(result, "variable", str) == "weights":
        check_weight_regions(report, result)
        return
    expect(result["variable"], "input", "variable")
    report.skip_unknown(result, _KNOWN)
    problem: Problem | None = None
    domain: Domain = ()
    with report.checking("problem"):
        tree = take(result, "problem", dict)
        problem, domain = _read_network(tree)
    if problem is not None:
        _Check(report, result, problem, domain).run()


def _read_network(tree: dict[str, object]) -> tuple[Problem, Domain]:
    """Return the network as a problem that asks for an output, whatever the file's objective is, and the domain."""
    row: object = take(tree, "network", dict).get("weights")
    for _ in range(2):  # the first row of the first matrix
        row = next(iter(sized(row, None, "network.weights")), None)
    data = {"inputs": [["0"] * len(sized(row, None, "network.weights"))]}
    problem = read_problem({**tree, "data": data, "objective": {"kind": "output", "output": 1}})
    return problem, read_domain(tree, len(problem.weights[0][0]))


@final
class _Check:
    """One result, and what of it has been found to hold."""

    def __init__(self, report: Report, result: dict[str, object], problem: Problem, domain: Domain) -> None:
        self.report, self.result = report, result
        self.work = Work(_MOST_STEPS)
        self.net = HomogeneousNet(problem, domain, self.work)
        self.n_outputs = len(problem.weights[-1])
        lineality = check_lineality(result, problem, domain, self.work)
        self.spans_lines = bool(lineality.basis)
        self.spanned: SpannedCells | None = None
        self.unspanned = UnspannedCells(self.net)
        if "generators" not in result:
            raise Refused("missing", "generators")
        if result["generators"] is not None:
            self.spanned = SpannedCells(self.net, lineality, items(result, "generators"))
        self.cells: list[Cell] = []
        self.n_bounded = 0
        self.pairs: dict[tuple[int, int], None] = {}

    def run(self) -> None:
        """Check everything; what builds on something that was refused is left alone."""
        missing = self.check_status()
        if not self.checked_all("cells", self.check_cell) or not self.checked_all("adjacencies", self.check_adjacency):
            return
        self.check_counts()
        if self.spanned is not None:
            self.spanned.check_use()
        if missing:
            self.check_missing(missing)
        elif not self.cells:
            raise Refused("a complete result has a cell", "cells")
        elif self.spanned is not None:
            self.check_complete(self.spanned)
        else:
            self.check_by_counting()

    def checked_all(self, key: str, check: Callable[[object], None]) -> bool:
        """Check each entry of a list; return whether all hold."""
        n_entries = len(items(self.result, key))
        n_before = self.report.n_certificates
        for i, entry in enumerate(items(self.result, key)):
            with self.report.checking(f"{key}[{i}]"):
                check(entry)
                self.report.n_certificates += 1
        return self.report.n_certificates == n_before + n_entries

    def check_status(self) -> list[str]:
        """Return the missing patterns, of which there are some if and only if the result is incomplete."""
        missing = [exactly(word, str, "missing") for word in items(self.result, "missing")]
        expect(take(self.result, "status", str), "incomplete" if missing else "complete", "status")
        for i, word in enumerate(missing):
            with self.report.checking(f"missing[{i}]"):
                self.net.characters(word, wildcard=True)
        return missing

    # ------------------------------------------------------------------ cells and adjacencies

    def check_cell(self, entry: object) -> None:
        """Check one cell and remember it."""
        word = take(entry, "pattern", str)
        characters = self.net.characters(word)
        if self.cells and word.translate(_ORDER) <= self.cells[-1].characters.word.translate(_ORDER):
            raise Refused("cells are sorted by their patterns, each once", "pattern")
        interior, signs = self.point(entry, "interior_point")
        if (signs.positive, signs.negative) != (characters.plus, characters.minus) or not characters.allow(signs):
            raise Refused("the pattern is another one there", "interior_point")
        cell = Cell(characters, interior, signs, self.map(take(entry, "map", dict)))
        is_bounded = take(entry, "bounded", bool)
        if self.spanned is not None:
            expect(is_bounded, self.spanned.check(len(self.cells), cell, entry), "bounded")
        else:
            self.unspanned.check(cell)
            if is_bounded and self.spans_lines:
                raise Refused("every cell contains a line", "bounded")
        self.report.skip_unknown(entry, (*_KNOWN_OF_CELL, "generators") if self.spanned else _KNOWN_OF_CELL)
        self.n_bounded += is_bounded
        self.cells.append(cell)

    def check_adjacency(self, entry: object) -> None:
        """Check one adjacency and remember it."""
        i, j = (exactly(k, int, "cells") for k in items(entry, "cells", 2))
        if not 0 <= i < j < len(self.cells):
            raise Refused("expected the numbers of two cells, the smaller one first", "cells")
        if self.pairs and (i, j) <= next(reversed(self.pairs)):
            raise Refused("adjacencies are sorted by their cells, each once", "cells")
        words = self.cells[i].characters.word, self.cells[j].characters.word
        flips = [[u.layer + 1, u.number + 1] for u, a, b in zip(self.net.units, *words, strict=True) if a != b]
        expect(take(entry, "flips", list), flips, "flips")
        _, signs = self.point(entry, "point")
        (self.spanned or self.unspanned).check_adjacency((i, j), self.cells, signs)
        self.report.skip_unknown(entry, _KNOWN_OF_ADJACENCY)
        self.pairs[i, j] = None

    def point(self, entry: object, key: str) -> tuple[Row, Signs]:
        """Return the point at a key, and the signs there."""
        spelled = items(entry, key, self.net.n_inputs)
        vector = homogeneous([rational(value, key) for value in spelled])
        try:
            return vector, self.net.signs(vector)
        except Refused as refusal:
            raise type(refusal)(refusal.reason, key) from None

    def map(self, tree: dict[str, object]) -> Map:
        """Return an affine map."""
        offset = items(tree, "offset", self.n_outputs)
        rows = zip(items(tree, "gradient", self.n_outputs), offset, strict=True)
        found = [[*sized(row, self.net.n_inputs, "map.gradient"), constant] for row, constant in rows]
        with self.report.checking("map"):
            self.report.skip_unknown(tree, ("gradient", "offset"))
        return tuple(tuple(rational(value, "map") for value in row) for row in found)

    # ------------------------------------------------------------------ are they all?

    def check_complete(self, spanned: SpannedCells) -> None:
        """Refuse unless each facet has two cells, and the adjacencies are all pairs that share one."""
        for index, word in spanned.neighbours_not_listed(self.cells):
            self.report.reject(f"beyond a facet lies the cell {word}, which is not listed", f"cells[{index}]")
        self.check_shared(spanned)
        if self.is_arrangement():
            # Another proof of the same: where it is too long, the first one stands.
            with suppress(TooLarge):
                self.check_arrangement()

    def check_shared(self, spanned: SpannedCells) -> None:
        """Refuse unless all pairs of cells that share a facet are listed."""
        for i, j in spanned.shared:
            if (i, j) not in self.pairs:
                self.report.reject(f"cells {i} and {j} share a facet and are not listed", "adjacencies")

    def check_missing(self, missing: list[str]) -> None:
        """Refuse unless each pattern beyond a facet without a second cell completes a missing one."""
        self.report.skip("missing")
        if self.spanned is None:
            for claim in ("n_adjacencies", "n_pieces"):  # an adjacency may have been left out
                self.report.skip(claim)
            return
        given: dict[tuple[int, ...], set[str]] = {}  # the places decided in missing patterns -> the characters there
        for word in missing:
            places = tuple(place for place, character in enumerate(word) if character != "*")
            given.setdefault(places, set()).add(word.replace("*", ""))
        for index, word in self.spanned.neighbours_not_listed(self.cells):
            self.work.charge(sum(map(len, given)))
            if not any("".join(word[k] for k in places) in words for places, words in given.items()):
                reason = f"beyond a facet lies the cell {word}, which is neither listed nor missing"
                self.report.reject(reason, f"cells[{index}]")
        self.check_shared(self.spanned)

    def check_by_counting(self) -> None:
        """Refuse unless there are as many cells and adjacencies as the arrangement has, if it is one."""
        if self.is_arrangement():
            self.check_arrangement()
        else:
            for claim in ("status", *_COUNTS):
                self.report.skip(claim)

    def is_arrangement(self) -> bool:
        """Return whether the cells are those of hyperplanes in all of space."""
        return not self.net.domain and not any(unit.layer or unit.is_group for unit in self.net.units)

    def check_arrangement(self) -> None:
        """Refuse unless the counts are those of the arrangement."""
        work = Work(_MOST_STEPS_OF_COUNT)
        counts = {key: count(self.net.hyperplanes, work) for key, count in _COUNTS_OF_ARRANGEMENTS}
        for key, count in counts.items():
            with self.report.checking(""):
                expect(take(self.result, key, int), count, key)

    def check_counts(self) -> None:
        """Refuse unless the counts are those of what is listed."""
        maps = {cell.map: number for number, cell in enumerate(self.cells)}
        labels = [maps[cell.map] for cell in self.cells]
        counts = (len(self.cells), len(self.pairs), self.n_bounded, len(maps), n_pieces(labels, self.pairs))
        for key, count in zip(_COUNTS, counts, strict=True):
            with self.report.checking(""):
                expect(take(self.result, key, int), count, key)
        if self.spanned is None and not self.spans_lines:
            self.report.skip("cells[..].bounded")
            self.report.skip("n_bounded")


def n_pieces(labels: Sequence[int], pairs: Iterable[tuple[int, int]]) -> int:
    """Return the number of connected components of a graph whose edges join equal labels.

    Examples
    --------
    >>> n_pieces([7, 7, 5, 7], [(0, 1), (1, 2), (2, 3)])
    3
    """
    parent = list(range(len(labels)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    found = len(labels)
    for i, j in pairs:
        if labels[i] == labels[j] and (a := root(i)) != (b := root(j)):
            parent[a] = b
            found -= 1
    return found
