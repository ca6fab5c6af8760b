"""What can happen to a flow inside a mode: a watched quantity changes its sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from symflow.nets.network import Vector


class UndeterminedError(Exception):
    """A sign that more digits might show; the sentence says which."""


@final
@dataclass(frozen=True, slots=True)
class WallMet:
    """A first-layer neuron meets the kinks of a class of data."""

    neuron: int
    data: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True)
class StayEnds:
    """A combination on which a tied neuron's stay rests changes its sign, to `sign`."""

    neuron: int
    functional: Vector
    sign: int


@final
@dataclass(frozen=True, slots=True)
class FactorTurns:
    """The factor of a tied neuron changes its sign, to `sign`."""

    neuron: int
    sign: int


@final
@dataclass(frozen=True, slots=True)
class UnitTurns:
    """A watched unit (a deeper one, or of a pooling group) changes its character."""

    place: int
    becomes: str


Happening = WallMet | StayEnds | FactorTurns | UnitTurns


def key_of(happening: Happening) -> object:
    """Return what stays the same about a happening."""
    match happening:
        case StayEnds(neuron, functional, _):
            return neuron, functional
        case FactorTurns(neuron, _):
            return neuron, "factor"
        case WallMet(neuron, data):
            return neuron, data[0]
        case UnitTurns(place, becomes):
            return "unit", place, becomes


def words_of(happening: Happening) -> str:
    """Return what it is that changes its sign, for a message."""
    match happening:
        case StayEnds(neuron, _, _):
            return f"the force that holds neuron {neuron + 1} on its kink"
        case FactorTurns(neuron, _):
            return f"the output weight of neuron {neuron + 1}"
        case WallMet(neuron, data):
            return f"the preactivation of neuron {neuron + 1} on datum {data[0] + 1}"
        case UnitTurns():
            return "a preactivation of a deeper layer"
