"""The entries of a row that is written as a whole: −τ (1, 1) is −τ and −τ, (8, 2) − θ/3 (1, 2) is 8 − θ/3 and 2 − 2θ/3.

A row is said as short as it can be; a matrix that holds it needs its entries one by one, each in lowest terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symflow.exact.rationals import fmpq
from symflow.reports.expressions import Expression, Negative, Product, Quotient, Rational, Sum, Symbol, Vector
from symflow.reports.readable.written_numbers import coefficient_times, over, rational, times, total


def entries_of_row(
    row: Expression, n_entries: int, named: Mapping[Symbol, Expression] | None = None
) -> list[Expression]:
    """Return the entries of a row that is written as a whole.

    Parameters
    ----------
    row : Expression
        The value of the row; 0 for one that vanishes.
    n_entries : int
        How many entries it has.
    named : mapping of Symbol to Expression, optional
        Vectors that are written by a name, x1.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> theta, third = Symbol("θ"), Rational(fmpq(1, 3))
    >>> ones, vector = (Vector(tuple(map(rational, entries))) for entries in ((1, 0), (8, 2)))
    >>> [linear_text(entry) for entry in entries_of_row(Negative(Product((Symbol("τ"), ones))), 2)]
    ['−τ', '0']
    >>> sum_of_vectors = Sum((Product((third, vector)), Negative(Product((Quotient(theta, rational(6)), vector)))))
    >>> [linear_text(entry) for entry in entries_of_row(sum_of_vectors, 2)]
    ['8/3 − 4θ/3', '2/3 − θ/3']
    """
    named = named or {}
    match row:
        case Symbol() if row in named and n_entries > 1:
            return entries_of_row(named[row], n_entries)
        case Vector():
            return list(row.entries)
        case Rational() if row.value == 0:
            return [rational(0)] * n_entries
        case Negative() if n_entries > 1:
            return [rescaled(fmpq(-1), entry) for entry in entries_of_row(row.of, n_entries, named)]
        case Product() if n_entries > 1:
            factors = row.factors[:-1]
            scalar = factors[0] if len(factors) == 1 else Product(factors)
            return [_multiplied(scalar, entry) for entry in entries_of_row(row.factors[-1], n_entries, named)]
        case Sum() if n_entries > 1:
            columns = zip(*(entries_of_row(term, n_entries, named) for term in row.terms), strict=True)
            return [_added(column) for column in columns]
    assert n_entries == 1, f"not a row of {n_entries} entries: {row}"
    return [row]


def rescaled(coefficient: fmpq, expression: Expression) -> Expression:
    """Return coefficient · expression, the numbers multiplied out: 7 · θ/6 is 7θ/6, 2 · 3/4 c is 3c/2.

    Examples
    --------
    >>> from symflow.reports.linear_text import linear_text
    >>> theta = Symbol("θ")
    >>> linear_text(rescaled(fmpq(-4), Quotient(theta, rational(6)))), linear_text(rescaled(fmpq(8), rational(-2)))
    ('−2θ/3', '−16')
    >>> linear_text(rescaled(fmpq(-2), Sum((rational(1), Negative(theta)))))
    '−2(1−θ)'
    """
    own, rest = _taken_apart(expression)
    product = coefficient * own
    if rest is None or product == 0:
        return Rational(product)
    if not isinstance(rest, Product | Sum):
        return coefficient_times(product, rest)
    if product < 0:
        return Negative(rescaled(-coefficient, expression))
    top = times(Rational(fmpq(product.p)), rest)
    return top if product.q == 1 else over(top, int(product.q))


def _taken_apart(expression: Expression) -> tuple[fmpq, Expression | None]:
    """Return the rational factor of an expression, and the rest; None where it is a number."""
    match expression:
        case Rational():
            return expression.value, None
        case Negative():
            own, rest = _taken_apart(expression.of)
            return -own, rest
        case Quotient() if isinstance(expression.bottom, Rational):
            own, rest = _taken_apart(expression.top)
            return own / expression.bottom.value, rest
        case Product() if isinstance(expression.factors[0], Rational | Negative | Quotient):
            own, first = _taken_apart(expression.factors[0])
            factors = (*(() if first is None else (first,)), *expression.factors[1:])
            return own, factors[0] if len(factors) == 1 else Product(factors)
    return fmpq(1), expression


def _multiplied(scalar: Expression, entry: Expression) -> Expression:
    if isinstance(entry, Rational):
        return rescaled(entry.value, scalar)
    own, rest = _taken_apart(scalar)
    return rescaled(own, entry if rest is None else times(rest, entry))


def _added(terms: Sequence[Expression]) -> Expression:
    """Return a sum, its numbers added up, terms that are 0 left out."""
    numbers = [term.value for term in terms if isinstance(term, Rational)]
    others = [term for term in terms if not isinstance(term, Rational)]
    number = sum(numbers, fmpq(0))
    return total(others if number == 0 else [Rational(number), *others])
