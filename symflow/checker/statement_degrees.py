"""Of which degree an expression is in a vector that stands for any element of a set."""

from __future__ import annotations

from collections.abc import Set

from symflow.checker.statement_grammar import Call, Entry, Expression, Name, Operation, Relation, names_in

#: The degree of what is no polynomial.
NO_POLYNOMIAL = 99

_LINEAR = frozenset({"vector", "trace", "transpose"})
_OF_NUMBERS = frozenset({"==", "<=", ">=", "<", ">"})


def degree(expression: Expression | None, names: Set[str]) -> int:
    """Return the degree of an expression in some bound vectors together; 99 where it is no polynomial in them.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> def of(text): return degree(parse_statement(f"{text} == 0").claims[0].left, {"s", "t"})
    >>> of("f"), of("2*s + w"), of("inner(s, part(t, W1))"), of("norm(s)"), of("sum(k in 1..n: s[k]*y[k])")
    (0, 1, 2, 99, 1)
    >>> of("part(w, W[s[1]])")
    99
    """
    if names.isdisjoint(names_in(expression)):
        return 0
    match expression:
        case Name():
            return 1
        case Operation("+" | "-" | "neg", operands):
            return max(degree(operand, names) for operand in operands)
        case Operation("*", operands):
            return min(NO_POLYNOMIAL, sum(degree(operand, names) for operand in operands))
        case Operation("/", (above, below)):
            return degree(above, names) if not degree(below, names) else NO_POLYNOMIAL
        case Call("part", (vector, block), None) if names.isdisjoint(names_in(block)):
            return degree(vector, names)
        case Call("inner", arguments, None):
            return min(NO_POLYNOMIAL, sum(degree(argument, names) for argument in arguments))
        case Call(function, arguments, None) if function in _LINEAR:
            return max(degree(argument, names) for argument in arguments)
        case Call("sum", (term,), binder) if binder is not None and names.isdisjoint(
            {*names_in(binder.first), *names_in(binder.last)}
        ):
            return degree(term, names)
        case Entry(whole, indices) if all(names.isdisjoint(names_in(index)) for index in indices):
            return degree(whole, names)
        case _:
            return NO_POLYNOMIAL


def vertices_decide(relation: Relation, name: str) -> bool:
    """Return whether a claim holds for all elements of a polytope if it holds for its vertices: it is affine.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> def of(text): return vertices_decide(parse_statement(text).claims[0], "s")
    >>> of("inner(s, w) >= f"), of("2*s in clarke(f)"), of("norm2(s) <= 1"), of("s != 0"), of("0 == f")
    (True, True, False, False, True)
    """
    left, right = relation.left, relation.right
    if name not in {*names_in(left), *names_in(right)}:
        return True
    if relation.relation in _OF_NUMBERS:
        return max(degree(left, {name}), degree(right, {name})) <= 1
    return relation.relation == "in" and degree(left, {name}) <= 1 and name not in set(names_in(right))
