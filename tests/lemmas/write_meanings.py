"""Writes ``checker/meanings.json``, what each lemma's name means: ``python -m tests.lemmas.write_meanings``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import symflow.checker
from symflow.checker.meanings import prose_hash, setting_hash
from symflow.lemmas import base
from symflow.lemmas.base import AbstractLemma, Target, all_lemmas
from symflow.problem_tree import problem_from_tree
from symflow.proofs.claim import Claim
from symflow.proofs.prover import scope_words
from symflow.proofs.setting import GENERAL, net_tree, shape_setting
from symflow.reports.result_engines import ENGINES

PLACE = Path(symflow.checker.__file__).parent / "meanings.json"


def meanings() -> dict[str, Any]:
    """Return the table, as the lemmas say it."""
    return {lemma.name: meaning_of(lemma) for lemma in all_lemmas()}


def meaning_of(lemma: AbstractLemma) -> dict[str, Any]:
    """Return one row: what the class says, and what it claims without a formal statement."""
    formal = (lemma.statement, *lemma.forms) if lemma.statement else lemma.forms
    claims = list(_claims(lemma))
    stored = [_stored(claim) for claim in claims if (claim.certificate or {}).get("kind") in ("script", "citation")]
    return {
        "ids": list(lemma.ids),
        "words": lemma.words,
        "statements": list(dict.fromkeys(" ".join(each.split()) for each in formal)),
        "hypotheses": [each.words for each in lemma.hypotheses],
        "is_refuted": any(claim.word == "refuted" and claim.setting == GENERAL for claim in claims),
        "stored": [json.loads(each) for each in dict.fromkeys(json.dumps(each, sort_keys=True) for each in stored)],
        "rules": list(lemma.rules),
        "prose": prose_hash(
            {
                "reference": lemma.reference,
                "proof": [{"kind": step.kind, "sentence": step.sentence} for step in lemma.proof],
            }
        ),
        "see": lemma.see,
        "per_instance": lemma.is_per_instance,
        "bounds": _bounds(lemma, claims),
    }


def _bounds(lemma: AbstractLemma, claims: Iterable[Claim]) -> dict[str, Any]:
    """Return of what its forms are meant: as the class says, and of the named problems of its claims alone."""
    found: dict[str, dict[str, Any]] = {}
    for statement, bound in lemma.bounds.items():
        assert set(bound) <= {"depth", "loss", "variable", "at_home"}, statement
        found[" ".join(statement.split())] = dict(bound)
    for claim in claims:
        setting = (claim.witness or {}).get("setting", claim.setting)
        bound = found.setdefault(claim.statement, {})
        if bound.get("at_home") or setting["kind"] == "problems":
            bound.setdefault("places", []).append(setting_hash(setting))
    for bound in found.values():
        assert bound.pop("at_home", None) is None or bound.get("places")
    kept = {statement: bound for statement, bound in found.items() if bound}
    return {
        key: {**bound, "places": sorted({*bound["places"]})} if "places" in bound else bound
        for key, bound in kept.items()
    }


def _claims(lemma: AbstractLemma) -> Iterator[Claim]:
    """Return what it claims at home and of a small problem, every script taken for checked, nothing decided."""

    def decide(text: str, setting: Any, **_: Any) -> Claim:
        return Claim(text, text, setting, "undecided", scope_words(setting), reason="not asked")

    def refuted(self: AbstractLemma, statement: str, place: Any, target: Target, **_: Any) -> Claim:
        return self._claim(GENERAL, "refuted", statement=statement, witness={"setting": place})

    tree = net_tree(
        [[[1, 2], [2, -1]], [[1, 1]]], inputs=[[1, 0], [0, 1]], labels=[1, 1], kind="risk", loss="exponential"
    )
    targets = [Target(ENGINES, problem_from_tree(tree)), Target(ENGINES, shape=shape_setting([2, 2, 1], ["relu"]))]
    with ExitStack() as patches:
        patches.enter_context(patch.object(base, "decide", decide))
        patches.enter_context(patch.object(base, "is_checked", lambda *_: True))
        patches.enter_context(patch.object(AbstractLemma, "refuted", refuted))
        yield from lemma.at_home(Target(ENGINES))
        for target in targets:
            if target.problem is None or all(each.holds(target.problem) for each in lemma.hypotheses):
                with suppress(Exception):  # what it makes of the prover's answer, of which there is none
                    yield from lemma.on(target)


def _stored(claim: Claim) -> dict[str, Any]:
    certificate = claim.certificate or {}
    row: dict[str, Any] = {
        "verdict": claim.word,
        "hypotheses": list(claim.hypotheses),
        "axioms": list(claim.axioms),
    }
    return row | {key: certificate[key] for key in ("script", "theorems") if key in certificate}


def text() -> str:
    """Return the table as it stands in the file."""
    return json.dumps(meanings(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
