"""What a notebook shows of a region graph, the map or a table of cells, and of a trajectory."""

from __future__ import annotations

from html import escape

from symflow.flows.trajectory import Trajectory
from symflow.pictures.captions import counted
from symflow.pictures.labels import function_text, input_names, layered_pattern, pattern_text
from symflow.pictures.svg_regions import svg_regions
from symflow.pictures.trajectory_html import trajectory_html
from symflow.regions.region_graph import RegionGraph

# Larger graphs are shown as their one line: a map of more cells is black, and a table is not looked through.
MOST_DRAWN, MOST_LISTED = 400, 20_000

# The rows of the table, and the characters of an entry.
_MOST_ROWS, _MOST_CHARACTERS = 24, 60


def show(thing: object, style: str) -> str | None:
    """Return how a notebook shows a region graph or a trajectory, or None for its one line.

    Parameters
    ----------
    thing : object
        Anything; only region graphs and trajectories are shown.
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
    if style != "html" or not isinstance(thing, RegionGraph):
        return None
    n_inputs = thing.network.architecture.n_inputs
    if n_inputs == 2:
        return svg_regions(thing) if 0 < thing.n_cells <= MOST_DRAWN else None
    return _table(thing, n_inputs) if 0 < thing.n_cells <= MOST_LISTED else None


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
    return f"<table>\n<caption>{escape(repr(graph))}</caption>\n<tr>{header}</tr>\n{body}\n</table>{after}\n"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
