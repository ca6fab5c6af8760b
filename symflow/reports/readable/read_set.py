"""From a Clarke differential to what a lecturer would say of it (``reading.py``).

Three steps. The set is taken apart into factors in variables of their own: the neurons of Theorem 3, or, where it is
given flat, the finest product of blocks of lines that its vertices are. Each factor gets a word (``shapes.py``) and,
where there is one, a formula base + Σ θ_i g_i (``zonotopes.py``). Then its lines are written, each in the shortest of
the forms that say the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.factor import Factor
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import Scalar
from symflow.exact.point_sets import affine_dimension
from symflow.exact.rationals import fmpq
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.reports.expressions import Hull, Symbol
from symflow.reports.linear_text import linear_text
from symflow.reports.readable.blocks import Line, lines_within
from symflow.reports.readable.known_numbers import learned_numbers
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.point_lists import constant_rows, varying_lines
from symflow.reports.readable.reading import Part, Reading, Row
from symflow.reports.readable.rows import RowWriter
from symflow.reports.readable.shapes import plus, product_shape, shape_of
from symflow.reports.readable.zonotopes import as_span

ZERO = fmpq(0)

# A sum of more segments than this is listed by its vertices.
_MOST_GENERATORS = 8

# A hull whose text is longer than this is listed as a table.
_LONGEST_HULL = 110

# Flat sets with more lines that vary are not taken apart.
_MOST_LINES = 10


@lru_cache(maxsize=8)
def read_set(differential: ClarkeDifferential) -> Reading:
    """Return what is to be said of a set that is known exactly.

    Parameters
    ----------
    differential : ClarkeDifferential
        Exact; an enclosed one is read as its two hulls (:func:`read_hull`).

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]]))
    >>> reading = read_set(clarke_differential(f, at=(0,)))
    >>> reading.shape.noun, reading.parts[0].base, reading.parts[0].generators
    ('segment', (-1,), ((2,),))
    """
    function = differential.function
    notation = notation_of(differential)
    pieces = list(_pieces(differential))
    varying = [piece for piece in pieces if piece.dimension > 0]
    fixed = dict(differential.constant)
    for piece in pieces:
        if piece.dimension == 0:
            fixed |= dict(zip(piece.places, piece.vertices[0], strict=True))
    found = [(piece, _span(function, notation, piece)) for piece in varying]
    kept: list[tuple[_Piece, _Span | None]] = []
    for piece, span in found:
        if span is None and _hull(function, notation, piece) is None:
            piece, constant = _without_constants(function, piece)
            fixed |= constant
        kept.append((piece, span))
    parts = _parts(function, notation, kept)
    shape = product_shape([part.shape for part in parts])
    return Reading(notation.differential, shape, parts, constant_rows(function, notation, fixed), notation.constants)


@lru_cache(maxsize=8)
def notation_of(differential: ClarkeDifferential) -> Notation:
    """Return the notation for the set and for what the usual conventions of automatic differentiation return."""
    function = differential.function
    learned = learned_numbers(differential)
    return Notation.of(function, learned)


#: A base and generators, in the variables of a piece.
_Span: TypeAlias = tuple[Point, tuple[Point, ...]]


# ---------------------------------------------------------------------- taking apart


@dataclass(frozen=True, eq=False)
class _Piece:
    """A factor of the set, with its vertices in its own variables."""

    factor: Factor
    places: tuple[int, ...]
    vertices: tuple[Point, ...]
    dimension: int


def _pieces(differential: ClarkeDifferential) -> Iterator[_Piece]:
    for factor in differential.factors:
        if factor.neuron is not None:
            vertices = factor.inner.vertices
            yield _Piece(factor, factor.places, vertices, factor.inner.dimension)
        else:
            yield from _flat_pieces(differential.function, factor)


def _flat_pieces(function: AbstractPatternedFunction, factor: Factor) -> Iterator[_Piece]:
    """Take a flat set apart: the lines that do not vary one by one, the others in the finest product."""
    vertices = factor.inner.vertices
    place_of = {place: i for i, place in enumerate(factor.places)}
    varying: list[Line] = []
    for line in lines_within(function, factor.places):
        seen = _projected(vertices, [place_of[p] for p in line.places])
        if len(seen) == 1:
            yield _Piece(factor, line.places, seen, 0)
        else:
            varying.append(line)
    for group in _finest_product(vertices, [[place_of[p] for p in line.places] for line in varying]):
        places = tuple(place for i in group for place in varying[i].places)
        seen = _projected(vertices, [place_of[p] for p in places])
        yield _Piece(factor, places, seen, affine_dimension(seen))


def _projected(vertices: Sequence[Point], columns: Sequence[int]) -> tuple[Point, ...]:
    return tuple(sorted({tuple(vertex[i] for i in columns) for vertex in vertices}))


def _finest_product(vertices: Sequence[Point], lines: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Return the finest partition of the lines for which the vertices are all combinations of their projections.

    A set of lines splits off exactly if the numbers of distinct projections to it and to the others multiply to the
    number of vertices. Splits may be intersected, so the smallest one that holds the first line is in the partition.
    """
    rest = list(range(len(lines)))
    if len(rest) > _MOST_LINES:
        return [tuple(rest)]
    numbered = [_numbered(vertices, line) for line in lines]
    n_vertices = len(vertices)
    result = []
    while rest:
        group = _smallest_split(numbered, rest, n_vertices)
        result.append(group)
        rest = [i for i in rest if i not in group]
        n_vertices = len({tuple(numbered[i][v] for i in rest) for v in range(len(vertices))})
    return result


