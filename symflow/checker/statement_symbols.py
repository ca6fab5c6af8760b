"""All nets of a shape at once: every object of a statement as a polynomial in symbols.

Examples
--------
>>> from symflow.checker.statement_shapes import read_shape
>>> shape = Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]}))
>>> shape.value(Function("f", 0))
Polynomial({(0, 1, 2, 3): 1})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import final

from symflow.checker.polynomials import Monomial, Polynomial, Rational, partial_derivatives, sum_of_products
from symflow.checker.reading import Refused, TooLarge
from symflow.checker.statement_objects import HIGHEST_POWER, AbstractObjects, Function, Scalar, Tensor
from symflow.checker.statement_shapes import Shape
from symflow.checker.statement_tensors import mapped

_MOST_SYMBOLS = 20_000
_MOST_TERMS = 400_000  # of all preactivations and features
_HIGHEST_DEGREE = 2_000
_MOST_BITS = 1_000_000
_WITH_LOSS = ("risk", "log_sum_exp")


@final
class Symbols(AbstractObjects):
    """A shape; the data are symbols, unless a problem gives them.

    Examples
    --------
    The output of a 1-1-1 net is w2 a w1 x, where the symbols are w1, w2, x, a; others are made when they are asked for:

    >>> from symflow.checker.statement_shapes import read_shape
    >>> shape = Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]}))
    >>> shape.value(Function("f", 0))
    Polynomial({(0, 1, 2, 3): 1})
    >>> shape.names
    ('W1[1,1]', 'W2[1,1]', 'x[1][1]', 'a[1,1][1]')
    """

    def __init__(self, shape: Shape) -> None:
        problem = shape.template if shape.problem is None else shape.problem
        self.problem, self.given = problem, shape.problem
        self.is_of_input = False
        if problem.variable == "input":
            raise Refused("a statement on all weights, of a function of the input")
        self.weights_shape = tuple((len(matrix), len(matrix[0])) for matrix in problem.weights)
        self.has_biases = problem.biases is not None
        self.n_data = len(problem.inputs)
        n_units = sum(len(matrix) for matrix in problem.weights[:-1])
        if self.n_data * (n_units + len(problem.weights[0][0]) + 2) > _MOST_SYMBOLS:
            raise TooLarge("a shape with too many symbols")
        # A datum that is given twice has the slopes of the first: it has its preactivations.
        places: dict[tuple[Fraction, ...], int] = {}
        inputs = () if self.given is None else problem.inputs
        self._first = [places.setdefault(x, datum) for datum, x in enumerate(inputs)]
        self._n_terms = 0
        self._names = list(problem.names)
        self._idempotent: set[int] = set()
        self._signs: set[int] = set()
        self._slope_places: dict[int, tuple[int, int, int]] = {}
        self._dependent: set[int] = set()
        self.positive: set[int] = set()
        self._sums_of_squares: set[int] = set()
        self._transcendental: dict[tuple[str, frozenset[tuple[Monomial, Rational]]], Polynomial] = {}
        # Symbols of the data are made when they are first spoken of.
        self._inputs: dict[int, tuple[Polynomial, ...]] = {}
        self._labels: dict[int, Polynomial] = {}
        self._slopes: dict[tuple[int, int], tuple[Polynomial, ...]] = {}
        self._coefficients: dict[int, Polynomial] = {}
        self._forward: dict[int, tuple[list[tuple[Polynomial, ...]], list[tuple[Polynomial, ...]]]] = {}
        self._gradients: dict[int, tuple[Polynomial, ...]] = {}
        self._losses: list[Polynomial] = []

    @property
    def names(self) -> tuple[str, ...]:
        """All symbols, in order."""
        return tuple(self._names)

    @property
    def bits(self) -> frozenset[int]:
        """The symbols that are 0 or 1: the slopes of relu."""
        return frozenset(self._idempotent)

    @property
    def never_negative(self) -> frozenset[int]:
        """The symbols that are positive, 0 or 1, or a sum of squares."""
        return frozenset(self.positive | self._idempotent | self._sums_of_squares)

    def positive_symbol(self, name: str) -> Polynomial:
        """Return a new symbol for a positive number."""
        found = self._symbol(name)
        self.positive |= {max(found.terms)[0]}
        return found

    def reduced(self, a: Polynomial) -> Polynomial:
        """Use a² = a for the slopes of relu, and a² = 1 for those of abs.

        Examples
        --------
        >>> from symflow.checker.statement_shapes import read_shape
        >>> shape = Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]}))
        >>> slope = shape.slopes(0, 0)[0]
        >>> shape.reduced(slope * slope - slope)
        Polynomial({})
        """
        if not a.terms or not (self._idempotent or self._signs):
            return a
        terms: dict[Monomial, Rational] = {}
        for monomial, c in a.terms.items():
            if len(set(monomial)) == len(monomial):
                terms[monomial] = terms.get(monomial, 0) + c
                continue
            kept: list[int] = []
            for variable in monomial:
                if kept and kept[-1] == variable:
                    if variable in self._idempotent:
                        continue
                    if variable in self._signs:
                        kept.pop()
                        continue
                kept.append(variable)
            key = tuple(kept)
            terms[key] = terms.get(key, 0) + c
        return Polynomial(terms)

    # ------------------------------------------------------------------ the objects

    @cached_property
    def parameters(self) -> tuple[Polynomial, ...]:
        """All weights and biases."""
        return tuple(Polynomial.variable(i) for i in range(self.n_parameters))

    def input(self, datum: int) -> tuple[Polynomial, ...]:
        """Return a datum."""
        if datum not in self._inputs:
            self._inputs[datum] = self._input(datum)
        return self._inputs[datum]

    def label(self, datum: int) -> Polynomial:
        """Return its label."""
        if datum not in self._labels:
            self._labels[datum] = self._label(datum)
        return self._labels[datum]

    def slopes(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        """Return the slopes of a hidden layer."""
        datum = self._first[datum] if datum < len(self._first) else datum
        if (layer, datum) not in self._slopes:
            self._slopes[layer, datum] = self._slopes_of(layer, datum)
        return self._slopes[layer, datum]

    def coefficient(self, datum: int) -> Polynomial:
        """Return ∂R/∂f_k."""
        if datum not in self._coefficients:
            self._coefficients[datum] = self._coefficient(datum)
        return self._coefficients[datum]

    def derivatives(self, polynomial: Scalar, places: Tensor) -> Tensor:
        """Return partial derivatives, the slopes of all units held, as on a piece.

        Examples
        --------
        >>> from symflow.checker.statement_shapes import read_shape
        >>> shape = Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]}))
        >>> shape.derivatives(shape.value(Function("f", 0)), (0, 1))
        (Polynomial({(1, 2, 3): 1}), Polynomial({(0, 2, 3): 1}))
        """
        if any(variable in self._dependent for monomial in polynomial.terms for variable in monomial):
            raise Refused("the derivative of something that has R or c[k] in it; write grad(R, ..) itself")
        partials = partial_derivatives(polynomial)
        return mapped(lambda place: partials.get(place, _NONE), places)

    def at(self, polynomial: Polynomial, point: AbstractObjects) -> Scalar:
        """Return the value at a point with these data, where all units that occur have slopes."""
        total: Scalar = Fraction(0)
        for monomial, c in polynomial.terms.items():
            term: Scalar = c
            for variable in monomial:
                term = term * self._value_at(variable, point)
            total = total + term
        return total

    def _value_at(self, variable: int, point: AbstractObjects) -> Scalar:
        if variable < self.n_parameters:
            return point.parameters[variable]
        if variable not in self._slope_places:
            raise Refused(f"{self._names[variable]} has no value here")
        layer, datum, row = self._slope_places[variable]
        if self.problem.activations[layer].power > 1:
            raise Refused("a power of relu in something that is differentiated")
        return point.slopes(layer, datum)[row]

    def preactivations(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        """Return the preactivations of a layer."""
        return self._passed(datum)[0][layer]

    def features(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        """Return the features of a hidden layer."""
        return self._passed(datum)[1][layer + 1]

    def value(self, function: Function, scaled: Mapping[int, Scalar] | None = None) -> Polynomial:
        """Return a value; factors of parameters have to be such that no slope changes."""
        if function.kind == "R":
            if scaled is not None:
                raise Refused("the risk at other parameters is no polynomial")
            return self._risk()
        if function.datum is None:
            raise Refused("a function of no datum")
        found = self.preactivations(len(self.weights_shape) - 1, function.datum)[self.problem.output]
        if scaled:
            self._check_slopes_stay(function.datum, scaled)
            found = _substituted(found, scaled)
        return found * self.label(function.datum) if function.kind == "m" else found

    def gradient(self, function: Function) -> tuple[Polynomial, ...]:
        """Return the gradient in the parameters, on a piece."""
        if function.kind == "R":
            slopes = [self.coefficient(datum) for datum in range(self.n_data)]
            columns = zip(*map(self._gradient, range(self.n_data)), strict=True)
            return tuple(sum_of_products(zip(slopes, column, strict=True)) for column in columns)
        if function.datum is None:
            raise Refused("a function of no datum")
        found = self._gradient(function.datum)
        if function.kind == "m":
            return tuple(entry * self.label(function.datum) for entry in found)
        return found

    def constant(self, value: Fraction) -> Polynomial:
        """Return a rational number."""
        return Polynomial.constant(value)

    def quotient(self, a: Scalar, b: Scalar) -> Polynomial:
        """Return a/b, where b is a number."""
        if set(b.terms) != {()}:
            raise Refused("a division by something that is not a number: no polynomial identity")
        found: Polynomial = a * (Fraction(1) / b.terms[()])
        return found

    def power(self, a: Scalar, exponent: int) -> Polynomial:
        """Return a to a natural number."""
        if not 0 <= exponent <= HIGHEST_POWER:
            raise Refused(f"an exponent that is not one of 0 to {HIGHEST_POWER}")
        degree = max(map(len, a.terms), default=0)
        bits = max((c.numerator.bit_length() + c.denominator.bit_length() for c in a.terms.values()), default=0)
        if exponent * degree > _HIGHEST_DEGREE or exponent * bits > _MOST_BITS:
            raise TooLarge("a power too high for the checker")
        total = Polynomial.constant(Fraction(1))
        for _ in range(exponent):
            self._charge(len(total.terms) * len(a.terms))
            total = total * a
        return total

    # ------------------------------------------------------------------ symbols

    def _symbol(self, name: str) -> Polynomial:
        self._names.append(name)
        return Polynomial.variable(len(self._names) - 1)

    def _input(self, datum: int) -> tuple[Polynomial, ...]:
        if self.given is not None:
            return tuple(Polynomial.constant(entry) for entry in self.given.inputs[datum])
        return tuple(self._symbol(f"x[{datum + 1}][{i + 1}]") for i in range(self.weights_shape[0][1]))

    def _label(self, datum: int) -> Polynomial:
        if self.given is not None and datum < len(self.given.labels):
            return Polynomial.constant(self.given.labels[datum])
        return self._symbol(f"y[{datum + 1}]")

    def _slopes_of(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        activation, n_rows = self.problem.activations[layer], self.weights_shape[layer][0]
        if activation.name == "identity":
            return (Polynomial.constant(Fraction(1)),) * n_rows
        found = tuple(self._symbol(f"a[{layer + 1},{datum + 1}][{row + 1}]") for row in range(n_rows))
        places = range(len(self._names) - n_rows, len(self._names))
        self._slope_places |= {place: (layer, datum, row) for row, place in enumerate(places)}
        if activation.name in ("relu", "relu_power"):
            self._idempotent |= set(places)
        elif activation.name == "abs":
            self._signs |= set(places)
        return found

    def _coefficient(self, datum: int) -> Polynomial:
        problem = self.given
        if problem is not None and problem.kind in ("output", "combination"):
            return Polynomial.constant(problem.coefficients[datum])
        self._dependent.add(len(self._names))
        return self._symbol(f"c[{datum + 1}]")

    def _risk(self) -> Polynomial:
        problem = self.given
        if problem is not None and problem.kind in ("output", "combination"):
            total = Polynomial({})
            for datum, c in enumerate(problem.coefficients):
                total = total + self.value(Function("f", datum)) * c
            return total
        if not self._losses:
            self._dependent.add(len(self._names))
            self._losses = [self._symbol("R")]
            if problem is not None and problem.kind == "risk" and problem.loss in ("exponential", "logistic"):
                self.positive |= {len(self._names) - 1}
            elif problem is not None and problem.kind == "risk":
                self._sums_of_squares |= {len(self._names) - 1}
        return self._losses[0]

    # ------------------------------------------------------------------ exponentials, logarithms, and signs

    def exponential(self, exponent: Polynomial) -> Polynomial:
        """Return e to a polynomial: a positive symbol, the same for the same polynomial.

        Examples
        --------
        >>> from symflow.checker.statement_shapes import read_shape
        >>> shape = Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]}))
        >>> found = shape.exponential(shape.value(Function("f", 0)))
        >>> found == shape.exponential(shape.value(Function("f", 0))), shape.sign(found)
        (True, 1)
        """
        exponent = self.reduced(exponent)
        return self._of_polynomial("exp", exponent) if exponent.terms else Polynomial.constant(Fraction(1))

    def logarithm(self, argument: Polynomial) -> Polynomial:
        """Return the logarithm of a polynomial that is seen to be positive: a symbol; positive, if that is seen."""
        argument = self.reduced(argument)
        if self.sign(argument) != 1:
            raise Refused("a logarithm of something that is not seen to be positive everywhere")
        found = self._of_polynomial("ln", argument)
        if self.sign(argument - Polynomial.constant(Fraction(1))) == 1:
            self.positive |= {_index(found)}
        else:
            self.positive -= {_index(found)}
        return found

    def _of_polynomial(self, function: str, argument: Polynomial) -> Polynomial:
        key = function, frozenset(argument.terms.items())
        if key not in self._transcendental:
            text = " + ".join("*".join([str(c), *(self._names[i] for i in m)]) for m, c in argument.terms.items())
            self._dependent.add(len(self._names))
            self._transcendental[key] = self.positive_symbol(f"{function}({text})")
        return self._transcendental[key]

    def sign(self, a: Polynomial) -> int | None:
        """Return 1 for a polynomial that is positive everywhere, 0 for one that is never negative; None if unseen.

        It is seen of a sum of positive numbers times squares, positive symbols, and symbols that are 0 or 1.

        Examples
        --------
        >>> from symflow.checker.statement_shapes import read_shape
        >>> shape = Symbols(read_shape({"widths": [1, 1, 1], "activation": ["relu"]}))
        >>> w, a = shape.parameters[0], shape.slopes(0, 0)[0]
        >>> shape.sign(w * w * a), shape.sign(w * w + shape.constant(Fraction(1))), shape.sign(w)
        (0, 1, None)
        """
        never_negative = self.never_negative
        for monomial, c in a.terms.items():
            odd = {variable for variable in monomial if monomial.count(variable) % 2}
            if c < 0 or not never_negative.issuperset(odd):
                return None
        return int(any(self.positive.issuperset(monomial) for monomial, c in a.terms.items() if c))

    @property
    def of_risk(self) -> dict[int, int | None]:
        """The symbols that stand for the risk (None) and for its slopes (the datum)."""
        found: dict[int, int | None] = {_index(loss): None for loss in self._losses}
        slopes = {k: c for k, c in self._coefficients.items() if self.given is None or self.given.kind in _WITH_LOSS}
        return found | {_index(c): k for k, c in slopes.items()}

    def _passed(self, datum: int) -> tuple[list[tuple[Polynomial, ...]], list[tuple[Polynomial, ...]]]:
        """Return preactivations and features of all layers, the features from the input on."""
        if datum not in self._forward:
            rows: list[tuple[Polynomial, ...]] = []
            features = [self.input(datum)]
            for layer, places in enumerate(self.weight_places):
                z = []
                for row, columns in enumerate(places):
                    pairs = [(self.parameters[i], h) for i, h in zip(columns, features[-1], strict=True) if h]
                    if self.has_biases:
                        pairs.append((self.parameters[self.bias_places[layer][row]], _ONE))
                    self._charge(sum(len(feature.terms) for _, feature in pairs))
                    z.append(sum_of_products(pairs))
                rows.append(tuple(z))
                if layer < self.problem.n_hidden:
                    features.append(self._activated(layer, datum, z))
            self._forward[datum] = rows, features
        return self._forward[datum]

    def _charge(self, n_terms: int) -> None:
        self._n_terms += n_terms
        if self._n_terms > _MOST_TERMS:
            raise TooLarge("a shape whose polynomials have too many terms")

    def _activated(self, layer: int, datum: int, z: Sequence[Polynomial]) -> tuple[Polynomial, ...]:
        activation = self.problem.activations[layer]
        units = [Polynomial({})] * activation.n_units(len(z))
        for row, (slope, value) in enumerate(zip(self.slopes(layer, datum), z, strict=True)):
            power = value
            for _ in range(activation.power - 1):
                power = power * value
            unit = activation.unit_of_row(row)
            units[unit] = units[unit] + self.reduced(power * slope)
        return tuple(units)

    def _gradient(self, datum: int) -> tuple[Polynomial, ...]:
        if datum not in self._gradients:
            partials = partial_derivatives(self.value(Function("f", datum)))
            self._gradients[datum] = tuple(partials.get(place, _NONE) for place in range(self.n_parameters))
        return self._gradients[datum]

    def _check_slopes_stay(self, datum: int, scaled: Mapping[int, Scalar]) -> None:
        """Refuse factors of parameters unless each preactivation that decides on a slope has a positive factor.

        The members of a pool have to be multiplied by the same, so that the winner stays.
        """
        one = self.constant(Fraction(1))
        below: list[Polynomial | None] = [one] * self.weights_shape[0][1]
        for layer, activation in enumerate(self.problem.activations):
            rows = []
            for row, places in enumerate(self.weight_places[layer]):
                factors = [
                    None if unit is None else unit * scaled.get(place, one)
                    for place, unit, feature in zip(places, below, self._features_below(layer, datum), strict=True)
                    if feature
                ]
                if self.has_biases:
                    factors.append(scaled.get(self.bias_places[layer][row], one))
                rows.append(_common(factors) if factors else one)
            for group in activation.groups:
                common = _common([rows[row] for row in group])
                for row in group:
                    rows[row] = common
            if activation.name != "identity" and not all(map(self._is_positive, rows)):
                raise Refused(
                    "a factor that may not be positive, or that not all weights of a unit have: slopes change"
                )
            below = [one] * activation.n_units(len(rows))
            for row, found in enumerate(rows):
                below[activation.unit_of_row(row)] = None if found is None else self.power(found, activation.power)

    def _features_below(self, layer: int, datum: int) -> tuple[Polynomial, ...]:
        return self._passed(datum)[1][layer]

    def _is_positive(self, factor: Polynomial | None) -> bool:
        terms = {} if factor is None else factor.terms
        return bool(terms) and all(c > 0 and self.positive.issuperset(monomial) for monomial, c in terms.items())


_ONE = Polynomial.constant(1)
_NONE = Polynomial({})


def _index(symbol: Polynomial) -> int:
    return max(symbol.terms)[0]


def _common(factors: Sequence[Polynomial | None]) -> Polynomial | None:
    first = factors[0]
    is_common = first is not None and all(each is not None and each.terms == first.terms for each in factors)
    return first if is_common else None


def _substituted(a: Polynomial, scaled: Mapping[int, Scalar]) -> Polynomial:
    total = Polynomial({})
    for monomial, c in a.terms.items():
        term = Polynomial({monomial: c})
        for variable in monomial:
            factor = scaled.get(variable)
            if isinstance(factor, Polynomial):
                term = term * factor
        total = total + term
    return total
