"""The objects of the statement language as terms of Coq: on a shape, or at a point.

The evaluator of the checker walks a statement; what it finds here are terms. f is ``value`` of the net with maxima,
a gradient is a name whose meaning the theorem states (``has_slope``), and the parameters are themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, final

from symflow.checker.statement_objects import AbstractObjects, Function
from symflow.checker.statement_point import Point
from symflow.checker.statement_symbols import Symbols
from symflow.exports.nets import Net, Scalar, check_unitwise
from symflow.exports.script import NotExportedError
from symflow.exports.terms import Term, identifier, shown


@final
class Terms(AbstractObjects):
    """A net whose values are terms.

    Parameters
    ----------
    known : Symbols or Point
        The checker's objects, whose names or numbers are written.
    instead : mapping, optional
        Other texts for some parameters.
    positive : names, optional
        What a statement calls positive numbers.

    Examples
    --------
    >>> from symflow.checker.statement_shapes import read_shape
    >>> terms = Terms(Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]})))
    >>> str(terms.value(Function("f", 0)))
    '(value 0%nat [(relu, [[W1_1_1]], [])] [[W2_1_1]] [] [x1_1])'
    """

    def __init__(
        self, known: Symbols | Point, instead: Mapping[int, str] | None = None, positive: Iterable[str] = ()
    ) -> None:
        self.known = known
        self.problem = known.problem
        self.weights_shape = known.weights_shape
        self.has_biases = known.has_biases
        self.n_data = known.n_data
        self.is_of_input = known.is_of_input
        self.instead = dict(instead or {})
        #: (datum, variable) for each derivative that was spoken of.
        self.derivatives: dict[tuple[int, int], str] = {}
        #: (datum, layer, unit) of each value, and of each feature, that was spoken of.
        self.values: dict[tuple[int, int, int], None] = {}
        self.features_used: dict[tuple[int, int, int], None] = {}
        self.slopes_used: set[int] = set()
        #: The data on which f was taken at multiples of parameters, and these.
        self.scaled: list[tuple[int, dict[int, Any]]] = []
        self.positive = frozenset(positive)

    @property
    def is_symbolic(self) -> bool:
        """Whether the parameters are names."""
        return isinstance(self.known, Symbols)

    # ------------------------------------------------------------------ the net

    @cached_property
    def parameters(self) -> tuple[Any, ...]:
        """All weights and biases."""
        if isinstance(self.known, Symbols):
            found: list[Any] = [Term(identifier(name)) for name in self.problem.names]
        else:
            found = list(self.known.parameters)
        for place, text in self.instead.items():
            found[place] = Term(text)
        return tuple(found)

    @cached_property
    def net(self) -> Net:
        """The net."""
        inputs = tuple(tuple(self.input(k)) for k in range(self.n_data))
        return Net(self.problem, self.parameters, inputs)

    def cell_slopes(self, datum: int) -> list[list[Scalar]]:
        """Return the slopes of all hidden units, as they stand in ``on_cell``."""
        return [list(self.slopes(layer, datum)) for layer in range(self.problem.n_hidden)]

    # ------------------------------------------------------------------ objects

    def input(self, datum: int) -> tuple[Any, ...]:
        """Return a datum."""
        if isinstance(self.known, Point):
            return self.known.input(datum)
        if self.known.given is not None:
            return self.known.given.inputs[datum]
        return tuple(Term(f"x{datum + 1}_{i + 1}") for i in range(self.weights_shape[0][1]))

    def label(self, datum: int) -> Any:
        """Return its label."""
        if isinstance(self.known, Point):
            return self.known.label(datum)
        if self.known.given is not None and datum < len(self.known.given.labels):
            return self.known.given.labels[datum]
        return Term(f"y{datum + 1}")

    def slopes(self, layer: int, datum: int) -> tuple[Any, ...]:
        """Return the slopes of a hidden layer."""
        check_unitwise(self.problem)
        self.slopes_used.add(datum)
        n_rows = self.weights_shape[layer][0]
        if self.problem.activations[layer].name == "identity":
            return (Fraction(1),) * n_rows
        if isinstance(self.known, Point):
            return self.known.slopes(layer, datum)
        return tuple(Term(f"a{layer + 1}_{datum + 1}_{row + 1}") for row in range(n_rows))

    def preactivations(self, layer: int, datum: int) -> tuple[Any, ...]:
        """Return the preactivations of a layer."""
        for row in range(self.weights_shape[layer][0]):
            self.values[datum, layer, row] = None
        return tuple(self.net.value(datum, layer, row) for row in range(self.weights_shape[layer][0]))

    def features(self, layer: int, datum: int) -> tuple[Any, ...]:
        """Return the features of a hidden layer."""
        for row in range(self.weights_shape[layer][0]):
            self.features_used[datum, layer, row] = None
        return tuple(self.net.feature(datum, layer, row) for row in range(self.weights_shape[layer][0]))

    def value(self, function: Function, scaled: Mapping[int, Any] | None = None) -> Any:
        """Return a value."""
        if scaled:
            return self._at_scaled(function, scaled)
        if function.kind == "R":
            return self._risk()
        assert function.datum is not None
        self.values[function.datum, self.problem.n_hidden, self.problem.output] = None
        f = self.net.value(function.datum)
        return self.label(function.datum) * f if function.kind == "m" else f

    def gradient(self, function: Function) -> tuple[Any, ...]:
        """Return the gradient: names of derivatives."""
        if isinstance(self.known, Point):
            self.known.gradient(function)  # refuses where there is none
        n = len(self.problem.point)
        if function.kind != "R":
            assert function.datum is not None
            factor = 1 if function.kind == "f" else self.label(function.datum)
            return tuple(_times(factor, self.derivative(function.datum, i)) for i in range(n))
        totals: list[Any] = []
        for i in range(n):
            parts = [_times(self.coefficient(k), self.derivative(k, i)) for k in range(self.n_data)]
            total = parts[0]
            for each in parts[1:]:
                total = total + each
            totals.append(total)
        return tuple(totals)

    def derivative(self, datum: int, variable: int) -> Term:
        """Return the name of the derivative of f on a datum by a variable."""
        self.slopes_used.add(datum)
        names = self.problem.names
        name = f"d{datum + 1}_{identifier(names[variable])}"
        self.derivatives[datum, variable] = name
        return Term(name)

    def constant(self, value: Fraction) -> Any:
        """Return a rational number."""
        return value

    def quotient(self, a: Any, b: Any) -> Any:
        """Return a/b."""
        if isinstance(b, (int, Fraction)):
            return a * (1 / Fraction(b))
        return Term(f"({shown(a)} / {shown(b)})")

    def power(self, a: Any, exponent: int) -> Any:
        """Return a to a natural number."""
        if not 0 <= exponent <= 64:
            raise NotExportedError("an exponent that is not one of 0 to 64")
        if isinstance(a, (int, Fraction)):
            return Fraction(a) ** exponent
        if not exponent:
            return Fraction(1)
        return Term(f"({' * '.join([shown(a)] * exponent)})")

    # ------------------------------------------------------------------ the objective

    def coefficient(self, datum: int) -> Any:
        """Return c of a datum: the derivative of the objective by its output."""
        problem = self.known.problem if isinstance(self.known, Point) else self.known.given
        if problem is not None and problem.kind in ("output", "combination"):
            return problem.coefficients[datum]
        if isinstance(self.known, Symbols):
            return Term(f"c{datum + 1}")
        if self.problem.loss == "squared":
            f = self.value(Function("f", datum))
            return (f - self.problem.labels[datum]) * Fraction(1, self.problem.divisor)
        raise NotExportedError("a gradient with exponentials in it")

    def _risk(self) -> Any:
        problem = self.known.problem if isinstance(self.known, Point) else self.known.given
        if problem is not None and problem.kind in ("output", "combination"):
            total: Any = 0
            for datum, c in enumerate(problem.coefficients):
                total = self.value(Function("f", datum)) * c + total
            return total
        if isinstance(self.known, Symbols):
            return Term("R0")
        if self.problem.loss == "squared":
            total = 0
            for datum in range(self.n_data):
                difference = self.value(Function("f", datum)) - self.problem.labels[datum]
                total = difference * difference * Fraction(1, 2 * self.problem.divisor) + total
            return total
        raise NotExportedError("a value with exponentials in it")

    def _at_scaled(self, function: Function, scaled: Mapping[int, Any]) -> Any:
        """Return a value at multiples of the parameters; with symbols, by numbers or names that are positive."""
        if function.datum is None:
            raise NotExportedError("a risk at multiples of the weights")
        if self.is_symbolic:
            for factor in scaled.values():
                is_positive = factor > 0 if isinstance(factor, (int, Fraction)) else str(factor) in self.positive
                if not is_positive:
                    raise NotExportedError("parameters times what is not a positive number or name")
            known = dict(scaled)
            if (function.datum, known) not in self.scaled:
                self.scaled.append((function.datum, known))
        self.values[function.datum, self.problem.n_hidden, self.problem.output] = None
        f = self.scaled_net(scaled).value(function.datum)
        return self.label(function.datum) * f if function.kind == "m" else f

    def scaled_net(self, scaled: Mapping[int, Any]) -> Net:
        """Return the net with some parameters multiplied."""
        entries = list(self.parameters)
        for place, factor in scaled.items():
            if factor != 1 or isinstance(factor, Term):
                entries[place] = factor * entries[place]
        return Net(self.problem, tuple(entries), self.net.inputs)


def _times(factor: Any, derivative: Term) -> Term:
    return derivative if factor == 1 and not isinstance(factor, Term) else factor * derivative
