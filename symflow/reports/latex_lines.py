r"""Long formulas in LaTeX, broken so that no line is wider than the page.

A formula is broken before a ``+`` or ``-`` that stands outside braces (a product of matrices between them), greedily;
continuation lines begin with a ``\qquad`` and an empty group, so that the sign keeps the spacing of an operation.
``cases`` are set in two columns, the values and the conditions, each broken within its column; a long list of cases is
split over several displays, since a display cannot be broken over pages.

Only amsmath is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.reports.latex_width import TEXT_WIDTH, width

# Rows of one display of cases; a display must fit on a page.
MOST_ROWS = 20

# More cases than this are folded: the first ones, dots, the last ones.
MOST_CASES, FIRST_CASES, LAST_CASES = 24, 12, 4

# Cases of more lines than these are folded too; of those that take several lines each so many are kept.
_MOST_LINES, _FEW_CASES = 30, (6, 2)

_CONTINUATION = r"\qquad{}"


@final
@dataclass(frozen=True, slots=True)
class Case:
    """A value and the conditions under which it is taken, all LaTeX mathematics.

    Parameters
    ----------
    value : str
        The value.
    conditions : tuple of str
        They are joined by commas; a break may stand between two of them.
    """

    value: str
    conditions: tuple[str, ...]


def broken(formula: str, room: float) -> list[str]:
    r"""Return a formula as lines that fit the room, where it can be broken.

    Examples
    --------
    >>> broken("a_1x_1+a_2x_2-a_3x_3", 60)
    ['a_1x_1+a_2x_2', '\\qquad{}-a_3x_3']
    """
    if width(formula) <= room:
        return [formula]
    lines: list[str] = []
    current = ""
    for piece in _pieces(formula):
        if current and width(current + piece) > room:
            lines.append(current)
            current = _CONTINUATION + piece
        else:
            current += piece
    return [*lines, current]


def packed(items: Sequence[str], room: float) -> list[str]:
    r"""Return items joined by commas as lines that fit the room.

    Examples
    --------
    >>> packed(["(+)", "(-)", "(0)"], 48)
    ['(+),', '(-),\\ (0)']
    """
    return _listed(items, room)


def display(formula: str, *, room: float = TEXT_WIDTH) -> str:
    r"""Return a formula as a display, broken where it is too wide.

    Examples
    --------
    >>> print(display("f=a+b"), end="")
    \[
      f=a+b
    \]
    """
    lines = broken(formula, room)
    if len(lines) == 1:
        return f"\\[\n  {formula}\n\\]\n"
    rows = "\\\\\n    ".join(f"&{line}" for line in lines)
    return f"\\[\n  \\begin{{aligned}}\n    {rows}\n  \\end{{aligned}}\n\\]\n"


def aligned(formulas: Sequence[tuple[str, str]], *, room: float = TEXT_WIDTH) -> str:
    r"""Return equations aligned at their signs; each is (left, sign and right).

    Examples
    --------
    >>> print(aligned([("a", "=1"), ("b", "=2")]), end="")
    \[
      \begin{aligned}
        a&=1,\\
        b&=2.
      \end{aligned}
    \]
    """
    left = max(width(lhs) for lhs, _ in formulas)
    rows: list[str] = []
    for i, (lhs, rhs) in enumerate(formulas):
        first, *rest = broken(rhs, room - left)
        end = "." if i == len(formulas) - 1 else "" if first.endswith(",") and not rest else ","
        lines = [f"{lhs}&{first}", *(f"&{line}" for line in rest)]
        lines[-1] += end
        rows.extend(lines)
    if len(rows) == 1:
        return f"\\[\n  {rows[0].replace('&', '', 1)}\n\\]\n"
    return "".join(
        "\\[\n  \\begin{aligned}\n    " + "\\\\\n    ".join(rows[i : i + 2 * MOST_ROWS]) + "\n  \\end{aligned}\n\\]\n"
        for i in range(0, len(rows), 2 * MOST_ROWS)
    )


def cases(left: str, listed: Sequence[Case], *, room: float = TEXT_WIDTH, full: bool = False) -> str:
    r"""Return ``left = { cases``, as one or several displays.

    Parameters
    ----------
    left : str
        What is defined.
    listed : sequence of Case
        In order.
    room : float
        The width of the page in points.
    full : bool
        Fold nothing.

    Examples
    --------
    >>> print(cases("f", [Case("v", ("z>0",)), Case("0", (r"\text{otherwise}",))]), end="")
    \[
      f=\begin{cases}
        v & z>0,\\
        0 & \text{otherwise.}
      \end{cases}
    \]
    """
    rows: list[list[str]] = []
    inner = room - width(left) - 44
    widest_value = max(width(case.value) for case in listed)
    widest_condition = max(width(_joined(case.conditions)) for case in listed)
    if widest_value + widest_condition <= inner:
        value_room, condition_room = widest_value, widest_condition
    else:
        condition_room = min(widest_condition, max(inner - widest_value, inner * 0.42))
        value_room = inner - condition_room
    for i, case in enumerate(listed):
        rows.append(_rows(case, value_room, condition_room, "." if i == len(listed) - 1 else ","))
    first, last = (FIRST_CASES, LAST_CASES) if all(len(row) == 1 for row in rows) else _FEW_CASES
    if not full and len(rows) > first + last and (len(rows) > MOST_CASES or sum(map(len, rows)) > _MOST_LINES):
        left_out = len(rows) - first - last
        rows = [*rows[:first], [rf"\;\;\vdots & \text{{({left_out} more pieces)}}"], *rows[-last:]]
    result = ""
    chunk: list[str] = []
    for k, row in enumerate(rows):
        if chunk and len(chunk) + len(row) > MOST_ROWS:
            result += _one_display(left, chunk)
            chunk = []
        chunk += row
        if k == len(rows) - 1:
            result += _one_display(left, chunk)
    return result


def sign_word(word: str) -> str:
    r"""Return signs as mathematics: ``({+}{-})``.

    Examples
    --------
    >>> print(sign_word("+-|0"))
    {+}{-}\,|\,{0}
    """
    return "".join(r"\,|\," if c == "|" else f"{{{c}}}" for c in word)


def sign_words(words: Sequence[str]) -> str:
    r"""Return the signs on several data: ``({+}{-},{-}{+})``.

    Examples
    --------
    >>> print(sign_words(["+", "-"]))
    ({+},{-})
    """
    return f"({','.join(sign_word(word) for word in words)})"


def _one_display(left: str, rows: Sequence[str]) -> str:
    body = "\\\\\n    ".join(rows)
    return f"\\[\n  {left}=\\begin{{cases}}\n    {body}\n  \\end{{cases}}\n\\]\n"


def _rows(case: Case, value_room: float, condition_room: float, end: str) -> list[str]:
    """Return the lines of one case, `value & condition`."""
    values = broken(case.value, value_room)
    conditions = _listed(case.conditions, condition_room)
    last = conditions[-1]
    conditions[-1] = f"{last[:-1]}{end}}}" if last.endswith("}") and r"\text{" in last else last + end
    if max(map(width, values)) > value_room:
        # A value that cannot be broken to its column: it takes both, and its conditions go below it.
        wide = broken(case.value, value_room + condition_room)
        return [*(f"{line} &" for line in wide), *(rf"\qquad {line} &" for line in conditions)]
    length = max(len(values), len(conditions))
    values += [""] * (length - len(values))
    conditions = [""] * (len(values) - len(conditions)) + conditions if len(values) > len(conditions) else conditions
    return [f"{a} & {b}" for a, b in zip(values, conditions, strict=True)]


def _listed(conditions: Sequence[str], room: float) -> list[str]:
    lines: list[str] = []
    current = ""
    for condition in conditions:
        longer = f"{current},\\ {condition}" if current else condition
        if current and width(longer) > room:
            lines.append(current + ",")
            current = condition
        else:
            current = longer
    return [*lines, current]


def _joined(conditions: Sequence[str]) -> str:
    return r",\ ".join(conditions)


def _pieces(formula: str) -> list[str]:
    """Return the formula in pieces that begin with a sign, braces and environments kept whole."""
    pieces: list[str] = []
    depth = environments = start = i = 0
    while i < len(formula):
        character = formula[i]
        if character == "\\":
            if formula.startswith("\\begin", i):
                environments += 1
            elif formula.startswith("\\end", i):
                environments -= 1
            elif formula.startswith("\\,W_", i) and depth == environments == 0:  # a product of matrices
                pieces.append(formula[start:i])
                start = i + 2
            i += 2
            continue
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character in "+-" and depth == environments == 0 and i > start and formula[i - 1] not in "(=,&":
            pieces.append(formula[start:i])
            start = i
        i += 1
    return [*pieces, formula[start:]]
