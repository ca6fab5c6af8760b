"""What ``symflow prove`` and ``symflow claims`` say: a table of verdicts, or one statement with its proof."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from symflow.checker.axioms import AXIOMS
from symflow.lemmas.base import AbstractLemma
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.reports.claim_words import name_words, side_words, witness_words
from symflow.reports.document import (
    Answer,
    Block,
    Document,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Table,
    Tag,
    Title,
    VerdictWord,
)
from symflow.reports.expressions import Sentence
from symflow.reports.tex_text import tex_text
from symflow.reports.verdict_signs import SIGNS

_WORDS: dict[str, VerdictWord] = {
    "proved": "proved",
    "refuted": "refuted",
    "enclosed": "enclosed",
    "conditional": "conditional",
    "undecided": "undecided",
    "vacuous": "vacuous",
}

# What is counted, in the order in which it is said.
_COUNTED = ("proved", "conditional", "enclosed", "vacuous", "refuted", "undecided")


def prove_document(
    theorems: Sequence[Theorem],
    *,
    in_detail: bool,
    about: Sentence = (),
    widths: Sequence[int] = (),
    advice: str = "",
    residuals: Mapping[str, str] | None = None,
) -> Document:
    """Return what is to be said of the claims.

    Parameters
    ----------
    theorems : sequence of Theorem
        In order; claims of one name stand together.
    in_detail : bool
        Each with its proof, or all in a table.
    about : Sentence
        The line that names the problem, over a table.
    widths : sequence of int
        Those of the net or the shape that was asked about.
    advice : str
        How to re-check them, under the table.
    residuals : mapping, optional
        By how much claims fail numerically, by their hashes: a number beside the proof.
    """
    if not in_detail:
        return _table(theorems, advice, about, widths)
    blocks: list[Block] = []
    for _, group in groupby(theorems, key=lambda theorem: theorem.claim.name):
        first, *others = group
        blocks += _statement(first, others, residuals or {})
    return Document(tuple(blocks))


def claims_document(rows: Sequence[tuple[AbstractLemma, Sequence[Theorem]]]) -> Document:
    """Return the catalogue: numbers, names, and verdicts where they were asked for, or else what each says."""
    if not any(theorems for _, theorems in rows):
        plain: tuple[tuple[Sentence, ...], ...] = tuple(
            ((", ".join(lemma.ids),), (lemma.name,), (tex_text(lemma.words),)) for lemma, _ in rows
        )
        table = Table((("number",), ("claim",), ("says",)), plain, "claims", flag="--json")
        return Document((table, Facts((Fact("one of them", (("symflow prove --claim NAME [FILE]",),)), *_LANGUAGE))))
    body: tuple[tuple[Sentence, ...], ...] = tuple(
        (
            (", ".join(lemma.ids),),
            (lemma.name,),
            (_marked(theorems[0].claim),),
            (theorems[0].claim.scope,),
            (_shortly(theorems[0].claim),),
        )
        for lemma, theorems in rows
    )
    header: tuple[Sentence, ...] = (("number",), ("claim",), ("verdict",), ("for",), ("known by",))
    first = [theorems[0] for _, theorems in rows]
    choices = ((0, 1, 2, 3, 4), (0, 1, 2, 3))
    table = Table(header, body, "claims", choices=choices, flag="--json")
    blocks: list[Block] = [table, Paragraph((_counts(first),))]
    cited = tuple(_cited(first))
    if cited:
        blocks.append(Facts(cited))
    return Document(tuple(blocks))


_LANGUAGE = (
    Fact(
        "your own",
        (
            ('symflow prove FILE --claim "norm2(W1) - norm2(W2) is conserved"',),
            ('symflow prove FILE --claim "for s in clarke(f): inner(s, w) == L*f"',),
            ('symflow prove FILE --claim "0 not in clarke(R)"',),
        ),
    ),
    Fact(
        "of all weights",
        (
            ("unless it speaks of a set, or ends with: at w",),
            ("quantified by: for l in 1..L: ..   for t > 0: ..   for s in clarke(f): ..",),
            ("before the claim, or behind it: norm2(s) >= 1 for s in clarke(R)",),
            ("under a condition by: .. if ..",),
        ),
    ),
    Fact(
        "names",
        (
            ("f, f[k], m[k], R, c[k]; w, W[l], b[l]; x[k], y[k]; A[l,k], z[l,k], h[l,k]; L, H, n",),
            ("an entry: W1[1,2], x[1][2], z[1,1][2]",),
        ),
    ),
    Fact(
        "functions",
        (
            ("inner, norm2, norm, trace, transpose, part, vector, exp, ln, abs, width",),
            ("sum(k in 1..n: m[k]), min(k in 1..n: m[k]), max(..)",),
            ("grad(f, W[l]), autodiff(R), velocity(R), directional(R, v); f(2*w), f(3*W[1])",),
            ("sets: clarke(R), hull(u, v), point(u), product(S, T), S + T, 2*S",),
        ),
    ),
    Fact("relations", (("== != <= >= < >, in, not in, within, is conserved; joined by and",),)),
)


# ---------------------------------------------------------------------- a table


def _table(theorems: Sequence[Theorem], advice: str, about: Sentence, widths: Sequence[int]) -> Document:
    blocks: list[Block] = [Title(about)] if about else []
    blocks.append(Paragraph((_counts(theorems),)))
    here = [theorem for theorem in theorems if _is_about(theorem.claim, widths)]
    general = [theorem for theorem in theorems if theorem not in here]
    for words, rows in (
        ("Of this net, or of all nets of its shape", here),
        ("In general, or of nets of their own", general),
    ):
        if rows:
            blocks += [Heading((f"{words}:",)), _rows(rows)]
    facts = [*_cited(theorems)]
    if advice:
        facts.append(Fact("re-check", ((advice,),)))
    if facts:
        blocks.append(Facts(tuple(facts)))
    return Document(tuple(blocks))


def _with_formulas(words: str) -> str:
    """Return words with the formulas between dollars as text, and nothing else changed."""
    return re.sub(r"\$[^$]*\$", lambda match: tex_text(match[0]), words)


def _is_about(claim: Claim, widths: Sequence[int]) -> bool:
    """Return whether a claim is about the net or the shape that was asked about."""
    setting = claim.setting
    # A shape stands for itself, or, where a whole result is about it, as a problem without weights.
    shape = setting if setting["kind"] == "shape" else setting.get("problem", {}).get("network", {})
    return setting["kind"] == "given" or tuple(shape.get("widths", ())) == tuple(widths)


def _rows(theorems: Sequence[Theorem]) -> Table:
    found: list[tuple[str, str, str, str]] = []
    for theorem in sorted(theorems, key=lambda theorem: _COUNTED.index(theorem.verdict.shown)):
        claim = theorem.claim
        scope = claim.scope.replace("this net, these data", "this net")
        found.append((claim.name, _marked(claim), scope, _shortly(claim)))
    rows: list[tuple[Sentence, ...]] = []
    for row, count in Counter(found).items():  # claims that differ in what is not shown here are one row
        *cells, how = row
        rows.append((*((cell,) for cell in cells), (f"{how} ({count} claims)" if count > 1 else how,)))
    header: tuple[Sentence, ...] = (("claim",), ("verdict",), ("for",), ("known by",))
    return Table(header, tuple(rows), "claims", flag="--json")


def _shortly(claim: Claim) -> str:
    """Return how a claim is known, in the few words of a table."""
    how = claim.known_by or claim.reason or ""
    how = re.sub(r"^an? polynomial identity in [0-9]+ symbols", "an identity", how)
    how = re.sub(r"^([0-9]+) polynomial identities in [0-9]+ symbols", r"\1 identities", how)
    return how.replace("a stored theorem, checked by Coq", "stored theorem (Coq)")


def _marked(claim: Claim) -> str:
    shown = claim.verdict.shown
    return f"{SIGNS[shown]} {shown}"


def _counts(theorems: Sequence[Theorem]) -> str:
    counts = Counter(theorem.verdict.shown for theorem in theorems)
    return ", ".join(f"{counts[word]} {word}" for word in _COUNTED) + "."


def _cited(theorems: Sequence[Theorem]) -> Iterator[Fact]:
    """Return the facts that are admitted, each once."""
    names = dict.fromkeys(axiom for theorem in theorems for axiom in theorem.claim.axioms)
    if names:
        yield Fact("cited", tuple((f"{name}: {AXIOMS[name].sentence}",) for name in sorted(names)))


# ---------------------------------------------------------------------- one statement


def _statement(theorem: Theorem, others: Sequence[Theorem], residuals: Mapping[str, str]) -> Iterator[Block]:
    claim = theorem.claim
    shown = claim.verdict.shown
    yield Paragraph((name_words(claim),))
    sentence = tex_text(claim.words) if claim.words else claim.statement
    yield Answer((sentence,), Tag(_WORDS[shown], _scope(claim)))
    facts = [*_facts(theorem, others)]
    amounts = [residuals[each.claim.hash] for each in (theorem, *others) if each.claim.hash in residuals]
    if amounts:
        words = f"the sides differ by {amounts[0]}, relative to their size; a check beside the proof"
        facts.append(Fact("numerically", ((words,),)))
    if facts:
        yield Facts(tuple(facts))


def _scope(claim: Claim) -> str:
    if claim.verdict.word == "undecided":
        return ""
    return claim.scope if claim.verdict.word == "refuted" else f"for {claim.scope}"


def _facts(theorem: Theorem, others: Sequence[Theorem]) -> Iterator[Fact]:
    claim = theorem.claim
    if claim.words and claim.statement != claim.words:
        yield Fact("formally", ((claim.statement,),))
    if claim.reason:
        yield Fact("because", ((_with_formulas(claim.reason),),))
    if claim.hypotheses:
        yield Fact("assuming", ((_listed([tex_text(each) for each in claim.hypotheses]),),))
    if claim.proof and claim.word != "undecided":
        is_here = claim.setting["kind"] == "given"
        label = "proof" if claim.word != "refuted" else "for example" if is_here else "why not"
        if claim.verdict.holds and any(step.kind == "witness" for step in claim.proof):
            label = "but not always"  # what is false in general may hold here
        yield Fact(label, tuple((tex_text(step.sentence),) for step in claim.proof))
    if claim.witness is not None:
        words = (*witness_words(claim), *side_words(claim))
        if words:
            yield Fact("witness", words)
    for other in others:
        how = other.claim.known_by or other.claim.reason or ""
        yield Fact("also", ((f"{_marked(other.claim)} for {other.claim.scope}: {how}",),))
    if claim.known_by:
        yield Fact("known by", ((claim.known_by,),))
    if claim.axioms:
        yield Fact(
            "admitting", tuple((f"{name}: {AXIOMS[name].sentence} ({AXIOMS[name].source})",) for name in claim.axioms)
        )
    elif claim.word != "undecided":
        yield Fact("admitting", (("nothing",),))
    if claim.see is not None:
        yield Fact("true is", ((f"symflow prove --claim {claim.see}",),))
    if claim.reference:
        yield Fact("reference", ((claim.reference,),))


def _listed(parts: Sequence[str]) -> str:
    return "; ".join(parts)
