"""A trajectory at many times, for curves: the flow computed anew with as many checkpoints."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from symflow.exact.rationals import fmpq
from symflow.flows.gradient_flow import flow_of
from symflow.flows.options import FlowOptions
from symflow.flows.precision import exact_value
from symflow.flows.trajectory import Trajectory
from symflow.nets.patterned_function import AbstractPatternedFunction

# From this time on the grid is a geometric one: flows of exponential risks slow down like 1/t.
_LONG = 20


def sampled(trajectory: Trajectory, count: int = 80, *, digits: int | None = None) -> Trajectory:
    """Return the trajectory with about `count` checkpoints; itself where it cannot be computed anew or has no length.

    Parameters
    ----------
    trajectory : Trajectory
        From ``gradient_flow``.
    count : int
        How many.
    digits : int, optional
        Of the new one; its own by default.
    """
    function, options = trajectory.facts.get("function"), trajectory.facts.get("options")
    if not isinstance(function, AbstractPatternedFunction) or not isinstance(options, FlowOptions):
        return trajectory
    end = trajectory.exact_time or exact_value(trajectory.time)
    if end <= 0 or not trajectory.arcs or trajectory.facts.get("continued_at") is not None:
        return trajectory
    times = grid(min(end, Fraction(int(options.until.p), int(options.until.q))), count)
    wanted = replace(
        options,
        until=_fmpq(times[-1]),
        checkpoints=tuple(map(_fmpq, times)),
        digits=digits or options.digits,
        is_validated=False,
        progress=None,
    )
    return flow_of(function, wanted)


def grid(end: Fraction, count: int) -> list[Fraction]:
    """Return times from 0 to `end`: evenly spaced, or for a long horizon evenly spaced in ln(1 + t).

    Examples
    --------
    >>> [str(time) for time in grid(Fraction(2), 4)]
    ['0', '1/2', '1', '3/2', '2']
    >>> [str(time) for time in grid(Fraction(100), 2)], len(grid(Fraction(10**6), 50))
    (['0', '181/20', '100'], 51)
    """
    if end <= _LONG:
        return [end * k / count for k in range(count + 1)]
    largest = math.log1p(float(end))
    inner = [Fraction(math.expm1(largest * k / count)).limit_denominator(64) for k in range(1, count)]
    return sorted({Fraction(0), *(time for time in inner if 0 < time < end), end})


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
