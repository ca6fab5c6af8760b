"""Which datum a relation speaks of: where it is one index alone, all data are alike up to the names of their symbols.

Where the data are symbols, ``inner(W[1], grad(f[k], W[1])) == f[k]`` for k = 2 is what it is for k = 1 with other
symbols for x_k, for the slopes and for c_k: each polynomial of the one becomes that of the other by renaming. So one
datum is expanded, and says it for all. This holds where k occurs as the number of a datum and nowhere else, and where
no other datum is spoken of, not even tacitly, as by ``f`` or ``R``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symflow.checker.statement_grammar import Call, Entry, Expression, Name, Operation, Relation

_OF_A_DATUM = frozenset("fmxyc")
_OF_LAYER_AND_DATUM = frozenset("Aazh")
_TACIT = re.compile(r"[fmxyR]|[Aazhfmxyc][1-9][0-9]{0,2}", re.ASCII)


def only_datum(relation: Relation) -> str | None:
    """Return the index that every datum of a relation has, if that is all that the index is used for; else None.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> def of(text): return only_datum(parse_statement(text).claims[0])
    >>> of("inner(W[l], grad(f[k], W[l])) == f[k]"), of("z[l,k] == W[l]*x[k]"), of("f[k](t*w) == t^L*f[k]")
    ('k', 'k', 'k')
    >>> of("f[k] == f"), of("f[k] == f[1]"), of("f[k] == k*f[k]"), of("f[k]*R == y[k]"), of("norm2(W[k]) == f[k]")
    (None, None, None, None, None)
    """
    if relation.right is None:
        return None
    found = {*_data(relation.left), *_data(relation.right)}
    if len(found) != 1:
        return None
    (name,) = found
    return None if name in (None, *_others(relation.left), *_others(relation.right)) else name


def _data(expression: Expression | None) -> Iterator[str | None]:
    """Return the index of every datum that is spoken of; None for one that is not a plain index."""
    match expression:
        case Name(name):
            if _TACIT.fullmatch(name):
                yield None
        case Entry(Name(letter), indices) if letter in _OF_A_DATUM | _OF_LAYER_AND_DATUM:
            yield _datum(letter, indices)
            for index in indices:
                yield from _data(index)
        case Entry(whole, indices):
            for part in (whole, *indices):
                yield from _data(part)
        case Operation(_, operands):
            for operand in operands:
                yield from _data(operand)
        case Call(function, arguments, binder, indices):
            if function in ("f", "m", "R"):
                yield _datum(function, indices)
            if function == "grad" and len(arguments) == 1 and not isinstance(_whole(arguments[0]), Name):
                yield None  # grad(W[l]) is that of f
            parts = (*arguments, *indices, *(() if binder is None else (binder.first, binder.last)))
            for part in parts:
                yield from _data(part)
        case _:
            return


def _datum(letter: str, indices: tuple[Expression | None, ...]) -> str | None:
    count = 2 if letter in _OF_LAYER_AND_DATUM else 1
    last = indices[-1] if len(indices) == count else None
    return last.name if isinstance(last, Name) else None


def _whole(expression: Expression) -> Name | None:
    """Return the letter of ``f[k]`` or ``m[k]``."""
    if isinstance(expression, Entry) and isinstance(expression.whole, Name) and expression.whole.name in ("f", "m"):
        return expression.whole
    return None


def _others(expression: Expression | None) -> Iterator[str]:
    """Return every name that stands elsewhere than for the number of a datum."""
    match expression:
        case Name(name):
            yield name
        case Entry(Name(letter), indices) if letter in _OF_A_DATUM | _OF_LAYER_AND_DATUM:
            for index in indices[:-1]:
                yield from _others(index)
        case Entry(whole, indices):
            for part in (whole, *indices):
                yield from _others(part)
        case Operation(_, operands):
            for operand in operands:
                yield from _others(operand)
        case Call(function, arguments, binder, indices):
            for part in arguments:
                yield from _others(part)
            for index in indices if function not in ("f", "m", "R") else indices[:-1]:
                yield from _others(index)
            if binder is not None:
                yield binder.name
                yield from _others(binder.first)
                yield from _others(binder.last)
        case _:
            return
