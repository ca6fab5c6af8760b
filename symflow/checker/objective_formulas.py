"""The objective and its gradient on a piece, as formulas, from the polynomials of the outputs and their derivatives.

With y the labels, f the outputs and Q = −y f, and divided by the number of data for a mean,

===================  ====================  ==========================
objective            F                     its derivative by f
===================  ====================  ==========================
output, combination  Σ c f                 c
risk, squared        Σ (f − y)² / 2        f − y
risk, exponential    Σ exp(Q)              −y exp(Q)
risk, logistic       Σ log(1 + exp(Q))     −y / (1 + exp(−Q))
log_sum_exp          log Σ exp(Q)          −y exp(Q) / Σ exp(Q)
===================  ====================  ==========================
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.exponential_polynomials import ExponentialPolynomial
from symflow.checker.formulas import Formula, of_polynomial
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import Problem

_ZERO = ExponentialPolynomial({})
_ONE = ExponentialPolynomial.rational(Fraction(1))


def constant_coefficients(problem: Problem) -> tuple[Fraction, ...] | None:
    """Return the derivatives of F by the outputs where these are numbers.

    Examples
    --------
    >>> from symflow.checker.symbolic import read_symbolic_problem
    >>> tree = {"network": {"activation": [], "widths": [1, 1]}, "objective": {"kind": "output"}}
    >>> constant_coefficients(read_symbolic_problem(tree).problem)
    (Fraction(1, 1),)
    """
    return problem.coefficients if problem.kind in ("output", "combination") else None


def value_formula(problem: Problem, outputs: Sequence[Polynomial]) -> Formula:
    """Return F where the outputs are these polynomials.

    Examples
    --------
    >>> from symflow.checker.formulas import Reader
    >>> from symflow.checker.symbolic import read_symbolic_problem
    >>> tree = {
    ...     "network": {"activation": [], "widths": [1, 1]},
    ...     "data": {"labels": ["1"]},
    ...     "objective": {"kind": "risk", "loss": "logistic"},
    ... }
    >>> found = value_formula(read_symbolic_problem(tree).problem, [Polynomial.variable(0)])
    >>> found.equals(Reader(["f[1]"]).formula("log(1 + exp(-f[1]))"))
    True
    """
    share = Fraction(1, problem.divisor)
    constants = constant_coefficients(problem)
    if constants is not None:
        return of_polynomial(_combined(constants, outputs))
    if problem.loss == "squared":
        residuals = [f - Polynomial.constant(y) for f, y in zip(outputs, problem.labels, strict=True)]
        return of_polynomial(_combined([share / 2] * len(residuals), [r * r for r in residuals]))
    powers = _powers(problem, outputs, -1)
    if problem.loss == "logistic":
        logarithms: dict[ExponentialPolynomial, Fraction] = {}
        for power in powers:
            logarithms[_ONE + power] = logarithms.get(_ONE + power, Fraction(0)) + share
        return Formula(_ZERO, {}, logarithms)
    if problem.kind == "log_sum_exp":
        return Formula(_ZERO, {}, {_sum(powers): Fraction(1)})
    return Formula(_sum(powers) * share)


def derivative_formula(problem: Problem, outputs: Sequence[Polynomial], partials: Sequence[Polynomial]) -> Formula:
    """Return Σ cₖ pₖ with cₖ the derivatives of F by the outputs: an entry of the gradient.

    Examples
    --------
    >>> from symflow.checker.formulas import Reader
    >>> from symflow.checker.symbolic import read_symbolic_problem
    >>> tree = {
    ...     "network": {"activation": [], "widths": [1, 1]},
    ...     "data": {"labels": ["1"]},
    ...     "objective": {"kind": "risk", "loss": "logistic"},
    ... }
    >>> f, one = Polynomial.variable(0), Polynomial.constant(Fraction(1))
    >>> found = derivative_formula(read_symbolic_problem(tree).problem, [f], [one])
    >>> found.equals(Reader(["f[1]"]).formula("-1/(1 + exp(f[1]))"))
    True
    """
    share = Fraction(1, problem.divisor)
    constants = constant_coefficients(problem)
    if constants is not None:
        return of_polynomial(_combined(constants, partials))
    labels = problem.labels
    if problem.loss == "squared":
        terms = [(f - Polynomial.constant(y)) * p for f, y, p in zip(outputs, labels, partials, strict=True)]
        return of_polynomial(_combined([share] * len(terms), terms))
    weighted = [ExponentialPolynomial.of(p) * (-y * share) for p, y in zip(partials, labels, strict=True)]
    if problem.loss == "logistic":
        total = Formula(_ZERO)
        for above, power in zip(weighted, _powers(problem, outputs, 1), strict=True):
            below = (_ONE + power).as_rational()
            total = total.plus(Formula(above * (1 / below)) if below else Formula(_ZERO, {_ONE + power: above}))
        return total
    powers = _powers(problem, outputs, -1)
    above = _sum([power * p for power, p in zip(powers, weighted, strict=True)])
    if problem.kind != "log_sum_exp":
        return Formula(above)
    below = _sum(powers).as_rational()
    return Formula(above * (1 / below)) if below else Formula(_ZERO, {_sum(powers): above})


def _powers(problem: Problem, outputs: Sequence[Polynomial], sign: int) -> list[ExponentialPolynomial]:
    """Return exp(±y f)."""
    return [
        ExponentialPolynomial.of(f * (y * sign)).exponential() for f, y in zip(outputs, problem.labels, strict=True)
    ]


def _combined(factors: Sequence[Fraction], polynomials: Sequence[Polynomial]) -> Polynomial:
    total = Polynomial({})
    for factor, polynomial in zip(factors, polynomials, strict=True):
        total = total + polynomial * factor
    return total


def _sum(terms: Sequence[ExponentialPolynomial]) -> ExponentialPolynomial:
    total = _ZERO
    for term in terms:
        total = total + term
    return total
