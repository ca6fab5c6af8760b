"""Claims that a rule derives from a whole result of another command, once that result has been checked.

Each rule checks the result, refuses it where it does not say what is claimed, and returns the verdict that it shows.
"""

from __future__ import annotations

from collections.abc import Callable

from symflow.checker.clarke import check_clarke
from symflow.checker.expressions import scalars
from symflow.checker.flow import check_flow
from symflow.checker.input_flow_claims import energy_identity, input_path_is_a_solution, stationarity_bound
from symflow.checker.laws import check_laws
from symflow.checker.meanings import Meaning
from symflow.checker.reading import Refused, Report, expect, items, take
from symflow.checker.weight_flow_claims import (
    conserved_along_the_flow,
    norm_does_not_fall,
    soft_margin_does_not_fall,
    tube_is_a_solution,
)


def _laws_are_complete(report: Report, result: dict[str, object]) -> str:
    """All conservation laws of the flow are listed: there are no more."""
    expect(take(result, "command", str), "laws", "result.command")
    check_laws(report, result)
    if take(result, "complete", bool) is not True:
        raise Refused("the result does not say that the laws are complete", "result.complete")
    return "proved_shape"


def _clarke_is_exact(report: Report, result: dict[str, object]) -> str:
    """Show that the Clarke differential is the set that the result lists, or the product of its factors."""
    expect(take(result, "command", str), "clarke", "result.command")
    checked = check_clarke(report, result)
    if checked is None or not checked[1].is_exact:
        raise Refused("the differential is not known exactly", "result")
    return "proved_instance"


def _flow_is_not_unique(report: Report, result: dict[str, object]) -> str:
    """Show that more than one solution of the flow in the input starts where the result ends."""
    expect(take(result, "command", str), "flow", "result.command")
    expect(take(result, "variable", str), "input", "result.variable")
    check_flow(report, result)
    expect(take(result, "status", str), "non_unique", "result.status")
    spelled = [take(take(branch, "certificate", dict), "velocity", list) for branch in items(result, "branches")]
    velocities = [scalars(velocity, len(velocity), "result.branches") for velocity in spelled]
    if all(velocity == velocities[0] for velocity in velocities):
        raise Refused("no two branches with different velocities", "result.branches")
    return "refuted"


def _sum_rule(report: Report, result: dict[str, object]) -> str:
    """Show whether the Clarke differential is the sum of those of the single data, c_k times each."""
    expect(take(result, "command", str), "clarke", "result.command")
    checked = check_clarke(report, result)
    if checked is None or any(place.startswith("sum_rule") for place in report.not_checked):
        raise Refused("whether the sum rule holds is not checked", "result.sum_rule")
    return "proved_instance" if take(take(result, "sum_rule", dict), "holds", bool) else "refuted"


def _path_is_a_solution(report: Report, result: dict[str, object]) -> str:
    """Show that the flow runs as the result says: in the input by itself, in the weights within a tube."""
    is_in_weights = take(result, "variable", str) == "weights"
    return tube_is_a_solution(report, result) if is_in_weights else input_path_is_a_solution(report, result)


#: The rules by name.
RULES: dict[str, Callable[[Report, dict[str, object]], str]] = {
    "laws_are_complete": _laws_are_complete,
    "clarke_is_exact": _clarke_is_exact,
    "flow_is_not_unique": _flow_is_not_unique,
    "sum_rule": _sum_rule,
    "path_is_a_solution": _path_is_a_solution,
    "energy_identity": energy_identity,
    "stationarity_bound": stationarity_bound,
    "conserved_along_the_flow": conserved_along_the_flow,
    "soft_margin_does_not_fall": soft_margin_does_not_fall,
    "norm_does_not_fall": norm_does_not_fall,
}


def shown_by_rule(
    report: Report, evidence: dict[str, object], row: Meaning | None, tree: object, place: str
) -> str | None:
    """Return the verdict that a rule derives from a whole result; None where the result is refused."""
    rule = take(evidence, "rule", str)
    if row is None or rule not in row.rules or rule not in RULES:
        raise Refused("no such rule for this claim", "rule")
    result = dict(take(evidence, "result", dict))
    if "problem" in result and result["problem"] != tree:
        raise Refused("a result on another problem", "result.problem")
    part = Report()
    shown = RULES[rule](part, {**result, "problem": tree})
    if part.rejected or part.has_too_large:
        report.include(f"{place}.result", part)
        return None
    for skipped in part.not_checked:
        report.skip(f"{place}.result.{skipped}")
    return shown
