"""How a single value of a problem file is read: numbers, lists, choices, each refused with its place.

A number is an integer, a decimal read exactly as written (a :class:`WrittenNumber`, since no parser
here ever makes a float), or a string ``"p"``, ``"p/q"``, ``"0.5"``. Every function takes the value and
its place, and raises :class:`InputError` with what was found and what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import final

from symflow.errors import InputError, nearest_name
from symflow.exact.rationals import fmpq, rational

Vector = tuple[fmpq, ...]

_WRITTEN = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)(?:[eE]([+-]?[0-9]+))?", re.ASCII)
_LONGEST_EXPONENT = 4


@final
@dataclass(frozen=True, slots=True, repr=False)
class WrittenNumber:
    """A decimal as it stands in the file, not yet a number; `nan` and infinities too.

    Parameters
    ----------
    text : str
        The characters of the file.

    Examples
    --------
    >>> number(WrittenNumber("1e-2"), "data.labels, y1")
    1/100
    """

    text: str

    def __repr__(self) -> str:
        return self.text


def number(value: object, place: str) -> fmpq:
    """Return an exact rational.

    Examples
    --------
    >>> number("2/4", "network.weights, W1[1,1]")
    1/2
    >>> number(True, "network.weights, W1[1,1]")
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: network.weights, W1[1,1]: true is not a number; write "1/2" or 0.5
    """
    if isinstance(value, WrittenNumber):
        return _decimal(value.text, place)
    if isinstance(value, int | str | float | Fraction | Decimal | fmpq) and not isinstance(value, bool):
        return rational(value, place=place)
    raise InputError(f'{described(value)} is not a number; write "1/2" or 0.5', place=place)


def integer(value: object, place: str, *, least: int, most: int | None = None) -> int:
    """Return an integer (not a string) between `least` and `most`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{described(value)} is not an integer; write for example {least}", place=place)
    if value < least or (most is not None and value > most):
        span = f"{least} or more" if most is None else f"{least} to {most}"
        raise InputError(f"{described(value)} is out of range; write {span}", place=place)
    return value


def truth(value: object, place: str) -> bool:
    """Return a boolean."""
    if not isinstance(value, bool):
        raise InputError(f"{described(value)} is not a truth value; write true or false", place=place)
    return value


def line_of_text(value: object, place: str) -> str:
    """Return a string as one line: runs of white space are one space, control characters are refused."""
    if not isinstance(value, str):
        raise InputError(f"{described(value)} is not a text; write it in quotes", place=place)
    line = " ".join(value.split())
    for character in line:
        if not character.isprintable():
            raise InputError(f"contains the character U+{ord(character):04X}; remove it", place=place)
    return line


def choice(value: object, place: str, known: tuple[str, ...], *, kind: str) -> str:
    """Return one of the known names.

    Examples
    --------
    >>> choice("riks", "objective.kind", ("output", "risk"), kind="kind")
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: objective.kind: no kind "riks"; did you mean risk?  (known: output, risk)
    """
    if not isinstance(value, str):
        raise InputError(f"{described(value)} is not a {kind}; write one of: {', '.join(known)}", place=place)
    if value not in known:
        raise InputError(f"no {kind} {described(value)}{suggestion(value, known)}", place=place)
    return value


def entries(value: object, place: str, example: str) -> Sequence[object]:
    """Return the entries of a list that is not empty."""
    if not isinstance(value, list | tuple):
        raise InputError(f"{described(value)} is not a list; write {example}", place=place)
    if not value:
        raise InputError(f"is empty; write {example}", place=place)
    return value


