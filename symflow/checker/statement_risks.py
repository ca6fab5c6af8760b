"""What the risk of a given problem, and its slopes c_k, are as expressions in the outputs: sums over the data.

=============  ==================================  ==============================
loss           R, times the number of data if mean  c_k, likewise
=============  ==================================  ==============================
exponential    Σ exp(−y_k f_k)                     −y_k exp(−y_k f_k)
logistic       Σ ln(1 + exp(−y_k f_k))             (no polynomial in exponentials)
squared        Σ (f_k − y_k)²/2                    f_k − y_k
log_sum_exp    ln Σ exp(−y_k f_k)                  (no polynomial in exponentials)
=============  ==================================  ==============================

Examples
--------
>>> from symflow.checker.problems import read_problem
>>> from symflow.checker.statement_shapes import Shape
>>> problem = read_problem({
...     "network": {"activation": [], "weights": [[["1"]]]},
...     "data": {"inputs": [["1"]], "labels": ["3"]},
...     "objective": {"kind": "risk", "loss": "squared"},
... })
>>> symbols = Symbols(Shape(problem, problem))
>>> f, y = symbols.value(Function("f", 0)), symbols.constant(Fraction(3))
>>> written_out(symbols.value(Function("R")) - (f - y) * (f - y) * Fraction(1, 2), symbols)
Polynomial({})
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import Problem
from symflow.checker.statement_objects import Function
from symflow.checker.statement_symbols import Symbols

# Outputs of more terms than this, over all data, are not squared, and no exponential is made of them.
_MOST_TERMS = 20_000
_ONE = Polynomial.constant(Fraction(1))


def written_out(a: Polynomial, symbols: Symbols) -> Polynomial:
    """Return a polynomial, reduced; the risk and its slopes written out where that is known, should it not vanish."""
    found = symbols.reduced(a)
    spoken = {variable for monomial in found.terms for variable in monomial}
    of_risk = symbols.of_risk
    if not found or spoken.isdisjoint(of_risk):
        return found
    written = {variable: _written(of_risk[variable], symbols) for variable in spoken & set(of_risk)}
    return symbols.reduced(_replaced(found, {variable: by for variable, by in written.items() if by is not None}))


def _written(datum: int | None, symbols: Symbols) -> Polynomial | None:
    """Return R (for no datum), or c_k; None where it is not known, or too long."""
    problem = symbols.given
    if problem is None or problem.kind not in ("risk", "log_sum_exp"):
        return None
    if datum is not None and problem.loss not in ("exponential", "squared"):
        return None
    if _n_terms(problem) > _MOST_TERMS:
        return None
    total = Polynomial({})
    for k in range(symbols.n_data) if datum is None else (datum,):
        f, y = symbols.value(Function("f", k)), symbols.label(k)
        if problem.loss == "squared":
            total = total + ((f - y) * (f - y) * Fraction(1, 2) if datum is None else f - y)
            continue
        falling = symbols.exponential(f * y * Fraction(-1))
        if problem.loss == "logistic":
            total = total + symbols.logarithm(_ONE + falling)
        else:
            total = total + (falling if datum is None else falling * y * Fraction(-1))
    if problem.kind == "log_sum_exp":
        return symbols.logarithm(total)
    return total * Fraction(1, problem.divisor)


def _n_terms(problem: Problem) -> int:
    """Return a bound of the terms of all outputs, before anything is expanded: paths through the net, or their squares.

    Examples
    --------
    >>> from symflow.checker.statement_shapes import read_shape
    >>> _n_terms(read_shape({"widths": [2, 3, 1], "activation": ["relu"], "n_data": 2}).template)
    12
    """
    paths = len(problem.weights[0][0])
    for layer, matrix in enumerate(problem.weights):
        rows = len(matrix) if layer < problem.n_hidden else 1
        paths = (paths + (problem.biases is not None)) * rows
        if layer < problem.n_hidden:
            paths **= problem.activations[layer].power
    return int(paths ** (2 if problem.loss == "squared" else 1) * len(problem.inputs))


def _replaced(a: Polynomial, by: Mapping[int, Polynomial]) -> Polynomial:
    """Return a polynomial with polynomials in place of some of its variables."""
    total = Polynomial({})
    for monomial, c in a.terms.items():
        term = Polynomial({tuple(variable for variable in monomial if variable not in by): c})
        for variable in monomial:
            if variable in by:
                term = term * by[variable]
        total = total + term
    return total
