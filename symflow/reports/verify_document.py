"""What ``symflow verify`` says: accepted or rejected, by how many certificates, and what was not checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from symflow.reports.document import Answer, Block, Document, Fact, Facts, Table, Tag, Title
from symflow.reports.expressions import Sentence
from symflow.reports.phrases import counted


def verify_document(path: str, report: Mapping[str, object]) -> Document:
    """Return what is to be said of a checker's report.

    Parameters
    ----------
    path : str
        What was checked.
    report : mapping
        ``accepted``, ``n_certificates``, ``rejected`` and ``not_checked``.

    Examples
    --------
    >>> from symflow.reports.linear_text import sentence_text
    >>> report = {"accepted": True, "n_certificates": 12, "rejected": [], "not_checked": []}
    >>> sentence_text(verify_document("demo.json", report).blocks[1].sentence)
    'All 12 certificates hold.'
    """
    count = report["n_certificates"]
    rejected, not_checked = _rows(report.get("rejected")), report.get("not_checked")
    assert isinstance(count, int)
    name = "standard input" if path == "-" else path
    blocks: list[Block] = [Title((f"{name}, re-checked by the small checker alone.",))]
    if report["accepted"]:
        held = "The one certificate holds." if count == 1 else f"All {count} certificates hold."
        nothing = "Nothing is wrong in it; without a certificate nothing in it is proved."
        blocks.append(Answer((held,), Tag("accepted")) if count else Answer((nothing,), Tag("undecided")))
    elif not rejected:
        words = f"Nothing is wrong, but not everything could be checked; {counted(count, 'certificate')} hold."
        blocks.append(Answer((words.replace(" 1 certificate hold.", " 1 certificate holds."),), Tag("undecided")))
    else:
        places = "place" if len(rejected) == 1 else "places"
        words = f"Rejected at {len(rejected)} {places}; {counted(count, 'certificate')} hold."
        if count == 1:
            words = words.replace("hold.", "holds.")
        blocks.append(Answer((words,), Tag("rejected")))
    if rejected:
        rows: tuple[tuple[Sentence, ...], ...] = tuple(((place,), (reason,)) for place, reason in rejected)
        blocks.append(Table((("place",), ("what is wrong",)), rows, "places"))
    facts = []
    if isinstance(not_checked, Sequence) and not_checked:
        facts.append(Fact("not checked", tuple((entry,) for entry in _together(map(str, not_checked)))))
    else:
        facts.append(Fact("not checked", (("nothing: every claim in it was re-checked",),)))
    facts.append(Fact("trusted", (("symflow/checker alone: no search, no solver, no library",),)))
    blocks.append(Facts(tuple(facts)))
    return Document(tuple(blocks))


def _together(entries: Iterable[str]) -> list[str]:
    """Return what was not checked, what is said of several places once.

    Examples
    --------
    >>> _together(["claims[1]: the script a.v", "claims[4]: the script a.v", "radius"])
    ['the script a.v (2 places)', 'radius']
    """
    places: dict[str, list[str]] = {}
    for entry in entries:
        place, colon, what = entry.partition(": ")
        key = what if colon else re.sub(r"^claims\[[0-9]+\]\.(certificate\.)?(result\.)?", "", place)
        places.setdefault(key, []).append(entry)
    return [found[0] if len(found) == 1 else f"{key} ({counted(len(found), 'place')})" for key, found in places.items()]


def _rows(entries: object) -> list[tuple[str, str]]:
    if not isinstance(entries, Sequence):
        return []
    rows = []
    for entry in entries:
        assert isinstance(entry, Mapping)
        rows.append((str(entry["place"]), str(entry["reason"])))
    return rows
