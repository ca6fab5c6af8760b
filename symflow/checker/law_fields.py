"""The fields whose flows a law has to be constant along: all that drive the model, and those that a file names."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.brackets import VectorField
from symflow.checker.fixed_slopes import FixedSlopes, gradient, on_word, output_polynomial, unit_input
from symflow.checker.law_identities import derivative
from symflow.checker.law_setting import LawSetting
from symflow.checker.nested_duals import Element, NestedDuals
from symflow.checker.patterns import Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, Report, exactly, items, take

_MOST_PATHS = 4096

_ONE = Fraction(1)


def functions(setting: LawSetting, words: Sequence[Words]) -> list[FixedSlopes]:
    """Return all functions that drive the flow; of the model relu all paths, or none where they are too many."""
    problem = setting.problem
    n_inputs, n_outputs = len(problem.weights[0][0]), len(problem.weights[-1])
    if setting.model == "cell":
        pairs = {(datum, word[datum]) for word in words for datum in range(len(problem.inputs))}
        return [
            on_word(problem, problem.inputs[datum], word, output)
            for datum, word in sorted(pairs)
            for output in setting.outputs
        ]
    if setting.model == "linear":
        # With biases f(e_i) is an entry of the matrix plus f(0), which is among them.
        ones = tuple((_ONE,) * len(matrix) for matrix in problem.weights[:-1])
        has_bias = (problem.biases is not None,) * len(problem.weights)
        return [
            FixedSlopes(unit_input(problem, i), ones, has_bias, output)
            for i in range(n_inputs + 1)
            for output in range(n_outputs)
        ]
    rows = [
        [None] if activation.name == "identity" else list(range(1, len(matrix) + 1))
        for activation, matrix in zip(problem.activations, problem.weights, strict=False)
    ]
    if math.prod(map(len, rows)) * (n_inputs + len(rows) + 1) * n_outputs > _MOST_PATHS:
        return []
    found = []
    for units in itertools.product(*rows):
        for start in range(len(units) + 1):
            below = [None if unit is None else 0 for unit in units[:start]]
            for place in range(n_inputs + 1) if start == 0 else (0,):
                for output in range(1, n_outputs + 1):
                    found.append(path(setting, place, [*below, *units[start:]], output))
    return found


def all_fields(setting: LawSetting, words: Sequence[Words]) -> list[FixedSlopes]:
    """Return the functions of all fields of the model as a file names them."""
    if setting.model == "cell":
        return functions(setting, words)
    problem = setting.problem
    places_ = range(int(problem.biases is None), len(problem.weights[0][0]) + 1)
    outputs = range(1, len(problem.weights[-1]) + 1)
    return [path(setting, place, [None] * problem.n_hidden, output) for place in places_ for output in outputs]


def field(setting: LawSetting, report: Report, entry: object, words: Sequence[Words]) -> FixedSlopes:
    """Return the function of a field; it has to be one of the model's."""
    problem = setting.problem
    output = take(entry, "output", int)
    if not 1 <= output <= len(problem.weights[-1]):
        raise Refused("the network has no such output", "fields")
    if setting.model == "cell":
        report.skip_unknown(entry, ("datum", "output", "pattern"))
        datum, word = take(entry, "datum", int) - 1, take(entry, "pattern", str)
        if not 0 <= datum < len(problem.inputs) or output - 1 not in setting.outputs:
            raise Refused("there is no such datum or output", "fields")
        if word not in {each[datum] for each in words}:
            raise Refused("none of the cells has this word on the datum", "fields")
        return on_word(problem, problem.inputs[datum], word, output - 1)
    place = take(entry, "input", int)
    if not 0 <= place <= len(problem.weights[0][0]):
        raise Refused("the network has no such input", "fields")
    if setting.model == "linear":
        report.skip_unknown(entry, ("input", "output"))
        units: list[int | None] = [None] * problem.n_hidden
    else:
        report.skip_unknown(entry, ("input", "units", "output"))
        units = []
        for unit in items(entry, "units", problem.n_hidden):
            units.append(None if unit is None else exactly(unit, int, "units"))
    return path(setting, place, units, output)


def path(setting: LawSetting, place: int, units: Sequence[int | None], output: int) -> FixedSlopes:
    """Return a path monomial, summed over layers of identities: from an input, or with the place 0 from a bias."""
    problem = setting.problem
    slopes = []
    first = 0  # the layer above the last unit 0: below it nothing counts
    for layer, (unit, matrix) in enumerate(zip(units, problem.weights, strict=False)):
        is_identity = problem.activations[layer].name == "identity"
        if (unit is None) != is_identity or not (unit is None or 0 <= unit <= len(matrix)):
            raise Refused("there is no such unit", "units")
        if unit == 0:
            if place or any(units[:layer]):
                raise Refused("the path begins twice", "units")
            first = layer + 1
        slopes.append(tuple(_ONE if unit is None or unit == row else _ONE * 0 for row in range(1, len(matrix) + 1)))
    n_layers = len(problem.weights)
    has_bias = [False] * n_layers
    if not place and problem.biases is not None:
        last = next((layer for layer in range(first, n_layers - 1) if units[layer] is not None), n_layers - 1)
        has_bias = [first <= layer <= last for layer in range(n_layers)]
    return FixedSlopes(unit_input(problem, place), tuple(slopes), tuple(has_bias), output - 1)


def polynomial_field(setting: LawSetting, f: FixedSlopes) -> list[Polynomial]:
    """Return the gradient of a function in what moves, as polynomials."""
    function = output_polynomial(setting.problem, f)
    places_ = range(len(setting.problem.names))
    return [Polynomial({}) if place in setting.held else derivative(function, place) for place in places_]


def vector_field(setting: LawSetting, f: FixedSlopes, ring: NestedDuals) -> VectorField:
    """Return the gradient of a function in what moves, as a vector field modulo a prime."""

    def field(point: Sequence[Element]) -> list[Element]:
        zero = [0] * len(point[0])
        return [
            zero if i in setting.held else entry for i, entry in enumerate(gradient(setting.problem, f, point, ring))
        ]

    return field
