"""What ``symflow prove`` and ``symflow claims`` say: a table of verdicts, or one statement with its proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from symflow.lemmas.base import AbstractLemma
from symflow.proofs.kernel import Theorem
from symflow.reports.document import Block, Document, Fact, Facts, Paragraph, Table
from symflow.reports.expressions import Sentence


def prove_document(theorems: Sequence[Theorem]) -> Document:
    """Return what is to be said of the claims."""
    rows: tuple[tuple[Sentence, ...], ...] = tuple(
        ((t.claim.name,), (t.verdict.shown,), (t.claim.scope,), (t.claim.known_by or t.claim.reason or "",))
        for t in theorems
    )
    header: tuple[Sentence, ...] = (("claim",), ("verdict",), ("for",), ("known by",))
    counts = Counter(theorem.verdict.shown for theorem in theorems)
    words = ", ".join(f"{count} {word}" for word, count in counts.items())
    blocks: list[Block] = [Table(header, rows, "claims"), Paragraph((f"{words}.",))]
    return Document(tuple(blocks))


def claims_document(rows: Sequence[tuple[AbstractLemma, Sequence[Theorem]]]) -> Document:
    """Return the catalogue."""
    table: tuple[tuple[Sentence, ...], ...] = tuple(
        (
            (", ".join(lemma.ids),),
            (lemma.name,),
            (theorems[0].verdict.shown if theorems else "",),
            (theorems[0].claim.scope if theorems else "",),
        )
        for lemma, theorems in rows
    )
    header: tuple[Sentence, ...] = (("id",), ("claim",), ("verdict",), ("for",))
    return Document(
        (Table(header, table, "claims"), Facts((Fact("one of them", (("symflow prove --claim NAME [FILE]",),)),)))
    )
