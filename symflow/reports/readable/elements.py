"""What is said of one vector: where it lies in the set, or how it misses it.

A vector in a set with a formula has values of its parameters: θ = 1. One outside may still lie on the line of the
formula: it has τ = 0. Otherwise its blocks are written where they differ from what all elements share, and a
functional d separates it: ⟨d, s⟩ ≥ 2 on ∂R(w), 0 for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq
from symflow.reports.expressions import Expression, Relation, Sentence, Vector
from symflow.reports.phrases import joined
from symflow.reports.readable.blocks import lines_of, lines_within
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.reading import Part, Reading
from symflow.reports.readable.shapes import minus
from symflow.reports.readable.written_numbers import approximation, integer_vector

# More values than this are not listed in a sentence.
_MOST_VALUES = 4

ZERO = fmpq(0)


@final
@dataclass(frozen=True, slots=True)
class Separation:
    """Why a vector is outside: ⟨d, s⟩ ≥ bound for every element s, value < bound for it.

    Parameters
    ----------
    direction : Sentence
        d, by its blocks that are not zero.
    bound : Scalar
        The least value on the set.
    value : Scalar
        For the vector.
    """

    direction: Sentence
    bound: Scalar
    value: Scalar


def position(reading: Reading, notation: Notation, vector: Sequence[Scalar]) -> Sentence | None:
    """Return where an element of the set lies in it, by the parameters or by the blocks that vary.

    None where that would be long.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> from symflow.reports.linear_text import sentence_text
    >>> from symflow.reports.readable.read_set import notation_of, read_set
    >>> dR = clarke_differential(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), at=(0,))
    >>> sentence_text(position(read_set(dR), notation_of(dR), dR.minimal_norm_element))
    'θ = 1/2'
    """
    values: list[Sentence] = []
    for part in reading.parts:
        thetas = span_parameters(part, [vector[place] for place in part.places])
        if thetas is not None and part.form == "span":
            for symbol, theta in zip(part.parameters, thetas, strict=True):
                values.append((Relation((symbol, notation.number(theta)), ("=",)),))
        else:
            values.extend(_varying_blocks(part, notation, vector))
        if len(values) > _MOST_VALUES:
            return None
    return joined(values)


def span_parameters(part: Part, vector: Sequence[Scalar]) -> tuple[Scalar, ...] | None:
    """Return θ with vector = base + Σ θ_i g_i, None where there is no such θ or more than one.

    The θ need not lie in [0, 1].
    """
    if part.form != "span" or len(part.generators) != part.shape.dimension:
        return None
    rest = minus(tuple(vector), part.base)
    rows = [[g[i] for g in part.generators] + [rest[i]] for i in range(len(rest))]
    return _unique_solution(rows, len(part.generators))


def off_position(reading: Reading, notation: Notation, vector: Sequence[Scalar]) -> Sentence | None:
    """Return how a vector outside the set misses it: τ or θ where it is on the line of a formula, else blocks.

    Parts in which the vector lies are left out. None where that would be long.
    """
    values: list[Sentence] = []
    for row in reading.constant_rows:
        expected = row.value
        entries = tuple(vector[place] for place in row.places)
        if len(row.names) == 1 and notation.vector(entries) != expected:
            values.append((Relation((row.names[0], notation.vector(entries)), ("=",)),))
        elif len(row.names) > 1:
            values.extend(_differing_lines(reading, notation, vector, row.places))
    for part in reading.parts:
        entries = tuple(vector[place] for place in part.places)
        thetas = span_parameters(part, entries)
        if thetas is None:
            if not _lies_in(part, entries):
                values.extend(_varying_blocks(part, notation, vector))
            continue
        for symbol, theta in zip(part.parameters, thetas, strict=True):
            if 0 <= theta <= 1:
                continue
            if len(part.auxiliaries) == 1:
                auxiliary = part.auxiliaries[0]
                theta = auxiliary.at_zero + theta * (auxiliary.at_one - auxiliary.at_zero)
                symbol = auxiliary.symbol
            values.append((Relation((symbol, notation.number(theta)), ("=",)),))
    return joined(values) if values and len(values) <= _MOST_VALUES else None


def separation(
    differential: ClarkeDifferential, notation: Notation, functional: Sequence[fmpq], vector: Sequence[Scalar]
) -> Separation:
    """Return what a separating functional shows, exactly."""
    bound = least_value(differential, functional)
    return Separation(direction_words(differential, notation, functional), bound, dot(functional, vector))


def least_value(differential: ClarkeDifferential, functional: Sequence[fmpq]) -> Scalar:
    """Return the least value of a functional on the set, factor by factor."""
    total: Scalar = ZERO
    for place, value in differential.constant:
        total = total + functional[place] * value
    for factor in differential.factors:
        part = [functional[place] for place in factor.places]
        if any(entry != 0 for entry in part):
            polytope = factor.inner if factor.is_exact or factor.outer is None else factor.outer
            total = min(dot(part, vertex) for vertex in polytope.vertices) + total
    return total


def direction_words(differential: ClarkeDifferential, notation: Notation, functional: Sequence[fmpq]) -> Sentence:
    """Return "(1, 1) in W1[1,·], 0 elsewhere"."""
    lines = lines_of(differential.function)
    nonzero = [line for line in lines if any(functional[place] != 0 for place in line.places)]
    pieces: list[Sentence] = []
    for line in nonzero[:_MOST_VALUES]:
        entries = [functional[place] for place in line.places]
        if line.name.letter == "x":
            return (integer_vector(entries),)
        pieces.append((integer_vector(entries), " in ", line.name))
    if len(nonzero) > _MOST_VALUES:
        return (*joined(pieces, ", "), f", and in {len(nonzero) - _MOST_VALUES} more blocks")
    elsewhere = ", 0 elsewhere" if len(nonzero) < len(lines) else ""
    return (*joined(pieces, ", "), elsewhere)


def blocks_of(
    notation: Notation, vector: Sequence[Scalar], places: Sequence[int], *, most: int = _MOST_VALUES
) -> list[Sentence]:
    """Return "W1[1,·] = (1, 2)" for each line of some variables."""
    result: list[Sentence] = []
    for line in lines_within(notation.function, places)[: most + 1]:
        written: Expression = notation.vector([vector[place] for place in line.places])
        if isinstance(written, Vector) and len(written.entries) == 0:
            continue
        result.append((Relation((line.name, written), ("=",)),) if line.name.letter != "x" else (written,))
    return result


def _varying_blocks(part: Part, notation: Notation, vector: Sequence[Scalar]) -> list[Sentence]:
    constant = {place for row in part.rows if row.is_constant for place in row.places}
    return blocks_of(notation, vector, [place for place in part.places if place not in constant])


def _differing_lines(
    reading: Reading, notation: Notation, vector: Sequence[Scalar], places: Sequence[int]
) -> list[Sentence]:
    """Return the lines among some that all elements have equal to 0, and the vector has not."""
    result: list[Sentence] = []
    row = next(row for row in reading.constant_rows if row.places == tuple(places))
    for line in lines_within(notation.function, places):
        written = notation.vector([vector[place] for place in line.places])
        if written != row.value:
            result.append((Relation((line.name, written), ("=",)),))
    return result


def _lies_in(part: Part, vector: Point) -> bool:
    from symflow.exact.membership import Member, membership

    return isinstance(membership(vector, part.vertices), Member)


def _unique_solution(rows: list[list[Scalar]], n_columns: int) -> tuple[Scalar, ...] | None:
    """Solve a linear system given with its right side; None where it has none or several solutions."""
    remaining = [list(row) for row in rows]
    pivots: list[list[Scalar]] = []
    for column in range(n_columns):
        index = next((i for i, row in enumerate(remaining) if row[column] != 0), None)
        if index is None:
            return None
        pivot = remaining.pop(index)
        lead = pivot[column]
        pivot = [entry / lead for entry in pivot]
        remaining = [_reduced(row, pivot, column) for row in remaining]
        pivots = [_reduced(row, pivot, column) for row in pivots]
        pivots.append(pivot)
    return None if any(row[-1] != 0 for row in remaining) else tuple(pivot[-1] for pivot in pivots)


def _reduced(row: list[Scalar], pivot: list[Scalar], column: int) -> list[Scalar]:
    factor = row[column]
    return row if factor == 0 else [x - factor * y for x, y in zip(row, pivot, strict=True)]


def decimals(value: Scalar) -> Sentence:
    """Return " ≈ 1.28758" for an irrational number, nothing for a rational one."""
    return (" ≈ ", approximation(value)) if isinstance(value, ExponentialNumber) else ()
