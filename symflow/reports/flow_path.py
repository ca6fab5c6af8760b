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
from symflow.reports.linear_text import linear_text
from symflow.reports.readable.written_numbers import integer_vector

# The energy of a path of more pieces is not written piece by piece.
_MOST_SUMMANDS = 6


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


def energy_sum(trajectory: Trajectory) -> str | None:
    """Return the energies of the pieces of an exact path and their sum: ``3 + 4 + 1 + 3 = 11``."""
    pieces = []
    for arc in trajectory.arcs:
        exact = arc.exact or {}
        if not {"start", "end", "velocity"} <= set(exact):
            return None
        duration = cast("Fraction", exact["end"]) - cast("Fraction", exact["start"])
        pieces.append(duration * sum((v * v for v in cast("Sequence[Fraction]", exact["velocity"])), Fraction(0)))
    if not 0 < len(pieces) <= _MOST_SUMMANDS:
        return None
    written = [linear_text(Rational(_fmpq(piece))) for piece in (*pieces, sum(pieces, Fraction(0)))]
    return " + ".join(written[:-1]) + (f" = {written[-1]}" if len(pieces) > 1 else "")


def _row(
    problem: Problem, time: Fraction, state: Sequence[Fraction], velocity: Sequence[Fraction] | None, words: str
) -> tuple[Sentence, ...]:
    value = at_state(problem, [_fmpq(entry) for entry in state]).value
    written: Expression | str = Rational(value) if isinstance(value, fmpq) else str(value)
    moves: Sentence = ("",) if velocity is None else (_vector(velocity),)
    return (Rational(_fmpq(time)),), (_vector(state),), (written,), moves, (words,)


def _words(problem: Problem, arc: Arc, events: Sequence[Event]) -> str:
    on_kinks = [unit for unit, character in _units(problem, arc.pattern) if character == "0"]
    if not events and not on_kinks:
        return f"runs inside {_pattern(problem, arc.pattern)}"

    def these(units: Sequence[tuple[int, int]], *, short: bool = False) -> str:
        names = [f"({layer},{neuron})" for layer, neuron in units]
        if problem.architecture.n_hidden_layers == 1:
            names = [f"neuron {neuron}" for _, neuron in units]
        kinks = ("that" if short else "the kink") if len(names) == 1 else "those" if short else "the kinks"
        return f"{kinks} of {', '.join(names)}"

    said = []
    for kind, verb in (
        ("sliding", "slides along"),
        ("crossing", "crosses"),
        ("exit", "leaves"),
        ("grazing", "touches"),
        ("death", "dies on"),
    ):
        some = [(event.layer, event.neuron) for event in events if event.kind == kind]
        if some:
            said.append(f"{verb} {these(some)}")
    met = {(event.layer, event.neuron) for event in events}
    still = [unit for unit in on_kinks if unit not in met]
    if still:
        said.append(f"stays on {these(still, short=True)}" if events else f"runs along {these(still)}")
    return "; ".join(said)


def _units(problem: Problem, pattern: str) -> list[tuple[tuple[int, int], str]]:
    """Return the (layer, output) of each character of a pattern, from 1."""
    shape = problem.architecture
    units = [
        (layer, output + 1)
        for layer in range(1, shape.n_layers)
        if shape.activation(layer).has_sites
        for output in range(len(shape.members(layer)))
    ]
    return list(zip(units, pattern, strict=True))


def _pattern(problem: Problem, pattern: str) -> str:
    """Return the name of a cell: its signs, layer by layer."""
    shape = problem.architecture
    layers, place = [], 0
    for layer in range(1, shape.n_layers):
        if shape.activation(layer).has_sites:
            count = len(shape.members(layer))
            layers.append(pattern[place : place + count])
            place += count
    return f"the cell {'|'.join(layers).replace('-', '−')}" if layers else "the one cell that there is"


def _vector(entries: Sequence[Fraction]) -> Expression:
    return integer_vector([_fmpq(entry) for entry in entries])


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
