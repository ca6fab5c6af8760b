"""Which functions of the parameters drive the flow: the fields of the three models.

Whatever the loss, a gradient flow moves along Σ cₖ(t) ∇φₖ(w). What the φₖ are depends on what is kept open:

``linear``
    the entries of the matrix product W_L .. W_1 and, with biases, the vector f(0): the flow of a linear net on any
    data.
``relu``
    the path monomials: for each path from an input (or a bias) to an output the product of the parameters on it. On
    every activation cell and every datum an output of the net is a combination of these. A layer of identities is
    summed over.
``cell``
    the outputs on the given data, on given activation cells.

The number of paths is exponential in the depth, but the gradients of few of them span those of all: for each unit
choose one way down to an input (or its bias) and one way up to an output; then through each edge there is one path, and
the gradients of these, as exponent vectors of a flow on the net's graph, span the gradients of all paths (each path is
the sum of the paths through its edges minus those through its units).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

from symflow.errors import NotSupportedError, UnknownNameError
from symflow.exact.rationals import fmpq
from symflow.nets.architecture import Architecture
from symflow.nets.fixed_slopes import FixedSlopes, slopes_on_pattern

MODELS = ("linear", "relu", "cell")

# With more paths than this those of a net with identity layers are not listed.
_MOST_PATHS = 4096

_ZERO, _ONE = fmpq(0), fmpq(1)


@final
@dataclass(frozen=True, slots=True)
class LinearField:
    """The gradient of an entry of the end-to-end matrix, or of f(0).

    Parameters
    ----------
    input, output : int
        Column and row, from 1; the input 0 stands for f(0).
    """

    input: int
    output: int


@final
@dataclass(frozen=True, slots=True)
class PathField:
    """The gradient of a path monomial.

    Parameters
    ----------
    input : int
        Where the path begins, from 1; 0 for a bias.
    units : tuple of (int or None)
        For each hidden layer the unit (from 1) that it goes through; 0 below the bias where it begins, None for a layer
        of identities, over which is summed.
    output : int
        From 1.
    """

    input: int
    units: tuple[int | None, ...]
    output: int


@final
@dataclass(frozen=True, slots=True)
class CellField:
    """The gradient of an output on a datum, on a cell.

    Parameters
    ----------
    datum, output : int
        From 1.
    word : str
        The characters of the datum on the cell.
    """

    datum: int
    output: int
    word: str


Field = LinearField | PathField | CellField


@final
@dataclass(frozen=True)
class Fields:
    """The fields of a model.

    Parameters
    ----------
    model : str
        Which one.
    shape : Architecture
        Of the net.
    fields : tuple
        All of them, or so many that their gradients span those of all.
    functions : tuple of FixedSlopes
        Whose gradients they are.
    trained : frozenset of int, optional
        The parameters that move, where the others are held: the fields are the gradients by these alone.
    """

    model: str
    shape: Architecture
    fields: tuple[Field, ...]
    functions: tuple[FixedSlopes, ...]
    trained: frozenset[int] | None = None

    def is_trained(self, place: int) -> bool:
        """Whether a parameter moves at all."""
        return self.trained is None or place in self.trained

    @property
    def has_free_slopes(self) -> bool:
        """Whether the slopes of the units are free: the model relu."""
        return self.model == "relu"

    def __repr__(self) -> str:
        return f"Fields({self.model} {self.shape}, {len(self.fields)} {'field' if len(self.fields) == 1 else 'fields'})"


def trained_places(shape: Architecture, names: Sequence[str]) -> frozenset[int]:
    """Return the parameters of some matrices and biases.

    Raises
    ------
    UnknownNameError
        If the net has no such matrix or bias.

    Examples
    --------
    >>> sorted(trained_places(Architecture((2, 1), (), has_biases=True), ["b1"]))
    [2]
    """
    known = dict.fromkeys(name.partition("[")[0] for name in shape.parameter_names)
    for name in names:
        if name not in known:
            raise UnknownNameError("parameter", name, tuple(known))
    chosen = set(names)
    return frozenset(i for i, name in enumerate(shape.parameter_names) if name.partition("[")[0] in chosen)


def default_model(shape: Architecture) -> str:
    """Return "linear" for a net without kinks, else "relu".

    Examples
    --------
    >>> default_model(Architecture((2, 1), (), has_biases=False))
    'linear'
    """
    return "linear" if all(not activation.has_sites for activation in shape.activations) else "relu"


def linear_fields(shape: Architecture) -> Fields:
    """Return the entries of the end-to-end matrix and, with biases, of f(0).

    Raises
    ------
    NotSupportedError
        If a layer is not linear.

    Examples
    --------
    >>> fields = linear_fields(Architecture((2, 1), (), has_biases=True))
    >>> [(field.input, field.output) for field in fields.fields]
    [(1, 1), (2, 1), (0, 1)]
    """
    if any(activation.has_sites for activation in shape.activations):
        raise NotSupportedError(
            'the model "linear" is for identity activations; take "relu", or "cell" with data', place="laws.model"
        )
    inputs = [*range(1, shape.n_inputs + 1), *([0] if shape.has_biases else [])]
    fields = [LinearField(i, o) for i in inputs for o in range(1, shape.n_outputs + 1)]
    ones = tuple((_ONE,) * width for width in shape.widths[1:-1])
    functions = tuple(
        FixedSlopes(_unit(shape, field.input), ones, (field.input == 0,) * shape.n_layers, field.output - 1)
        for field in fields
    )
    return Fields("linear", shape, tuple(fields), functions)


def path_fields(shape: Architecture) -> Fields:
    """Return path monomials whose gradients span those of all.

    Raises
    ------
    NotSupportedError
        If an activation is not positively homogeneous of degree 1, or there are too many paths between identity layers.

    Examples
    --------
    One of the paths of a 1-2-1 net through each of its neurons; with an output more there are two:

    >>> from symflow.activations.base import activation
    >>> shape = Architecture((1, 2, 2), (activation("relu"),), has_biases=False)
    >>> [(field.input, field.units, field.output) for field in path_fields(shape).fields]
    [(1, (1,), 1), (1, (2,), 1), (1, (1,), 2), (1, (2,), 2)]
    """
    for activation in shape.activations:
        if not activation.is_piecewise_linear:
            raise NotSupportedError(
                'the model "relu" is for pieces of degree one; take "cell", with data and weights', place="laws.model"
            )
    is_summed = [not activation.has_sites for activation in shape.activations]
    paths = _all_paths(shape, is_summed) if any(is_summed) else _spanning_paths(shape)
    fields = tuple(dict.fromkeys(paths))
    return Fields("relu", shape, fields, tuple(_path_function(shape, field) for field in fields))


def every_path(shape: Architecture) -> Fields | None:
    """Return all path monomials, or None where there are too many to list.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> paths = every_path(Architecture((2, 3, 2), (activation("relu"),), has_biases=False))
    >>> paths is not None and len(paths.fields)
    12
    """
    is_summed = [not activation.has_sites for activation in shape.activations]
    try:
        fields = tuple(_all_paths(shape, is_summed))
    except NotSupportedError:
        return None
    return Fields("relu", shape, fields, tuple(_path_function(shape, field) for field in fields))


def cell_fields(
    shape: Architecture, inputs: Sequence[tuple[fmpq, ...]], patterns: Sequence[str], outputs: Sequence[int]
) -> Fields:
    """Return the outputs (from 1) on the data, on the cells of some patterns.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((1, 1, 1), (activation("relu"),), has_biases=False)
    >>> cell_fields(shape, [(fmpq(2),), (fmpq(3),)], ["+|-"], [1]).fields[0]
    CellField(datum=1, output=1, word='+')
    """
    fields: dict[CellField, FixedSlopes] = {}
    for pattern in patterns:
        for datum, (x, word) in enumerate(zip(inputs, pattern.split("|"), strict=True), start=1):
            for output in outputs:
                field = CellField(datum, output, word)
                if field not in fields:
                    slopes = slopes_on_pattern(shape, word)
                    fields[field] = FixedSlopes(tuple(x), slopes, (shape.has_biases,) * shape.n_layers, output - 1)
    return Fields("cell", shape, tuple(fields), tuple(fields.values()))


# ---------------------------------------------------------------------- paths


def _unit(shape: Architecture, place: int) -> tuple[fmpq, ...]:
    """Return the input that is 1 at a place (from 1) and 0 elsewhere."""
    return tuple(_ONE if i == place else _ZERO for i in range(1, shape.n_inputs + 1))


def _path_function(shape: Architecture, field: PathField) -> FixedSlopes:
    slopes = tuple(
        tuple(_ONE if unit is None or unit == row else _ZERO for row in range(1, shape.widths[layer] + 1))
        for layer, unit in enumerate(field.units, start=1)
    )
    return FixedSlopes(_unit(shape, field.input), slopes, bias_layers(shape, field), field.output - 1)


def bias_layers(shape: Architecture, field: PathField) -> tuple[bool, ...]:
    """Return in which layers a path may begin with a bias: between the last unit 0 and the first one that is chosen.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((1, 2, 2, 1), (activation("relu"),) * 2, has_biases=True)
    >>> bias_layers(shape, PathField(0, (0, 2), 1)), bias_layers(shape, PathField(1, (1, 2), 1))
    ((False, True, False), (False, False, False))
    """
    if field.input != 0:
        return (False,) * shape.n_layers
    units = (*field.units, 1)
    first = max((layer + 1 for layer, unit in enumerate(units) if unit == 0), default=0)
    last = next(layer for layer in range(first, len(units)) if units[layer] is not None)
    return tuple(first <= layer <= last for layer in range(len(units)))


def _spanning_paths(shape: Architecture) -> Iterator[PathField]:
    """Yield one path through each edge: from its lower end the chosen way down, from its upper end the one up."""
    n_hidden = shape.n_hidden_layers
    heads = [shape.members(layer) for layer in range(1, shape.n_layers)]
    lowest = 0 if shape.has_biases else 1

    def down(layer: int, row: int) -> tuple[int, tuple[int, ...]]:
        """Return where the way down from a row begins (its bias, or input 1), and the rows on it."""
        if lowest == 0:
            return 0, (*(0 for _ in range(1, layer)), row + 1)
        return 1, (*(heads[below - 1][0][0] + 1 for below in range(1, layer)), row + 1)

    def up(layer: int) -> tuple[int, ...]:
        """Return the rows of the hidden layers on the way from a layer's output up to output 1."""
        return tuple(heads[above - 1][0][0] + 1 for above in range(layer + 1, n_hidden + 1))

    for layer in range(1, shape.n_layers + 1):
        for row in range(shape.widths[layer]):
            above = (row + 1, *up(layer)) if layer <= n_hidden else ()
            output = 1 if layer <= n_hidden else row + 1
            if shape.has_biases:
                yield PathField(0, ((0,) * (layer - 1) + above), output)
            for column in range(shape.fan_in(layer)):
                if layer == 1:
                    yield PathField(column + 1, above, output)
                else:
                    start, below = down(layer - 1, heads[layer - 2][column][0])
                    yield PathField(start, (*below, *above), output)


def _all_paths(shape: Architecture, is_summed: Sequence[bool]) -> Iterator[PathField]:
    choices: list[Sequence[int | None]] = [
        (None,) if summed else tuple(range(1, shape.widths[layer] + 1))
        for layer, summed in enumerate(is_summed, start=1)
    ]
    n_paths = math.prod(map(len, choices)) * (shape.n_inputs + shape.n_layers) * shape.n_outputs
    if n_paths > _MOST_PATHS:
        raise NotSupportedError(
            f"{n_paths} paths between layers of identities, and at most {_MOST_PATHS} are listed; "
            "join consecutive linear layers into one",
            place="network.widths",
        )
    for units in itertools.product(*choices):
        for output in range(1, shape.n_outputs + 1):
            for i in range(1, shape.n_inputs + 1):
                yield PathField(i, units, output)
            if shape.has_biases:
                for start in range(len(units) + 1):
                    if start == 0 or not is_summed[start - 1]:
                        below = tuple(None if summed else 0 for summed in is_summed[:start])
                        yield PathField(0, (*below, *units[start:]), output)
