"""Finitely many points, read: what does not vary is said once, and what varies block by block.

The vertices of a set without a formula, and the limits of gradients at a kink, are such lists. Entries in which all
points agree stand apart, as constant rows. Where the points have few values in a block, each value is said once, with
the numbers of the points that have it: for four vertices in R^105 that is a dozen short lines, not four long ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.reports.expressions import Expression, Parameters
from symflow.reports.readable.blocks import Line, entries_of, lines_within, names_of_matrices
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.reading import Row

# A row of a matrix is taken apart where it has so many entries and at most half of them vary.
_LONG_ROW = 4


@final
@dataclass(frozen=True, slots=True)
class Level:
    """A value that a block has at some of the points.

    Parameters
    ----------
    value : Expression
        The entries of the block.
    at : tuple of int
        The numbers of the points that have it, from 1.
    """

    value: Expression
    at: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True)
class PointList:
    """Points in some variables, read.

    Parameters
    ----------
    lines : tuple of Line
        The blocks that vary.
    values : tuple of tuples of Expression
        For each point its value in each of these blocks.
    levels : tuple of tuples of Level
        For each of these blocks its values, each once, in the order of the points.
    constant_rows : tuple of Row
        The entries in which all points agree.
    """

    lines: tuple[Line, ...]
    values: tuple[tuple[Expression, ...], ...]
    levels: tuple[tuple[Level, ...], ...]
    constant_rows: tuple[Row, ...]


def read_points(
    function: AbstractPatternedFunction, notation: Notation, places: Sequence[int], points: Sequence[Point]
) -> PointList:
    """Return what is to be said of points in the variables at some places.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> from symflow.reports.linear_text import linear_text
    >>> f = EmpiricalRisk(Network.from_weights([[1, 2], [0, 1]], [[1, 1]]), Dataset([(1, 1)], labels=[1])).at()
    >>> points = [tuple(map(fmpq, p)) for p in ((0, 0, 5, 5, 1, 2), (3, 3, 5, 5, 1, 2), (0, 0, 5, 5, 4, 4))]
    >>> read = read_points(f, Notation.of(f), range(6), points)
    >>> [linear_text(line.name) for line in read.lines], [level.at for level in read.levels[0]]
    (['W1[1,·]', 'W2'], [(1, 3), (2,)])
    >>> [(linear_text(row.names[0]), linear_text(row.value)) for row in read.constant_rows]
    [('W1[2,·]', '(5, 5)')]
    """
    lines, fixed = varying_lines(function, places, points)
    column_of = {place: i for i, place in enumerate(places)}
    written: list[tuple[Expression, ...]] = []
    levels: list[tuple[Level, ...]] = []
    for line in lines:
        blocks = [tuple(point[column_of[place]] for place in line.places) for point in points]
        distinct = list(dict.fromkeys(blocks))
        known = dict(zip(distinct, notation.vectors(distinct), strict=True))
        written.append(tuple(known[block] for block in blocks))
        at = {block: tuple(i for i, other in enumerate(blocks, start=1) if other == block) for block in known}
        levels.append(tuple(Level(value, at[block]) for block, value in known.items()))
    values = tuple(zip(*written, strict=True))
    return PointList(lines, values, tuple(levels), constant_rows(function, notation, fixed))


def varying_lines(
    function: AbstractPatternedFunction, places: Sequence[int], points: Sequence[Point]
) -> tuple[tuple[Line, ...], dict[int, Scalar]]:
    """Return the blocks in which points differ, and by its place each entry outside them, which all points share.

    A bias vector, and a long row of which at most half varies, gives its varying entries alone.
    """
    column_of = {place: i for i, place in enumerate(places)}
    lines: list[Line] = []
    fixed: dict[int, Scalar] = {}
    for line in lines_within(function, places):
        entries = entries_of(line)
        varying = [e for e in entries if len({point[column_of[e.places[0]]] for point in points}) > 1]
        is_split = line.name.letter == "b" or len(entries) >= max(_LONG_ROW, 2 * len(varying))
        if line.name.letter == "x" or len(varying) == len(entries) or (varying and not is_split):
            kept = [line] if varying else []
        else:
            kept = varying
        lines.extend(kept)
        shown = {place for each in kept for place in each.places}
        fixed |= {place: points[0][column_of[place]] for place in line.places if place not in shown}
    return tuple(lines), fixed


def constant_rows(
    function: AbstractPatternedFunction, notation: Notation, fixed: Mapping[int, Scalar]
) -> tuple[Row, ...]:
    """Return the lines that do not vary: equal rows of a matrix together, and all that vanish."""
    groups: dict[tuple[int, Point], list[Line]] = {}
    for line in lines_within(function, sorted(fixed)):
        values = tuple(fixed[place] for place in line.places)
        is_zero = all(value == 0 for value in values)
        key = (0, ()) if is_zero else (line.name.layer if line.name.row is not None else -line.places[0] - 1, values)
        groups.setdefault(key, []).append(line)
    rows = []
    for (_, values), lines in groups.items():
        places = tuple(place for line in lines for place in line.places)
        # Only zero may be said of a matrix as a whole: "W2 = 1" would be no matrix of equal rows.
        names = (
            tuple(line.name for line in lines)
            if any(value != 0 for value in values)
            else _joined_names(function, lines)
        )
        rows.append(Row(names, places, notation.vector(values), True))
    return tuple(rows)


def _joined_names(function: AbstractPatternedFunction, lines: Sequence[Line]) -> tuple[Parameters, ...]:
    """Return the names of lines, those of a whole matrix as the matrix."""
    names = [line.name for line in lines]
    if function.variable == "input":
        return tuple(names)
    for layer in range(1, function.network.architecture.n_layers + 1):
        rows = names_of_matrices(function.network.architecture, layer)
        if len(rows) > 1 and set(rows) <= set(names):
            start = names.index(rows[0])
            names = [name for name in names if name not in rows]
            names.insert(start, Parameters("W", layer))
    return tuple(names)
