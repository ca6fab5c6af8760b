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

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Call, names_in, parse_statement


@dataclass(frozen=True, slots=True)
class Meaning:
    """The row of a name.

    Parameters
    ----------
    ids : tuple of str
        Its numbers in the catalogue.
    statements : tuple of str
        The forms in which it may be claimed: formal statements, or a sentence where a stored theorem proves it.
    scripts : tuple of str
        The stored theorems that prove it in general.
    axioms : tuple of str
        What may be admitted for it.
    rules : tuple of str
        The rules that may derive it from a whole result of another command.
    """

    ids: tuple[str, ...]
    statements: tuple[str, ...]
    scripts: tuple[str, ...]
    axioms: tuple[str, ...]
    rules: tuple[str, ...]

    def allows(self, statement: str) -> bool:
        """Return whether a statement is one of the forms; ``hull(...)`` in a form is a hull of any vectors of numbers.

        Examples
        --------
        >>> Meaning((), ("clarke(R) == hull(...)",), (), (), ()).allows("clarke(R) == hull(vector(0, 1/2))")
        True
        >>> Meaning((), ("clarke(R) == hull(...)",), (), (), ()).allows("clarke(R) == hull(grad(R))")
        False
        """
        return any(statement == form or _is_filled(form, statement) for form in self.statements)


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
        name: Meaning(*(tuple(row.get(key, ())) for key in ("ids", "statements", "scripts", "axioms", "rules")))
        for name, row in rows.items()
    }
