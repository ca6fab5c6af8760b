"""The main job: everything about one problem, into one folder.

The stages are those of the commands: clarke, audit, derive, regions, flow (where the problem has a section [flow]),
then the certificates, which are re-checked from
their text before anything is said of them, and the lecture notes. A problem with symbolic weights has closed forms
only, one with a symbolic input closed forms and regions. What an interrupt or the end of the time leaves unfinished is
left out, and named; what is there is whole.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, final

from symflow._version import __version__
from symflow.cells.derivation import Derivation
from symflow.checker.verify import verify_text
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.selection import Audit, audit
from symflow.differentials.sum_rule import SumRule, sum_rule
from symflow.errors import BudgetExceededError, InputError, NotSupportedError
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flow_command import flow_options, with_soft_margin_zero
from symflow.flows.gradient_flow import flow_of
from symflow.flows.trajectory import Trajectory
from symflow.formats.latex import render_notes
from symflow.laws.of_problem import laws_of_problem
from symflow.problem import Problem
from symflow.problem_file import problem_text_to_tree, read_problem, shown_name
from symflow.problem_tree import named, problem_from_tree
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.regions.weight_regions import WeightRegions
from symflow.reports.clarke_document import answer, shape_words
from symflow.reports.derive_document import derive_document
from symflow.reports.derive_result import derivation_of, derive_result
from symflow.reports.document import Answer, Block, Document, Paragraph, Table, Tag, Title
from symflow.reports.expressions import Sentence
from symflow.reports.flow_result import flow_result, with_flow
from symflow.reports.flow_words import flow_answer
from symflow.reports.laws_result import laws_result
from symflow.reports.notes.compose import compose_derived_notes, compose_notes
from symflow.reports.notes.document import Notes
from symflow.reports.phrases import counted
from symflow.reports.problem_line import problem_line
from symflow.reports.read_set import notation_of, read_set
from symflow.reports.regions_result import inequalities, regions_result
from symflow.reports.results import audit_result, clarke_result
from symflow.reports.weight_regions_result import weight_regions_result
from symflow.study_folder import RESULTS, beside, check_folder, digest_of, put_in_place, write_files
from symflow.writing import Progress, json_text

# With more cells than this the closed form of a product over neurons is not multiplied out.
MOST_CELLS = 512

# With more cells in input space than this, more inputs or more seconds, they are left to symflow regions.
_MOST_REGIONS, _MOST_INPUTS, _REGIONS_SECONDS = 1000, 12, 5.0

# Of more parameters the conservation laws are left to symflow laws.
_MOST_PARAMETERS = 400

# LaTeX takes a second or two; a document that takes longer than this is left to its reader.
_LATEX_SECONDS = 60


@final
@dataclass
class Study:
    """What is known so far of a problem.

    Parameters
    ----------
    problem : Problem
        What was asked.
    source : str
        The name of its copy in the folder.
    differential, report, sum_rule, derivation, trajectory : optional
        Each as soon as it is known.
    results : dict
        The objects of the other commands, by their names.
    checks : dict
        What the checker said of each.
    missing : list of str
        The stages that are not there, by name.
    reasons : dict
        Why a stage was left out, where it was on purpose.
    """

    problem: Problem
    source: str
    differential: ClarkeDifferential | None = None
    report: Audit | None = None
    sum_rule: SumRule | None = None
    derivation: Derivation | None = None
    trajectory: Trajectory | None = None
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    is_interrupted: bool = False

    @property
    def is_symbolic(self) -> bool:
        """Whether there are closed forms only: nothing is at a point."""
        problem = self.problem
        if problem.network is None or problem.is_input_symbolic:
            return True
        return problem.at is None if problem.variable == "input" else problem.inputs is None

    @property
    def is_undecided(self) -> bool:
        """Whether something stayed open."""
        if self.missing or not (self.is_accepted or self.is_rejected):
            return True
        if self.derivation is not None and not self.derivation.is_complete:
            return True
        if self.differential is None or self.report is None:
            return False
        open_selection = any(selection.verdict.is_undecided for selection in self.report.selections)
        return not self.differential.is_exact or self.differential.contains_zero is None or open_selection

    @property
    def is_accepted(self) -> bool:
        """Whether the checker accepted every certificate that it knows how to check.

        The digits of a flow in the weights are computed, not proved, as its result says: they are not held against it.
        """
        return all(self.checks[name]["accepted"] for name in self.certified) and not self.is_rejected

    @property
    def certified(self) -> tuple[str, ...]:
        """The results that are certificate files: all but a flow whose digits nothing re-checks."""
        return tuple(name for name, check in self.checks.items() if name != "flow" or check["accepted"])

    @property
    def n_certificates(self) -> int:
        """How many certificates hold in those files."""
        return sum(int(self.checks[name]["n_certificates"]) for name in self.certified)

    @property
    def is_rejected(self) -> bool:
        """Whether the checker found something wrong, rather than too large to be checked."""
        return any(check["rejected"] for check in self.checks.values())

    @property
    def status(self) -> str:
        """The word for it in ``results.json``."""
        if self.is_interrupted:
            return "interrupted"
        return "undecided" if self.is_undecided else "complete"


@final
@dataclass(frozen=True)
class Written:
    """A study in its folder.

    Parameters
    ----------
    study : Study
        What is in it.
    folder : str
        Where, as it was asked for.
    results : dict
        The object of ``results.json``.
    pages : int or None
        Of ``notes.pdf``; None where it was not compiled.
    latex : str
        Why it was not.
    notes : Notes or None
        The lecture notes.
    """

    study: Study
    folder: str
    results: dict[str, Any]
    pages: int | None
    latex: str
    notes: Notes | None


def run_study(
    file: str | None,
    folder: str | None = None,
    *,
    budget: Budget = NO_BUDGET,
    progress: Progress | None = None,
) -> Written:
    """Study a problem and write the folder.

    Parameters
    ----------
    file : str or None
        A problem file, ``"-"`` for standard input, or None for the built-in demo.
    folder : str, optional
        Where to; by default named after the problem.
    budget : Budget
        When to stop and to write what is known.
    progress : callable, optional
        Is told what is being done.

    Raises
    ------
    InputError
        If the problem cannot be read, or the folder is not ours to write.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as here:
    ...     written = run_study(None, f"{here}/study")
    ...     sorted(path.name for path in Path(here, "study", "certificates").iterdir())
    ['audit.json', 'clarke.json', 'derive.json', 'laws.json', 'regions.json']
    >>> written.study.status, written.results["clarke"]["n_vertices"]
    ('complete', 2)
    """
    tell = progress or (lambda _: None)
    target = folder if folder is not None else default_folder(file)
    # A file inside the old folder may be the one that is read: its text is taken before the folder is touched.
    check_folder(target, edited=None if file is None or file == "-" else Path(file))
    problem, source, content = _problem(file)
    study = Study(problem, source)
    with beside(target) as new:
        with named("" if file is None else shown_name(file)):
            _stages(study, budget, tell)
        if study.is_interrupted and not study.results:
            raise KeyboardInterrupt
        notes = None
        try:
            notes = _notes(study)
        except KeyboardInterrupt:
            study.is_interrupted = True
            study.missing.append("notes")
        files = {source: content, **_certificates(study)}
        if notes is not None:
            files["notes.tex"] = render_notes(notes).encode("utf-8")
        results = _results(study, notes, files)
        files[RESULTS] = json_text(results).encode("ascii")
        write_files(new, files)
        pages, latex = None, "interrupted"
        if notes is not None and not study.is_interrupted:
            tell("notes")
            try:
                pages, latex = compile_latex(new)
            except KeyboardInterrupt:  # everything but the PDF is there
                study.is_interrupted = True
        put_in_place(new, target)
    return Written(study, target, results, pages, latex, notes)


def default_folder(file: str | None) -> str:
    """Return where a study goes when nothing is said.

    Examples
    --------
    >>> default_folder(None), default_folder("nets/corner.toml"), default_folder("-")
    ('study', 'corner-study', 'problem-study')
    """
    if file is None:
        return "study"
    return f"{'problem' if file == '-' else Path(file).stem}-study"


# ---------------------------------------------------------------------- the problem


def _problem(file: str | None) -> tuple[Problem, str, bytes]:
    """Return the problem, the name of its copy, and the copy."""
    if file is None:
        text = package_files("symflow").joinpath("demo.toml").read_text(encoding="utf-8")
        return problem_from_tree(problem_text_to_tree(text)), "demo.toml", text.encode("utf-8")
    problem = read_problem(file)
    canonical = json_text(problem.tree()).encode("ascii")
    if file == "-":
        return problem, "problem.json", canonical
    path = Path(file)
    name = path.name if path.stem not in ("notes", "results") else f"problem-{path.name}"
    try:
        content = path.read_bytes() if path.is_file() else canonical
        tree = problem_text_to_tree(content.decode("utf-8"), suffix=path.suffix.lower())
    except (OSError, ValueError):
        return problem, f"{path.stem}.json", canonical
    if "file" in tree.get("network", {}):  # weights in a file of their own: the copy holds them itself
        return problem, f"{Path(name).stem}.json", canonical
    return problem, name, content


# ---------------------------------------------------------------------- the stages


def _stages(study: Study, budget: Budget, tell: Progress) -> None:
    """Go through the stages; an interrupt ends them, and what is known stays."""
    stages: dict[str, Callable[[Study, Budget], None]] = {"clarke": _clarke, "audit": _audit, "derive": _derive}
    if study.is_symbolic:
        stages = {"derive": _derive}
    if study.problem.network is not None:
        stages["regions"] = _regions
    if study.problem.flow is not None and not study.is_symbolic:
        stages["flow"] = _flow
    if study.problem.variable == "weights":
        stages["laws"] = _laws
    names = iter(stages)
    try:
        for name in names:
            tell(name)
            try:
                stages[name](study, budget)
            except BudgetExceededError:
                study.missing.append(name)
                study.reasons[name] = "the time did not suffice"
                if name == "clarke":  # the audit holds conventions against it
                    study.missing += [next(names)]
        tell("verify")
        _verify(study)
    except KeyboardInterrupt:
        study.is_interrupted = True
        study.missing = [name for name in stages if name not in study.results]
        _verify(study)


def _clarke(study: Study, budget: Budget) -> None:
    differential = clarke_differential(study.problem.function(), budget=budget)
    study.results["clarke"] = clarke_result(study.problem, differential, budget=budget)
    study.sum_rule = sum_rule(differential, budget=budget)
    study.differential = differential


def _audit(study: Study, budget: Budget) -> None:
    assert study.differential is not None
    report = audit(study.differential)
    study.results["audit"] = audit_result(study.problem, report, budget=budget)
    study.report = report


def _derive(study: Study, budget: Budget) -> None:
    if study.differential is not None:
        n_cells = 1
        for factor in study.differential.factors:
            n_cells *= len(factor.incident.cells)
        if n_cells > MOST_CELLS:
            study.reasons["derive"] = f"{n_cells} pieces, a product over the neurons; they are not multiplied out"
            return
    derivation = derivation_of(study.problem, budget=budget)
    study.results["derive"] = derive_result(study.problem, derivation)
    study.derivation = derivation


def _regions(study: Study, budget: Budget) -> None:
    problem = study.problem.with_input_by_default()
    end = time.monotonic() + _REGIONS_SECONDS
    deadline = end if budget.deadline is None else min(end, budget.deadline)
    try:
        if problem.variable == "weights":
            weights = WeightRegions.of(problem.architecture, problem.inputs or (), budget=Budget(deadline=deadline))
            study.results["regions"] = weight_regions_result(problem, weights)
            return
        if problem.architecture.n_inputs > _MOST_INPUTS:
            study.reasons["regions"] = f"more than {_MOST_INPUTS} inputs; symflow regions takes its time"
            return
        control = Control(max_cells=_MOST_REGIONS + 1, deadline=deadline)
        graph = RegionGraph.of(problem.known_network, domain=inequalities(problem.domain), control=control)
    except NotSupportedError as error:
        study.reasons["regions"] = error.message
        return
    except BudgetExceededError:
        study.reasons["regions"] = "they take longer; symflow regions takes its time"
        return
    if graph.missing or graph.n_cells > _MOST_REGIONS:
        many = "they take longer" if graph.n_cells <= _MOST_REGIONS else f"more than {_MOST_REGIONS} cells"
        study.reasons["regions"] = f"{many}; symflow regions lists them"
        return
    study.results["regions"] = regions_result(problem, graph)


def _flow(study: Study, budget: Budget) -> None:
    try:
        options = flow_options(study.problem, None, None)
        trajectory = flow_of(study.problem.function(), options, budget=budget)
    except (InputError, NotSupportedError) as error:
        study.reasons["flow"] = error.message
        return
    study.trajectory = with_soft_margin_zero(trajectory, budget)
    study.results["flow"] = flow_result(with_flow(study.problem, options), study.trajectory)


def _laws(study: Study, budget: Budget) -> None:
    n_parameters = study.problem.architecture.n_parameters
    if n_parameters > _MOST_PARAMETERS:
        study.reasons["laws"] = f"{n_parameters} parameters; symflow laws takes its time"
        return
    try:
        found = laws_of_problem(study.problem, budget=budget)
    except (InputError, NotSupportedError) as error:
        study.reasons["laws"] = error.message
        return
    study.results["laws"] = laws_result(study.problem, found)


def _verify(study: Study) -> None:
    """Let the checker read what will be written, from its text alone."""
    for name, result in study.results.items():
        if name in study.checks:
            continue
        study.checks[name] = verify_text(json_text(result))


def _certificates(study: Study) -> dict[str, bytes]:
    return {
        f"certificates/{name}.json": json_text(result).encode("ascii")
        for name, result in study.results.items()
        if name != "flow" or name in study.certified
    }


def _notes(study: Study) -> Notes | None:
    try:
        return _composed(study)
    except BudgetExceededError as error:
        study.reasons["notes"] = str(error)
        return None


def _composed(study: Study) -> Notes | None:
    if study.report is not None:
        return compose_notes(
            study.problem, study.report, study.sum_rule, trajectory=study.trajectory, source=study.source
        )
    if study.derivation is not None and study.is_symbolic:
        return compose_derived_notes(study.problem, study.derivation, source=study.source)
    return None


def _results(study: Study, notes: Notes | None, files: dict[str, bytes]) -> dict[str, Any]:
    """Return the object of results.json; it names the files, with the digests of those that people edit."""
    kept = {study.source, "notes.tex"}
    listed: list[dict[str, str]] = []
    for name, content in files.items():
        listed.append({"name": name, "sha256": digest_of(content)} if name in kept else {"name": name})
    return {
        "command": "study",
        "symflow": __version__,
        "problem": study.problem.tree(),
        "status": study.status,
        **{name: study.results.get(name) for name in ("clarke", "audit", "derive", "regions", "flow", "laws")},
        "missing": study.missing,
        "left_out": study.reasons,
        "statements": []
        if notes is None
        else [{"statement": e.statement, "verdict": e.word, "scope": e.scope} for e in notes.entries],
        "verified": {
            "accepted": study.is_accepted,
            "n_certificates": study.n_certificates,
            "not_checked": [
                f"{name}: {claim}" for name, check in study.checks.items() for claim in check["not_checked"]
            ],
        },
        "files": listed,
    }


# ---------------------------------------------------------------------- LaTeX


def compile_latex(folder: Path) -> tuple[int | None, str]:
    """Compile ``notes.tex`` in a folder, where there is a pdflatex; return its pages, or None and the reason.

    It runs without shell escape, reads nothing but its installation and the notes, and leaves ``notes.pdf`` alone
    behind.
    """
    program = shutil.which("pdflatex")
    if program is None:
        return None, "no pdflatex here"
    command = [program, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "notes.tex"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "openin_any": "p"}
    try:
        for _ in range(3):  # references and long tables settle in the second run, rarely the third
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_LATEX_SECONDS,
                check=False,
            )
            log = done.stdout.decode("utf-8", "replace")
            if done.returncode != 0:
                (folder / "notes.pdf").unlink(missing_ok=True)
                return None, "pdflatex stops at an error"
            if "Rerun" not in log and "undefined" not in log:
                break
    except (OSError, subprocess.TimeoutExpired):
        (folder / "notes.pdf").unlink(missing_ok=True)
        return None, "pdflatex did not finish"
    finally:
        for suffix in ("aux", "log", "out"):
            (folder / f"notes.{suffix}").unlink(missing_ok=True)
    found = log.rpartition("Output written on notes.pdf (")[2].partition(" page")[0]
    return (int(found), "") if found.isdigit() else (None, "pdflatex wrote no pages")


# ---------------------------------------------------------------------- what it says


def study_document(written: Written, *, is_demo: bool = False) -> Document:
    """Return what is to be said of a study.

    Examples
    --------
    >>> import tempfile
    >>> from symflow.formats.plain_text import render
    >>> with tempfile.TemporaryDirectory() as here:
    ...     written = run_study(None, f"{here}/study")
    >>> print(render(study_document(written, is_demo=True)).split("All ")[0])
    <BLANKLINE>
      Two neurons, one kink.  The built-in demo; nothing was given.
    <BLANKLINE>
      The risk has a kink at w.  ∂R(w) is a segment; autodiff is not in it.          ■ exact
    <BLANKLINE>
      In the input there are 4 cells and 4 walls between them.                       ■ exact
    <BLANKLINE>
      The flow w' in −∂R(w): crosses the kink at once, meets no other; the only solution.
                                                                       ⊡ enclosed, 50 digits
    <BLANKLINE>
      The soft margin does not decrease from t = 0.34322… on.          ⊡ enclosed, 50 digits
    <BLANKLINE>
      The gradient flow has 2 independent conservation laws, and no more.
                                                                   ■ proved, for shape 2-2-1
    <BLANKLINE>
      5 statements tested are refuted: each has a counterexample.                  ⊠ refuted
    <BLANKLINE>
    <BLANKLINE>
    """
    study = written.study
    if study.is_symbolic and study.derivation is not None:
        title = derive_document(study.problem, study.derivation).blocks[0]
    elif study.is_symbolic:
        title = Title((study.problem.title or f"A {study.problem.architecture} net.",))
    else:
        title = Title(problem_line(study.problem))
    if is_demo:
        title = Title((f"{study.problem.title}.  The built-in demo; nothing was given.",))
    blocks: list[Block] = [title, *_answers(written)]
    blocks.append(Table((("",), ("",)), tuple(_file_rows(written)), "files"))
    if study.reasons or study.missing:
        blocks.append(Paragraph((_left_out(study),)))
    return Document(tuple(blocks))


def _answers(written: Written) -> Iterator[Block]:
    study = written.study
    if study.differential is not None and study.report is not None:
        yield _clarke_answer(study.differential, study.report)
    elif study.derivation is not None:
        count, derivation = len(study.derivation.pieces), study.derivation
        everywhere = "for all weights" if study.problem.network is None else "for all inputs"
        pieces = "1 piece" if count == 1 else f"{count} pieces"
        if derivation.is_complete:
            yield Answer((f"{pieces}, and the gradient on each.",), Tag("proved", everywhere))
        else:
            rest = len(derivation.undecided)
            yield Answer((f"{pieces} so far; {rest} patterns are undecided.",), Tag("undecided"))
    yield from _regions_answer(study.results.get("regions"))
    if study.trajectory is not None:
        yield from flow_answer(study.problem, study.trajectory)
    yield from _laws_answer(study.results.get("laws"), str(study.problem.architecture))
    refuted = 0 if written.notes is None else sum(entry.word == "refuted" for entry in written.notes.entries)
    if refuted:
        are = "statement tested is refuted: it has" if refuted == 1 else "statements tested are refuted: each has"
        yield Answer((f"{refuted} {are} a counterexample.",), Tag("refuted"))
    if study.checks:
        count = study.n_certificates
        if study.is_accepted:
            yield Answer((f"All {count} certificates hold, re-checked by the small checker.",), Tag("accepted"))
        elif not study.is_rejected:
            yield Answer(
                ("Some of it is too large for the small checker; what it re-checked holds.",), Tag("undecided")
            )
        else:
            yield Answer(("The checker rejects a certificate; please report it.",), Tag("rejected"))


def _regions_answer(result: dict[str, Any] | None) -> Iterator[Block]:
    if result is None:
        return
    where = "In the input" if result["variable"] == "input" else "In weight space"
    cells, walls = counted(result["n_cells"], "cell"), counted(result["n_adjacencies"], "wall")
    yield Answer(
        (f"{where} there are {cells} and {walls} between them.".replace("are 1 cell", "is 1 cell"),), Tag("exact")
    )


def _laws_answer(result: dict[str, Any] | None, shape: str) -> Iterator[Block]:
    if result is None or not result["n_laws"]:
        return
    where, scope = ("", f"for shape {shape}") if result["model"] != "cell" else (" on the cells at w", "for these data")
    count = counted(result["n_laws_at_most"], "independent conservation law")
    if result["complete"]:
        yield Answer((f"The gradient flow has {count}{where}, and no more.",), Tag("proved", scope))
    elif result["lie_dimension_is_exact"]:
        known = f"{result['n_laws']} of them known"
        yield Answer((f"The gradient flow has {count}{where}, {known}.",), Tag("proved", scope))
    else:
        known = counted(result["n_laws"], "known conservation law")
        yield Answer((f"The gradient flow has {known}{where}, at most {result['n_laws_at_most']}.",), Tag("undecided"))


def _clarke_answer(differential: ClarkeDifferential, report: Audit) -> Answer:
    try:
        return _written_answer(differential, report)
    except BudgetExceededError:  # its numbers are too long to be written with names
        return Answer((f"The Clarke differential is a {differential.shape}.",), Tag("exact"))


def _written_answer(differential: ClarkeDifferential, report: Audit) -> Answer:
    notation = notation_of(differential)
    function = differential.function
    verdict = report.autodiff.verdict
    autodiff = "autodiff is in it" if verdict.is_proved else "autodiff is not in it"
    if verdict.is_undecided:
        autodiff = "autodiff is undecided"
    if not differential.is_exact:
        count = sum(len(factor.incident.undecided) for factor in differential.factors)
        patterns = "1 pattern is" if count == 1 else f"{count} patterns are"
        return Answer((notation.differential, f" lies between two sets; {patterns} undecided."), Tag("undecided"))
    reading = read_set(differential)
    if reading.is_point:
        start = autodiff[0].upper() + autodiff[1:]
        return Answer((*answer(differential, reading, notation), f"  {start}."), Tag("exact"))
    subject = {"f": "The output", "R": "The risk"}.get(notation.letter[:1], "The function")
    at = " at x = " if function.variable == "input" else " at "
    if function.variable == "input" and str(notation.point).startswith("Symbol"):
        at = " at "
    return Answer(
        (f"{subject} has a kink{at}", notation.point, ".  ", reading.name, f" is {shape_words(reading)}; {autodiff}."),
        Tag("exact"),
    )


def _file_rows(written: Written) -> Iterator[tuple[Sentence, ...]]:
    folder, study = written.folder.rstrip("/") or "/", written.study
    yield (f"{folder}/{study.source}",), ("the problem, to edit",)
    if written.notes is not None:
        if written.pages is not None:
            pages = "1 page" if written.pages == 1 else f"{written.pages} pages"
            yield (f"{folder}/notes.pdf",), (f"{pages}; notes.tex compiles as it is",)
        else:
            yield (f"{folder}/notes.tex",), (f"not compiled: {written.latex}",)
    yield (f"{folder}/{RESULTS}",), ("everything above, exact",)
    yield (f"{folder}/certificates/",), (f"re-check:  symflow verify {folder}/certificates/",)


def _left_out(study: Study) -> str:
    said = [f"{name} was left out: {reason}." for name, reason in study.reasons.items()]
    said += [f"{name} is missing." for name in study.missing if name not in study.reasons]
    return "  ".join(said)


def interruption(written: Written) -> str:
    """Return what an interrupted study says it has.

    Examples
    --------
    >>> study = Study.__new__(Study)
    >>> study.results, study.missing = {"clarke": {}, "audit": {}}, ["derive"]
    >>> interruption(Written(study, "study", {}, None, "", None))
    'interrupted; clarke and audit are in study/, derive is not'
    """

    def these(names: list[str]) -> str:
        joined = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        return f"{joined} {'is' if len(names) == 1 else 'are'}"

    have, missing = list(written.study.results), written.study.missing
    folder = written.folder.rstrip("/")
    return f"interrupted; {these(have)} in {folder}/" + (f", {these(missing)} not" if missing else "")
