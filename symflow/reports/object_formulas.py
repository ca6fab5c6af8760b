r"""Objects as formulas: a net's matrices, a map, a risk, a Clarke differential, a law, a cell; what a notebook sets.

A formula stands between double dollars. A set that is no one formula is the hull of its vertices, of which the first
are written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction

from symflow.cells.derivation import Derivation
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.conservative import ConservativeSet
from symflow.differentials.convex_subdifferential import ConvexSubdifferential
from symflow.differentials.element import Element
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import ExponentialNumber
from symflow.exact.rationals import fmpq
from symflow.laws.law import ConservationLaw
from symflow.nets.architecture import Architecture
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.problem import Problem
from symflow.regions.region import Region
from symflow.regions.wall import Wall
from symflow.reports.asked import problem_of_derivation
from symflow.reports.derive_document import derive_document
from symflow.reports.derive_latex import derive_sections
from symflow.reports.document import Answer
from symflow.reports.expressions import Vector
from symflow.reports.latex_math import latex, rational_latex
from symflow.reports.latex_matrices import pmatrix
from symflow.reports.latex_text import escape
from symflow.reports.latex_width import TEXT_WIDTH, width
from symflow.reports.linear_text import sentence_text
from symflow.reports.notes.context import bare_context
from symflow.reports.notes.net import activation_definitions, net_formula
from symflow.reports.notes.sets import set_formula
from symflow.reports.object_tables import vector_entry
from symflow.reports.phrases import counted
from symflow.reports.readable.written_numbers import approximation, number_expression
from symflow.reports.results import MOST_FLAT_VERTICES

# A notebook is about twice as wide as a page.
_NOTEBOOK_WIDTH = 2 * TEXT_WIDTH

# Of more pieces, or vertices, the first are shown.
_MOST_PIECES, _MOST_POINTS = 8, 12

# Longer parts of a closed form are left to the command, and those that would make the whole longer than a notebook
# shows, with some room for the verdict.
_MOST_LINES, _MOST_CHARACTERS = 24, 1850

# Room for what stands before the points of a hull.
_CONV = TEXT_WIDTH / 4

_DISPLAY = re.compile(r"\\\[(.*?)(?<!\\)\\\]", re.DOTALL)


def formula_of(thing: object) -> str | None:
    r"""Return an object that is a formula in LaTeX, or None for another object.

    Examples
    --------
    >>> print(formula_of(Network.from_weights([[1, "-1/2"]])))
    $$W_1=\begin{pmatrix}1&-\tfrac12\end{pmatrix}$$
    """
    match thing:
        case ClarkeDifferential():
            return _clarke(thing)
        case Network():
            return f"$${_network(thing)}$$"
        case Architecture():
            return rf"$$f(x;w)={net_formula(thing)}$${_names(thing)}"
        case Derivation():
            return _pieces(thing)
        case Realization():
            return _realization(thing)
        case EmpiricalRisk():
            return _risk(thing)
        case ExponentialNumber():
            return rf"${latex(number_expression(thing))}\approx {latex(approximation(thing))}$"
        case Element():
            return f"$${latex(vector_entry(thing))}$$"
        case ConservationLaw():
            return _law(thing)
        case ConservativeSet():
            return f"$${'+'.join(map(_hull, thing.summands))}$$"
        case ConvexSubdifferential():
            return _convex(thing)
        case Region():
            return _cell(thing)
        case Wall():
            return _wall(thing)
    return None


def _names(shape: Architecture) -> str:
    definitions = activation_definitions(shape)
    return f"\n\nwith {definitions}" if definitions else ""


def _realization(f: Realization) -> str:
    shape = f.network.architecture
    entry = f"_{f.output}" if shape.n_outputs > 1 else ""
    return rf"$$f(x)={_of_output(net_formula(shape), entry)},\qquad {_network(f.network)}$${_names(shape)}"


def _risk(risk: EmpiricalRisk) -> str:
    shape, n = risk.network.architecture, risk.data.n_inputs
    entry = f"_{risk.output}" if shape.n_outputs > 1 else ""
    inside = {
        "exponential": r"e^{-y_kf(x_k;w)}",
        "logistic": r"\ln\bigl(1+e^{-y_kf(x_k;w)}\bigr)",
        "squared": r"\tfrac12\bigl(f(x_k;w)-y_k\bigr)^2",
    }[risk.loss]
    mean = rf"\frac1{{{n}}}" if risk.is_mean else ""
    net = rf"f(x;w)={_of_output(net_formula(shape), entry)}"
    return rf"$$R(w)={mean}\sum_{{k=1}}^{{{n}}}{inside},\qquad {net}$${_names(shape)}"


def _of_output(formula: str, entry: str) -> str:
    return rf"\bigl({formula}\bigr){entry}" if entry else formula


def _network(network: Network) -> str:
    pieces = []
    for layer, matrix in enumerate(network.weights, start=1):
        pieces.append(f"W_{layer}={pmatrix([[rational_latex(entry) for entry in row] for row in matrix])}")
        if network.biases is not None:
            column = [[rational_latex(entry)] for entry in network.biases[layer - 1]]
            pieces.append(f"b_{layer}={pmatrix(column)}")
    return r",\ ".join(pieces)


# ---------------------------------------------------------------------- sets


def _clarke(differential: ClarkeDifferential) -> str:
    r"""Return ∂R(w) = { .. : θ in [0, 1] }, c = .., or the hull of the vertices, or two hulls around it."""
    context = bare_context(differential)
    name = context.set_name
    if math.prod(len(factor.inner.vertices) for factor in differential.factors) > MOST_FLAT_VERTICES:
        return _by_factors(differential, name)
    if not differential.is_exact:
        return _enclosed(differential, name)
    found = set_formula(context, _NOTEBOOK_WIDTH)
    if found is None:
        return f"$${name}={_hull(differential.vertices)}$$"
    text = f"$${name}={found.braced}".replace(",\\ \\begin", ",\\\n\\begin")
    for constant in context.notation.constants:
        text += rf",\qquad {latex(constant.symbol)}={latex(constant.expression)}"
    return f"{text}$$"


def _convex(found: ConvexSubdifferential) -> str:
    """Return the convex subdifferential by its inequalities, the first of them."""
    if found.is_empty:
        return r"$$\varnothing$$"
    rows = []
    for bound in found.bounds[:_MOST_POINTS]:
        rows.append(
            rf"\langle {latex(Vector(tuple(map(number_expression, bound.normal))))},s\rangle\le "
            rf"{rational_latex(bound.bound)}"
        )
    left = len(found.bounds) - _MOST_POINTS
    rows += [rf"\text{{and {counted(left, 'more inequality', 'more inequalities')}}}"] if left > 0 else []
    listed = ",\\ ".join(rows)
    return rf"$$\left\{{s:\ {listed}\right\}}$$"


def _by_factors(differential: ClarkeDifferential, name: str) -> str:
    """Return a product of many vertices as what holds of each block of its elements."""
    names = differential.function.variables
    sign = r"\in" if differential.is_exact else r"\text{ may be in }"
    rows = []
    for factor in differential.factors[:_MOST_POINTS]:
        block = ",".join(_name(f"{names[place]}") for place in factor.places)
        rows.append(rf"(s_{{{block}}}){sign} {_hull(factor.inner.vertices)}")
    left = len(differential.factors) - _MOST_POINTS
    rows += [rf"\text{{and {counted(left, 'more block')}}}"] if left > 0 else []
    listed = ",\\ ".join(rows)
    return rf"$${name}=\left\{{s:\ {listed}\right\}}$$"


def _enclosed(differential: ClarkeDifferential, name: str) -> str:
    inner = _hull(differential.inner_vertices)
    outer = differential.outer_vertices
    above = "" if outer is None else rf"\subseteq {_hull(outer)}"
    return rf"$${inner}\subseteq {name}{above}$$"


def _hull(points: Sequence[Point]) -> str:
    shown = [latex(vector_entry(point)) for point in points[:_MOST_POINTS]]
    left = len(points) - _MOST_POINTS
    more = [rf"\text{{and {counted(left, 'more point')}}}"] if left > 0 else []
    listed = ",\\ ".join([*shown, *more])
    if width(listed) > TEXT_WIDTH - _CONV:  # a point a line
        lines = ",\\\\ ".join([*shown, *more])
        listed = rf"\begin{{gathered}}{lines}\end{{gathered}}"
    return rf"\operatorname{{conv}}\left\{{{listed}\right\}}"


def _cell(cell: Region) -> str:
    maps = [_affine(row, constant) for row, constant in zip(cell.gradient, cell.offset, strict=True)]
    value = maps[0] if len(maps) == 1 else pmatrix([[each] for each in maps])
    return rf"$$f(x)={value}\quad\text{{for }}x\in {_polyhedron(cell)}$$"


def _wall(wall: Wall) -> str:
    first, second = wall.cells
    return rf"$$C_{{{first + 1}}}\cap C_{{{second + 1}}}={_polyhedron(wall)}$$"


def _polyhedron(place: Region | Wall) -> str:
    """Return the hull of vertices plus the cone of rays plus the span of the lines in it."""
    vertices, rays, lines = place.vertices, place.rays, place.complex.begin.lineality
    if lines and len(lines) == len(lines[0]):
        return rf"\mathbb{{R}}^{{{len(lines)}}}" if len(lines) > 1 else r"\mathbb{R}"
    parts = [_hull([tuple(map(_exact, point)) for point in vertices])] if any(any(point) for point in vertices) else []
    if rays:
        cone = _hull([tuple(map(_exact, ray)) for ray in rays])
        parts.append(cone.replace("conv", "cone", 1))
    if lines:
        parts.append(_hull([tuple(map(_exact, line)) for line in lines]).replace("conv", "span", 1))
    return "+".join(parts) or r"\{0\}"


def _exact(entry: Fraction | int) -> fmpq:
    return fmpq(entry.numerator, entry.denominator)


def _affine(row: Sequence[Fraction], constant: Fraction) -> str:
    text = ""
    for entry, name in [*((entry, f"x_{{{i}}}") for i, entry in enumerate(row, start=1)), (constant, "")]:
        if entry:
            size = "" if abs(entry) == 1 and name else rational_latex(_exact(abs(entry)))
            text += ("-" if entry < 0 else "+" if text else "") + size + name
    return text or "0"


def _law(law: ConservationLaw) -> str:
    terms = ""
    for monomial, coefficient in law.terms:
        factors = "".join(f"{_name(law.names[i])}{f'^{{{power}}}' if power > 1 else ''}" for i, power in monomial)
        size = "" if abs(coefficient) == 1 else rational_latex(abs(coefficient))
        terms += ("-" if coefficient < 0 else "+" if terms else "") + size + factors
    return f"$${terms}$$"


def _name(name: str) -> str:
    """Return ``W1[1,2]`` as the lectures write it: W_1[1,2]; another name as it is."""
    found = re.fullmatch(r"([A-Za-z])([0-9]+)(\[[0-9,]+\])", name)
    return rf"\mathrm{{{escape(name)}}}" if found is None else f"{found[1]}_{{{found[2]}}}{found[3]}"


# ---------------------------------------------------------------------- pieces


def _pieces(derivation: Derivation) -> str | None:
    """Return the function piece by piece, and the gradients and kinks that are short, of ``symflow derive --latex``."""
    problem = problem_of_derivation(derivation)
    (_, text), *others = derive_sections(problem, derivation)
    displays = _DISPLAY.findall(text)
    in_cases = [place for place, display in enumerate(displays) if r"\begin{cases}" in display]
    if not in_cases:
        return None
    # What stands before the function piece by piece says what its letters are; more of the function may follow it.
    last = in_cases[0]
    while last + 1 in in_cases:
        last += 1
    shown = [_cut(display.strip()) for display in displays[: last + 1]]
    signs = next((line for line in text.splitlines() if line.startswith("The signs are")), "")
    parts = ["\n".join(f"$${display}$$" for display in shown), *([signs] if signs else [])]
    room = _MOST_CHARACTERS - sum(map(len, parts))
    for title, section in others:
        is_short = len(section) <= room and len(section.splitlines()) <= _MOST_LINES
        parts.append(_in_dollars(section) if is_short else f"{title} is left to symflow derive.")
        room -= len(parts[-1])
    return "\n\n".join([*parts, _verdict(derivation, problem)])


def _in_dollars(section: str) -> str:
    """Return a part of a document with its displays between double dollars, as notebooks read them."""
    return _DISPLAY.sub(lambda found: f"$${found[1].strip()}$$", section).replace("~", " ").strip()


def _verdict(derivation: Derivation, problem: Problem) -> str:
    """Return the answer of ``symflow derive`` and how sure it is."""
    answer = next(block for block in derive_document(problem, derivation).blocks if isinstance(block, Answer))
    tag = "" if answer.tag is None else f" ({', '.join(filter(None, (answer.tag.word, answer.tag.scope)))})"
    return f"{escape(sentence_text(answer.sentence).rstrip('.'))}{tag}."


def _cut(cases: str) -> str:
    """Return cases with their first pieces, and how many more there are; the conditions of one may take two lines."""
    opening, *rows = cases.split("\n")
    if r"\begin{cases}" not in opening or r"\vdots" in cases:  # the closed form folds very many itself
        return cases
    rows, end = rows[:-1], rows[-1]
    starts = [place for place, row in enumerate(rows) if not row.strip().startswith(("&", r"\qquad{}"))]
    left = len(starts) - _MOST_PIECES
    if left <= 0:
        return cases
    more = f"and {counted(left, 'more piece')}"
    return "\n".join([opening, *rows[: starts[_MOST_PIECES]], rf"    \text{{{more}}}", end])
