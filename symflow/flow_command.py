"""What ``symflow flow`` does: which flow, from where, until when, and what is said of it.

The first Ctrl-C and the end of the time are asked for between two steps, and the trajectory so far is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, final

from symflow.errors import BudgetExceededError, InputError, NotSupportedError
from symflow.exact.rationals import fmpq, rational
from symflow.exact.simplex import Budget
from symflow.flows.continuation import continued_flow
from symflow.flows.gradient_flow import flow_of
from symflow.flows.laws_along import laws_along
from symflow.flows.options import CHOICES, DEFAULT_DIGITS, FlowOptions, OnNonunique
from symflow.flows.soft_margin_zero import is_zero_enclosed, soft_margin_zero
from symflow.flows.trajectory import Trajectory
from symflow.interruption import interrupts
from symflow.long_command import earlier_result, now_and_then
from symflow.problem import FlowSettings, Problem
from symflow.problem_file import read_problem, shown_name, with_names
from symflow.problem_tree import named, problem_from_tree
from symflow.problem_values import choice
from symflow.reports.document import Document
from symflow.reports.flow_document import flow_document
from symflow.reports.flow_result import flow_result, joined_results, restart_function, with_flow
from symflow.reports.names import naming_of
from symflow.reports.results import Json
from symflow.usage import Arguments
from symflow.writing import Progress as Writer

# With these the question is left open.
_OPEN = ("undecided", "zeno_suspected")


@final
@dataclass(frozen=True, slots=True)
class Followed:
    """What the command found.

    Parameters
    ----------
    answer : Document or JSON object
        The latter with ``--json``.
    is_decided, is_interrupted : bool
        Whether the flow was followed as far as it goes, and whether someone pressed Ctrl-C before.
    remark : str
        What is to be said on standard error when the answer is written; may be empty.
    """

    answer: Document | Json
    is_decided: bool
    is_interrupted: bool = False
    remark: str = ""


def follow_flow(arguments: Arguments, progress: Writer) -> Followed:
    """Do what the command line asks for.

    Parameters
    ----------
    arguments : Arguments
        Of ``symflow flow``.
    progress : function
        Is told how far it is.

    Raises
    ------
    InputError, NotSupportedError
        In one line, naming file and place.
    """
    earlier = None if arguments.from_file is None else earlier_result(arguments.from_file, "flow")
    problem = _problem(arguments, earlier)
    name = shown_name(arguments.file or arguments.from_file or "")
    if arguments.picture is not None:
        from symflow.pictures.trajectory_picture import check_trajectory_picture

        check_trajectory_picture(arguments.picture)
    no_picture = ""
    with named(name), interrupts() as is_interrupted:
        options = flow_options(problem, arguments, _meter(progress, is_interrupted))
        trajectory = _followed(problem, earlier, options, Budget(deadline=arguments.deadline), arguments)
        was_interrupted = is_interrupted()
        if earlier is None and trajectory.status not in _OPEN:
            progress("soft margin")
            trajectory = with_soft_margin_zero(trajectory, Budget(deadline=arguments.deadline))
        if arguments.laws:
            progress("conservation laws")
            found = laws_along(trajectory, budget=Budget(deadline=arguments.deadline))
            trajectory = replace(trajectory, facts={**trajectory.facts, "laws_along": found})
        asked = with_flow(problem, options)
        if arguments.picture is not None:
            from symflow.pictures.trajectory_picture import write_trajectory_picture

            progress("picture")
            try:
                write_trajectory_picture(trajectory, arguments.picture)
            except NotSupportedError as error:  # a flow of no length has a result and no picture
                no_picture = f"no picture was written: {error.message}"
        is_decided = trajectory.status not in _OPEN
        remark = no_picture if is_decided or not was_interrupted else "interrupted; the flow so far is written"
        if trajectory.status == "non_unique" and options.on_nonunique != "report" and not remark:
            remark = f'on_nonunique = "{options.on_nonunique}" names no branch here; the branches are listed'
        if arguments.json:
            result = flow_result(asked, trajectory)
            answer: Document | Json = result if earlier is None else joined_results(earlier, result)
        else:
            document = flow_document(asked, trajectory, file=_typed(arguments), full=arguments.full)
            answer = naming_of(asked).document(document)
    return Followed(answer, is_decided, was_interrupted and not is_decided, remark)


def with_soft_margin_zero(trajectory: Trajectory, budget: Budget) -> Trajectory:
    """Return the trajectory with the time at which its soft margin is 0, and whether that is proved."""
    zero = soft_margin_zero(trajectory, budget=budget)
    if zero is None:
        return trajectory
    is_enclosed = is_zero_enclosed(trajectory, zero, budget=budget)
    facts = {**trajectory.facts, "soft_margin_zero": zero, "is_zero_enclosed": is_enclosed}
    return replace(trajectory, facts=facts)


def flow_options(
    problem: Problem, arguments: Arguments | None, progress: Callable[[Any, int], None] | None
) -> FlowOptions:
    """Return what is asked of the flow: the file's ``[flow]`` section, the command line before it.

    Raises
    ------
    InputError
        If nobody says until when.
    """
    said = problem.flow or FlowSettings()
    until, digits, checkpoints = said.until, said.digits, said.checkpoints or ()
    on_nonunique, is_validated = said.on_nonunique or "report", bool(said.validated)
    if arguments is not None:
        if arguments.until is not None:
            until = rational(arguments.until, place="--until")
            checkpoints = tuple(each for each in checkpoints if each <= until)  # the file's, of a longer flow
        digits = arguments.digits or digits
        if arguments.checkpoints is not None:
            checkpoints = tuple(
                rational(each.strip(), place="--checkpoints") for each in arguments.checkpoints.split(",")
            )
        if arguments.on_nonunique is not None:
            on_nonunique = choice(arguments.on_nonunique, "--on-nonunique", CHOICES, kind="choice")
        is_validated = is_validated or arguments.validated
    if until is None:
        place = "flow" if problem.flow is None else "flow.until"
        raise InputError('missing; add until = "10" to a section [flow], or give --until 10', place=place)
    return FlowOptions(
        until=until,
        digits=digits or DEFAULT_DIGITS,
        trained=said.trained,
        checkpoints=tuple(sorted(set(checkpoints))),
        on_nonunique=cast(OnNonunique, on_nonunique),
        is_validated=is_validated,
        progress=progress,
    )


def _followed(
    problem: Problem, earlier: Mapping[str, Any] | None, options: FlowOptions, budget: Budget, arguments: Arguments
) -> Trajectory:
    if earlier is None or problem.variable == "input":  # a path of the input is exact, and found again at once
        return flow_of(problem.function(), options, budget=budget)
    saved, time_there = restart_function(problem, earlier)
    if options.until <= time_there:
        raise InputError(
            f"{options.until} is not after {time_there}, the saved time; give a later one", place="--until"
        )
    found = continued_flow(problem.function(), saved, time_there, options, energy=_energy(earlier), budget=budget)
    before = earlier.get("is_unique")
    if before is True or found.is_unique is False:
        return found
    why = str(earlier.get("uniqueness") or "")  # what led here may not have been the only solution
    return replace(found, is_unique=False if before is False else None, uniqueness=why)


def _energy(earlier: Mapping[str, Any]) -> fmpq | None:
    """Return the integral of |w'|² up to the saved state, as it is written there."""
    try:
        return rational(earlier["end"]["energy"])
    except (KeyError, TypeError, InputError):
        return None


