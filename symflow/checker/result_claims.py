"""Claims that a rule derives from a whole result of another command, once that result has been checked.

Each rule checks the result, refuses it where it does not say what is claimed, and returns the verdict that it shows.
"""

from __future__ import annotations

from collections.abc import Callable

from symflow.checker.clarke import check_clarke
from symflow.checker.flow import check_flow
from symflow.checker.laws import check_laws
from symflow.checker.reading import Refused, Report, expect, items, take


def _laws_are_complete(report: Report, result: dict[str, object]) -> str:
    """All conservation laws of the flow are listed: there are no more."""
    expect(take(result, "command", str), "laws", "result.command")
    check_laws(report, result)
    if take(result, "complete", bool) is not True:
        raise Refused("the result does not say that the laws are complete", "result.complete")
    return "proved_shape"


def _clarke_is_exact(report: Report, result: dict[str, object]) -> str:
    """The Clarke differential at the point is the set that the result lists, or the product of its factors."""
    expect(take(result, "command", str), "clarke", "result.command")
    checked = check_clarke(report, result)
    if checked is None or not checked[1].is_exact:
        raise Refused("the differential is not known exactly", "result")
    return "proved_instance"


def _flow_is_not_unique(report: Report, result: dict[str, object]) -> str:
    """More than one solution of the flow in the input starts where the result ends: two of them are listed."""
    expect(take(result, "command", str), "flow", "result.command")
    expect(take(result, "variable", str), "input", "result.variable")
    check_flow(report, result)
    expect(take(result, "status", str), "non_unique", "result.status")
    velocities = [take(take(branch, "certificate", dict), "velocity", list) for branch in items(result, "branches")]
    if all(velocity == velocities[0] for velocity in velocities):
        raise Refused("no two branches with different velocities", "result.branches")
    return "refuted"


#: The rules by name.
RULES: dict[str, Callable[[Report, dict[str, object]], str]] = {
    "laws_are_complete": _laws_are_complete,
    "clarke_is_exact": _clarke_is_exact,
    "flow_is_not_unique": _flow_is_not_unique,
}
