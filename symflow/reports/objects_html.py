"""Data, laws, residuals, an audit and a star as a notebook shows them: tables of at most two dozen rows.

Colours are the notebook's own, so that light and dark both do; formulas are native MathML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from symflow.exact.exponential_numbers import Scalar
from symflow.reports.mathml import mathml
from symflow.reports.names import naming_for
from symflow.reports.object_tables import Code, Entry, Mark, ObjectTable, object_table, vector_entry

# A notebook would break a caption at the width of its table.
CAPTION = ' style="text-align:left;white-space:nowrap"'


def objects_html(thing: object) -> str | None:
    """Return an object that has a table as HTML, or None for another object.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> print(objects_html(Dataset([(3, -1)], labels=[1])))
    <table>
    <caption style="text-align:left;white-space:nowrap">Dataset(1 input in R^2, labels, exact)</caption>
    <tr><th scope="col">k</th><th scope="col">x</th><th scope="col">y</th></tr>
    <tr><td>1</td><td><math><mo stretchy="false">(</mo><mn>3</mn><mo>,</mo><mo form="prefix">−</mo><mn>1</mn>\
<mo stretchy="false">)</mo></math></td><td><math><mn>1</mn></math></td></tr>
    </table>
    """
    table = object_table(thing)
    return None if table is None else table_html(naming_for(thing).anything(table))


def table_html(table: ObjectTable) -> str:
    """Return a table as HTML.

    Examples
    --------
    >>> print(table_html(ObjectTable("f < g", ("k",), (("1",),), "2 more data")))
    <table>
    <caption style="text-align:left;white-space:nowrap">f &lt; g</caption>
    <tr><th scope="col">k</th></tr>
    <tr><td>1</td></tr>
    </table>
    <p>and 2 more data</p>
    """
    lines = [f"<table>\n<caption{CAPTION}>{escape(table.caption)}</caption>"]
    if table.header:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.header)
        lines += [f"<tr>{head}</tr>"]
    for row in table.rows:
        first, *others = map(_entry, row)
        named = f"<td>{first}</td>" if table.header else f'<th scope="row" style="text-align:left">{first}</th>'
        lines.append(f"<tr>{named}{''.join(f'<td>{entry}</td>' for entry in others)}</tr>")
    lines.append("</table>")
    if not table.rows:
        lines = [f"<p>{escape(table.caption)}</p>"]
    if table.left_out:
        lines.append(f"<p>and {escape(table.left_out)}</p>")
    if not table.after:
        return "\n".join(lines)
    return "\n".join(["<div>", *lines, f"<p>{escape(table.after)}</p>", "</div>"])


def vector_html(entries: Sequence[Scalar]) -> str:
    """Return a vector; a single entry without parentheses.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> print(vector_html([fmpq(2)]))
    <math><mn>2</mn></math>
    """
    return mathml(vector_entry(entries))


def _entry(entry: Entry) -> str:
    if isinstance(entry, str):
        return escape(entry)
    if isinstance(entry, Code):
        return f"<code>{escape(entry.text)}</code>"
    if isinstance(entry, Mark):
        return f'<span aria-hidden="true">{entry.sign}</span> {entry.words}'
    return mathml(entry)
