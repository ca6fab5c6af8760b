"""The door of the checker: a text, a file or a folder of certificate files goes in, a report comes out.

Nothing that is written in a file can make it crash or be believed: what a rule does not expect is
refused, and should a rule meet something its author did not think of, the exception itself becomes a
refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from symflow.checker.audit import check_audit
from symflow.checker.claims import check_prove
from symflow.checker.clarke import check_clarke
from symflow.checker.derive import check_derive
from symflow.checker.flow import check_flow
from symflow.checker.laws import check_laws
from symflow.checker.reading import NotACertificateFile, Refused, Report, parse
from symflow.checker.regions import check_regions

_CHECKS: dict[str, Callable[[Report, dict[str, object]], object]] = {
    "audit": check_audit,
    "clarke": check_clarke,
    "derive": check_derive,
    "flow": check_flow,
    "laws": check_laws,
    "prove": check_prove,
    "regions": check_regions,
}


def verify_text(text: str) -> dict[str, object]:
    """Check one result, given as the JSON text that a command wrote.

    Parameters
    ----------
    text : str
        All of the file.

    Returns
    -------
    dict
        ``accepted``, ``n_certificates`` (how many held), ``rejected`` (a list of place and reason) and
        ``not_checked`` (claims that no rule here decides, or that are too large to check: in the second case the
        result is neither accepted nor rejected).

    Raises
    ------
    NotACertificateFile
        If the text is not a JSON object, or not of a command whose results are checked.

    Examples
    --------
    >>> verify_text('{"command": "init"}')
    Traceback (most recent call last):
        ...
    symflow.checker.reading.NotACertificateFile: no certificates are known for the command "init"
    """
    return _checked(text).result()


def verify_path(path: str | Path) -> dict[str, object]:
    """Check a file, or every certificate file below a folder.

    Parameters
    ----------
    path : str or Path
        A file, or a folder in which every ``.json`` file that is a certificate file is checked.

    Returns
    -------
    dict
        As :func:`verify_text`; below a folder each place begins with the file's name.

    Raises
    ------
    NotACertificateFile
        If the file is none, or the folder holds none.
    OSError
        If the path cannot be read.
    """
    path = Path(path)
    if not path.is_dir():
        return verify_text(_text(path))
    whole = Report()
    n_files = 0
    for file in sorted(path.rglob("*.json")):
        try:
            whole.include(file.relative_to(path).as_posix(), _checked(_text(file)))
            n_files += 1
        except NotACertificateFile:
            continue
    if not n_files:
        raise NotACertificateFile("no file below this folder is a certificate file")
    return whole.result()


def _checked(text: str) -> Report:
    report = Report()
    try:
        result = parse(text)
    except Refused as refusal:
        report.reject(str(refusal))
        return report
    command = result.get("command")
    if not isinstance(command, str) or command not in _CHECKS:
        shown = f'"{command[:40]}"' if isinstance(command, str) else "that is missing"
        raise NotACertificateFile(f"no certificates are known for the command {shown}")
    try:
        with report.checking(""):
            _CHECKS[command](report, result)
    except Exception as error:  # the safe side: what was not foreseen is not accepted
        report.reject(f"the check broke off: {type(error).__name__}")
    return report


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotACertificateFile("this is not a text in UTF-8") from error
