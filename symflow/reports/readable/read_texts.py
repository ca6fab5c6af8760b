"""Numbers as results write them, read: ``-3/4``, ``7*exp(-1)/2``, ``-1/(exp(1/2) + 1)`` as trees that printers shorten.

A result holds every number as an exact text. What is shown of it is the printer's choice: a rational with many digits
is a decimal that is cut, and so is an irrational number whose exact form is long; ``--full`` shows the exact form.
"""

from __future__ import annotations

import ast

from symflow.exact.exponential_numbers import ExponentialNumber, Scalar, decimal_text, exponential, sign
from symflow.exact.rationals import fmpq
from symflow.reports.expressions import Decimal, Expression, Negative, Rational
from symflow.reports.linear_text import CUT_DIGITS, linear_text
from symflow.reports.readable.written_numbers import number_expression

# An irrational number whose text is longer is shown by its digits.
_LONGEST = 40


def scalar_of(text: str) -> Scalar | None:
    """Return the number that a text of a result stands for; None where it is no such text.

    Examples
    --------
    >>> scalar_of("-1/(exp(1/2) + 1)"), scalar_of("3/4"), scalar_of("w[1]")
    (-1/(exp(1/2) + 1), 3/4, None)
    """
    try:
        return _value(ast.parse(text.strip().replace("^", "**"), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def number_of(text: str) -> Expression | None:
    """Return the tree of a number that a result holds as text; None where it is no number.

    Examples
    --------
    >>> linear_text(number_of("-39614081257132168796771975168/3")), linear_text(number_of("2*exp(-1)"))
    ('−1.3204693…·10^28', '2 e^(−1)')
    """
    value = scalar_of(text)
    return None if value is None else shown_number(value)


def shown_number(value: Scalar) -> Expression:
    """Return a number as it is shown outside a formula: exactly, or by its first digits where that is long.

    Examples
    --------
    >>> long = 1 / (exponential(fmpq(12345678, 87654321)) + exponential(fmpq(7654321, 1234567))) - 3
    >>> linear_text(shown_number(long))
    '−2.9979753…'
    """
    if not isinstance(value, ExponentialNumber):
        return Rational(value)
    if sign(value) < 0:
        return Negative(shown_number(-value))
    exact = number_expression(value)
    return exact if len(linear_text(exact)) <= _LONGEST else Decimal(decimal_text(value, CUT_DIGITS), True, exact)


def _value(node: ast.expr) -> Scalar:
    """Return the value of an arithmetic expression of integers and exponentials; raise ValueError elsewhere."""
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return fmpq(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left) + _value(right)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _value(left) - _value(right)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left) * _value(right)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _value(left) / _value(right)
        case ast.Call(func=ast.Name(id="exp"), args=[argument], keywords=[]):
            exponent = _value(argument)
            if isinstance(exponent, fmpq):
                return exponential(exponent)
    raise ValueError("no number")
