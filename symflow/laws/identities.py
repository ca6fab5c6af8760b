"""A law is believed when ⟨∇h, ∇φ⟩ is the zero polynomial for every function φ that drives the flow.

Two ways. *Expanded*: every φ is written out as a polynomial. *Local*, for the laws of one hidden layer l: with free
symbols for what the layer reads and, where the slopes are not known, for its slopes, what the layer above reads does
not change along ∇h. Then nothing above changes, whatever lies below and above, on every pattern and for all data; in
particular no path monomial and no entry of the end-to-end matrix changes, since these are combinations of outputs on
patterns.
"""

from __future__ import annotations

from collections.abc import Sequence

from symflow.errors import NotSupportedError
from symflow.exact.polynomials import Polynomial, PolynomialRing
from symflow.exact.rationals import fmpq
from symflow.laws.law import ConservationLaw
from symflow.laws.models import Fields
from symflow.nets.fixed_slopes import n_paths, output_polynomial

#: Nets with more paths to an output are not written out.
MOST_PATHS = 20_000


def output_gradients(fields: Fields) -> tuple[dict[int, Polynomial], ...]:
    """Return for each function of the model its partial derivatives that are not zero.

    Raises
    ------
    NotSupportedError
        If the net has too many paths.

    Examples
    --------
    >>> from symflow.laws.models import linear_fields
    >>> from symflow.nets.architecture import Architecture
    >>> output_gradients(linear_fields(Architecture((1, 1), (), has_biases=True)))
    ({0: 1}, {1: 1})
    """
    if n_paths(fields.shape) > MOST_PATHS:
        raise NotSupportedError(
            f"{n_paths(fields.shape)} paths to an output, and at most {MOST_PATHS} are written out; "
            "ask about a smaller net",
            place="network.widths",
        )
    result = []
    for function in fields.functions:
        polynomial = output_polynomial(fields.shape, function)
        places = [place for place in polynomial.used_variables() if fields.is_trained(place)]
        result.append({place: polynomial.derivative(place) for place in places})
    return tuple(result)


def is_conserved(law: ConservationLaw, gradients: Sequence[dict[int, Polynomial]]) -> bool:
    """Whether ⟨∇h, ∇φ⟩ = 0 identically for the functions φ with these gradients.

    Examples
    --------
    >>> from symflow.laws.models import linear_fields
    >>> from symflow.laws.textbook import textbook_laws
    >>> from symflow.activations.base import activation
    >>> from symflow.nets.architecture import Architecture
    >>> fields = linear_fields(Architecture((1, 2, 1), (activation("identity"),), has_biases=False))
    >>> [is_conserved(law, output_gradients(fields)) for law in textbook_laws(fields)]
    [True, True, True, True]
    """
    return all(rate(law, gradient) is None for gradient in gradients)


def rate(law: ConservationLaw, gradient: dict[int, Polynomial]) -> Polynomial | None:
    """Return ⟨∇h, ∇φ⟩, or None where it is zero.

    Examples
    --------
    >>> ring = PolynomialRing(("u", "v"))
    >>> u, v = ring.variables()
    >>> rate(ConservationLaw(("u", "v"), ((((0, 2),), fmpq(1)),), "quadratic"), {0: v, 1: u})
    2*u*v
    """
    if not gradient:
        return None
    ring = next(iter(gradient.values())).ring
    variables = ring.variables()
    total = ring.zero()
    for place, row in law.gradient().items():
        if place not in gradient:
            continue
        form = ring.zero()
        for other, coefficient in row.items():
            form = form + (ring.constant(coefficient) if other is None else variables[other] * coefficient)
        total = total + form * gradient[place]
    return None if total.is_zero() else total


def holds_locally(law: ConservationLaw, fields: Fields) -> bool:
    """Whether a law of hidden layer `law.layer` holds because the layer above reads what does not change.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> from symflow.laws.models import path_fields
    >>> from symflow.laws.textbook import textbook_laws
    >>> from symflow.nets.architecture import Architecture
    >>> fields = path_fields(Architecture((2, 2, 2, 1), (activation("relu"),) * 2, has_biases=True))
    >>> all(holds_locally(law, fields) for law in textbook_laws(fields))
    True
    """
    shape, layer = fields.shape, law.layer
    if law.kind in ("balancing", "layer"):
        choices: list[tuple[fmpq, ...] | None] = [None]  # the slopes are symbols
    else:
        choices = list(dict.fromkeys(f.slopes[layer - 1] for f in fields.functions))
    touched = sorted(law.gradient())
    names = [shape.parameter_names[place] for place in touched]
    n_read, n_rows = shape.fan_in(layer), shape.widths[layer]
    symbols = [f"h[{i}]" for i in range(n_read)] + [f"a[{i}]" for i in range(n_rows)]
    ring = PolynomialRing((*names, *symbols))
    variables = ring.variables()
    parameter = dict(zip(touched, variables, strict=False))
    read = variables[len(touched) : len(touched) + n_read]
    free_slopes = variables[len(touched) + n_read :]
    motion: dict[int, Polynomial] = {}
    for place, row in law.gradient().items():
        form = ring.zero()
        for other, coefficient in row.items():
            form = form + (ring.constant(coefficient) if other is None else parameter[other] * coefficient)
        motion[place] = form
    for numbers in choices:
        slopes = free_slopes if numbers is None else [ring.constant(slope) for slope in numbers]
        for above in range(shape.widths[layer + 1]):
            total = ring.zero()
            for group, members in enumerate(shape.members(layer)):
                place = shape.weight_index(layer + 1, above, group)
                if place not in parameter:
                    continue
                for unit in members:
                    z, moved = _preactivation(fields, layer, unit, ring, parameter, motion, read)
                    degree = shape.activation(layer).degree
                    total = total + slopes[unit] * motion[place] * z**degree
                    if moved is not None:
                        total = total + slopes[unit] * parameter[place] * z ** (degree - 1) * moved * degree
            if not total.is_zero():
                return False
    return True


def _preactivation(
    fields: Fields,
    layer: int,
    row: int,
    ring: PolynomialRing,
    parameter: dict[int, Polynomial],
    motion: dict[int, Polynomial],
    read: Sequence[Polynomial],
) -> tuple[Polynomial, Polynomial | None]:
    """Return z of a row and how it moves."""
    shape = fields.shape
    z, moved = ring.zero(), ring.zero()
    for column, feature in enumerate(read):
        place = shape.weight_index(layer, row, column)
        z, moved = z + parameter[place] * feature, moved + motion[place] * feature
    if shape.has_biases:
        place = shape.bias_index(layer, row)
        z, moved = z + parameter[place], moved + motion[place]
    return z, None if moved.is_zero() else moved
