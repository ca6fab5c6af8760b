r"""Formulas that fit a width: a long one goes on in the next line, after a comma of a vector or before a sign.

A sum over a number that is too wide is written with the number in front, ``\tfrac1{200}(a+b)``, and broken inside. Only
vectors of very many entries are folded, and never an entry that moves: it is written with its place below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from symflow.exact.rationals import fmpq
from symflow.reports.expressions import Expression, Negative, Product, Quotient, Rational, Sum, Symbol, Vector
from symflow.reports.latex_math import MOST_ENTRIES, latex
from symflow.reports.latex_width import width

# A line that goes on begins with this, and is narrower by so much.
_CONTINUATION, _INDENT = r"\quad{}", 14.0

# A vector with more entries keeps its first and last ones, and those that move.
_MOST_WRITTEN, _FIRST, _LAST = 24, 6, 2

# The letters of what runs over a set.
_MOVING = frozenset({"θ", "τ"})


def lines_of(expression: Expression, room: float) -> list[str]:
    r"""Return a formula in lines that fit the room, wherever it can be broken.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> from symflow.reports.expressions import Symbol
    >>> c = tuple(Symbol("c", str(i)) for i in range(1, 5))
    >>> for line in lines_of(Quotient(Sum(c), Rational(fmpq(200))), 70):
    ...     print(line)
    \tfrac1{200}(c_1+c_2
    \quad{}+c_3+c_4)
    """
    lines = [""]
    for piece in _pieces(expression, room - _INDENT):
        if lines[-1] not in {"", _CONTINUATION} and width(lines[-1] + piece) > room:
            lines.append(_CONTINUATION)
        lines[-1] += piece
    return lines


def fitted(expression: Expression, room: float) -> str:
    r"""Return a formula that fits the room: several lines are one block.

    Examples
    --------
    >>> from symflow.exact.rationals import fmpq
    >>> print(fitted(Vector(tuple(Rational(fmpq(i)) for i in range(9))), 60))
    \begin{aligned}[t]&(0,1,2,3,4,\\&\quad{}5,6,7,8)\end{aligned}
    """
    lines = lines_of(expression, room)
    if len(lines) == 1:
        return lines[0]
    return r"\begin{aligned}[t]" + r"\\".join(f"&{line}" for line in lines) + r"\end{aligned}"


def _pieces(expression: Expression, room: float) -> list[str]:
    """Return the formula in pieces between which a line may end; one that fits the room is kept whole."""
    whole = latex(expression)
    if width(whole) <= room and not _is_folded(expression):
        return [whole]
    match expression:
        case Vector():
            return _pieces_of_vector(expression, room)
        case Sum():
            pieces = _pieces(expression.terms[0], room)
            for term in expression.terms[1:]:
                first, *rest = _pieces(term, room)
                pieces += [first if first.startswith("-") else f"+{first}", *rest]
            return pieces
        case Negative():
            return _joined(["-"], _factor(expression.of, room))
        case Quotient(bottom=Rational()):
            return _joined(
                [latex(Quotient(Rational(fmpq(1)), expression.bottom))], _in_parentheses(expression.top, room)
            )
        case Product():
            pieces = _factor(expression.factors[0], room)
            for factor in expression.factors[1:]:
                pieces = _joined(pieces, [r"\,"] if isinstance(factor, Vector | Quotient) else [""])
                pieces = _joined(pieces, _factor(factor, room))
            return pieces
    return [whole]


def _factor(expression: Expression, room: float) -> list[str]:
    if isinstance(expression, Sum | Negative):
        return _in_parentheses(expression, room)
    return _pieces(expression, room)


def _in_parentheses(expression: Expression, room: float) -> list[str]:
    if not isinstance(expression, Sum | Negative):
        return _pieces(expression, room)
    return _joined(_joined(["("], _pieces(expression, room)), [")"])


def _joined(left: list[str], right: list[str]) -> list[str]:
    """Return pieces with no break between the two lists."""
    return [*left[:-1], left[-1] + right[0], *right[1:]]


def _pieces_of_vector(vector: Vector, room: float) -> list[str]:
    n = len(vector.entries)
    pieces: list[str] = []
    is_after_gap = False
    for i, entry in enumerate(vector.entries):
        is_moving = not _MOVING.isdisjoint(_letters(entry))
        if n > _MOST_WRITTEN and _FIRST <= i < n - _LAST and not is_moving:
            if not is_after_gap:
                pieces.append(r"\ldots,")
            is_after_gap = True
            continue
        written = _pieces(entry, room)
        if n > _MOST_WRITTEN and _FIRST <= i < n - _LAST:
            written = [*written[:-1], rf"\underset{{[{i + 1}]}}{{{written[-1]}}}"]
            is_after_gap = False
        pieces += _joined(written, [","])
    pieces = _joined(["("], pieces)
    pieces[-1] = f"{pieces[-1].removesuffix(',')})"
    # The parentheses are plain, so that what is between them is not high.
    return [piece.replace(r"\frac", r"\tfrac") for piece in pieces]


def _is_folded(expression: Expression) -> bool:
    """Whether the printer leaves out entries of it."""
    parts: tuple[Expression, ...] = ()
    match expression:
        case Vector():
            return len(expression.entries) > MOST_ENTRIES
        case Sum():
            parts = expression.terms
        case Product():
            parts = expression.factors
        case Negative():
            parts = (expression.of,)
    return any(map(_is_folded, parts))


def _letters(part: object) -> Iterator[str]:
    if isinstance(part, Symbol):
        yield part.name
    elif isinstance(part, tuple):
        for each in part:
            yield from _letters(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _letters(getattr(part, field.name))
