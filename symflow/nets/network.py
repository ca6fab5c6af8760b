"""An architecture with exact weights, and its exact evaluation."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, final

from symflow.activations.base import AbstractActivation
from symflow.errors import InexactNumberError, ShapeError, WrongTypeError
from symflow.exact.rationals import dyadic_entries, entries, fraction, rational, to_fraction
from symflow.nets.architecture import Architecture, activations_of
from symflow.showing import AbstractFormula

if TYPE_CHECKING:  # who only asks where a net is cut loads no python-flint
    from symflow.exact.rationals import fmpq

Vector: TypeAlias = "tuple[fmpq, ...]"
Matrix: TypeAlias = "tuple[Vector, ...]"
Fractions = tuple[Fraction, ...]
FractionRows = tuple[Fractions, ...]
Number: TypeAlias = "fmpq | Fraction"

# What to do with floats that are meant.
_FOR_POINTS = (
    "for points of an array X, Dataset.from_arrays(X).inputs keeps every float as the exact dyadic rational it is."
)
_FOR_TRAINED_NETS = "for a trained net, Network.from_arrays keeps every float as the exact dyadic rational it is."


@final
@dataclass(frozen=True, repr=False)
class Network(AbstractFormula):
    """A net with exact rational weights.

    Parameters
    ----------
    architecture : Architecture
        Widths, activations, biases.
    fractions : tuple of Fraction
        All weights and biases, in the order of ``architecture.parameter_names``.

    Examples
    --------
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> net((2, 1))
    (Fraction(1, 1),)
    >>> net.weights[1], net.biases
    (((1, -1/2),), None)
    """

    architecture: Architecture
    fractions: Fractions = ()

    def __post_init__(self) -> None:
        if not isinstance(self.architecture, Architecture):
            raise WrongTypeError("a net of matrices is made by Network.from_weights([[1, -1], [-1, 0]], [[1, 2]])")
        shape, given = self.architecture, entries(self.fractions, place="the parameters of a net")
        if len(given) != shape.n_parameters:
            first, last = shape.parameter_names[0], shape.parameter_names[-1]
            raise ShapeError(
                f"{len(given)} parameters given, the net has {shape.n_parameters}, {first} .. {last}; "
                "give them all, in the order of net.parameters"
            )
        try:
            exact = tuple(fraction(v, place=name) for v, name in zip(given, shape.parameter_names, strict=True))
        except InexactNumberError as error:
            raise InexactNumberError(f"{error.message};\n    {_FOR_TRAINED_NETS}", place=error.place) from None
        object.__setattr__(self, "fractions", exact)

    @classmethod
    def from_weights(
        cls,
        *weights: Sequence[Sequence[object]],
        biases: Sequence[Sequence[object]] | None = None,
        activation: str | AbstractActivation | Sequence[str | AbstractActivation] = "relu",
    ) -> Network:
        """Return the net with these weight matrices.

        Parameters
        ----------
        *weights : matrices
            W_1, .., W_L; integers, ``Fraction`` or ``"p/q"``. A lone float is refused.
        biases : sequence of vectors, optional
            b_1, .., b_L.
        activation : str, AbstractActivation, or a sequence of them
            One for all hidden layers, or one each.

        Raises
        ------
        InexactNumberError, ShapeError
            Naming the entry or the matrices.

        Examples
        --------
        >>> Network.from_weights([[1, -0.5]])
        Traceback (most recent call last):
            ...
        symflow.errors.InexactNumberError: W1[1,2] = -0.5 is a float. Write "-1/2" or Fraction(-1, 2);
            for a trained net, Network.from_arrays keeps every float as the exact dyadic rational it is.
        >>> Network.from_weights([[1, -1], [-1, 0]], [[1, 2, 3]])
        Traceback (most recent call last):
            ...
        symflow.errors.ShapeError: W2 has 3 columns, but layer 1 has 2 neurons. Expected a 1 x 2 matrix.
        """
        try:
            matrices = tuple(_matrix(matrix, f"W{layer}") for layer, matrix in enumerate(weights, start=1))
            vectors = None
            if biases is not None:
                vectors = tuple(
                    tuple(fraction(v, place=f"b{layer}[{i}]") for i, v in enumerate(entries(b, place=f"b{layer}"), 1))
                    for layer, b in enumerate(entries(biases, place="biases"), start=1)
                )
        except InexactNumberError as error:
            raise InexactNumberError(f"{error.message};\n    {_FOR_TRAINED_NETS}", place=error.place) from None
        activations = activations_of(activation, len(matrices) - 1)
        _check_columns(matrices, activations)
        return cls.assemble(matrices, vectors, activations)

    @classmethod
    def from_arrays(
        cls,
        *weights: Any,
        biases: Sequence[Any] | None = None,
        activation: str | AbstractActivation | Sequence[str | AbstractActivation] = "relu",
    ) -> Network:
        """Return the net with these arrays of floats, each the exact dyadic rational that it is.

        Examples
        --------
        >>> import numpy as np
        >>> Network.from_arrays(np.array([[0.5]]), np.array([[0.25]])).weights
        (((1/2,),), ((1/4,),))
        """
        exact: list[Any] = [dyadic_entries(rows, 2, place=f"W{layer}[") for layer, rows in enumerate(weights, 1)]
        vectors: Any = None
        if biases is not None:
            given = entries(biases, place="biases")
            vectors = [dyadic_entries(vector, 1, place=f"b{layer}[") for layer, vector in enumerate(given, 1)]
        return cls.from_weights(*exact, biases=vectors, activation=activation)

    @classmethod
    def assemble(
        cls,
        weights: Sequence[Sequence[Sequence[Number]]],
        biases: Sequence[Sequence[Number]] | None,
        activations: tuple[AbstractActivation, ...],
    ) -> Network:
        """Return the net of exact matrices, after checking that they fit each other."""
        if not weights:
            raise ShapeError("no weight matrix; a net has at least one", place="network.weights")
        widths = (len(weights[0][0]), *(len(matrix) for matrix in weights))
        architecture = Architecture(widths, activations, biases is not None)
        for layer, matrix in enumerate(weights, start=1):
            expected = architecture.fan_in(layer)
            if len(matrix[0]) != expected:
                below = (
                    f"layer {layer - 1} has {expected} groups"
                    if architecture.activation(layer - 1).is_group
                    else f"W{layer - 1} has {expected} rows"
                )
                raise ShapeError(
                    f"W{layer} has {len(matrix[0])} columns, {below}; make them equal", place="network.weights"
                )
        if biases is not None:
            if len(biases) != len(weights):
                raise ShapeError(
                    f"{len(biases)} bias vectors for {len(weights)} weight matrices; give one each",
                    place="network.biases",
                )
            for layer, (vector, matrix) in enumerate(zip(biases, weights, strict=True), start=1):
                if len(vector) != len(matrix):
                    raise ShapeError(
                        f"b{layer} has {len(vector)} entries, W{layer} has {len(matrix)} rows; make them equal",
                        place="network.biases",
                    )
        vectors = biases if biases is not None else [()] * len(weights)
        numbers = itertools.chain.from_iterable(
            itertools.chain(*matrix, vector) for matrix, vector in zip(weights, vectors, strict=True)
        )
        return cls(architecture, tuple(v if isinstance(v, Fraction) else to_fraction(v) for v in numbers))

    @cached_property
    def parameters(self) -> Vector:
        """All weights and biases in their order, as numbers to compute with."""
        return tuple(rational(number) for number in self.fractions)

    @cached_property
    def weights(self) -> tuple[Matrix, ...]:
        """W_1 .. W_L; rows are output units."""
        shape = self.architecture
        return tuple(_rows(shape, layer, self.parameters) for layer in range(1, shape.n_layers + 1))

    @cached_property
    def biases(self) -> tuple[Vector, ...] | None:
        """b_1 .. b_L, or None."""
        shape = self.architecture
        if not shape.has_biases:
            return None
        return tuple(_offsets(shape, layer, self.parameters) for layer in range(1, shape.n_layers + 1))

    def affine_map(self, layer: int) -> tuple[FractionRows, Fractions]:
        """Return W_layer and b_layer (zeros in a net without biases) as they are kept.

        Examples
        --------
        >>> Network.from_weights([[2, "1/3"]]).affine_map(1)
        (((Fraction(2, 1), Fraction(1, 3)),), (Fraction(0, 1),))
        """
        shape = self.architecture
        zeros = (Fraction(0),) * shape.widths[layer]
        offsets = _offsets(shape, layer, self.fractions) if shape.has_biases else zeros
        return _rows(shape, layer, self.fractions), offsets

    def with_parameters(self, parameters: Sequence[object]) -> Network:
        """Return the net of the same architecture with these parameters, in their order."""
        return Network(self.architecture, tuple(entries(parameters, place="at")))  # type: ignore[arg-type]  # read there

    def __call__(self, x: Sequence[object]) -> tuple[Fraction, ...]:
        """Return the outputs at the input `x`, exactly."""
        return tuple(to_fraction(v) for v in self.forward(exact_input(x, self.architecture.n_inputs))[-1])

    def forward(self, x: Vector) -> tuple[Vector, ...]:
        """Return the preactivations of every hidden layer at `x`, and last the outputs."""
        values: list[Vector] = []
        features = x
        for layer in range(1, self.architecture.n_layers + 1):
            values.append(self.affine(layer, features))
            if layer < self.architecture.n_layers:
                features = self.activate(layer, values[-1])
        return tuple(values)

    def affine(self, layer: int, features: Vector) -> Vector:
        """Return W_layer features + b_layer."""
        matrix = self.weights[layer - 1]
        nothing = rational(0)
        products = (sum((w * h for w, h in zip(row, features, strict=True)), nothing) for row in matrix)
        if self.biases is None:
            return tuple(products)
        return tuple(z + b for z, b in zip(products, self.biases[layer - 1], strict=True))

    def activate(self, layer: int, preactivations: Vector) -> Vector:
        """Return the outputs of hidden layer `layer`."""
        chosen = self.architecture.activation(layer)
        return tuple(
            chosen.evaluate([preactivations[unit] for unit in members]) for members in self.architecture.members(layer)
        )

    def __repr__(self) -> str:
        names = tuple(dict.fromkeys(a.name for a in self.architecture.activations))
        kinds = "".join(f", {name}" for name in names)
        return f"Network({self.architecture}{kinds}{', biases' if self.architecture.has_biases else ''}, exact)"


def exact_input(x: Sequence[object], n_inputs: int, *, place: str = "x") -> Vector:
    """Return an input vector as exact rationals of the right length."""
    try:
        point = tuple(rational(v, place=f"{place}[{i}]") for i, v in enumerate(entries(x, place=place), start=1))
    except InexactNumberError as error:
        raise InexactNumberError(f"{error.message};\n    {_FOR_POINTS}", place=error.place) from None
    if len(point) != n_inputs:
        raise ShapeError(f"{len(point)} entries, the net has {n_inputs} inputs; make them equal", place=place)
    return point


def _rows(shape: Architecture, layer: int, numbers: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    """Return the weights of a layer, from numbers in the order of the parameters."""
    size = shape.fan_in(layer)
    starts = (shape.weight_index(layer, row, 0) for row in range(shape.widths[layer]))
    return tuple(numbers[start : start + size] for start in starts)


def _offsets(shape: Architecture, layer: int, numbers: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the biases of a layer, from numbers in the order of the parameters."""
    start = shape.bias_index(layer, 0)
    return numbers[start : start + shape.widths[layer]]


