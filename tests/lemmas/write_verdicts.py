"""Writes the verdict table of the README anew: ``python -m tests.lemmas.write_verdicts``."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from symflow.exact.simplex import NO_BUDGET
from symflow.lemmas.base import AbstractLemma
from symflow.proofs.kernel import Theorem
from symflow.prove_command import catalogue

README = Path(__file__).parents[2] / "README.md"
START, END = "<!-- verdicts: python -m tests.lemmas.write_verdicts -->\n", "<!-- end of verdicts -->\n"

_SIGNS = {"proved": "■", "refuted": "⊠", "enclosed": "⊡", "conditional": "⊟", "undecided": "□", "vacuous": "∅"}


def table(rows: list[tuple[AbstractLemma, tuple[Theorem, ...]]]) -> str:
    """Return the table: a line for each claim of the catalogue."""
    counts = Counter(theorems[0].verdict.shown for _, theorems in rows)
    said = ", ".join(f"{counts[word]} {word}" for word in _SIGNS if counts[word])
    lines = [f"<details><summary>{len(rows)} statements: {said}</summary>", "", "| | claim | verdict | for |"]
    lines.append("|---|---|---|---|")
    for lemma, theorems in rows:
        claim = theorems[0].claim
        shown = claim.verdict.shown
        numbers = ", ".join(lemma.ids)
        lines.append(
            f"| {numbers} | `{lemma.name}` | {_SIGNS[shown]} {shown} | {claim.scope.replace('|', chr(92) + '|')} |"
        )
    return "\n".join([*lines, "", "</details>", ""])


def shown_in_readme() -> str:
    """Return the table that the README shows."""
    text = README.read_text(encoding="utf-8")
    return text[text.index(START) + len(START) : text.index(END)]


def write() -> None:
    """Write the table into the README."""
    written = README.read_text(encoding="utf-8")
    new = table(catalogue(with_verdicts=True, budget=NO_BUDGET))
    pattern = re.compile(re.escape(START) + ".*?" + re.escape(END), re.DOTALL)
    README.write_text(pattern.sub(lambda _: START + new + END, written), encoding="utf-8")


if __name__ == "__main__":
    write()
