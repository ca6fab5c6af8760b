"""The page of a shape whose weights are symbolic: what holds for all of them, as the other commands say it."""

from __future__ import annotations

from dataclasses import replace

from symflow.cells.derivation import Derivation
from symflow.laws.of_problem import LawsOfProblem
from symflow.problem import Problem
from symflow.reports.derive_document import derive_document
from symflow.reports.document import Block, Document, Facts, Heading, Title
from symflow.reports.laws_document import laws_document
from symflow.reports.page.document import Page
from symflow.reports.page.head import net_title

_SUBTITLE = "What holds for all weights. With weights = [..], or a file of them, the page has the map of the cells."


def page_of_all_weights(problem: Problem, derivation: Derivation, laws: LawsOfProblem | None) -> Page:
    """Return the page: the closed form with its pieces, and the conservation laws of the gradient flow.

    Parameters
    ----------
    problem : Problem
        With symbolic weights.
    derivation : Derivation
        Its closed form.
    laws : LawsOfProblem or None
        Its conservation laws, where they were found.

    Examples
    --------
    >>> from symflow.laws.of_problem import laws_of_problem
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.derive_result import derivation_of
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 2, 1]}})
    >>> page = page_of_all_weights(problem, derivation_of(problem), laws_of_problem(problem))
    >>> page.title, [type(block).__name__ for block in page.point.blocks][:2]
    ('A 2-2-1 relu net', ['Answer', 'Table'])
    """
    # The title stands above as the heading, and is not said again in the line below it.
    document = derive_document(replace(problem, title=None), derivation)
    blocks = _blocks(document)
    if laws is not None:
        blocks += [Heading(("Along every gradient flow",)), *_blocks(laws_document(problem, laws))]
    formula = next(block.sentence for block in document.blocks if isinstance(block, Title))
    return Page(
        title=" ".join((problem.title or "").split()) or net_title(problem),
        subtitle=(_SUBTITLE,),
        lead=formula,
        hint="",
        point=Document(tuple(blocks)),
        point_name=(),
        known=(),
        sections=(),
        legend=(),
        data={"letter": "f", "names": [], "start": "p"},
    )


def _blocks(document: Document) -> list[Block]:
    """Return what is said, without the line that names the problem and without hints for the command line."""
    kept: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Facts):
            block = replace(block, facts=tuple(fact for fact in block.facts if fact.label != "LaTeX"))
        if not isinstance(block, Title):
            kept.append(block)
    return kept