def _check_columns(matrices: Sequence[FractionRows], activations: Sequence[AbstractActivation]) -> None:
    """Raise `ShapeError` unless each matrix has as many columns as the layer below has outputs."""
    for layer, (below, matrix) in enumerate(itertools.pairwise(matrices), start=1):
        if layer > len(activations):
            return  # how many activations there are is checked where they are assembled
        outputs = activations[layer - 1].members(len(below))
        if len(matrix[0]) != len(outputs):
            noun = "groups" if activations[layer - 1].is_group else "neurons"
            noun = noun[:-1] if len(outputs) == 1 else noun
            columns = f"{len(matrix[0])} {'column' if len(matrix[0]) == 1 else 'columns'}"
            raise ShapeError(
                f"W{layer + 1} has {columns}, but layer {layer} has {len(outputs)} {noun}. "
                f"Expected a {len(matrix)} x {len(outputs)} matrix."
            )


def _matrix(matrix: Sequence[Sequence[object]], name: str) -> FractionRows:
    if isinstance(matrix, str) or not hasattr(matrix, "__iter__"):
        raise ShapeError(f"{matrix!r} is no matrix; write a list of rows, such as [[1, 2]]", place=name)
    for i, row in enumerate(matrix, start=1):
        if isinstance(row, str) or not hasattr(row, "__iter__"):
            raise ShapeError(f"row {i} is {row!r}; a matrix is a list of rows, such as [[1, 2]]", place=name)
        if any(not isinstance(v, str) and getattr(v, "shape", True) and hasattr(v, "__iter__") for v in row):
            raise ShapeError("a list of matrices; give them one after the other: (W1, W2)", place=name)
    rows = tuple(
        tuple(fraction(v, place=f"{name}[{i},{j}]") for j, v in enumerate(row, start=1))
        for i, row in enumerate(matrix, start=1)
    )
    if not rows or not rows[0]:
        raise ShapeError(f"{name} is empty; give it rows of numbers", place="network.weights")
    for i, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise ShapeError(
                f"row {i} of {name} has {len(row)} entries, row 1 has {len(rows[0])}; make them equal",
                place="network.weights",
            )
    return rows
