"""The members of a zip archive, read with bounds: npz files and PyTorch's files are such archives."""

from __future__ import annotations

import io
import zipfile
import zlib

from symflow.errors import ProblemFileError

# A compressed member may claim any size; what exact work can use is far smaller.
_LARGEST_MEMBER = 2**30


def zip_members(content: bytes, *, file: str, expected: str) -> dict[str, bytes]:
    """Return the members of an archive by name, in the order of the archive.

    Parameters
    ----------
    content : bytes
        The archive.
    file : str
        Its name, for messages.
    expected : str
        What the archive should have been, for messages.

    Raises
    ------
    ProblemFileError
        If it is no zip archive, truncated, damaged or encrypted.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> with zipfile.ZipFile(buffer, "w") as archive:
    ...     archive.writestr("W1.npy", b"...")
    >>> zip_members(buffer.getvalue(), file="net.npz", expected="an npz file")
    {'W1.npy': b'...'}
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _LARGEST_MEMBER:
                raise ProblemFileError("unpacks to more than 1 GiB; exact work needs small nets", place=file)
            contents = {m.filename: archive.read(m) for m in members if not m.is_dir()}
            if len(contents) < sum(not m.is_dir() for m in members):
                raise ProblemFileError("holds two members of one name; save the weights again", place=file)
            return contents
    # All of these come from damaged archives: unknown compression and encryption are the third and the
    # fourth.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as e:
        if isinstance(e, ProblemFileError):
            raise
        raise ProblemFileError(
            f"is not {expected}, or only a part of one; save the weights again", place=file
        ) from None
