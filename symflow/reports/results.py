"""Results as the contract's JSON objects: exact strings, certificates, the problem itself.

Rationals are "p" or "p/q" in lowest terms; other exact numbers are strings in sympy's syntax. The object is
self-contained: the checker re-checks it from the text alone. Beyond the contract's keys it holds the witnesses of
the hull (``hull``, ``weights``), described where they are written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from symflow._version import __version__
from symflow.cells.cell import (
    BoxFactor,
    Cell,
    ParameterFactor,
    PreactivationFactor,
    Refutation,
)
from symflow.cells.cell import (
    Factor as TermFactor,
)
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.euler import euler
from symflow.differentials.factor import Factor
from symflow.differentials.polytope import Point, Polytope
from symflow.differentials.selection import Audit, Selection, select
from symflow.differentials.sum_rule import Comparison, SumRule, VertexSum, sum_rule
from symflow.errors import NotSupportedError
from symflow.exact.exponential_numbers import Scalar, to_text
from symflow.exact.logarithms import value_text
from symflow.exact.membership import Member
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.pattern import pattern_key
from symflow.nets.patterned_function import AbstractPatternedFunction, Constraint
from symflow.problem import Problem

# With more vertices than this a product is not multiplied out unless asked.
MOST_FLAT_VERTICES = 4096

# More are never listed, asked or not.
MOST_LISTED_VERTICES = 1_000_000

Json = dict[str, Any]


def header(command: str, problem: Problem) -> Json:
    """Return what every result begins with: the command, the version and the exact problem."""
    return {"command": command, "symflow": __version__, "problem": problem.tree()}


def clarke_result(
    problem: Problem,
    differential: ClarkeDifferential,
    *,
    all_vertices: bool = False,
    rule: SumRule | None = None,
    budget: Budget = NO_BUDGET,
) -> Json:
    """Return the result of ``symflow clarke``.

    Parameters
    ----------
    problem : Problem
        What was asked.
    differential : ClarkeDifferential
        The answer.
    all_vertices : bool
        Multiply a product out however many vertices it has.
    rule : SumRule, optional
        Whether the sum rule holds, where that is known already.
    budget : Budget
        For what is decided here only: the sum rule of a deep net.
    """
    function = differential.function
    result = header("clarke", problem)
    result |= {
        "status": differential.status,
        "variable": function.variable,
        "parameters": list(function.variables),
        "point": texts(function.point),
        "value": value_text(function.value),
    }
    result |= _set(differential, all_vertices)
    result |= {
        "contains_zero": differential.contains_zero,
        "euler": _euler(function),
        "sum_rule": sum_rule_json(rule or sum_rule(differential, budget=budget)),
        "autodiff": _autodiff(select(differential, "autodiff")),
        "trusts": list(differential.trusts),
    }
    return result | _reason(differential) | _witnesses(differential)


def audit_result(problem: Problem, report: Audit, *, rule: SumRule | None = None, budget: Budget = NO_BUDGET) -> Json:
    """Return the result of ``symflow audit``; it contains the differential that the conventions are held against."""
    result = header("audit", problem)
    result["conventions"] = [convention_json(selection) for selection in report.selections]
    result["safe_by"] = report.safe_by
    if report.safe_by == "proposition 8":
        directions = {str(neuron): texts(d) for neuron, d in report.directions.items()}
        result["safe_by_witness"] = {"directions": directions}
    result["differential"] = clarke_result(problem, report.differential, rule=rule, budget=budget)
    return result


# ---------------------------------------------------------------------- numbers


def texts(values: Iterable[Scalar]) -> list[str]:
    """Return scalars as the contract's strings."""
    return [to_text(value) for value in values]


def _rows(points: Iterable[Point]) -> list[list[str]]:
    return [texts(point) for point in points]


# ---------------------------------------------------------------------- the set


def _set(differential: ClarkeDifferential, all_vertices: bool) -> Json:
    if not differential.is_exact:
        return {
            **_bounds(differential),
            "vertices": None,
            "n_vertices": None,
            "n_limiting_gradients": None,
            "dimension": differential.dimension,
            "minimal_norm_element": None,
            "minimal_norm_squared": None,
        }
    n_vertices = differential.n_vertices
    assert n_vertices is not None
    if all_vertices and n_vertices > MOST_LISTED_VERTICES:
        raise NotSupportedError(
            f"{n_vertices} vertices are too many to list; without --all-vertices the factors hold them all",
            place="--all-vertices",
        )
    is_flat = all_vertices or n_vertices <= MOST_FLAT_VERTICES
    return {
        "vertices": _rows(differential.vertices) if is_flat else None,
        "n_vertices": n_vertices,
        "n_limiting_gradients": differential.n_limiting_gradients if is_flat else None,
        "dimension": differential.dimension,
        "minimal_norm_element": texts(differential.minimal_norm_element),
        "minimal_norm_squared": to_text(differential.minimal_norm_squared),
    }


