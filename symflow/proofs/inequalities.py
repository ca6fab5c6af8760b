"""Finds the sums of squares that show the inequalities of a statement on all weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Call, Operation, Statement
from symflow.checker.statement_instances import Instance, instances
from symflow.checker.statement_risks import written_out
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import check_rank, flat
from symflow.checker.statement_values import Scope
from symflow.proofs.positivity import PositiveSum, positive_sum
from symflow.proofs.quantities import squares_in_quantities
from symflow.proofs.spelling import polynomial_text
from symflow.proofs.squares import Squares, squares_of_lagrange

INEQUALITIES = ("<=", ">=", "<", ">")
_LONGEST_VECTOR = 64


def squares_of(statement: Statement, objects: Symbols) -> dict[str, Any]:
    """Return a sum of squares for each inequality whose sign is not seen at once."""
    found: dict[str, Any] = {}
    for number, instance in enumerate(instances(statement, Scope(objects))):
        relation = instance.relation
        if relation.relation not in INEQUALITIES or relation.right is None:
            continue
        left, right = instance.scope.number(relation.left), instance.scope.number(relation.right)
        for side in (left, right):
            check_rank(side, 0, "a comparison of")
        is_strict = relation.relation in (">", "<")
        difference = left - right if relation.relation in (">=", ">") else right - left
        if not isinstance(difference, Polynomial):
            raise Refused("an inequality between things that are no numbers")
        needed = (1,) if is_strict else (0, 1)
        if objects.sign(objects.reduced(difference)) in needed:
            continue
        written = written_out(difference, objects)
        if objects.sign(written) in needed:
            continue
        names: Sequence[str] = objects.names
        in_quantities = squares_in_quantities(instance, objects, is_strict=is_strict)
        if in_quantities is not None:
            squares: PositiveSum | None = in_quantities[0]
            names = in_quantities[1]
        else:
            squares = _squares_of(difference, objects, is_strict) or _squares_of(written, objects, is_strict)
        if squares is None and not is_strict:
            lagrange = _by_cauchy_schwarz(instance)
            squares = None if lagrange is None else [(c, root, ()) for c, root in lagrange]
        if squares is None:
            raise Refused("no sum of squares was found")
        found[str(number)] = [
            {"coefficient": str(c), "of": polynomial_text(root, names)}
            | ({"times": polynomial_text({times: 1}, names)} if times else {})
            for c, root, times in squares
        ]
    return found


def _squares_of(difference: Polynomial, objects: Symbols, is_strict: bool) -> PositiveSum | None:
    terms = objects.reduced(difference).terms
    return positive_sum(terms, objects.never_negative, objects.bits, objects.positive if is_strict else None)


def _by_cauchy_schwarz(instance: Instance) -> Squares | None:
    """Return the squares of Lagrange's identity, where norm2(u)*norm2(v) is the larger side."""
    relation = instance.relation
    match relation.left if relation.relation == ">=" else relation.right:
        case Operation("*", (Call("norm2", (a,)), Call("norm2", (b,)))):
            u, v = flat(instance.scope.number(a)), flat(instance.scope.number(b))
            return squares_of_lagrange(u, v) if len(u) == len(v) <= _LONGEST_VECTOR else None
        case _:
            return None
