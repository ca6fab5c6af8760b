"""Results -> the page of ``symflow report``: what is said on it, in which order, with which verdicts.

The words and numbers are those of the other commands (``clarke_document``, ``flow_words``, ``regions_document``): the
page says nothing of its own but where on the whole map automatic differentiation leaves the Clarke differential.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, cast, final

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.faces import Face
from symflow.differentials.selection import Audit
from symflow.exact.linear_algebra import rank
from symflow.exact.rationals import fmpq
from symflow.flows.trajectory import Trajectory
from symflow.nets.pattern import SiteTable
from symflow.problem import Problem
from symflow.regions.region_graph import RegionGraph
from symflow.reports.clarke_document import answer as clarke_answer
from symflow.reports.clarke_document import clarke_document
from symflow.reports.document import Document, Facts, Table, Tag, Title
from symflow.reports.elements import blocks_of
from symflow.reports.expressions import (
    Application,
    Expression,
    FiniteSet,
    Hull,
    Negative,
    Product,
    Rational,
    Relation,
    Sentence,
    Sum,
    Symbol,
    Vector,
)
from symflow.reports.flow_branches import branch_blocks
from symflow.reports.flow_document import flow_document
from symflow.reports.flow_words import answer as flow_sentence
from symflow.reports.flow_words import flow_answer, letters
from symflow.reports.grounds import grounds, pattern_words
from symflow.reports.linear_text import sentence_text
from symflow.reports.page import Known, Page, Section
from symflow.reports.phrases import counted, joined
from symflow.reports.problem_line import net_words, problem_line
from symflow.reports.read_set import notation_of, read_set
from symflow.reports.report_data import map_data, separation
from symflow.reports.report_flow import chooser, input_flow_data, weight_flow_data
from symflow.reports.written_numbers import coefficient_times, integer_vector

# More corners are not listed, nor more cells of a star.
MOST_CORNERS, MOST_IN_STAR = 200, 512

# So the answers of a flow begin that do not go on after "the gradient flow of f".
_NO_VERB = ("The solution", "Nothing", "Stopped", "Followed")

# Grounds that are longer are told by their first sentence.
_LONGEST_GROUND = 150

# Of a gradient no more blocks are written.
_MOST_BLOCKS = 8


@final
@dataclass(frozen=True)
class Findings:
    """What a page is made of: the results of the other commands, each as far as it is there.

    Parameters
    ----------
    problem : Problem
        What was asked.
    graph : RegionGraph or None
        The cells of f in its input, or on a plane in it; one output.
    plane : (origin, a, b) or None
        That plane.
    words : tuple of str
        The patterns of the cells, layers parted by ``|``.
    walls, corners : tuple of Face
        The Clarke differential on each wall and at each corner; both empty where the cells are too many.
    differential : ClarkeDifferential or None
        At the problem's point, where that is not on the map.
    report : Audit or None
        What automatic differentiation returns there.
    trajectory : Trajectory or None
        The flow.
    samples : Trajectory or None
        The same with many checkpoints, where it is not exact.
    reasons : mapping
        What was left out, and why.
    """

    problem: Problem
    graph: RegionGraph | None = None
    plane: tuple[tuple[fmpq, ...], ...] | None = None
    words: tuple[str, ...] = ()
    walls: tuple[Face, ...] = ()
    corners: tuple[Face, ...] = ()
    differential: ClarkeDifferential | None = None
    report: Audit | None = None
    trajectory: Trajectory | None = None
    samples: Trajectory | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """What the coordinates of the map are called: a letter and an index.

        On a plane p and q: t is the time, and s a subgradient.
        """
        if self.plane is not None:
            return ("p", ""), ("q", "")
        n_inputs = self.problem.architecture.n_inputs
        return (("x", ""),) if n_inputs == 1 else tuple(("x", str(i)) for i in range(1, n_inputs + 1))

    @property
    def has_domain(self) -> bool:
        """Whether the map is that of a part of input space; a plane is drawn whole."""
        return self.problem.domain is not None and self.plane is None

    @property
    def letter(self) -> str:
        """What the net's output is called on the map."""
        return "f" if self.plane is None else "g"


