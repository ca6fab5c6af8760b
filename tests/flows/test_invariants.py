"""What the flow preserves: exact identities on drawn nets, known counts, and what is not preserved."""

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symflow.activations.base import activation
from symflow.exact.rationals import fmpq
from symflow.flows.gradient_flow import gradient_flow, layer_names
from symflow.flows.invariants import Law, balancing_laws
from symflow.flows.moments import trained_places
from symflow.nets.dataset import Dataset
from symflow.nets.empirical_risk import EmpiricalRisk, FunctionOfWeights
from symflow.nets.network import Network
from tests.strategies import functions_of_weights

KINDS = ("relu", "leaky_relu", "abs", "identity", "identity", "maxpool", "relu_power")


def rate(law: Law, point: list[fmpq], velocity: list[fmpq]) -> fmpq:
    """Return the derivative of a law along a velocity, exactly."""
    return sum((c * (velocity[i] * point[j] + point[i] * velocity[j]) for i, j, c in law.terms), fmpq(0))


@settings(max_examples=150, deadline=None)
@given(functions_of_weights(kinds=KINDS, rational=True), st.data())
def test_every_law_is_orthogonal_to_the_gradient_of_every_piece(
    function: FunctionOfWeights, data: st.DataObject
) -> None:
    """<grad h, g> = 0 exactly for every limiting gradient g, restricted to what is trained, whatever that is."""
    names = layer_names(function.network.architecture)
    trained = data.draw(st.one_of(st.none(), st.lists(st.sampled_from(names), min_size=1, unique=True)))
    characters = [""] * len(function.table.sites)
    for index in range(len(characters)):
        options = function.options(index, characters)
        characters[index] = data.draw(st.sampled_from([option.character for option in options]))
    gradient = function.limiting_gradient(characters)
    moves = set(trained_places(function, trained))
    velocity = [-g if place in moves else fmpq(0) for place, g in enumerate(gradient)]
    for law in balancing_laws(function.network, trained):
        assert rate(law, list(function.point), velocity) == 0, law.name


def test_the_demo_has_the_laws_of_the_lecture() -> None:
    net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    found = {law.name: law.start(net.parameters) for law in balancing_laws(net)}
    assert found == {
        "|W1[1,:]|^2 - W2[1,1]^2": fmpq(1),
        "|W1[2,:]|^2 - W2[1,2]^2": fmpq(3, 4),
        "|W1|^2 - |W2|^2": fmpq(7, 4),
    }


def test_a_power_of_the_rectifier_weighs_the_outgoing_weights() -> None:
    """v relu(u x)^k: u u' = k v v', so u² - k v² is constant."""
    net = Network.from_weights([[2]], [[3]], activation=activation("relu_power", power=2))
    (law,) = balancing_laws(net)
    assert law.name == "W1[1,1]^2 - 2 W2[1,1]^2"
    assert law.start(net.parameters) == 4 - 2 * 9


def test_a_linear_layer_keeps_its_gram_matrix_and_a_rectifier_does_not() -> None:
    weights = [[1, 2], [3, 4]], [[1, 1]]
    assert [law.scope for law in balancing_laws(Network.from_weights(*weights, activation="identity"))] == [
        "neuron",
        "neuron",
        "gram",
        "layers",
    ]
    assert "gram" not in {law.scope for law in balancing_laws(Network.from_weights(*weights))}


def test_a_pooling_group_counts_all_its_members() -> None:
    net = Network.from_weights([[1], [2], [3]], [[1, 1]], activation=activation("maxpool", groups=[[0, 2], [1]]))
    names = [law.name for law in balancing_laws(net)]
    assert names[0] == "W1[1,1]^2 + W1[3,1]^2 - W2[1,1]^2"


@pytest.mark.parametrize(
    ("trained", "names"),
    [
        (["W1"], []),
        (["W2"], []),
        (["W1", "W3"], ["|W1|^2 - |W3|^2"]),
        (["W1", "W2"], ["|W1[1,:]|^2 - W2[1,1]^2"]),
        (None, ["|W1[1,:]|^2 - W2[1,1]^2", "W2[1,1]^2 - W3[1,1]^2"]),
    ],
)
def test_a_frozen_layer_breaks_the_laws_that_need_it(trained: list[str] | None, names: list[str]) -> None:
    net = Network.from_weights([[1, 2]], [[3]], [[4]])
    assert [law.name for law in balancing_laws(net, trained)] == names


def test_a_frozen_bias_breaks_the_law_of_its_neuron_unless_it_is_zero() -> None:
    net = Network.from_weights([[1], [1]], [[1, 1]], biases=[[0, 1], [0]])
    assert [law.name for law in balancing_laws(net, ["W1", "W2"])] == ["W1[1,1]^2 - W2[1,1]^2"]
    assert [law.name for law in balancing_laws(net)] == [
        "W1[1,1]^2 + b1[1]^2 - W2[1,1]^2",
        "W1[2,1]^2 + b1[2]^2 - W2[1,2]^2",
        "|W1|^2 + |b1|^2 - |W2|^2",
    ]


def test_along_a_flow_the_drift_is_rounding_and_the_off_diagonal_moves() -> None:
    net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    risk = EmpiricalRisk(net, Dataset([(1, 1), (-1, -1)], labels=[1, -1]))
    path = gradient_flow(risk, until=1, dps=40)
    assert [invariant.value for invariant in path.invariants] == [1, Fraction(3, 4), Fraction(7, 4)]
    assert all(invariant.drift < mpmath.mpf(10) ** -40 for invariant in path.invariants)
    state = path.state
    off_diagonal = state[0] * state[2] + state[1] * state[3] - state[4] * state[5]
    assert abs(off_diagonal - mpmath.mpf(-1) / 2) > 0.01  # W7: -1 + 1/2 at the start
