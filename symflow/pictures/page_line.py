"""The map of a page for a net with one input: its graph over its cells, which are intervals.

A cell is an upright strip ``c1``, a kink a circle ``v1`` on the graph. As in ``page_map.py`` there are classes instead
of colours, and ``data-view`` says how points are placed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from itertools import pairwise
from typing import final

from symflow.differentials.faces import Face
from symflow.exact.rationals import to_fraction
from symflow.pictures.labels import function_text
from symflow.pictures.page_map import LABEL_SIZE, WIDTH, coordinate, small_text
from symflow.pictures.svg_regions import text_width
from symflow.pictures.ticks import ticks
from symflow.pictures.window import nice_step
from symflow.regions.region_graph import RegionGraph
from symflow.reports.names import in_use

_HEIGHT = 420

# Room beside the outermost kinks, as a share of their distance; above and below the graph, of its height.
_ROOM, _ROOM_ABOVE = Fraction(1, 2), Fraction(1, 8)
_LIGHTEST, _DARKEST = 4, 44


@final
class PageLine:
    """The graph of a net with one input.

    Parameters
    ----------
    graph : RegionGraph
        Of a net with one input and one output.
    corners : sequence of Face
        The Clarke differential at its kinks.
    path : sequence of Fraction
        The corners of a flow.
    data : sequence of (Fraction, bool)
        Data to be drawn on the axis, hollow or not.

    Examples
    --------
    >>> from symflow.differentials.faces import clarke_at_corners
    >>> from symflow.nets.network import Network
    >>> graph = RegionGraph.of(Network.from_weights([[1], [-1]], [[1, 1]]))
    >>> text = PageLine(graph, clarke_at_corners(graph)).svg()
    >>> [text.count(f'class="{name}"') for name in ("cell", "vert", "graph")]
    [2, 1, 1]
    """

    def __init__(
        self,
        graph: RegionGraph,
        corners: Sequence[Face] = (),
        path: Sequence[Fraction] = (),
        data: Sequence[tuple[Fraction, bool]] = (),
    ) -> None:
        self.graph, self.corners, self.data = graph, corners, data
        kinks = [to_fraction(face.point[0]) for face in corners]
        self.kinks = kinks
        ends = [point[0] for cell in graph.cells for point in cell.vertices]
        self.x = _interval([*kinks, *path[:1], *(x for x, _ in data)], ends if graph.complex.begin.domain else [])
        low, high = self.x
        # A flow that runs far away leaves the picture.
        self.path = [min(max(x, low), high) for x in path]
        inside = [x for x in kinks if low < x < high]
        self.points = [(x, graph.network((x,))[0]) for x in (low, *inside, high)]
        values = [value for _, value in self.points]
        extent = max(values) - min(values) or Fraction(2)
        self.y = (min(values) - _ROOM_ABOVE * extent, max(values) + _ROOM_ABOVE * extent)
        if max(values) == min(values):
            self.y = (values[0] - 1, values[0] + 1)

    def svg(self) -> str:
        """Return the drawing."""
        zero = self._y(Fraction(0))
        body = [
            *self._cells(),
            f'<path class="axis" d="M0 {coordinate(zero)}H{WIDTH}"/>' if 0 < zero < _HEIGHT else "",
            *self._kink_lines(),
            f'<path class="graph" d="{self._line([x for x, _ in self.points])}"/>',
            *self._flow(),
            *self._axes(),
            *self._dots(),
        ]
        b = WIDTH / float(self.x[1] - self.x[0])
        d = _HEIGHT / float(self.y[1] - self.y[0])
        view = f"{-b * float(self.x[0]):.8g} {b:.8g} {_HEIGHT + d * float(self.y[0]):.8g} {-d:.8g}"
        name = "Graph of the net over its cells; the table of cells says the same"
        return (
            f'<svg id="map" viewBox="0 0 {WIDTH} {_HEIGHT}" role="group" aria-label="{name}" data-view="{view}">\n'
            + "\n".join(part for part in body if part)
            + "\n</svg>"
        )

    def _x(self, x: Fraction) -> float:
        return float((x - self.x[0]) / (self.x[1] - self.x[0])) * WIDTH

    def _y(self, y: Fraction) -> float:
        return _HEIGHT - float((y - self.y[0]) / (self.y[1] - self.y[0])) * _HEIGHT

    def _line(self, xs: Sequence[Fraction]) -> str:
        spots = [(self._x(x), self._y(self.graph.network((x,))[0])) for x in xs]
        return "M" + "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in spots)

    def _cells(self) -> list[str]:
        slopes = [abs(cell.gradient[0][0]) for cell in self.graph.cells]
        steepest = max(slopes, default=Fraction(0)) or Fraction(1)
        shown, labels = [], []
        for cell, slope in zip(self.graph.cells, slopes, strict=True):
            ends = [] if self.graph.lineality else [point[0] for point in cell.vertices]
            low = self.x[0] if (-1,) in cell.rays or not ends else max(min(ends), self.x[0])
            high = self.x[1] if (1,) in cell.rays or not ends else min(max(ends), self.x[1])
            if low >= high:
                continue
            left, right = self._x(low), self._x(high)
            shade = _LIGHTEST + round((_DARKEST - _LIGHTEST) * float(slope / steepest))
            shown.append(
                f'<rect id="c{cell.index + 1}" class="cell" fill-opacity=".{shade:02d}" x="{coordinate(left)}" y="0" '
                f'width="{coordinate(right - left)}" height="{_HEIGHT}"/>'
            )
            text = function_text(cell.gradient, cell.offset, ((in_use().letter("x"), ""),))
            if text_width(text, LABEL_SIZE) + 8 > right - left:
                text = f"({cell.index + 1})"
            if text_width(text, LABEL_SIZE) + 4 <= right - left:
                labels.append(small_text(text, (left + right) / 2, 20, "middle", "label"))
        return shown + labels

    def _kink_lines(self) -> list[str]:
        """Return an upright line at each kink, dotted where only the pattern changes."""
        shown = []
        for x, face in zip(self.kinks, self.corners, strict=True):
            if self.x[0] < x < self.x[1]:
                name = "wall" if face.is_kink else "wall flat"
                shown.append(f'<path class="{name}" d="M{coordinate(self._x(x))} 0V{_HEIGHT}"/>')
        return shown

    def _flow(self) -> list[str]:
        shown = []
        for start, end in pairwise(self.path):
            low, high = min(start, end), max(start, end)
            xs = [low, *(x for x in self.kinks if low < x < high), high]
            shown.append(f'<path class="flow slide" d="{self._line(xs)}"/>')
        return shown

    def _dots(self) -> list[str]:
        shown = []
        y = coordinate(min(max(self._y(Fraction(0)), 8), _HEIGHT - 8))
        for x, is_hollow in self.data:
            name = "datum hollow" if is_hollow else "datum"
            shown.append(f'<circle class="{name}" cx="{coordinate(self._x(x))}" cy="{y}" r="4"/>')
        for number, (x, face) in enumerate(zip(self.kinks, self.corners, strict=True), start=1):
            if self.x[0] < x < self.x[1]:
                out, r = (" out", 8) if face.outside is not None else ("", 5)
                place = f'cx="{coordinate(self._x(x))}" cy="{coordinate(self._y(to_fraction(face.value)))}"'
                shown.append(f'<circle id="v{number}" class="vert{out}" {place} r="{r}"/>')
        return shown

    def _axes(self) -> list[str]:
        shown = []
        for tick in ticks(*self.x, room=WIDTH / 8):
            if 12 < self._x(tick.value) < WIDTH - 40:
                shown.append(small_text(tick.text, self._x(tick.value) + 4, _HEIGHT - 8, "start"))
        for tick in ticks(*self.y):
            if 40 < self._y(tick.value) < _HEIGHT - 26:
                shown.append(small_text(tick.text, WIDTH - 8, self._y(tick.value) - 5, "end"))
        return [
            *shown,
            small_text(in_use().letter("x"), WIDTH - 8, _HEIGHT - 8, "end"),
            small_text(escape(in_use().letter("f")), 8, 20, "start"),
        ]


def _interval(points: Sequence[Fraction], ends: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return what to show: around some points, or the domain whose ends are given."""
    if ends:
        return min(ends), max(ends)
    low, high = (min(points), max(points)) if points else (Fraction(0), Fraction(0))
    room = _ROOM * (high - low) or Fraction(2)
    step = nice_step(room / 12)
    return (low - room) // step * step, -((-high - room) // step) * step
