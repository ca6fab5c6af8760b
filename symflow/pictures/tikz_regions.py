r"""The map of a net's cells as a TikZ picture, to be read into a page with ``\input``.

It needs ``\usepackage{amsmath,tikz}`` and no more. Coordinates are the net's own, rounded to a ten-thousandth of
a centimetre on the page, so that a lecturer can draw into the picture; only where the window is far from 0, very large
or very small, which TeX cannot add up, they are centimetres from its lower left corner. Letters are those of the page
around.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import final

from symflow.nets.dataset import Dataset
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.pictures.captions import caption_of
from symflow.pictures.drawing import Frame, Marker, markers_of, placed_labels, thinness
from symflow.pictures.labels import Kind, Label, layered_pattern
from symflow.pictures.places import Spot
from symflow.pictures.region_map import RegionMap, region_map
from symflow.pictures.shades import BLUE, tints
from symflow.pictures.slices import Plane
from symflow.pictures.ticks import Tick, ticks
from symflow.pictures.window import Point, Sides, Window
from symflow.regions.region_graph import RegionGraph
from symflow.reports.latex_math import symbol
from symflow.reports.latex_width import width as latex_width

# Points of TeX in a centimetre.
_POINTS = 72.27 / 2.54

# A label at \small: how wide against the 11 pt of latex_width, how high, and the room around it, in points.
_SMALL, _HEIGHT, _BESIDE, _ABOVE = 0.9, 10.0, 6.0, 4.0

# A digit of the numbers on the axes.
_SCRIPT_DIGIT = 4.3

# Coordinates are rounded to this, in centimetres.
_ERROR = Fraction(1, 10**4)

# TeX's lengths end at 575 cm; no coordinate comes near.
_FARTHEST, _SHORTEST_UNIT, _LONGEST_UNIT = 100, Fraction(1, 100), 100

# How thick lines are, in points: walls, and what is around them.
_THICK, _THIN = 0.8, 0.3


def tikz_regions(
    function: RegionGraph | Network | Realization | RegionMap,
    *,
    window: Sides | Window | None = None,
    plane: Plane | None = None,
    labels: Kind = "auto",
    points: Dataset | Sequence[Sequence[object]] | None = None,
    axes: bool = True,
    width: float = 7,
) -> str:
    r"""Return the map of a net's cells as a ``tikzpicture``.

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
    axes : bool
        Whether a thin frame with numbers stands around the map.
    width : float
        Of the map, in centimetres.

    Examples
    --------
    >>> text = tikz_regions(Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]]), window=((-2, 2), (-2, 2)), width=4)
    >>> print(text[text.index("  \\fill") :].partition("\\draw")[0].rstrip())
      \fill[symflow!4] (0,0)--(2,2)--(0,2)--cycle; % cell 1, --
      \fill[symflow!15] (0,0)--(0,2)--(-2,2)--(-2,-2)--cycle; % cell 2, -+
      \fill[symflow!35] (0,0)--(0,-2)--(2,-2)--(2,2)--cycle; % cell 3, +-
      \fill[symflow!44] (0,0)--(-2,-2)--(0,-2)--cycle; % cell 4, ++
    """
    markers = markers_of(points)
    map_ = region_map(function, window=window, plane=plane, points=[marker.point for marker in markers])
    return _Picture(map_, labels, markers, axes, width).text()


@final
class _Picture:
    """The parts of one picture."""

    def __init__(self, map_: RegionMap, kind: Kind, markers: tuple[Marker, ...], has_axes: bool, width: float) -> None:
        self.map, self.markers, self.has_axes = map_, markers, has_axes
        self.frame = Frame.of(map_.window, width)
        self.window = map_.window
        points = Frame(map_.window, self.frame.width * _POINTS, self.frame.height * _POINTS)
        self.placement = placed_labels(map_, points, kind, _size, markers)
        # Centimetres for a unit of each axis.
        self.units = (
            Fraction(self.frame.width) / self.window.width,
            Fraction(self.frame.height) / self.window.height,
        )
        farthest = [unit * max(map(abs, side)) for unit, side in zip(self.units, self._sides, strict=True)]
        self.is_in_units = max(farthest) <= _FARTHEST and all(
            _SHORTEST_UNIT <= unit <= _LONGEST_UNIT for unit in self.units
        )
        self.n_decimals = [_n_decimals(_ERROR / unit if self.is_in_units else _ERROR) for unit in self.units]

    @property
    def _sides(self) -> tuple[Point, Point]:
        return self.window.x, self.window.y

    def text(self) -> str:
        x, y = (_decimal(unit if self.is_in_units else Fraction(1), 6) for unit in self.units)
        return "\n".join(
            [
                *self._comments(),
                r"\begingroup",
                rf"\definecolor{{symflow}}{{HTML}}{{{BLUE[1:].upper()}}}%",
                rf"\begin{{tikzpicture}}[x={x}cm,y={y}cm]",
                r"  \begin{scope}",
                rf"  \clip {self.at(self._corner(0))} rectangle {self.at(self._corner(1))};",
                *self._cells(),
                *self._lines("line cap=round,dash pattern=on 0pt off 2pt", [w.ends for w in self.map.flats], _THICK),
                *self._lines("black!50", list(self.map.borders), _THIN),
                *self._lines("line cap=round", [w.ends for w in self.map.kinks], _THICK),
                r"  \end{scope}",
                *(self._axes() if self.has_axes else ()),
                *self._markers(),
                *(
                    rf"  \node[font=\small,inner sep=0pt] at {self._at_spot(one.spot)} {{${one.label.latex}$}};"
                    for one in self.placement.labels
                ),
                r"\end{tikzpicture}%",
                r"\endgroup",
                "",
            ]
        )

    def _comments(self) -> list[str]:
        said = [f"The cells of a net with two inputs in {self.window}. Needs \\usepackage{{amsmath,tikz}}."]
        if self.map.is_on_plane:
            said[0] = f"The cells of a net on a plane, (s, t) in {self.window}. Needs \\usepackage{{amsmath,tikz}}."
        said += textwrap.wrap(caption_of(self.map, self.placement), 100)
        if not self.is_in_units:
            said.append("Coordinates are centimetres from the lower left corner.")
        return [f"% {line}" for line in said]

    def _corner(self, end: int) -> Point:
        return self.window.x[end], self.window.y[end]

    # ------------------------------------------------------------------ coordinates

    def at(self, point: Point, fewer: int = 0) -> str:
        """Return the coordinates of a point, with so many decimals fewer than usual."""
        if not self.is_in_units:
            x, y = ((v - low) * unit for v, (low, _), unit in zip(point, self._sides, self.units, strict=True))
            point = x, y
        written = (_decimal(v, max(n - fewer, 0)) for v, n in zip(point, self.n_decimals, strict=True))
        return f"({','.join(written)})"

    def _at_spot(self, spot: Spot) -> str:
        """Return the coordinates of a place in the frame of points."""
        x, y = (
            low + Fraction(round(entry, 2)) / Fraction(_POINTS) / unit
            for entry, (low, _), unit in zip(spot, self._sides, self.units, strict=True)
        )
        return self.at((x, y), fewer=2)

    # ------------------------------------------------------------------ the map

    def _cells(self) -> list[str]:
        percents = tints(self.map)
        lines = []
        for cell in self.map.cells:
            path = "--".join(map(self.at, cell.polygon))
            word = layered_pattern(self.map.graph, cell.index)
            comment = f"cell {cell.index + 1}{', ' if word else ''}{word}"
            lines.append(rf"  \fill[symflow!{percents[cell.index]}] {path}--cycle; % {comment}")
        return lines

    def _lines(self, style: str, segments: Sequence[tuple[Point, Point]], width: float) -> list[str]:
        if not segments:
            return []
        paths = textwrap.wrap(
            " ".join(f"{self.at(start)}--{self.at(end)}" for start, end in segments),
            110,
            break_long_words=False,
            break_on_hyphens=False,
        )
        thickness = f"{width * thinness(self.map):.2g}pt"
        return [
            rf"  \draw[{style},line width={thickness}]",
            *(f"    {path}" for path in paths[:-1]),
            f"    {paths[-1]};",
        ]

    def _markers(self) -> list[str]:
        return [
            rf"  \filldraw[fill={'white' if marker.is_hollow else 'black'},line width=0.6pt] "
            rf"{self.at(marker.point)} circle[radius=1.7pt];"
            for marker in self.markers
            if self.window.contains(marker.point)
        ]

    def _axes(self) -> list[str]:
        (x0, x1), (y0, y1) = self._sides
        low, high = self.at((x0, y0)), self.at((x1, y1))
        room = self.frame.width * _POINTS / _SCRIPT_DIGIT
        lines = [rf"  \draw[black!60,line width=0.3pt] {low} rectangle {high};"]
        lines += self._marks([(tick, self.at((tick.value, y0))) for tick in ticks(x0, x1, room=room)], 0)
        lines += self._marks([(tick, self.at((x0, tick.value))) for tick in ticks(y0, y1)], 1)
        first, second = (symbol(*name) for name in self.map.names)
        lines.append(rf"  \node[right,font=\small,inner sep=2pt] at {self.at((x1, y0))} {{${first}$}};")
        lines.append(rf"  \node[above,font=\small,inner sep=4pt] at {self.at((x0, y1))} {{${second}$}};")
        return lines

    def _marks(self, spots: list[tuple[Tick, str]], axis: int) -> list[str]:
        """Return the marks on an axis, each with its number."""
        where, along = (("below", "(0pt,-2pt)"), ("left", "(-2pt,0pt)"))[axis]
        pairs = [(at[1:-1].split(","), tick.latex) for tick, at in spots]
        same = all(entries[axis] == text for entries, text in pairs)
        variables = r"\t" if same else r"\t/\s"
        values = ",".join(text if same else f"{entries[axis]}/{text}" for entries, text in pairs)
        place = [r"\t", r"\t"]
        place[1 - axis] = pairs[0][0][1 - axis]
        number = r"\t" if same else r"\s"
        node = rf"node[{where},font=\scriptsize,inner sep=1pt] {{${number}$}}"
        return [
            rf"  \foreach {variables} in {{{values}}}",
            rf"    \draw[black!60,line width=0.3pt] ({','.join(place)})--++{along} {node};",
        ]


def _size(label: Label) -> tuple[float, float]:
    """Return the box of a label at small size, with room around it, in points."""
    fraction = 1.25 if "frac" in label.latex else 1
    return latex_width(label.latex) * _SMALL + _BESIDE, _HEIGHT * fraction + _ABOVE


def _n_decimals(error: Fraction) -> int:
    """Return how many decimals make a rounded number so exact."""
    n = 0
    while Fraction(1, 2 * 10**n) > error:
        n += 1
    return n


def _decimal(value: Fraction, n_decimals: int) -> str:
    """Return a number rounded to so many decimals, without zeros at the end.

    Examples
    --------
    >>> _decimal(Fraction(1, 3), 3), _decimal(Fraction(-5, 2), 3), _decimal(Fraction(200), 0)
    ('0.333', '-2.5', '200')
    """
    scaled = (2 * value.numerator * 10**n_decimals + value.denominator) // (2 * value.denominator)
    digits = str(abs(scaled)).rjust(n_decimals + 1, "0")
    whole, decimals = digits[: len(digits) - n_decimals], digits[len(digits) - n_decimals :].rstrip("0")
    return ("-" if scaled < 0 else "") + whole + (f".{decimals}" if decimals else "")
