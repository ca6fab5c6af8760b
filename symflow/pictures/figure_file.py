"""Pictures in files: which endings there are, what matplotlib writes for them, and a file written whole or not at all.

The same picture gives the same bytes: what would differ from one run or one release to the next is left out.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from symflow.errors import InputError
from symflow.pictures.matplotlib_regions import require_matplotlib

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Dots in an inch of a PNG.
DPI = 200

_METADATA = {
    ".png": {"Software": None},
    ".pdf": {"Creator": None, "Producer": None, "CreationDate": None},
}


def checked_ending(path: str | Path, endings: Sequence[str]) -> str:
    """Return the ending of a picture's name, after checking that such a picture can be drawn.

    Parameters
    ----------
    path : str or Path
        The name.
    endings : sequence of str
        Those that there are.

    Raises
    ------
    InputError
        If it ends in something else; NotSupportedError if matplotlib is needed and missing.

    Examples
    --------
    >>> checked_ending("cells.SVG", (".svg", ".pdf"))
    '.svg'
    >>> checked_ending("cells.jpg", (".svg", ".png", ".pdf"))
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: cells.jpg: is no kind of picture; end the name in .svg, .png or .pdf
    """
    ending = Path(path).suffix.lower()
    if ending not in endings:
        raise InputError(
            f"is no kind of picture; end the name in {', '.join(endings[:-1])} or {endings[-1]}", place=str(path)
        )
    if ending in _METADATA:
        require_matplotlib()
    return ending


def figure_bytes(figure: Figure, ending: str) -> bytes:
    """Return a matplotlib figure as the content of a PNG or PDF file."""
    content = io.BytesIO()
    figure.savefig(content, format=ending[1:], dpi=DPI, metadata=_METADATA[ending])
    return content.getvalue()


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            target.write_bytes(content)
            return
        try:
            beside.write_bytes(content)
            beside.replace(target)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", place=str(path)) from None
