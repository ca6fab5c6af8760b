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
>>> from symflow.checker.statement_symbols import Symbols, read_shape
>>> shape = Symbols(read_shape({"widths": [2, 3, 1], "activation": ["relu"]}))
>>> left = parse_statement("inner(W1, grad(f, W1)) - f == 0").claims[0].left
>>> scalar_of(Scope(shape).value(left), shape)
Polynomial({})
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

from symflow.checker.enclosed_numbers import (
    Enclosed,
    Real,
    as_rational,
    exponential_of,
    logarithm,
    root_of,
    sign_of,
    total_of,
)
from symflow.checker.exponential_fractions import sign
from symflow.checker.exponential_sums import exponential
from symflow.checker.gradients import Gradients
from symflow.checker.one_variable import of_input
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import Problem
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_grammar import Call, Entry, Expression, Name, NoMeaning, Numeral, Operation, Range
from symflow.checker.statement_objects import AbstractObjects, Function, Scalar, Tensor
from symflow.checker.statement_point import Point
from symflow.checker.statement_symbols import Symbols
from symflow.checker.statement_tensors import (
    Polytope,
    check_rank,
    check_same_shape,
    dot,
    filled,
    flat,
    gathered,
    mapped,
    part,
    product,
    scaled_set,
    size_of,
    zipped,
)
from symflow.checker.stationarity import directional_derivative
from symflow.checker.work import Work

_NUMBERED = re.compile(r"([WbAazhxyfmc])([1-9][0-9]{0,2})", re.ASCII)
_LETTERS = frozenset("WbAazhxyfmc")
_OF_LAYER_AND_DATUM = frozenset("Aazh")
_POINTWISE = frozenset({"clarke", "autodiff", "velocity", "hull"})
_RESERVED = frozenset({*_LETTERS, *_POINTWISE, "w", "L", "H", "n", "R", "empty"})
_MOST_STEPS = 400_000
_STEPS_OF_A_SIGN = 50
_PRODUCTS_IN_A_STEP = 10
_MOST_GENERATORS = 4_096
_LONGEST_RANGE = 1_000

#: How the Clarke differential of a function (or of a named problem) is known: its certificate, checked.
Sets = Callable[["Function | str"], Polytope]


