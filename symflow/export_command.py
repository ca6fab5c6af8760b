"""``symflow export``: claims of a result as scripts for a second kernel, with a report of what has none.

A result is a file that a command wrote with ``--json --output``. From a problem file the claims are made first: its
Clarke differential, its closed forms, and all claims of the catalogue that apply.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from symflow.errors import InputError, SymflowError
from symflow.exports.results import export_result
from symflow.exports.script import MARK, Export
from symflow.usage import Arguments

#: What Coq leaves beside a script.
_BY_COQ = (".vo", ".vok", ".vos", ".glob", ".aux", ".cache")

# What differs between reasons of one kind, and what stands for it.
_KINDS = (
    (re.compile(r"^its own script \S+ is stored"), "its own script is stored"),
    (re.compile(r'^it follows by the rule "\w+" from'), "it follows by a rule from"),
    (re.compile(r"^[\w, ]+ over the reals$"), "names that are not defined over the reals"),
    (re.compile(r"^\w+: over the reals$"), "over the reals"),
)

# So many places stand beside a reason.
_SHOWN = 3


@final
@dataclass(frozen=True, slots=True)
class Written:
    """An export: its files by name, and the report."""

    files: tuple[tuple[str, str], ...]
    report: dict[str, Any]

    @property
    def remark(self) -> str:
        """One line: how many theorems, of which kinds, and how much is not exported."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.report["kinds"].items())
        missing = len(self.report["not_exported"])
        return f"{self.report['n_theorems']} theorems ({kinds}); not exported: {missing}"

    @property
    def missing(self) -> str:
        """What is not exported, by kinds; the report and the first script list each."""
        return "".join(f"{line}\n" for line in missing_lines(self.report["not_exported"]))


def export(arguments: Arguments, *, progress: Callable[[str], object] = lambda _: None) -> Written:
    """Return the scripts of a file, in Coq or in Lean.

    Raises
    ------
    InputError
        If the file is no result and no problem, or no language is named.
    """
    if arguments.coq == arguments.lean:
        raise InputError("name the language: --coq or --lean", place="export")
    assert arguments.file is not None  # the parser asks for it
    found = Export()
    for result in _results(arguments, progress):
        progress(str(result.get("command")))
        part = export_result(result)
        found.claims += part.claims
        found.not_exported += part.not_exported
    stem = _stem(arguments.file)
    if arguments.lean:
        from symflow.exports.lean import lean_files

        files = tuple(lean_files(found, stem))
    else:
        files = tuple(found.files(stem))
    report = {
        "command": "export",
        "language": "lean" if arguments.lean else "coq",
        "n_theorems": sum(found.kinds.values()),
        "kinds": found.kinds,
        "files": [name for name, _ in files],
        "not_exported": found.not_exported,
    }
    return Written(files, report)


def missing_lines(not_exported: Sequence[str]) -> list[str]:
    """Return one line for each kind of reason: how often, why, and where.

    Examples
    --------
    >>> places = [f"claims[{i}] balancing: its own script balancing.v is stored with symflow" for i in range(5)]
    >>> for line in missing_lines([*places, "derive: that no other pieces occur"]):
    ...     print(line)
    not exported:   5  its own script is stored with symflow  claims[0], claims[1], claims[2], ..
    not exported:   1  that no other pieces occur  derive
    """
    kinds: dict[str, list[str]] = {}
    for each in not_exported:
        places = kinds.setdefault(_kind(each), [])
        place = re.split(r"[ .:]", each)[0]
        if place not in places:
            places.append(place)
    counts = Counter(map(_kind, not_exported))
    return [
        f"not exported: {counts[reason]:3}  {reason}  {', '.join(places[:_SHOWN])}{', ..' * (len(places) > _SHOWN)}"
        for reason, places in sorted(kinds.items(), key=lambda pair: -counts[pair[0]])
    ]


def standard_text(written: Written) -> str:
    """Return the one script that standard output takes."""
    if len(written.files) > 1:
        raise InputError(f"{len(written.files)} files; name a folder with --output DIR", place="export")
    return written.files[0][1]


def write_folder(written: Written, name: str) -> None:
    """Write the scripts into a folder that is new, empty, or holds nothing but an earlier export."""
    folder = Path(name)
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError("is a file; name a folder with --output", place=name)
        folder.mkdir(exist_ok=True)
        for file in sorted(folder.iterdir()):
            if file.name.endswith(_BY_COQ):
                continue
            if file.is_dir() or not file.read_text(encoding="utf-8", errors="replace").startswith(_marks()):
                raise InputError(f"holds {file.name}, which no export wrote; name another folder", place=name)
        for file in folder.iterdir():
            if not file.name.endswith(_BY_COQ):
                file.unlink()
        for file_name, text in written.files:
            (folder / file_name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", place=name) from None


def _kind(entry: str) -> str:
    """Return the reason of an entry, without the names that are its own."""
    reason = entry.partition(": ")[2]
    for special, kind in _KINDS:
        reason = special.sub(kind, reason)
    return reason


def _marks() -> tuple[str, ...]:
    from symflow.exports.lean import LEAN_MARK

    return (MARK, LEAN_MARK)


def _stem(file: str) -> str:
    stem = "".join(c if c.isascii() and c.isalnum() else "_" for c in Path(file).stem) if file != "-" else "claims"
    return stem if stem and stem[0].isalpha() else f"claims_{stem}".rstrip("_")


def _results(arguments: Arguments, progress: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Return the results of a file: the one that it is, or those of the problem that it is."""
    assert arguments.file is not None
    tree = None
    if arguments.file != "-":
        try:
            tree = json.loads(Path(arguments.file).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            tree = None  # a problem file, then, or the error that reading one raises
    if isinstance(tree, dict) and "command" in tree:
        yield from _checked(tree, arguments.file)
        return
    yield from _of_problem(arguments, progress)


def _checked(tree: dict[str, Any], place: str) -> Iterator[dict[str, Any]]:
    """Return a result, or all results of a study, once the trusted checker has accepted it."""
    if tree["command"] == "study":
        raise InputError("is a study; give one of the files in its certificates folder", place=place)
    yield tree


def _of_problem(arguments: Arguments, progress: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    from symflow.differentials.clarke import clarke_differential
    from symflow.exact.simplex import Budget
    from symflow.problem_file import read_problem
    from symflow.prove_command import prove
    from symflow.reports.derive_result import derivation_of, derive_result
    from symflow.reports.prove_result import prove_result
    from symflow.reports.results import clarke_result

    assert arguments.file is not None
    budget = Budget(deadline=arguments.deadline)
    problem = read_problem(arguments.file)
    progress("clarke")
    known = []
    if problem.network is not None:
        try:
            differential = clarke_differential(problem.function(), budget=budget)
            known.append(clarke_result(problem, differential, budget=budget))
            yield known[0]
        except SymflowError as error:
            print(f"symflow: no Clarke differential: {error}", file=sys.stderr)
    progress("derive")
    yield derive_result(problem, derivation_of(problem, budget=budget))
    if problem.network is not None:
        proved = prove((), problem=problem, everything=True, known=known, budget=budget, progress=progress)
        yield prove_result(proved.theorems, proved.problem, proved.shape)
