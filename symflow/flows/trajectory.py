"""A trajectory of the flow: what happened, in order, and what is known about it. Plain data, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias, final

import mpmath

from symflow.showing import AbstractShown

# What the flow came to. The last two leave a question open.
Status = Literal["completed", "non_unique", "stationary", "blow_up", "zeno_suspected", "undecided"]

# What happens at a wall: the unit's preactivation on a datum changes sign; it becomes 0 and stays 0; it leaves 0; it
# becomes 0 with no active datum left; it touches 0 and turns back.
EventKind = Literal["crossing", "sliding", "exit", "death", "grazing"]

Number: TypeAlias = mpmath.mpf


def shortened(value: Number) -> str:
    """Return a number with 15 digits, and an ellipsis where it has more.

    Examples
    --------
    >>> shortened(mpmath.mpf("0.5")), shortened(mpmath.mpf(1) / 3), shortened(mpmath.mpf(0))
    ('0.5', '0.333333333333333…', '0')
    """
    text = str(mpmath.nstr(value, 15))
    with mpmath.workprec(value.man.bit_length() + 64 if value else 64):
        is_whole = mpmath.mpf(text) == value
    return text.removesuffix(".0") + ("" if is_whole else "…")


@final
@dataclass(frozen=True, slots=True)
class Event:
    """One unit meets, follows or leaves its kink on one datum.

    Parameters
    ----------
    time : mpf
        When.
    layer, neuron, datum : int
        Of the preactivation, from 1. In the input there is one datum, 1.
    kind : str
        "crossing", "sliding", "exit", "death" or "grazing".
    to : str
        Its sign from then on: "+", "-" or "0".
    exact_time : Fraction, optional
        The time, where it is known to be rational.
    """

    time: Number
    layer: int
    neuron: int
    datum: int
    kind: EventKind
    to: Literal["+", "-", "0"]
    exact_time: Fraction | None = None

    def __repr__(self) -> str:
        time = self.exact_time if self.exact_time is not None else shortened(self.time)
        place = f"neuron {self.neuron} of layer {self.layer} on datum {self.datum}"
        return f"Event(t = {time}, {place}: {self.kind}, to {self.to})"


@final
@dataclass(frozen=True, slots=True)
class Arc:
    """A stretch of the flow inside one mode.

    Parameters
    ----------
    start, end : mpf
        Its times.
    pattern : str
        The signs on it, one word a datum joined by "|" as in ``clarke``; "0" where the flow slides.
    start_state, end_state : tuple of mpf
        All parameters (or the input) at both ends.
    n_steps : int
        Taylor steps taken (0 where the arc is exact).
    exact : mapping, optional
        Where the arc is known in closed form: "start", "end" (times) and "start_state", "velocity" as Fractions.
    """

    start: Number
    end: Number
    pattern: str
    start_state: tuple[Number, ...]
    end_state: tuple[Number, ...]
    n_steps: int = 0
    exact: Mapping[str, object] | None = None

    def __repr__(self) -> str:
        steps = "exact" if self.exact is not None else f"{self.n_steps} {'step' if self.n_steps == 1 else 'steps'}"
        times = f"{shortened(self.start)} <= t <= {shortened(self.end)}"
        return f"Arc({times}, pattern {self.pattern or 'of no unit'}, {steps})"


@final
@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state at one time that was asked for, and what is monitored there."""

    time: Number
    state: tuple[Number, ...]
    objective: Number
    norm: Number
    margin: Number | None
    soft_margin: Number | None

    def __repr__(self) -> str:
        said = [f"t = {shortened(self.time)}", f"objective {shortened(self.objective)}", f"norm {shortened(self.norm)}"]
        if self.margin is not None:
            said.append(f"margin {shortened(self.margin)}")
        return f"Checkpoint({', '.join(said)})"


@final
@dataclass(frozen=True, slots=True)
class Invariant:
    """A quantity that the flow preserves, its value at the start and the most it moved by at the checkpoints.

    Parameters
    ----------
    name : str
        As a formula: ``|W1[1,:]|^2 - |W2[:,1]|^2``.
    value : Fraction
        At the start, exactly.
    drift : mpf
        The largest distance from it at a checkpoint: rounding, so it shrinks as the digits grow.
    proof : str
        Why it is preserved, in one sentence.
    """

    name: str
    value: Fraction
    drift: Number
    proof: str = ""

    def __repr__(self) -> str:
        return f"Invariant({self.name} = {self.value}, moved by {mpmath.nstr(self.drift, 2)})"


