r"""How wide a formula is set, estimated; by it a formula is broken or folded before it can run into the margin."""

from __future__ import annotations

import re
from collections.abc import Iterable

from symflow.reports.names import in_use

# The width of the text in the notes, in points, with a little held back.
TEXT_WIDTH = 350.0
_WIDE = re.compile(r"\\(?:begin|end)\{[a-z*]+\}(?:\{[^{}]*\})?")
_ROOM_BELOW = re.compile(r"\A\[[\d.]+pt\]")
_SPACING = {r"\,": 2, r"\;": 3, r"\ ": 4, r"\quad": 11, r"\qquad": 22, r"\!": -2}


def width(formula: str) -> float:
    r"""Return about how wide a formula in one line is set, in points at 11 pt; rather too much than too little.

    The widest row of a matrix counts.

    Examples
    --------
    >>> 20 < width(r"\tfrac12+c") < 45
    True
    """
    return _width(in_use().formula(formula))


def grid_width(columns: Iterable[Iterable[str]]) -> float:
    r"""Return about how wide a table of formulas is, given its columns, headers included.

    Examples
    --------
    >>> grid_width([["t", "0"], ["x", "(1,2)"]]) < TEXT_WIDTH
    True
    """
    return sum(max(map(width, column)) + 12 for column in columns)


def _width(formula: str) -> float:
    total = 0.0
    matrix = re.search(r"\\begin\{(pmatrix|cases|aligned|array|smallmatrix)\}", formula)
    if matrix:
        start = matrix.start()
        end = _matching_end(formula, start, matrix[1])
        inside = formula[matrix.end() : end]
        rows = [_ROOM_BELOW.sub("", row) for row in _split(inside, r"\\")]
        widest = max(sum(_width(entry) + 11 for entry in _split(row, "&")) for row in rows)
        after = formula[end + len(rf"\end{{{matrix[1]}}}") :]
        return _width(formula[:start]) + widest + 10 + _width(after)
    fraction = re.search(r"\\[td]?frac", formula)
    if fraction:
        before = formula[: fraction.start()]
        top, rest = _argument(formula[fraction.end() :])
        bottom, rest = _argument(rest)
        scale = 0.75 if fraction[0] == r"\tfrac" else 1.0
        return _width(before) + scale * max(_width(top), _width(bottom)) + 3 + _width(rest)
    script = re.search(r"[_^]", formula)
    if script:
        inside, rest = _argument(formula[script.end() :])
        return _width(formula[: script.start()]) + 0.75 * _width(inside) + _width(rest)
    for piece in re.findall(r"\{[-+]\}|\\[a-zA-Z]+|\\.|.", formula, re.DOTALL):
        total += _piece_width(piece)
    return total


def _piece_width(piece: str) -> float:
    if piece in _SPACING:
        return float(_SPACING[piece])
    if piece in "{} \n~" or piece in (
        r"\left",
        r"\right",
        r"\bigl",
        r"\bigr",
        r"\tfrac",
        r"\mathrm",
        r"\text",
        r"\textnormal",
    ):
        return 0.0
    if piece in "+-=<>" or piece in (
        r"\le",
        r"\ge",
        r"\in",
        r"\approx",
        r"\ne",
        r"\to",
        r"\times",
        r"\cdot",
        r"\mapsto",
    ):
        return 13.0
    if piece in ",.:;|()[]!'":
        return 4.4
    if piece in (r"\ldots", r"\cdots", r"\operatorname"):
        return 13.0
    if piece in (r"\diag", r"\conv", r"\ln", r"\max", r"\min"):
        return 24.0
    if piece in (r"\langle", r"\rangle", r"\{", r"\}", r"\lVert", r"\rVert"):
        return 5.0
    if piece in (r"\ip", r"\norm"):
        return 12.0
    if piece[0] == "\\":
        return 9.2 if piece in (r"\nabla", r"\varepsilon", r"\ast", r"\top") else 6.6
    if piece[0] == "{":
        return 8.6
    return 11.0 if piece in "WMm" else 8.4 if piece.isupper() or piece == "w" else 5.8


def _matching_end(formula: str, start: int, name: str) -> int:
    depth = 0
    for found in re.finditer(rf"\\(begin|end)\{{{name}\}}", formula[start:]):
        depth += 1 if found[1] == "begin" else -1
        if depth == 0:
            return start + found.start()
    return len(formula)


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator outside braces and environments."""
    pieces, depth, current, i = [], 0, "", 0
    while i < len(text):
        if text.startswith(r"\begin", i):
            depth += 1
        elif text.startswith(r"\end", i):
            depth -= 1
        if depth == 0 and text.startswith(separator, i):
            pieces.append(current)
            current = ""
            i += len(separator)
            continue
        if text[i] == "\\" and i + 1 < len(text) and separator != r"\\":
            current += text[i : i + 2]
            i += 2
            continue
        depth += {"{": 1, "}": -1}.get(text[i], 0) if text[i - 1 : i] != "\\" else 0
        current += text[i]
        i += 1
    return [*pieces, current]


def _argument(text: str) -> tuple[str, str]:
    """Return the argument that a command takes, and what follows it."""
    text = text.lstrip()
    if not text:
        return "", ""
    if text[0] == "{":
        depth = 0
        for i, character in enumerate(text):
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth == 0:
                return text[1:i], text[i + 1 :]
        return text[1:], ""
    if text[0] == "\\":
        found = re.match(r"\\([a-zA-Z]+|.)", text)
        assert found is not None
        return found[0], text[found.end() :]
    return text[0], text[1:]