def _smallest_split(numbered: Sequence[Sequence[int]], rest: list[int], n_vertices: int) -> tuple[int, ...]:
    first, others = rest[0], rest[1:]
    for size in range(len(others)):
        for more in itertools.combinations(others, size):
            group = (first, *more)
            outside = [i for i in rest if i not in group]
            n_inside = len(set(zip(*(numbered[i] for i in group), strict=True)))
            n_outside = len(set(zip(*(numbered[i] for i in outside), strict=True)))
            if n_inside * n_outside == n_vertices:
                return group
    return tuple(rest)


def _numbered(vertices: Sequence[Point], columns: Sequence[int]) -> list[int]:
    """Return for each vertex the number of its projection: equal projections, equal numbers."""
    numbers: dict[Point, int] = {}
    return [numbers.setdefault(tuple(vertex[i] for i in columns), len(numbers)) for vertex in vertices]


# ---------------------------------------------------------------------- writing


def _parts(
    function: AbstractPatternedFunction, notation: Notation, pieces: Sequence[tuple[_Piece, _Span | None]]
) -> tuple[Part, ...]:
    writer = RowWriter(notation)
    parts = _written(function, writer, pieces)
    if len(writer.auxiliaries) == 1:  # a single τ has no number; only now that is known
        parts = _written(function, RowWriter(notation, is_single=True), pieces)
    return parts


def _written(
    function: AbstractPatternedFunction, writer: RowWriter, pieces: Sequence[tuple[_Piece, _Span | None]]
) -> tuple[Part, ...]:
    n_parameters = sum(len(span[1]) for _, span in pieces if span is not None)
    symbols = iter([Symbol("θ")] if n_parameters == 1 else [Symbol("θ", str(i + 1)) for i in range(n_parameters)])
    parts = []
    for piece, span in pieces:
        if span is None:
            parts.append(_part_by_vertices(function, writer.notation, piece))
        else:
            parts.append(_part_by_span(function, writer, piece, span, tuple(itertools.islice(symbols, len(span[1])))))
    return tuple(parts)


def _span(function: AbstractPatternedFunction, notation: Notation, piece: _Piece) -> _Span | None:
    found = as_span(function, piece.factor, piece.vertices, piece.dimension)
    return None if found is None or len(found[1]) > _MOST_GENERATORS else _simplest_corner(notation, found)


