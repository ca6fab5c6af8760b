"""The tables of a page: they say the same as its map, for those who have no script, or no screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.faces import Face
from symflow.exact.rationals import fmpq
from symflow.flows.trajectory import Trajectory
from symflow.problem import Problem
from symflow.reports.document import Facts, Table
from symflow.reports.expressions import (
    Expression,
    FiniteSet,
    Hull,
    Sentence,
)
from symflow.reports.flow_branches import branch_blocks
from symflow.reports.flow_document import flow_document
from symflow.reports.grounds import pattern_words
from symflow.reports.page.document import Section
from symflow.reports.page.findings import Findings
from symflow.reports.page.written import affine, shown_pattern, to_fmpq, vector
from symflow.reports.phrases import joined
from symflow.reports.readable.elements import blocks_of
from symflow.reports.readable.read_set import notation_of

# More walls or corners are not listed, nor more cells of a star.
MOST_FACES, MOST_IN_STAR = 200, 512

# Of more walls the table is short.
_MANY_WALLS = 24

# Of a gradient no more blocks are written.
_MOST_BLOCKS = 8


def sections(found: Findings) -> Iterator[Section]:
    """Yield the star, the flow and its branches, the cells, the walls, the corners: those that there are."""
    if found.differential is not None:
        yield from _star(found.differential)
    if found.trajectory is not None:
        blocks = flow_document(found.problem, found.trajectory).blocks
        tables = [block for block in blocks if isinstance(block, Table) and block.header[0] == ("t",)]
        if tables and len(tables[0].rows) > 1:
            yield Section("The flow", tables[0], "", ())
        if found.trajectory.branches:
            yield _branches(found.problem, found.trajectory)
    if found.graph is None:
        return
    yield _cells(found)
    if found.walls:
        yield _walls(found)
    if found.corners:
        yield _corners(found)


def _branches(problem: Problem, trajectory: Trajectory) -> Section:
    """Return the ways to go on where the solution is not unique; none is picked."""
    first = next(block for block in branch_blocks(problem, trajectory) if isinstance(block, Facts))
    rows = tuple(((fact.label,), joined(fact.sentences)) for fact in first.facts)
    return Section("The branches", Table((("",), ("how it goes on",)), rows, "branches"), "", ())


def _cells(found: Findings) -> Section:
    graph = found.graph
    assert graph is not None
    maps, bounded = graph.complex.maps, graph.complex.is_bounded.tolist()
    neighbours: list[list[int]] = [[] for _ in range(graph.n_cells)]
    for first, second in graph.complex.pairs.tolist():
        neighbours[first].append(second + 1)
        neighbours[second].append(first + 1)
    rows: list[tuple[Sentence, ...]] = []
    for index, word in enumerate(found.words):
        ((gradient,), (constant,)) = maps.gradient(index), maps.offset(index)
        row = [to_fmpq(entry) for entry in gradient]
        rows.append(
            (
                (str(index + 1),),
                (shown_pattern(word),),
                (affine(row, to_fmpq(constant), found.names),),
                (vector(row),),
                ("yes" if bounded[index] else "no",),
                (", ".join(map(str, sorted(neighbours[index]))),),
            )
        )
    header = (("",), ("pattern",), (found.letter,), ("gradient",), ("bounded",), ("neighbours",))
    return Section("The cells", Table(header, tuple(rows), "cells"), "c", tuple(range(1, len(rows) + 1)))


def _walls(found: Findings) -> Section:
    """Return the walls, those first where automatic differentiation is wrong if they are too many to list.

    Of many the set itself is not listed: it is the segment between the gradients of the two cells, as the legend says.
    """
    numbers = _listed(found.walls)
    first = int(has_many_walls(found))
    rows: list[tuple[Sentence, ...]] = []
    for number in numbers:
        face = found.walls[number - 1]
        cells = " and ".join(str(cell + 1) for cell in face.cells)
        rows.append(((str(number),), (cells,), (shown_pattern(face.pattern),), *_set_cells(face, found.letter)[first:]))
    header = (("",), ("between cells",), ("pattern",), *_set_header(found.letter)[first:])
    return Section(_heading("The walls", found.walls, rows), Table(header, tuple(rows), "walls"), "w", tuple(numbers))


def has_many_walls(found: Findings) -> bool:
    """Whether the table of walls leaves their sets to its legend."""
    return len(found.walls) > _MANY_WALLS


def _corners(found: Findings) -> Section:
    """Return the corners, those first where automatic differentiation is wrong if they are too many to list."""
    numbers = _listed(found.corners)
    rows: list[tuple[Sentence, ...]] = []
    for number in numbers:
        face = found.corners[number - 1]
        cells = ", ".join(str(cell + 1) for cell in face.cells)
        rows.append(((str(number),), (vector(face.point),), (cells,), *_set_cells(face, found.letter)))
    place = "point" if len(found.names) > 1 else "x"
    header = (("",), (place,), ("cells",), *_set_header(found.letter))
    name = "The corners" if len(found.names) > 1 else "Between the cells"
    rows_are = "corners" if len(found.names) > 1 else "points"
    return Section(_heading(name, found.corners, rows), Table(header, tuple(rows), rows_are), "v", tuple(numbers))


def _listed(faces: Sequence[Face]) -> list[int]:
    """Return the numbers of the faces that are listed, in order."""
    numbers = sorted(range(1, len(faces) + 1), key=lambda number: faces[number - 1].outside is None)
    return sorted(numbers[:MOST_FACES])


def _heading(name: str, faces: Sequence[Face], rows: Sequence[object]) -> str:
    return name if len(rows) == len(faces) else f"{name}: {len(rows)} of {len(faces)}"


def _set_header(letter: str) -> tuple[Sentence, ...]:
    return (f"∂{letter}",), ("shortest element",), ("autodiff",)


def _set_cells(face: Face, letter: str) -> tuple[Sentence, ...]:
    """Return the Clarke differential, its shortest element, and automatic differentiation's vector, in or out."""
    is_in = "in" if face.outside is None else "not in"
    shortest = vector(face.differential.minimal_norm_element)
    return (_set(face),), (shortest,), (vector(face.autodiff), f", {is_in} ∂{letter}")


def _star(differential: ClarkeDifferential) -> Iterator[Section]:
    """Yield the cells that meet the point: all of them, or neuron by neuron where the set is a product."""
    function, notation = differential.function, notation_of(differential)
    rows: list[tuple[Sentence, ...]] = []
    for factor in differential.factors:
        if len(factor.incident.cells) < 2:
            continue
        neuron = "" if factor.neuron is None else str(factor.neuron)
        for cell, gradient in zip(factor.incident.cells, factor.gradients, strict=True):
            full = dict(zip(factor.places, gradient, strict=True))
            whole = [full.get(place, fmpq(0)) for place in range(len(function.variables))]
            words = joined(blocks_of(notation, whole, factor.places, most=_MOST_BLOCKS))
            rows.append(((neuron,), (pattern_words(function, cell.pattern),), words))
    if 0 < len(rows) <= MOST_IN_STAR:
        of = "neuron" if differential.is_product else ""
        table = Table(((of,), ("pattern",), ("gradient",)), tuple(rows), "cells")
        yield Section("The star: the cells that meet the point", table, "", ())


def _set(face: Face) -> Expression:
    points = tuple(vector(vertex) for vertex in face.differential.vertices)
    return FiniteSet(points) if len(points) == 1 else Hull(points)
