"""The folder of a study: written beside its place and then put there, so that nobody ever sees half of it.

A study may replace a folder that a study wrote, and no other; and it never deletes work of yours: where the folder
holds a file that study did not write, or where the problem or the notes in it were edited, it says so and stops. What
it wrote is known from ``results.json``: that file names the others and has the digests of those that people edit.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symflow.errors import InputError

RESULTS = "results.json"

# What LaTeX leaves beside a document that somebody compiled in the folder.
_BY_LATEX = {".aux", ".log", ".out", ".pdf", ".toc", ".fls", ".fdb_latexmk", ".gz"}


def check_folder(path: str | Path, *, edited: Path | None = None) -> None:
    """Refuse, before anything is computed, a folder that a study may not write.

    Parameters
    ----------
    path : str or Path
        Where the study is to go.
    edited : Path, optional
        The problem file that is read: it may stand in the folder and be edited, since the new folder has a copy.

    Raises
    ------
    InputError
        Naming the path and what to do.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "thesis.tex").write_text("mine")
    ...     try:
    ...         check_folder(folder)
    ...     except InputError as error:
    ...         print(error.message)
    is not empty, and no study wrote it; name another folder with --output
    """
    name = str(path)
    if "\0" in name or not name:
        raise InputError("is no name of a folder", place=name)
    try:
        target = Path(path)
        if target.is_symlink() and not target.exists():
            raise InputError("is a link to nothing; name another folder with --output", place=name)
        if target.exists():
            _check_existing(target, name, edited)
        elif not target.parent.is_dir():
            raise InputError("its folder does not exist; make it first", place=name)
        writable = target if target.exists() else target.parent
        if not os.access(writable, os.W_OK | os.X_OK) or not os.access(target.resolve().parent, os.W_OK):
            raise InputError("may not be written; choose another place", place=name)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot be written: {getattr(error, 'strerror', None) or error}", place=name) from None


def _check_existing(target: Path, name: str, edited: Path | None) -> None:
    if not target.is_dir():
        raise InputError("is a file; name a folder with --output", place=name)
    present = sorted(file.relative_to(target).as_posix() for file in target.rglob("*") if not file.is_dir())
    if not present and not any(target.iterdir()):
        return
    written = written_by_study(target)
    if written is None:
        raise InputError("is not empty, and no study wrote it; name another folder with --output", place=name)
    for file in present:
        path = Path(file)
        if file in written or file == RESULTS or (path.stem == "notes" and path.suffix in _BY_LATEX):
            continue
        raise InputError(f"holds {file}, which study did not write; name another folder with --output", place=name)
    for file, digest in written.items():
        copy = target / file
        if digest is None or not copy.is_file() or (edited is not None and edited.exists() and edited.samefile(copy)):
            continue
        if digest_of(copy.read_bytes()) != digest:
            raise InputError(f"{file} in it was edited; name another folder with --output", place=name)


def written_by_study(folder: Path) -> dict[str, str | None] | None:
    """Return the files that a study wrote into a folder, with their digests where it keeps one; None if none did."""
    try:
        found: Any = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("command") != "study" or not isinstance(found.get("files"), list):
        return None
    result: dict[str, str | None] = {}
    for entry in found["files"]:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            return None
        digest = entry.get("sha256")
        result[entry["name"]] = digest if isinstance(digest, str) else None
    return result


def digest_of(content: bytes) -> str:
    """Return the SHA-256 digest of a file's content."""
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def beside(path: str | Path) -> Any:
    """Give a new folder beside a path; whatever is still there at the end is removed."""
    target = Path(os.path.realpath(path))
    folder = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        folder.mkdir()
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", place=str(path)) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, each through to the disk.

    Raises
    ------
    InputError
        If one cannot be written.
    """
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror or error}", place=name) from None


def put_in_place(folder: Path, path: str | Path) -> None:
    """Put a finished folder where it belongs; what an earlier study wrote there is replaced whole.

    Raises
    ------
    InputError
        If that is not possible; the old folder is then where it was.
    """
    target = Path(os.path.realpath(path))
    old = target.with_name(f".{target.name[:100]}.{os.getpid()}.old")
    moved = False
    try:
        if target.exists():
            target.rename(old)
            moved = True
        folder.rename(target)
    except OSError as error:
        if moved:
            old.rename(target)
        raise InputError(f"cannot be written: {error.strerror or error}", place=str(path)) from None
    if moved:
        shutil.rmtree(old, ignore_errors=True)
