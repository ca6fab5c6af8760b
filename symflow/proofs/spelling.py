"""How what was found is written into a claim: the two sides of a relation; polynomials in the statement language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from symflow.checker.enclosed_numbers import Enclosed, bounds_of
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
