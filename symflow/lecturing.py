r"""Lecture notes in Python: a source of prose that says where statements go, and the document with their verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from symflow.errors import WrongTypeError
from symflow.exact.simplex import NO_BUDGET
from symflow.proofs.kernel import Theorem
from symflow.showing import AbstractShown


@final
@dataclass(frozen=True, slots=True)
class LectureNotes(AbstractShown):
    """A document, and what became of the statements in it.

    Parameters
    ----------
    latex : str
        A whole document; it needs amsmath, amssymb, amsthm, booktabs and geometry.
    theorems : tuple of Theorem
        Its statements, in order.

    Examples
    --------
    >>> notes = lecture_notes("% symflow: claims degree_is_hidden_layers")
    >>> notes, notes.theorems[0].verdict.word
    (LectureNotes(1 statement, 1 refuted), 'refuted')
    """

    latex: str
    theorems: tuple[Theorem, ...]

    def __repr__(self) -> str:
        counts = Counter(theorem.verdict.shown for theorem in self.theorems)
        words = "".join(f", {count} {word}" for word, count in sorted(counts.items()))
        return f"LectureNotes({len(self.theorems)} {'statement' if len(self.theorems) == 1 else 'statements'}{words})"

    def to_latex(self) -> str:
        """Return the document."""
        return self.latex

    def to_json(self) -> str:
        """Return its statements as ``symflow prove --json`` writes them."""
        from symflow.reports.prove_result import prove_result
        from symflow.writing import json_text

        return json_text(prove_result(self.theorems, None, None))

    def _repr_html_(self) -> str | None:
        from html import escape

        listed = "\n".join(f"<li><code>{escape(repr(theorem))}</code></li>" for theorem in self.theorems)
        return f"<p>{escape(repr(self))}</p>\n<ol>\n{listed}\n</ol>"


def lecture_notes(source: str, pieces: Mapping[str, str] | None = None) -> LectureNotes:
    r"""Return a source with its statements filled in: each proved, refuted, .. when it is written.

    Parameters
    ----------
    source : str
        Prose in LaTeX, what stands between ``\begin{document}`` and ``\end{document}``. Its lines
        ``% symflow: claims NAME ..`` become statements with proofs and verdicts; ``hypotheses`` a list of what several
        statements of the section assume; ``piece NAME`` an entry of `pieces`; ``statements`` the table of all of them;
        ``facts`` what is cited and admitted.
    pieces : mapping of str to str, optional
        LaTeX by name.

    Raises
    ------
    UnknownNameError, InputError
        If a line asks for a claim that there is not, or for something else unknown.

    Examples
    --------
    >>> notes = lecture_notes("The degree is \\emph{not} the number of hidden layers.\n"
    ...                       "% symflow: claims degree_is_hidden_layers")
    >>> notes, notes.theorems[0].verdict.word
    (LectureNotes(1 statement, 1 refuted), 'refuted')
    >>> print(notes.latex[notes.latex.index(r"\begin{remark}") :][:58])
    \begin{remark}[Degree is hidden layers, B3, E4, W2]
    \verdi
    """
    from symflow.reports.lecture_latex import claim_names, lecture_latex

    if not isinstance(source, str):
        raise WrongTypeError(f"{type(source).__name__} is no source; give its text, LaTeX as one string")
    theorems = {name: _theorem(name) for name in claim_names(source)}
    claims = {name: theorem.claim for name, theorem in theorems.items()}
    return LectureNotes(lecture_latex(source, claims, pieces), tuple(theorems.values()))


def _theorem(name: str) -> Theorem:
    """Return a lemma's first claim; where that is about one shape and another one about all, the other one."""
    from symflow.prove_command import prove

    first, *others = prove([name], budget=NO_BUDGET).asked
    if first.verdict.word != "proved_shape":
        return first
    return next((other for other in others if other.verdict.word == "proved_general"), first)