def _bounds(differential: ClarkeDifferential) -> Json:
    inner_count = math.prod(len(factor.inner.vertices) for factor in differential.factors)
    outers = [factor.outer for factor in differential.factors if factor.outer is not None]
    outer_count = math.prod(len(outer.vertices) for outer in outers)
    is_bounded = len(outers) == len(differential.factors)
    outer = differential.outer_vertices if is_bounded and outer_count <= MOST_FLAT_VERTICES else None
    inner = _rows(differential.inner_vertices) if inner_count <= MOST_FLAT_VERTICES else None
    bounds: Json = {"inner_vertices": inner, "outer_vertices": None if outer is None else _rows(outer)}
    return bounds | ({"vertices_if_trusted": inner} if differential.trusts else {})


def _reason(differential: ClarkeDifferential) -> Json:
    """Return why the set is known without its cells, where it is."""
    shortcut = differential.shortcut
    if shortcut is None:
        return {}
    layers = {"layers": list(shortcut.layers)} if shortcut.layers else {}
    return {"reason": {"kind": shortcut.kind, **layers}}


def _witnesses(differential: ClarkeDifferential) -> Json:
    """Return the certificates: of the one factor at the top level, of several in ``factors``."""
    function = differential.function
    if differential.is_product:
        return {
            "factors": [_factor(function, factor) for factor in differential.factors],
            "constant": {
                "parameters": [function.variables[place] for place, _ in differential.constant],
                "values": texts(value for _, value in differential.constant),
            },
        }
    if not differential.factors:
        return {"cells": [], "refuted": []}
    (factor,) = differential.factors
    return _patterns(function, factor) | _hulls(function, factor)


def _factor(function: AbstractPatternedFunction, factor: Factor) -> Json:
    result: Json = {
        "neuron": factor.neuron,
        "parameters": [function.variables[place] for place in factor.places],
        "n_limiting_gradients": factor.n_limiting_gradients,
    }
    if factor.is_exact:
        result["vertices"] = _rows(factor.inner.vertices)
        result["dimension"] = factor.inner.dimension
    return result | _patterns(function, factor) | _hulls(function, factor)


def _patterns(function: AbstractPatternedFunction, factor: Factor) -> Json:
    cells = [
        _cell(cell, gradient, factor.places)
        for cell, gradient in zip(factor.incident.cells, factor.gradients, strict=True)
    ]
    result: Json = {"cells": cells, "refuted": [refutation_json(function, r) for r in factor.incident.refuted]}
    if factor.incident.undecided:
        words = [_undecided_word(function, factor, characters) for characters in factor.incident.undecided]
        result["undecided"] = [{"pattern": word} for word in sorted(words, key=pattern_key)]
    return result


def _undecided_word(function: AbstractPatternedFunction, factor: Factor, characters: Sequence[str]) -> str:
    if factor.neuron is None:
        return function.table.word(characters)
    output = factor.neuron - 1
    return "|".join(characters[function.table.index[1, output, datum]] for datum in range(function.n_data))


def _cell(cell: Cell, gradient: Point, places: Sequence[int]) -> Json:
    arc = [texts(direction[place] for place in places) for direction in cell.arc]
    return {"pattern": cell.pattern, "gradient": texts(gradient), "certificate": {"kind": "arc", "arc": arc}}


def _hulls(function: AbstractPatternedFunction, factor: Factor) -> Json:
    """Return the witnesses of the hull, or of the inner and the outer one."""
    if factor.is_exact:
        part = tuple(function.conventional_gradient("autodiff")[place] for place in factor.places)
        return {"hull": _hull(factor.inner, part)}
    result: Json = {}
    part = tuple(function.conventional_gradient("autodiff")[place] for place in factor.places)
    if factor.neuron is not None:
        result |= {
            "inner_vertices": _rows(factor.inner.vertices),
            "outer_vertices": None if factor.outer is None else _rows(factor.outer.vertices),
        }
    if factor.box is not None:
        result["outer_box"] = [texts(interval) for interval in factor.box]
    result["inner_hull"] = _hull(factor.inner, part if factor.inner.vertices else None)
    result["outer_hull"] = None if factor.outer is None else _hull(factor.outer, None)
    return result


