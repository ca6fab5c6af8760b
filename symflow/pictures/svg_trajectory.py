"""A trajectory as one SVG element: the orbit over the cells of the input, or risk and soft margin over time."""

from __future__ import annotations

import hashlib
import math
from fractions import Fraction
from html import escape
from typing import final

from symflow.errors import NotSupportedError
from symflow.flows.sampling import sampled
from symflow.flows.trajectory import Trajectory
from symflow.nets.realization import FunctionOfInput, Realization
from symflow.pictures.curves import Curve, bounds, curves_of
from symflow.pictures.orbit import orbit_of
from symflow.pictures.shades import BLUE, DARK_BLUE, DARK_INK, DARK_PAPER, DARK_QUIET, INK, PAPER, QUIET
from symflow.pictures.svg_regions import WIDTH, number_text, svg_regions
from symflow.pictures.ticks import ticks

# Pixels.
_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM, _LETTERS = 200, 52, 52, 22, 30, 11

# A longer time is drawn on the scale ln(1 + t).
_LONG = 20

# With more parameters than these the curves go through the checkpoints that there are.
_MOST_PARAMETERS = 400
_POINTS = 60


def svg_trajectory(trajectory: Trajectory, *, width: int = WIDTH) -> str:
    """Return the picture of a trajectory.

    Parameters
    ----------
    trajectory : Trajectory
        From ``gradient_flow``.
    width : int
        Pixels.

    Raises
    ------
    NotSupportedError
        If it has no length.

    Examples
    --------
    >>> from symflow.flows.gradient_flow import gradient_flow
    >>> from symflow.nets.network import Network
    >>> f = Realization(Network.from_weights([[1, 0], [0, 1]], [[1, 1]]))
    >>> svg_trajectory(gradient_flow(f, start=(2, 1), until=3)).count("sf-orbit")
    1
    """
    if not trajectory.arcs:
        raise NotSupportedError("there is nothing to draw: the trajectory has no length", place="picture")
    function = trajectory.facts.get("function")
    if isinstance(function, FunctionOfInput) and len(function.variables) == 2:
        net = Realization(function.network, function.output + 1)
        return svg_regions(net, width=width, orbit=orbit_of(trajectory).points)
    path = trajectory
    if not isinstance(function, FunctionOfInput) and len(trajectory.names) <= _MOST_PARAMETERS:
        path = sampled(trajectory, _POINTS, digits=min(trajectory.digits, 15))
    return _Chart(path, width).text()


