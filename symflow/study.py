"""The main job: everything about one problem, into one folder.

The stages are those of the commands; then the certificates, which are re-checked from their text before anything is
said of them, the lecture notes and the page. A problem with symbolic weights has closed forms only, one with a symbolic
input closed forms and regions; the page is that of ``symflow report``. What an interrupt or the end of the time leaves
unfinished is left out, and named; what is there is whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, final

from symflow._version import __version__
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.formats.latex import render_notes
from symflow.latex_run import compile_latex
from symflow.problem import Problem
from symflow.problem_file import problem_text_to_tree, read_problem, shown_name
from symflow.problem_tree import named, problem_from_tree
from symflow.reports.names import naming_of, using
from symflow.reports.notes.closing import listed_statements
from symflow.reports.notes.document import Notes
from symflow.reports.sources import bibliography
from symflow.study_folder import RESULTS, beside, check_folder, digest_of, put_in_place, write_files
from symflow.study_stages import Study, notes_of, page_of, run_stages
from symflow.writing import Progress, json_text


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
    >>> import json, tempfile
    >>> net = {"activation": "relu", "weights": [[["1"], ["-1"]], [["1", "-1"]]]}
    >>> problem = {"network": net, "objective": {"variable": "input", "at": ["0"]}}
    >>> with tempfile.TemporaryDirectory() as here:
    ...     _ = Path(here, "identity.json").write_text(json.dumps(problem))
    ...     written = run_study(f"{here}/identity.json", f"{here}/study")
    ...     sorted(path.name for path in Path(here, "study", "certificates").iterdir())
    ['audit.json', 'clarke.json', 'derive.json', 'prove.json', 'regions.json']
    >>> written.study.status, written.results["clarke"]["n_vertices"]
    ('complete', 1)
    """
    tell = progress or (lambda _: None)
    target = folder if folder is not None else default_folder(file)
    # A file inside the old folder may be the one that is read: its text is taken before the folder is touched.
    check_folder(target, edited=None if file is None or file == "-" else Path(file))
    problem, source, content = _problem(file)
    study = Study(problem, source)
    with beside(target) as new:
        with named("" if file is None else shown_name(file)):
            run_stages(study, budget, tell)
        if study.is_interrupted and not study.results:
            raise KeyboardInterrupt
        notes = None
        try:
            with using(naming_of(problem)):
                notes = notes_of(study)
        except KeyboardInterrupt:
            study.is_interrupted = True
            study.missing.append("notes")
        files = {source: content, **_certificates(study)}
        if notes is not None:
            files["notes.tex"] = naming_of(problem).latex(render_notes(notes)).encode("utf-8")
            if notes.references:
                files["notes.bib"] = bibliography(notes.references).encode("ascii")
        if not study.is_interrupted:
            tell("page")
            files |= page_of(study, budget)
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
    names = {"names": problem.names.tree()} if problem.names.tree() else {}
    canonical = json_text(problem.tree() | names).encode("ascii")
    if file == "-":
        return problem, "problem.json", canonical
    path = Path(file)
    name = path.name if path.stem not in ("notes", "results", "report") else f"problem-{path.name}"
    try:
        content = path.read_bytes() if path.is_file() else canonical
        tree = problem_text_to_tree(content.decode("utf-8"), suffix=path.suffix.lower())
    except (OSError, ValueError):
        return problem, f"{path.stem}.json", canonical
    if "file" in tree.get("network", {}):  # weights in a file of their own: the copy holds them itself
        return problem, f"{Path(name).stem}.json", canonical
    return problem, name, content


def _certificates(study: Study) -> dict[str, bytes]:
    return {
        f"certificates/{name}.json": json_text(result).encode("ascii")
        for name, result in study.results.items()
        if name != "flow" or name in study.certified
    }


def _results(study: Study, notes: Notes | None, files: dict[str, bytes]) -> dict[str, Any]:
    """Return the object of results.json; it names the files, with the digests of those that people edit."""
    kept = {study.source, "notes.tex", "notes.bib"}
    listed: list[dict[str, str]] = []
    for name, content in files.items():
        listed.append({"name": name, "sha256": digest_of(content)} if name in kept else {"name": name})
    return {
        "command": "study",
        "symflow": __version__,
        "problem": study.problem.tree(),
        "status": study.status,
        **{name: study.results.get(name) for name in ("clarke", "audit", "derive", "regions", "flow", "laws", "prove")},
        "missing": study.missing,
        "left_out": study.reasons,
        "statements": [] if notes is None else listed_statements(notes),
        "verified": {
            "accepted": study.is_accepted,
            "n_certificates": study.n_certificates,
            "not_checked": [
                f"{name}: {claim}" for name, check in study.checks.items() for claim in check["not_checked"]
            ],
        },
        "files": listed,
    }
