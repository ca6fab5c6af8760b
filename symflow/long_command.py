"""What commands that may take long share: an earlier result to go on from, and a line of progress now and then."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from symflow.errors import InputError
from symflow.problem_file import shown_name
from symflow.writing import Progress

# The line of progress changes so often, in seconds.
EVERY = 0.2


def earlier_result(path: str, command: str) -> Any:
    """Return what stands in the file of an earlier result.

    Parameters
    ----------
    path : str
        The file; ``"-"`` for standard input.
    command : str
        Which command wrote it.

    Raises
    ------
    InputError
        If it cannot be read, or is not JSON.
    """
    name = shown_name(path)
    try:
        return json.loads(sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", place=name) from None
    except (ValueError, RecursionError):
        raise InputError(f"is not JSON; give what symflow {command} --json wrote", place=name) from None


def now_and_then(progress: Progress) -> Callable[[Callable[[], str]], None]:
    """Return what shows a word that is made for it, but no more often than an eye can follow.

    Examples
    --------
    The first word is for those who have waited a little:

    >>> told = []
    >>> tell = now_and_then(told.append)
    >>> tell(lambda: "t = 1")
    >>> told
    []
    """
    last = time.monotonic()

    def tell(word: Callable[[], str]) -> None:
        nonlocal last
        clock = time.monotonic()
        if clock - last >= EVERY:
            last = clock
            progress(word())

    return tell
