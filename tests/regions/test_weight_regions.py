"""Cells in weight space: factors against the engine that lists cells, products against their definition."""

import itertools
import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import AbstractActivation, activation
from symflow.errors import BudgetExceededError, InexactNumberError, InputError, NotSupportedError, ShapeError
from symflow.exact.alternatives import StrictSolution
from symflow.exact.linear_program import strict_feasibility
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import NO_BUDGET, Budget
from symflow.nets.architecture import Architecture
from symflow.nets.network import Network
from symflow.nets.pattern import SiteTable
from symflow.regions.region_graph import RegionGraph
from symflow.regions.weight_graph import WeightGraph
from symflow.regions.weight_regions import WeightRegions, independent_blocks
from symflow.regions.winner_counts import _can_tie, winner_counts

RELU = activation("relu")


def shape(n_inputs: int, width: int, kind: AbstractActivation = RELU, *, biases: bool = False) -> Architecture:
    return Architecture((n_inputs, width, 1), (kind,), has_biases=biases)


def pool(*sizes: int) -> AbstractActivation:
    """Return the maximum over groups of these sizes."""
    ends = list(itertools.accumulate(sizes, initial=0))
    return activation("maxpool", groups=[list(range(*pair)) for pair in itertools.pairwise(ends)])


def counts(regions: WeightRegions) -> list[tuple[int, int]]:
    return [(factor.n_cells, factor.n_adjacencies) for factor in regions.factors]


# ---------------------------------------------------------------------- neurons


def test_the_neurons_of_a_net_have_equal_factors_and_their_product_is_the_net() -> None:
    # The corners of a square with biases: all sign patterns but the two of xor; each has 24 / 14 walls on average
    # (a hyperplane for each corner, cut by the other three in general position in dimension 2: 6 cells).
    square = list(itertools.product((0, 1), repeat=2))
    regions = WeightRegions.of(shape(2, 3, biases=True), square)
    assert counts(regions) == [(14, 24)] * 3
    assert regions.n_cells == 14**3
    assert regions.n_adjacencies == 3 * 24 * 14**2
    assert regions.n_bounded == 0


@pytest.mark.parametrize(
    "kind", [RELU, activation("leaky_relu", slope="1/4"), activation("abs"), activation("relu_power", power=2)]
)
def test_signs_cut_alike_for_every_activation_of_one_unit(kind: AbstractActivation) -> None:
    assert counts(WeightRegions.of(shape(2, 1, kind), [(1, 0), (0, 1), (1, 1)])) == [(6, 6)]


def test_identity_units_do_not_cut() -> None:
    regions = WeightRegions.of(shape(2, 3, activation("identity")), [(1, 0), (0, 1)])
    assert counts(regions) == [(1, 0)] * 3
    assert (regions.n_cells, regions.n_adjacencies) == (1, 0)


def test_without_a_hidden_layer_there_is_one_cell() -> None:
    regions = WeightRegions.of(Architecture((2, 1), (), has_biases=True), [(1, 0)])
    assert (regions.factors, regions.n_cells, regions.n_adjacencies) == ((), 1, 0)


def test_data_that_coincide_cut_once_and_the_zero_datum_does_not() -> None:
    assert counts(WeightRegions.of(shape(2, 1), [(1, 2), ("1/2", 1), (-3, -6), (0, 0)])) == [(2, 1)]
    # With a bias (x, 1) is never zero, and only equal data coincide.
    assert counts(WeightRegions.of(shape(2, 1, biases=True), [(1, 2), ("1/2", 1), (0, 0)])) == [(6, 6)]
    assert counts(WeightRegions.of(shape(2, 1), [])) == [(1, 0)]


def test_many_neurons_and_independent_data_are_no_work() -> None:
    n = 30
    data = [[int(i == j) for j in range(100)] for i in range(n)]
    regions = WeightRegions.of(shape(100, 1000), data)
    assert regions.n_cells == 2 ** (n * 1000)
    assert regions.n_adjacencies == 1000 * n * 2 ** (n * 1000 - 1)


