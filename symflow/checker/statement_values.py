"""The value of an expression of the statement language, among the objects of a shape or of a point.

Scalars, vectors (tuples) and matrices (tuples of rows) over one ring; functions, which can be differentiated; and, at a
point, polytopes by finitely many generators. What has no value is refused with the reason. At a point there are

========================  ====================================================================================
``clarke(F)``             the Clarke differential, from its certificate; ``velocity(F)`` minus its shortest element
``derivative(F)``         the gradient where F is shown to be differentiable, at a kink too (``frechet.py``)
``directional(F, v)``     the one-sided derivative F'(w; v)
``subdifferential(F)``    all s with F(x) >= F(w) + s (x - w) for all x; F of one input (``one_variable.py``)
``autodiff(F)``           what automatic differentiation returns
``hull(u, ..)``           sets; ``point(u)``, ``S + T``, ``c*S``, ``sum(k in 1..n: S)``, ``product(S, T)``, ``empty``
========================  ====================================================================================

Examples
--------
>>> from symflow.checker.statement_grammar import parse_statement
>>> from symflow.checker.statement_scope import scalar_of
>>> from symflow.checker.statement_shapes import read_shape
>>> from symflow.checker.statement_symbols import Symbols
>>> shape = Symbols(read_shape({"widths": [2, 3, 1], "activation": ["relu"]}))
>>> left = parse_statement("inner(W1, grad(f, W1)) - f == 0").claims[0].left
>>> scalar_of(Scope(shape).value(left), shape)
Polynomial({})
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from symflow.checker.enclosed_numbers import Enclosed, Real, sign_of, total_of
from symflow.checker.exponential_fractions import sign
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_derivatives import DERIVATIVES, grad
from symflow.checker.statement_functions import FUNCTIONS
from symflow.checker.statement_grammar import Call, Entry, Expression, Name, NoMeaning, Numeral, Operation
from symflow.checker.statement_names import (
    LETTERS,
    OF_LAYER_AND_DATUM,
    is_reserved,
    nearest,
    no_meaning,
    numbered_object,
    object_of,
    set_of,
)
from symflow.checker.statement_objects import Scalar
from symflow.checker.statement_parameters import places
from symflow.checker.statement_scope import AbstractScope
from symflow.checker.statement_tensors import (
    Polytope,
    check_rank,
    check_same_shape,
    filled,
    flat,
    mapped,
    part,
    product,
    scaled_set,
    size_of,
    zipped,
)

_STEPS_OF_A_SIGN = 50
_PRODUCTS_IN_A_STEP = 10
_MOST_GENERATORS = 4_096
# Functions of any number of arguments, or with a way of their own to read them.
_OTHERS = ("grad", "vector", "hull", "product")


@final
@dataclass(frozen=True)
class Scope(AbstractScope):
    """What names mean, and with that the value of every expression.

    Examples
    --------
    >>> from symflow.checker.statement_grammar import parse_statement
    >>> Scope(None, bound={"s": (Fraction(1), Fraction(2))}).value(parse_statement("norm2(s) == 0").claims[0].left)
    Fraction(5, 1)
    """

    def value(self, expression: Expression) -> Any:
        """Return the value of an expression; a function stays one until it is used as a number."""
        found = self._value(expression)
        self.work.charge(1 + size_of(found))
        return found

    def _value(self, expression: Expression) -> Any:
        match expression:
            case Numeral(number):
                return self.constant(number)
            case Name(name):
                return self._named(name)
            case Operation(sign_, operands):
                return self._operation(sign_, operands)
            case Entry(whole, indices):
                return self._entry(whole, indices)
            case Call():
                return self._call(expression)

    def _named(self, name: str) -> Any:
        if name in self.bound:
            return self.bound[name]
        if name in self.named:
            return name
        found = set_of(name)
        if found is not None:
            return found
        if self.objects is None and not is_reserved(name):
            raise no_meaning(name, None, tuple(self.named))
        return object_of(name, self.here, tuple({**self.named, **self.bound}))

    def _entry(self, whole: Expression, indices: Sequence[Expression | None]) -> Any:
        if isinstance(whole, Name) and whole.name not in self.bound and whole.name in LETTERS:
            most = 2 if whole.name in OF_LAYER_AND_DATUM else 1
            if len(indices) > most:
                raise Refused(f'"{whole.name}" takes {most} numbers, not {len(indices)}')
            return numbered_object(whole.name, [self.integer(index) for index in indices], self.here)
        found = self.number(whole)
        chosen = [None if index is None else self.integer(index) for index in indices]
        return part(found, chosen)

    # ------------------------------------------------------------------ operations

    def _operation(self, sign_: str, operands: Sequence[Expression]) -> Any:
        values = [self.value(operand) for operand in operands]
        if any(isinstance(each, Polytope) for each in values):
            return self._of_sets(sign_, values)
        if all(isinstance(each, int) for each in values) and sign_ in ("+", "-", "*", "neg"):
            return _integers(sign_, values)
        tensors = [self.plain(each) for each in values]
        if sign_ == "neg":
            return mapped(lambda a: -a if not isinstance(a, Polynomial) else a * Fraction(-1), tensors[0])
        left, right = tensors
        if sign_ in ("+", "-"):
            check_same_shape(left, right)
            return zipped(lambda a, b: a + b if sign_ == "+" else a - b, left, right)
        if sign_ == "*":
            self.work.charge(size_of(left) * size_of(right) // _PRODUCTS_IN_A_STEP)
            return product(left, right)
        if sign_ == "/":
            check_rank(right, 0, "a division by")
            if self.objects is None and not isinstance(right, Enclosed):
                right = Fraction(right) if isinstance(right, int) else right
            return mapped(lambda a: self.ring.quotient(a, right), left)
        check_rank(left, 0, "a power of")
        return self.ring.power(left, self.integer(operands[1], "an exponent"))

    def _of_sets(self, sign_: str, values: Sequence[Any]) -> Polytope:
        if sign_ == "neg":
            return scaled_set(values[0], Fraction(-1))
        left, right = values
        if sign_ == "*":
            factor, polytope = (left, right) if isinstance(right, Polytope) else (right, left)
            if isinstance(factor, Polytope):
                raise Refused("a product of two sets; write product(S, T)")
            return scaled_set(polytope, self.plain(factor))
        if sign_ not in ("+", "-"):
            raise Refused(f'no "{sign_}" of sets')
        if sign_ == "-" and isinstance(right, Polytope):
            right = scaled_set(right, Fraction(-1))
        elif sign_ == "-":
            right = mapped(lambda a: -a, self.plain(right))
        a, b = (each if isinstance(each, Polytope) else Polytope((self.plain(each),)) for each in (left, right))
        if a.length != b.length and a.generators and b.generators:
            raise Refused(f"a sum of sets of vectors of lengths {a.length} and {b.length}")
        if len(a.generators) * len(b.generators) > _MOST_GENERATORS:
            raise TooLarge("a sum of sets with too many generators")
        return Polytope(
            tuple(tuple(x + y for x, y in zip(u, v, strict=True)) for u in a.generators for v in b.generators)
        )

    # ------------------------------------------------------------------ functions

    def _call(self, call: Call) -> Any:
        name, arguments = call.function, call.arguments
        if call.binder is not None:
            return self._aggregate(call)
        if name in ("f", "m", "R") and name not in self.bound:
            return self._at_scaled(call)
        if call.indices:
            raise Refused(f'"{name}[..](..)" has no meaning')
        if name == "grad":
            return grad(self, arguments)
        if name == "vector":
            entries = tuple(self.number(argument) for argument in arguments)
            for entry in entries:
                check_rank(entry, 0, "a vector of")
            return entries
        if name == "hull":
            return Polytope(tuple(self.vector(argument) for argument in arguments))
        if name == "product":
            return self._set_product(arguments)
        rules = {**FUNCTIONS, **DERIVATIVES}
        if name not in rules:
            known = sorted({*rules, *_OTHERS})
            raise NoMeaning(f'"{name}" is no function; {nearest(name, known)}functions are {", ".join(known)}')
        count, rule = rules[name]
        if len(arguments) != count:
            raise Refused(f"{name} takes {count} argument{'s' * (count > 1)}, not {len(arguments)}")
        return rule(self, *arguments)

    def _aggregate(self, call: Call) -> Any:
        if call.binder is None:
            raise Refused("a sum over no index")
        if call.function not in ("sum", "min", "max") or len(call.arguments) != 1 or call.indices:
            raise Refused("only sum, min and max run over an index, with one expression")
        inner = [self.binding(call.binder.name, index) for index in self.range(call.binder)]
        values = [scope.value(call.arguments[0]) for scope in inner]
        if call.function == "sum" and values and all(isinstance(each, Polytope) for each in values):
            total_set = values[0]
            for each in values[1:]:
                total_set = self._of_sets("+", (total_set, each))
            return total_set
        terms = [scope.plain(each) for scope, each in zip(inner, values, strict=True)]
        if not terms:
            if call.function == "sum":
                return self.constant(Fraction(0))
            raise Refused(f"a {call.function} over nothing")
        total = terms[0]
        if call.function == "sum":
            for term in terms:
                check_same_shape(total, term)
            return filled(total, [total_of(entries) for entries in zip(*map(flat, terms), strict=True)])
        for term in terms[1:]:
            self.work.charge(_STEPS_OF_A_SIGN)
            if (_compared(term, total) < 0) == (call.function == "min"):
                total = term
        return total

    def _at_scaled(self, call: Call) -> Scalar:
        """Return f(c*w), f(c*W[l]): the value where these parameters are multiplied by c."""
        if self.here.is_of_input:
            raise Refused("the input is the variable; only parameters can be multiplied")
        function = self.value(Entry(Name(call.function), call.indices) if call.indices else Name(call.function))
        scaled: dict[int, Scalar] = {}
        for argument in call.arguments:
            factor, block = self._factor_and_block(argument)
            for place in flat(places(self, block)):
                if place in scaled:
                    raise Refused("a parameter is given twice")
                scaled[place] = factor
        return self.here.value(function, scaled)

    def _factor_and_block(self, argument: Expression) -> tuple[Scalar, Expression]:
        if isinstance(argument, Operation) and argument.sign == "*":
            factor = self.number(argument.operands[0])
            check_rank(factor, 0, "parameters times")
            return factor, argument.operands[1]
        if isinstance(argument, Operation) and argument.sign == "neg":
            factor, block = self._factor_and_block(argument.operands[0])
            return self.constant(Fraction(-1)) if factor == 1 else _negated(factor), block
        return self.constant(Fraction(1)), argument

    def _set_product(self, arguments: Sequence[Expression]) -> Polytope:
        total: tuple[tuple[Real, ...], ...] = ((),)
        for argument in arguments:
            found = self.value(argument)
            if not isinstance(found, Polytope):
                raise Refused("a product of sets has sets as factors")
            if len(total) * len(found.generators) > _MOST_GENERATORS:
                raise TooLarge("a product of sets with too many generators")
            total = tuple((*u, *v) for u in total for v in found.generators)
        return Polytope(total)


def _compared(a: Any, b: Any) -> int:
    if isinstance(a, (Polynomial, tuple)) or isinstance(b, (Polynomial, tuple)):
        raise Refused("a minimum or maximum is no polynomial")
    difference = a - b
    return sign_of(difference) if isinstance(difference, Enclosed) else sign(difference)


def _integers(sign_: str, values: Sequence[int]) -> int:
    if sign_ == "neg":
        return -values[0]
    left, right = values
    return left + right if sign_ == "+" else left - right if sign_ == "-" else left * right


def _negated(a: Scalar) -> Scalar:
    return a * Fraction(-1)
