"""The commands whose whole results claims rest on, as the prover asks for them."""

from __future__ import annotations

from dataclasses import replace

from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.problem import Problem
from symflow.proofs.claim import Json
from symflow.proofs.engines import Engines

_DIGITS = 30


def clarke(problem: Problem, *, budget: Budget = NO_BUDGET) -> Json:
    """Return the result of ``symflow clarke``."""
    from symflow.differentials.clarke import clarke_differential
    from symflow.reports.results import clarke_result

    return clarke_result(problem, clarke_differential(problem.function(), budget=budget), budget=budget)


def laws(problem: Problem, *, budget: Budget = NO_BUDGET) -> Json:
    """Return the result of ``symflow laws``."""
    from symflow.laws.of_problem import laws_of_problem
    from symflow.reports.laws_result import laws_result

    return laws_result(problem, laws_of_problem(problem, budget=budget))


def flow(problem: Problem, *, budget: Budget = NO_BUDGET) -> Json:
    """Return the result of ``symflow flow``, as the problem's ``[flow]`` section asks for it."""
    from symflow.flows.gradient_flow import gradient_flow
    from symflow.problem import FlowSettings
    from symflow.reports.flow_result import flow_result

    settings = problem.flow or FlowSettings()
    digits = settings.digits or _DIGITS
    until = fmpq(1) if settings.until is None else settings.until
    problem = replace(problem, flow=replace(settings, until=until, digits=digits))
    trajectory = gradient_flow(
        problem.function(),
        until=until,
        dps=digits,
        trained=settings.trained,
        checkpoints=settings.checkpoints or (),
        on_nonunique=settings.on_nonunique or "report",
        validated=bool(settings.validated),
        budget=budget,
    )
    return flow_result(problem, trajectory)


ENGINES = Engines(clarke=clarke, laws=laws, flow=flow)
