"""Claims that follow from a whole result of ``symflow flow`` in the weights, of all states in its tube.

They are *enclosed*: what ``tube.py`` says is not recomputed here is listed as not checked.
"""

from __future__ import annotations

from itertools import pairwise

from symflow.checker.coq_scripts import SCRIPTS
from symflow.checker.reading import Refused, Report, items
from symflow.checker.tube import Tube


def tube_is_a_solution(report: Report, result: dict[str, object]) -> str:
    """Show that the flow in the weights runs to its end within the tube."""
    Tube(report, result)
    return "enclosed"


def conserved_along_the_flow(report: Report, result: dict[str, object]) -> str:
    """Show that the states of an enclosed flow have the conserved quantities of the start, to its digits.

    Of a layer and of each neuron these are differences of squared weights for nets without biases and pools alone.
    """
    problem = Tube(report, result).problem
    if problem.biases is not None:
        raise Refused("a net with biases: the squares of its weights alone are not balanced", "problem.network.biases")
    if any(activation.name == "maxpool" or activation.power > 1 for activation in problem.activations):
        raise Refused("an activation along which neurons are not balanced one by one", "problem.network.activation")
    if not items(result, "invariants"):
        raise Refused("no conserved quantity is listed", "invariants")
    return "enclosed"


def soft_margin_does_not_fall(report: Report, result: dict[str, object]) -> str:
    """Show that u > 0 on the tube at one time, and that from then on no soft margin on it is below an earlier one.

    Between the times that are named this is Theorem 5, whose Coq script is listed as not checked here.
    """
    tube = Tube(report, result)
    tube.expect_soft_margin_flow()
    bounds = [(tube.net.log_margin(box), tube.net.norm(box)) for box in tube.from_positive()]
    for (before, size), (after, later) in pairwise(bounds):
        # u/|w|^L with u > 0: the largest now against the smallest before.
        if later[0] <= 0 or after[1] / later[0] ** tube.degree < before[0] / size[1] ** tube.degree:
            raise Refused("the soft margin falls", "checkpoints")
    _cite_theorem_5(report)
    return "enclosed"


def norm_does_not_fall(report: Report, result: dict[str, object]) -> str:
    """Show that u > 0 on the tube at one time, and that from then on no norm on it is below an earlier one."""
    tube = Tube(report, result)
    tube.expect_soft_margin_flow()
    norms = [tube.net.norm(box) for box in tube.from_positive()]
    if any(after[1] < before[0] for before, after in pairwise(norms)):
        raise Refused("the norm falls", "checkpoints")
    _cite_theorem_5(report)
    return "enclosed"


def _cite_theorem_5(report: Report) -> None:
    if "soft_margin_monotone" not in SCRIPTS:
        raise Refused("the Coq script of Theorem 5 has not been checked by continuous integration")
    report.skip(
        "between the times named: the Coq script soft_margin_monotone.v, checked by coqc in continuous integration"
    )
