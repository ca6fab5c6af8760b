"""Arcs of higher order: what is left of one after shortening is still one, and nothing of it can be left out."""

from __future__ import annotations

import pytest

from symflow.cells.arcs import is_arc, shortened
from symflow.cells.cell import Cell
from symflow.cells.incident_cells import incident_cells
from symflow.exact.rationals import fmpq
from symflow.nets.patterned_function import AbstractPatternedFunction, Constraint
from symflow.problem_tree import problem_from_tree
from tests.differentials.test_bank import NAMED, drawn


def constraints_of(function: AbstractPatternedFunction, cell: Cell) -> list[Constraint]:
    return [
        constraint
        for site in range(len(cell.characters))
        for option in function.options(site, cell.characters)
        if option.character == cell.characters[site]
        for constraint in option.constraints
    ]


def test_the_arc_into_the_cusp_is_the_one_of_the_textbook() -> None:
    """(+ + | +) at W1 = (0, 0), W2 = (-1, 0): z_2 = -ε² + 2ε · ε along W1 = (-ε², -ε), W2 = (-1, 2ε)."""
    function = problem_from_tree(NAMED["the cusp"]).function()
    (cusp,) = [cell for cell in incident_cells(function).cells if cell.pattern == "+++"]
    assert cusp.arc == ((0, -1, 0, 2, 0), (-1, 0, 0, 0, 0))


@pytest.mark.parametrize("seed", [*range(40), pytest.param(157, marks=pytest.mark.slow)])
def test_a_shortened_arc_leads_into_its_cell_and_has_no_entry_too_many(seed: int) -> None:
    function = drawn(seed).function()
    if function.network.architecture.n_hidden_layers < 2:
        return
    for cell in incident_cells(function).cells:
        if len(cell.arc) < 2:
            continue
        constraints = constraints_of(function, cell)
        assert is_arc(function, constraints, cell.characters, cell.arc)
        assert shortened(function, constraints, cell.characters, cell.arc) == cell.arc
        # The first entries are left out last: none of those of order 1 can be.
        for place, entry in enumerate(cell.arc[0]):
            if entry:
                less = [list(vector) for vector in cell.arc]
                less[0][place] = fmpq(0)
                assert not is_arc(function, constraints, cell.characters, [tuple(vector) for vector in less])
