"""Where the solution is not unique: each way to go on, with what shows that it is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symflow.flows.trajectory import Branch, Trajectory
from symflow.problem import Problem
from symflow.reports.document import Block, Fact, Facts
from symflow.reports.expressions import Sentence
from symflow.reports.flow_words import letters, neuron_name


def branch_blocks(problem: Problem, trajectory: Trajectory) -> Iterator[Block]:
    """Yield the branches, and what to do."""
    facts = [Fact(_label(branch.kind), tuple(_sentences(problem, branch))) for branch in trajectory.branches]
    yield Facts(tuple(facts))
    function, variable = letters(problem)
    satisfied = f"{variable}' in −∂{function}({variable})"
    words = f"all of them satisfy {satisfied}, with {variable}' of minimal norm for almost every t"
    choices = " | ".join(f'"{name}"' for name in ("ridge", "descent", "+", "-"))
    yield Facts((Fact("solutions", ((words,),)), Fact("next", ((f"choose:  on_nonunique = {choices}",),))))


def _label(kind: str) -> str:
    if kind in ("+", "-"):
        return f"to the {kind.replace('-', '−')} side"
    return kind if kind == "ridge" else kind.replace("-", "−")


def _sentences(problem: Problem, branch: Branch) -> Iterator[Sentence]:
    where = ", ".join(
        f"{neuron_name(problem, layer, neuron)}{'' if problem.variable == 'input' else f' on datum {datum}'}"
        for layer, neuron, datum in branch.events
    )
    if where:
        yield (f"at the kink of {where}",)
    for key, value in branch.certificate.items():
        text = _text(value)
        if text:
            yield (f"{key.replace('_', ' ')}: {text}",)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.replace("-", "−")
    if isinstance(value, Mapping):
        return ",  ".join(f"{key}: {_text(entry)}" for key, entry in value.items())
    if isinstance(value, Sequence):
        return f"({', '.join(_text(entry) for entry in value)})"
    return "" if value is None else str(value).replace("-", "−")
