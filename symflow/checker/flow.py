"""A whole result of ``symflow flow``, in the input or in the weights."""

from __future__ import annotations

from symflow.checker.input_flow import check_input_flow
from symflow.checker.reading import Refused, Report, take
from symflow.checker.weight_flow import check_weight_flow


def check_flow(report: Report, result: dict[str, object]) -> None:
    """Check a whole result."""
    variable = take(result, "variable", str)
    if variable not in ("input", "weights"):
        raise Refused("no such variable", "variable")
    check = check_input_flow if variable == "input" else check_weight_flow
    check(report, result)
