"""Results -> the page of ``symflow report``: what is said on it, in which order, with which verdicts.

The words and numbers are those of the other commands (``clarke_document``, ``flow_words``, ``regions_document``): the
page says nothing of its own but where on the whole map automatic differentiation leaves the Clarke differential.
"""

from __future__ import annotations

from typing import Any

from symflow.reports.clarke_document import clarke_document
from symflow.reports.document import Document, Title
from symflow.reports.expressions import Sentence
from symflow.reports.names import in_use
from symflow.reports.page.document import Page
from symflow.reports.page.findings import Findings
from symflow.reports.page.flow_data import chooser, input_flow_data, weight_flow_data
from symflow.reports.page.head import hint, lead, net_title, subtitle
from symflow.reports.page.known import known
from symflow.reports.page.legend import legend
from symflow.reports.page.map_data import map_data
from symflow.reports.page.tables import sections
from symflow.reports.page.written import to_fraction
from symflow.reports.readable.read_set import notation_of


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
    >>> from symflow.regions.region_graph import RegionGraph
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
        title=" ".join((problem.title or "").split()) or net_title(problem),
        subtitle=subtitle(found, data),
        lead=tuple(lead(found)),
        hint=hint(found),
        point=_point(found),
        point_name=_point_name(found),
        known=tuple(known(found)),
        sections=tuple(sections(found)),
        legend=legend(found),
        data=data,
    )


def _point(found: Findings) -> Document | None:
    if found.differential is None:
        return None
    document = clarke_document(found.problem, found.differential)
    return Document(tuple(block for block in document.blocks if not isinstance(block, Title)))


def _point_name(found: Findings) -> Sentence:
    return () if found.differential is None else (notation_of(found.differential).differential,)


def _data(found: Findings) -> dict[str, Any]:
    data: dict[str, Any] = {
        "letter": in_use().letter(found.letter),
        "names": [[in_use().letter(letter), index] for letter, index in found.names],
    }
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
        return choose(tuple(map(to_fraction, found.problem.at))) or "c1"
    return "c1" if found.graph is not None else "p"
