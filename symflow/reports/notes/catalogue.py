r"""The catalogue's claims in notes: those about this net in a table, those in general in a line, and what they cite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast, final

from symflow.checker.axioms import AXIOMS
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.reports.latex_text import escape
from symflow.reports.notes.document import SIGNS, Block, LongTable, Prose, Reference, Word

# What a general statement is about; the others are about the problem or its shape.
_GENERAL = ("general", "problems")

# The verdicts of general statements, in the order in which they are told.
_ORDER: tuple[Word, ...] = ("proved", "conditional", "enclosed", "vacuous", "refuted", "undecided")


@final
@dataclass(frozen=True, slots=True)
class Catalogue:
    """What notes say of the catalogue's claims, and the sources that they cite."""

    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]


def catalogue_of(theorems: Sequence[Theorem], widths: Sequence[int] = ()) -> Catalogue:
    """Return what is to be said of claims.

    Parameters
    ----------
    theorems : sequence of Theorem
        As ``symflow prove`` finds them; several may be of one name.
    widths : sequence of int
        Those of the net: statements about other shapes are left out.

    Examples
    --------
    >>> catalogue_of([])
    Catalogue(blocks=(), references=())
    """
    claims = [theorem.claim for theorem in theorems]
    about_this = _distinct(claim for claim in claims if _is_about(claim, widths))
    known = {claim.name for claim in about_this}
    general = _distinct(claim for claim in claims if claim.setting["kind"] in _GENERAL and claim.name not in known)
    axioms = list(dict.fromkeys(axiom for claim in (*about_this, *general) for axiom in claim.axioms))
    blocks: list[Block] = []
    if about_this:
        blocks += [
            Prose(r"Of the statements of the catalogue (\texttt{symflow claims}), those about this net:"),
            _table(about_this),
        ]
    if general:
        blocks.append(_general(general))
    references = [Reference(_key(axiom), _source(axiom)) for axiom in axioms]
    return Catalogue(tuple(blocks), tuple(references))


def _distinct(claims: Iterable[Claim]) -> list[Claim]:
    """Return claims, of those of one name and verdict the first, which is the most general."""
    found: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        found.setdefault((claim.name, claim.verdict.shown), claim)
    return list(found.values())


def _is_about(claim: Claim, widths: Sequence[int]) -> bool:
    """Whether a claim is about this net, its point, or its shape."""
    kind = claim.setting["kind"]
    if kind == "shape":
        return list(claim.setting["widths"]) == list(widths)
    return kind not in _GENERAL


def _name(claim: Claim) -> str:
    if claim.number is None:
        return rf"\texttt{{{escape(claim.statement)}}}"
    words = claim.name.replace("_", " ")
    return f"{escape(words[0].upper() + words[1:])} ({escape(claim.number)})"


def _table(claims: Sequence[Claim]) -> LongTable:
    rows = []
    for claim in claims:
        word = cast(Word, claim.verdict.shown)
        scope = escape(claim.scope) + _citation(claim)
        rows.append((_name(claim), rf"\textcolor{{{word}}}{{${SIGNS[word]}$ {word}}}", scope))
    return LongTable(
        r"@{}>{\raggedright\arraybackslash}p{66mm}l>{\raggedright\arraybackslash}p{36mm}@{}",
        ("statement", "verdict", "for"),
        tuple(rows),
    )


def _general(claims: Sequence[Claim]) -> Prose:
    """Return the general statements in one paragraph, by their verdicts."""
    said = []
    for word in _ORDER:
        names = list(dict.fromkeys(_name(c) + _citation(c) for c in claims if c.verdict.shown == word))
        if names:
            said.append(rf"\textcolor{{{word}}}{{${SIGNS[word]}$ {word}}}: {', '.join(names)}")
    return Prose(rf"{{\small In general, or of nets of their own, {'; '.join(said)}.\par}}")


def _citation(claim: Claim) -> str:
    return rf"~\cite{{{','.join(map(_key, claim.axioms))}}}" if claim.axioms else ""


def _key(axiom: str) -> str:
    return axiom.replace("_", "")


def _source(axiom: str) -> str:
    known = AXIOMS[axiom]
    sentence = known.sentence[0].upper() + known.sentence[1:]
    return f"{escape(known.source)}: {escape(sentence)}.".replace(escape("R^p"), r"$\R^p$")