@final
class _Chart:
    """Risk on the left axis, soft margin on the right one, over time."""

    def __init__(self, trajectory: Trajectory, width: int) -> None:
        self.width, self.curves = width, curves_of(trajectory)
        if not self.curves.objective:
            raise NotSupportedError("there is nothing to draw: the trajectory has no checkpoints", place="picture")
        self.end = max(self.curves.objective[-1][0], 1e-9)
        values = [value for _, value in self.curves.objective]
        self.is_log = min(values) > 0 and max(values) > 30 * min(values)
        self.objective = bounds([self.scaled(value) for value in values])
        soft = [value for _, value in self.curves.soft_margin]
        self.soft = bounds([*soft, 0.0]) if soft else None

    def text(self) -> str:
        body = [self._axes(), self._events()]
        if self.soft is not None:
            zero = self.y(0.0, self.soft)
            body.append(
                f'<path class="sf-soft" d="M{_LEFT} {zero}H{self.width - _RIGHT}" stroke="{BLUE}" stroke-width="0.5"/>'
            )
            body.append(self._curve(self.curves.soft_margin, self.soft, "sf-soft", BLUE, ' stroke-dasharray="5 3"'))
        scaled = [(time, self.scaled(value)) for time, value in self.curves.objective]
        body.append(self._curve(scaled, self.objective, "sf-line", INK, ""))
        inside = "\n".join(body)
        name = "sf-" + hashlib.sha256(inside.encode()).hexdigest()[:10]
        dark = (
            f"#{name} .sf-paper{{fill:{DARK_PAPER}}}#{name} .sf-line{{stroke:{DARK_INK}}}"
            f"#{name} .sf-soft{{stroke:{DARK_BLUE}}}#{name} .sf-ink{{fill:{DARK_INK}}}"
            f"#{name} .sf-blue{{fill:{DARK_BLUE}}}#{name} .sf-quiet{{fill:{DARK_QUIET}}}"
        )
        said = "The objective over time" + (", and the soft margin, dashed." if self.soft else ".")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" viewBox="0 0 {self.width} {_HEIGHT}" '
            f'width="{self.width}" height="{_HEIGHT}" role="img" aria-labelledby="{name}-title" '
            'font-family="system-ui, \'DejaVu Sans\', sans-serif" style="max-width:100%;height:auto">\n'
            f'<title id="{name}-title">{said}</title>\n'
            f"<style>@media (prefers-color-scheme:dark){{{dark}}}</style>\n"
            f'<rect class="sf-paper" width="{self.width}" height="{_HEIGHT}" fill="{PAPER}"/>\n{inside}\n</svg>\n'
        )

    # ------------------------------------------------------------------ scales

    def scaled(self, value: float) -> float:
        return math.log10(value) if self.is_log else value

    def x(self, time: float) -> str:
        share = math.log1p(time) / math.log1p(self.end) if self.end > _LONG else time / self.end
        return number_text(_LEFT + share * (self.width - _LEFT - _RIGHT))

    def y(self, value: float, side: tuple[float, float]) -> str:
        share = (value - side[0]) / (side[1] - side[0])
        return number_text(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM))

    # ------------------------------------------------------------------ parts

    def _curve(
        self, curve: Curve | list[tuple[float, float]], side: tuple[float, float], name: str, colour: str, extra: str
    ) -> str:
        path = "M" + "L".join(f"{self.x(time)} {self.y(value, side)}" for time, value in curve)
        return f'<path class="{name}" d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"{extra}/>'

    def _events(self) -> str:
        top, bottom = _TOP, _HEIGHT - _BOTTOM
        path = "".join(f"M{self.x(time)} {top}V{bottom}" for time in self.curves.events)
        dots = ' stroke-dasharray="1 3"'
        return f'<path d="{path}" fill="none" stroke="{QUIET}" stroke-width="0.9"{dots}/>' if path else ""

    def _axes(self) -> str:
        left, right, top, bottom = _LEFT, self.width - _RIGHT, _TOP, _HEIGHT - _BOTTOM
        parts = []
        path = f"M{left} {top}V{bottom}H{right}" + (f"V{top}" if self.soft else "")
        for time, written in self._times():
            path += f"M{self.x(time)} {bottom}v4"
            parts.append(_text(written, self.x(time), bottom + 16, "middle"))
        for value, written in self._values():
            path += f"M{left} {self.y(value, self.objective)}h-4"
            parts.append(_text(written, left - 7, float(self.y(value, self.objective)) + 4, "end"))
        parts.append(_text("t", right + 12, bottom + 16, "start", "sf-ink", INK))
        parts.append(_text("risk" + (" (log scale)" if self.is_log else ""), left, top - 8, "start", "sf-ink", INK))
        if self.soft is not None:
            parts.append(_text("soft margin, dashed", right, top - 8, "end", "sf-blue", BLUE))
            for tick in ticks(*map(_fraction, self.soft), room=12):
                y = self.y(float(tick.value), self.soft)
                path += f"M{right} {y}h4"
                parts.append(_text(tick.text, right + 7, float(y) + 4, "start", "sf-blue", BLUE))
        return "\n".join([f'<path d="{path}" fill="none" stroke="{QUIET}" stroke-width="0.6"/>', *parts])

    def _times(self) -> list[tuple[float, str]]:
        if self.end <= _LONG:
            return [(float(tick.value), tick.text) for tick in ticks(Fraction(0), _fraction(self.end), room=60)]
        powers = range(math.floor(math.log10(self.end)) + 1)
        return [(0.0, "0"), *((10.0**k, f"{10**k}") for k in powers)]

    def _values(self) -> list[tuple[float, str]]:
        marks = ticks(*map(_fraction, self.objective), room=16)
        if not self.is_log:
            return [(float(tick.value), tick.text) for tick in marks]
        whole = range(math.ceil(self.objective[0]), math.floor(self.objective[1]) + 1)
        step = max(1, len(whole) // 4)
        return [(float(k), f"10{str(k).translate(_SUPERSCRIPTS)}") for k in whole[::step]]


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _fraction(value: float) -> Fraction:
    return Fraction(value).limit_denominator(10**9)


def _text(text: str, x: object, y: object, anchor: str, name: str = "sf-quiet", fill: str = QUIET) -> str:
    return (
        f'<text class="{name}" x="{x}" y="{y}" font-size="{_LETTERS}" text-anchor="{anchor}" fill="{fill}">'
        f"{escape(text)}</text>"
    )