def test_more_than_one_hidden_layer_is_refused_with_what_to_do() -> None:
    deep = Architecture((1, 2, 2, 1), (RELU, RELU), has_biases=False)
    with pytest.raises(NotSupportedError, match=r'one hidden layer, and this net has 2; set variable = "input"'):
        WeightRegions.of(deep, [(1,)])


def test_data_that_are_not_exact_or_do_not_fit_are_refused() -> None:
    with pytest.raises(InexactNumberError, match=r"data\.inputs\[2\]"):
        WeightRegions.of(shape(1, 1), [(1,), (0.5,)])
    with pytest.raises(ShapeError, match=r"data\.inputs\[1\]"):
        WeightRegions.of(shape(1, 1), [(1, 2)])


def test_a_deadline_stops_the_count() -> None:
    late = Budget(deadline=time.monotonic() - 1)
    data = [(t, t * t, t**3) for t in range(1, 9)]
    for kind in (RELU, pool(3)):
        width = 3 if kind.is_group else 1
        with pytest.raises(BudgetExceededError, match="stopped by its deadline"):
            _ = WeightRegions.of(shape(3, width, kind, biases=True), data, budget=late).n_cells


small = st.integers(-2, 2)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 3), st.booleans())
def test_a_neuron_has_the_cells_that_its_network_of_the_data_has(data, dimension: int, biases: bool) -> None:
    points = data.draw(st.lists(st.tuples(*[small] * dimension), min_size=1, max_size=6))
    regions = WeightRegions.of(shape(dimension, 1, biases=biases), points)
    listed = RegionGraph.of(regions.factor_network(1))
    assert counts(regions) == [(listed.n_cells, listed.n_adjacencies)]


# ---------------------------------------------------------------------- groups


def test_a_group_of_one_does_not_cut_and_a_group_of_two_cuts_like_a_neuron() -> None:
    data = [(1, 0), (0, 1), (1, 1), (-2, -2), (0, 0)]
    regions = WeightRegions.of(shape(2, 6, pool(1, 2, 3)), data)
    assert counts(regions)[:2] == [(1, 0), counts(WeightRegions.of(shape(2, 1), data))[0]]
    assert [factor.n_members for factor in regions.factors] == [1, 2, 3]
    assert [factor.neuron for factor in regions.factors] == [1, 2, 3]


@pytest.mark.parametrize("m", [3, 4, 5])
@pytest.mark.parametrize("n", [1, 2, 4])
def test_independent_data_have_independent_winners(n: int, m: int) -> None:
    data = [[int(i == j) for j in range(n)] for i in range(n)]
    assert counts(WeightRegions.of(shape(n, m, pool(m)), data)) == [(m**n, n * math.comb(m, 2) * m ** (n - 1))]


@pytest.mark.parametrize("m", [3, 4, 5])
def test_the_winners_on_the_line_are_upper_envelopes(m: int) -> None:
    # With a bias, data on the real axis: each member wins on one stretch of the data, in any order of the members. For
    # j stretches: C(n-1, j-1) ways to break the data up, m!/(m-j)! to name the stretches.
    for n in range(1, 6):
        expected = sum(math.comb(n - 1, j - 1) * math.perm(m, j) for j in range(1, n + 1))
        regions = WeightRegions.of(shape(1, m, pool(m), biases=True), [(t * t,) for t in range(n)])
        assert regions.n_cells == expected


def test_data_of_one_direction_have_one_winner_and_opposite_ones_differ() -> None:
    assert counts(WeightRegions.of(shape(1, 4, pool(4)), [(1,), (2,), ("1/3",)])) == [(4, 6)]
    # A largest and a smallest member; a wall exchanges one of them.
    assert counts(WeightRegions.of(shape(1, 4, pool(4)), [(1,), (-2,)])) == [(12, 24)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(small, small), min_size=1, max_size=4), st.booleans())
def test_a_group_of_three_has_the_cells_that_its_network_has(points, biases: bool) -> None:
    if biases:
        points = [point[:1] for point in points]
    regions = WeightRegions.of(shape(len(points[0]), 3, pool(3), biases=biases), points)
    listed = RegionGraph.of(regions.factor_network(1))
    assert counts(regions) == [(listed.n_cells, listed.n_adjacencies)]


