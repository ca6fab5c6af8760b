r"""Lecture notes as a LaTeX document.

It compiles with Debian's texlive-latex-base, -recommended and -pictures: amsmath, amsthm, amssymb, array, longtable,
booktabs, microtype, xcolor, geometry, tikz, and nothing else. No T1 encoding (its fonts are bitmaps where cm-super is
missing), no ``\left(\begin{array}``, no rules but those of booktabs. Every statement has a note in the margin: the
verdict as a word, which sign and colour only repeat; for what; and by what.

The same sections without a preamble are a fragment: its head says in comments what the document around it has to load
and to define, and defines the rest where it is missing; its labels bear the problem's name, so that one document may
take in several.
"""

from __future__ import annotations

import math
import re
from typing import assert_never

from symflow.reports.latex_blocks import formula_text, grid_text, printable, wrapped
from symflow.reports.notes.document import (
    Beside,
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
from symflow.reports.notes.slides import text_width

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath,amssymb,amsthm,array,booktabs,longtable,xcolor,tikz}
\usepackage[expansion=false]{microtype} % expansion stops at bitmap fonts
\usepackage[a4paper,left=24mm,right=55mm,top=25mm,bottom=26mm,marginparwidth=39mm,marginparsep=7mm]{geometry}

% ---- verdicts: the word is the verdict; sign and colour only repeat it -------------------------
\definecolor{proved}{HTML}{0B5E8A}\definecolor{refuted}{HTML}{B3470B}\definecolor{enclosed}{HTML}{5B5B5B}
\colorlet{conditional}{proved}\colorlet{vacuous}{enclosed}\colorlet{undecided}{enclosed}
\newcommand{\verdict}[4]{\marginpar{\raggedright\footnotesize\sffamily
  \textcolor{#1}{$#2$\,\textbf{#1}}\\[-0.3ex]#3\\[-0.3ex]\textcolor{enclosed}{#4}}}
\newcommand{\proved}[2]{\verdict{proved}{\blacksquare}{#1}{#2}}
\newcommand{\refuted}[2]{\verdict{refuted}{\boxtimes}{#1}{#2}}
\newcommand{\enclosed}[2]{\verdict{enclosed}{\boxdot}{#1}{#2}}
\newcommand{\conditional}[2]{\verdict{conditional}{\boxminus}{#1}{#2}}
\newcommand{\vacuous}[2]{\verdict{vacuous}{\varnothing}{#1}{#2}}
\newcommand{\undecided}[2]{\verdict{undecided}{\square}{#1}{#2}}

\newtheorem{theorem}{Theorem}
\newtheorem{proposition}[theorem]{Proposition}
\theoremstyle{remark}\newtheorem*{remark}{Remark}
\newcommand{\R}{\mathbb{R}}
\newcommand{\ip}[2]{\langle #1,#2\rangle}
\newcommand{\norm}[1]{\lVert #1\rVert}
\DeclareMathOperator{\diag}{diag}
\DeclareMathOperator{\conv}{conv}
\setcounter{MaxMatrixCols}{40}
\setlength{\parskip}{2pt plus 1pt}
\tolerance=1500\setlength{\emergencystretch}{8em}
\setlength{\LTpre}{6pt}\setlength{\LTpost}{6pt}
"""

# What a fragment asks of the document around it.
_HEAD = r"""% It needs, in the preamble of the document around it,
%   \usepackage{amsmath,amssymb,amsthm,array,booktabs,longtable,xcolor,tikz}
%   \newtheorem{theorem}{Theorem}
%   \newtheorem{proposition}[theorem]{Proposition}
%   \theoremstyle{remark}\newtheorem*{remark}{Remark}
%   \setcounter{MaxMatrixCols}{40}
% and a text at least 131 mm wide with 39 mm beside it for the verdicts (\marginparwidth). Other macros that it uses:
\providecolor{proved}{HTML}{0B5E8A}\providecolor{refuted}{HTML}{B3470B}\providecolor{enclosed}{HTML}{5B5B5B}%
\providecolor{conditional}{HTML}{0B5E8A}\providecolor{vacuous}{HTML}{5B5B5B}\providecolor{undecided}{HTML}{5B5B5B}%
\providecommand{\verdict}[4]{\marginpar{\raggedright\footnotesize\sffamily
  \textcolor{#1}{$#2$\,\textbf{#1}}\\[-0.3ex]#3\\[-0.3ex]\textcolor{enclosed}{#4}}}%
\providecommand{\proved}[2]{\verdict{proved}{\blacksquare}{#1}{#2}}%
\providecommand{\refuted}[2]{\verdict{refuted}{\boxtimes}{#1}{#2}}%
\providecommand{\enclosed}[2]{\verdict{enclosed}{\boxdot}{#1}{#2}}%
\providecommand{\conditional}[2]{\verdict{conditional}{\boxminus}{#1}{#2}}%
\providecommand{\vacuous}[2]{\verdict{vacuous}{\varnothing}{#1}{#2}}%
\providecommand{\undecided}[2]{\verdict{undecided}{\square}{#1}{#2}}%
\providecommand{\R}{\mathbb{R}}%
\providecommand{\ip}[2]{\langle #1,#2\rangle}%
\providecommand{\norm}[1]{\lVert #1\rVert}%
\providecommand{\diag}{\operatorname{diag}}%
\providecommand{\conv}{\operatorname{conv}}%
"""

# Within a fragment lines are broken as in the notes.
_OPENED = r"""\begingroup\tolerance=1500\setlength{\emergencystretch}{8em}\setlength{\parskip}{2pt plus 1pt}%
\setlength{\LTpre}{6pt}\setlength{\LTpost}{6pt}%"""

# What names a place or a publication.
_NAMES = re.compile(r"\\(label|ref|cite(?:\[[^]]*\])?|bibitem)\{([a-z0-9_,]+)\}")

# A table with more lines than this may be broken over pages.
_LONGEST_PIECE = 8

# A page ends here where less than 40 mm are left of it: longtable would part a table from the words that open it.
_MAY_END_PAGE = r"\par\penalty-100\ifdim\dimexpr\pagegoal-\pagetotal<40mm\newpage\fi"

# A millimetre in points.
_POINTS_PER_MM = 72.27 / 25.4


def render_notes(notes: Notes, *, command: str = "study") -> str:
    r"""Return the source of the notes.

    Parameters
    ----------
    notes : Notes
        What they say.
    command : str
        Which command writes them, for the first line.

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
        f"{_first_line(notes, command)}  Compiles with Debian's texlive-latex-base, -recommended and -pictures.",
        _PREAMBLE,
        rf"\title{{\vspace{{-8mm}}{notes.title}\vspace{{-2mm}}}}",
        r"\author{}\date{}",
        "",
        r"\begin{document}",
        r"\maketitle\vspace{-19mm}",
        "",
        r"\begin{center}\begin{minipage}{0.92\linewidth}\small",
        wrapped(notes.abstract),
        r"\end{minipage}\end{center}",
        *_sections(notes),
    ]
    return "\n".join([*lines, "", r"\end{document}", ""])


def render_fragment(notes: Notes) -> str:
    r"""Return the sections of the notes without a preamble, for ``\input``.

    Parameters
    ----------
    notes : Notes
        What they say.

    Examples
    --------
    >>> theorem = Statement("Theorem", (Prose("It is."),), label="clarke")
    >>> notes = Notes("A kink", "demo.toml", "It has one.", (Section("The kink", (theorem,)),))
    >>> print(render_fragment(notes).partition(r"\noindent")[2])
    <BLANKLINE>
    It has one.
    <BLANKLINE>
    \section{The kink}
    <BLANKLINE>
    \begin{theorem}\label{demo:clarke}
    It is.
    \end{theorem}
    <BLANKLINE>
    \par\endgroup
    <BLANKLINE>
    """
    body = "\n".join([_OPENED, r"\noindent", wrapped(notes.abstract), *_sections(notes), "", r"\par\endgroup", ""])
    stem = stem_of(notes)
    body = re.sub(
        r"\\(label|ref|cite(?:\[[^]]*\])?|bibitem)\{([a-z0-9_,]+)\}", lambda found: _prefixed(found, stem), body
    )
    return "\n".join([f"{_first_line(notes, 'notes')}  A piece for \\input.", f"{_HEAD}", body])


def stem_of(notes: Notes) -> str:
    """Return what labels and citations of a fragment begin with.

    Examples
    --------
    >>> stem_of(Notes("A kink", "nets/my demo.toml", "", ()))
    'my-demo'
    """
    return re.sub(r"[^A-Za-z0-9-]", "-", notes.source.rpartition("/")[2].partition(".")[0]) or "notes"


def _prefixed(found: re.Match[str], stem: str) -> str:
    keys = ",".join(f"{stem}:{key}" for key in found[2].split(","))
    return rf"\{found[1]}{{{keys}}}"


def _first_line(notes: Notes, command: str) -> str:
    return f"% Written by symflow {command}{' ' + printable(notes.source) if notes.source else ''}."


def _sections(notes: Notes) -> list[str]:
    lines = []
    for section in notes.sections:
        lines += ["", _section(section)]
    if notes.references:
        items = (rf"\bibitem{{{each.key}}} {each.text}" for each in notes.references)
        widest = len(notes.references)
        listed = "\n".join(map(wrapped, items))
        opening = rf"\begin{{thebibliography}}{{{widest}}}\small\setlength{{\itemsep}}{{1pt}}"
        lines += ["", opening, listed, r"\end{thebibliography}"]
    return lines


def _section(section: Section) -> str:
    first = next((block for block in section.blocks if not isinstance(block, Prose)), None)
    opening = [_MAY_END_PAGE] if _is_broken(first) else []
    return "\n\n".join([*opening, rf"\section{{{section.title}}}", _blocks(section.blocks)])


def _blocks(blocks: tuple[Block, ...]) -> str:
    """Return blocks one below the other; a formula belongs to the paragraph before it."""
    result = ""
    last: Block | None = None
    for block, following in zip(blocks, (*blocks[1:], None), strict=True):
        if last is not None:
            in_paragraph = isinstance(block, Formula | Grid) or (
                isinstance(block, Prose) and (block.continues or isinstance(last, Formula | Grid))
            )
            result += "\n" if in_paragraph else "\n\n"
            if not in_paragraph and isinstance(block, Prose) and _is_broken(following):
                result += f"{_MAY_END_PAGE}\n\n"
            if isinstance(last, LongTable) and isinstance(block, Prose):
                result += r"\noindent "
        result += _block(block)
        last = block
    return result


def _block(block: Block) -> str:
    match block:
        case Prose():
            text = wrapped(block.text)
            return text if block.verdict is None else f"{text}\n{_margin(block.verdict)}"
        case Formula():
            return formula_text(block)
        case Grid():
            return grid_text(block)
        case LongTable():
            return _long_table(block)
        case Fragment():
            return block.text.strip()
        case Statement():
            return _statement(block)
        case Beside():
            return _beside(block)
        case _:
            assert_never(block)


def _margin(verdict: Verdict) -> str:
    return rf"\{verdict.word}{{{verdict.scope}}}{{{verdict.ground}}}"


def _long_table(table: LongTable) -> str:
    """Return a table of text: in one piece where it is short, else broken over pages."""
    rows = [_text_row(row, len(table.header)) for row in table.rows]
    if _is_broken(table):  # no row stands alone at the end of a page, or on the next one
        rows = [f"{row}*" if i in (0, len(rows) - 2) else row for i, row in enumerate(rows)]
    head = rf"{' & '.join(table.header)}\\\midrule"
    start = r"\begingroup\small\renewcommand{\arraystretch}{1.12}"
    if not _is_broken(table):
        opening = rf"\par\nobreak\smallskip\noindent\begin{{tabular}}{{{table.columns}}}\toprule"
        return "\n".join([start, opening, head, *rows, r"\bottomrule\end{tabular}\par\endgroup\smallskip"])
    opening = rf"\setlength{{\LTleft}}{{0pt}}\begin{{longtable}}{{{table.columns}}}\toprule"
    return "\n".join([start, opening, rf"{head}\endhead", r"\bottomrule\endfoot", *rows, r"\end{longtable}\endgroup"])


def _is_broken(block: Block | None) -> bool:
    """Whether a block is a table that may be broken over pages."""
    return isinstance(block, LongTable) and _n_lines(block) > _LONGEST_PIECE


def _n_lines(table: LongTable) -> int:
    """Return about how many lines a table takes: long cells are broken in columns of a given width."""
    rooms = [float(room) * _POINTS_PER_MM for room in re.findall(r"p\{(\d+)mm\}", table.columns)]
    lines = 0
    for row in table.rows:
        broken = zip(row[len(row) - len(rooms) :], rooms, strict=False)
        lines += max((math.ceil(text_width(cell) / room) for cell, room in broken), default=1)
    return lines


def _text_row(row: tuple[str, ...], n_columns: int) -> str:
    if len(row) == 1 and n_columns > 1:
        return rf"\multicolumn{{{n_columns}}}{{c}}{{\ldots\ {row[0]}\ \ldots}}\\"
    return f"{' & '.join(row)}\\\\"


def _beside(block: Beside) -> str:
    """Return blocks with a picture at their right, or below them where they take the whole line."""
    picture = block.picture.strip()
    if block.is_below:
        return f"{_blocks(block.blocks)}\n\\begin{{center}}\n{picture}\n\\end{{center}}"
    return "\n".join(
        [
            r"\noindent\begin{minipage}[c]{0.60\linewidth}",
            _blocks(block.blocks),
            r"\end{minipage}\hfill",
            r"\begin{minipage}[c]{0.38\linewidth}\centering",
            picture,
            r"\end{minipage}\par\medskip",
        ]
    )


def _statement(statement: Statement) -> str:
    environment = statement.kind.lower()
    name = f"[{{{statement.name}}}]" if statement.name else ""
    label = rf"\label{{{statement.label}}}" if statement.label else ""
    body = _blocks(statement.body)
    if statement.verdict is not None:
        first, rest = _first_lines(body)
        body = f"{first}\n{_margin(statement.verdict)}%\n{rest}"
    text = f"\\begin{{{environment}}}{name}{label}\n{body.rstrip()}\n\\end{{{environment}}}"
    if statement.proof:
        proof = _blocks(statement.proof)
        text += f"\n\n\\begin{{proof}}\n{proof}\n\\end{{proof}}"
    return text


def _first_lines(body: str) -> tuple[str, str]:
    """Split after the first line that ends outside a formula: there a note in the margin may stand."""
    lines = body.split("\n")
    for i in range(1, len(lines) + 1):
        if sum(line.count("$") - line.count(r"\$") for line in lines[:i]) % 2 == 0:
            return "\n".join(lines[:i]), "\n".join(lines[i:])
    return body, ""
