r"""Slides as a beamer document: calm frames, the verdict as a word with its sign at the right."""

from __future__ import annotations

from typing import assert_never, cast

from symflow.reports.latex_blocks import formula_text, grid_text, printable, wrapped
from symflow.reports.latex_text import escape
from symflow.reports.notes.document import SIGNS, Formula, Grid, Prose, Verdict, Word
from symflow.reports.notes.slides import (
    MOST_ROWS,
    VERDICT_COLUMNS,
    Boxed,
    Frame,
    Items,
    Mark,
    NumberLine,
    Part,
    Slides,
    Verdicts,
    is_in_line,
    known_text,
)

_PREAMBLE = r"""\documentclass[aspectratio=169,11pt]{beamer}
\usetheme{default}\setbeamertemplate{navigation symbols}{}
\usefonttheme{professionalfonts}
\definecolor{proved}{HTML}{0B5E8A}\definecolor{refuted}{HTML}{B3470B}\definecolor{quiet}{HTML}{5B5B5B}
\colorlet{conditional}{proved}\colorlet{enclosed}{quiet}\colorlet{vacuous}{quiet}\colorlet{undecided}{quiet}
\setbeamercolor{frametitle}{fg=black}\setbeamercolor{structure}{fg=proved}
\setbeamerfont{frametitle}{series=\bfseries,size=\large}
\usepackage{amsmath,amssymb,array,booktabs,tikz}
\DeclareFontFamily{OMS}{cmss}{}% braces and bars of a title, which the sans serif font has not
\DeclareFontShape{OMS}{cmss}{m}{n}{<->ssub*cmsy/m/n}{}\DeclareFontShape{OMS}{cmss}{bx}{n}{<->ssub*cmsy/b/n}{}
\newcommand{\R}{\mathbb{R}}
\newcommand{\ip}[2]{\langle #1,#2\rangle}
\newcommand{\norm}[1]{\lVert #1\rVert}
\newcommand{\diag}{\operatorname{diag}}
\newcommand{\conv}{\operatorname{conv}}
\newcommand{\known}[3]{{\footnotesize\textcolor{#1}{$#2$ #1}\ \textcolor{quiet}{#3}}}
\setcounter{MaxMatrixCols}{40}
\setlength{\emergencystretch}{3em}
"""

# How long a number line is drawn, in millimetres.
_LINE_LENGTH = 92.0


def render_slides(slides: Slides) -> str:
    r"""Return the source of the slides.

    Parameters
    ----------
    slides : Slides
        What they show.

    Examples
    --------
    >>> verdict = Verdict("proved", "this net", "exact")
    >>> source = render_slides(Slides("A kink", "demo.toml", (Frame("A kink", (Prose("A segment.", verdict),)),)))
    >>> print(source[source.rindex(r"\begin{frame}") :])
    \begin{frame}[t]\frametitle{A kink}
    A segment.\hfill\known{proved}{\blacksquare}{this net; exact}
    \end{frame}
    <BLANKLINE>
    \end{document}
    <BLANKLINE>
    """
    source = f" {printable(slides.source)}" if slides.source else ""
    lines = [
        f"% Written by symflow notes{source} --beamer.  Paste the frames into a lecture or compile them as they are.",
        _PREAMBLE,
        r"\begin{document}",
        "",
    ]
    if slides.title:
        lines += [_title_frame(slides), ""]
    for frame in slides.frames:
        lines += [_frame(frame), ""]
    return "\n".join([*lines, r"\end{document}", ""])


def _title_frame(slides: Slides) -> str:
    """Return the frame with the title of the problem and the file it is in."""
    source = (
        rf"\par\medskip{{\small\textcolor{{quiet}}{{\texttt{{{escape(printable(slides.source))}}}}}}}"
        if slides.source
        else ""
    )
    return "\n".join(
        [
            r"\begin{frame}[plain]",
            r"\vfill\begin{center}",
            rf"{{\Large\bfseries {slides.title}}}{source}",
            r"\end{center}\vfill",
            r"\end{frame}",
        ]
    )


def _frame(frame: Frame) -> str:
    parts = list(frame.parts)
    lines = [rf"\begin{{frame}}[t]\frametitle{{{frame.title}}}"]
    if frame.picture and parts:
        lines += [
            r"\begin{columns}[c]",
            r"\begin{column}{0.60\textwidth}",
            _part(parts.pop(0)),
            r"\end{column}",
            r"\begin{column}{0.36\textwidth}\centering",
            frame.picture.strip(),
            r"\end{column}",
            r"\end{columns}",
            r"\medskip",
        ]
    elif frame.picture:
        lines += [r"\begin{center}", frame.picture.strip(), r"\end{center}"]
    last: Part | None = None
    for part in parts:
        if last is not None and isinstance(last, Prose) and isinstance(part, Prose):
            lines.append(r"\par\smallskip")
        lines.append(_part(part))
        last = part
    return "\n".join([*lines, r"\end{frame}"])