def compose_page(found: Findings) -> Page:
    """Return the page.

    Parameters
    ----------
    found : Findings
        What there is.

    Examples
    --------
    >>> from symflow.differentials.faces import clarke_at_corners, clarke_on_walls
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.linear_text import sentence_text
    >>> tree = {"network": {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "-1"]]]}}
    >>> problem = problem_from_tree(tree).with_input_by_default()
    >>> graph = RegionGraph.of(problem.known_network)
    >>> corners = clarke_at_corners(graph)
    >>> page = compose_page(Findings(problem, graph, words=("-+", "+-"), corners=corners))
    >>> print(sentence_text(page.lead).partition(" At ")[0])
    The function f has 2 cells with 1 point between them, not a kink.
    """
    problem = found.problem
    data = _data(found)
    return Page(
        title=" ".join((problem.title or "").split()) or _net(problem),
        subtitle=_subtitle(found, data),
        lead=tuple(_lead(found)),
        hint=_hint(found),
        point=_point(found),
        point_name=_point_name(found),
        known=tuple(_known(found)),
        sections=tuple(_sections(found)),
        legend=_legend(found),
        data=data,
    )


# ---------------------------------------------------------------------- the head


def _subtitle(found: Findings, data: Mapping[str, Any]) -> Sentence:
    problem = found.problem
    if problem.variable == "input" and (problem.kind == "output" or problem.at is None):
        what: Sentence = (f"{_net(problem)} as a function of its input.",)
    else:
        what = problem_line(replace(problem, title=None))
    return (*what, f" {_exactness(found, data)}")


def _net(problem: Problem) -> str:
    """Return "A 2-2-1 relu net", "An 8-2-1 relu net"."""
    net = net_words(problem.architecture)
    first = net.partition("-")[0]
    return f"{'An' if first.startswith('8') or first in ('11', '18') else 'A'} {net}"


def _exactness(found: Findings, data: Mapping[str, Any]) -> str:
    is_cut = any("…" in text for text in _map_numbers(data))
    is_weights = found.differential is not None
    flows_in_decimals = found.trajectory is not None and not found.trajectory.is_exact
    if not (is_cut or is_weights or flows_in_decimals):
        return "Exact: no number on this page is rounded."
    words = "Exact, but for decimals:" if flows_in_decimals or is_weights else "Exact:"
    said = ["where a number ends in … all digits before are right"] if is_cut or is_weights else []
    said += ["behind ≈ it is rounded"] if is_weights else []
    said += ["those of the flow are rounded to eight"] if flows_in_decimals else []
    return f"{words} {', '.join(said)}."


def _map_numbers(data: Mapping[str, Any]) -> Iterator[str]:
    for vector in data.get("vectors", ()):
        yield from vector
    for cell in data.get("cells", ()):
        yield cell[2]
    for place in data.get("flow", {}).get("at", ()):
        yield from (place[0], *place[1])


def _lead(found: Findings) -> Iterator[str | Expression]:
    graph = found.graph
    space = ""
    if found.differential is not None:
        yield from _point_answer(found.differential, found.report)
        space = " "
    if graph is not None:
        yield space
        yield from _counts(found)
        yield from _leaving(found)
        space = " "
    if found.trajectory is not None:
        function, _ = letters(found.problem)
        first = flow_sentence(found.problem, found.trajectory).sentence
        assert isinstance(first[0], str)
        yield f"{space}The gradient flow of "
        yield Symbol(function)
        colon = ":" if first[0].startswith(_NO_VERB) else ""
        yield f"{colon} {first[0][0].lower()}{first[0][1:]}"
        yield from first[1:]
        yield from _passes(found)


def _point_answer(differential: ClarkeDifferential, report: Audit | None) -> Iterator[str | Expression]:
    notation = notation_of(differential)
    if not differential.is_exact:
        yield notation.differential
        yield " lies between two sets; some sign patterns are undecided."
        return
    yield from clarke_answer(differential, read_set(differential), notation)
    if report is not None:
        verdict = report.autodiff.verdict
        is_in = "undecided" if verdict.is_undecided else "in it" if verdict.is_proved else "not in it"
        yield f" What automatic differentiation returns is {is_in}."