@final
@dataclass(frozen=True)
class Scope:
    """What names mean: the objects, named problems, the values of bound names, and the sets.

    Parameters
    ----------
    objects : AbstractObjects or None
        None where a statement is about named problems alone.
    named : mapping of str to Point
        Named problems.
    bound : mapping of str to values
        Names that binders introduced.
    sets : callable or None
        The Clarke differentials; None where none are known.
    """

    objects: AbstractObjects | None
    named: Mapping[str, Point] = field(default_factory=dict)
    bound: Mapping[str, Any] = field(default_factory=dict)
    sets: Sets | None = None
    work: Work = field(default_factory=lambda: Work(_MOST_STEPS), compare=False)

    def binding(self, name: str, value: Any) -> Scope:
        """Return the scope with one more name, which must not mean something already."""
        if name in self.bound or name in self.named or is_reserved(name):
            raise Refused(f'"{name}" has a meaning already; choose another name')
        self.work.charge(1)
        return Scope(self.objects, self.named, {**self.bound, name: value}, self.sets, self.work)

    @property
    def here(self) -> AbstractObjects:
        """The objects of the net."""
        if self.objects is None:
            raise Refused("this statement names its problems; it has no net of its own")
        return self.objects

    # ------------------------------------------------------------------ values

    def value(self, expression: Expression) -> Any:
        """Return the value of an expression; a function stays one until it is used as a number."""
        found = self._value(expression)
        self.work.charge(1 + size_of(found))
        return found

    def _value(self, expression: Expression) -> Any:
        match expression:
            case Numeral(number):
                return self._constant(number)
            case Name(name):
                return self._named(name)
            case Operation(sign_, operands):
                return self._operation(sign_, operands)
            case Entry(whole, indices):
                return self._entry(whole, indices)
            case Call():
                return self._call(expression)

    def number(self, expression: Expression) -> Tensor:
        """Return a scalar, a vector or a matrix; a function is its value."""
        return self.plain(self.value(expression))

    def plain(self, found: Any) -> Tensor:
        """Return what a function, or a named problem, is as a number."""
        if isinstance(found, Function):
            return self.here.value(found)
        if isinstance(found, str):
            return self.named[found].value(Function("R"))
        if isinstance(found, int):
            return self._constant(Fraction(found))
        if isinstance(found, Polytope):
            raise Refused("a set where a number is needed")
        return found

    def integer(self, expression: Expression | None, what: str = "an index") -> int:
        """Return a value that has to be a whole number."""
        if expression is None:
            raise Refused(f"':' where {what} is needed")
        found = expression.value if isinstance(expression, Numeral) else self.value(expression)
        if isinstance(found, Polynomial) and set(found.terms) <= {()}:
            found = found.terms.get((), Fraction(0))
        if not isinstance(found, (int, Fraction)) or Fraction(found).denominator != 1:
            raise Refused(f"{what} that is no whole number")
        return int(found)

    def range(self, binder: Range) -> range:
        """Return the indices of a binder."""
        first, last = self.integer(binder.first), self.integer(binder.last)
        if last - first >= _LONGEST_RANGE:
            raise TooLarge("a range with too many indices")
        return range(first, last + 1)

    def _constant(self, number: Fraction) -> Scalar:
        return number if self.objects is None else self.objects.constant(number)

    def _named(self, name: str) -> Any:
        if name in self.bound:
            return self.bound[name]
        if name in self.named:
            return name
        if name in ("W", "b", "A", "a", "z", "h", "c"):
            raise Refused(f'"{name}" needs a number, as in {name}[1]')
        counts = {"L": lambda: len(self.here.weights_shape), "n": lambda: self.here.n_data}
        counts["H"] = lambda: len(self.here.weights_shape) - 1
        if name in counts:
            return counts[name]()
        if name == "w":
            return self.here.parameters
        if name == "empty":
            return Polytope(())
        if name == "R":
            return Function("R")
        if name in ("f", "m"):
            return Function(name, 0)
        if name in ("x", "y"):
            return self._datum(name, 1)
        numbered = _NUMBERED.fullmatch(name)
        if numbered:
            return self._numbered(numbered.group(1), (int(numbered.group(2)),))
        raise NoMeaning(f'"{name}" has no meaning here; {_known(self)}')

    def _datum(self, name: str, k: int) -> Tensor:
        self._check(k, self.here.n_data, "data")
        return self.here.input(k - 1) if name == "x" else self.here.label(k - 1)

    def _check(self, index: int, length: int, what: str) -> None:
        if not 1 <= index <= length:
            raise Refused(f"number {index} of {length} {what}")

    def _numbered(self, letter: str, indices: Sequence[int]) -> Any:
        """Return W[l], b[l], A[l,k], a[l,k], z[l,k], h[l,k], x[k], y[k], f[k], m[k] or c[k]."""
        objects, first = self.here, indices[0]
        n_layers = len(objects.weights_shape)
        if letter in ("f", "m"):
            self._check(first, objects.n_data, "data")
            return Function(letter, first - 1)
        if letter in ("x", "y"):
            return self._datum(letter, first)
        if letter == "c":
            self._check(first, objects.n_data, "data")
            return objects.coefficient(first - 1)
        if letter in ("W", "b"):
            self._check(first, n_layers, "layers")
            if letter == "b" and not objects.has_biases:
                raise Refused("the net has no biases")
            return (objects.weights if letter == "W" else objects.biases)[first - 1]
        datum = indices[1] if len(indices) > 1 else 1
        self._check(datum, objects.n_data, "data")
        self._check(first, n_layers - (letter != "z"), "layers")
        if letter == "z":
            return objects.preactivations(first - 1, datum - 1)
        if letter == "h":
            return objects.features(first - 1, datum - 1)
        activation = _activation_of(objects, first - 1)
        if activation.name == "relu_power" or (activation.name == "maxpool" and letter == "A"):
            raise Refused(f"{activation.name} has no diagonal matrix of slopes")
        slopes = objects.slopes(first - 1, datum - 1)
        if letter == "a":
            return slopes
        zero = objects.constant(Fraction(0))
        return tuple(tuple(slope if i == j else zero for j in range(len(slopes))) for i, slope in enumerate(slopes))

    # ------------------------------------------------------------------ parts

    def _entry(self, whole: Expression, indices: Sequence[Expression | None]) -> Any:
        if isinstance(whole, Name) and whole.name not in self.bound and whole.name in _LETTERS:
            most = 2 if whole.name in _OF_LAYER_AND_DATUM else 1
            if len(indices) > most:
                raise Refused(f'"{whole.name}" takes {most} numbers, not {len(indices)}')
            return self._numbered(whole.name, [self.integer(index) for index in indices])
        found = self.number(whole)
        chosen = [None if index is None else self.integer(index) for index in indices]
        return part(found, chosen)

    def places(self, expression: Expression) -> Tensor:
        """Return where the parameters that an expression names stand: ``W[1]``, ``W[1][2,:]``, ``w``.

        With the input as the variable, ``x`` stands for all variables.
        """
        match expression:
            case Name("w") if not self.here.is_of_input:
                return tuple(range(self.here.n_parameters))
            case Name("x" | "x1") | Entry(Name("x"), (Numeral(Fraction(numerator=1, denominator=1)),)) if (
                self.here.is_of_input
            ):
                return tuple(range(len(self.here.input(0))))
            case Name(name) if name not in self.bound:
                numbered = _NUMBERED.fullmatch(name)
                if numbered and numbered.group(1) in "Wb":
                    return self._block(numbered.group(1), int(numbered.group(2)))
            case Entry(Name(("W" | "b") as letter), (index,)):
                return self._block(letter, self.integer(index))
            case Entry(whole, indices):
                return part(self.places(whole), [None if index is None else self.integer(index) for index in indices])
            case _:
                pass
        known = "x, or an entry of it" if self.here.is_of_input else "w, W[l], b[l], or a row or entry of these"
        raise Refused(f"expected variables here: {known}")

    def _block(self, letter: str, layer: int) -> Tensor:
        if self.here.is_of_input:
            raise Refused("the input is the variable, the parameters are not")
        self._check(layer, len(self.here.weights_shape), "layers")
        if letter == "b" and not self.here.has_biases:
            raise Refused("the net has no biases")
        return (self.here.weight_places if letter == "W" else self.here.bias_places)[layer - 1]

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
            return mapped(lambda a: self._ring.quotient(a, right), left)
        check_rank(left, 0, "a power of")
        return self._ring.power(left, self.integer(operands[1], "an exponent"))

    @property
    def _ring(self) -> AbstractObjects:
        if self.objects is not None:
            return self.objects
        if not self.named:
            raise Refused("nothing is given to compute with")
        return next(iter(self.named.values()))

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
            return self._grad(arguments)
        if name == "vector":
            entries = tuple(self.number(argument) for argument in arguments)
            for entry in entries:
                check_rank(entry, 0, "a vector of")
            return entries
        if name == "hull":
            return Polytope(tuple(self._vector(argument) for argument in arguments))
        if name == "product":
            return self._set_product(arguments)
        if name not in _RULES:
            raise NoMeaning(f'"{name}" is no function; functions are {", ".join(sorted({*_RULES, *_OTHERS}))}')
        count, rule = _RULES[name]
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
                return self._constant(Fraction(0))
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
            for place in flat(self.places(block)):
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
            return self._constant(Fraction(-1)) if factor == 1 else _negated(factor), block
        return self._constant(Fraction(1)), argument

    def _vector(self, expression: Expression) -> tuple[Real, ...]:
        found = self.number(expression)
        if isinstance(found, tuple) and not (found and isinstance(found[0], tuple)):
            return found
        raise Refused("a vector is needed here")

    def _inner(self, a: Expression, b: Expression) -> Scalar:
        left, right = self.number(a), self.number(b)
        check_same_shape(left, right)
        return dot(flat(left), flat(right))

    def _norm2(self, a: Expression) -> Scalar:
        entries = flat(self.number(a))
        return dot(entries, entries)

    def _point(self, a: Expression) -> Polytope:
        return Polytope((self._vector(a),))

    def _norm(self, a: Expression) -> Real:
        squared = self._norm2(a)
        if isinstance(squared, Polynomial):
            raise Refused("a norm is no polynomial; use norm2, its square")
        return root_of(squared)

    def _absolute(self, a: Expression) -> Real:
        found: Real = self.number(a)
        if isinstance(found, (Polynomial, tuple)):
            raise Refused("an absolute value is no polynomial")
        is_negative = (sign_of(found) if isinstance(found, Enclosed) else sign(found)) < 0
        return -found if is_negative else found

    def _trace(self, a: Expression) -> Scalar:
        matrix = self.number(a)
        check_rank(matrix, 2, "the trace of")
        if len(matrix) != len(matrix[0]):
            raise Refused("the trace of a matrix that is not square")
        total = self._constant(Fraction(0))
        for i, row in enumerate(matrix):
            total = total + row[i]
        return total

    def _transpose(self, a: Expression) -> Tensor:
        matrix = self.number(a)
        if isinstance(matrix, tuple) and not (matrix and isinstance(matrix[0], tuple)):
            return (matrix,)
        check_rank(matrix, 2, "the transpose of")
        return tuple(zip(*matrix, strict=True))

    def _width(self, a: Expression) -> int:
        layer, shape = self.integer(a), self.here.weights_shape
        if not 0 <= layer <= len(shape):
            raise Refused(f"layer {layer} of {len(shape)}")
        return shape[0][1] if layer == 0 else shape[layer - 1][0]

    def _exp(self, a: Expression) -> Scalar:
        exponent = self.number(a)
        if isinstance(exponent, Polynomial) and isinstance(self.objects, Symbols):
            return self.objects.exponential(exponent)
        if isinstance(exponent, (Polynomial, tuple)):
            raise Refused("an exponential is no polynomial")
        ratio = as_rational(exponent)
        if ratio is not None:
            return exponential(ratio)
        return exponential_of(exponent)

    def _ln(self, a: Expression) -> Scalar:
        argument = self.number(a)
        if isinstance(argument, Polynomial) and isinstance(self.objects, Symbols):
            return self.objects.logarithm(argument)
        if isinstance(argument, (Polynomial, tuple)):
            raise Refused("a logarithm is no polynomial")
        if (sign_of(argument) if isinstance(argument, Enclosed) else sign(argument)) <= 0:
            raise Refused("a logarithm of a number that is not positive")
        return logarithm(argument)

    # ------------------------------------------------------------------ derivatives and sets

    def _function(self, expression: Expression) -> Function | str:
        found = self.value(expression)
        if isinstance(found, Function) or (isinstance(found, str) and found in self.named):
            return found
        raise Refused("a function is needed here: f, f[k], m[k], R, or a named problem")

    def _grad(self, arguments: Sequence[Expression]) -> Tensor:
        if len(arguments) == 1:
            found = self._is_block(arguments[0])
            if found is not None:
                return gathered(found, self.here.gradient(Function("f", 0)))
            function = self._function(arguments[0])
            objects = self.named[function] if isinstance(function, str) else self.here
            return objects.gradient(Function("R") if isinstance(function, str) else function)
        if len(arguments) != 2:
            raise Refused(f"grad takes a function and parameters, not {len(arguments)} arguments")
        function = self.value(arguments[0])
        if not isinstance(function, (Function, str)):
            return self._derivatives(arguments[0], self.places(arguments[1]))
        if isinstance(function, str):
            raise Refused("the gradient of a named problem is taken in all its variables")
        return gathered(self.places(arguments[1]), self.here.gradient(function))

    def _derivatives(self, expression: Expression, places: Tensor) -> Tensor:
        """Return the partial derivatives of a polynomial in the objects of the net, on a piece."""
        objects = self.here
        if objects.is_of_input:
            raise Refused("the derivative of an expression, in the input")
        if isinstance(objects, Symbols):
            return objects.derivatives(scalar_of(self.number(expression), objects), places)
        if not isinstance(objects, Point):
            raise Refused("a derivative at no point")
        symbols = objects.shape
        found = scalar_of(self.on_shape(symbols).number(expression), symbols)
        symbols.at(found, objects)  # refused where a slope that it speaks of is not defined
        return mapped(lambda entry: symbols.at(entry, objects), symbols.derivatives(found, places))

    def on_shape(self, symbols: Symbols) -> Scope:
        """Return the scope of all weights with these data; bound numbers stay what they are."""
        bound = {
            name: symbols.constant(value) if isinstance(value, Fraction) else value
            for name, value in self.bound.items()
            if isinstance(value, (int, Fraction))
        }
        return Scope(symbols, bound=bound, work=self.work)

    def _part(self, a: Expression, block: Expression) -> Tensor:
        """Return the entries of a vector of derivatives in all parameters that belong to some of these."""
        vector, places = self._vector(a), self.places(block)
        if self.here.is_of_input or len(vector) != self.here.n_parameters:
            raise Refused("part(s, W[l]) needs a vector with an entry for each parameter")
        return gathered(places, vector)

    def _is_block(self, expression: Expression) -> Tensor | None:
        try:
            return self.places(expression)
        except Refused:
            return None

    def _clarke(self, expression: Expression) -> Polytope:
        if self.sets is None:
            raise Refused("a Clarke differential is that of a point")
        return self.sets(self._function(expression))

    def _autodiff(self, expression: Expression) -> tuple[Real, ...]:
        function = self._function(expression)
        if isinstance(function, str):
            return self.named[function].by_convention(Function("R"), "autodiff")
        if not isinstance(self.here, Point):
            raise Refused("what automatic differentiation returns is asked at a point")
        return self.here.by_convention(function, "autodiff")

    def _velocity(self, expression: Expression) -> tuple[Real, ...]:
        found = self._clarke(expression)
        if found.shortest is None:
            raise Refused("the shortest element is not known")
        return tuple(-entry for entry in found.shortest)

    def _derivative(self, expression: Expression) -> tuple[Real, ...]:
        found = self._clarke(expression)
        if found.derivative is None:
            raise Refused("nothing shows that the function is differentiable there")
        return found.derivative

    def _problem(self, expression: Expression) -> Problem:
        """Return the problem whose objective a function is."""
        function = self._function(expression)
        if isinstance(function, str):
            return self.named[function].problem
        if not isinstance(self.here, Point):
            raise Refused("this is asked at a point")
        return self.here.of(function)

    def _directional(self, function: Expression, direction: Expression) -> Real:
        gradients = Gradients(self._problem(function))
        entries = [as_rational(entry) for entry in self._vector(direction)]
        if len(entries) != len(gradients.problem.point):
            raise Refused("a direction has an entry for every variable")
        rational = [entry for entry in entries if entry is not None]
        if len(rational) != len(entries):
            raise Refused("a direction that is not rational")
        return directional_derivative(gradients, rational)

    def _subdifferential(self, function: Expression) -> Polytope:
        problem = self._problem(function)
        found = of_input(problem).subgradients(problem.point[0])
        return Polytope(() if found is None else tuple((end,) for end in dict.fromkeys(found)))

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


