"""Objects that are formulas, in sympy: exact, in real symbols ``W1[1,2]``, ``b1[1]``, ``x[1]``.

The objects inherit ``to_sympy`` (``symflow/showing.py``), which finds :func:`sympy_form` by name, from below. A
derivation has its own, a ``Piecewise`` (``cells/piecewise.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from symflow.activations.base import AbstractActivation, AbstractUnitActivation
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.element import Element
from symflow.errors import NotSupportedError
from symflow.exact.exponential_numbers import ExponentialNumber, Scalar
from symflow.exact.rationals import fmpq
from symflow.laws.conservation import ConservationLaws
from symflow.laws.law import ConservationLaw
from symflow.nets.architecture import Architecture
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.regions.region import Region


def sympy_form(thing: object) -> Any:
    """Return the formula of an object.

    Returns
    -------
    sympy object
        Of a number, a law, a map or a risk an expression; of a cell its affine map; of a net the matrices W_1, b_1, ..;
        of a differential its vertices; of all laws a tuple.

    Raises
    ------
    NotSupportedError
        If it has none.

    Examples
    --------
    >>> net = Network.from_weights([[1, -1]], [["1/2"]])
    >>> sympy_form(Realization(net))
    Max(0, x[1] - x[2])/2
    >>> sympy_form(net)
    (Matrix([[1, -1]]), Matrix([[1/2]]))
    """
    match thing:
        case ExponentialNumber():
            return _number(thing)
        case Element():
            return _vector(thing)
        case Network():
            return _matrices(thing)
        case Realization():
            return _outputs(thing.network, _symbols(_inputs(thing.network.architecture)), None)[thing.output - 1]
        case EmpiricalRisk():
            return _risk(thing)
        case ConservationLaw():
            return _law(thing)
        case ConservationLaws():
            return tuple(map(_law, thing.laws))
        case ClarkeDifferential():
            return tuple(map(_vector, thing.vertices))
        case Region():
            return _cell(thing)
    raise NotSupportedError(f"{type(thing).__name__} is no formula; sympy has none for it")


def _number(value: Scalar | Fraction | int) -> Any:
    import sympy

    if isinstance(value, ExponentialNumber):
        total = sympy.Integer(0)
        for numerator, denominator in value.fractions:
            total += _sum(numerator) / _sum(denominator)
        return total
    if isinstance(value, fmpq):
        return sympy.Rational(int(value.p), int(value.q))
    return sympy.Rational(value.numerator, value.denominator)


def _sum(terms: Sequence[tuple[fmpq, fmpq]]) -> Any:
    import sympy

    return sympy.Add(*(_number(coefficient) * sympy.exp(_number(exponent)) for exponent, coefficient in terms))


def _vector(entries: Sequence[Scalar | Fraction]) -> Any:
    import sympy

    return sympy.ImmutableMatrix([_number(entry) for entry in entries])


def _symbols(names: Sequence[str]) -> list[Any]:
    import sympy

    return [sympy.Symbol(name, real=True) for name in names]


def _inputs(shape: Architecture) -> list[str]:
    return [f"x[{i}]" for i in range(1, shape.n_inputs + 1)]


def _matrices(network: Network) -> tuple[Any, ...]:
    import sympy

    result = []
    for layer, matrix in enumerate(network.weights):
        result.append(sympy.ImmutableMatrix([[_number(entry) for entry in row] for row in matrix]))
        if network.biases is not None:
            result.append(_vector(network.biases[layer]))
    return tuple(result)


def _outputs(network: Network, features: list[Any], parameters: Sequence[Any] | None) -> list[Any]:
    """Return the outputs, with the net's own weights or with symbols for them."""
    shape = network.architecture
    own = [_number(entry) for entry in network.parameters] if parameters is None else parameters
    for layer in range(1, shape.n_layers + 1):
        values = []
        for row in range(shape.widths[layer]):
            value = own[shape.bias_index(layer, row)] if shape.has_biases else 0
            for column, feature in enumerate(features):
                value = value + own[shape.weight_index(layer, row, column)] * feature
            values.append(value)
        if layer == shape.n_layers:
            return values
        apply = _activation(shape.activation(layer))
        features = [apply([values[unit] for unit in members]) for members in shape.members(layer)]
    raise AssertionError("a net has an output layer")


def _activation(activation: AbstractActivation) -> Callable[[list[Any]], Any]:
    """Return an activation on the preactivations of its members."""
    import sympy

    if not isinstance(activation, AbstractUnitActivation):
        return lambda values: sympy.Max(*values)
    left, right = map(_number, activation.coefficients)
    degree = activation.degree

    def apply(values: list[Any]) -> Any:
        (z,) = values
        if left == right:
            return right * z**degree
        if left == 0:
            return right * sympy.Max(0, z) ** degree
        if degree == 1:  # for z of either sign: left z + (right - left) max(0, z)
            return sympy.Abs(z) if (left, right) == (-1, 1) else left * z + (right - left) * sympy.Max(0, z)
        return sympy.Piecewise((left * z**degree, z < 0), (right * z**degree, True))

    return apply


def _loss(name: str, margin: Any, residual: Any) -> Any:
    """Return a loss of the margin y f, or of the residual f - y."""
    import sympy

    if name == "squared":
        return residual**2 / 2
    return sympy.exp(-margin) if name == "exponential" else sympy.log(1 + sympy.exp(-margin))


def _risk(risk: EmpiricalRisk) -> Any:
    import sympy

    shape = risk.network.architecture
    parameters = _symbols(shape.parameter_names)
    assert risk.data.labels is not None  # a risk without labels is refused where it is made
    total = sympy.Integer(0)
    for x, y in zip(risk.data.inputs, risk.data.labels, strict=True):
        f = _outputs(risk.network, [_number(entry) for entry in x], parameters)[risk.output - 1]
        total += _loss(risk.loss, _number(y) * f, f - _number(y))
    return total / risk.data.n_inputs if risk.is_mean else total


def _law(law: ConservationLaw) -> Any:
    import sympy

    symbols = _symbols(law.names)
    terms = [
        sympy.Mul(_number(coefficient), *(symbols[i] ** power for i, power in monomial))
        for monomial, coefficient in law.terms
    ]
    return sympy.Add(*terms)


def _cell(cell: Region) -> Any:
    import sympy

    names = [f"x[{i}]" for i in range(1, len(cell.interior_point) + 1)]
    maps = [
        sympy.Add(_number(constant), *(_number(v) * x for v, x in zip(row, _symbols(names), strict=True)))
        for row, constant in zip(cell.gradient, cell.offset, strict=True)
    ]
    return maps[0] if len(maps) == 1 else sympy.ImmutableMatrix(maps)
