"""The text of a ``Piecewise``: its branches, each a formula and conditions, taken apart at the outermost commas.

.. code-block:: text

    Piecewise((FORMULA, CONDITION), (FORMULA, CONDITION), ..)
    CONDITION = "True" | RELATION | "(" RELATION ")" ("&" "(" RELATION ")")*
    RELATION  = FORMULA ">=" "0" | FORMULA "<=" "0"

On the closed set where the conditions of a pattern hold weakly the function is the formula of its piece: layer
by layer, on the border both pieces of an activation give the same value. If all patterns that occur are listed,
these closed sets cover everything, since the cells are dense; so the order of the branches does not matter, and
there is nothing more to check than that each branch is its piece.
"""

from __future__ import annotations

import re

from symflow.checker.reading import Refused

_MARKS = re.compile(r"[][(),]")


def branches(text: str) -> list[tuple[str, list[str]]]:
    """Return the formula and the relations of each branch.

    Examples
    --------
    >>> branches("Piecewise((-x[1], (x[1] <= 0) & (2*(x[1]) <= 0)), (x[1], True))")
    [('-x[1]', ['x[1] <= 0', '2*(x[1]) <= 0']), ('x[1]', [])]
    """
    name, bracket, rest = text.partition("(")
    if name.strip() != "Piecewise" or not bracket or not rest.endswith(")"):
        raise Refused("expected Piecewise(..)")
    found = []
    for case in _split(rest[:-1]):
        parts = _split(_unwrapped(case))
        if len(parts) != 2:
            raise Refused("expected branches (formula, condition)")
        condition = parts[1].strip()
        relations = [] if condition == "True" else condition.split("&")
        found.append((parts[0].strip(), [_unwrapped(r) if len(relations) > 1 else r for r in relations]))
    return found


def _split(text: str) -> list[str]:
    """Split at the commas outside of all round brackets; those of names such as W1[1,2] follow a digit in [..]."""
    parts: list[str] = []
    depth = start = 0
    inside_name = False
    for match in _MARKS.finditer(text):
        mark = match.group()
        if mark in "[]":
            inside_name = mark == "["
        elif mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
            if depth < 0:
                raise Refused("brackets that do not match")
        elif not depth and not inside_name:
            parts.append(text[start : match.start()])
            start = match.end()
    if depth:
        raise Refused("brackets that do not match")
    return [*parts, text[start:]]


def _unwrapped(text: str) -> str:
    stripped = text.strip()
    if not (stripped.startswith("(") and stripped.endswith(")")):
        raise Refused("expected brackets around a branch or a relation")
    return stripped[1:-1]
