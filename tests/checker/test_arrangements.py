"""Counting cells and walls of arrangements: closed forms, degenerate ones by hand, and cells found one by one."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.checker.arrangements import n_cells, n_walls
from symflow.checker.reading import TooLarge
from symflow.checker.work import Work
from tests.checker.regions_by_hand import network_tree, regions_by_hand


def counts(rows: list[tuple[int, ...]]) -> tuple[int, int]:
    return n_cells(rows, Work(1_000_000)), n_walls(rows, Work(1_000_000))


@pytest.mark.parametrize("dimension", range(1, 7))
@pytest.mark.parametrize("n", [0, 1, 3, 7, 9])
def test_in_general_position_the_counts_are_sums_of_binomials(dimension: int, n: int) -> None:
    # Normals (1, t, .., t^(d-1)) and constants t^d: any d + 1 rows are a Vandermonde matrix, so regular. Then n
    # hyperplanes make Σ C(n, i) cells, i ≤ d, and on each one the others make Σ C(n - 1, i) walls, i ≤ d - 1.
    rows = [tuple(t**i for i in range(dimension + 1)) for t in range(1, n + 1)]
    cells = sum(comb(n, i) for i in range(dimension + 1))
    walls = n * sum(comb(n - 1, i) for i in range(dimension)) if n else 0
    assert counts(rows) == (cells, walls)


@pytest.mark.parametrize("dimension", range(1, 6))
def test_through_one_point_in_general_position(dimension: int) -> None:
    # Schläfli: 2 Σ C(n - 1, i), i < d.
    n = 7
    rows = [(*(t**i for i in range(dimension)), 0) for t in range(1, n + 1)]
    walls = n * 2 * sum(comb(n - 2, i) for i in range(dimension - 1)) if dimension > 1 else 1
    # In dimension 1 they are all the same point.
    assert counts(rows) == (2 * sum(comb(n - 1, i) for i in range(dimension)), walls if dimension > 1 else 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Three vertical and two horizontal lines: 4 · 3 boxes; 3 · 3 + 2 · 4 walls.
        pytest.param([(1, 0, 0), (1, 0, 1), (1, 0, 2), (0, 1, 0), (0, 3, 5)], (12, 17), id="grid"),
        # n lines through a point: 2 n sectors, 2 n walls.
        pytest.param([(1, 0, 0), (0, 1, 0), (1, 1, 0), (1, -1, 0)], (8, 8), id="pencil"),
        # Four planes through a line in space: 8 wedges, 8 half-planes.
        pytest.param([(1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 0, 0), (1, -1, 0, 0)], (8, 8), id="pencil of planes"),
        # The braid arrangement x_i = x_j in R^3: 3! cells; each plane is cut by the others in one line.
        pytest.param([(1, -1, 0, 0), (0, 1, -1, 0), (1, 0, -1, 0)], (6, 6), id="braid"),
        # The braid arrangement in R^4: 4! cells, each with 3 walls.
        pytest.param(
            [
                (1, -1, 0, 0, 0),
                (1, 0, -1, 0, 0),
                (1, 0, 0, -1, 0),
                (0, 1, -1, 0, 0),
                (0, 1, 0, -1, 0),
                (0, 0, 1, -1, 0),
            ],
            (24, 36),
            id="braid in four coordinates",
        ),
        pytest.param([(2, 4, 6), (-1, -2, -3), (0, 0, 5), (0, 0, 0)], (2, 1), id="one line, thrice or not at all"),
        pytest.param([], (1, 0), id="nothing"),
    ],
)
def test_degenerate_arrangements(rows: list[tuple[int, ...]], expected: tuple[int, int]) -> None:
    assert counts(rows) == expected


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3), st.data())
def test_the_counts_are_those_of_the_cells_found_one_by_one(dimension: int, data: st.DataObject) -> None:
    row = st.tuples(*[st.integers(-1, 1)] * (dimension + 1))
    rows = data.draw(st.lists(row, min_size=1, max_size=5))
    problem = network_tree("relu", [[row[:-1] for row in rows], [[1] * len(rows)]], [[row[-1] for row in rows], [0]])
    found = regions_by_hand(problem)
    assert counts(rows) == (found["n_cells"], found["n_adjacencies"])


def test_a_count_that_would_take_for_ever_is_refused() -> None:
    rows = [tuple(t**i for i in range(21)) for t in range(1, 41)]
    with pytest.raises(TooLarge):
        n_cells(rows, Work(10_000))
