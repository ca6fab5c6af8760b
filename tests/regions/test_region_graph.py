"""The region graph of a net: known counts, degenerate nets by hand, and every drawn net against brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import POSITIONS, AbstractActivation, activation
from symflow.errors import InputError, NotSupportedError, ShapeError
from symflow.nets.network import Network
from symflow.regions.enumeration import enumerate_pieces
from symflow.regions.integer_layers import integer_net
from symflow.regions.region_graph import RegionGraph
from symflow.regions.start import start
from tests.regions.agreement import check
from tests.regions.brute_force import Domain, domain_forms, has_interior
from tests.regions.nets import domains, drawn_normal, networks

WHOLE = {
    "a": (517, 999, 451),
    "f": (362, 696, 310),
    "c": (2400, 6884, 1880),
    "b": (1831, 3598, 1707),
}
LARGE = {
    "d": (6793, 25697, 4575),
    "g": (8849, 17569, 8595),
    "e": (21700, 100720, 11628),
}


def maxpool(*groups: list[int]) -> AbstractActivation:
    """A maximum over groups."""
    return activation("maxpool", groups=list(groups))


def general_position(dimension: int, n: int) -> Network:
    """A net whose n hyperplanes are in general position: covectors (t, t², .., t^d, 1) for different t."""
    values = [Fraction(t, 3) for t in range(1, n + 1)]
    return Network.from_weights(
        [[t**k for k in range(1, dimension + 1)] for t in values],
        [[1] * n],
        biases=[[1 if i % 2 else -1 for i in range(n)], [0]],
    )


def counts(graph: RegionGraph) -> tuple[int, int, int]:
    """Cells, walls, bounded cells."""
    return graph.n_cells, graph.n_adjacencies, graph.n_bounded


# ---------------------------------------------------------------------- closed forms


@pytest.mark.parametrize(
    ("dimension", "n"), [(1, 1), (1, 6), (2, 1), (2, 2), (2, 9), (3, 2), (3, 7), (4, 4), (4, 7), (5, 7), (6, 7)]
)
def test_hyperplanes_in_general_position_make_as_many_cells_walls_and_bounded_cells_as_buck_counted(
    dimension: int, n: int
) -> None:
    # Buck (1943): cells Σ C(n, i) for i <= d; on each hyperplane the others are in general position again.
    graph = RegionGraph.of(general_position(dimension, n))
    cells = sum(comb(n, i) for i in range(dimension + 1))
    walls = n * sum(comb(n - 1, i) for i in range(dimension))
    assert counts(graph) == (cells, walls, comb(n - 1, dimension))


@pytest.mark.parametrize("name", WHOLE)
def test_the_counts_of_the_drawn_nets(name: str) -> None:
    assert counts(RegionGraph.of(drawn_normal(name))) == WHOLE[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_the_counts_of_the_large_drawn_nets(name: str) -> None:
    assert counts(RegionGraph.of(drawn_normal(name))) == LARGE[name]


@pytest.mark.parametrize("network", [*map(drawn_normal, WHOLE), general_position(4, 6)], ids=[*WHOLE, "general"])
def test_the_finite_faces_of_all_dimensions_have_the_euler_characteristic_of_space(network: Network) -> None:
    (piece,) = enumerate_pieces(start(integer_net(network))).finished
    d = piece.lattice.dimension
    n_faces = [int((piece.hulls[k][:, 0] != 0).sum()) for k in range(d)] + [piece.n_cells]
    assert sum((-1) ** k * n for k, n in enumerate(n_faces)) == (-1) ** d


def test_a_grid_has_the_cells_and_walls_of_a_chessboard() -> None:
    # Eight lines x = i, eight lines y = j: 9 x 9 cells, of which 7 x 7 are bounded.
    rows = [[1, 0]] * 8 + [[0, 1]] * 8
    graph = RegionGraph.of(Network.from_weights(rows, [[1] * 16], biases=[[-i for i in range(8)] * 2, [0]]))
    assert counts(graph) == (81, 2 * 9 * 8, 49)


@pytest.mark.parametrize("dimension", [2, 3, 4, 5])
def test_the_cells_of_the_braid_arrangement_are_the_orders_of_the_coordinates(dimension: int) -> None:
    n = dimension + 1
    rows = [[(k == i) - (k == j) for k in range(n)] for i in range(n) for j in range(i)]
    graph = RegionGraph.of(Network.from_weights(rows, [[1] * len(rows)]))
    factorial = [1, 1, 2, 6, 24, 120, 720][n]
    assert counts(graph) == (factorial, factorial * dimension // 2, 0)
    assert graph.lineality == ((1,) * n,)


def test_many_lines_through_one_point_make_a_fan() -> None:
    # A degenerate point of the plane: 2n sectors around it, each with two walls.
    rows = [[1, t] for t in range(12)]
    graph = RegionGraph.of(Network.from_weights(rows, [[1] * 12], biases=[[-1 - t for t in range(12)], [0]]))
    assert counts(graph) == (24, 24, 0)
    assert len(graph.cells_meeting((1, 1))) == 24
    assert graph.complex.generators.vectors[0] == (1, 1, 1)


# ---------------------------------------------------------------------- by hand


def by_hand() -> dict[str, Network]:
    """Nets each of which is degenerate in one way."""
    tiny, huge = Fraction(1, 2**60), 2**1100
    return {
        "no hidden layer": Network.from_weights([[1, 2], [0, 1]]),
        "no hidden layer, zero": Network.from_weights([[0]]),
        "zero W_1 with biases": Network.from_weights([[0, 0], [0, 0], [0, 0]], [[1, 1, 1]], biases=[[1, -1, 0], [0]]),
        "zero row": Network.from_weights([[0, 0], [1, 1]], [[1, 1]], biases=[[0, 1], [0]]),
        "duplicated and opposite neurons": Network.from_weights([[1, 2], [2, 4], [-1, -2], [1, 0]], [[1, 1, 1, 1]]),
        "rank deficient": Network.from_weights([[1, 1, 1], [1, 0, 1]], [[1, 1]], biases=[[0, 1], [0]]),
        "rank deficient, deep": Network.from_weights([[1, 1, 1], [2, 2, 2]], [[1, -1], [1, 1]], [[1, 1]]),
        "fold": Network.from_weights([[1, 0], [-1, 0]], [[1, 1]], [[1]]),
        "fold, then a wall inside it": Network.from_weights(
            [[1, 0], [-1, 0]], [[1, 1], [1, 1]], [[1, 1]], biases=[[0, 0], [0, -1], [0]]
        ),
        "vanishes on a whole cell": Network.from_weights([[1, 0], [0, 1]], [[1, 1], [1, -1]], [[1, 1]]),
        "vanishes on a cell, deep": Network.from_weights(
            [[1, 0], [0, 1]], [[1, 1], [1, -1]], [[1, -1], [1, 1]], [[1, 1]]
        ),
        "dead layer": Network.from_weights([[1, 0], [0, 1]], [[-1, -1]], [[1], [-1]], [[1, 1]]),
        "dead layer with biases": Network.from_weights(
            [[1, 0], [0, 1]], [[-1, -1]], [[1], [-1]], [[1, 1]], biases=[[0, 0], [-1], [0, 1], [0]]
        ),
        "strip of width 2^-60": Network.from_weights([[1, 1], [1, 1], [1, 0]], [[1, 1, 1]], biases=[[0, tiny, 0], [0]]),
        "strip of width 2^-60, crossed by another": Network.from_weights(
            [[1, 0], [1, 0], [0, 1], [0, 1]], [[1, 1, 1, 1]], biases=[[0, tiny, 1, 1 + tiny], [0]]
        ),
        "almost through one point": Network.from_weights(
            [[1, 0], [0, 1], [1, 1]], [[1, 1, 1]], biases=[[0, 0, tiny], [0]]
        ),
        "huge and tiny": Network.from_weights(
            [[1, 1], [1, -1]], [[1, 1], [1, -2]], [[1, 1]], biases=[[huge, 0], [-(huge**2), 1], [0]]
        ),
        "a wall at 2^1020": Network.from_weights(
            [[Fraction(1, 2**1000)]] * 2, [[1, 1]], biases=[[2**20, 2**20 + 1], [0]]
        ),
        "leaky with slope 1": Network.from_weights(
            [[1, 0], [1, 1]], [[1, -1]], activation=activation("leaky_relu", slope=1)
        ),
        "leaky with slope -1/3": Network.from_weights(
            [[1, 0], [1, 1]], [[1, -1], [2, 1]], [[1, 1]], activation=activation("leaky_relu", slope="-1/3")
        ),
        "leaky with slope 0 and 2^80": Network.from_weights(
            [[1, 0], [1, 1]],
            [[1, -1], [2, 1]],
            [[1, 1]],
            activation=[activation("leaky_relu", slope=0), activation("leaky_relu", slope=2**80)],
        ),
        "abs of abs": Network.from_weights(
            [[1], [1]], [[1, 1], [1, -1]], [[1, 1]], biases=[[1, -1], [-3, 0], [0]], activation="abs"
        ),
        "maxpool": Network.from_weights([[1, 0], [0, 1], [1, 1], [0, 0]], [[1]], activation=maxpool([0, 1, 2, 3])),
        "maxpool of equal members": Network.from_weights(
            [[1, 0], [1, 0], [0, 1]], [[1]], activation=maxpool([2, 0, 1])
        ),
        "maxpool of groups of one": Network.from_weights(
            [[1, 0], [0, 1]], [[1, 1], [1, 2]], [[1, 1]], activation=[maxpool([0], [1]), "relu"]
        ),
        "maxpool whose comparisons cut in vain": Network.from_weights(
            [[1, 0], [-1, 0], [0, 5], [0, -5], [0, 0]], [[1]], activation=maxpool([0, 1, 2, 3, 4])
        ),
        "maxpool of three groups, then relu": Network.from_weights(
            [[1, 0], [0, 1], [1, 1], [1, -1], [2, 1]],
            [[1, 1, 1], [1, -1, 0]],
            [[1, 1]],
            activation=[maxpool([0, 1], [2, 3], [4]), "relu"],
        ),
        "maxpool, deep": Network.from_weights(
            [[1, 0], [0, 1], [1, 1]],
            [[1, 1, 1], [1, -1, 0], [0, 0, 1]],
            [[1]],
            activation=["relu", maxpool([0, 1, 2])],
        ),
        "maxpool of maxpool": Network.from_weights(
            [[1, 0], [0, 1], [-1, 0], [0, -1]],
            [[1, 0], [0, 1], [1, 1]],
            [[1, 1]],
            activation=[maxpool([0, 1], [2, 3]), maxpool([0, 1], [2])],
            biases=[[0, 0, 0, 1], [0, 0, 1], [0]],
        ),
        "identity first": Network.from_weights(
            [[1, 1], [1, -1]], [[1, 0], [1, 1]], [[1, 1]], activation=["identity", "relu"]
        ),
        "identity between": Network.from_weights(
            [[1, 1], [1, -1]], [[1, 0], [1, 1]], [[1, 1]], [[1]], activation=["relu", "identity", "relu"]
        ),
        "identity all along": Network.from_weights([[1, 1], [1, -1]], [[1, 0]], [[1]], activation="identity"),
        "several outputs": Network.from_weights(
            [[1, 0], [0, 1]], [[1, 1], [1, -1], [0, 0]], biases=[[0, 1], [1, 2, 3]]
        ),
        "two maps in five cells": Network.from_weights([[1, 0], [-1, 0], [0, 1]], [[1, -1, 0]]),
    }


@pytest.mark.parametrize("name", by_hand())
def test_a_degenerate_net_has_the_cells_and_walls_that_brute_force_finds(name: str) -> None:
    check(by_hand()[name])


def test_relu_power_makes_no_polyhedra() -> None:
    net = Network.from_weights([[1]], [[1]], activation=activation("relu_power", power=2))
    with pytest.raises(NotSupportedError, match="not affine on its cells"):
        RegionGraph.of(net)


def test_two_cells_whose_patterns_differ_in_one_sign_need_not_touch() -> None:
    # relu(|x| - 1) sees only |x|: the cells x < -1 and x > 1 differ from those between, not from each other, in unit 3.
    graph = RegionGraph.of(
        Network.from_weights([[1], [1]], [[1, 1]], [[1]], biases=[[0, 0], [-2], [0]], activation=["abs", "relu"])
    )
    assert [cell.pattern for cell in graph.cells] == ["---", "--+", "++-", "+++"]
    assert [wall.cells for wall in graph.walls] == [(0, 1), (0, 2), (2, 3)]
    assert [wall.flips for wall in graph.walls] == [((2, 1),), ((1, 1), (1, 2)), ((2, 1),)]


# ---------------------------------------------------------------------- brute force


@settings(max_examples=30)
@given(networks(n_units=6))
def test_every_net_has_the_cells_and_walls_that_brute_force_finds(network: Network) -> None:
    check(network)


@settings(max_examples=30)
@given(networks(n_inputs=(1, 2), n_hidden=(2, 4), n_units=8, numbers="signs"))
def test_deep_nets_of_small_integers_have_the_cells_and_walls_that_brute_force_finds(network: Network) -> None:
    check(network)


@settings(max_examples=30)
@given(networks(n_units=6, kinds=("maxpool", "maxpool", "relu")))
def test_nets_with_maxima_have_the_cells_and_walls_that_brute_force_finds(network: Network) -> None:
    check(network)


@pytest.mark.slow
@given(networks(n_inputs=(4, 4), n_units=6))
def test_nets_of_four_inputs_have_the_cells_and_walls_that_brute_force_finds(network: Network) -> None:
    check(network)


# ---------------------------------------------------------------------- domains


@settings(max_examples=30)
@given(st.data())
def test_on_a_domain_there_are_the_cells_that_brute_force_finds_or_it_has_no_interior(data: st.DataObject) -> None:
    network = data.draw(networks(n_units=4))
    domain = data.draw(domains(network.architecture.n_inputs))
    if has_interior(domain_forms(domain)) and not _says_nonsense(domain):
        check(network, domain)
    else:
        with pytest.raises(InputError, match="domain"):
            RegionGraph.of(network, domain=domain)


def _says_nonsense(domain: Domain) -> bool:
    """Whether a row says 0 <= b for a negative b."""
    return any(not any(row) and bound < 0 for row, bound in zip(*domain, strict=True))  # type: ignore[operator]


TRIANGLE = Network.from_weights([[1, 0], [0, 1], [-1, -1]], [[1, 1, 1]], biases=[[0, 0, 1], [0]])


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        pytest.param(([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 1, 1, 1]), (5, 5, 5), id="box"),
        pytest.param(([[1, 0]], [0]), (3, 2, 0), id="half-plane along a wall"),
        pytest.param(([[-1, 0], [0, -1], [1, 1]], [0, 0, 1]), (1, 0, 1), id="the triangle itself"),
        pytest.param(([[-1, 0], [0, -1], [1, 1]], [-1, -1, 3]), (1, 0, 1), id="tangent at a vertex"),
        pytest.param(([[1, 0], [1, 0], [2, 0], [1, 0]], [0, 0, 0, 5]), (3, 2, 0), id="redundant rows"),
        pytest.param(([[0, 0], [1, 0]], [3, 0]), (3, 2, 0), id="a row that says nothing"),
        pytest.param(([], []), (7, 9, 1), id="no row"),
    ],
)
def test_a_domain_cuts_the_cells_and_walls_off(domain: Domain, expected: tuple[int, int, int]) -> None:
    assert counts(check(TRIANGLE, domain)) == expected


@pytest.mark.parametrize(
    "domain",
    [
        pytest.param(([[1, 0], [-1, 0]], [0, 0]), id="a line"),
        pytest.param(([[1, 0], [-1, 0]], [0, -1]), id="empty"),
        pytest.param(([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), id="a point"),
        pytest.param(([[1, 1], [-1, -1]], [Fraction(1, 2**70), Fraction(-1, 2**70)]), id="a line, thin"),
        pytest.param(([[0, 0]], [-1]), id="nonsense"),
    ],
)
def test_a_domain_without_interior_is_refused(domain: Domain) -> None:
    with pytest.raises(InputError, match="domain"):
        RegionGraph.of(TRIANGLE, domain=domain)


def test_a_domain_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError, match="1 rows of A for 2 entries of b"):
        RegionGraph.of(TRIANGLE, domain=([[1, 0]], [1, 2]))
    with pytest.raises(ShapeError, match="3 entries, the net has 2 inputs"):
        RegionGraph.of(TRIANGLE, domain=([[1, 0, 2]], [1]))


def test_all_thirty_five_members_of_a_group_win_somewhere() -> None:
    # The tangents 2 t x - t² of the parabola: between two integers the one nearest wins.
    n = 35
    tangents = Network.from_weights(
        [[2 * t] for t in range(n)],
        [[1]],
        biases=[[-t * t for t in range(n)], [0]],
        activation=maxpool([*range(n)]),
    )
    graph = RegionGraph.of(tangents)
    assert "".join(cell.pattern for cell in graph.cells) == POSITIONS
    assert [str(wall.point[0]) for wall in graph.walls] == [f"{2 * t + 1}/2" for t in range(n - 1)]


def test_points_off_the_section_meet_the_cells_of_a_domain() -> None:
    # The net and the domain see x1 + x2 alone; the section is x2 = 0.
    graph = RegionGraph.of(Network.from_weights([[1, 1]], [[1]]), domain=([[1, 1]], [1]))
    met = {x: [cell.pattern for cell in graph.cells_meeting(x)] for x in ((0, 5), (-3, 4), (7, -7), (1, -9))}
    assert met == {(0, 5): [], (-3, 4): ["+"], (7, -7): ["-", "+"], (1, -9): ["-"]}


def test_no_cell_is_at_a_point_of_the_domain_s_boundary() -> None:
    graph = RegionGraph.of(TRIANGLE, domain=([[1, 0]], [1]))
    with pytest.raises(InputError, match="on the boundary of 1 cell"):
        graph.cell_at((1, 5))
    with pytest.raises(InputError, match="in no cell that was found"):
        graph.cell_at((2, 5))


# ---------------------------------------------------------------------- what is said of cells and walls


def test_cells_come_in_the_order_of_their_patterns() -> None:
    graph = RegionGraph.of(Network.from_weights([[1, 0], [0, 1]], [[1, 1], [1, -1]], [[1, 1]]))
    patterns = [cell.pattern for cell in graph.cells]
    assert patterns == sorted(patterns, key=lambda word: ["-0+".index(c) for c in word])
    assert patterns == ["--00", "-++-", "+-++", "+++-", "++++"]


def test_a_maximum_s_character_is_its_first_winner_and_the_cells_are_not_cut_in_vain() -> None:
    graph = RegionGraph.of(by_hand()["maxpool whose comparisons cut in vain"])
    assert [cell.pattern for cell in graph.cells] == ["1", "2", "3", "4"]
    assert counts(graph) == (4, 4, 0)
    assert [wall.flips for wall in graph.walls] == [((1, 1),)] * 4


def test_the_networkx_graph_has_the_cells_and_walls() -> None:
    graph = RegionGraph.of(TRIANGLE)
    assert dict(graph.graph.nodes(data="pattern")) == {i: cell.pattern for i, cell in enumerate(graph.cells)}
    assert {edge[:2]: edge[2] for edge in graph.graph.edges(data="flips")} == {w.cells: w.flips for w in graph.walls}


@pytest.mark.parametrize("signs", [*product((1, -1), repeat=2)], ids=str)
def test_reflections_of_a_net_have_as_many_cells_and_walls(signs: tuple[int, int]) -> None:
    rows = [[1, 2], [-3, 1], [1, 1], [2, 4]]
    net = Network.from_weights(
        [[a * s for a, s in zip(row, signs, strict=True)] for row in rows],
        [[1, 2, -1, 1], [-1, 1, 1, 2]],
        [[1, 1]],
        biases=[[1, 1, 0, 2], [-1, 0], [0]],
    )
    plain = Network.from_weights(rows, *net.weights[1:], biases=net.biases)
    assert counts(RegionGraph.of(net)) == counts(RegionGraph.of(plain))
