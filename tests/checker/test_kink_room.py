"""Whether units can be at their kinks for some weights, by signs alone: through layers that only add up."""

import pytest

from symflow.checker.kink_room import has_room
from symflow.checker.symbolic import SymbolicNet, read_symbolic_problem


@pytest.mark.parametrize(
    ("x", "bias", "room"),
    [
        (["0"], False, False),  # everything below is 0, whatever the weights: the unit is at 0 for all of them
        (["1"], False, True),  # W1 = 1 and W2 = 0
        (["0"], True, True),  # the bias of the first layer is anything
    ],
)
def test_above_an_identity_a_feature_is_anything_unless_all_below_is_zero(x: list[str], bias: bool, room: bool) -> None:
    network = {"activation": ["identity", "relu"], "widths": [1, 1, 1, 1], "bias": bias}
    tree = {"network": network, "data": {"inputs": [x]}, "objective": {"kind": "output"}}
    net = SymbolicNet(read_symbolic_problem(tree), weights_are_symbols=True, input_is_symbol=False)
    (site,) = net.sites
    assert has_room(net, {site}, ("0",)) is room
