"""The chart of a page: the objective of a flow in the weights over time, and the soft margin, dashed.

Its style sheet is the page's. A line ``now`` is moved by the script to the places in ``data-places``, one a checkpoint.
"""

from __future__ import annotations

import math
from fractions import Fraction

from symflow.flows.trajectory import Trajectory
from symflow.pictures.curves import Curve, bounds, curves_of
from symflow.pictures.page_map import SMALL_SIZE, WIDTH, coordinate, small_text
from symflow.pictures.svg_regions import text_width
from symflow.pictures.ticks import ticks

_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 200, 56, 56, 26, 28

# A longer time is drawn on the scale ln(1 + t).
_LONG = 20


def page_chart(samples: Trajectory, letter: str) -> str:
    """Return the chart of a trajectory with many checkpoints; empty where it has fewer than two.

    Parameters
    ----------
    samples : Trajectory
        The flow.
    letter : str
        What the objective is called.

    Examples
    --------
    >>> from symflow.flows.gradient_flow import gradient_flow
    >>> from symflow.nets.dataset import Dataset
    >>> from symflow.nets.empirical_risk import EmpiricalRisk
    >>> from symflow.nets.network import Network
    >>> R = EmpiricalRisk(Network.from_weights([[1]], [[1]]), Dataset([(1,)], labels=[1]))
    >>> text = page_chart(gradient_flow(R, until=2, checkpoints=(0, 1, 2)), "R")
    >>> text.count('class="curve'), 'class="now"' in text
    (2, True)
    """
    curves = curves_of(samples)
    if len(curves.objective) < 2:
        return ""
    end = max(curves.objective[-1][0], 1e-9)
    values = [value for _, value in curves.objective]
    is_log = min(values) > 0 and max(values) > 30 * min(values)
    objective: Curve = tuple((t, math.log10(value) if is_log else value) for t, value in curves.objective)
    low, high = bounds([value for _, value in objective])
    soft = bounds([*(value for _, value in curves.soft_margin), 0.0]) if curves.soft_margin else None

    marks = [
        (tick.value, f"10{str(tick.value).translate(_RAISED)}" if is_log else tick.text)
        for tick in ticks(_fraction(low), _fraction(high), room=16)
        if not is_log or tick.value.denominator == 1
    ]
    left = max([_LEFT, *(text_width(written, SMALL_SIZE) + 10 for _, written in marks)])

    def x(time: float) -> float:
        share = math.log1p(time) / math.log1p(end) if end > _LONG else time / end
        return left + share * (WIDTH - left - _RIGHT)

    def y(value: float, side: tuple[float, float]) -> float:
        return _HEIGHT - _BOTTOM - (value - side[0]) / (side[1] - side[0]) * (_HEIGHT - _TOP - _BOTTOM)

    def path(curve: Curve, side: tuple[float, float]) -> str:
        return "M" + "L".join(f"{coordinate(x(t))} {coordinate(y(value, side))}" for t, value in curve)

    bottom, right = _HEIGHT - _BOTTOM, WIDTH - _RIGHT
    body = [f'<path class="axis" d="M{coordinate(left)} {_TOP}V{bottom}H{right}{f"V{_TOP}" if soft else ""}"/>']
    events = "".join(f"M{coordinate(x(t))} {_TOP}V{bottom}" for t in curves.events)
    body += [f'<path class="event" d="{events}"/>'] if events else []
    if soft is not None:
        body.append(f'<path class="curve soft" d="{path(curves.soft_margin, soft)}"/>')
        body += [
            small_text(tick.text, right + 6, y(float(tick.value), soft) + 4, "start", "s blue")
            for tick in ticks(*map(_fraction, soft), room=12)
        ]
        body.append(small_text("soft margin, dashed", right, _TOP - 9, "end", "s blue"))
    body.append(f'<path class="curve" d="{path(objective, (low, high))}"/>')
    body += [small_text(written, left - 6, y(float(value), (low, high)) + 4, "end") for value, written in marks]
    for time, written in _times(end):
        body.append(small_text(written, x(time), bottom + 17, "middle"))
    body.append(small_text("t", right + 12, bottom + 17, "start"))
    body.append(small_text(letter + (", log scale" if is_log else ""), left, _TOP - 9, "start", "label"))
    body.append(f'<path class="now" d="M0 {_TOP}V{bottom}"/>')
    places = " ".join(coordinate(x(t)) for t, _ in curves.objective)
    said = f"{letter} over time{', and the soft margin, dashed' if soft else ''}"
    return (
        f'<svg id="chart" viewBox="0 0 {WIDTH} {_HEIGHT}" role="img" aria-label="{said}" data-places="{places}">\n'
        + "\n".join(body)
        + "\n</svg>"
    )


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _times(end: float) -> list[tuple[float, str]]:
    if end <= _LONG:
        return [(float(tick.value), tick.text) for tick in ticks(Fraction(0), _fraction(end), room=60)]
    powers = range(math.floor(math.log10(end)) + 1)
    return [(0.0, "0"), *((10.0**k, f"{10**k}") for k in powers)]


def _fraction(value: float) -> Fraction:
    return Fraction(value).limit_denominator(10**9)
