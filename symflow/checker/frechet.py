"""That a function is differentiable at a point where its Clarke differential has several elements, with a certificate.

The closures of the cells that come near w cover a neighbourhood of w, and on each of them F is a polynomial Fˢ with
Fˢ(w) = F(w). So F is differentiable at w, with the gradient g, as soon as ⟨∇Fˢ(w) − g, d⟩ = O(|d|²) for all
w + d in the closure of the cell, for each of these cells. On the cell the constraints p that vanish at w are
positive; p(w + d) = ⟨∇p(w), d⟩ + O(|d|²), hence ⟨∇p(w), d⟩ ≥ −O(|d|²). Therefore it suffices that both ∇Fˢ(w) − g and
its negative are combinations of such ∇p(w) with multipliers that are not negative:

    Σ λᵢ ∇pᵢ(w) = ∇Fˢ(w) − g    and    Σ μᵢ ∇pᵢ(w) = g − ∇Fˢ(w),    λ, μ ≥ 0.

This is so in a cusp: the cell is thin in the direction of the difference. For a risk φ(f₁, .., fₙ) the same g is the
gradient, since φ is continuously differentiable and the f_k are Lipschitz near w (Proposition 2 has F = Σ c_k f_k).
"""

from __future__ import annotations

from fractions import Fraction

from symflow.checker.cells import constraint
from symflow.checker.exponential_fractions import Number
from symflow.checker.expressions import rational, scalars
from symflow.checker.gradients import Gradients
from symflow.checker.hulls import Vector
from symflow.checker.patterns import Tree
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused, items, only_keys, take
from symflow.checker.sets import take_object


def check_derivative(entry: dict[str, object], result: dict[str, object], problem: Problem) -> Vector:
    """Return the gradient of a function at a point at which it is differentiable.

    Parameters
    ----------
    entry : dict
        ``gradient``, and ``cells``: for each cell with another gradient, ``pattern``, ``above`` and ``below``, the
        multipliers λ and μ, each with its constraint.
    result : dict
        The whole result of ``symflow clarke``, which has been checked and is exact: its cells are all cells there are.
    problem : Problem
        That of the result.
    """
    only_keys(entry, ("gradient", "cells"))
    if result.get("factors") is not None or not result.get("cells"):
        raise Refused("the cells are not listed one by one: what a product shows is not known")
    if result.get("undecided"):
        raise Refused("there may be cells that are not listed")
    gradients = Gradients(problem)
    tree = Tree(problem, gradients.values)
    indices = range(len(problem.point))
    gradient = scalars(entry.get("gradient"), len(problem.point), "gradient")
    shown = {take(cell, "pattern", str): cell for cell in map(take_object, items(entry, "cells"))}
    for cell in items(result, "cells"):
        pattern = take(cell, "pattern", str)
        words = tree.words(pattern, wildcard=False)
        difference = [a - b for a, b in zip(gradients.on_pattern(tree, words, indices), gradient, strict=True)]
        if not any(difference):
            continue
        if pattern not in shown:
            raise Refused(f"the cell {pattern} has another gradient, and no multipliers", "cells")
        for key, wanted in (("above", difference), ("below", [-a for a in difference])):
            total: list[Number] = [Fraction(0)] * len(wanted)
            for term in items(shown[pattern], key):
                multiplier = rational(take(term, "multiplier", str), "multiplier")
                if multiplier < 0:
                    raise Refused("a negative multiplier", key)
                slope = slope_at(constraint(tree, words, take(term, "constraint", dict)), problem.point)
                total = [a + multiplier * b for a, b in zip(total, slope, strict=True)]
            if any(a != b for a, b in zip(total, wanted, strict=True)):
                raise Refused("the multipliers do not give the difference of the gradients", key)
    return tuple(gradient)


def slope_at(polynomial: Polynomial, point: tuple[Fraction, ...]) -> list[Fraction]:
    """Return the gradient of a polynomial at a point at which it vanishes.

    Examples
    --------
    >>> x, y = Polynomial.variable(0), Polynomial.variable(1)
    >>> [int(entry) for entry in slope_at(x * y - y, (Fraction(3), Fraction(0)))]
    [0, 2]
    """
    value, slope = Fraction(0), [Fraction(0)] * len(point)
    for monomial, c in polynomial.terms.items():
        term = Fraction(c)
        for variable in monomial:
            term *= point[variable]
        value += term
        for i, variable in enumerate(monomial):
            part = Fraction(c)
            for other in (*monomial[:i], *monomial[i + 1 :]):
                part *= point[other]
            slope[variable] += part
    if value:
        raise Refused("a constraint that does not vanish at the point says nothing about directions", "constraint")
    return slope
