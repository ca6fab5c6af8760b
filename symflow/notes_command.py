"""What ``symflow notes`` does: the stages of a study that notes need, and their text.

An article by default; ``--fragment`` is the same without its preamble, ``--beamer`` its slides.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, final

from symflow.errors import BudgetExceededError, InputError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.formats.beamer import render_slides
from symflow.formats.latex import render_fragment, render_notes, stem_of
from symflow.problem import Problem
from symflow.problem_file import read_problem, shown_name
from symflow.problem_tree import named
from symflow.reports.names import naming_of, using
from symflow.reports.notes.file_names import with_commands
from symflow.reports.sources import MARK, bibliography
from symflow.study_stages import Study, notes_of, run_stages, slides_of
from symflow.writing import Progress, write_file

if TYPE_CHECKING:
    from symflow.usage import Arguments


#: What notes may be.
Form = Literal["article", "fragment", "slides"]


@final
@dataclass(frozen=True, slots=True)
class MadeNotes:
    """Notes, whether everything in them is decided, and a ``.bib`` file of what they cite (empty on slides)."""

    text: str
    is_decided: bool
    bibliography: str = ""


def asked_notes(arguments: Arguments, progress: Progress) -> MadeNotes:
    """Return the notes that the command line asks for.

    Parameters
    ----------
    arguments : Arguments
        Of ``symflow notes``.
    progress : function
        Is told what is being done.

    Raises
    ------
    InputError, NotSupportedError
        In one line, naming file and place.
    """
    file = arguments.file
    assert file is not None  # the parser asks for it
    if arguments.json:
        raise InputError("notes have no JSON of their own; symflow study --json holds what they say", place="notes")
    problem = read_problem(file, variable=arguments.variable, at=arguments.at, names=arguments.names)
    with named(shown_name(file)):
        return make_notes(
            problem,
            source="problem.json" if file == "-" else Path(file).name,
            form="fragment" if arguments.fragment else "slides" if arguments.beamer else "article",
            budget=Budget(deadline=arguments.deadline),
            progress=progress,
        )


def make_notes(
    problem: Problem,
    *,
    source: str = "",
    form: Form = "article",
    budget: Budget = NO_BUDGET,
    progress: Progress = lambda _: None,
) -> MadeNotes:
    r"""Return the notes of a problem.

    Parameters
    ----------
    problem : Problem
        What is asked.
    source : str
        The file's name, for the first line.
    form : str
        ``"article"``, ``"fragment"`` (the same without its preamble) or ``"slides"``.
    budget : Budget
        When to stop.
    progress : function
        Is told what is being done.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> made = make_notes(problem_from_tree({"network": {"activation": "relu", "widths": [1, 1, 1]}}))
    >>> made.is_decided, made.text.count(r"\section")
    (True, 4)
    """
    study = Study(problem, source)
    unneeded = {"regions", "verify prove"}  # no certificate is written here
    if not study.is_symbolic:
        unneeded |= {"derive", "laws"}  # the theorem is about the point
    run_stages(study, budget, progress, without=unneeded)
    if study.is_interrupted:
        raise KeyboardInterrupt
    progress("notes")
    with using(naming_of(problem)) as naming:
        text, sources = _text(study, form, budget)
    if text is None:
        raise BudgetExceededError(study.reasons.get("notes", "there is nothing to write down yet"))
    return MadeNotes(naming.latex(text), not study.is_undecided, sources)


def put_beside(made: MadeNotes, output: str | None) -> str:
    """Write the ``.bib`` file beside the notes; return what is to be said where that would overwrite another's."""
    if output is None or not made.bibliography:
        return ""
    path = Path(output).with_suffix(".bib")
    if path == Path(output) or (Path(output).exists() and not Path(output).is_file()):
        return ""
    if path.exists() and not path.read_text(encoding="utf-8", errors="replace").startswith(MARK):
        return f"{path} is not symflow's and stays as it is; the notes list what they cite themselves"
    write_file(path, made.bibliography)
    return ""


def _text(study: Study, form: Form, budget: Budget) -> tuple[str | None, str]:
    """Return the LaTeX and the BibTeX; None where there is nothing to say."""
    if form == "slides":
        slides = slides_of(study, budget)
        return (None if slides is None else render_slides(with_commands(slides, study.source))), ""
    notes = notes_of(study)
    if notes is None:
        return None, ""
    notes = with_commands(notes, study.source)
    if form == "fragment":
        return render_fragment(notes), bibliography(notes.references, f"{stem_of(notes)}:")
    return render_notes(notes, command="notes"), bibliography(notes.references)
