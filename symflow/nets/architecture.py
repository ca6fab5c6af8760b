"""Widths, activations and biases: everything about a net but its weights.

Layers count from 1; layer l has the weight matrix W_l (rows are its units) and, in a net with biases, the vector
b_l. The last layer is affine. The parameters stand in one order everywhere: W_1 row by row, b_1, W_2 row by row,
b_2, and so on, and are called ``W1[1,2]``, ``b1[2]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from symflow.activations.base import AbstractActivation
from symflow.activations.base import activation as find_activation
from symflow.errors import ShapeError, WrongTypeError
from symflow.showing import AbstractShown

# Values of a net of this degree have as many times the digits of its weights.
MOST_DEGREE = 4096


@final
@dataclass(frozen=True)
class Architecture(AbstractShown):
    """Widths, activations, biases.

    Parameters
    ----------
    widths : tuple of int
        (n_inputs, rows of W_1, .., rows of W_L).
    activations : tuple of AbstractActivation
        One a hidden layer.
    has_biases : bool
        Whether each layer has a bias vector.

    Raises
    ------
    ShapeError
        If the numbers do not fit each other.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> shape = Architecture((2, 1, 1), (activation("relu"),), has_biases=False)
    >>> shape.parameter_names
    ('W1[1,1]', 'W1[1,2]', 'W2[1,1]')
    """

    widths: tuple[int, ...]
    activations: tuple[AbstractActivation, ...] = ()
    has_biases: bool = False

    @classmethod
    def of(
        cls,
        *widths: int,
        activation: str | AbstractActivation | Sequence[str | AbstractActivation] = "relu",
        biases: bool = False,
    ) -> Architecture:
        """Return the architecture of these widths, the input first, of one activation for all hidden layers or a list.

        Examples
        --------
        >>> Architecture.of(2, 2, 1)
        Architecture(2-2-1, relu)
        """
        return cls(widths, activations_of(activation, len(widths) - 2), biases)

    def __post_init__(self) -> None:
        if not isinstance(self.widths, tuple) or not all(type(width) is int for width in self.widths):
            raise WrongTypeError(f"{self.widths!r} are no widths; write Architecture.of(2, 2, 1)")
        if not isinstance(self.activations, tuple) or isinstance(self.activations, str):
            found = self.activations
            raise WrongTypeError(f"{found!r} is no tuple of activations; write Architecture.of(2, 2, 1, activation=..)")
        if len(self.widths) < 2:
            raise ShapeError("a net has at least an input and an output width", place="network.widths")
        if min(self.widths) < 1:
            raise ShapeError("every width is at least 1", place="network.widths")
        if not self.activations and len(self.widths) > 2:
            same = f"Architecture.of({', '.join(map(str, self.widths))})"
            raise ShapeError(
                f"0 activations for {len(self.widths) - 2} hidden layers; in Python, {same} has relu in all"
            )
        if len(self.activations) != len(self.widths) - 2:
            raise ShapeError(
                f"{len(self.activations)} activations for {len(self.widths) - 2} hidden layers; "
                "give one for all, or a list with one entry a hidden layer",
                place="network.activation",
            )
        if self.block_degrees[0] > MOST_DEGREE:
            raise ShapeError(
                f"the powers multiply to degree {self.block_degrees[0]}; at most {MOST_DEGREE} is computed",
                place="network.activation",
            )
        for layer in range(1, self.n_layers):  # a pooling layer checks here that its groups partition its units
            self.members(layer)

    @property
    def n_layers(self) -> int:
        """The number L of weight matrices."""
        return len(self.widths) - 1

    @property
    def n_hidden_layers(self) -> int:
        """The number L - 1 of layers with an activation."""
        return len(self.widths) - 2

    @property
    def n_inputs(self) -> int:
        """The dimension of the input."""
        return self.widths[0]

    @property
    def n_outputs(self) -> int:
        """The number of rows of the last matrix."""
        return self.widths[-1]

    def activation(self, layer: int) -> AbstractActivation:
        """Return the activation of hidden layer `layer` (from 1)."""
        return self.activations[layer - 1]

    def members(self, layer: int) -> tuple[tuple[int, ...], ...]:
        """Return for each output of hidden layer `layer` the units (from 0) that it depends on."""
        return self.activation(layer).members(self.widths[layer])

    def fan_in(self, layer: int) -> int:
        """Return the number of columns of W_layer: the outputs of the layer below."""
        return self.widths[0] if layer == 1 else len(self.members(layer - 1))

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of all parameters, in their order."""
        return tuple(self._names())

    def weight_index(self, layer: int, row: int, column: int) -> int:
        """Return the place of W_layer[row, column] (from 0) among the parameters."""
        return self._starts[layer - 1] + row * self.fan_in(layer) + column

    def bias_index(self, layer: int, row: int) -> int:
        """Return the place of b_layer[row] (from 0) among the parameters."""
        return self._starts[layer - 1] + self.widths[layer] * self.fan_in(layer) + row

    def layer_block(self, layer: int) -> slice:
        """Return where the entries of W_layer stand among the parameters (its bias not included)."""
        start = self._starts[layer - 1]
        return slice(start, start + self.widths[layer] * self.fan_in(layer))

    @property
    def n_parameters(self) -> int:
        """The number of parameters."""
        return self._starts[-1]

    @property
    def block_degrees(self) -> tuple[int, ...]:
        """The degree of positive homogeneity of f in each W_l (without biases): the product of the degrees above l."""
        degrees = [1]
        for activation in reversed(self.activations):
            degrees.append(degrees[-1] * activation.degree)
        return tuple(reversed(degrees))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        starts = [0]
        for layer in range(1, self.n_layers + 1):
            size = self.widths[layer] * (self.fan_in(layer) + self.has_biases)
            starts.append(starts[-1] + size)
        return tuple(starts)

    def _names(self) -> Iterator[str]:
        for layer in range(1, self.n_layers + 1):
            for row in range(1, self.widths[layer] + 1):
                for column in range(1, self.fan_in(layer) + 1):
                    yield f"W{layer}[{row},{column}]"
            if self.has_biases:
                for row in range(1, self.widths[layer] + 1):
                    yield f"b{layer}[{row}]"

    def __str__(self) -> str:
        return "-".join(map(str, self.widths))

    def __repr__(self) -> str:
        kinds = "".join(f", {name}" for name in dict.fromkeys(a.name for a in self.activations))
        return f"Architecture({self}{kinds}{', biases' if self.has_biases else ''})"


