"""Reads problem files: TOML or JSON, the same tree, from a file or (``-``) from standard input.

This file is about bytes and syntax; ``problem_tree.py`` is about what the tree means. Numbers are never
rounded on the way: a decimal is kept as it was written, and is the rational that it spells (0.1 is
1/10). Files are data: nothing in one is ever executed.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from symflow.errors import InputError, ProblemFileError
from symflow.problem import Problem
from symflow.problem_names import names_from_text
from symflow.problem_tree import named, problem_from_tree
from symflow.problem_values import WrittenNumber, shortened

# Reading stops here, so that a device or a wrong file cannot fill the memory.
_LARGEST_FILE = 64 * 2**20

# Turning n digits into an integer takes quadratic time; 20,000 digits take a millisecond, and are more than
# any decimal with an exponent of four digits is usually written out with.
_LONGEST_NUMBER = 20_000
_LONG_NUMBER = re.compile(rf"[0-9_]{{{_LONGEST_NUMBER + 1},}}", re.ASCII)

_TOML_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", re.ASCII)


def read_problem(
    path: str | Path,
    *,
    variable: str | None = None,
    at: Sequence[object] | str | None = None,
    names: str | None = None,
) -> Problem:
    """Read a problem file.

    Parameters
    ----------
    path : str or Path
        A TOML or JSON file; ``"-"`` reads standard input.
    variable : str, optional
        ``"weights"`` or ``"input"``, instead of what the file says.
    at : sequence of numbers or str, optional
        The point of input space, instead of the file's; a string such as ``"2,1/2"`` is split at the commas.
    names : str, optional
        What things are called, before what the file says: ``"matrices"``, ``"rows=r,data=u"``.

    Raises
    ------
    InputError
        Naming the file, the place, what was found and what to do.

    Examples
    --------
    >>> read_problem("missing.toml")
    Traceback (most recent call last):
        ...
    symflow.errors.ProblemFileError: missing.toml: no such file
    """
    name = shown_name(path)
    point = [entry.strip() for entry in at.split(",")] if isinstance(at, str) else at
    with named(name):
        tree = problem_text_to_tree(_text(_content(path)), suffix=Path(path).suffix.lower())
    folder = None if str(path) == "-" else Path(path).parent
    problem = problem_from_tree(tree, name=name, folder=folder, variable=variable, at=point)
    return with_names(problem, names)


def with_names(problem: Problem, names: str | None) -> Problem:
    """Return a problem under the names that an option gives, before its own; None gives none.

    Examples
    --------
    >>> with_names(problem_from_tree({"network": {"widths": [1, 1]}}), "risk=E").names.letter("risk")
    'E'
    """
    if names is None:
        return problem
    with named("--names"):
        return replace(problem, names=names_from_text(names, problem.names))


def shown_name(path: str | Path) -> str:
    """Return how messages call a file.

    Examples
    --------
    >>> shown_name("-"), shown_name("demo.toml")
    ('standard input', 'demo.toml')
    """
    return "standard input" if str(path) == "-" else shortened(str(path), most=200)


def problem_text_to_tree(text: str, *, suffix: str = "") -> Any:
    """Return the tree that a problem's text holds, numbers as they were written.

    Parameters
    ----------
    text : str
        TOML or JSON.
    suffix : str
        ``".toml"`` or ``".json"``; anything else lets the first character that is not white space decide.

    Raises
    ------
    InputError
        With the line and column as its place.

    Examples
    --------
    >>> problem_text_to_tree("title = 'x'"), problem_text_to_tree('{"x": 0.10}')
    ({'title': 'x'}, {'x': 0.10})
    """
    stripped = text.lstrip()
    if not stripped:
        raise InputError("is empty; symflow init writes a problem file to start from")
    long_number = _LONG_NUMBER.search(text)
    if long_number is not None:
        message = f"a number of {len(long_number[0])} digits; at most {_LONGEST_NUMBER} are read"
        raise InputError(message, place=_position(text, long_number.start()))
    is_json = suffix == ".json" or (suffix != ".toml" and stripped.startswith("{"))
    try:
        return _json_tree(text) if is_json else _toml_tree(text)
    except RecursionError:
        raise InputError("nested too deeply; a problem file has lists of lists of lists at most") from None


# ---------------------------------------------------------------------- the two syntaxes


def _toml_tree(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=WrittenNumber)
    except tomllib.TOMLDecodeError as error:
        message, position = str(error), _TOML_POSITION.search(str(error))
        if position is None:
            raise InputError(f"not TOML: {_clause(message)}; correct the syntax") from None
        where = f"line {position[1]}, column {position[2]}" if position[1] else "at the end"
        clause = _clause(message[: position.start()])
        raise InputError(f"not TOML: {clause}; correct the syntax", place=where) from None
    except ValueError as error:  # a date or time that does not exist
        raise InputError(f"not TOML: {_clause(str(error))}; correct the syntax") from None


def _json_tree(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_float=WrittenNumber,
            parse_constant=WrittenNumber,
            object_pairs_hook=_object_without_duplicates,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"not JSON: {_clause(error.msg)}; correct the syntax", place=place) from None


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise InputError(f'the key "{shortened(key)}" stands twice in one object; keep one')
        result[key] = value
    return result


def _clause(message: str) -> str:
    """Return a parser's message as a part of a sentence."""
    clean = shortened(message.rstrip("."), most=200)
    return clean[:1].lower() + clean[1:]


def _position(text: str, index: int) -> str:
    before = text[:index]
    return f"line {before.count(chr(10)) + 1}, column {index - before.rfind(chr(10))}"


# ---------------------------------------------------------------------- bytes


def _content(path: str | Path) -> bytes:
    """Return the bytes of a file or of standard input, or say in one line why there are none."""
    try:
        if str(path) == "-":
            if sys.stdin is None:
                _refuse("is closed; give a file")
            content = _standard_input()
        else:
            with Path(path).open("rb") as file:
                content = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        _refuse("no such file")
    except IsADirectoryError:
        _refuse("is a directory; give a problem file")
    except PermissionError:
        _refuse("may not be read; change its permissions")
    except ProblemFileError:
        raise
    except ValueError:  # a null character in the name
        _refuse("is no name of a file")
    except OSError as error:
        _refuse(f"cannot be read: {error.strerror or error}")
    if len(content) > _LARGEST_FILE:
        _refuse(f"is larger than {_LARGEST_FILE // 2**20} MB; no problem file is")
    return content


def _standard_input() -> bytes:
    binary = getattr(sys.stdin, "buffer", None)
    if binary is None:  # replaced by a text stream, as a test or a notebook does
        return sys.stdin.read(_LARGEST_FILE + 1).encode("utf-8", "surrogatepass")
    content = binary.read(_LARGEST_FILE + 1)
    assert isinstance(content, bytes)
    return content


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse("is UTF-16 text; save it as UTF-8")
    if content.startswith(b"\xef\xbb\xbf"):
        _refuse("starts with a byte order mark; save it as UTF-8 without one")
    if b"\0" in content:
        _refuse("is a binary file; give a problem file in TOML or JSON")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ProblemFileError("is not UTF-8 text; save it as UTF-8", place=f"line {line}") from None


def _refuse(message: str) -> NoReturn:
    raise ProblemFileError(message)
