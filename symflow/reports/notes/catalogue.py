r"""The catalogue's claims in notes: those about this net in a table, those in general in a line, what they admit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast, final

from symflow.checker.axioms import AXIOMS
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.reports.latex_text import escape
from symflow.reports.notes.document import SIGNS, Block, LongTable, Prose, Word
from symflow.reports.sources import admitted, citations

# For what a claim holds that is about this very net, in its own words.
_HERE = "this net, these data"

# What a general statement is about; the others are about the problem or its shape.
_GENERAL = ("general", "problems")

# The verdicts of general statements, in the order in which they are told.
_ORDER: tuple[Word, ...] = ("proved", "conditional", "enclosed", "vacuous", "refuted", "undecided")


# Of one verdict so many general statements are named; symflow claims lists them all.
_MOST_NAMED = 8

# The formulas in the sentences of cited facts.
_FORMULAS = {
    "R^p": r"$\R^p$",
    "d/dt F(w(t)) = <v, w'(t)>": r"$\frac d{dt}F(w(t))=\ip v{w'(t)}$",
    " at w(t)": " at $w(t)$",
    "all v in": "all $v$ in",
    "almost every t": "almost every $t$",
    "if g is": "if $g$ is",
    "the m_i are": "the $m_i$ are",
    "g(m_1, .., m_n)": r"$g(m_1,\ldots,m_n)$",
    "(partial g/partial m_i)": r"$\partial g/\partial m_i$",
    "differential of m_i": "differential of $m_i$",
    "u >= 0 with u(0) = 0 and u' <= K u": r"$u\ge0$ with $u(0)=0$ and $u'\le Ku$",
}

# Names of the field among the words of a lemma's name.
_PROPER = {"clarke": "Clarke", "lipschitz": "Lipschitz", "euler": "Euler", "relu": "ReLU", "gram": "Gram"}


@final
@dataclass(frozen=True, slots=True)
class Catalogue:
    """What notes say of the catalogue's claims; those about this net, and those in general."""

    blocks: tuple[Block, ...]
    here: tuple[Claim, ...]
    general: tuple[Claim, ...]


def catalogue_of(theorems: Sequence[Theorem], widths: Sequence[int] = (), here: str = _HERE) -> Catalogue:
    """Return what is to be said of claims.

    Parameters
    ----------
    theorems : sequence of Theorem
        As ``symflow prove`` finds them; several may be of one name.
    widths : sequence of int
        Those of the net: statements about other shapes are left out.
    here : str
        For what a statement about this very net holds: it has one datum, or only a point.

    Examples
    --------
    >>> catalogue_of([])
    Catalogue(blocks=(), here=(), general=())
    """
    claims = [theorem.claim for theorem in theorems]
    about_this = _distinct(claim for claim in claims if _is_about(claim, widths))
    known = {claim.name for claim in about_this}
    general = _distinct(claim for claim in claims if claim.setting["kind"] in _GENERAL and claim.name not in known)
    told = [claim for word in _ORDER for claim in _told(general, word)[0]]
    axioms = list(dict.fromkeys(axiom for claim in (*about_this, *told) for axiom in claim.axioms))
    blocks: list[Block] = []
    if about_this:
        blocks += [
            Prose(r"Of the statements of the catalogue (\texttt{symflow claims}), those about this net:"),
            _table(about_this, axioms, here),
        ]
    if general:
        blocks.append(_general(general, axioms))
    if axioms:
        blocks.append(_admitted(axioms))
    return Catalogue(tuple(blocks), tuple(about_this), tuple(general))


def titles_by_verdict(claims: Sequence[Claim]) -> list[tuple[Word, list[str]]]:
    """Return what claims are called, by their verdicts, in the order in which these are told."""
    found = [(word, [title_of(claim) for claim in claims if claim.verdict.shown == word]) for word in _ORDER]
    return [(word, list(dict.fromkeys(titles))) for word, titles in found if titles]


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


def title_of(claim: Claim) -> str:
    """Return what a claim is called, LaTeX text: the words of its lemma's name, or the statement itself."""
    if claim.number is None:
        return rf"\texttt{{{escape(claim.statement)}}}"
    words = claim.name.replace("_", " ")
    proper = " ".join(_PROPER.get(word, word) for word in words.split())
    return f"{escape(proper[0].upper() + proper[1:])} ({escape(claim.number)})"


def _name(claim: Claim) -> str:
    """Return its title, with the publications that prove it."""
    sources = citations(claim.reference) if claim.verdict.holds else ""
    return f"{title_of(claim)} {sources}".rstrip()


def _table(claims: Sequence[Claim], axioms: Sequence[str], here: str) -> LongTable:
    rows = []
    for claim in claims:
        word = cast(Word, claim.verdict.shown)
        scope = escape(claim.scope.replace(_HERE, here)) + _facts(claim, axioms)
        rows.append((_name(claim), rf"\textcolor{{{word}}}{{${SIGNS[word]}$ {word}}}", scope))
    return LongTable(
        r"@{}>{\raggedright\arraybackslash}p{66mm}l>{\raggedright\arraybackslash}p{36mm}@{}",
        ("statement", "verdict", "for"),
        tuple(rows),
    )


def _general(claims: Sequence[Claim], axioms: Sequence[str]) -> Prose:
    """Return the general statements in one paragraph, by their verdicts."""
    said = []
    for word in _ORDER:
        shown, more = _told(claims, word)
        names = list(dict.fromkeys(_name(claim) + _facts(claim, axioms) for claim in shown))
        if names:
            rest = f", and {more} more" if more else ""
            said.append(rf"\textcolor{{{word}}}{{${SIGNS[word]}$ {word}}}: {', '.join(names)}{rest}")
    return Prose(rf"{{\small In general, or of nets of their own, {'; '.join(said)}.\par}}")


def _told(claims: Sequence[Claim], word: Word) -> tuple[list[Claim], int]:
    """Return the claims of a verdict that are named, and how many are only counted."""
    found = [claim for claim in claims if claim.verdict.shown == word]
    return (found, 0) if len(found) <= _MOST_NAMED + 1 else (found[:_MOST_NAMED], len(found) - _MOST_NAMED)


def _facts(claim: Claim, axioms: Sequence[str]) -> str:
    """Return the cited facts that a claim admits, by their numbers."""
    if not claim.axioms:
        return ""
    return f", on {', '.join(f'(F{axioms.index(axiom) + 1})' for axiom in claim.axioms)}"


def _admitted(axioms: Sequence[str]) -> Prose:
    """Return the facts that are admitted, each with where it is proved."""
    said = []
    for number, axiom in enumerate(axioms, start=1):
        sentence = escape(AXIOMS[axiom].sentence)
        for words, formula in _FORMULAS.items():
            sentence = sentence.replace(escape(words), formula)
        said.append(f"(F{number})~{sentence[0].upper()}{sentence[1:]} {admitted(axiom)}".rstrip())
    return Prose(rf"{{\small Admitted, and proved in the works cited: {'; '.join(said)}.\par}}")
