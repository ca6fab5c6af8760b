"""The problem of a file: the one thing in it that is believed, once it is known to be a problem.

A network of weight matrices W₁ .. W_L (and biases), an activation for each hidden layer, finitely many
data, and an objective. The variables are all weights and biases (W₁ row by row, b₁, W₂, ..), or the
input.

Proposition 2: the Clarke differential of the objective at w is that of F = Σ cₖ f(xₖ; ·) with
coefficients frozen at w, namely, with y the labels and f the outputs at w,

===================  ==================================================
output               c = 1
combination          the given coefficients
risk, exponential    −y exp(−y f)
risk, logistic       −y / (1 + exp(y f))
risk, squared        f − y
log_sum_exp          −y exp(−y f) / Σ exp(−y f)
===================  ==================================================

divided by the number of data for a mean. A problem with a key that no rule here reads is refused: it
could mean something else to the one who wrote it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from symflow.checker.exponential_fractions import Number, inverse
from symflow.checker.exponential_sums import Sum, exponential
from symflow.checker.expressions import Value, rational
from symflow.checker.reading import Refused, TooLarge, exactly, items, join, optional, shown, sized, take

WINNERS: Final = "123456789abcdefghijklmnopqrstuvwxyz"

_DEEPEST = 60
_HIGHEST_POWER = 16
_HIGHEST_DEGREE = 4_096  # of the network in its input
_MOST_BITS = 20_000_000  # of a value of the network


@dataclass(frozen=True, slots=True)
class Activation:
    """The activation of one hidden layer.

    Parameters
    ----------
    name : str
        One of relu, leaky_relu, abs, relu_power, identity, maxpool.
    slope : Fraction
        Of leaky_relu, where z < 0.
    power : int
        Of relu_power; 1 for all others, which are positively homogeneous of degree 1.
    groups : tuple of tuples of int
        Of maxpool, counted from 0.
    """

    name: str
    slope: Fraction = Fraction(0)
    power: int = 1
    groups: tuple[tuple[int, ...], ...] = ()

    @property
    def is_smooth(self) -> bool:
        """Whether the activation is continuously differentiable.

        Examples
        --------
        >>> Activation("relu_power", power=2).is_smooth
        True
        """
        return self.name == "identity" or (self.name == "relu_power" and self.power > 1)

    def n_units(self, n_rows: int) -> int:
        """Return how many features a layer with so many preactivations has.

        Examples
        --------
        >>> Activation("maxpool", groups=((0, 1), (2, 3))).n_units(4)
        2
        """
        return len(self.groups) if self.name == "maxpool" else n_rows

    def unit_of_row(self, row: int) -> int:
        """Return the feature that a preactivation belongs to.

        Examples
        --------
        >>> Activation("maxpool", groups=((0, 1), (2, 3))).unit_of_row(2)
        1
        """
        if self.name != "maxpool":
            return row
        return next(g for g, group in enumerate(self.groups) if row in group)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem file's tree, read: `inputs` are the data that the objective uses, all else is as in the file.

    `held` are the places of the parameters that its flow does not train. They do not move; no function depends on it.

    Examples
    --------
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1", "-1"]], [["2"]]]},
    ...     "data": {"inputs": [["1", "1"]]},
    ...     "objective": {"kind": "output", "variable": "weights", "output": 1},
    ... })
    >>> problem.names
    ('W1[1,1]', 'W1[1,2]', 'W2[1,1]')
    >>> problem.point
    (Fraction(1, 1), Fraction(-1, 1), Fraction(2, 1))
    """

    activations: tuple[Activation, ...]
    weights: tuple[tuple[tuple[Fraction, ...], ...], ...]
    biases: tuple[tuple[Fraction, ...], ...] | None
    inputs: tuple[tuple[Fraction, ...], ...]
    labels: tuple[Fraction, ...]
    coefficients: tuple[Fraction, ...]
    kind: str
    loss: str
    divisor: int
    variable: str
    output: int
    held: frozenset[int] = field(default=frozenset(), compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the variables, in order."""
        if self.variable == "input":
            return tuple(f"x[{i + 1}]" for i in range(len(self.inputs[0])))
        names: list[str] = []
        for layer, matrix in enumerate(self.weights, 1):
            names += [f"W{layer}[{i},{j}]" for i, row in enumerate(matrix, 1) for j in range(1, len(row) + 1)]
            if self.biases is not None:
                names += [f"b{layer}[{i}]" for i in range(1, len(matrix) + 1)]
        return tuple(names)

    @property
    def point(self) -> tuple[Fraction, ...]:
        """The values of the variables, in order."""
        if self.variable == "input":
            return self.inputs[0]
        values: list[Fraction] = []
        for layer, matrix in enumerate(self.weights):
            values += [entry for row in matrix for entry in row]
            values += self.biases[layer] if self.biases is not None else ()
        return tuple(values)

    @property
    def n_hidden(self) -> int:
        """The number of hidden layers."""
        return len(self.activations)


def value_of(problem: Problem, outputs: Sequence[Fraction]) -> Value:
    """Return the objective's value, given the network's outputs on the data.

    Examples
    --------
    >>> problem = read_problem({
    ...     "network": {"activation": [], "weights": [[["3"]]]},
    ...     "data": {"inputs": [["1"]], "labels": ["1"]},
    ...     "objective": {"kind": "log_sum_exp", "variable": "weights"},
    ... })
    >>> value_of(problem, [Fraction(3)]).equals(Value(-3))
    True
    """
    pairs = list(zip(problem.labels, outputs, strict=False))
    share = Fraction(1, problem.divisor)
    if problem.kind == "risk" and problem.loss == "logistic":
        return Value(0, tuple((share, 1 + exponential(-y * f)) for y, f in pairs))
    if problem.kind == "log_sum_exp":
        return Value(0, ((Fraction(1), _total(exponential(-y * f) for y, f in pairs)),))
    if problem.kind == "risk" and problem.loss == "exponential":
        return Value(_total(exponential(-y * f) for y, f in pairs) * share)
    if problem.kind == "risk":
        return Value(_total((f - y) ** 2 / 2 for y, f in pairs) * share)
    return Value(_total(c * f for c, f in zip(problem.coefficients, outputs, strict=True)))


def frozen_coefficients(problem: Problem, outputs: Sequence[Fraction]) -> list[Number]:
    """Return the coefficients cₖ of Proposition 2.

    Examples
    --------
    >>> problem = read_problem({
    ...     "network": {"activation": [], "weights": [[["3"]]]},
    ...     "data": {"inputs": [["1"]], "labels": ["1"]},
    ...     "objective": {"kind": "risk", "loss": "squared", "variable": "weights"},
    ... })
    >>> frozen_coefficients(problem, [Fraction(3)])
    [Fraction(2, 1)]
    """
    pairs = list(zip(problem.labels, outputs, strict=False))
    share = Fraction(1, problem.divisor)
    if problem.kind == "risk" and problem.loss == "squared":
        return [share * (f - y) for y, f in pairs]
    if problem.kind == "risk" and problem.loss == "logistic":
        return [-y * share * inverse(1 + exponential(y * f)) for y, f in pairs]
    if problem.kind == "risk":
        return [-y * share * exponential(-y * f) for y, f in pairs]
    if problem.kind == "log_sum_exp":
        below = inverse(_total(exponential(-y * f) for y, f in pairs))
        return [-y * exponential(-y * f) * below for y, f in pairs]
    return list(problem.coefficients)


def read_problem(tree: object) -> Problem:
    """Return the problem that a JSON tree spells.

    Raises
    ------
    Refused
        If a key is missing, unknown or of the wrong type, or sizes do not fit.

    Examples
    --------
    >>> read_problem({"network": {"activation": ["tanh"], "weights": []}})
    Traceback (most recent call last):
        ...
    symflow.checker.reading.Refused: network.weights: expected one matrix more than activations
    """
    _only(tree, ("title", "network", "data", "objective", "domain", "flow", "laws"), "")
    network = take(tree, "network", dict)
    _only(network, ("activation", "weights", "biases"), "network")
    activation_trees = items(network, "activation")
    weights = _matrices(network)
    if len(weights) != len(activation_trees) + 1 or len(weights) > _DEEPEST:
        raise Refused("expected one matrix more than activations", "network.weights")
    activations = []
    for i, (entry, matrix) in enumerate(zip(activation_trees, weights, strict=False)):
        activations.append(_activation(entry, len(matrix), f"network.activation[{i}]"))
        if len(weights[i + 1][0]) != activations[i].n_units(len(matrix)):
            raise Refused("the width does not fit the layer below", f"network.weights[{i + 1}]")
    biases = None
    if network.get("biases") is not None:
        rows = items(network, "biases", len(weights))
        biases = tuple(
            _vector(row, len(matrix), f"network.biases[{i}]")
            for i, (row, matrix) in enumerate(zip(rows, weights, strict=True))
        )
    found = _with_objective(tree, tuple(activations), weights, biases)
    _check_size(found)
    return found if found.variable != "weights" else replace(found, held=held_places(tree, found.names))


def held_places(tree: object, names: Sequence[str]) -> frozenset[int]:
    """Return the parameters that do not move: those that the section on the flow does not name, if it names some.

    Examples
    --------
    >>> held_places({"flow": {"trained": ["W2"]}}, ("W1[1,1]", "W2[1,1]")), held_places({"flow": {}}, ("W1[1,1]",))
    (frozenset({0}), frozenset())
    """
    flow = optional(exactly(tree, dict), "flow", dict)
    if flow is None or flow.get("trained") is None:
        return frozenset()
    trained = {exactly(name, str, "flow.trained") for name in items(flow, "trained")}
    if not trained <= {name.partition("[")[0] for name in names}:
        raise Refused("the network has no such parameters", "flow.trained")
    return frozenset(i for i, name in enumerate(names) if name.partition("[")[0] not in trained)


def read_domain(tree: object, n_inputs: int) -> tuple[tuple[tuple[Fraction, ...], Fraction], ...]:
    """Return the rows (a, b) of the domain A x ≤ b of a problem's tree; none where it has no domain.

    Examples
    --------
    >>> read_domain({"domain": {"box": [["0", "1/2"]]}}, 1)
    (((Fraction(1, 1),), Fraction(1, 2)), ((Fraction(-1, 1),), Fraction(0, 1)))
    """
    if "domain" not in exactly(tree, dict):
        return ()
    domain = take(tree, "domain", dict)
    if "box" in domain:
        _only(domain, ("box",), "domain")
        rows: list[tuple[tuple[Fraction, ...], Fraction]] = []
        for i, side in enumerate(sized(domain["box"], n_inputs, "domain.box")):
            lower, upper = _vector(side, 2, "domain.box")
            if not lower < upper:
                raise Refused("not an interval", "domain.box")
            unit = tuple(Fraction(int(i == j)) for j in range(n_inputs))
            rows += [(unit, upper), (tuple(-entry for entry in unit), -lower)]
        return tuple(rows)
    _only(domain, ("A", "b"), "domain")
    matrix = [_vector(row, n_inputs, "domain.A") for row in sized(domain.get("A"), None, "domain.A")]
    return tuple(zip(matrix, _vector(domain.get("b"), len(matrix), "domain.b"), strict=True))


def _check_size(problem: Problem) -> None:
    """Refuse a problem whose values would have too many digits: of degree d in the weights, d times as many."""
    degree = math.prod(activation.power for activation in problem.activations)
    rows = [*problem.inputs, *(problem.biases or ()), *(row for matrix in problem.weights for row in matrix)]
    numbers = [*problem.labels, *problem.coefficients, *(entry for row in rows for entry in row)]
    bits = max(x.numerator.bit_length() + x.denominator.bit_length() for x in numbers)
    if degree > _HIGHEST_DEGREE or degree * (problem.n_hidden + 1) * bits > _MOST_BITS:
        raise TooLarge("the network's values would have too many digits", "network")


def _with_objective(
    tree: object,
    activations: tuple[Activation, ...],
    weights: tuple[tuple[tuple[Fraction, ...], ...], ...],
    biases: tuple[tuple[Fraction, ...], ...] | None,
) -> Problem:
    objective = take(tree, "objective", dict)
    _only(
        objective,
        ("kind", "loss", "reduction", "coefficients", "variable", "output", "at"),
        "objective",
    )
    kind = _one_of(objective, "kind", ("output", "combination", "risk", "log_sum_exp"), "output")
    variable = _one_of(objective, "variable", ("weights", "input"), "weights")
    loss = _one_of(objective, "loss", ("exponential", "logistic", "squared"), "") if kind == "risk" else ""
    mean = _one_of(objective, "reduction", ("sum", "mean"), "sum") == "mean"
    inputs, labels = _data(tree, objective, len(weights[0][0]), variable)
    coefficients: tuple[Fraction, ...] = (Fraction(1),) * len(inputs)
    if kind == "combination":
        coefficients = _vector(objective.get("coefficients"), None, "objective.coefficients")
    given = coefficients if kind == "combination" else labels
    used = 1 if kind == "output" or variable == "input" else len(inputs)
    if kind != "output" and not (len(given) == len(inputs) or len(given) > used == 1):
        raise Refused("expected one coefficient or label for each input", "objective")
    inputs, labels, coefficients = inputs[:used], labels[:used], coefficients[:used]
    output = take(objective, "output", int) if "output" in objective else 1
    if not 1 <= output <= len(weights[-1]) or ("output" not in objective and len(weights[-1]) > 1):
        raise Refused("the network has no such output", "objective.output")
    return Problem(
        activations=activations,
        weights=weights,
        biases=biases,
        inputs=inputs,
        labels=labels,
        coefficients=coefficients,
        kind=kind,
        loss=loss,
        divisor=len(inputs) if kind == "risk" and mean else 1,
        variable=variable,
        output=output - 1,
    )


def _data(
    tree: object, objective: dict[str, object], dimension: int, variable: str
) -> tuple[tuple[tuple[Fraction, ...], ...], tuple[Fraction, ...]]:
    data = take(tree, "data", dict) if isinstance(tree, dict) and "data" in tree else {}
    _only(data, ("inputs", "labels"), "data")
    labels: tuple[Fraction, ...] = ()
    if data.get("labels") is not None:
        labels = _vector(data["labels"], None, "data.labels")
    at = objective.get("at") if variable == "input" else None
    rows = items(data, "inputs") if at is None or "inputs" in data else []
    inputs = tuple(_vector(row, dimension, f"data.inputs[{k}]") for k, row in enumerate(rows))
    if at is not None:
        return (_vector(at, dimension, "objective.at"),), labels
    if not inputs:
        raise Refused("there is no input", "data.inputs")
    return inputs, labels


def _activation(tree: object, n_rows: int, place: str) -> Activation:
    entry: dict[str, object] = {"name": tree} if isinstance(tree, str) else exactly(tree, dict, place)
    name = take(entry, "name", str)
    extra = {"leaky_relu": ("slope",), "relu_power": ("power",), "maxpool": ("groups",)}.get(name, ())
    if name not in ("relu", "abs", "identity") and not extra:
        raise Refused(f"unknown activation {shown(name)}", place)
    _only(entry, ("name", *extra), place)
    if name == "leaky_relu":
        return Activation(name, slope=rational(entry.get("slope"), join(place, "slope")))
    if name == "relu_power":
        power_ = take(entry, "power", int)
        if not 1 <= power_ <= _HIGHEST_POWER:
            raise Refused(f"expected a power from 1 to {_HIGHEST_POWER}", place)
        return Activation(name, power=power_)
    if name == "maxpool":
        rows = [[exactly(i, int, place) for i in sized(g, None, place)] for g in items(entry, "groups")]
        if sorted(i for group in rows for i in group) != list(range(n_rows)) or [] in rows:
            raise Refused("the groups do not partition the layer's rows", place)
        if max(map(len, rows)) > len(WINNERS):
            raise Refused(f"a group of more than {len(WINNERS)} members", place)
        return Activation(name, groups=tuple(map(tuple, rows)))
    return Activation(name)


def _total(terms: Iterable[Sum]) -> Sum:
    total: Sum = 0
    for term in terms:
        total = total + term
    return total


def _matrices(network: dict[str, object]) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    matrices = []
    for i, rows in enumerate(items(network, "weights")):
        place = f"network.weights[{i}]"
        found = [_vector(row, None, place) for row in sized(rows, None, place)]
        if not found or not found[0] or len({len(row) for row in found}) != 1:
            raise Refused("expected a matrix, rows of one length", place)
        matrices.append(tuple(found))
    return tuple(matrices)


def _vector(tree: object, length: int | None, place: str) -> tuple[Fraction, ...]:
    return tuple(rational(entry, place) for entry in sized(tree, length, place))


def _one_of(tree: dict[str, object], key: str, known: tuple[str, ...], default: str) -> str:
    found = tree.get(key, default) if default else tree.get(key)
    if not isinstance(found, str) or found not in known:
        raise Refused(f"expected one of {', '.join(known)}", join("objective", key))
    return found


def _only(tree: object, known: tuple[str, ...], place: str) -> None:
    for key in exactly(tree, dict, place):
        if key not in known:
            raise Refused("a key that the checker does not know; it might change what is meant", join(place, key))
