r"""Lecture notes in LaTeX, from a source that a lecturer writes: prose, and lines that say what symflow puts there.

A line of its own, ``% symflow: claims NAME ..``, is replaced by these claims with their proofs and verdicts;
``hypotheses`` by a list of those that several statements of the section share, so that each is written out once;
``piece NAME`` by LaTeX that the caller hands in, a table of numbers say; ``statements`` by the table of all claims and
``facts`` by the list of what is cited and admitted. All else is kept as it stands; to LaTeX the lines are comments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import final

from symflow.checker.axioms import AXIOMS
from symflow.errors import InputError
from symflow.lemmas.base import find_lemma
from symflow.proofs.claim import Claim
from symflow.reports.prove_latex import claim_latex, escaped, listed, proof_text
from symflow.reports.verdict_signs import LATEX_SIGNS

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath,amssymb,amsthm,booktabs,xcolor}
\usepackage[a4paper,left=24mm,right=55mm,top=25mm,bottom=26mm,marginparwidth=39mm,marginparsep=7mm]{geometry}
\newtheorem{theorem}{Theorem}
\theoremstyle{definition}\newtheorem{remark}[theorem]{Remark}
\definecolor{proved}{HTML}{0B5E8A}\definecolor{refuted}{HTML}{B3470B}\definecolor{enclosed}{HTML}{5B5B5B}
\colorlet{conditional}{proved}\colorlet{vacuous}{enclosed}\colorlet{undecided}{enclosed}
\newcommand{\verdict}[4]{\marginpar{\raggedright\footnotesize\sffamily
  \textcolor{#1}{$#2$\,\textbf{#1}}\\[-0.3ex]#3\\[-0.3ex]\textcolor{enclosed}{#4}}}
\tolerance=1500\setlength{\emergencystretch}{8em}
\setlength{\parskip}{2pt plus 1pt}\setlength{\leftmargini}{3.2em}
"""

_LINE = re.compile(r"^% symflow: (\w+)((?: +\S+)*) *$", re.MULTILINE)
_SECTION = re.compile(r"^\\section", re.MULTILINE)
_CITED = re.compile(r"(?P<first>[A-Z]\w+)(?:, [A-Z]\w+)* (?P<year>[12][0-9]{3})\b")
_SHARED = 2  # a hypothesis that as many statements of a section make is written out before them
_ROWS = 20  # of a table, at most
_PROPER = {"clarke": "Clarke", "lipschitz": "Lipschitz", "euler": "Euler", "relu": "ReLU", "gram": "Gram"}


def claim_names(source: str) -> tuple[str, ...]:
    r"""Return the names of the claims that a source asks for, in order.

    Examples
    --------
    >>> claim_names("Prose.\n% symflow: claims chain_rule sum_rule\nMore prose.")
    ('chain_rule', 'sum_rule')
    """
    return tuple(name for line in _LINE.finditer(source) if line[1] == "claims" for name in line[2].split())


def lecture_latex(source: str, claims: Mapping[str, Claim], pieces: Mapping[str, str] | None = None) -> str:
    r"""Return the document.

    Parameters
    ----------
    source : str
        What stands between ``\begin{document}`` and ``\end{document}``.
    claims : mapping of str to Claim
        What became of those that it names; claims that the kernel accepted.
    pieces : mapping of str to str, optional
        LaTeX by the names that the source gives to it.

    Raises
    ------
    InputError
        If a line asks for something unknown, or twice for the same claim.

    Examples
    --------
    >>> from symflow.proofs.setting import GENERAL
    >>> claim = Claim("chain_rule", "..", GENERAL, "undecided", "", number="A12", words="So it is.", reason="who knows")
    >>> text = lecture_latex("% symflow: claims chain_rule", {"chain_rule": claim})
    >>> print(text[text.index(r"\begin{remark}") :])
    \begin{remark}[Chain rule, A12]
    \verdict{undecided}{\square}{}{}%
    \label{chain_rule}It is not decided here whether the following holds: So it is. who knows
    \end{remark}
    \end{document}
    <BLANKLINE>
    """
    return _Writer(source, claims, pieces or {}).document()


