"""Derivatives in the statement language, and the sets that stand for them: ``grad``, ``clarke``, ``directional``, ..

Each takes a scope and expressions, and returns a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symflow.checker.enclosed_numbers import Real, as_rational
from symflow.checker.gradients import Gradients
from symflow.checker.one_variable import of_input
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Expression
from symflow.checker.statement_objects import Function, Tensor
from symflow.checker.statement_parameters import places
from symflow.checker.statement_point import Point
from symflow.checker.statement_scope import AbstractScope, scalar_of
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import Polytope, gathered, mapped
from symflow.checker.stationarity import directional_derivative


def grad(scope: AbstractScope, arguments: Sequence[Expression]) -> Tensor:
    """Return the gradient of a function, in all variables or in some of them; ``grad(W[l])`` is that of f."""
    if len(arguments) == 1:
        found = _is_block(scope, arguments[0])
        if found is not None:
            return gathered(found, scope.here.gradient(Function("f", 0)))
        function = scope.function(arguments[0])
        objects = scope.named[function] if isinstance(function, str) else scope.here
        return objects.gradient(Function("R") if isinstance(function, str) else function)
    if len(arguments) != 2:
        raise Refused(f"grad takes a function and parameters, not {len(arguments)} arguments")
    function = scope.value(arguments[0])
    if not isinstance(function, (Function, str)):
        return _derivatives(scope, arguments[0], places(scope, arguments[1]))
    if isinstance(function, str):
        raise Refused("the gradient of a named problem is taken in all its variables")
    return gathered(places(scope, arguments[1]), scope.here.gradient(function))


def _derivatives(scope: AbstractScope, expression: Expression, places: Tensor) -> Tensor:
    """Return the partial derivatives of a polynomial in the objects of the net, on a piece."""
    objects = scope.here
    if objects.is_of_input:
        raise Refused("the derivative of an expression, in the input")
    if isinstance(objects, Symbols):
        return objects.derivatives(scalar_of(scope.number(expression), objects), places)
    if not isinstance(objects, Point):
        raise Refused("a derivative at no point")
    symbols = objects.shape
    found = scalar_of(scope.on_shape(symbols).number(expression), symbols)
    symbols.at(found, objects)  # refused where a slope that it speaks of is not defined
    return mapped(lambda entry: symbols.at(entry, objects), symbols.derivatives(found, places))


def _part(scope: AbstractScope, a: Expression, block: Expression) -> Tensor:
    """Return the entries of a vector of derivatives in all parameters that belong to some of these."""
    vector, chosen = scope.vector(a), places(scope, block)
    if scope.here.is_of_input or len(vector) != scope.here.n_parameters:
        raise Refused("part(s, W[l]) needs a vector with an entry for each parameter")
    return gathered(chosen, vector)


def _is_block(scope: AbstractScope, expression: Expression) -> Tensor | None:
    try:
        return places(scope, expression)
    except Refused:
        return None


def _clarke(scope: AbstractScope, expression: Expression) -> Polytope:
    if scope.sets is None:
        raise Refused("a Clarke differential is that of a point")
    return scope.sets(scope.function(expression))


def _autodiff(scope: AbstractScope, expression: Expression) -> tuple[Real, ...]:
    function = scope.function(expression)
    if isinstance(function, str):
        return scope.named[function].by_convention(Function("R"), "autodiff")
    if not isinstance(scope.here, Point):
        raise Refused("what automatic differentiation returns is asked at a point")
    return scope.here.by_convention(function, "autodiff")


def _velocity(scope: AbstractScope, expression: Expression) -> tuple[Real, ...]:
    found = _clarke(scope, expression)
    if found.shortest is None:
        raise Refused("the shortest element is not known")
    return tuple(-entry for entry in found.shortest)


def _derivative(scope: AbstractScope, expression: Expression) -> tuple[Real, ...]:
    found = _clarke(scope, expression)
    if found.derivative is None:
        raise Refused("nothing shows that the function is differentiable there")
    return found.derivative


def _problem(scope: AbstractScope, expression: Expression) -> Problem:
    """Return the problem whose objective a function is."""
    function = scope.function(expression)
    if isinstance(function, str):
        return scope.named[function].problem
    if not isinstance(scope.here, Point):
        raise Refused("this is asked at a point")
    return scope.here.of(function)


def _directional(scope: AbstractScope, function: Expression, direction: Expression) -> Real:
    gradients = Gradients(_problem(scope, function))
    entries = [as_rational(entry) for entry in scope.vector(direction)]
    if len(entries) != len(gradients.problem.point):
        raise Refused("a direction has an entry for every variable")
    rational = [entry for entry in entries if entry is not None]
    if len(rational) != len(entries):
        raise Refused("a direction that is not rational")
    return directional_derivative(gradients, rational)


def _subdifferential(scope: AbstractScope, function: Expression) -> Polytope:
    problem = _problem(scope, function)
    found = of_input(problem).subgradients(problem.point[0])
    return Polytope(() if found is None else tuple((end,) for end in dict.fromkeys(found)))


#: Each with its number of arguments; but for ``grad``, which takes one or two.
DERIVATIVES: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "part": (2, _part),
    "clarke": (1, _clarke),
    "autodiff": (1, _autodiff),
    "velocity": (1, _velocity),
    "derivative": (1, _derivative),
    "directional": (2, _directional),
    "subdifferential": (1, _subdifferential),
}
