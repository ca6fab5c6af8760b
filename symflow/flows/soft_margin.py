"""The soft margin -ln sum e^(-m_k) / |w|^D: where it is defined, and where Theorem 5 says that it does not fall.

D is the degree of positive homogeneity of f in all its weights. The theorem is about the flow of the exponential risk
or of the log-sum-exp, of all weights of a net without biases, from where the soft margin is positive.
"""

from __future__ import annotations

from collections.abc import Sequence

import mpmath

from symflow.exact.exponential_numbers import sign
from symflow.exact.rationals import fmpq
from symflow.flows.evaluation import Evaluation, log_sum_exp
from symflow.flows.precision import Number
from symflow.losses.base import margin_exponential
from symflow.nets.objective import LogSumExp, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction


def homogeneity(function: AbstractPatternedFunction) -> int | None:
    """Return the degree of positive homogeneity of f in all its weights, None with biases or in the input."""
    shape = function.network.architecture
    if function.variable != "weights" or shape.has_biases:
        return None
    return sum(shape.block_degrees)


def margin_and_soft_margin(
    function: AbstractPatternedFunction, evaluation: Evaluation, state: Sequence[Number]
) -> tuple[Number | None, Number | None]:
    """Return min_k m_k / |w|^D and -ln sum e^(-m_k) / |w|^D, w all parameters; None where they are not defined.

    They are not for an objective without labels, for a net with biases (which is not homogeneous), in the input,
    and at w = 0.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> R = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1])).at()
    >>> at = Evaluation(R)
    >>> print(*margin_and_soft_margin(R, at, at.start()))
    0.0 -0.111547525689437
    """
    degree = homogeneity(function)
    if degree is None:
        return None, None
    margins = evaluation.margins(evaluation.outputs(state))
    squared = mpmath.fsum(entry * entry for entry in state)
    if margins is None or squared == 0:
        return None, None
    size = mpmath.sqrt(squared) ** degree
    return min(margins) / size, -log_sum_exp([-m for m in margins]) / size


def is_soft_margin_flow(function: AbstractPatternedFunction, *, all_trained: bool) -> bool:
    """Whether Theorem 5 applies: f is homogeneous and all of w moves in the direction of the flow of -ln sum e^(-m).

    The exponential risk is e^(-u) up to a factor, so its flow has the same orbits.
    """
    objective = function.objective
    exponential = isinstance(objective, Risk) and objective.loss.name == "exponential"
    return all_trained and homogeneity(function) is not None and (exponential or isinstance(objective, LogSumExp))


def starts_positive(function: AbstractPatternedFunction) -> bool:
    """Whether sum e^(-m_k) < 1 at the exact start, decided exactly.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> starts_positive(EmpiricalRisk(Network.from_weights([[1]]), Dataset([(1,)], labels=[1])).at())
    True
    """
    objective = function.objective
    assert isinstance(objective, Risk | LogSumExp)
    total = sum((margin_exponential(-y * f) for y, f in zip(objective.labels, function.outputs, strict=True)), fmpq(0))
    return sign(1 - total) > 0
