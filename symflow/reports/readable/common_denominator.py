"""Sums over one denominator: 1/2 + c/2 is written (1 + c)/2."""

from __future__ import annotations

from symflow.exact.rationals import fmpq
from symflow.reports.expressions import Expression, Negative, Product, Quotient, Rational, Sum, Vector


def over_common_denominator(expression: Expression) -> Expression:
    r"""Return an expression with its sums over one denominator: 1/2 + c/2 is (1+c)/2.

    Examples
    --------
    >>> from symflow.reports.expressions import Symbol
    >>> from symflow.reports.latex_math import latex
    >>> half = Rational(fmpq(1, 2))
    >>> print(latex(over_common_denominator(Sum((half, Quotient(Symbol("c"), Rational(fmpq(2))))))))
    \frac{1+c}2
    """
    match expression:
        case Sum():
            parts = [_over_integer(over_common_denominator(term)) for term in expression.terms]
            denominators = {q for _, q in parts}
            if len(denominators) == 1 and denominators != {1}:
                return Quotient(Sum(tuple(top for top, _ in parts)), Rational(fmpq(denominators.pop())))
            return Sum(tuple(over_common_denominator(term) for term in expression.terms))
        case Negative():
            return Negative(over_common_denominator(expression.of))
        case Product():
            return Product(tuple(over_common_denominator(factor) for factor in expression.factors))
        case Vector():
            return Vector(tuple(over_common_denominator(entry) for entry in expression.entries))
    return expression


def _over_integer(term: Expression) -> tuple[Expression, int]:
    """Return a term as a numerator and an integer denominator."""
    match term:
        case Negative():
            top, bottom = _over_integer(term.of)
            return Negative(top), bottom
        case Rational() if term.value.q != 1:
            return Rational(fmpq(term.value.p)), int(term.value.q)
        case Quotient() if isinstance(term.bottom, Rational) and term.bottom.value.q == 1 and term.bottom.value > 0:
            return term.top, int(term.bottom.value.p)
    return term, 1
