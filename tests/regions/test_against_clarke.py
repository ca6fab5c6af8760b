"""Two roads to one set: the gradients of the cells that meet a point, and the Clarke differential at the point.

The point-wise engine (``symflow.cells``, ``symflow.differentials``) looks at one point: it decides which patterns
occur near it, each by an arc or by multipliers. The region graph enumerates all cells of the net and looks up which
closed cells contain the point. They share the reading of a net and nothing of the search.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.differentials.clarke import clarke_differential
from symflow.errors import InputError
from symflow.exact.extreme_points import extreme_points
from symflow.exact.rationals import rational
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.nets.realization import Realization, function_of_input
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from symflow.zoo.every_answer import zoo
from symflow.zoo.known_answer import KnownAnswer
from tests import strategies
from tests.regions import nets

Point = tuple[Fraction, ...]

KINDS = ("relu", "relu", "relu", "leaky_relu", "abs", "identity", "maxpool")


def interesting_points(graph: RegionGraph) -> list[Point]:
    """The origin, every vertex, a point on every wall and in every cell (the first few of each), and one far out."""
    n_inputs = graph.network.architecture.n_inputs
    vertices = sorted({vertex for cell in graph.cells for vertex in cell.vertices})
    points = [(Fraction(0),) * n_inputs, *vertices[:6], *(wall.point for wall in graph.walls[:4])]
    return [*points, graph.cell(0).interior_point, tuple(Fraction(10**6 + i) for i in range(n_inputs))]


def check(graph: RegionGraph, point: Point, output: int = 1) -> None:
    """Compare gradients, their extreme points and the patterns at a point."""
    function = function_of_input(graph.network, tuple(map(rational, point)), Output(), output=output)
    differential = clarke_differential(function)
    assert differential.is_exact
    limits = graph.limiting_gradients(point, output=output)
    as_rationals = [tuple(map(rational, gradient)) for gradient in limits]
    extremes = {limits[i] for i in extreme_points(as_rationals).vertices}
    assert {tuple(Fraction(str(entry)) for entry in vertex) for vertex in differential.vertices} == extremes
    if differential.shortcut is None:
        assert differential.n_limiting_gradients == len(limits)
        (factor,) = differential.factors
        near = [cell.pattern for cell in factor.incident.cells]
        assert sorted(near) == sorted(cell.pattern for cell in graph.cells_meeting(point))


def piecewise_linear_zoo() -> dict[str, Network]:
    """All nets of the zoo whose cells are polyhedra, by name."""
    found = {answer.name: answer.problem().known_network for answer in zoo()}
    return {
        name: net for name, net in found.items() if all(a.name != "relu_power" for a in net.architecture.activations)
    }


@pytest.mark.parametrize("name", piecewise_linear_zoo())
def test_on_the_zoo_the_cells_that_meet_a_point_are_those_the_point_sees(name: str) -> None:
    graph = RegionGraph.of(Realization(piecewise_linear_zoo()[name]))
    for point in interesting_points(graph):
        check(graph, point)


@pytest.mark.parametrize("answer", [a for a in zoo() if a.problem().variable == "input"], ids=lambda a: a.name)
def test_limiting_gradients_are_those_derived_by_hand(answer: KnownAnswer) -> None:
    problem = answer.problem()
    (point,) = problem.data_points()
    limits = RegionGraph.of(problem.known_network).limiting_gradients(point, output=problem.output_index + 1)
    assert sorted(tuple(map(str, gradient)) for gradient in limits) == sorted(answer.limiting_gradients)


@settings(max_examples=30)
@given(strategies.networks(depth=(1, 4), kinds=KINDS), st.data())
def test_on_drawn_nets_the_cells_that_meet_a_point_are_those_the_point_sees(net: Network, data: st.DataObject) -> None:
    graph = RegionGraph.of(net)
    check(graph, data.draw(st.sampled_from(interesting_points(graph))))


@settings(max_examples=30)
@given(nets.networks(n_units=6), st.data())
def test_on_degenerate_nets_the_cells_that_meet_a_point_are_those_the_point_sees(
    net: Network, data: st.DataObject
) -> None:
    graph = RegionGraph.of(net)
    point = data.draw(st.sampled_from(interesting_points(graph)))
    check(graph, point, output=data.draw(st.integers(1, net.architecture.n_outputs)))


@settings(max_examples=30)
@given(strategies.networks(depth=(2, 3), width=2), st.data())
def test_inside_a_domain_the_limits_are_those_without_it(net: Network, data: st.DataObject) -> None:
    n_inputs = net.architecture.n_inputs
    rows = [[int(i == j) * sign for j in range(n_inputs)] for i in range(n_inputs) for sign in (1, -1)]
    inside = RegionGraph.of(net, domain=(rows, [2] * len(rows)))
    point = tuple(Fraction(data.draw(st.integers(-3, 3)), 2) for _ in range(n_inputs))
    assert inside.limiting_gradients(point) == RegionGraph.of(net).limiting_gradients(point)


def test_limits_are_refused_where_cells_may_be_unknown() -> None:
    net = Network.from_weights([[1]], [[1]])
    box = RegionGraph.of(net, domain=([[1]], [2]))
    with pytest.raises(InputError, match="point: limiting gradients are known at points inside the domain only"):
        box.limiting_gradients((2,))
    half = RegionGraph.of(net, control=Control(max_cells=1))
    with pytest.raises(InputError, match="at points of a complete graph only"):
        half.limiting_gradients((0,))
    with pytest.raises(InputError, match="output: 2 is no output; the net has 1"):
        box.limiting_gradients((1,), output=2)
