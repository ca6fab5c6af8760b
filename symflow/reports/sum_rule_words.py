"""The sum rule in words: whether ∂R(w) is the sum of the sets of the single data, and what shows that it is not."""

from __future__ import annotations

from symflow.activations.base import AbstractUnitActivation
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.sum_rule import SumRule
from symflow.exact.exponential_numbers import Scalar, sign
from symflow.exact.rationals import fmpq
from symflow.nets.objective import LogSumExp, Risk
from symflow.reports.expressions import Expression, Relation, Sentence
from symflow.reports.phrases import is_short
from symflow.reports.readable.notation import Notation
from symflow.reports.readable.reading import Part, Reading
from symflow.reports.readable.written_numbers import coprime, integer_vector

# The sum is written out for so many data.
_MOST_WRITTEN = 3


def sum_rule_sentence(
    differential: ClarkeDifferential, reading: Reading, notation: Notation, found: SumRule
) -> Sentence:
    """Return "fails: ∂R(w) is smaller than ∂ℓ(m1) + ∂ℓ(m2), where 0 ≤ τ ≤ 1 + c"."""
    data_sum = _sum_words(differential)
    if found.holds is None:
        return ("undecided: ", reading.name, f" is contained in {data_sum}, equality is open")
    if found.holds:
        return ("holds: ", reading.name, f" is {data_sum}")
    head: Sentence = ("fails: ", reading.name, f" is smaller than {data_sum}")
    extent = None if found.neuron is None else _extent(differential, reading, notation, found.neuron)
    if extent is not None:
        return (*head, ", where ", extent)
    if found.neuron is not None and found.vector is not None:
        return (
            *head,
            f"; for neuron {found.neuron}, ",
            integer_vector(coprime(found.vector)),
            " is in the span of the data with positive and in that of the data with negative coefficients",
        )
    return head


def _sum_words(differential: ClarkeDifferential) -> str:
    """Return "∂ℓ(m1) + ∂ℓ(m2)", or "the sum of the ∂ℓ(m_k), k = 1 to 10"."""
    function = differential.function
    n_data = function.n_data
    if isinstance(function.objective, Risk) and function.objective.loss.margin_formula is not None:
        names, general = [f"∂ℓ(m{k})" for k in range(1, n_data + 1)], "∂ℓ(m_k)"
        if function.objective.is_mean:
            return "the mean of the " + (" and ".join(names) if n_data == 2 else f"{general}, k = 1 to {n_data}")
    elif isinstance(function.objective, Risk | LogSumExp):
        names, general = [f"c{k} ∂f(x{k})" for k in range(1, n_data + 1)], "c_k ∂f(x_k)"
        return f"the sum of the sets of the {n_data} data"
    else:
        names, general = [f"c{k} ∂f(x{k})" for k in range(1, n_data + 1)], "c_k ∂f(x_k)"
        return f"the sum of the {n_data} terms' differentials"
    return " + ".join(names) if n_data <= _MOST_WRITTEN else f"the sum of the {general}, k = 1 to {n_data}"


def _extent(differential: ClarkeDifferential, reading: Reading, notation: Notation, neuron: int) -> Expression | None:
    """Return the range of τ or θ on the sum, where the neuron's block is a segment and the sum lies on its line."""
    part = next((each for each in reading.parts if each.neuron == neuron), None)
    if part is None or part.form != "span" or part.shape.dimension != 1 or len(reading.parts) > 1:
        return None
    ends = _ends_of_the_sum(differential, part, neuron)
    if ends is None:
        return None
    symbol, (low, high) = part.parameters[0], ends
    if len(part.auxiliaries) == 1:
        auxiliary = part.auxiliaries[0]
        width = auxiliary.at_one - auxiliary.at_zero
        symbol = auxiliary.symbol
        low, high = sorted([auxiliary.at_zero + low * width, auxiliary.at_zero + high * width])
    extent = Relation((notation.number(low), symbol, notation.number(high)), ("≤", "≤"))
    return extent if is_short(extent) else None


def _ends_of_the_sum(differential: ClarkeDifferential, part: Part, neuron: int) -> tuple[Scalar, Scalar] | None:
    """Return the least and greatest θ on the sum of the data's sets in this block; None where it leaves the line."""
    function = differential.function
    shape = function.network.architecture
    activation = shape.activation(1)
    if not isinstance(activation, AbstractUnitActivation):
        return None
    left, right = activation.coefficients
    (generator,) = part.generators
    lead = next(i for i, entry in enumerate(generator) if entry != 0)
    outer = function.network.weights[1][function.output][neuron - 1]
    low: Scalar = fmpq(0)
    high: Scalar = fmpq(0)
    start: Scalar = fmpq(0)
    for datum, c in enumerate(function.coefficients):
        x = function.inputs[datum]
        row = (*x, fmpq(1)) if shape.has_biases else x
        value = function.preactivations[datum][0][neuron - 1]
        weight = c * outer
        start = start + weight * (right if value > 0 else left) * row[lead]
        if value != 0 or weight == 0:
            continue
        step = weight * (right - left) * row[lead] / generator[lead]
        if any(weight * (right - left) * entry != step * g for entry, g in zip(row, generator, strict=True)):
            return None
        if sign(step) > 0:
            high = high + step
        else:
            low = low + step
    offset = (start - part.base[lead]) / generator[lead]
    return low + offset, high + offset
