"""The star of a point: known stars, the region graph as a second road, and laws."""

import itertools
import random

import networkx
import pytest

from symflow.activations.base import activation
from symflow.cells.incident_cells import incident_cells
from symflow.cells.star import Star, star
from symflow.differentials.clarke import clarke_differential
from symflow.exact.exponential_numbers import to_text
from symflow.exact.rationals import fmpq
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Combination
from symflow.nets.realization import Realization
from symflow.regions.region_graph import RegionGraph
from tests.differentials.test_bank import drawn


def in_weights(network: Network, *inputs: tuple[int, ...]) -> FunctionOfWeights:
    data = tuple(tuple(fmpq(v) for v in x) for x in inputs)
    return FunctionOfWeights(network, data, Combination(tuple(fmpq(1) for _ in data)))


def edges(found: Star) -> set[tuple[str, str]]:
    return {(found.cells[e.first].pattern, found.cells[e.second].pattern) for e in found.edges}


# ------------------------------------------------------------------------------------------ known answers


def test_duplicated_neurons_flip_together_in_the_input() -> None:
    found = star(Realization(Network.from_weights([[1], [1]], [[1, 1]])).at((0,)))
    assert found.is_exact
    assert edges(found) == {("--", "++")}
    assert [edge.flips for edge in found.edges] == [(0, 1)]


def test_duplicated_neurons_are_independent_in_the_weights() -> None:
    # z_1 and z_2 are two variables (times x = 1): four quadrants around a point, a circle.
    found = star(in_weights(Network.from_weights([[0], [0]], [[1, 1]]), (1,)))
    assert found.is_exact
    assert edges(found) == {("--", "-+"), ("--", "+-"), ("-+", "++"), ("+-", "++")}


def test_data_that_are_multiples_of_each_other_flip_together_in_the_weights() -> None:
    found = star(in_weights(Network.from_weights([[0, 0]], [[1]]), (1, 1), (2, 2)))
    assert edges(found) == {("-|-", "+|+")}


def test_three_lines_through_a_point_have_six_cells_in_a_circle() -> None:
    found = star(Realization(Network.from_weights([[1, 0], [0, 1], [1, 1]], [[1, 1, 1]])).at((0, 0)))
    assert found.is_exact
    assert networkx.is_isomorphic(found.graph, networkx.cycle_graph(6))


def test_the_winners_of_a_pooling_group_share_walls_where_they_tie() -> None:
    # max(x, y, -x - y) at 0: three sectors, each beside both others.
    pool = activation("maxpool", groups=[[0, 1, 2]])
    network = Network.from_weights([[1, 0], [0, 1], [-1, -1]], [[1]], activation=pool)
    found = star(Realization(network).at((0, 0)))
    assert edges(found) == {("1", "2"), ("1", "3"), ("2", "3")}


def test_the_cusp_joins_its_cells_by_walls_of_which_some_are_curved() -> None:
    # clarke.md 2.2 (iii): z_2 = <W_2, relu(z_1)> with W_1 = 0.
    found = star(in_weights(Network.from_weights([[0], [0]], [[-1, 0]], [[-1]]), (-1,)))
    assert not found.undecided
    assert networkx.is_connected(found.graph)
    assert len(found.bouligand_differential) == 2
    degrees = {
        (found.cells[edge.first].pattern, found.cells[edge.second].pattern): edge.wall.total_degree()
        for edge in found.edges
        if edge.flips == (2,)
    }
    assert degrees["-+-", "-++"] == 1  # W_2[1,2] = 0
    assert degrees["++-", "+++"] == 2  # W_2[1,1] z_11 + W_2[1,2] z_12 = 0


def test_the_nodes_carry_pattern_gradient_and_certificate() -> None:
    function = Realization(Network.from_weights([[1], [-1]], [[1, 1]])).at((0,))
    graph = star(function).graph
    assert [graph.nodes[node]["pattern"] for node in graph] == ["-+", "+-"]
    assert [graph.nodes[node]["gradient"] for node in graph] == [(-1,), (1,)]
    assert [graph.nodes[node]["certificate"].arc for node in graph] == [((-1,),), ((1,),)]
    assert networkx.is_frozen(graph)


# ------------------------------------------------------------------------------------------ two roads to one value


def drawn_realization(seed: int) -> Network:
    dice = random.Random(seed)
    widths = [2, *(dice.choice([2, 3]) for _ in range(dice.choice([1, 2]))), 1]
    weights = [[[dice.randint(-2, 2) for _ in range(n)] for _ in range(m)] for n, m in itertools.pairwise(widths)]
    biases = [[dice.randint(-1, 1) for _ in matrix] for matrix in weights]
    return Network.from_weights(*weights, biases=biases, activation=dice.choice(["relu", "abs"]))


@pytest.mark.parametrize("seed", range(12))
def test_the_star_in_the_input_is_the_region_graph_at_the_point(seed: int) -> None:
    net = drawn_realization(seed)
    regions = RegionGraph.of(net)
    points = sorted({v for cell in regions.cells for v in cell.vertices} | {wall.point for wall in regions.walls})
    for point in points[:8]:
        found = star(Realization(net).at(point))
        meeting = regions.cells_meeting(point)
        # Cells that share a wall meet in that wall: it contains the point iff both of them do.
        expected = regions.graph.subgraph([cell.index for cell in meeting])
        assert found.is_exact
        assert {cell.pattern for cell in found.cells} == {cell.pattern for cell in meeting}
        walls = {frozenset((regions.pattern(i), regions.pattern(j))) for i, j in expected.edges}
        assert {frozenset(pair) for pair in edges(found)} == walls


# ------------------------------------------------------------------------------------------ laws


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6, 7, 8])
def test_the_star_is_connected_and_its_gradients_are_the_bouligand_differential(seed: int) -> None:
    # A ball minus sets of codimension 2 is connected, so the decided star is too.
    function = drawn(seed).function()
    found = star(function)
    assert found.cells == incident_cells(function).cells
    assert found.undecided == ()
    if found.is_exact:
        assert networkx.is_connected(found.graph)
    dF = clarke_differential(function)
    texts = {tuple(map(to_text, gradient)) for gradient in found.bouligand_differential}
    if dF.n_limiting_gradients is not None:
        assert len(texts) == dF.n_limiting_gradients
    if dF.n_vertices is not None and dF.n_vertices <= 200:
        assert {tuple(map(to_text, vertex)) for vertex in dF.vertices} <= texts
