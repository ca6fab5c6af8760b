"""The head of a page: what net it is, how exact its numbers are, and the answer in a paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.faces import Face
from symflow.differentials.selection import Audit
from symflow.exact.rationals import fmpq
from symflow.problem import Problem
from symflow.reports.clarke_document import answer as clarke_answer
from symflow.reports.expressions import (
    Application,
    Expression,
    Product,
    Rational,
    Relation,
    Sentence,
    Sum,
    Symbol,
    Vector,
)
from symflow.reports.flow_words import answer as flow_sentence
from symflow.reports.flow_words import letters
from symflow.reports.page.findings import Findings
from symflow.reports.page.written import of_f, to_fraction, vector, zero_or_vector
from symflow.reports.phrases import counted
from symflow.reports.problem_line import net_words, problem_line
from symflow.reports.readable.read_set import notation_of, read_set
from symflow.reports.readable.written_numbers import integer_vector

# So the answers of a flow begin that do not go on after "the gradient flow of f".
_NO_VERB = ("The solution", "Nothing", "Stopped", "Followed")


def subtitle(found: Findings, data: Mapping[str, Any]) -> Sentence:
    """Return what net it is, as a function of what, and how exact the numbers are."""
    problem = found.problem
    if problem.variable == "input" and (problem.kind == "output" or problem.at is None):
        what: Sentence = (f"{net_title(problem)} as a function of its input.",)
    else:
        what = problem_line(replace(problem, title=None))
    return (*what, f" {_exactness(found, data)}")


def net_title(problem: Problem) -> str:
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
    for entries in data.get("vectors", ()):
        yield from entries
    for cell in data.get("cells", ()):
        yield cell[2]
    for place in data.get("flow", {}).get("at", ()):
        yield from (place[0], *place[1])


def lead(found: Findings) -> Iterator[str | Expression]:
    """Yield the answer: the set at the point, the map, where automatic differentiation is wrong, the flow."""
    graph = found.graph
    space = ""
    if found.differential is not None:
        yield from point_answer(found.differential, found.report)
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


def point_answer(differential: ClarkeDifferential, report: Audit | None) -> Iterator[str | Expression]:
    """Yield what the Clarke differential at the point is, and whether the chain rule's vector is in it."""
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
            yield f" {everywhere} automatic differentiation returns a Clarke subgradient{of_f(found)}."
        return
    first = (corners or walls)[0]
    yield f" {_where(found, first)} "
    if corners:
        yield vector(first.point)
        yield " "
    is_zero = all(entry == 0 for entry in first.autodiff)
    yield "automatic differentiation returns "
    yield zero_or_vector(first.autodiff)
    at = Application(found.letter, "∂", vector(first.point) if corners else None)
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
            if face.outside is not None and is_zero and corner == tuple(map(to_fraction, face.point)):
                yield " It passes through "
                yield vector(face.point)
                yield ", where automatic differentiation would stop."
                return


def hint(found: Findings) -> str:
    """Return what can be chosen on the page, and how."""
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
