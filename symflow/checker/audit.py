"""A whole result of ``symflow audit``: four conventions, held against the checked differential."""

from __future__ import annotations

from symflow.checker.clarke import check_clarke
from symflow.checker.differentials import check_selection, take_any
from symflow.checker.reading import Report, expect, items, take
from symflow.checker.sets import take_object
from symflow.checker.theorems import check_safety

CONVENTIONS = ("autodiff", "lower", "middle", "upper")

_KNOWN = ("command", "symflow", "problem", "conventions", "safe_by", "safe_by_witness", "differential")


def check_audit(report: Report, result: dict[str, object]) -> None:
    """Check a whole result: the differential, then each convention's gradient and verdict, then the proposition."""
    report.skip_unknown(result, _KNOWN)
    checked = None
    with report.checking(""):
        differential = take(result, "differential", dict)
        expect(take_any(differential, "problem"), take_any(result, "problem"), "differential.problem")
        expect(differential.get("command"), "clarke", "differential.command")
        with report.checking("differential"):
            checked = check_clarke(report, differential)
    if checked is None:
        return
    gradients, found = checked
    with report.checking(""):
        entries = items(result, "conventions")
        expect([take(entry, "name", str) for entry in entries], list(CONVENTIONS), "conventions")
        for i, (entry, convention) in enumerate(zip(entries, CONVENTIONS, strict=True)):
            with report.checking(f"conventions[{i}]"):
                tree = take_object(entry)
                report.skip_unknown(tree, ("name", "gradient", "in_differential", "separator", "weights"))
                check_selection(tree, gradients.by_convention(convention), tree.get("weights"), found)
                report.n_certificates += 1
    with report.checking("safe_by"):
        check_safety(take_any(result, "safe_by", place=""), result.get("safe_by_witness"), gradients)
