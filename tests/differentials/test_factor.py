"""A factor is exact where its undecided patterns cannot change the hull, and the witnesses say why."""

import json
from dataclasses import replace
from typing import Any

import pytest

from symflow import clarke_differential
from symflow.cells.incident_cells import incident_cells
from symflow.checker.verify import verify_text
from symflow.differentials import factor as factor_file
from symflow.reports.results import clarke_result
from symflow.zoo.of_the_lectures import differentiable_not_strictly


def leave_undecided(monkeypatch: pytest.MonkeyPatch, keep: Any) -> None:
    """Let the search miss the cells whose limiting gradient is not one to keep."""

    def incident(function: Any, **options: Any) -> Any:
        found = incident_cells(function, **options)
        missed = [cell for cell in found.cells if not keep(function.limiting_gradient(cell.characters))]
        return replace(
            found,
            cells=tuple(cell for cell in found.cells if cell not in missed),
            undecided=tuple(cell.characters for cell in missed),
        )

    monkeypatch.setattr(factor_file, "incident_cells", incident)


def test_a_missed_gradient_inside_the_hull_changes_nothing_and_is_witnessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limiting gradients are e, 0 and -e; without the cells of 0 the hull is the same segment."""
    leave_undecided(monkeypatch, keep=any)
    problem = differentiable_not_strictly().problem()
    dF = clarke_differential(problem.function())
    assert dF.is_exact
    assert dF.n_limiting_gradients is None
    (factor,) = dF.factors
    assert [len(set(point)) for point, _ in factor.inner.inner] == [1]  # the origin, half way between
    assert verify_text(json.dumps(clarke_result(problem, dF)))["rejected"] == []


def test_a_missed_vertex_leaves_the_set_enclosed(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_undecided(monkeypatch, keep=lambda gradient: not any(entry > 0 for entry in gradient))
    problem = differentiable_not_strictly().problem()
    dF = clarke_differential(problem.function())
    assert not dF.is_exact
    assert len(dF.inner_vertices) == 2
    assert dF.outer_vertices is not None
    assert len(dF.outer_vertices) == 2
    assert dF.contains_zero
    assert verify_text(json.dumps(clarke_result(problem, dF)))["rejected"] == []
