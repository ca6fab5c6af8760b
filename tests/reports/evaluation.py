"""A second road: expressions evaluated exactly, so that what a report writes can be held against what it is of."""

from __future__ import annotations

from collections.abc import Mapping

from symflow.exact.exponential_numbers import Scalar, exponential
from symflow.exact.rationals import fmpq
from symflow.reports.expressions import (
    Decimal,
    Exponential,
    Expression,
    Negative,
    Power,
    Product,
    Quotient,
    Rational,
    Sum,
    Symbol,
    Vector,
)

Value = Scalar | tuple[Scalar, ...]


def evaluate(expression: Expression, values: Mapping[Symbol, Value]) -> Value:
    """Return the exact value of an expression, given those of its symbols."""
    match expression:
        case Symbol():
            return values[expression]
        case Rational():
            return expression.value
        case Decimal():
            assert expression.exact is not None
            return evaluate(expression.exact, values)
        case Exponential():
            return exponential(expression.exponent)
        case Negative():
            return _times(fmpq(-1), evaluate(expression.of, values))
        case Sum():
            total = evaluate(expression.terms[0], values)
            for term in expression.terms[1:]:
                total = _plus(total, evaluate(term, values))
            return total
        case Product():
            total = evaluate(expression.factors[0], values)
            for factor in expression.factors[1:]:
                total = _times(total, evaluate(factor, values))
            return total
        case Quotient():
            top, bottom = evaluate(expression.top, values), evaluate(expression.bottom, values)
            assert not isinstance(bottom, tuple)
            return _times(1 / bottom, top)
        case Power():
            base = evaluate(expression.base, values)
            assert not isinstance(base, tuple)
            return base**expression.exponent
        case Vector():
            entries = [evaluate(entry, values) for entry in expression.entries]
            return tuple(entry for entry in entries if not isinstance(entry, tuple))
    raise AssertionError(f"no value: {expression}")


def as_vector(value: Value, length: int) -> tuple[Scalar, ...]:
    """Return a value as a vector; the number 0 stands for a zero vector, a number for a single entry."""
    if isinstance(value, tuple):
        return value
    return (value,) if length == 1 else (value,) * length if value == 0 else ()


def _plus(a: Value, b: Value) -> Value:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return tuple(x + y for x, y in zip(a, b, strict=True))
    assert not isinstance(a, tuple)
    assert not isinstance(b, tuple)
    return a + b


def _times(a: Value, b: Value) -> Value:
    if isinstance(a, tuple):
        a, b = b, a
    assert not isinstance(a, tuple)
    return tuple(a * x for x in b) if isinstance(b, tuple) else a * b
