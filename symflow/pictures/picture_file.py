"""A map of cells in a file: SVG, TikZ, PNG or PDF, by the ending of the name.

SVG and TikZ are text, and need nothing; PNG and PDF are drawn with matplotlib, on a figure that pyplot never sees. The
same net gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from symflow.nets.dataset import Dataset
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.pictures.drawing import markers_of
from symflow.pictures.figure_file import checked_ending, figure_bytes, write_bytes
from symflow.pictures.labels import Kind
from symflow.pictures.matplotlib_regions import SIDE, draw, framed_axes
from symflow.pictures.region_map import RegionMap, region_map
from symflow.pictures.slices import Plane
from symflow.pictures.svg_regions import svg_regions
from symflow.pictures.tikz_regions import tikz_regions
from symflow.pictures.window import Sides, Window
from symflow.regions.region_graph import RegionGraph

ENDINGS = (".svg", ".tex", ".png", ".pdf")


def check_picture(path: str | Path) -> str:
    """Return the ending of a picture's name, after checking that such a picture can be drawn.

    Parameters
    ----------
    path : str or Path
        The name.

    Raises
    ------
    InputError
        If it ends in something else; NotSupportedError if matplotlib is needed and missing.

    Examples
    --------
    >>> check_picture("cells.svg")
    '.svg'
    >>> check_picture("cells.jpg")
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: cells.jpg: is no kind of picture; end the name in .svg, .tex, .png or .pdf
    """
    return checked_ending(path, ENDINGS)


def picture(
    function: RegionGraph | Network | Realization | RegionMap,
    ending: str,
    *,
    window: Sides | Window | None = None,
    plane: Plane | None = None,
    labels: Kind = "auto",
    points: Dataset | Sequence[Sequence[object]] | None = None,
) -> bytes:
    """Return the map of a net's cells as the content of a file.

    Parameters
    ----------
    function : RegionGraph, Network or Realization
        The net, with two inputs unless a plane is given.
    ending : str
        ``".svg"``, ``".tex"``, ``".png"`` or ``".pdf"``.
    window, plane, labels, points
        As for ``plot_regions``.

    Examples
    --------
    >>> net = Network.from_weights([[1, 0], [0, 1]], [[1, 1]])
    >>> picture(net, ".svg")[:4], picture(net, ".tex")[:11]
    (b'<svg', b'% The cells')
    """
    ending = check_picture(f"picture{ending}")
    if ending == ".svg":
        return svg_regions(function, window=window, plane=plane, labels=labels, points=points).encode()
    if ending == ".tex":
        return tikz_regions(function, window=window, plane=plane, labels=labels, points=points).encode()
    from matplotlib.figure import Figure

    markers = markers_of(points)
    map_ = region_map(function, window=window, plane=plane, points=[marker.point for marker in markers])
    figure = Figure()
    draw(map_, framed_axes(figure, map_, has_caption=True), labels, markers, caption_width=SIDE)
    return figure_bytes(figure, ending)


def write_picture(
    function: RegionGraph | Network | Realization | RegionMap,
    path: str | Path,
    *,
    window: Sides | Window | None = None,
    plane: Plane | None = None,
    labels: Kind = "auto",
    points: Dataset | Sequence[Sequence[object]] | None = None,
) -> None:
    r"""Write the map of a net's cells to a file, whole or not at all.

    Parameters
    ----------
    function : RegionGraph, Network or Realization
        The net, with two inputs unless a plane is given.
    path : str or Path
        The ending says what is written: .svg, .tex (TikZ, for ``\input``), .png or .pdf.
    window, plane, labels, points
        As for ``plot_regions``.

    Raises
    ------
    InputError
        If the ending is another, the net has not two inputs, or the file cannot be written.
    """
    write_bytes(path, picture(function, check_picture(path), window=window, plane=plane, labels=labels, points=points))
