"""The problem that an object made in Python answers: what a problem file would have said."""

from __future__ import annotations

from dataclasses import replace

from symflow.cells.derivation import Derivation
from symflow.errors import NotSupportedError
from symflow.exact.rationals import fmpq
from symflow.flows.options import FlowOptions
from symflow.flows.trajectory import Trajectory
from symflow.laws.conservation import ConservationLaws
from symflow.laws.models import default_model
from symflow.nets.empirical_risk import EmpiricalRisk
from symflow.nets.objective import AbstractObjective, Combination, LogSumExp, Output, Risk
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization
from symflow.problem import LawsSettings, Problem
from symflow.reports.flow_result import with_flow


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
    return _with_objective(
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


def problem_of_derivation(derivation: Derivation) -> Problem:
    """Return the problem whose closed form this is.

    Examples
    --------
    >>> from symflow.cells.derivation import derive
    >>> from symflow.nets.network import Network
    >>> shape = Network.from_weights([[1], [-1]], [[1, 1]]).architecture
    >>> problem_of_derivation(derive(shape, Output())).tree()["network"]
    {'activation': ['relu'], 'widths': [1, 2, 1]}
    """
    if derivation.function is not None:
        return problem_of_function(derivation.function)
    net = derivation.net
    problem = Problem(
        architecture=net.architecture,
        network=net.network,
        inputs=net.inputs,
        variable=derivation.variable,
        output=net.output + 1,
    )
    return _with_objective(problem, derivation.objective)


def problem_of_trajectory(trajectory: Trajectory) -> Problem:
    """Return the problem whose flow this is, with its ``[flow]`` section.

    Raises
    ------
    NotSupportedError
        If the trajectory was not made by ``gradient_flow``.
    """
    function, options = trajectory.facts.get("function"), trajectory.facts.get("options")
    if not isinstance(function, AbstractPatternedFunction) or not isinstance(options, FlowOptions):
        raise NotSupportedError("this trajectory does not know its function; give what gradient_flow returned")
    return with_flow(problem_of_function(function), options)


def problem_of_laws(found: ConservationLaws) -> Problem:
    """Return the problem whose laws these are: of all weights of a shape.

    Raises
    ------
    NotSupportedError
        If they are those of single cells, or of some parameters only.
    """
    if found.model == "cell":
        raise NotSupportedError("laws on given patterns are no result of a command; ask laws_of_problem(problem)")
    if found.fields.trained is not None:
        raise NotSupportedError("laws of a flow of some layers only are no result of a command; leave `trained` out")
    output = 1 if found.shape.n_outputs == 1 else None
    laws = None if found.model == default_model(found.shape) else LawsSettings(model=found.model)
    return Problem(architecture=found.shape, output=output, laws=laws)


def _with_objective(problem: Problem, objective: AbstractObjective) -> Problem:
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
