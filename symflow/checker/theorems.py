"""What theorems say without any cell: Euler's identity, the sum rule, one gradient, safe conventions.

*Euler.* Without biases F is positively homogeneous in each layer's weights, of degree d_l = k_l k_{l+1}
.. k_{L-1} where k is the power of relu_power and 1 for every other activation; in the input, of degree
k_1 .. k_{L-1}. So ⟨s_l, W_l⟩ = d_l F(w) for every s in the differential.

*Sum rule* (Theorem 4, one hidden layer unit by unit). Σ cₖ ∂f(xₖ; ·) = ∂F if and only if for each
neuron j the spans of the data on its kink with cₖ v_j > 0 and of those with cₖ v_j < 0 meet in 0 only:
if and only if their ranks add up.

*Proposition 5.* One hidden layer, unit by unit: the mean of both slopes gives an element of the
differential.

*Proposition 8.* relu everywhere, all weights variable: if for each neuron of the first layer the data
xₖ ≠ 0 on its kink lie in an open half-space, then automatic differentiation gives an element of the
differential.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.differentials import take_any
from symflow.checker.exponential_fractions import sign
from symflow.checker.expressions import rational, scalar, scalars
from symflow.checker.gradients import Gradients
from symflow.checker.hulls import is_equal
from symflow.checker.linear_algebra import dot, rank
from symflow.checker.problems import Activation, Problem
from symflow.checker.reading import Refused, expect, items, sized, take


def check_euler(entry: object, gradients: Gradients) -> None:
    """Check the degrees and values of Euler's identity; null with biases.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["1"]], [["2"]]]},
    ...     "data": {"inputs": [["3"]]},
    ...     "objective": {"kind": "output"},
    ... })
    >>> check_euler({"degree": 2, "value": "12", "layers": ["6", "6"]}, Gradients(problem))
    """
    problem = gradients.problem
    if problem.biases is not None:
        expect(entry, None, "")
        return
    degrees = [1]
    for activation in reversed(problem.activations):
        degrees.insert(0, degrees[0] * activation.power)
    in_input = problem.variable == "input"
    degree = degrees[0] if in_input else sum(degrees)
    expect(take(entry, "degree", int), degree, "degree")
    value = gradients.frozen_value
    if not is_equal([scalar(take(entry, "value", str), "value")], [value * degree]):
        raise Refused("this is not the degree times the value of F", "value")
    wanted = [] if in_input else [value * d for d in degrees]
    if not is_equal(scalars(take(entry, "layers", list), len(wanted), "layers"), wanted):
        raise Refused("these are not the degrees times the value of F", "layers")


def decides_sum_rule(entry: object, gradients: Gradients, *, at_a_kink: bool) -> bool:
    """Check the sum rule where a theorem decides it; return False where only a comparison of sets can.

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["relu"], "weights": [[["0"]], [["2"]]]},
    ...     "data": {"inputs": [["1"], ["2"]]},
    ...     "objective": {"kind": "combination", "coefficients": ["1", "-1"]},
    ... })
    >>> entry = {"holds": False, "witness": {"neuron": 1, "vector": ["1"]}}
    >>> decides_sum_rule(entry, Gradients(problem), at_a_kink=True)
    True
    """
    problem = gradients.problem
    if problem.variable == "input" or len(problem.inputs) == 1:
        expect(entry, None, "")
    elif not at_a_kink or all(map(has_one_slope, problem.activations)):
        expect(take(entry, "holds", bool), True, "holds")
    elif len(problem.activations) <= 1 and all(a.name != "maxpool" for a in problem.activations):
        _check_theorem_4(take(entry, "holds", bool), entry, gradients)
    else:
        return False
    return True


def check_reason(entry: dict[str, object], problem: Problem) -> None:
    """Refuse unless the reason why there is one limiting gradient is a good one.

    Two zero matrices (no biases, in the weights): each monomial of each piece has an entry of every matrix, so every
    gradient vanishes. Continuously differentiable activations make a continuously differentiable objective.
    """
    kind = take(entry, "kind", str)
    if kind == "continuously_differentiable":
        if not all(map(has_one_slope, problem.activations)):
            raise Refused("not every activation is continuously differentiable", "reason.kind")
    elif kind == "two_zero_matrices":
        layers = items(entry, "layers", 2)
        if problem.variable != "weights" or problem.biases is not None:
            raise Refused("this needs a net without biases as a function of its weights", "reason.kind")
        for layer in layers:
            if type(layer) is not int or not 1 <= layer <= len(problem.weights):
                raise Refused("there is no such layer", "reason.layers")
            if layers[0] == layers[1] or any(map(any, problem.weights[layer - 1])):
                raise Refused("these are not two zero matrices", "reason.layers")
    else:
        raise Refused("no such reason is known", "reason.kind")


def check_safety(entry: object, witness: object, gradients: Gradients) -> None:
    """Refuse unless the named proposition puts the gradient of automatic differentiation in the set."""
    problem = gradients.problem
    if entry == "proposition 5":
        if len(problem.activations) != 1 or not _is_half_slope(problem.activations[0]):
            raise Refused("automatic differentiation does not take the mean of both slopes here")
    elif entry == "proposition 8":
        if problem.variable != "weights" or {a.name for a in problem.activations} != {"relu"}:
            raise Refused("this needs relu everywhere and variable weights")
        _check_half_spaces(take(witness, "directions", dict), gradients)
    elif entry is not None:
        raise Refused("no such proposition is known")


def _check_theorem_4(holds: bool, entry: object, gradients: Gradients) -> None:
    problem = gradients.problem
    kinks = [_signed_kinks(gradients, neuron) for neuron in range(len(problem.weights[0]))]
    wanted = all(rank([*above, *below]) == rank(above) + rank(below) for above, below in kinks)
    expect(holds, wanted, "holds")
    if wanted:
        if isinstance(entry, dict) and entry.get("witness") is not None:
            raise Refused("there is nothing to witness", "witness")
        return
    witness = take(entry, "witness", dict)
    neuron = take(witness, "neuron", int) - 1
    if not 0 <= neuron < len(kinks):
        raise Refused("there is no such neuron", "witness")
    above, below = kinks[neuron]
    size = len(problem.inputs[0]) + (problem.biases is not None)
    vector = [rational(x, "witness") for x in sized(take(witness, "vector", list), size, "witness")]
    if not any(vector) or any(rank([*span, vector]) != rank(span) for span in (above, below)):
        raise Refused("the vector does not lie in both spans", "witness")


def _signed_kinks(gradients: Gradients, neuron: int) -> tuple[list[Sequence[Fraction]], list[Sequence[Fraction]]]:
    """Return the data on the neuron's kink whose coefficient cₖ v_j is positive, and those where it is negative."""
    problem = gradients.problem
    outer = problem.weights[1][problem.output][neuron]
    above: list[Sequence[Fraction]] = []
    below: list[Sequence[Fraction]] = []
    for datum, x in _kinks(gradients, neuron):
        weight = sign(gradients.coefficients[datum] * outer)
        if weight:
            (above if weight > 0 else below).append(x)
    return above, below


