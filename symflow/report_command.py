"""What ``symflow report`` does: the results of the other commands, found once, and the page that they make.

As a function of the input the page is the map of the net: with more than two inputs on a plane in their space, chosen
by ``--slice`` or through the data. As a function of the weights it is the Clarke differential at the weights, with the
cells that meet there, beside the map of the net at these weights. Where the weights are symbolic it is what holds for
all of them: the closed form and the conservation laws.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, cast, final

from symflow.cells.derivation import Derivation
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.faces import Face, clarke_at_corners, clarke_on_walls
from symflow.differentials.selection import Audit, audit
from symflow.errors import BudgetExceededError, InputError, NotSupportedError
from symflow.exact.linear_algebra import rank
from symflow.exact.rationals import fmpq, rational, to_fraction
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.flow_command import flow_options, with_soft_margin_zero
from symflow.flows.gradient_flow import flow_of
from symflow.flows.options import FlowOptions
from symflow.flows.precision import Number, exact_value
from symflow.flows.sampling import grid
from symflow.flows.trajectory import Trajectory
from symflow.formats.html import render_page
from symflow.laws.of_problem import laws_of_problem
from symflow.nets.network import Network, Vector
from symflow.pictures.labels import layered_pattern
from symflow.pictures.page_pictures import page_pictures
from symflow.pictures.slices import sliced_graph
from symflow.problem import Problem
from symflow.problem_file import read_problem, shown_name
from symflow.problem_tree import named
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.reports.derive_result import derivation_of
from symflow.reports.flow_numbers import time_number
from symflow.reports.linear_text import linear_text
from symflow.reports.names import naming_of, using
from symflow.reports.page.compose import compose_page
from symflow.reports.page.findings import Findings
from symflow.reports.page.flow_data import MOST_NUMBERS
from symflow.reports.page.of_all_weights import page_of_all_weights
from symflow.reports.regions_result import inequalities
from symflow.writing import Progress

if TYPE_CHECKING:
    from symflow.usage import Arguments

#: More cells are not drawn on a page: symflow regions lists them.
MOST_CELLS = 4000

# How often a flow is looked at whose path is not exact; with more parameters its own checkpoints are.
_SAMPLES, _FEWEST_SAMPLES, _MOST_PARAMETERS, _MOST_DIGITS = 100, 10, 400, 15

# Where no time is given: for a flow, which may be stiff, and for looking at it again and again.
_FLOW_SECONDS, _SAMPLE_SECONDS = 30, 20

# With these it stays open how a flow goes on.
_OPEN = ("undecided", "zeno_suspected")

_NO_TIME = "the time did not suffice"

Plane = tuple[Vector, Vector, Vector]


@final
@dataclass(frozen=True, slots=True)
class Report:
    """A page, whether everything is on it that was asked, and one line on what is not."""

    text: str
    is_complete: bool
    remark: str = ""


def asked_report(arguments: Arguments, progress: Progress) -> Report:
    """Return the page that the command line asks for.

    Parameters
    ----------
    arguments : Arguments
        Of ``symflow report``.
    progress : function
        Is told what is being done.

    Raises
    ------
    InputError, NotSupportedError
        In one line, naming file and place.
    """
    assert arguments.file is not None  # the parser asks for it
    if arguments.json:
        raise InputError("a page has no JSON of its own; symflow study --json holds what is on it", place="report")
    problem = read_problem(arguments.file, variable=arguments.variable, at=arguments.at, names=arguments.names)
    with named(shown_name(arguments.file)):
        return report_page(
            problem,
            plane=None if arguments.slice is None else _plane_from_text(arguments.slice),
            budget=Budget(deadline=arguments.deadline),
            progress=progress,
        )


def report_page(
    problem: Problem,
    *,
    plane: Sequence[Sequence[object]] | None = None,
    differential: ClarkeDifferential | None = None,
    report: Audit | None = None,
    trajectory: Trajectory | None = None,
    derivation: Derivation | None = None,
    budget: Budget = NO_BUDGET,
    progress: Progress = lambda _: None,
) -> Report:
    """Return the page of a problem.

    Parameters
    ----------
    problem : Problem
        What is asked.
    plane : (origin, a, b), optional
        For a net with more than two inputs: the plane to draw.
    differential, report, trajectory, derivation : optional
        What is known already; the closed form is on the page of symbolic weights only.
    budget : Budget
        When to stop.
    progress : function
        Is told what is being done.

    Examples
    --------
    >>> from symflow.problem_tree import problem_from_tree
    >>> network = {"activation": "relu", "weights": [[["1", "0"], ["0", "1"]], [["1", "1"]]]}
    >>> text = report_page(problem_from_tree({"network": network})).text
    >>> text.count('class="cell"'), text.count('class="vert"')
    (4, 1)
    """
    if problem.network is None:
        return _page_of_all_weights(problem, derivation, budget, progress)
    if problem.variable == "weights" and problem.inputs is None:  # nothing is asked at a point
        problem = problem.with_input_by_default()
    found = _Finder(problem, plane, budget, progress).findings(differential, report, trajectory)
    if found.graph is None and found.differential is None:
        if _NO_TIME in found.reasons.values():
            raise BudgetExceededError("no cell of the map was found yet")
        reason = next(iter(found.reasons.values()), "nothing is asked of it")
        raise NotSupportedError(f"there is nothing to show: {reason}", place="report")
    progress("page")
    is_complete = not found.reasons and (found.graph is None or found.graph.complex.is_complete)
    if found.differential is not None and not found.differential.is_exact:
        is_complete = False
    if found.trajectory is not None and found.trajectory.status in _OPEN:
        is_complete = False
    with using(naming_of(problem)) as naming:
        page, pictures = naming.anything(compose_page(found)), page_pictures(found)
    return Report(render_page(page, pictures), is_complete, _remark(found.reasons))


def _page_of_all_weights(problem: Problem, derivation: Derivation | None, budget: Budget, progress: Progress) -> Report:
    """Return the page of a shape: its closed form and its conservation laws, for all weights."""
    if derivation is None:
        progress("closed form")
        derivation = derivation_of(problem, budget=budget)
    progress("conservation laws")
    reasons: dict[str, str] = {}
    try:
        laws = laws_of_problem(problem, budget=budget)
    except (BudgetExceededError, NotSupportedError) as error:
        laws, reasons["the conservation laws"] = None, str(error)
    with using(naming_of(problem)) as naming:
        page = naming.anything(page_of_all_weights(problem, derivation, laws))
    is_complete = derivation.is_decided and laws is not None and laws.is_decided
    return Report(render_page(page, {}), is_complete, _remark(reasons))


def _remark(reasons: Mapping[str, str]) -> str:
    lacks = "; ".join(f"{name} ({reason})" for name, reason in reasons.items())
    return f"the page is without {lacks}" if lacks else ""


def _plane_from_text(text: str) -> tuple[Vector, ...]:
    """Read ``0,0,1;1,0,0;0,1,0``: a point of the plane and two directions."""
    parts = text.split(";")
    if len(parts) != 3:
        raise InputError("give a point and two directions, such as 0,0,1;1,0,0;0,1,0", place="--slice")
    return tuple(tuple(rational(entry.strip(), place="--slice") for entry in part.split(",")) for part in parts)


@final
class _Finder:
    """Finds what a page shows, one stage after the other."""

    def __init__(
        self, problem: Problem, plane: Sequence[Sequence[object]] | None, budget: Budget, progress: Progress
    ) -> None:
        self.problem, self.plane, self.budget, self.tell = problem, plane, budget, progress
        self.reasons: dict[str, str] = {}
        self.seconds_a_step = 0.0

    def findings(
        self, differential: ClarkeDifferential | None, report: Audit | None, trajectory: Trajectory | None
    ) -> Findings:
        problem = self.problem
        network = problem.known_network
        found = Findings(problem)
        plane = self._plane(network)
        graph = self._graph(network, plane)
        if graph is not None:
            words = tuple(layered_pattern(graph, index) for index in range(graph.n_cells))
            self.tell("walls and corners")
            walls, corners = self._faces(graph)
            found = replace(found, graph=graph, plane=plane, words=words, walls=walls, corners=corners)
        if self._has_point(plane):
            self.tell("clarke")
            if differential is None:
                differential = clarke_differential(problem.function(), budget=self.budget)
            found = replace(found, differential=differential, report=report or audit(differential))
        if problem.flow is not None and not self._is_symbolic:
            self.tell("flow")
            found = self._with_flow(found, trajectory)
        return replace(found, reasons=self.reasons)

    @property
    def _is_symbolic(self) -> bool:
        problem = self.problem
        return problem.is_input_symbolic or (problem.variable == "input" and problem.at is None)

    def _has_point(self, plane: Plane | None) -> bool:
        """Whether the point is not on the map: the weights, or an input of many dimensions."""
        problem = self.problem
        if self._is_symbolic:
            return False
        is_on_map = problem.variable == "input" and problem.kind == "output" and plane is None
        return not (is_on_map and self._is_piecewise_linear)

    @property
    def _is_piecewise_linear(self) -> bool:
        return all(activation.is_piecewise_linear for activation in self.problem.architecture.activations)

    # ------------------------------------------------------------------ the map

    def _plane(self, network: Network) -> Plane | None:
        """Return the plane to draw: the one that was asked for, else one through the data or the point."""
        n_inputs = network.architecture.n_inputs
        if n_inputs <= 2:
            if self.plane is not None:
                raise InputError(
                    f"the net has {n_inputs} inputs, and all of its map is drawn; leave it out", place="--slice"
                )
            return None
        if self.plane is not None:
            return cast("Plane", tuple(tuple(rational(entry) for entry in vector) for vector in self.plane))
        point = self.problem.at
        inputs = self.problem.inputs or ()
        origin = point if point is not None else inputs[0] if inputs else (fmpq(0),) * n_inputs
        units = [tuple(fmpq(i == j) for j in range(n_inputs)) for i in range(n_inputs)]
        ways = [tuple(a - b for a, b in zip(x, origin, strict=True)) for x in inputs]
        chosen: list[Vector] = []
        for way in (*ways, *units):
            if rank([list(vector) for vector in (*chosen, way)]) == len(chosen) + 1:
                chosen.append(way)
            if len(chosen) == 2:
                break
        return origin, chosen[0], chosen[1]

    def _graph(self, network: Network, plane: Plane | None) -> RegionGraph | None:
        if not self._is_piecewise_linear:
            self.reasons["the map of the cells"] = "an activation is not piecewise linear"
            return None
        self.tell("regions")
        single = one_output(network, self.problem.output_index)
        control = Control(max_cells=MOST_CELLS + 1, deadline=self.budget.deadline)
        domain = inequalities(self.problem.domain)
        graph = (
            sliced_graph(single, plane) if plane is not None else RegionGraph.of(single, domain=domain, control=control)
        )
        if graph.n_cells > MOST_CELLS:
            self.reasons["the map of the cells"] = f"more than {MOST_CELLS} cells; symflow regions lists them"
            return None
        if graph.n_cells == 0:
            self.reasons["the map of the cells"] = _NO_TIME
            return None
        return graph

    def _faces(self, graph: RegionGraph) -> tuple[tuple[Face, ...], tuple[Face, ...]]:
        """Return the walls, on a line the corners alone; both empty where the time does not suffice for all."""
        try:
            is_line = graph.network.architecture.n_inputs == 1
            walls = () if is_line else clarke_on_walls(graph, budget=self.budget)
            return walls, clarke_at_corners(graph, budget=self.budget)
        except BudgetExceededError:
            self.reasons["walls and corners"] = _NO_TIME
            return (), ()

    # ------------------------------------------------------------------ the flow

    def _with_flow(self, found: Findings, trajectory: Trajectory | None) -> Findings:
        try:
            options = flow_options(self.problem, None, None)
            if trajectory is None:
                budget = self._budget(_FLOW_SECONDS)
                began = time.monotonic()
                trajectory = flow_of(self.problem.function(), options, budget=budget)
                if trajectory.status == "undecided" and _is_spent(budget):
                    self._say_what_is_missing("the flow", trajectory.time, _FLOW_SECONDS)
                else:
                    trajectory = with_soft_margin_zero(trajectory, budget)
                self.seconds_a_step = (time.monotonic() - began) / max(sum(arc.n_steps for arc in trajectory.arcs), 1)
            samples = None if trajectory.is_exact else self._samples(trajectory, options)
        except (InputError, NotSupportedError) as error:
            self.reasons["the flow"] = error.message
            return found
        except BudgetExceededError:
            self.reasons["the flow"] = _NO_TIME
            return found
        return replace(found, trajectory=trajectory, samples=samples)

    def _samples(self, trajectory: Trajectory, options: FlowOptions) -> Trajectory:
        """Return the same flow with many checkpoints, the times of its events among them."""
        end = exact_value(trajectory.time)
        if not trajectory.arcs or end <= 0 or len(trajectory.names) > _MOST_PARAMETERS:
            return trajectory
        # Of steps that take long fewer are taken.
        n_samples = min(_SAMPLES, max(_FEWEST_SAMPLES, int(_SAMPLE_SECONDS / (self.seconds_a_step or 1e-9))))
        last = min(end, to_fraction(options.until))
        times = {instant for instant in grid(last, n_samples) if instant > 0} | {Fraction(0)}
        if len(trajectory.names) <= MOST_NUMBERS:
            times |= {exact_value(event.time) for event in trajectory.events if exact_value(event.time) < end}
        checkpoints = tuple(fmpq(instant.numerator, instant.denominator) for instant in sorted(times))
        wanted = replace(
            options,
            until=checkpoints[-1],
            checkpoints=checkpoints,
            digits=min(options.digits, _MOST_DIGITS),
            is_validated=False,
            progress=None,
        )
        budget = self._budget(_SAMPLE_SECONDS)
        samples = flow_of(self.problem.function(), wanted, budget=budget)
        if samples.status == "undecided" and _is_spent(budget):
            self._say_what_is_missing("the slider", samples.time, _SAMPLE_SECONDS)
        return samples

    def _budget(self, seconds: int) -> Budget:
        """Return the budget that was given; where none was, one of that many seconds."""
        return self.budget if self.budget.deadline is not None else Budget(deadline=time.monotonic() + seconds)

    def _say_what_is_missing(self, what: str, end: Number, seconds: int) -> None:
        after = linear_text(time_number(end, None, _MOST_DIGITS))
        given = self.budget.deadline is not None
        how = (
            "a longer --time-limit shows more"
            if given
            else f"{seconds} seconds are spent on it; --time-limit gives it more"
        )
        self.reasons[f"{what} after t = {after}"] = how


def _is_spent(budget: Budget) -> bool:
    return budget.deadline is not None and time.monotonic() > budget.deadline


def one_output(network: Network, output: int) -> Network:
    """Return the net with one of its outputs, from 0.

    Examples
    --------
    >>> net = Network.from_weights([[1]], [[2], [3]], biases=[[0], [4, 5]])
    >>> one_output(net, 1)((1,))
    (Fraction(8, 1),)
    """
    weights = (*network.weights[:-1], (network.weights[-1][output],))
    biases = None if network.biases is None else (*network.biases[:-1], (network.biases[-1][output],))
    return Network.assemble(weights, biases, network.architecture.activations)
