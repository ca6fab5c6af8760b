"""Small pieces of sentences: lists of numbers, counts, numbers with their decimals."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.reports.expressions import Decimal, Expression, Negative, Rational, Relation, Sentence
from symflow.reports.linear_text import linear_text
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.written_numbers import approximation

# A number whose text is longer than this is shown by its decimals alone.
LONGEST_NUMBER = 48


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return "1 vertex", "2 vertices".

    Examples
    --------
    >>> counted(1, "vertex", "vertices"), counted(2, "kink")
    ('1 vertex', '2 kinks')
    """
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def runs(numbers: Sequence[int]) -> str:
    """Return a list of numbers, longer runs as "3 to 7".

    Examples
    --------
    >>> runs([1, 2]), runs([1, 2, 3, 5]), runs([4])
    ('1 and 2', '1 to 3 and 5', '4')
    """
    parts: list[str] = []
    rest = sorted(numbers)
    while rest:
        length = 1
        while length < len(rest) and rest[length] == rest[0] + length:
            length += 1
        parts += [f"{rest[0]} to {rest[length - 1]}"] if length > 2 else [str(n) for n in rest[:length]]
        rest = rest[length:]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def equation(left: Expression, value: Scalar, notation: Notation) -> Expression:
    """Return left = value, with rounded decimals behind where the value is irrational and not cut already."""
    written = notation.number(value)
    is_cut = isinstance(written.of if isinstance(written, Negative) else written, Decimal)
    if not isinstance(value, ExponentialNumber) or is_cut:
        return Relation((left, written), ("=",))
    return Relation((left, written, approximation(value)), ("=", "≈"))


def joined(sentences: Sequence[Sentence], separator: str = ",  ") -> Sentence:
    """Return sentences one behind the other."""
    result: list[str | Expression] = []
    for sentence in sentences:
        if result:
            result.append(separator)
        result.extend(sentence)
    return tuple(result)


def is_short(expression: Expression, most: int = LONGEST_NUMBER) -> bool:
    """Whether the text of an expression takes at most so many columns."""
    return len(linear_text(expression)) <= most


def zero_or(expression: Expression) -> bool:
    """Whether an expression is the number 0."""
    return isinstance(expression, Rational) and expression.value == 0
