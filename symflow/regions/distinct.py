"""The distinct values of an array: ``numpy.unique`` imports numpy's masked arrays for nothing, a megabyte and more."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

_Entry = TypeVar("_Entry", bound="np.generic[Any]")


def distinct(values: NDArray[_Entry]) -> NDArray[_Entry]:
    """Return the distinct values of a one-dimensional array, ascending.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3, 2, 1])).tolist()
    [1, 2, 3]
    >>> distinct(np.zeros(0)).tolist()
    []
    """
    ordered = np.sort(values)
    if len(ordered) < 2:
        return ordered
    is_first = np.empty(len(ordered), np.bool_)
    is_first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    found: NDArray[_Entry] = ordered[is_first]
    return found
