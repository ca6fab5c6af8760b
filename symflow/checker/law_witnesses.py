"""The witness against a polynomial that is no law: a point, an input and a rate of change that is not 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from symflow.checker.expressions import rational
from symflow.checker.fixed_slopes import on_word, places
from symflow.checker.law_identities import expanded, rate
from symflow.checker.law_setting import LawSetting
from symflow.checker.networks import forward
from symflow.checker.patterns import Words
from symflow.checker.polynomials import Polynomial
from symflow.checker.problems import WINNERS, Problem
from symflow.checker.reading import Refused, Report, items, take
from symflow.checker.symbolic import evaluated


def check_witness(
    setting: LawSetting, report: Report, law: Polynomial, tree: dict[str, object], words: Sequence[Words]
) -> None:
    """Refuse unless the polynomial changes at this rate at this point, along the flow of this input."""
    report.skip_unknown(tree, ("parameters", "input", "output", "rate", "datum", "pattern"))
    problem = setting.problem
    point = [rational(entry, "witness") for entry in items(tree, "parameters", len(problem.names))]
    x = tuple(rational(entry, "witness") for entry in items(tree, "input", len(problem.weights[0][0])))
    output = take(tree, "output", int) - 1
    if not 0 <= output < len(problem.weights[-1]):
        raise Refused("the network has no such output", "witness")
    if setting.model == "cell":
        datum, word = take(tree, "datum", int) - 1, take(tree, "pattern", str)
        if not 0 <= datum < len(problem.inputs) or x != problem.inputs[datum] or output not in setting.outputs:
            raise Refused("there is no such datum or output", "witness")
        if word not in {each[datum] for each in words}:
            raise Refused("none of the cells has this word on the datum", "witness")
    else:
        word = _word_at(problem, point, x)
    (function,) = expanded(problem, [on_word(problem, x, word, output)])
    moved = evaluated(rate(law, function, setting.held), point)
    if not moved or moved != rational(take(tree, "rate", str), "witness"):
        raise Refused("this is not how fast it moves", "witness")


def _word_at(problem: Problem, point: Sequence[Fraction], x: tuple[Fraction, ...]) -> str:
    """Return the characters of an input at some weights, where no unit vanishes and no two members are equal."""
    weights, biases = places(problem)
    matrices = tuple(tuple(tuple(point[i] for i in row) for row in matrix) for matrix in weights)
    vectors = tuple(tuple(point[i] for i in row) for row in biases) if biases else None
    there = replace(problem, weights=matrices, biases=vectors, inputs=(x,))
    word = ""
    for activation, z in zip(there.activations, forward(there, 0).preactivations, strict=False):
        if activation.name == "identity":
            continue
        for unit in range(activation.n_units(len(z))):
            values = [z[row] for row in (activation.groups[unit] if activation.name == "maxpool" else (unit,))]
            largest = max(values)
            if (values.count(largest) > 1) if activation.name == "maxpool" else not largest:
                raise Refused("the weights are at a kink", "witness")
            word += WINNERS[values.index(largest)] if activation.name == "maxpool" else "+" if largest > 0 else "-"
    return word