def table(
    value: object, place: str, known: tuple[str, ...], *, homes: Mapping[str, str] | None = None
) -> Mapping[str, object]:
    """Return a table (in JSON: an object) all of whose keys are known.

    Parameters
    ----------
    value : object
        What was read.
    place : str
        Where it stood.
    known : tuple of str
        The keys it may have.
    homes : mapping of str to str, optional
        Keys of other sections, with the section each belongs to: one that is found here is told where it belongs.

    Examples
    --------
    >>> table({"loss": "squared"}, "data", ("inputs", "labels"), homes={"loss": "objective"})
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: data.loss: no such key; it belongs in [objective]  (known: inputs, labels)
    """
    if not isinstance(value, Mapping):
        raise InputError(f"{described(value)} is not a table; it holds: {', '.join(known)}", place=place)
    for key in value:
        if isinstance(key, str) and key in known:
            continue
        home = (homes or {}).get(key) if isinstance(key, str) else None
        if home is not None:
            hint = f"; it belongs in [{home}]  (known: {', '.join(known)})"
        else:
            hint = suggestion(key, known) if isinstance(key, str) else f"  (known: {', '.join(known)})"
        raise InputError(f"no such {'key' if place else 'section'}{hint}", place=joined(place, key))
    return value


def vector(value: object, place: str, entry_place: str) -> Vector:
    """Return a vector; `entry_place` has ``{}`` for the entry's number, as in ``"data.labels, y{}"``."""
    listed = entries(value, place, "a list of numbers")
    return tuple(number(entry, entry_place.format(i)) for i, entry in enumerate(listed, start=1))


def matrix(value: object, place: str, name: str) -> tuple[Vector, ...]:
    """Return a rectangular matrix called `name`, row by row."""
    rows: list[Vector] = []
    for i, row in enumerate(entries(value, f"{place}, {name}", "its rows: [[..], [..]]"), start=1):
        if not isinstance(row, list | tuple):
            message = f"row {i} is {described(row)}, not a list; write the rows as [[..], [..]]"
            raise InputError(message, place=f"{place}, {name}")
        if not row:
            raise InputError(f"row {i} is empty; give it numbers", place=f"{place}, {name}")
        rows.append(tuple(number(entry, f"{place}, {name}[{i},{j}]") for j, entry in enumerate(row, start=1)))
        if len(row) != len(rows[0]):
            raise InputError(
                f"row {i} has {counted(len(row), 'entry')}, row 1 has {len(rows[0])}; make them equal",
                place=f"{place}, {name}",
            )
    return tuple(rows)


def described(value: object) -> str:
    """Return a value as it stands in a message: short, printable, in the file's own words.

    Examples
    --------
    >>> described("one half"), described(None), described({"a": 1}), described([])
    ('"one half"', 'null', 'a table', 'a list')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, WrittenNumber):
        return shortened(value.text)
    if isinstance(value, str):
        return f'"{shortened(value)}"'
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and abs(value) >= 10**40:
        return "an integer of more than 40 digits"
    return shortened(str(value))


def shortened(text: str, *, most: int = 40) -> str:
    """Return text as one printable line of at most `most` characters."""
    clean = "".join(c if c.isprintable() else "?" for c in text[: most + 1])
    return clean if len(clean) <= most else clean[: most - 3] + "..."


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the nearest known one, and all of them."""
    listed = tuple(known)
    nearest = nearest_name(name[:80], listed)
    return f"{f'; did you mean {nearest}?' if nearest else ''}  (known: {', '.join(listed)})"


def joined(place: str, key: object) -> str:
    """Return the place of a key."""
    name = shortened(str(key))
    return f"{place}.{name}" if place else name


def counted(count: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "entry"), counted(2, "entry"), counted(3, "label")
    ('1 entry', '2 entries', '3 labels')
    """
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") else f"{count} {noun}s"


def _decimal(text: str, place: str) -> fmpq:
    match = _WRITTEN.fullmatch(text.replace("_", ""))  # TOML allows 1_000.5
    if match is None:
        raise InputError(f"{shortened(text)} is not a number; write a finite one", place=place)
    mantissa, exponent = match.groups()
    if exponent is None:
        return rational(mantissa, place=place)
    if len(exponent.lstrip("+-")) > _LONGEST_EXPONENT:
        raise InputError(f"{shortened(text)}: an exponent of more than 4 digits; write fewer", place=place)
    return rational(mantissa, place=place) * fmpq(10) ** int(exponent)
