"""What the name of a claim means: its statement, and what it may rest on; a file that says otherwise is refused.

The table ``meanings.json`` beside this file is part of what a sceptic reads: a file cannot call something else by the
name of a lemma. A claim under a name that is not in it is a user's own: it is checked as it stands, and means what it
says.

Examples
--------
>>> meaning("no such claim") is None
True
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Call, names_in, parse_statement


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a lemma without a formal statement: by a stored theorem, or because others have proved it.

    Parameters
    ----------
    verdict : str
        What it shows: where the script has not been checked, that is conditional on it.
    hypotheses : tuple of str
        What is assumed, in words.
    axioms : tuple of str
        What is admitted.
    script : str or None
        The Coq script; None for a citation.
    theorems : tuple of str
        Which of its theorems.
    """

    verdict: str
    hypotheses: tuple[str, ...]
    axioms: tuple[str, ...]
    script: str | None = None
    theorems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """The row of a name.

    Parameters
    ----------
    ids : tuple of str
        Its numbers in the catalogue.
    words : str
        The sentence that stands for it.
    statements : tuple of str
        The formal statements as which it may be claimed.
    hypotheses : tuple of str
        What it assumes, in words.
    is_refuted : bool
        Whether it is false as a statement on all nets, and may be said to be.
    stored : tuple of Stored
        The stored theorems and citations that show it in general.
    rules : tuple of str
        The rules that may derive it from a whole result of another command.
    prose : str
        The hash of its reference and its proof, as they are printed.
    see : str or None
        The name of the corrected statement.
    is_per_instance : bool
        Whether its formal statement is the whole of it at one point or for one shape, so that it may be shown there,
        false as it is for others.
    bounds : mapping
        Of what a formal statement may be claimed, where that is not every problem that meets the hypotheses: the
        ``depth`` of the net, the ``loss``, the ``variable``, or ``places``, hashes of the settings it is meant of.
    """

    ids: tuple[str, ...] = ()
    words: str = ""
    statements: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()
    is_refuted: bool = False
    stored: tuple[Stored, ...] = ()
    rules: tuple[str, ...] = ()
    prose: str = ""
    see: str | None = None
    is_per_instance: bool = False
    bounds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def may_be(self, verdict: str) -> bool:
        """Return whether a formal statement may show that verdict under the name.

        What is false on some net is shown by no net on which it is true, and what is true of all is refuted by none.

        Examples
        --------
        >>> Meaning(is_refuted=True).may_be("proved_instance"), Meaning().may_be("proved_instance")
        (False, True)
        >>> Meaning(is_refuted=True).may_be("refuted"), Meaning().may_be("refuted")
        (True, False)
        """
        if verdict == "refuted":
            return self.is_refuted
        return verdict == "undecided" or self.is_per_instance or not self.is_refuted

    def bound(self, statement: str) -> Mapping[str, Any]:
        """Return of what a formal statement may be claimed; empty where that is every problem."""
        return self.bounds.get(statement, {})

    def allows(self, statement: str) -> bool:
        """Return whether a statement is one of the forms; ``hull(...)`` in a form is a hull of any vectors of numbers.

        Examples
        --------
        >>> Meaning(statements=("clarke(R) == hull(...)",)).allows("clarke(R) == hull(vector(0, 1/2))")
        True
        >>> Meaning(statements=("clarke(R) == hull(...)",)).allows("clarke(R) == hull(grad(R))")
        False
        """
        return statement == self.words or any(
            statement == form or _is_filled(form, statement) for form in self.statements
        )


def _is_filled(form: str, statement: str) -> bool:
    before, gap, after = form.partition("hull(...)")
    inside = statement[len(before) : len(statement) - len(after)]
    if not gap or statement != before + inside + after:
        return False
    try:
        found = parse_statement(f"{inside} == empty")
    except Refused:
        return False
    vectors = found.claims[0].left
    is_hull = (
        isinstance(vectors, Call) and vectors.function == "hull" and vectors.binder is None and not vectors.indices
    )
    if not isinstance(vectors, Call) or not is_hull or len(found.claims) > 1 or found.binders or found.conditions:
        return False
    return all(
        isinstance(vector, Call)
        and vector.function == "vector"
        and all(set(names_in(entry)) <= {"exp"} for entry in vector.arguments)
        for vector in vectors.arguments
    )


def meaning(name: str) -> Meaning | None:
    """Return the row of a name; None for a user's own claim."""
    return _table().get(name)


@cache
def _table() -> dict[str, Meaning]:
    rows = json.loads((Path(__file__).parent / "meanings.json").read_text(encoding="utf-8"))
    return {
        name: Meaning(
            tuple(row["ids"]),
            row["words"],
            tuple(row["statements"]),
            tuple(row["hypotheses"]),
            row["is_refuted"],
            tuple(map(_stored, row["stored"])),
            tuple(row["rules"]),
            row["prose"],
            row["see"],
            row.get("per_instance", False),
            row.get("bounds", {}),
        )
        for name, row in rows.items()
    }


def _stored(row: dict[str, Any]) -> Stored:
    texts = {key: tuple(row.get(key, ())) for key in ("hypotheses", "axioms", "theorems")}
    return Stored(row["verdict"], script=row.get("script"), **texts)


def setting_hash(setting: Mapping[str, object]) -> str:
    """Return the SHA-256 of a setting.

    Examples
    --------
    >>> setting_hash({"kind": "given"})[:8]
    'e0a8e582'
    """
    return hashlib.sha256(json.dumps(setting, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def prose_hash(tree: dict[str, object]) -> str:
    """Return the SHA-256 of some prose: a reference, and the steps of a proof.

    Examples
    --------
    >>> prose_hash({"reference": "", "proof": []})[:8]
    '29092f85'
    """
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
