"""How a command line is read: a command and its options become arguments, or one line that says what is wrong.

The table of commands is in ``commands.py``. Nothing scientific is imported here or on the way here: help, the version
and usage errors answer at once.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn, final

from symflow.commands import COMMANDS, COMMON, Command
from symflow.endings import check_ending
from symflow.errors import InputError, nearest_name

# Which whole numbers an option takes.
_RANGES = {
    "--width": (40, 10_000),
    "--digits": (1, 100_000),
    "--max-cells": (1, 10**9 - 1),
    "--workers": (1, 1024),
}

# Their --output is a folder.
_INTO_FOLDERS = ("study", "export")


@final
@dataclass(frozen=True, slots=True)
class Arguments:
    """A command line, read."""

    command: str
    file: str | None = None
    json: bool = False
    output: str | None = None
    quiet: bool = False
    full: bool = False
    ascii: bool = False
    width: int | None = None
    digits: int | None = None
    deadline: float | None = None
    latex: bool = False
    all_vertices: bool = False
    stationarity: bool = False
    all: bool = False
    max_cells: int | None = None
    workers: int | None = None
    cluster: str | None = None
    model: str | None = None
    every_cell: bool = False
    check: str | None = None
    resume: str | None = None
    variable: str | None = None
    at: str | None = None
    until: str | None = None
    checkpoints: str | None = None
    on_nonunique: str | None = None
    validated: bool = False
    laws: bool = False
    from_file: str | None = None
    picture: str | None = None
    kinks: tuple[tuple[int, ...], ...] | None = None
    slice: str | None = None
    claim: tuple[str, ...] | None = None
    shape: str | None = None
    verdicts: bool = False
    coq: bool = False
    lean: bool = False
    fragment: bool = False
    beamer: bool = False
    names: str | None = None


def parse(words: Sequence[str]) -> Arguments:
    """Return a command line as arguments.

    Parameters
    ----------
    words : sequence of str
        Without the program's name; the first is the command.

    Raises
    ------
    InputError
        What is wrong with it, in one line.

    Examples
    --------
    >>> parse(["clarke", "corner.toml", "--at", "-1,2", "--json"]).at
    '-1,2'
    >>> parse(["clark"])
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: no command "clark"; did you mean clarke?  (symflow --help lists all)
    """
    if not words:
        raise InputError("no command; write for example symflow study  (symflow --help lists all)")
    command = find_command(words[0])
    parser = _Parser(command)
    found, extra = parser.parse_known_args(_with_joined_values(parser, words[1:]))
    if extra:
        raise _unexpected(command, extra[0])
    instead = getattr(found, "resume", None) or getattr(found, "from_file", None)
    if command.needs_argument and found.file is None and instead is None:
        raise InputError(f"which file?  write symflow {command.name} {command.argument}", place=command.name)
    if found.file is not None and _is_statement(command, found.file) and not os.path.exists(found.file):
        instead = "a statement goes after FILE with --claim, or with --shape 2-2-1 and --claim"
        raise InputError(f'"{_shown(found.file)}" is no FILE; {instead}', place=command.name)
    if not command.argument and found.file is not None:
        raise _unexpected(command, found.file)
    values = vars(found)
    if values.get("claim") is not None:
        values["claim"] = tuple(values["claim"])
    arguments = Arguments(command=command.name, **values)
    for one, other in (("latex", "json"), ("workers", "cluster"), ("fragment", "beamer")):
        if getattr(arguments, one) and getattr(arguments, other):
            raise InputError(f"both --{one} and --{other}; keep one", place=command.name)
    if arguments.output is not None and command.name not in _INTO_FOLDERS:
        check_ending(
            command.name,
            arguments.output,
            json=arguments.json,
            latex=arguments.latex,
            can_latex=any(option.flag == "--latex" for option in command.options),
            is_fragment=arguments.fragment,
        )
    return arguments


def find_command(name: str) -> Command:
    """Return the command called `name`."""
    for command in COMMANDS:
        if command.name == name:
            return command
    hint = "  (symflow --help lists all)"
    if name.startswith("-"):
        raise InputError(f"{_shown(name)} stands before the command; write symflow COMMAND FILE first{hint}")
    if name.endswith((".toml", ".json")):
        raise InputError(f"{_shown(name)} is a file; write for example symflow study {_shown(name)}{hint}")
    nearest = nearest_name(name[:80], tuple(command.name for command in COMMANDS))
    raise InputError(f'no command "{_shown(name)}"{f"; did you mean {nearest}?" if nearest else ""}{hint}')


# ---------------------------------------------------------------------- reading


@final
class _Parser(argparse.ArgumentParser):
    """argparse for one command, whose errors are one line and an exception."""

    def __init__(self, command: Command) -> None:
        super().__init__(prog=f"symflow {command.name}", add_help=False, allow_abbrev=False)
        self.command = command
        self.add_argument("file", nargs="?")
        for option in (*COMMON, *command.options):
            if option.metavar is None:
                self.add_argument(option.flag, action="store_true")
            elif option.flag == "--time-limit":
                self.add_argument(option.flag, dest="deadline", type=_deadline)
            elif option.flag == "--from":
                self.add_argument(option.flag, dest="from_file", type=_text)
            elif option.flag == "--claim":
                self.add_argument(option.flag, action="append", type=_text)
            elif option.flag in _RANGES:
                self.add_argument(option.flag, type=_integer(*_RANGES[option.flag]))
            elif option.flag == "--variable":
                self.add_argument(option.flag, type=_variable)
            elif option.flag == "--model":
                self.add_argument(option.flag, type=_model)
            elif option.flag == "--kinks":
                self.add_argument(option.flag, type=_kinks)
            else:
                self.add_argument(option.flag, type=_text)

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong as an input error of the command."""
        raise InputError(message.removeprefix("argument "), place=self.command.name)


