r"""Lecture notes as a LaTeX document.

It compiles with Debian's texlive-latex-base and texlive-latex-recommended: amsmath, amsthm, amssymb, array, longtable,
booktabs, microtype, xcolor, geometry, and nothing else. No T1 encoding (its bitmap fonts look poor where cm-super is missing),
no ``\left(\begin{array}``, no rules but those of booktabs. Every statement has a note in the margin: the verdict as a
word, which sign and colour only repeat; for what; and by what.
"""

from __future__ import annotations

import re
import textwrap
from typing import assert_never

from symflow.reports.latex_math import joined_rows
from symflow.reports.notes.document import (
    Block,
    Formula,
    Fragment,
    Grid,
    LongTable,
    Notes,
    Prose,
    Section,
    Statement,
    Verdict,
)

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath,amssymb,amsthm,array,booktabs,longtable,microtype,xcolor}
\usepackage[a4paper,left=24mm,right=55mm,top=25mm,bottom=26mm,marginparwidth=39mm,marginparsep=7mm]{geometry}

% ---- verdicts: the word is the verdict; sign and colour only repeat it -------------------------
\definecolor{proved}{HTML}{0B5E8A}\definecolor{refuted}{HTML}{B3470B}\definecolor{enclosed}{HTML}{5B5B5B}
\colorlet{conditional}{proved}\colorlet{undecided}{enclosed}
\newcommand{\verdict}[4]{\marginpar{\raggedright\footnotesize\sffamily
  \textcolor{#1}{$#2$\,\textbf{#1}}\\[-0.3ex]#3\\[-0.3ex]\textcolor{enclosed}{#4}}}
\newcommand{\proved}[2]{\verdict{proved}{\blacksquare}{#1}{#2}}
\newcommand{\refuted}[2]{\verdict{refuted}{\boxtimes}{#1}{#2}}
\newcommand{\enclosed}[2]{\verdict{enclosed}{\boxdot}{#1}{#2}}
\newcommand{\conditional}[2]{\verdict{conditional}{\boxminus}{#1}{#2}}
\newcommand{\undecided}[2]{\verdict{undecided}{\square}{#1}{#2}}

\newtheorem{theorem}{Theorem}
\newtheorem{proposition}[theorem]{Proposition}
\theoremstyle{remark}\newtheorem*{remark}{Remark}
\newcommand{\R}{\mathbb{R}}
\newcommand{\ip}[2]{\langle #1,#2\rangle}
\newcommand{\norm}[1]{\lVert #1\rVert}
\DeclareMathOperator{\diag}{diag}
\DeclareMathOperator{\conv}{conv}
\setlength{\parskip}{2pt plus 1pt}
\setlength{\emergencystretch}{4em}
\setlength{\LTpre}{6pt}\setlength{\LTpost}{6pt}
"""

# Rather a new page here than a heading without what it heads.
_ROOM = r"\par\vspace{0pt plus 0.2\textheight}\penalty-200\vspace{0pt plus -0.2\textheight}" + "\n"


def render_notes(notes: Notes) -> str:
    r"""Return the source of the notes.

    Examples
    --------
    >>> source = render_notes(Notes("A kink", "demo.toml", "It has one.", (Section("The problem", (Prose("Let."),)),)))
    >>> print(source[source.index(r"\section") :])
    \section{The problem}
    <BLANKLINE>
    Let.
    <BLANKLINE>
    \end{document}
    <BLANKLINE>
    """
    lines = [
        f"% Written by symflow study{' ' + notes.source if notes.source else ''}.  "
        "Compiles with Debian's texlive-latex-base and -recommended.",
        _PREAMBLE,
        rf"\title{{\vspace{{-8mm}}{notes.title}\vspace{{-2mm}}}}",
        r"\author{}\date{}",
        "",
        r"\begin{document}",
        r"\maketitle\vspace{-19mm}",
        "",
        r"\begin{center}\begin{minipage}{0.92\linewidth}\small",
        _wrapped(notes.abstract),
        r"\end{minipage}\end{center}",
    ]
    for section in notes.sections:
        lines += ["", _section(section)]
    return "\n".join([*lines, "", r"\end{document}", ""])


def _section(section: Section) -> str:
    # A section that opens with a long table would leave its heading at the foot of a page.
    has_table = any(isinstance(block, LongTable) for block in section.blocks[:2])
    start = _ROOM if has_table else ""
    return "\n\n".join([rf"{start}\section{{{section.title}}}", _blocks(section.blocks)])


def _blocks(blocks: tuple[Block, ...]) -> str:
    """Return blocks one below the other; a formula belongs to the paragraph before it."""
    result = ""
    last: Block | None = None
    for block in blocks:
        if last is not None:
            in_paragraph = isinstance(block, Formula | Grid) or (
                isinstance(block, Prose) and (block.continues or isinstance(last, Formula | Grid))
            )
            result += "\n" if in_paragraph else "\n\n"
        result += _block(block)
        last = block
    return result


def _block(block: Block) -> str:
    match block:
        case Prose():
            text = _wrapped(block.text)
            return text if block.verdict is None else f"{text}\n{_margin(block.verdict)}"
        case Formula():
            return _formula(block)
        case Grid():
            return _grid(block)
        case LongTable():
            return _long_table(block)
        case Fragment():
            return block.text.strip()
        case Statement():
            return _statement(block)
        case _:
            assert_never(block)


def _margin(verdict: Verdict) -> str:
    return rf"\{verdict.word}{{{verdict.scope}}}{{{verdict.ground}}}"


def _formula(formula: Formula) -> str:
    if len(formula.lines) == 1:
        return f"\\[\n  {formula.lines[0]}\n\\]"
    body = "\\\\\n  ".join(formula.lines)
    if any("&" in _outside_environments(line) for line in formula.lines):
        return f"\\[\n  \\begin{{aligned}}\n  {body}\n  \\end{{aligned}}\n\\]"
    return f"\\begin{{gather*}}\n  {body}\n\\end{{gather*}}"


def _outside_environments(line: str) -> str:
    previous = None
    while previous != line:
        previous = line
        line = re.sub(r"\\begin\{(\w+)\}(?:(?!\\begin).)*?\\end\{\1\}", "", line, flags=re.DOTALL)
    return line


def _grid(grid: Grid) -> str:
    lines = [r"\[", r"  \renewcommand{\arraystretch}{1.15}", rf"  \begin{{array}}{{{grid.columns}}}\toprule"]
    if any(grid.header):
        lines.append(f"    {'&'.join(grid.header)}\\\\\\midrule")
    rows = [_row(row, len(grid.header)) for row in grid.rows]
    lines.append("    " + joined_rows([[row] for row in rows]).replace("\\\\", "\\\\\n    ") + r"\\\bottomrule")
    return "\n".join([*lines, r"  \end{array}", r"\]"])


def _row(row: tuple[str, ...], n_columns: int) -> str:
    if len(row) == 1 and n_columns > 1:
        return rf"\multicolumn{{{n_columns}}}{{c}}{{\textnormal{{\small\ldots\ {row[0]}\ \ldots}}}}"
    return "&".join(row)


def _long_table(table: LongTable) -> str:
    lines = [
        r"\begingroup\small\renewcommand{\arraystretch}{1.12}",
        rf"\begin{{longtable}}{{{table.columns}}}\toprule",
        f"{' & '.join(table.header)}\\\\\\midrule\\endhead",
        r"\bottomrule\endfoot",
    ]
    for row in table.rows:
        if len(row) == 1 and len(table.header) > 1:
            lines.append(rf"\multicolumn{{{len(table.header)}}}{{c}}{{\ldots\ {row[0]}\ \ldots}}\\")
        else:
            lines.append(f"{' & '.join(row)}\\\\")
    return "\n".join([*lines, r"\end{longtable}\endgroup"])


def _statement(statement: Statement) -> str:
    environment = statement.kind.lower()
    name = f"[{statement.name}]" if statement.name else ""
    label = rf"\label{{{statement.label}}}" if statement.label else ""
    body = _blocks(statement.body)
    if statement.verdict is not None:
        first, newline, rest = body.partition("\n")
        body = f"{first}\n{_margin(statement.verdict)}%{newline or chr(10)}{rest}"
    text = f"\\begin{{{environment}}}{name}{label}\n{body.rstrip()}\n\\end{{{environment}}}"
    if statement.proof:
        proof = _blocks(statement.proof)
        text += f"\n\n\\begin{{proof}}\n{proof}\n\\end{{proof}}"
    return text


def _wrapped(text: str) -> str:
    """Break lines at spaces, as an author would."""
    return "\n".join(textwrap.wrap(text, 108, break_long_words=False, break_on_hyphens=False) if text else [""])