def _counts(found: Findings) -> Iterator[str | Expression]:
    graph = found.graph
    assert graph is not None
    at_least = "" if graph.complex.is_complete else "at least "
    listed = at_least + (_counted_on_line(found) if len(found.names) == 1 else _counted_in_plane(found))
    if found.plane is not None:
        yield "On the plane "
        yield _plane_relation(found.plane)
        yield ", written "
        yield Relation(
            (Application("g", "", Vector((Symbol("p"), Symbol("q")))), Application("f", "", Symbol("x"))), ("=",)
        )
        yield f", there are {listed}."
        return
    is_other = found.problem.variable == "weights" or found.problem.kind != "output"
    on_domain = " on its domain" if found.has_domain else ""
    yield "As a function of its input the net " if is_other else "The function "
    yield Symbol("f")
    yield f" has {listed}{on_domain}."


def _counted_in_plane(found: Findings) -> str:
    assert found.graph is not None
    counts = [counted(found.graph.n_cells, "cell")]
    counts += [counted(found.graph.n_adjacencies, "wall")] if found.graph.n_adjacencies else []
    counts += [counted(len(found.corners), "corner")] if found.corners else []
    return counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} and {counts[-1]}"


def _counted_on_line(found: Findings) -> str:
    assert found.graph is not None
    cells, n_points = counted(found.graph.n_cells, "cell"), len(found.corners)
    if not n_points:
        return cells
    n_kinks = sum(face.is_kink for face in found.corners)
    if n_points == 1:
        kinks = "a kink" if n_kinks else "not a kink"
    else:
        kinks = (
            "all of them kinks"
            if n_kinks == n_points
            else f"{n_kinks or 'none'} of them {'a kink' if n_kinks == 1 else 'kinks'}"
        )
    return f"{cells} with {counted(n_points, 'point')} between them, {kinks}"


def _plane_relation(plane: Sequence[Sequence[fmpq]]) -> Expression:
    origin, a, b = (integer_vector(vector) for vector in plane)
    terms = (origin, Product((Symbol("p"), a)), Product((Symbol("q"), b)))
    return Relation((Symbol("x"), Sum(terms)), ("=",))


def _leaving(found: Findings) -> Iterator[str | Expression]:
    """Yield where automatic differentiation is not in the Clarke differential."""
    corners = [face for face in found.corners if face.outside is not None]
    walls = [face for face in found.walls if face.outside is not None]
    if not corners and not walls:
        if found.graph is not None and found.graph.complex.is_complete and (found.walls or found.corners):
            everywhere = "At every input" if found.differential is not None else "Everywhere"
            everywhere = "Everywhere on it" if found.plane is not None else everywhere
            everywhere = "Everywhere inside" if found.has_domain else everywhere
            yield f" {everywhere} automatic differentiation returns a Clarke subgradient{_of_f(found)}."
        return
    first = (corners or walls)[0]
    yield f" {_where(found, first)} "
    if corners:
        yield _vector(first.point)
        yield " "
    is_zero = all(entry == 0 for entry in first.autodiff)
    yield "automatic differentiation returns "
    yield _short(first.autodiff)
    at = Application(found.letter, "∂", _vector(first.point) if corners else None)
    if is_zero and not first.is_critical and corners:
        yield ", yet "
        yield Relation((Rational(fmpq(0)), at), ("∉",))
        yield ": the point is not critical."
    else:
        yield ", which is not in "
        yield at
        yield "."
    rest = [counted(len(corners) - 1, "more corner")] if len(corners) > 1 else []
    n_walls = len(walls) - (not corners)
    rest += [counted(n_walls, "wall" if corners else "more wall")] if n_walls else []
    if rest:
        yield f" It leaves the Clarke differential at {' and on '.join(rest)} too."


def _of_f(found: Findings) -> str:
    """Return whose subgradient it is, where the page is about another function too."""
    return f" of {found.letter}" if found.differential is not None else ""


def _where(found: Findings, face: Face) -> str:
    if face in found.corners:
        return "At" if len(found.names) == 1 else "At the corner"
    first, second = face.cells
    return f"On the wall between cells {first + 1} and {second + 1}"


def _passes(found: Findings) -> Iterator[str | Expression]:
    """Yield that an exact flow passes where automatic differentiation would stop."""
    trajectory = found.trajectory
    if trajectory is None or found.plane is not None:
        return
    for arc in trajectory.arcs[1:]:
        corner = (arc.exact or {}).get("start_state")
        for face in found.corners:
            is_zero = all(entry == 0 for entry in face.autodiff)
            if face.outside is not None and is_zero and corner == tuple(map(_fraction, face.point)):
                yield " It passes through "
                yield _vector(face.point)
                yield ", where automatic differentiation would stop."
                return