def test_groups_over_data_in_space() -> None:
    # Counted by listing the cells of the network of the data, in 6 dimensions.
    data = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (1, -1, 2), (-1, 2, 3)]
    regions = WeightRegions.of(shape(3, 3, pool(3)), data)
    listed = RegionGraph.of(Network.from_weights(*_relative(data), activation=_groups_of_three(len(data))))
    assert counts(regions) == [(listed.n_cells, listed.n_adjacencies)]


def _relative(data: list[tuple[int, ...]]) -> tuple[list[list[int]], list[list[int]]]:
    """Return the network of the data for u_1 - u_3 and u_2 - u_3."""
    rows = [row for x in data for row in ([*x, 0, 0, 0], [0, 0, 0, *x], [0] * 6)]
    return rows, [[1] * len(data)]


def _groups_of_three(n: int) -> AbstractActivation:
    return pool(*[3] * n)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(small, small, small), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_the_data_does_not_matter_to_a_group(points, random) -> None:
    first = WeightRegions.of(shape(3, 4, pool(4)), points)
    random.shuffle(points)
    assert counts(first) == counts(WeightRegions.of(shape(3, 4, pool(4)), points))


def test_winners_over_a_symmetric_configuration() -> None:
    # ±e_1, ±e_2: two independent pairs of a largest and a smallest member.
    cross = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    assert counts(WeightRegions.of(shape(2, 3, pool(3)), cross)) == [(6 * 6, 2 * 6 * 6)]
    assert winner_counts(cross, 3) == (36, 72)  # found without being told that they are independent


# ---------------------------------------------------------------------- blocks


def test_blocks_are_the_finest_partition_into_independent_spans() -> None:
    def row(*entries: int) -> tuple[fmpq, ...]:
        return tuple(map(fmpq, entries))

    a, b, c, d = row(1, 0, 0, 0), row(0, 1, 0, 0), row(0, 0, 1, 1), row(0, 0, 2, 3)
    assert independent_blocks([a, b, c, d]) == ((a,), (b,), (c,), (d,))
    mixed = row(0, 0, 1, 0)
    assert independent_blocks([a, c, b, d, mixed]) == ((a,), (c, d, mixed), (b,))
    assert independent_blocks([a, b, row(1, 1, 0, 0), c]) == ((a, b, row(1, 1, 0, 0)), (c,))
    assert independent_blocks([]) == ()


# ---------------------------------------------------------------------- the product


