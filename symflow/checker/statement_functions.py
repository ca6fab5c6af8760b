"""The functions of numbers, vectors and matrices of the statement language: ``inner``, ``norm2``, ``exp``, and so on.

Each takes a scope and expressions, and returns a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from symflow.checker.enclosed_numbers import Enclosed, Real, as_rational, exponential_of, logarithm, root_of, sign_of
from symflow.checker.exponential_fractions import sign
from symflow.checker.exponential_sums import exponential
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Expression, Missing
from symflow.checker.statement_objects import Scalar, Tensor
from symflow.checker.statement_scope import AbstractScope
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope, check_rank, check_same_shape, dot, flat


def _inner(scope: AbstractScope, a: Expression, b: Expression) -> Scalar:
    left, right = scope.number(a), scope.number(b)
    check_same_shape(left, right)
    return dot(flat(left), flat(right))


def _norm2(scope: AbstractScope, a: Expression) -> Scalar:
    entries = flat(scope.number(a))
    return dot(entries, entries)


def _norm(scope: AbstractScope, a: Expression) -> Real:
    squared = _norm2(scope, a)
    if isinstance(squared, Polynomial):
        raise Refused("a norm is no polynomial; use norm2, its square")
    return root_of(squared)


def _trace(scope: AbstractScope, a: Expression) -> Scalar:
    matrix = scope.number(a)
    check_rank(matrix, 2, "the trace of")
    if len(matrix) != len(matrix[0]):
        raise Refused("the trace of a matrix that is not square")
    total = scope.constant(Fraction(0))
    for i, row in enumerate(matrix):
        total = total + row[i]
    return total


def _transpose(scope: AbstractScope, a: Expression) -> Tensor:
    matrix = scope.number(a)
    if isinstance(matrix, tuple) and not (matrix and isinstance(matrix[0], tuple)):
        return (matrix,)
    check_rank(matrix, 2, "the transpose of")
    return tuple(zip(*matrix, strict=True))


def _width(scope: AbstractScope, a: Expression) -> int:
    layer, shape = scope.integer(a), scope.here.weights_shape
    if not 0 <= layer <= len(shape):
        raise Missing(f"layer {layer} of {len(shape)}: width(l) is asked for l from 0 on")
    return shape[0][1] if layer == 0 else shape[layer - 1][0]


def _exp(scope: AbstractScope, a: Expression) -> Scalar:
    exponent = scope.number(a)
    if isinstance(exponent, Polynomial) and isinstance(scope.objects, Symbols):
        return scope.objects.exponential(exponent)
    if isinstance(exponent, (Polynomial, tuple)):
        raise Refused("an exponential is no polynomial")
    ratio = as_rational(exponent)
    if ratio is not None:
        return exponential(ratio)
    return exponential_of(exponent)


def _ln(scope: AbstractScope, a: Expression) -> Scalar:
    argument = scope.number(a)
    if isinstance(argument, Polynomial) and isinstance(scope.objects, Symbols):
        return scope.objects.logarithm(argument)
    if isinstance(argument, (Polynomial, tuple)):
        raise Refused("a logarithm is no polynomial")
    if (sign_of(argument) if isinstance(argument, Enclosed) else sign(argument)) <= 0:
        raise Refused("a logarithm of a number that is not positive")
    return logarithm(argument)


def _absolute(scope: AbstractScope, a: Expression) -> Real:
    found: Real = scope.number(a)
    if isinstance(found, (Polynomial, tuple)):
        raise Refused("an absolute value is no polynomial")
    is_negative = (sign_of(found) if isinstance(found, Enclosed) else sign(found)) < 0
    return -found if is_negative else found


def _point(scope: AbstractScope, a: Expression) -> Polytope:
    return Polytope((scope.vector(a),))


#: Each with its number of arguments.
FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "inner": (2, _inner),
    "norm2": (1, _norm2),
    "norm": (1, _norm),
    "trace": (1, _trace),
    "transpose": (1, _transpose),
    "width": (1, _width),
    "exp": (1, _exp),
    "ln": (1, _ln),
    "abs": (1, _absolute),
    "point": (1, _point),
}
