r"""Where the numbers are that notes do not write out: files in the folder of a study, a command for notes alone."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from symflow.proofs.claim import Claim
from symflow.reports.latex_text import escape

Part = TypeVar("Part")


def with_commands(notes: Part, problem_file: str) -> Part:
    r"""Return notes that name the command which writes a file instead of the file.

    Parameters
    ----------
    notes : Notes or Slides
        As a study has them beside its files.
    problem_file : str
        The name of the problem's file; may be empty.

    Examples
    --------
    >>> from symflow.reports.notes.document import Prose
    >>> print(with_commands(Prose(r"The weights are in \texttt{results.json}."), "net.toml").text)
    The weights are in the \texttt{results.json} of \texttt{symflow study net.toml}.
    """
    file = escape(problem_file) if problem_file else "FILE"
    said: Part = _said(notes, file)
    return said


def _said(part: Any, file: str) -> Any:
    if isinstance(part, str):
        text = part.replace(
            r"\texttt{results.json}", rf"the \texttt{{results.json}} of \texttt{{symflow study {file}}}"
        )
        text = text.replace(r"\texttt{symflow verify certificates/}", rf"\texttt{{symflow study {file}}} writes them")
        return re.sub(
            r"\\texttt\{certificates/([a-z]+)\.json\}",
            lambda found: rf"the output of \texttt{{symflow {found[1]} {file} -{{}}-json}}",
            text,
        )
    if isinstance(part, tuple):
        return tuple(_said(each, file) for each in part)
    if is_dataclass(part) and not isinstance(part, type | Claim):
        kept = {"source"}  # the name of the file itself
        changed = {
            field.name: _said(getattr(part, field.name), file) for field in fields(part) if field.name not in kept
        }
        return replace(part, **changed)
    return part
