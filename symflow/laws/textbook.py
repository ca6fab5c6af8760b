"""The laws that have names: balancing, Gram matrices, parameters at rest, what is orthogonal to the data.

Let layer l have weights W, biases b, slopes A (a diagonal matrix) and outgoing weights V, and let z be its
preactivations. Along ∇h of h = ⟨S, W Wᵀ + b bᵀ⟩ − ⟨S', Vᵀ V⟩, S and S' symmetric, z moves by 2 S z and V by −2 V S', so
that V A z, what the layer above reads, moves by 2 V (A S − S' A) z. So h is conserved if A S = S' A for all slopes that
occur:

- S = S' = the unit of one neuron, for every A: *balancing*, ‖incoming‖² + bias² − ‖outgoing‖²;
- two neurons of equal slopes on all data: the same entry of S and S', an entry of the *Gram* matrices; of opposite
  slopes: the opposite entry. In a linear net these are all pairs.

With relu^p, S' = p S on the diagonal. A pooling group counts as one neuron with the weights of all of its members.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from symflow.exact.linear_algebra import kernel
from symflow.exact.polynomials import Monomial
from symflow.exact.rationals import fmpq
from symflow.laws.law import ConservationLaw
from symflow.laws.models import CellField, Fields
from symflow.nets.architecture import Architecture
from symflow.nets.fixed_slopes import FixedSlopes

_ONE = fmpq(1)


def textbook_laws(fields: Fields) -> tuple[ConservationLaw, ...]:
    """Return the laws that have names; each is still to be verified as an identity.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.laws.models import linear_fields, path_fields
    >>> textbook_laws(path_fields(Architecture((2, 1, 1), (activation("relu"),), has_biases=True)))
    (W1[1,1]**2 + W1[1,2]**2 + b1[1]**2 - W2[1,1]**2,)
    >>> textbook_laws(linear_fields(Architecture((1, 2, 1), (activation("identity"),), has_biases=False)))[2]
    W1[1,1]*W1[2,1] - W2[1,1]*W2[1,2]
    """
    shape = fields.shape
    laws: list[ConservationLaw] = []
    if isinstance(fields.fields[0], CellField):
        laws += _unmoved(fields)
        laws += _orthogonal_to_data(fields)
    elif fields.trained is not None:
        laws += [_at_rest(shape, place) for place in range(shape.n_parameters) if place not in fields.trained]
    pairs: list[ConservationLaw] = []
    for layer in range(1, shape.n_layers):
        pairs += [_balancing(shape, layer, group) for group in range(len(shape.members(layer)))]
    for layer in range(1, shape.n_layers):
        pairs += _gram(fields, layer)
    for layer in range(1, shape.n_layers):
        if len(shape.members(layer)) > 1:
            terms = [term for law in pairs if (law.kind, law.layer) == ("balancing", layer) for term in law.terms]
            pairs.append(ConservationLaw(shape.parameter_names, tuple(terms), "layer", layer))
    # What is lost on one side is won on the other only if both sides move.
    return (*laws, *(law for law in pairs if all(map(fields.is_trained, law.gradient()))))


# ---------------------------------------------------------------------- balancing and Gram matrices


def _balancing(shape: Architecture, layer: int, group: int) -> ConservationLaw:
    terms: list[tuple[Monomial, fmpq]] = []
    for row in shape.members(layer)[group]:
        terms += _products(_incoming(shape, layer, row), _incoming(shape, layer, row), _ONE)
    outgoing = _outgoing(shape, layer, group)
    terms += _products(outgoing, outgoing, fmpq(-shape.activation(layer).degree))
    return ConservationLaw(shape.parameter_names, tuple(terms), "balancing", layer, (group + 1,))


def _gram(fields: Fields, layer: int) -> Iterator[ConservationLaw]:
    """Yield the entries off the diagonal, where slopes are equal or opposite; not for pooling groups and powers."""
    shape = fields.shape
    activation = shape.activation(layer)
    is_free = fields.has_free_slopes and activation.has_sites
    if is_free or activation.is_group or activation.degree > 1:
        return
    slopes = [[f.slopes[layer - 1][row] for f in fields.functions] for row in range(shape.widths[layer])]
    for first, second in _pairs(shape.widths[layer]):
        ratio = _ratio(slopes[first], slopes[second]) if activation.has_sites else _ONE
        if ratio is not None:
            terms = gram_terms(shape, layer, first, second, ratio)
            yield ConservationLaw(shape.parameter_names, terms, "gram", layer, (first + 1, second + 1))


def gram_terms(
    shape: Architecture, layer: int, first: int, second: int, ratio: fmpq
) -> tuple[tuple[Monomial, fmpq], ...]:
    """Return the terms of ⟨incoming, incoming⟩ − ratio ⟨outgoing, outgoing⟩ of two neurons (from 0), biases included.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((1, 2, 1), (activation("abs"),), has_biases=False)
    >>> gram_terms(shape, 1, 0, 1, fmpq(-1))
    ((((0, 1), (1, 1)), 1), (((2, 1), (3, 1)), 1))
    """
    terms = _products(_incoming(shape, layer, first), _incoming(shape, layer, second), _ONE)
    terms += _products(_outgoing(shape, layer, first), _outgoing(shape, layer, second), -ratio)
    return tuple(terms)


def _ratio(first: Sequence[fmpq], second: Sequence[fmpq]) -> fmpq | None:
    """Return 1 or −1 where all slopes of one are this multiple of the other's and not all are 0."""
    if all(slope == 0 for slope in first):
        return None
    for ratio in (_ONE, -_ONE):
        if all(a == ratio * b for a, b in zip(first, second, strict=True)):
            return ratio
    return None


