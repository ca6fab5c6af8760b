"""What kind of point it is: the claims of ``symflow clarke --stationarity`` that a direction shows.

F'(w; v) is computed by one forward pass: z' = V h + W h' + b', and the derivative of a unit along z' is the slope of
its side times z'; on a kink the side is that of z', and in a group the winner is the maximal member with the largest
z'. So a negative F'(w; v) refutes that w is Fréchet stationary or a local minimum, F'(w; u) + F'(w; v) ≠ F'(w; u + v)
that F is differentiable, and F'(w; v) < <s, v> for an element s that F is Clarke regular. Strict differentiability is
the set being one vector, and implies the other two. What is claimed for all v is not checked, nor descents of higher
order.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symflow.checker.differentials import Block, Differential
from symflow.checker.exponential_fractions import Number, sign
from symflow.checker.expressions import rational, scalar, scalars
from symflow.checker.gradients import Gradients
from symflow.checker.hulls import Vector
from symflow.checker.linear_algebra import dot
from symflow.checker.networks import Forward, slopes_of_unit
from symflow.checker.problems import WINNERS, Activation, Problem
from symflow.checker.reading import Refused, Report, TooLarge, expect, take

_CLAIMS = ("clarke", "frechet", "local_minimum", "differentiable", "strictly_differentiable", "regular")
_KNOWN = (*_CLAIMS, "descent", "not_linear", "not_regular")

# A direction with longer numbers is there to cost time.
_MOST_BITS = 10_000


def check_stationarity(
    report: Report, result: dict[str, object], gradients: Gradients, differential: Differential
) -> None:
    """Check the entry ``stationarity`` of a result, where it has one."""
    if result.get("stationarity") is None:
        return
    with report.checking("stationarity"):
        entry = take(result, "stationarity", dict)
        report.skip_unknown(entry, _KNOWN)
        claims = {key: _claim(entry, key) for key in _CLAIMS}
        with report.checking(""):
            expect(claims["clarke"], result.get("contains_zero"), "clarke")
        is_strict = differential.is_exact and all(len(_inner(block)) == 1 for block in differential.blocks)
        is_split = any(len(_inner(block)) > 1 for block in differential.blocks)
        with report.checking("strictly_differentiable"):
            expect(claims["strictly_differentiable"], True if is_strict else False if is_split else None, "")
        derivative: Number | None = None
        with report.checking(""):
            derivative = _derivative_of_descent(report, entry, gradients)
        _check_no_way_down(report, claims, derivative)
        for key, witness in (("differentiable", "not_linear"), ("regular", "not_regular")):
            with report.checking(witness):
                _check_witness(report, entry, witness, claims[key], gradients, differential)
            if is_strict and claims[key] is False:
                report.reject("a strictly differentiable function is both differentiable and regular", key)
            if claims[key] is True and not is_strict:
                report.skip(key)


def directional_derivative(gradients: Gradients, direction: Sequence[Fraction]) -> Number:
    """Return F'(w; v).

    Examples
    --------
    >>> from symflow.checker.problems import read_problem
    >>> problem = read_problem({
    ...     "network": {"activation": ["abs"], "weights": [[["1"]], [["-1"]]]},
    ...     "data": {"inputs": [["0"]]},
    ...     "objective": {"kind": "output", "variable": "input"},
    ... })
    >>> [str(directional_derivative(Gradients(problem), [Fraction(v)])) for v in (2, -3)]
    ['-2', '-3']
    """
    total: Number = Fraction(0)
    for coefficient, values in zip(gradients.coefficients, gradients.values, strict=True):
        total = total + coefficient * _along(gradients.problem, values, direction)
    return total


def _along(problem: Problem, values: Forward, direction: Sequence[Fraction]) -> Fraction:
    """Return the derivative of the output on one datum."""
    is_input = problem.variable == "input"
    entries = iter(direction)
    moved = list(direction) if is_input else [Fraction(0)] * len(values.features[0])
    for layer, matrix in enumerate(problem.weights):
        z = [sum((a * b for a, b in zip(row, moved, strict=True) if a and b), start=Fraction(0)) for row in matrix]
        if not is_input:
            features = values.features[layer]
            z = [a + sum((next(entries) * h for h in features), start=Fraction(0)) for a in z]
            if problem.biases is not None:
                z = [a + next(entries) for a in z]
        if layer < problem.n_hidden:
            moved = _activated(problem.activations[layer], values.preactivations[layer], z)
    return z[problem.output]


def _activated(activation: Activation, z: Sequence[Fraction], moved: Sequence[Fraction]) -> list[Fraction]:
    result = []
    for unit in range(len(activation.groups) if activation.name == "maxpool" else len(z)):
        if activation.name == "maxpool":
            group = activation.groups[unit]
            ranked = [(z[row], moved[row]) for row in group]
            character = WINNERS[ranked.index(max(ranked))]
        else:
            character = "+" if (z[unit] or moved[unit]) > 0 else "-"
        slopes = slopes_of_unit(activation, z, unit, character)
        result.append(sum((slope * moved[row] for row, slope in slopes), start=Fraction(0)))
    return result


def _check_no_way_down(report: Report, claims: dict[str, bool | None], derivative: Number | None) -> None:
    falls = derivative is not None and sign(derivative) < 0
    for key in ("frechet", "local_minimum"):
        if claims[key] is True and falls:
            report.reject("the function falls along the direction of the descent", key)
        elif claims[key] is True or (claims[key] is False and key == "local_minimum" and derivative is not None):
            if not falls:
                report.skip(key)  # all directions, or a descent of higher order
        elif claims[key] is False and not falls:
            report.reject("no direction along which the function falls is given", key)


def _derivative_of_descent(report: Report, entry: dict[str, object], gradients: Gradients) -> Number | None:
    if entry.get("descent") is None:
        return None
    descent = take(entry, "descent", dict)
    with report.checking("descent"):
        report.skip_unknown(descent, ("direction", "derivative"))  # the values along the way prove nothing more
        found = directional_derivative(gradients, _direction(descent.get("direction"), gradients, "direction"))
        if scalar(descent.get("derivative"), "derivative") != found:
            raise Refused("this is not the derivative along the direction", "derivative")
        if sign(found) > 0:
            raise Refused("the function rises along the direction", "derivative")
        report.n_certificates += sign(found) < 0
        return found
    return None


def _check_witness(
    report: Report,
    entry: dict[str, object],
    key: str,
    claim: bool | None,
    gradients: Gradients,
    differential: Differential,
) -> None:
    """Check what shows that F is not differentiable, or not regular."""
    if claim is not False:
        if entry.get(key) is not None:
            raise Refused("a witness beside a claim that needs none")
        return
    if entry.get(key) is None:
        raise Refused("missing")
    witness = take(entry, key, dict)
    if key == "not_linear":
        spelled = take(witness, "directions", list)
        expect(len(spelled), 2, "directions")
        u, v = (_direction(each, gradients, f"directions[{i}]") for i, each in enumerate(spelled))
        both = [a + b for a, b in zip(u, v, strict=True)]
        values = [directional_derivative(gradients, each) for each in (u, v, both)]
        _expect_values(witness, values)
        if values[0] + values[1] == values[2]:
            raise Refused("the derivatives add up", "values")
    else:
        direction = _direction(witness.get("direction"), gradients, "direction")
        value = directional_derivative(gradients, direction)
        upper = _support(differential, direction)
        claimed = scalars(witness.get("values"), 2, "values")
        if claimed[0] != value:
            raise Refused("this is not the derivative along the direction", "values[0]")
        if sign(claimed[1] - value) <= 0 or sign(upper - claimed[1]) < 0:
            raise Refused("no element of the set shows this", "values[1]")
    report.n_certificates += 1


def _support(differential: Differential, direction: Sequence[Fraction]) -> Number:
    """Return the largest <s, v> of a realised s."""
    total: Number = Fraction(0)
    for block in differential.blocks:
        part = [direction[index] for index in block.indices]
        values = [dot(vertex, part) for vertex in _inner(block)]
        if not values:
            raise Refused("no element of the set is known")
        best = values[0]
        for value in values[1:]:
            best = value if sign(value - best) > 0 else best
        total = total + best
    return total


def _inner(block: Block) -> Sequence[Vector]:
    return () if block.inner is None else block.inner.vertices


def _claim(entry: dict[str, object], key: str) -> bool | None:
    return None if entry.get(key) is None else take(entry, key, bool)


def _direction(spelled: object, gradients: Gradients, place: str) -> list[Fraction]:
    size = len(gradients.problem.point)
    if not isinstance(spelled, list) or len(spelled) != size:
        raise Refused(f"expected a list of {size} numbers", place)
    direction = [rational(entry, f"{place}[{i}]") for i, entry in enumerate(spelled)]
    if any(max(x.numerator.bit_length(), x.denominator.bit_length()) > _MOST_BITS for x in direction):
        raise TooLarge("numbers of so many digits are not followed through the net", place)
    return direction


def _expect_values(witness: dict[str, object], values: Sequence[Number]) -> None:
    claimed = scalars(witness.get("values"), len(values), "values")
    for i, (mine, theirs) in enumerate(zip(values, claimed, strict=True)):
        if mine != theirs:
            raise Refused("this is not the derivative along the direction", f"values[{i}]")
