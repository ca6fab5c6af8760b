"""What a law is called, and that it is what this name means."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.fixed_slopes import places
from symflow.checker.law_setting import LawSetting
from symflow.checker.polynomials import Polynomial
from symflow.checker.reading import Refused, Report, exactly, items, take


def check_names(setting: LawSetting, report: Report, laws: Sequence[Polynomial], names: Sequence[object]) -> None:
    """Refuse laws that are not what they are called."""
    for law, entry in zip(laws, names, strict=True):
        report.skip_unknown(entry, ("kind", "layer", "neurons"))
        check_name(setting, law, entry)


def check_name(setting: LawSetting, law: Polynomial, entry: object) -> None:
    """Refuse a law that is not what it is called."""
    kind, layer = take(entry, "kind", str), take(entry, "layer", int)
    neurons = [exactly(neuron, int, "neurons") for neuron in items(entry, "neurons")]
    degrees = {len(monomial) for monomial in law.terms}
    if kind in ("balancing", "layer", "gram"):
        n_neurons = {"balancing": 1, "layer": 0, "gram": 2}[kind]
        if not (1 <= layer <= setting.problem.n_hidden and len(neurons) == n_neurons):
            raise Refused("this name has other numbers", "names")
        meant = _named(setting, layer - 1, [neuron - 1 for neuron in neurons])
        if all(law - each for each in meant):
            raise Refused(f"this is not what {kind} means", "names")
    elif kind == "unmoved":
        if degrees != {1} or len(law.terms) != 1 or layer or neurons:
            raise Refused("this is not one parameter", "names")
    elif kind == "span":
        weights, biases = places(setting.problem)
        if layer != 1 or len(neurons) != 1 or not 1 <= neurons[0] <= len(weights[0]):
            raise Refused("this name has other numbers", "names")
        own = {*weights[0][neurons[0] - 1], *(biases[0][neurons[0] - 1 : neurons[0]] if biases else ())}
        if degrees != {1} or not {monomial[0] for monomial in law.terms} <= own:
            raise Refused("this is not a combination of the neuron's weights", "names")
    elif kind == "quadratic":
        if max(degrees) > 2 or layer or neurons:
            raise Refused("this is not of degree two", "names")
    else:
        raise Refused("an unknown name", "names")


def _named(setting: LawSetting, layer: int, units: Sequence[int]) -> list[Polynomial]:
    """Return what balancing (one unit; of all units, none) or an entry of the Gram matrices (two) may be."""
    problem = setting.problem
    activation, n_rows = problem.activations[layer], len(problem.weights[layer])
    if not units:
        total = Polynomial({})
        for unit in range(activation.n_units(n_rows)):
            total = total + _named(setting, layer, [unit])[0]
        return [total]
    weights, biases = places(problem)
    members = [[row for row in range(n_rows) if activation.unit_of_row(row) == unit] for unit in units]
    if not all(members) or (len(units) == 2 and (units[0] == units[1] or max(map(len, members)) > 1)):
        return []
    first, last = units[0], units[-1]
    inside = Polynomial({})
    for a, b in zip(members[0], members[-1], strict=True):
        for i, j in zip(weights[layer][a], weights[layer][b], strict=True):
            inside = inside + Polynomial.variable(i) * Polynomial.variable(j)
        if biases:
            inside = inside + Polynomial.variable(biases[layer][a]) * Polynomial.variable(biases[layer][b])
    outside = Polynomial({})
    for row in weights[layer + 1]:
        outside = outside + Polynomial.variable(row[first]) * Polynomial.variable(row[last])
    if len(units) == 1:
        return [inside - outside * Fraction(activation.power)]
    return [inside - outside, inside + outside]
