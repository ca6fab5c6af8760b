"""Where the solution is not unique: each way to go on, with what shows that it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from symflow.activations.maxpool import Maxpool
from symflow.flows.trajectory import Branch, Trajectory
from symflow.problem import Problem
from symflow.reports.document import Block, Fact, Facts
from symflow.reports.expressions import Sentence
from symflow.reports.flow_words import letters, neuron_name
from symflow.reports.laws_document import cell_words
from symflow.reports.phrases import runs

# A ball around 0: what turns around here is known by its sign later, not by its value.
_ZERO = re.compile(r"0e−")

_LEFT = "every kink there is left to the side that the signs name"
_NOT_SOUGHT = "those that stay on a kink, or on some of them, are not all sought"

_RELATIONS = {"1": "> 0", "-1": "< 0", "0": "= 0"}


def branch_blocks(problem: Problem, trajectory: Trajectory) -> Iterator[Block]:
    """Yield where it branches, the branches, and what to do."""
    function, variable = letters(problem)
    facts = [Fact("at the kink of", tuple((place,) for place in _places(problem, trajectory)))]
    facts += [Fact(_label(problem, branch.kind), tuple(_sentences(problem, branch))) for branch in trajectory.branches]
    yield Facts(tuple(facts))
    satisfied = f"{variable}' in −∂{function}({variable})"
    words = f"all of them satisfy {satisfied}, with {variable}' of minimal norm for almost every t"
    said: list[Sentence] = [(words,)]
    if not any(branch.kind == "ridge" for branch in trajectory.branches):
        others = "those that stay for a while and leave later" if problem.variable == "input" else _NOT_SOUGHT
        said.append((f"there may be more: {others}",))
    facts = [Fact("solutions", tuple(said))]
    choices = " | ".join(f'"{name}"' for name in cast(Sequence[str], trajectory.facts.get("choices", ())))
    words = f"choose:  on_nonunique = {choices}" if choices else "on_nonunique names none of these branches"
    facts.append(Fact("next", ((words,),)))
    yield Facts(tuple(facts))


def number_text(text: str) -> str:
    """Return an exact number in sympy's syntax as a reader writes it.

    Examples
    --------
    >>> number_text("4 - 2*exp(-1)"), number_text("exp(-1/2)/3")
    ('4 − 2e^(−1)', 'e^(−1/2)/3')
    """
    text = re.sub(r"exp\(1\)", "e", text)
    return re.sub(r"exp\(", "e^(", text).replace("*", "").replace("-", "−")


def _places(problem: Problem, trajectory: Trajectory) -> list[str]:
    """Return the kinks concerned: "neuron 1 on data 1 and 2"."""
    found: dict[str, list[int]] = {}
    for branch in trajectory.branches:
        for layer, neuron, datum in branch.events:
            data = found.setdefault(_unit_name(problem, layer, neuron), [])
            if datum not in data:
                data.append(datum)
    said = []
    for name, data in found.items():
        on = "" if problem.variable == "input" else f" on {'datum' if len(data) == 1 else 'data'} {runs(data)}"
        said.append(name + on)
    return said


def _unit_name(problem: Problem, layer: int, neuron: int) -> str:
    """Return ``neuron (1,2)``, or its pool: ``the pool of units (1,1), (1,2)``."""
    activation = problem.architecture.activation(layer)
    if not isinstance(activation, Maxpool):
        return neuron_name(problem, layer, neuron)
    group = next(group for group in activation.groups if neuron - 1 in group)
    names = [neuron_name(problem, layer, unit + 1).removeprefix("neuron ") for unit in group]
    return f"the pool of units {', '.join(names)}"


def _label(problem: Problem, kind: str) -> str:
    if kind in ("+", "-"):
        return f"to the {kind.replace('-', '−')} side"
    # Branches are told apart by their patterns: none is folded.
    return "on the ridge" if kind == "ridge" else f"to {cell_words(problem.architecture, kind, full=True)}"


def _sentences(problem: Problem, branch: Branch) -> Iterator[Sentence]:
    """Say what a branch does, from its certificate: a derivative that leads away, or a velocity along the kink."""
    certificate = branch.certificate
    moves = _vector(certificate.get("velocity") or certificate.get("velocities"))
    what = "x" if problem.variable == "input" else _row_name(problem, branch, certificate.get("velocities"))
    conditions = certificate.get("conditions")
    entering = [
        each
        for each in (conditions if isinstance(conditions, Sequence) else ())
        if isinstance(each, Mapping) and each.get("kind") == "enters"
    ]
    for each in entering:
        value = number_text(str(each.get("value")))
        sign = _RELATIONS.get(str(each.get("sign")), "")
        slope = "" if value == "0" or _ZERO.match(value) else f"d/dt z = {value} {sign}, "
        yield (f"{slope}away from the kink, at any time τ ≥ 0",)
    if branch.kind == "ridge":
        yield ("stays, as long as it is a ridge; it may leave at any time",)
    if moves and what and not _ZERO.search(moves) and (branch.kind == "ridge" or moves.strip("(0, )")):
        yield (f"{what}' = {moves}",)
    elif moves and not _ZERO.search(moves) and what and not entering and branch.kind != "ridge":
        yield (f"stays, {what}' = 0",)
    elif not entering and branch.kind != "ridge":
        pools = any(isinstance(problem.architecture.activation(layer), Maxpool) for layer, _, _ in branch.events)
        yield ("every tie is broken: a digit names the unit that wins" if pools else _LEFT,)


def _row_name(problem: Problem, branch: Branch, velocity: object) -> str:
    """Return what of the neuron moves: its row of the first matrix, its bias, or both."""
    rows = {(layer, neuron) for layer, neuron, _ in branch.events}
    if len(rows) != 1:
        return ""
    ((layer, neuron),) = rows
    count = len(velocity) if isinstance(velocity, Sequence) else 0
    if count == problem.architecture.n_inputs:
        return f"W{layer}[{neuron},·]"
    return f"b{layer}[{neuron}]" if count == 1 else f"(W{layer}[{neuron},·], b{layer}[{neuron}])"


def _vector(value: object) -> str:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ""
    entries = [number_text(str(entry)) for entry in value]
    return entries[0] if len(entries) == 1 else f"({', '.join(entries)})"
