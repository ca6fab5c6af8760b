"""What ``symflow regions`` prints: transcripts whose numbers are known by hand, and what folds where."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.exact.rationals import fmpq
from symflow.formats.plain_text import render
from symflow.nets.network import Network
from symflow.problem import Domain, Problem
from symflow.problem_tree import problem_from_tree
from symflow.regions import region_complex
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.registry import display
from symflow.reports.regions_document import regions_document
from symflow.reports.regions_overview import overview_of_graph, overview_of_result
from symflow.reports.regions_result import inequalities, regions_result
from tests.regions.nets import networks

CORNER: dict[str, Any] = {
    "title": "A corner where autodiff stops",
    "network": {
        "activation": "relu",
        "weights": [[["0", "1"], ["-1", "0"], ["1", "-1"]], [["-1", "1", "1"], ["-1", "1", "-1"]], [["2", "1"]]],
        "biases": [["-2", "2", "0"], ["1", "1"], ["0"]],
    },
    "objective": {"variable": "input"},
}


def problem_of(network: Network, domain: Domain | None = None) -> Problem:
    return Problem(network.architecture, network, variable="input", domain=domain)


def text_of(problem: Problem, *, control: Control | None = None, width: int = 92, **options: Any) -> str:
    """Return what the command prints."""
    domain = inequalities(problem.domain)
    graph = RegionGraph.of(problem.known_network, domain=domain, control=control or Control())
    full = bool(options.get("full"))
    return render(regions_document(problem, graph, **options), width=width, full=full)


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def expect(text: str, transcript: str) -> None:
    assert text.splitlines() == indent(dedent(transcript).rstrip(), "  ").splitlines()


# ---------------------------------------------------------------------- transcripts


def test_the_corner_is_the_mock_up() -> None:
    # Its cells, maps and walls were found by hand; they are numbered by pattern here.
    expect(
        text_of(problem_from_tree(CORNER)),
        """
        A corner where autodiff stops.  2-3-2-1 relu net with biases, in the input.

        12 cells, 16 walls, 5 corners.  3 cells are bounded.  10 affine maps.          ■ exact

        cell    pattern    f                  ∇f          a point in it    bounded    neighbours
           1    −−+|+−     2x1 − 2x2 + 2      (2, −2)     (4, 0)                      2, 4, 9
           2    −−+|++     x1 − x2 + 3        (1, −1)     (7/3, 5/3)       yes        1, 5, 10
           3    −+−|++     −3x1 + 9           (−3, 0)     (0, 1)                      5, 12
           4    −++|+−     −2x2 + 6           (0, −2)     (3/2, −1)                   1, 5
           5    −++|++     −2x1 − x2 + 9      (−2, −1)    (1/2, −1/2)                 2, 3, 4
           6    +−−|−−     0                  (0, 0)      (4, 5)                      7, 8, 11
           7    +−−|++     −3x2 + 9           (0, −3)     (7/3, 8/3)       yes        6, 10, 12
           8    +−+|−−     0                  (0, 0)      (5, 9/2)                    6, 9
           9    +−+|+−     2x1 − 4x2 + 6      (2, −4)     (5, 3)                      1, 8, 10
          10    +−+|++     x1 − 4x2 + 9       (1, −4)     (8/3, 7/3)       yes        2, 7, 9
          11    ++−|−−     0                  (0, 0)      (1, 5)                      6, 12
          12    ++−|++     −3x1 − 3x2 + 15    (−3, −3)    (0, 4)                      3, 7, 11

        no kink           walls 6|8 and 6|11: f is 0 on both sides
        two at once       walls 6|7 and 11|12 flip both neurons of layer 2

        known by          a point in each cell; each wall found from both of its sides
        """,
    )


def test_on_a_line_cells_are_intervals_and_walls_are_kinks() -> None:
    net = Network.from_weights([[1], [2], [1]], [[1, 1, -1]], biases=[[0, -3, -1], [0]])
    expect(
        text_of(problem_of(net)),
        """
        1-3-1 relu net with biases, in the input.

        4 cells, 3 walls.  2 cells are bounded.  4 affine maps.                        ■ exact

        cell    pattern    f         where          bounded    neighbours
           1    −−−        0         x < 0                     2
           2    +−−        x         0 < x < 1      yes        1, 3
           3    +−+        1         1 < x < 3/2    yes        2, 4
           4    +++        2x − 2    x > 3/2                   3

        kinks             x = 0, 1 and 3/2

        known by          a point in each cell; each wall found from both of its sides
        """,
    )


def test_what_vanishes_never_switches_or_is_constant_along_lines_is_said() -> None:
    # z1 = x1 = -z3, z2 = 0; in the second layer relu(x1) and -relu(x1) - 1; nothing depends on x2.
    net = Network.from_weights(
        [[1, 0], [0, 0], [-1, 0]],
        [[1, 1, 0], [-1, 0, 0]],
        [[1, 1]],
        biases=[[0, 0, 0], [0, -1], [0]],
    )
    expect(
        text_of(problem_of(net)),
        """
        2-3-2-1 relu net with biases, in the input.

        2 cells, 1 wall.  None is bounded.  2 affine maps.                             ■ exact

        cell    pattern    f     ∇f        a point in it    neighbours
           1    −0+|0−     0     (0, 0)    (−1, 0)          2
           2    +0−|+−     x1    (1, 0)    (1, 0)           1

        several at once   wall 1|2 flips neurons 1 and 3 of layer 1 and neuron 1 of layer 2
        identically 0     neuron 2 of layer 1, everywhere
                          neuron 1 of layer 2, on some cells
        never switch      neuron 2 of layer 2: − on every cell
        lines             no wall is crossed along (0, 1)

        known by          a point in each cell; each wall found from both of its sides
        """,
    )


@pytest.mark.parametrize(
    ("weights", "domain", "answer", "grounds"),
    [
        ([[[1, 2], [0, 1]]], None, "One cell, all of R^2: the net is affine there.", "the net has no kinks"),
        (
            [[[0, 0]], [[1]]],
            None,
            "One cell, all of R^2: the net is affine there.",
            "no neuron changes its sign there",
        ),
        (
            [[[1, 1]], [[1]]],
            Domain(box=((fmpq(1), fmpq(2)), (fmpq(1), fmpq(2)))),
            "One cell, the whole domain, bounded: the net is affine there.",
            "no neuron changes its sign there",
        ),
        (
            [[[1, 0]], [[1]]],
            Domain(matrix=((fmpq(-1), fmpq(0)),), bounds=(fmpq(-1),)),
            "One cell, the whole domain, unbounded: the net is affine there.",
            "no neuron changes its sign there",
        ),
    ],
)
def test_one_cell_is_said_in_words(weights: Any, domain: Domain | None, answer: str, grounds: str) -> None:
    lines = lines_of(text_of(problem_of(Network.from_weights(*weights), domain)))
    assert lines[1].split("  ") == ["", answer, *lines[1].split("  ")[2:]]
    assert lines[-1] == f"  known by          {grounds}"


def test_the_domain_stands_in_the_title() -> None:
    net = Network.from_weights([[1, 1]], [[1]])
    box = Domain(box=((fmpq(-1), fmpq(1)), (fmpq(0), fmpq(1, 2))))
    assert lines_of(text_of(problem_of(net, box)))[0].endswith("in the input, on [−1, 1] × [0, 1/2].")
    polyhedron = Domain(matrix=((fmpq(1), fmpq(1)),), bounds=(fmpq(1),))
    assert lines_of(text_of(problem_of(net, polyhedron)))[0].endswith("on the polyhedron of 1 inequality.")
    line = Network.from_weights([[1]], [[1]])
    assert lines_of(text_of(problem_of(line, Domain(box=((fmpq(-1), fmpq(1)),)))))[0].endswith("on [−1, 1].")
    four = Network.from_weights([[1, 1, 1, 1]], [[1]])
    cube = Domain(box=((fmpq(0), fmpq(1)),) * 4)
    assert lines_of(text_of(problem_of(four, cube)))[0].endswith("on a box.")


# ---------------------------------------------------------------------- what folds


def stars(n: int, n_inputs: int = 2, n_outputs: int = 1) -> Network:
    """A net with n hyperplanes in general position."""
    rows = [[t**k for k in range(1, n_inputs + 1)] for t in range(1, n + 1)]
    return Network.from_weights(
        rows, [[1] * n] * n_outputs, biases=[[(-1) ** t * t for t in range(n)], [0] * n_outputs]
    )


def test_many_cells_fold_and_only_the_rows_shown_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(region_complex, "_FEW_CELLS", 0)
    problem = problem_of(stars(10))
    graph = RegionGraph.of(problem.known_network)
    lines = lines_of(render(regions_document(problem, graph)))
    assert graph.n_cells == 56
    assert "interior_points" not in graph.complex.__dict__
    rows = lines[3 : lines.index("  known by          a point in each cell; each wall found from both of its sides")]
    assert [row.split()[0] for row in rows if row[:6].strip().isdigit()] == [
        *map(str, range(1, 13)),
        *map(str, range(53, 57)),
    ]
    assert "  …  (40 more cells; --all, or --json)" in rows
    everything = lines_of(text_of(problem, all_cells=True))
    assert sum(line[:6].strip().isdigit() for line in everything) == 56
    assert not any("more cells" in line for line in everything)
    assert not any("…" in line for line in lines_of(text_of(problem, full=True)))


def test_columns_are_left_out_as_room_needs_it() -> None:
    def names(network: Network, width: int = 92) -> list[str]:
        (head,) = [line for line in lines_of(text_of(problem_of(network), width=width)) if line.startswith("  cell ")]
        return [name.strip() for name in head.split("  ") if name.strip()]

    three = stars(3)
    assert names(three) == ["cell", "pattern", "f", "∇f", "a point in it", "bounded", "neighbours"]
    assert names(three, 74) == ["cell", "pattern", "f", "a point in it", "bounded", "neighbours"]
    assert names(three, 52) == ["cell", "pattern", "a point in it", "bounded", "neighbours"]
    assert names(stars(9), 62) == ["cell", "pattern", "a point in it", "bounded", "walls"]
    assert names(three, 40) == ["cell", "pattern", "bounded", "neighbours"]
    assert "∇f" not in names(stars(3, n_outputs=2))
    assert names(stars(6, n_inputs=7)) == ["cell", "pattern", "f", "walls"]


def test_a_wide_pattern_is_whole_where_it_fits_and_folded_where_it_does_not() -> None:
    def first_pattern(n: int, **options: Any) -> str:
        strips = Network.from_weights([[1, 1]] * n, [[1] * n], biases=[list(range(n)), [0]])
        return next(line for line in lines_of(text_of(problem_of(strips), **options)) if line[:7] == "     1 ").split()[
            1
        ]

    assert first_pattern(40) == "−" * 40
    assert first_pattern(90) == "−−−−−−−−…−−"
    assert "…" not in first_pattern(90, full=True)


def test_many_walls_and_neurons_are_counted_and_few_are_named() -> None:
    # 8 pairs of equal neurons: every wall flips two at once. 14 neurons are 1 everywhere and feed nothing.
    rows = [[t, t * t] for t in range(1, 9) for _ in range(2)] + [[0, 0]] * 14
    biases = [t % 3 for t in range(1, 9) for _ in range(2)] + [1] * 14
    net = Network.from_weights(rows, [[1, -1] * 8 + [0] * 14], biases=[biases, [0]])
    text = text_of(problem_of(net))
    n_walls = RegionGraph.of(net).n_adjacencies
    assert "  no kink           at all walls: f is 0 on both sides" in text
    assert f"  two at once       {n_walls} walls flip two neurons at once" in text
    assert "  never switch      14 neurons: + on every cell" in text


def test_groups_are_called_so() -> None:
    tree = {
        "network": {
            "activation": {"name": "maxpool", "groups": [[0, 1], [2, 3]]},
            "weights": [[["1", "0"], ["0", "0"], ["1", "0"], ["0", "0"]], [["1", "-1"]]],
        },
        "objective": {"variable": "input"},
    }
    text = text_of(problem_from_tree(tree))
    assert "wall 1|2 flips both pooling groups of layer 1" in text
    assert "at the one wall: f is 0 on both sides" in text


# ---------------------------------------------------------------------- incomplete results


def test_an_incomplete_result_says_what_is_known_what_is_missing_and_how_to_go_on() -> None:
    problem = problem_from_tree(CORNER)
    text = text_of(problem, control=Control(max_cells=5), advice=("give it more time",))
    lines = lines_of(text)
    assert lines[1].startswith("  At least 5 cells and 4 walls; the rest is open.  ")
    assert lines[1].endswith("□ undecided")
    assert any(line.startswith("  missing           completions of 7 patterns: ") for line in lines)
    assert "  next              give it more time" in lines
    assert lines[-1] == "  known by          a point in each cell"
    nothing = lines_of(text_of(problem, control=Control(deadline=0.0)))
    assert nothing[1].startswith("  No cell is known yet.  ")
    assert nothing[2] == "  missing           completions of 1 pattern: ***|**"


# ---------------------------------------------------------------------- the two sources


@settings(max_examples=15)
@given(networks(n_units=5), st.none() | st.integers(0, 6))
def test_the_json_object_says_the_same_as_the_graph(network: Network, max_cells: int | None) -> None:
    problem = problem_of(network)
    graph = RegionGraph.of(network, control=Control(max_cells=max_cells))
    result = regions_result(problem, graph)
    assert render(regions_document(problem, result)) == render(regions_document(problem, graph))
    seen, read = overview_of_graph(problem, graph), overview_of_result(problem, result)
    assert [seen.row(i) for i in range(seen.n_cells)] == [read.row(i) for i in range(read.n_cells)]


@settings(max_examples=25)
@given(networks(n_units=6), st.sampled_from([40, 60, 80, 92]), st.booleans())
def test_no_line_is_too_long_and_ascii_is_ascii(network: Network, width: int, full: bool) -> None:
    problem = problem_of(network)
    document = regions_document(problem, RegionGraph.of(network), full=full)
    text = render(document, width=width, ascii=True, full=full)
    assert max(map(len, text.splitlines())) <= width
    assert text.isascii()


@pytest.mark.parametrize(("first", "biases"), [(["0"], ["0"]), (["0", "0"], ["1", "-1"])])
def test_a_cell_which_is_all_of_the_line_lies_everywhere(first: list[str], biases: list[str]) -> None:
    """With W1 = 0 nothing cuts the line: the one point of the section is no end of the cell."""
    network = Network.from_weights([[each] for each in first], [["1"] * len(first)], biases=[biases, ["0"]])
    problem, graph = problem_of(network), RegionGraph.of(network)
    for source in (graph, regions_result(problem, graph)):
        row = next(line for line in lines_of(render(regions_document(problem, source))) if line.startswith("     1 "))
        assert row.endswith("  everywhere")
        assert "<" not in row


def test_a_cell_that_contains_lines_says_so_as_a_formula_and_in_a_notebook() -> None:
    """relu(x1 + x2) has two half-planes: x1 + x2 < 0 is the ray (−1, 0) plus the line along (1, −1)."""
    line, half = (RegionGraph.of(Network.from_weights([row], [["1"]])) for row in (["0"], ["1", "1"]))
    assert line.cell(0).to_latex() == r"$$f(x)=0\quad\text{for }x\in \mathbb{R}$$"
    (direction,) = half.lineality
    assert sum(direction) == 0
    cell = half.cell(0)
    assert r"\operatorname{span}" in cell.to_latex()
    html = display(cell, "html")
    assert html is not None
    assert "lines along" in html
    assert "vertices" not in html
