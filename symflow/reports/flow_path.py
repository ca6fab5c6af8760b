"""An exact path of the input, as a table: corner by corner, what x, f and x' are, and what happens there."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from symflow.exact.rationals import fmpq
from symflow.flows.trajectory import Arc, Event, Trajectory
from symflow.problem import Problem
from symflow.reports.document import Table
from symflow.reports.expressions import Expression, Rational, Sentence
from symflow.reports.flow_result import at_state
from symflow.reports.flow_words import letters
from symflow.reports.written_numbers import integer_vector


def path_table(problem: Problem, trajectory: Trajectory) -> Table | None:
    """Return the corners of an exact path; None where the arcs are not exact."""
    if problem.variable != "input" or not trajectory.arcs:
        return None
    arcs = [
        arc
        for arc in trajectory.arcs
        if arc.exact is not None and {"start", "start_state", "velocity"} <= set(arc.exact)
    ]
    if len(arcs) < len(trajectory.arcs):
        return None
    function, variable = letters(problem)
    rows: list[tuple[Sentence, ...]] = []
    for arc in arcs:
        exact = arc.exact or {}
        start = cast("Fraction", exact["start"])
        state = cast("Sequence[Fraction]", exact["start_state"])
        velocity = cast("Sequence[Fraction]", exact["velocity"])
        events = [event for event in trajectory.events if event.exact_time == start]
        words = _words(problem, arc, events)
        rows.append(_row(problem, start, state, velocity, words))
    if trajectory.exact_time is not None and trajectory.exact_state is not None:
        rest = trajectory.status == "stationary"
        words = f"at rest: 0 is in ∂{function}" if rest else "the end"
        zero = (Fraction(0),) * len(trajectory.exact_state)
        rows.append(_row(problem, trajectory.exact_time, trajectory.exact_state, zero if rest else None, words))
    header: tuple[Sentence, ...] = (("t",), (variable,), (function,), (f"{variable}'",), ("what happens",))
    return Table(header, tuple(rows), "corners")


def _row(
    problem: Problem, time: Fraction, state: Sequence[Fraction], velocity: Sequence[Fraction] | None, words: str
) -> tuple[Sentence, ...]:
    value = at_state(problem, [_fmpq(entry) for entry in state]).value
    written: Expression | str = Rational(value) if isinstance(value, fmpq) else str(value)
    moves: Sentence = ("",) if velocity is None else (_vector(velocity),)
    return (Rational(_fmpq(time)),), (_vector(state),), (written,), moves, (words,)


def _words(problem: Problem, arc: Arc, events: Sequence[Event]) -> str:
    if not events:
        return f"runs inside {_pattern(problem, arc.pattern)}"

    def these(some: Sequence[Event]) -> str:
        names = [f"({event.layer},{event.neuron})" for event in some]
        if problem.architecture.n_hidden_layers == 1:
            names = [str(event.neuron) for event in some]
        return f"the {'kink' if len(names) == 1 else 'kinks'} of {', '.join(names)}"

    said = []
    for kind, verb in (
        ("sliding", "slides along"),
        ("crossing", "crosses"),
        ("exit", "leaves"),
        ("grazing", "touches"),
        ("death", "dies on"),
    ):
        some = [event for event in events if event.kind == kind]
        if some:
            said.append(f"{verb} {these(some)}")
    return "; ".join(said)


def _pattern(problem: Problem, pattern: str) -> str:
    """Return the name of a cell: its signs, layer by layer."""
    shape = problem.architecture
    layers, place = [], 0
    for layer in range(1, shape.n_layers):
        if shape.activation(layer).has_sites:
            count = len(shape.members(layer))
            layers.append(pattern[place : place + count])
            place += count
    return f"the cell {'|'.join(layers).replace('-', '−')}"


def _vector(entries: Sequence[Fraction]) -> Expression:
    return integer_vector([_fmpq(entry) for entry in entries])


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
