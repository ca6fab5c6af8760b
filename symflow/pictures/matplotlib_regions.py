"""The map of a net's cells on matplotlib Axes (this file and its callers are matplotlib's door).

matplotlib is an extra, ``pip install 'symflow[plot]'``, and is imported when it is first needed. Nothing global is
changed: no style, no backend. Without Axes of your own a new figure is made with pyplot, as a notebook expects.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from symflow.errors import NotSupportedError
from symflow.nets.dataset import Dataset
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.pictures.captions import caption_of
from symflow.pictures.drawing import Frame, Marker, Placement, markers_of, placed_labels, thinness
from symflow.pictures.labels import SUBSCRIPTS, Kind, Label
from symflow.pictures.region_map import RegionMap, region_map
from symflow.pictures.shades import INK, PAPER, QUIET, tinted, tints
from symflow.pictures.slices import Plane
from symflow.pictures.ticks import ticks
from symflow.pictures.window import Point, Sides, Window
from symflow.regions.region_graph import RegionGraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Points of 1/72 inch: the letters of labels and of the small print, and the room around a label.
_LABEL_SIZE, _SMALL_SIZE, _BESIDE, _ABOVE = 9.0, 8.0, 8.0, 4.0

# Inches: the window, and what is around it.
SIDE, _LEFT, _RIGHT, _TOP, _BOTTOM, _LINE = 5.0, 0.5, 0.25, 0.2, 0.55, 0.16
# Characters in an inch of the caption.
_CHARACTERS = 15.5


def plot_regions(
    function: RegionGraph | Network | Realization | RegionMap,
    ax: Axes | None = None,
    *,
    window: Sides | Window | None = None,
    plane: Plane | None = None,
    labels: Kind = "auto",
    points: Dataset | Sequence[Sequence[object]] | None = None,
    caption: bool | None = None,
) -> Axes:
    """Draw the map of a net's cells.

    Cells are shaded by the length of the gradient. Solid lines are kinks; across dotted lines only the pattern changes.
    Labels that have no room in their cells are left out.

    Parameters
    ----------
    function : RegionGraph, Network, Realization or RegionMap
        The net, with two inputs unless a plane is given.
    ax : matplotlib Axes, optional
        Where to draw; without it, in a new figure.
    window : ((x_low, x_high), (y_low, y_high)), optional
        What to show, in exact numbers; without it, around the vertices.
    plane : (origin, a, b), optional
        A plane in the input space: the points origin + s a + t b, drawn over (s, t).
    labels : str
        ``"function"``, ``"pattern"``, ``"number"`` or ``"none"``; ``"auto"`` is the function where it is short.
    points : Dataset or sequence of points, optional
        Data to be marked; hollow where the label is negative.
    caption : bool, optional
        Whether lines below say what is shown; without it, in a new figure only.

    Returns
    -------
    matplotlib Axes
        With one collection of polygons, and one each of kinks and of dotted lines.

    Raises
    ------
    InputError
        If the net has not two inputs and no plane is given.
    NotSupportedError
        If matplotlib is missing.

    Examples
    --------
    >>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    >>> ax = plot_regions(net, labels="pattern")  # doctest: +SKIP
    >>> ax.figure.savefig("cells.pdf")  # doctest: +SKIP
    """
    markers = markers_of(points)  # a mistake in them is told first: to install something would not mend it
    require_matplotlib('write_picture(net, "cells.svg") of symflow.pictures.picture_file needs nothing')
    map_ = region_map(function, window=window, plane=plane, points=[marker.point for marker in markers])
    if ax is None:
        from matplotlib import pyplot

        has_caption = caption is not False
        ax = framed_axes(pyplot.figure(), map_, has_caption=has_caption)
        draw(map_, ax, labels, markers, caption_width=SIDE if has_caption else 0)
    else:
        draw(map_, ax, labels, markers, caption_width=_size_in_points(ax)[0] / 72 if caption else 0)
    return ax


def require_matplotlib(instead: str = ".svg and .tex need nothing") -> None:
    """Raise NotSupportedError, which says what to install or do instead, where matplotlib is missing."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise NotSupportedError(
            f"drawing needs the package matplotlib: pip install 'symflow[plot]'; {instead}", place="picture"
        ) from None


def framed_axes(figure: Figure, map_: RegionMap, *, has_caption: bool) -> Axes:
    """Give a figure the size of a map and return its one Axes.

    Parameters
    ----------
    figure : matplotlib Figure
        An empty one.
    map_ : RegionMap
        What will be drawn.
    has_caption : bool
        Whether there must be room for a caption.
    """
    frame = Frame.of(map_.window, SIDE)
    n_lines = (3 + map_.is_on_plane) if has_caption else 0
    left = _LEFT + max(_text_width(tick.text) for tick in ticks(*map_.window.y)) / 72
    below = _BOTTOM + n_lines * _LINE
    width, height = left + SIDE + _RIGHT, below + frame.height + _TOP
    figure.set_size_inches(width, height)
    return figure.add_axes((left / width, below / height, frame.width / width, frame.height / height))


