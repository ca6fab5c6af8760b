"""One relation of a statement, as polynomials of the checker and as terms of Coq; and derivatives of polynomials."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from symflow.checker.polynomials import Polynomial
from symflow.checker.statement_grammar import Relation, names_in
from symflow.checker.statement_objects import Function
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_values import Scope
from symflow.exports.objects import Terms
from symflow.exports.script import NotExportedError
from symflow.exports.terms import Term, polynomial_text

_CALLS = frozenset({"grad", "inner", "norm2", "trace", "sum", "part", "vector", "transpose", "abs", "min", "max"})


@final
@dataclass(frozen=True)
class Instance:
    """One relation, with polynomials of the checker and with terms of Coq."""

    relation: Relation
    bound: Mapping[str, Any]
    symbols: Symbols
    terms: Terms
    positive: Mapping[str, Polynomial]

    def polynomials(self, expression: Any) -> list[Polynomial]:
        """Return the entries of a side, as polynomials."""
        bound = {name: self.positive.get(name, value) for name, value in self.bound.items()}
        return flat(Scope(self.symbols, bound=bound).number(expression))

    def texts(self, expression: Any) -> list[Any]:
        """Return the entries of a side, as terms."""
        bound = {name: Term(name) if value is None else value for name, value in self.bound.items()}
        return texts_of(Scope(self.terms, bound=bound), expression)


def instance_of(relation: Relation, bound: Mapping[str, Any], symbols: Symbols) -> Instance:
    """Return a relation with its names bound; None stands for any positive number."""
    positive = {name: symbols.positive_symbol(name) for name, value in bound.items() if value is None}
    return Instance(relation, bound, symbols, Terms(symbols, positive=positive), positive)


def expanded(law: Polynomial, variable: int) -> tuple[Polynomial, dict[int, Polynomial]]:
    """Return the derivative of h by a variable, and the coefficients of t^0, t^1, .. in the remainder over t^2."""
    rate: dict[tuple[int, ...], Fraction] = {}
    rest: dict[int, dict[tuple[int, ...], Fraction]] = {}
    for monomial, c in law.terms.items():
        n = monomial.count(variable)
        others = tuple(v for v in monomial if v != variable)
        for power in range(1, n + 1):
            key = tuple(sorted((*others, *[variable] * (n - power))))
            terms = rate if power == 1 else rest.setdefault(power - 2, {})
            terms[key] = terms.get(key, Fraction(0)) + c * math.comb(n, power)
    return Polynomial(rate), {power: Polynomial(terms) for power, terms in rest.items()}


def in_t(rest: Mapping[int, Polynomial], names: Sequence[str] | Mapping[int, str]) -> str:
    """Return a polynomial in t, by its coefficients.

    Examples
    --------
    >>> in_t({0: Polynomial.variable(0), 1: Polynomial.constant(Fraction(2))}, ["x"])
    '(x) + (2) * t'
    """
    parts = [" * ".join([polynomial_text(p, names), *["t"] * power]) for power, p in sorted(rest.items())]
    return " + ".join(parts) if parts else "0"


def texts_of(scope: Scope, expression: Any) -> list[Any]:
    """Return the entries of an expression as terms; what the checker computes in polynomials alone has none."""
    try:
        return flat(scope.number(expression))
    except (AssertionError, AttributeError, TypeError) as error:
        words = ", ".join(sorted(set(names_in(expression)) & _CALLS)) or "an operation"
        raise NotExportedError(f"{words} of something that is no term here") from error


def output_on(datum: int) -> Function:
    """Return f on a datum (from 0)."""
    return Function("f", datum)


def risk() -> Function:
    """Return the objective."""
    return Function("R")


def flat(tensor: Any) -> list[Any]:
    """Return the entries of a scalar, a vector or a matrix, in order."""
    return [entry for part in tensor for entry in flat(part)] if isinstance(tensor, tuple) else [tensor]


def words_in(text: str) -> set[str]:
    """Return the identifiers in a text."""
    return set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", text))
