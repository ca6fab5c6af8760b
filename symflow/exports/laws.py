"""Results of ``symflow laws``: each law, as a polynomial that no gradient of a cell moves, for each output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from symflow.checker.statement_grammar import parse_statement
from symflow.checker.statement_shapes import Shape
from symflow.checker.symbolic import read_symbolic_problem
from symflow.exports.script import Export, Exported, NotExportedError
from symflow.exports.statements import of_shape


def export_laws(export: Export, result: Mapping[str, Any]) -> None:
    """Export the laws; that there are no more is a rank, which has no script."""
    for i, law in enumerate(result["laws"]):
        export.add(f"laws[{i}]", _law(result, law))
    for i, entry in enumerate(result.get("dependent_laws") or ()):
        export.add(f"dependent_laws[{i}]", _law(result, entry["law"]))
    export.not_exported.append("laws: that there are no more of them")


def _law(result: Mapping[str, Any], law: str) -> Iterator[Exported]:
    tree = dict(result["problem"])
    if result["model"] not in ("linear", "relu"):
        raise NotExportedError("laws of the cells at a point")
    if (tree.get("flow") or {}).get("trained") is not None:
        raise NotExportedError("laws with parameters held")
    problem = read_symbolic_problem(tree).problem
    for output in range(len(problem.weights[-1])):
        template = replace(problem, output=output, variable="weights", inputs=problem.inputs[:1])
        yield from of_shape(
            f"law for output {output + 1}", parse_statement(f"{law} is conserved"), Shape(template, None), {}
        )