def _incoming(shape: Architecture, layer: int, row: int) -> list[int]:
    places = [shape.weight_index(layer, row, column) for column in range(shape.fan_in(layer))]
    return [*places, shape.bias_index(layer, row)] if shape.has_biases else places


def _outgoing(shape: Architecture, layer: int, group: int) -> list[int]:
    return [shape.weight_index(layer + 1, row, group) for row in range(shape.widths[layer + 1])]


def _products(left: Iterable[int], right: Iterable[int], factor: fmpq) -> list[tuple[Monomial, fmpq]]:
    return [
        (((a, 2),) if a == b else ((min(a, b), 1), (max(a, b), 1)), factor) for a, b in zip(left, right, strict=True)
    ]


def _pairs(n: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(n) for j in range(i + 1, n)]


# ---------------------------------------------------------------------- what the data do not move


def _unmoved(fields: Fields) -> Iterator[ConservationLaw]:
    shape = fields.shape
    moved = moved_parameters(shape, fields.functions)
    for place in range(shape.n_parameters):
        if place not in moved or not fields.is_trained(place):
            yield _at_rest(shape, place)


def _at_rest(shape: Architecture, place: int) -> ConservationLaw:
    return ConservationLaw(shape.parameter_names, ((((place, 1),), _ONE),), "unmoved")


def _orthogonal_to_data(fields: Fields) -> Iterator[ConservationLaw]:
    """Yield a basis of the combinations of a neuron's first weights that its data, (x, 1) with biases, do not move."""
    shape = fields.shape
    rates = [_reached(shape, f)[0] for f in fields.functions]
    moved = moved_parameters(shape, fields.functions)
    for row in range(shape.widths[1]):
        places = _incoming(shape, 1, row)
        data = [
            (*f.input, _ONE) if shape.has_biases else f.input
            for f, reached in zip(fields.functions, rates, strict=True)
            if reached[row]
        ]
        columns = [i for i, place in enumerate(places) if place in moved and fields.is_trained(place)]
        for vector in kernel([[x[i] for i in columns] for x in dict.fromkeys(data)], n_columns=len(columns)):
            entries = _primitive([entry for entry in vector if isinstance(entry, fmpq)])
            terms = tuple((((places[i], 1),), entry) for i, entry in zip(columns, entries, strict=True) if entry != 0)
            yield ConservationLaw(shape.parameter_names, terms, "span", 1, (row + 1,))


def _primitive(vector: Sequence[fmpq]) -> list[fmpq]:
    """Return the multiple with coprime integer entries, the first that is not zero positive."""
    denominator = math.lcm(*(int(entry.q) for entry in vector))
    entries = [int((entry * denominator).p) for entry in vector]
    divisor = math.gcd(*entries)
    if next(entry for entry in entries if entry) < 0:
        divisor = -divisor
    return [fmpq(entry // divisor) for entry in entries]


def moved_parameters(shape: Architecture, functions: Sequence[FixedSlopes]) -> set[int]:
    """Return the parameters that some of the functions depend on.

    The derivative by an entry of W_l is what the layer reads times what reaches an output from there: a product of two
    polynomials, which vanishes if and only if one of them does; in neither can terms cancel, as each parameter stands
    in each path at most once.
    """
    moved: set[int] = set()
    for f in functions:
        reached, read = _reached(shape, f), _read(shape, f)
        for layer in range(1, shape.n_layers + 1):
            for row in range(shape.widths[layer]):
                if reached[layer - 1][row]:
                    columns = [column for column, is_read in enumerate(read[layer - 1]) if is_read]
                    moved.update(shape.weight_index(layer, row, column) for column in columns)
                    if shape.has_biases and f.has_bias[layer - 1]:
                        moved.add(shape.bias_index(layer, row))
    return moved


def _read(shape: Architecture, f: FixedSlopes) -> list[list[bool]]:
    """Return for each layer which of the features that it reads are not identically zero."""
    features = [[x != 0 for x in f.input]]
    for layer in range(1, shape.n_layers):
        is_live = any(features[-1]) or (shape.has_biases and f.has_bias[layer - 1])
        rows = [is_live and slope != 0 for slope in f.slopes[layer - 1]]
        features.append([any(rows[row] for row in members) for members in shape.members(layer)])
    return features


def _reached(shape: Architecture, f: FixedSlopes) -> list[list[bool]]:
    """Return for each layer which of its rows the output depends on, where what they read is not zero."""
    reached = [[row == f.output for row in range(shape.n_outputs)]]
    read = _read(shape, f)
    for layer in range(shape.n_layers - 1, 0, -1):
        is_live = any(reached[0])
        rows = [False] * shape.widths[layer]
        for place, members in enumerate(shape.members(layer)):
            for row in members:
                slope = f.slopes[layer - 1][row] != 0
                # Of a power, the derivative is a multiple of the preactivation, which may be zero itself.
                is_linear = shape.activation(layer).degree == 1
                rows[row] = is_live and slope and (is_linear or read[layer][place])
        reached.insert(0, rows)
    return reached