def _integer(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f'"{_shown(text)}" is no integer from {least} to {most}')
        return int(text)

    return read


def _deadline(text: str) -> float:
    """Read a number of seconds as the time of ``time.monotonic()`` at which they will have passed."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f'"{_shown(text)}" is no number of seconds; write for example 10')
    return time.monotonic() + float(text)


def _variable(text: str) -> str:
    if text not in ("weights", "input"):
        raise argparse.ArgumentTypeError(f'no variable "{_shown(text)}"  (known: weights, input)')
    return text


def _kinks(text: str) -> tuple[tuple[int, ...], ...]:
    """Read kinks as (layer, neuron, datum), the datum left out or not."""
    found = []
    for kink in text.split(";"):
        if not re.fullmatch(r"\s*[0-9]{1,6}\s*,\s*[0-9]{1,6}\s*(,\s*[0-9]{1,6}\s*)?", kink, re.ASCII):
            message = f'"{_shown(kink)}" is no kink; write layer,neuron,datum, for example "2,1,1;1,2,1"'
            raise argparse.ArgumentTypeError(message)
        found.append(tuple(map(int, kink.split(","))))
    return tuple(found)


def _model(text: str) -> str:
    if text not in ("linear", "relu", "cell"):
        raise argparse.ArgumentTypeError(f'no model "{_shown(text)}"  (known: linear, relu, cell)')
    return text


def _text(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("is empty; give it a value")
    return text


def _shown(word: str) -> str:
    clean = "".join(c if c.isprintable() else "?" for c in word[:61])
    return clean if len(clean) <= 60 else clean[:57] + "..."


def _with_joined_values(parser: _Parser, words: Sequence[str]) -> list[str]:
    """Write ``--at -1,2`` as ``--at=-1,2``: argparse takes a value that starts with a minus for an option."""
    flags = {option.flag for option in (*COMMON, *parser.command.options) if option.metavar is not None}
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in flags and re.match(r"-[0-9.]", word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _is_statement(command: Command, word: str) -> bool:
    """Whether a word is rather a statement to be proved than a file."""
    takes_claims = any(option.flag == "--claim" for option in command.options)
    return takes_claims and re.search("[ <>=]", word) is not None and not word.endswith((".toml", ".json"))


def _unexpected(command: Command, word: str) -> InputError:
    hint = f"  (symflow {command.name} --help lists all)"
    if not word.startswith("-") and not command.argument:
        return InputError(f"no FILE here, found {_shown(word)}{hint}", place=command.name)
    if not word.startswith("-") and _is_statement(command, word):
        return InputError(f"{_shown(word)} is no FILE; a statement goes with --claim{hint}", place=command.name)
    if not word.startswith("-"):
        return InputError(f"one {command.argument} only, found also {_shown(word)}{hint}", place=command.name)
    flag = word.partition("=")[0]
    for other in COMMANDS:
        if flag in (option.flag for option in other.options):
            return InputError(f"no option {flag} here; it belongs to {other.name}{hint}", place=command.name)
    nearest = nearest_name(flag[:80], tuple(option.flag for option in (*COMMON, *command.options)))
    message = f'no option "{_shown(flag)}"{f"; did you mean {nearest}?" if nearest else ""}{hint}'
    return InputError(message, place=command.name)
