"""The orbit of a flow in the input: straight pieces from corner to corner, with the events at the corners.

At each corner the continuations are found (``straight_solutions.py``), one is followed, to the next change of a sign
or to the end of the flow, and what happens to each unit is entered. Exact throughout; times are those of a clock
(``time_change.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, final

from symflow.errors import BudgetExceededError
from symflow.exact.membership import Member, membership
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flows.local_fan import Sign
from symflow.flows.options import SELECTIONS, FlowOptions, OnNonunique
from symflow.flows.precision import GUARD_DIGITS, working_digits
from symflow.flows.straight_certificates import certificate_of
from symflow.flows.straight_solutions import Continuations, StraightSolution, continuations, gradient_on, moved
from symflow.flows.time_change import AbstractClock, ExactTime
from symflow.flows.trajectory import Branch, EventKind, Status
from symflow.nets.network import Vector
from symflow.nets.realization import FunctionOfInput


@final
@dataclass(frozen=True)
class Piece:
    """A straight piece of the orbit.

    Parameters
    ----------
    start : FunctionOfInput
        f at its start.
    solution : StraightSolution
        The velocity, and what shows that it is one.
    began : ExactTime
        The time at its start.
    ended : ExactTime or None
        The time at its end, a corner; None where it goes on beyond the end of the flow.
    """

    start: FunctionOfInput
    solution: StraightSolution
    began: ExactTime
    ended: ExactTime | None = None

    @property
    def output(self) -> fmpq:
        """The value of f at its start."""
        return self.start.outputs[0]

    @property
    def corner(self) -> Vector:
        """The state at its start."""
        return self.start.point


@final
@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a unit, from (1, 0), at a corner."""

    time: ExactTime
    layer: int
    unit: int
    kind: EventKind
    to: Sign


@final
@dataclass
class Orbit:
    """What was followed, and how it ended.

    Parameters
    ----------
    pieces : list of Piece
        In order; all but the last one ended.
    changes : list of Change
        In order of (time, layer, unit).
    corner : FunctionOfInput
        f at the last corner.
    time : ExactTime
        The time there.
    status, reason, branches, is_unique
        As in a trajectory.
    choices : tuple of str
        Those that select one of the branches.
    led : list of (time, layer, unit)
        Where one of several continuations was chosen, with the units (from 1) on their kinks there.
    rests_by_choice : bool
        Whether it rests in the end although other solutions move.
    certificates : list of dict
        One for each corner: all continuations, and what excludes the others.
    autodiff : list of dict
        At each corner with kinks: what automatic differentiation returns.
    """

    corner: FunctionOfInput
    time: ExactTime = field(default_factory=lambda: ExactTime(fmpq(0)))
    pieces: list[Piece] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    status: Status = "completed"
    reason: str = ""
    branches: tuple[Branch, ...] = ()
    choices: tuple[str, ...] = ()
    led: list[tuple[ExactTime, int, int]] = field(default_factory=list)
    rests_by_choice: bool = False
    is_unique: bool = True
    certificates: list[dict[str, object]] = field(default_factory=list)
    autodiff: list[dict[str, object]] = field(default_factory=list)

    @property
    def is_under_way(self) -> bool:
        """Whether the last piece goes on beyond the end."""
        return bool(self.pieces) and self.pieces[-1].ended is None

    def piece_at(self, time: fmpq) -> Piece | None:
        """Return the piece that is under way at a time; None where the flow rests at its last corner."""
        began = [piece for piece in self.pieces if piece.began.compare(time) <= 0]
        if not began or (began[-1].ended is not None and began[-1].ended.compare(time) <= 0):
            return None
        return began[-1]