@final
@dataclass(frozen=True, slots=True)
class Monitor:
    """A statement watched along the flow.

    Parameters
    ----------
    name : str
        One of the monitors of ``monitors.py``.
    standing : str
        "proved", "enclosed" or "observed".
    residual : mpf or None
        How far the numbers are from it (0 in exact arithmetic); None for a statement without one.
    words : str
        One sentence.
    """

    name: str
    standing: Literal["proved", "enclosed", "observed"]
    residual: Number | None
    words: str

    def __repr__(self) -> str:
        residual = "" if self.residual is None else f", residual {mpmath.nstr(self.residual, 2)}"
        return f"Monitor({self.name}, {self.standing}{residual})"


@final
@dataclass(frozen=True, slots=True)
class Branch:
    """One continuation where the solution is not unique.

    Parameters
    ----------
    kind : str
        "+", "-", "ridge", or a pattern at a corner.
    events : tuple of (layer, neuron, datum)
        The kinks concerned, from 1.
    certificate : mapping
        Exact signs (or enclosures) that show that it is a solution: "velocities", one a side, as strings, and what
        else a reader needs to re-check it.
    """

    kind: str
    events: tuple[tuple[int, int, int], ...]
    certificate: Mapping[str, object]

    def __repr__(self) -> str:
        kinks = "; ".join(f"neuron {neuron} of layer {layer} on datum {datum}" for layer, neuron, datum in self.events)
        return f"Branch({self.kind} at {kinks})" if kinks else f"Branch({self.kind})"


@final
@dataclass(frozen=True, slots=True)
class Led:
    """A unit that was led along one of several solutions, as was chosen.

    Parameters
    ----------
    time : mpf
        When.
    layer, neuron : int
        Which, from 1.
    """

    time: Number
    layer: int
    neuron: int


@final
@dataclass(frozen=True, slots=True)
class Trajectory(AbstractShown):
    """A solution of w' in -∂R(w) from a start to a stop.

    Parameters
    ----------
    status : str
        "completed", "non_unique", "stationary", "blow_up", "zeno_suspected" or "undecided".
    digits : int
        Times and states have absolute error at most 10^-digits max(1, |value|).
    time : mpf
        The time reached.
    names : tuple of str
        The names of the parameters (or inputs).
    state : tuple of mpf
        All of them at that time, frozen ones included.
    events, arcs, checkpoints, invariants, monitors, branches : tuples
        In order.
    radius : mpf or None
        With ``validated``: a proved bound of the Euclidean distance of `state` to the true one.
    reason : str
        One sentence on why it stopped where it did, empty when it was completed.
    is_exact : bool
        Whether times and states are exact (rational), not only to the digits.
    exact_time, exact_state : optional
        Then the rational values.
    is_unique : bool or None
        Whether this is the only solution up to `time`; None where that is not decided.
    uniqueness : str
        Why, in one sentence.

    Examples
    --------
    Down |x| from 1, and then at rest on the kink:

    >>> from symflow import Network, Realization, gradient_flow
    >>> path = gradient_flow(Realization(Network.from_weights([[1], [-1]], [[1, 1]])), start=(1,), until=2)
    >>> path, path.exact_time, path.exact_state
    (Trajectory(stationary at t = 1, 1 arc, 2 events, unique, exact), Fraction(1, 1), (Fraction(0, 1),))
    """

    status: Status
    digits: int
    time: Number
    names: tuple[str, ...]
    state: tuple[Number, ...]
    objective: Number
    events: tuple[Event, ...] = ()
    arcs: tuple[Arc, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    invariants: tuple[Invariant, ...] = ()
    monitors: tuple[Monitor, ...] = ()
    branches: tuple[Branch, ...] = ()
    radius: Number | None = None
    reason: str = ""
    is_exact: bool = False
    exact_time: Fraction | None = None
    exact_state: tuple[Fraction, ...] | None = None
    is_unique: bool | None = None
    uniqueness: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def __repr__(self) -> str:
        count = len(self.arcs)
        known = "exact" if self.is_exact else f"{self.digits} digits"
        known = f"enclosed to {known}" if self.radius is not None and not self.is_exact else known
        words = {True: ", unique", False: ", not unique", None: ""}[self.is_unique]
        time = str(self.exact_time) if self.exact_time is not None else mpmath.nstr(self.time, 8).removesuffix(".0")
        span = f"0 <= t <= {time}" if self.status == "completed" else f"{self.status} at t = {time}"
        n_branches = f", {len(self.branches)} branches" if self.branches else ""
        return (
            f"Trajectory({span}, {count} {'arc' if count == 1 else 'arcs'}, "
            f"{len(self.events)} {'event' if len(self.events) == 1 else 'events'}{n_branches}{words}, {known})"
        )