def _part(part: Part) -> str:
    match part:
        case Prose():
            return _prose(part)
        case Formula():
            return formula_text(part)
        case Grid():
            return _grid(part)
        case Items():
            return "\n".join([r"\begin{itemize}", *(rf"  \item {item}" for item in part.items), r"\end{itemize}"])
        case Boxed():
            return f"\\[\n  \\boxed{{\\;{part.formula}\\;}}\n\\]"
        case NumberLine():
            return _number_line(part)
        case Verdicts():
            return _verdicts(part)
        case _:
            assert_never(part)


def _grid(grid: Grid) -> str:
    """Return a table; one of many rows is small."""
    text = grid_text(grid)
    if len(grid.rows) <= MOST_ROWS:
        return text
    return "{\\small" + "\n" + text.replace(r"\arraystretch}{1.15}", r"\arraystretch}{1}") + "\n}"


def _verdicts(table: Verdicts) -> str:
    """Return a table of statements, its rows ragged."""
    ragged = r">{\raggedright\arraybackslash}"
    columns = "".join(f"{ragged}p{{{room:g}pt}}" for room in VERDICT_COLUMNS[1:])
    lines = [
        r"{\footnotesize\setlength{\tabcolsep}{3pt}",
        rf"\begin{{tabular}}{{@{{}}r{columns}@{{}}}}\toprule",
        r" & statement & verdict & for\\\midrule",
    ]
    for row in table.rows:
        if len(row) == 1:
            lines.append(rf"\multicolumn{{4}}{{c}}{{\ldots\ {row[0]}\ \ldots}}\\")
        else:
            number, statement, word, scope = row
            sign = SIGNS[cast(Word, word)]
            lines.append(rf"{number} & {statement} & \textcolor{{{word}}}{{${sign}$ {word}}} & {scope}\\")
    return "\n".join([*lines, r"\bottomrule\end{tabular}\par}"])


def _prose(prose: Prose) -> str:
    if prose.verdict is None:
        return wrapped(prose.text)
    known = _known(prose.verdict)
    if is_in_line(prose):
        return rf"{wrapped(prose.text)}\hfill{known}"
    text = wrapped(prose.text) + "\\par\n" if prose.text else ""
    return rf"{text}{{\raggedleft {known}\par}}"


def _known(verdict: Verdict) -> str:
    return rf"\known{{{verdict.word}}}{{{SIGNS[verdict.word]}}}{{{known_text(verdict)}}}"


# ---------------------------------------------------------------------- the number line


def _number_line(line: NumberLine) -> str:
    """Return the line: the segment thick, its ends named above, what is held against it below."""
    places = [place for place, _ in line.ends] + [mark.place for mark in line.marks]
    low, high = min(places), max(places)
    unit = _LINE_LENGTH / (high - low)
    (start, first), (end, second) = ((unit * (place - low), label) for place, label in line.ends)
    lines = [
        r"\begin{center}",
        r"\begin{tikzpicture}[x=1mm,y=1mm,>=stealth]",
        rf"  \draw[black!45,thin,->] (-6,0)--({_LINE_LENGTH + 9:g},0) node[right] {{${line.symbol}$}};",
        rf"  \draw[proved,line width=3.2pt] ({start:.2f},0)--({end:.2f},0);",
    ]
    for place, label in ((start, first), (end, second)):
        lines.append(rf"  \draw[proved,thick] ({place:.2f},-1.5)--({place:.2f},1.5) node[above=1pt] {{${label}$}};")
    lines.append(rf"  \node[proved,above] at ({(start + end) / 2:.2f},6.5) {{${line.name}$}};")
    lines += [_mark(mark, unit * (mark.place - low)) for mark in line.marks]
    return "\n".join([*lines, r"\end{tikzpicture}", r"\end{center}"])


def _mark(mark: Mark, place: float) -> str:
    if mark.is_inside:
        return rf"  \fill ({place:.2f},0) circle[radius=2.2pt] node[below=4pt] {{${mark.label}$}};"
    cross = "++(-2.2pt,-2.2pt)--++(4.4pt,4.4pt) ++(-4.4pt,0)--++(4.4pt,-4.4pt)"
    return rf"  \draw[refuted,thick] ({place:.2f},0){cross} ({place:.2f},-1) node[below=1pt] {{${mark.label}$}};"
