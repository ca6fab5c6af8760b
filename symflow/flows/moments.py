"""What is computed at a checkpoint of a trajectory, once for all that is watched there: a moment.

The outputs, the chosen subgradient s = -w' and the margins, in mpmath at the digits of the trajectory, from the state
alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

import mpmath

from symflow.flows.evaluation import Evaluation, log_sum_exp
from symflow.flows.options import FlowOptions
from symflow.flows.precision import Number
from symflow.flows.soft_margin import homogeneity
from symflow.flows.trajectory import Arc, Checkpoint, Invariant, Trajectory
from symflow.nets.patterned_function import AbstractPatternedFunction


@final
@dataclass(frozen=True)
class Watch:
    """A trajectory with what its monitors need.

    Parameters
    ----------
    function : AbstractPatternedFunction
        F, at the start.
    options : FlowOptions
        What was asked.
    trajectory : Trajectory
        With its checkpoints.
    invariants : tuple of Invariant
        Those of the trajectory.
    """

    function: AbstractPatternedFunction
    options: FlowOptions
    trajectory: Trajectory
    invariants: tuple[Invariant, ...] = ()
    evaluation: Evaluation = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evaluation", Evaluation(self.function))

    @cached_property
    def degree(self) -> int | None:
        """The degree D of homogeneity of f in all weights; None with biases, or in the input."""
        return homogeneity(self.function)

    @cached_property
    def trained(self) -> tuple[int, ...]:
        """The places of the variables that move."""
        return trained_places(self.function, self.options.trained)

    @property
    def all_trained(self) -> bool:
        """Whether every variable moves."""
        return len(self.trained) == len(self.function.variables)

    @property
    def points(self) -> tuple[Checkpoint, ...]:
        """The checkpoints whose states are known to the digits: all, but at a blow-up not the last one."""
        return known_points(self.trajectory)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """The checkpoints that lie on an arc, with the chosen subgradient there."""
        return tuple(
            Moment(self, checkpoint, place, arc)
            for place, checkpoint in enumerate(self.points)
            if (arc := arc_at(self.trajectory.arcs, checkpoint.time)) is not None and self._has_subgradient(arc)
        )

    def _has_subgradient(self, arc: Arc) -> bool:
        """Whether the chosen subgradient is computed there: not where the members of a pooling group tie."""
        return "0" not in arc.pattern or not any(
            each.is_group for each in self.function.network.architecture.activations
        )


@final
class Moment:
    """A checkpoint: what is computed there once, for all monitors."""

    def __init__(self, watch: Watch, checkpoint: Checkpoint, place: int, arc: Arc) -> None:
        self.watch, self.checkpoint, self.place, self.arc = watch, checkpoint, place, arc
        self.state = checkpoint.state

    @cached_property
    def outputs(self) -> list[Number]:
        """The outputs f_k."""
        return self.watch.evaluation.outputs(self.state)

    @cached_property
    def product(self) -> Number:
        """The number sum c_k f_k."""
        coefficients = self.watch.evaluation.coefficients(self.outputs)
        return mpmath.fsum(c * f for c, f in zip(coefficients, self.outputs, strict=True))

    @cached_property
    def gradient(self) -> list[Number]:
        """The gradient on the arc's pattern, by all variables."""
        return self.watch.evaluation.gradient(self.state, self.arc.pattern)

    @cached_property
    def subgradient(self) -> list[Number]:
        """The chosen subgradient s = -w', 0 in what is frozen."""
        return self.watch.evaluation.tangential(self.gradient, self.arc.pattern, self.watch.trained)

    @cached_property
    def speed_squared(self) -> Number:
        """The number |w'|²."""
        return mpmath.fsum(s * s for s in self.subgradient)

    @cached_property
    def margins(self) -> list[Number]:
        """The margins m_k."""
        found = self.watch.evaluation.margins(self.outputs)
        assert found is not None  # asked for only where there are labels
        return found

    @cached_property
    def u(self) -> Number:
        """The numerator of the soft margin, -ln sum e^(-m_k)."""
        return -log_sum_exp([-m for m in self.margins])


def trained_places(function: AbstractPatternedFunction, trained: Sequence[str] | None) -> tuple[int, ...]:
    """Return the places of the variables that move.

    Examples
    --------
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> R = EmpiricalRisk(Network.from_weights([[1, 2]], [[3]]), Dataset([(1, 1)], labels=[1])).at()
    >>> trained_places(R, ["W2"]), trained_places(R, None)
    ((2,), (0, 1, 2))
    """
    if trained is None or function.variable != "weights":
        return tuple(range(len(function.variables)))
    shape = function.network.architecture
    places: list[int] = []
    for layer in range(1, shape.n_layers + 1):
        if f"W{layer}" in trained:
            block = shape.layer_block(layer)
            places.extend(range(block.start, block.stop))
        if f"b{layer}" in trained:
            places.extend(shape.bias_index(layer, row) for row in range(shape.widths[layer]))
    return tuple(places)


def known_points(trajectory: Trajectory) -> tuple[Checkpoint, ...]:
    """Return the checkpoints whose states are known to the digits that are claimed.

    Where a flow blows up, the state at the last time is a rough one: the norm grows faster than any digits.
    """
    points = trajectory.checkpoints
    return points[:-1] if trajectory.status == "blow_up" else points


def arc_at(arcs: Sequence[Arc], time: Number) -> Arc | None:
    """Return the arc that holds from `time` on, at the end the last one; None where there is none."""
    for arc in arcs:
        if arc.start <= time < arc.end:
            return arc
    return arcs[-1] if arcs and time >= arcs[-1].start else None
