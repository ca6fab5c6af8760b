"""What ``symflow regions`` does: whose cells, by whose workers, until when, and what is said of them.

An interrupt does not lose what was found: the first Ctrl-C is asked for between two cuts, and the result so far is
written; the second one ends at once. An incomplete result that was written as JSON can be gone on with.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, final

from symflow.errors import InputError
from symflow.exact.simplex import Budget
from symflow.interruption import interrupts
from symflow.long_command import earlier_result, now_and_then
from symflow.problem import Problem
from symflow.problem_file import read_problem, shown_name, with_names
from symflow.problem_tree import named, problem_from_tree
from symflow.regions.enumeration import Control, Progress
from symflow.regions.executors import cluster, processes
from symflow.regions.region_graph import RegionGraph
from symflow.regions.weight_regions import WeightRegions
from symflow.reports.document import Document
from symflow.reports.names import naming_of
from symflow.reports.regions_document import regions_document
from symflow.reports.regions_result import inequalities, regions_result
from symflow.reports.regions_resume import Resumption, resume
from symflow.reports.results import Json
from symflow.reports.weight_regions_document import weight_regions_document
from symflow.reports.weight_regions_result import weight_regions_result
from symflow.usage import Arguments
from symflow.writing import Progress as Writer
from symflow.writing import say

# What is found also has to be listed, by the time that is given: for each cell that takes about so many seconds, of
# nets with 2 to 6 inputs and integers or floats for weights.
_SECONDS_A_CELL, _SECONDS_A_CELL_IN_JSON = 0.0002, 0.002
# A later run that finds nothing would go on for ever: this share of the time that is given it searches in any case.
_LEAST_SHARE = 1 / 7
_ADVICE = ("keep what is found:  --json --output PART", "go on from there:    symflow regions --resume PART")


@final
@dataclass(frozen=True, slots=True)
class Found:
    """What the command found.

    Parameters
    ----------
    answer : Document or JSON object
        The latter with ``--json``.
    is_complete, is_interrupted : bool
        Whether these are all cells, and whether someone pressed Ctrl-C before.
    remark : str
        What is to be said on standard error when the answer is written; may be empty.
    """

    answer: Document | Json
    is_complete: bool
    is_interrupted: bool = False
    remark: str = ""


def find_regions(arguments: Arguments, progress: Writer) -> Found:
    """Do what the command line asks for.

    Parameters
    ----------
    arguments : Arguments
        Of ``symflow regions``.
    progress : function
        Is told how far it is.

    Raises
    ------
    InputError, NotSupportedError
        In one line, naming file and place.
    """
    begin = time.monotonic()
    earlier = None if arguments.resume is None else earlier_result(arguments.resume, "regions")
    problem = _problem(arguments, earlier)
    if problem.variable == "weights":
        with named(shown_name(arguments.file or arguments.resume or "")):
            return _weight_regions(arguments, problem)
    rest, n_earlier = None, 0
    if earlier is not None:
        with named(shown_name(arguments.resume or "")):
            rest = resume(problem, earlier, all_generators=arguments.full)
            n_earlier = 0 if rest.earlier is None else len(rest.earlier.cells)
    with _executor(arguments) as executor, interrupts() as is_interrupted:
        control = Control(
            max_cells=arguments.max_cells,
            deadline=_end_of_search(arguments, begin, n_earlier),
            seconds_a_cell=_seconds_a_cell(arguments),
            is_interrupted=is_interrupted,
            report=_meter(progress, is_interrupted),
            warn=say,
        )
        with named(shown_name(arguments.file or arguments.resume or "")):
            graph = RegionGraph.of(
                problem.known_network,
                domain=inequalities(problem.domain),
                executor=executor,
                control=control,
                keep=None if rest is None else rest.keep,
            )
        was_interrupted = is_interrupted()
    progress(f"{graph.n_cells} cells; their points and maps")
    return _found(arguments, problem, graph, rest, is_interrupted=was_interrupted)


def _found(
    arguments: Arguments, problem: Problem, graph: RegionGraph, rest: Resumption | None, *, is_interrupted: bool
) -> Found:
    result: Json | None = None
    if rest is not None:
        with named(shown_name(arguments.resume or "")):
            result = rest.result(graph)
    elif arguments.json:
        result = regions_result(problem, graph, all_generators=arguments.full)
    is_complete = (graph.status if result is None else result["status"]) == "complete"
    n_cells = graph.n_cells if result is None else result["n_cells"]
    remark = "" if is_complete else _remark(arguments, n_cells, is_interrupted=is_interrupted)
    if arguments.json:
        assert result is not None
        return Found(result, is_complete, is_interrupted, remark)
    document = regions_document(
        problem,
        graph if result is None else result,
        full=arguments.full,
        all_cells=arguments.all,
        advice=_ADVICE,
    )
    return Found(naming_of(problem).document(document), is_complete, is_interrupted, remark)


def _remark(arguments: Arguments, n_cells: int, *, is_interrupted: bool) -> str:
    """Return what to do with an incomplete result."""
    found = f"{n_cells} {'cell' if n_cells == 1 else 'cells'} so far"
    start = "interrupted; " if is_interrupted else ""
    if arguments.json and arguments.output is not None:
        return f"{start}{found}, in {arguments.output}; go on with  symflow regions --resume {arguments.output}"
    if arguments.json:
        return f"{start}{found}; with --output PART, symflow regions --resume PART goes on from there"
    return f"{start}{found}" if is_interrupted else ""


def _weight_regions(arguments: Arguments, problem: Problem) -> Found:
    if arguments.resume is not None:
        raise InputError("cells in weight space are counted anew each time; leave it out", place="--resume")
    if problem.inputs is None:
        message = "the input is symbolic; give" if problem.is_input_symbolic else "missing; add"
        raise InputError(f"{message} inputs = [[..]], the cells depend on them", place="data.inputs")
    budget = Budget(deadline=arguments.deadline)
    regions = WeightRegions.of(problem.architecture, problem.inputs, budget=budget)
    if arguments.json:
        return Found(weight_regions_result(problem, regions), is_complete=True)
    return Found(naming_of(problem).document(weight_regions_document(problem, regions)), is_complete=True)


# ---------------------------------------------------------------------- what is asked


def _problem(arguments: Arguments, earlier: Any) -> Problem:
    """Return the problem of the file, or of the earlier result."""
    if arguments.file is not None:
        return read_problem(arguments.file, variable=arguments.variable, names=arguments.names).with_input_by_default()
    assert arguments.resume is not None  # the parser asks for one of them
    name = shown_name(arguments.resume)
    if not isinstance(earlier, dict) or "problem" not in earlier:
        raise InputError("no result of symflow regions --json; give one, or the problem", place=name)
    tree = earlier["problem"]
    problem = problem_from_tree(tree, name=f"{name}: problem", variable=arguments.variable).with_input_by_default()
    return with_names(problem, arguments.names)


# ---------------------------------------------------------------------- by whom, and until when


def _end_of_search(arguments: Arguments, begin: float, n_earlier: int) -> float | None:
    """Return by when all is to be found and listed.

    Parameters
    ----------
    arguments : Arguments
        Their deadline counts from the start of the program.
    begin : float
        When the work began.
    n_earlier : int
        How many cells of an earlier result are to be listed again.
    """
    if arguments.deadline is None:
        return None
    least = time.monotonic() + _LEAST_SHARE * max(0.0, arguments.deadline - begin)
    return max(least, arguments.deadline - n_earlier * _seconds_a_cell(arguments))


def _seconds_a_cell(arguments: Arguments) -> float:
    is_written = arguments.json or arguments.resume is not None
    return _SECONDS_A_CELL_IN_JSON if is_written else _SECONDS_A_CELL


def _executor(arguments: Arguments) -> AbstractContextManager[Executor | None]:
    if arguments.cluster is not None:
        return cluster(arguments.cluster)
    if arguments.workers is not None and arguments.workers > 1:
        return processes(arguments.workers)
    return nullcontext()


def _meter(progress: Writer, is_interrupted: Callable[[], bool]) -> Callable[[Progress], None]:
    """Return what shows how far the enumeration is, now and then."""
    start, tell = time.monotonic(), now_and_then(progress)

    def words(now: Progress) -> str:
        rate = f", {now.n_found / (time.monotonic() - start):.0f} a second" if now.n_found else ""
        found = f"{now.n_found} cells{rate}; {now.n_open} being cut"
        return f"{found}; stopping, Ctrl-C again ends at once" if is_interrupted() else found

    return lambda now: tell(lambda: words(now))
