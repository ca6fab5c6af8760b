"""The whole function as one sympy ``Piecewise``: the only file of this floor that imports sympy.

On the cell of a pattern F is the value on its piece. All is continuous, so F is that value also where the conditions
hold weakly (z >= 0 for z > 0): layer by layer, either piece of an activation gives the same value on the
border. The cells are dense, so the closed sets cover everything, and the order of the branches does not matter.

The text of the ``Piecewise`` (:func:`piecewise_text`) needs no sympy, and is the same under every version of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, final

from symflow.cells.objective_text import ObjectiveText
from symflow.exact.polynomials import Polynomial

if TYPE_CHECKING:
    import sympy

    Piecewise: TypeAlias = sympy.Piecewise


@final
@dataclass(frozen=True, slots=True)
class Branch:
    """One piece: the outputs on it, and its conditions as polynomials with the sign that they have.

    Parameters
    ----------
    outputs : tuple of Polynomial
        f_1, .., f_n.
    conditions : tuple of (Polynomial, int)
        z and +1 for z >= 0, or -1 for z <= 0.
    """

    outputs: tuple[Polynomial, ...]
    conditions: tuple[tuple[Polynomial, int], ...]


def to_piecewise(objective: ObjectiveText, branches: Sequence[Branch]) -> Piecewise:
    """Return a function as a sympy ``Piecewise`` in real symbols ``W1[1,2]``, ``b1[1]``, ``x[1]``.

    Examples
    --------
    >>> from symflow.exact.polynomials import PolynomialRing
    >>> from symflow.nets.objective import Output
    >>> (x,) = PolynomialRing(("x[1]",)).variables()
    >>> to_piecewise(ObjectiveText(Output(), 1), [Branch((-x,), ((x, -1),)), Branch((x,), ((x, 1),))])
    Piecewise((-x[1], x[1] <= 0), (x[1], x[1] >= 0))
    """
    import sympy

    names = branches[0].outputs[0].ring.names
    symbols = [sympy.Symbol(name, real=True) for name in names]
    cases = []
    for branch in branches:
        relations = [
            (sympy.Ge if sign > 0 else sympy.Le)(_expression(z, symbols), 0, evaluate=False)
            for z, sign in branch.conditions
        ]
        condition = sympy.And(*relations, evaluate=False) if relations else sympy.true
        cases.append((_value(objective, branch.outputs, symbols), condition))
    return sympy.Piecewise(*cases, evaluate=False)


def piecewise_text(objective: ObjectiveText, branches: Sequence[Branch]) -> str:
    """Return the ``Piecewise`` as a text in sympy's syntax.

    Examples
    --------
    >>> from symflow.exact.polynomials import PolynomialRing
    >>> from symflow.nets.objective import Output
    >>> (x,) = PolynomialRing(("x[1]",)).variables()
    >>> piecewise_text(ObjectiveText(Output(), 1), [Branch((-x,), ((x, -1),)), Branch((x,), ((x, 1),))])
    'Piecewise((-x[1], x[1] <= 0), (x[1], x[1] >= 0))'
    """
    cases = []
    for branch in branches:
        relations = [f"{z} {'>=' if sign > 0 else '<='} 0" for z, sign in branch.conditions]
        condition = relations[0] if len(relations) == 1 else " & ".join(f"({r})" for r in relations) or "True"
        cases.append(f"({objective.value(branch.outputs)}, {condition})")
    return f"Piecewise({', '.join(cases)})"


def _value(objective: ObjectiveText, outputs: Sequence[Polynomial], symbols: list[Any]) -> Any:
    """Return F on a piece as a sympy expression."""
    import sympy

    polynomial = objective.polynomial(outputs)
    if polynomial is not None:
        return _expression(polynomial, symbols)
    powers = [sympy.exp(_expression(exponent, symbols)) for exponent in objective.exponents(outputs)]
    if objective.kind == "log_sum_exp":
        return sympy.log(sympy.Add(*powers))
    terms = [sympy.log(1 + power) for power in powers] if objective.kind == "logistic" else powers
    return sympy.Add(*terms) * sympy.Rational(int(objective.share.p), int(objective.share.q))


def _expression(polynomial: Polynomial, symbols: list[Any]) -> Any:
    """Return a polynomial as a sympy expression, term by term: nothing is expanded."""
    import sympy

    terms = [
        sympy.Mul(
            sympy.Rational(int(coefficient.p), int(coefficient.q)),
            *(symbols[variable] ** power for variable, power in monomial),
        )
        for monomial, coefficient in polynomial.terms()
    ]
    return sympy.Add(*terms)
