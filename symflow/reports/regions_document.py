"""What ``symflow regions`` says of the cells of input space: how many, a table of them, their walls, how it is known.

Only the rows that are shown are made: of a hundred thousand cells the first twelve and the last four.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symflow.exact.rationals import fmpq
from symflow.problem import Problem
from symflow.regions.region_graph import RegionGraph
from symflow.reports.document import Answer, Block, Document, Fact, Facts, Table, Tag, Title
from symflow.reports.expressions import (
    CartesianProduct,
    Expression,
    Interval,
    Negative,
    Rational,
    Relation,
    Sentence,
    Sum,
    Symbol,
    Vector,
)
from symflow.reports.phrases import counted, runs
from symflow.reports.problem_line import net_words, title
from symflow.reports.readable.written_numbers import coefficient_times
from symflow.reports.regions_overview import Layer, Overview, Row, Unit, overview_of_graph, overview_of_result
from symflow.reports.results import Json

#: With more cells than this the table folds to its first and its last rows.
MOST_ROWS, FIRST_ROWS, LAST_ROWS = 24, 12, 4

# A longer layer of a pattern may be folded to its first and last characters, as a long vector is.
_LONGEST_LAYER, _FIRST_CHARACTERS, _LAST_CHARACTERS = 24, 8, 2
_MOST_LAYERS = 6

# More walls, neurons, missing patterns are only counted.
_MOST_NAMED = 6
_MOST_GROUPS = 3
_MOST_MISSING = 3
_MOST_SIDES = 3


def regions_document(
    problem: Problem,
    found: RegionGraph | Json,
    *,
    full: bool = False,
    all_cells: bool = False,
    advice: Sequence[str] = (),
) -> Document:
    """Return what is to be said of the cells of input space.

    Parameters
    ----------
    problem : Problem
        What was asked.
    found : RegionGraph or the JSON object of a result
        The answer.
    full : bool
        Every cell, and no pattern folded.
    all_cells : bool
        Every cell.
    advice : sequence of str
        How to go on with an incomplete result.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.linear_text import sentence_text
    >>> network = {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "-1"]]]}
    >>> problem = problem_from_tree({"network": network, "objective": {"variable": "input"}})
    >>> document = regions_document(problem, RegionGraph.of(problem.known_network))
    >>> for block in document.blocks[:2]:
    ...     print(sentence_text(block.sentence))
    1-2-1 relu net, in the input.
    2 cells, 1 wall.  None is bounded.  1 affine map.
    """
    seen = overview_of_graph(problem, found) if isinstance(found, RegionGraph) else overview_of_result(problem, found)
    blocks: list[Block] = [Title(_title(problem)), _answer(seen, problem)]
    if seen.n_cells:
        blocks.append(_table(seen, everything=full or all_cells, full=full))
    facts = [*_wall_facts(seen), *_neuron_facts(seen), *_line_facts(seen), *_open_facts(seen, advice, full=full)]
    if facts:
        blocks.append(Facts(tuple(facts)))
    if seen.n_cells:
        blocks.append(Facts((_grounds(seen),), is_grounds=True))
    return Document(tuple(blocks))


# ---------------------------------------------------------------------- title and answer


def _title(problem: Problem) -> Sentence:
    words: list[str | Expression] = [title(problem)] if problem.title else []
    words.append(f"{net_words(problem.architecture)}, in the input")
    domain = problem.domain
    if domain is not None and domain.box is not None and len(domain.box) <= _MOST_SIDES:
        sides = tuple(Interval(Rational(low), Rational(high)) for low, high in domain.box)
        words += [", on ", sides[0] if len(sides) == 1 else CartesianProduct(sides)]
    elif domain is not None and domain.box is not None:
        words.append(", on a box")
    elif domain is not None:
        words.append(f", on the polyhedron of {counted(len(domain.bounds or ()), 'inequality', 'inequalities')}")
    return (*words, ".")


def _answer(seen: Overview, problem: Problem) -> Answer:
    n_cells, n_walls = seen.n_cells, len(seen.walls)
    if not seen.is_complete:
        if not n_cells:
            return Answer(("No cell is known yet.",), Tag("undecided"))
        walls = f" and {counted(n_walls, 'wall')}" if n_walls else ""
        return Answer((f"At least {counted(n_cells, 'cell')}{walls}; the rest is open.",), Tag("undecided"))
    if n_cells == 1:
        everything = f"all of R^{seen.n_inputs}" if problem.domain is None else "the whole domain"
        bounded = "" if problem.domain is None else ", bounded" if seen.n_bounded else ", unbounded"
        return Answer((f"One cell, {everything}{bounded}: the net is affine there.",), Tag("exact"))
    counts = [counted(n_cells, "cell"), counted(n_walls, "wall")]
    if seen.n_vertices and seen.n_inputs > 1:  # on a line they are the walls
        is_plane = seen.n_inputs == 2
        counts.append(counted(seen.n_vertices, "corner" if is_plane else "vertex", "" if is_plane else "vertices"))
    bounded = f"{seen.n_bounded} cells are bounded." if seen.n_bounded else "None is bounded."
    if seen.n_bounded in (1, n_cells):
        bounded = "1 cell is bounded." if seen.n_bounded == 1 else "All are bounded."
    pieces = "" if seen.n_pieces == seen.n_maps else f" on {seen.n_pieces} pieces"
    maps = f"{counted(seen.n_maps, 'affine map')}{pieces}."
    return Answer((f"{', '.join(counts)}.  {bounded}  {maps}",), Tag("exact"))


# ---------------------------------------------------------------------- the table


def _table(seen: Overview, *, everything: bool, full: bool) -> Table:
    n_cells = seen.n_cells
    numbers: Sequence[int] = range(n_cells)
    if not everything and n_cells > MOST_ROWS:
        numbers = [*range(FIRST_ROWS), *range(n_cells - LAST_ROWS, n_cells)]
    rows = [seen.row(number) for number in numbers]
    maps = [tuple(affine(g, c) for g, c in zip(row.gradient, row.offset, strict=True)) for row in rows]
    neighbours = [[number + 1 for number in row.neighbours] for row in rows]
    is_line = all(row.ends is not None for row in rows)
    columns: dict[str, list[Sentence]] = {
        "cell": [(str(number + 1),) for number in numbers],
        "pattern": [(shown_pattern(seen.layers, row.pattern, full=True),) for row in rows],
        "folded": [(shown_pattern(seen.layers, row.pattern),) for row in rows],
        "f": [(each[0] if len(each) == 1 else Vector(each),) for each in maps],
        "∇f": [(_vector(row.gradient[0]),) for row in rows],
        "place": [_interval(row) if is_line else (_vector(row.point),) for row in rows],
        "bounded": [("yes" if row.is_bounded else "",) for row in rows],
        "neighbours": [(", ".join(map(str, each)),) for each in neighbours],
        "walls": [(str(len(each)),) for each in neighbours],
    }
    heads = {"folded": "pattern", "place": "where" if is_line else "a point in it"}
    names = list(columns)
    return Table(
        tuple((heads.get(name, name),) for name in names),
        tuple(zip(*columns.values(), strict=True)),
        "cells",
        (names.index("cell"), names.index("walls")),
        tuple(tuple(map(names.index, choice)) for choice in _choices(seen, full=full)),
        n_cells - len(rows),
        "--all",
    )


# What stands behind the pattern, the best choice first: what f is or where the cell lies, then walls alone.
_WHAT_AND_WHERE: tuple[tuple[str, ...], ...] = (
    ("f", "∇f", "place", "bounded", "neighbours"),
    ("f", "place", "bounded", "neighbours"),
    ("f", "∇f", "place", "bounded", "walls"),
    ("f", "place", "bounded", "walls"),
    ("∇f", "place", "bounded", "walls"),
    ("place", "bounded", "neighbours"),
    ("place", "bounded", "walls"),
    ("f", "bounded", "walls"),
)
_WALLS_ALONE: tuple[tuple[str, ...], ...] = (("bounded", "neighbours"), ("bounded", "walls"))


def _choices(seen: Overview, *, full: bool) -> list[tuple[str, ...]]:
    """Return which columns to show: whole patterns as long as there is room for a place or f beside them."""
    is_dull = {"∇f": seen.n_outputs > 1 or seen.n_inputs == 1, "bounded": seen.n_bounded in (0, seen.n_cells)}
    is_dull["neighbours"] = is_dull["walls"] = seen.n_cells == 1
    is_dull["pattern"] = is_dull["folded"] = not seen.layers
    is_long = len(seen.layers) > _MOST_LAYERS or any(layer.width > _LONGEST_LAYER for layer in seen.layers)
    patterns = ("pattern", "folded") if is_long and not full else ("pattern",)
    # On a line the interval tells more than its neighbours.
    walls_alone = (("place",), *_WALLS_ALONE) if seen.n_inputs == 1 else _WALLS_ALONE
    choices = []
    for pattern in patterns:
        behind = _WHAT_AND_WHERE if pattern != patterns[-1] else (*_WHAT_AND_WHERE, *walls_alone)
        choices += [("cell", *(n for n in (pattern, *choice) if not is_dull.get(n))) for choice in behind]
    return list(dict.fromkeys(choices))


def shown_pattern(layers: Sequence[Layer], word: str, *, full: bool = False) -> str:
    """Return a pattern as the screen shows it: layers parted by ``|``, long ones folded.

    Examples
    --------
    >>> shown_pattern((Layer(1, False, 0, 3), Layer(2, False, 3, 2)), "++---")
    '++−|−−'
    >>> shown_pattern((Layer(1, False, 0, 30),), "+" * 28 + "--")
    '++++++++…−−'
    """
    parts = [word[layer.first : layer.first + layer.width] for layer in layers]
    if not full:
        parts = [
            f"{part[:_FIRST_CHARACTERS]}…{part[-_LAST_CHARACTERS:]}" if len(part) > _LONGEST_LAYER else part
            for part in parts
        ]
        if len(parts) > _MOST_LAYERS:
            parts = [*parts[: _MOST_LAYERS - 2], "…", parts[-1]]
    return "|".join(parts).replace("-", "−")


def affine(row: Sequence[fmpq], constant: fmpq) -> Expression:
    """Return row · x + constant, the constant last: ``−3x1 − 3x2 + 15``.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> linear_text(affine((fmpq(-2), fmpq(0), fmpq(1, 2)), fmpq(9)))
    '−2x1 + x3/2 + 9'
    """
    names = [Symbol("x")] if len(row) == 1 else [Symbol("x", str(i)) for i in range(1, len(row) + 1)]
    terms = [_term(value, name) for value, name in zip(row, names, strict=True) if value != 0]
    if not terms:
        return Rational(constant)
    if constant != 0:
        terms.append(_term(constant, None))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _term(value: fmpq, name: Symbol | None) -> Expression:
    size = coefficient_times(abs(value), name)
    return Negative(size) if value < 0 else size


def _vector(values: Sequence[fmpq]) -> Expression:
    entries = tuple(map(Rational, values))
    return entries[0] if len(entries) == 1 else Vector(entries)


def _interval(row: Row) -> Sentence:
    assert row.ends is not None
    low, high = row.ends
    x = Symbol("x")
    if low is not None and high is not None:
        return (Relation((Rational(low), x, Rational(high)), ("<", "<")),)
    if low is not None:
        return (Relation((x, Rational(low)), (">",)),)
    return ("everywhere",) if high is None else (Relation((x, Rational(high)), ("<",)),)


# ---------------------------------------------------------------------- facts


def _wall_facts(seen: Overview) -> Iterator[Fact]:
    """Yield what is special about some walls."""
    if 0 < len(seen.kinks) <= 2 * _MOST_NAMED:
        yield Fact("kinks", (("x = ", *_listed([Rational(x) for x in seen.kinks])),))
    if seen.without_kink:
        what = "f is 0 on both sides" if seen.is_zero_there else "f is the same on both sides"
        which = _walls(seen, seen.without_kink)
        if len(seen.without_kink) == len(seen.walls):
            which = "at the one wall" if len(seen.walls) == 1 else "at all walls"
        yield Fact("no kink", ((f"{which}: {what}",),))
    if seen.several:
        label = "two at once" if seen.most_flips == 2 else "several at once"
        yield Fact(label, _several(seen))


def _several(seen: Overview) -> tuple[Sentence, ...]:
    """Return which walls flip which units."""
    flip = "flips" if len(seen.several) == 1 else "flip"
    groups: dict[tuple[Unit, ...], list[int]] = {}
    for wall in seen.several[: _MOST_NAMED + 1]:
        groups.setdefault(seen.flips(wall), []).append(wall)
    if len(seen.several) > _MOST_NAMED or len(groups) > _MOST_GROUPS:
        size = "two" if seen.most_flips == 2 else f"up to {seen.most_flips}"
        return ((f"{counted(len(seen.several), 'wall')} {flip} {size} neurons at once",),)
    return tuple(
        (f"{_walls(seen, walls)} {'flips' if len(walls) == 1 else 'flip'} {_units(seen, units)}",)
        for units, walls in groups.items()
    )


def _walls(seen: Overview, walls: Sequence[int]) -> str:
    """Return "wall 1|2", "walls 1|2 and 2|3", "37 walls"."""
    if len(walls) > _MOST_NAMED:
        return f"{len(walls)} walls"
    names = ["|".join(str(cell + 1) for cell in seen.walls[wall]) for wall in walls]
    joined = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{'wall' if len(names) == 1 else 'walls'} {joined}"


def _units(seen: Overview, units: Sequence[Unit]) -> str:
    """Return "both neurons of layer 2", "neurons 1 and 3 of layer 1 and neuron 2 of layer 2"."""
    parts = []
    for layer in seen.layers:
        here = [unit for number, unit in units if number == layer.number]
        noun = "pooling group" if layer.is_group else "neuron"
        if not here:
            continue
        if len(here) == layer.width > 1:
            parts.append(f"{'both' if len(here) == 2 else f'all {len(here)}'} {noun}s of layer {layer.number}")
        else:
            parts.append(f"{noun}{'s' if len(here) > 1 else ''} {runs(here)} of layer {layer.number}")
    return " and ".join(parts)


def _few_units(seen: Overview, units: Sequence[Unit]) -> str:
    return counted(len(units), "neuron") if len(units) > 2 * _MOST_NAMED else _units(seen, units)


def _listed(values: Sequence[Expression]) -> Sentence:
    words: list[str | Expression] = []
    for i, value in enumerate(values):
        words += [" and " if i == len(values) - 1 and i else ", " if i else "", value]
    return tuple(words)


def _neuron_facts(seen: Overview) -> Iterator[Fact]:
    """Yield which neurons vanish identically somewhere, and which never change their sign."""
    everywhere, somewhere = (seen.zero_everywhere, "everywhere"), (seen.zero_somewhere, "on some cells")
    if not seen.is_complete:
        everywhere, somewhere = ((), ""), (seen.zero_everywhere + seen.zero_somewhere, "on some cells")
    zero = tuple((f"{_few_units(seen, units)}, {where}",) for units, where in (everywhere, somewhere) if units)
    if zero:
        yield Fact("identically 0", zero)
    one_sided = tuple(
        (f"{_few_units(seen, units)}: {sign} on every cell",)
        for sign, units in (("−", seen.always_negative), ("+", seen.always_positive))
        if units
    )
    if one_sided and seen.is_complete and seen.n_cells > 1:
        yield Fact("never switch", one_sided)


def _line_facts(seen: Overview) -> Iterator[Fact]:
    lineality = seen.lineality
    if not lineality or len(lineality) == seen.n_inputs:
        return
    if len(lineality) > _MOST_NAMED:
        yield Fact("lines", ((f"no wall is crossed along a space of {len(lineality)} dimensions",),))
    else:
        yield Fact("lines", (("no wall is crossed along ", *_listed([_vector(vector) for vector in lineality])),))


def _open_facts(seen: Overview, advice: Sequence[str], *, full: bool) -> Iterator[Fact]:
    """Yield what an incomplete result is missing, and how to go on."""
    if seen.is_complete:
        return
    words = ", ".join(shown_pattern(seen.layers, word, full=full) for word in seen.missing[:_MOST_MISSING])
    more = ", …" if len(seen.missing) > _MOST_MISSING else ""
    yield Fact("missing", ((f"completions of {counted(len(seen.missing), 'pattern')}: {words}{more}",),))
    if advice:
        yield Fact("next", tuple((sentence,) for sentence in advice))


def _grounds(seen: Overview) -> Fact:
    if not seen.layers:
        return Fact("known by", (("the net has no kinks",),))
    if not seen.is_complete:
        return Fact("known by", (("a point in each cell",),))
    if seen.n_cells == 1:
        return Fact("known by", (("no neuron changes its sign there",),))
    return Fact("known by", (("a point in each cell; each wall found from both of its sides",),))
