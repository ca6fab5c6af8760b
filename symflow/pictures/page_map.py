"""The map of a page: cells, walls and corners that a script makes choosable, by their names in the drawing.

A cell is a polygon ``c1``, a wall a broad transparent line ``w1``, a corner a circle ``v1``, numbered from 1 as in the
tables. There are no colours here but classes of the page's style sheet, so that the drawing turns over with it on a
dark screen and in print. ``data-view`` says how points are placed, x -> a + b x and y -> c + d y, for what moves.

A net with one input is drawn as its graph over its cells (``page_line.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import final

from symflow.differentials.faces import Face
from symflow.exact.rationals import to_fraction
from symflow.pictures.drawing import Frame, Marker, PlacedLabel, outline, placed_labels
from symflow.pictures.labels import SUBSCRIPTS, Label
from symflow.pictures.region_map import RegionMap
from symflow.pictures.shades import tints
from symflow.pictures.svg_regions import text_width
from symflow.pictures.ticks import ticks
from symflow.pictures.window import Point

WIDTH = 600
LABEL_SIZE, SMALL_SIZE = 13, 11

# With more walls than this lines are thinner, and corners smaller.
_MANY = 150

# Labels stand beside so many points of each straight piece of a path.
_BESIDE = 12


@final
class PageMap:
    """The map of a page.

    Parameters
    ----------
    map_ : RegionMap
        Cells and walls in a window.
    walls, corners : sequence of Face
        The Clarke differential on each wall of its graph, and at each corner.
    path : sequence of (point, bool)
        The corners of a flow, each with whether it runs along a wall behind it.
    data : sequence of Marker
        Data to be drawn.

    Examples
    --------
    >>> from symflow.differentials.faces import clarke_at_corners, clarke_on_walls
    >>> from symflow.nets.network import Network
    >>> from symflow.pictures.region_map import region_map
    >>> map_ = region_map(Network.from_weights([[1, 0], [0, 1]], [[1, 1]]))
    >>> text = PageMap(map_, clarke_on_walls(map_.graph), clarke_at_corners(map_.graph)).svg()
    >>> [text.count(f'class="{name}"') for name in ("cell", "hit", "vert")]
    [4, 4, 1]
    """

    def __init__(
        self,
        map_: RegionMap,
        walls: Sequence[Face] = (),
        corners: Sequence[Face] = (),
        path: Sequence[tuple[Point, bool]] = (),
        data: Sequence[Marker] = (),
    ) -> None:
        self.map, self.walls, self.path, self.data = map_, walls, path, data
        points = [tuple(map(to_fraction, face.point)) for face in corners]
        self.corners = [
            (number, (x, y), face)
            for number, ((x, y), face) in enumerate(zip(points, corners, strict=True), start=1)
            if map_.window.contains((x, y))
        ]
        self.frame = Frame.of(map_.window, WIDTH)

    def svg(self) -> str:
        """Return the drawing."""
        width, height = coordinate(self.frame.width), coordinate(self.frame.height)
        first, second = (letter + (f" {index}" if index else "") for letter, index in self.map.names)
        name = f"Cells of the net in the plane of {first} and {second}; the table of cells says the same"
        many = ' class="many"' if len(self.map.walls) > _MANY else ""
        body = [
            self._cells(),
            self._line("wall flat", [wall.ends for wall in self.map.flats]),
            self._line("border", list(self.map.borders)),
            self._line("wall", [wall.ends for wall in self.map.kinks]),
            self._line("wall out", [wall.ends for wall in self.map.walls if self._is_out(wall.index)]),
            self._hits(),
            self._path(),
            *(self._label(placed) for placed in self._labels()),
            f'<g id="ticks">{self._axes()}</g>',
            *(self._datum(marker) for marker in self.data if self.map.window.contains(marker.point)),
            self._corners(),
        ]
        return (
            f'<svg id="map"{many} viewBox="0 0 {width} {height}" role="group" aria-label="{escape(name)}" '
            f'data-view="{self._view()}">\n' + "\n".join(part for part in body if part) + "\n</svg>"
        )

    def at(self, point: Point) -> tuple[str, str]:
        """Return where a point is drawn."""
        x, y = self.frame.spot(point)
        return coordinate(x), coordinate(self.frame.height - y)

    def _view(self) -> str:
        window, frame = self.map.window, self.frame
        b, d = frame.width / float(window.width), frame.height / float(window.height)
        return f"{-b * float(window.x[0]):.8g} {b:.8g} {frame.height + d * float(window.y[0]):.8g} {-d:.8g}"

    def _is_out(self, index: int) -> bool:
        return bool(self.walls) and self.walls[index].outside is not None

    # ------------------------------------------------------------------ parts

    def _cells(self) -> str:
        percents = tints(self.map)
        shown = []
        for cell in self.map.cells:
            corners = " ".join(",".join(self._flipped(spot)) for spot in outline(cell, self.frame))
            shade = f"{percents[cell.index]:02d}"
            shown.append(f'<polygon id="c{cell.index + 1}" class="cell" fill-opacity=".{shade}" points="{corners}"/>')
        return "\n".join(shown)

    def _flipped(self, spot: tuple[float, float]) -> tuple[str, str]:
        return coordinate(spot[0]), coordinate(self.frame.height - spot[1])

    def _line(self, name: str, segments: Sequence[tuple[Point, Point]]) -> str:
        if not segments:
            return ""
        path = "".join(f"M{' '.join(self.at(start))}L{' '.join(self.at(end))}" for start, end in segments)
        return f'<path class="{name}" d="{path}"/>'

    def _hits(self) -> str:
        if not self.walls:
            return ""
        return "\n".join(
            f'<path id="w{wall.index + 1}" class="hit" d="M{" ".join(self.at(wall.ends[0]))}'
            f'L{" ".join(self.at(wall.ends[1]))}"/>'
            for wall in self.map.walls
        )

    def _path(self) -> str:
        """Return a flow: thin inside cells, thick along walls."""
        shown = []
        for (start, is_along), (end, _) in zip(self.path, self.path[1:], strict=False):
            name = "flow slide" if is_along else "flow"
            shown.append(self._line(name, [(start, end)]))
        return "\n".join(shown)

    def _labels(self) -> Sequence[PlacedLabel]:
        beside = [Marker(point, False) for _, point, _ in self.corners] + list(self.data)
        for (start, _), (end, _) in zip(self.path, self.path[1:], strict=False):
            for k in range(_BESIDE + 1):
                share = Fraction(k, _BESIDE)
                x, y = ((1 - share) * a + share * b for a, b in zip(start, end, strict=True))
                beside.append(Marker((x, y), False))
        beside += [Marker(point, False) for point in self._numbers()]
        return placed_labels(self.map, self.frame, "auto", _size, beside).labels

    def _numbers(self) -> list[Point]:
        """Return where the numbers of the axes stand: no label covers them."""
        window, frame = self.map.window, self.frame
        right = window.x[1] - Fraction(16) * window.width / Fraction(frame.width)
        low = window.y[0] + Fraction(12) * window.height / Fraction(frame.height)
        rise, step = (Fraction(entry) * window.height / Fraction(frame.height) for entry in (9, 12))
        beside = [
            (tick.value + step * window.width / window.height, low) for tick in ticks(*window.x, room=frame.width / 8)
        ]
        return [*beside, *((right, tick.value + rise) for tick in ticks(*window.y))]

    def _label(self, placed: PlacedLabel) -> str:
        x, y = self._flipped((placed.spot[0], placed.spot[1] - 0.36 * LABEL_SIZE))
        name = ' class="s"' if placed.label.is_bracketed or placed.label.text.isdigit() else ""
        return f'<text x="{x}" y="{y}" text-anchor="middle"{name}>{escape(placed.label.text)}</text>'

    def _datum(self, marker: Marker) -> str:
        x, y = self.at(marker.point)
        return f'<circle class="datum{" hollow" if marker.is_hollow else ""}" cx="{x}" cy="{y}" r="4"/>'

    def _corners(self) -> str:
        radius = 5 if len(self.map.walls) <= _MANY else 3 if len(self.map.walls) <= 4 * _MANY else 2
        shown = []
        for number, point, face in self.corners:
            x, y = self.at(point)
            out, r = (" out", radius + 3) if face.outside is not None else ("", radius)
            shown.append(f'<circle id="v{number}" class="vert{out}" cx="{x}" cy="{y}" r="{r}"/>')
        return "\n".join(shown)

    def _axes(self) -> str:
        """Return the numbers at the lower and the right side, and the names of the coordinates."""
        window, height = self.map.window, self.frame.height
        width = self.frame.width
        shown = []
        for tick in ticks(*window.x, room=width / 8):
            x = self.frame.spot((tick.value, window.y[0]))[0]
            if 12 < x < width - 40:
                shown.append(small_text(tick.text, x + 4, height - 8, "start"))
        for tick in ticks(*window.y):
            y = height - self.frame.spot((window.x[0], tick.value))[1]
            if 30 < y < height - 26:
                shown.append(small_text(tick.text, width - 8, y - 5, "end"))
        first, second = (letter + index.translate(SUBSCRIPTS) for letter, index in self.map.names)
        shown.append(small_text(first, width - 8, height - 8, "end"))
        shown.append(small_text(second, 8, 16, "start"))
        return "\n".join(shown)


def small_text(text: str, x: float, y: float, anchor: str, name: str = "s") -> str:
    """Return a small text of a drawing.

    Examples
    --------
    >>> small_text("1", 2, 3, "end")
    '<text class="s" x="2" y="3" text-anchor="end">1</text>'
    """
    place = f'x="{coordinate(x)}" y="{coordinate(y)}"'
    return f'<text class="{name}" {place} text-anchor="{anchor}">{escape(text)}</text>'


def coordinate(value: float) -> str:
    """Return a coordinate with at most one decimal: a tenth of a pixel is not seen.

    Examples
    --------
    >>> coordinate(2.0), coordinate(-0.01), coordinate(1.26)
    ('2', '0', '1.3')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _size(label: Label) -> tuple[float, float]:
    return text_width(label.text, LABEL_SIZE) + 9, LABEL_SIZE + 7
