"""How the map of a page is to be read."""

from __future__ import annotations

from collections.abc import Sequence

from symflow.exact.linear_algebra import rank
from symflow.exact.rationals import fmpq
from symflow.nets.pattern import SiteTable
from symflow.problem import Problem
from symflow.reports.expressions import (
    Sentence,
)
from symflow.reports.page.findings import Findings
from symflow.reports.page.tables import has_many_walls


def legend(found: Findings) -> Sentence:
    """Return how lines, shades, marks and patterns of the map are to be read."""
    if found.graph is None:
        return ()
    said = []
    if len(found.names) > 1:
        said.append(
            "Shade of a cell: length of the gradient. Solid line: kink. "
            f"Dotted line: the pattern changes, {found.letter} does not kink."
        )
    if has_many_walls(found):
        said.append(f"On a wall ∂{found.letter} is the segment between the gradients of its two cells.")
    if any(face.outside is not None for face in found.corners):
        said.append("Ring in colour: autodiff leaves the Clarke differential.")
    if any(face.outside is not None for face in found.walls):
        said.append("Line in colour: autodiff leaves it all along.")
    if (
        found.trajectory is not None
        and found.trajectory.arcs
        and found.problem.variable == "input"
        and found.plane is None
    ):
        is_line = len(found.names) == 1
        said.append(
            "Thick: where the flow goes."
            if is_line
            else "Thin path: the flow inside a cell; thick: it runs along a wall."
        )
    if found.problem.variable == "weights" and found.problem.inputs is not None:
        where = "" if found.plane is None else " on this plane"
        said.append(f"Dots: the data{where}, hollow where the label is negative.")
    elif found.plane is not None and found.problem.at is not None and _is_on(found.plane, found.problem.at):
        said.append("Dot: the point.")
    said.append(_pattern_legend(found.problem))
    return (" ".join(said),)


def _is_on(plane: Sequence[Sequence[fmpq]], point: Sequence[fmpq]) -> bool:
    origin, a, b = plane
    return rank([list(a), list(b), [x - o for x, o in zip(point, origin, strict=True)]]) == 2


def _pattern_legend(problem: Problem) -> str:
    table = SiteTable(problem.architecture, 1)
    n_layers = len({site.layer for site in table.sites})
    groups = any(site.is_group for site in table.sites)
    units = any(not site.is_group for site in table.sites)
    layers = "layers from first to last, parted by |; " if n_layers > 1 else ""
    signs = "+ active, − inactive, 0 on the kink" if units else ""
    winners = "a number: the largest member of a group" if groups else ""
    if not (signs or winners):
        return ""
    return f"Patterns: {layers}{'; '.join(part for part in (signs, winners) if part)}."