@pytest.mark.parametrize(
    ("kind", "width", "data"),
    [
        (RELU, 2, [(1, 0), (0, 1), (1, 1)]),
        (activation("abs"), 2, [(1, 0), (-2, 0), (0, 0)]),
        (pool(3, 1, 2), 6, [(1, 1), (1, 2)]),
    ],
    ids=["relu", "abs-degenerate", "maxpool"],
)
@pytest.mark.parametrize("biases", [False, True])
def test_the_product_graph_is_that_of_the_patterns(kind, width: int, data, biases: bool) -> None:
    architecture = shape(2, width, kind, biases=biases)
    regions = WeightRegions.of(architecture, data)
    graph = WeightGraph.of(regions)
    cells = list(graph)
    assert len(set(cells)) == len(cells) == graph.n_cells == regions.n_cells
    assert graph.n_adjacencies == regions.n_adjacencies
    patterns = {cell: graph.pattern(cell) for cell in cells}
    assert len(set(patterns.values())) == len(cells)
    ends = {frozenset((cell, other)) for cell in cells for other in graph.neighbours(cell)}
    assert len(ends) == regions.n_adjacencies
    for cell in cells[:: max(1, len(cells) // 20)]:
        point = graph.interior_point(cell)
        assert graph.cell_at(point) == cell
        assert pattern_of(architecture, point, data) == patterns[cell]


def pattern_of(architecture: Architecture, point, data) -> str:
    """Return the pattern of a net with these parameters by evaluating it."""
    zero = Network.from_weights(
        *([[0] * architecture.fan_in(layer)] * architecture.widths[layer] for layer in (1, 2)),
        biases=[[0] * width for width in architecture.widths[1:]] if architecture.has_biases else None,
        activation=architecture.activations,
    )
    network = zero.with_parameters(point)
    table = SiteTable(architecture, len(data))
    characters = []
    for site in table.sites:
        z = [network.forward(tuple(map(fmpq, data[site.datum])))[0][member] for member in site.members]
        if site.is_group:
            characters.append(str(z.index(max(z)) + 1))
        else:
            characters.append("0" if not any(data[site.datum]) and z[0] == 0 else "+" if z[0] > 0 else "-")
    return table.word(characters)


def test_a_large_product_is_never_built() -> None:
    graph = WeightGraph.of(WeightRegions.of(shape(2, 50, biases=True), [(0, 0), (0, 1), (1, 0), (1, 1)]))
    assert graph.n_cells == 14**50
    first = next(iter(graph))
    assert sum(1 for _ in graph.neighbours(first)) == 50 * len(graph.factors[0].cell(0).neighbours)
    assert len(set(map(id, graph.factors))) == 1


def test_where_nothing_cuts_the_graph_is_a_point() -> None:
    for regions in (WeightRegions.of(shape(1, 2), []), WeightRegions.of(shape(1, 2, activation("identity")), [(1,)])):
        graph = WeightGraph.of(regions)
        assert list(graph) == [()]
        assert (graph.n_cells, graph.n_adjacencies, list(graph.neighbours(()))) == (1, 0, [])
        assert graph.pattern(()) == ""
        assert graph.interior_point(()) == (0, 0, 0, 0)
        with pytest.raises(NotSupportedError, match="nothing to list"):
            regions.factor_network(1)


def test_a_point_on_a_wall_is_in_no_cell() -> None:
    graph = WeightGraph.of(WeightRegions.of(shape(1, 1), [(1,)]))
    with pytest.raises(InputError, match="on the boundary of 2 cells"):
        graph.cell_at((0, 1))


def test_a_third_member_may_lie_between_two_that_can_win() -> None:
    # With these winners at the other eight data, each of three members can win at the fifth; but there
    # <u_3, x> >= (1 - t) <u_1, x> + t <u_2, x> for some t, so that the first two never tie above the third.
    # Found among 24 000 pairs of nine random data in dimension 4; smaller data have shown none.
    data = [
        *((4, -3, -1, -1), (-5, -3, 1, 3), (1, 4, 4, 1), (-3, 3, 4, 5), (5, -5, 2, 5)),
        *((3, 1, 1, 1), (1, -4, 2, 5), (1, -5, -2, -4), (-2, 2, -3, -4)),
    ]
    others, place = (0, 1, 0, 1, 2, 2, 1, 0), 4

    def margins(labels: dict[int, int], tie: tuple[int, ...] = ()) -> list[list[fmpq]]:
        """Return <u_label - u_other, x_k> for all others, as covectors of (u_1, u_2, u_3)."""
        rows = []
        for k, label in labels.items():
            for other in {0, 1, 2} - {label, *(tie if k == place else ())}:
                row = [fmpq(0)] * 12
                for c, entry in enumerate(data[k]):
                    row[4 * label + c] += entry
                    row[4 * other + c] -= entry
                rows.append(row)
        return rows

    fixed = dict(zip((k for k in range(9) if k != place), others, strict=True))
    for winner in range(3):
        assert isinstance(strict_feasibility(margins({**fixed, place: winner})), StrictSolution)
    can_tie = {pair: _can_tie(data, place, others, pair, 3, NO_BUDGET) for pair in ((0, 1), (0, 2), (1, 2))}
    assert can_tie == {(0, 1): False, (0, 2): True, (1, 2): True}
    # The second road: eliminate a coordinate by <u_1 - u_2, x> = 0.
    tied = [fmpq(0)] * 12
    for c, entry in enumerate(data[place]):
        tied[c], tied[4 + c] = fmpq(entry), fmpq(-entry)
    above = margins({**fixed, place: 0}, tie=(1,))
    pivot = next(c for c, entry in enumerate(tied) if entry != 0)
    reduced = [[a - row[pivot] / tied[pivot] * b for a, b in zip(row, tied, strict=True)] for row in above]
    assert not isinstance(strict_feasibility(reduced), StrictSolution)