# Functions that read their arguments in a way of their own.
_OTHERS = ("grad", "vector", "hull", "product")

# The functions of one or two expressions, with their number of arguments.
_RULES: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "inner": (2, Scope._inner),
    "norm2": (1, Scope._norm2),
    "norm": (1, Scope._norm),
    "trace": (1, Scope._trace),
    "transpose": (1, Scope._transpose),
    "width": (1, Scope._width),
    "part": (2, Scope._part),
    "exp": (1, Scope._exp),
    "ln": (1, Scope._ln),
    "clarke": (1, Scope._clarke),
    "autodiff": (1, Scope._autodiff),
    "velocity": (1, Scope._velocity),
    "derivative": (1, Scope._derivative),
    "directional": (2, Scope._directional),
    "subdifferential": (1, Scope._subdifferential),
    "point": (1, Scope._point),
    "abs": (1, Scope._absolute),
}


def is_reserved(name: str) -> bool:
    """Return whether a name has a meaning of its own, so that nothing else may be called by it.

    Examples
    --------
    >>> is_reserved("f"), is_reserved("W12"), is_reserved("s")
    (True, True, False)
    """
    return name in _RESERVED or _NUMBERED.fullmatch(name) is not None


def scalar_of(found: Any, objects: AbstractObjects | None) -> Scalar:
    """Return a value that has to be a scalar; a polynomial with a² = a used."""
    check_rank(found, 0, "a comparison of")
    return objects.reduced(found) if isinstance(objects, Symbols) and isinstance(found, Polynomial) else found


def _known(scope: Scope) -> str:
    return "names are f, m, R, W[l], b[l], w, x[k], y[k], A[l,k], a[l,k], z[l,k], h[l,k], c[k], L, H, n" + (
        f", {', '.join(scope.named)}" if scope.named else ""
    )


def _activation_of(objects: AbstractObjects, layer: int) -> Any:
    return objects.problem.activations[layer]


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
