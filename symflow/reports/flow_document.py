"""What ``symflow flow`` says: the answer, a table of what was passed, what happened, what is conserved, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import cast

from symflow.exact.rationals import rational
from symflow.flows.laws_along import LawsOnArc
from symflow.flows.moments import known_points
from symflow.flows.precision import Number, exact_value, scientific_text, working_digits
from symflow.flows.trajectory import Trajectory
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from symflow.reports.document import Block, Document, Fact, Facts, Table, Title
from symflow.reports.expressions import Expression, Parameters, Rational, Relation, Sentence, Symbol
from symflow.reports.flow_branches import branch_blocks
from symflow.reports.flow_laws import laws_table
from symflow.reports.flow_numbers import MANY_DECIMALS, TABLE_DECIMALS, many_digits, table_number, time_number
from symflow.reports.flow_path import energy_sum, path_table
from symflow.reports.flow_start import why_not_shortest
from symflow.reports.flow_words import answer, formula_text, happenings, letters, standings
from symflow.reports.linear_text import linear_text
from symflow.reports.phrases import counted
from symflow.reports.problem_line import title
from symflow.reports.readable.blocks import lines_of
from symflow.reports.readable.written_numbers import integer_vector

# More events than these go into a table, more conserved quantities are counted.
_MOST_EVENTS, _MOST_LAWS = 8, 6

# A state of more numbers is left to --json, unless everything is asked for.
_MOST_NUMBERS = 24

# A matrix of so many columns is written with fifteen decimals, of so many with eight; a wider one entry by entry.
_FEW_COLUMNS, _MANY_COLUMNS = 3, 5


# The soft margin belongs to the exponential loss: of another flow it is shown, and nothing is claimed of it.
_OF_ANOTHER_LOSS = "that of the exponential loss, −ln Σ e^(−m) / ‖w‖^L; nothing is claimed of it here"

# What is said before the reason why it is the only solution, one of several, or perhaps not the only one.
_UNIQUENESS = {True: "unique", False: "not unique", None: "known by"}


def flow_document(problem: Problem, trajectory: Trajectory, *, file: str = "FILE", full: bool = False) -> Document:
    """Return what is to be said of a trajectory.

    Parameters
    ----------
    problem : Problem
        What was asked, with its ``[flow]`` section.
    trajectory : Trajectory
        The answer.
    file : str
        How the reader named the problem, for what to type next.
    full : bool
        All digits that are claimed.
    """
    blocks: list[Block] = [Title(_title(problem, trajectory)), answer(problem, trajectory)]
    if trajectory.reason and not trajectory.branches and trajectory.status != "stationary":
        facts = [Fact("reason", ((_sentence(trajectory.reason),),))]
        if trajectory.facts.get("one_stays"):
            function, variable = letters(problem)
            words = f"{variable}(t) = {variable}, because 0 is in ∂{function}({variable}); others are not excluded"
            facts.append(Fact("one solution", ((words,),)))
        blocks.append(Facts(tuple(facts)))
    if trajectory.branches:
        blocks += branch_blocks(problem, trajectory)
    path = path_table(problem, trajectory)
    if path is not None:
        blocks.append(path)
    elif trajectory.checkpoints and (len(trajectory.checkpoints) > 1 or not trajectory.branches):
        blocks.append(_checkpoint_table(problem, trajectory))
    rows = list(happenings(problem, trajectory)) if path is None else []
    facts = list(_facts(problem, trajectory, len(rows)))
    if 0 < len(rows) <= _MOST_EVENTS:
        said = tuple((Relation((Symbol("t"), row.time), ("=",)), f": {row.words}") for row in rows)
        facts.insert(0, Fact("events", said))
    if facts:
        blocks.append(Facts(tuple(facts)))
    if len(rows) > _MOST_EVENTS:
        blocks.append(Table((("t",), ("what happens",)), tuple(((row.time,), (row.words,)) for row in rows), "events"))
    if path is None and trajectory.status != "blow_up" and (not trajectory.branches or trajectory.time > 0):
        blocks += list(_state_blocks(problem, trajectory, full=full))
    if "laws_along" in trajectory.facts:
        blocks.append(laws_table(problem, cast(tuple[LawsOnArc, ...], trajectory.facts["laws_along"])))
    grounds = tuple(_grounds(problem, trajectory, file, full=full))
    if grounds:
        blocks.append(Facts(grounds, is_grounds=True))
    return Document(tuple(blocks))


# ---------------------------------------------------------------------- the head


def _title(problem: Problem, trajectory: Trajectory) -> Sentence:
    function, variable = letters(problem)
    words: list[str | Expression] = [title(problem)] if problem.title else []
    words.append(f"{variable}' in −∂{function}({variable})")
    if problem.variable == "input":
        words += [" from ", Relation((Symbol("x"), integer_vector(problem.data_points()[0])), ("=",))]
    flow = problem.flow
    if flow is not None and flow.until is not None and not trajectory.branches:
        until = Relation((Rational(rational(0)), Symbol("t"), Rational(flow.until)), ("≤", "≤"))
        words += [", ", until]
    if problem.variable == "weights":
        trained = None if flow is None else flow.trained
        if trained is None:
            words.append(", all weights trained")
        else:
            words.append(
                f", {' and '.join([', '.join(trained[:-1]), trained[-1]] if len(trained) > 1 else trained)} trained"
            )
    return (*words, ".")


def _checkpoint_table(problem: Problem, trajectory: Trajectory) -> Table:
    function, variable = letters(problem)
    digits, points = trajectory.digits, known_points(trajectory)
    header: list[Sentence] = [("t",), (function,)]
    columns: list[list[Expression | str]] = [
        [time_number(each.time, None, digits) for each in points],
        [table_number(each.objective, digits) for each in points],
    ]
    with working_digits(digits + 5):
        squares = [each.norm * each.norm for each in points]
    header.append((f"‖{variable}‖²",))
    columns.append([table_number(each, digits) for each in squares])
    for name, values in (
        ("margin", [each.margin for each in points]),
        ("soft margin", [each.soft_margin for each in points]),
    ):
        if any(value is not None for value in values):
            header.append((name,))
            columns.append([table_number(value, digits) for value in values])
    rows = tuple(tuple((cell,) for cell in row) for row in zip(*columns, strict=True))
    return Table(tuple(header), rows, "checkpoints", numeric=tuple(range(len(header))))


# ---------------------------------------------------------------------- the facts


def _facts(problem: Problem, trajectory: Trajectory, n_events: int) -> Iterator[Fact]:
    if not n_events and problem.variable == "weights" and trajectory.arcs:
        yield Fact("events", (("none",),))
    yield from _conserved(trajectory)
    yield from _soft_margin(problem, trajectory)
    if not trajectory.arcs:
        return
    energy = next((monitor for monitor in trajectory.monitors if monitor.name == "energy_balance"), None)
    function, variable = letters(problem)
    pieces = energy_sum(trajectory) if trajectory.is_exact else None
    if pieces is not None and problem.kind == "output":
        yield Fact(
            "energy", ((f"{function}({variable}(0)) − {function}({variable}(t)) = ∫ ‖{variable}'‖² dt:  {pieces}",),)
        )
    elif energy is not None and energy.residual is not None:
        yield Fact(
            "energy",
            (
                (
                    f"{function}({variable}(0)) − {function}({variable}(t)) = ∫ ‖{variable}'‖² dt, "
                    f"{_off(energy.residual, trajectory.digits)}",
                ),
            ),
        )
    start = why_not_shortest(problem, trajectory)
    if start:
        yield Fact("start", (start,))
    yield from _autodiff(trajectory)


def _autodiff(trajectory: Trajectory) -> Iterator[Fact]:
    """Yield the corners at which a descent by automatic differentiation stops although the flow goes on."""
    corners = trajectory.facts.get("autodiff")
    if not isinstance(corners, Sequence):
        return
    for corner in corners:
        if corner["stops"]:
            point = integer_vector([rational(entry) for entry in corner["state"]])
            place = linear_text(point) if len(corner["state"]) > 1 else f"({linear_text(point)})"
            words = f"autodiff says 0, which is not in ∂f{place}: a descent by it stops here"
            yield Fact(f"at {place}", ((words,),))


def _conserved(trajectory: Trajectory) -> Iterator[Fact]:
    invariants = trajectory.invariants
    if not invariants:
        return
    neurons = [each for each in invariants if " - " in each.name and "[" in each.name] or list(invariants)
    drift = max(each.drift for each in invariants)
    said: list[Sentence] = []
    for each in islice(neurons, _MOST_LAWS):
        value = Rational(rational(each.value))
        said.append((f"{formula_text(each.name)} = {linear_text(value)}",))
    if len(neurons) > _MOST_LAWS:
        said.append((f"and {counted(len(neurons) - _MOST_LAWS, 'more law')} of this kind",))
    said.append((_off(drift, trajectory.digits, "drift"),))
    yield Fact("conserved", tuple(said))


def _soft_margin(problem: Problem, trajectory: Trajectory) -> Iterator[Fact]:
    monitor = next((each for each in trajectory.monitors if each.name == "soft_margin_monotone"), None)
    zero = trajectory.facts.get("soft_margin_zero")
    if monitor is None:
        is_shown = any(each.soft_margin is not None for each in trajectory.checkpoints)
        if is_shown and problem.kind == "risk" and problem.loss != "exponential":
            yield Fact("soft margin", ((_OF_ANOTHER_LOSS,),))
        return
    if zero is not None:
        words: Sentence = (
            Rational(rational(0)),
            " at t = ",
            many_digits(zero, trajectory.digits),
            ", does not decrease after",
        )
    elif monitor.standing == "proved":
        words = ("positive from the start, does not decrease",)
    else:
        words = (monitor.words.partition(" (")[0].removeprefix("the soft margin "),)
    yield Fact("soft margin", (words,))


def _off(residual: Number, digits: int, word: str = "residual") -> str:
    """Return ``drift 0 to 50 digits``, or how large it is where it is more."""
    exact = exact_value(residual)
    if exact == 0:
        return f"{word} 0"
    if exact < Fraction(1, 10**digits):
        return f"{word} 0 to {digits} digits"
    return f"{word} {scientific_text(residual, 2)}"


# ---------------------------------------------------------------------- the state


def _state_blocks(problem: Problem, trajectory: Trajectory, *, full: bool) -> Iterator[Block]:
    digits, state = trajectory.digits, trajectory.state
    _, variable = letters(problem)
    label = f"{variable}({linear_text(time_number(trajectory.time, trajectory.exact_time, digits))})"
    if len(state) > _MOST_NUMBERS and not full:
        yield Facts((Fact(label, ((f"{len(state)} numbers; --full or --json shows them",),)),))
        return
    function = _function(problem)
    widest = max(len(line.places) for line in lines_of(function))
    wide = MANY_DECIMALS if widest <= _FEW_COLUMNS else TABLE_DECIMALS
    lines = [[many_digits(state[place], digits, most=wide) for place in line.places] for line in lines_of(function)]
    if full or widest > _MANY_COLUMNS:
        named = [
            (name, many_digits(value, digits, most=wide, full=full))
            for name, value in zip(trajectory.names, state, strict=True)
        ]
        entries = tuple(((label if i == 0 else "",), (name,), (value,)) for i, (name, value) in enumerate(named))
        yield Table((("",), ("",), ("",)), entries, "numbers")
        return
    rows: list[tuple[Sentence, ...]] = []
    last = ""
    for line, numbers in zip(lines_of(function), lines, strict=True):
        name = _block_name(line.name)
        cells: list[Sentence] = [(label if not rows else "",), (name if name != last else "",)]
        cells += [(number,) for number in numbers] + [("",)] * (widest - len(numbers))
        rows.append(tuple(cells))
        last = name
    yield Table((("",),) * (widest + 2), tuple(rows), "rows", numeric=tuple(range(2, widest + 2)))


def _block_name(name: Parameters) -> str:
    return name.letter if not name.layer else f"{name.letter}{name.layer}"


def _function(problem: Problem) -> AbstractPatternedFunction:
    return problem.function()


# ---------------------------------------------------------------------- how it is known


def _grounds(problem: Problem, trajectory: Trajectory, file: str, *, full: bool) -> Iterator[Fact]:
    if trajectory.digits > MANY_DECIMALS and not full and not trajectory.is_exact and trajectory.arcs:
        yield Fact("all digits", ((f"symflow flow {file} --full",),))
    if trajectory.monitors and not trajectory.is_exact and trajectory.arcs:
        residuals = [each.residual for each in trajectory.monitors if each.residual is not None]
        largest = max(residuals, default=None)
        said = standings(trajectory)
        if largest is not None:
            said = (*said, f"; {_off(largest, trajectory.digits, 'largest residual')}")
        yield Fact("watched", (said,))
    if trajectory.uniqueness and not trajectory.branches:
        yield Fact(_UNIQUENESS[trajectory.is_unique], ((_sentence(trajectory.uniqueness),),))
    if trajectory.radius is not None:
        yield Fact("known by", ((f"enclosure of radius below {scientific_text(trajectory.radius, 2, up=True)}",),))
    elif not trajectory.is_exact and trajectory.arcs:
        steps = sum(arc.n_steps for arc in trajectory.arcs)
        if not steps:  # corners are exact; what is between them is enclosed
            return
        arcs = counted(len(trajectory.arcs), "arc")
        lost = str(trajectory.facts.get("no_enclosure") or "")
        why = f"not proved: {_sentence(lost)}" if lost else "validated = true proves an enclosure"
        yield Fact("computed by", ((f"{arcs}, {counted(steps, 'Taylor step')}; {why}",),))


def _sentence(text: str) -> str:
    return text.rstrip(".")
