"""One step of a march as it was computed, and what ends the enclosure of a flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from symflow.flows.field import Field
from symflow.flows.taylor import Series


class NoEnclosureError(Exception):
    """The enclosure cannot be continued; the sentence says why."""


@final
@dataclass(frozen=True, slots=True)
class Stretch:
    """One step of a march, as it was computed.

    Parameters
    ----------
    field : Field
        Of the mode.
    series : list
        Scaled coefficients of all registers.
    scale, scale_bits, bits : int
        One unit of s is scale / 2^scale_bits of time; coefficients and `upto` have `bits` fractional bits.
    upto : int
        The end of the step, in s.
    after : list of int
        The parameters that the march went on with.
    just_left : frozenset of (neuron, datum)
        First-layer kinks that were met where the step starts.
    """

    field: Field
    series: list[Series]
    scale: int
    scale_bits: int
    bits: int
    upto: int
    after: Sequence[int]
    just_left: frozenset[tuple[int, int]]
