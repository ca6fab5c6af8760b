"""The problem that an object made in Python answers: what a problem file would have said."""

from __future__ import annotations

from symflow.cells.derivation import Derivation
from symflow.errors import NotSupportedError
from symflow.flows.options import FlowOptions
from symflow.flows.trajectory import Trajectory
from symflow.laws.conservation import ConservationLaws
from symflow.laws.models import default_model
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import LawsSettings, Problem
from symflow.problem_of import problem_of_function, with_objective
from symflow.reports.flow_result import with_flow


def problem_of_derivation(derivation: Derivation) -> Problem:
    """Return the problem whose closed form this is.

    Examples
    --------
    >>> from symflow.cells.derivation import derive
    >>> from symflow.nets.network import Network
    >>> from symflow.nets.objective import Output
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
    return with_objective(problem, derivation.objective)


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


def is_of_a_shape(found: ConservationLaws) -> bool:
    """Whether these are the laws that ``symflow laws`` finds: not of given patterns, nor of some layers alone."""
    return found.model != "cell" and found.fields.trained is None


def problem_of_laws(found: ConservationLaws) -> Problem:
    """Return the problem whose laws these are: of all weights of a shape.

    Raises
    ------
    NotSupportedError
        If they are those of single cells, or of some parameters only.
    """
    if not is_of_a_shape(found):
        raise NotSupportedError("laws on given patterns, or of some layers only, are no result of a command")
    output = 1 if found.shape.n_outputs == 1 else None
    laws = None if found.model == default_model(found.shape) else LawsSettings(model=found.model)
    return Problem(architecture=found.shape, output=output, laws=laws)
