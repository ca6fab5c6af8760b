"""Objects as small tables, written once for HTML and for LaTeX: what each column and each row says.

Of more than two dozen rows the first are shown, and how many there are more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from symflow.cells.star import Star, StarEdge
from symflow.differentials.selection import Audit, Selection
from symflow.differentials.stationarity import StationarityReport
from symflow.differentials.sum_rule import SumRule
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.rationals import fmpq
from symflow.flows.crosscheck import Residuals, short_residual
from symflow.laws.conservation import ConservationLaws
from symflow.laws.of_problem import LawsOfProblem
from symflow.nets.dataset import Dataset
from symflow.problem import Problem
from symflow.regions.region_graph import RegionGraph
from symflow.reports.expressions import Expression, Vector
from symflow.reports.laws_formulas import LawFormulas
from symflow.reports.phrases import counted
from symflow.reports.readable.written_numbers import number_expression
from symflow.verdict import AbstractVerdict

MOST_ROWS = 24

_MEMBERSHIP = {"Proved": ("■", "in the set"), "Refuted": ("⊠", "not in the set"), "Undecided": ("□", "undecided")}
_TRUTH = {"Proved": ("■", "proved"), "Refuted": ("⊠", "refuted"), "Undecided": ("□", "undecided")}


@final
@dataclass(frozen=True, slots=True)
class Code:
    """A name or a pattern as it is typed."""

    text: str


@final
@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict: a sign for the eye, and the words."""

    sign: str
    words: str


# What stands in a table: a formula, words, a name as it is typed, or a verdict.
Entry: TypeAlias = Expression | str | Code | Mark


