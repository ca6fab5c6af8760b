"""The orbit of a flow of the input: its corners in order, exact where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast, final

from symflow.flows.precision import exact_value
from symflow.flows.trajectory import Trajectory

Point = tuple[Fraction, Fraction]


@final
@dataclass(frozen=True, slots=True)
class Orbit:
    """The corners of a path.

    Parameters
    ----------
    points : tuple of points
        From the start to where it was followed.
    """

    points: tuple[Point, ...]

    @property
    def floats(self) -> list[tuple[float, float]]:
        """The corners as floats."""
        return [(float(x), float(y)) for x, y in self.points]


def orbit_of(trajectory: Trajectory) -> Orbit:
    """Return the corners of a trajectory in the input, of a net with two inputs.

    Examples
    --------
    >>> from symflow.flows.gradient_flow import gradient_flow
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1, 0], [0, 1]], [[1, "1/2"]], activation="abs"))
    >>> [tuple(map(str, point)) for point in orbit_of(gradient_flow(f, start=(1, 1), until=5)).points]
    [('1', '1'), ('0', '1/2'), ('0', '0')]
    """
    points: list[Point] = []
    for arc in trajectory.arcs:
        exact = None if arc.exact is None else arc.exact.get("start_state")
        if exact is None:
            exact = [exact_value(entry) for entry in arc.start_state]
        points.append(_pair(cast("Sequence[Fraction]", exact)))
    last = _pair(trajectory.exact_state or [exact_value(entry) for entry in trajectory.state])
    if not points or points[-1] != last:
        points.append(last)
    return Orbit(tuple(points))


def _pair(point: Sequence[Fraction]) -> Point:
    x, y = point
    return x, y
