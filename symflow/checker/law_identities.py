"""Whether a polynomial h of the parameters is conserved: ⟨∇h, ∇φ⟩ = 0 for every φ that drives the flow.

*Locally*. If h has only the weights and biases of a hidden layer l and the weights of layer l + 1, let free symbols
stand for what layer l reads and, where they are not known, for its slopes. If what layer l + 1 reads of it does not
change along ∇h, no output does, on any pattern and any data; and a path monomial or an entry of an end-to-end matrix is
a combination of such outputs.

*Expanded*. φ is written out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

from symflow.checker.fixed_slopes import FixedSlopes, output_polynomial, places
from symflow.checker.formulas import Reader
from symflow.checker.polynomials import Monomial, Polynomial, Rational
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused

_ZERO = Polynomial({})


def read_law(reader: Reader, spelled: object, place: str) -> Polynomial:
    """Return a polynomial that a file spells.

    Examples
    --------
    >>> read_law(Reader(["u", "v"]), "u**2 - v/2", "laws")
    Polynomial({(0, 0): 1, (1,): -1/2})
    """
    formula = reader.formula(spelled, place)
    if formula.fractions or formula.logarithms or any(exponent for exponent, _ in formula.plain.terms):
        raise Refused("this is no polynomial", place)
    return Polynomial({monomial: c for (_, monomial), c in formula.plain.terms.items()})


def derivative(polynomial: Polynomial, variable: int) -> Polynomial:
    """Return a partial derivative.

    Examples
    --------
    >>> derivative(Polynomial({(0, 0, 1): Fraction(1)}), 0)
    Polynomial({(0, 1): 2})
    """
    terms: dict[Monomial, Rational] = {}
    for monomial, c in polynomial.terms.items():
        count = monomial.count(variable)
        if count:
            i = monomial.index(variable)
            terms[monomial[:i] + monomial[i + 1 :]] = c * count
    return Polynomial(terms)


def variables(polynomial: Polynomial) -> set[int]:
    """Return the variables that occur.

    Examples
    --------
    >>> variables(Polynomial({(0, 2): Fraction(1)}))
    {0, 2}
    """
    return {variable for monomial in polynomial.terms for variable in monomial}


def rate(law: Polynomial, function: Polynomial, held: Collection[int] = ()) -> Polynomial:
    """Return ⟨∇h, ∇φ⟩, without the variables that are held.

    Examples
    --------
    >>> u, v = Polynomial.variable(0), Polynomial.variable(1)
    >>> rate(u * u - v * v, u * v)
    Polynomial({})
    """
    total = _ZERO
    for variable in sorted(variables(law).difference(held)):
        partial = derivative(function, variable)
        if partial:
            total = total + derivative(law, variable) * partial
    return total


def holds_locally(
    problem: Problem,
    law: Polynomial,
    slopes: Sequence[Sequence[Sequence[Fraction]]] | None,
    held: Collection[int] = (),
) -> bool:
    """Return whether the local identity shows that a law holds.

    Parameters
    ----------
    problem : Problem
        The shape.
    law : Polynomial
        h.
    slopes : for each function the coefficients of all rows, layer by layer; None
        where those of every activation but the identity are free.
    held : collection of int
        The parameters that do not move.
    """
    weights, biases = places(problem)
    used = variables(law)
    for layer in range(problem.n_hidden):
        here = {place for row in weights[layer] for place in row} | set(biases[layer] if biases else ())
        above = {place for row in weights[layer + 1] for place in row}
        if used <= here | above:
            return all(_is_still(problem, law, layer, chosen, held) for chosen in _choices(problem, layer, slopes))
    return False


def holds_expanded(law: Polynomial, functions: Iterable[Polynomial], held: Collection[int] = ()) -> bool:
    """Return whether ⟨∇h, ∇φ⟩ = 0 for every one of the functions."""
    return not any(rate(law, function, held) for function in functions)


def expanded(problem: Problem, functions: Iterable[FixedSlopes]) -> list[Polynomial]:
    """Return functions as polynomials."""
    return [output_polynomial(problem, f) for f in functions]


def _choices(
    problem: Problem, layer: int, slopes: Sequence[Sequence[Sequence[Fraction]]] | None
) -> list[list[Polynomial]]:
    """Return the slopes of a layer that may occur, numbers or symbols."""
    n_rows = len(problem.weights[layer])
    if problem.activations[layer].name == "identity":
        return [[Polynomial.constant(Fraction(1))] * n_rows]
    if slopes is None:
        start = len(problem.point) + len(problem.weights[layer][0])
        return [[Polynomial.variable(start + row) for row in range(n_rows)]]
    return [[Polynomial.constant(slope) for slope in row] for row in {tuple(each[layer]) for each in slopes}]


def _is_still(
    problem: Problem, law: Polynomial, layer: int, slopes: Sequence[Polynomial], held: Collection[int]
) -> bool:
    """Return whether V A z does not change along ∇h, its preactivations being z = W r + b with symbols r."""
    weights, biases = places(problem)
    motion = {place: derivative(law, place) for place in variables(law).difference(held)}
    activation = problem.activations[layer]
    read = [Polynomial.variable(len(problem.point) + i) for i in range(len(weights[layer][0]))]
    z: list[Polynomial | None] = [None] * len(weights[layer])
    for columns in weights[layer + 1]:
        total = _ZERO
        for row, inside in enumerate(weights[layer]):
            outgoing = columns[activation.unit_of_row(row)]
            moved = _ZERO
            for place, r in zip(inside, read, strict=True):
                if place in motion:
                    moved = moved + motion[place] * r
            if biases and biases[layer][row] in motion:
                moved = moved + motion[biases[layer][row]]
            if outgoing not in motion and not moved:
                continue
            if z[row] is None:
                sum_ = Polynomial.variable(biases[layer][row]) if biases else _ZERO
                for place, r in zip(inside, read, strict=True):
                    sum_ = sum_ + Polynomial.variable(place) * r
                z[row] = sum_
            value = z[row] or _ZERO
            power = Polynomial.constant(Fraction(1))
            for _ in range(activation.power - 1):
                power = power * value
            if outgoing in motion:
                total = total + slopes[row] * (motion[outgoing] * power * value)
            if moved:
                total = total + slopes[row] * (Polynomial.variable(outgoing) * power * moved * activation.power)
        if total:
            return False
    return True
