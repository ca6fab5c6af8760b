"""Nets are exact: what comes in, what comes out, and what is refused with which words."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symflow import Architecture, InexactNumberError, InputError, Network, RegionGraph, ShapeError, activation
from symflow.exact.rationals import fmpq, rational
from symflow.nets.network import exact_input
from symflow.problem import Problem
from tests.second_road import PlainNet
from tests.strategies import KINDS, networks

kinds_with_powers = (*KINDS, "relu_power")


def test_a_net_evaluates_by_hand() -> None:
    """relu(2 - 1) - relu(-2)/2 = 1, and relu(-1 - 1) - relu(1)/2 = -1/2."""
    net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]])
    assert net((2, 1)) == (Fraction(1),)
    assert net((-1, 1)) == (Fraction(-1, 2),)


def test_biases_and_several_outputs_are_added_layer_by_layer() -> None:
    net = Network.from_weights([[1], [-1]], [[1, 0], [1, 2]], biases=[["1/2", 0], [0, "-1/3"]])
    assert net(("1/2",)) == (Fraction(1), Fraction(2, 3))


def test_the_weights_may_be_integers_fractions_and_text() -> None:
    net = Network.from_weights([[1, Fraction(1, 3)]], [["0.25"]])
    assert net.weights == (((1, fmpq(1, 3)),), ((fmpq(1, 4),),))


def test_a_net_of_one_matrix_is_linear() -> None:
    net = Network.from_weights([[2, -3]])
    assert net((1, 1)) == (-1,)
    assert net.architecture.n_hidden_layers == 0


def test_equal_nets_are_equal_and_hash_alike() -> None:
    one, other = (Network.from_weights([[1, 2]], [["2/4"]]), Network.from_weights([["1", "2.0"]], [["1/2"]]))
    assert one == other
    assert hash(one) == hash(other)
    assert one != Network.from_weights([[1, 2]], [["1/2"]], activation="abs")


@given(networks(kinds=kinds_with_powers), st.data())
def test_evaluation_agrees_with_plain_fractions(net: Network, data: st.DataObject) -> None:
    n = net.architecture.n_inputs
    x = data.draw(st.lists(st.fractions(-3, 3, max_denominator=9), min_size=n, max_size=n))
    at = exact_input(x, n)
    plain = PlainNet(Problem(net.architecture, net, variable="input", output=1, at=at).tree())
    assert list(net(x)) == plain.outputs()


@given(networks(biases=False), st.data(), st.fractions(0, 5, max_denominator=7))
def test_a_net_without_biases_is_positively_homogeneous(net: Network, data: st.DataObject, t: Fraction) -> None:
    n = net.architecture.n_inputs
    x = data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    assert net([t * v for v in x]) == tuple(t * v for v in net(x))


@given(networks(kinds=kinds_with_powers))
def test_the_parameters_come_back_in_their_order(net: Network) -> None:
    assert net.with_parameters(net.parameters) == net
    assert len(net.parameters) == len(net.architecture.parameter_names) == net.architecture.n_parameters
    for layer, matrix in enumerate(net.weights, start=1):
        for i, row in enumerate(matrix):
            for j, entry in enumerate(row):
                place = net.architecture.weight_index(layer, i, j)
                assert net.architecture.parameter_names[place] == f"W{layer}[{i + 1},{j + 1}]"
                assert net.parameters[place] == entry
            if net.biases is not None:
                place = net.architecture.bias_index(layer, i)
                assert net.architecture.parameter_names[place] == f"b{layer}[{i + 1}]"
                assert net.parameters[place] == net.biases[layer - 1][i]


@given(networks())
def test_the_layers_blocks_are_the_weights(net: Network) -> None:
    for layer, matrix in enumerate(net.weights, start=1):
        block = net.parameters[net.architecture.layer_block(layer)]
        assert block == tuple(entry for row in matrix for entry in row)


# ---------------------------------------------------------------------- arrays of floats


def test_a_float_of_an_array_is_the_dyadic_rational_that_it_is() -> None:
    net = Network.from_arrays(np.array([[0.1]]), np.array([[1.0]]))
    assert net((1,)) == (Fraction(0.1),)
    assert net((1,)) != (Fraction(1, 10),)


def test_single_precision_is_read_as_such() -> None:
    net = Network.from_arrays(np.array([[0.1]], dtype=np.float32), biases=[np.array([0.5], dtype=np.float32)])
    assert net((1,)) == (Fraction(float(np.float32(0.1))) + Fraction(1, 2),)


def test_integers_of_an_array_stay_integers() -> None:
    assert Network.from_arrays(np.array([[3]])).weights == (((3,),),)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")], ids=["nan", "inf", "minus inf"])
def test_an_array_with_a_hole_is_refused(value: float) -> None:
    with pytest.raises(InputError):
        Network.from_arrays(np.array([[value]]))


# ---------------------------------------------------------------------- what is refused, and how


def test_a_lone_float_is_refused_where_it_stands() -> None:
    with pytest.raises(InexactNumberError, match=r'W2\[1,2\] = 0.1 is a float. Write "1/10" or Fraction\(1, 10\)'):
        Network.from_weights([[1], [1]], [[1, 0.1]])
    with pytest.raises(InexactNumberError, match=r"b1\[1\]"):
        Network.from_weights([[1]], biases=[[0.5]])
    with pytest.raises(InexactNumberError, match=r"x\[2\]"):
        Network.from_weights([[1, 2]])((1, 0.5))


@pytest.mark.parametrize(
    ("weights", "biases", "message"),
    [
        ((), None, "no weight matrix"),
        (([],), None, "W1 is empty"),
        (([[]],), None, "W1 is empty"),
        (([[1, 2], [3]], [[1, 1]]), None, "row 2 of W1 has 1 entries, row 1 has 2"),
        (([[1, 2], [3, 4]], [[1, 2, 3]]), None, "W2 has 3 columns, but layer 1 has 2 neurons. Expected a 1 x 2"),
        (([[1]], [[1]]), [[0]], "1 bias vectors for 2 weight matrices"),
        (([[1]], [[1]]), [[0], [0, 1]], "b2 has 2 entries, W2 has 1 rows"),
    ],
    ids=["none", "no rows", "no columns", "ragged", "columns", "bias vectors", "bias entries"],
)
def test_shapes_that_do_not_fit_are_named(weights, biases, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Network.from_weights(*weights, biases=biases)


def test_a_pooling_layer_s_groups_count_as_its_outputs() -> None:
    pool = activation("maxpool", groups=[[0, 1], [2]])
    with pytest.raises(ShapeError, match=r"W2 has 3 columns, but layer 1 has 2 groups. Expected a 1 x 2 matrix."):
        Network.from_weights([[1], [2], [3]], [[1, 1, 1]], activation=pool)
    with pytest.raises(InputError, match=r"the groups hold the units \[0, 1, 2\], the layer has 2"):
        Network.from_weights([[1], [2]], [[1, 1]], activation=pool)


def test_there_is_one_activation_a_hidden_layer() -> None:
    with pytest.raises(ShapeError, match="1 activations for 2 hidden layers"):
        Network.from_weights([[1]], [[1]], [[1]], activation=["relu"])
    net = Network.from_weights([[1]], [[1]], [[1]], activation=["relu", activation("leaky_relu", slope="1/4")])
    assert [a.name for a in net.architecture.activations] == ["relu", "leaky_relu"]
    assert Network.from_weights([[1]], [[1]], [[1]], activation=activation("abs"))((-2,)) == (2,)


def test_points_of_the_wrong_length_are_refused() -> None:
    net = Network.from_weights([[1, 2]], [[3]])
    with pytest.raises(ShapeError, match="1 entries, the net has 2 inputs"):
        net((1,))
    with pytest.raises(ShapeError, match="2 parameters given, the net has 3"):
        net.with_parameters((1, 2))
    with pytest.raises(InputError, match=r"W2\[1,1\]"):
        net.with_parameters((1, 2, "three"))


@pytest.mark.parametrize(
    ("net", "shown"),
    [
        (Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]]), "Network(2-2-1, relu, exact)"),
        (Network.from_weights([[1]], [[1]], biases=[[0], [0]]), "Network(1-1-1, relu, biases, exact)"),
        (Network.from_weights([[1]]), "Network(1-1, exact)"),
        (
            Network.from_weights([[1]], [[1]], [[1]], [[1]], activation=["relu", "abs", "relu"]),
            "Network(1-1-1-1-1, relu, abs, exact)",
        ),
    ],
)
def test_a_net_is_shown_in_one_line(net: Network, shown: str) -> None:
    assert repr(net) == shown


def test_a_vector_is_no_matrix() -> None:
    with pytest.raises(ShapeError, match="a list of rows"):
        Network.from_weights([[1, -1]], [1, 2])  # type: ignore[list-item]


# ---------------------------------------------------------------------- numbers of other libraries


def numpys(rows: list[list[int]], kind: type = np.int64) -> list[list[Fraction]]:
    """Fractions whose parts are numpy's integers, which overflow: ``Fraction`` keeps what it is given."""
    return [[Fraction(value) for value in row] for row in np.array(rows, kind)]