def follow(function: FunctionOfInput, clock: AbstractClock, options: FlowOptions, budget: Budget = NO_BUDGET) -> Orbit:
    """Follow the orbit of clock.direction · f from the function's input.

    Parameters
    ----------
    function : FunctionOfInput
        f itself, with piecewise-linear activations.
    clock : AbstractClock
        How time passes along it.
    options : FlowOptions
        How far, and what to do where the solution is not unique.
    budget : Budget
        From its deadline on the status is "undecided".
    """
    orbit = Orbit(function)
    before: StraightSolution | None = None
    try:
        while True:
            piece = _next_piece(orbit, before, clock, options, budget)
            if piece is None:
                return orbit
            orbit.pieces.append(piece)
            if piece.ended is None:
                return orbit
            before = piece.solution
            assert before.time is not None
            orbit.corner, orbit.time = moved(orbit.corner, before.velocity, before.time), piece.ended
            if options.progress is not None:
                with working_digits(options.digits + GUARD_DIGITS):
                    options.progress(orbit.time.number(options.digits), len(orbit.changes))
    except BudgetExceededError as error:
        orbit.status = "undecided"
        orbit.reason = f"how the flow goes on from here was not decided: {error}"
        return orbit


def _next_piece(
    orbit: Orbit, before: StraightSolution | None, clock: AbstractClock, options: FlowOptions, budget: Budget
) -> Piece | None:
    """Enter what happens at the last corner and return the piece from it; None where the flow ends there."""
    if len(orbit.changes) > options.most_events:
        orbit.status = "undecided"
        orbit.reason = (
            f"stopped after {len(orbit.changes)} events; in finite time there are finitely many, perhaps more"
        )
        return None
    is_last = orbit.time.compare(options.until) == 0
    found = continuations(orbit.corner, clock.direction, budget=budget)
    if is_last and not found.is_unique:
        return None  # up to here it is the only solution, or the one that was chosen
    orbit.certificates.append(certificate_of(found))
    chosen = _choose(orbit, found, options)
    if chosen is None:
        return None
    _compare_autodiff(orbit, found, chosen, budget)
    orbit.changes.extend(changes_at(orbit.time, found, before, chosen))
    if chosen.is_at_rest:
        orbit.status = "stationary" if found.is_unique else "completed"
        orbit.rests_by_choice = not found.is_unique
        orbit.reason = "at rest: 0 lies in the Clarke differential"
        orbit.reason += "" if found.is_unique else ", and of the continuations the one that stays was chosen"
        return None
    if is_last:
        return None
    piece = Piece(orbit.corner, chosen, orbit.time)
    if chosen.time is None:
        return piece
    output = piece.output - clock.direction * chosen.speed_squared * chosen.time
    if not clock.reaches(output):
        return piece
    arrival = orbit.time + clock.elapsed(piece.output, output, chosen.speed_squared)
    return replace(piece, ended=arrival) if arrival.compare(options.until) <= 0 else piece


def _choose(orbit: Orbit, found: Continuations, options: FlowOptions) -> StraightSolution | None:
    """Return the continuation to follow; None, with the branches entered, where none is to be chosen."""
    solutions = found.solutions
    if len(solutions) == 1:
        return solutions[0]
    orbit.is_unique = False
    branches = branches_of(found)
    choice = options.on_nonunique
    chosen = _selected(solutions, branches, choice)
    if len(chosen) == 1:
        orbit.led += [(orbit.time, layer, unit + 1) for layer, unit in found.fan.kinks]
        return chosen[0]
    orbit.status, orbit.branches = "non_unique", branches
    orbit.choices = tuple(each for each in SELECTIONS if len(_selected(solutions, branches, each)) == 1)
    kinds = ", ".join(branch.kind for branch in branches)
    orbit.reason = f"the solution is not unique: {len(branches)} straight continuations ({kinds})"
    if choice != "report":
        words = {"descent": "steepest", "ridge": "slowest"}.get(choice, f"the side {choice} of one wall")
        orbit.reason += f"; {f'{len(chosen)} of them are' if chosen else 'none of them is'} {words}"
    return None


def _selected(
    solutions: Sequence[StraightSolution], branches: Sequence[Branch], choice: OnNonunique
) -> list[StraightSolution]:
    """Return the continuations that a choice names."""
    if choice == "report":
        return []
    if choice in ("+", "-"):
        return [solution for solution, branch in zip(solutions, branches, strict=True) if branch.kind == choice]
    speeds = [solution.speed_squared for solution in solutions]
    wanted = max(speeds) if choice == "descent" else min(speeds)
    return [solution for solution, speed in zip(solutions, speeds, strict=True) if speed == wanted]