@final
@dataclass(frozen=True, slots=True)
class ObjectTable:
    """A table.

    Parameters
    ----------
    caption : str
        The object's one line.
    header : tuple of str
        None where the first column names the rows.
    rows : tuple of tuples of entries
        As many in each as in the header.
    left_out : str
        How many rows there are more; may be empty.
    after : str
        A sentence below; may be empty.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    left_out: str = ""
    after: str = ""


def object_table(thing: object) -> ObjectTable | None:
    """Return one of these objects as a table, or None for another object.

    Examples
    --------
    >>> table = object_table(Dataset([(3, -1)], labels=[1]))
    >>> table.header, len(table.rows), table.left_out
    (('k', 'x', 'y'), 1, '')
    """
    match thing:
        case Dataset():
            return _dataset(thing)
        case ConservationLaws():
            return _laws(thing, repr(thing))
        case LawsOfProblem():
            return _laws_of_problem(thing)
        case Residuals():
            return _residuals(thing)
        case Audit():
            return _audit(repr(thing), thing.selections)
        case Selection():
            return _audit(repr(thing), [thing])
        case Star():
            return _star(thing)
        case StationarityReport():
            return _stationarity(thing)
        case SumRule():
            return _sum_rule(thing)
        case Problem():
            return _problem(thing)
    return None


def regions_table(graph: RegionGraph) -> ObjectTable:
    """Return the cells of a region graph, the first of them.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> regions_table(RegionGraph.of(Network.from_weights([[2]], [[1]]))).rows[1][:2]
    ('2', Code(text='+'))
    """
    rows: list[tuple[Entry, ...]] = []
    for cell in graph.cells[:MOST_ROWS]:
        maps = [vector_entry([fmpq(v.numerator, v.denominator) for v in row]) for row in cell.gradient]
        offset = vector_entry([fmpq(v.numerator, v.denominator) for v in cell.offset])
        gradient = maps[0] if len(maps) == 1 else Vector(tuple(maps))
        rows.append((str(cell.index + 1), Code(cell.pattern), gradient, offset, "yes" if cell.is_bounded else "no"))
    header = ("cell", "pattern", "gradient", "offset", "bounded")
    return ObjectTable(repr(graph), header, tuple(rows), _left_out(graph.n_cells, "cell", "cells"))


def vector_entry(entries: Sequence[Scalar]) -> Expression:
    """Return a vector; a single entry without parentheses."""
    numbers = tuple(number_expression(entry) for entry in entries)
    return numbers[0] if len(numbers) == 1 else Vector(numbers)


def value_entry(value: object) -> Entry:
    """Return a number or a vector as a formula, anything else as it is printed."""
    if isinstance(value, fmpq | ExponentialNumber):
        return number_expression(value)
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return number_expression(fmpq(value.numerator, value.denominator))
    if isinstance(value, tuple) and value and all(isinstance(entry, fmpq | ExponentialNumber) for entry in value):
        return vector_entry(value)
    return str(value)


def _left_out(n_all: int, noun: str, nouns: str) -> str:
    left = n_all - MOST_ROWS
    return counted(left, f"more {noun}", f"more {nouns}") if left > 0 else ""


def _membership(verdict: AbstractVerdict) -> Mark:
    return Mark(*_MEMBERSHIP[type(verdict).__name__])


def _dataset(data: Dataset) -> ObjectTable:
    labels = data.labels
    rows = tuple(
        (str(k + 1), vector_entry(x), *(() if labels is None else (vector_entry([labels[k]]),)))
        for k, x in enumerate(data.inputs[:MOST_ROWS])
    )
    header = ("k", "x") if labels is None else ("k", "x", "y")
    return ObjectTable(repr(data), header, rows, _left_out(data.n_inputs, "datum", "data"))


def _laws(found: ConservationLaws, caption: str) -> ObjectTable:
    written = LawFormulas(found.shape)
    rows = tuple((str(k), written.law(law), law.kind) for k, law in enumerate(found.laws[:MOST_ROWS], start=1))
    left = _left_out(found.n_laws, "law", "laws")
    return ObjectTable(caption, ("", "is conserved", "kind"), rows, left, _completeness(found))


def _laws_of_problem(found: LawsOfProblem) -> ObjectTable:
    table = _laws(found.joint, repr(found))
    if not found.cells:
        return table
    counts = ", ".join(f"{each.found.n_laws} on {each.pattern}" for each in found.cells[:MOST_ROWS])
    left = _left_out(len(found.cells), "cell", "cells")
    sentence = f"These hold on all cells; cell by cell: {counts}{', ' + left if left else ''}."
    return ObjectTable(table.caption, table.header, table.rows, table.left_out, f"{sentence} {table.after}")


def _completeness(found: ConservationLaws) -> str:
    if found.is_complete:
        kept = "all of these flows conserve"
        if found.scope == "path monomials":
            kept = "the flows of all path monomials conserve"
        return f"Near almost every w, everything that {kept} is a function of these."
    number = "exactly" if found.is_lie_dimension_exact else "at most"
    return f"Near almost every w there are {number} {counted(found.n_laws_at_most, 'independent law')}."


def _residuals(table: Residuals) -> ObjectTable:
    rows: list[tuple[Entry, ...]] = []
    for row in table.rows[:MOST_ROWS]:
        rate = table.rate(row.name)
        fall = () if len(table.digits) == 1 else ("" if rate is None else f"{float(rate):.2f}",)
        rows.append((Code(row.name), row.standing, *map(short_residual, row.residuals), *fall))
    header = (table.kind, "standing", *(f"{digits} digits" for digits in table.digits))
    if len(table.digits) > 1:
        header = (*header, "decimals a digit")
    return ObjectTable(repr(table), header, tuple(rows), _left_out(len(table.rows), table.kind, f"{table.kind}s"))


def _audit(caption: str, selections: Sequence[Selection]) -> ObjectTable:
    rows = tuple((each.name, vector_entry(each.gradient), _membership(each.verdict)) for each in selections)
    return ObjectTable(caption, ("slope at a kink", "gradient by the chain rule", "Clarke differential"), rows)


def _star(star: Star) -> ObjectTable:
    rows: list[tuple[Entry, ...]] = []
    for place, (cell, gradient) in enumerate(zip(star.cells[:MOST_ROWS], star.gradients, strict=False)):
        beside = [edge.second if edge.first == place else edge.first for edge in star.edges if place in _ends(edge)]
        shared = ", ".join(str(other + 1) for other in beside)
        rows.append((str(place + 1), Code(cell.pattern), vector_entry(gradient), shared))
    header = ("cell", "pattern", "limiting gradient", "shares a wall with")
    return ObjectTable(repr(star), header, tuple(rows), _left_out(len(star.cells), "cell", "cells"))


def _ends(edge: StarEdge) -> tuple[int, int]:
    return edge.first, edge.second


def _stationarity(report: StationarityReport) -> ObjectTable:
    asked = (
        ("Clarke stationary", report.clarke),
        ("Fréchet stationary", report.frechet),
        ("strictly differentiable", report.strictly_differentiable),
        ("differentiable", report.differentiable),
        ("Clarke regular", report.regular),
        ("local minimum", report.local_minimum),
    )
    rows: list[tuple[Entry, ...]] = [
        (name, Mark(*_TRUTH[type(verdict).__name__]), _shown_evidence(verdict)) for name, verdict in asked
    ]
    if report.descent is not None:
        rows.append(("a way down", "", vector_entry(report.descent.direction)))
    return ObjectTable(repr(report), ("", "verdict", "by"), tuple(rows))


def _shown_evidence(verdict: AbstractVerdict) -> Entry:
    """Return the reason of an undecided verdict, or the vector that refutes; certificates are in the JSON."""
    for name in ("reason", "separator", "direction"):
        if name in verdict.evidence:
            return value_entry(verdict.evidence[name])
    return ""


def _sum_rule(found: SumRule) -> ObjectTable:
    words = {True: ("■", "holds"), False: ("⊠", "fails"), None: ("□", "undecided")}[found.holds]
    rows: list[tuple[Entry, ...]] = [("sum of the differentials = differential of the sum", Mark(*words))]
    if found.neuron is not None and found.vector is not None:
        rows.append((f"in both spans of neuron {found.neuron}", vector_entry(found.vector)))
    return ObjectTable(repr(found), (), tuple(rows))


def _problem(problem: Problem) -> ObjectTable:
    rows: list[tuple[Entry, ...]] = [] if problem.title is None else [("title", problem.title)]
    rows.append(("network", repr(problem.network or problem.architecture)))
    rows.append(("data", "symbolic" if problem.inputs is None else counted(len(problem.inputs), "input")))
    loss = "" if problem.loss is None else f", {problem.loss}"
    rows.append(("objective", f"{problem.kind.replace('_', ' ')}{loss}, as a function of the {problem.variable}"))
    if problem.at is not None:
        rows.append(("at", vector_entry(problem.at)))
    for name, section in (("domain", problem.domain), ("flow", problem.flow), ("laws", problem.laws)):
        if section is not None:
            settings = ", ".join(f"{key} = {value}" for key, value in section.tree().items())
            rows.append((name, Code(settings if len(settings) <= 100 else settings[:99] + "…")))
    return ObjectTable(repr(problem), (), tuple(rows))
