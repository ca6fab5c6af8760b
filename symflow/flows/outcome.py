"""What follows where something happens to a flow: the mode, what changed, and whether that is all that can follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

from symflow.flows.mode import Mode
from symflow.flows.trajectory import Branch


@final
@dataclass(frozen=True, slots=True)
class Change:
    """A unit's character on a datum (from 0) before and after, and what that is called."""

    layer: int
    neuron: int
    datum: int
    kind: Literal["crossing", "sliding", "exit", "death", "grazing"]
    to: Literal["+", "-", "0"]


@final
@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows.

    Parameters
    ----------
    mode : Mode
        The mode that follows.
    changes : tuple of Change
        What changed.
    branches : tuple of Branch
        Not empty where the solution is not unique and no branch was chosen.
    is_unique : bool
        Whether what follows is the only continuation, for certain.
    reason : str
        Where it is not: why.
    choices : tuple of str
        Where there are branches: the choices that select one of them.
    led : tuple of (layer, neuron)
        From 1: what was led along one of several continuations, as was chosen.
    """

    mode: Mode
    changes: tuple[Change, ...] = ()
    branches: tuple[Branch, ...] = ()
    is_unique: bool = True
    reason: str = ""
    choices: tuple[str, ...] = ()
    led: tuple[tuple[int, int], ...] = ()


class StuckError(Exception):
    """The flow meets something that is not followed; the sentence says what."""


def joined(first: Outcome, second: Outcome) -> Outcome:
    """Return what follows of two things that happen at once, the second judged in the mode of the first."""
    return Outcome(
        second.mode,
        first.changes + second.changes,
        first.branches + second.branches,
        first.is_unique and second.is_unique,
        first.reason or second.reason,
        common_choices(first, second),
        first.led + second.led,
    )


def common_choices(first: Outcome, second: Outcome) -> tuple[str, ...]:
    """Return the choices that select a branch of both, where both have some."""
    if not first.branches or not second.branches:
        return first.choices or second.choices
    return tuple(choice for choice in first.choices if choice in second.choices)
