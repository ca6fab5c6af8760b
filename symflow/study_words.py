"""What a study says: the answers of its stages in a sentence each, and the files it wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.selection import Audit
from symflow.errors import BudgetExceededError
from symflow.reports.clarke_document import answer, shape_words
from symflow.reports.derive_document import derive_document
from symflow.reports.document import Answer, Block, Document, Paragraph, Table, Tag, Title
from symflow.reports.expressions import Sentence
from symflow.reports.flow_words import flow_answer
from symflow.reports.phrases import counted
from symflow.reports.problem_line import problem_line
from symflow.reports.readable.read_set import notation_of, read_set
from symflow.study import Written
from symflow.study_folder import RESULTS
from symflow.study_stages import Study


def study_document(written: Written, *, is_demo: bool = False) -> Document:
    """Return what is to be said of a study.

    Examples
    --------
    The identity, written as relu(x) - relu(-x), at 0:

    >>> import json, tempfile
    >>> from pathlib import Path
    >>> from symflow.formats.plain_text import render
    >>> from symflow.study import run_study
    >>> net = {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "-1"]]]}
    >>> problem = {"network": net, "objective": {"variable": "input", "at": ["0"]}}
    >>> with tempfile.TemporaryDirectory() as here:
    ...     _ = Path(here, "identity.json").write_text(json.dumps(problem))
    ...     written = run_study(f"{here}/identity.json", f"{here}/study")
    >>> print(render(study_document(written)).split("All ")[0])  # doctest: +ELLIPSIS
    <BLANKLINE>
      1-2-1 relu net, in the input, at x = 0.
    <BLANKLINE>
      ∂f(0) = {1}.  Autodiff is not in it.                                           ■ exact
    <BLANKLINE>
      In the input there are 2 cells and 1 wall between them.                        ■ exact
    <BLANKLINE>
      ... statements of the catalogue hold, of this net, of their own nets or in general.
                                                                                    ■ proved
    <BLANKLINE>
      ... statements of the catalogue are false; each has a counterexample.         ⊠ refuted
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
    biases = " with biases" if study.problem.architecture.has_biases else ""
    yield from _laws_answer(study.results.get("laws"), f"{study.problem.architecture}{biases}")
    yield from _claims_answer(study)
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


def _claims_answer(study: Study) -> Iterator[Block]:
    """Say how many statements of the catalogue hold, and how many are false."""
    if study.proved is None:
        return
    names = {(theorem.claim.name, theorem.verdict.shown) for theorem in study.proved.theorems}
    words = Counter(word for _, word in names)
    if words["proved"]:
        hold = counted(words["proved"], "statement")
        yield Answer((f"{hold} of the catalogue hold, of this net, of their own nets or in general.",), Tag("proved"))
    if words["refuted"]:
        false = counted(words["refuted"], "statement")
        yield Answer((f"{false} of the catalogue are false; each has a counterexample.",), Tag("refuted"))


def _regions_answer(result: dict[str, Any] | None) -> Iterator[Block]:
    if result is None:
        return
    where = "In the input" if result["variable"] == "input" else "In weight space"
    cells, n_walls = counted(result["n_cells"], "cell"), result["n_adjacencies"]
    between = f" and {counted(n_walls, 'wall')} between them" if n_walls else ""
    yield Answer((f"{where} there are {cells}{between}.".replace("are 1 cell", "is 1 cell"),), Tag("exact"))


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
    shown = "page" if study.problem.network is None else "map"
    if "report.html" in {entry["name"] for entry in written.results["files"]}:
        yield (f"{folder}/report.html",), (f"the {shown} of it; open it in a browser",)
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
