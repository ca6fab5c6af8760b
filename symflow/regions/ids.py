"""Numbers of faces, rows and regions: held as small as they fit, and looked up a part at a time.

A complex is little but numbers of faces, so that two bytes each instead of four are half the memory. And numpy looks up
by 64-bit places, into which it copies any smaller numbers first: done for a part at a time, that copy stays small, and
in a cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.integer[Any]]
_Entry = TypeVar("_Entry", bound="np.generic[Any]")

# So many places are looked up at a time.
_AT_ONCE = 16_384


def id_type(count: int) -> type[np.integer[Any]]:
    """Return the type in which the numbers 0 .. count - 1 are held.

    Examples
    --------
    >>> id_type(65536).__name__, id_type(65537).__name__
    ('uint16', 'int32')
    """
    return np.uint16 if count <= 1 << 16 else np.int32


def places(flags: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return where flags are set: ``np.flatnonzero`` without its layers of Python, which small complexes feel.

    Examples
    --------
    >>> places(np.array([False, True, True])).tolist()
    [1, 2]
    """
    return flags.nonzero()[0]


def parts(count: int) -> Iterator[slice]:
    """Return slices that cover 0 .. count - 1.

    Examples
    --------
    >>> [(part.start, part.stop) for part in parts(20_000)]
    [(0, 16384), (16384, 20000)]
    """
    for first in range(0, count, _AT_ONCE):
        yield slice(first, min(first + _AT_ONCE, count))


def looked_up(values: NDArray[_Entry], places: Ids) -> NDArray[_Entry]:
    """Return ``values[places]``.

    Examples
    --------
    >>> looked_up(np.array([True, False]), np.array([1, 0, 1], np.uint16)).tolist()
    [False, True, False]
    """
    result = np.empty(len(places), values.dtype)
    for part in parts(len(places)):
        result[part] = values[places[part]]
    return result