def _hint(found: Findings) -> str:
    choices = []
    if found.graph is not None:
        is_line = len(found.names) == 1
        kinds = ["a cell"]
        if is_line:
            kinds += ["a point between two"] if found.corners else []
        else:
            kinds += ["a wall"] if found.walls else []
            kinds += ["a corner"] if found.corners else []
        choices.append("choose " + (f"{', '.join(kinds[:-1])} or {kinds[-1]}" if len(kinds) > 1 else kinds[0]))
    said = f"{choices[0]} (Tab, then the arrow keys)" if choices else ""
    if found.trajectory is not None and found.trajectory.arcs:
        said += "; or move along the flow" if said else "move along the flow"
    return said[:1].upper() + said[1:] + "." if said else ""


# ---------------------------------------------------------------------- the point


def _point(found: Findings) -> Document | None:
    if found.differential is None:
        return None
    document = clarke_document(found.problem, found.differential)
    return Document(tuple(block for block in document.blocks if not isinstance(block, Title)))


def _point_name(found: Findings) -> Sentence:
    return () if found.differential is None else (notation_of(found.differential).differential,)


# ---------------------------------------------------------------------- what is known


def _known(found: Findings) -> Iterator[Known]:
    if found.differential is not None:
        yield from _known_at_point(found.differential, found.report)
    if found.graph is not None:
        yield from _known_of_map(found)
    if found.trajectory is not None:
        trajectory = found.trajectory
        how = trajectory.uniqueness if trajectory.is_unique else trajectory.reason
        for said in flow_answer(found.problem, trajectory):
            if said.tag is not None:
                yield Known(said.sentence, said.tag, (how,))
                how = ""
    for name, reason in found.reasons.items():
        yield Known((f"{name}: left out",), Tag("undecided"), (reason,))


def _known_at_point(differential: ClarkeDifferential, report: Audit | None) -> Iterator[Known]:
    notation = notation_of(differential)
    tag = Tag("exact") if differential.is_exact else Tag("undecided")
    document_answer = tuple(_point_answer(differential, None))
    how = [sentence for fact in grounds(differential) for sentence in fact.sentences]
    if len(sentence_text(joined(how, " "))) > _LONGEST_GROUND:
        how = how[:1]
    yield Known(document_answer, tag, joined(how, " ") if differential.is_exact else ())
    if report is None:
        return
    verdict = report.autodiff.verdict
    statement: Sentence = ("what automatic differentiation returns is in ", notation.differential)
    word = Tag("undecided") if verdict.is_undecided else Tag("proved") if verdict.is_proved else Tag("refuted")
    ground = "a convex combination of the vertices" if verdict.is_proved else "a separating direction"
    yield Known(statement, word, ("" if verdict.is_undecided else ground,))


def _known_of_map(found: Findings) -> Iterator[Known]:
    graph = found.graph
    assert graph is not None
    is_complete = graph.complex.is_complete
    n_cells = counted(graph.n_cells, "cell")
    n_walls = counted(graph.n_adjacencies, "wall" if len(found.names) > 1 else "point")
    those = f"these {n_cells} are" if graph.n_cells != 1 else "this one cell is"
    if found.plane is not None:
        those = f"on the plane: {those}"
    elif found.differential is not None:
        those = f"in the input: {those}"
    bounded = f"; {graph.n_bounded} {'is' if graph.n_bounded == 1 else 'are'} bounded" if graph.n_bounded else ""
    of_domain = " of the domain" if found.has_domain else ""
    statement = f"{those} all{of_domain}, with {n_walls} between them{bounded}"
    ground = "a point in each; walls matched from both sides" if is_complete else "the time did not suffice"
    yield Known((statement,), Tag("proved" if is_complete else "undecided"), (ground,))
    if not found.walls and not found.corners:
        return
    yield from _known_of_autodiff(found, is_complete=is_complete)


