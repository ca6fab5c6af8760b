"""Results of a flow as JSON and as text: digits, order, verdicts, statuses."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow.exact.rationals import fmpq
from symflow.flows.gradient_flow import flow_of
from symflow.flows.options import FlowOptions
from symflow.flows.precision import decimal_text, exact_value, scientific_text
from symflow.flows.trajectory import Arc, Branch, Checkpoint, Event, Trajectory
from symflow.flows.watched import watched
from symflow.formats.plain_text import render
from symflow.problem import Problem
from symflow.reports.flow_branches import number_text
from symflow.reports.flow_document import flow_document
from symflow.reports.flow_numbers import many_digits
from symflow.reports.flow_result import flow_result, in_order, with_flow
from symflow.reports.linear_text import linear_text
from symflow.reports.notes.document import Formula, Grid, Statement
from symflow.reports.notes.flow import flow_chapter
from symflow.writing import json_text
from tests.flows.by_hand import demo_problem

ZERO, ONE = mpmath.mpf(0), mpmath.mpf(1)


@given(st.integers(-(10**30), 10**30), st.integers(0, 40), st.integers(1, 40))
def test_a_decimal_keeps_the_error_that_is_claimed(mantissa: int, places: int, digits: int) -> None:
    with mpmath.workdps(100):
        value = mpmath.mpf(mantissa) / mpmath.mpf(10) ** places
        exact = exact_value(value)
        written = Fraction(decimal_text(value, digits))
    assert abs(written - exact) <= Fraction(1, 10**digits) * max(Fraction(1), abs(exact)) / 19
    order = max(len(str(abs(int(exact)))) - 1, 0)
    assert len(decimal_text(value, digits).partition(".")[2]) <= max(digits + 1 - order, 0)


@given(st.integers(1, 10**30), st.integers(-60, 60))
def test_a_bound_is_rounded_up(mantissa: int, exponent: int) -> None:
    with mpmath.workdps(80):
        value = mpmath.mpf(mantissa) * mpmath.mpf(10) ** exponent
    exact = exact_value(value)
    bound = Fraction(Decimal(scientific_text(value, 3, up=True)))
    assert exact <= bound <= exact * Fraction(101, 100)


def test_many_digits_are_cut_and_grouped() -> None:
    with mpmath.workdps(60):
        third, large = mpmath.mpf(2) / 3, mpmath.mpf(123456) + mpmath.mpf(1) / 3
    assert linear_text(many_digits(third, 50)) == "0.66666 66666 66666…"
    assert linear_text(many_digits(-third, 50)) == "−0.66666 66666 66666…"
    assert linear_text(many_digits(large, 50)) == "123456.33333 33333 33333…"
    assert linear_text(many_digits(third, 12)) == "0.66666 66666 67"
    assert linear_text(many_digits(third, 20, full=True)) == "0.66666 66666 66666 66667"


def test_exact_numbers_of_a_certificate_are_written_as_a_reader_does() -> None:
    assert number_text("2*exp(1) - exp(-3/2)/2") == "2e − e^(−3/2)/2"


def events() -> tuple[Event, ...]:
    return (
        Event(ONE, 1, 2, 1, "sliding", "0"),
        Event(ONE, 1, 1, 2, "crossing", "-"),
        Event(ZERO, 1, 1, 1, "crossing", "+"),
    )


def test_events_stand_by_time_layer_neuron_and_datum() -> None:
    assert [(e.neuron, e.datum) for e in in_order(events())] == [(1, 1), (1, 2), (2, 1)]


def made(**changes: Any) -> tuple[Problem, Trajectory]:
    """Return a trajectory of the demo written down by hand."""
    state = tuple(mpmath.mpf(k) / 4 for k in range(6))
    arc = Arc(ZERO, ONE, "+-|-+", state, state, 3)
    fields: dict[str, Any] = {
        "status": "completed",
        "digits": 20,
        "time": ONE,
        "names": ("W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "W2[1,1]", "W2[1,2]"),
        "state": state,
        "objective": ONE,
        "arcs": (arc,),
        "checkpoints": (Checkpoint(ONE, state, ONE, ONE, None, ONE),),
        "facts": {"options": FlowOptions(fmpq(1), digits=20)},
        **changes,
    }
    return demo_problem(until="1", digits=20, checkpoints=["1"]), Trajectory(**fields)


def shown(**changes: Any) -> str:
    problem, trajectory = made(**changes)
    return render(flow_document(problem, trajectory, file="demo.toml"))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"is_unique": True},
            "  Meets no kink; the only solution.                                ≈ computed, 20 digits",
        ),
        ({"is_unique": False}, "  Meets no kink; one of several solutions."),
        ({"events": events(), "is_unique": None}, "  Crosses 2 kinks, slides along 1 kink."),
        (
            {"radius": mpmath.mpf(10) ** -21},
            "  Meets no kink.                                                   ⊡ enclosed, 20 digits",
        ),
        (
            {"status": "stationary", "is_unique": True},
            "  Comes to rest at t = 1: 0 is in ∂R there.  The solution is unique.",
        ),
        ({"status": "stationary", "time": ZERO}, "  Nothing moves: 0 is in ∂R(w)."),
        ({"status": "blow_up", "reason": "the norm grows"}, "  Blows up in finite time; followed to t = 1."),
        (
            {"status": "zeno_suspected"},
            "  Stopped at t = 1: its events accumulate.                                   □ undecided",
        ),
        (
            {"status": "undecided", "reason": "a deeper kink is met"},
            "  Followed to t = 1; how it goes on is not decided.                          □ undecided",
        ),
        ({"status": "undecided", "reason": "a deeper kink is met"}, "  reason            a deeper kink is met"),
    ],
)
def test_each_status_has_its_sentence(changes: dict[str, Any], line: str) -> None:
    assert line in shown(**changes)


def test_events_in_words() -> None:
    text = shown(events=events())
    assert "t = 0: neuron 1 goes on for datum 1 (crossing)" in text
    assert "t = 1: neuron 1 goes off for datum 2 (crossing)" in text
    assert "t = 1: neuron 2 slides along its kink on datum 1" in text
    others = (
        Event(ONE, 1, 1, 1, "exit", "-"),
        Event(ONE, 1, 2, 1, "death", "0"),
        Event(ZERO, 1, 2, 2, "grazing", "+"),
    )
    gone = Event(mpmath.mpf("0.5"), 1, 1, 2, "crossing", "0")
    assert "t = 0.5: neuron 1 vanishes for datum 2" in shown(events=(gone,))
    text = shown(events=others)
    assert "neuron 1 leaves its kink on datum 1 to the − side" in text
    assert "neuron 2 dies on its kink on datum 1: no active datum is left" in text
    assert "neuron 2 touches its kink on datum 2 and turns back" in text


def test_many_events_are_a_table_that_folds() -> None:
    many = tuple(Event(mpmath.mpf(k), 1, 1, 1, "crossing", "+-"[k % 2]) for k in range(40))
    text = shown(events=many)
    assert "(24 more events; --full, or --json)" in text


def test_branches_at_a_corner_are_named_by_their_patterns() -> None:
    branches = tuple(Branch(kind, ((1, 1, 1), (1, 1, 2)), {"pattern": kind}) for kind in ("+-", "-+"))
    text = shown(status="non_unique", branches=branches, is_unique=False, time=ZERO, arcs=(), checkpoints=())
    assert "The solution is not unique: at least 2 ways go on from w." in text
    assert "neuron 1 on data 1 and 2" in text
    assert "to +−" in text


def test_the_result_is_json_without_floats_and_keeps_what_a_restart_needs() -> None:
    problem, trajectory = made(events=events(), radius=mpmath.mpf(10) ** -21)
    found = json.loads(json_text(flow_result(problem, trajectory)))
    assert found["radius"] == "1.01e-21" or Decimal(found["radius"]) >= Decimal(10) ** -21
    assert found["restart"] == {
        "time": "1",
        "state": ["0", "1/4", "1/2", "3/4", "1", "5/4"],
        "pattern": "+-|-+",
    }
    assert [e["time"] for e in found["events"]] == ["0", "1", "1"]


@pytest.mark.parametrize("digits", [5, 15, 40])
def test_the_text_never_shows_more_digits_than_are_claimed(digits: int) -> None:
    problem = demo_problem(until="1", digits=digits, checkpoints=["1"])
    options = FlowOptions(fmpq(1), digits=digits)
    text = render(flow_document(with_flow(problem, options), flow_of(problem.function(), options)), full=True)
    state = text.partition("w(1)")[2].partition("watched")[0]
    for line in state.splitlines():
        for word in line.split("    ")[-1:]:
            decimals = word.partition(".")[2].replace(" ", "").strip("…")
            assert len(decimals) <= digits


def test_the_notes_have_a_section_on_the_flow() -> None:
    problem = demo_problem(until="1", digits=20, checkpoints=["1"])
    options = FlowOptions(fmpq(1), digits=20)
    path = flow_of(problem.function(), options)
    chapter = flow_chapter(with_flow(problem, options), path)
    (law,) = [block for block in chapter.section.blocks if isinstance(block, Statement)]
    assert isinstance(law.body[1], Formula)
    assert law.body[1].lines == (r"\norm{W_1[1,\cdot]}^2-W_2[1,1]^2&=1", r"\norm{W_1[2,\cdot]}^2-W_2[1,2]^2&=\tfrac34")
    (table,) = [block for block in chapter.section.blocks if isinstance(block, Grid)]
    assert table.rows[0] == ("0", "1.60653066", "4.25000000", "0.00000000", "-0.11154753")
    # The soft margin is observed only: it is said, and it is no entry in the list of proved statements.
    assert [entry.word for entry in chapter.entries] == ["proved"]
    enclosed = replace(path, radius=mpmath.mpf(10) ** -21, monitors=())
    again = flow_chapter(problem, watched(problem.function(), options, enclosed))
    assert [entry.word for entry in again.entries] == ["proved", "enclosed"]
