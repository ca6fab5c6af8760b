"""θ -> F(θ): an objective of a net's outputs over a dataset, as a function of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, final

from symflow.errors import InputError, ShapeError, WrongTypeError
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.losses.base import loss as loss_called
from symflow.nets.dataset import Dataset
from symflow.nets.network import Network, Vector
from symflow.nets.objective import AbstractObjective, Risk, Value
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters, SparseVector
from symflow.showing import AbstractFormula


@final
class FunctionOfWeights(AbstractPatternedFunction):
    """F as a function of all weights and biases, at the network's own.

    Parameters
    ----------
    network : Network
        The net at the point.
    inputs : tuple of vectors
        x_1 .. x_n.
    objective : AbstractObjective
        φ.
    output : int
        Which output, from 0.

    Examples
    --------
    >>> from symflow.nets.objective import Output
    >>> net = Network.from_weights([[1, -1]], [[2]])
    >>> F = FunctionOfWeights(net, ((fmpq(1), fmpq(1)),), Output())
    >>> [option.character for option in F.options(0, ("",))]
    ['-', '+']
    >>> F.limiting_gradient(("+",))
    (2, 2, 0)
    """

    variable: ClassVar[str] = "weights"

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return self.network.architecture.parameter_names

    @property
    def point(self) -> Vector:
        """The network's parameters."""
        return self.network.parameters

    @property
    def is_affine_on_cells(self) -> bool:
        """True with at most one hidden layer: z_1 = W_1 x + b_1 is linear in the weights."""
        return self.network.architecture.n_hidden_layers <= 1

    def vanishes(self, layer: int, unit: int, datum: int, characters: Characters) -> bool:
        """Whether z^s vanishes identically: no bias, and all features below do."""
        if self.network.architecture.has_biases:
            return False
        if layer == 1:
            return all(entry == 0 for entry in self.inputs[datum])
        return all(
            self._feature_vanishes(layer - 1, output, datum, characters)
            for output in range(self.network.architecture.fan_in(layer))
        )

    def coincide(self, layer: int, first: int, second: int, datum: int, characters: Characters) -> bool:
        """Whether two units agree identically: their rows are variables of their own, so only where both vanish."""
        return self.vanishes(layer, first, datum, characters)

    def _feature_vanishes(self, layer: int, output: int, datum: int, characters: Characters) -> bool:
        activation = self.network.architecture.activation(layer)
        members = self.network.architecture.members(layer)[output]
        if not activation.has_sites or activation.is_group:
            return self.vanishes(layer, members[0], datum, characters)
        character = characters[self.table.index[layer, output, datum]]
        return activation.piece([fmpq(1)], character) == 0

    def _collect(self, layer: int, delta: SparseVector, datum: int, result: SparseVector) -> None:
        shape = self.network.architecture
        features = self.features[datum][layer - 1]
        for row, entry in delta.items():
            for column, feature in enumerate(features):
                if feature != 0:
                    result[shape.weight_index(layer, row, column)] = entry * feature
            if shape.has_biases:
                result[shape.bias_index(layer, row)] = entry

    def _weight_entry(self, layer: int, row: int, column: int) -> Polynomial:
        return self._shifted(self.network.architecture.weight_index(layer, row, column))

    def _bias_entry(self, layer: int, row: int) -> Polynomial:
        shape = self.network.architecture
        return self._shifted(shape.bias_index(layer, row)) if shape.has_biases else self.ring.constant(fmpq(0))

    def _input_entry(self, datum: int, column: int) -> Polynomial:
        return self.ring.constant(self.inputs[datum][column])

    @cached_property
    def _entries(self) -> dict[int, Polynomial]:
        return {}

    def _shifted(self, place: int) -> Polynomial:
        if place not in self._entries:
            self._entries[place] = self.ring.variable(place) + self.ring.constant(self.point[place])
        return self._entries[place]


@final
@dataclass(frozen=True)
class EmpiricalRisk(AbstractFormula):
    """The empirical risk θ -> sum_k ℓ(f(x_k; θ), y_k).

    Parameters
    ----------
    network : Network
        The net; its weights are the point where none is given.
    data : Dataset
        Inputs and labels.
    loss : str
        "exponential", "logistic" or "squared".
    is_mean : bool
        The mean over the data instead of the sum.
    output : int
        Which output of the net, from 1.

    Raises
    ------
    InputError
        If the data have no labels, or sizes do not fit.

    Examples
    --------
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> R = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1]))
    >>> R(), R(net.parameters) == R.at().value
    (1 + exp(-1/2), True)
    """

    network: Network
    data: Dataset
    loss: str = "exponential"
    is_mean: bool = False
    output: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.network, Network) or not isinstance(self.data, Dataset):
            found = f"{type(self.network).__name__} and {type(self.data).__name__}"
            raise WrongTypeError(f"a risk is of a net and data, found {found}; write EmpiricalRisk(net, Dataset(..))")
        loss_called(self.loss)
        self.at()

    def at(self, parameters: Sequence[object] | None = None) -> FunctionOfWeights:
        """Return the risk as a patterned function at these parameters (the network's own by default)."""
        if self.data.labels is None:
            raise InputError("missing, needed by a risk; give one label an input", place="data.labels")
        network = self.network if parameters is None else self.network.with_parameters(parameters)
        objective = Risk(loss_called(self.loss), self.data.labels, self.is_mean)
        return function_of_weights(network, self.data.inputs, objective, output=self.output)

    def __call__(self, parameters: Sequence[object] | None = None) -> Value:
        """Return R(θ), exactly (the network's own θ by default)."""
        return self.at(parameters).value

    def __repr__(self) -> str:
        which = f", output {self.output}" if self.network.architecture.n_outputs > 1 else ""
        count = self.data.n_inputs
        data = f"{'mean over ' if self.is_mean else ''}{count} {'datum' if count == 1 else 'data'}"
        return f"EmpiricalRisk({self.loss}, {data}, {self.network.architecture}{which}, exact)"


def function_of_weights(
    network: Network, inputs: tuple[Vector, ...], objective: AbstractObjective, *, output: int = 1
) -> FunctionOfWeights:
    """Return F = φ(f_1, .., f_n) as a function of the weights, after checking the sizes.

    Raises
    ------
    ShapeError
        If an input has the wrong length or the output does not exist.
    """
    for k, x in enumerate(inputs, start=1):
        check_input(network, x, place=f"data.inputs, x{k}")
    check_output(network, output)
    return FunctionOfWeights(network, inputs, objective, output=output - 1)


def check_input(network: Network, x: Vector, *, place: str) -> None:
    """Raise `ShapeError` unless `x` has as many entries as the net has inputs."""
    if len(x) != network.architecture.n_inputs:
        raise ShapeError(
            f"{len(x)} entries, W1 has {network.architecture.n_inputs} columns; make them equal", place=place
        )


def check_output(network: Network, output: int) -> None:
    """Raise `ShapeError` unless the net has an output of this number (from 1)."""
    if not 1 <= output <= network.architecture.n_outputs:
        raise ShapeError(
            f"there is no output {output}; the net has {network.architecture.n_outputs}, counted from 1",
            place="objective.output",
        )
