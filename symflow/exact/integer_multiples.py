"""The multiple of a rational vector whose entries are coprime integers: what a reader is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from flint import fmpq

_Key = TypeVar("_Key")


def primitive(vector: Sequence[int | fmpq]) -> tuple[fmpq, ...]:
    """Return the positive multiple of `vector` with coprime integer entries.

    Examples
    --------
    >>> primitive((fmpq(2, 3), fmpq(-4)))
    (1, -6)
    """
    entries = [fmpq(entry) for entry in vector]
    scale = _scale(entries)
    return tuple(entry * scale for entry in entries)


def primitive_values(multipliers: dict[_Key, fmpq]) -> dict[_Key, fmpq]:
    """Return the positive multiple of the values that makes them coprime integers.

    Examples
    --------
    >>> primitive_values({3: fmpq(1, 2), 5: fmpq(1, 3)})
    {3: 3, 5: 2}
    """
    scale = _scale(multipliers.values())
    return {key: value * scale for key, value in multipliers.items()}


def _scale(values: Iterable[fmpq]) -> fmpq:
    content = fmpq(0)
    for value in values:
        content = content.gcd(value)
    return 1 / content if content != 0 else fmpq(1)