def draw(map_: RegionMap, ax: Axes, kind: Kind, markers: Sequence[Marker], *, caption_width: float) -> None:
    """Draw a map on Axes.

    Parameters
    ----------
    map_ : RegionMap
        The map.
    ax : matplotlib Axes
        Where.
    kind : str
        Of the labels.
    markers : sequence of Marker
        Data.
    caption_width : float
        How wide the lines below are, in inches; 0 for none.
    """
    from matplotlib.collections import LineCollection, PolyCollection

    percents = tints(map_)
    colours = [tinted(percents[cell.index]) for cell in map_.cells]
    polygons = [[_floats(corner) for corner in cell.polygon] for cell in map_.cells]
    # Lines in the colour of the cell close the hairs that a viewer leaves between two polygons.
    ax.add_collection(
        PolyCollection(polygons, facecolors=colours, edgecolors=colours, linewidths=0.4, zorder=1), autolim=False
    )
    thin = thinness(map_)
    for segments, style, width, colour in (
        ([wall.ends for wall in map_.flats], (0, (0.1, 2.6)), 1.1, INK),
        (list(map_.borders), "solid", 0.6, QUIET),
        ([wall.ends for wall in map_.kinks], "solid", 1.1, INK),
    ):
        lines = [[_floats(end) for end in ends] for ends in segments]
        ax.add_collection(
            LineCollection(
                lines, colors=colour, linestyles=[style], linewidths=width * thin, capstyle="round", zorder=2
            ),
            autolim=False,
        )
    _set_axes(map_, ax)
    _draw_markers(map_, ax, markers)
    placement = _draw_labels(map_, ax, kind, markers)
    if caption_width:
        room = int(caption_width * _CHARACTERS)
        ax.annotate(
            "\n".join(textwrap.wrap(caption_of(map_, placement), max(room, 20))),
            (0, 0),
            xycoords="axes fraction",
            xytext=(0, -72 * _BOTTOM + 4),
            textcoords="offset points",
            va="top",
            fontsize=_SMALL_SIZE,
            color=QUIET,
            annotation_clip=False,
        )


def _set_axes(map_: RegionMap, ax: Axes) -> None:
    window = map_.window
    ax.set_xlim(*map(float, window.x))
    ax.set_ylim(*map(float, window.y))
    if Frame.of(window, 1).is_to_scale:
        ax.set_aspect("equal")
    rooms = _size_in_points(ax)[0] / (0.6 * _SMALL_SIZE), math.inf
    for axis, side, room, name in zip((ax.xaxis, ax.yaxis), (window.x, window.y), rooms, map_.names, strict=True):
        marks = ticks(*side, room=room)
        axis.set_ticks([float(tick.value) for tick in marks], labels=[tick.text for tick in marks])
        axis.set_label_text(name[0] + name[1].translate(SUBSCRIPTS))
    ax.tick_params(labelsize=_SMALL_SIZE, color=QUIET, labelcolor=QUIET, width=0.6, length=3)
    ax.yaxis.label.set(rotation=0, ha="right", va="center")
    ax.yaxis.labelpad = 8
    for spine in ax.spines.values():
        spine.set(color=QUIET, linewidth=0.6, visible=True)


def _draw_markers(map_: RegionMap, ax: Axes, markers: Sequence[Marker]) -> None:
    for is_hollow in (False, True):
        shown = [
            _floats(marker.point)
            for marker in markers
            if marker.is_hollow == is_hollow and map_.window.contains(marker.point)
        ]
        if shown:
            xs, ys = zip(*shown, strict=True)
            ax.scatter(xs, ys, s=22, facecolors=PAPER if is_hollow else INK, edgecolors=INK, linewidths=1.1, zorder=4)


def _draw_labels(map_: RegionMap, ax: Axes, kind: Kind, markers: Sequence[Marker]) -> Placement:
    """Write the labels that have room."""
    width, height = _size_in_points(ax)
    frame = Frame(map_.window, width, height)
    placement = placed_labels(map_, frame, kind, _measure, markers)
    for one in placement.labels:
        spot = one.spot[0] / width, one.spot[1] / height
        ax.text(
            *spot,
            one.label.text,
            transform=ax.transAxes,
            ha="center",
            va="center_baseline",
            fontsize=_LABEL_SIZE,
            color=INK,
            zorder=3,
        )
    return placement


def _size_in_points(ax: Axes) -> tuple[float, float]:
    """Return width and height of the Axes as they stand, in points."""
    ax.apply_aspect()
    box = ax.get_window_extent()
    dpi = ax.figure.get_dpi()
    return box.width / dpi * 72, box.height / dpi * 72


def _measure(label: Label) -> tuple[float, float]:
    return _text_width(label.text) + _BESIDE, _LABEL_SIZE + _ABOVE


def _text_width(text: str) -> float:
    return sum(map(_character_width, text))


@lru_cache(maxsize=256)
def _character_width(character: str) -> float:
    """Return how far a character moves the next one, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    width, _, _ = text_to_path.get_text_width_height_descent(character, FontProperties(size=_LABEL_SIZE), ismath=False)
    return float(width)


def _floats(point: Point) -> tuple[float, float]:
    return float(point[0]), float(point[1])
