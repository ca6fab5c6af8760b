"""Writes ``checker/meanings.json``, what each lemma's name means: ``python -m tests.lemmas.write_meanings``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import symflow.checker
from symflow.lemmas.base import all_lemmas

PLACE = Path(symflow.checker.__file__).parent / "meanings.json"


def meanings() -> dict[str, Any]:
    """Return the table, as the lemmas say it."""
    table = {}
    for lemma in all_lemmas():
        formal = (lemma.statement, *lemma.forms) if lemma.statement else lemma.forms
        table[lemma.name] = {
            "ids": list(lemma.ids),
            "statements": [*dict.fromkeys(" ".join(each.split()) for each in formal), lemma.words],
            "scripts": list(lemma.scripts),
            "axioms": list(lemma.axioms),
            "rules": list(lemma.rules),
        }
    return table


def text() -> str:
    """Return the table as it stands in the file."""
    return json.dumps(meanings(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
