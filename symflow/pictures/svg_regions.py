"""The map of a net's cells as one SVG element: for a page, a notebook, a file.

It needs no script and no other file. Each cell is a polygon whose ``<title>`` says its number, pattern and function,
which browsers show under the pointer; the whole has a name and a description for those who hear it. Colours are
attributes, so that any viewer shows them, and a style sheet of a few lines turns them over on a dark screen.
"""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Sequence
from html import escape
from typing import final

from symflow.nets.dataset import Dataset
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.pictures.captions import caption_of
from symflow.pictures.drawing import Frame, Marker, PlacedLabel, markers_of, outline, placed_labels, thinness
from symflow.pictures.labels import SUBSCRIPTS, Kind, Label, function_text, layered_pattern, pattern_text
from symflow.pictures.places import Spot
from symflow.pictures.region_map import MapCell, RegionMap, region_map
from symflow.pictures.shades import DARK_INK, DARK_PAPER, DARK_QUIET, INK, ORBIT, PAPER, QUIET, tinted, tints
from symflow.pictures.slices import Plane
from symflow.pictures.ticks import ticks
from symflow.pictures.window import Point, Sides, Window
from symflow.regions.region_graph import RegionGraph

# Pixels: the whole width, the rows above the map, below it and a line of the caption; the sizes of letters.
WIDTH = 480
_ABOVE, _BELOW, _LINE, _MARGIN = 22, 22, 15, 10
_LABEL_SIZE, _SMALL_SIZE = 12.5, 11

# The width of a letter, as a share of its size: for the plainest sans-serif faces, rather too wide.
_LETTER, _NARROW = 0.62, 0.36
# The baseline is so far below the middle of the letters.
_RISE = 0.36
# Characters in a line of the caption, a pixel.
_CHARACTERS = 1 / 5.9


def svg_regions(
    function: RegionGraph | Network | Realization | RegionMap,
    *,
    window: Sides | Window | None = None,
    plane: Plane | None = None,
    labels: Kind = "auto",
    points: Dataset | Sequence[Sequence[object]] | None = None,
    caption: bool = True,
    width: int = WIDTH,
    orbit: Sequence[Point] = (),
) -> str:
    """Return the map of a net's cells as SVG.

    Parameters
    ----------
    function : RegionGraph, Network, Realization or RegionMap
        The net, with two inputs unless a plane is given.
    window : ((x_low, x_high), (y_low, y_high)), optional
        What to show.
    plane : (origin, a, b), optional
        A plane in the input space: the points origin + s a + t b.
    labels : str
        ``"function"``, ``"pattern"``, ``"number"``, ``"none"``, or ``"auto"``.
    points : Dataset or sequence of points, optional
        Data to be marked; hollow where the label is negative.
    caption : bool
        Whether two lines below say what is shown.
    width : int
        Pixels.
    orbit : sequence of points
        The corners of a path to be drawn over the cells, from a ring to a dot.

    Examples
    --------
    >>> text = svg_regions(Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]]))
    >>> text.count("<polygon"), "<title>cell 3: +−, f = x₁ − x₂</title>" in text
    (4, True)
    """
    markers = markers_of(points)
    shown = [*(marker.point for marker in markers), *orbit]
    map_ = region_map(function, window=window, plane=plane, points=shown)
    return _Drawing(map_, labels, markers, caption, width, tuple(orbit)).text()


