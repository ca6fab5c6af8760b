"""x -> F(x; θ) at fixed weights: a net as a function of its input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, final

from symflow.errors import WrongTypeError
from symflow.exact.polynomials import Polynomial
from symflow.exact.rationals import fmpq
from symflow.nets.empirical_risk import check_input, check_output
from symflow.nets.network import Network, Vector, exact_input
from symflow.nets.objective import AbstractObjective, Output
from symflow.nets.patterned_function import AbstractPatternedFunction, Characters, SparseVector
from symflow.showing import AbstractFormula


@final
class FunctionOfInput(AbstractPatternedFunction):
    """F = φ(f(x)) as a function of the one input x, the weights fixed.

    Parameters
    ----------
    network : Network
        The net.
    inputs : tuple of one vector
        The point x.
    objective : AbstractObjective
        φ, of one output.
    output : int
        Which output, from 0.

    Examples
    --------
    >>> net = Network.from_weights([[1], [-1]], [[1, -1]])
    >>> F = FunctionOfInput(net, ((fmpq(0),),), Output())
    >>> F.limiting_gradient(("+", "-")), F.conventional_gradient("autodiff")
    ((1,), (0,))
    """

    variable: ClassVar[str] = "input"

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names x[1] .. x[n]."""
        return tuple(f"x[{i}]" for i in range(1, self.network.architecture.n_inputs + 1))

    @property
    def point(self) -> Vector:
        """The input."""
        return self.inputs[0]

    @property
    def is_affine_on_cells(self) -> bool:
        """True for piecewise-linear activations (those of the last hidden layer do not matter here)."""
        return all(activation.is_piecewise_linear for activation in self.network.architecture.activations[:-1])

    def vanishes(self, layer: int, unit: int, datum: int, characters: Characters) -> bool:
        """Whether z^s vanishes identically in x; it is computed."""
        return self._is_zero(layer, {unit: fmpq(1)}, characters)

    def coincide(self, layer: int, first: int, second: int, datum: int, characters: Characters) -> bool:
        """Whether two preactivations are the same function of x on the piece; it is computed."""
        return self._is_zero(layer, {first: fmpq(1), second: fmpq(-1)}, characters)

    def _is_zero(self, layer: int, form: SparseVector, characters: Characters) -> bool:
        """Whether a linear form in the preactivations of a layer, zero at x, is zero identically."""
        if self._gradient(layer, dict(form), 0, self._slopes_on(0, characters)):
            return False
        if all(activation.is_piecewise_linear for activation in self.network.architecture.activations[: layer - 1]):
            return True  # affine, zero at x, with gradient zero
        total = self.ring.constant(fmpq(0))
        for unit, entry in form.items():
            total = total + self.preactivation_polynomial(layer, unit, 0, characters) * self.ring.constant(entry)
        return total.is_zero()

    def _collect(self, layer: int, delta: SparseVector, datum: int, result: SparseVector) -> None:
        if layer > 1:
            return
        for row, entry in delta.items():
            for column, weight in enumerate(self.network.weights[0][row]):
                if weight != 0:
                    result[column] = result.get(column, fmpq(0)) + entry * weight

    def _weight_entry(self, layer: int, row: int, column: int) -> Polynomial:
        return self.ring.constant(self.network.weights[layer - 1][row][column])

    def _bias_entry(self, layer: int, row: int) -> Polynomial:
        biases = self.network.biases
        return self.ring.constant(fmpq(0) if biases is None else biases[layer - 1][row])

    def _input_entry(self, datum: int, column: int) -> Polynomial:
        return self.ring.variable(column) + self.ring.constant(self.point[column])


@final
@dataclass(frozen=True)
class Realization(AbstractFormula):
    """The realization map x -> f(x; θ) of a net.

    Parameters
    ----------
    network : Network
        The net.
    output : int
        Which output, from 1.

    Examples
    --------
    >>> net = Network.from_weights([[1], [-1]], [[1, -1]])
    >>> f = Realization(net)
    >>> print(f((3,)), f.at((3,)).value)
    3 3
    """

    network: Network
    output: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.network, Network):
            name = type(self.network).__name__
            raise WrongTypeError(f"{name} is no net; write Realization(Network.from_weights([[1, -1]], [[1]]))")
        check_output(self.network, self.output)

    def at(self, x: Sequence[object]) -> FunctionOfInput:
        """Return the map as a patterned function at the input `x`."""
        point = exact_input(x, self.network.architecture.n_inputs, place="at")
        return function_of_input(self.network, point, Output(), output=self.output)

    def __call__(self, x: Sequence[object]) -> Fraction:
        """Return f(x), exactly."""
        return self.network(x)[self.output - 1]

    def __repr__(self) -> str:
        which = f", output {self.output}" if self.network.architecture.n_outputs > 1 else ""
        return f"Realization({repr(self.network).removeprefix('Network(').removesuffix(', exact)')}{which}, exact)"


def function_of_input(
    network: Network, at: Vector, objective: AbstractObjective, *, output: int = 1
) -> FunctionOfInput:
    """Return F = φ(f(x)) as a function of x at the point `at`, after checking the sizes."""
    check_input(network, at, place="objective.at")
    check_output(network, output)
    return FunctionOfInput(network, (at,), objective, output=output - 1)
