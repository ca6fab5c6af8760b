"""The energy of an exact path: short numbers whole, long ones cut to digits."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest

from symflow.flows.trajectory import Trajectory
from symflow.reports.flow_path import energy_sum

LONG = Fraction(3**60, 2**95 + 1)


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([(1, 3)], "9"),
        ([(Fraction(1, 2), 2), (3, 1)], "2 + 3 = 5"),
        ([(LONG, 1)], f"{float(LONG):.7f}"[:9] + "…"),
    ],
)
def test_the_energy_is_the_duration_times_the_squared_speed(pieces: list[tuple[Any, int]], text: str) -> None:
    arcs = [
        SimpleNamespace(exact={"start": Fraction(0), "end": Fraction(duration), "velocity": (Fraction(speed),)})
        for duration, speed in pieces
    ]
    found = energy_sum(cast("Trajectory", SimpleNamespace(arcs=arcs)))
    assert found == text or (found is not None and found.endswith("…") and found[:6] == text[:6])
    assert len(str(found)) < 20