def _kinks(gradients: Gradients, neuron: int) -> list[tuple[int, tuple[Fraction, ...]]]:
    """Return the data, not zero, on which a first-layer neuron vanishes; with a 1 for its bias."""
    problem = gradients.problem
    one = () if problem.biases is None else (Fraction(1),)
    return [
        (datum, x + one)
        for datum, x in enumerate(problem.inputs)
        if not gradients.values[datum].preactivations[0][neuron] and any(x + one)
    ]


def _check_half_spaces(directions: dict[str, object], gradients: Gradients) -> None:
    problem = gradients.problem
    size = len(problem.inputs[0]) + (problem.biases is not None)
    for neuron in range(len(problem.weights[0])):
        kinks = _kinks(gradients, neuron)
        place = f"directions.{neuron + 1}"
        entries = sized(take_any(directions, str(neuron + 1), place=place), size, place)
        direction = [rational(entry, place) for entry in entries]
        if any(sign(dot(direction, x)) >= 0 for _, x in kinks):
            raise Refused("a datum on the kink does not lie in the open half-space", place)


def has_one_slope(activation: Activation) -> bool:
    """Return whether an activation is continuously differentiable, for whatever reason.

    Examples
    --------
    >>> has_one_slope(Activation("leaky_relu", slope=Fraction(1))), has_one_slope(Activation("abs"))
    (True, False)
    """
    if activation.name == "maxpool":
        return all(len(group) == 1 for group in activation.groups)
    return activation.is_smooth or (activation.name == "leaky_relu" and activation.slope == 1)


def _is_half_slope(activation: Activation) -> bool:
    return activation.name == "abs" or has_one_slope(activation)
