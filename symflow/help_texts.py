"""What ``symflow --help`` and ``symflow COMMAND --help`` print, from the table of commands."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.commands import COMMANDS, COMMON, Command, Option


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