def _hull(polytope: Polytope, autodiff: Point | None) -> Json:
    """Return functionals for the vertices, weights for the other points, for the shortest and for autodiff's."""
    weights = None
    if autodiff is not None:
        found = polytope.locate(autodiff)
        if isinstance(found, Member):
            weights = texts(found.weights.get(i, fmpq(0)) for i in range(len(polytope.vertices)))
    return {
        "functionals": _rows(polytope.functionals),
        "inner": [{"gradient": texts(point), "weights": texts(w)} for point, w in polytope.inner],
        "minimal_norm_weights": texts(polytope.minimal_norm_weights) if polytope.vertices else None,
        "autodiff_weights": weights,
    }


# ---------------------------------------------------------------------- refutations


def refutation_json(function: AbstractPatternedFunction, refutation: Refutation) -> Json:
    """Return a refuted pattern with its multipliers."""
    terms = [
        {
            "multiplier": to_text(term.multiplier),
            "factors": [_term_factor(function, factor) for factor in term.factors],
            "constraint": _constraint(term.constraint),
        }
        for term in refutation.terms
    ]
    return {"pattern": refutation.pattern, "certificate": {"kind": "multipliers", "terms": terms}}


def _constraint(constraint: Constraint) -> Json:
    site = constraint.site
    if site.is_group:
        assert constraint.against is not None
        against = site.members.index(constraint.against) + 1
        return {"layer": site.layer, "group": site.output + 1, "datum": site.datum + 1, "against": against}
    return {"layer": site.layer, "unit": site.output + 1, "datum": site.datum + 1}


def _term_factor(function: AbstractPatternedFunction, factor: TermFactor) -> Json:
    if isinstance(factor, ParameterFactor):
        return {"kind": "parameter", "name": function.variables[factor.place]}
    if isinstance(factor, PreactivationFactor):
        return {"kind": "preactivation", "layer": factor.layer, "unit": factor.unit + 1, "datum": factor.datum + 1}
    if isinstance(factor, BoxFactor):
        sign = "+" if factor.sign > 0 else "-"
        return {"kind": "box", "parameter": function.variables[factor.place], "sign": sign}
    return {"kind": "constraint", **_constraint(factor)}


# ---------------------------------------------------------------------- derived entries


def _euler(function: AbstractPatternedFunction) -> Json | None:
    found = euler(function)
    if found is None:
        return None
    return {"degree": found.degree, "value": to_text(found.value), "layers": texts(found.layers)}


def sum_rule_json(found: SumRule | None) -> Json | None:
    """Return whether the sum rule holds, with its witness or its comparison; null where it is no question."""
    if found is None:
        return None
    result: Json = {"holds": found.holds}
    if found.neuron is not None and found.vector is not None:
        result["witness"] = {"neuron": found.neuron, "vector": texts(found.vector)}
    if found.comparison is not None:
        result["comparison"] = _comparison(found.comparison)
    return result


def _comparison(comparison: Comparison) -> Json:
    """Return the sets of the single data with their certificates, and the sums of their vertices."""
    parts = []
    for datum, part in zip(comparison.data, comparison.parts, strict=True):
        entry: Json = {"datum": datum + 1}
        if part.shortcut is not None:
            entry |= _reason(part)
        if not part.is_product:
            entry["vertices"] = _rows(part.vertices)
        parts.append(entry | _witnesses(part))
    return {"parts": parts, "sums": [_vertex_sum(each) for each in comparison.sums]}


def _vertex_sum(each: VertexSum) -> Json:
    result: Json = {"factor": each.factor, "choice": list(each.choice)}
    if isinstance(each.verdict, Member):
        return result | {"weights": {str(i): to_text(weight) for i, weight in sorted(each.verdict.weights.items())}}
    return result | {"separator": texts(each.verdict.functional)}


def _autodiff(selection: Selection) -> Json:
    verdict = selection.verdict
    return {
        "gradient": texts(selection.gradient),
        "in_differential": None if verdict.is_undecided else verdict.is_proved,
        "separator": texts(verdict.evidence["separator"]) if verdict.is_refuted else None,
    }


def convention_json(selection: Selection) -> Json:
    """Return a convention with its witness: weights on the vertices (one list a factor in a product), or null."""
    weights = selection.verdict.evidence.get("weights")
    written: object = None
    if weights is not None:
        is_product = bool(weights) and isinstance(weights[0], tuple)
        written = [texts(part) for part in weights] if is_product or not weights else texts(weights)
    return {"name": selection.name, **_autodiff(selection), "weights": written}
