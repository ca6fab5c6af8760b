"""What a page's slider shows: a flow at a few hundred times, every number a string that is right as it stands.

A flow of the input whose path is exact is shown in fractions: the times are multiples of one over a common denominator
of the events, so that time, point and value are rational at each; where that denominator is large, each straight piece
is cut into equal parts instead. Any other flow is shown in decimals, rounded to eight (``flow_numbers.py``), at times
where it was computed.

    at      [time, numbers of the state, value, piece, what is chosen on the map there] for each place of the slider
    legs    {"v": velocity, "w": what goes on}
    events  place -> what happens there
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import cast

from symflow.differentials.faces import Face
from symflow.errors import InputError
from symflow.exact.logarithms import value_text
from symflow.exact.rationals import fmpq
from symflow.flows.precision import Number, exact_value
from symflow.flows.trajectory import Arc, Trajectory
from symflow.problem import Problem
from symflow.regions.region_graph import RegionGraph
from symflow.reports.flow_numbers import table_number, time_number
from symflow.reports.flow_result import at_state
from symflow.reports.flow_words import happenings, letters, ways
from symflow.reports.linear_text import linear_text
from symflow.reports.mathml import mathml
from symflow.reports.names import in_use
from symflow.reports.page.map_data import number_text
from symflow.reports.phrases import counted
from symflow.reports.readable.blocks import lines_of
from symflow.reports.results import Json

# The slider has at least so many places where time has a common denominator, and never more than the second.
_FEWEST, _MOST = 200, 400

# A state of more numbers is not shown.
MOST_NUMBERS = 24

Point = Sequence[Fraction]
#: Names what is chosen on a map at a point; None where it lies on no map.
Chooser = Callable[[Point], str | None]


def slider_times(ends: Sequence[Fraction]) -> list[Fraction]:
    """Return the times of a slider, given those at which the pieces of a path begin and end.

    Examples
    --------
    >>> times = slider_times([Fraction(0), Fraction(3, 4), Fraction(10, 3)])
    >>> len(times), str(times[1]), Fraction(3, 4) in times, str(times[-1])
    (201, '1/60', True, '10/3')
    >>> len(slider_times([Fraction(0), Fraction(1, 10007), Fraction(1)]))
    202
    """
    denominator = math.lcm(*(end.denominator for end in ends))
    n_steps = int((ends[-1] - ends[0]) * denominator)
    if 0 < n_steps <= _MOST:
        finer = -(-_FEWEST // n_steps)
        return [ends[0] + Fraction(k, denominator * finer) for k in range(n_steps * finer + 1)]
    times = [ends[0]]
    for low, high in pairwise(ends):
        parts = max(1, round(_FEWEST * (high - low) / (ends[-1] - ends[0]))) if high > low else 0
        times += [low + (high - low) * k / parts for k in range(1, parts + 1)]
    return times


def input_flow_data(problem: Problem, trajectory: Trajectory, samples: Trajectory | None, choose: Chooser) -> Json:
    """Return the data of a flow of the input.

    Parameters
    ----------
    problem : Problem
        What was asked.
    trajectory : Trajectory
        Its flow.
    samples : Trajectory or None
        The same with many checkpoints, where its path is not known in closed form.
    choose : function
        What to choose on the map at a point.
    """
    arcs = [arc for arc in trajectory.arcs if {"start", "start_state", "velocity"} <= set(arc.exact or {})]
    if len(arcs) == len(trajectory.arcs) and trajectory.exact_time is not None and trajectory.exact_state is not None:
        return _exact_flow(problem, trajectory, arcs, choose)
    return _decimal_flow(problem, trajectory if samples is None else samples, choose)


def weight_flow_data(problem: Problem, samples: Trajectory) -> Json:
    """Return the data of a flow of the weights, sampled at many times."""
    digits = samples.digits
    function, variable = map(in_use().letter, letters(problem))
    is_shown = len(samples.names) <= MOST_NUMBERS
    columns: list[tuple[str, list[Number | None]]] = [
        (function, [each.objective for each in samples.checkpoints]),
        ("margin", [each.margin for each in samples.checkpoints]),
        ("soft margin", [each.soft_margin for each in samples.checkpoints]),
        (f"‖{variable}‖", [each.norm for each in samples.checkpoints]),
    ]
    kept = [(name, values) for name, values in columns if any(value is not None for value in values)]
    places = []
    for i, checkpoint in enumerate(samples.checkpoints):
        state = [_decimal(entry, digits) for entry in checkpoint.state] if is_shown else []
        places.append([_time(checkpoint.time, digits), state, [_decimal(values[i], digits) for _, values in kept]])
    times = [exact_value(each.time) for each in samples.checkpoints]
    asked = lines_of(problem.function()) if is_shown else ()
    lines = [[mathml(in_use().expression(line.name)), list(line.places)] for line in asked]
    return {
        "variable": variable,
        "columns": [name for name, _ in kept],
        "lines": lines,
        "how": f"computed to {counted(digits, 'digit')}, rounded to eight decimals here",
        "at": places,
        "events": _events(problem, samples, times),
    }


# ---------------------------------------------------------------------- flows of the input


def _exact_flow(problem: Problem, trajectory: Trajectory, arcs: Sequence[Arc], choose: Chooser) -> Json:
    assert trajectory.exact_time is not None
    assert trajectory.exact_state is not None
    function, variable = map(in_use().letter, letters(problem))
    starts = [cast("Fraction", (arc.exact or {})["start"]) for arc in arcs]
    corners = [cast("Point", (arc.exact or {})["start_state"]) for arc in arcs]
    velocities = [cast("Point", (arc.exact or {})["velocity"]) for arc in arcs]
    ends = [*starts, trajectory.exact_time]
    times = slider_times(ends) if len(ends) > 1 else ends
    places = []
    for time in times:
        leg = min(bisect.bisect_right(starts, time) - 1, len(arcs) - 1) if arcs else 0
        state: Point = trajectory.exact_state
        if time < trajectory.exact_time:
            passed = time - starts[leg]
            state = [x + passed * v for x, v in zip(corners[leg], velocities[leg], strict=True)]
        elif trajectory.status == "stationary":
            leg = len(arcs)
        value = at_state(problem, [fmpq(x.numerator, x.denominator) for x in state]).value
        shown = number_text(value) if isinstance(value, fmpq) else value_text(value)
        places.append([number_text(time), [number_text(x) for x in state], shown, leg, choose(state)])
    legs: list[Json] = []
    ends_at = [*corners[1:], trajectory.exact_state][: len(corners)]
    for corner, velocity, end in zip(corners, velocities, ends_at, strict=True):
        middle = _halfway(corner, velocity, end)
        legs.append({"v": [number_text(v) for v in velocity], "w": _mode(choose(middle))})
    if trajectory.status == "stationary":
        legs.append({"v": ["0"] * len(trajectory.exact_state), "w": f"at rest: 0 is in ∂{function}"})
    return {
        "variable": variable,
        "columns": [function],
        "how": "exact",
        "at": places,
        "legs": legs,
        "events": _events(problem, trajectory, times),
    }


def _decimal_flow(problem: Problem, samples: Trajectory, choose: Chooser) -> Json:
    """Return a flow whose times are not rational: its corners exactly, the rest in decimals."""
    function, variable = map(in_use().letter, letters(problem))
    digits = samples.digits
    found = []
    for checkpoint in samples.checkpoints:
        found.append((exact_value(checkpoint.time), checkpoint.time, checkpoint.state, checkpoint.objective))
    found.sort(key=lambda entry: entry[0])
    times = [entry[0] for entry in found]
    starts = [exact_value(arc.start) for arc in samples.arcs]
    places = []
    for exact, time, state, value in found:
        leg = max(bisect.bisect_right(starts, exact) - 1, 0)
        numbers = [_decimal(entry, digits) for entry in state]
        places.append([_time(time, digits), numbers, _decimal(value, digits), leg, None])
    corners: list[Point] = [cast("Point", (arc.exact or {})["start_state"]) for arc in samples.arcs]
    ways = [cast("Point", (arc.exact or {})["orbit_velocity"]) for arc in samples.arcs]
    last = [exact_value(x) for x in samples.state]
    legs: list[Json] = []
    for corner, way, end in zip(corners, ways, [*corners[1:], last][: len(corners)], strict=True):
        chosen = choose(_halfway(corner, way, end))
        legs.append({"v": None, "w": _mode(chosen), "id": chosen})
    return {
        "variable": variable,
        "columns": [function],
        "how": f"computed to {counted(digits, 'digit')}, rounded to eight decimals here",
        "at": places,
        "legs": legs,
        "events": _events(problem, samples, times),
    }


def chooser(graph: RegionGraph, walls: Sequence[Face], corners: Sequence[Face]) -> Chooser:
    """Return what names the cell, wall or corner of a graph in which a point lies: ``c1``, ``w2``, ``v3``.

    Examples
    --------
    >>> from symflow.differentials.faces import clarke_at_corners, clarke_on_walls
    >>> from symflow.nets.network import Network
    >>> graph = RegionGraph.of(Network.from_weights([[1, 0], [0, 1]], [[1, 1]]))
    >>> choose = chooser(graph, clarke_on_walls(graph), clarke_at_corners(graph))
    >>> choose((1, 1)), choose((0, 1)), choose((0, 0))
    ('c4', 'w3', 'v1')
    """
    points = {tuple(map(_fraction, face.point)): i for i, face in enumerate(corners, start=1)}
    pairs = {face.cells: i for i, face in enumerate(walls, start=1)}

    def choose(point: Point) -> str | None:
        key = tuple(map(Fraction, point))
        if key in points:
            return f"v{points[key]}"
        try:
            cells = tuple(cell.index for cell in graph.cells_meeting(key))
        except InputError:
            return None
        if len(cells) == 1:
            return f"c{cells[0] + 1}"
        return f"w{pairs[cells]}" if cells in pairs else None

    return choose


# ---------------------------------------------------------------------- private


def _events(problem: Problem, trajectory: Trajectory, times: Sequence[Fraction]) -> dict[str, str]:
    """Return what happens, by the place of the slider that is nearest."""
    said: dict[str, list[str]] = {}
    for happening in happenings(problem, trajectory):
        event = happening.events[0]
        time = event.exact_time if event.exact_time is not None else exact_value(event.time)
        place = bisect.bisect_left(times, time)
        if place == len(times) or (place and time - times[place - 1] < times[place] - time):
            place -= 1
        at = "" if times[place] == time else f"t = {linear_text(happening.time)}: "
        said.setdefault(str(place), []).append(at + happening.words)
    if trajectory.status == "non_unique" and times:
        said.setdefault(str(len(times) - 1), []).append(f"not unique: {ways(problem, trajectory)}")
    return {place: "; ".join(words) for place, words in said.items()}


def _halfway(corner: Point, way: Point, end: Point) -> Point:
    """Return the point of a straight piece in the middle, exactly on its line even where its end is rounded."""
    place = max(range(len(way)), key=lambda i: abs(way[i]), default=0)
    share = (end[place] - corner[place]) / way[place] / 2 if way[place] else Fraction(0)
    return [x + share * v for x, v in zip(corner, way, strict=True)]


def _mode(chosen: str | None) -> str:
    return {"c": "inside a cell", "w": "along a wall"}.get((chosen or "")[:1], "")


def _time(value: Number, digits: int) -> str:
    return linear_text(time_number(value, None, digits)).replace("−", "-")


def _decimal(value: Number | None, digits: int) -> str:
    shown = table_number(value, digits)
    return "" if isinstance(shown, str) else linear_text(shown).replace("−", "-")


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
