"""What a map says about itself in words: how many cells, what is not shown, and how it is to be read."""

from __future__ import annotations

from symflow.pictures.drawing import Placement
from symflow.pictures.region_map import RegionMap


def caption_of(map_: RegionMap, placement: Placement) -> str:
    """Return what is shown and what is not, and how to read it.

    Parameters
    ----------
    map_ : RegionMap
        The map.
    placement : Placement
        Its labels.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.pictures.region_map import region_map
    >>> net = Network.from_weights([[1, 0], [0, 1]], [[1, 1]])
    >>> caption_of(region_map(net), Placement((), 0))
    '4 cells, 4 walls. Shade: length of the gradient. Solid line: kink.'
    >>> caption_of(region_map(net, window=((1, 2), (-1, 1))), Placement((), 1)).partition(" Shade")[0]
    '2 of 4 cells in view, 1 wall. 1 cell is too small for a label.'
    >>> solid = Network.from_weights([[1, 0, 0], [0, 1, 0]], [[1, 1]])
    >>> caption_of(region_map(solid, plane=((0, 0, 0), (1, 0, 0), (0, 1, 1))), Placement((), 0)).partition(" Shade")[0]
    '4 cells, 4 walls. Cells and gradients are those on the plane.'
    """
    n_cells, n_shown, n_without = map_.graph.n_cells, len(map_.cells), placement.n_without
    shown = counted(n_cells, "cell") if n_shown == n_cells else f"{n_shown} of {counted(n_cells, 'cell')} in view"
    unknown = "" if map_.graph.complex.is_complete else "; not all cells were found"
    parts = [f"{shown}, {counted(len(map_.walls), 'wall')}{unknown}."]
    if map_.is_on_plane:
        parts.append("Cells and gradients are those on the plane.")
    if n_without:
        parts.append(f"{counted(n_without, 'cell')} {'is' if n_without == 1 else 'are'} too small for a label.")
    if placement.has_bracketed:
        parts.append("(n): cell n.")
    if map_.counts is not None:
        parts.append(f"Number and shade: {map_.counts.noun}s on the cell.")
        return " ".join(parts)
    parts.append("Shade: length of the gradient.")
    if map_.kinks:
        parts.append("Solid line: kink.")
    if map_.flats:
        parts.append("Dotted line: no kink.")
    return " ".join(parts)


def counted(n: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
