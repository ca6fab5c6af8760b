"""What is said where the time did not suffice: the set lies between two sets, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.polytope import Point
from symflow.differentials.selection import safety
from symflow.exact.exponential_numbers import Scalar
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.reports.document import Answer, Block, Display, Equation, Fact, Facts, Tag
from symflow.reports.expressions import (
    CartesianProduct,
    Expression,
    FiniteSet,
    Hull,
    Interval,
    Relation,
    Sentence,
    Vector,
)
from symflow.reports.grounds import pattern_words
from symflow.reports.kink_words import kink_words
from symflow.reports.phrases import counted, is_short, joined
from symflow.reports.readable.blocks import Line, lines_of
from symflow.reports.readable.notation import Notation

# Hulls of more points are described by their numbers.
_MOST_POINTS = 12
_LONGEST_HULL = 160
_MOST_LISTED = 4


def enclosed_blocks(differential: ClarkeDifferential, notation: Notation) -> tuple[Block, ...]:
    """Return the blocks below the title."""
    name = notation.differential
    blocks: list[Block] = [Answer((name, " lies between two sets."), Tag("undecided"))]
    inner = differential.inner_vertices if _n_points(differential, inner=True) <= _MOST_POINTS else None
    outer = None
    if _n_points(differential, inner=False) <= _MOST_POINTS:
        outer = differential.outer_vertices
    lines = _varying(differential.function, [*(inner or ()), *(outer or ())])
    equations = (
        Equation((), "contains", _hull_words(notation, inner, lines, _count(differential, inner=True))),
        Equation((), "is contained in", _outer_words(differential, notation, outer, lines)),
    )
    blocks.append(Display(equations, _where(differential.function, lines, inner, outer)))
    blocks.append(Facts(tuple(_facts(differential, notation))))
    return tuple(blocks)


def _facts(differential: ClarkeDifferential, notation: Notation) -> list[Fact]:
    name = notation.differential
    facts = [Fact("kinks", ((kink_words(differential),),)), _undecided_fact(differential)]
    if differential.dimension is not None:
        facts.append(Fact("dimension", ((str(differential.dimension),),)))
    zero = {True: ("yes: 0 is in ", name), False: ("no: 0 is not in ", name), None: ("undecided",)}
    facts.append(Fact("critical", (zero[differential.contains_zero],)))
    verdict = differential.contains(differential.function.conventional_gradient("autodiff"))
    where: Sentence = ("undecided",)
    safe_by, _ = safety(differential.function)
    if verdict.is_undecided and safe_by is not None:
        where = ("is in ", name, f", by {safe_by.capitalize()}")
    if not verdict.is_undecided:
        where = ("is in " if verdict.is_proved else "is not in ", name)
    facts.append(Fact("autodiff", (where,)))
    if differential.trusts:
        solvers = " and ".join(differential.trusts)
        word = f"{solvers} calls them empty: then it is the smaller set; no certificate was found"
        facts.append(Fact("a solver says", ((word,),)))
    advice = "give it more time, where --time-limit was set; no further certificates are searched for"
    facts.append(Fact("next", ((advice,),)))
    return facts


def _undecided_fact(differential: ClarkeDifferential) -> Fact:
    function = differential.function
    words: list[str] = []
    count = 0
    for factor in differential.factors:
        for characters in factor.incident.undecided:
            count += 1
            if len(words) < _MOST_LISTED:
                words.append(_pattern(function, characters, factor.neuron))
    more = ", …" if count > len(words) else ""
    return Fact("undecided", ((f"{counted(count, 'sign pattern')}: {', '.join(words)}{more}",),))


def _pattern(function: AbstractPatternedFunction, characters: Sequence[str], neuron: int | None) -> str:
    if neuron is None:
        return pattern_words(function, function.table.word([c or "*" for c in characters]))
    word = "|".join(characters[function.table.index[1, neuron - 1, datum]] or "*" for datum in range(function.n_data))
    return f"neuron {neuron} {pattern_words(function, word)}"


def _n_points(differential: ClarkeDifferential, *, inner: bool) -> int:
    count = 1
    for factor in differential.factors:
        polytope = factor.inner if inner else factor.outer
        if polytope is None:
            return _MOST_POINTS + 1
        count *= len(polytope.vertices)
    return count


def _count(differential: ClarkeDifferential, *, inner: bool) -> int | None:
    polytopes = [factor.inner if inner else factor.outer for factor in differential.factors]
    count = 1
    for polytope in polytopes:
        if polytope is None:
            return None
        count *= len(polytope.vertices)
    return count


def _varying(function: AbstractPatternedFunction, points: Sequence[Point]) -> list[Line]:
    """Return the lines in which the points differ, or are not zero where they all agree."""
    return [
        line
        for line in lines_of(function)
        if len({tuple(point[place] for place in line.places) for point in points}) > 1
        or any(point[place] != 0 for point in points for place in line.places)
    ]


def _hull_words(
    notation: Notation, points: Sequence[Point] | None, lines: Sequence[Line], count: int | None
) -> Sentence:
    if points is None:
        if count is None:
            return ("a set that is not known: too many patterns are open",)
        return (f"the hull of {count} points",)
    if not points:
        return ("at least one point; none is known yet",)
    places = [place for line in lines for place in line.places]
    written: list[Expression] = []
    for point in points:
        entries = tuple(notation.number(point[place]) for place in places)
        is_zero = all(point[place] == 0 for place in places)
        written.append(notation.vector(()) if is_zero else (entries[0] if len(entries) == 1 else Vector(entries)))
    expression = FiniteSet(tuple(written)) if len(written) == 1 else Hull(tuple(written))
    return (expression,) if is_short(expression, _LONGEST_HULL) else (f"the hull of {len(points)} points",)


def _outer_words(
    differential: ClarkeDifferential, notation: Notation, outer: Sequence[Point] | None, lines: Sequence[Line]
) -> Sentence:
    boxed = [factor for factor in differential.factors if factor.box is not None]
    if not boxed:
        return _hull_words(notation, outer, lines, _count(differential, inner=False))
    (factor,) = boxed  # only a factor of all variables has a box
    assert factor.box is not None
    words: list[Sentence] = []
    for line in lines_of(differential.function):
        sides = [factor.box[place] for place in line.places]
        if any(low != 0 or high != 0 for low, high in sides):
            written = tuple(_side(notation, low, high) for low, high in sides)
            words.append(
                (Relation((line.name, written[0] if len(written) == 1 else CartesianProduct(written)), ("∈",)),)
            )
    if len(words) > _MOST_LISTED:
        return (f"a box, in {len(words)} of the blocks of parameters; the others are 0 (--json has its sides)",)
    return ("a box: ", *joined(words, ",  "), "; all others are 0")


def _side(notation: Notation, low: Scalar, high: Scalar) -> Expression:
    if low == high:
        return FiniteSet((notation.number(low),))
    return Interval(notation.number(low), notation.number(high))


def _where(
    function: AbstractPatternedFunction,
    lines: Sequence[Line],
    inner: Sequence[Point] | None,
    outer: Sequence[Point] | None,
) -> tuple[Sentence, ...]:
    """Return which coordinates are written, where not all are."""
    n_written = sum(len(line.places) for line in lines)
    others = "; all others are 0" if outer is not None else "; its other entries are 0"
    if not n_written or n_written == len(function.variables) or (inner is None and outer is None):
        return ()
    names = joined([(line.name,) for line in lines], ", ")
    start = "in the entries of " if outer is not None else "the first in the entries of "
    return ((start, *names, others),)
