"""The sign of each verdict: it repeats the word and never replaces it, on a terminal, on a page and in LaTeX alike."""

from __future__ import annotations

from collections.abc import Mapping

#: In text, by the word of the verdict.
SIGNS: Mapping[str, str] = {
    "exact": "■",
    "proved": "■",
    "accepted": "■",
    "refuted": "⊠",
    "rejected": "⊠",
    "enclosed": "⊡",
    "computed": "≈",
    "conditional": "⊟",
    "undecided": "□",
    "vacuous": "∅",
}

_COMMANDS = {
    "■": r"\blacksquare",
    "⊠": r"\boxtimes",
    "⊡": r"\boxdot",
    "≈": r"\approx",
    "⊟": r"\boxminus",
    "□": r"\square",
    "∅": r"\varnothing",
}

#: The same signs in LaTeX mathematics (amssymb).
LATEX_SIGNS: Mapping[str, str] = {word: _COMMANDS[sign] for word, sign in SIGNS.items()}