def activations_for(
    given: AbstractActivation | Sequence[AbstractActivation], n_hidden: int
) -> tuple[AbstractActivation, ...]:
    """Return one activation a hidden layer, from one for all or a list.

    Examples
    --------
    >>> from symflow.activations.base import activation
    >>> len(activations_for(activation("relu"), 3))
    3
    """
    if isinstance(given, AbstractActivation):
        return (given,) * n_hidden
    return tuple(given)


def activations_of(
    given: str | AbstractActivation | Sequence[str | AbstractActivation], n_hidden: int
) -> tuple[AbstractActivation, ...]:
    """Return one activation a hidden layer, from a name, an activation or a list of them.

    Raises
    ------
    WrongTypeError
        If something in it is neither; the message says what to write instead of a problem file's table.

    Examples
    --------
    >>> activations_of("abs", 2) == activations_of(["abs", "abs"], 2)
    True
    >>> activations_of([{"name": "abs"}, "relu"], 2)
    Traceback (most recent call last):
        ...
    symflow.errors.WrongTypeError: {'name': 'abs'} is no activation; write activation("abs")
    """
    if isinstance(given, str):
        return activations_for(find_activation(given), n_hidden)
    if isinstance(given, AbstractActivation):
        return activations_for(given, n_hidden)
    if isinstance(given, Mapping | type) or not isinstance(given, Iterable):
        raise _no_activation(given)
    return tuple(_one_activation(each) for each in given)


def _one_activation(given: object) -> AbstractActivation:
    if isinstance(given, str):
        return find_activation(given)
    if not isinstance(given, AbstractActivation):
        raise _no_activation(given)
    return given


def _no_activation(given: object) -> WrongTypeError:
    write = 'write "relu", or activation("leaky_relu", slope="1/4")'
    if isinstance(given, Mapping) and "name" in given:
        options = "".join(f", {option}={value!r}" for option, value in given.items() if option != "name")
        write = f'write activation("{given["name"]}"{options})'
    return WrongTypeError(f"{given!r} is no activation; {write}")
