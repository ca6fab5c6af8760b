"""The drawings of a page, from what is on it: the map with flow and data, the chart over time, the set at the point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

from symflow.differentials.selection import select
from symflow.exact.rationals import to_fraction
from symflow.flows.precision import exact_value
from symflow.pictures.drawing import Marker
from symflow.pictures.orbit import Orbit, orbit_of
from symflow.pictures.page_chart import page_chart
from symflow.pictures.page_line import PageLine
from symflow.pictures.page_map import PageMap
from symflow.pictures.page_projection import page_sets
from symflow.pictures.region_map import region_map
from symflow.pictures.slices import place_on
from symflow.pictures.window import Window, chosen_window
from symflow.reports.flow_words import letters
from symflow.reports.names import in_use
from symflow.reports.page.findings import Findings
from symflow.reports.page.flow_data import Chooser, chooser


def page_pictures(found: Findings) -> dict[str, str]:
    """Return the drawings of a page by their names: the map, the chart of a flow, the set at the point."""
    pictures: dict[str, str] = {}
    if found.graph is not None:
        pictures["map"] = _map(found)
    if found.samples is not None and found.problem.variable == "weights":
        pictures["chart"] = page_chart(found.samples, in_use().letter(letters(found.problem)[0]))
    if found.differential is not None and found.differential.is_exact:
        letter = in_use().letter(letters(found.problem)[0])
        pictures["set"] = page_sets(found.differential, select(found.differential, "autodiff"), letter)
    return pictures


def _map(found: Findings) -> str:
    graph, problem = found.graph, found.problem
    assert graph is not None
    orbit = _orbit(found)
    data = _data(found)
    if len(found.names) == 1:
        line = [to_fraction(problem.at[0])] if problem.at is not None and problem.variable == "input" else []
        path = [point[0] for point in orbit] or line
        return PageLine(graph, found.corners, path, [(marker.point[0], marker.is_hollow) for marker in data]).svg()
    points = [marker.point for marker in data]
    if problem.variable == "input" and problem.at is not None and found.plane is None:
        points.append((to_fraction(problem.at[0]), to_fraction(problem.at[1])))
    # A flow that runs far away leaves the window: it is not made so wide that nothing else is seen.
    wide = chosen_window(graph, points)
    points += [point for point in orbit if _is_near(wide, point)]
    map_ = region_map(graph, window=chosen_window(graph, points, is_square=False))
    if found.plane is not None:
        map_ = replace(map_, names=(("p", ""), ("q", "")))
    else:
        first, second = map_.names
        map_ = replace(map_, names=((in_use().letter(first[0]), first[1]), (in_use().letter(second[0]), second[1])))
    choose = chooser(graph, found.walls, found.corners)
    path2 = [
        (point, _runs_along(choose, point, orbit[i + 1] if i + 1 < len(orbit) else None))
        for i, point in enumerate(orbit)
    ]
    return PageMap(map_, found.walls, found.corners, path2, data).svg()


def _is_near(window: Window, point: tuple[Fraction, Fraction]) -> bool:
    """Whether a point is in a window or no further from it than half its side."""
    return all(
        low - (high - low) / 2 <= entry <= high + (high - low) / 2
        for entry, (low, high) in zip(point, (window.x, window.y), strict=True)
    )


def _orbit(found: Findings) -> tuple[tuple[Fraction, Fraction], ...]:
    """Return the corners of a flow of the input, in the plane or on the line."""
    trajectory = found.trajectory
    if trajectory is None or found.problem.variable != "input" or found.plane is not None or not trajectory.arcs:
        return ()
    if len(found.names) == 1:
        starts = [cast("Sequence[Fraction]", (arc.exact or {})["start_state"])[0] for arc in trajectory.arcs]
        end = (trajectory.exact_state or [exact_value(entry) for entry in trajectory.state])[0]
        return tuple((x, Fraction(0)) for x in (*starts, end))
    orbit: Orbit = orbit_of(trajectory)
    return orbit.points


def _runs_along(choose: Chooser, point: Sequence[Fraction], after: Sequence[Fraction] | None) -> bool:
    """Whether a straight piece of a flow runs along a wall."""
    if after is None:
        return False
    return (choose([(x + y) / 2 for x, y in zip(point, after, strict=True)]) or "").startswith("w")


def _data(found: Findings) -> list[Marker]:
    """Return the data to be drawn: those of a risk in the weights, where the map is in their space."""
    problem = found.problem
    if problem.variable == "weights":
        shown = list(problem.inputs or ())
        labels = list(problem.labels or (None,) * len(shown))
    else:  # of a plane the point that it was laid through; of a map it has its place in the flow
        shown, labels = ([] if found.plane is None or problem.at is None else [problem.at]), [None]
    markers = []
    for x, label in zip(shown, labels, strict=False):
        place = x if found.plane is None else place_on(found.plane, x)
        if place is not None:
            first, second = to_fraction(place[0]), to_fraction(place[1]) if len(place) > 1 else Fraction(0)
            markers.append(Marker((first, second), label is not None and label < 0))
    return markers
