"""What ``symflow flow --laws`` adds: for each arc how many quantities it conserves, and which ones end there."""

from __future__ import annotations

from symflow.flows.laws_along import LawsOnArc
from symflow.flows.precision import short
from symflow.problem import Problem
from symflow.reports.document import Table
from symflow.reports.expressions import Sentence
from symflow.reports.laws_document import cell_words
from symflow.reports.results import Json

# More broken laws of one arc are only counted.
_MOST_NAMED = 2


def laws_table(problem: Problem, found: tuple[LawsOnArc, ...]) -> Table:
    """Return a row an arc."""
    shape = problem.architecture
    rows: list[tuple[Sentence, ...]] = []
    for each in found:
        until = f"{short(each.arc.start, 6)} to {short(each.arc.end, 6)}"
        count = f"{len(each.laws)}" if each.is_complete else f"at least {len(each.laws)}"
        rows.append(((until,), (cell_words(shape, each.arc.pattern),), (count,), (_broken(each),)))
    header: tuple[Sentence, ...] = (("t",), ("pattern",), ("laws",), ("no longer",))
    return Table(header, tuple(rows), "arcs", (), ((0, 1, 2, 3), (0, 2, 3), (0, 2)))


def _broken(each: LawsOnArc) -> str:
    if len(each.broken) > _MOST_NAMED:
        return f"{len(each.broken)} of those before"
    return ",  ".join(law.polynomial.to_text() for law in each.broken)


def laws_json(found: tuple[LawsOnArc, ...]) -> list[Json]:
    """Return one object an arc; `complete` is proved where it is true."""
    return [
        {
            "start": short(each.arc.start, 20),
            "end": short(each.arc.end, 20),
            "pattern": each.arc.pattern,
            "n_laws": len(each.laws),
            "complete": each.is_complete,
            "laws": [law.polynomial.to_text() for law in each.laws],
            "broken": [law.polynomial.to_text() for law in each.broken],
            "drift": short(each.drift, 3),
        }
        for each in found
    ]
