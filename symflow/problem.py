"""A problem: a net, the data, and what is asked about them.

A :class:`Problem` is the exact, checked content of a problem file (``problem_file.py`` reads one). It
knows what every command needs: which data count, which function they make, and how the problem is
written down again (:meth:`Problem.tree`), exactly and in one canonical form, so that a result is
self-contained.

Which data count. The *output* f(x_1; w) is that of the first input alone. As a function of the *input*,
an objective has one datum, x at the given point; its label or coefficient is the first. Otherwise every
datum counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, final

from symflow.errors import InputError
from symflow.exact.rationals import fmpq
from symflow.losses.base import loss
from symflow.nets.architecture import Architecture
from symflow.nets.empirical_risk import function_of_weights
from symflow.nets.network import Network
from symflow.nets.objective import AbstractObjective, Combination, LogSumExp, Output, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import function_of_input
from symflow.problem_names import LECTURES, Names
from symflow.showing import AbstractShown

Vector = tuple[fmpq, ...]

KINDS = ("output", "combination", "risk", "log_sum_exp")
REDUCTIONS = ("sum", "mean")
VARIABLES = ("weights", "input")


@final
@dataclass(frozen=True, slots=True)
class Domain:
    """A polyhedron in input space: a box, or A x <= b.

    Parameters
    ----------
    box : tuple of (lower, upper), optional
        One interval an input.
    matrix, bounds : optional
        A and b, where the domain is no box.
    """

    box: tuple[tuple[fmpq, fmpq], ...] | None = None
    matrix: tuple[Vector, ...] | None = None
    bounds: Vector | None = None

    def tree(self) -> dict[str, Any]:
        """Return it as a problem file writes it."""
        if self.box is not None:
            return {"box": _vectors(self.box)}
        return {"A": _vectors(self.matrix or ()), "b": _vector(self.bounds or ())}


@final
@dataclass(frozen=True, slots=True)
class FlowSettings:
    """What a problem file says about the flow; None where it says nothing."""

    until: fmpq | None = None
    digits: int | None = None
    trained: tuple[str, ...] | None = None
    checkpoints: Vector | None = None
    on_nonunique: str | None = None
    validated: bool | None = None

    def tree(self) -> dict[str, Any]:
        """Return it as a problem file writes it."""
        said: dict[str, Any] = {
            "until": None if self.until is None else str(self.until),
            "digits": self.digits,
            "trained": None if self.trained is None else list(self.trained),
            "checkpoints": None if self.checkpoints is None else _vector(self.checkpoints),
            "on_nonunique": self.on_nonunique,
            "validated": self.validated,
        }
        return {key: value for key, value in said.items() if value is not None}


@final
@dataclass(frozen=True, slots=True)
class LawsSettings:
    """What a problem file says about conservation laws; None where it says nothing."""

    model: str | None = None

    def tree(self) -> dict[str, Any]:
        """Return it as a problem file writes it."""
        return {} if self.model is None else {"model": self.model}


@final
@dataclass(frozen=True, slots=True)
class Problem(AbstractShown):
    """A net, the data, and the objective.

    Parameters
    ----------
    architecture : Architecture
        Widths, activations, biases.
    network : Network, optional
        The exact weights; None where they are symbolic.
    title : str, optional
        One line.
    inputs : tuple of vectors, optional
        None where the input is symbolic, or there are no data.
    is_input_symbolic : bool
        Whether the data are one symbolic input.
    labels : vector, optional
        One an input.
    kind : str
        ``"output"``, ``"combination"``, ``"risk"`` or ``"log_sum_exp"``.
    loss, reduction : str, optional
        Of a risk.
    coefficients : vector, optional
        Of a combination.
    variable : str
        ``"weights"`` or ``"input"``.
    output : int, optional
        Which output, from 1; None where the net has several and none was named.
    at : vector, optional
        The point of input space, where the variable is the input.
    domain, flow, laws : optional
        The sections of the same names.
    names : Names
        What its objects are called in what people read. Not part of what is asked: problems that differ in nothing else
        are equal, and their JSON is the same.
    is_variable_given : bool
        Whether the file or the command line says which variable; else it is the default.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> problem = problem_from_tree(
    ...     {
    ...         "network": {"activation": "relu", "weights": [[["1", "0.5"]], [["2/4"]]]},
    ...         "data": {"inputs": [["1", "-1"]]},
    ...     }
    ... )
    >>> problem.tree()["network"]["weights"]
    [[['1', '1/2']], [['1/2']]]
    >>> problem.objective()
    Output()
    """

    architecture: Architecture
    network: Network | None = None
    title: str | None = None
    inputs: tuple[Vector, ...] | None = None
    is_input_symbolic: bool = False
    labels: Vector | None = None
    kind: str = "output"
    loss: str | None = None
    reduction: str | None = None
    coefficients: Vector | None = None
    variable: str = "weights"
    output: int | None = None
    at: Vector | None = None
    domain: Domain | None = None
    flow: FlowSettings | None = None
    laws: LawsSettings | None = None
    names: Names = field(default=LECTURES, compare=False)
    is_variable_given: bool = field(default=False, compare=False)

    @property
    def known_network(self) -> Network:
        """The network.

        Raises
        ------
        InputError
            If its weights are symbolic.
        """
        if self.network is None:
            raise InputError('the weights are symbolic; give weights = [..] or file = ".."', place="network.widths")
        return self.network

    def with_input_by_default(self) -> Problem:
        """Return the problem that `regions` asks about: in the input, unless somebody says weights.

        Examples
        --------
        >>> from symflow.problem_tree import problem_from_tree
        >>> problem = problem_from_tree({"network": {"widths": [1, 1]}})
        >>> problem.variable, problem.with_input_by_default().variable
        ('weights', 'input')
        """
        if self.is_variable_given or self.variable == "input":
            return self
        point = self.inputs[0] if self.at is None and self.inputs is not None else self.at
        return replace(self, variable="input", at=point)

    @property
    def has_symbolic_input(self) -> bool:
        """Whether x is a symbol: the file says so or gives no data, or all is a function of x and no point is given."""
        if self.variable == "input":
            return self.network is None or self.at is None
        return self.inputs is None

    @property
    def output_index(self) -> int:
        """The output that counts, from 0.

        Raises
        ------
        InputError
            If the network has several and none was named.
        """
        if self.output is None:
            n_outputs = self.architecture.n_outputs
            raise InputError(
                f"missing, the network has {n_outputs} outputs; add output = .., from 1 to {n_outputs}",
                place="objective.output",
            )
        return self.output - 1

    def data_points(self) -> tuple[Vector, ...]:
        """Return the inputs that count (see the head of this file).

        Raises
        ------
        InputError
            If there are none, or they are symbolic.
        """
        if self.variable == "input" and self.at is not None:
            return (self.at,)
        if self.is_input_symbolic:
            raise InputError("the input is symbolic; give inputs = [[..]] in numbers", place="data.inputs")
        if self.variable == "input":
            raise InputError("no point is given; add at = [..], or --at, or inputs", place="objective.at")
        if self.inputs is None:
            raise InputError("missing; add inputs = [[..]]", place="data.inputs")
        return self.inputs[:1] if self.kind == "output" else self.inputs

    def objective(self) -> AbstractObjective:
        """Return what is made of the outputs on the data that count.

        Raises
        ------
        InputError
            If it needs labels and there are none.
        """
        n_data = 1 if self.variable == "input" or self.inputs is None else len(self.inputs)
        if self.kind == "output":
            return Output()
        if self.kind == "combination":
            return Combination(_at_least(n_data, self.coefficients, "objective.coefficients", self.kind))
        labels = _at_least(n_data, self.labels, "data.labels", self.kind)
        if self.kind == "log_sum_exp":
            return LogSumExp(labels)
        assert self.loss is not None  # a risk without a loss is refused where it is read
        return Risk(loss(self.loss), labels, is_mean=self.reduction == "mean")

    def function(self) -> AbstractPatternedFunction:
        """Return the objective as a function of its variable, at the problem's point.

        Raises
        ------
        InputError
            If the weights or the data are symbolic, or something it needs is missing.
        """
        network, points, output = self.known_network, self.data_points(), self.output_index + 1
        if self.variable == "input":
            return function_of_input(network, points[0], self.objective(), output=output)
        return function_of_weights(network, points, self.objective(), output=output)

    def tree(self) -> dict[str, Any]:
        """Return the canonical problem: plain data, every number a string in lowest terms.

        The weights stand in it even where they came from a file, and there is one activation a hidden layer.
        """
        tree: dict[str, Any] = {} if self.title is None else {"title": self.title}
        tree["network"] = self._network_tree()
        data = self._data_tree()
        if data:
            tree["data"] = data
        tree["objective"] = self._objective_tree()
        for name, section in (("domain", self.domain), ("flow", self.flow), ("laws", self.laws)):
            if section is not None:
                tree[name] = section.tree()
        return tree

    def _network_tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = {"activation": [a.entry() for a in self.architecture.activations]}
        if self.network is None:
            tree["widths"] = list(self.architecture.widths)
            if self.architecture.has_biases:
                tree["bias"] = True
            return tree
        tree["weights"] = [_vectors(matrix) for matrix in self.network.weights]
        if self.network.biases is not None:
            tree["biases"] = _vectors(self.network.biases)
        return tree

    def _data_tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        if self.is_input_symbolic:
            tree["inputs"] = "symbolic"
        elif self.inputs is not None:
            tree["inputs"] = _vectors(self.inputs)
        if self.labels is not None:
            tree["labels"] = _vector(self.labels)
        return tree

    def _objective_tree(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "kind": self.kind,
            "loss": self.loss,
            "reduction": self.reduction,
            "coefficients": None if self.coefficients is None else _vector(self.coefficients),
            "variable": self.variable,
            "output": self.output,
            "at": None if self.at is None else _vector(self.at),
        }
        return {key: value for key, value in said.items() if value is not None}

    def __repr__(self) -> str:
        about = self.kind.replace("_", " ") if self.loss is None else f"{self.kind}, {self.loss}"
        data = (
            "no data" if self.inputs is None else f"{len(self.inputs)} {'datum' if len(self.inputs) == 1 else 'data'}"
        )
        if self.is_input_symbolic or self.has_symbolic_input:
            data = "symbolic input"
        weights = "symbolic weights" if self.network is None else "exact"
        return f"Problem({about}, {data}, {self.architecture}, in the {self.variable}, {weights})"


def kind_in_words(kind: str) -> str:
    """Return a kind of objective as it stands in a sentence.

    Examples
    --------
    >>> kind_in_words("risk"), kind_in_words("output")
    ('a risk', 'an output')
    """
    return {"output": "an output", "combination": "a combination", "risk": "a risk"}.get(kind, "a log_sum_exp")


def _at_least(count: int, numbers: Vector | None, place: str, kind: str) -> Vector:
    """Return the first `count` numbers, or raise that they are missing."""
    if numbers is None or len(numbers) < count:
        entries = "entry" if count == 1 else "entries"
        name = place.rpartition(".")[2]
        raise InputError(
            f"missing, needed by {kind_in_words(kind)}; add {name} = [..] with {count} {entries}", place=place
        )
    return numbers[:count]


def _vector(values: Sequence[fmpq]) -> list[str]:
    return [str(value) for value in values]


def _vectors(rows: Sequence[Sequence[fmpq]]) -> list[list[str]]:
    return [_vector(row) for row in rows]
