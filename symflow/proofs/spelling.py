"""How what was found is written into a claim: the two sides of a relation; polynomials in the statement language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from symflow.checker.enclosed_numbers import Enclosed, bounds_of
from symflow.checker.statement_grammar import Call, Entry, Expression, Name, Numeral, Operation
from symflow.checker.statement_instances import Instance
from symflow.checker.statement_tensors import Polytope
from symflow.checker.statement_truth import rate_at_point
from symflow.exact.exponential_numbers import to_text
from symflow.proofs.claim import Json
from symflow.proofs.numbers import exact

_SHOWN_BITS = 192
# The name of a slope, which the statement language has as an entry of A[l,k].
_SLOPE = re.compile(r"a\[([0-9,]+)\]\[([0-9]+)\]", re.ASCII)


def sides_of(instance: Instance) -> Json:
    """Return the values of the two sides, to be shown: exact, or bounds."""
    relation, scope = instance.relation, instance.scope
    if relation.relation == "conserved":
        return {"left": to_text(exact(rate_at_point(instance)))}
    sides: Json = {}
    for key, side in (("left", relation.left), ("right", relation.right)):
        if side is None:
            continue
        found = scope.value(side)
        if isinstance(found, Polytope):
            continue
        spelled = _spelled(scope.plain(found))
        if spelled is not None:
            sides[key] = spelled
    return sides


def _spelled(found: Any) -> Any:
    if isinstance(found, Enclosed):
        low, high = bounds_of(found, _SHOWN_BITS)
        return {"low": str(low), "high": str(high)}
    if isinstance(found, tuple):
        entries = [_spelled(entry) for entry in found]
        return entries if all(isinstance(entry, str) for entry in entries) else None
    return to_text(exact(found))


def polynomial_text(root: Mapping[tuple[int, ...], Any], names: Sequence[str]) -> str:
    """Return a polynomial in symbols, as the statement language reads it.

    Examples
    --------
    >>> polynomial_text({(0, 1): 2}, ("W1[1,1]", "a[1,1][2]"))
    '(2)*W1[1,1]*A[1,1][2,2]'
    """
    terms = []
    for monomial, c in root.items():
        factors = [f"({c})", *(_SLOPE.sub(r"A[\1][\2,\2]", names[variable]) for variable in monomial)]
        terms.append("*".join(factors))
    return " + ".join(terms)


def expression_text(expression: Expression) -> str:
    """Return an expression as the statement language reads it.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> relation = parse_statement("sum(k in 1..n: m[k]^2) - 2*inner(W[1][2,:], x) == -(f + 1)/3").claims[0]
    >>> print(expression_text(relation.left))
    (sum(k in 1..n: (m[k]^2)) - (2*inner(W[1][2,:], x)))
    >>> print(expression_text(relation.right))
    ((-(f + 1))/3)
    """
    match expression:
        case Numeral(value):
            return str(value) if value.denominator == 1 else f"({value})"
        case Name(name):
            return name
        case Operation("neg", (a,)):
            return f"(-{expression_text(a)})"
        case Operation(sign, (a, b)):
            spaced = f" {sign} " if sign in "+-" else sign
            return f"({expression_text(a)}{spaced}{expression_text(b)})"
        case Entry(whole, indices):
            return f"{expression_text(whole)}[{_indices(indices)}]"
        case Call(function, arguments, binder, indices):
            bound = ""
            if binder is not None:
                bound = f"{binder.name} in {expression_text(binder.first)}..{expression_text(binder.last)}: "
            place = f"[{_indices(indices)}]" if indices else ""
            return f"{function}{place}({bound}{', '.join(map(expression_text, arguments))})"
    raise AssertionError(expression)


def _indices(indices: Sequence[Expression | None]) -> str:
    return ",".join(":" if index is None else expression_text(index) for index in indices)
