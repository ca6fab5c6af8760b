"""Readers of NumPy's npz files: zip archives of arrays.

Floats of 16, 32 and 64 bits and integers are read; wider floats, complex numbers, booleans and Python objects
(which NumPy would have to unpickle, that is, execute) are refused. The header of each array is compared with
the size of its data before anything is allocated.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np

from symflow.errors import ProblemFileError
from symflow.nets.readers.base import NamedArray, array_length
from symflow.nets.readers.zip_archive import zip_members

_HEADERS: dict[tuple[int, int], Callable[..., tuple[tuple[int, ...], bool, np.dtype[np.generic]]]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_arrays(content: bytes, *, file: str) -> tuple[NamedArray, ...]:
    """Return the arrays of an npz file, in its order.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> np.savez(buffer, W1=np.array([[1, -2]]))
    >>> read_arrays(buffer.getvalue(), file="net.npz")
    (NamedArray(name='W1', shape=(1, 2), values=[1, -2]),)
    """
    members = zip_members(content, file=file, expected="an npz file")
    return tuple(_array(name, member, file) for name, member in members.items())


def _array(member_name: str, member: bytes, file: str) -> NamedArray:
    name = member_name.removesuffix(".npy")
    place = f"{file}, {name}"
    stream = io.BytesIO(member)
    try:
        version = np.lib.format.read_magic(stream)
        shape, is_by_columns, kind = _HEADERS[version](stream)
    except (ValueError, KeyError, EOFError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise ProblemFileError("is not an array of NumPy; save W1, b1, W2, ..", place=place) from None
    if kind.kind not in "fiu" or kind.itemsize > 8:
        raise ProblemFileError(f"holds {kind.name}; floats of at most 64 bits and integers are read", place=place)
    length = array_length(shape, place=place)
    data = member[stream.tell() :]
    if len(data) != length * kind.itemsize:
        raise ProblemFileError("has more or less data than its shape says; save it again", place=place)
    array = np.frombuffer(data, dtype=kind).reshape(shape, order="F" if is_by_columns else "C")
    # float16 and float32 become float64 without change
    return NamedArray(name, tuple(shape), array.ravel(order="C").tolist())