# ---------------------------------------------------------------------- events

_State = Literal["+", "-", "0", "flat"]


def changes_at(
    time: ExactTime, found: Continuations, before: StraightSolution | None, after: StraightSolution
) -> list[Change]:
    """Return what happens to each unit at a corner; at the start `before` is None."""
    changes: list[Change] = []
    smallest = min(found.fan.faces, key=lambda face: face.dimension)
    for unit, sign in sorted(after.face.signs.items()):
        if before is None and unit not in found.fan.kinks:
            continue
        old = None if before is None else _state(before, unit)
        kind = _kind(old, _state(after, unit), touches=smallest.signs[unit] == "0")
        if kind is not None:
            changes.append(Change(time, *unit, kind, sign))
    return changes


def _state(solution: StraightSolution, unit: tuple[int, int]) -> _State:
    return "flat" if unit in solution.flat else solution.face.signs[unit]


def _kind(old: _State | None, now: _State, *, touches: bool) -> EventKind | None:
    if old is None:
        return "sliding" if now == "0" else "crossing"
    if old == now:
        return "grazing" if touches and now in ("+", "-") else None
    if now == "0":
        return "sliding"
    return "exit" if old == "0" else "crossing"


# ---------------------------------------------------------------------- branches


def branches_of(found: Continuations) -> tuple[Branch, ...]:
    """Return the continuations as branches: sides of one wall, or patterns at a corner."""
    events = tuple((layer, unit + 1, 1) for layer, unit in found.fan.kinks)
    patterns = [pattern_of(found.function, solution) for solution in found.solutions]
    names = [_side(found, solution) for solution in found.solutions] if found.fan.is_wall else patterns
    velocities = [[str(entry) for entry in solution.velocity] for solution in found.solutions]
    return tuple(
        Branch(name, events, {"pattern": pattern, "velocity": velocity, "velocities": velocities})
        for name, pattern, velocity in zip(names, patterns, velocities, strict=True)
    )


def _side(found: Continuations, solution: StraightSolution) -> str:
    """Name a continuation from a wall: by the first unit that has another sign on the other side, else "ridge"."""
    if solution.face.dimension < found.fan.width:
        return "ridge"
    rank = {"-": -1, "0": 0, "+": 1}
    for unit in found.fan.kinks:
        signs = {rank[cell.signs[unit]] for cell in found.fan.cells}
        if len(signs) > 1:
            return "+" if rank[solution.face.signs[unit]] == max(signs) else "-"
    raise AssertionError("the two sides of a wall differ in some sign")


def pattern_of(function: FunctionOfInput, solution: StraightSolution) -> str:
    """Write the signs along a piece: "0" on a kink or where a unit vanishes; a group's winner, "0" where it ties."""
    face = solution.face
    characters = list(face.characters)
    for place, site in enumerate(function.table.sites):
        tied = [(site.layer, unit) for unit in site.members if face.signs[site.layer, unit] == "0"]
        if site.is_group and any(unit not in solution.flat for unit in tied):
            characters[place] = "0"
    return function.table.word(characters)


def _compare_autodiff(orbit: Orbit, found: Continuations, chosen: StraightSolution, budget: Budget) -> None:
    """Note what automatic differentiation returns for ∇f at a corner."""
    if not found.fan.kinks:
        return
    gradient = found.function.conventional_gradient("autodiff")
    gradients = [gradient_on(found.function, cell, 1) for cell in found.fan.cells]
    is_inside = isinstance(membership(gradient, gradients, shorten=False, budget=budget), Member)
    orbit.autodiff.append(
        {
            "state": [str(entry) for entry in found.function.point],
            "gradient": [str(entry) for entry in gradient],
            "in_differential": is_inside,
            "stops": all(entry == 0 for entry in gradient) and not chosen.is_at_rest,
        }
    )
