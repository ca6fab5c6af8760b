"""Readers of safetensors files: eight bytes with the length of a JSON header, the header, the data.

The header maps each name to ``{"dtype", "shape", "data_offsets"}``, offsets counted from the end of the
header. Every length is checked against the file; the data must be covered without gap or overlap. Tensors are
sorted by name when such a file is written, so that its order says nothing about the layers.
"""

from __future__ import annotations

import itertools
import json

import numpy as np

from symflow.errors import ProblemFileError
from symflow.nets.readers.base import NamedArray, array_length

# bfloat16 is the upper half of a float32.
_DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "<i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "<u1",
}


def read_arrays(content: bytes, *, file: str) -> tuple[NamedArray, ...]:
    """Return the tensors of a safetensors file, by position.

    Examples
    --------
    >>> import struct
    >>> header = b'{"W1": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}}'
    >>> read_arrays(len(header).to_bytes(8, "little") + header + struct.pack("<f", 0.5), file="net.safetensors")
    (NamedArray(name='W1', shape=(1, 1), values=[0.5]),)
    """
    header, data = _header_and_data(content, file)
    arrays = []
    spans = []
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        dtype, shape, (begin, end) = _checked(entry, f"{file}, {name}")
        length = array_length(shape, place=f"{file}, {name}")
        if not begin <= end <= len(data) or end - begin != length * np.dtype(_DTYPES[dtype]).itemsize:
            raise ProblemFileError(
                f"bytes {begin} to {end} of {len(data)} do not hold its shape; save it again", place=f"{file}, {name}"
            )
        spans.append((begin, end))
        arrays.append((begin, NamedArray(name, shape, _values(data[begin:end], dtype))))
    ends = sorted(spans)
    if any(a[1] != b[0] for a, b in itertools.pairwise([(0, 0), *ends, (len(data), len(data))])):
        raise ProblemFileError("its tensors overlap or leave gaps; save it again", place=file)
    return tuple(array for _, array in sorted(arrays, key=lambda pair: pair[0]))


def _header_and_data(content: bytes, file: str) -> tuple[dict[str, object], bytes]:
    length = int.from_bytes(content[:8], "little")
    if len(content) < 10 or length > len(content) - 8:
        raise ProblemFileError("is not a safetensors file, or only a part of one", place=file)
    try:
        header = json.loads(content[8 : 8 + length], object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError):
        raise ProblemFileError("is not a safetensors file: its header is no JSON", place=file) from None
    if not isinstance(header, dict):
        raise ProblemFileError("is not a safetensors file: its header is no table", place=file)
    return header, content[8 + length :]


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a name occurs twice")
    return table


def _checked(entry: object, place: str) -> tuple[str, tuple[int, ...], tuple[int, int]]:
    if not isinstance(entry, dict) or not {"dtype", "shape", "data_offsets"} <= entry.keys():
        raise ProblemFileError("its header entry lacks dtype, shape or data_offsets", place=place)
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        raise ProblemFileError(
            f"holds {str(dtype)[:20]}; floats of 16, 32 and 64 bits, bfloat16 and integers are read", place=place
        )
    if not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
        raise ProblemFileError("its shape or data_offsets are no sizes", place=place)
    return dtype, tuple(shape), (offsets[0], offsets[1])


def _are_sizes(value: object) -> bool:
    return isinstance(value, list) and all(type(size) is int and size >= 0 for size in value)


def _values(data: bytes, dtype: str) -> list[float] | list[int]:
    array = np.frombuffer(data, dtype=_DTYPES[dtype])
    if dtype == "BF16":
        array = (array.astype("<u4") << 16).view("<f4")
    values: list[float] | list[int] = array.tolist()
    return values
