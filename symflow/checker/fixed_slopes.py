"""One output of a net whose slopes are fixed: the functions that drive a gradient flow, and their gradients.

The pieces of an activation cell are c z^p, with a coefficient c for every row. The same net with other coefficients is
a path monomial (one row of each layer has c = 1, the others 0) or an entry of the end-to-end matrix of a linear net
(all are 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symflow.checker.nested_duals import Element, NestedDuals
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import WINNERS, Problem
from symflow.checker.reading import Refused, TooLarge

_ONE, _ZERO = Fraction(1), Fraction(0)

# Of an output, written out as a polynomial.
_MOST_TERMS = 100_000


@dataclass(frozen=True, slots=True)
class FixedSlopes:
    """An output (from 0) at an input, with a coefficient for every row of the hidden layers, and which biases count."""

    input: tuple[Fraction, ...]
    slopes: tuple[tuple[Fraction, ...], ...]
    has_bias: tuple[bool, ...]
    output: int


def unit_input(problem: Problem, place: int) -> tuple[Fraction, ...]:
    """Return the input that is 1 at a place (from 1) and 0 elsewhere; all 0 for the place 0."""
    return tuple(_ONE if i == place else _ZERO for i in range(1, len(problem.weights[0][0]) + 1))


def on_word(problem: Problem, x: Sequence[Fraction], word: str, output: int) -> FixedSlopes:
    """Return an output (from 0) at an input, on the pieces that a datum's word names.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["abs"], "weights": [[["1"], ["2"]], [["1", "1"]]]},
    ...     "data": {"inputs": [["1"]]}, "objective": {},
    ... })
    >>> on_word(problem, [Fraction(1)], "+-", 0).slopes
    ((Fraction(1, 1), Fraction(-1, 1)),)
    """
    slopes: list[tuple[Fraction, ...]] = []
    start = 0
    for layer, activation in enumerate(problem.activations):
        n_rows = len(problem.weights[layer])
        row = [_ONE] * n_rows
        if activation.name != "identity":
            n_units = activation.n_units(n_rows)
            part = word[start : start + n_units]
            start += n_units
            if len(part) != n_units:
                raise Refused("the word does not fit the network", "pattern")
            for unit, character in enumerate(part):
                if activation.name == "maxpool":
                    group = activation.groups[unit]
                    if character not in WINNERS[: len(group)]:
                        raise Refused(f"the character {character!r} cannot stand there", "pattern")
                    for place, member in enumerate(group):
                        row[member] = Fraction(int(place == WINNERS.index(character)))
                else:
                    if character not in "-0+":
                        raise Refused(f"the character {character!r} cannot stand there", "pattern")
                    left = {"abs": -_ONE, "leaky_relu": activation.slope}.get(activation.name, _ZERO)
                    row[unit] = {"+": _ONE, "-": left, "0": _ZERO}[character]
        slopes.append(tuple(row))
    if start != len(word):
        raise Refused("the word does not fit the network", "pattern")
    return FixedSlopes(tuple(x), tuple(slopes), (problem.biases is not None,) * len(problem.weights), output)


def places(problem: Problem) -> tuple[list[list[list[int]]], list[list[int]]]:
    """Return where each weight, and each bias, stands among the parameters.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> network = {"activation": [], "weights": [[["1", "2"]]], "biases": [["3"]]}
    >>> places(read_problem({"network": network, "data": {"inputs": [["1", "1"]]}, "objective": {}}))
    ([[[0, 1]]], [[2]])
    """
    weights, biases, count = [], [], 0
    for matrix in problem.weights:
        rows = []
        for row in matrix:
            rows.append(list(range(count, count + len(row))))
            count += len(row)
        weights.append(rows)
        if problem.biases is not None:
            biases.append(list(range(count, count + len(matrix))))
            count += len(matrix)
    return weights, biases


def output_polynomial(problem: Problem, f: FixedSlopes) -> Polynomial:
    """Return the output as a polynomial in the parameters.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> network = {"activation": ["relu"], "weights": [[["1", "1"]], [["1"]]]}
    >>> problem = read_problem({"network": network, "data": {"inputs": [["1", "1"]]}, "objective": {}})
    >>> output_polynomial(problem, on_word(problem, [Fraction(3), Fraction(0)], "+", 0))
    Polynomial({(0, 2): 3})
    """
    weights, biases = places(problem)
    n_terms = len(f.input)
    for rows_of_layer, activation in zip(problem.weights, problem.activations, strict=False):
        n_terms = len(rows_of_layer) * (n_terms + 1) ** activation.power
    if n_terms > _MOST_TERMS:
        raise TooLarge("too many paths to write out", "network")
    features = [Polynomial.constant(x) for x in f.input]
    for layer, matrix in enumerate(weights):
        is_last = layer == len(weights) - 1
        rows: list[Polynomial] = []
        for row, columns in enumerate(matrix):
            z = Polynomial({})
            if (row == f.output) if is_last else f.slopes[layer][row]:
                for place, feature in zip(columns, features, strict=True):
                    if feature:
                        z = z + Polynomial.variable(place) * feature
                if biases and f.has_bias[layer]:
                    z = z + Polynomial.variable(biases[layer][row])
            rows.append(z)
        if is_last:
            return rows[f.output]
        activation = problem.activations[layer]
        features = [Polynomial({}) for _ in range(activation.n_units(len(rows)))]
        for row, z in enumerate(rows):
            if z:
                power = z
                for _ in range(activation.power - 1):
                    power = power * z
                unit = activation.unit_of_row(row)
                features[unit] = features[unit] + power * f.slopes[layer][row]
    raise Refused("a network without layers", "network.weights")


def gradient(problem: Problem, f: FixedSlopes, point: Sequence[Element], ring: NestedDuals) -> list[Element]:
    """Return the gradient of the output in the parameters, one forward and one backward pass.

    Examples
    --------
    The gradient of v u x at u = 2, v = 5, x = 3 is (15, 6):

    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["0"]], [["0"]]]},
    ...     "data": {"inputs": [["3"]]}, "objective": {},
    ... })
    >>> gradient(problem, on_word(problem, [Fraction(3)], "+", 0), [[2], [5]], NestedDuals(101))
    [[15], [6]]
    """
    weights, biases = places(problem)
    zero: Element = [0] * len(point[0])
    one: Element = [1, *zero[1:]]
    features: list[list[Element]] = [[ring.times(ring.residue(x), one) for x in f.input]]
    values: list[list[Element]] = []
    for layer, matrix in enumerate(weights[:-1]):
        activation = problem.activations[layer]
        rows, outputs = [], [zero] * activation.n_units(len(matrix))
        for row, columns in enumerate(matrix):
            slope = ring.residue(f.slopes[layer][row])
            z = zero
            if slope:
                for place, feature in zip(columns, features[-1], strict=True):
                    if any(feature):
                        z = ring.sum(z, ring.product(point[place], feature))
                if biases and f.has_bias[layer]:
                    z = ring.sum(z, point[biases[layer][row]])
                power = z
                for _ in range(activation.power - 1):
                    power = ring.product(power, z)
                unit = activation.unit_of_row(row)
                outputs[unit] = ring.sum(outputs[unit], ring.times(slope, power))
            rows.append(z)
        values.append(rows)
        features.append(outputs)
    result = [zero] * len(point)
    rates = {f.output: one}
    for layer in reversed(range(len(weights))):
        below: dict[int, Element] = {}
        for row, rate in rates.items():
            if biases and f.has_bias[layer]:
                result[biases[layer][row]] = rate
            for unit, (place, feature) in enumerate(zip(weights[layer][row], features[layer], strict=True)):
                if any(feature):
                    result[place] = ring.product(rate, feature)
                if layer:
                    below[unit] = ring.sum(below.get(unit, zero), ring.product(rate, point[place]))
        if layer:
            activation = problem.activations[layer - 1]
            rates = {}
            for row, z in enumerate(values[layer - 1]):
                slope = ring.residue(f.slopes[layer - 1][row])
                unit = activation.unit_of_row(row)
                if slope and unit in below:
                    rate = ring.times(slope, below[unit])
                    for _ in range(activation.power - 1):
                        rate = ring.product(rate, z)
                    rates[row] = ring.times(activation.power, rate) if activation.power > 1 else rate
    return result
