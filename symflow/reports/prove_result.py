"""The JSON of ``symflow prove`` and of ``symflow claims``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from symflow._version import __version__
from symflow.lemmas.base import AbstractLemma
from symflow.problem import Problem
from symflow.proofs.claim import Json
from symflow.proofs.kernel import Theorem


def prove_result(
    theorems: Sequence[Theorem],
    problem: Problem | None,
    shape: Json | None,
    residuals: Mapping[str, str] | None = None,
) -> Json:
    """Return the result of ``symflow prove``: the problem or the shape, and every claim.

    `residuals` are numbers beside the claims, by their hashes; nothing rests on them.
    """
    result: Json = {"command": "prove", "symflow": __version__}
    if problem is not None:
        result["problem"] = problem.tree()
    if shape is not None:
        result["shape"] = "-".join(map(str, shape["widths"]))
    result["claims"] = [theorem.claim.tree() for theorem in theorems]
    if residuals:
        result["residuals"] = dict(residuals)
    result["counts"] = dict(sorted(Counter(theorem.verdict.word for theorem in theorems).items()))
    return result


def claims_result(rows: Sequence[tuple[AbstractLemma, Sequence[Theorem]]]) -> Json:
    """Return the result of ``symflow claims``: the catalogue, with verdicts where they were asked for."""
    return {"command": "claims", "symflow": __version__, "claims": [_row(lemma, theorems) for lemma, theorems in rows]}


def _row(lemma: AbstractLemma, theorems: Sequence[Theorem]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": lemma.ids[0],
        "ids": list(lemma.ids),
        "claim": lemma.name,
        "words": lemma.words,
        "statement": lemma.statement or None,
        "hypotheses": [each.words for each in lemma.hypotheses],
        "reference": lemma.reference,
        "see": lemma.see,
    }
    if theorems:
        first = theorems[0].claim
        row |= {"verdict": first.word, "scope": first.scope, "axioms": list(first.axioms), "known_by": first.known_by}
    return row
