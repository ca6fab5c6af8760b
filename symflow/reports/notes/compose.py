"""The notes of one problem: all sections, in the order of a lecture."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.cells.derivation import Derivation
from symflow.differentials.selection import Audit
from symflow.differentials.sum_rule import SumRule
from symflow.flows.trajectory import Trajectory
from symflow.laws.of_problem import LawsOfProblem
from symflow.problem import Problem
from symflow.proofs.kernel import Theorem
from symflow.reports.notes.autodiff import autodiff_chapter, autodiff_summary
from symflow.reports.notes.catalogue import catalogue_of
from symflow.reports.notes.clarke import clarke_chapter, summary
from symflow.reports.notes.closing import certificates_chapter, statements_section
from symflow.reports.notes.context import Context
from symflow.reports.notes.derived import derived_section, derived_summary, points_section
from symflow.reports.notes.document import Beside, Chapter, Notes, Prose, Section
from symflow.reports.notes.euler import euler_chapter
from symflow.reports.notes.flow import flow_chapter
from symflow.reports.notes.gradient import gradient_chapter
from symflow.reports.notes.laws import laws_chapter
from symflow.reports.notes.matrices import matrices_chapter
from symflow.reports.notes.pieces import pieces_chapter
from symflow.reports.notes.problem import kink_clause, problem_chapter, title_of


def compose_notes(
    problem: Problem,
    report: Audit,
    sum_rule: SumRule | None,
    *,
    trajectory: Trajectory | None = None,
    theorems: Sequence[Theorem] = (),
    picture: str = "",
    source: str = "",
) -> Notes:
    """Return the lecture notes of a problem.

    Parameters
    ----------
    problem : Problem
        What was asked.
    report : Audit
        The Clarke differential, and the conventions held against it.
    sum_rule : SumRule or None
        Whether the sum rule holds.
    trajectory : Trajectory, optional
        The gradient flow, where the problem asks for one.
    theorems : sequence of Theorem
        What became of the catalogue's claims.
    picture : str
        LaTeX that draws the cells of the net; empty where there is none.
    source : str
        The file's name, for the first line.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.differentials.selection import audit
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree(
    ...     {
    ...         "network": {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "1"]]]},
    ...         "objective": {"variable": "input", "at": ["0"]},
    ...     }
    ... )
    >>> notes = compose_notes(problem, audit(clarke_differential(problem.function())), None)
    >>> [section.title for section in notes.sections][:2]
    ['The problem', 'The pieces']
    """
    context = Context(problem, report, sum_rule, picture)
    certificates = certificates_chapter(context)
    written = chapters_of(context, trajectory)
    entries = [entry for chapter in written for entry in chapter.entries]
    sections = [chapter.section for chapter in written]
    catalogue = catalogue_of(theorems, problem.architecture.widths, context.scope)
    sections.append(statements_section(entries, has_certificates=True, more=catalogue.blocks))
    if certificates is not None:
        sections.append(certificates.section)
    title = title_of(problem.title, problem.architecture)
    return Notes(
        title, source, _abstract(context), tuple(sections), tuple(entries), (catalogue.here, catalogue.general)
    )


def chapters_of(context: Context, trajectory: Trajectory | None) -> list[Chapter]:
    """Return the sections with statements of their own, in order."""
    chapters: list[Chapter | None] = [
        problem_chapter(context),
        pieces_chapter(context),
        matrices_chapter(context),
        gradient_chapter(context),
        clarke_chapter(context),
        autodiff_chapter(context),
        euler_chapter(context),
        None if trajectory is None else flow_chapter(context.problem, trajectory),
    ]
    return [chapter for chapter in chapters if chapter is not None]


def compose_derived_notes(
    problem: Problem,
    derivation: Derivation,
    *,
    laws: LawsOfProblem | None = None,
    theorems: Sequence[Theorem] = (),
    picture: str = "",
    source: str = "",
) -> Notes:
    """Return the lecture notes of a problem with symbolic weights or a symbolic input: its closed forms.

    Parameters
    ----------
    problem : Problem
        What was asked.
    derivation : Derivation
        Its closed form, everywhere.
    laws : LawsOfProblem, optional
        What its flows conserve.
    theorems : sequence of Theorem
        What became of the catalogue's claims.
    picture : str
        LaTeX that draws the cells of the net; empty where there is none.
    source : str
        The file's name, for the first line.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> from symflow.reports.derive_result import derivation_of
    >>> problem = problem_from_tree({"network": {"activation": "relu", "widths": [2, 1, 1]}})
    >>> [entry.word for entry in compose_derived_notes(problem, derivation_of(problem)).entries]
    ['proved', 'proved', 'proved']
    """
    section, entries = derived_section(problem, derivation)
    chapter = None if laws is None else laws_chapter(laws)
    if chapter is not None:
        entries += chapter.entries
    catalogue = catalogue_of(theorems, problem.architecture.widths)
    statements = statements_section(entries, has_certificates=True, more=catalogue.blocks)
    if picture:
        drawn = Beside((Prose("The cells of the net in input space:"),), picture, is_below=True)
        section = Section(section.title, (*section.blocks, drawn))
    kept = () if chapter is None else (chapter.section,)
    sections = (section, *kept, statements, points_section(derivation))
    title = title_of(problem.title, problem.architecture)
    claims = (catalogue.here, catalogue.general)
    return Notes(title, source, derived_summary(problem, derivation), sections, entries, claims)


def _abstract(context: Context) -> str:
    said = summary(context, kink_clause(context)), autodiff_summary(context)
    return f"{' '.join(said)} What each statement rests on is said in the margin."
