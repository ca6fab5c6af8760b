"""What a notebook shows of a trajectory: its one line, its picture, its events and its last state.

Eight digits are shown; the rest is behind each number, in its title and on a click.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from html import escape
from itertools import groupby

from symflow.errors import SymflowError
from symflow.flows.precision import Number, decimal_text, exact_value, rounded_text
from symflow.flows.trajectory import Event, Trajectory
from symflow.pictures.captions import counted
from symflow.pictures.svg_trajectory import svg_trajectory

# Digits that are seen at once; rows of the tables.
_SHOWN, _MOST_ROWS, _MOST_NUMBERS = 8, 24, 60

_CELL = "<td>{}</td>"


def trajectory_html(trajectory: Trajectory) -> str:
    """Return a trajectory as HTML.

    Examples
    --------
    >>> from symflow.flows.gradient_flow import gradient_flow
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.realization import Realization
    >>> f = Realization(Network.from_weights([[1]], [[1]], activation="abs"))
    >>> page = trajectory_html(gradient_flow(f, start=("1/3",), until=3))
    >>> "at rest" in page or "stationary" in page, page.count("<tr>")
    (True, 3)
    """
    try:
        picture = svg_trajectory(trajectory)
    except SymflowError:  # nothing moves, or it cannot be drawn: the rest says so
        picture = ""
    caption = f"<p><code>{escape(repr(trajectory))}</code></p>"
    reason = f"<p>{escape(trajectory.reason)}</p>" if trajectory.reason else ""
    return f"<div>\n{caption}\n{reason}{picture}{_events(trajectory)}{_state(trajectory)}</div>\n"


def number_html(value: Number, digits: int, exact: Fraction | None = None) -> str:
    """Return a number: eight decimals, all digits in the title and on a click.

    Examples
    --------
    >>> from mpmath import mpf
    >>> number_html(mpf("0.25"), 15), number_html(mpf(1) / 3, 15, Fraction(1, 3))
    ('0.25', '1/3')
    """
    if exact is not None:
        return str(exact)
    whole, short = decimal_text(value, digits), rounded_text(exact_value(value), _SHOWN)
    if len(whole) <= len(short):
        return whole
    return f'<details title="{whole}"><summary>{short}…</summary>{whole}</details>'


def _events(trajectory: Trajectory) -> str:
    events = sorted(trajectory.events, key=lambda event: (event.time, event.layer, event.neuron, event.datum))
    if not events:
        return ""
    rows = list(_rows(trajectory, events))
    header = "".join(f'<th scope="col">{name}</th>' for name in ("t", "layer", "neuron", "data", "kind", "to"))
    body = "\n".join(f"<tr>{''.join(_CELL.format(entry) for entry in row)}</tr>" for row in rows[:_MOST_ROWS])
    left = len(rows) - _MOST_ROWS
    after = f"\n<p>and {counted(left, 'more event')}</p>" if left > 0 else ""
    return f"<table>\n<tr>{header}</tr>\n{body}\n</table>{after}\n"


def _rows(trajectory: Trajectory, events: list[Event]) -> Iterator[tuple[str, ...]]:
    """Yield one row for what one neuron does alike on several data at one time."""
    for (time, layer, neuron, kind, to), group in groupby(
        events, key=lambda event: (event.time, event.layer, event.neuron, event.kind, event.to)
    ):
        same = list(group)
        data = ", ".join(str(event.datum) for event in same)
        shown = number_html(time, trajectory.digits, same[0].exact_time)
        yield shown, str(layer), str(neuron), data, kind, to.replace("-", "−")


def _state(trajectory: Trajectory) -> str:
    if len(trajectory.names) > _MOST_NUMBERS:
        return ""
    exact = trajectory.exact_state or (None,) * len(trajectory.state)
    rows = "\n".join(
        f"<tr><td>{name}</td>{_CELL.format(number_html(value, trajectory.digits, known))}</tr>"
        for name, value, known in zip(trajectory.names, trajectory.state, exact, strict=True)
    )
    time = trajectory.exact_time or rounded_text(exact_value(trajectory.time), _SHOWN)
    return f"<details><summary>at the end, t = {time}</summary><table>\n{rows}\n</table></details>\n"
