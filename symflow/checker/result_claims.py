"""Claims that a rule derives from a whole result of another command, once that result has been checked.

Each rule checks the result, refuses it where it does not say what is claimed, and returns the verdict that it shows.
"""

from __future__ import annotations

from collections.abc import Callable

from symflow.checker.laws import check_laws
from symflow.checker.reading import Refused, Report, expect, take


def _laws_are_complete(report: Report, result: dict[str, object]) -> str:
    """All conservation laws of the flow are listed: there are no more."""
    expect(take(result, "command", str), "laws", "result.command")
    check_laws(report, result)
    if take(result, "complete", bool) is not True:
        raise Refused("the result does not say that the laws are complete", "result.complete")
    return "proved_shape"


#: The rules by name.
RULES: dict[str, Callable[[Report, dict[str, object]], str]] = {"laws_are_complete": _laws_are_complete}