def number_text(value: float) -> str:
    """Return a coordinate with at most two decimals.

    Examples
    --------
    >>> number_text(2.0), number_text(-0.001), number_text(1.234)
    ('2', '0', '1.23')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@final
class _Drawing:
    """The parts of one picture."""

    def __init__(
        self,
        map_: RegionMap,
        kind: Kind,
        markers: tuple[Marker, ...],
        has_caption: bool,
        width: int,
        orbit: tuple[Point, ...] = (),
    ) -> None:
        self.map, self.markers, self.width, self.orbit = map_, markers, width, orbit
        self.y_ticks = ticks(*map_.window.y)
        self.left = 14 + max(text_width(tick.text, _SMALL_SIZE) for tick in self.y_ticks)
        self.frame = Frame.of(map_.window, width - self.left - 2 * _MARGIN - text_width("x₁", _LABEL_SIZE))
        self.x_ticks = ticks(*map_.window.x, room=self.frame.width / (_LETTER * _SMALL_SIZE))
        self.placement = placed_labels(map_, self.frame, kind, _size, markers)
        self.description = caption_of(map_, self.placement)
        room = int((width - self.left) * _CHARACTERS)
        self.lines = textwrap.wrap(self.description, room) if has_caption else []
        self.height = _ABOVE + self.frame.height + _BELOW + _LINE * len(self.lines) + (8 if self.lines else 0)

    def text(self) -> str:
        body = [
            self._cells(),
            self._lines("sf-flat", [wall.ends for wall in self.map.flats], ' stroke-dasharray="0.1 3.6"', 1.3),
            self._lines("sf-border", list(self.map.borders), "", 0.8),
            self._lines("sf-kink", [wall.ends for wall in self.map.kinks], "", 1.4),
            self._orbit(),
            self._markers(),
            *(self._label(placed) for placed in self.placement.labels),
            self._axes(),
        ]
        inside = "\n".join(part for part in body if part)
        name = "sf-" + hashlib.sha256(inside.encode()).hexdigest()[:10]
        inside = inside.replace('"url(#sf-window)"', f'"url(#{name}-window)"')
        width, height = number_text(self.width), number_text(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-labelledby="{name}-title {name}-desc" '
            'font-family="system-ui, \'DejaVu Sans\', sans-serif" style="max-width:100%;height:auto">\n'
            f'<title id="{name}-title">Cells of a net</title>\n'
            f'<desc id="{name}-desc">{escape(self.description)}</desc>\n'
            f"{self._style(name)}\n"
            f'<rect class="sf-paper" width="{width}" height="{height}" fill="{PAPER}"/>\n'
            f"{self._clip(name)}\n"
            f"{inside}\n</svg>\n"
        )

    def _style(self, name: str) -> str:
        """Return what is different on a dark screen."""
        rules = [
            f".sf-paper{{fill:{DARK_PAPER}}}",
            f".sf-ink{{fill:{DARK_INK}}}",
            *((f".sf-under{{stroke:{DARK_PAPER}}}",) if self.orbit else ()),
            f".sf-quiet{{fill:{DARK_QUIET}}}",
            f".sf-kink,.sf-flat{{stroke:{DARK_INK}}}",
            f".sf-border,.sf-axis{{stroke:{DARK_QUIET}}}",
            f".sf-dot{{fill:{DARK_INK};stroke:{DARK_INK}}}",
            f".sf-hollow{{fill:{DARK_PAPER};stroke:{DARK_INK}}}",
        ]
        for percent in sorted(set(tints(self.map).values())):
            colour = tinted(percent, is_dark=True)
            rules.append(f".sf-{percent}{{fill:{colour};stroke:{colour}}}")
        dark = "".join(
            ",".join(f"#{name} {selector}" for selector in rule.partition("{")[0].split(","))
            + "{"
            + rule.partition("{")[2]
            for rule in rules
        )
        return f"<style>#{name} text{{pointer-events:none}}@media (prefers-color-scheme:dark){{{dark}}}</style>"

    def _clip(self, name: str) -> str:
        x, y = self.at((0, self.frame.height))
        size = f'width="{number_text(self.frame.width)}" height="{number_text(self.frame.height)}"'
        return f'<defs><clipPath id="{name}-window"><rect x="{x}" y="{y}" {size}/></clipPath></defs>'

    def at(self, spot: Spot) -> tuple[str, str]:
        """Return where a place in the frame is on the page."""
        return number_text(self.left + spot[0]), number_text(_ABOVE + self.frame.height - spot[1])

    # ------------------------------------------------------------------ the map

    def _cells(self) -> str:
        percents = tints(self.map)
        shown = []
        for cell in self.map.cells:
            corners = " ".join(",".join(self.at(spot)) for spot in outline(cell, self.frame))
            percent = percents[cell.index]
            colour = tinted(percent)
            shown.append(
                f'<polygon class="sf-{percent}" fill="{colour}" stroke="{colour}" points="{corners}">'
                f"<title>{escape(self._title(cell))}</title></polygon>"
            )
        # The line in the colour of the cell closes the hairs that a viewer leaves between two polygons.
        return self._group("\n".join(shown), 'stroke-width="0.6" stroke-linejoin="round"')

    def _title(self, cell: MapCell) -> str:
        region = self.map.graph.cell(cell.index)
        word = pattern_text(layered_pattern(self.map.graph, cell.index))
        if self.map.counts is not None:
            number = self.map.counts.numbers[cell.index]
            return f"cell {cell.index + 1}: {word}, {number} {self.map.counts.noun}{'' if number == 1 else 's'}"
        function = function_text(region.gradient, region.offset, self.map.names)
        return f"cell {cell.index + 1}: {word}{', ' if word else ''}f = {function}"

    def _lines(self, name: str, segments: Sequence[tuple[Point, Point]], extra: str, thickness: float) -> str:
        if not segments:
            return ""
        path = "".join(
            f"M{' '.join(self.at(self.frame.spot(start)))}L{' '.join(self.at(self.frame.spot(end)))}"
            for start, end in segments
        )
        colour = QUIET if name == "sf-border" else INK
        stroke = number_text(thickness * thinness(self.map))
        return self._group(
            f'<path class="{name}" d="{path}" fill="none" stroke="{colour}" stroke-width="{stroke}"{extra}/>',
            'stroke-linecap="round" pointer-events="none"',
        )

    def _group(self, inside: str, attributes: str) -> str:
        return f'<g clip-path="url(#sf-window)" {attributes}>\n{inside}\n</g>'

    def _orbit(self) -> str:
        """Return a path over the cells, set off by a line of paper, a ring at its start and a dot at each corner."""
        if not self.orbit:
            return ""
        spots = [self.at(self.frame.spot(point)) for point in self.orbit]
        path = "M" + "L".join(" ".join(spot) for spot in spots)
        lines = "".join(
            f'<path class="{name}" d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
            for name, colour, width in (("sf-under", PAPER, 4.5), ("sf-orbit", ORBIT, 2.2))
        )
        dots = "".join(
            f'<circle cx="{x}" cy="{y}" r="3" fill="{ORBIT if i else PAPER}" stroke="{ORBIT}" stroke-width="1.6"/>'
            for i, (x, y) in enumerate(spots)
        )
        return self._group(lines + dots, 'stroke-linecap="round" stroke-linejoin="round"')

    def _markers(self) -> str:
        shown = []
        for marker in self.markers:
            if self.map.window.contains(marker.point):
                x, y = self.at(self.frame.spot(marker.point))
                name, fill = ("sf-hollow", PAPER) if marker.is_hollow else ("sf-dot", INK)
                shown.append(
                    f'<circle class="{name}" cx="{x}" cy="{y}" r="3.2" fill="{fill}" stroke="{INK}" '
                    'stroke-width="1.4"/>'
                )
        return "\n".join(shown)

    def _label(self, placed: PlacedLabel) -> str:
        x, y = self.at((placed.spot[0], placed.spot[1] - _RISE * _LABEL_SIZE))
        return _text(placed.label.text, x, y, "sf-ink", _LABEL_SIZE, "middle")

    # ------------------------------------------------------------------ what stands around it

    def _axes(self) -> str:
        """Return the frame of the window, the marks on two of its sides, and the names of the coordinates."""
        (x0, y0), (x1, y1) = self.at((0, 0)), self.at((self.frame.width, self.frame.height))
        path, shown = f"M{x0} {y0}H{x1}V{y1}H{x0}Z", []
        for tick in self.x_ticks:
            x, y = self.at((self.frame.spot((tick.value, self.map.window.y[0]))[0], 0))
            path += f"M{x} {y}v4"
            shown.append(_text(tick.text, x, number_text(float(y) + 16), "sf-quiet", _SMALL_SIZE, "middle"))
        for tick in self.y_ticks:
            x, y = self.at((0, self.frame.spot((self.map.window.x[0], tick.value))[1]))
            path += f"M{x} {y}h-4"
            baseline = number_text(float(y) + _RISE * _SMALL_SIZE)
            shown.append(_text(tick.text, number_text(float(x) - 7), baseline, "sf-quiet", _SMALL_SIZE, "end"))
        first, second = (letter + index.translate(SUBSCRIPTS) for letter, index in self.map.names)
        shown.append(_text(first, number_text(float(x1) + 6), y0, "sf-ink", _LABEL_SIZE, "start"))
        shown.append(_text(second, x0, number_text(float(y1) - 7), "sf-ink", _LABEL_SIZE, "middle"))
        top = _ABOVE + self.frame.height + _BELOW
        for i, line in enumerate(self.lines, start=1):
            shown.append(_text(line, x0, number_text(top + _LINE * i), "sf-quiet", _SMALL_SIZE, "start"))
        path = f'<path class="sf-axis" d="{path}" fill="none" stroke="{QUIET}" stroke-width="0.6"/>'
        return "\n".join([path, *shown])


def text_width(text: str, size: float) -> float:
    """Return how wide a text is at most, in the units of the size of its letters."""
    return size * sum(_NARROW if character in " .,()/|₀₁₂₃₄₅₆₇₈₉" else _LETTER for character in text)


def _size(label: Label) -> tuple[float, float]:
    """Return the box of a label, with room around it."""
    return text_width(label.text, _LABEL_SIZE) + 9, _LABEL_SIZE + 7


def _text(text: str, x: str, y: str, name: str, size: float, anchor: str) -> str:
    fill = INK if name == "sf-ink" else QUIET
    return (
        f'<text class="{name}" x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">'
        f"{escape(text)}</text>"
    )
