"""Whether the name of a file says what is written into it: LaTeX in a ``.pdf`` is opened by nothing.

Only endings that belong to another kind of file are refused; a name of one's own is nobody's business.
"""

from __future__ import annotations

from pathlib import PurePath

from symflow.errors import InputError

# What is written, and the endings it may have.
_OWN = {"JSON": (".json",), "LaTeX": (".tex",), "HTML": (".html", ".htm"), "TOML": (".toml",), "plain text": (".txt",)}

# Endings that say something else, besides those.
_OTHERS = (".pdf", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".eps", ".ps", ".dvi", ".docx", ".zip", ".npz", ".graphml")

_PICTURES = (".html", ".htm", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".eps", ".pdf")


def check_ending(
    command: str,
    output: str,
    *,
    json: bool = False,
    latex: bool = False,
    can_latex: bool = False,
    is_fragment: bool = False,
) -> None:
    """Refuse a file whose name says that it is of another kind than what is written.

    Parameters
    ----------
    command : str
        The command.
    output : str
        The file.
    json, latex : bool
        Whether these are asked for.
    can_latex : bool
        Whether LaTeX could be.
    is_fragment : bool
        Whether notes are a piece for another text, which does not compile by itself.

    Raises
    ------
    InputError
        Naming what is written, and what to type.

    Examples
    --------
    >>> check_ending("notes", "notes.tex"), check_ending("clarke", "mine.out")
    (None, None)
    >>> check_ending("notes", "notes.pdf")
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: notes.pdf: notes writes LaTeX; write --output notes.tex and compile it with pdflatex
    >>> check_ending("clarke", "set.json")
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: set.json: clarke writes plain text; write --output set.txt, or add --json
    """
    kind = _kind(command, json=json, latex=latex)
    path = PurePath(output)
    ending = path.suffix.lower()
    # Not .toml: who names the problem itself is told that.
    known = (*_OTHERS, *_OWN["JSON"], *_OWN["LaTeX"], *_OWN["HTML"])
    if ending in _OWN[kind] or ending not in known:
        return
    does = f"{command}{' --json' if json else ' --latex' if latex else ''} writes {kind}"
    advice = f"write --output {path.with_suffix(_OWN[kind][0])}"
    if command == "notes" and not is_fragment and ending == ".pdf":
        advice += " and compile it with pdflatex"
    elif kind == "plain text" and ending == ".json":
        advice += ", or add --json"
    elif kind == "plain text" and ending == ".tex" and can_latex:
        advice += ", or add --latex"
    elif command == "regions" and ending in _PICTURES:
        advice += ", or symflow report, which draws"
    raise InputError(f"{does}; {advice}", place=output)


def _kind(command: str, *, json: bool, latex: bool) -> str:
    if json:
        return "JSON"
    if command == "notes" or latex:
        return "LaTeX"
    return {"report": "HTML", "init": "TOML"}.get(command, "plain text")
