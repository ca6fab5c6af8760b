"""Where the parameters stand that an expression names: ``W[1]``, ``W[1][2,:]``, ``b[2]``, ``w``; or ``x``."""

from __future__ import annotations

from fractions import Fraction

from symflow.checker.reading import Refused
from symflow.checker.statement_grammar import Entry, Expression, Mismatch, Name, Numeral
from symflow.checker.statement_names import check_layer, letter_and_number
from symflow.checker.statement_objects import Tensor
from symflow.checker.statement_scope import AbstractScope
from symflow.checker.statement_tensors import part


def places(scope: AbstractScope, expression: Expression) -> Tensor:
    """Return where the parameters that an expression names stand: ``W[1]``, ``W[1][2,:]``, ``w``.

    With the input as the variable, ``x`` stands for all variables.
    """
    match expression:
        case Name("w") if not scope.here.is_of_input:
            return tuple(range(scope.here.n_parameters))
        case Name("x" | "x1") | Entry(Name("x"), (Numeral(Fraction(numerator=1, denominator=1)),)) if (
            scope.here.is_of_input
        ):
            return tuple(range(len(scope.here.input(0))))
        case Name(name) if name not in scope.bound:
            numbered = letter_and_number(name)
            if numbered and numbered[0] in "Wb":
                return _block(scope, *numbered)
        case Entry(Name(("W" | "b") as letter), (index,)):
            return _block(scope, letter, scope.integer(index))
        case Entry(whole, indices):
            return part(places(scope, whole), [None if index is None else scope.integer(index) for index in indices])
        case _:
            pass
    known = "x, or an entry of it" if scope.here.is_of_input else "w, W[l], b[l], or a row or entry of these"
    raise Mismatch(f"expected variables here: {known}")


def _block(scope: AbstractScope, letter: str, layer: int) -> Tensor:
    if scope.here.is_of_input:
        raise Refused("the input is the variable, the parameters are not")
    check_layer(letter, layer, scope.here)
    return (scope.here.weight_places if letter == "W" else scope.here.bias_places)[layer - 1]
