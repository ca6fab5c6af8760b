r"""The letters of the formulas in a LaTeX text, one after the other: found, and written anew.

A formula stands between dollars, in ``\[ .. \]`` or in one of the displays of amsmath; in it, what ``\text`` holds is
text again. Macros, comments, lengths and the columns of arrays are no letters. A letter comes with its index, the
layer in its exponent (``w^{(2)}_{12}``) and its places (``W_1[1,\cdot]``); what stands for it gets braces where it is
one argument.

>>> print(rewritten(r"an $x$: \[ \begin{array}{c} x_1^2 & \text{if $x>0$ and x} \end{array} \]",
...                 lambda letter, upper, lower, places: f"Y_{lower}" if letter == "x" and lower else None))
an $x$: \[ \begin{array}{c} Y_1^2 & \text{if $x>0$ and x} \end{array} \]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias, final

from symflow.reports.latex_text import GREEK

#: (letter, exponent, index, places) -> what stands for them, None for what it is.
Rewriting: TypeAlias = Callable[[str, str, str, str], str | None]

_LETTERS = {command: letter for letter, command in GREEK.items()}

_DISPLAYS = frozenset(
    name + star for name in ("equation", "align", "gather", "multline", "flalign", "displaymath") for star in ("", "*")
)

# Commands whose arguments are no formulas, and how many these are; -1: the argument is text.
_ARGUMENTS = {
    **dict.fromkeys(("text", "textnormal", "textbf", "textrm", "textit", "mbox", "hbox", "textsf", "emph"), -1),
    **dict.fromkeys(("operatorname", "mathrm", "mathbb", "mathcal", "mathbf", "label", "ref", "eqref", "cite"), 1),
    **dict.fromkeys(("tag", "hspace", "vspace", "end", "color", "textcolor", "colon", "texttt", "arraycolsep"), 1),
    **dict.fromkeys(("renewcommand", "multicolumn", "setlength", "rule", "addtolength"), 2),
}

_TOKEN = re.compile(
    r"(?P<comment>(?<!\\)%[^\n]*\n?)"
    r"|(?P<newline>\\\\(?:\[[^\]]*(?:pt|ex|em|mm|cm)\])?)"
    r"|(?P<begin>\\begin\{(?P<name>[a-zA-Z]+\*?)\})"
    r"|(?P<command>\\(?:[a-zA-Z]+|.))"
    r"|(?P<dollar>\$\$?)"
    r"|(?P<letter>[a-zA-Z])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_UPPER = re.compile(r"\^\{\(([0-9a-z])\)\}")
_LOWER = re.compile(r"_(?:([0-9a-zA-Z])|\{([0-9a-zA-Z,]+)\})")
_PLACES = re.compile(r"\[(?:[0-9a-z]+|\\cdot)(?:,(?:[0-9a-z]+|\\cdot))?\]")
_WANTS_ONE = re.compile(
    r"(?:[_^]|\\(?:tfrac|frac|dfrac|sqrt|hat|bar|dot|tilde|ip|norm)\s*|\\(?:tfrac|frac|dfrac|ip)\s*\S)\Z"
)
_ENDS_IN_COMMAND = re.compile(r"\\[a-zA-Z]+\Z")


def rewritten(text: str, rewriting: Rewriting, *, is_formula: bool = False) -> str:
    """Return LaTeX in which the letters of its formulas are written anew.

    Parameters
    ----------
    text : str
        LaTeX.
    rewriting : function
        Of letter, exponent, index and places.
    is_formula : bool
        Whether all of it is one formula.
    """
    return _Walk(text, rewriting).run(is_formula)


def letters_of(text: str, *, is_formula: bool = False) -> frozenset[str]:
    r"""Return the letters of the formulas in LaTeX, Greek ones too.

    Examples
    --------
    >>> sorted(letters_of(r"with $u_1^\top x=\tau$, so"))
    ['u', 'x', 'τ']
    """
    found: set[str] = set()

    def collect(letter: str, upper: str, lower: str, places: str) -> None:
        found.update((letter, *(character for character in upper + lower if character.isalpha())))

    rewritten(text, collect, is_formula=is_formula)
    return frozenset(found)


@final
class _Walk:
    """A walk through a text; a class only to hold where it stands."""

    def __init__(self, text: str, rewriting: Rewriting) -> None:
        self.text, self.rewriting = text, rewriting
        self.place, self.result = 0, ""

    def run(self, is_formula: bool) -> str:
        displays: list[str] = ["formula"] if is_formula else []
        while self.place < len(self.text):
            found = _TOKEN.match(self.text, self.place)
            assert found is not None
            token, start = found[0], self.place
            self.place = found.end()
            if found["letter"] and displays:
                self._letter(token, start)
                continue
            self._add(token)
            if found["dollar"]:
                displays = displays[:-1] if displays and displays[-1] == "$" else [*displays, "$"]
            elif found["name"]:
                self._environment(found["name"])
                if found["name"] in _DISPLAYS:
                    displays.append(found["name"])
            elif token in (r"\[", r"\("):
                displays.append(token)
            elif token in (r"\]", r"\)"):
                displays = displays[:-1]
            elif found["command"]:
                displays = self._command(token, start, displays)
        return self.result

    def _add(self, piece: str) -> None:
        """Write a piece; a space keeps a letter from becoming part of a macro before it."""
        if piece[:1].isalpha() and _ENDS_IN_COMMAND.search(self.result):
            self.result += " "
        self.result += piece

    def _environment(self, name: str) -> None:
        if name in ("array", "tabular", "longtable", "minipage", "column", "tikzpicture", "scope", "thebibliography"):
            self._optional()
            self._copied()

    def _command(self, token: str, start: int, displays: list[str]) -> list[str]:
        name = token[1:]
        if name == "end":
            closing = self._copied()
            return displays[:-1] if displays and closing[1:-1] == displays[-1] else displays
        if not displays:
            return displays
        if token in _LETTERS:
            self.result = self.result[: -len(token)]
            self._letter(_LETTERS[token], start)
        elif _ARGUMENTS.get(name, 0) < 0:
            inside = self._argument()
            self.result += "{" + _Walk(inside[1:-1], self.rewriting).run(False) + "}" if inside else ""
        else:
            for _ in range(_ARGUMENTS.get(name, 0)):
                self._copied()
        return displays

    def _letter(self, letter: str, start: int) -> None:
        upper = self._behind(_UPPER)
        lower = self._behind(_LOWER)
        places = self._behind(_PLACES) if letter in "WbS" else ""
        new = self.rewriting(letter, upper, lower, places)
        old = self.text[start : self.place]
        if new is None or new == old:
            self._add(old)
            return
        following = self.text[self.place : self.place + 1]
        is_long = len(re.findall(r"\\[a-zA-Z]+|.", new)) > 1
        if ("[" in new and following in ("^", "'")) or (is_long and old == letter and _WANTS_ONE.search(self.result)):
            new = f"{{{new}}}"
        self._add(new)
        if following.isalpha() and _ENDS_IN_COMMAND.search(self.result):
            self.result += " "

    def _behind(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.place)
        if found is None:
            return ""
        self.place = found.end()
        return next((group for group in found.groups() if group), "") if found.groups() else found[0]

    def _optional(self) -> None:
        found = re.match(r"\[[^\]]*\]", self.text[self.place :])
        if found:
            self.result += found[0]
            self.place += found.end()

    def _copied(self) -> str:
        """Copy an argument as it stands."""
        argument = self._argument()
        self.result += argument
        return argument

    def _argument(self) -> str:
        """Return the group in braces that stands next, with its braces; nothing where there is none."""
        start = self.place
        if not self.text.startswith("{", start):
            return ""
        depth = 0
        for i in range(start, len(self.text)):
            if self.text[i] in "{}" and self.text[i - 1] != "\\":
                depth += 1 if self.text[i] == "{" else -1
                if depth == 0:
                    self.place = i + 1
                    return self.text[start : i + 1]
        self.place = len(self.text)
        return self.text[start:]
