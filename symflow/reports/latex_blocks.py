r"""The blocks that an article and slides set alike: displays, tables in displays, running text in lines."""

from __future__ import annotations

import re
import textwrap

from symflow.reports.latex_matrices import joined_rows
from symflow.reports.notes.document import Formula, Grid

# A display of more lines may go on in the next page.
_MOST_TOGETHER = 12


def printable(name: str) -> str:
    """Return a file's name for a comment, in one line of ASCII."""
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in name)


def formula_text(formula: Formula) -> str:
    """Return a display."""
    is_aligned = any("&" in _outside_environments(line) for line in formula.lines)
    if len(formula.lines) == 1 and not is_aligned:
        return f"\\[\n  {formula.lines[0]}\n\\]"
    body = "\\\\\n  ".join(formula.lines)
    if is_aligned and len(formula.lines) > _MOST_TOGETHER:
        return f"{{\\allowdisplaybreaks\n\\begin{{align*}}\n  {body}\n\\end{{align*}}}}"
    if is_aligned:
        return f"\\[\n  \\begin{{aligned}}\n  {body}\n  \\end{{aligned}}\n\\]"
    return f"\\begin{{gather*}}\n  {body}\n\\end{{gather*}}"


def _outside_environments(line: str) -> str:
    previous = None
    while previous != line:
        previous = line
        line = re.sub(r"\\begin\{(\w+)\}(?:(?!\\begin).)*?\\end\{\1\}", "", line, flags=re.DOTALL)
    return line


def grid_text(grid: Grid) -> str:
    """Return a table in a display."""
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


def wrapped(text: str) -> str:
    """Break lines at spaces, as an author would."""
    return "\n".join(textwrap.wrap(text, 108, break_long_words=False, break_on_hyphens=False) if text else [""])
