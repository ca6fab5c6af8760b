"""A picture of a trajectory in a file: SVG, PNG or PDF, by the ending of the name."""

from __future__ import annotations

from pathlib import Path

from symflow.flows.trajectory import Trajectory
from symflow.pictures.figure_file import checked_ending, figure_bytes, write_bytes
from symflow.pictures.matplotlib_trajectory import drawn
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
    return checked_ending(path, ENDINGS)


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

    figure = Figure()
    drawn(trajectory, figure, None)
    return figure_bytes(figure, ending)


def write_trajectory_picture(trajectory: Trajectory, path: str | Path) -> None:
    """Write the picture of a trajectory to a file, whole or not at all."""
    write_bytes(path, trajectory_picture(trajectory, check_trajectory_picture(path)))
