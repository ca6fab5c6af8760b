"""A map in the units of a drawing: polygons, lines, marks and labels, ready for any writer.

The exact map is scaled here, once, and turned into floats at the last step. The window has equal scales on both axes
unless it is very long: then the shorter side is drawn a quarter as long as the longer one. A high window is drawn
narrower, so that it is not much higher than the others are wide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from symflow.exact.rationals import to_fraction
from symflow.nets.dataset import Dataset
from symflow.nets.network import exact_input
from symflow.pictures.labels import Kind, Label, Labels
from symflow.pictures.places import Spot, place
from symflow.pictures.region_map import MapCell, RegionMap
from symflow.pictures.window import Point, Window

# A side is drawn at least so long, as a share of the other one; and the height at most, as a share of the full width.
_LEAST_RATIO, _MOST_HEIGHT = Fraction(1, 4), Fraction(5, 4)

# The radius of a datum's mark, in points or pixels.
_MARKER = 3.5

# The size of a label: (width, height), with the room around it.
Measure = Callable[[Label], tuple[float, float]]


@final
@dataclass(frozen=True, slots=True)
class Frame:
    """Where the window stands in a drawing: from (0, 0), y upwards.

    Parameters
    ----------
    window : Window
        The window.
    width, height : float
        What it is drawn as.
    """

    window: Window
    width: float
    height: float

    @classmethod
    def of(cls, window: Window, width: float) -> Frame:
        """Return a frame of this width, or less where it would be high."""
        ratio = min(max(window.height / window.width, _LEAST_RATIO), 1 / _LEAST_RATIO)
        drawn = width * min(1.0, float(_MOST_HEIGHT / ratio))
        return cls(window, drawn, drawn * float(ratio))

    @property
    def is_to_scale(self) -> bool:
        """Whether both axes have the same scale."""
        return _LEAST_RATIO <= self.window.height / self.window.width <= 1 / _LEAST_RATIO

    def spot(self, point: Point) -> Spot:
        """Return where a point stands."""
        x, y = (_share(entry, side) for entry, side in zip(point, (self.window.x, self.window.y), strict=True))
        return x * self.width, y * self.height


@final
@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label and the middle of where it stands."""

    label: Label
    spot: Spot


@final
@dataclass(frozen=True, slots=True)
class Placement:
    """The labels of a picture.

    Parameters
    ----------
    labels : tuple of PlacedLabel
        Those that have room.
    n_without : int
        How many cells are too small for theirs.
    """

    labels: tuple[PlacedLabel, ...]
    n_without: int

    @property
    def has_bracketed(self) -> bool:
        """Whether numbers of cells stand beside functions, in parentheses."""
        return any(one.label.is_bracketed for one in self.labels)


@final
@dataclass(frozen=True, slots=True)
class Marker:
    """A datum: filled, or hollow where its label is negative."""

    point: Point
    is_hollow: bool


def placed_labels(
    map_: RegionMap, frame: Frame, kind: Kind, measure: Measure, markers: Sequence[Marker] = ()
) -> Placement:
    """Return the labels that have room in their cells.

    Parameters
    ----------
    map_ : RegionMap
        The map.
    frame : Frame
        Its place.
    kind : str
        Of the labels.
    measure : function
        The size of a label in the units of the frame.
    markers : sequence of Marker
        Labels stand beside them.
    """
    labels = Labels(map_, kind)
    avoiding = [frame.spot(marker.point) for marker in markers]
    placed, n_without = [], 0
    for cell in map_.cells:
        choices = labels.of(cell)
        polygon = outline(cell, frame)
        for label in choices:
            spot = place(polygon, *measure(label), avoiding=avoiding, distance=_MARKER)
            if spot is not None:
                placed.append(PlacedLabel(label, spot))
                break
        else:
            n_without += bool(choices)
    return Placement(tuple(placed), n_without)


def outline(cell: MapCell, frame: Frame) -> list[Spot]:
    """Return the polygon of a cell in the drawing."""
    return [frame.spot(corner) for corner in cell.polygon]


def _share(value: Fraction, side: Point) -> float:
    """Return (value - low)/(high - low): integers first, and one division at the end."""
    (a, b), (low, c), (high, d) = (entry.as_integer_ratio() for entry in (value, *side))
    return (a * c - low * b) * d / (b * (high * c - low * d))


def thinness(map_: RegionMap) -> float:
    """Return by how much lines are thinner where there are many."""
    n_walls = len(map_.walls)
    return 1.0 if n_walls <= 60 else 0.7 if n_walls <= 300 else 0.5


def markers_of(points: Dataset | Sequence[Sequence[object]] | None) -> tuple[Marker, ...]:
    """Return the marks of data; those of a negative label are hollow.

    Examples
    --------
    >>> [marker.is_hollow for marker in markers_of(Dataset([(1, 1), (-1, -1)], labels=[1, -1]))]
    [False, True]
    """
    if points is None:
        return ()
    if isinstance(points, Sized) and not len(points):  # an array has no truth value
        return ()
    data = points if isinstance(points, Dataset) else Dataset(points)
    found = []
    for k, x in enumerate(data.inputs):
        u, v = exact_input(x, 2, place=f"points, x{k + 1}")
        found.append(Marker((to_fraction(u), to_fraction(v)), data.labels is not None and data.labels[k] < 0))
    return tuple(found)
