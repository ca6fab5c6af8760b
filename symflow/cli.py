"""The command ``symflow``: parse, call, write.

Exit codes: 0 done, 1 refuted or rejected, 2 bad input or usage (one line on standard error, nothing on standard
output), 3 undecided within the budget, 130 interrupted. Everything scientific is imported by the handler that needs
it, so that help and usage errors answer at once. An unexpected exception is one line too (exit code 70); with
SYMFLOW_DEBUG=1 in the environment it is a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from symflow.errors import BudgetExceededError, InputError, SymflowError, TooLongError
from symflow.help_texts import command_help, general_help
from symflow.usage import Arguments, find_command, parse
from symflow.writing import (
    USUAL_WIDTH,
    check_destination,
    has_colour,
    is_plain,
    json_text,
    progress_line,
    say,
    usual_width,
    write_file,
    write_standard_output,
)

if TYPE_CHECKING:
    from symflow.exact.simplex import Budget
    from symflow.problem import Problem
    from symflow.reports.document import Document
    from symflow.reports.names import Naming

DONE, REFUTED, BAD_INPUT, UNDECIDED, INTERNAL_ERROR, INTERRUPTED = 0, 1, 2, 3, 70, 130

# The text of a result, the exit code, and what is said on standard error once the text is written.
Answer = tuple[str, int] | tuple[str, int, str]


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    words : sequence of str, optional
        The command line without the program's name; by default, that of the process.

    Examples
    --------
    >>> main(["--version"])
    symflow 0.1.0
    0
    """
    given = tuple(sys.argv[1:] if words is None else words)
    try:
        return _run(given)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except TooLongError as error:
        return _fail(str(error), UNDECIDED)
    except BudgetExceededError as error:
        return _fail(f"{error}; give it more time with --time-limit", UNDECIDED)
    except SymflowError as error:
        return _fail(str(error), BAD_INPUT)
    except MemoryError:
        return _fail("the memory does not suffice; ask for a smaller problem", UNDECIDED)
    except Exception as error:
        if os.environ.get("SYMFLOW_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        advice = "please report it with the problem file (SYMFLOW_DEBUG=1 shows where)"
        return _fail(f"internal error in {' '.join(given[:1])}: {what}; {advice}", INTERNAL_ERROR)


def _run(words: tuple[str, ...]) -> int:
    if words and words[0] in ("--help", "-h"):
        write_standard_output(general_help())
        return DONE
    if words and words[0] == "--version":
        from symflow._version import __version__

        write_standard_output(f"symflow {__version__}\n")
        return DONE
    if {"--help", "-h"} & set(words[1:]):
        write_standard_output(command_help(find_command(words[0])))
        return DONE
    arguments = parse(words)
    if arguments.command == "study":  # it writes a folder, not a text
        return _study(arguments)
    if arguments.command == "export" and arguments.output is not None:  # a folder too
        return _export_folder(arguments)
    if arguments.output is not None:
        check_destination(arguments.output, source=None if arguments.file == "-" else arguments.file)
    text, code, *remarks = _HANDLERS[arguments.command](arguments)
    if arguments.output is None:
        write_standard_output(text)
    else:
        write_file(arguments.output, text)
    for remark in filter(None, remarks):
        say(remark)
    return code


def _fail(message: str, code: int) -> int:
    """Say in one line what is wrong, and return the code."""
    say(message)
    return code


# ---------------------------------------------------------------------- the commands


def _init(arguments: Arguments) -> Answer:
    from importlib.resources import files

    starter = files("symflow").joinpath("starter.toml").read_text(encoding="utf-8")
    if arguments.json:
        from symflow.problem_file import problem_text_to_tree
        from symflow.problem_tree import problem_from_tree

        starter = json_text(problem_from_tree(problem_text_to_tree(starter)).tree())
    if arguments.file is not None and arguments.output is not None:
        raise InputError("both FILE and --output; keep one", place="init")
    path = arguments.output or (None if arguments.file == "-" else arguments.file)
    if path is not None and Path(path).is_file():
        raise InputError("exists already; name another file", place=path)
    if arguments.output is not None or path is None:
        return starter, DONE
    check_destination(path)
    write_file(path, starter)
    return "", DONE


def _clarke(arguments: Arguments) -> Answer:
    with _problem(arguments) as problem:
        function = problem.function()
        from symflow.differentials.clarke import clarke_differential

        budget = _budget(arguments)
        differential = clarke_differential(function, budget=budget)
        code = DONE if differential.contains_zero is not None and differential.is_exact else UNDECIDED
        report = None
        if arguments.stationarity:
            from symflow.differentials.stationarity import stationarity

            report = stationarity(differential, budget=budget)
            code = UNDECIDED if report.frechet.is_undecided else code
        if arguments.json:
            from symflow.reports.results import clarke_result
            from symflow.reports.stationarity_result import stationarity_result

            result = clarke_result(problem, differential, all_vertices=arguments.all_vertices, budget=budget)
            return json_text(result if report is None else result | {"stationarity": stationarity_result(report)}), code
        from symflow.reports.compose import clarke_document

        return _rendered(clarke_document(problem, differential, stationarity=report, budget=budget), arguments), code


def _audit(arguments: Arguments) -> Answer:
    with _problem(arguments) as problem:
        function = problem.function()
        from symflow.differentials.clarke import clarke_differential
        from symflow.differentials.selection import audit

        budget = _budget(arguments)
        report = audit(clarke_differential(function, budget=budget))
        is_decided = not any(selection.verdict.is_undecided for selection in report.selections)
        code = DONE if is_decided else UNDECIDED
        if arguments.json:
            from symflow.reports.results import audit_result

            return json_text(audit_result(problem, report, budget=budget)), code
        from symflow.reports.compose import audit_document

        return _rendered(audit_document(problem, report), arguments), code


def _derive(arguments: Arguments) -> Answer:
    with _problem(arguments) as problem:
        from symflow.reports.derive_result import derivation_of, derive_result

        derivation = derivation_of(problem, kinks=arguments.kinks, budget=_budget(arguments))
        code = DONE if derivation.is_decided else UNDECIDED
        if arguments.json:
            return json_text(derive_result(problem, derivation)), code
        from symflow.reports.compose import derive_document, derive_latex

        if arguments.latex:
            width = arguments.width or USUAL_WIDTH
            return _in_use().latex(derive_latex(problem, derivation, width, full=arguments.full)), code
        return _rendered(derive_document(problem, derivation), arguments), code


def _regions(arguments: Arguments) -> Answer:
    from symflow.regions_command import find_regions
    from symflow.reports.document import Document

    with progress_line(is_quiet=arguments.quiet) as progress:
        found = find_regions(arguments, progress)
        answer = found.answer
        text = _rendered(answer, arguments) if isinstance(answer, Document) else json_text(answer)
    code = DONE if found.is_complete else INTERRUPTED if found.is_interrupted else UNDECIDED
    return text, code, found.remark


def _flow(arguments: Arguments) -> Answer:
    from symflow.flow_command import follow_flow
    from symflow.reports.document import Document

    with progress_line(is_quiet=arguments.quiet) as progress:
        followed = follow_flow(arguments, progress)
        answer = followed.answer
        text = _rendered(answer, arguments) if isinstance(answer, Document) else json_text(answer)
    code = INTERRUPTED if followed.is_interrupted else DONE if followed.is_decided else UNDECIDED
    return text, code, followed.remark


def _laws(arguments: Arguments) -> Answer:
    with _problem(arguments) as problem:
        from symflow.laws.of_problem import laws_of_problem

        found = laws_of_problem(
            problem, model=arguments.model, every_cell=arguments.every_cell, budget=_budget(arguments)
        )
        code = DONE if found.is_decided else UNDECIDED
        checked = None
        if arguments.check is not None:
            from symflow.laws.expression import polynomial_from_text
            from symflow.laws.wrong_laws import is_law

            point = None if problem.network is None else problem.network.parameters
            polynomial = polynomial_from_text(arguments.check, problem.architecture.parameter_names, place="--check")
            checked = polynomial, is_law(polynomial, found.joint.fields, near=point)
            code = DONE if checked[1].is_proved else REFUTED if checked[1].is_refuted else UNDECIDED
        if arguments.picture is not None:
            from symflow.pictures.laws_picture import write_laws_picture

            check_destination(arguments.picture, source=None if arguments.file == "-" else arguments.file)
            write_laws_picture(problem, arguments.picture)
        if arguments.latex and not arguments.json:
            from symflow.reports.compose import laws_latex

            return _in_use().latex(laws_latex(found)), code
        if arguments.json:
            from symflow.reports.laws_result import laws_result

            return json_text(laws_result(problem, found, checked=checked)), code
        from symflow.reports.compose import checked_document, laws_document

        document = laws_document(problem, found) if checked is None else checked_document(problem, found, *checked)
        return _rendered(document, arguments), code


def _prove(arguments: Arguments) -> Answer:
    from symflow.prove_command import numerically, prove

    names, budget = arguments.claim or (), _budget(arguments)
    with progress_line(is_quiet=arguments.quiet) as progress:
        if arguments.file is None:
            proved = prove(names, shape=arguments.shape, everything=arguments.all, budget=budget, progress=progress)
        else:
            if arguments.shape is not None:
                raise InputError("both FILE and --shape; keep one", place="prove")
            with _problem(arguments) as problem:
                proved = prove(names, problem=problem, everything=arguments.all, budget=budget, progress=progress)
    residuals = numerically(proved.theorems, proved.problem, arguments.digits) if arguments.digits else {}
    if arguments.json:
        from symflow.reports.prove_result import prove_result

        return json_text(prove_result(proved.theorems, proved.problem, proved.shape, residuals)), proved.exit_code
    if arguments.latex:
        from symflow.reports.prove_latex import prove_latex

        return prove_latex(proved.theorems), proved.exit_code
    from symflow.reports.problem_line import problem_line
    from symflow.reports.prove_document import prove_document

    known = proved.problem
    about = () if known is None or known.network is None or known.has_symbolic_input else problem_line(known)
    document = prove_document(
        proved.theorems,
        in_detail=bool(names) and not arguments.all,
        about=about,
        widths=proved.widths,
        advice=_advice(arguments),
        residuals=residuals,
    )
    return _rendered(document, arguments), proved.exit_code


def _advice(arguments: Arguments) -> str:
    """Return how to re-check what prove says."""
    file = "" if arguments.file in (None, "-") else f" {arguments.file}"
    shape = "" if arguments.shape is None else f" --shape {arguments.shape}"
    return f"symflow prove{file}{shape} --json --output claims.json; symflow verify claims.json"


def _claims(arguments: Arguments) -> Answer:
    from symflow.prove_command import catalogue

    with progress_line(is_quiet=arguments.quiet) as progress:
        rows = catalogue(with_verdicts=arguments.verdicts, budget=_budget(arguments), progress=progress)
    if arguments.json:
        from symflow.reports.prove_result import claims_result

        return json_text(claims_result(rows)), DONE
    from symflow.reports.prove_document import claims_document

    return _rendered(claims_document(rows), arguments), DONE


def _verify(arguments: Arguments) -> Answer:
    from symflow.checker.reading import NotACertificateFile
    from symflow.checker.verify import verify_path, verify_text

    path = arguments.file
    assert path is not None  # the parser asks for it
    try:
        report = verify_text(sys.stdin.read()) if path == "-" else verify_path(path)
    except NotACertificateFile as error:
        raise InputError(f"{error}; give what a command wrote with --json --output", place=path) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", place=path) from None
    except ValueError:  # a null character in the name, or standard input that is no text
        raise InputError("cannot be read; give a file or a folder", place=path) from None
    code = DONE if report["accepted"] else REFUTED if report["rejected"] else UNDECIDED
    if arguments.json:
        return json_text(report), code
    from symflow.reports.compose import verify_document

    return _rendered(verify_document(path, report), arguments), code


def _study(arguments: Arguments) -> int:
    """Write a folder; what is there is printed. An interrupted study says what it has."""
    from symflow.study import run_study
    from symflow.study_words import interruption, study_document

    with progress_line(is_quiet=arguments.quiet) as progress:
        written = run_study(arguments.file, arguments.output, budget=_budget(arguments), progress=progress)
    study = written.study
    if study.is_interrupted:
        return _fail(interruption(written), INTERRUPTED)
    if arguments.json:
        write_standard_output(json_text(written.results))
    else:
        from symflow.reports.names import naming_of

        document = naming_of(study.problem).document(study_document(written, is_demo=arguments.file is None))
        write_standard_output(_rendered(document, replace(arguments, output=None)))
    if study.is_rejected:
        return REFUTED
    return UNDECIDED if study.is_undecided else DONE


def _export(arguments: Arguments) -> Answer:
    from symflow.export_command import export, standard_text

    with progress_line(is_quiet=arguments.quiet) as progress:
        written = export(arguments, progress=progress)
    text = json_text(written.report) if arguments.json else standard_text(written)
    return text, DONE, "" if arguments.json or arguments.quiet else written.remark


def _export_folder(arguments: Arguments) -> int:
    from symflow.export_command import export, write_folder

    assert arguments.output is not None
    with progress_line(is_quiet=arguments.quiet) as progress:
        written = export(arguments, progress=progress)
    write_folder(written, arguments.output)
    if arguments.json:
        write_standard_output(json_text(written.report))
    else:
        write_standard_output(f"{written.missing}{written.remark}\n")
    return DONE


def _report(arguments: Arguments) -> Answer:
    from symflow.report_command import asked_report

    with progress_line(is_quiet=arguments.quiet) as progress:
        made = asked_report(arguments, progress)
    return made.text, DONE if made.is_complete else UNDECIDED, made.remark


def _notes(arguments: Arguments) -> Answer:
    from symflow.notes_command import asked_notes, put_beside

    with progress_line(is_quiet=arguments.quiet) as progress:
        made = asked_notes(arguments, progress)
    return made.text, DONE if made.is_decided else UNDECIDED, put_beside(made, arguments.output)


_HANDLERS: dict[str, Callable[[Arguments], Answer]] = {
    "init": _init,
    "derive": _derive,
    "regions": _regions,
    "clarke": _clarke,
    "audit": _audit,
    "flow": _flow,
    "laws": _laws,
    "report": _report,
    "notes": _notes,
    "prove": _prove,
    "claims": _claims,
    "verify": _verify,
    "export": _export,
}


# ---------------------------------------------------------------------- what they share


@contextmanager
def _problem(arguments: Arguments) -> Iterator[Problem]:
    """Read the problem; what is found wrong with it later names the file too."""
    from symflow.problem_file import read_problem, shown_name
    from symflow.problem_tree import named

    assert arguments.file is not None  # the parser asks for it
    from symflow.reports.names import naming_of, using

    problem = read_problem(arguments.file, variable=arguments.variable, at=arguments.at, names=arguments.names)
    with named(shown_name(arguments.file)), using(naming_of(problem)):
        yield problem


def _budget(arguments: Arguments) -> Budget:
    from symflow.exact.simplex import Budget

    return Budget(deadline=arguments.deadline)


def _in_use() -> Naming:
    """Return the names that what is written is to bear."""
    from symflow.reports.names import in_use

    return in_use()


def _rendered(document: Document, arguments: Arguments) -> str:
    """Return a document as text, for the terminal or for a file."""
    from symflow.formats.plain_text import render

    document = _in_use().document(document)
    goes_to_file = arguments.output is not None
    ascii_only = arguments.ascii or (not goes_to_file and is_plain(sys.stdout))
    colour = not goes_to_file and not ascii_only and has_colour(sys.stdout)
    width = usual_width(goes_to_file) if arguments.width is None else arguments.width
    text = render(document, width=width, ascii=ascii_only, colour=colour, full=arguments.full)
    return text.encode("ascii", "backslashreplace").decode() if ascii_only else text
