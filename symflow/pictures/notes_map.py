"""The map of a net's cells as it stands beside text, in notes and on slides: small, and only where it has few cells."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import replace

from symflow.errors import BudgetExceededError, NotSupportedError
from symflow.nets.dataset import Dataset
from symflow.pictures.drawing import markers_of
from symflow.pictures.labels import Kind
from symflow.pictures.region_map import RegionMap, region_map
from symflow.pictures.tikz_regions import tikz_regions
from symflow.problem import Problem
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.reports.regions_result import inequalities

# A map with more cells, or more data, is for a page of its own; and it has so long.
_MOST_CELLS, _MOST_POINTS, _SECONDS = 16, 12, 5.0

# So many cells may bear a label, and so many data a name.
_MOST_LABELS, _MOST_NAMED = 6, 4


def notes_map(problem: Problem, *, width: float, has_labels: bool = True, deadline: float | None = None) -> str:
    r"""Return the map of a problem's net as a ``tikzpicture``; empty where it has none, or one too full to be small.

    Parameters
    ----------
    problem : Problem
        Whose net, data and point.
    width : float
        In centimetres.
    has_labels : bool
        Whether few cells have their functions written on them.
    deadline : float, optional
        On the clock of `time.monotonic`.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> network = {"activation": "relu", "weights": [[["1", "-1"], ["-1", "0"]], [["1", "-1/2"]]]}
    >>> notes_map(problem_from_tree({"network": network}), width=4).count(r"\fill[symflow!")
    4
    >>> notes_map(problem_from_tree({"network": {"activation": "relu", "widths": [2, 2, 1]}}), width=4)
    ''
    """
    shape = problem.architecture
    if problem.network is None or shape.n_inputs != 2 or not all(a.is_piecewise_linear for a in shape.activations):
        return ""
    end = time.monotonic() + _SECONDS
    control = Control(max_cells=_MOST_CELLS + 1, deadline=end if deadline is None else min(end, deadline))
    try:
        graph = RegionGraph.of(problem.known_network, domain=inequalities(problem.domain), control=control)
    except (NotSupportedError, BudgetExceededError):
        return ""
    if graph.missing or graph.n_cells > _MOST_CELLS:
        return ""
    points = _points(problem)
    map_ = region_map(graph, points=[marker.point for marker in markers_of(points)])
    is_input = problem.variable == "input"
    if not is_input:  # x_1, x_2, .. are the data
        map_ = replace(map_, names=(("ξ", "1"), ("ξ", "2")))
    labels: Kind = "auto" if has_labels and shape.n_outputs == 1 and graph.n_cells <= _MOST_LABELS else "none"
    text = tikz_regions(map_, points=points, width=width, axes=False, labels=labels)
    return text if is_input else _named(text, map_, points)


def _named(text: str, map_: RegionMap, points: Dataset | None) -> str:
    """Return the picture with the names of few data beside their marks."""
    n_points = 0 if points is None else len(points.inputs)
    if not 0 < n_points <= _MOST_NAMED or not all(map_.window.contains(m.point) for m in markers_of(points)):
        return text
    numbers = itertools.count(1)

    def name(found: re.Match[str]) -> str:
        side = "above left" if found[1] == "white" else "below right"
        return rf"{found[0][:-1]} node[{side}=-1pt,font=\small] {{$x_{next(numbers)}$}};"

    return re.sub(r"\\filldraw\[fill=(\w+)[^;]*;", name, text)


def _points(problem: Problem) -> Dataset | None:
    """Return the data, or the one point; none where they are many."""
    if problem.variable == "input":
        return None if problem.at is None else Dataset([problem.at])
    if problem.inputs is None or len(problem.inputs) > _MOST_POINTS:
        return None
    return Dataset(problem.inputs, labels=problem.labels)