def _known_of_autodiff(found: Findings, *, is_complete: bool) -> Iterator[Known]:
    corners = [face for face in found.corners if face.outside is not None]
    walls = [face for face in found.walls if face.outside is not None]
    assert found.graph is not None
    checked = [counted(found.graph.n_cells, "cell")]
    if len(found.names) == 1:
        checked.append(counted(len(found.corners), "point between them", "points between them"))
    else:
        checked += [counted(len(found.walls), "wall")] if found.walls else []
        checked += [counted(len(found.corners), "corner")] if found.corners else []
    how = f"{', '.join(checked)} checked"
    where = "point" if found.differential is None or found.plane is not None else "input"
    where += " inside the domain" if found.has_domain else ""
    everywhere: Sentence = (f"autodiff's vector is a Clarke subgradient{_of_f(found)} at every {where}",)
    if not corners and not walls:
        yield Known(everywhere, Tag("proved" if is_complete else "undecided"), (how if is_complete else "",))
        return
    face = (corners or walls)[0]
    assert face.outside is not None
    at = "at " if corners else "on a wall, at "
    witness: Sentence = (at, _vector(face.point), ", separated by ", _vector(separation(face.outside)[0]))
    yield Known(everywhere, Tag("refuted"), witness)
    if is_complete:
        those = [counted(len(corners), "corner" if len(found.names) > 1 else "point")] if corners else []
        those += [counted(len(walls), "wall")] if walls else []
        one = len(corners) + len(walls) == 1
        rest = f"it is one at every other {where}" if one and corners else f"it is one but at {' and on '.join(those)}"
        yield Known((rest.replace("but at", "but on") if not corners else rest,), Tag("proved"), (how,))


# ---------------------------------------------------------------------- the tables


def _sections(found: Findings) -> Iterator[Section]:
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
        row = [_fmpq(entry) for entry in gradient]
        rows.append(
            (
                (str(index + 1),),
                (shown_pattern(word),),
                (affine(row, _fmpq(constant), found.names),),
                (_vector(row),),
                ("yes" if bounded[index] else "no",),
                (", ".join(map(str, sorted(neighbours[index]))),),
            )
        )
    header = (("",), ("pattern",), (found.letter,), ("gradient",), ("bounded",), ("neighbours",))
    return Section("The cells", Table(header, tuple(rows), "cells"), "c", tuple(range(1, len(rows) + 1)))


def _corners(found: Findings) -> Section:
    """Return the corners, those first where automatic differentiation is wrong if they are too many to list."""
    numbers = list(range(1, len(found.corners) + 1))
    if len(numbers) > MOST_CORNERS:
        numbers.sort(key=lambda number: found.corners[number - 1].outside is None)
        numbers = sorted(numbers[:MOST_CORNERS])
    rows: list[tuple[Sentence, ...]] = []
    for number in numbers:
        face = found.corners[number - 1]
        is_in = "in" if face.outside is None else "not in"
        rows.append(
            (
                (str(number),),
                (_vector(face.point),),
                (", ".join(str(cell + 1) for cell in face.cells),),
                (_set(face),),
                (_vector(face.differential.minimal_norm_element),),
                (_vector(face.autodiff), f", {is_in} ∂{found.letter}"),
            )
        )
    place = "point" if len(found.names) > 1 else "x"
    header = (("",), (place,), ("cells",), (f"∂{found.letter}",), ("shortest element",), ("autodiff",))
    left_out = len(found.corners) - len(rows)
    name = "The corners" if len(found.names) > 1 else "Between the cells"
    heading = name if not left_out else f"{name}: {len(rows)} of {len(found.corners)}"
    return Section(heading, Table(header, tuple(rows), "corners"), "v", tuple(numbers))


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
            vector = [full.get(place, fmpq(0)) for place in range(len(function.variables))]
            words = joined(blocks_of(notation, vector, factor.places, most=_MOST_BLOCKS))
            rows.append(((neuron,), (pattern_words(function, cell.pattern),), words))
    if 0 < len(rows) <= MOST_IN_STAR:
        of = "neuron" if differential.is_product else ""
        table = Table(((of,), ("pattern",), ("gradient",)), tuple(rows), "cells")
        yield Section("The star: the cells that meet the point", table, "", ())


def _set(face: Face) -> Expression:
    points = tuple(_vector(vertex) for vertex in face.differential.vertices)
    return FiniteSet(points) if len(points) == 1 else Hull(points)


# ---------------------------------------------------------------------- how it is written


def shown_pattern(word: str) -> str:
    """Return a pattern as the page shows it.

    Examples
    --------
    >>> shown_pattern("+-0|1=3")
    '+−0 | 1=3'
    """
    return word.replace("-", "−").replace("|", " | ")