@final
class _Writer:
    """Goes through a source once; remembers what has been named, so that nothing is said twice."""

    def __init__(self, source: str, claims: Mapping[str, Claim], pieces: Mapping[str, str]) -> None:
        self._source = source
        self._claims = claims
        self._pieces = pieces
        self._names = claim_names(source)
        self._hypotheses: dict[str, int] = {}
        self._facts: dict[str, int] = {}
        self._proofs: dict[str, str] = {}
        again = [name for name, count in Counter(self._names).items() if count > 1]
        if again:
            raise InputError(f"the claim {again[0]} is asked for twice", place="% symflow: claims")

    def document(self) -> str:
        body = _LINE.sub(self._replaced, self._source).strip("\n")
        return f"{_PREAMBLE}\\begin{{document}}\n{body}\n\\end{{document}}\n"

    def _replaced(self, line: re.Match[str]) -> str:
        names = line[2].split()
        match line[1]:
            case "claims":
                return "\n\n".join(self._claim(self._claims[name]) for name in names)
            case "hypotheses":
                return self._shared(line.end())
            case "piece" if len(names) == 1 and names[0] in self._pieces:
                return self._pieces[names[0]].strip("\n")
            case "statements":
                return "\n\n".join(self._tables())
            case "facts":
                return "\n".join(self._fact_list())
        raise InputError(f'"{line[0]}" asks for something unknown', place="% symflow:")

    # ------------------------------------------------------------------ statements

    def _claim(self, claim: Claim) -> str:
        name = _name(claim)
        title = ", ".join([name[0].upper() + name[1:], *find_lemma(claim.name).ids])
        proof = proof_text(claim)
        if claim.verdict.holds and proof and (earlier := self._proofs.setdefault(proof, claim.name)) != claim.name:
            proof = rf"As for Theorem~\ref{{{earlier}}}."
        opening, closing = self._opening(claim), " ".join(self._closing(claim))
        known_by = claim.known_by
        for axiom in claim.axioms:  # the facts have numbers by now
            known_by = re.sub(rf"\b{axiom}\b", f"(C{self._facts[axiom]})", known_by)
        shown = replace(claim, known_by=known_by)
        text = claim_latex(shown, title=title, opening=opening, proof=proof, closing=closing)
        # The label stands in the statement itself, behind the margin note.
        return text.replace("}%\n", f"}}%\n\\label{{{claim.name}}}", 1)

    def _opening(self, claim: Claim) -> str:
        return " ".join(filter(None, (self._admitted(claim), self._supposed(claim))))

    def _admitted(self, claim: Claim) -> str:
        """Each fact is written out where it is first admitted, and has a number from then on."""
        new, known = [], []
        for axiom in claim.axioms:
            if axiom in self._facts:
                known.append(f"(C{self._facts[axiom]})")
            else:
                self._facts[axiom] = len(self._facts) + 1
                new.append(f"(C{self._facts[axiom]}) {escaped(AXIOMS[axiom].sentence)}")
        if not new:
            return f"We admit {listed(known)}." if known else ""
        return f"We admit {', '.join([*known, ''])}{'; '.join(new)}."

    def _supposed(self, claim: Claim) -> str:
        named = _runs(sorted(self._hypotheses[each] for each in claim.hypotheses if each in self._hypotheses))
        others = [each for each in claim.hypotheses if each not in self._hypotheses]
        if not named:
            return f"Suppose that {listed(others)}." if others else ""
        return f"Suppose {listed(named)}{f', and that {listed(others)}' if others else ''}."

    def _closing(self, claim: Claim) -> Iterator[str]:
        if claim.word == "vacuous":
            yield proof_text(claim)
        if claim.see in self._names:
            yield rf"What holds instead is Theorem~\ref{{{claim.see}}}."
        elif claim.verdict.holds and (sources := _sources(claim.reference)):
            yield f"({sources}.)"

    # ------------------------------------------------------------------ lists

    def _shared(self, start: int) -> str:
        """Return the hypotheses that claims of this section share, and that no earlier section has named."""
        end = _SECTION.search(self._source, start)
        names = claim_names(self._source[start : end.start() if end else None])
        claims = [self._claims[name] for name in names if self._claims[name].word != "refuted"]
        counts = Counter(each for claim in claims for each in claim.hypotheses)
        new = [each for each, count in counts.items() if count >= _SHARED and each not in self._hypotheses]
        for each in new:
            self._hypotheses[each] = len(self._hypotheses) + 1
        items = [rf"\item[(H{self._hypotheses[each]})] {each};" for each in new]
        if not items:
            return "%"
        return "\n".join([r"\begin{itemize}\itemsep0pt", *items[:-1], items[-1][:-1] + ".", r"\end{itemize}"])

    def _tables(self) -> Iterator[str]:
        n_tables = -(-len(self._names) // _ROWS)
        n_rows = -(-len(self._names) // n_tables) if n_tables else 1
        for start in range(0, len(self._names), n_rows):
            rows = [_row(self._claims[name]) for name in self._names[start : start + n_rows]]
            yield "\n".join(
                [
                    r"\begin{center}\footnotesize\begin{tabular}{@{}rlp{37mm}lp{36mm}@{}}\toprule",
                    r"& & statement & verdict & for\tabularnewline\midrule",
                    *rows,
                    r"\bottomrule\end{tabular}\end{center}",
                ]
            )

    def _fact_list(self) -> Iterator[str]:
        yield r"\begin{itemize}\itemsep0pt"
        for axiom, number in self._facts.items():
            fact = AXIOMS[axiom]
            yield rf"\item[(C{number})] {escaped(fact.sentence)}: {escaped(fact.source)}."
        yield r"\end{itemize}"


def _name(claim: Claim) -> str:
    return escaped(" ".join(_PROPER.get(word, word) for word in claim.name.split("_")))


def _row(claim: Claim) -> str:
    ids = ", ".join(find_lemma(claim.name).ids)
    shown = claim.verdict.shown
    cells = [
        rf"\ref{{{claim.name}}}",
        ids,
        rf"\raggedright {_name(claim)}",
        rf"\textcolor{{{shown}}}{{${LATEX_SIGNS[shown]}$\,{shown}}}",
        rf"\raggedright {escaped(claim.scope)}",
    ]
    return f"{' & '.join(cells)}\\tabularnewline"


def _runs(numbers: Iterable[int]) -> list[str]:
    """Return (H1)--(H3) for 1, 2, 3."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = []
    for run in runs:
        words += [f"(H{run[0]})--(H{run[-1]})"] if len(run) > _SHARED else [f"(H{number})" for number in run]
    return words


def _sources(reference: str) -> str:
    r"""Return the parts of a reference that name a publication, as citations: ``\cite{clarke1983}, Theorem 2.5.1``."""
    parts = [part for part in reference.split("; ") if _CITED.search(part)]
    return "; ".join(_CITED.sub(lambda m: rf"\cite{{{m['first'].lower()}{m['year']}}}", part) for part in parts)
