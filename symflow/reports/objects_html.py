"""Data, laws, residuals, an audit and a star as a notebook shows them: tables of at most two dozen rows.

Colours are the notebook's own, so that light and dark both do; formulas are native MathML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from symflow.cells.star import Star, StarEdge
from symflow.differentials.selection import Audit
from symflow.exact.exponential_numbers import Scalar
from symflow.flows.crosscheck import Residuals, short_residual
from symflow.laws.conservation import ConservationLaws
from symflow.nets.dataset import Dataset
from symflow.reports.expressions import Vector
from symflow.reports.laws_formulas import LawFormulas
from symflow.reports.mathml import mathml
from symflow.reports.phrases import counted
from symflow.reports.readable.written_numbers import number_expression
from symflow.verdict import AbstractVerdict

MOST_ROWS = 24

# A notebook would break a caption at the width of its table.
CAPTION = ' style="text-align:left;white-space:nowrap"'

_WORDS = {"Proved": ("■", "in the set"), "Refuted": ("⊠", "not in the set"), "Undecided": ("□", "undecided")}


def objects_html(thing: object) -> str | None:
    """Return one of these objects as HTML, or None for another object.

    Examples
    --------
    >>> print(objects_html(Dataset([(3, -1)], labels=[1])))
    <table>
    <caption style="text-align:left;white-space:nowrap">Dataset(1 input in R^2, labels, exact)</caption>
    <tr><th scope="col">k</th><th scope="col">x</th><th scope="col">y</th></tr>
    <tr><td>1</td><td><math><mo stretchy="false">(</mo><mn>3</mn><mo>,</mo><mo form="prefix">−</mo><mn>1</mn>\
<mo stretchy="false">)</mo></math></td><td><math><mn>1</mn></math></td></tr>
    </table>
    """
    match thing:
        case Dataset():
            return _dataset(thing)
        case ConservationLaws():
            return _laws(thing)
        case Residuals():
            return _residuals(thing)
        case Audit():
            return _audit(thing)
        case Star():
            return _star(thing)
    return None


def table_html(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], left_out: str = "") -> str:
    """Return a table: the caption and what is left out are text, the header and the entries are markup.

    Examples
    --------
    >>> print(table_html("f < g", ["k"], [["1"]], "2 more data"))
    <table>
    <caption style="text-align:left;white-space:nowrap">f &lt; g</caption>
    <tr><th scope="col">k</th></tr>
    <tr><td>1</td></tr>
    </table>
    <p>and 2 more data</p>
    """
    head = "".join(f'<th scope="col">{name}</th>' for name in header)
    body = "\n".join(f"<tr>{''.join(f'<td>{entry}</td>' for entry in row)}</tr>" for row in rows)
    after = f"\n<p>and {escape(left_out)}</p>" if left_out else ""
    return f"<table>\n<caption{CAPTION}>{escape(caption)}</caption>\n<tr>{head}</tr>\n{body}\n</table>{after}"


def vector_html(entries: Sequence[Scalar]) -> str:
    """Return a vector; a single entry without parentheses.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> print(vector_html([fmpq(2)]))
    <math><mn>2</mn></math>
    """
    numbers = tuple(number_expression(entry) for entry in entries)
    return mathml(numbers[0] if len(numbers) == 1 else Vector(numbers))


def verdict_html(verdict: AbstractVerdict) -> str:
    """Return whether a vector is in a set: a sign for the eye, and the words."""
    sign, words = _WORDS[type(verdict).__name__]
    return f'<span aria-hidden="true">{sign}</span> {words}'


def _left_out(n_all: int, noun: str, nouns: str) -> str:
    left = n_all - MOST_ROWS
    return counted(left, f"more {noun}", f"more {nouns}") if left > 0 else ""


def _dataset(data: Dataset) -> str:
    labels = data.labels
    rows = [
        [str(k + 1), vector_html(x), *([] if labels is None else [vector_html([labels[k]])])]
        for k, x in enumerate(data.inputs[:MOST_ROWS])
    ]
    header = ["k", "x"] if labels is None else ["k", "x", "y"]
    return table_html(repr(data), header, rows, _left_out(data.n_inputs, "datum", "data"))


def _laws(found: ConservationLaws) -> str:
    written = LawFormulas(found.shape)
    rows = [[str(k), mathml(written.law(law)), law.kind] for k, law in enumerate(found.laws[:MOST_ROWS], start=1)]
    left = _left_out(found.n_laws, "law", "laws")
    table = f"<p>{escape(repr(found))}</p>"
    if rows:
        table = table_html(repr(found), ["", "is conserved", "kind"], rows, left)
    return f"<div>\n{table}\n<p>{_completeness(found)}</p>\n</div>"


def _completeness(found: ConservationLaws) -> str:
    if found.is_complete:
        kept = "all of these flows conserve"
        if found.scope == "path monomials":
            kept = "the flows of all path monomials conserve"
        return f"Near almost every w, everything that {kept} is a function of these."
    number = "exactly" if found.is_lie_dimension_exact else "at most"
    return f"Near almost every w there are {number} {counted(found.n_laws_at_most, 'independent law')}."


def _residuals(table: Residuals) -> str:
    rows = []
    for row in table.rows[:MOST_ROWS]:
        rate = table.rate(row.name)
        fall = "" if rate is None else f"{float(rate):.2f}"
        numbers = [short_residual(residual) for residual in row.residuals]
        rows.append([f"<code>{escape(row.name)}</code>", row.standing, *numbers, fall])
    header = [table.kind, "standing", *(f"{digits} digits" for digits in table.digits), "decimals a digit"]
    if len(table.digits) == 1:
        header, rows = header[:-1], [row[:-1] for row in rows]
    return table_html(repr(table), header, rows, _left_out(len(table.rows), table.kind, f"{table.kind}s"))


def _audit(report: Audit) -> str:
    rows = [[escape(each.name), vector_html(each.gradient), verdict_html(each.verdict)] for each in report.selections]
    header = ["slope at a kink", "gradient by the chain rule", "Clarke differential"]
    return table_html(repr(report), header, rows)


def _star(star: Star) -> str:
    rows = []
    for place, (cell, gradient) in enumerate(zip(star.cells[:MOST_ROWS], star.gradients, strict=False)):
        beside = [edge.second if edge.first == place else edge.first for edge in star.edges if place in _ends(edge)]
        pattern = f"<code>{escape(cell.pattern)}</code>"
        rows.append([str(place + 1), pattern, vector_html(gradient), ", ".join(str(other + 1) for other in beside)])
    header = ["cell", "pattern", "limiting gradient", "shares a wall with"]
    return table_html(repr(star), header, rows, _left_out(len(star.cells), "cell", "cells"))


def _ends(edge: StarEdge) -> tuple[int, int]:
    return edge.first, edge.second
