"""Euler's identity on the whole Clarke differential: <s, w> = L F(w) and <s_l, W_l> = F(w) layer by layer.

For a net without biases each f_k is positively homogeneous in each W_l, of degree d_l (1 for piecewise-linear
activations; the product of the powers above layer l for relu_power), and every element s of ∂(sum_k c_k f_k)(w)
satisfies <s_l, W_l> = d_l sum_k c_k f_k(w): it holds for the gradients of the pieces, and passes to limits and
convex combinations (Lemma 2 of lecture 10, block by block). With biases there is no such identity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from symflow.exact.exponential_numbers import Scalar
from symflow.exact.rationals import fmpq
from symflow.nets.patterned_function import AbstractPatternedFunction


@final
@dataclass(frozen=True, slots=True)
class Euler:
    """The common values over all elements s of the set.

    Parameters
    ----------
    degree : int
        The degree of positive homogeneity of the net in the variables.
    value : Scalar
        <s, w>.
    layers : tuple of Scalar
        <s_l, W_l> for each layer; empty as a function of the input.
    """

    degree: int
    value: Scalar
    layers: tuple[Scalar, ...]


def euler(function: AbstractPatternedFunction) -> Euler | None:
    """Return Euler's identity for F with its coefficients frozen, or None for a net with biases.

    Examples
    --------
    >>> from symflow.nets.empirical_risk import FunctionOfWeights
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.objective import Output
    >>> net = Network.from_weights([[1, 2]], [[3]])
    >>> euler(FunctionOfWeights(net, ((fmpq(1), fmpq(1)),), Output()))
    Euler(degree=2, value=18, layers=(9, 9))
    """
    shape = function.network.architecture
    if shape.has_biases:
        return None
    combination: Scalar = fmpq(0)
    for coefficient, output in zip(function.coefficients, function.outputs, strict=True):
        combination = combination + coefficient * output
    if function.variable == "input":
        degree = math.prod(activation.degree for activation in shape.activations)
        return Euler(degree, combination * degree, ())
    degrees = shape.block_degrees
    return Euler(sum(degrees), combination * sum(degrees), tuple(combination * d for d in degrees))
