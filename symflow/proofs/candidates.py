"""Problems at which a statement may be false: small integers, drawn the same way each time, off every kink.

A false polynomial identity is false almost everywhere, so that a handful of points suffices; statements that only some
activation pattern breaks need a point in its cell, for which more are drawn; and a false inequality between sizes
needs a matrix, a vector of biases or a datum that is much larger or smaller than the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from random import Random
from typing import Any

from symflow.checker.networks import forward
from symflow.checker.problems import Problem, read_problem
from symflow.checker.reading import Refused
from symflow.proofs.claim import Json

_LARGEST = 3

# So often it is tried to miss all kinks.
_MOST_DRAWS = 4_000
_N_POSITIVE = 10
# After so many every third has one block multiplied by one of these.
_N_EVEN = 30
_FACTORS = (Fraction(10), Fraction(1, 10), Fraction(100), Fraction(1, 100))


def candidates(
    template: Problem, given: Json | None, *, has_risk: bool = True, like: Json | None = None
) -> Iterator[Json]:
    """Return problems of a shape, some thousands at most; where one is given, with its data and its objective.

    Parameters
    ----------
    template : Problem
        Widths, activations, biases.
    given : dict, optional
        A problem's tree of which all is kept but the variables: the weights, or the input.
    has_risk : bool
        Whether a risk and labels are spoken of.
    like : dict, optional
        Where none is given, the ``objective`` that all have, and their ``labels``, if these are known.
    """
    random = Random(1)
    for number in range(_MOST_DRAWS):
        least = 1 if number < _N_POSITIVE else -_LARGEST  # with positive numbers every weight matters
        n_biases = 0 if template.biases is None else len(template.biases)
        factors = _factors(number, len(template.weights) + n_biases + (given is None))

        def block(sizes: Iterable[int], factor: Fraction, least: int = least) -> list[list[str]]:
            return [[str(_integer(random, least) * factor) for _ in range(size)] for size in sizes]

        weights = [block(map(len, matrix), next(factors)) for matrix in template.weights]
        biases = None
        if template.biases is not None:
            biases = [block([len(vector)], next(factors))[0] for vector in template.biases]
        inputs = [] if given is not None else block(map(len, template.inputs), next(factors))
        labels = []
        if given is None and (has_risk or len(template.inputs) > 1):
            labels = [random.choice(["1", "-1"]) for _ in template.inputs]
        tree = _tree(template, given, weights, biases, inputs, labels, like)
        if given is not None and template.variable == "input":
            at = [str(_integer(random, -_LARGEST)) for _ in template.inputs[0]]
            tree = {**given, "objective": {**given["objective"], "at": at}}
        if _is_off_kinks(tree):
            yield tree


def at_zero(template: Problem, given: Json | None, *, has_risk: bool = True, like: Json | None = None) -> Json:
    """Return the problem of a shape whose weights are all zero, with the data of the given one, or all ones.

    Examples
    --------
    >>> from symflow.checker.statement_shapes import read_shape
    >>> at_zero(read_shape({"widths": [1, 1], "activation": []}).template, None, has_risk=False)["network"]
    {'activation': [], 'weights': [[['0']]]}
    """
    weights = [[["0" for _ in row] for row in matrix] for matrix in template.weights]
    biases = None if template.biases is None else [["0" for _ in row] for row in template.biases]
    inputs = [["1" for _ in x] for x in template.inputs]
    labels = ["1" for _ in inputs] if has_risk or len(inputs) > 1 else []
    return _tree(template, given, weights, biases, inputs, labels, like)


def _tree(
    template: Problem,
    given: Json | None,
    weights: list[list[list[str]]],
    biases: list[list[str]] | None,
    inputs: list[list[str]],
    labels: list[str],
    like: Json | None,
) -> Json:
    """Return the tree of a problem with these weights; data and objective are the given one's, if any."""
    network: Json = {"activation": [_entry(a) for a in template.activations], "weights": weights}
    if biases is not None:
        network["biases"] = biases
    if given is not None:
        return {**given, "network": network}
    tree: Json = {"network": network, "data": {"inputs": inputs}, "objective": {"kind": "output"}}
    if labels:
        known = like or {}
        tree["data"]["labels"] = known.get("labels", labels)
        tree["objective"] = dict(known.get("objective", {"kind": "risk", "loss": "exponential"}))
    if len(template.weights[-1]) > 1:
        tree["objective"]["output"] = template.output + 1
    return tree


def _factors(number: int, n_blocks: int) -> Iterator[Fraction]:
    """Return by what each block of a draw is multiplied.

    Examples
    --------
    >>> list(_factors(0, 2)), list(_factors(30, 2)), list(_factors(39, 2))
    ([Fraction(1, 1), Fraction(1, 1)], [Fraction(10, 1), Fraction(1, 1)], [Fraction(1, 1), Fraction(1, 10)])
    """
    turn, rest = divmod(number - _N_EVEN, 3)
    is_uneven = number >= _N_EVEN and rest == 0
    power, chosen = divmod(turn, n_blocks)
    factor = _FACTORS[power % len(_FACTORS)]
    return (factor if is_uneven and place == chosen else Fraction(1) for place in range(n_blocks))


def _integer(random: Random, least: int) -> int:
    return random.choice([i for i in range(least, _LARGEST + 1) if i])


def _is_off_kinks(tree: Json) -> bool:
    try:
        problem = read_problem(tree)
    except Refused:
        return False
    return all(
        z != 0
        for datum in range(len(problem.inputs))
        if any(problem.inputs[datum]) or problem.biases is not None  # else the net is 0 there, whatever the weights
        for layer in forward(problem, datum).preactivations[:-1]
        for z in layer
    )


def _entry(activation: Any) -> Any:
    if activation.name == "leaky_relu":
        return {"name": activation.name, "slope": str(activation.slope)}
    if activation.name == "relu_power":
        return {"name": activation.name, "power": activation.power}
    if activation.name == "maxpool":
        return {"name": activation.name, "groups": [list(group) for group in activation.groups]}
    return activation.name
