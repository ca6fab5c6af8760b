"""The numbers of a Clarke differential as combinations Σ_k q_k c_k of the coefficients of Proposition 2.

A gradient of a piece is Σ_k c_k ∇f^s_k(w), and the ∇f^s_k(w) are rational. So the q_k of its entries are known from
the pattern, and no number need be taken apart afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symflow.activations.base import CONVENTIONS
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.euler import euler
from symflow.differentials.factor import Factor
from symflow.differentials.polytope import Point
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.rationals import fmpq
from symflow.nets.objective import Combination
from symflow.nets.patterned_function import AbstractPatternedFunction

ZERO = fmpq(0)


def learned_numbers(differential: ClarkeDifferential) -> dict[Scalar, tuple[fmpq, ...]]:
    """Return the irrational entries of the vertices and of the conventional gradients, each with its q_k.

    Examples
    --------
    >>> from symflow.differentials.clarke import clarke_differential
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> R = EmpiricalRisk(Network.from_weights([[2]]), Dataset([(1,), (3,)], labels=[1, -1]))
    >>> learned_numbers(clarke_differential(R))
    {3*exp(6) - exp(-2): (1, 3), 6*exp(6) - 2*exp(-2): (2, 6)}
    """
    function = differential.function
    result: dict[Scalar, tuple[fmpq, ...]] = {}
    if not any(isinstance(coefficient, ExponentialNumber) for coefficient in function.coefficients):
        return result
    for factor in differential.factors:
        for entries, weights in _vertex_entries(function, factor):
            _enter(result, entries, weights)
    alone = [_only(function, datum) for datum in range(function.n_data)]
    for convention in CONVENTIONS:
        parts = [each.conventional_gradient(convention) for each in alone]
        _enter(result, function.conventional_gradient(convention), list(zip(*parts, strict=True)))
    found = euler(function)
    if found is not None:
        outputs = function.outputs
        degrees = [1] if function.variable == "input" else function.network.architecture.block_degrees
        _enter(result, found.layers, [[degree * output for output in outputs] for degree in degrees])
        _enter(result, (found.value,), [[found.degree * output for output in outputs]])
    return result


def learned_from_pieces(
    function: AbstractPatternedFunction, pieces: Sequence[tuple[Sequence[str], Sequence[Scalar]]]
) -> dict[Scalar, tuple[fmpq, ...]]:
    """Return the irrational entries of gradients at the point, given by the signs of their pieces, each with its q_k.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> R = EmpiricalRisk(Network.from_weights([[2]]), Dataset([(1,), (3,)], labels=[1, -1])).at()
    >>> learned_from_pieces(R, [((), R.limiting_gradient(()))])
    {3*exp(6) - exp(-2): (1, 3)}
    """
    result: dict[Scalar, tuple[fmpq, ...]] = {}
    for characters, gradient in pieces:
        shares = [function.output_gradient(datum, characters) for datum in range(function.n_data)]
        weights = [tuple(share.get(place, ZERO) for share in shares) for place in range(len(gradient))]
        _enter(result, gradient, weights)
    return result


def _enter(
    result: dict[Scalar, tuple[fmpq, ...]], entries: Sequence[Scalar], weights: Sequence[Sequence[Scalar]]
) -> None:
    for entry, row in zip(entries, weights, strict=False):
        if isinstance(entry, ExponentialNumber) and entry not in result:
            result[entry] = tuple(q for q in row if isinstance(q, fmpq))


def _only(function: AbstractPatternedFunction, datum: int) -> AbstractPatternedFunction:
    """Return f_k alone, as a function of the same variables."""
    unit = Combination(tuple(fmpq(1 if k == datum else 0) for k in range(function.n_data)))
    return type(function)(function.network, function.inputs, unit, output=function.output)


def _vertex_entries(
    function: AbstractPatternedFunction, factor: Factor
) -> Iterator[tuple[Point, list[tuple[fmpq, ...]]]]:
    """Yield each vertex of a factor, with the q_k of each of its entries."""
    cell_of: dict[Point, int] = {}
    for i, gradient in enumerate(factor.gradients):
        cell_of.setdefault(gradient, i)
    for vertex in factor.inner.vertices:
        characters = factor.incident.cells[cell_of[vertex]].characters
        gradients = [function.output_gradient(datum, characters) for datum in range(function.n_data)]
        yield vertex, [tuple(gradient.get(place, ZERO) for gradient in gradients) for place in factor.places]