def affine(row: Sequence[fmpq], constant: fmpq, names: Sequence[tuple[str, str]]) -> Expression:
    """Return row · x + constant, the constant last.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> linear_text(affine((fmpq(-3), fmpq(1, 2)), fmpq(15), (("p", ""), ("q", ""))))
    '−3p + q/2 + 15'
    """
    terms = [_term(value, Symbol(*name)) for value, name in zip(row, names, strict=True) if value != 0]
    if constant != 0 or not terms:
        terms.append(_term(constant, None))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _term(value: fmpq, name: Symbol | None) -> Expression:
    size = coefficient_times(abs(value), name)
    return Negative(size) if value < 0 else size


def _vector(entries: Sequence[Any]) -> Expression:
    return integer_vector(cast("Sequence[fmpq]", entries))


def _short(entries: Sequence[Any]) -> Expression:
    """Return a vector, 0 where it vanishes."""
    return Rational(fmpq(0)) if all(entry == 0 for entry in entries) else _vector(entries)


def _legend(found: Findings) -> Sentence:
    if found.graph is None:
        return ()
    said = []
    if len(found.names) > 1:
        said.append(
            "Shade of a cell: length of the gradient. Solid line: kink. "
            f"Dotted line: the pattern changes, {found.letter} does not kink."
        )
    if any(face.outside is not None for face in found.corners):
        said.append("Ring in colour: autodiff leaves the Clarke differential.")
    if any(face.outside is not None for face in found.walls):
        said.append("Line in colour: autodiff leaves it all along.")
    if (
        found.trajectory is not None
        and found.trajectory.arcs
        and found.problem.variable == "input"
        and found.plane is None
    ):
        is_line = len(found.names) == 1
        said.append(
            "Thick: where the flow goes."
            if is_line
            else "Thin path: the flow inside a cell; thick: it runs along a wall."
        )
    if found.problem.variable == "weights" and found.problem.inputs is not None:
        where = "" if found.plane is None else " on this plane"
        said.append(f"Dots: the data{where}, hollow where the label is negative.")
    elif found.plane is not None and found.problem.at is not None and _is_on(found.plane, found.problem.at):
        said.append("Dot: the point.")
    said.append(_pattern_legend(found.problem))
    return (" ".join(said),)


def _is_on(plane: Sequence[Sequence[fmpq]], point: Sequence[fmpq]) -> bool:
    origin, a, b = plane
    return rank([list(a), list(b), [x - o for x, o in zip(point, origin, strict=True)]]) == 2


def _pattern_legend(problem: Problem) -> str:
    table = SiteTable(problem.architecture, 1)
    n_layers = len({site.layer for site in table.sites})
    groups = any(site.is_group for site in table.sites)
    units = any(not site.is_group for site in table.sites)
    layers = "layers from first to last, parted by |; " if n_layers > 1 else ""
    signs = "+ active, − inactive, 0 on the kink" if units else ""
    winners = "a number: the largest member of a group" if groups else ""
    if not (signs or winners):
        return ""
    return f"Patterns: {layers}{'; '.join(part for part in (signs, winners) if part)}."


# ---------------------------------------------------------------------- the script's data


def _data(found: Findings) -> dict[str, Any]:
    data: dict[str, Any] = {"letter": found.letter, "names": [list(name) for name in found.names]}
    graph = found.graph
    choose = None
    if graph is not None:
        data |= map_data(graph, found.words, found.walls, found.corners)
        choose = chooser(graph, found.walls, found.corners)
    problem = found.problem
    if found.trajectory is not None:
        on_map = choose if choose is not None and found.plane is None else lambda _: None
        if problem.variable == "input":
            data["flow"] = input_flow_data(problem, found.trajectory, found.samples, on_map)
        elif found.samples is not None and len(found.samples.checkpoints) > 1:
            data["flow"] = weight_flow_data(problem, found.samples)
    data["start"] = _start(found, choose)
    return data


def _start(found: Findings, choose: Any) -> str:
    """Return what is chosen at first: the point, a corner where automatic differentiation is wrong, or where it is."""
    if found.differential is not None:
        return "p"
    for letter, faces in (("v", found.corners), ("w", found.walls)):
        for number, face in enumerate(faces, start=1):
            if face.outside is not None:
                return f"{letter}{number}"
    if choose is not None and found.problem.at is not None and found.plane is None:
        return choose(tuple(map(_fraction, found.problem.at))) or "c1"
    return "c1" if found.graph is not None else "p"


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
