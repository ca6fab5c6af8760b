"""The laws of a problem: of its shape, of the cells that meet its point, or of all cells of its weight space.

All inputs of the data count, and every output unless one is named: the laws are those of every objective made of these
outputs on these data, whatever its loss. The cells are those of the weights; where several meet the point, each has its
own laws, and the joint ones are the polynomials that are conserved on all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from symflow.cells.cell import Cell, IncidentCells
from symflow.cells.incident_cells import incident_cells
from symflow.errors import BudgetExceededError, InputError, NotSupportedError, WrongTypeError
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.laws.conservation import ConservationLaws, conservation_laws, laws_on_cells
from symflow.laws.models import default_model
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights, check_input
from symflow.nets.objective import Combination
from symflow.nets.pattern import pattern_key
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.problem import Problem
from symflow.problem_of import problem_of_risk
from symflow.regions.weight_graph import WeightGraph
from symflow.regions.weight_regions import WeightRegions
from symflow.showing import AbstractShown

#: More cells are not listed.
MOST_CELLS = 1024


@final
@dataclass(frozen=True, slots=True)
class LawsOnCell:
    """The laws on one cell.

    Parameters
    ----------
    pattern : str
        As the contract writes it.
    found : ConservationLaws
        Its laws.
    cell : Cell, optional
        With the arc that leads from the point into it; for the cells that meet a point.
    interior_point : tuple of Fraction, optional
        For the cells of weight space.
    """

    pattern: str
    found: ConservationLaws
    cell: Cell | None = None
    interior_point: tuple[Fraction, ...] | None = None

    def __repr__(self) -> str:
        about = repr(self.found).partition("(")[2].removesuffix(")")
        return f"LawsOnCell({self.pattern!r}, {about})"


@final
@dataclass(frozen=True, slots=True)
class LawsOfProblem(AbstractShown):
    """The laws of a problem.

    Parameters
    ----------
    problem : Problem
        What was asked.
    joint : ConservationLaws
        Of the model; for ``cell``, what all cells have in common.
    cells : tuple of LawsOnCell
        For ``cell``, one a cell, sorted by pattern.
    incident : IncidentCells, optional
        Why these are the cells that meet the point.
    is_everywhere : bool
        Whether the cells are all those of weight space.
    function : FunctionOfWeights, optional
        What the cells are cells of.

    Examples
    --------
    The neuron of u vanishes on the datum: it is at a kink, and two cells meet there.

    >>> from symflow.problem_tree import problem_from_tree
    >>> network = {"activation": "relu", "weights": [[["0"]], [["1"]]]}
    >>> problem = problem_from_tree({"network": network, "data": {"inputs": [["1"]]}})
    >>> found = laws_of_problem(problem, model="cell")
    >>> [(cell.pattern, cell.found.n_laws) for cell in found.cells], found.joint
    ([('-', 2), ('+', 1)], ConservationLaws(cell 1-1-1: 1 law of 2 parameters, complete))
    """

    problem: Problem
    joint: ConservationLaws
    cells: tuple[LawsOnCell, ...] = ()
    incident: IncidentCells | None = None
    is_everywhere: bool = False
    function: FunctionOfWeights | None = None

    @property
    def model(self) -> str:
        """``"linear"``, ``"relu"`` or ``"cell"``."""
        return self.joint.model

    @property
    def is_decided(self) -> bool:
        """Whether all laws are known: those of every cell, and every cell that there is."""
        if self.incident is not None and not self.incident.is_decided:
            return False
        return self.joint.is_complete and all(cell.found.is_complete for cell in self.cells)

    def __repr__(self) -> str:
        about = repr(self.joint).partition("(")[2].removesuffix(")")
        cells = f"; {len(self.cells)} {'cell' if len(self.cells) == 1 else 'cells'}" if self.cells else ""
        return f"LawsOfProblem({about}{cells})"


def laws_of_problem(
    problem: Problem | EmpiricalRisk,
    *,
    model: str | None = None,
    every_cell: bool = False,
    budget: Budget = NO_BUDGET,
) -> LawsOfProblem:
    """Return the laws of a problem.

    Parameters
    ----------
    problem : Problem or EmpiricalRisk
        The net, by its weights or its widths, and for ``cell`` the data.
    model : str, optional
        ``"linear"``, ``"relu"`` or ``"cell"``, instead of the file's; by default linear for a net without kinks, else
        relu.
    every_cell : bool
        For ``cell``: all cells of weight space (one hidden layer), instead of those that meet the point.
    budget : Budget
        When to stop.

    Raises
    ------
    InputError
        If the model needs weights or data and there are none.
    NotSupportedError
        If the model does not fit the net, or there are too many cells.

    Examples
    --------
    >>> from symflow import Dataset, EmpiricalRisk, Network
    >>> risk = EmpiricalRisk(Network.from_weights([[1, 2]], [[3]]), Dataset([(1, 1)], labels=[1]))
    >>> laws_of_problem(risk)
    LawsOfProblem(relu 2-1-1: 1 law of 3 parameters, complete)
    """
    if isinstance(problem, EmpiricalRisk):
        problem = problem_of_risk(problem)
    if not isinstance(problem, Problem):
        raise WrongTypeError(
            f"{type(problem).__name__} is no problem; give EmpiricalRisk(net, data), or what read_problem returns; "
            "the laws of a net, whatever the data, are conservation_laws(net)"
        )
    said = problem.laws.model if problem.laws is not None else None
    trained = problem.flow.trained if problem.flow is not None else None
    chosen = model or said or ("cell" if every_cell else default_model(problem.architecture))
    if chosen != "cell":
        if every_cell:
            raise InputError(f'cells are those of the model "cell", and this one is "{chosen}"', place="laws.model")
        found = conservation_laws(problem.architecture, model=chosen, trained=trained, budget=budget)
        return LawsOfProblem(problem, found)
    inputs = _inputs(problem)
    outputs = None if problem.output is None else [problem.output]
    cells = _all_cells(problem, inputs) if every_cell else ()
    incident, function = None, None
    if not every_cell:
        incident, function = _incident_cells(problem, inputs, budget)
        cells = tuple((cell.pattern, cell, None) for cell in incident.cells)
    if not cells:
        raise BudgetExceededError("no cell was decided")
    shape = problem.architecture
    on_cells: list[LawsOnCell] = []
    for pattern, cell, point in cells:
        laws = laws_on_cells(shape, inputs, [pattern], outputs=outputs, trained=trained, budget=budget)
        on_cells.append(LawsOnCell(pattern, laws, cell, point))
    joint = on_cells[0].found
    if len(on_cells) > 1:
        patterns = [each.pattern for each in on_cells]
        joint = laws_on_cells(shape, inputs, patterns, outputs=outputs, trained=trained, budget=budget)
    return LawsOfProblem(problem, joint, tuple(on_cells), incident, every_cell, function)


def laws_on_cell_of(
    function: AbstractPatternedFunction,
    characters: Sequence[str],
    *,
    trained: Sequence[str] | None = None,
    budget: Budget = NO_BUDGET,
) -> ConservationLaws:
    """Return the laws on one cell of a function of the weights: what is kept along an arc of its flow.

    Parameters
    ----------
    function : AbstractPatternedFunction
        Its net, its data and its output; a function of the weights.
    characters : sequence of str
        The cell, in tree order.
    trained : sequence of str, optional
        The matrices and biases that move; by default all.
    budget : Budget
        When to stop.

    Examples
    --------
    >>> from symflow.nets.network import Network
    >>> net = Network.from_weights([[1], [2]], [[1, 1]])
    >>> f = FunctionOfWeights(net, ((fmpq(1),),), Combination((fmpq(1),)))
    >>> laws_on_cell_of(f, "+-").laws
    (W1[2,1], W2[1,2], W1[1,1]**2 - W2[1,1]**2)
    """
    if function.variable != "weights":
        raise InputError("a flow of the input has no laws of this kind", place="objective.variable")
    shape, word = function.network.architecture, function.table.word(tuple(characters))
    outputs = [function.output + 1]
    return laws_on_cells(shape, function.inputs, [word], outputs=outputs, trained=trained, budget=budget)


# ---------------------------------------------------------------------- cells

_Found = tuple[str, Cell | None, tuple[Fraction, ...] | None]


def _inputs(problem: Problem) -> tuple[tuple[fmpq, ...], ...]:
    if problem.inputs is None:
        message = "the input is symbolic; give" if problem.is_input_symbolic else "missing; add"
        raise InputError(f"{message} inputs = [[..]], the cells depend on them", place="data.inputs")
    return problem.inputs


def _all_cells(problem: Problem, inputs: tuple[tuple[fmpq, ...], ...]) -> tuple[_Found, ...]:
    regions = WeightRegions.of(problem.architecture, inputs)
    if regions.n_cells > MOST_CELLS:
        raise NotSupportedError(
            f"weight space has {regions.n_cells} cells, and at most {MOST_CELLS} are listed; "
            "take fewer data or neurons, or ask at a point",
            place="network",
        )
    graph = WeightGraph.of(regions)
    found: list[_Found] = [(graph.pattern(cell), None, graph.interior_point(cell)) for cell in graph]
    return tuple(sorted(found, key=lambda each: pattern_key(each[0])))


def _incident_cells(
    problem: Problem, inputs: tuple[tuple[fmpq, ...], ...], budget: Budget
) -> tuple[IncidentCells, FunctionOfWeights]:
    network = problem.known_network
    for number, x in enumerate(inputs, start=1):
        check_input(network, x, place=f"data.inputs[{number}]")
    ones = Combination(tuple(fmpq(1) for _ in inputs))
    function = FunctionOfWeights(network, inputs, ones, output=(problem.output or 1) - 1)
    return incident_cells(function, budget=budget, most_cells=MOST_CELLS), function
