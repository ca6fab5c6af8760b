"""Widths, names, places and degrees."""

import pytest

from symflow import Architecture, InputError, ShapeError, activation
from symflow.nets.architecture import activations_for

relu, square = activation("relu"), activation("relu_power", power=2)
pool = activation("maxpool", groups=[[0, 2], [1]])


def test_names_run_layer_by_layer_row_by_row_with_each_bias_after_its_matrix() -> None:
    shape = Architecture((2, 2, 1), (relu,), has_biases=True)
    assert " ".join(shape.parameter_names) == ("W1[1,1] W1[1,2] W1[2,1] W1[2,2] b1[1] b1[2] W2[1,1] W2[1,2] b2[1]")
    assert shape.n_parameters == 9
    assert shape.layer_block(2) == slice(6, 8)


def test_a_pooling_layer_feeds_the_next_one_by_groups() -> None:
    shape = Architecture((1, 3, 1), (pool,), has_biases=False)
    assert shape.fan_in(2) == 2
    assert shape.members(1) == ((0, 2), (1,))
    assert shape.n_parameters == 5


def test_the_degree_in_a_block_is_the_product_of_the_degrees_above() -> None:
    cube = activation("relu_power", power=3)
    assert Architecture((1, 1, 1, 1), (relu, relu), has_biases=False).block_degrees == (1, 1, 1)
    assert Architecture((1, 1, 1, 1), (square, cube), has_biases=False).block_degrees == (6, 3, 1)


@pytest.mark.parametrize(
    ("widths", "activations", "message"),
    [
        ((3,), (), "at least an input and an output"),
        ((2, 0, 1), (relu,), "every width is at least 1"),
        ((2, 2, 1), (), "0 activations for 1 hidden layers"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(widths, activations, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Architecture(widths, activations, has_biases=False)


def test_groups_must_partition_the_units() -> None:
    with pytest.raises(InputError, match=r"each of 0\.\.3 belongs in exactly one group"):
        Architecture((1, 4, 1), (pool,), has_biases=False)


def test_one_activation_serves_all_hidden_layers() -> None:
    assert activations_for(relu, 3) == (relu,) * 3
    assert activations_for([relu, square], 2) == (relu, square)


def test_an_architecture_is_written_by_its_widths() -> None:
    assert str(Architecture((2, 8, 8, 1), (relu, relu), has_biases=True)) == "2-8-8-1"
