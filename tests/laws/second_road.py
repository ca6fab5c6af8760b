"""Another way to the rank of a Lie algebra: brackets written out as polynomials, and their rank over the rationals.

It shares nothing with the search but the polynomials and the linear algebra: fields are gradients of outputs expanded
by hand, brackets are formed with derivatives, and all words up to a length are taken, not only those that follow
others.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from symflow.exact.linear_algebra import rank
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq

Field = list[Polynomial]


def entries_of_product(widths: Sequence[int], *, biases: bool = False) -> tuple[PolynomialRing, list[Polynomial]]:
    """Return the entries of W_L .. W_1 and, with biases, of f(0)."""
    ring, layers = _layers(widths, biases=biases)
    zero, one = ring.zero(), ring.one()
    unit = [[one if i == j else zero for i in range(widths[0])] for j in range(widths[0])]
    functions = []
    for x, with_bias in [*((x, False) for x in unit), *([([zero] * widths[0], True)] if biases else [])]:
        h = x
        for matrix, bias in layers:
            h = [_dot(row, h, zero) + (bias[i] if with_bias else zero) for i, row in enumerate(matrix)]
        functions += h
    return ring, functions


def path_monomials(widths: Sequence[int], *, biases: bool = False) -> tuple[PolynomialRing, list[Polynomial]]:
    """Return all path monomials."""
    ring, layers = _layers(widths, biases=biases)
    functions = []
    for start in range(len(layers) if biases else 1):
        for rows in itertools.product(*(range(width) for width in widths[start + 1 :])):
            for source in [None] if start else [*range(widths[0]), *([None] if biases else [])]:
                matrix, bias = layers[start]
                monomial = bias[rows[0]] if source is None else matrix[rows[0]][source]
                for (above, _), (below, row) in zip(layers[start + 1 :], itertools.pairwise(rows), strict=True):
                    monomial = monomial * above[row][below]
                functions.append(monomial)
    return ring, functions


def lie_rank(ring: PolynomialRing, functions: Sequence[Polynomial], point: Sequence[int], longest: int) -> int:
    """Return the rank at a point of all brackets [X_i, [X_j, ..]] up to a length."""
    fields: list[Field] = [list(f.gradient()) for f in functions]
    words, newest = list(fields), list(fields)
    for _ in range(longest - 1):
        newest = [lie_bracket(ring, x, y) for x in fields for y in newest]
        words += newest
    at = [fmpq(entry) for entry in point]
    return rank([[component.evaluate(at) for component in field] for field in words])


def lie_bracket(ring: PolynomialRing, x: Field, y: Field) -> Field:
    """Return J_Y X − J_X Y."""
    result = []
    for a, b in zip(x, y, strict=True):
        total = ring.zero()
        for variable, (xi, yi) in enumerate(zip(x, y, strict=True)):
            total = total + xi * b.derivative(variable) - yi * a.derivative(variable)
        result.append(total)
    return result


def _layers(
    widths: Sequence[int], *, biases: bool
) -> tuple[PolynomialRing, list[tuple[list[list[Polynomial]], list[Polynomial]]]]:
    names = []
    for layer, (below, above) in enumerate(itertools.pairwise(widths), start=1):
        names += [f"W{layer}[{i},{j}]" for i in range(1, above + 1) for j in range(1, below + 1)]
        names += [f"b{layer}[{i}]" for i in range(1, above + 1)] if biases else []
    ring = PolynomialRing(tuple(names))
    variables = iter(ring.variables())
    layers = []
    for below, above in itertools.pairwise(widths):
        matrix = [[next(variables) for _ in range(below)] for _ in range(above)]
        layers.append((matrix, [next(variables) for _ in range(above)] if biases else []))
    return ring, layers


def _dot(row: Sequence[Polynomial], h: Sequence[Polynomial], zero: Polynomial) -> Polynomial:
    total = zero
    for w, x in zip(row, h, strict=True):
        total = total + w * x
    return total
