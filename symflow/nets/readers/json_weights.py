"""Readers of JSON files ``{"weights": [..], "biases": [..]}``, numbers as in a problem file.

Integers, strings such as ``"1/3"``, and decimals, which are read exactly as written.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import NoReturn

from symflow.errors import ProblemFileError
from symflow.nets.readers.base import NamedArray

_SHAPE = 'write {"weights": [[[..], ..], ..], "biases": [[..], ..]}, biases being optional'


def read_arrays(content: bytes, *, file: str) -> tuple[NamedArray, ...]:
    """Return the matrices and vectors of a JSON file, named W1, b1, W2, ...

    Examples
    --------
    >>> read_arrays(b'{"weights": [[["1/2", 0.1]]]}', file="net.json")
    (NamedArray(name='W1', shape=(1, 2), values=['1/2', Decimal('0.1')]),)
    """

    def refuse(text: str) -> NoReturn:
        raise ProblemFileError(f"{text} is not a number", place=file)

    try:
        tree = json.loads(content, parse_float=Decimal, parse_constant=refuse)
    except ProblemFileError:
        raise
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise ProblemFileError(f"is not JSON ({error}); {_SHAPE}", place=file) from None
    if not isinstance(tree, dict) or not isinstance(tree.get("weights"), list):
        raise ProblemFileError(f'has no list "weights"; {_SHAPE}', place=file)
    unknown = sorted(tree.keys() - {"weights", "biases"})
    if unknown:
        raise ProblemFileError(f'unknown key "{unknown[0][:40]}"; {_SHAPE}', place=file)
    arrays = [_matrix(rows, f"W{layer}", file) for layer, rows in enumerate(tree["weights"], start=1)]
    biases = tree.get("biases")
    if biases is None:
        return tuple(arrays)
    if not isinstance(biases, list) or len(biases) != len(arrays):
        raise ProblemFileError(f'"biases" needs {len(arrays)} vectors, one a layer; {_SHAPE}', place=file)
    return (*arrays, *(_vector(entries, f"b{layer}", file) for layer, entries in enumerate(biases, start=1)))


def _matrix(rows: object, name: str, file: str) -> NamedArray:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ProblemFileError("is not a matrix, a list of rows", place=f"{file}, {name}")
    lengths = {len(row) for row in rows}
    if len(lengths) > 1:
        raise ProblemFileError(f"has rows of lengths {sorted(lengths)}", place=f"{file}, {name}")
    values = [entry for row in rows for entry in row]
    return NamedArray(name, (len(rows), lengths.pop() if lengths else 0), values)


def _vector(entries: object, name: str, file: str) -> NamedArray:
    if not isinstance(entries, list):
        raise ProblemFileError("is not a vector, a list of numbers", place=f"{file}, {name}")
    return NamedArray(name, (len(entries),), entries)