@pytest.mark.parametrize(("kind", "large"), [(np.int64, 2**40), (np.int32, 2**20), (np.int8, 100)])
def test_fractions_of_numpy_s_integers_are_read_as_numbers_without_an_end(kind: type, large: int) -> None:
    net = Network.from_weights(numpys([[large], [1]], kind), numpys([[large, 1]], kind), activation="identity")
    assert {type(part) for number in net.fractions for part in (number.numerator, number.denominator)} == {int}
    assert net((1,)) == (large**2 + 1,)
    assert RegionGraph.of(net).cells[0].gradient == ((large**2 + 1,),)
    assert net((Fraction(np.int64(1)),)) == (large**2 + 1,)
    again = net.with_parameters([Fraction(value) for value in np.array([large, 1, large, 1], kind)])
    assert again == net
    assert {type(number.numerator) for number in again.fractions} == {int}


def test_the_numbers_of_a_net_are_read_and_counted_whoever_gives_them() -> None:
    shape = Architecture.of(2, 2, 1)
    same = Network.from_weights([[1, -1], [-1, 0]], [[1, "1/2"]])
    half = Fraction(1, 2)
    for last in ("1/2", rational("1/2"), half):
        assert Network(shape, (1, -1, -1, 0, 1, last)) == same
    assert hash(Network(shape, np.array([1, -1, -1, 0, 1, half]))) == hash(same)
    with pytest.raises(ShapeError, match=r"5 parameters given, the net has 6, W1\[1,1\] .. W2\[1,2\]"):
        Network(shape, (1, -1, -1, 0, 1))
    with pytest.raises(InexactNumberError, match=r"W2\[1,2\] = 0.5 is a float"):
        Network(shape, (1, -1, -1, 0, 1, 0.5))
    with pytest.raises(InputError, match="True is not a number"):
        Network(shape, (1, -1, -1, 0, 1, True))


def test_arrays_of_long_floats_are_the_numbers_they_hold_and_what_is_no_number_is_named() -> None:
    assert Network.from_arrays(np.array([[0.5]], np.longdouble)).fractions == (Fraction(1, 2),)
    with pytest.raises(InputError, match=r"W1\[1,2\]: nan is not a number"):
        Network.from_arrays([[0.0, float("nan")]])
    with pytest.raises(ShapeError, match="give them one after the other"):
        Network.from_arrays([np.ones((2, 2)), np.ones((1, 2))])
