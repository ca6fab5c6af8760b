"""What is asked of a flow: how far, how many digits, what moves, what to look at on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, final

from symflow.errors import InputError
from symflow.exact.rationals import fmpq

# What to do where the solution is not unique. "report" stops there and lists the branches.
OnNonunique = Literal["report", "ridge", "descent", "+", "-"]
CHOICES: tuple[OnNonunique, ...] = ("report", "ridge", "descent", "+", "-")

# Those that name a branch; at a given place not all of them do.
SELECTIONS: tuple[OnNonunique, ...] = CHOICES[1:]

# Is told the time reached (in mpmath's numbers) and how many events there were, now and then.
Progress = Callable[[Any, int], None]

DEFAULT_DIGITS = 15

# More events than these, and the flow stops with "undecided" (or "zeno_suspected", where they accumulate).
MOST_EVENTS = 10_000


@final
@dataclass(frozen=True, slots=True)
class FlowOptions:
    """What is asked of a flow.

    Parameters
    ----------
    until : fmpq
        The last time, at least 0.
    digits : int
        Digits of times and states, at least 1.
    trained : tuple of str, optional
        The layers that move ("W1", "b1", ..); all by default.
    checkpoints : tuple of fmpq
        Times to stop and look at, besides the start and the end.
    on_nonunique : str
        "report", "ridge", "descent", "+" or "-".
    is_validated : bool
        Whether to prove an enclosure.
    most_events : int
        When to stop following events.
    has_energy : bool
        Whether to integrate |w'|² along the way, for the energy balance.
    progress : callable, optional
        Is told how far the flow is.

    Raises
    ------
    InputError
        If a number is out of range.

    Examples
    --------
    >>> FlowOptions(until=fmpq(10), digits=30).digits
    30
    """

    until: fmpq
    digits: int = DEFAULT_DIGITS
    trained: tuple[str, ...] | None = None
    checkpoints: tuple[fmpq, ...] = ()
    on_nonunique: OnNonunique = "report"
    is_validated: bool = False
    most_events: int = MOST_EVENTS
    has_energy: bool = True
    progress: Progress | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.until < 0:
            raise InputError(f"{self.until} is before the start; give a time of at least 0", place="flow.until")
        if self.digits < 1:
            raise InputError(f"{self.digits} digits; give at least 1", place="flow.digits")
        if self.on_nonunique not in CHOICES:
            known = ", ".join(CHOICES)
            raise InputError(f"{self.on_nonunique!r} is none of: {known}", place="flow.on_nonunique")
        for time in self.checkpoints:
            if not 0 <= time <= self.until:
                raise InputError(f"{time} is not between 0 and {self.until}", place="flow.checkpoints")
