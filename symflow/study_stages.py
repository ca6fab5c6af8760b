"""The stages of a study, one command after the other, and what each of them found.

An interrupt, or the end of the time, ends them; what is known stays, and what is missing is named.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, final

from symflow.cells.derivation import Derivation
from symflow.checker.verify import verify_text
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.selection import Audit, audit
from symflow.differentials.sum_rule import SumRule, sum_rule
from symflow.errors import BudgetExceededError, InputError, NotSupportedError
from symflow.exact.simplex import Budget
from symflow.flow_command import flow_options, with_soft_margin_zero
from symflow.flows.gradient_flow import flow_of
from symflow.flows.trajectory import Trajectory
from symflow.laws.of_problem import LawsOfProblem, laws_of_problem
from symflow.pictures.notes_map import notes_map
from symflow.problem import Problem
from symflow.prove_command import Claims, prove
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.regions.weight_regions import WeightRegions
from symflow.report_command import report_page
from symflow.reports.derive_result import derivation_of, derive_result
from symflow.reports.flow_result import flow_result, with_flow
from symflow.reports.laws_result import laws_result
from symflow.reports.notes.compose import compose_derived_notes, compose_notes
from symflow.reports.notes.compose_slides import compose_derived_slides, compose_slides
from symflow.reports.notes.document import Notes
from symflow.reports.notes.slides import Slides
from symflow.reports.prove_result import prove_result
from symflow.reports.regions_result import inequalities, regions_result
from symflow.reports.results import audit_result, clarke_result
from symflow.reports.weight_regions_result import weight_regions_result
from symflow.writing import Progress, json_text

# With more cells than this the closed form of a product over neurons is not multiplied out.
MOST_CELLS = 512

# With more cells in input space than this, more inputs or more seconds, they are left to symflow regions.
_MOST_REGIONS, _MOST_INPUTS, _REGIONS_SECONDS = 1000, 12, 5.0

# Of more parameters the conservation laws are left to symflow laws.
_MOST_PARAMETERS = 400

# The claims have so long; those that take longer are undecided.
_PROVE_SECONDS = 20.0

# How wide the map of the cells is in notes and on slides, in centimetres.
_NOTES_MAP, _SLIDE_MAP = 4.6, 3.8

# The page has so long.
_PAGE_SECONDS = 20.0


@final
@dataclass
class Study:
    """What is known so far of a problem.

    Parameters
    ----------
    problem : Problem
        What was asked.
    source : str
        The name of its copy in the folder.
    differential, report, sum_rule, derivation, trajectory, laws, proved : optional
        Each as soon as it is known.
    results : dict
        The objects of the other commands, by their names.
    checks : dict
        What the checker said of each.
    missing : list of str
        The stages that are not there, by name.
    reasons : dict
        Why a stage was left out, where it was on purpose.
    """

    problem: Problem
    source: str
    differential: ClarkeDifferential | None = None
    report: Audit | None = None
    sum_rule: SumRule | None = None
    derivation: Derivation | None = None
    trajectory: Trajectory | None = None
    laws: LawsOfProblem | None = None
    proved: Claims | None = None
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    is_interrupted: bool = False

    @property
    def is_symbolic(self) -> bool:
        """Whether there are closed forms only: nothing is at a point."""
        problem = self.problem
        if problem.network is None or problem.is_input_symbolic:
            return True
        return problem.at is None if problem.variable == "input" else problem.inputs is None

    @property
    def is_undecided(self) -> bool:
        """Whether something stayed open."""
        if self.missing or not (self.is_accepted or self.is_rejected):
            return True
        if self.derivation is not None and not self.derivation.is_complete:
            return True
        if self.differential is None or self.report is None:
            return False
        open_selection = any(selection.verdict.is_undecided for selection in self.report.selections)
        return not self.differential.is_exact or self.differential.contains_zero is None or open_selection

    @property
    def is_accepted(self) -> bool:
        """Whether the checker accepted every certificate that it knows how to check.

        The digits of a flow in the weights are computed, not proved, as its result says: they are not held against it.
        """
        return all(self.checks[name]["accepted"] for name in self.certified) and not self.is_rejected

    @property
    def certified(self) -> tuple[str, ...]:
        """The results that are certificate files: all but a flow whose digits nothing re-checks."""
        return tuple(name for name, check in self.checks.items() if name != "flow" or check["accepted"])

    @property
    def n_certificates(self) -> int:
        """How many certificates hold in those files."""
        return sum(int(self.checks[name]["n_certificates"]) for name in self.certified)

    @property
    def is_rejected(self) -> bool:
        """Whether the checker found something wrong, rather than too large to be checked."""
        return any(check["rejected"] for check in self.checks.values())

    @property
    def status(self) -> str:
        """The word for it in ``results.json``."""
        if self.is_interrupted:
            return "interrupted"
        return "undecided" if self.is_undecided else "complete"


def run_stages(study: Study, budget: Budget, tell: Progress, *, without: Collection[str] = ()) -> None:
    """Go through the stages; an interrupt ends them, and what is known stays.

    Parameters
    ----------
    study : Study
        Is filled.
    budget : Budget
    tell : callable
        Is told what is being done.
    without : collection of str
        Stages that are not needed; ``"verify prove"`` where it suffices that the kernel accepted each claim.
    """
    stages: dict[str, Callable[[Study, Budget], None]] = {"clarke": _clarke, "audit": _audit, "derive": _derive}
    if study.is_symbolic:
        stages = {"derive": _derive}
    if study.problem.network is not None:
        stages["regions"] = _regions
    if study.problem.flow is not None and not study.is_symbolic:
        stages["flow"] = _flow
    if study.problem.variable == "weights":
        stages["laws"] = _laws
    stages["prove"] = _prove
    stages = {name: stage for name, stage in stages.items() if name not in without}
    names = iter(stages)
    try:
        for name in names:
            tell(name)
            try:
                stages[name](study, budget)
            except BudgetExceededError:
                study.missing.append(name)
                study.reasons[name] = "the time did not suffice"
                if name == "clarke":  # the audit holds conventions against it
                    study.missing += [next(names)]
        tell("verify")
        _verify(study, without)
    except KeyboardInterrupt:
        study.is_interrupted = True
        study.missing = [name for name in stages if name not in study.results]
        _verify(study)


def _clarke(study: Study, budget: Budget) -> None:
    differential = clarke_differential(study.problem.function(), budget=budget)
    study.sum_rule = sum_rule(differential, budget=budget)
    study.results["clarke"] = clarke_result(study.problem, differential, rule=study.sum_rule, budget=budget)
    study.differential = differential


def _audit(study: Study, budget: Budget) -> None:
    assert study.differential is not None
    report = audit(study.differential)
    study.results["audit"] = audit_result(study.problem, report, rule=study.sum_rule, budget=budget)
    study.report = report


def _derive(study: Study, budget: Budget) -> None:
    if study.differential is not None:
        n_cells = 1
        for factor in study.differential.factors:
            n_cells *= len(factor.incident.cells)
        if n_cells > MOST_CELLS:
            study.reasons["derive"] = f"{n_cells} pieces, a product over the neurons; they are not multiplied out"
            return
    derivation = derivation_of(study.problem, budget=budget)
    study.results["derive"] = derive_result(study.problem, derivation)
    study.derivation = derivation


def _regions(study: Study, budget: Budget) -> None:
    problem = study.problem.with_input_by_default()
    end = time.monotonic() + _REGIONS_SECONDS
    deadline = end if budget.deadline is None else min(end, budget.deadline)
    try:
        if problem.variable == "weights":
            weights = WeightRegions.of(problem.architecture, problem.inputs or (), budget=Budget(deadline=deadline))
            study.results["regions"] = weight_regions_result(problem, weights)
            return
        if problem.architecture.n_inputs > _MOST_INPUTS:
            study.reasons["regions"] = f"more than {_MOST_INPUTS} inputs; symflow regions takes its time"
            return
        control = Control(max_cells=_MOST_REGIONS + 1, deadline=deadline)
        graph = RegionGraph.of(problem.known_network, domain=inequalities(problem.domain), control=control)
    except NotSupportedError as error:
        study.reasons["regions"] = error.message
        return
    except BudgetExceededError:
        study.reasons["regions"] = "they take longer; symflow regions takes its time"
        return
    if graph.missing or graph.n_cells > _MOST_REGIONS:
        many = "they take longer" if graph.n_cells <= _MOST_REGIONS else f"more than {_MOST_REGIONS} cells"
        study.reasons["regions"] = f"{many}; symflow regions lists them"
        return
    study.results["regions"] = regions_result(problem, graph)


def _flow(study: Study, budget: Budget) -> None:
    try:
        options = flow_options(study.problem, None, None)
        trajectory = flow_of(study.problem.function(), options, budget=budget)
    except (InputError, NotSupportedError) as error:
        study.reasons["flow"] = error.message
        return
    study.trajectory = with_soft_margin_zero(trajectory, budget)
    study.results["flow"] = flow_result(with_flow(study.problem, options), study.trajectory)


def _laws(study: Study, budget: Budget) -> None:
    n_parameters = study.problem.architecture.n_parameters
    if n_parameters > _MOST_PARAMETERS:
        study.reasons["laws"] = f"{n_parameters} parameters; symflow laws takes its time"
        return
    try:
        found = laws_of_problem(study.problem, budget=budget)
    except (InputError, NotSupportedError) as error:
        study.reasons["laws"] = error.message
        return
    study.laws = found
    study.results["laws"] = laws_result(study.problem, found)


def _prove(study: Study, budget: Budget) -> None:
    end = time.monotonic() + _PROVE_SECONDS
    within = Budget(deadline=end if budget.deadline is None else min(end, budget.deadline))
    known = [study.results[name] for name in ("clarke",) if name in study.results]
    study.proved = prove((), problem=study.problem, everything=True, known=known, budget=within)
    study.results["prove"] = prove_result(study.proved.theorems, study.problem, None)


def _verify(study: Study, without: Collection[str] = ()) -> None:
    """Let the checker read what will be written, from its text alone."""
    for name, result in study.results.items():
        if name in study.checks or f"verify {name}" in without:
            continue
        study.checks[name] = verify_text(json_text(result))


def notes_of(study: Study) -> Notes | None:
    """Return the lecture notes of what is known; None where there is nothing to say, or no time to say it."""
    try:
        return _composed(study)
    except BudgetExceededError as error:
        study.reasons["notes"] = str(error)
        return None


def _composed(study: Study) -> Notes | None:
    theorems = () if study.proved is None else study.proved.theorems
    picture = notes_map(study.problem, width=_NOTES_MAP)
    if study.report is not None:
        return compose_notes(
            study.problem,
            study.report,
            study.sum_rule,
            trajectory=study.trajectory,
            theorems=theorems,
            picture=picture,
            source=study.source,
        )
    if study.derivation is not None and study.is_symbolic:
        return compose_derived_notes(
            study.problem,
            study.derivation,
            laws=study.laws,
            theorems=theorems,
            picture=picture,
            source=study.source,
        )
    return None


def slides_of(study: Study, budget: Budget) -> Slides | None:
    """Return the slides of what is known; None where there is nothing to say, or no time to say it."""
    picture = notes_map(study.problem, width=_SLIDE_MAP, has_labels=False, deadline=budget.deadline)
    theorems = () if study.proved is None else study.proved.theorems
    try:
        if study.report is not None:
            return compose_slides(
                study.problem,
                study.report,
                study.sum_rule,
                trajectory=study.trajectory,
                theorems=theorems,
                picture=picture,
                source=study.source,
            )
        if study.derivation is not None and study.is_symbolic:
            return compose_derived_slides(
                study.problem,
                study.derivation,
                laws=study.laws,
                theorems=theorems,
                source=study.source,
                picture=picture,
            )
    except BudgetExceededError as error:
        study.reasons["notes"] = str(error)
    return None


def page_of(study: Study, budget: Budget) -> dict[str, bytes]:
    """Return the page of ``symflow report``, made of what is known already."""
    end = time.monotonic() + _PAGE_SECONDS
    within = Budget(deadline=end if budget.deadline is None else min(end, budget.deadline))
    known = study.differential, study.report, study.trajectory
    try:
        page = report_page(
            study.problem,
            differential=known[0],
            report=known[1],
            trajectory=known[2],
            derivation=study.derivation,
            budget=within,
        )
    except BudgetExceededError:
        study.reasons["the page"] = "it takes longer; symflow report takes its time"
    except (InputError, NotSupportedError) as error:
        study.reasons["the page"] = error.message
    except KeyboardInterrupt:  # what is known is written all the same
        study.is_interrupted = True
        study.missing.append("page")
    else:
        return {"report.html": page.text.encode("utf-8")}
    return {}
