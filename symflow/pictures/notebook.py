"""What a notebook shows of region graphs, cells and walls, of trajectories, and of differentials in the plane."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.selection import select
from symflow.flows.trajectory import Trajectory
from symflow.pictures.captions import counted
from symflow.pictures.labels import function_text, input_names, layered_pattern, pattern_text
from symflow.pictures.set_in_plane import set_in_plane
from symflow.pictures.svg_regions import svg_regions
from symflow.pictures.trajectory_html import trajectory_html
from symflow.regions.region import Region
from symflow.regions.region_graph import RegionGraph
from symflow.regions.wall import Wall
from symflow.registry import display
from symflow.reports.objects_html import CAPTION, vector_html

# Larger graphs are shown as their one line: a map of more cells is black, and a table is not looked through.
MOST_DRAWN, MOST_LISTED = 400, 20_000

# The rows of the table, and the characters of an entry.
_MOST_ROWS, _MOST_CHARACTERS, _MOST_POINTS = 24, 60, 8


def show(thing: object, style: str) -> str | None:
    """Return how a notebook shows one of these, or None for its one line.

    Parameters
    ----------
    thing : object
        Anything.
    style : str
        ``"latex"`` or ``"html"``.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1, 0], [0, 1]], [[1, 1]])
    >>> show(RegionGraph.of(net), "html")[:4]
    '<svg'
    >>> show(RegionGraph.of(net), "latex") is None
    True
    """
    if style == "html" and isinstance(thing, Trajectory):
        return trajectory_html(thing)
    if style == "html" and isinstance(thing, ClarkeDifferential):
        return _differential(thing)
    if style == "html" and isinstance(thing, Region):
        return _cell(thing)
    if style == "html" and isinstance(thing, Wall):
        return _wall(thing)
    if style == "html" and isinstance(thing, Sequence) and not isinstance(thing, tuple):  # an element is a vector
        return _many(thing)
    if style != "html" or not isinstance(thing, RegionGraph):
        return None
    n_inputs = thing.network.architecture.n_inputs
    if n_inputs == 2:
        return svg_regions(thing) if 0 < thing.n_cells <= MOST_DRAWN else None
    return _table(thing, n_inputs) if 0 < thing.n_cells <= MOST_LISTED else None


def _differential(differential: ClarkeDifferential) -> str | None:
    """Return the closed form with the picture below it, for functions of two variables."""
    if len(differential.function.variables) != 2:
        return None
    selection = select(differential, "autodiff")
    picture = set_in_plane(differential, selection)
    formula = display(differential, "latex")
    if not picture or formula is None:
        return None
    words = "in the set" if selection.verdict.is_proved else "not in the set"
    gradient = vector_html(selection.gradient)
    return (
        f"<div>\n{escape(formula)}\n<div>{picture}</div>\n<p>automatic differentiation: {gradient}, {words}</p>\n</div>"
    )


def _cell(cell: Region) -> str:
    graph, names = cell.complex, input_names(len(cell.interior_point))
    rows = [
        ("pattern", escape(pattern_text(cell.pattern))),
        ("f", escape(_cut(function_text(cell.gradient, cell.offset, names)))),
        ("bounded", "yes" if cell.is_bounded else "no"),
        ("neighbours", ", ".join(str(other.index + 1) for other in cell.neighbours)),
    ]
    return _facts(f"cell {cell.index + 1} of {graph.n_cells}", rows, cell)


def _wall(wall: Wall) -> str:
    first, second = wall.cells
    flips = ", ".join(f"neuron {unit} of layer {layer}" for layer, unit in wall.flips)
    rows = [("between cells", f"{first + 1} and {second + 1}"), ("changes sign", flips)]
    rows.append(("kink", "yes" if wall.is_kink else "no, f is affine across it"))
    return _facts("wall", rows, wall)


def _facts(
    caption: str,
    rows: Sequence[tuple[str, str]],
    place: Region | Wall,
) -> str:
    """Return facts in a table of two columns."""
    corners = [*rows]
    lines = place.complex.begin.lineality
    # Where every cell contains lines, the vertices are those of a section: they would be taken for corners.
    spanning: list[tuple[str, Sequence[Sequence[Fraction | int]]]]
    spanning = [("a point of it" if lines else "vertices", place.vertices[:1] if lines else place.vertices)]
    for name, points in (*spanning, ("rays", place.rays), ("lines along", lines)):
        if points:
            left = len(points) - _MOST_POINTS
            after = f", and {left} more" if left > 0 else ""
            text = ", ".join(f"({', '.join(map(str, point))})" for point in points[:_MOST_POINTS])
            corners.append((name, escape(f"{text}{after}".replace("-", "−"))))
    body = "\n".join(f'<tr><th scope="row">{name}</th><td>{entry}</td></tr>' for name, entry in corners)
    return f"<table>\n<caption{CAPTION}>{caption}</caption>\n{body}\n</table>\n"


def _many(things: Sequence[object]) -> str | None:
    """Return the cells or the walls of a graph as a list of their one lines."""
    if not things:
        return None
    shown = "\n".join(f"<li><code>{escape(_cut(repr(thing)))}</code></li>" for thing in things[:_MOST_ROWS])
    left = len(things) - _MOST_ROWS
    after = f"\n<p>and {left} more</p>" if left > 0 else ""
    return f"<ol>\n{shown}\n</ol>{after}\n"


def _table(graph: RegionGraph, n_inputs: int) -> str:
    names = input_names(n_inputs)
    rows = []
    for cell in graph.cells[:_MOST_ROWS]:
        neighbours = ", ".join(str(other.index + 1) for other in cell.neighbours)
        entries = (
            str(cell.index + 1),
            pattern_text(layered_pattern(graph, cell.index)),
            function_text(cell.gradient, cell.offset, names),
            "yes" if cell.is_bounded else "no",
            neighbours,
        )
        rows.append("".join(f"<td>{escape(_cut(entry))}</td>" for entry in entries))
    header = "".join(f'<th scope="col">{name}</th>' for name in ("cell", "pattern", "f", "bounded", "neighbours"))
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    left = graph.n_cells - len(rows)
    after = f"\n<p>and {counted(left, 'more cell')}</p>" if left else ""
    return f"<table>\n<caption{CAPTION}>{escape(repr(graph))}</caption>\n<tr>{header}</tr>\n{body}\n</table>{after}\n"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
