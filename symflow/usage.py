"""The command line's grammar: which commands and options there are, how they are read, and their help.

One table says it all, so that what is parsed and what ``--help`` prints cannot differ. Nothing scientific is imported
here or on the way here: help, the version and usage errors answer at once.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn, final

from symflow.errors import InputError, nearest_name

# Which whole numbers an option takes.
_RANGES = {
    "--width": (40, 10_000),
    "--digits": (1, 100_000),
    "--max-cells": (1, 10**9 - 1),
    "--workers": (1, 1024),
}


@final
@dataclass(frozen=True, slots=True)
class Option:
    """An option: its flag, what its value is called (None for a switch), and its line of help."""

    flag: str
    metavar: str | None
    summary: str


@final
@dataclass(frozen=True, slots=True)
class Command:
    """A command: its argument as usage writes it (``FILE``, ``[FILE]``), its line of help, its own options."""

    name: str
    argument: str
    summary: str
    explanation: str
    options: tuple[Option, ...] = ()

    @property
    def needs_argument(self) -> bool:
        """Whether the argument may not be left out."""
        return bool(self.argument) and not self.argument.startswith("[")


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


_POINT = (
    Option("--variable", "NAME", "weights or input, instead of the file's"),
    Option("--at", "2,1/2", "the point, with the variable input"),
)

COMMANDS = (
    Command(
        "study",
        "[FILE]",
        "everything below, into one folder   (start here)",
        "Writes results, certificates, notes and a page into --output (default: named after FILE).\n"
        "Without FILE, studies the built-in demo. Never writes into a folder of yours.",
    ),
    Command(
        "init",
        "[FILE]",
        "a commented problem file to start from",
        "Writes it to FILE, which must not exist yet; without FILE, to standard output.",
    ),
    Command(
        "derive",
        "FILE",
        "closed forms: pieces, gradients, subgradients at the kinks",
        "The function piece by piece, with the conditions of each piece and the gradient on it.\n"
        "With widths = [..] in place of weights: for all weights.",
        (
            Option("--latex", None, "a LaTeX fragment that needs amsmath only"),
            Option("--kinks", "2,1,1", 'deep nets: at this kink (layer, neuron, datum); "2,1,1;1,2,1": at both'),
            *_POINT,
        ),
    ),
    Command(
        "regions",
        "FILE",
        "activation cells and their walls",
        "All cells of input space on which the net is affine, and all walls between them, exactly.\n"
        "Exit code 3 where time did not suffice: --resume goes on from what --json --output wrote.\n"
        "In weight space (one hidden layer): how many cells and walls, neuron by neuron.",
        (
            Option("--variable", "NAME", "input (the default here) or weights"),
            Option("--all", None, "list every cell"),
            Option("--max-cells", "N", "no more cells than this"),
            Option("--workers", "N", "so many processes of this machine"),
            Option("--cluster", "ADDRESS", "the workers of a Dask cluster (extra: cluster)"),
            Option("--resume", "FILE", "go on from an incomplete result; it holds the problem too"),
        ),
    ),
    Command(
        "clarke",
        "FILE",
        "the Clarke differential at the point",
        "The whole set, exactly, with a certificate for every pattern of signs; exit code 3 where\n"
        "the time did not suffice and the set is only enclosed.",
        (
            *_POINT,
            Option("--all-vertices", None, "list the vertices even where there are more than 4096"),
            Option("--stationarity", None, "also what kind of point it is, and a way down"),
        ),
    ),
    Command(
        "audit",
        "FILE",
        "what automatic differentiation returns there; is it right?",
        "The chain rule's gradient under each convention for the slope at a kink, and whether it is\n"
        "a Clarke subgradient; if not, a direction that shows it.",
        _POINT,
    ),
    Command(
        "flow",
        "FILE",
        "the gradient flow, across kinks, at any number of digits",
        "Follows w' in minus the Clarke differential from the weights of FILE (or x' from its\n"
        "point) as its [flow] section says: crossings, sliding and rest are found, margins and\n"
        "conserved quantities watched. Where the solution is not unique it stops and lists the\n"
        "branches. Exit code 3 where it is not decided how the flow goes on.",
        (
            Option("--until", "T", "the last time, instead of the file's"),
            Option("--checkpoints", "1,5/2", "times to look at, instead of the file's"),
            Option("--on-nonunique", "NAME", "report, ridge, descent, + or -, instead of the file's"),
            Option("--validated", None, "prove an enclosure"),
            Option("--laws", None, "the conservation laws of each arc, too"),
            Option("--from", "FILE", "go on from what --json --output wrote; it holds the problem too"),
            Option("--picture", "FILE", "draw it, too: .svg, .png or .pdf"),
            *_POINT,
        ),
    ),
    Command(
        "laws",
        "FILE",
        "what the gradient flow conserves, proved complete",
        "All conservation laws: of a linear net or a relu net on any data (widths = [..] are enough),\n"
        "or, with --model cell, on the given data and the activation cells that meet the weights.\n"
        "Exit code 1 where --check is refuted, 3 where it is open whether there are more laws.",
        (
            Option("--model", "NAME", "linear, relu or cell, instead of the file's"),
            Option("--every-cell", None, "all cells of weight space (one hidden layer)"),
            Option("--latex", None, "a LaTeX fragment that needs amsmath only"),
            Option("--picture", "FILE", "laws on each cell of neuron 1, if it has two weights: .svg, .tex, .png"),
            Option("--check", "POLYNOMIAL", "is this one conserved?  e.g. 'W1[1,1]**2 - W2[1,1]**2'"),
        ),
    ),
    Command(
        "prove",
        "[FILE]",
        "claims: proved, refuted with a witness, or undecided",
        "Claims of the catalogue about the net of FILE, about all nets of a shape, or in general:\n"
        "proved, refuted with a witness, vacuous, conditional on cited facts, enclosed, undecided.\n"
        "Without --claim, all that apply. NAME is a name or a number of symflow claims, or a\n"
        "statement of your own, such as 'norm2(W1) - norm2(W2) is conserved'.\n"
        "Exit code 1 where a claim asked for is refuted, 3 where it is undecided.",
        (
            Option("--claim", "NAME", "this one; may be given several times"),
            Option("--all", None, "all that apply, besides those"),
            Option("--shape", "2-2-1", "all relu nets of these widths, instead of FILE"),
            Option("--latex", None, "theorems and proofs in LaTeX, for lecture notes"),
            *_POINT,
        ),
    ),
    Command(
        "claims",
        "",
        "the claims it knows",
        "The statements of the two lectures, as printed and corrected, by their numbers and names.",
        (Option("--verdicts", None, "with the verdict of each, worked out anew"),),
    ),
    Command(
        "export",
        "FILE",
        "claims as scripts for a second kernel, Coq",
        "Theorems about the net itself, each with its certificate as its proof: of what prove,\n"
        "clarke, audit, laws, derive or regions wrote with --json --output, or of a problem file.\n"
        "With --output, a folder of scripts; what has no script is named there and in the report.",
        (
            Option("--coq", None, "for Coq 8.16 or later; coqc checks them"),
            Option("--lean", None, "text for Lean 4, not checked here"),
        ),
    ),
    Command(
        "report",
        "FILE",
        "an interactive page: the cells, the kinks, the flow",
        "One HTML file that needs nothing else and asks for nothing; --output page.html writes it.\n"
        "In the input: all cells, walls and corners, and where autodiff is wrong; in the weights: the\n"
        "Clarke differential beside the map of the net. Flows can be followed, event by event.",
        (
            Option("--slice", "O;A;B", "more than two inputs: the plane O + p A + q B, e.g. '0,0,1;1,0,0;0,1,0'"),
            *_POINT,
        ),
    ),
    Command(
        "notes",
        "FILE",
        "lecture notes or slides in LaTeX",
        "The problem, its pieces and gradients, the Clarke differential with its proof, autodiff,\n"
        "Euler, the flow, all statements: an article that pdflatex compiles; --output writes it.",
        (
            Option("--fragment", None, "a piece for \\input, without a preamble; its head says what it needs"),
            Option("--beamer", None, "slides instead"),
            *_POINT,
        ),
    ),
    Command(
        "verify",
        "FILE|DIR",
        "re-check, trusting the small checker alone",
        "Re-checks what a command wrote with --json --output FILE; for a folder, every such file in\n"
        "it. Exit code 0 accepted, 1 rejected, 2 not such a file.",
    ),
)

COMMON = (
    Option("--json", None, "one JSON object, the same bytes each time"),
    Option("--output", "PATH", "write there"),
    Option("--quiet", None, "no progress"),
    Option("--full", None, "elide nothing"),
    Option("--ascii", None, "no Unicode"),
    Option("--width", "N", "columns of text"),
    Option("--digits", "N", "working digits"),
    Option("--time-limit", "S", "seconds; then say what is known"),
)


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
    if not command.argument and found.file is not None:
        raise _unexpected(command, found.file)
    values = vars(found)
    if values.get("claim") is not None:
        values["claim"] = tuple(values["claim"])
    arguments = Arguments(command=command.name, **values)
    for one, other in (("latex", "json"), ("workers", "cluster"), ("fragment", "beamer")):
        if getattr(arguments, one) and getattr(arguments, other):
            raise InputError(f"both --{one} and --{other}; keep one", place=command.name)
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


def general_help() -> str:
    """Return what ``symflow --help`` prints."""
    lines = ["symflow: exact nonsmooth calculus of small ReLU nets", ""]
    for command in COMMANDS:
        usage = f"symflow {command.name} {command.argument}"
        lines.append(f"  {usage:<30}{command.summary}")
        if command is COMMANDS[0]:
            lines.append("")
    lines += ["", *_option_lines(COMMON), f"  {'--help':<19}of a command too", ""]
    lines += [
        "  exit 0 done or accepted, 1 refuted or rejected, 2 bad input, 3 undecided, 130 interrupted",
        "  A problem file is a dozen lines of TOML or JSON; symflow init writes one. FILE may be -.",
    ]
    return "\n".join(lines) + "\n"


def command_help(command: Command) -> str:
    """Return what ``symflow COMMAND --help`` prints."""
    lines = [f"symflow {command.name} {command.argument}: {command.summary.partition('   ')[0]}", ""]
    lines += [f"  {line}" for line in command.explanation.splitlines()]
    if command.options:
        lines += ["", *_option_lines(command.options)]
    return "\n".join([*lines, "", *_option_lines(COMMON)]) + "\n"


def _option_lines(options: Sequence[Option]) -> list[str]:
    width = max([19, *(len(_usage(option)) + 2 for option in options)])
    return [f"  {_usage(option):<{width}}{option.summary}" for option in options]


def _usage(option: Option) -> str:
    return option.flag if option.metavar is None else f"{option.flag} {option.metavar}"


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


def _unexpected(command: Command, word: str) -> InputError:
    hint = f"  (symflow {command.name} --help lists all)"
    if not word.startswith("-") and not command.argument:
        return InputError(f"no FILE here, found {_shown(word)}{hint}", place=command.name)
    if not word.startswith("-"):
        return InputError(f"one {command.argument} only, found also {_shown(word)}{hint}", place=command.name)
    flag = word.partition("=")[0]
    for other in COMMANDS:
        if flag in (option.flag for option in other.options):
            return InputError(f"no option {flag} here; it belongs to {other.name}{hint}", place=command.name)
    nearest = nearest_name(flag[:80], tuple(option.flag for option in (*COMMON, *command.options)))
    message = f'no option "{_shown(flag)}"{f"; did you mean {nearest}?" if nearest else ""}{hint}'
    return InputError(message, place=command.name)