def _simplest_corner(notation: Notation, span: _Span) -> _Span:
    """Turn generators round where that makes the base shorter to write; 0 is shortest.

    A segment on a line through 0 keeps its direction unless it ends in 0.
    """
    base, generators = span
    if len(generators) == 1 and all(_has_ray(notation, end) for end in (base, plus(base, generators[0]))):
        first, last = notation.on_a_ray(base), notation.on_a_ray(plus(base, generators[0]))
        if first is not None and last is not None and first[1] == last[1]:
            return span
    turned = []
    for generator in generators:
        other = plus(base, generator)
        if len(linear_text(notation.vector(other))) < len(linear_text(notation.vector(base))):
            base, generator = other, tuple(-entry for entry in generator)
        turned.append(generator)
    return base, tuple(turned)


def _has_ray(notation: Notation, point: Point) -> bool:
    return notation.on_a_ray(point) is not None


def _part_by_span(
    function: AbstractPatternedFunction,
    writer: RowWriter,
    piece: _Piece,
    span: _Span,
    thetas: tuple[Symbol, ...],
) -> Part:
    base, generators = span
    place_of = {place: i for i, place in enumerate(piece.places)}
    n_before = len(writer.auxiliaries)
    rows = []
    for line in lines_within(function, piece.places):
        columns = [place_of[place] for place in line.places]
        moves = [(t, tuple(g[i] for i in columns)) for t, g in zip(thetas, generators, strict=True)]
        is_constant = all(entry == 0 for _, generator in moves for entry in generator)
        value = writer.line(tuple(base[i] for i in columns), moves)
        rows.append(Row((line.name,), line.places, value, is_constant))
    return Part(
        neuron=piece.factor.neuron,
        places=piece.places,
        shape=shape_of(piece.vertices, piece.dimension),
        form="span",
        rows=tuple(rows),
        parameters=thetas,
        auxiliaries=tuple(auxiliary for _, auxiliary in writer.auxiliaries[n_before:]),
        base=base,
        generators=generators,
        vertices=piece.vertices,
    )


def _hull(function: AbstractPatternedFunction, notation: Notation, piece: _Piece) -> tuple[Line, Hull] | None:
    """Return the line in which a piece varies and the hull of its vertices there; None for several, or a long hull."""
    place_of = {place: i for i, place in enumerate(piece.places)}
    lines = lines_within(function, piece.places)
    seen = {line: _projected(piece.vertices, [place_of[place] for place in line.places]) for line in lines}
    varying = [line for line in lines if len(seen[line]) > 1]
    if len(varying) != 1:
        return None
    hull = Hull(notation.vectors(seen[varying[0]]))
    return (varying[0], hull) if len(linear_text(hull)) <= _LONGEST_HULL else None


def _without_constants(function: AbstractPatternedFunction, piece: _Piece) -> tuple[_Piece, dict[int, Scalar]]:
    """Return a piece in the variables in which its vertices differ, and the others' values."""
    lines, fixed = varying_lines(function, piece.places, piece.vertices)
    places = tuple(place for line in lines for place in line.places)
    place_of = {place: i for i, place in enumerate(piece.places)}
    vertices = _projected(piece.vertices, [place_of[place] for place in places])
    return _Piece(piece.factor, places, vertices, piece.dimension), fixed


def _part_by_vertices(function: AbstractPatternedFunction, notation: Notation, piece: _Piece) -> Part:
    """Return a part as the hull of its vertices: written out where one line varies and it is short."""
    place_of = {place: i for i, place in enumerate(piece.places)}
    shape = shape_of(piece.vertices, piece.dimension)
    found = _hull(function, notation, piece)
    if found is None:
        lines, _ = varying_lines(function, piece.places, piece.vertices)
        columns = tuple((line.name, line.places) for line in lines)
        return Part(
            piece.factor.neuron, piece.places, shape, "vertices", (), vertices=piece.vertices, vertex_rows=columns
        )
    moving, hull = found
    rows = [Row((moving.name,), moving.places, hull, False, "∈")]
    for line in lines_within(function, piece.places):
        if line != moving:
            value = notation.vector([piece.vertices[0][place_of[place]] for place in line.places])
            rows.append(Row((line.name,), line.places, value, True))
    return Part(piece.factor.neuron, piece.places, shape, "hull", tuple(rows), vertices=piece.vertices)