def _problem(arguments: Arguments, earlier: Any) -> Problem:
    """Return the problem of the file, or of the earlier result."""
    if arguments.from_file is None:
        assert arguments.file is not None  # the parser asks for one of them
        return read_problem(arguments.file, variable=arguments.variable, at=arguments.at, names=arguments.names)
    name = shown_name(arguments.from_file)
    if not isinstance(earlier, dict) or earlier.get("command") != "flow" or "problem" not in earlier:
        raise InputError("no result of symflow flow --json; give one", place=name)
    problem = problem_from_tree(earlier["problem"], name=f"{name}: problem")
    if arguments.file is None:
        return with_names(problem, arguments.names)
    given = read_problem(arguments.file, variable=arguments.variable, at=arguments.at, names=arguments.names)
    if replace(given, flow=None) != replace(problem, flow=None):
        message = f"is the result of another problem than {shown_name(arguments.file)}; leave one of them out"
        raise InputError(message, place=name)
    flow = given.flow or FlowSettings()
    if problem.flow is not None and flow.trained != problem.flow.trained:
        raise InputError("trains other layers than the saved flow; make them equal", place=f"{name}: flow.trained")
    return given


def _typed(arguments: Arguments) -> str:
    return arguments.file or f"--from {arguments.from_file}"


def _meter(progress: Writer, is_interrupted: Callable[[], bool]) -> Callable[[Any, int], None]:
    """Return what shows how far the flow is, now and then, and stops it between two steps after Ctrl-C."""
    tell = now_and_then(progress)

    def report(reached: Any, n_events: int) -> None:
        if is_interrupted():
            raise BudgetExceededError("interrupted")
        events = "1 event" if n_events == 1 else f"{n_events} events"
        tell(lambda: f"t = {float(reached):.6g}, {events}")

    return report
