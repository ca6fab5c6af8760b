"""The terminal sessions of the README, run again."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path

from symflow.cli import main

_TOML = re.compile(r"^```toml\n# (?P<name>\w+\.toml)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_SESSION = re.compile(r"^```text\n(?P<body>\$ symflow .*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ symflow (.*)$", re.MULTILINE)


def problem_files(readme: str) -> dict[str, str]:
    """Return the problem files that a text shows: name and content."""
    return {found["name"]: found["body"] for found in _TOML.finditer(readme)}


def commands(readme: str) -> list[str]:
    """Return the commands of all sessions, in order, without the word symflow."""
    return [command for session in _SESSION.finditer(readme) for command in _COMMAND.findall(session["body"])]


def refreshed(readme: str) -> tuple[str, list[int]]:
    """Return the text with every session as the commands print it now, and their exit codes in order."""
    codes: list[int] = []
    files = problem_files(readme)
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, body in files.items():
            Path(folder, name).write_text(body, encoding="utf-8")
        os.chdir(folder)
        try:
            new = _SESSION.sub(lambda found: _session(found["body"], codes), readme)
        finally:
            os.chdir(before)
    return new, codes


def run(words: list[str]) -> tuple[int, str]:
    """Return a command's exit code and what it prints to a stream that takes UTF-8."""
    kept = io.BytesIO()
    printed = io.TextIOWrapper(kept, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(printed):
        code = main(words)
    return code, kept.getvalue().decode("utf-8")


def _session(shown: str, codes: list[int]) -> str:
    """Run the commands of one block, one after the other, and return it."""
    parts = []
    for command in _COMMAND.findall(shown):
        code, printed = run(shlex.split(command))
        codes.append(code)
        lines = [line.rstrip() for line in printed.strip("\n").split("\n")]
        parts.append(f"$ symflow {command}\n" + ("\n" + "\n".join(lines) + "\n\n" if any(lines) else ""))
    return "```text\n" + "".join(parts).rstrip("\n") + "\n```"
