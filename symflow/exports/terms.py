"""Scalars as texts of Coq: rationals, names, sums and products, printed with every bracket that is needed.

A term is text and nothing else: it is built as the statement says it, is not simplified, and has no value. So what a
theorem states is what was claimed, not what symflow made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused

Number: TypeAlias = "int | Fraction"


@final
@dataclass(frozen=True, slots=True)
class Term:
    """A scalar of Coq, written so that it may stand anywhere.

    Examples
    --------
    >>> x = Term("x")
    >>> str(2 * x - Fraction(1, 3))
    '((2 * x) - (1 # 3))'
    """

    text: str

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: Term | Number) -> Term:
        return _joined("+", self, other)

    def __radd__(self, other: Number) -> Term:
        return _joined("+", other, self)

    def __sub__(self, other: Term | Number) -> Term:
        return _joined("-", self, other)

    def __rsub__(self, other: Number) -> Term:
        return _joined("-", other, self)

    def __mul__(self, other: Term | Number) -> Term:
        return _joined("*", self, other)

    def __rmul__(self, other: Number) -> Term:
        return _joined("*", other, self)

    def __truediv__(self, other: Number) -> Term:
        return _joined("*", self, 1 / Fraction(other))

    def __neg__(self) -> Term:
        return Term(f"(- {self.text})")


def _joined(sign: str, a: Term | Number, b: Term | Number) -> Term:
    return Term(f"({shown(a)} {sign} {shown(b)})")


def shown(a: Term | Number | str) -> str:
    """Return a scalar as Coq reads it.

    Examples
    --------
    >>> shown(Fraction(-3, 2)), shown(5), shown(-5)
    ('(-3 # 2)', '5', '(-5)')
    """
    if isinstance(a, (Term, str)):
        return str(a)
    if not isinstance(a, (int, Fraction)):
        raise Refused("a value that is no rational number, and no term of the net")
    ratio = Fraction(a)
    if ratio.denominator != 1:
        return f"({ratio.numerator} # {ratio.denominator})"
    return str(ratio.numerator) if ratio >= 0 else f"({ratio.numerator})"


def shown_list(entries: Iterable[Term | Number | str]) -> str:
    """Return a list of scalars.

    Examples
    --------
    >>> shown_list([1, Fraction(1, 2), Term("x")])
    '[1; (1 # 2); x]'
    """
    return f"[{'; '.join(map(shown, entries))}]"


def shown_matrix(rows: Iterable[Iterable[Term | Number | str]]) -> str:
    """Return a list of rows."""
    return f"[{'; '.join(map(shown_list, rows))}]"


def identifier(name: str) -> str:
    """Return a symbol's name as an identifier.

    Examples
    --------
    >>> identifier("W1[1,2]"), identifier("a[1,2][3]"), identifier("x[1]")
    ('W1_1_2', 'a1_2_3', 'x1')
    """
    head, _, rest = name.partition("[")
    indices = rest.replace("][", ",").rstrip("]")
    return head + (("_" if head[-1].isdigit() else "") + indices.replace(",", "_") if indices else "")


def polynomial_text(polynomial: Polynomial, names: Sequence[str] | Mapping[int, str]) -> str:
    """Return a polynomial, its variables named.

    Examples
    --------
    >>> x = Polynomial.variable(0)
    >>> polynomial_text(x * x * -2 + x, ["x"])
    '(x + (-2) * x * x)'
    """
    if not polynomial.terms:
        return "0"
    parts = []
    for monomial, c in sorted(polynomial.terms.items()):
        factors = [names[variable] for variable in monomial]
        if c != 1 or not factors:
            factors.insert(0, shown(c))
        parts.append(" * ".join(factors))
    return f"({' + '.join(parts)})"
