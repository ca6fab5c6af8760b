"""Inequalities as polynomials in what they name: f1^2 + f2^2 - 2*f1*f2 is a square, whatever f1 and f2 are.

Written out in its weights a deep net has thousands of terms, among which no square is found; the quantities of a
statement are few. What is found is a sum of squares of formulas in them, which the checker writes out and compares.

Examples
--------
>>> from symflow.checker.statement_grammar import parse_statement
>>> relation = parse_statement("2*f1 <= f1^2 + 1").claims[0]
>>> quantities = Quantities(lambda part: None)
>>> quantities.polynomial(relation.right), quantities.texts
({(0, 0): Fraction(1, 1), (): Fraction(1, 1)}, ['f1'])
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias, final

from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Expression, Numeral, Operation
from symflow.checker.statement_instances import Instance
from symflow.checker.statement_symbols import Symbols
from symflow.proofs.positivity import PositiveSum, positive_sum
from symflow.proofs.spelling import expression_text

Terms: TypeAlias = dict[tuple[int, ...], Fraction]

_MOST_QUANTITIES, _MOST_TERMS, _HIGHEST_POWER = 12, 400, 8


@final
class Quantities:
    """The quantities of a relation, numbered in the order in which they are met.

    Parameters
    ----------
    check : function of an expression
        Raises ``Refused`` for what is no number.
    """

    def __init__(self, check: Callable[[Expression], object]) -> None:
        self._check = check
        self.expressions: list[Expression] = []

    @property
    def texts(self) -> list[str]:
        """The quantities, as the statement language writes them."""
        return [expression_text(each) for each in self.expressions]

    def polynomial(self, expression: Expression) -> Terms:
        """Return a formula as a polynomial in its quantities.

        Raises
        ------
        Refused
            If it is no polynomial in few quantities, or one of them is no number.
        """
        match expression:
            case Numeral(value):
                return _cleared({(): value})
            case Operation("neg", (a,)):
                return _times(self.polynomial(a), {(): Fraction(-1)})
            case Operation("+" | "-" as sign, (a, b)):
                return _plus(self.polynomial(a), self.polynomial(b), -1 if sign == "-" else 1)
            case Operation("/", (a, Numeral(value))) if value:
                return _times(self.polynomial(a), {(): 1 / value})
            case Operation("*", (a, b)):
                self._check(a)
                self._check(b)
                return _times(self.polynomial(a), self.polynomial(b))
            case Operation("^", (a, Numeral(power))) if power.denominator == 1 and 0 <= power <= _HIGHEST_POWER:
                result: Terms = {(): Fraction(1)}
                for _ in range(int(power)):
                    result = _times(result, self.polynomial(a))
                return result
        self._check(expression)
        if expression not in self.expressions:
            self.expressions.append(expression)
        if len(self.expressions) > _MOST_QUANTITIES:
            raise Refused("too many quantities")
        return {(self.expressions.index(expression),): Fraction(1)}


def squares_in_quantities(
    instance: Instance, objects: Symbols, *, is_strict: bool
) -> tuple[PositiveSum, list[str]] | None:
    """Return the larger side minus the smaller one as a sum of squares in the quantities named, and these; or None."""

    def number(expression: Expression) -> Polynomial:
        found = instance.scope.number(expression)
        if not isinstance(found, Polynomial):
            raise Refused("a part that is no number")
        return found

    relation = instance.relation
    if relation.right is None:
        return None
    quantities = Quantities(number)
    try:
        left, right = quantities.polynomial(relation.left), quantities.polynomial(relation.right)
        difference = _plus(left, right, -1) if relation.relation in (">=", ">") else _plus(right, left, -1)
        signs = [objects.sign(number(each)) for each in quantities.expressions]
    except Refused:
        return None
    never_negative = {place for place, sign in enumerate(signs) if sign is not None}
    positive = {place for place, sign in enumerate(signs) if sign == 1}
    found = positive_sum(difference, never_negative, set(), positive if is_strict else None)
    return None if found is None else (found, quantities.texts)


def _plus(a: Terms, b: Terms, factor: int) -> Terms:
    return _cleared({monomial: a.get(monomial, 0) + factor * b.get(monomial, Fraction(0)) for monomial in {**a, **b}})


def _times(a: Terms, b: Terms) -> Terms:
    if len(a) * len(b) > _MOST_TERMS:
        raise Refused("too many terms")
    result: Terms = {}
    for m, c in a.items():
        for n, d in b.items():
            key = tuple(sorted(m + n))
            result[key] = result.get(key, Fraction(0)) + c * d
    return _cleared(result)


def _cleared(terms: Terms) -> Terms:
    return {monomial: Fraction(c) for monomial, c in terms.items() if c}
