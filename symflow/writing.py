"""Where results go: standard output or a file, whole or not at all.

A file is written beside its name and then renamed, so that nobody ever sees half of it. JSON is ASCII, and the
same result gives the same bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from symflow.errors import InputError

USUAL_WIDTH = 92

#: What shows a word while a long command works.
Progress = Callable[[str], None]

# A page says itself that it is UTF-8, whatever the terminal takes.
_HTML = "<!doctype html>"

# Erases the line.
_ERASE = "\r\x1b[K"


def json_text(result: Mapping[str, Any]) -> str:
    """Return a result as JSON: ASCII, no float, one newline at the end.

    Examples
    --------
    >>> print(json_text({"holds": True, "value": "1/2"}), end="")
    {
     "holds": true,
     "value": "1/2"
    }
    """
    _refuse_floats(result)
    little = json.JSONEncoder(indent=1, ensure_ascii=True, allow_nan=False).iterencode(result)
    # The little texts of a large result are several times as large as the whole: they are joined as they come.
    return "".join(iter(lambda: "".join(islice(little, 10_000)), "")) + "\n"


def say(message: str) -> None:
    """Write one line to standard error, whatever is in the message."""
    stream = sys.stderr
    if stream is None:
        return
    line = "".join(c if c.isprintable() else "?" for c in " ".join(message.split("\n")))
    encoding = stream.encoding or "ascii"
    erase = _ERASE if _rewrites(stream) else ""
    print(f"{erase}symflow: {line}".encode(encoding, "backslashreplace").decode(encoding), file=stream)


@contextmanager
def progress_line(*, is_quiet: bool) -> Iterator[Progress]:
    """Give what shows a word on standard error in one line that rewrites itself; nothing off a terminal."""
    stream = sys.stderr
    if is_quiet or stream is None or not _rewrites(stream):
        yield lambda _: None
        return

    def tell(word: str) -> None:
        print(f"{_ERASE}  {word} ...", end="", file=stream, flush=True)

    try:
        yield tell
    finally:
        print(_ERASE, end="", file=stream, flush=True)


def _rewrites(stream: IO[str]) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def is_plain(stream: IO[str] | None) -> bool:
    """Whether a stream takes ASCII alone: another encoding than UTF-8, or a dumb terminal."""
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "").replace("_", "")
    return encoding != "utf8" or os.environ.get("TERM") == "dumb"


def has_colour(stream: IO[str] | None) -> bool:
    """Whether a stream shows colour: a terminal that is not dumb, and NO_COLOR is not set."""
    if stream is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def usual_width(goes_to_file: bool) -> int:
    """Return how many columns a text has where nobody said: 92, or what the terminal has if that is less."""
    if goes_to_file or sys.stdout is None or not sys.stdout.isatty():
        return USUAL_WIDTH
    return min(USUAL_WIDTH, shutil.get_terminal_size().columns)


def write_standard_output(text: str) -> None:
    """Write text to standard output and flush it; a reader that went away is no error.

    Raises
    ------
    InputError
        If it cannot be written, for example because the disk is full.
    """
    stream = sys.stdout
    if stream is None:
        raise InputError("is closed; use --output PATH", place="standard output")
    try:
        if text.startswith(_HTML) and hasattr(stream, "buffer"):
            stream.flush()
            stream.buffer.write(text.encode("utf-8"))
        else:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except OSError as error:
        _silence(stream)
        raise InputError(f"cannot be written: {error.strerror or error}", place="standard output") from None


def check_destination(path: str, *, source: str | None = None) -> None:
    """Refuse, before anything is computed, a file that could not be written or that is the one read.

    Raises
    ------
    InputError
        Naming the path and what to do.
    """
    if "\0" in path:
        raise InputError("is no name of a file", place=path)
    try:
        target = Path(path)
        if target.is_dir():
            raise InputError("is a directory; name a file in it", place=path)
        if not target.parent.is_dir():
            raise InputError("its folder does not exist; make it first", place=path)
        if source is not None and target.exists() and Path(source).exists() and target.samefile(source):
            raise InputError("is the input itself; name another file", place=path)
        may_write = os.access(target, os.W_OK) if target.exists() else os.access(target.parent, os.W_OK)
        if not may_write:
            raise InputError("may not be written; choose another place", place=path)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot be written: {getattr(error, 'strerror', None) or error}", place=path) from None


def write_file(path: str | Path, text: str) -> None:
    """Write a file in UTF-8, whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    target = Path(os.path.realpath(path))  # a link stays a link; what it names is replaced
    content = text.encode("utf-8", "backslashreplace")
    try:
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            with target.open("wb") as file:
                file.write(content)
            return
        _replace(target, content)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", place=str(path)) from None


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    except BaseException:  # an interrupt too leaves nothing behind
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _silence(stream: IO[str]) -> None:
    """Send what Python would still flush at exit nowhere, so that it does not complain."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _refuse_floats(value: object) -> None:
    """Assert that no float reaches a result: each would be a number of unknown error."""
    pending = [value]
    while pending:
        entry = pending.pop()
        assert not isinstance(entry, float), f"a float in a result: {entry}"
        if isinstance(entry, Mapping):
            pending.extend(entry.values())
        elif isinstance(entry, list | tuple):
            pending.extend(entry)
