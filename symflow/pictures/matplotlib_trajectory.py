"""A trajectory on matplotlib Axes: the orbit over the cells of the input, or curves over time.

In the weights the upper picture has the objective and the soft margin over time, the lower one the distance of each
conserved quantity from its start, on a log scale: rounding, at the digits of the trajectory. Dotted lines are events.
In the input with two coordinates the orbit runs over the map of cells, a ring at its start, a dot at each event; with
one, or with more, each coordinate is a curve over time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symflow.errors import NotSupportedError, WrongTypeError
from symflow.flows.sampling import sampled
from symflow.flows.trajectory import Trajectory
from symflow.nets.realization import FunctionOfInput, Realization
from symflow.pictures.curves import curves_of
from symflow.pictures.labels import SUBSCRIPTS
from symflow.pictures.matplotlib_regions import SIDE, draw, framed_axes, require_matplotlib
from symflow.pictures.orbit import orbit_of
from symflow.pictures.region_map import region_map
from symflow.pictures.shades import BLUE, INK, ORBIT, PAPER, QUIET
from symflow.reports.flow_words import formula_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SMALL = 8.0
# An objective that falls by more is drawn on a log scale.
_LONG_RANGE = 30

_STYLES = ("solid", "dashed", "dashdot", "dotted")


def plot_trajectory(trajectory: Trajectory, ax: Axes | None = None) -> Axes:
    """Draw a trajectory.

    Parameters
    ----------
    trajectory : Trajectory
        From ``gradient_flow``.
    ax : matplotlib Axes, optional
        Where to draw; without it, in a new figure. With it, a flow of the weights is the objective alone.

    Returns
    -------
    matplotlib Axes
        The upper one, where there are two.

    Raises
    ------
    NotSupportedError
        If matplotlib is missing, or the trajectory has no length.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> from symflow.flows.gradient_flow import gradient_flow
    >>> f = Realization(Network.from_weights([[1, 0], [0, 1]], [[1, 1]]))
    >>> ax = plot_trajectory(gradient_flow(f, start=(2, 1), until=3))  # doctest: +SKIP
    """
    if not isinstance(trajectory, Trajectory):
        name = type(trajectory).__name__
        raise WrongTypeError(f"{name} is no trajectory; draw what gradient_flow(R, until=10) returns")
    require_matplotlib(
        'write_trajectory_picture(trajectory, "flow.svg") of symflow.pictures.trajectory_picture needs nothing'
    )
    figure: Figure | None = None
    if ax is None:
        from matplotlib import pyplot

        figure = pyplot.figure()
    return drawn(trajectory, figure, ax)


def drawn(trajectory: Trajectory, figure: Figure | None, ax: Axes | None) -> Axes:
    """Draw a trajectory on Axes, or on an empty figure."""
    if not trajectory.arcs:
        raise NotSupportedError("there is nothing to draw: the trajectory has no length", place="picture")
    function = trajectory.facts.get("function")
    if isinstance(function, FunctionOfInput):
        if len(function.variables) == 2:
            return _over_cells(trajectory, function, figure, ax)
        return _coordinates(trajectory, _axes(figure, ax, 4.8, 3.0))
    return _weights(trajectory, figure, ax)


# ---------------------------------------------------------------------- in the input


def _over_cells(trajectory: Trajectory, function: FunctionOfInput, figure: Figure | None, ax: Axes | None) -> Axes:
    orbit = orbit_of(trajectory)
    map_ = region_map(Realization(function.network, function.output + 1), points=orbit.points)
    if ax is None:
        assert figure is not None
        ax = framed_axes(figure, map_, has_caption=True)
        draw(map_, ax, "auto", [], caption_width=SIDE)
    else:
        draw(map_, ax, "auto", [], caption_width=0)
    xs, ys = zip(*orbit.floats, strict=True)
    # A line of paper below the orbit sets it off from walls that it runs along.
    ax.plot(xs, ys, color=PAPER, linewidth=4.0, zorder=4.4, solid_capstyle="round")
    ax.plot(xs, ys, color=ORBIT, linewidth=2.0, zorder=4.5, solid_capstyle="round")
    for start, end in zip(orbit.floats[:-1], orbit.floats[1:], strict=True):
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        if start != end:
            ax.annotate(
                "",
                xytext=start,
                xy=middle,
                arrowprops={"arrowstyle": "-|>", "color": ORBIT, "linewidth": 0, "shrinkA": 0, "shrinkB": 0},
                zorder=4.6,
            )
    ax.scatter(xs[1:], ys[1:], s=16, color=ORBIT, zorder=4.7)
    ax.scatter(xs[:1], ys[:1], s=30, facecolors=PAPER, edgecolors=ORBIT, linewidths=1.6, zorder=4.7)
    return ax


def _coordinates(trajectory: Trajectory, ax: Axes) -> Axes:
    arcs = trajectory.arcs
    times = [float(arcs[0].start), *(float(arc.end) for arc in arcs)]
    states = [arcs[0].start_state, *(arc.end_state for arc in arcs)]
    for place, name in enumerate(trajectory.names):
        style = _STYLES[place % len(_STYLES)]
        label = name.replace("[", "").replace("]", "").translate(SUBSCRIPTS)
        ax.plot(
            times, [float(state[place]) for state in states], color=INK, linestyle=style, linewidth=1.2, label=label
        )
    _mark_events(ax, sorted({float(event.time) for event in trajectory.events}))
    _dress(ax, "t")
    if len(trajectory.names) > 1:
        ax.legend(fontsize=_SMALL, frameon=False)
    return ax


# ---------------------------------------------------------------------- in the weights


def _weights(trajectory: Trajectory, figure: Figure | None, ax: Axes | None) -> Axes:
    curves = curves_of(sampled(trajectory))
    below: Axes | None = None
    if ax is None:
        assert figure is not None
        figure.set_size_inches(5.6, 4.6)
        ax, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 2], "hspace": 0.12})
        figure.subplots_adjust(left=0.13, right=0.88, top=0.95, bottom=0.1)
    times, values = zip(*curves.objective, strict=True)
    ax.plot(times, values, color=INK, linewidth=1.6)
    if max(values) > _LONG_RANGE * min(values) > 0:
        ax.set_yscale("log")
        ax.yaxis.set_minor_formatter("")
    _dress(ax, "" if below is not None else "t")
    ax.set_ylabel("objective", fontsize=_SMALL, color=INK)
    if curves.soft_margin and below is not None:
        other = ax.twinx()
        times, values = zip(*curves.soft_margin, strict=True)
        other.plot(times, values, color=BLUE, linewidth=1.4, linestyle="dashed")
        other.axhline(0, color=BLUE, linewidth=0.5)
        other.set_ylabel("soft margin (dashed)", fontsize=_SMALL, color=BLUE)
        _dress(other, "", is_right=True)
    _mark_events(ax, curves.events)
    if times[-1] > 20:
        ax.set_xscale("asinh", linear_width=1)
        marks = [0, *(10**k for k in range(len(str(int(times[-1])))))]
        ax.set_xticks(marks, labels=[str(mark) if mark < 10**4 else f"$10^{{{len(str(mark)) - 1}}}$" for mark in marks])
        ax.set_xticks([], minor=True)
    if below is not None:
        _residuals(below, curves.residuals, trajectory.digits)
        _mark_events(below, curves.events)
    return ax


def _residuals(ax: Axes, residuals: Sequence[tuple[str, Sequence[tuple[float, float]]]], digits: int) -> None:
    for place, (name, curve) in enumerate(residuals):
        if curve:
            times, orders = zip(*curve, strict=True)
            style = _STYLES[place % len(_STYLES)]
            ax.plot(times, orders, color=INK, linestyle=style, linewidth=0.9, label=formula_text(name))
    ax.axhline(-digits, color=ORBIT, linewidth=0.9)
    ax.annotate(
        f"{digits} digits",
        (1, -digits),
        xycoords=("axes fraction", "data"),
        xytext=(-2, 2),
        textcoords="offset points",
        ha="right",
        fontsize=_SMALL,
        color=ORBIT,
    )
    low, high = ax.get_ylim()
    ax.set_ylim(low, max(high, -digits + 0.12 * (-digits - low) + 1))
    _dress(ax, "t")
    ax.set_ylabel("drift, log₁₀", fontsize=_SMALL, color=INK)
    if any(curve for _, curve in residuals):
        ax.legend(fontsize=7, frameon=False, loc="center right")


# ---------------------------------------------------------------------- both


def _axes(figure: Figure | None, ax: Axes | None, width: float, height: float) -> Axes:
    if ax is not None:
        return ax
    assert figure is not None
    figure.set_size_inches(width, height)
    return figure.add_axes((0.12, 0.16, 0.84, 0.8))


def _mark_events(ax: Axes, times: Sequence[float]) -> None:
    for time in times:
        ax.axvline(time, color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0.5)


def _dress(ax: Axes, label: str, *, is_right: bool = False) -> None:
    ax.tick_params(labelsize=_SMALL, color=QUIET, labelcolor=BLUE if is_right else QUIET, width=0.6, length=3)
    if label:
        ax.set_xlabel(label, fontsize=_SMALL, color=INK)
    for name, spine in ax.spines.items():
        spine.set(color=QUIET, linewidth=0.6, visible=name == "right" if is_right else name not in ("top", "right"))
