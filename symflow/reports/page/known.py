"""What is known, statement by statement: each with its verdict, and how it is known."""

from __future__ import annotations

from collections.abc import Iterator

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.selection import Audit
from symflow.reports.document import Tag
from symflow.reports.expressions import (
    Sentence,
)
from symflow.reports.flow_start import why_not_shortest
from symflow.reports.flow_words import flow_answer
from symflow.reports.grounds import grounds
from symflow.reports.linear_text import sentence_text
from symflow.reports.page.document import Known
from symflow.reports.page.findings import Findings
from symflow.reports.page.head import point_answer
from symflow.reports.page.map_data import separation
from symflow.reports.page.written import of_f, vector
from symflow.reports.phrases import counted, joined
from symflow.reports.readable.read_set import notation_of

# Grounds that are longer are told by their first sentence.
_LONGEST_GROUND = 150


def known(found: Findings) -> Iterator[Known]:
    """Yield the statements: at the point, on the map, along the flow, and what was left out."""
    if found.differential is not None:
        yield from _known_at_point(found.differential, found.report)
    if found.graph is not None:
        yield from _known_of_map(found)
    if found.trajectory is not None:
        trajectory = found.trajectory
        how = trajectory.uniqueness if trajectory.is_unique else trajectory.reason
        start = why_not_shortest(found.problem, trajectory)
        grounds_of_flow: Sentence = (how, "; ", *start) if start else (how,)
        for said in flow_answer(found.problem, trajectory):
            if said.tag is not None:
                yield Known(said.sentence, said.tag, grounds_of_flow)
                grounds_of_flow = ()
    for name, reason in found.reasons.items():
        yield Known((f"{name}: left out",), Tag("undecided"), (reason,))


def _known_at_point(differential: ClarkeDifferential, report: Audit | None) -> Iterator[Known]:
    notation = notation_of(differential)
    tag = Tag("exact") if differential.is_exact else Tag("undecided")
    document_answer = tuple(point_answer(differential, None))
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
    between = f", with {n_walls} between them" if graph.n_adjacencies else ""
    statement = f"{those} all{of_domain}{between}{bounded}"
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
    everywhere: Sentence = (f"autodiff's vector is a Clarke subgradient{of_f(found)} at every {where}",)
    if not corners and not walls:
        yield Known(everywhere, Tag("proved" if is_complete else "undecided"), (how if is_complete else "",))
        return
    face = (corners or walls)[0]
    assert face.outside is not None
    at = "at " if corners else "on a wall, at "
    witness: Sentence = (at, vector(face.point), ", separated by ", vector(separation(face.outside)[0]))
    yield Known(everywhere, Tag("refuted"), witness)
    if is_complete:
        those = [counted(len(corners), "corner" if len(found.names) > 1 else "point")] if corners else []
        those += [counted(len(walls), "wall")] if walls else []
        one = len(corners) + len(walls) == 1
        rest = f"it is one at every other {where}" if one and corners else f"it is one but at {' and on '.join(those)}"
        yield Known((rest.replace("but at", "but on") if not corners else rest,), Tag("proved"), (how,))
