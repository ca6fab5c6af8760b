"""The part of a result of ``symflow flow`` on which a claim rests: what the rules of ``checker/`` read of it.

What is only shown beside a flow (norms along it, residuals, words) is left out, so that every number of a certificate
is one that a rule looks at.
"""

from __future__ import annotations

from collections.abc import Mapping

from symflow.proofs.claim import Json

_OF_THE_INPUT = (
    *("command", "variable", "status", "digits", "time", "parameters", "state", "objective", "is_exact"),
    *("is_unique", "events", "branches", "arcs", "certificates"),
)
_OF_THE_WEIGHTS = (
    *("command", "variable", "status", "digits", "time", "parameters", "state", "radius", "is_exact"),
    *("events", "branches", "arcs", "invariants", "start", "checkpoints", "end"),
)


def claimed_parts(result: Mapping[str, object]) -> Json:
    """Return what the rules read of a flow.

    Examples
    --------
    >>> claimed_parts({"command": "flow", "variable": "input", "reason": "at rest", "arcs": []})
    {'command': 'flow', 'variable': 'input', 'arcs': [], 'checkpoints': []}
    """
    is_of_input = result["variable"] == "input"
    parts: Json = {key: result[key] for key in (_OF_THE_INPUT if is_of_input else _OF_THE_WEIGHTS) if key in result}
    for key, kept in (
        ("arcs", ("start", "end", "pattern", "start_state", "orbit_velocity", "velocity")),
        ("invariants", ("name", "value")),
        ("checkpoints", ("time", "state")),
    ):
        if key in parts:
            parts[key] = [{name: row[name] for name in kept if name in row} for row in parts[key]]
    for row in ("start", "end"):
        if row in parts:
            names = ("time", "state", "objective") if row == "start" else ("time", "state")
            parts[row] = {name: parts[row][name] for name in names}
    # Checkpoints of an exact path add nothing to it; one at the start is the start again, which is written once.
    parts["checkpoints"] = [row for row in parts.get("checkpoints", []) if row["time"] != "0"]
    return parts
