"""The problem that a function made in Python asks about: what a problem file would have said."""

from __future__ import annotations

from dataclasses import replace

from symflow.errors import NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.objective import AbstractObjective, Combination, LogSumExp, Output, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization
from symflow.problem import Problem


def problem_of_function(function: AbstractPatternedFunction) -> Problem:
    """Return the problem whose objective, at its point, is this function.

    Raises
    ------
    NotSupportedError
        If a problem file cannot spell it.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> f = Realization(Network.from_weights([[1], [-1]], [[1, 1]])).at((3,))
    >>> problem_of_function(f).tree()["objective"]
    {'kind': 'output', 'variable': 'input', 'output': 1, 'at': ['3']}
    >>> problem_of_function(f).function().value
    3
    """
    network, is_input = function.network, function.variable == "input"
    return with_objective(
        Problem(
            architecture=network.architecture,
            network=network,
            inputs=None if is_input else function.inputs,
            variable=function.variable,
            output=function.output + 1,
            at=function.point if is_input else None,
        ),
        function.objective,
    )


def problem_of_map(f: Realization) -> Problem:
    """Return the problem of an output as a function of the input, at no point."""
    shape = f.network.architecture
    return Problem(architecture=shape, network=f.network, variable="input", output=f.output)


def problem_of_risk(risk: EmpiricalRisk) -> Problem:
    """Return the problem of a risk at the network's own parameters."""
    return problem_of_function(risk.at())


def with_objective(problem: Problem, objective: AbstractObjective) -> Problem:
    """Return the problem with this objective.

    Raises
    ------
    NotSupportedError
        If a problem file cannot spell it.
    """
    match objective:
        case Output():
            return replace(problem, kind="output")
        case Combination():
            constants = tuple(c for c in objective.constants if isinstance(c, fmpq))
            if len(constants) < len(objective.constants):
                raise NotSupportedError("a problem file has rational coefficients only", place="objective.coefficients")
            return replace(problem, kind="combination", coefficients=constants)
        case Risk():
            reduction = "mean" if objective.is_mean else "sum"
            return replace(problem, kind="risk", loss=objective.loss.name, reduction=reduction, labels=objective.labels)
        case LogSumExp():
            return replace(problem, kind="log_sum_exp", labels=objective.labels)
    raise NotSupportedError(f"{type(objective).__name__} is no objective of a problem file")
