r"""Claims in LaTeX: ``theorem`` and ``proof`` environments a lecturer would keep, the verdict in the margin.

The hypotheses that are used and the facts that are admitted stand in the statement itself. A statement that is false is
no theorem: it stands in a remark, with its witness. The fragment needs amsmath and amsthm; its first lines say what the
document has to define, and define it where it does not.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from symflow.checker.axioms import AXIOMS
from symflow.proofs.claim import Claim
from symflow.proofs.kernel import Theorem
from symflow.reports.claim_words import side_words, witness_words
from symflow.reports.latex_math import sentence_latex
from symflow.reports.verdict_signs import LATEX_SIGNS

_PREAMBLE = r"""% Written by symflow prove --latex.  Needs amsmath, amssymb and amsthm, and in the preamble
%   \newtheorem{theorem}{Theorem}  \theoremstyle{remark}\newtheorem*{remark}{Remark}
\providecommand{\verdict}[4]{\marginpar{\raggedright\footnotesize\sffamily
  $#2$\,\textbf{#1}\\[-0.3ex]#3\\[-0.3ex]#4}}"""

_WIDTH = 100

# What has to be escaped in plain words.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "|": r"\ensuremath{|}",
    "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}",
    "⟨": r"\ensuremath{\langle}",
    "⟩": r"\ensuremath{\rangle}",
    "·": r"\ensuremath{\cdot}",
    "−": r"\ensuremath{-}",
    "²": r"\ensuremath{^2}",
    "³": r"\ensuremath{^3}",
    "σ": r"\ensuremath{\sigma}",
    "γ": r"\ensuremath{\gamma}",
    "ℓ": r"\ensuremath{\ell}",
    "∂": r"\ensuremath{\partial}",
    "∇": r"\ensuremath{\nabla}",
    "≤": r"\ensuremath{\le}",
    "≥": r"\ensuremath{\ge}",
    "≠": r"\ensuremath{\ne}",
    "≈": r"\ensuremath{\approx}",
    "‖": r"\ensuremath{\|}",
    "√": r"\ensuremath{\surd}",
    "η": r"\ensuremath{\eta}",
    "λ": r"\ensuremath{\lambda}",
    "…": r"\ldots{}",
    "×": r"\ensuremath{\times}",
    "∈": r"\ensuremath{\in}",
    "¹": r"\ensuremath{^1}",
    **{c: rf"\ensuremath{{_{i}}}" for i, c in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **{c: rf"\ensuremath{{_{a}}}" for a, c in zip("iklnmj", "ᵢₖₗₙₘⱼ", strict=True)},
    "∞": r"\ensuremath{\infty}",
    "→": r"\ensuremath{\to}",
    "±": r"\ensuremath{\pm}",
    "ε": r"\ensuremath{\varepsilon}",
    "θ": r"\ensuremath{\theta}",
    "τ": r"\ensuremath{\tau}",
    "é": r"\'e",
    "ö": r"\"o",
    "ü": r"\"u",
    "ä": r"\"a",
}


def prove_latex(theorems: Sequence[Theorem]) -> str:
    r"""Return the claims as a fragment.

    Examples
    --------
    >>> from symflow.proofs.kernel import mint
    >>> from symflow.proofs.prover import decide
    >>> from symflow.proofs.setting import shape_setting
    >>> text = prove_latex([mint(decide("norm2(W1) - norm2(W2) is conserved", shape_setting([2, 2, 1], ["relu"])))])
    >>> print(text[text.index(r"\begin{theorem}") :])  # doctest: +ELLIPSIS
    \begin{theorem}
    \verdict{proved}{\blacksquare}{shape 2-2-1}{a polynomial identity in 1... symbols}%
    \texttt{norm2(W1) - norm2(W2) is conserved}
    \end{theorem}
    <BLANKLINE>
    """
    first = {theorem.claim.name: theorem.claim for theorem in reversed(theorems)}  # of several of one name
    names = dict.fromkeys(theorem.claim.name for theorem in theorems)
    return "\n\n".join([_PREAMBLE, *(claim_latex(first[name]) for name in names)]) + "\n"


def escaped(words: str) -> str:
    r"""Return plain words as LaTeX.

    Examples
    --------
    >>> escaped("R = w²/2 & 50 %")
    'R = w\\ensuremath{^2}/2 \\& 50 \\%'
    """
    pieces = re.split(r"(\bR\^[a-z]\b)", words)
    return "".join(
        rf"$\mathbb{{R}}^{piece[-1]}$" if i % 2 else "".join(_ESCAPES.get(c, c if c.isascii() else "?") for c in piece)
        for i, piece in enumerate(pieces)
    )


def claim_latex(
    claim: Claim, *, title: str | None = None, opening: str | None = None, proof: str | None = None, closing: str = ""
) -> str:
    """Return one claim: its environment, its verdict for the margin, and its proof.

    Parameters
    ----------
    claim : Claim
    title : str, optional
        What stands in brackets; by default the lemma's name.
    opening : str, optional
        The sentences before the statement, in LaTeX; by default what is admitted and what is supposed.
    proof : str, optional
        By default the claim's own.
    closing : str
        What follows the statement.
    """
    shown = claim.verdict.shown
    kind = "theorem" if claim.verdict.holds else "remark"
    if title is None:
        title = escaped(claim.name.replace("_", " ")) if claim.words else ""
    margin = rf"\verdict{{{shown}}}{{{LATEX_SIGNS[shown]}}}{{{escaped(claim.scope)}}}{{{escaped(claim.known_by)}}}%"
    statement = f"{_statement(claim, opening)} {closing}".rstrip()
    lines = [rf"\begin{{{kind}}}{f'[{title}]' if title else ''}", margin, *_wrapped(statement), rf"\end{{{kind}}}"]
    if proof is None:
        proof = proof_text(claim)
    if claim.verdict.holds and proof:
        lines += ["", r"\begin{proof}", *_wrapped(proof), r"\end{proof}"]
    return "\n".join(lines)


def proof_text(claim: Claim) -> str:
    """Return the sentences of a claim's proof."""
    return " ".join(step.sentence for step in claim.proof)


def listed(parts: Sequence[str]) -> str:
    """Return parts in one row, the last two joined by "and".

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _statement(claim: Claim, opening: str | None) -> str:
    sentence = claim.words or rf"\texttt{{{escaped(claim.statement)}}}"
    word = claim.word
    if word == "refuted":
        return f"It is false that: {_lowered(sentence)} {' '.join(_witness(claim))}".rstrip()
    if word == "undecided":
        return f"It is not decided here whether the following holds: {sentence} {escaped(claim.reason or '')}".rstrip()
    parts = [_opening(claim) if opening is None else opening, sentence]
    if word == "vacuous":
        parts.append("There is no such case: the hypotheses cannot be met.")
    return " ".join(filter(None, parts))


def _opening(claim: Claim) -> str:
    parts = []
    if claim.axioms:
        cited = "; ".join(escaped(AXIOMS[axiom].sentence) for axiom in claim.axioms)
        parts.append(f"We admit: {cited}.")
    if claim.hypotheses:
        parts.append(f"Suppose that {listed(claim.hypotheses)}.")
    return " ".join(parts)


def _witness(claim: Claim) -> Iterator[str]:
    if claim.proof and claim.setting["kind"] != "given":
        yield " ".join(step.sentence for step in claim.proof)
        return
    for line in (*witness_words(claim), *side_words(claim)):
        yield f"{sentence_latex(line)}."


def _lowered(sentence: str) -> str:
    return sentence if sentence.startswith(("$", "\\")) else sentence[0].lower() + sentence[1:]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
