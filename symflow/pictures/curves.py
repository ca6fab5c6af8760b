"""What is drawn of a flow of the weights: objective, soft margin and residuals over time, as floats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.flows.invariants import balancing_laws
from symflow.flows.options import FlowOptions
from symflow.flows.precision import GUARD_DIGITS, exact_value, real, working_digits
from symflow.flows.trajectory import Trajectory
from symflow.nets.empirical_risk import FunctionOfWeights

# Curves of more conserved quantities than these say nothing more.
_MOST_LAWS = 8

Curve = tuple[tuple[float, float], ...]


@final
@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over time.

    Parameters
    ----------
    objective : curve
        F(w(t)).
    soft_margin : curve
        Where it is defined.
    residuals : tuple of (name, curve)
        log10 of the distance of each conserved quantity from its start; points where it is 0 are left out.
    events : tuple of float
        The times of events, each once.
    """

    objective: Curve
    soft_margin: Curve
    residuals: tuple[tuple[str, Curve], ...]
    events: tuple[float, ...]


def curves_of(trajectory: Trajectory) -> Curves:
    """Return the curves through the checkpoints of a trajectory."""
    points = trajectory.checkpoints
    times = [float(each.time) for each in points]
    soft = [(t, float(each.soft_margin)) for t, each in zip(times, points, strict=True) if each.soft_margin is not None]
    return Curves(
        tuple((t, float(each.objective)) for t, each in zip(times, points, strict=True)),
        tuple(soft),
        _residuals(trajectory, times),
        tuple(sorted({float(event.time) for event in trajectory.events})),
    )


def _residuals(trajectory: Trajectory, times: Sequence[float]) -> tuple[tuple[str, Curve], ...]:
    function, options = trajectory.facts.get("function"), trajectory.facts.get("options")
    if not isinstance(function, FunctionOfWeights) or not isinstance(options, FlowOptions):
        return ()
    laws = [law for law in balancing_laws(function.network, options.trained) if law.scope == "neuron"][:_MOST_LAWS]
    found = []
    with working_digits(trajectory.digits + 2 * GUARD_DIGITS):
        for law in laws:
            start = real(law.start(function.point))
            curve = []
            for time, each in zip(times, trajectory.checkpoints, strict=True):
                drift = exact_value(abs(law.value(each.state) - start))
                if drift:
                    curve.append((time, math.log10(drift.numerator) - math.log10(drift.denominator)))
            found.append((law.name, tuple(curve)))
    return tuple(found)


def bounds(values: Sequence[float], *, room: float = 0.06) -> tuple[float, float]:
    """Return an interval around some values, a little wider than they are.

    Examples
    --------
    >>> bounds([0.0, 1.0], room=0.5), bounds([3.0])
    ((-0.5, 1.5), (2.5, 3.5))
    """
    low, high = min(values), max(values)
    if low == high:
        return low - 0.5, high + 0.5
    return low - room * (high - low), high + room * (high - low)
