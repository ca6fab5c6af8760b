"""The Clarke differential on every wall and at every corner: known answers, a second road, and laws."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symflow.activations.base import AbstractActivation, activation
from symflow.differentials.clarke import clarke_differential
from symflow.differentials.faces import Face, clarke_at_corners, clarke_on_walls, outside_of
from symflow.differentials.polytope import Polytope
from symflow.differentials.selection import select
from symflow.errors import BudgetExceededError
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.many_points import ManyPoints
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from symflow.regions.enumeration import Control
from symflow.regions.region_graph import RegionGraph
from tests.pictures.nets import CORNER, DEMO
from tests.strategies import networks


def texts(points: object) -> list[str]:
    return [",".join(map(str, point)) for point in points]  # type: ignore[attr-defined]


# Of the page of the mock-up: at each corner the value, the vertices of the set, its shortest element, what automatic
# differentiation returns, and whether that is in the set. At (2, 2) the three units of layer 1 vanish, and the chain
# rule takes all three for inactive: 0, outside of conv{(-3,-3), (-3,0), (1,-4), (1,-1)}.
CORNERS = {
    "2,1": ("4", {"-2,-1", "0,-2", "2,-2", "1,-1"}, "0,-1", "2,-2", True),
    "2,2": ("3", {"-3,-3", "1,-4", "1,-1", "-3,0"}, "-3/17,-12/17", "0,0", False),
    "2,3": ("0", {"-3,-3", "0,-3", "0,0"}, "0,0", "0,0", True),
    "3,2": ("4", {"1,-4", "2,-4", "2,-2", "1,-1"}, "1,-1", "2,-2", True),
    "3,3": ("0", {"0,-3", "1,-4", "2,-4", "0,0"}, "0,0", "0,0", True),
}


def test_the_corners_of_the_mock_up_have_its_sets() -> None:
    found = clarke_at_corners(RegionGraph.of(CORNER))
    assert texts(face.point for face in found) == list(CORNERS)
    for face, (value, vertices, shortest, autodiff, is_in) in zip(found, CORNERS.values(), strict=True):
        hull = face.differential
        assert str(face.value) == value
        assert set(texts(hull.vertices)) == vertices
        assert texts([hull.minimal_norm_element, face.autodiff]) == [shortest, autodiff]
        assert (face.outside is None) == is_in
    assert found[1].pattern == "000|++"
    assert [len(face.cells) for face in found] == [4, 6, 4, 4, 5]


def test_the_vector_is_separated_by_the_normal_at_the_nearest_element() -> None:
    """Derivation: the nearest element to 0 is -3/17 (1, 4), on the edge s1 + 4 s2 = -3; (1, 4) points to 0."""
    outside = clarke_at_corners(RegionGraph.of(CORNER))[1].outside
    assert outside is not None
    assert (texts([outside.direction]), outside.bound, outside.value) == (["1,4"], -3, 0)


def test_a_wall_of_the_mock_up_has_its_set() -> None:
    """Between the cells -2x1 - x2 + 9 and -2x2 + 6: the shortest element of the segment is (-4/5, -8/5)."""
    graph = RegionGraph.of(CORNER)
    shortest = [texts([face.differential.minimal_norm_element])[0] for face in clarke_on_walls(graph)]
    assert "-4/5,-8/5" in shortest
    assert len(shortest) == 16
    assert all(face.outside is None for face in clarke_on_walls(graph))


def test_no_kink_and_yet_outside() -> None:
    """relu(x) - relu(-x) = x: the set at 0 is {1}, and the chain rule gives 0."""
    (face,) = clarke_at_corners(RegionGraph.of(Network.from_weights([[1], [-1]], [[1, -1]])))
    assert (texts(face.differential.vertices), texts([face.autodiff]), face.is_kink) == (["1"], ["0"], False)


def test_a_corner_on_the_border_of_the_domain_is_left_out() -> None:
    box = ([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 1, 1, 0])  # 0 is on its lower side
    assert clarke_at_corners(RegionGraph.of(DEMO, domain=box)) == ()
    assert len(clarke_at_corners(RegionGraph.of(DEMO))) == 1


def test_of_an_incomplete_graph_no_corner_is_told() -> None:
    graph = RegionGraph.of(CORNER, control=Control(max_cells=5))
    assert not graph.complex.is_complete
    assert clarke_at_corners(graph) == ()


def test_the_maximal_members_of_a_group_stand_in_the_pattern() -> None:
    net = Network.from_weights([[1, 0], [0, 1], [-1, -1]], [[1]], activation=[_pool(3)])
    points = [(fmpq(x), fmpq(y)) for x, y in ((0, 0), (1, 1), (-1, -2))]
    assert ManyPoints(net, points).patterns == ("1=2=3", "1=2", "3")


def _pool(size: int) -> AbstractActivation:
    return activation("maxpool", groups=[list(range(size))])


def test_inside_nothing_is_outside() -> None:
    square = Polytope.of([(fmpq(a), fmpq(b)) for a in (0, 2) for b in (0, 2)])
    assert outside_of(square, (fmpq(1), fmpq(2))) is None
    outside = outside_of(square, (fmpq(1), fmpq(3)))
    assert outside is not None
    assert (texts([outside.direction]), outside.bound, outside.value) == (["0,1"], 2, 3)


# ---------------------------------------------------------------------- on drawn nets


@st.composite
def planar(draw: st.DrawFn) -> Network:
    net = draw(networks(depth=(2, 3)))
    assume(net.architecture.n_inputs <= 2 and net.architecture.n_outputs == 1)
    return net


@given(planar())
@settings(max_examples=25)
def test_it_is_the_set_that_clarke_finds_at_the_point(net: Network) -> None:
    """Two roads: cells of the whole complex that meet the point, and sign patterns decided at the point alone."""
    graph = RegionGraph.of(net)
    for face in (*clarke_on_walls(graph), *clarke_at_corners(graph)):
        alone = clarke_differential(Realization(net).at(face.point))
        assert alone.vertices == face.differential.vertices
        assert alone.minimal_norm_element == face.differential.minimal_norm_element
        selection = select(alone, "autodiff")
        assert selection.gradient == face.autodiff
        assert selection.verdict.is_proved == (face.outside is None)


@given(planar())
@settings(max_examples=25)
def test_along_the_inside_of_a_wall_nothing_changes(net: Network) -> None:
    graph = RegionGraph.of(net)
    for wall, face in zip(graph.walls, clarke_on_walls(graph), strict=True):
        for end in wall.vertices[:2]:  # towards an end, but not to it
            point = [(3 * x + y) / 4 for x, y in zip(wall.point, end, strict=True)]
            if tuple(point) == wall.point:
                continue
            f = Realization(net).at(point)
            assert f.conventional_gradient("autodiff") == face.autodiff
            assert ManyPoints(net, [f.point]).patterns == (face.pattern,)
            assert clarke_differential(f).vertices == face.differential.vertices


@given(planar())
@settings(max_examples=25)
def test_what_is_outside_is_separated_strictly(net: Network) -> None:
    graph = RegionGraph.of(net)
    for face in (*clarke_on_walls(graph), *clarke_at_corners(graph)):
        if face.outside is not None:
            d = face.outside.direction
            assert max(dot(d, vertex) for vertex in face.differential.vertices) == face.outside.bound
            assert dot(d, face.autodiff) == face.outside.value > face.outside.bound


@given(planar())
@settings(max_examples=25)
def test_inside_a_cell_the_chain_rule_gives_its_gradient(net: Network) -> None:
    graph = RegionGraph.of(net)
    for cell in graph.cells:
        found = Realization(net).at(cell.interior_point).conventional_gradient("autodiff")
        assert [Fraction(str(entry)) for entry in found] == list(cell.gradient[0])


def test_a_face_says_whether_it_is_critical() -> None:
    faces: tuple[Face, ...] = clarke_at_corners(RegionGraph.of(CORNER))
    assert [face.is_critical for face in faces] == [False, False, True, False, True]


@pytest.mark.parametrize("weights", [([[0, 0]], [[1]]), ([[1, 2]], [[1]])], ids=["constant", "strips"])
def test_where_cells_contain_a_line_there_is_no_corner(weights: tuple[list[list[int]], list[list[int]]]) -> None:
    assert clarke_at_corners(RegionGraph.of(Network.from_weights(*weights))) == ()


def test_a_spent_budget_ends_it() -> None:
    graph = RegionGraph.of(CORNER)
    for found in (clarke_on_walls, clarke_at_corners):
        with pytest.raises(BudgetExceededError):
            found(graph, budget=Budget(deadline=0.0))
