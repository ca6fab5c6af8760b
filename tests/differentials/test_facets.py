"""Limiting gradients, affine hulls and facets of Clarke differentials."""

import pytest
from hypothesis import given, settings

from symflow.differentials.clarke import clarke_differential
from symflow.differentials.clarke_set import ClarkeDifferential
from symflow.differentials.facets import facets_of
from symflow.errors import NotSupportedError
from symflow.exact.exponential_numbers import sign
from symflow.exact.point_sets import dot
from symflow.exact.rationals import fmpq
from symflow.exact.simplex import Budget
from symflow.nets.empirical_risk import FunctionOfWeights
from symflow.nets.network import Network
from symflow.nets.objective import Output
from symflow.nets.patterned_function import AbstractPatternedFunction
from symflow.nets.realization import Realization
from tests.strategies import functions_of_input, functions_of_weights

SOME = settings(max_examples=25, deadline=None)


def l1_norm() -> ClarkeDifferential:
    """Return ∂(|x1| + |x2|)(0), the square [-1, 1]^2."""
    net = Network.from_weights([[1, 0], [-1, 0], [0, 1], [0, -1]], [[1, 1, 1, 1]])
    return clarke_differential(Realization(net), at=(0, 0))


def test_the_square_has_four_facets_and_four_limiting_gradients() -> None:
    square = l1_norm()
    facets = square.facets()
    assert [(facet.normal, facet.bound) for facet in facets.inequalities] == [
        ((-1, 0), 1),
        ((0, -1), 1),
        ((0, 1), 1),
        ((1, 0), 1),
    ]
    assert facets.equations == ()
    assert [len(facet.vertices) for facet in facets.inequalities] == [2, 2, 2, 2]
    assert square.bouligand_differential.n_points == 4
    assert (fmpq(1), fmpq(-1)) in square.bouligand_differential
    assert (fmpq(0), fmpq(0)) not in square.bouligand_differential
    assert square.affine_hull.dimension == 2


def test_a_segment_has_two_facets_and_the_equations_of_its_line() -> None:
    # |x + 2y| at 0: the segment from -(1, 2) to (1, 2), on the line s2 = 2 s1.
    df = clarke_differential(Realization(Network.from_weights([[1, 2], [-1, -2]], [[1, 1]])), at=(0, 0))
    facets = df.facets()
    assert len(facets.inequalities) == 2
    assert facets.equations == (((-2, 1), 0),)
    assert df.affine_hull.directions == ((1, 2),)
    assert facets.contains((fmpq(0), fmpq(0)))
    assert not facets.contains((fmpq(1), fmpq(1)))
    assert not facets.contains((fmpq(2), fmpq(4)))


def test_the_product_over_neurons_is_not_multiplied_out() -> None:
    net = Network.from_weights([[0]] * 40, [[1] * 40])
    dF = clarke_differential(FunctionOfWeights(net, ((fmpq(1),),), Output()))
    assert dF.bouligand_differential.n_points == 2**40
    assert next(iter(dF.bouligand_differential)) == (0,) * 80
    assert len(dF.facets().inequalities) == 80
    assert len(dF.facets().equations) == 40
    assert dF.affine_hull.dimension == 40


def test_a_cube_is_bounded_by_six_squares() -> None:
    corners = tuple((fmpq(x), fmpq(y), fmpq(z)) for x in (0, 1) for y in (0, 1) for z in (0, 1))
    facets = facets_of(3, [((0, 1, 2), corners)], [])
    assert len(facets.inequalities) == 6
    assert {len(facet.vertices) for facet in facets.inequalities} == {4}


def test_too_many_hyperplanes_are_refused() -> None:
    moment = tuple(tuple(fmpq(t**k) for k in range(1, 7)) for t in range(30))
    with pytest.raises(NotSupportedError, match="593775 hyperplanes to try, at most 50000 are"):
        facets_of(6, [(tuple(range(6)), moment)], [])


def test_an_enclosed_set_has_no_facets_yet() -> None:
    net = Network.from_weights([[0], [0]], [[-1, 0]], [[-1]])
    dF = clarke_differential(FunctionOfWeights(net, ((fmpq(-1),),), Output()), budget=Budget(deadline=0))
    for question in (dF.facets, lambda: dF.affine_hull, lambda: dF.bouligand_differential):
        with pytest.raises(NotSupportedError):
            question()


@SOME
@given(F=functions_of_input() | functions_of_weights(depth=(1, 2)))
def test_facets_contain_all_vertices_and_each_vertex_lies_on_enough_of_them(F: AbstractPatternedFunction) -> None:
    dF = clarke_differential(F, budget=Budget(max_pivots=100_000))
    if not dF.is_exact:
        return
    try:
        facets = dF.facets()
    except NotSupportedError:
        return
    hull = dF.affine_hull
    assert hull.dimension == dF.dimension
    assert len(facets.equations) + hull.dimension == len(F.variables)
    for normal, _ in facets.equations:
        assert all(dot(normal, direction) == 0 for direction in hull.directions)
    for vertex in dF.vertices[:40]:
        assert facets.contains(vertex)
        on = [facet for facet in facets.inequalities if dot(facet.normal, vertex) == facet.bound]
        assert len(on) >= hull.dimension
    for facet in facets.inequalities:
        assert dF.support(facet.normal).value == facet.bound
        assert sign(facet.bound + dF.support([-entry for entry in facet.normal]).value) > 0
    assert facets.contains(dF.minimal_norm_element)
