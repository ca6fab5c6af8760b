"""Whether all that a statement names is there: layers, neurons, data, biases; and every name has a meaning.

A statement on something that the problem does not have is a slip of the writer's. It is found before anything is
decided, whatever the rest of the statement says: each part is looked at for the first and the last value of every
index, at numbers of the shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused
from symflow.checker.statement_derivatives import DERIVATIVES
from symflow.checker.statement_functions import FUNCTIONS
from symflow.checker.statement_grammar import (
    Call,
    Element,
    Entry,
    Expression,
    Mismatch,
    Missing,
    Name,
    NoMeaning,
    Operation,
    Positive,
    Range,
    Relation,
    Statement,
)
from symflow.checker.statement_point import Point
from symflow.checker.statement_scope import AbstractScope
from symflow.checker.statement_shapes import read_shape
from symflow.checker.statement_tensors import Polytope, alike, check_rank
from symflow.checker.statement_values import Scope
from symflow.proofs.candidates import candidates
from symflow.proofs.claim import Json

_MOST_CORNERS = 64
_ONE = Fraction(1)
_KNOWN = frozenset({*FUNCTIONS, *DERIVATIVES, "grad", "vector", "hull", "product", "f", "m", "R", "sum", "min", "max"})


def check_names(statement: Statement, setting: Json, given: Json | None) -> None:
    """Refuse a statement that names what its setting does not have.

    Raises
    ------
    Missing, NoMeaning
        With what there is.
    Mismatch
        If its sides have no value, or cannot be compared, since something in them has another shape than is needed.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> from symflow.proofs.setting import shape_setting
    >>> check_names(parse_statement("for l in 1..L: norm2(W[l + 1]) >= 0"), shape_setting([2, 3, 1], ["relu"]), None)
    Traceback (most recent call last):
        ...
    symflow.checker.statement_grammar.Missing: no W[3]: there are 2 layers
    """
    problem = _numbers(setting, given)
    if problem is None:
        return
    scope = Scope(Point(problem), sets=_no_sets)
    for inside in islice(_corners(statement, 0, scope), _MOST_CORNERS):
        for relation in (*statement.claims, *statement.conditions):
            for side in (relation.left, relation.right):
                _visit(side, inside)
        if not statement.conditions and all(value is not None for value in inside.bound.values()):
            for relation in statement.claims:
                _check_shapes(relation, inside)


def _check_shapes(relation: Relation, scope: AbstractScope) -> None:
    """Refuse sides of other shapes than are needed; what else may be wrong with them is not said here."""
    values = []
    for side in (relation.left, relation.right):
        try:
            values.append(None if side is None else scope.value(side))
        except Mismatch:
            raise
        except Refused:
            values.append(None)
    left, right = values
    if left is None or right is None:
        return
    try:
        if relation.relation in ("<=", ">=", "<", ">"):
            for value in values:
                check_rank(scope.plain(value), 0, "a comparison of")
        elif relation.relation in ("==", "!=") and not {type(left), type(right)} & {Polytope}:
            alike(relation, scope.plain(left), scope.plain(right))
    except Mismatch:
        raise
    except Refused:
        return


def _no_sets(function: Any) -> Any:
    raise Refused("no set is computed for its name's sake")


def _numbers(setting: Json, given: Json | None) -> Problem | None:
    """Return a problem of the setting with numbers, off the kinks; None where there is none, or it has no net."""
    try:
        if setting["kind"] == "shape":
            template = read_shape(setting).template
            return next((read_problem(tree) for tree in candidates(template, None)), template)
        tree = given if setting["kind"] == "given" else setting.get("problem")
        return None if tree is None else read_problem(tree)
    except Refused:
        return None


def _corners(statement: Statement, depth: int, scope: AbstractScope) -> Iterator[AbstractScope]:
    """Return the scopes in which every index is the first or the last of its range."""
    if depth == len(statement.binders):
        yield scope
        return
    binder = statement.binders[depth]
    values: list[Any] = [None]
    if isinstance(binder, Range):
        _visit(binder.first, scope)
        _visit(binder.last, scope)
        values = _ends(binder, scope)
    elif isinstance(binder, Positive):
        values = [_ONE]
    elif isinstance(binder, Element):
        _visit(binder.set, scope)
        match binder.set:
            case Call("clarke", _, None):
                values = [(_ONE,) * len(scope.here.problem.point)]
    for value in values:
        try:
            inside = scope.binding(binder.name, value)
        except Refused:
            return  # the name has a meaning already, which is said later
        yield from _corners(statement, depth + 1, inside)


def _ends(binder: Range, scope: AbstractScope) -> list[Any]:
    try:
        found = scope.range(binder)
    except Refused:
        return [None]
    return sorted({found[0], found[-1]}) if found else []


def _visit(expression: Expression | None, scope: AbstractScope) -> None:
    """Evaluate the named parts of an expression, one by one; what else may be wrong with them is not said here."""
    match expression:
        case Name():
            _evaluate(expression, scope)
        case Operation(_, operands):
            for operand in operands:
                _visit(operand, scope)
        case Entry(whole, indices):
            for index in indices:
                _visit(index, scope)
            if not isinstance(whole, Name):
                _visit(whole, scope)
            _evaluate(expression, scope)
        case Call(function, arguments, binder, indices):
            if binder is not None:
                _visit(binder.first, scope)
                _visit(binder.last, scope)
            for index in indices:
                _visit(index, scope)
            if function in ("f", "m") and indices:
                _evaluate(Entry(Name(function), indices), scope)
            for inside in _inside(binder, scope):
                for argument in arguments:
                    _visit(argument, inside)
            if function == "width" or function not in _KNOWN:
                _evaluate(expression, scope)
        case _:
            return


def _inside(binder: Range | None, scope: AbstractScope) -> Iterator[AbstractScope]:
    if binder is None:
        yield scope
        return
    for value in _ends(binder, scope):
        try:
            yield scope.binding(binder.name, value)
        except Refused:
            return


def _evaluate(expression: Expression, scope: AbstractScope) -> None:
    try:
        scope.value(expression)
    except (Missing, NoMeaning):
        raise
    except Refused:
        return
