"""A whole result of ``symflow clarke``: the set, flat or in factors, exact or enclosed, and what follows.

The steps, each of which may refuse:

1. The problem is read; parameters, point and value are recomputed.
2. Every cell has an arc, and its gradient is recomputed; every refuted pattern has multipliers; the walk
   shows that there are no other cells. Where a shortcut makes the limiting gradient unique, its reason is
   checked instead.
3. The vertices are the extreme points of the gradients (Proposition 1).
4. Counts, dimension, shortest element, Euler's identity, the sum rule, what automatic differentiation returns.
"""

from __future__ import annotations

import functools
import json

from symflow.checker.differentials import Block, Differential, check_counts, check_selection, take_any
from symflow.checker.expressions import scalars, value
from symflow.checker.gradients import Gradients
from symflow.checker.hulls import is_equal
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused, Report, expect, items, optional, take
from symflow.checker.sets import blocks_of, known_of_the_set, take_object
from symflow.checker.stationarity import check_stationarity
from symflow.checker.sum_rules import check_comparison
from symflow.checker.theorems import check_euler, decides_sum_rule

# What is read of every result, and what more of a set given flat or enclosed, as a product, or by a reason.
_KNOWN = (
    *("command", "symflow", "problem", "status", "variable", "parameters", "point", "value", "vertices"),
    *("n_vertices", "n_limiting_gradients", "dimension", "minimal_norm_element", "minimal_norm_squared"),
    *("contains_zero", "euler", "sum_rule", "autodiff", "trusts", "factors", "reason"),
    "stationarity",
)

_KNOWN_BELOW = {
    "autodiff": ("gradient", "in_differential", "separator"),
    "constant": ("parameters", "values"),
    "euler": ("degree", "value", "layers"),
    "reason": ("kind", "layers"),
    "sum_rule": ("holds", "witness", "comparison"),
}


def check_clarke(report: Report, result: dict[str, object]) -> tuple[Gradients, Differential] | None:
    """Check a whole result; return the problem at its point and the set, where there is one to speak of.

    Many claims rest on the same result: what was found of a text is remembered by that very text.
    """
    found, checked = _checked(json.dumps(result, sort_keys=True))
    report.include("", found)
    return checked


@functools.lru_cache(maxsize=32)
def _checked(text: str) -> tuple[Report, tuple[Gradients, Differential] | None]:
    """Return what the check of a result says, which depends on its text alone."""
    report = Report()
    return report, _check(report, json.loads(text))


def _check(report: Report, result: dict[str, object]) -> tuple[Gradients, Differential] | None:
    report.skip_unknown(result, (*_KNOWN, *known_of_the_set(result)))
    for key, known in _KNOWN_BELOW.items():
        with report.checking(key):
            report.skip_unknown(result.get(key), known)
    problem: Problem | None = None
    with report.checking("problem"):
        problem = read_problem(take_any(result, "problem", place=""))
    if problem is None:
        return None
    gradients: Gradients | None = None
    with report.checking(""):
        gradients = Gradients(problem)
    if gradients is None:
        return None
    _check_header(report, result, gradients)
    blocks: list[Block] | None = None
    at_a_kink = True
    with report.checking(""):
        blocks, at_a_kink = blocks_of(report, result, gradients)
    with report.checking("euler"):
        check_euler(take_any(result, "euler", place=""), gradients)
    differential = None
    if blocks is not None:
        differential = Differential(tuple(blocks), result.get("factors") is not None)
    with report.checking("sum_rule"):
        sum_rule = take_any(result, "sum_rule", place="")
        is_decided = decides_sum_rule(sum_rule, gradients, at_a_kink=at_a_kink)
        if not is_decided or (isinstance(sum_rule, dict) and sum_rule.get("comparison") is not None):
            check_comparison(report, sum_rule, gradients, differential)
    if differential is None:
        if result.get("stationarity") is not None:
            report.skip("stationarity")
        return None
    _check_status(report, result, differential)
    check_counts(report, result, differential)
    with report.checking("autodiff"):
        weights = _autodiff_weights(result)
        check_selection(take(result, "autodiff", dict), gradients.by_convention("autodiff"), weights, differential)
        report.n_certificates += 1
    check_stationarity(report, result, gradients, differential)
    return gradients, differential


def _check_header(report: Report, result: dict[str, object], gradients: Gradients) -> None:
    problem = gradients.problem
    with report.checking(""):
        expect(take_any(result, "variable"), problem.variable, "variable")
    with report.checking(""):
        expect(take_any(result, "parameters"), list(problem.names), "parameters")
    with report.checking("point"):
        spelled = scalars(take_any(result, "point", place=""), len(problem.point))
        if not is_equal(spelled, problem.point):
            raise Refused("this is not the problem's point")
    with report.checking("value"):
        if not value(take_any(result, "value", place="")).equals(gradients.value):
            raise Refused("this is not the objective's value")


def _check_status(report: Report, result: dict[str, object], differential: Differential) -> None:
    with report.checking(""):
        expect(take_any(result, "status"), "exact" if differential.is_exact else "enclosed", "status")
    with report.checking(""):
        if differential.is_exact:
            expect(take_any(result, "trusts"), [], "trusts")
        elif result.get("trusts") != []:
            report.skip("trusts")


def _autodiff_weights(result: dict[str, object]) -> object:
    """Return the weights which put the gradient of automatic differentiation in the set: of a product, a list."""
    if result.get("factors") is None:
        hull = _known_hull(result)
        if hull is None:
            return None if result.get("reason") is None else ["1"]
        return hull.get("autodiff_weights")
    hulls = [_known_hull(take_object(factor)) for factor in items(result, "factors")]
    return [None if hull is None else hull.get("autodiff_weights") for hull in hulls]


def _known_hull(tree: dict[str, object]) -> dict[str, object] | None:
    """Return the hull, or the inner one where the set is only enclosed."""
    hull = optional(tree, "hull", dict)
    return optional(tree, "inner_hull", dict) if hull is None else hull
