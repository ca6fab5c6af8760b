"""A picture of a trajectory in a file: SVG, PNG or PDF, by the ending of the name."""

from __future__ import annotations

import io
from pathlib import Path

from symflow.errors import InputError
from symflow.flows.trajectory import Trajectory
from symflow.pictures.matplotlib_regions import require_matplotlib
from symflow.pictures.matplotlib_trajectory import drawn
from symflow.pictures.picture_file import DPI, METADATA, write_bytes
from symflow.pictures.svg_trajectory import svg_trajectory

ENDINGS = (".svg", ".png", ".pdf")


def check_trajectory_picture(path: str | Path) -> str:
    """Return the ending of a picture's name, after checking that such a picture can be drawn.

    Raises
    ------
    InputError
        If it ends in something else; NotSupportedError if matplotlib is needed and missing.

    Examples
    --------
    >>> check_trajectory_picture("path.svg")
    '.svg'
    >>> check_trajectory_picture("path.gif")
    Traceback (most recent call last):
        ...
    symflow.errors.InputError: path.gif: is no kind of picture; end the name in .svg, .png or .pdf
    """
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise InputError("is no kind of picture; end the name in .svg, .png or .pdf", place=str(path))
    if ending != ".svg":
        require_matplotlib()
    return ending


def trajectory_picture(trajectory: Trajectory, ending: str) -> bytes:
    """Return the picture of a trajectory as the content of a file.

    Parameters
    ----------
    trajectory : Trajectory
        From ``gradient_flow``.
    ending : str
        ``".svg"``, ``".png"`` or ``".pdf"``.
    """
    if ending == ".svg":
        return svg_trajectory(trajectory).encode()
    from matplotlib.figure import Figure

    figure, content = Figure(), io.BytesIO()
    drawn(trajectory, figure, None)
    figure.savefig(content, format=ending[1:], dpi=DPI, metadata=METADATA[ending])
    return content.getvalue()


def write_trajectory_picture(trajectory: Trajectory, path: str | Path) -> None:
    """Write the picture of a trajectory to a file, whole or not at all."""
    write_bytes(path, trajectory_picture(trajectory, check_trajectory_picture(path)))
