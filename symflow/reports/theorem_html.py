"""A theorem as a notebook shows it: the verdict's tag, the statement in LaTeX, how it is known; the proof folds out."""

from __future__ import annotations

import html

from symflow.checker.axioms import AXIOMS
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.reports.claim_words import side_words, witness_words
from symflow.reports.mathml import sentence_html
from symflow.reports.verdict_signs import SIGNS

_GREY = "opacity:.7"  # grey on white and on black


def theorem_html(theorem: Theorem) -> str:
    """Return a theorem as HTML; formulas stay between dollars, which a notebook sets.

    Examples
    --------
    >>> from symflow.proofs.kernel import mint
    >>> from symflow.proofs.prover import decide
    >>> from symflow.proofs.setting import shape_setting
    >>> shown = theorem_html(mint(decide("norm2(W1) - norm2(W2) is conserved", shape_setting([2, 2, 1], ["relu"]))))
    >>> print(shown.splitlines()[0])
    <p class="sf-tag"><span aria-hidden="true">■</span> <b>proved</b> <i>shape 2-2-1</i></p>
    """
    lines = [claim_html(theorem.claim)]
    if theorem.also:
        others = "".join(f"<li><code>{html.escape(repr(other))}</code></li>" for other in theorem.also)
        lines.append(f"<details><summary>also claimed</summary><ul>{others}</ul></details>")
    return "\n".join(lines)


def claim_html(claim: Claim) -> str:
    """Return a claim as HTML."""
    shown = claim.verdict.shown
    lines = [
        f'<p class="sf-tag"><span aria-hidden="true">{SIGNS[shown]}</span> <b>{shown}</b> '
        f"<i>{html.escape(claim.scope)}</i></p>",
        f"<p>{html.escape(claim.words) if claim.words else f'<code>{html.escape(claim.statement)}</code>'}</p>",
    ]
    lines += _details(claim)
    how = claim.known_by or claim.reason or ""
    admitted = "; ".join(AXIOMS[axiom].sentence for axiom in claim.axioms)
    grounds = [f"known by: {how}" if how else "", f"admitting: {admitted}" if admitted else ""]
    lines += [f'<p style="{_GREY}">{html.escape(each)}</p>' for each in grounds if each]
    return "\n".join(lines)


def _details(claim: Claim) -> list[str]:
    lines = []
    witness = [*witness_words(claim), *side_words(claim)] if claim.witness else []
    if witness:
        lines.append(f"<p>{'<br>'.join(map(sentence_html, witness))}</p>")
    if claim.proof and claim.word != "undecided":
        steps = "".join(f"<li>{html.escape(step.sentence)}</li>" for step in claim.proof)
        lines.append(f"<details><summary>proof</summary><ol>{steps}</ol></details>")
    return lines
