"""What is not conserved, with a witness that re-checks.

- A polynomial that is no law: weights, a datum and an output f whose gradient moves it, ⟨∇h(w), ∇f(x; w)⟩ ≠ 0. Full
  Gram balancing of a ReLU net, W₁W₁ᵀ − W₂ᵀW₂ off the diagonal, is the best known one.
- A law under gradient *descent*: h(w − η g) − h(w) = η² (½ gᵀ Q g), exactly.
- A law under weight decay λ: h(w(t)) = e^(−dλt) h(w(0)) for a homogeneous law of degree d.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from symflow.activations.base import POSITIONS
from symflow.errors import InputError
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq, rational, to_fraction
from symflow.laws.identities import MOST_PATHS, output_gradients
from symflow.laws.law import ConservationLaw
from symflow.laws.models import Fields, every_path
from symflow.laws.textbook import gram_terms
from symflow.nets.architecture import Architecture
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.fixed_slopes import n_paths
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.verdict import AbstractVerdict, Proved, Refuted, Undecided

# So many weights and data are tried for a witness.
_MOST_TRIALS = 400


def is_law(polynomial: Polynomial, fields: Fields, *, near: Sequence[fmpq] | None = None) -> AbstractVerdict:
    """Return whether a polynomial in the parameters is conserved by the flows of a model.

    Parameters
    ----------
    polynomial : Polynomial
        h, in the ring of all parameters.
    fields : Fields
        What drives the flow.
    near : sequence of fmpq, optional
        Weights in (the closure of) the cells: on cells these are the witness, if they are one.

    Returns
    -------
    Proved, Refuted or Undecided
        Refuted has the evidence ``parameters``, ``input``, ``output`` (from 1) and ``rate``: at these weights the
        gradient of this output at this input has the inner product ``rate`` with ∇h. For the models ``linear`` and
        ``relu`` the input is a datum on which no unit vanishes; for ``cell`` it is one of the data, with its number
        under ``datum`` and its characters under ``pattern``; the weights then need not lie in the cell, on which the
        rate is the same polynomial.

    Examples
    --------
    Gram balancing of the two neurons of a relu net:

    >>> from symflow.activations.base import activation
    >>> from symflow.laws.expression import polynomial_from_text
    >>> from symflow.laws.models import path_fields
    >>> shape = Architecture((1, 2, 1), (activation("relu"),), has_biases=False)
    >>> h = polynomial_from_text("W1[1,1]*W1[2,1] - W2[1,1]*W2[1,2]", shape.parameter_names)
    >>> is_law(h, path_fields(shape))
    Refuted(parameters=(1, -1, 1, 1), input=(-1,), output=1, rate=-2)
    """
    gradient = dict(enumerate(polynomial.gradient()))
    if fields.model == "cell":
        return _on_cells(gradient, fields, near)
    for network, x, output in _witnesses(fields.shape):
        moved = _rate(gradient, network, x, output, fields)
        if moved:
            return Refuted(
                parameters=tuple(map(to_fraction, network.parameters)),
                input=tuple(map(to_fraction, x)),
                output=output + 1,
                rate=to_fraction(moved),
            )
    everything = every_path(fields.shape) if fields.model == "relu" else fields
    everything = None if everything is None else replace(everything, trained=fields.trained)
    if everything is None or n_paths(fields.shape) > MOST_PATHS:
        return Undecided(reason="too many paths to write out, and no witness was met")
    for field, partials in zip(everything.fields, output_gradients(everything), strict=True):
        if not _product(gradient, partials).is_zero():
            return Undecided(reason=f"no witness was met, but the polynomial moves along {field}")
    return Proved(n_identities=len(everything.fields))


def gram_balancing(shape: Architecture, layer: int, first: int, second: int) -> Polynomial:
    """Return the entry (first, second), from 1, of W_l W_lᵀ + b_l b_lᵀ − W_{l+1}ᵀ W_{l+1}.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> gram_balancing(Architecture((1, 2, 1), (activation("relu"),), has_biases=True), 1, 1, 2)
    W1[1,1]*W1[2,1] + b1[1]*b1[2] - W2[1,1]*W2[1,2]
    """
    return ConservationLaw(
        shape.parameter_names, gram_terms(shape, layer, first - 1, second - 1, fmpq(1)), "gram", layer, (first, second)
    ).polynomial


def under_descent(
    law: ConservationLaw, parameters: Sequence[object], gradient: Sequence[object], step: object
) -> AbstractVerdict:
    """Return whether one step of gradient descent keeps a law, with the exact change.

    Parameters
    ----------
    law : ConservationLaw
        h.
    parameters, gradient : sequences of numbers
        w and the gradient g of the objective there.
    step : number
        η.

    Examples
    --------
    f = u v, u = 2, v = 1, η = 1/10: u² − v² goes from 3 to (19/10)² − (4/5)² = 297/100.

    >>> law = ConservationLaw(("u", "v"), ((((0, 2),), fmpq(1)), (((1, 2),), fmpq(-1))), "balancing", 1, (1,))
    >>> under_descent(law, [2, 1], [1, 2], "1/10")
    Refuted(before=3, after=297/100, change=-3/100)
    """
    point, g, eta = [rational(w) for w in parameters], [rational(entry) for entry in gradient], rational(step)
    before = law.value(point)
    after = law.value([w - eta * slope for w, slope in zip(point, g, strict=True)])
    change = law.change_under_descent(g, eta)
    if to_fraction(after - before) != change:
        raise InputError("it moves the law to first order: this gradient is of another cell or net", place="gradient")
    evidence = {"before": to_fraction(before), "after": to_fraction(after), "change": change}
    return Refuted(**evidence) if change else Proved(**evidence)


def under_weight_decay(law: ConservationLaw, parameters: Sequence[object], decay: object) -> AbstractVerdict:
    """Return whether the flow with the penalty (λ/2) ‖w‖² keeps a law, with the exact factor.

    Examples
    --------
    >>> law = ConservationLaw(("u", "v"), ((((0, 2),), fmpq(1)), (((1, 2),), fmpq(-1))), "balancing", 1, (1,))
    >>> under_weight_decay(law, [2, 1], "1/10")
    Refuted(before=3, factor=exp(-t/5), rate=-3/5)
    """
    rate = rational(decay) * law.decay_degree()
    value = law.value([rational(w) for w in parameters])
    exponent = "t" if rate == 1 else f"{rate.p}*t" if rate.p != 1 else "t"
    factor = "1" if rate == 0 else f"exp(-{exponent})" if rate.q == 1 else f"exp(-{exponent}/{rate.q})"
    evidence = {"before": to_fraction(value), "factor": factor, "rate": to_fraction(-rate * value)}
    return Refuted(**evidence) if rate != 0 and value != 0 else Proved(**evidence)


# ---------------------------------------------------------------------- witnesses


def _on_cells(gradient: dict[int, Polynomial], fields: Fields, near: Sequence[fmpq] | None) -> AbstractVerdict:
    gradients = output_gradients(fields)
    for field, function, partials in zip(fields.fields, fields.functions, gradients, strict=True):
        moved = _product(gradient, partials)
        if not moved.is_zero():
            is_witness = near is not None and moved.evaluate(near) != 0
            point = tuple(near) if is_witness and near is not None else _nonzero_point(moved)
            return Refuted(
                parameters=tuple(map(to_fraction, point)),
                input=tuple(map(to_fraction, function.input)),
                output=function.output + 1,
                rate=to_fraction(moved.evaluate(point)),
                datum=getattr(field, "datum", 0),
                pattern=getattr(field, "word", ""),
            )
    return Proved(n_identities=len(gradients))


def _product(gradient: dict[int, Polynomial], partials: dict[int, Polynomial]) -> Polynomial:
    total = gradient[0].ring.zero()
    for place, partial in partials.items():
        if not gradient[place].is_zero():
            total = total + gradient[place] * partial
    return total


def _nonzero_point(polynomial: Polynomial) -> tuple[fmpq, ...]:
    """Return a point where a polynomial other than 0 does not vanish: among enough multiples of odd primes."""
    n = len(polynomial.ring.names)
    for scale in itertools.count(1):
        point = tuple(fmpq((7 * i * i + 3 * i + scale) % (5 + 2 * scale) - scale) for i in range(n))
        if polynomial.evaluate(point) != 0:
            return point
    raise AssertionError("a polynomial that is not zero has a point where it is not zero")


def _rate(
    gradient: dict[int, Polynomial], network: Network, x: tuple[fmpq, ...], output: int, fields: Fields
) -> fmpq | None:
    """Return ⟨∇h, ∇f⟩ at the weights, or None where a unit vanishes or two members of a group are equal."""
    function = FunctionOfWeights(network, (x,), Output(), output=output)
    characters = []
    for site in function.table.sites:
        values = function.values_at(site)
        largest = max(values)
        if (values.count(largest) > 1) if site.is_group else largest == 0:
            return None
        characters.append(POSITIONS[values.index(largest)] if site.is_group else "+" if largest > 0 else "-")
    total = fmpq(0)
    for place, entry in function.output_gradient(0, characters).items():
        if fields.is_trained(place):
            total += entry * gradient[place].evaluate(function.point)
    return total


def _witnesses(shape: Architecture) -> Iterator[tuple[Network, tuple[fmpq, ...], int]]:
    """Yield small integer weights, inputs and outputs, the same ones each time."""
    state = 7
    for trial in range(_MOST_TRIALS):
        size = 1 + trial // 40
        numbers = []
        for _ in range(shape.n_parameters + shape.n_inputs):
            state = (1103515245 * state + 12345) % 2**31
            numbers.append(Fraction((state >> 12) % (2 * size + 1) - size))
        x = tuple(map(rational, numbers[shape.n_parameters :]))
        yield Network(shape, tuple(numbers[: shape.n_parameters])), x, trial % shape.n_outputs
