"""A net at many points at once against the same net at one point: two roads to one value."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.exact.rationals import fmpq
from symflow.nets.many_points import ManyPoints
from symflow.nets.network import Network
from symflow.nets.realization import Realization
from tests.strategies import networks


@given(networks(depth=(1, 4)), st.data())
@settings(max_examples=60)
def test_every_point_has_its_own_value_and_its_own_gradient(net: Network, data: st.DataObject) -> None:
    assume(net.architecture.n_outputs == 1)
    assume(all(each.is_piecewise_linear for each in net.architecture.activations))
    small = st.integers(-2, 2)
    points = data.draw(st.lists(st.tuples(*[small] * net.architecture.n_inputs), min_size=1, max_size=5))
    exact = [tuple(map(fmpq, point)) for point in points]
    there = ManyPoints(net, exact)
    for number, point in enumerate(exact):
        alone = Realization(net).at(point)
        assert there.values[number] == net.forward(point)[-1][0]
        assert there.chain_rule(number) == alone.conventional_gradient("autodiff")


@pytest.mark.parametrize(
    ("name", "slope_at_zero", "value_at_minus_one"),
    [("relu", 0, 0), ("identity", 1, -1), ("abs", 0, 1)],
)
def test_the_slope_at_the_kink_is_that_of_the_activation(
    name: str, slope_at_zero: int, value_at_minus_one: int
) -> None:
    net = Network.from_weights([[1]], [[1]], activation=activation(name))
    there = ManyPoints(net, [(fmpq(0),), (fmpq(-1),)])
    assert there.chain_rule(0) == (slope_at_zero,)
    assert there.values == (0, value_at_minus_one)


def test_of_a_group_the_first_maximal_member_has_the_slope_and_all_stand_in_the_pattern() -> None:
    pool = activation("maxpool", groups=[[0, 1], [2]])
    net = Network.from_weights([[1], [-1], [2]], [[1, 1]], activation=pool)
    there = ManyPoints(net, [(fmpq(0),), (fmpq(-1),)])
    assert there.patterns == ("1=2 1", "21")
    assert (there.chain_rule(0), there.chain_rule(1)) == ((3,), (1,))


def test_a_net_without_hidden_layers_has_an_empty_pattern() -> None:
    there = ManyPoints(Network.from_weights([[2, 3]]), [(fmpq(1), fmpq(1))])
    assert (there.values, there.patterns, there.chain_rule(0)) == ((5,), ("",), (2, 3))
