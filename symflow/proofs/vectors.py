"""Sets of vectors as the statement language spells them.

Examples
--------
>>> hull_text([["0", "1/2"], ["exp(-1)", "-1"]])
'hull(vector(0, 1/2), vector(exp(-1), -1))'
"""

from __future__ import annotations

from collections.abc import Sequence


def hull_text(vectors: Sequence[Sequence[str]]) -> str:
    """Return the hull of vectors of numbers, each number as JSON spells it; a vector that comes twice stands once."""
    distinct = dict.fromkeys(tuple(vector) for vector in vectors)
    return "hull(" + ", ".join(f"vector({', '.join(vector)})" for vector in distinct) + ")"
